//! Laws as properties: over random books, whatever they are.

use std::collections::BTreeMap;

use compta::book::{Book, Books, Deriver, ReadError, Sources, Years, load};
use compta::chart::Edition;
use compta::diagnostic::{Finding, SourceMap};
use compta::journal::{Sink, amount_text, lay_out, read, tree};
use compta::ledger::{Annual, Ledger, View};
use compta::measure::{FiscalYear, Number, Sum, round_half_away};
use compta::statement::{Ask, Forms, Kind, forms, lists, statement};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::worlds::{World, world};

/// Books in memory: a path to a text.
struct Memory(BTreeMap<String, String>);

impl Sources for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or(ReadError::Missing)
    }
    fn list(&self, folder: &str) -> Result<Vec<String>, ReadError> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        Ok(self.0.keys().filter_map(|path| path.strip_prefix(&prefix)).map(str::to_owned).collect())
    }
}

pub fn books(files: &[(&str, String)], threads: usize) -> (Books, Vec<Finding>) {
    books_of(files, Years::default(), threads)
}

pub fn books_of(files: &[(&str, String)], years: Years, threads: usize) -> (Books, Vec<Finding>) {
    let memory =
        Memory(files.iter().map(|(path, text)| ((*path).to_owned(), text.clone())).collect());
    load(files[0].0, &memory, years, SourceMap::default(), threads)
        .unwrap_or_else(|(_, error)| panic!("{error:?}"))
}

pub fn sound(text: String) -> Books {
    let (books, findings) = books(&[("a", text)], 1);
    assert!(findings.iter().all(|finding| !finding.is_error()), "{findings:?}");
    books
}

/// Account, unit and amounts of a balance, to be compared.
fn balance(books: &Books, view: View) -> Vec<(String, String, Sum, Sum)> {
    let ledger = Ledger::of(books, None, |by| by.is_none());
    lists::balance(books, &ledger, view, Edition::Anc2018)
        .into_iter()
        .map(|l| (l.account, books.units().code(l.unit).to_owned(), l.debit, l.credit))
        .collect()
}

pub fn sound_world() -> impl Strategy<Value = World> {
    world().prop_map(|made| World {
        flawed: false,
        crlf: false,
        marked: false,
        alone: true,
        files: 1,
        ..made
    })
}

