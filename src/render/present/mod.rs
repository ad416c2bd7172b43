//! Words, order and signs for the reader: from what is shown to a document.

mod against;
mod assembly;
mod charts;
mod diff;
mod entries;
mod fec;
mod leads;
mod ledgers;
mod lists;
mod matching;
mod population;
mod sample;
mod statements;
mod tiers;

use super::document::Remark;
use crate::diagnostic::{Code, Severity};
use crate::ledger::View;
use crate::statement::Note;

pub use against::{comparison_document, comparison_words};
pub use assembly::sheet_document;
pub use charts::charts;
pub use diff::{diff_document, diff_json};
pub use entries::entries_document;
pub use fec::{FecFacts, fec_concordance, fec_description};
pub use leads::leads_document;
pub use ledgers::{grand_livre_list, journal_list};
pub use lists::{balance_beside_document, balance_document, chart_document, trace_document};
pub use matching::{MatchingShown, matching_document};
pub use population::{AskedPopulation, population_document, population_lines_document};
pub use sample::sample_document;
pub use statements::{budget_document, statement_document};
pub use tiers::{aged_document, open_items_document, subsidiary_document};

/// What stands above a document: whose books, which period, which ledger.
#[derive(Clone, Debug)]
pub struct Heading {
    /// The entity's name.
    pub entity: String,
    /// The fiscal year or period, as typed.
    pub period: String,
    /// The ledger shown.
    pub view: View,
    /// The state of the year: `exercice ouvert`.
    pub state: String,
}

impl Heading {
    fn facts(&self) -> Vec<(&'static str, String)> {
        vec![("book", self.view.name().to_owned()), ("year", self.period.clone())]
    }

    fn subtitle(&self, more: &str) -> Vec<String> {
        let parts = [self.entity.as_str(), self.state.as_str(), more];
        let shown: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        if shown.is_empty() { Vec::new() } else { vec![shown.join(" – ")] }
    }
}

fn remark(note: &Note) -> Remark {
    let severity = match note.code.map(Code::severity) {
        Some(Severity::Error) => "erreur",
        Some(Severity::Warning) => "avertissement",
        None => "note",
    };
    Remark {
        code: note.code.map(Code::text),
        severity,
        key: note.key.clone(),
        text: note.text.clone(),
    }
}
