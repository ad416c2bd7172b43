use std::borrow::Cow;
use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::evaluate::{Basis, Part, Values, evaluate, position};
use super::form::{Column, Form, Genre, Kind, Layout};
use super::notes::{self, Note};
use super::rows;
use crate::book::{AccountId, Books};
use crate::chart::Edition;
use crate::diagnostic::{Code, Finding, Span};
use crate::journal::amount_text;
use crate::ledger::{Annual, Ledger, View};
use crate::measure::{FiscalYear, Period, Sum};

/// Which statement is wanted, of which year, from which books.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The books.
    pub books: &'a Books,
    /// Their ledgers, year by year.
    pub annual: &'a Annual,
    /// The form.
    pub form: &'a Form,
    /// Bilan or compte de résultat.
    pub kind: Kind,
    /// The fiscal year.
    pub year: &'a FiscalYear,
    /// A part of it, by name: the bilan at its end, or the résultat of its days.
    pub part: Option<&'a FiscalYear>,
    /// The ledger of the main columns.
    pub view: View,
    /// The year whose budget stands beside.
    pub budget: Option<&'a FiscalYear>,
}

/// A figure: its exact amount, and what is shown of it in whole euros (or coarser).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The exact amount.
    pub exact: Decimal,
    /// The amount as displayed: each figure rounds its own exact amount.
    pub shown: Decimal,
}

/// What one account gives to one cell.
#[derive(Clone, Copy, Debug)]
pub struct Contribution {
    /// The column.
    pub column: Column,
    /// The account.
    pub account: AccountId,
    /// How much, with the sign of the row.
    pub amount: Sum,
}

/// A row of a statement.
#[derive(Clone, Debug)]
pub struct Row {
    /// `bilan.actif.creances_clients`; empty for a heading.
    pub key: String,
    /// The label.
    pub label: String,
    /// What it is for the reader.
    pub genre: Genre,
    /// How deep it stands.
    pub depth: u32,
    /// One figure per column of the section, blank where the row or the column has none.
    pub cells: Vec<Option<Figure>>,
    /// The accounts behind it.
    pub fed: Vec<Contribution>,
    /// The rows that it sums.
    pub parts: Vec<RowPart>,
}

impl Row {
    /// What each account gives to the figure of a column; one that gives nothing in the end is left out.
    pub fn given(&self, column: Column) -> Vec<(AccountId, Sum)> {
        let mut sums: BTreeMap<AccountId, Sum> = BTreeMap::new();
        for part in self.fed.iter().filter(|part| part.column == column) {
            *sums.entry(part.account).or_default() += part.amount;
        }
        sums.into_iter().filter(|(_, sum)| !sum.is_zero()).collect()
    }
}

/// A row, or the balance of some accounts, that another row sums.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowPart {
    /// `bilan.passif.reserves`, or `comptes.C171` for accounts.
    pub key: String,
    /// Whether it is taken away.
    pub negative: bool,
}

/// A side of a statement.
#[derive(Clone, Debug)]
pub struct SectionTable {
    /// `actif`, `passif`, `charges`, `produits`, `liste`.
    pub name: &'static str,
    /// Its columns.
    pub columns: Vec<Column>,
    /// The rows that are shown.
    pub rows: Vec<Row>,
}

/// A statement of a year.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Bilan or compte de résultat.
    pub kind: Kind,
    /// The form's name.
    pub form: String,
    /// The title.
    pub title: String,
    /// The year.
    pub year: FiscalYear,
    /// The year before, when the books have it.
    pub before: Option<FiscalYear>,
    /// The year of the budget column.
    pub budget: Option<FiscalYear>,
    /// The ledger of the main columns.
    pub view: View,
    /// Its sides.
    pub sections: Vec<SectionTable>,
    /// What a reader must know: gaps of display, partial totals, definitions.
    pub notes: Vec<Note>,
}

