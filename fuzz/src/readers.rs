//! The readers, each with the promises that it keeps for any input.

use std::collections::BTreeMap;

use compta::book::{Books, ReadError, Sources, Years, load};
use compta::closing::seal::Seal;
use compta::diagnostic::{Finding, SourceMap, Style, count, show};
use compta::exchange::fec::verify::verify;
use compta::exchange::fec::{FileFacts, decoded};
use compta::exchange::grid::{Grid, grid};
use compta::intake::{FecFile, Filled, IntakeAsk, SheetAsk, budget_of, intake, postings_of};
use compta::journal::{Sink, amount_text, lay_out, read, tree};
use compta::measure::{FiscalYear, Number, Sum};
use compta::register::{Registers, dossier, published};
use compta::statement::forms;

/// How many findings of a run are drawn: drawing costs more than all the rest.
const DRAWN: usize = 2;

/// Files in memory: what an include finds.
pub(crate) struct Memory(pub(crate) BTreeMap<String, Vec<u8>>);

impl Sources for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.0.get(path).cloned().ok_or(ReadError::Missing)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, ReadError> {
        let inside = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        Ok(self.0.keys().filter_map(|path| path.strip_prefix(&inside)).map(str::to_owned).collect())
    }
}

/// Loads files, the first of which is the door, and draws what was found.
pub(crate) fn loaded(files: Vec<(&str, Vec<u8>)>) -> (Books, Vec<Finding>) {
    let door = files[0].0.to_owned();
    let files = files.into_iter().map(|(path, bytes)| (path.to_owned(), bytes)).collect();
    let read = load(&door, &Memory(files), Years::default(), SourceMap::default(), 1);
    let (books, findings) = read.unwrap_or_else(|(_, error)| panic!("{error:?}"));
    drawn(&findings, books.sources());
    (books, findings)
}

fn drawn(findings: &[Finding], map: &SourceMap) {
    for finding in findings.iter().take(DRAWN) {
        assert!(!finding.message.is_empty() && !finding.message.ends_with('.'), "{finding:?}");
        assert!(!show(finding, map, Style::Plain).is_empty());
    }
    assert!(!count(findings).is_empty());
}

/// A journal: read, checked, laid out; what stands in it after a form feed is a file that it may include.
pub fn journal(bytes: &[u8]) {
    let cut = bytes.iter().position(|byte| *byte == b'\x0c').unwrap_or(bytes.len());
    let other = bytes.get(cut + 1..).unwrap_or_default().to_vec();
    let (books, findings) = loaded(vec![("a", bytes[..cut].to_vec()), ("b/c.journal", other)]);
    let Ok(text) = std::str::from_utf8(&bytes[..cut]) else { return };
    let once = lay_out(text, &books);
    assert_eq!(lay_out(&once, &books), once, "laying out twice is laying out once");
    if cut == bytes.len() && findings.iter().all(|finding| !finding.is_error()) {
        let (again, findings) = loaded(vec![("a", once.into_bytes())]);
        assert!(findings.iter().all(|finding| !finding.is_error()), "{findings:?}");
        assert_eq!(weights(&again), weights(&books), "laying out moves no amount");
    }
}

/// What each account weighs, by unit.
pub(crate) fn weights(books: &Books) -> BTreeMap<(String, String), Sum> {
    let mut weights: BTreeMap<(String, String), Sum> = BTreeMap::new();
    books.visit(|_, _, postings| {
        for posting in postings {
            let account = books.accounts().get(posting.account_id());
            let name = format!("{}:{}", account.number, account.auxiliary.as_deref().unwrap_or(""));
            let unit = books.units().symbol(posting.unit).to_owned();
            *weights.entry((name, unit)).or_default() += posting.sum();
        }
    });
    weights
}

/// A policy in TOML: the first byte says which.
pub fn policy(bytes: &[u8]) {
    let Some((which, text)) = bytes.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let mut findings = Vec::new();
    let mut map = SourceMap::default();
    let which = usize::from(*which) % (Registers::FILES.len() + 3);
    if which == Registers::FILES.len() + 2 {
        let own = vec![("propre".to_owned(), text.as_bytes().to_vec())];
        let _ = forms(own, &mut map, &mut findings);
        drawn(&findings, &map);
        return;
    }
    if map.add("politique.toml", text.as_bytes().to_vec()).is_none() {
        return;
    }
    match which {
        0 => {
            let _ = dossier(text, 0, &mut findings);
        }
        1 => {
            let _ = published(text, 0, &mut findings);
        }
        rank => Registers::default().read(Registers::FILES[rank - 2], text, 0, &mut findings),
    }
    drawn(&findings, &map);
}

/// The amounts of a journal that was read.
#[derive(Default)]
struct Amounts {
    numbers: Vec<(Number, String)>,
    refused: usize,
}

impl<'t> Sink<'t> for Amounts {
    fn entry(&mut self, _: &tree::Entry<'t>, postings: &[tree::Posting<'t>]) {
        let amounts = postings.iter().filter_map(|posting| posting.amount);
        self.numbers.extend(amounts.map(|amount| (amount.number, amount.unit.to_owned())));
    }

    fn plan(&mut self, _: &tree::Plan<'t>, _: &[tree::Posting<'t>]) {}

    fn directive(&mut self, _: tree::Directive<'t>) {}

    fn finding(&mut self, _: Finding) {
        self.refused += 1;
    }
}

