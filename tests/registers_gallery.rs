//! Books that have every register, each register and journal changed in one place after another, and what the
//! tables that read it then say.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::typed;
use crate::perturbed::{Changes, books, each, gallery};

/// A register, and the commands whose tables come of it.
const REGISTERS: [(&str, &[&str]); 12] = [
    ("programmes.toml", &["programmes 2024 -O json", "compte-rendu R-REGION -O json"]),
    (
        "conventions.toml",
        &[
            "subventions 2024 -O json",
            "controles 2024 -O json",
            "annexe 2024 -O json",
            "compte-rendu R-REGION -O json",
            "inventaire 2024 -O hledger",
            "tresorerie 2025 -O json",
        ],
    ),
    (
        "adhesions.toml",
        &["adhesions 2024 -O json", "adhesions 2025 -O json", "controles 2024 -O json"],
    ),
    ("repartition.toml", &["repartition 2024 -O json"]),
    ("resolutions.toml", &["resolutions 2024 -O json"]),
    ("principaux.toml", &["principaux 2024 -O json"]),
    (
        "immobilisations.toml",
        &[
            "immobilisations 2024 -O json",
            "immobilisations 2025 -O json",
            "inventaire 2024 -O hledger",
            "controles 2024 -O json",
        ],
    ),
    (
        "provisions.toml",
        &["inventaire 2024 -O hledger", "controles 2024 -O json", "annexe 2024 -O json"],
    ),
    (
        "regularisations.toml",
        &["inventaire 2023 -O hledger", "inventaire 2024 -O hledger", "controles 2024 -O json"],
    ),
    ("controles.toml", &["controles 2023 -O json", "controles 2024 -O json", "audit 2024 -O json"]),
    ("annexe.toml", &["annexe 2024 -O json", "controles 2024 -O json"]),
    (
        "care.toml",
        &[
            "care 2024 -O json",
            "diff 2024 -O json",
            "bilan 2024 --care -O json",
            "care journal 2024",
            "ag 2024 -O json",
        ],
    ),
];

fn register(rank: usize) {
    let (name, commands) = REGISTERS[rank];
    let home = books("fixtures/registres", true);
    let changed = Changes { only: name, ..Changes::default() };
    let bare = name.trim_end_matches(".toml");
    gallery((&home, &format!("registre-{bare}")), (0, 1), changed, commands);
}

each!(register: programmes 0, conventions 1, adhesions 2, repartition 3, resolutions 4, principaux 5,
    immobilisations 6, provisions 7, regularisations 8, controles 9, annexe 10, care 11);

fn journal(part: usize) {
    let home = books("fixtures/registres", false);
    let accounts = [
        "471 Compte d'attente",
        "7061 Ateliers",
        "205 Concessions et droits similaires, brevets, licences, marques, procédés, logiciels, droits et valeurs similaires",
    ];
    let changed = Changes { only: "202", accounts: &accounts, ..Changes::default() };
    let commands = ["controles 2024 -O json", "ag 2024 -O json", "diff 2024 -O json", "fec 2024"];
    gallery((&home, "registres-journaux"), (part, 6), changed, &commands);
}

each!(journal: journal_1 0, journal_2 1, journal_3 2, journal_4 3, journal_5 4, journal_6 5);

