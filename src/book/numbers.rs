use std::collections::BTreeMap;

use crate::journal::tree::Word;

/// How the numbers of one journal run through one fiscal year, in a stretch of text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run<'t> {
    pub(super) journal: &'t str,
    pub(super) year: u32,
    first: u64,
    last: u64,
    /// Every number is larger than the one before, so that none can be there twice.
    rising: bool,
}

/// The runs of a stretch of text: what is needed to know, in one pass, that no number is used twice.
#[derive(Debug, Default)]
pub(super) struct Runs<'t> {
    met: Vec<Run<'t>>,
    ranks: BTreeMap<(&'t str, u32), usize>,
    recent: usize,
}

/// The journal and the number of an entry's code: `ACH-0042` is number 0042 of journal ACH.
pub(super) fn split(code: &str) -> (&str, &str) {
    code.split_once('-').unwrap_or(("", code))
}

impl<'t> Runs<'t> {
    #[inline]
    pub(super) fn meet(&mut self, code: Word<'t>, year: u32) {
        let (journal, number) = split(code.text);
        let value = if number.len() <= 18 { number.parse::<u64>().ok() } else { None };
        let here = |run: &Run<'t>| run.year == year && run.journal == journal;
        if !self.met.get(self.recent).is_some_and(here) {
            if let Some(known) = self.ranks.get(&(journal, year)) {
                self.recent = *known;
            } else {
                self.recent = self.met.len();
                self.ranks.insert((journal, year), self.recent);
                let first = value.unwrap_or(0);
                self.met.push(Run { journal, year, first, last: first, rising: value.is_some() });
                return;
            }
        }
        let run = &mut self.met[self.recent];
        run.rising &= value.is_some_and(|value| value > run.last);
        run.last = value.unwrap_or(u64::MAX);
    }

    pub(super) fn into_runs(self) -> Vec<Run<'t>> {
        self.met
    }
}

/// The journals and years in which a number may be used twice: those whose runs do not simply rise.
pub(super) fn doubtful<'t>(runs: &[Run<'t>]) -> Vec<(&'t str, u32)> {
    let mut ends: BTreeMap<(&'t str, u32), u64> = BTreeMap::new();
    let mut doubtful = Vec::new();
    for run in runs {
        let here = (run.journal, run.year);
        let follows = ends.get(&here).is_none_or(|last| run.first > *last);
        if !run.rising || !follows {
            doubtful.push(here);
        }
        let last = ends.entry(here).or_default();
        *last = (*last).max(run.last);
    }
    doubtful.sort_unstable();
    doubtful.dedup();
    doubtful
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(codes: &[&'static str]) -> Vec<(&'static str, u32)> {
        let mut runs = Runs::default();
        for text in codes {
            runs.meet(Word { text, at: 0 }, 2024);
        }
        doubtful(&runs.into_runs())
    }

    #[test]
    fn rising_numbers_need_no_second_look() {
        assert!(of(&["A-1", "B-1", "A-2", "B-7"]).is_empty());
        assert_eq!(of(&["A-1", "B-1", "A-1"]), [("A", 2024)]);
        assert_eq!(of(&["A-2", "A-1"]), [("A", 2024)], "out of order: look closer");
        assert_eq!(of(&["A-x"]), [("A", 2024)]);
        assert_eq!(split("VE-2024-01"), ("VE", "2024-01"));
    }
}
