use chrono::{Datelike, Months, NaiveDate};

use super::lines::Line;
use super::repairs::Repairs;
use crate::diagnostic::{Code, Finding, Span};
use crate::exchange::fec::{Column, Ear, Ending, FileFacts, FileName, Heard, Rows, advice};
use crate::measure::{Period, last_day_of_month};

/// A file to take in, decoded.
#[derive(Clone, Copy, Debug)]
pub struct FecFile<'t> {
    /// Its name, without its folder.
    pub name: &'t str,
    /// Its text.
    pub text: &'t str,
    /// Where its text begins among the sources of the run.
    pub base: u32,
    /// What its bytes turned out to be.
    pub facts: &'t FileFacts,
}

/// A file that was read.
#[derive(Debug)]
pub(super) struct ReadFile<'t> {
    pub(super) file: &'t FecFile<'t>,
    pub(super) period: Period,
    /// Whether its name says when its year ends.
    pub(super) named: bool,
    pub(super) siren: Option<String>,
    pub(super) part: u32,
    pub(super) lines: Vec<Line<'t>>,
}

/// Hears a reader: what cannot stand becomes a finding, the rest is noted.
struct Listener<'a> {
    file: FecFile<'a>,
    findings: &'a mut Vec<Finding>,
    repairs: &'a mut Repairs,
}

impl Ear for Listener<'_> {
    fn wants(&self, code: Code, column: Option<Column>, _: &'static str) -> bool {
        code == Code::FecExtra || !tolerated(code, column)
    }

    fn hear(&mut self, heard: Heard<'_>) {
        if tolerated(heard.code, heard.column) {
            let what = match heard.column {
                // The law knows eighteen fields, and the books no place for more.
                None if heard.code == Code::FecExtra => {
                    format!("{}, laissée avec ses valeurs", heard.message)
                }
                Some(column) => {
                    format!("{} : {}{}", column.name(), heard.kind, instead(heard.code, column))
                }
                None => heard.kind.to_owned(),
            };
            self.repairs.note(self.file.name, heard.code, what, heard.line);
            return;
        }
        let at = |byte: usize| {
            let offset = u32::try_from(heard.offset).unwrap_or(u32::MAX);
            self.file.base.saturating_add(offset).saturating_add(u32::try_from(byte).unwrap_or(0))
        };
        let place = Span::new(at(heard.range.start), at(heard.range.end));
        self.findings.push(
            Finding::new(heard.code, place, heard.message)
                .label(heard.kind)
                .help(advice(heard.code)),
        );
    }
}

/// What stands in place of a cell that is blank or cannot be kept.
fn instead(code: Code, column: Column) -> &'static str {
    match (code, column) {
        (Code::FecNeeded, Column::EcritureLib) => ", le libellé du journal en tiendra lieu",
        (Code::FecNeeded, Column::CompteLib) => ", le titre du plan, ou le numéro, en tient lieu",
        (Code::FecDoubtfulDate, _) => ", date laissée à blanc",
        _ => "",
    }
}

/// Whether books can be made all the same.
fn tolerated(code: Code, column: Option<Column>) -> bool {
    let fillable = [Column::EcritureNum, Column::CompteLib, Column::EcritureLib];
    code.text().starts_with('W')
        || (code == Code::FecNeeded && column.is_some_and(|column| fillable.contains(&column)))
}

