#![expect(clippy::disallowed_methods, reason = "with the host, the one place that touches files")]

use std::any::Any;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use super::host::in_french;
use crate::closing::StorageErrorKind as Kind;
use crate::closing::{Storage, StorageError};

/// The folder of the books on a real disk.
pub struct Disk {
    root: PathBuf,
    /// The last file written, still open: a sync must be asked of what wrote, or the system may tell
    /// an error of the disk to nobody.
    written: Option<(String, File)>,
}

impl Disk {
    /// The folder at that path.
    ///
    /// # Errors
    /// It is no folder.
    pub fn open(root: &Path) -> Result<Self, StorageError> {
        let real = root.canonicalize().map_err(|error| refusal(&error, ""))?;
        if !real.is_dir() {
            return Err(StorageError::new(Kind::NotAFolder, ""));
        }
        Ok(Self { root: real, written: None })
    }

    /// The true path of something, once no link stands on the way to it.
    fn place(&self, path: &str) -> Result<PathBuf, StorageError> {
        let relative = Path::new(path);
        let inside = relative.components().all(|part| matches!(part, Component::Normal(_)));
        assert!(inside, "`{path}` leads out of the folder");
        for parent in relative.ancestors().skip(1).filter(|parent| parent.parent().is_some()) {
            let name = parent.to_string_lossy();
            let known = self.root.join(parent).symlink_metadata();
            let known = known.map_err(|error| refusal(&error, &name))?;
            if known.is_symlink() {
                return Err(StorageError::new(Kind::Link, &name));
            }
            if !known.is_dir() {
                return Err(StorageError::new(Kind::NotAFolder, &name));
            }
        }
        Ok(self.root.join(relative))
    }
}

impl Storage for Disk {
    fn list(&self, folder: &str) -> Result<Vec<String>, StorageError> {
        let told = |error: io::Error| refusal(&error, folder);
        let mut names = Vec::new();
        for entry in std::fs::read_dir(self.place(folder)?).map_err(told)? {
            // A name that is no text is none of ours.
            names.extend(entry.map_err(told)?.file_name().into_string());
        }
        names.sort_unstable();
        Ok(names)
    }

    fn exists(&self, path: &str) -> Result<bool, StorageError> {
        match self.root.join(path).symlink_metadata() {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(refusal(&error, path)),
        }
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, StorageError> {
        std::fs::read(self.root.join(path)).map_err(|error| refusal(&error, path))
    }

    fn create_folder(&mut self, path: &str) -> Result<(), StorageError> {
        std::fs::create_dir(self.place(path)?).map_err(|error| refusal(&error, path))
    }

    fn create_file(&mut self, path: &str, bytes: &[u8]) -> Result<(), StorageError> {
        self.written = None;
        let told = |error: io::Error| refusal(&error, path);
        let mut file = File::create_new(self.place(path)?).map_err(told)?;
        file.write_all(bytes).map_err(told)?;
        self.written = Some((path.to_owned(), file));
        Ok(())
    }

    fn sync_file(&mut self, path: &str) -> Result<(), StorageError> {
        let told = |error: io::Error| refusal(&error, path);
        let file = match self.written.take() {
            Some((written, file)) if written == path => file,
            _ => File::open(self.place(path)?).map_err(told)?,
        };
        file.sync_all().map_err(told)
    }

    fn sync_folder(&mut self, path: &str) -> Result<(), StorageError> {
        sync_names(&self.place(path)?).map_err(|error| refusal(&error, path))
    }

    fn rename_no_replace(&mut self, from: &str, to: &str) -> Result<(), StorageError> {
        rename_new(&self.place(from)?, &self.place(to)?).map_err(|error| refusal(&error, to))
    }

    fn remove_tree(&mut self, path: &str) -> Result<(), StorageError> {
        let hidden = path.rsplit('/').next().is_some_and(|name| name.starts_with('.'));
        assert!(hidden, "`{path}` is not what a run left unfinished");
        let told = |error: io::Error| refusal(&error, path);
        let place = self.place(path)?;
        if place.symlink_metadata().map_err(told)?.is_dir() {
            // It removes links, and does not follow them.
            std::fs::remove_dir_all(place).map_err(told)
        } else {
            std::fs::remove_file(place).map_err(told)
        }
    }

    fn try_lock(&mut self, path: &str) -> Result<Box<dyn Any>, StorageError> {
        let told = |error: io::Error| refusal(&error, path);
        let file = open_lock(&self.place(path)?).map_err(told)?;
        match file.try_lock() {
            Ok(()) => Ok(Box::new(file)),
            Err(TryLockError::WouldBlock) => Err(StorageError::new(Kind::Busy, path)),
            Err(TryLockError::Error(error)) => Err(told(error)),
        }
    }
}

/// What the system refused, there.
fn refusal(error: &io::Error, path: &str) -> StorageError {
    let kind = match error.kind() {
        io::ErrorKind::AlreadyExists | io::ErrorKind::DirectoryNotEmpty => Kind::AlreadyThere,
        io::ErrorKind::NotFound => Kind::Missing,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Kind::NoSpace,
        io::ErrorKind::PermissionDenied => Kind::Denied,
        io::ErrorKind::ReadOnlyFilesystem => Kind::ReadOnly,
        io::ErrorKind::NotADirectory => Kind::NotAFolder,
        _ if is_link(error) => Kind::Link,
        _ => Kind::Other(in_french(error)),
    };
    StorageError::new(kind, path)
}

#[cfg(unix)]
fn is_link(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
}

#[cfg(not(unix))]
fn is_link(_: &io::Error) -> bool {
    false
}

/// Opens a lock, and makes it if it is not there; a link in its place is not followed.
fn open_lock(path: &Path) -> io::Result<File> {
    let mut reading = OpenOptions::new();
    reading.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NOFOLLOW.bits();
        reading.custom_flags(flags.try_into().unwrap_or_default());
    }
    let mut writing = reading.clone();
    match writing.write(true).create(true).truncate(false).open(path) {
        // Another user of the same books may have made it: reading is enough to lock.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => reading.open(path),
        opened => opened,
    }
}

/// Makes the names in a folder durable.
#[cfg(unix)]
fn sync_names(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Windows has no such request: its file systems keep names in their own journal.
#[cfg(not(unix))]
fn sync_names(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Renames where nothing has the new name.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // This file system cannot promise it (some networks, some keys).
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => rename_after_look(from, to),
        renamed => Ok(renamed?),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    rename_after_look(from, to)
}

/// Looks, then renames: nobody who takes the lock can come between, and a folder that holds anything
/// is not replaced by one.
fn rename_after_look(from: &Path, to: &Path) -> io::Result<()> {
    match to.symlink_metadata() {
        Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => std::fs::rename(from, to),
        Err(error) => Err(error),
    }
}
