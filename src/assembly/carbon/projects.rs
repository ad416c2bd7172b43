use rust_decimal::{Decimal, MathematicalOps};

use super::{View, tonnes};
use crate::assembly::meeting::Meeting;
use crate::assembly::table::{Cell, Column, Row, Sheet, Table, slug};
use crate::care::{Standing, Work};
use crate::diagnostic::Code;
use crate::measure::{amount, round_half_away};
use crate::register::{Curve, Project};
use crate::statement::{Genre, Note};

/// The projects of preservation alone: what they promise, what of it is verified, what they cost.
///
/// `None` without a policy that names a project.
pub fn projects(meeting: &Meeting<'_>) -> Option<Sheet> {
    let view = View::of(meeting)?;
    let mut tables = tables(&view);
    if tables.is_empty() {
        return None;
    }
    tables.extend(view.policy.projects.iter().filter_map(|project| forecast(meeting, project)));
    Some(Sheet {
        name: "projets".to_owned(),
        year: meeting.year.name.clone(),
        title: format!("Projets de préservation {}", meeting.year.name),
        tables,
        notes: notes(&view),
    })
}

/// One row a project or removal credit, in tonnes and in euros.
pub(super) fn tables(view: &View<'_>) -> Vec<Table> {
    let Some(kept) = view.kept else { return Vec::new() };
    let both = || view.care.kept.works.iter().zip(&kept.standing);
    if both().next().is_none() {
        return credits(view).into_iter().collect();
    }
    let row = |(work, standing): (&Work, &Standing)| {
        let label = match (standing.failed, standing.begun) {
            (true, _) => format!("{} (échoué)", work.label),
            (false, false) => format!("{} (à venir)", work.label),
            (false, true) => work.label.clone(),
        };
        Row::line(format!("projets.{}", slug(&work.id)), label, cells(work, standing))
    };
    vec![Table {
        name: "projets".to_owned(),
        title: "Projets : tonnes attendues, vérifiées, employées".to_owned(),
        columns: vec![
            Column::figures("attendues", "t promises"),
            Column::figures("verifiees", "t vérifiées"),
            Column::figures("tampon", "t au tampon"),
            Column::figures("employees", "t éteintes"),
            Column::figures("disponibles", "t libres"),
            Column::figures("financees", "t financées").off_screen(),
            Column::figures("rendues", "t rendues").off_screen(),
            Column::figures("cout", "À l’actif, €"),
            Column::figures("depreciation", "Dépréciation, €").off_screen(),
        ],
        rows: both().map(row).collect(),
        ..Table::default()
    }]
    .into_iter()
    .chain(credits(view))
    .collect()
}

/// The credits bought and retired by the closing, each used once: one of avoidance extinguishes no
/// tonne, only the euros spent on it do.
fn credits(view: &View<'_>) -> Option<Table> {
    let last = view.meeting.year.period.last;
    let retired = view.policy.credits.iter().filter(|credit| credit.date.value <= last);
    let rows: Vec<Row> = retired
        .map(|credit| {
            let kind = if credit.removes { "absorption" } else { "évitement" };
            let cells = vec![
                Cell::Words(kind.to_owned()),
                Cell::Words(credit.registry.clone()),
                Cell::Day(credit.date.value),
                Cell::Tonnes(credit.tonnes),
            ];
            Row::line(format!("credits.{}", slug(&credit.id.value)), &credit.id.value, cells)
        })
        .collect();
    (!rows.is_empty()).then(|| Table {
        name: "credits".to_owned(),
        title: "Crédits retirés".to_owned(),
        head: "Numéro".to_owned(),
        columns: vec![
            Column::words("genre", "Genre"),
            Column::words("registre", "Registre"),
            Column::figures("retrait", "Retiré le"),
            Column::figures("tonnes", "tCO₂e"),
        ],
        rows,
    })
}

fn cells(work: &Work, standing: &Standing) -> Vec<Cell> {
    vec![
        tonnes(work.expected),
        tonnes(standing.verified),
        tonnes(standing.buffer),
        tonnes(standing.used),
        tonnes(standing.available),
        tonnes(standing.paid),
        tonnes(standing.reversed),
        Cell::cents(standing.cost),
        Cell::cents(standing.depreciation),
    ]
}

/// How fast a stand of trees grows, and how slowly it begins: k = 0,12 a year, p = 3.
const RATE: Decimal = Decimal::from_parts(12, 0, 0, false, 2);
const SHAPE: u64 = 3;

/// What part of all its tonnes a project is expected to hold after so many of its years.
fn grown(curve: Curve, done: u32, years: u32) -> Decimal {
    let (done, years) = (Decimal::from(done), Decimal::from(years));
    match curve {
        Curve::Linear => done / years,
        Curve::Chapman => {
            let reached = |t: Decimal| Decimal::ONE - (-(RATE * t)).exp();
            (reached(done) / reached(years)).powu(SHAPE)
        }
    }
}

