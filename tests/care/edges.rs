//! The edge cases of the model, each a small set of worked books with its screens in a golden file.

use std::fs;

use crate::harness::{expect, files, none, root, typed};

/// `fixtures/care/CASE/commandes` says what is typed, `ecran.txt` what must appear.
#[test]
fn each_edge_case_has_its_books_and_its_screens() {
    let mut failures = Vec::new();
    let mut cases = 0;
    let mut folders: Vec<_> = files(&root().join("fixtures/care"))
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
    assert!(cases >= 15, "{cases} cases");
    none(&failures);
}
