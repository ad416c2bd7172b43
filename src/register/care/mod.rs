//! The ecological policy of a folder: `care.toml`, as written.

mod capital;
mod corrections;
mod factors;
mod lots;
mod projects;
mod responsibility;

pub use capital::{Capital, Class, Shares, Threshold, Valuation};
pub use corrections::Correction;
pub use factors::{OwnFactor, Spending};
pub use lots::{Lot, Price};
pub use projects::{Credit, Curve, Depreciation, Failure, Project, Reversal, Verification};
pub use responsibility::{Parties, Responsibility};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::fields::{Fields, Spanned};
use super::selector::Selector;
use crate::diagnostic::{Code, Finding, Span};

/// The climate, the one capital whose debts are also counted in tonnes.
pub const CLIMATE: &str = "climat";

/// A public commitment to pay the recoverable debt back: what makes it a liability (PCG art. 321-1).
#[derive(Clone, Debug)]
pub struct Pledge {
    /// When it was made public.
    pub date: Spanned<NaiveDate>,
    /// What was promised.
    pub text: String,
    /// The document that proves it.
    pub document: Option<String>,
}

/// The classic accounts of the carbon provision since a fiscal year.
#[derive(Clone, Debug)]
pub struct ProvisionAccounts {
    /// The first fiscal year, by name; the first of the books when absent.
    pub since: Option<Spanned<String>>,
    /// The accounts of the provision itself: `1581`.
    pub provision: Selector,
    /// Those of its charges: `6815`.
    pub charge: Selector,
    /// Those of its reversals: `7815`.
    pub reversal: Selector,
    /// Where they are named.
    pub at: Span,
}

/// What an association decides about its ecological capitals.
#[derive(Clone, Debug, Default)]
pub struct CarePolicy {
    /// The whole file.
    pub at: Span,
    /// The first fiscal year kept in the CARE ledger; the first of the books when absent.
    pub since: Option<Spanned<String>>,
    /// The version of the shipped emission factors; the newest when absent.
    pub factor_set: Option<Spanned<String>>,
    /// The tax held in charges, in percent: monetary factors exclude it.
    pub tax: Option<Spanned<Decimal>>,
    /// The uncertainty of the activities themselves, in percent.
    pub activity_uncertainty: Option<Spanned<Decimal>>,
    /// The public commitment.
    pub pledge: Option<Pledge>,
    /// The accounts of the classic provision, by first year.
    pub provisions: Vec<ProvisionAccounts>,
    /// The capitals, climate first.
    pub capitals: Vec<Capital>,
    /// Full-time equivalents by fiscal year.
    pub staff: Vec<(Spanned<String>, Spanned<Decimal>)>,
    /// The prices of a tonne, or of a unit of another capital.
    pub prices: Vec<Price>,
    /// The debts given by hand.
    pub lots: Vec<Lot>,
    /// Errors found in the debts of closed years.
    pub corrections: Vec<Correction>,
    /// Above what share of the debts of the year before a correction restates it, in percent.
    pub recalculation: Decimal,
    /// The actions of preservation.
    pub projects: Vec<Project>,
    /// The credits bought and retired.
    pub credits: Vec<Credit>,
    /// Emission factors of the association's own.
    pub factors: Vec<OwnFactor>,
    /// Which factor the spending of an account takes.
    pub spending: Vec<Spending>,
    /// Who answers for what.
    pub responsibilities: Vec<Responsibility>,
}

impl CarePolicy {
    /// The rank of a capital.
    pub fn capital(&self, id: &str) -> Option<usize> {
        self.capitals.iter().position(|known| known.id.value == id)
    }

    /// The rank of a project.
    pub fn project(&self, id: &str) -> Option<usize> {
        self.projects.iter().position(|known| known.id.value == id)
    }

    /// The price of a class of a capital in a fiscal year: its own, else the one for every class.
    pub fn price(&self, capital: usize, class: Class, year: &str) -> Option<&Price> {
        let of = |price: &&Price| price.capital == capital && price.year.value == year;
        let prices = || self.prices.iter().filter(of);
        let own = prices().find(|price| price.class == Some(class));
        own.or_else(|| prices().find(|price| price.class.is_none()))
    }

    /// Whether it says anything of debts: projects alone make no ledger.
    pub fn keeps_a_ledger(&self) -> bool {
        !self.capitals.is_empty()
    }
}

/// Reads `care.toml`.
pub(super) fn care(top: Fields<'_, '_>, findings: &mut Vec<Finding>) -> CarePolicy {
    let mut read = CarePolicy {
        at: top.at(),
        since: top.text("depuis", findings),
        factor_set: top.text("jeu_de_facteurs", findings),
        tax: percent(&top, "taxe", findings),
        activity_uncertainty: percent(&top, "incertitude_activite", findings),
        pledge: pledge(&top, findings),
        provisions: provisions(&top, findings),
        ..CarePolicy::default()
    };
    if let Some(fields) = top.table("etp", findings) {
        read.staff = fields.every_amount(findings);
        for (_, count) in &read.staff {
            not_negative(count, "un nombre d’ETP", findings);
        }
    }
    read.capitals = capital::capitals(&top, findings);
    read.prices = lots::prices(&top, &read, findings);
    read.lots = lots::lots(&top, &read, findings);
    read.corrections = corrections::corrections(&top, &read, findings);
    read.recalculation = corrections::threshold(&top, findings);
    read.projects = projects::projects(&top, findings);
    read.credits = projects::credits(&top, findings);
    projects::used_once(&read, findings);
    read.factors = factors::own(&top, findings);
    read.spending = factors::spending(&top, findings);
    read.responsibilities = responsibility::responsibilities(&top, findings);
    top.finish(findings);
    read
}

