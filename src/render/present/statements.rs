use rust_decimal::Decimal;

use super::{Heading, remark};
use crate::book::{AccountId, Books};
use crate::measure::{Sum, round_half_away};
use crate::render::document::{BEFORE, Cell, Column, Document, Row, Table};
use crate::statement::{BudgetLine, Column as Shown, Genre, Kind, Statement};

/// A bilan or a compte de résultat.
pub fn statement_document(made: &Statement, heading: &Heading, books: &Books) -> Document {
    let mut facts = heading.facts();
    facts.push(("form", made.form.clone()));
    facts.push(("unit", "EUR".to_owned()));
    let at = match made.kind {
        Kind::Bilan => format!("{} au {}", made.title, made.year.period.last.format("%d/%m/%Y")),
        Kind::Resultat => format!("{} {}", made.title, made.year.name),
    };
    let tables = made.sections.iter().map(|section| {
        let mut columns = vec![Column::words("libelle", section_title(section.name))];
        columns.extend(section.columns.iter().map(|column| {
            let shown = Column::numbers(column.key(), &column_title(*column, made));
            let unplanned = *column == Shown::Bp && made.budget.is_none();
            if unplanned { shown.off_screen() } else { shown }
        }));
        let rows = section.rows.iter().map(|row| {
            let label = if row.genre == Genre::Heading {
                row.label.to_uppercase()
            } else {
                row.label.clone()
            };
            let figures = row.cells.iter().map(|cell| match cell {
                None => Cell::Empty,
                Some(figure) => Cell::Amount {
                    exact: figure.exact,
                    shown: figure.shown,
                    decimals: 0,
                    brackets: row.genre == Genre::Memo,
                },
            });
            let mut accounts: Vec<String> =
                row.fed.iter().map(|part| books.accounts().get(part.account).key()).collect();
            accounts.sort();
            accounts.dedup();
            Row {
                key: row.key.clone(),
                role: row.genre.role(),
                depth: row.depth,
                cells: std::iter::once(Cell::Text(label)).chain(figures).collect(),
                accounts,
                fed: std::iter::once(Vec::new())
                    .chain(section.columns.iter().map(|column| match column {
                        // A budget has no entries.
                        Shown::Bp => Vec::new(),
                        Shown::NetN1 | Shown::N1 => {
                            of_year_before(named(&row.given(*column), books))
                        }
                        column => named(&row.given(*column), books),
                    }))
                    .collect(),
                ..Row::default()
            }
        });
        Table {
            name: section.name.to_owned(),
            title: String::new(),
            columns,
            rows: rows.collect(),
            keyed: true,
        }
    });
    Document {
        schema: format!("compta/{}/1", made.kind.name()),
        facts,
        title: at,
        subtitle: heading.subtitle(&format!(
            "livre {}, forme {}, en euros",
            made.view.title(),
            made.form
        )),
        tables: tables.collect(),
        facing: true,
        remarks: made.notes.iter().map(remark).collect(),
    }
}

/// Accounts by their keys, with what each gives.
pub(super) fn named(given: &[(AccountId, Sum)], books: &Books) -> Vec<(String, Decimal)> {
    let key = |id: AccountId| books.accounts().get(id).key();
    given.iter().map(|(id, sum)| (key(*id), sum.decimal())).collect()
}

/// The same accounts in the year before.
pub(super) fn of_year_before(given: Vec<(String, Decimal)>) -> Vec<(String, Decimal)> {
    given.into_iter().map(|(key, sum)| (format!("{BEFORE}{key}"), sum)).collect()
}

fn section_title(name: &str) -> &'static str {
    match name {
        "actif" => "ACTIF",
        "passif" => "PASSIF",
        "charges" => "CHARGES",
        "produits" => "PRODUITS",
        _ => "",
    }
}

fn column_title(column: Shown, made: &Statement) -> String {
    let year = &made.year.name;
    let before = made.before.as_ref().map_or("N−1", |year| year.name.as_str());
    let budget = made.budget.as_ref().map_or("", |year| year.name.as_str());
    match column {
        Shown::Brut => "Brut".to_owned(),
        Shown::Amort => "Amort.".to_owned(),
        Shown::Net => format!("Net {year}"),
        Shown::NetN1 => format!("Net {before}"),
        Shown::N => year.clone(),
        Shown::N1 => before.to_owned(),
        Shown::Care => format!("CARE {year}"),
        Shown::Bp => format!("BP {budget}").trim_end().to_owned(),
    }
}

/// The budget followed up.
pub fn budget_document(
    lines: &[BudgetLine],
    heading: &Heading,
    (form, books): (&str, &Books),
) -> Document {
    let mut facts = heading.facts();
    facts.push(("form", form.to_owned()));
    facts.push(("unit", "EUR".to_owned()));
    let figure = |exact: Decimal| Cell::Amount {
        exact,
        shown: round_half_away(exact, 0),
        decimals: 0,
        brackets: false,
    };
    let rows = lines.iter().map(|line| Row {
        key: line.key.clone(),
        role: line.genre.role(),
        depth: line.depth,
        cells: if line.genre == Genre::Heading {
            vec![Cell::Text(line.label.clone())]
        } else {
            vec![
                Cell::Text(line.label.clone()),
                figure(line.planned),
                figure(line.realised),
                figure(line.left),
                line.share.map_or(Cell::Empty, Cell::Share),
            ]
        },
        fed: vec![Vec::new(), Vec::new(), named(&line.given, books)],
        ..Row::default()
    });
    let table = Table {
        name: "budget".to_owned(),
        title: String::new(),
        columns: vec![
            Column::words("libelle", ""),
            Column::numbers("bp", &format!("BP {}", heading.period)),
            Column::numbers("realise", "Réalisé"),
            Column::numbers("reste", "Reste"),
            Column::numbers("part", "%"),
        ],
        rows: rows.collect(),
        keyed: true,
    };
    Document {
        schema: "compta/budget/1".to_owned(),
        facts,
        title: format!("Budget prévisionnel {} et réalisé", heading.period),
        subtitle: heading.subtitle(&format!("forme {form}, en euros")),
        tables: vec![table],
        facing: false,
        remarks: Vec::new(),
    }
}
