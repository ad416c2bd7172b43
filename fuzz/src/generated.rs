//! Sound books made of bytes, over the whole language and the whole range of amounts; sometimes one fault.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use compta::diagnostic::Code;
use compta::journal::lay_out;
use compta::measure::{MAX_DECIMALS, MAX_DIGITS, MAX_INTEGER_DIGITS};

use super::readers::{loaded, weights};

/// Accounts that the books declare: roots of the chart, whose sub-accounts are theirs to name.
const ROOTS: [&str; 10] = ["1068", "2154", "3", "401", "411", "467", "512", "6063", "7063", "758"];
const CARE: [&str; 3] = [
    "C110 Report à nouveau CARE",
    "C172 Dette climat irrécouvrable",
    "C6812 Consommation irrécouvrable",
];
const TONNES: [&str; 3] =
    ["T60 Émissions", "T170 Émissions sous le seuil", "T172 Dette carbone irrécouvrable"];
const ACTIVITIES: [(&str, &str); 3] =
    [("train-tgv", "pkm"), ("avion-court", "pkm"), ("chauffage", "kWh")];
const WORDS: [&str; 12] = [
    "SNCF",
    "Région",
    "l’œuvre",
    "É",
    "東京",
    "🚲",
    "(urgent)",
    "n° 3",
    "* étoile",
    "| billet",
    "",
    "a:b",
];
const TAGS: [&str; 6] =
    ["", "piece: 2024-031.pdf", "lettrage: A", "sans étiquette", "a: b, c: d", "🚲: été"];

/// Bytes read one after the other; zero after the last.
struct Bytes<'b>(&'b [u8]);

impl Bytes<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::from(self.byte()) % limit
    }

    fn one<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    fn long(&mut self) -> u64 {
        u64::from_le_bytes(std::array::from_fn(|_| self.byte()))
    }
}

/// The figures of an amount: so many of its last digits are decimals.
type Figures = (i64, u32);

/// The largest number of so many decimals.
fn most(scale: u32) -> i64 {
    let digits = (MAX_INTEGER_DIGITS + scale as usize).min(MAX_DIGITS);
    10_i64.pow(u32::try_from(digits).expect("few digits")) - 1
}

/// Any number that the language accepts with so many decimals, the ends of the range among them.
fn figures(bytes: &mut Bytes<'_>, scale: u32) -> i64 {
    let most = most(scale);
    let value = match bytes.below(8) {
        0 => most,
        1 => most - i64::from(bytes.byte()),
        2 => 0,
        3 => i64::from(bytes.byte()),
        4 => 10_i64.pow(u32::from(bytes.byte()) % 15).min(most),
        _ => (bytes.long() % most.unsigned_abs()).cast_signed(),
    };
    if bytes.byte().is_multiple_of(2) { value } else { -value }
}

/// A number in one of the ways that people write it.
fn spelled((value, scale): Figures, grouped: bool, padded: bool) -> String {
    let scale = scale as usize;
    let digits = format!("{:0width$}", value.unsigned_abs(), width = scale + 1);
    let (integer, fraction) = digits.split_at(digits.len() - scale);
    let mut text = String::from(if value < 0 { "-" } else { "" });
    for (rank, digit) in integer.char_indices() {
        if grouped && rank > 0 && (integer.len() - rank) % 3 == 0 {
            text.push(' ');
        }
        text.push(digit);
    }
    if scale > 0 {
        text.push(',');
        text.push_str(fraction);
    } else if padded && integer.len() < MAX_INTEGER_DIGITS {
        text.push_str(",0");
    }
    text
}

/// What is expected of the books while they are written.
#[derive(Default)]
struct Expected {
    weights: BTreeMap<(String, String), i128>,
}

/// The scale in which sums are kept here.
const SCALE: u32 = MAX_DECIMALS as u32;

fn exact((value, scale): Figures) -> i128 {
    i128::from(value) * 10_i128.pow(SCALE - scale)
}

impl Expected {
    fn add(&mut self, account: &str, unit: &str, figures: Figures) -> i128 {
        let known = self.weights.entry((account.to_owned(), unit.to_owned())).or_default();
        *known += exact(figures);
        *known
    }
}

/// A running balance, when it is a number that the language can write.
fn asserted(sum: i128, bytes: &mut Bytes<'_>) -> Option<String> {
    let mut figures = (sum, SCALE);
    while figures.1 > 0 && figures.0 % 10 == 0 {
        figures = (figures.0 / 10, figures.1 - 1);
    }
    let value = i64::try_from(figures.0).ok().filter(|value| value.abs() <= most(figures.1))?;
    Some(spelled((value, figures.1), bytes.byte().is_multiple_of(2), false))
}

