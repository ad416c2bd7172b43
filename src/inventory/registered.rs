use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::assets::{AssetStanding, assets};
use super::cutoffs::cutoffs;
use super::entry::{INVENTORY, InventoryEntry};
use super::grants::grants;
use super::history::{History, SealedInventory};
use super::levels::{accrued, provisions};
use super::names::{depreciation, known};
use super::yielding::Yielding;
use crate::book::{Books, Deriver, EntryRef};
use crate::chart::Edition;
use crate::diagnostic::{Code, Finding};
use crate::measure::{FiscalYear, Period};
use crate::register::{Convention, Registers, Spanned};

/// What the registers yield, over the years that have begun.
#[derive(Clone, Debug, Default)]
pub struct Yielded {
    /// The years, from that of the first written entry to that of the last.
    pub years: Vec<FiscalYear>,
    /// The entries, in the order of days.
    pub entries: Vec<InventoryEntry>,
    /// Where each asset stands at each closing.
    pub assets: Vec<AssetStanding>,
}

/// Derives the entries that registers yield, and adds them to the books.
///
/// What the registers name and the books do not know is a finding; nothing is added then.
///
/// `sealed` are the inventories of closed years: they stand as they are, and what is left of them
/// follows.
pub fn yields(
    books: &mut Books,
    registers: &Registers,
    sealed: &[SealedInventory],
    findings: &mut Vec<Finding>,
) -> Yielded {
    let years = begun(books);
    let history = History::of(books, sealed);
    let before = findings.len();
    let open = years.iter().filter(|year| !history.has(year)).cloned().collect::<Vec<_>>();
    names(books, registers, &open, findings);
    if findings.len() > before || !registers.yield_entries() && sealed.is_empty() {
        return Yielded { years, ..Yielded::default() };
    }
    own_journal(books, findings);
    let mut standing = Vec::new();
    let mut yielding = Yielding::new(books, &years, &history);
    if let Some(register) = &registers.conventions {
        grants(register, &mut yielding);
    }
    if let Some(register) = &registers.regularisations {
        cutoffs(&register.list, &mut yielding);
        accrued(&register.accrued, &mut yielding);
    }
    if let Some(register) = &registers.provisions {
        provisions(register, &mut yielding);
    }
    if let Some(register) = &registers.assets {
        assets(register, &mut yielding, &mut standing);
    }
    let read = Yielded { entries: yielding.ended(findings), assets: standing, years };
    let texts: Vec<_> = read
        .numbered()
        .map(|(rank, entry)| (entry.derivation(books), entry.text(books, rank)))
        .collect();
    for (derivation, text) in texts {
        books.derive(derivation, format!("decimal-mark ,\n\n{text}"));
    }
    read
}

/// The years from the first written entry to the last.
fn begun(books: &Books) -> Vec<FiscalYear> {
    let mut span: Option<Period> = None;
    books.visit(|date: NaiveDate, by, _| {
        if by.is_none() {
            let own = Period { first: date, last: date };
            span = Some(span.map_or(own, |known: Period| Period {
                first: known.first.min(date),
                last: known.last.max(date),
            }));
        }
    });
    span.map(|span| books.years().within(span)).unwrap_or_default()
}

/// The journal of what is derived is nobody else's: two entries would bear one number.
fn own_journal(books: &Books, findings: &mut Vec<Finding>) {
    let taken = |code: &str| code.split('-').next() == Some(INVENTORY);
    if let Some(entry) = books.written().find(|entry| taken(entry.code())) {
        findings.push(
            Finding::new(
                Code::ReservedJournal,
                entry.span(),
                format!("le journal {INVENTORY} est celui des registres"),
            )
            .label("écrite à la main")
            .help("donnez un autre code à ce journal : INV, OD…"),
        );
    }
}

