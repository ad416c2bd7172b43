//! A workbook that Excel and `LibreOffice` open: one sheet a table, numbers as numbers, live sums.
//!
//! The date of the workbook is that of its books, never of the clock: the same books give the same bytes.

mod charts;
mod look;
mod model;
mod sheet;
mod sums;

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::chart::Chart;
use super::document::{Document, Table};
use look::Look;
pub use model::{Model, ModelColumn, ModelList, ModelSum, model};
use sheet::write;

/// What a workbook holds.
#[derive(Debug)]
pub struct Book<'a> {
    /// Its title.
    pub title: &'a str,
    /// Whose it is.
    pub entity: &'a str,
    /// Facts for its first sheet: year, state, seal.
    pub facts: &'a [(String, String)],
    /// The day that it bears.
    pub day: NaiveDate,
    /// Its documents, each table of which is a sheet.
    pub documents: Vec<&'a Document>,
    /// Its charts, on a sheet of their own.
    pub charts: &'a [Chart],
}

/// How many rows a sheet holds below its heads, with some to spare for its title and notes.
pub const ROWS: usize = 1_048_000;

/// The first sheet.
const SUMMARY: &str = "Sommaire";
/// The sheet of the charts, each with its figures.
const CHARTS: &str = "graphiques";

/// The bytes of a workbook.
///
/// # Errors
/// Never for what the rest of the program makes: a table has fewer rows and letters than a sheet holds.
pub fn workbook(book: &Book<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut out = Workbook::new();
    let (year, month, day) = (book.day.year(), book.day.month(), book.day.day());
    let made = ExcelDateTime::from_ymd(
        u16::try_from(year).unwrap_or(1900),
        u8::try_from(month).unwrap_or(1),
        u8::try_from(day).unwrap_or(1),
    )?;
    out.set_properties(
        &DocProperties::new()
            .set_title(book.title)
            .set_author(book.entity)
            .set_company(book.entity)
            .set_creation_datetime(&made),
    );
    let look = Look::new();
    let mut names: BTreeSet<String> = BTreeSet::from([SUMMARY.to_lowercase(), CHARTS.to_owned()]);
    let mut placed: Vec<(String, String)> = Vec::new();
    let several = book.documents.iter().map(|one| one.tables.len()).sum::<usize>() > 1;
    if several {
        out.add_worksheet().set_name(SUMMARY)?;
    }
    for document in &book.documents {
        for table in &document.tables {
            let name = sheet_name(document, table, &mut names);
            let title = if table.title.is_empty() { &document.title } else { &table.title };
            placed.push((name.clone(), title.clone()));
            let sheet = out.add_worksheet();
            write(sheet, (document, table), &name, &look)?;
        }
    }
    if !book.charts.is_empty() {
        placed.push((CHARTS.to_owned(), "Graphiques".to_owned()));
        charts::sheet(out.add_worksheet(), CHARTS, book.charts, &look)?;
    }
    if several {
        let summary = out.worksheet_from_name(SUMMARY)?;
        sheet::summary(summary, book, &placed, &look)?;
    }
    out.save_to_buffer()
}

/// The longest name of a sheet.
const LONGEST: usize = 31;

/// What the account of a convention is called, before its identifier.
const ACCOUNT: &str = "compte-rendu-";

/// The stable name of a sheet: that of its table, after its statement's when it is one of two sides,
/// a bridge's, or one that another sheet bears.
fn sheet_name(document: &Document, table: &Table, taken: &mut BTreeSet<String>) -> String {
    let kind = document.schema.split('/').nth(1).unwrap_or_default();
    let plain = match (kind, table.name.as_str()) {
        ("diff", "between") => "pont.flux_stock".to_owned(),
        ("diff", "stock" | "flux" | "bilan") => format!("pont.{}", table.name),
        _ if document.facing => format!("{kind}.{}", table.name),
        // The account of each convention has sheets of the same kind, under its own identifier.
        (kind, name) if kind.starts_with(ACCOUNT) => format!("{name}.{}", &kind[ACCOUNT.len()..]),
        _ => table.name.clone(),
    };
    // The same sheet has the same name each year.
    let plain = match plain.rsplit_once('_') {
        Some((stable, year)) if year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) => {
            stable.to_owned()
        }
        _ => plain,
    };
    let kept = |c: char| if "[]:*?/\\'".contains(c) { '-' } else { c };
    let plain: String = plain.chars().map(kept).take(LONGEST).collect();
    let ranked = (2_u32..).map(|rank| {
        let rank = format!("_{rank}");
        plain.chars().take(LONGEST - rank.len()).collect::<String>() + &rank
    });
    let of_kind = format!("{kind}.{plain}").chars().take(LONGEST).collect();
    let mut tries = [plain.clone(), of_kind].into_iter().chain(ranked);
    let name = tries.find(|name| !taken.contains(&name.to_lowercase())).unwrap_or_default();
    taken.insert(name.to_lowercase());
    name
}
