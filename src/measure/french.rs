use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::round_half_away;

/// The narrow no-break space that stands between thousands.
const THIN: char = '\u{202f}';

/// An amount as a French reader writes it: `−1 234,50`, with at least `decimals` decimals.
pub fn amount(value: Decimal, decimals: u32) -> String {
    let mut text = String::with_capacity(24);
    put_amount(&mut text, value, decimals);
    text
}

/// Puts an amount as a French reader writes it at the end of a text.
pub fn put_amount(text: &mut String, value: Decimal, decimals: u32) {
    let digits = Digits::of(value, decimals);
    if digits.negative {
        text.push('−');
    }
    let whole = digits.whole();
    let first = (whole.len() + 2) % 3 + 1;
    text.push_str(&whole[..first]);
    for at in (first..whole.len()).step_by(3) {
        text.push(THIN);
        text.push_str(&whole[at..at + 3]);
    }
    digits.put_rest(text, ',');
}

/// Plain digits with a decimal point and at least `decimals` decimals.
pub fn plain(value: Decimal, decimals: u32) -> String {
    let mut text = String::with_capacity(16);
    put_plain(&mut text, value, decimals, '.');
    text
}

/// Puts plain digits at the end of a text, with that decimal mark and at least `decimals` decimals.
pub fn put_plain(text: &mut String, value: Decimal, decimals: u32, mark: char) {
    let digits = Digits::of(value, decimals);
    if digits.negative {
        text.push('-');
    }
    text.push_str(digits.whole());
    digits.put_rest(text, mark);
}

/// The most digits of a decimal, and as many zeros as may stand before or behind them.
const ROOM: usize = 64;

/// The digits of a number: no zero behind its decimals but those that were asked for, and no minus at nothing.
struct Digits {
    negative: bool,
    room: [u8; ROOM],
    from: usize,
    decimals: usize,
}

impl Digits {
    fn of(value: Decimal, decimals: u32) -> Self {
        let (mut mantissa, mut scale) = (value.mantissa().unsigned_abs(), value.scale());
        let mut digits = Self {
            negative: mantissa != 0 && value.is_sign_negative(),
            room: [b'0'; ROOM],
            from: ROOM,
            decimals: decimals as usize,
        };
        // Most amounts fit 64 bits, where a division costs nothing.
        if let Ok(mut short) = u64::try_from(mantissa) {
            while scale > decimals && short % 10 == 0 {
                (short, scale) = (short / 10, scale - 1);
            }
            digits.from -= decimals.saturating_sub(scale) as usize;
            while short > 0 {
                digits.put(short % 10);
                short /= 10;
            }
        } else {
            while scale > decimals && mantissa % 10 == 0 {
                (mantissa, scale) = (mantissa / 10, scale - 1);
            }
            digits.from -= decimals.saturating_sub(scale) as usize;
            while mantissa > 0 {
                digits.put(u64::try_from(mantissa % 10).unwrap_or_default());
                mantissa /= 10;
            }
        }
        digits.decimals = digits.decimals.max(scale as usize);
        digits.from = digits.from.min(ROOM - digits.decimals - 1);
        digits
    }

    fn put(&mut self, digit: u64) {
        self.from -= 1;
        self.room[self.from] = b'0' + u8::try_from(digit).unwrap_or_default();
    }

    /// The digits before the mark.
    fn whole(&self) -> &str {
        std::str::from_utf8(&self.room[self.from..ROOM - self.decimals]).unwrap_or_default()
    }

    fn put_rest(&self, text: &mut String, mark: char) {
        if self.decimals > 0 {
            text.push(mark);
            let rest = &self.room[ROOM - self.decimals..];
            text.push_str(std::str::from_utf8(rest).unwrap_or_default());
        }
    }
}

/// Puts a day as a French reader writes it: `03/02/2024`.
pub fn put_french_day(out: &mut String, day: NaiveDate) {
    put_digits(out, day.day(), 2);
    out.push('/');
    put_digits(out, day.month(), 2);
    out.push('/');
    put_digits(out, day.year().unsigned_abs(), 4);
}

/// Puts a day as a machine reads it: `2024-02-03`.
pub fn put_day(out: &mut String, day: NaiveDate) {
    put_digits(out, day.year().unsigned_abs(), 4);
    out.push('-');
    put_digits(out, day.month(), 2);
    out.push('-');
    put_digits(out, day.day(), 2);
}

/// Puts a day as a FEC has it: `20240203`.
pub fn put_compact_day(out: &mut String, day: NaiveDate) {
    put_digits(out, day.year().unsigned_abs(), 4);
    put_digits(out, day.month(), 2);
    put_digits(out, day.day(), 2);
}

