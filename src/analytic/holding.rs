use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::axes::{Axes, AxisLine};
use crate::book::Books;
use crate::diagnostic::{Code, Finding};
use crate::measure::{FiscalYear, Period, Sum, euros};
use crate::register::{Convention, Conventions, Financing};

/// What the books hold of each convention against what its register says: never more than it grants,
/// nothing before it is notified, and at the last closing the later years' share in 487.
///
/// The last is a warning: the entry may be still to write, or an amendment may have come since.
pub(super) fn conventions(
    books: &Books,
    register: &Conventions,
    axes: &Axes,
    derived: bool,
    closed_until: Option<NaiveDate>,
    findings: &mut Vec<Finding>,
) {
    let mut lines: BTreeMap<usize, Vec<&AxisLine>> = BTreeMap::new();
    for line in &axes.written {
        if let Some(rank) = line.convention {
            lines.entry(rank).or_default().push(line);
        }
    }
    // A closed year has its own calendar, whatever an amendment says since.
    let open = |year: &FiscalYear| closed_until.is_none_or(|day| year.period.last > day);
    let closed = last_closed(books).filter(|year| derived && open(year));
    for (rank, known) in register.list.iter().enumerate() {
        let lines = lines.get(&rank).map_or(&[][..], Vec::as_slice);
        let held = Held { books, known, lines };
        findings.extend(held.calendar_years());
        findings.extend(held.exceeded());
        findings.extend(held.unnotified());
        findings.extend(closed.as_ref().and_then(|year| held.deferred(year)));
    }
}

/// The last year whose closing day the books have reached.
fn last_closed(books: &Books) -> Option<FiscalYear> {
    let days = || books.written().map(|entry| entry.date());
    let span = Period { first: days().min()?, last: days().max()? };
    let years = books.years().within(span);
    years.into_iter().rfind(|year| year.period.last <= span.last)
}

/// The lines of book F on one convention.
struct Held<'a> {
    books: &'a Books,
    known: &'a Convention,
    lines: &'a [&'a AxisLine],
}

impl Held<'_> {
    fn number(&self, line: &AxisLine) -> &str {
        &self.books.accounts().get(line.account).number
    }

    /// Credits less debits of the lines that fit.
    fn credit(&self, fits: impl Fn(&AxisLine) -> bool) -> Decimal {
        let own = self.lines.iter().filter(|line| fits(line));
        own.map(|line| -line.amount).sum::<Sum>().decimal()
    }

    fn is_deferred(&self, line: &AxisLine) -> bool {
        self.number(line).starts_with("487")
    }

    /// A share of the calendar is that of a year which the convention covers.
    fn calendar_years(&self) -> Vec<Finding> {
        let (known, years) = (self.known, self.books.years());
        let wrong = known.shares.iter().filter(|(year, _)| {
            years.period_named(&year.value).is_some_and(|days| !days.meets(known.period))
        });
        wrong
            .map(|(year, _)| {
                let covered: Vec<String> = years
                    .within(known.period)
                    .into_iter()
                    .map(|year| format!("`{}`", year.name))
                    .collect();
                let help = match covered.as_slice() {
                    [] => "nommez un exercice que `debut` et `fin` touchent".to_owned(),
                    years => format!("elle couvre : {}", years.join(", ")),
                };
                let message =
                    format!("{} ne couvre pas l’exercice `{}`", known.id.value, year.value);
                Finding::new(Code::BadValue, year.at, message)
                    .label("cette part du calendrier")
                    .related(known.id.at, "cette convention")
                    .help(help)
            })
            .collect()
    }

    /// What is recognised, now or for later, never exceeds what is granted.
    fn exceeded(&self) -> Option<Finding> {
        let known = self.known;
        let recognised =
            self.credit(|line| known.recognises(self.number(line)) || self.is_deferred(line));
        if recognised <= known.amount {
            return None;
        }
        let message = format!(
            "{} accorde {}, les livres en ont {} de produits, ceux d’avance compris",
            known.id.value,
            euros(known.amount),
            euros(recognised)
        );
        Some(
            Finding::new(Code::ConventionExceeded, known.id.at, message)
                .label(format!("{} de trop", euros(recognised - known.amount)))
                .help("corrigez l’étiquette `convention` d’une écriture, ou portez l’avenant à `montant` et au calendrier ; une baisse de ce qui fut passé à la main s’écrit au jour de l’avenant"),
        )
    }

    /// A subsidy is a product once it is notified, and not before (ANC 2018-06 art. 142-8); what was
    /// reversed before that day is no product.
    fn unnotified(&self) -> Option<Finding> {
        let known = self.known;
        if known.financing != Financing::Grant {
            return None;
        }
        let is_product = |line: &AxisLine| !line.opens && known.recognises(self.number(line));
        let early = |line: &AxisLine| {
            known.notified.as_ref().is_none_or(|day| line.date < day.value) && is_product(line)
        };
        if self.credit(early) <= Decimal::ZERO {
            return None;
        }
        let first = self
            .lines
            .iter()
            .filter(|line| early(line) && line.amount.is_negative())
            .min_by_key(|line| (line.date, line.at))?;
        let label = "une subvention est un produit quand elle est notifiée";
        Some(match &known.notified {
            None => Finding::new(
                Code::ConventionUnnotified,
                known.id.at,
                format!("{} n’a pas de date de notification", known.id.value),
            )
            .label(label)
            .related(first.at, "un produit est pourtant constaté ici")
            .help("ajoutez `notification = AAAA-MM-JJ` à la convention"),
            Some(day) => Finding::new(
                Code::ConventionUnnotified,
                first.at,
                format!(
                    "produit constaté avant la notification du {}",
                    day.value.format("%d/%m/%Y")
                ),
            )
            .label(label)
            .related(day.at, "la notification de la convention")
            .help(
                "corrigez `notification`, ou contre-passez cette écriture et passez-la à sa date",
            ),
        })
    }

    /// At a closing, 487 holds the shares of later years.
    fn deferred(&self, year: &FiscalYear) -> Option<Finding> {
        let (known, last) = (self.known, year.period.last);
        let begun = known.notified.as_ref().is_some_and(|day| day.value <= last);
        let grant = known.financing == Financing::Grant && known.condition.is_none();
        if !grant || known.shares.is_empty() || !begun {
            return None;
        }
        let after = |name: &str| self.starts_after(name, last);
        let later = known.shares.iter().filter(|(name, _)| after(&name.value));
        let expected: Decimal = later.clone().map(|(_, share)| *share).sum();
        let kept = self.credit(|line| line.date <= last && self.is_deferred(line));
        if kept == expected {
            return None;
        }
        let at = later.map(|(name, _)| name.at).next().unwrap_or(known.shares[0].0.at);
        let message = format!(
            "au {}, le calendrier de {} laisse {} aux exercices suivants, les livres {} en 487",
            last.format("%d/%m/%Y"),
            known.id.value,
            euros(expected),
            euros(kept)
        );
        Some(Finding::new(Code::ConventionCalendar, at, message).label("ce calendrier").help(
            "passez l’écriture de produit constaté d’avance de la clôture (ouverture et reprise étiquetées `convention` elles aussi), ou corrigez le calendrier",
        ))
    }

    fn starts_after(&self, name: &str, day: NaiveDate) -> bool {
        self.books.years().period_named(name).is_some_and(|days| days.first > day)
    }
}
