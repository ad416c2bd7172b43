//! What real files do (each quirk as a small file written for the test): taken in, and told.

use std::fs;

use super::{HEAD, NAME, file, given, hledger, row, rows, sound, taken};
use crate::harness::{Run, compta, folder, typed};

/// Takes a file in; gives what was said and the rows that the books give back.
fn told(name: &str, bytes: &[u8]) -> (Run, Vec<Vec<String>>) {
    let home = folder();
    let run = taken(home.path(), name, bytes);
    assert_eq!(run.code, 0, "{}", run.screen());
    let books = home.path().join("livres");
    let check = typed(&books, "check");
    assert_eq!(check.code, 0, "{}", check.screen());
    hledger(&books);
    assert_eq!(typed(&books, "bilan 2024").code, 0);
    let back = given(&books, "2024");
    (run, back)
}

fn sound_rows() -> Vec<Vec<String>> {
    rows(&file(&sound(), "\n"))
}

#[test]
fn a_sound_file_comes_back_as_it_was_and_nothing_is_said() {
    let (run, back) = told(NAME, file(&sound(), "\r\n").as_bytes());
    assert_eq!(run.err, "");
    assert_eq!(back, sound_rows());
    assert!(
        run.out.contains(
            "2024 : 3 écritures, 6 lignes, 4 comptes ; débits 1 240,00 €, crédits 1 240,00 €"
        ),
        "{}",
        run.out
    );
}

#[test]
fn marks_separators_and_ends_of_line_do_not_matter() {
    let pipes = file(&sound(), "\n").replace('\t', "|");
    let ends = ["\n", "\r\n", "\r\r\n", "\r"];
    for end in ends {
        let text = file(&sound(), end);
        assert_eq!(told(NAME, text.as_bytes()).1, sound_rows(), "{end:?}");
        let marked = format!("\u{feff}{text}");
        let (run, back) = told(NAME, marked.as_bytes());
        assert_eq!(back, sound_rows());
        assert_eq!(run.err.contains("CR CR LF"), end == "\r\r\n", "{}", run.err);
        assert_eq!(run.err.lines().count(), usize::from(end == "\r\r\n"), "{}", run.err);
    }
    assert_eq!(told(NAME, pipes.as_bytes()).1, sound_rows());
    let mixed = file(&sound(), "\n").replacen('\n', "\r\n", 2);
    let (run, back) = told(NAME, mixed.as_bytes());
    assert_eq!(back, sound_rows());
    assert!(run.err.contains("fins de ligne mélangées"), "{}", run.err);
    // A last line without its end is whole all the same, and it is told.
    let (run, back) = told(NAME, file(&sound(), "\n").trim_end_matches('\n').as_bytes());
    assert_eq!(back, sound_rows());
    assert!(run.err.contains("rien ne finit la dernière ligne"), "{}", run.err);
}

