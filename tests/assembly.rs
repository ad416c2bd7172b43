//! The general assembly from the books: every table, the published figures, the folder and its check.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use proptest::prelude::*;
use serde_json::Value;

use crate::harness::{Run, compta, copy, expect, folder, none, region, root, typed};

fn json(run: Run) -> Value {
    serde_json::from_str(&run.ok()).unwrap()
}

#[test]
fn each_table_has_its_golden() {
    let mut failures = Vec::new();
    let home = root().join("fixtures/ag-2025");
    for (name, arguments) in [
        ("principaux-2024", "principaux 2024"),
        ("subventions-2024", "subventions 2024"),
        ("subventions-2023", "subventions 2023"),
        ("repartition-2024", "repartition 2024"),
        ("adhesions-2024", "adhesions 2024"),
        ("resolutions-2024", "resolutions 2024"),
        ("programmes-2024", "programmes 2024"),
        ("compte-rendu-R-ADEME-2023-2024", "compte-rendu R-ADEME-2023-2024"),
        ("annexe-2024", "annexe 2024"),
        ("tresorerie-2024", "tresorerie 2024"),
        ("tresorerie-2025", "tresorerie 2025"),
    ] {
        for (extension, format) in [("txt", "text"), ("csv", "csv"), ("json", "json")] {
            let found = typed(&region(), &format!("{arguments} -O {format}")).ok();
            expect(&home.join(format!("{name}.{extension}")), &found, &mut failures);
        }
    }
    let mut screens = String::new();
    for line in [
        "cotisation --budget 4000000",
        "cotisation --budget 1499999,99",
        "cotisation --budget 1500000",
        "cotisation --budget 10000000",
        "cotisation --budget 10000000,01 2024",
        "cotisation --budget 4000000 -O json",
        "cotisation --budget beaucoup",
        "cotisation --budget 4000000 2019",
        "repartition 2024 --couts",
        "repartition 2024 --couts --financements",
        "compte-rendu R-ADEME",
        "ag 2024 -O csv",
        "ag 2024 --contre absent.toml",
        "ag 2024 --check absent",
        "-f principal.journal subventions 2024",
    ] {
        let run = typed(&region(), line);
        let _ = writeln!(screens, "$ compta {line}\n{}", run.screen());
    }
    expect(&root().join("fixtures/commandes/ag-refus.txt"), &screens, &mut failures);
    none(&failures);
}

/// Verdict and reasons, by key and column.
fn verdicts(file: &str) -> BTreeMap<(String, String), (String, String)> {
    let run = compta(&region(), &["ag", "2024", "--contre", file, "-O", "json"]);
    let made: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.screen()));
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let mut all = BTreeMap::new();
    for row in made["rows"].as_array().unwrap() {
        let column = format!(
            "{} {}",
            text(row, "colonne"),
            if row["livres"].is_null() { text(row, "publie") } else { String::new() }
        );
        all.insert(
            (text(row, "cle"), column.trim().to_owned()),
            (text(row, "verdict"), text(row, "raison")),
        );
    }
    all
}

const FIGURES: &str = "fixtures/ag-2025/figures.toml";

#[test]
fn every_published_figure_is_identical_but_one() {
    let file = root().join(FIGURES);
    let all = verdicts(file.to_str().unwrap());
    assert!(all.len() > 220, "{} figures and labels", all.len());
    let other: Vec<_> = all.iter().filter(|(_, (verdict, _))| verdict != "identique").collect();
    let told: Vec<String> = other
        .iter()
        .map(|((key, column), (verdict, reason))| format!("{key} {column}: {verdict}, {reason}"))
        .collect();
    assert_eq!(
        told,
        [
            "bilan.passif.total_general n: arrondi, total sans une de ses lignes",
            "bilan.passif.total_general_care n: expliqué, somme sur une cellule vide",
        ]
    );
    let reason = |key: &str| all[&(key.to_owned(), "n".to_owned())].1.clone();
    assert_eq!(reason("bilan.passif.resultat_care"), "stock dans un flux");
    assert_eq!(reason("principaux.resultat_care"), "stock dans un flux");
    assert_eq!(reason("care.resultat_care"), "stock dans un flux");
    assert_eq!(
        reason("bilan.passif.total_fonds_propres_care"),
        "dette ajoutée à des fonds propres"
    );
    let speaking = all.values().filter(|(_, reason)| !reason.is_empty()).count();
    assert_eq!(speaking, 7, "no rule cries wolf");
}

