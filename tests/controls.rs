//! The controls before a closing: small books where each passes, then one thing changed at a time.

use std::collections::BTreeMap;
use std::fs;

use compta::analytic::Axes;
use compta::book::{Books, ReadError, Sources, Years, load};
use compta::closing::controls::{Bench, Control, FixedAssets, Outcome, controls};
use compta::diagnostic::{SourceMap, Span};
use compta::ledger::Annual;
use compta::measure::{FiscalYear, Number, Sum};
use compta::register::{Dossier, Registers};
use compta::statement::forms;
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{copy, expect, folder, none, region, root, typed};

/// What is changed in the sound books.
#[derive(Clone, Copy)]
enum Change {
    /// A text of a file, once.
    Text(&'static str, &'static str, &'static str),
    /// What is written after a file, or in a new one.
    Added(&'static str, &'static str),
    /// A file that is no longer there; an include of it goes too.
    Gone(&'static str),
}

use Change::{Added, Gone, Text};

/// A change, and every control of 2024 that no longer passes.
struct Case {
    what: &'static str,
    changes: &'static [Change],
    /// Each code with its state.
    gives: &'static [(&'static str, &'static str)],
    /// Words of their proofs, their facts or what they ask for.
    says: &'static str,
}

fn changed(changes: &[Change]) -> TempDir {
    let home = folder();
    copy(&root().join("fixtures/controles/sain"), home.path());
    for change in changes {
        match change {
            Text(file, from, to) => {
                let path = home.path().join(file);
                let text = fs::read_to_string(&path).unwrap();
                assert!(text.contains(from), "{file} has no `{from}`");
                fs::write(path, text.replacen(from, to, 1)).unwrap();
            }
            Added(file, more) => {
                let path = home.path().join(file);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                let text = fs::read_to_string(&path).unwrap_or_default();
                fs::write(path, text + more).unwrap();
            }
            Gone(file) => {
                fs::remove_file(home.path().join(file)).unwrap();
                let door = home.path().join("principal.journal");
                let text = fs::read_to_string(&door).unwrap();
                fs::write(door, text.replace(&format!("include {file}\n"), "")).unwrap();
            }
        }
    }
    home
}

/// The rows of `compta controles`, by key, and the exit code.
fn rows(home: &TempDir, year: &str) -> (i32, Vec<Value>) {
    let run = typed(home.path(), &format!("controles {year} -O json"));
    let report: Value =
        serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.screen()));
    assert_eq!(report["schema"], "compta/controles/1");
    (run.code, report["rows"].as_array().unwrap().clone())
}

/// Every control that does not pass, with its state.
fn troubled(rows: &[Value]) -> Vec<(String, String)> {
    let lines = rows.iter().filter(|row| row["role"] == "line");
    lines
        .map(|row| {
            let key = row["key"].as_str().unwrap().trim_start_matches("controles.").to_owned();
            (key, row["words"]["etat"].as_str().unwrap().to_owned())
        })
        .filter(|(_, state)| state != "OK")
        .collect()
}

/// Whether a control adds up balances, or asks the registers.
fn adds_up(control: &str) -> bool {
    control.starts_with('W') || ["E5", "E6", "E7", "E8", "E9", "E10"].contains(&control)
}

fn check(cases: &[Case]) {
    for case in cases {
        let home = changed(case.changes);
        let (code, rows) = rows(&home, "2024");
        let gives: Vec<(String, String)> =
            case.gives.iter().map(|(c, state)| ((*c).to_owned(), (*state).to_owned())).collect();
        // Registers yield nothing under an error: what adds up balances is not verified then, but for what
        // tells the error itself.
        let unsound = typed(home.path(), "check").code;
        let mut found = troubled(&rows);
        if unsound == 1 {
            for (control, state) in found.extract_if(.., |(_, state)| state == "non vérifié") {
                assert!(adds_up(&control), "{}: {control} {state}", case.what);
            }
            let sound = rows.iter().filter_map(|row| row["key"].as_str());
            let sound = sound.map(|key| key.trim_start_matches("controles.")).filter(|key| {
                adds_up(key)
                    && rows.iter().any(|row| {
                        row["key"] == format!("controles.{key}") && row["words"]["etat"] == "OK"
                    })
            });
            assert_eq!(sound.collect::<Vec<_>>(), [""; 0], "{}", case.what);
        }
        assert_eq!(found, gives, "{}: {rows:#?}", case.what);
        let told: Vec<String> = rows.iter().map(ToString::to_string).collect();
        assert!(told.join("\n").contains(case.says), "{}: {told:#?}", case.what);
        let blocks = case.gives.iter().any(|(code, state)| code.starts_with('E') && *state == "KO");
        assert_eq!(code, unsound.max(i32::from(blocks)), "{}", case.what);
    }
}

