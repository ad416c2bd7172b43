//! Conventions against the books: what is refused, and the honest books that must not be.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::harness::{folder, typed};

const HEAD: &str = "decimal-mark ,\n\naccount 4411 Subventions à recevoir\naccount 44571 TVA collectée\naccount 740 Subventions\naccount 657 Subventions à reverser\n\n";

/// A folder with one convention of 10 000 € over 2024 and 2025, changed or not, and its entries.
fn books(change: (&str, &str), entries: &str) -> TempDir {
    let home = folder();
    let convention = "[[convention]]\nid = \"VILLE\"\npartenaire = \"Ville\"\nfinanceur = \"commune\"\ngenre = \"subvention\"\nmontant = 10000\ndebut = 2024-01-01\nfin = 2025-12-31\nnotification = 2024-02-01\ncalendrier = { 2024 = 6000, 2025 = 4000 }\n";
    assert!(convention.contains(change.0), "{}", change.0);
    write(home.path(), "conventions.toml", &convention.replace(change.0, change.1));
    write(home.path(), "compta.toml", "[entite]\nnom = \"Essai\"\n");
    write(home.path(), "principal.journal", &format!("{HEAD}{entries}"));
    home
}

fn write(home: &Path, name: &str, text: &str) {
    fs::write(home.join(name), text).unwrap();
}

fn entry(day: &str, lines: &[&str]) -> String {
    format!("{day} Essai  ; convention: VILLE, piece: x\n    {}\n\n", lines.join("\n    "))
}

const GRANTED: [&str; 2] =
    ["4411 Subventions à recevoir  10000,00 €", "740 Subventions  -10000,00 €"];
const LATER: [&str; 2] =
    ["740 Subventions  4000,00 €", "487 Produits constatés d'avance  -4000,00 €"];

/// The codes that `check` tells, and its exit code.
fn codes(home: &TempDir) -> (i32, Vec<String>) {
    let run = typed(home.path(), "check -O json");
    let found: serde_json::Value =
        serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.screen()));
    let codes = found["findings"].as_array().unwrap();
    (run.code, codes.iter().map(|f| f["code"].as_str().unwrap().to_owned()).collect())
}

#[track_caller]
fn sound(home: &TempDir) {
    assert_eq!(codes(home), (0, Vec::new()));
}

#[track_caller]
fn told(home: &TempDir, exit: i32, code: &str) {
    assert_eq!(codes(home), (exit, vec![code.to_owned()]));
}

#[test]
fn a_grant_of_two_years_is_closed_by_its_calendar() {
    let same = ("VILLE", "VILLE");
    let whole = entry("2024-02-01", &GRANTED) + &entry("2024-12-31", &LATER);
    sound(&books(same, &whole));
    // The year goes on, its closing entries are not written yet: a warning, and every report prints.
    let open = entry("2024-02-01", &GRANTED)
        + &entry(
            "2025-01-10",
            &["604 Achats d'études et prestations de services  1,00 €", "512 Banques  -1,00 €"],
        );
    let home = books(same, &open);
    told(&home, 0, "W0822");
    assert!(
        typed(home.path(), "balance 2024")
            .ok()
            .contains("10 000,00".replace(' ', "\u{202f}").as_str())
    );
    // A closing that says something else.
    let wrong = whole.replace("4000,00", "3000,00");
    told(&books(same, &wrong), 0, "W0822");
    // Past closings are not judged by today's calendar: an amendment came since.
    let amended = (
        "montant = 10000\ndebut = 2024-01-01\nfin = 2025-12-31\nnotification = 2024-02-01\ncalendrier = { 2024 = 6000, 2025 = 4000 }",
        "montant = 12000\ndebut = 2024-01-01\nfin = 2025-12-31\nnotification = 2024-02-01\ncalendrier = { 2024 = 6000, 2025 = 6000 }",
    );
    let more = whole
        + &entry(
            "2025-01-01",
            &["487 Produits constatés d'avance  4000,00 €", "740 Subventions  -4000,00 €"],
        )
        + &entry(
            "2025-12-31",
            &["4411 Subventions à recevoir  2000,00 €", "740 Subventions  -2000,00 €"],
        );
    sound(&books(amended, &more));
}

