//! The tables of the annexe against the accounts: dedicated funds by project, debts by term.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;

use crate::harness::{folder, region, typed};

fn write(home: &Path, journal: &str) {
    fs::write(home.join("compta.toml"), "[entite]\nnom = \"Essai\"\n").unwrap();
    fs::write(
        home.join("programmes.toml"),
        "[[programme]]\ncode = \"A\"\nnom = \"Ateliers\"\n[[programme]]\ncode = \"F\"\nnom = \"Structure\"\nstructure = true\n",
    )
    .unwrap();
    let convention = |id: &str, partner: &str| {
        format!(
            "[[convention]]\nid = \"{id}\"\npartenaire = \"{partner}\"\nfinanceur = \"fondation\"\ngenre = \"subvention\"\nprogramme = \"A\"\nmontant = 90000\ndebut = 2023-01-01\nfin = 2026-12-31\n"
        )
    };
    let conventions =
        format!("{}{}", convention("FDN-Z", "Fondation Z"), convention("FDN-B", "Fondation B"));
    fs::write(home.join("conventions.toml"), conventions).unwrap();
    fs::write(home.join("principal.journal"), format!("decimal-mark ,\n\n{journal}")).unwrap();
    // The official labels.
    typed(home, "fmt");
}

fn json(home: &Path, line: &str) -> Value {
    serde_json::from_str(&typed(home, &format!("{line} -O json")).ok()).unwrap()
}

/// Cents by key and column.
fn cents(made: &Value) -> BTreeMap<String, i64> {
    let mut all = BTreeMap::new();
    for row in made["rows"].as_array().unwrap() {
        for (column, amount) in row["amounts"].as_object().unwrap() {
            if let Some(text) = amount.as_str() {
                let key = format!("{} {column}", row["key"].as_str().unwrap());
                all.insert(key, text.replace('.', "").parse().unwrap());
            }
        }
    }
    all
}

/// An entry of 2023 or 2024 on dedicated funds; amounts in euros, a report is positive.
fn funds(rank: usize, date: &str, account: &str, euros: i64, tag: &str) -> String {
    let other = if euros < 0 { "789" } else { "6895" };
    format!(
        "\n{date} * (OD-{rank:04}) Fonds | dédiés  ; piece: x\n    {other}  {euros},00 €\n    {account}  ; {tag}\n"
    )
}

#[test]
fn dedicated_funds_have_one_row_a_project() {
    let home = folder();
    let journal = [
        funds(1, "2023-12-31", "195", 5000, "convention: FDN-Z"),
        funds(2, "2023-12-31", "195", 700, "programme: A"),
        funds(3, "2023-12-31", "194", 300, ""),
        funds(4, "2024-12-31", "195", -2000, "convention: FDN-Z"),
        funds(5, "2024-12-31", "195", 1500, "convention: FDN-B"),
        funds(6, "2024-12-31", "195", -700, "programme: A"),
        // The report is undone in part: what is reported is what is left of it.
        "\n2024-12-31 * (OD-0007) Fonds | erreur  ; piece: x, convention: FDN-B\n    6895  -100,00 €\n    195\n".to_owned(),
    ];
    write(home.path(), &journal.concat());
    let made = json(home.path(), "annexe 2024");
    let rows: Vec<(String, String)> = made["rows"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["key"].as_str().unwrap().starts_with("annexe.fonds_dedies."))
        .map(|row| {
            let amounts = ["ouverture", "augmentation", "diminution", "cloture"];
            let amounts = amounts.map(|column| row["amounts"][column].as_str().unwrap());
            (row["label"].as_str().unwrap().to_owned(), amounts.join(" "))
        })
        .collect();
    let row = |label: &str, amounts: &str| (label.to_owned(), amounts.to_owned());
    assert_eq!(
        rows,
        [
            row("Fondation Z (FDN-Z)", "5000.00 0.00 2000.00 3000.00"),
            row("Fondation B (FDN-B)", "0.00 1400.00 0.00 1400.00"),
            row("Programme Ateliers", "700.00 0.00 700.00 0.00"),
            row(
                "194 Fonds dédiés sur subventions d’exploitation, sans projet",
                "300.00 0.00 0.00 300.00"
            ),
            row("Total", "6000.00 1400.00 2700.00 4700.00"),
        ]
    );
    assert!(!made["findings"].to_string().contains("annexe.fonds_dedies"));
    // A use that names no project leaves one in the red: it is told.
    let journal = format!("{}{}", journal.concat(), funds(8, "2024-12-31", "194", -400, ""));
    write(home.path(), &journal);
    let made = json(home.path(), "annexe 2024");
    assert!(made["findings"].to_string().contains("annexe.fonds_dedies"), "{}", made["findings"]);
}

