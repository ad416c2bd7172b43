use std::collections::BTreeSet;
use std::ops::Range;

use crate::crew;
use crate::diagnostic::{Code, Content, Finding, Source, SourceId, SourceMap, Span};

/// How deep files may include each other.
const DEEPEST: usize = 32;

/// What some editors put at the beginning of a UTF-8 file.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Why a file did not come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// There is no such file.
    Missing,
    /// It is not a regular file of the folder: a link that leads out, a device, a folder.
    Outside,
    /// The system's own words.
    Other(String),
}

/// Where journals come from: the one seam through which files reach the books.
///
/// Paths are relative to the folder of the books, with `/` between parts.
pub trait Sources {
    /// The bytes of a file.
    ///
    /// # Errors
    /// Why it did not come.
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError>;
    /// The same, in the memory that suits a large file best.
    ///
    /// # Errors
    /// Why it did not come.
    fn content(&self, path: &str) -> Result<Content, ReadError> {
        self.read(path).map(Content::from)
    }
    /// The names of what a folder holds, `""` being the books' own folder; none when it is no folder.
    ///
    /// # Errors
    /// The folder is there and does not let itself be read.
    fn list(&self, folder: &str) -> Result<Vec<String>, ReadError>;
}

/// A directive that includes files, and the sources that it brought.
#[derive(Debug)]
pub(super) struct Inclusion {
    pub(super) at: u32,
    pub(super) brings: Vec<SourceId>,
}

/// The journals of a run and how they include each other.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// Every inclusion, in the order of places.
    pub(super) inclusions: Vec<Inclusion>,
}

/// Reads a journal and all that it includes.
///
/// # Errors
/// The first file itself did not come.
pub(super) fn gather(
    root: &str,
    sources: &dyn Sources,
    map: &mut SourceMap,
    findings: &mut Vec<Finding>,
    threads: usize,
) -> Result<(SourceId, Tree), ReadError> {
    let bytes = sources.content(root)?;
    let id = map.add(root, bytes).ok_or_else(|| ReadError::Other("plus de 4 Gio".to_owned()))?;
    let mut gatherer = Gatherer {
        sources,
        map,
        findings,
        tree: Tree::default(),
        seen: BTreeSet::from([root.to_owned()]),
        threads,
    };
    gatherer.follow(id, &mut vec![root.to_owned()]);
    let mut tree = gatherer.tree;
    tree.inclusions.sort_by_key(|inclusion| inclusion.at);
    Ok((id, tree))
}

struct Gatherer<'a> {
    sources: &'a dyn Sources,
    map: &'a mut SourceMap,
    findings: &'a mut Vec<Finding>,
    tree: Tree,
    /// Every file read so far.
    seen: BTreeSet<String>,
    threads: usize,
}