#[test]
fn the_books_that_are_changed_below_pass_every_control() {
    check(&[Case { what: "sound", changes: &[], gives: &[], says: "" }]);
    let mut failures = Vec::new();
    let screen = typed(&root().join("fixtures/controles/sain"), "controles 2024").screen();
    expect(&root().join("fixtures/controles/sain.txt"), &screen, &mut failures);
    none(&failures);
}

#[test]
fn entries() {
    check(&[
        Case {
            what: "a draft",
            changes: &[Text("2024.journal", "2024-02-15 *", "2024-02-15 !")],
            gives: &[("E2", "KO")],
            says: "15/02/2024 ACH-0001 Imprimeur | affiches",
        },
        Case {
            what: "a date of no fiscal year",
            changes: &[Text("2024.journal", "2024-10-01", "2034-10-01")],
            gives: &[("E3", "KO")],
            says: "01/10/2034 OD-0001 Bénévoles",
        },
        Case {
            what: "a year that stands alone, when none is listed",
            changes: &[
                Text("2025.journal", "2025-03-04", "2052-03-04"),
                Gone("compta.toml"),
                Added("compta.toml", "[entite]\nnom = \"Essai\"\n"),
            ],
            gives: &[("E3", "KO")],
            says: "04/03/2052",
        },
        Case {
            what: "a number that is skipped",
            changes: &[
                Text("2024.journal", "(BQ-0004)", "(BQ-0014)"),
                Text("2024.journal", "(BQ-0005)", "(BQ-0015)"),
            ],
            gives: &[("E4", "KO")],
            says: "il manque BQ-0004 à BQ-0013",
        },
        Case {
            what: "an entry without a number",
            changes: &[Text("2024.journal", " (CA-0001)", "")],
            gives: &[("E4", "KO")],
            says: "sans numéro : 16/07/2024 La Poste",
        },
        Case {
            what: "a number that is used twice",
            changes: &[
                Text("2024.journal", "(BQ-0004)", "(BQ-0003)"),
                Text("2024.journal", "(BQ-0005)", "(BQ-0004)"),
            ],
            gives: &[("E4", "KO")],
            says: "numéro servi deux fois : 10/09/2024 BQ-0003",
        },
        Case {
            what: "numbers that go on from the year before",
            changes: &[Text("2024.journal", "(PAI-0001)", "(PAI-0002)")],
            gives: &[],
            says: "",
        },
        Case {
            what: "an entry without its document",
            changes: &[Text("2024.journal", "timbres  ; piece: ticket-1.pdf", "timbres")],
            gives: &[("E11", "KO")],
            says: "La Poste | timbres",
        },
    ]);
}

#[test]
fn an_entry_that_does_not_balance_leaves_the_rest_unverified() {
    let home = changed(&[Text("2024.journal", "-120,00 €  ; lettrage", "-121,00 €  ; lettrage")]);
    let (code, rows) = rows(&home, "2024");
    let found = troubled(&rows);
    assert_eq!(code, 1);
    assert_eq!(found[0], ("E1".to_owned(), "KO".to_owned()));
    assert_eq!(found.len(), 27, "all but the dates: {found:#?}");
    assert!(found[1..].iter().all(|(_, state)| state == "non vérifié"), "{found:#?}");
    let told = rows.iter().any(|row| {
        let place = row["label"].as_str().unwrap();
        let words = row["words"]["preuve"].as_str().unwrap();
        place.starts_with("2024.journal:") && words.contains("E0301")
    });
    assert!(told, "{rows:#?}");
}

