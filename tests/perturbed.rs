//! Small books changed in one place after another, and what each command then says: a figure, a day, a word,
//! an account or a line that counts nowhere shows here.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use compta::closing::Hash;

use tempfile::TempDir;

use crate::harness::{compta, copy, expect, files, folder, none, root, typed};

/// A change of one file: what it is, and the text that follows.
struct Change {
    file: String,
    what: String,
    text: String,
}

/// Every run of digits of a line: where, and its value and width.
fn figures(line: &str) -> Vec<(std::ops::Range<usize>, u64)> {
    let bytes = line.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let end = at + bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if end > at && end - at < 10 {
            found.push((at..end, line[at..end].parse().unwrap()));
        }
        at = end.max(at + 1);
    }
    found
}

/// A register: each line away, each figure one more and one less, each text another, each yes a no.
fn of_register(file: &str, text: &str, all: &mut Vec<Change>) {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut add = |at: usize, what: String, line: &str| {
        let mut changed: Vec<&str> = lines.clone();
        changed[at] = line;
        all.push(Change { file: file.to_owned(), what, text: changed.concat() });
    };
    for (at, line) in lines.iter().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let shown = line.trim_end();
        add(at, format!("ôté : {shown}"), "");
        for (range, value) in figures(line) {
            for other in [Some(value + 1), value.checked_sub(1)].into_iter().flatten() {
                let width = range.len();
                let changed =
                    format!("{}{other:0width$}{}", &line[..range.start], &line[range.end..]);
                add(at, changed.trim_end().to_owned(), &changed);
            }
        }
        for (from, to) in [
            ("true", "false"),
            ("false", "true"),
            ("\"recouvrable\"", "\"irrecouvrable\""),
            ("\"irrecouvrable\"", "\"recouvrable\""),
        ] {
            if line.contains(from) {
                let changed = line.replacen(from, to, 1);
                add(at, changed.trim_end().to_owned(), &changed);
            }
        }
        if let Some((key, _)) = line.split_once(" = \"") {
            let changed = format!("{key} = \"x\"\n");
            add(at, changed.trim_end().to_owned(), &changed);
        }
    }
}

/// A journal: each entry away, twice, of another amount, of another day, without its number, its words, its
/// tags; each of its lines on another account.
fn of_journal(file: &str, text: &str, accounts: &[&str], all: &mut Vec<Change>) {
    let parts: Vec<&str> = text.split_inclusive("\n\n").collect();
    for (at, part) in parts.iter().enumerate() {
        let Some(head) = part.lines().next() else { continue };
        if !head.starts_with("20") || head.len() < 11 {
            continue;
        }
        let mut add = |what: &str, part: &str| {
            let mut changed: Vec<&str> = parts.clone();
            changed[at] = part;
            let what = format!("{what} : {head}");
            all.push(Change { file: file.to_owned(), what, text: changed.concat() });
        };
        let whole = format!("{}\n\n", part.trim_end());
        add("ôtée", "");
        add("deux fois", &format!("{whole}{whole}"));
        let units = |by: &str| whole.replace(",00 €", by);
        add("sans centimes", &units(" €"));
        add("dix fois", &units("0,00 €"));
        add(
            "contraire",
            &units(",00 €")
                .replace("  -", "  +")
                .replace("  ", "  -")
                .replace("--", "-")
                .replace("-+", ""),
        );
        for (range, value) in figures(&head[..10]) {
            for other in [value + 1, value.saturating_sub(1)] {
                let width = range.len();
                let day =
                    format!("{}{other:0width$}{}", &whole[..range.start], &whole[range.end..]);
                add(&format!("le {}", &day[..10]), &day);
            }
        }
        if let Some((before, rest)) = whole.split_once(" (") {
            let (number, after) = rest.split_once(") ").unwrap_or((rest, ""));
            add("sans numéro", &format!("{before} {after}"));
            add("autre journal", &format!("{before} (ZZ-0001) {after}"));
            add("au numéro suivant", &format!("{before} ({number}9) {after}"));
        }
        if let Some((before, after)) = whole.split_once(" | ") {
            let day = before.rsplit_once(") ").map_or(before, |(day, _)| day);
            add("sans tiers", &format!("{day}) {after}"));
            add(
                "sans libellé",
                &format!("{before} | \n{}", after.split_once('\n').map_or("", |(_, rest)| rest)),
            );
        }
        if whole.contains("; ") {
            let bare = whole.lines().map(|line| line.split("; ").next().unwrap_or(line).trim_end());
            add(
                "sans étiquette",
                &format!("{}\n\n", bare.collect::<Vec<_>>().join("\n").trim_end()),
            );
        }
        let lines: Vec<&str> = whole.split_inclusive('\n').collect();
        for (rank, line) in lines.iter().enumerate().skip(1) {
            let Some((_, amount)) = line.trim_start().split_once("  ") else { continue };
            if line.trim_start().starts_with([';', '[', '(']) {
                continue;
            }
            for account in accounts {
                let other = format!("    {account}  {}", amount.trim_start());
                let mut changed = lines.clone();
                changed[rank] = &other;
                add(&format!("ligne {rank} au {account}"), &changed.concat());
            }
        }
    }
}

