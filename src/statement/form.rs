use super::formula::Formula;
use crate::chart::Edition;
use crate::diagnostic::Span;
use crate::ledger::View;
use crate::register::{Selector, Spanned};

/// Which of the two statements a form describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Actif and passif at the end of the year.
    Bilan,
    /// Charges and produits of the year.
    Resultat,
}

impl Kind {
    /// The word that begins its row keys and its schema: `bilan`, `resultat`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bilan => "bilan",
            Self::Resultat => "resultat",
        }
    }
}

/// A column that a form may show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// Gross value of assets.
    Brut,
    /// Amortissements and dépréciations.
    Amort,
    /// Net value of assets.
    Net,
    /// Net value of assets, the year before.
    NetN1,
    /// The year.
    N,
    /// The year before.
    N1,
    /// The year in the CARE ledger.
    Care,
    /// The budget (budget prévisionnel).
    Bp,
}

impl Column {
    const ALL: [(&'static str, Self); 8] = [
        ("brut", Self::Brut),
        ("amort", Self::Amort),
        ("net", Self::Net),
        ("net_n1", Self::NetN1),
        ("n", Self::N),
        ("n1", Self::N1),
        ("care", Self::Care),
        ("bp", Self::Bp),
    ];

    /// The key that forms and JSON use.
    pub fn key(self) -> &'static str {
        Self::ALL.iter().find(|(_, column)| *column == self).map_or("", |(key, _)| key)
    }

    /// The column of that key.
    pub(super) fn named(key: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == key).map(|(_, column)| *column)
    }

    /// The keys of every column.
    pub(super) fn keys() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().map(|(key, _)| *key)
    }
}

/// What a row is, for who reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Genre {
    /// A title without amounts.
    Heading,
    /// A line fed by accounts, or the sum of its own sub-lines.
    Line,
    /// One account of the line above.
    Detail,
    /// A sum of lines.
    Subtotal,
    /// The last sum.
    Total,
    /// A figure shown beside the others and never added: in brackets.
    Memo,
}

impl Genre {
    /// The word that JSON and CSV use.
    pub fn role(self) -> &'static str {
        match self {
            Self::Heading => "heading",
            Self::Line => "line",
            Self::Detail => "detail",
            Self::Subtotal => "subtotal",
            Self::Total => "total",
            Self::Memo => "memo",
        }
    }
}

/// Where the amounts of a row come from.
#[derive(Clone, Debug)]
pub(super) enum Feed {
    /// Nothing: a heading.
    Nothing,
    /// Accounts, by edition of the chart: gross (or plain) and amortissement.
    Accounts { plain: [Selector; 2], amort: [Selector; 2] },
    /// Other rows.
    Formula(Formula),
}

/// A row of a form.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the form's TOML")]
pub struct FormRow {
    /// The key, unique in its section; empty for a heading.
    pub key: String,
    /// The label as printed.
    pub label: String,
    /// What it is for the reader.
    pub genre: Genre,
    /// How deep it stands under another line.
    pub depth: u32,
    /// Shown even when nil.
    pub always: bool,
    /// Followed by one line per account.
    pub detail: bool,
    /// Rounded for display to that many euros.
    pub rounding: u32,
    /// The columns in which it is shown; all of them when empty.
    pub columns: Vec<Column>,
    /// What a reader must know of its definition.
    pub note: Option<String>,
    /// Shown in the classic view only: its formula begins with the classic result.
    pub classic_only: bool,
    /// A total that it may be compared with (`actif.total_general`): the gap is said.
    pub facing: Option<String>,
    /// Whether a positive figure is a debit.
    pub(super) debit: bool,
    pub(super) feed: Feed,
    pub(super) at: Span,
}

impl FormRow {
    /// Whether the row has a figure in that column: a row of the CARE column alone has one in every
    /// column when the whole statement is that of the CARE ledger.
    pub(super) fn is_shown(&self, column: Column, view: View) -> bool {
        let care_alone = self.columns == [Column::Care];
        self.columns.is_empty()
            || self.columns.contains(&column)
            || (view == View::Care && care_alone)
    }
}

/// A side of a statement: `actif`, `passif`, `charges`, `produits`, or `liste`.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its name, the middle of row keys.
    pub name: &'static str,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, in order.
    pub rows: Vec<FormRow>,
}

/// One statement of a form.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) title: String,
    pub(super) sections: Vec<Section>,
    pub(super) outside: [Selector; 2],
    /// Pairs of rows that must be equal, with their place.
    pub(super) equal: Vec<(String, String, Span)>,
    /// Pairs of rows that should be equal: a gap is a warning.
    pub(super) even: Vec<(String, String, Span)>,
    /// The row that holds the result of the year.
    pub(super) result: Option<Spanned<String>>,
}

/// A form: how statements are laid out, as data.
#[derive(Clone, Debug)]
pub struct Form {
    /// The name that `--forme` takes.
    pub name: String,
    /// Its title.
    pub title: String,
    pub(super) bilan: Option<Layout>,
    pub(super) resultat: Option<Layout>,
}

impl Form {
    /// Whether the form has that statement.
    pub fn has(&self, kind: Kind) -> bool {
        self.layout(kind).is_some()
    }

    /// The lines fed by accounts of one of its statements: section, key and label, in order.
    pub fn lines(&self, kind: Kind) -> impl Iterator<Item = (&'static str, &str, &str)> {
        let sections = self.layout(kind).into_iter().flat_map(|layout| &layout.sections);
        sections.flat_map(|section| {
            section
                .rows
                .iter()
                .filter(|row| row.genre != Genre::Memo && matches!(row.feed, Feed::Accounts { .. }))
                .map(|row| (section.name, row.key.as_str(), row.label.as_str()))
        })
    }

    /// The keys of the rows of its statements: `bilan.passif.reserves`.
    pub fn row_keys(&self) -> impl Iterator<Item = String> {
        [Kind::Bilan, Kind::Resultat].into_iter().flat_map(|kind| {
            let sections = self.layout(kind).into_iter().flat_map(|layout| &layout.sections);
            sections.flat_map(move |section| {
                let named = section.rows.iter().filter(|row| !row.key.is_empty());
                named.map(move |row| format!("{}.{}.{}", kind.name(), section.name, row.key))
            })
        })
    }

    /// The key of the row that holds the result of the year: `bilan.passif.resultat`.
    pub fn result_key(&self, kind: Kind) -> Option<String> {
        let result = self.layout(kind)?.result.as_ref()?;
        Some(format!("{}.{}", kind.name(), result.value))
    }

    pub(super) fn layout(&self, kind: Kind) -> Option<&Layout> {
        match kind {
            Kind::Bilan => self.bilan.as_ref(),
            Kind::Resultat => self.resultat.as_ref(),
        }
    }
}

/// The rank of an edition in the pairs that forms keep.
pub(super) fn rank(edition: Edition) -> usize {
    usize::from(edition == Edition::Anc2022)
}
