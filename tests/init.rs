//! A new folder of books works at once, and passes the workflow that comes with it.

use std::fs;

use crate::harness::{compta, files, folder, typed};

/// The commands of the workflow that begin with `compta`, and its loop over the dossiers.
fn workflow(books: &std::path::Path) {
    let text = fs::read_to_string(books.join(".github/workflows/compta.yml")).unwrap();
    let mut ran = 0;
    for line in text.lines().filter_map(|line| line.trim().strip_prefix("- run: ")) {
        if let Some(arguments) = line.strip_prefix("compta ") {
            let run = typed(books, arguments);
            assert_eq!(run.code, 0, "{line}: {}", run.screen());
            ran += 1;
        } else if line.starts_with("for dossier in") {
            let dossiers = fs::read_dir(books.join("sorties")).into_iter().flatten();
            for path in dossiers.map(|entry| entry.unwrap().path()) {
                let year = path.file_name().unwrap().to_str().unwrap().replace("ag-", "");
                let run = compta(books, &["ag", &year, "--check", path.to_str().unwrap()]);
                assert_eq!(run.code, 0, "{}", run.screen());
            }
            ran += 1;
        } else {
            assert!(line.starts_with("cargo install compta"), "{line}");
        }
    }
    assert_eq!(ran, 3, "every step was run");
}

#[test]
fn the_demonstration_passes_its_own_workflow() {
    let home = folder();
    assert_eq!(typed(home.path(), "init asso --demo").code, 0);
    let books = home.path().join("asso");
    for year in ["2024", "2025"] {
        let run = typed(&books, &format!("ag {year} -o sorties/ag-{year}"));
        assert_eq!(run.code, 0, "{}", run.screen());
    }
    workflow(&books);
    // Every file says what it is.
    for path in files(&books) {
        let kept = path.extension().is_some_and(|e| e == "journal" || e == "toml");
        let text = fs::read_to_string(&path).unwrap();
        assert!(!kept || text.lines().next().unwrap().contains("fictive"), "{}", path.display());
    }
    for line in [
        "",
        "bilan 2024",
        "resultat 2025 --budget 2026",
        "budget 2026 --forme cerfa-12156",
        "bilan 2025 --forme anc-2018-06",
        "bilan 2025 --care",
        "compte-rendu JP-REGION",
        "tresorerie 2026",
    ] {
        let run = typed(&books, line);
        let planned = line.starts_with("budget") && run.code == 2;
        assert!(run.code == 0 || planned, "{line}: {}", run.screen());
    }
    let hledger = std::process::Command::new("hledger")
        .args(["-f", books.join("principal.journal").to_str().unwrap(), "check", "-s"])
        .output()
        .unwrap();
    assert!(hledger.status.success(), "{}", String::from_utf8_lossy(&hledger.stderr));
}

#[test]
fn a_new_folder_is_sound_and_nothing_is_written_over() {
    let home = folder();
    let run = compta(home.path(), &["init", "asso", "--nom", "L’« Étoile » \"bleue\""]);
    assert_eq!(run.code, 0, "{}", run.screen());
    let books = home.path().join("asso");
    workflow(&books);
    assert!(typed(&books, "").ok().starts_with("L’« Étoile » \"bleue\""));
    let before: Vec<_> = files(&books).iter().map(|path| fs::read(path).unwrap()).collect();
    for line in ["init asso", "init asso --demo", "init asso/compta.toml"] {
        let run = typed(home.path(), line);
        assert_eq!(run.code, 2, "{line}: {}", run.screen());
    }
    let after: Vec<_> = files(&books).iter().map(|path| fs::read(path).unwrap()).collect();
    assert_eq!(before, after);
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1, "no temporary folder is left");
    fs::create_dir(home.path().join("vide")).unwrap();
    assert_eq!(typed(home.path(), "init vide").code, 0, "an empty folder gives way");
}
