use std::collections::{BTreeMap, BTreeSet};

use super::ready::{Ready, Scope};
use crate::book::{Book, EntryRef};
use crate::diagnostic::{Place, Span};
use crate::ledger::View;
use crate::measure::{FiscalYear, Period, Unit, signed_words};
use crate::render::{
    BEFORE, Chart, Document, LedgerAccount, LedgerLine, Page, PageView, Shown, charts, page,
};
use crate::statement::lists;

/// What the key of a convention, of a partner, or of a factor of emissions begins with.
const CONVENTION: &str = "convention:";
const FACTOR: &str = "facteur:";
const PARTNER: &str = "partenaire:";

/// What the key of an entry begins with, and that of an account in one month.
const ENTRY: &str = "ecriture:";
const MONTH: &str = "mois:";

/// More lines than this make a page that a browser opens slowly, and nobody leafs through them.
const LINES: usize = 20_000;

/// Which entries stand behind the figures of a page.
#[derive(Clone, Debug)]
pub(super) enum Behind {
    /// Every written entry of every year.
    Everything,
    /// Those of a fiscal year, its opening included; the year before has its own.
    Year(FiscalYear),
    /// What was booked on some days, as a balance counts.
    Booked(Period, String),
    /// All of some days, derived entries too; and of those a year earlier.
    Days(Period, Option<Period>, String),
}

impl Behind {
    /// How its period is typed; nothing when none is named.
    fn typed(&self) -> Option<&str> {
        match self {
            Self::Everything => None,
            Self::Year(year) => Some(&year.name),
            Self::Booked(_, typed) | Self::Days(_, _, typed) => Some(typed),
        }
    }

    fn entries<'r>(&self, ready: &'r Ready) -> Vec<EntryRef<'r>> {
        match self {
            Self::Everything => ready.entries(&Scope::Everything),
            Self::Booked(days, typed) => ready.entries(&Scope::Days(*days, typed.clone())),
            Self::Year(FiscalYear { period, .. }) | Self::Days(period, ..) => {
                during(ready, *period)
            }
        }
    }

    /// The days whose lines have a programme of their own.
    fn days(&self) -> Option<Period> {
        match self {
            Self::Everything | Self::Booked(..) => None,
            Self::Year(FiscalYear { period, .. }) | Self::Days(period, ..) => Some(*period),
        }
    }

    /// The days of the column before, and what they are called.
    fn before(&self, ready: &Ready) -> Option<(Period, String)> {
        let years = ready.opened.books.years();
        match self {
            Self::Year(year) => years.before(year).map(|year| (year.period, year.name)),
            Self::Days(_, earlier, _) => {
                let days = (*earlier)?;
                let words = |day: chrono::NaiveDate| day.format("%d/%m/%Y").to_string();
                Some((days, format!("du {} au {}", words(days.first), words(days.last))))
            }
            Self::Everything | Self::Booked(..) => None,
        }
    }
}

fn during(ready: &Ready, days: Period) -> Vec<EntryRef<'_>> {
    ready.opened.books.entries().filter(|entry| days.contains(entry.date())).collect()
}

/// A document as a page of its own, with the entries behind its figures.
pub(super) fn one_page(ready: &Ready, document: &Document) -> Vec<u8> {
    let shown = vec![Shown { view: PageView::Always, document, linked: true }];
    let behind = behind(ready, document);
    whole(ready, &document.title, (&[], shown, &charts(&[document])), behind.as_ref())
}

/// Which entries make the figures of a document: those of its year; of some days or of all years for a
/// balance; of a part of a year for a statement, from its first day on for a bilan.
fn behind(ready: &Ready, document: &Document) -> Option<Behind> {
    let fact =
        |wanted| document.facts.iter().find(|(name, _)| *name == wanted).map(|(_, fact)| fact);
    let typed = fact("year")?;
    let years = ready.opened.books.years();
    let of_kind = |kind: &str| document.schema == format!("compta/{kind}/1");
    let opened = |last| {
        let first = years.of(last).map_or(last, |year| year.period.first);
        Period { first, last }
    };
    if let Some(day) = fact("day").and_then(|day| day.parse().ok()) {
        return Some(Behind::Days(opened(day), None, typed.clone()));
    }
    if let Some(year) = years.named(typed) {
        return Some(Behind::Year(year));
    }
    let balance = of_kind("balance") || of_kind("balance-auxiliaire");
    let Some(days) = Period::calendar(typed) else {
        return balance.then_some(Behind::Everything);
    };
    if of_kind("balance") {
        return Some(Behind::Booked(days, typed.clone()));
    }
    if of_kind("balance-auxiliaire") {
        return Some(Behind::Days(opened(days.last), None, typed.clone()));
    }
    let earlier = days.year_earlier().filter(|days| years.of(days.last).is_some());
    match document.schema.as_str() {
        "compta/resultat/1" => Some(Behind::Days(days, earlier, typed.clone())),
        "compta/bilan/1" => {
            let earlier = earlier.map(|days| opened(days.last));
            Some(Behind::Days(opened(days.last), earlier, typed.clone()))
        }
        _ => None,
    }
}

