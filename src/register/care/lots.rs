use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::capital::Class;
use super::{CLIMATE, CarePolicy, euros, quantity, tonnes};
use crate::diagnostic::{Code, Finding, Span};
use crate::measure::{amount as words, euros as euro_words, round_half_away};
use crate::register::fields::{Fields, Spanned};

/// What a tonne costs to pay back, in euros, in a fiscal year.
#[derive(Clone, Debug)]
pub struct Price {
    /// The rank of the capital.
    pub capital: usize,
    /// The fiscal year, by name.
    pub year: Spanned<String>,
    /// The class, or every class.
    pub class: Option<Class>,
    /// Euros a tonne (or a unit of another capital).
    pub euros: Decimal,
    /// Where the price comes from.
    pub source: String,
    /// Where it is written.
    pub at: Span,
}

/// A debt given by hand.
#[derive(Clone, Debug)]
pub struct Lot {
    /// The rank of the capital.
    pub capital: usize,
    /// Its vintage: a fiscal year by name, of the books or before them.
    pub year: Spanned<String>,
    /// What may become of it.
    pub class: Class,
    /// Its tonnes (or units of another capital), when they are known.
    pub tonnes: Option<Decimal>,
    /// Euros a tonne, when they are known.
    pub price: Option<Decimal>,
    /// Its amount in euros, when it is known without price.
    pub amount: Option<Decimal>,
    /// Over how many years the capital is consumed, when it is not at once.
    pub years: Option<u32>,
    /// The day it was taken over from another body (a merger), when it is not the association's own.
    pub taken_over: Option<Spanned<NaiveDate>>,
    /// Where it comes from.
    pub source: Option<String>,
    /// Where it is written.
    pub at: Span,
}

impl Lot {
    /// The euros that it owes at first; nil when nothing prices it.
    pub fn owed(&self) -> Decimal {
        let product = self.tonnes.zip(self.price).map(|(tonnes, price)| tonnes * price);
        self.amount.unwrap_or_else(|| product.map_or(Decimal::ZERO, |p| round_half_away(p, 2)))
    }
}

/// A price above this is a slip, and would leave a gram worth more than a cent.
const DEAREST: Decimal = Decimal::from_parts(10_000, 0, 0, false, 0);

pub(super) fn prices(
    top: &Fields<'_, '_>,
    policy: &CarePolicy,
    findings: &mut Vec<Finding>,
) -> Vec<Price> {
    let mut read: Vec<Price> = Vec::new();
    for fields in top.tables("prix", findings) {
        let capital = capital_of(&fields, policy, findings);
        let year = fields.needed("exercice", findings);
        let class = fields.choice("classe", &Class::WORDS, findings).map(|class| class.value);
        let price = price(&fields, "euros", findings);
        if price.is_none() {
            fields.needed_amount("euros", findings);
        }
        let source = source(&fields, findings);
        let at = fields.head();
        fields.finish(findings);
        let (Some(capital), Some(euros)) = (capital, price) else { continue };
        let price = Price { capital, year, class, euros, source: source.unwrap_or_default(), at };
        let same = |known: &&Price| {
            known.capital == capital && known.year.value == price.year.value && known.class == class
        };
        if let Some(known) = read.iter().find(same) {
            findings.push(
                Finding::new(Code::NamedTwice, price.year.at, "deux prix pour le même exercice")
                    .label("le second")
                    .related(known.year.at, "le premier")
                    .help("gardez-en un, ou donnez à chacun sa `classe`"),
            );
        }
        read.push(price);
    }
    read
}

pub(super) fn lots(
    top: &Fields<'_, '_>,
    policy: &CarePolicy,
    findings: &mut Vec<Finding>,
) -> Vec<Lot> {
    let mut read = Vec::new();
    for fields in top.tables("lot", findings) {
        let capital = capital_of(&fields, policy, findings);
        let year = fields.needed("millesime", findings);
        let class = fields.choice("classe", &Class::WORDS, findings);
        if !fields.has("classe") {
            fields.needed("classe", findings);
        }
        let lot = (
            tonnes(&fields, "tonnes", findings).map(|tonnes| tonnes.value),
            price(&fields, "prix", findings),
            euros(&fields, "montant", findings).map(|amount| amount.value),
        );
        let years = fields.years("annees", findings);
        let taken_over = fields.day("repris", findings);
        let source = if lot.1.is_some() || lot.2.is_some() {
            source(&fields, findings)
        } else {
            fields.text("source", findings).map(|source| source.value)
        };
        let at = fields.head();
        fields.finish(findings);
        let (Some(capital), Some(class)) = (capital, class) else { continue };
        let (tonnes, price, amount) = lot;
        let class = class.value;
        let lot =
            Lot { capital, year, class, tonnes, price, amount, years, taken_over, source, at };
        agrees(&lot, policy, findings);
        read.push(lot);
    }
    read
}

