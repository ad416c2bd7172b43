mod keyed;
mod layout;
mod words;

use std::borrow::Cow;
use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use self::layout::Layout;
use self::words::{wide, wrapped};
use super::document::{Align, Cell, Column, Document, Row, Table, visible};
use super::rows::{List, in_parts};

/// The narrowest a column of words gets before its table is simply wider than the screen.
const WORDS: usize = 18;
/// A table of fewer columns is never cut: it is read as one.
const BANDED: usize = 10;
/// What stands between two facing tables.
const BETWEEN: &str = "  │  ";

/// A document within a width.
pub(super) fn text(document: &Document, width: usize) -> String {
    let mut out = title(document, width);
    match &document.tables[..] {
        [left, right] if document.facing => {
            let half = (width.saturating_sub(BETWEEN.width())) / 2;
            let needed = natural(left) + natural(right) + BETWEEN.width();
            if needed <= width {
                out.push_str(&beside(&draw(left, natural(left)), &draw(right, natural(right))));
            } else if least(left) + least(right) + BETWEEN.width() <= width && half >= 60 {
                let (l, r) = share(left, right, width - BETWEEN.width());
                out.push_str(&beside(&draw(left, l), &draw(right, r)));
            } else {
                stack(&mut out, &document.tables, width);
            }
        }
        tables => stack(&mut out, tables, width),
    }
    out.push_str(&remarks(document, width));
    out
}

/// A list within a width, some rows at a time.
///
/// # Errors
/// What the output refuses.
pub(super) fn list(
    list: &List<'_>,
    (width, threads): (usize, usize),
    out: &mut dyn Write,
) -> io::Result<()> {
    out.write_all(title(&list.frame, width).as_bytes())?;
    for table in &list.frame.tables {
        let laid = Layout::of(table, list, (width, threads));
        out.write_all(laid.head(table).as_bytes())?;
        in_parts(list.count, threads, out, |part| laid.part(list, part, width).into_bytes())?;
    }
    out.write_all(remarks(&list.frame, width).as_bytes())
}

/// What stands above the tables.
fn title(document: &Document, width: usize) -> String {
    let mut out = String::new();
    if !document.title.is_empty() {
        out.push_str(&visible(&document.title));
        out.push('\n');
    }
    for line in &document.subtitle {
        out.push_str(&wrapped(&visible(line), width.max(40), "  "));
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// What stands below the tables.
fn remarks(document: &Document, width: usize) -> String {
    let mut out = String::new();
    if !document.remarks.is_empty() {
        out.push('\n');
    }
    for remark in &document.remarks {
        let mark = remark.code.map_or_else(|| "note".to_owned(), str::to_owned);
        out.push_str(&wrapped(&format!("{mark} : {}", remark.text), width.max(40), "    "));
    }
    out
}

fn stack(out: &mut String, tables: &[Table], width: usize) {
    for (rank, table) in tables.iter().flat_map(|table| bands(table, width)).enumerate() {
        if rank > 0 {
            out.push('\n');
        }
        out.push_str(&draw(&table, width));
    }
}

/// A table of figures wider than a screen, as bands of columns that each repeat the first one.
fn bands(table: &Table, width: usize) -> Vec<Cow<'_, Table>> {
    let columns: Vec<usize> = on_screen(table).into_iter().map(|(at, _)| at).collect();
    if !table.keyed || columns.len() < BANDED || least(table) <= width {
        return vec![Cow::Borrowed(table)];
    }
    let of = |band: &[usize]| {
        let mut made = table.clone();
        for (at, column) in made.columns.iter_mut().enumerate() {
            column.on_screen = at == columns[0] || band.contains(&at);
        }
        made
    };
    let mut all: Vec<Vec<usize>> = vec![Vec::new()];
    for at in &columns[1..] {
        let last = all.len() - 1;
        let band = [&all[last][..], &[*at]].concat();
        if all[last].is_empty() || least(&of(&band)) <= width {
            all[last] = band;
        } else {
            all.push(vec![*at]);
        }
    }
    all.iter().map(|band| Cow::Owned(of(band))).collect()
}

/// Gives two facing tables what they need, the rest of the width to their words.
fn share(left: &Table, right: &Table, width: usize) -> (usize, usize) {
    let (a, b) = (natural(left), natural(right));
    let over = (a + b).saturating_sub(width);
    let (can_a, can_b) = (a - least(left), b - least(right));
    let give_a = (over * can_a).checked_div(can_a + can_b).unwrap_or(0).min(can_a);
    let give_b = (over - give_a).min(can_b);
    (a - (over - give_b), b - give_b)
}

fn beside(left: &str, right: &str) -> String {
    let (left, right): (Vec<&str>, Vec<&str>) = (left.lines().collect(), right.lines().collect());
    let width = left.iter().map(|line| line.width()).max().unwrap_or(0);
    let mut out = String::new();
    for at in 0..left.len().max(right.len()) {
        let (a, b) = (left.get(at).unwrap_or(&""), right.get(at).unwrap_or(&""));
        let line = format!("{a}{}{BETWEEN}{b}", " ".repeat(width - a.width()));
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// The columns that a screen shows.
fn on_screen(table: &Table) -> Vec<(usize, &Column)> {
    table.columns.iter().enumerate().filter(|(_, column)| column.on_screen).collect()
}

/// The head of a table as words.
fn head(table: &Table) -> Vec<String> {
    on_screen(table).iter().map(|(_, column)| column.title.clone()).collect()
}

/// The cells of a row as words.
fn words(row: &Row, columns: &[(usize, &Column)]) -> Vec<String> {
    let cells =
        columns.iter().map(|(at, _)| row.cells.get(*at).map(Cell::words).unwrap_or_default());
    let indent = |(rank, cell): (usize, String)| match rank {
        0 if row.depth > 0 => format!("{}{cell}", "  ".repeat(row.depth as usize)),
        _ => cell,
    };
    cells.enumerate().map(indent).collect()
}

fn widths(table: &Table) -> Vec<usize> {
    let columns = on_screen(table);
    let mut widths: Vec<usize> = head(table).iter().map(|title| wide(title)).collect();
    for row in &table.rows {
        for (width, cell) in widths.iter_mut().zip(words(row, &columns)) {
            *width = (*width).max(wide(&cell));
        }
    }
    widths
}

fn gaps(table: &Table) -> usize {
    2 * on_screen(table).len().saturating_sub(1)
}

/// The width at which nothing is broken.
fn natural(table: &Table) -> usize {
    widths(table).iter().sum::<usize>() + gaps(table)
}

/// The width below which numbers would be cut.
fn least(table: &Table) -> usize {
    let narrow = |(width, (_, column)): (usize, (usize, &Column))| match column.align {
        Align::Left => width.min(WORDS),
        Align::Right | Align::Whole => width,
    };
    widths(table).into_iter().zip(on_screen(table)).map(narrow).sum::<usize>() + gaps(table)
}

/// Draws a table within a width: words are broken over lines, numbers never.
fn draw(table: &Table, width: usize) -> String {
    if table.keyed {
        return keyed::draw(table, width);
    }
    let rows = &table.rows[..];
    let laid = Layout::of(table, rows, (width, 1));
    laid.head(table) + &laid.part(rows, 0..rows.len(), width)
}
