use chrono::NaiveDate;
use rust_decimal::Decimal;
use unicode_normalization::UnicodeNormalization;

use crate::measure::round_half_away;
use crate::statement::{Genre, Note};

/// The tables of one subject.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The name of its file and of its schema: `subventions`.
    pub name: String,
    /// The year it is about, as `compta.toml` names it.
    pub year: String,
    /// Its title.
    pub title: String,
    /// Its tables.
    pub tables: Vec<Table>,
    /// What a reader must know.
    pub notes: Vec<Note>,
}

/// A table of keyed rows.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Its name: the beginning of its rows' keys.
    pub name: String,
    /// Its title; empty when the sheet's says it.
    pub title: String,
    /// The head of the column of labels.
    pub head: String,
    /// Its columns, that of labels apart.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its key: `n`, `a_recevoir`.
    pub key: String,
    /// Its head.
    pub title: String,
    /// Whether it holds words.
    pub words: bool,
    /// Whether a screen shows it.
    pub on_screen: bool,
}

impl Column {
    /// A column of figures.
    pub fn figures(key: impl Into<String>, title: impl Into<String>) -> Self {
        Self { key: key.into(), title: title.into(), words: false, on_screen: true }
    }

    /// A column of words.
    pub fn words(key: &str, title: &str) -> Self {
        Self { words: true, ..Self::figures(key, title) }
    }

    /// The same column, for files only.
    #[must_use]
    pub fn off_screen(self) -> Self {
        Self { on_screen: false, ..self }
    }
}

/// A row.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its key; empty for a heading.
    pub key: String,
    /// Its label.
    pub label: String,
    /// What it is for the reader.
    pub genre: Genre,
    /// How deep it stands.
    pub depth: u32,
    /// One cell per column.
    pub cells: Vec<Cell>,
    /// What stands behind its figures: keys of accounts, `convention:ID`, `partenaire:NOM`, `facteur:ID`.
    pub behind: Vec<String>,
    /// For each cell, what each account or factor gives to its figure, by its key, when that is known.
    pub given: Vec<Vec<(String, Decimal)>>,
    /// The columns that [`Row::behind`] explains; every one when none is named.
    pub only: &'static [&'static str],
}

impl Row {
    /// A line.
    pub fn line(key: impl Into<String>, label: impl Into<String>, cells: Vec<Cell>) -> Self {
        let (key, label) = (key.into(), label.into());
        Self {
            key,
            label,
            genre: Genre::Line,
            depth: 0,
            cells,
            behind: Vec::new(),
            given: Vec::new(),
            only: &[],
        }
    }

    /// A title above lines.
    pub fn heading(label: impl Into<String>) -> Self {
        Self { genre: Genre::Heading, ..Self::line("", label, Vec::new()) }
    }

    /// The same row, with what stands behind its figures.
    #[must_use]
    pub fn behind(self, behind: Vec<String>) -> Self {
        Self { behind, ..self }
    }

    /// The same row, of which what stands behind explains some columns alone.
    #[must_use]
    pub fn only(self, only: &'static [&'static str]) -> Self {
        Self { only, ..self }
    }

    /// The same row, with what each account or factor gives to each of its figures.
    #[must_use]
    pub fn given(self, given: Vec<Vec<(String, Decimal)>>) -> Self {
        Self { given, ..self }
    }

    /// The same row as another genre.
    #[must_use]
    pub fn of(self, genre: Genre) -> Self {
        Self { genre, ..self }
    }

    /// The same row below another.
    #[must_use]
    pub fn under(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }
}

/// A cell.
#[derive(Clone, Debug, Default)]
pub enum Cell {
    /// There is no such figure.
    #[default]
    Blank,
    /// Euros.
    Euros {
        /// The exact amount.
        exact: Decimal,
        /// What it is rounded to when shown: 1, 1000, 0.01.
        step: Decimal,
        /// Shown beside the others, never added.
        brackets: bool,
    },
    /// A number of something.
    Count(Decimal),
    /// Tonnes of CO₂ equivalent, shown to the kilogram.
    Tonnes(Decimal),
    /// A share in percent.
    Share(Decimal),
    /// Words.
    Words(String),
    /// A day.
    Day(NaiveDate),
}

impl Cell {
    /// Euros shown whole.
    pub fn euros(exact: Decimal) -> Self {
        Self::Euros { exact, step: Decimal::ONE, brackets: false }
    }

    /// Euros shown with their cents.
    pub fn cents(exact: Decimal) -> Self {
        Self::Euros { exact, step: Decimal::new(1, 2), brackets: false }
    }

    /// What part of a whole, in percent with one decimal; blank when the whole is nil.
    pub fn part(part: Decimal, whole: Decimal) -> Self {
        if whole.is_zero() {
            return Self::Blank;
        }
        Self::Share(round_half_away(part * Decimal::ONE_HUNDRED / whole, 1))
    }

    /// The number that it holds, exact.
    pub fn exact(&self) -> Option<Decimal> {
        match self {
            Self::Euros { exact, .. } => Some(*exact),
            Self::Count(number) | Self::Share(number) | Self::Tonnes(number) => Some(*number),
            _ => None,
        }
    }

    /// The number as it is shown.
    pub fn shown(&self) -> Option<Decimal> {
        match self {
            Self::Euros { exact, step, .. } => Some(round_half_away(exact / step, 0) * step),
            Self::Tonnes(tonnes) => Some(round_half_away(*tonnes, 3)),
            other => other.exact(),
        }
    }
}

/// A label as a key: `PETR de Figeac` is `petr_de_figeac`.
pub fn slug(label: &str) -> String {
    let mut key = String::new();
    for c in label.nfd().filter(|c| c.is_ascii() || c.is_alphanumeric() || *c == '’') {
        if c.is_alphanumeric() {
            key.extend(c.to_lowercase());
        } else if !key.is_empty() && !key.ends_with('_') {
            key.push('_');
        }
    }
    key.trim_end_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_from_labels() {
        assert_eq!(
            slug("Ministère de la Transition Écologique (F + TC)"),
            "ministere_de_la_transition_ecologique_f_tc"
        );
        assert_eq!(slug("Département du Val-d’Oise"), "departement_du_val_d_oise");
    }
}
