use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::letters::{Known, Letter, LetterState, read};
use super::lines::{Hand, Line, MatchAsk};
use super::reason::Reason;
use super::search::{Group, Search};
use crate::book::{Account, AccountId};
use crate::ledger::View;
use crate::measure::Sum;

/// How far a proposal goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Sure, and its letter can be written.
    Certain,
    /// Sure, and nothing may be written on one of its lines.
    Recognised(&'static str),
    /// For someone to choose.
    ToChoose,
}

/// Lines of a tiers that go together, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The letter to write; empty when none is.
    pub letter: String,
    /// How far it goes.
    pub standing: Standing,
    /// Why.
    pub reason: Reason,
    /// The ranks of its lines, those that have the letter already included.
    pub lines: Vec<usize>,
    /// The ranks of the lines that take the letter.
    pub taking: Vec<usize>,
    /// The day of its last line, since when it is matched.
    pub day: NaiveDate,
}

/// The matching of one account and tiers in a year.
#[derive(Clone, Debug)]
pub struct TiersMatching {
    /// The account with its auxiliary.
    pub account: AccountId,
    /// Its lines, in the order of their entries.
    pub lines: Vec<Line>,
    /// Its letters.
    pub letters: Vec<Letter>,
    /// What is proposed, the most certain first.
    pub proposals: Vec<Proposal>,
}

impl TiersMatching {
    /// The ranks of the lines without a letter that no sure proposal takes.
    pub fn open(&self) -> Vec<usize> {
        let sure = self.proposals.iter().filter(|one| one.standing != Standing::ToChoose);
        let taken: BTreeSet<usize> = sure.flat_map(|one| one.taking.iter().copied()).collect();
        let bare = |rank: &usize| {
            let item = &self.lines[*rank].item;
            item.letter.is_empty() && !item.amount.is_zero() && !taken.contains(rank)
        };
        (0..self.lines.len()).filter(bare).collect()
    }

    /// The letters that leave something, and that no proposal completes.
    pub fn unfinished(&self) -> impl Iterator<Item = &Letter> {
        let completed = |letter: &Letter| {
            self.proposals.iter().any(|one| one.reason == Reason::Completes(letter.letter.clone()))
        };
        self.letters.iter().filter(move |letter| !letter.left.is_zero() && !completed(letter))
    }
}

/// The letters of a year checked, and what could be matched, by account and tiers; never across tiers.
pub fn matching(ask: &MatchAsk<'_>) -> Vec<TiersMatching> {
    let known = Known::of(ask);
    let ledger = ask.annual.ledger(ask.year);
    let mut all = Vec::new();
    for (id, lines, letters) in read(ask, &known) {
        let account = ask.books.accounts().get(id);
        let mut used = known.used.get(&id).cloned().unwrap_or_default();
        used.extend(letters.iter().map(|letter| letter.letter.clone()));
        let proposals = proposals(account, &lines, &letters, used);
        let made = TiersMatching { account: id, lines, letters, proposals };
        let open: Sum = made.open().iter().map(|rank| made.lines[*rank].item.amount).sum();
        let left: Sum = made.unfinished().map(|letter| letter.left).sum();
        let balance = ledger.map_or(Sum::ZERO, |ledger| ledger.balance(id, View::Classic));
        let key = account.key();
        assert!(open + left == balance, "{key}: {open} and {left} open, a balance of {balance}");
        all.push(made);
    }
    all
}

/// Whether an invoice is a credit of that account: suppliers', and what clients paid too much or too soon.
fn invoice_is_credit(number: &str) -> bool {
    match number.get(..2) {
        Some("41") => number.starts_with("419"),
        Some("44") => false,
        _ => !number.starts_with("409"),
    }
}

