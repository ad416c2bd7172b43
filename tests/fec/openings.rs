//! Files of several years: what opens each, what ends each, and what becomes of it.

use std::fs;
use std::path::Path;

use super::{HEAD, file, given, hledger, plainly, row};
use crate::harness::{Run, compta, folder};

/// A row of any year, with its label, tiers and letter.
fn line(year: i32, cells: [&str; 6], tiers: &str, letter: &str) -> String {
    let [journal, number, day, account, debit, credit] = cells;
    let mut cells: Vec<String> =
        row(journal, number, &format!("{year}{day}"), account, debit, credit)
            .split('\t')
            .map(str::to_owned)
            .collect();
    (cells[6], cells[7]) = (tiers.to_owned(), tiers.to_owned());
    letter.clone_into(&mut cells[13]);
    cells[14] = if letter.is_empty() { String::new() } else { format!("{year}0331") };
    cells.join("\t")
}

/// 2023: an opening, an invoice that stays open, a sale.
fn first() -> Vec<String> {
    vec![
        HEAD.to_owned(),
        line(2023, ["AN", "1", "0101", "512", "1000,00", "0,00"], "", ""),
        line(2023, ["AN", "1", "0101", "102", "0,00", "1000,00"], "", ""),
        line(2023, ["AC", "2", "1112", "606", "120,00", "0,00"], "", ""),
        line(2023, ["AC", "2", "1112", "401", "0,00", "120,00"], "DUPONT", ""),
        line(2023, ["VE", "3", "1202", "512", "300,00", "0,00"], "", ""),
        line(2023, ["VE", "3", "1202", "706", "0,00", "300,00"], "", ""),
    ]
}

/// What 2024 opens with, in a journal and on a day; the invoice under a letter.
fn opening(journal: &str, day: &str) -> Vec<String> {
    vec![
        line(2024, [journal, "1", day, "512", "1300,00", "0,00"], "", ""),
        line(2024, [journal, "1", day, "102", "0,00", "1000,00"], "", ""),
        line(2024, [journal, "1", day, "401", "0,00", "120,00"], "DUPONT", "AA"),
        line(2024, [journal, "1", day, "12000000", "0,00", "180,00"], "", ""),
    ]
}

/// The payment of the invoice in 2024.
fn payment() -> Vec<String> {
    vec![
        line(2024, ["BQ", "2", "0212", "401", "120,00", "0,00"], "DUPONT", "AA"),
        line(2024, ["BQ", "2", "0212", "512", "0,00", "120,00"], "", ""),
    ]
}

fn second(parts: &[Vec<String>]) -> Vec<String> {
    let mut lines = vec![HEAD.to_owned()];
    for part in parts {
        lines.extend_from_slice(part);
    }
    lines
}

/// Books of two years.
fn books(home: &Path, first: &[String], second: &[String]) -> Run {
    let names = ["732829320FEC20231231.txt", "732829320FEC20241231.txt"];
    for (name, lines) in names.iter().zip([first, second]) {
        fs::write(home.join(name), file(lines, "\r\n")).unwrap();
    }
    plainly(&compta(home, &["init", "livres", "--depuis-fec", names[0], names[1]]))
}

/// What an account is left with in 2024, all its tiers together: a debit is positive.
fn balance(home: &Path, account: &str) -> String {
    let text = compta(&home.join("livres"), &["balance", "2024", "-O", "csv"]).ok();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.records().map(Result::unwrap);
    let own = rows.filter(|row| row[0].split(':').next() == Some(account));
    let cents: i64 = own.map(|row| row[5].replace('.', "").parse::<i64>().unwrap()).sum();
    format!("{}{}.{:02}", if cents < 0 { "-" } else { "" }, cents.abs() / 100, cents.abs() % 100)
}

