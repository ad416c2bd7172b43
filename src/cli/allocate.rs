use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::args::Common;
use super::failure::Failure;
use super::host::Host;
use super::open::{Opened, open_with};
use super::ready::{Ready, ready};
use super::storage::Disk;
use crate::book::is_account_number;
use crate::closing::{
    AllocationText, Kind, Reserve, Waiting, allocated, allocation, allocation_file, folder_name,
    write_new,
};
use crate::diagnostic::Finding;
use crate::measure::{FiscalYear, euros};

/// How an allocation was asked for.
pub(super) struct AllocateAsk<'a> {
    pub(super) year: &'a str,
    /// The day of the vote.
    pub(super) vote: &'a str,
    /// `1068=500` for each reserve.
    pub(super) reserves: &'a [String],
    /// The minutes.
    pub(super) document: Option<&'a str>,
    /// Show, write nothing.
    pub(super) dry: bool,
}

/// `compta affecter ANNÉE --vote DATE`.
pub(super) fn allocate(
    common: &Common,
    ask: &AllocateAsk<'_>,
    host: &mut Host,
) -> Result<u8, Failure> {
    let ready = ready(common, host)?;
    let year = ready.year(Some(ask.year))?;
    let vote = day(ask.vote)?;
    if let Some(entry) = allocated(&ready.opened.books, &year) {
        let place = entry.place();
        host.put(
            format!("le résultat {} est déjà affecté ({place}) : rien à faire\n", year.name)
                .as_bytes(),
        )?;
        return Ok(0);
    }
    let root = closed_root(&ready, &year)?;
    let (within, day) = open_year(&ready, &year, vote)?;
    let waiting = Waiting::on(&ready.opened.books, &within, day);
    if waiting.result.is_zero() {
        return Err(Failure::usage(
            format!(
                "les comptes 120 et 129 sont nuls au {} : rien à affecter",
                vote.format("%d/%m/%Y")
            ),
            "vérifiez la date du vote, ou une affectation déjà écrite à la main",
        ));
    }
    let lines = allocation(waiting, &reserves(ask.reserves)?).map_err(|left| {
        Failure::usage(
            "les réserves dépassent ce qui reste du résultat",
            format!("il reste {} une fois les pertes antérieures apurées", euros(left)),
        )
    })?;
    let code = next_code(&ready.opened, &within, "AFF");
    let document =
        ask.document.map_or_else(|| format!("pv-assemblee-generale-{vote}"), str::to_owned);
    let said = AllocationText {
        year: &year.name,
        vote,
        day,
        code: &code,
        root: &root,
        document: &document,
    };
    let text = allocation_file(&ready.opened.books, &said, &lines);
    let path =
        format!("{}/affectation-{}.journal", year_folder(&ready.opened, &within), in_path(&year));
    write_journal(common, &ready.opened, (&path, &text), ask.dry, host)?;
    if !ask.dry {
        host.put(
            format!("\nl’exercice {} est approuvé : `compta bilan {}`\n", year.name, year.name)
                .as_bytes(),
        )?;
    }
    Ok(0)
}

pub(super) fn day(typed: &str) -> Result<NaiveDate, Failure> {
    typed.parse().map_err(|_| {
        Failure::usage(format!("`{typed}` n’est pas une date"), "écrivez AAAA-MM-JJ : 2025-06-12")
    })
}

/// The printed root of a closed year.
fn closed_root(ready: &Ready, year: &FiscalYear) -> Result<String, Failure> {
    let closure = ready.opened.closures.of(year).ok_or_else(|| {
        Failure::usage(
            format!("l’exercice {} n’est pas clos : son résultat peut encore bouger", year.name),
            format!("lancez d’abord `compta close {}`", year.name),
        )
    })?;
    Ok(closure.root.code())
}

