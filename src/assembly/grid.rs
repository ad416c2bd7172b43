use rust_decimal::Decimal;

use super::table::{Cell, Column, Row, Sheet, Table};
use crate::book::Years;
use crate::measure::FiscalYear;
use crate::register::{Adhesions, Band, Grid, Reach};
use crate::statement::{Genre, Note};

/// The grid in force in a year: the last that began by then.
pub fn grid_of<'r>(adhesions: &'r Adhesions, years: &Years, year: &FiscalYear) -> Option<&'r Grid> {
    let first = |grid: &&Grid| years.period_named(&grid.since.value).map(|days| days.first);
    let began = |grid: &&Grid| first(grid).is_some_and(|first| first <= year.period.first);
    adhesions.grids.iter().filter(began).max_by_key(first)
}

/// The grid of a year, as it is put to the vote.
pub fn grid(adhesions: &Adhesions, years: &Years, year: &FiscalYear) -> Option<Sheet> {
    let grid = grid_of(adhesions, years, year)?;
    let name = format!("grille_adhesion_{}", year.name);
    let rows = grid.bands.iter().map(|band| row(band, &name)).collect();
    let note = grid.note.as_ref().map(|text| Note {
        code: None,
        key: name.clone(),
        text: format!("grille en vigueur depuis {} : {text}", grid.since.value),
    });
    Some(Sheet {
        name: "grille".to_owned(),
        year: year.name.clone(),
        title: format!("Grille d’adhésion {}", year.name),
        tables: vec![Table {
            name,
            head: "Adhérents".to_owned(),
            columns: vec![
                Column::figures("cotisation", "Cotisation, €"),
                Column::figures("cotisation_min", "À partir de"),
                Column::figures("budget_min", "Budget, de"),
                Column::figures("budget_max", "à"),
            ],
            rows,
            ..Table::default()
        }],
        notes: note.into_iter().collect(),
    })
}

fn row(band: &Band, name: &str) -> Row {
    let amount = |value: Option<Decimal>| value.map_or(Cell::Blank, Cell::euros);
    let (from, to) = match band.reach {
        Reach::Budgets { from, to } => (from.map(|(low, _)| low), to.map(|(high, _)| high)),
        _ => (None, None),
    };
    let decided = band.reach == Reach::Decision;
    let cells = vec![
        amount((!decided).then_some(band.due)),
        amount(decided.then_some(band.due)),
        amount(from),
        amount(to),
    ];
    Row::line(format!("{name}.{}", band.key.value), &band.label, cells).of(Genre::Line)
}
