use rust_decimal::Decimal;

use super::meeting::Meeting;
use super::table::{Cell, Column, Row, Sheet, Table, slug};
use crate::analytic::{SliceName, SliceSum, slices};
use crate::register::{Pie, Slicing};
use crate::statement::Genre;

/// The pie of costs of the year.
pub fn costs(meeting: &Meeting<'_>) -> Option<Sheet> {
    let pie = meeting.registers.repartition.as_ref()?.costs.as_ref()?;
    Some(sheet(meeting, pie, '6', "repartition_couts"))
}

/// The pie of funding of the year; in parentheses the programmes funded, the structure by its code.
pub fn funding(meeting: &Meeting<'_>) -> Option<Sheet> {
    let pie = meeting.registers.repartition.as_ref()?.funding.as_ref()?;
    Some(sheet(meeting, pie, '7', "repartition_financements"))
}

fn sheet(meeting: &Meeting<'_>, pie: &Pie, class: char, name: &str) -> Sheet {
    let made = slices(meeting.books, meeting.axes, pie, class, meeting.year.period);
    let whole: Decimal = made.iter().map(|slice| slice.amount.decimal()).sum();
    let row = |slice: &SliceSum| {
        let label = label(meeting, pie, slice, class);
        let key = match &pie.slices[slice.slice].slicing {
            Slicing::One { key, .. } => key.clone(),
            Slicing::ByPartner => slug(&bare(meeting, pie, slice)),
        };
        let amount = slice.amount.decimal();
        let cells = vec![Cell::euros(amount), Cell::part(amount, whole)];
        let behind = match &slice.name {
            SliceName::Partner(rank) => {
                vec![format!("partenaire:{}", meeting.axes.partners[*rank])]
            }
            SliceName::Own => meeting.keys(slice.accounts.iter().copied()),
        };
        Row::line(format!("{name}.{key}"), label, cells).behind(behind)
    };
    let shown = |slice: &&SliceSum| {
        // A slice of the register is shown even when nil; a nil rest without a partner is nothing.
        !slice.amount.is_zero() || pie.slices[slice.slice].slicing != Slicing::ByPartner
    };
    let mut rows: Vec<Row> = made.iter().filter(shown).map(row).collect();
    let cells = vec![Cell::euros(whole), Cell::part(whole, whole)];
    rows.push(Row::line(format!("{name}.total"), "Total", cells).of(Genre::Total));
    Sheet {
        name: name.to_owned(),
        year: meeting.year.name.clone(),
        title: format!("{} {}", pie.title, meeting.year.name),
        tables: vec![Table {
            name: name.to_owned(),
            columns: vec![
                Column::figures("n", meeting.year.name.as_str()),
                Column::figures("part", "%"),
            ],
            rows,
            ..Table::default()
        }],
        notes: Vec::new(),
    }
}

/// The name of a slice without its programmes.
fn bare(meeting: &Meeting<'_>, pie: &Pie, slice: &SliceSum) -> String {
    match (&slice.name, &pie.slices[slice.slice].slicing) {
        (SliceName::Partner(rank), _) => meeting.axes.partners[*rank].clone(),
        (SliceName::Own, Slicing::One { label, .. }) => label.clone(),
        (SliceName::Own, Slicing::ByPartner) => "Sans partenaire".to_owned(),
    }
}

fn label(meeting: &Meeting<'_>, pie: &Pie, slice: &SliceSum, class: char) -> String {
    let name = bare(meeting, pie, slice);
    let Some(programmes) = meeting.registers.programmes.as_ref().filter(|_| class == '7') else {
        return name;
    };
    let structure = programmes.structure();
    let mut ranks: Vec<usize> = slice.programmes.keys().copied().collect();
    ranks.sort_by_key(|rank| (*rank != structure, *rank));
    if ranks.is_empty() {
        return name;
    }
    let codes: Vec<&str> = ranks
        .iter()
        .filter_map(|rank| programmes.list.get(*rank))
        .map(|p| p.code.as_str())
        .collect();
    format!("{name} ({})", codes.join(" + "))
}
