use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::book::{Book, Books};
use crate::chart::Edition;
use crate::journal::tree::Wrap;
use crate::journal::{posting_line, tag_value};
use crate::measure::{FiscalYear, Number};

/// A part of a surplus that the assembly puts in reserve.
#[derive(Clone, Debug)]
pub struct Reserve {
    /// The account: 1063, 1068…
    pub account: String,
    /// Euros.
    pub amount: Decimal,
}

/// The balances that an allocation looks at, in euros; a debit is positive.
#[derive(Clone, Copy, Debug, Default)]
pub struct Waiting {
    /// What 120 and 129 hold: a surplus is a credit.
    pub result: Decimal,
    /// What 110 holds.
    pub carried: Decimal,
    /// What 119 holds: earlier losses.
    pub losses: Decimal,
}

impl Waiting {
    /// The balances on a day of an open year: what it opened with, and what moved since.
    pub fn on(books: &Books, year: &FiscalYear, day: NaiveDate) -> Self {
        let mut waiting = Self::default();
        for entry in books.entries() {
            if entry.date() < year.period.first || entry.date() > day {
                continue;
            }
            for posting in entry.postings().filter(|line| line.book() == Book::Financial) {
                let amount = posting.number().decimal();
                match posting.account().number.get(..3) {
                    Some("120" | "129") => waiting.result += amount,
                    Some("110") => waiting.carried += amount,
                    Some("119") => waiting.losses += amount,
                    _ => {}
                }
            }
        }
        waiting
    }
}

/// The lines that allocate a result: earlier losses first (119), then the reserves, then the report à
/// nouveau. A deficit takes what 110 holds, and 119 keeps the rest.
///
/// # Errors
/// The reserves exceed what is left of the surplus, given back.
pub fn allocation(
    waiting: Waiting,
    reserves: &[Reserve],
) -> Result<Vec<(String, Decimal)>, Decimal> {
    let mut lines: Vec<(String, Decimal)> = Vec::new();
    let mut add = |number: &str, amount: Decimal| {
        if !amount.is_zero() {
            lines.push((number.to_owned(), amount));
        }
    };
    if waiting.result.is_sign_negative() {
        let mut left = -waiting.result;
        add("120", left);
        let cleared = left.min(waiting.losses.max(Decimal::ZERO));
        add("119", -cleared);
        left -= cleared;
        let kept: Decimal = reserves.iter().map(|reserve| reserve.amount).sum();
        if kept > left {
            return Err(left);
        }
        for reserve in reserves {
            add(&reserve.account, -reserve.amount);
        }
        add("110", -(left - kept));
    } else {
        let loss = waiting.result;
        let taken = loss.min((-waiting.carried).max(Decimal::ZERO));
        if !reserves.is_empty() {
            return Err(Decimal::ZERO);
        }
        add("129", -loss);
        add("110", taken);
        add("119", loss - taken);
    }
    Ok(lines)
}

/// What the entry of an allocation says.
#[derive(Clone, Debug)]
pub struct AllocationText<'a> {
    /// The year whose result is allocated.
    pub year: &'a str,
    /// The day of the vote.
    pub vote: NaiveDate,
    /// The day of the entry: that of the vote, else the first open day since.
    pub day: NaiveDate,
    /// Its number: `AFF-0001`.
    pub code: &'a str,
    /// The printed root of the closing.
    pub root: &'a str,
    /// The minutes.
    pub document: &'a str,
}

/// The file of an allocation: one entry, as a journal.
pub fn allocation_file(
    books: &Books,
    said: &AllocationText<'_>,
    lines: &[(String, Decimal)],
) -> String {
    let edition = books.edition(said.day);
    let AllocationText { year, vote, day, code, root, document } = said;
    let document = tag_value(document);
    let dates = if day == vote { vote.to_string() } else { format!("{day}={vote}") };
    let mut text = format!(
        "; Affectation du résultat {year}, votée le {}.\n\ndecimal-mark ,\n\n{dates} * ({code}) Assemblée générale | affectation du résultat {year}   ; affectation: {year}, vote: {vote}, racine: {root}, piece: {document}\n",
        vote.format("%d/%m/%Y")
    );
    text.push_str(&real_lines(books, lines, edition));
    text
}

