use chrono::NaiveDate;
use serde::Serialize;

use super::args::{Common, FormatName};
use super::failure::Failure;
use super::host::Host;
use super::open::{Opened, emit, exit_code, open};
use crate::book::Books;
use crate::closing::{Standing, State, Waiting};
use crate::diagnostic::{Finding, Style, count, show};
use crate::ledger::{Annual, View};
use crate::measure::{FiscalYear, Period, Sum, euros, signed_words};

/// How many findings the state shows.
const SHOWN: usize = 3;

/// A fiscal year in a few figures.
#[derive(Serialize)]
struct YearState {
    name: String,
    first: String,
    last: String,
    entries: usize,
    /// Absent when the books are not sound.
    result: Option<String>,
    state: &'static str,
}

/// What `compta` alone says of a folder.
#[derive(Serialize)]
struct FolderState<'a> {
    schema: &'static str,
    entity: &'a str,
    years: Vec<YearState>,
    errors: usize,
    warnings: usize,
    registers: Vec<&'static str>,
    next: Vec<String>,
}

/// The state of the folder: its years, its findings, the three next useful commands.
pub(super) fn state(common: &Common, host: &mut Host) -> Result<u8, Failure> {
    let mut opened = match open(common, host) {
        Err(Failure::NoBooks { .. }) if common.folder.is_none() => return welcome(host),
        other => other?,
    };
    let errors = opened.findings.iter().filter(|finding| finding.is_error()).count();
    let sound = errors == 0;
    let annual = if sound { opened.annual() } else { Annual::default() };
    let listed = if sound { annual.years().cloned().collect() } else { unsound_years(&opened) };
    let years = years(&opened, &annual, &listed);
    let state = FolderState {
        schema: "compta/etat/1",
        entity: &opened.dossier.name,
        next: next(&opened, &annual),
        years,
        errors,
        warnings: opened.findings.len() - errors,
        registers: opened.registers.present(),
    };
    let text = match common.format {
        Some(FormatName::Json) => serde_json::to_string_pretty(&state).unwrap_or_default() + "\n",
        None | Some(FormatName::Text) => words(&state, &opened),
        Some(_) => {
            return Err(Failure::usage(
                "`compta` seul sort en text ou en json",
                "donnez `-O json`",
            ));
        }
    };
    let code = exit_code(&opened.findings);
    emit(text.as_bytes(), common, &opened.books, host)?;
    Ok(code)
}

/// The years of unsound books: no result comes from them, but their entries can be counted.
fn unsound_years(opened: &Opened) -> Vec<FiscalYear> {
    let all = opened.books.written().chain(opened.books.planned());
    let days: Vec<NaiveDate> = all.map(|entry| entry.date()).collect();
    let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) else {
        return Vec::new();
    };
    let span = Period { first: *first, last: *last };
    let mut years = opened.dossier.years.clone();
    if years.is_empty() {
        return opened.books.years().within(span);
    }
    years.retain(|year| year.period.meets(span));
    years
}

fn years(opened: &Opened, annual: &Annual, listed: &[FiscalYear]) -> Vec<YearState> {
    let books = &opened.books;
    let one = |year: &FiscalYear| {
        let written = books.written().filter(|entry| year.period.contains(entry.date())).count();
        let planned = books.planned().any(|entry| year.period.contains(entry.date()));
        let state = match (written, planned) {
            (0, true) => "budget",
            (0, false) => "sans écriture",
            _ => Standing::of(books, &opened.closures, year).word(),
        };
        YearState {
            name: year.name.clone(),
            first: year.period.first.to_string(),
            last: year.period.last.to_string(),
            entries: written,
            result: annual.ledger(year).map(|_| result(books, annual, year).to_string()),
            state,
        }
    };
    listed.iter().map(one).collect()
}

/// The result of a year; a surplus is positive.
pub(super) fn result(books: &Books, annual: &Annual, year: &FiscalYear) -> Sum {
    let Some(ledger) = annual.ledger(year) else {
        return Sum::ZERO;
    };
    let ids = books.accounts().sorted().into_iter();
    let own = ids.filter(|id| {
        let account = books.accounts().get(*id);
        !account.is_activity() && account.number.starts_with(['6', '7'])
    });
    -own.map(|id| ledger.balance(id, View::Classic)).sum::<Sum>()
}

