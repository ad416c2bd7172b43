use rust_decimal::Decimal;

use super::meeting::Meeting;
use super::table::{Cell, Column, Row, Table, slug};
use crate::book::{AccountId, Book};
use crate::measure::Sum;
use crate::statement::Genre;

/// An account from its opening to its closing, in euros; positive in the sense of its class.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Moved {
    pub(super) opening: Sum,
    pub(super) up: Sum,
    pub(super) down: Sum,
    pub(super) closing: Sum,
}

impl Moved {
    pub(super) fn is_nil(&self) -> bool {
        [self.opening, self.up, self.down, self.closing].iter().all(|sum| sum.is_zero())
    }

    pub(super) fn add(&mut self, other: Self) {
        self.opening += other.opening;
        self.up += other.up;
        self.down += other.down;
        self.closing += other.closing;
    }

    pub(super) fn cells(self) -> Vec<Cell> {
        let euros = |sum: Sum| Cell::euros(sum.decimal());
        vec![euros(self.opening), euros(self.up), euros(self.down), euros(self.closing)]
    }
}

/// The movements of an account in the year; `debit` says which side goes up.
///
/// The opening is what the derived opening carries; in the first year of the books, the entry of
/// journal AN.
pub(super) fn moved(meeting: &Meeting<'_>, id: AccountId, debit: bool) -> Moved {
    let mut moved = Moved::default();
    let year = meeting.year.period;
    for entry in meeting.books.entries().filter(|entry| year.contains(entry.date())) {
        let opens = entry.opens();
        for posting in entry.postings() {
            if posting.account_id() != id || posting.book() != Book::Financial {
                continue;
            }
            let amount = posting.number().sum();
            let amount = if debit { amount } else { -amount };
            moved.closing += amount;
            match (opens, amount.is_negative()) {
                (true, _) => moved.opening += amount,
                (false, true) => moved.down += -amount,
                (false, false) => moved.up += amount,
            }
        }
    }
    moved
}

/// What a table of movements is about.
pub(super) struct Subject {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    /// The prefixes of its accounts.
    pub(super) prefixes: &'static [&'static str],
    /// Whether a debit goes up.
    pub(super) debit: bool,
    /// The heads of what goes up and down.
    pub(super) heads: [&'static str; 2],
}

/// The head of a column of words, and what it says of an account: the ground of a provision.
pub(super) type Word<'w> = (&'w str, &'w dyn Fn(&str) -> String);

/// The columns of movements, under the heads of what goes up and down.
pub(super) fn columns([up, down]: [&str; 2]) -> Vec<Column> {
    vec![
        Column::figures("ouverture", "Ouverture"),
        Column::figures("augmentation", up),
        Column::figures("diminution", down),
        Column::figures("cloture", "Clôture"),
    ]
}

/// The movements of some accounts, one row each, and their total; `None` when there is nothing.
pub(super) fn table(
    meeting: &Meeting<'_>,
    subject: &Subject,
    word: Option<Word<'_>>,
) -> Option<Table> {
    let accounts = meeting.books.accounts();
    let edition = meeting.books.edition(meeting.year.period.first);
    let mut total = Moved::default();
    let mut rows = Vec::new();
    for id in accounts.sorted() {
        let account = accounts.get(id);
        let own = subject.prefixes.iter().any(|prefix| account.number.starts_with(prefix));
        if account.is_activity() || !own {
            continue;
        }
        let moved = moved(meeting, id, subject.debit);
        if moved.is_nil() {
            continue;
        }
        total.add(moved);
        let key = format!("annexe.{}.{}", subject.name, slug(&account.key()));
        let auxiliary = account.auxiliary.as_ref().map_or_else(String::new, |a| format!(" – {a}"));
        let label = format!("{} {}{auxiliary}", account.number, accounts.label_of(id, edition));
        let mut cells = moved.cells();
        cells.extend(word.map(|(_, of)| Cell::Words(of(&account.number))));
        rows.push(Row::line(key, label, cells).behind(vec![account.key()]));
    }
    if rows.is_empty() {
        return None;
    }
    let mut cells = total.cells();
    cells.extend(word.map(|_| Cell::Blank));
    let key = format!("annexe.{}.total", subject.name);
    rows.push(Row::line(key, "Total", cells).of(Genre::Total));
    let mut columns = columns(subject.heads);
    columns.extend(word.map(|(head, _)| Column::words("motif", head)));
    Some(Table {
        name: subject.name.to_owned(),
        title: subject.title.to_owned(),
        columns,
        rows,
        ..Table::default()
    })
}

