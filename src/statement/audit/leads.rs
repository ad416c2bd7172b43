use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::cycles::Cycles;
use crate::book::{AccountId, Books};
use crate::chart::{Edition, renumbered};
use crate::diagnostic::{Finding, Span};
use crate::ledger::{Ledger, View};
use crate::measure::{Sum, round_half_away};

/// From where on a variation is marked: both limits at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// In euros; `None` for one per cent of the charges of the year.
    pub euros: Option<Decimal>,
    /// In per cent of the year before.
    pub percent: Decimal,
}

/// An account of a lead schedule: its balance, and that of the year before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// The number in the chart of the year.
    pub number: String,
    /// Its label there.
    pub label: String,
    /// The balance; a debit is positive.
    pub now: Sum,
    /// What each account of the number gives to it, by its key.
    pub given: Vec<(String, Decimal)>,
    /// The balance of the year before.
    pub before: Sum,
    /// What each account gave to that one.
    pub given_before: Vec<(String, Decimal)>,
    /// The numbers it had the year before, where they were others.
    pub former: Vec<String>,
    /// Whether it varies beyond the limits.
    pub marked: bool,
}

/// The lead schedule of a cycle.
#[derive(Clone, Debug)]
pub struct LeadCycle {
    /// The cycle's key.
    pub key: String,
    /// Its title.
    pub title: String,
    /// Its accounts, in order.
    pub leads: Vec<Lead>,
}

impl LeadCycle {
    /// The cycle's balance, and that of the year before.
    pub fn total(&self) -> [Sum; 2] {
        [
            self.leads.iter().map(|lead| lead.now).sum(),
            self.leads.iter().map(|lead| lead.before).sum(),
        ]
    }
}

/// The lead schedules of a year.
#[derive(Clone, Debug)]
pub struct Leads {
    /// The cycles that have an account.
    pub cycles: Vec<LeadCycle>,
    /// The limit in euros, as typed or as computed.
    pub euros: Decimal,
    /// The limit in per cent.
    pub percent: Decimal,
    /// The charges of the year.
    pub charges: Sum,
    /// The balances of the balance-sheet accounts, of 6 and 7, and of class 8, in both years.
    pub parts: [[Sum; 2]; 3],
}

/// A year that lead schedules show: its ledger, under its own chart.
pub type Shown<'l> = (&'l Ledger, Edition);

/// The lead schedules: every account that has a balance in either year, in its one cycle.
///
/// An account of the year before stands beside the number that replaced it. Accounts in no cycle, or in
/// two, are findings: the schedules are then not whole.
///
/// # Panics
/// When the cycles do not sum to nothing although every account is in one: that is our bug.
pub fn leads(
    books: &Books,
    (now, before): (Shown<'_>, Option<Shown<'_>>),
    view: View,
    cycles: &Cycles,
    limits: Limits,
    findings: &mut Vec<Finding>,
) -> Leads {
    let told = findings.len();
    let mut rows: BTreeMap<(usize, String), Lead> = BTreeMap::new();
    let mut places: [BTreeMap<String, (usize, String)>; 2] = Default::default();
    let mut parts = [[Sum::ZERO; 2]; 3];
    let current = by_number(books, now.0, view);
    for (side, (ledger, edition)) in std::iter::once(now).chain(before).enumerate() {
        for (number, (id, balance)) in by_number(books, ledger, view) {
            parts[part(&number)][side] += balance;
            let (shown, chart) = match side {
                0 => (number.clone(), edition),
                _ => beside(books, &number, (edition, now.1), &current),
            };
            let own = &books.accounts().get(id).label;
            match cycles.place(&shown, chart, balance, &|| used_at(books, id)) {
                Ok(cycle) => {
                    places[side].insert(number.clone(), (cycle, shown.clone()));
                    rows.entry((cycle, shown.clone()))
                        .or_insert_with(|| {
                            Lead::new(&shown, books.accounts().label(&shown, chart).unwrap_or(own))
                        })
                        .take(side, number, balance);
                }
                Err(finding) => findings.push(*finding),
            }
        }
    }
    let charges = charges(&current);
    let hundredth = charges.abs().decimal() / Decimal::ONE_HUNDRED;
    let euros = limits.euros.unwrap_or_else(|| round_half_away(hundredth, 2));
    for (side, (ledger, _)) in std::iter::once(now).chain(before).enumerate() {
        give(books, &mut rows, &places[side], (side, ledger, view));
    }
    for lead in rows.values_mut() {
        lead.marked = before.is_some() && lead.is_beyond(euros, limits.percent);
    }
    let made = by_cycle(cycles, rows);
    let sums: [Sum; 2] =
        [0, 1].map(|side| made.iter().map(|cycle| cycle.total()[side]).sum::<Sum>());
    let whole = findings.len() == told;
    assert!(!whole || sums.iter().all(|sum| sum.is_zero()), "the cycles sum to {sums:?}");
    Leads { cycles: made, euros, percent: limits.percent, charges, parts }
}

