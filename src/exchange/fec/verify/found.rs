use std::ops::Range;

use super::Class;
use crate::diagnostic::Code;
use crate::exchange::fec::ear::in_short;
use crate::exchange::fec::{Column, Ear, Heard};

/// Which rule speaks, of which field, of what kind: what is counted together.
pub type Rule = (Code, Option<Column>, &'static str);

/// One place where a rule speaks: sixteen bytes, for there may be a million.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occurrence {
    /// The line of the file, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
    /// The rank of its group.
    pub group: u16,
    /// The rank of its message from 1, when it was kept; 0 else.
    message: u32,
}

/// What a rule says of a file.
#[derive(Clone, Debug)]
pub struct Group {
    /// The code.
    pub code: Code,
    /// The field.
    pub column: Option<Column>,
    /// The kind.
    pub kind: &'static str,
    /// How the official tester would file it.
    pub class: Class,
    /// How often it speaks.
    pub count: u64,
    /// The first lines where it does.
    pub lines: Vec<u64>,
    /// What it says of the first, or of all.
    pub message: String,
    /// The line that is shown.
    pub line: u64,
    /// Its text; `None` when it has to be read again.
    pub text: Option<String>,
    /// What is wrong in that text, in bytes.
    pub range: Range<usize>,
}

/// How many occurrences of a rule have their own words.
const WORDED: u64 = 20;
/// How many lines of a rule are listed.
const LISTED: usize = 60;
/// How many occurrences are kept.
const KEPT: usize = 1_000_000;
/// How much of a line is kept to be shown.
const SHOWN: usize = 8192;

/// Everything that was found in a file.
#[derive(Debug, Default)]
pub struct Found {
    /// By rule, in the order in which they first spoke.
    pub groups: Vec<Group>,
    occurrences: Vec<Occurrence>,
    messages: Vec<String>,
    /// How many occurrences were counted and not kept.
    pub dropped: u64,
    /// The last line whose debit or credit could not be read.
    pub(super) amount_unread: u64,
    /// How many lines had not their fields.
    pub(super) unread: u64,
    /// Journal and number of those lines, as far as they can be told.
    pub(super) unsure: Vec<(String, String)>,
    /// What separates fields, and where journal and number stand.
    pub(super) layout: Option<(char, usize, usize)>,
}

impl Found {
    fn rank(&self, (code, column, kind): Rule) -> Option<usize> {
        self.groups
            .iter()
            .position(|group| group.code == code && group.column == column && group.kind == kind)
    }

    /// The group of a rule, made when it is new.
    fn group(&mut self, rule: Rule) -> usize {
        self.rank(rule).unwrap_or_else(|| {
            let (code, column, kind) = rule;
            self.groups.push(Group {
                code,
                column,
                kind,
                class: Class::of(code, kind),
                count: 0,
                lines: Vec::new(),
                message: String::new(),
                line: u64::MAX,
                text: None,
                range: 0..0,
            });
            self.groups.len() - 1
        })
    }

    /// Says something of a line that is no longer at hand.
    pub(super) fn tell(
        &mut self,
        rule: Rule,
        (line, column): (u64, u32),
        message: impl FnOnce() -> String,
    ) {
        let rank = self.group(rule);
        let first = line < self.groups[rank].line;
        let message = if first || self.groups[rank].count < WORDED {
            in_short(message())
        } else {
            String::new()
        };
        if first {
            let group = &mut self.groups[rank];
            (group.line, group.text, group.range) = (line, None, 0..0);
            group.message.clone_from(&message);
        }
        self.count(rank, (line, column), message);
    }

    /// Says something of every occurrence of a rule, instead of what was said of the first.
    pub(super) fn sum_up(&mut self, rule: Rule, message: String) {
        if let Some(rank) = self.rank(rule) {
            self.groups[rank].message = message;
        }
    }

    fn count(&mut self, rank: usize, (line, column): (u64, u32), message: String) {
        let group = &mut self.groups[rank];
        group.count += 1;
        if group.lines.len() < LISTED && group.lines.last() != Some(&line) {
            group.lines.push(line);
        }
        if self.occurrences.len() == KEPT {
            self.dropped += 1;
            return;
        }
        let mut kept = 0;
        if !message.is_empty() {
            self.messages.push(message);
            kept = u32::try_from(self.messages.len()).unwrap_or(0);
        }
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let group = u16::try_from(rank).unwrap_or(u16::MAX);
        self.occurrences.push(Occurrence { line, column, group, message: kept });
    }

    /// Whether some rule of that code spoke.
    pub fn has(&self, code: Code) -> bool {
        self.groups.iter().any(|group| group.code == code)
    }

