use std::path::Path;

use super::args::{Common, FormatName};
use super::assembly::{Prepared, Subject, prepare};
use super::dossier::Dossier;
use super::failure::Failure;
use super::folder;
use super::host::Host;
use super::open::emit;
use super::ready::Scope;
use super::workbook::emit_file;
use crate::render::{Document, Format, Heading, assembly_json, render, statement_document};

/// How wide a text file of the dossier is: what a page takes in a fixed font.
const PAGE: usize = 100;

/// A document of the dossier, with the name of its files.
pub(super) struct Named {
    pub(super) name: String,
    pub(super) document: Document,
}

/// The whole dossier, on screen or into a folder.
pub(super) fn all(
    common: &Common,
    (year, screen): (Option<&str>, bool),
    host: &mut Host,
) -> Result<u8, Failure> {
    let mut prepared = prepare(common, year, host)?;
    let documents = documents(&prepared, common, host)?;
    let held = common
        .format
        .filter(|format| matches!(format, FormatName::Xlsx | FormatName::Html | FormatName::Pdf));
    if screen && held != Some(FormatName::Pdf) {
        return Err(Failure::usage(
            "`--ecran` est une variante du PDF",
            "donnez aussi `-O pdf -o ecran.pdf` ; `-o DOSSIER` l’écrit avec le reste",
        ));
    }
    if let Some(format) = held {
        let dossier = Dossier::of(&mut prepared, &documents, common, host)?;
        let bytes = match format {
            FormatName::Xlsx => dossier.workbook()?,
            FormatName::Pdf => dossier.booklets(&[screen], host)?.concat(),
            _ => dossier.page(),
        };
        drop(dossier);
        return emit_file(&bytes, common, &prepared.ready.opened.books, host);
    }
    if let Some(target) = common.output.as_ref().filter(|path| path.as_os_str() != "-") {
        if common.format == Some(FormatName::Json) && !host.is_folder(target) {
            let bytes = json(&prepared, &documents, common);
            emit(&bytes, common, &prepared.ready.opened.books, host)?;
            return Ok(0);
        }
        if common.format.is_some() {
            return Err(Failure::usage(
                "`ag -o DOSSIER` écrit tous les formats",
                "retirez `-O` ; `-O xlsx -o ag.xlsx` écrit un classeur, seul",
            ));
        }
        let files = files(&mut prepared, &documents, common, host)?;
        folder::open_elsewhere(&target.join(WORKBOOK), host);
        folder::publish(target, &files, host)?;
        let year = &prepared.year.name;
        let place = target.display();
        host.say(&format!(
            "{} fichiers dans {place}\nensuite : `compta ag {year} --check {place}` dira si un chiffre bouge\n",
            files.len()
        ));
        return Ok(0);
    }
    let bytes = match common.format.unwrap_or(FormatName::Text) {
        FormatName::Text => {
            let width = common.largeur.unwrap_or_else(|| host.width());
            let texts = documents.iter().map(|one| render(&one.document, Format::Text { width }));
            texts.collect::<Vec<Vec<u8>>>().join(&b"\n\n"[..])
        }
        FormatName::Json => json(&prepared, &documents, common),
        _ => {
            return Err(Failure::usage(
                "`ag` sort en text ou en json à l’écran",
                "donnez `-o DOSSIER` pour un fichier par tableau et par format",
            ));
        }
    };
    emit(&bytes, common, &prepared.ready.opened.books, host)?;
    Ok(0)
}

/// Makes the dossier again and compares it with a folder, byte by byte.
pub(super) fn check(
    common: &Common,
    year: Option<&str>,
    target: &Path,
    host: &mut Host,
) -> Result<u8, Failure> {
    let mut prepared = prepare(common, year, host)?;
    let documents = documents(&prepared, common, host)?;
    let files = files(&mut prepared, &documents, common, host)?;
    folder::compare(target, &files, host)
}

fn heading(prepared: &Prepared, common: &Common) -> Heading {
    prepared.ready.heading(common, &Scope::Year(prepared.year.clone()))
}

