use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use super::{Kind, Numbers, Seal, SealedEntry, SealedSource, SealedText, SourceKind, State, Total};
use crate::book::{Book, Books, EntryRef};
use crate::closing::blocks::{Block, blocks, with_newlines};
use crate::closing::canon::{content, letter};
use crate::closing::chain::{Hash, Previous, link, start};
use crate::measure::{FiscalYear, Sum, Unit};

/// A source to seal: its bytes as they are when the books close.
#[derive(Clone, Debug)]
pub struct SourceInput<'a> {
    /// Its path from the folder of the books; of a generated journal, from the folder of the closing.
    pub path: &'a str,
    /// What it is.
    pub kind: SourceKind,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// What a seal is made of.
#[derive(Clone, Debug)]
pub struct SealInput<'a> {
    /// The books.
    pub books: &'a Books,
    /// The entries of the year, in the order of the books, derived ones where they come.
    pub entries: Vec<EntryRef<'a>>,
    /// Whose books.
    pub entity: &'a str,
    /// Its SIREN.
    pub siren: Option<&'a str>,
    /// The year, or its part as a year of its own.
    pub year: &'a FiscalYear,
    /// A year or a part of it.
    pub kind: Kind,
    /// The day of the closing.
    pub day: NaiveDate,
    /// How final it is.
    pub state: State,
    /// The seal before.
    pub previous: Previous,
    /// Every source: journals, registers, policy, factors, forms, generated journals.
    pub sources: Vec<SourceInput<'a>>,
    /// The program and its version: `compta 0.1.0`.
    pub tool: &'a str,
}

/// Why a seal cannot be made: its parts do not hold together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SealError {
    /// A path with a character that a manifest cannot carry, or given twice.
    Path(String),
    /// A written entry that its source, as given, does not hold: the file changed meanwhile.
    NotThere(String),
    /// An entry of the period stands in a journal, and was not given.
    Unsealed(String, usize),
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => {
                write!(f, "chemin donné deux fois, ou qui ne peut pas être scellé : {path:?}")
            }
            Self::NotThere(code) => write!(f, "l’écriture {code} n’est plus dans son fichier"),
            Self::Unsealed(path, line) => {
                write!(f, "{path}:{line} : écriture de la période que rien ne scelle")
            }
        }
    }
}

/// A source while the entries are looked for in it.
struct Open<'a> {
    path: String,
    kind: SourceKind,
    text: Cow<'a, [u8]>,
}

/// The blocks of a source, and which of them are sealed entries.
struct Pieces<'t> {
    path: &'t str,
    kind: SourceKind,
    blocks: Vec<Block<'t>>,
    taken: Vec<bool>,
}

impl Seal {
    /// Seals a year.
    ///
    /// # Errors
    /// Why its parts do not hold together.
    pub fn build(input: &SealInput<'_>) -> Result<Self, SealError> {
        let opened = open(input)?;
        let sources = opened.iter().map(|source| SealedSource {
            path: source.path.clone(),
            kind: source.kind,
            length: source.text.len(),
            hash: Hash::of(&source.text),
        });
        let mut pieces: Vec<Pieces<'_>> = opened
            .iter()
            .filter(|source| matches!(source.kind, SourceKind::Journal | SourceKind::Generated))
            .map(|source| {
                let blocks = blocks(&source.text);
                let taken = vec![false; blocks.len()];
                Pieces { path: &source.path, kind: source.kind, blocks, taken }
            })
            .collect();
        let entity: String = input.entity.nfc().collect();
        let siren = input.siren.unwrap_or_default();
        let mut chain = start(input.previous, &entity, siren, &input.year.name);
        let mut entries = Vec::with_capacity(input.entries.len());
        for entry in &input.entries {
            let content = content(*entry, input.books);
            chain = link(chain, content);
            let (text, place) = find(*entry, &mut pieces)?;
            let code = entry.code().nfc().collect();
            entries.push(SealedEntry { chain, content, text, date: entry.date(), code, place });
        }
        Ok(Self {
            tool: input.tool.to_owned(),
            entity,
            siren: siren.to_owned(),
            year: input.year.name.clone(),
            period: input.year.period,
            kind: input.kind,
            day: input.day,
            state: input.state,
            previous: input.previous,
            totals: totals(input),
            numbers: numbers(&entries),
            sources: sources.collect(),
            texts: texts(&pieces, input)?,
            entries,
        })
    }
}

