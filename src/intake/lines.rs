use chrono::NaiveDate;

use super::reading::FecFile;
use crate::diagnostic::Span;
use crate::exchange::fec::{Column, Row};
use crate::measure::{Number, Sum};

/// A row of a file, kept: its cells are parts of the file's text.
#[derive(Clone, Debug)]
pub(super) struct Line<'t> {
    /// The file it is of.
    pub(super) file: &'t FecFile<'t>,
    /// Its number in the file, from 1.
    pub(super) number: u64,
    /// Where it stands.
    pub(super) at: Span,
    cells: [&'t str; 18],
    /// The day of the entry.
    pub(super) date: NaiveDate,
    pub(super) document_date: Option<NaiveDate>,
    pub(super) letter_date: Option<NaiveDate>,
    pub(super) valid_date: Option<NaiveDate>,
    pub(super) debit: Number,
    pub(super) credit: Number,
    pub(super) currency: Option<Number>,
}

impl<'t> Line<'t> {
    /// Keeps a row whose cells are read from the whole text again.
    pub(super) fn keep(row: &Row<'_>, file: &'t FecFile<'t>) -> Option<Self> {
        let (text, base) = (file.text, file.base);
        let offset = usize::try_from(row.at.offset).ok()?;
        let cells = Column::ALL.map(|column| {
            let range = row.range(column);
            text.get(offset + range.start..offset + range.end).unwrap_or_default()
        });
        let start = base.checked_add(u32::try_from(offset).ok()?)?;
        let end = start.checked_add(u32::try_from(row.at.text.len()).ok()?)?;
        Some(Self {
            file,
            number: row.at.line,
            at: Span::new(start, end),
            cells,
            date: row.date?,
            document_date: row.document_date,
            letter_date: row.letter_date,
            valid_date: row.valid_date,
            debit: row.debit,
            credit: row.credit,
            currency: row.currency,
        })
    }

    /// A cell.
    pub(super) fn cell(&self, column: Column) -> &'t str {
        self.cells[column.rank()]
    }

    /// Debit less credit.
    pub(super) fn amount(&self) -> Sum {
        self.debit.sum() - self.credit.sum()
    }

    /// The place of a cell, for a finding.
    pub(super) fn place(&self, column: Column) -> Span {
        let (text, base) = (self.file.text, self.file.base);
        let cell = self.cell(column);
        if cell.is_empty() {
            return self.at;
        }
        let start = cell.as_ptr() as usize - text.as_ptr() as usize;
        let start = base + u32::try_from(start).unwrap_or(0);
        Span::new(start, start + u32::try_from(cell.len()).unwrap_or(0))
    }
}
