use std::borrow::Cow;

use super::chain::Hash;
use crate::journal::header;
use crate::journal::tree::{Header, Word};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The same bytes with newlines alone at the ends of lines, and without a leading byte order mark; a
/// carriage return elsewhere is a character.
pub(super) fn with_newlines(bytes: &[u8]) -> Cow<'_, [u8]> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    if memchr::memmem::find(bytes, b"\r\n").is_none() {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = memchr::memmem::find(rest, b"\r\n") {
        out.extend_from_slice(&rest[..at]);
        out.push(b'\n');
        rest = &rest[at + 2..];
    }
    out.extend_from_slice(rest);
    Cow::Owned(out)
}

/// A line that begins at the margin, with the indented lines below it: found without reading it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block<'t> {
    /// Its first line, from 1.
    pub(super) line: usize,
    /// Its bytes, without the end of the last line.
    pub(super) text: &'t [u8],
}

impl<'t> Block<'t> {
    pub(super) fn hash(&self) -> Hash {
        Hash::of(self.text)
    }

    /// Whether it stands where an entry does: a figure at the margin.
    pub(super) fn is_entry(&self) -> bool {
        self.text.first().is_some_and(u8::is_ascii_digit)
    }

    pub(super) fn first_line(&self) -> &'t [u8] {
        let end = memchr::memchr(b'\n', self.text).unwrap_or(self.text.len());
        &self.text[..end]
    }

    /// Its first line read as that of an entry, when it can be.
    pub(super) fn header(&self) -> Option<Header<'t>> {
        let text = std::str::from_utf8(self.first_line()).ok().filter(|_| self.is_entry())?;
        header(Word { text, at: 0 }).ok()
    }
}

/// The blocks of a text whose lines end in newlines alone, in order; lines without a character other
/// than spaces and tabs separate, and belong to none.
///
/// A block is what the journal's reader takes for one entry, or one directive or comment, but it is
/// found by its margin alone, so that a damaged file can still be laid beside a seal.
pub(super) fn blocks(text: &[u8]) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let (mut at, mut line, mut open) = (0, 0, None::<(usize, usize)>);
    let mut end = 0;
    while at < text.len() {
        line += 1;
        let stop = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |n| at + n);
        let content = &text[at..stop];
        let blank = content.iter().all(|byte| matches!(byte, b' ' | b'\t'));
        let indented = matches!(content.first(), Some(b' ' | b'\t'));
        if (blank || !indented)
            && let Some((start, first)) = open.take()
        {
            blocks.push(Block { line: first, text: &text[start..end] });
        }
        if !blank {
            open.get_or_insert((at, line));
            end = stop;
        }
        at = stop + 1;
    }
    if let Some((start, first)) = open {
        blocks.push(Block { line: first, text: &text[start..end] });
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(usize, String)> {
        let read = |block: &Block<'_>| (block.line, String::from_utf8_lossy(block.text).into());
        blocks(text.as_bytes()).iter().map(read).collect()
    }

    #[test]
    fn blocks_begin_at_the_margin() {
        let text =
            "; a\n\n2024-01-05 x\n  512  1 €\n   \n  ; loin\n2024-01-06 y\n  53  2 €  \naccount 53";
        let expected = [
            (1, "; a"),
            (3, "2024-01-05 x\n  512  1 €"),
            (6, "  ; loin"),
            (7, "2024-01-06 y\n  53  2 €  "),
            (9, "account 53"),
        ];
        assert_eq!(of(text), expected.map(|(line, text)| (line, text.to_owned())));
        assert!(of("").is_empty() && of("\n \n").is_empty());
    }

    #[test]
    fn ends_of_lines_are_made_alike() {
        let same = |bytes: &[u8], expected: &[u8]| assert_eq!(&*with_newlines(bytes), expected);
        same(b"\xef\xbb\xbfa\r\nb\r\n", b"a\nb\n");
        same(b"a\rb\n\r", b"a\rb\n\r");
        same(b"a\r\r\n", b"a\r\n");
        same(b"\xef\xbb\xbf\xef\xbb\xbfa", b"\xef\xbb\xbfa");
    }
}
