use rust_decimal::Decimal;

use super::care::{other_key, others};
use super::meeting::Meeting;
use super::table::{Cell, Row, Sheet, Table};
use crate::book::{AccountId, Book};
use crate::ledger::View;
use crate::measure::{FiscalYear, Sum};
use crate::register::Taken;
use crate::statement::published::{Knowledge, Known, KnownList, KnownPart, KnownWords, Nature};
use crate::statement::{Column as Shown, Genre, Kind, Row as StatementRow, RowPart, Statement};

/// Everything that the statements and the tables of an assembly say of what may be published.
pub fn knowledge(meeting: &Meeting<'_>, sheets: &[Sheet]) -> Knowledge {
    let mut known = Knowledge::default();
    for made in [meeting.bilan, meeting.resultat] {
        statement(meeting, made, &mut known);
    }
    for sheet in sheets {
        for table in &sheet.tables {
            self::table(meeting, table, &mut known);
        }
    }
    programmes(meeting, &mut known);
    known
}

fn statement(meeting: &Meeting<'_>, made: &Statement, known: &mut Knowledge) {
    for section in &made.sections {
        for row in section.rows.iter().filter(|row| row.genre != Genre::Heading) {
            for (at, column) in section.columns.iter().enumerate() {
                known.figures.extend(cell(meeting, made, row, *column, at));
            }
            accounts(meeting, row, known);
        }
        // The details of a line are its labels.
        for row in section.rows.iter().filter(|row| row.genre == Genre::Line) {
            let below = format!("{}.", row.key);
            let details = section.rows.iter().filter(|detail| detail.key.starts_with(&below));
            let texts: Vec<String> = details.map(|detail| detail.label.clone()).collect();
            if !texts.is_empty() {
                known.lists.push(KnownList {
                    key: row.key.clone(),
                    column: "rows".to_owned(),
                    texts,
                });
            }
        }
    }
}

/// A cell of a statement; one that is not shown is known all the same when its parts are, so that a
/// sum over it can be explained.
fn cell(
    meeting: &Meeting<'_>,
    made: &Statement,
    row: &StatementRow,
    column: Shown,
    at: usize,
) -> Option<Known> {
    let figure = row.cells.get(at).copied().flatten();
    let (exact, shown) = if let Some(figure) = figure {
        (figure.exact, figure.shown)
    } else {
        let sum = hidden(made, row, column)?;
        (sum, sum)
    };
    let facing = (row.genre == Genre::Total).then(|| facing(&row.key)).flatten();
    Some(Known {
        key: row.key.clone(),
        column: column.key().to_owned(),
        label: row.label.clone(),
        exact,
        shown,
        visible: figure.is_some(),
        nature: nature(meeting, made.kind, row),
        cumulated: row
            .fed
            .iter()
            .all(|fed| is_cumulated(&meeting.books.accounts().get(fed.account).number)),
        parts: row.parts.iter().map(part).collect(),
        facing,
    })
}

fn part(part: &RowPart) -> KnownPart {
    KnownPart { key: part.key.clone(), negative: part.negative }
}

/// The sum of the parts of a row that has no cell in a column.
fn hidden(made: &Statement, row: &StatementRow, column: Shown) -> Option<Decimal> {
    let mut sum = None;
    for part in &row.parts {
        // A row that is not shown at all is nil.
        let Some((section, other)) = made.row(&part.key) else { continue };
        let at = section.columns.iter().position(|known| *known == column)?;
        if let Some(figure) = other.cells.get(at).copied().flatten() {
            let exact = if part.negative { -figure.exact } else { figure.exact };
            sum = Some(sum.unwrap_or_default() + exact);
        }
    }
    sum
}

/// The total on the other side of a bilan.
fn facing(key: &str) -> Option<String> {
    let (side, row) = key.rsplit_once('.')?;
    let other = match side {
        "bilan.passif" => "bilan.actif",
        "bilan.actif" => "bilan.passif",
        _ => return None,
    };
    (row == "total_general").then(|| format!("{other}.{row}"))
}

