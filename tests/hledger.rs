//! hledger as an oracle: what compta accepts, hledger accepts, with the same balances.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rust_decimal::Decimal;

use crate::harness::{compta, files, region, root};
use crate::worlds::{World, world};

/// Balances by account number (and auxiliary) and unit.
pub type Balances = BTreeMap<(String, String), Decimal>;

/// What hledger says of some files read together.
pub fn hledger(paths: &[&Path], arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("hledger")
        .args(paths.iter().flat_map(|path| ["-f".as_ref(), path.as_os_str()]))
        .args(arguments)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .expect("hledger is installed (apt-get install hledger)");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

/// `401 Fournisseurs:SNCF` is account `401:SNCF` of compta.
fn key(name: &str) -> String {
    let (root, auxiliary) = match name.split_once(':') {
        Some((root, auxiliary)) => (root, format!(":{auxiliary}")),
        None => (name, String::new()),
    };
    format!("{}{auxiliary}", root.split(' ').next().unwrap())
}

fn hledger_balances(path: &Path, real: bool) -> Result<Balances, String> {
    let mut arguments = vec!["balance", "--flat", "--no-total", "-O", "csv"];
    if real {
        arguments.push("--real");
    }
    // Shown with all their decimals, whatever the journal's own style.
    for unit in ["€", "kgCO₂e", "pkm", "kWh", "km"] {
        arguments.extend(["-c", Box::leak(format!("1,00000000 {unit}").into_boxed_str())]);
    }
    Ok(parsed(&hledger(&[path], &arguments)?))
}

/// The balances of a report of hledger in CSV.
pub fn parsed(text: &str) -> Balances {
    let mut balances = Balances::new();
    for record in csv::Reader::from_reader(text.as_bytes()).records() {
        let record = record.unwrap();
        for amount in record[1].split(", ").filter(|amount| *amount != "0") {
            let end = amount.rfind(|c: char| c.is_ascii_digit()).unwrap() + 1;
            let figures: String = amount[..end].replace(' ', "").replace(',', ".");
            let unit = match amount[end..].trim() {
                "€" => "EUR",
                "kgCO₂e" => "kgCO2e",
                other => other,
            };
            *balances.entry((key(&record[0]), unit.to_owned())).or_default() +=
                figures.parse::<Decimal>().unwrap();
        }
    }
    balances.retain(|_, amount| !amount.is_zero());
    balances
}

pub fn compta_balances(path: &Path, real: bool) -> Balances {
    let path = path.to_str().unwrap();
    let mut arguments = vec!["-f", path, "balance", "-O", "csv"];
    if !real {
        arguments.push("--care");
    }
    let text = compta(&root(), &arguments).ok();
    let mut balances = Balances::new();
    for record in csv::Reader::from_reader(text.as_bytes()).records() {
        let record = record.unwrap();
        let amount: Decimal = record[5].parse().unwrap();
        let (debit, credit): (Decimal, Decimal) =
            (record[3].parse().unwrap(), record[4].parse().unwrap());
        assert_eq!(debit - credit, amount);
        balances.insert((record[0].to_owned(), record[2].to_owned()), amount);
    }
    balances.retain(|_, amount| !amount.is_zero());
    balances
}

fn agree(path: &Path) {
    for real in [true, false] {
        let theirs =
            hledger_balances(path, real).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert_eq!(compta_balances(path, real), theirs, "{} (real: {real})", path.display());
    }
}

#[test]
fn every_journal_of_the_project_is_read_alike() {
    let door = region().join("principal.journal");
    agree(&door);
    hledger(&[&door], &["check", "-s"]).unwrap();
    let mut read = 0;
    for folder in ["ledgers", "fixtures"] {
        for path in files(&root().join(folder)) {
            let journal = path.extension().is_some_and(|extension| extension == "journal");
            let name = path.to_str().unwrap();
            if !journal || compta(&root(), &["-f", name, "check"]).code != 0 {
                continue;
            }
            hledger(&[&path], &["balance"]).unwrap_or_else(|e| panic!("{name}: {e}"));
            agree(&path);
            read += 1;
        }
    }
    assert!(read >= 20, "{read} journals");
}

/// A year printed as a journal stands alone: both programs read it, with the balances of the year.
#[test]
fn a_printed_year_stands_alone() {
    for year in ["2023", "2024"] {
        let text = compta(&region(), &["journal", year, "-O", "hledger"]).ok();
        let folder = crate::harness::folder();
        let path = folder.path().join("annee.journal");
        std::fs::write(&path, text).unwrap();
        agree(&path);
        let name = path.to_str().unwrap();
        let balances = |run: crate::harness::Run| run.ok();
        let alone = balances(compta(&root(), &["-f", name, "balance", "--care", "-O", "csv"]));
        let within = balances(compta(&region(), &["balance", year, "--care", "-O", "csv"]));
        assert_eq!(alone, within);
    }
}

/// Corners of the two languages, gathered by hunting for disagreements: each file is refused by
/// compta, or read alike by both; and what `fmt` makes of it keeps that, and every amount.
#[test]
fn corners_are_refused_or_read_alike() {
    let mut failures = Vec::new();
    let mut verdicts = String::new();
    let corners = root().join("fixtures/hledger");
    let is_journal = |path: &std::path::PathBuf| path.extension().is_some_and(|e| e == "journal");
    for path in files(&corners).into_iter().filter(is_journal) {
        let name = path.to_str().unwrap();
        let json = compta(&root(), &["-f", name, "check", "-O", "json"]);
        let report: serde_json::Value = serde_json::from_str(&json.out).unwrap();
        let mut codes: Vec<&str> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|f| f["code"].as_str())
            .collect();
        codes.dedup();
        let file = path.strip_prefix(&corners).unwrap().display();
        verdicts.push_str(&format!(
            "{file}: {}\n",
            if codes.is_empty() { "lu".to_owned() } else { codes.join(" ") }
        ));
        if json.code == 0 {
            agree(&path);
        }
        let copy = crate::harness::folder();
        crate::harness::copy(&corners, copy.path());
        let formatted = copy.path().join(path.strip_prefix(&corners).unwrap());
        compta(copy.path(), &["-f", formatted.to_str().unwrap(), "fmt"]);
        if compta(&root(), &["-f", formatted.to_str().unwrap(), "check"]).code == 0 {
            agree(&formatted);
            if json.code == 0 {
                assert_eq!(
                    compta_balances(&formatted, false),
                    compta_balances(&path, false),
                    "{name}"
                );
            }
        }
    }
    crate::harness::expect(&corners.join("verdicts.txt"), &verdicts, &mut failures);
    crate::harness::none(&failures);
}

