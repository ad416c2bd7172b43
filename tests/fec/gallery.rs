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

/// What is said of bytes.
fn of_bytes(bytes: &[u8]) -> String {
    match verify(NAME, None, bytes) {
        Ok(verified) => {
            let (verdict, found) = (verified.verdict(), &verified.found);
            let mut out = format!(" {} {}\n", verdict.conforming, verdict.sound);
            for group in &found.groups {
                let column = group.column.map_or("-", Column::name);
                out.push_str(&format!(
                    "    {} {column} {} — {}\n",
                    group.code.text(),
                    group.line,
                    group.message
                ));
            }
            out
        }
        Err(error) => format!(" illisible : {error:?}\n"),
    }
}

/// The same letters in other bytes.
fn encodings(whole: &str, tell: &mut dyn FnMut(&str, &[u8])) {
    let latin = |text: &str, map: &dyn Fn(char) -> u8| -> Vec<u8> {
        text.chars().map(|c| if c.is_ascii() { c as u8 } else { map(c) }).collect()
    };
    let accented = whole.replacen("Achats", "Achats d’été €", 1).replacen('o', "œ", 1);
    tell("accents", accented.as_bytes());
    tell("marque d’ordre", format!("\u{feff}{accented}").as_bytes());
    tell("marque au milieu", whole.replacen('\n', "\n\u{feff}", 1).as_bytes());
    let western = |c: char| match c {
        '€' => 0x80,
        '’' => 0x92,
        'œ' => 0x9c,
        'é' => 0xe9,
        _ => b'?',
    };
    tell("Windows-1252", &latin(&accented, &western));
    tell(
        "ISO 8859-15",
        &latin(&accented, &|c| match c {
            '€' => 0xa4,
            'œ' => 0xbd,
            'é' => 0xe9,
            _ => b'?',
        }),
    );
    tell("un octet indéfini", &latin(&accented, &|_| 0x81));
    tell("un octet seul", &latin(&whole.replacen("Achats", "Achaté", 1), &western));
    tell("deux octets", &latin(&whole.replacen("Achats", "Aché t €", 1), &western));
    tell("page 850", &latin(&accented, &|_| 0x82));
    let wide: Vec<u8> = accented.encode_utf16().flat_map(u16::to_le_bytes).collect();
    tell("UTF-16", &wide);
    tell("UTF-16 avec sa marque", &[&[0xff, 0xfe][..], &wide].concat());
    let big: Vec<u8> = accented.encode_utf16().flat_map(u16::to_be_bytes).collect();
    tell("UTF-16 gros-boutiste", &[&[0xfe, 0xff][..], &big].concat());
    tell("UTF-8 coupé", &accented.as_bytes()[..=accented.find('€').unwrap()]);
}

/// One way after another to write the same file, or nearly: encodings, separators, ends of lines, odd bytes.
#[test]
fn every_way_to_write_a_file_is_said_word_for_word() {
    let rows = sound();
    let lines: Vec<String> = rows.iter().map(|row| row.join("\t")).collect();
    let whole = lines.join("\n") + "\n";
    let mut text = String::new();
    let mut tell = |what: &str, bytes: &[u8]| text.push_str(&format!("{what}{}", of_bytes(bytes)));
    tell("tel quel", whole.as_bytes());
    for (what, end) in
        [("CRLF", "\r\n"), ("CR", "\r"), ("LFCR", "\n\r"), ("double", "\n\n"), ("NEL", "\u{85}")]
    {
        tell(&format!("fins {what}"), (lines.join(end) + end).as_bytes());
        tell(&format!("fins {what}, sans la dernière"), lines.join(end).as_bytes());
    }
    let mixed =
        lines.iter().enumerate().map(|(at, line)| format!("{line}{}", ["\n", "\r\n"][at % 2]));
    tell("fins mêlées", mixed.collect::<String>().as_bytes());
    for separator in ["|", ";", ",", " ", "\t\t", "||", "\t|"] {
        tell(&format!("séparateur {separator:?}"), whole.replace('\t', separator).as_bytes());
    }
    let one_bar = lines
        .iter()
        .enumerate()
        .map(|(at, line)| if at == 3 { line.replace('\t', "|") } else { line.clone() });
    tell("une ligne à barres", (one_bar.collect::<Vec<_>>().join("\n") + "\n").as_bytes());
    encodings(&whole, &mut tell);
    for control in [
        "\0", "\u{1}", "\u{7}", "\u{b}", "\u{c}", "\u{1a}", "\u{1b}", "\u{7f}", "\u{80}", "\u{85}",
        "\u{a0}", "\u{200b}", "\u{2028}", "\u{202e}", "\u{feff}",
    ] {
        tell(
            &format!("{control:?} dans un libellé"),
            whole.replacen("Achats", &format!("Ach{control}ats"), 1).as_bytes(),
        );
        tell(&format!("{control:?} à la fin"), format!("{whole}{control}").as_bytes());
        tell(&format!("{control:?} au début"), format!("{control}{whole}").as_bytes());
    }
    for (what, cut) in
        [("vide", 0), ("une lettre", 1), ("un demi-en-tête", 60), ("l’en-tête", lines[0].len())]
    {
        tell(what, &whole.as_bytes()[..cut]);
    }
    tell("en-tête seul, et sa fin", &whole.as_bytes()[..=lines[0].len()]);
    tell("sans en-tête", (lines[1..].join("\n") + "\n").as_bytes());
    tell("en-tête deux fois", format!("{}\n{whole}", lines[0]).as_bytes());
    tell(
        "en-tête en minuscules",
        whole.replacen(&lines[0], &lines[0].to_lowercase(), 1).as_bytes(),
    );
    tell(
        "en-tête entre guillemets",
        whole
            .replacen(&lines[0], &format!("\"{}\"", lines[0].replace('\t', "\"\t\"")), 1)
            .as_bytes(),
    );
    tell(
        "en-tête espacé",
        whole.replacen(&lines[0], &lines[0].replace('\t', " \t "), 1).as_bytes(),
    );
    tell("lignes blanches à la fin", format!("{whole}\n\n").as_bytes());
    tell(
        "ligne blanche au milieu",
        (lines[..3].join("\n") + "\n\n" + &lines[3..].join("\n") + "\n").as_bytes(),
    );
    tell(
        "ligne d’espaces",
        (lines[..3].join("\n") + "\n   \n" + &lines[3..].join("\n") + "\n").as_bytes(),
    );
    tell("guillemets", whole.replacen("Achats", "\"Achats\"", 1).as_bytes());
    tell("guillemet ouvert", whole.replacen("Achats", "\"Achats", 1).as_bytes());
    tell("libellé très long", whole.replacen("Achats", &"a".repeat(70_000), 1).as_bytes());
    let mut failures = Vec::new();
    expect(&root().join("fixtures/fec-verifier/galerie-octets.txt"), &text, &mut failures);
    none(&failures);
}
