//! Registers that say what cannot be: each case is a small sound folder with one thing wrong.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{Run, copy, folder, root, typed};

/// One thing wrong in the folder of the demonstration.
struct Case {
    /// The register.
    file: &'static str,
    /// What stands there.
    from: &'static str,
    /// What replaces it, once.
    to: &'static str,
    /// The code, and the text whose first line is the place of the finding.
    code: &'static str,
    at: &'static str,
    /// Words of the message or the help.
    says: &'static str,
}

/// The folder of the demonstration, sound.
fn sound() -> TempDir {
    let home = folder();
    copy(&root().join("src/cli/models/demo"), home.path());
    home
}

/// The same folder with a text of one of its files replaced, once.
fn spoilt(file: &str, from: &str, to: &str) -> TempDir {
    let home = sound();
    let path = home.path().join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} has no `{from}`");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
    home
}

/// The line of a text in a file, from one.
fn line_of(home: &TempDir, file: &str, at: &str) -> u64 {
    let text = fs::read_to_string(home.path().join(file)).unwrap();
    let before = text.find(at).unwrap_or_else(|| panic!("{file} has no `{at}`"));
    text[..before].lines().count().max(1) as u64 + u64::from(text[..before].ends_with('\n'))
}

/// Every finding of a folder, as `check` gives them.
fn findings(home: &TempDir) -> (i32, Vec<Value>) {
    let run = typed(home.path(), "check -O json");
    let report: Value =
        serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.screen()));
    (run.code, report["findings"].as_array().unwrap().clone())
}

/// A table command on unsound books says what is wrong, exits 1 and prints no table.
fn refused(home: &TempDir, line: &str) -> Run {
    let run = typed(home.path(), line);
    assert_eq!((run.code, run.out.as_str()), (1, ""), "{line}: {}", run.screen());
    run
}

fn each(cases: &[Case]) {
    for case in cases {
        let home = spoilt(case.file, case.from, case.to);
        let (code, found) = findings(&home);
        let line = line_of(&home, case.file, case.at);
        let told = found.iter().find(|finding| {
            finding["code"] == case.code && finding["file"] == case.file && finding["line"] == line
        });
        let told = told.unwrap_or_else(|| panic!("{} line {line}: {found:#?}", case.to));
        let words = format!("{} {} {}", told["message"], told["label"], told["help"]);
        assert!(words.contains(case.says), "{}: {words}", case.to);
        assert_eq!(code, 1, "{}", case.to);
        assert_eq!(found.len(), 1, "{}: one thing wrong, one finding: {found:#?}", case.to);
        refused(&home, "bilan 2025");
    }
}

#[test]
fn the_folder_that_is_spoilt_below_is_sound() {
    assert_eq!(findings(&sound()), (0, Vec::new()));
}

#[test]
fn two_lines_under_one_name_agree_in_gender() {
    each(&[
        Case {
            file: "conventions.toml",
            from: "id = \"JP-VILLE\"",
            to: "id = \"AT-COLLEGE\"",
            code: "E0806",
            at: "id = \"AT-COLLEGE\"\npartenaire = \"Collège",
            says: "cette convention est déjà écrite",
        },
        Case {
            file: "adhesions.toml",
            from: "Commune fictive B",
            to: "Commune fictive A",
            code: "E0806",
            at: "Commune fictive A\"\ngenre = \"commune\"\nbudget = 1200000",
            says: "ce membre est déjà écrit :",
        },
        Case {
            file: "adhesions.toml",
            from: "cle = \"communes_moyennes\"",
            to: "cle = \"petites_communes\"",
            code: "E0806",
            at: "cle = \"petites_communes\"\nlibelle = \"De",
            says: "cette bande est déjà écrite",
        },
    ]);
}

