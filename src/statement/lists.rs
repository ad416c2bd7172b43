//! The lists of an audit: balance générale, journal, grand-livre.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::book::{Book, Books, EntryRef};
use crate::chart::Edition;
use crate::diagnostic::{Place, Span};
use crate::ledger::{Ledger, View};
use crate::measure::{Sum, Unit};

/// One account of a balance: debits, credits and balance in one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalanceLine {
    /// `401`, `401:SNCF`, or an activity's identity.
    pub account: String,
    /// The label of the number; empty for an activity.
    pub label: String,
    /// The unit.
    pub unit: Unit,
    /// The sum of debits.
    pub debit: Sum,
    /// The sum of credits, as a positive amount.
    pub credit: Sum,
}

impl BalanceLine {
    /// Debits less credits.
    pub fn balance(&self) -> Sum {
        self.debit - self.credit
    }
}

/// The balance générale: every account and unit that has a posting, in the order of accounts.
///
/// Labels are those of the edition. The CARE view adds the bracketed postings, the tonnes and the activities.
pub fn balance(books: &Books, ledger: &Ledger, view: View, edition: Edition) -> Vec<BalanceLine> {
    let mut lines = Vec::new();
    for id in books.accounts().sorted() {
        let account = books.accounts().get(id);
        let tonnes = ledger.movement(id, Book::Tonnes);
        let (unit, movement) = match account.activity {
            Some(unit) => (unit, ledger.movement(id, Book::Activity)),
            None if tonnes.posted => (Unit::KG_CO2E, tonnes),
            None => (Unit::EURO, ledger.seen(id, view)),
        };
        let hidden = view == View::Classic && (account.is_activity() || tonnes.posted);
        if !movement.posted || hidden {
            continue;
        }
        lines.push(BalanceLine {
            account: account.key(),
            label: books.accounts().label_of(id, edition).to_owned(),
            unit,
            debit: movement.debit,
            credit: movement.credit,
        });
    }
    lines
}

/// The balance générale beside that of the year before: the accounts of either, each with its balance at
/// the closing before when there was one.
pub fn balance_beside(
    books: &Books,
    (ledger, before): (&Ledger, Option<&Ledger>),
    view: View,
    edition: Edition,
) -> Vec<(BalanceLine, Option<Sum>)> {
    let own = balance(books, ledger, view, edition);
    let Some(before) = before else { return own.into_iter().map(|line| (line, None)).collect() };
    let key = |line: &BalanceLine| (line.account.clone(), line.unit);
    let mut earlier: BTreeMap<(String, Unit), BalanceLine> =
        balance(books, before, view, edition).into_iter().map(|line| (key(&line), line)).collect();
    let mut beside: Vec<(BalanceLine, Option<Sum>)> = own
        .into_iter()
        .map(|line| {
            let known = earlier.remove(&key(&line)).map(|known| known.balance());
            (line, Some(known.unwrap_or_default()))
        })
        .collect();
    for line in earlier.into_values() {
        let closed = line.balance();
        beside.push((BalanceLine { debit: Sum::ZERO, credit: Sum::ZERO, ..line }, Some(closed)));
    }
    let sorted = books.accounts().sorted().into_iter();
    let ranks: BTreeMap<String, usize> =
        sorted.enumerate().map(|(rank, id)| (books.accounts().get(id).key(), rank)).collect();
    beside.sort_by_key(|(line, _)| (ranks.get(&line.account).copied(), line.unit));
    beside
}

/// An account of the chart of the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartLine {
    /// The number.
    pub number: String,
    /// Its label in the edition.
    pub label: String,
    /// The tiers; empty for the account itself.
    pub auxiliary: String,
    /// The identity of the tiers (tag `aux`).
    pub code: String,
    /// Whether an `account` line declares it; else the official chart knows it.
    pub declared: bool,
}

/// The accounts that the books use, with their tiers, in the order of accounts.
pub fn chart(books: &Books, edition: Edition) -> Vec<ChartLine> {
    let accounts = books.accounts();
    let known = accounts.sorted().into_iter().filter(|id| !accounts.get(*id).is_activity());
    known
        .map(|id| {
            let account = accounts.get(id);
            ChartLine {
                number: account.number.clone(),
                label: accounts.label_of(id, edition).to_owned(),
                auxiliary: account.auxiliary.clone().unwrap_or_default(),
                code: accounts.auxiliary_code(account).unwrap_or_default().to_owned(),
                declared: accounts.is_declared(&account.number),
            }
        })
        .collect()
}

/// One line of an entry in a list.
#[derive(Clone, Debug)]
pub struct EntryLine {
    /// The day of the entry.
    pub date: NaiveDate,
    /// The day of its document.
    pub document_date: Option<NaiveDate>,
    /// The entry's code.
    pub code: String,
    /// Tiers and label.
    pub description: String,
    /// The account as lists name it.
    pub account: String,
    /// The label of the account's number; empty for an activity.
    pub label: String,
    /// The amount; a debit is positive.
    pub amount: Sum,
    /// Its unit.
    pub unit: Unit,
    /// Its book.
    pub book: Book,
    /// The document.
    pub piece: String,
    /// The letter that matches it with others.
    pub lettrage: String,
    /// The programme.
    pub programme: String,
    /// File and line, or the rule that derived it.
    pub place: Place,
    /// The bytes of the line: derived sources may share a name.
    pub at: Span,
    /// `écrite`, or the rule and its inputs.
    pub origin: String,
    /// Whether a rule derived it: no file has it.
    pub derived: bool,
    /// Whether its entry opens a year (à-nouveaux).
    pub opens: bool,
    /// The rank of the entry: lines of one entry share it.
    pub entry: usize,
    /// The running balance of the account, in a grand-livre.
    pub running: Sum,
}

