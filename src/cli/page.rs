use std::collections::{BTreeMap, BTreeSet};

use super::ready::{Ready, Scope};
use crate::book::Book;
use crate::diagnostic::{Place, Span};
use crate::ledger::View;
use crate::measure::{FiscalYear, Period, Unit, signed_words};
use crate::render::{
    Chart, Document, LedgerAccount, LedgerLine, Page, PageView, Shown, charts, page,
};
use crate::statement::lists;

/// What the key of a convention, of a partner, or of a factor of emissions begins with.
const CONVENTION: &str = "convention:";
const FACTOR: &str = "facteur:";
const PARTNER: &str = "partenaire:";

/// More lines than this make a page that a browser opens slowly, and nobody leafs through them.
const LINES: usize = 20_000;

/// A document as a page of its own, with the entries behind its figures.
pub(super) fn one_page(ready: &Ready, document: &Document) -> Vec<u8> {
    let shown = vec![Shown { view: PageView::Always, document }];
    let scope = scope(ready, document);
    whole(ready, &document.title, (&[], shown, &charts(&[document])), scope.as_ref())
}

/// Which entries make the figures of a document: those of its year; of some days or of all years for a
/// balance alone, for other tables count in other ways there.
fn scope(ready: &Ready, document: &Document) -> Option<Scope> {
    let typed = document.facts.iter().find(|(name, _)| *name == "year").map(|(_, year)| year)?;
    if let Some(year) = ready.opened.books.years().named(typed) {
        return Some(Scope::Year(year));
    }
    let balance = document.schema.starts_with("compta/balance/");
    match Period::calendar(typed) {
        _ if !balance => None,
        Some(days) => Some(Scope::Days(days, typed.clone())),
        None => Some(Scope::Everything),
    }
}

/// Several documents as one page, with the entries of a year behind their figures.
pub(super) fn whole(
    ready: &Ready,
    title: &str,
    (facts, documents, charts): (&[(String, String)], Vec<Shown<'_>>, &[Chart]),
    scope: Option<&Scope>,
) -> Vec<u8> {
    let tables = documents.iter().flat_map(|shown| &shown.document.tables);
    let rows = tables.flat_map(|table| &table.rows);
    let wanted: BTreeSet<&String> = rows
        .flat_map(|row| {
            let fed = row.fed.iter().flatten().map(|(key, _)| key);
            row.accounts.iter().chain(&row.behind).chain(fed)
        })
        .collect();
    let scope = scope.filter(|_| !wanted.is_empty());
    let mut ledger = scope.map_or_else(Vec::new, |scope| ledger(ready, scope, &wanted));
    let count: usize = ledger.iter().map(|account| account.lines.len()).sum();
    let unlisted = scope.filter(|_| count > LINES).map(|scope| {
        ledger.clear();
        let when = scope.typed().map_or_else(|| " --tout".to_owned(), |typed| format!(" {typed}"));
        format!(
            "Les comptes de ces chiffres ont {}, trop pour une page : `compta grand-livre COMPTE{when}` donne celles d’un compte.",
            signed_words(count, "ligne")
        )
    });
    page(&Page { title, facts, documents, charts, ledger: &ledger, unlisted: unlisted.as_deref() })
}

/// The lines of a scope on some accounts, both ledgers, in the order of accounts; in a year, then those of
/// conventions since the books began, and of partners in the year.
fn ledger(ready: &Ready, scope: &Scope, wanted: &BTreeSet<&String>) -> Vec<LedgerAccount> {
    let programmes = programmes(ready, scope);
    let mut found: BTreeMap<String, LedgerAccount> = BTreeMap::new();
    for line in lists::journal(ready.entries(scope).into_iter(), View::Care, None) {
        if !wanted.contains(&line.account) {
            continue;
        }
        let account = found.entry(line.account.clone()).or_insert_with(|| LedgerAccount {
            key: line.account.clone(),
            label: format!("{} {}", line.account, line.label).trim_end().to_owned(),
            summed: true,
            lines: Vec::new(),
        });
        // What an axis gives to a programme is what its tables count: charges and products alone.
        let counted = line.account.starts_with(['6', '7']) && line.book == Book::Financial;
        let programme = programmes.range(line.at.start..line.at.end).next().filter(|_| counted);
        let mut shown = of_account(ready, line, false);
        if let Some((_, code)) = programme {
            (*code).clone_into(&mut shown.programme);
            (*code).clone_into(&mut shown.group);
        }
        account.lines.push(shown);
    }
    let mut all: Vec<LedgerAccount> = found.into_values().collect();
    if let Scope::Year(year) = scope {
        all.extend(subjects(ready, year, wanted));
        all.extend(emitted(ready, year, wanted));
    }
    all
}

/// The code of the programme of each line of a year, by its first byte: what it names, what its convention
/// names, or the structure.
fn programmes<'r>(ready: &'r Ready, scope: &Scope) -> BTreeMap<u32, &'r str> {
    let (Some(register), Scope::Year(year)) = (&ready.opened.registers.programmes, scope) else {
        return BTreeMap::new();
    };
    let lines = ready.opened.axes.during(year.period);
    let coded = lines
        .filter_map(|line| Some((line.at.start, register.list.get(line.programme)?.code.as_str())));
    coded.collect()
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
            summed: true,
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
            programme: String::new(),
            care: false,
            group: String::new(),
            amount: emission.kilograms,
            unit: books.units().symbol(Unit::KG_CO2E).to_owned(),
            source: source(&books.sources().place(emission.at), entry.is_derived(), entry.origin()),
            derived: entry.is_derived(),
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
        programme: line.programme,
        care: line.book != Book::Financial,
        group: String::new(),
        amount: line.amount.decimal(),
        unit: if unit == Unit::EURO { String::new() } else { units.symbol(unit).to_owned() },
        source: source(&line.place, line.derived, line.origin),
        derived: line.derived,
    }
}

