use std::collections::{BTreeMap, BTreeSet};

use super::text::Written;
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
    for line in derived(books, year) {
        both.entry(kept(&line.account)).or_default().1 += line.amount;
    }
    let apart = both.into_iter().filter(|(_, (file, derived))| file != derived);
    apart.map(|(account, (file, derived))| Gap { account, file, derived }).collect()
}

/// An entry that opens a later year, as the file has it.
#[derive(Clone, Debug)]
pub(super) struct ReceivedEntry {
    pub(super) head: String,
    pub(super) lines: Vec<Written>,
}

/// The openings of a later year as the file has them.
#[derive(Clone, Debug, Default)]
pub struct Received(pub(super) Vec<ReceivedEntry>);

/// The openings that stand for a year: how they are written, and how many of the file's lines are not
/// among them.
#[derive(Clone, Debug)]
pub struct Composed {
    /// The journal to keep beside the year's own; `None` when not one line of the file could be kept.
    pub text: Option<String>,
    /// The accounts whose lines are derived instead.
    pub apart: Vec<String>,
    /// How many lines of these accounts had a letter in the file: it goes with its line.
    pub unlettered: usize,
}

impl Received {
    /// The file's openings, account by account and tiers by tiers, where they are what the books derive;
    /// the derived lines of the other accounts.
    pub fn compose(&self, books: &Books, year: &FiscalYear, files: &[String]) -> Composed {
        let derived = derived(books, year);
        let mut gaps: BTreeMap<&str, Sum> = BTreeMap::new();
        for line in self.0.iter().flat_map(|entry| &entry.lines) {
            *gaps.entry(&line.account).or_default() += line.amount;
        }
        for line in &derived {
            *gaps.entry(&line.account).or_default() -= line.amount;
        }
        gaps.retain(|_, gap| !gap.is_zero());
        let mut rest: Option<(&str, Vec<&str>)> = None;
        let mut entries: Vec<String> = Vec::new();
        let mut any = false;
        let mut unlettered = 0;
        for entry in &self.0 {
            let stands = |line: &&Written| !gaps.contains_key(line.account.as_str());
            let lines: Vec<&str> =
                entry.lines.iter().filter(stands).map(|line| line.text.as_str()).collect();
            any |= !lines.is_empty();
            let left = entry.lines.iter().filter(|line| !stands(line));
            unlettered += left.filter(|line| line.text.contains("lettrage: ")).count();
            if lines.len() == entry.lines.len() {
                entries.push(format!("{}\n{}\n", entry.head, lines.join("\n")));
            } else {
                // What is left of several entries balances only together.
                rest.get_or_insert_with(|| (&entry.head, Vec::new())).1.extend(lines);
            }
        }
        let own = derived.iter().filter(|line| gaps.contains_key(line.account.as_str()));
        let own: Vec<&str> = own.map(|line| line.text.as_str()).collect();
        match (rest, entries.first_mut()) {
            (Some((head, mut lines)), _) => {
                lines.extend(own);
                entries.push(format!("{head}\n{}\n", lines.join("\n")));
            }
            // Accounts that the file does not open at all: they balance on their own.
            (None, Some(first)) if !own.is_empty() => {
                first.push_str(&(own.join("\n") + "\n"));
            }
            _ => {}
        }
        let text = any.then(|| {
            format!(
                "; À-nouveaux {} tels que {} les donne. compta les lit à la place de ceux qu’il dérive, tant\n; qu’ils disent la même chose ; hledger, qui reporte les soldes lui-même, ne les lit pas.\n\ndecimal-mark ,\n\n{}",
                year.name,
                files.join(", "),
                entries.join("\n")
            )
        });
        Composed { text, apart: gaps.into_keys().map(str::to_owned).collect(), unlettered }
    }
}

/// The lines of a derived opening.
fn derived(books: &Books, year: &FiscalYear) -> Vec<Written> {
    let openings = books.derived(Deriver::Opening);
    let entries = openings.filter(|entry| year.period.contains(entry.date()));
    let mut lines = Vec::new();
    for entry in entries {
        let edition = entry.edition();
        for posting in entry.postings().filter(|posting| posting.book() == Book::Financial) {
            let account = posting.account();
            let name =
                books.accounts().name(&account.number, account.auxiliary.as_deref(), edition);
            lines.push(Written {
                account: name.unwrap_or_else(|| account.written()),
                amount: posting.number().sum(),
                text: books.sources().text(posting.span()).trim_end().to_owned(),
            });
        }
    }
    lines
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
