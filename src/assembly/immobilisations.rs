use rust_decimal::Decimal;

use super::table::{Cell, Column, Row, Sheet, Table, slug};
use crate::inventory::{AssetStanding, Yielded};
use crate::measure::FiscalYear;
use crate::register::Assets;
use crate::statement::Genre;

/// The fixed assets of a year, one row each, summed by account (PCG art. 833-3).
pub fn immobilisations(register: &Assets, yielded: &Yielded, year: &FiscalYear) -> Sheet {
    let rank = yielded.years.iter().position(|known| known == year);
    let standing = |asset: usize| {
        yielded.assets.iter().find(|one| one.asset == asset && Some(one.year) == rank)
    };
    let mut accounts: Vec<&str> =
        register.list.iter().map(|asset| asset.account.value.as_str()).collect();
    accounts.sort_unstable();
    accounts.dedup();
    let mut rows = Vec::new();
    let mut whole = [Decimal::ZERO; 6];
    for account in accounts {
        let mut sums = [Decimal::ZERO; 6];
        for (at, asset) in register.list.iter().enumerate() {
            let Some(standing) = standing(at).filter(|_| asset.account.value == account) else {
                continue;
            };
            let figures = figures(standing);
            sums.iter_mut().zip(figures).for_each(|(sum, figure)| *sum += figure);
            let mut cells = vec![Cell::Day(asset.in_service.value)];
            cells.push(asset.months.map_or(Cell::Blank, |months| Cell::Count(months.into())));
            cells.extend(figures.map(Cell::cents));
            let key = format!("immobilisations.{}", slug(&asset.id.value));
            rows.push(Row::line(key, &asset.label, cells).under());
        }
        if sums.iter().all(Decimal::is_zero) {
            continue;
        }
        whole.iter_mut().zip(sums).for_each(|(whole, sum)| *whole += sum);
        let key = format!("immobilisations.compte_{account}");
        let row = total(key, format!("Compte {account}"), sums).of(Genre::Subtotal);
        rows.push(row.behind(vec![account.to_owned()]).only(&["brut"]));
    }
    rows.push(
        total("immobilisations.total".to_owned(), "Total".to_owned(), whole).of(Genre::Total),
    );
    Sheet {
        name: "immobilisations".to_owned(),
        year: year.name.clone(),
        title: format!("Immobilisations au {}", year.period.last.format("%d/%m/%Y")),
        tables: vec![Table {
            name: "immobilisations".to_owned(),
            head: "Bien".to_owned(),
            columns: vec![
                Column { words: true, ..Column::figures("mise_en_service", "Service") },
                Column::figures("mois", "Mois").off_screen(),
                Column::figures("brut", "Brut"),
                Column::figures("ouverture", "Amorti au début").off_screen(),
                Column::figures("dotation", "Dotation"),
                Column::figures("sorties", "Sorties"),
                Column::figures("cloture", "Amorti à la fin"),
                Column::figures("net", "Net"),
            ],
            rows,
            ..Table::default()
        }],
        notes: Vec::new(),
    }
}

/// Gross, depreciated at the opening, charged, gone, depreciated at the closing, left.
fn figures(standing: &AssetStanding) -> [Decimal; 6] {
    [
        standing.gross,
        standing.opening,
        standing.charge,
        standing.removed,
        standing.closing,
        standing.gross - standing.closing,
    ]
}

fn total(key: String, label: String, sums: [Decimal; 6]) -> Row {
    let blanks = [Cell::Blank, Cell::Blank];
    Row::line(key, label, blanks.into_iter().chain(sums.map(Cell::cents)).collect())
}
