use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::measure::{put_amount, put_french_day};

/// What is to be shown, with its meaning: every format reads the same document.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The versioned schema of its JSON: `compta/bilan/1`.
    pub schema: String,
    /// Facts that JSON states before the rows: book, year, form, unit.
    pub facts: Vec<(&'static str, String)>,
    /// The title.
    pub title: String,
    /// Lines under the title.
    pub subtitle: Vec<String>,
    /// The tables, in order.
    pub tables: Vec<Table>,
    /// Whether two tables may stand side by side.
    pub facing: bool,
    /// What a reader must know, below the tables.
    pub remarks: Vec<Remark>,
}

/// A sentence below the tables; a finding when it has a code.
#[derive(Clone, Debug)]
pub struct Remark {
    /// The code of the rule, if one speaks.
    pub code: Option<&'static str>,
    /// `erreur` or `avertissement`, or `note`.
    pub severity: &'static str,
    /// The row it speaks of.
    pub key: String,
    /// The sentence.
    pub text: String,
}

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name in CSV and JSON: `actif`.
    pub name: String,
    /// Its title, when it needs one.
    pub title: String,
    /// Its columns; in a keyed table the first holds the label.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Row>,
    /// Whether rows are known by key (a statement) rather than by place (a list).
    pub keyed: bool,
}

/// What the key of an account of the year before begins with, where a figure leads to it.
pub const BEFORE: &str = "avant:";

/// Whether a key is that of an account, and of no other subject.
pub(super) fn is_account(key: &str) -> bool {
    let kind = key.split_once(':').map_or("", |(kind, _)| kind);
    !["convention", "partenaire", "facteur", "mois", "ecriture", "avant"].contains(&kind)
}

impl Table {
    /// What stands behind a figure: keys, each with what it gives to it where that is known.
    ///
    /// An agreement and a budget have no entries; in a column of the year before, accounts are those of that
    /// year, and a convention begins with its own first day.
    pub fn behind(&self, row: &Row, cell: usize) -> Vec<(String, Option<Decimal>)> {
        let (Cell::Amount { exact, .. }, Some(column)) = (&row.cells[cell], self.columns.get(cell))
        else {
            return Vec::new();
        };
        if exact.is_zero() {
            return Vec::new();
        }
        if !row.fed.is_empty() {
            let fed = row.fed.get(cell).into_iter().flatten();
            return fed.map(|(key, given)| (key.clone(), Some(*given))).collect();
        }
        if !row.only.is_empty() && !row.only.contains(&column.key.as_str()) {
            return Vec::new();
        }
        let keys = row.accounts.iter().chain(&row.behind);
        let of_year_before = |key: &String| match key.split_once(':') {
            Some(("convention", _)) => Some(key.clone()),
            _ => is_account(key).then(|| format!("{BEFORE}{key}")),
        };
        let keys: Option<Vec<String>> = match column.key.as_str() {
            "accorde" | "bp" | "prevu" => None,
            "n1" | "net_n1" | "solde_n1" => keys.map(of_year_before).collect(),
            _ => Some(keys.cloned().collect()),
        };
        let keys = keys.unwrap_or_default();
        // What one thing alone stands behind is its own.
        let given = (keys.len() == 1).then_some(*exact);
        keys.into_iter().map(|key| (key, given)).collect()
    }
}

/// Where the text of a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words: may be broken over lines.
    Left,
    /// Numbers: never cut.
    Right,
    /// Words that someone copies whole, such as a place: never cut.
    Whole,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its key in CSV and JSON: `net_n1`.
    pub key: String,
    /// Its head for a reader: `Net 2023`.
    pub title: String,
    /// Where its text stands.
    pub align: Align,
    /// Whether a screen shows it; files always hold it.
    pub on_screen: bool,
}

impl Column {
    /// The same column, for files only: a screen says it in another way.
    #[must_use]
    pub fn off_screen(self) -> Self {
        Self { on_screen: false, ..self }
    }

    /// A column of words.
    pub fn words(key: &str, title: &str) -> Self {
        Self { key: key.to_owned(), title: title.to_owned(), align: Align::Left, on_screen: true }
    }

    /// A column of words that are never cut.
    pub fn whole(key: &str, title: &str) -> Self {
        Self { align: Align::Whole, ..Self::words(key, title) }
    }

    /// A column of numbers.
    pub fn numbers(key: &str, title: &str) -> Self {
        Self { key: key.to_owned(), title: title.to_owned(), align: Align::Right, on_screen: true }
    }
}

