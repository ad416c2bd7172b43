use rust_decimal::Decimal;

use super::corrections::Restated;
use super::debt::Debt;
use super::derived::DerivedEntry;
use super::work::{Standing, Work};
use crate::measure::FiscalYear;
use crate::register::CarePolicy;

/// The CARE ledger as its rules keep it, year by year.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// The projects and removal credits, in the order of the policy.
    pub works: Vec<Work>,
    /// The years, in order.
    pub years: Vec<YearKept>,
}

/// A year of the CARE ledger: what happened, and what is left at its closing.
#[derive(Clone, Debug)]
pub struct YearKept {
    /// The year.
    pub year: FiscalYear,
    /// What was emitted, by factor, in kilograms; measured even when it makes no debt.
    pub by_factor: Vec<(usize, Decimal)>,
    /// What is borne without debt, in kilograms.
    pub threshold: Option<Decimal>,
    /// The debts, open and over, as they stand at the closing.
    pub debts: Vec<Debt>,
    /// Where each work stands at the closing.
    pub standing: Vec<Standing>,
    /// Uses of lasting capitals, less their amortissements, in euros.
    pub uses: Decimal,
    /// Euros of preservation beyond the open debt, by capital.
    pub beyond_debt: Vec<(usize, Decimal)>,
    /// What the corrections found in the year do to the one before.
    pub restated: Vec<Restated>,
    /// The entries of the year.
    pub entries: Vec<DerivedEntry>,
}

impl YearKept {
    pub(super) fn of(year: FiscalYear) -> Self {
        Self {
            year,
            by_factor: Vec::new(),
            threshold: None,
            debts: Vec::new(),
            standing: Vec::new(),
            uses: Decimal::ZERO,
            beyond_debt: Vec::new(),
            restated: Vec::new(),
            entries: Vec::new(),
        }
    }

    pub(super) fn add_emission(&mut self, factor: usize, kg: Decimal) {
        match self.by_factor.binary_search_by_key(&factor, |(known, _)| *known) {
            Ok(at) => self.by_factor[at].1 += kg,
            Err(at) => self.by_factor.insert(at, (factor, kg)),
        }
    }

    /// What was emitted, in kilograms, gross.
    pub fn emitted(&self) -> Decimal {
        self.by_factor.iter().map(|(_, kg)| *kg).sum()
    }

    /// The recoverable debt of a capital at the closing, in euros: no two are ever summed.
    pub fn recoverable(&self, policy: &CarePolicy, id: &str) -> Decimal {
        let capital = policy.capital(id);
        self.owed(|debt| Some(debt.capital) == capital && debt.class.is_recoverable())
    }

    /// What is owed at the closing on the debts that fit, in euros.
    pub fn owed(&self, fits: impl Fn(&Debt) -> bool) -> Decimal {
        self.debts.iter().filter(|debt| fits(debt)).map(|debt| debt.open).sum()
    }
}

impl Kept {
    /// A year.
    pub fn year(&self, year: &FiscalYear) -> Option<&YearKept> {
        self.years.iter().find(|kept| kept.year == *year)
    }
}
