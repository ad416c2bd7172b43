use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The number of an entry, in few bytes: a prefix, and the digits that end it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct EntryNumber {
    /// The rank of its prefix, or one of the two below.
    pub(super) prefix: u32,
    /// Its digits; the hash of the whole when it ends otherwise.
    pub(super) value: u64,
    /// How many digits, when zeros stand before them.
    pub(super) width: u8,
}

/// A number that says nothing: blank, or zeros.
const SILENT: u32 = u32::MAX;
/// A number that does not end with digits.
const OTHER: u32 = u32::MAX - 1;
/// More prefixes than this are no longer told apart: only whole numbers are.
const PREFIXES: u32 = 100_000;
/// Digits that a value holds for sure.
const DIGITS: usize = 18;

impl EntryNumber {
    /// Whether it says nothing.
    pub(super) fn is_silent(self) -> bool {
        self.prefix == SILENT
    }

    /// Whether it can stand in a sequence.
    pub(super) fn counts(self) -> bool {
        self.prefix < OTHER
    }
}

/// The numbers of a file: their prefixes.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    ranks: BTreeMap<Box<str>, u32>,
    prefixes: Vec<Box<str>>,
    last: u32,
}

impl Numbers {
    /// Reads a number.
    pub(super) fn read(&mut self, text: &str) -> EntryNumber {
        if text.bytes().all(|byte| byte == b'0') {
            return EntryNumber { prefix: SILENT, value: 0, width: 0 };
        }
        let start = text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let (prefix, digits) = text.split_at(start);
        if digits.is_empty() || digits.len() > DIGITS {
            return EntryNumber { prefix: OTHER, value: hash(&text), width: 0 };
        }
        let Some(prefix) = self.rank(prefix) else {
            return EntryNumber { prefix: OTHER, value: hash(&text), width: 0 };
        };
        let value = digits.bytes().fold(0, |value, digit| value * 10 + u64::from(digit - b'0'));
        let padded = digits.starts_with('0') && digits.len() > 1;
        let width = if padded { u8::try_from(digits.len()).unwrap_or(0) } else { 0 };
        EntryNumber { prefix, value, width }
    }

    fn rank(&mut self, prefix: &str) -> Option<u32> {
        if self.prefixes.get(self.last as usize).is_some_and(|last| **last == *prefix) {
            return Some(self.last);
        }
        let known = self.ranks.get(prefix).copied();
        let next = u32::try_from(self.prefixes.len()).ok().filter(|next| *next < PREFIXES);
        let rank = known.or(next)?;
        if known.is_none() {
            self.ranks.insert(prefix.into(), rank);
            self.prefixes.push(prefix.into());
        }
        self.last = rank;
        Some(rank)
    }

    /// A number as it was written; `None` when only its hash is known.
    pub(super) fn text(&self, number: EntryNumber) -> Option<String> {
        let prefix = self.prefixes.get(number.prefix as usize)?;
        Some(format!("{prefix}{:0width$}", number.value, width = usize::from(number.width)))
    }

    /// The text of a prefix.
    pub(super) fn prefix(&self, rank: u32) -> &str {
        self.prefixes.get(rank as usize).map_or("", |prefix| prefix)
    }
}

/// A hash that is the same on every machine.
pub(super) fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_they_were_read() {
        let mut numbers = Numbers::default();
        for text in ["AC000001", "12", "2-1", "OUVERTURE/2020", "007", "AC100000"] {
            let number = numbers.read(text);
            assert!(number.counts(), "{text}");
            assert_eq!(numbers.text(number).as_deref(), Some(text));
        }
        assert!(numbers.read("0").is_silent() && numbers.read("").is_silent());
        assert!(!numbers.read("12A").counts() && !numbers.read("1234567890123456789").counts());
        assert_eq!(numbers.read("AC000001").prefix, numbers.read("AC100000").prefix);
    }
}
