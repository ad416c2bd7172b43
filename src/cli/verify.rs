use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::args::{Common, FormatName};
use super::closures::{behind_links, books_files, closure_names, sealed_folder};
use super::failure::Failure;
use super::host::Host;
use super::on_disk::Folder;
use super::open::{open, open_with, place};
use super::ready::{Ready, Shown};
use super::sealing::{TOOL, ask, copies, statements};
use crate::closing::controls::SealProof;
use crate::closing::verify::{Context, KnownSeal, Reread, SealedFolder, Verdict, verify};
use crate::closing::{
    Anchor, CLOSINGS, Hash, Kind, Seal, State, folder_name, generated, own_folder,
};
use crate::diagnostic::Finding;
use crate::ledger::Annual;
use crate::measure::{FiscalYear, signed_words};
use crate::render::Format;

/// What a verification says of one closing.
#[derive(Serialize)]
struct Verified {
    closing: String,
    root: Option<String>,
    code: Option<String>,
    entries: usize,
    files: usize,
    intact: bool,
    verdicts: Vec<VerdictLine>,
}

#[derive(Serialize)]
struct VerdictLine {
    verdict: &'static str,
    alarm: bool,
    file: String,
    line: Option<usize>,
    entry: Option<String>,
    date: Option<String>,
    sentence: String,
}

#[derive(Serialize)]
struct Report {
    schema: &'static str,
    closings: Vec<Verified>,
}

/// `compta verify [ANNÉE] [--racine CODE]`: whether what is sealed is as it was.
pub(super) fn verify_closings(
    common: &Common,
    year: Option<&str>,
    root: Option<&str>,
    host: &mut Host,
) -> Result<u8, Failure> {
    let anchor = root.map(anchor).transpose()?;
    let place = place(common, host)?;
    let folder = place.folder(host)?;
    let mut names = closure_names(&folder)?;
    if let Some(year) = year {
        names.retain(|name| is_of_year(&folder, name, year));
    }
    if names.is_empty() {
        return Err(match year {
            Some(year) => Failure::usage(
                format!("`{CLOSINGS}/` n’a pas de clôture {year}"),
                "`compta close` clôt un exercice ; `compta` seul dit où chacun en est",
            ),
            None => Failure::usage(
                format!("ces livres n’ont aucune clôture dans `{CLOSINGS}/`"),
                "`compta close` clôt un exercice",
            ),
        });
    }
    if anchor.is_some() && names.len() > 1 {
        return Err(Failure::usage(
            "un code est celui d’une seule clôture",
            "donnez l’exercice : `compta verify 2024 --racine CODE`",
        ));
    }
    // Books that no longer read do not stop a verification: bytes are enough.
    let mut ready = open(common, host).ok().map(|mut opened| {
        let sound = !opened.findings.iter().any(Finding::is_error);
        let annual = if sound { opened.annual() } else { Annual::default() };
        (Ready::of(opened, annual), sound)
    });
    let mut current = books_files(&folder)?;
    // What the program ships stands in no folder.
    if let Some((ready, _)) = &ready {
        let shipped =
            copies(&ready.opened).into_iter().filter(|one| one.path.starts_with("compta/"));
        current.extend(shipped.map(|one| (one.path, one.bytes)));
    }
    let every = closure_names(&folder)?;
    let known = known(&folder, &every);
    let mut report = Report { schema: "compta/verification/1", closings: Vec::new() };
    for name in &names {
        let sealed = sealed_folder(&folder, name)?;
        linked(&folder, &sealed, &mut current)?;
        let context = context(&sealed, ready.as_mut(), common, &known, anchor.clone(), host);
        let verdicts = verify(&sealed, &current, &context);
        report.closings.push(verified(&sealed, verdicts));
    }
    show(&report, common, host)
}

