use tabled::builder::Builder;
use tabled::settings::object::{Columns, Rows};
use tabled::settings::style::HorizontalLine;
use tabled::settings::{Alignment, Padding, Style, Theme};

use super::layout::limits;
use super::words::{broken, wrapped};
use super::{head, on_screen, widths, words};
use crate::render::document::{Align, Column, Row, Table, visible};

/// Draws a statement within a width: words are broken over lines, numbers never.
pub(super) fn draw(table: &Table, width: usize) -> String {
    let columns = on_screen(table);
    let aligned: Vec<Align> = columns.iter().map(|(_, column)| column.align).collect();
    let limits = limits(widths(table), &aligned, width);
    let fit = |cells: Vec<String>| -> Vec<String> {
        cells.into_iter().zip(&limits).map(|(cell, limit)| broken(&cell, *limit)).collect()
    };
    let cells = |row: &Row| {
        let mut cells = fit(words(row, &columns));
        level(&columns, &mut cells);
        cells
    };
    let mut records = vec![fit(head(table))];
    records.extend(table.rows.iter().map(cells));
    let mut out = String::new();
    if !table.title.is_empty() {
        out.push_str(&table.title);
        out.push('\n');
    }
    lay(&mut out, &columns, &table.rows, records, width);
    out
}

/// Lays out a head and rows, each below what stands above it.
fn lay(
    out: &mut String,
    columns: &[(usize, &Column)],
    rows: &[Row],
    records: Vec<Vec<String>>,
    width: usize,
) {
    let tall = |record: &Vec<String>| {
        record.iter().map(|cell| cell.lines().count()).max().unwrap_or(1).max(1)
    };
    let heights: Vec<usize> = records.iter().map(tall).collect();
    // The first row of all stands below the rule of the head already.
    let is_total = |at: usize| at > 0 && rows[at].role == "total";
    let rules: Vec<usize> = (1..rows.len()).filter(|at| is_total(*at)).map(|at| at + 1).collect();
    let drawn = drawn(columns, records, &rules);
    let mut lines = drawn.lines();
    let mut put = |out: &mut String, count: usize| {
        for line in lines.by_ref().take(count) {
            out.push_str(line.trim_end());
            out.push('\n');
        }
    };
    put(out, heights[0] + 1);
    for (at, row) in rows.iter().enumerate() {
        if let Some(above) = &row.above {
            let gap = if at == 0 { "" } else { "\n" };
            out.push_str(&format!("{gap}{}", wrapped(&visible(above), width, "  ")));
        }
        put(out, heights[at + 1] + usize::from(is_total(at)));
    }
}

/// The figures of a statement stand beside the end of their label, and words that are no longer than
/// it end with it.
fn level(columns: &[(usize, &Column)], cells: &mut [String]) {
    let label = cells.first().map_or(1, |label| label.lines().count().max(1));
    for (cell, (_, column)) in cells.iter_mut().zip(columns).skip(1) {
        let own = if column.align == Align::Right { 1 } else { cell.lines().count() };
        if !cell.is_empty() && label > own {
            cell.insert_str(0, &"\n".repeat(label - own));
        }
    }
}

/// A rule below the head and before each of those lines, numbers to the right, nothing else.
fn drawn(columns: &[(usize, &Column)], records: Vec<Vec<String>>, rules: &[usize]) -> String {
    let rule = HorizontalLine::new('─');
    let mut theme = Theme::from_style(Style::empty());
    for at in rules.iter().chain(&[1]) {
        theme.insert_horizontal_line(*at, rule);
    }
    let mut drawn = Builder::from_iter(records).build();
    drawn.with(theme).with(Padding::new(0, 2, 0, 0));
    if let Some(last) = columns.len().checked_sub(1) {
        drawn.modify(Columns::one(last), Padding::new(0, 0, 0, 0));
    }
    for (rank, (_, column)) in columns.iter().enumerate() {
        if column.align == Align::Right {
            drawn.modify(Columns::one(rank), Alignment::right());
        }
    }
    drawn.modify(Rows::first(), Alignment::bottom());
    drawn.to_string()
}
