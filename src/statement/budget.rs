use rust_decimal::Decimal;

use super::form::{Column, Genre};
use super::table::Statement;
use crate::book::AccountId;
use crate::measure::{Sum, round_half_away};

/// A line of the budget followed up: planned, realised, what is left, and the share realised.
#[derive(Clone, Debug)]
pub struct BudgetLine {
    /// The key of the row.
    pub key: String,
    /// The label.
    pub label: String,
    /// What the row is for the reader.
    pub genre: Genre,
    /// How deep it stands.
    pub depth: u32,
    /// The budget.
    pub planned: Decimal,
    /// What the year realised.
    pub realised: Decimal,
    /// Budget less realised: `planned = realised + left`.
    pub left: Decimal,
    /// What each account gives to what is realised.
    pub given: Vec<(AccountId, Sum)>,
    /// Realised over planned, in percent with one decimal; `None` when nothing was planned.
    pub share: Option<Decimal>,
}

impl BudgetLine {
    fn heading(section: &str) -> Self {
        Self {
            key: String::new(),
            label: section.to_uppercase(),
            genre: Genre::Heading,
            depth: 0,
            planned: Decimal::ZERO,
            realised: Decimal::ZERO,
            left: Decimal::ZERO,
            given: Vec::new(),
            share: None,
        }
    }
}

/// Follows a budget up: the compte de résultat of a year beside the budget of the same year.
///
/// `made` is the statement of the year with its own budget as the `bp` column.
pub fn budget(made: &Statement) -> Vec<BudgetLine> {
    let mut lines = Vec::new();
    for section in &made.sections {
        let at = |column| section.columns.iter().position(|known| *known == column);
        let (Some(n), Some(bp)) = (at(Column::N), at(Column::Bp)) else {
            continue;
        };
        lines.push(BudgetLine::heading(section.name));
        for row in section.rows.iter().filter(|row| row.genre != Genre::Heading) {
            let exact = |at: usize| {
                row.cells.get(at).copied().flatten().map_or(Decimal::ZERO, |figure| figure.exact)
            };
            let (realised, planned) = (exact(n), exact(bp));
            let share = (!planned.is_zero())
                .then(|| round_half_away(realised * Decimal::ONE_HUNDRED / planned, 1));
            lines.push(BudgetLine {
                key: row.key.clone(),
                label: row.label.clone(),
                genre: row.genre,
                depth: row.depth,
                planned,
                realised,
                left: planned - realised,
                given: row.given(Column::N),
                share,
            });
        }
    }
    lines
}
