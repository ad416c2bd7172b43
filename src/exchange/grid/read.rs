use std::io::Cursor;

use calamine::{Data, Ods, Reader, Xlsx, XlsxFormulaMetadata};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use thiserror::Error;

use super::filling::Filling;
use super::{CellAt, Grid, Value, ods, packed};
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
    /// A workbook that unzips to more than memory should hold.
    #[error("décompressé, il prendrait plus de 256 Mio")]
    Swollen,
    /// A value where no sheet of anyone's reaches.
    #[error(
        "la case {0} tient une valeur, bien au-delà d’un tableau (200 000 lignes et 512 colonnes au plus)"
    )]
    Far(CellAt),
    /// More than is read.
    #[error(
        "arrivé à la case {0}, le tableau est trop grand (4 millions de cases, 64 Mio de texte au plus)"
    )]
    Large(CellAt),
    /// A workbook without the sheet.
    #[error("le classeur n’a pas de feuille")]
    NoSheet,
    /// A text that has no columns.
    #[error("le texte ne se lit pas en colonnes ({0})")]
    Text(String),
}

impl GridError {
    /// What to do next.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Far(_) => {
                "effacez-la, ou copiez les lignes remplies dans un tableau neuf, puis relancez"
            }
            Self::Swollen | Self::Large(_) => {
                "copiez les lignes remplies dans un tableau neuf, en plusieurs s’il le faut, puis relancez"
            }
            _ => "enregistrez-le en XLSX, en ODS ou en CSV, puis relancez",
        }
    }
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
        "xlsx" | "xlsm" => {
            packed::bounded(&bytes)?;
            of_xlsx(open(bytes)?, wanted)
        }
        "ods" => {
            packed::bounded(&bytes)?;
            ods::bounded(&packed::member(&bytes, "content.xml")?)?;
            of_ods(open(bytes)?, wanted)
        }
        "csv" | "txt" | "tsv" => of_text(bytes),
        _ => Err(GridError::Kind),
    }
}

type Bytes = Cursor<Vec<u8>>;

fn open<R>(bytes: Vec<u8>) -> Result<R, GridError>
where
    R: Reader<Bytes>,
    R::Error: std::fmt::Display,
{
    R::new(Cursor::new(bytes)).map_err(broken)
}

/// The sheet of that name, whatever its case, else the first.
fn chosen(names: &[String], wanted: &str) -> Result<String, GridError> {
    let own = names.iter().find(|name| name.to_lowercase() == wanted.to_lowercase());
    own.or_else(|| names.first()).cloned().ok_or(GridError::NoSheet)
}

/// Cell by cell: a sheet costs what it holds, not how far its last cell is.
fn of_xlsx(mut book: Xlsx<Bytes>, wanted: &str) -> Result<Grid, GridError> {
    let sheet = chosen(&book.sheet_names(), wanted)?;
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(broken)?;
    let mut filling = Filling::default();
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(broken)? {
        let at = CellAt { row: cell.pos.0 as usize, column: cell.pos.1 as usize };
        let value = match (Data::from(cell.value), cell.formula) {
            // A formula that no spreadsheet has computed yet is a cell without a value, not a blank one.
            (Data::Empty, Some(formula)) => Value::Fault(written(formula)),
            (data, _) => value(&data),
        };
        filling.put(at, value)?;
    }
    Ok(Grid { sheet, rows: filling.rows })
}

fn written(formula: XlsxFormulaMetadata) -> String {
    match formula {
        XlsxFormulaMetadata::Normal { formula } | XlsxFormulaMetadata::Shared { formula, .. } => {
            formula
        }
        _ => "=…".to_owned(),
    }
}

fn of_ods(mut book: Ods<Bytes>, wanted: &str) -> Result<Grid, GridError> {
    let sheet = chosen(&book.sheet_names(), wanted)?;
    let range = book.worksheet_range(&sheet).map_err(broken)?;
    let mut filling = Filling::default();
    let (top, left) = range.start().unwrap_or_default();
    for (row, column, data) in range.used_cells() {
        let at = CellAt { row: top as usize + row, column: left as usize + column };
        filling.put(at, value(data))?;
    }
    let formulas = book.worksheet_formula(&sheet).map_err(broken)?;
    let (top, left) = formulas.start().unwrap_or_default();
    for (row, column, formula) in formulas.used_cells().filter(|(.., formula)| !formula.is_empty())
    {
        let (row, column) = (top as usize + row, left as usize + column);
        let at = (u32::try_from(row).unwrap_or(0), u32::try_from(column).unwrap_or(0));
        if matches!(range.get_value(at), None | Some(Data::Empty)) {
            filling.put(CellAt { row, column }, Value::Fault(formula.clone()))?;
        }
    }
    Ok(Grid { sheet, rows: filling.rows })
}

fn broken(error: impl std::fmt::Display) -> GridError {
    GridError::Broken(error.to_string())
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
    if text.contains('\0') {
        let why = "il tient des octets nuls, comme un UTF-16 sans sa marque";
        return Err(GridError::Text(why.to_owned()));
    }
    let head: String = text.lines().take(20).collect();
    let count = |mark: char| head.matches(mark).count();
    let separator = [';', '\t', ','].into_iter().max_by_key(|mark| (count(*mark), *mark == ';'));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(u8::try_from(separator.unwrap_or(';')).unwrap_or(b';'))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut filling = Filling::default();
    let (mut row, mut inside) = (0, 0);
    for record in reader.records() {
        let record = record.map_err(|error| GridError::Text(error.to_string()))?;
        // The reader leaves blank lines out; a spreadsheet counts them, and not those inside a cell.
        let line = record.position().map_or(0, csv::Position::line);
        let line = usize::try_from(line.saturating_sub(1)).unwrap_or(usize::MAX);
        row = row.max(line.saturating_sub(inside));
        for (column, cell) in record.iter().enumerate() {
            inside += cell.matches('\n').count();
            filling.put(CellAt { row, column }, Value::of_text(cell))?;
        }
        row += 1;
    }
    Ok(Grid { sheet: String::new(), rows: filling.rows })
}
