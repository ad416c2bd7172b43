use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::letters::Letter;
use super::lines::Line;
use super::readings::{Claims, OPEN, Readings, Rival, Target};
use super::reason::Reason;
use crate::measure::Sum;

/// How far some lines go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// Surely: a document in common, or an amount that nothing else makes.
    Surely,
    /// Probably, and what makes one doubt.
    Likely(&'static str),
    /// Someone has to choose.
    Open,
}

/// Lines that go together, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) how: How,
    pub(super) reason: Reason,
    /// The ranks of the lines without a letter.
    pub(super) lines: Vec<usize>,
}

const RIVAL: &str = "mais une autre somme irait aussi";
const UNSEARCHED: &str = "mais trop de lignes sont ouvertes pour exclure une autre somme";
const AFTER: &str = "si les autres propositions à confirmer sont justes";

/// So many times what is matched is taken away, and the rest searched again.
const ROUNDS: usize = 64;

/// The search of one tiers: what is surely matched is taken away until nothing more is sure, then what is
/// likely, as much.
pub(super) struct Search<'a> {
    pub(super) lines: &'a [Line],
    pub(super) letters: &'a [Letter],
    /// Whether an invoice is a credit, as suppliers' are.
    credit: bool,
    pub(super) free: BTreeSet<usize>,
    /// The free lines by amount.
    amounts: BTreeMap<Sum, BTreeSet<usize>>,
    /// The letters that still lack something.
    pub(super) unfinished: BTreeSet<usize>,
    /// How many of them lack an amount, whatever its sign.
    lacking: BTreeMap<Sum, usize>,
    pub(super) readings: Readings,
    found: Vec<Group>,
}

impl<'a> Search<'a> {
    /// A search among some lines of an account, all of one tiers, with the letters that they leave open.
    pub(super) fn new(
        lines: &'a [Line],
        members: &[usize],
        (letters, unfinished): (&'a [Letter], BTreeSet<usize>),
        credit: bool,
    ) -> Self {
        let mut made = Self {
            lines,
            letters,
            credit,
            free: BTreeSet::new(),
            amounts: BTreeMap::new(),
            unfinished,
            lacking: BTreeMap::new(),
            readings: Readings::default(),
            found: Vec::new(),
        };
        for letter in &made.unfinished {
            *made.lacking.entry(letters[*letter].left.abs()).or_default() += 1;
        }
        for rank in members {
            let item = &lines[*rank].item;
            if item.letter().is_empty() && !item.amount.is_zero() {
                made.free.insert(*rank);
                made.amounts.entry(item.amount).or_default().insert(*rank);
            }
        }
        made
    }

    /// What is sure, what is likely, then what someone has to choose.
    pub(super) fn run(mut self) -> Vec<Group> {
        self.rounds(|search| {
            search.same_document();
            let claims = search.read();
            search.complete_letters(claims.as_ref(), true);
            search.only_pairs(claims.as_ref());
        });
        self.rounds(|search| {
            let claims = search.read();
            search.complete_letters(claims.as_ref(), false);
            search.likely_pairs(claims.as_ref());
            let claims = search.read();
            search.likely_sums(claims.as_ref());
        });
        let open = self.undecided();
        self.found.extend(open);
        self.found
    }

    fn rounds(&mut self, round: impl Fn(&mut Self)) {
        for _ in 0..ROUNDS {
            let before = self.found.len();
            round(self);
            if self.found.len() == before {
                break;
            }
        }
    }

    pub(super) fn amount(&self, rank: usize) -> Sum {
        self.lines[rank].item.amount
    }

    pub(super) fn is_invoice(&self, rank: usize) -> bool {
        self.amount(rank).is_negative() == self.credit
    }

    /// A payment is booked on the day of its invoice, or later.
    pub(super) fn in_order(&self, invoice: usize, payment: usize) -> bool {
        self.lines[invoice].item.day <= self.lines[payment].item.booked
    }

    /// Two conventions never pay each other.
    pub(super) fn agree(&self, one: usize, other: usize) -> bool {
        let (a, b) = (self.lines[one].item.convention(), self.lines[other].item.convention());
        a.is_empty() || b.is_empty() || a == b
    }

    /// Whether every invoice and every payment of some lines agree.
    fn all_agree(&self, ranks: &[usize]) -> bool {
        let named = |rank: &usize| !self.lines[*rank].item.convention().is_empty();
        let mut named = ranks.iter().copied().filter(named);
        let Some(first) = named.next() else { return true };
        named.all(|other| self.agree(first, other))
    }

    fn take(&mut self, how: How, reason: Reason, mut lines: Vec<usize>) {
        lines.sort_unstable();
        for rank in &lines {
            let amount = self.amount(*rank);
            self.free.remove(rank);
            if let Some(same) = self.amounts.get_mut(&amount) {
                same.remove(rank);
            }
        }
        self.readings.forget(&lines);
        self.found.push(Group { how, reason, lines });
    }

    /// How many readings the open lines have; `None` when they are too many to be searched.
    fn read(&mut self) -> Option<Claims> {
        if self.free.len() > OPEN {
            return None;
        }
        let mut readings = std::mem::take(&mut self.readings);
        for letter in &self.unfinished {
            let left = self.letters[*letter].left;
            readings.search(Target::Letter(*letter), left.abs(), || self.lacked(left));
        }
        for rank in &self.free {
            let amount = self.amount(*rank).abs();
            readings.search(Target::Line(*rank), amount, || self.candidates(*rank));
        }
        self.readings = readings;
        Some(self.readings.claims())
    }

    /// The free lines that may be of what a letter lacks.
    fn lacked(&self, left: Sum) -> Vec<(usize, Sum)> {
        let sized = self.free.iter().map(|rank| (*rank, self.amount(*rank)));
        let fits =
            |amount: Sum| amount.is_negative() != left.is_negative() && amount.abs() <= left.abs();
        let fitting = sized.filter(|(_, amount)| fits(*amount));
        fitting.map(|(rank, amount)| (rank, amount.abs())).collect()
    }

    /// What a line could settle, or be settled by: lines of the other side, the oldest first.
    fn candidates(&self, target: usize) -> Vec<(usize, Sum)> {
        let (invoice, most) = (self.is_invoice(target), self.amount(target).abs());
        let small = |rank: &usize| self.amount(*rank).abs() <= most;
        let mut found: Vec<usize> = self.facing(target).filter(small).collect();
        found.sort_by_key(|rank| {
            let item = &self.lines[*rank].item;
            (if invoice { item.booked } else { item.day }, *rank)
        });
        found.into_iter().map(|rank| (rank, self.amount(rank).abs())).collect()
    }

    /// The free lines of the other side, in the order of days, of no other convention.
    fn facing(&self, target: usize) -> impl Iterator<Item = usize> + '_ {
        let invoice = self.is_invoice(target);
        self.free.iter().copied().filter(move |rank| {
            let (from, to) = if invoice { (target, *rank) } else { (*rank, target) };
            self.is_invoice(*rank) != invoice && self.in_order(from, to) && self.agree(from, to)
        })
    }

