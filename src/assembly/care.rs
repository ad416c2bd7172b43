use rust_decimal::Decimal;

use super::meeting::Meeting;
use super::summary::exact;
use super::table::{Cell, Column, Row, Sheet, Table};
use crate::book::Book;
use crate::ledger::View;
use crate::measure::{FiscalYear, Sum};
use crate::statement::Genre;

/// The carbon debt and the CARE result, as the summary slides show them; `None` without book C.
pub fn care(meeting: &Meeting<'_>) -> Option<Sheet> {
    let projects = meeting.registers.care.as_ref().map_or(&[][..], |care| &care.projects);
    if !has_care(meeting) && projects.is_empty() {
        return None;
    }
    let mut tables = vec![debts(meeting)];
    for project in projects {
        let measures = [
            ("arbres", "arbres", project.plants),
            ("stockage_tco2e", "stockage tCO₂e", Some(project.tonnes)),
            ("duree_ans", "durée, ans", project.years.map(Decimal::from)),
        ];
        let given =
            measures.iter().filter_map(|(key, title, amount)| Some((key, title, (*amount)?)));
        let columns = given.clone().map(|(key, title, _)| Column::figures(*key, *title));
        let cells = given.clone().map(|(_, _, amount)| Cell::Count(amount)).collect();
        tables.push(Table {
            name: "preservation".to_owned(),
            title: "Action de préservation".to_owned(),
            columns: columns.collect(),
            rows: vec![Row::line(format!("care.{}", project.key), &project.label, cells)],
            ..Table::default()
        });
    }
    Some(Sheet {
        name: "care".to_owned(),
        year: meeting.year.name.clone(),
        title: format!("Dette carbone et résultat CARE {}", meeting.year.name),
        tables,
        notes: Vec::new(),
    })
}

fn has_care(meeting: &Meeting<'_>) -> bool {
    let Some(ledger) = meeting.ledger(Some(meeting.year)) else {
        return false;
    };
    let ids = meeting.books.accounts().sorted();
    ids.into_iter().any(|id| ledger.movement(id, Book::Care).posted)
}

fn debts(meeting: &Meeting<'_>) -> Table {
    let years = [Some(meeting.year), meeting.before];
    let row = |key: &str, label: &str, figure: &dyn Fn(&FiscalYear) -> Option<Decimal>| {
        let cells = years.map(|year| match year.and_then(figure) {
            Some(exact) => Cell::euros(exact),
            None => Cell::Blank,
        });
        let given = years.map(|year| {
            let figure = year.and_then(figure).unwrap_or_default();
            year.map_or_else(Vec::new, |year| given(meeting, key, year, figure))
        });
        Row::line(format!("care.{key}"), label, cells.to_vec()).given(given.to_vec())
    };
    let debt = |prefix: &'static str| move |year: &FiscalYear| Some(owed(meeting, prefix, year));
    let yearly = |year: &FiscalYear| Some(moved(meeting, "C6812", year));
    let stock = |year: &FiscalYear| {
        let debts = owed(meeting, "C17", year) + owed(meeting, "C18", year);
        Some(meeting.result(year) - debts)
    };
    let flux = |year: &FiscalYear| Some(meeting.result_in(meeting.ledger(Some(year))?, View::Care));
    let bilan = exact(meeting.bilan, "bilan.passif.resultat_care");
    let stock_row = |year: &FiscalYear| {
        // The form's own definition, where it has one.
        if year == meeting.year { bilan.or_else(|| stock(year)) } else { stock(year) }
    };
    let rows = vec![
        row("provision_recouvrable", "Dette carbone recouvrable", &debt("C171")),
        row("provision_irrecouvrable_cumulee", "Dette carbone irrécouvrable, cumul", &debt("C172")),
        row("provision_irrecouvrable_annuelle", "Dette carbone irrécouvrable de l’année", &yearly),
        row("resultat_classique", "Résultat classique", &|year| Some(meeting.result(year))),
        row("resultat_care_flux", "Résultat CARE, en flux", &flux),
        row("resultat_care", "Résultat CARE, en stock", &stock_row).of(Genre::Memo),
    ];
    Table {
        name: "care".to_owned(),
        columns: vec![
            Column::figures("n", meeting.year.name.as_str()),
            Column::figures("n1", meeting.before_name()),
        ],
        rows,
        ..Table::default()
    }
}

/// What each account gives to a figure of the table, with the sign of the figure; nothing when a form has
/// its own definition of it.
fn given(
    meeting: &Meeting<'_>,
    key: &str,
    year: &FiscalYear,
    figure: Decimal,
) -> Vec<(String, Decimal)> {
    let results: (&[&str], View) = (&["6", "7"], View::Classic);
    let (parts, negative): (Vec<(&[&str], View)>, bool) = match key {
        "provision_recouvrable" => (vec![(&["C171"], View::Care)], true),
        "provision_irrecouvrable_cumulee" => (vec![(&["C172"], View::Care)], true),
        "provision_irrecouvrable_annuelle" => (vec![(&["C6812"], View::Care)], false),
        "resultat_classique" => (vec![results], true),
        "resultat_care_flux" => (vec![(&["6", "7", "C6", "C7"], View::Care)], true),
        // What is owed is taken from the result: both are credits, of opposite signs here.
        _ => (vec![results, (&["C17", "C18"], View::Care)], true),
    };
    let Some(ledger) = meeting.ledger(Some(year)) else { return Vec::new() };
    let accounts = meeting.books.accounts();
    let mut given = Vec::new();
    for (prefixes, view) in parts {
        for id in accounts.sorted() {
            let account = accounts.get(id);
            let balance = ledger.balance(id, view).decimal();
            let own = prefixes.iter().any(|prefix| account.number.starts_with(prefix));
            if own && !account.is_activity() && !balance.is_zero() {
                let debt = account.number.starts_with("C17") || account.number.starts_with("C18");
                let taken = debt && key == "resultat_care";
                given.push((account.key(), if negative && !taken { -balance } else { balance }));
            }
        }
    }
    let sum: Decimal = given.iter().map(|(_, amount)| *amount).sum();
    if sum == figure { given } else { Vec::new() }
}

/// What is owed at the end of a year on the accounts of book C that begin so.
fn owed(meeting: &Meeting<'_>, prefix: &str, year: &FiscalYear) -> Decimal {
    -moved(meeting, prefix, year)
}

/// The balance of the accounts of book C that begin so; a debit is positive.
fn moved(meeting: &Meeting<'_>, prefix: &str, year: &FiscalYear) -> Decimal {
    let Some(ledger) = meeting.ledger(Some(year)) else {
        return Decimal::ZERO;
    };
    let accounts = meeting.books.accounts();
    let ids = accounts.sorted().into_iter();
    let own = ids.filter(|id| accounts.get(*id).number.starts_with(prefix));
    own.map(|id| ledger.balance(id, View::Care)).sum::<Sum>().decimal()
}
