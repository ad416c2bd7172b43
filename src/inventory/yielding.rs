use super::entry::{InventoryEntry, REVERSED, Yield};
use super::history::History;
use crate::book::Books;
use crate::diagnostic::{Code, Finding};
use crate::measure::FiscalYear;

/// The entries in the making, for some years of the books.
pub(super) struct Yielding<'a> {
    /// The books.
    pub(super) books: &'a Books,
    /// The years, in order.
    pub(super) years: &'a [FiscalYear],
    /// What closed years hold.
    pub(super) history: &'a History,
    entries: Vec<InventoryEntry>,
    /// What the registers give again of closed years.
    again: Vec<InventoryEntry>,
    findings: Vec<Finding>,
}

impl<'a> Yielding<'a> {
    /// Begins with what the first open year takes back of the closed ones.
    pub(super) fn new(books: &'a Books, years: &'a [FiscalYear], history: &'a History) -> Self {
        let entries = history.reversals(years);
        Self { books, years, history, entries, again: Vec::new(), findings: Vec::new() }
    }

    /// The entries so far.
    pub(super) fn entries_so_far(&self) -> &[InventoryEntry] {
        &self.entries
    }

    /// Adds an entry, unless it moves nothing; a closed year has its own already.
    pub(super) fn add(&mut self, entry: InventoryEntry) {
        let left: rust_decimal::Decimal = entry.lines.iter().map(|line| line.amount).sum();
        assert!(left.is_zero(), "{} leaves {left}", entry.label);
        if !entry.moves() {
            return;
        }
        let closed = self.years.iter().find(|year| year.period.contains(entry.date));
        let Some(year) = closed.filter(|year| self.history.has(year)) else {
            self.entries.push(entry);
            return;
        };
        // A plan may be revised and a grant amended: what is posted stays, what is left follows.
        let given =
            matches!(entry.rule, Yield::Provision | Yield::Accrued | Yield::Cutoff | Yield::Exit);
        if given && !self.history.holds(&entry) {
            self.findings.push(changed(&entry, year));
        }
        self.again.push(entry);
    }

    /// Adds an entry that the first day of the next year takes back, if that year has begun.
    pub(super) fn add_reversed(&mut self, mut entry: InventoryEntry, year: &FiscalYear) {
        entry.tags.push((REVERSED.0, REVERSED.1.to_owned()));
        let next = self.years.iter().find(|next| next.period.first > year.period.last);
        if let Some(next) = next.filter(|_| !self.history.has(year)) {
            let back = entry.reversal(next.period.first);
            self.add(back);
        }
        self.add(entry);
    }

    /// The entries, in the order of days; those of one day keep the order of the registers.
    pub(super) fn ended(self, findings: &mut Vec<Finding>) -> Vec<InventoryEntry> {
        // One finding for a level that changed: what it was is no second fault.
        if self.findings.is_empty() {
            findings.extend(self.history.levels_lost(&self.again).into_iter().map(lost));
        }
        findings.extend(self.findings);
        let mut entries = self.entries;
        entries.sort_by_key(|entry| entry.date);
        entries
    }
}

/// A line of register that would have moved a closed year.
fn changed(entry: &InventoryEntry, year: &FiscalYear) -> Finding {
    let message = format!("l’exercice {} est clos : cette ligne n’y donne plus rien", year.name);
    Finding::new(Code::ClosedRegister, entry.policy, message)
        .label("écrite ou changée depuis la clôture")
        .help("remettez la ligne comme elle était, et passez la différence dans l’exercice ouvert")
}

/// A level of a closed year that its register no longer gives.
fn lost(entry: &InventoryEntry) -> Finding {
    let day = entry.date.format("%d/%m/%Y");
    let message = format!("un niveau clos au {day} n’est plus au registre");
    Finding::new(Code::ClosedRegister, entry.policy, message)
        .label("passée à cette clôture")
        .help("remettez ce niveau au registre : les suivants se comptent à partir de lui")
}
