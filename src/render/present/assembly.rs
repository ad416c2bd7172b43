use super::{Heading, charts, remark};
use crate::assembly::{Cell as Given, Row as GivenRow, Sheet, Table as GivenTable};
use crate::render::document::{Cell, Column, Document, Row, Table};
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
    let mut rows: Vec<Row> = given.rows.iter().map(row).collect();
    sums(&mut rows);
    Table { name: given.name.clone(), title: given.title.clone(), columns, rows, keyed: true }
}

/// What stands behind a sum that says nothing of it is what stands behind its rows: those since the last
/// heading for a part, every one for the whole.
fn sums(rows: &mut [Row]) {
    let mut from = 0;
    for at in 0..rows.len() {
        let begins = match rows[at].role {
            "heading" => {
                from = at;
                continue;
            }
            "subtotal" => from,
            "total" => 0,
            _ => continue,
        };
        // A share of common costs has no entries: a sum that holds it is not that of its accounts.
        if rows[at].behind.is_empty() && rows[begins..at].iter().all(known) {
            let mut behind: Vec<String> =
                rows[begins..at].iter().flat_map(|row| row.behind.clone()).collect();
            behind.sort();
            behind.dedup();
            rows[at].behind = behind;
        }
    }
}

/// Whether what stands behind the figures of a line is known, or it has none.
fn known(row: &Row) -> bool {
    let counts = |cell: &Cell| match cell {
        Cell::Amount { exact, brackets, .. } => !exact.is_zero() && !brackets,
        _ => false,
    };
    row.role != "line" || !row.behind.is_empty() || !row.cells.iter().any(counts)
}

fn row(given: &GivenRow) -> Row {
    let heading = given.genre == Genre::Heading;
    let label = if heading { given.label.to_uppercase() } else { given.label.clone() };
    let cells = given.cells.iter().map(cell);
    Row {
        key: given.key.clone(),
        role: given.genre.role(),
        depth: given.depth,
        cells: std::iter::once(Cell::Text(label)).chain(cells).collect(),
        fed: if given.given.is_empty() {
            Vec::new()
        } else {
            vec![Vec::new(), given.given.clone()]
        },
        behind: given.behind.clone(),
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
