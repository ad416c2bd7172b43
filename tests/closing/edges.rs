//! What stands at the edge of a closing: its last day, a year of another name, a part that ends with it, a
//! file that goes while somebody is asked.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use compta::closing::Hash;

use super::folders::{append, close, edit, intact, small, tree, yearly};
use crate::harness::{binary, copy, folder, root, typed};

fn seal(home: &Path, name: &str) -> String {
    fs::read_to_string(home.join("clotures").join(name).join("sceau.txt")).unwrap()
}

/// Provisional versions are counted year by year.
#[test]
fn each_year_counts_its_provisional_versions() {
    let home = small();
    for (line, name) in [
        ("close 2023 --provisoire --date 2024-02-01", "2023-provisoire-1"),
        ("close 2023 --provisoire --date 2024-02-02", "2023-provisoire-2"),
    ] {
        let said = typed(home.path(), line).ok();
        assert!(said.contains(&format!("clotures/{name}")), "{said}");
    }
    close(home.path(), "2023", "2024-03-01").ok();
    let said = typed(home.path(), "close 2024 --provisoire --date 2025-04-01").ok();
    assert!(said.contains("clotures/2024-provisoire-1"), "{said}");
}

/// A closed year keeps its name as it keeps its days.
#[test]
fn a_closed_year_under_another_name_is_told() {
    for (from, to) in [
        ("nom = \"2023\"", "nom = \"2023 bis\""),
        ("debut = 2023-01-01", "debut = 2023-01-02"),
        (
            "fin = 2023-12-31\n\n[[exercice]]\nnom = \"2024\"\ndebut = 2024-01-01",
            "fin = 2023-12-30\n\n[[exercice]]\nnom = \"2024\"\ndebut = 2023-12-31",
        ),
    ] {
        let home = small();
        close(home.path(), "2023", "2024-03-01").ok();
        edit(home.path(), "compta.toml", from, to);
        let run = typed(home.path(), "check");
        assert_ne!(run.code, 0, "{to}: {}", run.screen());
        let told =
            run.out.contains("[E0704]: l’exercice 2023 est clos du 01/01/2023 au 31/12/2023");
        assert!(told, "{to}: {}", run.screen());
    }
}

/// A year follows its part, and what is sealed next follows the year; no part ends with its year.
#[test]
fn a_year_follows_its_part() {
    let home = small();
    close(home.path(), "2023", "2024-03-01").ok();
    let run = typed(home.path(), "sceller --jusqu-au 2024-12-31 --date 2025-03-01");
    assert_eq!(run.code, 2, "{}", run.screen());
    typed(home.path(), "sceller --jusqu-au 2024-12-30 --date 2025-03-01").ok();
    typed(home.path(), "close 2024 --provisoire --date 2025-04-01").ok();
    close(home.path(), "2024", "2025-05-01").ok();
    typed(home.path(), "sceller --jusqu-au 2025-02-28 --date 2025-05-02").ok();
    let root = |name: &str| Hash::of(seal(home.path(), name).as_bytes()).to_string();
    let chain = ["2023", "2024-periode-2024-12-30", "2024", "2025-periode-2025-02-28"];
    for two in chain.windows(2) {
        let text = seal(home.path(), two[1]);
        assert!(text.contains(&root(two[0])), "{two:?}\n{text}");
    }
    intact(home.path());
}

/// Openings that other software wrote are sealed with the year that they open, and with no other.
#[test]
fn a_received_opening_is_sealed_with_its_year() {
    let home = small();
    fs::create_dir(home.path().join("a-nouveaux")).unwrap();
    close(home.path(), "2023", "2024-03-01").ok();
    for year in ["2024", "2025"] {
        let printed = typed(home.path(), &format!("journal {year} --journal AN -O hledger")).ok();
        let at = printed.find(&format!("{year}-01-01")).unwrap_or_else(|| panic!("{printed}"));
        let entry = printed[at..].split("\n\n").next().unwrap();
        let (_, lines) = entry.split_once('\n').unwrap();
        let text = format!("decimal-mark ,\n\n{year}-01-01 * (AN-0001) Reprise\n{lines}\n");
        fs::write(home.path().join(format!("a-nouveaux/{year}.journal")), text).unwrap();
    }
    let check = typed(home.path(), "check");
    assert_eq!(check.code, 0, "{}", check.screen());
    close(home.path(), "2024", "2025-05-01").ok();
    let text = seal(home.path(), "2024");
    assert!(text.contains("a-nouveaux/2024.journal"), "{text}");
    assert!(!text.contains("a-nouveaux/2025.journal"), "{text}");
    intact(home.path());
}

