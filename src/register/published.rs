use rust_decimal::Decimal;
use toml::de::{DeTable, DeValue};

use super::fields::Spanned;
use super::syntax::unreadable;
use crate::diagnostic::{Code, Finding, Span};

/// How far a published figure can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Legible.
    Printed,
    /// Not legible, but fixed by others.
    Derived,
    /// Damaged.
    Doubtful,
    /// A row without its figure.
    Absent,
}

impl Status {
    const ALL: [(&'static str, Self); 4] = [
        ("printed", Self::Printed),
        ("derived", Self::Derived),
        ("doubtful", Self::Doubtful),
        ("absent", Self::Absent),
    ];

    /// The word of the file.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, status)| *status == self).map_or("", |(word, _)| word)
    }
}

/// What a cell was published as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublishedValue {
    /// A figure, with the decimals that it was written with.
    Amount {
        /// The figure.
        value: Decimal,
        /// How many decimals.
        decimals: u32,
    },
    /// Words.
    Words(String),
}

/// A published cell.
#[derive(Clone, Debug)]
pub struct PublishedCell {
    /// Its column: `n`, `net_n1`.
    pub column: String,
    /// What was published.
    pub value: PublishedValue,
    /// Where it is written.
    pub at: Span,
}

/// A published row.
#[derive(Clone, Debug)]
pub struct PublishedRow {
    /// Its key: `bilan.passif.total_general`.
    pub key: String,
    /// How far it can be trusted.
    pub status: Status,
    /// What it was rounded to, when it is coarser than its digits say.
    pub rounding: Option<Decimal>,
    /// The columns that exact books cannot give to the last digit.
    pub inexact: Vec<String>,
    /// Its cells.
    pub cells: Vec<PublishedCell>,
    /// Its lists of labels, by column.
    pub lists: Vec<(String, Vec<Spanned<String>>)>,
    /// Where it is written.
    pub at: Span,
}

/// Published figures, in the order of their file.
#[derive(Clone, Debug, Default)]
pub struct Published {
    /// The rows.
    pub rows: Vec<PublishedRow>,
}

/// Reads published figures from TOML whose first byte is at `base`: a table with values is a row, its
/// path the key.
pub fn published(text: &str, base: u32, findings: &mut Vec<Finding>) -> Published {
    let mut reader = Reader { base, rows: Vec::new(), findings };
    match DeTable::parse(text) {
        Ok(root) => reader.table("", root.get_ref(), 0..0),
        Err(error) => reader.findings.push(unreadable(text, &error, base)),
    }
    let mut rows = reader.rows;
    rows.sort_by_key(|row| row.at.start);
    Published { rows }
}

struct Reader<'f> {
    base: u32,
    rows: Vec<PublishedRow>,
    findings: &'f mut Vec<Finding>,
}

