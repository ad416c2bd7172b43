use chrono::{Months, NaiveDate};
use rust_decimal::Decimal;

use crate::diagnostic::Span;
use crate::measure::round_half_away;
use crate::register::Class;

/// Where a debt comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Birth {
    /// A lot that the policy gives.
    Given,
    /// The emissions of a year, beyond the threshold.
    Inventory,
    /// A debt of a closed year, found later.
    Corrected,
    /// Taken over from another body.
    TakenOver,
    /// Tonnes that went back to the air, or an action that failed (*dette renée*).
    Reborn,
}

/// A debt towards a capital, of one vintage and one class.
///
/// With both units, what is left in euros is what is left in tonnes at the lot's price, to the cent
/// (law I6): each draw computes one from the other, so that no rounding adds up.
#[derive(Clone, Debug)]
pub struct Debt {
    /// The rank of the capital in the policy.
    pub capital: usize,
    /// What may become of it now.
    pub class: Class,
    /// The name of the fiscal year it is of.
    pub vintage: String,
    /// The last day of that year.
    pub since: NaiveDate,
    /// Where it comes from.
    pub birth: Birth,
    /// The line of policy behind it.
    pub at: Span,
    /// What was recognised, in kilograms; `None` when the tonnes are not known.
    pub recognised_kg: Option<Decimal>,
    /// What was recognised, in euros; nil when nothing prices it.
    pub recognised: Decimal,
    /// What is still owed, in kilograms.
    pub open_kg: Option<Decimal>,
    /// What is still owed, in euros.
    pub open: Decimal,
    /// Euros for kilograms: the lot's price as a fraction.
    price: Option<(Decimal, Decimal)>,
}

/// What a lot is given with.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Size {
    /// Kilograms, when they are known.
    pub kg: Option<Decimal>,
    /// Euros a tonne, when they are known.
    pub price: Option<Decimal>,
    /// Euros, when they are given.
    pub euros: Option<Decimal>,
}

impl Size {
    /// What it owes in euros, to the cent.
    fn owed(self) -> Decimal {
        let product = self.kg.zip(self.price).map(|(kg, price)| kg * price / Decimal::ONE_THOUSAND);
        self.euros.unwrap_or_else(|| product.map_or(Decimal::ZERO, |p| round_half_away(p, 2)))
    }

    /// The price as a fraction: the written one, else what the amount makes of the tonnes.
    fn fraction(self) -> Option<(Decimal, Decimal)> {
        let kg = self.kg.filter(|kg| !kg.is_zero())?;
        match (self.price, self.euros) {
            (Some(price), _) => Some((price, Decimal::ONE_THOUSAND)),
            (None, Some(euros)) => Some((euros, kg)),
            (None, None) => None,
        }
    }
}

impl Debt {
    /// A debt that begins.
    pub(super) fn new(
        (capital, class): (usize, Class),
        (vintage, since): (String, NaiveDate),
        birth: Birth,
        at: Span,
        size: Size,
    ) -> Self {
        let owed = size.owed();
        Self {
            capital,
            class,
            vintage,
            since,
            birth,
            at,
            recognised_kg: size.kg,
            recognised: owed,
            open_kg: size.kg,
            open: owed,
            price: size.fraction(),
        }
    }

    /// Euros a tonne, to the cent; `None` when nothing prices it.
    pub fn price(&self) -> Option<Decimal> {
        let (euros, kg) = self.price?;
        Some(round_half_away(euros * Decimal::ONE_THOUSAND / kg, 2))
    }

    /// Whether it has both tonnes and a price: only then do verified tonnes extinguish it.
    pub fn is_priced(&self) -> bool {
        self.price.is_some()
    }

    /// Whether nothing is left, in either unit.
    pub fn is_over(&self) -> bool {
        self.open.is_zero() && self.open_kg.is_none_or(|kg| kg.is_zero())
    }

    /// Pays euros; gives what was taken, and the kilograms that go with it.
    pub(super) fn pay(&mut self, euros: Decimal) -> (Decimal, Decimal) {
        let paid = euros.min(self.open);
        if paid.is_zero() {
            // Tonnes counted back from the same euros could differ by some grams.
            return (Decimal::ZERO, Decimal::ZERO);
        }
        let left = self.open - paid;
        let kg = match (self.price, self.open_kg) {
            (Some((price, per)), Some(open)) if !price.is_zero() => {
                let left_kg = if left.is_zero() {
                    Decimal::ZERO
                } else {
                    round_half_away(left * per / price, 3).min(open)
                };
                self.open_kg = Some(left_kg);
                open - left_kg
            }
            _ => Decimal::ZERO,
        };
        self.open = left;
        (paid, kg)
    }

