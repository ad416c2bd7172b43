//! TOML as written, with the place of every key and value.
//!
//! In: the text of a TOML file. Out: [`Fields`], from which a reader takes the keys it knows; what
//! it never asked for is a finding with the nearest name. [`Dossier`] is `compta.toml` read so.
//! Absent on purpose: what forms and policies mean (the rooms above read their own files).

mod dossier;
mod fields;

pub use dossier::{Dossier, dossier};
pub use fields::{Document, Fields, Spanned, document};
