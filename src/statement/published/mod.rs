//! Published figures against the books, figure by figure, with the reasons that rules find.
//!
//! In: [`Published`](crate::register::Published) figures, and the [`Knowledge`] that the books give of
//! the same keys. Out: a [`Comparison`]: each figure *identique*, *arrondi*, *expliqué* or *écart*.
//! Absent on purpose: any text tied to one publication.

mod comparison;
mod knowledge;
mod labels;
mod rules;
mod slips;

pub use comparison::{Comparison, Line, Verdict, compare};
pub use knowledge::{Knowledge, Known, KnownList, KnownPart, KnownWords, Nature};
pub use rules::{Reason, Rule};
