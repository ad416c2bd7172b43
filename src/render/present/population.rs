use rust_decimal::Decimal;

use super::Heading;
use crate::measure::{Sum, euros, plain, signed_words};
use crate::render::document::{Cell, Column, Document, Remark, Row, Table};
use crate::statement::audit::{Member, Population, Tie, Totals};

/// A population as it was asked for, in the words of who asked.
#[derive(Clone, Debug)]
pub struct AskedPopulation {
    /// The accounts and journals: `comptes 6`.
    pub words: String,
    /// The command that writes its canonical text.
    pub command: String,
    /// The seed, as a shell takes it; empty without one.
    pub seed: String,
}

pub(super) fn note(text: String) -> Remark {
    Remark { code: None, severity: "note", key: String::new(), text }
}

pub(super) fn exact(sum: Sum) -> String {
    plain(sum.decimal(), 2)
}

/// What a population is, in words and as facts.
pub(super) fn counted(
    population: &Population<'_>,
    asked: &AskedPopulation,
    facts: &mut Vec<(&'static str, String)>,
) -> Vec<String> {
    let (all, opened) = (population.totals(), population.openings());
    let told = |totals: Totals| {
        format!(
            "débits {}, crédits {}, solde {}",
            euros(totals.debit.decimal()),
            euros(totals.credit.decimal()),
            euros(totals.balance().decimal())
        )
    };
    let digest = population.digest().to_string();
    facts.extend([
        ("accounts", asked.words.clone()),
        ("lines", all.lines.to_string()),
        ("entries", population.entries.to_string()),
        ("debit", exact(all.debit)),
        ("credit", exact(all.credit)),
        ("balance", exact(all.balance())),
        ("opening_lines", opened.lines.to_string()),
        ("opening_balance", exact(opened.balance())),
        ("sha256", digest.clone()),
    ]);
    let mut lines = vec![format!(
        "population : {} – {} de {}, {}",
        asked.words,
        signed_words(all.lines, "ligne"),
        signed_words(population.entries, "écriture"),
        told(all)
    )];
    if opened.lines > 0 {
        let count = signed_words(opened.lines, "ligne");
        lines.push(format!("  dont à-nouveaux : {count}, {}", told(opened)));
    }
    lines.push(format!("SHA-256 de la population : {digest}"));
    lines
}

/// A population and its tie to the balance générale, account by account.
pub fn population_document(
    population: &Population<'_>,
    ties: &[Tie],
    asked: &AskedPopulation,
    heading: &Heading,
) -> Document {
    let mut facts = heading.facts();
    let mut subtitle = heading.subtitle(&format!("livre {}", heading.view.title()));
    subtitle.extend(counted(population, asked, &mut facts));
    let elsewhere = ties.iter().any(|tie| !tie.elsewhere().is_zero());
    let cents = |sum: Sum| Cell::cents(sum.decimal());
    let figures = |label: String, totals: Totals, balance: Sum| {
        vec![
            Cell::Text(label),
            Cell::Count(Decimal::from(totals.lines)),
            cents(totals.debit),
            cents(totals.credit),
            cents(totals.balance()),
            cents(balance),
            cents(balance - totals.balance()),
        ]
    };
    let line = |tie: &Tie| Row {
        key: tie.account.clone(),
        role: "line",
        cells: figures(format!("{} {}", tie.account, tie.label), tie.totals, tie.balance),
        accounts: vec![tie.account.clone()],
        ..Row::default()
    };
    let mut rows: Vec<Row> = ties.iter().map(line).collect();
    let balance: Sum = ties.iter().map(|tie| tie.balance).sum();
    rows.push(Row {
        key: "total".to_owned(),
        role: "total",
        cells: figures("Population".to_owned(), population.totals(), balance),
        ..Row::default()
    });
    let other = Column::numbers("autres_journaux", "Autres journaux");
    let columns = vec![
        Column::words("compte", "Compte"),
        Column::numbers("lignes", "Lignes"),
        Column::numbers("debit", "Débit"),
        Column::numbers("credit", "Crédit"),
        Column::numbers("solde", "Solde"),
        Column::numbers("balance", "Balance"),
        if elsewhere { other } else { other.off_screen() },
    ];
    let words = if elsewhere {
        "chaque compte, avec ses autres journaux, est au centime celui de `compta balance`"
    } else {
        "chaque compte est au centime celui de `compta balance`"
    };
    Document {
        schema: "compta/population/1".to_owned(),
        facts,
        title: format!("Population {}", heading.period).trim_end().to_owned(),
        subtitle,
        tables: vec![Table { keyed: true, ..list("population", columns, rows) }],
        facing: false,
        remarks: vec![
            note(words.to_owned()),
            note(format!("le même SHA-256 : {} | sha256sum", asked.command)),
        ],
    }
}

pub(super) fn list(name: &str, columns: Vec<Column>, rows: Vec<Row>) -> Table {
    Table { name: name.to_owned(), title: String::new(), columns, rows, keyed: false }
}

/// The lines of a population, field by field as its canonical text has them.
pub fn population_lines_document(population: &Population<'_>, heading: &Heading) -> Document {
    let row = |member: &Member<'_>| {
        let mut cells: Vec<Cell> =
            member.fields().map(|field| Cell::Text(field.to_owned())).collect();
        cells[0] = Cell::Date(member.line.date());
        cells[4] = Cell::cents(member.line.amount().decimal());
        Row { role: "line", cells, ..Row::default() }
    };
    let columns = vec![
        Column::whole("date", "Date"),
        Column::whole("numero", "Numéro"),
        Column::whole("rang", "Rang"),
        Column::words("compte", "Compte"),
        Column::numbers("montant", "Montant"),
        Column::words("piece", "Pièce"),
        Column::words("libelle", "Libellé"),
    ];
    Document {
        schema: "compta/population-lignes/1".to_owned(),
        facts: heading.facts(),
        title: format!("Population {}", heading.period).trim_end().to_owned(),
        subtitle: Vec::new(),
        tables: vec![list("lignes", columns, population.members.iter().map(row).collect())],
        facing: false,
        remarks: Vec::new(),
    }
}
