use crate::diagnostic::{Code, Finding, Span};
use crate::measure::{MAX_DECIMALS, MAX_DIGITS, MAX_INTEGER_DIGITS, Number};

/// Reads the number at the beginning of `text`: its value and its length in bytes.
///
/// `None` when it is not one of `1234`, `1 234`, `1 234,50`, each with an optional `-` before it.
#[inline]
pub(super) fn scan(text: &[u8]) -> Option<(Number, usize)> {
    let negative = text.first() == Some(&b'-');
    let start = usize::from(negative);
    let mut at = start;
    let mut value: i64 = 0;
    let mut digits: usize = 0;
    let mut group = 0;
    let mut grouped = false;
    loop {
        match text.get(at) {
            Some(digit @ b'0'..=b'9') => {
                if digits == MAX_INTEGER_DIGITS {
                    return None;
                }
                value = value * 10 + i64::from(digit - b'0');
                digits += 1;
                group += 1;
                at += 1;
            }
            Some(b' ') if text.get(at + 1).is_some_and(u8::is_ascii_digit) => {
                if group == 0 || group > 3 || (grouped && group != 3) {
                    return None;
                }
                grouped = true;
                group = 0;
                at += 1;
            }
            _ => break,
        }
    }
    if digits == 0 || (grouped && group != 3) {
        return None;
    }
    let mut scale: u8 = 0;
    if text.get(at) == Some(&b',') {
        at += 1;
        while let Some(digit @ b'0'..=b'9') = text.get(at) {
            if scale == MAX_DECIMALS || digits == MAX_DIGITS {
                return None;
            }
            value = value * 10 + i64::from(digit - b'0');
            scale += 1;
            digits += 1;
            at += 1;
        }
        if scale == 0 {
            return None;
        }
    }
    Some((Number::new(if negative { -value } else { value }, scale), at))
}

/// Characters that look like digits under a tired eye.
const LOOK_ALIKES: [(char, char); 6] =
    [('O', '0'), ('o', '0'), ('l', '1'), ('I', '1'), ('S', '5'), ('B', '8')];

/// Says what is wrong with a number that [`scan`] refused; `text` runs to the end of the amount.
pub(super) fn diagnose(text: &str, at: u32) -> Finding {
    let span = |from: usize, to: usize| {
        let offset = |n: usize| at + u32::try_from(n).unwrap_or(0);
        Span::new(offset(from), offset(to))
    };
    let whole = span(0, text.trim_end().len());
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let digit = |i: usize| chars.get(i).is_some_and(|(_, c)| c.is_ascii_digit());
    let mark = |i: usize| chars.get(i).is_some_and(|(_, c)| matches!(c, ',' | '.' | ' '));
    for (i, &(from, c)) in chars.iter().enumerate() {
        let here = span(from, from + c.len_utf8());
        let before = i > 0 && (digit(i - 1) || mark(i - 1));
        match c {
            '\u{2212}' | '\u{2013}' if digit(i + 1) => {
                return Finding::new(
                    Code::TrueMinus,
                    here,
                    "le signe moins n’est pas un trait d’union",
                )
                .label(format!("U+{:04X}", u32::from(c)))
                .help("tapez `-`, ou lancez `compta fmt`");
            }
            '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}' => {
                return Finding::new(Code::NoBreakSpace, here, "espace insécable dans un nombre")
                    .label(format!("U+{:04X}", u32::from(c)))
                    .help("tapez une espace ordinaire, ou lancez `compta fmt`");
            }
            'e' | 'E'
                if before
                    && (digit(i + 1)
                        || (matches!(chars.get(i + 1), Some((_, '+' | '-'))) && digit(i + 2))) =>
            {
                return Finding::new(
                    Code::Exponent,
                    here,
                    "notation exponentielle dans un montant",
                )
                .label("exposant")
                .help("écrivez le nombre en chiffres : `1e3` est `1 000`");
            }
            '.' if before => {
                return Finding::new(
                    Code::DecimalPoint,
                    here,
                    "point dans un nombre, sous `decimal-mark ,`",
                )
                .label("ni milliers, ni décimales")
                .help("écrivez une virgule pour les décimales, une espace pour les milliers");
            }
            c if (before && (digit(i + 1) || mark(i + 1) && digit(i + 2)))
                || (i == 0 && (digit(1) || mark(1) && digit(2))) =>
            {
                if let Some((_, figure)) = LOOK_ALIKES.iter().find(|(letter, _)| *letter == c) {
                    return Finding::new(
                        Code::LetterInNumber,
                        here,
                        format!("lettre {c} dans un nombre, à la place du chiffre {figure}"),
                    )
                    .label(format!("lettre {c}"))
                    .help(format!("tapez le chiffre {figure}"));
                }
            }
            _ => {}
        }
    }
    shape(text, whole, span)
}

