use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use super::SheetAsk;
use super::cells::{Cells, needed, optional};
use super::groups::{Group, Row, grouped, inherits};
use crate::diagnostic::{Code, Finding, Place, Span};
use crate::exchange::grid::Wanted;
use crate::intake::labels;
use crate::intake::text::Tags;
use crate::journal::tree::Wrap;
use crate::journal::{posting_line, tag_text};
use crate::measure::{FiscalYear, Number, Period, euros};

/// The columns of a sheet of entries, one posting a row.
pub const POSTINGS: [Wanted; 12] = [
    needed("date", &["jour"]),
    needed("journal", &["code journal"]),
    optional("pièce", &["piece", "référence", "n° de pièce"]),
    needed("compte", &["numéro de compte", "n° de compte"]),
    optional("tiers", &["auxiliaire", "compte auxiliaire"]),
    needed("libellé", &["intitulé", "description"]),
    needed("débit", &[]),
    needed("crédit", &[]),
    optional("programme", &[]),
    optional("convention", &[]),
    optional("activité", &["facteur"]),
    optional("quantité", &[]),
];

/// The tag that tells an imported entry from another: its content, so that it is added once.
const TAG: &str = "import";

/// An entry of a sheet, as text.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// Its year.
    pub year: FiscalYear,
    /// The code of its journal.
    pub journal: String,
    /// Its text.
    pub text: String,
    /// For each line of the text, the cell that it comes from: its name, its column, its place.
    pub cells: Vec<(String, &'static str, Span)>,
}

/// Entries read from a sheet, as text.
#[derive(Clone, Debug, Default)]
pub struct Posted {
    /// Each entry that is new.
    pub entries: Vec<NewEntry>,
    /// How many were in the books already.
    pub known: usize,
}

/// The entries of a sheet; what is wrong joins the findings, and then nothing may be written.
pub fn postings_of(ask: SheetAsk<'_>, findings: &mut Vec<Finding>) -> Posted {
    let Some(mut cells) = Cells::of(ask, &POSTINGS, "ecritures modele", findings) else {
        return Posted::default();
    };
    let rows = cells.rows();
    let near = near(ask);
    let mut read: Vec<Row> = Vec::new();
    let mut before: Option<(NaiveDate, String, String)> = None;
    for row in rows {
        let shared =
            if inherits(&cells, row) { before.clone() } else { head(&mut cells, row, near) };
        // A row whose day cannot be read is told once, and its other cells are read all the same.
        let day = shared.as_ref().map(|(day, ..)| *day);
        let line = line(&mut cells, row, day);
        before.clone_from(&shared);
        if let (Some((date, journal, document)), Some(mut line)) = (shared, line) {
            (line.date, line.journal, line.document) = (date, journal, document);
            read.push(line);
        }
    }
    let whole = cells.findings.iter().all(|finding| !finding.is_error());
    let groups = grouped(read);
    // One wrong cell unbalances its entry: it is told alone.
    if whole {
        for group in &groups {
            balanced(&mut cells, group);
            worded(&mut cells, group);
        }
        changed(&mut cells, &groups);
    }
    let cells: Vec<_> = groups.iter().map(|group| places(&cells, group)).collect();
    write(ask, groups, cells)
}

/// An entry says what it is (PCG art. 921-2: its wording).
fn worded(cells: &mut Cells<'_, '_>, group: &Group) {
    if group.rows.iter().all(|row| labels::words(&row.label).is_empty()) {
        let help = "dites en quelques mots ce qu’est l’écriture";
        let at = (group.rows[0].rank, "libellé");
        cells.wrong(at, Code::SheetCell, "il manque le libellé", help);
    }
}

