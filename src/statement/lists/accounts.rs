use std::collections::BTreeMap;

use crate::book::{Book, Books};
use crate::chart::Edition;
use crate::ledger::{Ledger, View};
use crate::measure::{Sum, Unit};

/// One account of a balance: debits, credits and balance in one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalanceLine {
    /// `401`, `401:SNCF`, or an activity's identity.
    pub account: String,
    /// The label of the number; empty for an activity.
    pub label: String,
    /// The unit.
    pub unit: Unit,
    /// The sum of debits.
    pub debit: Sum,
    /// The sum of credits, as a positive amount.
    pub credit: Sum,
}

impl BalanceLine {
    /// Debits less credits.
    pub fn balance(&self) -> Sum {
        self.debit - self.credit
    }
}

/// The balance générale: every account and unit that has a posting, in the order of accounts.
///
/// Labels are those of the edition. The CARE view adds the bracketed postings, the tonnes and the activities.
pub fn balance(books: &Books, ledger: &Ledger, view: View, edition: Edition) -> Vec<BalanceLine> {
    let mut lines = Vec::new();
    for id in books.accounts().sorted() {
        let account = books.accounts().get(id);
        let tonnes = ledger.movement(id, Book::Tonnes);
        let (unit, movement) = match account.activity {
            Some(unit) => (unit, ledger.movement(id, Book::Activity)),
            None if tonnes.posted => (Unit::KG_CO2E, tonnes),
            None => (Unit::EURO, ledger.seen(id, view)),
        };
        let hidden = view == View::Classic && (account.is_activity() || tonnes.posted);
        if !movement.posted || hidden {
            continue;
        }
        lines.push(BalanceLine {
            account: account.key(),
            label: books.accounts().label_of(id, edition).to_owned(),
            unit,
            debit: movement.debit,
            credit: movement.credit,
        });
    }
    lines
}

/// The balance générale beside that of the year before: the accounts of either, each with its balance at
/// the closing before when there was one.
pub fn balance_beside(
    books: &Books,
    (ledger, before): (&Ledger, Option<&Ledger>),
    view: View,
    edition: Edition,
) -> Vec<(BalanceLine, Option<Sum>)> {
    let own = balance(books, ledger, view, edition);
    let Some(before) = before else { return own.into_iter().map(|line| (line, None)).collect() };
    let key = |line: &BalanceLine| (line.account.clone(), line.unit);
    let mut earlier: BTreeMap<(String, Unit), BalanceLine> =
        balance(books, before, view, edition).into_iter().map(|line| (key(&line), line)).collect();
    let mut beside: Vec<(BalanceLine, Option<Sum>)> = own
        .into_iter()
        .map(|line| {
            let known = earlier.remove(&key(&line)).map(|known| known.balance());
            (line, Some(known.unwrap_or_default()))
        })
        .collect();
    for line in earlier.into_values() {
        let closed = line.balance();
        beside.push((BalanceLine { debit: Sum::ZERO, credit: Sum::ZERO, ..line }, Some(closed)));
    }
    let sorted = books.accounts().sorted().into_iter();
    let ranks: BTreeMap<String, usize> =
        sorted.enumerate().map(|(rank, id)| (books.accounts().get(id).key(), rank)).collect();
    beside.sort_by_key(|(line, _)| (ranks.get(&line.account).copied(), line.unit));
    beside
}

/// An account of the chart of the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartLine {
    /// The number.
    pub number: String,
    /// Its label in the edition.
    pub label: String,
    /// The tiers; empty for the account itself.
    pub auxiliary: String,
    /// The identity of the tiers (tag `aux`).
    pub code: String,
    /// Whether an `account` line declares it; else the official chart knows it.
    pub declared: bool,
}

/// The accounts that the books use, with their tiers, in the order of accounts.
pub fn chart(books: &Books, edition: Edition) -> Vec<ChartLine> {
    let accounts = books.accounts();
    let known = accounts.sorted().into_iter().filter(|id| !accounts.get(*id).is_activity());
    known
        .map(|id| {
            let account = accounts.get(id);
            ChartLine {
                number: account.number.clone(),
                label: accounts.label_of(id, edition).to_owned(),
                auxiliary: account.auxiliary.clone().unwrap_or_default(),
                code: accounts.auxiliary_code(account).unwrap_or_default().to_owned(),
                declared: accounts.is_declared(&account.number),
            }
        })
        .collect()
}