fn proposals(
    account: &Account,
    lines: &[Line],
    letters: &[Letter],
    mut used: BTreeSet<String>,
) -> Vec<Proposal> {
    // Without an auxiliary, the tiers is the one that the entry names.
    let mut pools: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (rank, line) in lines.iter().enumerate() {
        let party = if account.auxiliary.is_some() { "" } else { line.party() };
        pools.entry(party).or_default().push(rank);
    }
    let credit = invoice_is_credit(&account.number);
    let mut made = Vec::new();
    for members in pools.values() {
        let (sure, open) = Search::new(lines, members, letters, credit).run();
        made.extend(sure.into_iter().map(|group| proposal(lines, letters, group, true)));
        made.extend(open.into_iter().map(|group| proposal(lines, letters, group, false)));
    }
    made.sort_by(|a, b| {
        (a.standing, rank(&a.reason), &a.lines).cmp(&(b.standing, rank(&b.reason), &b.lines))
    });
    let unnamed = made.iter_mut().filter(|one| one.standing == Standing::Certain);
    for one in unnamed.filter(|one| one.letter.is_empty()) {
        one.letter = next_letter(&used);
        used.insert(one.letter.clone());
    }
    made
}

/// How certain a reason is, the smaller the more.
fn rank(reason: &Reason) -> u8 {
    match reason {
        Reason::SameDocument(_) => 0,
        Reason::Completes(_) => 1,
        Reason::OnlyPair => 2,
        Reason::NearestPair(_) => 3,
        Reason::AllOpen(_) => 4,
        Reason::OneForSeveral(_) => 5,
        Reason::SeveralForOne(_) => 6,
        _ => 7,
    }
}

fn proposal(lines: &[Line], letters: &[Letter], group: Group, sure: bool) -> Proposal {
    let completed = match &group.reason {
        Reason::Completes(name) | Reason::SeveralComplete(name) => {
            letters.iter().find(|letter| letter.letter == *name)
        }
        _ => None,
    };
    let mut all = group.lines.clone();
    all.extend(completed.iter().flat_map(|letter| &letter.lines));
    all.sort_unstable();
    let bound = group.lines.iter().map(|rank| lines[*rank].hand).find(|hand| *hand != Hand::Free);
    let standing = match bound {
        _ if !sure => Standing::ToChoose,
        Some(hand) => Standing::Recognised(hand.why()),
        None => Standing::Certain,
    };
    let named = completed.filter(|_| standing == Standing::Certain);
    Proposal {
        letter: named.map_or_else(String::new, |letter| letter.letter.clone()),
        standing,
        reason: group.reason,
        day: all.iter().map(|rank| lines[*rank].item.booked).max().unwrap_or_default(),
        lines: all,
        taking: group.lines,
    }
}

/// The first letters that nothing uses yet: AA, AB… AZ, BA… ZZ, AAA.
fn next_letter(used: &BTreeSet<String>) -> String {
    let mut rank = 26_usize;
    loop {
        let name = letters_of(rank);
        if !used.contains(&name) {
            return name;
        }
        rank += 1;
    }
}

/// A rank in letters: 0 is A, 25 Z, 26 AA.
fn letters_of(mut rank: usize) -> String {
    let mut name = Vec::new();
    loop {
        name.push(char::from(b'A' + u8::try_from(rank % 26).unwrap_or(0)));
        if rank < 26 {
            break;
        }
        rank = rank / 26 - 1;
    }
    name.into_iter().rev().collect()
}

impl LetterState {
    /// Whether the letter asks for someone's look.
    pub fn is_told(self) -> bool {
        !matches!(self, Self::Balanced | Self::Undated)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_letters_are_free() {
        let used = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(next_letter(&used(&[])), "AA");
        assert_eq!(next_letter(&used(&["AA", "A", "AC"])), "AB");
        let all: BTreeSet<String> = (26..26 + 26 * 26).map(letters_of).collect();
        assert_eq!(all.len(), 676);
        assert!(all.contains("ZZ"));
        assert_eq!(next_letter(&all), "AAA");
    }
}
