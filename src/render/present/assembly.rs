use rust_decimal::Decimal;

use super::statements::of_year_before;
use super::{Heading, charts, remark};
use crate::assembly::{Cell as Given, Row as GivenRow, Sheet, Table as GivenTable};
use crate::render::document::{Cell, Column, Document, Row, Table, is_account};
use crate::statement::Genre;

/// The tables of one subject of a general assembly.
pub fn sheet_document(sheet: &Sheet, heading: &Heading) -> Document {
    let heading = Heading { period: sheet.year.clone(), ..heading.clone() };
    let mut facts = heading.facts();
    facts.push(("unit", "EUR".to_owned()));
    let tables: Vec<Table> = sheet.tables.iter().map(table).collect();
    let undrawn = tables.iter().filter_map(charts::undrawn);
    let remarks = sheet.notes.iter().map(remark).chain(undrawn).collect();
    Document {
        schema: format!("compta/{}/1", sheet.name),
        facts,
        title: sheet.title.clone(),
        subtitle: heading.subtitle("en euros"),
        tables,
        facing: false,
        remarks,
    }
}

fn table(given: &GivenTable) -> Table {
    let mut columns = vec![Column::words("libelle", &given.head)];
    columns.extend(given.columns.iter().map(|column| {
        let words = if column.words { Column::words } else { Column::numbers };
        let made = words(&column.key, &column.title);
        if column.on_screen { made } else { made.off_screen() }
    }));
    let rows: Vec<Row> = given.rows.iter().map(|given| row(given, &columns)).collect();
    let (name, title) = (given.name.clone(), given.title.clone());
    let mut made = Table { name, title, columns, rows, keyed: true };
    sums(&mut made);
    made
}

/// What stands behind a sum that says nothing of it is what stands behind its rows: those since the last
/// heading or sum for a part, every one for the whole.
fn sums(table: &mut Table) {
    let mut part = 0;
    for at in 0..table.rows.len() {
        let begins = match table.rows[at].role {
            "heading" => {
                part = at;
                continue;
            }
            "subtotal" => std::mem::replace(&mut part, at + 1),
            "total" => 0,
            _ => continue,
        };
        let sum = &table.rows[at];
        if !sum.behind.is_empty() || !sum.fed.is_empty() {
            continue;
        }
        let cells = 0..sum.cells.len();
        let fed: Vec<Vec<(String, Decimal)>> =
            cells.map(|cell| parts(table, begins..at, (at, cell)).unwrap_or_default()).collect();
        let summed = &table.rows[begins..at];
        if fed.iter().any(|cell| !cell.is_empty()) {
            table.rows[at].fed = fed;
        } else if summed.iter().all(known) {
            // A share of common costs has no entries: a sum that holds it is not that of its accounts.
            let mut behind: Vec<String> =
                summed.iter().flat_map(|row| row.behind.clone()).collect();
            behind.sort();
            behind.dedup();
            let mut only = summed.iter().filter(|row| !row.behind.is_empty()).map(|row| row.only);
            let first = only.next().unwrap_or_default();
            let only = if only.all(|other| other == first) { first } else { &[""] };
            // What a convention or a partner did has both sides of entries, and no sum of its own.
            if behind.iter().all(|key| is_account(key)) {
                let row = &mut table.rows[at];
                (row.behind, row.only) = (behind, only);
            }
        }
    }
}

/// What each of some rows gives to a sum of theirs, where one thing stands behind each and they make it.
fn parts(
    table: &Table,
    summed: std::ops::Range<usize>,
    (sum, cell): (usize, usize),
) -> Option<Vec<(String, Decimal)>> {
    let Cell::Amount { exact: whole, .. } = &table.rows[sum].cells[cell] else { return None };
    let last = summed.end;
    // Of a row and the rows below it, those below.
    let leaf = |at: &usize| {
        let next = table.rows.get(at + 1).filter(|_| at + 1 < last);
        next.is_none_or(|next| next.role != "line" || next.depth <= table.rows[*at].depth)
    };
    let mut given: Vec<(String, Decimal)> = Vec::new();
    for row in summed.filter(leaf).map(|at| &table.rows[at]).filter(|row| row.role == "line") {
        match row.cells.get(cell) {
            Some(Cell::Amount { exact, brackets: false, .. }) if !exact.is_zero() => {
                let behind = table.behind(row, cell);
                if behind.is_empty() {
                    return None;
                }
                for (key, part) in behind {
                    given.push((key, part?));
                }
            }
            _ => {}
        }
    }
    let made: Decimal = given.iter().map(|(_, part)| *part).sum();
    (made == *whole).then_some(given)
}

/// Whether what stands behind the figures of a line is known, or it has none.
fn known(row: &Row) -> bool {
    let counts = |cell: &Cell| match cell {
        Cell::Amount { exact, brackets, .. } => !exact.is_zero() && !brackets,
        _ => false,
    };
    row.role != "line" || !row.behind.is_empty() || !row.cells.iter().any(counts)
}

fn row(given: &GivenRow, columns: &[Column]) -> Row {
    let heading = given.genre == Genre::Heading;
    let label = if heading { given.label.to_uppercase() } else { given.label.clone() };
    let cells = given.cells.iter().map(cell);
    let fed = given.given.iter().zip(&columns[1..]).map(|(given, column)| {
        let before = column.key == "n1" && given.iter().all(|(key, _)| is_account(key));
        if before { of_year_before(given.clone()) } else { given.clone() }
    });
    Row {
        key: given.key.clone(),
        role: given.genre.role(),
        depth: given.depth,
        cells: std::iter::once(Cell::Text(label)).chain(cells).collect(),
        fed: if given.given.iter().all(Vec::is_empty) {
            Vec::new()
        } else {
            std::iter::once(Vec::new()).chain(fed).collect()
        },
        behind: given.behind.clone(),
        only: given.only,
        ..Row::default()
    }
}

fn cell(given: &Given) -> Cell {
    match given {
        Given::Blank => Cell::Empty,
        Given::Euros { exact, step, brackets } => Cell::Amount {
            exact: *exact,
            shown: given.shown().unwrap_or(*exact),
            decimals: step.scale(),
            brackets: *brackets,
        },
        Given::Count(number) => Cell::Count(*number),
        Given::Tonnes(exact) => Cell::Amount {
            exact: *exact,
            shown: given.shown().unwrap_or(*exact),
            decimals: 3,
            brackets: false,
        },
        Given::Share(share) => Cell::Share(*share),
        Given::Words(words) => Cell::Text(words.clone()),
        Given::Day(day) => Cell::Date(*day),
    }
}
