#![expect(
    clippy::disallowed_methods,
    reason = "the one place that touches files and the environment"
)]

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::args::Common;
use super::audit::quoted;
use super::failure::Failure;
use super::placing::{Placed, Staged, UNFINISHED, beside};
use super::progress::Progress;

/// The world as a command sees it.
pub struct Host {
    folder: PathBuf,
    out: Box<dyn Write>,
    err: Box<dyn Write>,
    width: Option<usize>,
    coloured: bool,
    threads: usize,
    today: NaiveDate,
    progress: Progress,
    /// What a command that is named next needs to find the same books: ` -C livres`.
    again: String,
}

/// How wide a report is when no terminal says it.
const WIDTH_OF_A_FILE: usize = 100;

impl Host {
    /// The process's own world.
    pub fn of_process() -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let err_terminal = io::stderr().is_terminal();
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let width = io::stdout()
            .is_terminal()
            .then(|| terminal_size::terminal_size().map(|(w, _)| usize::from(w.0)));
        Self {
            folder: std::env::current_dir().unwrap_or_default(),
            out: Box::new(io::stdout().lock()),
            err: Box::new(io::stderr()),
            width: width.flatten(),
            coloured: set("FORCE_COLOR") || (err_terminal && !set("NO_COLOR") && !dumb),
            threads: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            today: today(),
            progress: Progress::begin(err_terminal && !dumb),
            again: String::new(),
        }
    }

    /// The folder from which the command was given.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// How many columns a report may take.
    pub(super) fn width(&self) -> usize {
        self.width.unwrap_or(WIDTH_OF_A_FILE)
    }

    /// Whether words may be coloured.
    pub(super) fn coloured(&self) -> bool {
        self.coloured
    }

    /// How many threads may work.
    pub(super) fn threads(&self) -> usize {
        self.threads
    }

    /// Puts data on stdout.
    pub(super) fn put(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let out = &mut self.out;
        match self.progress.apart(|| out.write_all(bytes).and_then(|()| out.flush())) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Failure::Closed),
            Err(source) => Err(Failure::Write { path: PathBuf::from("-"), source, done: 0 }),
            Ok(()) => Ok(()),
        }
    }

    /// Says words on stderr; when even that fails there is nobody to tell.
    pub(super) fn say(&mut self, words: &str) {
        let (err, again) = (&mut self.err, &self.again);
        // A command that is named next is one that can be typed as it stands.
        let words = match words.split_once("ensuite : ") {
            Some((before, after)) if !again.is_empty() => {
                let after = after.replace("`compta ", &format!("`compta{again} "));
                Cow::Owned(format!("{before}ensuite : {after}"))
            }
            _ => Cow::Borrowed(words),
        };
        let _ = self.progress.apart(|| err.write_all(words.as_bytes()));
    }

    /// Remembers where the books of this command are, for the next one that is named.
    pub(super) fn remember(&mut self, common: &Common) {
        let place = match (&common.folder, &common.file) {
            (Some(folder), _) => ("-C", folder),
            (None, Some(file)) => ("-f", file),
            (None, None) => return,
        };
        self.again = format!(" {} {}", place.0, quoted(&place.1.display().to_string()));
    }

    /// Says what takes time now, to who waits at a terminal.
    pub(super) fn doing(&self, words: &'static str) {
        self.progress.say(words);
    }

    /// The whole of a file.
    pub(super) fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(self.ordinary(path)?)
    }

    /// A file, to be read as a stream.
    pub(super) fn open(&self, path: &Path) -> io::Result<impl io::Read + use<>> {
        std::fs::File::open(self.ordinary(path)?)
    }

    /// The place of an ordinary file: a pipe would wait for somebody who writes, and a device may never end.
    fn ordinary(&self, path: &Path) -> io::Result<PathBuf> {
        let full = self.folder.join(path);
        match std::fs::metadata(&full)? {
            known if known.is_file() => Ok(full),
            known if known.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            _ => Err(io::ErrorKind::NotSeekable.into()),
        }
    }

    /// Writes what may be too long to be held in memory: to a file, whole or not at all, else to stdout.
    pub(super) fn stream(
        &mut self,
        path: Option<&Path>,
        write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let Some(path) = path else {
            let mut out = io::BufWriter::with_capacity(1 << 16, &mut self.out);
            return match write(&mut out).and_then(|()| out.flush()) {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Failure::Closed),
                Err(source) => Err(Failure::Write { path: PathBuf::from("-"), source, done: 0 }),
                Ok(()) => Ok(()),
            };
        };
        let failed = |source| Failure::Write { path: path.to_owned(), source, done: 0 };
        let staged = self.stage_with(path, write).map_err(failed)?;
        staged.persist(self.folder.join(path)).map_err(|error| failed(error.error))?;
        Ok(())
    }

    /// Keeps other runs from writing the books of a folder, until what is given back is dropped; they wait.
    ///
    /// Where a system knows no lock of a folder, there is none: what changed meanwhile is still looked at.
    pub(super) fn hold(&self, folder: &Path) -> Option<std::fs::File> {
        let held = std::fs::File::open(self.folder.join(folder)).ok()?;
        held.lock().ok().map(|()| held)
    }

    /// Whether there is a regular file there.
    pub(super) fn is_file(&self, path: &Path) -> bool {
        self.folder.join(path).is_file()
    }

    /// Whether there is a folder there.
    pub(super) fn is_folder(&self, path: &Path) -> bool {
        self.folder.join(path).is_dir()
    }

    /// The true path of something, links followed.
    pub(super) fn real(&self, path: &Path) -> io::Result<PathBuf> {
        self.folder.join(path).canonicalize()
    }

    /// Makes a folder, if it is not there.
    pub(super) fn make_folder(&self, path: &Path) -> Result<(), Failure> {
        let made = std::fs::create_dir_all(self.folder.join(path));
        made.map_err(|source| Failure::Write { path: path.to_owned(), source, done: 0 })
    }

    /// Writes a whole file, or nothing: a temporary file beside it, then one rename.
    pub(super) fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
        self.write_all(&[(path.to_owned(), bytes)])
    }

    /// Writes several files, all or none: every one is on disk beside its place before the first takes
    /// it, and when one cannot, those that had take back what they replaced.
    ///
    /// A link is followed to what it names; a file that has several names keeps them all, and its new
    /// bytes are written in it.
    pub(super) fn write_all(&self, files: &[(PathBuf, &[u8])]) -> Result<(), Failure> {
        let mut staged = Vec::new();
        for (path, bytes) in files {
            let failed = |source| Failure::Write { path: path.clone(), source, done: 0 };
            let stage = |full: &Path| self.stage(full, bytes);
            let file =
                Staged::of(&self.folder.join(path), files.len() > 1, stage).map_err(failed)?;
            staged.push((path, file));
        }
        let mut placed: Vec<Placed> = Vec::new();
        let mut kept = 0;
        for (path, file) in staged {
            let error = match file.place() {
                Ok(done) => {
                    placed.push(done);
                    continue;
                }
                Err(error) => error,
            };
            for done in placed.into_iter().rev() {
                kept += usize::from(done.undo().is_err());
            }
            return Err(Failure::Write { path: path.clone(), source: error, done: kept });
        }
        Ok(())
    }

    /// The day, in universal time.
    pub(super) fn today(&self) -> NaiveDate {
        self.today
    }

    /// Asks for a line; `None` when nobody answers.
    pub(super) fn ask(&mut self, words: &str) -> Option<String> {
        self.say(words);
        let mut line = String::new();
        match io::stdin().read_line(&mut line) {
            Ok(read) if read > 0 => Some(line.trim().to_owned()),
            _ => None,
        }
    }

    /// The names in a folder, sorted.
    pub(super) fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let entries = std::fs::read_dir(self.folder.join(folder))?;
        let mut names: Vec<String> = entries
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<io::Result<_>>()?;
        names.sort_unstable();
        Ok(names)
    }

    /// Removes some files of a folder.
    pub(super) fn remove(
        &self,
        folder: &Path,
        names: impl Iterator<Item = String>,
    ) -> Result<(), Failure> {
        for name in names {
            let path = folder.join(&name);
            let full = self.folder.join(&path);
            // A folder is removed only when a run of ours left it unfinished.
            let removed = if name.starts_with(UNFINISHED) && full.is_dir() {
                std::fs::remove_dir_all(full)
            } else {
                std::fs::remove_file(full)
            };
            removed.map_err(|source| Failure::Write { path, source, done: 1 })?;
        }
        Ok(())
    }

    /// Writes a new folder with its files, whole or not at all: a temporary folder beside its place,
    /// then one rename.
    pub(super) fn write_folder(
        &self,
        path: &Path,
        files: &[(String, Vec<u8>)],
    ) -> Result<(), Failure> {
        let failed = |source| Failure::Write { path: path.to_owned(), source, done: 0 };
        let full = self.folder.join(path);
        // A folder that is there (the current one, perhaps) is filled, not replaced.
        let parent =
            if full.is_dir() { full.as_path() } else { full.parent().unwrap_or(Path::new(".")) };
        std::fs::create_dir_all(parent).map_err(failed)?;
        let staged =
            tempfile::Builder::new().prefix(UNFINISHED).tempdir_in(parent).map_err(failed)?;
        // A folder as one plainly created, not one that only its owner may read.
        let whole = staged.path().join("dossier");
        for (name, bytes) in files {
            let place = whole.join(name);
            std::fs::create_dir_all(place.parent().unwrap_or(&whole)).map_err(failed)?;
            let mut file = std::fs::File::create_new(&place).map_err(failed)?;
            file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
        }
        if full.is_dir() {
            return fill(&whole, &full).map_err(failed);
        }
        std::fs::rename(&whole, &full).map_err(failed)
    }

    /// A temporary file beside its place, with the right permissions, synced.
    fn stage(&self, path: &Path, bytes: &[u8]) -> io::Result<tempfile::NamedTempFile> {
        self.stage_with(path, &mut |file| file.write_all(bytes))
    }

    /// The same, of what someone writes.
    fn stage_with(
        &self,
        path: &Path,
        write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<tempfile::NamedTempFile> {
        let full = self.folder.join(path);
        if full.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let folder = full.parent().unwrap_or(Path::new("."));
        let known = std::fs::metadata(&full).map(|known| known.permissions());
        let file = beside(folder)?;
        let mut buffered = io::BufWriter::with_capacity(1 << 16, file.as_file());
        write(&mut buffered)?;
        buffered.flush()?;
        drop(buffered);
        if let Ok(permissions) = known {
            file.as_file().set_permissions(permissions)?;
        }
        file.as_file().sync_all()?;
        Ok(file)
    }
}

