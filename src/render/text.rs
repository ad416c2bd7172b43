use std::borrow::Cow;

use tabled::builder::Builder;
use tabled::settings::object::{Columns, Rows};
use tabled::settings::style::HorizontalLine;
use tabled::settings::{Alignment, Padding, Style, Theme};
use unicode_width::UnicodeWidthStr;

use super::document::{Align, Cell, Column, Document, Row, Table, visible};

/// The narrowest a column of words gets before its table is simply wider than the screen.
const WORDS: usize = 18;
/// A table of fewer columns is never cut: it is read as one.
const BANDED: usize = 10;
/// What stands between two facing tables.
const BETWEEN: &str = "  │  ";

pub(super) fn text(document: &Document, width: usize) -> String {
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

/// How many columns of a screen a text takes.
fn wide(text: &str) -> usize {
    // Letters of Latin alphabets, and the signs of French figures: one column each.
    let one = |c: char| matches!(c, ' '..='~' | '\u{c0}'..='\u{2ff}' | '\u{202f}' | '€' | '−' | '–' | '’');
    if text.is_ascii() {
        text.len()
    } else if text.chars().all(one) {
        text.chars().count()
    } else {
        text.width()
    }
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

/// So many rows are laid out together: a long list never stands whole in several copies.
const TOGETHER: usize = 4_000;

/// Draws a table within a width: words are broken over lines, numbers never.
fn draw(table: &Table, width: usize) -> String {
    let columns = on_screen(table);
    let (limits, cut) = limits(table, width);
    let fit = |cells: Vec<String>| -> Vec<String> {
        cells.into_iter().zip(&limits).map(|(cell, limit)| broken(cell, *limit)).collect()
    };
    let cells = |row: &Row| {
        let mut cells = fit(words(row, &columns));
        if table.keyed {
            level(&columns, &mut cells);
        }
        cells
    };
    let head = fit(head(table));
    // Every part is as wide as the whole: a first line that nobody sees holds each column open.
    let mut open: Vec<usize> = head.iter().map(|cell| widest(cell)).collect();
    if cut || table.keyed {
        for row in &table.rows {
            for (width, cell) in open.iter_mut().zip(cells(row)) {
                *width = (*width).max(widest(&cell));
            }
        }
    } else {
        open.clone_from(&limits);
    }
    let mut out = String::new();
    if !table.title.is_empty() {
        out.push_str(&table.title);
        out.push('\n');
    }
    let parts: Vec<&[Row]> = table.rows.chunks(TOGETHER).collect();
    for (rank, part) in if parts.is_empty() { vec![&[][..]] } else { parts }.iter().enumerate() {
        let mut records = vec![open.iter().map(|width| "x".repeat(*width)).collect()];
        records.extend((rank == 0).then(|| head.clone()));
        records.extend(part.iter().map(&cells));
        lay(&mut out, &columns, (part, rank * TOGETHER), records, width);
    }
    out
}

/// Lays out some rows, the first of that rank, below a line that holds their columns open.
fn lay(
    out: &mut String,
    columns: &[(usize, &Column)],
    (part, first): (&[Row], usize),
    records: Vec<Vec<String>>,
    width: usize,
) {
    let headed = records.len() > part.len() + 1;
    let above = records.len() - part.len();
    let tall = |record: &Vec<String>| {
        record.iter().map(|cell| cell.lines().count()).max().unwrap_or(1).max(1)
    };
    let heights: Vec<usize> = records.iter().map(tall).collect();
    let is_total = |at: usize| part[at].role == "total" && first + at > 0;
    let totals = (0..part.len()).filter(|at| is_total(*at)).map(|at| at + above);
    let rules: Vec<usize> = totals.chain(headed.then_some(2)).collect();
    let drawn = drawn(columns, records, (&rules, headed));
    let mut lines = drawn.lines();
    lines.by_ref().take(heights[0]).for_each(drop);
    let mut put = |out: &mut String, count: usize| {
        for line in lines.by_ref().take(count) {
            out.push_str(line.trim_end());
            out.push('\n');
        }
    };
    if headed {
        put(out, heights[1] + 1);
    }
    for (at, row) in part.iter().enumerate() {
        if let Some(above) = &row.above {
            let gap = if first + at == 0 { "" } else { "\n" };
            out.push_str(&format!("{gap}{}", wrapped(&visible(above), width, "  ")));
        }
        // The first row of all stands below the rule of the head already.
        put(out, heights[at + above] + usize::from(is_total(at)));
    }
}

/// The widest line of a cell.
fn widest(cell: &str) -> usize {
    cell.lines().map(wide).max().unwrap_or(0)
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

/// A rule before each of those lines, numbers to the right, nothing else.
fn drawn(
    columns: &[(usize, &Column)],
    records: Vec<Vec<String>>,
    (rules, headed): (&[usize], bool),
) -> String {
    let rule = HorizontalLine::new('─');
    let mut theme = Theme::from_style(Style::empty());
    for at in rules {
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
    if headed {
        drawn.modify(Rows::one(1), Alignment::bottom());
    }
    drawn.to_string()
}

/// How wide each column may be: the widest columns of words give first.
///
/// And whether any gives.
fn limits(table: &Table, width: usize) -> (Vec<usize>, bool) {
    let columns = on_screen(table);
    let mut limits = widths(table);
    let mut over = (limits.iter().sum::<usize>() + gaps(table)).saturating_sub(width);
    let cut = over > 0;
    while over > 0 {
        let widest = limits
            .iter()
            .enumerate()
            .filter(|(rank, width)| columns[*rank].1.align == Align::Left && **width > WORDS)
            .max_by_key(|(rank, width)| (**width, std::cmp::Reverse(*rank)))
            .map(|(rank, _)| rank);
        let Some(rank) = widest else { break };
        limits[rank] -= 1;
        over -= 1;
    }
    (limits, cut)
}

/// A text broken at spaces so that no line is wider than the limit; its indent is kept.
fn broken(text: impl AsRef<str> + Into<String>, limit: usize) -> String {
    if wide(text.as_ref()) <= limit {
        return text.into();
    }
    let text = text.as_ref();
    let indent: String = text.chars().take_while(|c| *c == ' ').collect();
    let mut lines = vec![indent.clone()];
    let room = limit.saturating_sub(indent.width()).max(1);
    for word in held(text).iter().flat_map(|word| pieces(word, room)) {
        let last = lines.len() - 1;
        let line = &mut lines[last];
        let empty = line.trim().is_empty();
        if !empty && line.width() + 1 + word.width() > limit {
            lines.push(format!("{indent}{word}"));
        } else {
            if !empty {
                line.push(' ');
            }
            line.push_str(&word);
        }
    }
    lines.join("\n")
}

/// The words of a text; French signs stay with the word they follow, or that they open.
fn held(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let follows = matches!(word, ";" | ":" | "!" | "?" | "%" | "»" | "€");
        match words.last_mut() {
            Some(before) if follows || before.ends_with('«') => {
                before.push(' ');
                before.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// A word that is wider than a line, cut after a hyphen or a slash where it can be; other words whole.
fn pieces(word: &str, room: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut left = word;
    while left.width() > room {
        let end = left.char_indices().nth(room.max(1)).map_or(left.len(), |(at, _)| at);
        let soft = left[..end].rfind(['-', '/', '_']).filter(|at| *at > 0).map(|at| at + 1);
        let (piece, rest) = left.split_at(soft.unwrap_or(end));
        pieces.push(piece.to_owned());
        left = rest;
    }
    pieces.push(left.to_owned());
    pieces
}

fn wrapped(text: &str, width: usize, indent: &str) -> String {
    let lines = broken(text, width - indent.len());
    let mut out = String::new();
    for (rank, line) in lines.lines().enumerate() {
        if rank > 0 {
            out.push_str(indent);
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}