pub fn shipped() -> Forms {
    let mut findings = Vec::new();
    let forms = forms(Vec::new(), &mut SourceMap::default(), &mut findings);
    assert!(findings.is_empty(), "{findings:?}");
    forms
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every ledger sums to nothing in each unit; classic does not depend on brackets.
    #[test]
    fn ledgers_balance(made in sound_world()) {
        let books = sound(made.text());
        for view in [View::Classic, View::Care] {
            let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
            for (account, unit, debit, credit) in balance(&books, view) {
                if account.starts_with(|c: char| c.is_ascii_digit() || c == 'C' || c == 'T') {
                    *sums.entry(unit).or_default() += debit - credit;
                }
            }
            prop_assert!(sums.values().all(|sum| sum.is_zero()), "{sums:?}");
        }
        let bare = World { entries: made.entries.iter().cloned().map(|mut e| { e.care.clear(); e.tonnes.clear(); e.activity = None; e }).collect(), ..made };
        prop_assert_eq!(balance(&books, View::Classic), balance(&sound(bare.text()), View::Classic));
    }

    /// The order of entries and the splitting into files change nothing.
    #[test]
    fn order_and_files_do_not_matter(made in sound_world(), cut in 1..5_usize) {
        let whole = balance(&sound(made.text()), View::Care);
        let text = made.text();
        let blocks: Vec<&str> = text.split("\n\n").skip(1).collect();
        let mut files: Vec<(String, String)> = (0..cut).map(|n| (format!("{n}"), "decimal-mark ,\n\n".to_owned())).collect();
        for (rank, block) in blocks.iter().rev().enumerate() {
            let file = &mut files[rank % cut].1;
            file.push_str(block);
            file.push_str("\n\n");
        }
        let mut door = "decimal-mark ,\n".to_owned();
        for (name, _) in &files {
            door.push_str(&format!("include {name}\n"));
        }
        let mut all = vec![("porte", door)];
        all.extend(files.iter().map(|(name, text)| (name.as_str(), text.clone())));
        let (shuffled, findings) = books(&all, 2);
        prop_assert!(findings.iter().all(|finding| !finding.is_error()), "{findings:?}");
        prop_assert_eq!(balance(&shuffled, View::Care), whole);
    }

    /// Laying out is idempotent, keeps every comment and every amount.
    #[test]
    fn laying_out_changes_nothing_that_counts(made in world()) {
        let made = World { flawed: false, alone: true, files: 1, ..made };
        let text = made.text();
        let books = sound(text.clone());
        let once = lay_out(&text, &books);
        prop_assert_eq!(&lay_out(&once, &books), &once);
        let comments = |text: &str| -> Vec<String> {
            text.lines().filter_map(|l| l.split_once(';')).map(|(_, c)| c.trim().to_owned()).collect()
        };
        prop_assert_eq!(comments(&once), comments(&text));
        prop_assert_eq!(balance(&sound(once), View::Care), balance(&books, View::Care));
    }

    /// Actif equals passif, and both statements hold the same result, in both views and every form.
    #[test]
    fn statements_hold_together(made in sound_world()) {
        let mut books = sound(made.text());
        let annual = Annual::of(&mut books);
        for form in shipped().iter() {
            for kind in [Kind::Bilan, Kind::Resultat].into_iter().filter(|kind| form.has(*kind)) {
                for year in annual.years() {
                    for view in [View::Classic, View::Care] {
                        let ask = Ask { books: &books, annual: &annual, form, kind, year, part: None, view, budget: None };
                        let mut findings = Vec::new();
                        prop_assert!(statement(ask, &mut findings).is_some());
                        prop_assert!(findings.is_empty(), "{} {findings:?}", form.name);
                    }
                }
            }
        }
    }

    /// The opening of a year is the closing of the year before, account by account.
    #[test]
    fn openings_carry_closings(made in sound_world()) {
        let mut books = sound(made.text());
        let annual = Annual::of(&mut books);
        let years: Vec<FiscalYear> = annual.years().cloned().collect();
        for pair in years.windows(2) {
            let (before, after) = (annual.ledger(&pair[0]).unwrap(), annual.ledger(&pair[1]).unwrap());
            let own = Ledger::of(&books, Some(pair[1].period), |by| by.is_none());
            for id in books.accounts().sorted() {
                let number = &books.accounts().get(id).number;
                if !number.starts_with(['2', '3', '4', '5']) {
                    continue;
                }
                let opening = after.balance(id, View::Care) - own.balance(id, View::Care);
                prop_assert_eq!(opening, before.balance(id, View::Care), "{}", number);
            }
        }
    }

    /// Without the openings among the entries, or with that of one year alone, the balances are the same,
    /// and so is the opening of that year.
    #[test]
    fn openings_that_are_not_shown_change_no_balance(made in sound_world()) {
        let mut books = sound(made.text());
        let annual = Annual::of(&mut books);
        let mut without = sound(made.text());
        let alone = Annual::opened(&mut without, |_| false);
        prop_assert!(without.derived(Deriver::Opening).next().is_none());
        let named = |books: &Books, ledger: &Ledger| -> Vec<(String, [Sum; 3])> {
            let books_of = [Book::Financial, Book::Care, Book::Tonnes];
            let of = |id| books_of.map(|book| ledger.movement(id, book).balance());
            let ids = books.accounts().sorted().into_iter();
            let all = ids.map(|id| (books.accounts().get(id).key(), of(id)));
            all.filter(|(_, sums)| sums.iter().any(|sum| !sum.is_zero())).collect()
        };
        for year in annual.years() {
            let full = named(&books, annual.ledger(year).unwrap());
            prop_assert_eq!(&full, &named(&without, alone.ledger(year).unwrap()), "{}", year.name);
            let mut one = sound(made.text());
            let own = Annual::opened(&mut one, |other| other == year);
            prop_assert_eq!(&full, &named(&one, own.ledger(year).unwrap()), "{}", year.name);
            let text = |books: &Books| -> Vec<String> {
                let own = books.derived(Deriver::Opening).filter(|e| year.period.contains(e.date()));
                own.map(|entry| entry.text().to_owned()).collect()
            };
            prop_assert_eq!(text(&books), text(&one), "{}", year.name);
        }
    }

    /// Reading what is printed gives the number back.
    #[test]
    fn printed_amounts_read_back(mantissa in -99_999_999_999_999_i64..99_999_999_999_999, scale in 0..6_u8) {
        let number = Number::new(mantissa, scale);
        let text = format!("decimal-mark ,\n2024-01-01 x\n  (a)  {}\n", amount_text(number, "pkm"));
        prop_assume!(text.len() < 200 && mantissa.unsigned_abs() / 10_u64.pow(u32::from(scale)) < 1_000_000_000_000);
        let mut seen = Seen::default();
        read(&text, 0, &mut seen);
        prop_assert!(seen.findings.is_empty(), "{text} {:?}", seen.findings);
        prop_assert_eq!(seen.numbers, vec![number]);
    }

    /// The reader never panics, and every finding lies inside its text.
    #[test]
    fn any_text_can_be_read(text in "(\\PC|[ \t\n;:=@()\\[\\]*!~0-9,.€-]|2024-01-01 |account |include |  512 Banques  1,00 €\n){0,60}") {
        let mut seen = Seen::default();
        read(&text, 0, &mut seen);
        for finding in seen.findings {
            prop_assert!(finding.at.end as usize <= text.len() && finding.at.start <= finding.at.end);
        }
        let _ = books(&[("a", text)], 1);
    }

    /// Rounding a half goes away from zero, and never moves by more than a half.
    #[test]
    fn rounding_is_half_away(cents in -10_000_000_i64..10_000_000) {
        let exact = Decimal::new(cents, 2);
        let shown = round_half_away(exact, 0);
        prop_assert!((shown - exact).abs() <= Decimal::new(5, 1));
        prop_assert_eq!(round_half_away(-exact, 0), -shown);
    }
}

