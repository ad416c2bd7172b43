//! Third parties: subsidiary and aged balances, letters checked, proposed and written; worked books with
//! their screens, and laws on random ones.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::harness::{Run, compta, copy, expect, files, folder, none, root, typed};
use crate::hledger::{Balances, hledger, parsed};

/// Every case of `fixtures/lettrage`: its commands, one after the other in one copy of its books.
#[test]
fn each_case_of_matching_has_its_books_and_its_screens() {
    let mut failures = Vec::new();
    let mut cases = 0;
    for commands in files(&root().join("fixtures/lettrage")) {
        if !commands.ends_with("commandes") {
            continue;
        }
        let case = commands.parent().unwrap();
        let home = folder();
        copy(case, home.path());
        let mut screens = String::new();
        for line in fs::read_to_string(&commands).unwrap().lines() {
            let run = typed(home.path(), line);
            assert!(run.code <= 2, "{line}: {}", run.screen());
            assert_eq!(run.code == 2, case.ends_with("refus"), "{line}: {}", run.screen());
            screens.push_str(&format!("$ compta {line}\n{}\n", run.screen()));
        }
        expect(&case.join("ecran.txt"), &screens, &mut failures);
        cases += 1;
    }
    assert!(cases >= 6, "{cases} cases");
    none(&failures);
}

/// What is refused leaves the books as they were.
#[test]
fn unsound_books_take_no_letter() {
    let home = folder();
    copy(&root().join("fixtures/lettrage/propositions"), home.path());
    let path = home.path().join("banque.journal");
    let text = fs::read_to_string(&path).unwrap().replacen("84,00 €", "85,00 €", 1);
    fs::write(&path, text).unwrap();
    let before = bytes(home.path());
    let run = typed(home.path(), "lettrer --ecrire");
    assert_eq!(run.code, 1, "{}", run.screen());
    assert!(run.err.contains("le rapport est refusé"), "{}", run.screen());
    assert_eq!(bytes(home.path()), before);
}

/// Invoices of even cents never make an odd payment: the search says that it gave up.
#[test]
fn a_search_that_gives_up_says_so() {
    let home = folder();
    let mut text = String::from("decimal-mark ,\n\n");
    for rank in 0..150_u32 {
        let amount = format!("{},{:02}", 100 + rank, (rank * 2) % 100);
        writeln!(
            text,
            "2024-01-02 * (ACH-{rank:04}) Gros | facture\n    6226 Honoraires  {amount} €\n    401 Fournisseurs:Gros  -{amount} €\n"
        )
        .unwrap();
    }
    for rank in 0..20 {
        writeln!(
            text,
            "2024-02-02 * (BQ-{rank:04}) Gros | virement\n    401 Fournisseurs:Gros  {},01 €\n    512 Banques\n",
            5000 + rank
        )
        .unwrap();
    }
    fs::write(home.path().join("compta.toml"), "[entite]\nnom = \"Essai\"\n").unwrap();
    fs::write(home.path().join("principal.journal"), text).unwrap();
    let began = std::time::Instant::now();
    let run = typed(home.path(), "lettrer");
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    let shown = run.ok();
    assert!(shown.contains("la recherche s’est arrêtée à 20\u{202f}000 essais"), "{shown}");
    assert!(!shown.contains("Propositions"), "{shown}");
}

/// Books of one year: a line of a third party each, with its day, description and tags, facing the bank.
fn ledger_of(lines: &[(&str, &str, &str, i64)]) -> tempfile::TempDir {
    let home = folder();
    let mut text = String::from("decimal-mark ,\n\n");
    for (rank, (day, description, account, amount)) in lines.iter().enumerate() {
        let (account, tags) = account.split_once(';').unwrap_or((account, ""));
        let comment = if tags.is_empty() { String::new() } else { format!("  ; {tags}") };
        // An invoice faces what was bought or sold, a payment the bank.
        let other = match (&account[..2], *amount < 0) {
            ("40", true) => "6226 Honoraires",
            ("41", false) => "706 Ventes de prestations de services",
            _ => "512 Banques",
        };
        writeln!(
            text,
            "2024-{day} * (J-{rank:05}) {description}\n    {account}  {amount},00 €{comment}\n    {other}\n"
        )
        .unwrap();
    }
    fs::write(home.path().join("compta.toml"), "[entite]\nnom = \"Essai\"\n").unwrap();
    fs::write(home.path().join("principal.journal"), text).unwrap();
    home
}

