use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use chrono::{Datelike, NaiveDate};

use super::check::Adds;
use super::entries::{Entry, entries};
use super::grouping::groups;
use super::names::Names;
use super::reading::{FecFile, ReadFile, outside, read_file};
use super::repairs::Repairs;
use super::text::write;
use crate::diagnostic::Finding;
use crate::measure::{FiscalYear, Period, Sum};

/// Files to make books from.
#[derive(Clone, Debug)]
pub struct IntakeAsk<'a> {
    /// The files, in any order.
    pub files: Vec<FecFile<'a>>,
    /// The entity's name.
    pub name: Option<&'a str>,
    /// The first day of the first year, when it has not twelve months.
    pub first: Option<NaiveDate>,
}

/// A year of the files.
#[derive(Clone, Debug)]
pub struct YearTaken {
    /// The year.
    pub year: FiscalYear,
    /// The files it came from.
    pub files: Vec<String>,
    /// How many entries.
    pub entries: usize,
    /// What its rows add up to; those that open a later year are apart.
    pub adds: Adds,
    /// The openings of a later year, by account as postings write it; the books derive them.
    pub openings: BTreeMap<String, Sum>,
    /// How many rows those are.
    pub opening_rows: usize,
}

/// A folder of books made from files.
#[derive(Clone, Debug, Default)]
pub struct Intake {
    /// Its files: path and bytes.
    pub files: Vec<(String, Vec<u8>)>,
    /// The years.
    pub years: Vec<YearTaken>,
    /// What was repaired.
    pub repairs: Repairs,
    /// Why nothing could be made of files that each read well.
    pub refusal: Option<(String, String)>,
}

/// Makes a folder of books from FEC files; with findings, the folder is of no use.
pub fn intake(ask: &IntakeAsk<'_>, findings: &mut Vec<Finding>) -> Intake {
    let mut made = Intake::default();
    let read = ask.files.iter().filter_map(|file| read_file(*file, findings, &mut made.repairs));
    let mut files: Vec<ReadFile<'_>> = read.collect();
    files.sort_by_key(|read| (read.period.last, read.part, read.file.name));
    made.refusal = dated(&mut files, ask.first);
    for read in &files {
        outside(read, findings);
    }
    if !findings.is_empty() || made.refusal.is_some() {
        return made;
    }
    let names = Names::of(&files, findings, &mut made.repairs);
    let years = files.iter().map(|read| fiscal(read.period));
    let mut years: Vec<FiscalYear> = years.collect();
    years.dedup();
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for (rank, year) in years.iter().enumerate() {
        let own: Vec<&ReadFile<'_>> =
            files.iter().filter(|read| read.period == year.period).collect();
        let taken = take(&own, year, rank == 0, &names, &mut texts, findings, &mut made.repairs);
        made.years.push(taken);
    }
    if !findings.is_empty() {
        return made;
    }
    for year in &years {
        let own = format!("{}/", year.name);
        // A year of openings alone has no entry of its own; its folder is included all the same.
        if !texts.keys().any(|path| path.starts_with(&own)) {
            let path = format!("{own}od.journal");
            texts.insert(path, "; Opérations diverses : aucune écriture reprise\n".to_owned());
        }
    }
    let siren = files.iter().find_map(|read| read.siren.as_deref());
    made.files.push(("compta.toml".to_owned(), settings(ask, siren, &years, &names).into_bytes()));
    made.files.push(("comptes.journal".to_owned(), accounts(&names).into_bytes()));
    made.files.push(("principal.journal".to_owned(), door(&years).into_bytes()));
    made.files.extend(texts.into_iter().map(|(path, text)| (path, text.into_bytes())));
    made
}

