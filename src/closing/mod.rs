//! What ends a year: the controls, the plan of what is published, the seal and its verification.
//!
//! In: books with all that was derived, registers, statements, and bytes that someone read. Out: the
//! files of a closing, published through its storage by one rename, and verdicts on sealed bytes.
//! Absent on purpose: files and clocks (the storage and the day are given), layout, arithmetic of
//! accounts.

mod allocation;
mod blocks;
/// What an entry says, as bytes that do not depend on how it is laid out.
pub mod canon;
/// Hashes, roots and the links between them.
pub mod chain;
mod closures;
pub mod controls;
mod correction;
/// The files of a closing by name, and the manifest that lists them.
pub mod manifest;
mod new_file;
mod outcome;
mod plan;
mod publish;
mod script;
pub mod seal;
mod standing;
mod storage;
pub mod verify;

pub use allocation::{AllocationText, Reserve, Waiting, allocation, allocation_file};
pub use chain::{Anchor, Hash, Previous};
pub use closures::{
    CARE_JOURNAL, Closure, ClosureFiles, Closures, INVENTORY_JOURNAL, OPENING_JOURNAL, POLICY_COPY,
    RESULT_JOURNAL,
};
pub use correction::{Correction, correction_file};
pub use manifest::{manifest, with_papers};
pub use new_file::{WriteError, write_new};
pub use outcome::{PublishError, Published};
pub use plan::{ClosingAsk, Copied, files, generated, seal, sealed_journals};
pub use publish::{CLOSINGS, PublishedFile, Unchanged, confirm, leftovers, publish};
pub use script::VERIFIER;
pub use seal::{Kind, Seal, SealError, SealFault, SealInput, SourceInput, SourceKind, State};
pub use standing::{ALLOCATION, Standing, allocated};
pub use storage::{Storage, StorageError, StorageErrorKind};
