use super::entry::InventoryEntry;
use crate::book::Books;
use crate::measure::FiscalYear;

/// The entries in the making, for some years of the books.
pub(super) struct Yielding<'a> {
    /// The books.
    pub(super) books: &'a Books,
    /// The years that have begun, in order.
    pub(super) years: &'a [FiscalYear],
    entries: Vec<InventoryEntry>,
}

impl<'a> Yielding<'a> {
    pub(super) fn new(books: &'a Books, years: &'a [FiscalYear]) -> Self {
        Self { books, years, entries: Vec::new() }
    }

    /// Adds an entry, unless it moves nothing.
    pub(super) fn add(&mut self, entry: InventoryEntry) {
        let left: rust_decimal::Decimal = entry.lines.iter().map(|line| line.amount).sum();
        assert!(left.is_zero(), "{} leaves {left}", entry.label);
        if entry.moves() {
            self.entries.push(entry);
        }
    }

    /// Takes an entry back on the first day of the year after, if that year has begun.
    pub(super) fn reverse(&mut self, entry: &InventoryEntry, year: &FiscalYear) {
        let next = self.years.iter().find(|next| next.period.first > year.period.last);
        if let Some(next) = next {
            let back = entry.reversal(next.period.first);
            self.add(back);
        }
    }

    /// The entries, in the order of days; those of one day keep the order of the registers.
    pub(super) fn entries(self) -> Vec<InventoryEntry> {
        let mut entries = self.entries;
        entries.sort_by_key(|entry| entry.date);
        entries
    }
}
