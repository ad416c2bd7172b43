use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::book::{AccountId, Books, EntryRef};
use crate::ledger::{Annual, Item, is_itemised};
use crate::measure::FiscalYear;
use crate::statement::tiers::asked;

/// What a matching looks at: the lines of third parties in a year, with what opened it.
#[derive(Clone, Copy, Debug)]
pub struct MatchAsk<'a> {
    /// The books.
    pub books: &'a Books,
    /// Their ledgers, year by year.
    pub annual: &'a Annual,
    /// The fiscal year.
    pub year: &'a FiscalYear,
    /// The last day that is sealed: what is written until then never changes.
    pub sealed_until: Option<NaiveDate>,
    /// The beginning of the accounts to look at; suppliers and clients (40, 41) without it.
    pub prefix: Option<&'a str>,
}

/// Whether a letter may be written on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    /// It may.
    Free,
    /// Its entry is sealed.
    Sealed,
    /// A rule derives it.
    Derived,
    /// It was settled in part before the year.
    Begun,
    /// It has a tag `lettrage` or `datelet` already, perhaps an empty one.
    Tagged,
}

impl Hand {
    /// Why not, when it may not.
    pub fn why(self) -> &'static str {
        match self {
            Self::Free => "",
            Self::Sealed => "une ligne est scellée",
            Self::Derived => "une ligne est dérivée",
            Self::Begun => "une ligne est réglée en partie avant l’exercice",
            Self::Tagged => "une ligne a déjà une étiquette `lettrage` ou `datelet` vide",
        }
    }
}

/// A line of a third party, as a matching sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The line, or what the years before left of it.
    pub item: Item,
    /// Whether it comes from the years before, through the derived opening.
    pub carried: bool,
    /// Whether a letter may be written on it.
    pub hand: Hand,
    /// The code of its entry.
    pub code: String,
    /// Tiers and label of its entry.
    pub description: String,
    /// Whether its entry moves money: a payment, a refund.
    pub pays: bool,
    /// Whether another tiers has lines of the same document, such as a bank statement.
    pub shared: bool,
}

impl Line {
    /// The third party that its entry names, before the bar; a description without one names nobody.
    pub fn party(&self) -> Option<&str> {
        let (party, _) = self.description.split_once('|')?;
        Some(party.trim()).filter(|party| !party.is_empty())
    }
}

impl MatchAsk<'_> {
    /// Whether the accounts of that number are looked at.
    pub(super) fn takes(&self, number: &str) -> bool {
        asked(number, self.prefix) && is_itemised(number)
    }
}

/// The lines of a year by account and auxiliary, in the order of their entries.
pub(super) fn gathered(ask: &MatchAsk<'_>) -> BTreeMap<AccountId, Vec<Line>> {
    let wanted = |account: &crate::book::Account| ask.takes(&account.number);
    let found = ask.annual.lines(ask.books, ask.year.period, wanted);
    let mut tiers: BTreeMap<&str, BTreeSet<AccountId>> = BTreeMap::new();
    for item in found.values().flatten().filter(|item| !item.document().is_empty()) {
        tiers.entry(item.document()).or_default().insert(item.account);
    }
    let several = tiers.into_iter().filter(|(_, own)| own.len() > 1);
    let shared: BTreeSet<String> = several.map(|(document, _)| document.to_owned()).collect();
    let by_account = found.into_iter().map(|(id, items)| {
        let of = |item: Item| {
            let shared = shared.contains(item.document());
            Line { shared, ..line(ask, item) }
        };
        let mut lines: Vec<Line> = items.into_iter().map(of).collect();
        lines.sort_by_key(|line| (line.item.booked, line.item.at));
        (id, lines)
    });
    by_account.collect()
}

fn line(ask: &MatchAsk<'_>, item: Item) -> Line {
    let entry = ask.books.entry_at(item.at);
    Line {
        carried: item.booked < ask.year.period.first,
        hand: hand(ask, &item, entry.as_ref()),
        code: entry.map_or("", |entry| entry.code()).to_owned(),
        description: entry.map_or("", |entry| entry.description()).to_owned(),
        pays: entry.is_some_and(|entry| {
            entry.postings().any(|line| line.account().number.starts_with('5'))
        }),
        shared: false,
        item,
    }
}

fn hand(ask: &MatchAsk<'_>, item: &Item, entry: Option<&EntryRef<'_>>) -> Hand {
    let Some(entry) = entry.filter(|entry| !entry.is_derived()) else { return Hand::Derived };
    if ask.sealed_until.is_some_and(|until| entry.date() <= until) {
        return Hand::Sealed;
    }
    if item.amount != item.whole {
        return Hand::Begun;
    }
    let own = entry.posting_at(item.at);
    let tags = own.into_iter().flat_map(|posting| posting.tags()).chain(entry.tags());
    let tagged = |(name, _): (&str, &str)| matches!(name, "lettrage" | "datelet");
    if tags.into_iter().any(tagged) { Hand::Tagged } else { Hand::Free }
}
