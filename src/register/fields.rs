use std::borrow::Cow;
use std::cell::RefCell;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use toml::de::{DeTable, DeValue};

use super::selector::Selector;
use crate::diagnostic::{Code, Finding, Span};
use crate::measure::day;

/// A value with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it is written.
    pub at: Span,
}

/// What a value that is an exact number must be.
const AMOUNT: &str = "un nombre, comme 4079.16";

/// The digits of a number as they are written, never through a float.
fn exact(value: &DeValue<'_>) -> Option<Decimal> {
    let digits = match value {
        DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
        DeValue::Float(number) => number.as_str(),
        _ => return None,
    };
    let value = Decimal::from_str_exact(&digits.replace('_', "")).ok()?;
    (value.abs() < MOST && value.scale() <= 8).then_some(value)
}

/// A thousand billion: what a written amount stays below.
const MOST: Decimal = Decimal::from_parts(0xd4a5_1000, 0xe8, 0, false, 0);

fn wrong(at: Span, key: &str, expected: &str, findings: &mut Vec<Finding>) {
    findings.push(
        Finding::new(Code::BadValue, at, format!("`{key}` attend {expected}"))
            .label(format!("ici, {expected}"))
            .help("corrigez la valeur"),
    );
}

/// The keys of one table, to be asked for by name.
pub struct Fields<'d, 't> {
    table: &'d DeTable<'t>,
    text: &'t str,
    at: Span,
    base: u32,
    asked: RefCell<Vec<&'static str>>,
}

/// The most years that anything lasts.
const MOST_YEARS: u32 = 200;

impl<'d, 't> Fields<'d, 't> {
    /// The top level of a file whose first byte is at `base`.
    pub(super) fn top(table: &'d DeTable<'t>, text: &'t str, at: Span, base: u32) -> Self {
        Self { table, text, at, base, asked: RefCell::default() }
    }

    /// Where the table stands.
    pub fn at(&self) -> Span {
        self.at
    }

    fn span(&self, range: std::ops::Range<usize>) -> Span {
        let offset = |at: usize| self.base + u32::try_from(at).unwrap_or(0);
        Span::new(offset(range.start), offset(range.end))
    }

    fn get(&self, key: &'static str) -> Option<(&'d DeValue<'t>, Span)> {
        self.asked.borrow_mut().push(key);
        let (_, value) = self.table.iter().find(|(name, _)| name.get_ref().as_ref() == key)?;
        Some((value.get_ref(), self.span(value.span())))
    }

    /// A text, if the key is there.
    pub fn text(&self, key: &'static str, findings: &mut Vec<Finding>) -> Option<Spanned<String>> {
        let (value, at) = self.get(key)?;
        if let DeValue::String(text) = value {
            return Some(Spanned { value: text.clone().into_owned(), at });
        }
        wrong(at, key, "un texte", findings);
        None
    }

    /// A text that must be there.
    pub fn needed(&self, key: &'static str, findings: &mut Vec<Finding>) -> Spanned<String> {
        if self.has(key) {
            return self
                .text(key, findings)
                .unwrap_or(Spanned { value: String::new(), at: self.at });
        }
        self.missing(key, "\"…\"", findings);
        Spanned { value: String::new(), at: self.head() }
    }

    /// A whole number of at least one, if the key is there.
    pub fn count(&self, key: &'static str, findings: &mut Vec<Finding>) -> Option<u32> {
        let (value, at) = self.get(key)?;
        if let DeValue::Integer(number) = value
            && let Ok(count) = number.as_str().replace('_', "").parse::<u32>()
            && count > 0
        {
            return Some(count);
        }
        wrong(at, key, "un entier positif", findings);
        None
    }

    /// A count of years, if the key is there.
    pub fn years(&self, key: &'static str, findings: &mut Vec<Finding>) -> Option<u32> {
        let count = self.count(key, findings)?;
        if count > MOST_YEARS {
            let at = self.get(key).map_or(self.at(), |(_, at)| at);
            wrong(at, key, "un nombre d’années, de 1 à 200", findings);
            return None;
        }
        Some(count)
    }

    /// A whole number, nil included, if the key is there.
    pub fn whole(&self, key: &'static str, findings: &mut Vec<Finding>) -> Option<Spanned<u32>> {
        let amount = self.amount(key, findings)?;
        let whole = amount.value.is_integer().then(|| u32::try_from(amount.value).ok()).flatten();
        if whole.is_none() {
            wrong(amount.at, key, "un entier, nul ou positif", findings);
        }
        whole.map(|value| Spanned { value, at: amount.at })
    }

    /// An exact number, if the key is there: its digits are read as they are written.
    pub fn amount(
        &self,
        key: &'static str,
        findings: &mut Vec<Finding>,
    ) -> Option<Spanned<Decimal>> {
        let (value, at) = self.get(key)?;
        let read = exact(value);
        if read.is_none() {
            wrong(at, key, AMOUNT, findings);
        }
        read.map(|value| Spanned { value, at })
    }

