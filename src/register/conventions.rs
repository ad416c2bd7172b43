use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::dedicated::{Dedicated, dedicated};
use super::euros::{Euros, check_euros, needed_euros};
use super::fields::{Fields, Spanned};
use super::payments::{Payment, borne_twice, days, indirect, payments, within};
use super::programmes::twice;
use crate::diagnostic::{Code, Finding};
use crate::measure::Period;

/// What a funder pays for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Financing {
    /// A subsidy: a product when it is notified (ANC 2018-06 art. 142-8).
    Grant,
    /// A service invoiced, (F): a product as it is done.
    Invoice,
}

impl Financing {
    /// The word of the tag `financement`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Grant => "subvention",
            Self::Invoice => "facture",
        }
    }
}

/// What kind of body a funder is: the annexe sums public funding by it (ANC 2018-06 art. 431-9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Funder {
    /// Union européenne.
    Europe,
    /// The State and its services.
    State,
    /// A region.
    Region,
    /// A department.
    Department,
    /// A group of communes: métropole, communauté, PETR.
    Intercommunality,
    /// A commune.
    Commune,
    /// Another public body.
    PublicBody,
    /// A social security body.
    SocialBody,
    /// A foundation.
    Foundation,
    /// An association.
    Association,
    /// A company.
    Company,
}

impl Funder {
    /// Every kind, with the word of the register and the label of tables.
    pub const ALL: [(&'static str, Self, &'static str); 11] = [
        ("union-europeenne", Self::Europe, "Union européenne"),
        ("etat", Self::State, "État"),
        ("region", Self::Region, "Régions"),
        ("departement", Self::Department, "Départements"),
        ("intercommunalite", Self::Intercommunality, "Métropoles et intercommunalités"),
        ("commune", Self::Commune, "Communes"),
        ("etablissement-public", Self::PublicBody, "Établissements publics"),
        ("organisme-social", Self::SocialBody, "Organismes sociaux"),
        ("fondation", Self::Foundation, "Fondations"),
        ("association", Self::Association, "Associations"),
        ("entreprise", Self::Company, "Entreprises"),
    ];

    /// Whether its aid is public money: 74 and 441, else 755 or 754 and 467 or 468.
    pub fn is_public(self) -> bool {
        !matches!(self, Self::Foundation | Self::Association | Self::Company)
    }
}

/// A line of the budget of what a convention funds.
#[derive(Clone, Debug)]
pub struct PlannedLine {
    /// The row of the form cerfa-12156: `60_achats`.
    pub row: Spanned<String>,
    /// Its amount in euros.
    pub amount: Decimal,
}

/// A convention: who funds what, how much, when.
#[derive(Clone, Debug)]
pub struct Convention {
    /// The value of the tag `convention`.
    pub id: Spanned<String>,
    /// How tables name it, without its programme.
    pub label: String,
    /// The partner.
    pub partner: String,
    /// The kind of body that the partner is.
    pub funder: Funder,
    /// Subsidy or invoice.
    pub financing: Financing,
    /// The code of its programme; the structure without one.
    pub programme: Option<Spanned<String>>,
    /// The amount granted, in euros.
    pub amount: Decimal,
    /// What it covers.
    pub period: Period,
    /// The day it was notified.
    pub notified: Option<Spanned<NaiveDate>>,
    /// The suspensive condition that still stands: nothing is a product until it falls.
    pub condition: Option<Spanned<String>>,
    /// The share of each fiscal year, by its name.
    pub shares: Vec<(Spanned<String>, Decimal)>,
    /// The payments.
    pub payments: Vec<Payment>,
    /// The budget of the action.
    pub planned: Vec<PlannedLine>,
    /// The share of the programme's allocated costs that it bears, in percent.
    pub indirect: Option<Spanned<Decimal>>,
    /// The account of its products: given, the inventory completes what the books have of it.
    pub product: Option<Spanned<String>>,
    /// The account on which its funder owes it; the usual one without.
    pub receivable: Option<Spanned<String>>,
    /// The document: the convention itself.
    pub document: Option<String>,
    /// How what was not yet used is kept.
    pub dedicated: Option<Dedicated>,
}

/// `conventions.toml`, in its order.
#[derive(Clone, Debug, Default)]
pub struct Conventions {
    /// The conventions.
    pub list: Vec<Convention>,
}

impl Convention {
    /// The accounts of its products: 70 for a service, 74 for public aid, 755 or 754 for private aid.
    pub fn products(&self) -> &'static [&'static str] {
        match (self.financing, self.funder.is_public()) {
            (Financing::Invoice, _) => &["70"],
            (Financing::Grant, true) => &["74"],
            (Financing::Grant, false) => &["755", "754"],
        }
    }

    /// The accounts on which its funder owes it: 41, 441, or 467 and 468.
    pub fn debtors(&self) -> &'static [&'static str] {
        match (self.financing, self.funder.is_public()) {
            (Financing::Invoice, _) => &["41"],
            (Financing::Grant, true) => &["441"],
            (Financing::Grant, false) => &["467", "468"],
        }
    }

    /// Whether an account is one of its products.
    pub fn recognises(&self, number: &str) -> bool {
        self.products().iter().any(|prefix| number.starts_with(prefix))
    }

    /// Whether an account is one on which it is owed.
    pub fn is_owed_on(&self, number: &str) -> bool {
        self.debtors().iter().any(|prefix| number.starts_with(prefix))
    }
}

