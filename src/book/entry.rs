use chrono::NaiveDate;

use super::accounts::{Account, AccountId};
use super::batch::{Book, Derivation, Deriver, Entry, Posting};
use super::books::Books;
use super::received::RECEIVED;
use crate::chart::Edition;
use crate::diagnostic::{Place, Span};
use crate::journal::tree::{Every, Word};
use crate::journal::{comments, header, plan, tags};
use crate::measure::{Number, Period, Unit};

/// What an entry that someone wrote says of its origin.
pub const WRITTEN: &str = "écrite";

/// Where an entry comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin<'b> {
    /// A line of a file, that someone wrote.
    Written,
    /// A rule, from inputs.
    Derived(&'b Derivation),
}

impl std::fmt::Display for Origin<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Written => f.write_str(WRITTEN),
            Self::Derived(by) => write!(f, "dérivée : {} ({})", by.rule, by.inputs),
        }
    }
}

/// A balance that a line asserts, in the order of dates.
#[derive(Clone, Copy, Debug)]
pub struct Asserted<'b> {
    /// The line that asserts it.
    pub line: PostingRef<'b>,
    /// The balance, exact.
    pub number: Number,
    /// Its unit.
    pub unit: Unit,
    /// Where the balance is written.
    pub at: Span,
}

/// An entry of the books, seen with them: its words are read in its source when asked for.
#[derive(Clone, Copy, Debug)]
pub struct EntryRef<'b> {
    pub(super) books: &'b Books,
    pub(super) batch: usize,
    pub(super) entry: &'b Entry,
}

/// A posting of the books, seen with them.
#[derive(Clone, Copy, Debug)]
pub struct PostingRef<'b> {
    books: &'b Books,
    posting: &'b Posting,
}

impl<'b> EntryRef<'b> {
    /// The day of the entry.
    pub fn date(&self) -> NaiveDate {
        self.entry.date
    }

    /// The day of its document, when it was given.
    pub fn secondary(&self) -> Option<NaiveDate> {
        self.entry.secondary
    }

    /// The whole text of the entry.
    pub fn span(&self) -> Span {
        Span::new(self.entry.start, self.entry.end)
    }

    /// The file and line where it begins, or the rule that derived it.
    pub fn place(&self) -> Place {
        self.books.sources().place(self.span())
    }

    /// The edition of the chart that it follows.
    pub fn edition(&self) -> Edition {
        self.books.edition(self.entry.date)
    }

