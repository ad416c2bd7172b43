use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use crate::measure::{MAX_DECIMALS, Number, round_half_away};

/// What a cell holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Value {
    /// Nothing, or spaces.
    #[default]
    Blank,
    /// Words, without the spaces around them.
    Text(String),
    /// A number as the file writes it.
    Number(Decimal),
    /// A day.
    Day(NaiveDate),
    /// What a formula could not compute: `#REF!`.
    Fault(String),
}

/// Why a cell is not what its column wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellWrong {
    /// A formula without a result.
    Fault,
    /// No number.
    Number,
    /// More decimals than two.
    Decimals,
    /// More decimals than a journal takes.
    Fine,
    /// More digits than a journal takes.
    Huge,
    /// No day.
    Day,
}

impl CellWrong {
    /// What is wrong, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Fault => "une formule sans résultat",
            Self::Number => "ce n’est pas un nombre",
            Self::Decimals => "plus de deux décimales",
            Self::Fine => "plus de huit décimales",
            Self::Huge => "ce nombre a trop de chiffres",
            Self::Day => "ce n’est pas une date",
        }
    }

    /// What to do next.
    pub fn help(self) -> &'static str {
        match self {
            Self::Fault => "corrigez la formule, ou tapez la valeur",
            Self::Number => "écrivez un nombre, comme 1 234,50",
            Self::Decimals => "arrondissez au centime : `=ARRONDI(…;2)`",
            Self::Fine => "arrondissez dans le tableau, par exemple `=ARRONDI(…;2)`",
            Self::Huge => "corrigez-le : 12 chiffres au plus avant la virgule, 17 en tout",
            Self::Day => "écrivez une date qui existe, comme 05/01/2024 ou 2024-01-05",
        }
    }
}

/// How far from a cent a computed cell may be: what a spreadsheet's own arithmetic leaves.
const RESIDUE: Decimal = Decimal::from_parts(1, 0, 0, false, 7);

impl Value {
    /// A text as a value: blank without letters.
    pub fn of_text(text: &str) -> Self {
        let trimmed = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if trimmed.is_empty() { Self::Blank } else { Self::Text(trimmed.to_owned()) }
    }

    /// Whether there is nothing.
    pub fn is_blank(&self) -> bool {
        *self == Self::Blank
    }

    /// How many bytes of text it keeps.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Text(text) | Self::Fault(text) => text.len(),
            _ => 0,
        }
    }

    /// The value as a line of text shows it.
    pub fn shown(&self) -> String {
        match self {
            Self::Blank => String::new(),
            Self::Text(text) | Self::Fault(text) => text.replace(['\n', '\r', '\t'], " "),
            Self::Number(number) => number.normalize().to_string().replace('.', ","),
            Self::Day(day) => day.format("%d/%m/%Y").to_string(),
        }
    }

    /// The words of a cell; a number that stands for a name (an account) is its digits.
    pub fn words(&self) -> Result<String, CellWrong> {
        match self {
            Self::Fault(_) => Err(CellWrong::Fault),
            Self::Number(number) => Ok(number.normalize().to_string()),
            Self::Day(day) => Ok(day.to_string()),
            Self::Blank => Ok(String::new()),
            Self::Text(text) => Ok(text.replace(['\n', '\r', '\t'], " ")),
        }
    }

    /// The number of a cell, one that a journal takes.
    pub fn number(&self) -> Result<Option<Decimal>, CellWrong> {
        let Some(number) = self.figure()? else { return Ok(None) };
        if number.normalize().scale() > u32::from(MAX_DECIMALS) {
            return Err(CellWrong::Fine);
        }
        taken(number).map(Some)
    }

    /// The amount of a cell, to the cent; what the arithmetic of a spreadsheet leaves beyond it is none.
    pub fn euros(&self) -> Result<Option<Decimal>, CellWrong> {
        let Some(number) = self.figure()? else { return Ok(None) };
        let cents = round_half_away(number, 2);
        if (number - cents).abs() > RESIDUE {
            Err(CellWrong::Decimals)
        } else {
            taken(cents).map(Some)
        }
    }

    /// The digits of a cell: those typed as text are read as a French reader writes them.
    fn figure(&self) -> Result<Option<Decimal>, CellWrong> {
        match self {
            Self::Blank => Ok(None),
            Self::Fault(_) => Err(CellWrong::Fault),
            Self::Number(number) => Ok(Some(*number)),
            Self::Day(_) => Err(CellWrong::Number),
            Self::Text(text) => read_number(text).map(Some).ok_or(CellWrong::Number),
        }
    }

    /// The day of a cell: one typed as text is `05/01/2024` or `2024-01-05`.
    pub fn day(&self) -> Result<Option<NaiveDate>, CellWrong> {
        match self {
            Self::Blank => Ok(None),
            Self::Fault(_) => Err(CellWrong::Fault),
            Self::Day(day) => Ok(Some(*day)),
            Self::Number(_) => Err(CellWrong::Day),
            Self::Text(text) => read_day(text).map(Some).ok_or(CellWrong::Day),
        }
    }
}

