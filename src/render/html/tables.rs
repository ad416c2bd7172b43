use maud::{Markup, html};
use rust_decimal::Decimal;

use super::links::Links;
use super::{Page, Shown, svg};
use crate::render::document::{Align, Cell, Column, Document, Row, Table};

/// A document: its title, its tables with their charts, what is to be known.
pub(super) fn document(
    Shown { view, document, linked }: Shown<'_>,
    rank: usize,
    (page, links, several): (&Page<'_>, &Links, bool),
) -> Markup {
    let title = format!("d{rank}");
    html! {
        section aria-labelledby=(title) class=[classes(view.class(), document)] {
            @if several { h2 id=(title) { (document.title) } }
            @else { h2 id=(title) class="skip" { (document.title) } }
            @for line in &document.subtitle { p class="under" { (line) } }
            @for table in &document.tables {
                (self::table(document, table, linked.then_some(links)))
                @for chart in page.charts.iter().filter(|chart| chart.table == table.name) {
                    (svg::figure(chart))
                }
            }
            @if !document.remarks.is_empty() {
                ul class="notes" {
                    @for remark in &document.remarks {
                        li {
                            (remark.severity) " : " (remark.text)
                            @if let Some(code) = remark.code { " [" (code) "]" }
                        }
                    }
                }
            }
        }
    }
}

/// So many letters stand side by side on an upright page at the size of its tables, and on a page that lies.
const UPRIGHT: usize = 78;
const LYING: usize = 165;

/// The ledger that a section goes with, and how it is printed: upright, lying, or lying in small letters.
fn classes(view: Option<&str>, document: &Document) -> Option<String> {
    let width = document.tables.iter().map(width).max().unwrap_or(0);
    let printed = match width {
        width if width <= UPRIGHT => None,
        width if width <= LYING => Some("large"),
        _ => Some("large tres-large"),
    };
    let both: Vec<&str> = view.into_iter().chain(printed).collect();
    (!both.is_empty()).then(|| both.join(" "))
}

/// The least letters that a table takes in width: its figures whole, its words broken between two.
fn width(table: &Table) -> usize {
    let longest = |words: &str| {
        let parts = words.split(' ').map(|part| part.chars().count());
        parts.max().unwrap_or(0)
    };
    let of_cell = |cell: &Cell| match cell {
        Cell::Text(text) => longest(text),
        cell => cell.words().chars().count(),
    };
    let of_column = |(rank, column): (usize, &Column)| {
        let cells = table.rows.iter().filter_map(|row| row.cells.get(rank)).map(of_cell);
        cells.max().unwrap_or(0).max(longest(&column.title)) + 2
    };
    table.columns.iter().enumerate().map(of_column).sum()
}

fn table(document: &Document, table: &Table, links: Option<&Links>) -> Markup {
    let side = table.columns.first().map_or("", |column| column.title.as_str());
    let caption = match (table.title.is_empty(), document.facing) {
        (false, _) => table.title.clone(),
        (true, true) => format!("{} – {}", document.title, side),
        (true, false) => document.title.clone(),
    };
    html! {
        div class="scroll" role="region" tabindex="0" aria-label=(caption) {
            table {
                caption { (caption) }
                thead {
                    tr {
                        @for (rank, column) in table.columns.iter().enumerate() {
                            th scope="col" class=[head_class(column)] {
                                @match (column.title.as_str(), rank) {
                                    ("", 0) => "Libellé",
                                    ("", _) => "Détail",
                                    (title, _) => (title),
                                }
                            }
                        }
                    }
                }
                tbody {
                    @for one in &table.rows { (row(table, one, links)) }
                }
            }
        }
    }
}

fn row(table: &Table, row: &Row, links: Option<&Links>) -> Markup {
    let class = format!("{} d{}", row.role, row.depth.min(3));
    html! {
        tr class=(class) {
            @for (rank, cell) in row.cells.iter().enumerate() {
                @if rank == 0 && table.keyed && !cell.words().is_empty() {
                    th scope="row" { (cell.words()) }
                } @else {
                    @let right = table.columns.get(rank).is_some_and(|c| c.align == Align::Right);
                    td class=(class_of(cell, right, table.columns.get(rank))) {
                        @match links.and_then(|links| links.target(table, row, rank)) {
                            Some(target) => a href=(target) { (cell.words()) },
                            None => (cell.words()),
                        }
                    }
                }
            }
        }
    }
}

fn class_of(cell: &Cell, right: bool, column: Option<&Column>) -> &'static str {
    let negative = matches!(cell, Cell::Amount { shown, .. } if shown < &Decimal::ZERO);
    match (right, negative, column.is_some_and(is_of_care)) {
        (true, true, false) => "n minus",
        (true, false, false) => "n",
        (true, true, true) => "n minus care",
        (true, false, true) => "n care",
        _ => "",
    }
}

fn head_class(column: &Column) -> Option<&'static str> {
    let right = column.align == Align::Right;
    right.then_some(if is_of_care(column) { "n care" } else { "n" })
}

/// Whether a column shows the CARE ledger beside the classic one.
fn is_of_care(column: &Column) -> bool {
    column.key == "care"
}
