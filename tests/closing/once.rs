//! A closing is made once, in order, and only when asked for by its name.

use std::fs;

use super::folders::{answered, append, close, edit, intact, small, tree};
use crate::harness::{compta, typed};

#[test]
fn twice_is_once() {
    let home = small();
    let path = home.path();
    close(path, "2023", "2024-03-01").ok();
    let once = tree(path);
    for date in ["2024-03-01", "2031-01-01", "2020-01-01"] {
        let again = close(path, "2023", date);
        assert_eq!(again.code, 0, "{}", again.screen());
        assert!(again.out.contains("rien à faire"), "{}", again.out);
        assert_eq!(tree(path), once);
    }
    close(path, "2024", "2025-05-01").ok();
    let both = tree(path);
    close(path, "2024", "2025-05-01").ok();
    close(path, "2023", "2024-03-01").ok();
    assert_eq!(tree(path), both);
    intact(path);
}

/// The small books, 2025 in a folder of its own, closed to 2024.
fn closed_with_a_folder() -> tempfile::TempDir {
    let home = crate::harness::folder();
    let path = &home.path().join("livres");
    crate::harness::copy(small().path(), path);
    fs::create_dir(path.join("2025")).unwrap();
    fs::rename(path.join("2025.journal"), path.join("2025/od.journal")).unwrap();
    edit(path, "principal.journal", "include 2025.journal", "include 2025/*.journal");
    close(path, "2023", "2024-03-01").ok();
    close(path, "2024", "2025-05-01").ok();
    home
}

/// A command given twice does once what it does, and says so: done already, the same again, or refused.
#[test]
fn every_command_that_writes_may_be_given_twice() {
    let home = closed_with_a_folder();
    let path = &home.path().join("livres");
    let sheets = [
        (
            "entrees.csv",
            "date;journal;pièce;compte;libellé;débit;crédit\n05/02/2025;CA;T-1;626100;Timbres;10;\n05/02/2025;CA;T-1;512100;Timbres;;10\n",
        ),
        ("prevu.csv", "compte;budget\n626100;120\n"),
    ];
    for (name, text) in sheets {
        fs::write(path.join(name), text).unwrap();
    }
    for (line, code, words) in [
        ("affecter 2024 --vote 2025-06-01", 0, "déjà affecté"),
        ("ecritures import entrees.csv", 0, "rien à ajouter"),
        ("budget import prevu.csv 2025", 0, "rien à changer"),
        ("lettrer 2025 --ecrire", 0, "aucun lettrage certain à écrire"),
        ("fec 2024 -o sorties", 0, "siren"),
        ("ag 2024 -o sorties/ag", 0, "--check"),
        ("bilan 2024 -o sorties/bilan.html", 0, ""),
        ("sceller --jusqu-au 2025-06-30 --date 2025-07-01", 0, "rien à faire"),
        ("close 2024 --oui --date 2025-05-01", 0, "rien à faire"),
        ("corriger ACH-0001 --exercice 2024 --compte 6236=626100", 5, "existe déjà"),
        ("export cac 2024 -o ../cac", 2, "un dossier remis ne se réécrit pas"),
        ("fmt", 0, "en forme"),
        ("init neuf", 2, "existe déjà"),
    ] {
        let begun = tree(home.path());
        let once = typed(path, line);
        // A proof that fails is said by the code of the dossier; the others have none.
        let written = once.code == 0 || line.starts_with("export") && once.code == 1;
        let done = line.starts_with("close 2024") || line == "fmt";
        assert!(written && (done || tree(home.path()) != begun), "{line}: {}", once.screen());
        let before = tree(home.path());
        let again = typed(path, line);
        assert_eq!(again.code, code, "{line}: {}", again.screen());
        assert!(again.screen().contains(words), "{line}: {}", again.screen());
        assert!(tree(home.path()) == before, "{line}: something was written again");
    }
    intact(path);
}

