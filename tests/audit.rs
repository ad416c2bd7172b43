//! The ten proofs of an audit, and the package that an auditor takes away.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::harness::{Run, compta, copy, files, folder, region, typed};

/// The region's books, both years closed.
fn closed() -> tempfile::TempDir {
    let home = folder();
    copy(&region(), home.path());
    close(home.path());
    home
}

fn close(books: &Path) {
    for (year, day) in [("2023", "2024-06-10"), ("2024", "2025-06-10")] {
        let run = typed(books, &format!("close {year} --oui --date {day}"));
        assert_eq!(run.code, 0, "{}", run.screen());
    }
}

/// What a run says of each proof: `A1` and its state.
fn states(run: &Run) -> Vec<(String, String)> {
    let mut reader = csv::Reader::from_reader(run.out.as_bytes());
    let rows = reader.records().map(|row| row.unwrap());
    let own = rows.filter(|row| row[1].starts_with("audit.A") && row[1].matches('.').count() == 1);
    own.map(|row| {
        (
            row[1].trim_start_matches("audit.").to_owned(),
            row.iter()
                .find(|cell| ["OK", "KO", "non vérifié", "justifié"].contains(cell))
                .unwrap_or("?")
                .to_owned(),
        )
    })
    .collect()
}

fn audited(books: &Path, more: &str) -> (i32, Vec<(String, String)>, String) {
    let run = typed(books, &format!("audit 2024 -O csv {more}"));
    let states = states(&run);
    (run.code, states, run.screen())
}

fn state<'s>(states: &'s [(String, String)], proof: &str) -> &'s str {
    states.iter().find(|(code, _)| code == proof).map_or("absent", |(_, state)| state)
}

#[test]
fn open_books_have_six_proofs_and_four_that_nobody_can_make_yet() {
    let (code, states, screen) = audited(&region(), "");
    assert_eq!(code, 0, "{screen}");
    assert_eq!(states.len(), 10, "{screen}");
    for (proof, state) in &states {
        let open = ["A4", "A6", "A8", "A9"].contains(&proof.as_str());
        assert_eq!(state, if open { "non vérifié" } else { "OK" }, "{proof}: {screen}");
    }
}

#[test]
fn closed_approved_and_documented_books_have_all_ten() {
    // Closed under the number that stands for one that is not known, the file is nobody's.
    let (_, states, screen) = audited(closed().path(), "");
    assert_eq!(state(&states, "A6"), "non vérifié", "{screen}");
    let home = folder();
    copy(&region(), home.path());
    let settings = home.path().join("compta.toml");
    let text = fs::read_to_string(&settings).unwrap();
    assert!(text.contains("000000000"));
    fs::write(&settings, text.replace("000000000", "732829320")).unwrap();
    close(home.path());
    let procedures = home.path().join("pieces");
    fs::create_dir_all(&procedures).unwrap();
    let written = "Qui saisit, qui valide, qui signe, qui paie.\n".repeat(3);
    fs::write(procedures.join("procedures.md"), written).unwrap();
    let (_, states, screen) = audited(home.path(), "");
    assert_eq!(state(&states, "A8"), "non vérifié", "no vote bears the seal yet: {screen}");
    let verified = typed(home.path(), "verify 2024 -O json").ok();
    let verified: serde_json::Value = serde_json::from_str(&verified).unwrap();
    let seal = verified["closings"][0]["code"].as_str().unwrap();
    let (_, states, screen) = audited(home.path(), &format!("--racine {seal}"));
    assert_eq!(state(&states, "A8"), "OK", "{screen}");
    let wrong = "0000-0000-0000-0000-0000-0000-0000-0000";
    let (code, states, screen) = audited(home.path(), &format!("--racine {wrong}"));
    assert_eq!((code, state(&states, "A8")), (1, "KO"), "{screen}");
    let run = typed(home.path(), "affecter 2024 --vote 2025-06-19");
    assert_eq!(run.code, 0, "{}", run.screen());
    // The entry of the vote was written from the same folder: only the paper proves.
    let (_, states, screen) = audited(home.path(), "");
    assert_eq!(state(&states, "A8"), "non vérifié", "{screen}");
    let (code, states, screen) = audited(home.path(), &format!("--racine {seal}"));
    assert_eq!(code, 0, "{screen}");
    for (proof, state) in states.iter().filter(|(proof, _)| proof != "A9") {
        assert_eq!(state, "OK", "{proof}: {screen}");
    }
    // The vote bears another root: the assembly approved other books.
    let path = files(&home.path().join("2025"))
        .into_iter()
        .find(|path| path.ends_with("affectation-2024.journal"))
        .unwrap();
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace(seal, wrong)).unwrap();
    let (code, states, screen) = audited(home.path(), "");
    assert_eq!((code, state(&states, "A8")), (1, "KO"), "{screen}");
}

