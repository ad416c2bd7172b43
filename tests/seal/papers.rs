//! The three papers of a closing against each other: the one that lies is known by the two others.

use compta::closing::verify::{Context, Finding, SealedFolder, verify};
use compta::closing::{Anchor, Hash, Previous, Seal, SealFault};

use super::world::{Files, close, context, hash, known, one, three, until};

/// Writes the manifest of a folder again, as somebody who knows how to.
fn listed_again(folder: &mut SealedFolder, live: &Files) {
    let mut text = String::new();
    for (path, bytes) in folder.files.iter().filter(|(path, _)| *path != "manifeste.sha256") {
        text.push_str(&format!("{}  {path}\n", Hash::of(bytes)));
    }
    for (path, bytes) in live.iter().filter(|(path, _)| path.ends_with(".journal")) {
        text.push_str(&format!("{}  ../../{path}\n", Hash::of(bytes)));
    }
    let check = hash(&text);
    text.push_str(&format!("# manifeste {check}\n"));
    folder.files.insert("manifeste.sha256".into(), text.into_bytes());
}

/// Writes the root of a text of a seal, as somebody who knows how to.
fn rooted_again(folder: &mut SealedFolder, seal: &str) {
    let root = hash(seal);
    let text = format!(
        "compta-racine/1\nracine: {root}\ncode: {}\nexercice: 2024\netat: arrete\n",
        root.code()
    );
    folder.files.insert("racine.txt".into(), text.into_bytes());
}

fn text_of(folder: &SealedFolder, path: &str) -> String {
    String::from_utf8(folder.files[path].clone()).unwrap()
}

/// What is wrong: the file, in one word, at which line, and what is said.
type Said = (String, Finding, Option<usize>, String);

fn alarms(folder: &SealedFolder, live: &Files, context: &Context<'_>) -> Vec<Said> {
    let verdicts = verify(folder, live, context);
    let alarms = verdicts.into_iter().filter(|v| v.alarm);
    alarms.map(|v| (v.file, v.finding, v.line, v.sentence)).collect()
}

fn bare(said: &[Said]) -> Vec<(&str, Finding, Option<usize>)> {
    said.iter().map(|(file, finding, line, _)| (file.as_str(), *finding, *line)).collect()
}

const SEAL: &str = "clotures/2024/sceau.txt";
const ROOT: &str = "clotures/2024/racine.txt";
const MANIFEST: &str = "clotures/2024/manifeste.sha256";

/// A seal whose lines all hold in another order than compta writes them, with its root and its manifest.
#[test]
fn a_seal_that_compta_did_not_write_is_no_seal() {
    let (live, closed, known) = one();
    let text = closed.seal.text();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.swap(1, 2);
    let other = format!("{}\n", lines.join("\n"));
    let mut folder = closed.folder.clone();
    folder.files.insert("sceau.txt".into(), other.clone().into_bytes());
    rooted_again(&mut folder, &other);
    listed_again(&mut folder, &live);
    let said = alarms(&folder, &live, &context(&known));
    let told = said.iter().find(|(file, ..)| file == SEAL);
    let told = told.unwrap_or_else(|| panic!("{said:?}"));
    assert_eq!((told.1, told.2), (Finding::Altered, None));
    assert!(told.3.contains("refait à la main"), "{said:?}");
    // Its root alone vouches for it: the manifest that still knows the true one is told too.
    let mut folder = closed.folder.clone();
    folder.files.insert("sceau.txt".into(), other.clone().into_bytes());
    rooted_again(&mut folder, &other);
    let said = alarms(&folder, &live, &context(&known));
    assert!(bare(&said).contains(&(MANIFEST, Finding::Altered, None)), "{said:?}");
}

