//! The file that the books give: the law's fields, order and numbers.

use std::collections::BTreeMap;
use std::fs;

use super::rows;
use crate::harness::{compta, copy, expect, folder, none, region, root, typed};

fn cents(cell: &str) -> i64 {
    cell.replace(',', "").parse().unwrap()
}

#[test]
fn the_file_of_the_region_adds_up_to_its_balance_and_holds_nothing_of_care() {
    let text = compta(&region(), &["fec", "2024"]).ok();
    let rows = rows(&text);
    let mut balances: BTreeMap<String, i64> = BTreeMap::new();
    for row in &rows {
        assert_eq!(row.len(), 18);
        assert!(row[4].starts_with(|c: char| c.is_ascii_digit()), "{row:?}");
        assert!(row[0] != "CARE" && row[0] != "CLO", "{row:?}");
        let key = if row[7].is_empty() { row[4].clone() } else { format!("{}:{}", row[4], row[7]) };
        *balances.entry(key).or_default() += cents(&row[11]) - cents(&row[12]);
    }
    let balance = compta(&region(), &["balance", "2024", "-O", "csv"]).ok();
    let mut reader = csv::Reader::from_reader(balance.as_bytes());
    let mut count = 0;
    for line in reader.records() {
        let line = line.unwrap();
        let solde: i64 = line[line.len() - 1].replace('.', "").parse().unwrap();
        let found = balances.get(&line[0]).copied();
        assert_eq!(found, Some(solde), "{line:?}");
        count += 1;
    }
    assert_eq!(count, balances.len());
    // Openings first, and once.
    let first = rows.iter().position(|row| row[0] != "AN").unwrap();
    assert!(first > 0 && rows[first..].iter().all(|row| row[0] != "AN"));
    let days: Vec<&String> = rows[first..].iter().map(|row| &row[3]).collect();
    assert!(days.is_sorted(), "an open year follows the days");
}

#[test]
fn the_file_of_the_example_is_exact() {
    let mut failures = Vec::new();
    let books = root().join("fixtures/exemple");
    let home = folder();
    let out = home.path().join("fec");
    for year in ["2024", "2025"] {
        let run = compta(&books, &["fec", year, "-o", out.to_str().unwrap()]);
        assert_eq!(run.code, 0, "{}", run.screen());
    }
    for path in crate::harness::files(&out) {
        let name = path.file_name().unwrap().to_str().unwrap();
        let found = fs::read_to_string(&path).unwrap();
        expect(&root().join("fixtures/fec").join(name), &found, &mut failures);
    }
    none(&failures);
}

