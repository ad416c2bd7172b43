use rust_decimal::Decimal;

use super::meeting::Meeting;
use super::table::{Cell, Column, Row, Sheet, Table};
use crate::book::Book;
use crate::care::Restated;
use crate::diagnostic::Code;
use crate::ledger::View;
use crate::measure::FiscalYear;
use crate::register::{CLIMATE, Capital};
use crate::statement::{Genre, Note};

/// The carbon debt and the CARE result, as the summary slides show them; `None` without book C.
pub fn care(meeting: &Meeting<'_>) -> Option<Sheet> {
    let projects = meeting.registers.care.as_ref().map_or(&[][..], |care| &care.projects);
    if !has_care(meeting) && projects.is_empty() {
        return None;
    }
    let mut tables = vec![debts(meeting)];
    for project in projects {
        let measures = [
            ("arbres", "arbres", project.plants),
            ("stockage_tco2e", "stockage tCO₂e", Some(project.tonnes)),
            ("duree_ans", "durée, ans", project.years.map(Decimal::from)),
        ];
        let given =
            measures.iter().filter_map(|(key, title, amount)| Some((key, title, (*amount)?)));
        let columns = given.clone().map(|(key, title, _)| Column::figures(*key, *title));
        let cells = given.clone().map(|(_, _, amount)| Cell::Count(amount)).collect();
        tables.push(Table {
            name: "preservation".to_owned(),
            title: "Action de préservation".to_owned(),
            columns: columns.collect(),
            rows: vec![Row::line(format!("care.{}", project.key), &project.label, cells)],
            ..Table::default()
        });
    }
    Some(Sheet {
        name: "care".to_owned(),
        year: meeting.year.name.clone(),
        title: format!("Dette carbone et résultat CARE {}", meeting.year.name),
        tables,
        notes: restatements(meeting),
    })
}

/// Why the column of the year before is restated.
pub(super) fn restatements(meeting: &Meeting<'_>) -> Vec<Note> {
    let kept = meeting.care.and_then(|care| care.kept.year(meeting.year));
    let found = kept.into_iter().flat_map(|kept| &kept.restated);
    let note = |one: &Restated| Note {
        code: Some(Code::RestatedColumn),
        key: one.debt.clone(),
        text: one.told(&meeting.year.name),
    };
    found.map(note).collect()
}

fn has_care(meeting: &Meeting<'_>) -> bool {
    let Some(ledger) = meeting.ledger(Some(meeting.year)) else {
        return false;
    };
    let ids = meeting.books.accounts().sorted();
    ids.into_iter().any(|id| ledger.movement(id, Book::Care).posted)
}

/// A row of the table of debts, and the accounts that make it: those of each part are counted in its ledger,
/// as a credit or as a debit.
struct Line {
    key: String,
    label: String,
    parts: Vec<Part>,
}

#[derive(Clone, Copy)]
struct Part {
    begin: Begin,
    view: View,
    credit: bool,
}

/// How the numbers of some accounts begin.
#[derive(Clone, Copy)]
enum Begin {
    /// In one of those ways.
    As(&'static [&'static str]),
    /// As the debts to a capital do: `C182`.
    DebtTo(u32),
}

impl Begin {
    fn takes(self, number: &str) -> bool {
        match self {
            Self::As(all) => all.iter().any(|one| number.starts_with(one)),
            Self::DebtTo(capital) => number
                .strip_prefix("C18")
                .and_then(|rest| rest.strip_prefix(&capital.to_string()))
                .is_some(),
        }
    }
}

fn lines(meeting: &Meeting<'_>) -> Vec<Line> {
    let of = |accounts, view, credit| Part { begin: Begin::As(accounts), view, credit };
    let classic = of(&["6", "7"], View::Classic, true);
    let line = |key: &str, label: &str, parts: &[Part]| Line {
        key: key.to_owned(),
        label: label.to_owned(),
        parts: parts.to_vec(),
    };
    let owed = |accounts| of(accounts, View::Care, true);
    let mut lines = vec![
        line("provision_recouvrable", "Dette carbone recouvrable", &[owed(&["C171"])]),
        line(
            "provision_irrecouvrable_cumulee",
            "Dette carbone irrécouvrable, cumul",
            &[owed(&["C172"])],
        ),
        line(
            "provision_irrecouvrable_annuelle",
            "Dette carbone irrécouvrable de l’année",
            &[of(&["C6812"], View::Care, false)],
        ),
    ];
    lines.extend(others(meeting).map(|capital| Line {
        key: other_key(capital),
        label: format!("Dette : {}", capital.label),
        parts: vec![Part { begin: Begin::DebtTo(capital.number), view: View::Care, credit: true }],
    }));
    let flux = owed(&["6", "7", "C6", "C7"]);
    // Every debt, to every capital, is taken from the result: law I5.
    let debts = of(&["C17", "C18"], View::Care, false);
    lines.push(line("resultat_classique", "Résultat classique", &[classic]));
    lines.push(line("resultat_care_flux", "Résultat CARE, en flux", &[flux]));
    lines.push(line("resultat_care", "Résultat CARE, en stock", &[classic, debts]));
    lines
}

/// The capitals beside climate, whose debts are never added to its own.
pub(super) fn others<'a>(meeting: &Meeting<'a>) -> impl Iterator<Item = &'a Capital> {
    let policy = meeting.registers.care.as_ref();
    let all = policy.into_iter().flat_map(|policy| &policy.capitals);
    all.filter(|capital| capital.id.value != CLIMATE)
}

/// The key of what is owed to a capital, after `care.`.
pub(super) fn other_key(capital: &Capital) -> String {
    format!("dette_{}", capital.id.value)
}

fn debts(meeting: &Meeting<'_>) -> Table {
    let years = [Some(meeting.year), meeting.before];
    let row = |line: &Line| {
        let given = years.map(|year| year.map(|year| given(meeting, line, year)));
        let sum = |given: &Vec<(String, Decimal)>| given.iter().map(|(_, amount)| *amount).sum();
        let cell = |given: &Option<Vec<_>>| match given {
            Some(given) => Cell::euros(sum(given)),
            None => Cell::Blank,
        };
        let cells = given.iter().map(cell).collect();
        let row = Row::line(format!("care.{}", line.key), &line.label, cells)
            .given(given.map(Option::unwrap_or_default).to_vec());
        if line.key == "resultat_care" { row.of(Genre::Memo) } else { row }
    };
    Table {
        name: "care".to_owned(),
        columns: vec![
            Column::figures("n", meeting.year.name.as_str()),
            Column::figures("n1", meeting.before_name()),
        ],
        rows: lines(meeting).iter().map(row).collect(),
        ..Table::default()
    }
}

/// What each account gives to a figure of the table, with the sign of the figure.
fn given(meeting: &Meeting<'_>, line: &Line, year: &FiscalYear) -> Vec<(String, Decimal)> {
    // The year before stands as what was found since restates it, as in the statements.
    let Some(ledger) = meeting.shown.ledger(year) else { return Vec::new() };
    let accounts = meeting.books.accounts();
    let mut given = Vec::new();
    for part in &line.parts {
        for id in accounts.sorted() {
            let account = accounts.get(id);
            let balance = ledger.balance(id, part.view).decimal();
            if part.begin.takes(&account.number) && !account.is_activity() && !balance.is_zero() {
                given.push((account.key(), if part.credit { -balance } else { balance }));
            }
        }
    }
    given
}
