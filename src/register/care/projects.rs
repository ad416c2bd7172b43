use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{CarePolicy, above_nothing, euros, percent, quantity, tonnes};
use crate::diagnostic::{Code, Finding, Span};
use crate::register::fields::{Fields, Spanned};
use crate::register::programmes::twice;

/// Tonnes that a third party found in a project, gross.
#[derive(Clone, Debug)]
pub struct Verification {
    /// The day of the report.
    pub date: Spanned<NaiveDate>,
    /// Gross tonnes, buffer included.
    pub tonnes: Decimal,
    /// The report's own number: one verified tonne is used once.
    pub reference: Spanned<String>,
}

/// Verified tonnes that went back to the air.
#[derive(Clone, Debug)]
pub struct Reversal {
    /// The day.
    pub date: Spanned<NaiveDate>,
    /// Tonnes.
    pub tonnes: Spanned<Decimal>,
    /// Why: fire, drought, felling.
    pub reason: String,
}

/// What a project is no longer worth at a closing.
#[derive(Clone, Debug)]
pub struct Depreciation {
    /// The fiscal year, by name.
    pub year: Spanned<String>,
    /// The whole depreciation at its closing (the level of C291), in euros.
    pub amount: Spanned<Decimal>,
}

/// The end of a project before its term.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The day.
    pub date: Spanned<NaiveDate>,
    /// Why.
    pub reason: String,
}

/// How the tonnes of a project are expected to come: a forecast, which extinguishes nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Curve {
    /// As a stand of trees grows: slowly, then fast, then slowly (Chapman–Richards).
    #[default]
    Chapman,
    /// The same each year.
    Linear,
}

/// An action of preservation: what it is to remove, and what of it is verified.
#[derive(Clone, Debug)]
pub struct Project {
    /// Its identity, as tags write it: `micro-foret`.
    pub id: Spanned<String>,
    /// Its key in tables.
    pub key: String,
    /// Its label.
    pub label: String,
    /// The fiscal year in which it begins, by name; that of its first spending when absent.
    pub begins: Option<Spanned<String>>,
    /// Over how many years.
    pub years: Option<u32>,
    /// Tonnes expected over all its years, gross.
    pub tonnes: Decimal,
    /// The share kept aside against reversals, in percent of gross tonnes.
    pub buffer: Decimal,
    /// How many plants.
    pub plants: Option<Decimal>,
    /// Its area in square metres.
    pub area: Option<Decimal>,
    /// How its tonnes are expected to come.
    pub curve: Curve,
    /// The most that a hectare of it can store, in tonnes; a dense broadleaf forest when absent.
    pub densest: Option<Decimal>,
    /// What it had cost before the CARE ledger opened, in euros.
    pub cost_before: Decimal,
    /// Its verifications.
    pub verifications: Vec<Verification>,
    /// Its reversals.
    pub reversals: Vec<Reversal>,
    /// Its depreciations.
    pub depreciations: Vec<Depreciation>,
    /// How it failed, if it did.
    pub failure: Option<Failure>,
    /// Where it is written.
    pub at: Span,
}

impl Project {
    /// The part of gross tonnes that counts: what the buffer does not keep.
    pub fn net_share(&self) -> Decimal {
        Decimal::ONE - self.buffer / Decimal::ONE_HUNDRED
    }
}

/// A carbon credit, bought and retired.
#[derive(Clone, Debug)]
pub struct Credit {
    /// Its serial number in the registry that issued it.
    pub id: Spanned<String>,
    /// Whether it attests a removal; else an avoidance, which extinguishes no tonne.
    pub removes: bool,
    /// The day it was retired.
    pub date: Spanned<NaiveDate>,
    /// Tonnes.
    pub tonnes: Decimal,
    /// The registry.
    pub registry: String,
    /// Where it is written.
    pub at: Span,
}

