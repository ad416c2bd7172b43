use rust_decimal::Decimal;

use super::args::{Common, FormatName};
use super::assembly::{Prepared, absent, prepare};
use super::books::tell;
use super::failure::Failure;
use super::host::Host;
use super::open::{emit, exit_code};
use super::ready::{Ready, Scope, ready};
use crate::assembly::{self, Sheet};
use crate::care::{Balances, in_stock, journal, proposal};
use crate::diagnostic::{Finding, count};
use crate::ledger::View;
use crate::measure::FiscalYear;
use crate::render::{diff_document, diff_json};
use crate::statement::Kind;
use crate::statement::diff::{Diff, DiffAsk, diff as compare};

/// `compta diff`: classic beside CARE, and the bridges between them.
pub(super) fn diff(
    common: &Common,
    year: Option<&str>,
    form: Option<&str>,
    host: &mut Host,
) -> Result<u8, Failure> {
    let mut ready = ready(common, host)?;
    let year = ready.year(year)?;
    let mut findings = Vec::new();
    let made = compared(&mut ready, &year, form, &mut findings)?;
    findings.sort_by_key(|finding| (finding.at, finding.code));
    findings.dedup();
    if !findings.is_empty() {
        tell(&findings, ready.opened.books.sources(), host);
        host.say(&format!("{}\n", count(&findings)));
    }
    if findings.iter().any(Finding::is_error) {
        return Err(Failure::Unsound(exit_code(&findings)));
    }
    let Some(made) = made else { return Ok(0) };
    let mut heading = ready.heading(common, &Scope::Year(year));
    heading.view = View::Care;
    if common.format == Some(FormatName::Json) {
        emit(&diff_json(&made, &heading), common, &ready.opened.books, host)?;
        return Ok(0);
    }
    ready.emit(&diff_document(&made, &heading, &ready.opened.books), common, host)
}

/// Classic beside CARE in a year, capitals under their own names; what a statement lacks is found.
pub(super) fn compared(
    ready: &mut Ready,
    year: &FiscalYear,
    form: Option<&str>,
    findings: &mut Vec<Finding>,
) -> Result<Option<Diff>, Failure> {
    let stock = in_stock(&mut ready.opened.books, &ready.annual);
    let ask = DiffAsk {
        books: &ready.opened.books,
        annual: &ready.annual,
        in_stock: &stock,
        form: ready.form(form, Kind::Bilan)?,
        year,
        policy: ready.opened.registers.care.as_ref(),
    };
    let mut made = compare(ask, findings);
    for row in made.iter_mut().flat_map(|made| &mut made.sides).flat_map(|side| &mut side.rows) {
        row.label = ready.capital_named(&row.label);
    }
    Ok(made)
}

/// The subjects of `compta care`, as they are typed.
const SUBJECTS: [&str; 6] =
    ["projets", "facteurs", "journal", "dialogue", "responsabilite", "provision"];

/// `compta care [SUJET] [ANNÉE]`.
pub(super) fn care(
    common: &Common,
    first: Option<&str>,
    second: Option<&str>,
    host: &mut Host,
) -> Result<u8, Failure> {
    let (subject, year) = asked(first, second)?;
    match subject {
        Some("journal") => return written(common, year, host),
        Some("provision") => return provision(common, year, host),
        _ => {}
    }
    let prepared = prepare(common, year, host)?;
    let meeting = prepared.meeting()?;
    let sheet = match subject {
        None => assembly::carbon(&meeting),
        Some("projets") => assembly::projects(&meeting),
        Some("facteurs") => assembly::factors(&meeting),
        Some("dialogue") => assembly::dialogue(&meeting),
        Some(_) => assembly::responsibility(&meeting),
    };
    let Some(sheet) = sheet else { return Err(missing(&prepared, subject)) };
    show(&prepared, &sheet, common, host)
}

fn show(
    prepared: &Prepared,
    sheet: &Sheet,
    common: &Common,
    host: &mut Host,
) -> Result<u8, Failure> {
    let mut document = prepared.document(sheet, common);
    document.subtitle = vec!["tonnes de CO₂ équivalent, euros".to_owned()];
    for (fact, value) in &mut document.facts {
        match *fact {
            "book" => View::Care.name().clone_into(value),
            "unit" => "tCO2e EUR".clone_into(value),
            _ => {}
        }
    }
    prepared.ready.emit(&document, common, host)
}