    /// How many occurrences there are of a class.
    pub fn of_class(&self, class: Class) -> u64 {
        self.groups.iter().filter(|group| group.class == class).map(|group| group.count).sum()
    }

    /// Every place that was kept, by line.
    pub fn occurrences(&self) -> &[Occurrence] {
        &self.occurrences
    }

    /// What is said at a place, when it was kept.
    pub fn message(&self, occurrence: &Occurrence) -> Option<&str> {
        let rank = (occurrence.message as usize).checked_sub(1)?;
        self.messages.get(rank).map(String::as_str)
    }

    /// Puts places and lines in order, once everything was heard.
    pub(super) fn settle(&mut self) {
        self.occurrences.sort_unstable();
        for group in &mut self.groups {
            group.lines.sort_unstable();
            group.lines.dedup();
        }
    }

    /// Remembers of which entry a line is that had not its fields.
    fn miscounted(&mut self, text: &str) {
        self.unread += 1;
        let Some((separator, journal, number)) = self.layout.filter(|_| self.unsure.len() < 1000)
        else {
            return;
        };
        let cell = |place| text.split(separator).nth(place).unwrap_or_default().trim().to_owned();
        self.unsure.push((cell(journal), cell(number)));
    }
}

impl Ear for Found {
    fn wants(&self, code: Code, column: Option<Column>, kind: &'static str) -> bool {
        self.rank((code, column, kind)).is_none_or(|rank| self.groups[rank].count < WORDED)
    }

    fn hear(&mut self, heard: Heard<'_>) {
        match (heard.code, heard.column) {
            (Code::FecAmount, Some(Column::Debit | Column::Credit)) => {
                self.amount_unread = heard.line;
            }
            (Code::FecFields, _) => self.miscounted(heard.text),
            _ => {}
        }
        let rank = self.group((heard.code, heard.column, heard.kind));
        let column = column(heard.text, heard.range.start);
        let group = &mut self.groups[rank];
        if heard.line < group.line {
            let mut end = heard.text.len().min(SHOWN);
            while !heard.text.is_char_boundary(end) {
                end -= 1;
            }
            group.line = heard.line;
            group.text = Some(heard.text[..end].to_owned());
            group.range = marked(heard.text, &heard.range, end);
            group.message.clone_from(&heard.message);
        }
        self.count(rank, (heard.line, column), heard.message);
    }
}

/// What is marked of a line of which so many bytes are kept: of a whole line, its first field.
fn marked(text: &str, range: &Range<usize>, kept: usize) -> Range<usize> {
    let whole = *range == (0..text.len());
    let first = text.find(['\t', '|', ';', ',']).filter(|_| whole);
    range.start.min(kept)..first.unwrap_or(range.end).min(kept)
}

/// The column of a byte of a line, from 1, in characters.
pub(super) fn column(text: &str, at: usize) -> u32 {
    let before = text.get(..at).unwrap_or_default();
    u32::try_from(before.chars().count() + 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Rule = (Code::FecAmount, None, "essai");

    /// The first twenty have their own words, and so has one that stands before all of them; the first
    /// sixty lines are listed, once each.
    #[test]
    fn what_is_told_again_and_again_is_counted() {
        let mut found = Found::default();
        let said = |line: u64| move || format!("ligne {line}");
        for line in 100..=200 {
            found.tell(RULE, (line, 1), said(line));
            found.tell(RULE, (line, 9), said(line));
        }
        found.tell(RULE, (150, 1), said(150));
        found.tell(RULE, (50, 1), said(50));
        let group = &found.groups[0];
        assert_eq!((group.count, group.line, group.message.as_str()), (204, 50, "ligne 50"));
        assert_eq!(group.lines, (100..160).collect::<Vec<u64>>());
        let worded = found.occurrences().iter().filter_map(|one| found.message(one));
        let ten = (100..110).flat_map(|line| [format!("ligne {line}"), format!("ligne {line}")]);
        assert_eq!(
            worded.collect::<Vec<_>>(),
            ten.chain(["ligne 50".to_owned()]).collect::<Vec<_>>()
        );
        found.settle();
        assert_eq!(found.occurrences()[0].line, 50);
    }

    /// A line that the whole of is wrong has its first field marked; one that is cut is marked within.
    #[test]
    fn what_is_marked_stands_in_what_is_kept() {
        assert_eq!(marked("a|b;c", &(0..5), 5), 0..1);
        assert_eq!(marked("abc", &(0..3), 3), 0..3);
        assert_eq!(marked("a|bc", &(2..4), 4), 2..4);
        assert_eq!(marked("a|bc", &(2..4), 3), 2..3);
        assert_eq!(marked("a|bc", &(3..4), 2), 2..2);
        assert_eq!((column("éa|b", 4), column("éa|b", 0)), (4, 1));
    }
}