#[test]
fn amounts_are_told_as_a_french_reader_writes_them() {
    let home = spoilt(
        "2025/od.journal",
        "decimal-mark ,\n",
        "decimal-mark ,\n\n2025-12-31 * (INV-9999) Correction | charges de moins   ; piece: essai\n    401 Fournisseurs:Bailleur fictif  22426,93 €\n    6132 Locations immobilières  -22426,93 €\n",
    );
    let (code, found) = findings(&home);
    assert_eq!(code, 1, "{found:#?}");
    let told = found.iter().find(|finding| finding["code"] == "E0815").unwrap();
    let message = told["message"].as_str().unwrap();
    assert!(
        message.contains("−") && message.contains("\u{202f}") && message.ends_with("\u{a0}€"),
        "{message}"
    );
    let home = spoilt("adhesions.toml", "budget = 310000", "budget = 9310000");
    let shown = typed(home.path(), "adhesions 2025").ok();
    let note = shown.lines().find(|line| line.contains("la grille attend")).unwrap();
    assert!(note.contains("la grille attend 4\u{202f}000\u{a0}€"), "{note}");
}

#[test]
fn a_day_that_the_calendar_lacks_is_told_in_french() {
    each(&[
        Case {
            file: "conventions.toml",
            from: "debut = 2025-01-01",
            to: "debut = 2025-02-30",
            code: "E0801",
            at: "2025-02-30",
            says: "date qui n’existe pas : `2025-02-30`",
        },
        Case {
            file: "adhesions.toml",
            from: "depuis = 2020-01-01",
            to: "depuis = 01/01/2020",
            code: "E0801",
            at: "01/01/2020",
            says: "une date s’écrit AAAA-MM-JJ",
        },
    ]);
}

#[test]
fn a_text_where_a_published_figure_is_wanted() {
    let home = sound();
    let text = "[bilan.actif.disponibilites]\nnet = \"320 000\"\n";
    fs::write(home.path().join("publie.toml"), text).unwrap();
    let run = refused(&home, "ag 2025 --contre publie.toml");
    assert!(run.err.contains("[E0803]: `net` attend un nombre"), "{}", run.err);
    assert!(
        run.err.contains("publie.toml:2:7") && run.err.contains("`net = 320000`"),
        "{}",
        run.err
    );
}

#[test]
fn a_published_figure_stands_under_a_row() {
    let home = sound();
    fs::write(home.path().join("publie.toml"), "total = 12\n").unwrap();
    let run = refused(&home, "ag 2025 --contre publie.toml");
    assert!(run.err.contains("[E0818]: `total` n’est sous aucune ligne"), "{}", run.err);
}

#[test]
fn a_budget_is_not_negative() {
    for budget in ["-5", "-5.5", "-5,5", "−5"] {
        let run = typed(sound().path(), &format!("cotisation --budget {budget}"));
        assert_eq!((run.code, run.out.as_str()), (2, ""));
        assert!(run.err.contains("un budget ne peut être négatif"), "{}", run.err);
    }
}

#[test]
fn an_option_is_no_budget() {
    let run = typed(sound().path(), "cotisation --budget -O json");
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("`--budget`"), "{}", run.err);
}

#[test]
fn a_register_that_lacks_is_said_once() {
    let home = sound();
    fs::remove_file(home.path().join("adhesions.toml")).unwrap();
    let run = typed(home.path(), "ag 2025");
    assert_eq!(run.code, 0);
    assert_eq!(run.err.matches("il manque `adhesions.toml`").count(), 1, "{}", run.err);
    assert!(run.err.contains("ses tableaux sont laissés de côté"), "{}", run.err);
    let home = spoilt("adhesions.toml", "exercice = \"2024\"\nnote", "exercice = \"2025\"\nnote");
    let run = typed(home.path(), "adhesions 2024");
    assert!(run.err.contains("`adhesions.toml` ne dit rien de 2024"), "{}", run.err);
}

#[test]
fn the_years_are_listed_even_with_findings() {
    let years = |text: &str| -> Vec<String> {
        let own = |line: &&str| line.starts_with("  20") && line.contains("  du ");
        text.lines().filter(own).map(|line| line[2..6].to_owned()).collect()
    };
    let whole = typed(sound().path(), "").out;
    assert_eq!(years(&whole), ["2024", "2025", "2026"], "{whole}");
    let home = spoilt("conventions.toml", "montant = 8000", "montant = \"8000\"");
    let run = typed(home.path(), "");
    assert_eq!((run.code, years(&run.out)), (1, years(&whole)), "{}", run.out);
    assert!(!run.out.contains("résultat"), "{}", run.out);
    let json: Value = serde_json::from_str(&typed(home.path(), "-O json").out).unwrap();
    assert!(json["years"][0]["result"].is_null() && json["years"][0]["entries"].as_u64() > Some(0));
}

