use thiserror::Error;

use super::storage::{StorageError, StorageErrorKind};

/// What is published, durably.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Published {
    /// Where: `clotures/2024`.
    pub place: String,
    /// What dead runs had left and this one removed.
    pub removed: Vec<String>,
}

/// Why nothing was published, or why it is not sure.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PublishError {
    /// It was published before.
    #[error("`{place}` existe déjà : l’exercice est clos")]
    AlreadyClosed {
        /// Where.
        place: String,
    },
    /// Another closing is going on.
    #[error("une autre clôture est en cours dans ces livres ; rien n’a été publié")]
    Busy,
    /// What was read is not what is there now.
    #[error("{} ; rien n’a été publié", moved(paths))]
    SourcesChanged {
        /// The files that moved.
        paths: Vec<String>,
    },
    /// The storage refused before anything could be seen.
    #[error("{0} ; rien n’a été publié")]
    NotPublished(StorageError),
    /// All is in its place, but a power cut could still lose it.
    #[error("clôture visible dans `{place}`, durabilité non confirmée : {cause}")]
    PublishedNotDurable {
        /// Where.
        place: String,
        /// What the storage refused.
        cause: StorageError,
    },
    /// The storage refused the last step, and then did not say what had come of it.
    #[error("on ne sait pas si `{place}` est publié : {cause}")]
    Uncertain {
        /// Where.
        place: String,
        /// What the storage refused.
        cause: StorageError,
    },
}

impl PublishError {
    /// What to do next.
    pub fn help(&self) -> String {
        match self {
            Self::AlreadyClosed { .. } => {
                "une clôture ne se refait pas : corrigez dans l’exercice suivant".to_owned()
            }
            Self::Busy => StorageErrorKind::Busy.help().to_owned(),
            Self::SourcesChanged { .. } => {
                "enregistrez vos fichiers, relisez, puis relancez".to_owned()
            }
            Self::NotPublished(cause) => cause.kind.help().to_owned(),
            Self::PublishedNotDurable { .. } => {
                "faites une copie des livres, vérifiez le disque, puis relancez : compta \
                 redemandera au disque de tout garder"
                    .to_owned()
            }
            Self::Uncertain { place, .. } => format!(
                "vérifiez le disque, puis relancez : `{place}` est entier ou absent, et compta le \
                 dira"
            ),
        }
    }
}

impl From<StorageError> for PublishError {
    fn from(cause: StorageError) -> Self {
        Self::NotPublished(cause)
    }
}

/// Which sources moved.
fn moved(paths: &[String]) -> String {
    let names: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
    match names.as_slice() {
        [one] => format!("{one} a changé depuis sa lecture"),
        all => format!("{} ont changé depuis leur lecture", all.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::PublishError;

    #[test]
    fn what_moved_is_named_in_french() {
        let told = |paths: &[&str]| {
            let paths = paths.iter().map(|&path| path.to_owned()).collect();
            PublishError::SourcesChanged { paths }.to_string()
        };
        let one = told(&["od.journal"]);
        assert_eq!(one, "`od.journal` a changé depuis sa lecture ; rien n’a été publié");
        let two = told(&["a.journal", "b.journal"]);
        assert!(
            two.starts_with("`a.journal`, `b.journal` ont changé depuis leur lecture"),
            "{two}"
        );
    }
}
