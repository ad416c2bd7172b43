use super::derived::Rule;
use crate::book::{AccountId, Book, Books, EntryRef, Origin};
use crate::ledger::{Annual, Ledger};
use crate::measure::{FiscalYear, Sum};

/// The account of the presentation in stock: computed for each statement, never posted.
pub const PRESENTATION: &str = "C680";

/// Book C at a moment, in euros, as the laws name it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balances {
    /// P: the classic carbon provision, as book C takes it away.
    pub provision: Sum,
    /// D: every recognised debt.
    pub debts: Sum,
    /// W: projects, less their depreciation.
    pub works: Sum,
    /// U: uses of lasting capitals, less their amortissements.
    pub uses: Sum,
}

impl Balances {
    /// Those at the end of a ledger.
    pub fn of(books: &Books, ledger: &Ledger) -> Self {
        let mut balances = Self::default();
        for id in books.accounts().sorted() {
            balances.add(books, id, ledger.movement(id, Book::Care).balance());
        }
        balances
    }

    /// Those with which a year opens.
    pub fn at_opening(books: &Books, year: &FiscalYear) -> Self {
        let mut balances = Self::default();
        let during = books.entries().filter(|entry| year.period.contains(entry.date()));
        for entry in during.filter(opens_care) {
            for posting in entry.postings().filter(|posting| posting.book() == Book::Care) {
                balances.add(books, posting.account_id(), posting.number().sum());
            }
        }
        balances
    }

    fn add(&mut self, books: &Books, id: AccountId, balance: Sum) {
        match part_of(&books.accounts().get(id).number) {
            Some(Part::Provision) => self.provision += balance,
            Some(Part::Debts) => self.debts += -balance,
            Some(Part::Works) => self.works += balance,
            Some(Part::Uses) => self.uses += balance,
            None => {}
        }
    }

    /// What a year's stock result has more than its flux result (law I5):
    /// `−m − D(n−1) − ΔW − ΔU`, `self` being the closing.
    pub fn stock_less_flux(&self, opening: &Self) -> Sum {
        -(self.provision - opening.provision)
            - opening.debts
            - (self.works - opening.works)
            - (self.uses - opening.uses)
    }
}

/// A part of book C, as the laws name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// P, the classic carbon provision that book C takes away.
    Provision,
    /// D, the debts.
    Debts,
    /// W, the projects and their depreciation.
    Works,
    /// U, the uses of lasting capitals.
    Uses,
}

/// The part that an account is of, by its number; `None` for results and what is carried.
pub fn part_of(number: &str) -> Option<Part> {
    let Some(care) = number.strip_prefix('C') else {
        return number.starts_with('1').then_some(Part::Provision);
    };
    match care.as_bytes() {
        [b'1', b'7' | b'8', ..] => Some(Part::Debts),
        [b'2', b'3' | b'9', ..] => Some(Part::Works),
        [b'2', b'1' | b'8', ..] => Some(Part::Uses),
        _ => None,
    }
}

/// Whether an entry opens book C: a derived or written opening, C-OPEN or C-CORR (both stand outside
/// the result, whatever their day), or one written by hand that
/// touches C110 and no account of result.
///
/// C110 alone would not tell: where debts and provision are equal, an opening leaves it out.
pub fn opens_care(entry: &EntryRef<'_>) -> bool {
    let lines = || entry.postings().filter(|posting| posting.book() == Book::Care);
    if let Origin::Derived(by) = entry.origin()
        && [Rule::Open, Rule::Correct].iter().any(|rule| by.rule.starts_with(rule.name()))
    {
        return true;
    }
    if entry.opens() {
        return lines().next().is_some();
    }
    lines().any(|posting| posting.account().number == "C110")
        && !lines().any(|posting| is_result(&posting.account().number))
}

/// Whether an account makes the result, in either ledger.
fn is_result(number: &str) -> bool {
    number.strip_prefix('C').unwrap_or(number).starts_with(['6', '7'])
}

/// The same ledgers, presented in stock: the whole outstanding debt set against each year's result.
///
/// Two cells move, the report à nouveau and the résultat; nothing is posted.
pub fn in_stock(books: &mut Books, annual: &Annual) -> Annual {
    let carried = books.account("C110");
    let presented = books.account(PRESENTATION);
    let mut shown = annual.clone();
    for year in annual.years().cloned().collect::<Vec<FiscalYear>>() {
        let Some(ledger) = annual.ledger(&year) else { continue };
        let (closing, opening) = (Balances::of(books, ledger), Balances::at_opening(books, &year));
        let more = closing.stock_less_flux(&opening);
        shown.present(&year, books, &[(presented, -more), (carried, more)]);
    }
    shown
}