/// What is replaced by what, then the key, the column, the verdict and the rule.
const PLANTED: &[(&str, &str, &str, &str, &str, &str)] = &[
    // A total without one of its rows, of its sub-rows, on either side.
    (
        "net = 877817,",
        "net = 825817,",
        "bilan.actif.total_actif_circulant",
        "net",
        "expliqué",
        "total sans une de ses lignes",
    ),
    (
        "n = 681423,",
        "n = 661302,",
        "resultat.charges.total_charges",
        "n",
        "expliqué",
        "total sans une de ses lignes",
    ),
    (
        "net = 910489,",
        "net = 552031,",
        "bilan.actif.total_general",
        "net",
        "expliqué",
        "total qui ne peut venir de ses parties imprimées",
    ),
    (
        "net = 910489,",
        "net = 551843,",
        "bilan.actif.total_general",
        "net",
        "expliqué",
        "total sans une de ses lignes",
    ),
    // A debt in equity, a stock in a flow.
    (
        "situation_nette              = { n = 409275",
        "situation_nette = { n = 426105",
        "bilan.passif.situation_nette",
        "n",
        "expliqué",
        "dette ajoutée à des fonds propres",
    ),
    (
        "n = 1908,",
        "n = 4533,",
        "resultat.charges.68_dap_dette_ecologique",
        "n",
        "expliqué",
        "stock dans un flux",
    ),
    (
        "resultat_net                 = { n = 239,",
        "resultat_net = { n = -1915,",
        "resultat.charges.resultat_net",
        "n",
        "expliqué",
        "stock dans un flux",
    ),
    // A total that its parts cannot give; figures that are merely wrong.
    (
        "n = 464061,",
        "n = 470000,",
        "bilan.passif.total_dettes",
        "n",
        "expliqué",
        "total qui ne peut venir de ses parties imprimées",
    ),
    (
        "loyer_assurance              = { n = 34322",
        "loyer_assurance = { n = 34372",
        "repartition_couts.loyer_assurance",
        "n",
        "écart",
        "",
    ),
    ("net = 52000,", "net = 52001,", "bilan.actif.creances_clients", "net", "écart", ""),
    ("n = \"4079.16\"", "n = \"4079.17\"", "resolutions.interessement_brut", "n", "écart", ""),
    (
        "collectivites                = { n = 34",
        "collectivites = { n = 33",
        "adherents.collectivites",
        "n",
        "écart",
        "",
    ),
];

/// What is replaced by what, and what is said of it.
const SLIPS: &[(&str, &str, &str)] = &[
    ("net = 910489,", "net = 901489,", "deux chiffres voisins sont intervertis : 910 489"),
    ("n = 464061,", "n = 580000,", "ses parties imprimées font 464 061"),
    (
        "n = 681423,",
        "n = 701544,",
        "63 - Impôts et taxes (taxe sur les salaires et formation) » (20 121 €) y est deux fois",
    ),
    (
        "resultat_exploitation        = { n = -11709",
        "resultat_exploitation = { n = 11709",
        "le signe est inversé",
    ),
    (
        "resultat_net                 = { n = 239,",
        "resultat_net = { n = 4776,",
        "c’est le chiffre de la colonne `n1`",
    ),
    ("net = 52000,", "net = 5200,", "un facteur 10 sépare les deux"),
    (
        "fonds_propres_hors_provisions = { n = 409000",
        "fonds_propres_hors_provisions = { n = 444000",
        "écart",
    ),
];

