use std::ops::Range;
use std::sync::OnceLock;

use super::content::Content;

/// A range of bytes in the concatenation of every source of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// From `start` to one before `end`.
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end: end.max(start) }
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// One source by its rank of arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceId(u32);

/// A file as it was read, or a text that a rule derived.
#[derive(Debug)]
pub struct Source {
    name: String,
    bytes: Content,
    base: u32,
    derived: bool,
    /// How many lines of the file come before: a part of a file too large to be kept.
    skipped: usize,
    line_starts: OnceLock<Vec<u32>>,
}

impl Source {
    /// The path relative to the books' folder, or the name of the rule that derived it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The bytes as they were read.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The global offset of its first byte.
    pub fn base(&self) -> u32 {
        self.base
    }

    /// Whether a rule made it: it exists in no file.
    pub fn is_derived(&self) -> bool {
        self.derived
    }

    /// The whole source as a span.
    pub fn span(&self) -> Span {
        Span::new(self.base, self.base + self.len())
    }

    fn len(&self) -> u32 {
        u32::try_from(self.bytes.len()).unwrap_or(u32::MAX)
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let after_newlines = memchr::memchr_iter(b'\n', &self.bytes).map(|at| at + 1);
            std::iter::once(0)
                .chain(after_newlines)
                .filter_map(|at| u32::try_from(at).ok())
                .collect()
        })
    }

    /// The bytes of the line with that number (from 1), without its end; nothing when it was not kept.
    pub(super) fn line(&self, number: usize) -> &[u8] {
        let (starts, number) = (self.line_starts(), number.saturating_sub(self.skipped));
        let Some(start) = number.checked_sub(1).and_then(|rank| starts.get(rank)) else {
            return &[];
        };
        let start = *start as usize;
        let end = starts.get(number).map_or(self.bytes.len(), |&next| next as usize);
        let line = &self.bytes[start..end];
        line.strip_suffix(b"\n").map_or(line, |line| line.strip_suffix(b"\r").unwrap_or(line))
    }
}

/// Where a reader finds a span: file, line and column, both from 1, the column in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The name of the source.
    pub source: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, counted in characters.
    pub column: usize,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.source.is_empty() {
            return Ok(());
        }
        write!(f, "{}:{}", self.source, self.line)
    }
}

/// Every source of a run, one after the other.
#[derive(Debug, Default)]
pub struct SourceMap {
    sources: Vec<Source>,
    next: u32,
}

impl SourceMap {
    /// Adds a file; `None` when all sources together would pass 4 GiB.
    pub fn add(&mut self, name: impl Into<String>, bytes: impl Into<Content>) -> Option<SourceId> {
        self.push(name.into(), bytes.into(), false, 0)
    }

    /// Adds a text that a rule derived; `None` when all sources together would pass 4 GiB.
    pub fn add_derived(&mut self, name: impl Into<String>, text: String) -> Option<SourceId> {
        self.push(name.into(), text.into_bytes().into(), true, 0)
    }

    /// Adds some lines of a file that is not kept whole, the first of them by its number from 1; gives
    /// the place of the first byte, or `None` when all sources together would pass 4 GiB.
    pub fn add_lines(&mut self, name: &str, text: String, first: usize) -> Option<u32> {
        let skipped = first.saturating_sub(1);
        let id = self.push(name.to_owned(), text.into_bytes().into(), false, skipped)?;
        Some(self.get(id).base)
    }

    fn push(
        &mut self,
        name: String,
        bytes: Content,
        derived: bool,
        skipped: usize,
    ) -> Option<SourceId> {
        let id = SourceId(u32::try_from(self.sources.len()).ok()?);
        let base = self.next;
        // One byte between sources, so that an empty one still has a place of its own.
        let next = u32::try_from(bytes.len()).ok()?.checked_add(base)?.checked_add(1)?;
        let line_starts = OnceLock::new();
        self.sources.push(Source { name, bytes, base, derived, skipped, line_starts });
        self.next = next;
        Some(id)
    }

