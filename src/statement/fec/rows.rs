use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::line::Told;
use super::matched::Matchings;
use super::sequence::gaps;
use crate::book::{Account, AccountId, Book, Books, Deriver, EntryRef, PostingRef};
use crate::diagnostic::{Code, Finding};
use crate::exchange::fec::Outgoing;
use crate::measure::{FiscalYear, Sum};

/// What numbers the entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbering {
    /// The numbers of the books.
    Books,
    /// One sequence, from 1 to n.
    Single,
}

/// What a file of entries is made from.
#[derive(Clone, Copy)]
pub struct FecAsk<'b, 'v> {
    /// The books, with their derived openings and inventories.
    pub books: &'b Books,
    /// The year.
    pub year: &'b FiscalYear,
    /// What each journal code stands for.
    pub journals: &'b [(String, String)],
    /// The code under which the journal of openings goes out; `AN` unless told.
    pub openings: &'b str,
    /// The day on which what is of a day was validated: that of its seal.
    pub validated: &'v dyn Fn(NaiveDate) -> Option<NaiveDate>,
    /// What numbers the entries.
    pub numbering: Numbering,
}

/// An entry that took another number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renumbered {
    /// Its number in the file.
    pub number: u64,
    /// Its journal.
    pub journal: String,
    /// Its number in the books.
    pub own: String,
    /// Its day.
    pub date: NaiveDate,
    /// Its label.
    pub label: String,
}

/// The file of a year: its rows, which are made when they are asked for, and what its description says.
#[derive(Clone)]
pub struct Fec<'b> {
    year: &'b FiscalYear,
    journals: &'b [(String, String)],
    numbering: Numbering,
    listed: Vec<Listed<'b>>,
    /// Each row: its entry among those listed, and its line.
    rows: Vec<(u32, u32)>,
    /// What rows say of each account, by its rank.
    names: Vec<Names<'b>>,
    /// The day of the matching of the rows that do not say their own, by their ranks.
    matched: BTreeMap<usize, NaiveDate>,
    /// How many entries.
    pub entries: usize,
    /// How many of the first rows open the year.
    pub opening_rows: usize,
    /// How many rows are not validated.
    pub pending: usize,
    /// How many entries named no journal, and were put in OD.
    pub adopted: usize,
    /// How many entries are marked as drafts (`!`).
    pub drafts: usize,
    /// The entries with their numbers in the books, when the file has its own.
    pub concordance: Vec<Renumbered>,
    /// What is wrong with numbers.
    pub findings: Vec<Finding>,
}

/// One entry, with what orders it.
#[derive(Clone)]
struct Listed<'b> {
    entry: EntryRef<'b>,
    told: Told<'b>,
    journal: Cow<'b, str>,
    number: Cow<'b, str>,
    valid: Option<NaiveDate>,
}

/// What rows say of an account.
#[derive(Clone, Copy, Default)]
struct Names<'b> {
    number: &'b str,
    label: &'b str,
    auxiliary: &'b str,
    auxiliary_label: &'b str,
}

/// The journal of entries that name none, in a file that has its own numbers.
const GENERAL: &str = "OD";

/// The name of a journal that compta itself keeps.
fn own_journal(code: &str) -> Option<&'static str> {
    Some(match code {
        "AN" => "À-nouveaux",
        "INVR" => "Écritures d’inventaire",
        "AFF" => "Affectation du résultat",
        "COR" => "Corrections",
        GENERAL => "Opérations diverses",
        _ => return None,
    })
}

