//! The shape that nearly every line has, read in one pass: `    706 Label   1 234,56 €  ; tag: value`.
//!
//! What is read here is what [`super::posting`] would read; whatever is not surely so is left to it.

use super::deceiving::may_begin;
use super::number::scan;
use super::tree::{Amount, Posting, Word, Wrap};
use crate::diagnostic::Span;

/// A line longer than this is left to the careful reader, with its limits.
const LONG: usize = 4096;
/// A name longer than this is too.
const LONG_NAME: usize = 512;
const EURO: &[u8] = "€".as_bytes();
const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// Reads the line that begins at byte `from` of a text without carriage returns; gives it with the place
/// after its newline, or nothing when it needs a careful look.
#[inline]
pub(super) fn swift(text: Word<'_>, from: usize) -> Option<(Posting<'_>, usize)> {
    let bytes = text.text.as_bytes();
    let mut start = from;
    while bytes.get(start) == Some(&b' ') {
        start += 1;
    }
    // Marks, brackets, comments and tabs are for the careful reader; so is an end without a newline.
    if start == from || !bytes.get(start)?.is_ascii_alphanumeric() {
        return None;
    }
    let end = start + name_length(&bytes[start..])?;
    let figures = spaces(bytes, end);
    let (number, length) = scan(&bytes[figures..])?;
    let symbol = spaces(bytes, figures + length);
    let after = symbol + EURO.len();
    if bytes.get(symbol..after)? != EURO {
        return None;
    }
    let rest = spaces(bytes, after);
    let stop = match bytes.get(rest)? {
        b'\n' => rest,
        b';' if rest > after => rest + comment_length(&bytes[rest..])?,
        _ => return None,
    };
    if stop - from > LONG {
        return None;
    }
    let place = |at: usize| text.at + u32::try_from(at).unwrap_or(0);
    let amount = Amount {
        number,
        unit: &text.text[symbol..after],
        span: Span::new(place(figures), place(after)),
    };
    let posting = Posting {
        wrap: Wrap::Real,
        account: Word { text: &text.text[start..end], at: place(start) },
        amount: Some(amount),
        assertion: None,
        line: Span::new(place(from), place(stop)),
    };
    Some((posting, stop + 1))
}

#[inline]
fn spaces(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at) == Some(&b' ') {
        at += 1;
    }
    at
}

/// The high bit of each byte of `word` that is zero; of no other.
#[inline]
fn zeros(word: u64) -> u64 {
    !(((word & !HIGHS) + !HIGHS) | word | !HIGHS)
}

/// The bytes before the first two spaces; nothing when a semicolon or a control comes first.
///
/// Eight bytes at a time: a space is looked for together with what follows it.
#[inline]
fn name_length(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    // Whether the byte before these eight was a space.
    let mut carried = 0;
    while at < LONG_NAME {
        let word = u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?);
        let blanks = zeros(word ^ (ONES * u64::from(b' ')));
        let odd = zeros(word ^ (ONES * u64::from(b';'))) | controls(word);
        // The second of two spaces: the space before it is the byte below, or the carried one.
        let second = blanks & ((blanks << 8) | carried);
        if second != 0 {
            let bit = second.trailing_zeros();
            // Odd bytes after the two spaces belong to what follows.
            let before = (1_u64 << bit).wrapping_sub(1);
            return ((odd & before) == 0).then(|| at + bit as usize / 8 - 1);
        }
        if odd != 0 {
            return None;
        }
        carried = blanks >> 56;
        at += 8;
    }
    None
}

/// The high bit of bytes below a space, the lowest of them surely so.
#[inline]
fn controls(word: u64) -> u64 {
    word.wrapping_sub(ONES * u64::from(b' ')) & !word & HIGHS
}

/// How the tags end whose values are days, and those that hledger would read as dates.
const DAY_TAGS: [&[u8; 3]; 7] = [b"let", b"ide", b"ine", b"ote", b"our", b"ate", b"te2"];

