use std::ops::RangeInclusive;

use rust_decimal::Decimal;

use crate::render::document::{Cell, Table};

/// Rows of a table, by their ranks, that another row adds.
pub(super) type Parts = Vec<RangeInclusive<usize>>;

/// How a cell comes from others of its table, as a live formula says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Made {
    /// The sum of the same column over some rows.
    Sum(Parts),
    /// Columns of the same row: those added, then those taken away.
    Across(Vec<usize>, Vec<usize>),
}

/// Columns of one row that make another: the one made, those added, those taken away.
const ACROSS: [(&str, &[&str], &[&str]); 6] = [
    ("net", &["brut"], &["amort"]),
    (
        "cloture",
        &["ouverture", "affectation", "augmentation", "conventions", "autres_entrees"],
        &["diminution", "sorties"],
    ),
    ("total", &["a_un_an", "a_cinq_ans", "apres"], &[]),
    ("reste", &["bp"], &["realise"]),
    ("solde", &["debit"], &["credit"]),
    ("classique", &["care"], &["ecart"]),
];

/// How each cell of a table comes from others; `None` where it is a figure of its own.
///
/// The figures decide: a formula is written only where the exact amounts say that it holds, so that a
/// spreadsheet that computes it again finds the same.
pub(super) fn made(table: &Table) -> Vec<Vec<Option<Made>>> {
    let mut all: Vec<Vec<Option<Made>>> =
        table.rows.iter().map(|row| vec![None; row.cells.len()]).collect();
    for (rank, row) in table.rows.iter().enumerate() {
        let parent = table.rows.get(rank + 1).is_some_and(|next| next.depth > row.depth);
        if matches!(row.role, "subtotal" | "total") || parent && row.role == "line" {
            let columns = 1..row.cells.len();
            let best = candidates(table, rank)
                .into_iter()
                .map(|parts| {
                    let holds: Vec<usize> =
                        columns.clone().filter(|at| adds(table, rank, *at, &parts)).collect();
                    (holds, parts)
                })
                .filter(|(holds, _)| !holds.is_empty())
                .reduce(|best, next| if next.0.len() > best.0.len() { next } else { best });
            if let Some((holds, parts)) = best {
                for at in holds {
                    all[rank][at] = Some(Made::Sum(parts.clone()));
                }
            }
        }
        across(table, rank, &mut all[rank]);
    }
    all
}

fn exact(cell: Option<&Cell>) -> Option<Decimal> {
    match cell? {
        Cell::Amount { exact, brackets: false, .. } => Some(*exact),
        Cell::Count(count) => Some(*count),
        _ => None,
    }
}

/// Whether a cell is the sum of its column over those rows, two figures of them at least.
fn adds(table: &Table, rank: usize, column: usize, parts: &Parts) -> bool {
    let Some(total) = exact(table.rows[rank].cells.get(column)) else { return false };
    let rows = parts.iter().cloned().flatten();
    let figures: Vec<Decimal> =
        rows.filter_map(|row| exact(table.rows[row].cells.get(column))).collect();
    !figures.is_empty() && figures.iter().sum::<Decimal>() == total
}

/// The sets of rows that a total may add, the most natural first.
fn candidates(table: &Table, rank: usize) -> Vec<Parts> {
    let role = |at: usize| table.rows[at].role;
    let line = |at: &usize| role(*at) == "line";
    let closes = |at: &usize| matches!(role(*at), "subtotal" | "total" | "heading");
    let begins = (0..rank).rev().find(closes).map_or(0, |at| at + 1);
    let own = runs((begins..rank).filter(line));
    let after = (rank + 1..table.rows.len()).find(closes).unwrap_or(table.rows.len());
    let below = runs((rank + 1..after).filter(line));
    let last_total = (0..rank).rev().find(|at| role(*at) == "total").map_or(0, |at| at + 1);
    let subtotals: Vec<usize> = (last_total..rank).filter(|at| role(*at) == "subtotal").collect();
    let left = subtotals.last().map_or(last_total, |at| at + 1);
    let with_left = runs(subtotals.iter().copied().chain((left..rank).filter(line)));
    let lines = runs((last_total..rank).filter(line));
    let every = runs((0..rank).filter(line));
    let totals = runs((0..rank).filter(|at| matches!(role(*at), "subtotal" | "total")));
    // The rows under this one; those that stand under no other.
    let depth = table.rows[rank].depth;
    let under = (rank + 1..table.rows.len()).take_while(|at| table.rows[*at].depth > depth);
    let under = runs(under.filter(|at| table.rows[*at].depth == depth + 1));
    let least = (last_total..rank).filter(line).map(|at| table.rows[at].depth).min().unwrap_or(0);
    let at_least = |at: &usize| table.rows[*at].depth == least;
    let (tops, own_tops) = (
        runs((last_total..rank).filter(line).filter(at_least)),
        runs((begins..rank).filter(line).filter(at_least)),
    );
    let mut all = match table.rows[rank].role {
        "line" => vec![under],
        "total" => {
            vec![with_left, runs(subtotals.into_iter()), lines, tops, every, totals, own, below]
        }
        _ => vec![own, own_tops, with_left, below, lines, tops],
    };
    all.retain(|parts| !parts.is_empty());
    all
}

