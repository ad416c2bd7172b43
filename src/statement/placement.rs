use super::evaluate::{Basis, evaluate_place};
use super::form::{Form, Genre, Kind};
use crate::book::{AccountId, Books};
use crate::chart::Edition;
use crate::ledger::{Ledger, View};
use crate::measure::FiscalYear;

/// The row that an account feeds.
#[derive(Clone, Debug)]
pub struct Placement {
    /// The account.
    pub account: AccountId,
    /// The key of the row: `resultat.charges.60_achat_de_prestations`.
    pub key: String,
    /// Its label.
    pub label: String,
    /// The section of the row: `charges`, `produits`.
    pub section: &'static str,
    /// Whether a debit is positive in it.
    pub debit: bool,
}

/// The row of every account of book F, those that a year left at nil included, so that what an axis
/// did on them has its row too. Rows shown beside the others (memo) are left out.
pub fn placements(
    form: &Form,
    kind: Kind,
    books: &Books,
    ledger: &Ledger,
    year: &FiscalYear,
) -> Vec<Placement> {
    let Some(layout) = form.layout(kind) else {
        return Vec::new();
    };
    let edition = Edition::of_year_opened(year.period.first);
    let basis = Basis { ledger, edition, view: View::Classic };
    let mut made = Vec::new();
    for id in books.accounts().sorted() {
        if books.accounts().get(id).is_activity() {
            continue;
        }
        // What falls nowhere was told when the statement was made.
        let Some((section, row)) = evaluate_place(layout, basis, books, id) else {
            continue;
        };
        let form_row = &layout.sections[section].rows[row];
        if form_row.genre == Genre::Memo {
            continue;
        }
        let section = layout.sections[section].name;
        made.push(Placement {
            account: id,
            key: format!("{}.{section}.{}", kind.name(), form_row.key),
            label: form_row.label.clone(),
            section,
            debit: form_row.debit,
        });
    }
    made
}
