use chrono::{Datelike, Months, NaiveDate};
use rust_decimal::Decimal;

use super::forecast::{Cut, Forecast, forecast};
use super::meeting::Meeting;
use super::table::{Cell, Column, Row, Sheet, Table};
use crate::analytic::AxisLine;
use crate::measure::{FiscalYear, Period, Sum};
use crate::statement::{Genre, Note};

/// The columns of a month that its entries make: what it begins with, others made.
const MOVED: &[&str] = &["conventions", "autres_entrees", "sorties"];

/// The cash of a year, month by month: what moved before the month of the last entry, that month with
/// what its plan has still to bring, then what the conventions, the budget and the open accounts say.
pub fn treasury(meeting: &Meeting<'_>, year: &FiscalYear) -> Sheet {
    let months = months(year.period);
    let cut = cut(meeting, year.period, &months);
    let done = moved(meeting, cut.begun());
    let plan = forecast(meeting, cut, year, done.get(cut.kept).copied().unwrap_or_default());
    let first = opening(meeting, year.period);
    let mut opening = first;
    let mut rows = Vec::new();
    let mut total = Flow::default();
    for (rank, month) in months.iter().enumerate() {
        let mut flow = done.get(rank).copied().unwrap_or_default();
        if let Some(planned) = rank.checked_sub(cut.kept).and_then(|next| plan.flows.get(next)) {
            flow.add(planned);
        }
        let closing = opening + flow.net();
        let key = format!("tresorerie.{}", month.first.format("%Y-%m"));
        let nature = Cell::Words(cut.nature(rank).to_owned());
        let row = Row::line(key, month_name(month.first), flow.cells(nature, opening, closing));
        let own = |key: String| format!("mois:{}:{key}", month.first.format("%Y-%m"));
        let behind = meeting.keys_of(&["5"]).into_iter().map(own).collect();
        rows.push(if rank < cut.kept { row.behind(behind).only(MOVED) } else { row });
        total.add(&flow);
        opening = closing;
    }
    let row = Row::line("tresorerie.total", "Année", total.cells(Cell::Blank, first, opening));
    rows.push(row.of(Genre::Total));
    Sheet {
        name: "tresorerie".to_owned(),
        year: year.name.clone(),
        title: title(year, cut),
        tables: vec![Table {
            name: "tresorerie".to_owned(),
            columns: vec![
                Column::words("nature", ""),
                Column::figures("ouverture", "Ouverture"),
                Column::figures("conventions", "Conventions"),
                Column::figures("autres_entrees", "Autres entrées"),
                Column::figures("sorties", "Sorties"),
                Column::figures("cloture", "Clôture"),
            ],
            rows,
            ..Table::default()
        }],
        notes: notes(cut, plan),
    }
}

fn title(year: &FiscalYear, cut: Cut<'_>) -> String {
    let name = &year.name;
    if cut.begun().is_empty() {
        return format!("Trésorerie prévisionnelle {name}, mois par mois");
    }
    if cut.coming().is_empty() {
        return format!("Trésorerie réalisée {name}, mois par mois");
    }
    let realised = cut.past().last().map(|m| format!("réalisée jusqu’en {}", month_name(m.first)));
    let current = cut.current().map(|month| format!("{} en cours", month_name(month.first)));
    let planned = cut.begun().len() < cut.months.len();
    let planned = planned.then(|| "puis prévisionnelle".to_owned());
    let parts: Vec<String> = realised.into_iter().chain(current).chain(planned).collect();
    format!("Trésorerie {name}, {}", parts.join(", "))
}

fn notes(cut: Cut<'_>, mut plan: Forecast) -> Vec<Note> {
    if !cut.begun().is_empty() {
        let text = "trésorerie : banques, livrets, caisses et placements ; un virement de l’un à l’autre n’est ni entrée ni sortie";
        plan.notes.insert(0, text.to_owned());
    }
    let note = |text| Note { code: None, key: "tresorerie".to_owned(), text };
    plan.notes.into_iter().map(note).collect()
}

/// Where the books stand in a year: each month that the last entry ends or follows is realised, and
/// the one that it is in the middle of is in progress. A year without an entry of its own is all to come.
fn cut<'m>(meeting: &Meeting<'_>, year: Period, months: &'m [Period]) -> Cut<'m> {
    let moves = || meeting.axes.written.iter().filter(|line| !line.opens).map(|line| line.date);
    let last = moves().max().filter(|_| moves().any(|day| year.contains(day)));
    let kept = last.map_or(0, |last| months.partition_point(|month| month.last <= last));
    let begun = last.is_some_and(|last| months.get(kept).is_some_and(|m| m.contains(last)));
    Cut { months, kept, begun }
}

/// `janvier 2025`.
pub(super) fn month_name(day: NaiveDate) -> String {
    format!("{} {}", MONTHS[day.month0() as usize], day.year())
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
pub(super) struct Flow {
    /// What conventions pay.
    pub(super) conventions: Decimal,
    /// What else comes in.
    pub(super) other: Decimal,
    /// What goes out.
    pub(super) out: Decimal,
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

    fn cells(&self, nature: Cell, opening: Decimal, closing: Decimal) -> Vec<Cell> {
        let figures = [opening, self.conventions, self.other, self.out, closing];
        std::iter::once(nature).chain(figures.map(Cell::euros)).collect()
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
fn cash(meeting: &Meeting<'_>, line: &AxisLine) -> bool {
    let number = &meeting.books.accounts().get(line.account).number;
    ["50", "51", "53", "54"].iter().any(|prefix| number.starts_with(prefix))
}

/// The cash at the beginning of a year: what came before, or what its opening carries.
fn opening(meeting: &Meeting<'_>, year: Period) -> Decimal {
    let before =
        |line: &&AxisLine| line.date < year.first || line.opens && year.contains(line.date);
    let lines = meeting.axes.written.iter().filter(before).filter(|line| cash(meeting, line));
    lines.map(|line| line.amount).sum::<Sum>().decimal()
}

/// What moved: each entry's cash, to the conventions that its other lines name, else by its sign.
fn moved(meeting: &Meeting<'_>, months: &[Period]) -> Vec<Flow> {
    let mut flows = vec![Flow::default(); months.len()];
    let mut entry: Vec<&AxisLine> = Vec::new();
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
