use super::bench::Case;
use super::outcome::{Checked, Evidence, counted};
use crate::diagnostic::{Code, Finding};
use crate::measure::{Sum, euros};
use crate::statement::{Column, Form, Kind, Statement};

/// The form of the law, beside the books' own.
const LEGAL: &str = "anc-2018-06";

/// The forms held to account: the legal one, and the books' own when it has both statements.
fn forms<'a>(case: &Case<'a>) -> Vec<&'a Form> {
    let own = case.form(&case.bench.dossier.form).filter(|form| form.name != LEGAL);
    let both = |form: &&Form| form.has(Kind::Bilan) && form.has(Kind::Resultat);
    case.form(LEGAL).into_iter().chain(own).filter(both).collect()
}

/// E9: classes 6 and 7 give one result, that of the bilan and that of the compte de résultat, in the
/// legal form and in the books' own; what the forms declare equal is equal.
pub(super) fn result(case: &Case<'_>) -> Checked {
    let result = -case.sum(&["6", "7"]);
    let mut evidence = Vec::new();
    for form in forms(case) {
        for (kind, name) in [(Kind::Bilan, "bilan"), (Kind::Resultat, "compte de résultat")] {
            let (made, findings) = case.statement(form, kind);
            let uneven = findings.iter().filter(|one| one.code == Code::TotalsDiffer);
            evidence.extend(uneven.map(|one| Evidence::at(one.at, one.message.clone())));
            let shown = made.zip(form.result_key(kind)).and_then(|(made, key)| figure(&made, &key));
            if let Some(shown) = shown.filter(|shown| *shown != result.decimal()) {
                let words = format!(
                    "{}, {name} : {} au lieu de {}",
                    form.name,
                    euros(shown),
                    euros(result.decimal())
                );
                evidence.push(Evidence::words(words).of(result));
            }
        }
    }
    let sound = format!("résultat de {} partout", euros(result.decimal()));
    let failed = |count| counted(count, "résultat différent", "résultats différents");
    let help = "corrigez la forme : une ligne ou un préfixe manque à l’un des deux états";
    Checked::unless(evidence, sound, failed, help)
}

/// The figure of a row in the column of the year; a row that is not shown is nil.
fn figure(made: &Statement, key: &str) -> Option<rust_decimal::Decimal> {
    let Some((section, row)) = made.row(key) else { return Some(Sum::ZERO.decimal()) };
    let column = |column: &Column| matches!(column, Column::N | Column::Net);
    let at = section.columns.iter().position(column)?;
    row.cells.get(at).copied().flatten().map(|cell| cell.exact)
}

/// E10: every account with a balance falls in one row of each statement, of the legal form and of the
/// books' own (PCG art. 112-2); the column of the year before counts, since it is printed beside.
pub(super) fn coverage(case: &Case<'_>) -> Checked {
    let mut evidence = Vec::new();
    let forms = forms(case);
    for form in &forms {
        for kind in [Kind::Bilan, Kind::Resultat] {
            let misplaced = |one: &Finding| matches!(one.code, Code::NoRow | Code::TwoRows);
            for one in case.statement(form, kind).1.into_iter().filter(misplaced) {
                evidence.push(Evidence::at(one.at, format!("{} : {}", form.name, one.message)));
            }
        }
    }
    evidence.dedup();
    let names: Vec<&str> = forms.iter().map(|form| form.name.as_str()).collect();
    let sound = format!("chaque compte dans une ligne ({})", names.join(", "));
    let failed = |count| counted(count, "compte mal placé", "comptes mal placés");
    let help = "ajoutez son préfixe à une ligne de la forme, ou corrigez le compte";
    Checked::unless(evidence, sound, failed, help)
}
