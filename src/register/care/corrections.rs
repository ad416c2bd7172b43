use rust_decimal::Decimal;

use super::capital::Class;
use super::lots::{capital_of, price, source};
use super::{CarePolicy, euros, percent, tonnes};
use crate::diagnostic::{Code, Finding, Span};
use crate::measure::round_half_away;
use crate::register::fields::{Fields, Spanned};

/// An error found in the debts of a closed year: a factor, a method, a lot.
#[derive(Clone, Debug)]
pub struct Correction {
    /// The rank of the capital.
    pub capital: usize,
    /// The fiscal year that was wrong, by name.
    pub year: Spanned<String>,
    /// The fiscal year in which it is found: closed years never move.
    pub found: Spanned<String>,
    /// The class of the debt.
    pub class: Class,
    /// Whether the debt was too high; else it was too low.
    pub lowers: bool,
    /// Tonnes, when they are known.
    pub tonnes: Option<Decimal>,
    /// Euros a tonne, when they are known.
    pub price: Option<Decimal>,
    /// Its amount in euros, when it is known without price.
    pub amount: Option<Decimal>,
    /// Why.
    pub reason: String,
    /// Where it is written.
    pub at: Span,
}

impl Correction {
    /// What it adds to the debt, or takes from it, in euros.
    pub fn owed(&self) -> Decimal {
        let product = self.tonnes.zip(self.price).map(|(tonnes, price)| tonnes * price);
        self.amount.unwrap_or_else(|| product.map_or(Decimal::ZERO, |p| round_half_away(p, 2)))
    }
}

/// The share of the debts of the year before above which a correction restates it, in percent: what
/// the inventories of greenhouse gases commonly use.
const USUAL: Decimal = Decimal::from_parts(5, 0, 0, false, 0);

/// Reads `[recalcul]`: the threshold in percent.
pub(super) fn threshold(top: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> Decimal {
    let Some(fields) = top.table("recalcul", findings) else { return USUAL };
    let read = percent(&fields, "seuil", findings);
    if read.is_none() && !fields.has("seuil") {
        fields.needed_amount("seuil", findings);
    }
    fields.finish(findings);
    read.map_or(USUAL, |read| read.value)
}

/// Reads the `[[correction]]`s.
pub(super) fn corrections(
    top: &Fields<'_, '_>,
    policy: &CarePolicy,
    findings: &mut Vec<Finding>,
) -> Vec<Correction> {
    let mut read = Vec::new();
    for fields in top.tables("correction", findings) {
        let capital = capital_of(&fields, policy, findings);
        let year = fields.needed("exercice", findings);
        let found = fields.needed("constatee", findings);
        let class = fields.choice("classe", &Class::WORDS, findings);
        if !fields.has("classe") {
            fields.needed("classe", findings);
        }
        let words = [("hausse", false), ("baisse", true)];
        fields.needed("sens", findings);
        let lowers = fields.choice("sens", &words, findings).is_some_and(|sense| sense.value);
        let size = (
            tonnes(&fields, "tonnes", findings).map(|tonnes| tonnes.value),
            price(&fields, "prix", findings),
            euros(&fields, "montant", findings).map(|amount| amount.value),
        );
        let reason = fields.needed("motif", findings).value;
        if size.1.is_some() || size.2.is_some() {
            source(&fields, findings);
        } else {
            fields.text("source", findings);
        }
        let at = fields.head();
        fields.finish(findings);
        let (Some(capital), Some(class)) = (capital, class) else { continue };
        let (tonnes, price, amount) = size;
        let class = class.value;
        let made =
            Correction { capital, year, found, class, lowers, tonnes, price, amount, reason, at };
        says_something(&made, findings);
        read.push(made);
    }
    read
}

fn says_something(made: &Correction, findings: &mut Vec<Finding>) {
    let wrong = match (made.tonnes, made.price, made.amount) {
        (None, _, None) => {
            Some(("cette correction n’a ni tonnes ni montant", "ajoutez l’un ou l’autre"))
        }
        (Some(_), Some(_), Some(_)) => Some((
            "tonnes, prix et montant se disent deux fois",
            "retirez `montant` : il s’en déduit",
        )),
        (None, Some(_), Some(_)) => {
            Some(("un prix sans tonnes", "retirez `prix`, ou ajoutez `tonnes`"))
        }
        _ => None,
    };
    if let Some((message, help)) = wrong {
        findings.push(
            Finding::new(Code::LotContradicts, made.at, message)
                .label("cette correction")
                .help(help),
        );
    }
}
