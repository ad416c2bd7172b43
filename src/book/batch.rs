use chrono::NaiveDate;

use super::accounts::AccountId;
use super::balance;
use super::derived::DerivedLine;
use super::interner::Interner;
use super::numbers::Runs;
use super::openings::OPENINGS;
use super::years::Years;
use crate::diagnostic::{Code, Finding, Span};
use crate::journal::tree::{self, Amount, Directive, Word, Wrap};
use crate::journal::{Marks, Sink};
use crate::measure::{Number, Sum, Unit, Units};

/// The book that a posting belongs to (the model's F, C, T and A).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Book {
    /// F: real postings, in euros: the classic ledger.
    Financial,
    /// C: bracketed postings in euros: the adjustments of the CARE ledger.
    Care,
    /// T: bracketed postings on `T…` accounts, in kgCO₂e.
    Tonnes,
    /// A: activities in parentheses, in their own units; in neither ledger.
    Activity,
}

/// A posting: an account, an exact amount (a debit is positive), a book, and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Posting {
    mantissa: i64,
    pub(super) account: u32,
    pub(super) start: u32,
    pub(super) end: u32,
    scale: u8,
    /// Its unit.
    pub unit: Unit,
    /// Its book.
    pub book: Book,
    /// [`COMPUTED`], [`BARE`].
    marks: u8,
}

/// Set where the amount was left out, and computed.
const COMPUTED: u8 = 1;
/// Set where nothing follows the amount: no comment, no tag.
const BARE: u8 = 2;

impl Posting {
    /// The account's identity.
    #[inline]
    pub fn account_id(&self) -> AccountId {
        AccountId(self.account)
    }

    /// The exact amount; a debit is positive.
    #[inline]
    pub fn number(&self) -> Number {
        Number::new(self.mantissa, self.scale)
    }

    /// The exact amount, ready to be added.
    #[inline]
    pub fn sum(&self) -> Sum {
        self.number().sum()
    }

    /// A line of an entry that a rule derived: an amount, with a comment or none.
    pub(super) fn derived(line: &DerivedLine, at: Span) -> Self {
        Self {
            mantissa: line.number.mantissa(),
            account: line.account.0,
            start: at.start,
            end: at.end,
            scale: line.number.scale(),
            unit: line.unit,
            book: line.book,
            marks: if line.bare { BARE } else { 0 },
        }
    }

    fn fill(&mut self, number: Number) {
        self.mantissa = number.mantissa();
        self.scale = number.scale();
        self.marks |= COMPUTED;
    }

    /// Whether the amount was left out, and computed.
    #[inline]
    pub fn is_computed(&self) -> bool {
        self.marks & COMPUTED != 0
    }

    /// Whether it surely has no comment; one that may have some is looked at.
    pub(super) fn is_bare(&self) -> bool {
        self.marks & BARE != 0
    }
}

/// An entry: a date, the place of its text, and its lines in the batch.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The day of the entry.
    pub date: NaiveDate,
    /// The day of its document, when it was given.
    pub secondary: Option<NaiveDate>,
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) first: u32,
    pub(super) count: u32,
    pub(super) head: Head,
}

/// What is asked over and over of the first line of an entry, kept from its reading.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    /// Where the code begins after the entry, and its length; a longer one is read again.
    code: (u8, u8),
    /// `*`, `!`, or nothing.
    mark: u8,
    /// Whether the code is of the journal of openings.
    pub(super) opens: bool,
    /// Whether there is surely no comment before the first line.
    pub(super) bare: bool,
}

impl Head {
    /// That of a budget entry, which has none.
    pub(super) const NONE: Self = Self { code: (0, 0), mark: 0, opens: false, bare: false };

    #[inline]
    pub(super) fn of(header: &tree::Header<'_>, start: u32, first: Option<u32>) -> Self {
        // What stands between the label and the first line is an end of line, or a comment.
        let gap = first.map(|first| first.saturating_sub(header.description.span().end));
        let code = header.code.map_or(Some((0, 0)), |code| {
            let from = u8::try_from(code.at.checked_sub(start)?).ok()?;
            Some((from, u8::try_from(code.text.len()).ok().filter(|len| *len > 0)?))
        });
        Self {
            code: code.unwrap_or((u8::MAX, 0)),
            mark: header.status.and_then(|mark| u8::try_from(mark).ok()).unwrap_or(0),
            opens: header.code.is_some_and(|code| is_opening(code.text)),
            bare: header.comment.is_none() && gap.is_some_and(|gap| gap <= 2),
        }
    }

    /// The mark before the code.
    pub(super) fn mark(self) -> Option<char> {
        (self.mark != 0).then(|| char::from(self.mark))
    }

