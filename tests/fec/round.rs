//! Out and in again: random files through books, random books through files.

use std::collections::BTreeMap;
use std::fs;

use super::world::files;
use super::{given, hledger};
use crate::harness::{compta, copy, folder, region, typed};
use crate::seal::world::Dice;

fn seed() -> u64 {
    std::env::var("COMPTA_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(|| {
        u64::try_from(
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_micros(),
        )
        .unwrap()
    })
}

fn cases() -> u64 {
    std::env::var("COMPTA_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(24)
}

/// The balance of each account, or of each tiers of each account.
fn balances(rows: &[Vec<String>], tiers: bool) -> BTreeMap<(String, String), i64> {
    let mut known = BTreeMap::new();
    for row in rows {
        let cents = |cell: &str| cell.replace(',', "").parse::<i64>().unwrap();
        let tiers = if tiers { row[6].clone() } else { String::new() };
        *known.entry((row[4].clone(), tiers)).or_default() += cents(&row[11]) - cents(&row[12]);
    }
    known.retain(|_, sum| *sum != 0);
    known
}

#[test]
fn a_legal_file_comes_back_field_by_field() {
    let first = seed();
    eprintln!("COMPTA_SEED={first} COMPTA_CASES={} gives the same files", cases());
    for seed in first..first + cases() {
        let mut dice = Dice(seed);
        let files = files(&mut dice);
        let home = folder();
        let mut arguments = vec!["init", "livres", "--depuis-fec"];
        for file in &files {
            fs::write(home.path().join(&file.name), &file.bytes).unwrap();
            arguments.push(&file.name);
        }
        let run = compta(home.path(), &arguments);
        assert_eq!(run.code, 0, "seed {seed}: {}", run.screen());
        assert!(!run.err.contains("W0413"), "seed {seed}: {}", run.err);
        let books = home.path().join("livres");
        for file in &files {
            let year = &file.name[12..16];
            let mut back = given(&books, year);
            let mut sent: Vec<Vec<String>> = file.rows.iter().map(|row| row.to_vec()).collect();
            assert_eq!(balances(&back, true), balances(&sent, true), "seed {seed}, {year}");
            let days: Vec<&String> =
                back.iter().filter(|row| row[0] != "AN").map(|row| &row[15]).collect();
            assert!(days.is_sorted(), "seed {seed}, {year}: in the order of validation");
            let opened = back.iter().take_while(|row| row[0] == "AN").count();
            assert!(back[opened..].iter().all(|row| row[0] != "AN"), "openings come first");
            let order = |row: &Vec<String>| (row[0].clone(), row[2].clone());
            back.sort_by_key(order);
            sent.sort_by_key(order);
            for (back, sent) in back.iter().zip(&sent) {
                assert_eq!(back, sent, "seed {seed}, {year}");
            }
            assert_eq!(back.len(), sent.len(), "seed {seed}, {year}");
        }
        same_in_hledger(&books, &files, seed);
    }
}

/// hledger reads the folder, and gives each account what the rows of all years add up to: it carries
/// balances itself, so that the openings of later years are not for it.
fn same_in_hledger(books: &std::path::Path, files: &[super::world::Fec], seed: u64) {
    let mut wanted: BTreeMap<String, i64> = BTreeMap::new();
    for (rank, file) in files.iter().enumerate() {
        for row in file.rows.iter().filter(|row| rank == 0 || row[0] != "AN") {
            let cents = |cell: &str| cell.replace(',', "").parse::<i64>().unwrap();
            *wanted.entry(row[4].clone()).or_default() += cents(&row[11]) - cents(&row[12]);
        }
    }
    let mut found: BTreeMap<String, i64> = BTreeMap::new();
    let balance = hledger(books);
    let mut reader = csv::Reader::from_reader(balance.as_bytes());
    for line in reader.records() {
        let line = line.unwrap();
        let number = line[0].split(' ').next().unwrap().to_owned();
        let digits: String = line[1].chars().filter(|c| c.is_ascii_digit() || *c == '-').collect();
        *found.entry(number).or_default() += digits.parse::<i64>().unwrap_or(0);
    }
    wanted.retain(|_, cents| *cents != 0);
    found.retain(|_, cents| *cents != 0);
    assert_eq!(found, wanted, "seed {seed}");
}

#[test]
fn the_region_goes_out_and_comes_back_to_the_same_statements() {
    let home = folder();
    let source = home.path().join("source");
    copy(&region(), &source);
    // The books of the year, without the policy: a FEC knows nothing of it.
    fs::remove_file(source.join("care.toml")).unwrap();
    let files = ["2023", "2024"].map(|year| format!("000000000FEC{year}1231.txt"));
    for year in ["2023", "2024"] {
        assert_eq!(typed(&source, &format!("fec {year} -o ..")).code, 0);
    }
    let run = compta(
        home.path(),
        &[
            "init",
            "livres",
            "--nom",
            "La 27e Région (reconstitution)",
            "--depuis-fec",
            &files[0],
            &files[1],
        ],
    );
    assert_eq!(run.code, 0, "{}", run.screen());
    let books = home.path().join("livres");
    for year in ["2023", "2024"] {
        for state in ["bilan", "balance"] {
            let of = |books: &std::path::Path| compta(books, &[state, year, "-O", "csv"]).ok();
            assert_eq!(of(&source), of(&books), "{state} {year}");
        }
        let of = |books: &std::path::Path| {
            let text = compta(books, &["resultat", year, "-O", "csv"]).ok();
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            // Another budget, or none, stands beside it.
            let head = reader.headers().unwrap().clone();
            let kept: Vec<usize> = (0..head.len())
                .filter(|at| !head[*at].starts_with("bp") && !head[*at].starts_with("budget"))
                .collect();
            reader
                .records()
                .map(|row| {
                    let row = row.unwrap();
                    kept.iter()
                        .map(|at| row.get(*at).unwrap_or_default().to_owned())
                        .collect::<Vec<_>>()
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(of(&source), of(&books), "resultat {year}");
    }
    // And out again: the same rows, openings of the second year included; entries of one day may change
    // places between journals.
    for (year, file) in ["2023", "2024"].iter().zip(&files) {
        let sorted = |text: String| {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        let again = sorted(compta(&books, &["fec", year]).ok());
        let sent = sorted(fs::read_to_string(home.path().join(file)).unwrap());
        for (again, sent) in again.iter().zip(&sent) {
            assert_eq!(again, sent, "{year}");
        }
        assert_eq!(again.len(), sent.len(), "{year}");
    }
}
