use unicode_normalization::UnicodeNormalization;

/// A name as its reader sees it: two that look alike have the same, though one has letters of another alphabet.
///
/// Those letters that have the shape of a Latin one in every usual typeface (Unicode UTS 39), and the forms of
/// compatibility: wide letters, those of mathematics.
pub(super) fn seen(name: &str) -> String {
    name.chars().map(latin).nfkc().map(latin).collect()
}

/// The first letter of a name that is not the one that its reader sees.
pub(super) fn foreign(name: &str) -> Option<char> {
    name.chars().find(|c| latin(*c) != *c || !c.nfkc().map(latin).eq([*c]))
}

/// The Latin letter that has the shape of a Greek or Cyrillic one; else the letter itself.
fn latin(c: char) -> char {
    match c {
        'А' | 'Α' => 'A',
        'В' | 'Β' => 'B',
        'С' | 'Ϲ' => 'C',
        'Е' | 'Ε' => 'E',
        'Н' | 'Η' => 'H',
        'І' | 'Ι' | 'Ӏ' => 'I',
        'Ј' => 'J',
        'К' | 'Κ' => 'K',
        'М' | 'Μ' => 'M',
        'Ν' => 'N',
        'О' | 'Ο' => 'O',
        'Р' | 'Ρ' => 'P',
        'Ѕ' => 'S',
        'Т' | 'Τ' => 'T',
        'Ү' | 'Υ' => 'Y',
        'Х' | 'Χ' => 'X',
        'Ζ' => 'Z',
        'а' => 'a',
        'с' => 'c',
        'ԁ' => 'd',
        'е' => 'e',
        'һ' => 'h',
        'і' | 'ı' => 'i',
        'ј' => 'j',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' => 's',
        'ν' => 'v',
        'ԝ' => 'w',
        'х' => 'x',
        'у' => 'y',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_are_seen_as_one() {
        for (one, other) in [
            ("ACME", "АСМЕ"),
            ("ACME", "AϹME"),
            ("ACME", "ＡＣＭＥ"),
            ("Copains", "Сораіns"),
            ("KAIROS", "ΚΑΙROS"),
            ("Été", "É\u{74}é"),
        ] {
            assert_eq!(seen(one), seen(other), "{other}");
            assert_eq!(foreign(one), None, "{one}");
            assert_eq!(foreign(other).is_some(), one != other, "{other}");
        }
        for (one, other) in [("ACME", "ACMÉ"), ("Région", "Region"), ("Œuvre", "Oeuvre")] {
            assert_ne!(seen(one), seen(other), "{other}");
        }
        let letters = ('\u{370}'..='\u{52f}').filter(|c| latin(*c) != *c).count();
        assert!(letters >= 45, "{letters}");
    }
}
