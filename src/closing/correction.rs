use std::fmt::Write as _;

use chrono::NaiveDate;

use crate::book::{Book, Books, EntryRef, PostingRef};
use crate::chart::renumbered;
use crate::journal::posting_line;
use crate::journal::tree::Wrap;
use crate::measure::Number;

/// How a sealed entry is corrected.
#[derive(Clone, Debug, Default)]
pub struct Correction {
    /// Accounts to replace, by number.
    pub accounts: Vec<(String, String)>,
    /// Amounts to replace, without sign.
    pub amounts: Vec<(Number, Number)>,
}

/// The file of a correction (PCG art. 1031-3): the reversal of a sealed entry, and the new one, both
/// on an open day, with the true date of the document as their second date.
///
/// Without anything to replace, the new entry is a copy, under the mark `!` until someone has put it
/// right. `codes` are the numbers of the two.
pub fn correction_file(
    books: &Books,
    entry: &EntryRef<'_>,
    day: NaiveDate,
    codes: (&str, &str),
    correction: &Correction,
) -> String {
    let (code, first) = (entry.code(), entry.secondary().unwrap_or(entry.date()));
    let document =
        tag(entry, "piece").map_or_else(String::new, |piece| format!(", piece: {piece}"));
    let told = entry.description();
    let (who, what) = told.split_once(" | ").unwrap_or(("Correction", told));
    let mut text = format!(
        "; Correction de l’écriture {code} du {}, scellée.\n\ndecimal-mark ,\n\n",
        entry.date().format("%d/%m/%Y")
    );
    let _ = writeln!(
        text,
        "{day}={first} * ({}) {who} | annulation de {code}, {what}   ; corrige: {code}{document}",
        codes.0
    );
    for posting in entry.postings() {
        text.push_str(&line(books, &posting, day, -1, &Correction::default()));
    }
    let untouched = correction.accounts.is_empty() && correction.amounts.is_empty();
    let mark = if untouched { '!' } else { '*' };
    let _ = writeln!(
        text,
        "\n{day}={first} {mark} ({}) {who} | {what}   ; corrige: {code}{document}",
        codes.1
    );
    for posting in entry.postings() {
        text.push_str(&line(books, &posting, day, 1, correction));
    }
    text
}

fn tag<'b>(entry: &EntryRef<'b>, wanted: &str) -> Option<&'b str> {
    entry.tags().filter(|(name, _)| *name == wanted).map(|(_, value)| value).last()
}

/// A line of the entry, taken back or put right.
fn line(
    books: &Books,
    posting: &PostingRef<'_>,
    day: NaiveDate,
    sign: i64,
    correction: &Correction,
) -> String {
    let account = posting.account();
    let other = correction.accounts.iter().find(|(old, _)| *old == account.number);
    let number = other.map_or(account.number.as_str(), |(_, new)| new.as_str());
    let auxiliary = account.auxiliary.as_deref().filter(|_| other.is_none());
    let edition = books.edition(day);
    let known = books.accounts().name(number, auxiliary, edition).or_else(|| {
        let (since, _) = renumbered(number)?;
        books.accounts().name(since, auxiliary, edition)
    });
    let name = match posting.book() {
        Book::Activity => account.number.clone(),
        _ => known.unwrap_or_else(|| account.written()),
    };
    let written = posting.number();
    let amount = correction
        .amounts
        .iter()
        .find(|(old, _)| old.sum().abs() == written.sum().abs())
        .map_or(written, |(_, new)| {
            let negative = written.mantissa() < 0;
            Number::new(if negative { -new.mantissa() } else { new.mantissa() }, new.scale())
        });
    let signed = Number::new(sign * amount.mantissa(), amount.scale());
    let wrap = match posting.book() {
        Book::Financial => Wrap::Real,
        Book::Care | Book::Tonnes => Wrap::Brackets,
        Book::Activity => Wrap::Parentheses,
    };
    let mut text = posting_line(wrap, &name, Some((signed, books.units().symbol(posting.unit()))));
    let tags: Vec<String> = posting
        .tags()
        .filter(|(name, _)| !matches!(*name, "lettrage" | "datelet"))
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    if !tags.is_empty() {
        let _ = write!(text, "  ; {}", tags.join(", "));
    }
    text.push('\n');
    text
}