/// What a row of a statement measures, by the accounts behind it.
fn nature(meeting: &Meeting<'_>, kind: Kind, row: &StatementRow) -> Nature {
    if kind == Kind::Resultat {
        return Nature::Flow;
    }
    if !row.key.starts_with("bilan.passif.") || row.genre == Genre::Total {
        return Nature::Stock;
    }
    let number = |id: AccountId| meeting.books.accounts().get(id).number.as_str();
    let of =
        |test: &dyn Fn(AccountId) -> bool| row.fed.iter().filter(|fed| test(fed.account)).count();
    let begins =
        |id: AccountId, prefixes: &[&str]| prefixes.iter().any(|p| number(id).starts_with(p));
    let flows = of(&|id| begins(id, &["6", "7", "C6", "C7"]));
    let equity = of(&|id| begins(id, &["10", "11", "12", "13", "14", "C11"]));
    let debts = of(&|id| is_debt(meeting, id));
    match (row.fed.len(), flows, equity, debts) {
        (0, ..) => Nature::Stock,
        (all, flows, ..) if flows > 0 && row.genre == Genre::Memo || flows == all => Nature::Flow,
        (all, _, _, debts) if debts == all => Nature::Debt,
        (_, _, equity, _) if equity > 0 => Nature::Equity,
        _ => Nature::Stock,
    }
}

/// Whether an account is a debt: borrowed or due, or a provision that the CARE ledger takes out to
/// show the debt that it stands for.
fn is_debt(meeting: &Meeting<'_>, id: AccountId) -> bool {
    let number = &meeting.books.accounts().get(id).number;
    let owed = ["16", "17", "40", "41", "42", "43", "44", "45", "46", "47", "487", "C17", "C18"];
    if owed.iter().any(|prefix| number.starts_with(prefix)) {
        return true;
    }
    let ledger = meeting.ledger(Some(meeting.year));
    let eliminated = ledger.is_some_and(|ledger| ledger.movement(id, Book::Care).posted);
    number.starts_with("15") && eliminated
}

/// Whether an account gathers what several years were charged: provisions, ecological debts.
fn is_cumulated(number: &str) -> bool {
    ["15", "C17", "C18"].iter().any(|prefix| number.starts_with(prefix))
}

/// The sums of accounts that a formula names, as rows of their own.
fn accounts(meeting: &Meeting<'_>, row: &StatementRow, known: &mut Knowledge) {
    for part in &row.parts {
        let Some(prefix) = part.key.strip_prefix("comptes.") else { continue };
        for (column, year) in [("n", Some(meeting.year)), ("n1", meeting.before)] {
            let Some(year) = year else { continue };
            let (exact, label) = owed(meeting, prefix, year);
            known.figures.push(Known {
                key: part.key.clone(),
                column: column.to_owned(),
                label,
                exact,
                shown: exact,
                visible: false,
                nature: Nature::Debt,
                cumulated: is_cumulated(prefix),
                parts: Vec::new(),
                facing: None,
            });
        }
    }
}

fn owed(meeting: &Meeting<'_>, prefix: &str, year: &FiscalYear) -> (Decimal, String) {
    let accounts = meeting.books.accounts();
    let own =
        accounts.sorted().into_iter().filter(|id| accounts.get(*id).number.starts_with(prefix));
    let ids: Vec<AccountId> = own.collect();
    let edition = meeting.books.edition(year.period.first);
    let label = ids.first().map_or(prefix, |id| accounts.label_of(*id, edition)).to_owned();
    let Some(ledger) = meeting.ledger(Some(year)) else {
        return (Decimal::ZERO, label);
    };
    let sum: Sum = ids.into_iter().map(|id| ledger.balance(id, View::Care)).sum();
    (-sum.decimal(), label)
}