#[test]
fn accounts() {
    check(&[
        Case {
            what: "an opening written again",
            changes: &[Added(
                "2024.journal",
                "\n2024-01-01 * (AN-0002) À-nouveaux  ; piece: balance-2023.pdf\n    1511 Provisions pour litiges  -100,00 €\n    110 Report à nouveau (solde créditeur)  100,00 €\n",
            )],
            gives: &[("E6", "KO")],
            says: "1511 : clos à −100,00",
        },
        Case {
            what: "an account that waits",
            changes: &[Text("2024.journal", "    6236 Imprimés  ", "    471 Compte d'attente  ")],
            gives: &[("E7", "KO")],
            says: "471 Compte d'attente : 120,00",
        },
        Case {
            what: "a bank without its balance",
            changes: &[Text("2024.journal", "  = 830,00 €", "")],
            gives: &[("E8", "KO")],
            says: "`512100 Banque  0,00 €  = 830,00 €`",
        },
        Case {
            what: "a balance without its statement",
            changes: &[Text("2024.journal", "  ; piece: releve-2024-12.pdf", "")],
            gives: &[("E8", "KO"), ("E11", "KO")],
            says: "affirmé sans relevé",
        },
        Case {
            what: "a balance that is not that of the closing day",
            changes: &[Text("2024.journal", "2024-12-31 * (BQ-0005)", "2024-12-30 * (BQ-0005)")],
            gives: &[("E8", "KO")],
            says: "aucune assertion de solde ce jour-là",
        },
        Case {
            what: "a line of the closing day after the balance",
            changes: &[Added(
                "2024.journal",
                "\n2024-12-31 * (BQ-0006) Banque | frais  ; piece: avis.pdf\n    6278 Frais bancaires  5,00 €\n    512100 Banque  -5,00 €\n",
            )],
            gives: &[("E8", "KO")],
            says: "l’assertion du jour dit 830,00",
        },
        Case {
            what: "a term deposit that no bank confirms",
            changes: &[Added(
                "2024.journal",
                "\n2024-12-31 * (OD-0002) Banque | compte à terme  ; piece: contrat.pdf\n    508 Comptes à terme  5,00 €\n    756 Cotisations  -5,00 €\n",
            )],
            gives: &[("E8", "KO")],
            says: "508 Comptes à terme",
        },
        Case {
            what: "a false balance",
            changes: &[Text("2024.journal", "= 830,00 €", "= 831,00 €")],
            gives: &[("E8", "KO")],
            says: "l’assertion du jour dit 831,00",
        },
    ]);
}

/// The shipped form `ag`, with a text replaced, as the books' own.
fn own_form(from: &str, to: &str) -> TempDir {
    let home =
        changed(&[Text("compta.toml", "d’essai\"\n", "d’essai\"\n[livres]\nforme = \"maison\"\n")]);
    let text = fs::read_to_string(root().join("src/statement/forms/ag.toml")).unwrap();
    assert!(text.contains(from));
    let text = text.replacen(from, to, 1).replacen("forme = \"ag\"", "forme = \"maison\"", 1);
    fs::create_dir_all(home.path().join("formes")).unwrap();
    fs::write(home.path().join("formes/maison.toml"), text).unwrap();
    home
}

#[test]
fn statements() {
    let home =
        own_form(" - total_charges - capitaux", " - total_charges - total_charges - capitaux");
    let (code, found) = rows(&home, "2024");
    assert_eq!(troubled(&found), [("E9".to_owned(), "KO".to_owned())], "{found:#?}");
    assert_eq!(code, 1);
    check(&[Case {
        what: "an account of no statement",
        changes: &[
            Added("comptes.journal", "account 890 Bilan d'ouverture\n"),
            Added(
                "2024.journal",
                "\n2024-12-17 * (OD-0002) Reprise  ; piece: note.pdf\n    890 Bilan d'ouverture  5,00 €\n    756 Cotisations  -5,00 €\n",
            ),
        ],
        gives: &[("E10", "KO")],
        says: "anc-2018-06 : le compte 890 (solde débiteur) n’est dans aucune ligne",
    }]);
}

