use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::euros::{Euros, needed_euros};
use super::fields::{Fields, Spanned};
use super::provisions::{Levels, level_place, levels};
use crate::diagnostic::{Code, Finding, Span};
use crate::measure::Period;

/// What of a year belongs to another, or the reverse (PCG art. 112-3, 944-48).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cutoff {
    /// A purchase received and not invoiced: 408.
    InvoiceToCome,
    /// Another charge of the year still to be paid: 428, 438, 448, 468…
    ChargeToPay,
    /// A charge of later years already booked: 486.
    PrepaidCharge,
    /// A sale made and not invoiced: 418.
    InvoiceToIssue,
    /// Another product of the year still to be received: 438, 448, 468…
    ProductToReceive,
    /// A product of later years already booked: 487.
    DeferredProduct,
}

impl Cutoff {
    const WORDS: [(&'static str, Self); 6] = [
        ("facture-non-parvenue", Self::InvoiceToCome),
        ("charge-a-payer", Self::ChargeToPay),
        ("charge-constatee-d-avance", Self::PrepaidCharge),
        ("facture-a-etablir", Self::InvoiceToIssue),
        ("produit-a-recevoir", Self::ProductToReceive),
        ("produit-constate-d-avance", Self::DeferredProduct),
    ];

    /// What it is, for a reader.
    pub fn title(self) -> &'static str {
        match self {
            Self::InvoiceToCome => "facture non parvenue",
            Self::ChargeToPay => "charge à payer",
            Self::PrepaidCharge => "charge constatée d’avance",
            Self::InvoiceToIssue => "facture à établir",
            Self::ProductToReceive => "produit à recevoir",
            Self::DeferredProduct => "produit constaté d’avance",
        }
    }

    /// Whether the other side of the entry is a charge, of class 6.
    pub fn is_of_charge(self) -> bool {
        matches!(self, Self::InvoiceToCome | Self::ChargeToPay | Self::PrepaidCharge)
    }

    /// Whether the balance sheet's account is debited.
    pub fn debits(self) -> bool {
        matches!(self, Self::PrepaidCharge | Self::InvoiceToIssue | Self::ProductToReceive)
    }

    /// Whether part of what was booked belongs to later years.
    pub fn is_in_advance(self) -> bool {
        matches!(self, Self::PrepaidCharge | Self::DeferredProduct)
    }

    /// The balance sheet's account, when law gives one.
    fn account(self) -> Option<&'static str> {
        match self {
            Self::InvoiceToCome => Some("408"),
            Self::PrepaidCharge => Some("486"),
            Self::InvoiceToIssue => Some("418"),
            Self::DeferredProduct => Some("487"),
            Self::ChargeToPay | Self::ProductToReceive => None,
        }
    }
}

/// How much, and of which closing.
#[derive(Clone, Debug)]
pub enum Portion {
    /// An amount at the closing of one year.
    Given {
        /// The year.
        year: Spanned<String>,
        /// Euros.
        amount: Decimal,
    },
    /// A total over some days: each closing keeps the days after it.
    Spread {
        /// Euros.
        total: Spanned<Decimal>,
        /// The days that it covers.
        over: Period,
        /// The day it was booked, when it was before them.
        booked: Option<NaiveDate>,
    },
}

/// A charge or a product to be moved from one year to another.
#[derive(Clone, Debug)]
pub struct Regularisation {
    /// What it is.
    pub kind: Cutoff,
    /// How much, and when.
    pub portion: Portion,
    /// Who: the first part of the entry's label.
    pub party: Option<String>,
    /// What: the second part.
    pub label: String,
    /// The account of the balance sheet.
    pub account: Spanned<String>,
    /// The account of class 6 or 7.
    pub other: Spanned<String>,
    /// Whether the first day of the next year takes it back.
    pub reversed: bool,
    /// The document.
    pub document: Option<String>,
    /// The programme of the line of class 6 or 7.
    pub programme: Option<Spanned<String>>,
    /// The convention of that line.
    pub convention: Option<Spanned<String>>,
    /// Where it is written.
    pub at: Span,
}

/// A debt whose amount is known at each closing: paid leave above all.
#[derive(Clone, Debug)]
pub struct Accrued {
    /// Who: the first part of the entry's label.
    pub party: Option<String>,
    /// What: the second part.
    pub label: String,
    /// The account of the debt, of class 4.
    pub account: Spanned<String>,
    /// The account of the charge, which takes the decreases back too.
    pub charge: Spanned<String>,
    /// Its amount at each closing, in euros.
    pub levels: Levels,
    /// The document.
    pub document: Option<String>,
}

impl Accrued {
    /// Where its level of a year is written.
    pub fn place(&self, year: &str) -> Option<Span> {
        level_place(&self.levels, year)
    }
}

/// `regularisations.toml`, in its order.
#[derive(Clone, Debug, Default)]
pub struct Regularisations {
    /// Charges and products to be moved.
    pub list: Vec<Regularisation>,
    /// Debts by their levels.
    pub accrued: Vec<Accrued>,
}

