use crate::measure::Sum;

/// How many times a search for a sum may try a line before it gives up.
pub const TRIES: usize = 20_000;

/// How many lines a search for a sum looks at.
pub(super) const CANDIDATES: usize = 200;

/// How many sets of lines a search keeps: more say nothing more.
const SETS: usize = 64;

/// What a search for a sum found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    /// The sets of lines that make it, the oldest first.
    pub(super) sets: Vec<Vec<usize>>,
    /// Whether there is no other.
    pub(super) whole: bool,
    /// How many lines were tried.
    pub(super) tries: usize,
}

/// The sets of amounts, all positive, that sum to a target; the first are taken first.
pub(super) fn summing(amounts: &[Sum], target: Sum, most: usize) -> Sums {
    let all: Sum = amounts.iter().copied().sum();
    if all < target {
        return Sums { whole: true, ..Sums::default() };
    }
    if amounts.len() > CANDIDATES {
        return Sums::default();
    }
    let mut after = vec![(Sum::ZERO, None); amounts.len() + 1];
    for rank in (0..amounts.len()).rev() {
        let (sum, least): (Sum, Option<Sum>) = after[rank + 1];
        let least = least.map_or(amounts[rank], |least| least.min(amounts[rank]));
        after[rank] = (sum + amounts[rank], Some(least));
    }
    let most = most.min(TRIES);
    let mut search = Search { amounts, after, most, taken: Vec::new(), found: Sums::default() };
    search.from(0, target);
    search.found.whole = search.found.tries < most && search.found.sets.len() < SETS;
    search.found
}

struct Search<'a> {
    amounts: &'a [Sum],
    /// What all the amounts from each rank on make, and the least of them.
    after: Vec<(Sum, Option<Sum>)>,
    most: usize,
    taken: Vec<usize>,
    found: Sums,
}

impl Search<'_> {
    fn from(&mut self, rank: usize, left: Sum) {
        if left.is_zero() {
            self.found.sets.push(self.taken.clone());
            return;
        }
        let (all, least) = self.after[rank];
        let hopeless = all < left || least.is_none_or(|least| least > left);
        if hopeless || self.found.sets.len() >= SETS || self.found.tries >= self.most {
            return;
        }
        self.found.tries += 1;
        if self.amounts[rank] <= left {
            self.taken.push(rank);
            self.from(rank + 1, left - self.amounts[rank]);
            self.taken.pop();
        }
        self.from(rank + 1, left);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Number;

    fn search(amounts: &[i64], target: i64) -> (Vec<Vec<usize>>, bool) {
        let sum = |cents: i64| Number::new(cents, 2).sum();
        let amounts: Vec<Sum> = amounts.iter().copied().map(sum).collect();
        let found = summing(&amounts, sum(target), TRIES);
        (found.sets, found.whole)
    }

    #[test]
    fn every_sum_is_found() {
        assert_eq!(search(&[10, 20, 40], 30), (vec![vec![0, 1]], true));
        assert_eq!(search(&[10, 20, 40], 70), (vec![vec![0, 1, 2]], true));
        assert_eq!(search(&[10, 20, 30, 40], 50), (vec![vec![0, 3], vec![1, 2]], true));
        assert_eq!(search(&[10, 20, 40], 45), (vec![], true));
        assert_eq!(search(&[10, 20, 30], 30), (vec![vec![0, 1], vec![2]], true));
        assert_eq!(search(&[], 10), (vec![], true));
    }

    #[test]
    fn work_is_bounded_and_says_so() {
        // Even amounts never make an odd sum: every subset would have to be tried.
        let amounts: Vec<i64> = (0..60).map(|rank| 2 * (1000 + rank)).collect();
        assert_eq!(search(&amounts, 60_001), (vec![], false));
        assert_eq!(search(&vec![2; CANDIDATES + 1], 100), (vec![], false));
        // As many sets as pairs of sixty: too many to be kept, and no fewer than two.
        let (sets, whole) = search(&vec![5; 60], 10);
        assert_eq!((sets.len(), whole), (SETS, false));
    }
}
