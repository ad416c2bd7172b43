use std::collections::BTreeMap;

/// Where a number was met: its line, and its column in characters.
pub(super) type Spot = (u32, u16);

/// Consecutive numbers, counted from the first of their block: sixteen bytes, for there may be millions.
#[derive(Clone, Copy, Debug)]
struct Run {
    first: u32,
    last: u32,
    line: u32,
    column: u16,
}

/// How many runs a block holds.
const BLOCK: usize = 512;
/// How far a block may reach from its first number: half of what its places hold, for it may grow down.
const REACH: u64 = 1 << 31;

/// Numbers as runs without a gap: a continuous sequence is one run, however long.
#[derive(Debug, Default)]
pub(super) struct Intervals {
    /// Blocks of runs by the first number of each, from which its runs are counted.
    blocks: BTreeMap<u64, Vec<Run>>,
    count: usize,
}

/// What a block needs to hold one run more, and little else.
fn insert(runs: &mut Vec<Run>, at: usize, run: Run) {
    if runs.len() == runs.capacity() {
        runs.reserve_exact(1 + runs.len() / 4);
    }
    runs.insert(at, run);
}

impl Intervals {
    /// Adds a number; `false` when it was there.
    pub(super) fn add(&mut self, value: u64, (line, column): Spot) -> bool {
        let after = self.blocks.range(value.saturating_add(1)..).next().map(|(base, _)| *base);
        let meets_next = after.is_some_and(|base| value + 1 == base);
        let Some((base, runs)) = self.blocks.range_mut(..=value).next_back() else {
            self.put_first(value, (line, column), after);
            return true;
        };
        let base = *base;
        // What the last run holds, or goes on to, is of the block however far it is.
        let held = runs.last().map_or(0, |run| u64::from(run.last) + 1);
        let near = Some(value - base).filter(|gap| *gap < REACH.max(held + 1));
        let Some(offset) = near.and_then(|gap| u32::try_from(gap).ok()) else {
            if meets_next {
                self.lower(value, (line, column));
            } else {
                self.open(value, (line, column));
            }
            return true;
        };
        let next = runs.partition_point(|run| run.first <= offset);
        let Some(run) = next.checked_sub(1).and_then(|at| runs.get(at).copied()) else {
            return true;
        };
        if offset <= run.last {
            return false;
        }
        let extends = run.last + 1 == offset;
        let meets = runs.get(next).filter(|other| other.first == offset + 1).copied();
        match (extends, meets) {
            (true, Some(other)) => {
                runs[next - 1].last = other.last;
                runs.remove(next);
                self.count -= 1;
            }
            (false, Some(_)) => {
                runs[next] = Run { first: offset, line, column, ..runs[next] };
            }
            (true, None) => {
                runs[next - 1].last = offset;
                if next == runs.len() && meets_next {
                    self.join(base);
                }
            }
            (false, None) if next == runs.len() && meets_next => {
                self.lower(value, (line, column));
            }
            (false, None) => {
                let last = next == runs.len();
                if runs.len() < BLOCK {
                    insert(runs, next, Run { first: offset, last: offset, line, column });
                    self.count += 1;
                } else if last {
                    self.open(value, (line, column));
                } else {
                    self.split(base);
                    return self.add(value, (line, column));
                }
            }
        }
        true
    }

    /// A new block of one number.
    fn open(&mut self, value: u64, (line, column): Spot) {
        self.count += 1;
        self.blocks.insert(value, vec![Run { first: 0, last: 0, line, column }]);
    }

    /// A number before all the others.
    fn put_first(&mut self, value: u64, spot: Spot, after: Option<u64>) {
        let Some(base) = after else { return self.open(value, spot) };
        let last = self.blocks.get(&base).and_then(|runs| runs.last()).map_or(0, |run| run.last);
        let fits = (base - value).checked_add(u64::from(last)).is_some_and(|gap| gap < REACH);
        let full = self.blocks.get(&base).is_none_or(|runs| runs.len() >= BLOCK);
        if value + 1 == base && fits {
            return self.lower(value, spot);
        }
        if full || !fits {
            return self.open(value, spot);
        }
        let mut runs = self.rebased(base, value);
        insert(&mut runs, 0, Run { first: 0, last: 0, line: spot.0, column: spot.1 });
        self.blocks.insert(value, runs);
        self.count += 1;
    }

    /// The runs of a block, taken out and counted from a smaller number.
    fn rebased(&mut self, base: u64, value: u64) -> Vec<Run> {
        let mut runs = self.blocks.remove(&base).unwrap_or_default();
        let gap = u32::try_from(base - value).unwrap_or_default();
        for run in &mut runs {
            (run.first, run.last) = (run.first + gap, run.last + gap);
        }
        runs
    }

    /// Puts a number at the head of the block that begins after it.
    fn lower(&mut self, value: u64, (line, column): Spot) {
        let mut runs = self.rebased(value + 1, value);
        if let Some(run) = runs.first_mut() {
            *run = Run { first: 0, last: run.last, line, column };
        }
        self.blocks.insert(value, runs);
    }

