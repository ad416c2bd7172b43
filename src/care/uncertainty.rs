use std::collections::BTreeMap;

use rust_decimal::{Decimal, MathematicalOps};

use super::factor::Factors;
use super::inventory::{Counted, Emission};
use crate::measure::round_half_away;

/// Emissions with what they may be: 95 times in a hundred, between the low and the high.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Interval {
    /// The central value, in kilograms: the one that is posted.
    pub central: Decimal,
    /// The low value, in kilograms.
    pub low: Decimal,
    /// The high value, in kilograms.
    pub high: Decimal,
    /// What the central value is divided and multiplied by, to four decimals.
    pub spread: Decimal,
}

/// The uncertainty of an activity that the policy says nothing of, in percent: supposed.
pub const ACTIVITY: Decimal = Decimal::from_parts(5, 0, 0, false, 0);

/// The interval of some emissions (log-normal, Bilan Carbone method).
///
/// Lines that share a factor err together: their weights add up before the square; each activity
/// errs by itself; spending is known to the cent. `activity` is in percent. Shown, never posted.
pub fn interval(lines: &[&Emission], factors: &Factors, activity: Decimal) -> Interval {
    let central: Decimal = lines.iter().map(|line| line.kilograms).sum();
    // The weights are parts of the total: a credit note takes back what its line had added.
    let whole = central;
    if whole.is_zero() {
        return Interval { central, low: central, high: central, spread: Decimal::ONE };
    }
    let mut by_factor: BTreeMap<usize, Decimal> = BTreeMap::new();
    let mut alone = Decimal::ZERO;
    let activity = logarithm(activity);
    for line in lines {
        let weight = line.kilograms / whole;
        *by_factor.entry(line.factor).or_default() += weight;
        if line.counted == Counted::Activity {
            alone += (weight * activity) * (weight * activity);
        }
    }
    let mut square = alone;
    for (factor, weight) in by_factor {
        let error = weight * logarithm(factors.list[factor].uncertainty);
        square += error * error;
    }
    // Lines that all but cancel each other leave a total of which nothing is known.
    let spread = square.sqrt().unwrap_or_default().min(WIDEST).exp();
    let spread = round_half_away(spread, 4);
    let (near, far) = (round_half_away(central / spread, 3), round_half_away(central * spread, 3));
    Interval { central, low: near.min(far), high: near.max(far), spread }
}

/// The logarithm of the widest spread that is told: some eight thousand times.
const WIDEST: Decimal = Decimal::from_parts(9, 0, 0, false, 0);

/// ln(1 + u) of an uncertainty in percent.
fn logarithm(percent: Decimal) -> Decimal {
    (Decimal::ONE + percent / Decimal::ONE_HUNDRED).ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;
    use crate::measure::day;
    use crate::register::CarePolicy;

    fn line(factor: usize, kg: i64) -> Emission {
        Emission {
            date: day(2024, 1, 1).unwrap_or_default(),
            at: Span::new(0, 0),
            factor,
            quantity: Decimal::ONE,
            kilograms: Decimal::from(kg),
            counted: Counted::Spending,
            account: None,
            euros: Decimal::ZERO,
            programme: 0,
            partner: None,
            convention: None,
        }
    }

    #[test]
    fn shared_factors_err_together() {
        let factors = Factors::of(&CarePolicy::default(), &mut Vec::new());
        let find = |id: &str| factors.rank(id).unwrap_or_default();
        let (one, other) = (find("depense-conseil"), find("depense-poste"));
        let spread = |lines: &[Emission]| {
            interval(&lines.iter().collect::<Vec<_>>(), &factors, ACTIVITY).spread
        };
        assert_eq!(spread(&[line(one, 100)]), Decimal::new(18, 1), "80 % is a factor of 1.8");
        assert_eq!(spread(&[line(one, 50), line(one, 50)]), Decimal::new(18, 1));
        let credited = spread(&[line(one, 10_000), line(one, -9_000)]);
        assert_eq!(credited, Decimal::new(18, 1), "what a credit note takes back was never there");
        let owed = interval(&[&line(one, -100)], &factors, ACTIVITY);
        assert!(owed.low < owed.central && owed.central < owed.high, "{owed:?}");
        let apart = spread(&[line(one, 50), line(other, 50)]);
        assert!(apart > Decimal::ONE && apart < Decimal::new(16, 1), "{apart}");
        assert_eq!(spread(&[]), Decimal::ONE);
    }
}
