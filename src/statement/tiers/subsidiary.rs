use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::PARTIES;
use crate::book::{AccountId, Book, Books, EntryRef};
use crate::chart::Edition;
use crate::ledger::{Ledger, View};
use crate::measure::Sum;

/// What an account was opened with, and what moved since; debits and credits without a sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// The balance at the beginning; a debit is positive.
    pub opening: Sum,
    /// The sum of debits.
    pub debit: Sum,
    /// The sum of credits, as a positive amount.
    pub credit: Sum,
}

impl Flow {
    /// The balance at the end; a debit is positive.
    pub fn closing(&self) -> Sum {
        self.opening + self.debit - self.credit
    }

    fn add(&mut self, other: Self) {
        self.opening += other.opening;
        self.debit += other.debit;
        self.credit += other.credit;
    }

    fn post(&mut self, amount: Sum, opens: bool) {
        if opens {
            self.opening += amount;
        } else if amount.is_negative() {
            self.credit += -amount;
        } else {
            self.debit += amount;
        }
    }
}

/// One tiers of an account in the subsidiary balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubsidiaryTiers {
    /// Its name, after the colon of the account; `None` for lines without a tiers.
    pub name: Option<String>,
    /// Its identity: tag `aux` of its `account` line.
    pub code: Option<String>,
    /// What it was opened with, and what moved.
    pub flow: Flow,
}

/// An account in the subsidiary balance, tiers by tiers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubsidiaryAccount {
    /// Its number.
    pub number: String,
    /// Its label.
    pub label: String,
    /// Its tiers, in the order of names; lines without one come first.
    pub tiers: Vec<SubsidiaryTiers>,
    /// Their sum: the account in the balance générale.
    pub total: Flow,
}

/// The subsidiary balance of some entries: suppliers and clients (40, 41), then the other accounts that
/// have auxiliaries; `prefix` keeps the accounts that begin so.
///
/// What opens the books, and what is before `from`, makes opening balances. `general` is the balance
/// générale of the same days, to which each account must be equal: another sum is our bug.
pub fn subsidiary<'b>(
    books: &Books,
    entries: impl Iterator<Item = EntryRef<'b>>,
    from: Option<NaiveDate>,
    general: &Ledger,
    edition: Edition,
    prefix: Option<&str>,
) -> Vec<SubsidiaryAccount> {
    let mut flows: BTreeMap<AccountId, Flow> = BTreeMap::new();
    let mut counted: BTreeMap<AccountId, Sum> = BTreeMap::new();
    for entry in entries {
        let before = from.is_some_and(|first| entry.date() < first);
        let opens = entry.opens() || before;
        // The balance générale of some days has what was booked on them, a written opening too.
        let counts = from.is_none() || (!before && entry.is_booked());
        for posting in entry.postings().filter(|posting| posting.book() == Book::Financial) {
            let (id, amount) = (posting.account_id(), posting.number().sum());
            flows.entry(id).or_default().post(amount, opens);
            if counts {
                *counted.entry(id).or_default() += amount;
            }
        }
    }
    let accounts = books.accounts();
    let ids = accounts.sorted();
    let divided: BTreeSet<&str> = ids
        .iter()
        .map(|id| accounts.get(*id))
        .filter(|account| account.auxiliary.is_some())
        .map(|account| account.number.as_str())
        .collect();
    let party = |number: &str| PARTIES.iter().any(|root| number.starts_with(root));
    let mut shown: Vec<SubsidiaryAccount> = Vec::new();
    for id in ids {
        let account = accounts.get(id);
        let number = account.number.as_str();
        let kept = (party(number) || divided.contains(number))
            && prefix.is_none_or(|prefix| number.starts_with(prefix));
        let Some(flow) = flows.get(&id).copied().filter(|_| kept && !account.is_activity()) else {
            continue;
        };
        let counted = counted.get(&id).copied().unwrap_or_default();
        let general = general.balance(id, View::Classic);
        let key = account.key();
        assert!(counted == general, "{key}: {counted}, the balance générale has {general}");
        if shown.last().is_none_or(|last| last.number != number) {
            shown.push(SubsidiaryAccount {
                number: number.to_owned(),
                label: accounts.label_of(id, edition).to_owned(),
                tiers: Vec::new(),
                total: Flow::default(),
            });
        }
        let Some(last) = shown.last_mut() else { continue };
        last.total.add(flow);
        last.tiers.push(SubsidiaryTiers {
            name: account.auxiliary.clone(),
            code: accounts.auxiliary_code(account).map(str::to_owned),
            flow,
        });
    }
    shown.sort_by_key(|account| !party(&account.number));
    shown
}
