//! Books made of several years: openings compared, not posted twice.

use std::fs;

use super::{HEAD, NAME, file, hledger, row, rows, sound};
use crate::harness::{Run, compta, folder, typed};

const NEXT: &str = "123456782FEC20251231.txt";

fn two_years(next: &[String]) -> (tempfile::TempDir, Run) {
    let home = folder();
    fs::write(home.path().join(NAME), file(&sound(), "\n")).unwrap();
    fs::write(home.path().join(NEXT), file(next, "\n")).unwrap();
    let run = super::plainly(&compta(home.path(), &["init", "livres", "--depuis-fec", NEXT, NAME]));
    (home, run)
}

fn opening(lines: &[(&str, &str, &str)]) -> Vec<String> {
    let mut all = vec![HEAD.to_owned()];
    all.extend(
        lines
            .iter()
            .map(|(account, debit, credit)| row("AN", "1", "20250101", account, debit, credit)),
    );
    all.push(row("AC", "2", "20250312", "606", "10,00", "0,00"));
    all.push(row("AC", "2", "20250312", "401", "0,00", "10,00"));
    all
}

#[test]
fn openings_that_agree_are_not_posted_again() {
    let next = opening(&[
        ("512", "880,00", "0,00"),
        ("102", "0,00", "1000,00"),
        ("129", "120,00", "0,00"),
    ]);
    let (home, run) = two_years(&next);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.screen());
    assert!(run.out.contains("2025 : 1 écriture, 2 lignes"), "{}", run.out);
    assert!(run.out.contains("3 lignes d’à-nouveaux comparées"), "{}", run.out);
    let books = home.path().join("livres");
    let written: String = crate::harness::files(&books.join("2025"))
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    assert!(!written.contains("(AN-"), "{written}");
    let back = super::given(&books, "2025");
    let balances = |rows: &[Vec<String>]| {
        let mut known = std::collections::BTreeMap::<String, i64>::new();
        for row in rows {
            let cents = |cell: &str| cell.replace(',', "").parse::<i64>().unwrap();
            *known.entry(row[4].clone()).or_default() += cents(&row[11]) - cents(&row[12]);
        }
        known.retain(|_, sum| *sum != 0);
        known
    };
    assert_eq!(balances(&back), balances(&rows(&file(&next, "\n"))));
    hledger(&books);
}

#[test]
fn openings_that_differ_are_told_and_the_accounts_have_the_balance_of_the_file() {
    // The result was allocated before the file was made.
    let next = opening(&[
        ("512", "880,00", "0,00"),
        ("102", "0,00", "1000,00"),
        ("119", "120,00", "0,00"),
    ]);
    let (home, run) = two_years(&next);
    assert_eq!(run.code, 0, "{}", run.screen());
    assert!(run.err.contains("à-nouveau du compte 119 Fonds : 120,00 € dans le fichier, 0,00 € à la clôture précédente [W0413]"), "{}", run.err);
    assert!(run.err.contains("à-nouveau du compte 129"), "{}", run.err);
    let books = home.path().join("livres");
    let entry = fs::read_to_string(books.join("2025/anr-ecarts.journal")).unwrap();
    assert!(entry.contains("ANR-1"), "{entry}");
    let balance = typed(&books, "balance 2025 -O csv").ok();
    assert!(
        balance.contains("119,Fonds,EUR,120.00,0.00,120.00")
            || balance.contains("119,Fonds,€,120.00,0.00,120.00"),
        "{balance}"
    );
    assert_eq!(typed(&books, "check").code, 0);
    hledger(&books);
    assert!(fs::read_to_string(books.join("LISEZMOI.md")).unwrap().contains("W0413"));
}

#[test]
fn a_trial_writes_nothing() {
    let home = folder();
    fs::write(home.path().join(NAME), file(&sound(), "\n")).unwrap();
    let run = compta(home.path(), &["init", "livres", "-n", "--depuis-fec", NAME]);
    assert_eq!(run.code, 0, "{}", run.screen());
    assert!(run.out.contains("rien n’a été écrit"), "{}", run.out);
    assert!(!home.path().join("livres").exists());
}

