use chrono::{Datelike, NaiveDate};

use super::SheetAsk;
use super::cells::{Cells, needed, optional};
use crate::diagnostic::{Code, Finding};
use crate::exchange::grid::{Value, Wanted};
use crate::intake::labels;
use crate::intake::text::Tags;
use crate::journal::posting_line;
use crate::journal::tree::Wrap;
use crate::measure::{FiscalYear, Number, Period};

/// The columns of a sheet of budget, one line a row.
pub const PLANNED: [Wanted; 11] = [
    needed("compte", &["numéro de compte", "n° de compte"]),
    needed("budget", &["montant", "bp"]),
    optional("période", &[]),
    optional("intitulé", &["règle"]),
    optional("contrepartie", &["trésorerie"]),
    optional("programme", &[]),
    optional("convention", &[]),
    optional("partenaire", &[]),
    optional("financement", &[]),
    optional("activité", &["facteur"]),
    optional("quantité", &[]),
];

/// A budget read from a sheet, as text.
#[derive(Clone, Debug, Default)]
pub struct Budget {
    /// Its rules, each with a blank line before it.
    pub text: String,
    /// How many lines it has.
    pub lines: usize,
    /// The rows that name no account and no activity, from 1: titles and totals, left aside.
    pub aside: Vec<usize>,
}

/// A line of a rule.
struct Line {
    /// The period and the label of its rule.
    rule: (String, String),
    /// The account that pays it, when the sheet names one.
    bank: Option<String>,
    text: String,
    real: bool,
}

/// The budget of a year from a sheet; what is wrong joins the findings, and then nothing may be written.
///
/// An amount is positive on the side of its account: a charge is spent, a product (7, 87) is received.
pub fn budget_of(
    ask: SheetAsk<'_>,
    year: &FiscalYear,
    bank: Option<&str>,
    findings: &mut Vec<Finding>,
) -> Budget {
    let Some(mut cells) = Cells::of(ask, &PLANNED, "budget modele", findings) else {
        return Budget::default();
    };
    let mut budget = Budget::default();
    let mut lines: Vec<Line> = Vec::new();
    for row in cells.rows() {
        let lacks = |name: &str| cells.value(row, name).is_blank();
        if lacks("compte") && lacks("activité") {
            budget.aside.push(row + 1);
            continue;
        }
        let nil = |value: &Value| value.euros().is_ok_and(|sum| sum.unwrap_or_default().is_zero());
        if nil(cells.value(row, "budget")) && lacks("activité") {
            continue;
        }
        lines.extend(line(&mut cells, row, year));
    }
    budget.lines = lines.len();
    budget.text = rules(&lines, bank);
    budget
}

fn line(cells: &mut Cells<'_, '_>, row: usize, year: &FiscalYear) -> Option<Line> {
    let edition = cells.ask.books.edition(year.period.first);
    let period = period(cells, row, year);
    let label = cells.words(row, "intitulé")?;
    let label = labels::words(&label);
    let label = if label.is_empty() { format!("BP {}", year.name) } else { label };
    let bank = if cells.value(row, "contrepartie").is_blank() {
        None
    } else {
        Some(counterpart(cells, row, edition)?)
    };
    let activity = !cells.value(row, "activité").is_blank();
    let (account, amount) = if activity {
        (None, None)
    } else {
        (Some(cells.account(row, edition)), Some(cells.euros(row, "budget")))
    };
    let planned = activity.then(|| activity_line(cells, row));
    let tags = tags(cells, row);
    let text = if let Some(planned) = planned {
        planned?
    } else {
        let (account, amount) = (account??, amount??.unwrap_or_default());
        let received = account.starts_with('7') || account.starts_with("87");
        let amount = Number::exact(if received { -amount } else { amount });
        posting_line(Wrap::Real, &account, Some((amount, "€")))
    };
    let text = format!("{text}{}\n", tags?);
    Some(Line { rule: (period?, label), bank, text, real: !activity })
}

