use super::args::{BaseName, Common, FormatName};
use super::failure::Failure;
use super::host::Host;
use super::open::{Opened, emit, view};
use super::ready::{Openings, Ready, Scope, ready, ready_for_list, ready_with};
use crate::measure::Period;
use crate::render::{
    balance_document, budget_document, grand_livre_list, journal_list, statement_document,
    trace_document,
};
use crate::statement::{Ask, Kind, Statement, lists};

pub(super) fn balance(
    common: &Common,
    period: Option<&str>,
    account: Option<&str>,
    host: &mut Host,
) -> Result<u8, Failure> {
    if let Some(typed) = account {
        return Err(Failure::usage(
            format!("`--compte {typed}` restreint la balance auxiliaire"),
            "ajoutez `--auxiliaire`",
        ));
    }
    let ready = ready_for_list(common, period, host)?;
    let scope = ready.scope(common, period)?;
    let books = &ready.opened.books;
    let (ledger, edition) = ready.ledger(&scope)?;
    let lines = lists::balance(books, &ledger, view(common), edition);
    let heading = ready.heading(common, &scope);
    ready.emit(&balance_document(&lines, &heading, books.units()), common, host)
}

pub(super) fn journal(
    common: &Common,
    period: Option<&str>,
    journal: Option<&str>,
    host: &mut Host,
) -> Result<u8, Failure> {
    let ready = ready_for_list(common, period, host)?;
    let scope = ready.scope(common, period)?;
    if common.format == Some(FormatName::Hledger) {
        let entries = ready.entries(&scope).into_iter();
        let text = lists::as_journal(&ready.opened.books, entries, journal);
        emit(text.as_bytes(), common, &ready.opened.books, host)?;
        return Ok(0);
    }
    let lines = lists::journal(ready.entries(&scope).into_iter(), view(common), journal);
    if let (Some(code), true) = (journal, lines.is_empty()) {
        let mut codes: Vec<&str> = ready
            .entries(&scope)
            .iter()
            .map(|entry| entry.code().split('-').next().unwrap_or(""))
            .collect();
        codes.sort_unstable();
        codes.dedup();
        return Err(Failure::usage(
            format!("aucune écriture au journal `{code}`"),
            format!("les journaux sont : {}", codes.join(", ")),
        ));
    }
    let heading = ready.heading(common, &scope);
    ready.emit_list(&journal_list(&lines, &heading, &ready.opened.books), common, host)
}

pub(super) fn grand_livre(
    common: &Common,
    first: Option<&str>,
    second: Option<&str>,
    host: &mut Host,
) -> Result<u8, Failure> {
    // `6061` is an account, and would be a year.
    let held = |opened: &Opened, typed: &str| {
        let entries = opened.books.written().chain(opened.books.planned());
        let mut days = entries.map(|entry| entry.date());
        let year = opened.books.years().named(typed);
        year.filter(|year| days.any(|day| year.period.contains(day)))
    };
    // A year alone shows its own opening, and those before it are added up.
    let opens = |opened: &Opened| match (first, second) {
        _ if matches!(common.format, Some(FormatName::Html)) => Openings::Every,
        (Some(typed), None) | (_, Some(typed)) => {
            held(opened, typed).map_or(Openings::Every, Openings::Of)
        }
        (None, None) => match common.file {
            Some(_) => Openings::Every,
            None => opened.asked(None).map_or(Openings::Every, Openings::Of),
        },
    };
    // What was written has no opening.
    let ready = if common.tout {
        ready_for_list(common, None, host)?
    } else {
        ready_with(common, host, opens)?
    };
    // One argument may be a period or an account: a year of the books is a period.
    let known = |typed: &str| {
        let year = ready.opened.books.years().named(typed);
        year.is_some_and(|year| ready.annual.ledger(&year).is_some())
            || (common.tout && held(&ready.opened, typed).is_some())
            || (typed.len() > 4 && Period::calendar(typed).is_some())
    };
    let (account, period) = match (first, second) {
        (Some(only), None) if known(only) => (None, Some(only)),
        both => both,
    };
    let scope = ready.scope(common, period)?;
    // A period begins with what the year brought before it.
    let (entries, from) = match &scope {
        Scope::Days(days, _) => (ready.since_opening(*days), Some(days.first)),
        _ => (ready.entries(&scope), None),
    };
    let lines = lists::journal(entries.into_iter(), view(common), None);
    let lines = lists::grand_livre(&lines, &ready.opened.books, account, from);
    if let (Some(account), true) = (account, lines.is_empty()) {
        return Err(Failure::usage(
            format!("aucune ligne sur un compte qui commence par `{account}`"),
            "`compta balance` donne les comptes qui ont des lignes",
        ));
    }
    let heading = ready.heading(common, &scope);
    ready.emit_list(&grand_livre_list(&lines, &heading, &ready.opened.books), common, host)
}

pub(super) fn bilan(
    common: &Common,
    year: Option<&str>,
    (form, base): (Option<&str>, Option<BaseName>),
    host: &mut Host,
) -> Result<u8, Failure> {
    statement_report(common, Kind::Bilan, (year, None), (form, base), host)
}

pub(super) fn resultat(
    common: &Common,
    year: Option<&str>,
    budget: Option<&str>,
    (form, base): (Option<&str>, Option<BaseName>),
    host: &mut Host,
) -> Result<u8, Failure> {
    statement_report(common, Kind::Resultat, (year, budget), (form, base), host)
}

/// Which statement is asked for, by its options.
#[derive(Clone, Copy)]
struct AskedStatement<'a> {
    kind: Kind,
    year: Option<&'a str>,
    budget: Option<&'a str>,
    form: Option<&'a str>,
    base: Option<BaseName>,
}

