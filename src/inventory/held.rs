use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::entry::InventoryEntry;
use crate::book::{Book, Books};
use crate::register::{Convention, Conventions};

/// A line of book F that bears a convention.
#[derive(Clone, Debug)]
struct Line {
    date: NaiveDate,
    number: String,
    amount: Decimal,
}

/// What is booked of each convention, by its rank: what is written, and what closed years hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Held {
    lines: BTreeMap<usize, Vec<Line>>,
}

impl Held {
    /// Reads the tag `convention` of every line, a line's own winning over its entry's; `back` takes
    /// back what the last closed year left.
    pub(super) fn of(books: &Books, register: &Conventions, back: &[InventoryEntry]) -> Self {
        let mut held = Self::default();
        for entry in back {
            for line in &entry.lines {
                let tag = line.tags.iter().find(|(name, _)| *name == "convention");
                let Some(rank) = tag.and_then(|(_, id)| register.rank(id)) else { continue };
                let (date, number, amount) = (entry.date, line.number.clone(), line.amount);
                held.lines.entry(rank).or_default().push(Line { date, number, amount });
            }
        }
        for entry in books.booked() {
            let tag = |name: &str, value| (name == "convention").then_some(value);
            let whole = entry.tags().filter_map(|(name, value)| tag(name, value)).last();
            for posting in entry.postings().filter(|line| line.book() == Book::Financial) {
                let own = posting.tags().filter_map(|(name, value)| tag(name, value)).last();
                let Some(rank) = own.or(whole).and_then(|id| register.rank(id)) else { continue };
                held.lines.entry(rank).or_default().push(Line {
                    date: entry.date(),
                    number: posting.account().number.clone(),
                    amount: posting.number().decimal(),
                });
            }
        }
        held
    }

    /// Debits less credits of the lines up to a day whose account fits.
    fn debit(&self, rank: usize, until: NaiveDate, fits: impl Fn(&str) -> bool) -> Decimal {
        let lines = self.lines.get(&rank).map_or(&[][..], Vec::as_slice);
        let own = lines.iter().filter(|line| line.date <= until && fits(&line.number));
        own.map(|line| line.amount).sum()
    }

    /// What was recognised, now or for later: products and 487.
    pub(super) fn recognised(&self, known: &Convention, rank: usize, until: NaiveDate) -> Decimal {
        -self.debit(rank, until, |number| known.recognises(number) || number.starts_with("487"))
    }

    /// What waits in 487.
    pub(super) fn deferred(&self, rank: usize, until: NaiveDate) -> Decimal {
        -self.debit(rank, until, |number| number.starts_with("487"))
    }

    /// What was spent.
    pub(super) fn spent(&self, rank: usize, until: NaiveDate) -> Decimal {
        self.debit(rank, until, |number| number.starts_with('6') && !number.starts_with("689"))
    }

    /// What stands in dedicated funds.
    pub(super) fn dedicated(&self, rank: usize, until: NaiveDate) -> Decimal {
        -self.debit(rank, until, |number| number.starts_with("19"))
    }
}
