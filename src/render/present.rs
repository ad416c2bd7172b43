use rust_decimal::Decimal;

use super::document::{Cell, Column, Document, Remark, Row, Table};
use super::french::amount;
use crate::book::Books;
use crate::diagnostic::{Code, Severity};
use crate::ledger::View;
use crate::measure::{Unit, Units};
use crate::statement::lists::{BalanceLine, EntryLine};
use crate::statement::{BudgetLine, Column as Shown, Genre, Kind, Note, Statement, Trace};

/// What stands above a document: whose books, which period, which ledger.
#[derive(Clone, Debug)]
pub struct Heading {
    /// The entity's name.
    pub entity: String,
    /// The fiscal year or period, as typed.
    pub period: String,
    /// The ledger shown.
    pub view: View,
    /// The state of the year: `exercice ouvert`.
    pub state: String,
}

impl Heading {
    fn facts(&self) -> Vec<(&'static str, String)> {
        vec![("book", self.view.name().to_owned()), ("year", self.period.clone())]
    }

    fn subtitle(&self, more: &str) -> Vec<String> {
        let parts = [self.entity.as_str(), self.state.as_str(), more];
        let shown: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        if shown.is_empty() { Vec::new() } else { vec![shown.join(" – ")] }
    }
}

fn remark(note: &Note) -> Remark {
    let severity = match note.code.map(Code::severity) {
        Some(Severity::Error) => "erreur",
        Some(Severity::Warning) => "avertissement",
        None => "note",
    };
    Remark {
        code: note.code.map(Code::text),
        severity,
        key: note.key.clone(),
        text: note.text.clone(),
    }
}

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
            Column::numbers(column.key(), &column_title(*column, made))
        }));
        let rows = section.rows.iter().map(|row| {
            let label = if row.genre == Genre::Heading { row.label.to_uppercase() } else { row.label.clone() };
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
        subtitle: heading.subtitle(&format!("livre {}, forme {}, en euros", made.view.name(), made.form)),
        tables: tables.collect(),
        facing: true,
        remarks: made.notes.iter().map(remark).collect(),
    }
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
pub fn budget_document(lines: &[BudgetLine], heading: &Heading, form: &str) -> Document {
    let mut facts = heading.facts();
    facts.push(("form", form.to_owned()));
    facts.push(("unit", "EUR".to_owned()));
    let figure = |exact: Decimal| Cell::Amount {
        exact,
        shown: crate::measure::round_half_away(exact, 0),
        decimals: 0,
        brackets: false,
    };
    let rows = lines.iter().map(|line| Row {
        key: line.key.clone(),
        role: line.genre.role(),
        depth: line.depth,
        cells: vec![
            Cell::Text(line.label.clone()),
            figure(line.planned),
            figure(line.realised),
            figure(line.left),
            line.share.map_or(Cell::Empty, Cell::Share),
        ],
        accounts: Vec::new(),
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
        ..Row::default()
    });
    let table = Table {
        name: "balance".to_owned(),
        title: String::new(),
        columns: vec![
            Column::words("compte", "Compte"),
            Column::words("libelle", "Libellé"),
            Column::words("unite", "Unité"),
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
            heading.view.name(),
            amount(debit, 2),
            amount(credit, 2)
        )),
        tables: vec![table],
        facing: false,
        remarks: Vec::new(),
    }
}

/// Which columns a list of lines shows.
fn line_cells(line: &EntryLine, units: &Units) -> Vec<Cell> {
    let exact = line.amount.decimal();
    let (debit, credit) = if exact.is_sign_negative() {
        (Cell::Empty, in_unit(-exact, line.unit))
    } else {
        (in_unit(exact, line.unit), Cell::Empty)
    };
    vec![Cell::Text(units.code(line.unit).to_owned()), debit, credit]
}

/// The journal, entry after entry.
pub fn journal_document(lines: &[EntryLine], heading: &Heading, units: &Units) -> Document {
    let rows = lines.iter().map(|line| {
        let mut cells = vec![
            Cell::Date(line.date),
            Cell::Text(line.code.clone()),
            Cell::Text(line.account.clone()),
            Cell::Text(line.label.clone()),
            Cell::Text(line.description.clone()),
            Cell::Text(line.piece.clone()),
            Cell::Text(line.programme.clone()),
        ];
        cells.extend(line_cells(line, units));
        cells.push(Cell::Text(line.place.to_string()));
        Row { role: "line", cells, ..Row::default() }
    });
    let table = Table {
        name: "journal".to_owned(),
        title: String::new(),
        columns: vec![
            Column::words("date", "Date"),
            Column::words("numero", "Numéro"),
            Column::words("compte", "Compte"),
            Column::words("libelle", "Libellé du compte"),
            Column::words("ecriture", "Écriture"),
            Column::words("piece", "Pièce"),
            Column::words("programme", "Programme"),
            Column::words("unite", "Unité"),
            Column::numbers("debit", "Débit"),
            Column::numbers("credit", "Crédit"),
            Column::words("source", "Source"),
        ],
        rows: rows.collect(),
        keyed: false,
    };
    Document {
        schema: "compta/journal/1".to_owned(),
        facts: heading.facts(),
        title: format!("Journal {}", heading.period).trim_end().to_owned(),
        subtitle: heading.subtitle(&format!("livre {}", heading.view.name())),
        tables: vec![table],
        facing: false,
        remarks: Vec::new(),
    }
}

