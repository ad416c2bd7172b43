use std::collections::{BTreeMap, BTreeSet};

use super::meeting::Meeting;
use super::subventions::accounts;
use super::table::{Cell, Column, Row, Table};
use crate::book::AccountId;
use crate::ledger::Ledger;
use crate::measure::Sum;
use crate::statement::{Genre, Kind, placements};

/// What the detail of subsidies sums to beside the accounts that hold it: the rows of the compte de
/// résultat, what is still owed, and 487. A gap would be printed.
pub(super) fn reconciliation(meeting: &Meeting<'_>, shown: [Sum; 3]) -> Table {
    let [now, receivable, deferred] = shown;
    let mut rows = Vec::new();
    let line = |key: &str, label: &str, sum: Sum| {
        let key = format!("rapprochement.{key}");
        Row::line(key, label, vec![Cell::euros(sum.decimal())])
    };
    let mut total = Sum::ZERO;
    for (rank, (label, sum)) in income(meeting).into_iter().enumerate() {
        total += sum;
        rows.push(line(&format!("produits.{}", rank + 1), &label, sum).under());
    }
    rows.push(line("produits", "Produits des comptes", total).of(Genre::Subtotal));
    rows.push(line("produits.tableau", "Total du détail", now));
    rows.push(line("produits.ecart", "Écart", total - now));
    let prefixes = debtors(meeting);
    let owed: Sum = prefixes.iter().map(|prefix| meeting.class(prefix, Some(meeting.year))).sum();
    rows.push(line("a_recevoir.tableau", "À recevoir sur conventions", receivable));
    let others = "Autres créances des mêmes comptes, sans convention";
    rows.push(line("a_recevoir.autres", others, owed - receivable));
    let label = format!("Solde des comptes {}", list(&prefixes));
    let prefixes: Vec<&str> = prefixes.iter().map(AsRef::as_ref).collect();
    let behind = meeting.keys_of(&prefixes);
    rows.push(line("a_recevoir", &label, owed).behind(behind).of(Genre::Subtotal));
    let kept = -meeting.class("487", Some(meeting.year));
    rows.push(line("d_avance.tableau", "Produits d’avance sur conventions", deferred));
    rows.push(line("d_avance.autres", "Autres produits d’avance", kept - deferred));
    let behind = meeting.keys_of(&["487"]);
    rows.push(line("d_avance", "Solde du compte 487", kept).behind(behind).of(Genre::Subtotal));
    Table {
        name: "rapprochement".to_owned(),
        title: "Rapprochement avec les comptes".to_owned(),
        columns: vec![Column::figures("n", meeting.year.name.as_str())],
        rows,
        ..Table::default()
    }
}

/// The rows of the compte de résultat that the detail is about, with their amounts.
fn income(meeting: &Meeting<'_>) -> Vec<(String, Sum)> {
    let empty = Ledger::default();
    let ledger = meeting.ledger(Some(meeting.year)).unwrap_or(&empty);
    let wanted = accounts(meeting);
    let mut sums: BTreeMap<(usize, String), Sum> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    let placed = placements(meeting.form, Kind::Resultat, meeting.books, ledger, meeting.year);
    for one in placed.into_iter().filter(|one| wanted.contains(&one.account)) {
        let rank = order.iter().position(|key| *key == one.key).unwrap_or_else(|| {
            order.push(one.key.clone());
            order.len() - 1
        });
        *sums.entry((rank, one.label)).or_default() +=
            -ledger.balance(one.account, crate::ledger::View::Classic);
    }
    sums.into_iter().map(|((_, label), sum)| (label, sum)).collect()
}

/// The roots of the accounts on which conventions are owed: 411, 4417, 4687 (4686 is a debt).
fn debtors(meeting: &Meeting<'_>) -> Vec<String> {
    let number = |id: AccountId| meeting.books.accounts().get(id).number.as_str();
    let conventions = meeting.registers.conventions.as_ref();
    let roots: BTreeSet<String> = meeting
        .axes
        .written
        .iter()
        .filter(|line| {
            let known = line.convention.and_then(|rank| conventions?.list.get(rank));
            known.is_some_and(|known| known.is_owed_on(number(line.account)))
        })
        .map(|line| number(line.account))
        .map(|number| number.chars().take(if number.starts_with("41") { 3 } else { 4 }).collect())
        .collect();
    roots.into_iter().collect()
}

fn list(prefixes: &[String]) -> String {
    match prefixes {
        [] => "de tiers".to_owned(),
        [one] => one.clone(),
        [firsts @ .., last] => format!("{} et {last}", firsts.join(", ")),
    }
}