/// A seal made again, with its manifest and without its root: every line of it holds, and it is not believed.
#[test]
fn a_whole_seal_that_no_paper_knows_is_told() {
    let (live, closed, known) = one();
    let mut seal = closed.seal.clone();
    seal.tool = "compta 0.1.1".into();
    let mut folder = closed.folder.clone();
    folder.files.insert("sceau.txt".into(), seal.text().into_bytes());
    let said = alarms(&folder, &live, &context(&known));
    assert_eq!(bare(&said), [(SEAL, Finding::Altered, None)]);
    assert!(said[0].3.contains("chacune de ses lignes a été refaite"), "{said:?}");
    // With its root, it is the manifest that disagrees, and says of which file.
    rooted_again(&mut folder, &seal.text());
    let said = alarms(&folder, &live, &context(&known));
    assert_eq!(bare(&said), [(MANIFEST, Finding::Altered, None)]);
    assert!(said[0].3.contains("ne donne pas au sceau l’empreinte qu’il a"), "{said:?}");
    // With its manifest, it is the root; the line is that of the root itself.
    let mut folder = closed.folder.clone();
    folder.files.insert("sceau.txt".into(), seal.text().into_bytes());
    listed_again(&mut folder, &live);
    let said = alarms(&folder, &live, &context(&known));
    assert_eq!(bare(&said), [(ROOT, Finding::Altered, Some(2))]);
    assert!(said[0].3.contains("n’est pas celle du sceau (ligne 2)"), "{said:?}");
}

/// The two papers beside the seal are both damaged, and each contradicts itself: the seal holds alone.
#[test]
fn a_sound_seal_is_believed_against_two_damaged_papers() {
    let (live, closed, known) = one();
    let mut folder = closed.folder.clone();
    let root = text_of(&folder, "racine.txt").replacen("racine: ", "racine: 0", 1);
    folder.files.insert("racine.txt".into(), root.into_bytes());
    let list = text_of(&folder, "manifeste.sha256").replacen("# manifeste ", "# manifest ", 1);
    let end = list.lines().count();
    folder.files.insert("manifeste.sha256".into(), list.into_bytes());
    let said = alarms(&folder, &live, &context(&known));
    assert_eq!(
        bare(&said),
        [(MANIFEST, Finding::Altered, Some(end)), (ROOT, Finding::Altered, Some(2))]
    );
    // A root that holds together, of another seal, with a sound manifest of another seal: the seal lies.
    let other = close(&until(2024), 2024, Previous::Genesis);
    let mut folder = closed.folder.clone();
    for path in ["racine.txt", "manifeste.sha256"] {
        folder.files.insert(path.into(), other.folder.files[path].clone());
    }
    let said = alarms(&folder, &live, &context(&known));
    assert!(bare(&said).contains(&(SEAL, Finding::Altered, None)), "{said:?}");
    // The seal is gone: the root is held to the manifest, and to its own code.
    for (from, to) in [("racine: ", "racine: 0"), ("exercice: 2024", "exercice: 2023")] {
        let mut folder = closed.folder.clone();
        folder.files.remove("sceau.txt");
        let root = text_of(&folder, "racine.txt").replacen(from, to, 1);
        folder.files.insert("racine.txt".into(), root.into_bytes());
        let said = alarms(&folder, &live, &context(&known));
        let bare = bare(&said);
        assert!(bare.contains(&(SEAL, Finding::Missing, None)), "{said:?}");
        assert!(bare.contains(&(ROOT, Finding::Altered, Some(1))), "{said:?}");
    }
    let mut folder = closed.folder.clone();
    folder.files.remove("sceau.txt");
    folder.files.insert("manifeste.sha256".into(), b"rien\n".to_vec());
    let said = alarms(&folder, &live, &context(&known));
    assert!(!bare(&said).iter().any(|(file, ..)| *file == ROOT), "{said:?}");
    let root = text_of(&folder, "racine.txt").replacen("code: ", "code: 0", 1);
    folder.files.insert("racine.txt".into(), root.into_bytes());
    let said = alarms(&folder, &live, &context(&known));
    assert!(bare(&said).contains(&(ROOT, Finding::Altered, Some(1))), "{said:?}");
}

