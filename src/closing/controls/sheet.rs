use super::outcome::{Control, Evidence, Outcome, counted};
use crate::assembly::{Cell, Column, Row, Sheet, Table};
use crate::diagnostic::SourceMap;
use crate::measure::Sum;
use crate::statement::{Genre, Note};

/// The controls as a table: one row each, what failed below.
///
/// For a screen, `most` keeps that many facts of each, and what to do comes below them.
pub fn sheet(controls: &[Control], year: &str, sources: &SourceMap, most: Option<usize>) -> Sheet {
    let mut rows = Vec::new();
    for control in controls {
        rows.push(row(control, sources));
        // On a screen, what someone has justified is not told again.
        let excused = matches!(control.outcome, Outcome::Justified { .. }) && most.is_some();
        let shown = if excused { 0 } else { most.unwrap_or(usize::MAX) };
        for (rank, fact) in control.evidence.iter().take(shown).enumerate() {
            rows.push(detail(control.code, rank + 1, fact, sources));
        }
        let left = control.evidence.len().saturating_sub(shown);
        if left > 0 && !excused {
            let others = counted(left, "autre", "autres");
            let key = format!("controles.{}.suite", control.code);
            let words = format!("… et {others} : `-O csv` les donne tous");
            rows.push(below(key, String::new(), words, None));
        }
        let help = to_do(control, sources);
        if most.is_some() && !help.is_empty() {
            let key = format!("controles.{}.que_faire", control.code);
            rows.push(below(key, String::new(), format!("→ {help}"), None));
        }
    }
    let table = Table {
        name: "controles".to_owned(),
        title: String::new(),
        head: "Contrôle".to_owned(),
        columns: vec![
            Column::words("etat", "État"),
            Column::words("preuve", "Preuve"),
            Column::words("que_faire", "Que faire").off_screen(),
            Column::figures("montant", "Montant").off_screen(),
        ],
        rows,
    };
    Sheet {
        name: "controles".to_owned(),
        year: year.to_owned(),
        title: format!("Contrôles avant la clôture {year}"),
        tables: vec![table],
        notes: vec![verdict(controls)],
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

fn row(control: &Control, sources: &SourceMap) -> Row {
    let help = to_do(control, sources);
    let words = |text: &str| Cell::Words(text.to_owned());
    let to_do = if help.is_empty() { Cell::Blank } else { words(&help) };
    let cells = vec![words(state(&control.outcome)), words(&control.proof), to_do, Cell::Blank];
    let label = format!("{} {}", control.code, control.title);
    Row::line(format!("controles.{}", control.code), label, cells)
}

fn detail(code: &str, rank: usize, fact: &Evidence, sources: &SourceMap) -> Row {
    let place = fact.at.map_or_else(String::new, |at| sources.place(at).to_string());
    below(format!("controles.{code}.{rank}"), place, fact.words.clone(), fact.amount)
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
