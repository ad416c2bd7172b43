//! A world kept: its books, its CARE ledger, and its figures read from the ledgers alone.

use std::collections::BTreeMap;

use compta::book::{Book, Books, ReadError, Sources, Years, load};
use compta::care::{Care, reckoned};
use compta::diagnostic::SourceMap;
use compta::ledger::Annual;
use compta::measure::FiscalYear;
use compta::register::Registers;
use rust_decimal::Decimal;

use super::world::World;

/// One journal in memory.
struct Alone(String);

impl Sources for Alone {
    fn read(&self, _: &str) -> Result<Vec<u8>, ReadError> {
        Ok(self.0.clone().into_bytes())
    }
    fn list(&self, _: &str) -> Result<Vec<String>, ReadError> {
        Ok(Vec::new())
    }
}

/// A world's books with what its policy derives.
pub struct Kept {
    pub books: Books,
    pub care: Care,
    pub annual: Annual,
    pub registers: Registers,
}

/// Reads books without their policy.
pub fn plain(journal: String) -> Books {
    let (books, findings) =
        load("essai", &Alone(journal), Years::default(), SourceMap::default(), 1)
            .unwrap_or_else(|(_, error)| panic!("{error:?}"));
    assert!(findings.iter().all(|finding| !finding.is_error()), "{findings:?}");
    books
}

/// Reads books with their policy.
pub fn keep(policy: &str, journal: String) -> Kept {
    let (mut map, mut findings) = (SourceMap::default(), Vec::new());
    let id = map.add("care.toml", policy.to_owned().into_bytes()).unwrap();
    let base = map.get(id).base();
    let mut registers = Registers::default();
    registers.read("care.toml", policy, base, &mut findings);
    let (mut books, found) = load("essai", &Alone(journal), Years::default(), map, 1)
        .unwrap_or_else(|(_, error)| panic!("{error:?}"));
    findings.extend(found);
    let care = reckoned(&books, &registers, &[]).enter(&mut books, &mut findings);
    let care = care.expect("a policy with a capital");
    assert!(findings.iter().all(|finding| !finding.is_error()), "{findings:?}\n{policy}");
    let annual = Annual::of(&mut books);
    Kept { books, care, annual, registers }
}

impl World {
    pub fn keep(&self) -> Kept {
        keep(&self.policy(), self.journal())
    }
}

/// The balances of a year by account number, one book.
pub type Page = BTreeMap<String, Decimal>;

/// Credits less debits of the accounts that fit.
pub fn credit(page: &Page, fits: impl Fn(&str) -> bool) -> Decimal {
    page.iter().filter(|(number, _)| fits(number)).map(|(_, balance)| -*balance).sum()
}

/// The figures of a year, as the model names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    pub provision: Decimal,
    pub debts: BTreeMap<&'static str, Decimal>,
    pub works: Decimal,
    pub uses: Decimal,
    pub classic: Decimal,
    pub flux: Decimal,
    pub carried_classic: Decimal,
    pub carried_flux: Decimal,
    /// Results of book C on its own accounts, debit positive, nil ones left out.
    pub steps: BTreeMap<String, Decimal>,
    /// Kilograms, the year's T60, T65 and T75 closed into T10.
    pub tonnes: BTreeMap<&'static str, Decimal>,
}

const DEBTS: [&str; 5] = ["C1711", "C1712", "C172", "C1821", "C1822"];

fn is_result(number: &str) -> bool {
    number.trim_start_matches('C').starts_with(['6', '7'])
}

impl Kept {
    pub fn years(&self) -> Vec<FiscalYear> {
        self.annual.years().cloned().collect()
    }

    /// The balances of a year in one book.
    pub fn page(&self, year: &FiscalYear, book: Book) -> Page {
        let ledger = self.annual.ledger(year).unwrap();
        let mut page = Page::new();
        for id in self.books.accounts().sorted() {
            let balance = ledger.movement(id, book).balance().decimal();
            if !balance.is_zero() {
                *page.entry(self.books.accounts().get(id).number.clone()).or_default() += balance;
            }
        }
        page
    }

    /// The result and the report à nouveau of the CARE ledger in a presentation of the ledgers.
    pub fn presented(&self, shown: &Annual, year: &FiscalYear) -> (Decimal, Decimal) {
        let ledger = shown.ledger(year).unwrap();
        let (mut result, mut carried) = (Decimal::ZERO, Decimal::ZERO);
        for id in self.books.accounts().sorted() {
            let number = &self.books.accounts().get(id).number;
            let of = |book| -ledger.movement(id, book).balance().decimal();
            let both = of(Book::Financial) + of(Book::Care);
            if is_result(number) {
                result += both;
            } else if number == "C110" || number == "110" || number.starts_with("12") {
                carried += both;
            }
        }
        (result, carried)
    }

    pub fn figures(&self, year: &FiscalYear) -> Figures {
        let financial = self.page(year, Book::Financial);
        let care = self.page(year, Book::Care);
        let tonnes = self.page(year, Book::Tonnes);
        let starts = |prefixes: &'static [&'static str]| {
            move |number: &str| prefixes.iter().any(|prefix| number.starts_with(prefix))
        };
        let classic = credit(&financial, is_result);
        let of = |number: &str| tonnes.get(number).copied().unwrap_or_default();
        let sum = |prefix: &str| -> Decimal {
            tonnes.iter().filter(|(n, _)| n.starts_with(prefix)).map(|(_, b)| *b).sum()
        };
        let closed = of("T10") + sum("T60") + of("T65") + of("T75");
        Figures {
            provision: credit(&financial, starts(&["158"])),
            debts: DEBTS.map(|number| (number, credit(&care, |n| n == number))).into(),
            works: -credit(&care, starts(&["C231", "C291"])),
            uses: -credit(&care, starts(&["C212", "C2812"])),
            classic,
            flux: classic + credit(&care, is_result),
            carried_classic: credit(&financial, starts(&["110", "12"])),
            carried_flux: credit(&financial, starts(&["110", "12"]))
                + credit(&care, |number| number == "C110"),
            steps: care
                .iter()
                .filter(|(number, _)| number.starts_with('C') && is_result(number))
                .map(|(number, balance)| (number.clone(), *balance))
                .collect(),
            tonnes: [
                ("T10", closed),
                ("T170", -of("T170")),
                ("T171", -of("T171")),
                ("T172", -of("T172")),
                ("T173", -of("T173")),
                ("T31", of("T31")),
                ("T32", of("T32")),
            ]
            .into(),
        }
    }
}

impl Figures {
    /// D: every recognised debt.
    pub fn owed(&self) -> Decimal {
        self.debts.values().sum()
    }
}
