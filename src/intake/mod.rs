//! Books from the files of other software: a folder that works, from one or several years of FEC.
//!
//! And entries or a budget from a sheet that somebody filled ([`postings_of`], [`budget_of`]).
//!
//! In: FEC files, decoded; sheets. Out: the files of a folder ([`intake`]), what was repaired on the way, and
//! what each year of the files adds up to, so that nothing can be lost in silence.
//! Absent on purpose: reading files, writing any.

mod check;
mod entries;
mod folder;
mod grouping;
mod kinds;
mod labels;
mod lines;
mod names;
mod openings;
mod reading;
mod repairs;
mod sheet;
mod text;
mod years;

pub use check::{Adds, lost, moved};
pub use folder::{Intake, IntakeAsk, YearTaken, intake};
pub use openings::{Composed, Gap, Received, carried_apart, correction};
pub use reading::FecFile;
pub use repairs::{Repair, Repairs};
pub use sheet::{
    Budget, Filled, NewEntry, Next, PLANNED, POSTINGS, Posted, SheetAsk, budget_of, postings_of,
};
