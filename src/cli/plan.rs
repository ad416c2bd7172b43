use std::path::Path;

use chrono::Datelike;
use rust_decimal::Decimal;
use similar::TextDiff;

use super::allocate::year_folder;
use super::args::Common;
use super::ecritures::{emit_model, lists, only_xlsx};
use super::failure::Failure;
use super::filled::{Changed, activities, as_it_is, sheet, tried, with_line_ends, write_books};
use super::host::Host;
use super::ready::{Ready, ready};
use crate::book::{Book, EntryRef};
use crate::intake::{Filled, SheetAsk, budget_of};
use crate::journal::tag_text;
use crate::journal::tree::Every;
use crate::ledger::View;
use crate::measure::{FiscalYear, Period, signed_words};
use crate::render::{Cell, Model, ModelColumn, ModelSum};

/// The sheet of a budget in its workbook.
const SHEET: &str = "Budget";

/// Rank of the columns that sums read.
const ACCOUNT: u16 = 0;
const AMOUNT: u16 = 2;
const PERIOD: u16 = 7;

/// What the totals above the heads are made of.
const CHARGES: &[(bool, &str)] = &[(true, "6")];
const PRODUCTS: &[(bool, &str)] = &[(true, "7")];
const RESULT: &[(bool, &str)] = &[(true, "7"), (false, "6")];

/// The year of a budget: the one asked for, else that after the last open one.
fn year_of(ready: &Ready, typed: Option<&str>, host: &Host) -> Result<FiscalYear, Failure> {
    let years = ready.opened.books.years();
    let Some(typed) = typed else {
        let last = ready.last_or_today(host)?;
        if ready.annual.last().is_none() {
            return Ok(last);
        }
        return years.after(&last).ok_or_else(|| {
            Failure::usage(
                format!("`compta.toml` n’a pas d’exercice après {}", last.name),
                "donnez l’exercice du budget, ou ajoutez le suivant à `exercices`",
            )
        });
    };
    years.named(typed).ok_or_else(|| ready.no_whole_year(typed))
}

/// The rules of a year's budget, each once.
fn rules<'b>(ready: &'b Ready, year: &FiscalYear) -> Vec<EntryRef<'b>> {
    let mut all: Vec<EntryRef<'b>> =
        ready.opened.books.planned().filter(|entry| year.period.contains(entry.date())).collect();
    all.sort_by_key(|entry| (entry.span().start, entry.date()));
    all.dedup_by_key(|entry| entry.span());
    all
}

/// The period of a rule, as journals write it.
fn period((every, over): (Every, Period)) -> String {
    let year = over.first.year();
    let whole = over.first.month() == 1 && over.last.month() == 12;
    match every {
        // What comes every month of one month comes once.
        Every::Month if over.first.month() == over.last.month() => {
            over.first.format("%Y-%m").to_string()
        }
        Every::Month => format!("monthly in {year}"),
        Every::Quarter => format!("quarterly in {year}"),
        Every::Once if whole => year.to_string(),
        Every::Once => over.first.format("%Y-%m").to_string(),
    }
}

