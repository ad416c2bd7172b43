use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::text::{check, value};
use super::{
    FORMAT, Kind, Numbers, Seal, SealedEntry, SealedSource, SealedText, SourceKind, State, Total,
};
use crate::closing::chain::{Hash, Previous, link, start};
use crate::measure::{FiscalYear, Period};

/// Why a text is not a sound seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SealFault {
    /// It is of a later format, that this version does not know.
    Format(String),
    /// That line (from 1) is not one that a seal has there.
    Line(usize),
    /// Each line reads, and together they are not what a seal says.
    Whole,
    /// The chain breaks at the entry of that rank (from 1).
    Chain(usize),
}

impl std::fmt::Display for SealFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Format(number) => write!(f, "format {number} inconnu de cette version"),
            Self::Line(line) => write!(f, "ligne {line} altérée"),
            Self::Whole => f.write_str("lignes lisibles une à une, mais pas ensemble"),
            Self::Chain(rank) => write!(f, "chaîne rompue à l’écriture {rank}"),
        }
    }
}

/// What a damaged line still says of its entry: a code, a day.
pub type Remains = (String, Option<NaiveDate>);

/// A seal as far as its text can be read.
#[derive(Clone, Debug)]
pub struct Lenient {
    /// What could be read; damaged lines are left out.
    pub seal: Seal,
    /// The lines (from 1) whose check fails or that do not read, with what is left of the entry there.
    pub damaged: Vec<(usize, Option<Remains>)>,
    /// The first line, when it is not that of this format.
    pub format: Option<String>,
}

impl Seal {
    /// Reads the text of a seal, strictly: there is one way to write it.
    ///
    /// # Errors
    /// The first thing that is not so.
    pub fn parse(text: &str) -> Result<Self, SealFault> {
        let first = text.lines().next().unwrap_or_default();
        if first != FORMAT {
            return Err(match later(first) {
                Some(number) => SealFault::Format(number.to_owned()),
                None => SealFault::Line(1),
            });
        }
        let read = Self::lenient(text.as_bytes());
        if let Some((line, _)) = read.damaged.first() {
            return Err(SealFault::Line(*line));
        }
        if let Some(rank) = read.seal.broken() {
            return Err(SealFault::Chain(rank));
        }
        if read.seal.text() != text {
            return Err(SealFault::Whole);
        }
        Ok(read.seal)
    }

    /// The rank (from 1) of the first entry whose link is not made of what stands before it.
    pub fn broken(&self) -> Option<usize> {
        let mut chain = start(self.previous, &self.entity, &self.siren, &self.year);
        self.entries.iter().enumerate().find_map(|(rank, entry)| {
            chain = link(chain, entry.content);
            (chain != entry.chain).then_some(rank + 1)
        })
    }

    /// Reads what can be read of a text that may be damaged, line by line.
    pub fn lenient(text: &[u8]) -> Lenient {
        let mut heads: BTreeMap<&str, String> = BTreeMap::new();
        let mut read = Lenient { seal: Self::nothing(), damaged: Vec::new(), format: None };
        let ends = memchr::memchr_iter(b'\n', text).count();
        for (rank, line) in text.split(|byte| *byte == b'\n').enumerate() {
            let line = std::str::from_utf8(line).map_err(|_| line);
            if rank == 0 {
                if line != Ok(FORMAT) {
                    let shown =
                        line.map_or_else(|l| String::from_utf8_lossy(l).into(), str::to_owned);
                    read.format = Some(shown);
                    read.damaged.push((1, None));
                }
                continue;
            }
            let sound = line.ok().and_then(|line| {
                let (fields, given) = line.rsplit_once('\t')?;
                (given.as_bytes() == check(fields.as_bytes())).then_some(fields)
            });
            let known = sound.and_then(|fields| {
                let fields: Vec<&str> = fields.split('\t').collect();
                read.seal.line(&fields).or_else(|| {
                    let [name, field] = fields[..] else { return None };
                    HEADS.contains(&name).then_some(())?;
                    heads.insert(name, value(field)?).is_none().then_some(())
                })
            });
            // What follows the last newline is nothing.
            let last = rank == ends && line == Ok("");
            if known.is_none() && !last {
                read.damaged.push((rank + 1, line.ok().and_then(remains)));
            }
        }
        let complete = read.seal.heads(&heads);
        if complete.is_none() && read.damaged.is_empty() {
            let lines = text.split(|byte| *byte == b'\n').count();
            read.damaged.push((lines, None));
        }
        read
    }

