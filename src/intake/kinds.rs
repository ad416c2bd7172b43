use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::grouping::Group;
use super::lines::Line;
use super::names::Names;
use super::repairs::Repairs;
use super::years::{YearRead, begins};
use crate::diagnostic::Code;
use crate::exchange::fec::Column;
use crate::measure::{Sum, euros};

/// What an entry of a file is to the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It opens the year.
    Opens,
    /// It says what the year did.
    Booked,
    /// It ends the year: classes 6 and 7 go to the result. A FEC should have none (LPF art. A47 A-1, VII-1°).
    Closes,
}

/// What each account is left with, by its number in the files.
pub(super) type Left<'t> = BTreeMap<&'t str, Sum>;

/// The kind of each entry of a year. `before` is what the year before left; `None` in the first year,
/// which opens with what its journal of openings says.
pub(super) fn kinds<'t>(
    read: &YearRead<'t>,
    groups: &[Group],
    names: &Names<'t>,
    before: Option<&Left<'t>>,
    repairs: &mut Repairs,
) -> Vec<Kind> {
    let mut kinds = vec![Kind::Booked; groups.len()];
    closings(read, groups, &mut kinds, repairs);
    match before {
        None => first_openings(read, groups, names, &mut kinds),
        Some(before) => later_openings(read, groups, names, before, &mut kinds, repairs),
    }
    for (group, kind) in groups.iter().zip(&kinds) {
        let first = &read.lines[group.lines[0]];
        if *kind == Kind::Booked && names.openings.contains(first.cell(Column::JournalCode)) {
            let what = "journal d’à-nouveaux, mais pas l’ouverture de l’exercice : écriture reprise telle quelle";
            note(read, group, what, Code::FecOpening, repairs);
        }
    }
    kinds
}

/// What the next year opens with: the whole of this one, less what ended it.
pub(super) fn left<'t>(
    read: &YearRead<'t>,
    groups: &[Group],
    kinds: &[Kind],
    before: Option<Left<'t>>,
) -> Left<'t> {
    let opened = kinds.contains(&Kind::Opens);
    let mut left = before.filter(|_| !opened).unwrap_or_default();
    for (group, _) in groups.iter().zip(kinds).filter(|(_, kind)| **kind != Kind::Closes) {
        for line in group.lines.iter().map(|rank| &read.lines[*rank]) {
            *left.entry(line.cell(Column::CompteNum)).or_default() += line.amount();
        }
    }
    left.retain(|account, sum| is_carried(account) && !sum.is_zero());
    left
}

/// Classes 1 to 5; the result is another account in each year.
fn is_carried(account: &str) -> bool {
    account.starts_with(['1', '2', '3', '4', '5']) && !account.starts_with("12")
}

/// Classes 6 to 8, but for the accounts of bilan (89), through which some software opens and closes.
fn is_of_the_year(account: &str) -> bool {
    account.starts_with(['6', '7', '8']) && !is_of_the_bilan(account)
}

/// 890 bilan d’ouverture, 891 bilan de clôture.
fn is_of_the_bilan(account: &str) -> bool {
    account.starts_with("89")
}

fn note(read: &YearRead<'_>, group: &Group, what: &str, code: Code, repairs: &mut Repairs) {
    for line in group.lines.iter().map(|rank| &read.lines[*rank]) {
        repairs.note(line.file.name, code, what, line.number);
    }
}

/// The openings of the first year: its journal of openings, in its first days.
fn first_openings(read: &YearRead<'_>, groups: &[Group], names: &Names<'_>, kinds: &mut [Kind]) {
    for (group, kind) in groups.iter().zip(kinds) {
        let first = &read.lines[group.lines[0]];
        let opens = names.openings.contains(first.cell(Column::JournalCode));
        if opens && *kind == Kind::Booked && begins(first.date, read.year.period) {
            *kind = Kind::Opens;
        }
    }
}

