use std::path::Path;

use super::args::Common;
use super::assembly::{Subject, prepare};
use super::books::tell;
use super::failure::Failure;
use super::host::{Host, in_french};
use super::open::exit_code;
use super::ready::Scope;
use crate::assembly::knowledge;
use crate::diagnostic::{SourceMap, encoding};
use crate::register::published;
use crate::render::{comparison_document, comparison_words};
use crate::statement::published::compare;

/// Published figures against the books; exit 1 when one differs without a reason, or when a total
/// contradicts its own parts.
pub(super) fn against(
    common: &Common,
    year: Option<&str>,
    file: &Path,
    host: &mut Host,
) -> Result<u8, Failure> {
    let prepared = prepare(common, year, host)?;
    let bytes = host.read(file).map_err(|error| Failure::Unreadable {
        message: format!("`{}` ne se laisse pas lire : {}", file.display(), in_french(&error)),
        help: "donnez un fichier de chiffres publiés, comme `figures.toml`".to_owned(),
    })?;
    let mut sheets = Vec::new();
    for subject in Subject::ALL {
        sheets.extend(prepared.sheet(subject)?);
    }
    let known = knowledge(&prepared.meeting()?, &sheets);
    let mut findings = Vec::new();
    // The published file is no source of the books: it has a map of its own.
    let mut map = SourceMap::default();
    let Some(id) = map.add(file.display().to_string(), bytes) else { return Ok(0) };
    let source = map.get(id);
    let made = match std::str::from_utf8(source.bytes()) {
        Ok(text) => {
            let read = published(text, source.base(), &mut findings);
            compare(&read, &known, &mut findings)
        }
        Err(error) => {
            findings.push(encoding(source.bytes(), error.valid_up_to(), source.base()));
            return refused(&findings, &map, host);
        }
    };
    if !findings.is_empty() {
        return refused(&findings, &map, host);
    }
    let heading = prepared.ready.heading(common, &Scope::Year(prepared.year.clone()));
    let every = common.tout || common.format.is_some();
    let document = comparison_document(&made, &heading, every);
    prepared.ready.emit(&document, common, host)?;
    host.say(&format!("{}\n", comparison_words(&made)));
    Ok(u8::from(made.gaps() + made.false_totals() > 0))
}

fn refused(
    findings: &[crate::diagnostic::Finding],
    map: &SourceMap,
    host: &mut Host,
) -> Result<u8, Failure> {
    tell(findings, map, host);
    host.say(&format!("{}\n", crate::diagnostic::count(findings)));
    Err(Failure::Unsound(exit_code(findings)))
}
