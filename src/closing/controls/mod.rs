//! The controls made before a closing, each with its evidence and what to do.
//!
//! In: a [`Bench`]: sound or unsound books of a year with all that was read beside them. Out: one
//! [`Control`] per rule, in the order of the reference: E stops a closing, W needs a justification
//! recorded in `controles.toml`. A control whose data the books lack is not verified, never sound.
//! Absent on purpose: files, layout, the closing itself.

mod audit;
mod balances;
mod bank;
mod bench;
mod cutoff;
mod declared;
mod disclosures;
mod entries;
mod fixed;
mod funding;
mod holidays;
mod letters;
mod numbering;
mod outcome;
mod plausibility;
mod sheet;
mod statements;
mod third_parties;
mod variation;

pub use audit::{
    AuditFacts, FecProof, Procedures, Restored, SealProof, SealedFec, fec_proof, is_sound,
    procedures, proofs,
};
pub use bench::{Bench, FixedAssets, readable};
pub use outcome::{Control, Evidence, Outcome};
pub use sheet::{audit_sheet, sheet};

use bench::Case;
use outcome::Checked;

use crate::diagnostic::{Code, Finding};

/// A rule: its code, its title, and what looks.
struct Rule {
    code: &'static str,
    title: &'static str,
    look: fn(&Case<'_>) -> Checked,
}

const fn rule(code: &'static str, title: &'static str, look: fn(&Case<'_>) -> Checked) -> Rule {
    Rule { code, title, look }
}

/// Every control, in the order of the reference.
const RULES: [Rule; 28] = [
    rule("E1", "Écritures équilibrées", entries::balanced),
    rule("E2", "Aucun brouillon", entries::drafts),
    rule("E3", "Dates des exercices", entries::dates),
    rule("E4", "Numérotation continue", numbering::continuous),
    rule("E5", "Débits et crédits", balances::even),
    rule("E6", "Reprise des soldes", balances::opening),
    rule("E7", "Comptes d’attente nuls", balances::suspense),
    rule("E8", "Banques sur relevé", bank::statements),
    rule("E9", "Résultat unique", statements::result),
    rule("E10", "Comptes et rubriques", statements::coverage),
    rule("E11", "Pièces", entries::pieces),
    rule("W1", "Caisse jamais négative", bank::cash),
    rule("W2", "Tiers et lettrage", third_parties::open_items),
    rule("W3", "Immobilisations", fixed::assets),
    rule("W4", "Dettes déclarées", declared::debts),
    rule("W5", "Paie et DSN", declared::wages),
    rule("W6a", "Conventions, encaissé", funding::received),
    rule("W6b", "Conventions, constaté", funding::recognised),
    rule("W7", "Fonds dédiés", funding::dedicated_funds),
    rule("W8", "Césure des charges", cutoff::charges),
    rule("W9", "Méthode des adhésions", disclosures::membership),
    rule("W10", "Variations", variation::accounts),
    rule("W11", "Provisions motivées", disclosures::provisions),
    rule("W12", "Seuils, commissaire", disclosures::thresholds),
    rule("W13", "Bénévolat, 86 et 87", plausibility::voluntary),
    rule("W14", "Doublons", plausibility::duplicates),
    rule("W15", "Jours et mots suspects", plausibility::filters),
    rule("W16", "Lettres soldées", letters::letters),
];

/// Every control of a year, in the order of the reference.
pub fn controls(bench: &Bench<'_>) -> Vec<Control> {
    let case = Case::of(bench);
    RULES.iter().map(|rule| control(&case, rule)).collect()
}

fn control(case: &Case<'_>, rule: &Rule) -> Control {
    // Nothing excuses what could not be looked at because the books are not sound.
    if case.is_blind(rule.code) {
        let why = "les livres ont des anomalies : `compta check`".to_owned();
        let (code, title, proof) = (rule.code, rule.title, why.clone());
        let outcome = Outcome::Unverified { why };
        return Control { code, title, outcome, proof, evidence: Vec::new(), help: String::new() };
    }
    judged(case, rule)
}

/// What a rule sees, whether or not the books are sound enough for it, then what excuses it.
fn judged(case: &Case<'_>, rule: &Rule) -> Control {
    let checked = (rule.look)(case);
    let (mut outcome, mut proof) = (checked.outcome, checked.proof);
    let policy = case.bench.registers.controls.as_ref();
    let excused = policy.and_then(|known| known.justification(rule.code, &case.bench.year.name));
    if let Some(excused) = excused.filter(|_| outcome != Outcome::Sound) {
        let piece = excused.piece.as_ref().map_or_else(String::new, |p| format!(" ({p})"));
        let reason = format!("{}{piece}", excused.reason);
        if let Outcome::Unverified { why } = &outcome {
            proof = format!("non vérifié par les livres : {why}");
        }
        outcome = Outcome::Justified { reason, at: excused.at };
    }
    let (code, title, evidence) = (rule.code, rule.title, checked.evidence);
    Control { code, title, outcome, proof, evidence, help: checked.help }
}

/// The justifications of the year that excuse a control which passes (W0730).
pub fn idle(bench: &Bench<'_>, controls: &[Control]) -> Vec<Finding> {
    let policy = bench.registers.controls.as_ref();
    let passes = |code: &str| {
        controls.iter().any(|known| known.code == code && known.outcome == Outcome::Sound)
    };
    policy
        .iter()
        .flat_map(|policy| &policy.justifications)
        .filter(|one| one.year.value == bench.year.name && passes(&one.code.value))
        .map(|one| {
            let (code, year) = (&one.code.value, &bench.year.name);
            let message = format!("le contrôle {code} passe en {year} : rien à justifier");
            Finding::new(Code::IdleJustification, one.code.at, message)
                .label("cette justification")
                .help("retirez-la, ou corrigez le contrôle ou l’exercice qu’elle nomme")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::JUSTIFIABLE;

    #[test]
    fn what_may_be_justified_is_every_control_that_does_not_block() {
        let codes: Vec<&str> = RULES.iter().map(|rule| rule.code).collect();
        let w: Vec<&str> = codes.iter().copied().filter(|code| code.starts_with('W')).collect();
        assert_eq!(w, JUSTIFIABLE);
        assert!(codes.iter().all(|code| code.starts_with(['E', 'W'])));
    }
}
