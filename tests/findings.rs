//! One folder per finding code: the smallest books that show it, and the exact screen.

use std::collections::BTreeMap;
use std::fs;

use compta::diagnostic::{Code, Severity};

use crate::harness::{copy, expect, files, folder, none, root, typed};

/// Cannot be shown by a file that a repository keeps: 4 GiB of journals. A unit test of the source
/// map holds the rule.
const WITHOUT_FIXTURE: [Code; 1] = [Code::TooMuch];

/// A file that does not balance holds an entry that does not.
const TOGETHER: [(Code, Code); 1] = [(Code::FecUnbalanced, Code::FecEntry)];

/// Whether the program at hand can come to it.
fn at_hand(code: Code) -> bool {
    cfg!(feature = "pdf") || code != Code::Template
}

#[test]
fn each_code_has_its_fixture_and_its_exact_screen() {
    let mut failures = Vec::new();
    let asked = Code::ALL.iter().filter(|code| !WITHOUT_FIXTURE.contains(code) && at_hand(**code));
    for code in asked {
        let home = root().join("fixtures/findings").join(code.text());
        let Ok(line) = fs::read_to_string(home.join("commande")) else {
            failures.push(format!("{code} has no fixture"));
            continue;
        };
        let work = folder();
        copy(&home, work.path());
        fs::remove_file(work.path().join("commande")).unwrap();
        let _ = fs::remove_file(work.path().join("ecran.txt"));
        let before = contents(work.path());
        let run = typed(work.path(), line.trim());
        assert_eq!(before, contents(work.path()), "{code}: something was written");
        let screen = run.screen();
        if !screen.contains(code.text()) {
            failures.push(format!("{code} does not show: {screen}"));
        }
        let speaks = |other: &Code| screen.contains(&format!("[{other}]"));
        let mut others = Code::ALL.iter().filter(|other| *other != code && speaks(other));
        let other = others.find(|other| !TOGETHER.contains(&(*code, **other)));
        if let Some(other) = other {
            failures.push(format!("{code}: {other} speaks too"));
        }
        let sound = run.code == 0;
        if sound != (code.severity() == Severity::Warning) {
            failures.push(format!("{code}: exit {}", run.code));
        }
        expect(&home.join("ecran.txt"), &screen, &mut failures);
    }
    none(&failures);
}

#[test]
fn no_fixture_is_left_over() {
    for path in files(&root().join("fixtures/findings")) {
        let home = path.strip_prefix(root().join("fixtures/findings")).unwrap();
        let name = home.components().next().unwrap().as_os_str().to_str().unwrap().to_owned();
        assert!(Code::parse(&name).is_some(), "{name} is no code");
    }
}

fn contents(folder: &std::path::Path) -> BTreeMap<std::path::PathBuf, Vec<u8>> {
    files(folder).into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}