    /// Removes kilograms; gives what was taken, and the euros that go with it.
    pub(super) fn remove(&mut self, kg: Decimal) -> (Decimal, Decimal) {
        let (Some((price, per)), Some(open)) = (self.price, self.open_kg) else {
            return (Decimal::ZERO, Decimal::ZERO);
        };
        let taken = kg.min(open);
        let left = open - taken;
        let left_euros = if left.is_zero() {
            Decimal::ZERO
        } else {
            round_half_away(left * price / per, 2).min(self.open)
        };
        let euros = self.open - left_euros;
        self.open_kg = Some(left);
        self.open = left_euros;
        (taken, euros)
    }

    /// Takes a new price; gives what the debt gains in euros.
    pub(super) fn reprice(&mut self, price: Decimal) -> Decimal {
        let Some(kg) = self.open_kg.filter(|kg| !kg.is_zero()) else {
            return Decimal::ZERO;
        };
        self.price = Some((price, Decimal::ONE_THOUSAND));
        let open = round_half_away(kg * price / Decimal::ONE_THOUSAND, 2);
        let gained = open - self.open;
        self.open = open;
        gained
    }

    /// Whether the horizon is past at the end of a year: what was recoverable no longer is.
    pub(super) fn expires(&self, horizon: Option<u32>, closing: NaiveDate) -> bool {
        let end = horizon.and_then(|years| self.since.checked_add_months(Months::new(12 * years)));
        self.class.is_recoverable() && !self.is_over() && end.is_some_and(|end| end <= closing)
    }

    /// The account of its euros.
    pub fn account(&self, number: u32) -> String {
        debt_account(self.class, number)
    }

    /// The account of its tonnes.
    pub fn tonnes_account(&self) -> &'static str {
        if self.class.is_recoverable() { "T171" } else { "T172" }
    }
}

/// The account of the debts of a class towards the capital of a number.
pub(super) fn debt_account(class: Class, number: u32) -> String {
    match (number, class) {
        (1, Class::Avoidance) => "C1711".to_owned(),
        (1, Class::Removal) => "C1712".to_owned(),
        (1, Class::Irrecoverable) => "C172".to_owned(),
        (k, Class::Irrecoverable) => format!("C18{k}2"),
        (k, _) => format!("C18{k}1"),
    }
}

/// The account of the consumption of a capital.
pub(super) fn consumption_account(class: Class, number: u32) -> String {
    format!("C68{number}{}", if class.is_recoverable() { 1 } else { 2 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::day;

    fn lot(kg: i64, price: i64) -> Debt {
        let since = day(2023, 12, 31).unwrap_or_default();
        let size = Size {
            kg: Some(Decimal::new(kg, 3)),
            price: Some(Decimal::new(price, 2)),
            euros: None,
        };
        let made = (0, Class::Removal);
        Debt::new(made, ("2023".to_owned(), since), Birth::Given, Span::new(0, 0), size)
    }

    #[test]
    fn what_is_left_is_tonnes_times_price() {
        let mut debt = lot(89_000_000, 24_20);
        assert_eq!(debt.open, Decimal::new(215_380, 2));
        let untouched = lot(2_120_722, 27_789);
        let mut paid_nothing = untouched.clone();
        assert_eq!(paid_nothing.pay(Decimal::ZERO), (Decimal::ZERO, Decimal::ZERO));
        assert_eq!(paid_nothing.open_kg, untouched.open_kg, "no gram goes without a cent");
        for _ in 0..1000 {
            debt.pay(Decimal::new(7, 2));
            debt.remove(Decimal::new(1_234, 3));
            let kg = debt.open_kg.unwrap_or_default();
            let gap = (kg * Decimal::new(2420, 2) / Decimal::ONE_THOUSAND - debt.open).abs();
            assert!(gap <= Decimal::new(1, 2), "{gap}");
        }
        let (taken, _) = debt.remove(Decimal::from(1_000_000));
        assert!(taken > Decimal::ZERO && debt.is_over(), "the last draw takes the remainder");
    }

    #[test]
    fn a_lot_in_euros_alone_is_paid_and_never_removed() {
        let since = day(2022, 12, 31).unwrap_or_default();
        let size = Size { euros: Some(Decimal::from(875)), ..Size::default() };
        let kind = (0, Class::Avoidance);
        let mut debt =
            Debt::new(kind, ("2022".to_owned(), since), Birth::Given, Span::new(0, 0), size);
        assert_eq!(debt.remove(Decimal::TEN), (Decimal::ZERO, Decimal::ZERO));
        assert_eq!(debt.pay(Decimal::from(1000)), (Decimal::from(875), Decimal::ZERO));
        assert!(debt.is_over());
    }
}
