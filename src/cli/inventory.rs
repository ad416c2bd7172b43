use super::args::{Common, FormatName};
use super::failure::Failure;
use super::host::Host;
use super::open::emit;
use super::ready::{Ready, Scope, ready};
use crate::assembly::immobilisations;
use crate::book::{Deriver, EntryRef};
use crate::inventory::journal;
use crate::ledger::View;
use crate::measure::FiscalYear;
use crate::render::{journal_list, sheet_document};
use crate::statement::lists;

/// `compta inventaire [ANNÉE]`: what the registers yield, as a list or as a journal for hledger.
pub(super) fn inventory(
    common: &Common,
    year: Option<&str>,
    host: &mut Host,
) -> Result<u8, Failure> {
    let ready = ready(common, host)?;
    let years = asked(&ready, common, year)?;
    let books = &ready.opened.books;
    if common.format == Some(FormatName::Hledger) {
        emit(journal(books, &years).as_bytes(), common, books, host)?;
        return Ok(0);
    }
    let own = |entry: &EntryRef<'_>| {
        let within = years.iter().any(|year| year.period.contains(entry.date()));
        entry.deriver() == Some(Deriver::Inventory) && within
    };
    let lines = lists::journal(books.entries().filter(own), View::Classic, None);
    if lines.is_empty() {
        host.say("aucune écriture : les registres ne donnent rien pour cette période\n");
    }
    let scope = match years.as_slice() {
        [year] => Scope::Year(year.clone()),
        _ => Scope::Everything,
    };
    let mut list = journal_list(&lines, &ready.heading(common, &scope), books);
    list.frame.title = list.frame.title.replacen("Journal", "Inventaire", 1);
    "compta/inventaire/1".clone_into(&mut list.frame.schema);
    ready.emit_list(&list, common, host)
}

/// `compta immobilisations [ANNÉE]`.
pub(super) fn assets(common: &Common, year: Option<&str>, host: &mut Host) -> Result<u8, Failure> {
    let ready = ready(common, host)?;
    let year = ready.year(year)?;
    let Some(register) = &ready.opened.registers.assets else {
        return Err(Failure::usage(
            "ces livres n’ont pas de registre `immobilisations.toml`",
            "écrivez-le : `docs/registres.md` en donne un exemple",
        ));
    };
    let sheet = immobilisations(register, &ready.opened.yielded, &year);
    let document = sheet_document(&sheet, &ready.heading(common, &Scope::Year(year)));
    ready.emit(&document, common, host)
}

/// The year that was asked for, or all of them.
fn asked(ready: &Ready, common: &Common, typed: Option<&str>) -> Result<Vec<FiscalYear>, Failure> {
    if common.tout && typed.is_none() {
        return Ok(ready.opened.yielded.years.clone());
    }
    Ok(vec![ready.year(typed)?])
}