/// Several documents as one page, with the entries of a year, and of the year before, behind their figures.
pub(super) fn whole(
    ready: &Ready,
    title: &str,
    (facts, documents, charts): (&[(String, String)], Vec<Shown<'_>>, &[Chart]),
    behind: Option<&Behind>,
) -> Vec<u8> {
    let wanted = wanted(&documents);
    let behind = behind.filter(|_| !wanted.is_empty());
    let mut ledger = behind.map_or_else(Vec::new, |behind| ledger(ready, behind, &wanted));
    let before = behind.map_or_else(Vec::new, |behind| earlier(ready, behind, &wanted));
    let count = |ledger: &[LedgerAccount]| ledger.iter().map(|one| one.lines.len()).sum::<usize>();
    let (own, more) = (count(&ledger), count(&before));
    let command = || {
        let typed = behind.and_then(Behind::typed);
        let when = typed.map_or_else(|| " --tout".to_owned(), |typed| format!(" {typed}"));
        format!("`compta grand-livre COMPTE{when}`")
    };
    let unlisted = if own > LINES {
        ledger.clear();
        Some(format!(
            "Les comptes de ces chiffres ont {}, trop pour une page : {} donne celles d’un compte.",
            signed_words(own, "ligne"),
            command()
        ))
    } else if own + more > LINES {
        Some(format!(
            "Les comptes de l’exercice précédent ont {}, trop pour cette page : la page de cet exercice les a.",
            signed_words(more, "ligne")
        ))
    } else {
        ledger.extend(before);
        None
    };
    page(&Page { title, facts, documents, charts, ledger: &ledger, unlisted: unlisted.as_deref() })
}

/// The keys of all that the figures of some documents lead to.
fn wanted(documents: &[Shown<'_>]) -> BTreeSet<String> {
    let linked = documents.iter().filter(|shown| shown.linked);
    let tables = linked.flat_map(|shown| &shown.document.tables);
    let rows = tables.flat_map(|table| table.rows.iter().map(move |row| (table, row)));
    let cells = rows.flat_map(|(table, row)| (0..row.cells.len()).map(move |at| (table, row, at)));
    cells.flat_map(|(table, row, at)| table.behind(row, at)).map(|(key, _)| key).collect()
}

/// The lines on some accounts, both ledgers, in the order of accounts; in a year, then those of
/// conventions since the books began, and of partners in the year.
fn ledger(ready: &Ready, behind: &Behind, wanted: &BTreeSet<String>) -> Vec<LedgerAccount> {
    let of_key = |key: &str| wanted.contains(key).then(|| key.to_owned());
    let mut all = accounts(ready, behind.entries(ready), behind.days(), of_key);
    if let Behind::Year(year) = behind {
        all.extend(subjects(ready, year, wanted));
        all.extend(emitted(ready, year, wanted));
        all.extend(single(ready, wanted));
    }
    all.extend(monthly(ready, wanted));
    all
}

/// The wanted entries, each with its lines: `ecriture:2024-12-31:CARE-G0002`.
fn single(ready: &Ready, wanted: &BTreeSet<String>) -> Vec<LedgerAccount> {
    let mut found = Vec::new();
    if !wanted.iter().any(|key| key.starts_with(ENTRY)) {
        return found;
    }
    for entry in ready.opened.books.entries() {
        let key = format!("{ENTRY}{}:{}", entry.date(), entry.code());
        if entry.code().is_empty() || !wanted.contains(&key) {
            continue;
        }
        let lines = lists::journal(std::iter::once(entry), View::Care, None).into_iter();
        let label = format!("Écriture {} – {}", entry.code(), entry.description());
        let lines = lines.map(|line| of_account(ready, line, true)).collect();
        found.push(LedgerAccount { key, label, summed: true, lines });
    }
    found
}

/// The wanted accounts in the wanted months: `mois:2024-03:512`.
fn monthly(ready: &Ready, wanted: &BTreeSet<String>) -> Vec<LedgerAccount> {
    let mut months: BTreeSet<&str> = BTreeSet::new();
    months
        .extend(wanted.iter().filter_map(|key| Some(key.strip_prefix(MONTH)?.split_once(':')?.0)));
    let mut all = Vec::new();
    for month in months {
        let Some(days) = Period::calendar(month) else { continue };
        let moved = during(ready, days).into_iter().filter(|entry| !entry.opens());
        let of_key =
            |key: &str| Some(format!("{MONTH}{month}:{key}")).filter(|key| wanted.contains(key));
        let mut found = accounts(ready, moved.collect(), Some(days), of_key);
        for one in &mut found {
            one.label = format!("{} – {month}", one.label);
        }
        all.extend(found);
    }
    all
}

/// The same in the year before, on the accounts that its column leads to.
fn earlier(ready: &Ready, behind: &Behind, wanted: &BTreeSet<String>) -> Vec<LedgerAccount> {
    let Some((days, name)) =
        behind.before(ready).filter(|_| wanted.iter().any(|key| key.starts_with(BEFORE)))
    else {
        return Vec::new();
    };
    let of_key = |key: &str| Some(format!("{BEFORE}{key}")).filter(|key| wanted.contains(key));
    let mut all = accounts(ready, during(ready, days), Some(days), of_key);
    for account in &mut all {
        account.label = format!("{} – {name}", account.label);
    }
    all
}

/// The lines of some entries on the accounts that have a key in the page.
fn accounts(
    ready: &Ready,
    entries: Vec<EntryRef<'_>>,
    days: Option<Period>,
    of_key: impl Fn(&str) -> Option<String>,
) -> Vec<LedgerAccount> {
    let programmes = programmes(ready, days);
    let mut found: BTreeMap<String, LedgerAccount> = BTreeMap::new();
    for line in lists::journal(entries.into_iter(), View::Care, None) {
        let number = line.account().key();
        let Some(key) = of_key(&number) else { continue };
        // What an axis gives to a programme is what its tables count: charges and products alone.
        let counted = number.starts_with(['6', '7']) && line.book() == Book::Financial;
        let account = found.entry(number).or_insert_with_key(|number| LedgerAccount {
            key,
            label: format!("{number} {}", line.label()).trim_end().to_owned(),
            summed: true,
            lines: Vec::new(),
        });
        let at = line.at();
        let programme = programmes.range(at.start..at.end).next().filter(|_| counted);
        let mut shown = of_account(ready, line, false);
        if let Some((_, code)) = programme {
            (*code).clone_into(&mut shown.programme);
            (*code).clone_into(&mut shown.group);
        }
        account.lines.push(shown);
    }
    found.into_values().collect()
}

/// The code of the programme of each line of some days, by its first byte: what it names, what its
/// convention names, or the structure.
fn programmes(ready: &Ready, days: Option<Period>) -> BTreeMap<u32, &str> {
    let (Some(register), Some(days)) = (&ready.opened.registers.programmes, days) else {
        return BTreeMap::new();
    };
    let lines = ready.opened.axes.during(days);
    let coded = lines
        .filter_map(|line| Some((line.at.start, register.list.get(line.programme)?.code.as_str())));
    coded.collect()
}

/// What each wanted factor counts in the year, emission by emission, in kilograms.
fn emitted(ready: &Ready, year: &FiscalYear, wanted: &BTreeSet<String>) -> Vec<LedgerAccount> {
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
            opens: false,
            group: String::new(),
            amount: emission.kilograms,
            unit: books.units().symbol(Unit::KG_CO2E).to_owned(),
            source: source(&books.sources().place(emission.at), entry.is_derived(), entry.origin()),
            derived: entry.is_derived(),
        });
    }
    found.into_values().collect()
}