#[test]
fn openings_keep_their_letters_documents_and_account_of_result() {
    let home = folder();
    let run = books(home.path(), &first(), &second(&[opening("AN", "0101"), payment()]));
    assert_eq!(run.code, 0, "{}", run.screen());
    assert!(!run.err.contains("W0413"), "{}", run.err);
    let livres = home.path().join("livres");
    let back = given(&livres, "2024");
    let sent: Vec<Vec<String>> = second(&[opening("AN", "0101"), payment()])[1..]
        .iter()
        .map(|line| line.split('\t').map(str::to_owned).collect())
        .collect();
    assert_eq!(back, sent);
    // The invoice of 2023 and its payment are one matching: nothing is owed, nothing is half matched.
    let controls = plainly(&compta(&livres, &["controles", "2024"]));
    assert!(
        controls.out.contains("W16 Lettres soldées         OK           1 lettre soldée"),
        "{}",
        controls.out
    );
    let aged = compta(&livres, &["balance-agee", "2024"]).screen();
    assert!(!aged.contains("DUPONT"), "{aged}");
    // hledger carries balances itself, and must not count the openings twice.
    let text = hledger(&livres).replace(['\u{a0}', '\u{202f}'], " ");
    assert!(text.contains("\"1180,00 €\""), "{text}");
}

#[test]
fn openings_are_known_by_their_balances_in_any_journal_and_on_any_day() {
    for (journal, day) in [("OD", "0101"), ("OD", "0131"), ("AN", "0315")] {
        let home = folder();
        let run = books(home.path(), &first(), &second(&[opening(journal, day), payment()]));
        assert_eq!(run.code, 0, "{journal} {day}: {}", run.screen());
        assert!(run.err.contains("à-nouveaux reconnus à leurs soldes"), "{}", run.err);
        assert_eq!(balance(home.path(), "512"), "1180.00", "{journal} {day}");
        assert_eq!(balance(home.path(), "102"), "-1000.00", "{journal} {day}");
    }
}

#[test]
fn a_year_without_openings_has_those_of_the_year_before_and_says_so() {
    let home = folder();
    let run = books(home.path(), &first(), &second(&[payment()]));
    assert_eq!(run.code, 0, "{}", run.screen());
    assert!(run.err.contains("aucun à-nouveau en 2024"), "{}", run.err);
    assert_eq!(balance(home.path(), "512"), "1180.00");
}

#[test]
fn an_entry_of_the_journal_of_openings_that_opens_nothing_stays_an_entry() {
    let home = folder();
    let late = vec![
        line(2024, ["AN", "9", "0630", "606", "15,00", "0,00"], "", ""),
        line(2024, ["AN", "9", "0630", "512", "0,00", "15,00"], "", ""),
    ];
    let run = books(home.path(), &first(), &second(&[opening("AN", "0101"), payment(), late]));
    assert_eq!(run.code, 0, "{}", run.screen());
    assert!(run.err.contains("mais pas l’ouverture de l’exercice"), "{}", run.err);
    assert_eq!(balance(home.path(), "512"), "1165.00");
    let back = given(&home.path().join("livres"), "2024");
    assert_eq!(back.last().unwrap()[0], "AN");
}

#[test]
fn what_a_file_opens_otherwise_is_told_and_its_balances_are_kept() {
    let home = folder();
    let mut other = opening("AN", "0101");
    other[3] = line(2024, ["AN", "1", "0101", "110", "0,00", "180,00"], "", "");
    let run = books(home.path(), &first(), &second(&[other, payment()]));
    assert_eq!(run.code, 0, "{}", run.screen());
    assert!(run.err.contains("à-nouveau du compte 110"), "{}", run.err);
    assert_eq!(balance(home.path(), "110"), "-180.00");
    // The rows that agree are the file's own, with their letters.
    let back = given(&home.path().join("livres"), "2024");
    assert!(back.iter().any(|row| row[0] == "AN" && row[13] == "AA"), "{back:?}");
    assert!(!run.err.contains("W0315") && !run.err.contains("E0"), "{}", run.err);
}

#[test]
fn openings_without_their_tiers_leave_the_detail_of_the_year_before() {
    let home = folder();
    let mut whole = opening("AN", "0101");
    whole[2] = line(2024, ["AN", "1", "0101", "401", "0,00", "120,00"], "", "");
    let run = books(home.path(), &first(), &second(&[whole, payment()]));
    assert_eq!(run.code, 0, "{}", run.screen());
    assert!(run.err.contains("sans le détail des tiers pour 401"), "{}", run.err);
    let back = given(&home.path().join("livres"), "2024");
    assert!(back.iter().any(|row| row[0] == "AN" && row[6] == "DUPONT"), "{back:?}");
}

