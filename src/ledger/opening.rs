use super::items::{Item, Items};
use super::posting::Ledger;
use super::result::result_account;
use crate::book::{Account, AccountId, Book, Books, Derivation, DerivedLine};
use crate::chart::{Edition, renumbered, taken_over};
use crate::journal::put_posting_line;
use crate::journal::tree::Wrap;
use crate::measure::{FiscalYear, MAX_INTEGER_DIGITS, Number, Sum, Unit, put_day};

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

/// What a year opens with: one line, or several, for each account.
#[derive(Clone, Debug)]
pub struct Opening {
    head: String,
    lines: Vec<Opened>,
}

/// The lines of one account.
#[derive(Clone, Debug)]
struct Opened {
    book: Book,
    name: String,
    amount: Sum,
    text: Written,
}

/// What stands above the entry of an opening.
const ABOVE: &str = "decimal-mark ,\n\n";

impl Opening {
    /// The entry, as a journal.
    pub fn text(&self) -> String {
        let lines = self.lines.iter().map(|line| line.text.text.as_str());
        format!("{ABOVE}{}", self.head) + &lines.collect::<String>()
    }

    /// Adds the entry to the books, or nothing where it has no line in a book that is wanted.
    pub(super) fn derive(
        &self,
        books: &mut Books,
        (year, by): (&FiscalYear, Derivation),
        wanted: impl Fn(Book) -> bool,
    ) {
        let own = || self.lines.iter().filter(|line| wanted(line.book));
        let bytes: usize = own().map(|line| line.text.text.len()).sum();
        if bytes == 0 {
            return;
        }
        let mut text = String::with_capacity(ABOVE.len() + self.head.len() + bytes);
        text.push_str(ABOVE);
        text.push_str(&self.head);
        let mut lines = Vec::with_capacity(own().map(|line| line.text.lines.len()).sum());
        for line in own() {
            let account = books.account(&line.name);
            let unit = if line.book == Book::Tonnes { Unit::KG_CO2E } else { Unit::EURO };
            let (mut from, book) = (0, line.book);
            for (number, to, bare) in &line.text.lines {
                let at = text.len();
                let (from, to) = (at + std::mem::replace(&mut from, to + 1), at + to);
                let (number, bare) = (*number, *bare);
                lines.push(DerivedLine { account, number, unit, book, from, to, bare });
            }
            text.push_str(&line.text.text);
        }
        books.derive_entry(by, year.period.first, (text, ABOVE.len()), &lines);
    }

    /// What each account of the classic ledger opens with, under its name in the new year.
    pub(super) fn classic(&self) -> impl Iterator<Item = (&str, Sum)> {
        let classic = self.lines.iter().filter(|line| line.book == Book::Financial);
        classic.map(|line| (line.name.as_str(), line.amount))
    }
}

/// The opening entry (à-nouveaux) of a year, from the ledger of the year before.
///
/// `None` when there is nothing to carry, or when uses and resources of voluntary contributions differ:
/// such books are not sound (E0313), and what they would carry does not balance. The result goes to 120
/// or 129 under the number that the books give it, that of book C to C110 and that of book T to T10: no
/// vote is needed there.
///
/// Suppliers, clients and other debtors are carried item by item (`items`: what the year before leaves
/// open), with document and original day.
pub fn opening(
    books: &Books,
    before: &Ledger,
    items: &Items,
    year: &FiscalYear,
) -> Option<Opening> {
    let head = format!(
        "{} * (AN-0001) À-nouveaux {}  ; piece: a-nouveaux\n",
        year.period.first, year.name
    );
    let mut opening = Opening { head, lines: Vec::new() };
    for Carried { book, from, name, amount } in carried(books, before, year)? {
        let open = from.and_then(|id| items.get(&id)).filter(|_| book == Book::Financial);
        let mut text = Written::default();
        match open {
            Some(open) => put_items(&mut text, &name, open, amount),
            None => text.carry(book, &name, amount, |_| {}),
        }
        opening.lines.push(Opened { book, name, amount, text });
    }
    Some(opening)
}

/// What a year carries to the next on one account.
pub(super) struct Carried {
    pub(super) book: Book,
    /// The account that had it; none for the result.
    pub(super) from: Option<AccountId>,
    /// The account of the new year.
    pub(super) name: String,
    pub(super) amount: Sum,
}