    /// The bytes of the code of an entry that begins there; `None` when they were not kept.
    pub(super) fn code(self, start: u32) -> Option<Span> {
        let (from, length) = (start + u32::from(self.code.0), u32::from(self.code.1));
        (self.code.0 != u8::MAX).then(|| Span::new(from, from + length))
    }
}

/// Whether a code is of the journal of openings: what stands before its first hyphen.
#[inline]
fn is_opening(code: &str) -> bool {
    code.as_bytes()
        .strip_prefix(OPENINGS.as_bytes())
        .is_some_and(|rest| rest.first() == Some(&b'-'))
}

/// An asserted balance: after which posting, and how much.
#[derive(Clone, Copy, Debug)]
pub(super) struct Assertion {
    pub(super) posting: u32,
    pub(super) number: Number,
    pub(super) unit: Unit,
    pub(super) span: Span,
}

/// Which part of the program derived entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deriver {
    /// What a year leaves to the next (à-nouveaux).
    Opening,
    /// What the registers yield: book F, like what is written.
    Inventory,
    /// What the ecological policy yields: books C and T.
    Care,
}

/// A rule that derived entries, and what it derived them from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derivation {
    /// Who derived them.
    pub by: Deriver,
    /// The rule, by name: `à-nouveaux 2025`.
    pub rule: String,
    /// Its inputs, in words: `soldes au 2024-12-31`.
    pub inputs: String,
    /// The line of policy behind it, when there is one.
    pub policy: Option<Span>,
}

/// What was read from a stretch of one source.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) entries: Vec<Entry>,
    pub(super) postings: Vec<Posting>,
    pub(super) assertions: Vec<Assertion>,
    /// Budget rules, once per day on which they fall.
    pub(super) planned: Vec<Entry>,
    /// The rule that derived it; `None` when someone wrote it.
    pub(super) derived: Option<Derivation>,
}

/// What a declaration says, before accounts are known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Declaration<'t> {
    pub(super) name: Word<'t>,
    pub(super) comment: Option<Word<'t>>,
}

/// Receives a stretch of journal and completes its entries.
#[derive(Debug)]
pub(super) struct Builder<'t, 'y> {
    years: &'y Years,
    pub(super) names: Interner<'t>,
    pub(super) units: Units,
    pub(super) batch: Batch,
    pub(super) declarations: Vec<Declaration<'t>>,
    pub(super) commodities: Vec<Word<'t>>,
    pub(super) tags: Vec<Word<'t>>,
    pub(super) runs: Runs<'t>,
    pub(super) findings: Vec<Finding>,
    pub(super) marks: Marks,
}

impl<'t, 'y> Builder<'t, 'y> {
    pub(super) fn new(years: &'y Years, bytes: usize) -> Self {
        // A posting takes some seventy bytes of text: one allocation for the whole stretch.
        let batch = Batch {
            entries: Vec::with_capacity(bytes / 180),
            postings: Vec::with_capacity(bytes / 70),
            ..Batch::default()
        };
        Self {
            years,
            names: Interner::new(),
            units: Units::default(),
            batch,
            declarations: Vec::new(),
            commodities: Vec::new(),
            tags: Vec::new(),
            runs: Runs::default(),
            findings: Vec::new(),
            marks: Marks::default(),
        }
    }

