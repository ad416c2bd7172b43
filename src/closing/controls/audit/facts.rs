use std::collections::BTreeSet;

use super::{FecProof, Procedures, SealedFec};
use crate::closing::verify::SealedFolder;
use crate::closing::{Anchor, Closures};

/// What an audit looks at beside the books.
#[derive(Debug)]
pub struct AuditFacts<'a> {
    /// The closings.
    pub closures: &'a Closures,
    /// What the verification of the FEC that the books give today says; `None` when they give none.
    pub fec: Option<FecProof>,
    /// The FEC that the closing keeps; `None` when it keeps none.
    pub sealed_fec: Option<SealedFec>,
    /// What the verification of each final closing of the year says, of the whole of it or of a part.
    pub seals: Vec<SealProof>,
    /// The folder of the final closing of the year.
    pub sealed: Option<SealedFolder>,
    /// The root that the auditor reads in the minutes.
    pub anchor: Option<Anchor>,
    /// The document of the accounting procedures; `None` when `compta.toml` names none.
    pub procedures: Option<Procedures>,
    /// The files of `pieces/` that are not empty, by their path in it.
    pub documents: BTreeSet<String>,
    /// The empty ones.
    pub empty: BTreeSet<String>,
    /// What the books taken again from their own FEC have lost; `Err` when they could not be taken, `None`
    /// when it was not tried.
    pub restored: Option<Result<Restored, String>>,
}

/// What a verification of a seal found.
#[derive(Clone, Debug, Default)]
pub struct SealProof {
    /// The folder of the closing: `clotures/2024`.
    pub place: String,
    /// Whether it is of the whole year.
    pub annual: bool,
    /// Whether it is of days before the year: what the year follows.
    pub before: bool,
    /// How many files and entries it covers.
    pub covered: (usize, usize),
    /// Every alarm, in words.
    pub alarms: Vec<String>,
}

/// Books taken again from their own FEC.
#[derive(Clone, Debug, Default)]
pub struct Restored {
    /// How many accounts have the same balance.
    pub accounts: usize,
    /// How many rows were read again.
    pub rows: usize,
    /// How many third parties have another name, and the same balance.
    pub renamed: usize,
    /// What is not the same, in words.
    pub lost: Vec<String>,
}
