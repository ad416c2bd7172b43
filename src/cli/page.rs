use std::collections::{BTreeMap, BTreeSet};

use super::ready::Ready;
use crate::ledger::View;
use crate::measure::{FiscalYear, Unit};
use crate::render::{Chart, Document, LedgerAccount, LedgerLine, Page, page};
use crate::statement::lists;

/// A document as a page of its own, with the entries behind its figures.
pub(super) fn one_page(ready: &Ready, document: &Document) -> Vec<u8> {
    let year = document.facts.iter().find(|(name, _)| *name == "year").map(|(_, year)| year);
    let year = year.and_then(|year| ready.opened.books.years().named(year));
    whole(ready, &document.title, (&[], vec![document], &[]), year.as_ref())
}

/// Several documents as one page, with the entries of a year behind their figures.
pub(super) fn whole(
    ready: &Ready,
    title: &str,
    (facts, documents, charts): (&[(String, String)], Vec<&Document>, &[Chart]),
    year: Option<&FiscalYear>,
) -> Vec<u8> {
    let tables = documents.iter().flat_map(|document| &document.tables);
    let rows = tables.flat_map(|table| &table.rows);
    let wanted: BTreeSet<&String> = rows.flat_map(|row| &row.accounts).collect();
    let ledger = year.map_or_else(Vec::new, |year| ledger(ready, year, &wanted));
    page(&Page { title, facts, documents, charts, ledger: &ledger })
}

/// The lines of a year on some accounts, both ledgers, in the order of accounts.
fn ledger(ready: &Ready, year: &FiscalYear, wanted: &BTreeSet<&String>) -> Vec<LedgerAccount> {
    let books = &ready.opened.books;
    let scope = super::ready::Scope::Year(year.clone());
    let mut found: BTreeMap<String, LedgerAccount> = BTreeMap::new();
    for line in lists::journal(ready.entries(&scope).into_iter(), View::Care, None) {
        if !wanted.contains(&line.account) {
            continue;
        }
        let unit = line.unit;
        let account = found.entry(line.account.clone()).or_insert_with(|| LedgerAccount {
            key: line.account.clone(),
            label: format!("{} {}", line.account, line.label).trim_end().to_owned(),
            lines: Vec::new(),
        });
        account.lines.push(LedgerLine {
            date: line.date,
            code: line.code,
            description: line.description,
            piece: line.piece,
            amount: line.amount.decimal(),
            unit: if unit == Unit::EURO {
                String::new()
            } else {
                books.units().code(unit).to_owned()
            },
            source: line.place.to_string(),
        });
    }
    found.into_values().collect()
}
