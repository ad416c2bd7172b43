use std::collections::BTreeSet;

use super::outcome::{PublishError, Published};
use super::storage::StorageErrorKind::{AlreadyThere, Busy, Missing};
use super::storage::{Storage, StorageError};

/// The folder of what is closed.
pub const CLOSINGS: &str = "clotures";

/// The file whose lock says that a closing is going on; it is empty, and stays.
const LOCK: &str = "clotures/.verrou";

/// A file to publish: its path in the published folder, and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedFile {
    /// The path, with `/` between parts.
    pub path: String,
    /// The whole of it.
    pub bytes: Vec<u8>,
}

/// Looks at the sources again, and names those that are no longer what was read.
pub type Unchanged<'a> = dyn FnMut(&dyn Storage) -> Result<Vec<String>, StorageError> + 'a;

/// Publishes files as `clotures/FOLDER`: all of them, durably, or none.
///
/// They are written and synced in a folder beside, whose renaming is the one step that a reader can
/// see. Nothing is renamed after a sync that failed, and no sync is asked twice. `unchanged` is
/// asked just before.
///
/// # Errors
/// What stopped it, and what is known of the place then.
pub fn publish(
    storage: &mut dyn Storage,
    folder: &str,
    files: &[PublishedFile],
    unchanged: &mut Unchanged<'_>,
) -> Result<Published, PublishError> {
    assert_paths(folder, files);
    let place = format!("{CLOSINGS}/{folder}");
    match storage.create_folder(CLOSINGS) {
        Err(error) if error.kind != AlreadyThere => return Err(error.into()),
        _ => {}
    }
    // Always: whoever made it may have died before this line.
    storage.sync_folder("")?;
    let _held = match storage.try_lock(LOCK) {
        Err(error) if error.kind == Busy => return Err(PublishError::Busy),
        held => held?,
    };
    // The lock is ours, so whatever is staged belongs to the dead.
    let mut removed = leftovers(storage);
    removed.retain(|left| storage.remove_tree(left).is_ok());
    if storage.exists(&place)? {
        confirm(storage, folder)?;
        return Err(PublishError::AlreadyClosed { place });
    }

    let staging = free_name(storage, folder)?;
    storage.create_folder(&staging)?;
    let ready = stage(storage, &staging, files).and_then(|()| unchanged(storage));
    match ready {
        Ok(paths) if paths.is_empty() => {}
        refused => {
            // What stopped us matters more than what is left of it: the next run removes that.
            let _ = storage.remove_tree(&staging);
            return Err(match refused {
                Ok(paths) => PublishError::SourcesChanged { paths },
                Err(cause) => cause.into(),
            });
        }
    }
    // The commit point: before it nothing is seen, after it all is.
    if let Err(cause) = storage.rename_no_replace(&staging, &place) {
        return Err(not_renamed(storage, &staging, place, cause));
    }
    match storage.sync_folder(CLOSINGS) {
        Err(cause) => Err(PublishError::PublishedNotDurable { place, cause }),
        Ok(()) => Ok(Published { place, removed }),
    }
}

/// Makes durable what an earlier run published without being able to say so.
///
/// # Errors
/// It is not there, or the storage refuses again.
pub fn confirm(storage: &mut dyn Storage, folder: &str) -> Result<(), PublishError> {
    let place = format!("{CLOSINGS}/{folder}");
    if !storage.exists(&place)? {
        return Err(StorageError::new(Missing, &place).into());
    }
    let synced = storage.sync_folder(CLOSINGS).and_then(|()| storage.sync_folder(""));
    synced.map_err(|cause| PublishError::PublishedNotDurable { place, cause })
}

/// What runs left unfinished in `clotures/`; one that goes on now has its own there too.
pub fn leftovers(storage: &dyn Storage) -> Vec<String> {
    let names = storage.list(CLOSINGS).unwrap_or_default();
    let left = names.iter().filter(|name| is_staging(name));
    left.map(|name| format!("{CLOSINGS}/{name}")).collect()
}

