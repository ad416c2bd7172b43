use std::collections::BTreeSet;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::reading::Reading;
use crate::closing::blocks::{Block, blocks};
use crate::closing::chain::Hash;
use crate::closing::seal::{Seal, SealedEntry};
use crate::measure::Period;

/// A sealed piece of a journal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'s> {
    pub(super) hash: Hash,
    pub(super) line: usize,
    /// The entry and its rank (from 0), when it is one.
    pub(super) entry: Option<(usize, &'s SealedEntry)>,
}

/// What became of a sealed piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// In its place, in that block.
    Kept(usize),
    /// In that block, which is not what it was.
    Changed(usize),
    /// The same, elsewhere: in that journal, that block.
    Moved(usize, usize),
    /// Nowhere.
    Lost,
}

/// A journal of today laid beside what was sealed of it.
#[derive(Debug)]
pub(super) struct Aligned<'a> {
    /// Its path in the seal.
    pub(super) path: String,
    /// Its name in a verdict.
    pub(super) name: String,
    pub(super) pieces: Vec<Piece<'a>>,
    pub(super) blocks: Vec<Block<'a>>,
    pub(super) hashes: Vec<Hash>,
    pub(super) fates: Vec<Fate>,
    /// Which blocks are the place of a sealed piece.
    pub(super) used: Vec<bool>,
}

/// What the seal holds of a journal, in the order of its lines.
pub(super) fn pieces<'s>(seal: &'s Seal, path: &str) -> Vec<Piece<'s>> {
    let entries = seal.entries.iter().enumerate().filter_map(|(rank, entry)| {
        let (source, line) = entry.place.as_ref()?;
        (source == path).then_some(Piece {
            hash: entry.text,
            line: *line,
            entry: Some((rank, entry)),
        })
    });
    let texts = seal.texts.iter().filter(|text| text.source == path);
    let texts = texts.map(|text| Piece { hash: text.text, line: text.line, entry: None });
    let mut pieces: Vec<Piece<'_>> = entries.chain(texts).collect();
    pieces.sort_by_key(|piece| piece.line);
    pieces
}

impl<'a> Aligned<'a> {
    /// Lays a text beside its pieces: those that are there in the same order are kept.
    pub(super) fn new(
        path: &str,
        name: &str,
        pieces: Vec<Piece<'a>>,
        reading: Option<&'a Reading>,
    ) -> Self {
        let blocks = reading.map(|reading| blocks(&reading.text)).unwrap_or_default();
        let hashes: Vec<Hash> = blocks.iter().map(Block::hash).collect();
        let sealed: Vec<Hash> = pieces.iter().map(|piece| piece.hash).collect();
        // What has its own rank is in its place, when two others changed theirs around it; unless that
        // keeps less than the longest common order.
        let still = kept(&sealed, &hashes, true);
        let longest = kept(&sealed, &hashes, false);
        let kept = if still.len() >= longest.len() { still } else { longest };
        let mut fates = vec![Fate::Lost; pieces.len()];
        let mut used = vec![false; blocks.len()];
        for (piece, block) in kept {
            fates[piece] = Fate::Kept(block);
            used[block] = true;
        }
        let (path, name) = (path.to_owned(), name.to_owned());
        Self { path, name, pieces, blocks, hashes, fates, used }
    }

    /// The blocks between the pieces that were kept around that one.
    fn gap(&self, piece: usize) -> std::ops::Range<usize> {
        let kept = |fate: &Fate| match fate {
            Fate::Kept(block) => Some(*block),
            _ => None,
        };
        let before = self.fates[..piece].iter().rev().find_map(kept).map_or(0, |block| block + 1);
        let after = self.fates[piece..].iter().find_map(kept).unwrap_or(self.blocks.len());
        before..after.max(before)
    }

    /// Whether that block stands where sealed pieces were changed or lost.
    pub(super) fn in_damage(&self, block: usize) -> bool {
        let hurt = |fate: &Fate| matches!(fate, Fate::Changed(_) | Fate::Lost);
        let hurt = |piece: &usize| hurt(&self.fates[*piece]);
        (0..self.pieces.len()).filter(hurt).any(|piece| self.gap(piece).contains(&block))
    }

