//! Third parties (tiers): the subsidiary balance, what is open by age, and the letters that match lines.

mod aged;
pub mod matching;
mod subsidiary;

pub use aged::{AgedAccount, AgedTiers, SLICES, aged, slice};
pub use subsidiary::{Flow, SubsidiaryAccount, SubsidiaryTiers, subsidiary};

/// The accounts of suppliers and of clients.
pub const PARTIES: [&str; 2] = ["40", "41"];

/// Whether an account number begins so, or is of suppliers or clients when nothing is asked.
pub fn asked(number: &str, prefix: Option<&str>) -> bool {
    match prefix {
        Some(prefix) => number.starts_with(prefix),
        None => PARTIES.iter().any(|root| number.starts_with(root)),
    }
}
