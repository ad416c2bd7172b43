use rust_decimal::Decimal;

use super::debt::{Birth, Debt, Size, consumption_account};
use super::derived::{DerivedEntry, Rule, euros, kilograms};
use super::keeper::Keeper;
use super::kept::YearKept;
use super::threshold::threshold;
use super::uses::Use;
use crate::analytic::share_to;
use crate::measure::FiscalYear;
use crate::register::{CLIMATE, Class};

/// Debts that begin: what is emitted beyond the threshold, what the policy gives, what is consumed.
impl Keeper<'_> {
    /// T-EMIT and the debts of the inventory: beyond the threshold, shared over the headings.
    pub(super) fn emit(&mut self, year: &FiscalYear, made: &mut YearKept) {
        let Some(rank) = self.policy.capital(CLIMATE) else {
            return;
        };
        let capital = &self.policy.capitals[rank];
        for line in self.inventory.during(year.period) {
            made.add_emission(line.factor, line.kilograms);
        }
        made.threshold = threshold(self.policy, capital, self.books.years(), year);
        let closing = year.period.last;
        let mut entry = DerivedEntry::new(closing, Rule::Emit, "");
        let mut lots = Vec::new();
        if capital.inventory_owes {
            let bears = made.threshold.unwrap_or(Decimal::ZERO);
            let beyond = (made.emitted() - bears).max(Decimal::ZERO);
            self.emissions(&mut entry, made, beyond);
            let shares = capital.shares.map_or([Decimal::ZERO; 3], |shares| shares.0);
            if !beyond.is_zero() && shares.iter().any(|share| !share.is_zero()) {
                let parts = share_to(beyond, &shares, 3);
                for (class, kg) in Class::ALL.into_iter().zip(parts) {
                    let price = self.policy.price(rank, class, &year.name).map(|price| price.euros);
                    let size = Size { kg: Some(kg), price, euros: None };
                    let at = self
                        .policy
                        .price(rank, class, &year.name)
                        .map_or(capital.shares_at, |p| p.at);
                    let of = (year.name.clone(), closing);
                    lots.push(Debt::new((rank, class), of, Birth::Inventory, at, size));
                }
            }
            entry.policy = Some(capital.shares_at);
        }
        for debt in lots.into_iter().filter(|debt| !debt.is_over()) {
            entry.line(debt.tonnes_account(), -debt.open_kg.unwrap_or_default());
            self.debts.push(debt);
        }
        for lot in self.given_during(year) {
            let debt = self.given(lot, closing);
            let climate = self.policy.capitals[debt.capital].number == 1;
            if let Some(kg) = debt.open_kg.filter(|_| climate) {
                entry.line("T60.lots", kg);
                entry.line(debt.tonnes_account(), -kg);
                entry.policy.get_or_insert(debt.at);
                let told = format!("lot donné de {}", kilograms(kg));
                entry.inputs = joined(&entry.inputs, &told);
            }
            self.debts.push(debt);
        }
        self.write(entry);
    }

    /// The lines of T60, by heading and factor, and what of each stays within the threshold.
    fn emissions(&self, entry: &mut DerivedEntry, made: &YearKept, beyond: Decimal) {
        let weights: Vec<Decimal> =
            made.by_factor.iter().map(|(_, kg)| (*kg).max(Decimal::ZERO)).collect();
        let owed = if beyond.is_zero() {
            vec![Decimal::ZERO; weights.len()]
        } else {
            share_to(beyond, &weights, 3)
        };
        for ((factor, kg), owed) in made.by_factor.iter().zip(owed) {
            entry.line(self.factors.list[*factor].account(), *kg);
            entry.line("T170", owed - *kg);
        }
        entry.inputs = format!(
            "{} factorisées par le jeu {} dont {} au-delà du seuil",
            kilograms(made.emitted()),
            self.factors.version,
            kilograms(beyond)
        );
    }

    /// C-CONS: the debts that are new this year; a capital used over years first becomes a use.
    pub(super) fn consume(&mut self, year: &FiscalYear) {
        let closing = year.period.last;
        let is_new = |debt: &&Debt| {
            debt.since == closing && matches!(debt.birth, Birth::Given | Birth::Inventory)
        };
        let fresh: Vec<Debt> = self.debts.iter().filter(is_new).cloned().collect();
        let mut entries: Vec<DerivedEntry> = Vec::new();
        for debt in fresh {
            let number = self.policy.capitals[debt.capital].number;
            let about = format!("millésime {}", year.name);
            let known = entries.iter().position(|entry| entry.policy == Some(debt.at));
            let rank = known.unwrap_or(entries.len());
            if known.is_none() {
                let mut entry = DerivedEntry::new(closing, Rule::Consume, about);
                entry.policy = Some(debt.at);
                entries.push(entry);
            }
            let entry = &mut entries[rank];
            let years = self.years_of_use(&debt);
            match years {
                None => {
                    entry.line(consumption_account(debt.class, number), debt.open);
                }
                Some(years) => {
                    entry.line(format!("C21{number}"), debt.open);
                    self.uses.push(Use::new(number, debt.class, debt.open, years, debt.at));
                }
            }
            entry.line(debt.account(number), -debt.open);
            entry.inputs = joined(&entry.inputs, &inputs(&debt));
        }
        for entry in entries {
            self.write(entry);
        }
    }

    fn years_of_use(&self, debt: &Debt) -> Option<u32> {
        let lot = self.policy.lots.iter().find(|lot| lot.at == debt.at)?;
        lot.years.filter(|years| *years > 1)
    }

    /// C-USE: the part of the year of each use, and its end.
    pub(super) fn spread(&mut self, year: &FiscalYear) {
        let closing = year.period.last;
        let mut entries = Vec::new();
        for used in self.uses.iter_mut().filter(|used| !used.is_over()) {
            entries.push(used.consume(closing));
        }
        for entry in entries {
            self.write(entry);
        }
    }
}

fn joined(before: &str, more: &str) -> String {
    if before.is_empty() { more.to_owned() } else { format!("{before} + {more}") }
}

/// What a debt is made of, in words.
fn inputs(debt: &Debt) -> String {
    let whole = euros(debt.recognised);
    match (debt.recognised_kg, debt.price()) {
        (Some(kg), Some(price)) => {
            format!("{} à {} la tonne = {whole}", kilograms(kg), euros(price))
        }
        (Some(kg), None) => format!("{} sans prix", kilograms(kg)),
        _ => whole,
    }
}
