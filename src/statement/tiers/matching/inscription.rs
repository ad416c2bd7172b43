use std::collections::BTreeMap;

use super::proposals::{Standing, TiersMatching};
use crate::book::Books;

/// A line that takes a letter, before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its number in its file.
    pub line: usize,
    /// The line as it is.
    pub before: String,
    /// The line as it becomes.
    pub after: String,
    /// What ends it: a newline, perhaps after a carriage return; nothing, at the end of a file.
    pub end: &'static str,
}

/// A journal with the letters of some lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inscription {
    /// Its name, from the folder of the books.
    pub file: String,
    /// The lines that change, in order.
    pub changes: Vec<Change>,
    /// The whole of it with its letters; every other byte is as it was.
    pub bytes: Vec<u8>,
}

/// The journals with the letters of what is certain, in the order of their names.
pub fn inscription(books: &Books, made: &[TiersMatching]) -> Vec<Inscription> {
    let mut marks: BTreeMap<String, BTreeMap<usize, String>> = BTreeMap::new();
    for tiers in made {
        let certain = tiers.proposals.iter().filter(|one| one.standing == Standing::Certain);
        for proposal in certain {
            for rank in &proposal.taking {
                let at = tiers.lines[*rank].item.at;
                let source = books.sources().source_of(at);
                let tags = format!("lettrage: {}, datelet: {}", proposal.letter, proposal.day);
                let start = (at.start - source.base()) as usize;
                marks.entry(source.name().to_owned()).or_default().insert(start, tags);
            }
        }
    }
    let of = |name: &str| {
        books.sources().iter().find(|source| source.name() == name && !source.is_derived())
    };
    marks
        .iter()
        .filter_map(|(file, marks)| Some(inscribed(file, of(file)?.bytes(), marks)))
        .collect()
}

/// A file with tags on the lines in which some places stand.
fn inscribed(file: &str, bytes: &[u8], marks: &BTreeMap<usize, String>) -> Inscription {
    let (mut out, mut changes, mut from) = (Vec::with_capacity(bytes.len()), Vec::new(), 0);
    let (mut number, mut counted) = (1, 0);
    for (start, tags) in marks {
        let begins = bytes[..*start].iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let ends = bytes[*start..].iter().position(|b| matches!(b, b'\n' | b'\r'));
        let line = &bytes[begins..ends.map_or(bytes.len(), |length| start + length)];
        let written = line.trim_ascii_end();
        let text = String::from_utf8_lossy(written);
        let added = format!("{}{tags}", joint(&text));
        let place = begins + written.len();
        out.extend_from_slice(&bytes[from..place]);
        out.extend_from_slice(added.as_bytes());
        from = place;
        let rest = String::from_utf8_lossy(&line[written.len()..]).into_owned();
        number += memchr::memchr_iter(b'\n', &bytes[counted..begins]).count();
        counted = begins;
        changes.push(Change {
            line: number,
            before: format!("{text}{rest}"),
            after: format!("{text}{added}{rest}"),
            end: match &bytes[begins + line.len()..] {
                [b'\r', b'\n', ..] => "\r\n",
                [] => "",
                _ => "\n",
            },
        });
    }
    out.extend_from_slice(&bytes[from..]);
    Inscription { file: file.to_owned(), changes, bytes: out }
}

/// What stands between a line and its new tags: a comment begins, or goes on.
fn joint(line: &str) -> &'static str {
    match line.split_once(';') {
        None => "  ; ",
        Some((_, comment)) if comment.trim().is_empty() || comment.ends_with(',') => " ",
        Some(_) => ", ",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(text: &str, place: usize) -> String {
        let marks = BTreeMap::from([(place, "lettrage: AA".to_owned())]);
        let made = inscribed("x.journal", text.as_bytes(), &marks);
        assert_eq!(made.changes.len(), 1);
        String::from_utf8_lossy(&made.bytes).into_owned()
    }

    #[test]
    fn every_other_byte_stays() {
        for (text, expected) in [
            ("a\n  401 F  1 €\nb", "a\n  401 F  1 €  ; lettrage: AA\nb"),
            ("a\n  401 F  1 €  \r\nb", "a\n  401 F  1 €  ; lettrage: AA  \r\nb"),
            ("a\n  401 F  1 €  ; piece: x\n", "a\n  401 F  1 €  ; piece: x, lettrage: AA\n"),
            ("a\n  401 F  1 €  ; note,\n", "a\n  401 F  1 €  ; note, lettrage: AA\n"),
            ("a\n  401 F  1 € ;", "a\n  401 F  1 € ; lettrage: AA"),
        ] {
            assert_eq!(after(text, 4), expected);
        }
    }
}
