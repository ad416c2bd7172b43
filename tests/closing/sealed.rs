//! What is sealed is held: each way to touch it stops `check` and every report with exit 4, at its
//! line; what belongs to an open year passes.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::folders::{append, edit, intact, small_closed, tree};
use crate::harness::typed;

/// How it is touched, and each finding: its code, its file, its line.
type Touch = (&'static str, fn(&Path), &'static [(&'static str, &'static str, usize)]);

const LATE: &str = "\n2024-11-20 * (ACH-0002) Imprimeur | tracts  ; piece: facture-200.pdf\n    6236 Imprimés   30,00 €\n    401 Fournisseurs:Imprimeur   -30,00 €\n";

/// The entry ACH-0001 of 2024, from its first line to the empty one.
fn taken(home: &Path, file: &str, first: &str) -> String {
    let text = fs::read_to_string(home.join(file)).unwrap();
    let from = text.find(first).unwrap();
    let to = text[from..].find("\n\n").map_or(text.len(), |end| from + end + 2);
    fs::write(home.join(file), format!("{}{}", &text[..from], &text[to..])).unwrap();
    text[from..to].trim_end().to_owned()
}

const TOUCHES: [Touch; 19] = [
    ("a late entry", |home| append(home, "2024.journal", LATE), &[("E0701", "2024.journal", 56)]),
    (
        "a late entry in the file of the next year",
        |home| append(home, "2025.journal", LATE),
        &[("E0701", "2025.journal", 15)],
    ),
    (
        "a late entry in a new file",
        |home| {
            append(home, "tard.journal", &format!("decimal-mark ,\n{LATE}"));
            append(home, "principal.journal", "include tard.journal\n");
        },
        &[("E0701", "tard.journal", 3)],
    ),
    (
        "a late entry of the first year",
        |home| append(home, "2023.journal", &LATE.replace("2024-", "2023-")),
        &[("E0701", "2023.journal", 28)],
    ),
    (
        "an amount",
        |home| {
            edit(home, "2024.journal", " 120,00 €\n    401", " 121,00 €\n    401");
            edit(home, "2024.journal", "-120,00 €  ; lettrage", "-121,00 €  ; lettrage");
        },
        &[("E0702", "2024.journal", 11)],
    ),
    (
        "a label",
        |home| edit(home, "2024.journal", "affiches", "tracts"),
        &[("E0702", "2024.journal", 11)],
    ),
    (
        "a date",
        |home| edit(home, "2024.journal", "2024-07-16", "2024-07-18"),
        &[("E0702", "2024.journal", 29)],
    ),
    (
        "a date of the open year",
        |home| edit(home, "2024.journal", "2024-07-16", "2025-07-16"),
        &[("E0702", "clotures/2024/sceau.txt", 105)],
    ),
    (
        "a tag",
        |home| edit(home, "2024.journal", "facture-118", "facture-119"),
        &[("E0702", "2024.journal", 11)],
    ),
    (
        "a tag of a line",
        |home| edit(home, "2024.journal", "-120,00 €  ; lettrage: A", "-120,00 €  ; lettrage: B"),
        &[("E0702", "2024.journal", 11)],
    ),
    (
        "a number",
        |home| edit(home, "2024.journal", "(CA-0001)", "(CB-0001)"),
        &[("E0702", "clotures/2024/sceau.txt", 105), ("E0701", "2024.journal", 29)],
    ),
    (
        "an account",
        |home| edit(home, "2024.journal", "626100 Timbres", "6236 Imprimés"),
        &[("E0702", "2024.journal", 29)],
    ),
    (
        "an entry deleted",
        |home| drop(taken(home, "2024.journal", "2024-10-01")),
        &[("E0702", "clotures/2024/sceau.txt", 108)],
    ),
    (
        "an entry written twice",
        |home| {
            let entry = taken(home, "2024.journal", "2024-10-01");
            append(
                home,
                "2024.journal",
                &format!("\n{entry}\n\n{}\n", entry.replace("OD-0001", "OD-0002")),
            );
        },
        &[("E0701", "2024.journal", 56)],
    ),
    (
        "an entry moved to another file",
        |home| {
            let entry = taken(home, "2024.journal", "2024-10-01");
            append(home, "2025.journal", &format!("\n{entry}\n"));
        },
        &[("E0702", "2025.journal", 15)],
    ),
    (
        "an assertion of balance",
        |home| edit(home, "2024.journal", "  = 830,00 €", ""),
        &[("E0702", "2024.journal", 53)],
    ),
    (
        "a seal cut short",
        |home| {
            let path = home.join("clotures/2024/sceau.txt");
            let text = fs::read_to_string(&path).unwrap();
            fs::write(path, &text[..text.len() / 2]).unwrap();
        },
        &[("E0703", "clotures/2024/sceau.txt", 1)],
    ),
    (
        "a seal removed",
        |home| fs::remove_file(home.join("clotures/2024/sceau.txt")).unwrap(),
        &[("E0703", "clotures/2024/sceau.txt", 1)],
    ),
    (
        "a generated journal",
        |home| edit(home, "clotures/2024/a-nouveaux.journal", "60,00", "61,00"),
        &[("E0703", "clotures/2024/sceau.txt", 1)],
    ),
];

