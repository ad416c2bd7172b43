use rust_decimal::Decimal;

use super::{View, tonnes};
use crate::assembly::meeting::Meeting;
use crate::assembly::table::{Cell, Column, Row, Sheet, Table, slug};
use crate::care::kilograms;
use crate::measure::{FiscalYear, Sum};
use crate::statement::{Genre, Note};

/// What a programme spent and emitted, or planned to.
#[derive(Clone, Copy, Default)]
struct Used {
    euros: Sum,
    kilograms: Decimal,
}

/// *Dialogue de gestion augmenté carbone*: by programme, euros and tonnes side by side, budget and
/// actual. `None` without `programmes.toml` or a policy.
///
/// The budget is the year's own, else that of the next year.
pub fn dialogue(meeting: &Meeting<'_>) -> Option<Sheet> {
    let view = View::of(meeting)?;
    let programmes = meeting.registers.programmes.as_ref()?;
    let own = meeting.axes.planned_during(meeting.year.period).next().is_some();
    let budget = if own { Some(meeting.year) } else { meeting.budget };
    let (mut rows, mut made) = (Vec::new(), Vec::new());
    let (mut done, mut planned) = (Used::default(), Used::default());
    for (rank, programme) in programmes.list.iter().enumerate() {
        let actual = actual(&view, rank);
        let plan = budget.map(|year| plan(&view, rank, year)).unwrap_or_default();
        done.add(actual);
        planned.add(plan);
        let key = format!("dialogue.{}", slug(&programme.code));
        made.push((key, programme.name.clone(), actual, plan));
    }
    // Without a carbon budget at all, nothing is compared: a blank is not a nil budget.
    let carbon = !planned.kilograms.is_zero();
    for (key, name, actual, plan) in made {
        rows.push(Row::line(key, name, cells(actual, budget.map(|_| plan), carbon)));
    }
    let total = cells(done, budget.map(|_| planned), carbon);
    rows.push(Row::line("dialogue.total", "Total", total).of(Genre::Total));
    Some(Sheet {
        name: "dialogue".to_owned(),
        year: meeting.year.name.clone(),
        title: format!("Dialogue de gestion augmenté carbone {}", meeting.year.name),
        tables: vec![Table {
            name: "dialogue".to_owned(),
            head: "Programme".to_owned(),
            columns: columns(meeting, budget),
            rows,
            ..Table::default()
        }],
        notes: notes(budget, planned, own),
    })
}

fn columns(meeting: &Meeting<'_>, budget: Option<&FiscalYear>) -> Vec<Column> {
    let (year, plan) = (&meeting.year.name, budget.map_or("", |year| year.name.as_str()));
    let plan = format!("BP {plan}").trim_end().to_owned();
    vec![
        Column::figures("euros_budget", format!("€ {plan}")),
        Column::figures("euros", format!("€ {year}")),
        Column::figures("euros_ecart", "Écart €"),
        Column::figures("tonnes_budget", format!("t {plan}")),
        Column::figures("tonnes", format!("tCO₂e {year}")),
        Column::figures("tonnes_ecart", "Écart t"),
        Column::figures("euros_par_tonne_budget", "€/t prévu").off_screen(),
        Column::figures("euros_par_tonne", "€/t"),
    ]
}

impl Used {
    fn add(&mut self, more: Self) {
        self.euros += more.euros;
        self.kilograms += more.kilograms;
    }

    /// What a tonne went with, in euros.
    fn per_tonne(self) -> Cell {
        if self.kilograms.is_zero() {
            return Cell::Blank;
        }
        Cell::euros(self.euros.decimal() * Decimal::ONE_THOUSAND / self.kilograms)
    }
}

/// Direct charges (class 6) and emissions of a programme in the year.
fn actual(view: &View<'_>, programme: usize) -> Used {
    let (meeting, year) = (view.meeting, view.meeting.year.period);
    let accounts = meeting.books.accounts();
    let spent = meeting.axes.during(year).filter(|line| line.programme == programme);
    Used {
        euros: spent
            .filter(|line| accounts.get(line.account).number.starts_with('6'))
            .map(|line| line.amount)
            .sum(),
        kilograms: kilograms(
            view.care.inventory.during(year).filter(|line| line.programme == programme),
        ),
    }
}

/// The same in a budget.
fn plan(view: &View<'_>, programme: usize, budget: &FiscalYear) -> Used {
    let meeting = view.meeting;
    let accounts = meeting.books.accounts();
    let lines = meeting.axes.planned_during(budget.period);
    let spent = lines.filter(|line| line.programme == programme);
    let emitted = view.care.inventory.planned_during(budget.period);
    Used {
        euros: spent
            .filter(|line| accounts.get(line.account).number.starts_with('6'))
            .map(|line| line.amount)
            .sum(),
        kilograms: kilograms(emitted.filter(|line| line.programme == programme)),
    }
}

fn cells(actual: Used, plan: Option<Used>, carbon: bool) -> Vec<Cell> {
    let planned = plan.filter(|_| carbon);
    let beside = |cell: fn(Used) -> Cell| plan.map_or(Cell::Blank, cell);
    let gap = plan.map(|plan| Used {
        euros: actual.euros - plan.euros,
        kilograms: actual.kilograms - plan.kilograms,
    });
    vec![
        beside(|plan| Cell::euros(plan.euros.decimal())),
        Cell::euros(actual.euros.decimal()),
        gap.map_or(Cell::Blank, |gap| Cell::euros(gap.euros.decimal())),
        planned.map_or(Cell::Blank, |plan| tonnes(plan.kilograms)),
        tonnes(actual.kilograms),
        gap.filter(|_| carbon).map_or(Cell::Blank, |gap| tonnes(gap.kilograms)),
        planned.map_or(Cell::Blank, Used::per_tonne),
        actual.per_tonne(),
    ]
}

fn notes(budget: Option<&FiscalYear>, planned: Used, own: bool) -> Vec<Note> {
    let note = |text: String| Note { code: None, key: "dialogue".to_owned(), text };
    let mut notes = vec![note(
        "charges directes de chaque programme, sans les coûts partagés ; émissions brutes"
            .to_owned(),
    )];
    match budget {
        None => notes.push(note("les livres n’ont pas de budget à mettre en face".to_owned())),
        Some(year) if planned.kilograms.is_zero() => notes.push(note(format!(
            "le budget {} n’a pas de budget carbone : ajoutez des activités à ses règles, par exemple `(mesure-directe)  1200 kgCO₂e`",
            year.name
        ))),
        Some(year) if !own => notes.push(note(format!(
            "le budget montré est celui de {} : l’écart est une évolution",
            year.name
        ))),
        Some(_) => {}
    }
    notes
}
