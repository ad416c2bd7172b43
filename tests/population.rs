//! The auditor's bench: populations that tie and that anybody can rebuild, samples that anybody can
//! draw again, and lead schedules whose cycles are a partition.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use compta::chart::Edition;
use compta::diagnostic::SourceMap;
use compta::ledger::{Annual, Ledger, View};
use compta::measure::{Number, Sum};
use compta::statement::audit::{
    Cycles, Digest, Limits, Method, Population, Wanted, cycles, leads, sample,
};
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::harness::{compta, copy, expect, folder, none, region, root, typed};
use crate::laws::{books, sound, sound_world};

/// What a shell prints, in a folder.
fn shell(home: &Path, script: &str) -> String {
    let output = Command::new("bash").args(["-c", script]).current_dir(home).output().unwrap();
    assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn json(home: &Path, line: &[&str]) -> Value {
    serde_json::from_str(&compta(home, &[line, &["-O", "json"]].concat()).ok()).unwrap()
}

/// The columns of a CSV, record by record.
fn records(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let record = |record: Result<csv::StringRecord, csv::Error>| {
        let cells: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
        head.iter().cloned().zip(cells).collect()
    };
    reader.records().map(record).collect()
}

#[test]
fn the_screens_of_the_auditor() {
    let mut failures = Vec::new();
    let seeded = "--graine 2025-03-12";
    for (name, line) in [
        ("population-2024.txt", "population 2024 --compte 62"),
        ("population-2024.json", "population 2024 --compte 51 -O json"),
        ("population-2024.csv", "population 2024 --compte 622 -O csv"),
        ("population-2024-texte.txt", "population 2024 --compte 622 --texte"),
        ("population-care-2024.txt", "population 2024 --compte 40 --compte C --care"),
        ("population-journal.txt", "population 2024 --compte 62 --journal BQ --journal OD"),
        ("sondage-seuil.txt", "sondage 2024 --compte 62 --methode seuil --seuil 1500"),
        (
            "sondage-aleatoire.txt",
            &format!("sondage 2024 --compte 6 --methode aleatoire --taille 6 {seeded}"),
        ),
        (
            "sondage-aleatoire.json",
            &format!("sondage 2024 --compte 62 --methode aleatoire --taille 2 {seeded} -O json"),
        ),
        (
            "sondage-unites.txt",
            &format!("sondage 2024 --compte 74 --methode unites --taille 9 {seeded}"),
        ),
        (
            "sondage-unites-excel.csv",
            &format!("sondage 2024 --compte 74 --methode unites --taille 9 {seeded} -O csv-excel"),
        ),
        ("feuilles-2024.txt", "feuilles 2024"),
        ("feuilles-2024-excel.csv", "feuilles 2024 -O csv-excel"),
        ("feuilles-2024.json", "feuilles 2024 -O json"),
        ("feuilles-care-2024.txt", "feuilles 2024 --care --seuil 2000 --pourcent 50"),
        ("feuilles-2023.txt", "feuilles 2023"),
        ("aide-sondage.txt", "sondage --help"),
    ] {
        let path = root().join("fixtures/commandes").join(name);
        expect(&path, &typed(&region(), line).ok(), &mut failures);
    }
    none(&failures);
}

#[test]
fn what_an_auditor_cannot_ask_is_said_so() {
    let mut failures = Vec::new();
    let mut screens = String::new();
    for line in [
        "population 2024 --compte 999",
        "population 2024 --compte 62 --compte 9",
        "population 2024 --compte 62 --journal ZZ",
        "population 2024 --compte 62 --texte -O csv",
        "population 2024 --compte 695 --compte 9 --journal BQ",
        "population 1999 --compte 6",
        "population 2024 --tout",
        "sondage 2024 --compte 6",
        "sondage 2024 --compte 6 --methode hasard",
        "sondage 2024 --compte 6 --methode aleatoire --taille 10",
        "sondage 2024 --compte 6 --methode aleatoire --graine x",
        "sondage 2024 --compte 6 --methode aleatoire --taille 0 --graine x",
        "sondage 2024 --compte 6 --methode aleatoire --taille dix --graine x",
        "sondage 2024 --compte 6 --methode aleatoire --taille 5 --graine x --seuil 100",
        "sondage 2024 --compte 6 --methode unites --taille 5",
        "sondage 2024 --compte 6 --methode seuil",
        "sondage 2024 --compte 6 --methode seuil --seuil beaucoup",
        "sondage 2024 --compte 6 --methode seuil --seuil 0",
        "sondage 2024 --compte 6 --methode seuil --seuil 100 --taille 3",
        "sondage 2024 --compte 6 --methode seuil --seuil 100 --graine x",
        "feuilles 1999",
        "feuilles 2024-T2",
        "feuilles --tout",
        "feuilles 2024 --seuil beaucoup",
        "feuilles 2024 --pourcent 1,234",
    ] {
        let run = typed(&region(), line);
        assert_eq!(run.code, 2, "{line}: {}", run.screen());
        assert!(run.out.is_empty(), "{line}: data on stdout");
        screens.push_str(&format!("$ compta {line}\n{}\n", run.screen()));
    }
    for seed in ["", "  ", "deux\nlignes"] {
        let line = [
            "sondage",
            "--compte",
            "6",
            "--methode",
            "aleatoire",
            "--taille",
            "5",
            "--graine",
            seed,
        ];
        let run = compta(&region(), &line);
        assert_eq!(run.code, 2, "{seed:?}: {}", run.screen());
    }
    expect(&root().join("fixtures/commandes/auditeur-refus.txt"), &screens, &mut failures);
    none(&failures);
}

/// `sha256sum` and `sort`, which know nothing of compta, agree; and the CSV has the same fields.
#[test]
fn the_canonical_text_is_what_it_says() {
    let home = folder();
    let out = home.path().join("population.txt");
    for line in [
        &["population", "2024", "--compte", "6"][..],
        &["population", "2024"],
        &["population", "2023", "--care"],
        &["population", "2024-T3", "--compte", "401:SNCF", "--compte", "7"],
        &["population", "--tout", "--journal", "ACH"],
    ] {
        let target = ["--texte", "-o", out.to_str().unwrap()];
        assert_eq!(compta(&region(), &[line, &target].concat()).ok(), "");
        let facts = json(&region(), line);
        let sum = shell(home.path(), "sha256sum population.txt | cut -c1-64");
        assert_eq!(facts["sha256"], sum.trim(), "{line:?}");
        shell(home.path(), "LC_ALL=C sort -c population.txt");
        let text = fs::read_to_string(&out).unwrap();
        assert_eq!(facts["lines"], text.lines().count().to_string());
        let table = compta(&region(), &[line, &["-O", "csv"]].concat()).ok();
        let fields = ["date", "numero", "rang", "compte", "montant", "piece", "libelle"];
        let rebuilt: String = records(&table)
            .iter()
            .map(|row| fields.map(|field| row[field].clone()).join("\t") + "\n")
            .collect();
        assert_eq!(rebuilt, text, "{line:?}");
        let bytes = compta(&region(), &[line, &["--texte"]].concat()).ok();
        assert_eq!(bytes, text, "on stdout too");
    }
}

/// Anybody rebuilds it: from the journal as another program would read it.
#[test]
fn a_population_is_rebuilt_from_the_journal() {
    let journal = records(&compta(&region(), &["journal", "2024", "-O", "csv"]).ok());
    let (mut lines, mut last, mut rank) = (Vec::new(), String::new(), 0);
    for row in &journal {
        // Each entry of these books has a number of its own.
        let entry = format!("{} {}", row["date"], row["numero"]);
        rank = if entry == last { rank + 1 } else { 1 };
        last = entry;
        let amount = match row["credit"].as_str() {
            "" => row["debit"].clone(),
            credit => format!("-{credit}"),
        };
        if row["compte"].starts_with('6') {
            let (date, code, account) = (&row["date"], &row["numero"], &row["compte"]);
            let (piece, label) = (&row["piece"], &row["ecriture"]);
            lines.push(format!(
                "{date}\t{code}\t{rank:03}\t{account}\t{amount}\t{piece}\t{label}\n"
            ));
        }
    }
    lines.sort();
    let facts = json(&region(), &["population", "2024", "--compte", "6"]);
    assert_eq!(facts["sha256"], Digest::of(lines.concat().as_bytes()).to_string());
}

/// The balance that ties is that of `compta balance`, and that of hledger.
#[test]
fn populations_tie_to_other_programs() {
    for (period, view) in
        [("2024", &[][..]), ("2024", &["--care"]), ("2024-T2", &[]), ("2023-11", &["--care"])]
    {
        let balance = compta(&region(), &[&["balance", period, "-O", "csv"], view].concat()).ok();
        let made = json(&region(), &[&["population", period], view].concat());
        let mut expected: Vec<[String; 4]> = records(&balance)
            .into_iter()
            .filter(|row| row["unite"] == "EUR")
            .map(|row| ["compte", "debit", "credit", "solde"].map(|field| row[field].clone()))
            .collect();
        let mut found: Vec<[String; 4]> = made["rows"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|row| row["role"] == "line")
            .map(|row| {
                let of = |field: &str| row["amounts"][field].as_str().unwrap().to_owned();
                assert_eq!(of("solde"), of("balance"));
                [row["key"].as_str().unwrap().to_owned(), of("debit"), of("credit"), of("solde")]
            })
            .collect();
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "{period} {view:?}");
    }
    let door = region().join("principal.journal");
    let made = json(&root(), &["-f", door.to_str().unwrap(), "population", "--compte", "6"]);
    let theirs = crate::hledger::hledger(
        &[&door],
        &["balance", "^6", "--real", "--flat", "-O", "csv", "-c", "1,00 €"],
    )
    .unwrap();
    let total: Decimal = crate::hledger::parsed(&theirs)
        .iter()
        .filter(|((account, _), _)| account.starts_with('6'))
        .map(|(_, amount)| *amount)
        .sum();
    assert_eq!(made["balance"].as_str().unwrap().parse::<Decimal>().unwrap(), total);
}

