//! What is done with hostile bytes, once for the fuzzer and once for the replay in the tests.
//!
//! Each function must return, whatever the bytes: a panic, a broken promise or a second lost is a fault.

mod generated;
mod readers;

pub use generated::books;
pub use readers::{amount, fec, journal, policy, seal, workbook};
