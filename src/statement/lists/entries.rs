use std::borrow::Cow;
use std::collections::BTreeSet;

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
    posting: PostingRef<'b>,
    /// The rank of the entry: lines of one entry share it.
    pub rank: usize,
    /// The amount; a debit is positive.
    pub amount: Sum,
    /// The running balance of the account, in a grand-livre.
    pub running: Sum,
    /// The day before which its account had this balance, when it stands for all that came before.
    before: Option<NaiveDate>,
}

/// What a line that stands for all that came before says of itself.
const EARLIER: &str = "Solde antérieur";

impl<'b> EntryLine<'b> {
    fn of(entry: EntryRef<'b>, posting: PostingRef<'b>, rank: usize) -> Self {
        let amount = posting.number().sum();
        Self { entry, posting, rank, amount, running: Sum::ZERO, before: None }
    }

    /// The line that stands for everything before a day, this one the last of it.
    fn earlier(self, day: NaiveDate) -> Self {
        Self { amount: self.running, before: Some(day), ..self }
    }

    /// The day of the entry.
    pub fn date(&self) -> NaiveDate {
        self.before.unwrap_or_else(|| self.entry.date())
    }

    /// The day of its document, when it was given.
    pub fn document_date(&self) -> Option<NaiveDate> {
        self.entry.secondary().filter(|_| self.before.is_none())
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
        self.posting.account_id()
    }

    /// The account.
    pub fn account(&self) -> &'b Account {
        self.posting.account()
    }

    /// The label of the account's number in the chart of its year; empty for an activity.
    pub fn label(&self) -> &'b str {
        self.posting.label(self.entry.edition())
    }

    /// Its unit.
    pub fn unit(&self) -> Unit {
        self.posting.unit()
    }

    /// Its book.
    pub fn book(&self) -> Book {
        self.posting.book()
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
        self.posting.tag(name).or_else(usual).unwrap_or_default()
    }

    /// File and line, or the rule that derived it; the place of nothing where it stands for several.
    pub fn place(&self) -> Place {
        let nowhere = || Place { source: String::new(), line: 0, column: 0 };
        if self.before.is_some() { nowhere() } else { self.posting.place() }
    }

    /// The bytes of the line: derived sources may share a name.
    pub fn at(&self) -> Span {
        self.posting.span()
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
    for (rank, entry) in sorted.into_iter().enumerate() {
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
    rank: usize,
    view: View,
) -> impl Iterator<Item = EntryLine<'_>> {
    let shown = entry.postings().filter(move |posting| view.shows(posting.book()));
    shown.map(move |posting| EntryLine::of(entry, posting, rank))
}

/// The grand-livre: the same lines by account, with the running balance of each account and unit.
///
/// `account` keeps the accounts whose key begins so; `from` replaces the lines before that day by one
/// line for each account, the balance that they left (solde antérieur).
pub fn grand_livre<'b>(
    mut lines: Vec<EntryLine<'b>>,
    books: &Books,
    account: Option<&str>,
    from: Option<NaiveDate>,
) -> Vec<EntryLine<'b>> {
    let keys: Vec<String> = books.accounts().every().map(Account::key).collect();
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by(|a, b| keys[*a].cmp(&keys[*b]));
    let mut ranks = vec![0; keys.len()];
    order.into_iter().enumerate().for_each(|(rank, id)| ranks[id] = rank);
    if let Some(prefix) = account {
        lines.retain(|line| keys[line.account_id().rank()].starts_with(prefix));
    }
    // Stable: lines of one account and unit stay in the order of their entries.
    lines.sort_by_key(|line| {
        (line.book() == Book::Activity, ranks[line.account_id().rank()], line.unit())
    });
    let mut kept: Vec<EntryLine<'b>> = Vec::with_capacity(lines.len());
    let mut running = Sum::ZERO;
    let mut current = None;
    let mut before: Option<EntryLine<'b>> = None;
    for mut line in lines {
        let here = (line.account_id(), line.unit());
        if current != Some(here) {
            running = Sum::ZERO;
            before = None;
            current = Some(here);
        }
        running += line.amount;
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
