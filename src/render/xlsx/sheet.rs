use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Url, Worksheet, XlsxError};

use super::look::Look;
use super::sums::{Made, made};
use super::{Book, LONGEST};
use crate::measure::plain;
use crate::render::document::{Align, Cell, Column, Document, Row, Table};

/// The columns of this year and of the one before, where a gap is told.
const PAIRS: [(&str, &str); 2] = [("n", "n1"), ("net", "net_n1")];

/// Writes a table in a sheet of its own.
pub(super) fn write(
    sheet: &mut Worksheet,
    (document, table): (&Document, &Table),
    name: &str,
    look: &Look,
) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    let title = if table.title.is_empty() { &document.title } else { &table.title };
    sheet.write_string_with_format(0, 0, title, &look.title)?;
    let mut row = 1;
    for line in &document.subtitle {
        sheet.write_string_with_format(row, 0, line, &look.subtitle)?;
        row += 1;
    }
    let head = row + 1;
    let pair = pair(table);
    heads(sheet, table, head, pair, look)?;
    let formulas = made(table);
    let mut at = head + 1;
    for (rank, one) in table.rows.iter().enumerate() {
        line(sheet, (table, rank), at, &formulas[rank], (head, look))?;
        if let Some(pair) = pair {
            gap(sheet, table, (one, at), pair, look)?;
        }
        at += 1;
    }
    let width = columns(table) + if pair.is_some() { 2 } else { 0 };
    if !document.remarks.is_empty() {
        at += 1;
        for remark in &document.remarks {
            let code = remark.code.map_or(String::new(), |code| format!(" [{code}]"));
            let words = format!("{} : {}{code}", remark.severity, remark.text);
            sheet.merge_range(at, 0, at, width.clamp(2, 8) - 1, &words, &look.note)?;
            let lines = words.chars().count() / 90 + 1;
            sheet.set_row_height(at, u16::try_from(lines * 14).unwrap_or(u16::MAX).min(400))?;
            at += 1;
        }
    }
    if !table.keyed && !table.rows.is_empty() {
        let last = head + u32::try_from(table.rows.len()).unwrap_or(0);
        sheet.autofilter(head, 0, last, columns(table) - 1)?;
    }
    let letters = table.columns.iter().enumerate().map(|(at, one)| self::width(table, one, at));
    let letters: u32 = letters.map(u32::from).sum::<u32>() + if pair.is_some() { 24 } else { 0 };
    page(sheet, head, (width, letters, at))
}

fn columns(table: &Table) -> u16 {
    u16::try_from(table.columns.len()).unwrap_or(u16::MAX)
}

fn place(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX)
}

/// This year and the one before, by their ranks.
fn pair(table: &Table) -> Option<(usize, usize)> {
    let rank = |key: &str| table.columns.iter().position(|column| column.key == key);
    PAIRS.iter().find_map(|(now, before)| Some((rank(now)?, rank(before)?)))
}

fn heads(
    sheet: &mut Worksheet,
    table: &Table,
    row: u32,
    pair: Option<(usize, usize)>,
    look: &Look,
) -> Result<(), XlsxError> {
    for (at, column) in table.columns.iter().enumerate() {
        let format = if column.align == Align::Right { &look.head_right } else { &look.head };
        sheet.write_string_with_format(row, place(at), &column.title, format)?;
        sheet.set_column_width(place(at), width(table, column, at))?;
    }
    if pair.is_some() {
        for (rank, title) in ["Écart €", "Écart %"].into_iter().enumerate() {
            let at = columns(table) + place(rank);
            sheet.write_string_with_format(row, at, title, &look.head_right)?;
            sheet.set_column_width(at, 12)?;
        }
    }
    Ok(())
}

