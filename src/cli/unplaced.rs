use std::collections::BTreeSet;

use super::host::Host;
use super::open::Opened;
use crate::diagnostic::Finding;
use crate::ledger::{Annual, View};
use crate::measure::FiscalYear;
use crate::statement::{Ask, Kind, statement};

/// Says at once which accounts of books just taken in keep a statement from being made: its form has no
/// row for them, or two.
pub(super) fn tell_unplaced(
    opened: &Opened,
    annual: &Annual,
    years: &[FiscalYear],
    host: &mut Host,
) {
    let wanted = &opened.dossier.form;
    let Some(form) = opened.forms.get(wanted) else { return };
    let mut told: BTreeSet<String> = BTreeSet::new();
    for year in years {
        for (kind, name) in [(Kind::Bilan, "bilan"), (Kind::Resultat, "resultat")] {
            let mut findings = Vec::new();
            statement(
                Ask {
                    books: &opened.books,
                    annual,
                    form,
                    kind,
                    year,
                    part: None,
                    view: View::Classic,
                    budget: None,
                },
                &mut findings,
            );
            for one in findings.iter().filter(|one| Finding::is_error(one)) {
                let words = format!("{} [{}]", one.message, one.code);
                if told.insert(words.clone()) {
                    host.say(&format!("`compta {name} {}` sera refusé : {words}\n", year.name));
                }
            }
        }
    }
    if !told.is_empty() {
        host.say("aide : ajoutez le préfixe du compte à une ligne de votre forme (`formes/`), ou rattachez le compte à un compte du plan\n");
    }
}
