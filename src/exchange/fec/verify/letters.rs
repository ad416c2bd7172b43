use std::collections::BTreeMap;

use super::accounts::Accounts;
use super::days::day;
use super::ends::is_whole;
use super::found::{Found, Rule, column};
use super::numbers::{EntryNumber, Numbers, hash};
use super::table::{Slot, Table};
use crate::diagnostic::Code;
use crate::exchange::fec::{Column, Row};
use crate::measure::{Number, euros};

/// A letter of a third party on an account, as far as its rows were met: twenty-eight bytes, for there
/// may be millions.
#[derive(Clone, Copy, Debug)]
struct Open {
    third: u32,
    letter: [u32; 2],
    cents: [u32; 2],
    line: u32,
    /// The column, then what `letter` is.
    column: u16,
    form: u16,
}

/// Which letter of which third party.
type Key = (u32, [u32; 2], u16);

impl Slot for Open {
    type Key = Key;
    const EMPTY: Self =
        Self { third: 0, letter: [0; 2], cents: [0; 2], line: 0, column: 0, form: 0 };

    fn key(&self) -> Option<Key> {
        (self.form != 0).then_some((self.third, self.letter, self.form))
    }
}

impl Open {
    fn cents(&self) -> i64 {
        whole(self.cents).cast_signed()
    }

    fn add(&mut self, cents: i64) {
        self.cents = halves(self.cents().saturating_add(cents).cast_unsigned());
    }
}

fn halves(whole: u64) -> [u32; 2] {
    [whole & LOW, whole >> 32].map(|half| u32::try_from(half).unwrap_or_default())
}

fn whole([low, high]: [u32; 2]) -> u64 {
    u64::from(low) | u64::from(high) << 32
}

/// The lower half of eight bytes.
const LOW: u64 = 0xffff_ffff;

/// The letters whose rows do not balance yet.
#[derive(Debug, Default)]
pub(super) struct Letters {
    open: Table<Open>,
    /// Each account with an auxiliary, by its rank.
    thirds: BTreeMap<(u32, u32), u32>,
    /// The beginnings of letters that end with digits.
    numbers: Numbers,
}

const OPEN: Rule = (Code::FecLetter, Some(Column::EcritureLet), "lettre non soldée");
const UNDATED: Rule = (Code::FecLetter, Some(Column::DateLet), "lettre sans date");
const ALONE: Rule = (Code::FecLetter, Some(Column::DateLet), "date sans lettre");
const EARLY: Rule = (Code::FecLetter, Some(Column::DateLet), "lettrage antérieur à sa ligne");

impl Letters {
    /// Takes a row, of an account and an auxiliary by their ranks.
    pub(super) fn row(
        &mut self,
        row: &Row<'_>,
        (account, auxiliary): (u32, u32),
        found: &mut Found,
    ) {
        let letter = row.cell(Column::EcritureLet);
        if letter.is_empty() {
            if row.letter_date.is_some() {
                row.at.tell(found, ALONE, row.range(Column::DateLet), || {
                    "une date de lettrage sans lettre".to_owned()
                });
            }
            return;
        }
        match (row.letter_date, row.date) {
            (None, _) if row.cell(Column::DateLet).is_empty() => {
                row.at.tell(found, UNDATED, row.range(Column::EcritureLet), || {
                    format!("la lettre {letter} n’a pas de date")
                });
            }
            (Some(lettered), Some(date)) if lettered < date => {
                row.at.tell(found, EARLY, row.range(Column::DateLet), || {
                    format!("lettrée le {}, avant la ligne du {}", day(lettered), day(date))
                });
            }
            _ => {}
        }
        let rank = u32::try_from(self.thirds.len()).unwrap_or(u32::MAX);
        let third = *self.thirds.entry((account, auxiliary)).or_insert(rank);
        let (form, letter) = self.short(letter);
        let cents = row.debit.mantissa() - row.credit.mantissa();
        let key = (third, letter, form);
        if let Some(open) = self.open.get_mut(key) {
            open.add(cents);
            if open.cents() == 0 {
                self.open.remove(key);
            }
        } else if cents != 0 {
            let at = column(row.at.text, row.range(Column::EcritureLet).start);
            let line = u32::try_from(row.at.line).unwrap_or(u32::MAX);
            let column = u16::try_from(at).unwrap_or(u16::MAX);
            let mut open = Open { third, letter, cents: [0; 2], line, column, form };
            open.add(cents);
            self.open.insert(open);
        }
    }

