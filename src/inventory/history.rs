use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::entry::{ASSET, INVENTORY, InventoryEntry, Yield};
use crate::book::{Books, Derivation, Deriver};
use crate::measure::FiscalYear;

/// The inventory of a closed year, as its journal keeps it.
#[derive(Clone, Debug)]
pub struct SealedInventory {
    /// The year.
    pub year: FiscalYear,
    /// The file, from the folder of the books.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// What closed years hold: it never moves, whatever the registers say now.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    years: Vec<FiscalYear>,
    entries: Vec<InventoryEntry>,
}

impl History {
    /// Adds the inventories of closed years to the books, and reads what later years must know of them.
    pub(super) fn of(books: &mut Books, sealed: &[SealedInventory]) -> Self {
        for one in sealed {
            let entries = one.text.split("\n\n").map(str::trim_end);
            for text in entries.filter(|text| text.starts_with(|c: char| c.is_ascii_digit())) {
                books.derive(derivation(one, text), format!("decimal-mark ,\n\n{text}\n"));
            }
        }
        let own = |code: &str| code.split('-').next() == Some(INVENTORY);
        let kept = books.entries().filter(|entry| entry.deriver() == Some(Deriver::Inventory));
        let entries = kept.filter(|entry| own(entry.code())).map(|e| InventoryEntry::sealed(&e));
        let entries = entries.collect();
        Self { years: sealed.iter().map(|one| one.year.clone()).collect(), entries }
    }

    /// Whether that year is closed.
    pub(super) fn has(&self, year: &FiscalYear) -> bool {
        self.years.contains(year)
    }

    /// What the first year after the closed ones takes back on its first day.
    pub(super) fn reversals(&self, years: &[FiscalYear]) -> Vec<InventoryEntry> {
        let Some(last) = self.years.last() else { return Vec::new() };
        let Some(next) = years.iter().find(|year| year.period.first > last.period.last) else {
            return Vec::new();
        };
        let own = self.entries.iter().filter(|entry| last.period.contains(entry.date));
        own.filter(|entry| entry.is_reversed()).map(|e| e.reversal(next.period.first)).collect()
    }

    /// What each closed year charged for an asset, by the rank of the year among those given.
    pub(super) fn charged(&self, asset: &str, years: &[FiscalYear]) -> BTreeMap<usize, Decimal> {
        let mut charged = BTreeMap::new();
        for (rank, year) in years.iter().enumerate().filter(|(_, year)| self.has(year)) {
            let own = self.entries.iter().filter(|entry| {
                let tag = entry.tags.iter().find(|(name, _)| *name == ASSET);
                year.period.contains(entry.date) && tag.is_some_and(|(_, id)| id == asset)
            });
            let lines = own.flat_map(|entry| &entry.lines);
            let sum = lines.map(|line| line.amount).filter(|amount| *amount > Decimal::ZERO).sum();
            charged.insert(rank, sum);
        }
        charged
    }

    /// What closed years gave of a grant that nobody had booked.
    pub(super) fn granted(&self, convention: &str) -> Decimal {
        let own = self.entries.iter().filter(|entry| entry.rule == Yield::Receivable);
        let lines = own.flat_map(|entry| &entry.lines).filter(|line| {
            let tags = line.tags.iter();
            let mut named = tags.filter(|(name, id)| *name == "convention" && id == convention);
            line.number.starts_with('4') && named.next().is_some()
        });
        lines.map(|line| line.amount).sum()
    }

    /// The entries of levels (provisions, debts) that no register gives any more, where they leave
    /// something on their account: a later level would be counted from another one.
    pub(super) fn levels_lost(&self, given: &[InventoryEntry]) -> Vec<&InventoryEntry> {
        let level = |one: &&InventoryEntry| matches!(one.rule, Yield::Provision | Yield::Accrued);
        let lost = self.entries.iter().filter(level);
        let lost = lost.filter(|one| !given.iter().any(|known| known.moved() == one.moved()));
        let mut left: BTreeMap<&str, Decimal> = BTreeMap::new();
        let mut first: BTreeMap<&str, &InventoryEntry> = BTreeMap::new();
        for entry in lost {
            for line in entry.lines.iter().filter(|line| !line.number.starts_with(['6', '7'])) {
                *left.entry(&line.number).or_default() += line.amount;
                first.entry(&line.number).or_insert(entry);
            }
        }
        let first = first.into_iter().filter(|(number, _)| !left[number].is_zero());
        first.map(|(_, entry)| entry).collect()
    }

    /// Whether a closed year holds an entry that says and moves the same.
    pub(super) fn holds(&self, entry: &InventoryEntry) -> bool {
        self.entries.iter().any(|known| known.moved() == entry.moved())
    }
}

/// How a sealed entry came to be, as its first comment says: the rule, then its inputs.
fn derivation(one: &SealedInventory, text: &str) -> Derivation {
    let comment = text.lines().nth(1).and_then(|line| line.trim_start().strip_prefix("; "));
    let (rule, inputs) =
        comment.and_then(|said| said.split_once(" = ")).unwrap_or(("inventaire", ""));
    Derivation {
        by: Deriver::Inventory,
        rule: format!("{rule} {}", one.year.name),
        inputs: inputs.to_owned(),
        policy: None,
    }
}
