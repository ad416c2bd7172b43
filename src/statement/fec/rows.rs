use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::line::Told;
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
pub struct FecAsk<'a> {
    /// The books, with their derived openings and inventories.
    pub books: &'a Books,
    /// The year.
    pub year: &'a FiscalYear,
    /// What each journal code stands for.
    pub journals: &'a [(String, String)],
    /// The code under which the journal of openings goes out; `AN` unless told.
    pub openings: &'a str,
    /// The day on which what is of a day was validated: that of its seal.
    pub validated: &'a dyn Fn(NaiveDate) -> Option<NaiveDate>,
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

/// The file of a year: its rows, and what its description says.
#[derive(Clone, Debug, Default)]
pub struct Fec {
    /// The rows, openings first, then in the order of validation.
    pub rows: Vec<Outgoing>,
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
struct Listed<'b> {
    entry: EntryRef<'b>,
    told: Told<'b>,
    journal: String,
    number: String,
    valid: Option<NaiveDate>,
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

/// The rows of the file of a year: every entry of the classic ledger, the opening first.
///
/// What belongs to the CARE ledger, and what zeroes classes 6 and 7, is never there (LPF art. A47 A-1).
pub fn fec(ask: &FecAsk<'_>) -> Fec {
    let mut listed = listed(ask);
    let mut fec = Fec::default();
    leave_closings(ask.year, &mut listed, &mut fec.findings);
    fec.entries = listed.len();
    fec.drafts = listed.iter().filter(|one| one.entry.is_draft()).count();
    match ask.numbering {
        Numbering::Books => numbered(&listed, &mut fec.findings),
        Numbering::Single => {
            for (number, one) in (1_u64..).zip(&mut listed) {
                if one.journal.is_empty() {
                    GENERAL.clone_into(&mut one.journal);
                    fec.adopted += 1;
                }
                let own = std::mem::replace(&mut one.number, number.to_string());
                fec.concordance.push(Renumbered {
                    number,
                    journal: one.journal.clone(),
                    own,
                    date: one.entry.date(),
                    label: label(&one.entry),
                });
            }
        }
    }
    let mut matchings = Matchings::default();
    for one in &listed {
        for posting in one.entry.postings().filter(|line| line.book() == Book::Financial) {
            let told = one.told.of_line(&posting);
            let row = row(ask, one, &posting, &told);
            if !row.letter.is_empty() {
                matchings.meet(&row, fec.rows.len(), told.is_dated());
            }
            fec.pending += usize::from(row.valid_date.is_none());
            fec.opening_rows += usize::from(one.entry.opens());
            fec.rows.push(row);
        }
    }
    matchings.date(&mut fec.rows);
    fec
}

/// The lines that share a letter, account by account and tiers by tiers.
#[derive(Default)]
struct Matchings(BTreeMap<(String, String, String), Matching>);

#[derive(Default)]
struct Matching {
    left: Decimal,
    last: NaiveDate,
    /// The rows that do not say their own day.
    undated: Vec<usize>,
}

impl Matchings {
    fn meet(&mut self, row: &Outgoing, rank: usize, dated: bool) {
        let key = (row.account.clone(), row.auxiliary.clone(), row.letter.clone());
        let known = self.0.entry(key).or_default();
        known.left += row.debit - row.credit;
        known.last = known.last.max(row.date);
        if !dated {
            known.undated.push(rank);
        }
    }

    /// A matching is of the day of its last line, once nothing is left of it.
    fn date(self, rows: &mut [Outgoing]) {
        for matching in self.0.into_values().filter(|one| one.left.is_zero()) {
            for rank in matching.undated {
                rows[rank].letter_date = Some(matching.last);
            }
        }
    }
}

/// The entries of the file, in its order.
fn listed<'a>(ask: &FecAsk<'a>) -> Vec<Listed<'a>> {
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
                journal: told.journal().unwrap_or_else(|| journal.to_owned()),
                number: told.number().unwrap_or_else(|| number.to_owned()),
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
        if single { ("", "") } else { (one.journal.as_str(), prefix) }
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
    let numbers = known.map(|one| (one.journal.as_str(), one.number.as_str(), one.entry.head()));
    for gap in gaps(numbers) {
        findings.push(
            Finding::new(Code::FecSequence, gap.at, gap.words())
                .label("le numéro qui suit")
                .help("expliquez le trou, ou ajoutez `--sequence unique`"),
        );
    }
}

fn label(entry: &EntryRef<'_>) -> String {
    entry.description().replace(" | ", " - ")
}

/// One row: a line of an entry.
fn row(ask: &FecAsk<'_>, one: &Listed<'_>, posting: &PostingRef<'_>, told: &Told<'_>) -> Outgoing {
    let (entry, accounts) = (&one.entry, ask.books.accounts());
    let account = posting.account();
    let journal = told.journal().unwrap_or_else(|| one.journal.clone());
    let number = match ask.numbering {
        Numbering::Books => told.number().unwrap_or_else(|| one.number.clone()),
        Numbering::Single => one.number.clone(),
    };
    let named =
        ask.journals.iter().find(|(code, _)| *code == journal).map(|(_, name)| name.as_str());
    let own = own_journal(if entry.opens() { "AN" } else { &journal });
    let journal_label = named.or(own).unwrap_or(&journal).to_owned();
    let auxiliary = account.auxiliary.as_deref().unwrap_or_default();
    let mut row = Outgoing {
        journal_label,
        number,
        date: entry.date(),
        account: account.number.clone(),
        account_label: accounts
            .label_outside(&account.number)
            .unwrap_or_else(|| posting.label(entry.edition()))
            .to_owned(),
        auxiliary: accounts.auxiliary_code(account).unwrap_or(auxiliary).to_owned(),
        auxiliary_label: accounts.auxiliary_outside(account).unwrap_or(auxiliary).to_owned(),
        document_date: Some(entry.secondary().unwrap_or(entry.date())),
        label: label(entry),
        valid_date: one.valid,
        journal,
        ..Outgoing::default()
    };
    told.fill(&mut row, posting.number().decimal());
    row.date = told.day().filter(|day| ask.year.period.contains(*day)).unwrap_or(row.date);
    if row.label.is_empty() {
        row.label.clone_from(&row.journal_label);
    }
    row
}
