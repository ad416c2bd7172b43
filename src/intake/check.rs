use std::collections::BTreeMap;

use super::lines::Line;
use super::names::Names;
use crate::exchange::fec::Column;
use crate::measure::{Sum, euros};

/// What rows add up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adds {
    /// How many rows.
    pub rows: usize,
    /// The sum of debits.
    pub debit: Sum,
    /// The sum of credits.
    pub credit: Sum,
    /// The balance of each account that has rows, a debit positive.
    pub balances: BTreeMap<String, Sum>,
}

impl Adds {
    /// Adds a row.
    pub fn add(&mut self, account: &str, debit: Sum, credit: Sum) {
        self.rows += 1;
        self.debit += debit;
        self.credit += credit;
        let balance = debit - credit;
        match self.balances.get_mut(account) {
            Some(known) => *known += balance,
            None => {
                self.balances.insert(account.to_owned(), balance);
            }
        }
    }

    /// Adds what other rows add up to.
    pub fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        self.debit += other.debit;
        self.credit += other.credit;
        for (account, balance) in &other.balances {
            *self.balances.entry(account.clone()).or_default() += *balance;
        }
    }

    /// Adds some lines of a file, under the numbers that the books give their accounts.
    pub(super) fn take<'a, 't: 'a>(
        &mut self,
        lines: impl Iterator<Item = &'a Line<'t>>,
        names: &Names<'t>,
    ) {
        for line in lines {
            let number = line.cell(Column::CompteNum);
            let written = names.accounts.get(number).map_or(number, |(written, _)| written);
            self.add(written, line.debit.sum(), line.credit.sum());
        }
    }
}

/// What the books lost of the files, in words; nothing when they hold the same.
pub fn lost(file: &Adds, books: &Adds) -> Vec<String> {
    let mut lost = Vec::new();
    if file.rows != books.rows {
        lost.push(format!("{} lignes dans le fichier, {} dans les livres", file.rows, books.rows));
    }
    for (what, file, books) in
        [("débits", file.debit, books.debit), ("crédits", file.credit, books.credit)]
    {
        if file != books {
            let (file, books) = (euros(file.decimal()), euros(books.decimal()));
            lost.push(format!(
                "total des {what} : {file} dans le fichier, {books} dans les livres"
            ));
        }
    }
    lost.extend(moved(file, books));
    lost
}

/// The accounts whose balance is not the same in the books, in words.
pub fn moved(file: &Adds, books: &Adds) -> Vec<String> {
    let mut gaps = file.balances.clone();
    for (account, balance) in &books.balances {
        *gaps.entry(account.clone()).or_default() -= *balance;
    }
    let mut lost = Vec::new();
    for (account, gap) in gaps.into_iter().filter(|(_, gap)| !gap.is_zero()) {
        lost.push(format!("compte {account} : écart de {}", euros(gap.decimal())));
    }
    lost
}
