use std::collections::BTreeMap;

use super::balances::PRESENTATION;
use super::factor::Factors;
use super::facts::Facts;
use super::failed::after_failure;
use super::inventory::Inventory;
use super::keeper::Keeper;
use super::kept::Kept;
use super::work::{Standing, Work, unknown_year};
use super::{facts, threshold};
use crate::book::{Book, Books};
use crate::chart::Edition;
use crate::diagnostic::{Code, Finding, Span};
use crate::measure::{FiscalYear, Sum};
use crate::register::{CarePolicy, Registers};

/// What a policy makes of the books.
#[derive(Clone, Debug)]
pub struct Care {
    /// The emission factors.
    pub factors: Factors,
    /// The inventory of emissions.
    pub inventory: Inventory,
    /// The CARE ledger, year by year.
    pub kept: Kept,
}

/// Derives the CARE ledger from the books, and adds its entries to them.
///
/// `None` without a policy that names a capital. What the model refuses is a finding; nothing is
/// added to the books then.
pub fn care(books: &mut Books, registers: &Registers, findings: &mut Vec<Finding>) -> Option<Care> {
    let policy = registers.care.as_ref().filter(|policy| policy.keeps_a_ledger())?;
    let before = findings.len();
    let factors = Factors::of(policy, findings);
    let inventory = Inventory::of(books, registers, policy, &factors, findings);
    let years = kept_years(books, policy, findings);
    names(books, policy, findings);
    threshold::check(policy, books.years(), &years, findings);
    let works = Work::all(policy, books.years(), findings);
    let kept = match years.first() {
        None => Kept::default(),
        Some(first) => {
            let facts = Facts::of(books, policy, first, findings);
            foreign_accounts(books, policy, findings);
            after_failure(&works, &facts, findings);
            let standing = vec![Standing::default(); works.len()];
            let keeper = Keeper {
                books,
                policy,
                factors: &factors,
                inventory: &inventory,
                facts: &facts,
                works,
                standing,
                debts: Vec::new(),
                uses: Vec::new(),
                paid: BTreeMap::new(),
                entries: Vec::new(),
                findings,
            };
            keeper.keep(&years)
        }
    };
    if findings[before..].iter().all(|finding| !finding.is_error()) {
        write(books, &kept);
    }
    Some(Care { factors, inventory, kept })
}

/// Adds the derived entries to the books, numbered within each year.
fn write(books: &mut Books, kept: &Kept) {
    for year in &kept.years {
        for (rank, entry) in year.entries.iter().enumerate() {
            let text = format!("decimal-mark ,\n\n{}", entry.text(books, rank + 1));
            books.derive(entry.derivation(books), text);
        }
    }
}

/// The years of the ledger: from the first that the policy keeps to the last that has entries.
fn kept_years(books: &Books, policy: &CarePolicy, findings: &mut Vec<Finding>) -> Vec<FiscalYear> {
    let mut span: Option<crate::measure::Period> = None;
    books.visit(|date, _, _| {
        span = Some(match span {
            None => crate::measure::Period { first: date, last: date },
            Some(known) => {
                crate::measure::Period { first: known.first.min(date), last: known.last.max(date) }
            }
        });
    });
    let Some(span) = span else { return Vec::new() };
    let mut years = books.years().within(span);
    if let Some(since) = &policy.since {
        match years.iter().position(|year| year.name == since.value) {
            Some(first) => {
                years.drain(..first);
            }
            None => findings.push(unknown_year(&since.value, since.at)),
        }
    }
    years
}

/// The fiscal years that the policy names exist.
fn names(books: &Books, policy: &CarePolicy, findings: &mut Vec<Finding>) {
    let lots = policy.lots.iter().map(|lot| &lot.year);
    let prices = policy.prices.iter().map(|price| &price.year);
    let corrected = policy.corrections.iter().flat_map(|known| [&known.year, &known.found]);
    let since = policy.provisions.iter().filter_map(|accounts| accounts.since.as_ref());
    for name in lots.chain(prices).chain(corrected).chain(since) {
        if books.years().period_named(&name.value).is_none() {
            findings.push(unknown_year(&name.value, name.at));
        }
    }
}

/// Bracketed lines go to accounts of the model, or take the carbon provision away.
fn foreign_accounts(books: &Books, policy: &CarePolicy, findings: &mut Vec<Finding>) {
    for entry in books.written() {
        for posting in entry.postings() {
            let number = &posting.account().number;
            let known = match posting.book() {
                Book::Financial | Book::Activity => true,
                Book::Tonnes => Edition::Anc2022.title(number).is_some(),
                Book::Care if number.starts_with('C') => {
                    number != PRESENTATION && Edition::Anc2022.title(number).is_some()
                }
                Book::Care => {
                    let accounts = facts::provision_accounts(books, policy, entry.date());
                    accounts.is_some_and(|accounts| {
                        [&accounts.provision, &accounts.charge, &accounts.reversal]
                            .iter()
                            .any(|select| select.reach(number, Sum::ZERO).is_some())
                    })
                }
            };
            if !known {
                findings.push(foreign(number, posting.account_span()));
            }
        }
    }
}

fn foreign(number: &str, at: Span) -> Finding {
    let help = if number.starts_with(['C', 'T']) {
        "écrivez un compte du modèle : `docs/guide.md` les donne"
    } else {
        "nommez ce compte dans `[[provision]]` de `care.toml`, ou écrivez une ligne réelle"
    };
    Finding::new(Code::CareAccount, at, format!("le compte {number} n’est pas du modèle CARE"))
        .label("entre crochets")
        .help(help)
}
