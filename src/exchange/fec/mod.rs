//! The *fichier des écritures comptables* (LPF art. A47 A-1, VI to XIV): eighteen fields a row.

mod advice;
mod cells;
mod charset;
mod column;
mod ear;
mod head;
mod journals;
mod lines;
mod name;
mod rows;
mod shape;
pub mod verify;
mod write;

pub use advice::advice;
pub use cells::{AmountWrong, DateWrong, amount, date};
pub use charset::decoded;
pub use column::{Column, Need};
pub use ear::{At, Ear, Heard};
pub use head::{Head, Meaning};
pub use journals::opens;
pub use lines::{Ending, Lines, RawLine};
pub use name::FileName;
pub use rows::{FileFacts, Row, Rows};
pub use write::{Charset, Outgoing, Replaced, Separator, written};