#[test]
fn a_fiscal_year_that_is_neither_of_the_books_nor_near_them() {
    let year = |file, from, to, at, says| Case { file, from, to, code: "E0803", at, says };
    each(&[
        year(
            "programmes.toml",
            "nom = \"Temps de l’équipe\"",
            "nom = \"Temps de l’équipe\"\nexercice = \"20244\"",
            "20244",
            "le plus proche des exercices des livres est `2024`",
        ),
        year(
            "programmes.toml",
            "nom = \"Surface du local\"",
            "nom = \"Surface du local\"\nexercice = \"2042\"",
            "2042",
            "le plus proche des exercices des livres est `2024`",
        ),
        year("conventions.toml", "{ 2024 = 14000 }", "{ 2204 = 14000 }", "2204", "`2024`"),
        year(
            "adhesions.toml",
            "exercice = \"2024\"\nnote",
            "exercice = \"24\"\nnote",
            "\"24\"",
            "",
        ),
        year("adhesions.toml", "\"2025\"\nnombre", "\"2052\"\nnombre", "2052", "`2025`"),
        year(
            "resolutions.toml",
            "comptes = \"1581\"",
            "comptes = \"1581\"\nexercice = \"l’an dernier\"",
            "l’an dernier",
            "exercice inconnu",
        ),
    ]);
}

#[test]
fn a_calendar_year_that_a_listed_one_covers_is_not_its_name() {
    let home =
        spoilt("programmes.toml", "comptes = \"64\"", "exercice = \"2024\"\ncomptes = \"64\"");
    let listed = |first: &str, second: &str| {
        let mut text = fs::read_to_string(root().join("src/cli/models/demo/compta.toml")).unwrap();
        for (name, days) in [(first, "2024"), (second, "2025"), ("A26", "2026")] {
            text += &format!(
                "\n[[exercice]]\nnom = \"{name}\"\ndebut = {days}-01-01\nfin = {days}-12-31\n"
            );
        }
        fs::write(home.path().join("compta.toml"), text).unwrap();
    };
    listed("2024", "2025");
    let (_, found) = findings(&home);
    assert!(found.iter().all(|finding| finding["file"] != "programmes.toml"), "{found:#?}");
    listed("A24", "A25");
    let (code, found) = findings(&home);
    let told = found.iter().find(|finding| finding["file"] == "programmes.toml").unwrap();
    assert_eq!(
        (code, &told["line"]),
        (1, &Value::from(line_of(&home, "programmes.toml", "\"2024\"")))
    );
}

#[test]
fn two_keys_that_take_one_account_in_one_year() {
    let case = |to, says| Case {
        file: "programmes.toml",
        from: "comptes = \"613\"",
        to,
        code: "E0814",
        at: to,
        says,
    };
    each(&[
        case("comptes = \"613 64\"", "le compte 64 relève de deux clés :"),
        case("comptes = \"613 64 !641\"\nexercice = \"2025\"", "de deux clés en 2025"),
    ]);
    // The longest prefix wins: an account still belongs to one key.
    let home = spoilt("programmes.toml", "comptes = \"613\"", "comptes = \"613 645\"");
    assert_eq!(findings(&home), (0, Vec::new()));
}

#[test]
fn a_row_that_no_form_has_is_told_by_check_and_before_any_table() {
    each(&[
        Case {
            file: "principaux.toml",
            from: "etat = \"bilan.actif.autres_creances\"",
            to: "etat = \"bilan.actif.autre_creances\"",
            code: "E0819",
            at: "bilan.actif.autre_creances",
            says: "la plus proche est `bilan.actif.autres_creances`",
        },
        Case {
            file: "conventions.toml",
            from: "ligne = \"62_deplacements\"",
            to: "ligne = \"62_deplacement\"",
            code: "E0819",
            at: "62_deplacement\"",
            says: "aucune ligne de la forme cerfa-12156",
        },
    ]);
    let home = spoilt("compta.toml", "forme = \"ag\"", "forme = \"anc-2018-06\"");
    let (code, found) = findings(&home);
    assert_eq!(code, 1);
    assert!(
        found.iter().any(|finding| finding["code"] == "E0819"),
        "the form is that of the folder"
    );
}

