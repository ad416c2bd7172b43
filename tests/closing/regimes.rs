//! Each closed year keeps the policy that it was closed with, and what follows may change without it.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::folders::{append, close, small};
use crate::harness::{compta, typed};

const CLIMATE: &str =
    "[[capital]]\nid = \"climat\"\nlibelle = \"Climat\"\nemissions = \"mesure\"\n";
const WOOD: &str = "[[facteur]]\nid = \"bois.maison_2\"\nlibelle = \"Bois\"\nunite = \"kg\"\nkg = 0.5\nposte = \"Énergie\"\nbeges = 1\nsource = \"Facture\"\nannee = 2023\n";
const STRAW: &str = "[[facteur]]\nid = \"paille\"\nlibelle = \"Paille\"\nunite = \"kg\"\nkg = 0.25\nposte = \"Matériaux\"\nbeges = 4\nsource = \"Facture\"\nannee = 2023\n";
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

/// Two years closed, each under a policy of its own: the first buys straw, the second burns wood.
fn closed(pond: &str) -> TempDir {
    let home = small();
    let path = home.path();
    append(
        path,
        "2024.journal",
        "\n2024-12-31 * (INV-0003) Bois | chauffage  ; piece: facture-12.pdf\n    6061 Fournitures non stockables (eau, énergie, ...)  12,00 €\n    (bois.maison_2)  30 kg\n    408 Fournisseurs - Factures non parvenues  -12,00 €\n",
    );
    append(
        path,
        "2023.journal",
        "\n2023-12-31 * (INV-0002) Paillage | paille  ; piece: facture-3.pdf\n    6061 Fournitures non stockables (eau, énergie, ...)  8,00 €\n    (paille)  12 kg\n    408 Fournisseurs - Factures non parvenues  -8,00 €\n",
    );
    policy(path, &[CLIMATE, WOOD, STRAW, &lot("2023", 100), HEDGE, pond]);
    close(path, "2023", "2024-03-01").ok();
    let straw = emitted(path, "2023");
    assert!(straw.iter().any(|row| row.contains("paille") && row.contains(",0.003,")), "{straw:?}");
    policy(path, &[CLIMATE, WOOD, &lot("2023", 100), &lot("2024", 50), HEDGE, pond]);
    assert_eq!(emitted(path, "2023"), straw);
    close(path, "2024", "2025-05-01").ok();
    assert_eq!(emitted(path, "2023"), straw);
    home
}

/// What a year emitted.
fn emitted(home: &Path, year: &str) -> Vec<String> {
    let text = compta(home, &["care", year, "-O", "csv"]).ok();
    text.lines().filter(|row| row.starts_with("emissions")).map(str::to_owned).collect()
}

fn shown(home: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for year in ["2023", "2024"] {
        for line in ["care journal", "bilan --care -O csv", "diff -O csv", "care -O csv"] {
            let mut words: Vec<&str> = line.split(' ').collect();
            words.push(year);
            let text = compta(home, &words).ok();
            // What is planned is of today; what was emitted is of the closing.
            let plans = |row: &&str| line.starts_with("care -O") && !row.starts_with("emissions");
            all.extend(text.lines().filter(|row| !plans(row)).map(str::to_owned));
        }
    }
    all
}

#[test]
fn what_a_closed_year_counted_stays_when_its_factor_and_its_plans_go() {
    let home = closed(POND);
    let path = home.path();
    let before = shown(path);
    let same = |now: Vec<String>| {
        let other = before.iter().zip(&now).find(|(was, is)| was != is);
        assert!(other.is_none() && before.len() == now.len(), "{other:?}");
    };
    assert!(before.iter().any(|row| row.contains("bois_maison_2") && row.contains(",0.015,")));
    // The wood, and a pond that nobody began.
    policy(path, &[CLIMATE, &lot("2023", 100), &lot("2024", 50), &lot("2025", 70), HEDGE]);
    let check = typed(path, "check");
    assert_eq!(check.code, 0, "{}", check.screen());
    same(shown(path));
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
