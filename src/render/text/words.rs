use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many columns of a screen a text takes.
pub(super) fn wide(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    // Letters of Latin alphabets, and the signs of French figures: one column each.
    let one = |c: char| matches!(c, ' '..='~' | '\u{c0}'..='\u{2ff}' | '\u{202f}' | '€' | '−' | '–' | '’');
    let mut count = 0;
    for c in text.chars() {
        if !one(c) {
            return text.width();
        }
        count += 1;
    }
    count
}

/// A text broken at spaces so that no line is wider than the limit; its indent is kept.
pub(super) fn broken(text: &str, limit: usize) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    put_broken(&mut out, text, limit);
    out
}

/// Puts such a text at the end of another.
pub(super) fn put_broken(out: &mut String, text: &str, limit: usize) {
    if wide(text) <= limit {
        out.push_str(text);
        return;
    }
    let words = text.trim_start_matches(' ');
    let indent = &text[..text.len() - words.len()];
    let once;
    let words = if words.contains("  ") || words.ends_with(' ') {
        let all: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
        once = all.join(" ");
        once.as_str()
    } else {
        words
    };
    let room = limit.saturating_sub(indent.len()).max(1);
    out.push_str(indent);
    let (mut from, mut blank) = (out.len() - indent.len(), true);
    for word in Held(words) {
        let mut left = word;
        while !left.is_empty() {
            let (piece, rest) = left.split_at(piece(left, room));
            left = rest.trim_start_matches(' ');
            if !blank && wide(&out[from..]) + 1 + wide(piece) > limit {
                out.push('\n');
                from = out.len();
                out.push_str(indent);
                blank = true;
            }
            if !blank {
                out.push(' ');
            }
            out.push_str(piece);
            blank &= piece.trim().is_empty();
        }
    }
}

/// The words of a text that has one space between two; French signs stay with the word they follow, or that
/// they open.
struct Held<'t>(&'t str);

impl<'t> Iterator for Held<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let text = self.0;
        if text.is_empty() {
            return None;
        }
        let mut end = text.find(' ').unwrap_or(text.len());
        while end < text.len() {
            let next = &text[end + 1..];
            let next = next.split(' ').next().unwrap_or(next);
            let follows = matches!(next, ";" | ":" | "!" | "?" | "%" | "»" | "€");
            if !follows && !text[..end].ends_with('«') {
                break;
            }
            end += 1 + next.len();
        }
        self.0 = text.get(end + 1..).unwrap_or_default();
        Some(&text[..end])
    }
}

/// Where a word that is wider than a line is cut: after a hyphen or a slash where it can be.
fn piece(word: &str, room: usize) -> usize {
    if wide(word) <= room {
        return word.len();
    }
    let mut taken = 0;
    let fits = word.char_indices().find(|(_, letter)| {
        taken += letter.width().unwrap_or(0);
        taken > room
    });
    // One letter at least, be it wider than the line.
    let first = word.chars().next().map_or(0, char::len_utf8);
    let end = fits.map_or(word.len(), |(at, _)| at).max(first);
    word[..end].rfind(['-', '/', '_']).filter(|at| *at > 0).map_or(end, |at| at + 1)
}

/// A paragraph in lines of at most that width, those after the first indented.
pub(super) fn wrapped(text: &str, width: usize, indent: &str) -> String {
    let lines = broken(text, width - indent.len());
    let mut out = String::new();
    for (rank, line) in lines.lines().enumerate() {
        if rank > 0 {
            out.push_str(indent);
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_broken_where_a_reader_would() {
        for (text, limit, lines) in [
            ("un deux trois", 13, "un deux trois"),
            ("un deux trois", 12, "un deux\ntrois"),
            ("un  deux   trois ", 9, "un deux\ntrois"),
            ("    un deux", 8, "    un\n    deux"),
            ("prix : 5 €", 6, "prix :\n5 €"),
            ("a « b » c", 5, "a\n« b »\nc"),
            ("avant-hier", 7, "avant-\nhier"),
            ("abcdefgh", 3, "abc\ndef\ngh"),
            ("漢字漢字", 5, "漢字\n漢字"),
            ("漢", 1, "漢"),
            ("", 1, ""),
        ] {
            assert_eq!(broken(text, limit), lines, "{text:?} within {limit}");
        }
    }

    #[test]
    fn no_line_is_wider_than_the_limit_and_no_letter_is_lost() {
        let mut state = 3_u64;
        let mut draw = |most: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(state >> 33).unwrap_or_default() % most
        };
        let letters = ['a', 'é', ' ', ' ', '-', '«', '»', ':', '€', '漢', '/', 'z'];
        for _ in 0..20_000 {
            let length = draw(40);
            let text: String = (0..length).map(|_| letters[draw(letters.len())]).collect();
            let limit = 4 + draw(20);
            let lines = broken(&text, limit);
            let bare = |text: &str| text.replace([' ', '\n'], "");
            assert_eq!(bare(&lines), bare(&text));
            let indent = text.len() - text.trim_start_matches(' ').len();
            if indent + 2 <= limit {
                for line in lines.lines() {
                    // What a sign stays with may be wider than the line.
                    let held = line.contains(['«', '»', ':', '€']);
                    assert!(wide(line) <= limit || held, "{text:?} within {limit}: {lines:?}");
                }
            }
        }
    }
}
