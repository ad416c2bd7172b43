use std::path::{Path, PathBuf};

use super::args::{Common, FormatName};
use super::failure::Failure;
use super::host::{Folder, Host};
use crate::book::{Books, ReadError, Sources, Years, load};
use crate::diagnostic::{Code, Finding, Severity, SourceMap, Style, count, show};
use crate::journal::{Sink, lay_out, tree};
use crate::ledger::View;
use crate::register::{Dossier, dossier};
use crate::render::signed_words;
use crate::statement::{Form, forms};

/// Findings shown on a terminal before the rest is only counted.
const SHOWN: usize = 50;

/// The books of a command, read and checked.
pub(super) struct Opened {
    pub(super) books: Books,
    pub(super) dossier: Dossier,
    pub(super) forms: Vec<Form>,
    pub(super) findings: Vec<Finding>,
    /// The folder of the books.
    pub(super) folder: PathBuf,
}

/// Where the books are: a folder, and the journal to begin with.
struct Place {
    folder: PathBuf,
    /// The journal when `-f` gave it; else `compta.toml` says.
    file: Option<String>,
}

/// Finds `compta.toml` upward, or takes what `-C` or `-f` gives.
fn place(common: &Common, host: &Host) -> Result<Place, Failure> {
    if let Some(file) = &common.file {
        let name = file
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_owned();
        if !host.is_file(file) {
            let message = if host.is_folder(file) {
                format!("`{}` est un dossier, pas un journal", file.display())
            } else {
                format!("`{}` n’existe pas", file.display())
            };
            let help = "vérifiez le chemin du journal".to_owned();
            return Err(Failure::Unreadable { message, help });
        }
        let folder = file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        return Ok(Place {
            folder: folder.unwrap_or(Path::new(".")).to_owned(),
            file: Some(name),
        });
    }
    if let Some(folder) = &common.folder {
        if !host.is_folder(folder) {
            let message = format!("le dossier `{}` n’existe pas", folder.display());
            return Err(Failure::Unreadable {
                message,
                help: "vérifiez le chemin donné à `-C`".to_owned(),
            });
        }
        if !host.is_file(&folder.join("compta.toml")) {
            let message = format!("`{}` n’a pas de `compta.toml`", folder.display());
            return Err(Failure::NoBooks { message });
        }
        return Ok(Place {
            folder: folder.clone(),
            file: None,
        });
    }
    let mut folder = host.folder().to_owned();
    loop {
        if host.is_file(&folder.join("compta.toml")) {
            return Ok(Place { folder, file: None });
        }
        if !folder.pop() {
            let message = "aucun `compta.toml` ici ni dans les dossiers au-dessus".to_owned();
            return Err(Failure::NoBooks { message });
        }
    }
}

/// Reads the books that a command speaks of; the findings come with them.
pub(super) fn open(common: &Common, host: &Host) -> Result<Opened, Failure> {
    let place = place(common, host)?;
    let unreadable = |what: &Path, why: &dyn std::fmt::Display| Failure::Unreadable {
        message: format!("`{}` ne se laisse pas lire : {why}", what.display()),
        help: "vérifiez le chemin et les droits".to_owned(),
    };
    let folder =
        Folder::open(host, &place.folder).map_err(|error| unreadable(&place.folder, &error))?;
    let (mut map, mut findings) = (SourceMap::default(), Vec::new());
    let mut read = Dossier::default();
    let mut own_forms = Vec::new();
    if place.file.is_none() {
        let path = place.folder.join("compta.toml");
        let bytes = host
            .read(&path)
            .map_err(|error| unreadable(&path, &error))?;
        if let Some(id) = map.add("compta.toml", bytes) {
            let source = map.get(id);
            match std::str::from_utf8(source.bytes()) {
                Ok(text) => read = dossier(text, source.base(), &mut findings),
                Err(error) => return Err(unreadable(&path, &error)),
            }
        }
        own_forms = folder_forms(&folder);
    }
    let forms = forms(own_forms, &mut map, &mut findings);
    let journal = place.file.unwrap_or_else(|| read.journal.clone());
    let years = Years::listed(read.years.clone());
    let (books, mut found) =
        load(&journal, &folder, years, map, host.threads()).map_err(|(_, error)| {
            let why = match error {
                ReadError::Missing => "il n’existe pas".to_owned(),
                ReadError::Outside => "ce n’est pas un fichier ordinaire du dossier".to_owned(),
                ReadError::Other(why) => why,
            };
            unreadable(Path::new(&journal), &why)
        })?;
    findings.append(&mut found);
    Ok(Opened {
        books,
        dossier: read,
        forms,
        findings,
        folder: folder.root().to_owned(),
    })
}

