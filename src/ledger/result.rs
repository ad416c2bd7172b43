use super::opening::{Fate, Written, fate};
use super::posting::Ledger;
use crate::book::{Book, Books};
use crate::chart::Edition;
use crate::measure::{FiscalYear, Sum};

/// The journal of the entries that end a year: in no report of the year, and never in the FEC
/// (LPF art. A47 A-1, VII-1°).
pub const CLOSINGS: &str = "CLO";

/// The entries that end a year: 6 and 7 into 120 or 129, 86 against 87, the result of book C into
/// C110, the emissions of the year into T10; as a journal's text, without head.
///
/// The ledger holds the whole year. `None` when there is nothing to end.
pub fn closing_entries(books: &Books, ledger: &Ledger, year: &FiscalYear) -> Vec<String> {
    let edition = Edition::of_year_opened(year.period.first);
    let mut entries = Vec::new();
    for (book, what) in [
        (Book::Financial, "résultat de l’exercice"),
        (Book::Care, "résultat CARE de l’exercice"),
        (Book::Tonnes, "émissions de l’exercice"),
    ] {
        let mut lines = Written::default();
        let mut result = Sum::ZERO;
        for id in books.accounts().sorted() {
            let account = books.accounts().get(id);
            let balance = ledger.movement(id, book).balance();
            let ended = match fate(&account.number, book) {
                Fate::Carried => continue,
                Fate::Result | Fate::Dropped => balance,
            };
            if ended.is_zero() {
                continue;
            }
            result += ended;
            let auxiliary = account.auxiliary.as_deref();
            let name = books.accounts().name(&account.number, auxiliary, edition);
            let name = name.unwrap_or_else(|| account.written());
            lines.carry(book, &name, -ended, |_| {});
        }
        if !result.is_zero() {
            let name = result_account(books, book, result, edition);
            lines.carry(book, &name, result, |_| {});
        }
        if !lines.text.is_empty() {
            let rank = entries.len() + 1;
            entries.push(format!(
                "{} * ({CLOSINGS}-{rank:04}) Clôture {} | {what}\n{}",
                year.period.last, year.name, lines.text
            ));
        }
    }
    entries
}

/// Where a result goes, as postings write it: 120 or 129 in book F, C110 in book C, T10 in book T.
///
/// Books taken from other software may write 120 with more digits, `12000000`: then the result goes there.
pub(super) fn result_account(books: &Books, book: Book, result: Sum, edition: Edition) -> String {
    let number = match book {
        Book::Financial if result.is_negative() => books.accounts().padded("120"),
        Book::Financial => books.accounts().padded("129"),
        Book::Care => "C110",
        _ => "T10",
    };
    books.accounts().name(number, None, edition).unwrap_or_else(|| number.to_owned())
}
