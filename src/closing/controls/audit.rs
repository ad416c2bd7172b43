use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::bench::{is_derived, told};
use super::numbering::numbered as number_of;
use super::outcome::{Control, Evidence, Outcome, counted};
use super::{Bench, controls};
use crate::book::EntryRef;
use crate::closing::{Anchor, CLOSINGS, Closure, Closures, Standing, allocated};
use crate::diagnostic::Span;
use crate::measure::FiscalYear;

/// What an audit looks at beside the books.
#[derive(Debug)]
pub struct AuditFacts<'a> {
    /// The closings.
    pub closures: &'a Closures,
    /// What the verification of the year's own FEC says.
    pub fec: FecProof,
    /// What the verification of the year's seal says; `None` when the year is not sealed.
    pub seal: Option<SealProof>,
    /// The root that the auditor reads in the minutes.
    pub anchor: Option<Anchor>,
    /// The document of the accounting procedures; `None` when `compta.toml` names none.
    pub procedures: Option<Procedures>,
    /// What the books taken again from their own FEC have lost; `Err` when they could not be taken.
    pub restored: Result<Restored, String>,
}

/// What a verification of a FEC found.
#[derive(Clone, Debug, Default)]
pub struct FecProof {
    /// Its name.
    pub name: String,
    /// How many rows it has.
    pub rows: usize,
    /// What is wrong, in words.
    pub errors: Vec<String>,
    /// What deserves a look, in words.
    pub remarks: Vec<String>,
}

/// What a verification of a seal found.
#[derive(Clone, Debug, Default)]
pub struct SealProof {
    /// How many files and entries it covers.
    pub covered: (usize, usize),
    /// Every alarm, in words.
    pub alarms: Vec<String>,
}

/// The document of the accounting procedures (C. com. art. R123-172).
#[derive(Clone, Debug)]
pub struct Procedures {
    /// Where it is.
    pub path: String,
    /// Its SHA-256; `None` when there is no such file.
    pub sha256: Option<String>,
}

/// Books taken again from their own FEC.
#[derive(Clone, Debug, Default)]
pub struct Restored {
    /// How many accounts have the same balance.
    pub accounts: usize,
    /// How many rows were read again.
    pub rows: usize,
    /// What is not the same, in words.
    pub lost: Vec<String>,
}

/// The ten proofs of an audit, each with its evidence.
pub fn proofs(bench: &Bench<'_>, facts: &AuditFacts<'_>) -> Vec<Control> {
    let known = controls(bench);
    let of = |code: &str| known.iter().find(|one| one.code == code);
    // Books with an error have no derived entry: nothing can be said of what they add up to.
    let blind = !is_derived(bench.findings);
    let whole = |code, title, proof: Control| {
        if blind { unverified(code, title, UNSOUND, "lancez `compta check`") } else { proof }
    };
    vec![
        same("A1", "Reprise, compte par compte", &[of("E6")]),
        same("A2", "Écritures et journaux équilibrés", &[of("E1"), of("E5")]),
        validated(same("A3", "Numéros et validations", &[of("E4")]), bench, facts),
        sealed_periods(bench, facts),
        same("A5", "Résultat des comptes et du bilan", &[of("E9")]),
        whole("A6", "FEC conforme", fec(&facts.fec)),
        same("A7", "Pièce de chaque écriture", &[of("E11")]),
        chain(bench, facts),
        procedures(facts.procedures.as_ref()),
        whole("A10", "Essai de restauration", restored(&facts.restored)),
    ]
}

/// Why a proof that needs the derived entries cannot be made.
const UNSOUND: &str = "les livres ont des anomalies : `compta check`";

fn made(
    code: &'static str,
    title: &'static str,
    outcome: Outcome,
    proof: String,
    evidence: Vec<Evidence>,
    help: &str,
) -> Control {
    Control { code, title, outcome, proof, evidence, help: help.to_owned() }
}

fn unverified(code: &'static str, title: &'static str, why: &str, help: &str) -> Control {
    let outcome = Outcome::Unverified { why: why.to_owned() };
    made(code, title, outcome, why.to_owned(), Vec::new(), help)
}

