use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::document::{Align, Cell, Document, Remark, Row, Seen, Table};
use super::rows::{Line, List, in_parts};
use crate::measure::{plain, put_day, put_plain};

/// A list, some rows at a time: the same as its document would be.
///
/// # Errors
/// What the output refuses.
pub(super) fn list(list: &List<'_>, threads: usize, out: &mut dyn Write) -> io::Result<()> {
    let frame = json(&list.frame);
    // The frame has no row: its own bytes end where they would begin.
    let Some((before, after)) = frame.split_once(NO_ROW).filter(|_| list.count > 0) else {
        return out.write_all(frame.as_bytes());
    };
    out.write_all(before.as_bytes())?;
    out.write_all(b"\"rows\": [")?;
    let keys: Vec<String> = list
        .frame
        .tables
        .iter()
        .flat_map(|table| &table.columns)
        .map(|column| format!("      {}: ", Value::from(column.key.as_str())))
        .collect();
    in_parts(list.count, threads, out, |part| {
        let (mut line, mut text) = (Line::default(), String::with_capacity(part.len() * 256));
        for rank in part {
            line.take(list, rank);
            text.push_str(if rank == 0 { "\n    {\n" } else { ",\n    {\n" });
            for (at, key) in keys.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { ",\n" });
                text.push_str(key);
                put_value(&mut text, line.seen(at));
            }
            text.push_str("\n    }");
        }
        text.into_bytes()
    })?;
    out.write_all(b"\n  ],")?;
    out.write_all(after.as_bytes())
}

/// How the rows of a document that has none are written.
const NO_ROW: &str = "\"rows\": [],";

/// A document as one table.
pub(super) fn json(document: &Document) -> String {
    let mut root = Map::new();
    root.insert("schema".to_owned(), Value::from(document.schema.clone()));
    for (name, fact) in &document.facts {
        root.insert((*name).to_owned(), Value::from(fact.clone()));
    }
    let keyed = document.tables.iter().any(|table| table.keyed);
    let mut columns: Vec<Value> = Vec::new();
    for table in &document.tables {
        for column in table.columns.iter().skip(usize::from(keyed)) {
            let key = Value::from(column.key.clone());
            if !columns.contains(&key) {
                columns.push(key);
            }
        }
    }
    root.insert("columns".to_owned(), Value::from(columns));
    let rows: Vec<Value> = document
        .tables
        .iter()
        .flat_map(|table| {
            let shown = table.rows.iter().filter(move |row| !keyed || !row.key.is_empty());
            shown.map(
                move |row| {
                    if keyed { statement_row(table, row) } else { list_row(table, row) }
                },
            )
        })
        .collect();
    root.insert("rows".to_owned(), Value::from(rows));
    let findings: Vec<Value> = document.remarks.iter().map(finding).collect();
    root.insert("findings".to_owned(), Value::from(findings));
    // A map of strings always serialises.
    serde_json::to_string_pretty(&Value::Object(root)).unwrap_or_default() + "\n"
}