/// What a verification says of each final closing of a year, of the whole of it or of a part, and the
/// folder of the one that closes it.
pub(super) fn verified_year(
    common: &Common,
    year: &FiscalYear,
    host: &mut Host,
) -> Result<(Vec<SealProof>, Option<SealedFolder>), Failure> {
    let place = place(common, host)?;
    let folder = place.folder(host)?;
    let own = folder_name(&year.name, Kind::Annual, year.period.last, None);
    let every = closure_names(&folder)?;
    let mut names: Vec<(bool, &String)> = Vec::new();
    for name in &every {
        if binds(&folder, name, year, &own) {
            names.push((false, name));
        } else if precedes(&folder, name, year) {
            names.push((true, name));
        }
    }
    names.sort_by_key(|(_, name)| **name != own);
    if names.iter().all(|(before, _)| *before) {
        return Ok((Vec::new(), None));
    }
    let mut opened = open(common, host)?;
    let sound = !opened.findings.iter().any(Finding::is_error);
    let annual = if sound { opened.annual() } else { Annual::default() };
    let mut ready = (Ready::of(opened, annual), sound);
    let mut current = books_files(&folder)?;
    let shipped = copies(&ready.0.opened).into_iter().filter(|one| one.path.starts_with("compta/"));
    current.extend(shipped.map(|one| (one.path, one.bytes)));
    let known = known(&folder, &every);
    let (mut proofs, mut annual) = (Vec::new(), None);
    for (before, name) in names {
        let sealed = sealed_folder(&folder, name)?;
        linked(&folder, &sealed, &mut current)?;
        let context = context(&sealed, Some(&mut ready), common, &known, None, host);
        let one = verified(&sealed, verify(&sealed, &current, &context));
        let alarms = one.verdicts.iter().filter(|verdict| verdict.alarm);
        proofs.push(SealProof {
            place: sealed.name.clone(),
            annual: *name == own,
            before,
            covered: (one.files, one.entries),
            alarms: alarms
                .map(|verdict| format!("{} : {}", verdict.file, verdict.sentence))
                .collect(),
        });
        if *name == own {
            annual = Some(sealed);
        }
    }
    Ok((proofs, annual))
}

/// Whether a closing binds what is written of a year: that of the year, or a part of it.
fn binds(folder: &Folder, name: &str, year: &FiscalYear, own: &str) -> bool {
    if name == own || name.starts_with(&format!("{own}-periode-")) {
        return true;
    }
    let text = || seal_text(&sealed_folder(folder, name).ok()?);
    text().is_some_and(|text| {
        let seal = Seal::lenient(text.as_bytes()).seal;
        seal.state == State::Final && seal.period.meets(year.period)
    })
}

/// Whether a closing binds what is written before a year.
fn precedes(folder: &Folder, name: &str, year: &FiscalYear) -> bool {
    let text = || seal_text(&sealed_folder(folder, name).ok()?);
    text().is_some_and(|text| {
        let seal = Seal::lenient(text.as_bytes()).seal;
        seal.state == State::Final && seal.period.last < year.period.first
    })
}

/// Whether a folder is a closing of that year, by its name or by what it seals.
fn is_of_year(folder: &Folder, name: &str, year: &str) -> bool {
    let plain = folder_name(year, Kind::Annual, NaiveDate::MIN, None);
    let own = name.strip_prefix(&plain).is_some_and(|rest| {
        rest.is_empty() || rest.starts_with("-provisoire-") || rest.starts_with("-periode-")
    });
    let text = || seal_text(&sealed_folder(folder, name).ok()?);
    own || text().is_some_and(|text| Seal::lenient(text.as_bytes()).seal.year == year)
}

pub(super) fn anchor(typed: &str) -> Result<Anchor, Failure> {
    Anchor::parse(typed).ok_or_else(|| {
        Failure::usage(
            format!("`{typed}` n’est pas un sceau imprimé"),
            "recopiez les huit groupes de quatre chiffres du bilan ou du procès-verbal",
        )
    })
}

