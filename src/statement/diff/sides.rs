use super::{DiffAsk, DiffRow, DiffSide};
use crate::diagnostic::Finding;
use crate::ledger::View;
use crate::statement::form::{Column, Kind};
use crate::statement::table::{Ask, Figure, Row, SectionTable, Statement, statement};

/// The sides of both statements, row by row, in both ledgers.
pub(super) fn sides(ask: DiffAsk<'_>, findings: &mut Vec<Finding>) -> Vec<DiffSide> {
    let mut sides = Vec::new();
    for kind in [Kind::Bilan, Kind::Resultat] {
        let mut of = |annual, view| {
            let (books, form, year) = (ask.books, ask.form, ask.year);
            let ask = Ask { books, annual, form, kind, year, part: None, view, budget: None };
            statement(ask, findings)
        };
        let classic = of(ask.annual, View::Classic);
        let flux = of(ask.annual, View::Care);
        let stock = of(ask.in_stock, View::Care);
        let (Some(classic), Some(flux), Some(stock)) = (classic, flux, stock) else {
            continue;
        };
        for section in &classic.sections {
            let rows = side_by_side(section.name, [&stock, &flux, &classic]);
            sides.push(DiffSide { kind, section: section.name, rows });
        }
    }
    sides
}

fn section<'s>(made: &'s Statement, name: &str) -> Option<&'s SectionTable> {
    made.sections.iter().find(|section| section.name == name)
}

/// The rows of one side of three statements; a row that one of them leaves out is blank there.
///
/// Each statement shows its rows in the order of the form: a row of one goes after the last that
/// both have.
fn side_by_side(name: &str, made: [&Statement; 3]) -> Vec<DiffRow> {
    let mut rows: Vec<DiffRow> = Vec::new();
    for statement in made {
        let mut after = 0;
        for row in section(statement, name).iter().flat_map(|section| &section.rows) {
            if let Some(at) = rows.iter().position(|known| is_same(known, row)) {
                after = at + 1;
            } else {
                rows.insert(after, blank(row));
                after += 1;
            }
        }
    }
    let [stock, flux, classic] = made;
    for row in &mut rows {
        row.classic = main_figure(classic, &row.key);
        row.flux = main_figure(flux, &row.key);
        row.stock = main_figure(stock, &row.key);
        row.given = [classic, flux].map(|made| made.given(&row.key));
    }
    rows
}

fn is_same(known: &DiffRow, row: &Row) -> bool {
    known.key == row.key && (!row.key.is_empty() || known.label == row.label)
}

fn blank(row: &Row) -> DiffRow {
    DiffRow {
        key: row.key.clone(),
        label: row.label.clone(),
        genre: row.genre,
        depth: row.depth,
        classic: None,
        flux: None,
        stock: None,
        given: [Vec::new(), Vec::new()],
    }
}

/// The figure of a row in the main column of its section: net, or the year's own.
fn main_figure(made: &Statement, key: &str) -> Option<Figure> {
    let (section, row) = made.row(key).filter(|_| !key.is_empty())?;
    let at = section.columns.iter().position(|column| matches!(column, Column::Net | Column::N));
    row.cells.get(at?).copied().flatten()
}
