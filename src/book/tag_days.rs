use memchr::memmem;

use super::batch::Batch;
use crate::diagnostic::{Code, Finding, SourceId, SourceMap, Span};
use crate::journal::tree::Word;
use crate::journal::{comments, tags};

/// The tags whose value is a day: of matching, validation, origin, vote, and the one a FEC had.
const DAYS: [&str; 5] = ["datelet", "valide", "origine", "vote", "jour"];

/// Tags whose value is a day, and does not read as one: everything else would pass them over in silence.
///
/// An empty value says nothing, and is none.
pub(super) fn tag_days(
    map: &SourceMap,
    journals: &[SourceId],
    batches: &[Batch],
    findings: &mut Vec<Finding>,
) {
    // Entries are read again only where the bytes may hold such a value.
    if !journals.iter().any(|id| may_hold(map.get(*id).bytes())) {
        return;
    }
    for entry in batches.iter().filter(|batch| batch.derived.is_none()).flat_map(|b| &b.entries) {
        let text = map.text(Span::new(entry.start, entry.end));
        for (name, value) in comments(Word { text, at: entry.start }).flat_map(tags) {
            if !DAYS.contains(&name.text) || is_day(value.text) || value.text.is_empty() {
                continue;
            }
            let message = format!("`{}` ne porte pas une date : `{}`", name.text, value.text);
            findings.push(
                Finding::new(Code::TagDay, value.span(), message)
                    .label("aucun jour")
                    .help(format!("écrivez `{}: 2024-12-31`, ou retirez l’étiquette", name.text)),
            );
        }
    }
}

fn is_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<chrono::NaiveDate>().is_ok()
}

/// Whether one of the names is followed by something else than a day, in a comment or elsewhere.
fn may_hold(bytes: &[u8]) -> bool {
    DAYS.iter().any(|name| {
        let tag = format!("{name}:");
        let mut found = memmem::find_iter(bytes, tag.as_bytes());
        found.any(|at| {
            let rest = &bytes[at + tag.len()..];
            let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r' | b','));
            let value = rest[..end.unwrap_or(rest.len())].trim_ascii();
            !value.is_empty() && !std::str::from_utf8(value).is_ok_and(is_day)
        })
    })
}
