use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::SealedFolder;
use crate::closing::blocks::with_newlines;
use crate::closing::chain::Hash;
use crate::closing::manifest::{MANIFEST, Manifest, SEAL};
use crate::closing::seal::{Lenient, Seal};
use crate::diagnostic::is_pointer;

/// The bytes of a file, as a verification sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The SHA-256 of the bytes.
    pub(super) raw: Hash,
    /// The SHA-256 of the text with newlines alone.
    pub(super) hash: Hash,
    /// The bytes with newlines alone at the ends of lines.
    pub(super) text: Vec<u8>,
}

impl Reading {
    /// Reads some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let text = with_newlines(bytes).into_owned();
        let hash = Hash::of(&text);
        let raw = if text.len() == bytes.len() { hash } else { Hash::of(bytes) };
        Self { raw, hash, text }
    }

    /// Whether the bytes are those of that hash, or would be with other ends of lines.
    pub(super) fn is(&self, raw: Hash) -> Likeness {
        if self.raw == raw {
            return Likeness::Same;
        }
        let mut windows = Vec::new();
        for line in self.text.split_inclusive(|byte| *byte == b'\n') {
            match line.strip_suffix(b"\n") {
                Some(line) => windows.extend_from_slice(&[line, b"\r\n"].concat()),
                None => windows.extend_from_slice(line),
            }
        }
        let mark = b"\xef\xbb\xbf".as_slice();
        let others = [
            self.hash,
            Hash::of(&windows),
            Hash::of(&[mark, &self.text].concat()),
            Hash::of(&[mark, &windows].concat()),
        ];
        if others.contains(&raw) { Likeness::LineEndings } else { Likeness::Other }
    }

    /// The line (from 1) of the first mark of a merge that is not finished.
    pub(super) fn conflict(&self) -> Option<usize> {
        memchr::memmem::find(&self.text, b"<<<<<<< ")?;
        memchr::memmem::find(&self.text, b"\n>>>>>>> ")?;
        let mut lines = self.text.split(|byte| *byte == b'\n');
        lines.position(|line| line.starts_with(b"<<<<<<< ")).map(|rank| rank + 1)
    }

    /// Whether Git LFS left a pointer here.
    pub(super) fn is_pointer(&self) -> bool {
        is_pointer(&self.text)
    }
}

/// How some bytes compare with those that a hash stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    Same,
    LineEndings,
    Other,
}

/// The seal of a folder, read as far as it can be.
#[derive(Clone, Debug)]
pub(super) struct SealReading {
    pub(super) lenient: Lenient,
    /// The rank of the first entry whose link does not hold.
    pub(super) broken: Option<usize>,
    /// Whether its text is the one way to write what it says.
    pub(super) regular: bool,
}

impl SealReading {
    fn of(reading: &Reading) -> Self {
        let lenient = Seal::lenient(&reading.text);
        let whole = lenient.damaged.is_empty();
        // The links of a seal that lost lines say nothing.
        let broken = if whole { lenient.seal.broken() } else { None };
        // One that lost lines is written without them.
        let regular = broken.is_none() && lenient.seal.text().as_bytes() == reading.text;
        Self { lenient, broken, regular }
    }
}

/// Every file of a verification, read: those of the folder by their path in it, and the live ones.
#[derive(Clone, Debug, Default)]
pub struct Readings {
    /// The folder of the closing, from that of the books: `clotures/2024`.
    pub(super) name: String,
    /// What `sceau.txt` says.
    pub(super) seal: Option<SealReading>,
    /// What `manifeste.sha256` says.
    pub(super) manifest: Option<Manifest>,
    pub(super) folder: BTreeMap<String, Reading>,
    pub(super) current: BTreeMap<String, Reading>,
}

impl Readings {
    /// Reads a sealed folder and the live sources.
    pub fn of(folder: &SealedFolder, current: &BTreeMap<String, Vec<u8>>) -> Self {
        let mut readings = Self { name: folder.name.clone(), ..Self::default() };
        for (path, bytes) in &folder.files {
            readings.put_sealed(path, bytes);
        }
        for (path, bytes) in current {
            readings.put_current(path, bytes);
        }
        readings
    }

    /// Reads a file of the folder again; its path is that in the folder, or in the books.
    pub fn put_sealed(&mut self, path: &str, bytes: &[u8]) {
        let path: String = path.nfc().collect();
        let inside = path.strip_prefix(&self.name).and_then(|rest| rest.strip_prefix('/'));
        let path = inside.unwrap_or(&path).to_owned();
        let reading = Reading::of(bytes);
        if path == SEAL {
            self.seal = Some(SealReading::of(&reading));
        } else if path == MANIFEST {
            self.manifest = Some(Manifest::read(&reading.text));
        }
        self.folder.insert(path, reading);
    }

    /// Reads a live source again.
    pub fn put_current(&mut self, path: &str, bytes: &[u8]) {
        self.current.insert(path.nfc().collect(), Reading::of(bytes));
    }

    /// A file of the folder as a verdict names it.
    pub(super) fn named(&self, path: &str) -> String {
        format!("{}/{path}", self.name)
    }
}
