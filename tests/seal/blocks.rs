//! What the margin says and what the reader reads are one: on every journal of the project.

use std::fs;
use std::path::{Path, PathBuf};

use compta::book::{ReadError, Sources, Years, load};
use compta::closing::{Kind, Previous, Seal, SealError, SealInput, SourceInput, SourceKind, State};
use compta::diagnostic::SourceMap;
use compta::measure::{FiscalYear, Period, day};

use crate::harness::root;

struct Disk(PathBuf);

impl Sources for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        fs::read(self.0.join(path)).map_err(|_| ReadError::Missing)
    }
    fn list(&self, folder: &str) -> Result<Vec<String>, ReadError> {
        let all = fs::read_dir(self.0.join(folder)).map_err(|_| ReadError::Missing)?;
        Ok(all.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect())
    }
}

fn journals(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            journals(&path, found);
        } else if path.extension().is_some_and(|end| end == "journal") {
            found.push(path);
        }
    }
}

#[test]
fn blocks_are_entries_on_every_journal_of_the_project() {
    let mut found = Vec::new();
    journals(&root().join("ledgers"), &mut found);
    journals(&root().join("fixtures"), &mut found);
    let ever = Period { first: day(1900, 1, 1).unwrap(), last: day(2199, 12, 31).unwrap() };
    let (mut sealed, mut whole) = (0, 0);
    for path in &found {
        let disk = Disk(path.parent().unwrap().to_owned());
        let name = path.file_name().unwrap().to_str().unwrap();
        let read = load(name, &disk, Years::default(), SourceMap::default(), 1);
        let Ok((books, findings)) = read else { continue };
        let unsound = findings.iter().any(compta::diagnostic::Finding::is_error);
        let journal = |source: &&compta::diagnostic::Source| books.is_journal(source);
        let sources = books.sources().iter().filter(journal).map(|source| SourceInput {
            path: source.name(),
            kind: SourceKind::Journal,
            bytes: source.bytes(),
        });
        let input = SealInput {
            books: &books,
            entries: books.written().collect(),
            entity: "x",
            siren: None,
            year: &FiscalYear { name: "toujours".into(), period: ever },
            kind: Kind::Annual,
            day: ever.last,
            state: State::Final,
            previous: Previous::Genesis,
            sources: sources.collect(),
            tool: "x",
        };
        match Seal::build(&input) {
            Ok(seal) => {
                assert_eq!(Seal::parse(&seal.text()), Ok(seal.clone()), "{}", path.display());
                sealed += seal.entries.len();
                whole += 1;
            }
            // An entry that was refused is no entry of the books, and has a block all the same.
            Err(SealError::Unsealed(..)) => assert!(unsound, "{}", path.display()),
            Err(error) => panic!("{}: {error}", path.display()),
        }
    }
    assert!(whole > 150 && sealed > 3_000, "{whole} journals of {}, {sealed} entries", found.len());
}
