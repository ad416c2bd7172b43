use super::args::{Common, FormatName};
use super::books::tell;
use super::failure::Failure;
use super::host::Host;
use super::open::{exit_code, open};
use super::ready::{Ready, Scope};
use crate::closing::controls::{
    Bench, Control, FixedAssets, controls as every, idle, readable, sheet,
};
use crate::diagnostic::count;
use crate::ledger::Annual;
use crate::measure::{FiscalYear, Number};
use crate::render::sheet_document;

/// How many facts of a control a screen shows.
pub(super) const SHOWN: usize = 12;

/// `compta controles`: the controls before a closing, on books that may be unsound.
pub(super) fn controls(
    common: &Common,
    year: Option<&str>,
    host: &mut Host,
) -> Result<u8, Failure> {
    if common.care {
        return Err(Failure::usage(
            "les contrôles portent sur les deux livres à la fois",
            "retirez `--care`",
        ));
    }
    let mut opened = open(common, host)?;
    // What was not read cannot be added up: only the controls that say so need no ledger.
    let whole = readable(&opened.books, &opened.findings);
    let annual = if whole { opened.annual() } else { Annual::default() };
    let mut ready = Ready::of(opened, annual);
    let year = if whole { ready.year(year)? } else { named(&ready, year)? };
    let assets = fixed_assets(&ready, &year);
    let bench = bench(&ready, &year, assets.as_ref());
    let made = every(&bench);
    let found = idle(&bench, &made);
    ready.opened.findings.extend(found);
    let findings = &ready.opened.findings;
    if !findings.is_empty() {
        tell(findings, ready.opened.books.sources(), host);
        host.say(&format!("{}\n", count(findings)));
    }
    let screen = matches!(common.format, None | Some(FormatName::Text));
    let sources = ready.opened.books.sources();
    let sheet = sheet(&made, &year.name, sources, screen.then_some(SHOWN));
    let heading = ready.heading(common, &Scope::Year(year));
    ready.emit(&sheet_document(&sheet, &heading), common, host)?;
    let blocked = made.iter().any(Control::blocks);
    Ok(exit_code(findings).max(u8::from(blocked)))
}

/// The year asked for, else that of the last entry, in books that could not be read whole.
pub(super) fn named(ready: &Ready, typed: Option<&str>) -> Result<FiscalYear, Failure> {
    let years = ready.opened.books.years();
    let known = match typed {
        Some(typed) => Some(years.named(typed).ok_or_else(|| ready.no_whole_year(typed))?),
        None => ready
            .opened
            .books
            .written()
            .filter_map(|entry| years.of(entry.date()))
            .max_by_key(|year| year.period),
    };
    known.map_or_else(|| ready.last(), Ok)
}

/// What the register of fixed assets says of a closing.
pub(super) fn fixed_assets(ready: &Ready, year: &FiscalYear) -> Option<FixedAssets> {
    let register = ready.opened.registers.assets.as_ref()?;
    let yielded = &ready.opened.yielded;
    let rank = yielded.years.iter().position(|known| known == year)?;
    let mut read = FixedAssets::default();
    for standing in yielded.assets.iter().filter(|standing| standing.year == rank) {
        let asset = &register.list[standing.asset];
        let euros = |amount| Number::exact(amount).sum();
        *read.gross.entry(asset.account.value.clone()).or_default() += euros(standing.gross);
        *read.depreciation.entry(standing.account.clone()).or_default() += euros(standing.closing);
        if standing.opening >= asset.base() && !standing.charge.is_zero() {
            read.exhausted.push((asset.id.value.clone(), asset.at));
        }
    }
    Some(read)
}

/// What the controls of a year look at.
pub(super) fn bench<'a>(
    ready: &'a Ready,
    year: &'a FiscalYear,
    assets: Option<&'a FixedAssets>,
) -> Bench<'a> {
    let opened = &ready.opened;
    Bench {
        books: &opened.books,
        annual: &ready.annual,
        registers: &opened.registers,
        axes: &opened.axes,
        care: opened.care.as_ref(),
        dossier: &opened.dossier,
        forms: &opened.forms,
        year,
        assets,
        findings: &opened.findings,
    }
}