    /// The source with that identity.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.sources[id.0 as usize]
    }

    /// Every source in order of arrival.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter()
    }

    /// The source in which a span lies.
    pub fn source_of(&self, span: Span) -> &Source {
        let after = self.sources.partition_point(|source| source.base <= span.start);
        &self.sources[after.saturating_sub(1)]
    }

    fn local(&self, span: Span) -> (&Source, Range<usize>) {
        let source = self.source_of(span);
        let limit = source.bytes.len();
        let start = (span.start.saturating_sub(source.base) as usize).min(limit);
        let end = (span.end.saturating_sub(source.base) as usize).clamp(start, limit);
        (source, start..end)
    }

    /// The text of a span; empty when its bytes are not UTF-8 (such a source is refused anyway).
    pub fn text(&self, span: Span) -> &str {
        let (source, range) = self.local(span);
        source.bytes.text(range)
    }

    /// File, line and column of the first byte of a span.
    pub fn place(&self, span: Span) -> Place {
        let (source, range) = self.local(span);
        let starts = source.line_starts();
        let line = starts.partition_point(|&start| start as usize <= range.start);
        let before = &source.bytes[starts[line - 1] as usize..range.start];
        let before = before.strip_prefix(b"\xef\xbb\xbf").unwrap_or(before);
        let column = String::from_utf8_lossy(before).chars().count() + 1;
        Place { source: source.name.clone(), line: line + source.skipped, column }
    }

    /// The lines that a span touches, as shown: text without its end, its number, and where the span lies in it.
    pub(super) fn excerpt(&self, span: Span) -> Excerpt<'_> {
        let (source, range) = self.local(span);
        let starts = source.line_starts();
        let line = starts.partition_point(|&start| start as usize <= range.start);
        let line_start = starts[line - 1] as usize;
        let line = line + source.skipped;
        let bytes = source.line(line);
        let start = (range.start - line_start).min(bytes.len());
        let end = (range.end - line_start).clamp(start, bytes.len());
        Excerpt { name: &source.name, line, bytes, start, end }
    }
}

/// One line of a source and the part of it that a span covers.
pub(super) struct Excerpt<'s> {
    pub(super) name: &'s str,
    pub(super) line: usize,
    pub(super) bytes: &'s [u8],
    pub(super) start: usize,
    pub(super) end: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_characters() {
        let mut map = SourceMap::default();
        assert!(map.add("a", b"un\n".to_vec()).is_some());
        assert!(map.add("b", "x\r\né€z\n".as_bytes().to_vec()).is_some());
        let second = map.sources[1].base;
        let z = second + 3 + 5;
        assert_eq!(map.text(Span::new(z, z + 1)), "z");
        assert_eq!(
            map.place(Span::new(z, z + 1)),
            Place { source: "b".into(), line: 2, column: 3 }
        );
        assert_eq!(map.place(Span::new(0, 2)), Place { source: "a".into(), line: 1, column: 1 });
        assert_eq!(map.excerpt(Span::new(second, second + 9)).bytes, b"x");
    }

    #[test]
    fn a_part_of_a_file_keeps_its_line_numbers() {
        let mut map = SourceMap::default();
        assert!(map.add("a", b"un".to_vec()).is_some());
        let base = map.add_lines("grand", "x\ty\n".to_owned(), 1_200).unwrap_or_default();
        let at = Span::new(base + 2, base + 3);
        assert_eq!(map.place(at), Place { source: "grand".into(), line: 1_200, column: 3 });
        let excerpt = map.excerpt(at);
        assert_eq!((excerpt.line, excerpt.bytes, excerpt.start), (1_200, &b"x\ty"[..], 2));
        assert!(map.source_of(at).line(7).is_empty() && map.source_of(at).line(0).is_empty());
    }

    #[test]
    fn sources_stop_before_four_gibibytes() {
        let mut map = SourceMap { next: u32::MAX - 4, ..SourceMap::default() };
        assert!(map.add("trop", vec![0; 8]).is_none());
        assert!(map.add("assez", vec![0; 2]).is_some());
    }
}
