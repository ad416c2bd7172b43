//! Random books over the accepted language: the generator that properties and oracles share.

use std::fmt::Write as _;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;

/// Accounts of the shipped chart whose labels hledger and compta write alike.
const REAL: [&str; 12] = [
    "110 Report à nouveau (solde créditeur)",
    "401 Fournisseurs",
    "401 Fournisseurs:SNCF",
    "411 Clients:Région",
    "441 État - Subventions à recevoir",
    "487 Produits constatés d'avance",
    "512 Banques",
    "512000 Banques",
    "53 Caisse",
    "604 Achats d'études et prestations de services",
    "6251 Voyages et déplacements",
    "756 Cotisations",
];
const CARE: [&str; 4] = [
    "C110 Report à nouveau CARE",
    "C172 Dette climat irrécouvrable",
    "C6812 Consommation irrécouvrable",
    "6251 Voyages et déplacements",
];
const TONNES: [&str; 3] =
    ["T60 Émissions", "T170 Émissions sous le seuil", "T172 Dette carbone irrécouvrable"];

/// The label that the door declares for 467.
const OWN: &str = "Débiteurs et créditeurs divers";

/// One line: which account, how many cents (or grams).
#[derive(Clone, Debug)]
pub struct Line {
    pub account: usize,
    pub amount: i64,
}

#[derive(Clone, Debug)]
pub struct Written {
    pub day: u32,
    pub real: Vec<Line>,
    pub care: Vec<Line>,
    pub tonnes: Vec<Line>,
    pub activity: Option<(usize, i64)>,
    pub elide: bool,
    pub words: usize,
    pub layout: usize,
}

/// A folder of books.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a way in which books differ")]
pub struct World {
    pub entries: Vec<Written>,
    pub files: usize,
    pub flawed: bool,
    pub crlf: bool,
    pub marked: bool,
    /// Read without its door: it declares its own account.
    pub alone: bool,
}

fn amounts() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => 1..5_000_000_i64,
        1 => Just(0),
        1 => 1..100_i64,
        1 => 1_000_000_000_i64..9_999_999_999_999,
    ]
}

fn lines(accounts: usize, most: usize) -> impl Strategy<Value = Vec<Line>> {
    let line = (0..accounts, amounts(), any::<bool>()).prop_map(|(account, amount, credit)| Line {
        account,
        amount: if credit { -amount } else { amount },
    });
    vec(line, 1..=most)
}

fn entry() -> impl Strategy<Value = Written> {
    let extra = (
        prop::option::weighted(0.3, lines(CARE.len(), 3)),
        prop::option::weighted(0.2, lines(TONNES.len(), 3)),
    );
    (
        0..1460_u32,
        lines(REAL.len(), 5),
        extra,
        prop::option::weighted(0.3, (0..3_usize, 0..100_000_i64)),
        any::<bool>(),
        0..6_usize,
        0..4_usize,
    )
        .prop_map(|(day, real, (care, tonnes), activity, elide, words, layout)| Written {
            day,
            real,
            care: care.unwrap_or_default(),
            tonnes: tonnes.unwrap_or_default(),
            activity,
            elide,
            words,
            layout,
        })
}

/// Sound books, sometimes with one flaw.
pub fn world() -> impl Strategy<Value = World> {
    (
        vec(entry(), 1..25),
        1..5_usize,
        prop::bool::weighted(0.03),
        prop::bool::weighted(0.1),
        prop::bool::weighted(0.1),
    )
        .prop_map(|(entries, files, flawed, crlf, marked)| World {
            entries,
            files,
            flawed,
            crlf,
            marked,
            alone: false,
        })
}

/// An amount in one of the ways that people write it.
pub fn figure(amount: i64, decimals: usize, layout: usize) -> String {
    let digits = format!("{:0width$}", amount.unsigned_abs(), width = decimals + 1);
    let (integer, fraction) = digits.split_at(digits.len() - decimals);
    let mut text = String::from(if amount < 0 { "-" } else { "" });
    for (rank, digit) in integer.char_indices() {
        if layout.is_multiple_of(2) && rank > 0 && (integer.len() - rank) % 3 == 0 {
            text.push(' ');
        }
        text.push(digit);
    }
    format!("{text},{fraction}")
}

impl Written {
    pub fn date(&self) -> chrono::NaiveDate {
        chrono::NaiveDate::from_ymd_opt(2021, 1, 1).unwrap()
            + chrono::Days::new(u64::from(self.day))
    }

