//! Many closings at once, and someone who writes meanwhile.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use super::calls::closing;
use super::folders::{append, close, edit, intact};
use crate::crash::process::{finished, seen};
use crate::crash::strace::traced;
use crate::crash::trial::visible;
use crate::harness::compta;

/// How many times each crowd tries.
const ROUNDS: usize = 4;

#[test]
fn of_many_processes_one_closes_and_the_others_say_why_not() {
    let publisher = closing();
    let (_alone, reference) = publisher.folder();
    assert_eq!(publisher.run(&reference, "a").code, 0);
    let whole = seen(&reference);
    let (mut busy, mut late, mut nothing) = (0, 0, 0);
    let mut processes = 0;
    for crowd in 2..=8 {
        for _ in 0..ROUNDS {
            let (_kept, folder) = publisher.folder();
            let line = ["close", "2024", "--oui", "--date", "2025-05-01"];
            let runs: Vec<_> = std::thread::scope(|scope| {
                let started: Vec<_> =
                    (0..crowd).map(|_| scope.spawn(|| compta(&folder, &line))).collect();
                started.into_iter().map(|one| one.join().unwrap()).collect()
            });
            let mut winners = 0;
            for run in &runs {
                match run.code {
                    0 if run.out.contains("rien à faire") => nothing += 1,
                    0 => winners += usize::from(run.out.contains("est arrêté")),
                    1 if run.err.contains("une autre clôture est en cours") => busy += 1,
                    4 if run.err.contains("l’exercice est clos") => late += 1,
                    _ => panic!("{}", run.screen()),
                }
            }
            assert_eq!(winners, 1, "one publishes");
            assert_eq!(seen(&folder), whole, "and what is there is whole");
            processes += crowd;
        }
    }
    eprintln!(
        "{processes} processes in {} rounds: {busy} busy, {late} came late, {nothing} found it closed",
        7 * ROUNDS
    );
    assert!(busy + late + nothing > 0);
    intact(&reference);
}

/// What someone does while a closing waits for its lock, and what it must name.
type Meanwhile = (&'static str, fn(&Path), &'static str);

const MEANWHILE: [Meanwhile; 7] = [
    ("a changed entry", |home| edit(home, "2024.journal", "affiches", "tracts"), "2024.journal"),
    (
        "an entry of another year",
        |home| append(home, "2025.journal", "\n; une remarque\n"),
        "2025.journal",
    ),
    ("a register", |home| edit(home, "conventions.toml", "montant = 600", "montant = 700"), "conv"),
    (
        "a journal removed",
        |home| fs::remove_file(home.join("2024.journal")).unwrap(),
        "2024.journal",
    ),
    (
        "a register removed",
        |home| fs::remove_file(home.join("conventions.toml")).unwrap(),
        "conventions.toml",
    ),
    ("the years", |home| append(home, "compta.toml", "\n"), "compta.toml"),
    (
        "another seal",
        |home| {
            let run = compta(home, &["close", "2025", "--provisoire", "--date", "2025-05-01"]);
            assert_eq!(run.code, 0, "{}", run.screen());
        },
        "clotures/2025-provisoire-1",
    ),
];

#[test]
fn what_changes_between_reading_and_publishing_stops_it() {
    let publisher = closing();
    for (what, change, named) in MEANWHILE {
        let (_kept, folder) = publisher.folder();
        let log = folder.with_file_name("trace");
        let inject = ["-e", "inject=flock:delay_enter=1500000"];
        let held = traced(&publisher, &folder, "a", &inject).spawn().unwrap();
        let limit = Instant::now() + Duration::from_secs(20);
        while !fs::read_to_string(&log).unwrap_or_default().contains("/.verrou\"") {
            assert!(Instant::now() < limit, "{what}: it takes no lock");
            std::thread::sleep(Duration::from_millis(5));
        }
        change(&folder);
        let before = visible(&seen(&folder));
        let run = finished(held);
        assert_eq!(run.code, 1, "{what}: {}", run.err);
        assert!(run.err.contains(named) && run.err.contains("rien n’a été publié"), "{}", run.err);
        assert_eq!(visible(&seen(&folder)), before, "{what}: nothing is written");
    }
}

/// A closing stopped by its reader, then made again, is the one of a quiet day.
#[test]
fn a_year_stays_closed_in_its_order() {
    let home = super::folders::small_closed();
    let path = home.path();
    fs::remove_dir_all(path.join("clotures/2023")).unwrap();
    let check = compta(path, &["check"]);
    assert_eq!(check.code, 4, "{}", check.screen());
    assert!(check.err.contains("E0703") || check.out.contains("E0703"), "{}", check.screen());
    let again = close(path, "2023", "2025-06-01");
    assert_eq!(again.code, 4, "{}", again.screen());
    assert!(!path.join("clotures/2023").exists());
}
