use std::ops::Range;

use super::Column;
use crate::diagnostic::Code;

/// Something that a reader met in a line of a FEC, and who listens decides what to make of it.
#[derive(Clone, Debug)]
pub struct Heard<'l> {
    /// Which rule speaks.
    pub code: Code,
    /// Of which field, when it is of one.
    pub column: Option<Column>,
    /// What is wrong in general, in a few words: what one reader counts together.
    pub kind: &'static str,
    /// The line of the file, from 1.
    pub line: u64,
    /// How many bytes of the file, decoded, come before the line.
    pub offset: u64,
    /// The line, decoded, without its end.
    pub text: &'l str,
    /// The bytes of the line that it speaks of.
    pub range: Range<usize>,
    /// What is wrong here, in one sentence without a final dot; empty when nobody wanted it.
    pub message: String,
}

/// Who hears what a reader meets.
pub trait Ear {
    /// Whether it still wants words: building them has a price, and after some the count is enough.
    fn wants(&self, code: Code, column: Option<Column>, kind: &'static str) -> bool;

    /// Hears one thing.
    fn hear(&mut self, heard: Heard<'_>);
}

/// A line to which something happens, before it is known what.
#[derive(Clone, Copy, Debug)]
pub struct At<'l> {
    /// The line of the file, from 1.
    pub line: u64,
    /// How many bytes of the file come before it.
    pub offset: u64,
    /// The line, decoded, without its end.
    pub text: &'l str,
}

/// A sentence that quotes more than a screen takes is cut.
pub(super) fn in_short(message: String) -> String {
    match message.char_indices().nth(LONGEST) {
        None => message,
        Some((end, _)) => format!("{}…", &message[..end]),
    }
}

/// How many letters a sentence may have.
const LONGEST: usize = 400;

impl At<'_> {
    /// Tells it to someone.
    pub fn tell(
        self,
        ear: &mut dyn Ear,
        (code, column, kind): (Code, Option<Column>, &'static str),
        range: Range<usize>,
        message: impl FnOnce() -> String,
    ) {
        let wanted = ear.wants(code, column, kind);
        let message = if wanted { in_short(message()) } else { String::new() };
        let Self { line, offset, text } = self;
        ear.hear(Heard { code, column, kind, line, offset, text, range, message });
    }

    /// The whole line.
    pub fn whole(self) -> Range<usize> {
        0..self.text.len()
    }
}
