use std::any::Any;

use thiserror::Error;

/// Where closings are written: the one seam to the world.
///
/// Paths are relative to the folder of the books (`""` is that folder), with `/` between parts. Each
/// method asks the system once, and none tries again.
pub trait Storage {
    /// The names of what a folder holds, sorted.
    ///
    /// # Errors
    /// Why they did not come.
    fn list(&self, folder: &str) -> Result<Vec<String>, StorageError>;

    /// Whether anything is there: a file, a folder, a link.
    ///
    /// # Errors
    /// The system does not say.
    fn exists(&self, path: &str) -> Result<bool, StorageError>;

    /// The bytes of a file.
    ///
    /// # Errors
    /// Why they did not come.
    fn read(&self, path: &str) -> Result<Vec<u8>, StorageError>;

    /// Makes a folder where nothing is.
    ///
    /// # Errors
    /// Why it was not made.
    fn create_folder(&mut self, path: &str) -> Result<(), StorageError>;

    /// Makes a file where nothing is, and writes it; it is not durable yet.
    ///
    /// # Errors
    /// Why it was not written; a part of it may be there.
    fn create_file(&mut self, path: &str, bytes: &[u8]) -> Result<(), StorageError>;

    /// Makes the bytes of a file durable.
    ///
    /// # Errors
    /// They may be lost, and asking again would prove nothing.
    fn sync_file(&mut self, path: &str) -> Result<(), StorageError>;

    /// Makes the names in a folder durable.
    ///
    /// # Errors
    /// They may be lost.
    fn sync_folder(&mut self, path: &str) -> Result<(), StorageError>;

    /// Gives another name to a file or a folder, if nothing has that name.
    ///
    /// # Errors
    /// Why it was not renamed.
    fn rename_no_replace(&mut self, from: &str, to: &str) -> Result<(), StorageError>;

    /// Removes what a run left unfinished, with all it holds; its name begins with a dot.
    ///
    /// # Errors
    /// Why something of it is still there.
    fn remove_tree(&mut self, path: &str) -> Result<(), StorageError>;

    /// Takes the lock that this file stands for, without waiting; it is given back when the guard is
    /// dropped, and when the process dies.
    ///
    /// # Errors
    /// It is held ([`StorageErrorKind::Busy`]), or the file cannot be opened.
    fn try_lock(&mut self, path: &str) -> Result<Box<dyn Any>, StorageError>;
}

/// What the storage refuses, and where.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{} : {kind}", named(path))]
pub struct StorageError {
    /// What is wrong.
    pub kind: StorageErrorKind,
    /// Where, relative to the folder of the books.
    pub path: String,
}

impl StorageError {
    /// An error of that kind there.
    pub fn new(kind: StorageErrorKind, path: &str) -> Self {
        Self { kind, path: path.to_owned() }
    }
}

/// A path as a reader knows it.
fn named(path: &str) -> String {
    if path.is_empty() { "le dossier des livres".to_owned() } else { format!("`{path}`") }
}

/// The kinds of refusals that call for different answers.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StorageErrorKind {
    /// Something has that name.
    #[error("ce nom est déjà pris")]
    AlreadyThere,
    /// Nothing has that name.
    #[error("ce chemin n’existe pas")]
    Missing,
    /// No room is left on the volume, or in the user's share of it.
    #[error("il n’y a plus de place")]
    NoSpace,
    /// The user may not.
    #[error("permission refusée")]
    Denied,
    /// The volume takes no writing.
    #[error("le volume est en lecture seule")]
    ReadOnly,
    /// Another process holds the lock.
    #[error("un autre programme tient le verrou")]
    Busy,
    /// Something stands where a folder should.
    #[error("ce n’est pas un dossier")]
    NotAFolder,
    /// A symbolic link, which writing does not follow.
    #[error("c’est un lien symbolique, que compta ne suit pas pour écrire")]
    Link,
    /// Anything else, in the system's words.
    #[error("{0}")]
    Other(String),
}

impl StorageErrorKind {
    /// What the user can do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::AlreadyThere => "retirez ou renommez ce qui porte ce nom, puis relancez",
            Self::Missing => "vérifiez que rien d’autre ne modifie ce dossier, puis relancez",
            Self::NoSpace => "libérez de la place, puis relancez",
            Self::Denied => "donnez-vous le droit d’écrire à cet endroit, puis relancez",
            Self::ReadOnly => "copiez les livres sur un volume où l’on peut écrire, puis relancez",
            Self::Busy => "attendez que l’autre programme ait fini, puis relancez",
            Self::NotAFolder => "retirez ou renommez ce fichier, puis relancez",
            Self::Link => "mettez un vrai dossier ou fichier à la place du lien, puis relancez",
            Self::Other(_) => {
                "le disque ou le système a refusé : faites une copie des livres, vérifiez le \
                 disque, puis relancez"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{StorageError, StorageErrorKind};

    #[test]
    fn a_refusal_names_the_place() {
        let full = StorageError::new(StorageErrorKind::NoSpace, "clotures/2024");
        assert_eq!(full.to_string(), "`clotures/2024` : il n’y a plus de place");
        let root = StorageError::new(StorageErrorKind::Other("erreur 5 du système".into()), "");
        assert_eq!(root.to_string(), "le dossier des livres : erreur 5 du système");
    }

    /// Each refusal says what to do next, and no two that one mends otherwise say the same.
    #[test]
    fn a_refusal_says_what_to_do() {
        let kinds = [
            StorageErrorKind::AlreadyThere,
            StorageErrorKind::Missing,
            StorageErrorKind::NoSpace,
            StorageErrorKind::Denied,
            StorageErrorKind::ReadOnly,
            StorageErrorKind::Busy,
            StorageErrorKind::NotAFolder,
            StorageErrorKind::Link,
            StorageErrorKind::Other("erreur 5".into()),
        ];
        let helps: std::collections::BTreeSet<&str> =
            kinds.iter().map(StorageErrorKind::help).collect();
        assert_eq!(helps.len(), kinds.len());
        assert!(
            helps.iter().all(|help| help.ends_with("relancez") && help.len() > 20),
            "{helps:?}"
        );
    }
}
