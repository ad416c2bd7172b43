//! Amounts, units and time: the arithmetic everything above stands on.
//!
//! In: nothing. Out: [`Number`] (a figure as it was written), [`Sum`] (exact additions),
//! [`Unit`], [`Period`] and [`FiscalYear`], and numbers as a French sentence writes them. Absent on purpose: floats, rounding inside sums,
//! any clock.

mod french;
mod number;
mod period;
mod siren;
mod sum;
mod unit;

pub use french::{
    amount, brief_euros, euros, plain, put_amount, put_compact_day, put_day, put_french_day,
    put_plain, rounded_euros, signed_words, tonnes,
};
pub use number::{MAX_DECIMALS, MAX_DIGITS, MAX_INTEGER_DIGITS, Number};
pub use period::{FiscalYear, Period, day, last_day_of_month};
pub use siren::is_siren;
pub use sum::{Sum, round_half_away, round_to};
pub use unit::{Unit, Units};
