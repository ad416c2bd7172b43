//! Random files that the law accepts.

use std::collections::BTreeMap;

use crate::seal::world::Dice;

/// A file: its name, its bytes, its rows.
pub struct Fec {
    pub name: String,
    pub bytes: Vec<u8>,
    pub rows: Vec<[String; 18]>,
}

/// The first are those that entries use; the last four carry the results.
const ACCOUNTS: [(&str, &str); 20] = [
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
    ("12000000", "Résultat : excédent"),
    ("12900000", "Résultat : déficit"),
];
const USED: usize = 16;

/// What is left of each account and tiers: their ranks.
type Left = BTreeMap<(usize, Option<usize>), i64>;

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
    left: &'d mut Left,
    /// Whether the result has eight digits.
    long: bool,
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
        let of_result = |account: usize| ACCOUNTS[account].0.starts_with(['6', '7']);
        let result: i64 = self
            .left
            .iter()
            .filter(|((account, _), _)| of_result(*account))
            .map(|(_, cents)| cents)
            .sum();
        self.left.retain(|(account, _), _| !of_result(*account));
        let account = USED + usize::from(result >= 0) + 2 * usize::from(self.long);
        *self.left.entry((account, None)).or_default() += result;
        let left: Vec<_> = self.left.iter().map(|(key, cents)| (*key, *cents)).collect();
        for ((account, tiers), cents) in left.into_iter().filter(|(_, cents)| *cents != 0) {
            // A balance in two lines, as software that keeps each invoice open does.
            let part = if tiers.is_some() { cents / [1, 2, 3][self.dice.below(3)] } else { cents };
            for cents in [part, cents - part].into_iter().filter(|cents| *cents != 0) {
                let mut row = row(("AN", "À-nouveaux"), number, &day, ACCOUNTS[account], cents);
                if let Some(tiers) = tiers {
                    (row[6], row[7]) = (TIERS[tiers].0.to_owned(), TIERS[tiers].1.to_owned());
                    row[8] = format!("F-{}", self.dice.below(9));
                    row[9] = format!("{}1{}15", self.number - 1, self.dice.below(3));
                    let letter = ["AA", "a;b", "", ""][self.dice.below(4)];
                    letter.clone_into(&mut row[13]);
                    if !letter.is_empty() {
                        row[14] = format!("{}0331", self.number);
                    }
                }
                LABELS[self.dice.below(LABELS.len())].clone_into(&mut row[10]);
                self.rows.push(row);
            }
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
            let mut row = row(journal, number, day, ACCOUNTS[account], cents);
            let other = self.dice.below(4) == 0;
            let own = if other { LABELS[self.dice.below(LABELS.len())] } else { label };
            own.clone_into(&mut row[10]);
            let part = if self.dice.below(5) == 0 { line } else { 0 };
            row[8] = format!("F, {rank}; {part}");
            if self.dice.below(4) == 0 {
                row[9] = format!("{}1215", self.number - 1);
            }
            let tiers = ACCOUNTS[account].0.starts_with('4').then(|| self.tiers(&mut row));
            *self.left.entry((account, tiers)).or_default() += cents;
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

    fn tiers(&mut self, row: &mut Cells) -> usize {
        let rank = self.dice.below(TIERS.len());
        let tiers = TIERS[rank];
        (row[6], row[7]) = (tiers.0.to_owned(), tiers.1.to_owned());
        let letter = ["AA", "a;b", "L 1", ""][self.dice.below(4)];
        letter.clone_into(&mut row[13]);
        if !letter.is_empty() && self.dice.below(4) > 0 {
            row[14] = format!("{}1231", self.number);
        }
        rank
    }

    /// The bytes, in one of the forms that the law knows.
    fn bytes(&mut self) -> Vec<u8> {
        let separator = if self.dice.below(3) == 0 { "|" } else { "\t" };
        let end = ["\n", "\r\n", "\r"][self.dice.below(3)];
        let latin = self.dice.below(3) == 0;
        if latin {
            for cell in self.rows.iter_mut().flatten() {
                *cell = cell.replace(['’', '–'], "-");
            }
        }
        let mut text = super::HEAD.replace('\t', separator) + end;
        for row in &self.rows {
            text.push_str(&(row.join(separator) + end));
        }
        if latin {
            return encoding_rs::ISO_8859_15.encode(&text).0.into_owned();
        }
        if self.dice.below(2) == 0 {
            format!("\u{feff}{text}").into_bytes()
        } else {
            text.into_bytes()
        }
    }
}

/// The file of one year, its openings taken from what the year before left.
fn year(dice: &mut Dice, number: i32, left: &mut Left, (sequence, long): (bool, bool)) -> Fec {
    let mut year =
        Year { dice, number, left, long, sequence, numbers: BTreeMap::new(), rows: Vec::new() };
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
    let ways = (dice.below(2) == 0, dice.below(2) == 0);
    let count = 1 + i32::try_from(dice.below(3)).unwrap();
    (2022..2022 + count).map(|number| year(dice, number, &mut left, ways)).collect()
}
