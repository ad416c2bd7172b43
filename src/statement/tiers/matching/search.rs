use std::collections::{BTreeMap, BTreeSet};

use super::letters::{Letter, LetterState};
use super::lines::Line;
use super::reason::Reason;
use super::sums::{Found, summing};
use crate::measure::Sum;

/// Lines that go together, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) reason: Reason,
    /// The ranks of the lines without a letter.
    pub(super) lines: Vec<usize>,
}

/// The search of one tiers: what is surely matched is taken away until nothing more is sure.
pub(super) struct Search<'a> {
    lines: &'a [Line],
    letters: &'a [Letter],
    /// Whether an invoice is a credit, as suppliers' are.
    credit: bool,
    free: BTreeSet<usize>,
    /// The letters that still lack something.
    unfinished: BTreeSet<usize>,
    sure: Vec<Group>,
    /// The lines for which no sum will be found any more: nothing is ever given back.
    tired: BTreeSet<usize>,
}

impl<'a> Search<'a> {
    /// A search among some lines of an account, all of one tiers.
    pub(super) fn new(
        lines: &'a [Line],
        members: &[usize],
        letters: &'a [Letter],
        credit: bool,
    ) -> Self {
        let bare = |rank: &&usize| {
            let item = &lines[**rank].item;
            item.letter.is_empty() && !item.amount.is_zero()
        };
        // A letter that mixes parties is nobody's to complete.
        let own: BTreeSet<usize> = members.iter().copied().collect();
        let mine = |letter: &Letter| letter.lines.iter().all(|rank| own.contains(rank));
        let unfinished = letters
            .iter()
            .enumerate()
            .filter(|(_, letter)| letter.state == LetterState::Partial && mine(letter));
        Self {
            lines,
            letters,
            credit,
            free: members.iter().filter(bare).copied().collect(),
            unfinished: unfinished.map(|(rank, _)| rank).collect(),
            sure: Vec::new(),
            tired: BTreeSet::new(),
        }
    }

    /// What is sure, then what someone has to choose.
    pub(super) fn run(mut self) -> (Vec<Group>, Vec<Group>) {
        loop {
            let before = self.sure.len();
            self.same_document();
            self.complete_letters();
            self.same_amount();
            self.sums();
            if self.sure.len() == before {
                break;
            }
        }
        let open = self.undecided();
        (self.sure, open)
    }

    fn amount(&self, rank: usize) -> Sum {
        self.lines[rank].item.amount
    }

    fn is_invoice(&self, rank: usize) -> bool {
        self.amount(rank).is_negative() == self.credit
    }

    /// A payment is booked on the day of its invoice, or later.
    fn in_order(&self, invoice: usize, payment: usize) -> bool {
        self.lines[invoice].item.day <= self.lines[payment].item.booked
    }

    /// Two conventions never pay each other.
    fn agree(&self, one: usize, other: usize) -> bool {
        let (a, b) = (&self.lines[one].item.convention, &self.lines[other].item.convention);
        a.is_empty() || b.is_empty() || a == b
    }

    /// Whether every invoice and every payment of some lines agree.
    fn all_agree(&self, ranks: &[usize]) -> bool {
        let named = |rank: &usize| !self.lines[*rank].item.convention.is_empty();
        let mut named = ranks.iter().copied().filter(named);
        let Some(first) = named.next() else { return true };
        named.all(|other| self.agree(first, other))
    }

    fn take(&mut self, reason: Reason, mut lines: Vec<usize>) {
        lines.sort_unstable();
        for rank in &lines {
            self.free.remove(rank);
        }
        self.sure.push(Group { reason, lines });
    }

    /// The free lines of each amount without its sign: invoices, payments.
    fn by_amount(&self) -> BTreeMap<Sum, (Vec<usize>, Vec<usize>)> {
        let mut found: BTreeMap<Sum, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for rank in &self.free {
            let (invoices, payments) = found.entry(self.amount(*rank).abs()).or_default();
            if self.is_invoice(*rank) { invoices } else { payments }.push(*rank);
        }
        found.retain(|_, (invoices, payments)| !invoices.is_empty() && !payments.is_empty());
        found
    }