/// Both papers deny the seal: it is believed when each of them denies itself too, and not else.
#[test]
fn papers_that_deny_themselves_deny_nobody() {
    let (live, closed, known) = one();
    let other = close(&until(2024), 2024, Previous::Genesis);
    // A digit of a hash, or of the root, is another; the line still reads.
    let turned = |text: &str, start: usize| {
        let digit = if text.as_bytes()[start] == b'0' { '1' } else { '0' };
        format!("{}{digit}{}", &text[..start], &text[start + 1..])
    };
    let list = text_of(&closed.folder, "manifeste.sha256");
    let own = list[..list.find("  sceau.txt").unwrap()].rfind('\n').map_or(0, |at| at + 1);
    let root = text_of(&closed.folder, "racine.txt");
    let lying_root = turned(&root, root.find("racine: ").unwrap() + 8);
    let (lying_list, whole_list) = (turned(&list, own), text_of(&other.folder, "manifeste.sha256"));
    let whole_root = text_of(&other.folder, "racine.txt");
    for (root, list, believed) in [
        (Some(&lying_root), Some(&lying_list), true),
        (None, Some(&lying_list), true),
        (Some(&lying_root), None, true),
        (None, None, true),
        (Some(&whole_root), Some(&lying_list), false),
        (Some(&whole_root), None, false),
        (Some(&lying_root), Some(&whole_list), false),
        (None, Some(&whole_list), false),
    ] {
        let mut folder = closed.folder.clone();
        for (path, text) in [("racine.txt", root), ("manifeste.sha256", list)] {
            match text {
                Some(text) => folder.files.insert(path.into(), text.clone().into_bytes()),
                None => folder.files.remove(path),
            };
        }
        let said = alarms(&folder, &live, &context(&known));
        let accused = bare(&said).iter().any(|(file, ..)| *file == SEAL);
        let told = (root.map(|text| *text == whole_root), list.map(|text| *text == whole_list));
        assert_eq!(accused, !believed, "{told:?}: {said:?}");
        let absent = |path: &str| {
            bare(&said).iter().any(|(file, f, _)| *file == path && *f == Finding::Missing)
        };
        assert_eq!((absent(ROOT), absent(MANIFEST)), (root.is_none(), list.is_none()), "{said:?}");
    }
}

/// A paper that a merge or Git LFS replaced says nothing, and is told by its own word.
#[test]
fn a_paper_that_is_none_is_told() {
    let (live, closed, known) = one();
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
    for (path, file) in [("sceau.txt", SEAL), ("racine.txt", ROOT), ("manifeste.sha256", MANIFEST)]
    {
        let mut folder = closed.folder.clone();
        folder.files.insert(path.into(), pointer.into());
        let said = alarms(&folder, &live, &context(&known));
        assert!(bare(&said).contains(&(file, Finding::LfsPointer, None)), "{said:?}");
        let own = text_of(&closed.folder, path);
        let merged = format!("# tête\n<<<<<<< HEAD\n{own}=======\n{own}>>>>>>> autre\n");
        folder.files.insert(path.into(), merged.into_bytes());
        let said = alarms(&folder, &live, &context(&known));
        assert!(bare(&said).contains(&(file, Finding::MergeConflict, Some(2))), "{said:?}");
        // Other ends of lines are said, and are no alarm.
        let windows = own.replace('\n', "\r\n");
        folder.files.insert(path.into(), windows.into_bytes());
        let verdicts = verify(&folder, &live, &context(&known));
        let found: Vec<_> = verdicts.iter().map(|v| (v.file.as_str(), v.finding)).collect();
        assert_eq!(found, [(file, Finding::LineEndingsOnly)]);
    }
}

/// Each damaged line of a seal is told, with the entry that was there; what else it says goes on.
#[test]
fn damaged_lines_name_their_entries() {
    let (live, closed, known) = one();
    let text = closed.seal.text();
    let rank = |start: &str| text.lines().position(|line| line.starts_with(start)).unwrap() + 1;
    let entry = rank("ecriture\t3\t");
    let code = &closed.seal.entries[2].code;
    for (start, change, named) in [
        ("ecriture\t3\t", ("ecriture\t3\t", "ecriture\t4\t"), Some(code.as_str())),
        ("total\t", ("total\t", "totaux\t"), None),
        ("du\t2024", ("du\t2024", "du\t2025"), None),
        ("nature\tannuel", ("nature\tannuel", "nature\tmensuel"), None),
    ] {
        let mut folder = closed.folder.clone();
        let damaged = text.replacen(change.0, change.1, 1);
        folder.files.insert("sceau.txt".into(), damaged.into_bytes());
        let verdicts = verify(&folder, &live, &context(&known));
        let told = verdicts.iter().find(|v| v.file == SEAL && v.line == Some(rank(start)));
        let told = told.unwrap_or_else(|| panic!("{start}: {verdicts:?}"));
        assert_eq!(told.finding, Finding::Altered);
        assert_eq!(told.entry.as_ref().map(|entry| entry.code.as_str()), named);
        if let Some(named) = &told.entry {
            assert_eq!((named.date, named.sealed_line), (closed.seal.entries[2].date, None));
            assert_eq!(named.name(), format!("l’écriture {code} du {}", named.date));
            assert!(told.sentence.contains(&format!("ligne {entry} du sceau, celle de")));
        }
    }
    // Bytes that are no text, and a head that says nothing of a seal.
    let mut bytes = text.clone().into_bytes();
    let at = text.find("ecriture\t3").unwrap();
    bytes[at] = 0xff;
    let mut folder = closed.folder.clone();
    folder.files.insert("sceau.txt".into(), bytes);
    let said = alarms(&folder, &live, &context(&known));
    assert!(bare(&said).contains(&(SEAL, Finding::Altered, Some(entry))), "{said:?}");
    let mut bytes = text.clone().into_bytes();
    bytes[0] = 0xff;
    folder.files.insert("sceau.txt".into(), bytes);
    let said = alarms(&folder, &live, &context(&known));
    assert_eq!(bare(&said), [(SEAL, Finding::Altered, Some(1))]);
}