/// Reads a file; `None` when nothing can be read of it.
pub(super) fn read_file<'t>(
    file: &'t FecFile<'t>,
    findings: &mut Vec<Finding>,
    repairs: &mut Repairs,
) -> Option<ReadFile<'t>> {
    encodings(file, repairs);
    let mut ear = Listener { file: *file, findings, repairs };
    // Bytes in memory do not fail to come.
    let mut rows = Rows::open(file.text.as_bytes(), &mut ear).ok().flatten()?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next_row(&mut ear).ok().flatten() {
        if row.sound && row.date.is_some() {
            lines.extend(Line::keep(&row, file));
        }
    }
    ends(file, rows.facts(), ear.repairs);
    if rows.facts().rows == 0 && ear.findings.is_empty() {
        let at = Span::new(file.base, file.base);
        ear.findings.push(
            Finding::new(Code::FecEmpty, at, "le fichier n’a aucune ligne d’écriture")
                .label("l’en-tête, et rien après")
                .help(advice(Code::FecEmpty)),
        );
        return None;
    }
    let name = FileName::read(file.name);
    if name.as_ref().is_none_or(|name| !name.is_legal(file.name)) {
        repairs.note(file.name, Code::FecName, "nom non réglementaire", 0);
    }
    let closing = name.as_ref().map(|name| name.closing).or_else(|| last_day(&lines))?;
    let begins = closing.succ_opt().and_then(|next| next.checked_sub_months(Months::new(12)))?;
    let period = Period { first: begins, last: closing };
    let siren = name.as_ref().map(|name| name.siren.clone());
    let siren = siren.filter(|siren| siren.len() == 9 && siren.bytes().all(|b| b.is_ascii_digit()));
    let named = name.is_some();
    let part = name.and_then(|name| name.part).unwrap_or(0);
    Some(ReadFile { file, period, named, siren, part, lines })
}

/// Tells the rows that are of no day of the year.
pub(super) fn outside(read: &ReadFile<'_>, findings: &mut Vec<Finding>) {
    let period = read.period;
    let shown = |day: NaiveDate| day.format("%d/%m/%Y");
    for line in read.lines.iter().filter(|line| !period.contains(line.date)) {
        let message = format!(
            "écriture du {}, hors de l’exercice du {} au {}",
            shown(line.date),
            shown(period.first),
            shown(period.last)
        );
        findings.push(
            Finding::new(Code::FecOutsideYear, line.place(Column::EcritureDate), message)
                .label("cette date")
                .help(advice(Code::FecOutsideYear)),
        );
    }
}

/// The last day of the year that rows are of, when no name gives it: 31 December when all are of one
/// calendar year, else the end of their last month.
fn last_day(lines: &[Line<'_>]) -> Option<NaiveDate> {
    let first = lines.iter().map(|line| line.date).min()?;
    let last = lines.iter().map(|line| line.date).max()?;
    if first.year() == last.year() {
        return NaiveDate::from_ymd_opt(last.year(), 12, 31);
    }
    let day = last_day_of_month(last.year(), last.month())?;
    NaiveDate::from_ymd_opt(last.year(), last.month(), day)
}

/// Ends of line that are not all the same, or not there.
fn ends(file: &FecFile<'_>, facts: &FileFacts, repairs: &mut Repairs) {
    let mut note = |what: String, line| repairs.note(file.name, Code::FecForm, what, line);
    if facts.endings.contains(&Ending::CrCrLf) {
        note("lignes finies par CR CR LF, lues".to_owned(), 0);
    } else if facts.endings.len() > 1 {
        let names: Vec<&str> = facts.endings.iter().map(|ending| ending.name()).collect();
        note(format!("fins de ligne mélangées ({}), lues", names.join(", ")), 0);
    }
    if facts.unended_at > 0 && facts.rows > 0 {
        let what = "rien ne finit la dernière ligne : le fichier a peut-être été coupé".to_owned();
        note(what, facts.unended_at);
    }
}

fn encodings(file: &FecFile<'_>, repairs: &mut Repairs) {
    let facts = file.facts;
    let what = match (facts.utf8, facts.latin, facts.windows) {
        _ if facts.utf16 => "UTF-16 converti en UTF-8",
        (_, 0, 0) => return,
        (0, _, 0) => "ISO-8859-15 converti en UTF-8",
        (0, _, _) => "Windows-1252 converti en UTF-8",
        _ => "encodages mélangés, convertis ligne par ligne en UTF-8",
    };
    repairs.note(file.name, Code::FecForm, what, 0);
}