/// The bytes of a comment up to its newline; nothing when it may hold a date, or what deceives its reader.
#[inline]
fn comment_length(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        match bytes.get(at)? {
            b'\n' => return Some(at),
            b'[' => return None,
            b':' if at >= 3 && DAY_TAGS.iter().any(|tail| &bytes[at - 3..at] == *tail) => {
                return None;
            }
            &byte if byte >= 0xc2 && deceiving(bytes, at) => return None,
            _ => at += 1,
        }
    }
}

/// Whether a character that deceives may begin there; apart, so that the usual comment stays a short loop.
#[inline(never)]
fn deceiving(bytes: &[u8], at: usize) -> bool {
    may_begin(bytes, at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::comment::dates;
    use crate::journal::posting::posting;

    /// What both readers make of a line, to be compared.
    fn told(posting: &Posting<'_>) -> String {
        format!("{posting:?}")
    }

    #[test]
    fn what_is_read_at_once_is_what_is_read_with_care() {
        let parts = [
            vec!["", " ", "  ", "    ", "\t"],
            vec![
                "512 Banque",
                "512",
                "a",
                "401 Clients:Été à l’œuvre",
                "6 x;y",
                "7\u{a0}x",
                "[C172 Dette]",
                "1 2 3 4 5 6 7 8",
                "9\tx",
                "; x",
            ],
            vec![" ", "  ", "   ", "         ", "\t"],
            vec!["1,00", "-1 234,56", "0", "1.00", "12,", "999 999 999 999,99", "", "= 3,00"],
            vec!["", " ", "   "],
            vec!["€", "€ ", "€;", "EUR", "kg", ""],
            vec![
                "",
                "  ; a: b",
                " ; vote: 2024-01-01",
                "  ; date:1",
                "  ;[1/2]",
                "  = 1,00 €",
                " ;programme: P, piece: x.pdf",
                " ;piece: l’été – x.pdf",
                " ;piece: x\u{202e}.pdf",
                " x",
            ],
        ];
        let mut at_once = 0;
        let mut ranks = vec![0; parts.len()];
        loop {
            let line: String = parts.iter().zip(&ranks).map(|(all, rank)| all[*rank]).collect();
            let text = format!("{line}\nsuite et fin\n");
            if let Some((read, next)) = swift(Word { text: &text, at: 7 }, 0) {
                at_once += 1;
                assert_eq!(next, line.len() + 1, "{line}");
                let careful = posting(Word { text: &line, at: 7 });
                let careful = careful.unwrap_or_else(|finding| panic!("{line}: {finding:?}"));
                assert_eq!(told(&read), told(&careful.0), "{line}");
                if let Some(comment) = careful.1 {
                    dates(comment, |finding| panic!("{line}: {finding:?}"));
                }
            }
            let Some(rank) = (0..parts.len()).find(|rank| ranks[*rank] + 1 < parts[*rank].len())
            else {
                break;
            };
            ranks[..rank].fill(0);
            ranks[rank] += 1;
        }
        assert!(at_once > 1_000, "{at_once} lines were read at once");
    }

    #[test]
    fn names_end_before_two_spaces() {
        for length in 1..40 {
            for odd in [None, Some(';'), Some('\t'), Some('\n'), Some('\r')] {
                for place in 0..length + 4 {
                    let mut text = format!(
                        "{}  1,00 € et la suite;\t\n",
                        "é2 ".repeat(14).chars().take(length).collect::<String>().trim_end()
                    );
                    let end = text.find("  ").unwrap_or(0);
                    if let Some(odd) = odd
                        && let Some((at, _)) = text.char_indices().nth(place)
                    {
                        text.insert(at, odd);
                        let found = name_length(text.as_bytes());
                        if at < end {
                            assert_eq!(found, None, "{text:?}");
                        } else if at > end + 1 {
                            assert_eq!(found, Some(end), "{text:?}");
                        }
                    } else if odd.is_none() {
                        assert_eq!(name_length(text.as_bytes()), Some(end), "{text:?}");
                    }
                }
            }
        }
    }
}
