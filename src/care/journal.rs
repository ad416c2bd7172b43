use std::collections::BTreeSet;

use super::kept::Kept;
use crate::book::{Book, Books, Deriver, EntryRef};
use crate::journal::posting_line;
use crate::journal::tree::Wrap;
use crate::measure::FiscalYear;

/// The entries that the rules generate in some years, as a journal that stands alone.
///
/// The first of the years opens with what books C and T carry into it; hledger reads the whole, and
/// balances it in euros and in kilograms.
pub fn journal(books: &Books, kept: &Kept, years: &[FiscalYear]) -> String {
    let opening = years.first().and_then(|year| opening(books, year));
    written(books, kept, years, opening)
}

/// The entries that the rules generate in one year, to be read beside those of the years before.
pub fn year_journal(books: &Books, kept: &Kept, year: &FiscalYear) -> String {
    written(books, kept, std::slice::from_ref(year), None)
}

fn written(books: &Books, kept: &Kept, years: &[FiscalYear], opening: Option<String>) -> String {
    let names: Vec<&str> = years.iter().map(|year| year.name.as_str()).collect();
    let own: Vec<String> = years
        .iter()
        .filter_map(|year| kept.year(year))
        .flat_map(|kept| {
            let numbered = kept.entries.iter().enumerate();
            numbered.map(|(rank, entry)| entry.text(books, rank + 1))
        })
        .collect();
    let entries: Vec<String> = opening.into_iter().chain(own).collect();
    let mut text = format!(
        "; Livre CARE {} : les écritures que les règles de `care.toml` engendrent.\n\
         ; Crochets en € : livre C ; crochets en kgCO₂e : livre T. Le livre F n’y est pas.\n\n\
         decimal-mark ,\n\ncommodity 1 000,00 €\ncommodity 1 000,000 kgCO₂e\n\n",
        names.join(", ")
    );
    for account in accounts(&entries) {
        text.push_str(&format!("account {account}\n"));
    }
    for entry in &entries {
        text.push('\n');
        text.push_str(entry);
    }
    text
}

/// The accounts of some entries, in order.
fn accounts(entries: &[String]) -> BTreeSet<&str> {
    let lines = entries.iter().flat_map(|entry| entry.lines().skip(1));
    lines
        .filter_map(|line| line.trim_start().strip_prefix('[')?.split_once(']'))
        .map(|(account, _)| account)
        .collect()
}

/// What books C and T carry into a year: their lines of the derived opening.
fn opening(books: &Books, year: &FiscalYear) -> Option<String> {
    let carries = |entry: &EntryRef<'_>| {
        entry.deriver() == Some(Deriver::Opening) && entry.date() == year.period.first
    };
    let entry = books.entries().find(carries)?;
    let mut text = format!("{} * (AN-0001) À-nouveaux CARE {}\n", year.period.first, year.name);
    let mut moves = false;
    for posting in entry.postings() {
        if !matches!(posting.book(), Book::Care | Book::Tonnes) {
            continue;
        }
        let symbol = books.units().symbol(posting.unit());
        let amount = Some((posting.number(), symbol));
        text.push_str(&posting_line(Wrap::Brackets, &posting.account().written(), amount));
        text.push('\n');
        moves = true;
    }
    moves.then_some(text)
}
