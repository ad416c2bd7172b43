use serde::Serialize;

use super::annotations::annotations;
use super::args::{Common, FormatName};
use super::failure::Failure;
use super::filled::as_it_is;
use super::host::Host;
use super::open::{Opened, emit, exit_code, open};
use crate::diagnostic::{Code, Finding, Severity, Source, SourceMap, Style, count, show};
use crate::journal::{Sink, lay_out, tree};
use crate::measure::signed_words;

/// Findings shown on a terminal before the rest is only counted.
const SHOWN: usize = 50;

/// Shows findings on stderr.
pub(super) fn tell(findings: &[Finding], sources: &SourceMap, host: &mut Host) {
    let text = drawn(findings, sources, style(host), ALL_OF_BOOKS);
    host.say(&text);
}

/// The same of a file that is no part of the books: the first of them, the rest counted.
pub(super) fn tell_of_file(findings: &[Finding], sources: &SourceMap, host: &mut Host) {
    let text = drawn(findings, sources, style(host), "corrigez celles-ci, puis relancez");
    host.say(&text);
}

fn style(host: &Host) -> Style {
    if host.coloured() { Style::Coloured } else { Style::Plain }
}

/// What gives every finding of the books.
const ALL_OF_BOOKS: &str = "`compta check -O json` les donne toutes";

fn drawn(findings: &[Finding], sources: &SourceMap, style: Style, rest: &str) -> String {
    let mut text = String::new();
    for finding in findings.iter().take(SHOWN) {
        text.push_str(&show(finding, sources, style));
        text.push('\n');
    }
    if findings.len() > SHOWN {
        let more = findings.len() - SHOWN;
        text.push_str(&format!("… et {more} autres ; {rest}\n\n"));
    }
    text
}

/// `compta check`.
pub(super) fn check(common: &Common, host: &mut Host) -> Result<u8, Failure> {
    let mut opened = open(common, host)?;
    if opened.books.receives() && !opened.findings.iter().any(Finding::is_error) {
        opened.annual();
    }
    let (books, findings) = (&opened.books, &opened.findings);
    let errors = findings.iter().any(Finding::is_error);
    let report = match common.format {
        Some(FormatName::Json) => check_json(&opened),
        Some(FormatName::Github) => annotations(&opened, host),
        Some(FormatName::Text) | None => {
            let mut text = drawn(findings, books.sources(), style(host), ALL_OF_BOOKS);
            if errors {
                text.push_str(&format!("{}\n", count(findings)));
            } else {
                text.push_str(&summary(&opened));
            }
            text
        }
        Some(_) => {
            return Err(Failure::usage("`check` sort en text, json ou github", "donnez `-O json`"));
        }
    };
    emit(report.as_bytes(), common, books, host)?;
    Ok(exit_code(findings))
}

fn summary(opened: &Opened) -> String {
    let books = &opened.books;
    let (mut entries, mut lines) = (0, 0);
    books.visit(|_, derived, postings| {
        if derived.is_none() {
            entries += 1;
            lines += postings.len();
        }
    });
    let files = books.sources().iter().filter(|source| books.is_journal(source)).count();
    format!(
        "{}, {}, {} : {}\n",
        signed_words(entries, "écriture"),
        signed_words(lines, "ligne"),
        signed_words(files, "fichier"),
        if opened.findings.is_empty() {
            "livres sains".to_owned()
        } else {
            count(&opened.findings)
        }
    )
}

/// What `compta check -O json` says.
#[derive(Serialize)]
struct CheckReport<'a> {
    schema: &'static str,
    entries: usize,
    errors: usize,
    warnings: usize,
    findings: Vec<FindingReport<'a>>,
}

/// A finding, with its place.
#[derive(Serialize)]
struct FindingReport<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    label: &'a str,
    help: &'a str,
    file: String,
    line: usize,
    column: usize,
}

fn check_json(opened: &Opened) -> String {
    let sources = opened.books.sources();
    let mut entries = 0_usize;
    opened.books.visit(|_, derived, _| entries += usize::from(derived.is_none()));
    let findings: Vec<FindingReport<'_>> = opened
        .findings
        .iter()
        .map(|finding| {
            let (code, place) = (finding.code, sources.place(finding.at));
            FindingReport {
                code: code.text(),
                severity: code.severity().word(),
                message: &finding.message,
                label: &finding.label,
                help: &finding.help,
                file: place.source,
                line: place.line,
                column: place.column,
            }
        })
        .collect();
    let errors = opened.findings.iter().filter(|finding| finding.is_error()).count();
    let report = CheckReport {
        schema: "compta/check/1",
        entries,
        errors,
        warnings: findings.len() - errors,
        findings,
    };
    serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"
}

