use rust_decimal::Decimal;

use super::meeting::Meeting;
use super::table::{Cell, Column, Row, Table, slug};
use crate::chart::Edition;
use crate::ledger::View;
use crate::measure::Sum;
use crate::register::Annexe;
use crate::statement::Genre;

/// Receivables or debts by term, one row an account number, at the closing.
pub(super) fn dues(meeting: &Meeting<'_>, words: &Annexe, receivable: bool) -> Table {
    let (name, title) = if receivable {
        ("creances", "Créances, par échéance")
    } else {
        ("dettes", "Dettes, par échéance")
    };
    let accounts = meeting.books.accounts();
    let edition = meeting.books.edition(meeting.year.period.first);
    let mut by_number: Vec<(String, String, Sum)> = Vec::new();
    for id in accounts.sorted() {
        let account = accounts.get(id);
        let balance = meeting.ledger(Some(meeting.year)).map(|l| l.balance(id, View::Classic));
        let Some(balance) = balance.filter(|balance| !balance.is_zero()) else {
            continue;
        };
        let debt = is_debt(&account.number, balance.is_negative(), edition);
        let own = if receivable { !debt && is_receivable(&account.number) } else { debt };
        if !own {
            continue;
        }
        let balance = if receivable { balance } else { -balance };
        match by_number.last_mut().filter(|(number, ..)| *number == account.number) {
            Some((_, _, sum)) => *sum += balance,
            None => by_number.push((
                account.number.clone(),
                accounts.label_of(id, edition).to_owned(),
                balance,
            )),
        }
    }
    let mut total = [Decimal::ZERO; 4];
    let mut rows: Vec<Row> = Vec::new();
    for (number, label, sum) in by_number {
        let whole = sum.decimal();
        let (after_one, after_five) = later(meeting, words, &number, whole);
        let parts = [whole, whole - after_one, after_one - after_five, after_five];
        total.iter_mut().zip(parts).for_each(|(total, part)| *total += part);
        let key = format!("annexe.{name}.{}", slug(&number));
        let own = accounts.sorted().into_iter().filter(|id| accounts.get(*id).number == number);
        let own: Vec<(String, Decimal)> = own
            .filter_map(|id| {
                let balance = meeting.ledger(Some(meeting.year))?.balance(id, View::Classic);
                let balance = if receivable { balance } else { -balance };
                Some((accounts.get(id).key(), balance.decimal()))
            })
            .filter(|(_, amount)| !amount.is_zero())
            .collect();
        // No entry says which part of a balance falls due when: the whole alone is that of entries.
        let given = parts.map(|part| if part == whole { own.clone() } else { Vec::new() });
        let row = Row::line(key, format!("{number} {label}"), parts.map(Cell::euros).to_vec());
        rows.push(row.given(given.to_vec()));
    }
    if !rows.is_empty() {
        let cells = total.map(Cell::euros).to_vec();
        rows.push(Row::line(format!("annexe.{name}.total"), "Total", cells).of(Genre::Total));
    }
    Table {
        name: name.to_owned(),
        title: title.to_owned(),
        columns: vec![
            Column::figures("total", "Total"),
            Column::figures("a_un_an", "Un an au plus"),
            Column::figures("a_cinq_ans", "De un à cinq ans"),
            Column::figures("apres", "Plus de cinq ans"),
        ],
        rows,
        ..Table::default()
    }
}

/// Whether a balance is a debt, as the bilan has it: borrowed or due, overdrafts of the bank included.
fn is_debt(number: &str, negative: bool, edition: Edition) -> bool {
    let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| number.starts_with(prefix));
    // Premiums and differences of the actif, advances paid, charges constatées d’avance.
    let of_the_passif = begins(&["4747", "4787"]);
    if begins(&["169", "4091", "474", "476", "4786", "481", "486"]) && !of_the_passif {
        return false;
    }
    // Before 2025, 475 waits like 471, on the side of its balance.
    let differences = begins(&["475"]) && edition == Edition::Anc2022;
    let whole = ["16", "17", "18", "229", "269", "279", "4191", "477", "487", "509"];
    let bank = ["519", "5181", "5186"];
    let by_balance =
        ["40", "41", "42", "43", "44", "45", "46", "47", "48", "51", "52", "53", "54", "58"];
    let whole = begins(&whole) || of_the_passif || differences;
    whole || begins(&bank) || negative && begins(&by_balance)
}

/// Whether an account that is no debt is a receivable.
fn is_receivable(number: &str) -> bool {
    let own = ["267", "274", "275", "276", "40", "41", "42", "43", "44", "45", "46", "47", "486"];
    own.iter().any(|prefix| number.starts_with(prefix))
}

/// What of an account is due after a year, and after five: as the register says, else as the payments
/// of the conventions say for what they owe.
fn later(
    meeting: &Meeting<'_>,
    words: &Annexe,
    number: &str,
    whole: Decimal,
) -> (Decimal, Decimal) {
    // What stands on the other side has no term.
    let top = whole.max(Decimal::ZERO);
    let of = |term: &&crate::register::Term| term.accounts.reach(number, Sum::ZERO).unwrap_or(0);
    if let Some(term) = words.terms.iter().max_by_key(of).filter(|term| of(term) > 0) {
        let one = if term.whole { top } else { term.after_one.min(top) };
        return (one, term.after_five.min(one));
    }
    let owed = ["41", "441", "467", "468"].iter().any(|prefix| number.starts_with(prefix));
    let (Some(register), Some(after), true) = (&meeting.registers.conventions, meeting.after, owed)
    else {
        return (Decimal::ZERO, Decimal::ZERO);
    };
    let mut late = Decimal::ZERO;
    for (rank, known) in register.list.iter().enumerate() {
        let lines = meeting.axes.written.iter().filter(|line| {
            line.convention == Some(rank)
                && line.date <= meeting.year.period.last
                && meeting.books.accounts().get(line.account).number == number
        });
        let open: Decimal = lines.map(|line| line.amount.decimal()).sum();
        let due = known.payments.iter().filter(|payment| payment.day > after.period.last);
        let due: Decimal = due.map(|payment| payment.amount).sum();
        late += due.min(open.max(Decimal::ZERO));
    }
    (late.min(top), Decimal::ZERO)
}
