use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value, json};

use super::letters::Letters;
use super::{Booklet, day};
use crate::render::chart::Chart;
use crate::render::document::{Align, Cell, Document, Remark, Row, Table};
use crate::render::drawing::{At, Shape, Side, Step, drawing};

/// The widest a column of words is asked for, in letters.
const WIDEST: usize = 60;

/// What a template reads: every figure as it is shown, every text as a string.
pub(super) fn json(booklet: &Booklet<'_>, letters: &Letters<'_>) -> Vec<u8> {
    let facts: Vec<Value> = booklet
        .facts
        .iter()
        .map(|(name, value)| json!([letters.set(name), letters.set(value)]))
        .collect();
    let documents: Vec<Value> = booklet
        .documents
        .iter()
        .map(|(name, document)| self::document(name, document, booklet.charts, letters))
        .collect();
    let [year, month, day] = day(booklet.day);
    let value = json!({
        "titre": letters.set(booklet.title),
        "association": letters.set(booklet.entity),
        "exercice": letters.set(booklet.period),
        "faits": facts,
        "jour": { "annee": year, "mois": month, "jour": day },
        "version": env!("CARGO_PKG_VERSION"),
        "documents": documents,
    });
    value.to_string().into_bytes()
}

fn document(name: &str, document: &Document, charts: &[Chart], letters: &Letters<'_>) -> Value {
    let tables: Vec<Value> =
        document.tables.iter().map(|one| table(one, charts, letters)).collect();
    let remark = |one: &Remark| json!({ "nature": one.severity, "code": one.code, "texte": letters.set(&one.text) });
    json!({
        "nom": name,
        "titre": letters.set(&document.title),
        "sous_titres": document.subtitle.iter().map(|line| letters.set(line)).collect::<Vec<_>>(),
        "en_regard": document.facing,
        "tables": tables,
        "notes": document.remarks.iter().map(remark).collect::<Vec<_>>(),
    })
}

/// A table as a screen shows it: columns that only files hold are left out.
fn table(table: &Table, charts: &[Chart], letters: &Letters<'_>) -> Value {
    let shown: Vec<usize> =
        (0..table.columns.len()).filter(|at| table.columns[*at].on_screen).collect();
    let rows: Vec<(&Row, Vec<String>)> = table
        .rows
        .iter()
        .map(|row| {
            let cell = |at: &usize| row.cells.get(*at).map(Cell::words).unwrap_or_default();
            (row, shown.iter().map(cell).collect())
        })
        .collect();
    let columns: Vec<Value> = shown
        .iter()
        .enumerate()
        .map(|(rank, at)| {
            let column = &table.columns[*at];
            let lengths = rows.iter().map(|(_, cells)| cells[rank].chars().count());
            let widest = lengths.max().unwrap_or(0);
            let place = match column.align {
                Align::Left => "gauche",
                Align::Right => "droite",
                Align::Whole => "entier",
            };
            json!({
                "cle": column.key,
                "titre": letters.set(&column.title),
                "place": place,
                "lettres": widest.clamp(4, WIDEST),
            })
        })
        .collect();
    let rows: Vec<Value> = rows
        .into_iter()
        .map(|(row, cells)| {
            json!({
                "cle": row.key,
                "role": row.role,
                "profondeur": row.depth,
                "au_dessus": row.above.as_ref().map(|text| letters.set(text)),
                "cellules": cells.iter().map(|text| letters.set(text)).collect::<Vec<_>>(),
            })
        })
        .collect();
    let charts: Vec<Value> = charts
        .iter()
        .filter(|chart| chart.table == table.name)
        .map(|chart| self::chart(chart, letters))
        .collect();
    json!({
        "nom": table.name,
        "titre": letters.set(&table.title),
        "a_cle": table.keyed,
        "colonnes": columns,
        "lignes": rows,
        "graphiques": charts,
    })
}

/// A chart with its shapes, in tenths of a point of a drawing 700 points wide.
fn chart(chart: &Chart, letters: &Letters<'_>) -> Value {
    let drawn = drawing(chart);
    let shapes: Vec<Value> = drawn.shapes.iter().map(|one| shape(one, letters)).collect();
    json!({
        "nom": chart.name,
        "titre": letters.set(&chart.title),
        "description": letters.set(&chart.description),
        "largeur": drawn.width * 10,
        "hauteur": drawn.height * 10,
        "formes": shapes,
    })
}

fn tenths(value: Decimal) -> i64 {
    (value * Decimal::TEN).round().to_i64().unwrap_or_default()
}

fn two((x, y): &At) -> [i64; 2] {
    [tenths(*x), tenths(*y)]
}

fn shape(shape: &Shape, letters: &Letters<'_>) -> Value {
    match shape {
        Shape::Rect { at, size, fill } => {
            json!({ "forme": "rectangle", "en": two(at), "taille": two(size), "fond": fill })
        }
        Shape::Slice { from, steps, fill } => {
            let steps: Vec<Value> = steps
                .iter()
                .map(|step| match step {
                    Step::Line(to) => json!([two(to)]),
                    Step::Curve(a, b, to) => json!([two(a), two(b), two(to)]),
                })
                .collect();
            json!({ "forme": "part", "en": two(from), "pas": steps, "fond": fill })
        }
        Shape::Line { from, to, stroke, thick } => json!({
            "forme": "trait", "en": two(from), "vers": two(to), "fond": stroke, "epais": thick,
        }),
        Shape::Text { at, size, side, fill, text } => {
            let side = match side {
                Side::After => "apres",
                Side::Before => "avant",
                Side::Around => "autour",
            };
            json!({
                "forme": "texte", "en": two(at), "taille": size * 10, "cote": side, "fond": fill,
                "texte": letters.set(text),
            })
        }
    }
}
