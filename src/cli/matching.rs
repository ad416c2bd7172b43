use std::collections::BTreeMap;
use std::path::PathBuf;

use super::args::{Common, FormatName};
use super::failure::Failure;
use super::host::{Host, in_french};
use super::open::{Opened, open_with};
use super::ready::{Ready, Scope, ready};
use super::tiers::{classic_only, itemised};
use crate::book::Books;
use crate::diagnostic::Finding;
use crate::ledger::{Annual, View};
use crate::measure::{FiscalYear, Sum, Unit, signed_words};
use crate::render::{MatchingShown, matching_document};
use crate::statement::lists::balance;
use crate::statement::tiers::asked;
use crate::statement::tiers::matching::{
    Inscription, LeavingLetter, MatchAsk, Standing, TiersMatching, every_letter, inscription,
    matching,
};

/// How a matching was asked for.
pub(super) struct MatchingAsk<'a> {
    pub(super) year: Option<&'a str>,
    /// The beginning of the accounts.
    pub(super) account: Option<&'a str>,
    /// Write the letters of what is certain.
    pub(super) write: bool,
    /// Show what would be written, write nothing.
    pub(super) dry: bool,
    /// Exit with 1 when a letter does not balance.
    pub(super) check: bool,
}

/// `compta lettrer`.
pub(super) fn lettrer(
    common: &Common,
    ask: &MatchingAsk<'_>,
    host: &mut Host,
) -> Result<u8, Failure> {
    classic_only(common)?;
    if ask.write && common.file.is_some() {
        return Err(Failure::usage(
            "`--ecrire` ne va pas avec `-f` : sans `compta.toml`, rien ne dit ce qui est scellé",
            "donnez le dossier : `compta -C DOSSIER lettrer --ecrire`",
        ));
    }
    let screen = matches!(common.format, None | Some(FormatName::Text));
    if ask.dry && !screen {
        return Err(Failure::usage(
            "`-n` montre des lignes de fichier : il n’a pas d’autre format",
            "retirez `-O`, ou `-n`",
        ));
    }
    let ready = ready(common, host)?;
    let year = ready.year(ask.year)?;
    let made = matched(&ready.opened, &ready.annual, &year, itemised(&ready, ask.account)?);
    if ask.dry || ask.write {
        let files = inscription(&ready.opened.books, &made);
        checked(common, &ready, (&year, ask.account), (&made, &files), host)?;
        if ask.dry {
            host.put(difference(&files).as_bytes())?;
            host.say(&format!("essai (`-n`) : {}, rien n’a été écrit\n", summary(&files)));
        } else {
            written(&ready.opened, &files, host)?;
            host.put(format!("{}\n", summary(&files)).as_bytes())?;
        }
        return Ok(0);
    }
    let books = &ready.opened.books;
    let elsewhere = elsewhere(books, &year, ask.account);
    let heading = ready.heading(common, &Scope::Year(year));
    let shown =
        MatchingShown { made: &made, elsewhere: &elsewhere, prefix: ask.account, full: !screen };
    ready.emit(&matching_document(&shown, &heading, books), common, host)?;
    let fails = made.iter().flat_map(|tiers| &tiers.letters).any(|letter| letter.state.fails());
    Ok(u8::from(ask.check && (fails || !elsewhere.is_empty())))
}

/// The letters that leave something on the accounts that no matching looks at, unless some were asked.
fn elsewhere(books: &Books, year: &FiscalYear, prefix: Option<&str>) -> Vec<LeavingLetter> {
    if prefix.is_some() {
        return Vec::new();
    }
    let mut failing = every_letter(books, year).failing;
    failing.retain(|one| !asked(&books.accounts().get(one.account).number, None));
    failing
}

fn matched(
    opened: &Opened,
    annual: &Annual,
    year: &FiscalYear,
    prefix: Option<&str>,
) -> Vec<TiersMatching> {
    let sealed_until = opened.closures.sealed_until();
    matching(&MatchAsk { books: &opened.books, annual, year, sealed_until, prefix })
}

