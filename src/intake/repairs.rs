use std::collections::BTreeMap;

use crate::diagnostic::Code;

/// Something that was repaired, or is not as it should be and was kept, on some lines of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// The rule that speaks.
    pub code: Code,
    /// The file.
    pub file: String,
    /// What was done, in French.
    pub what: String,
    /// The lines, as ranges.
    pub lines: Vec<(u64, u64)>,
    /// How many lines.
    pub count: u64,
}

impl Repair {
    /// The repair in one line: file, lines, what was done, code.
    pub fn words(&self) -> String {
        let Self { file, what, code, .. } = self;
        let places = if self.count == 0 { String::new() } else { format!("{}, ", self.places()) };
        format!("{file} : {places}{what} [{code}]")
    }

    /// The lines in words: `lignes 2 à 40, 57`.
    pub fn places(&self) -> String {
        let range = |(first, last): &(u64, u64)| match last - first {
            0 => first.to_string(),
            1 => format!("{first}, {last}"),
            _ => format!("{first} à {last}"),
        };
        let word = if self.count > 1 { "lignes" } else { "ligne" };
        format!("{word} {}", self.lines.iter().map(range).collect::<Vec<String>>().join(", "))
    }
}

/// Everything that was repaired, by file and by kind, with every line.
#[derive(Clone, Debug, Default)]
pub struct Repairs {
    known: BTreeMap<(String, Code, String), Vec<u64>>,
}

impl Repairs {
    /// Notes a repair of a line; line 0 is the file as a whole.
    pub(super) fn note(&mut self, file: &str, code: Code, what: impl Into<String>, line: u64) {
        self.known.entry((file.to_owned(), code, what.into())).or_default().push(line);
    }

    /// Every repair, by file, rule and words.
    pub fn list(&self) -> Vec<Repair> {
        let one = |((file, code, what), lines): (&(String, Code, String), &Vec<u64>)| {
            let mut lines: Vec<u64> = lines.iter().copied().filter(|line| *line > 0).collect();
            lines.sort_unstable();
            lines.dedup();
            let mut ranges: Vec<(u64, u64)> = Vec::new();
            for line in &lines {
                match ranges.last_mut() {
                    Some((_, last)) if *last + 1 == *line => *last = *line,
                    _ => ranges.push((*line, *line)),
                }
            }
            Repair {
                code: *code,
                file: file.clone(),
                what: what.clone(),
                count: lines.len() as u64,
                lines: ranges,
            }
        };
        self.known.iter().map(one).collect()
    }
}
