use std::io;
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

/// How the names of files begin that wait beside their place; what a stopped run left is known by it.
pub(super) const UNFINISHED: &str = ".compta-";

/// A new file in a folder, with the permissions that a plainly created one has there; what stops it is the
/// system's own word.
pub(super) fn beside(folder: &Path) -> io::Result<NamedTempFile> {
    let new = |path: &Path| std::fs::File::options().write(true).create_new(true).open(path);
    tempfile::Builder::new().prefix(UNFINISHED).suffix(".tmp").make_in(folder, new)
}

/// A file that is on disk beside its place; it is not kept open, for there may be as many as journals.
pub(super) struct Staged {
    full: PathBuf,
    new: TempPath,
    /// Whether what its place holds is kept aside, to be given back.
    kept: bool,
    /// Whether other names are of the same file.
    shared: bool,
}

/// A file that took its place, and what its place held.
pub(super) struct Placed {
    full: PathBuf,
    before: Option<TempPath>,
    shared: bool,
}

impl Staged {
    /// What `stage` wrote beside a place; `kept` when the place may have to be given back.
    pub(super) fn of(
        full: &Path,
        kept: bool,
        stage: impl FnOnce(&Path) -> io::Result<NamedTempFile>,
    ) -> io::Result<Self> {
        // A link stays: what it names changes.
        let full = full.canonicalize().unwrap_or_else(|_| full.to_owned());
        let new = stage(&full)?.into_temp_path();
        let there = full.is_file();
        let shared = there && names(&full)? > 1;
        Ok(Self { new, full, kept: there && (kept || shared), shared })
    }

    /// Takes its place.
    pub(super) fn place(self) -> io::Result<Placed> {
        let mut before = None;
        if self.kept {
            let mut aside = beside(self.full.parent().unwrap_or(Path::new(".")))?;
            io::copy(&mut std::fs::File::open(&self.full)?, aside.as_file_mut())?;
            aside.as_file().set_permissions(std::fs::metadata(&self.full)?.permissions())?;
            aside.as_file().sync_all()?;
            before = Some(aside.into_temp_path());
        }
        let placed = Placed { full: self.full.clone(), before, shared: self.shared };
        if self.shared {
            if let Err(error) = pour(&self.new, &self.full) {
                // What was written of it is taken back at once.
                let _ = placed.undo();
                return Err(error);
            }
        } else {
            self.new.persist(&self.full).map_err(|error| error.error)?;
        }
        Ok(placed)
    }
}

impl Placed {
    /// Gives its place back to what was there.
    pub(super) fn undo(self) -> io::Result<()> {
        match self.before {
            None => std::fs::remove_file(&self.full),
            Some(before) if self.shared => pour(&before, &self.full),
            Some(before) => before.persist(&self.full).map_err(|error| error.error),
        }
    }
}

/// Writes the whole of a file into another, which keeps all its names.
fn pour(from: &Path, to: &Path) -> io::Result<()> {
    let mut from = std::fs::File::open(from)?;
    let mut into = std::fs::OpenOptions::new().write(true).open(to)?;
    let length = io::copy(&mut from, &mut into)?;
    into.set_len(length)?;
    into.sync_all()
}

/// How many names a file has.
#[cfg(unix)]
fn names(path: &Path) -> io::Result<u64> {
    use std::os::unix::fs::MetadataExt;
    Ok(std::fs::metadata(path)?.nlink())
}

/// Elsewhere a file is taken to have one.
#[cfg(not(unix))]
fn names(_: &Path) -> io::Result<u64> {
    Ok(1)
}
