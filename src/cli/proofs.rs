use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::args::{Common, FormatName};
use super::books::tell;
use super::controls::{SHOWN, bench, fixed_assets, named};
use super::failure::Failure;
use super::fec::{FecShape, fec_files};
use super::host::Host;
use super::intake::restored;
use super::on_disk::Folder;
use super::open::{exit_code, open, place};
use super::ready::{Ready, Scope};
use super::sealing::FEC;
use super::verify::{anchor, verified_year};
use crate::book::Sources;
use crate::closing::controls::{
    AuditFacts, Control, Outcome, SealedFec, audit_sheet, fec_proof, is_sound, procedures, proofs,
    readable,
};
use crate::closing::verify::SealedFolder;
use crate::diagnostic::count;
use crate::exchange::fec::FileName;
use crate::ledger::Annual;
use crate::measure::{FiscalYear, amount};
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
    if common.tout {
        return Err(Failure::usage(
            "un audit porte sur un exercice, pas sur `--tout`",
            "donnez l’exercice : `compta audit 2024`",
        ));
    }
    let typed = root;
    let (ready, year) = read(common, year, host)?;
    let (made, code) = made(&ready, &year, (common, typed), host)?;
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
    Ok(code)
}

/// The books of an audit, sound or not, with the year that is asked for.
pub(super) fn read(
    common: &Common,
    year: Option<&str>,
    host: &mut Host,
) -> Result<(Ready, FiscalYear), Failure> {
    let mut opened = open(common, host)?;
    // What was not read cannot be added up: proofs that need a ledger say so.
    let whole = readable(&opened.books, &opened.findings);
    let annual = if whole { opened.annual() } else { Annual::default() };
    let ready = Ready::of(opened, annual);
    let year = if whole { ready.year(year)? } else { named(&ready, year)? };
    Ok((ready, year))
}

/// The exit code of what is sealed and no longer what it was.
const ALTERED: u8 = 4;

/// The ten proofs of a year, and the exit code that they give.
pub(super) fn made(
    ready: &Ready,
    year: &FiscalYear,
    (common, root): (&Common, Option<&str>),
    host: &mut Host,
) -> Result<(Vec<Control>, u8), Failure> {
    let anchor = root.map(anchor).transpose()?;
    let place = place(common, host)?;
    let folder = place.folder(host)?;
    let (seals, sealed) = verified_year(common, year, host)?;
    // Books with an error lack what registers and openings derive: what they would give is not theirs.
    let sound = is_sound(&ready.opened.findings);
    let files = sound.then(|| fec_files(ready, year, FecShape::USUAL, 1));
    let today = files.as_ref().map(|files| &files.files[0]);
    let first = year.period.first;
    let proof = |(name, bytes): &(String, Vec<u8>)| fec_proof(name, bytes, first, sealed.is_none());
    let (documents, empty) = documents(&folder, "pieces");
    let facts = AuditFacts {
        closures: &ready.opened.closures,
        fec: today.map(proof),
        sealed_fec: sealed.as_ref().and_then(|sealed| sealed_fec(sealed, year, today)),
        seals,
        sealed,
        anchor,
        procedures: ready
            .opened
            .dossier
            .procedures
            .as_deref()
            .map(|path| procedures(path, folder.read(path), &ready.opened.books)),
        documents,
        empty,
        restored: today.map(|(name, bytes)| restored(ready, year, (name, bytes), host)),
    };
    let assets = fixed_assets(ready, year);
    let altered = facts.seals.iter().any(|one| !one.alarms.is_empty());
    let made = proofs(&bench(ready, year, assets.as_ref()), &facts);
    let failed = made.iter().any(|one| one.outcome == Outcome::Failed);
    let code = if altered { ALTERED } else { u8::from(failed) };
    Ok((made, code.max(exit_code(&ready.opened.findings))))
}

/// The FEC that a closing keeps, beside today's.
fn sealed_fec(
    sealed: &SealedFolder,
    year: &FiscalYear,
    today: Option<&(String, Vec<u8>)>,
) -> Option<SealedFec> {
    let kept = sealed.files.iter().find_map(|(path, bytes)| {
        let name = path.strip_prefix("etats/")?.strip_prefix(FEC)?;
        let read = FileName::read(name)?;
        let whole = name == format!("{}.txt", read.stem());
        (whole && read.closing == year.period.last).then_some((name, bytes))
    });
    let (name, bytes) = kept?;
    let proof = fec_proof(name, bytes, year.period.first, false);
    let differs = today.and_then(|(_, own)| (own != bytes).then(|| apart(bytes, own)));
    Some(SealedFec { proof, differs })
}

/// Where two files part, line by line.
fn apart(sealed: &[u8], own: &[u8]) -> String {
    let (mut sealed, mut own) = (sealed.split(|b| *b == b'\n'), own.split(|b| *b == b'\n'));
    let (mut count, mut first, mut line) = (0_u64, 0, 0);
    loop {
        let (left, right) = (sealed.next(), own.next());
        line += 1;
        match (left, right) {
            (None, None) => break,
            (left, right) if left != right => {
                count += 1;
                if count == 1 {
                    first = line;
                }
            }
            _ => {}
        }
    }
    let plural = if count > 1 { "s" } else { "" };
    let count = amount(count.into(), 0);
    format!("{count} ligne{plural} différente{plural}, à partir de la ligne {first}")
}

/// The files below a folder, by their path in it: those with something in them, and the empty ones.
fn documents(folder: &Folder, place: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut found, mut empty) = (BTreeSet::new(), BTreeSet::new());
    let mut left = vec![place.to_owned()];
    while let Some(path) = left.pop() {
        for name in folder.list(&path).unwrap_or_default() {
            if name.starts_with('.') {
                continue;
            }
            let full = format!("{path}/{name}");
            // A link to a folder could lead back here.
            if folder.holds_folder(&full) {
                left.push(full);
            } else {
                let kind = if folder.holds_bytes(&full) { &mut found } else { &mut empty };
                kind.extend(full.strip_prefix(&format!("{place}/")).map(str::to_owned));
            }
        }
    }
    (found, empty)
}

/// The SHA-256 of bytes, in hexadecimal.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}
