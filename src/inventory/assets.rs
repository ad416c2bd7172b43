use rust_decimal::Decimal;

use super::entry::{ASSET, InventoryEntry, Yield};
use super::names::depreciation;
use super::plan::{Plan, plan};
use super::yielding::Yielding;
use crate::chart::Edition;
use crate::measure::{FiscalYear, euros};
use crate::register::{Asset, Assets, DayCount};

/// An asset at the closing of a year, in euros.
#[derive(Clone, Debug)]
pub struct AssetStanding {
    /// The rank of the asset in the register.
    pub asset: usize,
    /// The account of its depreciation.
    pub account: String,
    /// The rank of the year.
    pub year: usize,
    /// What it cost, while it is there.
    pub gross: Decimal,
    /// What stood depreciated at the opening.
    pub opening: Decimal,
    /// The charge of the year.
    pub charge: Decimal,
    /// What the exit took away.
    pub removed: Decimal,
    /// What stands depreciated at the closing.
    pub closing: Decimal,
}

/// The account of what was not depreciated of an asset that leaves, in the 2018 edition.
const LEFT: &str = "675";

/// The annuities and the exits of every asset, and where each stands at every closing.
pub(super) fn assets(
    register: &Assets,
    yielding: &mut Yielding<'_>,
    standing: &mut Vec<AssetStanding>,
) {
    let years = yielding.years.to_vec();
    for (rank, asset) in register.list.iter().enumerate() {
        let charged = yielding.history.charged(&asset.id.value, &years);
        let edition = years
            .last()
            .map_or(Edition::Anc2018, |year| Edition::of_year_opened(year.period.first));
        let account = depreciation(yielding.books, asset, edition);
        let planned = plan(register.days, asset, &years, &charged);
        let mut opening = planned.as_ref().map_or(Decimal::ZERO, |planned| planned.before);
        for (at, year) in years.iter().enumerate() {
            if !is_there(asset, year) {
                continue;
            }
            let charge = charge((asset, &account), register.days, planned.as_ref(), at, yielding);
            let leaves = leaves(asset, year);
            let closing = opening + charge;
            if leaves {
                exit((asset, &account), closing, yielding);
            }
            standing.push(AssetStanding {
                asset: rank,
                account: account.clone(),
                year: at,
                gross: if leaves { Decimal::ZERO } else { asset.cost },
                opening,
                charge,
                removed: if leaves { closing } else { Decimal::ZERO },
                closing: if leaves { Decimal::ZERO } else { closing },
            });
            opening = closing;
        }
    }
}

/// Whether the association had the asset on some day of a year.
fn is_there(asset: &Asset, year: &FiscalYear) -> bool {
    let gone = |day| day < year.period.first;
    asset.in_service.value <= year.period.last
        && !asset.exit.as_ref().is_some_and(|exit| gone(exit.day.value))
}

fn leaves(asset: &Asset, year: &FiscalYear) -> bool {
    asset.exit.as_ref().is_some_and(|exit| year.period.contains(exit.day.value))
}

/// The annuity of a year, given to the books.
fn charge(
    (asset, account): (&Asset, &str),
    count: DayCount,
    planned: Option<&Plan>,
    year: usize,
    yielding: &mut Yielding<'_>,
) -> Decimal {
    let annuities = planned.into_iter().flat_map(|planned| &planned.annuities);
    let Some(annuity) = annuities.into_iter().find(|annuity| annuity.year == year) else {
        return Decimal::ZERO;
    };
    let (days, whole) = annuity.days;
    let mut entry = InventoryEntry {
        date: annuity.day,
        rule: Yield::Depreciation,
        label: format!("Amortissement | {}, {}", asset.label, lifetime(asset)),
        inputs: format!(
            "{} sur {whole} jours, dont {days} dans l’exercice ({})",
            euros(annuity.base),
            count.title()
        ),
        policy: asset.at,
        document: asset.document.clone(),
        tags: vec![(ASSET, asset.id.value.clone())],
        lines: Vec::new(),
    };
    let line = entry.line(&asset.charge.value, annuity.amount);
    line.tags.extend(asset.programme.iter().map(|code| ("programme", code.value.clone())));
    entry.line(account, -annuity.amount);
    yielding.add(entry);
    annuity.amount
}

/// How long it serves, in words.
fn lifetime(asset: &Asset) -> String {
    match asset.months.unwrap_or_default() {
        months if months % 12 != 0 => format!("{months} mois"),
        12 => "1 an".to_owned(),
        months => format!("{} ans", months / 12),
    }
}

/// The asset and its depreciation leave the balance sheet; what was left of it is a charge.
fn exit((asset, account): (&Asset, &str), depreciated: Decimal, yielding: &mut Yielding<'_>) {
    let Some(exit) = &asset.exit else { return };
    let mut entry = InventoryEntry {
        date: exit.day.value,
        rule: Yield::Exit,
        label: format!("Sortie | {}, {}", asset.label, exit.reason),
        inputs: format!("{} amortis de {}", euros(asset.cost), euros(depreciated)),
        policy: exit.day.at,
        document: exit.document.clone(),
        tags: Vec::new(),
        lines: Vec::new(),
    };
    let left = exit.account.as_ref().map_or(LEFT, |told| told.value.as_str());
    entry.line(account, depreciated);
    entry.line(left, asset.cost - depreciated);
    entry.line(&asset.account.value, -asset.cost);
    yielding.add(entry);
}
