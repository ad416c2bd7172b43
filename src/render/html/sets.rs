use std::collections::BTreeMap;

use maud::{Markup, html};
use rust_decimal::Decimal;

use super::Page;
use super::ledger::LedgerAccount;
use super::links::Set;
use super::totals::{Sides, Total, differs, totals, words};
use crate::measure::amount;
use crate::render::document::BEFORE;

/// So many labels name a list; the others are counted.
const NAMED: usize = 3;

/// The accounts behind one figure, each with its balance, and a foot that equals the figure.
pub(super) fn set(page: &Page<'_>, set: &Set, rank: usize) -> Markup {
    let accounts: Vec<(usize, &LedgerAccount, Option<Decimal>)> =
        set.parts.iter().map(|(rank, given)| (*rank, &page.ledger[*rank], *given)).collect();
    let former = accounts.iter().all(|(_, account, _)| account.key.starts_with(BEFORE));
    let title = title(set) + if former { ", exercice précédent" } else { "" };
    let both = accounts.iter().any(|(_, account, _)| account.summed && differs(account));
    let given: Option<Decimal> = set.parts.iter().map(|(_, given)| *given).sum();
    // Both sides of its entries stand in a convention: their balance says nothing.
    let summed = accounts.iter().all(|(_, account, _)| account.summed);
    let mut feet = if summed { feet(&accounts) } else { BTreeMap::new() };
    if feet.is_empty() && given.is_some() {
        feet.insert("", Total::default());
    }
    html! {
        div class="scroll" role="region" tabindex="0" aria-label=(title) id=(format!("g{rank}")) {
            table {
                caption { (title) }
                thead {
                    tr {
                        th scope="col" { "Compte" }
                        @if given.is_some() { th scope="col" class="n" { "Dans le chiffre" } }
                        @if both {
                            th scope="col" class="n" { "Solde, livre classique" }
                            th scope="col" class="n" { "Solde, livre CARE" }
                        } @else { th scope="col" class="n" { "Solde" } }
                    }
                }
                tbody {
                    @for (rank, account, part) in &accounts {
                        tr {
                            th scope="row" { a href=(format!("#c{rank}")) { (account.label) } }
                            @if given.is_some() {
                                td class="n" { (part.map_or_else(String::new, |part| amount(part, 2))) }
                            }
                            (balances(account, both))
                        }
                    }
                }
                @if !feet.is_empty() {
                    tfoot {
                        @for (unit, total) in &feet { (foot(unit, total, (given, both))) }
                    }
                }
            }
        }
    }
}

fn title(set: &Set) -> String {
    let quoted: Vec<String> =
        set.rows.iter().take(NAMED).map(|row| format!("«\u{a0}{row}\u{a0}»")).collect();
    let more = match set.rows.len().saturating_sub(NAMED) {
        0 => String::new(),
        1 => " et une autre ligne".to_owned(),
        more => format!(" et {more} autres lignes"),
    };
    format!("Comptes de {}{more}", quoted.join(", "))
}

/// What the accounts add up to, unit by unit.
fn feet<'p>(accounts: &[(usize, &'p LedgerAccount, Option<Decimal>)]) -> BTreeMap<&'p str, Total> {
    let mut feet: BTreeMap<&str, Total> = BTreeMap::new();
    for (_, account, _) in accounts {
        for (unit, total) in totals(&account.lines) {
            let foot = feet.entry(unit).or_default();
            foot.care.add(total.care);
            foot.opened.iter_mut().zip(total.opened).for_each(|(all, one)| all.add(one));
            if let Some(classic) = total.classic {
                foot.classic.get_or_insert_default().add(classic);
            }
            for (group, sum) in total.groups {
                *foot.groups.entry(group).or_default() += sum;
            }
        }
    }
    feet
}

fn balances(account: &LedgerAccount, both: bool) -> Markup {
    let totals = if account.summed { totals(&account.lines) } else { BTreeMap::new() };
    let shown = |of: &dyn Fn(&Total) -> Decimal| -> String {
        let all: Vec<String> = totals.iter().map(|(unit, total)| words(of(total), unit)).collect();
        all.join(" ; ")
    };
    html! {
        @if both { td class="n" { (shown(&Total::classic_balance)) } }
        td class="n" { (shown(&|total| total.care.balance())) }
    }
}

fn foot(unit: &str, total: &Total, (given, both): (Option<Decimal>, bool)) -> Markup {
    let opened = total.opened.map(Sides::balance);
    html! {
        tr class="total" {
            th scope="row" { "Total" }
            @if let Some(given) = given { td class="n" { (amount(given, 2)) } }
            (sums([total.classic_balance(), total.care.balance()], unit, both))
        }
        @if given.is_none() && total.opened != [Sides::default(); 2] {
            tr { th scope="row" { "dont à-nouveaux" } (sums(opened, unit, both)) }
        }
        @if given.is_none() && total.groups.len() > 1 {
            @for (group, sum) in &total.groups {
                tr {
                    th scope="row" { "dont " (group) }
                    td class="n" { (words(*sum, unit)) }
                    @if both { td class="n" {} }
                }
            }
        }
    }
}

/// A balance, or that of each ledger where they differ.
fn sums([classic, care]: [Decimal; 2], unit: &str, both: bool) -> Markup {
    html! {
        @if both { td class="n" { (words(classic, unit)) } }
        td class="n" { (words(care, unit)) }
    }
}
