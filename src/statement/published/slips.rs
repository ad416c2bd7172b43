use rust_decimal::Decimal;

use super::knowledge::{Index, Known};
use super::rules::{Reason, Rule, euros};

/// What a hand does wrong when it copies a figure; it excuses nothing, and shows where to look.
pub(super) fn slip(index: &Index<'_>, known: &Known, value: Decimal) -> Option<Reason> {
    let text = sign(known, value)
        .or_else(|| swapped(known, value))
        .or_else(|| shifted(known, value))
        .or_else(|| twice(index, known, value))
        .or_else(|| other_column(index, known, value))?;
    Some(Reason { rule: Rule::Slip, text })
}

fn sign(known: &Known, value: Decimal) -> Option<String> {
    let opposite = !value.is_zero() && value == -known.shown;
    opposite.then(|| format!("le signe est inversé : {}", euros(known.exact)))
}

/// Two neighbours changed places.
fn swapped(known: &Known, value: Decimal) -> Option<String> {
    let (ours, theirs) = (known.shown.to_string(), value.to_string());
    let (ours, theirs) = (ours.as_bytes(), theirs.as_bytes());
    if ours.len() != theirs.len() {
        return None;
    }
    let differ: Vec<usize> = (0..ours.len()).filter(|at| ours[*at] != theirs[*at]).collect();
    let [first, second] = differ[..] else { return None };
    let crossed =
        second == first + 1 && ours[first] == theirs[second] && ours[second] == theirs[first];
    crossed.then(|| format!("deux chiffres voisins sont intervertis : {}", euros(known.exact)))
}

/// A digit too many or too few at the end, or thousands taken for units.
fn shifted(known: &Known, value: Decimal) -> Option<String> {
    if known.shown.is_zero() || value.is_zero() {
        return None;
    }
    [10_u32, 100, 1000].into_iter().find_map(|times| {
        let times = Decimal::from(times);
        let near = |a: Decimal, b: Decimal| (a - b).abs() < Decimal::ONE;
        let shifted = value == known.shown * times || near(value * times, known.shown);
        shifted.then(|| format!("un facteur {times} sépare les deux : {}", euros(known.exact)))
    })
}

/// A part of the total is in it twice.
fn twice(index: &Index<'_>, known: &Known, value: Decimal) -> Option<String> {
    let total = index.known(&known.key, &known.column)?;
    let gap = value - known.exact;
    let near =
        |part: Decimal| (gap - part).abs() <= Decimal::ONE && part.abs() > Decimal::from(100);
    let below = index.below(total);
    let (part, _) = below
        .into_iter()
        .find(|(part, negative)| near(if *negative { -part.exact } else { part.exact }))?;
    Some(format!("« {} » ({}) y est deux fois", part.label, euros(part.exact)))
}

/// The figure is that of the same row in another column.
fn other_column(index: &Index<'_>, known: &Known, value: Decimal) -> Option<String> {
    if value.abs() < Decimal::from(100) {
        return None;
    }
    let other = index.row(&known.key).find(|other| {
        other.column != known.column && other.shown == value && other.shown != known.shown
    })?;
    Some(format!("c’est le chiffre de la colonne `{}`", other.column))
}
