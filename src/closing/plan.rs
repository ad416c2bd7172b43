use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::chain::Previous;
use super::closures::{CARE_JOURNAL, INVENTORY_JOURNAL, OPENING_JOURNAL, RESULT_JOURNAL};
use super::manifest::with_papers;
use super::publish::PublishedFile;
use super::seal::{Kind, Seal, SealError, SealInput, SourceInput, SourceKind, State};
use crate::book::{Books, Deriver, EntryRef, RECEIVED};
use crate::care::{Kept, year_journal};
use crate::diagnostic::Source;
use crate::inventory::journal as inventory_journal;
use crate::ledger::{Annual, closing_entries, opening};
use crate::measure::FiscalYear;

/// What a closing is made of: nothing here has been written yet.
#[derive(Clone, Copy, Debug)]
pub struct ClosingAsk<'a> {
    /// The books, with all that is derived.
    pub books: &'a Books,
    /// Their ledgers.
    pub annual: &'a Annual,
    /// What the ecological policy keeps.
    pub kept: Option<&'a Kept>,
    /// Whose books.
    pub entity: &'a str,
    /// Its SIREN.
    pub siren: Option<&'a str>,
    /// The year.
    pub year: &'a FiscalYear,
    /// The day of the closing.
    pub day: NaiveDate,
    /// How final it is.
    pub state: State,
    /// The seal before.
    pub previous: Previous,
    /// The program and its version.
    pub tool: &'a str,
}

/// A copy that the closing keeps of a register, a policy, a form, a set of factors.
#[derive(Clone, Debug)]
pub struct Copied {
    /// Its path from the folder of the books.
    pub path: String,
    /// What it is.
    pub kind: SourceKind,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The generated journals of a year, by their name: inventory, CARE, result, openings of the next.
pub fn generated(ask: &ClosingAsk<'_>) -> Vec<(String, String)> {
    let (books, year) = (ask.books, ask.year);
    let mut journals = Vec::new();
    let yielded = |entry: &EntryRef<'_>| {
        entry.deriver() == Some(Deriver::Inventory) && year.period.contains(entry.date())
    };
    if books.entries().any(|entry| yielded(&entry)) {
        let text = inventory_journal(books, std::slice::from_ref(year));
        journals.push((INVENTORY_JOURNAL.to_owned(), text));
    }
    let kept = ask.kept.filter(|kept| kept.year(year).is_some_and(|own| !own.entries.is_empty()));
    if let Some(kept) = kept {
        journals.push((CARE_JOURNAL.to_owned(), year_journal(books, kept, year)));
    }
    let Some(ledger) = ask.annual.ledger(year) else { return journals };
    let ended = closing_entries(books, ledger, year);
    if !ended.is_empty() {
        let head = format!(
            "; Clôture {} : les écritures qui soldent l’exercice, hors des rapports et du FEC.",
            year.name
        );
        journals.push((RESULT_JOURNAL.to_owned(), standing_alone(&head, &ended)));
    }
    let next = books.years().after(year);
    let left = ask.annual.left(books, year);
    if let Some((next, opening)) =
        next.and_then(|next| Some((next.clone(), opening(books, ledger, &left, &next)?)))
    {
        let entry = opening.text().trim_start_matches("decimal-mark ,").trim_start().to_owned();
        let head = format!("; À-nouveaux {} : pour qui lit cet exercice seul.", next.name);
        journals.push((OPENING_JOURNAL.to_owned(), standing_alone(&head, &[entry])));
    }
    journals
}

/// Entries under their head, with the declarations that a strict reader asks for.
fn standing_alone(head: &str, entries: &[String]) -> String {
    let lines = entries.iter().flat_map(|entry| entry.lines().skip(1));
    let names: BTreeSet<&str> = lines
        .filter_map(|line| line.trim().trim_start_matches('[').split([']']).next())
        .filter_map(|line| line.split("  ").next())
        .filter(|name| !name.is_empty() && !name.starts_with(';'))
        .collect();
    let mut text =
        format!("{head}\n\ndecimal-mark ,\n\ncommodity 1 000,00 €\ncommodity 1 000,000 kgCO₂e\n\n");
    for name in names {
        text.push_str(&format!("account {name}\n"));
    }
    for entry in entries {
        text.push('\n');
        text.push_str(entry.trim_end());
        text.push('\n');
    }
    text
}

