//! The ten proofs of an audit.
//!
//! In: the bench of a year, sound or not, with what was read beside the books. Out: ten controls, always,
//! each OK, KO or not verified. What the books cannot tell (an entry that does not read, no entry at all,
//! derived entries that are not there) is not verified, never OK.

mod balanced;
mod documents;
mod facts;
mod fec;
mod restored;
mod results;
mod seals;
mod validated;
mod when;

pub use documents::{Procedures, procedures};
pub use facts::{AuditFacts, Restored, SealProof};
pub use fec::{FecProof, SealedFec, fec_proof};

use super::bench::Case;
use super::outcome::{Control, Evidence, Outcome, counted};
use super::{Bench, RULES, control, judged};
use crate::diagnostic::{Code, Finding};
use when::When;

const OPENING: &str = "Reprise, compte par compte";

/// Why a proof that needs the derived entries cannot be made.
const UNSOUND: &str = "les livres ont des anomalies : `compta check`";

/// The ten proofs of an audit, each with its evidence.
pub fn proofs(bench: &Bench<'_>, facts: &AuditFacts<'_>) -> Vec<Control> {
    let case = Case::of(bench);
    let rule = |code: &str| RULES.iter().find(|one| one.code == code);
    let of = |code: &str| rule(code).map(|one| control(&case, one));
    let blind = !is_sound(bench.findings);
    let empty = !blind && case.written().next().is_none();
    let whole = |code, title, proof: &dyn Fn() -> Control| match (blind, empty) {
        (true, _) => unverified(code, title, UNSOUND, "lancez `compta check`"),
        (false, true) => {
            let why = format!("aucune écriture en {}", bench.year.name);
            unverified(code, title, &why, "donnez un exercice qui a des écritures")
        }
        (false, false) => proof(),
    };
    // These look at what is written, or sealed, and say themselves what they could not.
    let written = |code, title, proof: &dyn Fn() -> Control| {
        if empty { whole(code, title, proof) } else { proof() }
    };
    vec![
        match opened_twice(&case) {
            Some(failed) => failed,
            None if blind => whole("A1", OPENING, &|| same("A1", OPENING, None)),
            None => same("A1", OPENING, of("E6")),
        },
        written("A2", "Écritures et journaux équilibrés", &|| {
            balanced::balanced(&case, of("E5"))
        }),
        written("A3", "Numéros et validations", &|| {
            validated::validated(same("A3", "Numéros et validations", of("E4")), &case, facts)
        }),
        seals::sealed_periods(bench, facts),
        whole("A5", "Résultat des comptes et du bilan", &|| {
            results::results(same("A5", "Résultat des comptes et du bilan", of("E9")), &case, facts)
        }),
        written("A6", "FEC conforme", &|| fec::fec(facts)),
        written("A7", "Pièce de chaque écriture", &|| {
            // What does not read in another year hides no entry of this one.
            let seen = case.faults().all(|one| when::when(&case, one) == When::Elsewhere);
            let known = if seen { rule("E11").map(|one| judged(&case, one)) } else { of("E11") };
            documents::pieces(same("A7", "Pièce de chaque écriture", known), &case, facts)
        }),
        seals::chain(&case, facts),
        documents::written(facts.procedures.as_ref()),
        whole("A10", "Essai de reprise du FEC", &|| restored::restored(facts.restored.as_ref())),
    ]
}

/// An opening that is written where the books carry it themselves: it says something else, or twice the
/// same (E0314).
fn opened_twice(case: &Case<'_>) -> Option<Control> {
    let second = case.bench.findings.iter().filter(|one| one.code == Code::SecondOpening);
    let own = second.filter(|one| when::when(case, one) == When::Within);
    let evidence: Vec<Evidence> =
        own.map(|one| Evidence::at(one.at, one.message.clone())).collect();
    let words = counted(evidence.len(), "à-nouveau écrit", "à-nouveaux écrits");
    let help = "retirez-le : il est repris de la clôture ; une correction se passe au journal OD";
    let proof = format!("{words} en plus de celui qui est repris de la clôture");
    (!evidence.is_empty()).then(|| made("A1", OPENING, Outcome::Failed, proof, evidence, help))
}

/// Whether registers, openings and the policy derived their entries: any error leaves them out, even one
/// under which every entry was read, and the books then add up to something else.
pub fn is_sound(findings: &[Finding]) -> bool {
    !findings.iter().any(Finding::is_error)
}

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
    untold(code, title, why, Vec::new(), help)
}

/// Not verified, with the facts that say why.
fn untold(
    code: &'static str,
    title: &'static str,
    why: &str,
    evidence: Vec<Evidence>,
    help: &str,
) -> Control {
    let outcome = Outcome::Unverified { why: why.to_owned() };
    made(code, title, outcome, why.to_owned(), evidence, help)
}

/// A proof that a control of the closing already makes.
fn same(code: &'static str, title: &'static str, control: Option<Control>) -> Control {
    match control {
        Some(control) => Control { code, title, ..control },
        None => unverified(code, title, "aucun contrôle", ""),
    }
}

fn shown(day: chrono::NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// Facts without a place.
fn words(list: &[String]) -> impl Iterator<Item = Evidence> + '_ {
    list.iter().map(Evidence::words)
}
