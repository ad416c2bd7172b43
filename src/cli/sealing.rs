use std::path::Path;

use chrono::NaiveDate;

use super::args::Common;
use super::controls::{bench, fixed_assets};
use super::failure::Failure;
use super::fec::{FecShape, fec_files};
use super::host::Host;
use super::open::Opened;
use super::ready::{Ready, Scope, Shown};
use super::storage::Disk;
use crate::care::shipped_factors;
use crate::closing::controls::{controls, sheet};
use crate::closing::{
    CLOSINGS, ClosingAsk, Copied, Kind, PublishedFile, Seal, SourceKind, State, Storage, confirm,
    files, folder_name, generated, publish, seal,
};
use crate::diagnostic::Source;
use crate::ledger::View;
use crate::measure::FiscalYear;
use crate::register::Registers;
use crate::render::{
    Document, Format, List, balance_document, grand_livre_list, journal_list, render, render_list,
    sheet_document, statement_document,
};
use crate::statement::{Kind as StatementKind, is_shipped_form, lists};

/// The program, as seals name it.
pub(super) const TOOL: &str = concat!("compta ", env!("CARGO_PKG_VERSION"));

/// Where the FEC of a year stands among its statements.
pub(super) const FEC: &str = "fec/";

/// How wide the text of a sealed statement is.
const PAGE: usize = 100;

/// A closing ready to be published.
pub(super) struct Sealing {
    pub(super) seal: Seal,
    /// The folder: `clotures/2024`.
    pub(super) place: String,
    pub(super) files: Vec<PublishedFile>,
}

/// Makes everything that a closing publishes, and writes nothing.
pub(super) fn sealing(
    ready: &mut Ready,
    common: &Common,
    year: &FiscalYear,
    (day, state): (NaiveDate, State),
    host: &mut Host,
) -> Result<Sealing, Failure> {
    let name = free_name(ready, year, state);
    let copies = copies(&ready.opened);
    let (made, journals) = {
        let ask = ask(ready, year, day, state);
        let journals = generated(&ask);
        let made = seal(&ask, Kind::Annual, &journals, &copies).map_err(|error| {
            Failure::usage(error.to_string(), "relancez : un fichier a changé pendant la lecture")
        })?;
        (made, journals)
    };
    let shown = day.format("%d/%m/%Y");
    let code = made.code();
    let words = match state {
        State::Final => format!("arrêté le {shown}, sceau {code}"),
        State::Provisional => format!("provisoire au {shown}, sceau {code}"),
    };
    let validated = (state == State::Final).then_some(day);
    ready.sealing = Some(Shown { words, validated });
    let mut states = statements(ready, common, (year, Format::Csv), host)?;
    states.push(control_sheet(ready, year, common));
    ready.sealing = None;
    let files = files(&ask(ready, year, day, state), &made, journals, copies, states);
    Ok(Sealing { seal: made, place: format!("{CLOSINGS}/{name}"), files })
}

/// What the seal of a year is made of.
pub(super) fn ask<'a>(
    ready: &'a Ready,
    year: &'a FiscalYear,
    day: NaiveDate,
    state: State,
) -> ClosingAsk<'a> {
    let opened = &ready.opened;
    ClosingAsk {
        books: &opened.books,
        annual: &ready.annual,
        kept: opened.care.as_ref().map(|care| &care.kept),
        entity: &opened.dossier.name,
        siren: opened.dossier.siren.as_deref(),
        year,
        day,
        state,
        previous: opened.closures.previous(),
        tool: TOOL,
    }
}

/// The name of the folder: the year's, and the next number for each provisional version.
fn free_name(ready: &Ready, year: &FiscalYear, state: State) -> String {
    let known = ready.opened.closures.provisional(year);
    let numbers = known.filter_map(|one| one.name.rsplit_once('-')?.1.parse::<u32>().ok());
    let provisional =
        (state == State::Provisional).then(|| numbers.max().unwrap_or_default().saturating_add(1));
    folder_name(&year.name, Kind::Annual, year.period.last, provisional)
}

/// The registers, the forms, the policy and its factors, as they are now.
pub(super) fn copies(opened: &Opened) -> Vec<Copied> {
    let mut copies = Vec::new();
    let names = Registers::FILES.into_iter().chain(["compta.toml"]);
    for name in names {
        let kind = if name == "care.toml" { SourceKind::Policy } else { SourceKind::Register };
        if let Some(source) = opened.books.sources().iter().find(|source| source.name() == name) {
            copies.push(Copied { path: name.to_owned(), kind, bytes: source.bytes().to_vec() });
        }
    }
    for source in opened.books.sources().iter().filter(|one| {
        one.name().starts_with("formes/")
            && Path::new(one.name()).extension().is_some_and(|kind| kind == "toml")
    }) {
        let (path, bytes) = (source.name().to_owned(), source.bytes().to_vec());
        copies.push(Copied { path, kind: SourceKind::Form, bytes });
    }
    if let Some(policy) = opened.registers.care.as_ref().filter(|policy| policy.keeps_a_ledger()) {
        let (path, text) = shipped_factors(policy);
        let path = format!("compta/{path}");
        copies.push(Copied { path, kind: SourceKind::Factors, bytes: text.into_bytes() });
    }
    copies
}