/// A lot says something, and does not say two things.
fn agrees(lot: &Lot, policy: &CarePolicy, findings: &mut Vec<Finding>) {
    let refuse = |code, message: String, help: &str| {
        Finding::new(code, lot.at, message).label("ce lot").help(help.to_owned())
    };
    if lot.tonnes.is_none() && lot.amount.is_none() {
        findings.push(refuse(
            Code::MissingKey,
            "ce lot n’a ni tonnes ni montant".to_owned(),
            "ajoutez `tonnes`, avec `prix` s’il est connu, ou `montant`",
        ));
    }
    if let (Some(tonnes), Some(amount)) = (lot.tonnes, lot.amount) {
        let product = lot.price.map(|price| round_half_away(tonnes * price, 2));
        if let Some(product) = product.filter(|product| *product != amount) {
            findings.push(refuse(
                Code::LotContradicts,
                format!(
                    "{} t à ce prix font {}, pas {}",
                    words(tonnes, 0),
                    euro_words(product),
                    euro_words(amount)
                ),
                "gardez `tonnes` et `prix` : le montant s’en déduit",
            ));
        }
        if lot.price.is_none() && tonnes.is_zero() {
            findings.push(refuse(
                Code::LotContradicts,
                "un montant sans une seule tonne".to_owned(),
                "retirez `tonnes` si elles ne sont pas connues",
            ));
        }
    }
    // What the amount makes of the tonnes is a price too, with the same bound.
    if let (Some(tonnes), None, Some(amount)) = (lot.tonnes, lot.price, lot.amount)
        && !tonnes.is_zero()
        && amount > tonnes * DEAREST
    {
        findings.push(refuse(
            Code::LotContradicts,
            format!(
                "{} pour {} t font plus de 10 000 € la tonne",
                euro_words(amount),
                words(tonnes, 0)
            ),
            "corrigez l’un des deux : les tonnes s’écrivent en tonnes, pas en kilogrammes",
        ));
    }
    if lot.price.is_some() && lot.tonnes.is_none() && lot.amount.is_none() {
        findings.push(refuse(
            Code::LotContradicts,
            "un prix sans tonnes ne donne pas de montant".to_owned(),
            "ajoutez `tonnes`, ou écrivez `montant`",
        ));
    }
    let climate = policy.capitals.get(lot.capital).is_some_and(|c| c.id.value == CLIMATE);
    if lot.years.is_some() && climate {
        findings.push(refuse(
            Code::BadValue,
            "une émission est consommée au moment où elle a lieu".to_owned(),
            "retirez `annees` : la consommation étalée est celle d’un sol, d’une eau, d’une équipe",
        ));
    }
}

/// The rank of the capital that `capital` names; climate when absent.
pub(super) fn capital_of(
    fields: &Fields<'_, '_>,
    policy: &CarePolicy,
    findings: &mut Vec<Finding>,
) -> Option<usize> {
    let named = fields.text("capital", findings);
    let id = named.as_ref().map_or(CLIMATE, |named| named.value.as_str());
    let found = policy.capital(id);
    if found.is_none() {
        let at = named.as_ref().map_or(fields.head(), |named| named.at);
        findings.push(unknown_capital(id, at, policy));
    }
    found
}

/// A capital that the policy does not have.
pub(super) fn unknown_capital(id: &str, at: Span, policy: &CarePolicy) -> Finding {
    let known: Vec<&str> = policy.capitals.iter().map(|c| c.id.value.as_str()).collect();
    let help = if known.is_empty() {
        format!("ajoutez `[[capital]]` avec `id = \"{id}\"`")
    } else {
        format!("les capitaux sont : {}", known.join(", "))
    };
    Finding::new(Code::UnknownEcological, at, format!("capital inconnu : `{id}`"))
        .label("absent de `care.toml`")
        .help(help)
}

pub(super) fn price(
    fields: &Fields<'_, '_>,
    key: &'static str,
    findings: &mut Vec<Finding>,
) -> Option<Decimal> {
    let price = quantity(fields, key, "un prix", findings)?;
    if price.value > DEAREST || price.value.normalize().scale() > 4 {
        findings.push(
            Finding::new(Code::BadValue, price.at, "prix hors des limites")
                .label("au plus 10 000 € la tonne, et quatre décimales")
                .help("un prix s’écrit en euros par tonne"),
        );
        return None;
    }
    Some(price.value)
}

/// Every price says where it comes from: it weighs more on the result than anything else.
pub(super) fn source(fields: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> Option<String> {
    let read = fields.text("source", findings).map(|source| source.value);
    if read.as_ref().is_none_or(|source| source.trim().is_empty()) {
        findings.push(
            Finding::new(Code::PriceWithoutSource, fields.head(), "un prix sans source")
                .label("qui le dit ?")
                .help("ajoutez `source = \"…\"` : l’étude, le devis, le label, et son année"),
        );
    }
    read
}
