//! Where reports may be written: never over what is no report, never in a format that nobody asked for, and
//! never two at once.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::harness::{compta, copy, files, folder, region, typed};

/// Every file below a folder, with its bytes.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    files(folder).into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

#[test]
fn no_report_takes_the_place_of_books_nor_of_what_is_sealed() {
    let home = folder();
    let books = home.path().join("livres");
    copy(&region(), &books);
    compta(&books, &["close", "2023", "--oui", "--date", "2024-06-01"]).ok();
    let before = tree(&books);
    for command in [
        "bilan 2023",
        "verify",
        "journal 2023 -O hledger",
        "ag 2023",
        "fec 2023",
        "export cac 2023",
    ] {
        for place in [
            "clotures/2023/racine.txt",
            "clotures/2023/etats",
            "clotures/2023/nouveau.csv",
            "./2024/../clotures/x",
            "2023/achats.journal",
            "2024/nouveau.journal",
            "nouveau.toml",
        ] {
            let run = typed(&books, &format!("{command} -o {place}"));
            assert_eq!(run.code, 2, "{command} -o {place}\n{}", run.screen());
            assert!(run.err.contains("aide : "), "{}", run.screen());
        }
    }
    assert_eq!(tree(&books), before, "nothing changed");
    // Elsewhere, a journal is a file like another.
    compta(&books, &["journal", "2023", "-O", "hledger", "-o", "../a.journal"]).ok();
}

#[cfg(unix)]
#[test]
fn what_is_no_plain_file_and_what_is_protected_stay() {
    use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
    let home = folder();
    let pipe = home.path().join("tube");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let run = compta(&region(), &["bilan", "2024", "-o", pipe.to_str().unwrap()]);
    assert_eq!(run.code, 2, "{}", run.screen());
    assert!(run.err.contains("n’est pas un fichier ordinaire"), "{}", run.err);
    assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
    let kept = home.path().join("gardé.csv");
    fs::write(&kept, "à garder").unwrap();
    fs::set_permissions(&kept, fs::Permissions::from_mode(0o444)).unwrap();
    let run = compta(&region(), &["bilan", "2024", "-o", kept.to_str().unwrap()]);
    assert_eq!(run.code, 2, "{}", run.screen());
    assert!(run.err.contains("lecture seule"), "{}", run.err);
    assert_eq!(fs::read_to_string(&kept).unwrap(), "à garder");
}

#[test]
fn the_name_of_a_file_says_its_format() {
    let home = folder();
    let at = |name: &str| home.path().join(name);
    for (name, begins) in [
        ("b.xlsx", &b"PK\x03\x04"[..]),
        ("b.html", b"<!DOCTYPE html>"),
        ("b.json", b"{"),
        ("b.csv", b"section,"),
        ("b.txt", b"Bilan au 31/12/2024"),
        #[cfg(feature = "pdf")]
        ("b.pdf", b"%PDF-"),
    ] {
        compta(&region(), &["bilan", "2024", "-o", at(name).to_str().unwrap()]).ok();
        let found = fs::read(at(name)).unwrap();
        let shown = String::from_utf8_lossy(&found[..found.len().min(80)]).into_owned();
        assert!(found.starts_with(begins), "{name}: {shown}");
    }
    compta(&region(), &["ag", "2024", "-o", at("ag.xlsx").to_str().unwrap()]).ok();
    assert!(fs::read(at("ag.xlsx")).unwrap().starts_with(b"PK"));
    compta(&region(), &["ag", "2024", "-O", "json", "-o", at("ag.json").to_str().unwrap()]).ok();
    assert!(fs::read(at("ag.json")).unwrap().starts_with(b"{"));
}

#[test]
fn an_option_that_does_nothing_is_refused() {
    let home = folder();
    let books = home.path().join("livres");
    copy(&region(), &books);
    let before = tree(&books);
    for line in [
        "completions bash -o x",
        "man -O json",
        "modeles -O json",
        "fmt --check -O json",
        "close 2023 -n -O json",
        "ecritures import x.csv -o y",
        "budget import x.csv -O csv",
        "init nouveau -O csv",
        "explain E0301 -o x",
        "cotisation --budget 4000000 -O xlsx -o c.xlsx",
    ] {
        let run = typed(&books, line);
        assert_eq!(run.code, 2, "{line}\n{}", run.screen());
        assert!(run.err.contains("aide : "), "{line}\n{}", run.err);
    }
    assert_eq!(tree(&books), before);
}

/// What a stopped run left, and what a desktop leaves, is no stranger: it goes, or it stays, and is never told.
#[test]
fn a_dossier_is_written_again_after_a_run_that_was_stopped() {
    let home = folder();
    let target = home.path().join("dossier");
    let name = target.to_str().unwrap().to_owned();
    compta(&region(), &["ag", "2024", "-o", &name]).ok();
    let first = tree(&target);
    fs::write(target.join(".compta-Ab12Cd.tmp"), "à moitié").unwrap();
    fs::create_dir(target.join(".compta-xYz")).unwrap();
    fs::write(target.join(".compta-xYz/dossier"), "à moitié").unwrap();
    fs::write(target.join(".DS_Store"), "").unwrap();
    compta(&region(), &["ag", "2024", "--check", &name]).ok();
    compta(&region(), &["ag", "2024", "-o", &name]).ok();
    assert!(target.join(".DS_Store").exists());
    fs::remove_file(target.join(".DS_Store")).unwrap();
    assert_eq!(tree(&target), first, "what was left is gone");
}

