//! Real processes that publish at once, and one that dies with the lock.

use std::time::{Duration, Instant};

use super::process::{example, finished, seen};
use super::strace;
use super::trial::visible;

/// How many times each crowd tries.
const ROUNDS: usize = 12;

#[test]
fn of_many_closings_at_once_one_wins_and_the_others_are_told() {
    let publisher = example();
    let (_alone, reference) = publisher.folder();
    assert_eq!(publisher.run(&reference, "m0").code, 0);
    let by = |mark: &str| {
        let mut all = seen(&reference);
        for text in all.values_mut().flatten() {
            *text = String::from_utf8_lossy(text).replace(" m0\n", &format!(" {mark}\n")).into();
        }
        all
    };
    let (mut processes, mut busy, mut late) = (0, 0, 0);
    for crowd in 2..=8 {
        for _ in 0..ROUNDS {
            let (_kept, folder) = publisher.folder();
            let marks: Vec<String> = (0..crowd).map(|nth| format!("m{nth}")).collect();
            let children: Vec<_> =
                marks.iter().map(|mark| publisher.start(&folder, mark)).collect();
            let runs: Vec<_> = children.into_iter().map(finished).collect();
            let winners: Vec<&String> =
                marks.iter().zip(&runs).filter(|(_, run)| run.code == 0).map(|(m, _)| m).collect();
            let [winner] = winners.as_slice() else { panic!("{winners:?} win") };
            for run in &runs {
                match run.code {
                    0 => {}
                    4 => late += usize::from(run.err.contains("l’exercice est clos")),
                    6 => busy += usize::from(run.err.contains("une autre clôture est en cours")),
                    _ => panic!("{}", run.err),
                }
            }
            assert_eq!(seen(&folder), by(winner), "what is there is the winner's");
            processes += crowd;
        }
    }
    let won = 7 * ROUNDS;
    eprintln!(
        "{processes} processes in {won} rounds: {busy} found another at work, {late} came late"
    );
    assert_eq!(busy + late + won, processes, "each loser is told which");
    assert!(busy > 0, "no two were at work at once");
}

#[test]
fn who_dies_with_the_lock_blocks_nobody() {
    let publisher = example();
    let (_kept, folder) = publisher.folder();
    let log = folder.with_file_name("trace");
    // It waits at the renaming, with everything staged.
    let inject = ["-e", "inject=rename,renameat2:delay_enter=60000000"];
    let mut held = strace::traced(&publisher, &folder, "mort", &inject).spawn().unwrap();
    let limit = Instant::now() + Duration::from_secs(20);
    while !folder.join("clotures/.2024.tmp-1/sceau.toml").exists() {
        assert!(Instant::now() < limit, "it stages nothing");
        std::thread::sleep(Duration::from_millis(5));
    }
    let other = publisher.run(&folder, "vivant");
    assert_eq!(other.code, 6, "{}", other.err);
    assert!(other.err.contains("une autre clôture est en cours"), "{}", other.err);

    let traced = std::fs::read_to_string(&log).unwrap();
    let process = traced.split_whitespace().next().unwrap();
    assert!(std::process::Command::new("kill").args(["-9", process]).status().unwrap().success());
    // `strace` would hold its last breath to the end of the wait.
    held.kill().unwrap();
    held.wait().unwrap();
    let status = || std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    while !status().is_empty() && !status().contains("State:\tZ") {
        assert!(Instant::now() < limit, "it does not die");
        std::thread::sleep(Duration::from_millis(1));
    }
    let next = publisher.run(&folder, "vivant");
    assert_eq!(next.code, 0, "{}", next.err);
    let after = seen(&folder);
    assert_eq!(visible(&after).len() + 1, after.len(), "{:?}", after.keys());
}