/// A partner whose name no journal could write as an auxiliary.
fn unwritable(convention: &Convention) -> Option<Finding> {
    let name = convention.partner.as_str();
    let wrong = name.contains(|c: char| c.is_control() || matches!(c, ';' | '[' | ']' | '(' | ')'))
        || name.contains("  ")
        || name.trim() != name;
    wrong.then(|| {
        let message = format!("le partenaire de {} ne peut nommer un tiers", convention.id.value);
        Finding::new(Code::BadValue, convention.id.at, message)
            .label("cette convention")
            .help("ôtez du nom `;`, crochets, parenthèses, espaces doubles et retours à la ligne")
    })
}

/// Every account and every year that the registers write on.
fn names(books: &Books, registers: &Registers, years: &[FiscalYear], findings: &mut Vec<Finding>) {
    let mut editions: Vec<Edition> =
        years.iter().map(|year| Edition::of_year_opened(year.period.first)).collect();
    editions.dedup();
    let mut accounts: Vec<&Spanned<String>> = Vec::new();
    for asset in registers.assets.iter().flat_map(|register| &register.list) {
        accounts.extend([&asset.account, &asset.charge]);
        // An exit has one day: the other charts need not know its account.
        if let Some((day, account)) =
            asset.exit.as_ref().and_then(|exit| Some((exit.day.value, exit.account.as_ref()?)))
        {
            known(books, account, &[books.edition(day)], findings);
        }
    }
    for provision in registers.provisions.iter().flatten() {
        accounts.extend([&provision.account, &provision.charge, &provision.reversal]);
    }
    if let Some(register) = &registers.regularisations {
        accounts.extend(register.list.iter().flat_map(|one| [&one.account, &one.other]));
        accounts.extend(register.accrued.iter().flat_map(|one| [&one.account, &one.charge]));
    }
    for convention in registers.conventions.iter().flat_map(|register| &register.list) {
        accounts.extend(convention.product.iter().chain(&convention.receivable));
        if convention.product.is_some() {
            findings.extend(unwritable(convention));
        }
        if let Some(kept) = &convention.dedicated {
            accounts.push(&kept.account);
            accounts.extend(kept.report.iter().chain(&kept.used));
        }
    }
    for number in accounts {
        known(books, number, &editions, findings);
    }
    for asset in registers.assets.iter().flat_map(|register| &register.list) {
        // What never wears out needs no such account: a deposit, a share.
        if asset.months.is_none() && asset.depreciation.at == asset.account.at {
            continue;
        }
        let edition = editions.last().copied().unwrap_or(Edition::Anc2018);
        let value = depreciation(books, asset, edition);
        known(books, &Spanned { value, at: asset.depreciation.at }, &editions, findings);
    }
}

impl Yielded {
    /// The entries with their numbers, which begin again with each year.
    pub fn numbered(&self) -> impl Iterator<Item = (usize, &InventoryEntry)> {
        let year = |entry: &InventoryEntry| {
            self.years.iter().position(|year| year.period.contains(entry.date))
        };
        let mut last = None;
        let mut rank = 0;
        self.entries.iter().map(move |entry| {
            let own = year(entry);
            rank = if own == last { rank + 1 } else { 1 };
            last = own;
            (rank, entry)
        })
    }
}

/// The derived entries of some years, as a journal that hledger reads beside what is written.
pub fn journal(books: &Books, years: &[FiscalYear]) -> String {
    let names: Vec<&str> = years.iter().map(|year| year.name.as_str()).collect();
    let own: Vec<EntryRef<'_>> = books
        .entries()
        .filter(|entry| entry.deriver() == Some(Deriver::Inventory))
        .filter(|entry| years.iter().any(|year| year.period.contains(entry.date())))
        .collect();
    let accounts: BTreeSet<String> = own
        .iter()
        .flat_map(EntryRef::postings)
        .map(|posting| format!("account {}\n", posting.account().written()))
        .collect();
    let mut text = format!(
        "; Inventaire {} : les écritures que les registres donnent.\n\n\
         decimal-mark ,\n\ncommodity 1 000,00 €\n\n",
        names.join(", ")
    );
    text.extend(accounts);
    for entry in own {
        text.push('\n');
        text.push_str(entry.text().trim_end());
        text.push('\n');
    }
    text
}
