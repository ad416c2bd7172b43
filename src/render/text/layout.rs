use std::ops::Range;

use super::words::{broken, put_broken, wide, wrapped};
use super::{WORDS, on_screen};
use crate::render::document::{Align, Table, visible};
use crate::render::rows::{Line, Rows, in_parts_of};

/// What stands between two columns.
const GAP: &str = "  ";
/// What cells are filled up with.
const SPACES: &str = "                                                                ";

/// How the rows of a list stand: each column as wide as its widest cell, unless words must give way.
pub(super) struct Layout {
    columns: Vec<Shown>,
    /// Which columns of the table a screen shows.
    wanted: Vec<bool>,
}

/// A column of a screen.
struct Shown {
    /// Its rank in the table.
    at: usize,
    align: Align,
    /// The widest that a cell may be.
    limit: usize,
    /// How wide it stands.
    open: usize,
}

impl Layout {
    /// How the rows stand within a width; some threads may look at them.
    pub(super) fn of(
        table: &Table,
        rows: &(impl Rows + ?Sized),
        (width, threads): (usize, usize),
    ) -> Self {
        let shown = on_screen(table);
        let wanted: Vec<bool> = table.columns.iter().map(|column| column.on_screen).collect();
        let titles = || shown.iter().map(|(_, column)| column.title.as_str());
        let at: Vec<(usize, usize)> =
            shown.iter().enumerate().map(|(rank, (at, _))| (rank, *at)).collect();
        let aligned: Vec<Align> = shown.iter().map(|(_, column)| column.align).collect();
        let natural = widest(titles(), (rows, &wanted), &at, (threads, usize::MAX), wide);
        let limits = limits(natural.clone(), &aligned, width);
        // Words that are broken may leave room: a column is as wide as what is left of them.
        let cut: Vec<bool> = natural.iter().zip(&limits).map(|(all, limit)| limit < all).collect();
        let mut open = natural;
        if cut.contains(&true) {
            for rank in (0..at.len()).filter(|rank| cut[*rank]) {
                let (limit, own) = (limits[rank], at[rank].1);
                let looked: Vec<bool> = (0..wanted.len()).map(|at| at == own).collect();
                let lines = |text: &str| longest(&broken(text, limit));
                let title = titles().skip(rank).take(1);
                // A column that is full is as wide as it may be.
                let most = (threads, limit);
                open[rank] = widest(title, (rows, &looked), &at[rank..=rank], most, lines)[0];
            }
        }
        let columns = shown.iter().zip(limits).zip(open).map(|(((at, column), limit), open)| {
            Shown { at: *at, align: column.align, limit, open }
        });
        Self { columns: columns.collect(), wanted }
    }

    /// The title of the table, the heads of its columns, and a rule.
    pub(super) fn head(&self, table: &Table) -> String {
        let mut out = String::new();
        if !table.title.is_empty() {
            out.push_str(&table.title);
            out.push('\n');
        }
        let mut cells = Cells::default();
        cells.clear();
        for column in &self.columns {
            cells.room().push_str(&table.columns[column.at].title);
            cells.end(column.limit);
        }
        cells.stand();
        self.lines(&mut cells, &mut out);
        self.rule(&mut out);
        out
    }

    fn rule(&self, out: &mut String) {
        let gaps = GAP.len() * self.columns.len().saturating_sub(1);
        let wide = self.columns.iter().map(|column| column.open).sum::<usize>() + gaps;
        out.extend(std::iter::repeat_n('─', wide));
        out.push('\n');
    }

    /// Some rows, each below what stands above it.
    pub(super) fn part(
        &self,
        rows: &(impl Rows + ?Sized),
        part: Range<usize>,
        width: usize,
    ) -> String {
        let mut out = String::with_capacity(part.len() * 192);
        let (mut line, mut cells) = (Line::of(self.wanted.clone()), Cells::default());
        for rank in part {
            line.take(rows, rank);
            if let Some(above) = line.shown_above() {
                if rank > 0 {
                    out.push('\n');
                }
                out.push_str(&wrapped(&visible(above), width, "  "));
            }
            if line.is_total && rank > 0 {
                self.rule(&mut out);
            }
            self.row(&line, &mut out, &mut cells);
        }
        out
    }

    fn row(&self, line: &Line, out: &mut String, cells: &mut Cells) {
        cells.clear();
        for (rank, column) in self.columns.iter().enumerate() {
            line.put_words(column.at, rank, cells.room());
            cells.end(column.limit);
        }
        self.lines(cells, out);
    }

    /// The lines of a row: one, or as many as its tallest cell has.
    fn lines(&self, cells: &mut Cells, out: &mut String) {
        for _ in 0..cells.height {
            let from = out.len();
            for (rank, cell) in cells.all.iter_mut().enumerate() {
                let (line, width) = cell.next(&cells.text);
                self.put(rank, (line, width), out);
            }
            ended(out, from);
        }
    }

