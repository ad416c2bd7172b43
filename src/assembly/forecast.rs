use rust_decimal::Decimal;

use super::conventions::OWED;
use super::meeting::Meeting;
use super::planned::{planned, whole_year};
use super::receipts::receipts;
use super::treasury::{Flow, month_name};
use crate::analytic::AxisLine;
use crate::measure::{FiscalYear, Period, Sum, rounded_euros};

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
    /// How many of them the books have kept to their end.
    pub(super) kept: usize,
    /// Whether the next one is in progress.
    pub(super) begun: bool,
}

impl<'m> Cut<'m> {
    /// The months that the books have kept.
    pub(super) fn past(&self) -> &'m [Period] {
        &self.months[..self.kept]
    }

    /// The months to come, that in progress first.
    pub(super) fn coming(&self) -> &'m [Period] {
        &self.months[self.kept..]
    }

    /// The month in progress.
    pub(super) fn current(&self) -> Option<&'m Period> {
        self.coming().first().filter(|_| self.begun)
    }

    /// The months that the books have kept, that in progress last.
    pub(super) fn begun(&self) -> &'m [Period] {
        &self.months[..self.kept + usize::from(self.begun)]
    }

    /// What a month is, by rank.
    pub(super) fn nature(&self, rank: usize) -> &'static str {
        if rank < self.kept {
            "réalisé"
        } else if rank < self.begun().len() {
            "en cours"
        } else {
            "prévu"
        }
    }
}

/// What is expected of the months to come: payments of conventions, the budget without them, and what
/// is owed and due when they begin. Of the month in progress, what `done` did not do already.
pub(super) fn forecast(
    meeting: &Meeting<'_>,
    cut: Cut<'_>,
    year: &FiscalYear,
    done: Flow,
) -> Forecast {
    let mut plan = Forecast::default();
    if cut.coming().is_empty() {
        return plan;
    }
    plan.flows = vec![Flow::default(); cut.coming().len()];
    let open = match (cut.begun, cut.kept) {
        (true, _) => "ouvertes au mois en cours",
        (false, 0) => "de l’ouverture au premier mois prévu",
        (false, _) => "du dernier mois réalisé au premier mois prévu",
    };
    plan.notes.push(format!(
        "prévu : versements des conventions à leur date, budget hors conventions (une règle annuelle est répartie sur les mois, une autre tombe à sa date), créances et dettes {open} ; amortissements et provisions sont sans effet"
    ));
    plan.notes.extend(whole_year(year.period));
    if let Some(month) = cut.current() {
        let month = month_name(month.first);
        plan.notes.push(format!(
            "en cours : {month} compte ce qui est réalisé, plus ce que son plan n’a pas encore donné, colonne par colonne"
        ));
    }
    let budget = planned(meeting, cut, &mut plan);
    receipts(meeting, cut, year, &budget, &mut plan);
    settle(meeting, cut, done, &mut plan);
    plan
}

/// What is owed and due besides conventions is settled in the first month to come; charges to be paid
/// that each year renews (paid leave and its social charges) stay.
///
/// The plan of the month in progress is its budget and what was open when it began: what was paid and
/// what is open now are its parts, unless they are more than the whole.
fn settle(meeting: &Meeting<'_>, cut: Cut<'_>, done: Flow, plan: &mut Forecast) {
    let (Some(first), Some(next), Some(last)) =
        (plan.flows.first_mut(), cut.coming().first(), cut.coming().last())
    else {
        return;
    };
    let accounts = meeting.books.accounts();
    let begins = |number: &str, prefixes: &[&str]| prefixes.iter().any(|p| number.starts_with(p));
    let mut renewed = Decimal::ZERO;
    let mut open = Flow::default();
    for id in accounts.sorted() {
        let number = &accounts.get(id).number;
        if !begins(number, &["40", "41", "42", "43", "44", "45", "46"]) {
            continue;
        }
        // What conventions owe is in their own payments.
        let owed = begins(number, &OWED);
        let own = |line: &&AxisLine| line.account == id && !(owed && line.convention.is_some());
        let lines =
            || meeting.axes.written.iter().filter(|line| line.date <= last.last).filter(own);
        let left = lines().map(|line| line.amount).sum::<Sum>().decimal();
        let old = lines().filter(|line| line.opens || line.date < next.first);
        let old = old.map(|line| line.amount).sum::<Sum>().decimal();
        let renews = begins(number, &["428", "438", "448"]);
        if renews {
            renewed += (-left).max(Decimal::ZERO);
        }
        open.owe(left, renews);
        first.owe(old, renews);
    }
    if cut.begun {
        first.other = (first.other - done.other).max(open.other);
        first.out = (first.out - done.out).max(open.out);
    }
    if !renewed.is_zero() {
        let sum = rounded_euros(renewed, 0);
        plan.notes.push(format!(
            "non décaissées : {sum} de charges à payer (428, 438, 448 : congés payés et leurs charges sociales…), qui se renouvellent d’une année sur l’autre"
        ));
    }
}

impl Flow {
    /// The balance of an account comes in, or goes out unless it renews itself.
    fn owe(&mut self, balance: Decimal, renews: bool) {
        if balance.is_sign_positive() {
            self.other += balance;
        } else if !renews {
            self.out -= balance;
        }
    }
}
