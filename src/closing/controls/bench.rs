use std::collections::BTreeMap;

use crate::analytic::Axes;
use crate::assembly::Meeting;
use crate::book::{Account, AccountId, Book, Books, Deriver, EntryRef, PostingRef};
use crate::care::Care;
use crate::chart::Edition;
use crate::diagnostic::{Code, Finding, Span};
use crate::ledger::{Annual, Ledger, View};
use crate::measure::{FiscalYear, Period, Sum};
use crate::register::{ControlPolicy, Dossier, Registers, Thresholds};
use crate::statement::{Ask, Form, Forms, Kind, Statement, statement};

/// What the controls look at: a year of the books and all that was read beside them.
#[derive(Clone, Copy, Debug)]
pub struct Bench<'a> {
    /// The books, with the entries that rules derived.
    pub books: &'a Books,
    /// Their ledgers, year by year.
    pub annual: &'a Annual,
    /// The registers.
    pub registers: &'a Registers,
    /// The lines of the books by axis.
    pub axes: &'a Axes,
    /// What the ecological policy makes of the books.
    pub care: Option<&'a Care>,
    /// `compta.toml`.
    pub dossier: &'a Dossier,
    /// The forms of statements, the books' own and the shipped ones.
    pub forms: &'a Forms,
    /// The fiscal year.
    pub year: &'a FiscalYear,
    /// What the register of fixed assets says, when there is one.
    pub assets: Option<&'a FixedAssets>,
    /// What the opening of the books found.
    pub findings: &'a [Finding],
}

/// What the register of fixed assets says at the closing of the year.
#[derive(Clone, Debug, Default)]
pub struct FixedAssets {
    /// Gross value by account number.
    pub gross: BTreeMap<String, Sum>,
    /// Accumulated depreciation by account number, as a positive amount.
    pub depreciation: BTreeMap<String, Sum>,
    /// Assets fully depreciated before the year and still charged in it, by name.
    pub exhausted: Vec<(String, Span)>,
}

/// The bench with what every control asks of it.
pub(super) struct Case<'a> {
    pub(super) bench: &'a Bench<'a>,
    pub(super) ledger: Ledger,
    pub(super) before: Option<FiscalYear>,
    pub(super) edition: Edition,
    pub(super) thresholds: Thresholds,
}

/// Findings under which every entry was read all the same; controls tell them.
const READ: [Code; 5] = [
    Code::OutsideYears,
    Code::Assertion,
    Code::DuplicateNumber,
    Code::VoluntaryContributions,
    Code::SecondOpening,
];

fn leaves_unread(books: &Books, one: &Finding) -> bool {
    let family = one.code.text().get(1..3).unwrap_or_default();
    let entries = matches!(family, "01" | "02" | "03" | "09");
    let dossier = || books.sources().source_of(one.at).name() == "compta.toml";
    one.is_error() && !READ.contains(&one.code) && (entries || dossier())
}

/// Whether every entry, date and account could be read: ledgers may then be added up, sound or not.
pub fn readable(books: &Books, findings: &[Finding]) -> bool {
    !findings.iter().any(|one| leaves_unread(books, one))
}

/// The finding that a control tells itself, of entries that were read.
fn told_by(control: &str) -> Option<Code> {
    Some(match control {
        "E6" => Code::SecondOpening,
        "E8" => Code::Assertion,
        "E9" | "W13" => Code::VoluntaryContributions,
        _ => return None,
    })
}

/// A charge, a product or a balance: an account with its classic balance.
pub(super) type Balance<'a> = (AccountId, &'a Account, Sum);

impl<'a> Case<'a> {
    pub(super) fn of(bench: &'a Bench<'a>) -> Self {
        let before = bench.books.years().before(bench.year);
        let policy: Option<&ControlPolicy> = bench.registers.controls.as_ref();
        Self {
            bench,
            ledger: bench.annual.ledger(bench.year).cloned().unwrap_or_default(),
            before: before.filter(|year| bench.annual.ledger(year).is_some()),
            edition: Edition::of_year_opened(bench.year.period.first),
            thresholds: policy.map_or_else(Thresholds::default, |own| own.thresholds.clone()),
        }
    }

    /// Whether the books are too unsound for a control to look: E1 and E3 tell it themselves; what adds
    /// up balances needs the derived entries, W the registers too, and conventions the lines by axis,
    /// which any error leaves unread.
    pub(super) fn is_blind(&self, code: &str) -> bool {
        let mut errors = self.bench.findings.iter().filter(|one| one.is_error());
        let own = told_by(code);
        match code {
            "E1" | "E3" => false,
            "W6a" | "W6b" => errors.next().is_some(),
            // Any error leaves out what registers, openings and the policy derive.
            "E5" | "E6" | "E7" | "E8" | "E9" | "E10" => errors.any(|one| Some(one.code) != own),
            _ if code.starts_with('W') => errors.any(|one| Some(one.code) != own),
            _ => self.faults().next().is_some(),
        }
    }