    fn text(&self, rank: usize, flaw: bool) -> String {
        let words = [
            "SNCF | Paris–Grenoble",
            "Région",
            "Achat (urgent) n° 3",
            "* étoile",
            "Été à l’œuvre",
            "",
        ];
        let status = ["", "* ", "! "][rank % 3];
        let document = self.date() - chrono::Days::new(self.layout as u64 * 9);
        let second = if rank.is_multiple_of(7) { format!("={document}") } else { String::new() };
        let comment =
            ["", "  ; programme: R, piece: 2024-031.pdf", "  ; note sans étiquette", "  ;"]
                [rank % 4];
        let mut text = format!(
            "{}{second} {status}(J{}-{rank:05}) {}{comment}\n",
            self.date(),
            rank % 3,
            words[self.words]
        );
        if rank.is_multiple_of(5) {
            text.push_str("    ; une remarque de l’écriture\n");
        }
        let indent = ["    ", "  ", "\t", " "][self.layout];
        let gap = if self.layout == 1 { "" } else { " " };
        self.group(&mut text, &self.real, &REAL, ("", ""), 2, &format!("{gap}€"), indent, flaw);
        self.group(&mut text, &self.care, &CARE, ("[", "]"), 2, &format!("{gap}€"), indent, false);
        self.group(
            &mut text,
            &self.tonnes,
            &TONNES,
            ("[", "]"),
            3,
            &format!("{gap}kgCO₂e"),
            indent,
            false,
        );
        if rank.is_multiple_of(6) {
            // An account of its own, declared by the door, whose balance is sure: it can be asserted.
            let amount = self.real.first().map_or(0, |line| line.amount);
            let shown = figure(amount, 2, self.layout);
            writeln!(text, "{indent}467 {OWN}:T{rank:05}   {shown}{gap}€  = {shown} €  ; vu")
                .unwrap();
            let back = figure(-amount, 2, self.layout);
            writeln!(text, "{indent}467 {OWN}:U{rank:05}   {back}{gap}€ ={back} €").unwrap();
        }
        if let Some((kind, quantity)) = self.activity {
            let (name, unit) = [("train-tgv", "pkm"), ("avion", "pkm"), ("chauffage", "kWh")][kind];
            writeln!(text, "{indent}({name})   {} {unit}", figure(quantity, 1, self.layout))
                .unwrap();
        }
        text
    }

    #[expect(clippy::too_many_arguments, reason = "a line has that many parts")]
    fn group(
        &self,
        text: &mut String,
        lines: &[Line],
        accounts: &[&str],
        (open, close): (&str, &str),
        decimals: usize,
        unit: &str,
        indent: &str,
        flaw: bool,
    ) {
        if lines.is_empty() {
            return;
        }
        let mut sum = 0;
        for (rank, line) in lines.iter().enumerate() {
            sum += line.amount;
            let comment = ["", "  ; lettrage: A", "   ;vu", ""][rank % 4];
            let account = accounts[line.account];
            writeln!(
                text,
                "{indent}{open}{account}{close}   {}{unit}{comment}",
                figure(line.amount, decimals, self.layout)
            )
            .unwrap();
        }
        let last = accounts[lines.len() % accounts.len()];
        // Both currencies of the brackets are one group: one amount may be left out of it.
        let other_left_out = open == "[" && decimals == 3 && !self.care.is_empty();
        if self.elide && !flaw && !other_left_out {
            writeln!(text, "{indent}{open}{last}{close}").unwrap();
        } else {
            let rest = -sum + i64::from(flaw);
            writeln!(
                text,
                "{indent}{open}{last}{close}  {}{unit}",
                figure(rest, decimals, self.layout)
            )
            .unwrap();
        }
    }
}

impl World {
    /// The text of one of its files.
    fn file(&self, number: usize) -> String {
        let mut text = String::from("decimal-mark ,\n\n");
        if self.alone {
            text.push_str(&format!("account 467 {OWN}\n\n"));
        }
        for (rank, entry) in
            self.entries.iter().enumerate().filter(|(rank, _)| rank % self.files == number)
        {
            text.push_str(&entry.text(rank, self.flawed && rank == 0));
            text.push_str(if rank % 4 == 1 { "\n; entre deux\n\n" } else { "\n" });
        }
        if self.crlf { text.replace('\n', "\r\n") } else { text }
    }

    /// All its entries, as one text.
    pub fn text(&self) -> String {
        (0..self.files).map(|number| self.file(number)).collect()
    }

    /// Writes it as a folder: a door that includes the others.
    pub fn write(&self, folder: &Path) {
        let mark = if self.marked { "\u{feff}" } else { "" };
        let door = format!(
            "{mark}decimal-mark ,\n\ncommodity 1 000,00 €\ncommodity 1 000,0 pkm\ncommodity 1 000,0 kWh\n\
             commodity 1 000,000 kgCO₂e\ntag programme\npayee SNCF\naccount 467 {OWN}  ; aux: divers\n\n\
             ~ 2022  BP\n    6251 Voyages et déplacements  {} €\n    512 Banques\n\n\
             ~ monthly in 2022  Loyer\n    512 Banques  -12,50 €\n    604 Achats d'études et prestations de services\n\n\
             include livres/*.journal\n",
            figure(i64::try_from(self.entries.len()).unwrap() * 100, 2, 0)
        );
        std::fs::write(folder.join("principal.journal"), door).unwrap();
        std::fs::create_dir(folder.join("livres")).unwrap();
        for number in 0..self.files {
            std::fs::write(folder.join(format!("livres/{number}.journal")), self.file(number))
                .unwrap();
        }
    }
}
