use rust_decimal::Decimal;

use super::args::{Common, FormatName};
use super::audit_args::{LinesArgs, MethodName};
use super::books::tell;
use super::failure::Failure;
use super::host::Host;
use super::open::{emit, exit_code, view};
use super::ready::{Ready, Scope, ready, ready_for_list};
use crate::chart::Edition;
use crate::diagnostic::{Finding, count};
use crate::measure::{FiscalYear, Number};
use crate::render::{
    AskedPopulation, Document, leads_document, population_document, population_lines_document,
    sample_document,
};
use crate::statement::audit::{Limits, Method, Population, Tie, Wanted, leads, sample};

/// A population, tied to the balance, with the words that tell it.
struct Made<'r> {
    scope: Scope,
    population: Population<'r>,
    ties: Vec<Tie>,
    asked: AskedPopulation,
}

impl<'r> Made<'r> {
    fn of(
        ready: &'r Ready,
        common: &Common,
        period: Option<&str>,
        lines: &LinesArgs,
    ) -> Result<Self, Failure> {
        let scope = ready.scope(common, period)?;
        if lines.accounts.iter().chain(&lines.journals).any(|typed| typed.trim().is_empty()) {
            return Err(Failure::usage(
                "un compte ou un journal vide ne désigne rien",
                "retirez l’option : toutes les lignes sont prises sans elle",
            ));
        }
        let wanted = Wanted { accounts: &lines.accounts, journals: &lines.journals };
        let (ledger, edition) = ready.ledger(&scope)?;
        let entries = ready.entries(&scope);
        let population = Population::of(entries.iter().copied(), view(common), wanted);
        if let Some(account) = population.unmet(wanted) {
            return Err(Failure::usage(
                format!("aucune ligne sur un compte qui commence par `{account}`"),
                "`compta balance` donne les comptes qui ont des lignes",
            ));
        }
        if let Some(code) = population.unread(wanted) {
            let mut codes: Vec<&str> =
                entries.iter().filter_map(|entry| entry.code().split('-').next()).collect();
            codes.sort_unstable();
            codes.dedup();
            return Err(Failure::usage(
                format!("aucune ligne au journal `{code}` sur ces comptes"),
                format!("les journaux sont : {}", codes.join(", ")),
            ));
        }
        if population.members.is_empty() {
            return Err(Failure::usage(
                "la population n’a aucune ligne",
                "`compta journal` donne les écritures de la période",
            ));
        }
        let books = &ready.opened.books;
        let ties = population.ties(books, &ledger, view(common), edition, wanted);
        let asked = AskedPopulation {
            words: words(lines),
            command: command(common, scope.typed(), lines),
            seed: String::new(),
        };
        Ok(Self { scope, population, ties, asked })
    }
}

pub(super) fn population(
    common: &Common,
    period: Option<&str>,
    lines: &LinesArgs,
    canonical: bool,
    host: &mut Host,
) -> Result<u8, Failure> {
    if let (true, Some(_)) = (canonical, common.format) {
        return Err(Failure::usage(
            "`--texte` ne va pas avec `-O`",
            "`--texte` est un format à lui seul ; `-O csv` donne les mêmes champs, en colonnes",
        ));
    }
    let ready = ready_for_list(common, period, host)?;
    let made = Made::of(&ready, common, period, lines)?;
    if canonical {
        emit(made.population.text().as_bytes(), common, &ready.opened.books, host)?;
        return Ok(0);
    }
    let heading = ready.heading(common, &made.scope);
    let document = match common.format {
        Some(FormatName::Csv | FormatName::CsvExcel) => {
            population_lines_document(&made.population, &heading)
        }
        _ => population_document(&made.population, &made.ties, &made.asked, &heading),
    };
    ready.emit(&document, common, host)
}

/// A sample as it was asked for.
pub(super) struct SampleAsk<'a> {
    pub(super) period: Option<&'a str>,
    pub(super) lines: &'a LinesArgs,
    pub(super) method: MethodName,
    pub(super) size: Option<usize>,
    pub(super) seed: Option<&'a str>,
    pub(super) threshold: Option<&'a str>,
}

pub(super) fn sondage(
    common: &Common,
    ask: &SampleAsk<'_>,
    host: &mut Host,
) -> Result<u8, Failure> {
    let method = method(ask)?;
    let ready = ready_for_list(common, ask.period, host)?;
    let mut made = Made::of(&ready, common, ask.period, ask.lines)?;
    made.asked.seed = quoted(ask.seed.unwrap_or_default());
    let drawn = sample(&made.population, &method);
    let heading = ready.heading(common, &made.scope);
    let document = sample_document(&made.population, &drawn, &method, &made.asked, &heading);
    ready.emit(&document, common, host)
}

fn method(ask: &SampleAsk<'_>) -> Result<Method, Failure> {
    let of_threshold = ask.method == MethodName::Seuil;
    if of_threshold {
        for (given, option) in [(ask.size.is_some(), "--taille"), (ask.seed.is_some(), "--graine")]
        {
            if given {
                return Err(Failure::usage(
                    format!("`{option}` ne va pas avec `--methode seuil`"),
                    "au-dessus d’un seuil tout est pris : rien n’est tiré",
                ));
            }
        }
        let help = "donnez le montant à partir duquel tout est vu : `--seuil 1000`";
        let Some(typed) = ask.threshold else {
            return Err(Failure::usage("`--methode seuil` demande un seuil", help));
        };
        let least = euros(typed).filter(|least| least.mantissa() != 0);
        let refused = || Failure::usage(format!("seuil non compris : `{typed}`"), help);
        return least.map(|least| Method::Threshold(least.sum())).ok_or_else(refused);
    }
    if ask.threshold.is_some() {
        return Err(Failure::usage(
            "`--seuil` ne va qu’avec `--methode seuil`",
            "faites deux sondages : ce qui est au-dessus du seuil, puis un tirage",
        ));
    }
    let size = match ask.size {
        Some(0) => Err("une taille de 0 ne tire rien"),
        Some(size) => Ok(size),
        None => Err("un tirage demande une taille"),
    };
    let size = size
        .map_err(|why| Failure::usage(why, "donnez le nombre de lignes à tirer : `--taille 25`"))?;
    let seed = seed(ask.seed)?;
    Ok(if ask.method == MethodName::Aleatoire {
        Method::Random { size, seed }
    } else {
        Method::Units { size, seed }
    })
}

