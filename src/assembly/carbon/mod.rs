//! What the CARE ledger shows of a year: emissions, debts, projects, dialogue, responsibility.

mod debts;
mod dialogue;
mod emissions;
mod factors;
mod projects;
mod responsibility;
mod trajectory;

pub use dialogue::dialogue;
pub use factors::factors;
pub use projects::projects;
pub use responsibility::responsibility;

use rust_decimal::Decimal;

use super::meeting::Meeting;
use super::table::{Cell, Sheet};
use crate::care::{ACTIVITY, Care, Emission, Interval, YearKept, interval};
use crate::measure::amount;
use crate::register::CarePolicy;

/// The year, whole: `None` without a policy that names a capital.
pub fn carbon(meeting: &Meeting<'_>) -> Option<Sheet> {
    let view = View::of(meeting)?;
    let mut tables = emissions::tables(&view);
    tables.extend(trajectory::tables(&view));
    tables.extend(debts::tables(&view));
    tables.extend(projects::tables(&view));
    let mut notes = emissions::notes(&view);
    notes.extend(trajectory::notes(&view));
    notes.extend(debts::notes(&view));
    notes.extend(projects::notes(&view));
    Some(Sheet {
        name: "carbone".to_owned(),
        year: meeting.year.name.clone(),
        title: format!("Carbone {}", meeting.year.name),
        tables,
        notes,
    })
}

/// A year of the CARE ledger, with what it is read with.
#[derive(Clone, Copy)]
struct View<'a> {
    meeting: &'a Meeting<'a>,
    care: &'a Care,
    policy: &'a CarePolicy,
    /// The year, when the ledger keeps it.
    kept: Option<&'a YearKept>,
}

impl<'a> View<'a> {
    fn of(meeting: &'a Meeting<'a>) -> Option<Self> {
        let (care, policy) = (meeting.care?, meeting.registers.care.as_ref()?);
        Some(Self { meeting, care, policy, kept: care.kept.year(meeting.year) })
    }

    /// The emissions of the year.
    fn emitted(&self) -> Vec<&'a Emission> {
        self.care.inventory.during(self.meeting.year.period).collect()
    }

    /// What some emissions may be.
    fn interval(&self, lines: &[&Emission]) -> Interval {
        let given = self.policy.activity_uncertainty.as_ref().map(|u| u.value);
        interval(lines, &self.care.factors, given.unwrap_or(ACTIVITY))
    }
}

/// A quantity with its unit, as French writes it.
fn quantity_words(quantity: Decimal, symbol: &str) -> String {
    format!("{}\u{a0}{symbol}", amount(quantity, 0))
}

/// Kilograms, shown as tonnes.
fn tonnes(kg: Decimal) -> Cell {
    Cell::Tonnes(kg / Decimal::ONE_THOUSAND)
}
