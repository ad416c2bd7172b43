//! Random books over the whole chart: several fiscal years, accounts on either side, third parties, openings.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use chrono::{Datelike, Days, Months, NaiveDate};
use compta::chart::Edition;
use proptest::prelude::Rng;
use proptest::test_runner::TestRng;

use crate::worlds::figure;

/// A fiscal year: its name, first and last days.
pub struct Year {
    pub name: String,
    pub first: NaiveDate,
    pub last: NaiveDate,
}

/// One folder of books.
pub struct Made {
    pub years: Vec<Year>,
    /// Whether the years are said in `compta.toml`; if not, they are calendar years.
    pub said: bool,
    /// Numbers that the books declare for themselves.
    pub declared: Vec<String>,
    pub journal: String,
}

/// Chance, from a generator that a seed repeats.
pub struct Chance<'r>(pub &'r mut TestRng);

impl Chance<'_> {
    fn below(&mut self, bound: u64) -> u64 {
        self.0.next_u64() % bound
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    fn pick<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }

    /// Cents, of either sign: often small, sometimes half a euro from the next, sometimes large.
    fn cents(&mut self) -> i64 {
        let most = *self.pick(&[99, 10_000, 1_000_000, 100_000_000, 9_999_999_999]);
        let cents = i64::try_from(self.below(most)).unwrap();
        let cents = if self.one_in(4) { cents / 100 * 100 + 50 } else { cents };
        if self.one_in(2) { -cents } else { cents }
    }
}

/// Accounts that an entry may bear: three digits or more, and the shorter ones that are not divided.
pub fn usable(edition: Edition) -> BTreeMap<&'static str, &'static str> {
    let all: Vec<_> = edition
        .accounts()
        .filter(|(number, _)| number.starts_with(|c: char| c.is_ascii_digit()))
        .collect();
    let divided =
        |number: &str| all.iter().any(|(other, _)| *other != number && other.starts_with(number));
    let kept =
        all.iter().filter(|(number, _)| number.len() >= 3 || number.len() == 2 && !divided(number));
    kept.filter(|(number, _)| !number.starts_with('8')).copied().collect()
}

fn years(chance: &mut Chance<'_>) -> (Vec<Year>, bool) {
    let said = chance.one_in(3);
    let start = 2020 + i32::try_from(chance.below(6)).unwrap();
    let month = if said { 1 + u32::try_from(chance.below(12)).unwrap() } else { 1 };
    let mut first = NaiveDate::from_ymd_opt(start, month, 1).unwrap();
    let count = 2 + chance.below(3);
    let mut years = Vec::new();
    for rank in 0..count {
        let months = if said && chance.one_in(3) { 3 + chance.below(18) } else { 12 };
        let next = first + Months::new(u32::try_from(months).unwrap());
        let name = if said { format!("exercice-{rank}") } else { first.year().to_string() };
        years.push(Year { name, first, last: next - Days::new(1) });
        first = next;
    }
    (years, said)
}

impl Made {
    pub fn new(chance: &mut Chance<'_>) -> Self {
        let (years, said) = years(chance);
        let charts = [usable(Edition::Anc2018), usable(Edition::Anc2022)];
        // Accounts of their own, under numbers that both editions have.
        let both: Vec<&str> = charts[0]
            .keys()
            .filter(|n| n.len() >= 3 && charts[1].contains_key(*n))
            .copied()
            .collect();
        let mut own = BTreeSet::new();
        for _ in 0..chance.below(8) {
            let number = format!("{}9{}", chance.pick(&both), chance.below(10));
            if Edition::Anc2018.title(&number).is_none()
                && Edition::Anc2022.title(&number).is_none()
            {
                own.insert(number);
            }
        }
        let mut journal = String::from("decimal-mark ,\n\ncommodity 1 000,00 €\n\n");
        for number in &own {
            writeln!(journal, "account {number} Compte à part").unwrap();
        }
        journal.push('\n');
        // The accounts that these books know: few enough for each to move more than once.
        let palettes = charts.map(|chart| {
            let all: Vec<_> = chart.into_iter().collect();
            let mut palette: Vec<(String, String)> = (0..12 + chance.below(50))
                .map(|_| chance.pick(&all))
                .map(|(number, title)| ((*number).to_owned(), (*title).to_owned()))
                .collect();
            palette.extend(own.iter().map(|number| (number.clone(), "Compte à part".to_owned())));
            for number in ["512", "401", "411", "441", "467", "119", "120", "129"] {
                let title = all.iter().find(|(known, _)| *known == number).unwrap().1;
                palette.push((number.to_owned(), title.to_owned()));
            }
            palette
        });
        let mut rank = 0;
        for (age, year) in years.iter().enumerate() {
            let edition = Edition::of_year_opened(year.first);
            let palette = &palettes[usize::from(edition == Edition::Anc2022)];
            if age == 0 && !chance.one_in(4) {
                opening(chance, year, palette, &mut journal);
            }
            for _ in 0..3 + chance.below(15) {
                rank += 1;
                entry(chance, year, edition, palette, rank, &mut journal);
            }
        }
        Self { years, said, declared: own.into_iter().collect(), journal }
    }

