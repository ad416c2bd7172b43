//! A closed year keeps the policy with which it was closed (law I10): today's may change, and moves
//! only what is open.

use std::fs;
use std::path::Path;

use crate::harness::{compta, copy, folder, region, typed};

/// The region's books, 2023 and 2024 closed.
fn closed() -> tempfile::TempDir {
    let home = folder();
    copy(&region(), home.path());
    typed(home.path(), "close 2023 --oui --date 2024-05-15").ok();
    typed(home.path(), "close 2024 --oui --date 2025-05-15").ok();
    typed(home.path(), "affecter 2024 --vote 2025-06-12").ok();
    home
}

fn rewrite(home: &Path, change: impl Fn(String) -> String) {
    let path = home.join("care.toml");
    let text = fs::read_to_string(&path).unwrap();
    let changed = change(text.clone());
    assert_ne!(text, changed, "the policy changes");
    fs::write(path, changed).unwrap();
}

/// How a policy is rewritten.
type Change = fn(String) -> String;

/// What closed years show of the CARE ledger.
fn shown(home: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for year in ["2023", "2024"] {
        for line in
            ["care journal", "bilan --care", "resultat --care", "diff", "care responsabilite"]
        {
            let words: Vec<&str> = line.split(' ').collect();
            let format: &[&str] = if line == "care journal" { &[] } else { &["-O", "csv"] };
            all.push(compta(home, &[&words, &[year][..], format].concat()).ok());
        }
    }
    all
}

#[test]
fn a_policy_that_changes_moves_no_closed_year() {
    let home = closed();
    let before = shown(home.path());
    rewrite(home.path(), |text| {
        let (head, project) = text.split_once("[[projet]]").unwrap();
        format!(
            "# changed\ntaxe = 10\n{head}[[projet]]{}\n[[lot]]\nmillesime = \"2025\"\nclasse = \"irrecouvrable\"\nmontant = 900\nsource = \"essai\"\n",
            project.replacen("tonnes = 89", "tonnes = 120", 1)
        )
    });
    assert_eq!(shown(home.path()), before);
    let own = typed(home.path(), "care journal 2025").ok();
    assert!(own.contains("-900,00 €") && own.contains("millésime 2025"), "{own}");
    let verified = typed(home.path(), "verify").ok();
    assert_eq!(verified.matches(": intact").count(), 2, "{verified}");
    assert_eq!(verified.matches("modifié depuis la clôture").count(), 2, "{verified}");
}

#[test]
fn a_policy_may_not_rewrite_what_is_closed() {
    let cases: [(&str, Change); 4] = [
        ("ce lot n’y changera rien", |text| text.replacen("montant = 875", "montant = 876", 1)),
        ("le projet `micro-foret` a disparu", |text| {
            let (head, rest) = text.split_once("[[projet]]").unwrap();
            let (_, tail) = rest.split_once("\n# ").unwrap();
            format!("{head}# {tail}")
        }),
        ("ce fait n’y changera rien", |text| {
            text.replacen(
                "plants = 890",
                "plants = 890\n[[projet.verification]]\ndate = 2024-11-30\ntonnes = 1\nreference = \"RV-1\"\n",
                1,
            )
        }),
        ("`care.toml` a disparu", |text| text.replace("[[", "# [[").replace('\n', "\n# ")),
    ];
    for (says, change) in cases {
        let home = closed();
        rewrite(home.path(), change);
        let run = typed(home.path(), "bilan 2024");
        assert_eq!((run.code, run.out.as_str()), (4, ""), "{says}\n{}", run.screen());
        assert!(run.err.contains("E0705") && run.err.contains(says), "{says}\n{}", run.err);
    }
}

#[test]
fn a_policy_adopted_after_a_closing_says_from_when() {
    let home = folder();
    copy(&region(), home.path());
    let policy = fs::read_to_string(home.path().join("care.toml")).unwrap();
    fs::remove_file(home.path().join("care.toml")).unwrap();
    typed(home.path(), "close 2023 --oui --date 2024-05-15").ok();
    let before = typed(home.path(), "balance 2023 --care -O csv").ok();
    fs::write(home.path().join("care.toml"), &policy).unwrap();
    let run = typed(home.path(), "check");
    assert!(run.code == 4 && run.out.contains("fut clos sans livre CARE"), "{}", run.screen());
    fs::write(home.path().join("care.toml"), format!("depuis = \"2024\"\n{policy}")).unwrap();
    assert_eq!(typed(home.path(), "check").code, 0, "{}", typed(home.path(), "check").screen());
    assert_eq!(typed(home.path(), "balance 2023 --care -O csv").ok(), before);
}
