use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use chrono::NaiveDate;

use super::accounts::{Accounts, Resolved};
use super::batch::{Batch, Builder, Declaration};
use super::checks;
use super::entry::EntryRef;
use super::include::{BYTE_ORDER_MARK, ReadError, Sources, Tree, gather};
use super::numbers::Run;
use super::years::Years;
use crate::chart::Edition;
use crate::diagnostic::{Code, Finding, Source, SourceId, SourceMap, Span};
use crate::journal::tree::Word;
use crate::journal::{Labels, read};
use crate::measure::{Unit, Units};

/// A stretch of a journal is cut near this size, at the beginning of an entry.
const STRETCH: usize = 2 * 1024 * 1024;

/// The books: every entry, complete, with the accounts they use.
#[derive(Debug, Default)]
pub struct Books {
    pub(super) sources: SourceMap,
    pub(super) accounts: Accounts,
    pub(super) units: Units,
    pub(super) years: Years,
    pub(super) batches: Vec<Batch>,
    /// Where each journal begins.
    journals: Vec<u32>,
}

/// Reads a journal and its includes, completes every entry and checks them, on `threads` threads.
///
/// The findings come in the order of the text, whatever the threads did.
///
/// # Errors
/// The journal itself did not come.
pub fn load(
    root: &str,
    sources: &(dyn Sources + Sync),
    years: Years,
    mut map: SourceMap,
    threads: usize,
) -> Result<(Books, Vec<Finding>), (SourceMap, ReadError)> {
    let mut findings = Vec::new();
    let (first, tree) = match gather(root, sources, &mut map, &mut findings) {
        Ok(gathered) => gathered,
        Err(error) => return Err((map, error)),
    };
    let mut stretches = Vec::new();
    stretch(&map, &tree, first, &mut stretches);
    let (mut batches, names, accounts, units) = {
        let built = build(&map, &stretches, &years, threads);
        assemble(&map, &stretches, built, &years, &mut findings)
    };
    let mut accounts = accounts;
    checks::names(
        &map,
        &mut batches,
        &names,
        &mut accounts,
        &years,
        &mut findings,
    );
    let mut journals: Vec<u32> = stretches
        .iter()
        .map(|stretch| map.get(stretch.source).base())
        .collect();
    journals.dedup();
    let books = Books {
        sources: map,
        accounts,
        units,
        years,
        batches,
        journals,
    };
    checks::books(&books, &mut findings);
    findings
        .sort_by(|a, b| (a.at.start, a.code, &a.message).cmp(&(b.at.start, b.code, &b.message)));
    findings.dedup();
    Ok((books, findings))
}

/// A part of a source that is read on its own, in the order in which entries count.
#[derive(Clone, Debug)]
struct Stretch {
    source: SourceId,
    range: Range<usize>,
}

/// Cuts a source and what it includes into stretches, in the order of the text.
fn stretch(map: &SourceMap, tree: &Tree, id: SourceId, out: &mut Vec<Stretch>) {
    let source = map.get(id);
    let bytes = source.bytes();
    let mut from = if bytes.starts_with(BYTE_ORDER_MARK) {
        BYTE_ORDER_MARK.len()
    } else {
        0
    };
    let within = source.span();
    let first = tree
        .inclusions
        .partition_point(|inclusion| inclusion.at < within.start);
    for inclusion in tree.inclusions[first..]
        .iter()
        .take_while(|i| i.at < within.end)
    {
        let at = (inclusion.at - source.base()) as usize;
        cut(id, bytes, from..at, out);
        from = at;
        for &brought in &inclusion.brings {
            stretch(map, tree, brought, out);
        }
    }
    cut(id, bytes, from..bytes.len(), out);
}

fn cut(source: SourceId, bytes: &[u8], whole: Range<usize>, out: &mut Vec<Stretch>) {
    let mut from = whole.start;
    while whole.end - from > STRETCH + STRETCH / 2 {
        let mut at = from + STRETCH;
        let to = loop {
            match memchr::memchr(b'\n', &bytes[at..whole.end]) {
                None => break whole.end,
                Some(newline) => at += newline + 1,
            }
            if !matches!(bytes.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
                break at;
            }
        };
        out.push(Stretch {
            source,
            range: from..to,
        });
        from = to;
    }
    if from < whole.end || whole.start == whole.end {
        out.push(Stretch {
            source,
            range: from..whole.end,
        });
    }
}

