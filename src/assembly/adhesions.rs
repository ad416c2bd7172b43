use rust_decimal::Decimal;

use super::grid::grid_of;
use super::meeting::Meeting;
use super::table::{Cell, Column, Row, Sheet, Table};
use crate::measure::{FiscalYear, Sum, brief_euros};
use crate::register::{Adhesions, Band, Grid, Member};
use crate::statement::{Genre, Note};

/// The members of a year by band: how many, how many new, what they owe by the grid, what was called
/// and received.
pub fn adhesions(meeting: &Meeting<'_>) -> Option<Sheet> {
    let register = meeting.registers.adhesions.as_ref()?;
    let grid = grid_of(register, meeting.books.years(), meeting.year)?;
    let mut rows = Vec::new();
    let mut bodies = Counted::default();
    let mut lines = Vec::new();
    for band in &grid.bands {
        let counted = counted(meeting, register, grid, band);
        if counted.is_nil() {
            continue;
        }
        bodies.add(&counted);
        let key = format!("adhesions.{}", band.key.value);
        lines.push(Row::line(key, &band.label, counted.cells()).under());
    }
    let row = Row::line("adherents.collectivites", "Collectivités et organismes", bodies.cells());
    let behind = meeting.keys(meeting.taken(&register.body_accounts));
    rows.push(row.behind(behind).only(&["appele"]));
    rows.append(&mut lines);
    let individuals = individuals(meeting, register, grid);
    let row = Row::line("adherents.particuliers", "Particuliers", individuals.cells());
    let behind = meeting.keys(meeting.taken(&register.individual_accounts));
    rows.push(row.behind(behind).only(&["appele"]));
    let mut total = bodies.clone();
    total.add(&individuals);
    rows.push(Row::line("adhesions.total", "Total", total.cells()).of(Genre::Total));
    let (year, after) = (&meeting.year.name, meeting.after.map_or("", |year| &year.name));
    let mut tables = vec![Table {
        name: "adhesions".to_owned(),
        columns: vec![
            Column::figures("n", "Nombre"),
            Column::figures("entrees", format!("dont {year}")),
            Column::figures("nouveaux", format!("Nouveaux {after}")),
            Column::figures("attendu", "Attendu"),
            Column::figures("appele", "Appelé"),
            Column::figures("recu", "Reçu"),
            Column::figures("reste", "Reste dû"),
        ],
        rows,
        ..Table::default()
    }];
    tables.extend(newcomers(meeting, register));
    Some(Sheet {
        name: "adhesions".to_owned(),
        year: meeting.year.name.clone(),
        title: format!("Adhésions {year}"),
        tables,
        notes: notes(meeting, &bodies, &individuals),
    })
}

/// Members, and what they owe and paid.
#[derive(Clone, Debug, Default)]
struct Counted {
    count: Decimal,
    entered: Decimal,
    new: Decimal,
    due: Decimal,
    called: Sum,
    received: Sum,
    owed: Sum,
}

impl Counted {
    fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.entered += other.entered;
        self.new += other.new;
        self.due += other.due;
        self.called += other.called;
        self.received += other.received;
        self.owed += other.owed;
    }

    fn is_nil(&self) -> bool {
        self.count.is_zero() && self.new.is_zero() && self.owed.is_zero()
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::Count(self.count),
            Cell::Count(self.entered),
            Cell::Count(self.new),
            Cell::euros(self.due),
            Cell::euros(self.called.decimal()),
            Cell::euros(self.received.decimal()),
            Cell::euros(self.owed.decimal()),
        ]
    }
}

/// The band of a member: the one decided, else that of its budget.
fn band_of<'g>(grid: &'g Grid, member: &Member) -> Option<&'g Band> {
    let decided = member.band.as_ref().and_then(|band| grid.band(&band.value));
    decided.or_else(|| grid.band_of(member.budget))
}

fn counted(meeting: &Meeting<'_>, register: &Adhesions, grid: &Grid, band: &Band) -> Counted {
    let mut counted = Counted::default();
    let year = meeting.year.period;
    for member in &register.members {
        if band_of(grid, member).is_none_or(|own| own.key.value != band.key.value) {
            continue;
        }
        let stays = member.until.is_none_or(|until| until >= year.first);
        if member.since <= year.last && stays {
            counted.count += Decimal::ONE;
            counted.due += member.due.unwrap_or(band.due);
            if year.contains(member.since) {
                counted.entered += Decimal::ONE;
            }
        }
        if is_new(meeting, member) {
            counted.new += Decimal::ONE;
        }
        paid(meeting, register, member, &mut counted);
    }
    counted
}

