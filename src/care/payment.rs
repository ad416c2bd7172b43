use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::debt::{Birth, Debt, Size, debt_account};
use super::derived::{DerivedEntry, Rule, euros};
use super::keeper::Keeper;
use crate::diagnostic::{Code, Finding, Span};
use crate::measure::{FiscalYear, round_half_away};
use crate::register::{Class, Valuation};

/// What was paid on one capital for one project, and not given back.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Paid {
    /// Euros of debt that it extinguished.
    pub(super) euros: Decimal,
    /// Kilograms that went with them.
    pub(super) kg: Decimal,
    /// Euros beyond the debt: they come back first.
    pub(super) beyond: Decimal,
}

/// Debts that change: what is paid, what no longer can be, what a new price makes of them.
impl Keeper<'_> {
    /// C-PAY and T-PAY: what was spent to preserve, capped at the open debt, oldest lots first; what a
    /// year gives back of it is owed again.
    ///
    /// Gives what exceeds the debt of each capital: it stays a classic charge.
    pub(super) fn pay(&mut self, year: &FiscalYear) -> Vec<(usize, Decimal)> {
        let facts = self.facts;
        let mut beyond: Vec<(usize, Decimal)> = Vec::new();
        let mut done: Vec<(usize, Option<&str>)> = Vec::new();
        for spent in facts.spent.iter().filter(|spent| year.period.contains(spent.date)) {
            let Some(capital) = spent.capital else { continue };
            let key = (capital, spent.project.as_deref());
            if done.contains(&key) {
                continue;
            }
            done.push(key);
            let same = facts.spent.iter().filter(|other| {
                (other.capital, other.project.as_deref()) == (Some(capital), key.1)
                    && year.period.contains(other.date)
            });
            let (amounts, places): (Vec<Decimal>, Vec<Span>) =
                same.map(|other| (other.amount, other.at)).unzip();
            let whole: Decimal = amounts.iter().sum();
            if whole.is_sign_negative() {
                self.give_back(year, key, -whole, &places);
                continue;
            }
            let left = self.pay_with(year, key, whole, &places);
            if !left.is_zero() {
                match beyond.iter_mut().find(|(known, _)| *known == capital) {
                    Some((_, sum)) => *sum += left,
                    None => beyond.push((capital, left)),
                }
                self.paid_beyond(capital, left, spent.at);
            }
        }
        beyond
    }

    fn pay_with(
        &mut self,
        year: &FiscalYear,
        (capital, project): (usize, Option<&str>),
        amount: Decimal,
        places: &[Span],
    ) -> Decimal {
        let closing = year.period.last;
        let number = self.policy.capitals[capital].number;
        let mut entry = DerivedEntry::new(closing, Rule::Pay, project.unwrap_or_default());
        let mut tonnes = DerivedEntry::new(closing, Rule::PayTonnes, project.unwrap_or_default());
        let (mut left, mut gone) = (amount, Paid::default());
        for rank in self.oldest(|debt| debt.capital == capital && debt.class.is_recoverable()) {
            let debt = &mut self.debts[rank];
            let (paid, kg) = debt.pay(left);
            left -= paid;
            gone.euros += paid;
            entry.line(debt.account(number), paid);
            entry.line("C781", -paid);
            if number == 1 {
                gone.kg += kg;
                tonnes.line("T171", kg);
                tonnes.aux_line("T173", project, -kg);
                if let Some(work) = project.and_then(|id| self.work(id)) {
                    self.standing[work].paid += kg;
                }
            }
        }
        entry.inputs = format!("{} dépensés", euros(amount));
        entry.policy = Some(self.policy.capitals[capital].id.at);
        entry.sources = places.to_vec();
        tonnes.sources = places.to_vec();
        tonnes.policy = entry.policy;
        self.write(entry);
        self.write(tonnes);
        let known = self.paid.entry((capital, project.map(str::to_owned))).or_default();
        known.euros += gone.euros;
        known.kg += gone.kg;
        known.beyond += left;
        left
    }

    /// C-REBIRTH and T-REV: a refund of what was paid, at most; it was no gain, and is owed again.
    fn give_back(
        &mut self,
        year: &FiscalYear,
        (capital, project): (usize, Option<&str>),
        amount: Decimal,
        places: &[Span],
    ) {
        let key = (capital, project.map(str::to_owned));
        let mut known = self.paid.get(&key).copied().unwrap_or_default();
        let spare = amount.min(known.beyond);
        known.beyond -= spare;
        let euros_back = (amount - spare).min(known.euros);
        if euros_back.is_zero() {
            self.paid.insert(key, known);
            return;
        }
        let work = project.and_then(|id| self.work(id));
        let there = work.map_or(known.kg, |work| self.standing[work].paid);
        let part = round_half_away(known.kg * euros_back / known.euros, 3).min(there);
        // A gram is worth a cent at most: else the tonnes are no longer those of these euros.
        let kg = if euros_back > part * Decimal::TEN { Decimal::ZERO } else { part };
        if let Some(work) = work {
            self.standing[work].paid -= kg;
        }
        let left = Paid { euros: known.euros - euros_back, kg: known.kg - kg, ..known };
        self.paid.insert(key, left);
        let closing = year.period.last;
        let number = self.policy.capitals[capital].number;
        let mut tonnes = DerivedEntry::new(closing, Rule::Reverse, project.unwrap_or_default());
        tonnes.aux_line("T173", project, kg).line("T171", -kg);
        let size = Size { kg: (!kg.is_zero()).then_some(kg), price: None, euros: Some(euros_back) };
        let at = self.policy.capitals[capital].id.at;
        let of = (year.name.clone(), closing);
        let debt = Debt::new((capital, Class::Removal), of, Birth::Reborn, at, size);
        let mut entry =
            DerivedEntry::new(closing, Rule::Rebirth, format!("millésime {}", year.name));
        entry.line("C6872", debt.open).line(debt.account(number), -debt.open);
        entry.inputs = format!("{} remboursés", euros(euros_back));
        for made in [&mut entry, &mut tonnes] {
            made.policy = Some(at);
            made.sources = places.to_vec();
        }
        self.debts.push(debt);
        self.write(entry);
        self.write(tonnes);
    }

    fn paid_beyond(&mut self, capital: usize, left: Decimal, at: Span) {
        let capital = &self.policy.capitals[capital];
        self.findings.push(
            Finding::new(
                Code::PaidBeyond,
                at,
                format!("la dépense dépasse de {} la dette ouverte ({})", euros(left), capital.label),
            )
            .label("au-delà de la dette recouvrable")
            .help("le surplus reste une charge ordinaire : ni gain, ni extinction de la part irrécouvrable"),
        );
    }

    /// C-EXPIRE and T-EXPIRE: past the horizon, a recoverable debt no longer is.
    pub(super) fn expire(&mut self, closing: NaiveDate) {
        for rank in self.oldest(|_| true) {
            let (capital, horizon) = {
                let capital = &self.policy.capitals[self.debts[rank].capital];
                (capital, capital.horizon)
            };
            if !self.debts[rank].expires(horizon, closing) {
                continue;
            }
            let debt = &mut self.debts[rank];
            let about = format!("millésime {}", debt.vintage);
            let mut entry = DerivedEntry::new(closing, Rule::Expire, about.clone());
            let mut tonnes = DerivedEntry::new(closing, Rule::ExpireTonnes, about);
            entry.line(debt.account(capital.number), debt.open);
            entry.line(debt_account(Class::Irrecoverable, capital.number), -debt.open);
            entry.inputs = format!("horizon de {} ans", horizon.unwrap_or_default());
            entry.policy = Some(capital.id.at);
            if let Some(kg) = debt.open_kg.filter(|_| capital.number == 1) {
                tonnes.line("T171", kg);
                tonnes.line("T172", -kg);
            }
            tonnes.policy = entry.policy;
            debt.class = Class::Irrecoverable;
            self.write(entry);
            self.write(tonnes);
        }
    }

    /// C-PRICE: under a remeasured valuation, open debts of earlier years take the year's price.
    pub(super) fn reprice(&mut self, year: &FiscalYear) {
        let closing = year.period.last;
        for rank in self.oldest(|debt| debt.since < closing) {
            let debt = &self.debts[rank];
            let capital = &self.policy.capitals[debt.capital];
            if capital.valuation != Valuation::Remeasured {
                continue;
            }
            let Some(price) = self.policy.price(debt.capital, debt.class, &year.name) else {
                continue;
            };
            let (each, at) = (price.euros, price.at);
            let number = capital.number;
            let debt = &mut self.debts[rank];
            let gained = debt.reprice(each);
            let mut entry =
                DerivedEntry::new(closing, Rule::Price, format!("millésime {}", debt.vintage));
            entry.line(if gained.is_sign_negative() { "C786" } else { "C686" }, gained);
            entry.line(debt.account(number), -gained);
            entry.inputs = format!("{} la tonne", euros(each));
            entry.policy = Some(at);
            self.write(entry);
        }
    }
}