#[test]
fn latin_letters_are_converted_and_it_is_said() {
    let text = file(&sound(), "\r\n").replace("Journal AC", "Journal Œuvres à 10 €");
    let latin = encoding_rs::ISO_8859_15.encode(&text).0.into_owned();
    let (run, back) = told(NAME, &latin);
    assert!(run.err.contains("ISO-8859-15 converti en UTF-8"), "{}", run.err);
    assert_eq!(back[2][1], "Journal Œuvres à 10 €");
    let text = text.replace("Œuvres", "d’œuvres");
    let windows = encoding_rs::WINDOWS_1252.encode(&text).0.into_owned();
    let (run, back) = told(NAME, &windows);
    assert!(run.err.contains("Windows-1252 converti en UTF-8"), "{}", run.err);
    assert_eq!(back[2][1], "Journal d’œuvres à 10 €");
    let wide: Vec<u8> =
        [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let (run, back) = told(NAME, &wide);
    assert!(run.err.contains("UTF-16 converti en UTF-8"), "{}", run.err);
    assert_eq!(back[2][1], "Journal d’œuvres à 10 €");
    let mut mixed = windows.clone();
    mixed.extend(row("AC", "4", "20240501", "606", "5,00", "0,00").as_bytes());
    mixed.extend(b"\r\n");
    mixed.extend(row("AC", "4", "20240501", "401", "0,00", "5,00").as_bytes());
    let (run, _) = told(NAME, &mixed);
    assert!(run.err.contains("encodages mélangés"), "{}", run.err);
}

#[test]
fn headers_may_be_written_otherwise_and_cells_padded() {
    let mut lines = sound();
    lines[0] = lines[0].replace("CompteLib", "CompteLIB").replace("Montantdevise", "MontantDevise");
    lines[3] = lines[3].replace("\tAchats\t", "\t  Achats   \t");
    let (run, back) = told(NAME, file(&lines, "\n").as_bytes());
    assert!(run.err.contains("ligne 1, noms de colonnes écrits autrement"), "{}", run.err);
    assert!(run.err.contains("ligne 4, espaces autour d’une cellule"), "{}", run.err);
    assert_eq!(back, sound_rows());
    let padded = HEAD.replace('\t', "  \t");
    lines[0] = padded;
    assert_eq!(told(NAME, file(&lines, "\n").as_bytes()).1, sound_rows());
}

#[test]
fn a_separator_at_the_end_and_columns_beyond_the_eighteen() {
    let trailing: Vec<String> = sound().iter().map(|line| format!("{line}\t")).collect();
    let (run, back) = told(NAME, file(&trailing, "\n").as_bytes());
    assert!(run.err.contains("séparateur en trop à la fin de l’en-tête"), "{}", run.err);
    assert_eq!(back, sound_rows());
    let mut rows_only = trailing.clone();
    rows_only[0] = HEAD.to_owned();
    let (run, back) = told(NAME, file(&rows_only, "\n").as_bytes());
    assert!(run.err.contains("lignes 2 à 7, séparateur en trop"), "{}", run.err);
    assert_eq!(back, sound_rows());
    let mut more: Vec<String> =
        sound().iter().map(|line| format!("{line}\t20240101\tVIR\tachat")).collect();
    more[0] = format!("{HEAD}\tDateRglt\tModeRglt\tNatOp");
    let (run, back) = told(NAME, file(&more, "\n").as_bytes());
    assert!(run.err.contains("colonne supplémentaire"), "{}", run.err);
    assert_eq!(back, sound_rows());
    for line in &mut more {
        line.push_str("\tclient");
    }
    more[0] = format!("{HEAD}\tDateRglt\tModeRglt\tNatOp\tIdClient");
    assert_eq!(told(NAME, file(&more, "\n").as_bytes()).1, sound_rows());
}

#[test]
fn amounts_have_many_forms() {
    let mut lines = sound();
    lines[3] = lines[3].replace("120,00\t0,00", "+000000120,00\t0");
    lines[4] = lines[4].replace("0,00\t120,00", "\t 000000000000120,00");
    lines[5] = lines[5].replace("120,00\t0,00", "120\t");
    let (run, back) = told(NAME, file(&lines, "\n").as_bytes());
    assert!(!run.err.contains("E0406"), "{}", run.err);
    assert_eq!(back, sound_rows());
}

#[test]
fn negative_amounts_zero_rows_and_both_sides_keep_what_they_were() {
    let mut lines = sound();
    lines.push(row("OD", "4", "20240601", "606", "-30,00", "0,00"));
    lines.push(row("OD", "4", "20240601", "401", "0,00", "-30,00"));
    lines.push(row("OD", "4", "20240601", "512", "0,00", "0,00"));
    lines.push(row("OD", "4", "20240601", "756", "50,00", "50,00"));
    let (run, back) = told(NAME, file(&lines, "\n").as_bytes());
    assert_eq!(back, rows(&file(&lines, "\n")));
    assert!(run.out.contains("4 écritures, 10 lignes"), "{}", run.out);
}

#[test]
fn amount_and_side_instead_of_debit_and_credit() {
    let mut lines = vec![HEAD.replace("Debit\tCredit", "Montant\tSens")];
    for line in &sound()[1..] {
        let mut cells: Vec<&str> = line.split('\t').collect();
        let debit = cells[11] != "0,00";
        let amount = if debit { cells[11] } else { cells[12] };
        (cells[11], cells[12]) = (amount, if debit { "D" } else { "-1" });
        lines.push(cells.join("\t"));
    }
    let (run, back) = told(NAME, file(&lines, "\n").as_bytes());
    assert!(run.err.contains("Montant et Sens"), "{}", run.err);
    assert_eq!(back, sound_rows());
}

#[test]
fn numbers_of_every_kind() {
    for numbers in
        [["AC000001", "AC000002"], ["2-1", "2-2"], ["OUVERTURE/2020", "5"], ["1 a", "n°2"]]
    {
        let mut lines = sound();
        for line in &mut lines[3..=4] {
            *line = line.replacen("\t2\t", &format!("\t{}\t", numbers[0]), 1);
        }
        for line in &mut lines[5..=6] {
            *line = line.replacen("\t3\t", &format!("\t{}\t", numbers[1]), 1);
        }
        assert_eq!(told(NAME, file(&lines, "\n").as_bytes()).1, rows(&file(&lines, "\n")));
    }
    // Restarting in each journal.
    let mut lines = sound();
    for line in &mut lines[1..] {
        let cells: Vec<&str> = line.split('\t').collect();
        let mut cells = cells;
        cells[2] = "1";
        *line = cells.join("\t");
    }
    let (run, back) = told(NAME, file(&lines, "\n").as_bytes());
    assert_eq!(run.err, "");
    assert_eq!(back, rows(&file(&lines, "\n")));
}

#[test]
fn numbers_that_say_nothing_are_made_again() {
    for number in ["0", "", "000"] {
        let mut lines = sound();
        lines.push(row("AC", "9", "20240312", "606", "7,00", "0,00"));
        lines.push(row("AC", "9", "20240312", "401", "0,00", "7,00"));
        for line in &mut lines[1..] {
            let mut cells: Vec<&str> = line.split('\t').collect();
            cells[2] = number;
            *line = cells.join("\t");
        }
        let (run, back) = told(NAME, file(&lines, "\n").as_bytes());
        assert!(run.err.contains("lignes 2 à 9, EcritureNum ne distingue pas"), "{}", run.err);
        let numbers: Vec<&str> = back.iter().map(|row| row[2].as_str()).collect();
        assert_eq!(numbers, ["1", "1", "2", "2", "4", "4", "3", "3"], "{number:?}");
    }
}

#[test]
fn an_entry_may_span_two_journals_or_two_days() {
    let mut lines = sound();
    lines.push(row("OD", "4", "20240601", "606", "30,00", "0,00"));
    lines.push(row("BQ", "4", "20240601", "512", "0,00", "30,00"));
    let (run, back) = told(NAME, file(&lines, "\n").as_bytes());
    assert!(
        run.err.contains("lignes 8, 9, écriture à cheval sur plusieurs journaux"),
        "{}",
        run.err
    );
    assert_eq!(back, rows(&file(&lines, "\n")));
    let mut lines = sound();
    lines.push(row("OD", "4", "20240601", "606", "30,00", "0,00"));
    lines.push(row("OD", "4", "20240602", "401", "0,00", "30,00"));
    let (run, _) = told(NAME, file(&lines, "\n").as_bytes());
    assert!(
        run.err.contains(
            "ligne 9, écriture à cheval sur plusieurs dates : ligne portée au 01/06/2024"
        ),
        "{}",
        run.err
    );
}

#[test]
fn a_number_that_returns_on_other_days_makes_other_entries() {
    let mut lines = sound();
    lines.push(row("AC", "2", "20240501", "606", "8,00", "0,00"));
    lines.push(row("AC", "2", "20240501", "401", "0,00", "8,00"));
    lines.push(row("AC", "3", "20240502", "606", "8,00", "0,00"));
    lines.push(row("AC", "3", "20240502", "401", "0,00", "8,00"));
    let (run, back) = told(NAME, file(&lines, "\n").as_bytes());
    assert!(run.err.contains("un numéro servi à plusieurs dates"), "{}", run.err);
    assert!(run.out.contains("5 écritures"), "{}", run.out);
    let mut sorted = rows(&file(&lines, "\n"));
    sorted.sort();
    let mut found = back;
    found.sort();
    assert_eq!(found, sorted);
}

#[test]
fn data_that_are_missing_are_told_line_by_line() {
    let mut lines = sound();
    for line in &mut lines[3..=4] {
        let mut cells: Vec<&str> = line.split('\t').collect();
        (cells[5], cells[10], cells[15], cells[8]) = ("", "", "", "");
        *line = cells.join("\t");
    }
    let (run, back) = told(NAME, file(&lines, "\n").as_bytes());
    for column in ["ValidDate", "PieceRef", "CompteLib", "EcritureLib"] {
        let words = format!("lignes 4, 5, {column} : ");
        assert!(run.err.contains(&words), "{words}: {}", run.err);
    }
    let bought: Vec<&Vec<String>> = back.iter().filter(|row| row[0] == "AC").collect();
    assert_eq!(bought[0][15], "", "a validation is not invented");
    assert!(!bought[0][5].is_empty(), "the chart gives a label");
    assert_eq!(bought[0][10], "Journal AC", "the journal gives a label");
}

#[test]
fn openings_may_have_another_name_and_another_place() {
    let mut lines = sound();
    let opening: Vec<String> = lines
        .drain(1..=2)
        .map(|line| line.replace("AN\tJournal AN", "RAN\tReport à nouveau"))
        .collect();
    lines.extend(opening.clone());
    let (_, back) = told(NAME, file(&lines, "\n").as_bytes());
    assert_eq!(
        back[..2],
        rows(&file(&[HEAD.to_owned(), opening[0].clone(), opening[1].clone()], "\n"))[..]
    );
}

#[test]
fn accounts_keep_their_numbers_and_tiers_their_names() {
    let mut lines = sound();
    for (account, auxiliary, label) in [
        ("40100000", "F001", "DURAND : fils ; cie"),
        ("401DURAND", "", ""),
        ("40100000", "F002", "DURAND : fils ; cie"),
        ("40100000", "F003", ""),
        ("411", "", "Sans numéro"),
        ("101", "", ""),
    ] {
        let number = lines.len().to_string();
        let mut debit: Vec<String> = row("OD", &number, "20240701", "606", "4,00", "0,00")
            .split('\t')
            .map(str::to_owned)
            .collect();
        let mut credit: Vec<String> = row("OD", &number, "20240701", "401", "0,00", "4,00")
            .split('\t')
            .map(str::to_owned)
            .collect();
        credit[4] = account.to_owned();
        credit[5] = format!("Compte {account}");
        credit[6] = auxiliary.to_owned();
        credit[7] = label.to_owned();
        debit[13] = "AA".to_owned();
        debit[14] = "20240801".to_owned();
        debit[16] = "-12,50".to_owned();
        debit[17] = "USD".to_owned();
        lines.push(debit.join("\t"));
        lines.push(credit.join("\t"));
    }
    let (run, back) = told(NAME, file(&lines, "\n").as_bytes());
    assert_eq!(run.err, "");
    assert_eq!(back, rows(&file(&lines, "\n")));
}

#[test]
fn labels_that_differ_from_row_to_row_are_kept_and_told() {
    let mut lines = sound();
    lines[5] = lines[5].replace("\tTiers\t", "\tFournisseur\t");
    lines.push(row("AC", "4", "20240601", "606", "30,00", "0,00"));
    lines.push(row("AC", "4", "20240601", "401", "0,00", "30,00"));
    let (run, back) = told(NAME, file(&lines, "\n").as_bytes());
    assert!(
        run.err.contains(
            "ligne 6, compte 401 : libellé « Fournisseur », « Tiers » étant le plus fréquent"
        ),
        "{}",
        run.err
    );
    assert_eq!(back, rows(&file(&lines, "\n")));
}

#[test]
fn names_that_are_not_legal_still_give_a_year() {
    for name in ["export fec20241231.csv", "comptes.txt"] {
        let (run, back) = told(name, file(&sound(), "\n").as_bytes());
        assert!(run.err.contains("nom non réglementaire"), "{}", run.err);
        assert_eq!(back, sound_rows(), "{name}");
    }
}

#[test]
fn a_year_may_be_of_other_months() {
    let home = folder();
    let name = "123456782FEC20240630.txt";
    let lines: Vec<String> = sound()
        .iter()
        .map(|line| line.replace("20240101", "20230101").replace("20240402", "20240602"))
        .collect();
    fs::write(home.path().join(name), file(&lines, "\n")).unwrap();
    let short = typed(home.path(), &format!("init livres --depuis-fec {name}"));
    assert_eq!(short.code, 1, "{}", short.screen());
    assert!(short.err.contains("--debut"), "{}", short.err);
    let run = typed(home.path(), &format!("init livres --debut 2023-01-01 --depuis-fec {name}"));
    assert_eq!(run.code, 0, "{}", run.screen());
    assert_eq!(given(&home.path().join("livres"), "2023-2024"), rows(&file(&lines, "\n")));
    hledger(&home.path().join("livres"));
}

#[test]
fn a_validation_that_one_line_lacks_is_not_made_up() {
    let mut lines = sound();
    let mut cells: Vec<&str> = lines[4].split('\t').collect();
    cells[15] = "";
    lines[4] = cells.join("\t");
    assert_eq!(told(NAME, file(&lines, "\n").as_bytes()).1, rows(&file(&lines, "\n")));
}

/// Twenty thousand labels of one account, then twenty thousand numbers that the books write alike: a look
/// at all of them for each row would be four hundred million.
#[test]
fn many_labels_and_many_numbers_do_not_take_their_square() {
    let symbols: Vec<char> = "*!?%&=~^$@<>".chars().collect();
    let number = |mut rank: usize| {
        let mut text = String::new();
        for _ in 0..4 {
            text.push(symbols[rank % symbols.len()]);
            rank /= symbols.len();
        }
        text
    };
    let mut labels = vec![HEAD.to_owned()];
    let mut numbers = labels.clone();
    for rank in 0..20_000 {
        let of = |number: &str, account, debit, credit| {
            row("AC", number, "20240312", account, debit, credit)
        };
        let own = (rank + 1).to_string();
        labels.push(
            of(&own, "606", "1,00", "0,00").replace("\tAchats\t", &format!("\tAchats {rank}\t")),
        );
        labels.push(of(&own, "401", "0,00", "1,00"));
        numbers.push(of(&number(rank), "606", "1,00", "0,00"));
        numbers.push(of(&number(rank), "401", "0,00", "1,00"));
    }
    for (what, lines) in [("labels", labels), ("numbers", numbers)] {
        let home = folder();
        fs::write(home.path().join(NAME), file(&lines, "\n")).unwrap();
        let began = std::time::Instant::now();
        let run = compta(home.path(), &["init", "livres", "--depuis-fec", NAME]);
        assert_eq!(run.code, 0, "{what}: {}", run.err.chars().take(400).collect::<String>());
        let took = began.elapsed().as_secs();
        assert!(took < 40, "{what}: {took} s");
    }
}
