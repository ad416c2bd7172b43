//! Classic beside CARE: the bridges from one result to the other, and every row of both.

mod bridges;
mod sides;

use bridges::{Bridges, result};
use sides::sides;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::form::{Form, Genre, Kind};
use super::table::Figure;
use crate::book::{AccountId, Books};
use crate::care::Balances;
use crate::diagnostic::{Finding, Place};
use crate::ledger::{Annual, View};
use crate::measure::{FiscalYear, Sum};
use crate::register::CarePolicy;

/// An entry behind a step.
#[derive(Clone, Debug)]
pub struct Behind {
    /// What the step takes from it, in euros.
    pub amount: Sum,
    /// Its label.
    pub label: String,
    /// Its day.
    pub date: NaiveDate,
    /// Its code.
    pub code: String,
    /// Where it stands: a file and line, or the number of a derived entry in `compta care journal`.
    pub place: String,
    /// The line of policy behind it.
    pub policy: Option<Place>,
}

/// A step from one amount to another.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its key: `consommation_recouvrable`.
    pub key: String,
    /// Its label.
    pub label: String,
    /// What it adds, in euros.
    pub amount: Sum,
    /// The entries that make it.
    pub entries: Vec<Behind>,
}

/// From one amount to another, in named steps that sum exactly.
#[derive(Clone, Debug)]
pub struct Bridge {
    /// Its key: `stock`.
    pub key: &'static str,
    /// Its title.
    pub title: String,
    /// Where it starts, with its label.
    pub from: (String, Sum),
    /// The steps.
    pub steps: Vec<Step>,
    /// Where it ends, with its label.
    pub to: (String, Sum),
}

/// A row of a statement in both ledgers.
#[derive(Clone, Debug)]
pub struct DiffRow {
    /// Its key.
    pub key: String,
    /// Its label.
    pub label: String,
    /// What it is for the reader.
    pub genre: Genre,
    /// How deep it stands.
    pub depth: u32,
    /// Its figure in the classic ledger.
    pub classic: Option<Figure>,
    /// Its figure in the CARE ledger, on the flux basis.
    pub flux: Option<Figure>,
    /// Its figure in the presentation in stock.
    pub stock: Option<Figure>,
    /// What each account gives to its classic figure, then to that in flux.
    pub given: [Vec<(AccountId, Sum)>; 2],
}

impl DiffRow {
    /// What the CARE ledger has more than the classic one, in flux.
    ///
    /// A line that only one of them has counts whole; a total that only one has is its own
    /// definition, compared with nothing.
    pub fn gap(&self) -> Option<Decimal> {
        let exact = |figure: Option<Figure>| figure.map(|figure| figure.exact);
        match (exact(self.classic), exact(self.flux)) {
            (Some(classic), Some(flux)) => Some(flux - classic),
            (None, None) => None,
            (classic, flux) if self.genre == Genre::Line => {
                Some(flux.unwrap_or_default() - classic.unwrap_or_default())
            }
            _ => None,
        }
    }
}

/// A side of a statement in both ledgers.
#[derive(Clone, Debug)]
pub struct DiffSide {
    /// Bilan or compte de résultat.
    pub kind: Kind,
    /// `actif`, `passif`, `charges`, `produits`, `liste`.
    pub section: &'static str,
    /// Its rows, in the order of the form.
    pub rows: Vec<DiffRow>,
}

/// Classic and CARE, side by side, and the bridges between them.
#[derive(Clone, Debug)]
pub struct Diff {
    /// The year.
    pub year: FiscalYear,
    /// From the classic result to the CARE result in stock.
    pub stock: Bridge,
    /// From the classic result to the CARE result in flux.
    pub flux: Bridge,
    /// From flux to stock.
    pub between: Bridge,
    /// From the classic situation nette to that of the CARE ledger (law I3).
    pub equity: Bridge,
    /// What is provisioned, what is not, what was charged earlier.
    pub coverage: Vec<(String, String, Sum)>,
    /// The bilan and the compte de résultat, side by side.
    pub sides: Vec<DiffSide>,
}

/// What a difference is asked of.
#[derive(Clone, Copy, Debug)]
pub struct DiffAsk<'a> {
    /// The books.
    pub books: &'a Books,
    /// Their ledgers.
    pub annual: &'a Annual,
    /// The same, presented in stock.
    pub in_stock: &'a Annual,
    /// The form of the statements.
    pub form: &'a Form,
    /// The fiscal year.
    pub year: &'a FiscalYear,
    /// The policy, when there is one.
    pub policy: Option<&'a CarePolicy>,
}

/// Compares the two ledgers of a year.
///
/// # Panics
/// When a chain of steps does not sum: a law of our arithmetic is broken.
pub fn diff(ask: DiffAsk<'_>, findings: &mut Vec<Finding>) -> Option<Diff> {
    let ledger = ask.annual.ledger(ask.year)?;
    let closing = Balances::of(ask.books, ledger);
    let opening = Balances::at_opening(ask.books, ask.year);
    let classic = -result(ask.books, ledger, View::Classic);
    let flux = -result(ask.books, ledger, View::Care);
    let stock = classic - closing.debts;
    let bridges = Bridges { ask, ledger };
    let name = &ask.year.name;
    let labels = (
        format!("Résultat classique {name}"),
        format!("Résultat CARE {name}, en flux"),
        format!("Résultat CARE {name}, en stock"),
    );
    let of_flux = Bridge {
        key: "flux",
        title: "Du résultat classique au résultat CARE, en flux".to_owned(),
        from: (labels.0.clone(), classic),
        steps: bridges.steps_of_result(),
        to: (labels.1.clone(), flux),
    };
    let of_stock = Bridge {
        key: "stock",
        title: "Du résultat classique au résultat CARE, en stock".to_owned(),
        from: (labels.0, classic),
        steps: bridges.steps_of_debts(),
        to: (labels.2.clone(), stock),
    };
    let between = Bridge {
        key: "between",
        title: "Du flux au stock".to_owned(),
        from: (labels.1, flux),
        steps: bridges.between(&opening, &closing, stock - flux),
        to: (labels.2, stock),
    };
    let equity = bridges.equity(&closing);
    for bridge in [&of_flux, &of_stock, &between, &equity] {
        let sum: Sum = bridge.steps.iter().map(|step| step.amount).sum();
        assert!(bridge.from.1 + sum == bridge.to.1, "the bridge {} does not sum", bridge.key);
    }
    Some(Diff {
        year: ask.year.clone(),
        stock: of_stock,
        flux: of_flux,
        between,
        equity,
        coverage: bridges.coverage(&closing),
        sides: sides(ask, findings),
    })
}