#[test]
fn the_faults_of_every_register_are_told_together() {
    let home = spoilt("adhesions.toml", "budget = 310000", "budget = \"310000\"");
    for (file, from, to) in [
        ("principaux.toml", "bilan.actif.disponibilites", "bilan.actif.disponible"),
        ("programmes.toml", "comptes = \"64\"", "comptes = \"64\"\nexercice = \"20244\""),
        ("2025/ventes.journal", "programme: AT", "programme: AX"),
        ("care.toml", "exercice = \"2024\"", "exercice = \"20244\""),
    ] {
        let path = home.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file}");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    }
    let (_, found) = findings(&home);
    for file in
        ["adhesions.toml", "principaux.toml", "programmes.toml", "2025/ventes.journal", "care.toml"]
    {
        assert!(found.iter().any(|finding| finding["file"] == file), "{file}: {found:#?}");
    }
}

#[test]
fn a_convention_that_no_one_could_sign() {
    let wrong =
        |from, to, says| Case { file: "conventions.toml", from, to, code: "E0803", at: to, says };
    each(&[
        wrong("montant = 8000", "montant = -8000", "`montant` ne peut être négatif"),
        wrong("montant = 8000", "montant = 0", "`montant` ne peut être nul"),
        wrong("montant = 8000", "montant = 8000.125", "`montant` a plus de deux décimales"),
        wrong("2025 = 5000, 2026", "2025 = -5000, 2026", "`2025` ne peut être négatif"),
        wrong("2025 = 5000, 2026", "2025 = 4999.999, 2026", "plus de deux décimales"),
        wrong("2025-04-18, montant = 4000", "2025-04-18, montant = -4000", "ne peut être négatif"),
        wrong("2025-04-18, montant = 4000", "2025-04-18, montant = 0", "ne peut être nul"),
        wrong("date = 2025-04-18", "date = 2025-03-09", "un versement avant la notification"),
        wrong("date = 2026-04-15", "date = 2062-04-15", "plus de cinq ans après la fin"),
        wrong("date = 2024-06-10", "date = 2004-06-10", "avant le début de la convention"),
        wrong("montant = 21500", "montant = -21500", "`montant` ne peut être négatif"),
        wrong("montant = 21500", "montant = 21500.005", "plus de deux décimales"),
    ]);
    let more = "{ date = 2026-04-15, montant = 4000.01 }";
    each(&[
        Case {
            file: "conventions.toml",
            from: "{ date = 2026-04-15, montant = 4000 }",
            to: more,
            code: "E0807",
            at: more,
            says: "les versements font 8\u{202f}000,01\u{a0}€",
        },
        Case {
            file: "conventions.toml",
            from: "versements = [ { date = 2025-04-18, montant = 4000 }, { date = 2026-04-15, montant = 4000 } ]",
            to: "indirectes = { part = 40.5 }",
            code: "E0807",
            at: "part = 40.5",
            says: "les conventions du programme JP se font imputer 100,5\u{a0}%",
        },
    ]);
    // One after the other, they share nothing.
    let home = spoilt(
        "conventions.toml",
        "debut = 2025-01-01\nfin = 2026-12-31\nnotification = 2025-03-10\ncalendrier = { 2025 = 5000, 2026 = 3000 }",
        "debut = 2026-01-01\nfin = 2026-12-31\nindirectes = { part = 60 }\nnotification = 2025-03-10",
    );
    assert_eq!(findings(&home), (0, Vec::new()));
}