/// Ranks in order as ranges.
fn runs(ranks: impl Iterator<Item = usize>) -> Parts {
    let mut parts = Parts::new();
    for rank in ranks {
        match parts.last_mut() {
            Some(last) if *last.end() + 1 == rank => *last = *last.start()..=rank,
            _ => parts.push(rank..=rank),
        }
    }
    parts
}

fn across(table: &Table, rank: usize, made: &mut [Option<Made>]) {
    let place = |key: &&str| table.columns.iter().position(|column| column.key == **key);
    for (key, plus, minus) in ACROSS {
        let Some(at) = place(&key) else { continue };
        let plus: Vec<usize> = plus.iter().filter_map(&place).collect();
        let minus: Vec<usize> = minus.iter().filter_map(&place).collect();
        let cells = &table.rows[rank].cells;
        let figures = |columns: &[usize]| -> Decimal {
            columns.iter().filter_map(|column| exact(cells.get(*column))).sum()
        };
        let enough = plus.len() + minus.len() > 1;
        let holds = exact(cells.get(at)) == Some(figures(&plus) - figures(&minus));
        if enough && holds && made.get(at) == Some(&None) {
            made[at] = Some(Made::Across(plus, minus));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::document::{Column, Row};

    fn row(role: &'static str, amounts: [i64; 2]) -> Row {
        let cells = amounts.map(|amount| Cell::cents(Decimal::from(amount)));
        let cells = std::iter::once(Cell::Text("x".to_owned())).chain(cells).collect();
        Row { role, cells, ..Row::default() }
    }

    fn table(rows: Vec<Row>) -> Table {
        let columns = vec![
            Column::words("libelle", ""),
            Column::numbers("n", "2024"),
            Column::numbers("n1", "2023"),
        ];
        Table { name: "t".to_owned(), title: String::new(), columns, rows, keyed: true }
    }

    #[test]
    fn a_row_adds_those_under_it_and_a_total_none_of_them_twice() {
        let under = |amounts| Row { depth: 1, ..row("line", amounts) };
        let made = made(&table(vec![
            row("line", [5, 5]),
            row("line", [7, 9]),
            under([3, 4]),
            under([4, 4]),
            row("total", [12, 14]),
        ]));
        assert_eq!(made[1][1], Some(Made::Sum(vec![2..=3])));
        assert_eq!(made[1][2], None, "its parts say another figure");
        assert_eq!(made[4][1], Some(Made::Sum(vec![0..=1])));
    }

    #[test]
    fn a_total_is_a_formula_only_where_its_figures_say_so() {
        let made = made(&table(vec![
            row("line", [1, 10]),
            row("line", [2, 20]),
            row("subtotal", [3, 31]),
            row("line", [4, 0]),
            row("line", [5, 0]),
            row("subtotal", [9, 0]),
            row("total", [12, 31]),
        ]));
        assert_eq!(made[2][1], Some(Made::Sum(vec![0..=1])));
        assert_eq!(made[2][2], None);
        assert_eq!(made[5][1], Some(Made::Sum(vec![3..=4])));
        assert_eq!(made[6][1], Some(Made::Sum(vec![2..=2, 5..=5])));
        assert_eq!(made[6][2], Some(Made::Sum(vec![2..=2, 5..=5])));
    }
}
