use std::collections::{BTreeMap, BTreeSet};

use crate::book::{AccountId, Books};
use crate::diagnostic::{Code, Finding};
use crate::measure::{Period, Sum, brief_euros};
use crate::register::{Pie, Registers, Slicing, misplaced};

use super::axes::Axes;

/// What a slice is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SliceName {
    /// A slice of the register.
    Own,
    /// A partner, by its rank.
    Partner(usize),
}

/// A slice with its sum.
#[derive(Clone, Debug)]
pub struct SliceSum {
    /// The rank of the slice in the register.
    pub slice: usize,
    /// Itself, or one of the partners it is made of.
    pub name: SliceName,
    /// The sum in euros, positive on the side of the pie.
    pub amount: Sum,
    /// What each programme gives to it, by rank.
    pub programmes: BTreeMap<usize, Sum>,
    /// The accounts that give to it.
    pub accounts: BTreeSet<AccountId>,
}

/// The slices of a pie over a period, in the order of the register; partners by amount, the largest
/// first. `class` is `6` for costs, `7` for funding: a charge is positive in one, a product in the
/// other.
pub fn slices(books: &Books, axes: &Axes, pie: &Pie, class: char, period: Period) -> Vec<SliceSum> {
    let mut sums: BTreeMap<(usize, SliceName), BTreeMap<usize, Sum>> = BTreeMap::new();
    let mut accounts: BTreeMap<(usize, SliceName), BTreeSet<AccountId>> = BTreeMap::new();
    for (rank, slice) in pie.slices.iter().enumerate() {
        if slice.slicing != Slicing::ByPartner {
            sums.insert((rank, SliceName::Own), BTreeMap::new());
        }
    }
    for line in axes.during(period) {
        let number = &books.accounts().get(line.account).number;
        let Some(rank) = number.starts_with(class).then(|| pie.slice_of(number).ok()).flatten()
        else {
            continue;
        };
        let name = match (&pie.slices[rank].slicing, line.partner) {
            (Slicing::ByPartner, Some(partner)) => SliceName::Partner(partner),
            _ => SliceName::Own,
        };
        let amount = if class == '7' { -line.amount } else { line.amount };
        accounts.entry((rank, name.clone())).or_default().insert(line.account);
        *sums.entry((rank, name)).or_default().entry(line.programme).or_default() += amount;
    }
    let mut made: Vec<SliceSum> = sums
        .into_iter()
        .map(|((slice, name), programmes)| SliceSum {
            slice,
            accounts: accounts.remove(&(slice, name.clone())).unwrap_or_default(),
            name,
            amount: programmes.values().copied().sum(),
            programmes: programmes.into_iter().filter(|(_, sum)| !sum.is_zero()).collect(),
        })
        .collect();
    made.sort_by_key(|made| {
        let partner = matches!(made.name, SliceName::Partner(_));
        (made.slice, partner.then_some(-made.amount), made.name.clone())
    });
    made
}

/// Every account of classes 6 and 7 is in one slice and one only.
pub(super) fn misplaced_accounts(
    books: &Books,
    registers: &Registers,
    findings: &mut Vec<Finding>,
) {
    for (pie, class) in pies(registers) {
        let mut told: Vec<&str> = Vec::new();
        for id in books.accounts().sorted() {
            let account = books.accounts().get(id);
            let number = account.number.as_str();
            if account.is_activity() || !number.starts_with(class) || told.contains(&number) {
                continue;
            }
            if let Err(which) = pie.slice_of(number) {
                told.push(number);
                findings.push(misplaced(pie, number, which, first_line(books, id)));
            }
        }
    }
}

/// The first line of an account.
fn first_line(books: &Books, id: AccountId) -> crate::diagnostic::Span {
    let lines = books.entries().chain(books.planned()).flat_map(|entry| entry.postings());
    let mut own = lines.filter(|posting| posting.account_id() == id);
    own.next().map(|posting| posting.account_span()).unwrap_or_default()
}

/// No slice is below zero in any year that has come to its last day.
///
/// In a year that goes on, a credit note or what registers take back of the year before comes first, and
/// the invoices later: nothing is wrong yet.
pub(super) fn negative(
    books: &Books,
    registers: &Registers,
    axes: &Axes,
    findings: &mut Vec<Finding>,
) {
    let days = axes.written.iter().map(|line| line.date);
    let (Some(first), Some(last)) = (days.clone().min(), days.max()) else {
        return;
    };
    let written = books.written().map(|entry| entry.date()).max();
    for year in books.years().within(Period { first, last }) {
        if written.is_none_or(|day| day < year.period.last) {
            continue;
        }
        for (pie, class) in pies(registers) {
            for slice in slices(books, axes, pie, class, year.period) {
                if !slice.amount.is_negative() {
                    continue;
                }
                let name = match (&pie.slices[slice.slice].slicing, &slice.name) {
                    (_, SliceName::Partner(rank)) => axes.partners[*rank].as_str(),
                    (Slicing::One { label, .. }, _) => label,
                    (Slicing::ByPartner, _) => "sans partenaire",
                };
                findings.push(
                    Finding::new(
                        Code::NegativeSlice,
                        pie.slices[slice.slice].at,
                        format!(
                            "la tranche « {name} » est négative en {} : {}",
                            year.name,
                            brief_euros(slice.amount.decimal())
                        ),
                    )
                    .label("cette tranche")
                    .help("regroupez-la avec la tranche qu’elle corrige, ou vérifiez le sens des écritures"),
                );
            }
        }
    }
}

fn pies(registers: &Registers) -> impl Iterator<Item = (&Pie, char)> {
    let register = registers.repartition.as_ref();
    let costs = register.and_then(|register| register.costs.as_ref()).map(|pie| (pie, '6'));
    let funding = register.and_then(|register| register.funding.as_ref()).map(|pie| (pie, '7'));
    costs.into_iter().chain(funding)
}
