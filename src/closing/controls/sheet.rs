use super::outcome::{Control, Evidence, Outcome, counted};
use crate::assembly::{Cell, Column, Row, Sheet, Table};
use crate::diagnostic::SourceMap;
use crate::measure::Sum;
use crate::statement::{Genre, Note};

/// The controls as a table: one row each, what failed below.
///
/// For a screen, `most` keeps that many facts of each, and what to do comes below them.
pub fn sheet(controls: &[Control], year: &str, sources: &SourceMap, most: Option<usize>) -> Sheet {
    let title = format!("Contrôles avant la clôture {year}");
    let table = table(controls, ("controles", "Contrôle"), sources, most);
    drawn(table, year, title, verdict(controls))
}

/// The proofs of an audit as the same table.
pub fn audit_sheet(
    proofs: &[Control],
    year: &str,
    sources: &SourceMap,
    most: Option<usize>,
) -> Sheet {
    let title = format!("Dix preuves d’audit, exercice {year}");
    let table = table(proofs, ("audit", "Preuve"), sources, most);
    let count = |fits: fn(&Outcome) -> bool| proofs.iter().filter(|one| fits(&one.outcome)).count();
    let failed = count(|outcome| *outcome == Outcome::Failed);
    let unverified = count(|outcome| matches!(outcome, Outcome::Unverified { .. }));
    let held = proofs.len() - failed - unverified;
    let mut parts = vec![counted(held, "preuve tient", "preuves tiennent")];
    if failed > 0 {
        parts.push(counted(failed, "preuve manque (KO)", "preuves manquent (KO)"));
    }
    if unverified > 0 {
        parts.push(counted(unverified, "n’est pas vérifiée", "ne sont pas vérifiées"));
    }
    let note = Note { code: None, key: "audit".to_owned(), text: parts.join(", ") };
    drawn(table, year, title, note)
}

fn drawn(table: Table, year: &str, title: String, note: Note) -> Sheet {
    let (name, year) = (table.name.clone(), year.to_owned());
    Sheet { name, year, title, tables: vec![table], notes: vec![note] }
}

fn table(
    controls: &[Control],
    (name, head): (&str, &str),
    sources: &SourceMap,
    most: Option<usize>,
) -> Table {
    let mut rows = Vec::new();
    for control in controls {
        let key = format!("{name}.{}", control.code);
        rows.push(row(&key, control, sources));
        // On a screen, what someone has justified is not told again.
        let excused = matches!(control.outcome, Outcome::Justified { .. }) && most.is_some();
        let shown = if excused { 0 } else { most.unwrap_or(usize::MAX) };
        for (rank, fact) in control.evidence.iter().take(shown).enumerate() {
            rows.push(detail(&key, rank + 1, fact, sources));
        }
        let left = control.evidence.len().saturating_sub(shown);
        if left > 0 && !excused {
            let others = counted(left, "autre", "autres");
            let words = format!("… et {others} : `-O csv` les donne tous");
            rows.push(below(format!("{key}.suite"), String::new(), words, None));
        }
        let help = to_do(control, sources);
        if most.is_some() && !help.is_empty() {
            rows.push(below(format!("{key}.que_faire"), String::new(), format!("→ {help}"), None));
        }
    }
    Table {
        name: name.to_owned(),
        title: String::new(),
        head: head.to_owned(),
        columns: vec![
            Column::words("etat", "État"),
            Column::words("preuve", if name == "audit" { "Éléments" } else { "Preuve" }),
            Column::words("que_faire", "Que faire").off_screen(),
            Column::figures("montant", "Montant").off_screen(),
        ],
        rows,
    }
}

fn state(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Sound => "OK",
        Outcome::Failed => "KO",
        Outcome::Justified { .. } => "justifié",
        Outcome::Unverified { .. } => "non vérifié",
    }
}

/// What to do, or why nothing is.
fn to_do(control: &Control, sources: &SourceMap) -> String {
    match &control.outcome {
        Outcome::Justified { reason, at } => format!("{reason} ({})", sources.place(*at)),
        Outcome::Sound => String::new(),
        Outcome::Failed | Outcome::Unverified { .. } => control.help.clone(),
    }
}

fn row(key: &str, control: &Control, sources: &SourceMap) -> Row {
    let help = to_do(control, sources);
    let words = |text: &str| Cell::Words(text.to_owned());
    let to_do = if help.is_empty() { Cell::Blank } else { words(&help) };
    let cells = vec![words(state(&control.outcome)), words(&control.proof), to_do, Cell::Blank];
    let label = format!("{} {}", control.code, control.title);
    Row::line(key, label, cells)
}

fn detail(key: &str, rank: usize, fact: &Evidence, sources: &SourceMap) -> Row {
    let place = fact.at.map_or_else(String::new, |at| sources.place(at).to_string());
    below(format!("{key}.{rank}"), place, fact.words.clone(), fact.amount)
}

fn below(key: String, label: String, words: String, amount: Option<Sum>) -> Row {
    let amount = amount.map_or(Cell::Blank, |sum| Cell::cents(sum.decimal()));
    let cells = vec![Cell::Blank, Cell::Words(words), Cell::Blank, amount];
    Row::line(key, label, cells).of(Genre::Detail).under()
}

/// What the controls say together.
fn verdict(controls: &[Control]) -> Note {
    let count = |fits: fn(&Control) -> bool| controls.iter().filter(|one| fits(one)).count();
    let (blocking, waiting) = (count(Control::blocks), count(Control::awaits_justification));
    let unverified = count(|one| matches!(one.outcome, Outcome::Unverified { .. }));
    let mut parts = Vec::new();
    if blocking > 0 {
        parts.push(counted(
            blocking,
            "contrôle bloque la clôture",
            "contrôles bloquent la clôture",
        ));
    }
    if waiting > 0 {
        parts.push(counted(waiting, "attend une justification", "attendent une justification"));
    }
    if unverified > 0 {
        parts.push(counted(unverified, "n’est pas vérifié", "ne sont pas vérifiés"));
    }
    let text = if parts.is_empty() {
        "chaque contrôle passe ou est justifié".to_owned()
    } else {
        format!("{} (E bloque, W se justifie dans `controles.toml`)", parts.join(", "))
    };
    Note { code: None, key: "controles".to_owned(), text }
}
