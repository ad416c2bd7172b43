use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::lines::{Line, MatchAsk, gathered};
use crate::book::{AccountId, Book};
use crate::measure::Sum;

/// What a letter is worth at the end of the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterState {
    /// Its lines sum to nothing, and each says since when.
    Balanced,
    /// Its lines sum to nothing, and one does not say since when (`datelet`).
    Undated,
    /// Its date is before its last line.
    DatedBefore {
        /// The date written.
        written: NaiveDate,
        /// The day of the last line.
        last: NaiveDate,
    },
    /// A line of a later year settles it, on that day.
    SettledLater(NaiveDate),
    /// It leaves something: the matching is partial.
    Partial,
    /// It leaves what the same letter of another tiers lacks.
    Astride(AccountId),
}

impl LetterState {
    /// Whether the letter does not balance, and nothing written since settles it.
    pub fn fails(self) -> bool {
        matches!(self, Self::Partial | Self::Astride(_))
    }
}

/// A letter of an account and tiers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The account with its auxiliary.
    pub account: AccountId,
    /// The letter.
    pub letter: String,
    /// The ranks of its lines.
    pub lines: Vec<usize>,
    /// What it leaves; a debit is positive.
    pub left: Sum,
    /// What it is worth.
    pub state: LetterState,
}

/// What the books say of letters beyond the year.
#[derive(Default)]
pub(super) struct Known {
    /// The letters in use, in any year.
    pub(super) used: BTreeMap<AccountId, BTreeSet<String>>,
    /// What later years add to a letter, day by day.
    later: BTreeMap<(AccountId, String), BTreeMap<NaiveDate, Sum>>,
}

impl Known {
    pub(super) fn of(ask: &MatchAsk<'_>) -> Self {
        let mut known = Self::default();
        for entry in ask.books.booked() {
            for posting in entry.postings().filter(|posting| posting.book() == Book::Financial) {
                if !ask.takes(&posting.account().number) {
                    continue;
                }
                let tags = posting.tags().chain(entry.tags());
                let Some((_, letter)) = tags.into_iter().find(|(name, _)| *name == "lettrage")
                else {
                    continue;
                };
                let id = posting.account_id();
                known.used.entry(id).or_default().insert(letter.to_owned());
                if entry.date() > ask.year.period.last {
                    let days = known.later.entry((id, letter.to_owned())).or_default();
                    *days.entry(entry.date()).or_default() += posting.number().sum();
                }
            }
        }
        known
    }
}

/// Every letter of a year on the accounts asked, by account and tiers, with the lines of each.
pub(super) fn read(ask: &MatchAsk<'_>, known: &Known) -> Vec<(AccountId, Vec<Line>, Vec<Letter>)> {
    let mut gathered = gathered(ask);
    let order = ask.books.accounts().sorted().into_iter();
    let mut all: Vec<(AccountId, Vec<Line>, Vec<Letter>)> = order
        .filter_map(|id| {
            let lines = gathered.remove(&id)?;
            let letters = grouped(id, &lines, known);
            Some((id, lines, letters))
        })
        .collect();
    let mut partial: BTreeMap<(String, Sum), Vec<AccountId>> = BTreeMap::new();
    for letter in all.iter().flat_map(|(_, _, letters)| letters) {
        if letter.state == LetterState::Partial {
            let key = (letter.letter.clone(), letter.left);
            partial.entry(key).or_default().push(letter.account);
        }
    }
    let partials = all.iter_mut().flat_map(|(_, _, letters)| letters);
    for letter in partials.filter(|letter| letter.state == LetterState::Partial) {
        let others = partial.get(&(letter.letter.clone(), -letter.left));
        let other = others.into_iter().flatten().find(|id| **id != letter.account);
        if let Some(id) = other {
            letter.state = LetterState::Astride(*id);
        }
    }
    all
}

fn grouped(account: AccountId, lines: &[Line], known: &Known) -> Vec<Letter> {
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (rank, line) in lines.iter().enumerate() {
        if !line.item.letter().is_empty() {
            groups.entry(line.item.letter()).or_default().push(rank);
        }
    }
    let letter = |(letter, ranks): (&str, Vec<usize>)| {
        let left: Sum = ranks.iter().map(|rank| lines[*rank].item.amount).sum();
        // The letter may be used again once it is settled: the first day that brings it to nothing does.
        let mut open = left;
        let settles = |(_, sum): &(&NaiveDate, &Sum)| {
            open += **sum;
            open.is_zero()
        };
        let later = known.later.get(&(account, letter.to_owned()));
        let state = match later.into_iter().flatten().find(settles) {
            _ if left.is_zero() => dated(lines, &ranks),
            Some((day, _)) => LetterState::SettledLater(*day),
            None => LetterState::Partial,
        };
        Letter { account, letter: letter.to_owned(), lines: ranks, left, state }
    };
    groups.into_iter().map(letter).collect()
}

/// Whether each line of a letter that balances says since when; what the years before left of a letter
/// comes without its date.
fn dated(lines: &[Line], ranks: &[usize]) -> LetterState {
    let own = || ranks.iter().map(|rank| &lines[*rank]);
    let dates: Vec<Option<NaiveDate>> =
        own().filter(|line| !line.carried).map(|line| line.item.lettered().parse().ok()).collect();
    if dates.iter().any(Option::is_none) {
        return LetterState::Undated;
    }
    let last = own().map(|line| line.item.booked).max();
    match (dates.into_iter().flatten().max(), last) {
        (Some(written), Some(last)) if written < last => LetterState::DatedBefore { written, last },
        _ => LetterState::Balanced,
    }
}