    fn same_document(&mut self) {
        let mut by_document: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for rank in &self.free {
            let document = self.lines[*rank].item.document.as_str();
            if !document.is_empty() {
                by_document.entry(document).or_default().push(*rank);
            }
        }
        let mut taken: Vec<(String, Vec<usize>)> = Vec::new();
        for (document, ranks) in by_document {
            let left: Sum = ranks.iter().map(|rank| self.amount(*rank)).sum();
            if left.is_zero() && self.all_agree(&ranks) {
                taken.push((document.to_owned(), ranks));
                continue;
            }
            let facing = |rank: usize| {
                let found: Vec<usize> = ranks
                    .iter()
                    .copied()
                    .filter(|other| self.amount(*other) == -self.amount(rank))
                    .collect();
                (found.len() == 1).then(|| found[0])
            };
            let invoices = ranks.iter().copied().filter(|rank| self.is_invoice(*rank));
            for invoice in invoices {
                let payment = facing(invoice).filter(|other| facing(*other) == Some(invoice));
                if let Some(payment) = payment.filter(|other| self.agree(invoice, *other)) {
                    taken.push((document.to_owned(), vec![invoice, payment]));
                }
            }
        }
        for (document, ranks) in taken {
            self.take(Reason::SameDocument(document), ranks);
        }
    }

    /// The free lines that a letter lacks, and whether something else could take them.
    fn completing(&self, letter: usize) -> (Vec<usize>, bool) {
        let left = self.letters[letter].left;
        let of = |sum: Sum| self.free.iter().copied().filter(move |rank| self.amount(*rank) == sum);
        let rivals = self.unfinished.iter().filter(|other| self.letters[**other].left == left);
        (of(-left).collect(), of(left).next().is_some() || rivals.count() > 1)
    }

    fn complete_letters(&mut self) {
        for letter in self.unfinished.clone() {
            let (lines, contested) = self.completing(letter);
            if lines.len() == 1 && !contested {
                self.unfinished.remove(&letter);
                self.take(Reason::Completes(self.letters[letter].letter.clone()), lines);
            }
        }
    }

    /// Whether an unfinished letter could take a line of that amount, whatever its sign.
    fn lettered(&self, amount: Sum) -> bool {
        self.unfinished.iter().any(|letter| self.letters[*letter].left.abs() == amount)
    }

    fn same_amount(&mut self) {
        for (amount, (invoices, payments)) in self.by_amount() {
            if self.lettered(amount) {
                continue;
            }
            let only = invoices.len() == 1 && payments.len() == 1;
            let pairs: Vec<(usize, usize)> =
                invoices.iter().copied().zip(payments.iter().copied()).collect();
            let sure = pairs.iter().all(|(invoice, payment)| {
                self.in_order(*invoice, *payment)
                    && self.agree(*invoice, *payment)
                    && (only || self.nearest(*invoice, *payment, &invoices, &payments))
            });
            if !sure {
                continue;
            }
            for (invoice, payment) in pairs {
                let (from, to) = (&self.lines[invoice].item, &self.lines[payment].item);
                let days = (to.booked - from.day).num_days();
                let reason = if only { Reason::OnlyPair } else { Reason::NearestPair(days) };
                self.take(reason, vec![invoice, payment]);
            }
        }
    }

    /// Whether a payment is the first after its invoice, which is the last before it, without a tie.
    fn nearest(
        &self,
        invoice: usize,
        payment: usize,
        invoices: &[usize],
        payments: &[usize],
    ) -> bool {
        let (day, booked) = (self.lines[invoice].item.day, self.lines[payment].item.booked);
        let nearer = |rank: &usize| {
            let own = self.lines[*rank].item.day;
            *rank != invoice && day <= own && own <= booked
        };
        let sooner = |rank: &usize| {
            let own = self.lines[*rank].item.booked;
            *rank != payment && day <= own && own <= booked
        };
        !invoices.iter().any(nearer) && !payments.iter().any(sooner)
    }

