//! A gallery: one change after another of a small FEC, and word for word what its verification says.

use compta::exchange::fec::Column;
use compta::exchange::fec::verify::verify;

use crate::harness::{expect, none, root};

const NAME: &str = "123456782FEC20241231.txt";

type Rows = Vec<Vec<String>>;

fn sound() -> Rows {
    let text = std::fs::read_to_string(root().join("fixtures/fec-verifier").join(NAME)).unwrap();
    text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

/// Three times the sound entries, their numbers following each other: twelve entries in order.
fn long() -> Rows {
    let mut rows = sound();
    let body = rows.split_off(1);
    for turn in 0..3 {
        for row in &body {
            let mut row = row.clone();
            let number: u32 = row[2].parse().unwrap();
            let number = number + turn * 4;
            row[2] = number.to_string();
            for day in [3, 9, 14, 15] {
                if !row[day].is_empty() {
                    row[day] = format!("2024{number:02}15");
                }
            }
            rows.push(row);
        }
    }
    rows
}

/// What is said of a file: the verdict, then each place with its words.
fn said(rows: &Rows) -> String {
    let text: String = rows.iter().map(|row| row.join("\t") + "\n").collect();
    let verified = verify(NAME, None, text.as_bytes()).unwrap();
    let (verdict, found) = (verified.verdict(), &verified.found);
    let mark = |yes: bool, word: &str| if yes { String::new() } else { format!(" non {word}") };
    let mut out =
        format!("{}{}\n", mark(verdict.conforming, "conforme"), mark(verdict.sound, "sain"));
    for place in found.occurrences() {
        let group = &found.groups[usize::from(place.group)];
        let column = group.column.map_or("-", Column::name);
        let words = found.message(place).unwrap_or("…");
        out.push_str(&format!(
            "    {} {} {column} {}:{} {} — {words}\n",
            group.code.text(),
            group.class.letter(),
            place.line,
            place.column,
            group.kind
        ));
    }
    for group in &found.groups {
        let first = found.occurrences().iter().find_map(|place| found.message(place));
        if first != Some(group.message.as_str()) && found.groups.len() == 1 {
            out.push_str(&format!("    = {}\n", group.message));
        }
    }
    out
}

const CELLS: [&str; 40] = [
    "",
    " ",
    "0",
    "0,00",
    "00000000",
    "1",
    "-1,00",
    "12,50-",
    "+12,5",
    "12.50",
    "1.234,50",
    "1 234,50",
    "1,5E3",
    "12,345",
    "1234567890123,00",
    "douze",
    "20240229",
    "20240230",
    "20231231",
    "20250101",
    "18991231",
    "21000101",
    "02012024",
    "2024-01-02",
    "2024",
    "ACH",
    "ach",
    "XYZ",
    "512000",
    "99",
    "9",
    "8",
    "a|b",
    "« é »",
    "é\u{301}",
    "\u{a0}",
    "/",
    "EUR",
    "USD",
    "A",
];

#[test]
fn every_cell_changed_is_said_word_for_word() {
    let rows = sound();
    let mut text = String::new();
    for column in 0..18 {
        for line in [2, 5] {
            for cell in CELLS {
                if rows[line][column] == cell {
                    continue;
                }
                let mut changed = rows.clone();
                cell.clone_into(&mut changed[line][column]);
                let name = &rows[0][column];
                text.push_str(&format!("{name} ligne {} : {cell:?}{}", line + 1, said(&changed)));
            }
        }
    }
    let mut failures = Vec::new();
    expect(&root().join("fixtures/fec-verifier/galerie-cellules.txt"), &text, &mut failures);
    none(&failures);
}

/// The number of an entry from its rank.
type Numbered = fn(u64) -> String;

/// A change of rows, by its name.
type Change = (&'static str, fn(&mut Rows, usize));

const CHANGES: [Change; 17] = [
    ("ôtée", |rows, at| drop(rows.remove(at))),
    ("répétée", |rows, at| {
        let row = rows[at].clone();
        rows.insert(at, row);
    }),
    ("répétée à la fin", |rows, at| {
        let row = rows[at].clone();
        rows.push(row);
    }),
    ("portée à la fin", |rows, at| {
        let row = rows.remove(at);
        rows.push(row);
    }),
    ("portée au début", |rows, at| {
        let row = rows.remove(at);
        rows.insert(1, row);
    }),
    ("débit et crédit échangés", |rows, at| rows[at].swap(11, 12)),
    ("débit augmenté d’un centime", |rows, at| {
        let cell = rows[at][11].clone();
        rows[at][11] = if cell.ends_with('0') {
            format!("{}1", &cell[..cell.len() - 1])
        } else {
            "0,01".into()
        };
    }),
    ("numéro suivant", |rows, at| {
        let number: u64 = rows[at][2].parse().unwrap();
        rows[at][2] = (number + 1).to_string();
    }),
    ("numéro lointain", |rows, at| rows[at][2] = "900".into()),
    ("numéro à lettres", |rows, at| rows[at][2].push('A')),
    ("sans numéro", |rows, at| rows[at][2].clear()),
    ("autre journal", |rows, at| rows[at][0] = "OD".into()),
    ("autre jour", |rows, at| rows[at][3] = "20240701".into()),
    ("champ de plus", |rows, at| rows[at].push("x".into())),
    ("champ vide de plus", |rows, at| rows[at].push(String::new())),
    ("champ de moins", |rows, at| drop(rows[at].pop())),
    ("ligne blanche avant", |rows, at| rows.insert(at, vec![String::new()])),
];

#[test]
fn every_row_changed_is_said_word_for_word() {
    let mut text = String::new();
    for (books, rows) in [("court", sound()), ("long", long())] {
        for at in 1..rows.len().min(10) {
            for (what, change) in CHANGES {
                let mut changed = rows.clone();
                change(&mut changed, at);
                text.push_str(&format!("{books}, ligne {} {what}{}", at + 1, said(&changed)));
            }
        }
    }
    // Columns, of the header alone and of the whole.
    for column in 0..18 {
        let mut gone = sound();
        for row in &mut gone {
            row.remove(column);
        }
        text.push_str(&format!("colonne {} ôtée{}", column + 1, said(&gone)));
        let mut named = sound();
        named[0][column].push('x');
        text.push_str(&format!("colonne {} autrement nommée{}", column + 1, said(&named)));
        let mut lower = sound();
        lower[0][column] = lower[0][column].to_lowercase();
        text.push_str(&format!("colonne {} en minuscules{}", column + 1, said(&lower)));
        let mut blank = sound();
        for row in blank.iter_mut().skip(1) {
            row[column].clear();
        }
        text.push_str(&format!("colonne {} vidée{}", column + 1, said(&blank)));
        if column + 1 < 18 {
            let mut swapped = sound();
            for row in &mut swapped {
                row.swap(column, column + 1);
            }
            text.push_str(&format!(
                "colonnes {} et {} échangées{}",
                column + 1,
                column + 2,
                said(&swapped)
            ));
        }
    }
    // Numbers of every entry.
    let numbers: [(&str, Numbered); 8] = [
        ("par journal", |number| format!("{}", 1 + number / 2)),
        ("à trous", |number| format!("{}", number * 3)),
        ("à partir de 1001", |number| format!("{}", 1000 + number)),
        ("à partir de 1002", |number| format!("{}", 1001 + number)),
        ("préfixés", |number| format!("AC{number:05}")),
        ("à rebours", |number| format!("{}", 100 - number)),
        ("tous le même", |_| "7".into()),
        ("tous nuls", |_| "0".into()),
    ];
    for (what, number) in numbers {
        let mut changed = long();
        for row in changed.iter_mut().skip(1) {
            row[2] = number(row[2].parse().unwrap());
        }
        text.push_str(&format!("numéros {what}{}", said(&changed)));
    }
    let mut failures = Vec::new();
    expect(&root().join("fixtures/fec-verifier/galerie-lignes.txt"), &text, &mut failures);
    none(&failures);
}
