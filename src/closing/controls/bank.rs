use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::bench::{Balance, Case, begins};
use super::outcome::{Checked, Evidence, counted};
use crate::book::{AccountId, Asserted, Book, EntryRef};
use crate::diagnostic::Span;
use crate::journal::amount_text;
use crate::measure::{Sum, Unit, euros};

/// Accounts that a bank confirms: banks, post office, other institutions, savings, term deposits and
/// securities. Interest accrued (5088, 518) and what is still to be paid on securities (509) are not its.
const CONFIRMED: [&str; 6] = ["512", "514", "515", "516", "517", "50"];
const UNCONFIRMED: [&str; 2] = ["5088", "509"];

/// E8: each bank and deposit account that has a balance asserts it on the closing day, and the line or
/// its entry names the statement as `piece`. The asserted balance must be that of the closing: a line
/// written after it on the same day would make it say something else.
pub(super) fn statements(case: &Case<'_>) -> Checked {
    let all = case.balances(&CONFIRMED);
    let own: Vec<Balance<'_>> =
        all.into_iter().filter(|(_, known, _)| !begins(&known.number, &UNCONFIRMED)).collect();
    if own.is_empty() {
        return Checked::sound("aucun solde de banque ni de placement");
    }
    let total: Sum = own.iter().map(|(.., sum)| *sum).sum();
    let mut evidence = Vec::new();
    let mut wrong = 0;
    for (id, account, balance) in &own {
        let Some((at, why)) = unproved(case, *id, *balance) else { continue };
        wrong += 1;
        let closing = case.closing();
        let shown = euros(balance.decimal());
        let words = format!("{} : {shown} au {closing}, {why}", case.named(*id));
        evidence.push(Evidence { at, ..Evidence::words(words) }.of(*balance));
        let amount = balance.number().map_or_else(String::new, |number| amount_text(number, "€"));
        let line = format!("`{}  0,00 €  = {amount}`", account.written());
        evidence.push(Evidence::words(line));
    }
    let (count, piece) = (own.len(), case.period().last.format("releve-%Y-%m.pdf"));
    if wrong == 0 {
        let sound = counted(count, "solde affirmé sur relevé", "soldes affirmés sur relevé");
        return Checked::sound(format!("{sound}, {}", euros(total.decimal())));
    }
    let proof = format!("{} sur {count} sans relevé", counted(wrong, "compte", "comptes"));
    let help = format!(
        "au {}, écrivez ces lignes avec les soldes des relevés, pour pièce : `; piece: {piece}`",
        case.closing()
    );
    Checked::failed(proof, evidence, help)
}

/// Why the closing balance of an account is not proved, and where to look; `None` when it is.
fn unproved(case: &Case<'_>, id: AccountId, balance: Sum) -> Option<(Option<Span>, String)> {
    let day = case.period().last;
    let on_the_day = case.written().filter(|entry| entry.date() == day);
    let asserted: Vec<(EntryRef<'_>, Asserted<'_>)> = on_the_day
        .flat_map(|entry| entry.asserted().map(move |asserted| (entry, asserted)))
        .filter(|(_, asserted)| {
            asserted.line.account_id() == id
                && asserted.unit == Unit::EURO
                && asserted.line.book() == Book::Financial
        })
        .collect();
    let right = |asserted: &Asserted<'_>| asserted.number.sum() == balance;
    let named = |entry: &EntryRef<'_>, asserted: &Asserted<'_>| {
        let mut tags = entry.tags().chain(asserted.line.tags());
        tags.any(|(name, value)| name == "piece" && !value.is_empty())
    };
    if asserted.iter().any(|(entry, one)| right(one) && named(entry, one)) {
        return None;
    }
    if let Some((_, one)) = asserted.iter().find(|(_, one)| right(one)) {
        return Some((Some(one.at), "affirmé sans relevé en `piece`".to_owned()));
    }
    if let Some((_, one)) = asserted.last() {
        let said = euros(one.number.decimal());
        return Some((Some(one.at), format!("l’assertion du jour dit {said}")));
    }
    Some((case.last_line(id), "aucune assertion de solde ce jour-là".to_owned()))
}

/// W1: no cash box (53) ends a day below zero: nobody pays with notes that are not there.
pub(super) fn cash(case: &Case<'_>) -> Checked {
    let mut moved: BTreeMap<AccountId, BTreeMap<NaiveDate, Sum>> = BTreeMap::new();
    for entry in case.entries() {
        for line in entry.postings().filter(|line| line.book() == Book::Financial) {
            if line.account().number.starts_with("53") {
                let days = moved.entry(line.account_id()).or_default();
                *days.entry(entry.date()).or_default() += line.number().sum();
            }
        }
    }
    if moved.is_empty() {
        return Checked::sound("aucune caisse (53)");
    }
    let mut evidence = Vec::new();
    for (id, days) in &moved {
        let mut running = Sum::ZERO;
        for (day, sum) in days {
            running += *sum;
            if running.is_negative() {
                let when = day.format("%d/%m/%Y");
                let words = format!("{} : {} au {when}", case.named(*id), euros(running.decimal()));
                evidence.push(
                    Evidence { at: line_of(case, *id, *day), ..Evidence::words(words) }.of(running),
                );
            }
        }
    }
    let sound = format!("{} jamais négative", counted(moved.len(), "caisse", "caisses"));
    let failed = |count| counted(count, "jour de caisse négative", "jours de caisse négative");
    let help = "cherchez la recette ou le retrait qui manque, ou la date fausse";
    Checked::unless(evidence, sound, failed, help)
}

/// The last line on an account on a day.
fn line_of(case: &Case<'_>, id: AccountId, day: NaiveDate) -> Option<Span> {
    let entries = case.written().filter(|entry| entry.date() == day);
    let lines = entries.flat_map(|entry| entry.postings());
    lines.filter(|line| line.account_id() == id).last().map(|line| line.line_span())
}
