use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::totals::totals;
use super::{LedgerAccount, Page};
use crate::render::document::{Cell, Row, Table};

/// Where the accounts of each figure stand in the page.
#[derive(Debug, Default)]
pub(super) struct Links {
    accounts: BTreeMap<String, usize>,
    /// What the foot of each account shows.
    balances: Vec<Option<Vec<Decimal>>>,
    /// Several accounts behind one figure, in the order in which they are met.
    pub(super) sets: Vec<Set>,
    known: BTreeMap<Parts, usize>,
}

/// Accounts by rank, each with what it gives to the figure when the figure says so.
type Parts = Vec<(usize, Option<Decimal>)>;

/// Several accounts behind one figure.
#[derive(Debug)]
pub(super) struct Set {
    /// The accounts, in the order of the page.
    pub(super) parts: Parts,
    /// The labels of the rows that lead here.
    pub(super) rows: Vec<String>,
}

impl Links {
    pub(super) fn of(page: &Page<'_>) -> Self {
        let ranked = page.ledger.iter().enumerate();
        let accounts = ranked.map(|(rank, account)| (account.key.clone(), rank)).collect();
        let balances = page.ledger.iter().map(balances).collect();
        let mut links = Self { accounts, balances, ..Self::default() };
        let linked = page.documents.iter().filter(|shown| shown.linked);
        let tables = linked.flat_map(|shown| &shown.document.tables);
        for (table, row) in tables.flat_map(|table| table.rows.iter().map(move |row| (table, row)))
        {
            for cell in 0..row.cells.len() {
                links.meet(links.parts(table, row, cell), row);
            }
        }
        links
    }

    fn meet(&mut self, parts: Parts, row: &Row) {
        if parts.is_empty() || self.alone(&parts).is_some() {
            return;
        }
        let label = row.cells.first().map_or_else(String::new, Cell::words);
        let next = self.sets.len();
        let rank = *self.known.entry(parts.clone()).or_insert(next);
        if rank == next {
            self.sets.push(Set { parts, rows: Vec::new() });
        }
        let rows = &mut self.sets[rank].rows;
        if !rows.contains(&label) {
            rows.push(label);
        }
    }

    fn parts(&self, table: &Table, row: &Row, cell: usize) -> Parts {
        let behind = table.behind(row, cell);
        let rank = |key: &String| self.accounts.get(key).copied();
        // Where one part of a figure has no entries here, the others do not make it.
        if behind.iter().any(|(key, given)| given.is_some() && rank(key).is_none()) {
            return Parts::new();
        }
        let known = |(key, given): (String, Option<Decimal>)| Some((rank(&key)?, given));
        let mut parts: Parts = behind.into_iter().filter_map(known).collect();
        parts.sort_unstable();
        parts.dedup();
        parts
    }

    /// Where a figure leads: its account, or the list of them.
    pub(super) fn target(&self, table: &Table, row: &Row, cell: usize) -> Option<String> {
        let parts = self.parts(table, row, cell);
        match self.alone(&parts) {
            Some(only) => Some(format!("#c{only}")),
            None => self.known.get(&parts).map(|rank| format!("#g{rank}")),
        }
    }

    /// The one account behind a figure, where its foot shows the figure; else a list says what it gives.
    fn alone(&self, parts: &Parts) -> Option<usize> {
        match parts.as_slice() {
            [(only, None)] => Some(*only),
            [(only, Some(given))] => {
                // What holds both sides of entries has no balance to say more than its lines do.
                let shown = self.balances[*only].as_ref();
                shown.is_none_or(|shown| shown.contains(&given.abs())).then_some(*only)
            }
            _ => None,
        }
    }
}

/// What the foot of an account shows, in each ledger, the sign left out; nothing where it has no balance.
fn balances(account: &LedgerAccount) -> Option<Vec<Decimal>> {
    let mut shown = Vec::new();
    for total in totals(&account.lines).into_values() {
        for (sides, opened) in total.classic.into_iter().chain([total.care]).zip(total.opened) {
            let moved = sides.less(opened);
            shown.extend([sides, opened, moved].map(|sides| sides.balance().abs()));
            shown.extend([sides, moved].into_iter().flat_map(|sides| [sides.debit, sides.credit]));
        }
        shown.extend(total.groups.into_values().map(|sum| sum.abs()));
    }
    account.summed.then_some(shown)
}