/// The grand-livre, account after account.
pub fn grand_livre_document(lines: &[EntryLine], heading: &Heading, units: &Units) -> Document {
    let rows = lines.iter().map(|line| {
        let mut cells = vec![
            Cell::Text(line.account.clone()),
            Cell::Text(line.label.clone()),
            Cell::Date(line.date),
            Cell::Text(line.code.clone()),
            Cell::Text(line.description.clone()),
            Cell::Text(line.piece.clone()),
            Cell::Text(line.lettrage.clone()),
        ];
        cells.extend(line_cells(line, units));
        cells.push(in_unit(line.running.decimal(), line.unit));
        cells.push(Cell::Text(line.place.to_string()));
        Row { role: "line", cells, ..Row::default() }
    });
    let table = Table {
        name: "grand_livre".to_owned(),
        title: String::new(),
        columns: vec![
            Column::words("compte", "Compte"),
            Column::words("libelle", "Libellé du compte"),
            Column::words("date", "Date"),
            Column::words("numero", "Numéro"),
            Column::words("ecriture", "Écriture"),
            Column::words("piece", "Pièce"),
            Column::words("lettrage", "Let."),
            Column::words("unite", "Unité"),
            Column::numbers("debit", "Débit"),
            Column::numbers("credit", "Crédit"),
            Column::numbers("solde", "Solde"),
            Column::words("source", "Source"),
        ],
        rows: rows.collect(),
        keyed: false,
    };
    Document {
        schema: "compta/grand-livre/1".to_owned(),
        facts: heading.facts(),
        title: format!("Grand-livre {}", heading.period).trim_end().to_owned(),
        subtitle: heading.subtitle(&format!("livre {}", heading.view.name())),
        tables: vec![table],
        facing: false,
        remarks: Vec::new(),
    }
}

/// A figure followed to its entries.
pub fn trace_document(trace: &Trace, heading: &Heading) -> Document {
    let mut facts = heading.facts();
    facts.push(("key", trace.key.clone()));
    facts.push(("column", trace.column.key().to_owned()));
    facts.push(("amount", super::french::plain(trace.exact, 2)));
    let rows = trace.lines.iter().map(|line| Row {
        role: "line",
        cells: vec![
            Cell::Text(line.account.clone()),
            Cell::Date(line.date),
            Cell::Text(line.code.clone()),
            Cell::Text(line.description.clone()),
            Cell::Text(line.piece.clone()),
            Cell::cents(line.amount),
            Cell::Text(line.place.to_string()),
        ],
        ..Row::default()
    });
    let table = Table {
        name: "ecritures".to_owned(),
        title: String::new(),
        columns: vec![
            Column::words("compte", "Compte"),
            Column::words("date", "Date"),
            Column::words("numero", "Numéro"),
            Column::words("ecriture", "Écriture"),
            Column::words("piece", "Pièce"),
            Column::numbers("montant", "Montant"),
            Column::words("source", "Source"),
        ],
        rows: rows.collect(),
        keyed: false,
    };
    let mut subtitle = heading.subtitle("");
    subtitle.push(format!(
        "{} [{}] : {} € exactement, affiché {} €",
        trace.key,
        trace.column.key(),
        amount(trace.exact, 2),
        amount(trace.shown, 0)
    ));
    for (key, label, exact) in &trace.parts {
        subtitle.push(format!("  somme : {label} ({key}) {} €", amount(*exact, 2)));
    }
    for (account, title, exact) in &trace.accounts {
        subtitle.push(format!("  compte {account} {title} : {} €", amount(*exact, 2)));
    }
    Document {
        schema: "compta/trace/1".to_owned(),
        facts,
        title: format!("{} – {}", trace.label, heading.period),
        subtitle,
        tables: vec![table],
        facing: false,
        remarks: Vec::new(),
    }
}