    /// The free lines of each amount without its sign that has both: invoices, payments.
    pub(super) fn by_amount(&self) -> BTreeMap<Sum, (Vec<usize>, Vec<usize>)> {
        let mut found: BTreeMap<Sum, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for (amount, ranks) in &self.amounts {
            let (invoices, payments) = found.entry(amount.abs()).or_default();
            let side = if amount.is_negative() == self.credit { invoices } else { payments };
            side.extend(ranks);
        }
        found.retain(|_, (invoices, payments)| !invoices.is_empty() && !payments.is_empty());
        found
    }

    fn same_document(&mut self) {
        let mut by_document: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for rank in &self.free {
            let document = self.lines[*rank].item.document();
            if !document.is_empty() && !self.lines[*rank].shared {
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
            let mut sized: BTreeMap<Sum, Vec<usize>> = BTreeMap::new();
            for rank in &ranks {
                sized.entry(self.amount(*rank)).or_default().push(*rank);
            }
            let only = |amount: Sum| sized.get(&amount).filter(|own| own.len() == 1);
            for invoice in ranks.iter().copied().filter(|rank| self.is_invoice(*rank)) {
                let amount = self.amount(invoice);
                let payment = only(amount).and_then(|_| only(-amount)).map(|own| own[0]);
                if let Some(payment) = payment.filter(|other| self.agree(invoice, *other)) {
                    taken.push((document.to_owned(), vec![invoice, payment]));
                }
            }
        }
        // Payments alone have their bank statement in common, which says nothing of what they pay.
        taken.retain(|(_, ranks)| ranks.iter().any(|rank| !self.lines[*rank].pays));
        for (document, ranks) in taken {
            self.take(How::Surely, Reason::SameDocument(document), ranks);
        }
    }

    /// The free lines that a letter lacks, and whether something else could take them.
    pub(super) fn completing(&self, letter: usize) -> (Vec<usize>, bool) {
        let left = self.letters[letter].left;
        let of = |sum: Sum| self.amounts.get(&sum).into_iter().flatten().copied();
        let rivals = self.lacking.get(&left.abs()).copied().unwrap_or_default();
        (of(-left).collect(), of(left).next().is_some() || rivals > 1)
    }

    fn complete_letters(&mut self, claims: Option<&Claims>, sure: bool) {
        for letter in self.unfinished.clone() {
            let (lines, contested) = self.completing(letter);
            if lines.len() != 1 || contested {
                continue;
            }
            let how = judged(claims, &lines, Some(letter), sure);
            if how == How::Surely || !sure {
                self.unfinished.remove(&letter);
                let lacked = self.lacking.entry(self.letters[letter].left.abs()).or_default();
                *lacked = lacked.saturating_sub(1);
                self.readings.settled(letter);
                self.take(how, Reason::Completes(self.letters[letter].letter.clone()), lines);
            }
        }
    }

    /// Whether an unfinished letter could take a line of that amount, whatever its sign.
    fn lettered(&self, amount: Sum) -> bool {
        self.lacking.get(&amount).is_some_and(|count| *count > 0)
    }

    /// The only invoice and the only payment of an amount, which no other reading takes.
    fn only_pairs(&mut self, claims: Option<&Claims>) {
        for (amount, (invoices, payments)) in self.by_amount() {
            let ([invoice], [payment]) = (invoices.as_slice(), payments.as_slice()) else {
                continue;
            };
            let fits = self.in_order(*invoice, *payment) && self.agree(*invoice, *payment);
            let lines = vec![*invoice, *payment];
            let sure = judged(claims, &lines, None, true) == How::Surely;
            if fits && sure && !self.lettered(amount) {
                self.take(How::Surely, Reason::OnlyPair, lines);
            }
        }
    }

    fn likely_pairs(&mut self, claims: Option<&Claims>) {
        for (amount, (invoices, payments)) in self.by_amount() {
            if self.lettered(amount) {
                continue;
            }
            let only = invoices.len() == 1 && payments.len() == 1;
            let (days, booked) = (self.days(&invoices, true), self.days(&payments, false));
            let pairs: Vec<(usize, usize)> =
                invoices.iter().copied().zip(payments.iter().copied()).collect();
            let likely = pairs.iter().all(|(invoice, payment)| {
                let (from, to) = (self.lines[*invoice].item.day, self.lines[*payment].item.booked);
                // The first payment after its invoice, which is the last before it, without a tie.
                let alone = |days: &[NaiveDate]| {
                    days.partition_point(|day| *day <= to) - days.partition_point(|day| *day < from)
                        == 1
                };
                self.in_order(*invoice, *payment)
                    && self.agree(*invoice, *payment)
                    && (only || (alone(&days) && alone(&booked)))
            });
            if !likely {
                continue;
            }
            for (invoice, payment) in pairs {
                let (from, to) = (&self.lines[invoice].item, &self.lines[payment].item);
                let days = (to.booked - from.day).num_days();
                let lines = vec![invoice, payment];
                if only {
                    let how = judged(claims, &lines, None, false);
                    self.take(how, Reason::OnlyPair, lines);
                } else {
                    self.take(How::Likely(""), Reason::NearestPair(days), lines);
                }
            }
        }
    }

    /// The days of some lines, in order: of the documents of invoices, of the entries of payments.
    fn days(&self, ranks: &[usize], invoices: bool) -> Vec<NaiveDate> {
        let item = |rank: &usize| &self.lines[*rank].item;
        let day = |rank: &usize| if invoices { item(rank).day } else { item(rank).booked };
        let mut days: Vec<NaiveDate> = ranks.iter().map(day).collect();
        days.sort_unstable();
        days
    }

    /// The sums of several lines that are the only reading of each of them.
    fn likely_sums(&mut self, claims: Option<&Claims>) {
        let Some(claims) = claims else { return };
        for target in self.free.clone() {
            let only = self.readings.of(Target::Line(target)).filter(|sought| sought.whole);
            let Some([set]) = only.map(|sought| sought.sets.as_slice()) else { continue };
            let count = set.len();
            let mut lines = set.clone();
            lines.push(target);
            let alone = claims.rival(&lines, None) == Rival::None;
            if count < 2 || !alone || self.lettered(self.amount(target).abs()) {
                continue;
            }
            let all = self.facing(target).count() == count;
            let reason = match (self.is_invoice(target), all) {
                (true, _) => Reason::SeveralForOne(count),
                (false, true) => Reason::AllOpen(count),
                (false, false) => Reason::OneForSeveral(count),
            };
            self.take(How::Likely(""), reason, lines);
        }
    }
}

/// How far an exact match goes, by its rivals; nothing is sure any more once likely ones are taken.
fn judged(claims: Option<&Claims>, lines: &[usize], letter: Option<usize>, sure: bool) -> How {
    match claims.map_or(Rival::Unsearched, |claims| claims.rival(lines, letter)) {
        Rival::None if sure => How::Surely,
        Rival::None => How::Likely(AFTER),
        Rival::Found => How::Likely(RIVAL),
        Rival::Unsearched => How::Likely(UNSEARCHED),
    }
}