#[test]
fn a_resolution_that_could_not_be_read_aloud() {
    let wrong =
        |from, to, code, at, says| Case { file: "resolutions.toml", from, to, code, at, says };
    let spent = "comptes = \"1581\"";
    each(&[
        wrong(
            spent,
            "comptes = \"641399\"",
            "E0803",
            "\"641399\"",
            "aucun compte des livres ne commence par `641399`",
        ),
        wrong(spent, "comptes = \"1581 641399\"", "E0803", "641399", "commence par `641399`"),
        wrong(
            "de {montant}\"\ncomptes",
            "de {montnat}\"\ncomptes",
            "E0803",
            "{montnat}",
            "vouliez-vous dire `{montant}` ?",
        ),
        wrong("{exercice}", "{lendemain}", "E0803", "{lendemain}", "sont remplis : `{montant}`"),
        wrong(
            "vers = \"report à nouveau\"\n",
            "",
            "E0804",
            "[[resolution]]\ncle = \"affectation_resultat\"",
            "la clé `vers` manque",
        ),
        wrong(
            "\ncomptes = \"1581\"",
            "",
            "E0804",
            "de {montant}\"\n\n",
            "rien ne dit quel est ce montant",
        ),
    ]);
}

#[test]
fn an_account_that_no_chart_and_no_line_knows_in_any_register() {
    for (file, from, to) in [
        ("annexe.toml", "comptes = \"1511\"", "comptes = \"1599\""),
        ("principaux.toml", "comptes = \"C172\"", "comptes = \"C972\""),
        ("adhesions.toml", "\"756200\"", "\"756299\""),
        ("programmes.toml", "comptes = \"613\"", "comptes = \"613 6499\""),
    ] {
        each(&[Case { file, from, to, code: "E0803", at: to, says: "aucun compte des livres" }]);
    }
    // Known of the chart alone is enough, where nothing is put to the vote.
    let home = spoilt("annexe.toml", "comptes = \"1511\"", "comptes = \"1516\"");
    assert_eq!(findings(&home), (0, Vec::new()));
}

#[test]
fn members_and_dues_that_cannot_be() {
    let wrong =
        |from, to, says| Case { file: "adhesions.toml", from, to, code: "E0803", at: to, says };
    each(
        &[
            wrong("budget = 310000", "budget = -310000", "`budget` ne peut être négatif"),
            wrong("cotisation = 300", "cotisation = -300", "`cotisation` ne peut être négatif"),
            wrong("cotisation_min = 1500", "cotisation_min = -1500", "ne peut être négatif"),
            wrong("cotisation = 300", "cotisation = 300.001", "plus de deux décimales"),
            wrong(
                "bande = \"entrainement\"",
                "bande = \"entrainement\"\ncotisation = -9",
                "négatif",
            ),
            wrong("nombre = 34", "nombre = -34", "un entier, nul ou positif"),
            wrong("nouveaux = 5", "nouveaux = -5", "un entier, nul ou positif"),
            wrong("nouveaux = 5", "nouveaux = 35", "plus de nouveaux membres que de membres"),
        ]
        .map(|mut case| {
            case.at = case.to.lines().last().unwrap();
            case
        }),
    );
    each(&[
        Case {
            file: "adhesions.toml",
            from: "depuis = 2022-01-01",
            to: "depuis = 2022-01-01\njusqu_a = 2021-12-31",
            code: "E0803",
            at: "jusqu_a = 2021-12-31",
            says: "Commune fictive C part avant d’arriver",
        },
        Case {
            file: "adhesions.toml",
            from: "exercice = \"2024\"\nnombre",
            to: "exercice = \"2025\"\nnombre",
            code: "E0806",
            at: "exercice = \"2025\"\nnombre = 34",
            says: "déjà écrit :",
        },
    ]);
}

#[test]
fn terms_that_cannot_be() {
    let from = "[contributions_volontaires]";
    let term = "[[echeance]]\ncomptes = \"1511\"\nplus_d_un_an = 100\nplus_de_cinq_ans = 200\n\n[contributions_volontaires]";
    let debt =
        "[[echeance]]\ncomptes = \"1511\"\nplus_d_un_an = -100\n\n[contributions_volontaires]";
    let wrong = |to, at, says| Case { file: "annexe.toml", from, to, code: "E0803", at, says };
    each(&[
        wrong(term, "plus_de_cinq_ans", "plus à cinq ans qu’à un an"),
        wrong(debt, "plus_d_un_an", "`plus_d_un_an` ne peut être négatif"),
    ]);
}
