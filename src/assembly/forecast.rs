use rust_decimal::Decimal;

use super::meeting::Meeting;
use super::treasury::Flow;
use crate::analytic::{AxisLine, share};
use crate::measure::{Period, Sum};

/// What is expected of the months to come, and what a reader must know of it.
#[derive(Debug, Default)]
pub(super) struct Forecast {
    /// One flow a month.
    pub(super) flows: Vec<Flow>,
    /// What was decided, in words.
    pub(super) notes: Vec<String>,
}

/// A year cut in two: the months that the books have kept, and those to come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut<'m> {
    /// Every month of the year.
    pub(super) months: &'m [Period],
    /// How many of them the books have kept.
    pub(super) kept: usize,
}

impl<'m> Cut<'m> {
    /// The months that the books have kept.
    pub(super) fn past(&self) -> &'m [Period] {
        &self.months[..self.kept]
    }

    /// The months to come.
    pub(super) fn coming(&self) -> &'m [Period] {
        &self.months[self.kept..]
    }

    /// The last day of what is known: a year without an entry has nothing but its opening.
    fn known(&self) -> Option<Period> {
        let first = self.months.first()?.first;
        let last = self.past().last().or(self.months.last())?.last;
        Some(Period { first, last })
    }
}

/// What is expected of the months to come: payments of conventions, the budget without them, and what
/// is owed and due when they begin.
pub(super) fn forecast(meeting: &Meeting<'_>, cut: Cut<'_>) -> Forecast {
    let mut plan = Forecast::default();
    let (Some(known), false) = (cut.known(), cut.coming().is_empty()) else {
        return plan;
    };
    plan.flows = vec![Flow::default(); cut.coming().len()];
    let open = if cut.kept == 0 { "de l’ouverture" } else { "du dernier mois réalisé" };
    plan.notes.push(format!(
        "prévu : versements des conventions à leur date, budget hors conventions (une règle annuelle est répartie sur les mois), créances et dettes {open} au premier mois prévu ; amortissements et provisions sont sans effet"
    ));
    conventions(meeting, cut, &mut plan);
    budget(meeting, cut, &mut plan);
    settle(meeting, known, &mut plan);
    plan
}

/// The payments of conventions, on their days.
fn conventions(meeting: &Meeting<'_>, cut: Cut<'_>, plan: &mut Forecast) {
    let register = meeting.registers.conventions.as_ref();
    for payment in register.iter().flat_map(|all| &all.list).flat_map(|known| &known.payments) {
        let month = cut.coming().iter().position(|month| month.contains(payment.day));
        if let Some(month) = month {
            plan.flows[month].conventions += payment.amount;
        }
    }
}

/// The lines of the budget that cash follows and that no convention pays.
fn budget(meeting: &Meeting<'_>, cut: Cut<'_>, plan: &mut Forecast) {
    let (Some(first), Some(last)) = (cut.months.first(), cut.months.last()) else {
        return;
    };
    let year = Period { first: first.first, last: last.last };
    // A rule for the whole year falls on its first day: its cash is spread over the months.
    let even = vec![Decimal::ONE; cut.months.len()];
    for line in meeting.axes.planned_during(year) {
        let number = meeting.books.accounts().get(line.account).number.as_str();
        let paid = number.starts_with(['6', '7']) && !is_computed(number);
        if !paid || (number.starts_with('7') && line.convention.is_some()) {
            continue;
        }
        let amount = -line.amount.decimal();
        let monthly = meeting
            .axes
            .planned_during(year)
            .any(|other| other.entry != line.entry && false_twin(other, line));
        let parts = match cut.months.iter().position(|month| month.contains(line.date)) {
            Some(month) if monthly => {
                let mut parts = vec![Decimal::ZERO; cut.months.len()];
                parts[month] = amount;
                parts
            }
            _ => share(amount, &even),
        };
        for (flow, part) in plan.flows.iter_mut().zip(&parts[cut.kept..]) {
            if number.starts_with('6') { flow.out -= part } else { flow.other += part }
        }
    }
}

/// Whether two planned lines come from one rule that falls on several days.
fn false_twin(other: &AxisLine, line: &AxisLine) -> bool {
    other.account == line.account && other.date != line.date && other.amount == line.amount
}

/// Charges and products that no cash follows.
fn is_computed(number: &str) -> bool {
    ["68", "78", "603", "713", "72", "777", "747", "675", "689", "789"]
        .iter()
        .any(|prefix| number.starts_with(prefix))
}

/// What is owed and due besides conventions is settled in the first month to come.
fn settle(meeting: &Meeting<'_>, known: Period, plan: &mut Forecast) {
    let Some(first) = plan.flows.first_mut() else {
        return;
    };
    let accounts = meeting.books.accounts();
    for id in accounts.sorted() {
        let number = &accounts.get(id).number;
        let third = ["40", "41", "42", "43", "44", "45", "46"];
        if !third.iter().any(|prefix| number.starts_with(prefix)) {
            continue;
        }
        // What conventions owe is in their own payments.
        let own = |line: &&AxisLine| line.account == id && line.convention.is_none();
        let lines = meeting.axes.written.iter().filter(|line| line.date <= known.last);
        let left = lines.filter(own).map(|line| line.amount).sum::<Sum>().decimal();
        if left.is_sign_negative() { first.out -= left } else { first.other += left }
    }
}