/// The open year in which a vote is booked, and the day: that of the vote, else the first open one.
fn open_year(
    ready: &Ready,
    year: &FiscalYear,
    vote: NaiveDate,
) -> Result<(FiscalYear, NaiveDate), Failure> {
    let shown = vote.format("%d/%m/%Y");
    if vote <= year.period.last {
        return Err(Failure::usage(
            format!("le vote du {shown} est avant la fin de l’exercice {}", year.name),
            "donnez la date de l’assemblée qui a approuvé les comptes",
        ));
    }
    let until = ready.opened.closures.sealed_until().filter(|until| vote <= *until);
    let day = until.and_then(|until| until.succ_opt()).unwrap_or(vote);
    let within = ready.opened.books.years().of(day).ok_or_else(|| {
        Failure::usage(
            format!("le {} n’est dans aucun exercice", day.format("%d/%m/%Y")),
            "ajoutez l’exercice suivant à `compta.toml`",
        )
    })?;
    Ok((within, day))
}

fn reserves(typed: &[String]) -> Result<Vec<Reserve>, Failure> {
    let one = |typed: &String| -> Option<Reserve> {
        let (account, amount) = typed.split_once('=')?;
        let amount: Decimal = amount.trim().replace(',', ".").parse().ok()?;
        let account = account.trim();
        let reserve = account.starts_with("10") && is_account_number(account);
        let sound = reserve && amount > Decimal::ZERO && amount.scale() <= 2;
        sound.then(|| Reserve { account: account.to_owned(), amount })
    };
    let wrong = |typed: &String| {
        Failure::usage(
            format!("`--reserve {typed}` ne se lit pas"),
            "écrivez un compte de réserve et un montant : `--reserve 1068=500,00`",
        )
    };
    typed.iter().map(|typed| one(typed).ok_or_else(|| wrong(typed))).collect()
}

/// The next number of a journal in a year.
pub(super) fn next_code(opened: &Opened, year: &FiscalYear, journal: &str) -> String {
    let within = opened.books.written().filter(|entry| year.period.contains(entry.date()));
    let taken = within.filter_map(|entry| {
        let (code, number) = entry.code().split_once('-')?;
        (code == journal).then(|| number.parse::<u32>().ok())?
    });
    format!("{journal}-{:04}", taken.max().unwrap_or(0) + 1)
}

/// The folder where the journals of a year stand: that of its entries, else one named after it.
pub(super) fn year_folder(opened: &Opened, year: &FiscalYear) -> String {
    let books = &opened.books;
    let own = books.written().chain(books.planned());
    let mut within = own.filter(|entry| year.period.contains(entry.date()));
    let place = within.next().map(|entry| entry.place().source);
    let folder = place.and_then(|path| Some(path.rsplit_once('/')?.0.to_owned()));
    folder.unwrap_or_else(|| in_path(year))
}

/// The name of a year as a folder or a file may bear it: `2024/2025` is one name.
fn in_path(year: &FiscalYear) -> String {
    folder_name(&year.name, Kind::Annual, year.period.last, None)
}

/// Writes a new journal, once the books are known to be sound with it.
pub(super) fn write_journal(
    common: &Common,
    opened: &Opened,
    (path, text): (&str, &str),
    dry: bool,
    host: &mut Host,
) -> Result<(), Failure> {
    let planned = [(path.to_owned(), text.as_bytes().to_vec())];
    let seen = open_with(common, host, &planned)?;
    let read = seen.books.sources().iter().any(|source| source.name() == path);
    if !read {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        return Err(Failure::usage(
            format!("aucune inclusion ne lirait `{path}` : rien n’a été écrit"),
            format!(
                "ajoutez `include {folder}/*.journal` à `{}`, puis relancez",
                opened.dossier.journal
            ),
        ));
    }
    if seen.findings.iter().any(Finding::is_error) {
        seen.sound(host)?;
    }
    host.put(format!("{path} :\n\n{text}").as_bytes())?;
    if dry {
        return host.put("\nessai (`-n`) : rien n’a été écrit\n".as_bytes());
    }
    let mut disk = Disk::open(&opened.folder).map_err(|error| Failure::storage(&error))?;
    if let Some((folder, _)) = path.rsplit_once('/') {
        host.make_folder(&opened.folder.join(folder))?;
    }
    write_new(&mut disk, path, text.as_bytes()).map_err(|error| Failure::write_new(&error))
}
