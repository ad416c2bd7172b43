use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::items::{Item, Items, lines, open_items, received};
use super::opening::{Opening, carried, carried_name, editions, opening};
use super::posting::Ledger;
use crate::book::{Account, AccountId, Book, Books, Derivation, Deriver, Reception};
use crate::chart::Edition;
use crate::diagnostic::Finding;
use crate::measure::{FiscalYear, Period, Sum};

/// One ledger per fiscal year, from the first entry to the last entry or budget.
///
/// A year's ledger holds its own entries and its opening, so that it stands alone as the law wants.
#[derive(Clone, Debug, Default)]
pub struct Annual {
    years: Vec<(FiscalYear, Ledger)>,
    /// What each year was opened with, item by item.
    carried: Vec<Items>,
    /// The last year that has entries of its own.
    last_kept: Option<FiscalYear>,
    findings: Vec<Finding>,
}

impl Annual {
    /// Adds up each fiscal year, and derives the opening of each from the one before.
    ///
    /// The derived openings join the books as entries.
    pub fn of(books: &mut Books) -> Self {
        Self::opened(books, |_| true)
    }

    /// The same, with the openings of some years alone among the entries: a statement needs none, the
    /// grand-livre of a year its own.
    ///
    /// Balances are those of [`Annual::of`]; debits and credits of an account that is opened item by item
    /// are not, nor are the items of a year after the last one wanted known. Openings that were received
    /// are all taken.
    pub fn opened(books: &mut Books, wanted: impl Fn(&FiscalYear) -> bool) -> Self {
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
        let written: Vec<bool> =
            years.iter().map(|year| books.receives() || wanted(year)).collect();
        let last_written = written.iter().rposition(|written| *written);
        let first_kept = kept.iter().position(|kept| *kept);
        annual.last_kept = kept.iter().rposition(|kept| *kept).map(|last| years[last].clone());
        for (rank, (year, mut ledger)) in years.into_iter().zip(ledgers).enumerate() {
            let mut carried = Items::new();
            let before =
                annual.years.last().filter(|_| first_kept.is_some_and(|first| rank > first));
            // Items go from year to year up to the last that shows them.
            let open = before
                .filter(|_| last_written.is_some_and(|last| rank <= last))
                .map_or_else(Items::new, |(year, _)| annual.left(books, year));
            if !written[rank]
                && let Some((_, before)) = before
                && let Some(all) = self::carried(books, before, &year)
            {
                for one in all {
                    ledger.open(books.account(&one.name), one.book, one.amount);
                }
                carried = renamed(books, open, editions(books, &year));
            } else if let Some((before_year, before)) = before
                && let Some(opening) = opening(books, before, &open, &year)
            {
                let inputs =
                    format!("soldes de {} au {}", before_year.name, before_year.period.last);
                carried = annual.open(books, &year, &opening, open, inputs);
                let days = year.period;
                for entry in books.derived(Deriver::Opening).filter(|e| days.contains(e.date())) {
                    entry.postings().for_each(|posting| ledger.carry(&posting));
                }
            }
            ledger.settle(books);
            annual.years.push((year, ledger));
            annual.carried.push(carried);
        }
        annual.findings.extend(books.strays());
        annual
    }

    /// Adds the openings of a year to the books: those that it received when they say the same, else the
    /// derived ones; gives the items they carry.
    fn open(
        &mut self,
        books: &mut Books,
        year: &FiscalYear,
        opening: &Opening,
        open: Items,
        inputs: String,
    ) -> Items {
        let open = renamed(books, open, editions(books, year));
        let rule = format!("à-nouveaux {}", year.name);
        let by = Derivation { by: Deriver::Opening, rule, inputs, policy: None };
        if !books.receives() {
            opening.derive(books, (year, by), |_| true);
            return open;
        }
        let mut amounts: BTreeMap<AccountId, Sum> = BTreeMap::new();
        for (name, amount) in opening.classic() {
            *amounts.entry(books.account(name)).or_default() += amount;
        }
        match books.open_as_received(year, &amounts, by.clone()) {
            Reception::Taken => {
                // The CARE ledger is opened apart from the classic one.
                opening.derive(books, (year, by), |book| book != Book::Financial);
                received(books, year.period, &open)
            }
            other => {
                if let Reception::Apart(finding) = other {
                    self.findings.push(*finding);
                }
                opening.derive(books, (year, by), |_| true);
                open
            }
        }
    }

    /// What openings that were received say otherwise than the year before.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The ledger of a fiscal year.
    pub fn ledger(&self, year: &FiscalYear) -> Option<&Ledger> {
        self.years.iter().find(|(known, _)| known == year).map(|(_, ledger)| ledger)
    }

    /// Every line of a part of a fiscal year on the itemised accounts that `wanted` takes, after what the
    /// year was opened with; nothing outside the fiscal years.
    pub fn lines(&self, books: &Books, days: Period, wanted: impl Fn(&Account) -> bool) -> Items {
        let known = self.years.iter().position(|(year, _)| year.period.holds(days));
        let Some(carried) = known.and_then(|rank| self.carried.get(rank)) else {
            return Items::new();
        };
        lines(books, days, carried, |id| wanted(books.accounts().get(id)))
    }

    /// What is open on a day on the itemised accounts that `wanted` takes, by the one rule of settlement.
    pub fn open_items(
        &self,
        books: &Books,
        day: NaiveDate,
        wanted: impl Fn(&Account) -> bool,
    ) -> Items {
        let year = self.years().find(|year| year.period.contains(day));
        let Some(first) = year.map(|year| year.period.first) else { return Items::new() };
        open_items(self.lines(books, Period { first, last: day }, wanted))
    }

    /// What a year leaves open, to be carried to the next: only accounts that do not balance are looked at.
    pub fn left(&self, books: &Books, year: &FiscalYear) -> Items {
        let rank = self.years.iter().position(|(known, _)| known == year);
        let Some((ledger, carried)) =
            rank.and_then(|rank| Some((&self.years[rank].1, self.carried.get(rank)?)))
        else {
            return Items::new();
        };
        let owed = |id| !ledger.movement(id, Book::Financial).balance().is_zero();
        open_items(lines(books, year.period, carried, owed))
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

/// The items under the accounts that the new year carries them to.
fn renamed(books: &mut Books, mut items: Items, editions: (Edition, Edition)) -> Items {
    let mut carried = Items::new();
    for id in books.accounts().sorted() {
        let Some(own) = items.remove(&id) else { continue };
        let name = carried_name(books, books.accounts().get(id), editions);
        let account = books.account(&name);
        let place: &mut Vec<Item> = carried.entry(account).or_default();
        place.extend(own.into_iter().map(|mut item| {
            item.account = account;
            item
        }));
    }
    carried
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
    // A year that received its openings is a year, before anything happens in it.
    books.received_years().for_each(|year| meet(year.period.first));
    span
}
