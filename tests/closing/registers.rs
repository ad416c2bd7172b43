//! Registers that change after a closing: a closed year never moves; what would move it is told, or
//! the open year takes the difference.

use std::path::Path;

use tempfile::TempDir;

use super::folders::{append, close, edit, intact, rows, small};
use super::laws::waiting;
use super::world::excuse;
use crate::harness::typed;

const ACCOUNTS: &str = "account 1518 Autres provisions pour risques
account 2183 Matériel informatique
account 28183 Amortissements du matériel informatique
account 4282 Dettes provisionnées pour congés à payer
account 441800 Subventions du Département à recevoir
account 486 Charges constatées d'avance
account 487 Produits constatés d'avance
account 6161 Multirisques
account 6412 Congés payés
account 740800 Subventions du Département
";

const FILES: [(&str, &str); 4] = [
    (
        "immobilisations.toml",
        "jours = \"30/360\"\n\n[[bien]]\nid = \"serveur\"\nlibelle = \"serveur\"\ncompte = \"2183\"\nvaleur = 1200\nmise_en_service = 2023-01-01\nannees = 4\npiece = \"t.pdf\"\n",
    ),
    (
        "provisions.toml",
        "[[provision]]\nid = \"usager\"\nlibelle = \"usager\"\ncompte = \"1518\"\nniveaux = { 2023 = 500, 2024 = 800, 2025 = 1000 }\nmotif = \"assignation\"\npiece = \"p.pdf\"\n",
    ),
    (
        "regularisations.toml",
        "[[regularisation]]\nexercice = \"2024\"\ngenre = \"facture-non-parvenue\"\ntiers = \"Cabinet\"\nlibelle = \"conseil\"\ncharge = \"6226\"\nmontant = 90\npiece = \"l.pdf\"\n\n[[regularisation]]\ngenre = \"charge-constatee-d-avance\"\nlibelle = \"assurance\"\ncharge = \"6161\"\ntotal = 731\ndebut = 2024-01-01\nfin = 2025-12-31\npiece = \"a.pdf\"\n\n[[dette_provisionnee]]\ntiers = \"Équipe\"\nlibelle = \"congés\"\ncompte = \"4282\"\ncharge = \"6412\"\nniveaux = { 2023 = 40, 2024 = 70, 2025 = 60 }\npiece = \"c.pdf\"\n",
    ),
    (
        "conventions.toml",
        "\n[[convention]]\nid = \"DEP-2024\"\npartenaire = \"Département\"\nfinanceur = \"departement\"\ngenre = \"subvention\"\nproduit = \"740800\"\ncreance = \"441800\"\nmontant = 900\ndebut = 2024-01-01\nfin = 2025-12-31\nnotification = 2024-02-01\ncalendrier = { 2024 = 300, 2025 = 600 }\n",
    ),
];

/// The small books with a line in each register, closed to 2024; 2025 has begun.
fn registered() -> TempDir {
    let kept = small();
    let home = kept.path();
    append(home, "comptes.journal", ACCOUNTS);
    append(
        home,
        "2023.journal",
        "\n2023-01-02 * (OD-0001) Magasin | serveur  ; piece: f.pdf\n    2183 Matériel informatique   1 200,00 €\n    110 Report à nouveau (solde créditeur)   -1 200,00 €\n",
    );
    append(
        home,
        "2024.journal",
        "\n2024-01-02 * (OD-0002) Assureur | deux ans  ; piece: a.pdf\n    6161 Multirisques   731,00 €\n    401 Fournisseurs:Assureur   -731,00 €\n",
    );
    for (file, text) in FILES {
        append(home, file, text);
    }
    for (year, day) in [("2023", "2024-03-01"), ("2024", "2025-05-01")] {
        excuse(home, year, &waiting(home, year));
        close(home, year, day).ok();
    }
    kept
}

/// The balance of an account in a year; `0.00` when it has none.
fn balance(home: &Path, year: &str, account: &str) -> String {
    let text = typed(home, &format!("balance {year} -O csv")).ok();
    let found = rows(&text).into_iter().find(|row| row[0] == account);
    found.map_or_else(|| "0.00".to_owned(), |row| row[5].clone())
}

fn closed_figures(home: &Path) -> [String; 2] {
    ["2023", "2024"].map(|year| typed(home, &format!("balance {year} -O csv")).ok())
}

#[test]
fn what_was_closed_stands_and_the_open_year_follows() {
    let kept = registered();
    let home = kept.path();
    for (year, account, expected) in [
        ("2023", "28183", "-300.00"),
        ("2024", "28183", "-600.00"),
        ("2025", "28183", "-900.00"),
        ("2024", "1518", "-800.00"),
        ("2025", "1518", "-1000.00"),
        ("2024", "4282", "-70.00"),
        ("2025", "4282", "-60.00"),
        ("2025", "6412", "-10.00"),
        ("2024", "486", "365.00"),
        ("2025", "486", "0.00"),
        ("2025", "6161", "365.00"),
        ("2024", "441800:Département", "900.00"),
        ("2024", "487", "-600.00"),
        ("2024", "740800", "-300.00"),
        ("2025", "740800", "-600.00"),
        ("2025", "487", "0.00"),
        // What was not come of the invoice is taken back; the other one, by hand, too.
        ("2025", "408", "0.00"),
    ] {
        assert_eq!(balance(home, year, account), expected, "{account} in {year}");
    }
}