impl Statement {
    /// The row of a key.
    pub fn row(&self, key: &str) -> Option<(&SectionTable, &Row)> {
        self.sections.iter().find_map(|section| {
            section.rows.iter().find(|row| row.key == key).map(|row| (section, row))
        })
    }

    /// What each account gives to a row in the main column of its section: net, or the year's own.
    pub fn given(&self, key: &str) -> Vec<(AccountId, Sum)> {
        let found = self.row(key).and_then(|(section, row)| {
            let main = |column: &&Column| matches!(column, Column::Net | Column::N);
            Some(row.given(*section.columns.iter().find(main)?))
        });
        found.unwrap_or_default()
    }
}

/// What the columns of a statement are computed from.
pub(super) struct Bases {
    pub(super) n: Values,
    pub(super) n1: Option<Values>,
    pub(super) care: Option<Values>,
    pub(super) bp: Option<Values>,
}

impl Bases {
    /// The figure of a row in a column; `None` when the column has no basis.
    pub(super) fn value(&self, column: Column, section: usize, row: usize) -> Option<Sum> {
        Some(match column {
            Column::Brut => self.n.part(section, row, Part::Plain),
            Column::Amort => self.n.part(section, row, Part::Amort),
            Column::Net | Column::N => self.n.net(section, row),
            Column::NetN1 | Column::N1 => self.n1.as_ref()?.net(section, row),
            Column::Care => self.care.as_ref()?.net(section, row),
            Column::Bp => self.bp.as_ref()?.net(section, row),
        })
    }

    pub(super) fn of(&self, column: Column) -> Option<&Values> {
        match column {
            Column::Brut | Column::Amort | Column::Net | Column::N => Some(&self.n),
            Column::NetN1 | Column::N1 => self.n1.as_ref(),
            Column::Care => self.care.as_ref(),
            Column::Bp => self.bp.as_ref(),
        }
    }
}

/// Makes a statement; `None` when the form does not have it.
pub fn statement(ask: Ask<'_>, findings: &mut Vec<Finding>) -> Option<Statement> {
    let layout = ask.form.layout(ask.kind)?;
    let ledger = ledger(ask, ask.kind, ask.year, ask.part).unwrap_or_default();
    let before = ask.books.years().before(ask.year);
    let before = before.filter(|year| ask.annual.ledger(year).is_some());
    let part_before = match (ask.part, &before) {
        (Some(part), Some(year)) => {
            part.year_earlier().filter(|part| year.period.holds(part.period))
        }
        _ => None,
    };
    let before = before.filter(|_| ask.part.is_none() || part_before.is_some());
    let planned = ask.budget.map(|year| (year, Ledger::planned(ask.books, year.period)));
    let care_column = layout.sections.iter().any(|s| s.columns.contains(&Column::Care));
    let mut value = |ledger: &Ledger, year: &FiscalYear, view: View| {
        let basis = Basis { ledger, edition: Edition::of_year_opened(year.period.first), view };
        evaluate(layout, basis, ask.books, findings)
    };
    let n1 = before.as_ref().and_then(|year| {
        let ledger = self::ledger(ask, ask.kind, year, part_before.as_ref())?;
        Some(value(&ledger, year, ask.view))
    });
    let bases = Bases {
        n: value(&ledger, ask.year, ask.view),
        n1,
        care: care_column.then(|| value(&ledger, ask.year, View::Care)),
        bp: planned.as_ref().map(|(year, ledger)| value(ledger, year, ask.view)),
    };
    // Totals that lack an account cannot be equal: say what is missing, not what follows from it.
    if findings.iter().all(|finding| !finding.is_error()) {
        check(ask, layout, &bases, findings);
    }
    let sections: Vec<SectionTable> = layout
        .sections
        .iter()
        .enumerate()
        .map(|(rank, section)| rows::table(ask, layout, section, rank, &bases))
        .collect();
    let budget = ask.budget.cloned();
    let mut made = Statement {
        kind: ask.kind,
        form: ask.form.name.clone(),
        title: layout.title.clone(),
        year: ask.part.unwrap_or(ask.year).clone(),
        before: part_before.or(before),
        budget,
        view: ask.view,
        sections,
        notes: Vec::new(),
    };
    made.notes = notes::notes(ask, layout, &bases, &made);
    Some(made)
}