/// Without a date, the day is that of the clock in universal time, wherever the machine is.
#[test]
fn without_a_date_the_day_is_the_universal_one() {
    let today = || {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        chrono::NaiveDate::default() + chrono::Days::new(since.as_secs() / 86_400)
    };
    // At any hour, one of the two has another day than the universal one.
    for zone in ["UTC0", "<+14>-14", "<-12>12"] {
        let home = small();
        let first = today();
        let run = std::process::Command::new(crate::harness::binary())
            .args(["close", "2023", "--oui"])
            .current_dir(home.path())
            .env("TZ", zone)
            .output()
            .unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        let text = fs::read_to_string(home.path().join("clotures/2023/sceau.txt")).unwrap();
        let days = [first, today()].map(|day| format!("\ncloture\t{day}\t"));
        assert!(days.iter().any(|day| text.contains(day)), "{zone} {days:?}\n{text}");
    }
    // A clock that is wrong by years is told: before the end of the year, or the last seal.
    let home = small();
    append(
        home.path(),
        "compta.toml",
        "\n[[exercice]]\nnom = \"2098\"\ndebut = 2026-01-01\nfin = 2098-12-31\n",
    );
    append(
        home.path(),
        "2025.journal",
        "\n2026-02-01 * (BQ-0001) Don  ; piece: d.pdf\n    512100 Banque   1,00 €\n    7541 Dons manuels   -1,00 €\n",
    );
    close(home.path(), "2023", &today().to_string()).ok();
    close(home.path(), "2024", &today().to_string()).ok();
    let run = typed(home.path(), "close 2098 --oui");
    assert_eq!(run.code, 2, "{}", run.screen());
    assert!(run.err.contains("rien ne se scelle au"), "{}", run.err);
}

#[test]
fn a_rehearsal_writes_nothing() {
    let home = small();
    let path = home.path();
    let before = tree(path);
    let run = compta(path, &["close", "2023", "-n", "--date", "2024-03-01"]);
    assert_eq!(run.code, 0, "{}", run.screen());
    let run = compta(path, &["close", "2023", "-n", "--provisoire", "--date", "2023-03-01"]);
    assert_eq!(run.code, 0, "{}", run.screen());
    assert_eq!(tree(path), before);
    assert!(!path.join("clotures").exists());
    // What is shown is what would be: the same seal.
    let shown = compta(path, &["close", "2023", "-n", "--date", "2024-03-01"]).ok();
    let seal = |text: &str| text.split("sceau ").nth(1).unwrap()[..39].to_owned();
    assert_eq!(seal(&shown), seal(&close(path, "2023", "2024-03-01").ok()));
}

#[test]
fn provisional_closings_number_themselves_and_bind_nobody() {
    let home = small();
    let path = home.path();
    let provisional =
        |date: &str| compta(path, &["close", "2024", "--provisoire", "--date", date]).ok();
    provisional("2025-02-01");
    let first = tree(path);
    assert!(first.contains_key("clotures/2024-provisoire-1/sceau.txt"));
    assert!(provisional("2025-02-01").contains("rien à faire"));
    assert_eq!(tree(path), first);
    append(
        path,
        "2024.journal",
        "\n2024-12-31 * (ACH-0002) Imprimeur | tracts  ; piece: facture-200.pdf\n    6236 Imprimés   30,00 €\n    401 Fournisseurs:Imprimeur   -30,00 €\n",
    );
    assert_eq!(compta(path, &["check"]).code, 0);
    provisional("2025-02-02");
    let second = tree(path);
    assert!(second.contains_key("clotures/2024-provisoire-2/sceau.txt"));
    for (file, bytes) in first.iter().filter(|(file, _)| file.starts_with("clotures/")) {
        assert_eq!(second.get(file), Some(bytes), "{file}");
    }
    close(path, "2023", "2024-03-01").ok();
    close(path, "2024", "2025-05-01").ok();
    let text = fs::read_to_string(path.join("clotures/2024/sceau.txt")).unwrap();
    let before = fs::read_to_string(path.join("clotures/2023/racine.txt")).unwrap();
    let root = text.lines().find_map(|line| line.strip_prefix("precedent\t")).unwrap();
    assert!(before.contains(root.split('\t').next().unwrap()), "it follows the final one");
    let after = compta(path, &["close", "2024", "--provisoire", "--date", "2025-06-01"]);
    assert_eq!(after.code, 0, "{}", after.screen());
    assert!(after.out.contains("rien à faire"), "{}", after.out);
    assert_eq!(compta(path, &["verify", "2023"]).code, 0);
}