/// The three commands that serve now.
fn next(opened: &Opened, annual: &Annual) -> Vec<String> {
    let first = opened.findings.iter().find(|finding| finding.is_error());
    if let Some(finding) = first {
        let code = finding.code;
        return vec![
            "compta check".to_owned(),
            format!("compta explain {code}"),
            "compta fmt --check".to_owned(),
        ];
    }
    let Some(year) = annual.last() else {
        return vec![
            "compta check".to_owned(),
            "compta fmt".to_owned(),
            "compta --help".to_owned(),
        ];
    };
    let name = &year.name;
    let after = opened.books.years().after(year);
    let planned = after
        .filter(|after| opened.books.planned().any(|entry| after.period.contains(entry.date())));
    let result = match planned {
        Some(after) => format!("compta resultat {name} --budget {}", after.name),
        None => format!("compta resultat {name}"),
    };
    if let Some(command) = closing_command(opened, year) {
        return vec![format!("compta bilan {name}"), result, command];
    }
    let third = if opened.registers.any() { "ag" } else { "balance" };
    vec![format!("compta bilan {name}"), result, format!("compta {third} {name}")]
}

/// What a year that was ended calls for: its allocation once closed, its closing after a trial.
fn closing_command(opened: &Opened, last: &FiscalYear) -> Option<String> {
    let years = opened.books.years();
    let closed = |year: &FiscalYear| {
        matches!(Standing::of(&opened.books, &opened.closures, year), Standing::Closed { .. })
    };
    let unallocated = |year: &FiscalYear| {
        let next = years.after(year);
        let left = next.map(|next| Waiting::on(&opened.books, &next, next.period.last).result);
        left.is_none_or(|left| !left.is_zero())
    };
    let mut ended = [Some(last.clone()), years.before(last)].into_iter().flatten();
    if let Some(year) = ended.find(closed).filter(unallocated) {
        return Some(format!("compta affecter {} --vote AAAA-MM-JJ", year.name));
    }
    let tried = opened.closures.all().iter().rfind(|one| one.seal.state == State::Provisional)?;
    let still = opened
        .closures
        .of(&FiscalYear { name: tried.seal.year.clone(), period: tried.seal.period });
    still.is_none().then(|| format!("compta close {}", tried.seal.year))
}

/// An ISO day as a French reader writes it.
fn french_day(iso: &str) -> String {
    iso.parse::<NaiveDate>()
        .map_or_else(|_| iso.to_owned(), |day| day.format("%d/%m/%Y").to_string())
}

fn words(state: &FolderState<'_>, opened: &Opened) -> String {
    let mut text = format!("{}\n\n", if state.entity.is_empty() { "Livres" } else { state.entity });
    for year in &state.years {
        let entries = signed_words(year.entries, "écriture");
        let result = year.result.as_ref().and_then(|result| result.parse().ok()).map(euros);
        let told = match (year.state, result) {
            ("budget", _) => "budget".to_owned(),
            (state, Some(result)) => format!("{state}, {entries}, résultat {result}"),
            (state, None) => format!("{state}, {entries}"),
        };
        let (first, last) = (french_day(&year.first), french_day(&year.last));
        text.push_str(&format!("  {}  du {first} au {last}  {told}\n", year.name));
    }
    if !state.years.is_empty() {
        text.push('\n');
    }
    for finding in opened.findings.iter().take(SHOWN) {
        text.push_str(&format!("  {}", show(finding, opened.books.sources(), Style::Short)));
    }
    let told: &[Finding] = &opened.findings;
    text.push_str(&format!("  {}\n", count(told)));
    if !state.registers.is_empty() {
        text.push_str(&format!("  registres : {}\n", state.registers.join(", ")));
    }
    text.push_str("\nEnsuite :\n");
    for command in &state.next {
        text.push_str(&format!("  {command}\n"));
    }
    text
}

/// What is said where there are no books yet.
fn welcome(host: &mut Host) -> Result<u8, Failure> {
    host.put(
        "compta tient les comptes d’une association en texte : grand livre classique et grand livre CARE.\n\n\
         Aucun `compta.toml` ici ni dans les dossiers au-dessus. Pour commencer :\n  \
         compta init asso --demo     un dossier d’exemple, avec tout ce que compta sait faire\n  \
         compta init asso            un dossier neuf\n  \
         compta --help               toutes les commandes\n"
            .as_bytes(),
    )?;
    Ok(0)
}
