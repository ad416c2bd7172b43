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
            let asked = (0..row.cells.len()).filter(|rank| leads(table, row, *rank));
            for parts in asked.map(|rank| links.parts(row, rank)).collect::<Vec<Parts>>() {
                links.meet(parts, row);
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

    fn parts(&self, row: &Row, cell: usize) -> Parts {
        let rank = |key: &String| self.accounts.get(key).copied();
        let mut parts: Parts = if row.fed.is_empty() {
            let keys = row.accounts.iter().chain(&row.behind);
            keys.filter_map(|key| Some((rank(key)?, None))).collect()
        } else {
            let fed = row.fed.get(cell).into_iter().flatten();
            fed.filter_map(|(key, given)| Some((rank(key)?, Some(*given)))).collect()
        };
        parts.sort_unstable();
        parts.dedup();
        parts
    }

    /// Where a figure leads: its account, or the list of them.
    pub(super) fn target(&self, table: &Table, row: &Row, cell: usize) -> Option<String> {
        if !leads(table, row, cell) {
            return None;
        }
        let parts = self.parts(row, cell);
        match parts.as_slice() {
            [] => None,
            [(only, _)] => Some(format!("#c{only}")),
            _ => self.known.get(&parts).map(|rank| format!("#g{rank}")),
        }
    }
}

/// Whether a cell is a figure with entries in the page: they are of the year; those of a convention begin
/// with it; an agreement, a budget, a grid and a presentation in stock have none.
fn leads(table: &Table, row: &Row, cell: usize) -> bool {
    let figure = matches!(&row.cells[cell], Cell::Amount { exact, .. } if !exact.is_zero());
    let of_year = table.columns.get(cell).is_some_and(|column| match column.key.as_str() {
        "accorde" | "bp" | "prevu" => false,
        "n1" | "net_n1" | "solde_n1" => {
            row.accounts.is_empty() && row.behind.iter().all(|one| one.starts_with("convention:"))
        }
        _ => true,
    });
    figure && of_year
}
