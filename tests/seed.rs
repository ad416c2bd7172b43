//! The slides of the 2025 general assembly, figure by figure, against the books.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::harness::{compta, region};

/// Key and column to the amount shown, of one statement.
fn shown(arguments: &[&str], which: &str) -> BTreeMap<(String, String), String> {
    let json: Value = serde_json::from_str(&compta(&region(), arguments).ok()).unwrap();
    let mut all = BTreeMap::new();
    for row in json["rows"].as_array().unwrap() {
        for (column, amount) in row[which].as_object().unwrap() {
            if let Some(text) = amount.as_str() {
                all.insert(
                    (row["key"].as_str().unwrap().to_owned(), column.clone()),
                    text.to_owned(),
                );
            }
        }
    }
    all
}

/// The published figures of one statement: key, column, amount and status.
///
/// `fixtures/ag-2025/figures.toml` says of each how far it can be trusted: `printed` on the slides,
/// `derived` from printed ones, `doubtful` or `absent` (notes only). `inexact` names the columns that
/// no exact books can give.
fn published(statement: &str) -> Vec<(String, String, String, bool)> {
    let path = crate::harness::root().join("fixtures/ag-2025/figures.toml");
    let all: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
    let mut figures = Vec::new();
    for (side, rows) in all[statement].as_table().unwrap() {
        for (row, cells) in rows.as_table().unwrap() {
            let cells = cells.as_table().unwrap();
            if !matches!(cells["status"].as_str(), Some("printed" | "derived")) {
                continue;
            }
            let inexact: Vec<&str> = cells
                .get("inexact")
                .map(|columns| {
                    columns.as_array().unwrap().iter().filter_map(toml::Value::as_str).collect()
                })
                .unwrap_or_default();
            for (column, amount) in cells {
                if let Some(euros) = amount.as_integer() {
                    let key = format!("{statement}.{side}.{row}");
                    let exact = !inexact.contains(&column.as_str());
                    figures.push((key, column.clone(), euros.to_string(), exact));
                }
            }
        }
    }
    figures
}

#[test]
fn every_published_figure_comes_out_by_plain_rounding() {
    let bilan = shown(&["bilan", "2024", "-O", "json"], "shown");
    let resultat = shown(&["resultat", "2024", "--budget", "2025", "-O", "json"], "shown");
    let mut count = 0;
    for (statement, found) in [("bilan", &bilan), ("resultat", &resultat)] {
        for (key, column, euros, exact) in published(statement) {
            let cell = found.get(&(key.clone(), column.clone())).map(String::as_str);
            if exact {
                assert_eq!(cell, Some(euros.as_str()), "{key} {column}");
            } else {
                let gap = cell.unwrap().parse::<i64>().unwrap() - euros.parse::<i64>().unwrap();
                assert_eq!(gap.abs(), 1, "{key} {column}: within one euro");
            }
            count += 1;
        }
    }
    assert!(count > 110, "{count} figures");
}

/// The cents behind them: `fixtures/ag-2025/cents.toml` is one exact solution, and the books are it.
#[test]
fn every_cell_has_its_exact_cents() {
    let path = crate::harness::root().join("fixtures/ag-2025/cents.toml");
    let all: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
    let bilan = shown(&["bilan", "2024", "-O", "json"], "amounts");
    let resultat = shown(&["resultat", "2024", "-O", "json"], "amounts");
    let mut count = 0;
    for (statement, found) in [("bilan", &bilan), ("resultat", &resultat)] {
        for (side, rows) in all[statement].as_table().unwrap() {
            for (row, cells) in rows.as_table().unwrap() {
                for (column, amount) in cells.as_table().unwrap() {
                    let key = (format!("{statement}.{side}.{row}"), column.clone());
                    assert_eq!(found.get(&key).map(String::as_str), amount.as_str(), "{key:?}");
                    count += 1;
                }
            }
        }
    }
    assert!(count > 60, "{count} cells");
}

#[test]
fn the_one_total_that_no_books_give_is_one_euro_away_and_explained() {
    let bilan = shown(&["bilan", "2024", "-O", "json"], "shown");
    let cell = |row: &str, column: &str| {
        bilan[&(format!("bilan.passif.{row}"), column.to_owned())].clone()
    };
    assert_eq!(cell("total_general", "n"), "908336", "the slide prints 908 335");
    let json: Value =
        serde_json::from_str(&compta(&region(), &["bilan", "2024", "-O", "json"]).ok()).unwrap();
    let partial =
        json["findings"].as_array().unwrap().iter().find(|f| f["code"] == "W0502").unwrap();
    assert_eq!(partial["key"], "bilan.passif.total_general");
    assert!(
        partial["message"].as_str().unwrap().contains("« Provisions pour charges » n’y est pas")
    );
}