/// Who writes one group of lines: amounts that sum to nothing.
struct Group<'a> {
    accounts: &'a [(String, String)],
    wrap: (&'a str, &'a str),
    unit: &'a str,
    decimals: u32,
    may_elide: bool,
}

/// Writes lines and gives the place of an amount that one may spoil.
fn group(
    bytes: &mut Bytes<'_>,
    asked: &Group<'_>,
    text: &mut String,
    expected: &mut Expected,
) -> Option<(usize, Figures)> {
    let scale = u32::from(bytes.byte()) % (asked.decimals + 1);
    let mut lines: Vec<Figures> = Vec::new();
    let mut rest: i128 = 0;
    for _ in 0..=bytes.below(4) {
        let value = figures(bytes, scale);
        rest -= i128::from(value);
        lines.push((value, scale));
    }
    // What is left is a number only within the range: else the last line turns the others round.
    match i64::try_from(rest).ok().filter(|rest| rest.abs() <= most(scale)) {
        Some(rest) => lines.push((rest, scale)),
        None => {
            lines = lines
                .into_iter()
                .flat_map(|(value, scale)| [(value, scale), (-value, scale)])
                .collect();
        }
    }
    let elided = asked.may_elide && bytes.byte().is_multiple_of(4);
    let mut spoiled = None;
    let last = lines.len() - 1;
    for (rank, figures) in lines.into_iter().enumerate() {
        let (key, name) = &asked.accounts[bytes.below(asked.accounts.len())];
        let indent = bytes.one(&["    ", "  ", " ", "\t"]);
        text.push_str(&format!("{indent}{}{name}{}", asked.wrap.0, asked.wrap.1));
        let sum = expected.add(key, asked.unit, figures);
        if !(elided && rank == last) {
            text.push_str(bytes.one(&["  ", "     "]));
            spoiled.get_or_insert((text.len(), figures));
            text.push_str(&spelled(
                figures,
                bytes.byte().is_multiple_of(2),
                asked.wrap.0.is_empty(),
            ));
            text.push_str(bytes.one(&[" ", "", "  "]));
            text.push_str(asked.unit);
            if bytes.byte().is_multiple_of(4)
                && let Some(sum) = asserted(sum, bytes)
            {
                text.push_str(&format!("  = {sum} {}", asked.unit));
            }
        }
        let tag = bytes.one(&TAGS);
        if !tag.is_empty() {
            text.push_str(&format!("  ; {tag}"));
        }
        text.push('\n');
    }
    if elided { None } else { spoiled }
}

/// Writes the heading of the books and their accounts; gives each account's key and name.
fn declared(bytes: &mut Bytes<'_>, text: &mut String) -> Vec<(String, String)> {
    text.push_str("decimal-mark ,\n\n");
    let mut accounts: BTreeMap<String, String> = BTreeMap::new();
    for rank in 0..=bytes.below(12) {
        let root = bytes.one(&ROOTS);
        let number = format!("{root}{rank:0width$}", width = 2 + bytes.below(4));
        let label =
            format!("Compte {} {rank}e", bytes.one(&["été", "l'œuvre", "東京", "x (y)", "A"]));
        accounts.entry(number).or_insert(label);
    }
    let mut named = Vec::new();
    for (number, label) in accounts {
        text.push_str(&format!("account {number} {label}\n"));
        if bytes.byte().is_multiple_of(2) {
            let tiers = bytes.one(&["SNCF", "É. de la Région", "東京 3e"]);
            named.push((format!("{number}:{tiers}"), format!("{number} {label}:{tiers}")));
        }
        named.push((format!("{number}:"), format!("{number} {label}")));
    }
    text.push('\n');
    named
}

fn keyed(names: &[&str]) -> Vec<(String, String)> {
    let number = |name: &str| name.split(' ').next().unwrap_or_default().to_owned();
    names.iter().map(|name| (format!("{}:", number(name)), (*name).to_owned())).collect()
}