/// A vote is of after the year: on its last day, an entry allocates nothing.
#[test]
fn an_entry_of_the_last_day_allocates_nothing() {
    for (day, word) in [("2023-12-31", "arrêté"), ("2024-01-01", "approuvé")] {
        let home = small();
        let line = format!(
            "\n{day} * (AFF-0001) Assemblée | affectation  ; affectation: 2023, vote: {day}, piece: pv.pdf\n    120 Résultat de l'exercice - excédent  0,00 €\n"
        );
        append(home.path(), &format!("{}.journal", &day[..4]), &line);
        close(home.path(), "2023", "2024-03-01").ok();
        let said = typed(home.path(), "bilan 2023").ok();
        assert!(said.contains(word), "{day}: {said}");
    }
}

/// A vote on the last sealed day is booked on the day after.
#[test]
fn a_vote_on_the_last_sealed_day_waits_for_the_next() {
    let home = yearly();
    close(home.path(), "2023", "2024-03-01").ok();
    close(home.path(), "2024", "2025-05-01").ok();
    typed(home.path(), "sceller --jusqu-au 2025-06-30 --date 2025-07-01").ok();
    for (vote, booked) in [
        ("2025-06-29", "2025-07-01=2025-06-29"),
        ("2025-06-30", "2025-07-01=2025-06-30"),
        ("2025-07-01", "2025-07-01 *"),
    ] {
        let said = typed(home.path(), &format!("affecter 2024 --vote {vote} -n")).ok();
        assert!(said.contains(booked), "{vote}: {said}");
    }
}

/// The published statements are those that the commands give, each in its ledger.
#[test]
fn what_is_published_is_what_is_shown() {
    let home = folder();
    copy(&root().join("fixtures/care/deux-capitaux"), home.path());
    for (year, balance) in [("2023", "1 850,00 €"), ("2024", "2 225,00 €")] {
        let line = format!(
            "\n{year}-12-31 * (RB-0001) Banque | relevé  ; piece: releve-{year}-12.pdf\n    512 Banques  0,00 €  = {balance}\n"
        );
        append(home.path(), "principal.journal", &line);
    }
    close(home.path(), "2023", "2024-05-01").ok();
    close(home.path(), "2024", "2025-05-01").ok();
    for (file, line) in [
        ("bilan.csv", "bilan 2024 -O csv"),
        ("bilan-care.csv", "bilan 2024 --care -O csv"),
        ("resultat.csv", "resultat 2024 -O csv"),
        ("resultat-care.csv", "resultat 2024 --care -O csv"),
        ("balance.csv", "balance 2024 -O csv"),
        ("balance-care.csv", "balance 2024 --care -O csv"),
        ("journal.csv", "journal 2024 -O csv"),
        ("grand-livre.csv", "grand-livre 2024 -O csv"),
    ] {
        let published =
            fs::read_to_string(home.path().join("clotures/2024/etats").join(file)).unwrap();
        assert_eq!(published, typed(home.path(), line).ok(), "{file}");
    }
    let classic = fs::read(home.path().join("clotures/2024/etats/bilan.csv")).unwrap();
    assert_ne!(classic, fs::read(home.path().join("clotures/2024/etats/bilan-care.csv")).unwrap());
}