/// The seals that read, so that a vanished one is noticed.
fn known(folder: &Folder, names: &[String]) -> Vec<KnownSeal> {
    let seals = names.iter().filter_map(|name| {
        let sealed = sealed_folder(folder, name).ok()?;
        Seal::parse(&seal_text(&sealed)?).ok()
    });
    seals
        .filter(|seal| seal.state == State::Final)
        .map(|seal| KnownSeal {
            year: seal.year.clone(),
            last: seal.period.last,
            root: seal.root(),
            previous: seal.previous,
        })
        .collect()
}

/// What the books of today say again of a closing.
fn context<'a>(
    sealed: &SealedFolder,
    ready: Option<&mut (Ready, bool)>,
    common: &Common,
    known: &[KnownSeal],
    anchor: Option<Anchor>,
    host: &mut Host,
) -> Context<'a> {
    let mut context = Context { tool: TOOL, known: known.to_vec(), anchor, ..Context::default() };
    let seal = seal_text(sealed).and_then(|text| Seal::parse(&text).ok());
    let (Some(seal), Some((ready, sound))) = (seal, ready) else { return context };
    if !*sound {
        return context;
    }
    let books = &ready.opened.books;
    let own = |date| seal.period.contains(date);
    let entries = books.entries().filter(|entry| own(entry.date()));
    let chained = entries.filter(|entry| seal.kind == Kind::Annual || !entry.is_derived());
    context.entries = Some(chained.map(|entry| Reread::of(entry, books)).collect());
    // A provisional closing shows what may still move.
    if seal.state == State::Final {
        context.regenerated = under_its_registers(common, sealed, &seal, host);
    }
    context
}

/// The days of a closing, as a fiscal year has them.
fn of(seal: &Seal) -> FiscalYear {
    FiscalYear { name: seal.year.clone(), period: seal.period }
}

/// The statements and journals of a closing under the registers that it copied: today's may be others.
fn under_its_registers(
    common: &Common,
    sealed: &SealedFolder,
    seal: &Seal,
    host: &mut Host,
) -> Option<BTreeMap<String, Vec<u8>>> {
    let copied = |(path, bytes): (&String, &Vec<u8>)| {
        let path = path.strip_prefix("registres/").filter(|path| !path.starts_with("compta/"))?;
        Some((path.to_owned(), bytes.clone()))
    };
    let planned: Vec<(String, Vec<u8>)> = sealed.files.iter().filter_map(copied).collect();
    let mut opened = open_with(common, host, &planned).ok()?;
    if opened.findings.iter().any(Finding::is_error) {
        return None;
    }
    let annual = opened.annual();
    regenerated(&mut Ready::of(opened, annual), seal, host)
}

/// The sealed lists that give the line of each entry.
const PLACED: [&str; 2] = ["etats/journal.csv", "etats/grand-livre.csv"];

/// The statements and the generated journals, made again.
fn regenerated(
    ready: &mut Ready,
    seal: &Seal,
    host: &mut Host,
) -> Option<BTreeMap<String, Vec<u8>>> {
    let year = of(seal);
    ready.annual.ledger(&year)?;
    let (shown, code) = (seal.day.format("%d/%m/%Y"), seal.code());
    let words = format!("arrêté le {shown}, sceau {code}");
    ready.sealing = Some(Shown { words, validated: Some(seal.day) });
    let common = Common::of(&ready.opened.folder, None);
    let made = statements(ready, &common, (&year, Format::Csv), host);
    ready.sealing = None;
    let mut again: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    again.extend(made.ok()?.into_iter().map(|(path, bytes)| (format!("etats/{path}"), bytes)));
    // These two say where each entry stands: lines move when a remark is added above.
    let root = seal.root();
    let own = ready.opened.closures.all().iter().find(|one| one.root == root);
    if !own.is_some_and(|one| one.is_untouched(&ready.opened.books)) {
        again.retain(|path, _| !PLACED.contains(&path.as_str()));
    }
    let journals = generated(&ask(ready, &year, seal.day, seal.state));
    again.extend(journals.into_iter().map(|(path, text)| (path, text.into_bytes())));
    Some(again)
}

