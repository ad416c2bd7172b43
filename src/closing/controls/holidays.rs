use chrono::{Datelike, Days, NaiveDate};

use crate::measure::day;

/// Holidays that fall on the same day each year (C. trav. art. L3133-1).
const FIXED: [(u32, u32, &str); 8] = [
    (1, 1, "le 1er janvier"),
    (5, 1, "le 1er mai"),
    (5, 8, "le 8 mai"),
    (7, 14, "le 14 juillet"),
    (8, 15, "le 15 août"),
    (11, 1, "la Toussaint"),
    (11, 11, "le 11 novembre"),
    (12, 25, "Noël"),
];

/// The French holiday of a day, if it is one.
pub(super) fn holiday(date: NaiveDate) -> Option<&'static str> {
    let fixed = FIXED.iter().find(|(month, day, _)| (date.month(), date.day()) == (*month, *day));
    if let Some((.., name)) = fixed {
        return Some(name);
    }
    let easter = easter(date.year())?;
    [(1, "le lundi de Pâques"), (39, "l’Ascension"), (50, "le lundi de Pentecôte")]
        .into_iter()
        .find(|(after, _)| easter.checked_add_days(Days::new(*after)) == Some(date))
        .map(|(_, name)| name)
}

/// Easter Sunday of a year (Gregorian computus, Meeus).
fn easter(year: i32) -> Option<NaiveDate> {
    let (golden, century, rest) = (year % 19, year / 100, year % 100);
    let leap = century / 4;
    let correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - leap - correction + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let sum = epact + weekday - 7 * late + 114;
    day(year, u32::try_from(sum / 31).ok()?, u32::try_from(sum % 31 + 1).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_and_what_follows_it() {
        for (year, month, dom) in [(2023, 4, 9), (2024, 3, 31), (2025, 4, 20), (2026, 4, 5)] {
            assert_eq!(easter(year), day(year, month, dom));
        }
        let named = |month, dom| day(2024, month, dom).and_then(holiday);
        assert_eq!(named(5, 9), Some("l’Ascension"));
        assert_eq!(named(5, 20), Some("le lundi de Pentecôte"));
        assert_eq!(named(4, 1), Some("le lundi de Pâques"));
        assert_eq!(named(4, 2), None);
    }
}