    /// Adds the lines of an entry: books, units, the missing amount; says whether all was sound.
    fn lines(&mut self, written: &[tree::Posting<'t>], header: Span) -> bool {
        let first = self.batch.postings.len();
        let mut sound = true;
        for posting in written {
            sound &= self.line(posting);
        }
        if sound {
            sound = self.complete(written, first, header);
        }
        sound
    }

    #[inline]
    fn line(&mut self, written: &tree::Posting<'t>) -> bool {
        let account = written.account;
        let kind = account.text.as_bytes();
        let of_care = matches!(kind.first(), Some(b'C' | b'T'))
            && kind.get(1).is_some_and(u8::is_ascii_digit);
        let tonnes = of_care && kind[0] == b'T';
        let (book, natural) = match written.wrap {
            Wrap::Real => (Book::Financial, Unit::EURO),
            Wrap::Brackets if tonnes => (Book::Tonnes, Unit::KG_CO2E),
            Wrap::Brackets => (Book::Care, Unit::EURO),
            Wrap::Parentheses => (Book::Activity, Unit::EURO),
        };
        let Some(unit) = self.unit_of(written.amount, natural) else {
            return false;
        };
        let number = written.amount.map_or(Number::ZERO, |amount| amount.number);
        if let Some(finding) = balance::misplaced(written, book, of_care, unit, natural, number) {
            self.findings.push(finding);
            return false;
        }
        let bare = written.amount.is_some_and(|amount| amount.span.end == written.line.end);
        let name = self.names.number(account.text, (book == Book::Activity).then_some(unit));
        self.batch.postings.push(Posting {
            mantissa: number.mantissa(),
            account: name,
            start: written.line.start,
            end: written.line.end,
            scale: number.scale(),
            unit,
            book,
            marks: if bare { BARE } else { 0 },
        });
        true
    }

    #[inline]
    fn unit_of(&mut self, amount: Option<Amount<'t>>, natural: Unit) -> Option<Unit> {
        match amount {
            None => Some(natural),
            Some(amount) if amount.unit == "€" => Some(Unit::EURO),
            Some(amount) => {
                let unit = self.units.meet(amount.unit);
                if unit.is_none() {
                    self.findings.push(
                        Finding::new(Code::UnitForm, amount.span, "plus de 256 unités différentes")
                            .label("une de trop")
                            .help("vérifiez les unités du journal"),
                    );
                }
                unit
            }
        }
    }

    /// Fills in the missing amount of each group and weighs it.
    #[inline]
    fn complete(&mut self, written: &[tree::Posting<'t>], first: usize, header: Span) -> bool {
        let (mut real, mut care, mut tonnes) = (Sum::ZERO, Sum::ZERO, Sum::ZERO);
        let mut missing = false;
        for (posting, text) in self.batch.postings[first..].iter().zip(written) {
            missing |= text.amount.is_none();
            match posting.book {
                Book::Financial => real += posting.sum(),
                Book::Care => care += posting.sum(),
                Book::Tonnes => tonnes += posting.sum(),
                Book::Activity => {}
            }
        }
        if !missing && real.is_zero() && care.is_zero() && tonnes.is_zero() {
            return true;
        }
        let postings = &mut self.batch.postings[first..];
        match balance::settle(written, postings, [real, care, tonnes], header, Posting::fill) {
            Ok(()) => true,
            Err(findings) => {
                self.findings.extend(findings);
                false
            }
        }
    }

    fn assertions(&mut self, written: &[tree::Posting<'t>], first: usize) {
        for (rank, posting) in written.iter().enumerate() {
            let Some(asserted) = posting.assertion else {
                continue;
            };
            let Some(unit) = self.unit_of(Some(asserted), Unit::EURO) else {
                continue;
            };
            self.batch.assertions.push(Assertion {
                posting: narrow(first + rank),
                number: asserted.number,
                unit,
                span: asserted.span,
            });
        }
    }
}

/// A place in a batch; a batch comes from a source of less than 4 GiB.
fn narrow(rank: usize) -> u32 {
    u32::try_from(rank).unwrap_or(u32::MAX)
}

impl<'t> Sink<'t> for Builder<'t, '_> {
    #[inline]
    fn entry(&mut self, entry: &tree::Entry<'t>, postings: &[tree::Posting<'t>]) {
        let header = entry.header;
        if let Some(code) = header.code {
            self.runs.meet(code, self.years.rank(header.date));
        }
        if let Some(finding) = balance::invisible(header.description) {
            self.findings.push(finding);
        }
        let first = self.batch.postings.len();
        let at =
            Span::new(entry.span.start, header.description.span().end.max(entry.span.start + 10));
        if !entry.whole || !self.lines(postings, at) {
            self.batch.postings.truncate(first);
            return;
        }
        if postings.iter().any(|posting| posting.assertion.is_some()) {
            self.assertions(postings, first);
        }
        self.batch.entries.push(Entry {
            date: header.date,
            secondary: header.secondary,
            start: entry.span.start,
            end: entry.span.end,
            first: narrow(first),
            count: narrow(postings.len()),
            head: Head::of(&header, entry.span.start, postings.first().map(|line| line.line.start)),
        });
    }

    fn plan(&mut self, plan: &tree::Plan<'t>, postings: &[tree::Posting<'t>]) {
        let first = self.batch.postings.len();
        let at = Span::new(plan.span.start, plan.description.span().end.max(plan.span.start + 1));
        if !plan.whole || !self.lines(postings, at) {
            self.batch.postings.truncate(first);
            return;
        }
        for date in plan.every.days(plan.over) {
            self.batch.planned.push(Entry {
                date,
                secondary: None,
                start: plan.span.start,
                end: plan.span.end,
                first: narrow(first),
                count: narrow(postings.len()),
                head: Head::NONE,
            });
        }
    }

    fn directive(&mut self, directive: Directive<'t>) {
        match directive {
            Directive::Account { name, comment } => {
                self.declarations.push(Declaration { name, comment });
            }
            Directive::Commodity(symbol) => self.commodities.push(symbol),
            Directive::Tag(name) => self.tags.push(name),
            Directive::Include(path) if path.text.is_empty() => self.findings.push(
                Finding::new(Code::IncludeMissing, path.span(), "inclusion sans chemin")
                    .label("quel fichier ?")
                    .help("écrivez `include FICHIER`"),
            ),
            Directive::Include(_) => {}
        }
    }

    fn finding(&mut self, finding: Finding) {
        self.findings.push(finding);
    }
}