    /// What a line could settle, or be settled by: lines of the other side, the oldest first.
    fn candidates(&self, target: usize) -> Vec<usize> {
        let invoice = self.is_invoice(target);
        let fits = |rank: &usize| {
            let (from, to) = if invoice { (target, *rank) } else { (*rank, target) };
            self.is_invoice(*rank) != invoice && self.in_order(from, to) && self.agree(from, to)
        };
        let mut found: Vec<usize> = self.free.iter().copied().filter(fits).collect();
        let day = |rank: &usize| {
            let item = &self.lines[*rank].item;
            (if invoice { item.booked } else { item.day }, *rank)
        };
        found.sort_by_key(day);
        found
    }

    fn summed(&self, target: usize) -> (Vec<usize>, Found) {
        let candidates = self.candidates(target);
        let amounts: Vec<Sum> = candidates.iter().map(|rank| self.amount(*rank).abs()).collect();
        let found = summing(&amounts, self.amount(target).abs());
        (candidates, found)
    }

    fn sums(&mut self) {
        let mut alone: Vec<(usize, Vec<usize>, bool)> = Vec::new();
        let targets: Vec<usize> = self.free.difference(&self.tired).copied().collect();
        for target in targets {
            let (candidates, found) = self.summed(target);
            match found {
                Found::One(ranks) if !self.lettered(self.amount(target).abs()) => {
                    let all = ranks.len() == candidates.len();
                    let lines = ranks.into_iter().map(|rank| candidates[rank]).collect();
                    alone.push((target, lines, all));
                }
                Found::Nothing | Found::GaveUp(_) => {
                    self.tired.insert(target);
                }
                Found::One(_) | Found::Several(_) => {}
            }
        }
        let mut claims: BTreeMap<usize, usize> = BTreeMap::new();
        for (target, lines, _) in &alone {
            for rank in lines.iter().chain([target]) {
                *claims.entry(*rank).or_default() += 1;
            }
        }
        for (target, mut lines, all) in alone {
            let count = lines.len();
            let reason = match (self.is_invoice(target), all) {
                (true, _) => Reason::SeveralForOne(count),
                (false, true) => Reason::AllOpen(count),
                (false, false) => Reason::OneForSeveral(count),
            };
            lines.push(target);
            if lines.iter().all(|rank| claims.get(rank) == Some(&1)) {
                self.take(reason, lines);
            }
        }
    }

    /// What could be matched, when someone chooses.
    fn undecided(&self) -> Vec<Group> {
        let mut open = Vec::new();
        let mut told: BTreeSet<usize> = BTreeSet::new();
        for letter in &self.unfinished {
            let (lines, _) = self.completing(*letter);
            if !lines.is_empty() {
                told.extend(&lines);
                let reason = Reason::SeveralComplete(self.letters[*letter].letter.clone());
                open.push(Group { reason, lines });
            }
        }
        for (_, (invoices, payments)) in self.by_amount() {
            let mut lines: Vec<usize> = invoices.iter().chain(&payments).copied().collect();
            lines.sort_unstable();
            let alone = invoices.len() == 1 && payments.len() == 1;
            let apart = alone && !self.agree(invoices[0], payments[0]);
            if apart || lines.iter().any(|rank| told.contains(rank)) {
                continue;
            }
            told.extend(&lines);
            let reason = if alone && !self.in_order(invoices[0], payments[0]) {
                Reason::PaidBefore
            } else {
                Reason::Unordered(invoices.len(), payments.len())
            };
            open.push(Group { reason, lines });
        }
        let payments = self.free.iter().copied().filter(|rank| !self.is_invoice(*rank));
        for payment in payments.filter(|rank| !told.contains(rank)) {
            let (candidates, found) = self.summed(payment);
            let (reason, ranks) = match found {
                Found::Nothing => continue,
                Found::One(ranks) => (Reason::Contested, ranks),
                Found::Several(ranks) => (Reason::SeveralSums, ranks),
                Found::GaveUp(ranks) => (Reason::GaveUp, ranks.unwrap_or_default()),
            };
            let mut lines: Vec<usize> = ranks.into_iter().map(|rank| candidates[rank]).collect();
            lines.push(payment);
            lines.sort_unstable();
            open.push(Group { reason, lines });
        }
        open
    }
}