/// Opening lines are counted apart, and only where the accounts are of the balance sheet.
#[test]
fn openings_are_said_to_be_there() {
    let of = |account: &str| json(&region(), &["population", "2024", "--compte", account]);
    assert_eq!(of("6")["opening_lines"], "0");
    assert_eq!(of("512")["opening_lines"], "3");
    assert_eq!(of("512")["opening_balance"], "357382.56");
    let screen = typed(&region(), "population 2024 --compte 512").ok();
    assert!(screen.contains("dont à-nouveaux : 3 lignes"), "{screen}");
    assert!(!typed(&region(), "population 2024 --compte 6").ok().contains("à-nouveaux :"));
}

/// A draw by hash, drawn again by a shell that has `sha256sum` and `sort`.
#[test]
fn a_random_sample_is_drawn_again_by_hand() {
    let home = folder();
    let text = compta(&region(), &["population", "2024", "--compte", "62", "--texte"]).ok();
    fs::write(home.path().join("population.txt"), text).unwrap();
    let seed = "L'été, 12 mars 2025";
    let line = [
        "sondage",
        "2024",
        "--compte",
        "62",
        "--methode",
        "aleatoire",
        "--taille",
        "15",
        "--graine",
        seed,
    ];
    let drawn = records(&compta(&region(), &[&line[..], &["-O", "csv"]].concat()).ok());
    let by_hand = shell(
        home.path(),
        "n=0; while IFS= read -r ligne; do n=$((n+1)); \
         printf '%s %s\\n' \"$(printf '%s\\n%s\\n' \"L'été, 12 mars 2025\" \"$ligne\" | sha256sum | cut -c1-64)\" $n; \
         done < population.txt | sort | head -15",
    );
    let shown: String =
        drawn.iter().map(|row| [&row["empreinte"], " ", &row["ligne"], "\n"].concat()).collect();
    assert_eq!(shown, by_hand);
    // The example that the screen gives is true as it is written.
    let screen = compta(&region(), &[&line[..], &["--largeur", "200"]].concat()).ok();
    let command = screen.lines().find_map(|line| line.strip_prefix("note : (")).unwrap();
    let rendered = shell(home.path(), &format!("({command}"));
    assert_eq!(rendered.trim_end_matches([' ', '-', '\n']), drawn[0]["empreinte"]);
    assert!(screen.contains(&drawn[0]["empreinte"]));
}

