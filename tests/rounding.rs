//! What whole reports round: each cell its own exact amount, half away from zero; what its rows no longer add
//! up to is told.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::harness::{compta, folder};

/// Cents in euros, half away from zero: written apart from the program.
fn rounded(cents: i64) -> i64 {
    let size = (cents.abs() + 50) / 100;
    if cents < 0 { -size } else { size }
}

fn cents(text: &str) -> i64 {
    text.replace('.', "").parse().unwrap()
}

/// A line of the statement of charges, the accounts that it takes.
const CHARGES: [(&str, &str); 4] = [
    ("60_achat_de_prestations", "604 Achats d'études et prestations de services"),
    ("61_services_exterieurs", "613 Locations"),
    ("63_impots_et_taxes", "631 Impôts"),
    ("64_charges_de_personnel", "641 Rémunérations du personnel"),
];

/// Halves on both sides of zero, what is just below and above, and what sums of rounded lines lose.
const AMOUNTS: [[i64; 4]; 12] = [
    [50, 50, 50, 50],
    [-50, -50, -50, -50],
    [49, 51, -49, -51],
    [150, 250, 350, 450],
    [-150, -250, 350, 450],
    [250, -250, 1_050, -1_050],
    [40, 40, 40, 40],
    [-40, -40, -40, -40],
    [99_950, 50, -49, 0],
    [149, 149, 149, 149],
    [100_000_050, -50, 50, 12_345_650],
    [100, 200, -300, 0],
];

/// A year for each set of amounts: charges by bank, as much owed by clients for what was sold.
fn books(home: &Path) {
    let euros = |cents: i64| {
        let sign = if cents < 0 { "-" } else { "" };
        format!("{sign}{},{:02} €", cents.abs() / 100, cents.abs() % 100)
    };
    let mut text =
        "decimal-mark ,\n\naccount 411 Clients\naccount 631 Impôts\naccount 706 Ventes\n"
            .to_owned();
    for (year, amounts) in (2001..).zip(AMOUNTS) {
        writeln!(text, "\n{year}-03-01 * (OD-0001) Essai").unwrap();
        for ((_, account), amount) in CHARGES.into_iter().zip(amounts) {
            writeln!(text, "    {account}   {}", euros(amount)).unwrap();
        }
        let all: i64 = amounts.iter().sum();
        writeln!(text, "    512 Banques   {}", euros(-all)).unwrap();
        writeln!(text, "\n{year}-04-01 * (OD-0002) Essai").unwrap();
        writeln!(
            text,
            "    411 Clients   {}\n    706 Ventes   {}",
            euros(amounts[0]),
            euros(-amounts[0])
        )
        .unwrap();
    }
    fs::write(home.join("compta.toml"), "[entite]\nnom = \"Essai\"\n").unwrap();
    fs::write(home.join("principal.journal"), text).unwrap();
}

/// The rows of a statement by key, and what W0501 tells, after its key.
fn statement(home: &Path, name: &str, year: &str) -> (BTreeMap<String, Value>, Vec<String>) {
    let text = compta(home, &[name, year, "-O", "json"]).ok();
    let made: Value = serde_json::from_str(&text).unwrap();
    let rows = made["rows"].as_array().unwrap().iter();
    let rows = rows.map(|row| (row["key"].as_str().unwrap().to_owned(), row.clone())).collect();
    let told = made["findings"].as_array().unwrap().iter().filter(|one| one["code"] == "W0501");
    let word = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
    (rows, told.map(|one| format!("{} {}", word(one, "key"), word(one, "message"))).collect())
}

#[test]
fn whole_reports_round_half_away_from_zero_and_tell_what_rows_lose() {
    let home = folder();
    books(home.path());
    let (mut negative, mut lost) = (0, 0);
    for (year, amounts) in (2001..).zip(AMOUNTS) {
        let year = format!("{year}");
        let (rows, told) = statement(home.path(), "resultat", &year);
        // Every cell of the report, the total and the result too, is the rounding of its own exact amount.
        for (key, row) in &rows {
            let exact = cents(row["amounts"]["n"].as_str().unwrap());
            let shown: i64 = row["shown"]["n"].as_str().unwrap().parse().unwrap();
            assert_eq!(shown, rounded(exact), "{year} {key} {exact}");
            negative += usize::from(exact < 0 && exact % 100 == -50);
        }
        let total: i64 = amounts.iter().sum();
        let shown = |rows: &BTreeMap<String, Value>, key: &str, column: &str| -> i64 {
            rows[key]["shown"][column].as_str().unwrap().parse().unwrap()
        };
        for ((line, _), amount) in CHARGES.into_iter().zip(amounts) {
            let key = format!("resultat.charges.{line}");
            assert_eq!(shown(&rows, &key, "n"), rounded(amount), "{year} {key}");
        }
        assert_eq!(shown(&rows, "resultat.charges.total_charges", "n"), rounded(total), "{year}");
        let net = amounts[0] - total;
        assert_eq!(shown(&rows, "resultat.charges.resultat_net", "n"), rounded(net), "{year}");
        // What a reader adds up is the total, or it is told: never the one without the other.
        let added: i64 = amounts.into_iter().map(rounded).sum();
        let gap = added != rounded(total);
        // Of the column of the year: that of the year before has its own.
        let tells = |key: &str, column: &str| {
            told.iter().any(|one| one.starts_with(key) && one.contains(column))
        };
        let found = tells("resultat.charges.total_charges ", &format!("{year} : "));
        assert_eq!(found, gap, "{year} {added} {total} {told:?}");
        lost += usize::from(gap);
        // The same in the bilan, which goes on from year to year.
        let (rows, told) = statement(home.path(), "bilan", &year);
        for (key, row) in &rows {
            for (column, exact) in row["amounts"].as_object().unwrap() {
                let Some(exact) = exact.as_str().map(cents) else { continue };
                assert_eq!(shown(&rows, key, column), rounded(exact), "{year} {key} {column}");
                negative += usize::from(exact < 0 && exact % 100 == -50);
            }
        }
        let net = |key: &str| shown(&rows, &format!("bilan.actif.{key}"), "net");
        let parts =
            ["creances_clients", "autres_creances", "valeurs_mobilieres_cat", "disponibilites"];
        let gap = parts.map(net).iter().sum::<i64>() != net("total_actif_circulant");
        let tells = |key: &str, column: &str| {
            told.iter().any(|one| one.starts_with(key) && one.contains(column))
        };
        let found = tells("bilan.actif.total_actif_circulant ", &format!("net {year} : "));
        assert_eq!(found, gap, "{year} {told:?}");
        lost += usize::from(gap);
    }
    assert!(negative >= 10 && lost >= 6, "{negative} negative halves, {lost} sums lost");
    // On the screen too, with the sign that French readers know.
    let text = compta(home.path(), &["resultat", "2002"]).ok();
    assert!(
        text.contains("60 - Achat de prestations                                    −1"),
        "{text}"
    );
    assert!(text.contains("(2002 : −4 au lieu de −2"), "{text}");
}
