use std::io::Cursor;

use calamine::{Data, Ods, Range, Reader, Xlsx};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use thiserror::Error;

use super::{Grid, Value};
use crate::exchange::fec::decoded;

/// Why a file is no sheet.
#[derive(Debug, Error)]
pub enum GridError {
    /// Not a kind of file that is read.
    #[error("ce n’est ni un classeur XLSX ou ODS, ni un CSV")]
    Kind,
    /// A workbook under the name of a text.
    #[error("c’est un classeur sous un nom de texte : donnez-lui le sien, `.xlsx` ou `.ods`")]
    Named,
    /// A workbook that does not open, in the words of the library that reads it.
    #[error("le classeur est abîmé, ou n’en est pas un (« {0} »)")]
    Broken(String),
    /// A workbook without the sheet.
    #[error("le classeur n’a pas de feuille")]
    NoSheet,
    /// A text that has no columns.
    #[error("le texte ne se lit pas en colonnes ({0})")]
    Text(String),
}

/// The sheet of a file: that of a name if the workbook has it, else its first.
///
/// # Errors
/// The file is none of the three kinds, or does not open.
pub fn grid(name: &str, bytes: Vec<u8>, wanted: &str) -> Result<Grid, GridError> {
    let kind = name.rsplit_once('.').map_or("", |(_, kind)| kind).to_lowercase();
    // What a file is named may be wrong: a workbook is a ZIP, a text never begins like one.
    let zipped = bytes.starts_with(b"PK\x03\x04");
    match kind.as_str() {
        "csv" | "txt" | "tsv" if zipped => Err(GridError::Named),
        "xlsx" | "xlsm" => of_workbook(open::<Xlsx<_>>(bytes)?, wanted),
        "ods" => of_workbook(open::<Ods<_>>(bytes)?, wanted),
        "csv" | "txt" | "tsv" => of_text(bytes),
        _ => Err(GridError::Kind),
    }
}

fn open<R>(bytes: Vec<u8>) -> Result<R, GridError>
where
    R: Reader<Cursor<Vec<u8>>>,
    R::Error: std::fmt::Display,
{
    R::new(Cursor::new(bytes)).map_err(broken)
}

fn of_workbook<R>(mut book: R, wanted: &str) -> Result<Grid, GridError>
where
    R: Reader<Cursor<Vec<u8>>>,
    R::Error: std::fmt::Display,
{
    let names = book.sheet_names();
    let own = names.iter().find(|name| name.to_lowercase() == wanted.to_lowercase());
    let sheet = own.or_else(|| names.first()).cloned().ok_or(GridError::NoSheet)?;
    let range = book.worksheet_range(&sheet).map_err(broken)?;
    let mut rows = rows(&range);
    // A formula that no spreadsheet has computed yet is a cell without a value, not a blank one.
    let formulas = book.worksheet_formula(&sheet).map_err(broken)?;
    let (top, left) = formulas.start().unwrap_or_default();
    for (row, column, formula) in formulas.used_cells().filter(|(.., formula)| !formula.is_empty())
    {
        let (row, column) = (top as usize + row, left as usize + column);
        let at = (u32::try_from(row).unwrap_or(0), u32::try_from(column).unwrap_or(0));
        if !matches!(range.get_value(at), None | Some(Data::Empty)) {
            continue;
        }
        if rows.len() <= row {
            rows.resize(row + 1, Vec::new());
        }
        let cells = &mut rows[row];
        if cells.len() <= column {
            cells.resize(column + 1, Value::Blank);
        }
        cells[column] = Value::Fault(formula.clone());
    }
    Ok(Grid { sheet, rows })
}

fn broken(error: impl std::fmt::Display) -> GridError {
    GridError::Broken(error.to_string())
}

/// Every row from the first of the sheet, so that numbers are the user's.
fn rows(range: &Range<Data>) -> Vec<Vec<Value>> {
    let Some((top, left)) = range.start() else { return Vec::new() };
    let (top, left) = (top as usize, left as usize);
    let mut rows = vec![Vec::new(); top];
    for row in range.rows() {
        let mut made = vec![Value::Blank; left];
        made.extend(row.iter().map(value));
        while made.last().is_some_and(Value::is_blank) {
            made.pop();
        }
        rows.push(made);
    }
    rows
}

fn value(cell: &Data) -> Value {
    match cell {
        Data::Empty => Value::Blank,
        Data::String(text) | Data::DurationIso(text) => Value::of_text(text),
        // The shortest digits that the file's number has: what a spreadsheet shows of it.
        Data::Float(number) => decimal(&number.to_string()),
        Data::Int(number) => Value::Number(Decimal::from(*number)),
        Data::Bool(truth) => Value::Text(if *truth { "VRAI" } else { "FAUX" }.to_owned()),
        Data::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            let day = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into());
            day.map_or(Value::Fault("date".to_owned()), Value::Day)
        }
        Data::DateTimeIso(text) => {
            let day = text.split('T').next().and_then(|day| day.parse().ok());
            day.map_or_else(|| Value::of_text(text), Value::Day)
        }
        Data::Error(error) => Value::Fault(error.to_string()),
    }
}

fn decimal(text: &str) -> Value {
    Decimal::from_str_exact(text).map_or_else(|_| Value::Text(text.to_owned()), Value::Number)
}

/// A CSV, its separator the one that its first lines have most.
fn of_text(bytes: Vec<u8>) -> Result<Grid, GridError> {
    let (text, _) = decoded(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let head: String = text.lines().take(20).collect();
    let count = |mark: char| head.matches(mark).count();
    let separator = [';', '\t', ','].into_iter().max_by_key(|mark| (count(*mark), *mark == ';'));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(u8::try_from(separator.unwrap_or(';')).unwrap_or(b';'))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows: Vec<Vec<Value>> = Vec::new();
    // Lines that end inside a cell are no rows.
    let mut inside = 0;
    for record in reader.records() {
        let record = record.map_err(|error| GridError::Text(error.to_string()))?;
        // The reader leaves blank lines out; a spreadsheet counts them.
        let line = record.position().map_or(0, csv::Position::line);
        while (rows.len() as u64) + 1 + inside < line {
            rows.push(Vec::new());
        }
        inside += record.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>();
        rows.push(record.iter().map(Value::of_text).collect());
    }
    Ok(Grid { sheet: String::new(), rows })
}
