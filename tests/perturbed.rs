//! Small books changed in one place after another, and what each command then says: a figure, a day, a word,
//! an account or a line that counts nowhere shows here.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use compta::chart::Edition;
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

/// What is changed: the files whose names begin so, the accounts that a line may go to, the entries that a
/// journal may have more.
#[derive(Clone, Copy, Default)]
pub(crate) struct Changes<'a> {
    pub(crate) only: &'a str,
    pub(crate) accounts: &'a [&'a str],
    pub(crate) more: &'a [String],
}

fn changes(home: &Path, Changes { only, accounts, more }: Changes<'_>) -> Vec<Change> {
    let mut all = Vec::new();
    // More entries stand in the last journal.
    let last =
        files(home).into_iter().rfind(|path| path.extension().is_some_and(|e| e == "journal"));
    let last = last.filter(|_| !more.is_empty()).map(|path| {
        let text = fs::read_to_string(&path).unwrap();
        (path.strip_prefix(home).unwrap().to_str().unwrap().to_owned(), text)
    });
    for entry in more {
        let (file, text) = last.clone().unwrap();
        let what = format!("de plus : {}", entry.trim_end().replace('\n', " / "));
        all.push(Change { file, what, text: format!("{}\n\n{entry}", text.trim_end()) });
    }
    if only == "rien" {
        return all;
    }
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
pub(crate) fn books(base: &str, asserted: bool) -> TempDir {
    let home = folder();
    copy(&root().join(base), home.path());
    for path in files(home.path()) {
        let text = fs::read_to_string(&path).unwrap();
        let left = text
            .lines()
            .map(|line| if asserted { line } else { line.split("  = ").next().unwrap() });
        fs::write(path, left.flat_map(|line| [line, "\n"]).collect::<String>()).unwrap();
    }
    home
}

/// A part of the changes of a folder of books, in turn, each alone; what changes nothing is listed too.
pub(crate) fn gallery(
    (home, name): (&TempDir, &str),
    (part, parts): (usize, usize),
    changed: Changes<'_>,
    commands: &[&str],
) {
    let (before, _) = said(home.path(), commands, &[]);
    let all = changes(home.path(), changed);
    let share = all.len().div_ceil(parts);
    let mut text = String::new();
    for change in all.into_iter().skip(part * share).take(share) {
        let path = home.path().join(&change.file);
        let was = fs::read(&path).unwrap();
        fs::write(&path, &change.text).unwrap();
        let (_, told) = said(home.path(), commands, &before);
        fs::write(&path, was).unwrap();
        let _ = write!(text, "{} {}\n{told}", change.file, change.what);
    }
    assert!(!text.is_empty(), "{name} has no part {part}");
    let name = if parts == 1 { name.to_owned() } else { format!("{name}-{part}") };
    let mut failures = Vec::new();
    expect(&root().join(format!("fixtures/galeries/{name}.txt")), &text, &mut failures);
    none(&failures);
}

/// One test for each part of a gallery.
macro_rules! each {
    ($gallery:ident: $($test:ident $part:expr),+) => {
        $(#[test] fn $test() { $gallery($part); })+
    };
}
pub(crate) use each;

/// The controls before a closing, and the proofs of an audit.
fn controls(part: usize) {
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
    let home = books("fixtures/controles/sain", false);
    let commands = ["controles 2024 -O json", "audit 2024 -O json"];
    let changed = Changes { accounts: &accounts, ..Changes::default() };
    gallery((&home, "controles"), (part, 8), changed, &commands);
}

each!(controls: controls_1 0, controls_2 1, controls_3 2, controls_4 3, controls_5 4, controls_6 5, controls_7 6, controls_8 7);

/// An account of the chart of 2018 with its title.
fn named(number: &str) -> String {
    let title = Edition::Anc2018.title(number).unwrap_or_else(|| panic!("{number}"));
    format!("{number} {title}")
}

/// One entry more on each of many accounts, on either side, in the middle of the year and on its last day.
fn more(part: usize) {
    let home = books("fixtures/controles/sain", false);
    let numbers = [
        "102", "106", "108", "110", "119", "120", "129", "131", "139", "151", "158", "164", "194",
        "205", "208", "2183", "261", "271", "275", "28183", "29", "37", "397", "4091", "4096",
        "416", "419", "421", "425", "428", "437", "444", "447", "455", "465", "476", "477", "481",
        "486", "487", "491", "496", "503", "508", "511", "519", "541", "58", "590", "603", "6061",
        "6135", "616", "6251", "635", "641", "645", "649", "651", "658", "661", "671", "675",
        "681", "687", "689", "695", "701", "7087", "741", "747", "754", "757", "758", "768", "771",
        "775", "781", "789", "791", "861", "871", "875",
    ];
    let mut entries = Vec::new();
    for number in numbers {
        let Some(title) = Edition::Anc2018.title(number) else { continue };
        let face = if number.starts_with('8') { named("864") } else { "512100 Banque".to_owned() };
        for (day, sign, face_sign) in [("2024-06-03", "", "-"), ("2024-12-31", "-", "")] {
            entries.push(format!(
                "{day} * (OD-0900) Divers | essai  ; piece: essai.pdf\n    {number} {title}  {sign}37,00 €\n    {face}  {face_sign}37,00 €\n"
            ));
        }
    }
    let commands = [
        "controles 2024 -O json",
        "audit 2024 -O json",
        "resultat 2024 -O json",
        "bilan 2024 -O json",
    ];
    let changed = Changes { only: "rien", more: &entries, ..Changes::default() };
    gallery((&home, "ecritures"), (part, 4), changed, &commands);
}

each!(more: more_1 0, more_2 1, more_3 2, more_4 3);

/// What an ecological ledger may meet more: lines in brackets, activities, payments, provisions.
fn ecological() -> Vec<String> {
    let (bank, buying) = (named("512"), named("604"));
    let mut entries = Vec::new();
    let mut add = |day: &str, code: &str, tags: &str, lines: &[(&str, &str)]| {
        let lines: String =
            lines.iter().flat_map(|(name, amount)| ["    ", name, "  ", amount, "\n"]).collect();
        entries.push(format!("{day} * ({code}) Divers | essai  ; piece: e.pdf{tags}\n{lines}"));
    };
    let care = |number: &str| format!("[{number} {}]", Edition::Anc2022.title(number).unwrap());
    for day in ["2024-01-01", "2024-06-03", "2024-12-31"] {
        for (one, other) in [
            ("C172", "C6812"),
            ("C6812", "C172"),
            ("C110", "C172"),
            ("C1712", "C110"),
            ("C781", "C1712"),
        ] {
            for code in ["OD-0900", "AN-0900"] {
                add(day, code, "", &[(&care(one), "7,00 €"), (&care(other), "-7,00 €")]);
            }
        }
        add(day, "OD-0900", "", &[(&care("T60"), "4 kgCO₂e"), (&care("T172"), "-4 kgCO₂e")]);
        for tags in [
            "",
            ", preservation: climat",
            ", preservation: sol",
            ", projet: haies",
            ", preservation: climat, projet: haies",
            ", preservation: x",
        ] {
            add(day, "ACH-0900", tags, &[(&buying, "30,00 €"), (&bank, "-30,00 €")]);
            add(day, "ACH-0900", tags, &[(&buying, "-30,00 €"), (&bank, "30,00 €")]);
        }
        add(
            day,
            "ACH-0900",
            ", preservation: climat",
            &[("2154 Matériel industriel", "30,00 €"), (&bank, "-30,00 €")],
        );
        for (one, other) in [("6815", "1581"), ("1581", "7815"), ("1581", "512"), ("1581", "110")] {
            let of = |number: &str| match number {
                "1581" => "1581 Provision pour dette carbone recouvrable".to_owned(),
                "6815" => "6815 Dotation à la provision pour dette carbone".to_owned(),
                "7815" => "7815 Reprise de la provision pour dette carbone".to_owned(),
                other => named(other),
            };
            for code in ["OD-0900", "AN-0900"] {
                add(day, code, "", &[(&of(one), "50,00 €"), (&of(other), "-50,00 €")]);
            }
        }
        add(
            day,
            "ACH-0900",
            "",
            &[
                ("6251 Voyages et déplacements", "90,00 €"),
                ("(train-tgv)", "900 km"),
                (&bank, "-90,00 €"),
            ],
        );
        add(
            day,
            "ACH-0900",
            "",
            &[
                ("6251 Voyages et déplacements", "90,00 €"),
                ("(avion-court)", "900 km"),
                (&bank, "-90,00 €"),
            ],
        );
        add(
            day,
            "ACH-0900",
            "",
            &[(&named("6061"), "90,00 €"), ("(mesure)", "12 kgCO₂e"), (&bank, "-90,00 €")],
        );
        for number in ["63", "641", "681", "695", "775", "754"] {
            add(day, "OD-0900", "", &[(&named(number), "33,00 €"), (&bank, "-33,00 €")]);
        }
    }
    entries
}

/// The same with the balances that the bank asserts.
fn asserted(part: usize) {
    let home = books("fixtures/controles/sain", true);
    let commands = ["controles 2024 -O json", "audit 2024 -O json"];
    gallery((&home, "releves"), (part, 3), Changes::default(), &commands);
}

each!(asserted: asserted_1 0, asserted_2 1, asserted_3 2);

/// The FEC and the lists of accounts.
fn lists(part: usize) {
    let home = books("fixtures/controles/sain", false);
    let commands = [
        "fec 2024",
        "resultat 2024 -O json",
        "balance 2024 -O json",
        "feuilles 2024 -O json",
        "trace bilan.passif.situation_nette 2024",
        "trace bilan.actif.disponibilites 2024",
        "grand-livre 2024-T2 -O csv",
    ];
    let accounts = ["758 Produits divers de gestion courante"];
    let changed = Changes { accounts: &accounts, ..Changes::default() };
    gallery((&home, "listes"), (part, 3), changed, &commands);
}

each!(lists: lists_1 0, lists_2 1, lists_3 2);

/// A form of one's own, each line of it changed.
fn form(name: &str, part: usize) {
    let home = books("fixtures/controles/sain", false);
    fs::create_dir(home.path().join("formes")).unwrap();
    let shipped = root().join(format!("src/statement/forms/{name}.toml"));
    fs::copy(shipped, home.path().join("formes/la-notre.toml")).unwrap();
    let bilan = format!("bilan 2024 -O json --forme {name}");
    let resultat = format!("resultat 2024 -O json --forme {name}");
    let commands = [bilan.as_str(), resultat.as_str()];
    let changed = Changes { only: "formes", ..Changes::default() };
    gallery((&home, &format!("forme-{name}")), (part, 4), changed, &commands);
}

fn meeting_form(part: usize) {
    form("ag", part);
}

fn cerfa_form(part: usize) {
    form("cerfa-12156", part);
}

each!(meeting_form: meeting_form_1 0, meeting_form_2 1, meeting_form_3 2, meeting_form_4 3);
each!(cerfa_form: cerfa_form_1 0, cerfa_form_2 1, cerfa_form_3 2, cerfa_form_4 3);

/// Two years closed, a part of the third sealed, then changed: what is read of the closings, and what follows.
fn closings(part: usize) {
    let home = books("fixtures/controles/sain", true);
    for line in [
        "close 2023 --oui --date 2024-03-01",
        "close 2024 --oui --date 2025-05-01",
        "sceller --jusqu-au 2025-02-28 --date 2025-05-02",
    ] {
        typed(home.path(), line).ok();
    }
    let commands = ["check", "verify", "bilan 2024 -O json", "affecter 2024 --vote 2025-06-12 -n"];
    let changed = Changes { accounts: &["471 Compte d'attente"], ..Changes::default() };
    gallery((&home, "clotures"), (part, 4), changed, &commands);
}

each!(closings: closings_1 0, closings_2 1, closings_3 2, closings_4 3);

/// The worked books of the CARE model.
const WORKED: [&str; 16] = [
    "depense-au-dela",
    "deux-capitaux",
    "erreur-n-1-au-dessous",
    "erreur-n-1-au-dessus",
    "exercice-court",
    "fusion",
    "inventaire",
    "plus-retire-qu-emis",
    "premiere-adoption",
    "prix-historique",
    "prix-reevaluee",
    "projet-echoue",
    "provision-partielle",
    "reversion-apres-emploi",
    "seuil-dans-l-intervalle",
    "subvention-du-projet",
];

fn worked(rank: usize) {
    let name = WORKED[rank];
    let home = books(&format!("fixtures/care/{name}"), false);
    let commands = [
        "care journal",
        "care -O json",
        "diff -O json",
        "bilan --care -O json",
        "resultat --care -O json",
    ];
    let more = ecological();
    let changed = Changes { more: &more, ..Changes::default() };
    gallery((&home, &format!("care-{name}")), (0, 1), changed, &commands);
}

each!(worked: worked_0 0, worked_1 1, worked_2 2, worked_3 3, worked_4 4, worked_5 5, worked_6 6, worked_7 7, worked_8 8,
    worked_9 9, worked_10 10, worked_11 11, worked_12 12, worked_13 13, worked_14 14, worked_15 15);

#[test]
fn every_worked_book_has_its_gallery() {
    let all = fs::read_dir(root().join("fixtures/care")).unwrap();
    let mut names: Vec<String> = all
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("care.toml").exists())
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    assert_eq!(names, WORKED);
}