/// The forms of the books' own folder, in alphabetical order.
fn folder_forms(folder: &Folder) -> Vec<(String, Vec<u8>)> {
    let mut names = folder.list("formes");
    names.retain(|name| Path::new(name).extension().is_some_and(|ext| ext == "toml"));
    names.sort_unstable();
    names
        .into_iter()
        .filter_map(|name| {
            let path = format!("formes/{name}");
            folder.read(&path).ok().map(|bytes| (path, bytes))
        })
        .collect()
}

impl Opened {
    /// Stops a report on unsound books: shows every finding on stderr.
    pub(super) fn sound(self, host: &mut Host) -> Result<Self, Failure> {
        if self.findings.iter().any(Finding::is_error) {
            tell(&self.findings, self.books.sources(), host);
            host.say(&format!(
                "{} : le rapport est refusé, rien n’a été écrit\n",
                count(&self.findings)
            ));
            return Err(Failure::Unsound);
        }
        if !self.findings.is_empty() {
            tell(&self.findings, self.books.sources(), host);
            host.say(&format!("{}\n", count(&self.findings)));
        }
        Ok(self)
    }
}

/// Shows findings on stderr.
pub(super) fn tell(findings: &[Finding], sources: &SourceMap, host: &mut Host) {
    let style = if host.coloured() {
        Style::Coloured
    } else {
        Style::Plain
    };
    let text = drawn(findings, sources, style);
    host.say(&text);
}

fn drawn(findings: &[Finding], sources: &SourceMap, style: Style) -> String {
    let mut text = String::new();
    for finding in findings.iter().take(SHOWN) {
        text.push_str(&show(finding, sources, style));
        text.push('\n');
    }
    if findings.len() > SHOWN {
        let more = findings.len() - SHOWN;
        text.push_str(&format!(
            "… et {more} autres ; `compta check -O json` les donne toutes\n\n"
        ));
    }
    text
}

/// `compta check`.
pub(super) fn check(common: &Common, host: &mut Host) -> Result<u8, Failure> {
    let opened = open(common, host)?;
    let (books, findings) = (&opened.books, &opened.findings);
    let errors = findings.iter().any(Finding::is_error);
    let report = match common.format {
        Some(FormatName::Json) => check_json(&opened),
        Some(FormatName::Text) | None => {
            let style = if host.coloured() {
                Style::Coloured
            } else {
                Style::Plain
            };
            let mut text = drawn(findings, books.sources(), style);
            if errors {
                text.push_str(&format!("{}\n", count(findings)));
            } else {
                text.push_str(&summary(&opened));
            }
            text
        }
        Some(_) => {
            return Err(Failure::usage(
                "`check` sort en text ou en json",
                "donnez `-O json`",
            ));
        }
    };
    emit(report.as_bytes(), common, books, host)?;
    Ok(u8::from(errors))
}

