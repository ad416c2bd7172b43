use std::collections::BTreeSet;

use chrono::Datelike;

use super::bench::{Case, classic, told};
use super::outcome::{Checked, Evidence, counted};
use crate::book::{Book, EntryRef};
use crate::diagnostic::Code;
use crate::measure::{Sum, signed_words};

/// E1: every entry was read, and balances in each book. What a reading could not understand counts as
/// unbalanced: nobody knows that it is not.
pub(super) fn balanced(case: &Case<'_>) -> Checked {
    let mut evidence: Vec<Evidence> = case
        .faults()
        .map(|one| Evidence::at(one.at, format!("{} : {}", one.code, one.message)))
        .collect();
    let (mut entries, mut lines) = (0, 0);
    for entry in case.entries() {
        for book in [Book::Financial, Book::Care, Book::Tonnes] {
            let own = entry.postings().filter(|line| line.book() == book);
            let sum: Sum = own.map(|line| line.number().sum()).sum();
            if !sum.is_zero() {
                evidence.push(Evidence::at(entry.head(), told(&entry)).of(sum));
            }
        }
        if !entry.is_derived() {
            entries += 1;
            lines += entry.postings().count();
        }
    }
    let sound = format!("{}, {}", signed_words(entries, "écriture"), signed_words(lines, "ligne"));
    let failed = |count| counted(count, "anomalie d’écriture", "anomalies d’écriture");
    Checked::unless(evidence, sound, failed, "corrigez ce que `compta check` montre")
}

/// E2: no entry of the year is still a draft (mark `!`).
pub(super) fn drafts(case: &Case<'_>) -> Checked {
    let drafts = case.written().filter(EntryRef::is_draft);
    let evidence = drafts.map(|entry| Evidence::at(entry.head(), told(&entry))).collect();
    let failed = |count| counted(count, "écriture en attente (!)", "écritures en attente (!)");
    let help = "relisez chaque écriture, puis remplacez `!` par `*` ou retirez-la";
    Checked::unless(evidence, "aucune écriture marquée `!`", failed, help)
}

/// E3: every date is one of the calendar, in a known fiscal year.
///
/// Without `[[exercice]]` in `compta.toml`, any year is known: an entry that a year without entries
/// separates from this one is then a slip of the pen.
pub(super) fn dates(case: &Case<'_>) -> Checked {
    let wrong = [Code::NoSuchDay, Code::DateForm];
    let told_wrong = case.bench.findings.iter().filter(|one| wrong.contains(&one.code));
    let mut evidence: Vec<Evidence> =
        told_wrong.map(|one| Evidence::at(one.at, one.message.clone())).collect();
    let years = case.books().years();
    let listed = years.are_listed();
    let mine = case.period().first.year();
    let kept: BTreeSet<i32> = case.books().written().map(|entry| entry.date().year()).collect();
    let reached = |year: i32| (year.min(mine)..=year.max(mine)).all(|one| kept.contains(&one));
    for entry in case.books().written() {
        let year = entry.date().year();
        let isolated = kept.contains(&mine) && !reached(year);
        let known = if listed { years.of(entry.date()).is_some() } else { !isolated };
        if !known {
            evidence.push(Evidence::at(entry.head(), told(&entry)));
        }
    }
    let sound = if listed {
        "chaque date est dans un exercice de `compta.toml`"
    } else {
        "exercices civils, sans année isolée"
    };
    let failed = |count| counted(count, "date hors des exercices", "dates hors des exercices");
    let help = "corrigez la date, ou ajoutez l’exercice à `compta.toml`";
    Checked::unless(evidence, sound, failed, help)
}

/// Words that stand where a document should.
const NO_DOCUMENT: [&str; 12] = [
    "neant",
    "néant",
    "aucun",
    "aucune",
    "sans",
    "sans pièce",
    "manque",
    "manquante",
    "n/a",
    "na",
    "nc",
    "xxx",
];

/// Whether a text may name a document: a sign alone, or a word for nothing, names none.
pub(super) fn is_reference(value: &str) -> bool {
    value.chars().any(char::is_alphanumeric)
        && !NO_DOCUMENT.contains(&value.to_lowercase().as_str())
}

/// E11: each written entry of the classic ledger names its document, for itself or on each line
/// (PCG art. 1031-1, C. com. art. R123-174).
pub(super) fn pieces(case: &Case<'_>) -> Checked {
    let names = |mut tags: Box<dyn Iterator<Item = (&str, &str)> + '_>| {
        tags.any(|(name, value)| name == "piece" && is_reference(value))
    };
    let mut entries = 0;
    let mut evidence = Vec::new();
    for entry in case.written().filter(|entry| classic(entry).next().is_some()) {
        entries += 1;
        let whole = names(Box::new(entry.tags()));
        if !whole && !classic(&entry).all(|line| names(Box::new(line.tags()))) {
            evidence.push(Evidence::at(entry.head(), told(&entry)));
        }
    }
    let failed = |count| counted(count, "écriture sans pièce", "écritures sans pièce");
    let sound = counted(entries, "écriture, avec sa pièce", "écritures, chacune avec sa pièce");
    Checked::unless(evidence, sound, failed, "ajoutez l’étiquette : `; piece: FICHIER.pdf`")
}