/// The rows of the file of a year: every entry of the classic ledger, the opening first, then in the order of
/// validation.
///
/// What belongs to the CARE ledger, and what zeroes classes 6 and 7, is never there (LPF art. A47 A-1).
pub fn fec<'b>(ask: &FecAsk<'b, '_>) -> Fec<'b> {
    let mut fec = Fec {
        year: ask.year,
        journals: ask.journals,
        numbering: ask.numbering,
        listed: listed(ask),
        rows: Vec::new(),
        names: names(ask.books, ask.year),
        matched: BTreeMap::new(),
        entries: 0,
        opening_rows: 0,
        pending: 0,
        adopted: 0,
        drafts: 0,
        concordance: Vec::new(),
        findings: Vec::new(),
    };
    leave_closings(ask.year, &mut fec.listed, &mut fec.findings);
    fec.entries = fec.listed.len();
    fec.drafts = fec.listed.iter().filter(|one| one.entry.is_draft()).count();
    match ask.numbering {
        Numbering::Books => numbered(&fec.listed, &mut fec.findings),
        Numbering::Single => fec.renumber(),
    }
    fec.lay_out();
    fec
}

/// What rows say of each account of the books, in the chart of that year.
fn names<'b>(books: &'b Books, year: &FiscalYear) -> Vec<Names<'b>> {
    let (accounts, edition) = (books.accounts(), books.edition(year.period.first));
    let mut names = vec![Names::default(); accounts.len()];
    for id in accounts.sorted() {
        let account = accounts.get(id);
        let auxiliary = account.auxiliary.as_deref().unwrap_or_default();
        let label = accounts.label_outside(&account.number);
        names[id.rank()] = Names {
            number: &account.number,
            label: label.unwrap_or_else(|| accounts.label_of(id, edition)),
            auxiliary: accounts.auxiliary_code(account).unwrap_or(auxiliary),
            auxiliary_label: accounts.auxiliary_outside(account).unwrap_or(auxiliary),
        };
    }
    names
}

impl<'b> Fec<'b> {
    /// Gives the entries one sequence of numbers, from 1 to n.
    fn renumber(&mut self) {
        for (number, one) in (1_u64..).zip(&mut self.listed) {
            if one.journal.is_empty() {
                one.journal = Cow::Borrowed(GENERAL);
                self.adopted += 1;
            }
            let own = std::mem::replace(&mut one.number, Cow::Owned(number.to_string()));
            self.concordance.push(Renumbered {
                number,
                journal: one.journal.clone().into_owned(),
                own: own.into_owned(),
                date: one.entry.date(),
                label: label(&one.entry).into_owned(),
            });
        }
    }

    /// Counts the rows, and the day on which the matched ones were.
    fn lay_out(&mut self) {
        let mut matchings = Matchings::default();
        let listed = std::mem::take(&mut self.listed);
        for (entry, one) in (0..).zip(&listed) {
            for (line, posting) in (0..).zip(one.entry.postings()) {
                if posting.book() != Book::Financial {
                    continue;
                }
                let told = one.told.of_line(&posting);
                if !told.letter().is_empty() {
                    matchings.meet(&self.row_of(one, &posting), self.rows.len(), told.is_dated());
                }
                let valid = if told.says_valid() { told.valid() } else { one.valid };
                self.pending += usize::from(valid.is_none());
                self.opening_rows += usize::from(one.entry.opens());
                self.rows.push((entry, line));
            }
        }
        self.listed = listed;
        self.matched = matchings.days();
    }

