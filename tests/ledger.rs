//! Ledger as a second oracle: what compta prints of books, laid out as Ledger wants it, has the same balances.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rust_decimal::Decimal;

use crate::harness::{compta, files, folder, region, root};
use crate::hledger::{Balances, compta_balances};
use crate::worlds::{World, world};

/// A line of an entry: its account, its amount without spaces between thousands, its assertion, its comment.
fn parts(line: &str) -> (&str, String, &str) {
    let start = line.len() - line.trim_start().len();
    let account = line[start..].find("  ").map_or(line.len(), |at| start + at);
    let comment = line[account..].find(';').map_or(line.len(), |at| account + at);
    let amount: Vec<char> = line[account..comment].chars().collect();
    let digit =
        |at: Option<usize>| at.and_then(|at| amount.get(at)).is_some_and(char::is_ascii_digit);
    let between = |at: usize| amount[at] == ' ' && digit(at.checked_sub(1)) && digit(Some(at + 1));
    let amount = (0..amount.len()).filter(|at| !between(*at)).map(|at| amount[at]).collect();
    (&line[..account], amount, &line[comment..])
}

/// A printed journal in Ledger's notation: it reads the comma when told so, knows no `decimal-mark`, takes a space inside
/// a number for its end, and lets fewer amounts be left out.
fn for_ledger(printed: &str) -> String {
    let mut text = String::new();
    // What the bare lines of an entry add up to, and those in square brackets.
    let mut sums: [BTreeMap<String, Decimal>; 2] = Default::default();
    for line in printed.lines() {
        if line.starts_with("decimal-mark") || line.starts_with("commodity") {
            continue;
        }
        if !line.starts_with([' ', '\t']) || line.trim_start().starts_with(';') {
            if !line.starts_with([' ', '\t']) {
                sums = Default::default();
            }
            text.push_str(line);
            text.push('\n');
            continue;
        }
        let (account, amount, comment) = parts(line);
        if account.trim_start().starts_with('(') {
            text.push_str(&format!("{account}{amount}{comment}\n"));
            continue;
        }
        let group = &mut sums[usize::from(account.trim_start().starts_with('['))];
        let own = amount.split('=').next().unwrap().trim();
        if let Some(end) = own.rfind(|c: char| c.is_ascii_digit()) {
            let figure: Decimal = own[..=end].replace(',', ".").parse().unwrap();
            *group.entry(own[end + 1..].trim().to_owned()).or_default() += figure;
        } else if !group.is_empty()
            && (account.trim_start().starts_with('[') || group.values().all(Decimal::is_zero))
        {
            // It infers no amount within brackets, and no zero.
            for (unit, sum) in group {
                let figure = (-*sum).to_string().replace('.', ",");
                text.push_str(&format!("{account}  {figure} {unit}  {comment}\n"));
            }
            continue;
        }
        text.push_str(&format!("{account}{amount}{comment}\n"));
    }
    text
}

/// What Ledger says of a journal.
fn ledger_balances(path: &Path, real: bool) -> Result<Balances, String> {
    let format = "%(account)\t%(display_amount)\n";
    let mut command = Command::new("ledger");
    command.args([
        "--args-only",
        "--decimal-comma",
        "--flat",
        "--no-total",
        // An account and those below it may cancel each other: it is shown all the same.
        "--empty",
        "--balance-format",
        format,
        "-f",
    ]);
    command.arg(path).args(["balance"]).args(real.then_some("--real")).env("LC_ALL", "C.UTF-8");
    let output = command.output().expect("ledger is installed (apt-get install ledger)");
    if !output.status.success() || !output.stderr.is_empty() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let mut balances = Balances::new();
    let mut account = String::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        // An account with several units has a line for each.
        let amount = match line.split_once('\t') {
            Some((name, amount)) => {
                let (root, party) = name
                    .split_once(':')
                    .map_or((name, String::new()), |(a, b)| (a, format!(":{b}")));
                account = format!("{}{party}", root.split(' ').next().unwrap());
                amount
            }
            None => line,
        };
        let end = amount.rfind(|c: char| c.is_ascii_digit()).unwrap() + 1;
        let unit = match amount[end..].trim() {
            "€" => "EUR",
            "kgCO₂e" => "kgCO2e",
            other => other,
        };
        // A whole number of thousands may come with its marks.
        let figures: Decimal =
            amount[..end].trim().replace('.', "").replace(',', ".").parse().unwrap();
        *balances.entry((account.clone(), unit.to_owned())).or_default() += figures;
    }
    balances.retain(|_, amount| !amount.is_zero());
    Ok(balances)
}

/// The balances of books are those that Ledger finds in what is printed of them; if not, why Ledger refuses it.
fn agree(door: &Path) -> Result<(), String> {
    let name = door.to_str().unwrap();
    let printed =
        compta(&root(), &["-f", name, "journal", "--tout", "--care", "-O", "hledger"]).ok();
    let home = folder();
    let path = home.path().join("livres.ledger");
    let text = for_ledger(&printed);
    std::fs::write(&path, &text).unwrap();
    for real in [true, false] {
        let theirs =
            ledger_balances(&path, real).map_err(|error| format!("{name}: {error}\n{text}"))?;
        assert_eq!(compta_balances(door, real), theirs, "{name} (real: {real})");
    }
    Ok(())
}

/// All of them but corners of hledger's language that Ledger does not know.
#[test]
fn every_journal_of_the_project_has_the_same_balances() {
    agree(&region().join("principal.journal")).unwrap();
    let corners = root().join("fixtures/hledger");
    let (mut read, mut unknown) = (0, Vec::new());
    for folder in ["ledgers", "fixtures"] {
        for path in files(&root().join(folder)) {
            let journal = path.extension().is_some_and(|extension| extension == "journal");
            let name = path.to_str().unwrap();
            if !journal || compta(&root(), &["-f", name, "check"]).code != 0 {
                continue;
            }
            match agree(&path) {
                Ok(()) => read += 1,
                Err(why) if path.starts_with(&corners) => unknown.push(why),
                Err(why) => panic!("{why}"),
            }
        }
    }
    eprintln!("{read} journals, {} that Ledger does not read", unknown.len());
    assert!(read >= 100 && unknown.len() <= 6, "{read} journals; {unknown:#?}");
}

/// Random books, with amounts of every size, brackets, tonnes, activities and assertions.
#[test]
fn random_books_have_the_same_balances() {
    let asked = std::env::var("COMPTA_CASES").ok().and_then(|cases| cases.parse().ok());
    let seed: u64 =
        std::env::var("COMPTA_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(|| {
            let since = std::time::UNIX_EPOCH.elapsed().unwrap();
            since.as_secs() ^ u64::from(since.subsec_nanos())
        });
    eprintln!("COMPTA_SEED={seed} cargo test ledger::random_books gives the same books");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    for _ in 0..asked.unwrap_or(150) {
        let made: World = world().new_tree(&mut runner).unwrap().current();
        let made = World { flawed: false, ..made };
        let home = folder();
        made.write(home.path());
        agree(&home.path().join("principal.journal")).unwrap_or_else(|why| panic!("{why}"));
    }
}
