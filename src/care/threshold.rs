use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::work::unknown_year;
use crate::book::Years;
use crate::diagnostic::{Code, Finding};
use crate::measure::{FiscalYear, round_half_away};
use crate::register::{Capital, CarePolicy, Threshold};

/// What a capital bears in a year without debt, in kilograms; `None` when it bears nothing, or when
/// the policy does not say how many people worked that year.
pub fn threshold(
    policy: &CarePolicy,
    capital: &Capital,
    years: &Years,
    year: &FiscalYear,
) -> Option<Decimal> {
    let tonnes = match &capital.threshold {
        Threshold::None => return None,
        Threshold::Fixed(tonnes) => *tonnes,
        Threshold::PerFte(each) => {
            let staff = policy.staff.iter().find(|(name, _)| name.value == year.name)?;
            each * staff.1.value
        }
        Threshold::Path { from, to } => {
            let first = (years.period_named(&from.0.value)?.last, from.1);
            let last = (years.period_named(&to.0.value)?.last, to.1);
            on_the_line(first, last, year.period.last)
        }
    };
    Some(round_half_away(tonnes * Decimal::ONE_THOUSAND, 3))
}

/// The height of a straight line on a day, level beyond its ends.
fn on_the_line(from: (NaiveDate, Decimal), to: (NaiveDate, Decimal), day: NaiveDate) -> Decimal {
    if day <= from.0 {
        return from.1;
    }
    if day >= to.0 {
        return to.1;
    }
    let month = |day: NaiveDate| day.year() * 12 + i32::try_from(day.month()).unwrap_or(0);
    let months = |a: NaiveDate, b: NaiveDate| Decimal::from(month(b) - month(a));
    from.1 + (to.1 - from.1) * months(from.0, day) / months(from.0, to.0)
}

/// What a threshold names and nobody knows.
pub(super) fn check(
    policy: &CarePolicy,
    years: &Years,
    kept: &[FiscalYear],
    findings: &mut Vec<Finding>,
) {
    for (name, _) in &policy.staff {
        if years.period_named(&name.value).is_none() {
            findings.push(unknown_year(&name.value, name.at));
        }
    }
    for capital in &policy.capitals {
        match &capital.threshold {
            Threshold::Path { from, to } => {
                let last = |name: &str| years.period_named(name).map(|days| days.last);
                if last(&from.0.value).zip(last(&to.0.value)).is_some_and(|(from, to)| to <= from) {
                    findings.push(
                        Finding::new(Code::BadValue, to.0.at, "la ligne arrive avant de partir")
                            .label("l’arrivée")
                            .related(from.0.at, "le départ")
                            .help("échangez `depart` et `arrivee`"),
                    );
                }
                for (name, _) in [from, to] {
                    if years.period_named(&name.value).is_none() {
                        findings.push(unknown_year(&name.value, name.at));
                    }
                }
            }
            Threshold::PerFte(_) => {
                let given = |year: &&FiscalYear| {
                    policy.staff.iter().any(|(name, _)| name.value == year.name)
                };
                if let Some(year) = kept.iter().find(|year| !given(year)) {
                    findings.push(
                        Finding::new(
                            Code::MissingKey,
                            capital.id.at,
                            format!("le seuil par ETP n’a pas d’effectif pour {}", year.name),
                        )
                        .label("le seuil de ce capital")
                        .help(format!("ajoutez `{} = 7.5` à la table `[etp]`", year.name)),
                    );
                }
            }
            Threshold::None | Threshold::Fixed(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::day;

    #[test]
    fn a_line_is_level_beyond_its_ends() {
        let at = |year| day(year, 12, 31).unwrap_or_default();
        let of = |year| {
            on_the_line((at(2020), Decimal::from(40)), (at(2030), Decimal::from(20)), at(year))
        };
        assert_eq!(of(2019), Decimal::from(40));
        assert_eq!(of(2031), Decimal::from(20));
        assert_eq!(of(2025), Decimal::from(30));
    }
}
