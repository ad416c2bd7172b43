use chrono::NaiveDate;

use crate::book::{AccountId, Book, Books, EntryRef, PostingRef};
use crate::diagnostic::Span;
use crate::measure::{Period, Sum};
use crate::register::{Programmes, Registers};

/// A line of book F, with what it is about.
#[derive(Clone, Copy, Debug)]
pub struct AxisLine {
    /// The day of its entry.
    pub date: NaiveDate,
    /// The account.
    pub account: AccountId,
    /// The amount in euros; a debit is positive.
    pub amount: Sum,
    /// The rank of its programme, the structure when it names none.
    pub programme: usize,
    /// The rank of its partner among [`Axes::partners`].
    pub partner: Option<usize>,
    /// The rank of its convention in the register.
    pub convention: Option<usize>,
    /// The rank of its entry: lines of one entry share it.
    pub entry: usize,
    /// Where it is written.
    pub at: Span,
    /// Whether its entry opens the books (journal AN): it moves nothing.
    pub opens: bool,
    /// Whether a register yields it.
    pub derived: bool,
    /// Whether its entry holds a charge: a third party's account beside it is owed for that charge.
    pub spends: bool,
}

/// Every written line of book F and of the budget, with what it is about.
///
/// Derived openings are left out: they carry balances, not what an axis did.
#[derive(Clone, Debug, Default)]
pub struct Axes {
    /// The partners, in order of meeting.
    pub partners: Vec<String>,
    /// The lines that were written.
    pub written: Vec<AxisLine>,
    /// The lines of the budget, on the days on which its rules fall.
    pub planned: Vec<AxisLine>,
}

impl Axes {
    /// Reads the tags of every entry. Tags of a line win over those of its entry; a convention brings
    /// its programme and its partner.
    pub fn of(books: &Books, registers: &Registers) -> Self {
        let mut axes = Self::default();
        let mut reader = Reader { registers, partners: Vec::new() };
        axes.written.reserve_exact(books.booked().map(|entry| entry.count()).sum());
        for (rank, entry) in books.booked().enumerate() {
            reader.entry(entry, rank, &mut axes.written);
        }
        for (rank, entry) in books.planned().enumerate() {
            reader.entry(entry, rank, &mut axes.planned);
        }
        axes.partners = reader.partners;
        axes
    }

    /// The written lines of a period.
    pub fn during(&self, period: Period) -> impl Iterator<Item = &AxisLine> {
        self.written.iter().filter(move |line| period.contains(line.date))
    }

    /// The lines of the budget of a period.
    pub fn planned_during(&self, period: Period) -> impl Iterator<Item = &AxisLine> {
        self.planned.iter().filter(move |line| period.contains(line.date))
    }
}

/// The values of the three axes, as the tags of an entry and of its line give them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Named<'b> {
    programme: Option<&'b str>,
    partner: Option<&'b str>,
    convention: Option<&'b str>,
}

/// What a line is about, in terms of the registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About<'b> {
    /// The rank of its programme, the structure when it names none.
    pub programme: usize,
    /// Its partner.
    pub partner: Option<&'b str>,
    /// The rank of its convention in the register.
    pub convention: Option<usize>,
}

impl<'b> Named<'b> {
    /// What an entry says for all its lines.
    pub fn of(entry: &EntryRef<'b>) -> Self {
        let mut named = Self::default();
        entry.tags().for_each(|(name, value)| named.take(name, value));
        named
    }

    /// What a line says: its own tags win over its entry's.
    #[must_use]
    pub fn and(mut self, posting: &PostingRef<'b>) -> Self {
        posting.tags().for_each(|(name, value)| self.take(name, value));
        self
    }

    fn take(&mut self, name: &str, value: &'b str) {
        match name {
            "programme" => self.programme = Some(value),
            "partenaire" => self.partner = Some(value),
            "convention" => self.convention = Some(value),
            _ => {}
        }
    }

    /// The line in terms of the registers: a convention brings its programme and its partner.
    pub fn about(self, registers: &'b Registers) -> About<'b> {
        let conventions = registers.conventions.as_ref();
        let convention = self.convention.and_then(|id| conventions?.rank(id));
        let known = convention.and_then(|rank| conventions?.list.get(rank));
        let programmes = registers.programmes.as_ref();
        let code = match known {
            Some(known) => known.programme.as_ref().map(|code| code.value.as_str()),
            None => self.programme,
        };
        let structure = programmes.map_or(0, Programmes::structure);
        let programme = code.and_then(|code| programmes?.rank(code)).unwrap_or(structure);
        let partner = known.map(|known| known.partner.as_str()).or(self.partner);
        About { programme, partner, convention }
    }
}

struct Reader<'r> {
    registers: &'r Registers,
    partners: Vec<String>,
}

impl Reader<'_> {
    fn entry(&mut self, entry: EntryRef<'_>, rank: usize, lines: &mut Vec<AxisLine>) {
        let (opens, spends) = (entry.opens(), spends(&entry));
        let whole = Named::of(&entry);
        for posting in entry.postings().filter(|posting| posting.book() == Book::Financial) {
            let about = whole.and(&posting).about(self.registers);
            lines.push(AxisLine {
                date: entry.date(),
                account: posting.account_id(),
                amount: posting.number().sum(),
                programme: about.programme,
                partner: about.partner.map(|name| self.partner(name)),
                convention: about.convention,
                entry: rank,
                at: posting.line_span(),
                opens,
                derived: entry.is_derived(),
                spends,
            });
        }
    }

    fn partner(&mut self, name: &str) -> usize {
        if let Some(known) = self.partners.iter().position(|partner| partner == name) {
            return known;
        }
        self.partners.push(name.to_owned());
        self.partners.len() - 1
    }
}

/// Whether an entry holds a line of charge.
pub(super) fn spends(entry: &EntryRef<'_>) -> bool {
    entry
        .postings()
        .any(|line| line.book() == Book::Financial && line.account().number.starts_with('6'))
}