impl Reader<'_> {
    fn span(&self, range: std::ops::Range<usize>) -> Span {
        let offset = |at: usize| self.base + u32::try_from(at).unwrap_or(0);
        Span::new(offset(range.start), offset(range.end))
    }

    fn table(&mut self, key: &str, table: &DeTable<'_>, range: std::ops::Range<usize>) {
        let mut row = PublishedRow {
            key: key.to_owned(),
            status: Status::Printed,
            rounding: None,
            inexact: Vec::new(),
            cells: Vec::new(),
            lists: Vec::new(),
            at: self.span(range),
        };
        let mut values = false;
        for (name, value) in table {
            let (name_at, name) = (name.span(), name.get_ref().as_ref());
            let inner = || if key.is_empty() { name.to_owned() } else { format!("{key}.{name}") };
            if let DeValue::Table(table) = value.get_ref() {
                self.table(&inner(), table, name_at);
            } else {
                values = true;
                self.value(&mut row, name, value.get_ref(), value.span());
            }
        }
        row.cells.sort_by_key(|cell| cell.at.start);
        if values {
            self.rows.push(row);
        }
    }

    fn value(
        &mut self,
        row: &mut PublishedRow,
        name: &str,
        value: &DeValue<'_>,
        range: std::ops::Range<usize>,
    ) {
        let at = self.span(range);
        match (name, value) {
            ("note", DeValue::String(_)) => {}
            ("status", DeValue::String(word)) => {
                match Status::ALL.iter().find(|(known, _)| known == word) {
                    Some((_, status)) => row.status = *status,
                    None => {
                        self.wrong(at, "`status` est `printed`, `derived`, `doubtful` ou `absent`");
                    }
                }
            }
            ("inexact", _) => match self.texts(value) {
                Some(columns) => row.inexact = columns.into_iter().map(|text| text.value).collect(),
                None => self.wrong(at, "`inexact` est une liste de colonnes"),
            },
            ("arrondi", _) => match amount(value) {
                Some((step, _)) if step > Decimal::ZERO => row.rounding = Some(step),
                _ => self.wrong(at, "`arrondi` est un nombre positif"),
            },
            (_, DeValue::Array(_)) => match self.texts(value) {
                Some(texts) => row.lists.push((name.to_owned(), texts)),
                None => self.wrong(at, "une liste est faite de textes"),
            },
            _ => {
                let read = match (amount(value), value) {
                    (Some((value, decimals)), _) => PublishedValue::Amount { value, decimals },
                    (None, DeValue::String(words)) => {
                        PublishedValue::Words(words.clone().into_owned())
                    }
                    _ => return self.wrong(at, "une figure publiée est un nombre ou un texte"),
                };
                row.cells.push(PublishedCell { column: name.to_owned(), value: read, at });
            }
        }
    }

    fn texts(&self, value: &DeValue<'_>) -> Option<Vec<Spanned<String>>> {
        let DeValue::Array(items) = value else { return None };
        let text = |item: &toml::Spanned<DeValue<'_>>| {
            let value = item.get_ref().as_str()?.to_owned();
            Some(Spanned { value, at: self.span(item.span()) })
        };
        items.iter().map(text).collect()
    }

    fn wrong(&mut self, at: Span, message: &str) {
        let finding =
            Finding::new(Code::BadValue, at, message).label("ici").help("corrigez la valeur");
        self.findings.push(finding);
    }
}

/// A figure and its decimals, from a number or from a text that is one.
fn amount(value: &DeValue<'_>) -> Option<(Decimal, u32)> {
    let digits = match value {
        DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
        DeValue::Float(number) => number.as_str(),
        DeValue::String(text) => text.as_ref(),
        _ => return None,
    };
    let value = Decimal::from_str_exact(&digits.replace('_', "")).ok()?;
    Some((value, value.scale()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_cells_and_lists_in_the_order_of_the_file() {
        let text = "[b.z]\ntotal = { n = 908335, n1 = \"7.50\", status = \"printed\", inexact = [\"n\"] }\n[a]\nrows = [\"x\", \"y\"]\nnoms = { F = \"Structure\" }\n";
        let mut findings = Vec::new();
        let read = published(text, 10, &mut findings);
        assert!(findings.is_empty(), "{findings:?}");
        let keys: Vec<&str> = read.rows.iter().map(|row| row.key.as_str()).collect();
        assert_eq!(keys, ["b.z.total", "a", "a.noms"]);
        let total = &read.rows[0];
        assert_eq!(total.inexact, ["n"]);
        assert_eq!(
            total.cells[1].value,
            PublishedValue::Amount { value: Decimal::new(750, 2), decimals: 2 }
        );
        assert_eq!(read.rows[1].lists[0].1.len(), 2);
        published("[a]\nx = { n = true }\n", 0, &mut findings);
        published("[a]\nx = { n = 1, status = \"sure\" }\n", 0, &mut findings);
        assert_eq!(findings.len(), 2);
    }

    #[test]
    fn the_published_figures_of_the_slides_read_whole() {
        let mut findings = Vec::new();
        let read = published(include_str!("../../fixtures/ag-2025/figures.toml"), 0, &mut findings);
        assert!(findings.is_empty(), "{findings:?}");
        let cells: usize = read.rows.iter().map(|row| row.cells.len()).sum();
        assert!(cells > 140, "{cells}");
    }
}
