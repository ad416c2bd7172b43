use std::collections::{BTreeMap, BTreeSet};

use super::found::{Found, Rule};
use super::intervals::{Intervals, Spot};
use super::numbers::{EntryNumber, Numbers, hash};
use crate::diagnostic::Code;
use crate::exchange::fec::Column;
use crate::measure::signed_words;

/// Numbers by prefix, or by journal and prefix.
type Runs = BTreeMap<(u16, u32), Intervals>;

/// The numbers that were met, on the file and by journal: which of the two is a sequence shows at the end.
#[derive(Debug, Default)]
pub(super) struct Sequences {
    whole: Runs,
    by_journal: Runs,
    /// Whether `by_journal` is no longer kept, having nothing to say.
    given_up: bool,
    /// Numbers without digits at their end.
    others: BTreeSet<u64>,
    /// How many numbers were added.
    count: u64,
    /// How many of them another journal had.
    shared: u64,
    /// The last number that each journal had, by prefix; of the first few thousand of them.
    last: BTreeMap<(u16, u32), u64>,
}

/// Of so many journals and prefixes the order is looked at: a file has a few, or no order at all.
const ORDERED: usize = 4096;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Whole,
    ByJournal,
}

const MISSING: Rule = (Code::FecSequence, Some(Column::EcritureNum), "numéros manquants");
const START: Rule = (Code::FecSequence, Some(Column::EcritureNum), "début de la séquence");
const NONE: Rule = (Code::FecSequence, Some(Column::EcritureNum), "numéros sans séquence");
/// So many runs by journal, eight times fewer on the file: the first are given up. The file never has
/// more runs than its journals have.
const MANY: usize = 50_000;
/// So many gaps are told in words.
const TOLD: usize = 12;

impl Sequences {
    /// Adds the number of an entry; `false` when its journal had it already.
    pub(super) fn add(&mut self, journal: u16, number: EntryNumber, spot: Spot) -> bool {
        if !number.counts() {
            return self.others.insert(hash(&(journal, number.value)));
        }
        self.count += 1;
        let (prefix, value) = (number.prefix, number.value);
        let add =
            |runs: &mut Runs, journal| runs.entry((journal, prefix)).or_default().add(value, spot);
        let in_whole = add(&mut self.whole, 0);
        let in_journal = if self.given_up { in_whole } else { add(&mut self.by_journal, journal) };
        self.shared += u64::from(in_journal && !in_whole);
        if self.count.is_multiple_of(0x1_0000) && !self.given_up {
            self.give_up();
        }
        in_journal
    }

    /// Takes the number of an entry in the order of the file; gives the one before, in its journal, when
    /// that was greater.
    pub(super) fn follow(&mut self, journal: u16, number: EntryNumber) -> Option<EntryNumber> {
        let key = (journal, number.prefix);
        if !number.counts() || (self.last.len() >= ORDERED && !self.last.contains_key(&key)) {
            return None;
        }
        let before = self.last.insert(key, number.value)?;
        (before > number.value).then_some(EntryNumber { value: before, ..number })
    }

    fn give_up(&mut self) {
        let runs = |runs: &Runs| runs.values().map(Intervals::len).sum::<usize>();
        let (whole, by_journal) = (runs(&self.whole), runs(&self.by_journal));
        if by_journal > MANY && by_journal > 8 * whole {
            self.given_up = true;
            self.by_journal = Runs::new();
        }
    }

    /// How many numbers another journal had already.
    pub(super) fn shared(&self) -> u64 {
        self.shared
    }

    /// How many numbers were met.
    pub(super) fn len(&self) -> u64 {
        self.count + self.others.len() as u64
    }