/// A damaged line is told though its root and its manifest were made for it.
#[test]
fn papers_made_for_a_damaged_seal_do_not_mend_it() {
    let (live, closed, known) = one();
    let damaged = closed.seal.text().replacen("entite\tLes Amis", "entite\tLes amis", 1);
    let mut folder = closed.folder.clone();
    folder.files.insert("sceau.txt".into(), damaged.clone().into_bytes());
    rooted_again(&mut folder, &damaged);
    listed_again(&mut folder, &live);
    let said = alarms(&folder, &live, &context(&known));
    assert!(bare(&said).contains(&(SEAL, Finding::Altered, Some(3))), "{said:?}");
}

/// A seal whose lines hold and whose head lacks one is not a seal.
#[test]
fn a_head_that_lacks_a_line_is_damaged_at_its_end() {
    let (.., closed, _) = one();
    let text = closed.seal.text();
    let fault = |text: &str| Seal::parse(text).map(|_| ());
    for head in [
        "outil",
        "entite",
        "siren",
        "exercice",
        "du",
        "au",
        "nature",
        "cloture",
        "etat",
        "precedent",
        "ecritures",
        "lignes",
        "fin",
    ] {
        let start = format!("{head}\t");
        let left: Vec<&str> = text.lines().filter(|line| !line.starts_with(&start)).collect();
        assert_eq!(left.len() + 1, text.lines().count(), "{head}");
        let cut = format!("{}\n", left.join("\n"));
        assert_eq!(fault(&cut), Err(SealFault::Line(left.len() + 1)), "{head}");
        // Twice is as wrong as never, and the second is the one that is told.
        let own = text.lines().position(|line| line.starts_with(&start)).unwrap();
        let mut twice: Vec<&str> = text.lines().collect();
        twice.insert(own + 1, twice[own]);
        let twice = format!("{}\n", twice.join("\n"));
        assert_eq!(fault(&twice), Err(SealFault::Line(own + 2)), "{head}");
    }
    // A word that says nothing, under a check that holds.
    for (head, word) in [
        ("du", "hier"),
        ("au", "2024-13-01"),
        ("nature", "mensuel"),
        ("cloture", ""),
        ("etat", "presque"),
        ("precedent", "rien"),
    ] {
        let own = text.lines().find(|line| line.starts_with(&format!("{head}\t"))).unwrap();
        let line = format!("{head}\t{word}");
        let check = hash(&line).to_string();
        let odd = text.replacen(own, &format!("{line}\t{}", &check[..8]), 1);
        assert_eq!(fault(&odd), Err(SealFault::Line(text.lines().count() + 1)), "{head}");
    }
    // A link that was made again is a broken chain, each line of it being sound.
    let mut seal = closed.seal.clone();
    seal.entries[4].chain = seal.entries[3].chain;
    assert_eq!(fault(&seal.text()), Err(SealFault::Chain(5)));
    let shown = |fault: SealFault| fault.to_string();
    assert_eq!(shown(SealFault::Chain(5)), "chaîne rompue à l’écriture 5");
    assert_eq!(shown(SealFault::Line(7)), "ligne 7 altérée");
    assert_eq!(shown(SealFault::Whole), "lignes lisibles une à une, mais pas ensemble");
}