/// Random books, many per run: each one that compta accepts is one that hledger accepts.
#[test]
fn random_journals_are_read_alike() {
    // More in a proof that is run by hand.
    let asked = std::env::var("COMPTA_CASES").ok().and_then(|cases| cases.parse().ok());
    let books: usize = asked.unwrap_or(310);
    // New books at every run; a failure says how to meet them again.
    let seed: u64 =
        std::env::var("COMPTA_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(|| {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
            u64::from(now.subsec_nanos()) + now.as_secs()
        });
    eprintln!("COMPTA_SEED={seed} cargo test random_journals gives the same books");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let (mut accepted, mut refused) = (0, 0);
    while accepted < books {
        let made: World = world().new_tree(&mut runner).unwrap().current();
        let folder = crate::harness::folder();
        made.write(folder.path());
        let door = folder.path().join("principal.journal");
        let run = compta(&root(), &["-f", door.to_str().unwrap(), "check"]);
        if run.code == 0 {
            agree(&door);
            accepted += 1;
        } else {
            assert_eq!(run.code, 1, "{}", run.screen());
            assert!(made.flawed, "sound books refused: {}", run.screen());
            refused += 1;
        }
    }
    eprintln!("{accepted} books read alike, {refused} refused");
    assert!(refused < books / 5, "{refused} refused for {accepted} accepted");
}
