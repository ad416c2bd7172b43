use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::adhesions::{Grid, Reach};
use super::euros::euros_of;
use super::fields::{Fields, Spanned};
use crate::diagnostic::{Code, Finding};

/// A member that is a body.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its name, the auxiliary of its account.
    pub name: Spanned<String>,
    /// What kind of body it is.
    pub kind: String,
    /// Its annual budget, in euros.
    pub budget: Decimal,
    /// Since when.
    pub since: NaiveDate,
    /// Until when, if it left.
    pub until: Option<NaiveDate>,
    /// The band that a decision gave it.
    pub band: Option<Spanned<String>>,
    /// The amount that the decision set.
    pub due: Option<Decimal>,
}

/// Reads a member; its band, if one was decided, is one of the grids.
pub(super) fn member(
    fields: Fields<'_, '_>,
    grids: &[Grid],
    findings: &mut Vec<Finding>,
) -> Option<Member> {
    let name = fields.needed("nom", findings);
    let kind = fields.text("genre", findings).map_or_else(String::new, |kind| kind.value);
    let told_budget = fields.has("budget");
    let budget = euros_of(&fields, "budget", findings);
    let since = fields.needed_day("depuis", findings);
    let until = fields.day("jusqu_a", findings);
    let band = fields.text("bande", findings);
    let due = euros_of(&fields, "cotisation", findings).map(|due| due.value);
    fields.finish(findings);
    if let (Some(since), Some(until)) = (&since, &until)
        && until.value < since.value
    {
        findings.push(
            Finding::new(Code::BadValue, until.at, format!("{} part avant d’arriver", name.value))
                .label("son départ")
                .related(since.at, "son arrivée")
                .help("échangez `depuis` et `jusqu_a`, ou corrigez l’une des dates"),
        );
    }
    if !told_budget {
        findings.push(
            Finding::new(
                Code::NoMemberBudget,
                name.at,
                format!("{} n’a pas de budget", name.value),
            )
            .label("ce membre")
            .help("ajoutez `budget = …`, en euros par an : la grille en dépend"),
        );
    }
    if let Some(band) = &band {
        let known =
            |grid: &Grid| grid.band(&band.value).is_some_and(|b| b.reach == Reach::Decision);
        if !grids.iter().any(known) {
            findings.push(
                Finding::new(
                    Code::BadValue,
                    band.at,
                    format!("aucune bande sur décision ne se nomme `{}`", band.value),
                )
                .label("cette bande")
                .help("retirez `bande` : les autres se déduisent du budget"),
            );
        }
    }
    let budget = budget.map_or(Decimal::ZERO, |budget| budget.value);
    Some(Member {
        name,
        kind,
        budget,
        since: since?.value,
        until: until.map(|day| day.value),
        band,
        due,
    })
}
