use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::form::Column;
use super::table::{Ask, Statement};
use crate::book::{AccountId, Book, Books, EntryRef, Origin, PostingRef};
use crate::diagnostic::Place;
use crate::ledger::{Ledger, View};
use crate::measure::{FiscalYear, Sum};

/// One entry line behind a figure.
#[derive(Clone, Debug)]
pub struct TraceLine {
    /// The account, as lists name it.
    pub account: String,
    /// The day of the entry.
    pub date: NaiveDate,
    /// The entry's code.
    pub code: String,
    /// The entry's description.
    pub description: String,
    /// The document (tag `piece` of the line, else of the entry).
    pub piece: String,
    /// The amount with the sign of the row.
    pub amount: Decimal,
    /// File and line, or the rule that derived it.
    pub place: Place,
}

/// Where a figure comes from.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The row's key.
    pub key: String,
    /// The row's label.
    pub label: String,
    /// The column looked at.
    pub column: Column,
    /// The figure, exact.
    pub exact: Decimal,
    /// The figure, as shown.
    pub shown: Decimal,
    /// The rows it sums, with their exact figures, when it is a sum.
    pub parts: Vec<(String, String, Decimal)>,
    /// The accounts, with what each gives.
    pub accounts: Vec<(String, String, Decimal)>,
    /// The entries, by account and date.
    pub lines: Vec<TraceLine>,
}

/// Follows a cell to its accounts and entries; `key` may end with a column: `…creances_clients.brut`.
///
/// `None` when the statement has no such row or column.
pub fn trace(ask: Ask<'_>, made: &Statement, key: &str) -> Option<Trace> {
    let (key, wanted) = match made.row(key) {
        Some(_) => (key, None),
        None => key.rsplit_once('.').map(|(row, column)| (row, Some(column)))?,
    };
    let (section, row) = made.row(key)?;
    let usual = [Column::Net, Column::N];
    let column = match wanted {
        Some(name) => section.columns.iter().copied().find(|column| column.key() == name)?,
        None => section.columns.iter().copied().find(|column| usual.contains(column))?,
    };
    let at = section.columns.iter().position(|known| *known == column)?;
    let figure = row.cells.get(at).copied().flatten()?;
    let fed: Vec<(AccountId, Sum)> = row
        .fed
        .iter()
        .filter(|part| part.column == column)
        .map(|part| (part.account, part.amount))
        .collect();
    let accounts = ask.books.accounts();
    let named = |(id, amount): &(AccountId, Sum)| {
        let account = accounts.get(*id);
        (account.key(), account.title().to_owned(), amount.decimal())
    };
    let parts = row
        .parts
        .iter()
        .filter_map(|part| {
            let (section, row) = made.row(&part.key)?;
            let at = section.columns.iter().position(|known| *known == column)?;
            let exact = row.cells.get(at).copied().flatten()?.exact;
            (!exact.is_zero()).then(|| (row.key.clone(), row.label.clone(), exact))
        })
        .collect();
    Some(Trace {
        key: row.key.clone(),
        label: row.label.clone(),
        column,
        exact: figure.exact,
        shown: figure.shown,
        parts,
        accounts: fed.iter().map(named).collect(),
        lines: lines(ask, made, column, &fed),
    })
}

/// Where a line comes from: its file and line, or the line of policy that a rule derived it from.
fn place(entry: &EntryRef<'_>, posting: &PostingRef<'_>, books: &Books) -> Place {
    match entry.origin() {
        Origin::Derived(by) => {
            by.policy.map_or_else(|| posting.place(), |at| books.sources().place(at))
        }
        Origin::Written => posting.place(),
    }
}

/// The entries of the accounts behind a cell, in the year and the ledger of its column.
fn lines(
    ask: Ask<'_>,
    made: &Statement,
    column: Column,
    fed: &[(AccountId, Sum)],
) -> Vec<TraceLine> {
    let year: Option<&FiscalYear> = match column {
        Column::NetN1 | Column::N1 => made.before.as_ref(),
        Column::Bp => made.budget.as_ref(),
        _ => Some(&made.year),
    };
    let Some(year) = year else { return Vec::new() };
    let view = if column == Column::Care { View::Care } else { ask.view };
    let entries: Vec<EntryRef<'_>> = if column == Column::Bp {
        ask.books.planned().filter(|entry| year.period.contains(entry.date())).collect()
    } else {
        ask.books.entries().filter(|entry| year.period.contains(entry.date())).collect()
    };
    let planned;
    let ledger = if column == Column::Bp {
        planned = Ledger::planned(ask.books, year.period);
        &planned
    } else if let Some(ledger) = ask.annual.ledger(year) {
        ledger
    } else {
        return Vec::new();
    };
    // An account of book C shows its CARE balance whatever the view; a row shows a balance or its
    // opposite, and so do the lines below it.
    let shown = |id: AccountId| {
        let care = ask.books.accounts().get(id).number.starts_with('C');
        if care { View::Care } else { view }
    };
    let behind: Vec<(AccountId, View, bool)> = fed
        .iter()
        .map(|(id, given)| (*id, shown(*id), ledger.balance(*id, shown(*id)) != *given))
        .collect();
    let mut lines = Vec::new();
    for entry in entries {
        for posting in entry.postings() {
            let found = behind.iter().enumerate().find(|(_, (id, ..))| *id == posting.account_id());
            let Some((rank, (_, view, opposite))) = found else {
                continue;
            };
            let in_euros = matches!(posting.book(), Book::Financial | Book::Care);
            if !in_euros || !view.shows(posting.book()) {
                continue;
            }
            let amount = posting.number().sum();
            let amount = if *opposite { -amount } else { amount };
            let piece = posting.tags().chain(entry.tags()).find(|(name, _)| *name == "piece");
            let line = TraceLine {
                account: posting.account().key(),
                date: entry.date(),
                code: entry.code().to_owned(),
                description: entry.description().to_owned(),
                piece: piece.map_or_else(String::new, |(_, value)| value.to_owned()),
                amount: amount.decimal(),
                place: place(&entry, &posting, ask.books),
            };
            lines.push((rank, line));
        }
    }
    lines.sort_by_key(|(rank, line)| (*rank, line.date));
    lines.into_iter().map(|(_, line)| line).collect()
}