/// The journals that a closing seals: those with an entry or a budget of the period, and those that
/// hold no entry at all (declarations, inclusions).
pub fn sealed_journals<'b>(books: &'b Books, year: &FiscalYear) -> Vec<&'b Source> {
    let mut inside: BTreeSet<&str> = BTreeSet::new();
    let mut holding: BTreeSet<&str> = BTreeSet::new();
    let sources = books.sources();
    for entry in books.written().chain(books.planned()) {
        let name = sources.source_of(entry.span()).name();
        holding.insert(name);
        if year.period.contains(entry.date()) {
            inside.insert(name);
        }
    }
    // Openings that other software wrote are of the year that they open.
    let received = format!("{RECEIVED}/");
    let opens = |entry: &EntryRef<'_>| entry.is_received() && year.period.contains(entry.date());
    for entry in books.derived(Deriver::Opening).filter(opens) {
        inside.insert(sources.source_of(entry.span()).name());
    }
    let own = |source: &&Source| {
        (books.is_journal(source) || source.name().starts_with(&received))
            && (inside.contains(source.name())
                || (!holding.contains(source.name()) && books.is_journal(source)))
    };
    sources.iter().filter(own).collect()
}

/// The seal of a year, fixed before any statement is rendered.
///
/// # Errors
/// Why its parts do not hold together.
pub fn seal(
    ask: &ClosingAsk<'_>,
    kind: Kind,
    generated: &[(String, String)],
    copies: &[Copied],
) -> Result<Seal, SealError> {
    let own = |entry: &EntryRef<'_>| {
        let chained = kind == Kind::Annual || !entry.is_derived();
        chained && ask.year.period.contains(entry.date())
    };
    let journals = sealed_journals(ask.books, ask.year);
    // A seal inside a year covers what was written in it, not what it opened with.
    let covered = |source: &&&Source| kind == Kind::Annual || ask.books.is_journal(source);
    let mut sources: Vec<SourceInput<'_>> = journals
        .iter()
        .filter(covered)
        .map(|source| SourceInput {
            path: source.name(),
            kind: SourceKind::Journal,
            bytes: source.bytes(),
        })
        .collect();
    sources.extend(generated.iter().map(|(path, text)| SourceInput {
        path,
        kind: SourceKind::Generated,
        bytes: text.as_bytes(),
    }));
    sources.extend(copies.iter().map(|copy| SourceInput {
        path: &copy.path,
        kind: copy.kind,
        bytes: &copy.bytes,
    }));
    Seal::build(&SealInput {
        books: ask.books,
        entries: ask.books.entries().filter(own).collect(),
        entity: ask.entity,
        siren: ask.siren,
        year: ask.year,
        kind,
        day: ask.day,
        state: ask.state,
        previous: ask.previous,
        sources,
        tool: ask.tool,
    })
}

/// Every file of a closing, its papers with them.
pub fn files(
    ask: &ClosingAsk<'_>,
    seal: &Seal,
    generated: Vec<(String, String)>,
    copies: Vec<Copied>,
    statements: Vec<(String, Vec<u8>)>,
) -> Vec<PublishedFile> {
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    files.extend(generated.into_iter().map(|(path, text)| (path, text.into_bytes())));
    files.extend(copies.into_iter().map(|copy| (format!("registres/{}", copy.path), copy.bytes)));
    files.extend(statements.into_iter().map(|(path, bytes)| (format!("etats/{path}"), bytes)));
    let journals: BTreeMap<String, Vec<u8>> = sealed_journals(ask.books, ask.year)
        .into_iter()
        .filter(|source| seal.source(source.name()).is_some())
        .map(|source| (source.name().to_owned(), source.bytes().to_vec()))
        .collect();
    let published = |(path, bytes)| PublishedFile { path, bytes };
    with_papers(seal, files, &journals).into_iter().map(published).collect()
}