/// What a year carries to the next, account by account; `None` as [`opening`] says.
pub(super) fn carried(books: &Books, before: &Ledger, year: &FiscalYear) -> Option<Vec<Carried>> {
    let editions = editions(books, year);
    let mut all = Vec::new();
    let mut dropped = Sum::ZERO;
    for book in [Book::Financial, Book::Care, Book::Tonnes] {
        let mut result = Sum::ZERO;
        for id in books.accounts().sorted() {
            let account = books.accounts().get(id);
            let amount = before.movement(id, book).balance();
            if amount.is_zero() {
                continue;
            }
            match fate(&account.number, book) {
                Fate::Carried => {
                    let name = carried_name(books, account, editions);
                    all.push(Carried { book, from: Some(id), name, amount });
                }
                Fate::Result => result += amount,
                Fate::Dropped => dropped += amount,
            }
        }
        if !result.is_zero() {
            let name = result_account(books, book, result, editions.1);
            all.push(Carried { book, from: None, name, amount: result });
        }
    }
    (!all.is_empty() && dropped.is_zero()).then_some(all)
}

/// The editions of the chart that a year and the one before it follow: the older first.
pub(super) fn editions(books: &Books, year: &FiscalYear) -> (Edition, Edition) {
    let of = |year: &FiscalYear| Edition::of_year_opened(year.period.first);
    (books.years().before(year).map_or_else(|| of(year), |before| of(&before)), of(year))
}

/// The name an account takes in the new year: its own, or that of the number that replaced it.
pub(super) fn carried_name(
    books: &Books,
    account: &Account,
    (before, edition): (Edition, Edition),
) -> String {
    let auxiliary = account.auxiliary.as_deref();
    if before != edition
        && !books.accounts().is_declared(&account.number)
        && let Some(since) = taken_over(&account.number)
        && let Some(name) = books.accounts().name(since, auxiliary, edition)
    {
        return name;
    }
    let known = books.accounts().name(&account.number, auxiliary, edition);
    let replaced = || {
        let (since, _) = renumbered(&account.number)?;
        books.accounts().name(since, auxiliary, edition)
    };
    known.or_else(replaced).unwrap_or_else(|| account.written())
}

/// The items of an account, each with its document, its original day, its letter.
fn put_items(text: &mut Written, name: &str, open: &[Item], balance: Sum) {
    let left: Sum = open.iter().map(|item| item.amount).sum();
    assert!(left == balance, "{name}: items of {left}, a balance of {balance}");
    text.text.reserve(open.len() * 96);
    for item in open {
        text.carry(Book::Financial, name, item.amount, |text| {
            text.push_str("  ; origine: ");
            put_day(text, item.day);
            for (tag, value) in [
                (", piece: ", item.document()),
                (", convention: ", item.convention()),
                (", lettrage: ", item.letter()),
            ] {
                if !value.is_empty() {
                    text.push_str(tag);
                    text.push_str(value);
                }
            }
        });
    }
}

/// A number as its text reads back: euros are written with two decimals at least.
fn as_written(number: Number, unit: &str) -> Number {
    match number.scale() {
        0 if unit == "€" => Number::new(number.mantissa() * 100, 2),
        1 if unit == "€" => Number::new(number.mantissa() * 10, 2),
        _ => number,
    }
}

/// The lines of an account, in the notation of the journal.
#[derive(Clone, Debug, Default)]
pub(super) struct Written {
    /// Each ends with its newline.
    pub(super) text: String,
    /// The amount of each, where it ends before its newline, and whether nothing follows the amount.
    lines: Vec<(Number, usize, bool)>,
}

impl Written {
    /// Puts one line, or several when the balance has more digits than a written amount may have; each ends
    /// as `end` ends it.
    pub(super) fn carry(
        &mut self,
        book: Book,
        name: &str,
        balance: Sum,
        end: impl Fn(&mut String),
    ) {
        let (wrap, unit) = match book {
            Book::Financial => (Wrap::Real, "€"),
            Book::Care => (Wrap::Brackets, "€"),
            _ => (Wrap::Brackets, "kgCO₂e"),
        };
        let mut put = |number| {
            put_posting_line(&mut self.text, wrap, name, Some((number, unit)));
            let bare = self.text.len();
            end(&mut self.text);
            let to = self.text.len();
            self.text.push('\n');
            self.lines.push((as_written(number, unit), to, to == bare));
        };
        let most = Number::new(10_i64.pow(u32::try_from(MAX_INTEGER_DIGITS).unwrap_or(0)) - 1, 0);
        let mut left = balance;
        while left.abs() > most.sum() {
            let part = if left.is_negative() { Number::new(-most.mantissa(), 0) } else { most };
            put(part);
            left -= part.sum();
        }
        if let Some(number) = left.number() {
            put(number);
        }
    }
}