/// Moves what is staged into an empty folder, the file that makes it whole last; what was moved goes
/// away again when one cannot be.
fn fill(staged: &Path, folder: &Path) -> io::Result<()> {
    let whole = |name: &std::ffi::OsString| name == "compta.toml" || name == "manifeste.json";
    let mut names: Vec<std::ffi::OsString> = std::fs::read_dir(staged)?
        .map(|entry| Ok(entry?.file_name()))
        .collect::<io::Result<_>>()?;
    names.sort_by_key(|name| (whole(name), name.clone()));
    for (done, name) in names.iter().enumerate() {
        if let Err(error) = std::fs::rename(staged.join(name), folder.join(name)) {
            for moved in &names[..done] {
                let _ = std::fs::rename(folder.join(moved), staged.join(moved));
            }
            return Err(error);
        }
    }
    Ok(())
}

/// The day that the machine's clock gives, in universal time.
fn today() -> NaiveDate {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let days = since.map_or(0, |since| since.as_secs() / 86_400);
    let epoch = NaiveDate::default();
    epoch.checked_add_days(chrono::Days::new(days)).unwrap_or(epoch)
}

/// What the system says, for a French reader; its own number when it is a rare case.
pub(super) fn in_french(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "ce chemin n’existe pas".to_owned(),
        io::ErrorKind::PermissionDenied => "permission refusée".to_owned(),
        io::ErrorKind::StorageFull => "il n’y a plus de place".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "le volume est en lecture seule".to_owned(),
        io::ErrorKind::IsADirectory => "c’est un dossier".to_owned(),
        io::ErrorKind::NotADirectory => "un élément du chemin n’est pas un dossier".to_owned(),
        io::ErrorKind::QuotaExceeded => "le quota est atteint".to_owned(),
        io::ErrorKind::NotSeekable => "ce n’est pas un fichier ordinaire".to_owned(),
        _ => match error.raw_os_error() {
            Some(number) if is_too_many(number) => "trop de fichiers sont ouverts".to_owned(),
            Some(number) => format!("erreur {number} du système"),
            None => "erreur du système".to_owned(),
        },
    }
}

/// Whether the system says that the process, or the machine, has as many open files as it may.
#[cfg(unix)]
fn is_too_many(number: i32) -> bool {
    use rustix::io::Errno;
    [Errno::MFILE, Errno::NFILE].iter().any(|known| known.raw_os_error() == number)
}

#[cfg(not(unix))]
fn is_too_many(_: i32) -> bool {
    false
}
