use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{View, tonnes};
use crate::assembly::table::{Cell, Column, Row, Table, slug};
use crate::book::Book;
use crate::care::{Balances, Birth, Debt, Part, part_of};
use crate::diagnostic::Code;
use crate::ledger::Ledger;
use crate::measure::euros;
use crate::register::{CLIMATE, Class, Lot};
use crate::statement::{Genre, Note};

/// The debts by vintage, one table a capital, and the classic provision beside them.
pub(super) fn tables(view: &View<'_>) -> Vec<Table> {
    let Some(kept) = view.kept else { return Vec::new() };
    let mut tables = Vec::new();
    for (rank, capital) in view.policy.capitals.iter().enumerate() {
        let debts: Vec<&Debt> = kept.debts.iter().filter(|debt| debt.capital == rank).collect();
        if debts.is_empty() {
            continue;
        }
        let name = format!("dettes_{}", capital.id.value);
        tables.push(Table {
            title: format!("Dettes par millésime : {}", capital.label),
            columns: columns(),
            rows: rows(view, &name, &debts),
            name,
            ..Table::default()
        });
    }
    tables.extend(provision(view));
    tables
}

fn columns() -> Vec<Column> {
    vec![
        Column::figures("tonnes", "t reconnues"),
        Column::figures("prix", "€/t"),
        Column::figures("reconnu", "€ reconnus"),
        Column::figures("tonnes_ouvertes", "t ouvertes"),
        Column::figures("ouvert", "€ ouverts"),
        Column::words("origine", "Origine"),
    ]
}

fn rows(view: &View<'_>, name: &str, debts: &[&Debt]) -> Vec<Row> {
    let mut rows = Vec::new();
    for class in Class::ALL {
        let own: Vec<&Debt> = debts.iter().filter(|debt| debt.class == class).copied().collect();
        if own.is_empty() {
            continue;
        }
        rows.push(Row::heading(class.name()));
        for (rank, debt) in own.iter().enumerate() {
            let key = format!("{name}.{}.{}", class.word(), rank + 1);
            let row = Row::line(key, &debt.vintage, one(view, debt));
            rows.push(row.under());
        }
        let key = format!("{name}.{}.total", class.word());
        let label = format!("Total {}", class.name());
        rows.push(Row::line(key, label, sums(&own)).of(Genre::Subtotal));
    }
    rows
}

fn one(view: &View<'_>, debt: &Debt) -> Vec<Cell> {
    // A debt of a closed year is of the policy that closed it: the same lot stands in today's.
    let same = |lot: &&Lot| {
        let said = (lot.capital, lot.year.value.as_str(), lot.class, lot.owed());
        said == (debt.capital, debt.vintage.as_str(), debt.class, debt.recognised)
    };
    let lots = &view.policy.lots;
    let given = matches!(debt.birth, Birth::Given | Birth::TakenOver);
    let source = lots.iter().find(|lot| lot.at == debt.at);
    let source = source.or_else(|| lots.iter().find(same).filter(|_| given));
    let origin = match (debt.birth, source.and_then(|lot| lot.source.clone())) {
        (_, Some(source)) => source,
        (Birth::Inventory, None) => "inventaire de l’année".to_owned(),
        (Birth::Reborn, None) => "dette renée".to_owned(),
        (Birth::Given | Birth::TakenOver, None) => "donnée".to_owned(),
        (Birth::Corrected, None) => {
            let known = view.policy.corrections.iter().find(|known| known.at == debt.at);
            let reason = known.map_or("", |known| known.reason.as_str());
            format!("correction : {reason}")
        }
    };
    let unvalued = debt.recognised.is_zero() && debt.price().is_none();
    vec![
        debt.recognised_kg.map_or(Cell::Blank, tonnes),
        debt.price().map_or(Cell::Blank, Cell::cents),
        Cell::cents(debt.recognised),
        debt.open_kg.map_or(Cell::Blank, tonnes),
        Cell::cents(debt.open),
        Cell::Words(if unvalued { format!("non évaluée ; {origin}") } else { origin }),
    ]
}