/// The width of a column, in letters: that of its longest text, within bounds.
fn width(table: &Table, column: &Column, at: usize) -> u16 {
    let length = |row: &Row| match row.cells.get(at) {
        Some(Cell::Text(text)) => text.chars().count() + 2 * row.depth as usize,
        Some(Cell::Amount { exact, .. } | Cell::Count(exact) | Cell::Share(exact)) => {
            plain(*exact, 2).len() * 5 / 4
        }
        Some(Cell::Date(_)) => 10,
        _ => 0,
    };
    let longest = table.rows.iter().map(length).max().unwrap_or(0);
    let longest = longest.max(column.title.chars().count().min(16)) + 2;
    u16::try_from(longest.clamp(9, 60)).unwrap_or(60)
}

fn line(
    sheet: &mut Worksheet,
    (table, rank): (&Table, usize),
    at: u32,
    formulas: &[Option<Made>],
    (head, look): (u32, &Look),
) -> Result<(), XlsxError> {
    let row = &table.rows[rank];
    let base = look.of_row(row.role, row.depth);
    for (column, cell) in row.cells.iter().enumerate() {
        let format = Look::figure(&base, cell);
        // Words that follow a figure stand off from it.
        let words = if column == 0 { base.clone() } else { base.clone().set_indent(1) };
        let here = place(column);
        match (cell, &formulas[column]) {
            (Cell::Empty, _) => {
                sheet.write_blank(at, here, &words)?;
            }
            (Cell::Text(text), _) => {
                sheet.write_string_with_format(at, here, letters(text), &words)?;
            }
            (Cell::Date(day), _) => {
                sheet.write_datetime_with_format(at, here, date(*day)?, &format)?;
            }
            (Cell::Share(percent), _) => {
                sheet.write_with_format(at, here, percent / Decimal::ONE_HUNDRED, &format)?;
            }
            (Cell::Amount { exact, .. } | Cell::Count(exact), formula) => {
                number(sheet, (at, here), (*exact, formula.as_ref()), head, &format)?;
            }
        }
    }
    Ok(())
}

/// So many letters a cell holds.
const LETTERS: usize = 32_767;

fn letters(text: &str) -> String {
    text.chars().take(LETTERS).collect()
}

fn date(day: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::from_ymd(
        u16::try_from(day.year()).unwrap_or(1900),
        u8::try_from(day.month()).unwrap_or(1),
        u8::try_from(day.day()).unwrap_or(1),
    )
}

fn number(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    (exact, formula): (Decimal, Option<&Made>),
    head: u32,
    format: &Format,
) -> Result<(), XlsxError> {
    let Some(formula) = formula else {
        // A workbook holds binary numbers: the nearest one shows the same cents.
        sheet.write_with_format(row, column, exact, format)?;
        return Ok(());
    };
    let text = match formula {
        Made::Sum(parts) => {
            let first = |rank: usize| head + 1 + u32::try_from(rank).unwrap_or(0);
            let ranges: Vec<String> = parts
                .iter()
                .map(|part| {
                    let (from, to) = (first(*part.start()), first(*part.end()));
                    let name = reference(from, column);
                    if from == to { name } else { format!("{name}:{}", reference(to, column)) }
                })
                .collect();
            format!("=SUM({})", ranges.join(","))
        }
        Made::Across(plus, minus) => {
            let names = |columns: &[usize]| -> Vec<String> {
                columns.iter().map(|at| reference(row, place(*at))).collect()
            };
            let less: Vec<String> = names(minus).iter().map(|name| format!("-{name}")).collect();
            format!("={}{}", names(plus).join("+"), less.concat())
        }
    };
    let result = plain(exact.normalize(), 0);
    sheet.write_formula_with_format(row, column, Formula::new(text).set_result(result), format)?;
    Ok(())
}

/// `C5` for the fifth row of the third column.
fn reference(row: u32, column: u16) -> String {
    let mut name = Vec::new();
    let mut rest = column;
    loop {
        name.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        if rest < 26 {
            break;
        }
        rest = rest / 26 - 1;
    }
    name.reverse();
    name.into_iter().collect::<String>() + &(row + 1).to_string()
}

