//! Structural tampering: what is done to a sealed year is told by its own word.

use std::collections::BTreeSet;

use compta::closing::verify::{Finding, Reread, Verdict, verify};
use compta::closing::{Anchor, Previous};

use super::world::{Closed, Dice, Files, TOOL, close, context, known, one, three, until, whole};

/// The entries of a journal, as blocks of lines, and what stands between them.
fn cut(text: &str) -> Vec<(bool, String)> {
    let mut parts: Vec<(bool, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        let entry = line.starts_with(|c: char| c.is_ascii_digit());
        let inside = line.starts_with([' ', '\t']) && !line.trim().is_empty();
        match parts.last_mut() {
            Some((true, text)) if inside => text.push_str(line),
            Some((false, text)) if !entry => text.push_str(line),
            _ => parts.push((entry, line.to_owned())),
        }
    }
    parts
}

fn code_of(entry: &str) -> String {
    let (from, to) = (entry.find('(').unwrap(), entry.find(')').unwrap());
    entry[from + 1..to].to_owned()
}

fn join(parts: &[(bool, String)]) -> Vec<u8> {
    parts.iter().map(|(_, text)| text.as_str()).collect::<String>().into_bytes()
}

const JOURNALS: [&str; 3] = ["2024/achats.journal", "2024/banque.journal", "2024/od.journal"];

/// What one tampering must give: in these files, these words for these entries, and no alarm for others.
struct Expected {
    what: String,
    must: Vec<(String, Finding, String)>,
    /// Entries that may be named too.
    may: BTreeSet<String>,
}

impl Expected {
    fn check(&self, verdicts: &[Verdict]) -> Result<(), String> {
        let code =
            |verdict: &Verdict| verdict.entry.as_ref().map(|e| e.code.clone()).unwrap_or_default();
        for (file, finding, entry) in &self.must {
            let found = verdicts
                .iter()
                .any(|v| v.alarm && v.file == *file && v.finding == *finding && code(v) == *entry);
            if !found {
                return Err(format!(
                    "{}: no {finding:?} {entry} in {file}: {verdicts:?}",
                    self.what
                ));
            }
        }
        let named: BTreeSet<&String> =
            self.must.iter().map(|(.., entry)| entry).chain(&self.may).collect();
        match verdicts.iter().find(|v| v.alarm && !named.contains(&code(v))) {
            Some(other) => Err(format!("{}: also {other:?}", self.what)),
            None => Ok(()),
        }
    }
}

