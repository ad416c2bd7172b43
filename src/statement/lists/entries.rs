use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::book::{Account, AccountId, Book, Books, EntryRef, Origin, PostingRef, WRITTEN};
use crate::diagnostic::{Place, Span};
use crate::ledger::View;
use crate::measure::{Sum, Unit};

/// One line of an entry in a list, seen with the books: its words are read when asked for, and a long list
/// costs no more than its figures.
#[derive(Clone, Copy, Debug)]
pub struct EntryLine<'b> {
    entry: EntryRef<'b>,
    /// Its rank in its entry.
    line: u32,
    /// The rank of the entry: lines of one entry share it.
    pub rank: u32,
    /// The running balance of the account, in a grand-livre.
    pub running: Sum,
    /// The day before which its account had this balance, when it stands for all that came before.
    before: Option<NaiveDate>,
}

/// What a line that stands for all that came before says of itself.
const EARLIER: &str = "Solde antérieur";

impl<'b> EntryLine<'b> {
    fn posting(&self) -> PostingRef<'b> {
        self.entry.line(self.line as usize)
    }

    /// The line that stands for everything before a day, this one the last of it.
    fn earlier(self, day: NaiveDate) -> Self {
        Self { before: Some(day), ..self }
    }

    /// The amount; a debit is positive.
    pub fn amount(&self) -> Sum {
        if self.before.is_some() { self.running } else { self.posting().number().sum() }
    }

    /// The day of the entry.
    pub fn date(&self) -> NaiveDate {
        self.before.unwrap_or_else(|| self.entry.date())
    }

    /// The entry's code.
    pub fn code(&self) -> &'b str {
        if self.before.is_some() { "" } else { self.entry.code() }
    }

    /// Tiers and label.
    pub fn description(&self) -> &'b str {
        if self.before.is_some() { EARLIER } else { self.entry.description() }
    }

    /// The account's identity.
    pub fn account_id(&self) -> AccountId {
        self.posting().account_id()
    }

    /// The account.
    pub fn account(&self) -> &'b Account {
        self.posting().account()
    }

    /// The label of the account's number in the chart of its year; empty for an activity.
    pub fn label(&self) -> &'b str {
        self.posting().label(self.entry.edition())
    }

    /// Its unit.
    pub fn unit(&self) -> Unit {
        self.posting().unit()
    }

    /// Its book.
    pub fn book(&self) -> Book {
        self.posting().book()
    }

    /// The document.
    pub fn piece(&self) -> &'b str {
        self.tag("piece", true)
    }

    /// The letter that matches it with others.
    pub fn lettrage(&self) -> &'b str {
        self.tag("lettrage", false)
    }

    /// The programme.
    pub fn programme(&self) -> &'b str {
        self.tag("programme", true)
    }

    /// What a tag of the line says, else one of its entry where that speaks for its lines.
    fn tag(&self, name: &str, of_entry: bool) -> &'b str {
        if self.before.is_some() {
            return "";
        }
        let usual = || self.entry.tag(name).filter(|_| of_entry);
        self.posting().tag(name).or_else(usual).unwrap_or_default()
    }

    /// File and line, or the rule that derived it; the place of nothing where it stands for several.
    pub fn place(&self) -> Place {
        let nowhere = || Place { source: String::new(), line: 0, column: 0 };
        if self.before.is_some() { nowhere() } else { self.posting().place() }
    }

    /// The bytes of the line: derived sources may share a name.
    pub fn at(&self) -> Span {
        self.posting().span()
    }

    /// `écrite`, or the rule and its inputs.
    pub fn origin(&self) -> Cow<'static, str> {
        match self.entry.origin() {
            _ if self.before.is_some() => {
                Cow::Borrowed("dérivée : solde antérieur (lignes avant la période)")
            }
            Origin::Written => Cow::Borrowed(WRITTEN),
            derived @ Origin::Derived(_) => Cow::Owned(derived.to_string()),
        }
    }

    /// Whether a rule derived it: no file has it.
    pub fn is_derived(&self) -> bool {
        self.before.is_some() || self.entry.is_derived()
    }

    /// Whether its entry opens a year (à-nouveaux).
    pub fn opens(&self) -> bool {
        self.entry.opens()
    }
}

/// The journal: every line of the entries given, in the order of dates.
///
/// `journal` keeps one journal code only.
pub fn journal<'b>(
    entries: impl Iterator<Item = EntryRef<'b>>,
    view: View,
    journal: Option<&str>,
) -> Vec<EntryLine<'b>> {
    let sorted = in_order(entries, journal);
    let count = sorted.iter().map(EntryRef::count).sum();
    let mut all = Vec::with_capacity(count);
    for (rank, entry) in (0_u32..).zip(sorted) {
        all.extend(lines(entry, rank, view));
    }
    all
}