#[test]
fn parts_of_a_year_make_one_year() {
    let home = folder();
    let lines = sound();
    let first = [&lines[..3], &[]].concat();
    let second = [&lines[..1], &lines[3..]].concat();
    fs::write(home.path().join("123456782FEC20241231_1.txt"), file(&first, "\n")).unwrap();
    fs::write(home.path().join("123456782FEC20241231_2.txt"), file(&second, "\n")).unwrap();
    let run = compta(
        home.path(),
        &[
            "init",
            "livres",
            "--depuis-fec",
            "123456782FEC20241231_2.txt",
            "123456782FEC20241231_1.txt",
        ],
    );
    assert_eq!(run.code, 0, "{}", run.screen());
    assert_eq!(super::given(&home.path().join("livres"), "2024"), rows(&file(&lines, "\n")));
}

#[test]
fn books_of_one_sequence_can_be_closed_and_a_hole_in_it_is_told() {
    let home = folder();
    let mut lines = sound();
    for (journal, number) in [("AC", "4"), ("BQ", "5")] {
        lines.push(row(journal, number, "20240601", "606", "7,00", "0,00"));
        lines.push(row(journal, number, "20240601", "512", "0,00", "7,00"));
    }
    let run = super::taken(home.path(), NAME, file(&lines, "\n").as_bytes());
    assert_eq!(run.code, 0, "{}", run.screen());
    let books = home.path().join("livres");
    let e4 = |year: &str| {
        let text = typed(&books, &format!("controles {year} -O csv")).out;
        text.lines().find(|line| line.contains("E4 ")).unwrap_or_default().to_owned()
    };
    assert!(
        e4("2024").contains(",OK,") && e4("2024").contains("une séquence pour tous"),
        "{}",
        e4("2024")
    );
    let path = books.join("2024/bq.journal");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("(BQ-3)", "(BQ-6)")).unwrap();
    assert!(e4("2024").contains(",KO,"), "{}", e4("2024"));
}

#[test]
fn a_year_of_openings_alone_is_compared_all_the_same() {
    let mut next = opening(&[
        ("512", "880,00", "0,00"),
        ("102", "0,00", "1000,00"),
        ("129", "120,00", "0,00"),
    ]);
    next.truncate(4);
    let (home, run) = two_years(&next);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.screen());
    assert!(run.out.contains("2025 : 0 écriture, 0 ligne"), "{}", run.out);
    assert_eq!(typed(&home.path().join("livres"), "check").code, 0);
    let moved: Vec<String> = next.iter().map(|line| line.replace("\t129\t", "\t119\t")).collect();
    let (home, run) = two_years(&moved);
    assert_eq!(run.err.matches("W0413").count(), 2, "{}", run.screen());
    let books = home.path().join("livres");
    let balance = typed(&books, "balance 2025 -O csv").ok();
    for account in ["119,", "512,"] {
        let line = balance.lines().find(|line| line.starts_with(account)).unwrap();
        let wanted = if account == "512," { ",880.00" } else { ",120.00" };
        assert!(line.ends_with(wanted), "{balance}");
    }
}

#[test]
fn a_later_year_may_call_and_date_its_openings_otherwise() {
    let next = opening(&[
        ("512", "880,00", "0,00"),
        ("102", "0,00", "1000,00"),
        ("129", "120,00", "0,00"),
    ]);
    for (code, day) in [
        ("RAN\tReport à nouveau", "20250101"),
        ("AN\tJournal AN", "20250102"),
        ("REP\tReports a nouveau", "20250101"),
    ] {
        let change = |line: &String| {
            let line = line.replace("AN\tJournal AN", code);
            if line.starts_with("AC") { line } else { line.replace("20250101", day) }
        };
        let (home, run) = two_years(&next.iter().map(change).collect::<Vec<String>>());
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{code}: {}", run.screen());
        let balance = typed(&home.path().join("livres"), "balance 2025 -O csv").ok();
        let bank = balance.lines().find(|line| line.starts_with("512,")).unwrap();
        assert!(bank.ends_with(",880.00"), "{code}: {balance}");
    }
}
