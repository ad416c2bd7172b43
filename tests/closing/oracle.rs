//! hledger as an oracle of closings: it reads every generated journal, strictly, and finds the same
//! balances before and after.

use std::fs;
use std::path::{Path, PathBuf};

use rust_decimal::Decimal;

use super::folders::{close, region_copy, rows};
use crate::harness::typed;
use crate::hledger::{Balances, hledger, parsed};

/// The two years, the day after each, and the day of its closing.
const YEARS: [(&str, &str, &str); 2] =
    [("2023", "2024-01-01", "2024-05-15"), ("2024", "2025-01-01", "2025-05-15")];

fn euros_and_kilograms(paths: &[PathBuf], arguments: &[&str]) -> Balances {
    let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    let mut all = vec!["balance", "--flat", "--no-total", "-O", "csv"];
    all.extend(["-c", "1,00000000 €", "-c", "1,00000000 kgCO₂e"]);
    all.extend(arguments);
    let mut found = parsed(&hledger(&paths, &all).unwrap());
    found.retain(|(_, unit), _| ["EUR", "kgCO2e"].contains(&unit.as_str()));
    found
}

/// The balances of compta at the end of a year: by account and unit.
pub fn closing(home: &Path, year: &str, care: bool) -> Balances {
    let care = if care { " --care" } else { "" };
    let text = typed(home, &format!("balance {year}{care} -O csv")).ok();
    let mut found = Balances::new();
    for row in rows(&text).iter().filter(|row| ["EUR", "kgCO2e"].contains(&row[2].as_str())) {
        found.insert((row[0].clone(), row[2].clone()), row[5].parse().unwrap());
    }
    found.retain(|_, amount| !amount.is_zero());
    found
}

/// Whether an account ends with the year: 6, 7, 86, 87, C6, C7, and the emissions of the year.
pub fn ends(account: &str) -> bool {
    let roots = ["6", "7", "86", "87", "C6", "C7", "T60", "T65", "T75"];
    roots.iter().any(|root| account.starts_with(root))
}

pub fn part(found: &Balances, keep: impl Fn(&str) -> bool) -> Balances {
    let kept = found.iter().filter(|((account, _), _)| keep(account));
    kept.map(|(key, amount)| (key.clone(), *amount)).collect()
}

/// The results that end, where compta carries them: that of real lines to 120 or 129, the rest of book C to
/// C110, the kilograms to T10.
pub fn carried(mut found: Balances, real: &Balances, all: &Balances) -> Balances {
    let kept = |account: &str| ends(account) && !account.starts_with('8');
    let sum = |of: &Balances, unit: &str| -> Decimal {
        let own = of.iter().filter(|((account, known), _)| kept(account) && known == unit);
        own.map(|(_, amount)| *amount).sum()
    };
    let classic = sum(real, "EUR");
    for (to, unit, amount) in [
        (if classic > Decimal::ZERO { "129" } else { "120" }, "EUR", classic),
        ("C110", "EUR", sum(all, "EUR") - classic),
        ("T10", "kgCO2e", sum(all, "kgCO2e")),
    ] {
        *found.entry((to.to_owned(), unit.to_owned())).or_default() += amount;
    }
    found.retain(|_, amount| !amount.is_zero());
    found
}

fn generated(home: &Path, name: &str, line: &str) -> PathBuf {
    let path = home.join(format!("genere-{name}.txt"));
    fs::write(&path, typed(home, line).ok()).unwrap();
    path
}

#[test]
fn before_any_closing_hledger_finds_the_balances_of_each_year() {
    let kept = region_copy();
    let home = kept.path();
    let door = home.join("principal.journal");
    let inventory = generated(home, "inventaire", "inventaire --tout -O hledger");
    let care = generated(home, "care", "care journal --tout -O hledger");
    for one in [&inventory, &care] {
        hledger(&[&door, one], &["check", "-s"]).unwrap();
    }
    let all = [door, inventory, care];
    let (mut real_before, mut all_before) = (Balances::new(), Balances::new());
    let mut compared = 0;
    for (year, after, _) in YEARS {
        for real in [true, false] {
            let found = |mut arguments: Vec<&str>| {
                arguments.extend(real.then_some("--real"));
                euros_and_kilograms(&all, &arguments)
            };
            let (end, first) = (format!("date:..{after}"), format!("{year}-01-01"));
            let (whole, own) = (found(vec![&end]), found(vec!["-b", &first, "-e", after]));
            let other = if real { &real_before } else { &all_before };
            let theirs = carried(part(&whole, |account| !ends(account)), &real_before, other);
            let ours = closing(home, year, !real);
            assert_eq!(part(&ours, |account| !ends(account)), theirs, "{year} (real: {real})");
            let movements = part(&own, ends);
            assert_eq!(part(&ours, ends), movements, "{year} (real: {real})");
            compared += ours.len();
        }
        all_before = euros_and_kilograms(&all, &["-e", after]);
        real_before = euros_and_kilograms(&all, &["-e", after, "--real"]);
    }
    eprintln!("{compared} balances of the region compared with hledger before any closing");
    assert!(compared > 400);
}

#[test]
fn after_the_closings_the_years_end_at_nothing_and_the_next_opens_with_the_same() {
    let kept = region_copy();
    let home = kept.path();
    let before = YEARS.map(|(year, ..)| [false, true].map(|care| closing(home, year, care)));
    let mut all = vec![home.join("principal.journal")];
    for (rank, (year, after, day)) in YEARS.into_iter().enumerate() {
        close(home, year, day).ok();
        for journal in ["inventaire", "care", "resultat", "a-nouveaux"] {
            let path = home.join(format!("clotures/{year}/{journal}.journal"));
            hledger(&[&path], &["check", "-s"]).unwrap_or_else(|e| panic!("{year} {journal}: {e}"));
            if journal != "a-nouveaux" {
                all.push(path);
            }
        }
        for path in &all[1..] {
            hledger(&[&all[0], path], &["check", "-s"]).unwrap();
        }
        let theirs = euros_and_kilograms(&all, &["-e", after]);
        assert_eq!(part(&theirs, ends), Balances::new(), "{year}: nothing is left");
        let [real, ours] = &before[rank];
        assert_eq!(&closing(home, year, true), ours, "{year} is as it was");
        // What the year ends with is carried where the journal of the result puts it.
        let expected = carried(part(ours, |account| !ends(account)), real, ours);
        assert_eq!(theirs, expected, "{year}: the balance sheet");
        let opening = [home.join(format!("clotures/{year}/a-nouveaux.journal"))];
        assert_eq!(euros_and_kilograms(&opening, &[]), expected, "{year}: what it leaves");
    }
}

/// The journal of what a year leaves is what compta opens the next with, line by line.
#[test]
fn the_opening_is_the_one_of_compta() {
    let kept = region_copy();
    let home = kept.path();
    for (year, _, day) in YEARS {
        close(home, year, day).ok();
    }
    let entry = |text: &str| -> Vec<String> {
        let lines = text.lines().skip_while(|line| !line.starts_with("2025-01-01"));
        lines.take_while(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    let sealed = fs::read_to_string(home.join("clotures/2024/a-nouveaux.journal")).unwrap();
    let live = typed(home, "journal 2025 --care -O hledger").ok();
    let opening = entry(&sealed);
    assert!(opening.len() > 40);
    assert_eq!(entry(&live), opening);
}
