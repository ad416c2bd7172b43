use std::io::{self, Write};

use ::csv::{Terminator, WriterBuilder};

use super::document::{Cell, Document, Seen, Table};
use super::rows::{Line, List, in_parts};
use crate::measure::{put_day, put_french_day, put_plain};

/// Who reads the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Comma, decimal point, ISO dates, LF.
    Machine,
    /// Semicolon, decimal comma, dd/mm/yyyy, BOM, CRLF: what Excel in French opens by double-click.
    Excel,
}

/// A document as one table.
pub(super) fn csv(document: &Document, dialect: Dialect) -> Vec<u8> {
    let keyed = document.tables.iter().any(|table| table.keyed);
    let columns = columns(document, keyed);
    let mut head: Vec<&str> = if keyed { LABELLED.to_vec() } else { Vec::new() };
    head.extend(columns.iter().map(String::as_str));
    let mut writer = writer(dialect, true);
    let mut written = writer.write_record(&head);
    let mut record = Record::default();
    for table in &document.tables {
        for row in table.rows.iter().filter(|row| !keyed || !row.key.is_empty()) {
            if keyed {
                let label = row.cells.first().map_or(Seen::Empty, Cell::seen);
                let said =
                    [Seen::Text(&table.name), Seen::Text(&row.key), label, Seen::Text(row.role)];
                for seen in said {
                    record.push(seen, dialect, 0);
                }
            }
            for key in &columns {
                let cell = position(table, key).and_then(|at| row.cells.get(at));
                // Statements show whole euros; a file for machines holds the cents.
                let least = if keyed { 2 } else { 0 };
                record.push(cell.map_or(Seen::Empty, Cell::seen), dialect, least);
            }
            written = written.and_then(|()| record.end(&mut writer));
        }
    }
    // Writing into memory cannot fail.
    assert!(written.is_ok(), "a record is written into memory");
    writer.into_inner().unwrap_or_default()
}

/// What the columns of a statement begin with.
const LABELLED: [&str; 4] = ["section", "cle", "libelle", "role"];

/// A list, some rows at a time.
///
/// # Errors
/// What the output refuses.
pub(super) fn list(
    list: &List<'_>,
    (dialect, threads): (Dialect, usize),
    out: &mut dyn Write,
) -> io::Result<()> {
    out.write_all(&csv(&list.frame, dialect))?;
    let columns = list.frame.tables.first().map_or(0, |table| table.columns.len());
    in_parts(list.count, threads, out, |part| {
        let mut writer = writer(dialect, false);
        let (mut line, mut record) = (Line::default(), Record::default());
        let mut written = Ok(());
        for rank in part {
            line.take(list, rank);
            (0..columns).for_each(|at| record.push(line.seen(at), dialect, 0));
            written = written.and_then(|()| record.end(&mut writer));
        }
        // Writing into memory cannot fail.
        assert!(written.is_ok(), "a record is written into memory");
        writer.into_inner().unwrap_or_default()
    })
}

fn writer(dialect: Dialect, begins: bool) -> ::csv::Writer<Vec<u8>> {
    let excel = dialect == Dialect::Excel;
    let mark = if excel && begins { "\u{feff}" } else { "" };
    WriterBuilder::new()
        .delimiter(if excel { b';' } else { b',' })
        .terminator(if excel { Terminator::CRLF } else { Terminator::Any(b'\n') })
        .from_writer(mark.as_bytes().to_vec())
}

/// The fields of a record, in room that the next takes again.
#[derive(Default)]
struct Record {
    text: String,
    ends: Vec<usize>,
}

impl Record {
    fn push(&mut self, seen: Seen<'_>, dialect: Dialect, least: u32) {
        put_field(&mut self.text, seen, dialect, least);
        self.ends.push(self.text.len());
    }

    fn end(&mut self, writer: &mut ::csv::Writer<Vec<u8>>) -> ::csv::Result<()> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        writer.write_record(starts.zip(&self.ends).map(|(from, to)| &self.text[from..*to]))?;
        self.text.clear();
        self.ends.clear();
        Ok(())
    }
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

fn put_field(out: &mut String, seen: Seen<'_>, dialect: Dialect, least: u32) {
    let mark = if dialect == Dialect::Excel { ',' } else { '.' };
    match seen {
        Seen::Empty => {}
        Seen::Text(text) => {
            if is_formula(text) {
                out.push('\'');
            }
            out.push_str(text);
        }
        Seen::Amount { exact, decimals, .. } => put_plain(out, exact, decimals.max(least), mark),
        Seen::Count(count) => put_plain(out, count, 0, mark),
        Seen::Share(share) => put_plain(out, share, 1, mark),
        Seen::Date(day) if dialect == Dialect::Excel => put_french_day(out, day),
        Seen::Date(day) => put_day(out, day),
    }
}

/// A text that a spreadsheet would take for a formula is shown as text (OWASP ASVS 1.2.10).
pub(super) fn harmless(text: &str) -> String {
    if is_formula(text) { format!("'{text}") } else { text.to_owned() }
}

fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r'])
}
