//! Places and findings: where in the user's own bytes something stands, and what is wrong there.
//!
//! In: bytes with a name. Out: [`SourceMap`], [`Span`], [`Finding`], and [`show`]ing one to a reader.
//! Absent on purpose: files, colours decided by a terminal, exit codes.

mod catalogue;
mod code;
mod content;
mod encoding;
mod pointer;
mod severity;
mod show;
mod source;

pub use code::Code;
pub use content::Content;
pub use encoding::encoding;
pub use pointer::{is_pointer, pointer};
pub use severity::Severity;
pub use show::{Style, count, show};
pub use source::{Place, Source, SourceId, SourceMap, Span};

/// Something that the user's books say and that cannot stand, or deserves a look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which rule speaks; it decides the severity.
    pub code: Code,
    /// The bytes it speaks of.
    pub at: Span,
    /// What is wrong, in one sentence without a final dot.
    pub message: String,
    /// What stands at the caret, in a few words.
    pub label: String,
    /// Other places that explain this one.
    pub related: Vec<(Span, String)>,
    /// What to do next.
    pub help: String,
}

impl Finding {
    /// A finding at a place; the words are added by [`Finding::label`] and [`Finding::help`].
    pub fn new(code: Code, at: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            at,
            message: message.into(),
            label: String::new(),
            related: Vec::new(),
            help: String::new(),
        }
    }

    /// Says what stands at the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Says what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Points at another place that explains this one.
    #[must_use]
    pub fn related(mut self, at: Span, label: impl Into<String>) -> Self {
        self.related.push((at, label.into()));
        self
    }

    /// Whether it stops every report.
    pub fn is_error(&self) -> bool {
        self.code.severity() == Severity::Error
    }
}