/// What is proposed: of what nature, and the amounts of each.
fn natures(home: &Path) -> BTreeMap<(String, String), Vec<i64>> {
    let mut found: BTreeMap<(String, String), Vec<i64>> = BTreeMap::new();
    for row in rows(typed(home, "lettrer -O json")) {
        let figure = |key| {
            word(&row, key).parse::<Decimal>().unwrap_or_default().try_into().unwrap_or(0_i64)
        };
        let key = (word(&row, "nature").to_owned(), word(&row, "motif").to_owned());
        found.entry(key).or_default().push(figure("debit") - figure("credit"));
    }
    found
}

/// The amounts of what is of some nature, whatever its reason.
fn of_nature(found: &BTreeMap<(String, String), Vec<i64>>, nature: &str) -> Vec<i64> {
    let own = found.iter().filter(|((own, _), _)| own == nature);
    own.flat_map(|(_, amounts)| amounts.iter().copied()).collect()
}

/// A tiers is an auxiliary, or what stands before the bar: a label names nobody, and what nobody is named
/// for is never certain, be it the same words, the same document, or all that a letter lacks.
#[test]
fn lines_that_name_no_tiers_are_never_certain() {
    for (one, other, tags) in [
        ("Adhésion", "Adhésion", ""),
        ("", "", ""),
        ("| cotisation", "| virement", ""),
        ("Adhésion", "Virement reçu", "; piece: F-1"),
    ] {
        let account = format!("411 Clients{tags}");
        let home = ledger_of(&[("01-02", one, &account, 90), ("02-02", other, &account, -90)]);
        let found = natures(home.path());
        assert_eq!(of_nature(&found, "proposition"), [0_i64; 0], "{one}: {found:?}");
        assert_eq!(of_nature(&found, "a-confirmer"), [90, -90], "{one}: {found:?}");
        assert!(found.keys().any(|(_, why)| why.ends_with("mais rien ne nomme le tiers")));
        let before = bytes(home.path());
        let run = typed(home.path(), "lettrer --ecrire").ok();
        assert_eq!(run, "aucun lettrage certain à écrire\n");
        assert_eq!(bytes(home.path()), before);
    }
    let letter = "411 Clients; lettrage: AA, datelet: 2024-02-02";
    let home = ledger_of(&[
        ("01-02", "Adhésion", letter, 90),
        ("02-02", "Adhésion", letter, -60),
        ("03-02", "Virement", "411 Clients", -30),
    ]);
    let found = natures(home.path());
    assert_eq!(of_nature(&found, "proposition"), [0_i64; 0], "{found:?}");
    // The same lines with a name are certain.
    for (party, account) in [("Ville | x", "411 Clients"), ("x", "411 Clients:Ville")] {
        let home = ledger_of(&[("01-02", party, account, 90), ("02-02", party, account, -90)]);
        assert_eq!(of_nature(&natures(home.path()), "proposition"), [90, -90], "{party}");
    }
}