/// A number that a journal takes, so that none reaches one by another way.
fn taken(number: Decimal) -> Result<Decimal, CellWrong> {
    Number::written(number).map(Number::decimal).ok_or(CellWrong::Huge)
}

fn read_number(text: &str) -> Option<Decimal> {
    let kept = |c: &char| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '€');
    let plain: String = text.chars().filter(kept).collect::<String>().replace('−', "-");
    // `1.234,50` and `1,234.50` mean two things each: one mark only.
    let marks = plain.matches([',', '.']).count();
    let digits = plain.strip_prefix('-').unwrap_or(&plain);
    let sound = digits.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.'));
    if marks > 1 || !sound || !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    Decimal::from_str_exact(&plain.replace(',', ".")).ok()
}

fn read_day(text: &str) -> Option<NaiveDate> {
    if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        // `24-01-05` is no day of the year 24, and a fifth digit is a slip.
        return Some(day).filter(|day| (1000..=9999).contains(&day.year()));
    }
    let parts: Vec<&str> = text.split(['/', '.', '-']).collect();
    let [day, month, year] = parts.as_slice() else { return None };
    if year.len() != 4 {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_as_their_reader_means_them() {
        let number = |text: &str| Value::of_text(text).number();
        let read = |text: &str| number(text).map(|found| found.map(|one| one.to_string()));
        assert_eq!(read(" 1 234,50 € "), Ok(Some("1234.5".to_owned())));
        assert_eq!(read("−12"), Ok(Some("-12".to_owned())));
        assert_eq!(read("1234.5"), Ok(Some("1234.5".to_owned())));
        for wrong in ["1.234,50", "1,234.50", "12 h", "=1+1", "1e3", "--1", ",5", "€"] {
            assert_eq!(number(wrong), Err(CellWrong::Number), "{wrong}");
        }
        assert_eq!(number("  "), Ok(None));
        let euros = |text: &str| read_number(text).map_or(Value::Blank, Value::Number).euros();
        assert_eq!(euros("34.300000000000004"), Ok(Some(Decimal::new(3430, 2))));
        assert_eq!(euros("34.305"), Err(CellWrong::Decimals));
        for (typed, wrong) in [
            ("12,123456789", CellWrong::Fine),
            ("333,3333333333333", CellWrong::Fine),
            ("1000000000000", CellWrong::Huge),
            ("79228162514264337593543950335", CellWrong::Huge),
        ] {
            assert_eq!(number(typed), Err(wrong), "{typed}");
        }
        assert_eq!(number("12,1234567800"), Ok(Some(Decimal::new(1_212_345_678, 8))));
        assert_eq!(euros("999999999999.99"), Ok(Some(Decimal::new(99_999_999_999_999, 2))));
        for huge in ["999999999999.999999999", "10000000000000000000", "-999999999999999"] {
            assert_eq!(euros(huge), Err(CellWrong::Huge), "{huge}");
        }
        let day = |text: &str| Value::of_text(text).day();
        let sound = NaiveDate::from_ymd_opt(2024, 1, 5);
        assert_eq!([day("05/01/2024"), day("2024-01-05"), day("5.1.2024")], [Ok(sound); 3]);
        for wrong in ["31/02/2024", "05/01/24", "2024-13-01", "24-01-05", "+12024-01-05", "lundi"] {
            assert_eq!(day(wrong), Err(CellWrong::Day), "{wrong}");
        }
        assert_eq!(Value::Fault("#REF!".to_owned()).number(), Err(CellWrong::Fault));
    }
}
