use std::collections::{BTreeMap, BTreeSet};

use super::Heading;
use crate::book::{Book, EntryRef};
use crate::journal::tag_text;
use crate::measure::Units;
use crate::render::document::{Cell, Column, Document, Row, Table};

/// Tags that have columns of their own, in this order, before the others.
const FIRST: [&str; 7] =
    ["piece", "convention", "programme", "partenaire", "financement", "lettrage", "datelet"];

/// Every posting of some entries, one a row, each tag a column: what a pivot table is made from.
///
/// A posting that names its convention and no programme is of that of the convention.
pub fn entries_document(
    entries: &[EntryRef<'_>],
    heading: &Heading,
    (units, programmes): (&Units, &BTreeMap<&str, &str>),
) -> Document {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for entry in entries {
        names.extend(entry.tags().map(|(name, _)| name));
        for line in entry.postings() {
            names.extend(line.tags().map(|(name, _)| name));
        }
    }
    let (mut tags, mut others): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    tags.extend(FIRST.into_iter().filter(|name| names.contains(name)));
    others.extend(names.into_iter().filter(|name| !FIRST.contains(name)));
    tags.extend(others);
    let mut columns = vec![
        Column::words("date", "Date"),
        Column::words("date_piece", "Date de pièce"),
        Column::words("journal", "Journal"),
        Column::words("numero", "Numéro"),
        Column::words("ecriture", "Écriture"),
        Column::words("livre", "Livre"),
        Column::words("compte", "Compte"),
        Column::words("libelle", "Libellé du compte"),
        Column::words("tiers", "Tiers"),
        Column::numbers("debit", "Débit"),
        Column::numbers("credit", "Crédit"),
        Column::numbers("quantite", "Quantité"),
        Column::words("unite", "Unité"),
    ];
    columns.extend(tags.iter().map(|name| Column::words(&format!("etiquette_{name}"), name)));
    columns
        .extend([Column::words("source", "Source"), Column::words("derivee", "Écrite ou dérivée")]);
    let rows = entries.iter().flat_map(|entry| rows(entry, &tags, (units, programmes)));
    let table = Table {
        name: "ecritures".to_owned(),
        title: format!("Écritures {}", heading.period),
        columns,
        rows: rows.collect(),
        keyed: false,
    };
    Document {
        schema: "compta/ecritures/1".to_owned(),
        facts: heading.facts(),
        title: format!("Écritures {}", heading.period),
        subtitle: heading.subtitle("une ligne par mouvement, les deux livres"),
        tables: vec![table],
        facing: false,
        remarks: Vec::new(),
    }
}

fn rows(
    entry: &EntryRef<'_>,
    tags: &[&str],
    (units, programmes): (&Units, &BTreeMap<&str, &str>),
) -> Vec<Row> {
    let own: Vec<(&str, &str)> = entry.tags().collect();
    let code = entry.code();
    let (journal, number) = code.split_once('-').unwrap_or(("", code));
    let text = |text: &str| {
        if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
    };
    let made = entry.postings().map(|line| {
        let account = line.account();
        let exact = line.number().decimal();
        let euros = line.unit() == crate::measure::Unit::EURO;
        let [debit, credit, quantity] = match (euros, exact.is_sign_negative()) {
            (true, true) => [Cell::Empty, Cell::cents(-exact), Cell::Empty],
            (true, false) => [Cell::cents(exact), Cell::Empty, Cell::Empty],
            (false, _) => [Cell::Empty, Cell::Empty, Cell::quantity(exact)],
        };
        let book = match line.book() {
            Book::Financial => "classique",
            Book::Care => "CARE",
            Book::Tonnes => "tonnes",
            Book::Activity => "activité",
        };
        let lines: Vec<(&str, &str)> = line.tags().collect();
        let tag = |name: &&str| {
            let find = |name: &str| {
                lines.iter().chain(&own).find(|(known, _)| *known == name).map(|(_, value)| *value)
            };
            let of_convention = || programmes.get(find("convention")?).copied();
            let found = find(name).or_else(|| of_convention().filter(|_| *name == "programme"));
            found.map_or(Cell::Empty, |value| text(&tag_text(value)))
        };
        let mut cells = vec![
            Cell::Date(entry.date()),
            entry.secondary().map_or(Cell::Empty, Cell::Date),
            text(journal),
            text(number),
            text(entry.description()),
            text(book),
            text(&account.number),
            text(line.label(entry.edition())),
            text(account.auxiliary.as_deref().unwrap_or_default()),
            debit,
            credit,
            quantity,
            text(units.code(line.unit())),
        ];
        cells.extend(tags.iter().map(tag));
        let derived = if entry.is_derived() { "dérivée" } else { "écrite" };
        cells.extend([text(&line.place().to_string()), text(derived)]);
        Row { role: "line", cells, ..Row::default() }
    });
    made.collect()
}