/// An exact pair is certain when no other reading takes its lines: another sum of either side, one that
/// would take a line of it for something larger, or a letter.
#[test]
fn another_reading_forbids_to_be_certain() {
    let ours = "401 Fournisseurs:A";
    let cases: [(&str, &[(&str, i64)]); 5] = [
        ("invoices make the payment", &[("", -100), ("", -60), ("", -40), ("", 100)]),
        ("payments make the invoice", &[("", -100), ("", 60), ("", 40), ("", 100)]),
        (
            "the payment is a part of another invoice",
            &[("", -100), ("", -150), ("", 100), ("", 50)],
        ),
        (
            "four invoices make it",
            &[("", -100), ("", -10), ("", -20), ("", -30), ("", -40), ("", 100)],
        ),
        (
            "a letter lacks it with another",
            &[("lettrage: AA", -150), ("lettrage: AA", 30), ("", -100), ("", 100), ("", 20)],
        ),
    ];
    for (what, lines) in cases {
        let accounts: Vec<(String, i64)> =
            lines.iter().map(|(tags, amount)| (format!("{ours};{tags}"), *amount)).collect();
        let days: Vec<String> = (1..=lines.len()).map(|day| format!("01-{day:02}")).collect();
        let books: Vec<(&str, &str, &str, i64)> = accounts
            .iter()
            .zip(&days)
            .map(|((account, amount), day)| (day.as_str(), "A | x", account.as_str(), *amount))
            .collect();
        let found = natures(ledger_of(&books).path());
        assert_eq!(of_nature(&found, "proposition"), [0_i64; 0], "{what}: {found:?}");
        let rival = |(key, amounts): (&(String, String), &Vec<i64>)| {
            key.1.ends_with("mais une autre somme irait aussi") && amounts == &[-100, 100]
        };
        assert!(found.iter().any(rival), "{what}: {found:?}");
        // With a document in common, the pair is certain.
        let named: Vec<(&str, &str, String, i64)> = books
            .iter()
            .map(|(day, words, account, amount)| {
                let piece = if amount.abs() == 100 { " piece: F-1" } else { "" };
                (*day, *words, format!("{account}{piece}"), *amount)
            })
            .collect();
        let named: Vec<(&str, &str, &str, i64)> = named
            .iter()
            .map(|(day, words, account, amount)| (*day, *words, account.as_str(), *amount))
            .collect();
        let found = natures(ledger_of(&named).path());
        assert_eq!(of_nature(&found, "proposition"), [-100, 100], "{what}: {found:?}");
    }
}

/// A bank statement is common to all that it shows: it says nothing of what its payments pay, nor does a
/// document that two tiers share.
#[test]
fn a_statement_in_common_is_no_reason() {
    let statement = "401 Fournisseurs:SNCF; piece: releve-02.pdf";
    let lines = [
        ("01-10", "SNCF | A", "401 Fournisseurs:SNCF; piece: F-A", -120),
        ("01-12", "SNCF | B", "401 Fournisseurs:SNCF; piece: F-B", -120),
        ("01-15", "SNCF | virement", "401 Fournisseurs:SNCF; piece: releve-01.pdf", 120),
        ("02-20", "SNCF | virement", statement, 120),
        (
            "02-25",
            "SNCF | remboursement",
            "467 Autres comptes débiteurs ou créditeurs; piece: releve-02.pdf",
            -120,
        ),
    ];
    let found = natures(ledger_of(&lines).path());
    assert_eq!(of_nature(&found, "proposition"), [0_i64; 0], "{found:?}");
    let home = ledger_of(&lines[..4]);
    let path = home.path().join("principal.journal");
    let text = fs::read_to_string(&path).unwrap();
    let refund = "2024-02-25 * (J-00009) SNCF | remboursement\n    401 Fournisseurs:SNCF  -120,00 €  ; piece: releve-02.pdf\n    512 Banques\n";
    fs::write(&path, text + refund).unwrap();
    let found = natures(home.path());
    assert_eq!(of_nature(&found, "proposition"), [0_i64; 0], "{found:?}");
    let shared = [
        ("01-10", "A | x", "401 Fournisseurs:A; piece: F-1", -120),
        ("01-12", "B | x", "401 Fournisseurs:B; piece: F-1", -50),
        ("01-11", "A | y", "401 Fournisseurs:A", -120),
        ("02-20", "A | x", "401 Fournisseurs:A; piece: F-1", 120),
    ];
    let found = natures(ledger_of(&shared).path());
    assert_eq!(of_nature(&found, "proposition"), [0_i64; 0], "{found:?}");
}

/// The only sum possible is likely, never certain: nothing is written for it.
#[test]
fn a_sum_is_for_someone_to_confirm() {
    let ours = "401 Fournisseurs:A";
    let cases: [&[i64]; 3] = [&[-10, -20, 30], &[-10, -20, -47, 30], &[-30, 10, 20]];
    for amounts in cases {
        let days: Vec<String> = (1..=amounts.len()).map(|day| format!("01-{day:02}")).collect();
        let lines: Vec<(&str, &str, &str, i64)> = days
            .iter()
            .zip(amounts)
            .map(|(day, amount)| (day.as_str(), "A | x", ours, *amount))
            .collect();
        let home = ledger_of(&lines);
        let found = natures(home.path());
        assert_eq!(of_nature(&found, "proposition"), [0_i64; 0], "{found:?}");
        assert_eq!(of_nature(&found, "a-confirmer").iter().sum::<i64>(), 0, "{found:?}");
        assert_eq!(of_nature(&found, "a-confirmer").len(), 3, "{found:?}");
        assert_eq!(
            typed(home.path(), "lettrer --ecrire").ok(),
            "aucun lettrage certain à écrire\n"
        );
    }
}

