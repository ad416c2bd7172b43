//! The entries that the registers yield at a closing: nobody types an amortisation twice.
//!
//! In: [`Books`](crate::book::Books) and [`Registers`](crate::register::Registers). Out: entries of
//! book F on the last day of each year, reversed on the first day of the next where they must be,
//! each with its rule, its inputs and its line of register. They join the books as entries like any
//! other.
//! Absent on purpose: book C and T, rows of statements, the closing itself.

mod assets;
mod cutoffs;
mod entry;
mod grants;
mod held;
mod history;
mod levels;
mod names;
mod plan;
mod registered;
mod yielding;

pub use assets::AssetStanding;
pub use entry::{INVENTORY, InventoryEntry, InventoryLine, Yield};
pub use history::SealedInventory;
pub use registered::{Yielded, journal, yields};
