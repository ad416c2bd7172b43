//! Random files that the law accepts.

use std::collections::BTreeMap;

use crate::seal::world::Dice;

/// A file: its name, its bytes, its rows.
pub struct Fec {
    pub name: String,
    pub bytes: Vec<u8>,
    pub rows: Vec<[String; 18]>,
}

/// The first are those that entries use; the last two carry the results.
const ACCOUNTS: [(&str, &str); 18] = [
    ("10200000", "Fonds associatif"),
    ("164", "Emprunts auprès des établissements de crédit"),
    ("2183", "Matériel de bureau"),
    ("28183", "Amortissements : matériel"),
    ("40100000", "Fournisseurs"),
    ("401DURAND", "Durand ; fils"),
    ("41100000", "Adhérents, usagers"),
    ("441", "État  -  subventions"),
    ("4671", "Débiteurs & créditeurs = divers"),
    ("51200100", "Banque 1 200,00 €"),
    ("530", "Caisse"),
    ("606300", "Fournitures «petit équipement»"),
    ("6251", "Voyages @ déplacements"),
    ("6411", "Salaires"),
    ("7560", "Cotisations"),
    ("74", "Subventions d’exploitation"),
    ("120", "Résultat : excédent"),
    ("129", "Résultat : déficit"),
];
const USED: usize = 16;

const JOURNALS: [(&str, &str); 5] = [
    ("AC", "Achats"),
    ("VE", "Ventes"),
    ("BQ1", "Banque : compte courant"),
    ("OD", "Opérations diverses"),
    ("6", "Paie"),
];

const TIERS: [(&str, &str); 5] = [
    ("F001", "SNCF"),
    ("F002", "Imprimerie des Écluses; Lyon"),
    ("F003", "SNCF"),
    ("9X", "[A] : b"),
    ("F005", "Fournisseur  divers"),
];

const LABELS: [&str; 8] = [
    "Facture 12",
    "Loyer ; charges",
    "(avoir) n° 3",
    "Virement reçu : 120,00",
    "* étoile",
    "2024-01-02 = date",
    "Été, à l’œuvre – 10 €",
    "date: 2024-01-01",
];

fn money(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{},{:02}", cents.abs() / 100, cents.abs() % 100)
}