pub(super) fn projects(top: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> Vec<Project> {
    let mut read: Vec<Project> = Vec::new();
    for fields in top.tables("projet", findings) {
        let project = project(&fields, findings);
        fields.finish(findings);
        if let Some(other) = read.iter().find(|other| other.id.value == project.id.value) {
            findings.push(twice(&project.id, other.id.at, "ce projet"));
        }
        read.push(project);
    }
    read
}

fn project(fields: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> Project {
    let id = fields.needed("id", findings);
    let key = fields.text("cle", findings);
    let label = fields.needed("libelle", findings).value;
    let begins = fields.text("debut", findings);
    let years = fields.years("annees", findings);
    if years.is_some() && begins.is_none() && !fields.has("debut") {
        findings.push(
            Finding::new(Code::MissingKey, fields.head(), "la clé `debut` manque")
                .label("ce projet a des années, et pas de début")
                .help("ajoutez `debut = \"2024\"` : sans lui, ses années ne finiraient jamais"),
        );
    }
    if !fields.has("tonnes") {
        fields.needed_amount("tonnes", findings);
    }
    let expected = tonnes(fields, "tonnes", findings);
    let words = [("chapman", Curve::Chapman), ("lineaire", Curve::Linear)];
    let curve = fields.choice("courbe", &words, findings);
    let mut amount = |key, what| quantity(fields, key, what, findings).map(|read| read.value);
    let plants = amount("plants", "un nombre de plants");
    let area = above_nothing(fields, "surface_m2", "une surface", findings);
    let densest = above_nothing(fields, "rendement_max", "une densité", findings);
    Project {
        key: key.map_or_else(|| id.value.replace('-', "_"), |key| key.value),
        label,
        begins,
        years,
        tonnes: expected.map_or(Decimal::ZERO, |expected| expected.value),
        buffer: percent(fields, "tampon", findings).map_or(Decimal::ZERO, |share| share.value),
        plants,
        area,
        densest,
        curve: curve.map(|curve| curve.value).unwrap_or_default(),
        cost_before: euros(fields, "cout_anterieur", findings).map_or(Decimal::ZERO, |c| c.value),
        verifications: verifications(fields, findings),
        reversals: reversals(fields, findings),
        depreciations: depreciations(fields, findings),
        failure: failure(fields, findings),
        at: fields.head(),
        id,
    }
}

fn verifications(fields: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> Vec<Verification> {
    let mut read = Vec::new();
    for fields in fields.tables("verification", findings) {
        let date = fields.needed_day("date", findings);
        let tonnes = needed_tonnes(&fields, findings);
        let reference = fields.needed("reference", findings);
        fields.finish(findings);
        read.extend(date.map(|date| Verification { date, tonnes: tonnes.value, reference }));
    }
    read.sort_by_key(|verification| verification.date.value);
    read
}

fn reversals(fields: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> Vec<Reversal> {
    let mut read = Vec::new();
    for fields in fields.tables("reversion", findings) {
        let date = fields.needed_day("date", findings);
        let tonnes = needed_tonnes(&fields, findings);
        let reason = fields.needed("motif", findings).value;
        fields.finish(findings);
        read.extend(date.map(|date| Reversal { date, tonnes, reason }));
    }
    read.sort_by_key(|reversal| reversal.date.value);
    read
}

fn depreciations(fields: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> Vec<Depreciation> {
    let mut read: Vec<Depreciation> = Vec::new();
    for fields in fields.tables("depreciation", findings) {
        let year = fields.needed("exercice", findings);
        let amount = euros(&fields, "montant", findings);
        if !fields.has("montant") {
            fields.needed_amount("montant", findings);
        }
        fields.finish(findings);
        if let Some(other) = read.iter().find(|other| other.year.value == year.value) {
            findings.push(twice(&year, other.year.at, "la dépréciation de cet exercice"));
        }
        read.extend(amount.map(|amount| Depreciation { year, amount }));
    }
    read
}

fn failure(fields: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> Option<Failure> {
    let fields = fields.table("echec", findings)?;
    let date = fields.needed_day("date", findings);
    let reason = fields.needed("motif", findings).value;
    fields.finish(findings);
    Some(Failure { date: date?, reason })
}

fn needed_tonnes(fields: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> Spanned<Decimal> {
    let given = tonnes(fields, "tonnes", findings);
    let at = fields.head();
    if !fields.has("tonnes") {
        fields.needed_amount("tonnes", findings);
    }
    given.unwrap_or(Spanned { value: Decimal::ZERO, at })
}

pub(super) fn credits(top: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> Vec<Credit> {
    let mut read = Vec::new();
    for fields in top.tables("credit", findings) {
        let id = fields.needed("id", findings);
        let words = [("absorption", true), ("evitement", false)];
        fields.needed("genre", findings);
        let removes = fields.choice("genre", &words, findings).is_some_and(|genre| genre.value);
        let date = fields.needed_day("retrait", findings);
        let tonnes = needed_tonnes(&fields, findings).value;
        let registry = fields.needed("registre", findings).value;
        let at = fields.head();
        fields.finish(findings);
        read.extend(date.map(|date| Credit { id, removes, date, tonnes, registry, at }));
    }
    read
}

/// One verified tonne, one credit: each is used once, in all the policy.
pub(super) fn used_once(policy: &CarePolicy, findings: &mut Vec<Finding>) {
    let reports = policy.projects.iter().flat_map(|project| &project.verifications);
    let mut seen: Vec<&Spanned<String>> = Vec::new();
    let all = reports.map(|report| &report.reference).chain(policy.credits.iter().map(|c| &c.id));
    for reference in all.filter(|reference| !reference.value.is_empty()) {
        match seen.iter().find(|known| known.value == reference.value) {
            None => seen.push(reference),
            Some(first) => findings.push(
                Finding::new(
                    Code::RemovalTwice,
                    reference.at,
                    format!("l’absorption `{}` est employée deux fois", reference.value),
                )
                .label("la seconde fois")
                .related(first.at, "la première")
                .help("une tonne vérifiée n’éteint qu’une tonne : retirez l’une des deux, ou corrigez sa référence"),
            ),
        }
    }
}