/// A document that was imported, then corrected in the sheet, is not added beside what it was: its entry is
/// corrected where it stands. A row without document, or whose day changed, cannot be told from a new one.
fn changed(cells: &mut Cells<'_, '_>, groups: &[Group]) {
    let keys = keyed(groups);
    let asked: BTreeSet<&str> = keys.iter().map(String::as_str).collect();
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let mut old: BTreeMap<(NaiveDate, String, String), Place> = BTreeMap::new();
    for entry in cells.ask.books.written() {
        let tag = |wanted: &str| entry.tags().find(|(name, _)| *name == wanted);
        let Some((_, key)) = tag(TAG) else { continue };
        known.insert(key);
        let Some((_, document)) = tag("piece") else { continue };
        let journal = entry.code().split_once('-').map_or("", |(journal, _)| journal);
        if !asked.contains(key) {
            let document = labels::meant(&tag_text(document));
            old.insert((entry.date(), journal.to_owned(), document), entry.place());
        }
    }
    for (group, key) in groups.iter().zip(&keys) {
        let first = &group.rows[0];
        let at = (first.date, first.journal.clone(), labels::meant(&first.document));
        if let Some(place) = old.get(&at).filter(|_| !known.contains(key.as_str())) {
            let message =
                format!("la pièce {} fut importée avec autre chose ({place})", first.document);
            let help = "corrigez l’écriture dans le journal, ou effacez-la avant de relancer";
            cells.wrong((first.rank, "pièce"), Code::SheetCell, &message, help);
        }
    }
}

/// The key of each group: that of its content, and of how many times it came before.
fn keyed(groups: &[Group]) -> Vec<String> {
    let mut times: BTreeMap<String, u32> = BTreeMap::new();
    let key = |group: &Group| {
        let content = content(group);
        let time = times.entry(content.clone()).or_default();
        *time += 1;
        fingerprint(&content, *time)
    };
    groups.iter().map(key).collect()
}

/// From the first year of the books to the one after the last: a day beyond is a slip of the keyboard.
fn near(ask: SheetAsk<'_>) -> Option<Period> {
    let years = ask.books.years();
    let days = || ask.books.written().map(|entry| entry.date());
    let (first, last) = (years.of(days().min()?)?, years.of(days().max()?)?);
    let next = years.after(&last).unwrap_or(last);
    Some(Period { first: first.period.first, last: next.period.last })
}

/// The day, the journal and the document of a row.
fn head(
    cells: &mut Cells<'_, '_>,
    row: usize,
    near: Option<Period>,
) -> Option<(NaiveDate, String, String)> {
    let day = cells.day(row, "date");
    let journal = cells.words(row, "journal");
    let document = cells.words(row, "pièce").unwrap_or_default();
    let day = match day {
        Some(Some(day)) => Some(dated(cells, (row, day), near)?),
        Some(None) => {
            let help =
                "donnez la date, ou laissez aussi le journal et la pièce à la ligne d’au-dessus";
            cells.wrong((row, "date"), Code::SheetCell, "il manque la date", help);
            None
        }
        None => None,
    };
    let journal = journal?;
    if journal.is_empty() {
        cells.wrong(
            (row, "journal"),
            Code::SheetCell,
            "il manque le journal",
            "donnez son code : ACH, BQ, OD…",
        );
        return None;
    }
    let code = labels::code(&journal).replace('-', "_");
    let known = cells.ask.journals;
    if !known.is_empty() && !known.contains(&code) {
        let near = known.iter().min_by_key(|known| strsim::osa_distance(known, &code));
        let help = format!(
            "corrigez le code{}, ou nommez ce journal dans `compta.toml` : `[journaux]`, `{code} = \"…\"`",
            near.map_or_else(String::new, |near| format!(" (`{near}` ?)")),
        );
        let message = format!("le journal `{code}` est inconnu");
        cells.wrong((row, "journal"), Code::SheetCell, &message, help);
        return None;
    }
    Some((day?, code, document))
}

/// A day in a year of the books that is still open.
fn dated(
    cells: &mut Cells<'_, '_>,
    (row, day): (usize, NaiveDate),
    near: Option<Period>,
) -> Option<NaiveDate> {
    let shown = day.format("%d/%m/%Y");
    if cells.ask.books.years().of(day).is_none() {
        let message = format!("le {shown} n’est dans aucun exercice");
        let help = "corrigez la date, ou ajoutez l’exercice à `compta.toml`";
        cells.wrong((row, "date"), Code::OutsideYears, &message, help);
        return None;
    }
    if near.is_some_and(|near| !near.contains(day)) {
        let message = format!("le {shown} est loin des exercices de ces livres");
        let help =
            "corrigez la date : les livres vont de leur premier exercice au suivant du dernier";
        cells.wrong((row, "date"), Code::SheetCell, &message, help);
        return None;
    }
    if let Some(until) = cells.ask.sealed_until.filter(|until| day <= *until) {
        let message = format!("le {shown} est dans une période scellée");
        let first = until.succ_opt().unwrap_or(until).format("%d/%m/%Y");
        let help = format!("passez l’écriture au premier jour ouvert, le {first}");
        cells.wrong((row, "date"), Code::LateEntry, &message, help);
        return None;
    }
    Some(day)
}

