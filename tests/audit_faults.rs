//! For each of the ten proofs of an audit, small books where it does not hold, and books where it cannot be
//! told: never OK for nothing.

use std::fs;
use std::path::Path;

use crate::harness::{Run, folder, typed};

const SETTINGS: &str = "[entite]\nnom = \"Essai\"\nsiren = \"732829320\"\n\n[journaux]\nACH = \"Achats\"\nBQ = \"Banque\"\nAN = \"À-nouveaux\"\n";

/// One entry a month, from January to the end of the year: bought, then paid.
fn year(year: i32) -> String {
    format!(
        "{year}-01-10 * (ACH-0001) Papeterie | papier  ; piece: A1
    6064 Fournitures administratives   100,00 €
    401 Fournisseurs:Papeterie        -100,00 €

{year}-02-10 * (ACH-0002) Papeterie | encre  ; piece: A2
    6064 Fournitures administratives    50,00 €
    401 Fournisseurs:Papeterie         -50,00 €

{year}-12-20 * (BQ-0001) Papeterie | règlement  ; piece: R1
    401 Fournisseurs:Papeterie         150,00 €
    164 Émprunts auprès des établissements de crédit  -150,00 €

"
    )
}

/// The books of 2023 and 2024, sound.
fn sound() -> tempfile::TempDir {
    let home = folder();
    fs::write(home.path().join("compta.toml"), SETTINGS).unwrap();
    let text = format!("decimal-mark ,\n\n{}{}", year(2023), year(2024));
    fs::write(home.path().join("principal.journal"), text).unwrap();
    home
}

/// The same, where a text of the journal is another.
fn with(old: &str, new: &str) -> tempfile::TempDir {
    let home = sound();
    change(home.path(), "principal.journal", old, new);
    home
}

fn change(books: &Path, file: &str, old: &str, new: &str) {
    let path = books.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(old), "{old} is in {file}");
    fs::write(&path, text.replacen(old, new, 1)).unwrap();
}

fn close(books: &Path, years: &[&str]) {
    for year in years {
        let run = typed(books, &format!("close {year} --oui --date 2025-06-10"));
        assert_eq!(run.code, 0, "{}", run.screen());
    }
}

/// The rows of a proof: its state, its words, then its evidence.
struct Proof {
    state: String,
    words: String,
    evidence: Vec<String>,
}

fn proof(run: &Run, code: &str) -> Proof {
    let mut reader = csv::Reader::from_reader(run.out.as_bytes());
    let heads = reader.headers().unwrap().clone();
    let at = |name: &str| heads.iter().position(|head| head == name).unwrap();
    let (key, label) = (1, at("libelle"));
    let (state, words) = (at("etat"), at("preuve"));
    let mut found = Proof { state: String::new(), words: String::new(), evidence: Vec::new() };
    for row in reader.records().map(|row| row.unwrap()) {
        if row[key] == format!("audit.{code}") {
            row[state].clone_into(&mut found.state);
            row[words].clone_into(&mut found.words);
        } else if row[key].starts_with(&format!("audit.{code}.")) {
            found.evidence.push(format!("{} {}", &row[label], &row[words]));
        }
    }
    assert!(!found.state.is_empty(), "{code}: {}", run.screen());
    found
}

fn audit(books: &Path, year: &str) -> Run {
    let run = typed(books, &format!("audit {year} -O csv"));
    for rank in 1..=10 {
        proof(&run, &format!("A{rank}"));
    }
    run
}

fn states(run: &Run, codes: &[&str]) -> Vec<String> {
    codes.iter().map(|code| proof(run, code).state).collect()
}

