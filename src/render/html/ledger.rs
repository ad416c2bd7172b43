use std::collections::BTreeMap;

use chrono::NaiveDate;
use maud::{Markup, html};
use rust_decimal::Decimal;

use super::Page;
use crate::measure::amount;
use crate::render::document::Row;

/// An account behind figures, or a convention or a partner, with its lines.
#[derive(Clone, Debug)]
pub struct LedgerAccount {
    /// Its key in rows: `401:Papeterie`, `convention:ID`, `partenaire:NOM`, `facteur:ID`.
    pub key: String,
    /// Its number and label.
    pub label: String,
    /// Its lines, in the order of days.
    pub lines: Vec<LedgerLine>,
}

/// A line of an account.
#[derive(Clone, Debug)]
pub struct LedgerLine {
    /// The day of its entry.
    pub date: NaiveDate,
    /// The code of its entry.
    pub code: String,
    /// Tiers and label.
    pub description: String,
    /// The number of its account, where several stand together.
    pub account: String,
    /// Its document.
    pub piece: String,
    /// What it adds, in its unit; a debit is positive.
    pub amount: Decimal,
    /// The unit, when it is no euro.
    pub unit: String,
    /// File and line, or the rule that derived it.
    pub source: String,
}

/// Where the accounts of each row stand in the page.
#[derive(Debug, Default)]
pub(super) struct Links {
    accounts: BTreeMap<String, usize>,
    /// Several accounts behind one figure, in the order in which they are met.
    sets: Vec<Vec<usize>>,
    known: BTreeMap<Vec<usize>, usize>,
}

impl Links {
    pub(super) fn of(page: &Page<'_>) -> Self {
        let ranked = page.ledger.iter().enumerate();
        let accounts = ranked.map(|(rank, account)| (account.key.clone(), rank)).collect();
        let mut links = Self { accounts, ..Self::default() };
        let tables = page.documents.iter().flat_map(|shown| &shown.document.tables);
        for row in tables.flat_map(|table| &table.rows) {
            let set = links.ranks(row);
            if set.len() > 1 && !links.known.contains_key(&set) {
                links.known.insert(set.clone(), links.sets.len());
                links.sets.push(set);
            }
        }
        links
    }

    fn ranks(&self, row: &Row) -> Vec<usize> {
        let keys = row.accounts.iter().chain(&row.behind);
        let mut ranks: Vec<usize> =
            keys.filter_map(|key| self.accounts.get(key).copied()).collect();
        ranks.sort_unstable();
        ranks.dedup();
        ranks
    }

    /// Where the figures of a row lead: its account, or the list of them.
    pub(super) fn target(&self, row: &Row) -> Option<String> {
        let set = self.ranks(row);
        match set.as_slice() {
            [] => None,
            [only] => Some(format!("#c{only}")),
            _ => self.known.get(&set).map(|rank| format!("#g{rank}")),
        }
    }
}

/// The accounts behind the figures, then each with its lines, down to file and document.
pub(super) fn section(page: &Page<'_>, links: &Links) -> Markup {
    html! {
        @if !page.ledger.is_empty() {
            p class="papier under" { "Les écritures, compte par compte, sont dans la page : elles ne s’impriment pas." }
            section class="ecritures" aria-labelledby="grand-livre" {
                h2 id="grand-livre" { "Écritures, compte par compte" }
                @if !links.sets.is_empty() {
                    details open {
                        summary { "Comptes des lignes qui en ont plusieurs" }
                        ul {
                            @for (rank, set) in links.sets.iter().enumerate() {
                                li id=(format!("g{rank}")) {
                                    @for (at, account) in set.iter().enumerate() {
                                        @if at > 0 { ", " }
                                        a href=(format!("#c{account}")) { (page.ledger[*account].label) }
                                    }
                                }
                            }
                        }
                    }
                }
                @for (rank, account) in page.ledger.iter().enumerate() { (self::account(account, rank)) }
            }
        }
    }
}

fn account(account: &LedgerAccount, rank: usize) -> Markup {
    let sides = |line: &LedgerLine| {
        let text = format!("{} {}", amount(line.amount.abs(), 2), line.unit).trim_end().to_owned();
        if line.amount.is_sign_negative() { (String::new(), text) } else { (text, String::new()) }
    };
    html! {
        div class="scroll" role="region" tabindex="0" aria-label=(account.label) id=(format!("c{rank}")) {
            table {
                caption { (account.label) }
                thead {
                    tr {
                        th scope="col" { "Date" } th scope="col" { "Numéro" }
                        th scope="col" { "Écriture" } th scope="col" { "Pièce" }
                        th scope="col" class="n" { "Débit" } th scope="col" class="n" { "Crédit" }
                        th scope="col" { "Source" }
                    }
                }
                tbody {
                    @for line in &account.lines {
                        @let (debit, credit) = sides(line);
                        tr {
                            td { (line.date.format("%d/%m/%Y").to_string()) }
                            td { (line.code) }
                            td {
                                @if !line.account.is_empty() { (line.account) " – " }
                                (line.description)
                            }
                            td { (line.piece) }
                            td class="n" { (debit) }
                            td class="n" { (credit) }
                            td { code { (line.source) } }
                        }
                    }
                }
            }
        }
    }
}