#[test]
fn procedures_are_a_document_that_is_there() {
    let home = folder();
    copy(&region(), home.path());
    let settings = home.path().join("compta.toml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(
        &settings,
        text.replace("[livres]", "procedures = \"pieces/procedures.md\"\n\n[livres]"),
    )
    .unwrap();
    let (code, states, screen) = audited(home.path(), "");
    assert_eq!((code, state(&states, "A9")), (1, "KO"), "{screen}");
    fs::create_dir_all(home.path().join("pieces")).unwrap();
    fs::write(
        home.path().join("pieces/procedures.md"),
        "Qui saisit, qui valide, qui paie.\n".repeat(4),
    )
    .unwrap();
    let (code, states, screen) = audited(home.path(), "");
    assert_eq!((code, state(&states, "A9")), (0, "OK"), "{screen}");
}

#[test]
fn what_is_touched_is_no_longer_proved() {
    let home = closed();
    // A document that goes missing.
    let open = folder();
    copy(&region(), open.path());
    let path = open.path().join("2024/achats.journal");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("piece: 2024-ACH-0001.pdf", "sans pièce", 1)).unwrap();
    let (code, states, screen) = audited(open.path(), "");
    assert_eq!((code, state(&states, "A7")), (1, "KO"), "{screen}");
    // A number that goes missing.
    fs::write(&path, text.replacen("(ACH-0003)", "(ACH-9003)", 1)).unwrap();
    let (code, states, screen) = audited(open.path(), "");
    assert_eq!((code, state(&states, "A3")), (1, "KO"), "{screen}");
    assert!(screen.contains("W0407"), "the FEC has the gap too: {screen}");
    // A sealed label that changes: the chain says so, and so does the period.
    let path = home.path().join("2024/achats.journal");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("loyer de janvier", "loyer de février", 1)).unwrap();
    let (code, states, screen) = audited(home.path(), "");
    assert_eq!(code, 4, "{screen}");
    assert_eq!((state(&states, "A4"), state(&states, "A8")), ("KO", "KO"), "{screen}");
}

