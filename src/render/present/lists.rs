use rust_decimal::Decimal;

use super::Heading;
use crate::measure::{Sum, Unit, Units};
use crate::measure::{amount, plain};
use crate::render::document::{Cell, Column, Document, Row, Table};
use crate::statement::Trace;
use crate::statement::lists::{BalanceLine, ChartLine};

/// An amount in its unit: euros with cents, other quantities as they are.
fn in_unit(exact: Decimal, unit: Unit) -> Cell {
    if unit == Unit::EURO { Cell::cents(exact) } else { Cell::quantity(exact) }
}

/// The balance générale.
pub fn balance_document(lines: &[BalanceLine], heading: &Heading, units: &Units) -> Document {
    let rows = lines.iter().map(|line| Row {
        role: "line",
        cells: vec![
            Cell::Text(line.account.clone()),
            Cell::Text(line.label.clone()),
            Cell::Text(units.code(line.unit).to_owned()),
            in_unit(line.debit.decimal(), line.unit),
            in_unit(line.credit.decimal(), line.unit),
            in_unit(line.balance().decimal(), line.unit),
        ],
        behind: vec![line.account.clone()],
        ..Row::default()
    });
    let table = Table {
        name: "balance".to_owned(),
        title: String::new(),
        columns: vec![
            Column::words("compte", "Compte"),
            Column::words("libelle", "Libellé"),
            Column::whole("unite", "Unité"),
            Column::numbers("debit", "Débit"),
            Column::numbers("credit", "Crédit"),
            Column::numbers("solde", "Solde"),
        ],
        rows: rows.collect(),
        keyed: false,
    };
    let in_euros = || lines.iter().filter(|line| line.unit == Unit::EURO);
    let debit: Decimal = in_euros().map(|line| line.debit.decimal()).sum();
    let credit: Decimal = in_euros().map(|line| line.credit.decimal()).sum();
    Document {
        schema: "compta/balance/1".to_owned(),
        facts: heading.facts(),
        title: format!("Balance {}", heading.period).trim_end().to_owned(),
        subtitle: heading.subtitle(&format!(
            "livre {} : débits {} €, crédits {} €",
            heading.view.title(),
            amount(debit, 2),
            amount(credit, 2)
        )),
        tables: vec![table],
        facing: false,
        remarks: Vec::new(),
    }
}

/// The balance générale with the balance of each account at the closing before.
pub fn balance_beside_document(
    lines: &[(BalanceLine, Option<Sum>)],
    (heading, before): (&Heading, Option<&str>),
    units: &Units,
) -> Document {
    let own: Vec<BalanceLine> = lines.iter().map(|(line, _)| line.clone()).collect();
    let mut document = balance_document(&own, heading, units);
    let head = before.map_or("Solde N−1".to_owned(), |year| format!("Solde {year}"));
    for table in &mut document.tables {
        table.columns.push(Column::numbers("solde_n1", &head));
        for (row, (line, closed)) in table.rows.iter_mut().zip(lines) {
            row.cells.push(closed.map_or(Cell::Empty, |sum| in_unit(sum.decimal(), line.unit)));
        }
    }
    document
}

/// The chart of the books: accounts and tiers.
pub fn chart_document(lines: &[ChartLine], heading: &Heading) -> Document {
    let row = |line: &ChartLine| {
        let origin = if line.declared { "déclaré" } else { "plan comptable" };
        let cells = [&line.number, &line.label, &line.code, &line.auxiliary];
        let mut cells: Vec<Cell> = cells.map(|text| Cell::Text(text.clone())).to_vec();
        cells.push(Cell::Text(origin.to_owned()));
        Row { role: "line", cells, ..Row::default() }
    };
    let columns = vec![
        Column::words("compte", "Compte"),
        Column::words("libelle", "Libellé"),
        Column::words("tiers", "Tiers"),
        Column::words("nom", "Nom du tiers"),
        Column::words("origine", "Origine"),
    ];
    let rows = lines.iter().map(row).collect();
    list("plan", "plan", "Plan de comptes", columns, rows, heading)
}

pub(super) fn list(
    name: &str,
    schema: &str,
    title: &str,
    columns: Vec<Column>,
    rows: Vec<Row>,
    heading: &Heading,
) -> Document {
    let table = Table { name: name.to_owned(), title: String::new(), columns, rows, keyed: false };
    Document {
        schema: format!("compta/{schema}/1"),
        facts: heading.facts(),
        title: format!("{title} {}", heading.period).trim_end().to_owned(),
        subtitle: heading.subtitle(&format!("livre {}", heading.view.title())),
        tables: vec![table],
        facing: false,
        remarks: Vec::new(),
    }
}

/// A figure followed to its entries.
pub fn trace_document(trace: &Trace, heading: &Heading) -> Document {
    let mut last = None;
    let row = |line: &crate::statement::TraceLine| {
        let above = (last.as_ref() != Some(&line.account)).then(|| {
            last = Some(line.account.clone());
            let known = trace.accounts.iter().find(|(account, ..)| *account == line.account);
            let (title, given) =
                known.map_or(("", Decimal::ZERO), |(_, title, given)| (title, *given));
            let title =
                if line.account.ends_with(title) { String::new() } else { format!(" {title}") };
            format!("{}{title} : {} €", line.account, amount(given, 2))
        });
        let cells = vec![
            Cell::Text(line.account.clone()),
            Cell::Date(line.date),
            Cell::Text(line.code.clone()),
            Cell::Text(line.description.clone()),
            Cell::Text(line.piece.clone()),
            Cell::cents(line.amount),
            Cell::Text(line.place.to_string()),
        ];
        Row { role: "line", cells, above, ..Row::default() }
    };
    let rows = trace.lines.iter().map(row).collect();
    let columns = vec![
        Column::words("compte", "Compte").off_screen(),
        Column::whole("date", "Date"),
        Column::whole("numero", "Numéro"),
        Column::words("ecriture", "Écriture"),
        Column::words("piece", "Pièce"),
        Column::numbers("montant", "Montant"),
        Column::whole("source", "Source"),
    ];
    let mut document =
        list("ecritures", "trace", &format!("{} –", trace.label), columns, rows, heading);
    document.facts.push(("key", trace.key.clone()));
    document.facts.push(("column", trace.column.key().to_owned()));
    document.facts.push(("amount", plain(trace.exact, 2)));
    document.subtitle.push(format!(
        "{} [{}] : {} € exactement, affiché {} €",
        trace.key,
        trace.column.key(),
        amount(trace.exact, 2),
        amount(trace.shown, 0)
    ));
    for (key, label, exact) in &trace.parts {
        document.subtitle.push(format!("  dont {label} ({key}) : {} €", amount(*exact, 2)));
    }
    document
}
