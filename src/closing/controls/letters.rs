use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::bench::Case;
use super::outcome::{Checked, Evidence, counted};
use crate::book::{AccountId, Book, Deriver, EntryRef};
use crate::diagnostic::Span;
use crate::ledger::is_itemised;
use crate::measure::{Sum, euros, signed_words};

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

/// W16: each letter of an account and tiers sums to nothing at the closing, or once the lines written since
/// are added; a letter that leaves something matches in part, or joins two tiers.
///
/// Every account is looked at. Letters are used again from year to year: what sums to nothing within a
/// year is one group, whatever the same letter leaves in others; only what a year leaves is added up with
/// what others leave, day by day, until it is settled.
pub(super) fn letters(case: &Case<'_>) -> Checked {
    let books = case.books();
    let first = case.period().first;
    let (mut balanced, mut later) = (0, 0);
    let mut failing: Vec<(AccountId, &str, Sum, usize, Option<Span>)> = Vec::new();
    let known = known(case);
    for ((id, letter), years) in &known {
        let mut own = years.range(..=first).filter(|(_, group)| !group.left().is_zero());
        let (mut left, mut lines, mut last) = (Sum::ZERO, 0, None);
        for (_, group) in &mut own {
            left += group.left();
            (lines, last) = (lines + group.lines, group.last);
            if left.is_zero() {
                lines = 0;
            }
        }
        let since = years.range(first..).filter(|(day, _)| **day != first);
        if left.is_zero() {
            balanced += usize::from(years.contains_key(&first));
        } else if settled(left, since.map(|(_, group)| group)) {
            later += 1;
        } else {
            failing.push((*id, letter, left, lines, last));
        }
    }
    let mut facing: BTreeMap<(&str, Sum), Vec<AccountId>> = BTreeMap::new();
    for (id, letter, left, ..) in &failing {
        facing.entry((*letter, *left)).or_default().push(*id);
    }
    let order: BTreeMap<AccountId, usize> =
        books.accounts().sorted().into_iter().enumerate().map(|(rank, id)| (id, rank)).collect();
    failing.sort_by_key(|(id, letter, ..)| (order.get(id).copied(), *letter));
    let key = |id| books.accounts().get(id).key();
    let evidence = failing.iter().map(|(id, letter, left, lines, at)| {
        let others = facing.get(&(*letter, -*left)).into_iter().flatten();
        let what = match others.copied().find(|other| other != id) {
            Some(other) => format!("la même lettre de {} le solderait", key(other)),
            None => "lettrage partiel".to_owned(),
        };
        let words = format!(
            "{}, lettre {letter} : il reste {} sur {}, {what}",
            key(*id),
            euros(left.decimal()),
            signed_words(*lines, "ligne")
        );
        Evidence { at: *at, ..Evidence::words(words) }.of(*left)
    });
    let evidence: Vec<Evidence> = evidence.collect();
    let sound = match (balanced, later) {
        (0, 0) => "aucune lettre".to_owned(),
        (_, 0) => counted(balanced, "lettre soldée", "lettres soldées"),
        _ => format!(
            "{}, {} depuis la clôture",
            counted(balanced, "lettre soldée", "lettres soldées"),
            counted(later, "soldée", "soldées")
        ),
    };
    let failed = |count| counted(count, "lettre ne se solde pas", "lettres ne se soldent pas");
    let help =
        "`compta lettrer` en donne les lignes : complétez ou retirez la lettre ; sinon justifiez";
    Checked::unless(evidence, sound, failed, help)
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
fn known(case: &Case<'_>) -> BTreeMap<(AccountId, String), Years> {
    let books = case.books();
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