/// The file of one year, its openings taken from what the year before left.
fn year(dice: &mut Dice, year: i32, left: &mut BTreeMap<usize, i64>, sequence: bool) -> Fec {
    let mut rows: Vec<[String; 18]> = Vec::new();
    let mut numbers: BTreeMap<&str, u64> = BTreeMap::new();
    let mut given = |journal: &'static str| {
        let known = numbers.entry(if sequence { "" } else { journal }).or_default();
        *known += 1;
        *known
    };
    let push = |rows: &mut Vec<[String; 18]>,
                journal: (&str, &str),
                number: u64,
                day: &str,
                account: (&str, &str),
                cents: i64| {
        let cells = [
            journal.0,
            journal.1,
            &number.to_string(),
            day,
            account.0,
            account.1,
            "",
            "",
            "P-1",
            day,
            "Libellé",
            &money(cents.max(0)),
            &money((-cents).max(0)),
            "",
            "",
            day,
            "",
            "",
        ];
        rows.push(cells.map(str::to_owned));
    };
    if left.values().any(|cents| *cents != 0) {
        let number = given("AN");
        let mut result = 0;
        let day = format!("{year}0101");
        for (account, cents) in left.range(..USED).filter(|(_, cents)| **cents != 0) {
            if ACCOUNTS[*account].0.starts_with(['6', '7']) {
                result += cents;
            } else {
                push(&mut rows, ("AN", "À-nouveaux"), number, &day, ACCOUNTS[*account], *cents);
            }
        }
        if result != 0 {
            let account = if result < 0 { USED } else { USED + 1 };
            *left.entry(account).or_default() += result;
        }
        for (account, cents) in left.range(USED..).filter(|(_, cents)| **cents != 0) {
            push(&mut rows, ("AN", "À-nouveaux"), number, &day, ACCOUNTS[*account], *cents);
        }
        left.retain(|account, _| !ACCOUNTS[*account].0.starts_with(['6', '7']));
    }
    let count = 1 + dice.below(30);
    for rank in 0..count {
        let journal = JOURNALS[dice.below(JOURNALS.len())];
        let number = given(journal.0);
        // The days rise with the ranks, so that the order of validation is that of the file.
        let day =
            format!("{year}{:02}{:02}", 1 + rank * 12 / count, 1 + dice.below(3) + 8 * (rank % 3));
        let day =
            if rank * 12 / count == 1 && day.ends_with("31") { format!("{year}0228") } else { day };
        let lines = 2 + dice.below(3);
        let label = LABELS[dice.below(LABELS.len())];
        let mut total = 0;
        for line in 0..lines {
            let account = dice.below(USED);
            let cents = if line + 1 == lines {
                -total
            } else {
                i64::try_from(dice.below(500_000)).unwrap() - 250_000
            };
            total += cents;
            *left.entry(account).or_default() += cents;
            push(&mut rows, journal, number, &day, ACCOUNTS[account], cents);
            let row = rows.last_mut().unwrap();
            row[10] = if dice.below(4) == 0 {
                LABELS[dice.below(LABELS.len())].to_owned()
            } else {
                label.to_owned()
            };
            row[8] = format!("F, {}; {}", rank, if dice.below(5) == 0 { line } else { 0 });
            if dice.below(4) == 0 {
                row[9] = format!("{}1215", year - 1);
            }
            if ACCOUNTS[account].0.starts_with('4') {
                let tiers = TIERS[dice.below(TIERS.len())];
                (row[6], row[7]) = (tiers.0.to_owned(), tiers.1.to_owned());
                if dice.below(2) == 0 {
                    (row[13], row[14]) =
                        (["AA", "a;b", "L 1"][dice.below(3)].to_owned(), format!("{year}1231"));
                }
            }
            if cents == 0 {
                (row[11], row[12]) = (money(0), money(0));
            } else if dice.below(9) == 0 {
                // An amount below zero stands on the other side.
                (row[11], row[12]) = (money(-(-cents).max(0)), money(-cents.max(0)));
                let zero = |cell: &str| cell == "0,00";
                assert!(zero(&row[11]) != zero(&row[12]));
            }
            if dice.below(11) == 0 {
                (row[16], row[17]) = (money(cents / 3), "USD".to_owned());
            }
        }
    }
    // The days of the file must rise; equal seeds of a month may not.
    let first = rows.iter().position(|row| row[0] != "AN").unwrap();
    let mut days: Vec<String> = rows[first..].iter().map(|row| row[3].clone()).collect();
    days.sort();
    let mut last = String::new();
    let mut current = (String::new(), String::new());
    for row in &mut rows[first..] {
        let entry = (row[0].clone(), row[2].clone());
        if entry != current {
            last = last.max(row[3].clone());
            current = entry;
        }
        let second = row[9] == row[3];
        (row[3], row[15]) = (last.clone(), last.clone());
        if second {
            row[9] = last.clone();
        }
    }
    let name = format!("732829320FEC{year}1231.txt");
    let bar = dice.below(3) == 0;
    let separator = if bar { "|" } else { "\t" };
    let end = ["\n", "\r\n", "\r"][dice.below(3)];
    let mut text = super::HEAD.replace('\t', separator) + end;
    for row in &rows {
        text.push_str(&(row.join(separator) + end));
    }
    let bytes = match dice.below(3) {
        0 => encoding_rs::ISO_8859_15.encode(&text.replace(['’', '–'], "-")).0.into_owned(),
        1 => format!("\u{feff}{text}").into_bytes(),
        _ => text.into_bytes(),
    };
    Fec { name, bytes, rows }
}

/// The files of one to three years.
pub fn files(dice: &mut Dice) -> Vec<Fec> {
    let mut left = BTreeMap::new();
    let sequence = dice.below(2) == 0;
    let count = 1 + i32::try_from(dice.below(3)).unwrap();
    (2022..2022 + count).map(|number| year(dice, number, &mut left, sequence)).collect()
}
