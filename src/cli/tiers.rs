use super::allocate::day;
use super::args::{Common, FormatName};
use super::failure::Failure;
use super::host::Host;
use super::ready::{Ready, Scope, ready, ready_for_list};
use crate::chart::Edition;
use crate::ledger::is_itemised;
use crate::measure::FiscalYear;
use crate::render::{aged_document, open_items_document, subsidiary_document};
use crate::statement::tiers::{aged, subsidiary};

/// Third parties are of the classic ledger alone.
pub(super) fn classic_only(common: &Common) -> Result<(), Failure> {
    if common.care {
        return Err(Failure::usage(
            "les tiers sont du livre classique : le livre CARE n’en a pas d’autres",
            "retirez `--care`",
        ));
    }
    Ok(())
}

/// `compta balance --auxiliaire`.
pub(super) fn subsidiary_balance(
    common: &Common,
    period: Option<&str>,
    account: Option<&str>,
    host: &mut Host,
) -> Result<u8, Failure> {
    classic_only(common)?;
    let ready = ready_for_list(common, period, host)?;
    let scope = ready.scope(common, period)?;
    let books = &ready.opened.books;
    let (general, _) = ready.ledger(&scope)?;
    // A period begins with what the year brought before it.
    let (entries, from, last) = match &scope {
        Scope::Days(days, _) => (ready.since_opening(*days), Some(days.first), Some(days.last)),
        Scope::Year(year) => (ready.entries(&scope), None, Some(year.period.last)),
        Scope::Everything => {
            (ready.entries(&scope), None, books.written().map(|entry| entry.date()).max())
        }
    };
    let edition = last.map_or(Edition::Anc2018, |day| books.edition(day));
    let shown = subsidiary(books, entries.into_iter(), from, &general, edition, account);
    if let (Some(account), true) = (account, shown.is_empty()) {
        return Err(Failure::usage(
            format!("aucun tiers sur un compte qui commence par `{account}`"),
            "`compta balance --auxiliaire` donne les comptes qui ont des tiers",
        ));
    }
    let heading = ready.heading(common, &scope);
    ready.emit(&subsidiary_document(&shown, &heading), common, host)
}

/// The account of `--compte`, if its items are followed one by one and the books have it.
pub(super) fn itemised<'a>(
    ready: &Ready,
    account: Option<&'a str>,
) -> Result<Option<&'a str>, Failure> {
    let Some(typed) = account else { return Ok(None) };
    let accounts = ready.opened.books.accounts();
    let known = accounts.sorted().into_iter().map(|id| accounts.get(id)).any(|account| {
        !account.is_activity() && account.number.starts_with(typed) && is_itemised(&account.number)
    });
    if known {
        return Ok(Some(typed));
    }
    Err(Failure::usage(
        format!("aucun compte de tiers ne commence par `{typed}`"),
        "les comptes suivis ligne à ligne sont 40, 41, 441, 467 et 468",
    ))
}

/// `compta balance-agee`.
pub(super) fn aged_balance(
    common: &Common,
    year: Option<&str>,
    (on, account): (Option<&str>, Option<&str>),
    host: &mut Host,
) -> Result<u8, Failure> {
    classic_only(common)?;
    let ready = ready(common, host)?;
    let on = on.map(day).transpose()?;
    let year = match (year, on) {
        (None, Some(on)) => ready.opened.books.years().of(on).map_or_else(
            || ready.year(Some(&on.format("%Y").to_string())),
            |year| ready.year(Some(&year.name)),
        )?,
        (year, _) => ready.year(year)?,
    };
    let on = on.unwrap_or(year.period.last);
    if !year.period.contains(on) {
        return Err(outside(&year, on));
    }
    let account = itemised(&ready, account)?;
    let books = &ready.opened.books;
    let shown = aged(books, &ready.annual, on, account);
    let heading = ready.heading(common, &Scope::Year(year));
    let document = if common.format == Some(FormatName::Json) {
        open_items_document(&shown, on, &heading, books)
    } else {
        aged_document(&shown, on, &heading, books)
    };
    ready.emit(&document, common, host)
}

fn outside(year: &FiscalYear, on: chrono::NaiveDate) -> Failure {
    Failure::usage(
        format!("le {} n’est pas dans l’exercice {}", on.format("%d/%m/%Y"), year.name),
        format!("donnez un jour du {} au {}", year.period.first, year.period.last),
    )
}
