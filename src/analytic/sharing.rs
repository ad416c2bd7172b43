use rust_decimal::Decimal;

use super::axes::Axes;
use crate::book::{AccountId, Books};
use crate::measure::{FiscalYear, Sum};
use crate::register::Programmes;

/// Splits an amount by shares, to the cent: what is left goes to the largest remainders, the first of
/// equal ones. The parts sum to the amount.
///
/// # Panics
/// When the shares sum to nothing: they are checked when they are read.
pub fn share(amount: Decimal, shares: &[Decimal]) -> Vec<Decimal> {
    share_to(amount, shares, amount.scale().max(2))
}

/// Splits an amount by shares, to that many decimals, as [`share`] does to the cent.
///
/// # Panics
/// When the shares sum to nothing, or the amount has more decimals.
pub fn share_to(amount: Decimal, shares: &[Decimal], scale: u32) -> Vec<Decimal> {
    let whole: Decimal = shares.iter().sum();
    assert!(!whole.is_zero(), "shares of nothing");
    assert!(amount.normalize().scale() <= scale, "an amount finer than its parts");
    let step = Decimal::new(1, scale);
    let quotas: Vec<Decimal> = shares.iter().map(|part| amount * part / whole).collect();
    let mut parts: Vec<Decimal> =
        quotas.iter().map(|quota| quota.trunc_with_scale(scale)).collect();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by_key(|rank| (-(quotas[*rank] - parts[*rank]).abs(), *rank));
    let mut left = amount - parts.iter().sum::<Decimal>();
    let step = if left.is_sign_negative() { -step } else { step };
    for rank in order.into_iter().cycle() {
        if left.is_zero() {
            break;
        }
        if shares[rank].is_zero() {
            continue;
        }
        parts[rank] += step;
        left -= step;
    }
    parts
}

/// What one key takes from the structure, and gives to each programme.
#[derive(Clone, Debug)]
pub struct Shared {
    /// The rank of the key in the register.
    pub key: usize,
    /// By programme: what it receives, in euros; the structure's own is what it keeps less what was
    /// taken, so that the whole sums to nothing.
    pub given: Vec<Decimal>,
    /// What was to be shared.
    pub whole: Decimal,
}

/// Spreads the shared costs of a year: those of the structure, without a convention, by the key that
/// takes their account.
pub fn spread(
    books: &Books,
    axes: &Axes,
    programmes: &Programmes,
    year: &FiscalYear,
) -> Vec<Shared> {
    let structure = programmes.structure();
    let keys: Vec<usize> = (0..programmes.keys.len())
        .filter(|rank| programmes.keys[*rank].holds(&year.name))
        .collect();
    let mut wholes = vec![Sum::ZERO; programmes.keys.len()];
    for line in axes.during(year.period) {
        if line.programme != structure || line.convention.is_some() {
            continue;
        }
        if let Some(rank) = key_of(books, programmes, &keys, line.account) {
            wholes[rank] += line.amount;
        }
    }
    keys.into_iter()
        .map(|rank| {
            let whole = wholes[rank].decimal();
            let mut given = vec![Decimal::ZERO; programmes.list.len()];
            let shares: Vec<Decimal> =
                programmes.keys[rank].shares.iter().map(|(_, share)| *share).collect();
            for ((programme, _), part) in
                programmes.keys[rank].shares.iter().zip(share(whole, &shares))
            {
                given[*programme] += part;
            }
            given[structure] -= whole;
            Shared { key: rank, given, whole }
        })
        .collect()
}

/// The key that spreads an account: class 6 only, the longest prefix wins; two that reach as far were
/// refused when they were read.
fn key_of(
    books: &Books,
    programmes: &Programmes,
    keys: &[usize],
    account: AccountId,
) -> Option<usize> {
    let number = &books.accounts().get(account).number;
    if !number.starts_with('6') {
        return None;
    }
    let reach = |rank: &usize| programmes.keys[*rank].accounts.reach(number, Sum::ZERO);
    keys.iter()
        .filter_map(|rank| reach(rank).map(|reach| (reach, std::cmp::Reverse(*rank))))
        .max()
        .map(|(_, std::cmp::Reverse(rank))| rank)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_sum_to_the_cent() {
        let split = |amount: i64, shares: &[i64]| {
            let shares: Vec<Decimal> = shares.iter().map(|share| Decimal::new(*share, 1)).collect();
            let parts = share(Decimal::new(amount, 2), &shares);
            parts.iter().map(Decimal::mantissa).collect::<Vec<i128>>()
        };
        assert_eq!(split(100, &[333, 333, 334]), [33, 33, 34]);
        assert_eq!(split(-1, &[500, 500]), [-1, 0]);
        assert_eq!(split(1001, &[0, 500, 500]), [0, 501, 500]);
        assert_eq!(split(0, &[500, 500]), [0, 0]);
        assert_eq!(split(7, &[400, 350, 250]).iter().sum::<i128>(), 7);
    }
}