#[test]
fn third_parties_and_cash() {
    check(&[
        Case {
            what: "a cash box below nothing",
            changes: &[
                Text(
                    "2024.journal",
                    "626100 Timbres                                       20,00",
                    "626100 Timbres                                       70,00",
                ),
                Text(
                    "2024.journal",
                    "530000 Caisse                                       -20,00",
                    "530000 Caisse                                       -70,00",
                ),
            ],
            gives: &[("W1", "KO")],
            says: "530000 Caisse : −20,00",
        },
        Case {
            what: "an old invoice that nobody paid",
            changes: &[Added(
                "2024.journal",
                "\n2024-04-02 * (ACH-0002) Imprimeur | tracts  ; piece: facture-140.pdf\n    6236 Imprimés  30,00 €\n    401 Fournisseurs:Imprimeur  -30,00 €\n",
            )],
            gives: &[("W2", "KO")],
            says: "depuis 273 jours, Imprimeur | tracts",
        },
        Case {
            what: "a supplier that owes",
            changes: &[Added(
                "2024.journal",
                "\n2024-12-17 * (ACH-0002) Imprimeur | avoir  ; piece: avoir-3.pdf\n    401 Fournisseurs:Imprimeur  30,00 €\n    6236 Imprimés  -30,00 €\n",
            )],
            gives: &[("W2", "KO")],
            says: "fournisseur débiteur de 30,00",
        },
        Case {
            what: "letters are no proof: what they join must be nil",
            changes: &[
                Text("2024.journal", "-120,00 €  ; lettrage: A", "-125,00 €  ; lettrage: A"),
                Text(
                    "2024.journal",
                    "6236 Imprimés                                       120,00",
                    "6236 Imprimés                                       125,00",
                ),
            ],
            gives: &[("W2", "KO"), ("W16", "KO")],
            says: "401:Imprimeur, lettre A : il reste −5,00",
        },
        Case {
            what: "a letter that joins two tiers settles neither",
            changes: &[Text(
                "2024.journal",
                "411 Clients:Commune                                -500,00 €  ; lettrage: A",
                "411 Clients:Région                                 -500,00 €  ; lettrage: A",
            )],
            gives: &[("W2", "KO"), ("W16", "KO")],
            says: "411:Commune, lettre A : il reste 500,00\u{a0}€ sur 1 ligne, la même lettre de 411:Région le solderait",
        },
        Case {
            what: "a letter that a line of the next year settles",
            changes: &[
                Text("2024.journal", "-120,00 €  ; lettrage: A", "-120,00 €"),
                Text("2024.journal", "120,00 €  ; lettrage: A", "120,00 €"),
                Added(
                    "2024.journal",
                    "\n2024-12-17 * (ACH-0002) Imprimeur | tracts  ; piece: facture-140.pdf\n    6236 Imprimés  30,00 €\n    401 Fournisseurs:Imprimeur  -30,00 €  ; lettrage: B\n",
                ),
                Added(
                    "2025.journal",
                    "\n2025-01-14 * (BQ-0002) Imprimeur | virement  ; piece: releve-2025-01.pdf\n    401 Fournisseurs:Imprimeur  30,00 €  ; lettrage: B\n    512100 Banque  -30,00 €\n",
                ),
            ],
            gives: &[],
            says: "1 lettre soldée, 1 soldée depuis la clôture",
        },
        Case {
            what: "the threshold of the register",
            changes: &[
                Text(
                    "controles.toml",
                    "[[declaration]]",
                    "[seuils]\nnon_lettre = 300\n\n[[declaration]]",
                ),
                Added(
                    "2024.journal",
                    "\n2024-04-02 * (ACH-0002) Imprimeur | tracts  ; piece: facture-140.pdf\n    6236 Imprimés  30,00 €\n    401 Fournisseurs:Imprimeur  -30,00 €\n",
                ),
            ],
            gives: &[],
            says: "",
        },
    ]);
}

/// Letters are those of every account, year by year.
#[test]
fn letters_of_every_account_year_by_year() {
    check(&[
        Case {
            what: "a letter used again next year is another letter",
            changes: &[Added(
                "2025.journal",
                "\n2025-01-14 * (BQ-0002) Imprimeur | virement  ; piece: releve-2025-01.pdf\n    401 Fournisseurs:Imprimeur  30,00 €  ; lettrage: A\n    512100 Banque  -30,00 €\n",
            )],
            gives: &[],
            says: "2 lettres soldées",
        },
        Case {
            what: "a letter settled next year, then used again there",
            changes: &[
                Added(
                    "2024.journal",
                    "\n2024-12-17 * (ACH-0002) Imprimeur | tracts  ; piece: facture-140.pdf\n    6236 Imprimés  30,00 €\n    401 Fournisseurs:Imprimeur  -30,00 €  ; lettrage: B\n",
                ),
                Added(
                    "2025.journal",
                    "\n2025-01-14 * (BQ-0002) Imprimeur | virement  ; piece: releve-2025-01.pdf\n    401 Fournisseurs:Imprimeur  30,00 €  ; lettrage: B\n    512100 Banque  -30,00 €\n\n2025-01-20 * (BQ-0003) Imprimeur | trop-perçu rendu  ; piece: releve-2025-01.pdf\n    512100 Banque  45,00 €\n    401 Fournisseurs:Imprimeur  -45,00 €  ; lettrage: B\n",
                ),
            ],
            gives: &[],
            says: "2 lettres soldées, 1 soldée depuis la clôture",
        },
        Case {
            what: "letters of any account, of staff and of the bank",
            changes: &[Text(
                "2024.journal",
                "    431 Sécurité sociale                               -400,00 €",
                "    431 Sécurité sociale                               -400,00 €  ; lettrage: S",
            )],
            gives: &[("W16", "KO")],
            says: "431, lettre S : il reste −400,00",
        },
        Case {
            what: "the letter of a whole entry is not that of its bank",
            changes: &[Text(
                "2024.journal",
                "2024-03-01 * (BQ-0002) Imprimeur | virement  ; piece: releve-2024-03.pdf",
                "2024-03-01 * (BQ-0002) Imprimeur | virement  ; piece: releve-2024-03.pdf, lettrage: A",
            )],
            gives: &[],
            says: "2 lettres soldées",
        },
    ]);
}