#[test]
fn the_care_column_is_true_and_no_debt_stands_twice() {
    let exact = shown(&["bilan", "2024", "-O", "json"], "amounts");
    let cell = |row: &str, column: &str| {
        exact.get(&(format!("bilan.passif.{row}"), column.to_owned())).cloned()
    };
    for (row, care) in [
        ("report_a_nouveau", Some("367286.49")),
        ("resultat", Some("-636.31")),
        ("resultat_care", None),
        ("situation_nette", Some("406650.19")),
        ("provisions_pour_risques", Some("35000.00")),
        ("provisions_pour_charges", Some("0.00")),
        ("total_fonds_propres_hors_dettes_carbone", Some("441650.19")),
        ("dette_carbone_irrecouvrable", Some("2625.00")),
        ("dette_carbone_compensable", Some("2153.80")),
        ("total_dettes", Some("464060.50")),
        ("total_dettes_care", Some("468839.30")),
        ("total_general", None),
        ("total_general_care", Some("910489.49")),
    ] {
        assert_eq!(cell(row, "care").as_deref(), care, "{row}");
    }
    assert_eq!(
        cell("dette_carbone_compensable", "n"),
        None,
        "2 154 stands once in the classic column"
    );
    assert_eq!(cell("total_general_care", "n").as_deref(), Some("910489.49"));
    assert_eq!(cell("total_general_care", "n1").as_deref(), Some("709471.50"));
}

/// In the CARE ledger, each form's produits less its charges make the CARE result, to the cent.
#[test]
fn every_form_holds_the_care_result() {
    let figure = |arguments: &[&str], key: &str| -> rust_decimal::Decimal {
        shown(arguments, "amounts")[&(key.to_owned(), "n".to_owned())].parse().unwrap()
    };
    for (year, result) in [("2023", "3900.63"), ("2024", "-636.31")] {
        let result: rust_decimal::Decimal = result.parse().unwrap();
        let of = |form: &str, key: &str| {
            figure(&["resultat", year, "--care", "--forme", form, "-O", "json"], key)
        };
        assert_eq!(of("ag", "resultat.charges.resultat_net"), result);
        assert_eq!(of("anc-2018-06", "resultat.liste.excedent_ou_deficit"), result);
        let produits = of("cerfa-12156", "resultat.produits.total_produits");
        assert_eq!(produits - of("cerfa-12156", "resultat.charges.total_charges"), result);
    }
}

#[test]
fn the_first_year_has_a_blank_column_before_it() {
    let bilan = shown(&["bilan", "2023", "-O", "json"], "shown");
    assert!(bilan.keys().all(|(_, column)| column != "n1" && column != "net_n1"));
    assert_eq!(bilan[&("bilan.passif.resultat_care".to_owned(), "n".to_owned())], "872");
    let flux = shown(&["bilan", "2023", "--care", "-O", "json"], "amounts");
    assert_eq!(flux[&("bilan.passif.resultat".to_owned(), "n".to_owned())], "3900.63");
    assert_eq!(flux[&("bilan.passif.situation_nette".to_owned(), "n".to_owned())], "407286.50");
}

#[test]
fn the_books_are_rich_enough_and_say_what_they_are() {
    for year in ["2023", "2024"] {
        let csv = compta(&region(), &["journal", year, "--care", "-O", "csv"]).ok();
        let mut entries: Vec<(String, String)> = Vec::new();
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        for record in reader.records() {
            let record = record.unwrap();
            // What a rule derives says which rule, and from what.
            let proven =
                if record[11].starts_with("dérivée : ") { &record[10] } else { &record[5] };
            assert!(!proven.is_empty(), "an entry without a piece: {record:?}");
            entries.push((record[0].to_owned(), record[1].to_owned()));
        }
        entries.dedup();
        assert!(entries.len() >= 500, "{year}: {} entries", entries.len());
    }
    let csv = compta(&region(), &["grand-livre", "6413", "2024", "-O", "csv"]).ok();
    assert_eq!(
        csv.lines().filter(|line| line.contains(",4079.16,")).count(),
        1,
        "intéressement brut"
    );
    for path in crate::harness::files(&region()) {
        let text = std::fs::read_to_string(&path).unwrap();
        let first: String = text.lines().take(3).collect();
        assert!(first.to_lowercase().contains("reconstitution"), "{}", path.display());
        assert!(!path.starts_with(region().join("clotures")));
    }
}