    /// How many rows it has.
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// The row of that rank.
    ///
    /// # Panics
    /// When it has fewer.
    pub fn row(&self, rank: usize) -> Outgoing<'_> {
        let (entry, line) = self.rows[rank];
        let one = &self.listed[entry as usize];
        let mut row = self.row_of(one, &one.entry.line(line as usize));
        row.letter_date = self.matched.get(&rank).copied().or(row.letter_date);
        row
    }

    fn row_of<'l>(&self, one: &'l Listed<'b>, posting: &PostingRef<'b>) -> Outgoing<'l>
    where
        'b: 'l,
    {
        let (entry, told) = (&one.entry, one.told.of_line(posting));
        let Names { number: account, label: account_label, auxiliary, auxiliary_label } =
            self.names[posting.account_id().rank()];
        let journal = told.journal().unwrap_or_else(|| Cow::Borrowed(&*one.journal));
        let number = match self.numbering {
            Numbering::Books => told.number().unwrap_or_else(|| Cow::Borrowed(&*one.number)),
            Numbering::Single => Cow::Borrowed(&*one.number),
        };
        let named =
            self.journals.iter().find(|(code, _)| *code == journal).map(|(_, name)| &**name);
        let own = own_journal(if entry.opens() { "AN" } else { &journal });
        let journal_label = named.or(own).map_or_else(|| journal.clone(), Cow::Borrowed);
        let mut row = Outgoing {
            journal,
            journal_label,
            number,
            date: entry.date(),
            account: Cow::Borrowed(account),
            account_label: Cow::Borrowed(account_label),
            auxiliary: Cow::Borrowed(auxiliary),
            auxiliary_label: Cow::Borrowed(auxiliary_label),
            document_date: Some(entry.secondary().unwrap_or(entry.date())),
            label: label(entry),
            valid_date: one.valid,
            ..Outgoing::default()
        };
        told.fill(&mut row, posting.number().decimal());
        row.date = told.day().filter(|day| self.year.period.contains(*day)).unwrap_or(row.date);
        if row.label.is_empty() {
            row.label.clone_from(&row.journal_label);
        }
        row
    }
}

