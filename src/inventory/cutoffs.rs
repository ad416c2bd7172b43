use rust_decimal::Decimal;

use super::entry::{InventoryEntry, Yield};
use super::yielding::Yielding;
use crate::measure::{FiscalYear, Period, euros, round_half_away};
use crate::register::{Portion, Regularisation};

/// Charges and products moved to the year they belong to, and taken back on the next first day.
pub(super) fn cutoffs(register: &[Regularisation], yielding: &mut Yielding<'_>) {
    let years = yielding.years.to_vec();
    for moved in register {
        for year in &years {
            let Some((amount, inputs)) = portion(moved, year) else { continue };
            let sign = if moved.kind.debits() { Decimal::ONE } else { -Decimal::ONE };
            let who = moved.party.as_deref().unwrap_or("Inventaire");
            let mut entry = InventoryEntry {
                date: year.period.last,
                rule: Yield::Cutoff,
                label: format!("{who} | {}, {}", moved.kind.title(), moved.label),
                inputs,
                policy: moved.at,
                document: moved.document.clone(),
                tags: Vec::new(),
                lines: Vec::new(),
            };
            let line = entry.line(&moved.other.value, -sign * amount);
            line.tags.extend(moved.programme.iter().map(|of| ("programme", of.value.clone())));
            line.tags.extend(moved.convention.iter().map(|of| ("convention", of.value.clone())));
            let line = entry.line(&moved.account.value, sign * amount);
            line.tags.extend(moved.convention.iter().map(|of| ("convention", of.value.clone())));
            if moved.reversed {
                yielding.add_reversed(entry, year);
            } else {
                yielding.add(entry);
            }
        }
    }
}

/// What of it a closing keeps, and how it was found.
fn portion(moved: &Regularisation, year: &FiscalYear) -> Option<(Decimal, String)> {
    match &moved.portion {
        Portion::Given { year: of, amount } => {
            (of.value == year.name).then(|| (*amount, "montant du registre".to_owned()))
        }
        Portion::Spread { total, over, booked } => {
            // Nothing waits before the period's money was booked, nor after its end.
            let since = booked.unwrap_or(over.first).min(over.first);
            if since > year.period.last || over.last <= year.period.last {
                return None;
            }
            let first = year.period.last.succ_opt()?.max(over.first);
            let after = Period { first, last: over.last };
            let days = |period: Period| (period.last - period.first).num_days() + 1;
            let (left, whole) = (days(after), days(*over));
            let share = total.value * Decimal::from(left) / Decimal::from(whole);
            let inputs = format!("{} sur {whole} jours, dont {left} après", euros(total.value));
            Some((round_half_away(share, 2), inputs))
        }
    }
}