    /// An exact number that must be there; zero stands for it once the finding is told.
    pub fn needed_amount(
        &self,
        key: &'static str,
        findings: &mut Vec<Finding>,
    ) -> Spanned<Decimal> {
        if !self.has(key) {
            self.missing(key, "0", findings);
            return Spanned { value: Decimal::ZERO, at: self.head() };
        }
        let nil = Spanned { value: Decimal::ZERO, at: self.at };
        self.amount(key, findings).unwrap_or(nil)
    }

    /// A day that must be there; `None` once the finding is told.
    pub fn needed_day(
        &self,
        key: &'static str,
        findings: &mut Vec<Finding>,
    ) -> Option<Spanned<NaiveDate>> {
        if !self.has(key) {
            self.missing(key, "2024-01-01", findings);
            return None;
        }
        self.day(key, findings)
    }

    /// Whether the key is there.
    pub fn has(&self, key: &str) -> bool {
        self.table.iter().any(|(name, _)| name.get_ref().as_ref() == key)
    }

    /// Where a finding about the whole table points: its head, or its first character in a file.
    pub fn head(&self) -> Span {
        let from = (self.at.start - self.base) as usize;
        let rest = self.text.get(from..(self.at.end - self.base) as usize).unwrap_or_default();
        let line = rest.lines().next().unwrap_or_default().trim_end();
        let length = if from == 0 && !line.starts_with('[') { 1 } else { line.len().max(1) };
        Span::new(self.at.start, self.at.start + u32::try_from(length).unwrap_or(1))
    }

    /// Where a part of a text stands inside it; the whole text when it is written otherwise.
    pub fn part(&self, text: &Spanned<String>, part: &str) -> Span {
        let from = (text.at.start - self.base) as usize;
        let written = self.text.get(from..(text.at.end - self.base) as usize).unwrap_or_default();
        let Some(at) = written.find(part) else { return text.at };
        self.span(from + at..from + at + part.len())
    }

    fn below(&self, table: &'d DeTable<'t>, at: Span) -> Self {
        Self::top(table, self.text, at, self.base)
    }

    /// A key that must be there is not.
    pub(super) fn missing(&self, key: &'static str, example: &str, findings: &mut Vec<Finding>) {
        self.asked.borrow_mut().push(key);
        findings.push(
            Finding::new(Code::MissingKey, self.head(), format!("la clé `{key}` manque"))
                .label("dans cette table")
                .help(format!("ajoutez `{key} = {example}`")),
        );
    }

    /// A selector of accounts, if the key is there.
    pub fn accounts(&self, key: &'static str, findings: &mut Vec<Finding>) -> Option<Selector> {
        self.text(key, findings).map(|text| Selector::parse(&text, findings))
    }

