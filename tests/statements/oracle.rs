//! Each row of both statements, in the legal form, exact and in euros, for the year and for the year before.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use chrono::{Days, NaiveDate};
use compta::chart::Edition;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Value, json};

use super::books::{Chance, Made};
use crate::harness::{compta, folder, region, root};
use crate::hledger::hledger;

/// A row: its columns, each with the exact amount and what is shown of it.
type Rows = BTreeMap<String, BTreeMap<String, (String, String)>>;

/// Some journals as the model takes them: what hledger makes of them, month by month, classic postings and all of them.
fn book(paths: &[&Path], years: &[(NaiveDate, NaiveDate)], declared: &[String]) -> Value {
    let (begin, end) =
        (years[0].0.to_string(), (years[years.len() - 1].1 + Days::new(1)).to_string());
    let [real, both] = ["--real", "--empty"].map(|which| {
        let arguments =
            ["balance", which, "--flat", "--no-total", "-M", "-O", "csv", "-c", "1,00 €"];
        let span = ["-b", &begin, "-e", &end, "cur:€"];
        hledger(paths, &[&arguments[..], &span[..]].concat())
            .unwrap_or_else(|error| panic!("{error}"))
    });
    let known: Vec<&str> = Edition::Anc2022.accounts().map(|(number, _)| number).collect();
    let numbers: BTreeSet<&str> =
        known.into_iter().chain(declared.iter().map(String::as_str)).collect();
    let firsts: Vec<String> = years.iter().map(|(first, _)| first.to_string()).collect();
    json!({ "years": firsts, "chart_of_2022": numbers, "real": real, "both": both })
}

