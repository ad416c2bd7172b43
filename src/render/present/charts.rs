use rust_decimal::Decimal;

use crate::measure::{brief_euros, euros, tonnes};
use crate::render::chart::{Chart, ChartKind, Point};
use crate::render::document::{Cell, Document, Remark, Row, Table};

/// More slices than this cannot be told apart: the smallest go together.
const SLICES: usize = 7;

/// The table that the treemap is drawn from.
const FUNDING: &str = "detail_subventions";

/// The pies: their names, their tables, their titles.
const PIES: [(&str, &str, &str); 2] = [
    ("couts", "repartition_couts", "Répartition des coûts"),
    ("financements", "repartition_financements", "Répartition des financements"),
];

/// The charts of some documents, from the tables that have one.
///
/// A share of a negative amount means nothing: a table that has one has no pie.
pub fn charts(documents: &[&Document]) -> Vec<Chart> {
    let tables = || documents.iter().flat_map(|document| &document.tables);
    let named = |name: &str| tables().find(|table| table.name == name);
    let pies = PIES.into_iter().filter_map(|(name, table, title)| pie(name, named(table)?, title));
    let bridges = [
        ("pont_flux", "flux", "Du résultat classique au résultat CARE, en flux"),
        ("pont_stock", "stock", "Du résultat classique au résultat CARE, en stock"),
    ];
    let bridges =
        bridges.into_iter().filter_map(|(name, table, title)| bridge(name, named(table)?, title));
    let treemap = named(FUNDING).and_then(treemap);
    let trajectory = named("trajectoire").and_then(trajectory);
    let progress = named("projets").and_then(progress);
    pies.chain(treemap).chain(bridges).chain(trajectory).chain(progress).collect()
}

fn amount(row: &Row) -> Option<Decimal> {
    row.cells.iter().find_map(|cell| match cell {
        Cell::Amount { exact, .. } => Some(*exact),
        _ => None,
    })
}

fn label(row: &Row) -> String {
    match row.cells.first() {
        Some(Cell::Text(text)) => text.clone(),
        _ => String::new(),
    }
}

fn pie(name: &str, table: &Table, title: &str) -> Option<Chart> {
    let lines = table.rows.iter().filter(|row| row.role == "line");
    let mut points: Vec<Point> = lines
        .filter_map(|row| {
            Some(Point { label: label(row), amount: amount(row)?, whole: true, ..Point::default() })
        })
        .filter(|point| !point.amount.is_zero())
        .collect();
    if points.is_empty() || points.iter().any(|point| point.amount.is_sign_negative()) {
        return None;
    }
    // The order of the table decides between equals.
    points.sort_by_key(|point| std::cmp::Reverse(point.amount));
    if points.len() > SLICES {
        let rest = points.split_off(SLICES - 1);
        let count = rest.len();
        let amount = rest.iter().map(|point| point.amount).sum();
        points.push(Point {
            label: format!("{count} autres"),
            amount,
            whole: true,
            ..Point::default()
        });
    }
    let total: Decimal = points.iter().map(|point| point.amount).sum();
    let share = |part: Decimal| (part / total * Decimal::ONE_HUNDRED).round();
    let told: Vec<String> = points
        .iter()
        .map(|point| format!("{} {} %", point.label, share(point.amount).normalize()))
        .collect();
    Some(Chart {
        name: name.to_owned(),
        table: table.name.clone(),
        title: title.to_owned(),
        description: format!("{} en tout : {}.", brief_euros(total), told.join(", ")),
        kind: ChartKind::Pie,
        points,
    })
}