fn told(home: &Path) -> (i32, Vec<(String, String, usize)>, String) {
    let run = typed(home, "check -O json");
    let report: Value = serde_json::from_str(&run.out).unwrap();
    let word = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().unwrap().iter().map(|one| {
        let line = usize::try_from(one["line"].as_u64().unwrap_or(0)).unwrap();
        (word(one, "code"), word(one, "file"), line)
    });
    (run.code, findings.collect(), run.out)
}

#[test]
fn each_touch_of_what_is_sealed_is_told_at_its_line() {
    let mut failures = Vec::new();
    for (what, touch, expected) in TOUCHES {
        let kept = small_closed();
        let home = kept.path();
        touch(home);
        let (code, found, out) = told(home);
        let found: Vec<(&str, &str, usize)> =
            found.iter().map(|(code, file, line)| (code.as_str(), file.as_str(), *line)).collect();
        if code != 4 || found != expected {
            failures.push(format!("{what}: exit {code}, {found:?} not {expected:?}\n{out}"));
        }
        for report in ["check", "bilan 2024", "journal 2024", "balance 2025", "resultat 2023"] {
            let run = typed(home, report);
            let refused = run.code == 4 && (report == "check" || run.out.is_empty());
            if !refused {
                failures.push(format!("{what}: {report}: {}", run.screen()));
            }
        }
        let verified = typed(home, "verify");
        if verified.code != 4 {
            failures.push(format!("{what}: {}", verified.screen()));
        }
        let again = typed(home, "close 2025 --oui --date 2026-02-01");
        if again.code != 4 || home.join("clotures/2025").exists() {
            failures.push(format!("{what}: {}", again.screen()));
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

/// Every command with what it needs, and those that say nothing of the books: all of `compta --help`.
const COMMANDS: [&str; 59] = [
    "",
    "check",
    "controles 2024",
    "balance 2024",
    "balance 2025 -O csv -o ../b.csv",
    "balance-agee 2024",
    "lettrer 2024",
    "lettrer 2025 --ecrire",
    "journal 2024",
    "journal --tout",
    "grand-livre 2024",
    "bilan 2024",
    "bilan 2025",
    "resultat 2023",
    "resultat 2024",
    "budget 2024",
    "budget modele 2025 -o ../m.xlsx",
    "budget import ../budget.csv 2025",
    "ecritures modele -o ../e.xlsx",
    "ecritures import ../entrees.csv",
    "trace bilan.actif.disponibilites 2024",
    "principaux 2024",
    "subventions 2024",
    "repartition 2024",
    "adhesions 2024",
    "cotisation 2024 --budget 1000",
    "resolutions 2024",
    "programmes 2024",
    "compte-rendu VILLE-2024",
    "annexe 2024",
    "inventaire 2024",
    "immobilisations 2024",
    "tresorerie 2024",
    "ag 2024",
    "ag 2024 -o ../dossier",
    "ag 2024 --check ../dossier",
    "ag 2024 --contre ../publie.toml",
    "diff 2024",
    "care 2024",
    "close 2024 --oui",
    "close 2025 --oui --date 2026-02-01",
    "close 2025 --provisoire --date 2026-02-01",
    "affecter 2024 --vote 2025-06-01",
    "corriger ACH-0001 --exercice 2024",
    "sceller --jusqu-au 2025-06-30 --date 2025-07-01",
    "verify",
    "fec 2024",
    "fec 2024 -o ../fec",
    "audit 2024",
    "export cac 2024 -o ../cac",
    "population 2024",
    "sondage 2024 --methode aleatoire --taille 2 --graine x",
    "feuilles 2024",
    "fmt",
    "init ../neuf",
    "modeles",
    "explain E0702",
    "completions bash",
    "man",
];

/// Those that speak of nothing sealed, or lay out what is there without a word changed.
const FREE: [&str; 6] = ["fmt", "init", "modeles", "explain", "completions", "man"];

/// Those whose whole matter is what is wrong: they say it on stdout, or in a folder that says it.
const SAYING: [&str; 5] = ["check", "controles", "verify", "audit", "export"];

/// Every command, those to come too, stops at what is sealed and is no longer so: exit 4, and nothing written.
#[test]
fn every_command_stops_at_what_is_sealed() {
    let help = typed(Path::new("."), "--help").ok();
    let listed = help.split("Commandes :\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let names = listed.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names: Vec<&str> = names.map(|line| line.split_whitespace().next().unwrap()).collect();
    assert!(names.len() >= 44, "{names:?}");
    let word = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
    for name in names {
        assert!(COMMANDS.iter().any(|line| word(line) == name), "{name} is not tried here");
    }
    let kept = small_closed();
    let home = kept.path().join("livres");
    crate::harness::copy(kept.path(), &home);
    edit(&home, "2024.journal", "affiches", "tracts");
    let before = tree(&home);
    let mut failures = Vec::new();
    for line in COMMANDS {
        let name = word(line);
        if name == "modeles" && !cfg!(feature = "pdf") {
            continue;
        }
        let run = typed(&home, line);
        let free = FREE.contains(&name.as_str());
        let saying = line.is_empty() || SAYING.contains(&name.as_str());
        let right = if free { run.code == 0 } else { run.code == 4 };
        let told =
            free || run.screen().contains(if name == "verify" { "altéré" } else { "E0702" });
        let silent = free || saying || run.out.is_empty();
        if !(right && (told || saying) && silent) {
            failures.push(format!("{line}: {}", run.screen()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(tree(&home) == before, "something was written");
    for made in ["b.csv", "m.xlsx", "e.xlsx", "dossier", "fec"] {
        assert!(!kept.path().join(made).exists(), "{made} was written");
    }
}

/// A seal that a later version made is no damage: it says what to do, and reports stop all the same.
#[test]
fn a_seal_of_a_later_format_asks_for_a_later_program() {
    for number in ["2", "10", "99999999999999999999"] {
        let kept = small_closed();
        let home = kept.path();
        edit(
            home,
            "clotures/2024/sceau.txt",
            "compta-sceau/1\n",
            &format!("compta-sceau/{number}\n"),
        );
        let (code, found, out) = told(home);
        assert_eq!(code, 4, "{out}");
        assert_eq!(found, [("E0706".to_owned(), "clotures/2024/sceau.txt".to_owned(), 1)]);
        let run = typed(home, "check");
        assert!(run.out.contains(&format!("format plus récent ({number})")), "{}", run.out);
        assert!(run.out.contains("mettez compta à jour"), "{}", run.out);
        assert!(!run.out.contains("copie"), "nothing is to be restored: {}", run.out);
        assert_eq!(typed(home, "bilan 2025").code, 4);
        assert_eq!(typed(home, "close 2025 --oui --date 2026-02-01").code, 4);
    }
    // What is no number of a format is damage.
    for first in ["compta-sceau/0\n", "compta-sceau/01\n", "compta-sceau/\n", "compta-sceau/1b\n"] {
        let kept = small_closed();
        edit(kept.path(), "clotures/2024/sceau.txt", "compta-sceau/1\n", first);
        let (code, found, out) = told(kept.path());
        assert_eq!((code, found[0].0.as_str()), (4, "E0703"), "{first}: {out}");
    }
}

/// A whole file that is gone: the sealed entries are, one by one; or the inclusion says so first.
#[test]
fn a_file_that_is_gone_is_told() {
    let kept = small_closed();
    let home = kept.path();
    fs::remove_file(home.join("2024.journal")).unwrap();
    let (code, found, _) = told(home);
    assert_eq!((code, found.len()), (1, 1), "a missing file is not a forgery: {found:?}");
    assert_eq!(found[0].0, "E0126");
    assert_eq!(typed(home, "verify").code, 4);
    edit(home, "principal.journal", "include 2024.journal\n", "");
    let (code, found, _) = told(home);
    assert_eq!((code, found.len()), (4, 13), "{found:?}");
    assert!(found.iter().all(|(code, file, _)| code == "E0702" && file.ends_with("sceau.txt")));
}

/// What is done, and how.
type Innocent = (&'static str, fn(&Path));

/// What an open year may do, and what says nothing.
#[test]
fn what_is_open_passes() {
    let innocent: [Innocent; 9] = [
        ("an entry of the next year", |home| {
            append(home, "2025.journal", &LATE.replace("2024-", "2025-"));
        }),
        ("dated in the open year, of a closed day", |home| {
            append(home, "2025.journal", &LATE.replace("2024-11-20", "2025-01-20=2024-11-20"));
        }),
        ("a comment", |home| append(home, "2024.journal", "\n; une remarque de 2025\n")),
        ("a comment above", |home| {
            edit(home, "2024.journal", "2024-07-15", "; le retrait\n2024-07-15");
        }),
        ("an account", |home| append(home, "comptes.journal", "account 6251 Déplacements\n")),
        ("other line endings", |home| {
            let text = fs::read_to_string(home.join("2024.journal")).unwrap();
            fs::write(home.join("2024.journal"), text.replace('\n', "\r\n")).unwrap();
        }),
        ("a new file for the open year", |home| {
            append(
                home,
                "neuf.journal",
                &format!("decimal-mark ,\n{}", LATE.replace("2024-", "2025-")),
            );
            append(home, "principal.journal", "include neuf.journal\n");
        }),
        ("a convention of the open year", |home| {
            append(
                home,
                "conventions.toml",
                "\n[[convention]]\nid = \"VILLE-2025\"\npartenaire = \"Ville\"\nfinanceur = \"commune\"\ngenre = \"subvention\"\nproduit = \"740100\"\ncreance = \"441700\"\nmontant = 900\ndebut = 2025-01-01\nfin = 2025-12-31\nnotification = 2025-02-01\ncalendrier = { 2025 = 900 }\n",
            );
        }),
        ("a year more", |home| {
            append(
                home,
                "compta.toml",
                "\n[[exercice]]\nnom = \"2026\"\ndebut = 2026-01-01\nfin = 2026-12-31\n",
            );
        }),
    ];
    for (what, touch) in innocent {
        let kept = small_closed();
        let home = kept.path();
        let figures = |home: &Path| {
            ["2023", "2024"].map(|year| typed(home, &format!("balance {year} -O csv")).ok())
        };
        let before = figures(home);
        touch(home);
        let (code, found, out) = told(home);
        assert_eq!((code, found.len()), (0, 0), "{what}: {out}");
        assert_eq!(figures(home), before, "{what}");
        intact(home);
    }
}

/// The days and the name of a closed year stay those of its seal.
#[test]
fn a_closed_year_keeps_its_days_and_its_name() {
    let touches: [fn(&Path); 3] = [
        |home| edit(home, "compta.toml", "nom = \"2023\"", "nom = \"vingt-trois\""),
        |home| {
            edit(home, "compta.toml", "fin = 2023-12-31", "fin = 2023-12-30");
            edit(home, "compta.toml", "debut = 2024-01-01", "debut = 2023-12-31");
        },
        |home| {
            edit(
                home,
                "compta.toml",
                "[[exercice]]\nnom = \"2023\"\ndebut = 2023-01-01\nfin = 2023-12-31\n\n",
                "",
            );
            edit(home, "principal.journal", "include 2023.journal\n", "");
        },
    ];
    for (rank, touch) in touches.into_iter().enumerate() {
        let kept = small_closed();
        touch(kept.path());
        let (code, found, out) = told(kept.path());
        assert_eq!(code, 4, "{rank}: {out}");
        assert!(found.iter().any(|(code, ..)| code == "E0704"), "{rank}: {out}");
        assert_eq!(typed(kept.path(), "balance 2023 -O csv").code, 4, "{rank}");
    }
}