/// A proof that controls of the closing already make: the gravest decides.
fn same(code: &'static str, title: &'static str, controls: &[Option<&Control>]) -> Control {
    let gravity = |outcome: &Outcome| match outcome {
        Outcome::Sound => 0,
        Outcome::Justified { .. } => 1,
        Outcome::Unverified { .. } => 2,
        Outcome::Failed => 3,
    };
    let known: Vec<&Control> = controls.iter().copied().flatten().collect();
    let worst = known.iter().max_by_key(|one| gravity(&one.outcome));
    let Some(worst) = worst else { return unverified(code, title, "aucun contrôle", "") };
    let proofs: Vec<&str> = known.iter().map(|one| one.proof.as_str()).collect();
    let proof = match worst.outcome {
        Outcome::Sound => proofs.join(" ; "),
        _ => worst.proof.clone(),
    };
    let evidence = known.iter().flat_map(|one| one.evidence.clone()).collect();
    made(code, title, worst.outcome.clone(), proof, evidence, &worst.help)
}

/// The final closings of the year, of the whole of it or of a part.
fn of_year<'a>(bench: &Bench<'_>, facts: &AuditFacts<'a>) -> Vec<&'a Closure> {
    let meets = |one: &&Closure| one.seal.period.meets(bench.year.period);
    let mut sealed: Vec<&Closure> = facts.closures.binding().filter(meets).collect();
    sealed.sort_by_key(|one| (one.seal.period.last, one.seal.period.first));
    sealed
}

