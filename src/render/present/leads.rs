use rust_decimal::Decimal;

use super::Heading;
use super::statements::of_year_before;
use crate::measure::{Sum, amount, euros, plain, round_half_away};
use crate::render::document::{Cell, Column, Document, Remark, Row, Table};
use crate::statement::audit::{Lead, LeadCycle, Leads, share};

/// The lead schedules of a year, cycle after cycle, beside the year before.
///
/// `before` is the name of that year, when the books have one; `typed` says that the limit in euros was.
pub fn leads_document(
    leads: &Leads,
    before: Option<&str>,
    typed: bool,
    heading: &Heading,
) -> Document {
    let mut rows = Vec::new();
    for cycle in &leads.cycles {
        let first = rows.len();
        rows.extend(cycle.leads.iter().map(|lead| account(cycle, lead, before.is_some())));
        rows[first].above = Some(cycle.title.clone());
        let label = (format!("{}.total", cycle.key), format!("Total {}", cycle.title));
        let fed = rows[first..].iter().map(|row| row.fed.clone()).reduce(|mut all, fed| {
            all.iter_mut().zip(fed).for_each(|(cell, more)| cell.extend(more));
            all
        });
        rows.push(Row {
            fed: fed.unwrap_or_default(),
            ..sum(label, "subtotal", cycle.total(), before.is_some())
        });
    }
    let whole = [0, 1].map(|side| leads.parts.iter().map(|part| part[side]).sum::<Sum>());
    rows.push(sum(
        ("total".to_owned(), "Total des cycles".to_owned()),
        "total",
        whole,
        before.is_some(),
    ));
    let parts = [
        ("bilan", "dont bilan (classes 1 à 5)"),
        ("gestion", "dont gestion (classes 6 et 7)"),
        ("classe_8", "dont classe 8"),
    ];
    let nil = |part: &[Sum; 2]| part.iter().all(|sum| sum.is_zero());
    for ((key, label), part) in parts.into_iter().zip(leads.parts).filter(|(_, part)| !nil(part)) {
        let key = format!("total.{key}");
        rows.push(sum((key, label.to_owned()), "memo", part, before.is_some()));
    }
    let mut facts = heading.facts();
    facts.extend([
        ("unit", "EUR".to_owned()),
        ("threshold", plain(leads.euros, 2)),
        ("percent", plain(leads.percent, 0)),
        ("charges", plain(leads.charges.decimal(), 2)),
    ]);
    let mut subtitle = heading.subtitle(&format!(
        "livre {}, en euros, débit positif, crédit négatif",
        heading.view.title()
    ));
    let limit = if typed {
        euros(leads.euros)
    } else {
        let charges = euros(leads.charges.decimal());
        format!("{} (1\u{a0}% des charges de l’exercice, {charges})", euros(leads.euros))
    };
    subtitle.push(format!(
        "à voir : une variation d’au moins {limit} et d’au moins {}\u{a0}%",
        amount(leads.percent, 0)
    ));
    Document {
        schema: "compta/feuilles/1".to_owned(),
        facts,
        title: format!("Feuilles maîtresses {}", heading.period).trim_end().to_owned(),
        subtitle,
        tables: vec![Table {
            name: "feuilles".to_owned(),
            title: String::new(),
            columns: columns(leads, &heading.period, before),
            rows,
            keyed: true,
        }],
        facing: false,
        remarks: remarks(leads, before),
    }
}

fn columns(leads: &Leads, year: &str, before: Option<&str>) -> Vec<Column> {
    let seen = |column: Column, shown: bool| if shown { column } else { column.off_screen() };
    let every = || leads.cycles.iter().flat_map(|cycle| &cycle.leads);
    let renamed = every().any(|lead| !lead.former.is_empty());
    let beside = before.is_some();
    vec![
        Column::words("libelle", "Compte"),
        Column::words("cycle", "Cycle").off_screen(),
        Column::words("compte", "Numéro").off_screen(),
        Column::numbers("n", year),
        seen(Column::numbers("n1", before.unwrap_or("Exercice précédent")), beside),
        seen(Column::numbers("variation", "Variation"), beside),
        seen(Column::numbers("pourcent", "%"), beside),
        seen(Column::words("marque", "Marque"), beside),
        seen(Column::words("ancien", "Avant"), renamed),
    ]
}

fn account(cycle: &LeadCycle, lead: &Lead, beside: bool) -> Row {
    let mut cells = figures([lead.now, lead.before], beside);
    cells.push(Cell::Text(if lead.marked { "à voir" } else { "" }.to_owned()));
    cells.push(Cell::Text(lead.former.join(" ")));
    let mut all = vec![
        Cell::Text(format!("{} {}", lead.number, lead.label).trim_end().to_owned()),
        Cell::Text(cycle.title.clone()),
        Cell::Text(lead.number.clone()),
    ];
    all.append(&mut cells);
    Row {
        key: format!("{}.{}", cycle.key, lead.number),
        role: "line",
        cells: all,
        accounts: vec![lead.number.clone()],
        fed: [
            vec![Vec::new(); 3],
            vec![lead.given.clone(), of_year_before(lead.given_before.clone())],
        ]
        .concat(),
        ..Row::default()
    }
}

fn sum((key, label): (String, String), role: &'static str, total: [Sum; 2], beside: bool) -> Row {
    let mut cells = vec![Cell::Text(label), Cell::Empty, Cell::Empty];
    cells.append(&mut figures(total, beside));
    cells.extend([Cell::Empty, Cell::Empty]);
    Row { key, role, cells, ..Row::default() }
}

/// Both years, the variation and its share; the year alone when there is none before.
fn figures([now, before]: [Sum; 2], beside: bool) -> Vec<Cell> {
    let variation = now - before;
    let part = share(variation, before).map(|part| round_half_away(part, 1));
    let cents = |sum: Sum| Cell::cents(sum.decimal());
    if !beside {
        return vec![cents(now), Cell::Empty, Cell::Empty, Cell::Empty];
    }
    let part = match part {
        None if !variation.is_zero() => Cell::Text("nouveau".to_owned()),
        None => Cell::Empty,
        Some(part) => Cell::Share(part),
    };
    vec![cents(now), cents(before), cents(variation), part]
}

fn remarks(leads: &Leads, before: Option<&str>) -> Vec<Remark> {
    let marked = leads.cycles.iter().flat_map(|cycle| &cycle.leads).filter(|lead| lead.marked);
    let count = amount(Decimal::from(marked.count()), 0);
    let first = match before {
        None => "aucun exercice précédent dans les livres : ni variation, ni marque".to_owned(),
        Some(year) => format!(
            "comptes à voir : {count}. Le pourcentage est la variation sur le solde de {year} : positif, \
             le solde s’éloigne de zéro"
        ),
    };
    let second = "la somme des cycles est nulle, comme la balance générale : chaque compte est dans un \
                  cycle et un seul";
    [first, second.to_owned()]
        .into_iter()
        .map(|text| Remark { code: None, severity: "note", key: String::new(), text })
        .collect()
}
