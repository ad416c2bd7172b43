use std::collections::BTreeMap;

use super::axes::{Axes, AxisLine};
use crate::book::Books;
use crate::diagnostic::{Code, Finding, Span};
use crate::measure::{FiscalYear, Period, Sum, euros};
use crate::register::{Convention, Conventions, Financing};

/// What the books hold of each convention against what its register says: never more than it grants,
/// nothing before it is notified, and at each closing the later years' share in 487.
pub(super) fn conventions(
    books: &Books,
    register: &Conventions,
    axes: &Axes,
    findings: &mut Vec<Finding>,
) {
    let mut lines: BTreeMap<usize, Vec<&AxisLine>> = BTreeMap::new();
    for line in &axes.written {
        if let Some(rank) = line.convention {
            lines.entry(rank).or_default().push(line);
        }
    }
    let closed = closed_years(books);
    for (rank, known) in register.list.iter().enumerate() {
        let held = Held { books, lines: lines.get(&rank).map_or(&[][..], Vec::as_slice) };
        findings.extend(calendar_years(books, known));
        findings.extend(exceeded(known, &held));
        findings.extend(unnotified(known, &held));
        for year in &closed {
            findings.extend(deferred(books, known, &held, year));
        }
    }
}

/// The lines of book F on one convention.
struct Held<'a> {
    books: &'a Books,
    lines: &'a [&'a AxisLine],
}

impl Held<'_> {
    fn number(&self, line: &AxisLine) -> &str {
        &self.books.accounts().get(line.account).number
    }

    /// Credits less debits of the accounts that begin so, up to a day.
    fn credit(&self, prefixes: &[&str], until: Option<chrono::NaiveDate>) -> Sum {
        let fits = |line: &&&AxisLine| {
            until.is_none_or(|day| line.date <= day)
                && prefixes.iter().any(|prefix| self.number(line).starts_with(prefix))
        };
        self.lines.iter().filter(fits).map(|line| -line.amount).sum()
    }
}

const PRODUCTS: [&str; 3] = ["70", "74", "75"];

/// The years whose last day has an entry: their closing entries are there to be held to.
fn closed_years(books: &Books) -> Vec<FiscalYear> {
    let mut span: Option<Period> = None;
    for entry in books.written() {
        let day = entry.date();
        span = Some(span.map_or(Period { first: day, last: day }, |known| Period {
            first: known.first.min(day),
            last: known.last.max(day),
        }));
    }
    let Some(span) = span else { return Vec::new() };
    let years = books.years().within(span);
    years.into_iter().filter(|year| year.period.last <= span.last).collect()
}

/// A share of the calendar is that of a year which the convention covers.
fn calendar_years(books: &Books, known: &Convention) -> Vec<Finding> {
    let wrong = known.shares.iter().filter(|(year, _)| {
        books.years().period_named(&year.value).is_none_or(|days| !days.meets(known.period))
    });
    wrong
        .map(|(year, _)| {
            let covered: Vec<String> = books
                .years()
                .within(known.period)
                .into_iter()
                .map(|year| format!("`{}`", year.name))
                .collect();
            Finding::new(
                Code::BadValue,
                year.at,
                format!("{} ne couvre pas l’exercice `{}`", known.id.value, year.value),
            )
            .label("cette part du calendrier")
            .related(known.id.at, "cette convention")
            .help(match covered.as_slice() {
                [] => "nommez un exercice que `debut` et `fin` touchent".to_owned(),
                years => format!("elle couvre : {}", years.join(", ")),
            })
        })
        .collect()
}

/// Recognised, deferred and received never exceed what is granted.
fn exceeded(known: &Convention, held: &Held<'_>) -> Vec<Finding> {
    let products = held.credit(&PRODUCTS, None);
    let recognised = products + held.credit(&["487"], None);
    let owed = -held.credit(&["41", "44", "46"], None);
    let received = recognised - owed;
    let told = |what: &str, sum: Sum| {
        let message = format!(
            "{} accorde {}, les livres en ont {} de {what}",
            known.id.value,
            euros(known.amount),
            euros(sum.decimal())
        );
        Finding::new(Code::ConventionExceeded, known.id.at, message)
            .label(format!("{} de trop", euros(sum.decimal() - known.amount)))
            .help(
                "corrigez l’étiquette `convention` d’une écriture, ou portez l’avenant à `montant`",
            )
    };
    if recognised.decimal() > known.amount {
        return vec![told("produits et produits d’avance", recognised)];
    }
    if received.decimal() > known.amount {
        return vec![told("versements", received)];
    }
    Vec::new()
}

/// A subsidy is a product once it is notified, and not before (ANC 2018-06 art. 142-8).
fn unnotified(known: &Convention, held: &Held<'_>) -> Option<Finding> {
    if known.financing != Financing::Grant {
        return None;
    }
    let is_product = |line: &&&AxisLine| {
        let number = held.number(line);
        !line.opens
            && line.amount.is_negative()
            && PRODUCTS.iter().any(|prefix| number.starts_with(prefix))
    };
    let first = held.lines.iter().filter(is_product).map(|line| (line.date, line.at)).min()?;
    let (message, at) = match &known.notified {
        None => (format!("{} n’a pas de date de notification", known.id.value), known.id.at),
        Some(day) if day.value > first.0 => {
            let day = day.value.format("%d/%m/%Y");
            (format!("produit constaté avant la notification du {day}"), first.1)
        }
        Some(_) => return None,
    };
    let related: (Span, &str) = match &known.notified {
        None => (first.1, "un produit est pourtant constaté ici"),
        Some(day) => (day.at, "la notification de la convention"),
    };
    Some(
        Finding::new(Code::ConventionUnnotified, at, message)
            .label("une subvention est un produit quand elle est notifiée")
            .related(related.0, related.1)
            .help("ajoutez ou corrigez `notification`, ou la date de l’écriture"),
    )
}

/// At a closing, 487 holds the shares of later years.
fn deferred(
    books: &Books,
    known: &Convention,
    held: &Held<'_>,
    year: &FiscalYear,
) -> Option<Finding> {
    let last = year.period.last;
    let begun = known.notified.as_ref().is_some_and(|day| day.value <= last);
    if known.financing != Financing::Grant || known.shares.is_empty() || !begun {
        return None;
    }
    let after =
        |name: &str| books.years().period_named(name).is_some_and(|days: Period| days.first > last);
    let later: Vec<&(crate::register::Spanned<String>, rust_decimal::Decimal)> =
        known.shares.iter().filter(|(name, _)| after(&name.value)).collect();
    let expected: rust_decimal::Decimal = later.iter().map(|(_, share)| *share).sum();
    let kept = held.credit(&["487"], Some(last)).decimal();
    if kept == expected {
        return None;
    }
    let at = later.first().map_or(known.shares[0].0.at, |(name, _)| name.at);
    let message = format!(
        "au {}, le calendrier de {} laisse {} aux exercices suivants, les livres {} en 487",
        last.format("%d/%m/%Y"),
        known.id.value,
        euros(expected),
        euros(kept)
    );
    Some(
        Finding::new(Code::ConventionCalendar, at, message).label("ce calendrier").help(
            "corrigez le calendrier, ou l’écriture de produit constaté d’avance de la clôture",
        ),
    )
}
