use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, Formula,
    Workbook, Worksheet, XlsxError,
};

use super::look::Look;
use crate::measure::plain;
use crate::render::document::Cell;

/// A workbook to be filled and imported.
#[derive(Debug)]
pub struct Model<'a> {
    /// Its title.
    pub title: &'a str,
    /// Whose it is.
    pub entity: &'a str,
    /// The day that it bears.
    pub day: NaiveDate,
    /// The name of the sheet to be filled.
    pub sheet: &'a str,
    /// What to do, a sentence a line, above the heads.
    pub notes: &'a [String],
    /// Sums of the figures of a column by the beginning of the cells of another, above the heads.
    pub sums: &'a [ModelSum<'a>],
    /// The columns.
    pub columns: &'a [ModelColumn<'a>],
    /// What is filled already, one cell a column.
    pub rows: &'a [Vec<Cell>],
    /// What columns may be filled with, a sheet each.
    pub lists: &'a [ModelList],
}

/// A column to be filled.
#[derive(Debug)]
pub struct ModelColumn<'a> {
    /// Its head.
    pub title: &'a str,
    /// Its width, in letters.
    pub width: u16,
    /// What to type, shown beside the cell.
    pub help: &'a str,
    /// The name of the list it is chosen from.
    pub list: Option<&'a str>,
    /// Whether it only informs: what is typed there is not imported.
    pub informs: bool,
}

impl<'a> ModelColumn<'a> {
    /// A column to be filled freely, so many letters wide.
    pub fn free(title: &'a str, width: u16, help: &'a str) -> Self {
        Self { title, width, help, list: None, informs: false }
    }

    /// The same, chosen from the list of that name.
    #[must_use]
    pub fn chosen(self, list: &'a str) -> Self {
        Self { list: Some(list), ..self }
    }

    /// The same, which tells and is not read back.
    #[must_use]
    pub fn informing(self) -> Self {
        Self { informs: true, ..self }
    }
}

/// A sum above the heads.
#[derive(Debug)]
pub struct ModelSum<'a> {
    /// Its label.
    pub label: &'a str,
    /// The parts: a sign, and what the cells of the first column begin with.
    pub parts: &'a [(bool, &'a str)],
    /// The column that is summed, by its rank.
    pub column: u16,
    /// The column that tells, by its rank.
    pub by: u16,
    /// The column of the periods, by its rank.
    pub often: u16,
    /// How many times in the year an amount comes, by how its period begins; else once.
    pub times: &'a [(String, usize)],
    /// What it is now.
    pub now: Decimal,
}

/// What a column may be filled with.
#[derive(Debug)]
pub struct ModelList {
    /// The name of its sheet.
    pub name: String,
    /// The heads of its columns; the first is what is chosen.
    pub heads: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
}

/// How many rows take a list of choices: what a person fills by hand.
const FILLED: u32 = 2_000;

/// The bytes of a workbook to be filled.
///
/// # Errors
/// A sheet holds no more rows than a spreadsheet takes.
pub fn model(model: &Model<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut out = Workbook::new();
    let (year, month, day) = (model.day.year(), model.day.month(), model.day.day());
    let made = ExcelDateTime::from_ymd(
        u16::try_from(year).unwrap_or(1900),
        u8::try_from(month).unwrap_or(1),
        u8::try_from(day).unwrap_or(1),
    )?;
    let properties = DocProperties::new().set_title(model.title).set_author(model.entity);
    out.set_properties(&properties.set_creation_datetime(&made));
    let look = Look::new();
    main(out.add_worksheet(), model, &look)?;
    for list in model.lists {
        let sheet = out.add_worksheet();
        sheet.set_name(&list.name)?;
        for (column, head) in (0_u16..).zip(&list.heads) {
            sheet.write_string_with_format(0, column, head, &look.head)?;
            sheet.set_column_width(column, 42)?;
        }
        for (row, cells) in (1_u32..).zip(&list.rows) {
            for (column, cell) in (0_u16..).zip(cells) {
                sheet.write_string_with_format(row, column, cell, &look.text)?;
            }
        }
        sheet.set_freeze_panes(1, 0)?;
    }
    out.save_to_buffer()
}

