use std::io::{self, Write};
use std::ops::Range;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::document::{Cell, Document, Row, Seen};
use crate::crew;
use crate::measure::Unit;

/// Where the rows of a table come from: each is put into a line that is used again.
pub(super) trait Rows: Sync {
    /// How many there are.
    fn count(&self) -> usize;

    /// Puts the row of that rank into an empty line.
    fn put(&self, rank: usize, line: &mut Line);
}

impl Rows for [Row] {
    fn count(&self) -> usize {
        self.len()
    }

    fn put(&self, rank: usize, line: &mut Line) {
        let row = &self[rank];
        if let Some(above) = &row.above {
            line.above(|out| out.push_str(above));
        }
        line.depth = row.depth;
        line.is_total = row.role == "total";
        for cell in &row.cells {
            line.cell(cell.seen());
        }
    }
}

/// So many rows are made together.
const TOGETHER: usize = 4_000;
/// So many parts a thread has, before what was made is written.
const TURNS: usize = 8;

/// What is made of each part of some rows, in their order.
pub(super) fn in_parts_of<M: Send>(
    count: usize,
    threads: usize,
    make: impl Fn(Range<usize>) -> M + Sync,
) -> Vec<M> {
    crew::all(threads, parts(0..count), make)
}

/// Writes what is made of each part of some rows, in their order; only some parts stand at a time.
///
/// # Errors
/// What the output refuses.
pub(super) fn in_parts(
    count: usize,
    threads: usize,
    out: &mut dyn Write,
    make: impl Fn(Range<usize>) -> Vec<u8> + Sync,
) -> io::Result<()> {
    let turn = TOGETHER * TURNS * threads.max(1);
    for from in (0..count).step_by(turn) {
        for part in crew::all(threads, parts(from..count.min(from + turn)), &make) {
            out.write_all(&part)?;
        }
    }
    Ok(())
}

fn parts(whole: Range<usize>) -> Vec<Range<usize>> {
    let end = whole.end;
    whole.step_by(TOGETHER).map(|from| from..end.min(from + TOGETHER)).collect()
}

/// One row, in room that the next takes again.
#[derive(Debug, Default)]
pub struct Line {
    text: String,
    cells: Vec<Held>,
    above: Option<Range<usize>>,
    /// How deep it stands.
    depth: u32,
    /// Whether it adds up those above it.
    pub(super) is_total: bool,
    /// Which columns are looked at; every one where it says nothing.
    wanted: Vec<bool>,
}

#[derive(Clone, Debug)]
enum Held {
    Text(Range<usize>),
    Other(Seen<'static>),
}

impl Line {
    /// A line of which only some columns are looked at: what the others hold is not made.
    pub(super) fn of(wanted: Vec<bool>) -> Self {
        Self { wanted, ..Self::default() }
    }

    /// The row of that rank.
    pub(super) fn take(&mut self, rows: &(impl Rows + ?Sized), rank: usize) {
        self.text.clear();
        self.cells.clear();
        self.above = None;
        (self.depth, self.is_total) = (0, false);
        rows.put(rank, self);
    }

    fn is_wanted(&self) -> bool {
        self.wanted.get(self.cells.len()).copied().unwrap_or(self.wanted.is_empty())
    }

    fn held(&mut self, write: impl FnOnce(&mut String)) -> Range<usize> {
        let from = self.text.len();
        write(&mut self.text);
        from..self.text.len()
    }

    /// What stands above the row.
    pub fn above(&mut self, write: impl FnOnce(&mut String)) {
        self.above = Some(self.held(write));
    }

    /// A cell of words.
    pub fn text(&mut self, write: impl FnOnce(&mut String)) {
        let wanted = self.is_wanted();
        let range = if wanted { self.held(write) } else { 0..0 };
        self.cells.push(Held::Text(range));
    }

    /// A cell of words that stand somewhere.
    pub fn words<'w>(&mut self, words: impl FnOnce() -> &'w str) {
        self.text(|out| out.push_str(words()));
    }

    /// A cell of a day.
    pub fn date(&mut self, day: NaiveDate) {
        self.cells.push(Held::Other(Seen::Date(day)));
    }

    /// A cell of nothing.
    pub fn empty(&mut self) {
        self.cells.push(Held::Other(Seen::Empty));
    }

    /// A cell of an amount in its unit: euros with cents, other quantities as they are.
    pub fn amount(&mut self, exact: Decimal, unit: Unit) {
        let decimals = if unit == Unit::EURO { 2 } else { 0 };
        let shown = exact;
        self.cells.push(Held::Other(Seen::Amount { exact, shown, decimals, brackets: false }));
    }

    fn cell(&mut self, seen: Seen<'_>) {
        let held = match seen {
            Seen::Text(text) => return self.words(|| text),
            Seen::Empty => Seen::Empty,
            Seen::Amount { exact, shown, decimals, brackets } => {
                Seen::Amount { exact, shown, decimals, brackets }
            }
            Seen::Count(count) => Seen::Count(count),
            Seen::Share(share) => Seen::Share(share),
            Seen::Date(day) => Seen::Date(day),
        };
        self.cells.push(Held::Other(held));
    }

    /// What stands above the row, when something does.
    pub(super) fn shown_above(&self) -> Option<&str> {
        self.above.clone().map(|range| &self.text[range])
    }

    /// The cell of a column.
    pub(super) fn seen(&self, column: usize) -> Seen<'_> {
        match self.cells.get(column) {
            None => Seen::Empty,
            Some(Held::Text(range)) => Seen::Text(&self.text[range.clone()]),
            Some(Held::Other(seen)) => *seen,
        }
    }

    /// Puts the words of a column; the first that a screen shows stands as deep as its row.
    pub(super) fn put_words(&self, column: usize, rank: usize, out: &mut String) {
        if rank == 0 {
            (0..self.depth).for_each(|_| out.push_str("  "));
        }
        self.seen(column).put_words(out);
    }

    fn row(&self) -> Row {
        let cells: Vec<Cell> = (0..self.cells.len()).map(|at| self.seen(at).owned()).collect();
        let above = self.shown_above().map(str::to_owned);
        Row { role: "line", cells, above, ..Row::default() }
    }
}

/// A long list: its rows are made when a format asks for them, some at a time, and never stand whole.
pub struct List<'a> {
    /// What stands around the rows; its one table has none.
    pub frame: Document,
    /// How many rows it has.
    pub count: usize,
    make: Box<Make<'a>>,
}

/// Puts the row of a rank into a line.
type Make<'a> = dyn Fn(usize, &mut Line) + Sync + 'a;

impl<'a> List<'a> {
    /// A list of so many rows, each put into a line by its rank.
    pub fn new(frame: Document, count: usize, make: impl Fn(usize, &mut Line) + Sync + 'a) -> Self {
        assert!(frame.tables.len() == 1, "a list is one table");
        Self { frame, count, make: Box::new(make) }
    }

    /// The document with all its rows, for the formats that look at them together.
    pub fn document(&self) -> Document {
        let mut document = self.frame.clone();
        let mut line = Line::default();
        for table in &mut document.tables {
            for rank in 0..self.count {
                line.take(self, rank);
                table.rows.push(line.row());
            }
        }
        document
    }
}

impl Rows for List<'_> {
    fn count(&self) -> usize {
        self.count
    }

    fn put(&self, rank: usize, line: &mut Line) {
        (self.make)(rank, line);
    }
}