/// Sixteen thousand lines of one tiers, of one amount, of as many amounts, or in one entry: a look at each
/// against each other would be two hundred and fifty million.
#[test]
fn many_lines_of_one_tiers_do_not_take_their_square() {
    let count = 8_000_i64;
    let day = |rank: i64| format!("{:02}-{:02}", 1 + rank / 28 % 12, 1 + rank % 28);
    let sized = |size: fn(i64) -> i64, piece: bool| {
        let lines: Vec<(String, String, i64)> = (0..2 * count)
            .map(|rank| {
                let (of, sign) = (rank % count, if rank < count { 1 } else { -1 });
                let tags = if piece { format!("; piece: F-{of}") } else { String::new() };
                (day(of), format!("411 Clients:Tous{tags}"), sign * size(of))
            })
            .collect();
        let lines: Vec<(&str, &str, &str, i64)> = lines
            .iter()
            .map(|(day, account, amount)| (day.as_str(), "x", account.as_str(), *amount))
            .collect();
        ledger_of(&lines)
    };
    let worlds = [
        ("one amount", sized(|_| 20, false), 0),
        ("as many amounts", sized(|rank| 1_000 + rank, false), 0),
        ("as many documents", sized(|_| 20, true), 16_000),
    ];
    for (what, home, certain) in worlds {
        let began = std::time::Instant::now();
        let found = natures(home.path());
        assert_eq!(of_nature(&found, "proposition").len(), certain, "{what}");
        let took = began.elapsed().as_secs();
        assert!(took < 15, "{what}: {took} s");
    }
}

/// What a trial shows is a patch that `patch` takes, whatever ends the lines, the file and its name.
#[test]
fn a_trial_is_a_patch() {
    for (end, last, name) in [
        ("\n", "\n", "a.journal"),
        ("\r\n", "\r\n", "a.journal"),
        ("\r\n", "", "deux mots.journal"),
        ("\n", "", "é.journal"),
    ] {
        let [home, patched] = [folder(), folder()];
        let entry = |day: &str, code: &str, amount: &str| {
            format!(
                "2024-{day} * ({code}) A | x{end}    512 Banques  {amount} €{end}    401 Fournisseurs:A"
            )
        };
        let (one, other) = (entry("01-02", "J-1", "5,00"), entry("01-03", "J-2", "-5,00"));
        let text = format!("decimal-mark ,{end}{end}{one}{end}{end}{other}{last}");
        for home in [&home, &patched] {
            fs::write(home.path().join("compta.toml"), "[entite]\nnom = \"Essai\"\n").unwrap();
            fs::write(home.path().join("principal.journal"), format!("include {name}\n")).unwrap();
            fs::write(home.path().join(name), &text).unwrap();
        }
        patch(patched.path(), &typed(patched.path(), "lettrer -n").ok());
        typed(home.path(), "lettrer --ecrire").ok();
        let written = fs::read_to_string(home.path().join(name)).unwrap();
        assert_eq!(written.matches("lettrage: AA").count(), 2, "{written}");
        assert_eq!(fs::read_to_string(patched.path().join(name)).unwrap(), written);
    }
}

/// Applies a difference with the system's `patch`.
fn patch(home: &Path, difference: &str) {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), difference).unwrap();
    let mut patch = std::process::Command::new("patch");
    let made = patch.args(["-p0", "-s", "-i"]).arg(file.path()).current_dir(home).output().unwrap();
    // There is nothing to apply when nothing is proposed.
    assert!(made.status.success() || difference.is_empty(), "{difference}\n{made:?}");
}