#[test]
fn received_openings_that_are_no_longer_true_are_told_and_not_counted() {
    let home = folder();
    let run = books(home.path(), &first(), &second(&[opening("AN", "0101"), payment()]));
    assert_eq!(run.code, 0, "{}", run.screen());
    let livres = home.path().join("livres");
    let path = livres.join("2023/ve.journal");
    let text = fs::read_to_string(&path).unwrap().replace("300,00", "310,00");
    fs::write(&path, text).unwrap();
    let run = plainly(&compta(&livres, &["check"]));
    assert!(run.out.contains("W0315"), "{}", run.screen());
    assert!(run.out.contains("1 300,00 € reçus, 1 310,00 € laissés"), "{}", run.out);
    assert_eq!(balance(home.path(), "512"), "1190.00");
}

/// The entry that many programs write at the end of a year.
fn closing() -> Vec<String> {
    vec![
        line(2023, ["CL", "9", "1231", "706", "300,00", "0,00"], "", ""),
        line(2023, ["CL", "9", "1231", "606", "0,00", "120,00"], "", ""),
        line(2023, ["CL", "9", "1231", "12000000", "0,00", "180,00"], "", ""),
    ]
}

#[test]
fn entries_that_end_a_year_are_left_and_said_so() {
    let home = folder();
    let mut with = first();
    with.extend(closing());
    let run = books(home.path(), &with, &second(&[opening("AN", "0101"), payment()]));
    assert_eq!(run.code, 0, "{}", run.screen());
    assert!(
        run.err.contains("lignes 8 à 10, écriture de clôture (300,00 € de débits)"),
        "{}",
        run.err
    );
    assert!(run.out.contains("3 lignes de clôture laissées"), "{}", run.out);
    assert!(!run.err.contains("W0413"), "{}", run.err);
    let livres = home.path().join("livres");
    let result = compta(&livres, &["resultat", "2023"]).ok().replace(['\u{a0}', '\u{202f}'], " ");
    assert!(result.contains("180"), "{result}");
    assert!(given(&livres, "2023").iter().all(|row| row[0] != "CL"));
}

#[test]
fn an_entry_that_ends_a_year_in_the_books_is_not_in_their_file() {
    let home = folder();
    let run = books(home.path(), &first(), &second(&[payment()]));
    assert_eq!(run.code, 0, "{}", run.screen());
    let livres = home.path().join("livres");
    fs::write(
        livres.join("2023/cl.journal"),
        "decimal-mark ,\n\n2023-12-31 * (CL-1) Résultat\n    706 Ventes  300,00 €\n    606 Achats  -120,00 €\n    12000000 Fonds\n",
    )
    .unwrap();
    let path = livres.join("comptes.journal");
    let text = fs::read_to_string(&path).unwrap() + "account 12000000 Fonds\n";
    fs::write(&path, text).unwrap();
    let run = compta(&livres, &["fec", "2023"]);
    assert!(run.err.contains("W0414") && run.err.contains("CL-1"), "{}", run.screen());
    assert!(!run.out.contains("CL\t"), "{}", run.out);
    assert!(run.out.contains("\t606\t"), "{}", run.out);
}

