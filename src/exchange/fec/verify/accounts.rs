use std::collections::BTreeMap;

use super::class::OTHER_CLASS;
use super::found::{Found, Rule, column};
use crate::diagnostic::Code;
use crate::exchange::fec::{Column, Row, opens};
use crate::measure::Sum;

/// A code and the label that it had first.
#[derive(Debug)]
struct Named {
    code: Box<str>,
    label: Box<str>,
}

/// Codes by rank, each with its label.
#[derive(Debug, Default)]
struct Names {
    ranks: BTreeMap<Box<str>, u32>,
    list: Vec<Named>,
    last: u32,
}

impl Names {
    /// The rank of a code, and whether it is new.
    fn rank(&mut self, code: &str) -> (u32, bool) {
        if self.list.get(self.last as usize).is_some_and(|last| *last.code == *code) {
            return (self.last, false);
        }
        let known = self.ranks.get(code).copied();
        self.last = known.unwrap_or_else(|| {
            let rank = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
            self.ranks.insert(code.into(), rank);
            self.list.push(Named { code: code.into(), label: "".into() });
            rank
        });
        (self.last, known.is_none())
    }

    /// Holds a label to the first that the code had; a blank one is no label.
    fn label(&mut self, rank: u32, rule: Rule, row: &Row<'_>, column: Column, found: &mut Found) {
        let (named, label) = (&mut self.list[rank as usize], row.cell(column));
        if *named.label == *label || label.is_empty() {
            return;
        }
        if named.label.is_empty() {
            named.label = label.into();
            return;
        }
        row.at.tell(found, rule, row.range(column), || {
            format!("{} s’appelle « {label} » ici, « {} » plus haut", named.code, named.label)
        });
    }
}

/// What an account added up to.
#[derive(Clone, Copy, Debug, Default)]
struct Balance {
    debit: Sum,
    credit: Sum,
    /// What its number has that it should not.
    wrong: Option<Rule>,
    /// The class, when it is one of expenses (6) or of revenues (7).
    result: Option<u8>,
}

/// Journals, accounts and auxiliaries of a file.
#[derive(Debug, Default)]
pub(super) struct Accounts {
    journals: Names,
    /// Whether each journal is that of the openings.
    opening: Vec<bool>,
    numbers: Names,
    balances: Vec<Balance>,
    auxiliaries: Names,
    /// The last row of class 6, and of class 7.
    last_result: [Option<(u64, u32)>; 2],
    /// The first row of the closing of the bilan (891).
    bilan: Option<(u64, u32)>,
}

const JOURNAL: Rule = (Code::FecLabels, Some(Column::JournalLib), "libellés de journal");
const ACCOUNT: Rule = (Code::FecLabels, Some(Column::CompteLib), "libellés de compte");
const AUXILIARY: Rule = (Code::FecLabels, Some(Column::CompAuxLib), "libellés d’auxiliaire");
const CHART: Rule = (Code::FecChart, Some(Column::CompteNum), "trois premiers caractères");
const OTHER: Rule = (Code::FecChart, Some(Column::CompteNum), OTHER_CLASS);
const CLOSED: Rule = (Code::FecClosed, Some(Column::CompteNum), "classes 6 et 7 soldées");
const BILAN: Rule = (Code::FecClosed, Some(Column::CompteNum), "bilan de clôture");

/// The account through which some software closes every account of the bilan.
const CLOSING_BILAN: &str = "891";

/// What a row belongs to, by ranks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ranks {
    pub(super) journal: u16,
    pub(super) opening: bool,
    pub(super) account: u32,
    pub(super) auxiliary: u32,
}