fn summary(opened: &Opened) -> String {
    let books = &opened.books;
    let (mut entries, mut lines) = (0, 0);
    books.visit(|_, _, postings| {
        entries += 1;
        lines += postings.len();
    });
    let files = books
        .sources()
        .iter()
        .filter(|source| books.is_journal(source))
        .count();
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

fn check_json(opened: &Opened) -> String {
    let sources = opened.books.sources();
    let mut entries = 0_usize;
    opened.books.visit(|_, _, _| entries += 1);
    let of = |finding: &Finding| {
        let place = sources.place(finding.at);
        serde_json::json!({
            "code": finding.code.text(),
            "severity": finding.code.severity().word(),
            "message": finding.message,
            "label": finding.label,
            "help": finding.help,
            "file": place.source,
            "line": place.line,
            "column": place.column,
        })
    };
    let errors = opened
        .findings
        .iter()
        .filter(|finding| finding.is_error())
        .count();
    let report = serde_json::json!({
        "schema": "compta/check/1",
        "entries": entries,
        "errors": errors,
        "warnings": opened.findings.len() - errors,
        "findings": opened.findings.iter().map(of).collect::<Vec<_>>(),
    });
    serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"
}

/// Puts a report where the user wants it; a file of the books is never overwritten.
pub(super) fn emit(
    bytes: &[u8],
    common: &Common,
    books: &Books,
    host: &mut Host,
) -> Result<(), Failure> {
    let Some(path) = common
        .output
        .as_ref()
        .filter(|path| path.as_os_str() != "-")
    else {
        return host.put(bytes);
    };
    if let Ok(real) = host.real(path) {
        let is_source = books
            .sources()
            .iter()
            .any(|source| real.ends_with(source.name()));
        if is_source
            || real
                .extension()
                .is_some_and(|ext| ext == "journal" || ext == "toml")
        {
            return Err(Failure::usage(
                format!(
                    "`{}` est un fichier des livres : il ne sera pas remplacé",
                    path.display()
                ),
                "donnez un autre nom à `-o`",
            ));
        }
    }
    host.write(path, bytes)
}

/// The ledger that the options ask for, else the usual one.
pub(super) fn view(common: &Common) -> View {
    if common.care {
        View::Care
    } else {
        View::Classic
    }
}

/// `compta explain CODE`.
pub(super) fn explain(text: &str, host: &mut Host) -> Result<u8, Failure> {
    let Some(code) = Code::parse(text) else {
        let near = Code::ALL
            .iter()
            .map(|code| {
                (
                    strsim::osa_distance(code.text(), &text.to_uppercase()),
                    code.text(),
                )
            })
            .min();
        let help = near.map_or_else(String::new, |(_, code)| {
            format!("le plus proche est {code}")
        });
        return Err(Failure::usage(format!("code inconnu : `{text}`"), help));
    };
    let severity = match code.severity() {
        Severity::Error => "erreur : arrête les rapports",
        Severity::Warning => "avertissement : n’arrête rien",
    };
    host.put(
        format!(
            "{code} – {}\n({severity})\n\n{}\n",
            code.title(),
            code.explanation()
        )
        .as_bytes(),
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
        host.say(&format!(
            "{name} : laissé tel quel, des lignes ne se lisent pas\n"
        ));
    }
    if !refused.is_empty() {
        let unread: Vec<Finding> = opened
            .findings
            .iter()
            .filter(|finding| {
                refused
                    .iter()
                    .any(|name| name == books.sources().source_of(finding.at).name())
            })
            .cloned()
            .collect();
        tell(&unread, books.sources(), host);
    }
    for (name, text) in &changed {
        if only_check {
            host.put(format!("{name} serait remis en forme\n").as_bytes())?;
        } else {
            host.write(&opened.folder.join(name), text.as_bytes())?;
            host.put(format!("{name} remis en forme\n").as_bytes())?;
        }
    }
    if changed.is_empty() && refused.is_empty() {
        host.put("tout est en forme\n".as_bytes())?;
    }
    Ok(u8::from(
        !refused.is_empty() || (only_check && !changed.is_empty()),
    ))
}
