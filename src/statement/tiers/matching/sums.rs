use crate::measure::Sum;

/// How many times a search for a sum may try a line before it gives up.
pub const TRIES: usize = 20_000;

/// How many lines a search for a sum looks at.
const CANDIDATES: usize = 200;

/// What a search for a sum found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// No lines make that sum.
    Nothing,
    /// These alone make it.
    One(Vec<usize>),
    /// These make it, the oldest first, and others do too.
    Several(Vec<usize>),
    /// The search gave up; these make the sum, if any was found.
    GaveUp(Option<Vec<usize>>),
}

/// Two amounts or more, all positive, that sum to a target; the first are taken first.
pub(super) fn summing(amounts: &[Sum], target: Sum) -> Found {
    let all: Sum = amounts.iter().copied().sum();
    if all == target && amounts.len() > 1 {
        return Found::One((0..amounts.len()).collect());
    }
    if all < target || amounts.len() < 2 {
        return Found::Nothing;
    }
    if amounts.len() > CANDIDATES {
        return Found::GaveUp(None);
    }
    let mut after = vec![Sum::ZERO; amounts.len() + 1];
    for rank in (0..amounts.len()).rev() {
        after[rank] = after[rank + 1] + amounts[rank];
    }
    let mut search = Search { amounts, after, taken: Vec::new(), found: Vec::new(), tries: 0 };
    search.from(0, target);
    let gave_up = search.tries >= TRIES;
    let mut found = search.found.into_iter();
    match (found.next(), found.next()) {
        (Some(first), Some(_)) => Found::Several(first),
        (first, _) if gave_up => Found::GaveUp(first),
        (Some(only), None) => Found::One(only),
        (None, _) => Found::Nothing,
    }
}

struct Search<'a> {
    amounts: &'a [Sum],
    /// What all the amounts from each rank on make.
    after: Vec<Sum>,
    taken: Vec<usize>,
    found: Vec<Vec<usize>>,
    tries: usize,
}

impl Search<'_> {
    fn from(&mut self, rank: usize, left: Sum) {
        if left.is_zero() {
            if self.taken.len() > 1 {
                self.found.push(self.taken.clone());
            }
            return;
        }
        if self.after[rank] < left || self.found.len() > 1 || self.tries >= TRIES {
            return;
        }
        self.tries += 1;
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

    fn search(amounts: &[i64], target: i64) -> Found {
        let sum = |cents: i64| Number::new(cents, 2).sum();
        let amounts: Vec<Sum> = amounts.iter().copied().map(sum).collect();
        summing(&amounts, sum(target))
    }

    #[test]
    fn one_sum_several_or_none() {
        assert_eq!(search(&[10, 20, 40], 30), Found::One(vec![0, 1]));
        assert_eq!(search(&[10, 20, 40], 70), Found::One(vec![0, 1, 2]));
        assert_eq!(search(&[10, 20, 30, 40], 50), Found::Several(vec![0, 3]));
        assert_eq!(search(&[10, 20, 40], 45), Found::Nothing);
        assert_eq!(search(&[10, 20], 10), Found::Nothing, "one line is no sum");
        assert_eq!(search(&[10], 10), Found::Nothing);
    }

    #[test]
    fn work_is_bounded_and_says_so() {
        // Even amounts never make an odd sum: every subset would have to be tried.
        let amounts: Vec<i64> = (0..60).map(|rank| 2 * (1000 + rank)).collect();
        assert_eq!(search(&amounts, 60_001), Found::GaveUp(None));
        assert_eq!(search(&vec![2; CANDIDATES + 1], 100), Found::GaveUp(None));
    }
}
