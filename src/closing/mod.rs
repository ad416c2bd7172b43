//! What ends a year: the controls, the plan of what is published, the seal and its verification.
//!
//! In: books with all that was derived, registers, statements, and bytes that someone read. Out: the
//! files of a closing, published through its storage by one rename, and verdicts on sealed bytes.
//! Absent on purpose: files and clocks (the storage and the day are given), layout, arithmetic of
//! accounts.

mod blocks;
/// What an entry says, as bytes that do not depend on how it is laid out.
pub mod canon;
/// Hashes, roots and the links between them.
pub mod chain;
/// The files of a closing by name, and the manifest that lists them.
pub mod manifest;
mod script;
pub mod seal;
pub mod verify;

pub use chain::{Anchor, Hash, Previous};
pub use manifest::{manifest, with_papers};
pub use script::VERIFIER;
pub use seal::{Kind, Seal, SealError, SealFault, SealInput, SourceInput, SourceKind, State};