/// Does one thing to the live journals.
fn tamper(dice: &mut Dice, live: &mut Files) -> Expected {
    let path = JOURNALS[dice.below(3)];
    let text = String::from_utf8(live[path].clone()).unwrap();
    let mut parts = cut(&text);
    let places: Vec<usize> = (0..parts.len()).filter(|at| parts[*at].0).collect();
    let mut pick = || places[dice.below(places.len())];
    let (at, other) = (pick(), pick());
    let code = code_of(&parts[at].1);
    let kind = dice.below(12);
    let must = |finding: Finding, code: &str| vec![(path.to_owned(), finding, code.to_owned())];
    let mut expected =
        Expected { what: format!("{kind} {path} {code}"), must: Vec::new(), may: BTreeSet::new() };
    match kind {
        0 => {
            parts.remove(at);
            expected.must = must(Finding::Deleted, &code);
        }
        1 => {
            let again = parts[at].clone();
            parts.insert(other, (true, format!("{}\n", again.1)));
            expected.must = must(Finding::Duplicated, &code);
        }
        2 if at != other => {
            let second = code_of(&parts[other].1);
            parts.swap(at, other);
            // Of two that changed places, one at least is out of order.
            expected.may = BTreeSet::from([code, second]);
            expected.must = Vec::new();
            expected.what.push_str(" swap");
        }
        3 => {
            let new = "2024-06-15 * (ACH-9999) Inconnu | une dépense de plus\n    6251 Voyages et déplacements  5,00 €\n    512000 Crédit coopératif  -5,00 €\n\n";
            parts.insert(at, (true, new.to_owned()));
            expected.must = must(Finding::Inserted, "ACH-9999");
        }
        4 => {
            // Two damages at once: both are named.
            if at == other {
                parts.remove(at);
                expected.must = must(Finding::Deleted, &code);
            } else {
                let second = code_of(&parts[other].1);
                parts[other].1 = parts[other].1.replacen(" €", "1 €", 1).replacen(',', "9,", 1);
                parts.remove(at);
                expected.must = must(Finding::Deleted, &code);
                expected.must.extend(must(Finding::Altered, &second));
            }
        }
        5 => {
            let away = JOURNALS.iter().find(|other| **other != path).unwrap();
            let moved = parts.remove(at).1;
            let mut there = live[*away].clone();
            there.extend_from_slice(format!("\n{moved}").as_bytes());
            live.insert((*away).to_owned(), there);
            expected.must = must(Finding::Moved, &code);
        }
        _ => {
            let entry = &mut parts[at].1;
            let lines: Vec<&str> = entry.lines().collect();
            let changed = match kind {
                6 => lines[..lines.len() - 1].join("\n"),
                7 => format!("{}\n    471 Comptes d’attente  0,00 €", entry.trim_end()),
                8 => entry.replacen(") ", ") X", 1),
                9 => format!("{}\n    ; note ajoutée", entry.trim_end()),
                10 => entry.replacen(" €", " € ", 1).replacen('\n', "  ; programme: P9\n", 1),
                _ => entry.replacen("2024-", "2025-", 1),
            };
            *entry = format!("{}\n", changed.trim_end());
            expected.must = must(Finding::Altered, &code);
        }
    }
    if kind == 2 && expected.must.is_empty() && at == other {
        parts.remove(at);
        expected.must = must(Finding::Deleted, &code_of(&cut(&text)[at].1));
    }
    live.insert(path.to_owned(), join(&parts));
    expected
}

