//! Laws of the closing, on random books: what a year leaves is what the next opens with, no figure
//! moves, the result entries leave nothing, and what is sealed is intact.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::Days;
use serde_json::Value;

use super::folders::{close, intact};
use super::oracle::{carried, closing, ends, part};
use super::world::{World, Year, excuse};
use crate::harness::{folder, typed};
use crate::hledger::{Balances, compta_balances};
use crate::seal::world::Dice;

/// How many folders; `COMPTA_CASES` asks for more, in a proof that is run by hand.
fn cases() -> usize {
    let asked = std::env::var("COMPTA_CASES").ok().and_then(|text| text.parse().ok());
    asked.unwrap_or(64)
}

fn seed() -> u64 {
    std::env::var("COMPTA_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        u64::from(now.subsec_nanos()) + now.as_secs()
    })
}

/// The controls of a year that wait for a reason.
pub fn waiting(home: &Path, year: &str) -> Vec<String> {
    let run = typed(home, &format!("controles {year} -O json"));
    let report: Value =
        serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.screen()));
    let rows = report["rows"].as_array().unwrap().clone();
    let failed = rows.iter().filter(|row| row["words"]["etat"] == "KO");
    failed
        .map(|row| row["key"].as_str().unwrap().trim_start_matches("controles.").to_owned())
        .collect()
}

/// Every balance of every year, as bytes.
fn figures(home: &Path, years: &[Year]) -> Vec<String> {
    let mut all = Vec::new();
    for year in years {
        for care in ["", " --care"] {
            all.push(typed(home, &format!("balance {}{care} -O csv", year.name)).ok());
        }
    }
    all
}

fn added(found: &Balances, more: &Balances) -> Balances {
    let mut sum = found.clone();
    for (key, amount) in more {
        *sum.entry(key.clone()).or_default() += amount;
    }
    sum.retain(|_, amount| !amount.is_zero());
    sum
}

/// Closes every year in turn; gives how many journals of openings were compared.
fn one(seed: u64) -> usize {
    let world = World::random(&mut Dice(seed));
    let kept = folder();
    let home = kept.path();
    world.write(home);
    let told = format!("COMPTA_SEED={seed}");
    let check = typed(home, "check");
    assert_eq!(check.code, 0, "{told}: {}", check.screen());
    let mut openings = 0;
    for (rank, year) in world.years.iter().enumerate() {
        excuse(home, &year.name, &waiting(home, &year.name));
        let before = figures(home, &world.years);
        let [real, all] = [false, true].map(|care| closing(home, &year.name, care));
        let day = (year.last + Days::new(60)).to_string();
        let run = close(home, &year.name, &day);
        assert_eq!(run.code, 0, "{told} {}: {}", year.name, run.screen());
        for (was, now) in before.iter().zip(figures(home, &world.years)) {
            assert_eq!(was, &now, "{told}: closing {} moves a figure", year.name);
        }
        let expected = carried(part(&all, |account| !ends(account)), &real, &all);
        let place = home.join("clotures").join(&year.name);
        let ended = added(&all, &compta_balances(&place.join("resultat.journal"), false));
        assert_eq!(ended, expected, "{told}: {} does not end", year.name);
        if rank + 1 < world.years.len() {
            let opening = compta_balances(&place.join("a-nouveaux.journal"), false);
            assert_eq!(opening, expected, "{told}: the opening after {}", year.name);
            let classic = compta_balances(&place.join("a-nouveaux.journal"), true);
            let kept = carried(part(&real, |account| !ends(account)), &real, &real);
            assert_eq!(classic, kept, "{told}: book F after {}", year.name);
            openings += 1;
        }
    }
    intact(home);
    openings
}

#[test]
fn what_a_closed_year_leaves_is_what_the_next_opens_with() {
    let (cases, first) = (cases(), seed());
    eprintln!("COMPTA_SEED={first} COMPTA_CASES={cases} gives the same folders");
    let (next, openings) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                loop {
                    let rank = next.fetch_add(1, Ordering::Relaxed);
                    if rank >= cases {
                        break;
                    }
                    openings.fetch_add(one(first.wrapping_add(rank as u64)), Ordering::Relaxed);
                }
            });
        }
    });
    eprintln!("{cases} folders, {openings:?} openings");
}
