use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::cells::Cells;

/// A row of a sheet as a posting, an activity or both.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Its rank in the sheet.
    pub(super) rank: usize,
    pub(super) date: NaiveDate,
    pub(super) journal: String,
    pub(super) document: String,
    pub(super) label: String,
    /// The account as the books write it, and the amount; a debit is positive.
    pub(super) posting: Option<(String, Decimal)>,
    /// The factor, the quantity and its unit.
    pub(super) activity: Option<(String, Decimal, String)>,
    /// Tags of the posting, in order.
    pub(super) tags: Vec<(&'static str, String)>,
}

/// Rows that make an entry, with whether they balance.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) rows: Vec<Row>,
}

impl Group {
    /// Debits less credits.
    pub(super) fn left(&self) -> Decimal {
        self.rows.iter().filter_map(|row| row.posting.as_ref()).map(|(_, amount)| *amount).sum()
    }
}

/// Rows that follow each other and share day, journal and document make an entry; without a document, an
/// entry ends where it balances.
pub(super) fn grouped(rows: Vec<Row>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for row in rows {
        let same = groups.last().is_some_and(|group| {
            let first = &group.rows[0];
            let alike = first.date == row.date
                && first.journal == row.journal
                && first.document == row.document;
            // An activity follows the posting that it is of.
            let ended = row.document.is_empty() && group.left().is_zero() && row.posting.is_some();
            alike && !ended
        });
        match groups.last_mut().filter(|_| same) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group { rows: vec![row] }),
        }
    }
    groups
}

/// What a row leaves blank is what the row above it says: its day, its journal, its document.
pub(super) fn inherits(cells: &Cells<'_, '_>, row: usize) -> bool {
    let blank = |name: &str| cells.value(row, name).is_blank();
    blank("date") && blank("journal") && blank("pièce")
}