/// Whether a member joins in the year after: the assembly welcomes it.
fn is_new(meeting: &Meeting<'_>, member: &Member) -> bool {
    meeting.after.is_some_and(|after| after.period.contains(member.since))
}

/// What was called from a member, received from it and is still due, by its account of third party.
fn paid(meeting: &Meeting<'_>, register: &Adhesions, member: &Member, counted: &mut Counted) {
    let accounts = meeting.books.accounts();
    let own = |line: &&crate::analytic::AxisLine| {
        let account = accounts.get(line.account);
        account.number.starts_with("41")
            && account.auxiliary.as_deref() == Some(member.name.value.as_str())
    };
    let called: Vec<usize> = meeting
        .axes
        .written
        .iter()
        .filter(|line| takes(&register.body_accounts, &accounts.get(line.account).number))
        .map(|line| line.entry)
        .collect();
    for line in meeting.axes.written.iter().filter(own) {
        if line.date <= meeting.year.period.last {
            counted.owed += line.amount;
        }
        if !meeting.year.period.contains(line.date) {
            continue;
        }
        if called.binary_search(&line.entry).is_ok() {
            counted.called += line.amount;
        } else {
            counted.received += -line.amount;
        }
    }
}

fn takes(selector: &crate::register::Selector, number: &str) -> bool {
    selector.reach(number, Sum::ZERO).is_some()
}

fn individuals(meeting: &Meeting<'_>, register: &Adhesions, grid: &Grid) -> Counted {
    let of =
        |year: &FiscalYear| register.individuals.iter().find(|known| known.year.value == year.name);
    let mut counted = Counted::default();
    if let Some(known) = of(meeting.year) {
        counted.count = Decimal::from(known.count);
        counted.entered = Decimal::from(known.new);
        let due = grid.individuals().map_or(Decimal::ZERO, |band| band.due);
        counted.due = counted.count * due;
    }
    counted.called = -meeting.balance(&register.individual_accounts, Some(meeting.year));
    counted.received = counted.called;
    counted
}

/// Those whom the assembly welcomes, by name.
fn newcomers(meeting: &Meeting<'_>, register: &Adhesions) -> Option<Table> {
    let after = meeting.after?;
    let name = format!("adherents.nouveaux_{}", after.name);
    let new = register.members.iter().filter(|member| is_new(meeting, member));
    let rows: Vec<Row> = new
        .enumerate()
        .map(|(rank, member)| {
            let day = Cell::Day(member.since);
            Row::line(format!("{name}.{}", rank + 1), &member.name.value, vec![day])
        })
        .collect();
    (!rows.is_empty()).then(|| Table {
        name,
        title: format!("Nouveaux adhérents {}", after.name),
        columns: vec![Column::words("depuis", "Depuis")],
        rows,
        ..Table::default()
    })
}

/// What the grid expects and the accounts called must be the same, else a reader must know.
fn notes(meeting: &Meeting<'_>, bodies: &Counted, individuals: &Counted) -> Vec<Note> {
    let mut notes = Vec::new();
    let Some(register) = &meeting.registers.adhesions else {
        return notes;
    };
    for (key, counted, selector) in [
        ("adherents.collectivites", bodies, &register.body_accounts),
        ("adherents.particuliers", individuals, &register.individual_accounts),
    ] {
        let booked = -meeting.balance(selector, Some(meeting.year)).decimal();
        let mut tell = |text: String| {
            notes.push(Note { code: None, key: key.to_owned(), text });
        };
        if booked != counted.called.decimal() {
            tell(format!(
                "les comptes d’adhésion portent {}, les membres du registre {}",
                brief_euros(booked),
                brief_euros(counted.called.decimal())
            ));
        }
        if counted.due != counted.called.decimal() {
            tell(format!(
                "la grille attend {}, les livres ont appelé {}",
                brief_euros(counted.due),
                brief_euros(counted.called.decimal())
            ));
        }
    }
    notes
}