    /// Says which letters were left, when every row could be read.
    pub(super) fn finish(&mut self, accounts: &Accounts, found: &mut Found) {
        if !is_whole(found) {
            return;
        }
        let mut thirds = vec![(0, 0); self.thirds.len()];
        for (key, rank) in &self.thirds {
            thirds[*rank as usize] = *key;
        }
        let mut open = self.open.drain();
        open.sort_unstable_by_key(|open| open.line);
        for open in open {
            found.tell(OPEN, (u64::from(open.line), u32::from(open.column)), || {
                let letter = match self.text(&open) {
                    Some(letter) => format!("la lettre {letter}"),
                    None => "une lettre".to_owned(),
                };
                let amount = euros(Number::new(open.cents(), 2).decimal());
                let (account, auxiliary) = thirds[open.third as usize];
                let name = accounts.name(account, auxiliary);
                format!("{letter} du compte {name} n’est pas soldée : il reste {amount}")
            });
        }
    }

    /// A letter in eight bytes and its form: itself, or a beginning by its rank and the digits that end
    /// it, or a hash.
    fn short(&mut self, letter: &str) -> (u16, [u32; 2]) {
        if letter.len() <= 8 {
            let mut short = [0; 8];
            short[..letter.len()].copy_from_slice(letter.as_bytes());
            return (ITSELF, halves(u64::from_le_bytes(short)));
        }
        let number = self.numbers.read(letter);
        let fits = number.counts() && number.prefix < FORMS && number.value < 1 << 59;
        let form = u16::try_from(number.prefix).ok().filter(|_| fits);
        match form {
            Some(form) => {
                let packed = number.value << 5 | u64::from(number.width);
                (form + PREFIXED, halves(packed))
            }
            None => (HASHED, halves(hash(&letter))),
        }
    }

    /// A letter as it was written; `None` when only its hash is known.
    fn text(&self, open: &Open) -> Option<String> {
        let packed = whole(open.letter);
        let short = packed.to_le_bytes();
        match open.form {
            ITSELF => {
                let end = short.iter().position(|byte| *byte == 0).unwrap_or(8);
                Some(String::from_utf8_lossy(&short[..end]).into_owned())
            }
            HASHED => None,
            form => {
                let width = u8::try_from(packed & 31).unwrap_or_default();
                let prefix = u32::from(form - PREFIXED);
                self.numbers.text(EntryNumber { prefix, value: packed >> 5, width })
            }
        }
    }
}

/// A letter that holds in eight bytes.
const ITSELF: u16 = 1;
/// A letter of which only a hash is kept.
const HASHED: u16 = 2;
/// A letter with the beginning of that rank, from this on.
const PREFIXED: u16 = 3;
/// How many beginnings a form can say.
const FORMS: u32 = 60_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_read_back_from_their_eight_bytes() {
        let mut letters = Letters::default();
        let mut met = std::collections::BTreeSet::new();
        for text in [
            "A",
            "AAAB",
            "12345678",
            "éééé",
            "LET-2024-000123",
            "LET-2024-123",
            "0000000012",
            "LETTRE-2024-A-7",
            "LET-2024-0000000000000123",
        ] {
            let (form, letter) = letters.short(text);
            assert!(met.insert((form, letter)), "{text}");
            let open = Open { letter, form, ..Open::EMPTY };
            assert_eq!(letters.text(&open).as_deref(), Some(text));
        }
        let (form, _) = letters.short("une lettre sans chiffres");
        assert_eq!(form, HASHED);
    }

    /// A million letters of one third party left open take a quarter more than their bytes.
    #[test]
    fn an_open_letter_takes_few_bytes() {
        let mut letters = Letters::default();
        for rank in 0..1_000_000 {
            let (form, letter) = letters.short(&format!("LET-2024-{rank:07}"));
            letters.open.insert(Open { letter, line: 2, form, ..Open::EMPTY });
        }
        assert!(letters.open.bytes() < 38_000_000, "{} bytes", letters.open.bytes());
    }
}