/// Every balance of every year, in both ledgers; an opening may have other lines, with the same sum.
fn balances(opened: &Opened, annual: &Annual) -> Vec<(String, Unit, Sum)> {
    let books = &opened.books;
    let of = |year: &FiscalYear| {
        let edition = books.edition(year.period.first);
        let lines = annual.ledger(year).map(|ledger| balance(books, ledger, View::Care, edition));
        lines.unwrap_or_default()
    };
    let all = annual.years().flat_map(of);
    all.map(|line| (line.account.clone(), line.unit, line.balance())).collect()
}

/// Reads the books as they would be: they stay sound, no balance moves, each letter balances.
fn checked(
    common: &Common,
    ready: &Ready,
    (year, prefix): (&FiscalYear, Option<&str>),
    (made, files): (&[TiersMatching], &[Inscription]),
    host: &mut Host,
) -> Result<(), Failure> {
    if files.is_empty() {
        return Ok(());
    }
    let planned: Vec<(String, Vec<u8>)> =
        files.iter().map(|file| (file.file.clone(), file.bytes.clone())).collect();
    let mut seen = open_with(common, host, &planned)?;
    if seen.findings.iter().any(Finding::is_error) {
        return seen.sound(host).map(|_| ());
    }
    let annual = seen.annual();
    let (before, after) = (balances(&ready.opened, &ready.annual), balances(&seen, &annual));
    assert!(before == after, "letters move a balance");
    let then = matched(&seen, &annual, year, prefix);
    let left: BTreeMap<(String, &str), Sum> = then
        .iter()
        .flat_map(|tiers| {
            let key = seen.books.accounts().get(tiers.account).key();
            tiers.letters.iter().map(move |one| ((key.clone(), one.letter.as_str()), one.left))
        })
        .collect();
    for tiers in made {
        let key = ready.opened.books.accounts().get(tiers.account).key();
        let certain = tiers.proposals.iter().filter(|one| one.standing == Standing::Certain);
        for one in certain {
            // A letter that years before settle whole is not carried to this one.
            let left = left.get(&(key.clone(), one.letter.as_str()));
            let balances = left.is_none_or(|left| left.is_zero());
            assert!(balances, "{key} {} would not balance", one.letter);
        }
    }
    Ok(())
}

/// Writes every journal, or none; one that changed since it was read stops all.
fn written(opened: &Opened, files: &[Inscription], host: &Host) -> Result<(), Failure> {
    let sources = opened.books.sources();
    let _held = host.hold(&opened.folder);
    for file in files {
        let path = opened.folder.join(&file.file);
        let now = host.read(&path).map_err(|error| Failure::Unreadable {
            message: format!("`{}` ne se laisse pas lire : {}", file.file, in_french(&error)),
            help: "vérifiez le chemin et les droits".to_owned(),
        })?;
        let read = sources.iter().find(|source| source.name() == file.file);
        if read.is_none_or(|source| source.bytes() != now) {
            return Err(Failure::usage(
                format!("`{}` a changé pendant la commande : rien n’a été écrit", file.file),
                "relancez la commande",
            ));
        }
    }
    let all: Vec<(PathBuf, &[u8])> =
        files.iter().map(|file| (opened.folder.join(&file.file), file.bytes.as_slice())).collect();
    host.write_all(&all)
}

fn summary(files: &[Inscription]) -> String {
    if files.is_empty() {
        return "aucun lettrage certain à écrire".to_owned();
    }
    let lines = |file: &Inscription| file.changes.len();
    let names: Vec<String> = files
        .iter()
        .map(|file| format!("{} ({})", file.file, signed_words(lines(file), "ligne")))
        .collect();
    let total = files.iter().map(lines).sum();
    format!("lettres sur {} : {}", signed_words(total, "ligne"), names.join(", "))
}

/// What changes, as a unified difference without context: `patch -p0` takes it.
fn difference(files: &[Inscription]) -> String {
    let mut text = String::new();
    for file in files {
        // A tab ends a name that has spaces.
        let tab = if file.file.contains(' ') { "\t" } else { "" };
        text.push_str(&format!("--- {}{tab}\n+++ {}{tab}\n", file.file, file.file));
        for change in &file.changes {
            let at = change.line;
            text.push_str(&format!("@@ -{at} +{at} @@\n"));
            for (sign, line) in [('-', &change.before), ('+', &change.after)] {
                let end = if change.end.is_empty() {
                    "\n\\ No newline at end of file\n"
                } else {
                    change.end
                };
                text.push_str(&format!("{sign}{line}{end}"));
            }
        }
    }
    text
}