/// The tags of a line, in the order in which journals are used to have them.
fn tags(cells: &mut Cells<'_, '_>, row: usize) -> Option<String> {
    let (programme, convention) = (cells.programme(row), cells.convention(row));
    let partner = cells.words(row, "partenaire");
    let financing =
        cells.known((row, "financement"), Code::SheetCell, Some(vec!["subvention", "facture"]));
    let mut tags = Tags::default();
    for (name, value) in [
        ("programme", programme?),
        ("partenaire", partner?),
        ("convention", convention?),
        ("financement", financing?),
    ] {
        if !value.is_empty() {
            tags.add(name, &value);
        }
    }
    Some(tags.0)
}

fn counterpart(
    cells: &mut Cells<'_, '_>,
    row: usize,
    edition: crate::chart::Edition,
) -> Option<String> {
    let typed = cells.words(row, "contrepartie")?;
    let number = typed.split_whitespace().next().unwrap_or_default();
    if let Some(name) = cells.ask.books.accounts().name(number, None, edition) {
        return Some(name);
    }
    let message = format!("le compte `{number}` est inconnu");
    let help = "donnez un compte de trésorerie déclaré, ou laissez la case vide";
    cells.wrong((row, "contrepartie"), Code::UnknownAccount, &message, help);
    None
}

fn activity_line(cells: &mut Cells<'_, '_>, row: usize) -> Option<String> {
    let (factor, quantity, unit) = cells.activity(row)??;
    Some(posting_line(Wrap::Parentheses, &factor, Some((Number::exact(quantity), &unit))))
}

/// The period of a rule, as journals write it: the whole year when the cell is blank.
fn period(cells: &mut Cells<'_, '_>, row: usize, year: &FiscalYear) -> Option<String> {
    let typed = cells.words(row, "période")?;
    if typed.is_empty() {
        return Some(whole(year));
    }
    let plain = ["monthly in ", "quarterly in ", "yearly in "];
    let over = plain.iter().find_map(|word| typed.strip_prefix(word)).unwrap_or(&typed);
    let month = NaiveDate::parse_from_str(&format!("{typed}-01"), "%Y-%m-%d").is_ok();
    let days = Period::calendar(over);
    let sound = month || (over.len() == 4 && days.is_some());
    let inside = days.is_some_and(|days| year.period.meets(days));
    if !sound || !inside {
        let help = format!(
            "écrivez `{}`, `{}-06`, `monthly in {}` ou `quarterly in {}`",
            whole(year),
            whole(year),
            whole(year),
            whole(year)
        );
        let message = if sound {
            "cette période est hors de l’exercice"
        } else {
            "cette période ne se lit pas"
        };
        cells.wrong((row, "période"), Code::SheetCell, message, help);
        return None;
    }
    Some(typed)
}

/// How the budget of a whole year is written: under the calendar year whose first day it has.
fn whole(year: &FiscalYear) -> String {
    let january = |number: &i32| {
        NaiveDate::from_ymd_opt(*number, 1, 1).is_some_and(|day| year.period.contains(day))
    };
    let mut numbers = year.period.first.year()..=year.period.last.year();
    numbers
        .find(january)
        .map_or_else(|| year.period.first.format("%Y-%m").to_string(), |found| found.to_string())
}

/// The rules, in the order in which the sheet first names them.
fn rules(lines: &[Line], bank: Option<&str>) -> String {
    let mut names: Vec<&(String, String)> = Vec::new();
    for line in lines {
        if !names.contains(&&line.rule) {
            names.push(&line.rule);
        }
    }
    let mut text = String::new();
    for name in names {
        let own: Vec<&Line> = lines.iter().filter(|line| line.rule == *name).collect();
        text.push_str(&format!("\n~ {}  {}\n", name.0, name.1));
        text.extend(own.iter().map(|line| line.text.as_str()));
        let pays = own.iter().find_map(|line| line.bank.as_deref()).or(bank);
        if let (Some(pays), true) = (pays, own.iter().any(|line| line.real)) {
            text.push_str(&format!("{}\n", posting_line(Wrap::Real, pays, None)));
        }
    }
    text
}
