//! Which years files are of, and files that are parts of one year.

use std::fs;
use std::path::Path;

use super::{HEAD, file, given, plainly, row, sound};
use crate::harness::{Run, compta, folder};

/// Books of some files.
fn books(home: &Path, files: &[(&str, Vec<String>)]) -> Run {
    let mut typed = vec!["init", "livres", "--depuis-fec"];
    for (name, lines) in files {
        fs::write(home.join(name), file(lines, "\n")).unwrap();
        typed.push(name);
    }
    plainly(&compta(home, &typed))
}

/// An entry of two lines.
fn entry(journal: &str, number: &str, day: &str) -> Vec<String> {
    vec![
        row(journal, number, day, "512", "10,00", "0,00"),
        row(journal, number, day, "706", "0,00", "10,00"),
    ]
}

fn with_head(parts: &[Vec<String>]) -> Vec<String> {
    let mut lines = vec![HEAD.to_owned()];
    for part in parts {
        lines.extend_from_slice(part);
    }
    lines
}

#[test]
fn a_name_that_says_no_year_is_told_with_the_year_that_was_read() {
    let home = folder();
    let run = books(home.path(), &[("export.txt", sound())]);
    assert_eq!(run.code, 0, "{}", run.screen());
    assert!(run.err.contains("du 01/01/2024 au 31/12/2024 d’après les dates"), "{}", run.err);
}

#[test]
fn openings_after_the_usual_first_day_begin_the_year() {
    let home = folder();
    let lines = with_head(&[
        vec![
            row("AN", "1", "20240701", "512", "10,00", "0,00"),
            row("AN", "1", "20240701", "102", "0,00", "10,00"),
        ],
        entry("VE", "2", "20240912"),
    ]);
    let run = books(home.path(), &[("732829320FEC20241231.txt", lines)]);
    assert_eq!(run.code, 0, "{}", run.screen());
    assert!(run.err.contains("exercice commencé le 01/07/2024"), "{}", run.err);
    let text = fs::read_to_string(home.path().join("livres/compta.toml")).unwrap();
    assert!(text.contains("debut = 2024-07-01\nfin = 2024-12-31"), "{text}");
}

#[test]
fn two_short_years_of_one_calendar_year_have_two_names() {
    let home = folder();
    let run = books(
        home.path(),
        &[
            ("732829320FEC20231231.txt", with_head(&[entry("VE", "1", "20230202")])),
            ("732829320FEC20240331.txt", with_head(&[entry("VE", "1", "20240202")])),
            ("732829320FEC20241231.txt", with_head(&[entry("VE", "1", "20240502")])),
        ],
    );
    assert_eq!(run.code, 0, "{}", run.screen());
    for year in ["2023", "2024-court", "2024-court-2"] {
        assert_eq!(
            given(&home.path().join("livres"), year).iter().filter(|row| row[0] == "VE").count(),
            2,
            "{year}"
        );
    }
}

#[test]
fn a_later_year_may_have_more_than_twelve_months() {
    let home = folder();
    let run = books(
        home.path(),
        &[
            ("732829320FEC20221231.txt", with_head(&[entry("VE", "1", "20220202")])),
            (
                "732829320FEC20240630.txt",
                with_head(&[entry("VE", "1", "20230105"), entry("VE", "2", "20240605")]),
            ),
        ],
    );
    assert_eq!(run.code, 0, "{}", run.screen());
    let text = fs::read_to_string(home.path().join("livres/compta.toml")).unwrap();
    assert!(text.contains("debut = 2023-01-01\nfin = 2024-06-30"), "{text}");
    let out = compta(&home.path().join("livres"), &["fec", "2023-2024", "-o", "sortie"]);
    assert!(out.out.contains("--debut 2023-01-01"), "{}", out.screen());
    let found = home.path().join("livres/sortie/732829320FEC20240630.txt");
    let found = found.to_str().unwrap();
    let run = compta(home.path(), &["fec", "verifier", found, "--debut", "2023-01-01"]);
    assert!(!run.screen().contains("E0411"), "{}", run.screen());
}

