use rust_decimal::Decimal;

use super::{percent, quantity};
use crate::diagnostic::{Code, Finding};
use crate::register::fields::{Fields, Spanned};
use crate::register::programmes::twice;
use crate::register::selector::Selector;

/// An emission factor of the association's own, or a shipped one that it replaces.
#[derive(Clone, Debug)]
pub struct OwnFactor {
    /// Its identity, as activities write it.
    pub id: Spanned<String>,
    /// Its label.
    pub label: String,
    /// The unit of the activity: `pkm`.
    pub unit: Spanned<String>,
    /// Kilograms of CO₂ equivalent for one unit.
    pub kilograms: Decimal,
    /// Its uncertainty in percent, when it is published.
    pub uncertainty: Option<Decimal>,
    /// The heading under which it is shown.
    pub category: String,
    /// The category of the French regulatory inventory (décret 2022-982): 1 to 6.
    pub beges: u32,
    /// Where it comes from.
    pub source: String,
    /// The year of its data.
    pub year: u32,
}

/// Which monetary factor the spending of some accounts takes.
#[derive(Clone, Debug)]
pub struct Spending {
    /// The accounts.
    pub accounts: Selector,
    /// The factor's identity; `None` when the spending takes none.
    pub factor: Option<Spanned<String>>,
}

pub(super) fn own(top: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> Vec<OwnFactor> {
    let mut read: Vec<OwnFactor> = Vec::new();
    for fields in top.tables("facteur", findings) {
        let factor = factor(&fields, findings);
        fields.finish(findings);
        if let Some(other) = read.iter().find(|other| other.id.value == factor.id.value) {
            findings.push(twice(&factor.id, other.id.at, "ce facteur"));
        }
        read.push(factor);
    }
    read
}

fn factor(fields: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> OwnFactor {
    let id = fields.needed("id", findings);
    let label = fields.needed("libelle", findings).value;
    let unit = fields.needed("unite", findings);
    if !fields.has("kg") {
        fields.needed_amount("kg", findings);
    }
    let kilograms = quantity(fields, "kg", "un facteur", findings);
    let uncertainty = percent(fields, "incertitude", findings).map(|u| u.value);
    let category = fields.needed("poste", findings).value;
    let beges = fields.whole("beges", findings);
    if let Some(wrong) = beges.as_ref().filter(|beges| !(1..=6).contains(&beges.value)) {
        findings.push(
            Finding::new(Code::BadValue, wrong.at, "une catégorie du bilan GES va de 1 à 6")
                .label("ici")
                .help("1 directes, 2 énergie, 3 transport, 4 achats, 5 produits vendus, 6 autres"),
        );
    }
    if beges.is_none() && !fields.has("beges") {
        fields.needed_amount("beges", findings);
    }
    let source = fields.needed("source", findings).value;
    let year = fields.whole("annee", findings);
    if !fields.has("annee") {
        fields.needed_amount("annee", findings);
    }
    OwnFactor {
        id,
        label,
        unit,
        kilograms: kilograms.map_or(Decimal::ZERO, |kilograms| kilograms.value),
        uncertainty,
        category,
        beges: beges.map_or(6, |beges| beges.value),
        source,
        year: year.map_or(0, |year| year.value),
    }
}

pub(super) fn spending(top: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> Vec<Spending> {
    let mut read = Vec::new();
    for fields in top.tables("depense", findings) {
        let accounts = Selector::parse(&fields.needed("comptes", findings), findings);
        let factor = fields.text("facteur", findings).filter(|factor| factor.value != "aucun");
        if !fields.has("facteur") {
            fields.needed("facteur", findings);
        }
        fields.finish(findings);
        read.push(Spending { accounts, factor });
    }
    read
}