/// Lines that have the same text have each their own hash, told by the guide's own loop; which of them is
/// which does not depend on the order of files.
#[test]
fn twins_have_each_their_own_chance() {
    let home = folder();
    let entry = "2024-01-02 * Boutique | ticket\n    6257 Réceptions  10,00 €\n    530 Caisse\n\n";
    let journal = |count: usize| format!("decimal-mark ,\n\n{}", entry.repeat(count));
    fs::write(home.path().join("compta.toml"), "[entite]\nnom = \"Essai\"\n").unwrap();
    fs::write(home.path().join("a.journal"), journal(30)).unwrap();
    fs::write(home.path().join("b.journal"), journal(20)).unwrap();
    let draw = |door: &str| {
        fs::write(home.path().join("principal.journal"), door).unwrap();
        let line = "sondage --compte 6257 --methode aleatoire --taille 5 --graine 2025-03-12";
        let screen = typed(home.path(), &format!("{line} --largeur 200")).ok();
        let text = typed(home.path(), "population --compte 6257 --texte").ok();
        (records(&typed(home.path(), &format!("{line} -O csv")).ok()), screen, text)
    };
    let (drawn, screen, text) = draw("include a.journal\ninclude b.journal\n");
    assert_eq!(text.lines().count(), 50);
    assert!(text.lines().all(|line| Some(line) == text.lines().next()));
    let mut hashes: Vec<&String> = drawn.iter().map(|row| &row["empreinte"]).collect();
    hashes.dedup();
    assert_eq!(hashes.len(), 5);
    let rows: Vec<usize> = drawn.iter().map(|row| row["ligne"].parse().unwrap()).collect();
    assert_ne!(rows, [1, 2, 3, 4, 5], "the first lines have no better chance");
    // The loop of the guide gives the same draw.
    fs::write(home.path().join("population.txt"), &text).unwrap();
    let guide = fs::read_to_string(root().join("docs/guide.md")).unwrap();
    let (_, after) = guide.split_once("n=0; k=0; avant=").unwrap();
    let (own, _) = after.split_once("\n```").unwrap();
    let own = format!("n=0; k=0; avant={}", own.replace("head -4", "head -5"));
    let shown: String =
        drawn.iter().map(|row| [&row["empreinte"], " ", &row["ligne"], "\n"].concat()).collect();
    assert_eq!(shell(home.path(), &own), shown);
    let command = screen.lines().find_map(|line| line.strip_prefix("note : (")).unwrap();
    let rendered = shell(home.path(), &format!("({command}"));
    assert_eq!(rendered.trim_end_matches([' ', '-', '\n']), drawn[0]["empreinte"]);
    assert!(screen.contains("des lignes ont le même texte"), "{screen}");
    // The files in another order, the same places.
    assert_eq!(draw("include b.journal\ninclude a.journal\n").0, drawn);
}

