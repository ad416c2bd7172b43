use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::align::{Aligned, Fate, Piece, pieces};
use super::folder::{line_endings, nature};
use super::papers::Papers;
use super::reading::{Likeness, Reading, Readings};
use super::verdict::{Finding, NamedEntry, Verdict};
use crate::closing::blocks::Block;
use crate::closing::chain::{Hash, Previous};
use crate::closing::seal::{Seal, SealedEntry, SourceKind, State};
use crate::measure::Period;

/// Where a sealed entry stands today.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Its rank in the seal, from 0.
    pub(super) rank: usize,
    pub(super) path: String,
    pub(super) line: usize,
    /// Whether its text is the sealed one.
    pub(super) intact: bool,
}

/// Files of the books that are no journal.
const NO_JOURNAL: [&str; 4] = [".toml", ".tsv", ".csv", ".json"];

const CORRECT: &str = "rétablissez-la d’une sauvegarde ; une correction se passe par une écriture de l’exercice ouvert";

/// Compares every journal with what was sealed of it; gives where each sealed entry stands today.
pub(super) fn compare(
    readings: &Readings,
    papers: &Papers<'_>,
    located: bool,
    verdicts: &mut Vec<Verdict>,
) -> Vec<Found> {
    let seal = papers.seal;
    let mut found = Vec::new();
    let mut aligned: Vec<Aligned<'_>> = Vec::new();
    let sealed = seal.sources.iter().filter(|source| source.kind == SourceKind::Journal);
    for source in sealed.clone() {
        let path = source.path.as_str();
        let reading = readings.current.get(path);
        let intact = reading.filter(|reading| reading.hash == source.hash);
        if let Some(reading) = intact {
            let listed = papers.manifest.journals.get(path).filter(|_| papers.manifest.sound);
            if listed.is_some_and(|hash| *hash != reading.raw) {
                verdicts.push(line_endings(path.to_owned()));
            }
            if located {
                found.extend(pieces(seal, path).iter().filter_map(|piece| {
                    let (rank, _) = piece.entry?;
                    Some(Found { rank, path: path.to_owned(), line: piece.line, intact: true })
                }));
            }
            continue;
        }
        let nature = match reading {
            None => Some(gone(path, source.hash, readings)),
            Some(reading) => nature(reading, path),
        };
        verdicts.extend(nature);
        let reading = reading.filter(|reading| !reading.is_pointer());
        aligned.push(Aligned::new(path, path, pieces(seal, path), reading));
    }
    for (path, reading) in &readings.current {
        // Openings received for a year that is not sealed move no balance of the one that is.
        let apart = ["clotures/", "a-nouveaux/"];
        let known =
            seal.source(path).is_some() || apart.iter().any(|folder| path.starts_with(folder));
        if known || NO_JOURNAL.iter().any(|end| path.ends_with(end)) {
            continue;
        }
        match papers.manifest.journals.get(path) {
            // A damaged seal lost the line of this journal: only the manifest knows it.
            Some(hash) if reading.is(*hash) == Likeness::Other => {
                let sentence = "ce journal a changé depuis la clôture, et la ligne du sceau qui dirait en quoi est altérée : reprenez d’abord le sceau d’une sauvegarde";
                verdicts.push(Verdict::new(Finding::ChangedSince, path, sentence));
            }
            None if papers.sound => {
                aligned.push(Aligned::new(path, path, Vec::new(), Some(reading)));
            }
            _ => {}
        }
    }
    resolve(&mut aligned, papers, false, verdicts);
    for journal in &aligned {
        for (piece, fate) in journal.pieces.iter().zip(&journal.fates) {
            let place = match *fate {
                Fate::Kept(block) => Some((journal, block, true)),
                Fate::Changed(block) => Some((journal, block, false)),
                Fate::Moved(other, block) => Some((&aligned[other], block, true)),
                Fate::Lost => None,
            };
            if let (Some((rank, _)), Some((journal, block, intact))) = (piece.entry, place) {
                let line = journal.blocks[block].line;
                found.push(Found { rank, path: journal.path.clone(), line, intact });
            }
        }
    }
    for source in sealed {
        grown(&source.path, source.length, readings, &aligned, verdicts);
    }
    found
}

/// Compares a generated journal, which nothing may join, with what was sealed of it.
pub(super) fn entries_of(
    path: &str,
    name: &str,
    reading: &Reading,
    papers: &Papers<'_>,
    verdicts: &mut Vec<Verdict>,
) {
    let mut aligned = [Aligned::new(path, name, pieces(papers.seal, path), Some(reading))];
    resolve(&mut aligned, papers, true, verdicts);
}

