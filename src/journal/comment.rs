use super::deceiving::{deceives, hidden};
use super::tree::Word;
use crate::diagnostic::{Code, Finding};

/// The tags of a comment, in order: `programme: NM, piece: 2024-031.pdf` gives two.
///
/// A tag is a word glued to a colon; its value runs to the next comma or the end of the line.
pub fn tags(comment: Word<'_>) -> impl Iterator<Item = (Word<'_>, Word<'_>)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let colon = from + memchr::memchr(b':', comment.text.as_bytes().get(from..)?)?;
            let name_start = comment.text[from..colon]
                .rfind(|c: char| c.is_whitespace() || c == ',')
                .map_or(from, |at| {
                    from + at + comment.text[from + at..].chars().next().map_or(1, char::len_utf8)
                });
            from = colon + 1;
            if name_start < colon {
                let rest = &comment.text.as_bytes()[colon..];
                let value_end =
                    memchr::memchr(b',', rest).map_or(comment.text.len(), |at| colon + at);
                from = value_end;
                let value = comment.part(colon + 1, value_end);
                return Some((comment.part(name_start, colon), value.trim()));
            }
        }
    })
}

/// The comments of some lines of an entry: on each, what follows its first semicolon.
pub fn comments(lines: Word<'_>) -> impl Iterator<Item = Word<'_>> {
    let bytes = lines.text.as_bytes();
    let mut from = 0;
    std::iter::from_fn(move || {
        // The next semicolon is the first of its line: what followed the last one is behind.
        let semicolon = from + memchr::memchr(b';', bytes.get(from..)?)?;
        let end =
            memchr::memchr(b'\n', &bytes[semicolon..]).map_or(bytes.len(), |at| semicolon + at);
        let ended = if bytes[..end].ends_with(b"\r") { end - 1 } else { end };
        from = end + 1;
        Some(lines.part(semicolon + 1, ended).trim())
    })
}

/// Reports the dates that hledger would read in that comment and that would move a posting, the tags
/// whose value is a day and does not read as one, and those whose value deceives its reader.
#[inline]
pub(super) fn dates(comment: Word<'_>, mut report: impl FnMut(Finding)) {
    let bytes = comment.text.as_bytes();
    if !comment.text.is_ascii() && deceives(comment.text).is_some() {
        invisible_tags(comment, &mut report);
    }
    let mut colons = memchr::memchr_iter(b':', bytes);
    if colons.any(|colon| DAYS.iter().any(|name| bytes[..colon].ends_with(name.as_bytes()))) {
        day_tags(comment, &mut report);
    }
    if memchr::memmem::find(bytes, b"date").is_some() {
        for (name, value) in tags(comment) {
            if matches!(name.text, "date" | "date2") {
                let place = name.span().to(value.span());
                report(found(
                    place,
                    format!("`{}:` dans un commentaire déplace la ligne", name.text),
                ));
            }
        }
    }
    if memchr::memchr(b'[', bytes).is_none() {
        return;
    }
    for (open, _) in comment.text.match_indices('[') {
        let inside = &comment.text[open + 1..];
        let length = inside.find(|c: char| !(c.is_ascii_digit() || "-/.=".contains(c)));
        if let Some(length) = length.filter(|&n| n > 0 && inside[n..].starts_with(']')) {
            let place = comment.part(open, open + length + 2).span();
            report(found(place, "date entre crochets dans un commentaire".to_owned()));
        }
    }
}

/// A value that shows something else than what it is: the document that it names is another one.
#[cold]
fn invisible_tags(comment: Word<'_>, report: &mut impl FnMut(Finding)) {
    for (name, value) in tags(comment) {
        let odd = |c: char| hidden(c) || (c.is_control() && !c.is_ascii());
        let Some((at, c)) = value.text.char_indices().find(|(_, c)| odd(*c)) else { continue };
        let place = value.part(at, at + c.len_utf8()).span();
        let message = format!("caractère invisible dans l’étiquette `{}`", name.text);
        report(
            Finding::new(Code::InvisibleText, place, message)
                .label(format!("U+{:04X}", u32::from(c)))
                .help("effacez-le : retapez ce que dit l’étiquette"),
        );
    }
}

/// The tags whose value is a day: of matching, validation, origin, vote, and the one that a FEC had.
const DAYS: [&str; 5] = ["datelet", "valide", "origine", "vote", "jour"];

/// A day that does not read would be passed over in silence by everything else; an empty value is none.
#[cold]
fn day_tags(comment: Word<'_>, report: &mut impl FnMut(Finding)) {
    for (name, value) in tags(comment) {
        let text = value.text;
        let read = text.len() == 10 && text.parse::<chrono::NaiveDate>().is_ok();
        if !DAYS.contains(&name.text) || text.is_empty() || read {
            continue;
        }
        let message = format!("`{}` ne porte pas une date : `{text}`", name.text);
        report(
            Finding::new(Code::TagDay, value.span(), message)
                .label("aucun jour")
                .help(format!("écrivez `{}: 2024-12-31`, ou retirez l’étiquette", name.text)),
        );
    }
}

fn found(place: crate::diagnostic::Span, message: String) -> Finding {
    Finding::new(Code::DateTag, place, message)
        .label("hledger y lirait une date")
        .help("écrivez la date seconde sur la première ligne, `2024-03-12=2024-02-03`, ou ôtez les deux-points ou les crochets")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carriage_return_ends_a_comment() {
        let text = "x  ; a: b\r\n    y\r\n    ; c: d\r\n";
        let read: Vec<&str> = comments(Word { text, at: 0 }).map(|word| word.text).collect();
        assert_eq!(read, ["a: b", "c: d"]);
    }

    #[test]
    fn tags_as_hledger_reads_them() {
        let read = |text| {
            tags(Word { text, at: 0 })
                .map(|(name, value)| format!("{}={}", name.text, value.text))
                .collect::<Vec<_>>()
                .join("|")
        };
        assert_eq!(read(" programme: NM, piece: 2024-031.pdf"), "programme=NM|piece=2024-031.pdf");
        assert_eq!(read("un mot puis lettrage:A"), "lettrage=A");
        assert_eq!(read("rien : ici"), "");
        assert_eq!(read("heure: 10:30, x:"), "heure=10:30|x=");
    }
}
