use super::Heading;
use crate::book::Books;
use crate::render::document::{Cell, Column, Document, Row, Table};
use crate::statement::tiers::{AgedAccount, AgedTiers, Flow, SLICES, SubsidiaryAccount, slice};
use chrono::NaiveDate;
use rust_decimal::Decimal;

/// Words, or nothing.
fn words(text: Option<&str>) -> Cell {
    text.map_or(Cell::Empty, |text| Cell::Text(text.to_owned()))
}

/// What a tiers is called in a list; lines without one are the account's own.
fn name(tiers: Option<&str>) -> Cell {
    Cell::Text(tiers.unwrap_or("(sans tiers)").to_owned())
}

/// What a row is in files: a tiers, or the lines of an account that have none.
fn kind(tiers: Option<&str>) -> Cell {
    Cell::Text(if tiers.is_some() { "tiers" } else { "sans-tiers" }.to_owned())
}

/// The columns that say of whom a row is: on a screen the account stands above its rows.
fn of_whom() -> Vec<Column> {
    vec![
        Column::words("compte", "Compte").off_screen(),
        Column::words("libelle", "Libellé").off_screen(),
        Column::words("ligne", "Ligne").off_screen(),
        Column::words("tiers", "Tiers"),
        Column::words("identite", "Identité").off_screen(),
    ]
}

fn document(
    schema: &str,
    title: String,
    heading: &Heading,
    more: &str,
    columns: Vec<Column>,
    rows: Vec<Row>,
) -> Document {
    let name = schema.to_owned();
    Document {
        schema: format!("compta/{schema}/1"),
        facts: heading.facts(),
        title,
        subtitle: heading.subtitle(more),
        tables: vec![Table { name, title: String::new(), columns, rows, keyed: false }],
        facing: false,
        remarks: Vec::new(),
    }
}

/// The subsidiary balance: each tiers, and a total per account.
pub fn subsidiary_document(accounts: &[SubsidiaryAccount], heading: &Heading) -> Document {
    let figures = |flow: &Flow| {
        [flow.opening, flow.debit, flow.credit, flow.closing()]
            .map(|sum| Cell::cents(sum.decimal()))
    };
    let mut rows = Vec::new();
    for account in accounts {
        for (rank, tiers) in account.tiers.iter().enumerate() {
            let mut cells = vec![
                Cell::Text(account.number.clone()),
                Cell::Text(account.label.clone()),
                kind(tiers.name.as_deref()),
                name(tiers.name.as_deref()),
                words(tiers.code.as_deref()),
            ];
            cells.extend(figures(&tiers.flow));
            let behind = vec![key_of(&account.number, tiers.name.as_deref())];
            let above = above(rank, account);
            rows.push(Row { role: "line", cells, above, behind, ..Row::default() });
        }
        let mut cells = total_of(&account.number, &account.label);
        cells.extend(figures(&account.total));
        let fed = fed(&rows[rows.len() - account.tiers.len()..], cells.len());
        rows.push(Row { role: "total", cells, fed, ..Row::default() });
    }
    let mut columns = of_whom();
    columns.extend([
        Column::numbers("ouverture", "À l’ouverture"),
        Column::numbers("debit", "Débit"),
        Column::numbers("credit", "Crédit"),
        Column::numbers("solde", "Solde"),
    ]);
    let title = format!("Balance auxiliaire {}", heading.period).trim_end().to_owned();
    document("balance-auxiliaire", title, heading, "solde débiteur positif", columns, rows)
}

/// The key of the account of a tiers, as [`crate::book::Account::key`] makes it.
fn key_of(number: &str, name: Option<&str>) -> String {
    name.map_or_else(|| number.to_owned(), |name| format!("{number}:{name}"))
}

/// What each tiers gives to the figures of their total.
fn fed(tiers: &[Row], cells: usize) -> Vec<Vec<(String, Decimal)>> {
    let given = |cell: usize| {
        let figures = tiers.iter().filter_map(|row| match (&row.cells[cell], row.behind.first()) {
            (Cell::Amount { exact, .. }, Some(key)) if !exact.is_zero() => {
                Some((key.clone(), *exact))
            }
            _ => None,
        });
        figures.collect()
    };
    (0..cells).map(given).collect()
}

fn above(rank: usize, account: &SubsidiaryAccount) -> Option<String> {
    (rank == 0).then(|| format!("{} {}", account.number, account.label))
}

fn total_of(number: &str, label: &str) -> Vec<Cell> {
    vec![
        Cell::Text(number.to_owned()),
        Cell::Text(label.to_owned()),
        Cell::Text("total".to_owned()),
        Cell::Text(format!("Total {number}")),
        Cell::Empty,
    ]
}