    /// Writes them as a folder that both programs open.
    pub fn write(&self, folder: &Path) {
        std::fs::write(folder.join("principal.journal"), &self.journal).unwrap();
        let mut toml = String::from(
            "[entite]\nnom = \"Au hasard\"\n\n[livres]\njournal = \"principal.journal\"\n",
        );
        for year in self.years.iter().filter(|_| self.said) {
            let Year { name, first, last } = year;
            write!(toml, "\n[[exercice]]\nnom = \"{name}\"\ndebut = {first}\nfin = {last}\n")
                .unwrap();
        }
        std::fs::write(folder.join("compta.toml"), toml).unwrap();
    }
}

type Palette = [(String, String)];

/// Lines that sum to nothing, over the accounts of a palette that a rule keeps.
fn lines(
    chance: &mut Chance<'_>,
    palette: &Palette,
    count: u64,
    keep: fn(&str) -> bool,
    text: &mut String,
) {
    let kept: Vec<_> = palette.iter().filter(|(number, _)| keep(number)).collect();
    let mut sum = 0;
    for rank in 0..count {
        let (number, title) = chance.pick(&kept);
        let amount = if rank + 1 == count { -sum } else { chance.cents() };
        sum += amount;
        // A root of third parties stands on one side for one of them, on the other for the next.
        let party = match &number[..2] {
            "40" | "41" | "42" | "45" | "46" if !chance.one_in(3) => {
                *chance.pick(&[":Ada", ":Blaise", ":Émilie"])
            }
            "51" if chance.one_in(4) => ":Agence",
            _ => "",
        };
        writeln!(
            text,
            "    {number} {title}{party}   {} €",
            figure(amount, 2, usize::from(chance.one_in(2)))
        )
        .unwrap();
    }
}

fn opening(chance: &mut Chance<'_>, year: &Year, palette: &Palette, text: &mut String) {
    writeln!(text, "{} * (AN-1) À-nouveaux", year.first).unwrap();
    let count = 2 + chance.below(20);
    lines(chance, palette, count, |number| number.starts_with(|c| c < '6'), text);
    text.push('\n');
}

fn entry(
    chance: &mut Chance<'_>,
    year: &Year,
    edition: Edition,
    palette: &Palette,
    rank: usize,
    text: &mut String,
) {
    let span = u64::try_from((year.last - year.first).num_days()).unwrap();
    // The ends of years are where mistakes of a day would show.
    let day = match chance.below(8) {
        0 => year.first,
        1 => year.last,
        _ => year.first + Days::new(chance.below(span + 1)),
    };
    writeln!(text, "{day} * (OD-{rank:04}) Opération").unwrap();
    match chance.below(12) {
        0 => {
            // Voluntary contributions stand outside, as much used as received.
            let amount = chance.cents();
            let used = *chance.pick(&["860", "861", "862", "864"]);
            let received = *chance.pick(&["870", "871", "875"]);
            for (number, amount) in [(used, amount), (received, -amount)] {
                let title = edition.title(number).unwrap();
                writeln!(text, "    {number} {title}   {} €", figure(amount, 2, 0)).unwrap();
            }
        }
        1 | 2 => {
            // What only the CARE ledger has is in no classic row; it may undo what the classic one has.
            let count = 2 + chance.below(3);
            lines(chance, palette, count, |_| true, text);
            let known: Vec<_> =
                edition.accounts().filter(|(number, _)| number.starts_with('C')).collect();
            let count = 2 + chance.below(4);
            let mut sum = 0;
            for rank in 0..count {
                let amount = if rank + 1 == count { -sum } else { chance.cents() };
                sum += amount;
                let (number, title) = match chance.below(6) {
                    0 => ("158", edition.title("158").unwrap()),
                    1 => ("6815", edition.title("6815").unwrap()),
                    _ => *chance.pick(&known),
                };
                writeln!(text, "    [{number} {title}]   {} €", figure(amount, 2, 0)).unwrap();
            }
        }
        3 => {
            let count = 2 + chance.below(3);
            lines(chance, palette, count, |number| number.starts_with(['6', '7']), text);
        }
        _ => {
            let count = 2 + chance.below(6);
            lines(chance, palette, count, |_| true, text);
        }
    }
    text.push('\n');
}
