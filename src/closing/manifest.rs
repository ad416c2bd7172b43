use std::collections::BTreeMap;

use super::chain::Hash;
use super::script::VERIFIER;
use super::seal::{Seal, SourceKind};

/// The name of the manifest in its folder.
pub const MANIFEST: &str = "manifeste.sha256";
/// The name of the seal in its folder.
pub const SEAL: &str = "sceau.txt";
/// The name of the file of the root in its folder.
pub const ROOT: &str = "racine.txt";
/// The name of the script in its folder.
pub const SCRIPT: &str = "verifier.sh";

/// What leads from the folder of a closing to that of the books.
pub(super) const UP: &str = "../../";

/// The head of the last line, which `sha256sum -c` passes over.
const CHECK: &str = "# manifeste ";

/// The manifest of a closing, as `sha256sum -c` reads it: every file of the folder but itself, then
/// the journals where they are; raw bytes. Its last line, a comment, is the SHA-256 of those above.
///
/// `files` are those of the folder, by their path in it; `journals` those of the books, by theirs.
pub fn manifest(files: &BTreeMap<String, Vec<u8>>, journals: &BTreeMap<String, Vec<u8>>) -> String {
    let mut text = String::new();
    for (path, bytes) in files.iter().filter(|(path, _)| *path != MANIFEST) {
        text.push_str(&format!("{}  {path}\n", Hash::of(bytes)));
    }
    for (path, bytes) in journals {
        text.push_str(&format!("{}  {UP}{path}\n", Hash::of(bytes)));
    }
    let check = Hash::of(text.as_bytes());
    text.push_str(&format!("{CHECK}{check}\n"));
    text
}

/// The files of a closing once its papers join them: the seal, the root, the script, the manifest.
///
/// `files` are the generated journals, the copies of registers and the statements, by their path in
/// the folder; `journals` those of the books, by theirs.
pub fn with_papers(
    seal: &Seal,
    mut files: BTreeMap<String, Vec<u8>>,
    journals: &BTreeMap<String, Vec<u8>>,
) -> BTreeMap<String, Vec<u8>> {
    files.insert(SEAL.to_owned(), seal.text().into_bytes());
    files.insert(ROOT.to_owned(), seal.root_text().into_bytes());
    files.insert(SCRIPT.to_owned(), VERIFIER.as_bytes().to_vec());
    let text = manifest(&files, journals);
    files.insert(MANIFEST.to_owned(), text.into_bytes());
    files
}

/// A manifest as read, as far as it can be.
#[derive(Clone, Debug, Default)]
pub(super) struct Manifest {
    /// The hash of each file of the folder.
    pub(super) files: BTreeMap<String, Hash>,
    /// The hash of each journal, by its path from the books.
    pub(super) journals: BTreeMap<String, Hash>,
    /// Whether its last line agrees with the others.
    pub(super) sound: bool,
    /// The lines (from 1) that do not read.
    pub(super) damaged: Vec<usize>,
}

impl Manifest {
    pub(super) fn read(text: &[u8]) -> Self {
        let mut read = Self::default();
        let mut at = 0;
        for (rank, line) in text.split_inclusive(|byte| *byte == b'\n').enumerate() {
            let parsed = std::str::from_utf8(line).ok().and_then(|line| {
                let line = line.strip_suffix('\n')?;
                if let Some(check) = line.strip_prefix(CHECK) {
                    let last = at + line.len() + 1 == text.len();
                    let same = Hash::parse(check)? == Hash::of(&text[..at]);
                    read.sound = last && same;
                    return read.sound.then_some(());
                }
                let hash = Hash::parse(line.get(..64)?)?;
                let path = line.get(64..)?.strip_prefix("  ")?;
                match path.strip_prefix(UP) {
                    Some(path) => read.journals.insert(path.to_owned(), hash),
                    None => read.files.insert(path.to_owned(), hash),
                };
                Some(())
            });
            if parsed.is_none() {
                read.damaged.push(rank + 1);
            }
            at += line.len();
        }
        read
    }
}

impl Seal {
    /// The paths of the journals that a manifest lists beside the files of the folder.
    pub fn journals(&self) -> impl Iterator<Item = &str> {
        let journals = self.sources.iter().filter(|source| source.kind == SourceKind::Journal);
        journals.map(|source| source.path.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_reads_back() {
        let files = BTreeMap::from([("a b".to_owned(), vec![1]), (MANIFEST.to_owned(), vec![])]);
        let journals = BTreeMap::from([("2024/é.journal".to_owned(), vec![2])]);
        let text = manifest(&files, &journals);
        let read = Manifest::read(text.as_bytes());
        assert!(read.sound && read.damaged.is_empty(), "{text}");
        assert_eq!(read.files, BTreeMap::from([("a b".to_owned(), Hash::of(&[1]))]));
        assert_eq!(read.journals, BTreeMap::from([("2024/é.journal".to_owned(), Hash::of(&[2]))]));
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            assert!(!Manifest::read(&bytes).sound, "byte {at}");
        }
        assert!(!Manifest::read(&text.as_bytes()[..text.len() - 1]).sound, "cut");
    }
}
