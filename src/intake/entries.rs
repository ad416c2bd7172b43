use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::grouping::Group;
use super::kinds::Kind;
use super::labels;
use super::lines::Line;
use super::names::{Names, Taken};
use super::repairs::Repairs;
use super::years::YearRead;
use crate::diagnostic::Code;
use crate::exchange::fec::Column;

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
    pub(super) kind: Kind,
}

/// The entries of a year, each with a code of its own.
pub(super) fn entries<'t>(
    read: &YearRead<'t>,
    groups: Vec<Group>,
    kinds: &[Kind],
    names: &Names<'t>,
    repairs: &mut Repairs,
) -> Vec<Entry> {
    let mut codes = Codes::default();
    let taken = |group: &Group| (!group.anonymous).then(|| read.lines[group.lines[0]].clone());
    for line in groups.iter().filter_map(taken) {
        codes.reserve(&labels::code(line.cell(Column::EcritureNum)));
    }
    let mut made = Vec::with_capacity(groups.len());
    for (group, kind) in groups.into_iter().zip(kinds) {
        let first = &read.lines[group.lines[0]];
        let source = first.cell(Column::JournalCode);
        let kept = names.journals.get(source).map_or("DIV", |name| name.written.as_str());
        let journal = match (kind, kept) {
            (Kind::Opens, _) => "AN",
            // Only what opens a year may be of the journal of openings.
            (_, "AN") => "ANR",
            _ => kept,
        };
        let journal = journal.to_owned();
        scattered(read, &group, first, repairs);
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
            kind: *kind,
        });
    }
    made
}

/// Says where an entry has several days.
fn scattered(read: &YearRead<'_>, group: &Group, first: &Line<'_>, repairs: &mut Repairs) {
    for line in group.lines.iter().map(|rank| &read.lines[*rank]) {
        if line.date != first.date {
            let shown = first.date.format("%d/%m/%Y");
            let what = format!("écriture à cheval sur plusieurs dates : ligne portée au {shown}");
            repairs.note(line.file.name, Code::FecScattered, what, line.number);
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
    fn reserve(&mut self, number: &str) {
        self.numbers.insert(bare(number).to_owned());
    }

    fn unique(&mut self, journal: &str, wanted: &str) -> String {
        let plain = format!("{journal}-{wanted}");
        let known = format!("{journal}-{}", bare(wanted));
        let given = self.given.take(&known, |rank| format!("{plain}-{rank}"));
        if given == known { plain } else { given }
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

/// `42` and `0042` are one number, as the books count.
fn bare(number: &str) -> &str {
    let bare = number.trim_start_matches('0');
    if bare.bytes().all(|digit| digit.is_ascii_digit()) { bare } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_written_in_two_ways_is_one() {
        let mut codes = Codes::default();
        codes.reserve("0001");
        assert_eq!(codes.unique("BQ", "0001"), "BQ-0001");
        assert_eq!(codes.unique("BQ", "1"), "BQ-1-2");
        assert_eq!(codes.unique("BQ", "A1"), "BQ-A1");
        assert_eq!(codes.unique("AC", "1"), "AC-1");
        assert_eq!(codes.next("BQ"), "BQ-2");
    }
}