fn sums(debts: &[&Debt]) -> Vec<Cell> {
    let kg = |of: fn(&Debt) -> Option<Decimal>| {
        let known: Vec<Decimal> = debts.iter().filter_map(|debt| of(debt)).collect();
        if known.is_empty() { Cell::Blank } else { tonnes(known.into_iter().sum()) }
    };
    vec![
        kg(|debt| debt.recognised_kg),
        Cell::Blank,
        Cell::cents(debts.iter().map(|debt| debt.recognised).sum()),
        kg(|debt| debt.open_kg),
        Cell::cents(debts.iter().map(|debt| debt.open).sum()),
        Cell::Blank,
    ]
}

/// The classic provision beside the recoverable debt of the climate, the only one it faces: both are
/// true, the gap is printed.
fn provision(view: &View<'_>) -> Option<Table> {
    let kept = view.kept?;
    let ledger = view.meeting.ledger(Some(&kept.year))?;
    let provision = Balances::of(view.meeting.books, ledger).provision.decimal();
    let owed = kept.recoverable(view.policy, CLIMATE);
    let row = |key: &str, label: &str, amount| {
        Row::line(format!("provision.{key}"), label, vec![Cell::cents(amount)])
    };
    let mut rows = vec![
        row("provision", "Provision carbone des comptes classiques", provision),
        row("dette", "Dette climat recouvrable, lots ouverts", owed),
        row("ecart", gap_label(owed - provision), owed - provision),
    ];
    for (account, amount) in by_hand(view, ledger) {
        let label = format!("Compte {account}, écrit à la main, hors lots");
        rows.push(row(&format!("a_la_main.{}", slug(&account)), &label, amount));
    }
    Some(Table {
        name: "provision".to_owned(),
        title: "Provision classique et dette CARE".to_owned(),
        columns: vec![Column::figures("n", "€")],
        rows,
        ..Table::default()
    })
}

/// What each account of debt holds that no lot does, by account.
fn by_hand(view: &View<'_>, ledger: &Ledger) -> Vec<(String, Decimal)> {
    let accounts = view.meeting.books.accounts();
    let mut held: BTreeMap<String, Decimal> = BTreeMap::new();
    for id in accounts.sorted() {
        let number = &accounts.get(id).number;
        if part_of(number) == Some(Part::Debts) {
            let owed = -ledger.movement(id, Book::Care).balance().decimal();
            *held.entry(number.clone()).or_default() += owed;
        }
    }
    for debt in view.kept.into_iter().flat_map(|kept| &kept.debts) {
        let number = view.policy.capitals[debt.capital].number;
        *held.entry(debt.account(number)).or_default() -= debt.open;
    }
    held.into_iter().filter(|(_, amount)| !amount.is_zero()).collect()
}

/// What the gap between a debt and its provision is: what lacks, or what is too much.
fn gap_label(gap: Decimal) -> &'static str {
    if gap.is_sign_negative() && !gap.is_zero() {
        "Provision au-delà de la dette recouvrable"
    } else {
        "Dette recouvrable non provisionnée"
    }
}

/// Lots that nothing values, and the entry that would bring the provision to the debt.
pub(super) fn notes(view: &View<'_>) -> Vec<Note> {
    let Some(kept) = view.kept else { return Vec::new() };
    let mut notes: Vec<Note> = kept
        .debts
        .iter()
        .filter(|debt| debt.price().is_none() && debt.open_kg.is_some_and(|kg| !kg.is_zero()))
        .map(|debt| Note {
            code: Some(Code::NotPriced),
            key: format!("dettes_{}", view.policy.capitals[debt.capital].id.value),
            text: format!(
                "lot {} {} : non évalué, faute de prix cité",
                debt.vintage,
                debt.class.name()
            ),
        })
        .collect();
    for (capital, left) in &kept.beyond_debt {
        let capital = &view.policy.capitals[*capital];
        notes.push(Note {
            code: Some(Code::PaidBeyond),
            key: format!("dettes_{}", capital.id.value),
            text: format!(
                "{} : {} de préservation au-delà de la dette ouverte restent une charge ordinaire",
                capital.label,
                euros(*left)
            ),
        });
    }
    notes
}
