use rust_decimal::Decimal;

use super::meeting::Meeting;
use super::table::{Cell, Column, Row, Sheet, Table, slug};
use crate::analytic::spread;
use crate::ledger::Ledger;
use crate::measure::{Period, euros};
use crate::register::{Convention, Programmes};
use crate::statement::{Form, Genre, Kind, Note, placements};

/// The key of the line of shared costs.
const INDIRECT: &str = "charges_indirectes";

/// The financial report of a convention (compte rendu financier, Cerfa 15059): planned, realised, %,
/// over its whole period, on the lines of the grant form.
///
/// `cerfa` is the form `cerfa-12156`, whose lines the report takes.
pub fn financial_report(meeting: &Meeting<'_>, cerfa: &Form, rank: usize) -> Option<Sheet> {
    let register = meeting.registers.conventions.as_ref()?;
    let known = register.list.get(rank)?;
    let lines = lines(meeting, cerfa, known, rank);
    let name = format!("compte_rendu.{}", slug(&known.id.value));
    let mut rows = Vec::new();
    let mut totals = [[Decimal::ZERO; 2]; 2];
    for (at, (section, title)) in
        [("charges", "Charges"), ("produits", "Produits")].into_iter().enumerate()
    {
        rows.push(Row::heading(title));
        for line in lines.iter().filter(|line| line.section == section && !line.is_nil()) {
            totals[at][0] += line.planned;
            totals[at][1] += line.realised;
            let key = format!("{name}.{section}.{}", line.key);
            let row = Row::line(key, &line.label, cells(line.planned, line.realised));
            // A share of common costs has no entries of its own.
            let shared = line.key == INDIRECT;
            let behind = vec![format!("convention:{}", known.id.value)];
            rows.push(if shared { row } else { row.behind(behind) });
        }
        let [planned, realised] = totals[at];
        let key = format!("{name}.{section}.total");
        let label = format!("Total des {section}");
        rows.push(Row::line(key, label, cells(planned, realised)).of(Genre::Subtotal));
    }
    let [charges, products] = totals;
    let own = [0, 1].map(|at| charges[at] - products[at]);
    let label = "Ressources propres de l’association (charges − produits)";
    rows.push(
        Row::line(format!("{name}.ressources_propres"), label, cells(own[0], own[1]))
            .of(Genre::Total),
    );
    Some(Sheet {
        name: format!("compte-rendu-{}", slug(&known.id.value).replace('_', "-")),
        year: meeting.year.name.clone(),
        title: format!("Compte rendu financier : {} ({})", known.partner, known.id.value),
        tables: vec![
            Table {
                name: "compte_rendu".to_owned(),
                columns: vec![
                    Column::figures("prevu", "Prévision"),
                    Column::figures("realise", "Réalisation"),
                    Column::figures("part", "%"),
                ],
                rows,
                ..Table::default()
            },
            facts(known, &name),
        ],
        notes: unplanned(known, &name),
    })
}

/// A convention whose budget the register does not give has nothing to compare with.
fn unplanned(known: &Convention, key: &str) -> Vec<Note> {
    if !known.planned.is_empty() {
        return Vec::new();
    }
    let text = format!(
        "la prévision manque : ajoutez les `[[convention.prevu]]` de {} à `conventions.toml`",
        known.id.value
    );
    vec![Note { code: None, key: key.to_owned(), text }]
}

fn cells(planned: Decimal, realised: Decimal) -> Vec<Cell> {
    vec![Cell::euros(planned), Cell::euros(realised), Cell::part(realised, planned)]
}

/// A line of the report.
struct Line {
    section: &'static str,
    key: String,
    label: String,
    planned: Decimal,
    realised: Decimal,
}

impl Line {
    fn is_nil(&self) -> bool {
        self.planned.is_zero() && self.realised.is_zero()
    }
}