/// A journal that cannot take its new bytes leaves the others as they were; a link stays one, and a file
/// of two names keeps both.
#[cfg(unix)]
#[test]
fn letters_are_written_in_every_journal_or_in_none() {
    let case = || {
        let home = folder();
        for part in ["un", "deux"] {
            fs::create_dir(home.path().join(part)).unwrap();
        }
        let entry = |amount| {
            format!(
                "decimal-mark ,\n\n2024-01-02 * (J-{amount}) A | x\n    512 Banques  {amount},00 €\n    401 Fournisseurs:A\n"
            )
        };
        fs::write(home.path().join("compta.toml"), "[entite]\nnom = \"Essai\"\n").unwrap();
        let door = "include un/a.journal\ninclude deux/b.journal\n";
        fs::write(home.path().join("principal.journal"), door).unwrap();
        fs::write(home.path().join("un/a.journal"), entry(5)).unwrap();
        fs::write(home.path().join("deux/b.journal"), entry(-5)).unwrap();
        home
    };
    let lettered = |home: &Path, name: &str| {
        fs::read_to_string(home.join(name)).unwrap().contains("lettrage: AA")
    };
    let home = case();
    let [a, b] = ["un/a.journal", "deux/b.journal"].map(|name| home.path().join(name));
    fs::hard_link(&a, home.path().join("autre-nom")).unwrap();
    fs::rename(&b, home.path().join("vrai")).unwrap();
    std::os::unix::fs::symlink("../vrai", &b).unwrap();
    typed(home.path(), "lettrer --ecrire").ok();
    for name in ["un/a.journal", "autre-nom", "deux/b.journal", "vrai"] {
        assert!(lettered(home.path(), name), "{name}");
    }
    assert!(b.symlink_metadata().unwrap().is_symlink());
    // Each step that the system refuses, with strace: the first is told, and nothing changed.
    let mut refused = 0;
    for (call, nth) in [
        ("rename", 1),
        ("rename", 2),
        ("renameat,renameat2", 1),
        ("renameat,renameat2", 2),
        ("fsync", 1),
        ("fsync", 2),
        ("fsync", 3),
        ("fsync", 4),
    ] {
        let home = case();
        let before = bytes(home.path());
        let mut strace = std::process::Command::new("strace");
        let calls = format!("trace={call}");
        let fault = format!("inject={call}:error=EIO:when={nth}");
        let run = strace
            .args(["-f", "-o", "/dev/null", "-e", &calls, "-e", &fault])
            .arg(env!("CARGO_BIN_EXE_compta"))
            .arg("-C")
            .arg(home.path())
            .args(["lettrer", "--ecrire"])
            .output()
            .unwrap();
        match run.status.code() {
            Some(0) => assert_ne!(bytes(home.path()), before, "{call} {nth}"),
            Some(5) => {
                refused += 1;
                assert_eq!(bytes(home.path()), before, "{call} {nth}");
                let told = String::from_utf8_lossy(&run.stderr).into_owned();
                assert!(told.contains("rien n’a été écrit"), "{told}");
            }
            _ => panic!("{call} {nth}: {run:?}"),
        }
    }
    assert!(refused >= 4, "{refused} refusals");
}

/// The files of a folder, by name.
fn bytes(home: &Path) -> BTreeMap<String, Vec<u8>> {
    files(home)
        .into_iter()
        .map(|path| (path.display().to_string(), fs::read(&path).unwrap()))
        .collect()
}

/// Numbers that a seed decides.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, most: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    pub fn of<T: Copy>(&mut self, list: &[T]) -> T {
        let rank = self.below(list.len() as u64);
        list[usize::try_from(rank).unwrap()]
    }
}

const TIERS: [&str; 5] = [
    "401 Fournisseurs:A",
    "401 Fournisseurs:B",
    "401 Fournisseurs",
    "411 Clients:C",
    "411 Clients",
];