/// The growth of a project, as a forecast: the years that a reader looks at, then the last.
fn forecast(meeting: &Meeting<'_>, project: &Project) -> Option<Table> {
    let years = project.years?;
    let begins = project.begins.as_ref()?;
    let first = meeting.books.years().named(&begins.value)?.period.last;
    let shown = (1..=years).filter(|year| *year == 1 || *year == years || year.is_multiple_of(5));
    let rows = shown.filter_map(|done| {
        let last = first.checked_add_months(chrono::Months::new(12 * (done - 1)))?;
        let gross = round_half_away(project.tonnes * grown(project.curve, done, years), 4);
        let net = round_half_away(gross * project.net_share(), 4);
        let key = format!("prevision.{}.{done}", project.key);
        let label = format!("Fin de l’année {done} ({})", last.format("%Y"));
        Some(Row::line(key, label, vec![Cell::Tonnes(gross), Cell::Tonnes(net)]).of(Genre::Memo))
    });
    let law = match project.curve {
        Curve::Chapman => "Chapman–Richards, k = 0,12, p = 3",
        Curve::Linear => "linéaire",
    };
    Some(Table {
        name: format!("prevision_{}", project.key),
        title: format!("Prévision, sans effet sur les dettes : {} ({law})", project.label),
        columns: vec![
            Column::figures("brutes", "t brutes, cumul"),
            Column::figures("nettes", "t nettes du tampon"),
        ],
        rows: rows.collect(),
        ..Table::default()
    })
}

/// Plants on a square metre of a Miyawaki forest: what an area is guessed from when none is given.
const PLANTS_PER_M2: Decimal = Decimal::from_parts(3, 0, 0, false, 0);

/// The most that a hectare of dense broadleaf forest stores in France, in tonnes.
const DENSEST: Decimal = Decimal::from_parts(730, 0, 0, false, 0);

const SQUARE_METRES: Decimal = Decimal::from_parts(10_000, 0, 0, false, 0);

/// What a reader must know of the projects: promises that no area makes plausible.
pub(super) fn notes(view: &View<'_>) -> Vec<Note> {
    let mut notes: Vec<Note> = view.policy.projects.iter().filter_map(implausible).collect();
    for (work, standing) in
        view.kept.iter().flat_map(|kept| view.care.kept.works.iter().zip(&kept.standing))
    {
        if standing.verified > work.expected {
            notes.push(Note {
                code: Some(Code::Yield),
                key: format!("projets.{}", slug(&work.id)),
                text: format!(
                    "{} : {} vérifiées pour {} promises : le rapport, ou la promesse, est à revoir",
                    work.label,
                    crate::measure::tonnes(standing.verified),
                    crate::measure::tonnes(work.expected)
                ),
            });
        }
    }
    let waiting = view.kept.is_some_and(|kept| {
        kept.standing.iter().any(|standing| standing.begun && standing.verified.is_zero())
    });
    if waiting {
        notes.push(Note {
            code: None,
            key: "projets".to_owned(),
            text: "des tonnes attendues n’éteignent rien : il faut un rapport de vérification"
                .to_owned(),
        });
    }
    notes
}

/// A yield per hectare beyond what grows, by the area given, or by that of so many plants.
fn implausible(project: &Project) -> Option<Note> {
    let guessed = || project.plants.map(|plants| plants / PLANTS_PER_M2);
    let area = project.area.or_else(guessed).filter(|area| !area.is_zero());
    let Some(area) = area else {
        let label = &project.label;
        return Some(Note {
            code: Some(Code::Yield),
            key: format!("projets.{}", slug(&project.id.value)),
            text: format!(
                "{label} : ni surface ni plants : donnez `surface_m2`, sans quoi rien ne dit si ses tonnes sont plausibles"
            ),
        });
    };
    let most = project.densest.unwrap_or(DENSEST);
    let found = project.tonnes * SQUARE_METRES / area;
    let beyond = found > most;
    if !beyond && project.area.is_some() {
        return None;
    }
    let whole = |value| amount(round_half_away(value, 0), 0);
    let asked = match (project.area, project.plants) {
        (None, Some(plants)) => format!(
            "surface inconnue, donnez `surface_m2` ; {} plants à la densité Miyawaki ({} par m²) font {} m²",
            whole(plants),
            whole(PLANTS_PER_M2),
            whole(area)
        ),
        _ => format!("{} m²", whole(area)),
    };
    let told = if beyond {
        let needed = project.tonnes * SQUARE_METRES / most;
        format!(
            ", donc {} t par hectare : plus que les {} t d’une forêt feuillue dense ; il faudrait au moins {} m²",
            whole(found),
            whole(most),
            amount(needed.ceil(), 0)
        )
    } else {
        String::new()
    };
    Some(Note {
        code: Some(Code::Yield),
        key: format!("projets.{}", slug(&project.id.value)),
        text: format!("{} : {asked}{told}", project.label),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forest_grows_slowly_then_fast_then_slowly() {
        let of = |done| round_half_away(Decimal::from(89) * grown(Curve::Chapman, done, 25), 2);
        let expected =
            [(1, "0.15"), (5, "9.53"), (10, "35.40"), (15, "60.33"), (20, "77.99"), (25, "89")];
        for (done, tonnes) in expected {
            assert_eq!(of(done).to_string(), tonnes, "year {done}");
        }
        assert_eq!(grown(Curve::Linear, 5, 25), Decimal::new(2, 1));
    }
}
