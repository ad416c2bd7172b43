use rust_decimal::Decimal;

use super::Sum;

/// The most digits a written number may have in all, so that it fits 64 bits.
pub const MAX_DIGITS: usize = 17;
/// The most digits before the decimal mark: a thousand billion, so that no sum leaves 28 digits.
pub const MAX_INTEGER_DIGITS: usize = 12;
/// The most decimals a written number may have: the scale of every [`Sum`].
pub const MAX_DECIMALS: u8 = 8;

/// A figure exactly as it was written: `1 140,50` is 114 050 with a scale of 2.
///
/// Negative is a credit. The scale is kept so that printing gives back what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    mantissa: i64,
    scale: u8,
}

impl Number {
    /// Zero, without decimals.
    pub const ZERO: Self = Self { mantissa: 0, scale: 0 };

    /// A number of `mantissa` units of the `scale`-th decimal; `scale` is at most [`MAX_DECIMALS`].
    pub fn new(mantissa: i64, scale: u8) -> Self {
        assert!(scale <= MAX_DECIMALS, "a number has at most {MAX_DECIMALS} decimals");
        Self { mantissa, scale }
    }

    /// How many decimals were written.
    pub fn scale(self) -> u8 {
        self.scale
    }

    /// The digits without their decimal mark, with the sign.
    pub fn mantissa(self) -> i64 {
        self.mantissa
    }

    /// The number of decimals that are needed: trailing zeros do not count.
    pub fn decimals_needed(self) -> u8 {
        let (mut mantissa, mut scale) = (self.mantissa, self.scale);
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        scale
    }

    /// An amount that we computed, as it is written.
    ///
    /// # Panics
    /// When it has more digits than may be written: our arithmetic went wrong.
    pub fn exact(amount: Decimal) -> Self {
        let amount = amount.normalize();
        let mantissa = i64::try_from(amount.mantissa());
        assert!(mantissa.is_ok(), "{amount} fits what may be written");
        Self::new(mantissa.unwrap_or_default(), u8::try_from(amount.scale()).unwrap_or(0))
    }

    /// A figure that somebody else gives, as it is written; nothing when it has more digits than a journal takes.
    pub fn written(amount: Decimal) -> Option<Self> {
        let amount = amount.normalize();
        let scale = u8::try_from(amount.scale()).ok().filter(|scale| *scale <= MAX_DECIMALS)?;
        let mantissa = i64::try_from(amount.mantissa()).ok()?;
        let digits = mantissa.unsigned_abs().checked_ilog10().map_or(1, |most| most as usize + 1);
        let integer = digits.saturating_sub(usize::from(scale));
        let fits = digits <= MAX_DIGITS && integer <= MAX_INTEGER_DIGITS;
        fits.then_some(Self { mantissa, scale })
    }

    /// The exact value as a decimal.
    pub fn decimal(self) -> Decimal {
        Decimal::new(self.mantissa, u32::from(self.scale))
    }

    /// The exact value, ready to be added.
    #[inline]
    pub fn sum(self) -> Sum {
        Sum::of(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_journal_takes_is_a_number() {
        let written = |text: &str| Decimal::from_str_exact(text).ok().and_then(Number::written);
        for sound in
            ["0", "-12.50", "999999999999", "0.00000001", "999999999.12345678", "1.000000000"]
        {
            assert!(written(sound).is_some(), "{sound}");
        }
        for beyond in
            ["1000000000000", "0.000000001", "9999999999.12345678", "79228162514264337593543950335"]
        {
            assert_eq!(written(beyond), None, "{beyond}");
        }
    }
}
