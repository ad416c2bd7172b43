use unicode_normalization::UnicodeNormalization;

use crate::book::looks_like_an_amount;

/// The longest name that an account of the books may have, in bytes; a longer one is cut.
const LONGEST: usize = 400;

/// A label as the name of an account or a tiers may be: composed, on one line, single spaces, without
/// the characters that would end it.
pub(super) fn name(label: &str) -> String {
    let composed: String = label.nfc().collect();
    let plain = composed.chars().map(|c| match c {
        ':' => '-',
        ';' => ',',
        c if c.is_whitespace() => ' ',
        c => c,
    });
    let kept: String = plain.filter(|c| !hidden(*c)).collect();
    let mut name = kept.split(' ').filter(|word| !word.is_empty()).collect::<Vec<&str>>().join(" ");
    while name.len() > LONGEST {
        name.pop();
    }
    name.trim().to_owned()
}

/// A label as the name of a tiers may be: the same, and nothing in it that reads as an amount.
pub(super) fn tiers(label: &str) -> String {
    let name = name(label);
    if !looks_like_an_amount(&name) {
        return name;
    }
    let plain = name.replace('€', "euros").replace("EUR", "eur");
    let odd =
        |c: char| matches!(c, '=' | '@' | '{' | '$' | '£' | ',' | '.' | '-' | '+' | '−' | '–');
    let kept = plain.chars().map(|c| if odd(c) { '_' } else { c });
    kept.collect()
}

/// A label as the first line of an entry may hold it.
pub(super) fn words(label: &str) -> String {
    let plain = label.chars().filter(|c| !hidden(*c));
    let text: String = plain.map(|c| if c == ';' { ',' } else { c }).collect();
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// A text as its reader means it, whatever its spaces and however its accents are composed.
pub(super) fn meant(text: &str) -> String {
    let composed: String = text.nfc().filter(|c| !hidden(*c)).collect();
    composed.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// A code as the parentheses of an entry may hold it.
pub(super) fn code(text: &str) -> String {
    let kept = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '/' | '-' | '+' | '#');
    text.chars().map(|c| if kept(c) { c } else { '_' }).collect()
}

/// Control characters, and those that show nothing or change the sense of reading.
fn hidden(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_a_journal_can_hold() {
        assert_eq!(name("  SARL  A : B ; C\u{a0}D\u{200b} "), "SARL A - B , C D");
        assert_eq!(name("e\u{301}te\u{301}"), "été");
        assert!(name(&"é".repeat(900)).len() <= LONGEST);
        assert_eq!(words("a ; b\t\tc"), "a , b c");
        assert_eq!(meant(" e\u{301}té\u{a0} ; b\t"), "été ; b");
        assert_eq!(code("2-1 (a)"), "2-1__a_");
        for (label, safe) in [
            ("Tarif 20 €", "Tarif 20 euros"),
            ("Don 10 EUR", "Don 10 eur"),
            ("SARL 3,14", "SARL 3_14"),
            ("A = 5", "A _ 5"),
            ("Dupont, fils", "Dupont, fils"),
        ] {
            assert_eq!(tiers(label), safe);
            assert!(!looks_like_an_amount(safe), "{safe}");
        }
    }
}