fn bridge(name: &str, table: &Table, title: &str) -> Option<Chart> {
    let rows = table.rows.iter().filter(|row| matches!(row.role, "line" | "total"));
    let last = table.rows.iter().rposition(|row| row.role == "total")?;
    let end = &table.rows[last].key;
    let mut points: Vec<Point> = rows
        .enumerate()
        .filter_map(|(rank, row)| {
            let whole = rank == 0 || row.key == *end;
            Some(Point { label: label(row), amount: amount(row)?, whole, ..Point::default() })
        })
        .collect();
    points.retain(|point| point.whole || !point.amount.is_zero());
    let told: Vec<String> =
        points.iter().map(|point| format!("{} {}", point.label, euros(point.amount))).collect();
    (points.len() > 2).then(|| Chart {
        name: name.to_owned(),
        table: table.name.clone(),
        title: title.to_owned(),
        description: format!("{}.", told.join(" ; ")),
        kind: ChartKind::Bridge,
        points,
    })
}

/// The amount of a row in a column.
fn within(table: &Table, row: &Row, key: &str) -> Option<Decimal> {
    let at = table.columns.iter().position(|column| column.key == key)?;
    match row.cells.get(at) {
        Some(Cell::Amount { exact, .. }) => Some(*exact),
        _ => None,
    }
}

/// The funding of the year by programme and by partner, in the order of the table; what is nil left out.
fn funding(table: &Table) -> Vec<Point> {
    let partner = table.columns.iter().position(|column| column.key == "partenaire");
    let named = |row: &Row| match partner.and_then(|at| row.cells.get(at)) {
        Some(Cell::Text(name)) if !name.is_empty() => name.clone(),
        _ => label(row),
    };
    let (mut group, mut points) = (String::new(), Vec::<Point>::new());
    for row in &table.rows {
        match row.role {
            "heading" => group = label(row),
            "line" => {
                let amount = within(table, row, "n").unwrap_or_default();
                let label = named(row);
                let same = points.iter_mut().find(|one| one.group == group && one.label == label);
                if let Some(same) = same {
                    same.amount += amount;
                } else {
                    let group = group.clone();
                    points.push(Point { label, amount, whole: true, group, ..Point::default() });
                }
            }
            _ => {}
        }
    }
    points.retain(|point| !point.amount.is_zero());
    points
}

/// Why a table that has a chart of shares is shown without: a share of less than nothing has no surface.
pub(super) fn undrawn(table: &Table) -> Option<Remark> {
    let told = |label: &str, amount: Decimal| format!("{label} {}", euros(amount));
    let below: Vec<String> = if table.name == FUNDING {
        let points = funding(table).into_iter().filter(|point| point.amount.is_sign_negative());
        let programme =
            |group: &str| if group.is_empty() { "sans programme" } else { group }.to_owned();
        points
            .map(|one| told(&format!("{} ({})", one.label, programme(&one.group)), one.amount))
            .collect()
    } else if PIES.iter().any(|(_, pie, _)| *pie == table.name) {
        let lines = table.rows.iter().filter(|row| row.role == "line");
        let below = lines.filter_map(|row| Some((label(row), amount(row)?)));
        below.filter(|(_, sum)| *sum < Decimal::ZERO).map(|(name, sum)| told(&name, sum)).collect()
    } else {
        return None;
    };
    (!below.is_empty()).then(|| Remark {
        code: None,
        severity: "note",
        key: table.name.clone(),
        text: format!(
            "Le graphique n’est pas tracé : une part négative n’a pas de surface. {}. Le tableau donne tous \
             les montants.",
            below.join(" ; ")
        ),
    })
}

/// The same, the largest first.
fn treemap(table: &Table) -> Option<Chart> {
    let mut points = funding(table);
    if points.iter().any(|point| point.amount.is_sign_negative()) {
        return None;
    }
    let mut groups: Vec<(String, Decimal)> = Vec::new();
    for point in &points {
        match groups.iter_mut().find(|(name, _)| *name == point.group) {
            Some((_, sum)) => *sum += point.amount,
            None => groups.push((point.group.clone(), point.amount)),
        }
    }
    groups.sort_by_key(|(_, sum)| std::cmp::Reverse(*sum));
    gathered(&mut groups, &mut points);
    let rank = |point: &Point| groups.iter().position(|(name, _)| *name == point.group);
    points.sort_by_key(|point| (rank(point), std::cmp::Reverse(point.amount)));
    let total: Decimal = groups.iter().map(|(_, sum)| *sum).sum();
    let told: Vec<String> = groups
        .iter()
        .map(|(name, sum)| {
            let share = (sum / total * Decimal::ONE_HUNDRED).round().normalize();
            format!("{} {share} %", if name.is_empty() { "sans programme" } else { name })
        })
        .collect();
    (points.len() > 1).then(|| Chart {
        name: "programmes_partenaires".to_owned(),
        table: table.name.clone(),
        title: "Subventions et facturations de l’année, par programme et par partenaire".to_owned(),
        description: format!("{} en tout : {}.", brief_euros(total), told.join(", ")),
        kind: ChartKind::Treemap,
        points,
    })
}

