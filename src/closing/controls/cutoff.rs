use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::bench::{Case, begins, classic, party, told};
use super::outcome::{Checked, Evidence, counted};
use crate::book::EntryRef;
use crate::measure::Sum;

/// How many days after the closing invoices of the year may still come in.
const AFTER: u64 = 60;
/// Where a charge of the year waits for its invoice or its payment.
const ACCRUED: [&str; 5] = ["408", "428", "438", "448", "468"];

/// W8: no charge of the year waits in the books of the next one: among the entries of its first sixty
/// days, those whose document is of the year (second date, or tag `exercice`) and which hold a charge
/// were accrued at the closing.
///
/// Accrued: the year leaves a credit on an account of charges to be paid (408, 428, 438, 448, 468) for
/// the same third party, or posted one of the same amount. Products are for the conventions (W6).
pub(super) fn charges(case: &Case<'_>) -> Checked {
    let last = case.period().last;
    let until = last.checked_add_days(Days::new(AFTER)).unwrap_or(last);
    let after = |day: NaiveDate| last < day && day <= until;
    let next: Vec<EntryRef<'_>> =
        case.books().written().filter(|entry| after(entry.date())).collect();
    let reached = case.books().written().map(|entry| entry.date()).max();
    let help =
        "saisissez les factures de janvier et février de l’exercice suivant, puis recommencez";
    if next.is_empty() {
        return Checked::unverified("aucune écriture de l’exercice suivant", help);
    }
    let accrued = accruals(case);
    let mut seen = 0;
    let mut evidence = Vec::new();
    for entry in &next {
        let charge = charge(entry);
        if charge.is_zero() || charge.is_negative() || !is_of_the_year(case, entry) {
            continue;
        }
        seen += 1;
        let known = accrued.parties.contains(&party(entry).to_lowercase())
            || accrued.amounts.contains(&charge);
        if !known {
            evidence.push(Evidence::at(entry.head(), told(entry)).of(charge));
        }
    }
    if evidence.is_empty() && reached.is_some_and(|day| day < until) {
        let day = reached.map_or_else(String::new, |day| day.format("%d/%m/%Y").to_string());
        return Checked::unverified(format!("les livres s’arrêtent au {day}"), help);
    }
    let sound = format!(
        "{} à {AFTER} jours, {}",
        counted(next.len(), "écriture", "écritures"),
        match seen {
            0 => "aucune charge de l’exercice".to_owned(),
            count => counted(count, "charge rattachée", "charges rattachées"),
        }
    );
    let failed = |count| counted(count, "charge non rattachée", "charges non rattachées");
    let help = "passez une facture non parvenue (408) à la clôture, extournée à l’ouverture";
    Checked::unless(evidence, sound, failed, help)
}

/// What an entry charges, net.
fn charge(entry: &EntryRef<'_>) -> Sum {
    let own = classic(entry).filter(|line| line.account().number.starts_with('6'));
    own.map(|line| line.number().sum()).sum()
}

/// Whether the document of an entry is of the year: its second date, or the tag `exercice`.
fn is_of_the_year(case: &Case<'_>, entry: &EntryRef<'_>) -> bool {
    let year = &case.bench.year.name;
    let lines = entry.postings().flat_map(|line| line.tags().collect::<Vec<_>>());
    let tagged = entry.tags().chain(lines).any(|(name, value)| name == "exercice" && value == year);
    tagged || entry.secondary().is_some_and(|day| case.period().contains(day))
}

/// What the year accrued: for whom, and how much.
struct Accrued {
    parties: BTreeSet<String>,
    amounts: BTreeSet<Sum>,
}

fn accruals(case: &Case<'_>) -> Accrued {
    let (mut parties, mut amounts) = (BTreeSet::new(), BTreeSet::new());
    let mut open: BTreeMap<String, Sum> = BTreeMap::new();
    // What registers yield at the closing counts too; an opening is what the year before accrued.
    for entry in case.entries().filter(|entry| !entry.opens()) {
        for line in classic(&entry).filter(|line| begins(&line.account().number, &ACCRUED)) {
            let amount = line.number().sum();
            *open.entry(party(&entry).to_lowercase()).or_default() += amount;
            if amount.is_negative() {
                amounts.insert(-amount);
            }
        }
    }
    parties.extend(open.into_iter().filter(|(_, sum)| sum.is_negative()).map(|(name, _)| name));
    Accrued { parties, amounts }
}
