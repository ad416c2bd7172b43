use rust_decimal::Decimal;

use super::knowledge::{Index, Knowledge, Known};
use super::labels::same;
use super::rules::{self, Reason, Rule};
use super::slips::slip;
use crate::diagnostic::{Code, Finding, Span};
use crate::measure::amount;
use crate::register::{Published, PublishedCell, PublishedRow, PublishedValue, Spanned, Status};

/// What a published figure is beside the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// What the books show.
    Identical,
    /// Less than one unit of its last digit away.
    Rounded,
    /// Another figure, that a rule explains.
    Explained,
    /// Another figure.
    Gap,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 4] = [Self::Identical, Self::Rounded, Self::Explained, Self::Gap];

    /// How many there are, in words: `3 identiques`.
    pub fn counted(self, count: usize) -> String {
        let plural = if count > 1 { "s" } else { "" };
        format!("{} {}{plural}", amount(Decimal::from(count), 0), self.word())
    }

    /// The word of reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Identical => "identique",
            Self::Rounded => "arrondi",
            Self::Explained => "expliqué",
            Self::Gap => "écart",
        }
    }
}

/// A published figure or label beside the books.
#[derive(Clone, Debug)]
pub struct Line {
    /// The key of its row.
    pub key: String,
    /// Its column.
    pub column: String,
    /// The label that the books give.
    pub label: String,
    /// How far it can be trusted.
    pub status: Status,
    /// What was published.
    pub published: PublishedValue,
    /// The exact amount of the books.
    pub exact: Option<Decimal>,
    /// What the books show.
    pub shown: Option<Decimal>,
    /// The verdict.
    pub verdict: Verdict,
    /// Published less exact.
    pub gap: Option<Decimal>,
    /// Why.
    pub reasons: Vec<Reason>,
    /// Where it is written.
    pub at: Span,
}

/// Every published figure beside the books.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// One line a figure or label, in the order of the file.
    pub lines: Vec<Line>,
}

impl Comparison {
    /// How many figures have a verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.lines.iter().filter(|line| line.verdict == verdict).count()
    }

    /// How many figures that were published for sure differ without a reason; a doubtful one is shown,
    /// and expected of nobody.
    pub fn gaps(&self) -> usize {
        let sure = |line: &&Line| {
            line.verdict == Verdict::Gap
                && !matches!(line.status, Status::Doubtful | Status::Absent)
        };
        self.lines.iter().filter(sure).count()
    }

    /// How many published totals contradict their own published parts: known why, and false all the
    /// same.
    pub fn false_totals(&self) -> usize {
        let is_false = |line: &&Line| {
            line.verdict == Verdict::Explained
                && line.reasons.first().is_some_and(|reason| reason.rule == Rule::Impossible)
        };
        self.lines.iter().filter(is_false).count()
    }
}

/// Compares; a figure that the books do not know is a finding.
pub fn compare(
    published: &Published,
    knowledge: &Knowledge,
    findings: &mut Vec<Finding>,
) -> Comparison {
    let index = Index::of(knowledge, published);
    let mut lines = Vec::new();
    for row in &published.rows {
        for cell in &row.cells {
            match &cell.value {
                PublishedValue::Amount { value, decimals } => {
                    match index.known(&row.key, &cell.column) {
                        Some(known) => {
                            lines.push(figure(&index, row, cell, (*value, *decimals), known));
                        }
                        None => findings.push(unknown(row, &cell.column, cell.at, knowledge)),
                    }
                }
                PublishedValue::Words(words) => {
                    let known = knowledge
                        .words
                        .iter()
                        .find(|known| known.key == row.key && known.column == cell.column);
                    match known {
                        Some(known) => {
                            let alike = same(words, &known.text);
                            lines.push(label(row, &cell.column, words, cell.at, alike));
                        }
                        None if index.known(&row.key, &cell.column).is_some() => {
                            findings.push(not_a_number(&cell.column, words, cell.at));
                        }
                        None => findings.push(unknown(row, &cell.column, cell.at, knowledge)),
                    }
                }
            }
        }
        for (column, texts) in &row.lists {
            lines.extend(list(row, column, texts, knowledge, findings));
        }
    }
    Comparison { lines }
}