/// Gives each file the days of its year; says why when the years do not follow each other.
fn dated(files: &mut [ReadFile<'_>], first: Option<NaiveDate>) -> Option<(String, String)> {
    let mut before: Option<Period> = None;
    let mut siren: Option<String> = None;
    for read in files {
        if let (Some(known), Some(own)) = (&siren, &read.siren)
            && known != own
        {
            let message =
                format!("`{}` est d’une autre entité : SIREN {own}, pas {known}", read.file.name);
            return Some((message, "donnez les fichiers d’une seule association".to_owned()));
        }
        siren = siren.or_else(|| read.siren.clone());
        match before {
            None => read.period.first = first.unwrap_or(read.period.first),
            Some(period) if period.last == read.period.last => read.period = period,
            Some(period) => {
                let next = period.last.succ_opt().unwrap_or(period.last);
                if read.period.first > next {
                    let message = format!(
                        "il manque un exercice entre le {} et le {}",
                        next.format("%d/%m/%Y"),
                        read.period.first.format("%d/%m/%Y")
                    );
                    return Some((
                        message,
                        "donnez le FEC de chaque exercice, sans trou".to_owned(),
                    ));
                }
                read.period.first = next;
            }
        }
        before = Some(read.period);
    }
    None
}

/// The fiscal year of some days: `2024` when it is the calendar's, else `2023-2024`.
fn fiscal(period: Period) -> FiscalYear {
    let calendar = FiscalYear::calendar(period.last.year()).filter(|year| year.period == period);
    calendar.unwrap_or_else(|| {
        let (first, last) = (period.first.year(), period.last.year());
        let name = if first == last { format!("{last}-court") } else { format!("{first}-{last}") };
        FiscalYear { name, period }
    })
}

/// Takes a year in: its entries go to the texts of its journals.
fn take<'t>(
    files: &[&ReadFile<'t>],
    year: &FiscalYear,
    first_year: bool,
    names: &Names<'t>,
    texts: &mut BTreeMap<String, String>,
    findings: &mut Vec<Finding>,
    repairs: &mut Repairs,
) -> YearTaken {
    let mut taken = YearTaken {
        year: year.clone(),
        files: files.iter().map(|read| read.file.name.to_owned()).collect(),
        entries: 0,
        adds: Adds::default(),
        openings: BTreeMap::new(),
        opening_rows: 0,
    };
    for read in files {
        let groups = groups(&read.file, &read.lines, findings, repairs);
        let entries = entries(read, groups, names, first_year, repairs);
        let posted = |entry: &&Entry| first_year || !entry.opens;
        let kept: Vec<&Entry> = entries.iter().filter(posted).collect();
        taken.entries += kept.len();
        let lines = kept.iter().flat_map(|entry| entry.lines.iter().map(|rank| &read.lines[*rank]));
        let adds = Adds::of(lines, names);
        taken.adds.merge(adds);
        for entry in &kept {
            let path = format!("{}/{}.journal", year.name, slug(&entry.journal));
            let text = texts.entry(path).or_insert_with(|| head(read, entry, names));
            write(text, entry, &read.lines, names);
        }
        for entry in entries.iter().filter(|entry| !first_year && entry.opens) {
            taken.opening_rows += entry.lines.len();
            for line in entry.lines.iter().map(|rank| &read.lines[*rank]) {
                *taken.openings.entry(names.account(line)).or_default() += line.amount();
            }
        }
    }
    taken
}

/// The name of a journal's file.
fn slug(journal: &str) -> String {
    let kept = journal.chars().map(|c| if c.is_alphanumeric() { c } else { '_' });
    kept.flat_map(char::to_lowercase).collect()
}

fn head(read: &ReadFile<'_>, entry: &Entry, names: &Names<'_>) -> String {
    let label = names.journals.get(entry.source.as_str()).map_or("", |name| name.label.as_str());
    let label = super::labels::words(label);
    let told = if label.is_empty() { String::new() } else { format!(", {label}") };
    format!("; Journal {}{told} : repris de {}\n\ndecimal-mark ,\n", entry.journal, read.file.name)
}

fn settings(
    ask: &IntakeAsk<'_>,
    siren: Option<&str>,
    years: &[FiscalYear],
    names: &Names<'_>,
) -> String {
    let name = ask.name.map_or_else(
        || siren.map_or("Mon association".to_owned(), |siren| format!("Association {siren}")),
        str::to_owned,
    );
    let mut text = format!("[entite]\nnom = {}\n", toml::Value::from(name));
    if let Some(siren) = siren {
        let _ = writeln!(text, "siren = {}", toml::Value::from(siren));
    }
    text.push_str("\n[livres]\njournal = \"principal.journal\"\nforme = \"ag\"\n");
    let calendar =
        |year: &FiscalYear| FiscalYear::calendar(year.period.last.year()).as_ref() == Some(year);
    if !years.iter().all(calendar) {
        for year in years {
            let Period { first, last } = year.period;
            let name = toml::Value::from(year.name.as_str());
            let _ = write!(text, "\n[[exercice]]\nnom = {name}\ndebut = {first}\nfin = {last}\n");
        }
    }
    text.push_str("\n[journaux]\n");
    let mut told = BTreeSet::new();
    for (code, name) in &names.journals {
        let label = if name.label.is_empty() { name.written.as_str() } else { name.label.as_str() };
        // The label goes with the code that the FEC shows, and with the one that the books use.
        for key in [*code, name.written.as_str()] {
            if !key.is_empty() && told.insert(key.to_owned()) {
                let _ = writeln!(text, "{} = {}", toml_key(key), toml::Value::from(label));
            }
        }
    }
    if let Some(opening) = names.opening.filter(|code| *code != "AN") {
        let _ = write!(text, "\n[fec]\nouverture = {}\n", toml::Value::from(opening));
    }
    text
}

/// A key of TOML: bare when it may be.
fn toml_key(key: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if key.chars().all(bare) { key.to_owned() } else { toml::Value::from(key).to_string() }
}

fn accounts(names: &Names<'_>) -> String {
    format!(
        "; Les comptes et les tiers du FEC, sous leurs numéros et leurs libellés.\n\ndecimal-mark ,\n\ncommodity 1 000,00 €\n\n{}",
        names.declarations()
    )
}

fn door(years: &[FiscalYear]) -> String {
    let mut text = "; La porte : elle inclut tous les autres journaux.\n\ndecimal-mark ,\n\ninclude comptes.journal\n".to_owned();
    for year in years {
        let _ = writeln!(text, "include {}/*.journal", year.name);
    }
    text
}
