use rust_decimal::Decimal;

use super::evaluate::{care_balance, position};
use super::form::{Column, Feed, Genre, Kind, Layout};
use super::formula::Term;
use super::table::{Ask, Bases, Row, RowPart, SectionTable, Statement};
use crate::book::{Book, Books};
use crate::care::{Balances, PRESENTATION};
use crate::diagnostic::Code;
use crate::ledger::{Ledger, View};
use crate::measure::{FiscalYear, Sum, amount, round_half_away};

/// Something that a reader of the statement must know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The rule that speaks, when it is one of the catalogue.
    pub code: Option<Code>,
    /// The row it speaks of.
    pub key: String,
    /// The sentence.
    pub text: String,
}

/// The rows and accounts that a row sums.
pub(super) fn parts(kind: Kind, layout: &Layout, section: usize, row: usize) -> Vec<RowPart> {
    let Feed::Formula(formula) = &layout.sections[section].rows[row].feed else {
        return Vec::new();
    };
    formula
        .terms
        .iter()
        .map(|term| match term {
            Term::Row { section: named, key, negative, .. } => {
                let section = named.as_deref().unwrap_or(layout.sections[section].name);
                RowPart { key: format!("{}.{section}.{key}", kind.name()), negative: *negative }
            }
            Term::Accounts { prefix, negative } => {
                RowPart { key: format!("comptes.{prefix}"), negative: *negative }
            }
        })
        .collect()
}

/// Every note of a statement: definitions, partial totals, the CARE result, gaps of display.
pub(super) fn notes(ask: Ask<'_>, layout: &Layout, bases: &Bases, made: &Statement) -> Vec<Note> {
    let mut notes = Vec::new();
    for (rank, section) in layout.sections.iter().enumerate() {
        for (at, row) in section.rows.iter().enumerate() {
            let key = format!("{}.{}.{}", ask.kind.name(), section.name, row.key);
            // A definition matters where it makes a difference: where the row is not its first part.
            let first = first_part(layout, rank, at);
            let differs = section.columns.iter().any(|column| {
                let base = first.and_then(|(s, r)| bases.value(*column, s, r)).unwrap_or_default();
                bases.value(*column, rank, at).is_some_and(|value| value != base)
            });
            let shown = differs && !(row.classic_only && ask.view == View::Care);
            if let Some(note) = row.note.as_ref().filter(|_| shown) {
                let text = format!("{} : {note}", row.label);
                notes.push(Note { code: None, key: key.clone(), text });
            }
            if let Some(facing) = &row.facing {
                notes.extend(partial(ask, layout, bases, facing, (rank, at), &key));
            }
        }
    }
    notes.extend(uneven(ask, layout, bases));
    if ask.kind == Kind::Bilan && ask.part.is_none() {
        notes.extend(care_result(ask));
    }
    for section in &made.sections {
        for row in &section.rows {
            notes.extend(displayed(section, row, made));
        }
    }
    notes
}

/// Where the first row that a formula names is.
fn first_part(layout: &Layout, section: usize, row: usize) -> Option<(usize, usize)> {
    let Feed::Formula(formula) = &layout.sections[section].rows[row].feed else {
        return None;
    };
    formula.terms.iter().find_map(|term| match term {
        Term::Row { section: named, key, .. } => {
            let own = layout.sections[section].name;
            position(layout, &format!("{}.{key}", named.as_deref().unwrap_or(own)))
        }
        Term::Accounts { .. } => None,
    })
}

/// A total that does not meet the one it faces: says by how much, and which row makes the gap.
fn partial(
    ask: Ask<'_>,
    layout: &Layout,
    bases: &Bases,
    facing: &str,
    (section, row): (usize, usize),
    key: &str,
) -> Option<Note> {
    let (other, at) = position(layout, facing)?;
    let (mine, theirs) = (bases.value(Column::N, section, row)?, bases.n.net(other, at));
    let gap = theirs - mine;
    if gap.is_zero() {
        return None;
    }
    let form_row = &layout.sections[section].rows[row];
    let lost = layout.sections[section].rows.iter().enumerate().find(|(rank, candidate)| {
        matches!(candidate.genre, Genre::Line)
            && bases.value(Column::N, section, *rank) == Some(gap)
    });
    let why = match lost {
        Some((_, lost)) => format!(" : « {} » n’y est pas", lost.label),
        None => String::new(),
    };
    let more = if gap.is_negative() { "plus" } else { "moins" };
    let text = format!(
        "{} {} : {} €, soit {} € de {more} que « {} » ({} €){why}",
        form_row.label,
        ask.year.name,
        euros(mine),
        euros(gap.abs()),
        layout.sections[other].rows[at].label,
        euros(theirs),
    );
    Some(Note { code: Some(Code::PartialTotal), key: key.to_owned(), text })
}

