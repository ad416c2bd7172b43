use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::letters::{Known, Letter, LetterState, read};
use super::lines::{Hand, Line, MatchAsk};
use super::reason::Reason;
use super::search::{Group, How, Search};
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
    /// Likely, for someone to confirm, with what makes one doubt.
    Probable(&'static str),
    /// For someone to choose.
    ToChoose,
}

impl Standing {
    /// Whether nobody has to look at it.
    pub fn is_sure(self) -> bool {
        matches!(self, Self::Certain | Self::Recognised(_))
    }
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
        let sure = self.proposals.iter().filter(|one| one.standing.is_sure());
        let taken: BTreeSet<usize> = sure.flat_map(|one| one.taking.iter().copied()).collect();
        let bare = |rank: &usize| {
            let item = &self.lines[*rank].item;
            item.letter().is_empty() && !item.amount.is_zero() && !taken.contains(rank)
        };
        (0..self.lines.len()).filter(bare).collect()
    }

    /// The letters that leave something, and that no sure proposal completes.
    pub fn unfinished(&self) -> impl Iterator<Item = &Letter> {
        let sure = self.proposals.iter().filter(|one| one.standing.is_sure());
        let completed: BTreeSet<&str> = sure
            .filter_map(|one| match &one.reason {
                Reason::Completes(letter) => Some(letter.as_str()),
                _ => None,
            })
            .collect();
        let open = move |letter: &&Letter| {
            !letter.left.is_zero() && !completed.contains(letter.letter.as_str())
        };
        self.letters.iter().filter(open)
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
        let proposals = proposals(account, &lines, &letters, &used);
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

fn proposals<'a>(
    account: &Account,
    lines: &'a [Line],
    letters: &'a [Letter],
    used: &BTreeSet<String>,
) -> Vec<Proposal> {
    // Without an auxiliary, the tiers is the one that the entry names; nobody knows it when none does.
    let divided = account.auxiliary.is_some();
    let party = |line: &'a Line| if divided { Some("") } else { line.party() };
    let mut pools: BTreeMap<Option<&str>, Vec<usize>> = BTreeMap::new();
    for (rank, line) in lines.iter().enumerate() {
        pools.entry(party(line)).or_default().push(rank);
    }
    let mut unfinished: BTreeMap<Option<&str>, BTreeSet<usize>> = BTreeMap::new();
    for (at, letter) in letters.iter().enumerate() {
        let mut own = letter.lines.iter().map(|rank| party(&lines[*rank]));
        // A letter that mixes parties is nobody's to complete.
        let first = own.next().filter(|first| own.all(|other| other == *first));
        if let (LetterState::Partial, Some(party)) = (letter.state, first) {
            unfinished.entry(party).or_default().insert(at);
        }
    }
    let by_name: BTreeMap<&str, &Letter> =
        letters.iter().map(|letter| (letter.letter.as_str(), letter)).collect();
    let credit = invoice_is_credit(&account.number);
    let mut made = Vec::new();
    for (party, members) in &pools {
        let own = unfinished.remove(party).unwrap_or_default();
        let groups = Search::new(lines, members, (letters, own), credit).run();
        let named = party.is_some();
        made.extend(groups.into_iter().map(|group| proposal(lines, &by_name, group, named)));
    }
    made.sort_by(|a, b| {
        (a.standing, rank(&a.reason), &a.lines).cmp(&(b.standing, rank(&b.reason), &b.lines))
    });
    let unnamed = made.iter_mut().filter(|one| one.standing == Standing::Certain);
    let mut next = 0;
    for one in unnamed.filter(|one| one.letter.is_empty()) {
        one.letter = next_letter(used, &mut next);
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

/// What makes one doubt of lines that name no tiers.
const NOBODY: &str = "mais rien ne nomme le tiers";

fn proposal(
    lines: &[Line],
    letters: &BTreeMap<&str, &Letter>,
    group: Group,
    named: bool,
) -> Proposal {
    let completed = match &group.reason {
        Reason::Completes(name) | Reason::SeveralComplete(name) => {
            letters.get(name.as_str()).copied()
        }
        _ => None,
    };
    let mut all = group.lines.clone();
    all.extend(completed.iter().flat_map(|letter| &letter.lines));
    all.sort_unstable();
    let bound = group.lines.iter().map(|rank| lines[*rank].hand).find(|hand| *hand != Hand::Free);
    let standing = match (group.how, bound) {
        (How::Open, _) => Standing::ToChoose,
        (_, _) if !named => Standing::Probable(NOBODY),
        (How::Likely(doubt), _) => Standing::Probable(doubt),
        (How::Surely, Some(hand)) => Standing::Recognised(hand.why()),
        (How::Surely, None) => Standing::Certain,
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

/// The first letters that nothing uses yet, from a rank on: AA, AB… AZ, BA… ZZ, AAA.
fn next_letter(used: &BTreeSet<String>, rank: &mut usize) -> String {
    loop {
        let name = letters_of(26 + *rank);
        *rank += 1;
        if !used.contains(&name) {
            return name;
        }
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
        let mut rank = 0;
        assert_eq!(next_letter(&used(&[]), &mut rank), "AA");
        let mut rank = 0;
        let some = used(&["AA", "A", "AC"]);
        assert_eq!(next_letter(&some, &mut rank), "AB");
        assert_eq!(next_letter(&some, &mut rank), "AD");
        let all: BTreeSet<String> = (26..26 + 26 * 26).map(letters_of).collect();
        assert_eq!(all.len(), 676);
        assert!(all.contains("ZZ"));
        assert_eq!(next_letter(&all, &mut 0), "AAA");
    }
}
