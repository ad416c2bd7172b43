//! The seal of a closed year: a text that anyone can read, whose SHA-256 is the root.

mod build;
mod parse;
mod text;

use chrono::NaiveDate;

use super::chain::{Hash, Previous};
use crate::measure::Period;

pub use build::{SealError, SealInput, SourceInput};
pub(super) use parse::later;
pub use parse::{Lenient, Remains, SealFault};

/// The format that this version writes and reads.
pub(super) const FORMAT: &str = "compta-sceau/1";

/// What is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole fiscal year.
    Annual,
    /// A part of a year, validated before its end.
    Part,
}

/// How final a closing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// May be made again: for the auditor and the papers of the assembly.
    Provisional,
    /// Final.
    Final,
}

/// What a sealed source is, and so where it is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SourceKind {
    /// A journal that someone wrote: it stays where it is, in the books.
    Journal,
    /// A register: sealed by its copy in `registres/`.
    Register,
    /// The ecological policy: sealed by its copy in `registres/`.
    Policy,
    /// A set of emission factors: sealed by its copy in `registres/`.
    Factors,
    /// A form: sealed by its copy in `registres/`.
    Form,
    /// A generated journal: it is in the folder itself.
    Generated,
}

/// A sealed source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedSource {
    /// Its path from the folder of the books; of a generated journal, from the folder of the closing.
    pub path: String,
    /// What it is.
    pub kind: SourceKind,
    /// How many bytes it has with newlines alone at the ends of lines.
    pub length: usize,
    /// Their SHA-256.
    pub hash: Hash,
}

/// A sealed piece of a journal that is not an entry: a directive, a comment, a rule of the budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedText {
    /// The SHA-256 of its text.
    pub text: Hash,
    /// The source where it stands.
    pub source: String,
    /// Its first line, from 1.
    pub line: usize,
}

/// A sealed entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedEntry {
    /// The chain up to it.
    pub chain: Hash,
    /// The SHA-256 of what it says ([`canon`](super::canon::canon)).
    pub content: Hash,
    /// The SHA-256 of its text as laid out.
    pub text: Hash,
    /// Its day.
    pub date: NaiveDate,
    /// Its code, empty when it has none.
    pub code: String,
    /// Where it stands; `None` for an entry that a rule derives and no file holds.
    pub place: Option<(String, usize)>,
}

/// What a book adds up to, in one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Total {
    /// The letter of the book: F, C, T or A.
    pub book: String,
    /// The symbol of the unit.
    pub unit: String,
    /// How many lines.
    pub postings: usize,
    /// The sum of debits, in plain digits.
    pub debit: String,
    /// The sum of credits, without its sign.
    pub credit: String,
}

/// How the numbers of a journal run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// The journal's code.
    pub journal: String,
    /// How many entries.
    pub count: usize,
    /// The number of the first, in the order of the seal.
    pub first: String,
    /// The number of the last.
    pub last: String,
}

/// The seal of a year: everything that the root depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// The program and its version.
    pub tool: String,
    /// Whose books.
    pub entity: String,
    /// Its SIREN, empty when it has none.
    pub siren: String,
    /// The name of the year, or of its part.
    pub year: String,
    /// Its days.
    pub period: Period,
    /// A year or a part of it.
    pub kind: Kind,
    /// The day of the closing.
    pub day: NaiveDate,
    /// How final it is.
    pub state: State,
    /// The seal before.
    pub previous: Previous,
    /// What each book adds up to.
    pub totals: Vec<Total>,
    /// The numbers of each journal.
    pub numbers: Vec<Numbers>,
    /// The sources, by kind and path.
    pub sources: Vec<SealedSource>,
    /// What stands in the journals beside entries.
    pub texts: Vec<SealedText>,
    /// The entries, in the order of the books.
    pub entries: Vec<SealedEntry>,
}

impl Seal {
    /// The root: the SHA-256 of the text of the seal.
    pub fn root(&self) -> Hash {
        Hash::of(self.text().as_bytes())
    }

    /// The root as paper bears it.
    pub fn code(&self) -> String {
        self.root().code()
    }

    /// The text of `racine.txt`.
    pub fn root_text(&self) -> String {
        let root = self.root();
        let (code, year, state) = (root.code(), &self.year, self.state.name());
        format!("compta-racine/1\nracine: {root}\ncode: {code}\nexercice: {year}\netat: {state}\n")
    }

    /// The source of that path.
    pub fn source(&self, path: &str) -> Option<&SealedSource> {
        self.sources.iter().find(|source| source.path == path)
    }
}

impl SealedSource {
    /// Where its sealed bytes are in the folder of the closing; `None` for a journal, which stays in the books.
    pub fn in_folder(&self) -> Option<String> {
        match self.kind {
            SourceKind::Journal => None,
            SourceKind::Generated => Some(self.path.clone()),
            _ => Some(format!("registres/{}", self.path)),
        }
    }
}

impl Kind {
    pub(super) const ALL: [(Self, &'static str); 2] =
        [(Self::Annual, "annuel"), (Self::Part, "periode")];

    /// The word of the seal.
    pub fn name(self) -> &'static str {
        name(&Self::ALL, self)
    }
}

impl State {
    pub(super) const ALL: [(Self, &'static str); 2] =
        [(Self::Provisional, "provisoire"), (Self::Final, "arrete")];

    /// The word of the seal.
    pub fn name(self) -> &'static str {
        name(&Self::ALL, self)
    }
}

impl SourceKind {
    pub(super) const ALL: [(Self, &'static str); 6] = [
        (Self::Journal, "journal"),
        (Self::Register, "registre"),
        (Self::Policy, "politique"),
        (Self::Factors, "facteurs"),
        (Self::Form, "forme"),
        (Self::Generated, "genere"),
    ];

    /// The word of the seal.
    pub fn name(self) -> &'static str {
        name(&Self::ALL, self)
    }
}

fn name<T: Copy + PartialEq>(all: &[(T, &'static str)], value: T) -> &'static str {
    all.iter().find(|(known, _)| *known == value).map_or("", |(_, name)| name)
}
