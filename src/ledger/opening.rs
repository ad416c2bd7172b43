use super::items::{Item, Items};
use super::posting::Ledger;
use super::result::result_account;
use crate::book::{Account, Book, Books};
use crate::chart::{Edition, renumbered};
use crate::journal::posting_line;
use crate::journal::tree::Wrap;
use crate::measure::{FiscalYear, MAX_INTEGER_DIGITS, Number, Sum};

/// What becomes of an account's balance when the next year opens.
pub(super) enum Fate {
    /// It is carried, on the same account.
    Carried,
    /// It makes the result, carried on one account.
    Result,
    /// It ends with the year (voluntary contributions).
    Dropped,
}

/// Classes 1 to 5 are carried, 6 and 7 make the result; 86 and 87 cancel each other and are dropped.
pub(super) fn fate(number: &str, book: Book) -> Fate {
    let bare = if book == Book::Financial { number } else { number.trim_start_matches(['C', 'T']) };
    match (book, bare.as_bytes()) {
        (Book::Financial, [b'8', b'6' | b'7', ..]) => Fate::Dropped,
        (Book::Tonnes, [b'6', b'0' | b'5', ..] | [b'7', b'5', ..]) => Fate::Result,
        (Book::Tonnes, _) => Fate::Carried,
        (_, [b'6' | b'7', ..]) => Fate::Result,
        _ => Fate::Carried,
    }
}

/// The opening entry (à-nouveaux) of a year, from the ledger of the year before, as a journal.
///
/// `None` when there is nothing to carry, or when uses and resources of voluntary contributions differ:
/// such books are not sound (E0313), and what they would carry does not balance. The result goes to 120 or 129, that of book C to C110
/// and that of book T to T10: no vote is needed there.
///
/// Suppliers, clients and other debtors are carried item by item (`items`: what the year before leaves
/// open), with document and original day.
pub fn opening(books: &Books, before: &Ledger, items: &Items, year: &FiscalYear) -> Option<String> {
    let edition = Edition::of_year_opened(year.period.first);
    let mut lines = Vec::new();
    let mut dropped = Sum::ZERO;
    for book in [Book::Financial, Book::Care, Book::Tonnes] {
        let mut result = Sum::ZERO;
        for id in books.accounts().sorted() {
            let account = books.accounts().get(id);
            let balance = before.movement(id, book).balance();
            if balance.is_zero() {
                continue;
            }
            match fate(&account.number, book) {
                Fate::Carried if book == Book::Financial && items.contains_key(&id) => {
                    let name = carried_name(books, account, edition);
                    let open = items.get(&id).into_iter().flatten();
                    let left: Sum = open.clone().map(|item| item.amount).sum();
                    assert!(left == balance, "{name}: items of {left}, a balance of {balance}");
                    open.for_each(|item| carry_item(&mut lines, &name, item));
                }
                Fate::Carried => {
                    carry(&mut lines, book, &carried_name(books, account, edition), balance);
                }
                Fate::Result => result += balance,
                Fate::Dropped => dropped += balance,
            }
        }
        if !result.is_zero() {
            let number = result_account(book, result);
            let name = books.accounts().name(number, None, edition);
            carry(&mut lines, book, &name.unwrap_or_else(|| number.to_owned()), result);
        }
    }
    if lines.is_empty() || !dropped.is_zero() {
        return None;
    }
    let head = format!(
        "decimal-mark ,\n\n{} * (AN-0001) À-nouveaux {}  ; piece: a-nouveaux\n",
        year.period.first, year.name
    );
    Some(head + &lines.join("\n") + "\n")
}

/// The name an account takes in the new year: its own, or that of the number that replaced it.
pub(super) fn carried_name(books: &Books, account: &Account, edition: Edition) -> String {
    let auxiliary = account.auxiliary.as_deref();
    let known = books.accounts().name(&account.number, auxiliary, edition);
    let replaced = || {
        let (since, _) = renumbered(&account.number)?;
        books.accounts().name(since, auxiliary, edition)
    };
    known.or_else(replaced).unwrap_or_else(|| account.written())
}

/// One item, with its document, its original day, its letter.
fn carry_item(lines: &mut Vec<String>, name: &str, item: &Item) {
    let first = lines.len();
    carry(lines, Book::Financial, name, item.amount);
    let mut tags = format!("  ; origine: {}", item.day);
    let known =
        [("piece", &item.document), ("convention", &item.convention), ("lettrage", &item.letter)];
    for (tag, value) in known {
        if !value.is_empty() {
            tags.push_str(&format!(", {tag}: {value}"));
        }
    }
    lines[first..].iter_mut().for_each(|line| line.push_str(&tags));
}

/// One line, or several when the balance has more digits than a written amount may have.
pub(super) fn carry(lines: &mut Vec<String>, book: Book, name: &str, balance: Sum) {
    let (wrap, unit) = match book {
        Book::Financial => (Wrap::Real, "€"),
        Book::Care => (Wrap::Brackets, "€"),
        _ => (Wrap::Brackets, "kgCO₂e"),
    };
    let most = Number::new(10_i64.pow(u32::try_from(MAX_INTEGER_DIGITS).unwrap_or(0)) - 1, 0);
    let mut left = balance;
    while left.abs() > most.sum() {
        let part = if left.is_negative() { Number::new(-most.mantissa(), 0) } else { most };
        lines.push(posting_line(wrap, name, Some((part, unit))));
        left -= part.sum();
    }
    if let Some(number) = left.number() {
        lines.push(posting_line(wrap, name, Some((number, unit))));
    }
}
