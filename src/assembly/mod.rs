//! The tables of a general assembly, as data.
//!
//! In: a [`Meeting`]: the books of a year with its statements, its registers and its axes. Out: one
//! [`Sheet`] per subject, made of [`Table`]s whose rows are keyed as published figures are.
//! Absent on purpose: words about layout, widths, file formats.

mod adhesions;
mod annexe;
mod carbon;
mod care;
mod conventions;
mod dedicated;
mod dues;
mod financial_report;
mod forecast;
mod funding;
mod grid;
mod immobilisations;
mod knowledge;
mod meeting;
mod movements;
mod pies;
mod planned;
mod programmes;
mod receipts;
mod reconciliation;
mod resolutions;
mod rows;
mod subventions;
mod summary;
mod table;
mod treasury;

pub use adhesions::adhesions;
pub use annexe::annexe;
pub use carbon::{carbon, dialogue, factors, projects, responsibility};
pub use care::care;
pub use conventions::{Followed, follow};
pub use dedicated::dedicated;
pub use financial_report::financial_report;
pub use grid::{grid, grid_of};
pub use immobilisations::immobilisations;
pub use knowledge::knowledge;
pub use meeting::Meeting;
pub use pies::{costs, funding};
pub use programmes::programmes;
pub use resolutions::resolutions;
pub use rows::{REPORT_FORM, unknown_rows};
pub use subventions::subventions;
pub use summary::summary;
pub use table::{Cell, Column, Row, Sheet, Table, slug};
pub use treasury::treasury;
