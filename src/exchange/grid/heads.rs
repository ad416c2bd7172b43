use unicode_normalization::UnicodeNormalization;

use super::{CellAt, Grid, Value};

/// A column that a reader looks for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Its name: `compte`.
    pub name: &'static str,
    /// Other heads that mean it.
    pub also: &'static [&'static str],
    /// Whether a sheet must have it.
    pub needed: bool,
}

/// The row of heads of a sheet, and which column is which.
#[derive(Clone, Debug)]
pub struct Heads {
    /// The row.
    pub row: usize,
    columns: Vec<(&'static str, usize)>,
}

/// Rows among which the heads are looked for.
const DEPTH: usize = 40;

/// A head without what a typist varies: accents, case, marks.
fn plain(text: &str) -> String {
    let letters = text.nfd().filter(char::is_ascii_alphanumeric);
    letters.collect::<String>().to_lowercase()
}

impl Heads {
    /// The first row that has every needed column; `Err` names those that the likeliest row lacks.
    pub fn find(grid: &Grid, wanted: &[Wanted]) -> Result<Self, Vec<&'static str>> {
        let mut best: Option<(usize, Vec<&'static str>)> = None;
        for (row, cells) in grid.rows.iter().enumerate().take(DEPTH) {
            let found = Self { row, columns: columns(cells, wanted) };
            let lacking: Vec<&'static str> = wanted
                .iter()
                .filter(|one| one.needed && found.column(one.name).is_none())
                .map(|one| one.name)
                .collect();
            if lacking.is_empty() {
                return Ok(found);
            }
            let met = found.columns.len();
            if best.as_ref().is_none_or(|(known, _)| met > *known) {
                best = Some((met, lacking));
            }
        }
        let all = || wanted.iter().filter(|one| one.needed).map(|one| one.name).collect();
        Err(best.map_or_else(all, |(_, lacking)| lacking))
    }

    /// Where a column is, if the sheet has it.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().find(|(known, _)| *known == name).map(|(_, column)| *column)
    }

    /// The place of a column in a row; the first cell of the row when the sheet lacks it.
    pub fn at(&self, row: usize, name: &str) -> CellAt {
        CellAt { row, column: self.column(name).unwrap_or(0) }
    }

    /// The value of a column in a row.
    pub fn value<'g>(&self, grid: &'g Grid, row: usize, name: &str) -> &'g Value {
        match self.column(name) {
            Some(column) => grid.value(CellAt { row, column }),
            None => &Value::Blank,
        }
    }
}

fn columns(cells: &[Value], wanted: &[Wanted]) -> Vec<(&'static str, usize)> {
    let mut found: Vec<(&'static str, usize)> = Vec::new();
    for (column, cell) in cells.iter().enumerate() {
        let Value::Text(text) = cell else { continue };
        let text = plain(text);
        let known = wanted.iter().find(|one| {
            plain(one.name) == text || one.also.iter().any(|other| plain(other) == text)
        });
        if let Some(known) = known.filter(|one| found.iter().all(|(name, _)| *name != one.name)) {
            found.push((known.name, column));
        }
    }
    found
}
