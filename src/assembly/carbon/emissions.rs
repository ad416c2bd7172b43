use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{View, quantity_words, tonnes};
use crate::assembly::table::{Cell, Column, Row, Table, slug};
use crate::care::{Counted, Emission};
use crate::measure::{round_half_away, rounded_euros};
use crate::statement::{Genre, Note};

/// The inventory by heading and factor, by programme, by account, by regulatory category.
pub(super) fn tables(view: &View<'_>) -> Vec<Table> {
    let lines = view.emitted();
    let mut tables = vec![by_category(view, &lines)];
    if lines.is_empty() {
        return tables;
    }
    let programmes = view.meeting.registers.programmes.as_ref();
    if let Some(programmes) = programmes {
        let of = |line: &Emission| {
            let programme = programmes.list.get(line.programme);
            programme.map_or((usize::MAX, String::new()), |p| (line.programme, p.name.clone()))
        };
        tables.push(grouped(view, &lines, "emissions_programme", "Par programme", of));
    }
    let accounts = view.meeting.books.accounts();
    let order = accounts.sorted();
    let account = |line: &Emission| match line.account {
        Some(id) => {
            let rank = order.iter().position(|known| *known == id).unwrap_or(usize::MAX);
            (rank, accounts.get(id).written())
        }
        None => (usize::MAX, "Activités sans dépense".to_owned()),
    };
    tables.push(grouped(view, &lines, "emissions_compte", "Par compte", account));
    tables.push(by_regulation(view, &lines));
    tables
}

fn columns() -> Vec<Column> {
    vec![
        Column::figures("tonnes", "tCO₂e"),
        Column::figures("bas", "bas"),
        Column::figures("haut", "haut"),
        Column::figures("depense", "Dépense, €"),
        Column::figures("euros_par_tonne", "€/t"),
    ]
}

/// Tonnes, their interval, what was spent and what a tonne cost.
fn cells(view: &View<'_>, lines: &[&Emission]) -> Vec<Cell> {
    let found = view.interval(lines);
    let spent: Decimal = lines.iter().map(|line| line.euros).sum();
    let per_tonne = if found.central.is_zero() || spent.is_zero() {
        Cell::Blank
    } else {
        Cell::euros(spent * Decimal::ONE_THOUSAND / found.central)
    };
    vec![
        tonnes(found.central),
        tonnes(found.low),
        tonnes(found.high),
        Cell::euros(spent),
        per_tonne,
    ]
}

/// What each factor gives to the tonnes of some lines, and each account to what was spent.
fn given(view: &View<'_>, lines: &[&Emission]) -> Vec<Vec<(String, Decimal)>> {
    let list = &view.care.factors.list;
    let mut by_factor: BTreeMap<String, Vec<&Emission>> = BTreeMap::new();
    let mut by_account: BTreeMap<String, Decimal> = BTreeMap::new();
    for line in lines {
        let factor = format!("facteur:{}", list[line.factor].id);
        by_factor.entry(factor).or_default().push(line);
        if let Some(account) = line.account.filter(|_| !line.euros.is_zero()) {
            let key = view.meeting.books.accounts().get(account).key();
            *by_account.entry(key).or_default() += line.euros;
        }
    }
    let tonnes = |(key, lines): (String, Vec<&Emission>)| {
        (key, view.interval(&lines).central / Decimal::ONE_THOUSAND)
    };
    let tonnes = by_factor.into_iter().map(tonnes).collect();
    vec![tonnes, Vec::new(), Vec::new(), by_account.into_iter().collect()]
}

fn total(view: &View<'_>, key: &str, lines: &[&Emission]) -> Row {
    Row::line(format!("{key}.total"), "Total des émissions brutes", cells(view, lines))
        .given(given(view, lines))
        .of(Genre::Total)
}

fn by_category(view: &View<'_>, lines: &[&Emission]) -> Table {
    let factors = &view.care.factors.list;
    let mut groups: BTreeMap<&str, BTreeMap<usize, Vec<&Emission>>> = BTreeMap::new();
    for line in lines {
        let category = factors[line.factor].category.as_str();
        groups.entry(category).or_default().entry(line.factor).or_default().push(line);
    }
    let mut rows = Vec::new();
    for (category, by_factor) in groups {
        let all: Vec<&Emission> = by_factor.values().flatten().copied().collect();
        let key = format!("emissions.{}", slug(category));
        let row = Row::line(key.clone(), category, cells(view, &all)).given(given(view, &all));
        rows.push(row.of(Genre::Subtotal));
        for (factor, lines) in by_factor {
            let factor = &factors[factor];
            let quantity: Decimal = lines.iter().map(|line| line.quantity).sum();
            let quantity = round_half_away(quantity, 3);
            let label = format!("{} ({})", factor.label, quantity_words(quantity, &factor.symbol));
            let key = format!("{key}.{}", slug(&factor.id));
            let row = Row::line(key, label, cells(view, &lines)).given(given(view, &lines));
            rows.push(row.under());
        }
    }
    rows.push(total(view, "emissions", lines));
    Table {
        name: "emissions".to_owned(),
        title: "Émissions par catégorie".to_owned(),
        columns: columns(),
        rows,
        ..Table::default()
    }
}

