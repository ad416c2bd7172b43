use std::collections::BTreeSet;

use super::{AuditFacts, made, shown, untold, unverified, words};
use crate::book::Book;
use crate::closing::controls::bench::{Case, told};
use crate::closing::controls::outcome::{Control, Evidence, Outcome, counted};
use crate::closing::controls::{Bench, readable};
use crate::closing::{CLOSINGS, Closure, Previous, Standing, allocated};
use crate::diagnostic::Span;
use crate::measure::{FiscalYear, Sum, euros};

/// The final closings of the year, of the whole of it or of a part.
pub(super) fn of_year<'a>(bench: &Bench<'_>, facts: &AuditFacts<'a>) -> Vec<&'a Closure> {
    let meets = |one: &&Closure| one.seal.period.meets(bench.year.period);
    let mut sealed: Vec<&Closure> = facts.closures.binding().filter(meets).collect();
    sealed.sort_by_key(|one| (one.seal.period.last, one.seal.period.first));
    sealed
}

/// Nothing dated in a sealed period of the year was validated after its seal.
pub(super) fn sealed_periods(bench: &Bench<'_>, facts: &AuditFacts<'_>) -> Control {
    let (code, title) = ("A4", "Rien après coup dans le scellé");
    let sealed = of_year(bench, facts);
    let evidence = touched(bench);
    if !evidence.is_empty() {
        let proof = counted(evidence.len(), "écart avec le scellé", "écarts avec le scellé");
        let help = "`compta verify` nomme ce qui est altéré";
        return made(code, title, Outcome::Failed, proof, evidence, help);
    }
    let own = facts.seals.iter().filter(|one| !one.before);
    let alarms: Vec<Evidence> = own.flat_map(|one| words(&one.alarms)).collect();
    let Some(until) = sealed.iter().map(|one| one.seal.period.last).max() else {
        let why = "aucune période de l’exercice n’est scellée";
        let help = "`compta sceller` scelle une période, `compta close` l’exercice";
        return unverified(code, title, why, help);
    };
    // What vanished is not told of books where an entry does not read.
    if !readable(bench.books, bench.findings) {
        let why = "des écritures ne se lisent pas : rien ne dit que celles du scellé y sont toutes";
        return untold(code, title, why, alarms, "lancez `compta check`, et `compta verify`");
    }
    let kinds: Vec<String> = sealed.iter().map(|one| named(one)).collect();
    let left = if until < bench.year.period.last {
        format!(" ; le reste de {} n’est pas scellé", bench.year.name)
    } else {
        String::new()
    };
    let proof = format!(
        "jusqu’au {}, les écritures sont celles qui furent scellées ({}){left}",
        shown(until),
        kinds.join(", ")
    );
    made(code, title, Outcome::Sound, proof, evidence, "")
}

/// A closing, as a reader finds it.
fn named(one: &Closure) -> String {
    format!("{CLOSINGS}/{}", one.name)
}

/// What is no longer as it was sealed in the year: in its closings, or among its entries.
fn touched(bench: &Bench<'_>) -> Vec<Evidence> {
    let sources = bench.books.sources();
    // One whose seal no longer reads is known by the name of its folder alone.
    let of_closing = |name: &str| {
        let folder = name.strip_prefix(CLOSINGS).map(|rest| rest.trim_start_matches('/'));
        folder.is_some_and(|folder| folder.starts_with(&bench.year.name))
    };
    let within = |at: Span| {
        let entry = bench
            .books
            .written()
            .find(|entry| entry.span().start <= at.start && at.start < entry.span().end);
        entry.is_some_and(|entry| bench.year.period.contains(entry.date()))
    };
    let told = bench.findings.iter().filter(|one| one.code.text().starts_with("E07"));
    // A part of the year and the year hold the same entry.
    let mut known = BTreeSet::new();
    told.filter(|one| of_closing(sources.source_of(one.at).name()) || within(one.at))
        .filter(|one| known.insert((one.at.start, one.message.as_str())))
        .map(|one| Evidence::at(one.at, one.message.clone()))
        .collect()
}

/// How a closing follows the ones before, back to the first of the books; `Err` says where it breaks.
fn follows(closure: &Closure, facts: &AuditFacts<'_>) -> Result<String, String> {
    let known: Vec<&Closure> = facts.closures.binding().collect();
    let genesis = known.iter().filter(|one| one.seal.previous == Previous::Genesis).count();
    if genesis > 1 {
        return Err(format!("la chaîne des sceaux a {genesis} débuts : l’un ne suit pas l’autre"));
    }
    let (mut at, mut before) = (closure, Vec::new());
    while let Previous::Root(root) = at.seal.previous {
        let Some(previous) = known.iter().find(|one| one.root == root) else {
            return Err(format!(
                "{} suit le sceau {}, qui manque ou a été refait",
                named(at),
                root.code()
            ));
        };
        before.push(*previous);
        at = previous;
    }
    Ok(match before.first() {
        None => "premier sceau des livres".to_owned(),
        Some(previous) if before.len() == 1 => {
            format!("suit {} (sceau {}), le premier", named(previous), previous.root.code())
        }
        Some(previous) => format!(
            "suit {} (sceau {}), et {} jusqu’au premier, {}",
            named(previous),
            previous.root.code(),
            counted(before.len() - 1, "autre", "autres"),
            named(at)
        ),
    })
}

