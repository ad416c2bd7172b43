use chrono::NaiveDate;

use super::accounts::AccountId;
use super::batch::{Batch, Book, Derivation, Deriver, Entry, Head, Posting};
use super::books::Books;
use super::entry::EntryRef;
use crate::diagnostic::{SourceId, Span};
use crate::journal::header;
use crate::journal::tree::Word;
use crate::measure::{Number, Sum, Unit};

/// A line of an entry that a rule derives, and the bytes of the text that say it.
#[derive(Clone, Copy, Debug)]
pub struct DerivedLine {
    /// The account.
    pub account: AccountId,
    /// The amount; a debit is positive.
    pub number: Number,
    /// Its unit.
    pub unit: Unit,
    /// Its book.
    pub book: Book,
    /// Where the line begins in the text.
    pub from: usize,
    /// Where it ends, before its newline.
    pub to: usize,
    /// Whether nothing follows the amount.
    pub bare: bool,
}

impl Books {
    /// Adds entries that a rule derived, written in the notation of the journal.
    ///
    /// # Panics
    /// When the text is not sound: a rule that derives unsound entries is our bug.
    pub fn derive(&mut self, by: Derivation, text: String) {
        let id = self.sources.add_derived(by.rule.as_str(), text);
        let Some(id) = id else { return };
        // A rule may carry an account that the chart of its year has not: statements say so.
        let (mut batch, findings, _) = self.read_apart(id);
        // What deceives a reader in the words of a register deceives nobody more in ours.
        let sound = findings.iter().all(|finding| !finding.is_error());
        assert!(sound, "{}: {findings:?}", by.rule);
        batch.derived = Some(by);
        self.batches.push(batch);
    }

    /// Adds one entry that a rule derived, whose lines are known beside the text that says them: what a
    /// reading of the text would give, without one.
    ///
    /// The head begins at a place of the text, before the first line.
    ///
    /// # Panics
    /// When the lines do not sum to nothing in each unit, or the head does not read: our bug.
    pub fn derive_entry(
        &mut self,
        by: Derivation,
        day: NaiveDate,
        (text, head): (String, usize),
        lines: &[DerivedLine],
    ) {
        for unit in [Unit::EURO, Unit::KG_CO2E] {
            let own = lines.iter().filter(|line| line.unit == unit);
            let left: Sum = own.map(|line| line.number.sum()).sum();
            assert!(left.is_zero(), "{}: {left} is left", by.rule);
        }
        let Some(id) = self.sources.add_derived(by.rule.as_str(), text) else { return };
        let base = self.sources.get(id).base();
        let at = |place: usize| base + u32::try_from(place).unwrap_or(u32::MAX);
        let place = |line: &DerivedLine| Span::new(at(line.from), at(line.to));
        let postings = lines.iter().map(|line| Posting::derived(line, place(line))).collect();
        let (start, first) = (at(head), lines.first().map(|line| at(line.from)));
        let said = self.sources.text(Span::new(start, first.unwrap_or(start)));
        let read = header(Word { text: said.trim_end_matches('\n'), at: start });
        let head = read.map(|header| Head::of(&header, start, first));
        assert!(head.is_ok(), "{}: its head does not read", by.rule);
        let entry = Entry {
            date: day,
            secondary: None,
            start,
            end: lines.last().map_or(start, |line| at(line.to)),
            first: 0,
            count: u32::try_from(lines.len()).unwrap_or(u32::MAX),
            head: head.unwrap_or(Head::NONE),
        };
        let batch = Batch { entries: vec![entry], postings, ..Batch::default() };
        if cfg!(debug_assertions) {
            let other = self.read_otherwise(id, &batch);
            assert!(other.is_none(), "{}: its text says otherwise: {other:?}", by.rule);
        }
        self.batches.push(Batch { derived: Some(by), ..batch });
    }

    /// What the text of a source says that a batch does not hold so.
    fn read_otherwise(&mut self, id: SourceId, batch: &Batch) -> Option<String> {
        let (read, findings, _) = self.read_apart(id);
        let said = |batch: &Batch| -> Vec<String> {
            let entries = batch.entries.iter().map(|entry| format!("{entry:?}"));
            entries.chain(batch.postings.iter().map(|line| format!("{line:?}"))).collect()
        };
        let (read, own) = (said(&read), said(batch));
        let other = read.iter().zip(&own).find(|(read, own)| read != own);
        let other = other.map(|(read, own)| format!("{read}, not {own}"));
        let lost = || (read.len() != own.len()).then(|| format!("{} lines", read.len()));
        let wrong = findings.iter().find(|finding| finding.is_error());
        other.or_else(lost).or_else(|| wrong.map(|one| one.message.clone()))
    }

    /// The entries that one deriver derived, without a look at the others.
    pub fn derived(&self, by: Deriver) -> impl Iterator<Item = EntryRef<'_>> {
        let own = move |(_, read): &(usize, &Batch)| {
            read.derived.as_ref().is_some_and(|derived| derived.by == by)
        };
        self.batches.iter().enumerate().filter(own).flat_map(move |(batch, read)| {
            read.entries.iter().map(move |entry| EntryRef { books: self, batch, entry })
        })
    }
}