#[test]
fn declarations() {
    check(&[
        Case {
            what: "a debt other than declared",
            changes: &[Text("controles.toml", "solde = 400", "solde = 399.50")],
            gives: &[("W4", "KO")],
            says: "dsn : déclaré 399,50",
        },
        Case {
            what: "no declaration",
            changes: &[Gone("controles.toml")],
            gives: &[("W4", "non vérifié"), ("W5", "non vérifié")],
            says: "aucune déclaration pour 431",
        },
        Case {
            what: "gross wages other than declared",
            changes: &[Text("controles.toml", "bruts = 1000", "bruts = 1100")],
            gives: &[("W5", "KO")],
            says: "bruts : 1\u{202f}100,00",
        },
        Case {
            what: "a rate that moves",
            changes: &[
                Text(
                    "2023.journal",
                    "6451 Cotisations à l'URSSAF                         400,00",
                    "6451 Cotisations à l'URSSAF                         300,00",
                ),
                Text(
                    "2023.journal",
                    "431 Sécurité sociale                               -400,00",
                    "431 Sécurité sociale                               -300,00",
                ),
                Text("controles.toml", "solde = 400", "solde = 300"),
            ],
            gives: &[("W5", "KO")],
            says: "taux 645/641 de 40,0\u{a0}%, 30,0\u{a0}% avant",
        },
    ]);
}

#[test]
fn conventions_and_dedicated_funds() {
    check(&[
        Case {
            what: "more granted than the books know",
            changes: &[Text("conventions.toml", "montant = 600", "montant = 700")],
            gives: &[("W6a", "KO"), ("W6b", "KO")],
            says: "accordé 700,00",
        },
        Case {
            what: "a grant notified on the last day, that no entry claims",
            changes: &[Added(
                "conventions.toml",
                "\n[[convention]]\nid = \"SOIR\"\npartenaire = \"Département\"\nfinanceur = \"departement\"\ngenre = \"subvention\"\nmontant = 50\ndebut = 2024-12-31\nfin = 2024-12-31\nnotification = 2024-12-31\n",
            )],
            gives: &[("W6a", "KO"), ("W6b", "KO")],
            says: "SOIR : accordé 50,00",
        },
        Case {
            what: "a claim that names no convention",
            changes: &[Text("2024.journal", "600,00 €  ; convention: VILLE-2024", "600,00 €")],
            gives: &[("W6a", "KO")],
            says: "à recevoir −400,00",
        },
        Case {
            what: "a dedicated fund that names no convention",
            changes: &[Text("2024.journal", "-100,00 €  ; convention: VILLE-2024", "-100,00 €")],
            gives: &[("W6b", "KO")],
            says: "en 19 0,00",
        },
        Case {
            what: "a subsidy without convention",
            changes: &[Added(
                "2024.journal",
                "\n2024-12-17 * (SUB-0002) Département | aide  ; piece: lettre.pdf\n    441700 Subventions à recevoir  30,00 €\n    740100 Subventions de la Ville  -30,00 €\n",
            )],
            gives: &[("W6b", "KO")],
            says: "sans convention",
        },
        Case {
            what: "no register of conventions",
            changes: &[Gone("conventions.toml")],
            gives: &[("W6a", "non vérifié"), ("W6b", "non vérifié")],
            says: "`conventions.toml` manque",
        },
        Case {
            what: "a report without a dedicated fund",
            changes: &[Text(
                "2024.journal",
                "194 Fonds dédiés sur subventions d'exploitation  ",
                "4686 Charges à payer  ",
            )],
            gives: &[("W6b", "KO"), ("W7", "KO")],
            says: "en 19 0,00",
        },
        Case {
            what: "a use of what another project had",
            changes: &[Added(
                "2024.journal",
                "\n2024-12-31 * (INV-0003) Ville | emploi  ; piece: note.pdf, programme: X\n    194 Fonds dédiés sur subventions d'exploitation  10,00 €\n    7894 Utilisations de fonds dédiés sur subventions d'exploitation  -10,00 €\n",
            )],
            gives: &[("W7", "KO")],
            says: "employés de trop",
        },
    ]);
}

