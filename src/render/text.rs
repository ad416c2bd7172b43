use tabled::builder::Builder;
use tabled::settings::object::{Columns, Rows};
use tabled::settings::style::HorizontalLine;
use tabled::settings::{Alignment, Padding, Style};
use unicode_width::UnicodeWidthStr;

use super::document::{Align, Cell, Document, Row, Table};
use super::french::amount;

/// The narrowest a column of words gets before its table is simply wider than the screen.
const WORDS: usize = 18;
/// What stands between two facing tables.
const BETWEEN: &str = "  │  ";

pub(super) fn text(document: &Document, width: usize) -> String {
    let mut out = String::new();
    if !document.title.is_empty() {
        out.push_str(&document.title);
        out.push('\n');
    }
    for line in &document.subtitle {
        out.push_str(line);
        out.push('\n');
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
    for (rank, table) in tables.iter().enumerate() {
        if rank > 0 {
            out.push('\n');
        }
        out.push_str(&draw(table, width));
    }
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

/// The cells of a table as words, head included.
fn words(table: &Table) -> Vec<Vec<String>> {
    let head = table.columns.iter().map(|column| column.title.clone()).collect();
    let row = |row: &Row| {
        (0..table.columns.len())
            .map(|at| {
                let cell = row.cells.get(at).map(shown).unwrap_or_default();
                if at == 0 { format!("{}{cell}", "  ".repeat(row.depth as usize)) } else { cell }
            })
            .collect()
    };
    std::iter::once(head).chain(table.rows.iter().map(row)).collect()
}

fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => visible(text),
        Cell::Amount { exact, .. } if exact.is_zero() => "–".to_owned(),
        Cell::Amount { shown, decimals, brackets, .. } => {
            let text = amount(*shown, *decimals);
            if *brackets { format!("[{text}]") } else { text }
        }
        Cell::Share(share) => format!("{} %", amount(*share, 1)),
        Cell::Date(day) => day.to_string(),
    }
}

/// Control and invisible characters are shown as what they are, so that no text deceives a terminal.
fn visible(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    if !text.contains(hidden) {
        return text.to_owned();
    }
    text.chars()
        .map(|c| if hidden(c) { format!("<U+{:04X}>", u32::from(c)) } else { c.to_string() })
        .collect()
}

fn widths(table: &Table) -> Vec<usize> {
    let words = words(table);
    (0..table.columns.len())
        .map(|at| words.iter().map(|row| row[at].width()).max().unwrap_or(0))
        .collect()
}

fn gaps(table: &Table) -> usize {
    2 * table.columns.len().saturating_sub(1)
}

/// The width at which nothing is broken.
fn natural(table: &Table) -> usize {
    widths(table).iter().sum::<usize>() + gaps(table)
}

/// The width below which numbers would be cut.
fn least(table: &Table) -> usize {
    let narrow = |(width, column): (usize, &super::document::Column)| match column.align {
        Align::Left => width.min(WORDS),
        Align::Right => width,
    };
    widths(table).into_iter().zip(&table.columns).map(narrow).sum::<usize>() + gaps(table)
}

/// Draws a table within a width: words are broken over lines, numbers never.
fn draw(table: &Table, width: usize) -> String {
    let limits = limits(table, width);
    let mut builder = Builder::default();
    for row in words(table) {
        let cells = row.iter().zip(&limits).map(|(cell, limit)| broken(cell, *limit));
        builder.push_record(cells);
    }
    let mut style = Vec::new();
    let rule = HorizontalLine::full('─', '─', '─', '─');
    style.push((1, rule));
    for (at, row) in table.rows.iter().enumerate() {
        if row.role == "total" {
            style.push((at + 1, rule));
        }
    }
    let mut drawn = builder.build();
    let mut theme = tabled::settings::Theme::from_style(Style::empty());
    for (at, line) in style {
        theme.insert_horizontal_line(at, line);
    }
    drawn.with(theme).with(Padding::new(0, 2, 0, 0));
    if let Some(last) = table.columns.len().checked_sub(1) {
        drawn.modify(Columns::one(last), Padding::new(0, 0, 0, 0));
    }
    for (at, column) in table.columns.iter().enumerate() {
        if column.align == Align::Right {
            drawn.modify(Columns::one(at), Alignment::right());
            drawn.modify(Columns::one(at), Alignment::bottom());
        }
    }
    drawn.modify(Rows::first(), Alignment::bottom());
    let mut out = String::new();
    if !table.title.is_empty() {
        out.push_str(&table.title);
        out.push('\n');
    }
    for line in drawn.to_string().lines() {
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// How wide each column may be: the widest columns of words give first.
fn limits(table: &Table, width: usize) -> Vec<usize> {
    let mut limits = widths(table);
    let mut over = (limits.iter().sum::<usize>() + gaps(table)).saturating_sub(width);
    while over > 0 {
        let widest = limits
            .iter()
            .enumerate()
            .filter(|(at, width)| table.columns[*at].align == Align::Left && **width > WORDS)
            .max_by_key(|(at, width)| (**width, std::cmp::Reverse(*at)))
            .map(|(at, _)| at);
        let Some(at) = widest else { break };
        limits[at] -= 1;
        over -= 1;
    }
    limits
}

/// A text broken at spaces so that no line is wider than the limit; its indent is kept.
fn broken(text: &str, limit: usize) -> String {
    if text.width() <= limit {
        return text.to_owned();
    }
    let indent: String = text.chars().take_while(|c| *c == ' ').collect();
    let mut lines = vec![indent.clone()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let last = lines.len() - 1;
        let line = &mut lines[last];
        let empty = line.trim().is_empty();
        if !empty && line.width() + 1 + word.width() > limit {
            lines.push(format!("{indent}{word}"));
        } else {
            if !empty {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join("\n")
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