/// Every document of the dossier, in its order; what lacks its register is said and left out.
fn documents(prepared: &Prepared, common: &Common, host: &mut Host) -> Result<Vec<Named>, Failure> {
    let heading = heading(prepared, common);
    let books = &prepared.ready.opened.books;
    let statement = |name: &str, made| Named {
        name: name.to_owned(),
        document: statement_document(made, &heading, books),
    };
    let (mut documents, mut lacking) = (Vec::new(), Vec::new());
    for subject in Subject::ALL {
        let Some(sheet) = prepared.sheet(subject)? else {
            lacking.push(subject.register());
            continue;
        };
        let document = prepared.document(&sheet, common);
        documents.push(Named { name: sheet.name, document });
        if subject == Subject::Summary {
            documents.push(statement("bilan", &prepared.bilan));
            documents.push(statement("resultat", &prepared.resultat));
        }
    }
    for sheet in prepared.reports()? {
        let document = prepared.document(&sheet, common);
        documents.push(Named { name: sheet.name, document });
    }
    tell_lacking(&lacking, prepared, host);
    if documents.iter().all(|one| one.name != "bilan") {
        documents.insert(0, statement("resultat", &prepared.resultat));
        documents.insert(0, statement("bilan", &prepared.bilan));
    }
    Ok(documents)
}

/// Says once of each register that its tables are not in the dossier.
fn tell_lacking(lacking: &[&str], prepared: &Prepared, host: &mut Host) {
    let present = prepared.ready.opened.registers.present();
    for (rank, register) in lacking.iter().enumerate() {
        if lacking[..rank].contains(register) {
            continue;
        }
        if *register == "budget.journal" {
            let next = prepared.after.as_ref().map_or("l’exercice suivant", |next| &next.name);
            host.say(&format!(
                "aucun budget pour {next} : la trésorerie prévue est laissée de côté\n"
            ));
            continue;
        }
        let why = if present.contains(register) {
            format!("`{register}` ne dit rien de {}", prepared.year.name)
        } else {
            format!("il manque `{register}`")
        };
        let several = lacking.iter().filter(|other| *other == register).count() > 1;
        let left = if several {
            "ses tableaux sont laissés de côté"
        } else {
            "son tableau est laissé de côté"
        };
        host.say(&format!("{why} : {left}\n"));
    }
}

fn json(prepared: &Prepared, documents: &[Named], common: &Common) -> Vec<u8> {
    let heading = heading(prepared, common);
    let facts = [
        ("entity", heading.entity),
        ("year", heading.period),
        ("form", prepared.bilan.form.clone()),
        ("unit", "EUR".to_owned()),
    ];
    let documents: Vec<Document> = documents.iter().map(|one| one.document.clone()).collect();
    assembly_json(&facts, &documents)
}

/// The workbook of the dossier, its page, its booklet and the booklet of its screen.
const WORKBOOK: &str = "ag.xlsx";
const WEB: &str = "ag.html";
#[cfg(feature = "pdf")]
const BOOKLET: &str = "ag.pdf";
#[cfg(feature = "pdf")]
const SCREEN: &str = "ag-ecran.pdf";

/// Every file of the dossier, the manifest last.
fn files(
    prepared: &mut Prepared,
    documents: &[Named],
    common: &Common,
    host: &mut Host,
) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut files = Vec::new();
    for Named { name, document } in documents {
        files.push((format!("{name}.txt"), render(document, Format::Text { width: PAGE })));
        files.push((format!("{name}.csv"), render(document, Format::Csv)));
        files.push((format!("{name}.json"), render(document, Format::Json)));
    }
    files.push(("ag.json".to_owned(), json(prepared, documents, common)));
    let facts = heading(prepared, common);
    let dossier = Dossier::of(prepared, documents, common, host)?;
    host.doing("classeur");
    files.push((WORKBOOK.to_owned(), dossier.workbook()?));
    host.doing("page HTML");
    files.push((WEB.to_owned(), dossier.page()));
    host.doing("livrets PDF");
    #[cfg(feature = "pdf")]
    for (name, bytes) in [BOOKLET, SCREEN].into_iter().zip(dossier.booklets(&[false, true], host)?)
    {
        files.push((name.to_owned(), bytes));
    }
    let templates = dossier.templates().to_vec();
    drop(dossier);
    let manifest = folder::manifest(&facts, &files, &templates, &prepared.ready.opened, host);
    files.push((folder::MANIFEST.to_owned(), manifest));
    Ok(files)
}
