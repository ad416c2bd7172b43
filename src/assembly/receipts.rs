use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::conventions::{Followed, OWED, follow};
use super::forecast::{Cut, Forecast};
use super::meeting::Meeting;
use super::planned::Tagged;
use super::treasury::month_name;
use crate::analytic::AxisLine;
use crate::measure::{FiscalYear, Period, Sum, rounded_euros};
use crate::register::{Convention, Payment};

/// What a convention is to bring in the months to come.
#[derive(Debug, Default)]
struct Expected {
    /// What comes in its month.
    flows: Vec<Decimal>,
    /// What should have come already: it comes in the first of them.
    late: Decimal,
}

/// What conventions pay: their payments on their days, or their budget when they have none, less what
/// already came; what is late comes first. A convention under condition is named, and not counted.
pub(super) fn receipts(
    meeting: &Meeting<'_>,
    cut: Cut<'_>,
    year: &FiscalYear,
    tagged: &Tagged,
    plan: &mut Forecast,
) {
    let register = meeting.registers.conventions.as_ref();
    let list = register.map_or(&[][..], |conventions| &conventions.list);
    let Some(from) = cut.coming().first().map(|month| month_name(month.first)) else {
        return;
    };
    let granted = granted(meeting, year.period, list.len());
    let (mut late, mut unscheduled, mut conditional) = (Vec::new(), Vec::new(), Vec::new());
    let name = |one: &Convention, sum| format!("{} ({})", one.id.value, rounded_euros(sum, 0));
    let followed = follow(&Meeting { year, ..*meeting });
    for (rank, (one, known)) in list.iter().zip(&followed).enumerate() {
        let mut expected = scheduled(one, known, cut, year.period);
        if let (Some(parts), true) = (tagged.get(&rank), one.payments.is_empty()) {
            expected.flows = budgeted(one, known, granted[rank], parts, cut);
        }
        let sum = expected.flows.iter().sum::<Decimal>();
        // Nothing is sure before its condition falls.
        if one.condition.is_some() {
            if sum + expected.late > Decimal::ZERO {
                conditional.push(name(one, sum + expected.late));
            }
            continue;
        }
        if one.payments.is_empty() && sum > Decimal::ZERO {
            unscheduled.push(name(one, sum));
        }
        if expected.late > Decimal::ZERO {
            late.push(name(one, expected.late));
        }
        plan.flows[0].conventions += expected.late;
        for (flow, part) in plan.flows.iter_mut().zip(expected.flows) {
            flow.conventions += part;
        }
    }
    let told = [
        (format!("en retard, compté en {from}"), late),
        ("sans échéancier, compté à la date du budget".to_owned(), unscheduled),
        ("sous condition suspensive, non compté".to_owned(), conditional),
    ];
    let told = told.into_iter().filter(|(_, names)| !names.is_empty());
    plan.notes.extend(told.map(|(what, names)| format!("{what} : {}", names.join(", "))));
}

/// The payments of a convention on their days.
fn scheduled(one: &Convention, known: &Followed, cut: Cut<'_>, year: Period) -> Expected {
    let coming = cut.coming();
    let mut flows = vec![Decimal::ZERO; coming.len()];
    let begins = coming.first().map_or(year.last, |month| month.first);
    let mut payments: Vec<&Payment> = one.payments.iter().collect();
    payments.sort_by_key(|payment| payment.day);
    let sum = |list: &[&Payment]| list.iter().map(|payment| payment.amount).sum::<Decimal>();
    let (past, next) = payments.split_at(payments.partition_point(|payment| payment.day < begins));
    // What came is not expected again, were it before its day: the first payments are those that came.
    let left = (sum(&payments) - known.received).max(Decimal::ZERO);
    let expected = sum(next).min(left);
    let mut came = sum(next) - expected;
    for payment in next {
        let before = came.min(payment.amount);
        came -= before;
        if let Some(month) = coming.iter().position(|month| month.contains(payment.day)) {
            flows[month] += payment.amount - before;
        }
    }
    // What is owed and no payment to come covers, or what a past payment did not bring: one of this year
    // is expected even when nothing is owed yet.
    let owed = known.receivable.decimal().max(Decimal::ZERO);
    let of_year = past.partition_point(|payment| payment.day < year.first);
    let most = owed.max(sum(&past[of_year..]));
    let late = (owed - expected).max((sum(past) - known.received).min(most));
    Expected { flows, late: late.max(Decimal::ZERO) }
}

/// The budget of a convention that has no payments stands for them, less what it granted this year and
/// never beyond what it grants; what past months did not bring comes first.
fn budgeted(
    one: &Convention,
    known: &Followed,
    granted: Decimal,
    parts: &[Decimal],
    cut: Cut<'_>,
) -> Vec<Decimal> {
    let mut flows = vec![Decimal::ZERO; cut.coming().len()];
    let whole = parts.iter().sum::<Decimal>();
    let owed = known.receivable.decimal().max(Decimal::ZERO);
    let left = (whole - granted).min(one.amount - known.received - owed).max(Decimal::ZERO);
    let mut came = whole - left;
    for (month, part) in parts.iter().enumerate() {
        let before = came.min(*part);
        came -= before;
        flows[month.saturating_sub(cut.kept)] += part - before;
    }
    flows
}

/// What each convention paid or came to owe in a year, without what was owed before it.
fn granted(meeting: &Meeting<'_>, year: Period, count: usize) -> Vec<Decimal> {
    let number = |line: &AxisLine| meeting.books.accounts().get(line.account).number.as_str();
    let lines = || meeting.axes.during(year).filter(|line| !line.opens);
    let bank: BTreeSet<usize> =
        lines().filter(|line| number(line).starts_with('5')).map(|line| line.entry).collect();
    let mut sums = vec![Sum::ZERO; count];
    for line in lines() {
        let Some(sum) = line.convention.and_then(|rank| sums.get_mut(rank)) else {
            continue;
        };
        let owed = OWED.iter().any(|prefix| number(line).starts_with(prefix));
        match (owed, bank.contains(&line.entry)) {
            (true, false) => *sum += line.amount,
            (false, true) if number(line).starts_with('7') => *sum += -line.amount,
            _ => {}
        }
    }
    sums.into_iter().map(Sum::decimal).collect()
}
