use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::Page;
use crate::render::document::{Cell, Row, Table};

/// Where the accounts of each figure stand in the page.
#[derive(Debug, Default)]
pub(super) struct Links {
    accounts: BTreeMap<String, usize>,
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
        let mut links = Self { accounts, ..Self::default() };
        let tables = page.documents.iter().flat_map(|shown| &shown.document.tables);
        for (table, row) in tables.flat_map(|table| table.rows.iter().map(move |row| (table, row)))
        {
            for cell in 0..row.cells.len() {
                links.meet(links.parts(table, row, cell), row);
            }
        }
        links
    }

    fn meet(&mut self, parts: Parts, row: &Row) {
        if parts.len() < 2 {
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
        let behind = table.behind(row, cell).into_iter();
        let known = |(key, given)| Some((self.accounts.get(&key).copied()?, given));
        let mut parts: Parts = behind.filter_map(known).collect();
        parts.sort_unstable();
        parts.dedup();
        parts
    }

    /// Where a figure leads: its account, or the list of them.
    pub(super) fn target(&self, table: &Table, row: &Row, cell: usize) -> Option<String> {
        let parts = self.parts(table, row, cell);
        match parts.as_slice() {
            [] => None,
            [(only, _)] => Some(format!("#c{only}")),
            _ => self.known.get(&parts).map(|rank| format!("#g{rank}")),
        }
    }
}