fn main(sheet: &mut Worksheet, model: &Model<'_>, look: &Look) -> Result<(), XlsxError> {
    sheet.set_name(model.sheet)?;
    sheet.write_string_with_format(0, 0, model.title, &look.title)?;
    let mut row = 1;
    for note in model.notes {
        sheet.write_string_with_format(row, 0, note, &look.subtitle)?;
        row += 1;
    }
    let head = row + u32::try_from(model.sums.len()).unwrap_or(0) + 1;
    let filled = u32::try_from(model.rows.len()).unwrap_or(0);
    let last = head + filled.max(1) + FILLED;
    for sum in model.sums {
        sheet.write_string_with_format(row, 0, sum.label, &look.of_row("subtotal", 0))?;
        let format = Look::figure(&look.of_row("subtotal", 0), &Cell::cents(sum.now));
        let formula = Formula::new(summed(sum, head + 1, last)).set_result(plain(sum.now, 0));
        sheet.write_formula_with_format(row, sum.column, formula, &format)?;
        row += 1;
    }
    for (at, column) in (0_u16..).zip(model.columns) {
        let informs = look.head.clone().set_italic();
        let format = if column.informs { &informs } else { &look.head };
        sheet.write_string_with_format(head, at, column.title, format)?;
        sheet.set_column_width(at, column.width)?;
        // An account typed with digits alone stays a text, as the sums above read it.
        sheet.set_column_format(at, &typed(column, look))?;
        if let Some(rule) = rule(column, model.lists)? {
            sheet.add_data_validation(head + 1, at, last, at, &rule)?;
        }
    }
    for (row, cells) in (head + 1..).zip(model.rows) {
        for (at, cell) in (0_u16..).zip(cells) {
            write(sheet, (row, at), cell, look)?;
        }
    }
    sheet.set_freeze_panes(head + 1, 0)?;
    sheet.set_paper_size(9).set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(head, head)?;
    Ok(())
}

/// How the cells of a column show what is typed there.
fn typed(column: &ModelColumn<'_>, look: &Look) -> Format {
    let base = look.text.clone();
    match column.title {
        "date" => base.set_num_format("dd/mm/yyyy"),
        "débit" | "crédit" | "budget" | "quantité" => {
            base.set_num_format("#,##0.00;[Red]-#,##0.00")
        }
        _ if column.informs => base,
        _ => base.set_num_format("@"),
    }
}

fn write(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    cell: &Cell,
    look: &Look,
) -> Result<(), XlsxError> {
    let format = Look::figure(&look.text, cell);
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => {
            let text_format = look.text.clone().set_num_format("@");
            sheet.write_string_with_format(row, at, text, &text_format)?;
        }
        Cell::Amount { exact, .. } | Cell::Count(exact) | Cell::Share(exact) => {
            sheet.write_with_format(row, at, *exact, &format)?;
        }
        Cell::Date(day) => {
            let text = day.format("%d/%m/%Y").to_string();
            sheet.write_string_with_format(row, at, text, &look.text)?;
        }
    }
    Ok(())
}

/// A choice that may be left for another value: an import says what is wrong, a spreadsheet only warns.
fn rule(
    column: &ModelColumn<'_>,
    lists: &[ModelList],
) -> Result<Option<DataValidation>, XlsxError> {
    let list = column.list.and_then(|name| lists.iter().find(|list| list.name == name));
    let rule = match list {
        Some(list) if !list.rows.is_empty() => {
            let from = format!("='{}'!$A$2:$A${}", list.name, list.rows.len() + 1);
            DataValidation::new().allow_list_formula(Formula::new(from))
        }
        _ if column.help.is_empty() => return Ok(None),
        _ => DataValidation::new().allow_any_value(),
    };
    let rule = rule
        .set_error_style(DataValidationErrorStyle::Information)
        .set_input_title(column.title)?
        .set_input_message(column.help)?;
    Ok(Some(rule))
}

/// The formula of a sum: `=SUMIFS(C9:C2009,A9:A2009,"7*",H9:H2009,"<>monthly in 2025*",…)+12*SUMIFS(…)-…`.
fn summed(sum: &ModelSum<'_>, first: u32, last: u32) -> String {
    let range = |column: u16| {
        let letter = char::from(b'A' + u8::try_from(column.min(25)).unwrap_or(0));
        format!("${letter}${}:${letter}${}", first + 1, last + 1)
    };
    let mut text = String::from("=");
    for (rank, (added, begins)) in sum.parts.iter().enumerate() {
        if rank > 0 || !added {
            text.push(if *added { '+' } else { '-' });
        }
        let amounts = format!("{},{},\"{begins}*\"", range(sum.column), range(sum.by));
        let often = range(sum.often);
        let once = sum.times.iter().map(|(word, _)| format!(",{often},\"<>{word}*\""));
        let once: String = once.collect();
        let several = sum
            .times
            .iter()
            .map(|(word, times)| format!("+{times}*SUMIFS({amounts},{often},\"{word}*\")"));
        let several: String = several.collect();
        text.push_str(&format!("(SUMIFS({amounts}{once}){several})"));
    }
    text
}
