use rust_decimal::Decimal;

use super::{View, quantity_words};
use crate::assembly::meeting::Meeting;
use crate::assembly::table::{Cell, Column, Row, Sheet, Table, slug};
use crate::care::Factor;
use crate::statement::{Genre, Note};

/// Every emission factor that activities may name, with its unit, source, year and uncertainty.
pub fn factors(meeting: &Meeting<'_>) -> Option<Sheet> {
    let view = View::of(meeting)?;
    let list = &view.care.factors.list;
    let mut categories: Vec<&str> = list.iter().map(|factor| factor.category.as_str()).collect();
    categories.sort_unstable();
    categories.dedup();
    let mut rows = Vec::new();
    for category in categories {
        rows.push(Row::line("", category, Vec::new()).of(Genre::Heading));
        rows.extend(list.iter().filter(|factor| factor.category == category).map(row));
    }
    let own = list.iter().filter(|factor| factor.own).count();
    Some(Sheet {
        name: "facteurs".to_owned(),
        year: meeting.year.name.clone(),
        title: format!("Facteurs d’émission, jeu {}", view.care.factors.version),
        tables: vec![Table {
            name: "facteurs".to_owned(),
            head: "Facteur".to_owned(),
            columns: vec![
                Column::words("nom", "Libellé"),
                Column::figures("kg", "kgCO₂e"),
                Column::words("unite", "par"),
                Column::words("incertitude", "±"),
                Column::figures("beges", "BEGES").off_screen(),
                Column::figures("scope", "Scope").off_screen(),
                Column::words("source", "Source"),
            ],
            rows,
            ..Table::default()
        }],
        notes: vec![Note {
            code: None,
            key: "facteurs".to_owned(),
            text: format!(
                "{} facteurs, dont {own} de l’association ; * : incertitude supposée, la source n’en donne pas",
                list.len()
            ),
        }],
    })
}

fn row(factor: &Factor) -> Row {
    let mark = if factor.supposed { "*" } else { "" };
    let uncertainty = quantity_words(factor.uncertainty, "%") + mark;
    let own = if factor.own { "association : " } else { "" };
    let source = format!("{own}{}, {}", factor.source, factor.year);
    let cells = vec![
        Cell::Words(factor.label.clone()),
        Cell::Count(factor.kilograms),
        Cell::Words(factor.symbol.clone()),
        Cell::Words(uncertainty),
        Cell::Count(Decimal::from(factor.beges)),
        Cell::Count(Decimal::from(factor.scope())),
        Cell::Words(source),
    ];
    Row::line(format!("facteurs.{}", slug(&factor.id)), factor.id.as_str(), cells)
}