/// The smallest groups as one, where each is a point: more groups than colours cannot be told apart.
fn gathered(groups: &mut Vec<(String, Decimal)>, points: &mut Vec<Point>) {
    if groups.len() <= SLICES {
        return;
    }
    let rest = groups.split_off(SLICES - 1);
    let group = format!("{} autres programmes", rest.len());
    points.retain(|point| groups.iter().any(|(name, _)| *name == point.group));
    points.extend(rest.iter().map(|(name, sum)| Point {
        label: if name.is_empty() { "sans programme".to_owned() } else { name.clone() },
        amount: *sum,
        whole: true,
        group: group.clone(),
        ..Point::default()
    }));
    groups.push((group, rest.iter().map(|(_, sum)| *sum).sum()));
}

/// The emissions of each year, with their interval and the threshold.
fn trajectory(table: &Table) -> Option<Chart> {
    let points: Vec<Point> = table
        .rows
        .iter()
        .filter_map(|row| {
            let amount = within(table, row, "tonnes")?;
            let between = within(table, row, "bas").zip(within(table, row, "haut"));
            let bound = within(table, row, "seuil");
            Some(Point {
                label: label(row),
                amount,
                whole: true,
                between,
                bound,
                ..Point::default()
            })
        })
        .collect();
    let in_words = |amount: Decimal| tonnes(amount * Decimal::ONE_THOUSAND);
    let told: Vec<String> =
        points.iter().map(|point| format!("{} {}", point.label, in_words(point.amount))).collect();
    let emitted = points.iter().any(|point| !point.amount.is_zero());
    (emitted && !points.is_empty()).then(|| Chart {
        name: "trajectoire_carbone".to_owned(),
        table: table.name.clone(),
        title: "Trajectoire des émissions".to_owned(),
        description: format!("{}. Le trait donne l’intervalle d’incertitude.", told.join(" ; ")),
        kind: ChartKind::Trajectory,
        points,
    })
}

/// The tonnes of each project: verified, of those that are expected.
fn progress(table: &Table) -> Option<Chart> {
    let points: Vec<Point> = table
        .rows
        .iter()
        .filter(|row| row.role == "line")
        .filter_map(|row| {
            let bound = within(table, row, "attendues").filter(|tonnes| !tonnes.is_zero())?;
            let amount = within(table, row, "verifiees").unwrap_or_default();
            let bound = Some(bound);
            Some(Point { label: label(row), amount, whole: true, bound, ..Point::default() })
        })
        .collect();
    let in_words = |amount: Decimal| tonnes(amount * Decimal::ONE_THOUSAND);
    let told: Vec<String> = points
        .iter()
        .map(|point| {
            let expected = in_words(point.bound.unwrap_or_default());
            format!(
                "{} : {} vérifiées sur {expected} attendues",
                point.label,
                in_words(point.amount)
            )
        })
        .collect();
    (!points.is_empty()).then(|| Chart {
        name: "projets_tonnes".to_owned(),
        table: table.name.clone(),
        title: "Tonnes vérifiées sur tonnes attendues".to_owned(),
        description: format!(
            "{}. Des tonnes attendues n’éteignent aucune dette.",
            told.join(" ; ")
        ),
        kind: ChartKind::Progress,
        points,
    })
}
