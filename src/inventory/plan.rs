use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use crate::measure::{FiscalYear, Period, last_day_of_month, round_half_away};
use crate::register::{Asset, DayCount, Spanned};

/// What an asset was depreciated in a year of the books, and how that was counted.
#[derive(Clone, Debug)]
pub(super) struct Annuity {
    /// The year, by its rank among those asked for.
    pub(super) year: usize,
    /// Euros.
    pub(super) amount: Decimal,
    /// What is spread, in euros.
    pub(super) base: Decimal,
    /// The days of the year, out of those over which it is spread.
    pub(super) days: (i64, i64),
    /// The day it is charged: the closing, or that of the exit.
    pub(super) day: NaiveDate,
}

/// The depreciation of an asset over some years, linear and in proportion to time (PCG art. 214-13);
/// the last annuity takes the remainder, so that they sum to the base.
pub(super) struct Plan {
    /// What stood depreciated before the first of the years.
    pub(super) before: Decimal,
    /// The annuities, those of nothing left out.
    pub(super) annuities: Vec<Annuity>,
}

/// The days between two days of a life, as its convention counts them, both included.
fn counted(count: DayCount, first: NaiveDate, last: NaiveDate) -> i64 {
    if last < first {
        return 0;
    }
    if count == DayCount::Actual {
        return (last - first).num_days() + 1;
    }
    let end = last_day_of_month(last.year(), last.month()) == Some(last.day());
    let day = if end { 30 } else { i64::from(last.day().min(30)) };
    let months = i64::from(last.year() - first.year()) * 12 + i64::from(last.month())
        - i64::from(first.month());
    let days = months * 30 + day - i64::from(first.day().min(30));
    if count == DayCount::ThirtyInclusive { days + 1 } else { days }
}

/// The days that a whole life has.
fn lifetime(count: DayCount, asset: &Asset) -> Option<i64> {
    Some(match count {
        DayCount::Actual => counted(count, asset.in_service.value, asset.last_day()?),
        _ => i64::from(asset.months?) * 30,
    })
}

/// The plan of an asset over years that follow each other; `None` when it is not depreciated.
///
/// `charged` is what closed years charged, by their rank: where the plan would now say something else,
/// it was revised, and what is left is spread over what is left of the life (PCG art. 214-15).
pub(super) fn plan(
    count: DayCount,
    asset: &Asset,
    years: &[FiscalYear],
    charged: &BTreeMap<usize, Decimal>,
) -> Option<Plan> {
    let planned = from_opening(count, asset, years)?;
    let said = |rank: usize| -> Decimal {
        planned.annuities.iter().filter(|one| one.year == rank).map(|one| one.amount).sum()
    };
    let Some((last, _)) = charged.last_key_value() else { return Some(planned) };
    if charged.iter().all(|(rank, amount)| said(*rank) == *amount) {
        return Some(planned);
    }
    let (before, posted) = (planned.before, charged.values().sum::<Decimal>());
    let at = asset.before.as_ref().map_or(asset.in_service.at, |known| known.at);
    let mut left = asset.clone();
    left.before = Some(Spanned { value: (before + posted).min(asset.base()), at });
    let mut annuities: Vec<Annuity> = Vec::new();
    for (rank, amount) in charged {
        let day = years[*rank].period.last;
        annuities.push(Annuity { year: *rank, amount: *amount, base: *amount, days: (0, 0), day });
    }
    if let Some(rest) = from_opening(count, &left, &years[last + 1..]) {
        let moved = |one: Annuity| Annuity { year: one.year + last + 1, ..one };
        annuities.extend(rest.annuities.into_iter().map(moved));
    }
    Some(Plan { before, annuities })
}

/// The plan as the register gives it, from the first of the years.
fn from_opening(count: DayCount, asset: &Asset, years: &[FiscalYear]) -> Option<Plan> {
    let whole = lifetime(count, asset)?;
    let opened = years.first()?.period.first;
    // The convention counts to the end of a day: the day before the first is where the past ends.
    let past = |day: NaiveDate| {
        day.pred_opt().map_or(0, |eve| counted(count, asset.in_service.value, eve)).clamp(0, whole)
    };
    let spent = past(opened);
    let share = |days: i64, of: i64, base: Decimal| {
        if of == 0 {
            base
        } else {
            round_half_away(base * Decimal::from(days) / Decimal::from(of), 2)
        }
    };
    // A depreciation given at the opening changes the rest of the plan, spread over what is left.
    let before =
        asset.before.as_ref().map_or_else(|| share(spent, whole, asset.base()), |b| b.value);
    let (base, of, from) = match &asset.before {
        Some(_) => (asset.base() - before, whole - spent, spent),
        None => (asset.base(), whole, 0),
    };
    let mut left = asset.base() - before;
    let mut annuities = Vec::new();
    for (rank, year) in years.iter().enumerate() {
        let exit = asset.exit.as_ref().map(|exit| exit.day.value);
        if exit.is_some_and(|day| day < year.period.first) {
            break;
        }
        let day = exit.filter(|day| year.period.contains(*day)).unwrap_or(year.period.last);
        let lived = Period { first: year.period.first, last: day };
        let after = lived.last.succ_opt().map_or(whole, past);
        let days = after - past(lived.first).max(from);
        let over = after >= whole;
        let amount = if over { left } else { share(days, of, base).min(left) };
        left -= amount;
        if !amount.is_zero() {
            annuities.push(Annuity { year: rank, amount, base, days: (days, of), day });
        }
    }
    Some(Plan { before, annuities })
}
