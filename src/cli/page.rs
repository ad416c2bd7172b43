use std::collections::{BTreeMap, BTreeSet};

use super::ready::Ready;
use crate::ledger::View;
use crate::measure::{FiscalYear, Unit};
use crate::render::{
    Chart, Document, LedgerAccount, LedgerLine, Page, PageView, Shown, charts, page,
};
use crate::statement::lists;

/// What the key of a convention, of a partner, or of a factor of emissions begins with.
const CONVENTION: &str = "convention:";
const FACTOR: &str = "facteur:";
const PARTNER: &str = "partenaire:";

/// A document as a page of its own, with the entries behind its figures.
pub(super) fn one_page(ready: &Ready, document: &Document) -> Vec<u8> {
    let year = document.facts.iter().find(|(name, _)| *name == "year").map(|(_, year)| year);
    let year = year.and_then(|year| ready.opened.books.years().named(year));
    let shown = vec![Shown { view: PageView::Always, document }];
    whole(ready, &document.title, (&[], shown, &charts(&[document])), year.as_ref())
}

/// Several documents as one page, with the entries of a year behind their figures.
pub(super) fn whole(
    ready: &Ready,
    title: &str,
    (facts, documents, charts): (&[(String, String)], Vec<Shown<'_>>, &[Chart]),
    year: Option<&FiscalYear>,
) -> Vec<u8> {
    let tables = documents.iter().flat_map(|shown| &shown.document.tables);
    let rows = tables.flat_map(|table| &table.rows);
    let behind = rows.flat_map(|row| row.accounts.iter().chain(&row.behind));
    let wanted: BTreeSet<&String> = behind.collect();
    let ledger = year.map_or_else(Vec::new, |year| ledger(ready, year, &wanted));
    page(&Page { title, facts, documents, charts, ledger: &ledger })
}

/// The lines of a year on some accounts, both ledgers, in the order of accounts; then those of conventions
/// since the books began, and of partners in the year.
fn ledger(ready: &Ready, year: &FiscalYear, wanted: &BTreeSet<&String>) -> Vec<LedgerAccount> {
    let scope = super::ready::Scope::Year(year.clone());
    let mut found: BTreeMap<String, LedgerAccount> = BTreeMap::new();
    for line in lists::journal(ready.entries(&scope).into_iter(), View::Care, None) {
        if !wanted.contains(&line.account) {
            continue;
        }
        let account = found.entry(line.account.clone()).or_insert_with(|| LedgerAccount {
            key: line.account.clone(),
            label: format!("{} {}", line.account, line.label).trim_end().to_owned(),
            lines: Vec::new(),
        });
        account.lines.push(of_account(ready, line, false));
    }
    let subjects = subjects(ready, year, wanted);
    found.into_values().chain(subjects).chain(emitted(ready, year, wanted)).collect()
}

/// What each wanted factor counts in the year, emission by emission, in kilograms.
fn emitted(ready: &Ready, year: &FiscalYear, wanted: &BTreeSet<&String>) -> Vec<LedgerAccount> {
    let Some(care) = &ready.opened.care else { return Vec::new() };
    let books = &ready.opened.books;
    let mut found: BTreeMap<String, LedgerAccount> = BTreeMap::new();
    for emission in care.inventory.during(year.period) {
        let factor = &care.factors.list[emission.factor];
        let key = format!("{FACTOR}{}", factor.id);
        let Some(entry) = books.entry_at(emission.at).filter(|_| wanted.contains(&key)) else {
            continue;
        };
        let subject = found.entry(key.clone()).or_insert_with(|| LedgerAccount {
            key,
            label: format!("Facteur {} – {}", factor.id, factor.label),
            lines: Vec::new(),
        });
        let account = emission.account.map(|id| books.accounts().get(id).number.clone());
        let piece = entry.tags().find(|(name, _)| *name == "piece");
        subject.lines.push(LedgerLine {
            date: emission.date,
            code: entry.code().to_owned(),
            description: entry.description().to_owned(),
            account: account.unwrap_or_default(),
            piece: piece.map_or_else(String::new, |(_, value)| value.to_owned()),
            amount: emission.kilograms,
            unit: books.units().symbol(Unit::KG_CO2E).to_owned(),
            source: books.sources().place(emission.at).to_string(),
        });
    }
    found.into_values().collect()
}

fn of_account(ready: &Ready, line: lists::EntryLine, several: bool) -> LedgerLine {
    let units = ready.opened.books.units();
    let unit = line.unit;
    LedgerLine {
        date: line.date,
        code: line.code,
        description: line.description,
        account: if several { line.account } else { String::new() },
        piece: line.piece,
        amount: line.amount.decimal(),
        unit: if unit == Unit::EURO { String::new() } else { units.symbol(unit).to_owned() },
        source: line.place.to_string(),
    }
}

/// What each wanted convention and partner did, line by line.
fn subjects(ready: &Ready, year: &FiscalYear, wanted: &BTreeSet<&String>) -> Vec<LedgerAccount> {
    let opened = &ready.opened;
    let of_kind = |kind: &str| -> BTreeMap<String, LedgerAccount> {
        let keys = wanted.iter().filter(|key| key.starts_with(kind));
        let empty = |key: &&&String| {
            let name = key.trim_start_matches(kind);
            let label =
                format!("{} {name}", if kind == CONVENTION { "Convention" } else { "Partenaire" });
            LedgerAccount { key: (**key).clone(), label, lines: Vec::new() }
        };
        keys.map(|key| ((*key).clone(), empty(&key))).collect()
    };
    let (mut conventions, mut partners) = (of_kind(CONVENTION), of_kind(PARTNER));
    if conventions.is_empty() && partners.is_empty() {
        return Vec::new();
    }
    let sources = opened.books.sources();
    let booked = lists::journal(opened.books.booked(), View::Classic, None);
    let mut by_place: BTreeMap<String, lists::EntryLine> =
        booked.into_iter().map(|line| (line.place.to_string(), line)).collect();
    let register = opened.registers.conventions.as_ref();
    for line in opened.axes.written.iter().filter(|line| line.date <= year.period.last) {
        let convention = line.convention.and_then(|rank| register?.list.get(rank));
        let convention = convention.map(|known| format!("{CONVENTION}{}", known.id.value));
        let partner = line.partner.filter(|_| year.period.contains(line.date));
        let partner = partner.map(|rank| format!("{PARTNER}{}", opened.axes.partners[rank]));
        let convention = convention.and_then(|key| conventions.get_mut(&key));
        let partner = partner.and_then(|key| partners.get_mut(&key));
        if convention.is_none() && partner.is_none() {
            continue;
        }
        // An axis line is a posting: its place is that of one line of the journal.
        let Some(shown) = by_place.remove(&sources.place(line.at).to_string()) else { continue };
        let shown = of_account(ready, shown, true);
        let both = [convention, partner].into_iter().flatten();
        both.for_each(|subject| subject.lines.push(shown.clone()));
    }
    conventions.into_values().chain(partners.into_values()).collect()
}
