//! Where a line may stand: the book that its brackets give it, its unit, its decimals, the names it bears.

use std::fs;

use crate::harness::{folder, typed};

/// What `check` says of one entry more.
fn said(lines: &[&str]) -> (i32, String) {
    let home = folder();
    fs::write(home.path().join("compta.toml"), "[entite]\nnom = \"Essai\"\n").unwrap();
    let lines = lines.iter().map(|line| ["    ", line, "\n"].concat()).collect::<String>();
    let text = format!(
        "decimal-mark ,\n\n2024-03-01 * Essai\n    512 Banques  -10,00 €\n    604 Achats d'études et prestations de services  10,00 €\n{lines}"
    );
    fs::write(home.path().join("principal.journal"), text).unwrap();
    let run = typed(home.path(), "check");
    (run.code, run.screen())
}

#[track_caller]
fn taken(lines: &[&str]) {
    let (code, screen) = said(lines);
    assert_eq!(code, 0, "{screen}");
}

#[track_caller]
fn refused(lines: &[&str], code: &str, words: &str) {
    let (exit, screen) = said(lines);
    assert_eq!(exit, 1, "{screen}");
    assert!(screen.contains(&format!("[{code}]")) && screen.contains(words), "{screen}");
}

const DEBT: &str = "[C172 Dette climat irrécouvrable]";
const USED: &str = "[C6812 Consommation irrécouvrable]";
const AIR: &str = "[T10 Dette envers l’atmosphère]";
const OWED: &str = "[T172 Dette carbone irrécouvrable]";

#[test]
fn each_book_has_its_unit() {
    taken(&[&format!("{USED}  5,00 €"), &format!("{DEBT}  -5,00 €")]);
    taken(&[&format!("{AIR}  5,125 kgCO₂e"), &format!("{OWED}  -5,125 kgCO₂e")]);
    let one = |account: &str, amount: &str| format!("{account}  {amount}");
    refused(
        &[&one(USED, "5,00 €"), &one(DEBT, "-5 kgCO₂e")],
        "E0308",
        "un ajustement CARE se tient en euros",
    );
    refused(
        &[&one(AIR, "5 kgCO₂e"), &one(OWED, "-5,00 €")],
        "E0308",
        "un compte T… se tient en kgCO₂e",
    );
    refused(
        &["401 Fournisseurs:X  5 kgCO₂e", "512 Banques  0,00 €"],
        "E0308",
        "le livre classique se tient en euros",
    );
}

/// Zeros at the end are no decimals: 1,250 € is written 1,25 € by `fmt`, and stands.
#[test]
fn each_unit_has_its_decimals() {
    taken(&["401 Fournisseurs:X  1,250 €", "401 Fournisseurs:X  -1,2500 €"]);
    taken(&[&format!("{USED}  1,250 €"), &format!("{DEBT}  -1,25 €")]);
    taken(&[&format!("{AIR}  1,1250 kgCO₂e"), &format!("{OWED}  -1,125 kgCO₂e")]);
    refused(
        &[
            "401 Fournisseurs:X  1,255 €",
            "401 Fournisseurs:X  -1,00 €",
            "401 Fournisseurs:X  -0,25 €",
        ],
        "E0310",
        "l’euro a deux décimales",
    );
    refused(
        &[&format!("{USED}  1,255 €"), &format!("{DEBT}  -1,255 €")],
        "E0310",
        "l’euro a deux décimales",
    );
    refused(
        &[&format!("{AIR}  1,1255 kgCO₂e"), &format!("{OWED}  -1,1255 kgCO₂e")],
        "E0310",
        "le kgCO₂e a trois décimales",
    );
}

/// What parentheses hold is a factor: small letters, figures, and `-`, `.` or `_` between them.
#[test]
fn an_activity_bears_the_name_of_a_factor() {
    for name in ["train-tgv", "train.tgv", "train_tgv", "vélo", "bus2", "a.b_c-9"] {
        taken(&[&format!("({name})  3 km")]);
    }
    for name in ["Train", "2bus", "train tgv", "train/tgv", "-train", "_train", ".train", "train!"]
    {
        refused(&[&format!("({name})  3 km")], "E0309", "réservées aux activités physiques");
    }
    refused(&["(train-tgv)"], "E0309", "activité sans quantité");
    refused(&["(train-tgv)  3 km = 3 km"], "E0147", "assertion sur une activité");
}

/// A point, a dash or a line that ends a number is a slip, and no part of it.
#[test]
fn a_number_ends_with_a_letter_or_a_figure() {
    for number in ["512.", "512-", "512_"] {
        let lines = format!("{number}  1,00 €");
        refused(&[&lines, "512 Banques  -1,00 €"], "E0123", "un numéro de compte était attendu");
    }
    refused(&["512.1  1,00 €", "512 Banques  -1,00 €"], "E0201", "compte inconnu : 512.1");
}

/// One amount may be left out of the lines of each group: real ones, those in brackets.
#[test]
fn each_group_may_leave_out_one_amount() {
    let (used, debt) = (format!("{USED}  5,00 €"), DEBT.to_owned());
    taken(&["401 Fournisseurs:X  3,00 €", "401 Fournisseurs:Y", &used, &debt]);
    refused(
        &["401 Fournisseurs:X", "401 Fournisseurs:Y", &used, &debt],
        "E0303",
        "deux montants absents",
    );
    refused(&[&used, &debt, USED], "E0303", "deux montants absents");
    // An activity without its quantity is of no group.
    let (_, screen) = said(&[&used, &debt, "(train-tgv)"]);
    assert!(screen.contains("[E0309]") && !screen.contains("[E0303]"), "{screen}");
}
