use std::fmt;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use rust_decimal::{Decimal, RoundingStrategy};

use super::Number;
use super::number::MAX_DECIMALS;

/// Ten to the power `MAX_DECIMALS - scale`: what a number of that scale is multiplied by.
const TO_SUM: [i128; MAX_DECIMALS as usize + 1] =
    [100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];

/// An exact sum of written numbers, in hundred-millionths of its unit.
///
/// A written number is below 10^12, so a sum holds 10^8 of the largest of them in the 28 digits of
/// a decimal, and far more in its own 128 bits; overflow checks stay on in release all the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sum(i128);

impl Sum {
    /// The empty sum.
    pub const ZERO: Self = Self(0);

    /// The exact value of one written number.
    #[inline]
    pub fn of(number: Number) -> Self {
        Self(i128::from(number.mantissa()) * TO_SUM[usize::from(number.scale())])
    }

    /// Whether nothing is left.
    #[inline]
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether the sum is a credit.
    #[inline]
    pub fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The sum without its sign.
    #[must_use]
    pub fn abs(self) -> Self {
        Self(self.0.abs())
    }

    /// The exact value as a decimal, without trailing zeros.
    ///
    /// A decimal holds 28 digits: enough for 10^8 postings of the largest amount written.
    pub fn decimal(self) -> Decimal {
        // Most sums fit 64 bits, where a division costs nothing.
        if let Ok(mut short) = i64::try_from(self.0) {
            let mut scale = u32::from(MAX_DECIMALS);
            while scale > 0 && short % 10 == 0 {
                (short, scale) = (short / 10, scale - 1);
            }
            return Decimal::new(short, scale);
        }
        let (mut mantissa, mut scale) = (self.0, u32::from(MAX_DECIMALS));
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        let value = Decimal::try_from_i128_with_scale(mantissa, scale);
        assert!(value.is_ok(), "a sum of written amounts holds in 28 digits");
        value.unwrap_or_default()
    }

    /// The number that writes this sum exactly, when it has few enough digits.
    pub fn number(self) -> Option<Number> {
        let (mut mantissa, mut scale) = (self.0, MAX_DECIMALS);
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        i64::try_from(mantissa).ok().map(|mantissa| Number::new(mantissa, scale))
    }
}

impl Add for Sum {
    type Output = Self;
    #[inline]
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Sum {
    #[inline]
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Sum {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl SubAssign for Sum {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

impl Neg for Sum {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl std::iter::Sum for Sum {
    fn sum<I: Iterator<Item = Self>>(sums: I) -> Self {
        sums.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Sum {
    /// Plain digits with a decimal point, as machines read them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.decimal().fmt(f)
    }
}

/// Rounds to `decimals` decimals, a half going away from zero (CIBS art. L131-2: a half counts as one).
pub fn round_half_away(amount: Decimal, decimals: u32) -> Decimal {
    let rounded = amount.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
    if rounded.is_zero() { Decimal::ZERO } else { rounded }
}

/// Rounds to a multiple of `step` (1 for whole euros, 1000 for thousands), a half going away from zero.
pub fn round_to(amount: Decimal, step: u32) -> Decimal {
    assert!(step > 0, "a rounding step is at least one");
    let step = Decimal::from(step);
    round_half_away(amount / step, 0) * step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_away_from_zero() {
        for (cents, shown) in
            [(50, 1), (49, 0), (-50, -1), (-49, 0), (150, 2), (250, 3), (-250, -3), (0, 0)]
        {
            assert_eq!(round_half_away(Decimal::new(cents, 2), 0), Decimal::from(shown), "{cents}");
        }
        assert_eq!(round_half_away(Decimal::new(-4, 1), 0).to_string(), "0", "no negative zero");
    }

    #[test]
    fn thousands_round_the_exact_amount() {
        assert_eq!(round_to(Decimal::new(40_927_519, 2), 1000), Decimal::from(409_000));
        assert_eq!(round_to(Decimal::new(40_950_000, 2), 1000), Decimal::from(410_000));
    }

    /// Short or too long for 64 bits, a sum is written without zeros at its end.
    #[test]
    fn a_sum_ends_with_no_zero() {
        for (euros, shown) in [(125, "125"), (120_000_000_000, "120000000000")] {
            let whole = Number::new(euros, 0).sum();
            assert_eq!(whole.decimal().to_string(), shown);
            let half = whole + Number::new(5, 1).sum();
            assert_eq!(half.decimal().to_string(), format!("{shown}.5"));
        }
    }

    #[test]
    fn scales_meet_in_a_sum() {
        let sum = Number::new(184, 0).sum() + Number::new(-18_399, 2).sum();
        assert_eq!(sum.to_string(), "0.01");
        assert_eq!(sum.number(), Some(Number::new(1, 2)));
        assert!((sum - Number::new(1, 2).sum()).is_zero());
        assert_eq!(Number::new(12_300, 3).decimals_needed(), 1);
    }
}
