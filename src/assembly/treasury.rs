use chrono::{Datelike, Months, NaiveDate};
use rust_decimal::Decimal;

use super::meeting::Meeting;
use super::table::{Cell, Column, Row, Sheet, Table};
use crate::analytic::share;
use crate::measure::{FiscalYear, Period, Sum};
use crate::statement::{Genre, Note};

/// The cash plan of a year, month by month: what the books say has moved where they have entries, else
/// what the conventions, the budget and the opening say will.
pub fn treasury(meeting: &Meeting<'_>, year: &FiscalYear) -> Sheet {
    let months = months(year.period);
    let kept = meeting.axes.during(year.period).any(|line| cash(meeting, line));
    let flows = if kept { moved(meeting, &months) } else { planned(meeting, year, &months) };
    let mut opening = opening(meeting, year);
    let mut rows = Vec::new();
    let mut total = Flow::default();
    for (month, flow) in months.iter().zip(&flows) {
        let closing = opening + flow.net();
        let key = format!("tresorerie.{}", month.first.format("%Y-%m"));
        let label = format!("{} {}", MONTHS[month.first.month0() as usize], month.first.year());
        rows.push(Row::line(key, label, flow.cells(opening, closing)));
        total.add(flow);
        opening = closing;
    }
    let first = self::opening(meeting, year);
    let row = Row::line("tresorerie.total", "Année", total.cells(first, opening));
    rows.push(row.of(Genre::Total));
    let what = if kept { "réalisée" } else { "prévisionnelle" };
    Sheet {
        name: "tresorerie".to_owned(),
        title: format!("Trésorerie {what} {}, mois par mois", year.name),
        tables: vec![Table {
            name: "tresorerie".to_owned(),
            columns: vec![
                Column::figures("ouverture", "Ouverture"),
                Column::figures("conventions", "Conventions"),
                Column::figures("autres_entrees", "Autres entrées"),
                Column::figures("sorties", "Sorties"),
                Column::figures("cloture", "Clôture"),
            ],
            rows,
            ..Table::default()
        }],
        notes: notes(kept),
    }
}

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// What moves in a month, in euros; what goes out is positive.
#[derive(Clone, Copy, Debug, Default)]
struct Flow {
    conventions: Decimal,
    other: Decimal,
    out: Decimal,
}

impl Flow {
    fn net(&self) -> Decimal {
        self.conventions + self.other - self.out
    }

    fn add(&mut self, other: &Self) {
        self.conventions += other.conventions;
        self.other += other.other;
        self.out += other.out;
    }

    fn cells(&self, opening: Decimal, closing: Decimal) -> Vec<Cell> {
        [opening, self.conventions, self.other, self.out, closing].map(Cell::euros).to_vec()
    }
}

/// The months that a year covers, cut at its ends.
fn months(year: Period) -> Vec<Period> {
    let mut months = Vec::new();
    let mut first = year.first;
    while first <= year.last {
        let next = first.with_day(1).and_then(|day| day.checked_add_months(Months::new(1)));
        let last = next.and_then(|day| day.pred_opt()).unwrap_or(year.last).min(year.last);
        months.push(Period { first, last });
        match last.succ_opt() {
            Some(next) => first = next,
            None => break,
        }
    }
    months
}

/// Whether a line is of cash and what may be drawn at once: banks, deposits, savings.
fn cash(meeting: &Meeting<'_>, line: &crate::analytic::AxisLine) -> bool {
    is_cash(&meeting.books.accounts().get(line.account).number)
}

fn is_cash(number: &str) -> bool {
    ["50", "51", "53", "54"].iter().any(|prefix| number.starts_with(prefix))
}

/// The cash at the beginning of a year: what the year before leaves, or what its opening carries.
fn opening(meeting: &Meeting<'_>, year: &FiscalYear) -> Decimal {
    let before = meeting.books.years().before(year);
    let ledger = before.as_ref().and_then(|before| meeting.annual.ledger(before));
    let accounts = meeting.books.accounts();
    if let Some(ledger) = ledger {
        let ids = accounts.sorted().into_iter().filter(|id| is_cash(&accounts.get(*id).number));
        return ids
            .map(|id| ledger.balance(id, crate::ledger::View::Classic))
            .sum::<Sum>()
            .decimal();
    }
    let opens = meeting.books.written().filter(|entry| {
        entry.date() == year.period.first && entry.code().split('-').next() == Some("AN")
    });
    let lines = opens.flat_map(|entry| entry.postings());
    let lines = lines.filter(|posting| is_cash(&posting.account().number));
    lines.map(|posting| posting.number().sum()).sum::<Sum>().decimal()
}