#[test]
fn a_missing_year_is_refused() {
    let home = folder();
    let run = books(
        home.path(),
        &[
            ("732829320FEC20211231.txt", with_head(&[entry("VE", "1", "20210202")])),
            ("732829320FEC20231231.txt", with_head(&[entry("VE", "1", "20230202")])),
        ],
    );
    assert_eq!(run.code, 2, "{}", run.screen());
    assert!(run.err.contains("il manque un exercice"), "{}", run.err);
}

#[test]
fn a_file_given_twice_is_refused() {
    let home = folder();
    let run = books(
        home.path(),
        &[("732829320FEC20241231.txt", sound()), ("732829320FEC20241231_2.txt", sound())],
    );
    assert_eq!(run.code, 2, "{}", run.screen());
    assert!(run.err.contains("sont le même fichier"), "{}", run.err);
    assert!(!home.path().join("livres").exists());
}

#[test]
fn an_entry_may_begin_in_one_part_and_end_in_the_next() {
    let home = folder();
    let lines = sound();
    let (mut one, mut two) = (lines[..4].to_vec(), vec![HEAD.to_owned()]);
    two.extend_from_slice(&lines[4..]);
    one.dedup();
    let run = books(
        home.path(),
        &[("732829320FEC20241231_1.txt", one), ("732829320FEC20241231_2.txt", two)],
    );
    assert_eq!(run.code, 0, "{}", run.screen());
    assert_eq!(given(&home.path().join("livres"), "2024").len(), 6);
}

#[test]
fn two_wrong_entries_that_cancel_are_not_one() {
    // Journals number on their own: AC 1 and VE 1 have nothing to do with each other.
    let mut lines = with_head(&[entry("AC", "1", "20240105"), entry("VE", "1", "20240107")]);
    lines.push(row("AC", "2", "20240312", "606", "120,00", "0,00"));
    lines.push(row("VE", "2", "20240520", "706", "0,00", "120,00"));
    let home = folder();
    let run = books(home.path(), &[("732829320FEC20241231.txt", lines)]);
    assert_eq!(run.code, 1, "{}", run.screen());
    assert!(run.err.contains("AC 2 ne s’équilibre pas") && run.err.contains("VE 2"), "{}", run.err);
    assert!(!home.path().join("livres").exists());
    let run = compta(home.path(), &["fec", "verifier", "732829320FEC20241231.txt"]);
    assert_eq!(run.code, 1, "{}", run.screen());
    assert!(run.screen().contains("E0409") && !run.screen().contains("W0412"), "{}", run.screen());
}

#[test]
fn one_sequence_over_the_year_may_have_an_entry_over_two_journals_and_two_days() {
    let mut lines = with_head(&[entry("AC", "1", "20240105"), entry("VE", "2", "20240107")]);
    lines.push(row("AC", "3", "20240312", "606", "120,00", "0,00"));
    lines.push(row("VE", "3", "20240520", "706", "0,00", "120,00"));
    let home = folder();
    let run = books(home.path(), &[("732829320FEC20241231.txt", lines)]);
    assert_eq!(run.code, 0, "{}", run.screen());
    assert!(run.err.contains("à cheval sur plusieurs journaux"), "{}", run.err);
    let run = compta(home.path(), &["fec", "verifier", "732829320FEC20241231.txt"]);
    assert!(run.screen().contains("W0412") && !run.screen().contains("E0409"), "{}", run.screen());
}

