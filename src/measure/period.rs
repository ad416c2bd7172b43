use chrono::{Datelike, Months, NaiveDate};

/// A closed interval of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// The first day, included.
    pub first: NaiveDate,
    /// The last day, included.
    pub last: NaiveDate,
}

impl Period {
    /// Whether that day is inside.
    #[inline]
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.first <= day && day <= self.last
    }

    /// A calendar year, quarter or month written `2024`, `2024-T2` or `2024-06`.
    pub fn calendar(text: &str) -> Option<Self> {
        if !text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'T' | b't')) {
            return None;
        }
        let year: i32 = text.get(..4)?.parse().ok().filter(|year| (1900..=2199).contains(year))?;
        let (first_month, months) = match text.get(4..)? {
            "" => (1, 12),
            part => match part.strip_prefix('-')? {
                quarter if quarter.len() == 2 && quarter.starts_with(['T', 't']) => {
                    let quarter: u32 = quarter[1..].parse().ok().filter(|q| (1..=4).contains(q))?;
                    (quarter * 3 - 2, 3)
                }
                month if month.len() == 2 => (month.parse().ok()?, 1),
                _ => return None,
            },
        };
        let first = NaiveDate::from_ymd_opt(year, first_month, 1)?;
        let last = first.checked_add_months(Months::new(months))?.pred_opt()?;
        Some(Self { first, last })
    }

    /// Whether the two have a day in common.
    pub fn meets(&self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// Whether the whole of the other period is inside.
    pub fn holds(&self, other: Self) -> bool {
        self.contains(other.first) && self.contains(other.last)
    }

    /// The same days twelve months earlier; the end of a month stays the end of a month.
    pub fn year_earlier(self) -> Option<Self> {
        let first = self.first.checked_sub_months(Months::new(12))?;
        let after = self.last.succ_opt()?.checked_sub_months(Months::new(12))?;
        Some(Self { first, last: after.pred_opt()? })
    }
}

/// A fiscal year (exercice): two dates and the name people give it.
///
/// It need be neither a calendar year nor twelve months long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiscalYear {
    /// `2024`, or `2024-2025`: what the user types.
    pub name: String,
    /// The days it covers.
    pub period: Period,
}

impl FiscalYear {
    /// The calendar year as a fiscal year.
    pub fn calendar(year: i32) -> Option<Self> {
        let period = Period::calendar(&format!("{year:04}"))?;
        Some(Self { name: year.to_string(), period })
    }

    /// The same days a year earlier, under the name that they bear then: `2023-T2` for `2024-T2`.
    pub fn year_earlier(&self) -> Option<Self> {
        let period = self.period.year_earlier()?;
        let (year, rest) = self.name.split_at_checked(4)?;
        let year: i32 = year.parse().ok()?;
        Some(Self { name: format!("{}{rest}", year - 1), period })
    }

    /// The twelve months that begin on that day; named by the year in which they end.
    pub fn twelve_months_from(first: NaiveDate) -> Option<Self> {
        let last = first.checked_add_months(Months::new(12))?.pred_opt()?;
        Some(Self { name: last.year().to_string(), period: Period { first, last } })
    }
}

/// The day of that year, month and day of month, if the calendar has it.
pub fn day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}

/// How many days that month has: 29 for February 2024.
pub fn last_day_of_month(year: i32, month: u32) -> Option<u32> {
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    Some(first.checked_add_months(Months::new(1))?.pred_opt()?.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One day in common is enough, at either end.
    #[test]
    fn periods_meet_on_a_day() {
        let year = |name: &str| Period::calendar(name).unwrap_or_else(|| unreachable!("{name}"));
        let (first, whole) = (year("2024-01"), year("2024"));
        assert!(first.meets(whole) && whole.meets(first));
        let last = Period { first: whole.last, last: year("2025").last };
        assert!(last.meets(whole) && whole.meets(last));
        assert!(!year("2025").meets(whole) && !whole.meets(year("2025")));
    }

    #[test]
    fn periods_as_typed() {
        let shown = |text| Period::calendar(text).map(|p| format!("{}..{}", p.first, p.last));
        assert_eq!(shown("2024").as_deref(), Some("2024-01-01..2024-12-31"));
        assert_eq!(shown("2024-T1").as_deref(), Some("2024-01-01..2024-03-31"));
        assert_eq!(shown("2024-t4").as_deref(), Some("2024-10-01..2024-12-31"));
        assert_eq!(shown("2024-02").as_deref(), Some("2024-02-01..2024-02-29"));
        for wrong in ["", "24", "2024-", "2024-13", "2024-T5", "2024-2", "2024-T", "20240", "é024"]
        {
            assert_eq!(shown(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_split_year_is_named_by_its_end() {
        let first = day(2024, 7, 1).unwrap_or_default();
        let year = FiscalYear::twelve_months_from(first);
        assert_eq!(
            year.map(|y| (y.name, y.period.last)),
            Some(("2025".to_owned(), day(2025, 6, 30).unwrap_or_default()))
        );
        assert_eq!(last_day_of_month(2024, 2), Some(29));
        let leap = Period::calendar("2024-02").and_then(Period::year_earlier);
        assert_eq!(leap, Period::calendar("2023-02"), "the end of February stays its end");
    }
}