#[test]
fn cutoff_and_disclosures() {
    check(&[
        Case {
            what: "a charge of the year that nobody accrued",
            changes: &[Text(
                "2024.journal",
                "2024-12-31 * (INV-0002) Expert | facture non parvenue  ; piece: lettre-mission.pdf\n    6226 Honoraires                                      60,00 €\n    408 Fournisseurs - Factures non parvenues           -60,00 €\n\n",
                "",
            )],
            gives: &[("W8", "KO")],
            says: "14/01/2025 ACH-0001 Expert | honoraires 2024",
        },
        Case {
            what: "no entry of the next year",
            changes: &[Gone("2025.journal")],
            gives: &[("W8", "non vérifié")],
            says: "aucune écriture de l’exercice suivant",
        },
        Case {
            what: "books that end too soon",
            changes: &[Text("2025.journal", "2025-03-04", "2025-02-04")],
            gives: &[("W8", "non vérifié")],
            says: "les livres s’arrêtent au 04/02/2025",
        },
        Case {
            what: "a charge that its tag gives to the year",
            changes: &[Added(
                "2025.journal",
                "\n2025-02-04 * (ACH-0002) Loueur | salle de décembre  ; piece: facture-3.pdf, exercice: 2024\n    6132 Locations immobilières  45,00 €\n    401 Fournisseurs:Loueur  -45,00 €\n",
            )],
            gives: &[("W8", "KO")],
            says: "Loueur | salle de décembre",
        },
        Case {
            what: "no method of memberships",
            changes: &[Text("annexe.toml", "titre = \"Cotisations\"", "titre = \"Principes\"")],
            gives: &[("W9", "KO")],
            says: "aucune méthode",
        },
        Case {
            what: "no annexe",
            changes: &[Gone("annexe.toml")],
            gives: &[("W9", "non vérifié"), ("W11", "non vérifié")],
            says: "`annexe.toml` manque",
        },
        Case {
            what: "a provision that nobody explains",
            changes: &[Text("annexe.toml", "comptes = \"1511\"", "comptes = \"1581\"")],
            gives: &[("W11", "KO")],
            says: "1511 Provisions pour litiges : −100,00",
        },
        Case {
            what: "gifts above the threshold",
            changes: &[Added("2024.journal", GIFTS)],
            gives: &[("W10", "KO"), ("W12", "KO")],
            says: "754 Ressources liées à la générosité du public",
        },
        Case {
            what: "an auditor who is named",
            changes: &[
                Added("2024.journal", GIFTS),
                Added("controles.toml", "\n[commissaire]\nnom = \"Cabinet fictif\"\n"),
            ],
            gives: &[("W10", "KO"), ("W12", "justifié")],
            says: "",
        },
    ]);
}

const GIFTS: &str = "\n2024-12-17 * (OD-0002) Donateurs | dons promis  ; piece: promesses.pdf\n    467 Autres débiteurs et créditeurs  154 000,00 €\n    7541 Dons manuels  -154 000,00 €\n";

#[test]
fn plausibility() {
    check(&[
        Case {
            what: "volunteers without their resources",
            changes: &[Text(
                "2024.journal",
                "870 Bénévolat                                      -300,00 €",
                "870 Bénévolat                                      -250,00 €\n    467 Autres débiteurs et créditeurs  -50,00 €",
            )],
            gives: &[("E9", "KO"), ("W13", "KO")],
            says: "86 : 300,00",
        },
        Case {
            what: "an invoice entered twice",
            changes: &[Added(
                "2024.journal",
                "\n2024-02-15 * (ACH-0002) Imprimeur | affiches, copie  ; piece: facture-118.pdf\n    6236 Imprimés  120,00 €\n    467 Autres débiteurs et créditeurs  -120,00 €\n",
            )],
            gives: &[("W14", "KO")],
            says: "ACH-0002 Imprimeur | affiches, copie, comme ACH-0001",
        },
        Case {
            what: "a Sunday",
            changes: &[Text("2024.journal", "2024-07-15 *", "2024-07-14 *")],
            gives: &[("W15", "KO")],
            says: "un dimanche",
        },
        Case {
            what: "a holiday",
            changes: &[Text("2024.journal", "2024-10-01 *", "2024-11-11 *")],
            gives: &[("W15", "KO")],
            says: "le 11 novembre",
        },
        Case {
            what: "a word",
            changes: &[Text("2024.journal", "| 20 heures", "| régularisation des heures")],
            gives: &[("W15", "KO")],
            says: "« régul… »",
        },
        Case {
            what: "a word, justified",
            changes: &[
                Text("2024.journal", "| 20 heures", "| régularisation des heures"),
                Added(
                    "controles.toml",
                    "\n[[justification]]\ncontrole = \"W15\"\nexercice = \"2024\"\nmotif = \"Relevé des heures arrêté en octobre.\"\npiece = \"note.pdf\"\n",
                ),
            ],
            gives: &[("W15", "justifié")],
            says: "Relevé des heures arrêté en octobre. (note.pdf) (controles.toml:8)",
        },
        Case {
            what: "what the books cannot tell, justified",
            changes: &[
                Gone("2025.journal"),
                Added(
                    "controles.toml",
                    "\n[[justification]]\ncontrole = \"W8\"\nexercice = \"2024\"\nmotif = \"Factures de janvier et février revues hors des livres.\"\n",
                ),
            ],
            gives: &[("W8", "justifié")],
            says: "non vérifié par les livres : aucune écriture de l’exercice suivant",
        },
    ]);
}