/// A journal that is not there: gone, or under another name.
fn gone(path: &str, hash: Hash, readings: &Readings) -> Verdict {
    let elsewhere = readings.current.iter().find(|(_, reading)| reading.hash == hash);
    if let Some((other, _)) = elsewhere {
        let sentence = format!("ce journal scellé est maintenant {other} : rendez-lui son nom");
        return Verdict::new(Finding::Moved, path, sentence);
    }
    let sentence = "ce journal scellé a disparu ; reprenez-le d’une sauvegarde";
    Verdict::new(Finding::Missing, path, sentence)
}

/// Says what became of every sealed piece, and what stands there that was not sealed.
fn resolve(
    aligned: &mut [Aligned<'_>],
    papers: &Papers<'_>,
    whole: bool,
    verdicts: &mut Vec<Verdict>,
) {
    moved(aligned, verdicts);
    let mut sealed: BTreeMap<Hash, &SealedEntry> = BTreeMap::new();
    for entry in &papers.seal.entries {
        sealed.insert(entry.text, entry);
    }
    for journal in aligned.iter_mut() {
        journal.pair(papers.seal.period);
        let silent = |finding: Finding| {
            verdicts.iter().any(|v| v.file == journal.name && v.finding == finding)
        };
        let conflict = silent(Finding::MergeConflict);
        let gone = silent(Finding::Missing)
            || silent(Finding::Moved) && journal.blocks.is_empty()
            || silent(Finding::LfsPointer);
        if !gone {
            lost(journal, conflict, verdicts);
        }
        if !conflict {
            added(journal, &sealed, papers, whole, verdicts);
        }
    }
}

/// The pieces that stand elsewhere: out of their order, or in another journal.
fn moved(aligned: &mut [Aligned<'_>], verdicts: &mut Vec<Verdict>) {
    let mut free: BTreeMap<Hash, Vec<(usize, usize)>> = BTreeMap::new();
    for (journal, read) in aligned.iter().enumerate() {
        for block in (0..read.blocks.len()).filter(|block| !read.used[*block]) {
            free.entry(read.hashes[block]).or_default().push((journal, block));
        }
    }
    for journal in 0..aligned.len() {
        for piece in 0..aligned[journal].pieces.len() {
            let Piece { hash, line, entry } = aligned[journal].pieces[piece];
            let lost = aligned[journal].fates[piece] == Fate::Lost;
            let Some(places) = free.get_mut(&hash).filter(|places| lost && !places.is_empty())
            else {
                continue;
            };
            // A heading that many files share moves nowhere: only an entry goes from one to another.
            let near = places.iter().position(|(other, _)| *other == journal);
            let Some(near) = near.or_else(|| entry.is_some().then_some(0)) else { continue };
            let (other, block) = places.remove(near);
            aligned[journal].fates[piece] = Fate::Moved(other, block);
            aligned[other].used[block] = true;
            let (from, to) = (&aligned[journal], &aligned[other]);
            let now = to.blocks[block].line;
            let named = entry.map(|(_, entry)| NamedEntry::of(entry));
            let what = named.as_ref().map_or("cette ligne".to_owned(), NamedEntry::name);
            let there = if other == journal { String::new() } else { format!(" de {}", to.name) };
            let sentence = format!(
                "{what}, scellée ligne {line}, est maintenant ligne {now}{there}, hors de son ordre ; remettez-la à sa place"
            );
            let verdict = Verdict::new(Finding::Moved, &from.name, sentence).at(now);
            verdicts.push(Verdict { entry: named, ..verdict });
        }
    }
}

/// The pieces that changed, or are nowhere.
fn lost(journal: &Aligned<'_>, conflict: bool, verdicts: &mut Vec<Verdict>) {
    for (piece, fate) in journal.pieces.iter().zip(&journal.fates) {
        let line = piece.line;
        let named = piece.entry.map(|(_, entry)| NamedEntry::of(entry));
        let verdict = match fate {
            Fate::Changed(_) if conflict => continue,
            Fate::Changed(block) => {
                let now = journal.blocks[*block].line;
                let sentence = match &named {
                    Some(entry) => format!(
                        "{}, ligne {line} à la clôture et {now} aujourd’hui, n’est plus celle qui a été scellée ; {CORRECT}",
                        entry.name()
                    ),
                    None => format!(
                        "la ligne {line} à la clôture, {now} aujourd’hui, a changé ; rétablissez-la d’une sauvegarde"
                    ),
                };
                Verdict::new(Finding::Altered, &journal.name, sentence).at(now)
            }
            Fate::Lost => {
                let sentence = match &named {
                    Some(entry) => {
                        format!("{}, scellée ligne {line}, n’est plus là ; {CORRECT}", entry.name())
                    }
                    None => format!(
                        "la ligne {line} à la clôture n’est plus là ; rétablissez-la d’une sauvegarde"
                    ),
                };
                Verdict::new(Finding::Deleted, &journal.name, sentence)
            }
            Fate::Kept(_) | Fate::Moved(..) => continue,
        };
        verdicts.push(Verdict { entry: named, ..verdict });
    }
}

/// What stands there and was not sealed.
fn added(
    journal: &Aligned<'_>,
    sealed: &BTreeMap<Hash, &SealedEntry>,
    papers: &Papers<'_>,
    whole: bool,
    verdicts: &mut Vec<Verdict>,
) {
    for (at, block) in journal.blocks.iter().enumerate().filter(|(at, _)| !journal.used[*at]) {
        let now = block.line;
        if let Some(entry) = sealed.get(&journal.hashes[at]) {
            let entry = NamedEntry::of(entry);
            let sentence = format!(
                "{}, scellée une fois, est là une fois de plus, ligne {now} ; ôtez-la",
                entry.name()
            );
            let verdict = Verdict::new(Finding::Duplicated, &journal.name, sentence);
            verdicts.push(verdict.at(now).entry(entry));
            continue;
        }
        let read = block.header();
        let day = read.map(|read| read.date);
        let here = match day {
            Some(day) => answers(papers.seal, day),
            None => block.is_entry() && closed_year(block, papers) && !journal.in_damage(at),
        };
        // Under a damaged seal, what is not in it may have been.
        if here && papers.sound {
            let code = read.and_then(|read| read.code).map_or("", |code| code.text).to_owned();
            let sentence = format!(
                "écriture d’un jour clos que rien ne scelle, ligne {now} : passez-la au premier jour ouvert, avec la date de sa pièce en date seconde"
            );
            let verdict = Verdict::new(Finding::Inserted, &journal.name, sentence).at(now);
            let entry = day.map(|date| NamedEntry { code, date, sealed_line: None });
            verdicts.push(Verdict { entry, ..verdict });
        } else if whole && !journal.in_damage(at) {
            let sentence =
                format!("texte ajouté ligne {now} d’un fichier scellé en entier ; ôtez-le");
            verdicts.push(Verdict::new(Finding::Altered, &journal.name, sentence).at(now));
        }
    }
}

/// Whether the year that an unreadable first line begins with is not after the sealed period.
fn closed_year(block: &Block<'_>, papers: &Papers<'_>) -> bool {
    let last = papers.seal.period.last.to_string();
    let year = block.text.get(..4).filter(|year| year.iter().all(u8::is_ascii_digit));
    year.is_none_or(|year| *year <= last.as_bytes()[..4])
}

/// What a journal whose sealed pieces are all in place has more, or less, than when it was sealed.
fn grown(
    path: &str,
    length: usize,
    readings: &Readings,
    aligned: &[Aligned<'_>],
    verdicts: &mut Vec<Verdict>,
) {
    let Some(journal) = aligned.iter().find(|journal| journal.path == path) else { return };
    let told = verdicts.iter().any(|verdict| verdict.file == path);
    let Some(reading) = readings.current.get(path).filter(|_| !told) else { return };
    let added = || (0..journal.blocks.len()).filter(|at| !journal.used[*at]);
    // An entry after the seal may have been there already, and change at will; every other text was sealed,
    // and none can be added to a file that is no longer than it was.
    let odd = added().find(|at| journal.blocks[*at].header().is_none());
    let verdict = if let Some(odd) = odd.filter(|_| reading.text.len() <= length) {
        let line = journal.blocks[odd].line;
        let sentence = format!(
            "la ligne {line} n’est pas de ce qui a été scellé, et le fichier n’a pas grandi ; rétablissez-le d’une sauvegarde"
        );
        Verdict::new(Finding::Altered, path, sentence).at(line)
    } else if added().next().is_some() {
        let sentence = "ce qui n’est pas scellé a changé ou s’est ajouté, contenu scellé intact : rien à faire";
        Verdict::new(Finding::Grown, path, sentence)
    } else {
        let sentence = "seules des lignes vides ont changé : le contenu est intact, rien à faire";
        Verdict::new(Finding::LayoutOnly, path, sentence)
    };
    verdicts.push(verdict);
}

/// Whether a seal answers for a day: its own days, and all those before when no seal stands before it.
fn answers(seal: &Seal, day: NaiveDate) -> bool {
    let begins = seal.previous == Previous::Genesis && seal.state == State::Final;
    let first = if begins { NaiveDate::MIN } else { seal.period.first };
    Period { first, last: seal.period.last }.contains(day)
}
