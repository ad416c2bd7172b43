use rust_decimal::Decimal;

use super::Heading;
use crate::measure::{Sum, Unit, Units};
use crate::measure::{amount, plain};
use crate::render::document::{Cell, Column, Document, Row, Table};
use crate::statement::Trace;
use crate::statement::lists::{BalanceLine, ChartLine, EntryLine};

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

/// Unit, debit and credit of a line.
fn line_cells(line: &EntryLine, units: &Units) -> [Cell; 3] {
    let exact = line.amount.decimal();
    let (debit, credit) = if exact.is_sign_negative() {
        (Cell::Empty, in_unit(-exact, line.unit))
    } else {
        (in_unit(exact, line.unit), Cell::Empty)
    };
    [Cell::Text(units.code(line.unit).to_owned()), debit, credit]
}

/// A screen shows the unit only where there are others than the euro.
fn unit_column(lines: &[EntryLine]) -> Column {
    let column = Column::whole("unite", "Unité");
    let only_euros = lines.iter().all(|line| line.unit == Unit::EURO);
    if only_euros { column.off_screen() } else { column }
}

fn list(
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

/// The journal, entry after entry.
pub fn journal_document(lines: &[EntryLine], heading: &Heading, units: &Units) -> Document {
    let mut last = None;
    let row = |line: &EntryLine| {
        let above = (last.replace(line.entry) != Some(line.entry)).then(|| {
            let words = [line.date.to_string(), line.code.clone(), line.description.clone()];
            let shown: Vec<&str> =
                words.iter().map(String::as_str).filter(|w| !w.is_empty()).collect();
            let piece =
                if line.piece.is_empty() { String::new() } else { format!("  [{}]", line.piece) };
            shown.join("  ") + &piece
        });
        let [unit, debit, credit] = line_cells(line, units);
        let cells = vec![
            Cell::Date(line.date),
            Cell::Text(line.code.clone()),
            Cell::Text(line.account.clone()),
            Cell::Text(line.label.clone()),
            Cell::Text(line.description.clone()),
            Cell::Text(line.piece.clone()),
            Cell::Text(line.programme.clone()),
            unit,
            debit,
            credit,
            Cell::Text(line.place.to_string()),
            Cell::Text(line.origin.clone()),
        ];
        Row { role: "line", cells, above, ..Row::default() }
    };
    let rows = lines.iter().map(row).collect();
    let columns = vec![
        Column::whole("date", "Date").off_screen(),
        Column::whole("numero", "Numéro").off_screen(),
        Column::words("compte", "Compte"),
        Column::words("libelle", "Libellé"),
        Column::words("ecriture", "Écriture").off_screen(),
        Column::words("piece", "Pièce").off_screen(),
        Column::words("programme", "Programme").off_screen(),
        unit_column(lines),
        Column::numbers("debit", "Débit"),
        Column::numbers("credit", "Crédit"),
        Column::whole("source", "Source"),
        Column::words("origine", "Origine").off_screen(),
    ];
    list("journal", "journal", "Journal", columns, rows, heading)
}

/// The grand-livre, account after account.
pub fn grand_livre_document(lines: &[EntryLine], heading: &Heading, units: &Units) -> Document {
    let mut last: Option<(&str, Unit)> = None;
    let row = |line: &'_ EntryLine, new: bool| {
        let above = new.then(|| format!("{} {}", line.account, line.label).trim_end().to_owned());
        let [unit, debit, credit] = line_cells(line, units);
        let cells = vec![
            Cell::Text(line.account.clone()),
            Cell::Text(line.label.clone()),
            Cell::Date(line.date),
            Cell::Text(line.code.clone()),
            Cell::Text(line.description.clone()),
            Cell::Text(line.piece.clone()),
            Cell::Text(line.lettrage.clone()),
            unit,
            debit,
            credit,
            in_unit(line.running.decimal(), line.unit),
            Cell::Text(line.place.to_string()),
            Cell::Text(line.origin.clone()),
        ];
        Row { role: "line", cells, above, ..Row::default() }
    };
    let mut rows = Vec::with_capacity(lines.len());
    for line in lines {
        let here = (line.account.as_str(), line.unit);
        rows.push(row(line, last.replace(here) != Some(here)));
    }
    let lettered = lines.iter().any(|line| !line.lettrage.is_empty());
    let letter = Column::words("lettrage", "Let.");
    let columns = vec![
        Column::words("compte", "Compte").off_screen(),
        Column::words("libelle", "Libellé").off_screen(),
        Column::whole("date", "Date"),
        Column::whole("numero", "Numéro"),
        Column::words("ecriture", "Écriture"),
        Column::words("piece", "Pièce"),
        if lettered { letter } else { letter.off_screen() },
        unit_column(lines),
        Column::numbers("debit", "Débit"),
        Column::numbers("credit", "Crédit"),
        Column::numbers("solde", "Solde"),
        Column::whole("source", "Source").off_screen(),
        Column::words("origine", "Origine").off_screen(),
    ];
    list("grand_livre", "grand-livre", "Grand-livre", columns, rows, heading)
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