#[test]
fn the_first_year_of_the_books_is_not_verified() {
    let home = changed(&[]);
    let (code, rows) = rows(&home, "2023");
    let states = ["E6", "W5", "W10"].map(|code| (code.to_owned(), "non vérifié".to_owned()));
    assert_eq!((code, troubled(&rows)), (0, states.to_vec()));
}

/// A register of controls that says what cannot be: one finding, where it stands.
#[test]
fn what_the_register_cannot_say() {
    let excuse = |code: &str, year: &str, reason: &str| {
        format!(
            "[[justification]]\ncontrole = \"{code}\"\nexercice = \"{year}\"\nmotif = \"{reason}\"\n"
        )
    };
    for (text, code, says) in [
        (excuse("E8", "2024", "perdu"), "E0803", "le contrôle E8 ne se justifie pas"),
        (excuse("W6", "2024", "avenant"), "E0803", "W6a"),
        (excuse("W77", "2024", "rien"), "E0803", "contrôle inconnu : `W77`"),
        (excuse("W8", "2042", "rien"), "E0803", "exercice inconnu : `2042`"),
        (excuse("W8", "2024", " "), "E0803", "`motif` est vide"),
        (excuse("W8", "2024", "a") + &excuse("W8", "2024", "b"), "E0806", "cette justification est déjà écrite"),
        ("[[justification]]\ncontrole = \"W8\"\nexercice = \"2024\"\n".to_owned(), "E0804", "`motif` manque"),
        ("[seuils]\nvariation = -1\n".to_owned(), "E0803", "`variation` ne peut être négatif"),
        ("[seuils]\nnon_lettres = 30\n".to_owned(), "E0802", "`non_lettre` ?"),
        ("[commissaire]\nnom = \"\"\n".to_owned(), "E0803", "`nom` est vide"),
        (
            "[[declaration]]\nexercice = \"2024\"\ngenre = \"urssaf\"\ncomptes = \"431\"\nsolde = 400\n".to_owned(),
            "E0803",
            "écrivez l’un de : dsn, taxe-salaires, impot-societes, tva, autre",
        ),
        (
            "[[declaration]]\nexercice = \"2024\"\ngenre = \"tva\"\ncomptes = \"431\"\nsolde = 400\nbruts = 12\n".to_owned(),
            "E0803",
            "`bruts` est le total de la paie déclarée",
        ),
        (
            "[[declaration]]\nexercice = \"2024\"\ngenre = \"dsn\"\ncomptes = \"431 499999\"\nsolde = 400\n".to_owned(),
            "E0803",
            "`499999`",
        ),
    ] {
        let home = changed(&[Gone("controles.toml")]);
        fs::write(home.path().join("controles.toml"), &text).unwrap();
        let run = typed(home.path(), "check -O json");
        let report: Value = serde_json::from_str(&run.out).unwrap();
        let found = report["findings"].as_array().unwrap();
        assert_eq!(found.len(), 1, "{text}: {found:#?}");
        assert_eq!(found[0]["code"], code, "{text}");
        let words = format!("{} {}", found[0]["message"], found[0]["help"]);
        assert!(words.contains(says), "{text}: {words}");
        assert_eq!((run.code, &found[0]["file"]), (1, &Value::from("controles.toml")), "{text}");
    }
}