fn pledge(top: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> Option<Pledge> {
    let fields = top.table("engagement", findings)?;
    let date = fields.needed_day("date", findings);
    let text = fields.needed("texte", findings);
    if text.value.trim().is_empty() {
        findings.push(
            Finding::new(Code::NoPledge, text.at, "un engagement qui ne dit rien")
                .label("qu’est-il promis, et à qui ?")
                .help("écrivez ce que l’association s’est engagée à compenser"),
        );
    }
    let text = text.value;
    let document = fields.text("piece", findings).map(|piece| piece.value);
    fields.finish(findings);
    Some(Pledge { date: date?, text, document })
}

fn provisions(top: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> Vec<ProvisionAccounts> {
    let mut read = Vec::new();
    for fields in top.tables("provision", findings) {
        let at = fields.head();
        let since = fields.text("depuis", findings);
        let mut selector = |key| Selector::parse(&fields.needed(key, findings), findings);
        let (provision, charge, reversal) =
            (selector("comptes"), selector("dotation"), selector("reprise"));
        fields.finish(findings);
        read.push(ProvisionAccounts { since, provision, charge, reversal, at });
    }
    read
}

/// A share of a hundred, if the key is there.
fn percent(
    fields: &Fields<'_, '_>,
    key: &'static str,
    findings: &mut Vec<Finding>,
) -> Option<Spanned<Decimal>> {
    let read = fields.amount(key, findings)?;
    if read.value.is_sign_negative() || read.value > Decimal::ONE_HUNDRED {
        findings.push(
            Finding::new(Code::BadValue, read.at, format!("`{key}` est un pourcentage"))
                .label("entre 0 et 100")
                .help("écrivez 20 pour 20 %"),
        );
        return None;
    }
    Some(read)
}

/// Tonnes, prices and amounts have no sign: what comes back is written as what it is.
fn not_negative(read: &Spanned<Decimal>, what: &str, findings: &mut Vec<Finding>) {
    if read.value.is_sign_negative() {
        findings.push(
            Finding::new(Code::NegativeDebt, read.at, format!("{what} ne peut être négatif"))
                .label("négatif")
                .help("une dette s’éteint par une dépense de préservation ou une absorption vérifiée, jamais par un lot négatif"),
        );
    }
}

/// A quantity without a sign, if the key is there.
fn quantity(
    fields: &Fields<'_, '_>,
    key: &'static str,
    what: &str,
    findings: &mut Vec<Finding>,
) -> Option<Spanned<Decimal>> {
    let read = fields.amount(key, findings)?;
    not_negative(&read, what, findings);
    at_most(&read, 1_000_000_000, "au plus un milliard", findings);
    Some(read)
}

/// What no association reaches is a slip, and would not fit in an entry.
fn at_most(read: &Spanned<Decimal>, most: u64, why: &str, findings: &mut Vec<Finding>) {
    if read.value > Decimal::from(most) {
        findings.push(
            Finding::new(Code::BadValue, read.at, "valeur démesurée")
                .label(why)
                .help("vérifiez l’unité : les tonnes s’écrivent en tonnes, les montants en euros"),
        );
    }
}

/// A quantity above nothing, if the key is there.
fn above_nothing(
    fields: &Fields<'_, '_>,
    key: &'static str,
    what: &str,
    findings: &mut Vec<Finding>,
) -> Option<Decimal> {
    let read = quantity(fields, key, what, findings)?;
    if read.value.is_zero() {
        findings.push(
            Finding::new(Code::BadValue, read.at, format!("{what} ne peut être nulle"))
                .label("ici")
                .help("retirez la clé si la valeur n’est pas connue"),
        );
        return None;
    }
    Some(read.value)
}

/// Tonnes without a sign, to the gram at most.
fn tonnes(
    fields: &Fields<'_, '_>,
    key: &'static str,
    findings: &mut Vec<Finding>,
) -> Option<Spanned<Decimal>> {
    let read = quantity(fields, key, "un nombre de tonnes", findings)?;
    at_most(&read, 1_000_000, "au plus un million de tonnes", findings);
    to_the(&read, 6, "au gramme près : six décimales au plus", findings);
    Some(read)
}

/// An amount of euros without a sign, to the cent.
fn euros(
    fields: &Fields<'_, '_>,
    key: &'static str,
    findings: &mut Vec<Finding>,
) -> Option<Spanned<Decimal>> {
    let read = quantity(fields, key, "un montant", findings)?;
    to_the(&read, 2, "au centime près : deux décimales au plus", findings);
    Some(read)
}

fn to_the(read: &Spanned<Decimal>, decimals: u32, why: &str, findings: &mut Vec<Finding>) {
    if read.value.normalize().scale() > decimals {
        findings.push(
            Finding::new(Code::BadValue, read.at, "trop de décimales")
                .label(why)
                .help("arrondissez la valeur"),
        );
    }
}
