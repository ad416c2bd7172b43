use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::book::{AccountId, Book, Books, Deriver, EntryRef, PostingRef};
use crate::diagnostic::Span;
use crate::measure::{Period, Sum};

/// An invoice, a payment, a grant: a line of a third party, and what is left of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The account with its auxiliary: the tiers.
    pub account: AccountId,
    /// The day of its document, in the year where it was booked.
    pub day: NaiveDate,
    /// The day of its entry.
    pub booked: NaiveDate,
    /// What is left of it; a debit is positive.
    pub amount: Sum,
    /// What was booked.
    pub whole: Sum,
    /// Its line in the user's file (or in the text of the rule that derived it), never in an opening.
    pub at: Span,
    /// What its tags say, shared by all who look at it; most lines say nothing.
    told: Option<Arc<Told>>,
}

/// What the tags of a line and its entry say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Told {
    document: String,
    letter: String,
    lettered: String,
    convention: String,
}

/// Lines of third parties, by account and auxiliary.
pub type Items = BTreeMap<AccountId, Vec<Item>>;

impl Item {
    fn of(entry: &EntryRef<'_>, posting: &PostingRef<'_>) -> Self {
        let amount = posting.number().sum();
        let mut item = Self {
            account: posting.account_id(),
            day: entry.secondary().unwrap_or(entry.date()),
            booked: entry.date(),
            amount,
            whole: amount,
            at: posting.line_span(),
            told: None,
        };
        entry.tags().for_each(|(name, value)| item.take(name, value));
        posting.tags().for_each(|(name, value)| item.take(name, value));
        item
    }

    /// Its document; nothing when it has none.
    pub fn document(&self) -> &str {
        self.told.as_ref().map_or("", |told| &told.document)
    }

    /// Its letter, when it was matched.
    pub fn letter(&self) -> &str {
        self.told.as_ref().map_or("", |told| &told.letter)
    }

    /// The day since which its letter matches it, as it is written.
    pub fn lettered(&self) -> &str {
        self.told.as_ref().map_or("", |told| &told.lettered)
    }

    /// Its convention.
    pub fn convention(&self) -> &str {
        self.told.as_ref().map_or("", |told| &told.convention)
    }

    /// Forgets its document.
    pub fn forget_document(&mut self) {
        self.tell(|told| &mut told.document, "");
    }

    /// How many days its document is old.
    pub fn age(&self, on: NaiveDate) -> i64 {
        (on - self.day).num_days()
    }

    fn take(&mut self, name: &str, value: &str) {
        let place: fn(&mut Told) -> &mut String = match name {
            "piece" => |told| &mut told.document,
            "convention" => |told| &mut told.convention,
            "lettrage" => |told| &mut told.letter,
            "datelet" => |told| &mut told.lettered,
            "origine" => {
                self.day = value.parse().unwrap_or(self.day);
                return;
            }
            _ => return,
        };
        self.tell(place, value);
    }

    fn tell(&mut self, place: fn(&mut Told) -> &mut String, value: &str) {
        value.clone_into(place(Arc::make_mut(self.told.get_or_insert_default())));
    }
}

/// The accounts whose items are carried one by one: suppliers, clients, grants, other debtors.
const ITEMISED: [&str; 5] = ["40", "41", "441", "467", "468"];

/// Whether an account's items are carried one by one.
pub fn is_itemised(number: &str) -> bool {
    ITEMISED.iter().any(|root| number.starts_with(root))
}

/// Every line of some days on itemised accounts that `wanted` takes, after what was carried to them.
///
/// The derived opening is left out: it says what `carried` says, and where it comes from besides.
pub(super) fn lines(
    books: &Books,
    days: Period,
    carried: &Items,
    wanted: impl Fn(AccountId) -> bool,
) -> Items {
    let mut flags = vec![false; books.accounts().len()];
    let mut any = false;
    for id in books.accounts().sorted() {
        if is_itemised(&books.accounts().get(id).number) && wanted(id) {
            flags[id.rank()] = true;
            any = true;
        }
    }
    if !any {
        return Items::new();
    }
    let mut found: Vec<Vec<Item>> = flags.iter().map(|_| Vec::new()).collect();
    let own = books.found_in(days, |found, entry| {
        if matches!(entry.deriver(), Some(Deriver::Care | Deriver::Opening)) {
            return;
        }
        for posting in entry.postings() {
            let id = posting.account_id();
            if posting.book() == Book::Financial && flags[id.rank()] {
                found.push(Item::of(&entry, &posting));
            }
        }
    });
    own.for_each(|item| found[item.account.rank()].push(item));
    for (id, items) in carried.iter().filter(|(id, _)| flags[id.rank()]) {
        found[id.rank()].extend(items.iter().cloned());
    }
    let every = books.accounts().sorted().into_iter();
    every
        .map(|id| (id, std::mem::take(&mut found[id.rank()])))
        .filter(|(_, own)| !own.is_empty())
        .collect()
}

