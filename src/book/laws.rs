use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::accounts::AccountId;
use super::batch::Assertion;
use super::books::Books;
use crate::diagnostic::{Code, Finding, Span};
use crate::journal::amount_text;
use crate::measure::{Sum, Unit};

/// What can only be seen once every entry is known.
pub(super) fn books(books: &Books, findings: &mut Vec<Finding>) {
    outside_years(books, findings);
    assertions(books, findings);
    voluntary(books, findings);
}

fn outside_years(books: &Books, findings: &mut Vec<Finding>) {
    if !books.years.are_listed() {
        return;
    }
    let every = books.entries().chain(books.planned());
    for entry in every.filter(|entry| books.years.of(entry.date()).is_none()) {
        let start = entry.span().start;
        // A budget rule falls on several days: the first one outside tells enough.
        if findings.last().is_some_and(|last| last.at.start == start) {
            continue;
        }
        findings.push(
            Finding::new(
                Code::OutsideYears,
                Span::new(start, start + 10),
                format!("le {} n’est dans aucun exercice", entry.date()),
            )
            .label("cette date")
            .help("corrigez la date, ou ajoutez l’exercice à `compta.toml`"),
        );
    }
}

/// Balance assertions, in the order of dates, then of the text; real and bracketed lines count.
fn assertions(books: &Books, findings: &mut Vec<Finding>) {
    let mut asserted: BTreeMap<u32, BTreeMap<(usize, u32), &Assertion>> = BTreeMap::new();
    for (rank, batch) in books.batches.iter().enumerate() {
        for assertion in &batch.assertions {
            let account = batch.postings[assertion.posting as usize].account;
            asserted.entry(account).or_default().insert((rank, assertion.posting), assertion);
        }
    }
    if asserted.is_empty() {
        return;
    }
    // (date, batch, entry, posting) of every line of those accounts, then each in order.
    let mut lines: BTreeMap<u32, Vec<(NaiveDate, usize, u32, u32)>> = BTreeMap::new();
    for (rank, batch) in
        books.batches.iter().enumerate().filter(|(_, batch)| batch.derived.is_none())
    {
        for (at, entry) in (0u32..).zip(&batch.entries) {
            for posting in entry.first..entry.first + entry.count {
                let account = batch.postings[posting as usize].account;
                if asserted.contains_key(&account) {
                    lines.entry(account).or_default().push((entry.date, rank, at, posting));
                }
            }
        }
    }
    for (account, mut lines) in lines {
        lines.sort_unstable();
        if let Some(finding) = two_labels(books, AccountId(account), &lines) {
            findings.push(finding);
            continue;
        }
        let mut running: BTreeMap<Unit, Sum> = BTreeMap::new();
        let claims = &asserted[&account];
        for (date, rank, _, posting) in lines {
            let batch = &books.batches[rank];
            let line = &batch.postings[posting as usize];
            *running.entry(line.unit).or_default() += line.sum();
            let Some(claim) = claims.get(&(rank, posting)) else {
                continue;
            };
            let found = running.get(&claim.unit).copied().unwrap_or_default();
            if found != claim.number.sum() {
                findings.push(false_assertion(books, AccountId(account), date, claim, found));
            }
        }
    }
}

/// An asserted account that is written in two ways: hledger would check two accounts.
fn two_labels(
    books: &Books,
    account: AccountId,
    lines: &[(NaiveDate, usize, u32, u32)],
) -> Option<Finding> {
    let written = |(_, rank, _, posting): &(NaiveDate, usize, u32, u32)| {
        let line = &books.batches[*rank].postings[*posting as usize];
        let span = Span::new(line.start, line.end);
        let text = books.sources.text(span).trim_start();
        let start = span.end - u32::try_from(text.len()).unwrap_or(0);
        let name = text.split("  ").next().unwrap_or_default().lines().next().unwrap_or_default();
        let name = name.trim_matches(['[', ']']);
        (Span::new(start, start + u32::try_from(name.len()).unwrap_or(0)), name)
    };
    let (first, name) = written(lines.first()?);
    let (other, different) = lines.iter().map(written).find(|(_, other)| *other != name)?;
    let number = &books.accounts.get(account).number;
    Some(
        Finding::new(
            Code::TwoLabels,
            other,
            format!("le compte {number} porte une assertion et deux libellés"),
        )
        .label(format!("hledger y voit un autre compte que « {name} »"))
        .related(first, "l’autre libellé")
        .help(format!("fixez le libellé : `account {different}`, puis lancez `compta fmt`")),
    )
}

fn false_assertion(
    books: &Books,
    account: AccountId,
    date: NaiveDate,
    claim: &Assertion,
    found: Sum,
) -> Finding {
    let unit = books.units.symbol(claim.unit);
    let shown = |sum: Sum| sum.number().map_or(sum.to_string(), |number| amount_text(number, unit));
    let key = books.accounts.get(account).key();
    Finding::new(
        Code::Assertion,
        claim.span,
        format!(
            "le solde de {key} au {date} est {}, pas {}",
            shown(found),
            shown(claim.number.sum())
        ),
    )
    .label(format!("écart de {}", shown(found - claim.number.sum())))
    .help(format!("mettez l’assertion en commentaire : `compta grand-livre {key} --tout` montrera le chemin du solde"))
}

fn is_voluntary(number: &str) -> bool {
    number.starts_with("86") || number.starts_with("87")
}

/// Uses and resources of voluntary contributions are equal over each fiscal year.
fn voluntary(books: &Books, findings: &mut Vec<Finding>) {
    let of_gifts: Vec<bool> =
        books.accounts.used().iter().map(|account| is_voluntary(&account.number)).collect();
    if !of_gifts.contains(&true) {
        return;
    }
    let mut sums: BTreeMap<u32, (Sum, Option<Span>)> = BTreeMap::new();
    for batch in books.batches.iter().filter(|batch| batch.derived.is_none()) {
        for entry in &batch.entries {
            for posting in
                &batch.postings[entry.first as usize..(entry.first + entry.count) as usize]
            {
                if of_gifts[posting.account as usize] {
                    let (sum, at) = sums.entry(books.years.rank(entry.date)).or_default();
                    *sum += posting.sum();
                    *at = Some(Span::new(posting.start, posting.end));
                }
            }
        }
    }
    for (sum, at) in sums.into_values() {
        let (false, Some(at)) = (sum.is_zero(), at) else {
            continue;
        };
        let gap = sum.number().map_or(sum.to_string(), |number| amount_text(number, "€"));
        findings.push(
            Finding::new(
                Code::VoluntaryContributions,
                at,
                format!("86 et 87 diffèrent de {gap} sur l’exercice"),
            )
            .label("dernière ligne de 86 ou 87")
            .help(
                "enregistrez les contributions des deux côtés, emplois en 86 et ressources en 87",
            ),
        );
    }
}
