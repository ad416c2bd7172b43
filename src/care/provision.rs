use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::book::{Book, Books, EntryRef, PostingRef};
use crate::diagnostic::{Code, Finding, Span};
use crate::measure::{Sum, euros};
use crate::register::{CarePolicy, ProvisionAccounts, Selector};

/// An entry that moves the classic carbon provision.
#[derive(Clone, Debug)]
pub(super) struct Moved {
    /// The day.
    pub(super) date: NaiveDate,
    /// Its accounts, and what takes them back to nothing: provision first, then charge or reversal.
    pub(super) lines: Vec<(String, Decimal)>,
    /// Whether it came from another body with its debts, through no result.
    pub(super) merged: bool,
    /// The entry.
    pub(super) at: Span,
    /// The accounts that the policy names.
    pub(super) policy: Span,
}

/// Every set of accounts that has begun by a day, the one in force last: what an earlier one held may
/// still move.
pub(super) fn begun<'p>(
    books: &Books,
    policy: &'p CarePolicy,
    day: NaiveDate,
) -> Vec<&'p ProvisionAccounts> {
    let begins = |accounts: &ProvisionAccounts| match &accounts.since {
        None => Some(NaiveDate::MIN),
        Some(since) => books.years().named(&since.value).map(|year| year.period.first),
    };
    let mut all: Vec<(NaiveDate, &ProvisionAccounts)> = policy
        .provisions
        .iter()
        .filter_map(|accounts| Some((begins(accounts)?, accounts)))
        .filter(|(since, _)| *since <= day)
        .collect();
    all.sort_by_key(|(since, _)| *since);
    all.into_iter().map(|(_, accounts)| accounts).collect()
}

/// The accounts of the provision in force on a day.
pub(super) fn in_force<'p>(
    books: &Books,
    policy: &'p CarePolicy,
    day: NaiveDate,
) -> Option<&'p ProvisionAccounts> {
    begun(books, policy, day).pop()
}

/// What the classic books say of the carbon provision.
pub(super) struct Provision<'a> {
    /// The books.
    pub(super) books: &'a Books,
    /// The policy, which names its accounts.
    pub(super) policy: &'a CarePolicy,
}

impl<'a> Provision<'a> {
    /// The day and place of an entry that charges the provision.
    pub(super) fn charged(&self, entry: &EntryRef<'a>) -> Option<(NaiveDate, Span)> {
        let all = begun(self.books, self.policy, entry.date());
        let own = entry.postings().filter(|p| any(&all, |one| &one.provision, p));
        let moved: Decimal = own.map(|posting| posting.number().decimal()).sum();
        let charges = moved.is_sign_negative() && entry.is_booked() && !entry.opens();
        (charges && !moved.is_zero()).then(|| (entry.date(), entry.span()))
    }

    /// Adds up the provision before the first CARE year.
    pub(super) fn before(&self, entry: &EntryRef<'a>, sums: &mut Vec<(String, Decimal)>) {
        let all = begun(self.books, self.policy, entry.date());
        for posting in entry.postings().filter(|p| any(&all, |one| &one.provision, p)) {
            add(sums, &posting.account().number, posting.number().decimal());
        }
    }

    /// What an entry moves on the provision, with the charge or the reversal it moves it by.
    pub(super) fn moved(&self, entry: &EntryRef<'a>, findings: &mut Vec<Finding>) -> Option<Moved> {
        let all = begun(self.books, self.policy, entry.date());
        let accounts = all.last()?;
        let mut lines = Vec::new();
        for posting in entry.postings().filter(|p| any(&all, |one| &one.provision, p)) {
            add(&mut lines, &posting.account().number, -posting.number().decimal());
        }
        let net: Decimal = lines.iter().map(|(_, amount)| *amount).sum();
        if lines.iter().all(|(_, amount)| amount.is_zero()) || !entry.is_booked() && net.is_zero() {
            return None;
        }
        let of = |which: fn(&ProvisionAccounts) -> &Selector| -> Vec<(String, Decimal)> {
            let own = entry.postings().filter(|posting| any(&all, which, posting));
            own.map(|p| (p.account().number.clone(), p.number().decimal())).collect()
        };
        let by = moved_by(net, of(|one| &one.charge), of(|one| &one.reversal));
        let merged = by.is_none() && self.is_merger(entry.date());
        let Some(by) = by.or_else(|| merged.then(Vec::new)) else {
            let at = entry.postings().find(|p| any(&all, |one| &one.provision, p));
            let at = at.map_or(entry.span(), |posting| posting.line_span());
            findings.push(unexplained(net, at, accounts.at));
            return None;
        };
        for (number, amount) in by {
            add(&mut lines, &number, -amount);
        }
        Some(Moved { date: entry.date(), lines, merged, at: entry.span(), policy: accounts.at })
    }

    /// Whether debts are taken over from another body on a day: its provision comes with them.
    fn is_merger(&self, day: NaiveDate) -> bool {
        let taken = self.policy.lots.iter().filter_map(|lot| lot.taken_over.as_ref());
        taken.into_iter().any(|taken| taken.value == day)
    }
}

/// Whether a line of book F is on an account of one of the sets.
fn any(
    all: &[&ProvisionAccounts],
    which: fn(&ProvisionAccounts) -> &Selector,
    posting: &PostingRef<'_>,
) -> bool {
    let takes =
        |one: &&ProvisionAccounts| which(one).reach(&posting.account().number, Sum::ZERO).is_some();
    posting.book() == Book::Financial && all.iter().any(takes)
}

/// The charges and reversals that make a movement of the provision: all of them when they are worth
/// it, else so much of the charges (or of the reversals) as it needs, other provisions sharing them.
fn moved_by(
    net: Decimal,
    charges: Vec<(String, Decimal)>,
    reversals: Vec<(String, Decimal)>,
) -> Option<Vec<(String, Decimal)>> {
    let sum = |lines: &[(String, Decimal)]| -> Decimal { lines.iter().map(|(_, a)| *a).sum() };
    if sum(&charges) + sum(&reversals) == net {
        return Some(charges.into_iter().chain(reversals).collect());
    }
    let side = if net.is_sign_positive() { charges } else { reversals };
    let mut left = net;
    let mut taken = Vec::new();
    for (number, amount) in side {
        if amount.is_sign_positive() != net.is_sign_positive() || left.is_zero() {
            continue;
        }
        let part = if net.is_sign_positive() { amount.min(left) } else { amount.max(left) };
        left -= part;
        taken.push((number, part));
    }
    left.is_zero().then_some(taken)
}

fn unexplained(net: Decimal, at: Span, accounts: Span) -> Finding {
    let message = format!(
        "la provision carbone bouge de {} sans autant de dotation ou de reprise",
        euros(net.abs())
    );
    Finding::new(Code::CareAccount, at, message)
        .label("par quel compte de résultat ?")
        .related(accounts, "les comptes que la politique nomme")
        .help("passez par `dotation` ou `reprise`, ou corrigez `[[provision]]`")
}

fn add(sums: &mut Vec<(String, Decimal)>, number: &str, amount: Decimal) {
    match sums.iter_mut().find(|(known, _)| known == number) {
        Some((_, sum)) => *sum += amount,
        None => sums.push((number.to_owned(), amount)),
    }
}
