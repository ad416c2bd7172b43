use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::bench::{Case, begins};
use super::outcome::{Checked, Evidence, counted};
use crate::book::{AccountId, Book};
use crate::diagnostic::Span;
use crate::measure::{Sum, euros};

/// Suppliers and customers.
const PARTIES: [&str; 2] = ["401", "411"];

/// A line of a third party.
struct Item<'b> {
    day: NaiveDate,
    amount: Sum,
    at: Span,
    letter: Option<&'b str>,
    description: &'b str,
}

/// W2: at the closing, no supplier or customer has an open item older than the threshold, and none is on
/// the wrong side (401 debit, 411 credit: a payment too many, or 4091 and 4191).
///
/// An item is closed when its letter (`lettrage`) sums to nothing by the closing. What bears no letter is
/// settled as an auditor would: payments pay the oldest invoices of their account first. Ages come from
/// the entries themselves, never from derived openings.
pub(super) fn open_items(case: &Case<'_>) -> Checked {
    let last = case.period().last;
    let mut items: BTreeMap<AccountId, Vec<Item<'_>>> = BTreeMap::new();
    for entry in case.books().written().filter(|entry| entry.date() <= last) {
        for line in entry.postings().filter(|line| line.book() == Book::Financial) {
            if !begins(&line.account().number, &PARTIES) {
                continue;
            }
            let letter = line.tags().chain(entry.tags()).find(|(name, _)| *name == "lettrage");
            items.entry(line.account_id()).or_default().push(Item {
                day: entry.date(),
                amount: line.number().sum(),
                at: line.line_span(),
                letter: letter.map(|(_, letter)| letter),
                description: entry.description(),
            });
        }
    }
    if items.is_empty() {
        return Checked::sound("aucun compte 401 ni 411");
    }
    let days = case.thresholds.unlettered_days;
    let mut evidence = Vec::new();
    for id in case.books().accounts().sorted() {
        let Some(own) = items.remove(&id) else { continue };
        let account = case.books().accounts().get(id);
        let balance: Sum = own.iter().map(|item| item.amount).sum();
        let supplier = account.number.starts_with("401");
        if !balance.is_zero() && balance.is_negative() != supplier {
            let side = if supplier { "fournisseur débiteur" } else { "client créditeur" };
            let words = format!("{} : {side} de {}", account.key(), euros(balance.abs().decimal()));
            evidence.push(
                Evidence { at: own.last().map(|item| item.at), ..Evidence::words(words) }
                    .of(balance),
            );
        }
        for (item, left) in open(own) {
            let age = (last - item.day).num_days();
            if age > i64::from(days) {
                let words = format!(
                    "{} : {} depuis {age} jours, {}",
                    account.key(),
                    euros(left.decimal()),
                    item.description
                );
                evidence.push(Evidence::at(item.at, words).of(left));
            }
        }
    }
    let sound = format!("rien d’ouvert depuis plus de {days} jours");
    let failed = |count| counted(count, "poste à expliquer", "postes à expliquer");
    let help =
        "relancez ou réglez, lettrez (`lettrage`), reclassez en 409 ou 419 ; sinon justifiez";
    Checked::unless(evidence, sound, failed, help)
}

/// What is still open, with how much of it: payments go to the oldest items of the other side.
fn open(items: Vec<Item<'_>>) -> Vec<(Item<'_>, Sum)> {
    let mut letters: BTreeMap<&str, Sum> = BTreeMap::new();
    for item in &items {
        if let Some(letter) = item.letter {
            *letters.entry(letter).or_default() += item.amount;
        }
    }
    let closed = |item: &Item<'_>| {
        item.letter.and_then(|letter| letters.get(letter)).is_some_and(|sum| sum.is_zero())
    };
    let mut left: Vec<(Item<'_>, Sum)> = Vec::new();
    let mut open: Vec<Item<'_>> = items.into_iter().filter(|item| !closed(item)).collect();
    open.sort_by_key(|item| item.day);
    // What is left is always on one side: the oldest of it is where the last payment stopped.
    let mut oldest = 0;
    for item in open {
        let mut rest = item.amount;
        while let Some((_, amount)) = left.get_mut(oldest) {
            if rest.is_zero() || amount.is_negative() == rest.is_negative() && !amount.is_zero() {
                break;
            }
            let paid = if rest.abs() < amount.abs() { rest } else { -*amount };
            *amount += paid;
            rest -= paid;
            if amount.is_zero() {
                oldest += 1;
            }
        }
        left.push((item, rest));
    }
    left.retain(|(_, amount)| !amount.is_zero());
    left
}
