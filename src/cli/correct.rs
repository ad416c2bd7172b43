use chrono::NaiveDate;

use super::allocate::{day, next_code, write_journal, year_folder};
use super::args::Common;
use super::failure::Failure;
use super::host::Host;
use super::ready::{Ready, ready};
use crate::book::{Books, EntryRef};
use crate::closing::{Correction, correction_file};
use crate::journal::amount_text;
use crate::measure::Number;

/// How a correction was asked for.
pub(super) struct CorrectAsk<'a> {
    /// The number of the entry: `ACH-0042`.
    pub(super) code: &'a str,
    /// The year of the entry, when two years have that number.
    pub(super) year: Option<&'a str>,
    /// The day of the correction.
    pub(super) date: Option<&'a str>,
    /// `625100=625600`.
    pub(super) accounts: &'a [String],
    /// `184,00=148,00`.
    pub(super) amounts: &'a [String],
    /// Show, write nothing.
    pub(super) dry: bool,
}

/// `compta corriger NUMÉRO`.
pub(super) fn correct(
    common: &Common,
    ask: &CorrectAsk<'_>,
    host: &mut Host,
) -> Result<u8, Failure> {
    let ready = ready(common, host)?;
    let entry = found(&ready, ask)?;
    let until = ready.opened.closures.sealed_until();
    let Some(until) = until.filter(|until| entry.date() <= *until) else {
        return Err(Failure::usage(
            format!("l’écriture {} n’est pas scellée ({})", ask.code, entry.place()),
            "corrigez-la à sa place",
        ));
    };
    let first_open = until.succ_opt().unwrap_or(until);
    let date = match ask.date {
        Some(typed) => day(typed)?,
        // The year that goes on is read already; a later one may have no journal yet.
        None if books_year(&ready, host.today()) == books_year(&ready, first_open) => {
            host.today().max(first_open)
        }
        None => first_open,
    };
    if date < first_open {
        return Err(Failure::sealed(
            format!("le {} est dans une période scellée", date.format("%d/%m/%Y")),
            format!("le premier jour ouvert est le {first_open}"),
        ));
    }
    let books = &ready.opened.books;
    let within = books.years().of(date).ok_or_else(|| {
        Failure::usage(
            format!("le {} n’est dans aucun exercice", date.format("%d/%m/%Y")),
            "donnez `--date`, ou ajoutez l’exercice à `compta.toml`",
        )
    })?;
    let correction = Correction {
        accounts: ask.accounts.iter().map(|typed| accounts(typed)).collect::<Result<_, _>>()?,
        amounts: ask.amounts.iter().map(|typed| amounts(typed)).collect::<Result<_, _>>()?,
    };
    found_there(books, &entry, date, &correction)?;
    let first = next_code(&ready.opened, &within, "COR");
    let number: u32 = first.trim_start_matches("COR-").parse().unwrap_or(1);
    let second = format!("COR-{:04}", number + 1);
    let text = correction_file(books, &entry, date, (&first, &second), &correction);
    let name = ask.code.replace(|c: char| !c.is_alphanumeric() && c != '-', "_");
    let path = format!(
        "{}/correction-{}-{name}.journal",
        year_folder(&ready.opened, &within),
        entry.date()
    );
    write_journal(common, &ready.opened, (&path, &text), ask.dry, host)?;
    if correction.accounts.is_empty() && correction.amounts.is_empty() && !ask.dry {
        host.put(
            format!("\nla seconde écriture ({second}) est une copie, marquée `!` : mettez-la juste, puis remplacez `!` par `*`\n")
                .as_bytes(),
        )?;
    }
    Ok(0)
}

/// The name of the year of a day.
fn books_year(ready: &Ready, day: NaiveDate) -> Option<String> {
    ready.opened.books.years().of(day).map(|year| year.name)
}

/// The entry of that number, written or yielded by a register.
fn found<'b>(ready: &'b Ready, ask: &CorrectAsk<'_>) -> Result<EntryRef<'b>, Failure> {
    let books = &ready.opened.books;
    let year = ask.year.map(|typed| ready.year(Some(typed))).transpose()?;
    let own = books.booked().filter(|entry| {
        entry.code() == ask.code
            && year.as_ref().is_none_or(|year| year.period.contains(entry.date()))
    });
    let all: Vec<EntryRef<'_>> = own.collect();
    match all.as_slice() {
        [] => Err(Failure::usage(
            format!("aucune écriture ne porte le numéro {}", ask.code),
            "`compta journal` donne les numéros ; `--exercice` choisit l’année",
        )),
        [one] => Ok(*one),
        several => {
            let years: Vec<String> = several
                .iter()
                .filter_map(|entry| Some(books.years().of(entry.date())?.name))
                .collect();
            Err(Failure::usage(
                format!("plusieurs exercices ont un numéro {}", ask.code),
                format!("donnez `--exercice` : {}", years.join(", ")),
            ))
        }
    }
}

/// What would replace nothing, or by nothing that is known, is a slip: the entry would stay as it is.
fn found_there(
    books: &Books,
    entry: &EntryRef<'_>,
    day: NaiveDate,
    correction: &Correction,
) -> Result<(), Failure> {
    let place = entry.place();
    for (old, new) in &correction.accounts {
        if entry.postings().all(|line| line.account().number != *old) {
            return Err(Failure::usage(
                format!("l’écriture {} n’a aucune ligne au compte {old} ({place})", entry.code()),
                "donnez le numéro d’un de ses comptes, comme elle l’écrit",
            ));
        }
        if books.accounts().name(new, None, books.edition(day)).is_none() {
            return Err(Failure::usage(
                format!("le compte {new} est inconnu au {}", day.format("%d/%m/%Y")),
                "corrigez le numéro, ou déclarez le compte : `account 625110 Train`",
            ));
        }
    }
    for (old, _) in &correction.amounts {
        if entry.postings().all(|line| line.number().sum().abs() != old.sum().abs()) {
            let shown = amount_text(*old, "€");
            return Err(Failure::usage(
                format!("l’écriture {} n’a aucune ligne de {shown} ({place})", entry.code()),
                "donnez un de ses montants, sans signe",
            ));
        }
    }
    Ok(())
}

fn accounts(typed: &str) -> Result<(String, String), Failure> {
    let pair = typed.split_once('=').filter(|(old, new)| !old.is_empty() && !new.is_empty());
    let (old, new) = pair.ok_or_else(|| {
        Failure::usage(
            format!("`--compte {typed}` ne se lit pas"),
            "écrivez `--compte 625100=625600`",
        )
    })?;
    Ok((old.trim().to_owned(), new.trim().to_owned()))
}

fn amounts(typed: &str) -> Result<(Number, Number), Failure> {
    let read = |text: &str| -> Option<Number> {
        let plain = text.trim().replace([' ', '\u{a0}', '\u{202f}'], "").replace(',', ".");
        let amount: rust_decimal::Decimal = plain.parse().ok()?;
        (amount.is_sign_positive() && amount.scale() <= 8).then(|| Number::exact(amount))
    };
    let pair = typed.split_once('=').and_then(|(old, new)| Some((read(old)?, read(new)?)));
    pair.ok_or_else(|| {
        Failure::usage(
            format!("`--montant {typed}` ne se lit pas"),
            "écrivez `--montant 184,00=148,00`, sans signe",
        )
    })
}