#[test]
fn what_is_not_notified_is_no_product() {
    let same = ("VILLE", "VILLE");
    let early = entry("2024-01-15", &GRANTED);
    told(&books(same, &(early.clone() + &entry("2024-12-31", &LATER))), 1, "E0820");
    // Reversed before the day, and entered again after it: what the law asks.
    let reversed = entry(
        "2024-01-16",
        &["4411 Subventions à recevoir  -10000,00 €", "740 Subventions  10000,00 €"],
    );
    let mended = early + &reversed + &entry("2024-02-01", &GRANTED) + &entry("2024-12-31", &LATER);
    sound(&books(same, &mended));
    let whole = entry("2024-02-01", &GRANTED) + &entry("2024-12-31", &LATER);
    told(&books(("notification = 2024-02-01\n", ""), &whole), 1, "E0820");
    // Notified under a condition that still stands: nothing is a product, nothing is asked of 487.
    let condition = ("calendrier", "condition = \"permis\"\ncalendrier");
    let bare =
        "2024-12-31 Essai  ; piece: x\n    512 Banques  1,00 €\n    756 Cotisations  -1,00 €\n";
    sound(&books(condition, bare));
    told(&books(condition, &entry("2024-02-01", &GRANTED)), 1, "E0817");
}

#[test]
fn more_than_granted_is_refused_and_an_overpayment_is_not() {
    let same = ("calendrier = { 2024 = 6000, 2025 = 4000 }\n", "");
    let granted = entry("2024-02-01", &GRANTED);
    let again =
        entry("2024-05-01", &["4411 Subventions à recevoir  0,01 €", "740 Subventions  -0,01 €"]);
    told(&books(same, &(granted.clone() + &again)), 1, "E0821");
    // Paid twice, to be paid back; then a refund that is notified and not paid yet.
    let paid = entry(
        "2024-03-01",
        &["512 Banques  10000,00 €", "4411 Subventions à recevoir  -10000,00 €"],
    );
    sound(&books(same, &(granted.clone() + &paid + &paid)));
    let refund = entry(
        "2024-09-01",
        &["657 Subventions à reverser  2000,00 €", "4411 Subventions à recevoir  -2000,00 €"],
    );
    sound(&books(same, &(granted + &paid + &refund)));
}

#[test]
fn what_an_action_owes_to_others_is_not_the_funder_s() {
    let same = ("calendrier = { 2024 = 6000, 2025 = 4000 }\n", "");
    let whole = entry("2024-02-01", &GRANTED)
        + &entry(
            "2024-03-01",
            &["512 Banques  10000,00 €", "4411 Subventions à recevoir  -10000,00 €"],
        )
        + &entry(
            "2024-04-01",
            &[
                "6251 Voyages et déplacements  80,00 €",
                "467 Autres comptes débiteurs ou créditeurs  -80,00 €",
            ],
        )
        + &entry(
            "2024-05-01",
            &[
                "604 Achats d'études et prestations de services  100,00 €",
                "44571 TVA collectée  20,00 €",
                "512 Banques  -120,00 €",
            ],
        )
        + &entry("2024-06-01", &["512 Banques  50,00 €", "756 Cotisations  -50,00 €"]);
    let home = books(same, &whole);
    sound(&home);
    let csv = typed(home.path(), "subventions 2024 -O csv").ok();
    let line = csv.lines().find(|line| line.contains("detail_subventions.ville")).unwrap();
    assert!(line.contains(",10000.00,10000.00,"), "granted and recognised: {line}");
    assert!(line.contains(",10000.00,0.00,0.00,0.00"), "received, nothing owed: {line}");
}

/// A year that straddles two, its neighbours not listed: their shares are known all the same.
#[test]
fn a_fiscal_year_need_not_be_the_calendar_s() {
    let calendar = (
        "calendrier = { 2024 = 6000, 2025 = 4000 }",
        "calendrier = { 2023-2024 = 1000, 2024-2025 = 6000, 2025-2026 = 3000 }",
    );
    let home = books(
        calendar,
        &(entry("2024-09-02", &GRANTED)
            + &entry(
                "2025-08-31",
                &["740 Subventions  3000,00 €", "487 Produits constatés d'avance  -3000,00 €"],
            )),
    );
    write(
        home.path(),
        "compta.toml",
        "[entite]\nnom = \"Essai\"\n\n[[exercice]]\nnom = \"2024-2025\"\ndebut = 2024-09-01\nfin = 2025-08-31\n",
    );
    sound(&home);
}

/// An opening without its tag shows as a negative balance, and is told.
#[test]
fn an_opening_without_its_tag_is_told() {
    let same = ("calendrier = { 2024 = 6000, 2025 = 4000 }\n", "");
    let opening = "2024-01-01 * (AN-0001) Ouverture  ; piece: x\n    4411 Subventions à recevoir  5000,00 €\n    110 Report à nouveau (solde créditeur)  -5000,00 €\n\n";
    let home = books(
        same,
        &(opening.to_owned()
            + &entry(
                "2024-03-01",
                &["512 Banques  5000,00 €", "4411 Subventions à recevoir  -5000,00 €"],
            )),
    );
    sound(&home);
    let screen = typed(home.path(), "subventions 2024").ok();
    assert!(screen.contains("VILLE a un solde négatif"), "{screen}");
}