#[test]
fn an_open_year_is_provisional_and_a_closed_one_is_validated() {
    let home = folder();
    let books = home.path().join("livres");
    copy(&region(), &books);
    assert_eq!(typed(&books, "fec 2023 -o sorties").code, 0);
    let description =
        fs::read_to_string(books.join("sorties/000000000FEC20231231_description.txt")).unwrap();
    assert!(
        description
            .replace(['\u{a0}', '\u{202f}'], " ")
            .contains("PROVISOIRE : l’exercice n’est pas scellé ; 2 294 lignes sans date"),
        "{description}"
    );
    let open = fs::read_to_string(books.join("sorties/000000000FEC20231231.txt")).unwrap();
    assert!(rows(&open).iter().all(|row| row[15].is_empty()));
    let closed = typed(&books, "close 2023 --oui --date 2024-06-10");
    assert_eq!(closed.code, 0, "{}", closed.screen());
    assert_eq!(typed(&books, "fec 2023 -o sorties").code, 0);
    let description =
        fs::read_to_string(books.join("sorties/000000000FEC20231231_description.txt")).unwrap();
    assert!(
        !description.contains("PROVISOIRE")
            && description.contains("approuvé le 18/06/2024, sceau "),
        "{description}"
    );
    let sealed = fs::read_to_string(books.join("sorties/000000000FEC20231231.txt")).unwrap();
    assert!(rows(&sealed).iter().all(|row| row[15] == "20240610"));
    // Nothing else moved.
    let without = |text: &str| {
        rows(text)
            .into_iter()
            .map(|mut row| {
                row[15].clear();
                row
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(without(&open), without(&sealed));
}

#[test]
fn a_single_sequence_comes_with_its_concordance() {
    let home = folder();
    let out = home.path().join("sortie");
    let run =
        compta(&region(), &["fec", "2024", "--sequence", "unique", "-o", out.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{}", run.screen());
    let file = rows(&fs::read_to_string(out.join("000000000FEC20241231.txt")).unwrap());
    let mut numbers: Vec<u64> = file.iter().map(|row| row[2].parse().unwrap()).collect();
    assert!(numbers.is_sorted());
    numbers.dedup();
    assert_eq!(numbers, (1..=666).collect::<Vec<u64>>());
    let concordance = fs::read_to_string(out.join("000000000FEC20241231_concordance.csv")).unwrap();
    assert_eq!(concordance.lines().count(), 667);
    // Each number leads back to the number of the books, with the same day and label.
    let own = rows(&compta(&region(), &["fec", "2024"]).ok());
    let by_code: BTreeMap<(String, String), &Vec<String>> =
        own.iter().map(|row| ((row[0].clone(), row[2].clone()), row)).collect();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .from_reader(concordance.trim_start_matches('\u{feff}').as_bytes());
    for line in reader.records() {
        let line = line.unwrap();
        let row = by_code[&(line[1].to_owned(), line[2].to_owned())];
        let day = format!("{}/{}/{}", &row[3][6..], &row[3][4..6], &row[3][..4]);
        assert_eq!((&line[3], &line[4]), (day.as_str(), row[10].as_str()));
    }
}

#[test]
fn separators_and_character_sets() {
    let pipes = compta(&region(), &["fec", "2024", "--separateur", "pipe"]).ok();
    assert_eq!(rows(&pipes), rows(&compta(&region(), &["fec", "2024"]).ok()));
    let home = folder();
    let out = home.path().join("latin");
    let run = compta(
        &region(),
        &["fec", "2024", "--encodage", "iso-8859-15", "-o", out.to_str().unwrap()],
    );
    assert!(run.out.contains("× lettre absente de l’encodage"), "{}", run.screen());
    let bytes = fs::read(out.join("000000000FEC20241231.txt")).unwrap();
    assert!(std::str::from_utf8(&bytes).is_err());
    let text = encoding_rs::ISO_8859_15.decode(&bytes).0.into_owned();
    assert!(text.contains("Matériel") && !text.contains('\u{fffd}') && !text.contains("&#"));
}

/// Books of one journal, with that text.
fn small(text: &str) -> tempfile::TempDir {
    let home = folder();
    fs::write(
        home.path().join("compta.toml"),
        "[entite]\nnom = \"Essai\"\nsiren = \"732829320\"\n",
    )
    .unwrap();
    fs::write(
        home.path().join("principal.journal"),
        format!("decimal-mark ,\n\naccount 606 Achats\naccount 531 Caisse\n\n{text}"),
    )
    .unwrap();
    home
}

#[test]
fn what_a_cell_cannot_hold_is_replaced_and_counted() {
    let home = small(
        "2024-01-02 * (ACH-1) SNCF | Paris   ; piece: a%09b%0Ac, lib: x%7Cy\n    606 Achats  10,00 €\n    531 Caisse  -10,00 €\n",
    );
    let run = typed(home.path(), "fec 2024 -o f");
    assert_eq!(run.code, 0, "{}", run.screen());
    assert!(run.out.contains("4 × tabulation ou fin de ligne"), "{}", run.out);
    assert!(run.out.contains("2 × barre verticale"), "{}", run.out);
    let rows = rows(&fs::read_to_string(home.path().join("f/732829320FEC20241231.txt")).unwrap());
    assert_eq!((rows[0][8].as_str(), rows[0][10].as_str()), ("a b c", "x-y"));
}

#[test]
fn an_entry_without_a_number_is_refused_unless_the_file_has_its_own() {
    let home = small("2024-01-02 * Achat\n    606 Achats  10,00 €\n    531 Caisse  -10,00 €\n");
    let run = typed(home.path(), "fec 2024 -o f");
    assert_eq!(run.code, 1, "{}", run.screen());
    assert!(run.err.contains("[E0412]") && run.err.contains("principal.journal:6"), "{}", run.err);
    assert!(!home.path().join("f").exists());
    let run = typed(home.path(), "fec 2024 --sequence unique -o f");
    assert_eq!(run.code, 0);
    assert!(run.out.contains("sans journal, portées au journal OD"), "{}", run.out);
    let text = fs::read_to_string(home.path().join("f/732829320FEC20241231.txt")).unwrap();
    assert!(rows(&text).iter().all(|row| row[0] == "OD" && row[1] == "Opérations diverses"));
}

#[test]
fn an_entry_without_a_journal_and_drafts_are_told() {
    let home =
        small("2024-01-02 * (12) Achat\n    606 Achats  10,00 €\n    531 Caisse  -10,00 €\n");
    let run = typed(home.path(), "fec 2024 -o f");
    assert_eq!(run.code, 1, "{}", run.screen());
    assert!(run.err.contains("sans code de journal"), "{}", run.err);
    let home =
        small("2024-01-02 ! (ACH-1) Achat\n    606 Achats  10,00 €\n    531 Caisse  -10,00 €\n");
    let run = typed(home.path(), "fec 2024 -o f");
    assert!(run.out.contains("en brouillon"), "{}", run.screen());
}

#[test]
fn a_gap_in_the_numbers_is_told() {
    let entry = |code: &str| {
        format!(
            "2024-01-02 * ({code}) Achat\n    606 Achats  10,00 €\n    531 Caisse  -10,00 €\n\n"
        )
    };
    let run = typed(small(&(entry("A-1") + &entry("A-4"))).path(), "fec 2024 -o f");
    assert_eq!(run.code, 0);
    assert!(run.err.contains("il manque A 2 à 3") && run.err.contains("[W0407]"), "{}", run.err);
    // One sequence over two journals has no gap; two that overlap have.
    let run = typed(small(&(entry("A-1") + &entry("B-2") + &entry("A-3"))).path(), "fec 2024 -o f");
    assert_eq!(run.err, "");
    let run = typed(small(&(entry("A-1") + &entry("B-1") + &entry("A-3"))).path(), "fec 2024 -o f");
    assert!(run.err.contains("il manque A 2"), "{}", run.err);
}

#[test]
fn the_care_ledger_changes_no_byte_of_it() {
    let home = folder();
    copy(&region(), home.path());
    let with = typed(home.path(), "fec 2024").ok();
    fs::remove_file(home.path().join("care.toml")).unwrap();
    assert_eq!(typed(home.path(), "fec 2024").ok(), with);
    assert_eq!(typed(home.path(), "fec 2024 --care").ok(), with);
}
