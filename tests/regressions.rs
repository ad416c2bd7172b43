//! The table of mended bugs names tests that exist.

use std::collections::BTreeSet;
use std::fs;

use crate::harness::root;

#[test]
fn every_mended_bug_names_its_test() {
    let table = fs::read_to_string(root().join("REGRESSIONS.md")).unwrap();
    let rows: Vec<Vec<&str>> = table
        .lines()
        .filter(|line| line.starts_with("| R"))
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect();
    assert!(rows.len() >= 200, "{} rows", rows.len());
    let mut ids = BTreeSet::new();
    for row in rows {
        let [id, date, wrong, tests] = row.as_slice() else { panic!("{row:?}") };
        assert!(ids.insert(*id), "{id} twice");
        assert!(
            chrono::NaiveDate::parse_from_str(date, "%Y-%m-%d").is_ok() && !wrong.is_empty(),
            "{id}"
        );
        let guards: Vec<&str> = tests.split('`').skip(1).step_by(2).collect();
        assert!(!guards.is_empty(), "{id} names no test");
        for guard in guards {
            let (path, function) = guard.split_once("::").unwrap_or((guard, ""));
            let at = root().join(path);
            assert!(at.exists(), "{id}: {path}");
            if !function.is_empty() {
                let text = fs::read_to_string(&at).unwrap();
                let is_there = text.contains(&format!("fn {function}("));
                assert!(is_there, "{id}: {path} has no {function}");
            }
        }
    }
}