/// The statements of a year that depend on nothing but what is sealed; those that are CSV in that of two
/// dialects.
pub(super) fn statements(
    ready: &Ready,
    common: &Common,
    (year, csv): (&FiscalYear, Format),
    host: &mut Host,
) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let books = &ready.opened.books;
    let scope = Scope::Year(year.clone());
    let mut made: Vec<(String, Vec<u8>)> = Vec::new();
    let mut put = |name: &str, document: &Document, formats: &[(&str, Format)]| {
        for (extension, format) in formats {
            made.push((format!("{name}.{extension}"), render(document, *format)));
        }
    };
    let text = ("txt", Format::Text { width: PAGE });
    let all = [text, ("csv", csv), ("json", Format::Json)];
    for (view, suffix) in [(View::Classic, ""), (View::Care, "-care")] {
        if view == View::Care && ready.opened.care.is_none() {
            continue;
        }
        let mut seen = Common::of(&ready.opened.folder, None);
        seen.care = view == View::Care;
        for kind in [StatementKind::Bilan, StatementKind::Resultat] {
            let form = ready.form(None, kind)?;
            let statement = ready.made(&seen, form, kind, (year, None), None, host)?;
            let document = statement_document(&statement, &ready.heading(&seen, &scope), books);
            let name = if kind == StatementKind::Bilan { "bilan" } else { "resultat" };
            put(&format!("{name}{suffix}"), &document, &all);
        }
        let Some(ledger) = ready.annual.ledger(year) else { continue };
        let lines = lists::balance(books, ledger, view, books.edition(year.period.last));
        let heading = ready.heading(&seen, &scope);
        put(&format!("balance{suffix}"), &balance_document(&lines, &heading, books.units()), &all);
    }
    let heading = ready.heading(common, &scope);
    let entries = ready.entries(&scope);
    let lines = lists::journal(entries.into_iter(), View::Classic, None);
    let csv_of = |list: &List<'_>| render_list(list, csv, host.threads());
    made.push(("journal.csv".to_owned(), csv_of(&journal_list(&lines, &heading, books))));
    let lines = lists::grand_livre(&lines, books, None, None);
    made.push(("grand-livre.csv".to_owned(), csv_of(&grand_livre_list(&lines, &heading, books))));
    let fec = fec_files(ready, year, FecShape::USUAL, host.threads());
    made.extend(fec.files.into_iter().map(|(name, bytes)| (format!("{FEC}{name}"), bytes)));
    Ok(made)
}

/// The controls as they were when the year was closed.
fn control_sheet(ready: &Ready, year: &FiscalYear, common: &Common) -> (String, Vec<u8>) {
    let assets = fixed_assets(ready, year);
    let made = controls(&bench(ready, year, assets.as_ref()));
    let sheet = sheet(&made, &year.name, ready.opened.books.sources(), None);
    let heading = ready.heading(common, &Scope::Year(year.clone()));
    ("controles.csv".to_owned(), render(&sheet_document(&sheet, &heading), Format::Csv))
}

/// Publishes a closing: all of it or nothing.
pub(super) fn publish_folder(
    ready: &Ready,
    made: &Sealing,
    host: &mut Host,
) -> Result<(), Failure> {
    let mut disk = Disk::open(&ready.opened.folder).map_err(|error| Failure::storage(&error))?;
    let name = made.place.trim_start_matches(CLOSINGS).trim_start_matches('/');
    let sources = ready.opened.books.sources();
    let read = |source: &&Source| !source.is_derived() && !is_shipped_form(source.name());
    let closings: Vec<&str> = ready.opened.closures.all().iter().map(|one| &*one.name).collect();
    let mut unchanged = |storage: &dyn Storage| {
        let mut moved = Vec::new();
        for source in sources.iter().filter(read) {
            let live = storage.exists(source.name())?;
            if !live || storage.read(source.name())? != source.bytes() {
                moved.push(source.name().to_owned());
            }
        }
        // Another seal made meanwhile is what this one must follow.
        let names = storage.list(CLOSINGS)?;
        let new =
            names.iter().filter(|name| !name.starts_with('.') && !closings.contains(&&***name));
        moved.extend(new.map(|name| format!("{CLOSINGS}/{name}")));
        Ok(moved)
    };
    let published = publish(&mut disk, name, &made.files, &mut unchanged);
    let published = published.map_err(|error| Failure::publish(&error))?;
    for left in published.removed {
        host.say(&format!("reste d’une clôture interrompue, retiré : {left}\n"));
    }
    Ok(())
}

/// Asks the disk again to keep what is already closed.
pub(super) fn confirm_folder(ready: &Ready, name: &str) -> Result<(), Failure> {
    let mut disk = Disk::open(&ready.opened.folder).map_err(|error| Failure::storage(&error))?;
    confirm(&mut disk, name).map_err(|error| Failure::publish(&error))
}