#[test]
fn voluntary_contributions_that_differ_are_refused_at_their_line() {
    let mut lines = sound();
    lines.push(row("OD", "9", "20240612", "864", "50,00", "0,00"));
    lines.push(row("OD", "9", "20240612", "512", "0,00", "50,00"));
    let home = folder();
    let run = books(home.path(), &[("732829320FEC20241231.txt", lines)]);
    assert_eq!(run.code, 1, "{}", run.screen());
    assert!(run.err.contains("E0313") && run.err.contains("FEC20241231.txt:8:"), "{}", run.err);
}

#[test]
fn quirks_of_old_software_are_read_and_told() {
    let mut lines = sound();
    let extra = |line: &String| format!("{line}\tx1\tx2");
    lines = lines.iter().map(extra).collect();
    lines[0] = format!("{HEAD}\tDateRglt\tModeRglt");
    let dinars = lines[3].replace("\t20240312\t\t\t", "\t20240312\t10,125\tTND\t");
    lines[3] = dinars;
    let long = "J".repeat(300);
    lines[5] = lines[5].replace("BQ", &long);
    lines[6] = lines[6].replace("BQ", &long);
    let home = folder();
    let name = "732829320FEC20241231.txt";
    fs::write(home.path().join(name), file(&lines, "\r\n") + "\u{1a}").unwrap();
    let run = plainly(&compta(home.path(), &["init", "livres", "--depuis-fec", name]));
    assert_eq!(run.code, 0, "{}", run.screen());
    for said in ["colonne supplémentaire : `DateRglt`, laissée", "`ModeRglt`, laissée", "Ctrl-Z"]
    {
        assert!(run.err.contains(said), "{said}: {}", run.err);
    }
    let back = given(&home.path().join("livres"), "2024");
    assert_eq!((back[2][16].as_str(), back[2][17].as_str()), ("10,125", "TND"));
    assert_eq!(back[4][0], long);
}

/// The order of a legal file is that of its validations, and of its numbers within one; days of entries may
/// go back.
#[test]
fn numbers_keep_their_order_whatever_the_days() {
    for single in [true, false] {
        let number = |rank: u32| rank.to_string();
        let days = ["0229", "0110", "0315", "0301"];
        let journal = |rank: u32| if single && rank.is_multiple_of(2) { "BQ" } else { "AC" };
        let mut lines = vec![HEAD.to_owned()];
        for (rank, day) in (1..).zip(days) {
            for cells in [["606", "10,00", "0,00"], ["401", "0,00", "10,00"]] {
                let text = row(
                    journal(rank),
                    &number(rank),
                    &format!("2024{day}"),
                    cells[0],
                    cells[1],
                    cells[2],
                );
                let mut cells: Vec<&str> = text.split('\t').collect();
                cells[15] = "20241231";
                lines.push(cells.join("\t"));
            }
        }
        let home = folder();
        let run = books(home.path(), &[("732829320FEC20241231.txt", lines.clone())]);
        assert_eq!(run.code, 0, "{}", run.screen());
        let livres = home.path().join("livres");
        let back = given(&livres, "2024");
        let sent: Vec<Vec<String>> =
            lines[1..].iter().map(|line| line.split('\t').map(str::to_owned).collect()).collect();
        assert_eq!(back, sent, "{single}");
        assert_eq!(compta(&livres, &["fec", "2024", "-o", "sorties"]).code, 0);
        let run = compta(&livres, &["fec", "verifier", "sorties/732829320FEC20241231.txt"]);
        assert!(!run.screen().contains("W0408"), "{}", run.screen());
    }
}

/// A first day is not after the closing, nor two years before it, for the verifier and for the intake.
#[test]
fn a_first_day_has_its_bounds() {
    let home = folder();
    fs::write(home.path().join("732829320FEC20241231.txt"), file(&sound(), "\n")).unwrap();
    for day in ["2022-07-01", "2025-07-01"] {
        let file = "732829320FEC20241231.txt";
        let taken = ["init", "livres", "--debut", day, "--depuis-fec", file];
        for args in [&taken[..], &["fec", "verifier", file, "--debut", day]] {
            let run = compta(home.path(), args);
            assert_eq!(run.code, 2, "{}", run.screen());
            assert!(run.err.contains("ne commence pas le"), "{}", run.err);
        }
    }
}

