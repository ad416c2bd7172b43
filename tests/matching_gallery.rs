//! A gallery of third parties: hundreds of small accounts whose amounts, days, documents, letters and words
//! meet in every way, and what the lettrage says of each, word for word.

use std::fmt::Write as _;
use std::fs;

use chrono::{Days, NaiveDate};

use crate::harness::{expect, folder, none, root, typed};

struct Random(u64);

impl Random {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % most
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[usize::try_from(self.below(list.len() as u64)).unwrap()]
    }
}

/// The lines of one third party: day, debit in cents, words, tags.
fn lines(random: &mut Random, name: &str) -> Vec<(NaiveDate, i64, String, String)> {
    let mut made: Vec<(NaiveDate, i64, String, String)> = Vec::new();
    let first = NaiveDate::from_ymd_opt(2023, 10, 1).unwrap();
    let mut day = || first + Days::new(random.below(500));
    let count = 2 + day().format("%j").to_string().parse::<u64>().unwrap() % 5;
    let mut dice = Random(random.0 ^ 0x5eed);
    for _ in 0..count {
        let amount = dice.of(&[3_000, 4_000, 5_000, 7_000, 7_050, 10_000, 12_000]);
        let own = made.iter().map(|(_, amount, ..)| *amount).collect::<Vec<_>>();
        // A payment answers what stands there already: one of it, two of it, all of it, or nothing.
        let amount = match dice.below(8) {
            0 | 1 if !own.is_empty() => -dice.of(&own),
            2 if own.len() > 1 => -(own[0] + own[1]),
            3 if own.len() > 1 => -own.iter().sum::<i64>(),
            4 | 5 => amount,
            _ => -amount,
        };
        let party = match dice.below(6) {
            0 => "règlement".to_owned(),
            1 => format!("{} | ligne", dice.of(&["Autre", ""])),
            _ => format!("{name} | ligne"),
        };
        let document = match dice.below(5) {
            0 => "piece: RELEVÉ, ".to_owned(),
            1 | 2 => String::new(),
            _ => format!("piece: {name}-{}, ", dice.below(3)),
        };
        let letter = match dice.below(10) {
            0 | 1 => "lettrage: A",
            2 => "lettrage: B, datelet: 2024-06-30",
            3 => dice.of(&["lettrage:", "datelet:", "lettrage: A, datelet: 2025-02-01", "x: y"]),
            _ => "",
        };
        let day = first + Days::new(dice.below(500));
        let amount = if amount == 0 { 1_000 } else { amount };
        made.push((day, amount, party, format!("{document}{letter}")));
    }
    random.0 = dice.0;
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