fn changes(home: &Path, accounts: &[&str], only: &str) -> Vec<Change> {
    let mut all = Vec::new();
    for path in files(home) {
        let name = path.strip_prefix(home).unwrap().to_str().unwrap().to_owned();
        if name.starts_with("clotures") || !name.starts_with(only) {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        match name.rsplit_once('.').map(|(_, kind)| kind) {
            Some("toml") => of_register(&name, &text, &mut all),
            Some("journal") => of_journal(&name, &text, accounts, &mut all),
            _ => {}
        }
    }
    all
}

/// What the commands say, each in one line: exit code, hash of all, first line that is new.
fn said(home: &Path, commands: &[&str], before: &[String]) -> (Vec<String>, String) {
    let (mut screens, mut text) = (Vec::new(), String::new());
    for (rank, command) in commands.iter().enumerate() {
        let words: Vec<&str> = command.split(' ').collect();
        let run = compta(home, &words);
        let refused = run.code != 0 && run.out.is_empty();
        let screen = format!("{}\n{}", run.code, run.screen());
        if let Some(was) = before.get(rank).filter(|was| **was != screen) {
            let known: Vec<&str> = was.lines().collect();
            let new = screen.lines().skip(1).find(|line| !known.contains(line)).unwrap_or_default();
            let hash = Hash::of(screen.as_bytes()).to_string();
            let _ = writeln!(text, "  {command} {} {} {new}", run.code, &hash[..16]);
        }
        screens.push(screen);
        // Books that one report refuses, the others refuse in the same words.
        if refused {
            break;
        }
    }
    (screens, text)
}

/// A copy of some books: without its assertions, most changes of an amount leave books that can be reported.
fn books(base: &str, asserted: bool) -> TempDir {
    let home = folder();
    copy(&root().join(base), home.path());
    for path in files(home.path()) {
        let text = fs::read_to_string(&path).unwrap();
        let bare = text
            .lines()
            .map(|line| if asserted { line } else { line.split("  = ").next().unwrap() });
        fs::write(path, bare.map(|line| format!("{line}\n")).collect::<String>()).unwrap();
    }
    home
}

/// Every change of a folder of books, in turn, each alone; what changes nothing is listed too.
fn gallery(
    (home, name, only): (&TempDir, &str, &str),
    accounts: &[&str],
    commands: &[&str],
    failures: &mut Vec<String>,
) {
    let from = home.path().to_owned();
    let (before, _) = said(home.path(), commands, &[]);
    let all = changes(home.path(), accounts, only);
    let queue = Mutex::new(all.into_iter().enumerate());
    let made = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let home = folder();
                copy(&from, home.path());
                loop {
                    let Some((rank, change)) = queue.lock().unwrap().next() else { return };
                    let path = home.path().join(&change.file);
                    let was = fs::read(&path).unwrap();
                    fs::write(&path, &change.text).unwrap();
                    let (_, text) = said(home.path(), commands, &before);
                    fs::write(&path, was).unwrap();
                    let text = format!("{} {}\n{text}", change.file, change.what);
                    made.lock().unwrap().push((rank, text));
                }
            });
        }
    });
    let mut made = made.into_inner().unwrap();
    made.sort();
    let text: String = made.into_iter().map(|(_, text)| text).collect();
    expect(&root().join(format!("fixtures/galeries/{name}.txt")), &text, failures);
}

