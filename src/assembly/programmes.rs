use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::meeting::Meeting;
use super::table::{Cell, Column, Row, Sheet, Table, slug};
use crate::analytic::{Shared, spread};
use crate::book::AccountId;
use crate::ledger::Ledger;
use crate::register::Programmes;
use crate::statement::{Genre, Kind, placements};

/// The compte de résultat by programme, with the shared costs spread by the allocation keys.
pub fn programmes(meeting: &Meeting<'_>) -> Option<Sheet> {
    let register = meeting.registers.programmes.as_ref()?;
    let direct = direct(meeting, register);
    let shared = spread(meeting.books, meeting.axes, register, meeting.year);
    let count = register.list.len();
    let mut rows = Vec::new();
    let charges = section(meeting, &direct, count, ("charges", "Charges directes"), &mut rows);
    let mut after = charges.clone();
    for one in &shared {
        rows.push(shared_row(register, one));
        after.iter_mut().zip(&one.given).for_each(|(sum, given)| *sum += given);
    }
    if !shared.is_empty() {
        let label = "Charges après répartition";
        rows.push(row("programmes.charges_apres_repartition", label, &after).of(Genre::Subtotal));
    }
    let products = section(meeting, &direct, count, ("produits", "Produits"), &mut rows);
    let result: Vec<Decimal> = products.iter().zip(&after).map(|(p, c)| p - c).collect();
    rows.push(row("programmes.resultat", "Résultat", &result).of(Genre::Total));
    let mut columns: Vec<Column> = register
        .list
        .iter()
        .map(|one| Column::figures(slug(&one.code), one.code.as_str()))
        .collect();
    columns.push(Column::figures("n", "Total"));
    Some(Sheet {
        name: "programmes".to_owned(),
        year: meeting.year.name.clone(),
        title: format!("Compte de résultat {} par programme", meeting.year.name),
        tables: vec![
            Table { name: "programmes".to_owned(), columns, rows, ..Table::default() },
            legend(register, meeting),
        ],
        notes: Vec::new(),
    })
}

/// A row of the form: its section, its key, its label, and its sum by programme.
struct Direct {
    section: &'static str,
    key: String,
    label: String,
    sums: Vec<Decimal>,
    accounts: Vec<AccountId>,
}

/// What each programme did by itself, in the rows of the form; a row sums to the ledger's accounts.
fn direct(meeting: &Meeting<'_>, register: &Programmes) -> Vec<Direct> {
    let empty = Ledger::default();
    let ledger = meeting.ledger(Some(meeting.year)).unwrap_or(&empty);
    let placed = placements(meeting.form, Kind::Resultat, meeting.books, ledger, meeting.year);
    let ranks: BTreeMap<_, _> =
        placed.iter().enumerate().map(|(rank, one)| (one.account, rank)).collect();
    let mut rows: Vec<Direct> = Vec::new();
    let mut of_row: BTreeMap<&str, usize> = BTreeMap::new();
    for one in &placed {
        of_row.entry(&one.key).or_insert_with(|| {
            rows.push(Direct {
                section: side(one.section, &meeting.books.accounts().get(one.account).number),
                key: one.key.clone(),
                label: one.label.clone(),
                sums: vec![Decimal::ZERO; register.list.len()],
                accounts: Vec::new(),
            });
            rows.len() - 1
        });
    }
    for line in meeting.axes.during(meeting.year.period) {
        let number = &meeting.books.accounts().get(line.account).number;
        let (Some(rank), true) = (ranks.get(&line.account), number.starts_with(['6', '7'])) else {
            continue;
        };
        let one = &placed[*rank];
        let Some(row) = of_row.get(one.key.as_str()).map(|row| &mut rows[*row]) else {
            continue;
        };
        let debit = row.section == "charges";
        let amount = line.amount.decimal();
        if !row.accounts.contains(&line.account) {
            row.accounts.push(line.account);
        }
        row.sums[line.programme] += if debit { amount } else { -amount };
    }
    rows.retain(|row| row.sums.iter().any(|sum| !sum.is_zero()));
    // The rows stand in the order of the form, whatever account came first.
    let order: Vec<String> = meeting
        .form
        .lines(Kind::Resultat)
        .map(|(section, key, _)| format!("resultat.{section}.{key}"))
        .collect();
    rows.sort_by_key(|row| order.iter().position(|key| *key == row.key));
    rows
}

/// The side of a row: that of its section, or that of its accounts in a form of one list.
fn side(section: &'static str, number: &str) -> &'static str {
    match (section, number.starts_with('6')) {
        ("charges" | "produits", _) => section,
        (_, true) => "charges",
        (_, false) => "produits",
    }
}

fn section(
    meeting: &Meeting<'_>,
    direct: &[Direct],
    count: usize,
    (name, total): (&str, &str),
    rows: &mut Vec<Row>,
) -> Vec<Decimal> {
    let own: Vec<&Direct> = direct.iter().filter(|row| row.section == name).collect();
    let mut sum = vec![Decimal::ZERO; count];
    rows.push(Row::heading(name));
    for one in own {
        let key = one.key.replacen("resultat.", "programmes.", 1);
        let mut behind = meeting.keys(one.accounts.iter().copied());
        behind.sort();
        rows.push(row(&key, &one.label, &one.sums).behind(behind));
        sum.iter_mut().zip(&one.sums).for_each(|(sum, part)| *sum += part);
    }
    let key = format!("programmes.total_{name}");
    rows.push(row(&key, total, &sum).of(Genre::Subtotal));
    sum
}

fn row(key: &str, label: &str, sums: &[Decimal]) -> Row {
    let mut cells: Vec<Cell> = sums.iter().copied().map(Cell::euros).collect();
    cells.push(Cell::euros(sums.iter().sum()));
    Row::line(key, label, cells)
}

fn shared_row(register: &Programmes, one: &Shared) -> Row {
    let key = &register.keys[one.key];
    let name = format!("programmes.charges_communes.{}", slug(&key.name));
    row(&name, &format!("Charges communes : {}", key.name), &one.given)
}

/// What the codes and the keys are.
fn legend(register: &Programmes, meeting: &Meeting<'_>) -> Table {
    let mut rows: Vec<Row> = register
        .list
        .iter()
        .map(|one| {
            let words = Cell::Words(one.name.clone());
            Row::line(format!("programmes.noms.{}", slug(&one.code)), &one.code, vec![words])
        })
        .collect();
    for key in register.keys.iter().filter(|key| key.holds(&meeting.year.name)) {
        let shares: Vec<String> = key
            .shares
            .iter()
            .map(|(rank, share)| {
                let share = share.normalize().to_string().replace('.', ",");
                format!("{} {share}\u{a0}%", register.list[*rank].code)
            })
            .collect();
        let source = key.source.as_ref().map_or_else(String::new, |source| format!(" ({source})"));
        let words = Cell::Words(format!("{}{source}", shares.join(", ")));
        rows.push(Row::line(
            format!("programmes.cles.{}", slug(&key.name)),
            &key.name,
            vec![words],
        ));
    }
    Table {
        name: "legende".to_owned(),
        title: "Programmes et clés de répartition".to_owned(),
        columns: vec![Column::words("texte", "")],
        rows,
        ..Table::default()
    }
}
