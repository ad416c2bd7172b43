use chrono::NaiveDate;

use super::{AuditFacts, UNSOUND, made, untold, words};
use crate::closing::controls::outcome::{Control, Outcome, counted};
use crate::diagnostic::{Code, Severity};
use crate::exchange::fec::Column;
use crate::exchange::fec::verify::{Class, Group, SILENT_NUMBERS, verify};

/// What stands for a SIREN number until it is known: its key is right, and no one has it.
const NO_SIREN: &str = "000000000";

/// What a verification of a FEC found.
#[derive(Clone, Debug, Default)]
pub struct FecProof {
    /// Its name.
    pub name: String,
    /// How many rows it has.
    pub rows: usize,
    /// What is not conforming, in words.
    pub errors: Vec<String>,
    /// What is not there yet because the year is open, in words.
    pub waiting: Vec<String>,
    /// What deserves a look, in words.
    pub remarks: Vec<String>,
    /// Whether its SIREN number stands for one that is not known yet.
    pub nobody: bool,
}

/// The FEC that a closing keeps, beside the one that the books give today.
#[derive(Clone, Debug)]
pub struct SealedFec {
    /// What its verification says: nothing waits any more.
    pub proof: FecProof,
    /// How today's is not the same, in words; `None` when it is, byte for byte.
    pub differs: Option<String>,
}

/// What the verification of a FEC says; `open` when nothing has sealed its year yet.
pub fn fec_proof(name: &str, bytes: &[u8], first: NaiveDate, open: bool) -> FecProof {
    // Bytes in memory do not fail to come.
    let Ok(verified) = verify(name, Some(first), bytes) else { return FecProof::default() };
    let rows = usize::try_from(verified.facts.file.rows).unwrap_or(usize::MAX);
    let mut proof = FecProof { name: name.to_owned(), rows, ..FecProof::default() };
    if name.starts_with(NO_SIREN) {
        proof.nobody = true;
    }
    for group in &verified.found.groups {
        let words =
            format!("{} {} : {}", group.code, group.message, lines(&group.lines, group.count));
        let list = if open && waits(group) {
            &mut proof.waiting
        } else if fails(group) {
            &mut proof.errors
        } else {
            &mut proof.remarks
        };
        list.push(words);
    }
    proof
}

/// What an open year cannot have yet: a validation, a final number, and the journal that its code names.
fn waits(group: &Group) -> bool {
    match (group.code, group.column) {
        (Code::FecMissingData, Some(column)) => {
            matches!(column, Column::ValidDate | Column::JournalCode | Column::JournalLib)
        }
        (Code::FecNeeded, column) => column == Some(Column::EcritureNum),
        (Code::FecSequence, _) => group.kind == SILENT_NUMBERS,
        _ => false,
    }
}

/// What keeps a file from conforming to article A47 A-1: what the official tester refuses or finds
/// missing, what does not add up, its name (X) and the sequence of its numbers (VII).
fn fails(group: &Group) -> bool {
    let refused = group.class.refuses() || group.class == Class::V;
    let of_law = matches!(group.code, Code::FecName | Code::FecSequence);
    refused || of_law || group.code.severity() == Severity::Error
}

fn lines(lines: &[u64], count: u64) -> String {
    let many = usize::try_from(count).unwrap_or(usize::MAX);
    match (count, lines.first()) {
        (_, None) => "le fichier".to_owned(),
        (1, Some(line)) => format!("ligne {line}"),
        (_, Some(line)) => format!("{}, la première {line}", counted(many, "ligne", "lignes")),
    }
}

fn said(proof: &FecProof) -> String {
    let remarks = match proof.remarks.len() {
        0 => "aucune remarque".to_owned(),
        more => counted(more, "remarque", "remarques"),
    };
    let rows = counted(proof.rows, "ligne", "lignes");
    format!("{} : {rows}, aucune non-conformité, {remarks}", proof.name)
}

/// A6: the FEC conforms; that of a closed year is the one that its closing keeps, and the books still
/// give it.
pub(super) fn fec(facts: &AuditFacts<'_>) -> Control {
    let (code, title) = ("A6", "FEC conforme");
    let help = "`compta fec` puis `compta fec verifier` les montrent à leur ligne";
    let kept = facts.sealed_fec.as_ref();
    let proof = kept.map(|one| &one.proof).or(facts.fec.as_ref());
    let Some(proof) = proof else {
        return untold(code, title, UNSOUND, Vec::new(), "lancez `compta check`");
    };
    let place = if kept.is_some() { "FEC scellé " } else { "" };
    let told =
        || words(&proof.errors).chain(words(&proof.waiting)).chain(words(&proof.remarks)).collect();
    if !proof.errors.is_empty() {
        let count = counted(proof.errors.len(), "non-conformité", "non-conformités");
        let rows = counted(proof.rows, "ligne", "lignes");
        let words = format!("{place}{} : {rows}, {count}", proof.name);
        return made(code, title, Outcome::Failed, words, told(), help);
    }
    if let Some(differs) = kept.and_then(|one| one.differs.as_ref()) {
        let words =
            format!("{place}{}, et ce n’est plus celui des livres : {differs}", said(proof));
        let help = "`compta verify` nomme ce qui est altéré ; le FEC scellé fait foi";
        return made(code, title, Outcome::Failed, words, told(), help);
    }
    let closed = facts.sealed.is_some();
    let help_siren = "donnez le SIREN de l’association : `siren = \"…\"` sous `[entite]`";
    if proof.nobody && proof.waiting.is_empty() {
        let why = format!(
            "{place}{} ; {NO_SIREN} n’est le SIREN de personne (LPF art. A47 A-1, X)",
            said(proof)
        );
        return untold(code, title, &why, told(), help_siren);
    }
    match kept {
        Some(_) if facts.fec.is_none() => {
            let why =
                format!("{place}{} ; celui d’aujourd’hui ne se fait pas : {UNSOUND}", said(proof));
            untold(code, title, &why, told(), "lancez `compta check`")
        }
        Some(_) => {
            let words = format!("{place}{}, le même aujourd’hui à l’octet", said(proof));
            made(code, title, Outcome::Sound, words, told(), "")
        }
        None if closed => {
            let why = format!(
                "celui que les livres donnent aujourd’hui, {} ; la clôture n’en garde pas, ou plus, de copie",
                said(proof)
            );
            untold(code, title, &why, told(), "gardez le FEC remis, avec son SHA-256")
        }
        None if !proof.waiting.is_empty() => {
            let count = counted(proof.waiting.len(), "donnée attend", "données attendent");
            let rows = counted(proof.rows, "ligne", "lignes");
            let why = format!("{} : {rows} ; {count} la clôture", proof.name);
            untold(code, title, &why, told(), "`compta close` valide et scelle les écritures")
        }
        None => made(code, title, Outcome::Sound, said(proof), told(), ""),
    }
}
