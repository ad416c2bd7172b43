use rust_decimal::Decimal;

use crate::measure::{brief_euros, euros};
use crate::render::chart::{Chart, ChartKind, Point};
use crate::render::document::{Cell, Document, Row, Table};

/// More slices than this cannot be told apart: the smallest go together.
const SLICES: usize = 7;

/// The charts of some documents, from the tables that have one.
///
/// A share of a negative amount means nothing: a table that has one has no pie.
pub fn charts(documents: &[&Document]) -> Vec<Chart> {
    let tables = || documents.iter().flat_map(|document| &document.tables);
    let named = |name: &str| tables().find(|table| table.name == name);
    let pies = [
        ("couts", "repartition_couts", "Répartition des coûts"),
        ("financements", "repartition_financements", "Répartition des financements"),
    ];
    let pies = pies.into_iter().filter_map(|(name, table, title)| pie(name, named(table)?, title));
    let bridges = [
        ("pont_flux", "flux", "Du résultat classique au résultat CARE, en flux"),
        ("pont_stock", "stock", "Du résultat classique au résultat CARE, en stock"),
    ];
    let bridges =
        bridges.into_iter().filter_map(|(name, table, title)| bridge(name, named(table)?, title));
    pies.chain(bridges).collect()
}

fn amount(row: &Row) -> Option<Decimal> {
    row.cells.iter().find_map(|cell| match cell {
        Cell::Amount { exact, .. } => Some(*exact),
        _ => None,
    })
}

fn label(row: &Row) -> String {
    match row.cells.first() {
        Some(Cell::Text(text)) => text.clone(),
        _ => String::new(),
    }
}

fn pie(name: &str, table: &Table, title: &str) -> Option<Chart> {
    let lines = table.rows.iter().filter(|row| row.role == "line");
    let mut points: Vec<Point> = lines
        .filter_map(|row| Some(Point { label: label(row), amount: amount(row)?, whole: true }))
        .filter(|point| !point.amount.is_zero())
        .collect();
    if points.is_empty() || points.iter().any(|point| point.amount.is_sign_negative()) {
        return None;
    }
    // The order of the table decides between equals.
    points.sort_by_key(|point| std::cmp::Reverse(point.amount));
    if points.len() > SLICES {
        let rest = points.split_off(SLICES - 1);
        let count = rest.len();
        let amount = rest.iter().map(|point| point.amount).sum();
        points.push(Point { label: format!("{count} autres"), amount, whole: true });
    }
    let total: Decimal = points.iter().map(|point| point.amount).sum();
    let share = |part: Decimal| (part / total * Decimal::ONE_HUNDRED).round();
    let told: Vec<String> = points
        .iter()
        .map(|point| format!("{} {} %", point.label, share(point.amount).normalize()))
        .collect();
    Some(Chart {
        name: name.to_owned(),
        table: table.name.clone(),
        title: title.to_owned(),
        description: format!("{} en tout : {}.", brief_euros(total), told.join(", ")),
        kind: ChartKind::Pie,
        points,
    })
}

fn bridge(name: &str, table: &Table, title: &str) -> Option<Chart> {
    let rows = table.rows.iter().filter(|row| matches!(row.role, "line" | "total"));
    let last = table.rows.iter().rposition(|row| row.role == "total")?;
    let end = &table.rows[last].key;
    let mut points: Vec<Point> = rows
        .enumerate()
        .filter_map(|(rank, row)| {
            let whole = rank == 0 || row.key == *end;
            Some(Point { label: label(row), amount: amount(row)?, whole })
        })
        .collect();
    points.retain(|point| point.whole || !point.amount.is_zero());
    let told: Vec<String> =
        points.iter().map(|point| format!("{} {}", point.label, euros(point.amount))).collect();
    (points.len() > 2).then(|| Chart {
        name: name.to_owned(),
        table: table.name.clone(),
        title: title.to_owned(),
        description: format!("{}.", told.join(" ; ")),
        kind: ChartKind::Bridge,
        points,
    })
}
