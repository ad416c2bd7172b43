use chrono::NaiveDate;

use crate::closing::controls::bench::Case;
use crate::diagnostic::{Finding, Span};

/// When something that leaves an entry unread takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// In an entry of the year.
    Within,
    /// In an entry of another year, or in a budget, which holds no entry.
    Elsewhere,
    /// Nobody can tell: a declaration, an inclusion, a date that does not read.
    Unknown,
}

/// When the entry of a finding takes place. The entry itself is not in the books: its text is asked.
pub(super) fn when(case: &Case<'_>, one: &Finding) -> When {
    let source = case.books().sources().source_of(one.at);
    if !case.books().is_journal(source) {
        return When::Unknown;
    }
    let head = head(source.bytes(), source.base(), one.at);
    if head.first() == Some(&b'~') {
        return When::Elsewhere;
    }
    match day(head) {
        Some(day) if case.period().contains(day) => When::Within,
        Some(_) => When::Elsewhere,
        None => When::Unknown,
    }
}

/// The line at the margin above a place, or its own.
fn head(bytes: &[u8], base: u32, at: Span) -> &[u8] {
    let mut end = usize::try_from(at.start.saturating_sub(base)).unwrap_or(0).min(bytes.len());
    loop {
        let start = memchr::memrchr(b'\n', &bytes[..end]).map_or(0, |newline| newline + 1);
        let line = &bytes[start..];
        if start == 0 || !matches!(line.first(), Some(b' ' | b'\t')) {
            return line;
        }
        end = start - 1;
    }
}

fn day(head: &[u8]) -> Option<NaiveDate> {
    let text = std::str::from_utf8(head.get(..10)?).ok()?;
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_of_the_day_at_its_margin() {
        let text =
            "decimal-mark ,\n\n2024-03-12 * Un\n    512  1,00 €\n\t74  2,00 €\n\n2025-01-01 *\n";
        let at = |word: &str| {
            let start =
                text.find(word).and_then(|at| u32::try_from(at).ok()).unwrap_or_default() + 7;
            day(head(text.as_bytes(), 7, Span::new(start, start + 1)))
        };
        let expected = NaiveDate::from_ymd_opt(2024, 3, 12);
        assert_eq!((at("512"), at("2,00"), at("2024")), (expected, expected, expected));
        assert_eq!(at("2025-01"), NaiveDate::from_ymd_opt(2025, 1, 1));
        assert_eq!(at("decimal"), None);
    }
}
