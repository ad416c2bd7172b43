//! Fiscal years that begin on any day: they tile, each entry is in one, and statements hold in each.

use chrono::{Datelike, Days, Months, NaiveDate};
use compta::book::{Books, Years};
use compta::diagnostic::Code;
use compta::ledger::{Annual, Ledger, View};
use compta::measure::{FiscalYear, Period};
use compta::register::dossier;
use compta::statement::{Ask, Form, Kind, statement};

use crate::laws::{books_of, shipped};

/// The day after the last of some months that begin on a day; the 29th of February comes back as the 1st of March.
fn after(first: NaiveDate, months: u32) -> NaiveDate {
    let same = first.checked_add_months(Months::new(months)).unwrap();
    if same.day() == first.day() { same } else { same.succ_opt().unwrap() }
}

/// How long the years of some books are, in months; the first may be short.
const LENGTHS: [[u32; 3]; 5] = [[12, 12, 12], [5, 12, 12], [12, 18, 12], [18, 6, 12], [1, 24, 12]];

/// Three years that follow each other from a day.
fn tiled(first: NaiveDate, lengths: [u32; 3]) -> Vec<FiscalYear> {
    let mut first = first;
    lengths
        .iter()
        .enumerate()
        .map(|(rank, months)| {
            let next = after(first, *months);
            let period = Period { first, last: next.pred_opt().unwrap() };
            first = next;
            FiscalYear { name: format!("exercice {}", rank + 1), period }
        })
        .collect()
}

/// Every day of a century.
fn century() -> impl Iterator<Item = NaiveDate> {
    let first = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap();
    first.iter_days().take_while(|day| day.year() <= 2100)
}

/// As `compta.toml` writes them.
fn written(years: &[FiscalYear]) -> String {
    let mut text = "[entite]\nnom = \"Essai\"\n".to_owned();
    for FiscalYear { name, period } in years {
        let Period { first, last } = period;
        text.push_str(&format!(
            "\n[[exercice]]\nnom = \"{name}\"\ndebut = {first}\nfin = {last}\n"
        ));
    }
    text
}

#[test]
fn each_day_is_in_one_year_whatever_day_years_begin() {
    let (mut days, mut leaps) = (0, 0);
    for (rank, first) in century().enumerate() {
        let years = tiled(first, LENGTHS[rank % LENGTHS.len()]);
        let known = Years::listed(years.clone());
        let mut before = None;
        for year in &years {
            let Period { first, last } = year.period;
            for day in [first, last] {
                assert_eq!(known.of(day).as_ref(), Some(year), "{day}");
                assert_eq!(known.rank(day), known.rank(first), "{day}");
            }
            assert_eq!(known.before(year).as_ref(), before, "{first}");
            before = Some(year);
        }
        let (first, last) = (years[0].period.first, years[2].period.last);
        assert_eq!(known.of(first.pred_opt().unwrap()), None, "{first}");
        assert_eq!(known.of(last.succ_opt().unwrap()), None, "{last}");
        assert_eq!(known.within(Period { first, last }), years, "{first}");
        // The year that nobody listed yet follows, and has twelve months.
        let next = known.after(&years[2]).unwrap().period;
        assert_eq!(Some(next.first), last.succ_opt());
        let length = (next.last - next.first).num_days() + 1;
        assert!((365..=366).contains(&length), "{} to {}: {length} days", next.first, next.last);
        let whole = after(next.first, 12).pred_opt().unwrap();
        let leap = (next.first.month(), next.first.day()) == (2, 29);
        assert!(next.last == whole || leap, "{} to {}", next.first, next.last);
        leaps += usize::from((first.month(), first.day()) == (2, 29));
        days += 1;
    }
    assert_eq!((days, leaps), (36_890, 25), "2100 is no leap year");
}

/// An entry on a day: a purchase that is not paid, a subsidy that is.
fn entries(day: NaiveDate, rank: usize) -> String {
    format!(
        "\n{day} * (OD-{rank:04}) Essai\n    604 Achats d'études et prestations de services   {rank}0,07 €\n    401 Fournisseurs   -{rank}0,07 €\n\n{day} * (BQ-{rank:04}) Essai\n    512 Banques   {rank}3,51 €\n    756 Cotisations   -{rank}3,51 €\n"
    )
}