/// Every table of some documents, each with its rows and the findings of its document.
pub(super) fn assembly(facts: &[(&'static str, String)], documents: &[Document]) -> String {
    let mut root = Map::new();
    root.insert("schema".to_owned(), Value::from("compta/ag/1"));
    for (name, fact) in facts {
        root.insert((*name).to_owned(), Value::from(fact.clone()));
    }
    let tables = documents.iter().flat_map(|document| {
        document.tables.iter().enumerate().map(move |(rank, table)| {
            let columns: Vec<&str> =
                table.columns.iter().skip(1).map(|column| column.key.as_str()).collect();
            let rows: Vec<Value> = table
                .rows
                .iter()
                .filter(|row| !row.key.is_empty())
                .map(|row| statement_row(table, row))
                .collect();
            // What is said of the whole document is said once.
            let remarks = document.remarks.iter().filter(|_| rank == 0);
            json!({
                "name": name(document, table),
                "title": if table.title.is_empty() { &document.title } else { &table.title },
                "columns": columns,
                "rows": rows,
                "findings": remarks.map(finding).collect::<Vec<Value>>(),
            })
        })
    });
    root.insert("tables".to_owned(), tables.collect());
    serde_json::to_string_pretty(&Value::Object(root)).unwrap_or_default() + "\n"
}

/// A table's own name, after that of its statement when it is one of its sides.
fn name(document: &Document, table: &Table) -> String {
    if document.facing {
        let kind = document.schema.split('/').nth(1).unwrap_or_default();
        return format!("{kind}.{}", table.name);
    }
    table.name.clone()
}

fn statement_row(table: &Table, row: &Row) -> Value {
    let (mut amounts, mut shown, mut words) = (Map::new(), Map::new(), Map::new());
    for (column, cell) in table.columns.iter().zip(&row.cells).skip(1) {
        match cell {
            Cell::Text(text) => {
                words.insert(column.key.clone(), Value::from(text.clone()));
            }
            Cell::Date(day) => {
                words.insert(column.key.clone(), Value::from(day.to_string()));
            }
            _ => {}
        }
        if column.align != Align::Right {
            continue;
        }
        let (exact, displayed) = match cell {
            Cell::Amount { exact, shown, .. } => {
                (Value::from(plain(*exact, 2)), Value::from(plain(*shown, 0)))
            }
            Cell::Count(count) => (Value::from(plain(*count, 0)), Value::from(plain(*count, 0))),
            Cell::Share(share) => (Value::from(plain(*share, 1)), Value::from(plain(*share, 1))),
            _ => (Value::Null, Value::Null),
        };
        amounts.insert(column.key.clone(), exact);
        shown.insert(column.key.clone(), displayed);
    }
    let label = match row.cells.first() {
        Some(Cell::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let mut object = json!({
        "key": row.key,
        "label": label,
        "role": row.role,
        "amounts": amounts,
        "shown": shown,
        "accounts": row.accounts,
    });
    if let Some(object) = object.as_object_mut().filter(|_| !words.is_empty()) {
        object.insert("words".to_owned(), Value::from(words));
    }
    object
}

fn list_row(table: &Table, row: &Row) -> Value {
    let cells = table.columns.iter().zip(&row.cells);
    cells.map(|(column, cell)| (column.key.clone(), value(cell.seen()))).collect()
}

fn value(seen: Seen<'_>) -> Value {
    match seen {
        Seen::Empty => Value::Null,
        Seen::Text(text) => Value::from(text),
        Seen::Amount { exact, decimals, .. } => Value::from(plain(exact, decimals)),
        Seen::Count(count) => Value::from(plain(count, 0)),
        Seen::Share(share) => Value::from(plain(share, 1)),
        Seen::Date(day) => Value::from(day.to_string()),
    }
}

/// Puts the same value; only texts have letters to escape.
fn put_value(out: &mut String, seen: Seen<'_>) {
    let number = |out: &mut String, number, decimals| {
        out.push('"');
        put_plain(out, number, decimals, '.');
        out.push('"');
    };
    match seen {
        Seen::Empty => out.push_str("null"),
        Seen::Text(text) if text.bytes().all(|byte| byte >= b' ' && !b"\"\\".contains(&byte)) => {
            out.push('"');
            out.push_str(text);
            out.push('"');
        }
        Seen::Text(text) => out.push_str(&Value::from(text).to_string()),
        Seen::Amount { exact, decimals, .. } => number(out, exact, decimals),
        Seen::Count(count) => number(out, count, 0),
        Seen::Share(share) => number(out, share, 1),
        Seen::Date(day) => {
            out.push('"');
            put_day(out, day);
            out.push('"');
        }
    }
}

fn finding(remark: &Remark) -> Value {
    json!({
        "code": remark.code,
        "severity": remark.severity,
        "key": remark.key,
        "message": remark.text,
    })
}