/// A subject, then a year; a year alone asks for everything.
fn asked<'t>(
    first: Option<&'t str>,
    second: Option<&'t str>,
) -> Result<(Option<&'t str>, Option<&'t str>), Failure> {
    let Some(typed) = first else { return Ok((None, None)) };
    let plain = typed.replace('é', "e");
    if let Some(known) = SUBJECTS.into_iter().find(|known| *known == plain) {
        return Ok((Some(known), second));
    }
    if second.is_none() && typed.starts_with(|c: char| c.is_ascii_digit()) {
        return Ok((None, Some(typed)));
    }
    Err(Failure::usage(
        format!("sujet inconnu : `{typed}`"),
        format!("les sujets sont : {} ; ou rien, pour tout voir", SUBJECTS.join(", ")),
    ))
}

fn missing(prepared: &Prepared, subject: Option<&str>) -> Failure {
    let policy = prepared.ready.opened.registers.care.as_ref();
    match subject {
        _ if prepared.ready.opened.care.is_none() && policy.is_some() => Failure::usage(
            "`care.toml` ne nomme aucun capital : il n’y a pas de livre CARE",
            "ajoutez `[[capital]]` avec `id = \"climat\"`",
        ),
        Some("dialogue") if policy.is_some() => absent("programmes.toml"),
        Some("projets") if policy.is_some() => Failure::usage(
            "`care.toml` n’a pas de projet",
            "ajoutez un `[[projet]]` : `docs/registres.md` en donne un exemple",
        ),
        _ => absent("care.toml"),
    }
}

/// The entries that the rules generate, as a journal that stands alone.
fn written(common: &Common, year: Option<&str>, host: &mut Host) -> Result<u8, Failure> {
    if !matches!(common.format, None | Some(FormatName::Text | FormatName::Hledger)) {
        return Err(Failure::usage(
            "`care journal` est un journal",
            "lisez-le tel quel ; `compta journal --care -O json` donne toutes les écritures",
        ));
    }
    let ready = ready(common, host)?;
    let Some(care) = &ready.opened.care else { return Err(absent("care.toml")) };
    let years: Vec<FiscalYear> = if common.tout && year.is_none() {
        care.kept.years.iter().map(|kept| kept.year.clone()).collect()
    } else {
        vec![ready.year(year)?]
    };
    let text = journal(&ready.opened.books, &care.kept, &years);
    emit(text.as_bytes(), common, &ready.opened.books, host)?;
    Ok(0)
}

/// The entry of book F that would bring the provision to the open recoverable debt.
fn provision(common: &Common, year: Option<&str>, host: &mut Host) -> Result<u8, Failure> {
    if !matches!(common.format, None | Some(FormatName::Text)) {
        return Err(Failure::usage(
            "`care provision` propose une écriture",
            "`compta care -O json` donne la provision et la dette",
        ));
    }
    let ready = ready(common, host)?;
    let year = ready.year(year)?;
    let (Some(care), Some(policy)) = (&ready.opened.care, &ready.opened.registers.care) else {
        return Err(absent("care.toml"));
    };
    let provision = provisioned(&ready, &year);
    let text = proposal(&ready.opened.books, policy, &care.kept, &year, provision);
    let Some(text) = text else {
        return Err(Failure::usage(
            "`care.toml` ne nomme pas les comptes de la provision carbone",
            "ajoutez `[[provision]]` avec `comptes`, `dotation` et `reprise`",
        ));
    };
    emit(text.as_bytes(), common, &ready.opened.books, host)?;
    Ok(0)
}

/// The classic provision at the closing of a year.
fn provisioned(ready: &Ready, year: &FiscalYear) -> Decimal {
    let ledger = ready.annual.ledger(year);
    ledger.map_or(Decimal::ZERO, |ledger| {
        Balances::of(&ready.opened.books, ledger).provision.decimal()
    })
}
