use std::collections::{BTreeMap, BTreeSet};

use super::sums::{Sums, TRIES, summing};
use crate::measure::Sum;

/// How many lines a tiers may leave open before no sum is searched any more.
pub(super) const OPEN: usize = 1_000;

/// How many times the searches of one tiers may try a line, all together.
const BUDGET: usize = 100 * TRIES;

/// What lines may settle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    /// What a letter lacks, by its rank.
    Letter(usize),
    /// A line, by its rank.
    Line(usize),
}

/// What could settle one target.
#[derive(Clone, Debug)]
pub(super) struct Sought {
    /// The lines looked at.
    candidates: Vec<usize>,
    /// The sets of them that settle it, the oldest first.
    pub(super) sets: Vec<Vec<usize>>,
    /// Whether there is no other.
    pub(super) whole: bool,
}

/// Every way to read the open lines of a tiers: which sets of lines settle which line or letter.
#[derive(Debug)]
pub(super) struct Readings {
    by_target: BTreeMap<Target, Sought>,
    budget: usize,
}

impl Default for Readings {
    fn default() -> Self {
        Self { by_target: BTreeMap::new(), budget: BUDGET }
    }
}

impl Readings {
    /// What could settle a target, when it was searched.
    pub(super) fn of(&self, target: Target) -> Option<&Sought> {
        self.by_target.get(&target)
    }

    /// Searches what could settle a target, unless it is known.
    pub(super) fn search(
        &mut self,
        target: Target,
        sum: Sum,
        candidates: impl FnOnce() -> Vec<(usize, Sum)>,
    ) {
        if self.by_target.contains_key(&target) {
            return;
        }
        let (candidates, amounts): (Vec<usize>, Vec<Sum>) = candidates().into_iter().unzip();
        let Sums { sets, whole, tries } = summing(&amounts, sum, self.budget);
        self.budget -= tries;
        let named = |set: Vec<usize>| set.into_iter().map(|at| candidates[at]).collect();
        let sets = sets.into_iter().map(named).collect();
        self.by_target.insert(target, Sought { candidates, sets, whole });
    }

    /// Forgets lines that are matched: what was wholly known stays known without them.
    pub(super) fn forget(&mut self, taken: &[usize]) {
        let gone: BTreeSet<usize> = taken.iter().copied().collect();
        self.by_target.retain(|target, sought| {
            if matches!(target, Target::Line(rank) if gone.contains(rank)) {
                return false;
            }
            let before = sought.candidates.len();
            sought.candidates.retain(|rank| !gone.contains(rank));
            if sought.candidates.len() == before {
                return true;
            }
            sought.sets.retain(|set| !set.iter().any(|rank| gone.contains(rank)));
            sought.whole
        });
    }

    /// Forgets a letter that is settled.
    pub(super) fn settled(&mut self, letter: usize) {
        self.by_target.remove(&Target::Letter(letter));
    }

    /// How many readings each line and letter has.
    pub(super) fn claims(&self) -> Claims {
        let mut claims = Claims::default();
        let mut met: BTreeSet<(Option<usize>, Vec<usize>)> = BTreeSet::new();
        for (target, sought) in &self.by_target {
            let (letter, own) = match target {
                Target::Letter(letter) => (Some(*letter), None),
                Target::Line(rank) => (None, Some(*rank)),
            };
            if !sought.whole {
                claims.murky.extend(sought.candidates.iter().copied().chain(own));
                claims.murky_letters.extend(letter);
            }
            for set in &sought.sets {
                let mut lines: Vec<usize> = set.iter().copied().chain(own).collect();
                lines.sort_unstable();
                if met.insert((letter, lines.clone())) {
                    for rank in lines {
                        *claims.lines.entry(rank).or_default() += 1;
                    }
                    if let Some(letter) = letter {
                        *claims.letters.entry(letter).or_default() += 1;
                    }
                }
            }
        }
        claims
    }
}

/// How many readings lines and letters have.
#[derive(Debug, Default)]
pub(super) struct Claims {
    lines: BTreeMap<usize, usize>,
    letters: BTreeMap<usize, usize>,
    /// The lines that a search that gave up may have met.
    murky: BTreeSet<usize>,
    murky_letters: BTreeSet<usize>,
}

/// What forbids to call a reading the only one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rival {
    /// Nothing: its lines have no other.
    None,
    /// Another was found.
    Found,
    /// Not every other was searched.
    Unsearched,
}

impl Claims {
    /// Whether some lines, and a letter, have one reading and no more.
    pub(super) fn rival(&self, lines: &[usize], letter: Option<usize>) -> Rival {
        let several = lines.iter().any(|rank| self.lines.get(rank).is_some_and(|count| *count > 1))
            || letter.is_some_and(|at| self.letters.get(&at).is_some_and(|count| *count > 1));
        let murky = lines.iter().any(|rank| self.murky.contains(rank))
            || letter.is_some_and(|at| self.murky_letters.contains(&at));
        match (several, murky) {
            (true, _) => Rival::Found,
            (false, true) => Rival::Unsearched,
            (false, false) => Rival::None,
        }
    }
}
