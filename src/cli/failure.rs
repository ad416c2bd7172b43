use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::host::{Host, in_french};
use crate::book::ReadError;
use crate::closing::{PublishError, StorageError, WriteError};

/// What stops a command, apart from the findings of the books.
#[derive(Debug, Error)]
pub(super) enum Failure {
    /// The command line asks for something that does not exist.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
    },
    /// A file or folder that cannot be read.
    #[error("[E0901]: {message}")]
    Unreadable {
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
    },
    /// There are no books here.
    #[error("[E0903]: {message}")]
    NoBooks {
        /// What is wrong.
        message: String,
    },
    /// The findings were shown: nothing more to say but the exit code.
    #[error("livres non sains")]
    Unsound(u8),
    /// A file that cannot be written.
    #[error("`{}` ne se laisse pas écrire : {}", path.display(), in_french(source))]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
        /// How many files could not be given back what they held before.
        done: usize,
    },
    /// A closing that was not published, or is not surely so.
    #[error("{message}")]
    Storage {
        /// What happened.
        message: String,
        /// What to do.
        help: String,
        /// The exit code: 4 when what is there is sealed, 5 for the file system.
        code: u8,
    },
    /// The reader of our output has gone: that is no failure.
    #[error("sortie fermée")]
    Closed,
}

impl Failure {
    pub(super) fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), help: help.into() }
    }

    /// A file of the books that is there and cannot be read: it is never taken for an absent one.
    pub(super) fn unread(path: &str, error: &ReadError) -> Self {
        let why = match error {
            ReadError::Missing => "il n’existe pas",
            ReadError::Outside => "ce n’est pas un fichier ordinaire du dossier",
            ReadError::Other(why) => why,
        };
        Self::Unreadable {
            message: format!("`{path}` ne se laisse pas lire : {why}"),
            help: "vérifiez le chemin et les droits".to_owned(),
        }
    }

    /// Something would touch what is sealed.
    pub(super) fn sealed(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Storage { message: message.into(), help: help.into(), code: 4 }
    }

    /// What stopped a new file.
    pub(super) fn write_new(error: &WriteError) -> Self {
        let help = error.help();
        Self::Storage { message: error.to_string(), help, code: 5 }
    }

    /// What a storage refused.
    pub(super) fn storage(error: &StorageError) -> Self {
        let help = error.kind.help().to_owned();
        Self::Storage { message: error.to_string(), help, code: 5 }
    }

    /// What stopped a publication.
    pub(super) fn publish(error: &PublishError) -> Self {
        let code = match error {
            PublishError::AlreadyClosed { .. } => 4,
            PublishError::Busy | PublishError::SourcesChanged { .. } => 1,
            _ => 5,
        };
        Self::Storage { message: error.to_string(), help: error.help(), code }
    }

    /// Says it on stderr, and gives the exit code.
    pub(super) fn tell(&self, host: &mut Host) -> u8 {
        let (help, code) = match self {
            Self::Closed => return 0,
            Self::Unsound(code) => return *code,
            Self::Usage { help, .. } => (help.clone(), 2),
            Self::Storage { help, code, .. } => (help.clone(), *code),
            Self::Unreadable { help, .. } => (help.clone(), 3),
            Self::NoBooks { .. } => (
                "placez-vous dans le dossier des livres, ou donnez `-C DOSSIER` ou `-f FICHIER`"
                    .to_owned(),
                3,
            ),
            // A list goes out as it is made: some of it may be there already.
            Self::Write { path, .. } if path.as_os_str() == "-" => (
                "ce qui est sorti est incomplet : faites de la place, ou donnez un fichier à `-o`, écrit en entier ou pas du tout"
                    .to_owned(),
                5,
            ),
            Self::Write { done: 0, .. } => {
                ("vérifiez le chemin, les droits et la place ; rien n’a été écrit".to_owned(), 5)
            }
            Self::Write { done, .. } => (
                format!(
                    "{done} fichiers ont déjà changé, et n’ont pas pu être rétablis ; relancez une fois l’obstacle levé"
                ),
                5,
            ),
        };
        let coded = matches!(self, Self::Unreadable { .. } | Self::NoBooks { .. });
        let colon = if coded { "" } else { " : " };
        host.say(&format!("erreur{colon}{self}\naide : {help}\n"));
        code
    }
}
