use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::conventions::{OWED, follow};
use super::meeting::Meeting;
use super::treasury::{Flow, month_name};
use crate::analytic::{AxisLine, share};
use crate::book::EntryRef;
use crate::journal::tree::Every;
use crate::measure::{FiscalYear, Period, Sum, rounded_euros};
use crate::register::Payment;

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
        "prévu : versements des conventions à leur date, budget hors conventions (une règle annuelle est répartie sur les mois, une autre tombe à sa date), créances et dettes {open} au premier mois prévu ; amortissements et provisions sont sans effet"
    ));
    let year = FiscalYear { name: String::new(), period: known };
    conventions(meeting, cut, &year, &mut plan);
    budget(meeting, cut, &mut plan);
    settle(meeting, known, &mut plan);
    plan
}

/// The payments of conventions on their days, less what already came; what is late comes first.
fn conventions(meeting: &Meeting<'_>, cut: Cut<'_>, known: &FiscalYear, plan: &mut Forecast) {
    let register = meeting.registers.conventions.as_ref();
    let list = register.map_or(&[][..], |conventions| &conventions.list);
    let coming = cut.coming();
    let Some(from) = coming.first().map(|month| month.first) else {
        return;
    };
    let mut late = Vec::new();
    for (one, followed) in list.iter().zip(follow(&Meeting { year: known, ..*meeting })) {
        let mut payments: Vec<&Payment> = one.payments.iter().collect();
        payments.sort_by_key(|payment| payment.day);
        let sum = |list: &[&Payment]| list.iter().map(|payment| payment.amount).sum::<Decimal>();
        let (past, next) =
            payments.split_at(payments.partition_point(|payment| payment.day < from));
        // What came before its day is not expected again: the first payments are those that came.
        let left = (one.amount - followed.received).max(Decimal::ZERO);
        let expected = sum(next).min(left);
        let mut came = sum(next) - expected;
        for payment in next {
            let before = came.min(payment.amount);
            came -= before;
            if let Some(month) = coming.iter().position(|month| month.contains(payment.day)) {
                plan.flows[month].conventions += payment.amount - before;
            }
        }
        // What is owed and no payment to come covers, or what a past payment did not bring: one of
        // this year is expected even when nothing is owed yet.
        let owed = followed.receivable.decimal().max(Decimal::ZERO);
        let of_year = past.partition_point(|payment| payment.day < known.period.first);
        let most = owed.max(sum(&past[of_year..]));
        let due = (owed - expected).max((sum(past) - followed.received).min(most));
        if due > Decimal::ZERO {
            plan.flows[0].conventions += due;
            late.push(format!("{} ({})", one.id.value, rounded_euros(due, 0)));
        }
    }
    if !late.is_empty() {
        let month = month_name(from);
        plan.notes.push(format!("en retard, compté en {month} : {}", late.join(", ")));
    }
}

/// The lines of the budget that cash follows and that no convention pays.
fn budget(meeting: &Meeting<'_>, cut: Cut<'_>, plan: &mut Forecast) {
    let (Some(first), Some(last)) = (cut.months.first(), cut.months.last()) else {
        return;
    };
    let year = Period { first: first.first, last: last.last };
    let annual: Vec<bool> = meeting.books.planned().map(|rule| is_annual(&rule, year)).collect();
    let even = vec![Decimal::ONE; cut.months.len()];
    for line in meeting.axes.planned_during(year) {
        let number = meeting.books.accounts().get(line.account).number.as_str();
        let paid = number.starts_with(['6', '7']) && !is_computed(number);
        if !paid || (number.starts_with('7') && line.convention.is_some()) {
            continue;
        }
        let amount = -line.amount.decimal();
        let parts = if annual[line.entry] {
            share(amount, &even)
        } else {
            let own = |month: &Period| month.contains(line.date);
            cut.months.iter().map(|m| if own(m) { amount } else { Decimal::ZERO }).collect()
        };
        for (flow, part) in plan.flows.iter_mut().zip(&parts[cut.kept..]) {
            if number.starts_with('6') { flow.out -= part } else { flow.other += part }
        }
    }
}

/// Whether a rule stands for the whole year: it falls once, and its cash is spread over the months.
///
/// A year that does not begin in January has no such period: the rule of its first month stands for it.
fn is_annual(rule: &EntryRef<'_>, year: Period) -> bool {
    let Some((Every::Once, over)) = rule.rule() else {
        return false;
    };
    let begins = |day: NaiveDate| (day.year(), day.month());
    let whole = begins(over.first) != begins(over.last);
    whole || year.first.month() != 1 && begins(over.first) == begins(year.first)
}

/// Charges and products that no cash follows.
fn is_computed(number: &str) -> bool {
    ["68", "78", "603", "713", "72", "777", "747", "675", "689", "789"]
        .iter()
        .any(|prefix| number.starts_with(prefix))
}

/// What is owed and due besides conventions is settled in the first month to come; charges to be paid
/// that each year renews (paid leave and its social charges) stay.
fn settle(meeting: &Meeting<'_>, known: Period, plan: &mut Forecast) {
    let Some(first) = plan.flows.first_mut() else {
        return;
    };
    let accounts = meeting.books.accounts();
    let begins = |number: &str, prefixes: &[&str]| prefixes.iter().any(|p| number.starts_with(p));
    let mut renewed = Decimal::ZERO;
    for id in accounts.sorted() {
        let number = &accounts.get(id).number;
        if !begins(number, &["40", "41", "42", "43", "44", "45", "46"]) {
            continue;
        }
        // What conventions owe is in their own payments.
        let owed = begins(number, &OWED);
        let own = |line: &&AxisLine| line.account == id && !(owed && line.convention.is_some());
        let lines = meeting.axes.written.iter().filter(|line| line.date <= known.last);
        let left = lines.filter(own).map(|line| line.amount).sum::<Sum>().decimal();
        match (left.is_sign_negative(), begins(number, &["428", "438", "448"])) {
            (true, true) => renewed -= left,
            (true, false) => first.out -= left,
            (false, _) => first.other += left,
        }
    }
    if !renewed.is_zero() {
        let sum = rounded_euros(renewed, 0);
        plan.notes.push(format!(
            "non décaissées : {sum} de charges à payer (428, 438, 448 : congés payés et leurs charges sociales…), qui se renouvellent d’une année sur l’autre"
        ));
    }
}
