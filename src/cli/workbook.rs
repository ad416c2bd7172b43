use chrono::NaiveDate;

use super::args::{Common, FormatName};
use super::booklet::TEMPLATES;
use super::failure::Failure;
use super::host::Host;
use super::open::{Opened, emit};
use super::proofs::hexadecimal;
use super::ready::Ready;
use crate::book::Books;
use crate::render::{
    Cell, Chart, Column, Document, ROWS, Row, Table, WorkbookOf, charts, workbook,
};

/// A document as a workbook of its own.
pub(super) fn one_workbook(ready: &Ready, document: &Document) -> Result<Vec<u8>, Failure> {
    let title = document.title.clone();
    made(ready, &title, (&[], vec![document], &charts(&[document])), day_of(ready, document))
}

/// The workbook of several documents, with what it says of itself and its charts.
pub(super) fn made(
    ready: &Ready,
    title: &str,
    (facts, documents, charts): (&[(String, String)], Vec<&Document>, &[Chart]),
    day: NaiveDate,
) -> Result<Vec<u8>, Failure> {
    let tables = documents.iter().flat_map(|one| &one.tables);
    if let Some(long) = tables.clone().find(|table| table.rows.len() > ROWS) {
        return Err(Failure::usage(
            format!("{} lignes ne tiennent pas dans une feuille", long.rows.len()),
            "demandez une période plus courte, ou `-O csv-excel`",
        ));
    }
    let entity = ready.opened.dossier.name.as_str();
    let book = WorkbookOf { title, entity, facts, day, documents, charts };
    workbook(&book).map_err(|error| {
        Failure::usage(
            format!("le classeur ne se fait pas : {error}"),
            "demandez `-O csv-excel`, et signalez ce défaut",
        )
    })
}

/// The last day of the year that a document is about, else of the books: a workbook never bears the clock's.
pub(super) fn day_of(ready: &Ready, document: &Document) -> NaiveDate {
    let year = document.facts.iter().find(|(name, _)| *name == "year").map(|(_, year)| year);
    let named = year.and_then(|year| ready.opened.books.years().named(year));
    let last = named.or_else(|| ready.annual.last().cloned());
    last.map_or(NaiveDate::default(), |year| year.period.last)
}

/// Puts a file where it was asked for, and says where: a screen shows no workbook and no PDF; a page may go
/// to another program.
pub(super) fn emit_file(
    bytes: &[u8],
    common: &Common,
    books: &Books,
    host: &mut Host,
) -> Result<u8, Failure> {
    let next = match common.format {
        Some(FormatName::Html) => "ouvrez-la ; `-O pdf` donne le même, à imprimer",
        Some(FormatName::Pdf) => "ouvrez-le ; `-O xlsx` donne le même, avec ses formules",
        _ => {
            "ouvrez-le ; `-O html` donne une page : les chiffres des états et de la balance y mènent à leurs écritures"
        }
    };
    emit_then(bytes, common, books, next, host)
}

/// The same, with what to do next.
pub(super) fn emit_then(
    bytes: &[u8],
    common: &Common,
    books: &Books,
    next: &str,
    host: &mut Host,
) -> Result<u8, Failure> {
    let (what, kind) = match common.format {
        Some(FormatName::Pdf) => ("un PDF", "pdf"),
        Some(FormatName::Html) => ("une page", "html"),
        _ => ("un classeur", "xlsx"),
    };
    let Some(path) = common.output.as_ref() else {
        if common.format == Some(FormatName::Html) {
            host.put(bytes)?;
            return Ok(0);
        }
        return Err(Failure::usage(
            format!("{what} ne s’affiche pas"),
            format!(
                "donnez un fichier : `-o tableau.{kind}` (ou `-o -` pour le donner à un autre programme)"
            ),
        ));
    };
    let typed = path.extension().map(|typed| typed.to_string_lossy().to_lowercase());
    let other = |typed: &String| {
        typed != kind
            && ["xlsx", "html", "pdf", "csv", "json", "ods", "txt"].contains(&typed.as_str())
    };
    if let Some(typed) = typed.filter(other) {
        return Err(Failure::usage(
            format!("{what} ne se nomme pas `.{typed}`"),
            format!("donnez `-o {}`", path.with_extension(kind).display()),
        ));
    }
    super::folder::open_elsewhere(path, host);
    emit(bytes, common, books, host)?;
    if path.as_os_str() != "-" {
        host.say(&format!("{}\nensuite : {next}\n", path.display()));
    }
    Ok(0)
}

/// What the figures come from: each journal, policy and template with its SHA-256, and the seal.
pub(super) fn manifest_document(
    opened: &Opened,
    (year, state): (&str, &str),
    templates: &[(String, Vec<u8>)],
) -> Document {
    let row = |kind: &str, name: &str, value: String| Row {
        role: "line",
        cells: vec![Cell::Text(kind.to_owned()), Cell::Text(name.to_owned()), Cell::Text(value)],
        ..Row::default()
    };
    let mut rows = vec![
        row("logiciel", "compta", env!("CARGO_PKG_VERSION").to_owned()),
        row("exercice", year, state.to_owned()),
    ];
    for source in opened.books.sources().iter().filter(|source| !source.is_derived()) {
        let kind = if opened.books.is_journal(source) { "journal" } else { "politique" };
        rows.push(row(kind, source.name(), hexadecimal(source.bytes())));
    }
    for (name, bytes) in templates {
        rows.push(row("modèle", &format!("{TEMPLATES}/{name}"), hexadecimal(bytes)));
    }
    Document {
        schema: "compta/manifeste/1".to_owned(),
        title: format!("D’où viennent les chiffres {year}"),
        tables: vec![Table {
            name: "manifeste".to_owned(),
            title: String::new(),
            columns: vec![
                Column::words("nature", "Nature"),
                Column::words("nom", "Nom"),
                Column::words("valeur", "Version, état ou SHA-256"),
            ],
            rows,
            keyed: false,
        }],
        ..Document::default()
    }
}