/// What is sealed of a year that is not closed: parts of it, and versions that bind nobody.
fn not_closed(bench: &Bench<'_>, facts: &AuditFacts<'_>) -> Control {
    let (code, title) = ("A8", "Sceau et procès-verbal");
    let help = "`compta close` clôt et scelle l’exercice";
    let mut why = vec!["l’exercice n’est pas clos".to_owned()];
    for part in of_year(bench, facts) {
        let link = match follows(part, facts) {
            Ok(link) => link,
            Err(broken) => return made(code, title, Outcome::Failed, broken, Vec::new(), LOST),
        };
        let last = shown(part.seal.period.last);
        why.push(format!("scellé en partie, jusqu’au {last} ({}, {link})", named(part)));
    }
    for version in facts.closures.provisional(bench.year) {
        why.push(format!("{} est provisoire : son sceau n’engage pas", named(version)));
    }
    if let [alone] = why.as_slice() {
        let why = format!("{alone} : il n’a pas de sceau");
        return unverified(code, title, &why, help);
    }
    unverified(code, title, &why.join(" ; "), help)
}

const LOST: &str =
    "le sceau a disparu, ou n’est plus à son nom : remettez `clotures/` depuis une copie";

/// The seal verifies, follows the one before, and its root is the one that the minutes bear.
pub(super) fn chain(case: &Case<'_>, facts: &AuditFacts<'_>) -> Control {
    let bench = case.bench;
    let (code, title) = ("A8", "Sceau et procès-verbal");
    let alarms: Vec<Evidence> = facts.seals.iter().flat_map(|one| words(&one.alarms)).collect();
    if !alarms.is_empty() {
        let words = counted(alarms.len(), "alarme", "alarmes");
        let help = "`compta verify` les détaille";
        return made(code, title, Outcome::Failed, words, alarms, help);
    }
    let annual = facts.seals.iter().find(|one| one.annual);
    let (Some(proof), Some(closure)) = (annual, facts.closures.of(bench.year)) else {
        if let Some(entry) = allocated(bench.books, bench.year) {
            let words =
                format!("aucun sceau, et pourtant le résultat est affecté : {}", told(&entry));
            let evidence = vec![Evidence::at(entry.head(), told(&entry))];
            return made(code, title, Outcome::Failed, words, evidence, LOST);
        }
        if facts.anchor.is_some() {
            let words = "aucun sceau ne répond au code donné".to_owned();
            return made(code, title, Outcome::Failed, words, Vec::new(), LOST);
        }
        return not_closed(bench, facts);
    };
    let printed = closure.root.code();
    let link = match follows(closure, facts) {
        Ok(link) => link,
        Err(broken) => return made(code, title, Outcome::Failed, broken, Vec::new(), LOST),
    };
    let (files, entries) = proof.covered;
    let intact = format!(
        "sceau annuel {printed} intact sur {} et {}, {link}",
        counted(entries, "écriture", "écritures"),
        counted(files, "fichier", "fichiers")
    );
    let voted = minutes(bench.year, bench, facts);
    if let Some((_, place)) = &voted
        && let Some(words) = other_result(case)
    {
        let help = "l’assemblée a approuvé d’autres comptes que ceux qui sont scellés";
        return made(code, title, Outcome::Failed, format!("{words} ({place})"), Vec::new(), help);
    }
    match (&facts.anchor, voted) {
        (_, Some((root, place))) if root != printed => {
            let words = format!("l’affectation porte {root} ({place}), le sceau est {printed}");
            let help = "l’assemblée a approuvé d’autres comptes que ceux qui sont scellés";
            made(code, title, Outcome::Failed, words, Vec::new(), help)
        }
        (Some(anchor), _) if !anchor.fits(closure.root) => {
            let words = format!("le code donné n’est pas celui du sceau, {printed}");
            let help = "relisez le procès-verbal : la clôture a pu être refaite depuis";
            made(code, title, Outcome::Failed, words, Vec::new(), help)
        }
        (Some(_), _) => {
            let words = format!("{intact}, égal au code donné");
            made(code, title, Outcome::Sound, words, Vec::new(), "")
        }
        // The entry of the vote was written from the same folder: only the paper knows.
        (None, voted) => {
            let voted = voted.map_or_else(
                || "aucune affectation ne le porte encore".to_owned(),
                |(_, place)| format!("égal à celui de l’affectation votée ({place})"),
            );
            let why = format!("{intact}, {voted} ; le procès-verbal n’est pas lu");
            let help =
                "donnez le code imprimé au procès-verbal : `compta audit 2024 --racine CODE`";
            unverified(code, title, &why, &help.replace("2024", &bench.year.name))
        }
    }
}

/// What the allocation moves on 120 and 129, when that is not the result of the year.
fn other_result(case: &Case<'_>) -> Option<String> {
    let entry = allocated(case.books(), case.bench.year)?;
    let lines = entry.postings().filter(|line| line.book() == Book::Financial);
    let result = |number: &str| number.starts_with("120") || number.starts_with("129");
    let moved = lines.filter(|line| result(&line.account().number));
    let moved: Sum = moved.map(|line| line.number().sum()).sum();
    let result = Sum::ZERO - case.sum(&["6", "7"]);
    (moved != result).then(|| {
        format!(
            "l’affectation porte sur {}, le résultat de l’exercice est {}",
            euros(moved.decimal()),
            euros(result.decimal())
        )
    })
}

/// The root that the entry of the vote bears, and where.
fn minutes(
    year: &FiscalYear,
    bench: &Bench<'_>,
    facts: &AuditFacts<'_>,
) -> Option<(String, String)> {
    let Standing::Approved { .. } = Standing::of(bench.books, facts.closures, year) else {
        return None;
    };
    let entry = allocated(bench.books, year)?;
    // An allocation says on which day the assembly voted it; another entry may bear its other tags.
    entry.tags().find(|(name, _)| *name == "vote")?;
    let root =
        entry.tags().find(|(name, _)| *name == "racine").map(|(_, value)| value.to_owned())?;
    Some((root, entry.place().to_string()))
}