    /// The findings that leave an entry, a date or an account unread.
    pub(super) fn faults(&self) -> impl Iterator<Item = &'a Finding> {
        let books = self.bench.books;
        self.bench.findings.iter().filter(move |one| leaves_unread(books, one))
    }

    pub(super) fn books(&self) -> &'a Books {
        self.bench.books
    }

    pub(super) fn period(&self) -> Period {
        self.bench.year.period
    }

    /// The closing day, as a French reader writes it.
    pub(super) fn closing(&self) -> String {
        self.period().last.format("%d/%m/%Y").to_string()
    }

    /// The ledger of the year before.
    pub(super) fn ledger_before(&self) -> Option<&'a Ledger> {
        self.bench.annual.ledger(self.before.as_ref()?)
    }

    /// The entries of the year that someone wrote.
    pub(super) fn written(&self) -> impl Iterator<Item = EntryRef<'a>> + use<'a> {
        let period = self.period();
        self.books().written().filter(move |entry| period.contains(entry.date()))
    }

    /// The entries of some days that someone numbered: written ones, and openings received with a number.
    pub(super) fn numbered(&self, days: Period) -> impl Iterator<Item = EntryRef<'a>> + use<'a> {
        let received = self.books().derived(Deriver::Opening).filter(EntryRef::is_received);
        let all = self.books().written().chain(received);
        all.filter(move |entry| days.contains(entry.date()))
    }

    /// Every entry of the year, derived ones included.
    pub(super) fn entries(&self) -> impl Iterator<Item = EntryRef<'a>> + use<'a> {
        let period = self.period();
        self.books().entries().filter(move |entry| period.contains(entry.date()))
    }

    /// The accounts of book F whose number begins so, with a balance at the closing.
    pub(super) fn balances(&self, prefixes: &[&str]) -> Vec<Balance<'a>> {
        self.balances_in(&self.ledger, prefixes)
    }

    fn balances_in(&self, ledger: &Ledger, prefixes: &[&str]) -> Vec<Balance<'a>> {
        let accounts = self.books().accounts();
        let mut found = Vec::new();
        for id in accounts.sorted() {
            let account = accounts.get(id);
            let balance = ledger.balance(id, View::Classic);
            if !account.is_activity() && begins(&account.number, prefixes) && !balance.is_zero() {
                found.push((id, account, balance));
            }
        }
        found
    }

    /// The balance of the accounts whose number begins so; a debit is positive.
    pub(super) fn sum(&self, prefixes: &[&str]) -> Sum {
        self.balances(prefixes).into_iter().map(|(.., balance)| balance).sum()
    }

    /// The same at the closing of the year before; `None` when the books do not have it.
    pub(super) fn sum_before(&self, prefixes: &[&str]) -> Option<Sum> {
        let ledger = self.ledger_before()?;
        Some(self.balances_in(ledger, prefixes).into_iter().map(|(.., balance)| balance).sum())
    }

    /// The account as lists name it, with its label.
    pub(super) fn named(&self, id: AccountId) -> String {
        let accounts = self.books().accounts();
        let account = accounts.get(id);
        let label = account.auxiliary.is_none().then(|| accounts.label_of(id, self.edition));
        match label.filter(|label| !label.is_empty()) {
            Some(label) => format!("{} {label}", account.number),
            None => account.key(),
        }
    }

    /// The last line of the year on an account.
    pub(super) fn last_line(&self, id: AccountId) -> Option<Span> {
        let own = self.written().flat_map(|entry| entry.postings());
        own.filter(|line| line.account_id() == id).last().map(|line| line.line_span())
    }

    /// The form of that name.
    pub(super) fn form(&self, name: &str) -> Option<&'a Form> {
        self.bench.forms.get(name)
    }

    /// A statement of the year in a form, with what making it found.
    pub(super) fn statement(
        &self,
        form: &'a Form,
        kind: Kind,
    ) -> (Option<Statement>, Vec<Finding>) {
        let ask = Ask {
            books: self.bench.books,
            annual: self.bench.annual,
            form,
            kind,
            year: self.bench.year,
            part: None,
            view: View::Classic,
            budget: None,
        };
        let mut findings = Vec::new();
        let made = statement(ask, &mut findings);
        findings.dedup();
        (made, findings)
    }

    /// What the tables of an assembly look at; `None` when the form lacks a statement.
    pub(super) fn meet<T>(&self, look: impl FnOnce(&Meeting<'_>) -> T) -> Option<T> {
        let form = self.form(&self.bench.dossier.form).filter(|form| form.has(Kind::Bilan));
        let form = form.or_else(|| self.form("ag"))?;
        let bilan = self.statement(form, Kind::Bilan).0?;
        let resultat = self.statement(form, Kind::Resultat).0?;
        Some(look(&Meeting {
            books: self.bench.books,
            annual: self.bench.annual,
            shown: self.bench.annual,
            registers: self.bench.registers,
            axes: self.bench.axes,
            care: self.bench.care,
            form,
            year: self.bench.year,
            before: self.before.as_ref(),
            after: None,
            budget: None,
            bilan: &bilan,
            resultat: &resultat,
        }))
    }
}

/// Whether a number begins with one of some prefixes.
pub(super) fn begins(number: &str, prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| number.starts_with(prefix))
}

/// The lines of book F of an entry.
pub(super) fn classic<'b>(entry: &EntryRef<'b>) -> impl Iterator<Item = PostingRef<'b>> + use<'b> {
    entry.postings().filter(|line| line.book() == Book::Financial)
}

/// Date, code and label of an entry, as a reader finds it.
pub(super) fn told(entry: &EntryRef<'_>) -> String {
    let day = entry.date().format("%d/%m/%Y");
    let words = [entry.code(), entry.description()];
    let shown: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    format!("{day} {}", shown.join(" ")).trim_end().to_owned()
}

/// The third party of an entry: what its label says before the bar.
pub(super) fn party<'b>(entry: &EntryRef<'b>) -> &'b str {
    entry.description().split('|').next().unwrap_or_default().trim()
}
