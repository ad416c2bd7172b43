use std::collections::{BTreeMap, BTreeSet};

use super::digest::Digest;
use crate::book::{Book, Books, EntryRef};
use crate::chart::Edition;
use crate::ledger::{Ledger, View};
use crate::measure::{Sum, plain};
use crate::statement::lists::{EntryLine, lines};

/// Which lines make a population: those of some accounts, in some journals.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// How accounts begin: `6`, `401:SNCF`; every account when there is none.
    pub accounts: &'a [String],
    /// The codes of journals; every journal when there is none.
    pub journals: &'a [String],
}

impl Wanted<'_> {
    fn takes(self, account: &str) -> bool {
        self.accounts.is_empty() || self.accounts.iter().any(|prefix| account.starts_with(prefix))
    }

    fn reads(self, journal: &str) -> bool {
        self.journals.is_empty() || self.journals.iter().any(|code| code == journal)
    }
}

/// Lines counted and added up, debits and credits without a sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many lines.
    pub lines: usize,
    /// The sum of debits.
    pub debit: Sum,
    /// The sum of credits, as a positive amount.
    pub credit: Sum,
}

impl Totals {
    /// Debits less credits.
    pub fn balance(self) -> Sum {
        self.debit - self.credit
    }

    fn add(&mut self, amount: Sum) {
        self.lines += 1;
        if amount.is_negative() {
            self.credit += -amount;
        } else {
            self.debit += amount;
        }
    }
}

/// One line of a population.
#[derive(Clone, Debug)]
pub struct Member<'b> {
    /// The line, as the journal has it.
    pub line: EntryLine<'b>,
    /// Its rank in its entry, from one, among the lines in euros that the ledger shows.
    pub rank: usize,
    /// Its canonical text, the final newline included.
    pub text: String,
    /// Its rank, from one, among the lines of the same canonical text, which follow each other.
    pub twin: usize,
}

impl<'b> Member<'b> {
    fn of(line: EntryLine<'b>, rank: usize) -> Self {
        let fields = [
            line.date().to_string(),
            clean(line.code()),
            format!("{rank:03}"),
            clean(&line.account().key()),
            plain(line.amount().decimal(), 2),
            clean(line.piece()),
            clean(line.description()),
        ];
        let text = fields.join("\t") + "\n";
        Self { line, rank, text, twin: 1 }
    }

    /// The fields of its canonical text.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.text.trim_end_matches('\n').split('\t')
    }
}

/// A field of the canonical text: what would end it, or cannot be seen, is a space.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The lines of some accounts, in a canonical order: what a sample is drawn from.
///
/// Only lines in euros: neither tonnes nor activities.
#[derive(Clone, Debug)]
pub struct Population<'b> {
    /// The lines, in the order of the bytes of their canonical texts (that of `LC_ALL=C sort`); those of
    /// one text in the order of their files and lines.
    pub members: Vec<Member<'b>>,
    /// How many entries they are of.
    pub entries: usize,
    /// The accounts wanted: what the population has of each, and what every journal has of it.
    accounts: BTreeMap<String, [Totals; 2]>,
}

