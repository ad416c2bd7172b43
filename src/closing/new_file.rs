use thiserror::Error;

use super::storage::StorageErrorKind::AlreadyThere;
use super::storage::{Storage, StorageError};

/// Why a new file was not written, or why it is not sure.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WriteError {
    /// Something has that name, and is left as it is.
    #[error("`{path}` existe déjà ; rien n’a été écrit")]
    AlreadyThere {
        /// Where.
        path: String,
    },
    /// The storage refused before anything could be seen.
    #[error("{0} ; rien n’a été écrit")]
    NotWritten(#[from] StorageError),
    /// The file is in its place, but a power cut could still lose it.
    #[error("`{path}` est écrit, durabilité non confirmée : {cause}")]
    WrittenNotDurable {
        /// Where.
        path: String,
        /// What the storage refused.
        cause: StorageError,
    },
    /// The storage refused the last step, and then did not say what had come of it.
    #[error("on ne sait pas si `{path}` est écrit : {cause}")]
    Uncertain {
        /// Where.
        path: String,
        /// What the storage refused.
        cause: StorageError,
    },
}

impl WriteError {
    /// What to do next.
    pub fn help(&self) -> String {
        match self {
            Self::AlreadyThere { .. } => AlreadyThere.help().to_owned(),
            Self::NotWritten(cause) => cause.kind.help().to_owned(),
            Self::WrittenNotDurable { .. } => {
                "faites une copie des livres, vérifiez le disque, puis relancez".to_owned()
            }
            Self::Uncertain { path, .. } => format!(
                "vérifiez le disque, puis relancez : `{path}` est entier ou absent, et compta le \
                 dira"
            ),
        }
    }
}

/// Writes one new file: the whole of it, durably, or nothing.
///
/// It is written and synced beside its place, then renamed if nothing has that name. No lock is
/// taken: of two writers one wins and the other is told. What a dead one has left (`.NAME.new-1`)
/// could be that of one at work, and stays.
///
/// # Errors
/// What stopped it, and what is known of the file then.
pub fn write_new(storage: &mut dyn Storage, path: &str, bytes: &[u8]) -> Result<(), WriteError> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let place = path.to_owned();
    if storage.exists(path)? {
        // Who wrote it may have died before this.
        return Err(match storage.sync_folder(folder) {
            Ok(()) => WriteError::AlreadyThere { path: place },
            Err(cause) => WriteError::WrittenNotDurable { path: place, cause },
        });
    }
    let mut number = 1_u64;
    let (beside, written) = loop {
        let beside = name_beside(path, number);
        match storage.create_file(&beside, bytes) {
            Err(error) if error.kind == AlreadyThere => number += 1,
            written => break (beside, written),
        }
    };
    if let Err(cause) = written.and_then(|()| storage.sync_file(&beside)) {
        // What stopped us matters more than what is left of it.
        let _ = storage.remove_tree(&beside);
        return Err(cause.into());
    }
    if let Err(cause) = storage.rename_no_replace(&beside, path) {
        return Err(match (storage.exists(&beside), storage.exists(path)) {
            (Ok(true), Ok(there)) => {
                let _ = storage.remove_tree(&beside);
                if there { WriteError::AlreadyThere { path: place } } else { cause.into() }
            }
            (Ok(false), Ok(true)) => WriteError::WrittenNotDurable { path: place, cause },
            _ => WriteError::Uncertain { path: place, cause },
        });
    }
    let synced = storage.sync_folder(folder);
    synced.map_err(|cause| WriteError::WrittenNotDurable { path: place, cause })
}

/// The hidden name under which a file is written before it takes its own.
fn name_beside(path: &str, number: u64) -> String {
    match path.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/.{name}.new-{number}"),
        None => format!(".{path}.new-{number}"),
    }
}