/// The seed: what everybody agreed on, never what a clock says.
fn seed(typed: Option<&str>) -> Result<String, Failure> {
    let help = "convenez d’un texte que personne ne choisit seul et notez-le, par exemple le titre d’un \
                journal du jour ou un tirage public : `--graine \"Le Monde, 12 mars 2025\"` ; compta n’en \
                tire jamais une de l’horloge";
    match typed {
        None => Err(Failure::usage("un tirage demande une graine", help)),
        Some(seed) if seed.trim().is_empty() => Err(Failure::usage("la graine est vide", help)),
        Some(seed) if seed.chars().any(char::is_control) => Err(Failure::usage(
            "la graine tient sur une ligne, sans caractère invisible",
            "retapez-la : quelqu’un devra pouvoir la copier",
        )),
        Some(seed) => Ok(seed.to_owned()),
    }
}

pub(super) fn feuilles(
    common: &Common,
    year: Option<&str>,
    (threshold, percent): (Option<&str>, Option<&str>),
    host: &mut Host,
) -> Result<u8, Failure> {
    let typed = |typed: Option<&str>, option: &str, example: &str| match typed {
        None => Ok(None),
        Some(typed) => euros(typed).map(Some).ok_or_else(|| {
            let help = format!("donnez un nombre sans signe : `{option} {example}`");
            Failure::usage(format!("valeur non comprise pour `{option}` : `{typed}`"), help)
        }),
    };
    let limits = Limits {
        euros: typed(threshold, "--seuil", "1000")?.map(Number::decimal),
        percent: typed(percent, "--pourcent", "10")?.map_or(Decimal::TEN, Number::decimal),
    };
    let ready = ready(common, host)?;
    let (year, part) = ready.when(common, year)?;
    if let Some(part) = part {
        return Err(Failure::usage(
            format!("les feuilles maîtresses portent sur un exercice, pas sur `{}`", part.name),
            format!("donnez l’exercice : `compta feuilles {}`", year.name),
        ));
    }
    let document = leads_of(&ready, common, &year, (limits, threshold.is_some()), host)?;
    ready.emit(&document, common, host)
}

/// The lead schedules of a year; `given` says whether someone chose the threshold.
pub(super) fn leads_of(
    ready: &Ready,
    common: &Common,
    year: &FiscalYear,
    (limits, given): (Limits, bool),
    host: &mut Host,
) -> Result<Document, Failure> {
    let scope = Scope::Year(year.clone());
    let (ledger, edition) = ready.ledger(&scope)?;
    let (books, annual) = (&ready.opened.books, &ready.annual);
    let earlier = annual.years().take_while(|known| *known != year).last();
    let before = earlier.and_then(|earlier| Some((earlier, annual.ledger(earlier)?)));
    let shown = before.map(|(known, ledger)| (ledger, Edition::of_year_opened(known.period.first)));
    let mut findings = Vec::new();
    let years = ((&*ledger, edition), shown);
    let made = leads(books, years, view(common), &ready.opened.cycles, limits, &mut findings);
    if !findings.is_empty() {
        tell(&findings, books.sources(), host);
        host.say(&format!("{}\n", count(&findings)));
    }
    if findings.iter().any(Finding::is_error) {
        return Err(Failure::Unsound(exit_code(&findings)));
    }
    let heading = ready.heading(common, &scope);
    let name = before.map(|(known, _)| known.name.as_str());
    Ok(leads_document(&made, name, given, &heading))
}

fn words(lines: &LinesArgs) -> String {
    let list = |one: &str, many: &str, all: &str, typed: &[String]| match typed {
        [] => all.to_owned(),
        [only] => format!("{one} {only}"),
        several => format!("{many} {}", several.join(", ")),
    };
    let accounts = list("comptes", "comptes", "tous les comptes", &lines.accounts);
    let journals = list("journal", "journaux", "", &lines.journals);
    [accounts, journals]
        .into_iter()
        .filter(|words| !words.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

/// The command that writes the canonical text of a population.
fn command(common: &Common, period: Option<&str>, lines: &LinesArgs) -> String {
    let mut words = vec!["compta population".to_owned()];
    words.extend(period.map(quoted));
    words.extend(lines.accounts.iter().map(|account| format!("--compte {}", quoted(account))));
    words.extend(lines.journals.iter().map(|code| format!("--journal {}", quoted(code))));
    for (typed, option) in [(common.care, "--care"), (common.tout, "--tout")] {
        words.extend(typed.then(|| option.to_owned()));
    }
    words.push("--texte".to_owned());
    words.join(" ")
}

/// A word as a shell takes it.
pub(super) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '/');
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// Euros, or per cent, without a sign: `1 000,50`.
fn euros(typed: &str) -> Option<Number> {
    let blank = |c: &char| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '€' | '%');
    let digits: String = typed.chars().filter(blank).collect();
    let amount = Decimal::from_str_exact(&digits.replace(',', ".")).ok()?;
    let fits = amount.is_sign_positive()
        && amount.scale() <= 2
        && amount < Decimal::from(1_000_000_000_000_u64);
    fits.then(|| Number::exact(amount))
}
