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
    /// Which of the two is no longer kept, having nothing to say.
    given_up: Option<Kind>,
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
/// So many runs in one kind of sequence, eight times fewer in the other: the first is given up.
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
        let in_whole = self.given_up == Some(Kind::Whole) || add(&mut self.whole, 0);
        let in_journal =
            self.given_up == Some(Kind::ByJournal) || add(&mut self.by_journal, journal);
        self.shared += u64::from(in_journal && !in_whole);
        if self.count.is_multiple_of(0x1_0000) && self.given_up.is_none() {
            self.give_up();
        }
        if self.given_up == Some(Kind::ByJournal) { in_whole } else { in_journal }
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
            self.given_up = Some(Kind::ByJournal);
            self.by_journal = Runs::new();
        } else if whole > MANY && whole > 8 * by_journal {
            self.given_up = Some(Kind::Whole);
            self.whole = Runs::new();
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
        let kind = match self.given_up {
            Some(Kind::Whole) => Kind::ByJournal,
            // Numbers that several journals have, each for entries of its own.
            None if shared * 20 > self.count || by_journal < whole => Kind::ByJournal,
            _ => Kind::Whole,
        };
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