/// The words of a screen on one line, with plain spaces.
fn unwrapped(screen: &str) -> String {
    let plain = screen.replace(['\u{202f}', '\u{a0}'], " ");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Errors planted in a published file, each found by its rule; a plain mistake stays a gap.
#[test]
fn planted_errors_are_explained_and_mistakes_are_not() {
    let text = fs::read_to_string(root().join(FIGURES)).unwrap();
    let home = folder();
    let plant = |from: &str, to: &str| {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        let path = home.path().join("publie.toml");
        fs::write(&path, text.replace(from, to)).unwrap();
        verdicts(path.to_str().unwrap())
    };
    for (from, to, key, column, verdict, reason) in PLANTED {
        let found = plant(from, to)[&((*key).to_owned(), (*column).to_owned())].clone();
        assert_eq!(found, ((*verdict).to_owned(), (*reason).to_owned()), "{key} {to}");
    }
    // A total that contradicts its own parts is known why, and stops CI all the same.
    for (from, to, words) in SLIPS {
        let path = home.path().join("publie.toml");
        assert_eq!(text.matches(from).count(), 1, "{from}");
        fs::write(&path, text.replace(from, to)).unwrap();
        let run = compta(&region(), &["ag", "2024", "--contre", path.to_str().unwrap()]);
        assert_eq!(run.code, 1, "{to}");
        assert!(unwrapped(&run.out).contains(words), "{to}: {}", run.out);
    }
    // A sum over another empty cell: the row is printed, its figure is not.
    let emptied = text
        .replace(
            "dettes_fournisseurs          = { n = 16830, n1 = 26155,",
            "dettes_fournisseurs = { n1 = 26155,",
        )
        .replace("n = 464061,", "n = 447231,");
    let path = home.path().join("vide.toml");
    fs::write(&path, emptied).unwrap();
    let found = verdicts(path.to_str().unwrap());
    let found = &found[&("bilan.passif.total_dettes".to_owned(), "n".to_owned())];
    assert_eq!(found.1, "somme sur une cellule vide");
}

#[test]
fn the_dossier_is_written_whole_and_checked_to_the_byte() {
    let home = folder();
    let books = home.path().join("livres");
    copy(&region(), &books);
    assert_eq!(typed(&books, "ag 2024 -o sorties/ag-2024").ok(), "");
    let target = books.join("sorties/ag-2024");
    let manifest: Value =
        serde_json::from_slice(&fs::read(target.join("manifeste.json")).unwrap()).unwrap();
    let files = manifest["files"].as_array().unwrap();
    assert_eq!(files.len() + 1, fs::read_dir(&target).unwrap().count());
    assert!(manifest["journals"].as_array().unwrap().len() > 15);
    let policy: Vec<&str> =
        manifest["policy"].as_array().unwrap().iter().filter_map(|f| f["name"].as_str()).collect();
    assert!(policy.contains(&"compta.toml") && policy.contains(&"conventions.toml"), "{policy:?}");
    assert_eq!(typed(&books, "ag 2024 --check sorties/ag-2024").code, 0);
    assert_eq!(typed(&books, "ag 2024 -o sorties/ag-2024").code, 0, "it may be made again");
    // The same dossier on another machine: the same bytes.
    let other = home.path().join("ailleurs");
    copy(&region(), &other);
    assert_eq!(compta(&other, &["ag", "2024", "--check", target.to_str().unwrap()]).code, 0);
    // A file that is not of the dossier would pass for a table of the assembly.
    fs::write(target.join("faux-bilan.txt"), "faux").unwrap();
    let run = typed(&books, "ag 2024 --check sorties/ag-2024");
    assert_eq!((run.code, run.out.as_str()), (1, "faux-bilan.txt : n’est pas de ce dossier\n"));
    fs::remove_file(target.join("faux-bilan.txt")).unwrap();
    // One byte of one file.
    let path = target.join("resolutions.csv");
    let bytes = fs::read_to_string(&path).unwrap();
    fs::write(&path, bytes.replace("4079.16", "4079.17")).unwrap();
    let run = typed(&books, "ag 2024 --check sorties/ag-2024");
    assert_eq!(run.code, 1);
    assert!(
        run.out.contains("-resolutions,resolutions.interessement_brut")
            && run.out.contains("4079.17"),
        "{}",
        run.screen()
    );
    assert!(run.err.contains("resolutions.csv"), "{}", run.screen());
    fs::write(&path, bytes).unwrap();
    // One cent in the books moves tables.
    let journal = books.join("2024/ventes.journal");
    let text = fs::read_to_string(&journal).unwrap();
    fs::write(&journal, text.replacen("1 654,20 €", "1 654,21 €", 2)).unwrap();
    let run = typed(&books, "ag 2024 --check sorties/ag-2024");
    assert_eq!(run.code, 1, "{}", run.screen());
    assert!(run.err.contains("manifeste.json"), "{}", run.screen());
    // A folder that holds something else is left alone.
    fs::write(target.join("discours.odt"), "bonjour").unwrap();
    let run = typed(&books, "ag 2024 -o sorties/ag-2024");
    assert_eq!(run.code, 2, "{}", run.screen());
    assert!(target.join("discours.odt").exists());
    let run = typed(&books, "ag 2024 -o .");
    assert_eq!(run.code, 2, "{}", run.screen());
}

#[test]
fn no_table_comes_from_unsound_registers() {
    let home = folder();
    copy(&region(), home.path());
    let path = home.path().join("conventions.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("\nmontant = 90000\n", "\nmontant = 9000\n", 1)).unwrap();
    for line in ["subventions 2024", "ag 2024", "ag 2024 -o sorties", "bilan 2024", "check"] {
        let run = typed(home.path(), line);
        assert_eq!(run.code, 1, "{line}: {}", run.screen());
        assert!(run.screen().contains("E0807"), "{line}: {}", run.screen());
        assert!(line == "check" || run.out.is_empty(), "{line}");
    }
    assert!(!home.path().join("sorties").exists());
}

/// The amounts of a table's rows, by key and column, in cents.
fn cents(found: &Value) -> BTreeMap<(String, String), i64> {
    let mut all = BTreeMap::new();
    for row in found["rows"].as_array().unwrap() {
        for (column, amount) in row["amounts"].as_object().unwrap() {
            if let Some(text) = amount.as_str() {
                let cents = text.replace('.', "").parse::<i64>().unwrap();
                all.insert((row["key"].as_str().unwrap().to_owned(), column.clone()), cents);
            }
        }
    }
    all
}

#[test]
fn the_tables_of_the_region_agree_with_its_accounts() {
    for year in ["2023", "2024"] {
        let made = cents(&json(compta(&region(), &["resultat", year, "-O", "json"])));
        let of = |key: &str| made[&(key.to_owned(), "n".to_owned())];
        let table = |name: &str| cents(&json(typed(&region(), &format!("{name} {year} -O json"))));
        let at = |found: &BTreeMap<(String, String), i64>, key: &str, column: &str| {
            found[&(key.to_owned(), column.to_owned())]
        };
        let subsidies = table("subventions");
        let rows =
            of("resultat.produits.70_ventes") + of("resultat.produits.74_subventions_partenariats");
        assert_eq!(at(&subsidies, "detail_subventions.total", "n"), rows, "{year}");
        let programmes = table("programmes");
        assert_eq!(
            at(&programmes, "programmes.resultat", "n"),
            of("resultat.charges.resultat_net")
        );
        assert_eq!(
            at(&programmes, "programmes.total_charges", "n"),
            of("resultat.charges.total_charges")
        );
        let pies = table("repartition");
        assert_eq!(at(&pies, "repartition_couts.total", "n"), of("resultat.charges.total_charges"));
        assert_eq!(
            at(&pies, "repartition_financements.total", "n"),
            of("resultat.produits.total_produits")
        );
        let bilan = cents(&json(compta(&region(), &["bilan", year, "-O", "json"])));
        let deferred =
            bilan[&("bilan.passif.produits_constates_d_avance".to_owned(), "n".to_owned())];
        assert_eq!(at(&subsidies, "detail_subventions.total", "constate_d_avance"), deferred);
        let cash = table("tresorerie");
        let held: i64 = ["disponibilites", "valeurs_mobilieres_cat"]
            .iter()
            .map(|row| bilan[&(format!("bilan.actif.{row}"), "net".to_owned())])
            .sum();
        assert_eq!(at(&cash, "tresorerie.total", "cloture"), held, "{year}");
        // A subsidy granted is received and still to be received, once it is notified.
        let made = json(typed(&region(), &format!("subventions {year} -O json")));
        let mut seen = 0;
        for row in made["rows"].as_array().unwrap() {
            let key = row["key"].as_str().unwrap();
            let both = || at(&subsidies, key, "recu") + at(&subsidies, key, "a_recevoir");
            if row["words"]["nature"] == "subvention" && both() != 0 {
                assert_eq!(both(), at(&subsidies, key, "accorde"), "{year} {key}");
                seen += 1;
            }
        }
        assert!(seen >= 15, "{seen} subsidies");
    }
}

/// A line of random books: account, cents, what it is tagged with.
fn lines() -> impl Strategy<Value = Vec<(usize, i64, usize)>> {
    prop::collection::vec((0..8_usize, -500_000..500_000_i64, 0..6_usize), 1..40)
}

const ACCOUNTS: [&str; 8] = [
    "604 Achats d'études et prestations de services",
    "6251 Voyages et déplacements",
    "641 Rémunérations du personnel",
    "6894 Reports en fonds dédiés",
    "706 Prestations de services",
    "74 Subventions",
    "756 Cotisations",
    "7894 Utilisations de fonds dédiés",
];

/// What a line of that account may be tagged with: a convention bears its own accounts alone.
fn tag(account: usize, rank: usize) -> &'static str {
    const PLAIN: [&str; 5] = ["", "programme: A", "programme: B", "partenaire: Z", "programme: F"];
    match (account, rank) {
        (4, 5) => "convention: FACTURE",
        (6, 5) => "",
        (_, 5) => "convention: VILLE",
        (_, rank) => PLAIN[rank],
    }
}

/// Random books in a folder, with every register; a pie takes no slice below zero.
fn books(home: &std::path::Path, lines: &[(usize, i64, usize)], pies: bool) {
    let mut journal = String::from(
        "decimal-mark ,\n\naccount 74 Subventions\naccount 706 Prestations de services\naccount 641 Rémunérations du personnel\naccount 6894 Reports en fonds dédiés\naccount 7894 Utilisations de fonds dédiés\n",
    );
    for (rank, (account, amount, tagged)) in lines.iter().enumerate() {
        let usual = if *account < 4 { amount.abs() } else { -amount.abs() };
        let amount = if pies { usual } else { *amount };
        let sign = if amount < 0 { "-" } else { "" };
        let (euros, cents) = (amount.abs() / 100, amount.abs() % 100);
        let _ = write!(
            journal,
            "\n2024-{:02}-15 * (OD-{:04}) Essai  ; piece: x\n    {}  {sign}{euros},{cents:02} €  ; {}\n    512 Banques\n",
            rank % 12 + 1,
            rank + 1,
            ACCOUNTS[*account],
            tag(*account, *tagged),
        );
    }
    let convention = |id: &str, kind: &str| {
        format!(
            "[[convention]]\nid = \"{id}\"\npartenaire = \"Ville\"\nfinanceur = \"commune\"\ngenre = \"{kind}\"\nprogramme = \"A\"\nmontant = 99999999\ndebut = 2024-01-01\nfin = 2024-12-31\nnotification = 2024-01-01\n"
        )
    };
    let slice = |key: &str, accounts: &str| {
        format!(
            "[[{key}.tranche]]\ncle = \"t{accounts}\"\nlibelle = \"{accounts}\"\ncomptes = \"{accounts}\"\n"
        )
    };
    let mut files = vec![
        ("principal.journal", journal),
        ("compta.toml", "[entite]\nnom = \"Essai\"\n".to_owned()),
        (
            "programmes.toml",
            "[[programme]]\ncode = \"A\"\nnom = \"A\"\n[[programme]]\ncode = \"B\"\nnom = \"B\"\n[[programme]]\ncode = \"F\"\nnom = \"F\"\nstructure = true\n[[cle]]\nnom = \"temps\"\ncomptes = \"64 62\"\nparts = { A = 33.3, B = 33.3, F = 33.4 }\n".to_owned(),
        ),
        ("conventions.toml", convention("VILLE", "subvention") + &convention("FACTURE", "facture")),
    ];
    if pies {
        let slices: String = ["60", "62", "64", "68"].map(|a| slice("couts", a)).concat();
        let incomes: String = ["70", "74", "75", "78"].map(|a| slice("financements", a)).concat();
        files.push(("repartition.toml", slices + &incomes));
    }
    for (name, text) in files {
        fs::write(home.join(name), text).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Whatever the tags, the sums of the analytic tables are those of the accounts.
    #[test]
    fn analytic_sums_are_the_accounts(lines in lines(), pies in any::<bool>()) {
        let home = folder();
        books(home.path(), &lines, pies);
        let made = cents(&json(typed(home.path(), "resultat 2024 -O json")));
        let of = |key: &str| made.get(&(key.to_owned(), "n".to_owned())).copied().unwrap_or_default();
        let programmes = cents(&json(typed(home.path(), "programmes 2024 -O json")));
        let at = |key: &str, column: &str| programmes[&(key.to_owned(), column.to_owned())];
        prop_assert_eq!(at("programmes.resultat", "n"), of("resultat.charges.resultat_net"));
        prop_assert_eq!(at("programmes.total_charges", "n"), of("resultat.charges.total_charges"));
        prop_assert_eq!(at("programmes.charges_apres_repartition", "n"), of("resultat.charges.total_charges"));
        for key in ["programmes.resultat", "programmes.charges_apres_repartition"] {
            prop_assert_eq!(at(key, "a") + at(key, "b") + at(key, "f"), at(key, "n"));
        }
        let subsidies = cents(&json(typed(home.path(), "subventions 2024 -O json")));
        let told = |key: &str| subsidies[&(key.to_owned(), "n".to_owned())];
        let rows = of("resultat.produits.70_ventes") + of("resultat.produits.74_subventions_partenariats");
        prop_assert_eq!(told("detail_subventions.total"), rows);
        prop_assert_eq!(told("rapprochement.produits"), rows);
        prop_assert_eq!(told("rapprochement.produits.ecart"), 0);
        if pies {
            let pies = cents(&json(typed(home.path(), "repartition 2024 -O json")));
            let total = |key: &str| pies[&(key.to_owned(), "n".to_owned())];
            prop_assert_eq!(total("repartition_couts.total"), of("resultat.charges.total_charges"));
            prop_assert_eq!(total("repartition_financements.total"), of("resultat.produits.total_produits"));
        }
    }
}

/// What is shared is what the structure bought without a convention, on the accounts of the key, in the
/// years of the key: neither the costs of another programme nor those that a convention bears.
#[test]
fn what_is_shared_is_of_the_structure_alone() {
    let home = folder();
    let write = |name: &str, text: &str| fs::write(home.path().join(name), text).unwrap();
    write("compta.toml", "[entite]\nnom = \"Essai\"\n");
    write(
        "programmes.toml",
        "[[programme]]\ncode = \"A\"\nnom = \"Ateliers\"\n\n[[programme]]\ncode = \"B\"\nnom = \"Balades\"\n\n[[programme]]\ncode = \"F\"\nnom = \"Structure\"\nstructure = true\n\n[[cle]]\nnom = \"Locaux\"\nexercice = \"2024\"\ncomptes = \"61\"\nparts = { A = 60, B = 40 }\nsource = \"surfaces\"\n",
    );
    write(
        "conventions.toml",
        "[[convention]]\nid = \"VILLE\"\npartenaire = \"Ville\"\nfinanceur = \"commune\"\ngenre = \"subvention\"\nprogramme = \"F\"\nmontant = 100\ndebut = 2024-01-01\nfin = 2024-12-31\n",
    );
    let entry = |day: &str, account: &str, euros: &str, tag: &str| {
        format!("{day} * Achat\n    {account}  {euros} €{tag}\n    512 Banques  -{euros} €\n\n")
    };
    let (rent, paper) = ("6132 Locations immobilières", "6064 Fournitures administratives");
    let text = [
        entry("2023-03-01", rent, "7,00", ""),
        entry("2024-03-01", rent, "100,00", ""),
        entry("2024-03-02", rent, "50,00", "  ; programme: A"),
        entry("2024-03-03", paper, "10,00", ""),
        entry("2024-03-04", rent, "30,00", "  ; convention: VILLE"),
        entry("2024-03-05", rent, "0,01", "  ; programme: F"),
    ];
    write("principal.journal", &format!("decimal-mark ,\n\n{}", text.concat()));
    let rows = |year: &str| {
        let csv = typed(home.path(), &format!("programmes {year} -O csv")).ok();
        csv.lines()
            .filter(|row| row.contains("programmes.charges_") || row.contains(".resultat,"))
            .map(|row| row.split(',').skip(4).take(4).collect::<Vec<_>>().join(" "))
            .collect::<Vec<String>>()
    };
    assert_eq!(
        rows("2024"),
        ["60.01 40.00 -100.01 0.00", "110.01 40.00 40.00 190.01", "-110.01 -40.00 -40.00 -190.01"]
    );
    let before = rows("2023");
    assert!(before.iter().any(|row| row.contains("7.00")), "{before:?}");
    assert!(before.iter().all(|row| !row.contains("4.20")), "{before:?}");
}