    fn put(&self, rank: usize, (text, width): (&str, usize), out: &mut String) {
        if rank > 0 {
            out.push_str(GAP);
        }
        let column = &self.columns[rank];
        let room = column.open.saturating_sub(width);
        if column.align == Align::Right {
            put_spaces(out, room);
            out.push_str(text);
        } else {
            out.push_str(text);
            put_spaces(out, room);
        }
    }
}

/// The cells of a row, in room that the next takes again.
#[derive(Default)]
struct Cells {
    text: String,
    /// What a cell holds before it is broken.
    whole: String,
    all: Vec<Part>,
    height: usize,
}

/// What is left of a cell, and how wide it is when that is one line.
struct Part {
    left: Range<usize>,
    width: Option<usize>,
    /// Empty lines above it.
    above: usize,
}

impl Cells {
    fn clear(&mut self) {
        self.text.clear();
        self.all.clear();
        self.height = 1;
    }

    /// Where the words of a cell go.
    fn room(&mut self) -> &mut String {
        self.whole.clear();
        &mut self.whole
    }

    /// Ends a cell, which has lines of at most that width.
    fn end(&mut self, limit: usize) {
        let from = self.text.len();
        let width = wide(&self.whole);
        put_broken(&mut self.text, &self.whole, limit);
        let lines = 1 + memchr::memchr_iter(b'\n', &self.text.as_bytes()[from..]).count();
        self.height = self.height.max(lines);
        let width = Some(width).filter(|_| lines == 1);
        self.all.push(Part { left: from..self.text.len(), width, above: 0 });
    }

    /// Makes every cell end with the tallest.
    fn stand(&mut self) {
        for part in &mut self.all {
            let own = &self.text.as_bytes()[part.left.clone()];
            part.above = self.height - 1 - memchr::memchr_iter(b'\n', own).count();
        }
    }
}

impl Part {
    /// Its next line and how wide it is; nothing when it has none.
    fn next<'t>(&mut self, text: &'t str) -> (&'t str, usize) {
        if self.above > 0 {
            self.above -= 1;
            return ("", 0);
        }
        let left = &text[self.left.clone()];
        if let Some(width) = self.width {
            self.left.start = self.left.end;
            return (left, if left.is_empty() { 0 } else { width });
        }
        let end = memchr::memchr(b'\n', left.as_bytes()).unwrap_or(left.len());
        self.left.start = (self.left.start + end + 1).min(self.left.end);
        (&left[..end], wide(&left[..end]))
    }
}

/// Ends a line that began there: nothing stands behind its last word.
fn ended(out: &mut String, from: usize) {
    let end = out[from..].trim_end().len();
    out.truncate(from + end);
    out.push('\n');
}

fn put_spaces(out: &mut String, mut count: usize) {
    while count > 0 {
        let part = count.min(SPACES.len());
        out.push_str(&SPACES[..part]);
        count -= part;
    }
}

/// The widest line of a cell.
fn longest(cell: &str) -> usize {
    cell.lines().map(wide).max().unwrap_or(0)
}

/// How wide the cells of some columns (their rank on the screen, and in the table) and their titles are at
/// most, as `width` measures them; where all are `full`, nothing more is looked at.
fn widest<'t>(
    titles: impl Iterator<Item = &'t str>,
    (rows, wanted): (&(impl Rows + ?Sized), &[bool]),
    columns: &[(usize, usize)],
    (threads, full): (usize, usize),
    width: impl Fn(&str) -> usize + Sync,
) -> Vec<usize> {
    let of_part = |part: Range<usize>| {
        let (mut line, mut cell) = (Line::of(wanted.to_vec()), String::new());
        let mut widths = vec![0; columns.len()];
        for rank in part {
            if widths.iter().all(|width| *width >= full) {
                break;
            }
            line.take(rows, rank);
            for (most, (shown, at)) in widths.iter_mut().zip(columns) {
                cell.clear();
                line.put_words(*at, *shown, &mut cell);
                *most = (*most).max(width(&cell));
            }
        }
        widths
    };
    let mut widths: Vec<usize> = titles.map(&width).collect();
    for part in in_parts_of(rows.count(), threads, of_part) {
        for (most, own) in widths.iter_mut().zip(part) {
            *most = (*most).max(own);
        }
    }
    widths
}

/// How wide each column may be: the widest columns of words give first.
pub(super) fn limits(mut limits: Vec<usize>, aligned: &[Align], width: usize) -> Vec<usize> {
    let gaps = GAP.len() * aligned.len().saturating_sub(1);
    let mut over = (limits.iter().sum::<usize>() + gaps).saturating_sub(width);
    while over > 0 {
        let widest = limits
            .iter()
            .enumerate()
            .filter(|(rank, width)| aligned[*rank] == Align::Left && **width > WORDS)
            .max_by_key(|(rank, width)| (**width, std::cmp::Reverse(*rank)))
            .map(|(rank, _)| rank);
        let Some(rank) = widest else { break };
        limits[rank] -= 1;
        over -= 1;
    }
    limits
}
