//! What was written: hledger's journal format, the strict subset that has one meaning.
//!
//! In: the text of one file. Out: [`tree`] items handed one by one to a [`Sink`], with findings;
//! and the same file laid out again ([`lay_out`]). Reading never stops at a fault: a line that
//! cannot be read is reported, and the next entry begins afresh.
//! Absent on purpose: files, the meaning of accounts, sums.

mod amount;
mod coded;
mod comment;
mod deceiving;
mod directive;
mod format;
mod header;
mod number;
mod posting;
mod reader;
mod swift;
pub mod tree;

pub use coded::{plain_words, tag_text, tag_value};
pub use comment::{comments, tags};
pub use deceiving::{deceives, hidden};
pub use directive::plan;
pub use format::{Labels, amount_text, lay_out, posting_line, put_posting_line};
pub use header::header;
pub use reader::{Marks, Sink, read};