/// What a reader handed over: numbers and findings.
#[derive(Default)]
pub struct Seen {
    pub numbers: Vec<Number>,
    pub findings: Vec<Finding>,
}

impl<'t> Sink<'t> for Seen {
    fn entry(&mut self, _: &tree::Entry<'t>, postings: &[tree::Posting<'t>]) {
        self.numbers.extend(
            postings.iter().filter_map(|posting| posting.amount).map(|amount| amount.number),
        );
    }
    fn plan(&mut self, _: &tree::Plan<'t>, _: &[tree::Posting<'t>]) {}
    fn directive(&mut self, _: tree::Directive<'t>) {}
    fn finding(&mut self, finding: Finding) {
        self.findings.push(finding);
    }
}

/// Every official account, in debit or in credit, falls in exactly one row of each shipped form, in
/// both editions of the chart.
#[test]
fn every_official_account_has_one_row() {
    let forms = shipped();
    let mut placed = 0;
    for (edition, year) in [(Edition::Anc2018, 2024), (Edition::Anc2022, 2025)] {
        for credit in [false, true] {
            let mut text = "decimal-mark ,\n\n".to_owned();
            // A dropped account that books declare for themselves has its row too.
            let other =
                if edition == Edition::Anc2018 { Edition::Anc2022 } else { Edition::Anc2018 };
            let dropped: Vec<_> =
                other.accounts().filter(|(number, _)| edition.title(number).is_none()).collect();
            for (number, title) in &dropped {
                text.push_str(&format!("account {number} {title}\n"));
            }
            text.push('\n');
            for (number, title) in edition.accounts().chain(dropped) {
                let class = number.chars().next().unwrap();
                if number.len() < 3 || number.starts_with('T') || class == '8' {
                    continue;
                }
                let (open, close) = if class == 'C' { ("[", "]") } else { ("", "") };
                let (sign, other) = if credit { ("-", "") } else { ("", "-") };
                let counter =
                    if class == 'C' { "[C172 Dette climat irrécouvrable]" } else { "512 Banques" };
                text.push_str(&format!("{year}-01-01 x\n  {open}{number} {title}{close}  {sign}7,00 €\n  {counter}  {other}7,00 €\n\n"));
                placed += 1;
            }
            let mut books = sound(text);
            let annual = Annual::of(&mut books);
            let year = FiscalYear::calendar(year).unwrap();
            for form in forms.iter() {
                for kind in [Kind::Bilan, Kind::Resultat].into_iter().filter(|kind| form.has(*kind))
                {
                    let ask = Ask {
                        books: &books,
                        annual: &annual,
                        form,
                        kind,
                        year: &year,
                        part: None,
                        view: View::Care,
                        budget: None,
                    };
                    let mut findings = Vec::new();
                    let _ = statement(ask, &mut findings);
                    let told: Vec<&str> = findings.iter().map(|f| f.message.as_str()).collect();
                    assert!(
                        told.is_empty(),
                        "{} {kind:?} {}: {told:#?}",
                        form.name,
                        edition.name()
                    );
                }
            }
        }
    }
    assert!(placed > 3000, "{placed} accounts");
}

/// One number has one title a year: the chart that the year follows decides what reports print.
#[test]
fn labels_follow_the_chart_of_the_year() {
    for (year, title) in
        [(2024, "Report à nouveau (solde créditeur)"), (2025, "Report à nouveau - solde créditeur")]
    {
        let books = sound(format!(
            "decimal-mark ,\n\n{year}-01-01 x\n  512 Banques  1,00 €\n  110 {title}  -1,00 €\n"
        ));
        let edition = books.entries().next().unwrap().edition();
        let ledger = Ledger::of(&books, None, |by| by.is_none());
        let lines = lists::balance(&books, &ledger, View::Classic, edition);
        assert_eq!(lines[0].label, title);
        let lines = lists::journal(books.entries(), View::Classic, None);
        assert_eq!(lines[1].label(), title);
    }
}

/// Threads change nothing: the same findings and balances, in the same order.
#[test]
fn threads_change_nothing() {
    let mut text = "decimal-mark ,\n\n".to_owned();
    for rank in 0..60_000 {
        let slip = if rank % 9_973 == 0 { "1" } else { "0" };
        text.push_str(&format!(
            "2024-01-{:02} * (ACH-{rank:06}) Fournisseur {rank}\n    604 Achats d'études et prestations de services   {rank},{slip}0 €\n    401 Fournisseurs   -{rank},00 €\n\n",
            rank % 28 + 1
        ));
    }
    assert!(text.len() > 6 * 1024 * 1024, "several stretches");
    let (one, found_one) = books(&[("a", text.clone())], 1);
    let (four, found_four) = books(&[("a", text)], 4);
    assert_eq!(found_one.len(), 7);
    assert_eq!(found_one, found_four);
    assert_eq!(balance(&one, View::Care), balance(&four, View::Care));
}
