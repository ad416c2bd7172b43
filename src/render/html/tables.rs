use maud::{Markup, html};
use rust_decimal::Decimal;

use super::ledger::Links;
use super::{Page, svg};
use crate::measure::amount;
use crate::render::document::{Align, Cell, Document, Row, Table};

/// A document: its title, its tables with their charts, what is to be known.
pub(super) fn document(
    document: &Document,
    rank: usize,
    (page, links, several): (&Page<'_>, &Links, bool),
) -> Markup {
    let title = format!("d{rank}");
    html! {
        section aria-labelledby=(title) {
            @if several { h2 id=(title) { (document.title) } }
            @else { h2 id=(title) class="skip" { (document.title) } }
            @for line in &document.subtitle { p class="under" { (line) } }
            @for table in &document.tables {
                (self::table(document, table, links))
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

fn table(document: &Document, table: &Table, links: &Links) -> Markup {
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
                        @for column in &table.columns {
                            th scope="col" class=[(column.align == Align::Right).then_some("n")] {
                                @if column.title.is_empty() { "Libellé" } @else { (column.title) }
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

fn row(table: &Table, row: &Row, links: &Links) -> Markup {
    let class = format!("{} d{}", row.role, row.depth.min(3));
    let target = links.target(&row.accounts);
    html! {
        tr class=(class) {
            @for (rank, cell) in row.cells.iter().enumerate() {
                @if rank == 0 && table.keyed {
                    th scope="row" { (words(cell)) }
                } @else {
                    @let right = table.columns.get(rank).is_some_and(|c| c.align == Align::Right);
                    td class=(class_of(cell, right)) {
                        @match (&target, is_figure(cell)) {
                            (Some(target), true) => a href=(target) { (words(cell)) },
                            _ => (words(cell)),
                        }
                    }
                }
            }
        }
    }
}

fn is_figure(cell: &Cell) -> bool {
    matches!(cell, Cell::Amount { exact, .. } if !exact.is_zero())
}

fn class_of(cell: &Cell, right: bool) -> &'static str {
    let negative = matches!(cell, Cell::Amount { shown, .. } if shown < &Decimal::ZERO);
    match (right, negative) {
        (true, true) => "n minus",
        (true, false) => "n",
        _ => "",
    }
}

/// What a reader sees of a cell: the figure that every format shows.
fn words(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Amount { shown, decimals, brackets, .. } => {
            let text = amount(*shown, *decimals);
            if *brackets { format!("({text})") } else { text }
        }
        Cell::Count(count) => amount(*count, 0),
        Cell::Share(share) => format!("{} %", amount(*share, 1)),
        Cell::Date(day) => day.format("%d/%m/%Y").to_string(),
    }
}
