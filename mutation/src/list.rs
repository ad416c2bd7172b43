//! The list of mutants, beside the sources that hold them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// A mutant: its number, where it is, and what it changes.
#[derive(Clone, Debug)]
pub struct Mutant {
    pub id: u32,
    pub file: String,
    pub line: usize,
    pub function: String,
    pub change: String,
}

/// The file of the list.
pub const LIST: &str = "mutants.tsv";
/// The numbers of mutants that no compiler takes.
pub const DROPPED: &str = "dropped.txt";

pub fn write(folder: &Path, mutants: &[Mutant]) {
    let line = |one: &Mutant| {
        format!("{}\t{}\t{}\t{}\t{}\n", one.id, one.file, one.line, one.function, one.change)
    };
    fs::write(folder.join(LIST), mutants.iter().map(line).collect::<String>()).expect("list");
}

/// The mutants that change nothing anybody sees, each with its reason: file, function, change, why.
const EQUIVALENT: &str = "mutation/equivalents.tsv";

/// The mutants to ask about: those that compile and are not known to change nothing.
pub fn read(folder: &Path) -> Vec<Mutant> {
    let known = fs::read_to_string(folder.join(EQUIVALENT)).unwrap_or_default();
    let row = |line: &str| -> Vec<String> { line.split('\t').map(str::to_owned).collect() };
    let known: Vec<Vec<String>> =
        known.lines().filter(|line| !line.starts_with('#')).map(row).collect();
    let is = |one: &Mutant, row: &[String]| {
        row.len() == 4 && one.file == row[0] && one.function == row[1] && one.change == row[2]
    };
    let mut all = compiled(folder);
    for row in known.iter().filter(|row| !all.iter().any(|one| is(one, row))) {
        println!("no such mutant any more: {}", row.join(" "));
    }
    all.retain(|one| !known.iter().any(|row| is(one, row)));
    all
}

fn compiled(folder: &Path) -> Vec<Mutant> {
    let text = fs::read_to_string(folder.join(LIST)).expect("instrument first");
    let dropped = dropped(folder);
    let one = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        Mutant {
            id: cells[0].parse().expect("a number"),
            file: cells[1].to_owned(),
            line: cells[2].parse().expect("a line"),
            function: cells[3].to_owned(),
            change: cells[4].to_owned(),
        }
    };
    text.lines().map(one).filter(|one| !dropped.contains(&one.id)).collect()
}

pub fn dropped(folder: &Path) -> BTreeSet<u32> {
    let text = fs::read_to_string(folder.join(DROPPED)).unwrap_or_default();
    text.split_whitespace().filter_map(|id| id.parse().ok()).collect()
}

/// Drops the mutants on the lines that a compiler refused: `errors` holds its short messages.
///
/// The next `instrument` leaves them out, under the same numbers.
pub fn drop_uncompiled(folder: &Path, errors: &str) {
    let mut dropped = dropped(folder);
    let before = dropped.len();
    for message in fs::read_to_string(errors).expect("errors").lines() {
        let mut parts = message.split(':');
        let (Some(file), Some(line)) = (parts.next(), parts.next()) else { continue };
        let (Ok(line), true) = (line.parse::<usize>(), message.contains("error")) else { continue };
        let text = fs::read_to_string(folder.join(file)).unwrap_or_default();
        let Some(line) = text.lines().nth(line - 1) else { continue };
        for rest in line.split("mutant::is(").skip(1) {
            dropped.extend(rest.split(')').next().and_then(|id| id.parse::<u32>().ok()));
        }
    }
    println!("{} dropped, {} before", dropped.len(), before);
    let all: Vec<String> = dropped.iter().map(u32::to_string).collect();
    fs::write(folder.join(DROPPED), all.join("\n")).expect("dropped");
}