/// The amounts of a row of a report, by column.
fn amounts(home: &Path, line: &str, key: &str) -> Value {
    let report: Value = serde_json::from_str(&typed(home, line).ok()).unwrap();
    let rows = report["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["key"] == key);
    row.unwrap_or_else(|| panic!("{line}: no {key}"))["amounts"].clone()
}

/// Both columns of the table of the carbon debt, with two capitals and a correction of the year before, are
/// those of the statements; the result in stock is that of the bridge.
#[test]
fn the_table_of_debts_says_what_the_statements_say() {
    let home = books("fixtures/registres", true);
    let home = home.path();
    let table = |key: &str| amounts(home, "annexe 2024 -O json", &format!("annexe.carbone.{key}"));
    let bilan = |key: &str| {
        let mut row = amounts(home, "bilan 2024 --care -O json", &format!("bilan.passif.{key}"));
        row.as_object_mut().unwrap().retain(|column, _| column == "n" || column == "n1");
        row
    };
    assert_eq!(table("provision_recouvrable"), json!({ "n": "151.11", "n1": "218.33" }));
    assert_eq!(table("provision_recouvrable"), bilan("dette_carbone_compensable"));
    assert_eq!(table("provision_irrecouvrable_cumulee"), bilan("dette_carbone_irrecouvrable"));
    assert_eq!(table("dette_sol"), json!({ "n": "80.00", "n1": "200.00" }));
    assert_eq!(table("dette_sol"), bilan("dettes_capital_2"));
    assert_eq!(table("resultat_care_flux"), bilan("resultat"));
    // −2 060,49 − 151,11 − 82,86 − 80,00, and −3 630,62 − 218,33 − 82,86 − 200,00.
    let stock = table("resultat_care");
    assert_eq!(stock, json!({ "n": "-2374.46", "n1": "-4131.81" }));
    let bridge: Value = serde_json::from_str(&typed(home, "diff 2024 -O json").ok()).unwrap();
    assert_eq!(bridge["bases"]["stock"]["to"], stock["n"]);
    // The form’s own row, in the classic bilan, takes every debt too.
    let row = amounts(home, "bilan 2024 -O json", "bilan.passif.resultat_care");
    assert_eq!(row["n"], stock["n"]);
    let screen = typed(home, "annexe 2024").screen().replace(['\u{a0}', '\u{202f}'], " ");
    assert!(
        screen.contains("W0605 : colonne de l’exercice précédent retraitée de 40,00 €"),
        "{screen}"
    );
}

/// A deposit has no lifetime, and no account that would depreciate it; with a lifetime it is refused.
#[test]
fn what_never_wears_out_needs_no_depreciation() {
    let home = books("fixtures/registres", true);
    let screen = typed(home.path(), "immobilisations 2024").ok();
    assert!(screen.contains("s’amortit pas              02/01/2023    150,00"), "{screen}");
    let path = home.path().join("immobilisations.toml");
    let text = fs::read_to_string(&path).unwrap();
    for more in ["annees = 2\n", "amortissement = \"2875\"\n"] {
        fs::write(&path, format!("{}\n{more}", text.trim_end())).unwrap();
        let run = typed(home.path(), "check");
        assert!(
            run.code == 1 && run.screen().contains("compte inconnu : 2875"),
            "{}",
            run.screen()
        );
    }
}

/// Why a provision stands is said once: in its register, unless the annexe says it otherwise.
#[test]
fn the_ground_of_a_provision_is_said_once() {
    let home = books("fixtures/registres", true);
    let path = home.path().join("provisions.toml");
    let text = fs::read_to_string(&path).unwrap();
    // Nothing moves the two provisions in 2024.
    let still = text.replace("2024 = 250", "2024 = 350").replace("2024 = 375", "2024 = 250");
    fs::write(&path, &still).unwrap();
    let annexe = typed(home.path(), "annexe 2024").ok();
    assert!(
        annexe.contains("Assignation en cours.") && annexe.contains("Engagement public"),
        "{annexe}"
    );
    assert!(!annexe.contains("Assignation du 3 mars 2022"), "{annexe}");
    let w11 = |home: &Path| {
        let screen = typed(home, "controles 2024").screen();
        screen.lines().find(|line| line.starts_with("W11")).unwrap().to_owned()
    };
    assert!(w11(home.path()).contains("OK"), "{}", w11(home.path()));
    fs::write(&path, still.replace("motif = \"Engagement public de replanter\"\n", "")).unwrap();
    assert!(w11(home.path()).contains("1 provision sans motif"), "{}", w11(home.path()));
}
