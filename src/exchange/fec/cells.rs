use chrono::NaiveDate;

use crate::measure::Number;

/// Why an amount does not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountWrong {
    /// A decimal point instead of a comma.
    Point,
    /// Something between the thousands.
    Thousands,
    /// An exponent.
    Exponent,
    /// No number at all.
    NoNumber,
    /// More digits than an amount of the books may have.
    TooLong,
    /// More than two decimals that count.
    Decimals,
    /// A side that is neither debit nor credit.
    NoSide,
}

impl AmountWrong {
    /// What is wrong, in French.
    pub fn words(self) -> &'static str {
        match self {
            Self::Point => "un point au lieu de la virgule décimale",
            Self::Thousands => "un séparateur de milliers",
            Self::Exponent => "une notation avec exposant",
            Self::NoNumber => "ce n’est pas un nombre",
            Self::TooLong => "trop de chiffres",
            Self::Decimals => "plus de deux décimales",
            Self::NoSide => "le sens se note D ou C, +1 ou -1",
        }
    }
}

/// An amount as files write it, with two decimals: a decimal comma, a sign in front or behind, zeros
/// and spaces around; empty is zero.
pub fn amount(cell: &str) -> Result<Number, AmountWrong> {
    decimal(cell, 2)
}

/// The most decimals that an amount in a currency may have.
const CURRENCY: usize = 6;

/// The same, of any currency: dinars count in thousandths.
pub(super) fn currency_amount(cell: &str) -> Result<Number, AmountWrong> {
    decimal(cell, CURRENCY)
}

fn decimal(cell: &str, most: usize) -> Result<Number, AmountWrong> {
    let text = cell.trim_matches(' ');
    if text.is_empty() {
        return Ok(Number::new(0, 2));
    }
    let bytes = text.as_bytes();
    let (negative, digits) = match (bytes[0], bytes[bytes.len() - 1]) {
        (b'-', _) => (true, &text[1..]),
        (b'+', _) => (false, &text[1..]),
        (_, b'-') => (true, &text[..text.len() - 1]),
        (_, b'+') => (false, &text[..text.len() - 1]),
        _ => (false, text),
    };
    let digits = digits.trim_matches(' ');
    let (whole, decimals) = digits.split_once(',').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || !all_digits(decimals) || whole.len() + decimals.len() == 0 {
        return Err(wrong(digits));
    }
    let (needed, kept) = (whole.trim_start_matches('0'), decimals.trim_end_matches('0'));
    if kept.len() > most {
        return Err(AmountWrong::Decimals);
    }
    if needed.len() > crate::measure::MAX_INTEGER_DIGITS {
        return Err(AmountWrong::TooLong);
    }
    let mut mantissa: i64 = 0;
    for digit in needed.bytes().chain(kept.bytes()) {
        mantissa = mantissa * 10 + i64::from(digit - b'0');
    }
    for _ in kept.len()..2 {
        mantissa *= 10;
    }
    let places = u8::try_from(kept.len().max(2)).unwrap_or(2);
    Ok(Number::new(if negative { -mantissa } else { mantissa }, places))
}

/// Why digits do not read as an amount.
fn wrong(digits: &str) -> AmountWrong {
    let known = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.');
    let exponent = |c: char| matches!(c, 'e' | 'E');
    let space = |c: char| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’');
    let starts = digits.starts_with(|c: char| c.is_ascii_digit());
    if starts && digits.chars().all(known) {
        let points = digits.matches('.').count();
        let separated = points > 1 || (points == 1 && digits.contains(','));
        let commas = digits.matches(',').count() > 1;
        return if separated || commas { AmountWrong::Thousands } else { AmountWrong::Point };
    }
    let raised = |c: char| known(c) || exponent(c) || matches!(c, '+' | '-');
    if starts && digits.contains(exponent) && digits.chars().all(raised) {
        return AmountWrong::Exponent;
    }
    if starts && digits.chars().all(|c| known(c) || space(c)) {
        return AmountWrong::Thousands;
    }
    AmountWrong::NoNumber
}

/// Why a day does not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateWrong {
    /// Another form than AAAAMMJJ, though a day is in it.
    Form,
    /// A month or a day that the calendar has not.
    Calendar,
    /// A year before 1900 or after 2099.
    Century,
    /// No day at all.
    NoDate,
}

impl DateWrong {
    /// What is wrong, in French.
    pub fn words(self) -> &'static str {
        match self {
            Self::Form => "une date s’écrit AAAAMMJJ, sans séparateur",
            Self::Calendar => "ce jour n’est pas au calendrier",
            Self::Century => "cette année est hors de 1900–2099",
            Self::NoDate => "ce n’est pas une date",
        }
    }
}

/// A day as the law wants it, AAAAMMJJ; `None` when the cell is blank or all zeros.
pub fn date(cell: &str) -> Result<Option<NaiveDate>, DateWrong> {
    let text = cell.trim_matches(' ');
    if text.bytes().all(|b| b == b'0') {
        return Ok(None);
    }
    if text.len() != 8 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(other_form(text));
    }
    let number = |range: std::ops::Range<usize>| {
        text.as_bytes()[range].iter().fold(0_u32, |sum, b| sum * 10 + u32::from(b - b'0'))
    };
    let (year, month, day) = (number(0..4), number(4..6), number(6..8));
    if !(1900..=2099).contains(&year) {
        let reversed = (1900..=2099).contains(&number(4..8)) && (1..=31).contains(&number(0..2));
        return Err(if reversed { DateWrong::Form } else { DateWrong::Century });
    }
    let year = i32::try_from(year).unwrap_or(0);
    NaiveDate::from_ymd_opt(year, month, day).map(Some).ok_or(DateWrong::Calendar)
}

