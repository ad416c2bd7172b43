//! What cannot be taken in: each named with its line, exit 1, and no folder left half made.

use super::{HEAD, NAME, file, sound, taken};
use crate::harness::folder;

/// The bytes, the code and the line that must be named, and words of the message.
fn refused(name: &str, bytes: &[u8], code: &str, line: usize, words: &str) {
    let home = folder();
    let run = taken(home.path(), name, bytes);
    let screen = run.screen();
    assert_eq!(run.code, 1, "{screen}");
    assert!(screen.contains(&format!("[{code}]")), "{code}: {screen}");
    assert!(screen.contains(words), "{words}: {screen}");
    if line > 0 {
        assert!(screen.contains(&format!("{name}:{line}:")), "line {line}: {screen}");
    }
    assert!(!home.path().join("livres").exists(), "half made: {screen}");
    let left: Vec<_> = std::fs::read_dir(home.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "something stayed: {left:?}");
}

fn with(change: impl FnOnce(&mut Vec<String>)) -> Vec<u8> {
    let mut lines = sound();
    change(&mut lines);
    file(&lines, "\r\n").into_bytes()
}

#[test]
fn what_is_no_fec_is_refused() {
    refused(NAME, b"", "E0402", 1, "vide");
    refused(NAME, b"bonjour\n", "E0401", 1, "en-tête");
    refused(NAME, b"\x00\x01\x02", "E0401", 1, "texte");
    refused(NAME, HEAD.as_bytes(), "E0402", 1, "aucune ligne");
    let semicolons = HEAD.replace('\t', ";");
    refused(NAME, semicolons.as_bytes(), "E0401", 1, "`;`");
}

#[test]
fn columns_that_are_missing_are_all_named() {
    let lines: Vec<String> = sound()
        .iter()
        .map(|line| line.split('\t').take(11).collect::<Vec<&str>>().join("\t"))
        .collect();
    let bytes = file(&lines, "\n");
    for column in
        ["Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise"]
    {
        refused(NAME, bytes.as_bytes(), "E0403", 1, &format!("la colonne {column} manque"));
    }
    let twice = file(&sound(), "\n").replace("Idevise", "ValidDate");
    refused(NAME, twice.as_bytes(), "E0403", 1, "deux fois");
}

#[test]
fn rows_that_do_not_read_are_named_with_their_line() {
    refused(NAME, &with(|l| l[4].push_str("\tx")), "E0404", 5, "19 champs au lieu de 18");
    refused(NAME, &with(|l| l[3] = l[3].replace("120,00", "120.00")), "E0406", 4, "point");
    refused(NAME, &with(|l| l[3] = l[3].replace("120,00", "1,2E2")), "E0406", 4, "exposant");
    refused(NAME, &with(|l| l[3] = l[3].replace("120,00", "1 200,00")), "E0406", 4, "milliers");
    refused(NAME, &with(|l| l[3] = l[3].replace("20240312", "20240230")), "E0407", 4, "calendrier");
    refused(NAME, &with(|l| l[3] = l[3].replace("20240312", "2024-03-12")), "E0407", 4, "AAAAMMJJ");
    refused(NAME, &with(|l| l[3] = l[3].replace("Pièce", "Pi\0ce")), "E0408", 4, "nul");
    refused(NAME, &with(|l| l[5] = l[5].replace("\t401\t", "\t\t")), "E0405", 6, "CompteNum");
    refused(NAME, &with(|l| l[5] = l[5].replace("20240402", "")), "E0405", 6, "EcritureDate");
    refused(NAME, &with(|l| l[5] = l[5].replace("\t401\t", "\tDURAND\t")), "E0413", 6, "DURAND");
    let mut cut = file(&sound(), "\r\n").into_bytes();
    cut.truncate(cut.len() - 40);
    refused(NAME, &cut, "E0404", 7, "au milieu d’une ligne");
}

#[test]
fn entries_that_do_not_balance_are_named_with_their_line() {
    refused(NAME, &with(|l| l[4] = l[4].replace("120,00", "119,99")), "E0409", 4, "0,01");
    // Two wrongs do not make a right.
    let both = with(|l| {
        l[4] = l[4].replace("120,00", "119,00");
        l[6] = l[6].replace("120,00", "121,00");
    });
    refused(NAME, &both, "E0409", 4, "AC 2");
    refused(NAME, &both, "E0409", 6, "BQ 3");
    refused(
        NAME,
        &with(|l| {
            l.remove(4);
        }),
        "E0409",
        4,
        "seule ligne",
    );
}

#[test]
fn a_year_outside_the_name_is_refused() {
    refused("123456782FEC20231231.txt", &with(|_| {}), "E0411", 2, "hors de l’exercice");
    refused(NAME, &with(|l| l[6] = l[6].replace("20240402", "20250402")), "E0411", 7, "02/04/2025");
}

#[test]
fn all_errors_of_a_file_are_told_at_once() {
    let bytes = with(|l| {
        l[3] = l[3].replace("120,00", "120.00");
        l[5] = l[5].replace("20240402", "20240499");
    });
    refused(NAME, &bytes, "E0406", 4, "point");
    refused(NAME, &bytes, "E0407", 6, "calendrier");
}

#[test]
fn years_follow_each_other_and_are_of_one_entity() {
    let home = folder();
    let earlier = file(&sound(), "\n").replace("2024", "2022");
    std::fs::write(home.path().join("123456782FEC20221231.txt"), earlier).unwrap();
    std::fs::write(home.path().join(NAME), file(&sound(), "\n")).unwrap();
    std::fs::write(
        home.path().join("732829320FEC20231231.txt"),
        file(&sound(), "\n").replace("2024", "2023"),
    )
    .unwrap();
    let gap = crate::harness::compta(
        home.path(),
        &["init", "l", "--depuis-fec", NAME, "123456782FEC20221231.txt"],
    );
    assert_eq!(gap.code, 2, "{}", gap.screen());
    assert!(
        gap.err.contains("il manque un exercice entre le 01/01/2023 et le 01/01/2024"),
        "{}",
        gap.err
    );
    let other = crate::harness::compta(
        home.path(),
        &["init", "l", "--depuis-fec", NAME, "732829320FEC20231231.txt"],
    );
    assert_eq!(other.code, 2, "{}", other.screen());
    assert!(other.err.contains("autre entité"), "{}", other.err);
    assert!(!home.path().join("l").exists());
}