/// `compta budget modele`: the budget of a year as a sheet, what happened the year before beside it.
pub(super) fn budget_model(
    common: &Common,
    year: Option<&str>,
    host: &mut Host,
) -> Result<u8, Failure> {
    only_xlsx(common)?;
    let ready = ready(common, host)?;
    let year = year_of(&ready, year, host)?;
    let before = ready.opened.books.years().before(&year);
    let before_name = before.as_ref().map_or("", |year| year.name.as_str());
    let rows = lines(&ready, &year, before.as_ref());
    let lists = lists(&ready, &year);
    let done = format!("réalisé {before_name}");
    let free = ModelColumn::free;
    let columns = [
        free(
            "compte",
            42,
            "Une charge (6) ou un produit (7) : le numéro, suivi ou non de son libellé.",
        )
        .chosen("comptes"),
        free(&done, 16, "").informing(),
        free(
            "budget",
            16,
            "En euros, positif : ce qui est dépensé d’une charge, reçu d’un produit.",
        ),
        free("programme", 14, "Le code du programme.").chosen("programmes"),
        free("convention", 22, "L’identifiant de la convention.").chosen("conventions"),
        free("partenaire", 22, "Le partenaire, sans convention."),
        free("financement", 14, "subvention ou facture."),
        free(
            "période",
            18,
            "Vide : toute l’année. Sinon 2025-06, monthly in 2025, quarterly in 2025 : le montant est alors celui de chaque fois.",
        ),
        free("intitulé", 24, "Le nom de la règle : les lignes d’un même nom vont ensemble."),
        free("contrepartie", 14, "Le compte de trésorerie ; vide : celui des livres."),
        free("activité", 22, "Un budget carbone : un facteur d’émission, et sa quantité.")
            .chosen("activites"),
        free("quantité", 12, "Dans l’unité du facteur."),
    ];
    let times = times(&year);
    let sum = |label, column, parts: &'static [(bool, &'static str)]| ModelSum {
        label,
        parts,
        column,
        by: ACCOUNT,
        often: PERIOD,
        times: &times,
        now: now(&rows, column, parts, &times),
    };
    let sums = [
        sum("Total des charges", AMOUNT, CHARGES),
        sum("Total des produits", AMOUNT, PRODUCTS),
        sum("Résultat prévu", AMOUNT, RESULT),
    ];
    let notes = [
        format!(
            "Budget prévisionnel {} : remplissez la colonne « budget », ajoutez des lignes ; une ligne vide ou nulle n’est pas reprise.",
            year.name
        ),
        format!(
            "Ensuite : `compta budget import CE-FICHIER.xlsx {}` l’écrit dans le journal du budget.",
            year.name
        ),
    ];
    let title = format!("Budget {} – {}", year.name, ready.opened.dossier.name);
    let made = Model {
        title: &title,
        entity: &ready.opened.dossier.name,
        day: year.period.first,
        sheet: SHEET,
        notes: &notes,
        sums: &sums,
        columns: &columns,
        rows: &rows,
        lists: &lists,
    };
    let next = format!("remplissez-le, puis `compta budget import FICHIER {} -n`", year.name);
    emit_model(&made, (common, &next), &ready, host)
}

/// How many times a rule of each kind comes in a year, where it is not once: a year that straddles two has a
/// part of the months of each.
fn times(year: &FiscalYear) -> Vec<(String, usize)> {
    let mut times = Vec::new();
    for number in year.period.first.year()..=year.period.last.year() {
        let Some(over) = FiscalYear::calendar(number).map(|year| year.period) else { continue };
        for every in [Every::Month, Every::Quarter] {
            let count = every.days(over).filter(|day| year.period.contains(*day)).count();
            times.push((period((every, over)), count));
        }
    }
    times.retain(|(_, count)| *count != 1);
    times
}

/// What a sum above the heads is of the rows that are filled.
fn now(
    rows: &[Vec<Cell>],
    column: u16,
    parts: &[(bool, &str)],
    times: &[(String, usize)],
) -> Decimal {
    let mut sum = Decimal::ZERO;
    for row in rows {
        let (Some(Cell::Text(account)), Some(Cell::Amount { exact, .. })) =
            (row.first(), row.get(usize::from(column)))
        else {
            continue;
        };
        let period = match row.get(usize::from(PERIOD)) {
            Some(Cell::Text(period)) => period.as_str(),
            _ => "",
        };
        let often = times.iter().find(|(word, _)| period.starts_with(word));
        let exact = exact * Decimal::from(often.map_or(1, |(_, times)| *times));
        for (added, _) in parts.iter().filter(|(_, begins)| account.starts_with(begins)) {
            sum += if *added { exact } else { -exact };
        }
    }
    sum
}