    /// Where it comes from: someone's hand, or a rule and its inputs.
    pub fn origin(&self) -> Origin<'b> {
        match &self.books.batches[self.batch].derived {
            None => Origin::Written,
            Some(by) => Origin::Derived(by),
        }
    }

    /// Whether a rule derived it.
    pub fn is_derived(&self) -> bool {
        matches!(self.origin(), Origin::Derived(_))
    }

    /// Whether it opens its year as other software wrote it, in a file that someone may read and edit.
    pub fn is_received(&self) -> bool {
        let source = self.books.sources().source_of(self.span()).name();
        let path = source.strip_prefix(RECEIVED);
        self.deriver() == Some(Deriver::Opening) && path.is_some_and(|rest| rest.starts_with('/'))
    }

    /// Who derived it; `None` when someone wrote it.
    pub fn deriver(&self) -> Option<Deriver> {
        self.books.batches[self.batch].derived.as_ref().map(|derived| derived.by)
    }

    /// Whether it says what a year did: someone wrote it, or a register yields it.
    pub fn is_booked(&self) -> bool {
        matches!(self.deriver(), None | Some(Deriver::Inventory))
    }

    /// Its text as it was written, or as the rule wrote it.
    pub fn text(&self) -> &'b str {
        self.words().text
    }

    fn words(&self) -> Word<'b> {
        let text = self.books.sources().text(self.span());
        Word { text, at: self.entry.start }
    }

    fn first_line(&self) -> Word<'b> {
        let words = self.above();
        let end = words.text.find(['\n', '\r']).unwrap_or(words.text.len());
        words.part(0, end)
    }

    /// The code in parentheses, empty when there is none.
    pub fn code(&self) -> &'b str {
        if let Some(code) = self.entry.head.code(self.entry.start) {
            return self.books.sources().text(code);
        }
        let code = header(self.first_line()).ok().and_then(|header| header.code);
        code.map_or("", |code| code.text)
    }

    /// `*` when it is pointed, `!` when it is pending.
    pub fn mark(&self) -> Option<char> {
        self.entry.head.mark()
    }

    /// The first line: date, code, tiers and label.
    pub fn head(&self) -> Span {
        self.first_line().span()
    }

    /// Whether it is a draft, under the mark `!`: someone has still to look at it.
    pub fn is_draft(&self) -> bool {
        self.mark() == Some('!')
    }

    /// The balances that its lines assert, in order.
    pub fn asserted(&self) -> impl Iterator<Item = Asserted<'b>> + use<'b> {
        let (books, batch) = (self.books, &self.books.batches[self.batch]);
        let lines = self.entry.first..self.entry.first + self.entry.count;
        let first = batch.assertions.partition_point(|known| known.posting < lines.start);
        batch.assertions[first..].iter().take_while(move |known| known.posting < lines.end).map(
            move |known| Asserted {
                line: PostingRef { books, posting: &batch.postings[known.posting as usize] },
                number: known.number,
                unit: known.unit,
                at: known.span,
            },
        )
    }

    /// Whether it opens the books (journal AN): it carries balances, and moves nothing.
    pub fn opens(&self) -> bool {
        self.entry.head.opens
    }

    /// Tiers and label, as typed.
    pub fn description(&self) -> &'b str {
        let code = self.entry.head.code(self.entry.start);
        if let Some(code) = code.filter(|code| code.end > code.start) {
            // What follows the parenthesis of the code, up to a comment or the end of the line.
            let below = self.postings().next().map(|posting| posting.posting.start);
            let end = below.unwrap_or(self.entry.end);
            let rest = self.books.sources().text(Span::new(code.end + 1, end));
            let end = memchr::memchr3(b';', b'\n', b'\r', rest.as_bytes());
            return Word { text: &rest[..end.unwrap_or(rest.len())], at: 0 }.trim().text;
        }
        let line = self.first_line();
        if line.text.starts_with('~') {
            return plan(line).map_or("", |(_, _, label)| label.text);
        }
        header(line).map_or("", |header| header.description.text)
    }

    /// How often it repeats and over which days, when it is of the budget.
    pub fn rule(&self) -> Option<(Every, Period)> {
        let line = self.first_line();
        let rule = line.text.starts_with('~').then(|| plan(line).ok()).flatten();
        rule.map(|(every, over, _)| (every, over))
    }

    /// The tags of the entry as a whole.
    pub fn tags(&self) -> impl Iterator<Item = (&'b str, &'b str)> + use<'b> {
        self.placed_tags().map(|(name, value, _)| (name, value))
    }

    /// What the first tag of that name says of the entry as a whole.
    pub fn tag(&self, name: &str) -> Option<&'b str> {
        first_tag(self.commented(), name)
    }

    /// The tags of the entry as a whole, with the place of each value.
    pub fn placed_tags(&self) -> impl Iterator<Item = (&'b str, &'b str, Span)> + use<'b> {
        placed(self.commented())
    }

    /// The comments of the entry as a whole, without their semicolon.
    pub fn comments(&self) -> impl Iterator<Item = &'b str> + use<'b> {
        comments(self.commented()).map(|comment| comment.text)
    }

    /// Its first line and the comments before its first posting.
    ///
    /// Nothing else is looked at: an opening may have a hundred thousand lines below, each of which asks.
    fn above(&self) -> Word<'b> {
        let first = self.postings().next().map(|posting| posting.posting.start);
        let span = Span::new(self.entry.start, first.unwrap_or(self.entry.end));
        Word { text: self.books.sources().text(span), at: span.start }
    }

    /// The same where comments are looked for: nothing when there is surely none.
    fn commented(&self) -> Word<'b> {
        if self.entry.head.bare { Word { text: "", at: self.entry.start } } else { self.above() }
    }

    /// The balances that it asserts: after which of its lines, and how much.
    pub fn assertions(&self) -> impl Iterator<Item = (usize, Number, Unit)> + use<'b> {
        let all = &self.books.batches[self.batch].assertions;
        let (first, count) = (self.entry.first, self.entry.count);
        let from = all.partition_point(|assertion| assertion.posting < first);
        all[from..].iter().take_while(move |assertion| assertion.posting < first + count).map(
            move |asserted| ((asserted.posting - first) as usize, asserted.number, asserted.unit),
        )
    }

    /// How many lines it has.
    pub fn count(&self) -> usize {
        self.entry.count as usize
    }

    /// The line of that rank.
    ///
    /// # Panics
    /// When it has fewer.
    pub fn line(&self, rank: usize) -> PostingRef<'b> {
        let batch = &self.books.batches[self.batch];
        let posting = &batch.postings[self.entry.first as usize + rank];
        PostingRef { books: self.books, posting }
    }

    /// The lines of the entry, in order.
    pub fn postings(&self) -> impl Iterator<Item = PostingRef<'b>> + use<'b> {
        let (books, batch) = (self.books, self.batch);
        let first = self.entry.first as usize;
        let range = first..first + self.entry.count as usize;
        books.batches[batch].postings[range]
            .iter()
            .map(move |posting| PostingRef { books, posting })
    }

    /// The line that stands at a place of the text.
    pub fn posting_at(&self, at: Span) -> Option<PostingRef<'b>> {
        let first = self.entry.first as usize;
        let all = &self.books.batches[self.batch].postings;
        let own = &all[first..first + self.entry.count as usize];
        let after = own.partition_point(|posting| posting.start <= at.start);
        let posting = own.get(after.checked_sub(1)?)?;
        Some(PostingRef { books: self.books, posting })
    }
}