    /// Finds what the lost pieces became: the block that bears the same code, or stands in their place.
    pub(super) fn pair(&mut self, period: Period) {
        let lost = |aligned: &Self| -> Vec<usize> {
            let lost = |piece: &usize| aligned.fates[*piece] == Fate::Lost;
            (0..aligned.pieces.len()).filter(lost).collect()
        };
        for piece in lost(self) {
            let Some((_, entry)) = self.pieces[piece].entry else { continue };
            let gap = self.gap(piece);
            let mut best = None;
            for (at, block) in self.blocks.iter().enumerate().filter(|(at, _)| !self.used[*at]) {
                let near = gap.contains(&at);
                let other_year = block.header().is_some_and(|read| read.date > period.last);
                if bears(block.first_line(), &entry.code)
                    && (!other_year || near && dated(block, entry))
                {
                    best = if near { Some(at) } else { best.or(Some(at)) };
                    if near {
                        break;
                    }
                }
            }
            self.change(piece, best);
        }
        for piece in lost(self) {
            let mut gap = self.gap(piece);
            let found = match self.pieces[piece].entry {
                Some((_, entry)) => gap.clone().find(|at| {
                    !self.used[*at] && resembles(&self.blocks[*at], entry)
                        || bears(self.blocks[*at].text, &entry.code)
                            && self.blocks[*at].header().is_none_or(|read| read.date <= period.last)
                }),
                None => gap.find(|at| {
                    let later = |read: crate::journal::tree::Header<'_>| read.date > period.last;
                    !self.used[*at] && !self.blocks[*at].header().is_some_and(later)
                }),
            };
            self.change(piece, found);
        }
    }

    fn change(&mut self, piece: usize, block: Option<usize>) {
        if let Some(block) = block {
            self.fates[piece] = Fate::Changed(block);
            self.used[block] = true;
        }
    }
}

/// The pieces that are there in the same order, each with its block; around those that still
/// have their rank among sealed pieces, when asked.
fn kept(sealed: &[Hash], hashes: &[Hash], of_their_rank: bool) -> Vec<(usize, usize)> {
    let mut anchors: Vec<(usize, usize)> = Vec::new();
    if of_their_rank {
        let known: BTreeSet<Hash> = sealed.iter().copied().collect();
        let there = hashes.iter().enumerate().filter(|(_, hash)| known.contains(*hash));
        let same = there.enumerate().filter(|(rank, (_, hash))| sealed.get(*rank) == Some(*hash));
        anchors.extend(same.map(|(rank, (at, _))| (rank, at)));
    }
    anchors.push((sealed.len(), hashes.len()));
    let mut kept = Vec::with_capacity(sealed.len());
    let (mut piece, mut block) = (0, 0);
    for (next_piece, next_block) in anchors {
        let between = (&sealed[piece..next_piece], &hashes[block..next_block]);
        for op in capture_diff_slices(Algorithm::Myers, between.0, between.1) {
            if let DiffOp::Equal { old_index, new_index, len } = op {
                kept.extend((0..len).map(|at| (piece + old_index + at, block + new_index + at)));
            }
        }
        if next_piece < sealed.len() {
            kept.push((next_piece, next_block));
        }
        (piece, block) = (next_piece + 1, next_block + 1);
    }
    kept
}

/// Whether a text bears that code in parentheses.
fn bears(text: &[u8], code: &str) -> bool {
    !code.is_empty() && memchr::memmem::find(text, format!("({code})").as_bytes()).is_some()
}

/// Whether a block begins with the day of an entry, but for a figure, or two characters before it.
fn dated(block: &Block<'_>, entry: &SealedEntry) -> bool {
    let day = entry.date.to_string();
    (0..3).any(|skip| {
        let line = block.first_line().get(skip..).unwrap_or_default();
        line.iter().zip(day.as_bytes()).filter(|(a, b)| a == b).count() + 1 >= day.len()
    })
}

/// Whether a block is that entry, damaged: its day, and a code that is nearly its own.
fn resembles(block: &Block<'_>, entry: &SealedEntry) -> bool {
    let code = block.header().map(|read| read.code.map_or("", |code| code.text));
    dated(block, entry)
        && code.is_none_or(|code| code.is_empty() || strsim::osa_distance(code, &entry.code) <= 2)
}
