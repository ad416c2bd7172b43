use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::SheetAsk;
use super::cells::{Cells, needed, optional};
use crate::chart::Edition;
use crate::diagnostic::{Code, Finding};
use crate::exchange::grid::{Value, Wanted};
use crate::intake::labels;
use crate::intake::text::Tags;
use crate::journal::posting_line;
use crate::journal::tree::{Every, Wrap};
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

/// A row of a rule.
struct Line {
    /// The period and the label of its rule.
    rule: (String, String),
    /// The account that pays it, when the sheet names one.
    bank: Option<String>,
    /// Its posting, its activity, or both.
    text: String,
    /// Its account and amount, when it has a posting.
    posting: Option<(String, Decimal)>,
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
        let inert = lacks("activité") && lacks("quantité");
        if lacks("compte") && inert {
            budget.aside.push(row + 1);
            continue;
        }
        if inert && nil(cells.value(row, "budget")) {
            continue;
        }
        lines.extend(line(&mut cells, row, year));
    }
    budget.lines = lines.len();
    budget.text = rules(&lines, bank);
    budget
}

/// Whether a cell plans nothing.
fn nil(cell: &Value) -> bool {
    cell.euros().is_ok_and(|sum| sum.unwrap_or_default().is_zero())
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
    let activity = cells.activity(row);
    let posting = posting(cells, row, edition);
    let tags = tags(cells, row);
    let (activity, posting, tags) = (activity?, posting?, tags?);
    let mut text = String::new();
    if let Some((account, amount)) = &posting {
        let amount = Number::exact(*amount);
        let line = posting_line(Wrap::Real, account, Some((amount, "€")));
        text.push_str(&format!("{line}{tags}\n"));
    }
    if let Some((factor, quantity, unit)) = &activity {
        let quantity = Number::exact(*quantity);
        let line = posting_line(Wrap::Parentheses, factor, Some((quantity, unit)));
        text.push_str(&format!("{line}{tags}\n"));
    }
    Some(Line { rule: (period?, label), bank, text, posting })
}

/// The account and the amount of a row, a debit positive; none of a row that only plans an activity.
#[expect(clippy::option_option, reason = "unread, none, or a posting")]
fn posting(
    cells: &mut Cells<'_, '_>,
    row: usize,
    edition: Edition,
) -> Option<Option<(String, Decimal)>> {
    let none = nil(cells.value(row, "budget"));
    if cells.value(row, "compte").is_blank() {
        if none {
            return Some(None);
        }
        let help = "donnez le compte du montant, ou retirez-le d’une ligne qui n’a qu’une activité";
        cells.wrong((row, "compte"), Code::SheetCell, "il manque le compte", help);
        return None;
    }
    let (account, amount) = (cells.account(row, edition), cells.euros(row, "budget"));
    let (account, amount) = (account?, amount?.unwrap_or_default());
    let received = account.starts_with('7') || account.starts_with("87");
    let amount = if received { -amount } else { amount };
    Some((!none).then_some((account, amount)))
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

fn counterpart(cells: &mut Cells<'_, '_>, row: usize, edition: Edition) -> Option<String> {
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

/// The period of a rule, as journals write it: the whole year when the cell is blank.
fn period(cells: &mut Cells<'_, '_>, row: usize, year: &FiscalYear) -> Option<String> {
    let typed = cells.words(row, "période")?;
    if typed.is_empty() {
        return Some(whole(year));
    }
    let plain = [
        ("monthly in ", Every::Month),
        ("quarterly in ", Every::Quarter),
        ("yearly in ", Every::Once),
    ];
    let several = plain.iter().find_map(|(word, every)| Some((*every, typed.strip_prefix(word)?)));
    let (every, over) = several.unwrap_or((Every::Once, &typed));
    let month = NaiveDate::parse_from_str(&format!("{typed}-01"), "%Y-%m-%d").is_ok();
    let days = Period::calendar(over);
    let sound = month || (over.len() == 4 && days.is_some());
    // A rule is of the year in which its days fall: that of 2024 is not of a year begun in September 2024.
    let inside = days.is_some_and(|days| every.days(days).any(|day| year.period.contains(day)));
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

/// The rules, in the order in which the sheet first names them: one a period, a label and a counterpart.
///
/// A row is paid by the account that it names; else by that of its rule, when all who name one name the
/// same; else by that of the books. A row without posting goes with the first of its rule.
fn rules(lines: &[Line], bank: Option<&str>) -> String {
    let mut named: BTreeMap<&(String, String), BTreeSet<&str>> = BTreeMap::new();
    let mut first: BTreeMap<&(String, String), &str> = BTreeMap::new();
    for line in lines {
        if let Some(own) = line.bank.as_deref() {
            named.entry(&line.rule).or_default().insert(own);
            first.entry(&line.rule).or_insert(own);
        }
    }
    let pays = |line: &Line| {
        let one = named.get(&line.rule).is_none_or(|all| all.len() == 1);
        let shared = first.get(&line.rule).filter(|_| one || line.posting.is_none());
        line.bank.as_deref().or(shared.copied()).or(bank).map(str::to_owned)
    };
    let mut ranks: BTreeMap<(&(String, String), Option<String>), usize> = BTreeMap::new();
    let mut rules: Vec<(Option<String>, Vec<&Line>)> = Vec::new();
    for line in lines {
        let pays = pays(line);
        let rank = *ranks.entry((&line.rule, pays.clone())).or_insert(rules.len());
        if rank == rules.len() {
            rules.push((pays, Vec::new()));
        }
        rules[rank].1.push(line);
    }
    rules.iter().map(|(pays, own)| rule(own, pays.as_deref())).collect()
}

fn rule(lines: &[&Line], pays: Option<&str>) -> String {
    let Some((period, label)) = lines.first().map(|line| &line.rule) else { return String::new() };
    let mut text = format!("\n~ {period}  {label}\n");
    text.extend(lines.iter().map(|line| line.text.as_str()));
    let planned = || lines.iter().filter_map(|line| line.posting.as_ref());
    let left: Decimal = planned().map(|(_, amount)| *amount).sum();
    // Voluntary contributions (class 8) balance without any treasury.
    let paid = planned().any(|(account, _)| !account.starts_with('8')) || !left.is_zero();
    if let Some(pays) = pays.filter(|_| paid) {
        text.push_str(&format!("{}\n", posting_line(Wrap::Real, pays, None)));
    }
    text
}