/// A method that is missing is named with what it may be.
#[test]
fn a_missing_method_names_the_choices() {
    let run = typed(&region(), "sondage 2024 --compte 6");
    assert_eq!(run.code, 2);
    let said = "il manque --methode <MÉTHODE> : `seuil`, `aleatoire` ou `unites`";
    assert!(run.err.contains(said), "{}", run.screen());
}

/// A draw by monetary units, drawn again cent by cent from the canonical text.
#[test]
fn a_sample_by_units_is_drawn_again_by_hand() {
    for (account, sign) in [("6", 1), ("74", -1), ("512", 1), ("604", 1)] {
        let line = [
            "sondage",
            "2024",
            "--compte",
            account,
            "--methode",
            "unites",
            "--taille",
            "8",
            "--graine",
            "x y",
        ];
        let drawn = records(&compta(&region(), &[&line[..], &["-O", "csv"]].concat()).ok());
        let text = compta(&region(), &["population", "2024", "--compte", account, "--texte"]).ok();
        let cents = |line: &str| {
            let amount: Decimal = line.split('\t').nth(4).unwrap().parse().unwrap();
            i64::try_from((amount * Decimal::ONE_HUNDRED).normalize().mantissa()).unwrap() * sign
        };
        let sizes: Vec<i64> = text.lines().map(cents).collect();
        let (mut certain, mut interval) = (BTreeSet::new(), 0);
        for _ in 0..9 {
            let left: i64 = (0..sizes.len())
                .filter(|at| !certain.contains(at))
                .map(|at| sizes[at].max(0))
                .sum();
            interval = left / (8 - i64::try_from(certain.len()).unwrap());
            certain.extend((0..sizes.len()).filter(|at| sizes[*at] > interval));
        }
        let first = shell(
            Path::new("."),
            &format!(
                "echo $((0x$(printf '%s\\n' 'x y' | sha256sum | cut -c1-15) % {interval} + 1))"
            ),
        );
        let mut points: Vec<i64> = (0..8 - i64::try_from(certain.len()).unwrap())
            .map(|rank| first.trim().parse::<i64>().unwrap() + rank * interval)
            .collect();
        points.reverse();
        let (mut reached, mut expected) = (0, Vec::new());
        for (at, size) in
            sizes.iter().enumerate().filter(|(at, size)| **size > 0 && !certain.contains(at))
        {
            reached += size;
            while points.last().is_some_and(|point| *point <= reached) {
                points.pop();
                expected.push((at + 1).to_string());
            }
        }
        let of = |how: &str| -> Vec<String> {
            drawn
                .iter()
                .filter(|row| row["tirage"] == how)
                .map(|row| row["ligne"].clone())
                .collect()
        };
        assert_eq!(of("tiré"), expected, "{account}");
        let sure: BTreeSet<String> = certain.iter().map(|at| (at + 1).to_string()).collect();
        assert_eq!(of("certain").into_iter().collect::<BTreeSet<_>>(), sure, "{account}");
        assert_eq!(expected.len() + sure.len(), 8);
        assert_eq!(of("à part").len(), sizes.iter().filter(|size| **size < 0).count());
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_another() {
    let ask = |folder: &Path, method: &str, seed: &str, size: &str| {
        let line = [
            "sondage",
            "2024",
            "--compte",
            "6",
            "--methode",
            method,
            "--taille",
            size,
            "--graine",
            seed,
            "-O",
            "csv",
        ];
        compta(folder, &line).ok()
    };
    // The same books, their files included in another order.
    let home = folder();
    copy(&region(), home.path());
    let door = home.path().join("principal.journal");
    let text = fs::read_to_string(&door).unwrap();
    let (head, includes) = text.split_once("include comptes.journal\n").unwrap();
    let mut includes: Vec<&str> = includes.lines().collect();
    includes.reverse();
    fs::write(&door, format!("{head}include comptes.journal\n{}\n", includes.join("\n"))).unwrap();
    for method in ["aleatoire", "unites"] {
        let one = ask(&region(), method, "une graine", "20");
        assert_eq!(one, ask(&region(), method, "une graine", "20"));
        assert_eq!(one, ask(home.path(), method, "une graine", "20"), "the order of files");
        assert_ne!(one, ask(&region(), method, "une autre", "20"));
    }
    // A larger sample of the same seed keeps the first lines.
    let (few, many) = (
        ask(&region(), "aleatoire", "une graine", "5"),
        ask(&region(), "aleatoire", "une graine", "20"),
    );
    assert!(many.starts_with(&few));
}

/// Asked for more than there is, a draw takes everything and says so.
#[test]
fn a_size_beyond_the_population_takes_everything() {
    for method in ["aleatoire", "unites"] {
        let line = [
            "sondage",
            "2024",
            "--compte",
            "628",
            "--methode",
            method,
            "--taille",
            "500",
            "--graine",
            "x",
        ];
        let screen = compta(&region(), &line).ok();
        assert!(screen.contains("toutes sont prises"), "{screen}");
        assert!(screen.contains("soit 100,0"), "{screen}");
    }
}

fn shipped() -> Cycles {
    let mut findings = Vec::new();
    let made = cycles(None, &mut SourceMap::default(), &mut findings);
    assert!(findings.is_empty(), "{findings:?}");
    made
}

/// Every account of both shipped charts falls in exactly one cycle, and so does each subdivision.
#[test]
fn the_cycles_are_a_partition() {
    let made = shipped();
    let mut seen = BTreeSet::new();
    for edition in Edition::ALL {
        for (number, title) in edition.accounts().filter(|(number, _)| !number.starts_with('T')) {
            for number in [number.to_owned(), format!("{number}00"), format!("{number}19")] {
                for balance in [1, -1] {
                    let takers = made.takers(&number, edition, Number::new(balance, 0).sum());
                    assert_eq!(takers.len(), 1, "{number} {title}: {takers:?}");
                    seen.insert(takers[0]);
                }
            }
        }
    }
    assert_eq!(seen.len(), made.all().len(), "each cycle has an account");
    let key =
        |number: &str, edition| made.all()[made.takers(number, edition, Sum::ZERO)[0]].key.as_str();
    for (number, cycle) in [
        ("512000", "tresorerie"),
        ("401", "fournisseurs_achats"),
        ("6251", "fournisseurs_achats"),
        ("411", "clients_adhesions_produits"),
        ("756", "clients_adhesions_produits"),
        ("4417", "subventions_fonds_dedies"),
        ("194", "subventions_fonds_dedies"),
        ("689", "subventions_fonds_dedies"),
        ("789", "subventions_fonds_dedies"),
        ("487", "subventions_fonds_dedies"),
        ("428", "personnel"),
        ("6311", "personnel"),
        ("633", "personnel"),
        ("2183", "immobilisations"),
        ("68112", "immobilisations"),
        ("110", "fonds_propres"),
        ("1511", "provisions"),
        ("6815", "provisions"),
        ("444", "impots"),
        ("635", "impots"),
        ("467", "autres"),
        ("864", "contributions_volontaires"),
        ("875", "contributions_volontaires"),
    ] {
        for edition in Edition::ALL {
            assert_eq!(key(number, edition), cycle, "{number}");
        }
    }
    assert_eq!(key("757", Edition::Anc2018), "clients_adhesions_produits");
    assert_eq!(key("757", Edition::Anc2022), "immobilisations");
}

fn write(home: &Path, journal: &str) {
    fs::write(home.join("compta.toml"), "[entite]\nnom = \"Essai\"\n").unwrap();
    fs::write(home.join("principal.journal"), format!("decimal-mark ,\n\n{journal}")).unwrap();
}

/// The year before keeps its chart: an account that was renumbered stands beside what replaced it.
#[test]
fn renumbered_accounts_stand_side_by_side() {
    let home = folder();
    write(
        home.path(),
        "2024-03-01 * (OD-0001) Cession  ; piece: a\n    512 Banques  100,00 €\n    675 Valeurs comptables des éléments d’actifs cédés  40,00 €\n    775 Produits des cessions d’éléments d’actifs  -100,00 €\n    2183 Matériel de bureau et matériel informatique  -40,00 €\n\n\
         2025-03-01 * (OD-0001) Cession  ; piece: b\n    512 Banques  70,00 €\n    652000 Valeurs comptables des immobilisations incorporelles et corporelles cédées  50,00 €\n    757 Produits des cessions d'immobilisations incorporelles et corporelles  -70,00 €\n    2183 Matériel de bureau et matériel informatique  -50,00 €\n",
    );
    let made = json(home.path(), &["feuilles", "2025"]);
    let rows = made["rows"].as_array().unwrap();
    let row = |key: &str| {
        rows.iter().find(|row| row["key"] == key).unwrap_or_else(|| panic!("{key}: {made}"))
    };
    for (key, now, before, former) in [
        ("immobilisations.652000", "50.00", "40.00", "675"),
        ("immobilisations.757", "-70.00", "-100.00", "775"),
    ] {
        assert_eq!(row(key)["amounts"]["n"], now);
        assert_eq!(row(key)["amounts"]["n1"], before);
        assert_eq!(row(key)["words"]["ancien"], former);
    }
    assert_eq!(row("total")["amounts"]["n"], "0.00");
    assert_eq!(row("total")["amounts"]["n1"], "0.00");
}

/// 475 waited until 2025 and holds differences of valuation since: its balance goes on waiting, in 471.
#[test]
fn what_waited_in_475_goes_on_waiting() {
    let home = folder();
    write(
        home.path(),
        "2024-03-01 * (OD-0001) À éclaircir  ; piece: a\n    512 Banques  100,00 €\n    475 Comptes d'attente  -70,00 €\n    474 Différences d'évaluation de jetons sur des passifs  -30,00 €\n\n\
         2025-03-01 * (OD-0001) Évaluation  ; piece: b\n    512 Banques  5,00 €\n    475 Différences d’évaluation – Passif  -5,00 €\n",
    );
    let balances = |year: &str| {
        let text = compta(home.path(), &["balance", year, "-O", "csv"]).ok();
        let kept = records(&text).into_iter().filter(|row| row["compte"].starts_with("47"));
        kept.map(|row| (row["compte"].clone(), row["solde"].clone())).collect::<Vec<_>>()
    };
    let named = |all: &[(&str, &str)]| {
        all.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(balances("2024"), named(&[("474", "-30.00"), ("475", "-70.00")]));
    assert_eq!(balances("2025"), named(&[("471", "-70.00"), ("474", "-30.00"), ("475", "-5.00")]));
    // Only what waits is told, and the opening is the closing.
    for (year, waits) in [("2024", "475"), ("2025", "471")] {
        let run = compta(home.path(), &["controles", year, "-O", "csv"]);
        let rows = records(&run.out);
        let of = |key: &str| {
            let kept =
                rows.iter().filter(|row| row["cle"].starts_with(&format!("controles.{key}")));
            kept.map(|row| format!("{row:?}")).collect::<Vec<_>>()
        };
        let told = of("E7").join("\n");
        assert!(told.contains("1 compte d’attente ouvert") && told.contains(waits), "{told}");
        assert!(!told.contains("474"), "{told}");
        assert!(!of("E6").join("\n").contains("repris autrement"), "{:?}", of("E6"));
    }
}

/// The schedules are the balances of both years, number by number.
#[test]
fn the_schedules_are_the_balances() {
    let by_number = |year: &str, care: &[&str]| {
        let text = compta(&region(), &[&["balance", year, "-O", "csv"], care].concat()).ok();
        let mut sums: BTreeMap<String, Decimal> = BTreeMap::new();
        for row in records(&text).iter().filter(|row| row["unite"] == "EUR") {
            let number = row["compte"].split(':').next().unwrap().to_owned();
            *sums.entry(number).or_default() += row["solde"].parse::<Decimal>().unwrap();
        }
        sums.retain(|_, sum| !sum.is_zero());
        sums
    };
    for care in [&[][..], &["--care"]] {
        let text = compta(&region(), &[&["feuilles", "2024", "-O", "csv"], care].concat()).ok();
        let rows = records(&text);
        let of = |column: &str| -> BTreeMap<String, Decimal> {
            rows.iter()
                .filter(|row| row["role"] == "line")
                .map(|row| (row["compte"].clone(), row[column].parse().unwrap()))
                .filter(|(_, amount): &(String, Decimal)| !amount.is_zero())
                .collect()
        };
        assert_eq!(of("n"), by_number("2024", care));
        assert_eq!(of("n1"), by_number("2023", care));
        // Subtotals are those of their lines.
        for total in rows.iter().filter(|row| row["role"] == "subtotal") {
            let cycle = total["cle"].trim_end_matches("total");
            for column in ["n", "n1", "variation"] {
                let lines = rows
                    .iter()
                    .filter(|row| row["role"] == "line" && row["cle"].starts_with(cycle));
                let sum: Decimal = lines.map(|row| row[column].parse::<Decimal>().unwrap()).sum();
                assert_eq!(total[column].parse::<Decimal>().unwrap(), sum, "{cycle} {column}");
            }
        }
    }
}

/// A variation is marked when it passes both limits, and the limit that nobody typed is computed.
#[test]
fn marks_need_both_limits() {
    let home = folder();
    let year = |year: u32, rent: u32, travel: u32| {
        format!(
            "{year}-03-01 * (OD-0001) Charges  ; piece: a\n    6132 Locations immobilières  {rent},00 €\n    6251 Voyages et déplacements  {travel},00 €\n    401 Fournisseurs\n\n"
        )
    };
    write(home.path(), &(year(2023, 10_000, 100) + &year(2024, 10_900, 160)));
    let marks = |line: &[&str]| -> Vec<String> {
        let made = json(home.path(), line);
        let rows = made["rows"].as_array().unwrap().clone();
        let marked = rows.iter().filter(|row| row["words"]["marque"] == "à voir");
        marked
            .map(|row| row["key"].as_str().unwrap().rsplit('.').next().unwrap().to_owned())
            .collect()
    };
    // 1 % of 11 060 is 110,60: rent varies by 900 and 9 %, travel by 60 and 60 %.
    assert_eq!(json(home.path(), &["feuilles", "2024"])["threshold"], "110.60");
    assert_eq!(marks(&["feuilles", "2024"]), ["401", "129"]);
    assert_eq!(marks(&["feuilles", "2024", "--pourcent", "9"]), ["401", "6132", "129"]);
    assert_eq!(
        marks(&["feuilles", "2024", "--seuil", "60,00", "--pourcent", "60"]),
        ["401", "6251", "129"]
    );
    assert_eq!(
        marks(&["feuilles-maîtresses", "2024", "--seuil", "60,01", "--pourcent", "60"]),
        ["401", "129"]
    );
}

/// A folder has its own cycles; what is wrong in them is told where it stands.
#[test]
fn a_folder_has_its_own_cycles() {
    let home = folder();
    write(
        home.path(),
        "2024-03-01 * (OD-0001) Train  ; piece: a\n    6251 Voyages et déplacements  10,00 €\n    401 Fournisseurs\n",
    );
    fs::create_dir(home.path().join("formes")).unwrap();
    let cycles = |text: &str| fs::write(home.path().join("formes/cycles.toml"), text).unwrap();
    let one = "[[cycle]]\ncle = \"tiers\"\ntitre = \"Tiers\"\ncomptes = \"4\"\n";
    let other = |accounts: &str| {
        format!(
            "{one}[[cycle]]\ncle = \"charges\"\ntitre = \"Charges\"\ncomptes = \"{accounts}\"\n"
        )
    };
    cycles(&other("6 7"));
    let screen = typed(home.path(), "feuilles").ok();
    assert!(screen.contains("Total Charges") && screen.contains("Total Tiers"), "{screen}");
    let mut failures = Vec::new();
    let mut screens = String::new();
    for text in [
        one.to_owned(),
        other("6 4"),
        other("6").replace("charges", "tiers"),
        other("6").replace("titre", "titer"),
        other("6x"),
    ] {
        cycles(&text);
        let run = typed(home.path(), "feuilles");
        assert_eq!(run.code, 1, "{text}{}", run.screen());
        assert!(run.out.is_empty());
        screens.push_str(&format!("{text}\n$ compta feuilles\n{}\n", run.screen()));
    }
    expect(&root().join("fixtures/commandes/cycles-refus.txt"), &screens, &mut failures);
    none(&failures);
    cycles(&other("6").replace("titre", "titer"));
    assert_eq!(typed(home.path(), "check").code, 1, "check reads it too");
}

fn prefixes(list: &[&str]) -> Vec<String> {
    list.iter().map(|prefix| (*prefix).to_owned()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// The whole population is the balance (the tie asserts it), it balances, and parts make the whole.
    #[test]
    fn populations_tie_with_the_balance(made in sound_world()) {
        let books = sound(made.text());
        let ledger = Ledger::of(&books, None, |by| by.is_none());
        for view in [View::Classic, View::Care] {
            let classes = prefixes(&["1", "2", "3", "4", "5", "6", "7", "8", "C", "T"]);
            let all = Population::of(books.entries(), view, Wanted { accounts: &classes, journals: &[] });
            let ties = all.ties(&books, &ledger, view, Edition::Anc2018, Wanted { accounts: &classes, journals: &[] });
            prop_assert!(all.totals().balance().is_zero());
            prop_assert_eq!(ties.iter().map(|tie| tie.totals.lines).sum::<usize>(), all.members.len());
            prop_assert!(ties.iter().all(|tie| tie.elsewhere().is_zero()));
            let mut parts = 0;
            for class in &classes {
                let accounts = std::slice::from_ref(class);
                let mut lines = 0;
                for journal in ["J0", "J1", "J2"] {
                    let journals = prefixes(&[journal]);
                    let wanted = Wanted { accounts, journals: &journals };
                    let part = Population::of(books.entries(), view, wanted);
                    part.ties(&books, &ledger, view, Edition::Anc2018, wanted);
                    lines += part.members.len();
                }
                parts += lines;
            }
            prop_assert_eq!(parts, all.members.len());
        }
    }

    /// The order of entries and the splitting into files change no byte of the text.
    #[test]
    fn order_does_not_change_a_population(made in sound_world(), cut in 1..5_usize) {
        let text = made.text();
        let whole = Population::of(sound(text.clone()).entries(), View::Care, Wanted::default()).text();
        let mut files: Vec<(String, String)> = (0..cut).map(|n| (format!("{n}"), "decimal-mark ,\n\n".to_owned())).collect();
        for (rank, block) in text.split("\n\n").skip(1).collect::<Vec<_>>().iter().rev().enumerate() {
            files[rank % cut].1.push_str(&format!("{block}\n\n"));
        }
        let door: String = files.iter().map(|(name, _)| ["include ", name, "\n"].concat()).collect();
        let mut all = vec![("porte", format!("decimal-mark ,\n{door}"))];
        all.extend(files.iter().map(|(name, text)| (name.as_str(), text.clone())));
        let (shuffled, _) = books(&all, 2);
        prop_assert_eq!(Population::of(shuffled.entries(), View::Care, Wanted::default()).text(), whole);
    }

    /// A sample has the size asked for, never a line twice, and depends on its seed alone.
    #[test]
    fn samples_never_draw_twice(made in sound_world(), size in 1..40_usize, seed in "[a-z]{1,8}", account in prop::sample::select(vec!["", "4", "5", "6", "7"])) {
        let books = sound(made.text());
        let accounts = prefixes(&[account]);
        let all = Population::of(books.entries(), View::Classic, Wanted { accounts: &accounts, journals: &[] });
        let random = Method::Random { size, seed: seed.clone() };
        let units = Method::Units { size, seed };
        for method in [&random, &units, &Method::Threshold(Number::new(100_000, 2).sum())] {
            let drawn = sample(&all, method);
            let distinct: BTreeSet<usize> = drawn.picks.iter().map(|pick| pick.member).collect();
            prop_assert_eq!(distinct.len(), drawn.picks.len());
            prop_assert!(drawn.apart.iter().all(|member| !distinct.contains(member)));
            let possible = all.members.len() - drawn.apart.len() - drawn.nil;
            if let Method::Threshold(least) = method {
                for (at, member) in all.members.iter().enumerate() {
                    prop_assert_eq!(distinct.contains(&at), member.line.amount().abs() >= *least);
                }
            } else {
                prop_assert_eq!(drawn.picks.len(), size.min(possible));
            }
            let again = sample(&all, method);
            let order = |one: &compta::statement::audit::Sample| one.picks.iter().map(|p| p.member).collect::<Vec<_>>();
            prop_assert_eq!(order(&again), order(&drawn));
        }
    }

    /// Every account is in one cycle, and the cycles of each year sum to nothing, as the balance does.
    #[test]
    fn cycles_sum_to_nothing(made in sound_world()) {
        let mut books = sound(made.text());
        let annual = Annual::of(&mut books);
        let (cycles, limits) = (shipped(), Limits { euros: None, percent: Decimal::TEN });
        let mut before = None;
        for year in annual.years() {
            let now = (annual.ledger(year).unwrap(), Edition::of_year_opened(year.period.first));
            // The opening, which is derived, is in the population as it is in the balance.
            let of_year = books.entries().filter(|entry| year.period.contains(entry.date()));
            let all = Population::of(of_year, View::Care, Wanted::default());
            all.ties(&books, now.0, View::Care, now.1, Wanted::default());
            prop_assert!(all.openings().balance().is_zero());
            for view in [View::Classic, View::Care] {
                let mut findings = Vec::new();
                let made = leads(&books, (now, before), view, &cycles, limits, &mut findings);
                prop_assert!(findings.is_empty(), "{findings:?}");
                for side in [0, 1] {
                    prop_assert!(made.cycles.iter().map(|cycle| cycle.total()[side]).sum::<Sum>().is_zero());
                    prop_assert!(made.parts.iter().map(|part| part[side]).sum::<Sum>().is_zero());
                }
                let mut seen = BTreeSet::new();
                for lead in made.cycles.iter().flat_map(|cycle| &cycle.leads) {
                    prop_assert!(seen.insert(lead.number.clone()), "{} is in two cycles", lead.number);
                }
            }
            before = Some(now);
        }
    }
}