/// The openings of a later year: its journal of openings, in its first days; else the entries that carry
/// what the year before left, whatever their journal and their day.
fn later_openings<'t>(
    read: &YearRead<'t>,
    groups: &[Group],
    names: &Names<'t>,
    before: &Left<'t>,
    kinds: &mut [Kind],
    repairs: &mut Repairs,
) {
    let carries = |group: &Group| {
        let mut lines = group.lines.iter().map(|rank| &read.lines[*rank]);
        lines.all(|line| !is_of_the_year(line.cell(Column::CompteNum)))
    };
    let candidates: Vec<usize> = (0..groups.len())
        .filter(|at| kinds[*at] == Kind::Booked && carries(&groups[*at]))
        .collect();
    let first = |at: usize| &read.lines[groups[at].lines[0]];
    let own = candidates.iter().copied().filter(|at| {
        let line = first(*at);
        names.openings.contains(line.cell(Column::JournalCode))
            && begins(line.date, read.year.period)
    });
    let own: Vec<usize> = own.collect();
    let mixed = mixed_openings(read, groups, names, before, kinds);
    if !own.is_empty() || !mixed.is_empty() {
        for at in own {
            kinds[at] = Kind::Opens;
        }
        for at in mixed {
            kinds[at] = Kind::Opens;
            let what = "à-nouveaux avec des comptes de charges, de produits ou d’engagements : ces lignes vont au journal ANR";
            note(read, &groups[at], what, Code::FecOpening, repairs);
        }
        return;
    }
    // One entry that carries the balances, else all the entries of one day in one journal.
    let mut sets: Vec<Vec<usize>> = candidates.iter().map(|at| vec![*at]).collect();
    let mut days: BTreeMap<(&str, NaiveDate), Vec<usize>> = BTreeMap::new();
    for at in candidates {
        let line = first(at);
        days.entry((line.cell(Column::JournalCode), line.date)).or_default().push(at);
    }
    sets.extend(days.into_values().filter(|set| set.len() > 1));
    let amounts = |set: &[usize]| {
        let lines = set.iter().flat_map(|at| &groups[*at].lines).map(|rank| &read.lines[*rank]);
        let mut sums: Left<'t> = BTreeMap::new();
        for line in lines {
            *sums.entry(line.cell(Column::CompteNum)).or_default() += line.amount();
        }
        sums
    };
    let Some(set) = sets.iter().find(|set| resembles(&amounts(set), before)) else {
        if !before.is_empty() {
            let what = format!(
                "aucun à-nouveau en {} : ceux de la clôture précédente sont dérivés",
                read.year.name
            );
            for file in &read.files {
                repairs.note(file.name, Code::FecOpening, what.clone(), 0);
            }
        }
        return;
    };
    for at in set {
        kinds[*at] = Kind::Opens;
        let what = "à-nouveaux reconnus à leurs soldes, hors d’un journal d’à-nouveaux";
        note(read, &groups[*at], what, Code::FecOpening, repairs);
    }
}

/// Entries of a journal of openings, in the first days, that hold an account of classes 6 to 8 beside
/// balances that the year before left: half their own at least, and two.
fn mixed_openings<'t>(
    read: &YearRead<'t>,
    groups: &[Group],
    names: &Names<'t>,
    before: &Left<'t>,
    kinds: &[Kind],
) -> Vec<usize> {
    let opens = |at: &usize| {
        let lines = || groups[*at].lines.iter().map(|rank| &read.lines[*rank]);
        let first = &read.lines[groups[*at].lines[0]];
        let in_place = kinds[*at] == Kind::Booked
            && names.openings.contains(first.cell(Column::JournalCode))
            && begins(first.date, read.year.period);
        let mut sums: Left<'t> = BTreeMap::new();
        for line in lines() {
            *sums.entry(line.cell(Column::CompteNum)).or_default() += line.amount();
        }
        let own = sums.iter().filter(|(account, sum)| is_carried(account) && !sum.is_zero());
        let same = own.clone().filter(|(account, sum)| before.get(*account) == Some(sum)).count();
        in_place
            && lines().any(|line| is_of_the_year(line.cell(Column::CompteNum)))
            && same >= 2
            && same * 2 >= own.count()
    };
    (0..groups.len()).filter(opens).collect()
}

