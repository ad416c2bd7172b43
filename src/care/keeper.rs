use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::debt::{Birth, Debt, Size};
use super::derived::{DerivedEntry, Rule, euros};
use super::factor::Factors;
use super::facts::{Facts, Spent};
use super::inventory::Inventory;
use super::kept::YearKept;
use super::payment::Paid;
use super::regimes::Carried;
use super::uses::Use;
use super::work::{Standing, Work};
use crate::book::Books;
use crate::diagnostic::Finding;
use crate::measure::FiscalYear;
use crate::register::{CarePolicy, Lot};

/// Keeps the CARE ledger, year after year: what is owed, what stands, and the entries that say so.
pub(super) struct Keeper<'a> {
    pub(super) books: &'a Books,
    pub(super) policy: &'a CarePolicy,
    pub(super) factors: &'a Factors,
    pub(super) inventory: &'a Inventory,
    pub(super) facts: &'a Facts,
    pub(super) works: Vec<Work>,
    pub(super) standing: Vec<Standing>,
    pub(super) debts: Vec<Debt>,
    pub(super) uses: Vec<Use>,
    pub(super) paid: BTreeMap<(usize, Option<String>), Paid>,
    /// The entries of the year at hand.
    pub(super) entries: Vec<DerivedEntry>,
    pub(super) findings: &'a mut Vec<Finding>,
}