    fn nothing() -> Self {
        let day = NaiveDate::default();
        Self {
            tool: String::new(),
            entity: String::new(),
            siren: String::new(),
            year: String::new(),
            period: Period { first: day, last: day },
            kind: Kind::Annual,
            day,
            state: State::Provisional,
            previous: Previous::Genesis,
            totals: Vec::new(),
            numbers: Vec::new(),
            sources: Vec::new(),
            texts: Vec::new(),
            entries: Vec::new(),
        }
    }

    /// Takes one line that is not of the head.
    fn line(&mut self, fields: &[&str]) -> Option<()> {
        match fields {
            ["total", book, unit, postings, debit, credit] => self.totals.push(Total {
                book: (*book).to_owned(),
                unit: value(unit)?,
                postings: postings.parse().ok()?,
                debit: (*debit).to_owned(),
                credit: (*credit).to_owned(),
            }),
            ["numeros", journal, count, first, last] => self.numbers.push(Numbers {
                journal: value(journal)?,
                count: count.parse().ok()?,
                first: value(first)?,
                last: value(last)?,
            }),
            ["source", kind, length, hash, path] => self.sources.push(SealedSource {
                path: value(path)?,
                kind: named(&SourceKind::ALL, kind)?,
                length: length.parse().ok()?,
                hash: Hash::parse(hash)?,
            }),
            ["texte", text, source, line] => self.texts.push(SealedText {
                text: Hash::parse(text)?,
                source: value(source)?,
                line: line.parse().ok()?,
            }),
            ["ecriture", _, chain, content, text, date, code, source, line] => {
                let (source, line) = (value(source)?, line.parse().ok()?);
                self.entries.push(SealedEntry {
                    chain: Hash::parse(chain)?,
                    content: Hash::parse(content)?,
                    text: Hash::parse(text)?,
                    date: date.parse().ok()?,
                    code: value(code)?,
                    place: (!source.is_empty()).then_some((source, line)),
                });
            }
            _ => return None,
        }
        Some(())
    }

    /// Takes the lines of the head, as far as they are there; nothing when one is missing.
    fn heads(&mut self, heads: &BTreeMap<&str, String>) -> Option<()> {
        let text = |name: &str| heads.get(name).cloned();
        let day = |name: &str| -> Option<NaiveDate> { heads.get(name)?.parse().ok() };
        self.tool = text("outil").unwrap_or_default();
        self.entity = text("entite").unwrap_or_default();
        self.siren = text("siren").unwrap_or_default();
        self.year = text("exercice").unwrap_or_default();
        // A day that cannot be read is told by the name of the year, or by the other.
        let known = self.year.parse().ok().and_then(FiscalYear::calendar).map(|year| year.period);
        let first = day("du").or(known.map(|period| period.first));
        let last = day("au").or(known.map(|period| period.last));
        if let (Some(first), Some(last)) = (first.or(last), last.or(first)) {
            self.period = Period { first, last };
        }
        let previous = heads.get("precedent").and_then(|text| match text.as_str() {
            "origine" => Some(Previous::Genesis),
            root => Hash::parse(root).map(Previous::Root),
        });
        self.previous = previous.unwrap_or(Previous::Genesis);
        self.day = day("cloture").unwrap_or_default();
        let kind = heads.get("nature").and_then(|text| named(&Kind::ALL, text));
        let state = heads.get("etat").and_then(|text| named(&State::ALL, text));
        self.kind = kind.unwrap_or(Kind::Annual);
        self.state = state.unwrap_or(State::Provisional);
        let days = day("du").and(day("au")).and(day("cloture"));
        let closed = days.and(previous).and(kind).and(state);
        (closed.is_some() && HEADS.iter().all(|name| heads.contains_key(name))).then_some(())
    }
}

/// The lines of the head, and the last one.
const HEADS: [&str; 13] = [
    "outil",
    "entite",
    "siren",
    "exercice",
    "du",
    "au",
    "nature",
    "cloture",
    "etat",
    "precedent",
    "ecritures",
    "lignes",
    "fin",
];

fn named<T: Copy>(all: &[(T, &str)], word: &str) -> Option<T> {
    all.iter().find(|(_, name)| *name == word).map(|(value, _)| *value)
}

/// The number of a later format.
pub(in crate::closing) fn later(first: &str) -> Option<&str> {
    let number = first.strip_prefix("compta-sceau/")?;
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    (digits && !number.is_empty() && !number.starts_with('0')).then_some(number)
}

/// What a damaged line still says of its entry: a code, a day.
fn remains(line: &str) -> Option<Remains> {
    let fields: Vec<&str> = line.split('\t').collect();
    let entry = fields.len() >= 9 || line.starts_with("ecriture");
    let code = fields.get(6).and_then(|code| value(code)).filter(|_| entry)?;
    Some((code, fields.get(5).and_then(|date| date.parse().ok())))
}
