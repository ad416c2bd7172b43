use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::meeting::Meeting;
use super::movements::{Moved, columns};
use super::table::{Cell, Row, Table, slug};
use crate::book::{AccountId, Book, EntryRef, PostingRef};
use crate::measure::Sum;
use crate::register::{Conventions, Programmes};
use crate::statement::Genre;

/// What dedicated funds are for: the convention of a line, else its programme, else its account.
///
/// Registers give the order; what they do not know comes after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Project<'b> {
    Convention(usize, &'b str),
    Programme(usize, &'b str),
    Account(&'b str, AccountId),
}

/// The dedicated funds from opening to closing, one row a project (ANC 2018-06 art. 431-6).
pub fn dedicated(meeting: &Meeting<'_>) -> Option<Table> {
    let year = meeting.year.period;
    let mut projects: BTreeMap<Project<'_>, BTreeMap<AccountId, Moved>> = BTreeMap::new();
    for entry in meeting.books.booked().filter(|entry| entry.date() <= year.last) {
        let opening = entry.date() < year.first || entry.opens();
        let (reported, used) = (touches(&entry, "689"), touches(&entry, "789"));
        for posting in entry.postings().filter(|posting| is_dedicated(posting)) {
            let project = projects.entry(project(meeting, &entry, &posting)).or_default();
            let moved = project.entry(posting.account_id()).or_default();
            let amount = -posting.number().sum();
            moved.closing += amount;
            match (opening, reported, used) {
                (true, ..) => moved.opening += amount,
                // An entry that undoes a report takes it back; it uses nothing.
                (false, true, false) => moved.up += amount,
                (false, false, true) => moved.down -= amount,
                _ if amount.is_negative() => moved.down -= amount,
                _ => moved.up += amount,
            }
        }
    }
    projects.retain(|_, accounts| !whole(accounts).is_nil());
    if projects.is_empty() {
        return None;
    }
    let mut total = Moved::default();
    let mut rows = Vec::new();
    for (project, accounts) in projects {
        let moved = whole(&accounts);
        total.add(moved);
        let (key, label) = named(meeting, project);
        let row = Row::line(format!("annexe.fonds_dedies.{key}"), label, moved.cells());
        rows.push(row.given(given(meeting, &accounts)));
    }
    rows.push(Row::line("annexe.fonds_dedies.total", "Total", total.cells()).of(Genre::Total));
    Some(Table {
        name: "fonds_dedies".to_owned(),
        title: "Fonds dédiés, par projet".to_owned(),
        columns: columns(["Reports (689)", "Utilisations (789)"]),
        rows,
        ..Table::default()
    })
}

/// What all accounts of a project moved.
fn whole(accounts: &BTreeMap<AccountId, Moved>) -> Moved {
    let mut whole = Moved::default();
    for moved in accounts.values() {
        whole.add(*moved);
    }
    whole
}

/// What each account gives to the figures of a project.
fn given(
    meeting: &Meeting<'_>,
    accounts: &BTreeMap<AccountId, Moved>,
) -> Vec<Vec<(String, Decimal)>> {
    let figures: [fn(&Moved) -> Sum; 4] =
        [|one| one.opening, |one| one.up, |one| one.down, |one| one.closing];
    let of = |figure: fn(&Moved) -> Sum| {
        let all = accounts.iter().map(|(id, one)| (*id, figure(one).decimal()));
        let own = all.filter(|(_, amount)| !amount.is_zero());
        own.map(|(id, amount)| (meeting.books.accounts().get(id).key(), amount)).collect()
    };
    figures.map(of).to_vec()
}

/// Whether a project used more than it had: an opening or a use does not name it.
pub(super) fn is_overdrawn(table: &Table) -> bool {
    let closing = |row: &Row| row.cells.last().and_then(Cell::exact);
    table.rows.iter().filter_map(closing).any(|closing| closing < Decimal::ZERO)
}

fn is_dedicated(posting: &PostingRef<'_>) -> bool {
    posting.book() == Book::Financial && posting.account().number.starts_with("19")
}

fn touches(entry: &EntryRef<'_>, prefix: &str) -> bool {
    entry.postings().any(|posting| {
        posting.book() == Book::Financial && posting.account().number.starts_with(prefix)
    })
}

/// The project of a line: its own tags win over its entry's, and a convention over a programme.
fn project<'b>(
    meeting: &Meeting<'b>,
    entry: &EntryRef<'b>,
    posting: &PostingRef<'b>,
) -> Project<'b> {
    let tag = |name: &str| {
        let of =
            |(key, value): (&str, &'b str)| (key == name && !value.is_empty()).then_some(value);
        let own = posting.tags().filter_map(of).last();
        own.or_else(|| entry.tags().filter_map(of).last())
    };
    let registers = meeting.registers;
    if let Some(id) = tag("convention") {
        let rank = registers.conventions.as_ref().and_then(|known: &Conventions| known.rank(id));
        return Project::Convention(rank.unwrap_or(usize::MAX), id);
    }
    if let Some(code) = tag("programme") {
        let rank = registers.programmes.as_ref().and_then(|known: &Programmes| known.rank(code));
        return Project::Programme(rank.unwrap_or(usize::MAX), code);
    }
    Project::Account(&posting.account().number, posting.account_id())
}

/// The key and the label of a project.
fn named(meeting: &Meeting<'_>, project: Project<'_>) -> (String, String) {
    match project {
        Project::Convention(rank, id) => {
            let known = meeting.registers.conventions.as_ref().and_then(|all| all.list.get(rank));
            let label = known.map(|known| format!("{} ({id})", known.partner));
            (slug(id), label.unwrap_or_else(|| id.to_owned()))
        }
        Project::Programme(rank, code) => {
            let known = meeting.registers.programmes.as_ref().and_then(|all| all.list.get(rank));
            let label = known.map_or(code, |known| known.name.as_str());
            (format!("programme_{}", slug(code)), format!("Programme {label}"))
        }
        Project::Account(number, id) => {
            let accounts = meeting.books.accounts();
            let account = accounts.get(id);
            let edition = meeting.books.edition(meeting.year.period.first);
            let label = accounts.label_of(id, edition);
            let auxiliary =
                account.auxiliary.as_ref().map_or_else(String::new, |a| format!(" – {a}"));
            (slug(&account.key()), format!("{number} {label}{auxiliary}, sans projet"))
        }
    }
}
