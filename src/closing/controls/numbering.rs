use std::collections::{BTreeMap, BTreeSet};

use super::bench::{Case, classic, told};
use super::outcome::{Checked, Evidence, counted};
use crate::book::EntryRef;
use crate::diagnostic::Span;
use crate::measure::Period;

/// The numbers of a journal, each with its entry and how many digits it has.
type Numbers = BTreeMap<u64, (Span, usize)>;

/// E4: in each journal the numbers of the year follow each other (`ACH-0001`, `ACH-0002`…), from one or
/// from the last of the year before, and each entry of the classic ledger has one (LPF art. A47 A-1).
/// One sequence over several journals does as well.
///
/// Entries of the CARE ledger alone need no number; those they have count.
pub(super) fn continuous(case: &Case<'_>) -> Checked {
    let mut journals: BTreeMap<&str, Numbers> = BTreeMap::new();
    let mut evidence = Vec::new();
    for entry in case.numbered(case.period()) {
        match numbered(&entry) {
            Some((journal, number, digits)) => {
                let known = journals.entry(journal).or_default();
                if known.insert(number, (entry.head(), digits)).is_some() {
                    let words = format!("numéro servi deux fois : {}", told(&entry));
                    evidence.push(Evidence::at(entry.head(), words));
                }
            }
            None if classic(&entry).next().is_some() => {
                let words = format!("sans numéro : {}", told(&entry));
                evidence.push(Evidence::at(entry.head(), words));
            }
            None => {}
        }
    }
    let earlier = case.before.as_ref().map(|year| last_numbers(case, year.period));
    let shared = shared(&journals, case.before.is_some());
    for (journal, numbers) in journals.iter().filter(|(journal, _)| !shared.contains(*journal)) {
        let previous = earlier.as_ref().and_then(|known| known.get(journal)).copied();
        evidence.extend(gaps(journal, numbers, previous, earlier.is_some()));
    }
    let names: BTreeSet<&str> = journals.keys().map(|name| name.trim_end_matches('-')).collect();
    let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
    let together = if shared.is_empty() { "" } else { " (une séquence pour tous)" };
    let sound = format!("journaux {}, sans trou{together}", names.join(", "));
    let failed = |count| counted(count, "trou ou numéro absent", "trous ou numéros absents");
    let help = "donnez à chaque écriture le numéro suivant de son journal ; une écriture retirée laisse son numéro à la suivante";
    Checked::unless(evidence, sound, failed, help)
}

/// The sequences of the year that begin after one, each at its first entry: in the first year of the books
/// nobody can tell what came before.
pub(super) fn late_beginnings(case: &Case<'_>) -> Vec<Evidence> {
    let mut journals: BTreeMap<&str, Numbers> = BTreeMap::new();
    let mut heads: BTreeMap<Span, String> = BTreeMap::new();
    for entry in case.numbered(case.period()) {
        if let Some((journal, number, digits)) = numbered(&entry) {
            journals.entry(journal).or_default().insert(number, (entry.head(), digits));
            heads.insert(entry.head(), told(&entry));
        }
    }
    let shared = shared(&journals, case.before.is_some());
    let first = |(journal, numbers): (&&str, &Numbers)| {
        let (number, (at, _)) = numbers.first_key_value()?;
        Some((shared.contains(*journal), *number, *at))
    };
    let firsts: Vec<(bool, u64, Span)> = journals.iter().filter_map(first).collect();
    let own = firsts.iter().filter(|(shared, ..)| !shared);
    let together =
        firsts.iter().filter(|(shared, ..)| *shared).min_by_key(|(_, number, _)| *number);
    let late = own.chain(together).filter(|(_, number, _)| *number > 1);
    let words = |at: &Span| heads.get(at).map_or("", String::as_str);
    late.map(|(_, _, at)| Evidence::at(*at, format!("premier numéro de la suite : {}", words(at))))
        .collect()
}

/// The journals that share one sequence from 1, each with a part of it; none when they do not.
fn shared<'b>(journals: &BTreeMap<&'b str, Numbers>, known: bool) -> BTreeSet<&'b str> {
    let alone = |numbers: &Numbers| gaps("", numbers, None, true).is_empty();
    let parts = || journals.iter().filter(|(_, numbers)| !alone(numbers));
    let mut together = Numbers::new();
    let mut count = 0;
    for (_, numbers) in parts() {
        count += numbers.len();
        together.extend(numbers.iter().map(|(number, at)| (*number, *at)));
    }
    // A journal that runs from 1 by itself (the openings) may hold the first numbers, and one alone goes on
    // where it ends: but then no number is of two journals.
    let every: BTreeSet<u64> = journals.values().flat_map(|all| all.keys().copied()).collect();
    let apart = every.len() == journals.values().map(BTreeMap::len).sum::<usize>();
    let begun = apart && journals.values().any(alone);
    let dense = gaps("", &together, None, known && !begun).is_empty();
    let first = together.first_key_value().map(|(number, _)| *number);
    let follows = begun
        && journals.values().filter(|numbers| alone(numbers)).any(|numbers| {
            numbers.last_key_value().map(|(number, _)| number + 1) == first && first.is_some()
        });
    let whole = together.len() == count && dense && (parts().count() > 1 || follows);
    if whole { parts().map(|(journal, _)| *journal).collect() } else { BTreeSet::new() }
}

/// The journal, the number and how many digits it has: `VTE-2024-012` is number 12 of `VTE-2024-`.
pub(super) fn numbered<'b>(entry: &EntryRef<'b>) -> Option<(&'b str, u64, usize)> {
    let code = entry.code();
    let journal = code.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &code[journal.len()..];
    Some((journal, digits.parse().ok()?, digits.len()))
}

fn last_numbers<'a>(case: &Case<'a>, period: Period) -> BTreeMap<&'a str, u64> {
    let mut last: BTreeMap<&str, u64> = BTreeMap::new();
    for entry in case.numbered(period) {
        if let Some((journal, number, _)) = numbered(&entry) {
            let known = last.entry(journal).or_default();
            *known = (*known).max(number);
        }
    }
    last
}

/// The numbers that a journal skips; `known` says whether the books have the year before.
fn gaps(journal: &str, numbers: &Numbers, previous: Option<u64>, known: bool) -> Vec<Evidence> {
    let mut gaps = Vec::new();
    let Some((first, _)) = numbers.first_key_value() else { return gaps };
    // A number may go on from the year before; in the first year of the books nobody knows from where.
    let goes_on = previous.is_some_and(|last| *first == last + 1);
    let mut next = if goes_on || (!known && *first > 1) { *first } else { 1 };
    for (number, (at, digits)) in numbers {
        if *number > next {
            let name = |number: u64| format!("{journal}{number:0digits$}");
            let words = match *number - next {
                1 => format!("il manque {}", name(next)),
                _ => format!("il manque {} à {}", name(next), name(*number - 1)),
            };
            gaps.push(Evidence::at(*at, words));
        }
        next = number + 1;
    }
    gaps
}
