use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::forecast::{Cut, Forecast};
use super::meeting::Meeting;
use crate::analytic::share;
use crate::book::EntryRef;
use crate::journal::tree::Every;
use crate::measure::Period;

/// What the budget gives conventions, by rank, each month of the year.
pub(super) type Tagged = BTreeMap<usize, Vec<Decimal>>;

/// The lines of the budget that cash follows: those of the months to come join the plan, and products
/// of conventions stand apart, for what conventions pay is not always what the budget says.
pub(super) fn planned(meeting: &Meeting<'_>, cut: Cut<'_>, plan: &mut Forecast) -> Tagged {
    let mut tagged = Tagged::new();
    let (Some(first), Some(last)) = (cut.months.first(), cut.months.last()) else {
        return tagged;
    };
    let year = Period { first: first.first, last: last.last };
    let annual: Vec<bool> = meeting.books.planned().map(|rule| is_annual(&rule)).collect();
    let even = vec![Decimal::ONE; cut.months.len()];
    for line in meeting.axes.planned_during(year) {
        let number = meeting.books.accounts().get(line.account).number.as_str();
        if !number.starts_with(['6', '7']) || is_computed(number) {
            continue;
        }
        let amount = -line.amount.decimal();
        let parts = if annual[line.entry] {
            share(amount, &even)
        } else {
            let own = |month: &Period| month.contains(line.date);
            cut.months.iter().map(|m| if own(m) { amount } else { Decimal::ZERO }).collect()
        };
        if let (Some(rank), true) = (line.convention, number.starts_with('7')) {
            let sums = tagged.entry(rank).or_insert_with(|| vec![Decimal::ZERO; parts.len()]);
            sums.iter_mut().zip(&parts).for_each(|(sum, part)| *sum += part);
            continue;
        }
        for (flow, part) in plan.flows.iter_mut().zip(&parts[cut.kept..]) {
            if number.starts_with('6') { flow.out -= part } else { flow.other += part }
        }
    }
    tagged
}

/// Whether a rule stands for a whole year: it falls once, in the fiscal year that has its first day, and
/// its cash is spread over the months of that one. The rule of a month falls in that month.
fn is_annual(rule: &EntryRef<'_>) -> bool {
    let begins = |day: NaiveDate| (day.year(), day.month());
    let over = rule.rule().and_then(|(every, over)| (every == Every::Once).then_some(over));
    over.is_some_and(|over| begins(over.first) != begins(over.last))
}

/// How to write the budget of a whole fiscal year that does not begin in January: under the calendar
/// year whose first day it has.
pub(super) fn whole_year(year: Period) -> Option<String> {
    let january = |number: i32| NaiveDate::from_ymd_opt(number, 1, 1);
    if january(year.first.year()) == Some(year.first) {
        return None;
    }
    let inside = |number: &i32| january(*number).is_some_and(|day| year.contains(day));
    let rules: Vec<String> = (year.first.year()..=year.last.year())
        .filter(inside)
        .map(|number| format!("`~ {number}`"))
        .collect();
    Some(if rules.is_empty() {
        "un budget de cet exercice s’écrit mois par mois : aucun 1er janvier n’y est, et une règle d’un mois tombe dans ce mois".to_owned()
    } else {
        format!(
            "un budget de tout cet exercice s’écrit {}, dont le 1er janvier y est : il est réparti sur ses mois ; une règle d’un mois tombe dans ce mois",
            rules.join(" ou ")
        )
    })
}

/// Charges and products that no cash follows.
fn is_computed(number: &str) -> bool {
    ["68", "78", "603", "713", "72", "777", "747", "675", "689", "789"]
        .iter()
        .any(|prefix| number.starts_with(prefix))
}