/// Books of two years whose amounts, documents, conventions and letters meet again and again.
fn world(seed: u64) -> tempfile::TempDir {
    let home = folder();
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let end = ["\n", "\r\n"][usize::from(seed.is_multiple_of(5))];
    let mut texts = [String::new(), String::new()];
    let tiers = &TIERS[..=usize::try_from(random.below(5)).unwrap()];
    for rank in 0..10 + random.below(30) {
        let day = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + Days::new(random.below(700));
        let account = random.of(tiers);
        let amount = 10 * (1 + random.below(6));
        let debit = random.below(2) == 0;
        let document = match random.below(8) {
            0 | 1 => String::new(),
            2 => format!("piece: P{}, convention: K{}, ", random.below(8), random.below(2)),
            _ => format!("piece: P{}, ", random.below(8)),
        };
        let party = random.of(&["X", "Y"]);
        let mut line = format!("    {account}  {}{amount},00 €", if debit { "" } else { "-" });
        line.push_str(match random.below(12) {
            0 => "  ; lettrage: AA",
            1 => "  ; lettrage: AB, datelet: 2024-06-30",
            2 => "  ; vu",
            3 => " ;",
            4 => "  ; note,",
            5 => "   ",
            6 => "  ; lettrage:",
            _ => "",
        });
        let text = &mut texts[usize::from(day >= NaiveDate::from_ymd_opt(2025, 1, 1).unwrap())];
        write!(
            text,
            "{day} * (J-{rank:04}) {party} | ligne  ; {document}n{end}{line}{end}    512 Banques{end}{end}"
        )
        .unwrap();
    }
    let head = format!("decimal-mark ,{end}{end}");
    let door = "decimal-mark ,\n\ninclude 2024.journal\ninclude 2025.journal\n".to_owned();
    let toml = "[entite]\nnom = \"Essai\"\n";
    for (name, text) in [
        ("compta.toml", toml.to_owned()),
        ("principal.journal", door),
        ("2024.journal", head.clone() + &texts[0]),
        ("2025.journal", head + &texts[1]),
    ] {
        fs::write(home.path().join(name), text).unwrap();
    }
    home
}

fn rows(run: Run) -> Vec<Value> {
    let report: Value = serde_json::from_str(&run.ok()).unwrap();
    report["rows"].as_array().unwrap().clone()
}

fn word<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap_or_default()
}

/// What hledger says of third parties, by account and tiers, before a day.
fn theirs(home: &Path, before: NaiveDate) -> Balances {
    let door = home.join("principal.journal");
    let before = before.to_string();
    let arguments =
        ["balance", "^40", "^41", "--flat", "--no-total", "-O", "csv", "-e", before.as_str()];
    parsed(&hledger(&[&door], &arguments).unwrap())
}

/// After every entry of the worlds.
fn end_of_time() -> NaiveDate {
    NaiveDate::from_ymd_opt(2030, 1, 1).unwrap()
}

const SEEDS: u64 = 40;

/// On every day, what is open of a tiers is its balance, as hledger counts it.
#[test]
fn open_items_sum_to_the_balance_of_the_day() {
    for seed in 0..SEEDS {
        let home = world(seed);
        for day in ["2024-03-31", "2024-12-31", "2025-01-01", "2025-07-14", "2025-12-31"] {
            let line = format!("balance-agee --au {day} -O json");
            let run = typed(home.path(), &line);
            // A year without an entry has no balance.
            if run.code == 2 {
                continue;
            }
            let mut ours = Balances::new();
            for row in rows(run) {
                let (number, tiers) = (word(&row, "compte"), word(&row, "tiers"));
                let key =
                    if tiers.is_empty() { number.to_owned() } else { format!("{number}:{tiers}") };
                let amount: Decimal = word(&row, "montant").parse().unwrap();
                assert!(!amount.is_zero());
                *ours.entry((key, "EUR".to_owned())).or_default() += amount;
            }
            ours.retain(|_, amount| !amount.is_zero());
            let day: NaiveDate = day.parse().unwrap();
            assert_eq!(ours, theirs(home.path(), day + Days::new(1)), "seed {seed}, {day}");
        }
    }
}

