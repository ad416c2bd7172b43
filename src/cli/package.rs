use rust_decimal::Decimal;

use super::args::Common;
use super::assembly::{Prepared, Subject, prepare};
use super::audit::leads_of;
use super::closures::sealed_folder;
use super::controls::{bench, fixed_assets};
use super::failure::Failure;
use super::fec::{FecShape, fec_files};
use super::host::Host;
use super::open::place;
use super::proofs::{hexadecimal, made as audit_proofs};
use super::ready::{Ready, Scope};
use super::sealing::{FEC, TOOL, copies, statements};
use crate::assembly::{Cell, Column, Row, Sheet, Table, immobilisations};
use crate::book::Sources;
use crate::closing::SourceKind;
use crate::closing::controls::{Control, Outcome, audit_sheet, controls, sheet};
use crate::diagnostic::Finding;
use crate::ledger::View;
use crate::measure::FiscalYear;
use crate::render::{
    Document, Format, aged_document, balance_beside_document, chart_document, grand_livre_list,
    journal_list, open_items_document, render, render_list, sheet_document, subsidiary_document,
};
use crate::statement::audit::Limits;
use crate::statement::lists;
use crate::statement::tiers::{aged, subsidiary};

/// The manifest of a package: what `sha256sum -c` reads.
pub(super) const MANIFEST: &str = "MANIFEST.sha256";

/// Where the files of the books that the seal covers stand, so that its script finds them.
const BOOKS: &str = "livres";

/// The table of the annexe that is a register of its own.
const DEDICATED: &str = "fonds_dedies";

type Files = Vec<(String, Vec<u8>)>;

/// What a package is asked of.
pub(super) struct Ask<'a> {
    pub(super) ready: &'a Ready,
    pub(super) common: &'a Common,
    pub(super) year: &'a FiscalYear,
    /// The code that the minutes bear.
    pub(super) root: Option<&'a str>,
    /// How its tables are written.
    pub(super) csv: Format,
}

/// A package ready to be written.
pub(super) struct Package {
    /// Every file, the manifest last.
    pub(super) files: Files,
    /// The proofs that do not hold, in words.
    pub(super) failed: Vec<String>,
    /// The exit code of the proofs.
    pub(super) code: u8,
}

/// Everything that an auditor asks for of sound books.
pub(super) fn package(ask: &Ask<'_>, host: &mut Host) -> Result<Package, Failure> {
    let Ask { ready, common, year, csv, .. } = *ask;
    let mut files = Files::new();
    let fec = fec_files(ready, year, FecShape::USUAL, 1);
    if fec.fec.findings.iter().any(Finding::is_error) {
        host.say("des écritures n’ont pas de numéro : `compta fec` les nomme ; le FEC joint est incomplet\n");
    }
    files.extend(fec.files.into_iter().map(|(name, bytes)| (format!("fec/{name}"), bytes)));
    let states = statements(ready, common, (year, csv), host)?;
    // Its FEC is in a folder of its own.
    let states = states.into_iter().filter(|(name, _)| !name.starts_with(FEC));
    files.extend(states.map(|(name, bytes)| (format!("etats/{name}"), bytes)));
    let scope = Scope::Year(year.clone());
    let heading = ready.heading(common, &scope);
    let sources = ready.opened.books.sources();
    let limits = Limits { euros: None, percent: Decimal::TEN };
    let leads = leads_of(ready, common, year, (limits, false), host)?;
    ask.put(&mut files, "balances/feuilles-maitresses", &leads);
    let edition = ready.opened.books.edition(year.period.last);
    let chart = lists::chart(&ready.opened.books, edition);
    ask.put(&mut files, "balances/plan-de-comptes", &chart_document(&chart, &heading));
    ask.balances(&mut files);
    ask.care_lists(&mut files);
    let assets = fixed_assets(ready, year);
    let checked = controls(&bench(ready, year, assets.as_ref()));
    let checked = sheet(&checked, &year.name, sources, None);
    ask.put(&mut files, "controles/controles", &sheet_document(&checked, &heading));
    ask.registers(&mut files, host)?;
    ask.whole(files, host)
}

/// What a closing keeps of its year, when the books of today do not read: its folder, and the proofs.
pub(super) fn sealed_package(ask: &Ask<'_>, host: &mut Host) -> Result<Package, Failure> {
    ask.whole(Files::new(), host)
}