/// A row.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Its key, in a keyed table.
    pub key: String,
    /// `heading`, `line`, `detail`, `subtotal`, `total`, `memo`.
    pub role: &'static str,
    /// How deep it stands.
    pub depth: u32,
    /// One cell per column.
    pub cells: Vec<Cell>,
    /// The accounts behind it.
    pub accounts: Vec<String>,
    /// For each cell, the accounts that give it its figure, each with how much; when the row says it, its
    /// other cells have none.
    pub fed: Vec<Vec<(String, Decimal)>>,
    /// What else a page may lead to from its figures: keys of accounts, `convention:ID`, `partenaire:NOM`,
    /// `facteur:ID`, `ecriture:JOUR:NUMÉRO`, accounts of one month (`mois:2024-03:512`), or of the year
    /// before, which begin with [`BEFORE`].
    pub behind: Vec<String>,
    /// The columns that `behind` explains; every one when none is named.
    pub only: &'static [&'static str],
    /// A line that a screen shows above the row: the entry or the account that begins there.
    pub above: Option<String>,
}

/// A cell, with its meaning.
#[derive(Clone, Debug, Default)]
pub enum Cell {
    /// Nothing: there is no such figure.
    #[default]
    Empty,
    /// Words.
    Text(String),
    /// An amount.
    Amount {
        /// The exact amount.
        exact: Decimal,
        /// What is shown of it.
        shown: Decimal,
        /// At least so many decimals when shown.
        decimals: u32,
        /// Shown in brackets: beside the others, never added.
        brackets: bool,
    },
    /// A number of something that is not money.
    Count(Decimal),
    /// A share in percent.
    Share(Decimal),
    /// A day.
    Date(NaiveDate),
}

impl Cell {
    /// What a reader sees of it.
    pub(super) fn words(&self) -> String {
        let mut text = String::new();
        self.seen().put_words(&mut text);
        text
    }

    /// The same, looked at.
    pub(super) fn seen(&self) -> Seen<'_> {
        match self {
            Self::Empty => Seen::Empty,
            Self::Text(text) => Seen::Text(text),
            Self::Amount { exact, shown, decimals, brackets } => Seen::Amount {
                exact: *exact,
                shown: *shown,
                decimals: *decimals,
                brackets: *brackets,
            },
            Self::Count(number) => Seen::Count(*number),
            Self::Share(share) => Seen::Share(*share),
            Self::Date(day) => Seen::Date(*day),
        }
    }

    /// An exact amount shown whole, with two decimals.
    pub fn cents(exact: Decimal) -> Self {
        Self::Amount { exact, shown: exact, decimals: 2, brackets: false }
    }

    /// A quantity shown as it is.
    pub fn quantity(exact: Decimal) -> Self {
        Self::Amount { exact, shown: exact, decimals: 0, brackets: false }
    }
}

/// A cell that someone else holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Seen<'a> {
    Empty,
    Text(&'a str),
    Amount { exact: Decimal, shown: Decimal, decimals: u32, brackets: bool },
    Count(Decimal),
    Share(Decimal),
    Date(NaiveDate),
}

impl Seen<'_> {
    /// Puts what a reader sees of it, the same in every format that is read; nothing is a dash, and square
    /// brackets hold what is never added, for round ones are a loss in a statement.
    pub(super) fn put_words(self, out: &mut String) {
        match self {
            Self::Empty => {}
            Self::Text(text) => put_visible(out, text),
            Self::Amount { exact, .. } if exact.is_zero() => out.push('–'),
            Self::Amount { shown, decimals, brackets: true, .. } => {
                out.push('[');
                put_amount(out, shown, decimals);
                out.push(']');
            }
            Self::Amount { shown, decimals, .. } => put_amount(out, shown, decimals),
            Self::Count(number) if number.is_zero() => out.push('–'),
            Self::Count(number) => put_amount(out, number, 0),
            Self::Share(share) => {
                put_amount(out, share, 1);
                out.push_str(" %");
            }
            Self::Date(day) => put_french_day(out, day),
        }
    }

    /// The cell that holds the same.
    pub(super) fn owned(self) -> Cell {
        match self {
            Self::Empty => Cell::Empty,
            Self::Text(text) => Cell::Text(text.to_owned()),
            Self::Amount { exact, shown, decimals, brackets } => {
                Cell::Amount { exact, shown, decimals, brackets }
            }
            Self::Count(number) => Cell::Count(number),
            Self::Share(share) => Cell::Share(share),
            Self::Date(day) => Cell::Date(day),
        }
    }
}

/// Control and invisible characters are shown as what they are, so that no text deceives its reader.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    put_visible(&mut shown, text);
    shown
}

/// Puts a text with what it hides.
pub(super) fn put_visible(out: &mut String, text: &str) {
    let plain = || text.bytes().all(|byte| (b' '..0x7f).contains(&byte));
    if plain() || !text.contains(hidden) {
        out.push_str(text);
        return;
    }
    for c in text.chars() {
        if hidden(c) {
            out.push_str(&format!("<U+{:04X}>", u32::from(c)));
        } else {
            out.push(c);
        }
    }
}

/// Whether a character shows nothing of its own, or turns the order of others.
pub(super) fn hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
