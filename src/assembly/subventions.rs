use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;
use rust_decimal::Decimal;

use super::conventions::{Followed, follow};
use super::meeting::Meeting;
use super::reconciliation::reconciliation;
use super::table::{Cell, Column, Row, Sheet, Table, slug};
use crate::book::AccountId;
use crate::measure::Sum;
use crate::register::{Convention, Financing, Programmes};
use crate::statement::{Genre, Kind, Note, placements};

/// Subsidies and invoices, convention by convention, by programme.
///
/// The totals are those of the rows that hold accounts 70 and 74, and the private aids (754, 755) that
/// conventions brought; a second table says so.
pub fn subventions(meeting: &Meeting<'_>) -> Sheet {
    let programmes = meeting.registers.programmes.as_ref();
    let count = programmes.map_or(1, |programmes| programmes.list.len().max(1));
    let structure = programmes.map_or(0, Programmes::structure);
    let order = std::iter::once(structure).chain((0..count).filter(|rank| *rank != structure));
    let (lines, followed) = (lines(meeting), follow(meeting));
    let mut rows = Vec::new();
    let mut total = Amounts::default();
    for programme in order {
        let mut own: Vec<(Row, Amounts)> = alone(meeting, &lines, programme);
        own.extend(conventions(meeting, &followed, programme));
        if own.is_empty() {
            continue;
        }
        let name = programmes.and_then(|programmes| programmes.list.get(programme));
        if let Some(name) = name {
            rows.push(Row::heading(name.name.clone()));
        }
        let mut sum = Amounts::default();
        for (row, amounts) in own {
            sum.add(&amounts);
            rows.push(row);
        }
        total.add(&sum);
        if let Some(name) = name {
            let key = format!("detail_subventions.total_{}", slug(&name.code));
            let label = format!("Total {}", name.name);
            rows.push(Row::line(key, label, sum.cells(None)).of(Genre::Subtotal));
        }
    }
    let label = "Total des subventions et facturations";
    let row = Row::line("detail_subventions.total", label, total.cells(None)).of(Genre::Total);
    rows.push(row);
    Sheet {
        name: "subventions".to_owned(),
        year: meeting.year.name.clone(),
        title: format!("Détail des subventions et facturations {}", meeting.year.name),
        tables: vec![
            Table {
                name: "detail_subventions".to_owned(),
                columns: columns(meeting),
                rows,
                ..Table::default()
            },
            reconciliation(meeting, [total.now, total.receivable, total.deferred]),
        ],
        notes: untagged(meeting, &followed),
    }
}

/// A convention cannot be owed less than nothing, nor have less than nothing in advance: what opened
/// the books lacks its tag.
fn untagged(meeting: &Meeting<'_>, followed: &[Followed]) -> Vec<Note> {
    let register = meeting.registers.conventions.as_ref();
    let list = register.map_or(&[][..], |register| &register.list);
    let wrong = list.iter().zip(followed).filter(|(_, one)| {
        one.receivable.is_negative() || one.deferred.is_negative() || one.dedicated.is_negative()
    });
    wrong
        .map(|(known, _)| Note {
            code: None,
            key: format!("detail_subventions.{}", slug(&known.id.value)),
            text: format!(
                "{} a un solde négatif : une ligne d’ouverture (AN) de ses comptes n’a sans doute pas l’étiquette `convention: {}`",
                known.id.value, known.id.value
            ),
        })
        .collect()
}

fn columns(meeting: &Meeting<'_>) -> Vec<Column> {
    vec![
        Column::words("convention", "Convention").off_screen(),
        Column::words("partenaire", "Partenaire").off_screen(),
        Column::words("nature", "Nature").off_screen(),
        Column::figures("accorde", "Accordé"),
        Column::figures("n", meeting.year.name.as_str()),
        Column::figures("n1", meeting.before_name()),
        Column::figures("bp", meeting.budget_name()),
        Column::figures("recu", "Reçu"),
        Column::figures("a_recevoir", "À recevoir"),
        Column::figures("constate_d_avance", "D’avance"),
        Column::figures("fonds_dedies", "Fonds dédiés").off_screen(),
    ]
}

/// The figures of a row.
#[derive(Clone, Debug, Default)]
struct Amounts {
    granted: Decimal,
    now: Sum,
    before: Sum,
    planned: Sum,
    received: Decimal,
    receivable: Sum,
    deferred: Sum,
    dedicated: Sum,
}

impl Amounts {
    fn add(&mut self, other: &Self) {
        self.granted += other.granted;
        self.now += other.now;
        self.before += other.before;
        self.planned += other.planned;
        self.received += other.received;
        self.receivable += other.receivable;
        self.deferred += other.deferred;
        self.dedicated += other.dedicated;
    }

    /// Those of lines without a convention: nothing was granted, and nobody says what they are owed.
    fn alone(&self) -> Vec<Cell> {
        let mut cells = self.cells(None);
        for rank in [3, 7, 8, 9, 10] {
            cells[rank] = Cell::Blank;
        }
        cells
    }

    fn cells(&self, of: Option<(&str, &str, Financing)>) -> Vec<Cell> {
        let words = |text: &str| Cell::Words(text.to_owned());
        let [id, partner, nature] = match of {
            Some((id, partner, financing)) => [words(id), words(partner), words(financing.word())],
            None => [Cell::Blank, Cell::Blank, Cell::Blank],
        };
        let euros = |sum: Sum| Cell::euros(sum.decimal());
        vec![
            id,
            partner,
            nature,
            Cell::euros(self.granted),
            euros(self.now),
            euros(self.before),
            euros(self.planned),
            Cell::euros(self.received),
            euros(self.receivable),
            euros(self.deferred),
            euros(self.dedicated),
        ]
    }
}