impl Gatherer<'_> {
    /// Follows the includes of one source; `path` is the chain of files that led to it.
    fn follow(&mut self, id: SourceId, path: &mut Vec<String>) {
        for (line, at, pattern) in includes(self.map.get(id), self.threads) {
            let place = Span::new(at, at + u32::try_from(pattern.len()).unwrap_or(0));
            let mut brings = Vec::new();
            for file in self.matches(path, &pattern, place) {
                brings.extend(self.bring(&file, path, place));
            }
            self.tree.inclusions.push(Inclusion { at: line, brings });
        }
    }

    /// The files that an include names, sorted; what cannot be is reported.
    fn matches(&mut self, path: &[String], pattern: &str, place: Span) -> Vec<String> {
        let from = path.last().map_or("", |file| file.rsplit_once('/').map_or("", |(dir, _)| dir));
        let refused = |code, message: String, label: &str, help: &str| {
            Finding::new(code, place, message).label(label).help(help)
        };
        if !plain(pattern) {
            self.findings.push(refused(
                Code::IncludeMissing,
                format!("motif d’inclusion non compris : `{pattern}`"),
                "hledger le lirait autrement",
                "nommez les fichiers sans caractère spécial ni espace à la fin, ou utilisez `*` et `?`",
            ));
            return Vec::new();
        }
        let Some(full) = joined(from, pattern) else {
            self.findings.push(refused(
                Code::IncludeEscape,
                format!("l’inclusion `{pattern}` sort du dossier des livres"),
                "hors du dossier",
                "copiez le fichier dans le dossier, et incluez-le par un chemin relatif",
            ));
            return Vec::new();
        };
        let files = if full.contains(['*', '?']) {
            let Some(files) = self.expand(&full, place) else {
                return Vec::new();
            };
            files
        } else {
            vec![full]
        };
        if files.is_empty() {
            self.findings.push(refused(
                Code::IncludeMissing,
                format!("aucun fichier ne répond à `{pattern}`"),
                "aucun fichier",
                "corrigez le motif, ou retirez l’inclusion",
            ));
        }
        files
    }

    /// The files of a pattern, one folder level at a time, in alphabetical order.
    fn expand(&mut self, pattern: &str, place: Span) -> Option<Vec<String>> {
        let mut found = vec![String::new()];
        for part in pattern.split('/') {
            let mut next = Vec::new();
            for folder in &found {
                let child = |name: &str| {
                    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
                };
                if !part.contains(['*', '?']) {
                    next.push(child(part));
                    continue;
                }
                let Ok(glob) = glob::Pattern::new(part) else {
                    continue;
                };
                let mut names = match self.sources.list(folder) {
                    Ok(names) => names,
                    Err(error) => {
                        let shown = if folder.is_empty() { "." } else { folder };
                        self.findings.push(unreadable(shown, &error, place));
                        return None;
                    }
                };
                names.sort_unstable();
                let visible = |name: &&String| !name.starts_with('.') || part.starts_with('.');
                next.extend(
                    names.iter().filter(visible).filter(|n| glob.matches(n)).map(|n| child(n)),
                );
            }
            found = next;
        }
        Some(found)
    }

    /// Reads one included file and what it includes in turn.
    fn bring(&mut self, file: &str, path: &mut Vec<String>, place: Span) -> Option<SourceId> {
        let mut report = |code, message: String, label: String, help: &str| {
            self.findings.push(Finding::new(code, place, message).label(label).help(help));
        };
        if path.iter().any(|above| above == file) {
            let chain = [path.join(" → "), file.to_owned()].join(" → ");
            report(
                Code::IncludeCycle,
                "inclusion en boucle".to_owned(),
                chain,
                "retirez une des inclusions",
            );
            return None;
        }
        if self.seen.contains(file) {
            report(
                Code::IncludeTwice,
                format!("`{file}` est inclus deux fois"),
                "ses écritures compteraient double".to_owned(),
                "gardez une seule inclusion",
            );
            return None;
        }
        if path.len() >= DEEPEST {
            report(
                Code::IncludeDepth,
                format!("plus de {DEEPEST} inclusions l’une dans l’autre"),
                "une de trop".to_owned(),
                "incluez les fichiers depuis un seul journal principal",
            );
            return None;
        }
        self.seen.insert(file.to_owned());
        let bytes = match self.sources.content(file) {
            Ok(bytes) => bytes,
            Err(error) => {
                let (code, message) = match &error {
                    ReadError::Missing => (Code::IncludeMissing, format!("`{file}` n’existe pas")),
                    ReadError::Outside => (
                        Code::IncludeEscape,
                        format!("`{file}` n’est pas un fichier ordinaire du dossier"),
                    ),
                    ReadError::Other(_) => {
                        self.findings.push(unreadable(file, &error, place));
                        return None;
                    }
                };
                report(
                    code,
                    message,
                    "ce fichier".to_owned(),
                    "corrigez le chemin, ou retirez l’inclusion",
                );
                return None;
            }
        };
        let Some(id) = self.map.add(file, bytes) else {
            report(
                Code::TooMuch,
                "plus de 4 Gio de journaux".to_owned(),
                "un de trop".to_owned(),
                "lisez moins d’exercices avec `-f`",
            );
            return None;
        };
        path.push(file.to_owned());
        self.follow(id, path);
        path.pop();
        Some(id)
    }
}