#[test]
fn years_that_came_from_files_close_and_stay_intact() {
    let home = folder();
    let ways = [("AN", "1"), ("RAN", "1")];
    for (journal, number) in ways {
        let lines = |year: i32, cents: &str| {
            vec![
                line(year, [journal, number, "0101", "275", cents, "0,00"], "", ""),
                line(year, [journal, number, "0101", "102", "0,00", cents], "", ""),
            ]
        };
        let entry = |year: i32| {
            vec![
                line(year, ["OD", "1", "0313", "275", "5,00", "0,00"], "", ""),
                line(year, ["OD", "1", "0313", "102", "0,00", "5,00"], "", ""),
            ]
        };
        let run = books(
            home.path(),
            &second(&[lines(2023, "100,00"), entry(2023)]),
            &second(&[lines(2024, "105,00"), entry(2024)]),
        );
        assert_eq!(run.code, 0, "{}", run.screen());
        let livres = home.path().join("livres");
        fs::write(
            livres.join("controles.toml"),
            ["2023", "2024"]
                .map(|year| format!("[[justification]]\nexercice = \"{year}\"\ncontrole = \"W8\"\nmotif = \"vu\"\n\n"))
                .concat(),
        )
        .unwrap();
        let close = ["close", "2023", "--oui", "--date", "2024-03-01"];
        let run = compta(&livres, &close);
        assert_eq!(run.code, 0, "{}", run.screen());
        // A seal inside the year covers what was written, not what it opened with.
        let part = home.path().join(format!("part-{journal}"));
        crate::harness::copy(&livres, &part);
        let run = compta(&part, &["sceller", "--jusqu-au", "2024-06-30", "--date", "2024-07-02"]);
        assert_eq!(run.code, 0, "{}", run.screen());
        assert_eq!(compta(&part, &["verify"]).code, 0, "{}", compta(&part, &["verify"]).screen());
        let run = compta(&livres, &["close", "2024", "--oui", "--date", "2025-03-01"]);
        assert_eq!(run.code, 0, "{}", run.screen());
        let run = compta(&livres, &["verify"]);
        assert_eq!(run.code, 0, "{}", run.screen());
        // What was sealed of the openings cannot change.
        let path = livres.join("a-nouveaux/2024.journal");
        let text = fs::read_to_string(&path).unwrap().replace("piece: P", "piece: Q");
        fs::write(&path, text).unwrap();
        let run = compta(&livres, &["verify"]);
        assert_eq!(run.code, 4, "{}", run.screen());
        assert!(run.screen().contains("a-nouveaux/2024.journal"), "{}", run.screen());
        fs::remove_dir_all(&livres).unwrap();
    }
}

#[test]
fn openings_and_closings_through_the_accounts_of_bilan_count_once() {
    let home = folder();
    let mut with = first();
    with.extend(closing());
    for (account, debit, credit) in [
        ("512", "0,00", "1300,00"),
        ("102", "1000,00", "0,00"),
        ("401", "120,00", "0,00"),
        ("12000000", "180,00", "0,00"),
    ] {
        let tiers = if account == "401" { "DUPONT" } else { "" };
        with.push(line(2023, ["CL", "10", "1231", account, debit, credit], tiers, ""));
    }
    with.push(line(2023, ["CL", "10", "1231", "891", "0,00", "0,00"], "", ""));
    let mut opened = opening("AN", "0101");
    opened.push(line(2024, ["AN", "1", "0101", "890", "1300,00", "1300,00"], "", ""));
    let run = books(home.path(), &with, &second(&[opened, payment()]));
    assert_eq!(run.code, 0, "{}", run.screen());
    assert!(run.out.contains("8 lignes de clôture laissées"), "{}", run.screen());
    assert_eq!(balance(home.path(), "512"), "1180.00");
    assert_eq!(balance(home.path(), "102"), "-1000.00");
    let text = compta(&home.path().join("livres"), &["balance", "2023", "-O", "csv"]).ok();
    assert!(text.contains("512,Banque,EUR,1300.00"), "{text}");
}

#[test]
fn one_sequence_over_journals_goes_on_from_the_openings_of_each_year() {
    let home = folder();
    let run = books(home.path(), &first(), &second(&[opening("AN", "0101"), payment()]));
    assert_eq!(run.code, 0, "{}", run.screen());
    let livres = home.path().join("livres");
    let run = compta(&livres, &["controles", "2024"]);
    let e4 = run.out.lines().find(|line| line.starts_with("E4")).unwrap();
    assert!(e4.contains("OK") && e4.contains("AN"), "{e4}");
    // A number that is missing after the openings is still told.
    let path = livres.join("2024/bq.journal");
    let text = fs::read_to_string(&path).unwrap().replace("(BQ-2)", "(BQ-3)");
    fs::write(&path, text).unwrap();
    let run = compta(&livres, &["controles", "2024"]);
    assert!(
        run.out.lines().any(|line| line.starts_with("E4") && line.contains("KO")),
        "{}",
        run.out
    );
}

#[test]
fn a_year_of_openings_alone_is_a_year() {
    let home = folder();
    let run = books(home.path(), &first(), &second(&[opening("AN", "0101")]));
    assert_eq!(run.code, 0, "{}", run.screen());
    assert_eq!(balance(home.path(), "512"), "1300.00");
    assert_eq!(given(&home.path().join("livres"), "2024").len(), 4);
}