#[test]
fn controls_and_audit_see_every_change_of_small_books() {
    let accounts = [
        "512100 Banque",
        "530000 Caisse",
        "471 Compte d'attente",
        "467 Autres débiteurs et créditeurs",
        "401 Fournisseurs:Imprimeur",
        "641100 Salaires",
        "6815 Dotations aux provisions d'exploitation",
        "7541 Dons manuels",
        "194 Fonds dédiés sur subventions d'exploitation",
        "864 Personnel bénévole",
    ];
    let commands = ["controles 2024 -O csv", "audit 2024 -O csv"];
    let mut failures = Vec::new();
    let home = books("fixtures/controles/sain", true);
    gallery((&home, "controles-assertions", ""), &[], &commands, &mut failures);
    let home = books("fixtures/controles/sain", false);
    gallery((&home, "controles", ""), &accounts, &commands, &mut failures);
    none(&failures);
}

#[test]
fn the_lists_see_every_change_of_small_books() {
    let commands =
        ["fec 2024", "resultat 2024 -O csv", "balance 2024 -O csv", "feuilles 2024 -O csv"];
    let mut failures = Vec::new();
    let home = books("fixtures/controles/sain", false);
    gallery(
        (&home, "listes", ""),
        &["758 Produits divers de gestion courante"],
        &commands,
        &mut failures,
    );
    none(&failures);
}

/// A form of one's own, each line of it changed.
#[test]
fn statements_see_every_change_of_a_form() {
    let mut failures = Vec::new();
    for form in ["ag", "cerfa-12156"] {
        let home = books("fixtures/controles/sain", false);
        fs::create_dir(home.path().join("formes")).unwrap();
        let shipped = root().join(format!("src/statement/forms/{form}.toml"));
        fs::copy(shipped, home.path().join("formes/la-notre.toml")).unwrap();
        let bilan = format!("bilan 2024 -O csv --forme {form}");
        let resultat = format!("resultat 2024 -O csv --forme {form}");
        let commands = [bilan.as_str(), resultat.as_str()];
        gallery((&home, &format!("forme-{form}"), "formes"), &[], &commands, &mut failures);
    }
    none(&failures);
}

/// Two years closed, a part of the third sealed, then changed: what is read of the closings, and what follows.
#[test]
fn closings_see_every_change_of_closed_books() {
    let home = books("fixtures/controles/sain", true);
    for line in [
        "close 2023 --oui --date 2024-03-01",
        "close 2024 --oui --date 2025-05-01",
        "sceller --jusqu-au 2025-02-28 --date 2025-05-02",
    ] {
        typed(home.path(), line).ok();
    }
    let commands = ["check", "verify", "bilan 2024 -O csv", "affecter 2024 --vote 2025-06-12 -n"];
    let mut failures = Vec::new();
    gallery((&home, "clotures", ""), &["471 Compte d'attente"], &commands, &mut failures);
    none(&failures);
}

#[test]
fn the_care_ledger_sees_every_change_of_worked_books() {
    let commands = [
        "care journal",
        "care -O csv",
        "diff -O csv",
        "bilan --care -O csv",
        "resultat --care -O csv",
    ];
    let mut failures = Vec::new();
    let mut names: Vec<_> = fs::read_dir(root().join("fixtures/care"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    for name in names {
        if root().join("fixtures/care").join(&name).join("care.toml").exists() {
            let home = books(&format!("fixtures/care/{name}"), false);
            gallery((&home, &format!("care-{name}"), ""), &[], &commands, &mut failures);
        }
    }
    none(&failures);
}