/// Reads every stretch; the result has one builder per stretch, in the same order.
fn build<'t, 'y>(
    map: &'t SourceMap,
    stretches: &[Stretch],
    years: &'y Years,
    threads: usize,
) -> Vec<Builder<'t, 'y>> {
    let bytes: usize = stretches.iter().map(|stretch| stretch.range.len()).sum();
    if threads < 2 || bytes < STRETCH {
        return stretches
            .iter()
            .map(|stretch| one(map, stretch, years))
            .collect();
    }
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(stretches.len()));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let rank = next.fetch_add(1, Ordering::Relaxed);
                    let Some(stretch) = stretches.get(rank) else {
                        break;
                    };
                    let built = one(map, stretch, years);
                    done.lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push((rank, built));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    assert!(done.len() == stretches.len(), "every stretch was read");
    done.sort_by_key(|(rank, _)| *rank);
    done.into_iter().map(|(_, built)| built).collect()
}

fn one<'t, 'y>(map: &'t SourceMap, stretch: &Stretch, years: &'y Years) -> Builder<'t, 'y> {
    let source = map.get(stretch.source);
    let bytes = &source.bytes()[stretch.range.clone()];
    let base = source.base() + u32::try_from(stretch.range.start).unwrap_or(0);
    let mut builder = Builder::new(years, bytes.len(), source.is_derived());
    match std::str::from_utf8(bytes) {
        Ok(text) => builder.marks = read(text, base, &mut builder),
        Err(error) => builder
            .findings
            .push(encoding(bytes, error.valid_up_to(), base)),
    }
    builder
}

/// Says which encoding a file that is not UTF-8 seems to have.
fn encoding(bytes: &[u8], at: usize, base: u32) -> Finding {
    let start = base + u32::try_from(at).unwrap_or(0);
    let byte = bytes.get(at).copied().unwrap_or_default();
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let (guess, help) = match byte {
        _ if utf16 => (
            "UTF-16",
            "convertissez le fichier : `iconv -f UTF-16 -t UTF-8`",
        ),
        0x80 => (
            "le signe € de Windows-1252",
            "convertissez le fichier : `iconv -f WINDOWS-1252 -t UTF-8`",
        ),
        0xa0..=0xff => (
            "une lettre accentuée de Latin-1 ou Windows-1252",
            "convertissez le fichier : `iconv -f WINDOWS-1252 -t UTF-8`",
        ),
        _ => ("un autre codage", "enregistrez le fichier en UTF-8"),
    };
    Finding::new(
        Code::Encoding,
        Span::new(start, start + 1),
        format!("octet 0x{byte:02X} : le fichier n’est pas en UTF-8"),
    )
    .label(format!("sans doute {guess}"))
    .help(help)
}

type Names<'t> = Vec<Vec<(&'t str, Option<Unit>)>>;

