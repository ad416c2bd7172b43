//! Each closed year keeps the policy that it was closed with, and what follows may change without it.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::folders::{append, close, small};
use crate::harness::{compta, typed};

const CLIMATE: &str =
    "[[capital]]\nid = \"climat\"\nlibelle = \"Climat\"\nemissions = \"mesure\"\n";
const WOOD: &str = "[[facteur]]\nid = \"bois.maison_2\"\nlibelle = \"Bois\"\nunite = \"kg\"\nkg = 0.5\nposte = \"Énergie\"\nbeges = 1\nsource = \"Facture\"\nannee = 2023\n";
const HEDGE: &str = "[[projet]]\nid = \"haies\"\nlibelle = \"Haies\"\ndebut = \"2023\"\nannees = 10\ntonnes = 10\n[[projet.verification]]\ndate = 2023-10-01\ntonnes = 2\nreference = \"RV-1\"\n";
const POND: &str =
    "[[projet]]\nid = \"mare\"\nlibelle = \"Mare\"\ndebut = \"2026\"\nannees = 5\ntonnes = 1\n";

fn lot(year: &str, euros: u32) -> String {
    format!(
        "[[lot]]\nmillesime = \"{year}\"\nclasse = \"irrecouvrable\"\nmontant = {euros}\nsource = \"Avis\"\n"
    )
}

fn policy(home: &Path, parts: &[&str]) {
    fs::write(home.join("care.toml"), parts.concat()).unwrap();
}

/// Two years closed, each under a policy of its own; the second lets wood burn.
fn closed(pond: &str) -> TempDir {
    let home = small();
    let path = home.path();
    append(
        path,
        "2024.journal",
        "\n2024-12-31 * (INV-0003) Bois | chauffage  ; piece: facture-12.pdf\n    6061 Fournitures non stockables (eau, énergie…)  12,00 €\n    (bois.maison_2)  30 kg\n    408 Fournisseurs - Factures non parvenues  -12,00 €\n",
    );
    policy(path, &[CLIMATE, WOOD, &lot("2023", 100), HEDGE, pond]);
    close(path, "2023", "2024-03-01").ok();
    policy(path, &[CLIMATE, WOOD, &lot("2023", 100), &lot("2024", 50), HEDGE, pond]);
    close(path, "2024", "2025-05-01").ok();
    home
}

fn shown(home: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for year in ["2023", "2024"] {
        for line in ["care journal", "bilan --care -O csv", "diff -O csv", "care tonnes -O csv"] {
            let mut words: Vec<&str> = line.split(' ').collect();
            words.push(year);
            all.push(compta(home, &words).ok());
        }
    }
    all
}

#[test]
fn what_a_closed_year_counted_stays_when_its_factor_and_its_plans_go() {
    let home = closed(POND);
    let path = home.path();
    let before = shown(path);
    assert!(before.iter().any(|text| text.contains("15") && text.contains("haies")));
    // The wood, and a pond that nobody began.
    policy(path, &[CLIMATE, &lot("2023", 100), &lot("2024", 50), &lot("2025", 70), HEDGE]);
    let check = typed(path, "check");
    assert_eq!(check.code, 0, "{}", check.screen());
    assert_eq!(shown(path), before);
    let verified = typed(path, "verify").ok();
    assert_eq!(verified.matches(": intact").count(), 2, "{verified}");
    // The year that is open has the policy of today, and goes on from the debts of both.
    let own = typed(path, "care journal 2025").ok();
    assert!(own.contains("-70,00 €") && !own.contains("-50,00 €"), "{own}");
    let debts = typed(path, "balance 2025 --care -O csv").ok();
    let row = debts.lines().find(|row| row.starts_with("C172,")).unwrap();
    assert!(row.ends_with(",-220.00"), "{debts}");
}

#[test]
fn what_a_closed_year_began_may_not_go() {
    let spent = POND.replace("tonnes = 1", "tonnes = 1\ncout_anterieur = 40");
    for (pond, parts, says) in [
        (POND, [WOOD, POND].as_slice(), "le projet `haies` a disparu"),
        (&spent, &[WOOD, HEDGE], "le projet `mare` a disparu"),
        (
            POND,
            &[WOOD, &HEDGE.replace("2023-10-01", "2023-10-02"), POND],
            "ce fait n’y changera rien",
        ),
        (POND, &[WOOD, HEDGE, POND], ""),
        (&spent, &[HEDGE, &spent], ""),
    ] {
        let home = closed(pond);
        let lots = [lot("2023", 100), lot("2024", 50)].concat();
        policy(home.path(), &[&[CLIMATE, &lots], parts].concat());
        let run = typed(home.path(), "bilan 2024 --care");
        if says.is_empty() {
            assert_eq!(run.code, 0, "{}", run.screen());
        } else {
            assert_eq!((run.code, run.out.as_str()), (4, ""), "{says}: {}", run.screen());
            assert!(run.err.contains("E0705") && run.err.contains(says), "{says}: {}", run.err);
        }
    }
}
