use super::{CellAt, GridError, Value};

/// The most rows that a sheet to be read may have.
pub(super) const MOST_ROWS: usize = 200_000;
/// The most columns.
pub(super) const MOST_COLUMNS: usize = 512;
/// The most cells, blank ones between others included: what a machine of anyone's holds.
pub(super) const MOST_CELLS: usize = 4_000_000;
/// The most bytes of text in all its cells: one text may be named by thousands of them.
pub(super) const MOST_TEXT: usize = 64 << 20;

/// The rows of a sheet as its cells come, each row as long as its last value.
#[derive(Default)]
pub(super) struct Filling {
    pub(super) rows: Vec<Vec<Value>>,
    cells: usize,
    text: usize,
}

impl Filling {
    /// Puts a value in its place; a blank one takes none, however far it is.
    pub(super) fn put(&mut self, at: CellAt, value: Value) -> Result<(), GridError> {
        if value.is_blank() {
            return Ok(());
        }
        near(at)?;
        if self.rows.len() <= at.row {
            self.rows.resize(at.row + 1, Vec::new());
        }
        let row = &mut self.rows[at.row];
        let before = row.len();
        if before <= at.column {
            self.cells += at.column + 1 - before;
            self.text += value.bytes();
            if self.cells > MOST_CELLS || self.text > MOST_TEXT {
                return Err(GridError::Large(at));
            }
            row.resize(at.column + 1, Value::Blank);
        }
        row[at.column] = value;
        Ok(())
    }
}

/// Refuses a place where no sheet of anyone's reaches: what is there is a slip, and costs its distance.
pub(super) fn near(at: CellAt) -> Result<(), GridError> {
    if at.row < MOST_ROWS && at.column < MOST_COLUMNS { Ok(()) } else { Err(GridError::Far(at)) }
}
