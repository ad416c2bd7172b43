use rust_decimal::Decimal;

use super::round_half_away;

/// The narrow no-break space that stands between thousands.
const THIN: char = '\u{202f}';

/// An amount as a French reader writes it: `−1 234,50`, with at least `decimals` decimals.
pub fn amount(value: Decimal, decimals: u32) -> String {
    let plain = plain(value.abs(), decimals);
    let (integer, rest) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut text = String::with_capacity(plain.len() + 8);
    if value.is_sign_negative() && !value.is_zero() {
        text.push('−');
    }
    for (rank, digit) in integer.char_indices() {
        if rank > 0 && (integer.len() - rank) % 3 == 0 {
            text.push(THIN);
        }
        text.push(digit);
    }
    if !rest.is_empty() {
        text.push(',');
        text.push_str(rest);
    }
    text
}

/// Plain digits with a decimal point and at least `decimals` decimals.
pub fn plain(value: Decimal, decimals: u32) -> String {
    let mut value = value.normalize();
    if value.is_zero() {
        value = Decimal::ZERO;
    }
    let mut text = value.to_string();
    if value.scale() < decimals {
        if value.scale() == 0 {
            text.push('.');
        }
        text.extend(std::iter::repeat_n('0', (decimals - value.scale()) as usize));
    }
    text
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
        assert_eq!(brief_euros(Decimal::new(10_900_000, 2)), "109\u{202f}000\u{a0}€");
        assert_eq!(brief_euros(Decimal::new(-2_242_693, 2)), "−22\u{202f}426,93\u{a0}€");
    }
}
