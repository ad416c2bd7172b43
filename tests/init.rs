//! A new folder of books works at once, and passes the workflow that comes with it.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::harness::{compta, files, folder, typed};

/// Every step of the workflow, as its shell runs it; `compta` is on the path, as a user may have it.
fn workflow(books: &Path) {
    let text = fs::read_to_string(books.join(".github/workflows/compta.yml")).unwrap();
    let steps: Vec<&str> =
        text.lines().filter_map(|line| line.trim().strip_prefix("- run: ")).collect();
    assert_eq!(steps.len(), 5, "{steps:?}");
    let binary = Path::new(env!("CARGO_BIN_EXE_compta")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
    for step in steps {
        let output = Command::new("bash")
            .args(["-e", "-c", step])
            .current_dir(books)
            .env("PATH", &path)
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let words = format!("{step}\n{}{}", said(&output.stdout), said(&output.stderr));
        assert!(output.status.success(), "{words}");
        if step.starts_with("for dossier") && books.join("sorties").exists() {
            assert!(words.contains("fichiers identiques"), "{words}");
        }
    }
}

#[test]
fn the_demonstration_passes_its_own_workflow() {
    let home = folder();
    assert_eq!(typed(home.path(), "init asso --demo").code, 0);
    let books = home.path().join("asso");
    assert!(
        books.join("sorties/ag-2025/manifeste.json").exists(),
        "the demonstration has its dossier"
    );
    workflow(&books);
    // A figure that moves stops it.
    let path = books.join("sorties/ag-2025/bilan.csv");
    fs::write(&path, fs::read_to_string(&path).unwrap() + "\n").unwrap();
    assert_eq!(typed(&books, "ag 2025 --check sorties/ag-2025").code, 1);
    // Every file says what it is.
    for path in files(&books) {
        let kept = path.extension().is_some_and(|e| e == "journal" || e == "toml");
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
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
    // Voluntary contributions stand under their own title, whatever stands above.
    let screen = typed(&books, "resultat 2025").ok();
    for (title, row) in [("86 - ", "Emplois"), ("87 - ", "Contributions")] {
        let at = screen.lines().position(|line| line.starts_with(title)).expect(row);
        assert_eq!(screen.lines().nth(at - 1), Some("CONTRIBUTIONS VOLONTAIRES EN NATURE"));
    }
    let hledger = Command::new("hledger")
        .args(["-f", books.join("principal.journal").to_str().unwrap(), "check", "-s"])
        .output()
        .unwrap();
    assert!(hledger.status.success(), "{}", String::from_utf8_lossy(&hledger.stderr));
    // Its first year closes, and the workflow holds the seal.
    let year = typed(&books, "close 2024 --oui --date 2025-06-01");
    assert_eq!(year.code, 0, "{}", year.screen());
    assert!(typed(&books, "verify").ok().contains("clotures/2024 : intact"));
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
    let empty = home.path().join("vide");
    assert_eq!(
        typed(&empty, "init . --demo").code,
        0,
        "an empty folder is filled where one stands"
    );
    assert_eq!(typed(&empty, "check").code, 0);
    let left: Vec<_> = fs::read_dir(&empty).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_str().unwrap().starts_with(".compta-")), "{left:?}");
}
