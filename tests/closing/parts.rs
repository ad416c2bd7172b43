//! A year closed after a part of it and a provisional version: what a verification and an audit take.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use super::folders::{close, edit, small, yearly};
use crate::harness::{expect, none, root, typed};

/// 2023 closed; 2024 sealed to June, closed for a try, and closed.
fn closed() -> TempDir {
    let home = small();
    close(home.path(), "2023", "2024-03-01").ok();
    typed(home.path(), "sceller --jusqu-au 2024-06-30 --date 2024-07-05").ok();
    typed(home.path(), "close 2024 --provisoire --date 2025-04-01").ok();
    close(home.path(), "2024", "2025-05-01").ok();
    home
}

/// The closings that a verification names, each with what it says.
fn verified(home: &Path, line: &str) -> Vec<(String, bool)> {
    let run = typed(home, &format!("{line} -O json"));
    let report: Value =
        serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.screen()));
    let closings = report["closings"].as_array().unwrap();
    let one = |one: &Value| {
        let name = one["closing"].as_str().unwrap_or_else(|| panic!("{one}"));
        (name.to_owned(), one["intact"].as_bool().unwrap())
    };
    closings.iter().map(one).collect()
}

fn named(all: &[(&str, bool)]) -> Vec<(String, bool)> {
    all.iter().map(|(name, intact)| (format!("clotures/{name}"), *intact)).collect()
}

#[test]
fn a_verification_takes_every_closing_of_its_year() {
    let home = closed();
    let path = home.path();
    let of_2024 = [("2024", true), ("2024-periode-2024-06-30", true), ("2024-provisoire-1", true)];
    assert_eq!(verified(path, "verify 2024"), named(&of_2024));
    assert_eq!(verified(path, "verify 2023"), named(&[("2023", true)]));
    assert_eq!(verified(path, "verify"), named(&[&[("2023", true)], &of_2024[..]].concat()));
    // A folder that somebody renamed is known by what it seals; one whose seal is gone, by its name.
    let folders = path.join("clotures");
    fs::rename(folders.join("2024-provisoire-1"), folders.join("essai")).unwrap();
    assert_eq!(
        verified(path, "verify 2024"),
        named(&[("2024", true), ("2024-periode-2024-06-30", true), ("essai", false)])
    );
    // The year follows its part: that one gone, the two miss it.
    fs::remove_file(folders.join("2024-periode-2024-06-30/sceau.txt")).unwrap();
    assert_eq!(
        verified(path, "verify 2024"),
        named(&[("2024", false), ("2024-periode-2024-06-30", false), ("essai", false)])
    );
    fs::remove_file(folders.join("2024/sceau.txt")).unwrap();
    fs::remove_file(folders.join("essai/sceau.txt")).unwrap();
    assert_eq!(
        verified(path, "verify 2024"),
        named(&[("2024", false), ("2024-periode-2024-06-30", false)])
    );
    assert_eq!(typed(path, "verify 2022").code, 2, "{}", typed(path, "verify 2022").screen());
    // A provisional version whose seal is gone has its name still.
    let home = closed();
    fs::remove_file(home.path().join("clotures/2024-provisoire-1/sceau.txt")).unwrap();
    let left = [("2024", true), ("2024-periode-2024-06-30", true), ("2024-provisoire-1", false)];
    assert_eq!(verified(home.path(), "verify 2024"), named(&left));
}

/// A printed code is that of one closing: the year must have no other.
#[test]
fn a_printed_code_is_asked_of_one_closing() {
    let home = closed();
    let code = |year: &str| {
        let root = home.path().join("clotures").join(year).join("racine.txt");
        let text = fs::read_to_string(root).unwrap();
        text.lines().find_map(|line| line.strip_prefix("code: ")).unwrap().to_owned()
    };
    let run = typed(home.path(), &format!("verify 2024 --racine {}", code("2024")));
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.screen());
    assert!(run.err.contains("un code est celui d’une seule clôture"), "{}", run.err);
    assert_eq!(typed(home.path(), &format!("verify 2023 --racine {}", code("2023"))).code, 0);
    assert_eq!(typed(home.path(), &format!("verify 2023 --racine {}", code("2024"))).code, 4);
}

#[test]
fn an_audit_takes_what_binds_its_year_word_for_word() {
    let mut text = String::new();
    let mut tell = |what: &str, home: &Path| {
        for year in ["2023", "2024"] {
            let rows = typed(home, &format!("audit {year} -O csv")).out;
            let own = rows.lines().filter(|row| ["A4", "A8"].iter().any(|one| row.contains(one)));
            text.push_str(&format!("{what}, {year}\n"));
            own.for_each(|row| text.push_str(&format!("  {row}\n")));
        }
    };
    tell("intact", closed().path());
    for (what, file, from, to) in [
        ("écriture de la période", "2024.journal", "affiches", "tracts"),
        ("écriture après la période", "2024.journal", "| retrait", "| dépôt"),
        ("écriture de 2023", "2023.journal", "paie de juin", "paie de mai"),
        ("états de l’exercice", "clotures/2024/etats/bilan.csv", "Total", "Somme"),
        ("sceau de la période", "clotures/2024-periode-2024-06-30/racine.txt", "2024", "2023"),
        ("version provisoire", "clotures/2024-provisoire-1/racine.txt", "2024", "2023"),
        ("sceau d’avant", "clotures/2023/racine.txt", "2023", "2022"),
    ] {
        let home = closed();
        edit(home.path(), file, from, to);
        tell(what, home.path());
    }
    // Both the year and its part, in that order; a part whose seal is gone is known by its name.
    let home = closed();
    edit(home.path(), "clotures/2024/racine.txt", "exercice: 2024", "exercice: 2023");
    let part = "clotures/2024-periode-2024-06-30";
    edit(home.path(), &format!("{part}/racine.txt"), "2024", "2023");
    tell("racines de l’exercice et de la période", home.path());
    let home = closed();
    fs::remove_file(home.path().join(part).join("sceau.txt")).unwrap();
    tell("sceau de la période ôté", home.path());
    let home = closed();
    fs::remove_file(home.path().join("clotures/2024/sceau.txt")).unwrap();
    tell("sceau de l’exercice ôté", home.path());
    // An allocation of the deficit, whole, and of another amount.
    for (what, from, to) in
        [("déficit affecté", "", ""), ("autre montant affecté", "600,00 €", "599,00 €")]
    {
        let home = yearly();
        close(home.path(), "2023", "2024-03-01").ok();
        close(home.path(), "2024", "2025-05-01").ok();
        typed(home.path(), "affecter 2024 --vote 2025-05-12").ok();
        let path = home.path().join("2025/affectation-2024.journal");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{text}");
        fs::write(path, text.replace(from, to)).unwrap();
        tell(what, home.path());
    }
    // A provisional version of the year before binds nothing after it.
    let home = small();
    typed(home.path(), "close 2023 --provisoire --date 2024-02-01").ok();
    close(home.path(), "2023", "2024-03-01").ok();
    close(home.path(), "2024", "2025-05-01").ok();
    edit(home.path(), "clotures/2023-provisoire-1/racine.txt", "2023", "2022");
    tell("version provisoire de l’exercice d’avant", home.path());
    let mut failures = Vec::new();
    expect(&root().join("fixtures/commandes/audit-parties.txt"), &text, &mut failures);
    none(&failures);
}