impl Accounts {
    /// Takes a row.
    pub(super) fn row(&mut self, row: &Row<'_>, found: &mut Found) -> Ranks {
        let code = row.cell(Column::JournalCode);
        let (journal, new) = self.journals.rank(code);
        // A code that lacks is told; whose label it is, nobody knows.
        if !code.is_empty() {
            self.journals.label(journal, JOURNAL, row, Column::JournalLib, found);
        }
        if new {
            self.opening.push(opens(code, row.cell(Column::JournalLib)));
        }
        let number = row.cell(Column::CompteNum);
        let (account, new) = self.numbers.rank(number);
        if !number.is_empty() {
            self.numbers.label(account, ACCOUNT, row, Column::CompteLib, found);
        }
        if new {
            let result = number.bytes().next().filter(|first| matches!(first, b'6' | b'7'));
            self.balances.push(Balance { wrong: wrong(number), result, ..Balance::default() });
        }
        let balance = &mut self.balances[account as usize];
        balance.debit += row.debit.sum();
        balance.credit += row.credit.sum();
        let place = || (row.at.line, column(row.at.text, row.range(Column::CompteNum).start));
        if let Some(class) = balance.result {
            self.last_result[usize::from(class - b'6')] = Some(place());
        } else if self.bilan.is_none() && number.starts_with(CLOSING_BILAN) {
            self.bilan = Some(place());
        }
        if let Some(rule) = balance.wrong {
            row.at.tell(found, rule, row.range(Column::CompteNum), || match rule {
                OTHER => format!("le compte {number} n’est d’aucune des classes 1 à 8"),
                _ => format!("le compte {number} ne commence pas par trois chiffres"),
            });
        }
        let auxiliary = match row.cell(Column::CompAuxNum) {
            "" => u32::MAX,
            code => {
                let (rank, _) = self.auxiliaries.rank(code);
                self.auxiliaries.label(rank, AUXILIARY, row, Column::CompAuxLib, found);
                rank
            }
        };
        Ranks {
            journal: u16::try_from(journal).unwrap_or(u16::MAX),
            opening: self.opening.get(journal as usize).copied().unwrap_or_default(),
            account,
            auxiliary,
        }
    }

    /// Says whether closing entries brought expenses, revenues or the bilan to nothing.
    pub(super) fn finish(&self, found: &mut Found) {
        let closed = |classes: &[u8]| {
            let own = |one: &&Balance| one.result.is_some_and(|class| classes.contains(&class));
            let mut results = self.balances.iter().filter(own);
            results.clone().count() > 1
                && results.clone().any(|one| !one.debit.is_zero())
                && results.all(|one| one.debit == one.credit)
        };
        let words = [
            (b"67".as_slice(), "les écritures qui soldent les classes 6 et 7 sont"),
            (b"6", "l’écriture qui solde la classe 6 est"),
            (b"7", "l’écriture qui solde la classe 7 est"),
        ];
        if let Some((classes, which)) = words.into_iter().find(|(classes, _)| closed(classes)) {
            let own =
                classes.iter().filter_map(|class| self.last_result[usize::from(class - b'6')]);
            found.tell(CLOSED, own.max().unwrap_or_default(), || {
                format!("{which} dans le fichier : chaque compte y finit à zéro")
            });
        }
        if let Some(place) = self.bilan {
            found.tell(BILAN, place, || {
                "l’écriture qui solde le bilan (891) est dans le fichier : elle n’est pas de l’exercice"
                    .to_owned()
            });
        }
    }

    /// An account with its auxiliary, for a reader.
    pub(super) fn name(&self, account: u32, auxiliary: u32) -> String {
        let account = self.numbers.list.get(account as usize).map_or("", |one| &one.code);
        match self.auxiliaries.list.get(auxiliary as usize) {
            Some(auxiliary) => format!("{account} ({})", auxiliary.code),
            None => account.to_owned(),
        }
    }

    /// The codes of the journals, by rank.
    pub(super) fn journal_codes(&self) -> Vec<String> {
        self.journals.list.iter().map(|one| one.code.to_string()).collect()
    }

    /// How many journals, accounts and auxiliaries there are.
    pub(super) fn counts(&self) -> (usize, usize, usize) {
        (self.journals.list.len(), self.numbers.list.len(), self.auxiliaries.list.len())
    }

    /// Everything debited, and everything credited.
    pub(super) fn totals(&self) -> (Sum, Sum) {
        let sum = |side: fn(&Balance) -> Sum| self.balances.iter().map(side).sum();
        (sum(|one| one.debit), sum(|one| one.credit))
    }
}

/// What the number of an account has that it should not; a blank one was told by the reader.
fn wrong(number: &str) -> Option<Rule> {
    let bytes = number.as_bytes();
    let starts = bytes.len() >= 3 && bytes[..3].iter().all(u8::is_ascii_digit);
    match bytes.first() {
        Some(_) if !starts => Some(CHART),
        Some(b'0' | b'9') => Some(OTHER),
        _ => None,
    }
}