/// What yields an entry in one year writes no journal of another.
#[test]
fn a_year_that_registers_give_nothing_has_no_inventory_journal() {
    let home = small();
    append(
        home.path(),
        "immobilisations.toml",
        "[[bien]]\nid = \"presse\"\nlibelle = \"Presse\"\ncompte = \"2183\"\nvaleur = 120\nmise_en_service = 2024-02-15\nannees = 3\n",
    );
    edit(home.path(), "2024.journal", "= 830,00 €", "= 710,00 €");
    append(
        home.path(),
        "2024.journal",
        "\n2024-02-15 * (ACH-0002) Imprimeur | presse  ; piece: facture-119.pdf\n    2183 Matériel de bureau et matériel informatique  120,00 €\n    512100 Banque  -120,00 €\n",
    );
    let yielded = typed(home.path(), "inventaire 2024").ok();
    assert!(yielded.contains("Presse"), "{yielded}");
    close(home.path(), "2023", "2024-03-01").ok();
    assert!(!home.path().join("clotures/2023/inventaire.journal").exists());
    typed(home.path(), "close 2024 --provisoire --date 2025-05-01").ok();
    assert!(home.path().join("clotures/2024-provisoire-1/inventaire.journal").exists());
}

/// A file that goes or changes while somebody is asked is told, and nothing is written.
#[test]
fn a_file_that_goes_while_one_is_asked_is_told() {
    for change in ["ôté", "changé", "rien"] {
        let home = small();
        let mut child = Command::new(binary())
            .args(["close", "2023", "--date", "2024-03-01"])
            .current_dir(home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut err = child.stderr.take().unwrap();
        let mut said = String::new();
        let mut byte = [0];
        let mut bytes = Vec::new();
        while !said.contains("pour clore : ") {
            assert_eq!(err.read(&mut byte).unwrap(), 1, "{said}");
            bytes.push(byte[0]);
            said = String::from_utf8_lossy(&bytes).into_owned();
        }
        match change {
            "ôté" => fs::remove_file(home.path().join("controles.toml")).unwrap(),
            "changé" => append(home.path(), "2024.journal", "\n; vu\n"),
            _ => {}
        }
        let books = |home: &Path| {
            let mut books = tree(home);
            books.retain(|path, _| !path.starts_with("clotures/."));
            books
        };
        let before = books(home.path());
        child.stdin.take().unwrap().write_all(b"2023\n").unwrap();
        let mut rest = String::new();
        err.read_to_string(&mut rest).unwrap();
        let code = child.wait().unwrap().code();
        if change == "rien" {
            assert_eq!(code, Some(0), "{rest}");
            continue;
        }
        assert_ne!(code, Some(0), "{change}: {rest}");
        let file = if change == "ôté" { "controles.toml" } else { "2024.journal" };
        assert!(rest.contains(file), "{change}: {rest}");
        assert!(books(home.path()) == before, "{change}");
    }
}

/// A statement that lists entries, rewritten with its manifest: told as long as the journals are untouched.
#[test]
fn a_rewritten_list_is_told_while_journals_are_untouched() {
    for (more, told) in [("", true), ("\n; vu\n", false)] {
        let home = small();
        close(home.path(), "2023", "2024-03-01").ok();
        append(home.path(), "2023.journal", more);
        let path = home.path().join("clotures/2023/etats/journal.csv");
        let was = fs::read_to_string(&path).unwrap();
        let now = was.replacen("paie de juin", "paie de mai", 1);
        assert_ne!(was, now);
        fs::write(&path, &now).unwrap();
        let list = home.path().join("clotures/2023/manifeste.sha256");
        let text = fs::read_to_string(&list).unwrap();
        let (old, new) =
            (Hash::of(was.as_bytes()).to_string(), Hash::of(now.as_bytes()).to_string());
        assert!(text.contains(&old), "{text}");
        let text = text.replace(&old, &new);
        let end = text.rfind("# manifeste ").unwrap();
        let sum = Hash::of(&text.as_bytes()[..end]);
        fs::write(&list, format!("{}# manifeste {sum}\n", &text[..end])).unwrap();
        let run = typed(home.path(), "verify 2023");
        let said = run.out.contains("ce n’est pas ce que les livres scellés redonnent");
        assert_eq!((said, run.code), (told, if told { 4 } else { 0 }), "{}", run.screen());
    }
}