fn of_account(ready: &Ready, line: lists::EntryLine<'_>, several: bool) -> LedgerLine {
    let units = ready.opened.books.units();
    let unit = line.unit();
    LedgerLine {
        date: line.date(),
        code: line.code().to_owned(),
        description: line.description().to_owned(),
        account: if several { line.account().key() } else { String::new() },
        piece: line.piece().to_owned(),
        programme: line.programme().to_owned(),
        care: line.book() != Book::Financial,
        opens: line.opens(),
        group: String::new(),
        amount: line.amount().decimal(),
        unit: if unit == Unit::EURO { String::new() } else { units.symbol(unit).to_owned() },
        source: source(&line.place(), line.is_derived(), line.origin()),
        derived: line.is_derived(),
    }
}

/// Where a line is written; what a rule derived stands in no file, and the rule is named.
fn source(place: &Place, derived: bool, origin: impl std::fmt::Display) -> String {
    if derived { origin.to_string() } else { place.to_string() }
}

/// What each wanted convention and partner did, line by line.
fn subjects(ready: &Ready, year: &FiscalYear, wanted: &BTreeSet<String>) -> Vec<LedgerAccount> {
    let opened = &ready.opened;
    let of_kind = |kind: &str| -> BTreeMap<String, LedgerAccount> {
        let keys = wanted.iter().filter(|key| key.starts_with(kind));
        let empty = |key: &&String| {
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
    let mut by_place: BTreeMap<u32, lists::EntryLine<'_>> =
        booked.into_iter().map(|line| (line.at().start, line)).collect();
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
        let group = format!("{} {}", shown.account().key(), shown.label());
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
fn taken<'b>(
    lines: &mut BTreeMap<u32, lists::EntryLine<'b>>,
    at: Span,
) -> Option<lists::EntryLine<'b>> {
    let (start, line) = lines.range(..=at.start).next_back()?;
    let start = (at.start < line.at().end).then_some(*start)?;
    lines.remove(&start)
}