/// Adds what a seal names and no walk through the folder meets.
fn linked(
    folder: &Folder,
    sealed: &SealedFolder,
    current: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(), Failure> {
    let Some(text) = seal_text(sealed) else { return Ok(()) };
    behind_links(folder, &Seal::lenient(text.as_bytes()).seal, current)
}

/// The text of a seal with newlines alone, as its root has it.
fn seal_text(sealed: &SealedFolder) -> Option<String> {
    let text = std::str::from_utf8(sealed.files.get("sceau.txt")?).ok()?;
    Some(text.trim_start_matches('\u{feff}').replace("\r\n", "\n"))
}

/// A closing that stands under the name of another, or of none.
fn misnamed(sealed: &SealedFolder) -> Option<VerdictLine> {
    let seal = Seal::parse(&seal_text(sealed)?).ok()?;
    let name = sealed.name.trim_start_matches(CLOSINGS).trim_start_matches('/');
    let own = own_folder(&seal, name);
    (own != name).then(|| VerdictLine {
        verdict: "déplacé",
        alarm: true,
        file: sealed.name.clone(),
        line: None,
        entry: None,
        date: None,
        sentence: format!(
            "ce dossier est la clôture {own}, sous un autre nom : rendez-lui le sien"
        ),
    })
}

fn verified(sealed: &SealedFolder, verdicts: Vec<Verdict>) -> Verified {
    let seal = seal_text(sealed).map(|text| Seal::lenient(text.as_bytes()).seal);
    let root = seal_text(sealed).map(|text| Hash::of(text.as_bytes()));
    let misnamed = misnamed(sealed);
    let intact = misnamed.is_none() && !verdicts.iter().any(|verdict| verdict.alarm);
    Verified {
        closing: sealed.name.clone(),
        root: root.map(|root| root.to_string()).filter(|_| intact),
        code: root.map(Hash::code).filter(|_| intact),
        entries: seal.map_or(0, |seal| seal.entries.len()),
        files: sealed.files.len(),
        intact,
        verdicts: misnamed
            .into_iter()
            .chain(verdicts.into_iter().map(|verdict| VerdictLine {
                verdict: verdict.finding.word(),
                alarm: verdict.alarm,
                file: verdict.file,
                line: verdict.line,
                entry: verdict.entry.as_ref().map(|entry| entry.code.clone()),
                date: verdict.entry.as_ref().map(|entry| entry.date.to_string()),
                sentence: verdict.sentence,
            }))
            .collect(),
    }
}

fn show(report: &Report, common: &Common, host: &mut Host) -> Result<u8, Failure> {
    let text = match common.format {
        Some(FormatName::Json) => serde_json::to_string_pretty(report).unwrap_or_default() + "\n",
        None | Some(FormatName::Text) => report.closings.iter().map(words).collect(),
        Some(_) => {
            return Err(Failure::usage("`verify` sort en text ou en json", "donnez `-O json`"));
        }
    };
    match common.output.as_ref().filter(|path| path.as_os_str() != "-") {
        Some(path) => host.write(path, text.as_bytes())?,
        None => host.put(text.as_bytes())?,
    }
    Ok(if report.closings.iter().all(|one| one.intact) { 0 } else { 4 })
}

fn words(one: &Verified) -> String {
    let mut text = if one.intact {
        let code = one.code.as_deref().unwrap_or_default();
        format!(
            "{} : intact – {}, {}, sceau {code}\n",
            one.closing,
            signed_words(one.entries, "écriture"),
            signed_words(one.files, "fichier")
        )
    } else {
        let alarms = one.verdicts.iter().filter(|verdict| verdict.alarm).count();
        format!("{} : {}\n", one.closing, signed_words(alarms, "anomalie"))
    };
    for verdict in &one.verdicts {
        let line = verdict.line.map_or_else(String::new, |line| format!(":{line}"));
        let mark = if verdict.alarm { "✗" } else { "·" };
        text.push_str(&format!("  {mark} {}{line} : {}\n", verdict.file, verdict.verdict));
        text.push_str(&format!("      {}\n", verdict.sentence));
    }
    text
}
