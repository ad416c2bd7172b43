//! The verification of a FEC, whoever wrote it: what the official tester looks at, and what it does
//! not. State is kept by account, letter and entry, never by row.

mod accounts;
mod class;
mod days;
mod ends;
mod entries;
mod fingerprint;
mod found;
mod intervals;
mod letters;
mod numbers;
mod sequences;
mod table;
mod verdict;

use std::io::{self, Read};

use chrono::NaiveDate;

use super::lines::Lines;
use super::{Column, FileFacts, FileName, Head, Row, Rows, Separator, decoded};
use crate::diagnostic::Code;
use crate::measure::Sum;

use accounts::Accounts;
use days::Days;
use entries::Entries;
use fingerprint::Fingerprint;
use letters::Letters;

pub use class::{Class, SILENT_NUMBERS};
pub use found::{Found, Group, Occurrence, Rule};
pub use verdict::Verdict;

/// What a file is, once it was read.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Its name, without its folder.
    pub name: String,
    /// The SIREN number, as the name gives it.
    pub siren: Option<String>,
    /// The first and the last day of the year that the name gives.
    pub year: Option<(NaiveDate, NaiveDate)>,
    /// Its size, in bytes.
    pub size: u64,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// What separates its fields; `None` when there is no header.
    pub separator: Option<Separator>,
    /// Lines, character set, ends of line.
    pub file: FileFacts,
    /// How many entries there are.
    pub entries: u64,
    /// How many journals.
    pub journals: usize,
    /// How many accounts.
    pub accounts: usize,
    /// How many auxiliary accounts.
    pub auxiliaries: usize,
    /// Everything debited.
    pub debit: Sum,
    /// Everything credited.
    pub credit: Sum,
}

/// What a verification says.
#[derive(Debug, Default)]
pub struct Verified {
    /// What the file is.
    pub facts: Facts,
    /// What was found.
    pub found: Found,
}

/// The verification of a file, row by row.
#[derive(Debug)]
struct Verification {
    accounts: Accounts,
    days: Days,
    entries: Entries,
    letters: Letters,
    found: Found,
}

/// Reads a file to its end. Its name says its year, of twelve months unless the first day is given.
///
/// # Errors
/// The stream cannot be read.
pub fn verify(name: &str, first: Option<NaiveDate>, source: impl Read) -> io::Result<Verified> {
    let mut found = Found::default();
    let days = Days::of(name, first, &mut found);
    let mut one = Verification {
        accounts: Accounts::default(),
        days,
        entries: Entries::default(),
        letters: Letters::default(),
        found,
    };
    let mut source = Fingerprint::new(source);
    let mut facts = Facts { name: name.to_owned(), ..Facts::default() };
    facts.siren = FileName::read(name).map(|read| read.siren).filter(|siren| !siren.is_empty());
    facts.year = one.days.year;
    if let Some(mut rows) = Rows::open(&mut source, &mut one.found)? {
        one.found.layout = layout(rows.head());
        while let Some(row) = rows.next_row(&mut one.found)? {
            one.row(&row);
        }
        facts.separator = Some(rows.head().separator);
        facts.file = rows.facts().clone();
        one.finish(&mut facts);
    }
    (facts.size, facts.sha256) = source.finish()?;
    one.found.settle();
    Ok(Verified { facts, found: one.found })
}

fn layout(head: &Head) -> Option<(char, usize, usize)> {
    let journal = head.place(Column::JournalCode)?;
    Some((head.separator.char(), journal, head.place(Column::EcritureNum)?))
}

impl Verification {
    fn row(&mut self, row: &Row<'_>) {
        let found = &mut self.found;
        let unsure = found.amount_unread == row.at.line;
        let ranks = self.accounts.row(row, found);
        self.entries.row(row, ranks.journal, unsure, found);
        self.letters.row(row, (ranks.account, ranks.auxiliary), found);
        self.days.row(row, ranks.opening, found);
        let (debit, credit) = (row.debit.mantissa(), row.credit.mantissa());
        if (debit == 0) == (credit == 0) && !unsure {
            let kind =
                if debit == 0 { "débit et crédit nuls" } else { "débit et crédit ensemble" };
            let rule = (Code::FecSides, Some(Column::Debit), kind);
            row.at.tell(found, rule, row.range(Column::Debit), || format!("la ligne a {kind}"));
        }
        if row.currency.is_some() && row.cell(Column::Idevise).is_empty() {
            let kind = "montant en devise sans devise";
            let rule = (Code::FecForm, Some(Column::Montantdevise), kind);
            row.at.tell(found, rule, row.range(Column::Montantdevise), || kind.to_owned());
        }
    }

    /// What shows at the end only.
    fn finish(&mut self, facts: &mut Facts) {
        let found = &mut self.found;
        (facts.journals, facts.accounts, facts.auxiliaries) = self.accounts.counts();
        (facts.debit, facts.credit) = self.accounts.totals();
        let journals = self.accounts.journal_codes();
        self.entries.finish(&journals, found);
        facts.entries = self.entries.count;
        self.letters.finish(&self.accounts, found);
        self.accounts.finish(found);
        self.days.finish(found);
        ends::finish(facts, found);
    }
}

impl Verified {
    /// Whether the stream has to be read again for lines that are to be shown.
    pub fn wants_lines(&self) -> bool {
        self.found.groups.iter().any(|group| group.text.is_none())
    }

    /// Reads again the lines that are to be shown and are no longer at hand.
    ///
    /// # Errors
    /// The stream cannot be read.
    pub fn read_lines(&mut self, source: impl Read) -> io::Result<()> {
        let separator = self.facts.separator.unwrap_or_default().char();
        let mut wanted: Vec<&mut Group> =
            self.found.groups.iter_mut().filter(|group| group.text.is_none()).collect();
        let Some(last) = wanted.iter().map(|group| group.line).max() else { return Ok(()) };
        let mut lines = Lines::new(source)?;
        if lines.beginning().starts_with(b"\xef\xbb\xbf") {
            lines.skip(3);
        }
        let mut header: Option<Vec<String>> = None;
        while let Some(line) = lines.next_line()? {
            if line.number > last {
                break;
            }
            let asked = wanted.iter().any(|group| group.line == line.number);
            if !asked && header.is_some() {
                continue;
            }
            let number = line.number;
            let (text, _) = decoded(line.bytes[..line.bytes.len().min(8192)].to_vec());
            let names =
                header.get_or_insert_with(|| text.split(separator).map(str::to_owned).collect());
            for group in wanted.iter_mut().filter(|group| group.line == number) {
                group.range = range(&text, separator, names, group.column);
                group.text = Some(text.clone());
            }
        }
        Ok(())
    }
}

/// Where a field stands in a line, by the names of a header.
fn range(
    text: &str,
    separator: char,
    names: &[String],
    column: Option<Column>,
) -> std::ops::Range<usize> {
    let bare = |name: &String| name.trim_matches([' ', '"']).to_ascii_lowercase();
    let place = column.and_then(|column| {
        names.iter().position(|name| bare(name) == column.name().to_lowercase())
    });
    let Some(place) = place else { return 0..0 };
    let mut start = 0;
    for (rank, cell) in text.split(separator).enumerate() {
        if rank == place {
            return start..start + cell.len();
        }
        start += cell.len() + separator.len_utf8();
    }
    0..0
}