fn grouped(
    view: &View<'_>,
    lines: &[&Emission],
    name: &str,
    title: &str,
    of: impl Fn(&Emission) -> (usize, String),
) -> Table {
    let mut groups: BTreeMap<(usize, String), Vec<&Emission>> = BTreeMap::new();
    for line in lines {
        groups.entry(of(line)).or_default().push(line);
    }
    let mut rows: Vec<Row> = groups
        .iter()
        .map(|((_, label), lines)| {
            let row = Row::line(format!("{name}.{}", slug(label)), label, cells(view, lines));
            row.given(given(view, lines))
        })
        .collect();
    rows.push(total(view, name, lines));
    let columns = columns();
    Table { name: name.to_owned(), title: title.to_owned(), columns, rows, ..Table::default() }
}

/// The categories of the regulatory inventory (décret 2022-982), with their scope.
const BEGES: [&str; 6] = [
    "1. Émissions directes (scope 1)",
    "2. Énergie achetée (scope 2)",
    "3. Transport (scope 3)",
    "4. Produits achetés (scope 3)",
    "5. Produits vendus (scope 3)",
    "6. Autres émissions indirectes (scope 3)",
];

fn by_regulation(view: &View<'_>, lines: &[&Emission]) -> Table {
    let list = &view.care.factors.list;
    let category = |line: &Emission| {
        let rank = list[line.factor].beges.clamp(1, 6) as usize;
        (rank, BEGES[rank - 1].to_owned())
    };
    let title = "Par catégorie du bilan GES et scope";
    grouped(view, lines, "emissions_beges", title, category)
}

/// What a reader must know of the inventory.
pub(super) fn notes(view: &View<'_>) -> Vec<Note> {
    let lines = view.emitted();
    let factors = &view.care.factors;
    let note = |text: String| Note { code: None, key: "emissions".to_owned(), text };
    let mut notes = vec![note(format!(
        "facteurs : jeu livré {}{} ; montants hors taxe au taux de {} % ; intervalles à 95 %, lignes de même facteur corrélées",
        factors.version,
        match factors.list.iter().filter(|factor| factor.own).count() {
            0 => String::new(),
            1 => ", et un de l’association".to_owned(),
            more => format!(", et {more} de l’association"),
        },
        view.policy.tax.as_ref().map_or(Decimal::ZERO, |tax| tax.value).normalize(),
    ))];
    let mut supposed: Vec<&str> = lines
        .iter()
        .map(|line| &factors.list[line.factor])
        .filter(|factor| factor.supposed)
        .map(|factor| factor.id.as_str())
        .collect();
    supposed.sort_unstable();
    supposed.dedup();
    if !supposed.is_empty() {
        notes.push(note(format!("incertitude supposée : {}", supposed.join(", "))));
    }
    let whole: Decimal = lines.iter().map(|line| line.kilograms).sum();
    let spending: Decimal =
        lines.iter().filter(|l| l.counted == Counted::Spending).map(|l| l.kilograms).sum();
    if !whole.is_zero() && !spending.is_zero() {
        let share = round_half_away(spending * Decimal::ONE_HUNDRED / whole, 0);
        notes.push(note(format!(
            "{share} % des émissions viennent de ratios monétaires, faute d’activité mesurée"
        )));
    }
    notes.extend(uncounted(view).map(note));
    notes
}

/// Purchases that nothing counts, by account: an inventory says what it leaves out.
fn uncounted(view: &View<'_>) -> Option<String> {
    let (books, year) = (view.meeting.books, view.meeting.year.period);
    let mut sums: BTreeMap<&str, Decimal> = BTreeMap::new();
    for (date, account, euros) in &view.care.inventory.uncounted {
        if year.contains(*date) {
            *sums.entry(books.accounts().get(*account).number.as_str()).or_default() += *euros;
        }
    }
    sums.retain(|_, sum| !sum.is_zero());
    let told: Vec<String> =
        sums.iter().map(|(number, sum)| format!("{number} ({})", rounded_euros(*sum, 0))).collect();
    let told = told.join(", ");
    (!told.is_empty()).then(|| format!("ni activité ni ratio, donc non compté : {told}"))
}
