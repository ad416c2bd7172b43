use rust_decimal::Decimal;

use super::entry::{InventoryEntry, Yield};
use super::yielding::Yielding;
use crate::diagnostic::Span;
use crate::measure::{FiscalYear, euros};
use crate::register::{Accrued, Levels, Provision};

/// What moves a level at a closing: how much, from and to.
struct Step {
    year: FiscalYear,
    from: Decimal,
    to: Decimal,
    at: Span,
}

/// The steps of some levels over the years: a year without a level keeps the one before.
fn steps(levels: &Levels, yielding: &Yielding<'_>) -> Vec<Step> {
    let begins = |name: &str| yielding.books.years().period_named(name).map(|days| days.first);
    let Some(opened) = yielding.years.first().map(|year| year.period.first) else {
        return Vec::new();
    };
    // The last level before the books is what they opened with.
    let earlier = levels.iter().filter_map(|(name, level)| Some((begins(&name.value)?, *level)));
    let opening = earlier.filter(|(first, _)| *first < opened).max_by_key(|(first, _)| *first);
    let mut from = opening.map_or(Decimal::ZERO, |(_, level)| level);
    let mut steps = Vec::new();
    for year in yielding.years {
        let Some((name, to)) = levels.iter().find(|(name, _)| name.value == year.name) else {
            continue;
        };
        if *to != from {
            steps.push(Step { year: year.clone(), from, to: *to, at: name.at });
        }
        from = *to;
    }
    steps
}

/// Provisions and depreciations, brought to their level at each closing.
pub(super) fn provisions(register: &[Provision], yielding: &mut Yielding<'_>) {
    for provision in register {
        for step in steps(&provision.levels, yielding) {
            let up = step.to > step.from;
            let (other, what) = if up {
                (&provision.charge.value, "Provision")
            } else {
                (&provision.reversal.value, "Reprise de provision")
            };
            let mut entry = InventoryEntry {
                date: step.year.period.last,
                rule: Yield::Provision,
                label: format!("{what} | {}", provision.label),
                inputs: moved(&step),
                policy: step.at,
                document: provision.document.clone(),
                tags: Vec::new(),
                lines: Vec::new(),
            };
            let line = entry.line(other, step.to - step.from);
            line.tags
                .extend(provision.programme.iter().map(|code| ("programme", code.value.clone())));
            entry.line(&provision.account.value, step.from - step.to);
            yielding.add(entry);
        }
    }
}

/// Debts known by their amount at each closing: the charge takes the change, up or down.
pub(super) fn accrued(register: &[Accrued], yielding: &mut Yielding<'_>) {
    for debt in register {
        for step in steps(&debt.levels, yielding) {
            let who = debt.party.as_deref().unwrap_or("Inventaire");
            let mut entry = InventoryEntry {
                date: step.year.period.last,
                rule: Yield::Accrued,
                label: format!("{who} | {}, variation {}", debt.label, step.year.name),
                inputs: moved(&step),
                policy: step.at,
                document: debt.document.clone(),
                tags: Vec::new(),
                lines: Vec::new(),
            };
            entry.line(&debt.charge.value, step.to - step.from);
            entry.line(&debt.account.value, step.from - step.to);
            yielding.add(entry);
        }
    }
}

fn moved(step: &Step) -> String {
    format!("de {} à {}", euros(step.from), euros(step.to))
}