#[test]
fn received_openings_that_open_nothing_are_told() {
    let home = folder();
    let run = books(home.path(), &first(), &second(&[opening("AN", "0101"), payment()]));
    assert_eq!(run.code, 0, "{}", run.screen());
    let path = home.path().join("livres/a-nouveaux/2024.journal");
    let text = fs::read_to_string(&path).unwrap().replace("2024-01-01 *", "2023-12-31 *");
    fs::write(&path, text).unwrap();
    let run = plainly(&compta(&home.path().join("livres"), &["check"]));
    assert!(
        run.out.contains("W0315") && run.out.contains("que rien ne laisse"),
        "{}",
        run.screen()
    );
}

#[test]
fn a_tiers_whose_name_looks_like_an_amount_keeps_it_outside() {
    let home = folder();
    let mut with = first();
    with[4] = with[4].replace("\tDUPONT\tDUPONT\t", "\tT20\tTarif 20 €\t");
    fs::write(home.path().join("732829320FEC20231231.txt"), file(&with, "\n")).unwrap();
    let run = compta(home.path(), &["init", "livres", "--depuis-fec", "732829320FEC20231231.txt"]);
    assert_eq!(run.code, 0, "{}", run.screen());
    let back = given(&home.path().join("livres"), "2023");
    assert_eq!((back[3][6].as_str(), back[3][7].as_str()), ("T20", "Tarif 20 €"));
}

/// Openings beside a line of another class (a reversal, engagements, a line of nothing) open the year all
/// the same: no balance counts twice.
#[test]
fn openings_with_a_line_of_expenses_are_not_posted_twice() {
    let extra: [Vec<String>; 3] = [
        vec![line(2024, ["AN", "1", "0101", "606", "0,00", "0,00"], "", "")],
        vec![
            line(2024, ["AN", "1", "0101", "606", "8,00", "0,00"], "", ""),
            line(2024, ["AN", "1", "0101", "486", "0,00", "8,00"], "", ""),
        ],
        vec![
            line(2024, ["AN", "1", "0101", "801", "40,00", "0,00"], "", ""),
            line(2024, ["AN", "1", "0101", "809", "0,00", "40,00"], "", ""),
        ],
    ];
    for more in extra {
        let home = folder();
        let run = books(home.path(), &first(), &second(&[opening("AN", "0101"), more, payment()]));
        assert_eq!(run.code, 0, "{}", run.screen());
        assert!(run.err.contains("ces lignes vont au journal ANR"), "{}", run.err);
        hledger(&home.path().join("livres"));
        assert_eq!(balance(home.path(), "512"), "1180.00");
        assert_eq!(balance(home.path(), "12000000"), "-180.00");
    }
}

/// What brings one account to nothing against 12, or undoes an entry, is of the year: only what empties
/// every account of a class ends it.
#[test]
fn what_undoes_an_entry_in_the_last_days_is_kept() {
    let reclass = vec![
        line(2023, ["OD", "4", "0628", "672", "100,00", "0,00"], "", ""),
        line(2023, ["OD", "4", "0628", "512", "0,00", "100,00"], "", ""),
        line(2023, ["OD", "5", "1229", "672", "0,00", "100,00"], "", ""),
        line(2023, ["OD", "5", "1229", "120", "100,00", "0,00"], "", ""),
    ];
    let undone = vec![
        line(2023, ["OD", "4", "1231", "864", "100,00", "0,00"], "", ""),
        line(2023, ["OD", "4", "1231", "875", "0,00", "100,00"], "", ""),
        line(2023, ["OD", "5", "1231", "864", "0,00", "100,00"], "", ""),
        line(2023, ["OD", "5", "1231", "875", "100,00", "0,00"], "", ""),
    ];
    for more in [reclass, undone] {
        let home = folder();
        let mut lines = first();
        lines.extend(more.clone());
        fs::write(home.path().join("732829320FEC20231231.txt"), file(&lines, "\n")).unwrap();
        let files = ["init", "livres", "--depuis-fec", "732829320FEC20231231.txt"];
        let run = compta(home.path(), &files);
        assert_eq!(run.code, 0, "{}", run.screen());
        assert!(!run.err.contains("W0414"), "{}", run.err);
        let back = given(&home.path().join("livres"), "2023");
        assert_eq!(back.len(), lines.len() - 1);
    }
}
