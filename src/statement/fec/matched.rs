use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::exchange::fec::Outgoing;

/// The lines that share a letter, account by account and tiers by tiers.
#[derive(Default)]
pub(super) struct Matchings(BTreeMap<(String, String, String), Matching>);

#[derive(Default)]
struct Matching {
    left: Decimal,
    last: NaiveDate,
    /// The rows that do not say their own day.
    undated: Vec<usize>,
}

impl Matchings {
    /// Takes note of a row that has a letter, by its rank; `dated` where it says its own day.
    pub(super) fn meet(&mut self, row: &Outgoing<'_>, rank: usize, dated: bool) {
        let key = [&row.account, &row.auxiliary, &row.letter].map(ToString::to_string);
        let known = self.0.entry(key.into()).or_default();
        known.left += row.debit - row.credit;
        known.last = known.last.max(row.date);
        if !dated {
            known.undated.push(rank);
        }
    }

    /// A matching is of the day of its last line, once nothing is left of it.
    pub(super) fn days(self) -> BTreeMap<usize, NaiveDate> {
        let whole = self.0.into_values().filter(|one| one.left.is_zero());
        whole.flat_map(|one| one.undated.into_iter().map(move |rank| (rank, one.last))).collect()
    }
}