#[test]
fn the_package_is_whole_and_verifies() {
    let home = folder();
    let out = home.path().join("cac");
    let run = compta(&region(), &["export", "cac", "2024", "-o", out.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{}", run.screen());
    let found: Vec<String> = files(&out)
        .iter()
        .map(|path| path.strip_prefix(&out).unwrap().display().to_string())
        .collect();
    for wanted in [
        "MANIFEST.sha256",
        "LISEZMOI.txt",
        "fec/000000000FEC20241231.txt",
        "fec/000000000FEC20241231_description.txt",
        "etats/bilan.json",
        "etats/resultat.csv",
        "etats/balance.csv",
        "etats/grand-livre.csv",
        "etats/journal.csv",
        "etats/bilan-care.json",
        "balances/feuilles-maitresses.csv",
        "balances/plan-de-comptes.csv",
        "balances/balance.csv",
        "balances/balance-care.json",
        "balances/balance-auxiliaire.csv",
        "balances/balance-agee.csv",
        "balances/balance-agee.json",
        "etats/journal-care.csv",
        "etats/grand-livre-care.csv",
        "registres/fonds-dedies.csv",
        "registres/immobilisations.csv",
        "registres/subventions.csv",
        "registres/conventions.toml",
        "controles/controles.json",
        "controles/audit.json",
    ] {
        assert!(found.iter().any(|path| path == wanted), "{wanted}: {found:#?}");
    }
    let check = Command::new("sha256sum")
        .args(["-c", "--strict", "--quiet", "MANIFEST.sha256"])
        .current_dir(&out)
        .status()
        .unwrap();
    assert!(check.success());
    let manifest = fs::read_to_string(out.join("MANIFEST.sha256")).unwrap();
    let listed = manifest.lines().filter(|line| !line.starts_with('#')).count();
    assert_eq!(listed + 1, found.len(), "every file but the manifest itself");
    for path in found.iter().filter(|path| *path != "MANIFEST.sha256") {
        let size = fs::metadata(out.join(path)).unwrap().len();
        assert!(manifest.contains(&format!("# {size} octets : {path}\n")), "{path}: {manifest}");
    }
    assert!(!manifest.contains("ATTENTION"), "no proof fails: {manifest}");
    // The FEC that goes with it verifies.
    let verified = compta(&out, &["fec", "verifier", "fec/000000000FEC20241231.txt"]);
    assert_eq!(verified.code, 0, "{}", verified.screen());
    // The same books give the same bytes.
    let again = home.path().join("encore");
    assert_eq!(
        compta(&region(), &["export", "cac", "2024", "-o", again.to_str().unwrap()]).code,
        0
    );
    for path in &found {
        assert_eq!(
            fs::read(out.join(path)).unwrap(),
            fs::read(again.join(path)).unwrap(),
            "{path}"
        );
    }
    // A package takes the place of nothing.
    let taken = compta(&region(), &["export", "cac", "2024", "-o", out.to_str().unwrap()]);
    assert_eq!(taken.code, 2, "{}", taken.screen());
    assert_eq!(typed(&region(), "export cac 2024").code, 2);
    assert_eq!(typed(&region(), "export tout 2024 -o x").code, 2);
}

#[test]
fn the_file_of_closed_books_has_nothing_to_be_said() {
    let home = closed();
    for year in ["2023", "2024"] {
        assert_eq!(typed(home.path(), &format!("fec {year} -o sorties")).code, 0);
        let file = format!("sorties/000000000FEC{year}1231.txt");
        let run = typed(home.path(), &format!("fec verifier {file} -O json"));
        assert_eq!(run.code, 0, "{}", run.screen());
        let said: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!(
            said["findings"].as_array().map_or(usize::MAX, Vec::len),
            0,
            "{year}: {}",
            run.out
        );
    }
}

#[test]
fn books_with_an_error_prove_nothing_of_what_they_add_up_to() {
    // A register that does not read: its entries are not there, and sums are of other books.
    let home = folder();
    copy(&region(), home.path());
    let path = home.path().join("immobilisations.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text + "\n[[immobilisation\n").unwrap();
    let (code, states, screen) = audited(home.path(), "");
    assert_eq!(code, 1, "{screen}");
    for proof in ["A1", "A2", "A5", "A6", "A10"] {
        assert_eq!(state(&states, proof), "non vérifié", "{proof}: {screen}");
    }
    // A seal that is touched: the same, and its own proofs are KO.
    let home = closed();
    let path = home.path().join("clotures/2023/a-nouveaux.journal");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text + " ").unwrap();
    let run = typed(home.path(), "audit 2023 -O csv");
    assert_eq!(state(&self::states(&run), "A5"), "non vérifié", "{}", run.screen());
    assert_eq!(state(&self::states(&run), "A4"), "KO", "{}", run.screen());
    assert_eq!(run.code, 4, "{}", run.screen());
}

#[test]
fn a_seal_that_vanished_is_missed() {
    let home = closed();
    assert_eq!(typed(home.path(), "affecter 2024 --vote 2025-06-19").code, 0);
    fs::remove_dir_all(home.path().join("clotures/2024")).unwrap();
    let (code, states, screen) = audited(home.path(), "");
    assert_eq!((code, state(&states, "A8")), (1, "KO"), "{screen}");
    let open = folder();
    copy(&region(), open.path());
    let (code, states, screen) =
        audited(open.path(), "--racine 28a3-02f2-5eb9-be61-a560-7746-78f9-11e2");
    assert_eq!((code, state(&states, "A8")), (1, "KO"), "{screen}");
}

#[test]
fn the_seal_of_a_year_proves_nothing_of_another() {
    let home = folder();
    copy(&region(), home.path());
    let part = "sceller --jusqu-au 2024-06-30 --date 2024-07-25";
    let run = typed(home.path(), part);
    assert_eq!(run.code, 2, "{}", run.screen());
    assert!(run.err.contains("l’exercice 2023 n’est pas clos"), "{}", run.screen());
    let run = typed(home.path(), "close 2023 --oui --date 2024-07-20");
    assert_eq!(run.code, 0, "{}", run.screen());
    let run = typed(home.path(), "audit 2024 -O csv");
    assert_eq!(state(&states(&run), "A4"), "non vérifié", "{}", run.screen());
    assert_eq!(typed(home.path(), part).code, 0);
    assert_eq!(typed(home.path(), "verify").code, 0);
    for year in ["2023", "2024"] {
        let run = typed(home.path(), &format!("audit {year} -O csv"));
        assert_eq!(state(&states(&run), "A3"), "OK", "{}", run.screen());
        assert_eq!(state(&states(&run), "A4"), "OK", "{}", run.screen());
    }
    // What is dated after the seal is still open: it may change, shorter or not.
    let path = home.path().join("2024/achats.journal");
    let text = fs::read_to_string(&path).unwrap();
    let at = text.find("2024-08-").unwrap();
    let open = text[at..].replacen("facture", "factures", 1).replacen(" | ", " ", 1);
    assert_ne!(open, text[at..]);
    fs::write(&path, format!("{}{open}", &text[..at])).unwrap();
    let run = typed(home.path(), "verify");
    assert_eq!(run.code, 0, "{}", run.screen());
    assert!(run.screen().contains("contenu scellé intact"), "{}", run.screen());
}

#[test]
fn validations_that_go_backwards_are_told() {
    let home = folder();
    let head = crate::fec::HEAD;
    let row = |number: &str, day: &str, valid: &str, account: &str, sides: &str| {
        format!(
            "AC\tAchats\t{number}\t{day}\t{account}\tCompte {account}\t\t\tP{number}\t{day}\tPièce\t{sides}\t\t\t{valid}\t\t\n"
        )
    };
    let mut text = format!("{head}\n");
    for (number, day, valid) in [("1", "20240110", "20241231"), ("2", "20240210", "20240301")] {
        text += &row(number, day, valid, "606", "5,00\t0,00");
        text += &row(number, day, valid, "401", "0,00\t5,00");
    }
    let name = "123456782FEC20241231.txt";
    fs::write(home.path().join(name), &text).unwrap();
    assert_eq!(typed(home.path(), &format!("init livres --depuis-fec {name}")).code, 0);
    let run = typed(&home.path().join("livres"), "audit 2024 -O csv");
    assert_eq!(state(&states(&run), "A3"), "KO", "{}", run.screen());
    fs::write(home.path().join(name), text.replace("20241231", "20240111")).unwrap();
    assert_eq!(typed(home.path(), &format!("init sains --depuis-fec {name}")).code, 0);
    let run = typed(&home.path().join("sains"), "audit 2024 -O csv");
    assert_eq!(state(&states(&run), "A3"), "OK", "{}", run.screen());
    assert!(run.out.contains("2 écritures validées"), "{}", run.out);
}

/// A package of those books, in a folder of its own.
fn package(books: &Path, more: &str) -> (Run, tempfile::TempDir) {
    let home = folder();
    let out = home.path().join("cac");
    let run = typed(books, &format!("export cac 2024 {more} -o {}", out.display()));
    (run, home)
}

fn table(home: &Path, path: &str) -> Vec<csv::StringRecord> {
    let text = fs::read_to_string(home.join("cac").join(path)).unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap()).collect()
}

#[test]
fn the_balance_of_a_package_stands_beside_that_of_the_year_before() {
    let (run, home) = package(&region(), "");
    assert_eq!(run.code, 0, "{}", run.screen());
    let rows = table(home.path(), "balances/balance.csv");
    let at = |name: &str| rows[0].iter().position(|head| head == name).unwrap();
    let (account, closed) = (at("compte"), at("solde_n1"));
    let beside = |wanted: &str| {
        let row = rows.iter().find(|row| &row[account] == wanted);
        row.map(|row| row[closed].to_owned())
    };
    // What 2023 says of itself.
    let before = typed(&region(), "balance 2023 -O csv").ok();
    let mut reader = csv::Reader::from_reader(before.as_bytes());
    let heads = reader.headers().unwrap().clone();
    let at = |name: &str| heads.iter().position(|head| head == name).unwrap();
    let mut met = 0;
    for row in reader.records().map(|row| row.unwrap()) {
        assert_eq!(beside(&row[at("compte")]).as_deref(), Some(&row[at("solde")]), "{row:?}");
        met += 1;
    }
    assert!(met > 100, "{met}");
    // Both ledgers have their lists.
    let care = table(home.path(), "etats/journal-care.csv");
    assert!(care.iter().any(|row| row.iter().any(|cell| cell.starts_with('C'))), "{care:?}");
    let funds = table(home.path(), "registres/fonds-dedies.csv");
    assert!(funds.iter().any(|row| row.iter().any(|cell| cell == "aucun fonds dédié en 2024")));
}

#[test]
fn a_package_for_excel_has_the_tables_that_it_opens() {
    let (run, home) = package(&region(), "-O csv-excel");
    assert_eq!(run.code, 0, "{}", run.screen());
    for path in ["etats/balance.csv", "balances/balance-agee.csv", "controles/audit.csv"] {
        let text = fs::read_to_string(home.path().join("cac").join(path)).unwrap();
        assert!(text.starts_with('\u{feff}') && text.contains(';'), "{path}");
    }
    let (run, _home) = package(&region(), "-O json");
    assert_eq!(run.code, 2, "{}", run.screen());
}

#[test]
fn the_package_of_a_closed_year_holds_its_seal_and_its_script() {
    let books = closed();
    let verified = typed(books.path(), "verify 2024 -O json").ok();
    let verified: serde_json::Value = serde_json::from_str(&verified).unwrap();
    let seal = verified["closings"][0]["code"].as_str().unwrap();
    let (run, home) = package(books.path(), &format!("--racine {seal}"));
    assert_eq!(run.code, 0, "{}", run.screen());
    let out = home.path().join("cac");
    for paper in ["sceau.txt", "racine.txt", "manifeste.sha256", "verifier.sh"] {
        let path = format!("clotures/2024/{paper}");
        let own = fs::read(books.path().join(&path)).unwrap();
        assert_eq!(fs::read(out.join("livres").join(&path)).unwrap(), own, "{paper}");
    }
    let checked = Command::new("sh")
        .args(["livres/clotures/2024/verifier.sh", seal])
        .current_dir(&out)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&checked.stdout);
    assert!(checked.status.success() && said.contains("clôture intacte"), "{said}");
    let audit = fs::read_to_string(out.join("controles/audit.csv")).unwrap();
    assert!(audit.contains("égal au code donné"), "{audit}");
    // Another code: the package says it, on the screen, in the manifest and by its exit.
    let wrong = "0000-0000-0000-0000-0000-0000-0000-0000";
    let (run, home) = package(books.path(), &format!("--racine {wrong}"));
    assert_eq!(run.code, 1, "{}", run.screen());
    assert!(run.err.contains("attention : A8"), "{}", run.err);
    let manifest = fs::read_to_string(home.path().join("cac/MANIFEST.sha256")).unwrap();
    assert!(manifest.contains("# ATTENTION : A8"), "{manifest}");
    let check = Command::new("sha256sum")
        .args(["-c", "--strict", "--quiet", "MANIFEST.sha256"])
        .current_dir(home.path().join("cac"))
        .status()
        .unwrap();
    assert!(check.success());
}

#[test]
fn books_that_do_not_read_keep_the_package_of_what_is_sealed() {
    let books = closed();
    let path = books.path().join("2025/od.journal");
    let text = "decimal-mark ,\n\n2025-07-01 * (OD-0099) Essai | faux  ; piece: X\n    606 Achats  10,00 €\n    512 Banques  -9,00 €\n";
    let before = fs::read_to_string(&path).unwrap_or_default();
    fs::write(&path, format!("{before}{}", text.replace("decimal-mark ,\n", ""))).unwrap();
    let (run, home) = package(books.path(), "");
    assert_eq!(run.code, 1, "{}", run.screen());
    assert!(run.err.contains("tient ce qui fut scellé, et les journaux tels"), "{}", run.err);
    let out = home.path().join("cac");
    for path in ["livres/clotures/2024/sceau.txt", "controles/audit.csv", "MANIFEST.sha256"] {
        assert!(out.join(path).is_file(), "{path}: {}", run.screen());
    }
    // A year that nothing sealed has nothing to give.
    let open = folder();
    copy(&region(), open.path());
    fs::write(open.path().join("2025/od.journal"), fs::read_to_string(&path).unwrap()).unwrap();
    let (run, _home) = package(open.path(), "");
    assert_eq!(run.code, 1, "{}", run.screen());
    assert!(run.err.contains("rien n’a été écrit"), "{}", run.err);
}

#[test]
fn the_dedicated_funds_of_a_package_are_those_of_its_balance() {
    let books = crate::harness::root().join("fixtures/inventaire/conventions");
    let (run, home) = package(&books, "");
    let funds = table(home.path(), "registres/fonds-dedies.csv");
    let total = funds.iter().find(|row| row.iter().any(|cell| cell == "annexe.fonds_dedies.total"));
    let total = total.unwrap_or_else(|| panic!("{}: {funds:?}", run.screen()));
    let heads = funds.iter().find(|row| row.iter().any(|cell| cell == "cloture")).unwrap();
    let at = heads.iter().position(|head| head == "cloture").unwrap();
    let balance = table(home.path(), "balances/balance.csv");
    let column = |name: &str| balance[0].iter().position(|head| head == name).unwrap();
    let (account, closing) = (column("compte"), column("solde"));
    let own = balance.iter().filter(|row| row[account].starts_with("19"));
    let sum: rust_decimal::Decimal =
        own.map(|row| row[closing].parse::<rust_decimal::Decimal>().unwrap()).sum();
    assert_eq!(total[at].parse::<rust_decimal::Decimal>().unwrap(), -sum, "{funds:?}");
    assert!(!sum.is_zero(), "{}", run.screen());
}
