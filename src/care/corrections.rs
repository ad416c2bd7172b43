use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::debt::{Birth, Debt, Size, consumption_account, debt_account};
use super::derived::{DerivedEntry, Rule, euros};
use super::keeper::Keeper;
use super::kept::Kept;
use crate::book::Books;
use crate::diagnostic::{Code, Finding};
use crate::ledger::Annual;
use crate::measure::{self, FiscalYear, Number, Sum};
use crate::register::{CLIMATE, Correction};

/// What a correction above the threshold does to the year before: its column is restated.
#[derive(Clone, Debug)]
pub struct Restated {
    /// The year that was wrong, by name.
    pub year: String,
    /// The account of the debt.
    pub debt: String,
    /// The account of its consumption.
    pub consumption: String,
    /// What the debt gains, in euros.
    pub amount: Decimal,
    /// Why.
    pub reason: String,
}

impl Restated {
    /// The sentence of it, for a year in which the error was found.
    pub fn told(&self, found: &str) -> String {
        let amount = measure::euros(self.amount);
        let (reason, year) = (&self.reason, &self.year);
        format!(
            "colonne de l’exercice précédent retraitée de {amount} ({reason}), erreur de {year} constatée en {found}"
        )
    }
}

impl Keeper<'_> {
    /// C-CORR: errors of closed years found in this one, which never move: through C110, the column
    /// of the year before restated, above the threshold of recalculation; else in this year's result.
    pub(super) fn correct(&mut self, year: &FiscalYear) -> Vec<Restated> {
        let policy = self.policy;
        let mut restated = Vec::new();
        let found = policy.corrections.iter().filter(|known| known.found.value == year.name);
        let found: Vec<&Correction> = found.collect();
        // Against the debts as the year before left them, not as another correction leaves them.
        let owed: Vec<Decimal> = found.iter().map(|known| self.owed_to(known.capital)).collect();
        for (known, before) in found.into_iter().zip(owed) {
            let bound = before * policy.recalculation / Decimal::ONE_HUNDRED;
            let moved = if known.lowers { self.lower(known) } else { Some(self.raise(known)) };
            let Some((gained, kg)) = moved else { continue };
            let above = gained.abs() > bound;
            self.corrected(year, known, (gained, kg), above);
            if above {
                let number = policy.capitals[known.capital].number;
                restated.push(Restated {
                    year: known.year.value.clone(),
                    debt: debt_account(known.class, number),
                    consumption: consumption_account(known.class, number),
                    amount: gained,
                    reason: known.reason.clone(),
                });
            }
        }
        restated
    }

    fn owed_to(&self, capital: usize) -> Decimal {
        let own = self.debts.iter().filter(|debt| debt.capital == capital);
        own.map(|debt| debt.open).sum()
    }

    /// Writes a correction: what the debts gain, in euros and in kilograms.
    fn corrected(
        &mut self,
        year: &FiscalYear,
        known: &Correction,
        (gained, kg): (Decimal, Decimal),
        above: bool,
    ) {
        let number = self.policy.capitals[known.capital].number;
        let about = format!("correction de {}", known.year.value);
        let date = if above { year.period.first } else { year.period.last };
        let rule = if above { Rule::Correct } else { Rule::Consume };
        let facing =
            if above { "C110".to_owned() } else { consumption_account(known.class, number) };
        let mut entry = DerivedEntry::new(date, rule, about.clone());
        entry.line(facing, gained);
        entry.line(debt_account(known.class, number), -gained);
        entry.inputs = format!("{} ({})", euros(gained), known.reason.replace([':', ','], " "));
        entry.policy = Some(known.at);
        let mut tonnes = DerivedEntry::new(date, Rule::CorrectTonnes, about);
        if self.policy.capitals[known.capital].id.value == CLIMATE {
            tonnes.line(if above { "T10" } else { "T60.corrections" }, kg);
            tonnes.line(if known.class.is_recoverable() { "T171" } else { "T172" }, -kg);
        }
        tonnes.policy = Some(known.at);
        self.write(entry);
        self.write(tonnes);
    }

    /// A debt that was forgotten, of the year that forgot it.
    fn raise(&mut self, known: &Correction) -> (Decimal, Decimal) {
        let years = self.books.years();
        let since = years.period_named(&known.year.value).map(|days| days.last);
        let size = Size {
            kg: known.tonnes.map(|tonnes| tonnes * Decimal::ONE_THOUSAND),
            price: known.price,
            euros: known.amount,
        };
        let of = (known.year.value.clone(), since.unwrap_or_default());
        let debt = Debt::new((known.capital, known.class), of, Birth::Corrected, known.at, size);
        let added = (debt.open, debt.open_kg.unwrap_or_default());
        self.debts.push(debt);
        added
    }

    /// Takes back what was owed too much, from the open lots of that year.
    fn lower(&mut self, known: &Correction) -> Option<(Decimal, Decimal)> {
        let (capital, class, vintage) = (known.capital, known.class, known.year.value.as_str());
        let own =
            |debt: &Debt| debt.capital == capital && debt.class == class && debt.vintage == vintage;
        let by_tonnes = known.tonnes.filter(|_| known.amount.is_none());
        let mut left = by_tonnes.map_or(known.owed(), |tonnes| tonnes * Decimal::ONE_THOUSAND);
        let (mut euros_taken, mut kg_taken) = (Decimal::ZERO, Decimal::ZERO);
        for rank in self.oldest(own) {
            let debt = &mut self.debts[rank];
            let (paid, kg) = if by_tonnes.is_some() {
                let (kg, worth) = debt.remove(left);
                left -= kg;
                (worth, kg)
            } else {
                let (paid, kg) = debt.pay(left);
                left -= paid;
                (paid, kg)
            };
            euros_taken += paid;
            kg_taken += kg;
        }
        if !left.is_zero() {
            self.findings.push(
                Finding::new(
                    Code::LotContradicts,
                    known.at,
                    format!("la dette ouverte de {vintage} ne permet pas cette baisse"),
                )
                .label("plus qu’il n’en reste")
                .help("une dette éteinte ne se corrige plus : baissez le montant, ou l’exercice"),
            );
            return None;
        }
        Some((-euros_taken, -kg_taken))
    }
}

/// The ledgers that show the year before as its corrections restate it, by year in which they were
/// found; nothing is posted to a closed year.
pub fn restated(books: &mut Books, annual: &Annual, kept: &Kept) -> BTreeMap<String, Annual> {
    let mut all = BTreeMap::new();
    for made in kept.years.iter().filter(|made| !made.restated.is_empty()) {
        let Some(before) = books.years().before(&made.year) else { continue };
        let mut shown = annual.clone();
        let mut moved = Vec::new();
        for one in &made.restated {
            // An error older than that column was in its opening.
            let facing = if one.year == before.name { one.consumption.as_str() } else { "C110" };
            let amount = sum(one.amount);
            moved.push((books.account(facing), amount));
            moved.push((books.account(&one.debt), -amount));
        }
        shown.present(&before, books, &moved);
        all.insert(made.year.name.clone(), shown);
    }
    all
}

fn sum(amount: Decimal) -> Sum {
    let cents: Number = Number::exact(amount);
    cents.sum()
}