/// Numbers without a hole, validated in their order and not before their day.
fn validated(mut control: Control, bench: &Bench<'_>, facts: &AuditFacts<'_>) -> Control {
    let sealed = of_year(bench, facts);
    let mut last: BTreeMap<&str, (u64, NaiveDate)> = BTreeMap::new();
    let mut entries: Vec<(&str, u64, NaiveDate, EntryRef<'_>)> = Vec::new();
    let (mut count, mut evidence) = (0, Vec::new());
    for entry in bench.books.written().filter(|one| bench.year.period.contains(one.date())) {
        let tag = entry.tags().find(|(name, _)| *name == "valide");
        let own = tag.and_then(|(_, value)| value.parse::<NaiveDate>().ok());
        let covering = sealed.iter().filter(|one| one.seal.period.contains(entry.date()));
        let Some(day) = own.or(covering.map(|one| one.seal.day).min()) else { continue };
        count += 1;
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
    } else if control.outcome == Outcome::Sound {
        let told = match count {
            0 => "aucune écriture n’est encore validée".to_owned(),
            more => {
                counted(more, "écriture validée, dans l’ordre", "écritures validées, dans l’ordre")
            }
        };
        control.proof = format!("{} ; {told}", control.proof);
    }
    control
}

fn shown(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// Nothing dated in a sealed period of the year was validated after its seal.
fn sealed_periods(bench: &Bench<'_>, facts: &AuditFacts<'_>) -> Control {
    let (code, title) = ("A4", "Rien après coup dans le scellé");
    let sealed = of_year(bench, facts);
    let evidence = touched(bench);
    if !evidence.is_empty() {
        let proof = counted(evidence.len(), "écart avec le scellé", "écarts avec le scellé");
        let help = "`compta verify` nomme ce qui est altéré";
        return made(code, title, Outcome::Failed, proof, evidence, help);
    }
    let Some(until) = sealed.iter().map(|one| one.seal.period.last).max() else {
        let why = "aucune période de l’exercice n’est scellée";
        let help = "`compta sceller` scelle une période, `compta close` l’exercice";
        return unverified(code, title, why, help);
    };
    let proof = format!("jusqu’au {}, les écritures sont celles qui furent scellées", shown(until));
    made(code, title, Outcome::Sound, proof, evidence, "")
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
    told.filter(|one| of_closing(sources.source_of(one.at).name()) || within(one.at))
        .map(|one| Evidence::at(one.at, one.message.clone()))
        .collect()
}

fn fec(proof: &FecProof) -> Control {
    let (code, title) = ("A6", "FEC conforme");
    let told = |words: &[String]| words.iter().map(Evidence::words).collect::<Vec<Evidence>>();
    let rows = counted(proof.rows, "ligne", "lignes");
    if !proof.errors.is_empty() {
        let count = counted(proof.errors.len(), "erreur", "erreurs");
        let help = "`compta fec` puis `compta fec verifier` les montrent à leur ligne";
        let words = format!("{} : {rows}, {count}", proof.name);
        return made(code, title, Outcome::Failed, words, told(&proof.errors), help);
    }
    let remarks = match proof.remarks.len() {
        0 => "aucune remarque".to_owned(),
        more => counted(more, "remarque", "remarques"),
    };
    let words = format!("{} : {rows}, aucune erreur, {remarks}", proof.name);
    made(code, title, Outcome::Sound, words, told(&proof.remarks), "")
}

/// The seal verifies, and its root is the one that the minutes bear.
fn chain(bench: &Bench<'_>, facts: &AuditFacts<'_>) -> Control {
    let (code, title) = ("A8", "Sceau et procès-verbal");
    let (Some(proof), Some(closure)) = (&facts.seal, facts.closures.of(bench.year)) else {
        let lost =
            "le sceau a disparu, ou n’est plus à son nom : remettez `clotures/` depuis une copie";
        if let Some(entry) = allocated(bench.books, bench.year) {
            let words =
                format!("aucun sceau, et pourtant le résultat est affecté : {}", told(&entry));
            let evidence = vec![Evidence::at(entry.head(), told(&entry))];
            return made(code, title, Outcome::Failed, words, evidence, lost);
        }
        if facts.anchor.is_some() {
            let words = "aucun sceau ne répond au code donné".to_owned();
            return made(code, title, Outcome::Failed, words, Vec::new(), lost);
        }
        let why = "l’exercice n’est pas clos : il n’a pas de sceau";
        return unverified(code, title, why, "`compta close` clôt et scelle l’exercice");
    };
    let printed = closure.root.code();
    if !proof.alarms.is_empty() {
        let words = counted(proof.alarms.len(), "alarme", "alarmes");
        let evidence = proof.alarms.iter().map(Evidence::words).collect();
        return made(code, title, Outcome::Failed, words, evidence, "`compta verify` les détaille");
    }
    let (files, entries) = proof.covered;
    let intact = format!(
        "sceau {printed} intact sur {} et {}",
        counted(entries, "écriture", "écritures"),
        counted(files, "fichier", "fichiers")
    );
    let voted = minutes(bench.year, bench, facts);
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
        (None, Some((_, place))) => {
            let words = format!("{intact}, égal à celui de l’affectation votée ({place})");
            made(code, title, Outcome::Sound, words, Vec::new(), "")
        }
        (None, None) => {
            let why = format!("{intact} ; aucun procès-verbal ne le porte encore");
            let help =
                "donnez le code imprimé au procès-verbal : `compta audit 2024 --racine CODE`";
            unverified(code, title, &why, &help.replace("2024", &bench.year.name))
        }
    }
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
    let root =
        entry.tags().find(|(name, _)| *name == "racine").map(|(_, value)| value.to_owned())?;
    Some((root, entry.place().to_string()))
}

fn procedures(known: Option<&Procedures>) -> Control {
    let (code, title) = ("A9", "Procédures écrites");
    match known {
        None => unverified(
            code,
            title,
            "`compta.toml` ne nomme aucun document de procédures (C. com. art. R123-172)",
            "décrivez l’organisation comptable, et nommez le document : `procedures = \"pieces/procedures.pdf\"` sous `[entite]`",
        ),
        Some(Procedures { path, sha256: None }) => {
            let words = format!("`{path}` n’existe pas, ou est vide");
            let help = "remettez le document, ou corrigez son chemin dans `compta.toml`";
            made(code, title, Outcome::Failed, words, Vec::new(), help)
        }
        Some(Procedures { path, sha256: Some(hash) }) => {
            let words = format!("{path}, SHA-256 {hash} ; son contenu est à lire");
            made(code, title, Outcome::Sound, words, Vec::new(), "")
        }
    }
}

fn restored(outcome: &Result<Restored, String>) -> Control {
    let (code, title) = ("A10", "Essai de restauration");
    match outcome {
        Err(why) => {
            let help = "`compta fec` puis `compta init --depuis-fec` le montrent";
            made(code, title, Outcome::Failed, why.clone(), Vec::new(), help)
        }
        Ok(read) if read.lost.is_empty() => {
            let words = format!(
                "livres refaits depuis leur FEC : {}, {} au même solde",
                counted(read.rows, "ligne", "lignes"),
                counted(read.accounts, "compte", "comptes")
            );
            made(code, title, Outcome::Sound, words, Vec::new(), "")
        }
        Ok(read) => {
            let words = "les livres refaits depuis leur FEC ne sont pas les mêmes".to_owned();
            let evidence = read.lost.iter().map(Evidence::words).collect();
            made(code, title, Outcome::Failed, words, evidence, "comparez les comptes nommés")
        }
    }
}
