//! Seals of every released format: they verify for ever.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use compta::closing::verify::{Context, Finding, SealedFolder, verify};
use compta::closing::{Anchor, Seal, SealFault};

use super::world::{Files, one};
use crate::harness::root;

fn tree(folder: &Path) -> Files {
    let mut files = BTreeMap::new();
    let mut left: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            files.insert(name, fs::read(&path).unwrap());
        }
    }
    files
}

/// The code of the first seal, as its association noted it.
const FIRST: &str = "4f35-55b4-faf8-3172-5d0d-a5b1-1da1-f105";

#[test]
fn the_first_seal_still_verifies() {
    let folder = root().join("fixtures/seals/v1");
    let mut live = tree(&folder);
    let name = "clotures/2024";
    let sealed: Files = live
        .iter()
        .filter(|(path, _)| path.starts_with(name))
        .map(|(p, b)| (p.clone(), b.clone()))
        .collect();
    live.retain(|path, _| !path.starts_with("clotures/"));
    let context =
        Context { tool: "compta 0.1.0", anchor: Anchor::parse(FIRST), ..Context::default() };
    assert!(context.anchor.is_some());
    let verdicts =
        verify(&SealedFolder { name: name.into(), files: sealed.clone() }, &live, &context);
    // The year before is not in the museum, and is missed.
    let findings: Vec<_> = verdicts.iter().map(|v| v.finding).collect();
    assert_eq!(findings, [Finding::MissingPredecessor], "{verdicts:?}");
    let text = String::from_utf8(sealed["clotures/2024/sceau.txt"].clone()).unwrap();
    let seal = Seal::parse(&text).unwrap();
    assert_eq!(seal.text(), text);
    assert_eq!(seal.code(), FIRST);
}

#[test]
fn seals_read_back_strictly() {
    let (.., closed, _) = one();
    let text = closed.seal.text();
    assert_eq!(Seal::parse(&text), Ok(closed.seal.clone()));
    let fault = |text: &str| Seal::parse(text).map(|_| ());
    let later = text.replacen("compta-sceau/1", "compta-sceau/2", 1);
    assert_eq!(fault(&later), Err(SealFault::Format("2".into())));
    assert_eq!(SealFault::Format("2".into()).to_string(), "format 2 inconnu de cette version");
    assert_eq!(fault(&text.replace('\n', "\r\n")), Err(SealFault::Line(1)));
    assert_eq!(fault(&format!("{text}\n")), Err(SealFault::Line(text.lines().count() + 1)));
    assert_eq!(fault(text.trim_end()), Err(SealFault::Whole));
    assert!(fault(&text.replacen("OD-0001", "OD-0003", 1)).is_err());
    assert_eq!(fault(""), Err(SealFault::Line(1)));
    let mut lines: Vec<&str> = text.lines().collect();
    lines.swap(1, 2);
    assert_eq!(fault(&format!("{}\n", lines.join("\n"))), Err(SealFault::Whole));
}

/// Writes the first seal, once; what is there is never written again.
#[test]
#[ignore = "writes fixtures/seals/v1"]
fn the_museum_is_written_once() {
    let folder = root().join("fixtures/seals/v1");
    if folder.exists() {
        return;
    }
    let (live, closed, _) = one();
    let sealed =
        closed.folder.files.iter().map(|(path, bytes)| (format!("clotures/2024/{path}"), bytes));
    for (path, bytes) in live.iter().map(|(path, bytes)| (path.clone(), bytes)).chain(sealed) {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    eprintln!("code {}", closed.seal.code());
}
