use chrono::NaiveDate;

use super::asked;
use crate::book::{AccountId, Books};
use crate::ledger::{Annual, Item, Ledger, View, is_itemised};
use crate::measure::{Period, Sum};

/// The slices of age: how many days the oldest of each is old, with the key and the head of its column.
pub const SLICES: [(i64, &str, &str); 4] = [
    (30, "j0_30", "0–30 j"),
    (60, "j31_60", "31–60 j"),
    (90, "j61_90", "61–90 j"),
    (i64::MAX, "plus_90", "Plus de 90 j"),
];

/// The slice of an age in days; what is dated later than the day asked is of the first.
pub fn slice(age: i64) -> usize {
    SLICES.iter().position(|(most, ..)| age <= *most).unwrap_or(SLICES.len() - 1)
}

/// What a tiers owes, or is owed, on a day.
#[derive(Clone, Debug)]
pub struct AgedTiers {
    /// The account with its auxiliary.
    pub account: AccountId,
    /// Its identity: tag `aux` of its `account` line.
    pub code: Option<String>,
    /// The sum of each slice of age; a debit is positive.
    pub slices: [Sum; SLICES.len()],
    /// What is open, oldest first.
    pub items: Vec<Item>,
}

/// An account in the aged balance.
#[derive(Clone, Debug)]
pub struct AgedAccount {
    /// Its number.
    pub number: String,
    /// Its label.
    pub label: String,
    /// Its tiers that have something open, in the order of accounts.
    pub tiers: Vec<AgedTiers>,
    /// The sum of each slice of age.
    pub slices: [Sum; SLICES.len()],
}

/// The aged balance: what is open on a day on the accounts of suppliers and clients, or on the itemised
/// accounts that begin with `prefix`, by the age of its document.
///
/// Each tiers sums to its balance on that day: another sum is our bug.
pub fn aged(
    books: &Books,
    annual: &Annual,
    day: NaiveDate,
    prefix: Option<&str>,
) -> Vec<AgedAccount> {
    let wanted = |number: &str| asked(number, prefix) && is_itemised(number);
    let mut open = annual.open_items(books, day, |account| wanted(&account.number));
    let first = books.years().of(day).map_or(day, |year| year.period.first);
    let balances = Ledger::of(books, Some(Period { first, last: day }), |_| true);
    let mut shown: Vec<AgedAccount> = Vec::new();
    for id in books.accounts().sorted() {
        let account = books.accounts().get(id);
        if account.is_activity() || !wanted(&account.number) {
            continue;
        }
        let items = open.remove(&id).unwrap_or_default();
        let mut slices = [Sum::ZERO; SLICES.len()];
        for item in &items {
            slices[slice(item.age(day))] += item.amount;
        }
        let (total, balance): (Sum, Sum) =
            (slices.into_iter().sum(), balances.balance(id, View::Classic));
        assert!(total == balance, "{}: {total} open, a balance of {balance}", account.key());
        if items.is_empty() {
            continue;
        }
        if shown.last().is_none_or(|last| last.number != account.number) {
            shown.push(AgedAccount {
                number: account.number.clone(),
                label: books.accounts().label_of(id, books.edition(day)).to_owned(),
                tiers: Vec::new(),
                slices: [Sum::ZERO; SLICES.len()],
            });
        }
        let Some(last) = shown.last_mut() else { continue };
        for (total, own) in last.slices.iter_mut().zip(slices) {
            *total += own;
        }
        let code = books.accounts().auxiliary_code(account).map(str::to_owned);
        last.tiers.push(AgedTiers { account: id, code, slices, items });
    }
    shown
}