/// What lines of no convention brought, by programme and account.
type Alone = BTreeMap<(usize, AccountId), Amounts>;

/// The accounts of the rows that hold 70 and 74, and the private aids that conventions brought.
///
/// A convention's other products (789, 781…) bring no row with them: theirs holds everyone's.
pub(super) fn accounts(meeting: &Meeting<'_>) -> BTreeSet<AccountId> {
    let empty = crate::ledger::Ledger::default();
    let ledger = meeting.ledger(Some(meeting.year)).unwrap_or(&empty);
    let placed = placements(meeting.form, Kind::Resultat, meeting.books, ledger, meeting.year);
    let number = |id: AccountId| meeting.books.accounts().get(id).number.as_str();
    let named: BTreeSet<AccountId> = meeting
        .axes
        .written
        .iter()
        .chain(&meeting.axes.planned)
        .filter(|line| {
            let number = number(line.account);
            line.convention.is_some() && (number.starts_with("754") || number.starts_with("755"))
        })
        .map(|line| line.account)
        .collect();
    let wanted = |id: AccountId| {
        let number = number(id);
        number.starts_with("70") || number.starts_with("74") || named.contains(&id)
    };
    let rows: BTreeSet<&str> =
        placed.iter().filter(|one| wanted(one.account)).map(|one| one.key.as_str()).collect();
    placed.iter().filter(|one| rows.contains(one.key.as_str())).map(|one| one.account).collect()
}

/// The lines of these rows that name no convention.
fn lines(meeting: &Meeting<'_>) -> Alone {
    let accounts = accounts(meeting);
    let mut alone = Alone::new();
    let mut take = |line: &crate::analytic::AxisLine, add: fn(&mut Amounts, Sum)| {
        if line.convention.is_none() && accounts.contains(&line.account) {
            add(alone.entry((line.programme, line.account)).or_default(), -line.amount);
        }
    };
    for line in meeting.axes.during(meeting.year.period) {
        take(line, |amounts, sum| amounts.now += sum);
    }
    for line in meeting.before.into_iter().flat_map(|year| meeting.axes.during(year.period)) {
        take(line, |amounts, sum| amounts.before += sum);
    }
    for line in meeting.budget.into_iter().flat_map(|y| meeting.axes.planned_during(y.period)) {
        take(line, |amounts, sum| amounts.planned += sum);
    }
    alone
}

fn alone(meeting: &Meeting<'_>, lines: &Alone, programme: usize) -> Vec<(Row, Amounts)> {
    let edition = meeting.books.edition(meeting.year.period.first);
    let programmes = meeting.registers.programmes.as_ref();
    let structure = programmes.map_or(0, Programmes::structure);
    let own = lines.iter().filter(|((of, _), _)| *of == programme);
    own.map(|((_, id), amounts)| {
        let account = meeting.books.accounts().get(*id);
        let label = meeting.books.accounts().label_of(*id, edition).to_owned();
        let mut key = format!("detail_subventions.{}", slug(&account.key()));
        if programme != structure {
            let code = programmes.and_then(|all| all.list.get(programme));
            key += &format!("_{}", code.map_or_else(String::new, |one| slug(&one.code)));
        }
        let row = Row::line(key, label, amounts.alone()).behind(vec![account.key()]);
        (row.under(), amounts.clone())
    })
    .collect()
}

fn conventions(
    meeting: &Meeting<'_>,
    followed: &[Followed],
    programme: usize,
) -> Vec<(Row, Amounts)> {
    let Some(register) = &meeting.registers.conventions else {
        return Vec::new();
    };
    let mut rows = Vec::new();
    for (known, one) in register.list.iter().zip(followed) {
        if of_programme(meeting, known) != programme || one.is_nil() {
            continue;
        }
        let amounts = Amounts {
            granted: known.amount,
            now: one.now,
            before: one.before,
            planned: one.planned,
            received: one.received,
            receivable: one.receivable,
            deferred: one.deferred,
            dedicated: one.dedicated,
        };
        let key = format!("detail_subventions.{}", slug(&known.id.value));
        let cells = amounts.cells(Some((&known.id.value, &known.partner, known.financing)));
        let behind = vec![format!("convention:{}", known.id.value)];
        let row = Row::line(key, label(known, &register.list), cells).behind(behind);
        rows.push((row.under(), amounts));
    }
    rows
}

/// The rank of the programme of a convention.
fn of_programme(meeting: &Meeting<'_>, known: &Convention) -> usize {
    let programmes = meeting.registers.programmes.as_ref();
    let own = known.programme.as_ref().and_then(|code| programmes?.rank(&code.value));
    own.unwrap_or_else(|| programmes.map_or(0, Programmes::structure))
}

/// How a convention is named on the slide: `R - Rennes Métropole`, `(F)` when it is invoiced.
/// The years it covers tell two conventions of one name apart.
fn label(known: &Convention, all: &[Convention]) -> String {
    let programme = |one: &Convention| one.programme.as_ref().map(|code| code.value.clone());
    let same = |other: &&Convention| {
        other.label == known.label
            && programme(other) == programme(known)
            && other.financing == known.financing
    };
    let (first, last) = (known.period.first.format("%Y"), known.period.last.format("%Y"));
    let years = match all.iter().filter(same).count() {
        0 | 1 => String::new(),
        _ if known.period.first.year() == known.period.last.year() => format!(" {first}"),
        _ => format!(" {first}-{last}"),
    };
    let invoiced = if known.financing == Financing::Invoice { " (F)" } else { "" };
    let prefix = programme(known).map_or_else(String::new, |code| format!("{code} - "));
    format!("{prefix}{}{years}{invoiced}", known.label)
}
