//! Every test of compta that needs more than one room: one binary, fast to link.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests stop at the first surprise, and touch files"
)]
#![allow(missing_docs, unreachable_pub, reason = "tests are read, not published")]

mod annexe;
mod assembly;
mod audit;
mod audit_faults;
mod calendar;
mod care;
mod closing;
mod controls;
mod conventions;
mod crash;
mod documents;
mod environments;
mod fec;
mod fec_verifier;
mod findings;
#[path = "../fuzz/src/lib.rs"]
mod fuzzed;
mod golden;
mod harness;
mod hledger;
mod hostile;
mod init;
#[cfg(feature = "pdf")]
mod injection;
mod inputs;
mod laws;
mod ledger;
mod lettrage;

mod lists;
mod matching_gallery;
mod outputs;
mod page;
#[cfg(feature = "pdf")]
mod pdf;
mod perturbed;
mod places;
mod policies;
mod population;
mod published;
mod registers;
mod registers_gallery;
mod regressions;
mod replay;
mod rounding;
mod seal;
mod seed;
mod spreadsheet;
mod spreadsheet_faults;
mod statements;
mod tidy;
mod treasury;
mod web;
mod workbook;
mod worked;
mod worlds;
mod written;