/// The same entries as a journal that stands alone: the declarations they need, what was written as it
/// is, what a rule derived as the rule wrote it, under a comment that says its origin.
pub fn as_journal<'b>(
    books: &Books,
    entries: impl Iterator<Item = EntryRef<'b>>,
    journal: Option<&str>,
) -> String {
    let entries = in_order(entries, journal);
    let mut declared = BTreeSet::new();
    for posting in entries.iter().flat_map(EntryRef::postings) {
        let account = posting.account();
        if books.accounts().is_declared(&account.number) {
            declared.insert(format!("account {}\n", account.written()));
        }
    }
    let mut text = "decimal-mark ,\n\n".to_owned();
    text.extend(declared);
    for entry in entries {
        text.push('\n');
        if entry.is_derived() {
            text.push_str(&format!("; {}\n", entry.origin()));
        }
        text.push_str(entry.text().trim_end());
        text.push('\n');
    }
    text
}

/// Entries by date; those of one day keep the order of the text, the opening first.
fn in_order<'b>(
    entries: impl Iterator<Item = EntryRef<'b>>,
    journal: Option<&str>,
) -> Vec<EntryRef<'b>> {
    let of_journal = |entry: &EntryRef<'b>| {
        journal.is_none_or(|code| entry.code().split('-').next() == Some(code))
    };
    let mut sorted: Vec<EntryRef<'b>> = entries.filter(of_journal).collect();
    sorted.sort_by_key(|entry| (entry.date(), !entry.opens()));
    sorted
}

/// The lines of one entry that a ledger shows.
pub(in crate::statement) fn lines(
    entry: EntryRef<'_>,
    rank: u32,
    view: View,
) -> impl Iterator<Item = EntryLine<'_>> {
    let shown = (0..).zip(entry.postings()).filter(move |(_, line)| view.shows(line.book()));
    let (running, before) = (Sum::ZERO, None);
    shown.map(move |(line, _)| EntryLine { entry, line, rank, running, before })
}

/// The grand-livre: the same lines by account, with the running balance of each account and unit.
///
/// `account` keeps the accounts whose key begins so; `from` replaces the lines before that day by one
/// line for each account, the balance that they left (solde antérieur).
pub fn grand_livre<'b>(
    lines: &[EntryLine<'b>],
    books: &Books,
    account: Option<&str>,
    from: Option<NaiveDate>,
) -> Vec<EntryLine<'b>> {
    let mut kept: Vec<EntryLine<'b>> = Vec::with_capacity(lines.len());
    let mut running = Sum::ZERO;
    let mut current = None;
    let mut before: Option<EntryLine<'b>> = None;
    for at in by_account(lines, books, account) {
        let mut line = lines[at as usize];
        let here = (line.account_id(), line.unit());
        if current != Some(here) {
            running = Sum::ZERO;
            before = None;
            current = Some(here);
        }
        running += line.amount();
        line.running = running;
        match from {
            Some(day) if line.date() < day => before = Some(line.earlier(day)),
            _ => {
                kept.extend(before.take().filter(|line| !line.running.is_zero()));
                kept.push(line);
            }
        }
    }
    kept
}

/// The ranks of the lines of some accounts: account by account and unit by unit, activities last, each in the
/// order that the lines have.
fn by_account(lines: &[EntryLine<'_>], books: &Books, account: Option<&str>) -> Vec<u32> {
    let keys: Vec<String> = books.accounts().every().map(Account::key).collect();
    let mut places: BTreeMap<(bool, &str, AccountId, Unit), u32> = BTreeMap::new();
    let taken: Vec<bool> =
        keys.iter().map(|key| account.is_none_or(|prefix| key.starts_with(prefix))).collect();
    let place = |line: &EntryLine<'_>| {
        let id = line.account_id();
        (line.book() == Book::Activity, keys[id.rank()].as_str(), id, line.unit())
    };
    // Lines of one account mostly follow those of another: each place is looked up once per account and unit.
    let mut known: Vec<Option<(Unit, bool, u32)>> = vec![None; keys.len()];
    let mut counts: Vec<u32> = Vec::new();
    let mut of_line: Vec<u32> = Vec::with_capacity(lines.len());
    for line in lines {
        let posting = line.posting();
        let (id, unit, activity) =
            (posting.account_id(), posting.unit(), posting.book() == Book::Activity);
        let own = match known[id.rank()] {
            _ if !taken[id.rank()] => u32::MAX,
            Some((of, care, own)) if of == unit && care == activity => own,
            _ => {
                let next = u32::try_from(counts.len()).unwrap_or(u32::MAX);
                let own = *places.entry(place(line)).or_insert(next);
                if own == next {
                    counts.push(0);
                }
                known[id.rank()] = Some((unit, activity, own));
                own
            }
        };
        if let Some(count) = counts.get_mut(own as usize) {
            *count += 1;
        }
        of_line.push(own);
    }
    // Where the lines of each place begin, in the order of places.
    let mut begins = vec![0; counts.len()];
    let mut begin = 0;
    for own in places.into_values() {
        begins[own as usize] = begin;
        begin += counts[own as usize];
    }
    let mut sorted = vec![0; begin as usize];
    for (at, own) in (0_u32..).zip(of_line) {
        if let Some(next) = begins.get_mut(own as usize) {
            sorted[*next as usize] = at;
            *next += 1;
        }
    }
    sorted
}
