use chrono::{Months, NaiveDate};
use rust_decimal::Decimal;

use super::conventions::{Convention, Financing};
use super::euros::{Euros, needed_euros};
use super::fields::{Fields, Spanned};
use crate::diagnostic::{Code, Finding, Span};
use crate::measure::{Period, amount, euros};

/// A payment, made or expected.
#[derive(Clone, Debug)]
pub struct Payment {
    /// Its day.
    pub day: NaiveDate,
    /// Its amount in euros.
    pub amount: Decimal,
}

/// A payment as it is read: its day, its amount, their places.
pub(super) type Written = (Spanned<NaiveDate>, Spanned<Decimal>);

/// How many months before its beginning a convention that was not notified may be paid: a deposit.
const DEPOSIT: u32 = 12;
/// How many months after its end a convention may still be paid.
const LATE: u32 = 60;

/// The payments of a convention.
pub(super) fn payments(fields: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> Vec<Written> {
    let mut payments = Vec::new();
    for payment in fields.tables("versements", findings) {
        let day = payment.needed_day("date", findings);
        let (amount, _) = needed_euros(&payment, "montant", Euros::Positive, findings);
        payment.finish(findings);
        payments.extend(day.map(|day| (day, amount)));
    }
    payments
}

/// The parts of a convention never exceed what it grants.
pub(super) fn within<'a>(
    amount: &Spanned<Decimal>,
    what: &str,
    parts: impl Iterator<Item = &'a Spanned<Decimal>>,
    findings: &mut Vec<Finding>,
) {
    let mut sum = Decimal::ZERO;
    let mut place: Option<Span> = None;
    for part in parts {
        sum += part.value;
        place = Some(place.map_or(part.at, |place| place.to(part.at)));
    }
    let Some(place) = place.filter(|_| sum > amount.value) else {
        return;
    };
    findings.push(
        Finding::new(
            Code::PartsExceed,
            place,
            format!("les {what} font {}, plus que le montant accordé", euros(sum)),
        )
        .label(format!("{} de trop", euros(sum - amount.value)))
        .related(amount.at, "le montant accordé")
        .help("corrigez les parts, ou le montant de la convention"),
    );
}

/// No payment comes before the convention is known, nor long after its end.
pub(super) fn days(
    payments: &[Written],
    period: Period,
    notified: Option<&Spanned<NaiveDate>>,
    financing: Financing,
    findings: &mut Vec<Finding>,
) {
    let known = match (notified, financing) {
        (Some(day), _) => Some((day.value, "avant la notification")),
        (None, Financing::Grant) => Some((period.first, "avant le début de la convention")),
        (None, Financing::Invoice) => period
            .first
            .checked_sub_months(Months::new(DEPOSIT))
            .map(|day| (day, "plus d’un an avant le début de la convention")),
    };
    let late = period.last.checked_add_months(Months::new(LATE));
    for (day, _) in payments {
        let why = match known {
            Some((first, why)) if day.value < first => why,
            _ if late.is_some_and(|late| day.value > late) => {
                "plus de cinq ans après la fin de la convention"
            }
            _ => continue,
        };
        let finding = Finding::new(Code::BadValue, day.at, format!("un versement {why}"))
            .label("ce jour")
            .help("corrigez la date du versement, ou celles de la convention");
        findings.push(match notified {
            Some(notified) => finding.related(notified.at, "la notification"),
            None => finding,
        });
    }
}

/// The share of the allocated costs of its programme that a convention bears, in percent.
pub(super) fn indirect(
    fields: &Fields<'_, '_>,
    findings: &mut Vec<Finding>,
) -> Option<Spanned<Decimal>> {
    let table = fields.table("indirectes", findings)?;
    let part = table.needed_amount("part", findings);
    table.finish(findings);
    if part.value.is_sign_negative() || part.value > Decimal::ONE_HUNDRED {
        findings.push(
            Finding::new(Code::BadValue, part.at, "une part est entre 0 et 100\u{a0}%")
                .label("ici")
                .help("corrigez le pourcentage"),
        );
    }
    Some(part)
}

/// On no day do the conventions of one programme bear more than the whole of its allocated costs.
pub(super) fn borne_twice(conventions: &[Convention], findings: &mut Vec<Finding>) {
    fn code(known: &Convention) -> Option<&str> {
        known.programme.as_ref().map(|code| code.value.as_str())
    }
    let mut told: Vec<Span> = Vec::new();
    for last in conventions {
        let Some(part) = &last.indirect else { continue };
        let day = last.period.first;
        let together: Vec<(&Convention, &Spanned<Decimal>)> = conventions
            .iter()
            .filter(|known| code(known) == code(last) && known.period.contains(day))
            .filter_map(|known| Some((known, known.indirect.as_ref()?)))
            .collect();
        let sum: Decimal = together.iter().map(|(_, part)| part.value).sum();
        // One share above a hundred was told when it was read.
        let others = together.iter().any(|(_, other)| other.at != part.at);
        if sum <= Decimal::ONE_HUNDRED || !others || told.contains(&part.at) {
            continue;
        }
        told.extend(together.iter().map(|(_, part)| part.at));
        let whose = code(last).map_or_else(String::new, |code| format!(" du programme {code}"));
        let day = day.format("%d/%m/%Y");
        let mut finding = Finding::new(
            Code::PartsExceed,
            part.at,
            format!(
                "les conventions{whose} se font imputer {}\u{a0}% de ses charges communes au {day}",
                amount(sum, 0)
            ),
        )
        .label(format!("{}\u{a0}% de trop", amount(sum - Decimal::ONE_HUNDRED, 0)))
        .help("baissez une des parts : ensemble, elles ne dépassent pas 100\u{a0}%");
        for (known, other) in together.iter().filter(|(_, other)| other.at != part.at) {
            finding = finding.related(other.at, format!("avec celle de {}", known.id.value));
        }
        findings.push(finding);
    }
}
