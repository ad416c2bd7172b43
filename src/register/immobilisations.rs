use chrono::{Months, NaiveDate};
use rust_decimal::Decimal;

use super::euros::{Euros, euros_of, needed_euros};
use super::fields::{Fields, Spanned};
use super::programmes::twice;
use crate::diagnostic::{Code, Finding, Span};

/// How days are counted between two dates: a convention, which the accounting policy names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DayCount {
    /// Months of 30 days, years of 360, the day in service counted.
    #[default]
    ThirtyInclusive,
    /// Months of 30 days, years of 360, from the day after.
    ThirtyExclusive,
    /// The days of the calendar, the day in service counted.
    Actual,
}

impl DayCount {
    const WORDS: [(&'static str, Self); 3] = [
        ("30/360", Self::ThirtyInclusive),
        ("30/360-exclu", Self::ThirtyExclusive),
        ("reel", Self::Actual),
    ];

    /// The convention, for a reader.
    pub fn title(self) -> &'static str {
        match self {
            Self::ThirtyInclusive => "30/360, jour de mise en service compris",
            Self::ThirtyExclusive => "30/360, jour de mise en service non compris",
            Self::Actual => "jours réels, jour de mise en service compris",
        }
    }
}

/// How an asset left.
#[derive(Clone, Debug)]
pub struct Exit {
    /// The day.
    pub day: Spanned<NaiveDate>,
    /// Sold, scrapped, stolen.
    pub reason: String,
    /// The account of what was not yet depreciated; the usual one when absent.
    pub account: Option<Spanned<String>>,
    /// The document.
    pub document: Option<String>,
}

/// An asset, or some bought together.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Its name for machines.
    pub id: Spanned<String>,
    /// What it is.
    pub label: String,
    /// Its account, of class 2.
    pub account: Spanned<String>,
    /// The account of its depreciation: 28 and the rest of its own, unless told.
    pub depreciation: Spanned<String>,
    /// The account of the yearly charge: 68111 or 68112, unless told.
    pub charge: Spanned<String>,
    /// What it cost, in euros.
    pub cost: Decimal,
    /// What it will be worth at the end, in euros: never depreciated.
    pub residual: Decimal,
    /// The day it began to serve.
    pub in_service: Spanned<NaiveDate>,
    /// How many months it serves; it is not depreciated without.
    pub months: Option<u32>,
    /// What stood depreciated when the books opened, when it is not what the plan gives.
    pub before: Option<Spanned<Decimal>>,
    /// How it left.
    pub exit: Option<Exit>,
    /// The programme it serves, on the lines of charge.
    pub programme: Option<Spanned<String>>,
    /// The document of its yearly charge.
    pub document: Option<String>,
    /// Where it is written.
    pub at: Span,
}

/// `immobilisations.toml`: the fixed assets, in its order.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// How days are counted.
    pub days: DayCount,
    /// The assets.
    pub list: Vec<Asset>,
}

/// Reads `immobilisations.toml`.
pub(super) fn immobilisations(top: Fields<'_, '_>, findings: &mut Vec<Finding>) -> Assets {
    let days = top.choice("jours", &DayCount::WORDS, findings);
    let mut read =
        Assets { days: days.map_or_else(DayCount::default, |days| days.value), list: Vec::new() };
    for fields in top.tables("bien", findings) {
        let Some(asset) = asset(fields, findings) else { continue };
        if let Some(other) = read.list.iter().find(|other| other.id.value == asset.id.value) {
            findings.push(twice(&asset.id, other.id.at, "ce bien"));
        }
        read.list.push(asset);
    }
    top.finish(findings);
    read
}

