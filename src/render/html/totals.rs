use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::ledger::{LedgerAccount, LedgerLine};
use crate::measure::amount;

/// Debits and credits, both positive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sides {
    pub(super) debit: Decimal,
    pub(super) credit: Decimal,
}

impl Sides {
    fn take(&mut self, amount: Decimal) {
        if amount.is_sign_negative() {
            self.credit -= amount;
        } else {
            self.debit += amount;
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.debit += other.debit;
        self.credit += other.credit;
    }

    /// The same without some of them.
    pub(super) fn less(self, other: Self) -> Self {
        Self { debit: self.debit - other.debit, credit: self.credit - other.credit }
    }

    /// Debits less credits.
    pub(super) fn balance(self) -> Decimal {
        self.debit - self.credit
    }
}

/// What some lines of one unit add up to.
#[derive(Clone, Debug, Default)]
pub(super) struct Total {
    /// In the classic ledger, when it has a line.
    pub(super) classic: Option<Sides>,
    /// In the CARE ledger, which holds the classic one.
    pub(super) care: Sides,
    /// What opened the year, in the classic and in the CARE ledger.
    pub(super) opened: [Sides; 2],
    /// The classic balance of each group of lines.
    pub(super) groups: BTreeMap<String, Decimal>,
}

impl Total {
    /// Debits less credits of the classic ledger.
    pub(super) fn classic_balance(&self) -> Decimal {
        self.classic.unwrap_or_default().balance()
    }
}

/// What the lines of an account add up to, unit by unit; euros are the unit without a name.
pub(super) fn totals(lines: &[LedgerLine]) -> BTreeMap<&str, Total> {
    let mut totals: BTreeMap<&str, Total> = BTreeMap::new();
    for line in lines {
        let total = totals.entry(&line.unit).or_default();
        total.care.take(line.amount);
        if line.opens {
            total.opened[1].take(line.amount);
        }
        if line.care {
            continue;
        }
        total.classic.get_or_insert_default().take(line.amount);
        if line.opens {
            total.opened[0].take(line.amount);
        }
        if !line.group.is_empty() {
            *total.groups.entry(line.group.clone()).or_default() += line.amount;
        }
    }
    totals
}

/// Whether the CARE ledger has lines there that the classic one has not.
pub(super) fn differs(account: &LedgerAccount) -> bool {
    account.lines.iter().any(|line| line.care)
}

/// An amount with its unit; nil is a dash.
pub(super) fn words(value: Decimal, unit: &str) -> String {
    if value.is_zero() {
        return "–".to_owned();
    }
    format!("{} {unit}", amount(value, 2)).trim_end().to_owned()
}

/// An amount on its side; the other is blank.
pub(super) fn on_sides(value: Decimal, unit: &str) -> [String; 2] {
    match value.cmp(&Decimal::ZERO) {
        std::cmp::Ordering::Less => [String::new(), words(-value, unit)],
        std::cmp::Ordering::Equal => [words(value, unit), words(value, unit)],
        std::cmp::Ordering::Greater => [words(value, unit), String::new()],
    }
}
