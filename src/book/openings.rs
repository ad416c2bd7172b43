use std::collections::BTreeSet;

use super::batch::{Batch, Book, Entry};
use super::numbers::{Run, split};
use super::years::Years;
use crate::diagnostic::{Code, Finding, SourceMap, Span};
use crate::journal::header;
use crate::journal::tree::Word;

/// The journal of openings.
pub(super) const OPENINGS: &str = "AN";

/// Openings written after the first year: those of the next years are derived, and would count twice.
pub(super) fn written_later(
    map: &SourceMap,
    batches: &[Batch],
    runs: &[Run<'_>],
    years: &Years,
    findings: &mut Vec<Finding>,
) {
    let written: BTreeSet<u32> =
        runs.iter().filter(|run| run.journal == OPENINGS).map(|run| run.year).collect();
    if written.is_empty() {
        return;
    }
    let Some(first) = classic(batches).map(|entry| years.rank(entry.date)).min() else { return };
    let later: BTreeSet<u32> = written.into_iter().filter(|year| *year > first).collect();
    if later.is_empty() {
        return;
    }
    for entry in classic(batches).filter(|entry| later.contains(&years.rank(entry.date))) {
        let text = map.text(Span::new(entry.start, entry.end));
        let line = text.split(['\n', '\r']).next().unwrap_or_default();
        let code = header(Word { text: line, at: entry.start }).ok().and_then(|h| h.code);
        let Some(code) = code.filter(|code| split(code.text).0 == OPENINGS) else { continue };
        findings.push(
            Finding::new(Code::SecondOpening, code.span(), "à-nouveau écrit une seconde fois")
                .label("déjà repris de l’exercice précédent")
                .help("retirez l’écriture ; une correction se passe au journal OD"),
        );
    }
}

/// The entries that move the classic ledger.
fn classic(batches: &[Batch]) -> impl Iterator<Item = &Entry> {
    batches.iter().flat_map(|batch| {
        batch.entries.iter().filter(|entry| {
            let lines = entry.first as usize..(entry.first + entry.count) as usize;
            batch.postings[lines].iter().any(|line| line.book == Book::Financial)
        })
    })
}
