//! How it looks: a [`Document`] from what is shown, then bytes in one format each.
//!
//! In: statements and lists as data. Out: text for a terminal, CSV for machines or for Excel, JSON, workbooks.
//! Words, signs, order and rounding for the reader are chosen in `present`; each format only
//! escapes and draws. A figure is the same in all of them.
//! Absent on purpose: accounts, ledgers, files.

mod chart;
mod csv;
mod document;
mod drawing;
mod fec_check;
mod html;
mod json;
#[cfg(feature = "pdf")]
mod pdf;
mod present;
mod rows;
mod text;
mod xlsx;

pub use chart::{Chart, ChartKind, Point};
pub use document::{Align, BEFORE, Cell, Column, Document, Remark, Row, Table, visible};
pub use fec_check::{fec_check_csv, fec_check_json, fec_check_text};
pub use present::{
    AskedPopulation, FecFacts, Heading, MatchingShown, aged_document, balance_beside_document,
    balance_document, budget_document, chart_document, charts, comparison_document,
    comparison_words, diff_document, diff_json, entries_document, fec_concordance, fec_description,
    grand_livre_list, journal_list, leads_document, matching_document, open_items_document,
    population_document, population_lines_document, sample_document, sheet_document,
    statement_document, subsidiary_document, trace_document,
};

pub use rows::{Line, List};

pub use html::{LedgerAccount, LedgerLine, Page, PageView, Shown, page};
#[cfg(feature = "pdf")]
pub use pdf::{Booklet, Pages, TEMPLATES, TemplateFault, pdf};
pub use xlsx::{
    Book as WorkbookOf, Model, ModelColumn, ModelList, ModelSum, ROWS, model, workbook,
};

/// A format that a document can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a terminal of so many columns.
    Text {
        /// The width, in columns.
        width: usize,
    },
    /// For machines: comma, decimal point, ISO dates.
    Csv,
    /// For Excel in French: semicolon, decimal comma, BOM, CRLF, dd/mm/yyyy.
    CsvExcel,
    /// Versioned JSON, amounts as strings.
    Json,
}

/// The JSON of every document of a general assembly: `{"schema":"compta/ag/1","tables":[…]}`.
pub fn assembly_json(facts: &[(&'static str, String)], documents: &[Document]) -> Vec<u8> {
    json::assembly(facts, documents).into_bytes()
}

/// The bytes of a document in a format; the same document gives the same bytes.
pub fn render(document: &Document, format: Format) -> Vec<u8> {
    match format {
        Format::Text { width } => text::text(document, width).into_bytes(),
        Format::Csv => csv::csv(document, csv::Dialect::Machine),
        Format::CsvExcel => csv::csv(document, csv::Dialect::Excel),
        Format::Json => json::json(document).into_bytes(),
    }
}

/// Writes a list in a format, some rows at a time, with some threads: the bytes are those of its document.
///
/// # Errors
/// What the output refuses.
pub fn write_list(
    list: &List<'_>,
    format: Format,
    threads: usize,
    out: &mut dyn std::io::Write,
) -> std::io::Result<()> {
    match format {
        Format::Text { width } => text::list(list, (width, threads), out),
        Format::Csv => csv::list(list, (csv::Dialect::Machine, threads), out),
        Format::CsvExcel => csv::list(list, (csv::Dialect::Excel, threads), out),
        Format::Json => json::list(list, threads, out),
    }
}

/// The bytes of a list in a format.
pub fn render_list(list: &List<'_>, format: Format, threads: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let written = write_list(list, format, threads, &mut bytes);
    // Writing into memory cannot fail.
    assert!(written.is_ok(), "a list is written into memory");
    bytes
}
