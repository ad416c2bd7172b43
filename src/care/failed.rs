use chrono::NaiveDate;

use super::facts::Facts;
use super::work::{Event, EventKind, Work};
use crate::diagnostic::{Code, Finding, Span};

/// A project that has failed removes nothing more, and nothing is spent on it as preservation.
pub(super) fn after_failure(works: &[Work], facts: &Facts, findings: &mut Vec<Finding>) {
    for work in works {
        let failure = work.events.iter().find(|event| matches!(event.kind, EventKind::Failed(_)));
        let Some(failure) = failure else { continue };
        let later = |day: NaiveDate| day > failure.date;
        // What was verified before may still go back to the air.
        let found = |event: &&Event| matches!(event.kind, EventKind::Verified(..));
        for event in work.events.iter().filter(found).filter(|event| later(event.date)) {
            findings.push(refused(work, failure.at, event.at, "cette absorption"));
        }
        let spent = facts.spent.iter().filter(|spent| spent.project.as_deref() == Some(&work.id));
        for spent in spent.filter(|spent| later(spent.date)) {
            findings.push(refused(work, failure.at, spent.at, "cette dépense"));
        }
    }
}

fn refused(work: &Work, failure: Span, at: Span, what: &str) -> Finding {
    Finding::new(Code::FailedProject, at, format!("{what} vient après l’échec de `{}`", work.id))
        .label("le projet n’existe plus")
        .related(failure, "il a échoué ici")
        .help("retirez l’étiquette `projet`, corrigez la date, ou ouvrez un autre projet")
}
