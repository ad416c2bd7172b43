//! What the ecological policy derives from the books.
//!
//! In: [`Books`](crate::book::Books) and a [`CarePolicy`](crate::register::CarePolicy). Out: the
//! [`Inventory`] of emissions, and [`Kept`]: debts by vintage, projects, and the entries of books C
//! and T that say so, each with its rule, its inputs and its place. Book F is never written.
//! Absent on purpose: forms, layout, and the amount of the classic provision, which others decide.

mod balances;
mod consumption;
mod corrections;
mod debt;
mod derived;
mod factor;
mod facts;
mod inventory;
mod journal;
mod keeper;
mod kept;
mod lifetime;
mod payment;
mod policy;
mod projects;
mod proposal;
mod provision;
mod regimes;
mod threshold;
mod uncertainty;
mod unit;
mod uses;
mod work;

pub use balances::{Balances, PRESENTATION, Part, in_stock, opens_care, part_of};
pub use corrections::{Restated, restated};
pub use debt::{Birth, Debt};
pub use derived::{DerivedEntry, DerivedLine, Rule};
pub use factor::{Factor, Factors, shipped_factors};
pub use inventory::{Counted, Emission, Inventory, kilograms};
pub use journal::{journal, year_journal};
pub use kept::{Kept, YearKept};
pub use policy::{Care, Reckoned, reckoned};
pub use proposal::proposal;
pub use regimes::ClosedPolicy;
pub use threshold::threshold;
pub use uncertainty::{ACTIVITY, Interval, interval};
pub use unit::{ActivityUnit, Nature};
pub use work::{Event, EventKind, Standing, Work};
