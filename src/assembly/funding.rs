use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::conventions::follow;
use super::meeting::Meeting;
use super::table::{Cell, Column, Row, Table, slug};
use crate::measure::Sum;
use crate::register::{Financing, Funder};
use crate::statement::Genre;

/// What each convention gives to the four figures of a kind of funder.
type Given = [Vec<(String, Decimal)>; 4];

/// Subsidies recognised in the year by kind of funder, public first (ANC 2018-06 art. 431-9).
pub(super) fn by_authority(meeting: &Meeting<'_>) -> Option<Table> {
    let register = meeting.registers.conventions.as_ref()?;
    let mut sums: BTreeMap<Funder, ([Sum; 4], Given)> = BTreeMap::new();
    for (known, one) in register.list.iter().zip(follow(meeting)) {
        if known.financing != Financing::Grant {
            continue;
        }
        let (sums, given) = sums.entry(known.funder).or_default();
        let parts = [one.now, one.before, one.receivable, one.deferred];
        for ((sum, given), part) in sums.iter_mut().zip(given).zip(parts) {
            *sum += part;
            if !part.is_zero() {
                given.push((format!("convention:{}", known.id.value), part.decimal()));
            }
        }
    }
    let cells = |sums: [Sum; 4]| sums.map(|sum| Cell::euros(sum.decimal())).to_vec();
    let mut rows = Vec::new();
    for (public, title) in
        [(true, "Total des concours publics"), (false, "Total des aides privées")]
    {
        let mut total = [Sum::ZERO; 4];
        for (word, funder, label) in Funder::ALL {
            let Some((sums, given)) = sums.get(&funder).filter(|_| funder.is_public() == public)
            else {
                continue;
            };
            if sums.iter().all(|sum| sum.is_zero()) {
                continue;
            }
            total.iter_mut().zip(sums).for_each(|(total, sum)| *total += *sum);
            let row = Row::line(format!("annexe.financeurs.{}", slug(word)), label, cells(*sums));
            rows.push(row.given(given.to_vec()));
        }
        if total.iter().any(|sum| !sum.is_zero()) {
            let key = if public { "total_public" } else { "total_prive" };
            let row = Row::line(format!("annexe.financeurs.{key}"), title, cells(total));
            rows.push(row.of(Genre::Subtotal));
        }
    }
    Some(Table {
        name: "financeurs".to_owned(),
        title: "Subventions par nature de financeur".to_owned(),
        columns: vec![
            Column::figures("n", meeting.year.name.as_str()),
            Column::figures("n1", meeting.before_name()),
            Column::figures("a_recevoir", "À recevoir"),
            Column::figures("constate_d_avance", "D’avance"),
        ],
        rows,
        ..Table::default()
    })
}
