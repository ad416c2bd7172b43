use chrono::NaiveDate;

use super::accounts::{AccountId, Accounts};
use super::batch::{Batch, Deriver, Posting};
use super::entry::EntryRef;
use super::include::BYTE_ORDER_MARK;
use super::load::same_units;
use super::names::names;
use super::received::Received;
use super::stretch::{Stretch, one};
use super::years::Years;
use crate::chart::Edition;
use crate::crew;
use crate::diagnostic::{Finding, Source, SourceId, SourceMap, Span};
use crate::journal::Labels;
use crate::measure::{Period, Units};

/// The books: every entry, complete, with the accounts they use.
#[derive(Debug, Default)]
pub struct Books {
    pub(super) sources: SourceMap,
    pub(super) accounts: Accounts,
    pub(super) units: Units,
    pub(super) years: Years,
    pub(super) batches: Vec<Batch>,
    /// Where each journal begins.
    pub(super) journals: Vec<u32>,
    /// The openings of later years as other software wrote them.
    pub(super) received: Vec<Received>,
    /// How many threads may add up.
    pub(super) threads: usize,
}

/// Books of fewer postings are added up by one thread.
const MANY: usize = 200_000;

impl Books {
    /// Every source: journals, policies, derived texts.
    pub fn sources(&self) -> &SourceMap {
        &self.sources
    }

    /// Every source, to add one more.
    pub fn sources_mut(&mut self) -> &mut SourceMap {
        &mut self.sources
    }

    /// Whether a source is a journal that someone wrote: neither a policy nor a derived text.
    pub fn is_journal(&self, source: &Source) -> bool {
        self.journals.contains(&source.base())
    }

    /// Every account used.
    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// Every unit used.
    pub fn units(&self) -> &Units {
        &self.units
    }

    /// The fiscal years.
    pub fn years(&self) -> &Years {
        &self.years
    }

    /// The edition of the chart that an entry of that day follows: that of its fiscal year.
    pub fn edition(&self, day: NaiveDate) -> Edition {
        self.years.edition(day)
    }

    /// Every entry, written first and then derived, in the order of the text.
    pub fn entries(&self) -> impl Iterator<Item = EntryRef<'_>> {
        self.batches.iter().enumerate().flat_map(move |(batch, read)| {
            read.entries.iter().map(move |entry| EntryRef { books: self, batch, entry })
        })
    }

    /// The entry in whose text a place stands.
    pub fn entry_at(&self, at: Span) -> Option<EntryRef<'_>> {
        self.batches.iter().enumerate().find_map(|(batch, read)| {
            let after = read.entries.partition_point(|entry| entry.start <= at.start);
            let entry = read.entries.get(after.checked_sub(1)?)?;
            (at.end <= entry.end).then_some(EntryRef { books: self, batch, entry })
        })
    }

    /// The entries that someone wrote.
    pub fn written(&self) -> impl Iterator<Item = EntryRef<'_>> {
        self.entries().filter(|entry| !entry.is_derived())
    }

    /// What the years did: the entries that someone wrote, and those that registers yield.
    pub fn booked(&self) -> impl Iterator<Item = EntryRef<'_>> {
        self.entries().filter(EntryRef::is_booked)
    }

    /// The budget's entries, one per day on which a rule falls.
    pub fn planned(&self) -> impl Iterator<Item = EntryRef<'_>> {
        self.batches.iter().enumerate().flat_map(move |(batch, read)| {
            read.planned.iter().map(move |entry| EntryRef { books: self, batch, entry })
        })
    }

    /// Visits the date of each entry with its postings, without looking at any text; with who
    /// derived it.
    pub fn visit(&self, mut each: impl FnMut(NaiveDate, Option<Deriver>, &[Posting])) {
        for batch in &self.batches {
            for entry in &batch.entries {
                let first = entry.first as usize;
                let postings = &batch.postings[first..first + entry.count as usize];
                each(entry.date, batch.derived.as_ref().map(|derived| derived.by), postings);
            }
        }
    }

    /// The same in as many shares as there are threads, each visited at once by a visitor of its own; gives
    /// the visitors, in the order of the text.
    pub fn visit_shares<T: Send>(
        &self,
        begin: impl Fn() -> T + Sync,
        each: impl Fn(&mut T, NaiveDate, Option<Deriver>, &[Posting]) + Sync,
    ) -> Vec<T> {
        let few = self.batches.iter().map(|batch| batch.postings.len()).sum::<usize>() < MANY;
        let threads = if few { 1 } else { self.threads.max(1) };
        let visit = |batches: &[Batch]| {
            let mut visitor = begin();
            for batch in batches {
                let by = batch.derived.as_ref().map(|derived| derived.by);
                for entry in &batch.entries {
                    let first = entry.first as usize;
                    let postings = &batch.postings[first..first + entry.count as usize];
                    each(&mut visitor, entry.date, by, postings);
                }
            }
            visitor
        };
        let share = self.batches.len().div_ceil(threads).max(1);
        crew::all(threads, self.batches.chunks(share), visit)
    }

    /// What is found in each share of the entries of some days, written first and then derived, in the order
    /// of the text: as many shares as there are threads, each looked at once.
    pub fn found_in<'b, M: Send>(
        &'b self,
        days: Period,
        look: impl Fn(&mut Vec<M>, EntryRef<'b>) + Sync,
    ) -> impl Iterator<Item = M> {
        let few = self.batches.iter().map(|batch| batch.postings.len()).sum::<usize>() < MANY;
        let threads = if few { 1 } else { self.threads.max(1) };
        let shares = crew::all(threads, self.batches.iter().enumerate(), |(batch, read)| {
            let mut found = Vec::new();
            for entry in read.entries.iter().filter(|entry| days.contains(entry.date)) {
                look(&mut found, EntryRef { books: self, batch, entry });
            }
            found
        });
        shares.into_iter().flatten()
    }

    /// The account of that number, under its declared or official label, used or not.
    pub fn account(&mut self, number: &str) -> AccountId {
        self.accounts.numbered(number)
    }

    /// Reads one source apart: its entries with their accounts, what is wrong with its text, and what is
    /// wrong with its names.
    pub(super) fn read_apart(&mut self, id: SourceId) -> (Batch, Vec<Finding>, Vec<Finding>) {
        let source = self.sources.get(id);
        let mark = source.bytes().starts_with(BYTE_ORDER_MARK);
        let from = if mark { BYTE_ORDER_MARK.len() } else { 0 };
        let stretch = Stretch { source: id, range: from..source.bytes().len() };
        let mut builder = one(&self.sources, &stretch, &self.years);
        let mut known = builder.names.into_names();
        same_units(&mut builder.batch, &mut known, &builder.units, &mut self.units);
        let mut batches = [builder.batch];
        let mut unknown = Vec::new();
        let (map, accounts) = (&self.sources, &mut self.accounts);
        names(map, &mut batches, &[known], accounts, &self.years, (1, &mut unknown));
        let [batch] = batches;
        (batch, builder.findings, unknown)
    }
}

impl Labels for Books {
    fn declared(&self, written: &str, day: Option<NaiveDate>) -> Option<String> {
        let edition = day.map_or(Edition::Anc2018, |day| self.years.edition(day));
        self.accounts.corrected(written, edition)
    }
}