/// A file, what is changed in it, and the balances that the open year must then have.
type Amended = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static [(&'static str, &'static str)],
);

#[test]
fn what_is_amended_after_a_closing_moves_the_open_year_alone() {
    let amendments: [Amended; 10] = [
        // 600 € are left to depreciate: over one year, over four, at once.
        (
            "immobilisations.toml",
            &[("annees = 4", "annees = 3")],
            &[("28183", "-1200.00"), ("68112", "600.00")],
        ),
        (
            "immobilisations.toml",
            &[("annees = 4", "annees = 6")],
            &[("28183", "-750.00"), ("68112", "150.00")],
        ),
        (
            "immobilisations.toml",
            &[("annees = 4", "annees = 2")],
            &[("28183", "-1200.00"), ("68112", "600.00")],
        ),
        // Sold: what stands of it leaves.
        (
            "immobilisations.toml",
            &[(
                "piece = \"t.pdf\"",
                "piece = \"t.pdf\"\nsortie = { date = 2025-06-30, motif = \"vendu\", piece = \"v.pdf\" }",
            )],
            &[("28183", "0.00"), ("2183", "0.00"), ("68112", "150.00"), ("652", "450.00")],
        ),
        // Granted more: the open year has the whole difference.
        (
            "conventions.toml",
            &[("montant = 900", "montant = 1200"), ("2025 = 600 }", "2025 = 900 }")],
            &[("441800:Département", "1200.00"), ("740800", "-900.00"), ("487", "0.00")],
        ),
        // Granted less: what was given at the closing is taken back.
        (
            "conventions.toml",
            &[("montant = 900", "montant = 700"), ("2025 = 600 }", "2025 = 400 }")],
            &[("441800:Département", "700.00"), ("740800", "-400.00"), ("487", "0.00")],
        ),
        // The same amount, spread otherwise.
        (
            "conventions.toml",
            &[("2024 = 300, 2025 = 600", "2024 = 500, 2025 = 400")],
            &[("441800:Département", "900.00"), ("740800", "-600.00"), ("487", "0.00")],
        ),
        (
            "conventions.toml",
            &[
                ("2024 = 300, 2025 = 600", "2024 = 300, 2025 = 200, 2026 = 400"),
                ("fin = 2025-12-31", "fin = 2026-12-31"),
            ],
            &[("441800:Département", "900.00"), ("740800", "-200.00"), ("487", "-400.00")],
        ),
        (
            "provisions.toml",
            &[("2025 = 1000", "2025 = 0")],
            &[("1518", "0.00"), ("7815", "-800.00")],
        ),
        (
            "regularisations.toml",
            &[(
                "montant = 90\npiece = \"l.pdf\"\n",
                "montant = 90\npiece = \"l.pdf\"\n\n[[regularisation]]\nexercice = \"2025\"\ngenre = \"facture-non-parvenue\"\ntiers = \"Autre\"\nlibelle = \"audit\"\ncharge = \"6226\"\nmontant = 55\n",
            )],
            &[("408", "-55.00")],
        ),
    ];
    let mut failures = Vec::new();
    for (file, changes, expected) in amendments {
        let kept = registered();
        let home = kept.path();
        let before = closed_figures(home);
        for (from, to) in changes {
            edit(home, file, from, to);
        }
        let check = typed(home, "check");
        if check.code != 0 {
            failures.push(format!("{file} {changes:?}: {}", check.screen()));
            continue;
        }
        if closed_figures(home) != before {
            failures.push(format!("{file} {changes:?}: a closed year moves"));
        }
        for (account, amount) in expected {
            let found = balance(home, "2025", account);
            if found != *amount {
                failures.push(format!("{file} {changes:?}: {account} {found}, not {amount}"));
            }
        }
        intact(home);
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn what_would_move_a_closed_year_is_told() {
    let changes: [(&str, &str, &str, usize); 8] = [
        ("provisions.toml", "2024 = 800", "2024 = 900", 5),
        ("provisions.toml", "2023 = 500", "2023 = 400", 5),
        ("regularisations.toml", "montant = 90", "montant = 91", 1),
        ("regularisations.toml", "total = 731", "total = 730", 10),
        ("regularisations.toml", "2024 = 70", "2024 = 75", 24),
        (
            "regularisations.toml",
            "[[dette_provisionnee]]",
            "[[regularisation]]\nexercice = \"2024\"\ngenre = \"facture-non-parvenue\"\ntiers = \"Tard\"\nlibelle = \"oubli\"\ncharge = \"6226\"\nmontant = 12\n\n[[dette_provisionnee]]",
            19,
        ),
        // A level that is no longer there would have the open year begin from another.
        ("provisions.toml", "2023 = 500, 2024 = 800, ", "", 0),
        ("regularisations.toml", "2023 = 40, 2024 = 70, ", "", 0),
    ];
    let mut failures = Vec::new();
    for (file, from, to, line) in changes {
        let kept = registered();
        let home = kept.path();
        edit(home, file, from, to);
        let run = typed(home, "check -O json");
        let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        let first = &report["findings"][0];
        let place = line == 0 || first["file"] == file && first["line"] == line;
        if run.code != 4 || first["code"] != "E0704" || !place {
            failures.push(format!("{file} `{from}` → `{to}`: {}", run.screen()));
        }
        if typed(home, "bilan 2025").code != 4 {
            failures.push(format!("{file} `{from}` → `{to}`: a report is given"));
        }
        // What was sealed is still what was sealed.
        intact(home);
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}
