use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::seals::of_year;
use super::{AuditFacts, shown};
use crate::book::EntryRef;
use crate::closing::controls::bench::{Case, told};
use crate::closing::controls::numbering::{late_beginnings, numbered as number_of};
use crate::closing::controls::outcome::{Control, Evidence, Outcome, counted};

/// Numbers without a hole, validated in their order and not before their day.
pub(super) fn validated(mut control: Control, case: &Case<'_>, facts: &AuditFacts<'_>) -> Control {
    let bench = case.bench;
    let sealed = of_year(bench, facts);
    let mut last: BTreeMap<&str, (u64, NaiveDate)> = BTreeMap::new();
    let mut entries: Vec<(&str, u64, NaiveDate, EntryRef<'_>)> = Vec::new();
    let (mut count, mut evidence) = (0, Vec::new());
    let mut until = None;
    for entry in bench.books.written().filter(|one| bench.year.period.contains(one.date())) {
        let tag = entry.tags().find(|(name, _)| *name == "valide");
        let own = tag.and_then(|(_, value)| value.parse::<NaiveDate>().ok());
        let covering = sealed.iter().filter(|one| one.seal.period.contains(entry.date()));
        let Some(day) = own.or(covering.map(|one| one.seal.day).min()) else { continue };
        count += 1;
        until = until.max(Some(entry.date()));
        if day < entry.date() {
            let words = format!("validée le {}, avant sa date : {}", shown(day), told(&entry));
            evidence.push(Evidence::at(entry.head(), words));
        }
        // A seal validates a period at once; days that came with a file follow its numbers.
        if let Some((journal, number, _)) = number_of(&entry).filter(|_| own.is_some()) {
            entries.push((journal, number, day, entry));
        }
    }
    entries.sort_by_key(|(journal, number, ..)| (*journal, *number));
    for (journal, number, day, entry) in entries {
        if let Some((_, before)) =
            last.insert(journal, (number, day)).filter(|(_, known)| *known > day)
        {
            let words = format!(
                "validée le {}, après une suivante du {} : {}",
                shown(before),
                shown(day),
                told(&entry)
            );
            evidence.push(Evidence::at(entry.head(), words));
        }
    }
    if !evidence.is_empty() {
        control.outcome = Outcome::Failed;
        control.proof =
            counted(evidence.len(), "validation hors d’ordre", "validations hors d’ordre");
        "vérifiez les dates de validation".clone_into(&mut control.help);
        control.evidence.extend(evidence);
    } else if control.outcome == Outcome::Sound && altered(facts) {
        // Then nobody knows which entries the seal validated.
        let why = format!("{} ; ce qui est scellé a changé (A4, A8)", control.proof);
        control.proof.clone_from(&why);
        control.outcome = Outcome::Unverified { why };
        "`compta verify` nomme ce qui a changé".clone_into(&mut control.help);
    } else if control.outcome == Outcome::Sound {
        let told = match count {
            0 => "aucune écriture n’est encore validée".to_owned(),
            more => {
                counted(more, "écriture validée, dans l’ordre", "écritures validées, dans l’ordre")
            }
        };
        let until =
            until.map_or_else(String::new, |day| format!(", la dernière du {}", shown(day)));
        control.proof = format!("{} ; {told}{until}", control.proof);
        backwards(&mut control, case);
        return bounded(control, case, facts);
    }
    control
}

fn altered(facts: &AuditFacts<'_>) -> bool {
    facts.seals.iter().any(|one| !one.before && !one.alarms.is_empty())
}

/// Numbers that go on while the days of their entries go back: the law asks for numbers in the order of
/// validation, so a document that came late is no fault, and it is told.
fn backwards(control: &mut Control, case: &Case<'_>) {
    let mut numbers: Vec<(&str, u64, EntryRef<'_>)> = Vec::new();
    for entry in case.numbered(case.period()).filter(|entry| !entry.is_received()) {
        if let Some((journal, number, _)) = number_of(&entry) {
            numbers.push((journal, number, entry));
        }
    }
    numbers.sort_by_key(|(journal, number, _)| (*journal, *number));
    let mut late = 0;
    for pair in numbers.windows(2) {
        let [(one, _, before), (other, _, entry)] = pair else { continue };
        if one == other && entry.date() < before.date() {
            late += 1;
            let words = format!(
                "datée d’avant le numéro précédent ({}) : {}",
                shown(before.date()),
                told(entry)
            );
            control.evidence.push(Evidence::at(entry.head(), words));
        }
    }
    if late > 0 {
        let words = counted(late, "numéro à rebours des dates", "numéros à rebours des dates");
        control.proof = format!("{} ; {words}", control.proof);
    }
}

/// What no hole shows: numbers before the first of the books, and entries after the last of a year.
fn bounded(mut control: Control, case: &Case<'_>, facts: &AuditFacts<'_>) -> Control {
    let Some(last) = case.written().map(|entry| entry.date()).max() else { return control };
    control.proof = format!("{} ; dernière écriture du {}", control.proof, shown(last));
    let sealed = facts.closures.of(case.bench.year).is_some();
    let begun = if case.before.is_none() { late_beginnings(case) } else { Vec::new() };
    let missing = (ended(case) || sealed) && !in_last_month(case, last);
    let mut why = Vec::new();
    if !begun.is_empty() {
        why.push(
            "premier exercice des livres : rien ne dit ce qui précède les premiers numéros"
                .to_owned(),
        );
        control.evidence.extend(begun);
    }
    if missing {
        let day = case.closing();
        let words =
            format!("aucune écriture du {} au {day}", shown(last.succ_opt().unwrap_or(last)));
        if sealed {
            control.proof =
                format!("{}, {words} : le sceau tient ce dernier numéro", control.proof);
        } else {
            why.push(format!("{words} : une fin qui manque ne laisse pas de trou"));
        }
    }
    if !why.is_empty() {
        let why = format!("{} ; {}", control.proof, why.join(" ; "));
        control.proof.clone_from(&why);
        control.outcome = Outcome::Unverified { why };
        "rapprochez le premier et le dernier numéro de chaque journal de ceux de l’ancien logiciel et des relevés".clone_into(&mut control.help);
    }
    control
}

/// Whether someone wrote of a later year.
fn ended(case: &Case<'_>) -> bool {
    case.books().written().any(|entry| entry.date() > case.period().last)
}

fn in_last_month(case: &Case<'_>, day: NaiveDate) -> bool {
    let last = case.period().last;
    (day.year(), day.month()) == (last.year(), last.month())
}
