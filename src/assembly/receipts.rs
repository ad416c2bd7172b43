use rust_decimal::Decimal;

use super::conventions::follow;
use super::forecast::{Cut, Forecast};
use super::meeting::Meeting;
use super::treasury::month_name;
use crate::measure::{FiscalYear, rounded_euros};
use crate::register::Payment;

/// The payments of conventions on their days, less what already came; what is late comes first.
pub(super) fn receipts(
    meeting: &Meeting<'_>,
    cut: Cut<'_>,
    year: &FiscalYear,
    plan: &mut Forecast,
) {
    let register = meeting.registers.conventions.as_ref();
    let list = register.map_or(&[][..], |conventions| &conventions.list);
    let coming = cut.coming();
    let Some(from) = coming.first().map(|month| month.first) else {
        return;
    };
    let mut late = Vec::new();
    for (one, followed) in list.iter().zip(follow(&Meeting { year, ..*meeting })) {
        let mut payments: Vec<&Payment> = one.payments.iter().collect();
        payments.sort_by_key(|payment| payment.day);
        let sum = |list: &[&Payment]| list.iter().map(|payment| payment.amount).sum::<Decimal>();
        let (past, next) =
            payments.split_at(payments.partition_point(|payment| payment.day < from));
        // What came is not expected again, were it before its day: the first payments are those that
        // came.
        let left = (sum(&payments) - followed.received).max(Decimal::ZERO);
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
        let of_year = past.partition_point(|payment| payment.day < year.period.first);
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
