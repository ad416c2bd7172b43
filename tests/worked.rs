//! Worked books: each case a small folder with what is typed in it and the screens that must appear.

use std::fs;

use crate::harness::{expect, files, none, root, typed};

/// `commandes` says what is typed, `ecran.txt` what must appear.
fn screens(below: &str, at_least: usize) {
    let mut failures = Vec::new();
    let mut cases = 0;
    let mut folders: Vec<_> = files(&root().join(below))
        .into_iter()
        .filter(|path| path.ends_with("commandes"))
        .map(|path| path.parent().unwrap().to_owned())
        .collect();
    folders.sort();
    for folder in folders {
        let mut screens = String::new();
        for line in fs::read_to_string(folder.join("commandes")).unwrap().lines() {
            let run = typed(&folder, line);
            assert_eq!(run.code, 0, "{}: {line}\n{}", folder.display(), run.screen());
            screens += &format!("$ compta {line}\n{}\n", run.screen());
        }
        expect(&folder.join("ecran.txt"), &screens, &mut failures);
        cases += 1;
    }
    assert!(cases >= at_least, "{cases} cases");
    none(&failures);
}

/// The edge cases of the CARE model.
#[test]
fn each_edge_case_of_care_has_its_books_and_its_screens() {
    screens("fixtures/care", 15);
}

/// What registers yield at a closing.
#[test]
fn each_register_of_the_inventory_has_its_books_and_its_screens() {
    screens("fixtures/inventaire", 5);
}