/// Whether amounts are mostly the balances that were left, and most of these balances.
fn resembles(amounts: &Left<'_>, left: &Left<'_>) -> bool {
    if amounts.len() * 2 < left.len() {
        return false;
    }
    let same = left.iter().filter(|(account, sum)| amounts.get(*account) == Some(sum)).count();
    let own = amounts.iter().filter(|(account, sum)| is_carried(account) && !sum.is_zero());
    same >= 2 && same * 2 >= left.len() && same * 2 >= own.count()
}

fn is_result(account: &str) -> bool {
    account.starts_with("12")
}

/// Entries that end a year are of its last days.
const LAST_DAYS: Days = Days::new(6);

/// The entries that end the year: they bring every account of class 6, of class 7, or of both to nothing
/// against 12, or all accounts against 891. Voluntary contributions end with them: alone, an entry and its
/// reversal look the same.
fn closings(read: &YearRead<'_>, groups: &[Group], kinds: &mut [Kind], repairs: &mut Repairs) {
    let last = read.year.period.last;
    let late =
        |line: &Line<'_>| line.date.checked_add_days(LAST_DAYS).is_some_and(|day| day >= last);
    let mut whole: Left<'_> = BTreeMap::new();
    for line in &read.lines {
        *whole.entry(line.cell(Column::CompteNum)).or_default() += line.amount();
    }
    let emptied = |class: char| {
        whole.iter().filter(|(account, _)| account.starts_with(class)).all(|(_, sum)| sum.is_zero())
    };
    let emptied: Vec<char> = ['6', '7'].into_iter().filter(|class| emptied(*class)).collect();
    let mut ending: Vec<usize> = Vec::new();
    let mut voluntary: Vec<usize> = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        let lines = || group.lines.iter().map(|rank| &read.lines[*rank]);
        if !lines().all(late) {
            continue;
        }
        let mut own: Left<'_> = BTreeMap::new();
        for line in lines() {
            *own.entry(line.cell(Column::CompteNum)).or_default() += line.amount();
        }
        let bilan = own.keys().any(|account| is_of_the_bilan(account));
        own.retain(|_, sum| !sum.is_zero());
        let has = |wanted: fn(&str) -> bool| own.keys().any(|account| wanted(account));
        // Against 12, accounts of the year end; against 891, every account does.
        let others = || own.keys().filter(|account| !is_result(account) || bilan);
        let ends = |account: &&&str| {
            let account = **account;
            let nil = whole[account].is_zero();
            is_of_the_bilan(account)
                || nil && (bilan || emptied.iter().any(|class| account.starts_with(*class)))
        };
        if own.keys().all(|account| account.starts_with("86") || account.starts_with("87")) {
            voluntary.push(at);
        } else if others().next().is_some()
            && others().all(|account| ends(&account))
            && (bilan || has(is_result))
        {
            ending.push(at);
        }
    }
    if !ending.is_empty() {
        let nil = |at: &usize| {
            let mut lines = groups[*at].lines.iter().map(|rank| &read.lines[*rank]);
            lines.all(|line| whole[line.cell(Column::CompteNum)].is_zero())
        };
        // What was booked comes first, and what ends it last.
        ending.extend(voluntary.into_iter().rev().filter(nil).take(1));
    }
    let lines = || ending.iter().flat_map(|at| &groups[*at].lines).map(|rank| &read.lines[*rank]);
    let moved: Sum = lines().map(|line| line.debit.sum()).sum();
    let moved = euros(moved.decimal());
    let what = if ending.len() > 1 {
        format!(
            "écritures de clôture ({moved} de débits) : elles soldent des comptes, ce que compta fait à la clôture ; laissées"
        )
    } else {
        format!(
            "écriture de clôture ({moved} de débits) : elle solde des comptes, ce que compta fait à la clôture ; laissée"
        )
    };
    for line in lines() {
        repairs.note(line.file.name, Code::FecClosed, what.clone(), line.number);
    }
    for at in ending {
        kinds[at] = Kind::Closes;
    }
}
