use chrono::NaiveDate;

use super::facts::{Facts, Spent};
use super::work::{Event, EventKind, Work};
use crate::diagnostic::{Code, Finding, Span};

/// Nothing is verified before a project begins, or after it has failed; nothing is spent on it then.
pub(super) fn outside_lifetime(works: &[Work], facts: &Facts, findings: &mut Vec<Finding>) {
    for work in works {
        let verified = || {
            let found = |event: &&Event| matches!(event.kind, EventKind::Verified(..));
            work.events.iter().filter(found)
        };
        if let Some(begins) = work.begins {
            for event in verified().filter(|event| event.date < begins) {
                let message = format!("cette absorption précède le début de `{}`", work.id);
                findings.push(refused(message, event.at).related(
                    work.at,
                    format!("le projet commence le {}", begins.format("%d/%m/%Y")),
                ));
            }
        }
        let failure = work.events.iter().find(|event| matches!(event.kind, EventKind::Failed(_)));
        let Some(failure) = failure else { continue };
        let later = |day: NaiveDate| day > failure.date;
        let after = |what: &str, at: Span| {
            let message = format!("{what} vient après l’échec de `{}`", work.id);
            refused(message, at).related(failure.at, "il a échoué ici")
        };
        // What was verified before may still go back to the air.
        for event in verified().filter(|event| later(event.date)) {
            findings.push(after("cette absorption", event.at));
        }
        let spent = facts.spent.iter().filter(|spent| spent.project.as_deref() == Some(&work.id));
        // What comes back after a failure is no spending.
        let spends = |spent: &&Spent| later(spent.date) && spent.amount.is_sign_positive();
        for spent in spent.filter(spends) {
            findings.push(after("cette dépense", spent.at));
        }
    }
}

fn refused(message: String, at: Span) -> Finding {
    Finding::new(Code::ProjectLifetime, at, message)
        .label("hors de la vie du projet")
        .help("corrigez la date, retirez l’étiquette `projet`, ou ouvrez un autre projet")
}
