use std::ops::Range;

use super::batch::Builder;
use super::include::{BYTE_ORDER_MARK, Tree};
use super::years::Years;
use crate::crew;
use crate::diagnostic::{SourceId, SourceMap, encoding, pointer};
use crate::journal::read;

/// A stretch of a journal is cut near this size, at the beginning of an entry.
const STRETCH: usize = 2 * 1024 * 1024;

/// A part of a source that is read on its own, in the order in which entries count.
#[derive(Clone, Debug)]
pub(super) struct Stretch {
    pub(super) source: SourceId,
    pub(super) range: Range<usize>,
}

/// Cuts a source and what it includes into stretches, in the order of the text.
pub(super) fn stretch(map: &SourceMap, tree: &Tree, id: SourceId, out: &mut Vec<Stretch>) {
    let source = map.get(id);
    let bytes = source.bytes();
    let mut from = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let within = source.span();
    let first = tree.inclusions.partition_point(|inclusion| inclusion.at < within.start);
    // What brings nothing parts nothing: many wrong lines make no more stretches than none.
    let own = tree.inclusions[first..].iter().take_while(|i| i.at < within.end);
    for inclusion in own.filter(|inclusion| !inclusion.brings.is_empty()) {
        let at = (inclusion.at - source.base()) as usize;
        cut(id, bytes, from..at, out);
        from = at;
        for &brought in &inclusion.brings {
            stretch(map, tree, brought, out);
        }
    }
    cut(id, bytes, from..bytes.len(), out);
}

fn cut(source: SourceId, bytes: &[u8], whole: Range<usize>, out: &mut Vec<Stretch>) {
    let mut from = whole.start;
    while whole.end - from > STRETCH + STRETCH / 2 {
        let mut at = from + STRETCH;
        let to = loop {
            match memchr::memchr(b'\n', &bytes[at..whole.end]) {
                None => break whole.end,
                Some(newline) => at += newline + 1,
            }
            if !matches!(bytes.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
                break at;
            }
        };
        out.push(Stretch { source, range: from..to });
        from = to;
    }
    if from < whole.end || whole.start == whole.end {
        out.push(Stretch { source, range: from..whole.end });
    }
}

/// Reads every stretch; the result has one builder per stretch, in the same order.
pub(super) fn build<'t, 'y>(
    map: &'t SourceMap,
    stretches: &[Stretch],
    years: &'y Years,
    threads: usize,
) -> Vec<Builder<'t, 'y>> {
    let bytes: usize = stretches.iter().map(|stretch| stretch.range.len()).sum();
    let threads = if bytes < STRETCH { 1 } else { threads };
    crew::all(threads, stretches, |stretch| one(map, stretch, years))
}

pub(super) fn one<'t, 'y>(
    map: &'t SourceMap,
    stretch: &Stretch,
    years: &'y Years,
) -> Builder<'t, 'y> {
    let source = map.get(stretch.source);
    let bytes = &source.bytes()[stretch.range.clone()];
    let base = source.base() + u32::try_from(stretch.range.start).unwrap_or(0);
    let mut builder = Builder::new(years, bytes.len());
    let whole = stretch.range.start == 0;
    if let Some(finding) = pointer(bytes, base).filter(|_| whole) {
        builder.findings.push(finding);
    } else if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        builder.marks = read(text, base, &mut builder);
    } else if let Err(error) = std::str::from_utf8(bytes) {
        builder.findings.push(encoding(bytes, error.valid_up_to(), base));
    }
    builder
}
