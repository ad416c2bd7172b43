use std::path::Path;

use sha2::{Digest, Sha256};

use super::args::{Common, FormatName};
use super::books::tell;
use super::controls::{SHOWN, bench, fixed_assets};
use super::failure::Failure;
use super::fec::{FecShape, fec_files};
use super::host::Host;
use super::intake::restored;
use super::open::{exit_code, open};
use super::ready::{Ready, Scope};
use super::verify::{anchor, verified_year};
use crate::closing::controls::{
    AuditFacts, Control, FecProof, Outcome, Procedures, audit_sheet, proofs, readable,
};
use crate::diagnostic::count;
use crate::exchange::fec::verify::verify;
use crate::measure::FiscalYear;
use crate::render::sheet_document;

/// `compta audit`: the ten proofs, each with its evidence; exit 1 when one does not hold.
pub(super) fn audit(
    common: &Common,
    year: Option<&str>,
    root: Option<&str>,
    host: &mut Host,
) -> Result<u8, Failure> {
    if common.care {
        return Err(Failure::usage("les preuves portent sur les deux livres", "retirez `--care`"));
    }
    let typed = root;
    let mut opened = open(common, host)?;
    if !readable(&opened.books, &opened.findings) {
        tell(&opened.findings, opened.books.sources(), host);
        host.say(&format!("{} : corrigez-les d’abord\n", count(&opened.findings)));
        return Err(Failure::Unsound(exit_code(&opened.findings)));
    }
    let annual = opened.annual();
    let ready = Ready { opened, annual, sealing: None };
    let year = ready.year(year)?;
    let made = made(&ready, &year, (common, typed), host)?;
    let findings = &ready.opened.findings;
    if !findings.is_empty() {
        tell(findings, ready.opened.books.sources(), host);
        host.say(&format!("{}\n", count(findings)));
    }
    let screen = matches!(common.format, None | Some(FormatName::Text));
    let sources = ready.opened.books.sources();
    let sheet = audit_sheet(&made, &year.name, sources, screen.then_some(SHOWN));
    let heading = ready.heading(common, &Scope::Year(year));
    ready.emit(&sheet_document(&sheet, &heading), common, host)?;
    let failed = made.iter().any(|one| one.outcome == Outcome::Failed);
    Ok(exit_code(findings).max(u8::from(failed)))
}

/// The ten proofs of a year.
pub(super) fn made(
    ready: &Ready,
    year: &FiscalYear,
    (common, root): (&Common, Option<&str>),
    host: &mut Host,
) -> Result<Vec<Control>, Failure> {
    let anchor = root.map(anchor).transpose()?;
    let files = fec_files(ready, year, FecShape::USUAL);
    let (name, bytes) = &files.files[0];
    let facts = AuditFacts {
        closures: &ready.opened.closures,
        fec: fec_proof(name, bytes, year, files.fec.rows.len()),
        seal: verified_year(common, year, host)?,
        anchor,
        procedures: procedures(ready, host),
        restored: restored(ready, year, (name, bytes), host),
    };
    let assets = fixed_assets(ready, year);
    Ok(proofs(&bench(ready, year, assets.as_ref()), &facts))
}

/// What the verification of a FEC in memory says.
fn fec_proof(name: &str, bytes: &[u8], year: &FiscalYear, rows: usize) -> FecProof {
    // Bytes in memory do not fail to come.
    let Ok(verified) = verify(name, Some(year.period.first), bytes) else {
        return FecProof::default();
    };
    let mut proof = FecProof { name: name.to_owned(), rows, ..FecProof::default() };
    for group in &verified.found.groups {
        let words =
            format!("{} {} : {}", group.code, group.message, lines(&group.lines, group.count));
        let list =
            if group.code.text().starts_with('E') { &mut proof.errors } else { &mut proof.remarks };
        list.push(words);
    }
    proof
}

fn lines(lines: &[u64], count: u64) -> String {
    match (count, lines.first()) {
        (_, None) => "le fichier".to_owned(),
        (1, Some(line)) => format!("ligne {line}"),
        (_, Some(line)) => format!("{count} lignes, la première {line}"),
    }
}

fn procedures(ready: &Ready, host: &Host) -> Option<Procedures> {
    let path = ready.opened.dossier.procedures.clone()?;
    let bytes = host.read(&ready.opened.folder.join(Path::new(&path)));
    let sha256 = bytes.ok().filter(|bytes| !bytes.is_empty()).map(|bytes| hexadecimal(&bytes));
    Some(Procedures { path, sha256 })
}

/// The SHA-256 of bytes, in hexadecimal.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}
