use std::collections::{BTreeMap, VecDeque};

use chrono::NaiveDate;

use crate::book::{AccountId, Book, Books, Deriver};
use crate::measure::{Period, Sum};

/// An invoice, a payment, a grant that nothing has settled when a year ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// The day of its document, in the year where it was booked.
    pub(super) day: NaiveDate,
    /// Its document.
    pub(super) document: String,
    /// Its letter, when it was matched in part.
    pub(super) letter: String,
    /// Its convention.
    pub(super) convention: String,
    /// What is left of it; a debit is positive.
    pub(super) amount: Sum,
}

/// The accounts whose items are carried one by one: suppliers, clients, grants, other debtors.
const ITEMISED: [&str; 5] = ["40", "41", "441", "467", "468"];

/// Whether an account's items are carried one by one.
pub(super) fn is_itemised(number: &str) -> bool {
    ITEMISED.iter().any(|root| number.starts_with(root))
}

/// The open items of a year, for the accounts of book F that are itemised and do not balance.
///
/// Letters decide, and conventions. What is left is settled oldest first (Code civil art. 1342-10).
pub(super) fn open_items(
    books: &Books,
    year: Period,
    owed: impl Fn(AccountId) -> bool,
) -> BTreeMap<AccountId, Vec<Item>> {
    let ids = books.accounts().sorted().into_iter();
    let wanted: Vec<AccountId> =
        ids.filter(|id| is_itemised(&books.accounts().get(*id).number) && owed(*id)).collect();
    let mut flags = vec![false; books.accounts().len()];
    for id in &wanted {
        flags[id.rank()] = true;
    }
    let mut found: BTreeMap<AccountId, Vec<Item>> = BTreeMap::new();
    if wanted.is_empty() {
        return found;
    }
    for entry in books.entries().filter(|entry| year.contains(entry.date())) {
        if entry.deriver() == Some(Deriver::Care) {
            continue;
        }
        for posting in entry.postings() {
            let id = posting.account_id();
            if posting.book() != Book::Financial || !flags[id.rank()] {
                continue;
            }
            let mut item = Item {
                day: entry.secondary().unwrap_or(entry.date()),
                document: String::new(),
                letter: String::new(),
                convention: String::new(),
                amount: posting.number().sum(),
            };
            entry.tags().for_each(|(name, value)| item.take(name, value));
            posting.tags().for_each(|(name, value)| item.take(name, value));
            found.entry(id).or_default().push(item);
        }
    }
    found.into_iter().map(|(id, items)| (id, still_open(items))).collect()
}

impl Item {
    fn take(&mut self, name: &str, value: &str) {
        match name {
            "piece" => value.clone_into(&mut self.document),
            "convention" => value.clone_into(&mut self.convention),
            "lettrage" => value.clone_into(&mut self.letter),
            "origine" => self.day = value.parse().unwrap_or(self.day),
            _ => {}
        }
    }
}

/// What letters and the order of days leave open; the sum stays the same.
fn still_open(items: Vec<Item>) -> Vec<Item> {
    let before: Sum = items.iter().map(|item| item.amount).sum();
    let mut groups: BTreeMap<(String, String), Vec<Item>> = BTreeMap::new();
    for item in items {
        // A letter matches across conventions; without one, a payment settles its own.
        let convention =
            if item.letter.is_empty() { item.convention.clone() } else { String::new() };
        groups.entry((item.letter.clone(), convention)).or_default().push(item);
    }
    let mut open: Vec<Item> = groups.into_values().flat_map(oldest_first).collect();
    open.retain(|item| !item.amount.is_zero());
    open.sort_by(|a, b| (a.day, &a.document).cmp(&(b.day, &b.document)));
    let after: Sum = open.iter().map(|item| item.amount).sum();
    assert!(before == after, "open items sum to {after}, not to {before}");
    open
}

/// Debits and credits settle each other, oldest first; what is left is on one side.
fn oldest_first(mut items: Vec<Item>) -> Vec<Item> {
    items.sort_by_key(|item| item.day);
    let (credits, debits): (VecDeque<Item>, VecDeque<Item>) =
        items.into_iter().partition(|item| item.amount.is_negative());
    let (mut credits, mut debits) = (credits, debits);
    while let (Some(credit), Some(debit)) = (credits.front_mut(), debits.front_mut()) {
        let left = debit.amount + credit.amount;
        if left.is_negative() {
            credit.amount = left;
            debits.pop_front();
        } else {
            debit.amount = left;
            credits.pop_front();
            if left.is_zero() {
                debits.pop_front();
            }
        }
    }
    debits.into_iter().chain(credits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Number;

    fn item(day: u32, amount: i64, letter: &str) -> Item {
        Item {
            day: NaiveDate::from_ymd_opt(2024, 1, day).unwrap_or_default(),
            document: format!("F{day}"),
            letter: letter.to_owned(),
            convention: String::new(),
            amount: Number::new(amount * 100, 2).sum(),
        }
    }

    fn left(items: Vec<Item>) -> Vec<(String, String)> {
        still_open(items)
            .into_iter()
            .map(|i| (i.document, i.amount.decimal().to_string()))
            .collect()
    }

    fn words(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    #[test]
    fn without_letters_the_oldest_are_settled_first() {
        let items = vec![item(1, 100, ""), item(5, 80, ""), item(9, 50, ""), item(10, -130, "")];
        assert_eq!(left(items), words(&[("F5", "50"), ("F9", "50")]));
        assert_eq!(left(vec![item(1, 100, ""), item(2, -130, "")]), words(&[("F2", "-30")]));
    }

    #[test]
    fn a_payment_settles_its_own_convention() {
        let of = |convention: &str, item: Item| Item { convention: convention.to_owned(), ..item };
        let items =
            vec![of("A", item(1, 100, "")), of("B", item(2, 80, "")), of("B", item(3, -80, ""))];
        assert_eq!(left(items), words(&[("F1", "100")]));
    }

    #[test]
    fn letters_decide_where_there_are_some() {
        let items = vec![
            item(1, 100, "A"),
            item(2, -100, "A"),
            item(3, 70, "B"),
            item(4, -20, "B"),
            item(5, 10, ""),
            item(6, -3, ""),
        ];
        let open = words(&[("F3", "50"), ("F5", "7")]);
        assert_eq!(left(items), open);
    }
}