/// Books made of bytes: accepted, weighed as they were meant, laid out without harm; or, with one amount
/// spoiled by its last digit, refused.
pub fn books(bytes: &[u8]) {
    let mut bytes = Bytes(bytes);
    let spoil = bytes.byte().is_multiple_of(8);
    let (mut text, mut expected) = (String::new(), Expected::default());
    let accounts = declared(&mut bytes, &mut text);
    let (care, tonnes) = (keyed(&CARE), keyed(&TONNES));
    let mut day = NaiveDate::from_ymd_opt(1900, 1, 1).expect("a day");
    let last = NaiveDate::from_ymd_opt(2199, 12, 31).expect("a day");
    let mut spoiled = None;
    let mut rank = 0;
    while !bytes.0.is_empty() && rank < 40 {
        rank += 1;
        day = (day + Days::new(u64::from(bytes.byte()) * u64::from(bytes.byte()))).min(last);
        let second = if bytes.byte().is_multiple_of(8) { format!("={day}") } else { String::new() };
        let status = bytes.one(&["", "* ", "! "]);
        let words = format!("{} {}", bytes.one(&WORDS), bytes.one(&WORDS));
        // A description that begins like a mark or a code would be one.
        let words = words.trim().trim_start_matches(['*', '(', '!', '|', ' ']);
        text.push_str(&format!("{day}{second} {status}(J{}-{rank:05}) {words}\n", rank % 3));
        if bytes.byte().is_multiple_of(8) {
            text.push_str("    ; une remarque de l’écriture\n");
        }
        let real =
            Group {
                accounts: &accounts, wrap: ("", ""), unit: "€", decimals: 2, may_elide: true
            };
        let place = group(&mut bytes, &real, &mut text, &mut expected);
        spoiled = spoiled.or(place);
        if bytes.byte().is_multiple_of(4) {
            let both = bytes.byte().is_multiple_of(2);
            let euros = Group {
                accounts: &care,
                wrap: ("[", "]"),
                unit: "€",
                decimals: 2,
                may_elide: !both,
            };
            group(&mut bytes, &euros, &mut text, &mut expected);
            if both {
                let grams = Group {
                    accounts: &tonnes,
                    wrap: ("[", "]"),
                    unit: "kgCO₂e",
                    decimals: 3,
                    may_elide: false,
                };
                group(&mut bytes, &grams, &mut text, &mut expected);
            }
        }
        if bytes.byte().is_multiple_of(4) {
            let (name, unit) = bytes.one(&ACTIVITIES);
            let scale = u32::from(bytes.byte()) % (SCALE + 1);
            let figures = (figures(&mut bytes, scale), scale);
            text.push_str(&format!("  ({name})  {} {unit}\n", spelled(figures, false, false)));
            expected.add(&format!("{name}:"), unit, figures);
        }
        text.push_str(bytes.one(&["\n", "\n\n", "\n; entre deux\n\n"]));
    }
    match spoiled.filter(|_| spoil) {
        Some((at, figures)) => refused(text, at, figures),
        None => accepted(&text, &expected),
    }
}

fn accepted(text: &str, expected: &Expected) {
    let (books, findings) = loaded(vec![("a", text.as_bytes().to_vec())]);
    let faults: Vec<_> = findings.iter().filter(|finding| finding.is_error()).collect();
    assert!(faults.is_empty(), "{text}\n{faults:?}");
    let found = weights(&books);
    assert_eq!(found.len(), expected.weights.len(), "{text}");
    for ((account, unit), sum) in &found {
        let known = expected.weights[&(account.clone(), unit.clone())];
        let sum = sum.decimal();
        let exact = sum.mantissa() * 10_i128.pow(SCALE - sum.scale());
        assert_eq!(exact, known, "{account} {unit}\n{text}");
    }
    let once = lay_out(text, &books);
    assert_eq!(lay_out(&once, &books), once);
    let (again, findings) = loaded(vec![("a", once.into_bytes())]);
    assert!(findings.iter().all(|finding| !finding.is_error()), "{findings:?}");
    assert_eq!(weights(&again), found);
}

/// One amount moved by its last digit, towards nothing: the entry no longer balances, and is refused for that.
fn refused(mut text: String, at: usize, (value, scale): Figures) {
    let end = text[at..]
        .find(|c: char| !(c.is_ascii_digit() || "-, ".contains(c)))
        .map_or(text.len(), |n| at + n);
    let moved = if value > 0 { value - 1 } else { value + 1 };
    text.replace_range(at..end, &format!("{} ", spelled((moved, scale), false, false)));
    let (_, findings) = loaded(vec![("a", text.clone().into_bytes())]);
    let told = findings.iter().any(|finding| finding.code == Code::Unbalanced);
    assert!(told, "{text}\n{findings:?}");
}
