use std::collections::BTreeMap;

use super::evaluate::Part;
use super::form::{Column, FormRow, Genre, Layout, Section};
use super::notes;
use super::table::{Ask, Bases, Contribution, Figure, Row, SectionTable};
use crate::ledger::View;
use crate::measure::{Sum, round_to};

/// The rows of one side that are shown, with their figures and what feeds them.
pub(super) fn table(
    ask: Ask<'_>,
    layout: &Layout,
    section: &Section,
    rank: usize,
    bases: &Bases,
) -> SectionTable {
    let columns = seen_columns(section, ask.view);
    let mut rows: Vec<Row> = Vec::new();
    for (at, form_row) in section.rows.iter().enumerate() {
        if form_row.classic_only && ask.view == View::Care {
            continue;
        }
        if form_row.genre == Genre::Heading {
            rows.push(heading(form_row));
            continue;
        }
        let cells: Vec<Option<Figure>> = columns
            .iter()
            .map(|column| {
                let shown = form_row.is_shown(*column, ask.view);
                let value = bases.value(*column, rank, at).filter(|_| shown)?;
                Some(figure(value, form_row.rounding))
            })
            .collect();
        let nil = cells.iter().flatten().all(|figure| figure.exact.is_zero());
        if nil && !form_row.always {
            continue;
        }
        let fed = contributions(section, rank, at, bases, ask.view);
        let details =
            if form_row.detail { details(ask, section, form_row, &fed, bases) } else { Vec::new() };
        rows.push(Row {
            key: format!("{}.{}.{}", ask.kind.name(), section.name, form_row.key),
            label: form_row.label.clone(),
            genre: form_row.genre,
            depth: form_row.depth,
            cells,
            fed,
            parts: notes::parts(ask.kind, layout, rank, at),
        });
        rows.extend(details);
    }
    drop_empty_headings(&mut rows);
    SectionTable { name: section.name, columns, rows }
}

fn heading(row: &FormRow) -> Row {
    Row {
        key: String::new(),
        label: row.label.clone(),
        genre: Genre::Heading,
        depth: 0,
        cells: Vec::new(),
        fed: Vec::new(),
        parts: Vec::new(),
    }
}

/// A heading that no line follows is left out: what it announced is nil.
fn drop_empty_headings(rows: &mut Vec<Row>) {
    let announces = |row: Option<&Row>| {
        row.is_some_and(|row| matches!(row.genre, Genre::Line | Genre::Detail | Genre::Memo))
    };
    let keep: Vec<bool> = (0..rows.len())
        .map(|at| rows[at].genre != Genre::Heading || announces(rows.get(at + 1)))
        .collect();
    let mut keep = keep.into_iter();
    rows.retain(|_| keep.next().unwrap_or(true));
}

fn figure(value: Sum, rounding: u32) -> Figure {
    let exact = value.decimal();
    Figure { exact, shown: round_to(exact, rounding) }
}

fn contributions(
    section: &Section,
    rank: usize,
    row: usize,
    bases: &Bases,
    view: View,
) -> Vec<Contribution> {
    let mut fed = Vec::new();
    for column in &seen_columns(section, view) {
        let Some(values) = bases.of(*column) else {
            continue;
        };
        for &(part, account, amount) in values.fed(rank, row) {
            let amount = match (column, part) {
                (Column::Brut, Part::Amort) | (Column::Amort, Part::Plain) => continue,
                (Column::Net | Column::NetN1, Part::Amort) => -amount,
                _ => amount,
            };
            fed.push(Contribution { column: *column, account, amount });
        }
    }
    fed
}

/// One line per account number of a row.
fn details(
    ask: Ask<'_>,
    section: &Section,
    row: &FormRow,
    fed: &[Contribution],
    bases: &Bases,
) -> Vec<Row> {
    let accounts = ask.books.accounts();
    let edition = ask.books.edition(ask.year.period.first);
    let mut by_number: BTreeMap<&str, Vec<Contribution>> = BTreeMap::new();
    for part in fed {
        by_number.entry(&accounts.get(part.account).number).or_default().push(*part);
    }
    let line = |(number, own): (&str, Vec<Contribution>)| {
        let columns = seen_columns(section, ask.view);
        let cells = columns.iter().map(|column| {
            bases.of(*column)?;
            let parts = own.iter().filter(|part| part.column == *column);
            Some(figure(parts.map(|part| part.amount).sum(), row.rounding))
        });
        let label = own.first().map(|part| accounts.label_of(part.account, edition).to_owned());
        Row {
            key: format!("{}.{}.{}.{number}", ask.kind.name(), section.name, row.key),
            label: label.unwrap_or_default(),
            genre: Genre::Detail,
            depth: row.depth + 1,
            cells: cells.collect(),
            fed: own,
            parts: Vec::new(),
        }
    };
    by_number.into_iter().map(line).collect()
}

/// The columns of a side; in the CARE ledger, the column of that ledger would repeat the first.
fn seen_columns(section: &Section, view: View) -> Vec<Column> {
    let keep = |column: &&Column| view == View::Classic || **column != Column::Care;
    section.columns.iter().filter(keep).copied().collect()
}
