//! What is not tampering: no alarm, and what changed is said by its own word.

use std::collections::BTreeMap;

use compta::closing::verify::{Finding, SealedFolder, Verdict, verify};
use unicode_normalization::UnicodeNormalization;

use super::world::{Files, books, close, context, one, until, whole};
use compta::closing::Previous;

fn windows(files: &Files) -> Files {
    let crlf = |bytes: &Vec<u8>| -> Vec<u8> {
        let mut out = Vec::new();
        for (at, byte) in bytes.iter().enumerate() {
            if *byte == b'\n' && (at == 0 || bytes[at - 1] != b'\r') {
                out.push(b'\r');
            }
            out.push(*byte);
        }
        out
    };
    files.iter().map(|(path, bytes)| (path.clone(), crlf(bytes))).collect()
}

fn unix(files: &Files) -> Files {
    let lf = |bytes: &Vec<u8>| bytes.iter().copied().filter(|byte| *byte != b'\r').collect();
    files.iter().map(|(path, bytes)| (path.clone(), lf(bytes))).collect()
}

fn silent(verdicts: &[Verdict], allowed: &[Finding]) {
    let wrong = verdicts.iter().find(|v| v.alarm || !allowed.contains(&v.finding));
    assert!(wrong.is_none(), "{wrong:?}");
}

#[test]
fn what_was_just_sealed_is_intact() {
    let (live, closed, known) = one();
    assert_eq!(whole(&closed.folder, &live, &known, 2024), []);
}

#[test]
fn ends_of_lines_are_said_and_are_no_alarm() {
    let (live, closed, known) = one();
    for (files, sources) in [
        (windows(&closed.folder.files), windows(&live)),
        (closed.folder.files.clone(), windows(&live)),
        (unix(&closed.folder.files), live.clone()),
    ] {
        let folder = SealedFolder { files, ..closed.folder.clone() };
        let verdicts = whole(&folder, &sources, &known, 2024);
        assert!(!verdicts.is_empty());
        silent(&verdicts, &[Finding::LineEndingsOnly]);
    }
    // The root does not depend on them.
    let mut dressed = windows(&live);
    // hledger takes a carriage return for a part of an included name.
    dressed.insert("principal.journal".into(), live["principal.journal"].clone());
    let other = close(&dressed, 2024, closed.seal.previous);
    assert_eq!(other.seal.root(), closed.seal.root());
    silent(&whole(&other.folder, &live, &known, 2024), &[Finding::LineEndingsOnly]);
    // A byte order mark is no text either.
    let mut marked = live.clone();
    for bytes in marked.values_mut() {
        bytes.splice(0..0, *b"\xef\xbb\xbf");
    }
    silent(&verify(&closed.folder, &marked, &context(&known)), &[Finding::LineEndingsOnly]);
}

#[test]
fn names_and_folders_do_not_matter() {
    let mut live = until(2024);
    let moved = live.remove("2024/od.journal").unwrap();
    live.insert("2024/opérations.journal".into(), moved);
    let closed = close(&live, 2024, Previous::Genesis);
    let nfd = |files: &Files| -> Files {
        files.iter().map(|(path, bytes)| (path.nfd().collect(), bytes.clone())).collect()
    };
    assert_eq!(verify(&closed.folder, &nfd(&live), &context(&[])), []);
    let elsewhere =
        SealedFolder { name: "sauvegarde/2024".into(), files: nfd(&closed.folder.files) };
    assert_eq!(verify(&elsewhere, &live, &context(&[])), []);
    let full: BTreeMap<String, Vec<u8>> = closed
        .folder
        .files
        .iter()
        .map(|(path, bytes)| (format!("clotures/2024/{path}"), bytes.clone()))
        .collect();
    let named = SealedFolder { name: "clotures/2024".into(), files: full };
    assert_eq!(verify(&named, &live, &context(&[])), []);
    let mut littered = closed.folder.clone();
    littered.files.insert(".DS_Store".into(), vec![0]);
    silent(&verify(&littered, &live, &context(&[])), &[Finding::Inserted]);
}

