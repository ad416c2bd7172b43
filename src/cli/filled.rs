use std::io;
use std::path::Path;

use super::args::Common;
use super::books::tell_of_file;
use super::failure::Failure;
use super::host::{Host, in_french};
use super::open::{Opened, open_with};
use super::ready::Ready;
use crate::diagnostic::{Finding, SourceMap, count};
use crate::exchange::grid::{Grid, grid};
use crate::measure::FiscalYear;
use crate::render::visible;

/// A sheet that was read, with its text among sources of its own.
pub(super) struct Sheet {
    pub(super) grid: Grid,
    pub(super) places: Vec<Vec<std::ops::Range<usize>>>,
    pub(super) base: u32,
    sources: SourceMap,
}

/// Reads a sheet: that of a name when the workbook has it, else its first.
pub(super) fn sheet(file: &Path, wanted: &str, host: &Host) -> Result<Sheet, Failure> {
    // A name may hold what a terminal would obey.
    let shown = visible(&file.display().to_string());
    let unreadable = |why: String, help: &str| Failure::Unreadable {
        message: format!("`{shown}` ne se laisse pas lire : {why}"),
        help: help.to_owned(),
    };
    let bytes = host
        .read(file)
        .map_err(|error| unreadable(in_french(&error), "vérifiez le chemin et les droits"))?;
    let name =
        file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let grid =
        grid(&name, bytes, wanted).map_err(|error| unreadable(error.to_string(), error.help()))?;
    let (text, places) = grid.text();
    let mut sources = SourceMap::default();
    let id = sources.add(visible(&name), text.into_bytes());
    let base = id.map_or(0, |id| sources.get(id).base());
    Ok(Sheet { grid, places, base, sources })
}

impl Sheet {
    /// Shows what is wrong in the sheet, and stops when something is.
    pub(super) fn sound(&self, findings: &[Finding], host: &mut Host) -> Result<(), Failure> {
        if findings.iter().any(Finding::is_error) {
            tell_of_file(findings, &self.sources, host);
            host.say(&format!("{} : rien n’a été écrit\n", count(findings)));
            return Err(Failure::Unsound(1));
        }
        Ok(())
    }
}

/// The physical activities that have a factor, each with the symbol of its unit.
pub(super) fn activities(opened: &Opened) -> Vec<(String, String)> {
    let factors = opened.care.iter().flat_map(|care| &care.factors.list);
    factors.map(|factor| (factor.id.clone(), factor.symbol.clone())).collect()
}

/// The next free number of a journal in a year.
pub(super) fn next_number(opened: &Opened, year: &FiscalYear, journal: &str) -> u32 {
    let code = super::allocate::next_code(opened, year, journal);
    code.rsplit_once('-').and_then(|(_, number)| number.parse().ok()).unwrap_or(1)
}

/// A file of the books, as it was read and as it is to be.
pub(super) struct Changed {
    pub(super) path: String,
    pub(super) before: Option<Vec<u8>>,
    pub(super) after: Vec<u8>,
}

/// A text that joins another, with its ends of line.
pub(super) fn with_line_ends(other: &str, text: String) -> String {
    if other.contains("\r\n") { text.replace("\r\n", "\n").replace('\n', "\r\n") } else { text }
}

/// A file of the books as it is; nothing when it is not there. One that cannot be read is never taken for absent:
/// it would be replaced.
pub(super) fn as_it_is(
    opened: &Opened,
    path: &str,
    host: &Host,
) -> Result<Option<Vec<u8>>, Failure> {
    match host.read(&opened.folder.join(path)) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::Unreadable {
            message: format!("`{path}` ne se laisse pas lire : {}", in_french(&error)),
            help: "vérifiez les droits ; rien n’a été écrit".to_owned(),
        }),
    }
}

/// Makes sure that the books would be sound with some files, and read them.
pub(super) fn tried(
    common: &Common,
    ready: &Ready,
    files: &[Changed],
    host: &mut Host,
) -> Result<(), Failure> {
    let seen = planned(common, ready, files, host)?;
    if seen.findings.iter().any(Finding::is_error) {
        seen.sound(host)?;
    }
    Ok(())
}

/// The books as they would be with some files, every journal of which an inclusion reads.
pub(super) fn planned(
    common: &Common,
    ready: &Ready,
    files: &[Changed],
    host: &mut Host,
) -> Result<Opened, Failure> {
    let planned: Vec<(String, Vec<u8>)> =
        files.iter().map(|file| (file.path.clone(), file.after.clone())).collect();
    let seen = open_with(common, host, &planned)?;
    for path in files.iter().map(|file| &file.path).filter(|path| path.ends_with(".journal")) {
        if seen.books.sources().iter().all(|source| source.name() != path) {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            return Err(Failure::usage(
                format!("aucune inclusion ne lirait `{path}` : rien n’a été écrit"),
                format!(
                    "ajoutez `include {folder}/*.journal` à `{}`, puis relancez",
                    ready.opened.dossier.journal
                ),
            ));
        }
    }
    Ok(seen)
}

/// Writes files of the books, all or none; one that changed since it was read stops all.
pub(super) fn write_books(
    ready: &Ready,
    files: &[Changed],
    host: &mut Host,
) -> Result<(), Failure> {
    let root = &ready.opened.folder;
    let _held = host.hold(root);
    for file in files {
        if as_it_is(&ready.opened, &file.path, host)? != file.before {
            return Err(Failure::usage(
                format!("`{}` a changé pendant l’import : rien n’a été écrit", file.path),
                "relancez",
            ));
        }
        if let Some((folder, _)) = file.path.rsplit_once('/') {
            host.make_folder(&root.join(folder))?;
        }
    }
    let all: Vec<_> =
        files.iter().map(|file| (root.join(&file.path), file.after.as_slice())).collect();
    host.write_all(&all)
}