/// A day that one line has, a currency in two words and a journal without code come back.
#[test]
fn odd_values_come_back() {
    let mut lines = sound();
    lines[4] = lines[4].replacen("20240312", "20240315", 1);
    let currency = |line: &str, amount: &str, code: &str| {
        let mut cells: Vec<&str> = line.split('\t').collect();
        (cells[16], cells[17]) = (amount, code);
        cells.join("\t")
    };
    lines[3] = currency(&lines[3], "-12,34", "US DOLLAR");
    lines[5] = currency(&lines[5], "1500", "FRANC CFP");
    lines[6] = currency(&lines[6], "12", "200 X");
    for line in &mut lines[5..] {
        *line = line.replacen("BQ\tJournal BQ", "\t", 1);
    }
    let home = folder();
    let run = books(home.path(), &[("732829320FEC20241231.txt", lines.clone())]);
    assert_eq!(run.code, 0, "{}", run.screen());
    let back = given(&home.path().join("livres"), "2024");
    let sent = |rank: usize| lines[rank].split('\t').map(str::to_owned).collect::<Vec<String>>();
    assert_eq!(back[2][16..], ["-12,34", "US DOLLAR"]);
    assert_eq!((back[4][0].as_str(), &back[4][17]), ("", &sent(5)[17]));
    assert_eq!(back[4][16], "1500,00");
    assert_eq!(back[5][17], "200 X");
    assert_eq!((back[2][3].as_str(), back[3][3].as_str()), ("20240312", "20240315"));
}

/// Accounts that no form takes are told at once, with the command that will refuse.
#[test]
fn accounts_without_a_row_are_told_when_the_books_are_made() {
    let mut lines = sound();
    for line in &mut lines {
        *line = line.replace("\t606\t", "\t4A1\t");
    }
    let home = folder();
    let run = books(home.path(), &[("732829320FEC20241231.txt", lines)]);
    assert_eq!(run.code, 0, "{}", run.screen());
    assert!(run.err.contains("`compta bilan 2024` sera refusé"), "{}", run.err);
}

/// Nothing says how many parts a year has: the last that was given is told.
#[test]
fn the_last_part_that_was_given_is_told() {
    let lines = sound();
    let part = |range: std::ops::Range<usize>| with_head(&[lines[range].to_vec()]);
    let home = folder();
    let files =
        [("732829320FEC20241231_1.txt", part(1..3)), ("732829320FEC20241231_2.txt", part(3..5))];
    let run = books(home.path(), &files);
    assert_eq!(run.code, 0, "{}", run.screen());
    assert!(run.err.contains("_2.txt : dernière partie donnée"), "{}", run.err);
    assert!(run.err.contains("rien ne dit s’il existe une partie _3"), "{}", run.err);
}

#[test]
fn a_part_that_is_missing_is_refused() {
    let lines = sound();
    let part = |range: std::ops::Range<usize>| {
        let mut part = vec![HEAD.to_owned()];
        part.extend_from_slice(&lines[range]);
        part
    };
    for (names, missing) in [(vec![(1, 1..3), (3, 5..7)], "_2"), (vec![(2, 3..5)], "_1")] {
        let home = folder();
        let names: Vec<(String, Vec<String>)> = names
            .into_iter()
            .map(|(rank, range)| (format!("732829320FEC20241231_{rank}.txt"), part(range)))
            .collect();
        let files: Vec<(&str, Vec<String>)> =
            names.iter().map(|(name, lines)| (name.as_str(), lines.clone())).collect();
        let run = books(home.path(), &files);
        assert_eq!(run.code, 2, "{}", run.screen());
        assert!(run.err.contains(&format!(": {missing}")), "{}", run.err);
    }
}
