use super::opening::opening;
use super::posting::Ledger;
use crate::book::{AccountId, Books, Derivation, Deriver, EntryRef};
use crate::measure::{FiscalYear, Period, Sum};

/// One ledger per fiscal year, from the first entry to the last entry or budget.
///
/// A year's ledger holds its own entries and its opening, so that it stands alone as the law wants.
#[derive(Clone, Debug, Default)]
pub struct Annual {
    years: Vec<(FiscalYear, Ledger)>,
    /// The last year that has entries of its own.
    last_kept: Option<FiscalYear>,
}

impl Annual {
    /// Adds up each fiscal year, and derives the opening of each from the one before.
    ///
    /// The derived openings join the books as entries.
    pub fn of(books: &mut Books) -> Self {
        let Some(span) = days(books) else {
            return Self::default();
        };
        let years = books.years().within(span);
        if years.is_empty() {
            return Self::default();
        }
        let mut ledgers: Vec<Ledger> = years.iter().map(|_| Ledger::default()).collect();
        let mut kept = vec![false; years.len()];
        let mut recent = 0;
        books.visit(|date, _, postings| {
            if !years[recent].period.contains(date) {
                let after = years.partition_point(|year| year.period.first <= date);
                recent = after.saturating_sub(1);
            }
            if years[recent].period.contains(date) {
                kept[recent] = true;
                ledgers[recent].post(postings);
            }
        });
        let mut annual = Self::default();
        let first_kept = kept.iter().position(|kept| *kept);
        annual.last_kept = kept.iter().rposition(|kept| *kept).map(|last| years[last].clone());
        for (rank, (year, mut ledger)) in years.into_iter().zip(ledgers).enumerate() {
            if first_kept.is_some_and(|first| rank > first)
                && let Some((before_year, before)) = annual.years.last()
                && let Some(text) = opening(books, (before_year, before), &year)
            {
                let last = before_year.period.last;
                let inputs = format!("soldes de {} au {last}", before_year.name);
                let rule = format!("à-nouveaux {}", year.name);
                books.derive(Derivation { by: Deriver::Opening, rule, inputs, policy: None }, text);
                let derived = books.entries().last();
                for posting in derived.iter().flat_map(EntryRef::postings) {
                    ledger.carry(&posting);
                }
            }
            ledger.settle(books);
            annual.years.push((year, ledger));
        }
        annual
    }

    /// The ledger of a fiscal year.
    pub fn ledger(&self, year: &FiscalYear) -> Option<&Ledger> {
        self.years.iter().find(|(known, _)| known == year).map(|(_, ledger)| ledger)
    }

    /// Adds to a year what a presentation moves, without any entry; the parts sum to nothing.
    pub fn present(&mut self, year: &FiscalYear, books: &Books, moved: &[(AccountId, Sum)]) {
        if let Some((_, ledger)) = self.years.iter_mut().find(|(known, _)| known == year) {
            for (account, amount) in moved {
                ledger.adjust(*account, *amount);
            }
            ledger.settle(books);
        }
    }

    /// The last fiscal year that has entries of its own.
    pub fn last(&self) -> Option<&FiscalYear> {
        self.last_kept.as_ref()
    }

    /// The fiscal years, in order.
    pub fn years(&self) -> impl Iterator<Item = &FiscalYear> {
        self.years.iter().map(|(year, _)| year)
    }
}

/// From the first entry to the last entry or budget.
fn days(books: &Books) -> Option<Period> {
    let mut span: Option<Period> = None;
    let mut meet = |date| {
        span = Some(match span {
            None => Period { first: date, last: date },
            Some(known) => Period { first: known.first.min(date), last: known.last.max(date) },
        });
    };
    books.visit(|date, _, _| meet(date));
    books.planned().for_each(|entry| meet(entry.date()));
    span
}