/// The lines of the grant form, with what was planned for the convention and what bears its tag; what
/// its programme received of shared costs is a line of its own.
fn lines(meeting: &Meeting<'_>, cerfa: &Form, known: &Convention, rank: usize) -> Vec<Line> {
    let mut lines: Vec<Line> = cerfa
        .lines(Kind::Resultat)
        .map(|(section, key, label)| Line {
            section,
            key: key.to_owned(),
            label: label.to_owned(),
            planned: Decimal::ZERO,
            realised: Decimal::ZERO,
        })
        .collect();
    let empty = Ledger::default();
    for year in meeting.annual.years() {
        let ledger = meeting.annual.ledger(year).unwrap_or(&empty);
        let placed = placements(cerfa, Kind::Resultat, meeting.books, ledger, year);
        let during = meeting.axes.during(year.period);
        for line in during.filter(|line| line.convention == Some(rank)) {
            let Some(one) = placed.iter().find(|one| one.account == line.account) else {
                continue;
            };
            let key = one.key.rsplit('.').next().unwrap_or_default();
            let amount = line.amount.decimal();
            let amount = if one.section == "charges" { amount } else { -amount };
            let same = |line: &&mut Line| line.section == one.section && line.key == key;
            if let Some(line) = lines.iter_mut().find(same) {
                line.realised += amount;
            }
        }
    }
    for plan in &known.planned {
        // A row that the form lacks was refused when the registers were read.
        if let Some(line) = lines.iter_mut().find(|line| line.key == plan.row.value) {
            line.planned += plan.amount;
        }
    }
    let realised = indirect(meeting, known);
    let at = lines.iter().rposition(|line| line.section == "charges").map_or(0, |at| at + 1);
    lines.insert(
        at,
        Line {
            section: "charges",
            key: INDIRECT.to_owned(),
            label: "Charges indirectes réparties, affectées à l’action".to_owned(),
            planned: Decimal::ZERO,
            realised,
        },
    );
    lines
}

/// The share of the programme's allocated costs that the convention bears, over the years it covers.
fn indirect(meeting: &Meeting<'_>, known: &Convention) -> Decimal {
    let (Some(part), Some(programmes)) = (&known.indirect, &meeting.registers.programmes) else {
        return Decimal::ZERO;
    };
    let Some(programme) = of(known, programmes) else {
        return Decimal::ZERO;
    };
    let years = meeting.annual.years().filter(|year| year.period.meets(known.period));
    let given: Decimal = years
        .map(|year| {
            let shared = spread(meeting.books, meeting.axes, programmes, year);
            let whole: Decimal = shared.iter().map(|shared| shared.given[programme]).sum();
            whole * covered(known.period, year.period)
        })
        .sum();
    crate::measure::round_half_away(given * part.value / Decimal::ONE_HUNDRED, 2)
}

/// What part of a year a convention covers, by days.
fn covered(convention: Period, year: Period) -> Decimal {
    let days = |first: chrono::NaiveDate, last: chrono::NaiveDate| {
        Decimal::from((last - first).num_days() + 1)
    };
    let first = convention.first.max(year.first);
    let last = convention.last.min(year.last);
    days(first, last) / days(year.first, year.last)
}

fn of(known: &Convention, programmes: &Programmes) -> Option<usize> {
    known.programme.as_ref().and_then(|code| programmes.rank(&code.value))
}

/// What the convention is, and the key of its indirect costs.
fn facts(known: &Convention, name: &str) -> Table {
    let Period { first, last } = known.period;
    let french = |day: chrono::NaiveDate| day.format("%d/%m/%Y").to_string();
    let mut facts = vec![
        ("montant", "Montant accordé", euros(known.amount)),
        ("periode", "Période", format!("du {} au {}", french(first), french(last))),
    ];
    if let Some(code) = &known.programme {
        facts.push(("programme", "Programme", code.value.clone()));
    }
    if let Some(part) = &known.indirect {
        let part = part.value.normalize().to_string().replace('.', ",");
        let words = format!(
            "{part}\u{a0}% des charges communes que les clés de `programmes.toml` donnent au programme"
        );
        facts.push(("indirectes", "Charges indirectes", words));
    }
    let row = |(key, label, words): (&str, &str, String)| {
        Row::line(format!("{name}.{}", slug(key)), label, vec![Cell::Words(words)])
    };
    Table {
        name: "convention".to_owned(),
        title: "La convention".to_owned(),
        columns: vec![Column::words("texte", "")],
        rows: facts.into_iter().map(row).collect(),
        ..Table::default()
    }
}
