//! What other software writes and reads, as written: the *fichier des écritures comptables*, and the sheets
//! that people fill.
//!
//! In: bytes, as a stream. Out: rows with their cells, what is wrong with them and where; or rows in,
//! bytes out. Absent on purpose: accounts, entries, anything that the books mean by them.

pub mod fec;
pub mod grid;