/// The aged balance: each tiers by slices of age, and a total per account.
pub fn aged_document(
    accounts: &[AgedAccount],
    day: NaiveDate,
    heading: &Heading,
    books: &Books,
) -> Document {
    let figures = |slices: &[crate::measure::Sum]| -> Vec<Cell> {
        let total: crate::measure::Sum = slices.iter().copied().sum();
        slices.iter().chain([&total]).map(|sum| Cell::cents(sum.decimal())).collect()
    };
    let mut rows = Vec::new();
    for account in accounts {
        for (rank, tiers) in account.tiers.iter().enumerate() {
            let mut cells = vec![
                Cell::Text(account.number.clone()),
                Cell::Text(account.label.clone()),
                kind(books.accounts().get(tiers.account).auxiliary.as_deref()),
                name(books.accounts().get(tiers.account).auxiliary.as_deref()),
                words(tiers.code.as_deref()),
            ];
            cells.extend(figures(&tiers.slices));
            let above = (rank == 0).then(|| format!("{} {}", account.number, account.label));
            let behind = vec![books.accounts().get(tiers.account).key()];
            rows.push(Row { role: "line", cells, above, behind, ..Row::default() });
        }
        let mut cells = total_of(&account.number, &account.label);
        cells.extend(figures(&account.slices));
        let fed = fed(&rows[rows.len() - account.tiers.len()..], cells.len());
        rows.push(Row { role: "total", cells, fed, ..Row::default() });
    }
    let mut columns = of_whom();
    columns.extend(SLICES.iter().map(|(_, key, title)| Column::numbers(key, title)));
    columns.push(Column::numbers("total", "Total"));
    let more = "créances positives, dettes négatives";
    let mut made = document("balance-agee", aged_title(day), heading, more, columns, rows);
    made.facts.push(("day", day.to_string()));
    made
}

fn aged_title(day: NaiveDate) -> String {
    format!("Balance âgée au {}", day.format("%d/%m/%Y"))
}

/// The same, item by item: what each document leaves open, with its place in the user's files.
pub fn open_items_document(
    accounts: &[AgedAccount],
    day: NaiveDate,
    heading: &Heading,
    books: &Books,
) -> Document {
    let mut rows = Vec::new();
    for account in accounts {
        for tiers in &account.tiers {
            rows.extend(item_rows(account, tiers, day, books));
        }
    }
    let mut columns = of_whom();
    columns.remove(2);
    columns.extend([
        Column::words("piece", "Pièce"),
        Column::whole("jour", "Jour"),
        Column::numbers("age", "Âge"),
        Column::words("tranche", "Tranche"),
        Column::numbers("montant", "Montant"),
        Column::numbers("origine", "Montant d’origine"),
        Column::words("lettrage", "Let."),
        Column::words("convention", "Convention"),
        Column::whole("date", "Date"),
        Column::whole("numero", "Numéro"),
        Column::words("ecriture", "Écriture"),
        Column::whole("fichier", "Fichier"),
        Column::numbers("ligne", "Ligne"),
    ]);
    let mut made = document("balance-agee", aged_title(day), heading, "", columns, rows);
    made.facts.push(("day", day.to_string()));
    made
}

fn item_rows<'a>(
    account: &'a AgedAccount,
    tiers: &'a AgedTiers,
    day: NaiveDate,
    books: &'a Books,
) -> impl Iterator<Item = Row> + use<'a> {
    tiers.items.iter().map(move |item| {
        let entry = books.entry_at(item.at);
        let place = books.sources().place(item.at);
        let (code, description) =
            entry.map_or(("", ""), |entry| (entry.code(), entry.description()));
        let text = |text: &str| words(Some(text).filter(|text| !text.is_empty()));
        let cells = vec![
            Cell::Text(account.number.clone()),
            Cell::Text(account.label.clone()),
            words(books.accounts().get(tiers.account).auxiliary.as_deref()),
            words(tiers.code.as_deref()),
            text(item.document()),
            Cell::Date(item.day),
            Cell::Count(item.age(day).into()),
            Cell::Text(SLICES[slice(item.age(day))].1.to_owned()),
            Cell::cents(item.amount.decimal()),
            Cell::cents(item.whole.decimal()),
            text(item.letter()),
            text(item.convention()),
            Cell::Date(item.booked),
            text(code),
            text(description),
            Cell::Text(place.source.clone()),
            Cell::Count(place.line.into()),
        ];
        Row { role: "line", cells, ..Row::default() }
    })
}
