//! The lists of an audit: balance générale, journal, grand-livre.

mod accounts;
mod entries;

pub use accounts::{BalanceLine, ChartLine, balance, balance_beside, chart};
pub(super) use entries::lines;
pub use entries::{EntryLine, as_journal, grand_livre, journal};
