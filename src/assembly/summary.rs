use rust_decimal::Decimal;

use super::meeting::Meeting;
use super::table::{Cell, Column, Row, Sheet, Table};
use crate::register::{SummaryLine, Taken};
use crate::statement::{Column as Shown, Genre, Statement};

/// The summary of the year (principaux éléments): the lines that `principaux.toml` names.
pub fn summary(meeting: &Meeting<'_>) -> Option<Sheet> {
    let lines = meeting.registers.summary.as_ref()?;
    let mut rows = Vec::new();
    for side in ["actif", "passif"] {
        let own: Vec<&SummaryLine> = lines.iter().filter(|line| line.side == side).collect();
        if !own.is_empty() {
            rows.push(Row::heading(side));
        }
        for line in own {
            let exact = figure(meeting, line);
            let step = Decimal::from(line.rounding);
            let cell = Cell::Euros { exact, step, brackets: line.brackets };
            let row = Row::line(format!("principaux.{}", line.key.value), &line.label, vec![cell])
                .behind(behind(meeting, line));
            let row = row.given(vec![given(meeting, line)]);
            rows.push(if line.brackets { row.of(Genre::Memo) } else { row });
        }
    }
    let year = &meeting.year.name;
    Some(Sheet {
        name: "principaux".to_owned(),
        year: meeting.year.name.clone(),
        title: format!("Bilan {year} : principaux éléments"),
        tables: vec![Table {
            name: "principaux".to_owned(),
            columns: vec![Column::figures("n", year.as_str())],
            rows,
            ..Table::default()
        }],
        notes: Vec::new(),
    })
}

fn figure(meeting: &Meeting<'_>, line: &SummaryLine) -> Decimal {
    match &line.taken {
        Taken::Accounts(selector) => {
            let balance = meeting.balance(selector, Some(meeting.year)).decimal();
            if line.side == "passif" { -balance } else { balance }
        }
        Taken::Row(row) => {
            let of = [meeting.bilan, meeting.resultat];
            // The row is in the form: one that is not shown is nil.
            of.into_iter().find_map(|made| exact(made, &row.value)).unwrap_or_default()
        }
    }
}

/// The accounts that a line of the summary takes.
fn behind(meeting: &Meeting<'_>, line: &SummaryLine) -> Vec<String> {
    match &line.taken {
        Taken::Accounts(selector) => meeting.keys(meeting.taken(selector)),
        Taken::Row(row) => {
            let of = [meeting.bilan, meeting.resultat];
            let found = of.into_iter().find_map(|made| made.row(&row.value));
            let fed = found.map_or(&[][..], |(_, row)| &row.fed);
            let mut keys = meeting.keys(fed.iter().map(|part| part.account));
            keys.sort();
            keys.dedup();
            keys
        }
    }
}

/// What each account gives to a line that is a row of a statement.
fn given(meeting: &Meeting<'_>, line: &SummaryLine) -> Vec<(String, Decimal)> {
    let Taken::Row(row) = &line.taken else { return Vec::new() };
    let of = [meeting.bilan, meeting.resultat];
    let found = of.into_iter().find(|made| made.row(&row.value).is_some());
    let given = found.map_or_else(Vec::new, |made| made.given(&row.value));
    let accounts = meeting.books.accounts();
    given.into_iter().map(|(id, sum)| (accounts.get(id).key(), sum.decimal())).collect()
}

/// The exact figure of a row in the column of the year.
pub(super) fn exact(made: &Statement, key: &str) -> Option<Decimal> {
    let (section, row) = made.row(key)?;
    let at = section.columns.iter().position(|c| matches!(c, Shown::Net | Shown::N))?;
    row.cells.get(at).copied().flatten().map(|figure| figure.exact)
}