/// Puts the stretches together: units renumbered, declarations known, file by file checks done.
fn assemble<'t>(
    map: &'t SourceMap,
    stretches: &[Stretch],
    built: Vec<Builder<'t, '_>>,
    years: &Years,
    findings: &mut Vec<Finding>,
) -> (Vec<Batch>, Names<'t>, Accounts, Units) {
    let mut units = Units::default();
    let mut accounts = Accounts::default();
    let (mut batches, mut names): (Vec<Batch>, Names<'t>) = (Vec::new(), Vec::new());
    let mut declarations: Vec<Declaration<'t>> = Vec::new();
    let (mut commodities, mut tags): (Vec<Word<'t>>, Vec<Word<'t>>) = (Vec::new(), Vec::new());
    let mut runs: Vec<Run<'t>> = Vec::new();
    let mut marks = Vec::new();
    for (stretch, mut builder) in stretches.iter().zip(built) {
        marks.push((stretch.source, builder.marks));
        findings.append(&mut builder.findings);
        declarations.append(&mut builder.declarations);
        commodities.append(&mut builder.commodities);
        tags.append(&mut builder.tags);
        runs.extend(builder.runs.into_runs());
        let mut known = builder.names.into_names();
        same_units(&mut builder.batch, &mut known, &builder.units, &mut units);
        batches.push(builder.batch);
        names.push(known);
    }
    checks::files(map, &marks, findings);
    accounts.declare(&declarations, findings);
    checks::words(map, &batches, &commodities, &tags, &units, findings);
    // Two versions of one entry stand between conflict markers: their numbers say nothing new.
    if findings
        .iter()
        .all(|finding| finding.code != Code::ConflictMarker)
    {
        checks::duplicates(map, &batches, &runs, years, findings);
    }
    (batches, names, accounts, units)
}

/// Gives the units of one stretch the numbers that the whole run gives them.
fn same_units(
    batch: &mut Batch,
    names: &mut [(&str, Option<Unit>)],
    local: &Units,
    units: &mut Units,
) {
    let map: Vec<Unit> = local
        .symbols()
        .map(|symbol| units.meet(symbol).unwrap_or(Unit::EURO))
        .collect();
    if local.all().eq(map.iter().copied()) {
        return;
    }
    let of = |unit: Unit| map[unit.rank()];
    batch
        .postings
        .iter_mut()
        .for_each(|posting| posting.unit = of(posting.unit));
    batch
        .assertions
        .iter_mut()
        .for_each(|assertion| assertion.unit = of(assertion.unit));
    for (_, unit) in names.iter_mut() {
        *unit = unit.map(of);
    }
}

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

    /// Every entry, written first and then derived, in the order of the text.
    pub fn entries(&self) -> impl Iterator<Item = EntryRef<'_>> {
        self.batches
            .iter()
            .enumerate()
            .flat_map(move |(batch, read)| {
                read.entries.iter().map(move |entry| EntryRef {
                    books: self,
                    batch,
                    entry,
                })
            })
    }

    /// The entries that someone wrote.
    pub fn written(&self) -> impl Iterator<Item = EntryRef<'_>> {
        self.entries().filter(|entry| !entry.is_derived())
    }

    /// The budget's entries, one per day on which a rule falls.
    pub fn planned(&self) -> impl Iterator<Item = EntryRef<'_>> {
        self.batches
            .iter()
            .enumerate()
            .flat_map(move |(batch, read)| {
                read.planned.iter().map(move |entry| EntryRef {
                    books: self,
                    batch,
                    entry,
                })
            })
    }

    /// Visits the date of each entry with its postings, without looking at any text; the flag says
    /// whether a rule derived it.
    pub fn visit(&self, mut each: impl FnMut(NaiveDate, bool, &[super::Posting])) {
        for batch in &self.batches {
            for entry in &batch.entries {
                let first = entry.first as usize;
                let postings = &batch.postings[first..first + entry.count as usize];
                each(entry.date, batch.derived, postings);
            }
        }
    }

    /// Adds entries that a rule derived, written in the notation of the journal.
    ///
    /// # Panics
    /// When the text is not sound: a rule that derives unsound entries is our bug.
    pub fn derive(&mut self, rule: &str, text: String) {
        let id = self.sources.add_derived(rule, text);
        let Some(id) = id else { return };
        let (mut batch, names, units) = {
            let source = self.sources.get(id);
            let stretch = Stretch {
                source: id,
                range: 0..source.bytes().len(),
            };
            let mut builder = one(&self.sources, &stretch, &self.years);
            assert!(
                builder.findings.is_empty(),
                "{rule}: {:?}",
                builder.findings
            );
            let mut names = builder.names.into_names();
            let mut units = std::mem::take(&mut self.units);
            same_units(&mut builder.batch, &mut names, &builder.units, &mut units);
            let names: Vec<(String, Option<Unit>)> = names
                .into_iter()
                .map(|(name, unit)| (name.to_owned(), unit))
                .collect();
            (builder.batch, names, units)
        };
        self.units = units;
        let resolved: Vec<Resolved> = names
            .iter()
            .map(|(name, unit)| self.accounts.resolve(name, *unit))
            .collect();
        for posting in &mut batch.postings {
            posting.account = resolved[posting.account as usize].account.0;
        }
        self.batches.push(batch);
    }
}

impl Labels for Books {
    fn declared(&self, written: &str, day: Option<NaiveDate>) -> Option<String> {
        let year = day.and_then(|day| self.years.of(day));
        let edition = year.map_or(Edition::Anc2018, |year| {
            Edition::of_year_opened(year.period.first)
        });
        self.accounts.corrected(written, edition)
    }
}