/// Where a line is written; what a rule derived stands in no file, and the rule is named.
fn source(place: &Place, derived: bool, origin: impl std::fmt::Display) -> String {
    if derived { origin.to_string() } else { place.to_string() }
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
            LedgerAccount { key: (**key).clone(), label, summed: false, lines: Vec::new() }
        };
        keys.map(|key| ((*key).clone(), empty(&key))).collect()
    };
    let (mut conventions, mut partners) = (of_kind(CONVENTION), of_kind(PARTNER));
    if conventions.is_empty() && partners.is_empty() {
        return Vec::new();
    }
    let booked = lists::journal(opened.books.booked(), View::Classic, None);
    let mut by_place: BTreeMap<u32, lists::EntryLine> =
        booked.into_iter().map(|line| (line.at.start, line)).collect();
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
        let Some(shown) = taken(&mut by_place, line.at) else { continue };
        let year = opened.books.years().of(line.date);
        let year = year.map_or_else(String::new, |year| format!(", {}", year.name));
        let group = format!("{} {}", shown.account, shown.label);
        let mut shown = of_account(ready, shown, true);
        shown.group = format!("{}{year}", group.trim_end());
        let both = [convention, partner].into_iter().flatten();
        both.for_each(|subject| subject.lines.push(shown.clone()));
    }
    // A convention that did nothing yet has no table, and no figure leads to one.
    let all = conventions.into_values().chain(partners.into_values());
    all.filter(|subject| !subject.lines.is_empty()).collect()
}

/// The line of the journal where an axis line stands: it begins before its account, by the indent.
fn taken(lines: &mut BTreeMap<u32, lists::EntryLine>, at: Span) -> Option<lists::EntryLine> {
    let (start, line) = lines.range(..=at.start).next_back()?;
    let start = (at.start < line.at.end).then_some(*start)?;
    lines.remove(&start)
}