fn asset(fields: Fields<'_, '_>, findings: &mut Vec<Finding>) -> Option<Asset> {
    let at = fields.head();
    let id = fields.needed("id", findings);
    let label = fields.needed("libelle", findings).value;
    let account = fields.needed("compte", findings);
    let (cost, sound) = needed_euros(&fields, "valeur", Euros::Positive, findings);
    let residual = euros_of(&fields, "residuelle", findings);
    let in_service = fields.needed_day("mise_en_service", findings);
    let months = lifetime(&fields, findings);
    let before = euros_of(&fields, "deja_amorti", findings);
    let depreciation = fields.text("amortissement", findings);
    let charge = fields.text("dotation", findings);
    let exit = exit(&fields, findings);
    let programme = fields.text("programme", findings);
    let document = fields.text("piece", findings).map(|text| text.value);
    fields.finish(findings);
    let in_service = in_service?;
    if !account.value.is_empty() && !account.value.starts_with('2') {
        wrong(
            findings,
            account.at,
            "une immobilisation est sur un compte de classe 2",
            "ce compte",
        );
    }
    let base = cost.value - residual.as_ref().map_or(Decimal::ZERO, |known| known.value);
    if sound && base < Decimal::ZERO {
        let at = residual.as_ref().map_or(cost.at, |known| known.at);
        wrong(findings, at, "la valeur résiduelle dépasse le coût", "plus que `valeur`");
    }
    if let Some(known) = before.as_ref().filter(|known| sound && known.value > base) {
        wrong(findings, known.at, "déjà plus amorti que la base", "plus que `valeur`");
    }
    if let Some(known) = before.as_ref().filter(|_| months.is_none()) {
        wrong(findings, known.at, "`deja_amorti` sans durée", "sur combien d’années ?");
    }
    if let Some(exit) = exit.as_ref().filter(|exit| exit.day.value < in_service.value) {
        wrong(findings, exit.day.at, "le bien sort avant d’entrer", "avant `mise_en_service`");
    }
    let rest = account.value.get(1..).unwrap_or_default();
    let usual = |number: String| Spanned { value: number, at: account.at };
    let charged = if account.value.starts_with("20") { "68111" } else { "68112" };
    Some(Asset {
        depreciation: depreciation.unwrap_or_else(|| usual(format!("28{rest}"))),
        charge: charge.unwrap_or_else(|| usual(charged.to_owned())),
        cost: cost.value,
        residual: residual.map_or(Decimal::ZERO, |known| known.value),
        id,
        label,
        account,
        in_service,
        months,
        before,
        exit,
        programme,
        document,
        at,
    })
}

/// The most months that anything lasts.
const MOST_MONTHS: u32 = 2_400;

/// How long an asset serves: `annees`, or `mois`.
fn lifetime(fields: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> Option<u32> {
    let years = fields.years("annees", findings);
    let months = fields.count("mois", findings);
    if let (Some(_), Some(_)) = (years, months) {
        wrong(findings, fields.head(), "`annees` et `mois` à la fois", "laquelle des deux ?");
    }
    let months = years.map(|years| years * 12).or(months)?;
    if months > MOST_MONTHS {
        wrong(findings, fields.head(), "plus de deux cents ans", "cette durée");
        return None;
    }
    Some(months)
}

fn exit(fields: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> Option<Exit> {
    let table = fields.table("sortie", findings)?;
    let day = table.needed_day("date", findings);
    let reason = table.needed("motif", findings).value;
    let account = table.text("compte", findings);
    let document = table.text("piece", findings).map(|text| text.value);
    table.finish(findings);
    Some(Exit { day: day?, reason, account, document })
}

fn wrong(findings: &mut Vec<Finding>, at: Span, message: &str, label: &str) {
    let finding = Finding::new(Code::BadValue, at, message).label(label);
    findings.push(finding.help("corrigez le bien dans `immobilisations.toml`"));
}

impl Asset {
    /// What is to be depreciated over its life, in euros.
    pub fn base(&self) -> Decimal {
        self.cost - self.residual
    }

    /// The last day on which it serves by its plan.
    pub fn last_day(&self) -> Option<NaiveDate> {
        self.in_service.value.checked_add_months(Months::new(self.months?))?.pred_opt()
    }
}