impl<'b> PostingRef<'b> {
    /// The account's identity.
    pub fn account_id(&self) -> AccountId {
        AccountId(self.posting.account)
    }

    /// The account.
    pub fn account(&self) -> &'b Account {
        self.books.accounts().get(self.account_id())
    }

    /// The account's label in the chart of an edition.
    pub fn label(&self, edition: Edition) -> &'b str {
        self.books.accounts().label_of(self.account_id(), edition)
    }

    /// The exact amount; a debit is positive.
    pub fn number(&self) -> Number {
        self.posting.number()
    }

    /// The unit.
    pub fn unit(&self) -> Unit {
        self.posting.unit
    }

    /// The book.
    pub fn book(&self) -> Book {
        self.posting.book
    }

    /// Whether the amount was left out, and computed.
    pub fn is_computed(&self) -> bool {
        self.posting.is_computed()
    }

    /// The line, with the comments below it.
    pub fn span(&self) -> Span {
        Span::new(self.posting.start, self.posting.end)
    }

    /// The account as it is written on the line, brackets included.
    pub fn account_span(&self) -> Span {
        let text = self.books.sources().text(self.span());
        let start = text.len() - text.trim_start().len();
        let end = text.get(start..).and_then(|rest| rest.find("  ").or_else(|| rest.find('\n')));
        let place = |at: usize| self.posting.start + u32::try_from(at).unwrap_or(0);
        Span::new(place(start), end.map_or(self.posting.end, |end| place(start + end)))
    }

    /// The account and its amount, without the indent, the comment and the lines below.
    pub fn line_span(&self) -> Span {
        let text = self.books.sources().text(self.span());
        let start = text.len() - text.trim_start().len();
        let end = memchr::memchr2(b';', b'\n', text.as_bytes()).unwrap_or(text.len());
        let end = text[..end].trim_end().len();
        let place = |at: usize| self.posting.start + u32::try_from(at).unwrap_or(0);
        Span::new(place(start), place(end.max(start)))
    }

    /// The amount as it is written, with its unit.
    pub fn amount_span(&self) -> Span {
        let (line, account) = (self.line_span(), self.account_span());
        let rest = self.books.sources().text(Span::new(account.end.min(line.end), line.end));
        let gap = u32::try_from(rest.len() - rest.trim_start().len()).unwrap_or(0);
        Span::new((account.end + gap).min(line.end), line.end)
    }

    /// The comments of this line and below it, without their semicolon.
    pub fn comments(&self) -> impl Iterator<Item = &'b str> + use<'b> {
        comments(self.commented()).map(|comment| comment.text)
    }

    /// The file and line where it stands.
    pub fn place(&self) -> Place {
        self.books.sources().place(self.span())
    }

    /// The tags of this line.
    pub fn tags(&self) -> impl Iterator<Item = (&'b str, &'b str)> + use<'b> {
        self.placed_tags().map(|(name, value, _)| (name, value))
    }

    /// What the first tag of that name says of this line.
    pub fn tag(&self, name: &str) -> Option<&'b str> {
        first_tag(self.commented(), name)
    }

    /// The tags of this line, with the place of each value.
    pub fn placed_tags(&self) -> impl Iterator<Item = (&'b str, &'b str, Span)> + use<'b> {
        placed(self.commented())
    }

    /// The text of the line where comments are looked for: nothing when it surely has none.
    fn commented(&self) -> Word<'b> {
        let bare = self.posting.is_bare();
        let text = if bare { "" } else { self.books.sources().text(self.span()) };
        Word { text, at: self.posting.start }
    }
}

/// The value of the first tag of that name; most texts do not even hold the name.
fn first_tag<'b>(words: Word<'b>, name: &str) -> Option<&'b str> {
    let bytes = words.text.as_bytes();
    let named = |colon: usize| bytes[..colon].ends_with(name.as_bytes());
    if !memchr::memchr_iter(b':', bytes).any(named) {
        return None;
    }
    placed(words).find(|(known, ..)| *known == name).map(|(_, value, _)| value)
}

/// The tags of the comments of a text.
fn placed(words: Word<'_>) -> impl Iterator<Item = (&str, &str, Span)> + use<'_> {
    comments(words).flat_map(tags).map(|(name, value)| (name.text, value.text, value.span()))
}
