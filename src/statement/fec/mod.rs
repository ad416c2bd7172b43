//! The rows of a *fichier des écritures comptables* from the entries of a year (LPF art. A47 A-1).

mod line;
mod matched;
mod rows;
mod sequence;

pub use rows::{Fec, FecAsk, Numbering, Renumbered, fec};