impl<'b> Population<'b> {
    /// The lines of the entries that are wanted.
    pub fn of(entries: impl Iterator<Item = EntryRef<'b>>, view: View, wanted: Wanted<'_>) -> Self {
        let mut found = Self { members: Vec::new(), entries: 0, accounts: BTreeMap::new() };
        for entry in entries {
            let journal = entry.code().split('-').next().unwrap_or_default();
            let read = wanted.reads(journal);
            let before = found.members.len();
            let in_euros =
                |line: &EntryLine<'_>| matches!(line.book(), Book::Financial | Book::Care);
            for (at, line) in lines(entry, 0, view).filter(in_euros).enumerate() {
                let account = line.account().key();
                if !wanted.takes(&account) {
                    continue;
                }
                let [mine, all] = found.accounts.entry(account).or_default();
                all.add(line.amount());
                if read {
                    mine.add(line.amount());
                    found.members.push(Member::of(line, at + 1));
                }
            }
            found.entries += usize::from(found.members.len() > before);
        }
        // Lines of one text are told apart by their place, whatever the order of the files.
        let place = |member: &Member<'_>| {
            let place = member.line.place();
            (place.source, place.line)
        };
        found.members.sort_by(|a, b| a.text.cmp(&b.text).then_with(|| place(a).cmp(&place(b))));
        for at in 1..found.members.len() {
            if found.members[at].text == found.members[at - 1].text {
                found.members[at].twin = found.members[at - 1].twin + 1;
            }
        }
        found
    }

    /// The canonical text of the population: one line a member.
    pub fn text(&self) -> String {
        self.members.iter().map(|member| member.text.as_str()).collect()
    }

    /// The SHA-256 of the canonical text.
    pub fn digest(&self) -> Digest {
        Digest::of(self.text().as_bytes())
    }

    /// Everything counted and added up.
    pub fn totals(&self) -> Totals {
        self.added(|_| true)
    }

    /// What of it opens the books or the year.
    pub fn openings(&self) -> Totals {
        self.added(|member| member.line.opens())
    }

    fn added(&self, counts: impl Fn(&Member<'b>) -> bool) -> Totals {
        let mut totals = Totals::default();
        let counted = self.members.iter().filter(|member| counts(member));
        counted.for_each(|member| totals.add(member.line.amount()));
        totals
    }

    /// A wanted beginning of account that no line has, in any journal.
    pub fn unmet<'w>(&self, wanted: Wanted<'w>) -> Option<&'w str> {
        let met = |prefix: &&String| self.accounts.keys().any(|key| key.starts_with(*prefix));
        wanted.accounts.iter().find(|prefix| !met(prefix)).map(String::as_str)
    }

    /// A wanted journal that has no line of the accounts.
    pub fn unread<'w>(&self, wanted: Wanted<'w>) -> Option<&'w str> {
        let read = |code: &&String| {
            let journal = |member: &Member<'_>| member.line.code().split('-').next() == Some(*code);
            self.members.iter().any(journal)
        };
        wanted.journals.iter().find(|code| !read(code)).map(String::as_str)
    }

    /// The tie to the balance générale, account by account.
    ///
    /// # Panics
    /// When the lines do not make the balance, to the cent and to the last account: the balance is
    /// added up on its own, and a difference is our bug.
    pub fn ties(
        &self,
        books: &Books,
        ledger: &Ledger,
        view: View,
        edition: Edition,
        wanted: Wanted<'_>,
    ) -> Vec<Tie> {
        let mut ties = Vec::new();
        let mut met = BTreeSet::new();
        for id in books.accounts().sorted() {
            let account = books.accounts().get(id);
            let (key, movement) = (account.key(), ledger.seen(id, view));
            if account.is_activity() || !movement.posted || !wanted.takes(&key) {
                continue;
            }
            let [mine, all] = self.accounts.get(&key).copied().unwrap_or_default();
            assert!(
                all.debit == movement.debit && all.credit == movement.credit && all.lines > 0,
                "{key}: lines of {} and {}, a balance of {} and {}",
                all.debit,
                all.credit,
                movement.debit,
                movement.credit
            );
            if mine.lines > 0 {
                ties.push(Tie {
                    account: key.clone(),
                    label: books.accounts().label_of(id, edition).to_owned(),
                    totals: mine,
                    balance: movement.balance(),
                });
            }
            met.insert(key);
        }
        let lost = self.accounts.keys().find(|key| !met.contains(*key));
        assert!(lost.is_none(), "{lost:?} has lines, and is not in the balance");
        ties
    }
}

/// An account of a population beside its balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tie {
    /// `401`, `401:SNCF`.
    pub account: String,
    /// The label of its number.
    pub label: String,
    /// What the population has of it.
    pub totals: Totals,
    /// Its balance in the balance générale, every journal included.
    pub balance: Sum,
}

impl Tie {
    /// What the journals left out have of the account: nothing when every journal is read.
    pub fn elsewhere(&self) -> Sum {
        self.balance - self.totals.balance()
    }
}