/// Whether a cell is a day in one of the other forms that people use.
fn other_form(text: &str) -> DateWrong {
    let day = text.split([' ', 'T']).next().unwrap_or(text);
    let parts: Vec<&str> = day.split(['-', '/', '.']).collect();
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let separated = parts.len() == 3 && parts.iter().all(|part| digits(part) && part.len() <= 4);
    if separated { DateWrong::Form } else { DateWrong::NoDate }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cents(cell: &str) -> Option<i64> {
        amount(cell).ok().map(Number::mantissa)
    }

    #[test]
    fn amounts_as_real_files_write_them() {
        for (cell, value) in [
            ("0", 0),
            ("", 0),
            ("0,00", 0),
            ("+000000069,40", 6_940),
            (" 000000000003000,00", 300_000),
            ("1234", 123_400),
            ("-12,5", -1_250),
            ("12,5-", -1_250),
            ("12,50+", 1_250),
            ("12,500", 1_250),
            (",5", 50),
            ("5,", 500),
            (" 7,00 ", 700),
            ("- 7,00", -700),
            ("999999999999,99", 99_999_999_999_999),
            ("-0000999999999999,9900", -99_999_999_999_999),
        ] {
            assert_eq!(cents(cell), Some(value), "{cell}");
        }
    }

    #[test]
    fn a_currency_may_count_in_thousandths() {
        let read = currency_amount("-12,345").map(|amount| amount.decimal().to_string());
        assert_eq!(read, Ok("-12.345".to_owned()));
        assert_eq!(currency_amount("1,2345678"), Err(AmountWrong::Decimals));
    }

    #[test]
    fn amounts_that_are_refused_say_why() {
        for (cell, why) in [
            ("12.50", AmountWrong::Point),
            ("1.234,50", AmountWrong::Thousands),
            ("1 234,50", AmountWrong::Thousands),
            ("1\u{a0}234,50", AmountWrong::Thousands),
            ("1\u{202f}234", AmountWrong::Thousands),
            ("1'234,50", AmountWrong::Thousands),
            ("1’234,50", AmountWrong::Thousands),
            ("1.234.567", AmountWrong::Thousands),
            ("1,234,567", AmountWrong::Thousands),
            ("1,234.50", AmountWrong::Thousands),
            ("12.5", AmountWrong::Point),
            ("-12.50", AmountWrong::Point),
            ("1e3", AmountWrong::Exponent),
            ("1E+3", AmountWrong::Exponent),
            ("e3", AmountWrong::NoNumber),
            ("12 €", AmountWrong::NoNumber),
            ("1 2x", AmountWrong::NoNumber),
            (".5", AmountWrong::NoNumber),
            (",", AmountWrong::NoNumber),
            ("+", AmountWrong::NoNumber),
            ("12,005", AmountWrong::Decimals),
            ("1000000000000", AmountWrong::TooLong),
            ("1,5E3", AmountWrong::Exponent),
            ("1.5e-3", AmountWrong::Exponent),
            ("douze", AmountWrong::NoNumber),
            ("-10,00-", AmountWrong::NoNumber),
            ("-", AmountWrong::NoNumber),
            ("12,345", AmountWrong::Decimals),
            ("1234567890123,00", AmountWrong::TooLong),
        ] {
            assert_eq!(amount(cell).err(), Some(why), "{cell}");
        }
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!(date("20240229").ok().flatten(), NaiveDate::from_ymd_opt(2024, 2, 29));
        assert_eq!(date("00000000"), Ok(None));
        assert_eq!(date(""), Ok(None));
        for cell in ["19000101", "20991231", " 20240229 "] {
            assert!(date(cell).is_ok_and(|day| day.is_some()), "{cell}");
        }
        for (cell, why) in [
            ("20230229", DateWrong::Calendar),
            ("20240001", DateWrong::Calendar),
            ("20240100", DateWrong::Calendar),
            ("01011900", DateWrong::Form),
            ("31122099", DateWrong::Form),
            ("32012024", DateWrong::Century),
            ("00012024", DateWrong::Century),
            ("01011899", DateWrong::Century),
            ("01012100", DateWrong::Century),
            ("21000101", DateWrong::Century),
            ("2024-01-02 10:00", DateWrong::Form),
            ("2024-01-02T10:00", DateWrong::Form),
            ("2024.01.02", DateWrong::Form),
            ("1/2/24", DateWrong::Form),
            ("20240-1-2", DateWrong::NoDate),
            ("1/2", DateWrong::NoDate),
            ("1/2/3/4", DateWrong::NoDate),
            ("1//2024", DateWrong::NoDate),
            ("2024-jan-02", DateWrong::NoDate),
            ("2024010a", DateWrong::NoDate),
            ("202401011", DateWrong::NoDate),
            ("20241301", DateWrong::Calendar),
            ("2024-01-02", DateWrong::Form),
            ("02/01/2024", DateWrong::Form),
            ("02012024", DateWrong::Form),
            ("18991231", DateWrong::Century),
            ("hier", DateWrong::NoDate),
            ("202401", DateWrong::NoDate),
        ] {
            assert_eq!(date(cell).err(), Some(why), "{cell}");
        }
    }
}