/// Totals that the form wants equal, though books may not make them so (a grant's budget).
fn uneven(ask: Ask<'_>, layout: &Layout, bases: &Bases) -> Vec<Note> {
    let mut notes = Vec::new();
    for (left, right, _) in &layout.even {
        let (Some(a), Some(b)) = (position(layout, left), position(layout, right)) else {
            continue;
        };
        let label = |(section, row): (usize, usize)| &layout.sections[section].rows[row].label;
        let gap = |column| Some(bases.value(column, a.0, a.1)? - bases.value(column, b.0, b.1)?);
        let columns =
            [(Column::N, "exercice"), (Column::N1, "exercice précédent"), (Column::Bp, "budget")];
        let told: Vec<String> = columns
            .iter()
            .filter_map(|(column, name)| Some((gap(*column)?, name)))
            .filter(|(gap, _)| !gap.is_zero())
            .map(|(gap, name)| format!("{name} {} €", euros(gap)))
            .collect();
        if !told.is_empty() {
            let text = format!(
                "« {} » et « {} » devraient être égaux ; écarts : {}",
                label(a),
                label(b),
                told.join(", ")
            );
            let key = format!("{}.{left}", ask.kind.name());
            notes.push(Note { code: Some(Code::CerfaUnequal), key, text });
        }
    }
    notes
}

/// Whole euros as a French sentence writes them.
fn euros(sum: Sum) -> String {
    amount(round_half_away(sum.decimal(), 0), 0)
}

/// The CARE result on both bases and the bridge between them: stock = flux − movement of the
/// provision − debts at the opening − variation of projects and of uses (law I5).
fn care_result(ask: Ask<'_>) -> Option<Note> {
    let books = ask.books;
    let ledger = ask.annual.ledger(ask.year)?;
    let moved =
        books.accounts().sorted().into_iter().any(|id| !ledger.movement(id, Book::Care).is_nil());
    if !moved {
        return None;
    }
    let (opening, closing) = (Balances::at_opening(books, ask.year), Balances::of(books, ledger));
    let classic = -result(books, ledger, View::Classic);
    // A presentation in stock has already moved the result: what was posted is the flux.
    let flux = -result(books, ledger, View::Care) + care_balance(ledger, books, PRESENTATION);
    let stock = classic - closing.debts;
    let works = closing.works - opening.works + (closing.uses - opening.uses);
    let steps = [
        ("mouvement de la provision", closing.provision - opening.provision),
        ("dettes à l’ouverture", opening.debts),
        ("variation des projets et emplois", works),
    ];
    // Brackets written by hand may do what no rule of the model does: what they add is named.
    let named: Sum = steps.iter().map(|(_, step)| *step).sum();
    let other = ("autres ajustements", flux - stock - named);
    let told: Vec<String> = steps
        .into_iter()
        .chain([other])
        .filter(|(_, step)| !step.is_zero())
        .map(|(name, step)| format!("{name} {} €", euros(-step)))
        .collect();
    let bridge = if told.is_empty() {
        String::new()
    } else {
        format!(" (de l’un à l’autre : {})", told.join(", "))
    };
    let text = format!(
        "Résultat CARE {} : en flux {} €, en stock {} €{bridge}",
        ask.year.name,
        euros(flux),
        euros(stock)
    );
    Some(Note { code: None, key: "bilan.passif.resultat_care".to_owned(), text })
}

/// The balance of classes 6 and 7 in a ledger; a credit (a surplus) is negative.
fn result(books: &Books, ledger: &Ledger, view: View) -> Sum {
    let of = |prefix: &str| -> Sum {
        books
            .accounts()
            .sorted()
            .into_iter()
            .filter(|id| books.accounts().get(*id).number.starts_with(prefix))
            .map(|id| ledger.balance(id, view))
            .sum()
    };
    let classic = of("6") + of("7");
    if view == View::Care { classic + of("C6") + of("C7") } else { classic }
}

/// A displayed total that its displayed parts do not give.
fn displayed(section: &SectionTable, row: &Row, made: &Statement) -> Option<Note> {
    if !matches!(row.genre, Genre::Subtotal | Genre::Total | Genre::Line) || row.parts.is_empty() {
        return None;
    }
    let mut gaps = Vec::new();
    for (at, column) in section.columns.iter().enumerate() {
        let Some(total) = row.cells.get(at).copied().flatten() else {
            continue;
        };
        let mut exact = Decimal::ZERO;
        let mut shown = Decimal::ZERO;
        for part in &row.parts {
            let cell = made.row(&part.key).and_then(|(other, row)| {
                let at = other.columns.iter().position(|c| c == column)?;
                row.cells.get(at).copied().flatten()
            });
            exact += cell.map_or(Decimal::ZERO, |figure| figure.exact);
            shown += cell.map_or(Decimal::ZERO, |figure| figure.shown);
        }
        // Only a plain sum can be added up by the reader; a difference or a blank part cannot.
        if exact == total.exact && shown != total.shown {
            gaps.push(format!(
                "{} : {} au lieu de {}",
                named(*column, made),
                amount(shown, 0),
                amount(total.shown, 0)
            ));
        }
    }
    if gaps.is_empty() {
        return None;
    }
    let text =
        format!("{} : la somme des lignes affichées diffère ({})", row.label, gaps.join(" ; "));
    Some(Note { code: Some(Code::DisplayedSum), key: row.key.clone(), text })
}

/// A column as a reader names it.
fn named(column: Column, made: &Statement) -> String {
    let of = |year: Option<&FiscalYear>| year.map_or_else(String::new, |year| year.name.clone());
    match column {
        Column::Brut => "brut".to_owned(),
        Column::Amort => "amortissements".to_owned(),
        Column::Net => format!("net {}", made.year.name),
        Column::NetN1 => format!("net {}", of(made.before.as_ref())),
        Column::N => made.year.name.clone(),
        Column::N1 => of(made.before.as_ref()),
        Column::Care => "CARE".to_owned(),
        Column::Bp => format!("BP {}", of(made.budget.as_ref())),
    }
}
