use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use super::class::SILENT_NUMBERS;
use super::found::{Found, Rule, column};
use super::numbers::{EntryNumber, Numbers, hash};
use super::sequences::Sequences;
use super::table::{Slot, Table};
use crate::diagnostic::Code;
use crate::exchange::fec::{Column, Row};
use crate::measure::{Number, euros};

/// What makes rows one entry: its number and its journal; when the number says nothing, the day and
/// the document too. The order of the fields puts rows of one number side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    number: EntryNumber,
    journal: u16,
}

/// An entry as far as its rows were met.
#[derive(Clone, Copy, Debug)]
struct Partial {
    /// What it lacks, in cents; beyond 10^16 euros it is never nothing, and is told.
    cents: i64,
    line: u32,
    /// The day, as a number; nothing when it could not be read.
    day: u32,
    column: u16,
    /// What was met of it already, as the bits below.
    marks: u8,
}

/// An entry whose rows do not balance yet: thirty-two bytes, for there may be millions.
#[derive(Clone, Copy, Debug)]
struct Open {
    value: u64,
    cents: i64,
    /// The rank of the prefix, and the width of the number above.
    prefix: u32,
    line: u32,
    /// The day, and the marks above.
    day: u32,
    journal: u16,
    column: u16,
}

/// How many bits hold the rank of a prefix, or a day.
const LOW: u32 = (1 << 24) - 1;

impl Slot for Open {
    type Key = Key;
    const EMPTY: Self =
        Self { value: 0, cents: 0, prefix: 0, line: 0, day: 0, journal: 0, column: 0 };

    fn key(&self) -> Option<Key> {
        (self.line != 0).then(|| self.parts().0)
    }
}

impl Open {
    fn of(key: Key, entry: Partial) -> Self {
        let number = key.number;
        Self {
            value: number.value,
            cents: entry.cents,
            prefix: (number.prefix & LOW) | u32::from(number.width) << 24,
            line: entry.line,
            day: (entry.day & LOW) | u32::from(entry.marks) << 24,
            journal: key.journal,
            column: entry.column,
        }
    }

    fn parts(&self) -> (Key, Partial) {
        let high = |bits: u32| u8::try_from(bits >> 24).unwrap_or_default();
        let prefix = self.prefix & LOW;
        // The two ranks that are none are the greatest.
        let prefix = if prefix >= LOW - 1 { prefix | !LOW } else { prefix };
        let number = EntryNumber { prefix, value: self.value, width: high(self.prefix) };
        let key = Key { number, journal: self.journal };
        let entry = Partial {
            cents: self.cents,
            line: self.line,
            day: self.day & LOW,
            column: self.column,
            marks: high(self.day),
        };
        (key, entry)
    }
}

/// It has several dates, and that was said.
const SEVERAL_DAYS: u8 = 1;
/// Its rows do not follow each other, and that was said.
const SCATTERED: u8 = 2;
/// One of its amounts could not be read.
const UNSURE: u8 = 4;
/// It has more than one row.
const SEVERAL_ROWS: u8 = 8;

impl Partial {
    fn has(self, mark: u8) -> bool {
        self.marks & mark != 0
    }

    fn mark(&mut self, mark: u8, wanted: bool) {
        self.marks |= if wanted { mark } else { 0 };
    }

    /// Whether a row without a number belongs to it: same day and document, until it is balanced.
    fn takes(self, key: Key, row: &Row<'_>) -> bool {
        key.number.value == part(row) && !(self.cents == 0 && self.has(SEVERAL_ROWS))
    }
}

/// The entries of a file: those whose rows are not balanced yet, and the numbers of the others.
#[derive(Debug, Default)]
pub(super) struct Entries {
    numbers: Numbers,
    sequences: Sequences,
    current: Option<(Key, Partial)>,
    /// The number of the current entry, as written.
    text: String,
    open: Table<Open>,
    /// How many there are.
    pub(super) count: u64,
    /// How many rows have a number that says nothing, and the first of them.
    silent: (u64, u32, u16),
    rows: u64,
}

