use rust_decimal::Decimal;

use super::euros::{Euros, euros_of, needed_euros};
use super::fields::{Fields, Spanned};
use super::members::{Member, member};
use super::programmes::twice;
use super::selector::Selector;
use crate::diagnostic::{Code, Finding, Span};
use crate::measure::euros;

/// Which budgets a band takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Individuals.
    Individuals,
    /// By a decision of the association, never from the budget.
    Decision,
    /// Budgets between two bounds; the flags say whether each bound is inside.
    Budgets {
        /// The lowest, and whether it is inside.
        from: Option<(Decimal, bool)>,
        /// The highest, and whether it is inside.
        to: Option<(Decimal, bool)>,
    },
}

/// A band of the grid.
#[derive(Clone, Debug)]
pub struct Band {
    /// Its key.
    pub key: Spanned<String>,
    /// Its label.
    pub label: String,
    /// What it costs a year, in euros; the least it costs when a decision sets it.
    pub due: Decimal,
    /// Whom it takes.
    pub reach: Reach,
}

/// A grid of memberships.
#[derive(Clone, Debug)]
pub struct Grid {
    /// The fiscal year from which it holds.
    pub since: Spanned<String>,
    /// What is said of it.
    pub note: Option<String>,
    /// Its bands.
    pub bands: Vec<Band>,
}

impl Grid {
    /// The band of an annual budget.
    pub fn band_of(&self, budget: Decimal) -> Option<&Band> {
        self.bands.iter().find(|band| match band.reach {
            Reach::Budgets { from, to } => {
                from.is_none_or(|(low, inside)| budget > low || (inside && budget == low))
                    && to.is_none_or(|(high, inside)| budget < high || (inside && budget == high))
            }
            Reach::Individuals | Reach::Decision => false,
        })
    }

    /// The band of that key.
    pub fn band(&self, key: &str) -> Option<&Band> {
        self.bands.iter().find(|band| band.key.value == key)
    }

    /// The band of individuals.
    pub fn individuals(&self) -> Option<&Band> {
        self.bands.iter().find(|band| band.reach == Reach::Individuals)
    }
}

/// How many individuals were members in a year: never their names.
#[derive(Clone, Debug)]
pub struct Individuals {
    /// The fiscal year.
    pub year: Spanned<String>,
    /// How many.
    pub count: u32,
    /// How many of them for the first time.
    pub new: u32,
}

/// `adhesions.toml`.
#[derive(Clone, Debug, Default)]
pub struct Adhesions {
    /// The grids, in the order of the file.
    pub grids: Vec<Grid>,
    /// The accounts of the memberships of bodies.
    pub body_accounts: Selector,
    /// The accounts of the memberships of individuals.
    pub individual_accounts: Selector,
    /// The bodies.
    pub members: Vec<Member>,
    /// The individuals, year by year.
    pub individuals: Vec<Individuals>,
}

/// Reads `adhesions.toml`.
pub(super) fn adhesions(top: Fields<'_, '_>, findings: &mut Vec<Finding>) -> Adhesions {
    let mut read = Adhesions::default();
    for fields in top.tables("grille", findings) {
        let grid = grid(fields, findings);
        if let Some(other) = read.grids.iter().find(|other| other.since.value == grid.since.value) {
            findings.push(twice(&grid.since, other.since.at, "une grille pour cet exercice"));
        }
        read.grids.push(grid);
    }
    if let Some(fields) = top.table("comptes", findings) {
        read.body_accounts = fields.accounts("organismes", findings).unwrap_or_default();
        read.individual_accounts = fields.accounts("particuliers", findings).unwrap_or_default();
        fields.finish(findings);
    }
    for fields in top.tables("membre", findings) {
        let Some(member) = member(fields, &read.grids, findings) else { continue };
        if let Some(other) = read.members.iter().find(|m| m.name.value == member.name.value) {
            findings.push(twice(&member.name, other.name.at, "ce membre"));
        }
        read.members.push(member);
    }
    for fields in top.tables("particuliers", findings) {
        let year = fields.needed("exercice", findings);
        if let Some(other) = read.individuals.iter().find(|other| other.year.value == year.value) {
            findings.push(twice(&year, other.year.at, "le nombre de particuliers de cet exercice"));
        }
        let (count, new) = (fields.whole("nombre", findings), fields.whole("nouveaux", findings));
        if let (Some(count), Some(new)) = (&count, &new)
            && new.value > count.value
        {
            findings.push(
                Finding::new(Code::BadValue, new.at, "plus de nouveaux membres que de membres")
                    .label("les nouveaux")
                    .related(count.at, "tous les membres, nouveaux compris")
                    .help("`nouveaux` compte ceux de `nombre` qui adhèrent pour la première fois"),
            );
        }
        fields.finish(findings);
        let value = |whole: Option<Spanned<u32>>| whole.map_or(0, |whole| whole.value);
        read.individuals.push(Individuals { year, count: value(count), new: value(new) });
    }
    top.finish(findings);
    read
}