/// Real lines, one account each.
pub(super) fn real_lines(books: &Books, lines: &[(String, Decimal)], edition: Edition) -> String {
    let mut text = String::new();
    for (number, amount) in lines {
        let name = books.accounts().name(books.accounts().padded(number), None, edition);
        let name = name.unwrap_or_else(|| number.clone());
        text.push_str(&posting_line(Wrap::Real, &name, Some((Number::exact(*amount), "€"))));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cents(amount: i64) -> Decimal {
        Decimal::new(amount, 2)
    }

    fn lines(waiting: Waiting, reserves: &[Reserve]) -> Vec<(String, String)> {
        let made = allocation(waiting, reserves).unwrap_or_default();
        assert!(made.iter().map(|(_, amount)| *amount).sum::<Decimal>().is_zero());
        made.into_iter().map(|(number, amount)| (number, amount.to_string())).collect()
    }

    fn said(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    #[test]
    fn a_surplus_clears_losses_first_then_reserves() {
        let waiting =
            Waiting { result: cents(-10_000), carried: Decimal::ZERO, losses: cents(3_000) };
        let reserve = |amount| [Reserve { account: "1068".to_owned(), amount }];
        assert_eq!(
            lines(waiting, &reserve(cents(2_000))),
            said(&[("120", "100.00"), ("119", "-30.00"), ("1068", "-20.00"), ("110", "-50.00")])
        );
        assert_eq!(allocation(waiting, &reserve(cents(8_000))).err(), Some(cents(7_000)));
    }

    #[test]
    fn a_deficit_takes_what_was_carried_then_waits() {
        let waiting =
            Waiting { result: cents(10_000), carried: cents(-4_000), losses: Decimal::ZERO };
        assert_eq!(
            lines(waiting, &[]),
            said(&[("129", "-100.00"), ("110", "40.00"), ("119", "60.00")])
        );
    }

    /// On every mixture of signs and limits: what was lost is cleared before anything is kept, a deficit
    /// takes no more than what was carried, nothing is made up, and no reserve comes from a deficit.
    #[test]
    fn an_allocation_takes_from_what_is_there() {
        let amounts = [-10_000, -3_000, -1, 0, 1, 3_000, 10_000];
        let reserves = [0, 1, 2_999, 3_000, 7_000, 10_000, 10_001];
        let every = amounts.iter().flat_map(|result| {
            let rest = move |carried| amounts.map(move |losses| (*result, carried, losses));
            amounts.into_iter().flat_map(rest)
        });
        for ((result, carried, losses), kept) in
            every.flat_map(|one| reserves.map(|kept| (one, kept)))
        {
            let told = format!("{result} {carried} {losses} {kept}");
            let waiting =
                Waiting { result: cents(result), carried: cents(carried), losses: cents(losses) };
            let half = kept / 2;
            let asked: Vec<Reserve> = [("1064", half), ("1068", kept - half)]
                .into_iter()
                .filter(|(_, amount)| *amount > 0)
                .map(|(account, amount)| Reserve {
                    account: account.to_owned(),
                    amount: cents(amount),
                })
                .collect();
            let free = if result < 0 { (-result - losses.max(0)).max(0) } else { 0 };
            let made = match allocation(waiting, &asked) {
                Err(left) => {
                    assert!(kept > free && left == cents(free), "{told}: {left}");
                    continue;
                }
                Ok(made) => made,
            };
            assert!(kept <= free, "{told}");
            assert!(made.iter().all(|(_, amount)| !amount.is_zero()), "{told}: {made:?}");
            let of = |number: &str| -> Decimal {
                made.iter().filter(|(own, _)| own == number).map(|(_, amount)| *amount).sum()
            };
            assert!(made.iter().map(|(_, amount)| *amount).sum::<Decimal>().is_zero(), "{told}");
            assert_eq!(of("120") + of("129"), -cents(result), "{told}");
            assert_eq!(of("1064") + of("1068"), -cents(kept), "{told}");
            if result < 0 {
                assert_eq!(of("129"), Decimal::ZERO, "{told}");
                // What is left of earlier losses after a surplus, when it was not enough.
                let after = cents(losses.max(0)) + of("119");
                assert!(after >= Decimal::ZERO, "{told}");
                assert!(after.is_zero() || of("110").is_zero(), "{told}");
                assert_eq!(of("110"), -cents(free - kept), "{told}");
            } else {
                assert_eq!(of("120"), Decimal::ZERO, "{told}");
                // What was carried is taken first, and never becomes a debt.
                assert_eq!(of("110"), cents(result.min((-carried).max(0))), "{told}");
                assert!(of("119").is_zero() || of("110") == cents((-carried).max(0)), "{told}");
            }
        }
    }
}