#[test]
fn books_go_on() {
    let (live, closed, known) = one();
    let edit = |path: &str, edit: &dyn Fn(String) -> String| -> Vec<Verdict> {
        let mut now = live.clone();
        let text = String::from_utf8(live[path].clone()).unwrap();
        let edited = edit(text.clone());
        assert_ne!(edited, text, "{path} is edited");
        now.insert(path.to_owned(), edited.into_bytes());
        assert!(super::world::read(&now, 2024).is_some(), "{path} still reads");
        let verdicts = whole(&closed.folder, &now, &known, 2024);
        assert!(!verdicts.is_empty(), "{path}");
        verdicts
    };
    let achats = "2024/achats.journal";
    let later = "2025-01-03 * (ACH-0001) SNCF | Paris\n    6251 Voyages et déplacements  5,00 €\n    401 Fournisseurs:SNCF  -5,00 €\n";
    silent(&edit(achats, &|text| format!("{text}\n")), &[Finding::LayoutOnly]);
    silent(&edit(achats, &|text| text.trim_end().to_owned()), &[Finding::LayoutOnly]);
    silent(&edit(achats, &|text| text.replace("\n\n", "\n\n\n")), &[Finding::LayoutOnly]);
    silent(&edit(achats, &|text| format!("{text}\n{later}")), &[Finding::Grown]);
    silent(
        &edit(achats, &|text| text.replacen("\n\n2024-", &format!("\n\n{later}\n2024-"), 1)),
        &[Finding::Grown],
    );
    silent(
        &edit(achats, &|text| text.replacen("\n\n2024-", "\n\n; vu par le CAC\n\n2024-", 4)),
        &[Finding::Grown],
    );
    silent(
        &edit("comptes.journal", &|text| {
            text.replacen("account 467", "account 6251 Déplacements du bureau\naccount 467", 1)
                .replacen("account 6251 Déplacements du bureau\n", "account 51299 Livret bis\n", 1)
                + "tag devise\n"
        }),
        &[Finding::Grown],
    );
    silent(&edit("principal.journal", &|text| format!("{text}; suite\n")), &[Finding::Grown]);
    silent(&edit("care.toml", &|text| format!("{text}[annee]\n")), &[Finding::ChangedSince]);
    // Laid out again, an entry says the same: it is known when the books can be read.
    silent(
        &edit(achats, &|text| text.replacen("déplacements  ", "déplacements      ", 3)),
        &[Finding::LayoutOnly],
    );
    // The year after, with all its journals.
    let mut now = books();
    for (path, bytes) in &live {
        if path.starts_with("2024/") {
            assert_eq!(&now[path], bytes);
        }
    }
    now.remove("care.toml");
    silent(&whole(&closed.folder, &now, &known, 2024), &[Finding::Grown, Finding::ChangedSince]);
}

#[test]
fn a_statement_is_compared_with_what_the_books_give_again() {
    let (live, closed, known) = one();
    let mut with = context(&known);
    let again = closed.folder.files["etats/bilan.txt"].clone();
    with.regenerated = Some(BTreeMap::from([("etats/bilan.txt".to_owned(), again.clone())]));
    assert_eq!(verify(&closed.folder, &live, &with), []);
    let other = [&again[..], b"x"].concat();
    with.regenerated = Some(BTreeMap::from([("etats/bilan.txt".to_owned(), other)]));
    let verdicts = verify(&closed.folder, &live, &with);
    assert_eq!(
        verdicts.iter().map(|v| (v.finding, v.alarm)).collect::<Vec<_>>(),
        [(Finding::NotReproduced, true)]
    );
    // Other ends of lines, or an alarm on another file, hide nothing of it; its own alarm says it already.
    let windows = String::from_utf8(again).unwrap().replace('\n', "\r\n").into_bytes();
    for (path, bytes, told) in [
        ("etats/bilan.txt", windows.as_slice(), true),
        ("etats/resultat.csv", b"x".as_slice(), true),
        ("etats/bilan.txt", b"x".as_slice(), false),
    ] {
        let mut folder = closed.folder.clone();
        folder.files.insert(path.into(), bytes.to_vec());
        let verdicts = verify(&folder, &live, &with);
        let again = verdicts.iter().any(|one| one.finding == Finding::NotReproduced);
        assert_eq!((again, verdicts.len()), (told, 1 + usize::from(told)), "{path}: {verdicts:?}");
    }
    with.tool = "compta 9.0.0";
    let verdicts = verify(&closed.folder, &live, &with);
    assert_eq!(
        verdicts.iter().map(|v| (v.finding, v.alarm)).collect::<Vec<_>>(),
        [(Finding::NotReproduced, false)]
    );
}