fn table(meeting: &Meeting<'_>, table: &Table, known: &mut Knowledge) {
    let lines: Vec<&Row> = table.rows.iter().filter(|row| row.genre != Genre::Heading).collect();
    for row in &lines {
        for (column, cell) in table.columns.iter().zip(&row.cells) {
            let column = column.key.clone();
            if let Cell::Words(text) = cell {
                known.words.push(KnownWords { key: row.key.clone(), column, text: text.clone() });
                continue;
            }
            let (Some(exact), Some(shown)) = (cell.exact(), cell.shown()) else { continue };
            known.figures.push(Known {
                key: row.key.clone(),
                column,
                label: row.label.clone(),
                exact,
                shown,
                visible: true,
                nature: nature_of(&row.key),
                cumulated: row.key.starts_with("care."),
                parts: parts(meeting, row, &lines),
                facing: None,
            });
        }
    }
    lists(table, &lines, known);
}

/// What a row of a table measures, by its subject.
fn nature_of(key: &str) -> Nature {
    match key.split_once('.') {
        Some(("care", rest)) if rest.starts_with("resultat") || rest.ends_with("_annuelle") => {
            Nature::Flow
        }
        Some(("care", rest)) if rest.starts_with("provision") => Nature::Debt,
        Some(("principaux", rest)) if rest.starts_with("resultat") => Nature::Flow,
        Some(("principaux", rest)) if rest.starts_with("fonds_propres") => Nature::Equity,
        Some(("repartition_couts" | "repartition_financements" | "programmes", _)) => Nature::Flow,
        _ => Nature::Stock,
    }
}

/// What a row of a table sums: the rows above a total, the row of a statement that it repeats, or
/// what the CARE result on the stock basis is made of.
fn parts(meeting: &Meeting<'_>, row: &Row, lines: &[&Row]) -> Vec<KnownPart> {
    let plus = |key: &str| KnownPart { key: key.to_owned(), negative: false };
    let minus = |key: &str| KnownPart { key: key.to_owned(), negative: true };
    if row.key == "care.resultat_care" {
        let climate = [
            plus("care.resultat_classique"),
            minus("care.provision_recouvrable"),
            minus("care.provision_irrecouvrable_cumulee"),
        ];
        let other = |capital| minus(&format!("care.{}", other_key(capital)));
        return climate.into_iter().chain(others(meeting).map(other)).collect();
    }
    if row.genre == Genre::Total && row.key.starts_with("repartition_") {
        let own = lines.iter().filter(|line| line.genre == Genre::Line);
        return own.map(|line| plus(&line.key)).collect();
    }
    let summary = meeting.registers.summary.as_deref().unwrap_or_default();
    let own = summary.iter().find(|line| format!("principaux.{}", line.key.value) == row.key);
    match own.map(|line| &line.taken) {
        Some(Taken::Row(of)) => vec![plus(&of.value)],
        _ => Vec::new(),
    }
}

/// The labels of a table, under the names by which they are published.
fn lists(table: &Table, lines: &[&Row], known: &mut Knowledge) {
    let mut push = |key: &str, column: &str, texts: Vec<String>| {
        let (key, column) = (key.to_owned(), column.to_owned());
        known.lists.push(KnownList { key, column, texts });
    };
    let labels = || lines.iter().map(|row| row.label.clone());
    match table.name.split_once('.') {
        Some((key, column)) => push(key, column, labels().collect()),
        None if table.name == "resolutions" => {
            let votes = lines.iter().filter(|row| row.key.starts_with("resolutions.votes."));
            push("resolutions", "votes", votes.map(|row| row.label.clone()).collect());
        }
        None => {
            let both = labels().flat_map(|label| [undated(&label), label]);
            push(&table.name, "rows", both.collect());
        }
    }
}

/// A label without the years that tell two conventions apart: `R - CEREMA 2024`.
fn undated(label: &str) -> String {
    let year = |word: &&str| {
        let digits = |part: &str| part.len() == 4 && part.bytes().all(|b| b.is_ascii_digit());
        !word.split('-').all(digits)
    };
    label.split(' ').filter(year).collect::<Vec<&str>>().join(" ")
}

fn programmes(meeting: &Meeting<'_>, known: &mut Knowledge) {
    for one in meeting.registers.programmes.iter().flat_map(|register| &register.list) {
        known.words.push(KnownWords {
            key: "detail_subventions.programmes".to_owned(),
            column: one.code.clone(),
            text: one.name.clone(),
        });
    }
}