impl Ask<'_> {
    fn put(&self, files: &mut Files, name: &str, document: &Document) {
        files.push((format!("{name}.csv"), render(document, self.csv)));
        files.push((format!("{name}.json"), render(document, Format::Json)));
    }

    /// The balance beside that of the year before, that of third parties, and what they owe by age.
    fn balances(&self, files: &mut Files) {
        let Ask { ready, common, year, .. } = *self;
        let (books, annual) = (&ready.opened.books, &ready.annual);
        let scope = Scope::Year(year.clone());
        let Some(ledger) = annual.ledger(year) else { return };
        let last = year.period.last;
        let edition = books.edition(last);
        let before = books.years().before(year).filter(|year| annual.ledger(year).is_some());
        let earlier = before.as_ref().and_then(|year| annual.ledger(year));
        let name = before.as_ref().map(|year| year.name.as_str());
        let mut seen = Common::of(&ready.opened.folder, None);
        for (view, suffix) in [(View::Classic, ""), (View::Care, "-care")] {
            if view == View::Care && ready.opened.care.is_none() {
                continue;
            }
            seen.care = view == View::Care;
            let lines = lists::balance_beside(books, (ledger, earlier), view, edition);
            let heading = ready.heading(&seen, &scope);
            let document = balance_beside_document(&lines, (&heading, name), books.units());
            self.put(files, &format!("balances/balance{suffix}"), &document);
        }
        let heading = ready.heading(common, &scope);
        let entries = ready.entries(&scope);
        let shown = subsidiary(books, entries.into_iter(), None, ledger, edition, None);
        self.put(files, "balances/balance-auxiliaire", &subsidiary_document(&shown, &heading));
        let shown = aged(books, annual, last, None);
        let document = aged_document(&shown, last, &heading, books);
        files.push(("balances/balance-agee.csv".to_owned(), render(&document, self.csv)));
        // The JSON gives each open item.
        let document = open_items_document(&shown, last, &heading, books);
        files.push(("balances/balance-agee.json".to_owned(), render(&document, Format::Json)));
    }

    /// The journal and the grand-livre of the CARE ledger.
    fn care_lists(&self, files: &mut Files) {
        let ready = self.ready;
        if ready.opened.care.is_none() {
            return;
        }
        let scope = Scope::Year(self.year.clone());
        let mut seen = Common::of(&ready.opened.folder, None);
        seen.care = true;
        let heading = ready.heading(&seen, &scope);
        let books = &ready.opened.books;
        let lines = lists::journal(ready.entries(&scope).into_iter(), View::Care, None);
        let journal = render_list(&journal_list(&lines, &heading, books), self.csv, 1);
        files.push(("etats/journal-care.csv".to_owned(), journal));
        let lines = lists::grand_livre(&lines, books, None, None);
        let ledger = render_list(&grand_livre_list(&lines, &heading, books), self.csv, 1);
        files.push(("etats/grand-livre-care.csv".to_owned(), ledger));
    }

    /// The registers as they are written, and the tables that they give.
    fn registers(&self, files: &mut Files, host: &mut Host) -> Result<(), Failure> {
        let Ask { ready, common, year, .. } = *self;
        for copy in copies(&ready.opened) {
            files.push((format!("registres/{}", copy.path), copy.bytes));
        }
        let heading = ready.heading(common, &Scope::Year(year.clone()));
        if let Some(register) = &ready.opened.registers.assets {
            let sheet = immobilisations(register, &ready.opened.yielded, year);
            self.put(files, "registres/immobilisations", &sheet_document(&sheet, &heading));
        }
        let prepared = prepare(common, Some(&year.name), host)?;
        for subject in
            [Subject::Subventions, Subject::Adhesions, Subject::Programmes, Subject::Annexe]
        {
            if let Some(sheet) = prepared.sheet(subject)? {
                let name = format!("registres/{}", sheet.name);
                self.put(files, &name, &prepared.document(&sheet, common));
            }
        }
        if let Some(sheet) = dedicated(&prepared)? {
            self.put(files, "registres/fonds-dedies", &prepared.document(&sheet, common));
        }
        Ok(())
    }

    /// What the seal of the year covers, as it stands: its own script verifies it there.
    fn sealed(&self, files: &mut Files, host: &Host) -> Result<(), Failure> {
        let Some(closure) = self.ready.opened.closures.of(self.year) else { return Ok(()) };
        let place = place(self.common, host)?;
        let folder = place.folder(host)?;
        let sealed = sealed_folder(&folder, &closure.name)?;
        for (path, bytes) in sealed.files {
            files.push((format!("{BOOKS}/{}/{path}", sealed.name), bytes));
        }
        let journals = closure.seal.sources.iter().filter(|one| one.kind == SourceKind::Journal);
        for source in journals {
            // One that vanished is a proof that fails; the rest of the package is still handed over.
            if let Ok(bytes) = folder.read(&source.path) {
                files.push((format!("{BOOKS}/{}", source.path), bytes));
            }
        }
        Ok(())
    }

    /// Adds the proofs, what is sealed, what the folder is, and the manifest.
    fn whole(&self, mut files: Files, host: &mut Host) -> Result<Package, Failure> {
        let Ask { ready, common, year, root, .. } = *self;
        let heading = ready.heading(common, &Scope::Year(year.clone()));
        let (proofs, code) = audit_proofs(ready, year, (common, root), host)?;
        let failed: Vec<String> = proofs.iter().filter_map(fails).collect();
        let sources = ready.opened.books.sources();
        let table = audit_sheet(&proofs, &year.name, sources, None);
        self.put(&mut files, "controles/audit", &sheet_document(&table, &heading));
        self.sealed(&mut files, host)?;
        let readme = readme(ready, year, &files, (&heading.state, &failed));
        files.push(("LISEZMOI.txt".to_owned(), readme.into_bytes()));
        files.sort();
        let manifest = manifest(&files, &ready.opened.dossier.name, year, &failed);
        files.push((MANIFEST.to_owned(), manifest.into_bytes()));
        Ok(Package { files, failed, code })
    }
}