fn figure(
    index: &Index<'_>,
    row: &PublishedRow,
    cell: &PublishedCell,
    (value, decimals): (Decimal, u32),
    known: &Known,
) -> Line {
    let step = row.rounding.unwrap_or_else(|| Decimal::new(1, decimals));
    let gap = value - known.exact;
    let mut reasons = rules::remarks(index, known);
    let verdict = if value == known.shown || gap.is_zero() {
        Verdict::Identical
    } else if gap.abs() < step {
        Verdict::Rounded
    } else {
        match rules::explain(index, known, value) {
            Some(reason) => {
                reasons.retain(|known| known.rule != reason.rule);
                reasons.insert(0, reason);
                Verdict::Explained
            }
            None => Verdict::Gap,
        }
    };
    let is_false = |reason: &Reason| reason.rule == Rule::Impossible;
    if verdict == Verdict::Gap || reasons.first().is_some_and(is_false) {
        reasons.extend(slip(index, known, value));
    }
    Line {
        key: row.key.clone(),
        column: cell.column.clone(),
        label: known.label.clone(),
        status: row.status,
        published: cell.value.clone(),
        exact: Some(known.exact),
        shown: Some(known.shown),
        verdict,
        gap: Some(gap),
        reasons,
        at: cell.at,
    }
}

fn label(row: &PublishedRow, column: &str, words: &str, at: Span, alike: bool) -> Line {
    Line {
        key: row.key.clone(),
        column: column.to_owned(),
        label: words.to_owned(),
        status: row.status,
        published: PublishedValue::Words(words.to_owned()),
        exact: None,
        shown: None,
        verdict: if alike { Verdict::Identical } else { Verdict::Gap },
        gap: None,
        reasons: Vec::new(),
        at,
    }
}

/// Each label of a list; a list that the books do not know is a finding, unless nothing is claimed.
fn list(
    row: &PublishedRow,
    column: &str,
    texts: &[Spanned<String>],
    knowledge: &Knowledge,
    findings: &mut Vec<Finding>,
) -> Vec<Line> {
    let known = knowledge.lists.iter().find(|known| known.key == row.key && known.column == column);
    let Some(known) = known else {
        if row.status != Status::Absent {
            let at = texts.first().map_or(row.at, |text| text.at);
            findings.push(unknown(row, column, at, knowledge));
        }
        return Vec::new();
    };
    texts
        .iter()
        .map(|text| {
            let alike = known.texts.iter().any(|other| same(&text.value, other));
            label(row, column, &text.value, text.at, alike)
        })
        .collect()
}

/// A text where the books have a figure.
fn not_a_number(column: &str, words: &str, at: Span) -> Finding {
    let digits: String = words.chars().filter(|c| !c.is_whitespace() && *c != '€').collect();
    let digits = digits.replace(',', ".").replace('−', "-");
    let help = match Decimal::from_str_exact(&digits) {
        Ok(_) => format!("écrivez `{column} = {digits}`, sans guillemets ni espace"),
        Err(_) => format!("écrivez un nombre, comme `{column} = 4079.16`"),
    };
    Finding::new(Code::BadValue, at, format!("`{column}` attend un nombre, pas un texte"))
        .label("un texte")
        .help(help)
}

fn unknown(row: &PublishedRow, column: &str, at: Span, knowledge: &Knowledge) -> Finding {
    if row.key.is_empty() {
        return Finding::new(
            Code::UnknownFigure,
            at,
            format!("`{column}` n’est sous aucune ligne"),
        )
        .label("comparé à rien")
        .help("écrivez d’abord la clef de sa ligne entre crochets, comme `[adhesions.total]`");
    }
    let figures = knowledge.figures.iter().filter(|known| known.visible);
    let mut columns: Vec<&str> = figures
        .clone()
        .filter(|known| known.key == row.key)
        .map(|known| known.column.as_str())
        .collect();
    columns.dedup();
    let (message, help) = if columns.is_empty() {
        let near = figures
            .map(|known| (strsim::osa_distance(&known.key, &row.key), known.key.as_str()))
            .min()
            .map_or("", |(_, key)| key);
        (
            format!("les livres n’ont pas de ligne `{}`", row.key),
            format!("la plus proche est `{near}`"),
        )
    } else {
        (
            format!("`{}` n’a pas de colonne `{column}`", row.key),
            format!("ses colonnes sont : {}", columns.join(", ")),
        )
    };
    Finding::new(Code::UnknownFigure, at, message).label("comparé à rien").help(help)
}
