//! A gallery of third parties: hundreds of small accounts whose amounts, days, documents, letters and words
//! meet in every way, and what the lettrage says of each, word for word.

use std::fmt::Write as _;
use std::fs;

use chrono::{Days, NaiveDate};

use crate::harness::{expect, folder, none, root, typed};
use crate::lettrage::Random;

/// The lines of one third party: day, debit in cents, words, tags.
fn lines(random: &mut Random, name: &str) -> Vec<(NaiveDate, i64, String, String)> {
    let mut made: Vec<(NaiveDate, i64, String, String)> = Vec::new();
    let first = NaiveDate::from_ymd_opt(2023, 10, 1).unwrap();
    // Letters stand in the way of most readings: one account in three has some.
    let lettered = random.below(3) == 0;
    for _ in 0..2 + random.below(5) {
        let amount = random.of(&[3_000, 4_000, 5_000, 7_000, 7_050, 10_000, 12_000]);
        let own = made.iter().map(|(_, amount, ..)| *amount).collect::<Vec<_>>();
        // A payment answers what stands there already: one of it, two of it, all of it, or nothing.
        let amount = match random.below(8) {
            0 | 1 if !own.is_empty() => -random.of(&own),
            2 if own.len() > 1 => -(own[0] + own[1]),
            3 if own.len() > 1 => -own.iter().sum::<i64>(),
            4 | 5 => amount,
            _ => -amount,
        };
        let party = match random.below(6) {
            0 => "règlement".to_owned(),
            1 => format!("{} | ligne", random.of(&["Autre", ""])),
            _ => format!("{name} | ligne"),
        };
        let document = match random.below(5) {
            0 => "piece: RELEVÉ, ".to_owned(),
            1 | 2 => String::new(),
            _ => format!("piece: {name}-{}, ", random.below(3)),
        };
        let letter = match random.below(10) {
            _ if !lettered => "",
            0 | 1 => "lettrage: A",
            2 => "lettrage: B, datelet: 2024-06-30",
            3 => random.of(&["lettrage:", "datelet:", "lettrage: A, datelet: 2025-02-01", "x: y"]),
            _ => "",
        };
        let day = first + Days::new(random.below(500));
        let amount = if amount == 0 { 1_000 } else { amount };
        made.push((day, amount, party, format!("{document}{letter}")));
    }
    made
}

#[test]
fn every_account_is_matched_word_for_word() {
    let home = folder();
    let mut random = Random(20_241_130);
    let mut journals = [String::new(), String::new(), String::new()];
    let mut rank = 0;
    for tiers in 0..320 {
        let account = random.of(&["401 Fournisseurs", "411 Clients", "4670 Tiers divers"]);
        let name = format!("T{tiers:03}");
        for (day, cents, party, tags) in lines(&mut random, &name) {
            rank += 1;
            let sign = if cents < 0 { "-" } else { "" };
            let amount = format!("{sign}{},{:02} €", cents.abs() / 100, cents.abs() % 100);
            let tags = tags.trim_end_matches([',', ' ']);
            let on_line = random.below(2) == 0;
            let comment = if tags.is_empty() { String::new() } else { format!("  ; {tags}") };
            let (head, line) =
                if on_line { ("", comment.as_str()) } else { (comment.as_str(), "") };
            // What goes the way of an invoice is one, mostly.
            let invoice = (cents < 0) == account.starts_with("40");
            let other = match (invoice, random.below(6)) {
                (true, 1..) => "6226 Honoraires",
                (_, 0) => "4711 Recettes à ventiler",
                _ => "512 Banques",
            };
            let text = &mut journals[usize::try_from(chrono::Datelike::year(&day) - 2023).unwrap()];
            writeln!(
                text,
                "{day} * (J-{rank:05}) {party}{head}\n    {account}:{name}  {amount}{line}\n    {other}\n"
            )
            .unwrap();
        }
    }
    let mut door =
        "decimal-mark ,\n\naccount 4670 Tiers divers\naccount 4711 Recettes à ventiler\n"
            .to_owned();
    for (year, text) in (2023..).zip(&journals) {
        fs::write(home.path().join(format!("{year}.journal")), format!("decimal-mark ,\n\n{text}"))
            .unwrap();
        writeln!(door, "include {year}.journal").unwrap();
    }
    fs::write(home.path().join("principal.journal"), door).unwrap();
    fs::write(home.path().join("compta.toml"), "[entite]\nnom = \"Essai\"\n").unwrap();
    let mut failures = Vec::new();
    for (name, line) in [
        ("2024", "lettrer 2024 --largeur 150"),
        ("2025", "lettrer 2025 --largeur 150"),
        ("4670", "lettrer 2024 --compte 46 --largeur 150"),
        ("controle", "lettrer 2024 --check --largeur 150"),
        ("essai", "lettrer 2024 -n"),
        ("auxiliaire", "balance 2024 --auxiliaire"),
        ("agee", "balance-agee 2024 --au 2024-09-17"),
    ] {
        let run = typed(home.path(), line);
        assert!(run.code <= 1, "{line}: {}", run.screen());
        expect(
            &root().join(format!("fixtures/galerie-lettrage/{name}.txt")),
            &run.screen(),
            &mut failures,
        );
    }
    none(&failures);
}