fn grid(fields: Fields<'_, '_>, findings: &mut Vec<Finding>) -> Grid {
    let since = fields.needed("exercice", findings);
    let note = fields.text("note", findings).map(|note| note.value);
    let mut bands: Vec<Band> = Vec::new();
    for fields in fields.tables("bande", findings) {
        let band = band(&fields, findings);
        fields.finish(findings);
        if let Some(other) = bands.iter().find(|other| other.key.value == band.key.value) {
            findings.push(twice(&band.key, other.key.at, "cette bande"));
        }
        bands.push(band);
    }
    fields.finish(findings);
    tile(&bands, since.at, findings);
    Grid { since, note, bands }
}

fn band(fields: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> Band {
    let key = fields.needed("cle", findings);
    let label = fields.needed("libelle", findings).value;
    let individuals = fields.choice("genre", &[("particulier", ())], findings).is_some();
    let decision = fields.flag("decision", findings);
    let due = if decision { "cotisation_min" } else { "cotisation" };
    let due = needed_euros(fields, due, Euros::NotNegative, findings).0.value;
    let mut bound = |inside, outside| {
        let given = euros_of(fields, inside, findings).map(|bound| (bound.value, true));
        given.or_else(|| euros_of(fields, outside, findings).map(|bound| (bound.value, false)))
    };
    let (from, to) = (bound("de", "plus_de"), bound("a", "moins_de"));
    let reach = match (individuals, decision) {
        (true, _) => Reach::Individuals,
        (_, true) => Reach::Decision,
        _ => Reach::Budgets { from, to },
    };
    Band { key, label, due, reach }
}

/// The bands of budgets meet without a gap or an overlap, from nothing to any amount.
fn tile(bands: &[Band], grid: Span, findings: &mut Vec<Finding>) {
    let mut budgets: Vec<_> = bands
        .iter()
        .filter_map(|band| match band.reach {
            Reach::Budgets { from, to } => Some((from, to, band.key.at)),
            _ => None,
        })
        .collect();
    budgets.sort_by_key(|(from, ..)| from.map(|(low, inside)| (low, !inside)));
    let mut wrong = |at: Span, message: String| {
        findings.push(
            Finding::new(Code::GridBands, at, message)
                .label("cette bande")
                .help("faites se suivre les bandes : `moins_de = X`, puis `de = X` ; `a = Y`, puis `plus_de = Y`"),
        );
    };
    let Some((first, last)) = budgets.first().zip(budgets.last()) else {
        if bands.is_empty() {
            wrong(grid, "une grille sans bande".to_owned());
        }
        return;
    };
    if let Some((low, _)) = first.0.filter(|(low, _)| !low.is_zero()) {
        wrong(first.2, format!("aucune bande ne prend un budget sous {}", euros(low)));
    }
    if let Some((high, _)) = last.1 {
        wrong(last.2, format!("aucune bande ne prend un budget au-dessus de {}", euros(high)));
    }
    for pair in budgets.windows(2) {
        let (before, after) = (pair[0].1, pair[1].0);
        let meets =
            matches!((before, after), (Some((high, a)), Some((low, b))) if high == low && a != b);
        if !meets {
            wrong(pair[1].2, "cette bande ne commence pas où finit la précédente".to_owned());
        }
    }
}
