use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::debt::consumption_account;
use super::derived::{DerivedEntry, Rule};
use crate::diagnostic::Span;
use crate::measure::round_half_away;
use crate::register::Class;

/// A use of a lasting capital (a soil, a team): owed at once, consumed over years (C21k, C281k).
#[derive(Clone, Debug)]
pub(super) struct Use {
    number: u32,
    class: Class,
    whole: Decimal,
    years: u32,
    done: u32,
    consumed: Decimal,
    at: Span,
}

impl Use {
    pub(super) fn new(number: u32, class: Class, whole: Decimal, years: u32, at: Span) -> Self {
        Self { number, class, whole, years, done: 0, consumed: Decimal::ZERO, at }
    }

    pub(super) fn is_over(&self) -> bool {
        self.done == self.years
    }

    /// What is left to consume: C21k less C281k.
    pub(super) fn worth(&self) -> Decimal {
        if self.is_over() { Decimal::ZERO } else { self.whole - self.consumed }
    }

    /// The part of one year; the last takes the remainder and ends the use.
    pub(super) fn consume(&mut self, closing: NaiveDate) -> DerivedEntry {
        self.done += 1;
        // Rounding the running sum, not each part, keeps every part within the whole.
        let reached = self.whole * Decimal::from(self.done) / Decimal::from(self.years);
        let part = round_half_away(reached, 2) - self.consumed;
        self.consumed += part;
        let about = format!("année {} sur {}", self.done, self.years);
        let mut entry = DerivedEntry::new(closing, Rule::Spread, about);
        let (used, worn) = (format!("C21{}", self.number), format!("C281{}", self.number));
        entry.line(consumption_account(self.class, self.number), part);
        entry.line(&worn, -part);
        if self.is_over() {
            entry.line(&worn, self.whole);
            entry.line(used, -self.whole);
        }
        entry.policy = Some(self.at);
        entry
    }
}
