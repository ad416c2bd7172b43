use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::Heading;
use super::statements::named;
use crate::book::Books;
use crate::measure::plain;
use crate::render::document::{Cell, Column, Document, Remark, Row, Table};
use crate::statement::diff::{Bridge, Diff, DiffRow, DiffSide, Step};
use crate::statement::{Figure, Genre, Kind};

/// Classic and CARE side by side, the bridges, and what is provisioned.
pub fn diff_document(made: &Diff, heading: &Heading, books: &Books) -> Document {
    let bridges = [&made.stock, &made.flux, &made.between, &made.equity];
    let mut tables: Vec<Table> = bridges.iter().map(|bridge| bridge_table(bridge)).collect();
    tables.push(coverage(made));
    tables.extend(made.sides.iter().map(|one| side(one, books)));
    Document {
        schema: "compta/diff/1".to_owned(),
        facts: heading.facts(),
        title: format!("Du classique au CARE, {}", made.year.name),
        subtitle: heading.subtitle("en euros"),
        tables,
        facing: false,
        remarks: vec![Remark {
            code: None,
            severity: "note",
            key: "stock".to_owned(),
            text: "en flux, l’année ne porte que ses propres dettes : c’est le livre CARE ; en stock, toute la dette ouverte est opposée au résultat d’une seule année : c’est une présentation, refaite chaque année, jamais reportée".to_owned(),
        }],
    }
}

fn bridge_table(bridge: &Bridge) -> Table {
    let end = |key: &str, (label, amount): &(String, crate::measure::Sum)| Row {
        key: format!("{}.{key}", bridge.key),
        role: "total",
        cells: vec![
            Cell::Text(label.clone()),
            Cell::cents(amount.decimal()),
            Cell::Empty,
            Cell::Empty,
        ],
        ..Row::default()
    };
    let mut rows = vec![Row { role: "line", ..end("from", &bridge.from) }];
    for step in &bridge.steps {
        rows.extend(step_rows(bridge.key, step));
    }
    rows.push(end("to", &bridge.to));
    Table {
        name: bridge.key.to_owned(),
        title: bridge.title.clone(),
        columns: vec![
            Column::words("libelle", ""),
            Column::numbers("montant", "Montant"),
            Column::whole("politique", "Politique"),
            Column::whole("ecriture", "Écriture"),
        ],
        rows,
        keyed: true,
    }
}

/// A step, and the entries that make it: one on its own line, several below.
fn step_rows(bridge: &str, step: &Step) -> Vec<Row> {
    // An entry gives what the step takes of it; one without a code has no name to be found by.
    let named = |entry: &crate::statement::diff::Behind| {
        (!entry.code.is_empty())
            .then(|| (format!("ecriture:{}:{}", entry.date, entry.code), entry.amount.decimal()))
    };
    let of = |entries: &[crate::statement::diff::Behind]| -> Vec<Vec<(String, Decimal)>> {
        let all: Option<Vec<(String, Decimal)>> = entries.iter().map(named).collect();
        vec![Vec::new(), all.unwrap_or_default()]
    };
    let row = |key: String,
               label: &str,
               depth,
               amount: Decimal,
               (policy, place): (String, String),
               fed| Row {
        key,
        role: if depth == 1 { "line" } else { "detail" },
        depth,
        cells: vec![
            Cell::Text(label.to_owned()),
            Cell::cents(amount),
            Cell::Text(policy),
            Cell::Text(place),
        ],
        fed,
        ..Row::default()
    };
    let key = format!("{bridge}.{}", step.key);
    let places = |entry: &crate::statement::diff::Behind| {
        (entry.policy.as_ref().map_or_else(String::new, ToString::to_string), entry.place.clone())
    };
    match step.entries.as_slice() {
        [] => vec![row(key, &step.label, 1, step.amount.decimal(), Default::default(), Vec::new())],
        [only] => {
            vec![row(key, &step.label, 1, step.amount.decimal(), places(only), of(&step.entries))]
        }
        several => {
            let mut rows = vec![row(
                key.clone(),
                &step.label,
                1,
                step.amount.decimal(),
                Default::default(),
                of(&step.entries),
            )];
            rows.extend(several.iter().enumerate().map(|(rank, entry)| {
                let key = format!("{key}.{}", rank + 1);
                row(
                    key,
                    &entry.label,
                    2,
                    entry.amount.decimal(),
                    places(entry),
                    of(std::slice::from_ref(entry)),
                )
            }));
            rows
        }
    }
}

