use std::collections::BTreeMap;

use super::bench::Case;
use super::outcome::{Checked, Evidence, counted};
use crate::book::{Account, Book, EntryRef};
use crate::chart::{Edition, renumbered};
use crate::measure::{Sum, euros};

/// E5: over the year, what was posted to the debit is what was posted to the credit, and the ledger has
/// both: the lines are added up here a second time, without it.
pub(super) fn even(case: &Case<'_>) -> Checked {
    let (mut debit, mut credit) = (Sum::ZERO, Sum::ZERO);
    let lines = case.entries().flat_map(|entry| entry.postings());
    for line in lines.filter(|line| line.book() == Book::Financial) {
        let amount = line.number().sum();
        if amount.is_negative() { credit -= amount } else { debit += amount }
    }
    let mut posted = (Sum::ZERO, Sum::ZERO);
    for id in case.books().accounts().sorted() {
        let moved = case.ledger.movement(id, Book::Financial);
        posted.0 += moved.debit;
        posted.1 += moved.credit;
    }
    let shown = |sum: Sum| euros(sum.decimal());
    if debit == credit && posted == (debit, credit) {
        return Checked::sound(format!("débits = crédits = {}", shown(debit)));
    }
    let evidence = [
        ("débits des écritures", debit),
        ("crédits des écritures", credit),
        ("débits de la balance", posted.0),
        ("crédits de la balance", posted.1),
    ]
    .into_iter()
    .map(|(name, sum)| Evidence::words(format!("{name} : {}", shown(sum))).of(sum))
    .collect();
    let proof = format!("écart de {}", shown((debit - credit).abs()));
    Checked::failed(
        proof,
        evidence,
        "cherchez l’écriture que `compta check` ne voit pas, et signalez-la",
    )
}

/// An account of a book, by number and auxiliary: it may bear another number from one year to the next.
type Carried = (Book, String, Option<String>);

/// E6: the opening of the year is the closing of the one before, account by account, in both ledgers:
/// classes 1 to 5 and what is carried beside them, the result in 120 or 129 (C110 and T10), an account
/// that the chart renumbered under its new number (C. com. art. L123-19).
///
/// In the first year of the books nobody but the balance of the year before can say: it is on paper.
pub(super) fn opening(case: &Case<'_>) -> Checked {
    let (Some(before), Some(year_before)) = (case.ledger_before(), &case.before) else {
        return Checked::unverified(
            "premier exercice des livres : la clôture précédente n’y est pas",
            "rapprochez l’à-nouveau (journal AN) de la balance de clôture précédente, et gardez-la en `piece`",
        );
    };
    let accounts = case.books().accounts();
    let mut expected: BTreeMap<Carried, Sum> = BTreeMap::new();
    for book in [Book::Financial, Book::Care, Book::Tonnes] {
        for id in accounts.sorted() {
            let balance = before.movement(id, book).balance();
            if balance.is_zero() {
                continue;
            }
            if let Some(number) = carried(case, accounts.get(id), book) {
                let auxiliary =
                    accounts.get(id).auxiliary.clone().filter(|_| !is_result(case, &number));
                *expected.entry((book, number, auxiliary)).or_default() += balance;
            }
        }
    }
    // The result went under the name of a surplus: a deficit has its own account.
    let padded = |number| (Book::Financial, accounts.padded(number).to_owned(), None);
    let surplus = padded("120");
    let result = case.sum_before(&["6", "7"]).unwrap_or_default();
    if !result.is_zero() && !result.is_negative() {
        *expected.entry(surplus).or_default() -= result;
        *expected.entry(padded("129")).or_default() += result;
    }
    let mut found: BTreeMap<Carried, Sum> = BTreeMap::new();
    for line in case.entries().filter(EntryRef::opens).flat_map(|entry| entry.postings()) {
        let account = line.account();
        let key = (line.book(), account.number.clone(), account.auxiliary.clone());
        *found.entry(key).or_default() += line.number().sum();
    }
    expected.retain(|_, sum| !sum.is_zero());
    let count = expected.len();
    let mut evidence = Vec::new();
    for (key, sum) in &expected {
        let opened = found.remove(key).unwrap_or_default();
        if opened != *sum {
            evidence.push(gap(key, *sum, opened));
        }
    }
    let rest = found.iter().filter(|(_, sum)| !sum.is_zero());
    evidence.extend(rest.map(|(key, sum)| gap(key, Sum::ZERO, *sum)));
    let sound = format!("{} de {} repris", counted(count, "solde", "soldes"), year_before.name);
    let failed = |count| counted(count, "compte repris autrement", "comptes repris autrement");
    let help = "retirez l’à-nouveau écrit : il est repris de la clôture ; une correction se passe au journal OD";
    Checked::unless(evidence, sound, failed, help)
}