const ENTRY: Rule = (Code::FecEntry, Some(Column::EcritureNum), "écriture déséquilibrée");
const DAYS: Rule = (Code::FecScattered, Some(Column::EcritureDate), "plusieurs dates");
const APART: Rule = (Code::FecScattered, Some(Column::EcritureNum), "lignes éparses");
const AGAIN: Rule = (Code::FecScattered, Some(Column::EcritureNum), "numéro qui revient");
const BACKWARDS: Rule = (Code::FecOrder, Some(Column::EcritureNum), "numéro qui recule");
const JOURNALS: Rule = (Code::FecScattered, Some(Column::JournalCode), "plusieurs journaux");
const SILENT: Rule = (Code::FecSequence, Some(Column::EcritureNum), SILENT_NUMBERS);

impl Entries {
    /// Takes a row; its amounts are unsure when one could not be read.
    pub(super) fn row(&mut self, row: &Row<'_>, journal: u16, unsure: bool, found: &mut Found) {
        self.rows += 1;
        let text = row.cell(Column::EcritureNum);
        let same = self.current.filter(|(key, entry)| {
            key.journal == journal
                && self.text == text
                && (!key.number.is_silent() || entry.takes(*key, row))
        });
        if same.is_none() {
            self.begin(row, journal, text, found);
        }
        let Some((key, entry)) = &mut self.current else { return };
        entry.mark(SEVERAL_ROWS, same.is_some());
        entry.mark(UNSURE, unsure);
        entry.cents = entry.cents.saturating_add(row.debit.mantissa() - row.credit.mantissa());
        let days = row.date.map_or(0, |date| date.num_days_from_ce());
        let day = u32::try_from(days).unwrap_or_default();
        if entry.day == 0 {
            entry.day = day;
        } else if day != 0
            && day != entry.day
            && !entry.has(SEVERAL_DAYS)
            && !key.number.is_silent()
        {
            entry.mark(SEVERAL_DAYS, true);
            row.at.tell(found, DAYS, row.range(Column::EcritureDate), || {
                format!("l’écriture {text} a plusieurs dates")
            });
        }
    }

    fn begin(&mut self, row: &Row<'_>, journal: u16, text: &str, found: &mut Found) {
        self.close();
        let mut number = self.numbers.read(text);
        if number.is_silent() {
            number.value = part(row);
        }
        let range = row.range(Column::EcritureNum);
        let at = column(row.at.text, range.start);
        let spot =
            (u32::try_from(row.at.line).unwrap_or(u32::MAX), u16::try_from(at).unwrap_or(u16::MAX));
        self.text.clear();
        self.text.push_str(text);
        let silent = number.is_silent();
        let key = Key { number, journal };
        let known = if self.open.is_empty() { None } else { self.open.remove(key) };
        let known = known.map(|open| open.parts().1);
        if silent {
            let (count, line, column) = self.silent;
            self.silent = if count == 0 { (1, spot.0, spot.1) } else { (count + 1, line, column) };
        }
        if let Some(mut entry) = known {
            if !entry.has(SCATTERED) && !silent {
                row.at.tell(found, APART, range, || {
                    format!("les lignes de l’écriture {text} ne se suivent pas")
                });
            }
            entry.mark(SCATTERED | SEVERAL_ROWS, true);
            self.current = Some((key, entry));
            return;
        }
        self.count += 1;
        if !silent && !self.sequences.add(journal, number, spot) {
            row.at.tell(found, AGAIN, range, || {
                format!("le numéro {text} revient, alors que son écriture est complète")
            });
        }
        if let Some(before) = self.sequences.follow(journal, number).filter(|_| !silent) {
            let before = self.numbers.text(before);
            row.at.tell(found, BACKWARDS, row.range(Column::EcritureNum), || match before {
                Some(before) => format!("le numéro {text} vient après {before} du même journal"),
                None => format!("le numéro {text} vient après un plus grand du même journal"),
            });
        }
        let (line, column) = spot;
        let entry = Partial { cents: 0, line, day: 0, column, marks: 0 };
        self.current = Some((key, entry));
    }