    /// One of some words, if the key is there.
    pub fn choice<T: Copy>(
        &self,
        key: &'static str,
        words: &[(&'static str, T)],
        findings: &mut Vec<Finding>,
    ) -> Option<Spanned<T>> {
        let text = self.text(key, findings)?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text.value) {
            return Some(Spanned { value: *value, at: text.at });
        }
        let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        findings.push(
            Finding::new(Code::BadValue, text.at, format!("`{key}` ne peut être `{}`", text.value))
                .label("mot inconnu")
                .help(format!("écrivez l’un de : {}", names.join(", "))),
        );
        None
    }

    /// A boolean, false when the key is not there.
    pub fn flag(&self, key: &'static str, findings: &mut Vec<Finding>) -> bool {
        match self.get(key) {
            None => false,
            Some((DeValue::Boolean(flag), _)) => *flag,
            Some((_, at)) => {
                wrong(at, key, "`true` ou `false`", findings);
                false
            }
        }
    }

    /// A day written `2024-07-01`, if the key is there.
    pub fn day(
        &self,
        key: &'static str,
        findings: &mut Vec<Finding>,
    ) -> Option<Spanned<NaiveDate>> {
        let (value, at) = self.get(key)?;
        if let DeValue::Datetime(written) = value
            && written.time.is_none()
            && let Some(date) = written.date
            && let Some(value) =
                day(i32::from(date.year), u32::from(date.month), u32::from(date.day))
        {
            return Some(Spanned { value, at });
        }
        wrong(at, key, "une date comme 2024-07-01", findings);
        None
    }

    /// A list of texts, empty when the key is not there.
    pub fn texts(&self, key: &'static str, findings: &mut Vec<Finding>) -> Vec<Spanned<String>> {
        let Some((value, at)) = self.get(key) else {
            return Vec::new();
        };
        let DeValue::Array(items) = value else {
            wrong(at, key, "une liste de textes", findings);
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in items {
            let at = self.span(item.span());
            match item.get_ref() {
                DeValue::String(text) => {
                    texts.push(Spanned { value: text.clone().into_owned(), at });
                }
                _ => wrong(at, key, "un texte", findings),
            }
        }
        texts
    }

    /// A list of lists of texts, empty when the key is not there.
    pub fn lists(
        &self,
        key: &'static str,
        findings: &mut Vec<Finding>,
    ) -> Vec<Spanned<Vec<String>>> {
        let Some((value, at)) = self.get(key) else {
            return Vec::new();
        };
        let DeValue::Array(items) = value else {
            wrong(at, key, "une liste de listes de textes", findings);
            return Vec::new();
        };
        let mut lists = Vec::new();
        for item in items {
            let at = self.span(item.span());
            let texts: Option<Vec<String>> = match item.get_ref() {
                DeValue::Array(texts) => {
                    texts.iter().map(|text| text.get_ref().as_str().map(str::to_owned)).collect()
                }
                _ => None,
            };
            match texts {
                Some(value) => lists.push(Spanned { value, at }),
                None => wrong(at, key, "une liste de textes", findings),
            }
        }
        lists
    }

    /// A table, if the key is there.
    pub fn table(&self, key: &'static str, findings: &mut Vec<Finding>) -> Option<Fields<'d, 't>> {
        let (value, at) = self.get(key)?;
        if let DeValue::Table(table) = value {
            return Some(self.below(table, at));
        }
        wrong(at, key, "une table", findings);
        None
    }

    /// The tables of `[[key]]`, in the order of the file.
    pub fn tables(&self, key: &'static str, findings: &mut Vec<Finding>) -> Vec<Fields<'d, 't>> {
        let Some((value, at)) = self.get(key) else {
            return Vec::new();
        };
        let DeValue::Array(items) = value else {
            wrong(at, key, "des tables `[[…]]`", findings);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in items {
            let at = self.span(item.span());
            match item.get_ref() {
                DeValue::Table(table) => {
                    tables.push(self.below(table, at));
                }
                _ => wrong(at, key, "une table", findings),
            }
        }
        tables
    }

    /// Every key of a table that names its own keys, with its text.
    pub fn every_text(self, findings: &mut Vec<Finding>) -> Vec<(Spanned<String>, String)> {
        let mut all: Vec<(Spanned<String>, String)> = Vec::new();
        for (name, value) in self.table {
            let key =
                Spanned { value: name.get_ref().clone().into_owned(), at: self.span(name.span()) };
            match value.get_ref() {
                DeValue::String(text) => all.push((key, Cow::clone(text).into_owned())),
                _ => wrong(self.span(value.span()), &key.value, "un texte", findings),
            }
        }
        all
    }

    /// Every key of a table that names its own keys, with its exact number.
    pub fn every_amount(
        self,
        findings: &mut Vec<Finding>,
    ) -> Vec<(Spanned<String>, Spanned<Decimal>)> {
        let mut all: Vec<(Spanned<String>, Spanned<Decimal>)> = Vec::new();
        for (name, value) in self.table {
            let key =
                Spanned { value: name.get_ref().clone().into_owned(), at: self.span(name.span()) };
            let at = self.span(value.span());
            match exact(value.get_ref()) {
                Some(value) => all.push((key, Spanned { value, at })),
                None => wrong(at, &key.value, AMOUNT, findings),
            }
        }
        // `toml` keeps its tables sorted by key: the order of the file is that of the places.
        all.sort_by_key(|(key, _)| key.at.start);
        all
    }

    /// Ends the reading of a table: what was never asked for is a finding.
    pub fn finish(self, findings: &mut Vec<Finding>) {
        let asked = self.asked.borrow();
        for (name, _) in self.table {
            let key = name.get_ref().as_ref();
            if asked.contains(&key) {
                continue;
            }
            let nearest = asked
                .iter()
                .map(|known| (strsim::osa_distance(known, key), *known))
                .min()
                .filter(|(distance, known)| *distance <= (known.len() / 3).max(1));
            let help = match nearest {
                Some((_, known)) => format!("vouliez-vous dire `{known}` ?"),
                None => format!("les clés sont : {}", asked.join(", ")),
            };
            findings.push(
                Finding::new(
                    Code::UnknownKey,
                    self.span(name.span()),
                    format!("clé inconnue : `{key}`"),
                )
                .label("jamais lue")
                .help(help),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::document;

    #[test]
    fn unknown_keys_and_wrong_values_are_found_where_they_stand() {
        let text = "nom = 3\n[exercise]\n[[ligne]]\ncle = \"a\"\ndebut = 2024-07-01\n";
        let mut findings = Vec::new();
        let document = document(text, 100);
        let Ok(document) = document else { panic!("it parses") };
        let fields = document.fields();
        assert_eq!(fields.text("nom", &mut findings), None);
        assert!(fields.table("exercice", &mut findings).is_none());
        for row in fields.tables("ligne", &mut findings) {
            assert_eq!(row.needed("cle", &mut findings).value, "a");
            assert_eq!(row.day("debut", &mut findings).map(|d| d.value), day(2024, 7, 1));
            row.needed("libelle", &mut findings);
            row.finish(&mut findings);
        }
        fields.finish(&mut findings);
        let found: Vec<(Code, u32, &str)> =
            findings.iter().map(|f| (f.code, f.at.start - 100, f.help.as_str())).collect();
        assert_eq!(
            found,
            [
                (Code::BadValue, 6, "corrigez la valeur"),
                (Code::MissingKey, 19, "ajoutez `libelle = \"…\"`"),
                (Code::UnknownKey, 9, "vouliez-vous dire `exercice` ?"),
            ]
        );
    }
}
