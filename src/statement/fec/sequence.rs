use std::collections::BTreeMap;

use crate::diagnostic::Span;

/// Numbers that a sequence skips.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Gap<'n> {
    /// What stands before the digits: `ACH ` or nothing when one sequence runs over all journals.
    pub(super) before: String,
    /// The digits of the number that follows, as written.
    pub(super) next: &'n str,
    /// The first that is missing.
    pub(super) first: u64,
    /// The last that is missing.
    pub(super) last: u64,
    /// Where the number that follows is written.
    pub(super) at: Span,
}

impl Gap<'_> {
    /// The gap in words: `il manque ACH 0012 à 0014`.
    pub(super) fn words(&self) -> String {
        let digits = self.next.len();
        let (before, first, last) = (&self.before, self.first, self.last);
        if first == last {
            return format!("il manque {before}{first:0digits$}");
        }
        format!("il manque {before}{first:0digits$} à {last:0digits$}")
    }
}

/// A journal and what its numbers begin with: `VTE`, `2024-`.
type Sequence<'n> = (&'n str, &'n str);
/// Numbers, each with its digits as written and where.
type Numbers<'n> = BTreeMap<u64, (&'n str, Span)>;

/// The numbers that are missing: a journal may have its own sequence; those that have not share one.
pub(super) fn gaps<'n>(numbers: impl Iterator<Item = (&'n str, &'n str, Span)>) -> Vec<Gap<'n>> {
    let mut sequences: BTreeMap<Sequence<'n>, Numbers<'n>> = BTreeMap::new();
    for (journal, number, at) in numbers {
        let before = number.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = &number[before.len()..];
        if let Ok(value) = digits.parse() {
            sequences.entry((journal, before)).or_default().insert(value, (digits, at));
        }
    }
    // A sequence that runs from 1 needs no other; the rest may be parts of one.
    let whole = |numbers: &Numbers<'n>| {
        numbers.first_key_value().is_some_and(|(first, _)| *first == 1)
            && missing("", numbers).is_empty()
    };
    let parts: Vec<Sequence<'n>> =
        sequences.iter().filter(|(_, numbers)| !whole(numbers)).map(|(name, _)| *name).collect();
    let own = |name: &Sequence<'n>| missing(&format!("{} {}", name.0, name.1), &sequences[name]);
    let apart: Vec<Gap<'n>> = parts.iter().flat_map(own).collect();
    if apart.is_empty() || parts.iter().any(|(_, before)| *before != parts[0].1) {
        return apart;
    }
    let mut together = Numbers::new();
    let mut count = 0;
    for name in &parts {
        count += sequences[name].len();
        together.extend(sequences[name].iter().map(|(value, of)| (*value, *of)));
    }
    // Numbers that two journals have are no common sequence.
    let common = missing("", &together);
    let shared = parts.len() > 1 && together.len() == count && common.len() < apart.len();
    if shared { common } else { apart }
}

/// The numbers that one sequence skips after its first.
fn missing<'n>(before: &str, numbers: &Numbers<'n>) -> Vec<Gap<'n>> {
    let mut gaps = Vec::new();
    let mut expected = numbers.first_key_value().map_or(1, |(first, _)| *first);
    for (value, (next, at)) in numbers {
        if *value > expected {
            let before = before.to_owned();
            gaps.push(Gap { before, next, first: expected, last: value - 1, at: *at });
        }
        expected = value + 1;
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(list: &[(&'static str, &'static str)]) -> Vec<String> {
        let numbers = list.iter().map(|(journal, number)| (*journal, *number, Span::default()));
        gaps(numbers).iter().map(Gap::words).collect()
    }

    #[test]
    fn a_sequence_is_of_a_journal_or_of_all() {
        assert!(told(&[("A", "1"), ("A", "2"), ("B", "1")]).is_empty());
        assert!(told(&[("A", "1"), ("B", "2"), ("A", "3"), ("AN", "0001")]).is_empty());
        assert_eq!(told(&[("A", "01"), ("A", "05")]), ["il manque A 02 à 04"]);
        assert_eq!(told(&[("A", "1"), ("B", "2"), ("A", "4"), ("B", "5")]), ["il manque 3"]);
        assert_eq!(told(&[("A", "x1"), ("A", "x3")]), ["il manque A x2"]);
    }
}
