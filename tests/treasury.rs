//! The cash of a year: what was realised, then what is planned, and nothing lost between the two.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;

use crate::harness::{folder, typed};

/// Books of an association: its conventions and its journal.
fn write(home: &Path, conventions: &str, journal: &str) {
    fs::write(home.join("compta.toml"), "[entite]\nnom = \"Essai\"\n").unwrap();
    fs::write(home.join("conventions.toml"), conventions).unwrap();
    let accounts = "account 74 Subventions\naccount 706 Prestations de services\naccount 641 Rémunérations du personnel\n";
    let journal = format!("decimal-mark ,\n\n{accounts}\n{journal}");
    fs::write(home.join("principal.journal"), journal).unwrap();
}

/// A table as written for machines: cents and words by key and column, and its title.
struct Shown {
    cents: BTreeMap<String, i64>,
    words: BTreeMap<String, String>,
    title: String,
}

impl Shown {
    fn of(home: &Path, line: &str) -> Self {
        let text = typed(home, &format!("{line} -O json")).ok();
        let made: Value = serde_json::from_str(&text).unwrap();
        let mut shown = Self {
            cents: BTreeMap::new(),
            words: BTreeMap::new(),
            title: typed(home, line).ok().lines().next().unwrap().to_owned(),
        };
        for row in made["rows"].as_array().unwrap() {
            let key = row["key"].as_str().unwrap();
            for (column, amount) in row["amounts"].as_object().unwrap() {
                if let Some(text) = amount.as_str() {
                    let cents = text.replace('.', "").parse::<i64>().unwrap();
                    shown.cents.insert(format!("{key} {column}"), cents);
                }
            }
            for (column, words) in row["words"].as_object().into_iter().flatten() {
                let words = words.as_str().unwrap_or_default().to_owned();
                shown.words.insert(format!("{key} {column}"), words);
            }
        }
        shown
    }

    /// Euros of a month of 2025.
    fn month(&self, month: u32, column: &str) -> i64 {
        let cents = self.cents[&format!("tresorerie.2025-{month:02} {column}")];
        assert_eq!(cents % 100, 0, "{column} of month {month}: {cents}");
        cents / 100
    }

    fn nature(&self, month: u32) -> &str {
        &self.words[&format!("tresorerie.2025-{month:02} nature")]
    }
}

const OPENED: &str = "2024-12-15 * (BQ-0001) Adhésions | reçues  ; piece: x
    512 Banques  1000,00 €
    756 Cotisations  -1000,00 €
";

const RENT: &str = "
~ monthly in 2025  Loyer
    6132 Locations immobilières  100,00 €
    512 Banques
";

#[test]
fn realised_months_then_the_plan() {
    let home = folder();
    let plan = format!("{OPENED}{RENT}");
    write(home.path(), "", &plan);
    let made = Shown::of(home.path(), "tresorerie 2025");
    assert!((1..=12).all(|month| made.nature(month) == "prévu"));
    assert_eq!(made.month(12, "cloture"), -200);
    assert!(made.title.contains("prévisionnelle 2025"), "{}", made.title);

    // One entry, and an invoice still to be paid: the plan goes on after its month.
    let entries = "
2025-02-10 * (BQ-0002) Bailleur | loyer  ; piece: x
    6132 Locations immobilières  130,00 €
    512 Banques

2025-03-20 * (AC-0001) Imprimeur | affiches  ; piece: x
    604 Achats d'études et prestations de services  40,00 €
    401 Fournisseurs:Imprimeur
";
    write(home.path(), "", &format!("{plan}{entries}"));
    let made = Shown::of(home.path(), "tresorerie 2025");
    assert!((1..=3).all(|month| made.nature(month) == "réalisé"));
    assert!((4..=12).all(|month| made.nature(month) == "prévu"));
    assert_eq!(made.month(1, "ouverture"), 1000);
    assert_eq!([1, 2, 3, 4, 5].map(|month| made.month(month, "sorties")), [0, 130, 0, 140, 100]);
    assert_eq!(made.month(12, "cloture"), 1000 - 130 - 40 - 900);
    assert!(made.title.contains("réalisée jusqu’en mars 2025"), "{}", made.title);

    // Closed on its last day, or followed by entries of the year after: all realised.
    for day in ["2025-12-31", "2026-01-05"] {
        let last = format!(
            "\n{day} * (BQ-0003) Bailleur | loyer  ; piece: x\n    6132 Locations immobilières  10,00 €\n    512 Banques\n"
        );
        write(home.path(), "", &format!("{plan}{entries}{last}"));
        let made = Shown::of(home.path(), "tresorerie 2025");
        assert!((1..=12).all(|month| made.nature(month) == "réalisé"), "{day}");
        let paid = if day.starts_with("2025") { 10 } else { 0 };
        assert_eq!(made.month(12, "cloture"), 1000 - 130 - paid);
        assert!(made.title.contains("réalisée 2025"), "{}", made.title);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Whatever is written, a month opens where the one before closed, realised months close on the
    /// bank's balance, and the plan begins after the last entry.
    #[test]
    fn months_follow_each_other(entries in prop::collection::vec((1..13_u32, -900..900_i64), 0..9)) {
        let mut journal = format!("{OPENED}{RENT}");
        for (rank, (month, euros)) in entries.iter().enumerate() {
            let _ = write!(
                journal,
                "\n2025-{month:02}-15 * (OD-{rank:04}) Essai  ; piece: x\n    512 Banques  {euros},00 €\n    658 Pénalités et autres charges\n"
            );
        }
        let home = folder();
        write(home.path(), "", &journal);
        let made = Shown::of(home.path(), "tresorerie 2025");
        let last = entries.iter().map(|(month, _)| *month).max().unwrap_or(0);
        let mut held = 1000;
        for month in 1..=12 {
            prop_assert_eq!(made.month(month, "ouverture"), held);
            let moved: i64 = entries.iter().filter(|(m, _)| *m == month).map(|(_, e)| *e).sum();
            held += if month <= last { moved } else { -100 };
            prop_assert_eq!(made.month(month, "cloture"), held);
            prop_assert_eq!(made.nature(month), if month <= last { "réalisé" } else { "prévu" });
        }
    }
}