fn put_digits(out: &mut String, number: u32, digits: u32) {
    for rank in (0..digits).rev() {
        let digit = number / 10_u32.pow(rank) % 10;
        out.push(char::from_digit(digit, 10).unwrap_or('0'));
    }
}

/// An amount in euros: `1 234,50 €`, with a no-break space before the sign.
pub fn euros(value: Decimal) -> String {
    format!("{}\u{a0}€", amount(value, 2))
}

/// An amount in euros for a sentence: `109 000 €`, and cents only when it has some.
pub fn brief_euros(value: Decimal) -> String {
    if value.is_integer() { rounded_euros(value, 0) } else { euros(value) }
}

/// An amount rounded for a sentence: `−4 540 €` at no decimal.
pub fn rounded_euros(value: Decimal, decimals: u32) -> String {
    format!("{}\u{a0}€", amount(round_half_away(value, decimals), decimals))
}

/// Kilograms told in tonnes: `12,345 tCO₂e`, to the kilogram.
pub fn tonnes(kilograms: Decimal) -> String {
    let tonnes = round_half_away(kilograms / Decimal::ONE_THOUSAND, 3);
    format!("{}\u{a0}tCO₂e", amount(tonnes, 0))
}

/// A count with its noun: `1 écriture`, `666 écritures`.
pub fn signed_words(count: usize, noun: &str) -> String {
    let plural = if count > 1 { "s" } else { "" };
    format!("{} {noun}{plural}", amount(Decimal::from(count), 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a decimal writes of itself is the measure of what we write.
    #[test]
    fn digits_are_those_of_the_number() {
        let mut state = 7_u64;
        let mut draw = |most: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % most
        };
        for _ in 0..20_000 {
            let digits = draw(29);
            let mut mantissa = 0_i128;
            for _ in 0..digits {
                // Many zeros, so that some end the number.
                mantissa = mantissa * 10 + i128::from(draw(20).saturating_sub(10));
            }
            let scale = u32::try_from(draw(29)).unwrap_or_default();
            let sign = if draw(2) == 0 { 1 } else { -1 };
            let value = Decimal::from_i128_with_scale(mantissa * sign, scale);
            let decimals = u32::try_from(draw(10)).unwrap_or_default();
            let mut known = value.normalize();
            if known.is_zero() {
                known = Decimal::ZERO;
            }
            let wide = known.scale().max(decimals) as usize;
            let known = if known.scale() < decimals {
                let (whole, rest) = known.to_string().split_once('.').map_or_else(
                    || (known.to_string(), String::new()),
                    |(whole, rest)| (whole.to_owned(), rest.to_owned()),
                );
                format!("{whole}.{rest:0<wide$}")
            } else {
                known.to_string()
            };
            assert_eq!(plain(value, decimals), known);
            let french = amount(value, decimals);
            let bare = french.replace(THIN, "").replace('−', "-").replace(',', ".");
            assert_eq!(bare, known);
            let whole = french.trim_start_matches('−').split(',').next().unwrap_or_default();
            let groups: Vec<usize> = whole.split(THIN).map(str::len).collect();
            assert!(groups[1..].iter().all(|group| *group == 3) && (1..=3).contains(&groups[0]));
        }
    }

    #[test]
    fn french_amounts() {
        let shown = |text: &str, decimals| {
            text.parse::<Decimal>().map(|value| amount(value, decimals)).unwrap_or_default()
        };
        assert_eq!(shown("-1234567.5", 2), "−1\u{202f}234\u{202f}567,50");
        assert_eq!(shown("999", 0), "999");
        assert_eq!(shown("1000.00", 0), "1\u{202f}000");
        assert_eq!(shown("0", 2), "0,00");
        assert_eq!(shown("-0.00", 0), "0");
        assert_eq!(shown("0.125", 2), "0,125");
        assert_eq!(shown("0.05", 0), "0,05");
        assert_eq!(shown("-100000", 0), "−100\u{202f}000");
        assert_eq!(shown("79228162514264337593543950335", 2), {
            "79\u{202f}228\u{202f}162\u{202f}514\u{202f}264\u{202f}337\u{202f}593\u{202f}543\u{202f}950\u{202f}335,00"
        });
        assert_eq!(shown("-0.0000000000000000000000000001", 2), "−0,0000000000000000000000000001");
        assert_eq!(brief_euros(Decimal::new(10_900_000, 2)), "109\u{202f}000\u{a0}€");
        assert_eq!(brief_euros(Decimal::new(-2_242_693, 2)), "−22\u{202f}426,93\u{a0}€");
    }
}