/// Reads `regularisations.toml`.
pub(super) fn regularisations(top: Fields<'_, '_>, findings: &mut Vec<Finding>) -> Regularisations {
    let mut read = Regularisations::default();
    for fields in top.tables("regularisation", findings) {
        read.list.extend(regularisation(fields, findings));
    }
    for fields in top.tables("dette_provisionnee", findings) {
        read.accrued.push(accrued(fields, findings));
    }
    top.finish(findings);
    read
}

fn regularisation(fields: Fields<'_, '_>, findings: &mut Vec<Finding>) -> Option<Regularisation> {
    let at = fields.head();
    fields.needed("genre", findings);
    let kind = fields.choice("genre", &Cutoff::WORDS, findings);
    let party = fields.text("tiers", findings).map(|text| text.value);
    let label = fields.needed("libelle", findings).value;
    let account = fields.text("compte", findings);
    let charge = fields.text("charge", findings);
    let product = fields.text("produit", findings);
    let portion = portion(&fields, kind.as_ref(), findings);
    let never = fields.choice("extourne", &[("ouverture", false), ("jamais", true)], findings);
    let document = fields.text("piece", findings).map(|text| text.value);
    let programme = fields.text("programme", findings);
    let convention = fields.text("convention", findings);
    let kind = kind?;
    let usual = |number: &str| Spanned { value: number.to_owned(), at: kind.at };
    let account = account.or_else(|| kind.value.account().map(usual));
    if account.is_none() {
        fields.missing("compte", "\"4286\"", findings);
    }
    let (key, own, other) = if kind.value.is_of_charge() {
        ("charge", charge, product)
    } else {
        ("produit", product, charge)
    };
    if own.is_none() {
        fields.missing(key, if key == "charge" { "\"6226\"" } else { "\"706\"" }, findings);
    }
    if let Some(other) = other {
        let message = format!("{} : cette clé n’est pas la sienne", kind.value.title());
        let finding = Finding::new(Code::BadValue, other.at, message).label("en trop");
        findings.push(finding.help(format!("écrivez `{key}`, ou corrigez `genre`")));
    }
    fields.finish(findings);
    let own = own?;
    let class = if kind.value.is_of_charge() { '6' } else { '7' };
    if !own.value.starts_with(class) {
        let message = format!("`{key}` attend un compte de classe {class}");
        let finding = Finding::new(Code::BadValue, own.at, message).label("ce compte");
        findings.push(finding.help("corrigez le numéro"));
    }
    Some(Regularisation {
        kind: kind.value,
        portion: portion?,
        party,
        label,
        account: account?,
        other: own,
        reversed: !never.is_some_and(|never| never.value),
        document,
        programme,
        convention,
        at,
    })
}

/// `exercice` and `montant`; for what is in advance, `total`, `debut` and `fin` as well.
fn portion(
    fields: &Fields<'_, '_>,
    kind: Option<&Spanned<Cutoff>>,
    findings: &mut Vec<Finding>,
) -> Option<Portion> {
    let spread = kind.is_some_and(|kind| kind.value.is_in_advance()) && fields.has("total");
    if !spread {
        let year = fields.needed("exercice", findings);
        let (amount, sound) = needed_euros(fields, "montant", Euros::Positive, findings);
        return sound.then_some(Portion::Given { year, amount: amount.value });
    }
    let (total, sound) = needed_euros(fields, "total", Euros::Positive, findings);
    let first = fields.needed_day("debut", findings);
    let last = fields.needed_day("fin", findings);
    let (first, last): (Spanned<NaiveDate>, Spanned<NaiveDate>) = (first?, last?);
    if last.value < first.value {
        let finding = Finding::new(Code::BadValue, last.at, "la période finit avant de commencer");
        findings.push(finding.label("sa fin").help("échangez `debut` et `fin`"));
        return None;
    }
    let over = Period { first: first.value, last: last.value };
    let booked = fields.day("facture", findings).map(|day| day.value);
    sound.then_some(Portion::Spread { total, over, booked })
}

fn accrued(fields: Fields<'_, '_>, findings: &mut Vec<Finding>) -> Accrued {
    let party = fields.text("tiers", findings).map(|text| text.value);
    let label = fields.needed("libelle", findings).value;
    let account = fields.needed("compte", findings);
    let charge = fields.needed("charge", findings);
    let levels = levels(&fields, findings);
    let document = fields.text("piece", findings).map(|text| text.value);
    fields.finish(findings);
    for (number, class) in [(&account, '4'), (&charge, '6')] {
        if !number.value.is_empty() && !number.value.starts_with(class) {
            let message = format!("un compte de classe {class} est attendu");
            let finding = Finding::new(Code::BadValue, number.at, message).label("ce compte");
            findings.push(finding.help("corrigez le numéro"));
        }
    }
    Accrued { party, label, account, charge, levels, document }
}