/// Whether a name is that of a staging folder: `.2024.tmp-1`.
fn is_staging(name: &str) -> bool {
    let parts = name.strip_prefix('.').and_then(|rest| rest.rsplit_once(".tmp-"));
    parts.is_some_and(|(folder, number)| {
        !folder.is_empty() && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// A staging folder that is not there: the first number that no leftover has kept.
fn free_name(storage: &dyn Storage, folder: &str) -> Result<String, StorageError> {
    let names = storage.list(CLOSINGS)?;
    let all = (1_u64..).map(|number| format!(".{folder}.tmp-{number}"));
    let mut free = all.filter(|name| !names.contains(name));
    Ok(free.next().map(|name| format!("{CLOSINGS}/{name}")).unwrap_or_default())
}

/// Writes the files in the staging folder, and makes all of it durable, the deepest folder first.
fn stage(
    storage: &mut dyn Storage,
    staging: &str,
    files: &[PublishedFile],
) -> Result<(), StorageError> {
    let mut folders = BTreeSet::from([staging.to_owned()]);
    for file in files {
        let path = format!("{staging}/{}", file.path);
        for (at, _) in file.path.match_indices('/') {
            let folder = format!("{staging}/{}", &file.path[..at]);
            if !folders.contains(&folder) {
                storage.create_folder(&folder)?;
                folders.insert(folder);
            }
        }
        storage.create_file(&path, &file.bytes)?;
        storage.sync_file(&path)?;
    }
    // A folder sorts before what it holds.
    folders.iter().rev().try_for_each(|folder| storage.sync_folder(folder))
}

/// What a renaming that failed has left: a network can lose the answer of one that took place.
fn not_renamed(
    storage: &mut dyn Storage,
    staging: &str,
    place: String,
    cause: StorageError,
) -> PublishError {
    match (storage.exists(staging), storage.exists(&place)) {
        (Ok(true), Ok(there)) => {
            let _ = storage.remove_tree(staging);
            if there { PublishError::AlreadyClosed { place } } else { cause.into() }
        }
        (Ok(false), Ok(true)) => PublishError::PublishedNotDurable { place, cause },
        _ => PublishError::Uncertain { place, cause },
    }
}

/// Paths stay inside, and none is hidden or said twice: only we can write one that does not.
fn assert_paths(folder: &str, files: &[PublishedFile]) {
    let plain = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains('\\');
    assert!(plain(folder) && !folder.contains('/'), "`{folder}` is no name for a closing");
    let mut seen = BTreeSet::new();
    for file in files {
        assert!(file.path.split('/').all(plain), "`{}` is no path to publish", file.path);
        assert!(seen.insert(&file.path), "`{}` is published twice", file.path);
    }
}

#[cfg(test)]
mod tests {
    use super::{PublishedFile, assert_paths, is_staging};

    #[test]
    fn only_what_a_run_stages_is_a_leftover() {
        for name in [".2024.tmp-1", ".2024-2025.tmp-12"] {
            assert!(is_staging(name), "{name}");
        }
        let others =
            ["2024", ".verrou", ".tmp-1", "..tmp-1", ".2024.tmp-1x", ".2024.tmp-", "2024.tmp-1"];
        for name in others {
            assert!(!is_staging(name), "{name}");
        }
    }

    /// A path that leads out, that hides, or that is said twice is our fault, and nothing is published.
    #[test]
    fn only_plain_paths_are_published() {
        let publish = |folder: &str, paths: &[&str]| {
            let file = |path: &&str| PublishedFile { path: (*path).to_owned(), bytes: Vec::new() };
            let files: Vec<PublishedFile> = paths.iter().map(file).collect();
            std::panic::catch_unwind(|| assert_paths(folder, &files)).is_ok()
        };
        assert!(publish("2024", &["sceau.txt", "etats/bilan.txt", "etats/bilan.csv"]));
        for (folder, paths) in [
            ("", ["a"].as_slice()),
            (".2024", &["a"]),
            ("2024/x", &["a"]),
            ("2024\\x", &["a"]),
            ("2024", &["../a"]),
            ("2024", &["/a"]),
            ("2024", &["etats//a"]),
            ("2024", &["etats/.a"]),
            ("2024", &["a\\b"]),
            ("2024", &["a", "b", "a"]),
        ] {
            assert!(!publish(folder, paths), "{folder} {paths:?}");
        }
    }
}