    /// Leaves the current entry: what is balanced is forgotten.
    fn close(&mut self) {
        if let Some((key, entry)) =
            self.current.take().filter(|(_, e)| e.cents != 0 || e.has(UNSURE))
        {
            self.open.insert(Open::of(key, entry));
        }
    }

    /// Says which entries lack something, and what the numbers are worth; `journals` are their codes.
    pub(super) fn finish(&mut self, journals: &[String], found: &mut Found) {
        self.close();
        let unsure = self.unread(journals, found);
        let mut open = self.open.drain();
        open.sort_unstable_by_key(|open| open.parts().0);
        let number = |open: &Open| open.parts().0.number;
        let speaking = open.partition_point(|open| !number(open).is_silent());
        let (speaking, silent) = open.split_at(speaking);
        // Numbers that two journals have, each for a sound entry of its own.
        let cents = |open: &Open| i128::from(open.parts().1.cents);
        let gap = |same: &[Open]| same.iter().map(cents).sum::<i128>();
        let groups = speaking.chunk_by(|one, other| number(one) == number(other));
        let nil = groups.filter(|same| gap(same) == 0).map(|same| same.len() as u64 - 1);
        let own_numbers = self.sequences.shared() > nil.sum::<u64>();
        let mut spanning = 0;
        for same in speaking.chunk_by(|one, other| number(one) == number(other)) {
            let same: Vec<(Key, Partial)> = same.iter().map(Open::parts).collect();
            let doubtful = same.iter().any(|(_, entry)| entry.has(UNSURE));
            if !doubtful && !unsure.contains(&same[0].0.number) {
                spanning += self.unbalanced(&same, own_numbers, journals, found);
            }
        }
        let doubtful = silent.iter().any(|open| open.parts().1.has(UNSURE));
        if !doubtful && unsure.iter().all(|n| !n.is_silent()) {
            unnumbered(silent, journals, found);
        }
        let (count, line, column) = self.silent;
        if count > 0 {
            found.tell(SILENT, (u64::from(line), u32::from(column)), || {
                "EcritureNum ne distingue pas les écritures : il est vide ou nul".to_owned()
            });
        }
        if self.sequences.len() == 1 && self.rows > 20 && count == 0 {
            found.tell(SILENT, (2, 1), || {
                "EcritureNum ne distingue pas les écritures : toutes ont le même".to_owned()
            });
        }
        self.sequences.conclude(&self.numbers, journals, spanning, found);
    }

    /// The numbers of the lines that were not read: they are no gap, and their entries lack nothing.
    fn unread(&mut self, journals: &[String], found: &mut Found) -> BTreeSet<EntryNumber> {
        let mut numbers = BTreeSet::new();
        for (journal, number) in std::mem::take(&mut found.unsure) {
            let number = self.numbers.read(&number);
            let journal = journals.iter().position(|code| *code == journal);
            if let Some(Ok(journal)) = journal.map(u16::try_from) {
                self.sequences.add(journal, number, (0, 0));
            }
            numbers.insert(number);
        }
        numbers
    }

