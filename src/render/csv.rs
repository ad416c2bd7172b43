use ::csv::{Terminator, WriterBuilder};
use rust_decimal::Decimal;

use super::document::{Cell, Document, Table};
use crate::measure::plain;

/// Who reads the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Comma, decimal point, ISO dates, LF.
    Machine,
    /// Semicolon, decimal comma, dd/mm/yyyy, BOM, CRLF: what Excel in French opens by double-click.
    Excel,
}

pub(super) fn csv(document: &Document, dialect: Dialect) -> Vec<u8> {
    let excel = dialect == Dialect::Excel;
    let mut writer = WriterBuilder::new()
        .delimiter(if excel { b';' } else { b',' })
        .terminator(if excel { Terminator::CRLF } else { Terminator::Any(b'\n') })
        .from_writer(if excel { "\u{feff}".as_bytes().to_vec() } else { Vec::new() });
    let keyed = document.tables.iter().any(|table| table.keyed);
    let columns = columns(document, keyed);
    let mut head: Vec<String> = Vec::new();
    if keyed {
        head.extend(["section", "cle", "libelle", "role"].map(str::to_owned));
    }
    head.extend(columns.iter().cloned());
    let mut written = writer.write_record(&head);
    for table in &document.tables {
        for row in table.rows.iter().filter(|row| !keyed || !row.key.is_empty()) {
            let mut record: Vec<String> = Vec::new();
            if keyed {
                let label =
                    row.cells.first().map(|cell| field(cell, dialect, 0)).unwrap_or_default();
                record.extend([table.name.clone(), row.key.clone(), label, row.role.to_owned()]);
            }
            for key in &columns {
                let cell = position(table, key).and_then(|at| row.cells.get(at));
                // Statements show whole euros; a file for machines holds the cents.
                let least = if keyed { 2 } else { 0 };
                record.push(cell.map(|cell| field(cell, dialect, least)).unwrap_or_default());
            }
            written = written.and_then(|()| writer.write_record(&record));
        }
    }
    // Writing into memory cannot fail.
    assert!(written.is_ok(), "a record is written into memory");
    writer.into_inner().unwrap_or_default()
}

fn position(table: &Table, key: &str) -> Option<usize> {
    table.columns.iter().position(|column| column.key == key)
}

/// Every column of every table, once, in order; the label of a keyed table is apart.
fn columns(document: &Document, keyed: bool) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for table in &document.tables {
        for column in table.columns.iter().skip(usize::from(keyed)) {
            if !keys.contains(&column.key) {
                keys.push(column.key.clone());
            }
        }
    }
    keys
}

fn field(cell: &Cell, dialect: Dialect, least: u32) -> String {
    let number = |value: Decimal, decimals| {
        let text = plain(value, decimals);
        if dialect == Dialect::Excel { text.replace('.', ",") } else { text }
    };
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => harmless(text),
        Cell::Amount { exact, decimals, .. } => number(*exact, (*decimals).max(least)),
        Cell::Count(count) => number(*count, 0),
        Cell::Share(share) => number(*share, 1),
        Cell::Date(day) if dialect == Dialect::Excel => day.format("%d/%m/%Y").to_string(),
        Cell::Date(day) => day.to_string(),
    }
}

/// A text that a spreadsheet would take for a formula is shown as text (OWASP ASVS 1.2.10).
pub(super) fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