/// The journal: every line of the entries given, in the order of dates.
///
/// `journal` keeps one journal code only.
pub fn journal<'b>(
    entries: impl Iterator<Item = EntryRef<'b>>,
    view: View,
    journal: Option<&str>,
) -> Vec<EntryLine> {
    let sorted = in_order(entries, journal);
    sorted.into_iter().enumerate().flat_map(|(rank, entry)| lines(entry, rank, view)).collect()
}

/// The same entries as a journal that stands alone: the declarations they need, what was written as it
/// is, what a rule derived as the rule wrote it, under a comment that says its origin.
pub fn as_journal<'b>(
    books: &Books,
    entries: impl Iterator<Item = EntryRef<'b>>,
    journal: Option<&str>,
) -> String {
    let entries = in_order(entries, journal);
    let mut declared = BTreeSet::new();
    for posting in entries.iter().flat_map(EntryRef::postings) {
        let account = posting.account();
        if books.accounts().is_declared(&account.number) {
            declared.insert(format!("account {}\n", account.written()));
        }
    }
    let mut text = "decimal-mark ,\n\n".to_owned();
    text.extend(declared);
    for entry in entries {
        text.push('\n');
        if entry.is_derived() {
            text.push_str(&format!("; {}\n", entry.origin()));
        }
        text.push_str(entry.text().trim_end());
        text.push('\n');
    }
    text
}

/// Entries by date; those of one day keep the order of the text, the opening first.
fn in_order<'b>(
    entries: impl Iterator<Item = EntryRef<'b>>,
    journal: Option<&str>,
) -> Vec<EntryRef<'b>> {
    let of_journal = |entry: &EntryRef<'b>| {
        journal.is_none_or(|code| entry.code().split('-').next() == Some(code))
    };
    let mut sorted: Vec<EntryRef<'b>> = entries.filter(of_journal).collect();
    sorted.sort_by_key(|entry| (entry.date(), !entry.opens()));
    sorted
}

pub(super) fn lines(entry: EntryRef<'_>, rank: usize, view: View) -> Vec<EntryLine> {
    let tag = |name: &str| {
        let found = entry.tags().find(|(known, _)| *known == name);
        found.map_or("", |(_, value)| value)
    };
    let (piece, programme) = (tag("piece"), tag("programme"));
    let (code, description) = (entry.code(), entry.description());
    let edition = entry.edition();
    let line = |posting: crate::book::PostingRef<'_>| {
        let own = |name: &str, usual: &str| {
            let found = posting.tags().find(|(known, _)| *known == name);
            found.map_or(usual.to_owned(), |(_, value)| value.to_owned())
        };
        EntryLine {
            date: entry.date(),
            document_date: entry.secondary(),
            code: code.to_owned(),
            description: description.to_owned(),
            account: posting.account().key(),
            label: posting.label(edition).to_owned(),
            amount: posting.number().sum(),
            unit: posting.unit(),
            book: posting.book(),
            piece: own("piece", piece),
            lettrage: own("lettrage", ""),
            programme: own("programme", programme),
            place: posting.place(),
            at: posting.span(),
            origin: entry.origin().to_string(),
            derived: entry.is_derived(),
            opens: entry.opens(),
            entry: rank,
            running: Sum::ZERO,
        }
    };
    entry.postings().filter(|posting| view.shows(posting.book())).map(line).collect()
}

/// The grand-livre: the same lines by account, with the running balance of each account and unit.
///
/// `account` keeps the accounts whose key begins so; `from` replaces the lines before that day by one
/// line for each account, the balance that they left (solde antérieur).
pub fn grand_livre(
    mut lines: Vec<EntryLine>,
    account: Option<&str>,
    from: Option<NaiveDate>,
) -> Vec<EntryLine> {
    lines.retain(|line| account.is_none_or(|prefix| line.account.starts_with(prefix)));
    lines.sort_by(|a, b| order(a).cmp(&order(b)));
    let mut kept: Vec<EntryLine> = Vec::with_capacity(lines.len());
    let mut running = Sum::ZERO;
    let mut current: Option<(String, Unit)> = None;
    let mut before: Option<EntryLine> = None;
    for mut line in lines {
        let here = (line.account.clone(), line.unit);
        if current.as_ref() != Some(&here) {
            running = Sum::ZERO;
            before = None;
            current = Some(here);
        }
        running += line.amount;
        line.running = running;
        match from {
            Some(day) if line.date < day => before = Some(earlier(&line, day)),
            _ => {
                kept.extend(before.take().filter(|line| !line.running.is_zero()));
                kept.push(line);
            }
        }
    }
    kept
}

fn order(line: &EntryLine) -> (bool, &str, Unit, usize) {
    (line.book == Book::Activity, &line.account, line.unit, line.entry)
}

/// The line that stands for everything before a day.
fn earlier(last: &EntryLine, day: NaiveDate) -> EntryLine {
    EntryLine {
        date: day,
        document_date: None,
        code: String::new(),
        description: "Solde antérieur".to_owned(),
        amount: last.running,
        piece: String::new(),
        lettrage: String::new(),
        programme: String::new(),
        place: Place { source: String::new(), line: 0, column: 0 },
        origin: "dérivée : solde antérieur (lignes avant la période)".to_owned(),
        derived: true,
        ..last.clone()
    }
}
