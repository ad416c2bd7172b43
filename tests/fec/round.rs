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

/// A cell as it may come back: letters that the file's own character set had not are told apart.
fn value(cell: &str) -> String {
    cell.replace(['’', '–'], "-")
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
        for (rank, file) in files.iter().enumerate() {
            let year = &file.name[12..16];
            let mut back = given(&books, year);
            let mut sent: Vec<Vec<String>> = file.rows.iter().map(|row| row.to_vec()).collect();
            for row in back.iter_mut().chain(&mut sent) {
                for cell in row {
                    *cell = value(cell);
                }
            }
            // Later openings of the files name no tiers: the books do.
            let first = rank == 0;
            assert_eq!(balances(&back, first), balances(&sent, first), "seed {seed}, {year}");
            if rank > 0 {
                // The books derive the openings of later years in their own order.
                back.retain(|row| row[0] != "AN");
                sent.retain(|row| row[0] != "AN");
            }
            let order = |row: &Vec<String>| (row[0].clone(), row[2].clone());
            back.sort_by_key(order);
            sent.sort_by_key(order);
            for (back, sent) in back.iter().zip(&sent) {
                assert_eq!(back, sent, "seed {seed}, {year}");
            }
            assert_eq!(back.len(), sent.len(), "seed {seed}, {year}");
        }
        same_in_hledger(&books, &files.last().unwrap().rows, seed);
    }
}

/// hledger reads the folder, and gives each account of the last year's file its balance.
fn same_in_hledger(books: &std::path::Path, rows: &[[String; 18]], seed: u64) {
    let mut wanted: BTreeMap<String, i64> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row[4].starts_with(['6', '7', '1'])) {
        let cents = |cell: &str| cell.replace(',', "").parse::<i64>().unwrap();
        *wanted.entry(row[4].clone()).or_default() += cents(&row[11]) - cents(&row[12]);
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
    for (account, cents) in wanted {
        assert_eq!(found.get(&account).copied().unwrap_or(0), cents, "seed {seed}, {account}");
    }
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
    // And out again: the first year is the same to the byte.
    let again = compta(&books, &["fec", "2023"]).ok();
    assert_eq!(again, fs::read_to_string(home.path().join(&files[0])).unwrap());
}
