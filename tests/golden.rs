//! Golden files for every command, in real formats: an accountant can read and sign them.

use crate::harness::{compta, expect, none, region, root};

#[test]
fn the_statements_of_the_general_assembly() {
    let mut failures = Vec::new();
    let folder = root().join("fixtures/ag-2025");
    for (name, arguments) in [
        ("bilan-2024", "bilan 2024"),
        ("bilan-2023", "bilan 2023"),
        ("bilan-care-2024", "bilan 2024 --care"),
        ("resultat-2024", "resultat 2024 --budget 2025"),
        ("resultat-2023", "resultat 2023"),
        ("resultat-care-2024", "resultat 2024 --care"),
        ("bilan-care-2023", "bilan 2023 --care"),
        ("bilan-care-stock-2024", "bilan 2024 --care --base stock"),
        ("resultat-care-stock-2024", "resultat 2024 --care --base stock"),
        ("bilan-care-anc-2024", "bilan 2024 --care --forme anc-2018-06"),
        ("resultat-care-anc-2024", "resultat 2024 --care --forme anc-2018-06"),
        ("resultat-care-cerfa-2024", "resultat 2024 --care --forme cerfa-12156"),
        ("diff-2024", "diff 2024"),
        ("diff-2023", "diff 2023"),
        ("care-2024", "care 2024"),
        ("care-2023", "care 2023"),
        ("care-projets-2024", "care projets 2024"),
        ("care-facteurs", "care facteurs"),
        ("care-dialogue-2024", "care dialogue 2024"),
        ("care-responsabilite-2024", "care responsabilite 2024"),
        ("bilan-anc-2024", "bilan 2024 --forme anc-2018-06"),
        ("resultat-anc-2024", "resultat 2024 --forme anc-2018-06"),
        ("resultat-cerfa-2024", "resultat 2024 --forme cerfa-12156"),
        ("budget-2025", "budget 2025"),
    ] {
        for (extension, format) in [("txt", "text"), ("csv", "csv"), ("json", "json")] {
            let mut words: Vec<&str> = arguments.split(' ').collect();
            words.extend(["-O", format]);
            let found = compta(&region(), &words).ok();
            expect(&folder.join(format!("{name}.{extension}")), &found, &mut failures);
        }
    }
    none(&failures);
}

#[test]
fn every_command_has_its_golden() {
    let mut failures = Vec::new();
    let folder = root().join("fixtures/commandes");
    for (name, arguments) in [
        ("aide.txt", "--help"),
        ("aide-bilan.txt", "bilan --help"),
        ("check.txt", "check"),
        ("check.json", "check -O json"),
        ("fmt-check.txt", "fmt --check"),
        ("balance-2024.txt", "balance 2024"),
        ("balance-2024.csv", "balance 2024 -O csv"),
        ("balance-2024-T2.txt", "balance 2024-T2"),
        ("balance-tout-care.csv", "balance --tout --care -O csv"),
        ("balance-2024-excel.csv", "balance 2024 -O csv-excel"),
        ("balance-2025.txt", "balance 2025"),
        ("balance-auxiliaire-2024.txt", "balance 2024 --auxiliaire"),
        ("balance-auxiliaire-2024.csv", "balance 2024 --auxiliaire -O csv"),
        ("balance-agee-2024.txt", "balance-agee 2024"),
        ("balance-agee-2024.json", "balance-agee 2024 -O json"),
        ("balance-agee-2024-excel.csv", "balance-agee --au 2024-06-30 -O csv-excel"),
        ("lettrer-2024.txt", "lettrer 2024"),
        ("lettrer-2024.csv", "lettrer 2024 -O csv"),
        ("lettrer-2024-essai.txt", "lettrer 2024 -n"),
        ("journal-2024-12.txt", "journal 2024-12 --journal INVR"),
        ("journal-2023-01.csv", "journal 2023-01 --care -O csv"),
        ("a-nouveaux-2024.journal", "journal 2024 --journal AN -O hledger"),
        ("grand-livre-512100.txt", "grand-livre 512100 2024-12"),
        ("grand-livre-C.txt", "grand-livre C 2024 --care"),
        ("grand-livre.json", "grand-livre 411 2024 -O json"),
        ("bilan-deux-volets.txt", "bilan 2024 --largeur 170"),
        ("bilan-etroit.txt", "bilan 2024 --largeur 60"),
        ("resultat-deux-volets.txt", "resultat 2024 --largeur 170"),
        ("trace-creances.txt", "trace bilan.actif.creances_clients 2024"),
        ("trace-creances.json", "trace bilan.actif.creances_clients.net_n1 2024 -O json"),
        ("trace-resultat-care.csv", "trace bilan.passif.resultat_care 2024 -O csv"),
        ("bilan-2024-06.txt", "bilan 2024-06"),
        ("resultat-2024-T2.txt", "resultat 2024-T2"),
        ("budget-2025-T1.txt", "budget 2025-T1"),
        ("grand-livre-anterieur.txt", "grand-livre 411 2024-T2"),
        ("trace-bp.txt", "trace resultat.charges.63_impots_et_taxes.bp 2024"),
        ("care-journal-tout.journal", "care journal --tout"),
        ("care-journal-2024.journal", "care journal 2024"),
        ("care-provision-2024.txt", "care provision 2024"),
        ("aide-care.txt", "care --help"),
        ("aide-diff.txt", "diff --help"),
        ("explain-E0301.txt", "explain E0301"),
        ("etat.json", "-O json"),
        ("check-github.txt", "check -O github"),
    ] {
        let words: Vec<&str> = arguments.split(' ').collect();
        expect(&folder.join(name), &compta(&region(), &words).ok(), &mut failures);
    }
    none(&failures);
}

