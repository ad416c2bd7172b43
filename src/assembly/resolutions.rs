use super::meeting::Meeting;
use super::table::{Cell, Column, Row, Sheet, Table};
use crate::measure::rounded_euros;
use crate::register::{Resolution, Voted};
use crate::statement::Genre;

/// The resolutions put to the vote, with their exact and shown figures.
pub fn resolutions(meeting: &Meeting<'_>) -> Sheet {
    let own;
    let list = if let Some(list) = &meeting.registers.resolutions {
        list
    } else {
        own = usual(meeting);
        &own
    };
    let holds =
        |one: &&Resolution| one.year.as_ref().is_none_or(|year| year.value == meeting.year.name);
    let mut rows = Vec::new();
    let mut votes = 0;
    for one in list.iter().filter(holds) {
        let amount = amount(meeting, one);
        let key = if let Some(key) = &one.key {
            format!("resolutions.{}", key.value)
        } else {
            votes += 1;
            format!("resolutions.votes.{votes}")
        };
        let to = one.to.clone().map_or(Cell::Blank, Cell::Words);
        let cells = vec![amount.clone(), to];
        let behind = match &one.voted {
            Voted::Nothing => Vec::new(),
            Voted::Result => meeting.keys_of(&["6", "7"]),
            Voted::Accounts(selector) => meeting.keys(meeting.taken(selector)),
        };
        let row = Row::line(key, filled(meeting, one, &amount), cells).behind(behind);
        rows.push(if one.vote { row } else { row.under().of(Genre::Detail) });
    }
    Sheet {
        name: "resolutions".to_owned(),
        year: meeting.year.name.clone(),
        title: format!("Résolutions mises au vote, comptes {}", meeting.year.name),
        tables: vec![Table {
            name: "resolutions".to_owned(),
            columns: vec![Column::figures("n", "Montant, €"), Column::words("vers", "Vers")],
            rows,
            ..Table::default()
        }],
        notes: Vec::new(),
    }
}

/// What is voted when no register says it.
fn usual(meeting: &Meeting<'_>) -> Vec<Resolution> {
    let vote = |text: &str| Resolution {
        key: None,
        text: text.to_owned(),
        vote: true,
        voted: Voted::Nothing,
        to: None,
        cents: false,
        year: None,
    };
    let mut list = vec![
        vote("Approbation des comptes {exercice}"),
        Resolution {
            key: Some(crate::register::Spanned {
                value: "affectation_resultat".to_owned(),
                at: crate::diagnostic::Span::default(),
            }),
            vote: false,
            voted: Voted::Result,
            to: Some("report à nouveau".to_owned()),
            cents: true,
            ..vote("Affectation du résultat de {montant} en {vers}")
        },
    ];
    if meeting.budget.is_some() {
        list.push(vote("Approbation du budget prévisionnel {suivant}"));
    }
    if meeting.registers.adhesions.as_ref().is_some_and(|known| !known.grids.is_empty()) {
        list.push(vote("Validation de la grille d’adhésion {suivant}"));
    }
    list
}

fn amount(meeting: &Meeting<'_>, one: &Resolution) -> Cell {
    let exact = match &one.voted {
        Voted::Nothing => return Cell::Blank,
        Voted::Result => meeting.result(meeting.year),
        Voted::Accounts(selector) => {
            // A charge is a debit; a provision, a debt, a product, a credit.
            let ids = meeting.taken(selector);
            let debit = ids.first().is_some_and(|id| {
                let number = &meeting.books.accounts().get(*id).number;
                number.trim_start_matches('C').starts_with(['2', '3', '5', '6'])
            });
            let balance = meeting.balance(selector, Some(meeting.year)).decimal();
            if debit { balance } else { -balance }
        }
    };
    if one.cents { Cell::cents(exact) } else { Cell::euros(exact) }
}

/// The words of a resolution, its amount and years filled in.
fn filled(meeting: &Meeting<'_>, one: &Resolution, amount: &Cell) -> String {
    let shown = match amount {
        Cell::Euros { exact, step, .. } => rounded_euros(*exact, step.scale()),
        _ => String::new(),
    };
    one.text
        .replace("{montant}", &shown)
        .replace("{exercice}", &meeting.year.name)
        .replace("{suivant}", meeting.after.map_or("", |year| year.name.as_str()))
        .replace("{vers}", one.to.as_deref().unwrap_or_default())
}
