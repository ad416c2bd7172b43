use rust_decimal::Decimal;

use super::Heading;
use crate::register::PublishedValue;
use crate::render::document::{Cell, Column, Document, Remark, Row, Table};
use crate::statement::published::{Comparison, Line, Verdict};

/// Published figures beside the books: every one, or only those that need a word.
pub fn comparison_document(made: &Comparison, heading: &Heading, every: bool) -> Document {
    let mut facts = heading.facts();
    let counts: Vec<String> =
        Verdict::ALL.iter().map(|verdict| verdict.counted(made.count(*verdict))).collect();
    facts.extend([
        ("identique", made.count(Verdict::Identical).to_string()),
        ("arrondi", made.count(Verdict::Rounded).to_string()),
        ("explique", made.count(Verdict::Explained).to_string()),
        ("ecart", made.count(Verdict::Gap).to_string()),
    ]);
    let speaks =
        |line: &&Line| every || line.verdict != Verdict::Identical || !line.reasons.is_empty();
    let shown: Vec<&Line> = made.lines.iter().filter(speaks).collect();
    let remark = |line: &&Line| {
        line.reasons
            .iter()
            .map(|reason| Remark {
                code: None,
                severity: "note",
                key: line.key.clone(),
                text: format!(
                    "{} {} : {} : {}",
                    line.key,
                    line.column,
                    reason.rule.name(),
                    reason.text
                ),
            })
            .collect::<Vec<Remark>>()
    };
    Document {
        schema: "compta/contre/1".to_owned(),
        facts,
        title: format!("Chiffres publiés et livres {}", heading.period),
        subtitle: heading.subtitle(&counts.join(", ")),
        remarks: shown.iter().flat_map(remark).collect(),
        tables: vec![Table {
            name: "contre".to_owned(),
            title: String::new(),
            columns: vec![
                Column::words("cle", "Ligne"),
                Column::words("colonne", "Colonne"),
                Column::words("statut", "Statut").off_screen(),
                Column::numbers("publie", "Publié"),
                Column::numbers("livres", "Livres"),
                Column::numbers("ecart", "Écart"),
                Column::words("verdict", "Verdict"),
                Column::words("raison", "Raison"),
            ],
            rows: shown.iter().map(|line| row(line)).collect(),
            keyed: false,
        }],
        facing: false,
    }
}

fn row(line: &Line) -> Row {
    let figure = |exact: Decimal, shown: Decimal, decimals: u32| Cell::Amount {
        exact,
        shown,
        decimals,
        brackets: false,
    };
    let published = match &line.published {
        PublishedValue::Amount { value, decimals } => figure(*value, *value, *decimals),
        PublishedValue::Words(words) => Cell::Text(words.clone()),
    };
    // A nil gap is told by its verdict.
    let gap = line.gap.filter(|_| line.verdict != Verdict::Identical);
    let reasons: Vec<&str> = line.reasons.iter().map(|reason| reason.rule.name()).collect();
    Row {
        role: "line",
        cells: vec![
            Cell::Text(line.key.clone()),
            Cell::Text(line.column.clone()),
            Cell::Text(line.status.word().to_owned()),
            published,
            line.exact.map_or(Cell::Empty, Cell::cents),
            gap.map_or(Cell::Empty, |gap| figure(gap, gap, 2)),
            Cell::Text(line.verdict.word().to_owned()),
            Cell::Text(reasons.join(" ; ")),
        ],
        ..Row::default()
    }
}

/// What a table of figures says in one sentence, for the end of a run.
pub fn comparison_words(made: &Comparison) -> String {
    let told: Vec<String> =
        Verdict::ALL.iter().map(|verdict| verdict.counted(made.count(*verdict))).collect();
    let totals = match made.false_totals() {
        0 => String::new(),
        1 => " ; 1 total publié contredit ses parties".to_owned(),
        more => format!(" ; {more} totaux publiés contredisent leurs parties"),
    };
    told.join(", ") + &totals
}
