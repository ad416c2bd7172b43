use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::book::{AccountId, Book, Books, Deriver, EntryRef};
use crate::diagnostic::Span;
use crate::ledger::is_itemised;
use crate::measure::{FiscalYear, Sum};

/// What the letters of every account are worth at the closing of a year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EveryLetter {
    /// How many letters of the year sum to nothing.
    pub balanced: usize,
    /// How many sum to nothing once the lines written since are added.
    pub later: usize,
    /// Those that leave something, in the order of accounts.
    pub failing: Vec<LeavingLetter>,
}

/// A letter that leaves something at the closing, and that nothing written since settles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeavingLetter {
    /// The account with its auxiliary.
    pub account: AccountId,
    /// The letter.
    pub letter: String,
    /// What it leaves; a debit is positive.
    pub left: Sum,
    /// How many lines leave it.
    pub lines: usize,
    /// Its last line.
    pub at: Option<Span>,
    /// Another account and tiers where the same letter leaves the opposite.
    pub facing: Option<AccountId>,
}

/// What one year has of a letter.
#[derive(Default)]
struct Group {
    days: BTreeMap<NaiveDate, Sum>,
    lines: usize,
    last: Option<Span>,
}

impl Group {
    fn left(&self) -> Sum {
        self.days.values().copied().sum()
    }
}

/// A letter of an account and tiers, by the first day of each fiscal year that has lines of it.
type Years = BTreeMap<NaiveDate, Group>;

/// Each letter of each account and tiers: whether it sums to nothing at the closing of a year, or once the
/// lines written since are added.
///
/// Letters are used again from year to year: what sums to nothing within a year is one group, whatever the
/// same letter leaves in others; only what a year leaves is added up with what others leave, day by day,
/// until it is settled.
pub fn every_letter(books: &Books, year: &FiscalYear) -> EveryLetter {
    let first = year.period.first;
    let mut found = EveryLetter::default();
    for ((account, letter), years) in known(books) {
        let own = years.range(..=first).filter(|(_, group)| !group.left().is_zero());
        let (mut left, mut lines, mut at) = (Sum::ZERO, 0, None);
        for (_, group) in own {
            left += group.left();
            (lines, at) = (lines + group.lines, group.last);
            if left.is_zero() {
                lines = 0;
            }
        }
        let since = years.range(first..).filter(|(day, _)| **day != first);
        if left.is_zero() {
            found.balanced += usize::from(years.contains_key(&first));
        } else if settled(left, since.map(|(_, group)| group)) {
            found.later += 1;
        } else {
            let leaving = LeavingLetter { account, letter, left, lines, at, facing: None };
            found.failing.push(leaving);
        }
    }
    let mut facing: BTreeMap<(String, Sum), Vec<AccountId>> = BTreeMap::new();
    for one in &found.failing {
        facing.entry((one.letter.clone(), one.left)).or_default().push(one.account);
    }
    for one in &mut found.failing {
        let others = facing.get(&(one.letter.clone(), -one.left)).into_iter().flatten();
        one.facing = others.copied().find(|other| *other != one.account);
    }
    let sorted = books.accounts().sorted().into_iter().enumerate();
    let order: BTreeMap<AccountId, usize> = sorted.map(|(rank, id)| (id, rank)).collect();
    let rank = |one: &LeavingLetter| order.get(&one.account).copied();
    found.failing.sort_by(|a, b| (rank(a), &a.letter).cmp(&(rank(b), &b.letter)));
    found
}

/// Whether what later years leave of a letter brings it to nothing on some day.
fn settled<'g>(mut left: Sum, since: impl Iterator<Item = &'g Group>) -> bool {
    let leaving = since.filter(|group| !group.left().is_zero());
    leaving.flat_map(|group| group.days.values()).any(|sum| {
        left += *sum;
        left.is_zero()
    })
}

/// Every letter, on every account. The letter of an entry is that of its third parties; on another account,
/// a line has a letter when it bears it itself.
fn known(books: &Books) -> BTreeMap<(AccountId, String), Years> {
    let mut known: BTreeMap<(AccountId, String), Years> = BTreeMap::new();
    let received = books.derived(Deriver::Opening).filter(EntryRef::is_received);
    for entry in books.booked().chain(received) {
        let whole = entry.tags().find(|(name, _)| *name == "lettrage").map(|(_, letter)| letter);
        for posting in entry.postings().filter(|posting| posting.book() == Book::Financial) {
            let own = posting.tags().find(|(name, _)| *name == "lettrage");
            let whole = whole.filter(|_| is_itemised(&posting.account().number));
            let letter = own.map(|(_, letter)| letter).or(whole).unwrap_or_default();
            let Some(year) = books.years().of(entry.date()).filter(|_| !letter.is_empty()) else {
                continue;
            };
            let years = known.entry((posting.account_id(), letter.to_owned())).or_default();
            // A letter that was there before the opening speaks by its own lines.
            let before = years.range(..year.period.first).map(|(_, group)| group.left());
            if entry.is_received() && !before.sum::<Sum>().is_zero() {
                continue;
            }
            let group = years.entry(year.period.first).or_default();
            *group.days.entry(entry.date()).or_default() += posting.number().sum();
            group.lines += 1;
            group.last = Some(posting.line_span());
        }
    }
    known
}
