use std::collections::BTreeSet;

use chrono::{Datelike, Days, Months, NaiveDate};

use super::lines::Line;
use super::reading::{FecFile, ReadFile};
use super::repairs::Repairs;
use crate::diagnostic::Code;
use crate::exchange::fec::{Column, opens};
use crate::measure::{FiscalYear, Period};

/// A fiscal year, with the lines of all its files.
#[derive(Debug)]
pub(super) struct YearRead<'t> {
    pub(super) year: FiscalYear,
    pub(super) files: Vec<&'t FecFile<'t>>,
    pub(super) lines: Vec<Line<'t>>,
}

/// Why files that each read well make no books: what is wrong, and what to do.
type Refusal = (String, String);

/// Some software dates openings of the first working day.
const OPENING_DAYS: Days = Days::new(6);

/// Whether a day is among the first of a year.
pub(super) fn begins(day: NaiveDate, period: Period) -> bool {
    period.first.checked_add_days(OPENING_DAYS).is_some_and(|last| day <= last)
}

/// Gives each file the days of its year; says why when the years do not follow each other.
pub(super) fn dated(
    files: &mut [ReadFile<'_>],
    first: Option<NaiveDate>,
    repairs: &mut Repairs,
) -> Result<(), Refusal> {
    same_entity(files)?;
    let mut before: Option<Period> = None;
    for read in files.iter_mut() {
        match before {
            None => begin(read, first, repairs)?,
            Some(period) if period.last == read.period.last => read.period = period,
            Some(period) => follow(read, period)?,
        }
        if !read.named {
            let shown = |day: NaiveDate| day.format("%d/%m/%Y");
            let what = format!(
                "le nom ne dit pas l’exercice : du {} au {} d’après les dates (sinon, `--debut` ou un nom réglementaire)",
                shown(read.period.first),
                shown(read.period.last)
            );
            repairs.note(read.file.name, Code::FecName, what, 0);
        }
        before = Some(read.period);
    }
    parts(files, repairs)
}

/// Refuses a year of which a part is missing: `_1` and `_3`; nothing tells whether a `_4` exists.
fn parts(files: &[ReadFile<'_>], repairs: &mut Repairs) -> Result<(), Refusal> {
    for year in files.chunk_by(|one, next| one.period == next.period) {
        let own = || year.iter().filter(|read| read.part > 0);
        let highest = own().map(|read| read.part).max().unwrap_or(0);
        let missing: Vec<String> = (1..=highest)
            .filter(|part| own().all(|read| read.part != *part))
            .map(|part| format!("_{part}"))
            .collect();
        if !missing.is_empty() {
            let last = year[0].period.last.format("%d/%m/%Y");
            let message = format!(
                "il manque des parties de l’exercice clos le {last} : {}",
                missing.join(", ")
            );
            return Err((message, "donnez toutes les parties du FEC ensemble".to_owned()));
        }
        if let Some(last) = own().max_by_key(|read| read.part) {
            let next = highest + 1;
            let what = format!(
                "dernière partie donnée de l’exercice : rien ne dit s’il existe une partie _{next}"
            );
            repairs.note(last.file.name, Code::FecName, what, 0);
        }
    }
    Ok(())
}

/// Refuses files of several entities, and a file that was given twice.
fn same_entity(files: &[ReadFile<'_>]) -> Result<(), Refusal> {
    let mut siren: Option<&str> = None;
    for (rank, read) in files.iter().enumerate() {
        let own = read.siren.as_deref();
        if let (Some(known), Some(own)) = (siren, own)
            && known != own
        {
            let message =
                format!("`{}` est d’une autre entité : SIREN {own}, pas {known}", read.file.name);
            return Err((message, "donnez les fichiers d’une seule association".to_owned()));
        }
        siren = siren.or(own);
        if let Some(twin) = files[..rank].iter().find(|other| other.file.text == read.file.text) {
            let message =
                format!("`{}` et `{}` sont le même fichier", twin.file.name, read.file.name);
            return Err((message, "donnez chaque FEC une fois".to_owned()));
        }
    }
    Ok(())
}

/// The first year begins twelve months before it ends, unless something says otherwise.
fn begin(
    read: &mut ReadFile<'_>,
    first: Option<NaiveDate>,
    repairs: &mut Repairs,
) -> Result<(), Refusal> {
    if let Some(first) = first {
        let last = read.period.last;
        let early = last.checked_sub_months(Months::new(24)).unwrap_or(NaiveDate::MIN);
        if first > last || first <= early {
            return Err((
                format!("un exercice clos le {last} ne commence pas le {first}"),
                "un exercice commence avant sa clôture, et dure deux ans au plus".to_owned(),
            ));
        }
        read.period.first = first;
        return Ok(());
    }
    // Openings are of the first day: a later one tells a year of less than twelve months.
    let Some(earliest) = read.lines.iter().min_by_key(|line| line.date) else { return Ok(()) };
    let opens = opens(earliest.cell(Column::JournalCode), earliest.cell(Column::JournalLib));
    if opens && !begins(earliest.date, read.period) && earliest.date <= read.period.last {
        read.period.first = earliest.date;
        let what = format!(
            "exercice commencé le {}, jour de ses à-nouveaux",
            earliest.date.format("%d/%m/%Y")
        );
        repairs.note(read.file.name, Code::FecName, what, earliest.number);
    }
    Ok(())
}

/// A later year begins on the day after the one before.
fn follow(read: &mut ReadFile<'_>, before: Period) -> Result<(), Refusal> {
    let next = before.last.succ_opt().unwrap_or(before.last);
    let longer = read.lines.iter().any(|line| line.date >= next && line.date < read.period.first);
    let most = next.checked_add_months(Months::new(24)).unwrap_or(NaiveDate::MAX);
    if read.period.first > next && !(longer && read.period.last < most) {
        let message = format!(
            "il manque un exercice entre le {} et le {}",
            next.format("%d/%m/%Y"),
            read.period.first.format("%d/%m/%Y")
        );
        return Err((message, "donnez le FEC de chaque exercice, sans trou".to_owned()));
    }
    read.period.first = next;
    Ok(())
}

/// Puts the files of each year together.
pub(super) fn years<'t>(files: Vec<ReadFile<'t>>) -> Vec<YearRead<'t>> {
    let mut years: Vec<YearRead<'t>> = Vec::new();
    let mut names: BTreeSet<String> = BTreeSet::new();
    for mut read in files {
        if let Some(year) = years.last_mut().filter(|year| year.year.period == read.period) {
            year.files.push(read.file);
            year.lines.append(&mut read.lines);
            continue;
        }
        let year = fiscal(read.period, &mut names);
        years.push(YearRead { year, files: vec![read.file], lines: read.lines });
    }
    years
}

/// The fiscal year of some days: `2024` when it is the calendar's, else `2023-2024`.
fn fiscal(period: Period, names: &mut BTreeSet<String>) -> FiscalYear {
    let (first, last) = (period.first.year(), period.last.year());
    let calendar = FiscalYear::calendar(last).is_some_and(|year| year.period == period);
    let name = match (calendar, first == last) {
        (true, _) => last.to_string(),
        (_, true) => format!("{last}-court"),
        _ => format!("{first}-{last}"),
    };
    let numbered = (2..).map(|rank| format!("{name}-{rank}"));
    let mut tries = std::iter::once(name.clone()).chain(numbered);
    let name = tries.find(|name| !names.contains(name)).unwrap_or(name.clone());
    names.insert(name.clone());
    FiscalYear { name, period }
}
