//! The verification of a sealed folder: a pure function of bytes, which names everything that is not
//! as it was sealed, and nothing else.

mod align;
mod folder;
mod journals;
mod meaning;
mod papers;
mod reading;
mod verdict;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::chain::{Anchor, Hash, Previous};
use super::manifest::Manifest;
use super::seal::Seal;
use crate::book::{Books, EntryRef};
use crate::closing::canon::content;
use papers::Papers;

pub use reading::{Reading, Readings};
pub use verdict::{Finding, NamedEntry, Verdict};

/// The folder of a closing, as it was read.
#[derive(Clone, Debug, Default)]
pub struct SealedFolder {
    /// The folder, from that of the books: `clotures/2024`.
    pub name: String,
    /// Its files, by their path in it or from the folder of the books.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// Another seal of the same books.
#[derive(Clone, Debug)]
pub struct KnownSeal {
    /// The name of its year.
    pub year: String,
    /// Its last day.
    pub last: NaiveDate,
    /// Its root.
    pub root: Hash,
    /// What it says stands before it.
    pub previous: Previous,
}

/// An entry of the sealed period, as the books of today say it.
#[derive(Clone, Debug)]
pub struct Reread {
    /// The hash of what it says.
    pub content: Hash,
    /// Its day.
    pub date: NaiveDate,
    /// Its code.
    pub code: String,
    /// Its file, or the rule that derived it.
    pub source: String,
    /// Its first line.
    pub line: usize,
    /// Whether a rule derived it.
    pub derived: bool,
}

impl Reread {
    /// An entry of books that could be read.
    pub fn of(entry: EntryRef<'_>, books: &Books) -> Self {
        let place = entry.place();
        Self {
            content: content(entry, books),
            date: entry.date(),
            code: entry.code().to_owned(),
            source: place.source,
            line: place.line,
            derived: entry.is_derived(),
        }
    }
}

/// What is known beside the bytes.
#[derive(Clone, Debug, Default)]
pub struct Context<'a> {
    /// The program that verifies, as [`SealInput`](super::SealInput) names it.
    pub tool: &'a str,
    /// The other seals that were found.
    pub known: Vec<KnownSeal>,
    /// The statements and generated journals that the sealed books give again, by their path in the folder.
    pub regenerated: Option<BTreeMap<String, Vec<u8>>>,
    /// The entries of the period, written and derived, when the books can be read.
    pub entries: Option<Vec<Reread>>,
    /// The root or the code that someone noted elsewhere.
    pub anchor: Option<Anchor>,
}

/// Compares a sealed folder, and the live sources as far as they can be read, with what was sealed.
///
/// What comes out empty is intact. A verdict is an alarm or an information; all are given, in the
/// order of the files.
pub fn verify(
    folder: &SealedFolder,
    current: &BTreeMap<String, Vec<u8>>,
    context: &Context<'_>,
) -> Vec<Verdict> {
    verify_readings(&Readings::of(folder, current), context)
}

/// The same, of files that were already read.
pub fn verify_readings(readings: &Readings, context: &Context<'_>) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    let nothing = (Seal::lenient(b""), Manifest::default());
    let papers = Papers::read(readings, &nothing, context, &mut verdicts);
    if papers.unknown {
        return verdicts;
    }
    papers.chain(readings, context, &mut verdicts);
    let aligned = journals::compare(readings, &papers, context.entries.is_some(), &mut verdicts);
    folder::compare(readings, &papers, context, &mut verdicts);
    if let Some(entries) = &context.entries
        && papers.sound
    {
        meaning::compare(entries, &papers, &aligned, context, &mut verdicts);
    }
    verdicts.sort_by(|a, b| (&a.file, a.line, a.finding).cmp(&(&b.file, b.line, b.finding)));
    verdicts.dedup();
    verdicts
}