    /// Says what is missing in the sequence, or that there is none; some numbers are those of entries
    /// that span several journals.
    pub(super) fn conclude(
        &self,
        numbers: &Numbers,
        journals: &[String],
        spanning: u64,
        found: &mut Found,
    ) {
        let gaps = |runs: &Runs| {
            let odd = runs.values().filter(|one| odd_start(one).is_some()).count();
            odd + runs.values().map(|one| one.len() - 1).sum::<usize>()
        };
        let (whole, by_journal) = (gaps(&self.whole), gaps(&self.by_journal));
        let shared = self.shared.saturating_sub(spanning);
        // Numbers that several journals have, each for entries of its own.
        let apart = shared * 20 > self.count || by_journal < whole;
        let kind = if apart && !self.given_up { Kind::ByJournal } else { Kind::Whole };
        let (runs, count) = match kind {
            Kind::Whole => (&self.whole, whole),
            Kind::ByJournal => (&self.by_journal, by_journal),
        };
        if count > 20 && count as u64 * 4 > self.count {
            let spot = runs.values().filter_map(Intervals::first).map(|(_, spot)| spot).min();
            let (line, column) = spot.unwrap_or_default();
            found.tell(NONE, (u64::from(line), u32::from(column)), || {
                "les numéros ne forment une séquence ni sur le fichier, ni par journal".to_owned()
            });
            return;
        }
        let scope = |journal: u16| match kind {
            Kind::Whole => String::new(),
            Kind::ByJournal => {
                let code = journals.get(usize::from(journal)).map_or("", String::as_str);
                format!(" dans le journal {code}")
            }
        };
        let (mut told, mut missing, mut every) = (Vec::new(), 0_u64, 0);
        for ((journal, prefix), one) in runs {
            let prefix = numbers.prefix(*prefix);
            if let Some((first, (line, column))) = odd_start(one) {
                found.tell(START, (u64::from(line), u32::from(column)), || {
                    format!("la numérotation commence à {prefix}{first}{}", scope(*journal))
                });
            }
            for (from, to, (line, column)) in one.gaps() {
                let words = range(prefix, from, to) + &scope(*journal);
                missing = missing.saturating_add(to - from + 1);
                every += 1;
                if told.len() < TOLD {
                    told.push(words.clone());
                }
                found.tell(MISSING, (u64::from(line), u32::from(column)), || {
                    format!("il manque {words}")
                });
            }
        }
        if every > 0 {
            let count = signed_words(usize::try_from(missing).unwrap_or(usize::MAX), "numéro");
            let dots = if every > told.len() { "…" } else { "" };
            found.sum_up(MISSING, format!("il manque {count} : {}{dots}", told.join(" ; ")));
        }
    }
}

/// The first number of a sequence, unless it is one, or the first of a year or of a series: 20240001,
/// 1001. A sequence of one number (`OUVERTURE/2020`) says nothing.
fn odd_start(one: &Intervals) -> Option<(u64, Spot)> {
    let (first, spot) = one.first()?;
    (!one.is_single() && first % 1000 > 1).then_some((first, spot))
}

