use rust_decimal::Decimal;
use serde_json::Value;

use super::AuditFacts;
use crate::closing::controls::bench::Case;
use crate::closing::controls::outcome::{Control, Evidence, Outcome, counted};
use crate::measure::euros;
use crate::statement::Kind;

/// A5: the result of classes 6 and 7 is that of the statements of today, and of those that the closing
/// keeps.
pub(super) fn results(mut control: Control, case: &Case<'_>, facts: &AuditFacts<'_>) -> Control {
    let Some(sealed) = facts.sealed.as_ref().filter(|_| control.outcome == Outcome::Sound) else {
        return control;
    };
    let result = (-case.sum(&["6", "7"])).decimal();
    let (mut wrong, mut unread) = (Vec::new(), Vec::new());
    for (kind, path) in [(Kind::Bilan, "etats/bilan.json"), (Kind::Resultat, "etats/resultat.json")]
    {
        let place = format!("{}/{path}", sealed.name);
        let bytes = sealed.files.get(path);
        match bytes.and_then(|bytes| figure(case, kind, bytes)) {
            None => {
                unread
                    .push(Evidence::words(format!("{place} manque, ou ne donne pas de résultat")));
            }
            Some(shown) if shown != result => {
                let (shown, result) = (euros(shown), euros(result));
                wrong.push(Evidence::words(format!("{place} : {shown} au lieu de {result}")));
            }
            Some(_) => {}
        }
    }
    if !wrong.is_empty() {
        control.outcome = Outcome::Failed;
        control.proof = counted(
            wrong.len(),
            "état scellé d’un autre résultat",
            "états scellés d’un autre résultat",
        );
        "`compta verify` dit si l’état scellé ou les livres ont changé"
            .clone_into(&mut control.help);
        control.evidence = wrong;
    } else if !unread.is_empty() {
        let why = format!("{} ; les états scellés ne se comparent pas", control.proof);
        control.proof.clone_from(&why);
        control.outcome = Outcome::Unverified { why };
        "remettez `clotures/` depuis une copie".clone_into(&mut control.help);
        control.evidence = unread;
    } else {
        control.proof =
            format!("{}, et dans les états scellés (bilan.json, resultat.json)", control.proof);
    }
    control
}

/// The result that a sealed statement shows for its year.
fn figure(case: &Case<'_>, kind: Kind, bytes: &[u8]) -> Option<Decimal> {
    let sealed: Value = serde_json::from_slice(bytes).ok()?;
    let key = case.form(sealed["form"].as_str()?)?.result_key(kind)?;
    let rows = sealed["rows"].as_array()?;
    let row = rows.iter().find(|row| row["key"] == key.as_str())?;
    let amounts = &row["amounts"];
    let shown = amounts["n"].as_str().or_else(|| amounts["net"].as_str())?;
    shown.parse().ok()
}