fn amounts(amount: &str) -> Amounts {
    let text = format!("decimal-mark ,\n2024-01-01 x\n  (a)  {amount}\n");
    let mut seen = Amounts::default();
    let _ = read(&text, 0, &mut seen);
    seen
}

/// An amount: refused with a reason, or the same number once written our way.
pub fn amount(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let text = text.lines().next().unwrap_or_default();
    let seen = amounts(text);
    assert!(seen.refused > 0 || seen.numbers.len() <= 1, "one amount a line");
    if let ([(number, unit)], 0) = (seen.numbers.as_slice(), seen.refused) {
        let again = amounts(&amount_text(*number, unit));
        assert_eq!(again.refused, 0, "{number:?} {unit}");
        let [(same, symbol)] = again.numbers.as_slice() else { panic!("{number:?} {unit}") };
        assert_eq!((same.sum(), symbol), (number.sum(), unit));
        assert_eq!(Number::exact(number.decimal()).sum(), number.sum());
    }
}

/// A FEC: verified as a stream, then taken in as books.
pub fn fec(bytes: &[u8]) {
    let name = "123456789FEC20241231.txt";
    let verified = verify(name, None, bytes).expect("memory is read without fault");
    let sound = verified.verdict().sound;
    let (text, facts): (String, FileFacts) = decoded(bytes.to_vec());
    let file = FecFile { name, text: &text, base: 0, facts: &facts };
    let ask = IntakeAsk { files: vec![file], name: Some("Essai"), first: None };
    let mut findings = Vec::new();
    let made = intake(&ask, &mut findings);
    let mut map = SourceMap::default();
    let _ = map.add(name, text.clone().into_bytes());
    drawn(&findings, &map);
    if !findings.is_empty() || made.refusal.is_some() {
        return;
    }
    let files: Vec<(&str, Vec<u8>)> =
        made.files.iter().map(|(path, bytes)| (path.as_str(), bytes.clone())).collect();
    let Some(door) = files.iter().position(|(path, _)| *path == "principal.journal") else {
        panic!("books without a door");
    };
    let mut files = files;
    files.swap(0, door);
    let (_, findings) = loaded(files);
    let faults: Vec<&Finding> = findings.iter().filter(|finding| finding.is_error()).collect();
    assert!(faults.is_empty(), "a folder that does not hold, of a file {sound}: {faults:?}");
}

/// A seal: one way to write it, and what is left of a damaged one.
pub fn seal(bytes: &[u8]) {
    let lenient = Seal::lenient(bytes);
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(seal) = Seal::parse(text) {
        assert_eq!(seal.text(), text, "one way to write it");
        assert!(lenient.damaged.is_empty() && lenient.format.is_none());
        assert_eq!(lenient.seal.root(), seal.root());
    }
}

/// Books with an account of each kind, to read a sheet against.
fn plain_books() -> Books {
    let text = "decimal-mark ,\n\n2024-01-01 * (AC-1) x\n    604 Achats d'études et prestations de services   1,00 €\n    512 Banques\n";
    loaded(vec![("a", text.as_bytes().to_vec())]).0
}

/// A workbook or a text of cells: the first byte says which, and whether entries or a budget.
pub fn workbook(bytes: &[u8]) {
    let Some((which, file)) = bytes.split_first() else { return };
    let kind = ["csv", "xlsx", "ods", "tsv"][usize::from(which & 3)];
    if let Ok(sheet) = grid(&format!("essai.{kind}"), file.to_vec(), "Écritures") {
        filled(&sheet, which & 4 == 0);
    }
}

fn filled(sheet: &Grid, entries: bool) {
    let mut books = plain_books();
    let (text, places) = sheet.text();
    let Some(id) = books.sources_mut().add("essai", text.into_bytes()) else { return };
    let base = books.sources().get(id).base();
    let year = FiscalYear::calendar(2024).expect("a year");
    let registers = Registers::default();
    let journals = ["AC".to_owned()];
    let ask = SheetAsk {
        filled: Filled { grid: sheet, places: &places, base },
        books: &books,
        registers: &registers,
        activities: &[("train".to_owned(), "pkm".to_owned())],
        journals: &journals,
        sealed_until: None,
        next: &|_, _| 2,
    };
    let mut findings = Vec::new();
    let text: String = if entries {
        let posted = postings_of(ask, &mut findings);
        posted.entries.iter().flat_map(|entry| [entry.text.as_str(), "\n"]).collect()
    } else {
        budget_of(ask, &year, Some("512 Banques"), &mut findings).text
    };
    drawn(&findings, books.sources());
    if findings.iter().any(Finding::is_error) {
        return;
    }
    let (_, findings) = loaded(vec![("a", format!("decimal-mark ,\n\n{text}").into_bytes())]);
    let faults: Vec<&Finding> = findings.iter().filter(|finding| finding.is_error()).collect();
    assert!(faults.is_empty(), "{text}\n{faults:?}");
}