/// What is added while journals are laid out again is not lost: one of the two waits, or is told to run again.
#[test]
fn an_import_and_a_laying_out_at_once_lose_nothing() {
    let home = folder();
    let books = home.path().join("livres");
    copy(&region(), &books);
    let journal = books.join("2025/od.journal");
    fs::write(&journal, "decimal-mark ,\n").unwrap();
    for round in 0..10 {
        let mut text = fs::read_to_string(&journal).unwrap();
        text.push_str(&format!("\n2025-02-06 * (ODX-{round:04}) à la main {round}  ; piece: x.pdf\n  6063 Fournitures d'entretien et de petit équipement  1,00 €\n  512100 Crédit coopératif\n"));
        fs::write(&journal, text).unwrap();
        let sheet = home.path().join(format!("{round}.csv"));
        let rows = format!(
            "05/02/2025;OD;T-{round};606;Timbres {round};10;\n05/02/2025;OD;T-{round};512100;Timbres {round};;10\n"
        );
        fs::write(&sheet, format!("date;journal;pièce;compte;libellé;débit;crédit\n{rows}"))
            .unwrap();
        let begun = |arguments: &[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_compta"));
            let command = command.current_dir(&books).args(arguments).stdout(Stdio::null());
            command.stderr(Stdio::null()).spawn().unwrap()
        };
        let mut import = begun(&["ecritures", "import", sheet.to_str().unwrap()]);
        let mut layout = begun(&["fmt"]);
        let (imported, _) = (import.wait().unwrap().success(), layout.wait().unwrap());
        let text = fs::read_to_string(&journal).unwrap();
        assert_eq!(text.contains(&format!("Timbres {round}")), imported, "round {round}");
        (0..=round)
            .for_each(|one| assert!(text.contains(&format!("à la main {one}")), "round {round}"));
    }
    compta(&books, &["check"]).ok();
}

/// The concordance of a FEC is a file for a spreadsheet: a label that begins like a formula is a text there.
#[test]
fn a_concordance_holds_no_formula() {
    let home = folder();
    let books = home.path().join("livres");
    copy(&region(), &books);
    let path = books.join("2024/od.journal");
    let mut text = fs::read_to_string(&path).unwrap();
    text.push_str("\n2024-12-30 * (ODX-0001) =HYPERLINK(\"x\")  ; piece: x.pdf\n    6063 Fournitures d'entretien et de petit équipement  1,00 €\n    6063 Fournitures d'entretien et de petit équipement\n");
    fs::write(&path, text).unwrap();
    let run = typed(&books, "fec 2024 --sequence unique -o ../fec");
    assert_eq!(run.code, 0, "{}", run.screen());
    let made = files(&home.path().join("fec"));
    let concordance = made.iter().find(|path| path.to_string_lossy().contains("concordance"));
    let text = fs::read_to_string(concordance.unwrap()).unwrap();
    assert!(text.contains(";\"'=HYPERLINK(\"\"x\"\")\""), "{text}");
    assert!(!text.contains("\"=HYPERLINK"));
}

/// Two imports into one journal: each entry that was said to be added is there.
#[test]
fn two_imports_at_once_lose_nothing() {
    let home = folder();
    let books = home.path().join("livres");
    copy(&region(), &books);
    let head = "date;journal;pièce;compte;libellé;débit;crédit\n";
    let (mut added, mut refused) = (0, 0);
    for round in 0..12 {
        let mut running = Vec::new();
        for one in 0..2 {
            let words = format!("Timbres {round}-{one}");
            let sheet = home.path().join(format!("{round}-{one}.csv"));
            let line = |account, debit, credit| {
                format!("05/02/2025;OD;T-{round}-{one};{account};{words};{debit};{credit}\n")
            };
            fs::write(
                &sheet,
                format!("{head}{}{}", line("606", "10", ""), line("512100", "", "10")),
            )
            .unwrap();
            let mut command = Command::new(env!("CARGO_BIN_EXE_compta"));
            command.current_dir(&books).args(["ecritures", "import"]).arg(&sheet);
            running.push((
                words,
                command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap(),
            ));
        }
        for (words, child) in running {
            let done = child.wait_with_output().unwrap();
            let told = String::from_utf8_lossy(&done.stderr).into_owned();
            let journal = fs::read_to_string(books.join("2025/od.journal")).unwrap();
            assert_eq!(done.status.success(), journal.contains(&words), "{words}: {told}");
            *(if done.status.success() { &mut added } else { &mut refused }) += 1;
        }
    }
    assert!(added >= 12, "{added} added, {refused} told to run again");
    compta(&books, &["check"]).ok();
    let left = files(&books).into_iter().filter(|path| path.to_string_lossy().contains(".compta-"));
    assert_eq!(left.count(), 0);
}