fn fails(one: &Control) -> Option<String> {
    let failed = one.outcome == Outcome::Failed;
    failed.then(|| format!("{} {} : KO, {}", one.code, one.title, one.proof))
}

/// The dedicated funds, which the annexe holds among others; that there is none is said too.
fn dedicated(prepared: &Prepared) -> Result<Option<Sheet>, Failure> {
    let Some(mut sheet) = prepared.sheet(Subject::Annexe)? else { return Ok(None) };
    let year = &prepared.year.name;
    sheet.tables.retain(|table| table.name == DEDICATED);
    sheet.notes.retain(|note| note.key.contains(DEDICATED));
    "fonds-dedies".clone_into(&mut sheet.name);
    sheet.title = format!("Fonds dédiés {year}");
    if sheet.tables.is_empty() {
        let none = Cell::Words(format!("aucun fonds dédié en {year}"));
        sheet.tables.push(Table {
            name: DEDICATED.to_owned(),
            columns: vec![Column::words("texte", "")],
            rows: vec![Row::line("annexe.fonds_dedies.aucun", "Fonds dédiés", vec![none])],
            ..Table::default()
        });
    }
    Ok(Some(sheet))
}

/// Each file with its size in a comment, which `sha256sum -c` skips.
fn manifest(files: &Files, entity: &str, year: &FiscalYear, failed: &[String]) -> String {
    let mut text =
        format!("# Dossier du commissaire aux comptes – {entity}, exercice {}\n", year.name);
    for proof in failed {
        text.push_str(&format!("# ATTENTION : {proof}\n"));
    }
    for (path, bytes) in files {
        text.push_str(&format!("# {} octets : {path}\n", bytes.len()));
        text.push_str(&format!("{}  {path}\n", hexadecimal(bytes)));
    }
    text
}

/// The folders of a package, and what each holds.
const FOLDERS: [(&str, &str); 5] = [
    ("fec", "fichier des écritures comptables et sa description (LPF art. A47 A-1)"),
    (
        "etats",
        "bilan, compte de résultat, balance, journal, grand-livre : classiques, et CARE (-care)",
    ),
    (
        "balances",
        "balance N et N-1, auxiliaire, âgée ; feuilles maîtresses, plan de comptes et tiers",
    ),
    (
        "registres",
        "les registres tels qu’ils sont écrits (.toml), et leurs tableaux, fonds dédiés compris",
    ),
    (
        "controles",
        "contrôles avant clôture (si les livres se lisent), et les dix preuves de l’audit",
    ),
];

fn readme(
    ready: &Ready,
    year: &FiscalYear,
    files: &Files,
    (state, failed): (&str, &[String]),
) -> String {
    let entity = &ready.opened.dossier.name;
    let failed: Vec<String> = failed.iter().map(|proof| format!("ATTENTION : {proof}\n")).collect();
    let holds =
        |folder: &str| files.iter().any(|(path, _)| path.starts_with(&format!("{folder}/")));
    let folders: Vec<String> = FOLDERS
        .iter()
        .filter(|(folder, _)| holds(folder))
        .map(|(folder, what)| format!("{:<13}{what}\n", format!("{folder}/")))
        .collect();
    let closed = ready.opened.closures.of(year).map_or_else(String::new, |closure| {
        format!(
            "{:<13}la clôture, et les journaux qu’elle scelle tels qu’ils sont aujourd’hui ; sans compta :\n{:<13}sh {BOOKS}/clotures/{}/verifier.sh CODE\n",
            format!("{BOOKS}/"),
            "",
            closure.name
        )
    });
    format!(
        "Dossier du commissaire aux comptes – {entity}, exercice {} ({state})\nfait par {TOOL}\n\n{}{}{closed}\nChaque ligne d’un état JSON donne ses comptes ; chaque ligne du journal, son fichier et sa ligne.\nVérifier l’intégrité : sha256sum -c {MANIFEST}\n",
        year.name,
        failed.concat(),
        folders.concat(),
    )
}