/// The debts of the annexe and of the bilan, in cents.
fn debts(home: &Path, year: &str) -> (i64, i64) {
    let annexe = cents(&json(home, &format!("annexe {year}")));
    let bilan = cents(&json(home, &format!("bilan {year}")));
    let of = |all: &BTreeMap<String, i64>, key: &str| all.get(key).copied().unwrap_or_default();
    (of(&annexe, "annexe.dettes.total total"), of(&bilan, "bilan.passif.total_dettes n"))
}

#[test]
fn debts_by_term_are_those_of_the_bilan() {
    for year in ["2023", "2024"] {
        let (annexe, bilan) = debts(&region(), year);
        assert!(annexe > 0);
        assert_eq!(annexe, bilan, "{year}");
    }
    let home = folder();
    write(
        home.path(),
        "2024-12-31 * (OD-0001) Banque | découvert  ; piece: x\n    604  1500,00 €\n    519  -1000,00 €\n    512  -300,00 €\n    401:A  -200,00 €\n",
    );
    let (annexe, bilan) = debts(home.path(), "2024");
    assert_eq!((annexe, bilan), (150_000, 150_000));
    let made = cents(&json(home.path(), "annexe 2024"));
    assert_eq!(made["annexe.dettes.519 a_un_an"], 100_000);
    assert_eq!(made["annexe.dettes.512 a_un_an"], 30_000);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever the balances and their sides, debts are those of the bilan.
    #[test]
    fn debts_agree_with_the_bilan(lines in prop::collection::vec((0..22_usize, -90_000..90_000_i64), 1..20)) {
        const ACCOUNTS: [&str; 22] = [
            "164", "168", "169", "17", "4091", "4191", "401:A", "401:B", "421", "4387", "4486", "467",
            "471", "4746", "4747", "475", "4786", "4787", "486", "487", "512", "519",
        ];
        let home = folder();
        let mut journal = String::new();
        for (rank, (account, amount)) in lines.iter().enumerate() {
            let sign = if *amount < 0 { "-" } else { "" };
            let (euros, cents) = (amount.abs() / 100, amount.abs() % 100);
            let _ = write!(
                journal,
                "\n2024-12-15 * (OD-{rank:04}) Essai  ; piece: x\n    {}  {sign}{euros},{cents:02} €\n    604\n",
                ACCOUNTS[*account]
            );
        }
        write(home.path(), &journal);
        let (annexe, bilan) = debts(home.path(), "2024");
        prop_assert_eq!(annexe, bilan);
    }

    /// Whatever the projects, the totals of dedicated funds are those of accounts 19, 689 and 789.
    #[test]
    fn dedicated_funds_agree_with_the_accounts(
        moves in prop::collection::vec((0..2_u32, 0..2_usize, 0..5_usize, -900..900_i64), 1..20),
    ) {
        const TAGS: [&str; 5] =
            ["convention: FDN-Z", "convention: FDN-B", "programme: A", "programme: F", ""];
        let home = folder();
        let mut journal = String::new();
        let mut expected = [0; 4];
        for (rank, (year, account, tag, euros)) in moves.iter().enumerate() {
            let date = format!("{}-12-31", 2023 + year);
            journal.push_str(&funds(rank, &date, ["194", "195"][*account], *euros, TAGS[*tag]));
            let column = if *year == 0 { 0 } else if *euros < 0 { 2 } else { 1 };
            expected[column] += if column == 2 { -euros } else { *euros };
            expected[3] += euros;
        }
        // The year has an entry in any case.
        journal.push_str("\n2024-01-15 * (BQ-0001) Essai  ; piece: x\n    604  1,00 €\n    512\n");
        write(home.path(), &journal);
        let made = cents(&json(home.path(), "annexe 2024"));
        let of = |key: &str, column: &str| {
            made.get(&format!("annexe.fonds_dedies.{key} {column}")).copied().unwrap_or_default()
        };
        let columns = ["ouverture", "augmentation", "diminution", "cloture"];
        prop_assert_eq!(columns.map(|column| of("total", column) / 100), expected);
        for column in columns {
            let rows = ["fdn_z", "fdn_b", "programme_a", "programme_f", "194", "195"];
            prop_assert_eq!(rows.map(|row| of(row, column)).iter().sum::<i64>(), of("total", column));
        }
    }
}
