use encoding_rs::{Encoding, ISO_8859_15, UTF_8, WINDOWS_1252};

use super::FileFacts;

/// The text of a line: UTF-8 when it is, else one of the two that software calls so.
pub(super) fn decode(bytes: &[u8], into: &mut String, facts: &mut FileFacts, line: u64) {
    into.clear();
    if let Ok(text) = std::str::from_utf8(bytes) {
        if !text.is_ascii() {
            facts.utf8 += 1;
            mixed(facts, line);
        }
        into.push_str(text);
        return;
    }
    // ISO-8859-15 has control characters where Windows-1252 has quotes and dashes.
    let windows = bytes.iter().any(|byte| (0x80..0xa0).contains(byte));
    let (encoding, count) =
        if windows { (WINDOWS_1252, &mut facts.windows) } else { (ISO_8859_15, &mut facts.latin) };
    *count += 1;
    if windows && facts.windows == 1 {
        facts.windows_at = line;
    }
    mixed(facts, line);
    into.push_str(&encoding.decode_without_bom_handling(bytes).0);
}

/// Remembers the first line at which a file has two character sets.
fn mixed(facts: &mut FileFacts, line: u64) {
    if facts.mixed_at == 0 && facts.utf8 > 0 && facts.latin + facts.windows > 0 {
        facts.mixed_at = line;
    }
}

/// The same bytes as UTF-8 text, line by line, with what they turned out to be.
pub fn decoded(bytes: Vec<u8>) -> (String, FileFacts) {
    let mut facts = FileFacts::default();
    if let Some((encoding, _)) = Encoding::for_bom(&bytes).filter(|(one, _)| *one != UTF_8) {
        facts.utf16 = true;
        return (encoding.decode(&bytes).0.into_owned(), facts);
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return (text, facts),
        Err(error) => error.into_bytes(),
    };
    let (mut text, mut line) = (String::with_capacity(bytes.len()), String::new());
    for (number, part) in (1..).zip(bytes.split_inclusive(|byte| *byte == b'\n')) {
        decode(part, &mut line, &mut facts, number);
        text.push_str(&line);
    }
    (text, facts)
}
