use std::ops::AddAssign;

use crate::book::{AccountId, Book, Books, Deriver, Posting, PostingRef};
use crate::measure::{Period, Sum};

/// What went to the debit and to the credit of an account, both without a sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Movement {
    /// The sum of debits.
    pub debit: Sum,
    /// The sum of credits, as a positive amount.
    pub credit: Sum,
    /// Whether there was a posting at all, be it of zero.
    pub posted: bool,
}

impl Movement {
    /// Debits less credits.
    pub fn balance(self) -> Sum {
        self.debit - self.credit
    }

    /// Whether nothing was ever posted.
    pub fn is_nil(self) -> bool {
        self.debit.is_zero() && self.credit.is_zero()
    }

    #[inline]
    fn add(&mut self, amount: Sum) {
        self.posted = true;
        if amount.is_negative() {
            self.credit += -amount;
        } else {
            self.debit += amount;
        }
    }
}

impl AddAssign for Movement {
    fn add_assign(&mut self, other: Self) {
        self.debit += other.debit;
        self.credit += other.credit;
        self.posted |= other.posted;
    }
}

/// Which of the two ledgers is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum View {
    /// The classic ledger: book F alone.
    Classic,
    /// The CARE ledger: books F and C.
    Care,
}

impl View {
    /// The word that a reader sees.
    pub fn title(self) -> &'static str {
        match self {
            Self::Classic => "classique",
            Self::Care => "CARE",
        }
    }

    /// The word of files for machines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Classic => "classique",
            Self::Care => "care",
        }
    }

    /// Whether the view shows that book, tonnes and activities going with CARE.
    pub fn shows(self, book: Book) -> bool {
        self == Self::Care || book == Book::Financial
    }
}

/// Debits and credits by account and book, over a set of entries.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pages: Vec<[Movement; 4]>,
}

impl Ledger {
    /// Adds up the entries of a period (all of them when `None`) that `counts` takes, by who derived
    /// them.
    pub fn of(
        books: &Books,
        period: Option<Period>,
        counts: impl Fn(Option<Deriver>) -> bool + Sync,
    ) -> Self {
        let shares = books.visit_shares(Self::default, |ledger, date, by, postings| {
            if counts(by) && period.is_none_or(|period| period.contains(date)) {
                ledger.post(postings);
            }
        });
        let mut ledger = Self::default();
        for share in &shares {
            ledger.merge(share);
        }
        ledger.settle(books);
        ledger
    }

    /// Adds up the budget of a period.
    pub fn planned(books: &Books, period: Period) -> Self {
        let mut ledger = Self::default();
        for entry in books.planned().filter(|entry| period.contains(entry.date())) {
            for posting in entry.postings() {
                ledger.add(posting.account_id(), posting.book(), posting.number().sum());
            }
        }
        ledger.settle(books);
        ledger
    }

    /// Adds what another ledger added up.
    pub(super) fn merge(&mut self, other: &Self) {
        let most = self.pages.len().max(other.pages.len());
        self.pages.resize(most, [Movement::default(); 4]);
        for (page, added) in self.pages.iter_mut().zip(&other.pages) {
            page.iter_mut().zip(added).for_each(|(movement, added)| *movement += *added);
        }
    }

    #[inline]
    pub(super) fn post(&mut self, postings: &[Posting]) {
        for posting in postings {
            self.add(posting.account_id(), posting.book, posting.sum());
        }
    }

    /// Adds one posting of a derived entry.
    pub(super) fn carry(&mut self, posting: &PostingRef<'_>) {
        self.add(posting.account_id(), posting.book(), posting.number().sum());
    }

    /// Adds what opens an account, without the entry that says so.
    pub(super) fn open(&mut self, account: AccountId, book: Book, amount: Sum) {
        self.add(account, book, amount);
    }

    /// Adds an amount of book C that no posting has.
    pub(super) fn adjust(&mut self, account: AccountId, amount: Sum) {
        self.add(account, Book::Care, amount);
    }

    #[inline]
    fn add(&mut self, account: AccountId, book: Book, amount: Sum) {
        let rank = account.rank();
        if rank >= self.pages.len() {
            self.pages.resize(rank + 1, [Movement::default(); 4]);
        }
        self.pages[rank][book as usize].add(amount);
    }

    /// Ends the adding up: every account has a page, and each book sums to nothing in its unit.
    pub(super) fn settle(&mut self, books: &Books) {
        let accounts = books.accounts().len().max(self.pages.len());
        self.pages.resize(accounts, [Movement::default(); 4]);
        for book in [Book::Financial, Book::Care, Book::Tonnes] {
            let left: Sum = self.pages.iter().map(|page| page[book as usize].balance()).sum();
            assert!(left.is_zero(), "book {book:?} sums to {left}, not to nothing");
        }
    }

    /// What one book moved on an account.
    pub fn movement(&self, account: AccountId, book: Book) -> Movement {
        self.pages.get(account.rank()).map_or_else(Movement::default, |page| page[book as usize])
    }

    /// What a ledger moved on an account, in euros.
    pub fn seen(&self, account: AccountId, view: View) -> Movement {
        let mut movement = self.movement(account, Book::Financial);
        if view == View::Care {
            movement += self.movement(account, Book::Care);
        }
        movement
    }

    /// The balance of an account in a ledger, in euros; a debit is positive.
    pub fn balance(&self, account: AccountId, view: View) -> Sum {
        self.seen(account, view).balance()
    }
}