/// How many, unless `COMPTA_CASES` asks for more.
fn cases() -> usize {
    std::env::var("COMPTA_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(2_000)
}

#[test]
fn whatever_is_done_to_entries_is_named() {
    let (live, closed, known) = one();
    let seed = std::env::var("COMPTA_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(27);
    let mut dice = Dice(seed);
    let mut failures = Vec::new();
    for _ in 0..cases() {
        let mut now = live.clone();
        let expected = tamper(&mut dice, &mut now);
        let verdicts = verify(&closed.folder, &now, &context(&known));
        let said = if expected.must.is_empty() {
            let moved = |v: &Verdict| v.finding == Finding::Moved && v.entry.is_some();
            expected.check(&verdicts).and_then(|()| {
                verdicts
                    .iter()
                    .any(moved)
                    .then_some(())
                    .ok_or(format!("{}: {verdicts:?}", expected.what))
            })
        } else {
            expected.check(&verdicts)
        };
        failures.extend(said.err());
    }
    assert!(
        failures.is_empty(),
        "{} failures\n{}",
        failures.len(),
        failures[..failures.len().min(12)].join("\n\n")
    );
}

#[test]
fn a_tail_cut_anywhere_is_named() {
    let (live, closed, known) = one();
    let path = "2024/achats.journal";
    let bytes = &live[path];
    let text = std::str::from_utf8(bytes).unwrap();
    let mut starts = Vec::new();
    let mut at = 0;
    for (entry, part) in cut(text) {
        if entry {
            starts.push((at, at + part.trim_end().len(), code_of(&part)));
        }
        at += part.len();
    }
    for length in 0..bytes.len() {
        let mut now = live.clone();
        now.insert(path.to_owned(), bytes[..length].to_vec());
        let verdicts = verify(&closed.folder, &now, &context(&known));
        let named = |code: &str, finding: Finding| {
            verdicts
                .iter()
                .any(|v| v.finding == finding && v.entry.as_ref().is_some_and(|e| e.code == code))
        };
        assert!(!verdicts.is_empty(), "cut at {length}");
        for (start, end, code) in &starts {
            if length <= *start {
                assert!(
                    named(code, Finding::Deleted),
                    "cut at {length}: {code} is gone: {verdicts:?}"
                );
            } else if length < *end {
                assert!(
                    named(code, Finding::Deleted) || named(code, Finding::Altered),
                    "cut at {length}: {code}"
                );
            } else {
                assert!(
                    !verdicts.iter().any(|v| v.entry.as_ref().is_some_and(|e| e.code == *code)),
                    "cut at {length}: {code} is whole"
                );
            }
        }
    }
}

#[test]
fn a_file_that_is_gone_or_too_much_is_named() {
    let (live, closed, known) = one();
    let say =
        |folder: &compta::closing::verify::SealedFolder, live: &Files| -> Vec<(String, Finding)> {
            let verdicts = verify(folder, live, &context(&known));
            verdicts.into_iter().filter(|v| v.alarm).map(|v| (v.file, v.finding)).collect()
        };
    for path in closed.folder.files.keys() {
        let mut folder = closed.folder.clone();
        folder.files.remove(path);
        assert_eq!(
            say(&folder, &live),
            [(format!("clotures/2024/{path}"), Finding::Missing)],
            "{path}"
        );
    }
    for path in live.keys().filter(|path| path.ends_with(".journal")) {
        let mut now = live.clone();
        now.remove(path);
        assert_eq!(say(&closed.folder, &now), [(path.clone(), Finding::Missing)]);
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
        now.insert(path.clone(), pointer.into());
        assert_eq!(say(&closed.folder, &now), [(path.clone(), Finding::LfsPointer)]);
        let bytes =
            [b"<<<<<<< HEAD\n; une\n=======\n; deux\n>>>>>>> autre\n", &live[path][..]].concat();
        now.insert(path.clone(), bytes);
        assert_eq!(say(&closed.folder, &now), [(path.clone(), Finding::MergeConflict)]);
        now.remove(path);
        now.insert("2024/renommé.journal".into(), live[path].clone());
        let said = say(&closed.folder, &now);
        assert!(said.contains(&(path.clone(), Finding::Moved)), "{said:?}");
        assert!(!said.iter().any(|(_, finding)| *finding == Finding::Inserted), "{said:?}");
    }
    let mut folder = closed.folder.clone();
    folder.files.insert("etats/autre.txt".into(), b"x".to_vec());
    assert_eq!(say(&folder, &live), [("clotures/2024/etats/autre.txt".into(), Finding::Inserted)]);
    let mut now = live.clone();
    now.insert("2024/caisse.journal".into(), b"2024-05-01 * (CA-0001) Buvette\n    53 Caisse  5,00 \xe2\x82\xac\n    7788 Produits  -5,00 \xe2\x82\xac\n".to_vec());
    assert_eq!(say(&closed.folder, &now), [("2024/caisse.journal".into(), Finding::Inserted)]);
}

#[test]
fn a_year_of_a_chain_cannot_vanish() {
    let (live, years) = three();
    let all: Vec<_> = years.iter().map(known).collect();
    for closed in &years {
        let verdicts = verify(&closed.folder, &live, &context(&all));
        assert!(verdicts.iter().all(|v| !v.alarm), "{verdicts:?}");
    }
    for gone in [0, 1] {
        let mut left = all.clone();
        left.remove(gone);
        let verdicts = verify(&years[gone + 1].folder, &live, &context(&left));
        let alarms: Vec<_> = verdicts.iter().filter(|v| v.alarm).map(|v| v.finding).collect();
        assert_eq!(alarms, [Finding::MissingPredecessor]);
    }
    // 2023 sealed again after the fact: 2024 does not follow it any more.
    let mut other = until(2023);
    other.get_mut("2023/od.journal").unwrap().extend_from_slice("\n; ajout\n".as_bytes());
    let mut left = all.clone();
    left[0] = known(&close(&other, 2023, Previous::Genesis));
    let verdicts = verify(&years[1].folder, &live, &context(&left));
    assert_eq!(verdicts.iter().find(|v| v.alarm).map(|v| v.finding), Some(Finding::BrokenChain));
    // 2024 sealed again as an origin: the year before contradicts it.
    let genesis = close(&until(2024), 2024, Previous::Genesis);
    let verdicts = verify(&genesis.folder, &live, &context(&all));
    assert_eq!(verdicts.iter().find(|v| v.alarm).map(|v| v.finding), Some(Finding::BrokenChain));
}

/// What nobody can see without a code noted elsewhere (R10), and everybody with it.
#[test]
fn a_full_seal_made_again_is_seen_with_its_anchor_alone() {
    let (live, closed, known) = one();
    let mut dice = Dice(9);
    let anchor = Anchor::parse(&closed.seal.code()).unwrap();
    let mut seen = 0;
    for _ in 0..40 {
        let mut now = live.clone();
        let _ = tamper(&mut dice, &mut now);
        if super::world::read(&now, 2024).is_none() {
            continue;
        }
        let Closed { folder, .. } = close(&now, 2024, closed.seal.previous);
        seen += 1;
        assert_eq!(
            verify(&folder, &now, &context(&known)),
            [],
            "an insider leaves no trace inside"
        );
        let mut with = context(&known);
        with.anchor = Some(anchor.clone());
        let findings: Vec<_> = verify(&folder, &now, &with).iter().map(|v| v.finding).collect();
        assert_eq!(findings, [Finding::Resealed]);
    }
    assert!(seen >= 5, "{seen} books were sound");
    let mut with = context(&known);
    with.anchor = Some(anchor);
    assert_eq!(verify(&closed.folder, &live, &with), []);
}

#[test]
fn what_entries_depend_on_is_seen_by_what_they_say() {
    let (live, closed, known) = one();
    let mut now = live.clone();
    let text = String::from_utf8(live["comptes.journal"].clone()).unwrap();
    let text = text.replace("aux: F-SNCF", "aux: F-0001");
    now.insert("comptes.journal".into(), text.into_bytes());
    let verdicts = whole(&closed.folder, &now, &known, 2024);
    let alarms: Vec<_> = verdicts.iter().filter(|v| v.alarm).collect();
    assert!(alarms.iter().any(|v| v.file == "comptes.journal" && v.finding == Finding::Altered));
    assert!(alarms.iter().filter(|v| v.file == "2024/achats.journal").count() > 3, "{alarms:?}");
    // Another version of the program that reads them otherwise is no alarm.
    let mut other = context(&known);
    other.entries = super::world::reread(&now, 2024);
    other.tool = "compta 9.0.0";
    let verdicts = verify(&closed.folder, &now, &other);
    assert!(verdicts.iter().all(|v| !v.alarm || v.file == "comptes.journal"), "{verdicts:?}");
}

/// An unfinished merge of one journal, one that is a pointer or gone, hide nothing of another.
#[test]
fn what_one_journal_hides_hides_nothing_of_another() {
    let (live, closed, known) = one();
    let text = |path: &str| String::from_utf8(live[path].clone()).unwrap();
    let merged = format!("<<<<<<< HEAD\n{}=======\n>>>>>>> autre\n", text("2024/achats.journal"));
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n".to_owned();
    let bank = text("2024/banque.journal").replacen("(BQ-0007)", "(BQ-7000)", 1);
    for (achats, finding) in [
        (Some(merged), Finding::MergeConflict),
        (Some(pointer), Finding::LfsPointer),
        (None, Finding::Missing),
    ] {
        let mut now = live.clone();
        match achats {
            Some(achats) => now.insert("2024/achats.journal".into(), achats.into_bytes()),
            None => now.remove("2024/achats.journal"),
        };
        now.insert("2024/banque.journal".into(), bank.clone().into_bytes());
        let verdicts = whole(&closed.folder, &now, &known, 2024);
        let of =
            |file: &str| verdicts.iter().filter(|v| v.file == file && v.alarm).collect::<Vec<_>>();
        assert!(of("2024/achats.journal").iter().any(|v| v.finding == finding), "{verdicts:?}");
        let bank = of("2024/banque.journal");
        assert!(bank.iter().any(|v| v.finding == Finding::Altered), "{finding:?}: {verdicts:?}");
    }
}

/// What a rule derived is known by what it says: the books of today give it again, no less and no more.
#[test]
fn derived_entries_are_known_by_what_they_say() {
    let (live, closed, known) = one();
    let told = |entries: Vec<Reread>, tool| {
        let mut with = context(&known);
        with.entries = Some(entries);
        with.tool = tool;
        let verdicts = verify(&closed.folder, &live, &with);
        let all = verdicts.into_iter().map(|one| (one.finding, one.alarm, one.sentence));
        all.collect::<Vec<_>>()
    };
    let again = || super::world::reread(&live, 2024).unwrap();
    assert_eq!(told(again(), TOOL), []);
    let less: Vec<Reread> = again().into_iter().filter(|one| one.code != "CARE-0001").collect();
    for (tool, alarm) in [(TOOL, true), ("compta 9.0.0", false)] {
        let verdicts = told(less.clone(), tool);
        assert_eq!(verdicts.len(), 1, "{verdicts:?}");
        assert_eq!((verdicts[0].0, verdicts[0].1), (Finding::NotReproduced, alarm));
        assert!(verdicts[0].2.contains("ne redonnent pas l’écriture CARE-0001"), "{verdicts:?}");
    }
    // A register that changed since explains it; a journal that was laid out otherwise does not.
    for (path, more, expected) in [
        (
            "care.toml",
            "[annee]\n",
            [(Finding::ChangedSince, false), (Finding::NotReproduced, false)],
        ),
        ("2024/od.journal", "\n", [(Finding::LayoutOnly, false), (Finding::NotReproduced, true)]),
    ] {
        let mut now = live.clone();
        now.get_mut(path).unwrap().extend_from_slice(more.as_bytes());
        let mut with = context(&known);
        with.entries = Some(less.clone());
        let verdicts = verify(&closed.folder, &now, &with);
        let mut found: Vec<_> = verdicts.iter().map(|one| (one.finding, one.alarm)).collect();
        found.sort_by_key(|(finding, _)| *finding == Finding::NotReproduced);
        assert_eq!(found, expected, "{path}");
    }
    let mut more = again();
    more.extend(more.iter().find(|one| one.code == "CARE-0002").cloned());
    let verdicts = told(more, TOOL);
    assert_eq!(verdicts.len(), 1, "{verdicts:?}");
    assert!(
        verdicts[0].1 && verdicts[0].2.contains("donnent l’écriture CARE-0002"),
        "{verdicts:?}"
    );
    assert!(verdicts[0].2.contains("que rien ne scelle"), "{verdicts:?}");
}

/// A first line that does not read is an entry of the year that it begins with: of a closed one, it is too
/// much; of a later one, it is the business of the books.
#[test]
fn an_entry_that_does_not_read_is_of_the_year_it_begins_with() {
    let (live, closed, known) = one();
    let path = "2024/od.journal";
    let at = String::from_utf8(live[path].clone()).unwrap().lines().count() + 2;
    for (day, alarms) in [
        ("2025-13-01", false),
        ("2024-13-01", true),
        ("2023-13-01", true),
        ("9999", false),
        ("12/01/2025", true),
        ("7", true),
    ] {
        let mut now = live.clone();
        let text = format!("\n{day} * (OD-0009) Illisible\n    512000 Crédit coopératif  1,00 €\n");
        now.get_mut(path).unwrap().extend_from_slice(text.as_bytes());
        let verdicts = verify(&closed.folder, &now, &context(&known));
        let found: Vec<_> =
            verdicts.iter().map(|one| (one.file.as_str(), one.finding, one.line)).collect();
        let expected =
            if alarms { (Finding::Inserted, Some(at)) } else { (Finding::Grown, found[0].2) };
        assert_eq!(found, [(path, expected.0, expected.1)], "{day}");
        assert_eq!(verdicts[0].alarm, alarms, "{day}");
        assert!(verdicts[0].entry.is_none(), "{day}");
    }
}

/// A journal that no inclusion reads any more is whole, and says nothing: each of its entries is told.
#[test]
fn entries_that_nothing_reads_any_more_are_told() {
    let (live, closed, known) = one();
    let mut now = live.clone();
    let text = String::from_utf8(live["principal.journal"].clone()).unwrap();
    let text = text.replace("include 2024/*.journal\n", "include 2024/a*.journal\n");
    now.insert("principal.journal".into(), text.into_bytes());
    let verdicts = whole(&closed.folder, &now, &known, 2024);
    let unread: Vec<_> = verdicts
        .iter()
        .filter(|verdict| {
            verdict.finding == Finding::Deleted && verdict.file == "2024/banque.journal"
        })
        .collect();
    assert_eq!(unread.len(), 58, "{verdicts:?}");
    assert!(
        unread.iter().all(|verdict| verdict.alarm && verdict.sentence.contains("lignes `include`"))
    );
    assert!(verdicts.iter().all(|verdict| verdict.file != "2024/achats.journal"), "{verdicts:?}");
}

#[test]
fn a_seal_remade_by_hand_is_named() {
    let (live, closed, known) = one();
    let text = closed.seal.text();
    let forged = text.replace("Les Amis du Canal", "Les Amis du Lac");
    let mut folder = closed.folder.clone();
    folder.files.insert("sceau.txt".into(), forged.into_bytes());
    let verdicts = verify(&folder, &live, &context(&known));
    assert_eq!(
        verdicts.iter().map(|v| (v.finding, v.line)).collect::<Vec<_>>(),
        [(Finding::Altered, Some(3))]
    );
    // All papers agree, and the links do not: the seal was not made by compta.
    let mut seal = closed.seal.clone();
    seal.entries.swap(3, 4);
    let others: Files = closed.folder.files.clone();
    let files = compta::closing::with_papers(
        &seal,
        others,
        &live
            .iter()
            .filter(|(p, _)| p.ends_with(".journal"))
            .map(|(p, b)| (p.clone(), b.clone()))
            .collect(),
    );
    folder.files = files;
    let verdicts = verify(&folder, &live, &context(&known));
    assert_eq!(verdicts.iter().map(|v| v.finding).collect::<Vec<_>>(), [Finding::BrokenChain]);
    let named = verdicts[0].entry.as_ref().unwrap_or_else(|| panic!("{verdicts:?}"));
    assert_eq!(named.code, seal.entries[3].code);
    // Its papers gone, or a line of it: it is not believed alone.
    for gone in [None, Some(20)] {
        let mut alone = folder.clone();
        let whole = String::from_utf8(alone.files["sceau.txt"].clone()).unwrap();
        let left = whole.split_inclusive('\n').enumerate().filter(|(rank, _)| Some(*rank) != gone);
        let left: String = left.map(|(_, line)| line).collect();
        alone.files.insert("sceau.txt".into(), left.into());
        alone.files.remove("racine.txt");
        alone.files.remove("manifeste.sha256");
        let verdicts = verify(&alone, &live, &context(&known));
        let seal = verdicts.iter().find(|one| one.file.ends_with("sceau.txt"));
        assert_eq!(seal.map(|one| one.finding), Some(Finding::Altered), "{verdicts:?}");
    }
    // A later format is unknown, never corrupt.
    let later = text.replacen("compta-sceau/1", "compta-sceau/2", 1);
    folder.files.insert("sceau.txt".into(), later.clone().into_bytes());
    let root = super::world::hash(&later);
    folder
        .files
        .insert("racine.txt".into(), format!("compta-racine/1\nracine: {root}\n").into_bytes());
    let verdicts = verify(&folder, &live, &context(&known));
    assert_eq!(verdicts.iter().map(|v| v.finding).collect::<Vec<_>>(), [Finding::UnknownFormat]);
    assert!(verdicts[0].sentence.starts_with("format 2 inconnu de cette version"));
}
