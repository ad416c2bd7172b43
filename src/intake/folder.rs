use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use chrono::{Datelike, NaiveDate};

use super::check::Adds;
use super::entries::{Entry, entries};
use super::grouping::groups;
use super::kinds::{Kind, Left, kinds, left};
use super::lines::Line;
use super::names::Names;
use super::openings::{Received, ReceivedEntry};
use super::reading::{FecFile, ReadFile, outside, read_file};
use super::repairs::Repairs;
use super::text::{write, written};
use super::years::{YearRead, dated, years};
use crate::diagnostic::{Code, Finding};
use crate::exchange::fec::Column;
use crate::measure::{FiscalYear, Period, Sum, euros};

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
    /// What its rows add up to; those that open a later year and those that end a year are apart.
    pub adds: Adds,
    /// What the rows that open a later year add up to.
    pub opened: Adds,
    /// What the rows that end the year add up to: they are left out, and said so.
    pub closed: Adds,
    /// The openings of a later year, by account as postings write it.
    pub openings: BTreeMap<String, Sum>,
    /// The same, as the file has them.
    pub received: Received,
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
    let read = ask.files.iter().filter_map(|file| read_file(file, findings, &mut made.repairs));
    let mut files: Vec<ReadFile<'_>> = read.collect();
    files.sort_by_key(|read| (read.period.last, read.part, read.file.name));
    made.refusal = dated(&mut files, ask.first, &mut made.repairs).err();
    for read in &files {
        outside(read, findings);
    }
    if !findings.is_empty() || made.refusal.is_some() {
        return made;
    }
    let siren = files.iter().find_map(|read| read.siren.clone());
    let read = years(files);
    let names = Names::of(&read, findings, &mut made.repairs);
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut before: Option<Left<'_>> = None;
    for year in &read {
        voluntary(year, findings);
        let taken = take(year, &mut before, &names, &mut texts, findings, &mut made.repairs);
        made.years.push(taken);
    }
    if !findings.is_empty() {
        return made;
    }
    let years: Vec<FiscalYear> = read.iter().map(|read| read.year.clone()).collect();
    for year in &years {
        let own = format!("{}/", year.name);
        // A year of openings alone has no entry of its own; its folder is included all the same.
        if !texts.keys().any(|path| path.starts_with(&own)) {
            let path = format!("{own}od.journal");
            texts.insert(path, "; Opérations diverses : aucune écriture reprise\n".to_owned());
        }
    }
    let settings = settings(ask, siren.as_deref(), &years, &names).into_bytes();
    made.files.push(("compta.toml".to_owned(), settings));
    made.files.push(("comptes.journal".to_owned(), accounts(&names).into_bytes()));
    made.files.push(("principal.journal".to_owned(), door(&years).into_bytes()));
    made.files.extend(texts.into_iter().map(|(path, text)| (path, text.into_bytes())));
    made
}

/// Uses and resources of voluntary contributions that differ: no statement can be made of them.
fn voluntary(read: &YearRead<'_>, findings: &mut Vec<Finding>) {
    let own = |line: &&Line<'_>| {
        let account = line.cell(Column::CompteNum);
        account.starts_with("86") || account.starts_with("87")
    };
    let lines = || read.lines.iter().filter(own);
    let gap: Sum = lines().map(Line::amount).sum();
    if let Some(last) = lines().next_back().filter(|_| !gap.is_zero()) {
        let gap = euros(gap.decimal());
        let message = format!(
            "contributions volontaires de {} : emplois (86) moins ressources (87) = {gap}",
            read.year.name
        );
        findings.push(
            Finding::new(Code::VoluntaryContributions, last.place(Column::CompteNum), message)
                .label("leur dernière ligne")
                .help(
                    "faites corriger l’écriture dans le logiciel d’origine, et refaites l’export",
                ),
        );
    }
}

/// Takes a year in: its entries go to the texts of its journals.
fn take<'t>(
    read: &YearRead<'t>,
    before: &mut Option<Left<'t>>,
    names: &Names<'t>,
    texts: &mut BTreeMap<String, String>,
    findings: &mut Vec<Finding>,
    repairs: &mut Repairs,
) -> YearTaken {
    let first_year = before.is_none();
    let groups = groups(&read.lines, findings, repairs);
    let kinds = kinds(read, &groups, names, before.as_ref(), repairs);
    *before = Some(left(read, &groups, &kinds, before.take()));
    let entries = entries(read, groups, &kinds, names, repairs);
    let mut taken = YearTaken {
        year: read.year.clone(),
        files: read.files.iter().map(|file| file.name.to_owned()).collect(),
        entries: 0,
        adds: Adds::default(),
        opened: Adds::default(),
        closed: Adds::default(),
        openings: BTreeMap::new(),
        received: Received::default(),
    };
    for entry in &entries {
        let lines = || entry.lines.iter().map(|rank| &read.lines[*rank]);
        match entry.kind {
            Kind::Closes => taken.closed.take(lines(), names),
            Kind::Opens if !first_year => {
                taken.opened.take(lines(), names);
                for line in lines() {
                    *taken.openings.entry(names.account(line)).or_default() += line.amount();
                }
                let (head, lines) = written(entry, &read.lines, names);
                taken.received.0.push(ReceivedEntry { head, lines });
            }
            _ => {
                taken.entries += 1;
                taken.adds.take(lines(), names);
                let path = format!("{}/{}.journal", read.year.name, slug(&entry.journal));
                let text = texts.entry(path).or_insert_with(|| head(read, entry, names));
                write(text, entry, &read.lines, names);
            }
        }
    }
    taken
}

/// The longest name of a journal's file, in letters.
const LONGEST: usize = 60;

/// The name of a journal's file.
fn slug(journal: &str) -> String {
    let kept = journal.chars().map(|c| if c.is_alphanumeric() { c } else { '_' });
    kept.flat_map(char::to_lowercase).take(LONGEST).collect()
}

fn head(read: &YearRead<'_>, entry: &Entry, names: &Names<'_>) -> String {
    let label = names.journals.get(entry.source.as_str()).map_or("", |name| name.label.as_str());
    let label = super::labels::words(label);
    let told = if label.is_empty() { String::new() } else { format!(", {label}") };
    let files: Vec<&str> = read.files.iter().map(|file| file.name).collect();
    let files = files.join(", ");
    format!("; Journal {}{told} : repris de {files}\n\ndecimal-mark ,\n", entry.journal)
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
