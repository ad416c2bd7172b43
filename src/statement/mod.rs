//! What is shown, as data: statements made from forms, and the lists of an audit.
//!
//! In: ledgers and books, and a [`Form`] (TOML that an accountant edits: which accounts make which
//! row). Out: [`Statement`], rows of exact amounts with what fed them; [`lists`] of entries and
//! balances. A new statement is a new form, not new code.
//! Absent on purpose: words about layout, widths, file formats.

pub mod audit;
mod budget;
pub mod diff;
mod evaluate;
pub mod fec;
mod form;
mod formula;
pub mod lists;
mod notes;
mod placement;
pub mod published;
mod reading;
mod rows;
mod shelf;
mod table;
pub mod tiers;
mod trace;

pub use budget::{BudgetLine, budget};
pub use evaluate::{Basis, Part, Values};
pub use form::{Column, Form, FormRow, Genre, Kind, Section};
pub use notes::Note;
pub use placement::{Placement, placements};
pub use shelf::{Forms, forms, is_shipped_form};
pub use table::{Ask, Contribution, Figure, Row, RowPart, SectionTable, Statement, statement};
pub use trace::{Trace, TraceLine, trace};
