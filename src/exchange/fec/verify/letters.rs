use std::collections::BTreeMap;

use super::accounts::Accounts;
use super::days::day;
use super::ends::is_whole;
use super::found::{Found, Rule, column};
use super::numbers::hash;
use crate::diagnostic::Code;
use crate::exchange::fec::{Column, Row};
use crate::measure::{Number, euros};

/// A letter of a third party on an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    account: u32,
    auxiliary: u32,
    letter: [u8; 16],
}

#[derive(Clone, Copy, Debug)]
struct Open {
    cents: i64,
    line: u32,
    column: u16,
}

/// The letters whose rows do not balance yet.
#[derive(Debug, Default)]
pub(super) struct Letters {
    open: BTreeMap<Key, Open>,
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
        let key = Key { account, auxiliary, letter: short(letter) };
        let at = column(row.at.text, row.range(Column::EcritureLet).start);
        let open = self.open.entry(key).or_insert_with(|| Open {
            cents: 0,
            line: u32::try_from(row.at.line).unwrap_or(u32::MAX),
            column: u16::try_from(at).unwrap_or(u16::MAX),
        });
        open.cents = open.cents.saturating_add(row.debit.mantissa() - row.credit.mantissa());
        if open.cents == 0 {
            self.open.remove(&key);
        }
    }

    /// Says which letters were left, when every row could be read.
    pub(super) fn finish(&mut self, accounts: &Accounts, found: &mut Found) {
        if !is_whole(found) {
            return;
        }
        for (key, open) in std::mem::take(&mut self.open) {
            found.tell(OPEN, (u64::from(open.line), u32::from(open.column)), || {
                let end = key.letter.iter().position(|byte| *byte == 0).unwrap_or(16);
                let letter = String::from_utf8_lossy(&key.letter[..end]).into_owned();
                let amount = euros(Number::new(open.cents, 2).decimal());
                let name = accounts.name(key.account, key.auxiliary);
                format!("la lettre {letter} du compte {name} n’est pas soldée : il reste {amount}")
            });
        }
    }
}

/// A letter in sixteen bytes: itself, or the beginning of it and a hash.
fn short(letter: &str) -> [u8; 16] {
    let mut short = [0; 16];
    if letter.len() <= 16 {
        short[..letter.len()].copy_from_slice(letter.as_bytes());
    } else {
        let mut end = 7;
        while !letter.is_char_boundary(end) {
            end -= 1;
        }
        short[..end].copy_from_slice(&letter.as_bytes()[..end]);
        short[8..].copy_from_slice(&hash(&letter).to_le_bytes());
    }
    short
}