/// The ledger of a year, or of a part of it: from the opening to its end for a bilan, its days alone
/// for a compte de résultat.
fn ledger<'a>(
    ask: Ask<'a>,
    kind: Kind,
    year: &FiscalYear,
    part: Option<&FiscalYear>,
) -> Option<Cow<'a, Ledger>> {
    let whole = ask.annual.ledger(year)?;
    let Some(part) = part else {
        return Some(Cow::Borrowed(whole));
    };
    let first = if kind == Kind::Bilan { year.period.first } else { part.period.first };
    let days = Period { first, last: part.period.last };
    Some(Cow::Owned(Ledger::of(ask.books, Some(days), |_| true)))
}

/// The laws that the form states: equal totals, and the same result on both statements.
fn check(ask: Ask<'_>, layout: &Layout, bases: &Bases, findings: &mut Vec<Finding>) {
    let kinds = [
        (Some(&bases.n), format!("exercice {}", ask.year.name)),
        (bases.n1.as_ref(), "exercice précédent".to_owned()),
        (bases.care.as_ref(), "livre CARE".to_owned()),
        (bases.bp.as_ref(), "budget".to_owned()),
    ];
    for (values, name) in kinds.iter().filter_map(|(values, name)| Some(((*values)?, name))) {
        for (left, right, at) in &layout.equal {
            let net = |key: &str| position(layout, key).map(|(s, r)| values.net(s, r));
            let (Some(a), Some(b)) = (net(left), net(right)) else {
                continue;
            };
            if a != b {
                findings.push(differ(*at, (left, a), (right, b), name));
            }
        }
    }
    let other = if ask.kind == Kind::Bilan { Kind::Resultat } else { Kind::Bilan };
    let Some(other) = ask.form.layout(other) else {
        return;
    };
    let (Some(here), Some(there)) =
        (layout.result.as_ref().map(|r| &r.value), other.result.as_ref().map(|r| &r.value))
    else {
        return;
    };
    // The result of some days is on no bilan.
    let Some(ledger) = ledger(ask, Kind::Bilan, ask.year, ask.part)
        .filter(|_| ask.kind == Kind::Bilan || ask.part.is_none())
    else {
        return;
    };
    let edition = Edition::of_year_opened(ask.year.period.first);
    let mut unseen = Vec::new();
    let facing = Basis { ledger: &ledger, edition, view: ask.view };
    let values = evaluate(other, facing, ask.books, &mut unseen);
    let (Some((s, r)), Some((s2, r2))) = (position(layout, here), position(other, there)) else {
        return;
    };
    let (a, b) = (bases.n.net(s, r), values.net(s2, r2));
    if a != b && unseen.is_empty() {
        let at = layout.sections[s].rows[r].at;
        findings.push(differ(at, (here, a), (there, b), &ask.year.name));
    }
}

fn differ(at: Span, left: (&str, Sum), right: (&str, Sum), basis: &str) -> Finding {
    let shown = |sum: Sum| sum.number().map_or(sum.to_string(), |number| amount_text(number, "€"));
    Finding::new(
        Code::TotalsDiffer,
        at,
        format!(
            "`{}` ({}) et `{}` ({}) diffèrent de {} ({basis})",
            left.0,
            shown(left.1),
            right.0,
            shown(right.1),
            shown(left.1 - right.1)
        ),
    )
    .label("déclarés égaux")
    .help("cherchez la ligne ou le préfixe qui manque à l’un des deux")
}
