//! Entries added up by axis: programme, partner, convention.
//!
//! In: [`Books`] and the [`Registers`]. Out:
//! [`Axes`] (each line of book F with its programme, partner and convention), the findings where
//! books and registers contradict each other, [`slices`] of a pie, and shared costs [`spread`].
//! Absent on purpose: rows of statements, columns, words for a reader.

mod accounts;
mod agreement;
mod axes;
mod holding;
mod sharing;
mod slices;
mod years;

pub use accounts::accounts;
pub use axes::{About, Axes, AxisLine, Named};
pub use sharing::{Shared, share, share_to, spread};
pub use slices::{SliceName, SliceSum, slices};
pub use years::years;

use crate::book::Books;
use crate::diagnostic::Finding;
use crate::register::Registers;

/// Everything that the books and the registers say of each other and cannot both be true.
///
/// `derived` says whether the entries that registers yield are in the books: without them, 487 is not
/// judged.
pub fn check(
    books: &Books,
    registers: &Registers,
    axes: &Axes,
    derived: bool,
    findings: &mut Vec<Finding>,
) {
    let before = findings.len();
    registers.agree(findings);
    agreement::tags(books, registers, findings);
    if let Some(conventions) = registers.conventions.as_ref().filter(|_| findings.len() == before) {
        holding::conventions(books, conventions, axes, derived, findings);
    }
    // A slice that lacks an account would make sums that mean nothing.
    slices::misplaced_accounts(books, registers, findings);
    if findings.len() == before {
        slices::negative(books, registers, axes, findings);
    }
}
