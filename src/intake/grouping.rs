use std::collections::{BTreeMap, BTreeSet};

use super::lines::Line;
use super::repairs::Repairs;
use crate::diagnostic::{Code, Finding};
use crate::exchange::fec::{Column, advice};
use crate::measure::{Sum, euros};

/// The lines of one entry, by their ranks in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) lines: Vec<usize>,
    /// Whether its number was made up: the file's says nothing.
    pub(super) anonymous: bool,
}

/// Whether a number tells an entry from another: not blank, nor zeros.
fn says(number: &str) -> bool {
    !number.trim_matches(['0', ' ']).is_empty()
}

fn sum(lines: &[Line<'_>], ranks: &[usize]) -> Sum {
    ranks.iter().map(|rank| lines[*rank].amount()).sum()
}

/// Puts the lines of a file together into entries, in the order of the file.
///
/// The number decides, with its journal; where it says nothing, the journal, the day and the document,
/// until the sum is nil.
pub(super) fn groups(
    lines: &[Line<'_>],
    findings: &mut Vec<Finding>,
    repairs: &mut Repairs,
) -> Vec<Group> {
    let by_number = numbered(lines);
    let mut groups = Vec::new();
    let mut loose: Vec<usize> = Vec::new();
    let mut unbalanced: BTreeMap<&str, Vec<Vec<usize>>> = BTreeMap::new();
    let journals = journals(&by_number);
    let own_numbers = numbers_of_journals(lines, &by_number);
    let per_line = per_line(&by_number);
    for ((journal, number), ranks) in by_number {
        let alone = journals.get(journal).is_some_and(|count| *count == 1);
        if !says(number) || (per_line.contains(journal) && !sum(lines, &ranks).is_zero()) {
            loose.extend(ranks);
        } else if !sum(lines, &ranks).is_zero() {
            unbalanced.entry(number).or_default().push(ranks);
        } else {
            match by_day(lines, &ranks) {
                Some(_) if alone => loose.extend(ranks),
                Some(days) => {
                    let first = &lines[ranks[0]];
                    let what =
                        "EcritureNum : un numéro servi à plusieurs dates, une écriture par date";
                    repairs.note(first.file.name, Code::FecScattered, what, first.number);
                    groups.extend(days.into_iter().map(|lines| Group { lines, anonymous: false }));
                }
                None => groups.push(Group { lines: ranks, anonymous: false }),
            }
        }
    }
    across_journals(lines, own_numbers, unbalanced, &mut groups, findings, repairs);
    if !loose.is_empty() {
        loose.sort_unstable();
        for rank in &loose {
            let line = &lines[*rank];
            let what = "EcritureNum ne distingue pas les écritures : lignes regroupées par journal, date et pièce, renumérotées";
            repairs.note(line.file.name, Code::FecSequence, what, line.number);
        }
        regroup(lines, loose, &mut groups, findings);
    }
    groups.sort_by_key(|group| group.lines[0]);
    groups
}

/// The journals whose numbers tell lines, not entries: most of them stand on one line, in that journal or in
/// the file.
fn per_line<'t>(known: &ByNumber<'t>) -> BTreeSet<&'t str> {
    let single = known.values().filter(|ranks| ranks.len() == 1).count();
    let every = single * 2 > known.len() && known.len() > 2;
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for ((journal, _), ranks) in known {
        let (own, all) = counts.entry(journal).or_default();
        *own += usize::from(ranks.len() == 1);
        *all += 1;
    }
    let most = counts.into_iter().filter(|(_, (own, all))| every || (own * 2 > *all && *all > 2));
    most.map(|(journal, _)| journal).collect()
}

type ByNumber<'t> = BTreeMap<(&'t str, &'t str), Vec<usize>>;

fn numbered<'t>(lines: &[Line<'t>]) -> ByNumber<'t> {
    let mut known: ByNumber<'t> = BTreeMap::new();
    for (rank, line) in lines.iter().enumerate() {
        let key = (line.cell(Column::JournalCode), line.cell(Column::EcritureNum));
        known.entry(key).or_default().push(rank);
    }
    known
}

/// How many numbers each journal has.
fn journals<'t>(known: &ByNumber<'t>) -> BTreeMap<&'t str, usize> {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for (journal, _) in known.keys() {
        *count.entry(journal).or_default() += 1;
    }
    count
}