fn range(prefix: &str, from: u64, to: u64) -> String {
    if from == to { format!("{prefix}{from}") } else { format!("{prefix}{from} à {prefix}{to}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of numbers, each with its journal, from line 2 on.
    fn said(numbers: &[(u16, String)], spanning: u64) -> Vec<(u32, String)> {
        let (mut sequences, mut known) = (Sequences::default(), Numbers::default());
        for (line, (journal, number)) in (2..).zip(numbers) {
            let number = known.read(number);
            assert!(sequences.add(*journal, number, (line, 3)));
        }
        let mut found = Found::default();
        sequences.conclude(&known, &["ACH".to_owned(), "BQ".to_owned()], spanning, &mut found);
        found.settle();
        let words = |one| found.message(one).unwrap_or_default().to_owned();
        found.occurrences().iter().map(|one| (one.line, words(one))).collect()
    }

    fn of(journal: u16, values: impl IntoIterator<Item = u64>) -> Vec<(u16, String)> {
        values.into_iter().map(|value| (journal, value.to_string())).collect()
    }

    fn words(said: &[(u32, String)]) -> Vec<&str> {
        said.iter().map(|(_, words)| words.as_str()).collect()
    }

    #[test]
    fn a_sequence_begins_where_one_may_begin() {
        for sound in [0..=3, 1..=3, 1000..=1003, 1001..=1003, 20_240_001..=20_240_009, 7..=7] {
            assert_eq!(said(&of(0, sound.clone()), 0), [], "{sound:?}");
        }
        for (odd, first) in [(2..=3, 2), (999..=1001, 999), (20_240_002..=20_240_009, 20_240_002)] {
            let told = format!("la numérotation commence à {first}");
            assert_eq!(said(&of(0, odd), 0), [(2, told)]);
        }
        // The line is that of the first number, wherever it stands.
        let told = said(&of(0, [5, 6, 4]), 0);
        assert_eq!(told, [(4, "la numérotation commence à 4".to_owned())]);
    }

    #[test]
    fn gaps_stand_where_the_next_number_is() {
        let told = said(&of(0, [1, 2, 9, 4, 5]), 0);
        assert_eq!(told, [(4, "il manque 6 à 8".to_owned()), (5, "il manque 3".to_owned())]);
        let prefixed: Vec<(u16, String)> =
            ["AC1", "AC2", "AC4", "BQ1"].map(|number| (0, number.to_owned())).into();
        assert_eq!(words(&said(&prefixed, 0)), ["il manque AC3"]);
    }

    /// Each journal has its own sequence, or the file has one: the one that lacks less.
    #[test]
    fn the_sequence_is_that_which_lacks_less() {
        // The same numbers in both journals.
        assert_eq!(said(&[of(0, 1..=20), of(1, 1..=20)].concat(), 0), []);
        // One sequence over both, with a hole in it.
        let over = |hole: u64| -> Vec<(u16, String)> {
            (1..=40)
                .filter(|one| *one != hole)
                .flat_map(|one| of(u16::from(one % 3 == 0), [one]))
                .collect()
        };
        assert_eq!(said(&over(0), 0), []);
        assert_eq!(words(&said(&over(7), 0)), ["il manque 7"]);
        // A sequence of each: fewer holes than on the file.
        let own = [of(0, [1, 2, 4]), of(1, [1001, 1002])].concat();
        assert_eq!(words(&said(&own, 0)), ["il manque 3 dans le journal ACH"]);
        // As many on both: it is that of the file.
        let both = [of(0, [1, 2, 4]), of(1, [5])].concat();
        assert_eq!(words(&said(&both, 0)), ["il manque 3"]);
    }

    /// One number of twenty that both journals have says nothing yet; those of entries that span both
    /// journals never do.
    #[test]
    fn shared_numbers_make_sequences_of_journals() {
        let shared = |own: u64| [of(0, 1..=own), of(1, [5, 30])].concat();
        assert_eq!(words(&said(&shared(18), 0)), ["il manque 19 à 29"]);
        let apart = [
            "la numérotation commence à 5 dans le journal BQ",
            "il manque 6 à 29 dans le journal BQ",
        ];
        assert_eq!(words(&said(&shared(17), 0)), apart);
        assert_eq!(words(&said(&shared(17), 1)), ["il manque 18 à 29"]);
    }

    #[test]
    fn numbers_that_make_no_sequence_are_told_once() {
        let apart = |count: u64, long: u64| -> Vec<(u16, String)> {
            of(0, (0..count).map(|one| 1000 + one * 2).chain(1..=long))
        };
        let none = "les numéros ne forment une séquence ni sur le fichier, ni par journal";
        // Twenty-two numbers alone: twenty-one gaps; the first number of all is the last of the file.
        let told = said(&of(0, (0..22).rev().map(|one| 1 + one * 2)), 0);
        assert_eq!(told, [(23, none.to_owned())]);
        // Twenty gaps are told one by one.
        assert_eq!(said(&of(0, (0..21).map(|one| 1 + one * 2)), 0).len(), 20);
        // Twenty-one gaps among eighty-three numbers, and among eighty-four.
        assert_eq!(words(&said(&apart(21, 62), 0)), [none]);
        assert_eq!(said(&apart(21, 63), 0).len(), 21);
    }

    /// The words of all: how many numbers, the first twelve gaps, and dots when there are more.
    #[test]
    fn what_is_missing_is_summed_up() {
        for (gaps, dots) in [(12_u64, false), (13, true)] {
            let (mut sequences, mut known) = (Sequences::default(), Numbers::default());
            for (line, value) in (2..).zip((0..=gaps).map(|one| 1 + one * 3)) {
                sequences.add(0, known.read(&value.to_string()), (line, 3));
            }
            let mut found = Found::default();
            sequences.conclude(&known, &[], 0, &mut found);
            let message = &found.groups[0].message;
            assert!(message.starts_with(&format!("il manque {} numéros : 2 à 3 ; ", gaps * 2)));
            assert_eq!(message.ends_with('…'), dots, "{message}");
            assert_eq!(message.matches(" à ").count(), 12);
            assert_eq!(found.groups[0].count, gaps);
        }
    }

    /// Two journals that share one sequence, number by number: what each has alone is given up.
    #[test]
    fn journals_without_a_sequence_take_no_place() {
        let (mut sequences, mut known) = (Sequences::default(), Numbers::default());
        for value in 1..=131_072_u32 {
            let journal = u16::from(value % 2 == 0);
            assert!(sequences.add(journal, known.read(&value.to_string()), (value, 3)));
        }
        assert!(sequences.given_up && sequences.by_journal.is_empty());
        assert_eq!((sequences.len(), sequences.shared()), (131_072, 0));
        // A number that is there stays known, in whatever journal.
        assert!(!sequences.add(0, known.read("7"), (200_000, 3)));
        assert!(!sequences.add(1, known.read("7"), (200_001, 3)));
        assert!(sequences.add(1, known.read("131074"), (200_002, 3)));
        let mut found = Found::default();
        sequences.conclude(&known, &[], 0, &mut found);
        assert_eq!(found.groups[0].message, "il manque 1 numéro : 131073");
        // Sequences that are not many, or not much more than those of the file, are kept.
        for (count, step, given_up) in [(65_536, 1, true), (131_072, 3, false), (65_535, 1, false)]
        {
            let mut kept = Sequences::default();
            for value in 1..=count {
                let number = known.read(&(value * step).to_string());
                kept.add(u16::from(value % 2 == 0), number, (2, 3));
            }
            assert_eq!(kept.given_up, given_up, "{count}");
        }
    }

    #[test]
    fn a_number_that_goes_back_is_known_in_its_journal() {
        let (mut sequences, mut known) = (Sequences::default(), Numbers::default());
        let mut follow = |journal, text: &str| {
            let before = sequences.follow(journal, known.read(text));
            before.and_then(|number| known.text(number))
        };
        assert_eq!(follow(0, "5"), None);
        assert_eq!(follow(0, "5"), None);
        assert_eq!(follow(1, "3"), None);
        assert_eq!(follow(0, "4").as_deref(), Some("5"));
        assert_eq!(follow(0, "5"), None);
        assert_eq!(follow(0, "AC1"), None);
        assert_eq!(follow(0, "AC0001A"), None);
        assert_eq!(follow(1, "1").as_deref(), Some("3"));
        // Beyond some thousands of sequences, those that are known are still followed.
        for rank in 0..5_000 {
            assert_eq!(follow(2, &format!("P{rank}/2")), None);
        }
        assert_eq!(follow(2, "P10/1").as_deref(), Some("P10/2"));
        assert_eq!(follow(2, "P4999/1"), None);
    }
}