impl Keeper<'_> {
    /// Keeps every year; `opens` says whether the first is opened by what existed before.
    pub(super) fn keep(mut self, years: &[FiscalYear], opens: bool) -> (Vec<YearKept>, Carried) {
        let mut kept = Vec::new();
        for (rank, year) in years.iter().enumerate() {
            if rank == 0 && opens {
                self.open(year);
            }
            kept.push(self.year(year));
        }
        let Self { works, standing, debts, uses, paid, .. } = self;
        (kept, Carried { works, standing, debts, uses, paid })
    }

    /// One year: what is emitted and owed, what is paid and verified, what expires and is repriced.
    fn year(&mut self, year: &FiscalYear) -> YearKept {
        let closing = year.period.last;
        self.eliminate(year);
        self.build(year);
        self.expect(year);
        let mut made = YearKept::of(year.clone());
        self.take_over(year);
        made.restated = self.correct(year);
        self.emit(year, &mut made);
        self.consume(year);
        self.use_available(closing);
        made.beyond_debt = self.pay(year);
        self.events(year);
        self.depreciate(year);
        self.end_works(year);
        self.expire(closing);
        self.reprice(year);
        self.spread(year);
        made.debts.clone_from(&self.debts);
        made.standing.clone_from(&self.standing);
        made.uses = self.uses.iter().map(Use::worth).sum();
        made.entries = std::mem::take(&mut self.entries);
        // Numbered as a journal is: by day, then in the order of the rules.
        made.entries.sort_by_key(|entry| entry.date);
        made
    }

    /// C-OPEN and T-OPEN: what existed before the first year, no retroactive result.
    fn open(&mut self, year: &FiscalYear) {
        let first = year.period.first;
        let given: Vec<(usize, NaiveDate)> = self.given_before(first);
        let mut entry = DerivedEntry::new(first, Rule::Open, "");
        let mut tonnes = DerivedEntry::new(first, Rule::OpenTonnes, "");
        let mut balance = Decimal::ZERO;
        for (number, amount) in &self.facts.provision_before {
            entry.line(number, -amount);
            balance -= amount;
        }
        for (work, standing) in self.works.iter().zip(&mut self.standing) {
            let own = |spent: &&Spent| spent.project.as_deref() == Some(work.id.as_str());
            let built = self.facts.built_before.iter().filter(own).map(|spent| spent.amount);
            standing.cost = (work.cost_before + built.sum::<Decimal>()).max(Decimal::ZERO);
            work.lived_before(standing, first, self.findings);
            entry.aux_line("C231", Some(&work.id), standing.cost);
            balance += standing.cost;
            tonnes.line("T32", standing.buffer).line("T10", -standing.buffer);
        }
        for (rank, since) in given {
            let debt = self.given(rank, since);
            let number = self.policy.capitals[debt.capital].number;
            entry.line(debt.account(number), -debt.open);
            entry.policy.get_or_insert(debt.at);
            balance -= debt.open;
            if let Some(kg) = debt.open_kg.filter(|_| number == 1) {
                tonnes.line(debt.tonnes_account(), -kg);
                tonnes.line("T10", kg);
                tonnes.policy.get_or_insert(debt.at);
            }
            self.debts.push(debt);
        }
        entry.line("C110", -balance);
        entry.inputs = format!("situation au {}", first.pred_opt().unwrap_or(first));
        tonnes.inputs.clone_from(&entry.inputs);
        self.write(entry);
        self.write(tonnes);
    }

    /// The lots given for years that ended before the first one, oldest first.
    fn given_before(&mut self, first: NaiveDate) -> Vec<(usize, NaiveDate)> {
        let years = self.books.years();
        let since = |lot: &Lot| years.period_named(&lot.year.value).map(|days| days.last);
        let lots = self.policy.lots.iter().enumerate();
        let mut given: Vec<(usize, NaiveDate)> = lots
            .filter(|(_, lot)| lot.taken_over.as_ref().is_none_or(|day| day.value < first))
            .filter_map(|(rank, lot)| Some((rank, since(lot)?)))
            .filter(|(_, since)| *since < first)
            .collect();
        given.sort_by_key(|(_, since)| *since);
        given
    }

    /// C-OPEN and T-OPEN on the day of a merger: what another body owed, without result.
    fn take_over(&mut self, year: &FiscalYear) {
        let years = self.books.years();
        let mut taken: Vec<(NaiveDate, NaiveDate, usize)> = Vec::new();
        for (rank, lot) in self.policy.lots.iter().enumerate() {
            let since = years.period_named(&lot.year.value).map(|days| days.last);
            let day = lot.taken_over.as_ref().map(|day| day.value);
            if let Some((day, since)) = day.zip(since).filter(|(day, _)| year.period.contains(*day))
            {
                taken.push((day, since, rank));
            }
        }
        taken.sort_unstable();
        for (day, since, rank) in taken {
            let mut debt = self.given(rank, since);
            debt.birth = Birth::TakenOver;
            let number = self.policy.capitals[debt.capital].number;
            let about = format!("repris, millésime {}", debt.vintage);
            let mut entry = DerivedEntry::new(day, Rule::Open, about.clone());
            entry.line("C110", debt.open).line(debt.account(number), -debt.open);
            entry.policy = Some(debt.at);
            let mut tonnes = DerivedEntry::new(day, Rule::OpenTonnes, about);
            if let Some(kg) = debt.open_kg.filter(|_| number == 1) {
                tonnes.line("T10", kg).line(debt.tonnes_account(), -kg);
            }
            tonnes.policy = entry.policy;
            self.debts.push(debt);
            self.write(entry);
            self.write(tonnes);
        }
    }

    /// A debt of the policy.
    pub(super) fn given(&self, rank: usize, since: NaiveDate) -> Debt {
        let lot = &self.policy.lots[rank];
        let size = Size {
            kg: lot.tonnes.map(|tonnes| tonnes * Decimal::ONE_THOUSAND),
            price: lot.price,
            euros: lot.amount,
        };
        let kind = (lot.capital, lot.class);
        Debt::new(kind, (lot.year.value.clone(), since), Birth::Given, lot.at, size)
    }

    /// C-ELIM: the classic provision leaves the CARE ledger on the day it moves.
    fn eliminate(&mut self, year: &FiscalYear) {
        let facts = self.facts;
        for moved in facts.moved.iter().filter(|moved| year.period.contains(moved.date)) {
            let rule = if moved.merged { Rule::Open } else { Rule::Eliminate };
            let mut entry = DerivedEntry::new(moved.date, rule, "");
            for (number, amount) in &moved.lines {
                entry.line(number, *amount);
            }
            if moved.merged {
                let whole: Decimal = moved.lines.iter().map(|(_, amount)| *amount).sum();
                entry.line("C110", -whole);
            }
            let whole: Decimal =
                moved.lines.iter().map(|(_, amount)| *amount).filter(|a| *a > Decimal::ZERO).sum();
            entry.inputs = format!("mouvement classique de {}", euros(whole));
            entry.policy = Some(moved.policy);
            entry.sources.push(moved.at);
            self.write(entry);
        }
    }

    /// The lots that the policy gives for a year.
    pub(super) fn given_during(&self, year: &FiscalYear) -> Vec<usize> {
        let of = |lot: &Lot| self.books.years().period_named(&lot.year.value);
        let lots = self.policy.lots.iter().enumerate();
        let during = |lot: &Lot| {
            lot.taken_over.is_none() && of(lot).is_some_and(|days| year.period.contains(days.last))
        };
        lots.filter(|(_, lot)| during(lot)).map(|(rank, _)| rank).collect()
    }

    /// The open debts that fit, oldest vintage first, then in the order of the policy.
    pub(super) fn oldest(&self, fits: impl Fn(&Debt) -> bool) -> Vec<usize> {
        let mut ranks: Vec<usize> = (0..self.debts.len())
            .filter(|rank| !self.debts[*rank].is_over() && fits(&self.debts[*rank]))
            .collect();
        ranks.sort_by_key(|rank| self.debts[*rank].since);
        ranks
    }

    /// The rank of a work.
    pub(super) fn work(&self, id: &str) -> Option<usize> {
        self.works.iter().position(|work| work.id == id)
    }

    /// Keeps an entry that moves something.
    pub(super) fn write(&mut self, entry: DerivedEntry) {
        if entry.moves() {
            self.entries.push(entry);
        }
    }
}