impl Convention {
    /// The accounts that it names go with what it is.
    fn own_accounts(&self, findings: &mut Vec<Finding>) {
        let wrong = |account: &Spanned<String>, roots: &[&str]| {
            let message = format!("{} n’est pas un compte de cette convention", account.value);
            Finding::new(Code::ConventionAccount, account.at, message)
                .label("ce compte")
                .help(format!("elle attend un compte en {}", roots.join(" ou ")))
        };
        if let Some(product) = self.product.as_ref().filter(|one| !self.recognises(&one.value)) {
            findings.push(wrong(product, self.products()));
        }
        if let Some(owed) = self.receivable.as_ref().filter(|one| !self.is_owed_on(&one.value)) {
            findings.push(wrong(owed, self.debtors()));
        }
        let computed = self.dedicated.as_ref().filter(|kept| kept.levels.is_none());
        if let (Some(kept), Some(part)) = (computed, &self.indirect) {
            findings.push(
                Finding::new(
                    Code::BadValue,
                    kept.account.at,
                    "fonds dédiés sans `niveaux`, avec des charges indirectes",
                )
                .label("ce qui reste ne se calcule pas des seules charges étiquetées")
                .related(part.at, "la part des charges communes")
                .help("ajoutez `niveaux = { 2024 = … }`, d’après le compte rendu"),
            );
        }
    }
}

impl Conventions {
    /// The rank of an identity.
    pub fn rank(&self, id: &str) -> Option<usize> {
        self.list.iter().position(|convention| convention.id.value == id)
    }
}

/// Reads `conventions.toml`.
pub(super) fn conventions(top: Fields<'_, '_>, findings: &mut Vec<Finding>) -> Conventions {
    let mut read = Conventions::default();
    for fields in top.tables("convention", findings) {
        let Some(convention) = convention(fields, findings) else {
            continue;
        };
        if let Some(other) = read.list.iter().find(|other| other.id.value == convention.id.value) {
            findings.push(twice(&convention.id, other.id.at, "cette convention"));
        }
        read.list.push(convention);
    }
    borne_twice(&read.list, findings);
    top.finish(findings);
    read
}

fn convention(fields: Fields<'_, '_>, findings: &mut Vec<Finding>) -> Option<Convention> {
    let id = fields.needed("id", findings);
    let partner = fields.needed("partenaire", findings).value;
    let label = fields.text("libelle", findings).map_or_else(|| partner.clone(), |l| l.value);
    fields.needed("financeur", findings);
    let funders = Funder::ALL.map(|(word, funder, _)| (word, funder));
    let funder = fields.choice("financeur", &funders, findings);
    fields.needed("genre", findings);
    let kinds = [("subvention", Financing::Grant), ("facture", Financing::Invoice)];
    let financing = fields.choice("genre", &kinds, findings);
    let programme = fields.text("programme", findings);
    let (amount, sound) = needed_euros(&fields, "montant", Euros::Positive, findings);
    let first = fields.needed_day("debut", findings);
    let last = fields.needed_day("fin", findings);
    let notified = fields.day("notification", findings);
    let condition = fields.text("condition", findings);
    let calendar = fields.table("calendrier", findings);
    let shares: Vec<(Spanned<String>, Spanned<Decimal>)> =
        calendar.into_iter().flat_map(|table| table.every_amount(findings)).collect();
    for (year, share) in &shares {
        check_euros(share, &year.value, Euros::NotNegative, findings);
    }
    let payments = payments(&fields, findings);
    if sound {
        within(&amount, "parts du calendrier", shares.iter().map(|(_, share)| share), findings);
        within(&amount, "versements", payments.iter().map(|(_, paid)| paid), findings);
    }
    let planned = planned(&fields, findings);
    let indirect = indirect(&fields, findings);
    let product = fields.text("produit", findings);
    let receivable = fields.text("creance", findings);
    let document = fields.text("piece", findings).map(|text| text.value);
    let dedicated = dedicated(&fields, findings);
    fields.finish(findings);
    let (first, last, financing) = (first?, last?, financing?.value);
    let period = Period { first: first.value, last: last.value };
    if last.value < first.value {
        findings.push(
            Finding::new(Code::BadValue, last.at, "la convention finit avant de commencer")
                .label("sa fin")
                .related(first.at, "son début")
                .help("échangez `debut` et `fin`"),
        );
    } else {
        days(&payments, period, notified.as_ref(), financing, findings);
    }
    let known = Convention {
        id,
        label,
        partner,
        funder: funder?.value,
        financing,
        programme,
        amount: amount.value,
        period,
        notified,
        condition,
        shares: shares.into_iter().map(|(year, share)| (year, share.value)).collect(),
        payments: payments
            .into_iter()
            .map(|(day, amount)| Payment { day: day.value, amount: amount.value })
            .collect(),
        planned,
        indirect,
        product,
        receivable,
        document,
        dedicated,
    };
    known.own_accounts(findings);
    Some(known)
}

fn planned(fields: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> Vec<PlannedLine> {
    let mut planned = Vec::new();
    for line in fields.tables("prevu", findings) {
        let row = line.needed("ligne", findings);
        let (amount, _) = needed_euros(&line, "montant", Euros::NotNegative, findings);
        line.finish(findings);
        planned.push(PlannedLine { row, amount: amount.value });
    }
    planned
}
