use rust_decimal::Decimal;

use crate::analytic::Axes;
use crate::book::{AccountId, Books};
use crate::care::Care;
use crate::ledger::{Annual, Ledger, View};
use crate::measure::{FiscalYear, Sum};
use crate::register::{Registers, Selector};
use crate::statement::{Form, Statement};

/// What a general assembly looks at: a year of the books, the one before, the one planned.
#[derive(Clone, Copy, Debug)]
pub struct Meeting<'a> {
    /// The books.
    pub books: &'a Books,
    /// Their ledgers, year by year.
    pub annual: &'a Annual,
    /// The same as the CARE statements show them: the year before restated by what was found since.
    pub shown: &'a Annual,
    /// The registers.
    pub registers: &'a Registers,
    /// The lines of the books by axis.
    pub axes: &'a Axes,
    /// What the ecological policy makes of the books.
    pub care: Option<&'a Care>,
    /// The form of the statements.
    pub form: &'a Form,
    /// The fiscal year.
    pub year: &'a FiscalYear,
    /// The year before, when the books have it.
    pub before: Option<&'a FiscalYear>,
    /// The year after, planned or not.
    pub after: Option<&'a FiscalYear>,
    /// The year whose budget stands beside.
    pub budget: Option<&'a FiscalYear>,
    /// The bilan of the year.
    pub bilan: &'a Statement,
    /// The compte de résultat of the year, with the budget.
    pub resultat: &'a Statement,
}

impl Meeting<'_> {
    /// The ledger of a year.
    pub(super) fn ledger(&self, year: Option<&FiscalYear>) -> Option<&Ledger> {
        self.annual.ledger(year?)
    }

    /// The accounts whose number a selector takes, in order.
    pub(super) fn taken(&self, selector: &Selector) -> Vec<AccountId> {
        let mut ids = self.books.accounts().sorted();
        ids.retain(|id| {
            let account = self.books.accounts().get(*id);
            !account.is_activity() && selector.reach(&account.number, Sum::ZERO).is_some()
        });
        ids
    }

    /// The keys of some accounts: what stands behind a figure.
    pub(super) fn keys(&self, ids: impl IntoIterator<Item = AccountId>) -> Vec<String> {
        ids.into_iter().map(|id| self.books.accounts().get(id).key()).collect()
    }

    /// The keys of the accounts whose number begins in one of those ways.
    pub(super) fn keys_of(&self, prefixes: &[&str]) -> Vec<String> {
        let own = |id: &AccountId| {
            let account = self.books.accounts().get(*id);
            !account.is_activity() && prefixes.iter().any(|one| account.number.starts_with(one))
        };
        self.keys(self.books.accounts().sorted().into_iter().filter(own))
    }

    /// The balance of the accounts that a selector takes, in the CARE ledger for accounts of book C;
    /// a debit is positive.
    pub(super) fn balance(&self, selector: &Selector, year: Option<&FiscalYear>) -> Sum {
        let Some(ledger) = self.ledger(year) else {
            return Sum::ZERO;
        };
        self.taken(selector).into_iter().map(|id| ledger.balance(id, self.view_of(id))).sum()
    }

    /// The ledger in which an account stands: book C for its own accounts, else the classic one.
    pub(super) fn view_of(&self, id: AccountId) -> View {
        let care = self.books.accounts().get(id).number.starts_with('C');
        if care { View::Care } else { View::Classic }
    }

    /// The result of a year in the classic ledger; a surplus is positive.
    pub(super) fn result(&self, year: &FiscalYear) -> Decimal {
        self.ledger(Some(year)).map_or(Decimal::ZERO, |of| self.result_in(of, View::Classic))
    }

    /// The result in one of the two ledgers of a year; a surplus is positive.
    pub(super) fn result_in(&self, ledger: &Ledger, view: View) -> Decimal {
        let accounts = self.books.accounts();
        let makes_it = |number: &str| {
            let own = if view == View::Care { number.strip_prefix('C') } else { None };
            own.unwrap_or(number).starts_with(['6', '7'])
        };
        let ids = accounts.sorted().into_iter();
        let own = ids.filter(|id| {
            let account = accounts.get(*id);
            !account.is_activity() && makes_it(&account.number)
        });
        -own.map(|id| ledger.balance(id, view)).sum::<Sum>().decimal()
    }

    /// The balance, in the classic ledger, of the accounts whose number begins so; a debit is positive.
    pub(super) fn class(&self, prefix: &str, year: Option<&FiscalYear>) -> Sum {
        let Some(ledger) = self.ledger(year) else {
            return Sum::ZERO;
        };
        let accounts = self.books.accounts();
        let ids = accounts.sorted().into_iter();
        ids.filter(|id| {
            let account = accounts.get(*id);
            !account.is_activity() && account.number.starts_with(prefix)
        })
        .map(|id| ledger.balance(id, View::Classic))
        .sum()
    }

    /// The name of the year before, for heads of columns.
    pub(super) fn before_name(&self) -> &str {
        self.before.map_or("N−1", |year| year.name.as_str())
    }

    /// The head of the budget column.
    pub(super) fn budget_name(&self) -> String {
        format!("BP {}", self.budget.map_or("", |year| year.name.as_str())).trim_end().to_owned()
    }
}
