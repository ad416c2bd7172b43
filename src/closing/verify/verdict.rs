use chrono::NaiveDate;

use crate::closing::seal::SealedEntry;

/// What a verification found, in one word; no word stands for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// Sealed bytes changed.
    Altered,
    /// An entry or a line of a journal is gone.
    Deleted,
    /// An entry of the sealed period that nothing sealed, or a file that nothing listed.
    Inserted,
    /// A sealed entry stands there twice.
    Duplicated,
    /// A sealed entry stands elsewhere.
    Moved,
    /// A file is gone.
    Missing,
    /// A merge is not finished.
    MergeConflict,
    /// Git LFS left a pointer instead of the file.
    LfsPointer,
    /// The links of the entries do not follow from each other.
    BrokenChain,
    /// The seal that this one follows is nowhere.
    MissingPredecessor,
    /// The root is not the one that was noted elsewhere.
    Resealed,
    /// The seal is of a later format.
    UnknownFormat,
    /// A published file is not what the sealed books give again.
    NotReproduced,
    /// The same text with other spaces, or blank lines: the accounting content is the same.
    LayoutOnly,
    /// The same text with other ends of lines.
    LineEndingsOnly,
    /// A journal has more than when it was sealed; what was sealed is intact.
    Grown,
    /// A register changed since: its sealed copy holds.
    ChangedSince,
}

impl Finding {
    /// The word, in French.
    pub fn word(self) -> &'static str {
        match self {
            Self::Altered => "altéré",
            Self::Deleted => "supprimé",
            Self::Inserted => "inséré",
            Self::Duplicated => "en double",
            Self::Moved => "déplacé",
            Self::Missing => "manquant",
            Self::MergeConflict => "conflit de fusion",
            Self::LfsPointer => "pointeur Git LFS",
            Self::BrokenChain => "chaîne rompue",
            Self::MissingPredecessor => "clôture précédente manquante",
            Self::Resealed => "scellé de nouveau",
            Self::UnknownFormat => "format inconnu",
            Self::NotReproduced => "non redonné par les livres",
            Self::LayoutOnly => "mise en page seulement",
            Self::LineEndingsOnly => "fin de ligne seulement",
            Self::Grown => "complété depuis",
            Self::ChangedSince => "modifié depuis la clôture",
        }
    }

    /// Whether that word alone says that something is wrong.
    pub fn alarms(self) -> bool {
        !matches!(self, Self::LayoutOnly | Self::LineEndingsOnly | Self::Grown | Self::ChangedSince)
    }
}

/// A sealed entry as a verdict names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedEntry {
    /// Its code, empty when it has none.
    pub code: String,
    /// Its day.
    pub date: NaiveDate,
    /// Its first line when it was sealed; `None` for one that was not sealed, or that no file holds.
    pub sealed_line: Option<usize>,
}

impl NamedEntry {
    pub(super) fn of(entry: &SealedEntry) -> Self {
        let sealed_line = entry.place.as_ref().map(|(_, line)| *line);
        Self { code: entry.code.clone(), date: entry.date, sealed_line }
    }

    /// The entry as a sentence names it.
    pub fn name(&self) -> String {
        if self.code.is_empty() {
            format!("l’écriture du {}", self.date)
        } else {
            format!("l’écriture {} du {}", self.code, self.date)
        }
    }
}

/// What a verification found in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// In one word.
    pub finding: Finding,
    /// Whether something is wrong; else it is said for information.
    pub alarm: bool,
    /// The file, from the folder of the books.
    pub file: String,
    /// The line of today, when there is one.
    pub line: Option<usize>,
    /// The entry, when it is inside one.
    pub entry: Option<NamedEntry>,
    /// A French sentence: what is so, and what to do.
    pub sentence: String,
}

impl Verdict {
    pub(super) fn new(
        finding: Finding,
        file: impl Into<String>,
        sentence: impl Into<String>,
    ) -> Self {
        let (file, sentence) = (file.into(), sentence.into());
        Self { finding, alarm: finding.alarms(), file, line: None, entry: None, sentence }
    }

    pub(super) fn at(mut self, line: usize) -> Self {
        self.line = Some(line);
        self
    }

    pub(super) fn entry(mut self, entry: NamedEntry) -> Self {
        self.entry = Some(entry);
        self
    }

    pub(super) fn only_said(mut self) -> Self {
        self.alarm = false;
        self
    }
}
