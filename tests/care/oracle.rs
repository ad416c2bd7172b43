//! Other programs as oracles: hledger on the entries that the rules generate, and a model of the
//! CARE ledger in exact fractions, written from the model's text alone (`tests/model/care.py`).

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::process::{Command, Stdio};

use compta::care::{in_stock, journal};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::kept::{Figures, Kept};
use super::world::{World, world};
use crate::harness::root;

/// New worlds at every run; `COMPTA_SEED` repeats one.
fn worlds(count: usize) -> Vec<World> {
    let seed: u64 = match std::env::var("COMPTA_SEED") {
        Ok(text) => text.parse().unwrap(),
        Err(_) => {
            u64::from(std::process::id())
                ^ u64::from(std::time::UNIX_EPOCH.elapsed().unwrap().subsec_nanos())
        }
    };
    eprintln!("COMPTA_SEED={seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    (0..count).map(|_| world().new_tree(&mut runner).unwrap().current()).collect()
}

fn run(program: &str, arguments: &[&str], input: &str) -> String {
    let mut child = Command::new(program)
        .args(arguments)
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program}: {error}"));
    let (mut pipe, text) = (child.stdin.take().unwrap(), input.to_owned());
    let writer = std::thread::spawn(move || pipe.write_all(text.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{program}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// What the independent model and compta both say of a year.
fn told(year: &str, found: &Figures) -> Value {
    let euros = |amount: Decimal| format!("{:.2}", amount.abs_zero());
    let kilograms = |amount: &Decimal| format!("{:.3}", amount.abs_zero());
    let equity = found.carried_flux + found.flux;
    json!({
        "year": year,
        "P": euros(found.provision),
        "D": found.debts.iter().map(|(k, v)| ((*k).to_owned(), Value::from(euros(*v)))).collect::<serde_json::Map<_, _>>(),
        "W": euros(found.works),
        "U": euros(found.uses),
        "R_classic": euros(found.classic),
        "R_flux": euros(found.flux),
        "RAN_classic": euros(found.carried_classic),
        "RAN_flux": euros(found.carried_flux),
        "E_classic": euros(found.carried_classic + found.classic),
        "E_care": euros(equity),
        "result": found.steps.iter().map(|(k, v)| (k.clone(), Value::from(euros(*v)))).collect::<serde_json::Map<_, _>>(),
        "T": found.tonnes.iter().map(|(k, v)| ((*k).to_owned(), Value::from(kilograms(v)))).collect::<serde_json::Map<_, _>>(),
    })
}

/// A zero without a sign.
trait AbsZero {
    fn abs_zero(self) -> Decimal;
}

impl AbsZero for Decimal {
    fn abs_zero(self) -> Decimal {
        if self.is_zero() { Self::ZERO } else { self }
    }
}

/// 500 random worlds, to the cent and to the gram.
#[test]
fn an_independent_model_agrees() {
    let script = root().join("tests/model/care.py");
    let lines = std::fs::read_to_string(&script).unwrap().lines().count();
    assert!(lines <= 200, "{lines} lines: a model is short");
    let all: Vec<World> = worlds(500).into_iter().map(World::plain).collect();
    let input: Vec<Value> = all.iter().map(World::json).collect();
    let output = run("python3", &[script.to_str().unwrap()], &Value::from(input).to_string());
    let theirs: Vec<Value> = serde_json::from_str(&output).unwrap();
    assert_eq!(theirs.len(), all.len());
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    for (made, theirs) in all.iter().zip(theirs) {
        let mut kept = made.keep();
        // Stock as the product presents it: two cells of a copy of the ledgers.
        let shown = in_stock(&mut kept.books, &kept.annual);
        let ours: Vec<Value> = kept
            .years()
            .iter()
            .map(|year| {
                let mut told = told(&year.name, &kept.figures(year));
                let (result, carried) = kept.presented(&shown, year);
                told["R_stock"] = Value::from(format!("{:.2}", result.abs_zero()));
                told["RAN_stock"] = Value::from(format!("{:.2}", carried.abs_zero()));
                told
            })
            .collect();
        for (ours, theirs) in ours.iter().zip(theirs.as_array().unwrap()) {
            assert_eq!(ours, theirs, "{made:#?}\n{}\n{}", made.policy(), made.journal());
        }
        assert_eq!(ours.len(), theirs.as_array().unwrap().len());
        for entry in kept.care.kept.years.iter().flat_map(|year| &year.entries) {
            *rules.entry(entry.rule.name()).or_default() += 1;
        }
    }
    // Worlds that never touch a rule would prove nothing of it.
    assert_eq!(rules.len(), 20, "{rules:?}"); // all but C-CORR and T-CORR
    assert!(rules.values().all(|count| *count >= 5), "{rules:?}");
}

/// The CARE journal of a world stands alone: hledger balances it, with compta's own balances.
#[test]
fn hledger_reads_the_generated_entries() {
    let mut met = BTreeSet::new();
    for made in worlds(40) {
        let kept = made.keep();
        for year in kept.years() {
            let text = journal(&kept.books, &kept.care.kept, std::slice::from_ref(&year));
            assert_eq!(hledger(&text), ours(&kept, &year), "{text}");
            met.extend(
                text.lines()
                    .filter_map(|line| line.rsplit_once("regle: "))
                    .map(|(_, rule)| rule.to_owned()),
            );
        }
    }
    assert!(met.len() >= 15, "{met:?}");
}

type Balances = BTreeMap<(String, String), Decimal>;

fn hledger(text: &str) -> Balances {
    let arguments = [
        "-f-",
        "balance",
        "--flat",
        "--no-total",
        "-Ocsv",
        "-c1,00000000 €",
        "-c1,00000000 kgCO₂e",
    ];
    let output = run("hledger", &arguments, text);
    let strict = run("hledger", &["-f-", "check", "-s"], text);
    assert!(strict.is_empty(), "{strict}");
    let mut balances = Balances::new();
    for record in csv::Reader::from_reader(output.as_bytes()).records() {
        let record = record.unwrap();
        let number = record[0].split([' ', ':']).next().unwrap().to_owned();
        for amount in record[1].split(", ").filter(|amount| *amount != "0") {
            let (figures, unit) = amount.rsplit_once(' ').unwrap();
            let figures: Decimal = figures.replace(' ', "").replace(',', ".").parse().unwrap();
            *balances.entry((number.clone(), unit.to_owned())).or_default() += figures;
        }
    }
    balances.retain(|_, amount| !amount.is_zero());
    balances
}

fn ours(kept: &Kept, year: &compta::measure::FiscalYear) -> Balances {
    let mut balances = Balances::new();
    for (book, unit) in [(compta::book::Book::Care, "€"), (compta::book::Book::Tonnes, "kgCO₂e")]
    {
        for (number, balance) in kept.page(year, book) {
            balances.insert((number, unit.to_owned()), balance);
        }
    }
    balances
}
