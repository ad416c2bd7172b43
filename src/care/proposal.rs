use rust_decimal::Decimal;

use super::derived::euros;
use super::kept::Kept;
use super::provision;
use crate::book::{Account, Books};
use crate::journal::posting_line;
use crate::journal::tree::Wrap;
use crate::measure::{FiscalYear, Number, Sum};
use crate::register::{CLIMATE, CarePolicy, Selector};

/// The entry of book F that would bring the carbon provision to the open recoverable debt.
///
/// Proposed, never written: the amount of account 158 is decided in book F (PCG art. 321-1).
/// `provision` is what stands there at the closing, in euros. `None` when the policy names no
/// account for it.
pub fn proposal(
    books: &Books,
    policy: &CarePolicy,
    kept: &Kept,
    year: &FiscalYear,
    provision: Decimal,
) -> Option<String> {
    let closing = year.period.last;
    let accounts = provision::in_force(books, policy, closing)?;
    let owed = kept.year(year).map_or(Decimal::ZERO, |kept| kept.recoverable(policy, CLIMATE));
    let gap = owed - provision;
    let mut text = format!(
        "; Dette recouvrable ouverte au {} : {}\n; Provision carbone des comptes classiques : {}\n",
        closing.format("%d/%m/%Y"),
        euros(owed),
        euros(provision)
    );
    if gap.is_zero() {
        text.push_str("; Égales : rien à proposer.\n");
        return Some(text);
    }
    if policy.pledge.is_none() {
        text.push_str(
            "; Sans engagement public, pas de provision (PCG art. 321-1) : l’écart reste dans le livre CARE.\n",
        );
        return Some(text);
    }
    let (word, facing) = if gap.is_sign_negative() {
        ("Reprise", &accounts.reversal)
    } else {
        ("Dotation", &accounts.charge)
    };
    text.push_str("; À décider, puis à recopier dans vos journaux : compta ne l’écrit pas.\n\n");
    text.push_str(&format!(
        "{closing} * (OD-0000) {word} pour dette carbone  ; piece: à compléter\n"
    ));
    for (select, amount) in [(facing, gap), (&accounts.provision, -gap)] {
        let amount = Some((Number::exact(amount), "€"));
        text.push_str(&posting_line(Wrap::Real, &account(books, select, year), amount));
        text.push('\n');
    }
    Some(text)
}

/// The first account in use that a selector takes, under its label; else its own first prefix.
fn account(books: &Books, select: &Selector, year: &FiscalYear) -> String {
    let accounts = books.accounts();
    let used = accounts
        .sorted()
        .into_iter()
        .map(|id| accounts.get(id))
        .find(|account| select.reach(&account.number, Sum::ZERO).is_some());
    let edition = books.edition(year.period.last);
    let labelled = || {
        let prefix = select.first().unwrap_or_default();
        accounts.name(prefix, None, edition).unwrap_or_else(|| prefix.to_owned())
    };
    used.map_or_else(labelled, Account::written)
}