/// What is left once every character is a digit or a mark: the shape is wrong.
fn shape(text: &str, whole: Span, span: impl Fn(usize, usize) -> Span) -> Finding {
    let body = text.trim_start_matches('-');
    let first = body.chars().next().unwrap_or(' ');
    if !first.is_ascii_digit() {
        let leading = body.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '-');
        if body.starts_with(' ') || body.starts_with('+') {
            return Finding::new(Code::Amount, whole, "signe mal placé")
                .label("le signe moins se colle au premier chiffre, le plus ne s’écrit pas")
                .help("écrivez `-12,00 €` ou `12,00 €`");
        }
        if body.starts_with(',') {
            return Finding::new(Code::Amount, whole, "il manque un chiffre avant la virgule")
                .label("écrivez `0,50`")
                .help("écrivez le zéro");
        }
        if leading.starts_with(|c: char| c.is_ascii_digit()) {
            return Finding::new(Code::UnitForm, whole, "l’unité suit le nombre")
                .label("unité devant le nombre")
                .help("écrivez `12,00 €`");
        }
        return Finding::new(Code::Amount, whole, "montant illisible")
            .label("un nombre était attendu ici")
            .help("écrivez le montant comme `1 234,56 €`");
    }
    let end =
        body.find(|c: char| !(c.is_ascii_digit() || c == ',' || c == ' ')).unwrap_or(body.len());
    let figures = body[..end].trim_end();
    let offset = text.len() - body.len();
    let place = span(offset, offset + figures.len());
    let (integer, decimals) = figures.split_once(',').unwrap_or((figures, "1"));
    let count = |part: &str| part.bytes().filter(u8::is_ascii_digit).count();
    if decimals.is_empty() || decimals.starts_with(' ') {
        return Finding::new(Code::DanglingComma, place, "virgule sans décimales")
            .label("il manque des chiffres")
            .help("écrivez `,00`, ou retirez la virgule");
    }
    if count(integer) > MAX_INTEGER_DIGITS
        || (figures.contains(',') && count(decimals) > usize::from(MAX_DECIMALS))
        || count(figures) > MAX_DIGITS
    {
        return Finding::new(Code::HugeNumber, place, "nombre hors des limites")
            .label(format!("{MAX_INTEGER_DIGITS} chiffres avant la virgule, {MAX_DECIMALS} après, {MAX_DIGITS} en tout"))
            .help("vérifiez la frappe");
    }
    Finding::new(Code::DigitGroups, place, "groupes de chiffres ambigus")
        .label("les milliers vont par trois")
        .help("séparez tous les milliers par une espace, ou aucun")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_read() {
        for (text, mantissa, scale, length) in [
            ("184,00 €", 18_400, 2, 6),
            ("-1 234 567,5 €", -12_345_675, 1, 12),
            ("1140 pkm", 1140, 0, 4),
            ("1 140 pkm", 1140, 0, 5),
            ("0,001 kgCO₂e", 1, 3, 5),
            ("999 999 999 999,99 €", 99_999_999_999_999, 2, 18),
            ("007 €", 7, 0, 3),
            ("12  34", 12, 0, 2),
        ] {
            assert_eq!(
                scan(text.as_bytes()),
                Some((Number::new(mantissa, scale), length)),
                "{text}"
            );
        }
    }

    #[test]
    fn numbers_that_do_not_and_why() {
        for (text, code) in [
            ("1O0,00 €", Code::LetterInNumber),
            ("O,50 €", Code::LetterInNumber),
            ("1l,50 €", Code::LetterInNumber),
            ("1\u{a0}000,00 €", Code::NoBreakSpace),
            ("1\u{202f}000,00 €", Code::NoBreakSpace),
            ("\u{2212}12,00 €", Code::TrueMinus),
            ("12 34,00 €", Code::DigitGroups),
            ("1234 567,00 €", Code::DigitGroups),
            ("1 2345 €", Code::DigitGroups),
            ("12,00,00 €", Code::DigitGroups),
            ("12, €", Code::DanglingComma),
            ("12,", Code::DanglingComma),
            ("1.234 €", Code::DecimalPoint),
            ("1e3 €", Code::Exponent),
            ("1E-3 €", Code::Exponent),
            ("1 000 000 000 000 000 €", Code::HugeNumber),
            ("1,123456789 €", Code::HugeNumber),
            ("€ 12,00", Code::UnitForm),
            ("- 12,00 €", Code::Amount),
            ("+12,00 €", Code::Amount),
            (",50 €", Code::Amount),
            ("douze €", Code::Amount),
        ] {
            let refused = match scan(text.as_bytes()) {
                None => true,
                Some((_, length)) => {
                    !text[length..].starts_with([' ', '€']) && !text[length..].is_empty()
                }
            };
            assert!(refused, "{text} should not read");
            assert_eq!(diagnose(text, 0).code, code, "{text}");
        }
    }
}
