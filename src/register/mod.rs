//! TOML as written, with the place of every key and value.
//!
//! In: the text of a TOML file. Out: [`Fields`], from which a reader takes the keys it knows; what
//! it never asked for is a finding with the nearest name. [`Dossier`] is `compta.toml` read so,
//! [`Published`] are
//! figures published elsewhere, [`Registers`] are the registers beside it (programmes, conventions, adhésions…).
//! Absent on purpose: entries, and what forms and policies mean (the rooms above read their own).

mod adhesions;
mod annexe;
mod care;
mod controls;
mod conventions;
mod dedicated;
mod document;
mod dossier;
mod euros;
mod fields;
mod immobilisations;
mod members;
mod payments;
mod programmes;
mod provisions;
mod published;
mod registers;
mod regularisations;
mod repartition;
mod resolutions;
mod selector;
mod syntax;

pub use adhesions::{Adhesions, Band, Grid, Individuals, Reach};
pub use annexe::{Annexe, Ground, Paragraph, Term};
pub use care::{
    CLIMATE, Capital, CarePolicy, Class, Correction, Credit, Curve, Depreciation, Failure, Lot,
    OwnFactor, Parties, Pledge, Price, Project, ProvisionAccounts, Responsibility, Reversal,
    Shares, Spending, Threshold, Valuation, Verification,
};
pub use controls::{
    Auditor, ControlPolicy, Declaration, DeclarationKind, JUSTIFIABLE, Justification, Thresholds,
};
pub use conventions::{Convention, Conventions, Financing, Funder, PlannedLine};
pub use dedicated::Dedicated;
pub use document::{Document, document};
pub use dossier::{Dossier, dossier, reads_as_written};
pub use fields::{Fields, Spanned};
pub use immobilisations::{Asset, Assets, DayCount, Exit};
pub use members::Member;
pub use payments::Payment;
pub use programmes::{AllocationKey, Programme, Programmes};
pub use provisions::{Levels, Provision};
pub use published::{Published, PublishedCell, PublishedRow, PublishedValue, Status, published};
pub use registers::Registers;
pub use regularisations::{Accrued, Cutoff, Portion, Regularisation, Regularisations};
pub use repartition::{Pie, Repartition, Slice, Slicing, misplaced};
pub use resolutions::{Resolution, SummaryLine, Taken, Voted};
pub use selector::Selector;