/// What moved: each entry's cash, to the conventions that its other lines name, else by its sign.
fn moved(meeting: &Meeting<'_>, months: &[Period]) -> Vec<Flow> {
    let mut flows = vec![Flow::default(); months.len()];
    let mut entry: Vec<&crate::analytic::AxisLine> = Vec::new();
    let mut lines = meeting.axes.written.iter().peekable();
    while let Some(line) = lines.next() {
        entry.push(line);
        if lines.peek().is_some_and(|next| next.entry == line.entry) {
            continue;
        }
        let whole = std::mem::take(&mut entry);
        // The opening entry of the books is no movement.
        let Some(month) = months.iter().position(|month| month.contains(line.date)) else {
            continue;
        };
        if line.opens {
            continue;
        }
        let net: Sum =
            whole.iter().filter(|line| cash(meeting, line)).map(|line| line.amount).sum();
        let named: Sum = whole
            .iter()
            .filter(|line| line.convention.is_some() && !cash(meeting, line))
            .map(|line| -line.amount)
            .sum();
        let (net, named) = (net.decimal(), named.decimal());
        let flow = &mut flows[month];
        let of_conventions =
            if net.is_sign_positive() { named.min(net).max(Decimal::ZERO) } else { Decimal::ZERO };
        flow.conventions += of_conventions;
        let rest = net - of_conventions;
        if rest.is_sign_negative() { flow.out -= rest } else { flow.other += rest }
    }
    flows
}

/// What is expected: payments of conventions, the budget without them, and what the opening owes.
fn planned(meeting: &Meeting<'_>, year: &FiscalYear, months: &[Period]) -> Vec<Flow> {
    let mut flows = vec![Flow::default(); months.len()];
    let month_of = |day: NaiveDate| months.iter().position(|month| month.contains(day));
    if let Some(register) = &meeting.registers.conventions {
        for payment in register.list.iter().flat_map(|known| &known.payments) {
            if let Some(month) = month_of(payment.day) {
                flows[month].conventions += payment.amount;
            }
        }
    }
    let number = |line: &crate::analytic::AxisLine| {
        meeting.books.accounts().get(line.account).number.as_str()
    };
    // A rule for the whole year falls on its first day: its cash is spread over the months.
    let even = vec![Decimal::ONE; months.len().max(1)];
    for line in meeting.axes.planned_during(year.period) {
        let number = number(line);
        let paid = number.starts_with(['6', '7']) && !is_computed(number);
        if !paid || (number.starts_with('7') && line.convention.is_some()) {
            continue;
        }
        let amount = -line.amount.decimal();
        let monthly = meeting
            .axes
            .planned_during(year.period)
            .any(|other| other.entry != line.entry && false_twin(other, line));
        let parts = match month_of(line.date) {
            Some(month) if monthly => {
                let mut parts = vec![Decimal::ZERO; months.len()];
                parts[month] = amount;
                parts
            }
            _ => share(amount, &even),
        };
        for (flow, part) in flows.iter_mut().zip(parts) {
            if number.starts_with('6') { flow.out -= part } else { flow.other += part }
        }
    }
    settle(meeting, year, &mut flows);
    flows
}

/// Whether two planned lines come from one rule that falls on several days.
fn false_twin(other: &crate::analytic::AxisLine, line: &crate::analytic::AxisLine) -> bool {
    other.account == line.account && other.date != line.date && other.amount == line.amount
}

/// Charges and products that no cash follows.
fn is_computed(number: &str) -> bool {
    ["68", "78", "603", "713", "72", "777", "747", "675", "689", "789"]
        .iter()
        .any(|prefix| number.starts_with(prefix))
}

/// What the opening owes and is owed besides conventions is settled in the first month.
fn settle(meeting: &Meeting<'_>, year: &FiscalYear, flows: &mut [Flow]) {
    let before = meeting.books.years().before(year);
    let Some(ledger) = before.as_ref().and_then(|before| meeting.annual.ledger(before)) else {
        return;
    };
    let Some(first) = flows.first_mut() else { return };
    let accounts = meeting.books.accounts();
    let third = |number: &str| {
        let own = ["40", "41", "42", "43", "44", "45", "46"];
        own.iter().any(|prefix| number.starts_with(prefix))
    };
    let last = before.as_ref().map(|before| before.period.last);
    for id in accounts.sorted() {
        if !third(&accounts.get(id).number) {
            continue;
        }
        // What conventions owe is in their own payments.
        let named: Sum = meeting
            .axes
            .written
            .iter()
            .filter(|line| line.account == id && line.convention.is_some())
            .filter(|line| last.is_some_and(|last| line.date <= last))
            .map(|line| line.amount)
            .sum();
        let left = (ledger.balance(id, crate::ledger::View::Classic) - named).decimal();
        if left.is_sign_negative() { first.out -= left } else { first.other += left }
    }
}

fn notes(kept: bool) -> Vec<Note> {
    let text = if kept {
        "trésorerie : banques, livrets, caisses et placements ; un virement de l’un à l’autre n’est ni entrée ni sortie"
    } else {
        "versements des conventions à leur date, budget hors conventions (une règle annuelle est répartie sur les mois), créances et dettes de l’ouverture au premier mois ; amortissements et provisions sont sans effet"
    };
    vec![Note { code: None, key: "tresorerie".to_owned(), text: text.to_owned() }]
}
