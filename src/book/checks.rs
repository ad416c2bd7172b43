use std::collections::{BTreeMap, BTreeSet};

use super::batch::Batch;
use super::numbers::{Run, doubtful, split};
use super::years::Years;
use crate::diagnostic::{Code, Finding, SourceId, SourceMap, Span};
use crate::journal::tree::Word;
use crate::journal::{Marks, comments, header, tags};
use crate::measure::{Unit, Units};

/// Tags that compta itself reads: known everywhere.
const OWN_TAGS: [&str; 28] = [
    "programme",
    "partenaire",
    "convention",
    "financement",
    "piece",
    "lettrage",
    "datelet",
    "num",
    "aux",
    "lib",
    "devise",
    "cote",
    "valide",
    "journal",
    "journallib",
    "jour",
    "comptelib",
    "auxlib",
    "debit",
    "preservation",
    "projet",
    "origine",
    "affectation",
    "vote",
    "racine",
    "corrige",
    "exercice",
    "import",
];

/// Comparisons of unknown tags with known ones, past which tags are told without a suggestion.
const COMPARED: usize = 200_000;

/// What each file must say once: something at all, and its decimal mark before its first amount.
pub(super) fn files(map: &SourceMap, marks: &[(SourceId, Marks)], findings: &mut Vec<Finding>) {
    let mut of_file: BTreeMap<SourceId, Marks> = BTreeMap::new();
    for (id, marks) in marks {
        let known = of_file.entry(*id).or_default();
        known.decimal_mark = known.decimal_mark.or(marks.decimal_mark);
        known.first_amount = known.first_amount.or(marks.first_amount);
    }
    for (id, marks) in of_file {
        let source = map.get(id);
        if source.bytes().trim_ascii().is_empty() {
            findings.push(
                Finding::new(Code::BlankFile, source.span(), "fichier vide")
                    .label("rien à lire")
                    .help("restaurez-le, ou écrivez au moins `decimal-mark ,`"),
            );
        }
        let Some(amount) = marks.first_amount else {
            continue;
        };
        if marks.decimal_mark.is_none_or(|mark| mark.start > amount.start) {
            findings.push(
                Finding::new(Code::NoDecimalMark, amount, "montant avant toute marque décimale")
                    .label("virgule ou point ?")
                    .help("commencez le fichier par la ligne `decimal-mark ,`"),
            );
        }
    }
}

/// Tags and units that nobody declared, in books that declare theirs.
pub(super) fn words(
    map: &SourceMap,
    batches: &[Batch],
    commodities: &[Word<'_>],
    declared: &[Word<'_>],
    units: &Units,
    findings: &mut Vec<Finding>,
) {
    if !commodities.is_empty() {
        let known: BTreeSet<&str> = commodities.iter().map(|word| word.text).collect();
        let unknown: BTreeMap<usize, String> = units
            .all()
            .filter(|unit| *unit != Unit::EURO && !known.contains(units.symbol(*unit)))
            .map(|unit| {
                let symbol = units.symbol(unit);
                let near = known.iter().find(|name| strsim::osa_distance(name, symbol) == 1);
                let help = near.map_or_else(
                    || format!("déclarez-la : `commodity 1 000,00 {symbol}`"),
                    |name| format!("vouliez-vous dire `{name}` ?"),
                );
                (unit.rank(), help)
            })
            .collect();
        for posting in batches.iter().flat_map(|batch| &batch.postings) {
            let Some(help) = unknown.get(&posting.unit.rank()) else {
                continue;
            };
            let symbol = units.symbol(posting.unit);
            let at = place_of(map, Span::new(posting.start, posting.end), symbol);
            findings.push(
                Finding::new(Code::UnknownUnit, at, format!("unité inconnue : `{symbol}`"))
                    .label("non déclarée")
                    .help(help.as_str()),
            );
        }
    }
    if !declared.is_empty() {
        unknown_tags(map, batches, declared, findings);
    }
}

fn unknown_tags(
    map: &SourceMap,
    batches: &[Batch],
    declared: &[Word<'_>],
    findings: &mut Vec<Finding>,
) {
    let known: BTreeSet<&str> = declared.iter().map(|word| word.text).chain(OWN_TAGS).collect();
    let mut helps: BTreeMap<&str, String> = BTreeMap::new();
    let entries = batches.iter().filter(|batch| batch.derived.is_none());
    for entry in entries.flat_map(|batch| batch.entries.iter().chain(&batch.planned)) {
        let text = map.text(Span::new(entry.start, entry.end));
        for (name, _) in comments(Word { text, at: entry.start }).flat_map(tags) {
            if known.contains(name.text) || !name.text.starts_with(char::is_alphabetic) {
                continue;
            }
            let compare = helps.len() * known.len() < COMPARED;
            let help = helps.entry(name.text).or_insert_with(|| {
                let near = |tag: &&&str| strsim::osa_distance(tag, name.text) <= 2;
                known.iter().take(if compare { known.len() } else { 0 }).find(near).map_or_else(
                    || format!("déclarez-la : `tag {}`", name.text),
                    |tag| format!("vouliez-vous dire `{tag}:` ?"),
                )
            });
            let message = format!("étiquette inconnue : `{}`", name.text);
            findings.push(
                Finding::new(Code::UnknownTag, name.span(), message)
                    .label("non déclarée")
                    .help(help.as_str()),
            );
        }
    }
}

/// Where a word stands inside a span.
pub(super) fn place_of(map: &SourceMap, within: Span, word: &str) -> Span {
    match map.text(within).find(word).and_then(|at| u32::try_from(at).ok()) {
        Some(at) => {
            let start = within.start + at;
            Span::new(start, start + u32::try_from(word.len()).unwrap_or(0))
        }
        None => within,
    }
}

/// Numbers used twice in one journal and fiscal year.
pub(super) fn duplicates(
    map: &SourceMap,
    batches: &[Batch],
    runs: &[Run<'_>],
    years: &Years,
    findings: &mut Vec<Finding>,
) {
    let doubtful = doubtful(runs);
    if doubtful.is_empty() {
        return;
    }
    let mut seen: BTreeMap<(u32, &str, &str), Span> = BTreeMap::new();
    for entry in batches.iter().flat_map(|batch| &batch.entries) {
        let text = map.text(Span::new(entry.start, entry.end));
        let line = text.split(['\n', '\r']).next().unwrap_or_default();
        let Some(code) = header(Word { text: line, at: entry.start }).ok().and_then(|h| h.code)
        else {
            continue;
        };
        let (journal, number) = split(code.text);
        let year = years.rank(entry.date);
        if doubtful.binary_search(&(journal, year)).is_err() {
            continue;
        }
        // `42` and `0042` are one number.
        let bare = number.trim_start_matches('0');
        let same = if bare.bytes().all(|b| b.is_ascii_digit()) { bare } else { number };
        match seen.get(&(year, journal, same)) {
            None => {
                seen.insert((year, journal, same), code.span());
            }
            Some(first) => findings.push(
                Finding::new(
                    Code::DuplicateNumber,
                    code.span(),
                    format!("le numéro {} sert deux fois", code.text),
                )
                .label("déjà pris")
                .related(*first, "première fois")
                .help("donnez à cette écriture le numéro suivant de son journal"),
            ),
        }
    }
}
