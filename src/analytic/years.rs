use chrono::{Datelike, NaiveDate};

use crate::book::{Books, Years};
use crate::diagnostic::{Code, Finding};
use crate::measure::{FiscalYear, Period};
use crate::register::{Portion, Registers, Spanned};

/// How far from the books, in years, a register may speak of a year.
const NEAR: i32 = 5;
/// How far before the books a grid of memberships may have begun.
const LONG_AGO: i32 = 60;

/// Every fiscal year that a register names is one of the books, or a calendar year near them that no
/// listed year covers: else what it says would never be read.
///
/// `whole` says whether every entry was read: the books' days are not known without them.
pub fn years(books: &Books, registers: &Registers, whole: bool, findings: &mut Vec<Finding>) {
    let span = span(books).filter(|_| whole);
    let mut look = |name: &Spanned<String>, around: Option<Period>, before: i32| {
        let around = span.zip(around).map(|(span, own)| join(span, own)).or(span);
        // A convention's calendar has already been held to its own days.
        let told = findings.iter().any(|finding| finding.at == name.at);
        if !told && !name.value.is_empty() && !is_known(books.years(), &name.value, around, before)
        {
            findings.push(unknown(books, name, span));
        }
    };
    for key in registers.programmes.iter().flat_map(|programmes| &programmes.keys) {
        key.year.iter().for_each(|year| look(year, None, NEAR));
    }
    for known in registers.conventions.iter().flat_map(|conventions| &conventions.list) {
        known.shares.iter().for_each(|(year, _)| look(year, Some(known.period), NEAR));
    }
    if let Some(adhesions) = &registers.adhesions {
        adhesions.grids.iter().for_each(|grid| look(&grid.since, None, LONG_AGO));
        adhesions.individuals.iter().for_each(|known| look(&known.year, None, NEAR));
    }
    let levels = registers.provisions.iter().flatten().map(|known| &known.levels);
    let accrued = registers.regularisations.iter().flat_map(|register| &register.accrued);
    let kept = registers.conventions.iter().flat_map(|conventions| &conventions.list);
    let kept = kept.filter_map(|known| known.dedicated.as_ref()?.levels.as_ref());
    for levels in levels.chain(accrued.map(|known| &known.levels)).chain(kept) {
        for (year, _) in levels {
            look(year, None, NEAR);
        }
    }
    for moved in registers.regularisations.iter().flat_map(|register| &register.list) {
        if let Portion::Given { year, .. } = &moved.portion {
            look(year, None, NEAR);
        }
    }
    for resolution in registers.resolutions.iter().flatten() {
        resolution.year.iter().for_each(|year| look(year, None, NEAR));
    }
    if let Some(controls) = &registers.controls {
        controls.justifications.iter().for_each(|known| look(&known.year, None, NEAR));
        controls.declarations.iter().for_each(|known| look(&known.year, None, NEAR));
    }
}

/// The days of the books, from the first entry to the last, written or planned; the listed years too.
fn span(books: &Books) -> Option<Period> {
    let mut span: Option<Period> = None;
    let mut meet = |day: NaiveDate| {
        let own = Period { first: day, last: day };
        span = Some(span.map_or(own, |known| join(known, own)));
    };
    books.visit(|day, _, _| meet(day));
    books.planned().for_each(|entry| meet(entry.date()));
    for year in books.years().all() {
        meet(year.period.first);
        meet(year.period.last);
    }
    span
}

fn join(a: Period, b: Period) -> Period {
    Period { first: a.first.min(b.first), last: a.last.max(b.last) }
}

fn is_known(years: &Years, name: &str, around: Option<Period>, before: i32) -> bool {
    let listed = years.are_listed().then(|| years.named(name)).flatten();
    if listed.is_some() {
        return true;
    }
    let Some((first, last)) = calendar(name) else {
        return false;
    };
    let days = years.period_named(name);
    let covered = |year: &FiscalYear| days.is_some_and(|days| days.meets(year.period));
    let near =
        |around: Period| first >= around.first.year() - before && last <= around.last.year() + NEAR;
    !years.all().iter().any(covered) && around.is_none_or(near)
}

/// The calendar years of a name: `2024`, or `2024-2025` for a year that straddles two.
fn calendar(name: &str) -> Option<(i32, i32)> {
    let year = |text: &str| {
        let is_year = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
        is_year.then(|| text.parse().ok()).flatten().filter(|year| (1900..=2199).contains(year))
    };
    match name.split_once('-') {
        None => year(name).map(|year| (year, year)),
        Some((first, last)) => {
            let (first, last): (i32, i32) = (year(first)?, year(last)?);
            (last == first + 1).then_some((first, last))
        }
    }
}

/// A year that nobody knows, with the nearest of those of the books.
fn unknown(books: &Books, name: &Spanned<String>, span: Option<Period>) -> Finding {
    let mut known = books.years().all().to_vec();
    if known.is_empty() {
        known = span.map(|span| books.years().within(span)).unwrap_or_default();
    }
    let distance = |year: &FiscalYear| {
        let far = match (calendar(&name.value), calendar(&year.name)) {
            (Some((typed, _)), Some((known, _))) => typed.abs_diff(known),
            _ => 0,
        };
        (strsim::osa_distance(&year.name, &name.value), far, year.name.clone())
    };
    let near = known.iter().min_by_key(|year| distance(year));
    let help = match near {
        Some(near) => format!("le plus proche des exercices des livres est `{}`", near.name),
        None => "nommez l’exercice comme dans `compta.toml`, ou par son année : `2024`".to_owned(),
    };
    Finding::new(Code::BadValue, name.at, format!("exercice inconnu : `{}`", name.value))
        .label("ni aux livres, ni près d’eux au calendrier")
        .help(help)
}