/// The lines of the budget, then the accounts of the year before that it says nothing of.
fn lines(ready: &Ready, year: &FiscalYear, before: Option<&FiscalYear>) -> Vec<Vec<Cell>> {
    let books = &ready.opened.books;
    let edition = books.edition(year.period.first);
    let text = |text: &str| if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) };
    let received = |number: &str| number.starts_with('7') || number.starts_with("87");
    let done = |number: &str| {
        let ledger = before.and_then(|year| ready.annual.ledger(year))?;
        let own = books.accounts().sorted().into_iter();
        let own = own.filter(|id| books.accounts().get(*id).number == number);
        let sum: crate::measure::Sum = own.map(|id| ledger.balance(id, View::Classic)).sum();
        Some(if received(number) { -sum.decimal() } else { sum.decimal() })
    };
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut told: Vec<String> = Vec::new();
    for rule in rules(ready, year) {
        let Some(every) = rule.rule() else { continue };
        let pays = counterpart(rule);
        let bank = pays.and_then(|rank| rule.postings().nth(rank));
        let bank = bank.map_or_else(String::new, |line| line.account().number.clone());
        for (rank, line) in rule.postings().enumerate() {
            let number = line.account().number.clone();
            let activity = line.book() == Book::Activity;
            if pays == Some(rank) {
                continue;
            }
            let tag = |name: &str| {
                let found = line.tags().find(|(known, _)| *known == name);
                let found = found.or_else(|| rule.tags().find(|(known, _)| *known == name));
                found.map_or(Cell::Empty, |(_, value)| text(&tag_text(value)))
            };
            let exact = line.number().decimal();
            let shared =
                [tag("programme"), tag("convention"), tag("partenaire"), tag("financement")];
            let mut row = if activity {
                vec![Cell::Empty, Cell::Empty, Cell::Empty]
            } else {
                let name = books.accounts().name(&number, None, edition).unwrap_or(number.clone());
                let first = !told.contains(&number);
                told.push(number.clone());
                // What happened is of the account: beside its first line alone, so that it adds up.
                let done = done(&number).filter(|_| first).map_or(Cell::Empty, Cell::cents);
                let planned = if received(&number) { -exact } else { exact };
                vec![Cell::Text(name), done, Cell::cents(planned)]
            };
            row.extend(shared);
            row.extend([text(&period(every)), text(rule.description()), text(&bank)]);
            if activity {
                row.extend([text(&number), Cell::Count(exact)]);
            }
            rows.push(row);
        }
    }
    for id in books.accounts().sorted() {
        let number = &books.accounts().get(id).number;
        if !number.starts_with(['6', '7']) || told.contains(number) {
            continue;
        }
        told.push(number.clone());
        let done = done(number).filter(|sum| !sum.is_zero());
        if let (Some(done), Some(name)) = (done, books.accounts().name(number, None, edition)) {
            rows.push(vec![Cell::Text(name), Cell::cents(done), Cell::Empty]);
        }
    }
    rows
}

/// The line of a rule that the column `contrepartie` tells, and that an import writes anew without amount: its
/// treasury, the one without amount first; else the line without amount of another account than 6, 7 or 8.
fn counterpart(rule: EntryRef<'_>) -> Option<usize> {
    let lines: Vec<_> = rule.postings().collect();
    let find = |wanted: &dyn Fn(&str, bool) -> bool| {
        lines.iter().position(|line| {
            let number = line.account().number.as_str();
            line.book() == Book::Financial && wanted(number, line.is_computed())
        })
    };
    find(&|number, computed| computed && number.starts_with('5'))
        .or_else(|| find(&|number, _| number.starts_with('5')))
        .or_else(|| find(&|number, computed| computed && !number.starts_with(['6', '7', '8'])))
}

/// How a budget is imported.
pub(super) struct PlanAsk<'a> {
    pub(super) file: &'a Path,
    pub(super) year: Option<&'a str>,
    pub(super) replace: bool,
    pub(super) dry: bool,
}

/// `compta budget import`: a filled sheet becomes the journal of the budget.
pub(super) fn import(common: &Common, ask: &PlanAsk<'_>, host: &mut Host) -> Result<u8, Failure> {
    let ready = ready(common, host)?;
    let year = year_of(&ready, ask.year, host)?;
    let sheet = sheet(ask.file, SHEET, host)?;
    let opened = &ready.opened;
    let activities = activities(opened);
    let filled = Filled { grid: &sheet.grid, places: &sheet.places, base: sheet.base };
    let asked = SheetAsk {
        filled,
        books: &opened.books,
        registers: &opened.registers,
        activities: &activities,
        sealed_until: opened.closures.sealed_until(),
        journals: &[],
        next: &|_, _| 1,
    };
    let bank = bank(&ready, &year);
    let mut findings = Vec::new();
    let budget = budget_of(asked, &year, bank.as_deref(), &mut findings);
    sheet.sound(&findings, host)?;
    if !budget.aside.is_empty() {
        let rows: Vec<String> = budget.aside.iter().map(ToString::to_string).collect();
        host.say(&format!(
            "sans compte ni activité, laissées de côté : lignes {}\n",
            rows.join(", ")
        ));
    }
    if budget.lines == 0 {
        return Err(Failure::usage(
            "ce tableau n’a aucune ligne de budget",
            "remplissez la colonne « budget » : rien n’a été écrit",
        ));
    }
    let path = place(&ready, &year)?;
    let before = as_it_is(&ready.opened, &path, host)?;
    let old = String::from_utf8_lossy(before.as_deref().unwrap_or_default()).into_owned();
    let kept = rules_from(&old).map_or(old.as_str(), |at| &old[..at]);
    let head = if kept.trim().is_empty() {
        format!("; Budget prévisionnel {}\n\ndecimal-mark ,\n", year.name)
    } else {
        format!("{}\n", kept.trim_end())
    };
    let after = with_line_ends(&old, format!("{head}{}", budget.text));
    if after == old {
        host.say(&format!("`{path}` dit déjà ce budget : rien à changer\n"));
        return Ok(0);
    }
    let diff = TextDiff::from_lines(old.as_str(), after.as_str());
    let shown = diff.unified_diff().context_radius(1).header(&path, &path).to_string();
    host.put(shown.as_bytes())?;
    let holds = rules_from(&old).is_some();
    if holds && !ask.replace && !ask.dry {
        return Err(Failure::usage(
            format!("`{path}` a déjà un budget : rien n’a été écrit"),
            "relisez la différence, puis relancez avec `--remplace` (l’ancien est gardé à côté)",
        ));
    }
    let mut files =
        vec![Changed { path: path.clone(), before: before.clone(), after: after.into_bytes() }];
    tried(common, &ready, &files, host)?;
    let count = signed_words(budget.lines, "ligne");
    if ask.dry {
        host.say(&format!("essai (`-n`) : {count} de budget, rien n’a été écrit\n"));
        return Ok(0);
    }
    let mut kept = String::new();
    if let Some(old) = before.filter(|_| holds) {
        let path = format!("{path}.ancien");
        kept = format!(", l’ancien dans `{path}`");
        let before = as_it_is(&ready.opened, &path, host)?;
        files.push(Changed { path, before, after: old });
    }
    write_books(&ready, &files, host)?;
    host.say(&format!("{count} dans `{path}`{kept}\nensuite : `compta budget {}`\n", year.name));
    Ok(0)
}