/// The posting and the activity of a row.
fn line(cells: &mut Cells<'_, '_>, row: usize, day: Option<NaiveDate>) -> Option<Row> {
    let edition = cells.ask.books.edition(day.unwrap_or_default());
    let label = cells.words(row, "libellé");
    let amount = amount(cells, row);
    let blank = |cells: &Cells<'_, '_>, name| cells.value(row, name).is_blank();
    let alone = blank(cells, "compte") && !blank(cells, "activité");
    let account = if alone { None } else { Some(cells.account(row, edition)) };
    let (programme, convention) = (cells.programme(row), cells.convention(row));
    let activity = cells.activity(row);
    let posting = match (account, amount?) {
        (None, None) => None,
        (None, Some(_)) => {
            let help =
                "donnez le compte du montant, ou retirez-le d’une ligne qui n’a qu’une activité";
            cells.wrong((row, "compte"), Code::SheetCell, "il manque le compte", help);
            return None;
        }
        (Some(account), Some(amount)) => Some((account?, amount)),
        (Some(account), None) => {
            account?;
            let help = "donnez un montant au débit ou au crédit";
            cells.wrong((row, "débit"), Code::SheetCell, "il manque le montant", help);
            return None;
        }
    };
    let mut tags = vec![("programme", programme?), ("convention", convention?)];
    tags.retain(|(_, value)| !value.is_empty());
    Some(Row {
        rank: row,
        date: day.unwrap_or_default(),
        journal: String::new(),
        document: String::new(),
        label: label?,
        posting,
        activity: activity?,
        tags,
    })
}

/// The amount of a row, a debit positive: one of the two columns, never both.
#[expect(clippy::option_option, reason = "unread, blank, or an amount")]
fn amount(cells: &mut Cells<'_, '_>, row: usize) -> Option<Option<Decimal>> {
    let (debit, credit) = (cells.euros(row, "débit"), cells.euros(row, "crédit"));
    match (debit?, credit?) {
        (Some(debit), Some(credit)) if !debit.is_zero() && !credit.is_zero() => {
            let help = "gardez l’un des deux";
            cells.wrong(
                (row, "crédit"),
                Code::SheetCell,
                "un débit et un crédit sur la même ligne",
                help,
            );
            None
        }
        (debit, credit) => {
            let some = debit.is_some() || credit.is_some();
            Some(some.then(|| debit.unwrap_or_default() - credit.unwrap_or_default()))
        }
    }
}

fn balanced(cells: &mut Cells<'_, '_>, group: &Group) {
    let (left, last) = (group.left(), group.rows.last());
    if let Some(last) = last.filter(|_| !left.is_zero()) {
        let first = group.rows[0].rank + 1;
        let message = format!(
            "l’écriture des lignes {first} à {} est déséquilibrée de {}",
            last.rank + 1,
            euros(left)
        );
        // The cell that says something: a blank one beside it cannot be looked at.
        let credit = last.posting.as_ref().is_some_and(|(_, amount)| amount.is_sign_negative());
        let name = if credit { "crédit" } else { "débit" };
        let help = "les lignes d’une écriture se suivent et ont la même date, le même journal, la même pièce";
        cells.wrong((last.rank, name), Code::Unbalanced, &message, help);
    }
}

/// Where each line of an entry comes from.
type Places = Vec<(String, &'static str, Span)>;

/// The cells behind the lines that [`text`] writes of a group, in the same order.
fn places(cells: &Cells<'_, '_>, group: &Group) -> Places {
    let of = |row: usize, name: &'static str| {
        (cells.heads.at(row, name).to_string(), name, cells.span(row, name))
    };
    let mut places = vec![of(group.rows[0].rank, "date")];
    for row in &group.rows {
        places.extend(row.posting.as_ref().map(|_| of(row.rank, "compte")));
        places.extend(row.activity.as_ref().map(|_| of(row.rank, "activité")));
    }
    places
}

