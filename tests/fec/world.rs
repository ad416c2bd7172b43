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

type Cells = [String; 18];

/// A row before anything is said of its tiers, its letter or its document.
fn row(journal: (&str, &str), number: u64, day: &str, account: (&str, &str), cents: i64) -> Cells {
    let (debit, credit) = (money(cents.max(0)), money((-cents).max(0)));
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
        &debit,
        &credit,
        "",
        "",
        day,
        "",
        "",
    ];
    cells.map(str::to_owned)
}

/// A year that is being written.
struct Year<'d> {
    dice: &'d mut Dice,
    number: i32,
    /// What each account is left with.
    left: &'d mut BTreeMap<usize, i64>,
    /// One sequence of numbers over all journals.
    sequence: bool,
    numbers: BTreeMap<&'static str, u64>,
    rows: Vec<Cells>,
}

impl Year<'_> {
    fn next(&mut self, journal: &'static str) -> u64 {
        let known = self.numbers.entry(if self.sequence { "" } else { journal }).or_default();
        *known += 1;
        *known
    }

    /// The opening: what the year before left, its result on 120 or 129.
    fn open(&mut self) {
        if self.left.values().all(|cents| *cents == 0) {
            return;
        }
        let number = self.next("AN");
        let day = format!("{}0101", self.number);
        let of_result = |account: &usize| ACCOUNTS[*account].0.starts_with(['6', '7']);
        let result: i64 = self
            .left
            .iter()
            .filter(|(account, _)| of_result(account))
            .map(|(_, cents)| cents)
            .sum();
        self.left.retain(|account, _| !of_result(account));
        *self.left.entry(if result < 0 { USED } else { USED + 1 }).or_default() += result;
        for (account, cents) in self.left.iter().filter(|(_, cents)| **cents != 0) {
            self.rows.push(row(("AN", "À-nouveaux"), number, &day, ACCOUNTS[*account], *cents));
        }
    }

    /// An entry of two to four lines, its document and its labels.
    fn enter(&mut self, rank: usize, day: &str) {
        let journal = JOURNALS[self.dice.below(JOURNALS.len())];
        let number = self.next(journal.0);
        let lines = 2 + self.dice.below(3);
        let label = LABELS[self.dice.below(LABELS.len())];
        let mut total = 0;
        for line in 0..lines {
            let account = self.dice.below(USED);
            let any = i64::try_from(self.dice.below(500_000)).unwrap() - 250_000;
            let cents = if line + 1 == lines { -total } else { any };
            total += cents;
            *self.left.entry(account).or_default() += cents;
            let mut row = row(journal, number, day, ACCOUNTS[account], cents);
            let other = self.dice.below(4) == 0;
            let own = if other { LABELS[self.dice.below(LABELS.len())] } else { label };
            own.clone_into(&mut row[10]);
            let part = if self.dice.below(5) == 0 { line } else { 0 };
            row[8] = format!("F, {rank}; {part}");
            if self.dice.below(4) == 0 {
                row[9] = format!("{}1215", self.number - 1);
            }
            if ACCOUNTS[account].0.starts_with('4') {
                self.tiers(&mut row);
            }
            if cents != 0 && self.dice.below(9) == 0 {
                // An amount below zero stands on the other side.
                let cents = cents.abs();
                let debit = row[11] != "0,00";
                let zero = money(0);
                (row[11], row[12]) =
                    if debit { (zero, money(-cents)) } else { (money(-cents), zero) };
            }
            if self.dice.below(11) == 0 {
                (row[16], row[17]) = (money(cents / 3), "USD".to_owned());
            }
            self.rows.push(row);
        }
    }

    fn tiers(&mut self, row: &mut Cells) {
        let tiers = TIERS[self.dice.below(TIERS.len())];
        (row[6], row[7]) = (tiers.0.to_owned(), tiers.1.to_owned());
        let letter = ["AA", "a;b", "L 1", ""][self.dice.below(4)];
        letter.clone_into(&mut row[13]);
        if !letter.is_empty() && self.dice.below(4) > 0 {
            row[14] = format!("{}1231", self.number);
        }
    }

    /// The bytes, in one of the forms that the law knows.
    fn bytes(&mut self) -> Vec<u8> {
        let separator = if self.dice.below(3) == 0 { "|" } else { "\t" };
        let end = ["\n", "\r\n", "\r"][self.dice.below(3)];
        let mut text = super::HEAD.replace('\t', separator) + end;
        for row in &self.rows {
            text.push_str(&(row.join(separator) + end));
        }
        match self.dice.below(3) {
            0 => encoding_rs::ISO_8859_15.encode(&text.replace(['’', '–'], "-")).0.into_owned(),
            1 => format!("\u{feff}{text}").into_bytes(),
            _ => text.into_bytes(),
        }
    }
}

/// The file of one year, its openings taken from what the year before left.
fn year(dice: &mut Dice, number: i32, left: &mut BTreeMap<usize, i64>, sequence: bool) -> Fec {
    let mut year =
        Year { dice, number, left, sequence, numbers: BTreeMap::new(), rows: Vec::new() };
    year.open();
    let count = 1 + year.dice.below(30);
    let mut days: Vec<String> = (0..count)
        .map(|_| format!("{number}{:02}{:02}", 1 + year.dice.below(12), 1 + year.dice.below(28)))
        .collect();
    // In the order of validation, which is that of the days here.
    days.sort();
    for (rank, day) in days.iter().enumerate() {
        year.enter(rank, day);
    }
    let bytes = year.bytes();
    Fec { name: format!("732829320FEC{number}1231.txt"), bytes, rows: year.rows }
}

/// The files of one to three years.
pub fn files(dice: &mut Dice) -> Vec<Fec> {
    let mut left = BTreeMap::new();
    let sequence = dice.below(2) == 0;
    let count = 1 + i32::try_from(dice.below(3)).unwrap();
    (2022..2022 + count).map(|number| year(dice, number, &mut left, sequence)).collect()
}
