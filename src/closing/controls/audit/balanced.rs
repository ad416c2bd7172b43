use std::collections::BTreeMap;

use super::when::{When, when};
use super::{is_sound, made, untold};
use crate::book::Book;
use crate::closing::controls::bench::{Case, told};
use crate::closing::controls::outcome::{Control, Evidence, Outcome, counted};
use crate::diagnostic::{Code, Finding};
use crate::measure::{Number, Sum, euros};
use crate::statement::fec::{FecAsk, Numbering, fec};

/// What is wrong with an entry that reads and does not balance.
const UNBALANCED: [Code; 3] = [Code::Unbalanced, Code::UnbalancedBrackets, Code::TwoElided];

/// What the journals of the year add up to, lines of the classic ledger, derived ones included.
#[derive(Default)]
struct Journals {
    /// Debits and credits of each, by its code in the FEC.
    sides: BTreeMap<String, (Sum, Sum)>,
    entries: usize,
    lines: usize,
}

impl Journals {
    fn of(case: &Case<'_>) -> Self {
        let dossier = case.bench.dossier;
        let made = fec(&FecAsk {
            books: case.books(),
            year: case.bench.year,
            journals: &dossier.journals,
            openings: &dossier.openings,
            validated: &|_| None,
            numbering: Numbering::Books,
        });
        let mut sides: BTreeMap<String, (Sum, Sum)> = BTreeMap::new();
        for row in (0..made.count()).map(|rank| made.row(rank)) {
            let amount = Number::exact(row.debit - row.credit).sum();
            let (debit, credit) = sides.entry(row.journal.clone().into_owned()).or_default();
            if amount.is_negative() { *credit -= amount } else { *debit += amount }
        }
        Self { sides, entries: made.entries, lines: made.count() }
    }

    fn uneven(&self) -> impl Iterator<Item = Evidence> + '_ {
        let uneven = self.sides.iter().filter(|(_, (debit, credit))| debit != credit);
        uneven.map(|(journal, (debit, credit))| {
            let (shown_debit, shown_credit) = (euros(debit.decimal()), euros(credit.decimal()));
            let words = format!(
                "journal {} : débits {shown_debit}, crédits {shown_credit}",
                named(journal)
            );
            Evidence::words(words).of(*debit - *credit)
        })
    }

    fn words(&self, case: &Case<'_>) -> String {
        let debit: Sum = self.sides.values().map(|(debit, _)| *debit).sum();
        let names: Vec<&str> = self.sides.keys().map(|name| named(name)).collect();
        let lines = case.entries().flat_map(|entry| entry.postings());
        let brackets = lines.filter(|line| matches!(line.book(), Book::Care | Book::Tonnes));
        let brackets = match brackets.count() {
            0 => String::new(),
            more => format!(" ; livre CARE : {}", counted(more, "ligne", "lignes")),
        };
        format!(
            "{}, {} ; débits = crédits = {} ; {} : {}{brackets}",
            counted(self.entries, "écriture", "écritures"),
            counted(self.lines, "ligne", "lignes"),
            euros(debit.decimal()),
            counted(names.len(), "journal équilibré", "journaux équilibrés"),
            names.join(", ")
        )
    }
}

fn named(journal: &str) -> &str {
    if journal.is_empty() { "sans code" } else { journal }
}

/// A2: each entry of the year balances in each book, and so does each journal. What does not read in
/// another year is none of this one's, but leaves its derived entries out: then nothing is proved.
pub(super) fn balanced(case: &Case<'_>, ledger: Option<Control>) -> Control {
    let (code, title) = ("A2", "Écritures et journaux équilibrés");
    let fact = |one: &Finding| Evidence::at(one.at, format!("{} : {}", one.code, one.message));
    let faults: Vec<(When, &Finding)> = case.faults().map(|one| (when(case, one), one)).collect();
    let of_year = |one: &When| *one == When::Within;
    let mut wrong: Vec<Evidence> = faults
        .iter()
        .filter(|(when, one)| of_year(when) && UNBALANCED.contains(&one.code))
        .map(|(_, one)| fact(one))
        .collect();
    for entry in case.entries() {
        for book in [Book::Financial, Book::Care, Book::Tonnes] {
            let own = entry.postings().filter(|line| line.book() == book);
            let sum: Sum = own.map(|line| line.number().sum()).sum();
            if !sum.is_zero() {
                wrong.push(Evidence::at(entry.head(), told(&entry)).of(sum));
            }
        }
    }
    let journals = Journals::of(case);
    let uneven: Vec<Evidence> = journals.uneven().collect();
    if !wrong.is_empty() || !uneven.is_empty() {
        let parts = [
            (wrong.len(), "écriture déséquilibrée", "écritures déséquilibrées"),
            (uneven.len(), "journal déséquilibré", "journaux déséquilibrés"),
        ];
        let parts = parts.into_iter().filter(|(count, ..)| *count > 0);
        let proof: Vec<String> =
            parts.map(|(count, one, many)| counted(count, one, many)).collect();
        wrong.extend(uneven);
        let help = "corrigez ce que `compta check` montre ; une écriture est d’un seul journal";
        return made(code, title, Outcome::Failed, proof.join(", "), wrong, help);
    }
    let unread: Vec<Evidence> = faults
        .iter()
        .filter(|(when, _)| *when != When::Elsewhere)
        .map(|(_, one)| fact(one))
        .collect();
    let help = "lancez `compta check`";
    if !unread.is_empty() {
        let why = format!(
            "{} : des écritures de l’exercice ne se lisent peut-être pas",
            counted(unread.len(), "anomalie", "anomalies")
        );
        return untold(code, title, &why, unread, help);
    }
    if !is_sound(case.bench.findings) {
        let written = case.written().count();
        let why = format!(
            "{} ; à-nouveaux et inventaire manquent tant que les livres ont des anomalies : `compta check`",
            counted(written, "écriture écrite équilibrée", "écritures écrites équilibrées")
        );
        return untold(code, title, &why, Vec::new(), help);
    }
    // The ledger is another way to the same sums.
    match ledger.filter(|one| one.outcome == Outcome::Failed) {
        Some(failed) => Control { code, title, ..failed },
        None => made(code, title, Outcome::Sound, journals.words(case), Vec::new(), ""),
    }
}
