use crate::diagnostic::{Code, Finding};
use crate::register::{Registers, Spanned, Taken};
use crate::statement::{Forms, Kind};

/// The form whose lines a financial report takes.
pub const REPORT_FORM: &str = "cerfa-12156";

/// Every row of a statement that a register names is in its form: that of the books for the summary,
/// that of grants for the budgets of conventions.
pub fn unknown_rows(registers: &Registers, forms: &Forms, own: &str, findings: &mut Vec<Finding>) {
    let form = |name: &str| forms.get(name);
    if let (Some(lines), Some(form)) = (&registers.summary, form(own)) {
        let keys: Vec<String> = form.row_keys().collect();
        let named = lines.iter().filter_map(|line| match &line.taken {
            Taken::Row(row) => Some(row),
            Taken::Accounts(_) => None,
        });
        named.for_each(|row| findings.extend(unknown(row, &keys, own)));
    }
    if let (Some(conventions), Some(form)) = (&registers.conventions, form(REPORT_FORM)) {
        let keys: Vec<String> =
            form.lines(Kind::Resultat).map(|(_, key, _)| key.to_owned()).collect();
        let planned = conventions.list.iter().flat_map(|known| &known.planned);
        planned.for_each(|line| findings.extend(unknown(&line.row, &keys, REPORT_FORM)));
    }
}

/// The finding of a row that is not among those of a form; an empty name was told when it was read.
fn unknown(row: &Spanned<String>, keys: &[String], form: &str) -> Option<Finding> {
    if row.value.is_empty() || keys.contains(&row.value) {
        return None;
    }
    let distance = |key: &&String| (strsim::osa_distance(key, &row.value), (*key).clone());
    let near = keys.iter().min_by_key(distance);
    let help = near.map_or_else(String::new, |key| format!("la plus proche est `{key}`"));
    Some(
        Finding::new(
            Code::UnknownStatementRow,
            row.at,
            format!("ligne inconnue : `{}`", row.value),
        )
        .label(format!("aucune ligne de la forme {form}"))
        .help(help),
    )
}