/// The items of the openings that a year received, each with what the year before knows of it: its
/// original day and its convention, where the file has them not.
pub(super) fn received(books: &Books, days: Period, open: &Items) -> Items {
    let mut left = open.clone();
    let mut found = Items::new();
    for entry in books.derived(Deriver::Opening).filter(|entry| days.contains(entry.date())) {
        for posting in entry.postings().filter(|posting| posting.book() == Book::Financial) {
            let id = posting.account_id();
            if !is_itemised(&posting.account().number) {
                continue;
            }
            let mut item = Item::of(&entry, &posting);
            if let Some(known) = left.get_mut(&id) {
                let same = |other: &Item| other.amount == item.amount;
                let document = |other: &Item| same(other) && other.document() == item.document();
                let rank = known.iter().position(document).or_else(|| known.iter().position(same));
                if let Some(own) = rank.map(|rank| known.remove(rank)) {
                    item.day = item.day.min(own.day);
                    item.tell(|told| &mut told.convention, own.convention());
                }
            }
            found.entry(id).or_default().push(item);
        }
    }
    found
}

/// What letters, conventions and the order of days leave open of the lines of some accounts; the sum of
/// each account stays the same.
///
/// The one rule of settlement: a letter settles its own lines; without one, a convention settles its own;
/// what is left is settled oldest first (Code civil art. 1342-10). A tiers whose lines sum to nothing
/// owes nothing.
pub fn open_items(lines: Items) -> Items {
    let open = lines.into_iter().map(|(id, items)| (id, still_open(items)));
    open.filter(|(_, items)| !items.is_empty()).collect()
}

/// What is left open on one account.
fn still_open(items: Vec<Item>) -> Vec<Item> {
    let before: Sum = items.iter().map(|item| item.amount).sum();
    if before.is_zero() {
        return Vec::new();
    }
    let alone = |item: &Item| item.letter().is_empty() && item.convention().is_empty();
    let mut open = if items.iter().all(alone) {
        oldest_first(items)
    } else {
        let mut groups: BTreeMap<(String, String), Vec<Item>> = BTreeMap::new();
        for item in items {
            // A letter matches across conventions; without one, a payment settles its own.
            let convention = if item.letter().is_empty() { item.convention() } else { "" };
            let group = (item.letter().to_owned(), convention.to_owned());
            groups.entry(group).or_default().push(item);
        }
        groups.into_values().flat_map(oldest_first).collect()
    };
    open.retain(|item| !item.amount.is_zero());
    open.sort_by(|a, b| (a.day, a.document()).cmp(&(b.day, b.document())));
    let after: Sum = open.iter().map(|item| item.amount).sum();
    assert!(before == after, "open items sum to {after}, not to {before}");
    open
}

/// Debits and credits settle each other, oldest first; what is left is on one side.
fn oldest_first(mut items: Vec<Item>) -> Vec<Item> {
    items.sort_by_key(|item| item.day);
    let credits = items.iter().filter(|item| item.amount.is_negative()).count();
    if credits == 0 || credits == items.len() {
        return items;
    }
    let (mut credits, mut debits): (Vec<Item>, Vec<Item>) =
        items.into_iter().partition(|item| item.amount.is_negative());
    let (mut next_credit, mut next_debit) = (0, 0);
    while let (Some(credit), Some(debit)) =
        (credits.get_mut(next_credit), debits.get_mut(next_debit))
    {
        let left = debit.amount + credit.amount;
        if left.is_negative() {
            credit.amount = left;
            next_debit += 1;
        } else {
            debit.amount = left;
            next_credit += 1;
            next_debit += usize::from(left.is_zero());
        }
    }
    debits.drain(..next_debit);
    debits.extend(credits.drain(next_credit..));
    debits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Number;

    fn item(day: u32, amount: i64, letter: &str) -> Item {
        let amount = Number::new(amount * 100, 2).sum();
        let account = Books::default().account("401");
        let day_of = NaiveDate::from_ymd_opt(2024, 1, day).unwrap_or_default();
        let mut item = Item {
            account,
            day: day_of,
            booked: day_of,
            amount,
            whole: amount,
            at: Span::new(0, 0),
            told: None,
        };
        item.take("piece", &format!("F{day}"));
        item.take("lettrage", letter);
        item
    }

    fn left(items: Vec<Item>) -> Vec<(String, String)> {
        still_open(items)
            .into_iter()
            .map(|i| (i.document().to_owned(), i.amount.decimal().to_string()))
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
        let of = |convention: &str, mut item: Item| {
            item.take("convention", convention);
            item
        };
        let items =
            vec![of("A", item(1, 100, "")), of("B", item(2, 80, "")), of("B", item(3, -80, ""))];
        assert_eq!(left(items), words(&[("F1", "100")]));
    }

    #[test]
    fn a_tiers_that_balances_owes_nothing() {
        let of = |convention: &str, mut item: Item| {
            item.take("convention", convention);
            item
        };
        assert!(left(vec![of("A", item(1, 100, "")), item(2, -100, "")]).is_empty());
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