/// `compta` alone, and the findings as CI shows them: from the folder of the command.
#[test]
fn the_state_of_a_folder() {
    let mut failures = Vec::new();
    let nowhere = crate::harness::folder();
    let mut screens = String::new();
    for (folder, line) in [
        (region(), ""),
        (root(), "-C fixtures/findings/E0809"),
        (root(), "-C fixtures/findings/W0101"),
        (root(), "-C fixtures/exemple"),
        (root(), "-C fixtures/findings/E0809 check -O github"),
        (root(), "-C fixtures/exemple -O csv"),
        (nowhere.path().to_owned(), ""),
    ] {
        let run = crate::harness::typed(&folder, line);
        screens.push_str(&format!("$ compta {line}\n{}\n", run.screen()));
    }
    expect(&root().join("fixtures/commandes/etat.txt"), &screens, &mut failures);
    none(&failures);
}

#[test]
fn what_cannot_be_asked_is_said_so() {
    let mut failures = Vec::new();
    let mut screens = String::new();
    for line in [
        "bilna 2024",
        "bilan --forem ag",
        "bilan 2024 --forme agg",
        "bilan 1999",
        "bilan 20x4",
        "bilan --tout",
        "bilan 2031-06",
        "balance 2031",
        "balance 2031-06",
        "journal 2024 --journal XX",
        "grand-livre 999",
        "balance 2024-13",
        "balance 2024 --tout",
        "balance -O xml",
        "balance -O hledger",
        "balance -O github",
        "balance --care --classique",
        "resultat 2024 --budget 2027",
        "resultat 2024 -O",
        "budget 2024",
        "trace bilan.actif.creances_client 2024",
        "trace actif.creances 2024",
        "trace",
        "explain E9999",
        "bilan 2024 --forme cerfa-12156",
        "-f absent.journal balance",
        "-f 2024 balance",
        "-C absent balance",
        "-C 2024 balance",
        "check -O csv",
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let run = compta(&region(), &words);
        assert!(matches!(run.code, 2 | 3), "{line}: {}", run.screen());
        assert!(run.out.is_empty(), "{line}: data on stdout");
        screens.push_str(&format!("$ compta {line}\n{}\n", run.screen()));
    }
    expect(&root().join("fixtures/commandes/refus.txt"), &screens, &mut failures);
    none(&failures);
}

#[test]
fn options_stand_before_or_after_the_command_and_aliases_work() {
    let after = compta(&region(), &["balance", "2024", "-O", "csv"]).ok();
    assert_eq!(compta(&region(), &["-O", "csv", "balance", "2024"]).ok(), after);
    assert_eq!(
        compta(&root(), &["-C", "ledgers/27e-region", "balance", "2024", "-O", "csv"]).ok(),
        after
    );
    assert_eq!(
        compta(&region().join("2024"), &["balance", "2024", "-O", "csv"]).ok(),
        after,
        "upward"
    );
    let named = compta(&region(), &["resultat", "2024"]).ok();
    for alias in ["résultat", "cr"] {
        assert_eq!(compta(&region(), &[alias, "2024"]).ok(), named);
    }
    for (alias, name) in [("contrôler", "check"), ("controler", "check"), ("gl", "grand-livre")] {
        assert_eq!(compta(&region(), &[alias]).ok(), compta(&region(), &[name]).ok());
    }
    assert_eq!(
        compta(&region(), &["bilan"]).ok(),
        compta(&region(), &["bilan", "2024"]).ok(),
        "last year"
    );
}

#[test]
fn an_output_file_is_written_whole_and_never_over_the_books() {
    let folder = crate::harness::folder();
    let target = folder.path().join("bilan.json");
    let name = target.to_str().unwrap();
    let printed = compta(&region(), &["bilan", "2024", "-O", "json"]).ok();
    assert_eq!(compta(&region(), &["bilan", "2024", "-O", "json", "-o", name]).ok(), "");
    assert_eq!(std::fs::read_to_string(&target).unwrap(), printed);
    crate::harness::copy(&region(), &folder.path().join("livres"));
    let books = folder.path().join("livres");
    let before = std::fs::read(books.join("comptes.journal")).unwrap();
    let run = compta(&books, &["balance", "2024", "-o", "comptes.journal"]);
    assert_eq!(run.code, 2, "{}", run.screen());
    assert_eq!(std::fs::read(books.join("comptes.journal")).unwrap(), before);
    let run = compta(&region(), &["balance", "2024", "-o", "/nulle/part/x.csv"]);
    assert_eq!(run.code, 5, "{}", run.screen());
}