    /// Joins the last run of a block to the first of the next, which it meets.
    fn join(&mut self, base: u64) {
        let Some((next, mut runs)) = self
            .blocks
            .range(base + 1..)
            .next()
            .map(|(next, _)| *next)
            .and_then(|next| Some((next, self.blocks.remove(&next)?)))
        else {
            return;
        };
        let first = runs.remove(0);
        let own = self.blocks.get_mut(&base).and_then(|runs| runs.last_mut());
        let last = u32::try_from(next - base).ok().and_then(|gap| gap.checked_add(first.last));
        match (own, last) {
            (Some(own), Some(last)) => {
                own.last = last;
                self.count -= 1;
            }
            // Too far from the base: the two stay apart, and `gaps` finds nothing between them.
            _ => runs.insert(0, first),
        }
        let Some(start) = runs.first().map(|run| run.first) else { return };
        for run in &mut runs {
            (run.first, run.last) = (run.first - start, run.last - start);
        }
        self.blocks.insert(next + u64::from(start), runs);
    }

    /// Makes two blocks of one.
    fn split(&mut self, base: u64) {
        let Some(runs) = self.blocks.get_mut(&base) else { return };
        let mut after = runs.split_off(runs.len() / 2);
        runs.shrink_to_fit();
        let start = after.first().map_or(0, |run| run.first);
        for run in &mut after {
            (run.first, run.last) = (run.first - start, run.last - start);
        }
        self.blocks.insert(base + u64::from(start), after);
    }

    /// Every run: its first number, its last, and where the first stands.
    fn runs(&self) -> impl Iterator<Item = (u64, u64, Spot)> + Clone + '_ {
        self.blocks.iter().flat_map(|(base, runs)| {
            runs.iter().map(move |run| {
                (base + u64::from(run.first), base + u64::from(run.last), (run.line, run.column))
            })
        })
    }

    /// How many runs there are.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// How many bytes the runs take.
    #[cfg(test)]
    fn bytes(&self) -> usize {
        let run = size_of::<Run>();
        self.blocks.values().map(|runs| 32 + runs.capacity() * run).sum()
    }

    /// Whether there is one number and no more.
    pub(super) fn is_single(&self) -> bool {
        self.count == 1 && self.runs().all(|(first, last, _)| first == last)
    }

    /// The first number, and where it stands.
    pub(super) fn first(&self) -> Option<(u64, Spot)> {
        self.runs().next().map(|(first, _, spot)| (first, spot))
    }

    /// What is missing between the runs: first, last, and where the next run begins.
    pub(super) fn gaps(&self) -> impl Iterator<Item = (u64, u64, Spot)> {
        let after = self.runs().map(|(_, last, _)| last.saturating_add(1));
        let before = self.runs().skip(1).map(|(first, _, spot)| (first - 1, spot));
        let gaps = after.zip(before).map(|(from, (to, spot))| (from, to, spot));
        gaps.filter(|(from, to, _)| from <= to)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn runs_meet_in_any_order() {
        let mut set = Intervals::default();
        for value in [5, 1, 2, 9, 4, 3, 10, u64::MAX - 1] {
            assert!(set.add(value, (u32::try_from(value % 100).unwrap_or(0), 0)));
        }
        assert!(!set.add(3, (0, 0)) && !set.add(10, (0, 0)));
        assert_eq!(set.len(), 3);
        assert_eq!(set.first(), Some((1, (1, 0))));
        let gaps: Vec<_> = set.gaps().take(1).collect();
        assert_eq!(gaps, [(6, 8, (9, 0))]);
    }

    /// Numbers in an order that a seed decides, held to a map that keeps each of them.
    #[test]
    fn blocks_say_what_a_map_of_every_number_says() {
        let mut random = 9_u64;
        let mut next = |most: u64| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (random >> 33) % most
        };
        // Dense, sparse, descending, far apart.
        for (most, scale) in [(6_000, 1), (60_000, 1), (4_000, 1 << 30), (3, 1 << 40), (9_000, 2)] {
            let (mut set, mut map) = (Intervals::default(), BTreeMap::new());
            for rank in 0..5_000_u32 {
                let down = most * scale - u64::from(rank) * 2 % (most * scale);
                let value = if most == 9_000 { down } else { next(most) * scale + next(3) };
                let spot = (rank + 1, 0);
                assert_eq!(set.add(value, spot), !map.contains_key(&value), "{value}");
                map.entry(value).or_insert(spot);
            }
            let mut gaps = Vec::new();
            let numbers: Vec<u64> = map.keys().copied().collect();
            for pair in numbers.windows(2).filter(|pair| pair[0] + 1 < pair[1]) {
                gaps.push((pair[0] + 1, pair[1] - 1, map[&pair[1]]));
            }
            let own: Vec<_> = set.gaps().collect();
            let bare = |gaps: &[(u64, u64, Spot)]| -> Vec<(u64, u64)> {
                gaps.iter().map(|(from, to, _)| (*from, *to)).collect()
            };
            assert_eq!(bare(&own), bare(&gaps), "{most} {scale}");
            assert_eq!(set.first().map(|(first, _)| first), numbers.first().copied());
            assert_eq!(set.len(), gaps.len() + 1);
        }
    }

    /// One of three of 300 000 numbers, then the second, then what is left: never more than twenty-two
    /// bytes for each that no neighbour joins; the same downwards takes no more than forty.
    #[test]
    fn a_number_apart_takes_few_bytes() {
        let mut set = Intervals::default();
        for part in 0..3_u64 {
            for rank in 0..100_000_u64 {
                assert!(set.add(rank * 3 + part, (1, 1)));
            }
            assert!(set.bytes() < 2_200_000, "{} bytes", set.bytes());
        }
        assert_eq!(set.len(), 1);
        let mut down = Intervals::default();
        for rank in (0..100_000_u64).rev() {
            assert!(down.add(rank * 7, (1, 1)));
        }
        assert!(down.bytes() < 4_000_000, "{} bytes", down.bytes());
    }
}
