//! The written form: words with their places, nothing resolved, nothing filled in.

use chrono::{Months, NaiveDate};

use crate::diagnostic::Span;
use crate::measure::{Number, Period};

/// What separates words: hledger's other blanks are refused where they would matter.
const BLANK: [u8; 2] = [b' ', b'\t'];

/// A piece of a source with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<'t> {
    /// The characters, as typed.
    pub text: &'t str,
    /// The place of the first byte.
    pub at: u32,
}

impl<'t> Word<'t> {
    /// The word's place.
    pub fn span(self) -> Span {
        Span::new(self.at, self.at + u32::try_from(self.text.len()).unwrap_or(0))
    }

    /// The part of the word from byte `from` to before byte `to`.
    #[must_use]
    pub fn part(self, from: usize, to: usize) -> Self {
        let offset = u32::try_from(from).unwrap_or(0);
        Word { text: self.text.get(from..to).unwrap_or_default(), at: self.at + offset }
    }

    /// The word without the spaces and tabs around it; other blanks are characters.
    #[must_use]
    pub fn trim(self) -> Word<'t> {
        let bytes = self.text.as_bytes();
        let (mut from, mut to) = (0, bytes.len());
        while from < to && BLANK.contains(&bytes[from]) {
            from += 1;
        }
        while to > from && BLANK.contains(&bytes[to - 1]) {
            to -= 1;
        }
        self.part(from, to)
    }
}

/// The first line of an entry.
#[derive(Clone, Copy, Debug)]
pub struct Header<'t> {
    /// The day of the entry.
    pub date: NaiveDate,
    /// The secondary date: the day of the document.
    pub secondary: Option<NaiveDate>,
    /// `*` when pointed, `!` when pending.
    pub status: Option<char>,
    /// The text between the parentheses: journal and number.
    pub code: Option<Word<'t>>,
    /// Tiers and label, as typed.
    pub description: Word<'t>,
    /// The comment, without its semicolon.
    pub comment: Option<Word<'t>>,
}

/// An entry as written.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'t> {
    /// Its first line.
    pub header: Header<'t>,
    /// From its first byte to the end of its last line.
    pub span: Span,
    /// Whether every line of it could be read; an entry that is not whole is not weighed.
    pub whole: bool,
}

/// A budget rule as written: `~ monthly in 2025  Loyer`.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'t> {
    /// How often it repeats.
    pub every: Every,
    /// Over which days.
    pub over: Period,
    /// Its label.
    pub description: Word<'t>,
    /// From its first byte to the end of its last line.
    pub span: Span,
    /// Whether every line of it could be read.
    pub whole: bool,
}

/// How often a budget rule repeats over its period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    /// One time, at the beginning.
    Once,
    /// On the first day of each month.
    Month,
    /// On the first day of each quarter.
    Quarter,
}

impl Every {
    /// The days on which a rule over some days comes.
    pub fn days(self, over: Period) -> impl Iterator<Item = NaiveDate> {
        let step = match self {
            Self::Once => None,
            Self::Month => Some(Months::new(1)),
            Self::Quarter => Some(Months::new(3)),
        };
        let next = move |day: &NaiveDate| day.checked_add_months(step?);
        std::iter::successors(Some(over.first), next).take_while(move |day| *day <= over.last)
    }
}

/// What surrounds an account, and so decides its book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrap {
    /// Nothing: a real posting, in the classic ledger.
    Real,
    /// Square brackets: a balanced virtual posting, in the CARE ledger only.
    Brackets,
    /// Parentheses: a physical activity, in neither.
    Parentheses,
}

/// An amount as written.
#[derive(Clone, Copy, Debug)]
pub struct Amount<'t> {
    /// The figure.
    pub number: Number,
    /// The unit's symbol, as typed.
    pub unit: &'t str,
    /// From the sign to the end of the unit.
    pub span: Span,
}

/// A line of an entry as written.
#[derive(Clone, Copy, Debug)]
pub struct Posting<'t> {
    /// What surrounds the account.
    pub wrap: Wrap,
    /// Number, label and auxiliary, as typed.
    pub account: Word<'t>,
    /// The amount, unless it was left to be computed.
    pub amount: Option<Amount<'t>>,
    /// The balance that is asserted after this line.
    pub assertion: Option<Amount<'t>>,
    /// From the first byte of the line to its end; comment lines below it are included.
    pub line: Span,
}

/// A directive as written.
#[derive(Clone, Copy, Debug)]
pub enum Directive<'t> {
    /// `account NUMBER Label  ; tags`.
    Account {
        /// Number, label and auxiliary.
        name: Word<'t>,
        /// The comment, without its semicolon.
        comment: Option<Word<'t>>,
    },
    /// `commodity 1 000,00 €`: the symbol.
    Commodity(Word<'t>),
    /// `include PATH`: the path or pattern.
    Include(Word<'t>),
    /// `tag NAME`.
    Tag(Word<'t>),
}
