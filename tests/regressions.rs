//! The tables of mended bugs and of faults name tests that exist.

use std::collections::BTreeSet;
use std::fs;

use crate::harness::root;

/// The cells of each row of a table whose first cell begins with a letter and a number.
fn rows(path: &str, letter: char) -> Vec<Vec<String>> {
    let table = fs::read_to_string(root().join(path)).unwrap();
    let is_row = |line: &&str| {
        let id = line.strip_prefix("| ").and_then(|line| line.strip_prefix(letter));
        id.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let cells = |line: &str| {
        let inside = line.strip_prefix("| ").and_then(|line| line.strip_suffix(" |")).unwrap();
        inside.split(" | ").map(|cell| cell.trim().to_owned()).collect()
    };
    table.lines().filter(is_row).map(cells).collect()
}

/// Every place named between backquotes that is a path is there, with the function named after it.
fn there(id: &str, tests: &str) -> usize {
    let guards = tests.split('`').skip(1).step_by(2).filter(|guard| guard.contains('/'));
    let mut found = 0;
    for guard in guards {
        let (path, function) = guard.split_once("::").unwrap_or((guard, ""));
        let at = root().join(path);
        assert!(at.exists(), "{id}: {path}");
        if !function.is_empty() {
            let text = fs::read_to_string(&at).unwrap();
            assert!(text.contains(&format!("fn {function}(")), "{id}: {path} has no {function}");
        }
        found += 1;
    }
    found
}

#[test]
fn every_mended_bug_names_its_test() {
    let rows = rows("REGRESSIONS.md", 'R');
    assert!(rows.len() >= 200, "{} rows", rows.len());
    let mut ids = BTreeSet::new();
    for row in &rows {
        let [id, date, wrong, tests] = row.as_slice() else { panic!("{row:?}") };
        assert!(ids.insert(id), "{id} twice");
        let day = chrono::NaiveDate::parse_from_str(date, "%Y-%m-%d");
        assert!(day.is_ok() && !wrong.is_empty(), "{id}");
        assert!(there(id, tests) > 0, "{id} names no test");
    }
}

#[test]
fn every_fault_names_its_tests() {
    let rows = rows("docs/faults.md", 'F');
    assert_eq!(rows.len(), 39);
    for row in &rows {
        let [id, _, _, tests] = row.as_slice() else { panic!("{row:?}") };
        assert!(there(id, tests) > 0, "{id} names no test");
    }
}