#[test]
fn sound_books_have_no_proof_that_fails() {
    let run = audit(sound().path(), "2024");
    assert_eq!(run.code, 0, "{}", run.screen());
    let all = ["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "A10"];
    let waits = ["A4", "A6", "A8", "A9"];
    for code in all {
        let state = if waits.contains(&code) { "non vérifié" } else { "OK" };
        assert_eq!(proof(&run, code).state, state, "{code}: {}", run.screen());
    }
}

#[test]
fn a1_an_opening_that_says_something_else() {
    let home = sound();
    let path = home.path().join("principal.journal");
    let text = fs::read_to_string(&path).unwrap();
    let opening = "2024-01-01 * (AN-0001) À-nouveaux  ; piece: N1
    512 Banques                        -90,00 €
    110 Report à nouveau                90,00 €

2024-01-10";
    fs::write(&path, text.replacen("2024-01-10", opening, 1)).unwrap();
    let run = audit(home.path(), "2024");
    let a1 = proof(&run, "A1");
    assert_eq!((run.code, a1.state.as_str()), (1, "KO"), "{}", run.screen());
    assert!(a1.evidence[0].contains("principal.journal:15"), "{:?}", a1.evidence);
    // The year before is opened by nothing but itself.
    assert_eq!(proof(&audit(home.path(), "2023"), "A1").state, "non vérifié");
}

#[test]
fn a2_names_each_entry_of_the_year_that_does_not_balance() {
    let home = with("2024-02-10", "2024-02-11");
    change(home.path(), "principal.journal", "50,00 €\n\n2024-12-20", "49,00 €\n\n2024-12-20");
    let run = audit(home.path(), "2024");
    assert_eq!(run.code, 1, "{}", run.screen());
    let a2 = proof(&run, "A2");
    assert_eq!(a2.state, "KO", "{}", run.screen());
    assert_eq!(a2.evidence.len(), 1, "{}", run.screen());
    assert!(a2.evidence[0].contains("principal.journal:21"), "{:?}", a2.evidence);
    assert!(a2.evidence[0].contains("1,00 €"), "{:?}", a2.evidence);
    // What it would add up to is told by nobody.
    for code in ["A1", "A3", "A5", "A6", "A7", "A10"] {
        assert_eq!(proof(&run, code).state, "non vérifié", "{code}: {}", run.screen());
    }
    // The year before has nothing against it, and no proof of what it derives either.
    let run = audit(home.path(), "2023");
    assert_eq!(states(&run, &["A2", "A7"]), ["non vérifié", "OK"], "{}", run.screen());
    assert!(proof(&run, "A2").evidence.is_empty(), "{}", run.screen());
    assert!(proof(&run, "A2").words.starts_with("3 écritures"), "{}", run.screen());
}

#[test]
fn a2_an_entry_that_does_not_read_may_be_of_any_year() {
    let home = with("2024-02-10 *", "2024-02-30 *");
    let run = audit(home.path(), "2023");
    let a2 = proof(&run, "A2");
    assert_eq!((a2.state.as_str(), a2.evidence.len()), ("non vérifié", 1), "{}", run.screen());
    // A budget is no entry.
    let home = with(
        "2023-01-10",
        "~ 2024  Budget\n    6064 Fournitures administratives  1,00 €\n    512 Banques  -2,00 €\n\n2023-01-10",
    );
    let run = audit(home.path(), "2024");
    let a2 = proof(&run, "A2");
    assert_eq!((a2.state.as_str(), a2.evidence.len()), ("non vérifié", 0), "{}", run.screen());
}

#[test]
fn a2_names_a_journal_that_does_not_balance() {
    let line = "401 Fournisseurs:Papeterie         -50,00 €\n\n2024";
    let home = with(line, &line.replacen('\n', "  ; journal: BQ\n", 1));
    let run = audit(home.path(), "2023");
    assert_eq!(proof(&run, "A2").state, "OK", "{}", run.screen());
    let run = audit(home.path(), "2024");
    let a2 = proof(&run, "A2");
    assert_eq!((run.code, a2.state.as_str()), (1, "KO"), "{}", run.screen());
    assert_eq!(a2.evidence.len(), 2, "{:?}", a2.evidence);
    let words = "journal ACH : débits 150,00 €, crédits 100,00 €";
    assert!(a2.evidence[0].replace('\u{a0}', " ").contains(words), "{:?}", a2.evidence);
    assert!(a2.evidence[1].contains("journal BQ"), "{:?}", a2.evidence);
}

#[test]
fn a2_counts_what_it_adds_up() {
    let run = audit(sound().path(), "2024");
    let fec = typed(sound().path(), "fec 2024").ok();
    let rows = fec.lines().count() - 1;
    let words = proof(&run, "A2").words.replace('\u{202f}', " ");
    assert!(words.contains(&format!("{rows} lignes")), "{words} / {rows}");
    assert!(words.contains("3 journaux équilibrés : ACH, AN, BQ"), "{words}");
}

#[test]
fn any_error_leaves_what_is_added_up_untold() {
    // Every entry reads, and what registers yield is still not there.
    let home = with("-50,00 €\n\n2024", "-50,00 € = 1,00 €\n\n2024");
    let run = audit(home.path(), "2024");
    assert_eq!(run.code, 1, "{}", run.screen());
    for code in ["A1", "A2", "A5", "A6", "A10"] {
        assert_eq!(proof(&run, code).state, "non vérifié", "{code}: {}", run.screen());
    }
}

#[test]
fn a3_a_hole_a_late_beginning_and_an_end_that_is_missing() {
    let run = audit(with("2024-02-10 * (ACH-0002)", "2024-02-10 * (ACH-0003)").path(), "2024");
    assert_eq!(proof(&run, "A3").state, "KO", "{}", run.screen());
    // In the first year nobody knows what came before number 7.
    let home = with("2023-01-10 * (ACH-0001)", "2023-01-10 * (ACH-0007)");
    change(home.path(), "principal.journal", "(ACH-0002)", "(ACH-0008)");
    let run = audit(home.path(), "2023");
    let a3 = proof(&run, "A3");
    assert_eq!(a3.state, "non vérifié", "{}", run.screen());
    assert!(a3.evidence[0].contains("ACH-0007"), "{:?}", a3.evidence);
    // The year has ended, since the next has entries, and nothing is written of its last month.
    let home = with("2023-12-20", "2023-11-20");
    let run = audit(home.path(), "2023");
    let a3 = proof(&run, "A3");
    assert_eq!(a3.state, "non vérifié", "{}", run.screen());
    assert!(a3.words.contains("aucune écriture du 21/11/2023 au 31/12/2023"), "{}", a3.words);
    // Where a journal begins after the last number of another, nothing says that it follows it.
    let two = with("2024-12-20 * (BQ-0001)", "2024-12-20 * (BQ-0002)");
    change(two.path(), "principal.journal", "2024-01-10 * (ACH-0001)", "2024-01-10 * (BQ-0001)");
    let more = "2024-05-01 * (OD-0001) Papeterie | avoir  ; piece: R9\n    6064 Fournitures administratives   1,00 €\n    401 Fournisseurs:Papeterie        -1,00 €\n\n";
    let text = fs::read_to_string(two.path().join("principal.journal")).unwrap();
    fs::write(two.path().join("principal.journal"), text + more).unwrap();
    let a3 = proof(&audit(two.path(), "2024"), "A3");
    assert_eq!(a3.state, "KO", "{}", a3.words);
    // Numbers in the order of validation may go back in days, and it is told.
    let back = with("2023-02-10 * (ACH-0002)", "2023-01-08 * (ACH-0002)");
    let a3 = proof(&audit(back.path(), "2023"), "A3");
    assert_eq!(a3.state, "OK", "{}", a3.words);
    assert!(a3.words.contains("1 numéro à rebours des dates"), "{}", a3.words);
    assert!(a3.evidence[0].contains("ACH-0002"), "{:?}", a3.evidence);
    // Under the seal of a part, the last that is validated is not the last of the year.
    let part = sound();
    let run = typed(part.path(), "sceller --jusqu-au 2023-06-30 --date 2023-07-15");
    assert_eq!(run.code, 0, "{}", run.screen());
    let a3 = proof(&audit(part.path(), "2023"), "A3");
    let words = "2 écritures validées, dans l’ordre, la dernière du 10/02/2023 ; dernière écriture du 20/12/2023";
    assert!(a3.words.contains(words), "{}", a3.words);
    // A seal holds its last number.
    close(home.path(), &["2023"]);
    let run = audit(home.path(), "2023");
    assert_eq!(proof(&run, "A3").state, "OK", "{}", run.screen());
}

#[test]
fn a4_and_a8_what_comes_after_the_seal() {
    let home = sound();
    close(home.path(), &["2023"]);
    change(home.path(), "principal.journal", "encre", "cartouche");
    let run = audit(home.path(), "2023");
    assert_eq!(states(&run, &["A4", "A8"]), ["KO", "KO"], "{}", run.screen());
    assert_eq!(run.code, 4, "{}", run.screen());
}

#[test]
fn a4_is_not_told_of_books_where_an_entry_does_not_read() {
    let home = sound();
    close(home.path(), &["2023"]);
    change(home.path(), "principal.journal", "2024-12-20 *", "2024-12-32 *");
    let run = audit(home.path(), "2023");
    assert_eq!(proof(&run, "A4").state, "non vérifié", "{}", run.screen());
    // What the seal keeps is still looked at.
    let a6 = proof(&run, "A6");
    assert!(a6.words.starts_with("FEC scellé"), "{}", a6.words);
    assert_eq!(a6.state, "non vérifié", "{}", run.screen());
}

#[test]
fn a5_is_the_result_of_the_sealed_statements_too() {
    let home = sound();
    close(home.path(), &["2023", "2024"]);
    let run = audit(home.path(), "2024");
    let a5 = proof(&run, "A5");
    assert!(a5.state == "OK" && a5.words.contains("scellés"), "{}", run.screen());
    let path = "clotures/2024/etats/resultat.json";
    let text = fs::read_to_string(home.path().join(path)).unwrap();
    fs::write(home.path().join(path), text.replace("\"-150.00\"", "\"-149.00\"")).unwrap();
    let run = audit(home.path(), "2024");
    let a5 = proof(&run, "A5");
    assert_eq!((run.code, a5.state.as_str()), (4, "KO"), "{}", run.screen());
    assert!(
        a5.evidence[0].contains(path) && a5.evidence[0].contains("149,00"),
        "{:?}",
        a5.evidence
    );
    fs::remove_file(home.path().join(path)).unwrap();
    assert_eq!(proof(&audit(home.path(), "2024"), "A5").state, "non vérifié");
}

#[test]
fn a6_a_file_that_the_law_refuses() {
    // No SIREN: the name is not that of the law.
    let home = sound();
    change(home.path(), "compta.toml", "siren = \"732829320\"\n", "");
    let run = audit(home.path(), "2024");
    let a6 = proof(&run, "A6");
    assert_eq!((run.code, a6.state.as_str()), (1, "KO"), "{}", run.screen());
    assert!(a6.evidence[0].contains("W0406"), "{:?}", a6.evidence);
    // A hole in the numbers.
    let run = audit(with("2024-02-10 * (ACH-0002)", "2024-02-10 * (ACH-0003)").path(), "2024");
    let a6 = proof(&run, "A6");
    assert_eq!(a6.state, "KO", "{}", run.screen());
    assert!(a6.evidence.iter().any(|one| one.contains("W0407")), "{:?}", a6.evidence);
    // Open books wait for what only a closing gives.
    let run = audit(sound().path(), "2024");
    let a6 = proof(&run, "A6");
    assert_eq!(a6.state, "non vérifié", "{}", run.screen());
    assert!(a6.evidence.iter().any(|one| one.contains("ValidDate")), "{:?}", a6.evidence);
    let run = audit(with("2024-12-20 * (BQ-0001)", "2024-12-20 *").path(), "2024");
    let a6 = proof(&run, "A6");
    assert_eq!(a6.state, "non vérifié", "{}", run.screen());
    assert!(a6.evidence.iter().any(|one| one.contains("EcritureNum")), "{:?}", a6.evidence);
}

#[test]
fn a6_is_the_file_that_the_closing_keeps() {
    let home = sound();
    close(home.path(), &["2023", "2024"]);
    let run = audit(home.path(), "2024");
    let a6 = proof(&run, "A6");
    assert!(a6.state == "OK" && a6.words.contains("à l’octet"), "{}", run.screen());
    let path = home.path().join("clotures/2024/etats/fec/732829320FEC20241231.txt");
    let kept = fs::read_to_string(&path).unwrap();
    fs::write(&path, kept.replacen("encre", "encres", 1)).unwrap();
    let run = audit(home.path(), "2024");
    let a6 = proof(&run, "A6");
    assert_eq!((run.code, a6.state.as_str()), (4, "KO"), "{}", run.screen());
    assert!(a6.words.contains("1 ligne différente"), "{}", a6.words);
    // One that the tester refuses.
    fs::write(&path, kept.replacen("\t100,00\t", "\tcent\t", 1)).unwrap();
    let a6 = proof(&audit(home.path(), "2024"), "A6");
    assert!(a6.state == "KO" && a6.evidence[0].contains("E0406"), "{:?}", a6.evidence);
    // One that is no longer there proves nothing.
    fs::remove_file(&path).unwrap();
    let run = audit(home.path(), "2024");
    assert_eq!(proof(&run, "A6").state, "non vérifié", "{}", run.screen());
}

#[test]
fn a7_looks_for_the_documents_that_are_kept() {
    let run = audit(with("  ; piece: A2", "").path(), "2023");
    assert_eq!((run.code, proof(&run, "A7").state.as_str()), (1, "KO"), "{}", run.screen());
    let home = sound();
    let a7 = proof(&audit(home.path(), "2024"), "A7");
    assert!(a7.words.contains("les fichiers ne sont pas regardés"), "{}", a7.words);
    fs::create_dir_all(home.path().join("pieces/2024")).unwrap();
    fs::write(home.path().join("pieces/2024/A1.pdf"), "%PDF-1.4").unwrap();
    let a7 = proof(&audit(home.path(), "2024"), "A7");
    assert_eq!(a7.state, "OK");
    assert!(a7.words.contains("1 fichier dans `pieces/` pour 3 références"), "{}", a7.words);
    assert_eq!(a7.evidence.len(), 2, "{:?}", a7.evidence);
    // An empty file is no document, and files of other names are not passed over.
    fs::write(home.path().join("pieces/2024/A1.pdf"), "").unwrap();
    fs::write(home.path().join("pieces/2024/autre.pdf"), "%PDF-1.4").unwrap();
    let a7 = proof(&audit(home.path(), "2024"), "A7");
    let words = "aucune n’est dans `pieces/`, qui tient 1 fichier d’un autre nom ; 1 fichier vide";
    assert!(a7.words.contains(words), "{}", a7.words);
    assert_eq!(a7.evidence.len(), 4, "{:?}", a7.evidence);
    // What names no document is no reference.
    for nothing in ["-", "?", "néant", "N/A"] {
        let run = audit(with("piece: A2", &format!("piece: {nothing}")).path(), "2023");
        assert_eq!((run.code, proof(&run, "A7").state.as_str()), (1, "KO"), "{}", run.screen());
    }
}

#[test]
fn a8_says_which_seal_and_what_it_follows() {
    let home = sound();
    let run = typed(home.path(), "sceller --jusqu-au 2023-06-30 --date 2023-07-15");
    assert_eq!(run.code, 0, "{}", run.screen());
    let a8 = proof(&audit(home.path(), "2023"), "A8");
    assert_eq!(a8.state, "non vérifié");
    assert!(a8.words.contains("scellé en partie, jusqu’au 30/06/2023"), "{}", a8.words);
    let run = typed(home.path(), "close 2023 --provisoire --date 2024-05-01 --oui");
    assert_eq!(run.code, 0, "{}", run.screen());
    let a8 = proof(&audit(home.path(), "2023"), "A8");
    assert_eq!(a8.state, "non vérifié");
    assert!(a8.words.contains("clotures/2023-provisoire-1 est provisoire"), "{}", a8.words);
    close(home.path(), &["2023", "2024"]);
    let a8 = proof(&audit(home.path(), "2024"), "A8");
    assert!(a8.words.contains("suit clotures/2023 (sceau "), "{}", a8.words);
    assert!(
        a8.words.contains("jusqu’au premier, clotures/2023-periode-2023-06-30"),
        "{}",
        a8.words
    );
    // The one that it follows is no longer there.
    fs::remove_dir_all(home.path().join("clotures/2023")).unwrap();
    let run = audit(home.path(), "2024");
    assert_eq!(proof(&run, "A8").state, "KO", "{}", run.screen());
}

#[test]
fn a8_an_altered_part_is_an_alarm_before_the_year_is_closed() {
    let home = sound();
    let run = typed(home.path(), "sceller --jusqu-au 2023-06-30 --date 2023-07-15");
    assert_eq!(run.code, 0, "{}", run.screen());
    change(home.path(), "principal.journal", "encre", "cartouche");
    let run = audit(home.path(), "2023");
    assert_eq!(states(&run, &["A4", "A8"]), ["KO", "KO"], "{}", run.screen());
}

#[test]
fn a9_is_a_document_of_the_folder_and_none_of_the_books() {
    let home = sound();
    fs::create_dir_all(home.path().join("pieces")).unwrap();
    fs::write(home.path().join("pieces/vide.md"), "\n").unwrap();
    fs::write(home.path().join("pieces/faux.pdf"), "Qui saisit.\n").unwrap();
    fs::write(home.path().join("pieces/court.md"), "Qui saisit, qui valide.\n").unwrap();
    let procedures = "Qui saisit, qui valide, qui paie, qui conserve les pièces.\n".repeat(4);
    fs::write(home.path().join("pieces/vrai.md"), procedures).unwrap();
    let journal = home.path().join("principal.journal");
    fs::copy(&journal, home.path().join("pieces/copie.txt")).unwrap();
    std::os::unix::fs::symlink(&journal, home.path().join("pieces/lien.txt")).unwrap();
    for (path, state) in [
        ("compta.toml", "KO"),
        ("principal.journal", "KO"),
        ("/etc/passwd", "KO"),
        ("../autre.md", "KO"),
        ("pieces", "KO"),
        ("pieces/absent.md", "KO"),
        ("pieces/vide.md", "KO"),
        ("pieces/faux.pdf", "KO"),
        ("pieces/court.md", "KO"),
        ("pieces/copie.txt", "KO"),
        ("pieces/lien.txt", "KO"),
        ("pieces/vrai.md", "OK"),
    ] {
        let settings = SETTINGS.replace("siren", &format!("procedures = \"{path}\"\nsiren"));
        fs::write(home.path().join("compta.toml"), settings).unwrap();
        let run = audit(home.path(), "2024");
        assert_eq!(proof(&run, "A9").state, state, "{path}: {}", run.screen());
    }
}

#[test]
fn a10_third_parties_under_a_name_that_a_file_writes_otherwise() {
    let home = sound();
    let path = home.path().join("principal.journal");
    let text = fs::read_to_string(&path).unwrap();
    // Something is left on it, so that its balance counts.
    let text = text.replace("Fournisseurs:Papeterie", "Fournisseurs:A|B (x) [y]");
    fs::write(&path, text.replace("150,00 €", "120,00 €")).unwrap();
    let run = audit(home.path(), "2024");
    let a10 = proof(&run, "A10");
    assert_eq!(a10.state, "OK", "{}", run.screen());
    assert!(
        a10.words.contains("registres") && a10.words.contains("depuis le seul FEC"),
        "{}",
        a10.words
    );
}

#[test]
fn a10_third_parties_that_a_file_takes_for_one() {
    let home = sound();
    let path = home.path().join("principal.journal");
    let text = fs::read_to_string(&path).unwrap();
    let bought = "2024-12-21 * (ACH-0003) Divers | fournitures  ; piece: A3
    6064 Fournitures administratives   100,00 €
    401 Fournisseurs:A|B               -30,00 €
    401 Fournisseurs:A-B               -70,00 €
";
    fs::write(&path, text + bought).unwrap();
    let run = audit(home.path(), "2024");
    let a10 = proof(&run, "A10");
    assert_eq!((run.code, a10.state.as_str()), (1, "KO"), "{}", run.screen());
    assert!(a10.evidence.iter().any(|one| one.contains("401:A|B")), "{:?}", a10.evidence);
}

#[test]
fn a_year_without_entries_proves_nothing() {
    let home = sound();
    let path = home.path().join("principal.journal");
    let text = fs::read_to_string(&path).unwrap();
    let budget = "~ 2025  Budget\n    6064 Fournitures administratives  10,00 €\n    512 Banques  -10,00 €\n";
    fs::write(&path, text + budget).unwrap();
    let run = audit(home.path(), "2025");
    for code in ["A2", "A3", "A5", "A6", "A7", "A10"] {
        let proof = proof(&run, code);
        assert_eq!(proof.state, "non vérifié", "{code}: {}", run.screen());
        assert!(proof.words.contains("aucune écriture en 2025"), "{code}: {}", proof.words);
    }
}

#[test]
fn what_an_audit_cannot_be_of() {
    let home = sound();
    for (line, wanted) in [
        ("audit --tout", "un audit porte sur un exercice"),
        ("audit 2024-T2", "donnez l’exercice : 2024"),
        ("audit 2024-06", "donnez l’exercice : 2024"),
        ("export cac 2024-T2 -o x", "donnez l’exercice : 2024"),
        ("export cac 2024 -o dedans/x", "est dans le dossier des livres"),
        ("balance-agee 2024-T2", "donnez l’exercice : 2024"),
        ("lettrer 2024-T2", "donnez l’exercice : 2024"),
        ("audit douze", "donnez un exercice entier : 2023, 2024"),
        ("export CAC 2024 -o x", "vouliez-vous `cac`"),
        ("export --tout cac -o x", "porte sur un exercice"),
    ] {
        let run = typed(home.path(), line);
        assert_eq!(run.code, 2, "{line}: {}", run.screen());
        assert!(run.err.contains(wanted), "{line}: {}", run.screen());
        assert!(!run.err.contains("trimestre"), "{line}: {}", run.screen());
    }
}

#[test]
fn a8_a_damaged_closing_before_is_told() {
    let home = sound();
    close(home.path(), &["2023", "2024"]);
    let path = home.path().join("clotures/2023/etats/bilan.csv");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text + "\n").unwrap();
    let run = audit(home.path(), "2024");
    let a8 = proof(&run, "A8");
    assert_eq!((run.code, a8.state.as_str()), (4, "KO"), "{}", run.screen());
    assert!(a8.evidence[0].contains("bilan.csv"), "{:?}", a8.evidence);
    assert_ne!(proof(&run, "A4").state, "KO", "{}", run.screen());
}

