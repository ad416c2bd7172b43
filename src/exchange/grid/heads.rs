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
    columns: Vec<Named>,
    twice: Vec<Named>,
}

/// A column by its name, and its rank.
type Named = (&'static str, usize);

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
            let (columns, twice) = columns(cells, wanted);
            let found = Self { row, columns, twice };
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

    /// The columns that two heads name, each with the places of both: which one is meant cannot be told.
    pub fn twice(&self) -> impl Iterator<Item = (&'static str, CellAt, CellAt)> + '_ {
        let at = |column| CellAt { row: self.row, column };
        self.twice.iter().map(move |(name, second)| (*name, self.at(self.row, name), at(*second)))
    }

    /// The value of a column in a row.
    pub fn value<'g>(&self, grid: &'g Grid, row: usize, name: &str) -> &'g Value {
        match self.column(name) {
            Some(column) => grid.value(CellAt { row, column }),
            None => &Value::Blank,
        }
    }
}

/// The columns of a row of heads, and those that name one again.
fn columns(cells: &[Value], wanted: &[Wanted]) -> (Vec<Named>, Vec<Named>) {
    let (mut found, mut twice): (Vec<Named>, Vec<Named>) = (Vec::new(), Vec::new());
    for (column, cell) in cells.iter().enumerate() {
        let Value::Text(text) = cell else { continue };
        let text = plain(text);
        let known = wanted.iter().find(|one| {
            plain(one.name) == text || one.also.iter().any(|other| plain(other) == text)
        });
        let Some(known) = known else { continue };
        let new = found.iter().all(|(name, _)| *name != known.name);
        if new { &mut found } else { &mut twice }.push((known.name, column));
    }
    (found, twice)
}