    /// Rows of one number that are not balanced journal by journal; gives how many journals more than
    /// one share an entry. Where each journal has its own numbers, that is on one day only.
    fn unbalanced(
        &self,
        same: &[(Key, Partial)],
        own_numbers: bool,
        journals: &[String],
        found: &mut Found,
    ) -> u64 {
        let code = |key: &Key| journals.get(usize::from(key.journal)).map_or("", String::as_str);
        let name = |key: &Key| match self.numbers.text(key.number) {
            Some(number) => format!("l’écriture {number}"),
            None => "l’écriture".to_owned(),
        };
        let gap: i128 = same.iter().map(|(_, entry)| i128::from(entry.cents)).sum();
        let one_day = same.iter().all(|(_, entry)| entry.day == same[0].1.day);
        if gap == 0 && (one_day || !own_numbers) {
            let (key, first) = same
                .iter()
                .fold(same[0], |min, one| if one.1.line < min.1.line { *one } else { min });
            found.tell(JOURNALS, (u64::from(first.line), 1), || {
                let codes: Vec<&str> = same.iter().map(|(key, _)| code(key)).collect();
                format!("{} est répartie sur les journaux {}", name(&key), codes.join(" et "))
            });
            return same.len() as u64 - 1;
        }
        for (key, entry) in same {
            found.tell(ENTRY, (u64::from(entry.line), u32::from(entry.column)), || {
                format!("{} du journal {} {}", name(key), code(key), lacks(entry.cents))
            });
        }
        0
    }
}

/// Rows that no number tells apart: by day, then by journal, whatever is not balanced.
fn unnumbered(open: &[Open], journals: &[String], found: &mut Found) {
    let mut days: BTreeMap<(u16, u32), (i64, u32, u16)> = BTreeMap::new();
    for (key, entry) in open.iter().map(Open::parts) {
        let day = days.entry((key.journal, entry.day)).or_insert((0, entry.line, entry.column));
        *day = (day.0.saturating_add(entry.cents), day.1.min(entry.line), entry.column);
    }
    let mut left: BTreeMap<u16, (i64, u32, u16)> = BTreeMap::new();
    for ((journal, _), (cents, line, column)) in days.into_iter().filter(|(_, day)| day.0 != 0) {
        let one = left.entry(journal).or_insert((0, line, column));
        *one = (one.0.saturating_add(cents), one.1.min(line), column);
    }
    for (journal, (cents, line, column)) in left.into_iter().filter(|(_, one)| one.0 != 0) {
        found.tell(ENTRY, (u64::from(line), u32::from(column)), || {
            let code = journals.get(usize::from(journal)).map_or("", String::as_str);
            format!("le journal {code}, sans numéros d’écriture, {}", lacks(cents))
        });
    }
}

fn lacks(cents: i64) -> String {
    let side = if cents > 0 { "au crédit" } else { "au débit" };
    let amount = Number::new(cents.saturating_abs(), 2).decimal();
    format!("ne s’équilibre pas : il manque {} {side}", euros(amount))
}

fn part(row: &Row<'_>) -> u64 {
    hash(&(row.date.unwrap_or(NaiveDate::MIN), row.cell(Column::PieceRef)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is kept of an entry in thirty-two bytes is what was put in.
    #[test]
    fn an_open_entry_is_what_it_was() {
        assert_eq!(size_of::<Open>(), 32);
        let prefixes = [0, 1, 99_999, LOW - 2, u32::MAX - 1, u32::MAX];
        let days = [0, 1, 738_886, LOW];
        for (rank, prefix) in prefixes.into_iter().enumerate() {
            for day in days {
                for (marks, width) in
                    [(0, 0), (SEVERAL_DAYS, 18), (UNSURE | SEVERAL_ROWS, 3), (15, 1)]
                {
                    let value = u64::MAX - rank as u64;
                    let number = EntryNumber { prefix, value, width };
                    let key = Key { number, journal: 65_535 };
                    let entry = Partial { cents: -7, line: 9, day, column: 300, marks };
                    let (own, read) = Open::of(key, entry).parts();
                    assert_eq!(own, key);
                    assert_eq!((read.cents, read.line, read.day), (-7, 9, day));
                    assert_eq!((read.column, read.marks), (300, marks));
                    assert_eq!(Open::of(key, entry).key(), Some(key));
                }
            }
        }
        assert_eq!(Open::EMPTY.key(), None);
    }
}
