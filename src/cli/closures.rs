use std::collections::BTreeMap;
use std::path::Path;

use super::failure::Failure;
use super::on_disk::Folder;
use crate::book::{ReadError, Sources};
use crate::care::ClosedPolicy;
use crate::closing::verify::SealedFolder;
use crate::closing::{
    CARE_JOURNAL, CLOSINGS, Closure, ClosureFiles, Closures, INVENTORY_JOURNAL, OPENING_JOURNAL,
    POLICY_COPY, RESULT_JOURNAL, Seal, SourceKind,
};
use crate::diagnostic::{Finding, SourceMap};
use crate::measure::FiscalYear;
use crate::register::{CarePolicy, Registers};

/// The folders of `clotures/`, by name; what is staged or locked begins with a dot.
///
/// # Errors
/// They cannot be listed.
pub(super) fn closure_names(folder: &Folder) -> Result<Vec<String>, Failure> {
    let mut names = folder.list(CLOSINGS).map_err(|error| Failure::unread(CLOSINGS, &error))?;
    names.retain(|name| !name.starts_with('.'));
    names.sort_unstable();
    Ok(names)
}

/// A file of a closing; `None` when it is not there.
fn read(folder: &Folder, path: &str) -> Result<Option<Vec<u8>>, Failure> {
    match folder.read(path) {
        Err(ReadError::Missing) => Ok(None),
        read => read.map(Some).map_err(|error| Failure::unread(path, &error)),
    }
}

/// The closings of a folder of books, as far as reports need them.
///
/// # Errors
/// A file of theirs is there and cannot be read.
pub(super) fn folder_closures(
    folder: &Folder,
    map: &mut SourceMap,
    findings: &mut Vec<Finding>,
) -> Result<Closures, Failure> {
    let journals = [INVENTORY_JOURNAL, CARE_JOURNAL, RESULT_JOURNAL, OPENING_JOURNAL, POLICY_COPY];
    let mut found = Vec::new();
    for name in closure_names(folder)? {
        let path = format!("{CLOSINGS}/{name}/sceau.txt");
        let bytes = read(folder, &path)?;
        let there = bytes.is_some();
        let mut own = BTreeMap::new();
        for journal in journals {
            let bytes = read(folder, &format!("{CLOSINGS}/{name}/{journal}"))?;
            own.extend(bytes.map(|bytes| (journal.to_owned(), bytes)));
        }
        let Some(id) = map.add(&path, bytes.unwrap_or_default()) else { continue };
        let source = map.get(id);
        let text = std::str::from_utf8(source.bytes()).ok().filter(|_| there);
        let at = source.span();
        found.push(ClosureFiles {
            seal: text.map(|text| (text.trim_start_matches('\u{feff}').replace("\r\n", "\n"), at)),
            at,
            journals: own,
            name,
        });
    }
    Ok(Closures::read(found, findings))
}

/// Everything in the folder of a closing, by path in it.
///
/// # Errors
/// Something is there and cannot be read.
pub(super) fn sealed_folder(folder: &Folder, name: &str) -> Result<SealedFolder, Failure> {
    let place = format!("{CLOSINGS}/{name}");
    let mut files = BTreeMap::new();
    gather(folder, &place, "", &mut files)?;
    Ok(SealedFolder { name: place, files })
}

fn gather(
    folder: &Folder,
    place: &str,
    below: &str,
    files: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(), Failure> {
    let here = if below.is_empty() { place.to_owned() } else { format!("{place}/{below}") };
    for name in folder.list(&here).map_err(|error| Failure::unread(&here, &error))? {
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        let full = format!("{place}/{path}");
        match folder.read(&full) {
            Ok(bytes) => {
                files.insert(path, bytes);
            }
            // A folder is no ordinary file; what is there and cannot be read is not missing. A closing has no
            // link: none is followed, for it may lead out, or round.
            Err(ReadError::Outside) if folder.holds_folder(&full) => {
                gather(folder, place, &path, files)?;
            }
            Err(ReadError::Outside | ReadError::Missing) => {}
            Err(error) => return Err(Failure::unread(&full, &error)),
        }
    }
    Ok(())
}

/// Every file of the books that a seal may speak of, by its path: journals, registers, forms.
pub(super) fn books_files(folder: &Folder) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let mut files = BTreeMap::new();
    below(folder, "", &mut files)?;
    Ok(files)
}

/// Adds the journals and registers that a seal names and that stand behind a link to a folder.
pub(super) fn behind_links(
    folder: &Folder,
    seal: &Seal,
    files: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(), Failure> {
    for source in &seal.sources {
        let elsewhere = source.kind == SourceKind::Generated || source.path.starts_with("compta/");
        if elsewhere || files.contains_key(&source.path) {
            continue;
        }
        match folder.read(&source.path) {
            Ok(bytes) => drop(files.insert(source.path.clone(), bytes)),
            Err(ReadError::Missing | ReadError::Outside) => {}
            Err(error) => return Err(Failure::unread(&source.path, &error)),
        }
    }
    Ok(())
}

/// Folders below are followed, links to folders are not: one may lead out of the books, or round. What is hidden,
/// published or sealed is none of the books.
fn below(
    folder: &Folder,
    path: &str,
    files: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(), Failure> {
    for name in folder.list(path).map_err(|error| Failure::unread(path, &error))? {
        let full = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
        let foreign =
            path.is_empty() && [CLOSINGS, "sorties", "pieces", "target"].contains(&&*name);
        if name.starts_with('.') || foreign {
            continue;
        }
        let kind = Path::new(&name).extension();
        let wanted = kind.is_some_and(|kind| kind == "journal" || kind == "toml");
        if !wanted {
            if folder.holds_folder(&full) {
                below(folder, &full, files)?;
            }
            continue;
        }
        match folder.read(&full) {
            Ok(bytes) => {
                files.insert(full, bytes);
            }
            Err(ReadError::Outside) if folder.holds_folder(&full) => below(folder, &full, files)?,
            Err(ReadError::Outside | ReadError::Missing) => {}
            Err(error) => return Err(Failure::unread(&full, &error)),
        }
    }
    Ok(())
}

/// The policies of closed years, where they are not today's; one for years that follow each other
/// under the same.
pub(super) fn closed_policies(
    closures: &Closures,
    live: Option<&str>,
    map: &mut SourceMap,
) -> Vec<ClosedPolicy> {
    let annual: Vec<&Closure> = closures.annual().collect();
    let plain = |text: &str| text.replace("\r\n", "\n");
    if annual.iter().all(|one| one.policy.as_deref() == live.map(plain).as_deref()) {
        return Vec::new();
    }
    let mut policies: Vec<(Option<String>, ClosedPolicy)> = Vec::new();
    for one in annual {
        let until = FiscalYear { name: one.seal.year.clone(), period: one.seal.period };
        if let Some((text, known)) = policies.last_mut()
            && *text == one.policy
        {
            known.until = until;
            continue;
        }
        let policy = one.policy.as_ref().and_then(|text| {
            // Under the name that sealed entries give it.
            let id = map.add_derived("care.toml", text.clone())?;
            let mut read = Registers::default();
            read.read("care.toml", text, map.get(id).base(), &mut Vec::new());
            read.care.filter(CarePolicy::keeps_a_ledger)
        });
        policies.push((one.policy.clone(), ClosedPolicy { policy, until }));
    }
    policies.into_iter().map(|(_, policy)| policy).collect()
}
