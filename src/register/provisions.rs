use rust_decimal::Decimal;

use super::euros::{Euros, check_euros};
use super::fields::{Fields, Spanned};
use super::programmes::twice;
use crate::diagnostic::{Code, Finding, Span};

/// An amount at the closing of each year, by its name.
pub type Levels = Vec<(Spanned<String>, Decimal)>;

/// A provision or a depreciation, as it is justified at each closing.
#[derive(Clone, Debug)]
pub struct Provision {
    /// Its name for machines.
    pub id: Spanned<String>,
    /// What it is for.
    pub label: String,
    /// Its account: 15, or 29, 39, 49, 59.
    pub account: Spanned<String>,
    /// The account that charges it.
    pub charge: Spanned<String>,
    /// The account that takes it back.
    pub reversal: Spanned<String>,
    /// Its amount at each closing, in euros.
    pub levels: Levels,
    /// Why it stands.
    pub ground: Option<String>,
    /// The document.
    pub document: Option<String>,
    /// The programme, on the lines of charge.
    pub programme: Option<Spanned<String>>,
}

/// Reads `provisions.toml`.
pub(super) fn provisions(top: Fields<'_, '_>, findings: &mut Vec<Finding>) -> Vec<Provision> {
    let mut read: Vec<Provision> = Vec::new();
    for fields in top.tables("provision", findings) {
        let provision = provision(fields, findings);
        if let Some(other) = read.iter().find(|other| other.id.value == provision.id.value) {
            findings.push(twice(&provision.id, other.id.at, "cette provision"));
        }
        read.push(provision);
    }
    top.finish(findings);
    read
}

/// The accounts by which a provision on that account is charged and taken back (PCG art. 946-68, 947-78).
fn usual(account: &str) -> (&'static str, &'static str) {
    let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| account.starts_with(prefix));
    if begins(&["296", "297", "59"]) {
        ("6866", "7866")
    } else if begins(&["29"]) {
        ("6816", "7816")
    } else if begins(&["39", "49"]) {
        ("6817", "7817")
    } else {
        ("6815", "7815")
    }
}

fn provision(fields: Fields<'_, '_>, findings: &mut Vec<Finding>) -> Provision {
    let id = fields.needed("id", findings);
    let label = fields.needed("libelle", findings).value;
    let account = fields.needed("compte", findings);
    let known = ["15", "29", "39", "49", "59"];
    if !account.value.is_empty() && !known.iter().any(|root| account.value.starts_with(root)) {
        findings.push(
            Finding::new(Code::BadValue, account.at, "une provision est en 15, 29, 39, 49 ou 59")
                .label("ce compte")
                .help("une dette à payer va dans `regularisations.toml`"),
        );
    }
    let (charge, reversal) = usual(&account.value);
    let told = |key: &'static str, usual: &str, findings: &mut Vec<Finding>| {
        let own = fields.text(key, findings);
        own.unwrap_or_else(|| Spanned { value: usual.to_owned(), at: account.at })
    };
    let charge = told("dotation", charge, findings);
    let reversal = told("reprise", reversal, findings);
    let levels = levels(&fields, findings);
    let ground = fields.text("motif", findings).map(|text| text.value);
    let document = fields.text("piece", findings).map(|text| text.value);
    let programme = fields.text("programme", findings);
    fields.finish(findings);
    Provision { id, label, account, charge, reversal, levels, ground, document, programme }
}

/// `niveaux = { 2023 = 35000, 2024 = 38000 }`: what stands at each closing.
pub(super) fn levels(fields: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> Levels {
    let Some(table) = fields.table("niveaux", findings) else {
        if !fields.has("niveaux") {
            fields.missing("niveaux", "{ 2024 = 0 }", findings);
        }
        return Vec::new();
    };
    let read = table.every_amount(findings);
    for (year, level) in &read {
        check_euros(level, &year.value, Euros::NotNegative, findings);
    }
    read.into_iter().map(|(year, level)| (year, level.value)).collect()
}

/// The place of the level of a year, for what is derived from it.
pub(super) fn level_place(levels: &Levels, year: &str) -> Option<Span> {
    levels.iter().find(|(known, _)| known.value == year).map(|(known, _)| known.at)
}

impl Provision {
    /// Where its level of a year is written.
    pub fn place(&self, year: &str) -> Option<Span> {
        level_place(&self.levels, year)
    }
}