/// A file or folder that is there and cannot be read.
fn unreadable(name: &str, error: &ReadError, place: Span) -> Finding {
    let why = match error {
        ReadError::Other(why) => why.as_str(),
        ReadError::Missing => "il n’existe pas",
        ReadError::Outside => "ce n’est pas un fichier ordinaire du dossier",
    };
    Finding::new(Code::Unreadable, place, format!("`{name}` ne se laisse pas lire : {why}"))
        .label("inclus ici")
        .help("vérifiez les droits du fichier et de ses dossiers")
}

/// The include directives of a source: where the line begins, where its path begins, the path.
fn includes(source: &Source, threads: usize) -> Vec<(u32, u32, String)> {
    let length = source.bytes().len();
    let threads = if length < LARGE { 1 } else { threads.max(1) };
    let share = length.div_ceil(threads);
    let shares =
        (0..threads).map(|rank| (rank * share).min(length)..((rank + 1) * share).min(length));
    crew::all(threads, shares, |range| includes_in(source, range)).concat()
}

/// A source is looked through by several threads from this size.
const LARGE: usize = 4 * 1024 * 1024;

/// Those whose line begins in a range.
fn includes_in(source: &Source, range: Range<usize>) -> Vec<(u32, u32, String)> {
    const WORD: &[u8] = b"include";
    let bytes = source.bytes();
    let place = |at: usize| source.base() + u32::try_from(at).unwrap_or(0);
    let mut found = Vec::new();
    // A word that begins in the range may end after it.
    let searched = &bytes[..(range.end + WORD.len() - 1).min(bytes.len())];
    for at in memchr::memmem::find_iter(searched.get(range.start..).unwrap_or_default(), WORD) {
        let at = range.start + at;
        let marked = at == 3 && bytes.starts_with(BYTE_ORDER_MARK);
        let begins_line = at == 0 || bytes[at - 1] == b'\n' || marked;
        let rest = &bytes[at + WORD.len()..];
        if !begins_line || !matches!(rest.first(), Some(b' ' | b'\t')) {
            continue;
        }
        let rest = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
        let Ok(text) = std::str::from_utf8(rest) else {
            continue;
        };
        let skipped = text.len() - text.trim_start().len();
        let text = text.strip_suffix('\r').unwrap_or(text);
        found.push((place(at), place(at + WORD.len() + skipped), text.trim_start().to_owned()));
    }
    found
}

/// Whether hledger reads that path as compta does: no other wildcard, no reader chosen by a prefix
/// or an extension, no blank at the end.
fn plain(pattern: &str) -> bool {
    let odd = ['[', ']', '{', '}', '\\', '<', '>', '^', ':', '\t', '\r'];
    let other = ["csv", "tsv", "ssv", "rules", "timedot", "timeclock"];
    let extension = pattern.rsplit_once('.').map_or("", |(_, extension)| extension);
    !pattern.is_empty()
        && !pattern.contains(odd)
        && !pattern.contains("**")
        && !pattern.ends_with(char::is_whitespace)
        && !other.contains(&extension.to_ascii_lowercase().as_str())
}

/// The path of `pattern` seen from the folder `from`; `None` when it is absolute or leaves the books.
fn joined(from: &str, pattern: &str) -> Option<String> {
    if pattern.starts_with(['/', '~']) || pattern.get(1..2) == Some(":") {
        return None;
    }
    let mut parts: Vec<&str> = from.split('/').filter(|part| !part.is_empty()).collect();
    for part in pattern.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_in_the_folder() {
        assert_eq!(joined("2024", "../comptes.journal").as_deref(), Some("comptes.journal"));
        assert_eq!(joined("", "2024/*.journal").as_deref(), Some("2024/*.journal"));
        for escape in ["/etc/passwd", "~/x", "../x", "a/../../x", "C:/x"] {
            assert_eq!(joined("", escape), None, "{escape}");
        }
    }
}