/// What the model says of each book: a ledger, then its years, then their rows.
fn model(books: Vec<Value>) -> Vec<BTreeMap<String, Vec<Rows>>> {
    let script = root().join("tests/model/statements.py");
    let lines = std::fs::read_to_string(&script).unwrap().lines().count();
    assert!(lines <= 340, "{lines} lines: a model is short");
    let mut child = Command::new("python3")
        .arg(&script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut pipe, text) = (child.stdin.take().unwrap(), Value::from(books).to_string());
    let writer = std::thread::spawn(move || pipe.write_all(text.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

const VIEWS: [&str; 2] = ["classique", "care"];

/// The rows that compta shows of a year, in a ledger.
fn ours(home: &Path, year: &str, view: &str) -> Rows {
    let mut rows = Rows::new();
    for kind in ["bilan", "resultat"] {
        let text = compta(
            home,
            &[kind, year, &format!("--{view}"), "--forme", "anc-2018-06", "-O", "json"],
        )
        .ok();
        let told: Value = serde_json::from_str(&text).unwrap();
        for row in told["rows"].as_array().unwrap() {
            let cells =
                row["amounts"].as_object().unwrap().iter().filter(|(column, _)| *column != "bp");
            let cells = cells.filter_map(|(column, exact)| {
                let shown = row["shown"][column].as_str();
                exact
                    .as_str()
                    .map(|exact| (column.clone(), (exact.to_owned(), shown.unwrap().to_owned())))
            });
            let before = rows.insert(row["key"].as_str().unwrap().to_owned(), cells.collect());
            assert!(before.is_none(), "{} twice", row["key"]);
        }
    }
    rows
}

/// Every row that is shown is that of the model; no row is left out but one of zeros. Says which ones were not nil.
fn compare(ours: &Rows, theirs: &Rows, met: &mut BTreeMap<String, usize>) -> Result<(), String> {
    for (key, row) in theirs {
        let nil = row.values().all(|(exact, _)| exact == "0.00");
        match ours.get(key) {
            Some(found) if found != row => {
                return Err(format!("{key}: {found:?}, the model: {row:?}"));
            }
            None if !nil => return Err(format!("{key} is not shown, the model: {row:?}")),
            _ => {}
        }
        if !nil {
            *met.entry(key.clone()).or_default() += 1;
        }
    }
    match ours.keys().find(|key| !theirs.contains_key(*key)) {
        Some(key) => Err(format!("{key}: a row that the model does not know")),
        None => Ok(()),
    }
}

/// Random books: each row of each year.
#[test]
fn a_model_from_the_text_of_the_law_agrees() {
    let asked = std::env::var("COMPTA_CASES").ok().and_then(|cases| cases.parse().ok());
    let count: usize = asked.unwrap_or(60);
    // New books at every run; a failure says how to meet them again.
    let seed: u64 =
        std::env::var("COMPTA_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(|| {
            let since = std::time::UNIX_EPOCH.elapsed().unwrap();
            since.as_secs() ^ u64::from(since.subsec_nanos())
        });
    eprintln!("COMPTA_SEED={seed} cargo test a_model_from_the_text gives the same books");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let mut random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut met = BTreeMap::new();
    let (mut left, mut years, mut wrong) = (count, 0, Vec::new());
    while left > 0 {
        let all: Vec<Made> =
            (0..left.min(200)).map(|_| Made::new(&mut Chance(&mut random))).collect();
        left -= all.len();
        let mut books = Vec::new();
        let mut found = Vec::new();
        for made in &all {
            let home = folder();
            made.write(home.path());
            let spans: Vec<_> = made.years.iter().map(|year| (year.first, year.last)).collect();
            let door = home.path().join("principal.journal");
            books.push(book(&[&door], &spans, &made.declared));
            let of =
                |view| made.years.iter().map(|year| ours(home.path(), &year.name, view)).collect();
            found.push(VIEWS.map(|view| (view, of(view))));
        }
        for ((made, found), theirs) in all.iter().zip(found).zip(model(books)) {
            years += made.years.len();
            let mut compared = found.iter().flat_map(|(view, ours): &(&str, Vec<Rows>)| {
                made.years
                    .iter()
                    .zip(ours)
                    .zip(&theirs[*view])
                    .map(move |((year, ours), theirs)| (*view, year, ours, theirs))
            });
            let first = compared.find_map(|(view, year, ours, theirs)| {
                let why = compare(ours, theirs, &mut met).err()?;
                Some(format!("{} ({}), {view}: {why}\n{}", year.name, year.first, made.journal))
            });
            wrong.extend(first);
        }
    }
    eprintln!("{count} books, {years} years, {} rows that were not nil: {met:?}", met.len());
    assert!(
        wrong.is_empty(),
        "{} books of {count} disagree; the first:\n{}",
        wrong.len(),
        wrong[0]
    );
    // Books that never fill a row would prove nothing of it.
    assert!(met.len() >= 90 || count < 60, "{met:?}");
}

/// Each official account, on either side, in both editions of the chart; then what the passage to 2025 makes of them.
#[test]
fn each_account_falls_where_the_law_puts_it() {
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    for (edition, years) in [(Edition::Anc2018, &[2024, 2025][..]), (Edition::Anc2022, &[2025])] {
        // All in debit, all in credit, one in two, two in four: accounts that meet may be on opposite sides.
        for (pattern, credit) in [0, 1, 0b01, 0b0011].into_iter().enumerate() {
            let home = folder();
            let first = day(years[0], 1, 1);
            let mut text = "decimal-mark ,\n\naccount 1999 Contrepartie\n\n".to_owned();
            for (rank, (number, title)) in super::books::usable(edition).iter().enumerate() {
                let sign = match pattern {
                    0 | 1 => credit,
                    _ => (credit >> (rank % (2 * (pattern - 1)))) & 1,
                };
                let amount = (1 - 2 * sign) * (10_000 + i64::try_from(rank * rank).unwrap());
                let amount = crate::worlds::figure(amount, 2, 1);
                text.push_str(&format!(
                    "{first} x\n    {number} {title}   {amount} €\n    1999 Contrepartie\n\n"
                ));
            }
            // A year that has no entry is not one yet.
            for year in years {
                text.push_str(&format!(
                    "{year}-12-31 x\n    1999 Contrepartie   0,00 €\n    1999 Contrepartie\n\n"
                ));
            }
            let path = home.path().join("principal.journal");
            std::fs::write(&path, text).unwrap();
            let mut toml = "[entite]\nnom = \"Tous\"\n".to_owned();
            let spans: Vec<_> =
                years.iter().map(|year| (day(*year, 1, 1), day(*year, 12, 31))).collect();
            for (first, last) in &spans {
                let year = first.format("%Y");
                toml.push_str(&format!(
                    "\n[[exercice]]\nnom = \"{year}\"\ndebut = {first}\nfin = {last}\n"
                ));
            }
            std::fs::write(home.path().join("compta.toml"), toml).unwrap();
            let theirs = model(vec![book(&[&path], &spans, &["1999".to_owned()])]).remove(0);
            for (year, theirs) in years.iter().zip(&theirs["classique"]) {
                let found = ours(home.path(), &year.to_string(), "classique");
                compare(&found, theirs, &mut BTreeMap::new())
                    .unwrap_or_else(|why| panic!("{year}, pattern {pattern}: {why}"));
            }
        }
    }
}

/// The demonstration's books, with what its registers yield.
#[test]
fn the_books_of_the_region_agree() {
    let home = folder();
    let yielded = home.path().join("inventaire.journal");
    std::fs::write(&yielded, compta(&region(), &["inventaire", "--tout", "-O", "hledger"]).ok())
        .unwrap();
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    let spans = [2023, 2024, 2025].map(|year| (day(year, 1, 1), day(year, 12, 31)));
    let door = region().join("principal.journal");
    let theirs = model(vec![book(&[&door, &yielded], &spans, &[])]).remove(0);
    let mut met = BTreeMap::new();
    for (theirs, year) in theirs["classique"].iter().zip(["2023", "2024"]) {
        compare(&ours(&region(), year, "classique"), theirs, &mut met)
            .unwrap_or_else(|why| panic!("{year}: {why}"));
    }
    assert!(met.len() >= 30, "{met:?}");
}