/// Where the rules of a text begin; what stands above them is kept.
fn rules_from(text: &str) -> Option<usize> {
    if text.starts_with('~') { Some(0) } else { text.find("\n~") }
}

/// The file of a year's budget: the one that holds it, else `budget.journal` of the year.
fn place(ready: &Ready, year: &FiscalYear) -> Result<String, Failure> {
    let mut files: Vec<String> =
        rules(ready, year).iter().map(|rule| rule.place().source).collect();
    files.dedup();
    let path = match files.as_slice() {
        [] => format!("{}/budget.journal", year_folder(&ready.opened, year)),
        [only] => only.clone(),
        several => {
            return Err(Failure::usage(
                format!(
                    "le budget {} est dans plusieurs fichiers : {}",
                    year.name,
                    several.join(", ")
                ),
                "réunissez-le dans un seul, que l’import remplacera",
            ));
        }
    };
    let books = &ready.opened.books;
    let other = |entry: &EntryRef<'_>| entry.place().source == path;
    let strange = books.written().find(other);
    let later = books
        .planned()
        .filter(|rule| !year.period.contains(rule.date()))
        .find(|rule| other(rule) && !same_rule(ready, year, rule));
    if let Some(entry) = strange.or(later) {
        return Err(Failure::usage(
            format!("`{path}` ne tient pas que le budget {} ({})", year.name, entry.place()),
            "mettez ce budget dans un fichier à lui : l’import le remplace en entier",
        ));
    }
    Ok(path)
}

/// Whether a planned entry is of a rule that falls in the year as well.
fn same_rule(ready: &Ready, year: &FiscalYear, entry: &EntryRef<'_>) -> bool {
    rules(ready, year).iter().any(|rule| rule.span() == entry.span())
}

/// The account that pays a budget: that of its rules, else the bank account that moves most.
fn bank(ready: &Ready, year: &FiscalYear) -> Option<String> {
    let books = &ready.opened.books;
    let edition = books.edition(year.period.first);
    let treasury = |number: &str| number.starts_with("51") || number.starts_with("53");
    let of_rules =
        rules(ready, year).into_iter().flat_map(|rule| rule.postings().collect::<Vec<_>>());
    let of_rules = of_rules.map(|line| line.account().number.clone()).find(|one| treasury(one));
    let most = || {
        let mut moved: std::collections::BTreeMap<String, usize> =
            std::collections::BTreeMap::new();
        for line in books.written().flat_map(|entry| entry.postings().collect::<Vec<_>>()) {
            if treasury(&line.account().number) {
                *moved.entry(line.account().number.clone()).or_default() += 1;
            }
        }
        moved.into_iter().max_by_key(|(_, count)| *count).map(|(number, _)| number)
    };
    let number = of_rules.or_else(most)?;
    books.accounts().name(&number, None, edition)
}
