use serde_json::{Map, Value, json};

use super::document::{Cell, Document, Remark, Row, Table};
use super::french::plain;

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

fn statement_row(table: &Table, row: &Row) -> Value {
    let (mut amounts, mut shown) = (Map::new(), Map::new());
    for (column, cell) in table.columns.iter().zip(&row.cells).skip(1) {
        let (exact, displayed) = match cell {
            Cell::Amount { exact, shown, .. } => {
                (Value::from(plain(*exact, 2)), Value::from(plain(*shown, 0)))
            }
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
    json!({
        "key": row.key,
        "label": label,
        "role": row.role,
        "amounts": amounts,
        "shown": shown,
        "accounts": row.accounts,
    })
}

fn list_row(table: &Table, row: &Row) -> Value {
    let mut object = Map::new();
    for (column, cell) in table.columns.iter().zip(&row.cells) {
        let value = match cell {
            Cell::Empty => Value::Null,
            Cell::Text(text) => Value::from(text.clone()),
            Cell::Amount { exact, decimals, .. } => Value::from(plain(*exact, *decimals)),
            Cell::Share(share) => Value::from(plain(*share, 1)),
            Cell::Date(day) => Value::from(day.to_string()),
        };
        object.insert(column.key.clone(), value);
    }
    Value::Object(object)
}

fn finding(remark: &Remark) -> Value {
    json!({
        "code": remark.code,
        "severity": remark.severity,
        "key": remark.key,
        "message": remark.text,
    })
}