/// The gap with the year before, in euros and in percent.
fn gap(
    sheet: &mut Worksheet,
    table: &Table,
    (row, at): (&Row, u32),
    (now, before): (usize, usize),
    look: &Look,
) -> Result<(), XlsxError> {
    let exact = |at: usize| match row.cells.get(at) {
        Some(Cell::Amount { exact, decimals, .. }) => Some((*exact, *decimals)),
        _ => None,
    };
    let (Some((this, decimals)), Some((last, _))) = (exact(now), exact(before)) else {
        return Ok(());
    };
    let base = look.of_row(row.role, row.depth);
    let amount = Cell::Amount { exact: this, shown: this, decimals, brackets: false };
    let (euros, percent) = (columns(table), columns(table) + 1);
    let (now, before) = (reference(at, place(now)), reference(at, place(before)));
    let result = plain((this - last).normalize(), 0);
    sheet.write_formula_with_format(
        at,
        euros,
        Formula::new(format!("={now}-{before}")).set_result(result),
        &Look::figure(&base, &amount),
    )?;
    // Of nothing there is no share.
    if !last.is_zero() {
        let share = (this - last) / last.abs();
        let result = plain(share.normalize(), 0);
        sheet.write_formula_with_format(
            at,
            percent,
            Formula::new(format!("=({now}-{before})/ABS({before})")).set_result(result),
            &Look::figure(&base, &Cell::Share(share)),
        )?;
    }
    Ok(())
}

/// So many rows still read on one page.
const ON_ONE_PAGE: u32 = 60;

/// So many letters beside each other still read on one page.
const LETTERS_READ: u32 = 180;

/// A4 landscape, as wide as the paper, its heads on each page and frozen on screen.
fn page(
    sheet: &mut Worksheet,
    head: u32,
    (width, letters, rows): (u16, u32, u32),
) -> Result<(), XlsxError> {
    sheet.set_freeze_panes(head + 1, 1)?;
    sheet.set_paper_size(9).set_landscape();
    // What nearly holds on one page stands on one; many columns go over several, to be read.
    let across = u16::try_from(letters.div_ceil(LETTERS_READ)).unwrap_or(1).max(1);
    sheet.set_print_fit_to_pages(across, u16::from(rows <= ON_ONE_PAGE && across == 1));
    sheet.set_repeat_rows(head, head)?;
    if width > 12 || across > 1 {
        sheet.set_repeat_columns(0, 0)?;
    }
    sheet.set_footer("&L&A&Rpage &P / &N");
    Ok(())
}

/// The first sheet: what the workbook is, and a link to each sheet.
pub(super) fn summary(
    sheet: &mut Worksheet,
    book: &Book<'_>,
    placed: &[(String, String)],
    look: &Look,
) -> Result<(), XlsxError> {
    sheet.write_string_with_format(0, 0, book.title, &look.title)?;
    let mut row = 2;
    for (name, value) in book.facts {
        sheet.write_string_with_format(row, 0, name, &look.subtitle)?;
        sheet.write_string_with_format(row, 1, letters(value), &look.text)?;
        row += 1;
    }
    row += 1;
    sheet.write_string_with_format(row, 0, "Feuille", &look.head)?;
    sheet.write_string_with_format(row, 1, "Tableau", &look.head)?;
    for (name, title) in placed {
        row += 1;
        debug_assert!(name.chars().count() <= LONGEST);
        let link = Url::new(format!("internal:'{name}'!A1")).set_text(name);
        sheet.write_url_with_format(row, 0, link, &look.link)?;
        sheet.write_string_with_format(row, 1, letters(title), &look.text)?;
    }
    sheet.set_column_width(0, 30)?;
    sheet.set_column_width(1, 80)?;
    sheet.set_paper_size(9).set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    Ok(())
}