#[test]
fn a8_an_entry_that_allocates_nothing_is_no_minutes() {
    let home = sound();
    close(home.path(), &["2023", "2024"]);
    let verified = typed(home.path(), "verify").screen();
    let line = verified.lines().find(|line| line.starts_with("clotures/2024")).unwrap();
    let code = line.rsplit("sceau ").next().unwrap().trim().to_owned();
    let path = home.path().join("principal.journal");
    let text = fs::read_to_string(&path).unwrap();
    let entry = |vote: &str| {
        format!(
            "{text}2025-06-12 * (OD-0001) Bidon  ; affectation: 2024, racine: {code}{vote}, piece: x.pdf\n    6064 Fournitures administratives  1,00 €\n    401 Fournisseurs:Papeterie  -1,00 €\n"
        )
    };
    fs::write(&path, entry("")).unwrap();
    let run = audit(home.path(), "2024");
    assert_eq!(proof(&run, "A8").state, "non vérifié", "{}", run.screen());
    fs::write(&path, entry(", vote: 2025-06-12")).unwrap();
    let run = audit(home.path(), "2024");
    let a8 = proof(&run, "A8");
    assert_eq!(a8.state, "KO", "{}", run.screen());
    assert!(a8.words.contains("l’affectation porte sur"), "{}", a8.words);
}
