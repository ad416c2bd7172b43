use std::collections::BTreeSet;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::meeting::Meeting;
use crate::analytic::AxisLine;
use crate::measure::{Period, Sum};
use crate::register::Convention;

/// The accounts where a convention owes.
pub(super) const OWED: [&str; 4] = ["41", "441", "467", "468"];

/// A convention followed through the books up to the end of a year; every amount in euros, positive.
#[derive(Clone, Debug, Default)]
pub struct Followed {
    /// Recognised in the year.
    pub now: Sum,
    /// Recognised the year before.
    pub before: Sum,
    /// Recognised since the books began.
    pub to_date: Sum,
    /// In the budget that stands beside.
    pub planned: Sum,
    /// Received to date, what came before the books included.
    pub received: Decimal,
    /// Still to be received.
    pub receivable: Sum,
    /// Deferred to later years (487).
    pub deferred: Sum,
    /// Dedicated funds (19).
    pub dedicated: Sum,
}

impl Followed {
    /// Whether there is something to show.
    pub fn is_nil(&self) -> bool {
        let sums =
            [self.now, self.before, self.planned, self.receivable, self.deferred, self.dedicated];
        sums.iter().all(|sum| sum.is_zero())
    }
}

/// Follows every convention of the register, by rank.
pub fn follow(meeting: &Meeting<'_>) -> Vec<Followed> {
    let register = meeting.registers.conventions.as_ref();
    let list = register.map_or(&[][..], |conventions| &conventions.list);
    let mut followed = vec![Followed::default(); list.len()];
    let number = |line: &AxisLine| meeting.books.accounts().get(line.account).number.as_str();
    let bank: BTreeSet<usize> = meeting
        .axes
        .written
        .iter()
        .filter(|line| number(line).starts_with('5'))
        .map(|line| line.entry)
        .collect();
    let (year, before) = (meeting.year.period, meeting.before.map(|year| year.period));
    for line in meeting.axes.written.iter().filter(|line| line.date <= year.last) {
        let Some(one) = line.convention.and_then(|rank| followed.get_mut(rank)) else {
            continue;
        };
        let known = &list[line.convention.unwrap_or_default()];
        one.take(known, line, number(line), bank.contains(&line.entry), (year, before));
    }
    if let Some(budget) = meeting.budget {
        for line in meeting.axes.planned_during(budget.period) {
            let Some(one) = line.convention.and_then(|rank| followed.get_mut(rank)) else {
                continue;
            };
            if list[line.convention.unwrap_or_default()].recognises(number(line)) {
                one.planned += -line.amount;
            }
        }
    }
    let first = meeting.axes.written.iter().map(|line| line.date).min();
    for (one, known) in followed.iter_mut().zip(list) {
        let earlier = |day: NaiveDate| first.is_some_and(|first| day < first);
        let paid = known.payments.iter().filter(|payment| earlier(payment.day));
        one.received += paid.map(|payment| payment.amount).sum::<Decimal>();
    }
    followed
}

impl Followed {
    fn take(
        &mut self,
        known: &Convention,
        line: &AxisLine,
        number: &str,
        bank: bool,
        (year, before): (Period, Option<Period>),
    ) {
        let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| number.starts_with(prefix));
        let product = known.recognises(number);
        if product {
            self.to_date += -line.amount;
            if year.contains(line.date) {
                self.now += -line.amount;
            } else if before.is_some_and(|before| before.contains(line.date)) {
                self.before += -line.amount;
            }
        }
        if begins(&["487"]) {
            self.deferred += -line.amount;
        }
        if begins(&["19"]) {
            self.dedicated += -line.amount;
        }
        // A volunteer’s claim (467) is owed for a charge, not by the funder.
        let owed = known.is_owed_on(number) && !(number.starts_with("46") && line.spends);
        if owed {
            self.receivable += line.amount;
        }
        if bank && !line.opens && (owed || product) {
            self.received += -line.amount.decimal();
        }
    }
}