/// The entries of the file, in its order.
fn listed<'a>(ask: &FecAsk<'a, '_>) -> Vec<Listed<'a>> {
    let within = ask.books.entries().filter(|entry| ask.year.period.contains(entry.date()));
    let classic = within.filter(|entry| {
        entry.deriver() != Some(Deriver::Care)
            && entry.postings().any(|posting| posting.book() == Book::Financial)
    });
    let listed: Vec<Listed<'a>> = classic
        .map(|entry| {
            let told = Told::of_entry(&entry);
            let code = entry.code();
            let (journal, number) = code.split_once('-').unwrap_or(("", code));
            let journal = if entry.opens() { ask.openings } else { journal };
            Listed {
                journal: told.journal().unwrap_or(Cow::Borrowed(journal)),
                number: told.number().unwrap_or(Cow::Borrowed(number)),
                valid: told.valid().or_else(|| (ask.validated)(entry.date())),
                entry,
                told,
            }
        })
        .collect();
    let single = single_sequence(&listed);
    let due = due(&listed, single);
    let mut ranked: Vec<(NaiveDate, Listed<'a>)> = due.into_iter().zip(listed).collect();
    ranked.sort_by_cached_key(|(due, one)| {
        let number = value(&one.number);
        let valid = one.valid.unwrap_or(NaiveDate::MAX);
        let across = if single { number } else { 0 };
        (!one.entry.opens(), valid, across, *due, one.journal.clone(), number)
    });
    ranked.into_iter().map(|(_, one)| one).collect()
}

/// The digits that end a number.
fn value(number: &str) -> u64 {
    let before = number.trim_end_matches(|c: char| c.is_ascii_digit());
    number[before.len()..].parse().unwrap_or(u64::MAX)
}

/// The day on which each entry may stand in the file: its own, but not before that of a lesser number of its
/// journal, since numbers follow validations and not documents.
fn due(listed: &[Listed<'_>], single: bool) -> Vec<NaiveDate> {
    let mut order: Vec<usize> = (0..listed.len()).collect();
    let own = |at: usize| {
        let one = &listed[at];
        let prefix = one.number.trim_end_matches(|c: char| c.is_ascii_digit());
        if single { ("", "") } else { (&*one.journal, prefix) }
    };
    order.sort_by_key(|at| (own(*at), value(&listed[*at].number), listed[*at].entry.date()));
    let mut due = vec![NaiveDate::MIN; listed.len()];
    let mut before: Option<usize> = None;
    for at in order {
        let day = listed[at].entry.date();
        let last = before.filter(|before| own(*before) == own(at)).map(|before| due[before]);
        due[at] = last.map_or(day, |last| last.max(day));
        before = Some(at);
    }
    due
}

/// Whether the written entries share one sequence of numbers, over several journals.
fn single_sequence(listed: &[Listed<'_>]) -> bool {
    let written = || listed.iter().filter(|one| !one.entry.is_derived());
    let numbers: Option<Vec<u64>> = written().map(|one| one.number.parse().ok()).collect();
    let Some(mut numbers) = numbers else { return false };
    let several =
        written().any(|one| written().next().is_some_and(|first| first.journal != one.journal));
    let count = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    several && numbers.len() == count
}

/// The classic lines of an entry: account and amount.
fn classic<'b>(one: &Listed<'b>) -> Vec<(AccountId, &'b Account, Sum)> {
    let lines = one.entry.postings().filter(|line| line.book() == Book::Financial);
    lines.map(|line| (line.account_id(), line.account(), line.number().sum())).collect()
}

/// Leaves out the entries that end the year: of its last day, they bring accounts of classes 6 and 7 to
/// nothing against 12. A FEC has none (LPF art. A47 A-1, VII-1°): each is told.
fn leave_closings(year: &FiscalYear, listed: &mut Vec<Listed<'_>>, findings: &mut Vec<Finding>) {
    let of_year = |number: &str| number.starts_with(['6', '7']);
    let ends = |one: &Listed<'_>| {
        let lines = classic(one);
        let number = |line: &(AccountId, &Account, Sum)| line.1.number.clone();
        one.entry.date() == year.period.last
            && lines.iter().any(|line| number(line).starts_with("12"))
            && lines.iter().any(|line| of_year(&number(line)))
            && lines.iter().all(|line| number(line).starts_with("12") || of_year(&number(line)))
    };
    if !listed.iter().any(ends) {
        return;
    }
    let mut whole: BTreeMap<AccountId, Sum> = BTreeMap::new();
    for (id, _, sum) in listed.iter().flat_map(classic) {
        *whole.entry(id).or_default() += sum;
    }
    listed.retain(|one| {
        let emptied = || {
            classic(one).iter().all(|(id, account, _)| {
                !of_year(&account.number) || whole.get(id).is_some_and(|sum| sum.is_zero())
            })
        };
        let left = ends(one) && emptied();
        if left {
            findings.push(
                Finding::new(
                    Code::FecClosed,
                    one.entry.head(),
                    "écriture qui solde les classes 6 et 7 : elle n’est pas dans le FEC",
                )
                .label("laissée")
                .help("retirez-la des journaux : compta solde ces comptes à la clôture"),
            );
        }
        !left
    });
}

/// What is wrong with the numbers of the books, where they are written.
fn numbered(listed: &[Listed<'_>], findings: &mut Vec<Finding>) {
    for one in listed.iter().filter(|one| one.number.is_empty()) {
        findings.push(
            Finding::new(Code::FecNumber, one.entry.head(), "écriture sans numéro")
                .label("celle-ci")
                .help("numérotez-la, `(ACH-0042)`, ou ajoutez `--sequence unique`"),
        );
    }
    // A file of cash accounting may have none (LPF art. A47 A-1, VIII), and says so by an empty tag.
    let nowhere = listed.iter().filter(|one| {
        one.journal.is_empty() && one.told.journal().is_none() && !one.number.is_empty()
    });
    for one in nowhere {
        findings.push(
            Finding::new(Code::FecNumber, one.entry.head(), "écriture sans code de journal")
                .label("celle-ci")
                .help("donnez-lui un journal, `(ACH-0042)`, ou ajoutez `--sequence unique`"),
        );
    }
    let known = listed.iter().filter(|one| !one.number.is_empty());
    let numbers = known.map(|one| (&*one.journal, &*one.number, one.entry.head()));
    for gap in gaps(numbers) {
        findings.push(
            Finding::new(Code::FecSequence, gap.at, gap.words())
                .label("le numéro qui suit")
                .help("expliquez le trou, ou ajoutez `--sequence unique`"),
        );
    }
}

/// What an entry says, without the bar that a FEC takes for a separator.
fn label<'b>(entry: &EntryRef<'b>) -> Cow<'b, str> {
    let said = entry.description();
    if said.contains(" | ") { Cow::Owned(said.replace(" | ", " - ")) } else { Cow::Borrowed(said) }
}
