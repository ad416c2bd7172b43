use std::fmt::Display;

use super::{FORMAT, Seal};
use crate::closing::chain::Hash;

/// What stands for nothing in a field of a seal.
pub(super) const NOTHING: &str = "-";

impl Seal {
    /// The text of `sceau.txt`: its SHA-256 is the root.
    ///
    /// A line is fields between tabs, and ends with the first eight digits of the SHA-256 of what
    /// stands before the last tab: that proves nothing, and names the line that a disk damaged.
    pub fn text(&self) -> String {
        let mut lines = Lines(format!("{FORMAT}\n"));
        lines.add(&[&"outil", &field(&self.tool)]);
        lines.add(&[&"entite", &field(&self.entity)]);
        lines.add(&[&"siren", &field(&self.siren)]);
        lines.add(&[&"exercice", &field(&self.year)]);
        lines.add(&[&"du", &self.period.first]);
        lines.add(&[&"au", &self.period.last]);
        lines.add(&[&"nature", &self.kind.name()]);
        lines.add(&[&"cloture", &self.day]);
        lines.add(&[&"etat", &self.state.name()]);
        lines.add(&[&"precedent", &self.previous]);
        lines.add(&[&"ecritures", &self.entries.len()]);
        lines.add(&[&"lignes", &self.postings()]);
        for total in &self.totals {
            let unit = field(&total.unit);
            lines.add(&[
                &"total",
                &total.book,
                &unit,
                &total.postings,
                &total.debit,
                &total.credit,
            ]);
        }
        for run in &self.numbers {
            let [journal, first, last] = [&run.journal, &run.first, &run.last].map(|f| field(f));
            lines.add(&[&"numeros", &journal, &run.count, &first, &last]);
        }
        for source in &self.sources {
            let kind = source.kind.name();
            lines.add(&[&"source", &kind, &source.length, &source.hash, &field(&source.path)]);
        }
        for piece in &self.texts {
            lines.add(&[&"texte", &piece.text, &field(&piece.source), &piece.line]);
        }
        for (rank, entry) in self.entries.iter().enumerate() {
            let (source, line) = match &entry.place {
                Some((source, line)) => (source.as_str(), *line),
                None => ("", 0),
            };
            lines.add(&[
                &"ecriture",
                &(rank + 1),
                &entry.chain,
                &entry.content,
                &entry.text,
                &entry.date,
                &field(&entry.code),
                &field(source),
                &line,
            ]);
        }
        let count = lines.0.bytes().filter(|byte| *byte == b'\n').count() + 1;
        lines.add(&[&"fin", &count]);
        lines.0
    }

    /// How many lines all books have.
    pub(super) fn postings(&self) -> usize {
        self.totals.iter().map(|total| total.postings).sum()
    }
}

/// The lines of a seal being written.
struct Lines(String);

impl Lines {
    fn add(&mut self, fields: &[&dyn Display]) {
        let start = self.0.len();
        for (rank, field) in fields.iter().enumerate() {
            if rank > 0 {
                self.0.push('\t');
            }
            self.0.push_str(&field.to_string());
        }
        let check = check(&self.0.as_bytes()[start..]);
        self.0.push('\t');
        self.0.extend(check.map(char::from));
        self.0.push('\n');
    }
}

/// The check that ends a line.
pub(super) fn check(line: &[u8]) -> [u8; 8] {
    Hash::of(line).short()
}

/// A value as a field: `-` for nothing; a hyphen alone, a tab or a backslash is escaped.
fn field(value: &str) -> String {
    if value.is_empty() {
        return NOTHING.to_owned();
    }
    if value == NOTHING {
        return "\\-".to_owned();
    }
    value.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
}

/// The value of a field.
pub(super) fn value(field: &str) -> Option<String> {
    if field == NOTHING {
        return Some(String::new());
    }
    if !field.contains('\\') {
        return Some(field.to_owned());
    }
    let mut value = String::new();
    let mut chars = field.chars();
    while let Some(c) = chars.next() {
        value.push(match c {
            '\\' => match chars.next()? {
                '\\' => '\\',
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                '-' => '-',
                _ => return None,
            },
            c => c,
        });
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_value_is_one_field() {
        for text in ["", "-", "\\-", "a b", "a\tb", "\\t", "--", "é\\", "a\r\nb"] {
            let written = field(text);
            assert!(!written.is_empty() && !written.contains(['\t', '\n', '\r']), "{text:?}");
            assert_eq!(value(&written).as_deref(), Some(text));
        }
        assert_eq!(value("\\x"), None);
    }
}
