use std::ops::Range;

use super::ear::{At, Ear};
use super::lines::Ending;
use super::{FileFacts, Head, Meaning};
use crate::diagnostic::Code;

pub(super) fn note(facts: &mut FileFacts, ending: Ending, line: u64) {
    if ending == Ending::None {
        facts.unended_at = line;
    } else if !facts.endings.contains(&ending) {
        facts.endings.push(ending);
        facts.endings.sort_unstable();
    }
}

pub(super) fn blank(at: At<'_>, ear: &mut dyn Ear) {
    at.tell(ear, (Code::FecForm, None, "ligne blanche"), 0..0, || "ligne blanche".to_owned());
}

/// Rows that end with a separator more than the header.
pub(super) const TRAILING: &str = "séparateur en trop à la fin de la ligne";

/// A bar in a file that tabs separate.
pub(super) const BAR_IN_CELL: &str = "barre dans une cellule";

/// Bytes that no text holds.
pub(super) fn unwanted(at: At<'_>, separator: char, ear: &mut dyn Ear) {
    if separator == '\t'
        && let Some(start) = memchr::memchr(b'|', at.text.as_bytes())
    {
        // The official tester no longer knows which of the two separates.
        at.tell(ear, (Code::FecForm, None, BAR_IN_CELL), start..start + 1, || {
            "une barre `|` dans un fichier séparé par des tabulations".to_owned()
        });
    }
    let control = |c: &char| c.is_control() && *c != separator;
    // Control characters of ASCII are the only ones worth a look at every byte; without a way out, the
    // loop takes many bytes at once.
    let odd = |byte: u8| byte < b' ' && byte != separator as u8;
    if !at.text.bytes().fold(false, |found, byte| found | odd(byte)) {
        return;
    }
    for (start, c) in at.text.char_indices().filter(|(_, c)| control(c)) {
        let (code, kind) = match c {
            '\0' => (Code::FecBytes, "octet nul"),
            '\t' => (Code::FecForm, "tabulation dans une cellule"),
            _ => (Code::FecBytes, "caractère de contrôle"),
        };
        at.tell(ear, (code, None, kind), start..start + 1, || {
            format!("{kind} (U+{:04X}) au milieu d’une ligne", u32::from(c))
        });
    }
}

pub(super) fn split(text: &str, separator: char, cells: &mut Vec<Range<usize>>) {
    cells.clear();
    let mut start = 0;
    let separator = u8::try_from(separator).unwrap_or(b'\t');
    for end in memchr::memchr_iter(separator, text.as_bytes()) {
        cells.push(start..end);
        start = end + 1;
    }
    cells.push(start..text.len());
}

/// How many fields the rows have: those of the header, give or take a separator at the end.
pub(super) fn expected(head: &Head, at: At<'_>, cells: &[Range<usize>]) -> usize {
    let named = head.fields.len();
    let ended = head.fields.last() == Some(&Meaning::Nothing);
    if cells.len() == named + 1 && at.text[cells[named].clone()].trim().is_empty() {
        return named + 1;
    }
    if ended && cells.len() + 1 == named { named - 1 } else { named }
}

pub(super) fn miscounted(at: At<'_>, found: usize, expected: usize, cut: bool, ear: &mut dyn Ear) {
    let kind = if cut && found < expected { "fichier coupé" } else { "nombre de champs" };
    at.tell(ear, (Code::FecFields, None, kind), at.whole(), || {
        if cut && found < expected {
            format!("le fichier s’arrête au milieu d’une ligne : {found} champs sur {expected}")
        } else {
            format!("{found} champs au lieu de {expected}")
        }
    });
}

/// Takes the spaces away around each cell; gives the first that had some.
pub(super) fn trim(text: &str, cells: &mut [Range<usize>]) -> Option<Range<usize>> {
    let mut first = None;
    for range in cells {
        let cell = &text[range.clone()];
        let kept = cell.trim();
        if kept.len() < cell.len() {
            first.get_or_insert_with(|| range.clone());
            let start = range.start + (cell.len() - cell.trim_start().len());
            *range = start..start + kept.len();
        }
    }
    first
}
