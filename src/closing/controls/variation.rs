use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::bench::Case;
use super::outcome::{Checked, Evidence, counted};
use crate::ledger::{Ledger, View};
use crate::measure::{Sum, amount, euros, round_half_away};

/// W10: no account of three digits moves from one closing to the next by more than the two thresholds at
/// once, or the reason is told: it is an analytical review, and one justification covers it.
///
/// The result (12) is left out: it moves by nature. An account that was nil varies without limit.
pub(super) fn accounts(case: &Case<'_>) -> Checked {
    let Some(before) = case.ledger_before() else {
        return Checked::unverified(
            "aucun exercice précédent dans les livres",
            "comparez avec les comptes publiés de l’exercice précédent",
        );
    };
    let (now, then) = (by_root(case, &case.ledger), by_root(case, before));
    let roots: std::collections::BTreeSet<&String> = now.keys().chain(then.keys()).collect();
    let of =
        |side: &BTreeMap<String, Sum>, root: &String| side.get(root).copied().unwrap_or_default();
    let mut evidence = Vec::new();
    for root in &roots {
        let (is, was) = (of(&now, root), of(&then, root));
        let (gap, base) = ((is - was).abs().decimal(), was.abs().decimal());
        let far = gap * Decimal::ONE_HUNDRED > case.thresholds.variation * base;
        if gap <= case.thresholds.variation_euros || !far {
            continue;
        }
        let share = if base.is_zero() {
            "nouveau".to_owned()
        } else {
            format!("{}\u{a0}%", amount(round_half_away(gap * Decimal::ONE_HUNDRED / base, 0), 0))
        };
        let label = case.books().accounts().label(root, case.edition).unwrap_or_default();
        let words = format!(
            "{root} {label} : {} contre {} ({share})",
            euros(is.decimal()),
            euros(was.decimal())
        );
        evidence.push(Evidence::words(words).of(is - was));
    }
    let limits = format!(
        "{}\u{a0}% et {}",
        amount(case.thresholds.variation, 0),
        euros(case.thresholds.variation_euros)
    );
    let sound = format!("{}, sous {limits}", counted(roots.len(), "compte", "comptes"));
    let failed = |count| format!("{} au-delà de {limits}", counted(count, "compte", "comptes"));
    let help = "expliquez ces variations dans une justification, ou cherchez l’écriture qui manque";
    Checked::unless(evidence, sound, failed, help)
}

/// Classic balances by the first three digits, the result apart.
fn by_root(case: &Case<'_>, ledger: &Ledger) -> BTreeMap<String, Sum> {
    let accounts = case.books().accounts();
    let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
    for id in accounts.sorted() {
        let account = accounts.get(id);
        let balance = ledger.balance(id, View::Classic);
        if account.is_activity() || balance.is_zero() || account.number.starts_with("12") {
            continue;
        }
        let root: String = account.number.chars().take(3).collect();
        *sums.entry(root).or_default() += balance;
    }
    sums
}