/// Writes the groups that the books do not have.
fn write(ask: SheetAsk<'_>, groups: Vec<Group>, cells: Vec<Places>) -> Posted {
    let known: BTreeSet<&str> = ask
        .books
        .written()
        .flat_map(|entry| entry.tags().filter(|(name, _)| *name == TAG).map(|(_, value)| value))
        .collect();
    let mut posted = Posted::default();
    let mut numbers: BTreeMap<(String, String), u32> = BTreeMap::new();
    let keys = keyed(&groups);
    for ((group, cells), key) in groups.into_iter().zip(cells).zip(keys) {
        if known.contains(key.as_str()) {
            posted.known += 1;
            continue;
        }
        let first = &group.rows[0];
        let Some(year) = ask.books.years().of(first.date) else { continue };
        let number = numbers
            .entry((year.name.clone(), first.journal.clone()))
            .or_insert_with(|| (ask.next)(&year, &first.journal));
        let code = format!("{}-{number:04}", first.journal);
        *number += 1;
        let text = text(&group, &code, &key);
        let journal = first.journal.clone();
        posted.entries.push(NewEntry { year, journal, text, cells });
    }
    posted
}

/// What a group says, whatever its place in the sheet and however its cells are typed: a label that is
/// declared since, a figure with other zeros or a text with other spaces make no other entry.
fn content(group: &Group) -> String {
    let mut content = String::new();
    for row in &group.rows {
        let mut cells: Vec<String> = vec![row.date.to_string()];
        cells.extend([&row.journal, &row.document, &row.label].map(|cell| labels::meant(cell)));
        if let Some((account, amount)) = &row.posting {
            let (head, tiers) = account.split_once(':').unwrap_or((account, ""));
            cells.push(head.split_whitespace().next().unwrap_or_default().to_owned());
            cells.push(labels::meant(tiers));
            cells.push(amount.normalize().to_string());
        }
        if let Some((factor, quantity, _)) = &row.activity {
            cells.extend(["activité".to_owned(), labels::meant(factor)]);
            cells.push(quantity.normalize().to_string());
        }
        for (name, value) in &row.tags {
            cells.extend([(*name).to_owned(), labels::meant(value)]);
        }
        content.push_str(&cells.join("\t"));
        content.push('\n');
    }
    content
}

/// Twelve hexadecimal digits: two entries out of a million share them once in 500.
fn fingerprint(content: &str, time: u32) -> String {
    let digest = Sha256::digest(format!("{content}{time}"));
    let mut text = String::with_capacity(12);
    for byte in digest.iter().take(6) {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

fn text(group: &Group, code: &str, key: &str) -> String {
    let first = &group.rows[0];
    let mut tags = Tags::default();
    if !first.document.is_empty() {
        tags.add("piece", &first.document);
    }
    tags.add(TAG, key);
    let mut worded = group.rows.iter().map(|row| labels::words(&row.label));
    let label = worded.find(|label| !label.is_empty()).unwrap_or_default();
    let gap = if label.is_empty() { "" } else { " " };
    let mut text = format!("{} * ({code}){gap}{label}{}\n", first.date, tags.0);
    for row in &group.rows {
        if let Some((account, amount)) = &row.posting {
            let mut tags = Tags::default();
            row.tags.iter().for_each(|(name, value)| tags.add(name, value));
            if labels::words(&row.label) != label && !row.label.is_empty() {
                tags.add("lib", &row.label);
            }
            let amount = Number::exact(*amount);
            let line = posting_line(Wrap::Real, account, Some((amount, "€")));
            text.push_str(&format!("{line}{}\n", tags.0));
        }
        if let Some((factor, quantity, unit)) = &row.activity {
            let amount = Number::exact(*quantity);
            let line = posting_line(Wrap::Parentheses, factor, Some((amount, unit)));
            text.push_str(&format!("{line}\n"));
        }
    }
    text
}