fn is_result(case: &Case<'_>, number: &str) -> bool {
    matches!(number, "C110" | "T10") || number == case.books().accounts().padded("120")
}

fn gap((_, number, auxiliary): &Carried, closed: Sum, opened: Sum) -> Evidence {
    let name = auxiliary.as_ref().map_or_else(|| number.clone(), |aux| format!("{number}:{aux}"));
    let (was, is) = (euros(closed.decimal()), euros(opened.decimal()));
    Evidence::words(format!("{name} : clos à {was}, ouvert à {is}")).of(opened - closed)
}

/// The number under which a balance opens the year; `None` when it ends with the year before.
fn carried(case: &Case<'_>, account: &Account, book: Book) -> Option<String> {
    let number = account.number.as_str();
    let bare = number.trim_start_matches(['C', 'T']);
    let result = match book {
        Book::Tonnes => ["60", "65", "75"].iter().any(|prefix| bare.starts_with(prefix)),
        _ => bare.starts_with(['6', '7']),
    };
    match book {
        Book::Financial if number.starts_with("86") || number.starts_with("87") => return None,
        Book::Financial if result => {
            return Some(case.books().accounts().padded("120").to_owned());
        }
        Book::Care if result => return Some("C110".to_owned()),
        Book::Tonnes if result => return Some("T10".to_owned()),
        _ => {}
    }
    let accounts = case.books().accounts();
    let was = case.before.as_ref().map(|year| Edition::of_year_opened(year.period.first));
    if number.starts_with("475") && was != Some(case.edition) && !accounts.is_declared(number) {
        return Some(accounts.padded("471").to_owned());
    }
    if accounts.label(number, case.edition).is_some() {
        return Some(number.to_owned());
    }
    let since = renumbered(number).map(|(since, _)| since);
    let known = since.filter(|since| accounts.label(since, case.edition).is_some());
    Some(known.unwrap_or(number).to_owned())
}

/// Accounts that wait for a decision: 471 to 473, 480 and 488, 58 (reference § 3.1 and E7), and 475 until
/// 2025, when it becomes a difference of valuation. Those, 474 to 477, stay as long as what they value.
fn waiting(edition: Edition) -> (&'static [&'static str], &'static str) {
    match edition {
        Edition::Anc2018 => {
            (&["471", "472", "473", "475", "480", "488", "58"], "471 à 473, 475, 480, 488 et 58")
        }
        Edition::Anc2022 => {
            (&["471", "472", "473", "480", "488", "58"], "471 à 473, 480, 488 et 58")
        }
    }
}

/// E7: nothing is left on an account that only waits.
pub(super) fn suspense(case: &Case<'_>) -> Checked {
    let (numbers, named) = waiting(case.edition);
    let left = case.balances(numbers);
    let evidence = left
        .into_iter()
        .map(|(id, _, sum)| {
            let words = format!("{} : {}", case.named(id), euros(sum.decimal()));
            Evidence { at: case.last_line(id), ..Evidence::words(words) }.of(sum)
        })
        .collect();
    let failed = |count| counted(count, "compte d’attente ouvert", "comptes d’attente ouverts");
    let sound = format!("{named} nuls au {}", case.closing());
    let help = "passez chaque somme à son compte définitif avant la clôture";
    Checked::unless(evidence, sound, failed, help)
}
