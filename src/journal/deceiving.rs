/// Characters that show nothing, or something else than what they are.
pub fn hidden(c: char) -> bool {
    matches!(
        c,
        '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{3164}'
            | '\u{ffa0}'
            | '\u{fe00}'..='\u{fe0f}'
    )
}

/// The bytes with which the UTF-8 of a deceiving character begins; most texts have few of them.
const ODD: [bool; 256] = {
    let mut odd = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        odd[byte] = byte < 0x20 || matches!(byte, 0x7f | 0xc2 | 0xd8 | 0xe1 | 0xe2 | 0xe3 | 0xef);
        byte += 1;
    }
    odd
};

/// Whether a deceiving character may begin at that byte: a look at bytes, not at characters.
#[inline]
pub(super) fn may_begin(bytes: &[u8], at: usize) -> bool {
    let first = bytes[at];
    ODD[usize::from(first)] && {
        let second = bytes.get(at + 1).copied().unwrap_or(0);
        match first {
            // NEL and its like, and the soft hyphen; not the degree sign, nor quotation marks.
            0xc2 => second < 0xa0 || second == 0xad,
            0xd8 => second == 0x9c,
            0xe1 => matches!(second, 0x85 | 0xa0),
            // Not the euro.
            0xe2 => matches!(second, 0x80 | 0x81),
            0xe3 => second == 0x85,
            0xef => second >= 0xb8,
            _ => true,
        }
    }
}

/// Whether a text may have a deceiving character at all.
#[inline]
fn may_deceive(bytes: &[u8]) -> bool {
    // The table alone is looked at for each byte, without a call.
    let odd = |at: &usize| ODD[usize::from(bytes[*at])];
    (0..bytes.len()).filter(odd).any(|at| may_begin(bytes, at))
}

/// The first character of a text that deceives its reader: hidden, or of control.
#[inline]
pub fn deceives(text: &str) -> Option<(usize, char)> {
    if !may_deceive(text.as_bytes()) {
        return None;
    }
    text.char_indices().find(|(_, c)| hidden(*c) || (c.is_control() && *c != '\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No character that deceives passes the look at bytes; the usual ones do.
    #[test]
    fn a_text_that_may_not_deceive_does_not() {
        for c in '\0'..=char::MAX {
            if hidden(c) || c.is_control() {
                assert!(may_deceive(format!("a{c}b").as_bytes()), "U+{:04X}", u32::from(c));
                assert!(
                    may_deceive(format!("é€{c}").as_bytes()),
                    "U+{:04X} at the end",
                    u32::from(c)
                );
            }
        }
        assert!(!may_deceive("Été à l'œuvre n° 3, 12,00 € « oui »".as_bytes()));
        assert!(deceives("l’œuvre – été\t").is_none());
    }
}