/// Entries on the two ends of each year, in an order that says nothing.
fn journal(years: &[FiscalYear]) -> String {
    let mut text = "decimal-mark ,\n".to_owned();
    for (rank, year) in years.iter().enumerate().rev() {
        text.push_str(&entries(year.period.last, 2 * rank + 2));
        text.push_str(&entries(year.period.first, 2 * rank + 1));
    }
    text
}

/// Both statements of each year hold, and each opens with what the one before left.
fn hold(books: &mut Books, form: &Form, years: &[FiscalYear]) {
    let annual = Annual::of(books);
    assert_eq!(annual.years().collect::<Vec<_>>(), years.iter().collect::<Vec<_>>());
    for year in years {
        for kind in [Kind::Bilan, Kind::Resultat] {
            let view = View::Classic;
            let ask =
                Ask { books, annual: &annual, form, kind, year, part: None, view, budget: None };
            let mut findings = Vec::new();
            assert!(statement(ask, &mut findings).is_some(), "{year:?}");
            assert!(findings.is_empty(), "{year:?} {findings:?}");
        }
    }
    for pair in years.windows(2) {
        let (before, after) = (annual.ledger(&pair[0]).unwrap(), annual.ledger(&pair[1]).unwrap());
        let own = Ledger::of(books, Some(pair[1].period), |by| by.is_none());
        let mut carried = 0;
        for id in books.accounts().sorted() {
            if books.accounts().get(id).number.starts_with(['4', '5']) {
                let opening = after.balance(id, View::Classic) - own.balance(id, View::Classic);
                assert_eq!(opening, before.balance(id, View::Classic), "{pair:?}");
                carried += usize::from(!opening.is_zero());
            }
        }
        assert!(carried >= 2, "{pair:?}");
    }
}

#[test]
fn statements_hold_in_years_that_begin_on_any_day() {
    let forms = shipped();
    let form = forms.iter().find(|form| form.name == "ag").unwrap();
    let ends = |day: &NaiveDate| matches!((day.month(), day.day()), (2, 28 | 29) | (3, 1));
    let mut tried = 0;
    for (rank, first) in century().enumerate().filter(|(rank, day)| rank % 97 == 0 || ends(day)) {
        let lengths = LENGTHS[tried % LENGTHS.len()];
        let years = tiled(first, lengths);
        let mut findings = Vec::new();
        let read = dossier(&written(&years), 0, &mut findings);
        assert!(findings.is_empty(), "{first} {lengths:?} {findings:?}");
        assert_eq!(read.years, years, "{rank}");
        let (mut books, findings) =
            books_of(&[("a", journal(&years))], Years::listed(read.years), 1);
        assert!(findings.iter().all(|one| !one.is_error()), "{first} {lengths:?} {findings:?}");
        hold(&mut books, form, &years);
        tried += 1;
    }
    assert!(tried > 600, "{tried}");
}

/// A year that begins a day too early or too late is told, and so is an entry on a day of no year.
#[test]
fn a_day_in_two_years_or_in_none_is_told() {
    for (rank, first) in century().enumerate().filter(|(rank, _)| rank % 211 == 0) {
        let years = tiled(first, LENGTHS[rank % LENGTHS.len()]);
        for shift in [0, 2] {
            let mut wrong = years.clone();
            let begins = wrong[1].period.first.pred_opt().unwrap();
            wrong[1].period.first = begins + Days::new(shift);
            let mut findings = Vec::new();
            dossier(&written(&wrong), 0, &mut findings);
            let codes: Vec<Code> = findings.iter().map(|one| one.code).collect();
            assert_eq!(codes, [Code::YearsDoNotTile], "{first} {shift}");
        }
        let outside = [first.pred_opt().unwrap(), years[2].period.last.succ_opt().unwrap()];
        for (rank, day) in outside.into_iter().enumerate() {
            let text = journal(&years) + &entries(day, 90 + rank);
            let (_, findings) = books_of(&[("a", text)], Years::listed(years.clone()), 1);
            let errors = findings.iter().filter(|one| one.is_error());
            let codes: Vec<Code> = errors.map(|one| one.code).collect();
            assert_eq!(codes, [Code::OutsideYears; 2], "{day}");
        }
    }
}
