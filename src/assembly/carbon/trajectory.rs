use rust_decimal::Decimal;

use super::{View, tonnes};
use crate::analytic::share_to;
use crate::assembly::table::{Cell, Column, Row, Table};
use crate::care::{Emission, Interval, YearKept};
use crate::diagnostic::Code;
use crate::ledger::View as Books;
use crate::measure::round_half_away;
use crate::register::{CLIMATE, Capital, Class};
use crate::statement::Note;

/// The years against the threshold; when the inventory makes debts, what they may be.
pub(super) fn tables(view: &View<'_>) -> Vec<Table> {
    let mut tables = vec![trajectory(view)];
    tables.extend(uncertain(view));
    tables
}

fn climate<'a>(view: &View<'a>) -> Option<&'a Capital> {
    view.policy.capital(CLIMATE).map(|rank| &view.policy.capitals[rank])
}

fn lines<'a>(view: &View<'a>, kept: &YearKept) -> Vec<&'a Emission> {
    view.care.inventory.during(kept.year.period).collect()
}

fn trajectory(view: &View<'_>) -> Table {
    let rows = view.care.kept.years.iter().map(|kept| {
        let found = view.interval(&lines(view, kept));
        let staff = view.policy.staff.iter().find(|(name, _)| name.value == kept.year.name);
        let per_head = staff.map(|(_, count)| count.value).filter(|count| !count.is_zero());
        let cells = vec![
            tonnes(found.central),
            tonnes(found.low),
            tonnes(found.high),
            kept.threshold.map_or(Cell::Blank, tonnes),
            kept.threshold
                .map_or(Cell::Blank, |bears| tonnes((found.central - bears).max(Decimal::ZERO))),
            per_head.map_or(Cell::Blank, |count| tonnes(found.central / count)),
        ];
        Row::line(format!("trajectoire.{}", kept.year.name), &kept.year.name, cells)
    });
    Table {
        name: "trajectoire".to_owned(),
        title: "Trajectoire".to_owned(),
        columns: vec![
            Column::figures("tonnes", "tCO₂e"),
            Column::figures("bas", "bas"),
            Column::figures("haut", "haut"),
            Column::figures("seuil", "Seuil"),
            Column::figures("au_dela", "Au-delà"),
            Column::figures("par_etp", "Par ETP"),
        ],
        rows: rows.collect(),
        ..Table::default()
    }
}

/// The debts of the year, in euros, if so many kilograms were emitted.
fn debt(view: &View<'_>, capital: &Capital, kept: &YearKept, kg: Decimal) -> Decimal {
    let rank = view.policy.capital(CLIMATE).unwrap_or(0);
    let beyond = (kg - kept.threshold.unwrap_or(Decimal::ZERO)).max(Decimal::ZERO);
    let shares = capital.shares.map_or([Decimal::ZERO; 3], |shares| shares.0);
    if beyond.is_zero() || shares.iter().all(Decimal::is_zero) {
        return Decimal::ZERO;
    }
    let of = |(class, kg): (Class, Decimal)| {
        let price = view.policy.price(rank, class, &kept.year.name);
        let price = price.map_or(Decimal::ZERO, |price| price.euros);
        round_half_away(kg * price / Decimal::ONE_THOUSAND, 2)
    };
    // Shared as the ledger shares it, so that the central line is what it holds.
    Class::ALL.into_iter().zip(share_to(beyond, &shares, 3)).map(of).sum()
}

fn uncertain(view: &View<'_>) -> Option<Table> {
    let kept = view.kept?;
    let capital = climate(view).filter(|capital| capital.inventory_owes)?;
    let found = view.interval(&lines(view, kept));
    let ledger = view.meeting.ledger(Some(&kept.year))?;
    let flux = view.meeting.result_in(ledger, Books::Care);
    let central = debt(view, capital, kept, found.central);
    let row = |key: &str, label: &str, kg: Decimal| {
        let owed = debt(view, capital, kept, kg);
        let beyond = (kg - kept.threshold.unwrap_or(Decimal::ZERO)).max(Decimal::ZERO);
        let cells =
            vec![tonnes(kg), tonnes(beyond), Cell::cents(owed), Cell::cents(flux + central - owed)];
        Row::line(format!("incertitude.{key}"), label, cells)
    };
    Some(Table {
        name: "incertitude".to_owned(),
        title: "Ce que l’incertitude fait à la dette de l’année".to_owned(),
        columns: vec![
            Column::figures("tonnes", "tCO₂e"),
            Column::figures("au_dela", "Au-delà du seuil"),
            Column::figures("dette", "Dette de l’année, €"),
            Column::figures("resultat", "Résultat CARE, flux, €"),
        ],
        rows: vec![
            row("bas", "Bas", found.low),
            row("central", "Central (écrit dans les livres)", found.central),
            row("haut", "Haut", found.high),
        ],
        ..Table::default()
    })
}

/// An interval that holds the threshold is told.
pub(super) fn notes(view: &View<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    if let (Some(kept), Some(bears)) = (view.kept, view.kept.and_then(|kept| kept.threshold)) {
        let found: Interval = view.interval(&lines(view, kept));
        if found.low < bears && bears < found.high {
            notes.push(Note {
                code: Some(Code::Straddles),
                key: format!("trajectoire.{}", kept.year.name),
                text: format!(
                    "le seuil de {} est dans l’intervalle : les émissions sont peut-être au-dessous, peut-être au-dessus",
                    crate::measure::tonnes(bears)
                ),
            });
        }
    }
    if climate(view).is_some_and(|capital| !capital.inventory_owes) {
        notes.push(Note {
            code: None,
            key: "trajectoire".to_owned(),
            text: "les émissions sont mesurées et ne font pas de dettes (`emissions = \"mesure\"`) : les dettes sont les lots donnés".to_owned(),
        });
    }
    notes
}