/// Whether journals number on their own: one number tells several sound entries apart by journal alone.
fn numbers_of_journals(lines: &[Line<'_>], known: &ByNumber<'_>) -> bool {
    let mut sound: BTreeSet<&str> = BTreeSet::new();
    let balanced =
        known.iter().filter(|((_, number), ranks)| says(number) && sum(lines, ranks).is_zero());
    let mut numbers = balanced.map(|((_, number), _)| *number);
    numbers.any(|number| !sound.insert(number))
}

/// The lines of one number apart by day, when there are several days and each balances.
fn by_day(lines: &[Line<'_>], ranks: &[usize]) -> Option<Vec<Vec<usize>>> {
    let first = lines[ranks[0]].date;
    if ranks.iter().all(|rank| lines[*rank].date == first) {
        return None;
    }
    let mut days: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for rank in ranks {
        days.entry(lines[*rank].date).or_default().push(*rank);
    }
    days.values().all(|ranks| sum(lines, ranks).is_zero()).then(|| days.into_values().collect())
}

/// Entries that balance by their number alone, over several journals; the rest does not balance. Where
/// each journal has its own numbers, two that cancel are one entry only when they are of one day.
fn across_journals(
    lines: &[Line<'_>],
    own_numbers: bool,
    unbalanced: BTreeMap<&str, Vec<Vec<usize>>>,
    groups: &mut Vec<Group>,
    findings: &mut Vec<Finding>,
    repairs: &mut Repairs,
) {
    for (number, parts) in unbalanced {
        let mut all: Vec<usize> = parts.iter().flatten().copied().collect();
        all.sort_unstable();
        let one_day = all.iter().all(|rank| lines[*rank].date == lines[all[0]].date);
        if sum(lines, &all).is_zero() && (one_day || !own_numbers) {
            let what = "écriture à cheval sur plusieurs journaux, réunie dans le premier";
            for line in all.iter().map(|rank| &lines[*rank]) {
                repairs.note(line.file.name, Code::FecScattered, what, line.number);
            }
            groups.push(Group { lines: all, anonymous: false });
            continue;
        }
        for ranks in parts {
            findings.push(unsound(lines, &ranks, number));
        }
    }
}

fn unsound(lines: &[Line<'_>], ranks: &[usize], number: &str) -> Finding {
    let first = &lines[ranks[0]];
    let journal = first.cell(Column::JournalCode);
    let gap = sum(lines, ranks);
    let named = if says(number) { format!(" {journal} {number}") } else { String::new() };
    let last = lines[ranks[ranks.len() - 1]].number;
    Finding::new(
        Code::FecEntry,
        first.place(Column::EcritureNum),
        format!(
            "l’écriture{named} ne s’équilibre pas : débits moins crédits = {}",
            euros(gap.decimal())
        ),
    )
    .label(if ranks.len() > 1 {
        format!("{} lignes, la dernière ligne {last}", ranks.len())
    } else {
        "seule ligne de l’écriture".to_owned()
    })
    .help(advice(Code::FecEntry))
}

/// By what lines without a number are put together, closest first.
const LIKENESS: [&[Column]; 3] = [
    &[Column::JournalCode, Column::EcritureDate, Column::PieceRef],
    &[Column::JournalCode, Column::EcritureDate],
    &[Column::EcritureDate],
];

/// Entries from lines whose numbers say nothing: lines alike, until their sum is nil.
fn regroup(
    lines: &[Line<'_>],
    mut left: Vec<usize>,
    groups: &mut Vec<Group>,
    findings: &mut Vec<Finding>,
) {
    for likeness in LIKENESS {
        let mut open: BTreeMap<Vec<&str>, (Vec<usize>, Sum)> = BTreeMap::new();
        for rank in std::mem::take(&mut left) {
            let key = likeness.iter().map(|column| lines[rank].cell(*column)).collect();
            let (ranks, sum) = open.entry(key).or_default();
            ranks.push(rank);
            *sum += lines[rank].amount();
            // A line of nothing goes with those before it; alone, with those after.
            if sum.is_zero() && (ranks.len() > 1 || !lines[rank].amount().is_zero()) {
                groups.push(Group { lines: std::mem::take(ranks), anonymous: true });
            }
        }
        left = open.into_values().flat_map(|(ranks, _)| ranks).collect();
        left.sort_unstable();
    }
    let mut days: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for rank in left {
        days.entry(lines[rank].cell(Column::EcritureDate)).or_default().push(rank);
    }
    for ranks in days.into_values() {
        if sum(lines, &ranks).is_zero() {
            groups.push(Group { lines: ranks, anonymous: true });
        } else {
            findings.push(unsound(lines, &ranks, ""));
        }
    }
}
