#![expect(clippy::disallowed_methods, reason = "the place where the books' own files are read")]

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::host::{Host, in_french};
use super::large::content;
use crate::book::{ReadError, Sources};
use crate::diagnostic::Content;

/// A folder of books on disk.
pub(super) struct Folder {
    root: PathBuf,
    /// Files as if they were written: what a command would add, before it does.
    planned: BTreeMap<String, Vec<u8>>,
    threads: usize,
}

impl Folder {
    /// The folder at that path.
    ///
    /// # Errors
    /// The folder does not exist.
    pub(super) fn open(host: &Host, path: &Path) -> io::Result<Self> {
        Ok(Self { root: host.real(path)?, planned: BTreeMap::new(), threads: host.threads() })
    }

    /// A folder that does not exist yet.
    pub(super) fn planned(host: &Host, path: &Path) -> Self {
        Self { root: host.folder().join(path), planned: BTreeMap::new(), threads: host.threads() }
    }

    /// The same folder, as if some files were in it.
    #[must_use]
    pub(super) fn with(mut self, files: &[(String, Vec<u8>)]) -> Self {
        self.planned.extend(files.iter().cloned());
        self
    }

    /// Whether there is a folder of its own there, no link to one.
    pub(super) fn holds_folder(&self, path: &str) -> bool {
        self.root.join(path).symlink_metadata().is_ok_and(|known| known.is_dir())
    }

    /// Whether there is a file there with something in it.
    pub(super) fn holds_bytes(&self, path: &str) -> bool {
        self.root.join(path).metadata().is_ok_and(|known| known.is_file() && known.len() > 0)
    }

    /// The true path of a regular file of the folder.
    fn real(&self, path: &str) -> Result<PathBuf, ReadError> {
        if let Some(plain) = self.plain(path) {
            return Ok(plain);
        }
        let full = self.root.join(path).canonicalize().map_err(|error| self.wrong(path, &error))?;
        if !full.starts_with(&self.root) || !full.is_file() {
            return Err(ReadError::Outside);
        }
        Ok(full)
    }

    /// The path of a regular file that no link leads to: the usual one, told with few looks.
    fn plain(&self, path: &str) -> Option<PathBuf> {
        let mut full = self.root.clone();
        let mut folder = true;
        for part in path.split('/') {
            if !folder || matches!(part, "" | "." | "..") {
                return None;
            }
            full.push(part);
            let known = full.symlink_metadata().ok()?;
            folder = known.is_dir();
            if !folder && !known.is_file() {
                return None;
            }
        }
        (!folder).then_some(full)
    }

    fn wrong(&self, path: &str, error: &io::Error) -> ReadError {
        let link = || self.root.join(path).symlink_metadata().is_ok();
        match error.kind() {
            // A link that leads nowhere is there, and cannot be read.
            io::ErrorKind::NotFound if link() => ReadError::Outside,
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ReadError::Missing,
            _ => ReadError::Other(in_french(error)),
        }
    }

    /// The true path of the folder.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }
}

impl Sources for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        if let Some(bytes) = self.planned.get(path) {
            return Ok(bytes.clone());
        }
        std::fs::read(self.real(path)?).map_err(|error| self.wrong(path, &error))
    }

    fn content(&self, path: &str) -> Result<Content, ReadError> {
        if let Some(bytes) = self.planned.get(path) {
            return Ok(bytes.clone().into());
        }
        content(&self.real(path)?, self.threads).map_err(|error| self.wrong(path, &error))
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, ReadError> {
        let path = self.root.join(folder);
        let inside = |full: &String| Some(full.strip_prefix(folder)?.strip_prefix('/')?.to_owned());
        let planned = self.planned.keys().filter_map(inside).filter(|name| !name.contains('/'));
        let planned: Vec<String> = planned.collect();
        let other = |error: io::Error| ReadError::Other(in_french(&error));
        let mut names = planned;
        let entries = match std::fs::read_dir(path) {
            Err(error) => {
                let absent = [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory];
                return if absent.contains(&error.kind()) { Ok(names) } else { Err(other(error)) };
            }
            Ok(entries) => entries,
        };
        for entry in entries {
            names.extend(entry.map_err(other)?.file_name().into_string());
        }
        // What is planned may be there already, in another text.
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }
}
