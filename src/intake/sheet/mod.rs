//! A sheet that somebody filled, read into entries or into a budget: all of it, or what is wrong, cell by cell.

mod budget;
mod cells;
mod groups;
mod postings;

use std::ops::Range;

use chrono::NaiveDate;

use crate::book::Books;
use crate::exchange::grid::Grid;
use crate::measure::FiscalYear;
use crate::register::Registers;

pub use budget::{Budget, PLANNED, budget_of};
pub use postings::{NewEntry, POSTINGS, Posted, postings_of};

/// A sheet, and where its text stands among the sources.
#[derive(Clone, Copy, Debug)]
pub struct Filled<'a> {
    /// The sheet.
    pub grid: &'a Grid,
    /// Where each cell stands in its text.
    pub places: &'a [Vec<Range<usize>>],
    /// The first byte of its text among the sources.
    pub base: u32,
}

/// Gives the next free number of a journal in a year.
pub type Next<'a> = dyn Fn(&FiscalYear, &str) -> u32 + 'a;

/// What a sheet is read against.
#[derive(Clone, Copy)]
pub struct SheetAsk<'a> {
    /// The sheet.
    pub filled: Filled<'a>,
    /// The books.
    pub books: &'a Books,
    /// Their registers.
    pub registers: &'a Registers,
    /// The physical activities that have a factor, each with the symbol of its unit.
    pub activities: &'a [(String, String)],
    /// The codes of journals that are known: named in `compta.toml`, or used.
    pub journals: &'a [String],
    /// The last sealed day.
    pub sealed_until: Option<NaiveDate>,
    /// The next free numbers.
    pub next: &'a Next<'a>,
}
