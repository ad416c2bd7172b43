use std::collections::{BTreeMap, BTreeSet};

use crate::book::{Book, Books, Deriver};
use crate::journal::posting_line;
use crate::journal::tree::Wrap;
use crate::measure::{FiscalYear, Number, Sum, euros};

/// An account that a year of the files opens with another balance than the year before left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The account, as postings write it.
    pub account: String,
    /// Its opening balance in the file.
    pub file: Sum,
    /// What the year before left.
    pub derived: Sum,
}

impl Gap {
    /// The gap in words.
    pub fn words(&self) -> String {
        format!(
            "à-nouveau du compte {} : {} dans le fichier, {} à la clôture précédente",
            self.account,
            euros(self.file.decimal()),
            euros(self.derived.decimal())
        )
    }

    fn gap(&self) -> Sum {
        self.file - self.derived
    }
}

/// The accounts whose opening in the file is not what the books derive.
///
/// A file that opens an account as a whole says nothing of its tiers: only its total is compared.
/// Nothing when the file has no openings at all: then there is nothing to compare.
pub fn carried_apart(books: &Books, year: &FiscalYear, file: &BTreeMap<String, Sum>) -> Vec<Gap> {
    if file.is_empty() {
        return Vec::new();
    }
    let whole = |name: &str| name.split(':').next().unwrap_or(name).to_owned();
    let detailed: BTreeSet<String> =
        file.keys().filter(|name| name.contains(':')).map(|name| whole(name)).collect();
    let kept = |name: &str| {
        let account = whole(name);
        if detailed.contains(&account) { name.to_owned() } else { account }
    };
    let mut both: BTreeMap<String, (Sum, Sum)> = BTreeMap::new();
    for (account, sum) in file {
        both.entry(kept(account)).or_default().0 += *sum;
    }
    let derived = books.entries().filter(|entry| {
        entry.deriver() == Some(Deriver::Opening) && year.period.contains(entry.date())
    });
    for entry in derived {
        let edition = entry.edition();
        for posting in entry.postings().filter(|posting| posting.book() == Book::Financial) {
            let account = posting.account();
            let name =
                books.accounts().name(&account.number, account.auxiliary.as_deref(), edition);
            let name = name.unwrap_or_else(|| account.written());
            both.entry(kept(&name)).or_default().1 += posting.number().sum();
        }
    }
    let apart = both.into_iter().filter(|(_, (file, derived))| file != derived);
    apart.map(|(account, (file, derived))| Gap { account, file, derived }).collect()
}

/// The journal of what a file opens otherwise than the year before was left; `None` when it does not
/// balance, and so can be no entry.
pub fn correction(year: &FiscalYear, gaps: &[Gap]) -> Option<String> {
    let total: Sum = gaps.iter().map(Gap::gap).sum();
    if gaps.is_empty() || !total.is_zero() {
        return None;
    }
    let mut text = format!(
        "; Ce que le FEC {} ouvre autrement que l’exercice précédent ne s’est clos : à expliquer avec\n; l’expert-comptable (le plus souvent, le résultat déjà affecté). Sans cette écriture, les comptes\n; ci-dessous n’auraient pas le solde du fichier.\n\ndecimal-mark ,\n\n{} * (ANR-1) Écarts d’à-nouveaux repris du FEC {}  ; piece: FEC {}\n",
        year.name, year.period.first, year.name, year.name
    );
    for gap in gaps {
        let amount: Number = gap.gap().number()?;
        text.push_str(&posting_line(Wrap::Real, &gap.account, Some((amount, "€"))));
        text.push('\n');
    }
    Some(text)
}