/// Each refusal, its code, its words; nothing is written.
#[test]
fn what_is_out_of_order_is_refused() {
    let unsound = "\n2024-12-31 * (ACH-0009) Faux  ; piece: f.pdf\n    6236 Imprimés   30,00 €\n    512100 Banque   -31,00 €\n";
    let home = small();
    let path = home.path();
    let refused = |line: &str, code: i32, words: &str| {
        let before = tree(path);
        let run = typed(path, line);
        assert_eq!(run.code, code, "{line}: {}", run.screen());
        let said = run.screen();
        assert!(said.contains(words), "{line}: {said}");
        assert_eq!(tree(path), before, "{line}");
    };
    refused("close 2024 --oui --date 2025-05-01", 2, "compta close 2023");
    refused(
        "close 2023 --oui --date 2023-12-31",
        2,
        "rien ne se scelle au 31/12/2023 jusqu’au 31/12/2023",
    );
    refused("close 2023 --oui --date 2023-06-30", 2, "rien ne se scelle");
    refused("close 2023 --oui --date 31/12/2024", 2, "AAAA-MM-JJ");
    refused("close 2023 --oui --date 2199-01-01", 2, "pas encore venu");
    refused("close 2019 --oui --date 2024-03-01", 2, "2019");
    refused("-f principal.journal close 2023 --oui", 2, "-f");
    close(path, "2023", "2025-03-01").ok();
    refused("close 2024 --oui --date 2025-02-28", 2, "avant le dernier sceau, du 01/03/2025");
    append(path, "2024.journal", unsound);
    refused("close 2024 --oui --date 2025-05-01", 1, "E0301");
    edit(path, "2024.journal", unsound, "");
    // The year after an empty one, with its own control in failure.
    edit(path, "2024.journal", "  ; piece: ticket-1.pdf", "");
    refused("close 2024 --oui --date 2025-05-01", 1, "E11");
    edit(
        path,
        "2024.journal",
        "(CA-0001) La Poste | timbres",
        "(CA-0001) La Poste | timbres  ; piece: ticket-1.pdf",
    );
    close(path, "2024", "2025-05-01").ok();
    intact(path);
}

#[test]
fn a_warning_is_justified_before() {
    let home = small();
    let path = home.path();
    close(path, "2023", "2024-03-01").ok();
    // The till goes below nothing for a day.
    edit(
        path,
        "2024.journal",
        "    626100 Timbres                                       20,00 €\n    530000 Caisse                                       -20,00 €",
        "    626100 Timbres                                       70,00 €\n    530000 Caisse                                       -70,00 €",
    );
    let before = tree(path);
    let run = close(path, "2024", "2025-05-01");
    assert_eq!(run.code, 1, "{}", run.screen());
    assert!(run.err.contains("W1 "), "{}", run.err);
    assert_eq!(tree(path), before);
    append(
        path,
        "controles.toml",
        "\n[[justification]]\ncontrole = \"W1\"\nexercice = \"2024\"\nmotif = \"Timbres avancés par la trésorière, remboursés le lendemain.\"\n",
    );
    let run = close(path, "2024", "2025-05-01");
    assert_eq!(run.code, 0, "{}", run.screen());
    assert!(run.out.contains("1 justifiés"), "{}", run.out);
    intact(path);
}

#[test]
fn the_year_is_typed_or_nothing_is_written() {
    let home = small();
    let path = home.path();
    let arguments = ["close", "2023", "--date", "2024-03-01"];
    let before = tree(path);
    for word in ["", "\n", "oui\n", "2024\n", "2023 !\n"] {
        let run = answered(path, &arguments, word);
        assert_eq!(run.code, 2, "{word:?}: {}", run.screen());
        assert!(run.err.contains("rien n’a été écrit"), "{}", run.err);
        assert_eq!(tree(path), before, "{word:?}");
    }
    let run = answered(path, &arguments, "2023\n");
    assert_eq!(run.code, 0, "{}", run.screen());
    intact(path);
    let typed = tree(path);
    let other = small();
    close(other.path(), "2023", "2024-03-01").ok();
    assert_eq!(tree(other.path()), typed, "typed or not, the same");
}
