//! Entries added up by account.
//!
//! In: [`Books`](crate::book::Books). Out: a [`Ledger`] (debits and credits by account and book),
//! and [`Annual`]: one per fiscal year, each opened by what the year before leaves (à-nouveaux).
//! Absent on purpose: which row of a statement an account feeds, and any rounding.

mod annual;
mod items;
mod opening;
mod posting;
mod result;

pub use annual::Annual;
pub use items::{Item, Items, is_itemised, open_items};
pub use opening::{Opening, opening};
pub use posting::{Ledger, Movement, View};
pub use result::{CLOSINGS, closing_entries};
