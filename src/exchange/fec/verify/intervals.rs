use std::collections::BTreeMap;

/// Where a number was met: its line, and its column in characters.
pub(super) type Spot = (u32, u16);

/// Numbers as runs without a gap: a continuous sequence is one run, however long.
#[derive(Debug, Default)]
pub(super) struct Intervals {
    /// From the first number of a run to its last, and where its first stands.
    runs: BTreeMap<u64, (u64, Spot)>,
}

impl Intervals {
    /// Adds a number; `false` when it was there.
    pub(super) fn add(&mut self, value: u64, spot: Spot) -> bool {
        let mut start = value;
        if let Some((first, (last, _))) = self.runs.range_mut(..=value).next_back() {
            if value <= *last {
                return false;
            }
            if *last + 1 == value {
                *last = value;
                start = *first;
            }
        }
        let next = value.checked_add(1).and_then(|next| self.runs.remove(&next));
        match (start < value, next) {
            (true, Some((last, _))) => {
                if let Some(run) = self.runs.get_mut(&start) {
                    run.0 = last;
                }
            }
            (true, None) => {}
            (false, next) => {
                let last = next.map_or(value, |(last, _)| last);
                self.runs.insert(value, (last, spot));
            }
        }
        true
    }

    /// How many runs there are.
    pub(super) fn len(&self) -> usize {
        self.runs.len()
    }

    /// Whether there is one number and no more.
    pub(super) fn is_single(&self) -> bool {
        self.runs.len() == 1 && self.runs.iter().all(|(first, (last, _))| first == last)
    }

    /// The first number, and where it stands.
    pub(super) fn first(&self) -> Option<(u64, Spot)> {
        self.runs.first_key_value().map(|(first, (_, spot))| (*first, *spot))
    }

    /// What is missing between the runs: first, last, and where the next run begins.
    pub(super) fn gaps(&self) -> impl Iterator<Item = (u64, u64, Spot)> {
        let after = self.runs.values().map(|(last, _)| last.saturating_add(1));
        let before = self.runs.iter().skip(1).map(|(first, (_, spot))| (first - 1, *spot));
        after.zip(before).map(|(from, (to, spot))| (from, to, spot))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_meet_in_any_order() {
        let mut set = Intervals::default();
        for value in [5, 1, 2, 9, 4, 3, 10, u64::MAX] {
            assert!(set.add(value, (u32::try_from(value % 100).unwrap_or(0), 0)));
        }
        assert!(!set.add(3, (0, 0)) && !set.add(10, (0, 0)));
        assert_eq!(set.len(), 3);
        assert_eq!(set.first(), Some((1, (1, 0))));
        let gaps: Vec<_> = set.gaps().take(1).collect();
        assert_eq!(gaps, [(6, 8, (9, 0))]);
    }
}
