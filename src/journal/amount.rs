use super::number::{diagnose, scan};
use super::tree::{Amount, Word};
use crate::diagnostic::{Code, Finding, Span};

/// Spellings of a unit that have one meaning and another writing.
pub(super) const RESPELLED: [(&str, &str); 6] = [
    ("EUR", "€"),
    ("Euro", "€"),
    ("euro", "€"),
    ("euros", "€"),
    ("kgCO2e", "kgCO₂e"),
    ("kgCO2eq", "kgCO₂e"),
];

/// Whether that character may stand in a unit's symbol.
pub(super) fn in_unit(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '€' | '$' | '£' | '₀'..='₉' | '²' | '³' | '°' | '%')
}

/// Reads an amount at the beginning of `rest`: the amount and how many bytes it takes.
#[inline]
pub(super) fn amount(rest: Word<'_>) -> Result<(Amount<'_>, usize), Box<Finding>> {
    let text = rest.text;
    let bytes = text.as_bytes();
    let Some((number, figures)) = scan(bytes) else {
        return Err(Box::new(diagnose(end_of_amount(text), rest.at)));
    };
    let mut at = figures;
    while bytes.get(at) == Some(&b' ') {
        at += 1;
    }
    // The usual case, without looking at characters one by one.
    let end = if bytes[at..].starts_with("€".as_bytes())
        && matches!(bytes.get(at + 3), None | Some(b' '))
    {
        at + 3
    } else {
        unit_end(rest, figures, at)?
    };
    let span = Span::new(rest.at, rest.at + u32::try_from(end).unwrap_or(0));
    Ok((Amount { number, unit: &text[at..end], span }, end))
}

/// The part of `text` that was meant as an amount: up to an assertion, a price or a comment.
fn end_of_amount(text: &str) -> &str {
    let end = text.find(['=', ';', '@', '{']).unwrap_or(text.len());
    text[..end].trim_end()
}

fn unit_end(rest: Word<'_>, figures: usize, at: usize) -> Result<usize, Box<Finding>> {
    let text = rest.text;
    let tail = &text[at..];
    let length = tail.find(|c| !in_unit(c)).unwrap_or(tail.len());
    let after = tail[length..].chars().next();
    let symbol = &tail[..length];
    let word = tail.split([' ', '=', ';', '@', '{']).next().unwrap_or(tail);
    let here = rest.part(at, at + word.len()).span();
    if word.starts_with(',') {
        let place = rest.part(0, at + word.len()).span();
        return Err(Box::new(
            Finding::new(Code::Amount, place, "espace devant la virgule")
                .label("la virgule se colle au nombre")
                .help("écrivez le montant comme `1 234,56 €`"),
        ));
    }
    if let Some((_, spelled)) = RESPELLED.iter().find(|(typed, _)| *typed == word) {
        return Err(Box::new(
            Finding::new(Code::UnitForm, here, format!("l’unité s’écrit `{spelled}`"))
                .label(format!("`{word}`"))
                .help("corrigez-la, ou lancez `compta fmt`"),
        ));
    }
    match after {
        None | Some(' ' | '=' | ';' | '@' | '{' | '\t') if length > 0 => {
            // `100 e3`, `10O`: a digit look-alike glued to the figures is a slip, not a unit.
            if at == figures && matches!(symbol, "O" | "o" | "l" | "I") {
                return Err(Box::new(diagnose_letter(rest, figures, symbol)));
            }
            Ok(at + length)
        }
        None | Some('=' | ';' | '@' | '{' | '\t') => Err(Box::new(
            Finding::new(Code::NoUnit, rest.part(0, figures).span(), "montant sans unité")
                .label("quelle unité ?")
                .help("écrivez `€` après le nombre, ou lancez `compta fmt`"),
        )),
        Some('"') => Err(Box::new(
            Finding::new(Code::UnitForm, here, "unité entre guillemets")
                .label("sans guillemets")
                .help("écrivez l’unité en lettres, comme `kgCO₂e`"),
        )),
        Some(c)
            if at == figures
                || c.is_ascii_digit()
                || c == '\u{a0}'
                || c == '\u{202f}'
                || c == '.' =>
        {
            let whole = end_of_amount(text);
            let found = diagnose(whole, rest.at);
            if found.code == Code::DigitGroups || found.code == Code::Amount {
                return Err(Box::new(
                    Finding::new(Code::UnitForm, here, format!("unité mal écrite : `{word}`"))
                        .label("des lettres seulement")
                        .help("écrivez l’unité en lettres, comme `kgCO₂e`"),
                ));
            }
            Err(Box::new(found))
        }
        Some(_) => Err(Box::new(
            Finding::new(Code::UnitForm, here, format!("unité mal écrite : `{word}`"))
                .label("des lettres seulement")
                .help("écrivez l’unité en lettres, comme `kgCO₂e`"),
        )),
    }
}

fn diagnose_letter(rest: Word<'_>, figures: usize, letter: &str) -> Finding {
    let figure = if matches!(letter, "O" | "o") { '0' } else { '1' };
    Finding::new(
        Code::LetterInNumber,
        rest.part(figures, figures + 1).span(),
        format!("lettre {letter} dans un nombre, à la place du chiffre {figure}"),
    )
    .label(format!("lettre {letter}"))
    .help(format!("tapez le chiffre {figure}"))
}