/// Tells each lead which accounts give it the balance of one side, where their numbers stand.
fn give(
    books: &Books,
    rows: &mut BTreeMap<(usize, String), Lead>,
    places: &BTreeMap<String, (usize, String)>,
    (side, ledger, view): (usize, &Ledger, View),
) {
    for id in books.accounts().sorted() {
        let (account, balance) = (books.accounts().get(id), ledger.balance(id, view));
        let lead = places.get(&account.number).and_then(|place| rows.get_mut(place));
        let Some(lead) = lead.filter(|_| !account.is_activity() && !balance.is_zero()) else {
            continue;
        };
        let given = if side == 0 { &mut lead.given } else { &mut lead.given_before };
        given.push((account.key(), balance.decimal()));
    }
}

/// The cycles that have an account, in their order.
fn by_cycle(cycles: &Cycles, rows: BTreeMap<(usize, String), Lead>) -> Vec<LeadCycle> {
    let mut made: Vec<LeadCycle> = Vec::new();
    for cycle in cycles.all() {
        let (key, title) = (cycle.key.clone(), cycle.title.clone());
        made.push(LeadCycle { key, title, leads: Vec::new() });
    }
    for ((cycle, _), lead) in rows {
        made[cycle].leads.push(lead);
    }
    made.retain(|cycle| !cycle.leads.is_empty());
    made
}

/// The charges of a year: the balances of class 6.
fn charges(balances: &BTreeMap<String, (AccountId, Sum)>) -> Sum {
    let of_class_6 = balances.iter().filter(|(number, _)| class(number) == Some('6'));
    of_class_6.map(|(_, (_, balance))| *balance).sum()
}

impl Lead {
    fn new(number: &str, label: &str) -> Self {
        Self {
            number: number.to_owned(),
            label: label.to_owned(),
            now: Sum::ZERO,
            given: Vec::new(),
            before: Sum::ZERO,
            given_before: Vec::new(),
            former: Vec::new(),
            marked: false,
        }
    }

    /// Adds the balance of one side, and the number that it had there.
    fn take(&mut self, side: usize, number: String, balance: Sum) {
        *(if side == 0 { &mut self.now } else { &mut self.before }) += balance;
        if number != self.number {
            self.former.push(number);
        }
    }

    /// The balance less that of the year before.
    pub fn variation(&self) -> Sum {
        self.now - self.before
    }

    /// The variation in per cent of the year before: positive where the balance moves away from nothing.
    pub fn percent(&self) -> Option<Decimal> {
        share(self.variation(), self.before)
    }

    fn is_beyond(&self, euros: Decimal, percent: Decimal) -> bool {
        let gap = self.variation();
        // An account that was nil varies without limit.
        let far = self.percent().is_none_or(|share| share.abs() >= percent);
        !gap.is_zero() && gap.abs().decimal() >= euros && far
    }
}

/// A variation in per cent of what was there; `None` when nothing was.
pub fn share(variation: Sum, before: Sum) -> Option<Decimal> {
    let whole = before.decimal();
    (!whole.is_zero()).then(|| variation.decimal() * Decimal::ONE_HUNDRED / whole)
}

/// The balances that are not nil, by number, auxiliaries together; with one account of the number.
fn by_number(books: &Books, ledger: &Ledger, view: View) -> BTreeMap<String, (AccountId, Sum)> {
    let mut sums: BTreeMap<String, (AccountId, Sum)> = BTreeMap::new();
    for id in books.accounts().sorted() {
        let account = books.accounts().get(id);
        let balance = ledger.balance(id, view);
        if !account.is_activity() && !balance.is_zero() {
            sums.entry(account.number.clone()).or_insert((id, Sum::ZERO)).1 += balance;
        }
    }
    sums.retain(|_, (_, sum)| !sum.is_zero());
    sums
}

/// Where an account of the year before stands, and under which chart: its own number while the chart
/// of the year has it, else the number that replaced it, as the year writes it.
fn beside(
    books: &Books,
    number: &str,
    (own, new): (Edition, Edition),
    current: &BTreeMap<String, (AccountId, Sum)>,
) -> (String, Edition) {
    if own == new || books.accounts().label(number, new).is_some() {
        return (number.to_owned(), own);
    }
    let Some((since, _)) = renumbered(number) else { return (number.to_owned(), own) };
    let padded = |known: &&String| {
        known.strip_prefix(since).is_some_and(|rest| rest.bytes().all(|digit| digit == b'0'))
    };
    (current.keys().find(padded).map_or_else(|| since.to_owned(), Clone::clone), new)
}

/// The class of an account, that of its CARE counterpart too.
fn class(number: &str) -> Option<char> {
    number.trim_start_matches('C').chars().next()
}

/// Balance-sheet, then 6 and 7, then what is beside both.
fn part(number: &str) -> usize {
    match class(number) {
        Some('1'..='5') => 0,
        Some('6' | '7') => 1,
        _ => 2,
    }
}

/// The first line that uses an account.
fn used_at(books: &Books, id: AccountId) -> Span {
    let lines = books.entries().flat_map(|entry| entry.postings());
    let line = lines.filter(|line| line.account_id() == id).map(|line| line.account_span()).next();
    line.unwrap_or_default()
}