/// The sources by kind and path, with newlines alone.
fn open<'a>(input: &SealInput<'a>) -> Result<Vec<Open<'a>>, SealError> {
    let mut opened: Vec<Open<'_>> = Vec::with_capacity(input.sources.len());
    for source in &input.sources {
        let path: String = source.path.nfc().collect();
        let refused = path.is_empty() || path.contains(|c: char| c.is_control() || c == '\\');
        if refused {
            return Err(SealError::Path(path));
        }
        opened.push(Open { path, kind: source.kind, text: with_newlines(source.bytes) });
    }
    opened.sort_by(|a, b| (a.kind, &a.path).cmp(&(b.kind, &b.path)));
    match opened.windows(2).find(|two| two[0].kind == two[1].kind && two[0].path == two[1].path) {
        Some(two) => Err(SealError::Path(two[0].path.clone())),
        None => Ok(opened),
    }
}

/// The block of an entry: its text, as laid out, and its place.
fn find(
    entry: EntryRef<'_>,
    pieces: &mut [Pieces<'_>],
) -> Result<(Hash, Option<(String, usize)>), SealError> {
    let text = with_newlines(entry.text().as_bytes());
    if entry.is_derived() && !entry.is_received() {
        let head = text.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii_end();
        // The generated journal may say more of it, in comments: then its first line is enough.
        for exact in [true, false] {
            for piece in pieces.iter_mut().filter(|piece| piece.kind == SourceKind::Generated) {
                let found = piece.blocks.iter().zip(&piece.taken).position(|(block, taken)| {
                    let same = if exact {
                        block.text == &*text
                    } else {
                        block.first_line().starts_with(head)
                    };
                    same && !taken
                });
                if let Some(at) = found {
                    piece.taken[at] = true;
                    let block = &piece.blocks[at];
                    return Ok((block.hash(), Some((piece.path.to_owned(), block.line))));
                }
            }
        }
        return Ok((Hash::of(&text), None));
    }
    let place = entry.place();
    let path: String = place.source.nfc().collect();
    // Journals come first: a generated one of the same name is not met.
    let piece = pieces.iter_mut().find(|piece| piece.path == path);
    let found = piece.and_then(|piece| {
        let at = piece.blocks.binary_search_by_key(&place.line, |block| block.line).ok()?;
        (piece.blocks[at].text == &*text && !piece.taken[at]).then_some(())?;
        piece.taken[at] = true;
        Some(piece.blocks[at].hash())
    });
    match found {
        Some(hash) => Ok((hash, Some((path, place.line)))),
        None => Err(SealError::NotThere(format!("{} ({place})", entry.code()))),
    }
}

/// What stands beside the entries: all but the entries of later years. Those of earlier years have
/// their own seal, or none when the chain begins later; what is closed depends on them.
fn texts(pieces: &[Pieces<'_>], input: &SealInput<'_>) -> Result<Vec<SealedText>, SealError> {
    let mut texts = Vec::new();
    for piece in pieces {
        for (block, _) in piece.blocks.iter().zip(&piece.taken).filter(|(_, taken)| !**taken) {
            let journal = piece.kind == SourceKind::Journal;
            if let Some(header) = block.header().filter(|_| journal) {
                if input.year.period.contains(header.date) {
                    return Err(SealError::Unsealed(piece.path.to_owned(), block.line));
                }
                if header.date > input.year.period.last {
                    continue;
                }
            }
            texts.push(SealedText {
                text: block.hash(),
                source: piece.path.to_owned(),
                line: block.line,
            });
        }
    }
    Ok(texts)
}

fn totals(input: &SealInput<'_>) -> Vec<Total> {
    let mut sums: BTreeMap<(Book, Unit), (usize, Sum, Sum)> = BTreeMap::new();
    for posting in input.entries.iter().flat_map(EntryRef::postings) {
        let (count, debit, credit) = sums.entry((posting.book(), posting.unit())).or_default();
        let sum = posting.number().sum();
        *count += 1;
        *if sum.is_negative() { credit } else { debit } += sum.abs();
    }
    let total = |((book, unit), (postings, debit, credit)): (_, (usize, Sum, Sum))| Total {
        book: letter(book).to_owned(),
        unit: input.books.units().symbol(unit).nfc().collect(),
        postings,
        debit: debit.to_string(),
        credit: credit.to_string(),
    };
    let mut totals: Vec<Total> = sums.into_iter().map(total).collect();
    // By symbol, not by the order in which the books met their units.
    let order = |total: &Total| "FCTA".find(&total.book).unwrap_or_default();
    totals.sort_by(|a, b| (order(a), &a.unit).cmp(&(order(b), &b.unit)));
    totals
}

fn numbers(entries: &[SealedEntry]) -> Vec<Numbers> {
    let mut runs: BTreeMap<&str, Numbers> = BTreeMap::new();
    for entry in entries {
        let (journal, number) = entry.code.split_once('-').unwrap_or(("", &entry.code));
        let run = runs.entry(journal).or_insert_with(|| Numbers {
            journal: journal.to_owned(),
            count: 0,
            first: number.to_owned(),
            last: String::new(),
        });
        run.count += 1;
        number.clone_into(&mut run.last);
    }
    runs.into_values().collect()
}