/// A later format is unknown when something vouches for it, and damage when everything denies it.
#[test]
fn a_later_format_is_known_by_its_papers() {
    let (live, closed, known) = one();
    let later = closed.seal.text().replacen("compta-sceau/1", "compta-sceau/12", 1);
    let mut folder = closed.folder.clone();
    folder.files.insert("sceau.txt".into(), later.clone().into_bytes());
    let found = |folder: &SealedFolder| -> Vec<Finding> {
        verify(folder, &live, &context(&known)).iter().map(|v| v.finding).collect()
    };
    assert_eq!(found(&folder), [Finding::Altered]);
    let mut vouched = folder.clone();
    listed_again(&mut vouched, &live);
    assert_eq!(found(&vouched), [Finding::UnknownFormat]);
    let mut alone = folder.clone();
    alone.files.remove("racine.txt");
    alone.files.remove("manifeste.sha256");
    assert!(found(&alone).contains(&Finding::UnknownFormat));
    // A paper of the format that is known denies it, whichever it is.
    for gone in ["racine.txt", "manifeste.sha256"] {
        let mut denied = folder.clone();
        denied.files.remove(gone);
        assert!(!found(&denied).contains(&Finding::UnknownFormat), "{gone}");
    }
    for no in ["compta-sceau/", "compta-sceau/01", "compta-sceau/x", "compta-sceau/0"] {
        let other = later.replacen("compta-sceau/12", no, 1);
        alone.files.insert("sceau.txt".into(), other.into_bytes());
        assert!(!found(&alone).contains(&Finding::UnknownFormat), "{no}");
    }
}

/// What was noted elsewhere: in full, or the first digits of it.
#[test]
fn a_code_noted_elsewhere_is_held_to_every_paper() {
    let (live, closed, known) = one();
    let asked = |folder: &SealedFolder, code: &str| -> Vec<Finding> {
        let anchor = Anchor::parse(code);
        assert!(anchor.is_some(), "{code}");
        let verdicts = verify(folder, &live, &Context { anchor, ..context(&known) });
        verdicts.iter().filter(|v| v.alarm).map(|v| v.finding).collect()
    };
    let other = close(&until(2024), 2024, Previous::Genesis).seal.code();
    assert_eq!(asked(&closed.folder, &closed.seal.code()), []);
    assert_eq!(asked(&closed.folder, &other), [Finding::Resealed]);
    // One paper that still says it is enough; no paper that can say anything says nothing of it.
    let mut folder = closed.folder.clone();
    folder.files.remove("racine.txt");
    folder.files.remove("manifeste.sha256");
    assert_eq!(asked(&folder, &closed.seal.code()), [Finding::Missing; 2]);
    folder.files.remove("sceau.txt");
    assert!(!asked(&folder, &other).contains(&Finding::Resealed));
}

/// A part of a year may have been sealed before the year that precedes it: it begins the chain, and the
/// year comes after it.
#[test]
fn a_chain_may_begin_with_a_part_of_a_later_year() {
    let (live, years) = three();
    let genesis = close(&until(2024), 2024, Previous::Genesis);
    // The year before follows the seal that begins the chain, directly or through another.
    let mut before = known(&years[0]);
    before.previous = Previous::Root(genesis.seal.root());
    let own = known(&genesis);
    let said = alarms(&genesis.folder, &live, &context(&[before.clone(), own.clone()]));
    assert_eq!(bare(&said), []);
    let mut between = known(&years[2]);
    between.previous = Previous::Root(genesis.seal.root());
    before.previous = Previous::Root(between.root);
    let all = [before.clone(), between.clone(), own.clone()];
    assert_eq!(bare(&alarms(&genesis.folder, &live, &context(&all))), []);
    // Through one that nobody has, or in a ring that never comes to it: the two contradict each other.
    for previous in [hash("ailleurs"), before.root] {
        let mut lost = between.clone();
        lost.previous = Previous::Root(previous);
        let all = [before.clone(), lost, own.clone()];
        let said = alarms(&genesis.folder, &live, &context(&all));
        assert_eq!(bare(&said), [(SEAL, Finding::BrokenChain, None)]);
        assert!(said[0].3.contains("dit commencer la chaîne, et 2023"), "{said:?}");
    }
}
