//! A sheet of cells: a workbook (XLSX, ODS) or a CSV, each cell with its place as the user names it (`B14`).
//!
//! In: bytes. Out: a [`Grid`], and its text, a line a row, in which a finding can show a cell. Absent on
//! purpose: what any column means.

mod cells;
mod filling;
mod heads;
mod ods;
mod packed;
mod read;

use std::ops::Range;

pub use cells::{CellWrong, Value};
pub use heads::{Heads, Wanted};
pub use read::{GridError, grid};

/// What stands between two cells of a line of text.
const BETWEEN: &str = " | ";

/// A sheet as it was filled.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    /// The name of the sheet; empty for a CSV.
    pub sheet: String,
    /// Its rows, from the first of the sheet: a row of the user's is one of ours.
    pub rows: Vec<Vec<Value>>,
}

/// A place in a sheet: row and column, both from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CellAt {
    /// The row.
    pub row: usize,
    /// The column.
    pub column: usize,
}

impl std::fmt::Display for CellAt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut letters = Vec::new();
        let mut left = self.column + 1;
        while left > 0 {
            let rank = u8::try_from((left - 1) % 26).unwrap_or(0);
            letters.push(char::from(b'A' + rank));
            left = (left - 1) / 26;
        }
        let letters: String = letters.iter().rev().collect();
        write!(f, "{letters}{}", self.row + 1)
    }
}

impl Grid {
    /// What a cell holds; nothing beyond the sheet.
    pub fn value(&self, at: CellAt) -> &Value {
        const NOTHING: &Value = &Value::Blank;
        self.rows.get(at.row).and_then(|row| row.get(at.column)).unwrap_or(NOTHING)
    }

    /// The sheet as text, a line a row, with the place of each cell in it.
    pub fn text(&self) -> (String, Vec<Vec<Range<usize>>>) {
        let (mut text, mut places) = (String::new(), Vec::with_capacity(self.rows.len()));
        for row in &self.rows {
            let mut own = Vec::with_capacity(row.len());
            for (rank, value) in row.iter().enumerate() {
                if rank > 0 {
                    text.push_str(BETWEEN);
                }
                let from = text.len();
                text.push_str(&value.shown());
                own.push(from..text.len());
            }
            text.push('\n');
            places.push(own);
        }
        (text, places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_named_as_spreadsheets_do() {
        let name = |row, column| CellAt { row, column }.to_string();
        assert_eq!(name(13, 1), "B14");
        assert_eq!(name(0, 25), "Z1");
        assert_eq!(name(0, 26), "AA1");
        assert_eq!(name(9, 701), "ZZ10");
        assert_eq!(name(9, 702), "AAA10");
    }
}
