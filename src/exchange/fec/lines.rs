use std::io::{self, Read};

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// A line feed.
    Lf,
    /// A carriage return and a line feed.
    CrLf,
    /// Two carriage returns or more, and a line feed.
    CrCrLf,
    /// A carriage return alone.
    Cr,
    /// The end of the file.
    None,
}

impl Ending {
    /// Its usual name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lf => "LF",
            Self::CrLf => "CRLF",
            Self::CrCrLf => "CR CR LF",
            Self::Cr => "CR",
            Self::None => "sans fin de ligne",
        }
    }
}

/// A line as it stands in the file.
#[derive(Clone, Copy, Debug)]
pub struct RawLine<'l> {
    /// Its number, from 1.
    pub number: u64,
    /// How many bytes of the file come before it.
    pub offset: u64,
    /// Its bytes, without its end.
    pub bytes: &'l [u8],
    /// How it ends.
    pub ending: Ending,
}

/// How much is read at once.
const CHUNK: usize = 1 << 16;
/// A longer line is not a row: the file is something else.
const LONGEST: usize = 1 << 20;

/// The lines of a stream, one after the other, in bounded memory.
#[derive(Debug)]
pub struct Lines<R> {
    source: R,
    buffer: Vec<u8>,
    start: usize,
    /// How many bytes of the file come before the buffer.
    taken: u64,
    /// Up to where no end of line was found.
    searched: usize,
    number: u64,
    /// What ends a line.
    mark: u8,
    finished: bool,
}

impl<R: Read> Lines<R> {
    /// Looks at the beginning of a stream.
    pub fn new(source: R) -> io::Result<Self> {
        let mut lines = Self {
            source,
            buffer: Vec::new(),
            start: 0,
            taken: 0,
            searched: 0,
            number: 0,
            mark: b'\n',
            finished: false,
        };
        lines.fill()?;
        let has = |byte| memchr::memchr(byte, &lines.buffer).is_some();
        if !has(b'\n') && has(b'\r') {
            lines.mark = b'\r';
        }
        Ok(lines)
    }

    /// The first bytes, not taken yet.
    pub fn beginning(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// Leaves out the bytes at the beginning, such as a byte order mark.
    pub fn skip(&mut self, bytes: usize) {
        self.start += bytes;
        self.searched = self.searched.max(self.start);
    }

    /// The next line; `None` at the end. A line that is too long comes in parts.
    pub fn next_line(&mut self) -> io::Result<Option<RawLine<'_>>> {
        let end = loop {
            let found = memchr::memchr(self.mark, &self.buffer[self.searched..]);
            if let Some(at) = found {
                break self.searched + at;
            }
            self.searched = self.buffer.len();
            let long = self.buffer.len() - self.start >= LONGEST;
            if long || (self.finished && self.start < self.buffer.len()) {
                let (from, number) = (self.start, self.number + 1);
                self.number = number;
                self.start = self.buffer.len();
                let offset = self.taken + from as u64;
                let bytes = &self.buffer[from..];
                return Ok(Some(RawLine { number, offset, bytes, ending: Ending::None }));
            }
            if self.finished {
                return Ok(None);
            }
            self.fill()?;
        };
        let from = self.start;
        (self.start, self.searched) = (end + 1, end + 1);
        self.number += 1;
        let mut bytes = &self.buffer[from..end];
        let mut ending = if self.mark == b'\r' { Ending::Cr } else { Ending::Lf };
        while let (b'\n', Some(rest)) = (self.mark, bytes.strip_suffix(b"\r")) {
            bytes = rest;
            ending = if ending == Ending::Lf { Ending::CrLf } else { Ending::CrCrLf };
        }
        let offset = self.taken + from as u64;
        Ok(Some(RawLine { number: self.number, offset, bytes, ending }))
    }

    /// Whether a line of that many bytes is longer than a row can be.
    pub fn too_long(bytes: usize) -> bool {
        bytes >= LONGEST
    }

    fn fill(&mut self) -> io::Result<()> {
        self.buffer.drain(..self.start);
        self.searched -= self.start;
        self.taken += self.start as u64;
        self.start = 0;
        let known = self.buffer.len();
        self.buffer.resize(known + CHUNK, 0);
        let read = loop {
            match self.source.read(&mut self.buffer[known..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.buffer.truncate(known + read);
        self.finished = read == 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> io::Result<Vec<(String, Ending)>> {
        let mut lines = Lines::new(bytes)?;
        let mut read = Vec::new();
        while let Some(line) = lines.next_line()? {
            read.push((String::from_utf8_lossy(line.bytes).into_owned(), line.ending));
        }
        Ok(read)
    }

    #[test]
    fn every_end_of_line_is_told() -> io::Result<()> {
        let line = |text: &str, ending| (text.to_owned(), ending);
        assert_eq!(all(b"a\nb")?, [line("a", Ending::Lf), line("b", Ending::None)]);
        assert_eq!(all(b"a\r\r\nb\r\n")?, [line("a", Ending::CrCrLf), line("b", Ending::CrLf)]);
        assert_eq!(all(b"a\rb\r")?, [line("a", Ending::Cr), line("b", Ending::Cr)]);
        assert!(all(b"")?.is_empty());
        Ok(())
    }

    #[test]
    fn a_line_may_span_several_reads() -> io::Result<()> {
        let long = vec![b'x'; CHUNK * 3 + 7];
        let mut bytes = long.clone();
        bytes.extend(b"\ny\n");
        let read = all(&bytes)?;
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].0.len(), long.len());
        assert_eq!(read[1].0, "y");
        Ok(())
    }
}