/// `compta explain CODE`.
pub(super) fn explain(common: &Common, text: &str, host: &mut Host) -> Result<u8, Failure> {
    if common.format.is_some() || common.output.is_some() {
        return Err(Failure::usage("`explain` parle à l’écran", "retirez `-O` et `-o`"));
    }
    let Some(code) = Code::parse(text) else {
        let near = Code::ALL
            .iter()
            .map(|code| (strsim::osa_distance(code.text(), &text.to_uppercase()), code.text()))
            .min();
        let help = near.map_or_else(String::new, |(_, code)| format!("le plus proche est {code}"));
        return Err(Failure::usage(format!("code inconnu : `{text}`"), help));
    };
    let severity = match code.severity() {
        Severity::Error => "erreur : arrête les rapports",
        Severity::Warning => "avertissement : n’arrête rien",
    };
    host.put(
        format!("{code} – {}\n({severity})\n\n{}\n", code.title(), code.explanation()).as_bytes(),
    )?;
    Ok(0)
}

/// Only looks whether a text can be read.
#[derive(Default)]
struct Reads {
    findings: Vec<Finding>,
}

impl<'t> Sink<'t> for Reads {
    fn entry(&mut self, _: &tree::Entry<'t>, _: &[tree::Posting<'t>]) {}
    fn plan(&mut self, _: &tree::Plan<'t>, _: &[tree::Posting<'t>]) {}
    fn directive(&mut self, _: tree::Directive<'t>) {}
    fn finding(&mut self, finding: Finding) {
        self.findings.push(finding);
    }
}

/// `compta fmt`: every journal of the books, each written whole or not at all.
pub(super) fn fmt(common: &Common, only_check: bool, host: &mut Host) -> Result<u8, Failure> {
    let opened = open(common, host)?;
    let books = &opened.books;
    let (mut changed, mut refused) = (Vec::new(), Vec::new());
    for source in books.sources().iter() {
        let is_journal = opened.books.is_journal(source);
        let Ok(text) = std::str::from_utf8(source.bytes()) else {
            continue;
        };
        if !is_journal || source.bytes().trim_ascii().is_empty() {
            continue;
        }
        let better = lay_out(text, books);
        let mut reads = Reads::default();
        let marked = better.strip_prefix('\u{feff}').unwrap_or(&better);
        crate::journal::read(marked, 0, &mut reads);
        if !reads.findings.is_empty() {
            refused.push(source.name().to_owned());
        } else if better != text {
            changed.push((source.name().to_owned(), better));
        }
    }
    for name in &refused {
        host.say(&format!("{name} : laissé tel quel, des lignes ne se lisent pas\n"));
    }
    if !refused.is_empty() {
        let unread: Vec<Finding> = opened
            .findings
            .iter()
            .filter(|finding| {
                refused.iter().any(|name| name == books.sources().source_of(finding.at).name())
            })
            .cloned()
            .collect();
        tell(&unread, books.sources(), host);
    }
    if !only_check {
        // What another run adds between the reading and the writing would be lost.
        let _held = host.hold(&opened.folder);
        for (name, _) in &changed {
            let read = books.sources().iter().find(|source| source.name() == name);
            let now = as_it_is(&opened, name, host)?;
            if read.map(Source::bytes) != now.as_deref() {
                return Err(Failure::usage(
                    format!("`{name}` a changé pendant la commande : rien n’a été écrit"),
                    "relancez `compta fmt`",
                ));
            }
        }
        let files: Vec<_> = changed
            .iter()
            .map(|(name, text)| (opened.folder.join(name), text.as_bytes()))
            .collect();
        host.write_all(&files)?;
    }
    for (name, _) in &changed {
        let done = if only_check { "serait remis en forme" } else { "remis en forme" };
        host.put(format!("{name} {done}\n").as_bytes())?;
    }
    if changed.is_empty() && refused.is_empty() {
        host.put("tout est en forme\n".as_bytes())?;
    }
    Ok(u8::from(!refused.is_empty() || (only_check && !changed.is_empty())))
}
