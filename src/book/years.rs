use chrono::{Datelike, NaiveDate};

use crate::chart::Edition;
use crate::measure::{FiscalYear, Period};

/// The fiscal years of a set of books: those listed by `compta.toml`, else calendar years.
#[derive(Clone, Debug, Default)]
pub struct Years {
    listed: Vec<FiscalYear>,
}

impl Years {
    /// Fiscal years in order, each beginning the day after the one before; none for calendar years.
    pub fn listed(listed: Vec<FiscalYear>) -> Self {
        Self { listed }
    }

    /// Whether the years were listed, so that a date may be outside all of them.
    pub fn are_listed(&self) -> bool {
        !self.listed.is_empty()
    }

    /// The listed years, in order; none for calendar years.
    pub fn all(&self) -> &[FiscalYear] {
        &self.listed
    }

    /// The fiscal year that contains that day.
    pub fn of(&self, day: NaiveDate) -> Option<FiscalYear> {
        if self.listed.is_empty() {
            return FiscalYear::calendar(day.year());
        }
        self.listed.iter().find(|year| year.period.contains(day)).cloned()
    }

    /// A number that is the same for two days of the same fiscal year, and grows with time.
    #[inline]
    pub fn rank(&self, day: NaiveDate) -> u32 {
        if self.listed.is_empty() {
            return day.year().unsigned_abs();
        }
        let after = self.listed.partition_point(|year| year.period.first <= day);
        u32::try_from(after).unwrap_or(u32::MAX)
    }

    /// The edition of the chart that an entry of that day follows: that of its fiscal year.
    pub fn edition(&self, day: NaiveDate) -> Edition {
        if self.listed.is_empty() {
            return Edition::of_year_opened(NaiveDate::from_yo_opt(day.year(), 1).unwrap_or(day));
        }
        let year = self.listed.iter().find(|year| year.period.contains(day));
        Edition::of_year_opened(year.map_or(day, |year| year.period.first))
    }

    /// The fiscal year of that name.
    pub fn named(&self, name: &str) -> Option<FiscalYear> {
        if self.listed.is_empty() {
            return (name.len() == 4).then(|| name.parse().ok().and_then(FiscalYear::calendar))?;
        }
        self.listed.iter().find(|year| year.name == name).cloned()
    }

    /// The days of the year of that name: one of the books, else one that they do not list.
    ///
    /// `2025-2026` is then as far from a listed `2024-2025` as their names say; where none is named
    /// so, it is the calendar year of its first number.
    pub fn period_named(&self, name: &str) -> Option<Period> {
        let known = self.named(name);
        if let Some(days) = known.is_none().then(|| self.shifted(name)).flatten() {
            return Some(days);
        }
        let whole = name.len() == 4 || name.len() == 9 && name.as_bytes()[4] == b'-';
        let calendar = || FiscalYear::calendar(name.get(..4)?.parse().ok()?);
        let year = known.or_else(|| whole.then(calendar).flatten())?;
        Some(year.period)
    }

    /// A year named like a listed one that straddles two, as many years away.
    fn shifted(&self, name: &str) -> Option<Period> {
        let first = |name: &str| -> Option<i32> {
            let (first, second) = name.split_once('-')?;
            let (first, second): (i32, i32) = (first.parse().ok()?, second.parse().ok()?);
            (second == first + 1).then_some(first)
        };
        let (asked, listed) = (first(name)?, |year: &FiscalYear| first(&year.name));
        let (known, from) = self.listed.iter().find_map(|year| Some((year, listed(year)?)))?;
        let months = chrono::Months::new(12 * (asked - from).unsigned_abs());
        let moved = |day: NaiveDate| {
            if asked < from {
                day.checked_sub_months(months)
            } else {
                day.checked_add_months(months)
            }
        };
        Some(Period { first: moved(known.period.first)?, last: moved(known.period.last)? })
    }

    /// The year that follows, if it is listed or can be inferred.
    pub fn after(&self, year: &FiscalYear) -> Option<FiscalYear> {
        let first = year.period.last.succ_opt()?;
        self.of(first).or_else(|| FiscalYear::twelve_months_from(first))
    }

    /// The year that precedes, if there is one.
    pub fn before(&self, year: &FiscalYear) -> Option<FiscalYear> {
        self.of(year.period.first.pred_opt()?)
    }

    /// Every fiscal year that a period touches, in order.
    pub fn within(&self, period: Period) -> Vec<FiscalYear> {
        let mut years = Vec::new();
        let mut day = period.first;
        while day <= period.last {
            let Some(year) = self.of(day) else {
                let next = self.listed.iter().find(|year| year.period.first > day);
                let Some(next) = next else { break };
                day = next.period.first;
                continue;
            };
            let Some(next) = year.period.last.succ_opt() else {
                break;
            };
            day = next;
            years.push(year);
        }
        years
    }
}