#[test]
fn the_region() {
    let mut failures = Vec::new();
    let home = root().join("fixtures/ag-2025");
    for year in ["2023", "2024"] {
        for (extension, format) in [("txt", "text"), ("csv", "csv"), ("json", "json")] {
            let run = typed(&region(), &format!("controles {year} -O {format}"));
            let name = format!("controles-{year}.{extension}");
            expect(&home.join(name), &run.ok(), &mut failures);
        }
        let screen = typed(&region(), &format!("controles {year}")).ok();
        let wide = screen.lines().map(|line| line.chars().count()).max();
        assert!(wide <= Some(100), "{wide:?}");
    }
    none(&failures);
}

/// Journals in memory.
struct Memory(BTreeMap<String, String>);

impl Sources for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.0.get(path).map(|text| text.as_bytes().to_vec()).ok_or(ReadError::Missing)
    }

    fn list(&self, _: &str) -> Result<Vec<String>, ReadError> {
        Ok(Vec::new())
    }
}

fn books(text: &str) -> Books {
    let files = Memory(BTreeMap::from([("a.journal".to_owned(), format!("{DECLARED}{text}"))]));
    let (books, findings) =
        load("a.journal", &files, Years::default(), SourceMap::default(), 1).unwrap();
    assert!(findings.is_empty(), "{findings:#?}");
    books
}

/// A control of 2024 on books in memory.
fn one(code: &str, text: &str, of: Option<&str>, assets: Option<&FixedAssets>) -> Control {
    let mut mine = books(text);
    let mut annual = Annual::of(&mut mine);
    if let Some(other) = of {
        annual = Annual::of(&mut books(other));
    }
    let mut map = SourceMap::default();
    let forms = forms(Vec::new(), &mut map, &mut Vec::new());
    let bench = Bench {
        books: &mine,
        annual: &annual,
        registers: &Registers::default(),
        axes: &Axes::default(),
        care: None,
        dossier: &Dossier::default(),
        forms: &forms,
        year: &FiscalYear::calendar(2024).unwrap(),
        assets,
        findings: &[],
    };
    controls(&bench).into_iter().find(|control| control.code == code).unwrap()
}

const DECLARED: &str = "decimal-mark ,

account 102 Fonds propres
account 2183 Matériel
account 28183 Amortissements du matériel
account 512 Banque
account 6811 Dotations aux amortissements
account 756 Cotisations

";

const COMPUTER: &str = "2024-01-02 * (OD-0001) Ordinateur  ; piece: a.pdf
    2183 Matériel  900,00 €
    102 Fonds propres  -900,00 €

2024-12-31 * (INV-0001) Amortissement  ; piece: b.pdf
    6811 Dotations aux amortissements  300,00 €
    28183 Amortissements du matériel  -300,00 €
";

#[test]
fn a_ledger_of_other_entries_is_seen() {
    let fewer = COMPUTER.split("\n\n").next().unwrap();
    let found = one("E5", COMPUTER, Some(fewer), None);
    assert!(found.blocks(), "{found:#?}");
    assert_eq!(one("E5", COMPUTER, None, None).outcome, Outcome::Sound);
}

#[test]
fn fixed_assets_against_their_register() {
    let euros = |cents: i64| Sum::of(Number::new(cents, 2));
    let register = |gross: i64, depreciation: i64| FixedAssets {
        gross: BTreeMap::from([("2183".to_owned(), euros(gross))]),
        depreciation: BTreeMap::from([("28183".to_owned(), euros(depreciation))]),
        exhausted: Vec::new(),
    };
    let look = |assets: Option<&FixedAssets>| one("W3", COMPUTER, None, assets);
    assert!(matches!(look(None).outcome, Outcome::Unverified { .. }));
    assert_eq!(look(Some(&register(90_000, 30_000))).outcome, Outcome::Sound);
    let told = |assets: FixedAssets| {
        let found = look(Some(&assets));
        assert!(found.awaits_justification(), "{found:#?}");
        found.evidence.iter().map(|fact| fact.words.clone()).collect::<Vec<_>>().join(" | ")
    };
    assert!(told(register(80_000, 30_000)).contains("2183 : 900,00\u{a0}€ aux comptes, 800,00"));
    assert!(told(register(20_000, 30_000)).contains("28183 : valeur nette de −100,00"));
    let spent = FixedAssets {
        exhausted: vec![("Ordinateur".to_owned(), Span::default())],
        ..register(90_000, 30_000)
    };
    assert!(told(spent).contains("Ordinateur : amorti, et doté encore"));
    let none = "2024-01-02 * (OD-0001) Ville  ; piece: a.pdf\n    512 Banque  1,00 €\n    756 Cotisations  -1,00 €\n";
    assert_eq!(one("W3", none, None, None).outcome, Outcome::Sound);
}