/// The variation of the fonds propres (ANC 2018-06 art. 431-5): the allocation of the result apart.
pub(super) fn equity(meeting: &Meeting<'_>) -> Table {
    let accounts = meeting.books.accounts();
    let edition = meeting.books.edition(meeting.year.period.first);
    let year = meeting.year.period;
    let mut rows = Vec::new();
    let mut total = [Decimal::ZERO; 5];
    for id in accounts.sorted() {
        let account = accounts.get(id);
        let own = ["10", "11", "12", "13", "14"].iter().any(|p| account.number.starts_with(p));
        if account.is_activity() || !own {
            continue;
        }
        let moved = moved(meeting, id, false);
        if moved.is_nil() {
            continue;
        }
        // An entry that empties 12 is the allocation of the result before.
        let allocated: Sum = meeting
            .books
            .booked()
            .filter(|entry| year.contains(entry.date()) && allocates(entry))
            .flat_map(|entry| entry.postings())
            .filter(|posting| posting.account_id() == id && posting.book() == Book::Financial)
            .map(|posting| -posting.number().sum())
            .sum();
        let (mut up, mut down) = (moved.up, moved.down);
        if allocated.is_negative() {
            down += allocated;
        } else {
            up -= allocated;
        }
        let parts = [moved.opening, allocated, up, down, moved.closing].map(Sum::decimal);
        total.iter_mut().zip(parts).for_each(|(total, part)| *total += part);
        let label = format!("{} {}", account.number, accounts.label_of(id, edition));
        let key = format!("annexe.fonds_propres.{}", slug(&account.key()));
        let row = Row::line(key, label, parts.map(Cell::euros).to_vec());
        rows.push(row.behind(vec![account.key()]));
    }
    let result = meeting.result(meeting.year);
    let parts = [
        Decimal::ZERO,
        Decimal::ZERO,
        result.max(Decimal::ZERO),
        (-result).max(Decimal::ZERO),
        result,
    ];
    total.iter_mut().zip(parts).for_each(|(total, part)| *total += part);
    let label = "Résultat de l’exercice";
    let row = Row::line("annexe.fonds_propres.resultat", label, parts.map(Cell::euros).to_vec());
    let given = parts.map(|part| if part.is_zero() { Vec::new() } else { makers(meeting, part) });
    rows.push(row.given(given.to_vec()));
    let cells = total.map(Cell::euros).to_vec();
    rows.push(Row::line("annexe.fonds_propres.total", "Total", cells).of(Genre::Total));
    Table {
        name: "fonds_propres".to_owned(),
        title: "Variation des fonds propres".to_owned(),
        columns: vec![
            Column::figures("ouverture", "Ouverture"),
            Column::figures("affectation", "Affectation"),
            Column::figures("augmentation", "Augmentation"),
            Column::figures("diminution", "Diminution"),
            Column::figures("cloture", "Clôture"),
        ],
        rows,
        ..Table::default()
    }
}

/// Whether an entry allocates the result of the year before: it moves 12, and only accounts of class 1.
fn allocates(entry: &crate::book::EntryRef<'_>) -> bool {
    let number = |posting: crate::book::PostingRef<'_>| posting.account().number.clone();
    let mut twelve = false;
    for number in entry.postings().filter(|p| p.book() == Book::Financial).map(number) {
        twelve |= number.starts_with("12");
        if !number.starts_with('1') || entry.opens() {
            return false;
        }
    }
    twelve
}

/// What each account of 6 and 7 gives to a surplus, or to a deficit.
fn makers(meeting: &Meeting<'_>, shown: Decimal) -> Vec<(String, Decimal)> {
    let Some(ledger) = meeting.ledger(Some(meeting.year)) else { return Vec::new() };
    let surplus = meeting.result(meeting.year) == shown;
    let accounts = meeting.books.accounts();
    let mut given = Vec::new();
    for id in accounts.sorted() {
        let balance = ledger.balance(id, crate::ledger::View::Classic).decimal();
        let account = accounts.get(id);
        if !account.is_activity() && account.number.starts_with(['6', '7']) && !balance.is_zero() {
            given.push((account.key(), if surplus { -balance } else { balance }));
        }
    }
    given
}