fn statement_report(
    common: &Common,
    kind: Kind,
    (year, budget): (Option<&str>, Option<&str>),
    (form, base): (Option<&str>, Option<BaseName>),
    host: &mut Host,
) -> Result<u8, Failure> {
    let asked = AskedStatement { kind, year, budget, form, base };
    let mut ready = ready_with(common, host, |opened| balances_alone(opened, common, year))?;
    if let Some(code) = stated(common, &mut ready, asked, host)? {
        return Ok(code);
    }
    // What is wrong is shown at its line, and that may be one of an opening.
    let mut ready = self::ready(common, host)?;
    Ok(stated(common, &mut ready, asked, host)?.unwrap_or_default())
}

/// The openings that a statement shows: none for a whole year, unless a page or a workbook has its entries.
fn balances_alone(opened: &Opened, common: &Common, year: Option<&str>) -> Openings {
    let whole = year.is_none_or(|typed| opened.books.years().named(typed).is_some());
    let figures =
        !matches!(common.format, Some(FormatName::Html | FormatName::Xlsx | FormatName::Pdf));
    // The notes on both results look at what opened the CARE ledger.
    let accounts = opened.books.accounts();
    let ecological = |number: &str| number.starts_with(['C', 'T']);
    let care = accounts.sorted().into_iter().any(|id| ecological(&accounts.get(id).number));
    if whole && figures && !care { Openings::Unseen } else { Openings::Every }
}

/// Shows a statement; nothing when something is wrong and the openings, which may show it, are not there.
fn stated(
    common: &Common,
    ready: &mut Ready,
    AskedStatement { kind, year, budget, form, base }: AskedStatement<'_>,
    host: &mut Host,
) -> Result<Option<u8>, Failure> {
    if base.is_some() && !common.care {
        return Err(Failure::usage(
            "`--base` choisit comment présenter le livre CARE",
            "ajoutez `--care`",
        ));
    }
    if base == Some(BaseName::Stock) {
        ready.present_in_stock();
    }
    let (year, part) = ready.when(common, year)?;
    // The budget of the next year stands beside a whole year; beside a part of it, the one asked for.
    let beside = kind == Kind::Resultat && (part.is_none() || budget.is_some());
    let budget = if beside { ready.budget(budget, &year)? } else { None };
    let form = ready.form(form, kind)?;
    let asked = (&year, part.as_ref());
    let found = ready.stated(common, form, kind, asked, budget.as_ref());
    if !found.1.is_empty() && ready.unseen {
        return Ok(None);
    }
    let made = ready.told(found, host)?;
    let mut heading = ready.heading(common, &Scope::Year(part.unwrap_or(year)));
    if base == Some(BaseName::Stock) {
        heading.state.push_str(", présentation en stock");
    }
    let document = statement_document(&made, &heading, &ready.opened.books);
    ready.emit(&document, common, host).map(Some)
}

pub(super) fn budget(
    common: &Common,
    year: Option<&str>,
    form: Option<&str>,
    host: &mut Host,
) -> Result<u8, Failure> {
    let ready = ready(common, host)?;
    let (year, part) = ready.when(common, year)?;
    let planned = ready.budget(Some(&year.name), &year)?;
    // The budget of some days is what the rules plan for these days.
    let planned = planned.map(|year| part.clone().unwrap_or(year));
    let form = ready.form(form, Kind::Resultat)?;
    let asked = (&year, part.as_ref());
    let made = ready.made(common, form, Kind::Resultat, asked, planned.as_ref(), host)?;
    let lines = crate::statement::budget(&made);
    let heading = ready.heading(common, &Scope::Year(part.unwrap_or(year)));
    ready.emit(&budget_document(&lines, &heading, (&form.name, &ready.opened.books)), common, host)
}

pub(super) fn trace(
    common: &Common,
    key: &str,
    year: Option<&str>,
    form: Option<&str>,
    host: &mut Host,
) -> Result<u8, Failure> {
    let ready = ready(common, host)?;
    let year = ready.year(year)?;
    let kind = match key.split('.').next() {
        Some("bilan") => Kind::Bilan,
        Some("resultat") => Kind::Resultat,
        _ => {
            return Err(Failure::usage(
                format!("clé inconnue : `{key}`"),
                "une clé commence par `bilan.` ou `resultat.` ; `compta bilan -O json` les donne",
            ));
        }
    };
    let form = ready.form(form, kind)?;
    let budget = if kind == Kind::Resultat { ready.budget(None, &year)? } else { None };
    let made = ready.made(common, form, kind, (&year, None), budget.as_ref(), host)?;
    let books = &ready.opened.books;
    let ask = Ask {
        books,
        annual: ready.shown(common.care, &year),
        form,
        kind,
        year: &year,
        part: None,
        view: view(common),
        budget: budget.as_ref(),
    };
    let Some(trace) = crate::statement::trace(ask, &made, key) else {
        return Err(Failure::usage(format!("clé inconnue : `{key}`"), near_keys(&made, key)));
    };
    let heading = ready.heading(common, &Scope::Year(year.clone()));
    ready.emit(&trace_document(&trace, &heading), common, host)
}

/// The keys that look like a mistyped one.
fn near_keys(made: &Statement, key: &str) -> String {
    let mut near: Vec<(usize, &str)> = made
        .sections
        .iter()
        .flat_map(|section| &section.rows)
        .filter(|row| !row.key.is_empty())
        .map(|row| (strsim::osa_distance(&row.key, key), row.key.as_str()))
        .collect();
    near.sort_unstable();
    let names: Vec<&str> = near.into_iter().take(3).map(|(_, key)| key).collect();
    format!("les plus proches sont : {}", names.join(", "))
}
