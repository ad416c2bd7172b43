use std::path::Path;

use rust_decimal::Decimal;

use super::args::Common;
use super::assembly::{Subject, prepare};
use super::audit::leads_of;
use super::controls::{bench, fixed_assets};
use super::failure::Failure;
use super::fec::{FecShape, fec_files};
use super::host::Host;
use super::proofs::{hexadecimal, made as audit_proofs};
use super::ready::{Ready, Scope, ready};
use super::sealing::{FEC, TOOL, copies, statements};
use crate::assembly::immobilisations;
use crate::closing::controls::{audit_sheet, controls, sheet};
use crate::diagnostic::Finding;
use crate::measure::FiscalYear;
use crate::render::{Document, Format, chart_document, render, sheet_document};
use crate::statement::audit::Limits;
use crate::statement::lists;

/// The manifest of a package: what `sha256sum -c` reads.
const MANIFEST: &str = "MANIFEST.sha256";

type Files = Vec<(String, Vec<u8>)>;

/// `compta export cac`: everything that an auditor asks for, in one folder.
pub(super) fn export(
    common: &Common,
    what: &str,
    year: Option<&str>,
    host: &mut Host,
) -> Result<u8, Failure> {
    if what != "cac" {
        return Err(Failure::usage(
            format!("rien ne s’exporte sous le nom `{what}`"),
            "`compta export cac 2024 -o DOSSIER` fait le dossier du commissaire aux comptes",
        ));
    }
    if common.format.is_some() || common.care {
        return Err(Failure::usage(
            "le dossier du commissaire a ses propres formats, et les deux livres",
            "retirez `-O` et `--care`",
        ));
    }
    let Some(target) = common.output.as_deref().filter(|path| path.as_os_str() != "-") else {
        return Err(Failure::usage("`export cac` écrit un dossier", "donnez-le : `-o DOSSIER`"));
    };
    free(target, host)?;
    let ready = ready(common, host)?;
    let year = ready.year(year)?;
    let package = package(&ready, common, &year, host)?;
    host.write_folder(target, &package)?;
    for (path, _) in &package {
        host.put(format!("  {path}\n").as_bytes())?;
    }
    let place = target.display();
    let told = format!(
        "{} fichiers dans {place}\n\nEnsuite : (cd {place} && sha256sum -c {MANIFEST})\n",
        package.len()
    );
    host.put(told.as_bytes()).map(|()| 0)
}

/// A package takes the place of nothing.
fn free(target: &Path, host: &Host) -> Result<(), Failure> {
    let empty = host.is_folder(target) && host.list(target).is_ok_and(|names| names.is_empty());
    if host.real(target).is_ok() && !empty {
        return Err(Failure::usage(
            format!("`{}` existe déjà", target.display()),
            "donnez un dossier qui n’existe pas encore : un dossier remis ne se réécrit pas",
        ));
    }
    Ok(())
}

/// Every file of the package, its manifest last.
fn package(
    ready: &Ready,
    common: &Common,
    year: &FiscalYear,
    host: &mut Host,
) -> Result<Files, Failure> {
    let mut files = Files::new();
    let fec = fec_files(ready, year, FecShape::USUAL);
    if fec.fec.findings.iter().any(Finding::is_error) {
        host.say("des écritures n’ont pas de numéro : `compta fec` les nomme ; le FEC joint est incomplet\n");
    }
    files.extend(fec.files.into_iter().map(|(name, bytes)| (format!("fec/{name}"), bytes)));
    let states = statements(ready, common, year, host)?;
    // Its FEC is in a folder of its own.
    let states = states.into_iter().filter(|(name, _)| !name.starts_with(FEC));
    files.extend(states.map(|(name, bytes)| (format!("etats/{name}"), bytes)));
    let scope = Scope::Year(year.clone());
    let heading = ready.heading(common, &scope);
    let sources = ready.opened.books.sources();
    let limits = Limits { euros: None, percent: Decimal::TEN };
    let leads = leads_of(ready, common, year, (limits, false), host)?;
    put(&mut files, "balances/feuilles-maitresses", &leads);
    let edition = ready.opened.books.edition(year.period.last);
    let chart = lists::chart(&ready.opened.books, edition);
    put(&mut files, "balances/plan-de-comptes", &chart_document(&chart, &heading));
    let assets = fixed_assets(ready, year);
    let checked = controls(&bench(ready, year, assets.as_ref()));
    let checked = sheet(&checked, &year.name, sources, None);
    put(&mut files, "controles/controles", &sheet_document(&checked, &heading));
    let proofs = audit_proofs(ready, year, (common, None), host)?;
    let proofs = audit_sheet(&proofs, &year.name, sources, None);
    put(&mut files, "controles/audit", &sheet_document(&proofs, &heading));
    registers(&mut files, ready, common, year, host)?;
    files.push(("LISEZMOI.txt".to_owned(), readme(ready, year, &heading.state).into_bytes()));
    files.sort();
    let lines = files.iter().map(|(path, bytes)| format!("{}  {path}\n", hexadecimal(bytes)));
    let manifest: String = lines.collect();
    files.push((MANIFEST.to_owned(), manifest.into_bytes()));
    Ok(files)
}

/// The registers as they are written, and the tables that they give.
fn registers(
    files: &mut Files,
    ready: &Ready,
    common: &Common,
    year: &FiscalYear,
    host: &mut Host,
) -> Result<(), Failure> {
    for copy in copies(&ready.opened) {
        files.push((format!("registres/{}", copy.path), copy.bytes));
    }
    let heading = ready.heading(common, &Scope::Year(year.clone()));
    if let Some(register) = &ready.opened.registers.assets {
        let sheet = immobilisations(register, &ready.opened.yielded, year);
        put(files, "registres/immobilisations", &sheet_document(&sheet, &heading));
    }
    let prepared = prepare(common, Some(&year.name), host)?;
    for subject in [Subject::Subventions, Subject::Adhesions, Subject::Programmes, Subject::Annexe]
    {
        if let Some(sheet) = prepared.sheet(subject)? {
            let name = format!("registres/{}", sheet.name);
            put(files, &name, &prepared.document(&sheet, common));
        }
    }
    Ok(())
}

fn put(files: &mut Files, name: &str, document: &Document) {
    files.push((format!("{name}.csv"), render(document, Format::Csv)));
    files.push((format!("{name}.json"), render(document, Format::Json)));
}

fn readme(ready: &Ready, year: &FiscalYear, state: &str) -> String {
    let entity = &ready.opened.dossier.name;
    format!(
        "Dossier du commissaire aux comptes – {entity}, exercice {} ({state})\n\
         fait par {TOOL}\n\n\
         fec/         fichier des écritures comptables et sa description (LPF art. A47 A-1)\n\
         etats/       bilan, compte de résultat, balance, journal, grand-livre : classiques, et CARE (-care)\n\
         balances/    feuilles maîtresses N et N-1, plan de comptes et tiers\n\
         registres/   les registres tels qu’ils sont écrits (.toml), et leurs tableaux\n\
         controles/   contrôles avant clôture, et les dix preuves de l’audit\n\n\
         Chaque ligne d’un état JSON donne ses comptes ; chaque ligne du journal, son fichier et sa ligne.\n\
         Vérifier l’intégrité : sha256sum -c {MANIFEST}\n",
        year.name
    )
}