/// What is written balances, moves nothing, changes nothing else, and is not proposed again.
#[test]
fn what_is_written_balances_and_changes_nothing_else() {
    let mut written = BTreeSet::new();
    let mut letters = 0;
    for seed in 0..SEEDS {
        let home = world(seed);
        for year in ["2024", "2025"] {
            let path = home.path();
            let run = typed(path, &format!("lettrer {year} -O json"));
            if run.code == 2 {
                continue;
            }
            let proposed: Vec<Value> =
                rows(run).into_iter().filter(|row| word(row, "nature") == "proposition").collect();
            let (before, balances) = (bytes(path), theirs(path, end_of_time()));
            let dry = typed(path, &format!("lettrer {year} -n")).ok();
            let patched = folder();
            copy(path, patched.path());
            patch(patched.path(), &dry);
            assert_eq!(bytes(path), before, "seed {seed}: a trial writes nothing");
            let run = typed(path, &format!("lettrer {year} --ecrire"));
            assert_eq!(run.code, 0, "seed {seed}: {}", run.screen());
            assert_eq!(theirs(path, end_of_time()), balances, "seed {seed}");
            typed(path, "check").ok();
            only_letters(&before, &bytes(path), &dry);
            let names = |home: &Path| -> Vec<Vec<u8>> { bytes(home).into_values().collect() };
            assert_eq!(
                names(patched.path()),
                names(path),
                "seed {seed}: the patch is what is written"
            );
            let proposed: BTreeSet<(String, String)> = proposed
                .iter()
                .map(|row| {
                    let tiers = format!("{}:{}", word(row, "compte"), word(row, "tiers"));
                    (tiers.trim_end_matches(':').to_owned(), word(row, "lettrage").to_owned())
                })
                .collect();
            let sums = lettered(path);
            let again = rows(typed(path, &format!("lettrer {year} -O json")));
            for group in &proposed {
                // A letter of the world may be used again in the next year: new ones never are.
                let new = !matches!(group.1.as_str(), "AA" | "AB");
                assert!(!new || sums[group].is_zero(), "seed {seed}: {group:?}");
                let partial = again.iter().any(|row| {
                    let tiers = format!("{}:{}", word(row, "compte"), word(row, "tiers"));
                    tiers.trim_end_matches(':') == group.0
                        && word(row, "lettrage") == group.1
                        && word(row, "nature") == "partielle"
                });
                assert!(!partial, "seed {seed}: {group:?}");
                written.insert((seed, group.clone()));
            }
            let more: Vec<&Value> =
                again.iter().filter(|row| word(row, "nature") == "proposition").collect();
            assert!(more.is_empty(), "seed {seed}: {more:#?}");
            letters += again.iter().filter(|row| word(row, "nature") == "partielle").count();
        }
    }
    assert!(written.len() > 30, "{} letters written", written.len());
    assert!(letters > 20, "{letters} lines of partial letters");
}

/// Each changed line begins as it was, and ends with its letter; the trial had shown it.
fn only_letters(
    before: &BTreeMap<String, Vec<u8>>,
    after: &BTreeMap<String, Vec<u8>>,
    shown: &str,
) {
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for (name, old) in before {
        let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(&after[name]));
        let (old, new): (Vec<&str>, Vec<&str>) =
            (old.split('\n').collect(), new.split('\n').collect());
        assert_eq!(old.len(), new.len(), "{name}");
        for (old, new) in old.iter().zip(&new).filter(|(old, new)| old != new) {
            let kept = old.trim_end();
            let added = new.strip_prefix(kept).expect(new);
            let added = added.strip_suffix(&old[kept.len()..]).expect(new);
            let tags = added.trim_start_matches([' ', ';', ',']);
            assert!(tags.starts_with("lettrage: ") && tags.contains(", datelet: "), "{new}");
            assert!(shown.contains(&format!("+{new}\n")), "{shown}");
        }
    }
}

/// The sum of each letter over all the years, as the ledgers give it.
fn lettered(home: &Path) -> BTreeMap<(String, String), Decimal> {
    let mut sums = BTreeMap::new();
    for row in rows(compta(home, &["grand-livre", "--tout", "-O", "json"])) {
        let letter = word(&row, "lettrage");
        if !letter.is_empty() {
            let figure = |key| word(&row, key).parse::<Decimal>().unwrap_or_default();
            let key = (word(&row, "compte").to_owned(), letter.to_owned());
            *sums.entry(key).or_default() += figure("debit") - figure("credit");
        }
    }
    sums
}

/// The subsidiary balance is the balance générale, account by account.
#[test]
fn the_subsidiary_balance_is_the_general_one() {
    for (home, year) in [(crate::harness::region(), "2024"), (crate::harness::region(), "2023")] {
        let general = rows(typed(&home, &format!("balance {year} -O json")));
        let own = rows(typed(&home, &format!("balance {year} --auxiliaire -O json")));
        let totals = own.iter().filter(|row| word(row, "ligne") == "total");
        let mut seen = 0;
        for total in totals {
            let number = word(total, "compte");
            let same =
                general.iter().filter(|row| word(row, "compte").split(':').next() == Some(number));
            let sum: Decimal = same.map(|row| word(row, "solde").parse::<Decimal>().unwrap()).sum();
            assert_eq!(word(total, "solde").parse::<Decimal>().unwrap(), sum, "{number} {year}");
            seen += 1;
        }
        assert!(seen >= 3, "{seen} accounts");
    }
}
