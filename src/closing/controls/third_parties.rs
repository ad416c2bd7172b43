use super::bench::{Case, begins};
use super::outcome::{Checked, Evidence, counted};
use crate::ledger::open_items as settled;
use crate::measure::{Sum, euros};

/// Suppliers and customers.
const PARTIES: [&str; 2] = ["401", "411"];

/// W2: at the closing, no supplier or customer has an open item older than the threshold, and none is on
/// the wrong side (401 debit, 411 credit: a payment too many, or 4091 and 4191).
///
/// What is open is what [`crate::ledger::open_items`] says: letters, then conventions, then the oldest
/// first; an item has the age of its document.
pub(super) fn open_items(case: &Case<'_>) -> Checked {
    let last = case.period().last;
    let (books, annual) = (case.books(), case.bench.annual);
    let lines = annual.lines(books, case.period(), |own| begins(&own.number, &PARTIES));
    if lines.is_empty() {
        return Checked::sound("aucun compte 401 ni 411");
    }
    let items = settled(lines);
    let days = case.thresholds.unlettered_days;
    let mut evidence = Vec::new();
    for id in books.accounts().sorted() {
        let Some(own) = items.get(&id) else { continue };
        let account = books.accounts().get(id);
        let balance: Sum = own.iter().map(|item| item.amount).sum();
        let supplier = account.number.starts_with("401");
        if balance.is_negative() != supplier {
            let side = if supplier { "fournisseur débiteur" } else { "client créditeur" };
            let words = format!("{} : {side} de {}", account.key(), euros(balance.abs().decimal()));
            let at = own.last().map(|item| item.at);
            evidence.push(Evidence { at, ..Evidence::words(words) }.of(balance));
        }
        for item in own {
            let age = item.age(last);
            if age > i64::from(days) {
                let entry = books.entry_at(item.at);
                let words = format!(
                    "{} : {} depuis {age} jours, {}",
                    account.key(),
                    euros(item.amount.decimal()),
                    entry.map_or("", |entry| entry.description())
                );
                evidence.push(Evidence::at(item.at, words).of(item.amount));
            }
        }
    }
    let sound = format!("rien d’ouvert depuis plus de {days} jours");
    let failed = |count| counted(count, "poste à expliquer", "postes à expliquer");
    let help =
        "relancez ou réglez, lettrez (`lettrage`), reclassez en 409 ou 419 ; sinon justifiez";
    Checked::unless(evidence, sound, failed, help)
}
