use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::grouping::Group;
use super::labels;
use super::lines::Line;
use super::names::{Names, Taken};
use super::reading::ReadFile;
use super::repairs::Repairs;
use crate::diagnostic::Code;
use crate::exchange::fec::Column;
use crate::measure::Period;

/// An entry to write.
#[derive(Debug)]
pub(super) struct Entry {
    /// The lines, by their ranks in the file.
    pub(super) lines: Vec<usize>,
    pub(super) date: NaiveDate,
    /// The journal as the books write it: the file where it goes.
    pub(super) journal: String,
    /// The journal as the file has it.
    pub(super) source: String,
    /// `VE-12`.
    pub(super) code: String,
    /// The number that the file gives, when the code does not say it.
    pub(super) number: Option<String>,
    /// Whether it opens the year.
    pub(super) opens: bool,
}

/// The entries of a file, each with a code of its own.
pub(super) fn entries<'t>(
    file: &ReadFile<'t>,
    groups: Vec<Group>,
    names: &Names<'t>,
    first_year: bool,
    repairs: &mut Repairs,
) -> Vec<Entry> {
    let mut codes = Codes::default();
    let taken = |group: &Group| (!group.anonymous).then(|| file.lines[group.lines[0]].clone());
    for line in groups.iter().filter_map(taken) {
        codes.reserve(labels::code(line.cell(Column::EcritureNum)));
    }
    let mut made = Vec::with_capacity(groups.len());
    for group in groups {
        let first = &file.lines[group.lines[0]];
        let source = first.cell(Column::JournalCode);
        let opens = names.openings.contains(source) && opening(first.date, file.period, first_year);
        let kept = names.journals.get(source).map_or("DIV", |name| name.written.as_str());
        // Only what opens a year may be of the journal of openings.
        let journal = if kept == "AN" && !opens { "ANR" } else { kept }.to_owned();
        scattered(file, &group, first, repairs);
        let own = first.cell(Column::EcritureNum);
        let (code, number) = if group.anonymous {
            (codes.next(&journal), None)
        } else {
            let wanted = labels::code(own);
            let code = codes.unique(&journal, &wanted);
            let says = code == format!("{journal}-{own}");
            (code, (!says).then(|| own.to_owned()))
        };
        made.push(Entry {
            date: first.date,
            source: source.to_owned(),
            lines: group.lines,
            journal,
            code,
            number,
            opens,
        });
    }
    made
}

/// Whether an entry of an opening journal opens its year: in a later year, in its first days only, for
/// some software dates openings of the first working day.
fn opening(day: NaiveDate, period: Period, first_year: bool) -> bool {
    first_year || day <= period.first + Days::new(6)
}

/// Says where an entry has several days.
fn scattered(file: &ReadFile<'_>, group: &Group, first: &Line<'_>, repairs: &mut Repairs) {
    for line in group.lines.iter().map(|rank| &file.lines[*rank]) {
        if line.date != first.date {
            let shown = first.date.format("%d/%m/%Y");
            let what = format!("écriture à cheval sur plusieurs dates : ligne portée au {shown}");
            repairs.note(file.file.name, Code::FecScattered, what, line.number);
        }
    }
}

/// The codes that a year has given.
#[derive(Default)]
struct Codes {
    given: Taken,
    numbers: BTreeSet<String>,
    made: u64,
}

impl Codes {
    /// A number of the file, that no made-up number may take.
    fn reserve(&mut self, number: String) {
        self.numbers.insert(number);
    }

    fn unique(&mut self, journal: &str, wanted: &str) -> String {
        let plain = format!("{journal}-{wanted}");
        self.given.take(&plain, |rank| format!("{plain}-{rank}"))
    }

    /// A number of our own: one sequence over the year.
    fn next(&mut self, journal: &str) -> String {
        loop {
            self.made += 1;
            if !self.numbers.contains(&self.made.to_string()) {
                return self.unique(journal, &self.made.to_string());
            }
        }
    }
}