fn coverage(made: &Diff) -> Table {
    let rows = made.coverage.iter().map(|(key, label, amount)| Row {
        key: format!("couverture.{key}"),
        role: "line",
        cells: vec![Cell::Text(label.clone()), Cell::cents(amount.decimal())],
        ..Row::default()
    });
    Table {
        name: "couverture".to_owned(),
        title: "Ce qui est provisionné, ce qui ne l’est pas, ce qui l’a été plus tôt".to_owned(),
        columns: vec![Column::words("libelle", ""), Column::numbers("montant", "Montant")],
        rows: rows.collect(),
        keyed: true,
    }
}

fn side(side: &DiffSide, books: &Books) -> Table {
    let cell = |figure: Option<Figure>| {
        figure.map_or(Cell::Empty, |figure| Cell::Amount {
            exact: figure.exact,
            shown: figure.shown,
            decimals: 0,
            brackets: false,
        })
    };
    let row = |row: &DiffRow| {
        let gap = row.gap().filter(|gap| !gap.is_zero());
        let heading = row.genre == Genre::Heading;
        let label = if heading { row.label.to_uppercase() } else { row.label.clone() };
        Row {
            key: row.key.clone(),
            role: row.genre.role(),
            depth: row.depth,
            cells: vec![
                Cell::Text(label),
                cell(row.classic),
                cell(row.flux),
                gap.map_or(Cell::Empty, Cell::cents),
                cell(row.stock),
            ],
            // A presentation in stock has no entries.
            fed: std::iter::once(Vec::new())
                .chain(row.given.iter().map(|given| named(given, books)))
                .collect(),
            ..Row::default()
        }
    };
    let (kind, title) = match side.kind {
        Kind::Bilan => ("bilan", "Bilan"),
        Kind::Resultat => ("resultat", "Compte de résultat"),
    };
    let title = match side.section {
        "liste" => title.to_owned(),
        section => format!("{title} : {section}"),
    };
    Table {
        name: format!("{kind}.{}", side.section),
        title,
        columns: vec![
            Column::words("libelle", ""),
            Column::numbers("classique", "Classique"),
            Column::numbers("flux", "CARE, flux"),
            Column::numbers("ecart", "Écart"),
            Column::numbers("stock", "CARE, stock"),
        ],
        rows: side.rows.iter().map(row).collect(),
        keyed: true,
    }
}

/// The difference as JSON: both bases, the bridge between them, that of the bilan, and every row.
pub fn diff_json(made: &Diff, heading: &Heading) -> Vec<u8> {
    let mut root = Map::new();
    root.insert("schema".to_owned(), Value::from("compta/diff/1"));
    for (name, fact) in heading.facts() {
        root.insert(name.to_owned(), Value::from(fact));
    }
    root.insert(
        "bases".to_owned(),
        json!({ "stock": bridge_json(&made.stock), "flux": bridge_json(&made.flux) }),
    );
    root.insert("between".to_owned(), bridge_json(&made.between));
    root.insert("bilan".to_owned(), bridge_json(&made.equity));
    let coverage: Map<String, Value> = made
        .coverage
        .iter()
        .map(|(key, _, amount)| (key.clone(), Value::from(cents(amount.decimal()))))
        .collect();
    root.insert("couverture".to_owned(), Value::Object(coverage));
    let rows: Vec<Value> = made
        .sides
        .iter()
        .flat_map(|side| &side.rows)
        .filter(|row| !row.key.is_empty())
        .map(row_json)
        .collect();
    root.insert("rows".to_owned(), Value::from(rows));
    (serde_json::to_string_pretty(&Value::Object(root)).unwrap_or_default() + "\n").into_bytes()
}

fn bridge_json(bridge: &Bridge) -> Value {
    let step = |step: &Step| {
        let entries: Vec<Value> = step
            .entries
            .iter()
            .map(|entry| {
                json!({
                    "label": entry.label,
                    "amount": cents(entry.amount.decimal()),
                    "place": entry.place.clone(),
                    "policy": entry.policy.as_ref().map(ToString::to_string),
                })
            })
            .collect();
        json!({
            "key": step.key,
            "label": step.label,
            "amount": cents(step.amount.decimal()),
            "entries": entries,
        })
    };
    json!({
        "from": cents(bridge.from.1.decimal()),
        "steps": bridge.steps.iter().map(step).collect::<Vec<Value>>(),
        "to": cents(bridge.to.1.decimal()),
    })
}

fn row_json(row: &DiffRow) -> Value {
    let figure = |figure: Option<Figure>| {
        figure.map(
            |figure| json!({ "exact": plain(figure.exact, 2), "shown": plain(figure.shown, 0) }),
        )
    };
    json!({
        "key": row.key,
        "label": row.label,
        "classique": figure(row.classic),
        "flux": figure(row.flux),
        "stock": figure(row.stock),
        "ecart": row.gap().map(cents),
    })
}

/// An amount with its two decimals, as machines read it.
fn cents(amount: Decimal) -> String {
    let mut amount = amount;
    amount.rescale(2);
    amount.to_string()
}
