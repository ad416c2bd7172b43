//! A gallery: one change after another of a small sealed year, and word for word what is said of each.

use compta::closing::verify::{Finding, Verdict, verify};
use compta::closing::{Previous, State, with_papers};

use super::world::{Closed, Files, close, context, known, until, whole};
use crate::harness::{expect, none, root};

pub const JOURNAL: &str = "2023/achats.journal";
pub const OTHER: &str = "2023/banque.journal";

/// Eleven pieces: a heading, a directive, entries with and without a number or a blank line after them, two
/// of them alike.
pub const BOUGHT: &str = "\
; Achats, exercice 2023

decimal-mark ,

2023-01-10 * (ACH-0001) SNCF | Lille  ; piece: 1.pdf
    6251 Voyages et déplacements  10,00 €
    401 Fournisseurs:SNCF  -10,00 €

2023-02-11 * (ACH-0002) EDF | février  ; piece: 2.pdf
    6251 Voyages et déplacements  20,00 €
    401 Fournisseurs:EDF  -20,00 €
2023-02-11 * (ACH-0003) EDF | mars  ; piece: 3.pdf
    6251 Voyages et déplacements  30,00 €
    401 Fournisseurs:EDF  -30,00 €

; à revoir avec la trésorière
2023-03-12 Sans numéro
    6251 Voyages et déplacements  40,00 €
    401 Fournisseurs:Bailleur  -40,00 €

2023-04-13=2023-03-30 * (ACH-0004) Bailleur | avril
    ; relue
    6251 Voyages et déplacements  50,00 €
    401 Fournisseurs:Bailleur  -50,00 €

2023-05-14 Deux fois la même
    6251 Voyages et déplacements  5,00 €
    401 Fournisseurs:Bailleur  -5,00 €

2023-05-14 Deux fois la même
    6251 Voyages et déplacements  5,00 €
    401 Fournisseurs:Bailleur  -5,00 €

2023-12-31 * (ACH-0005) SNCF | Arras
    6251 Voyages et déplacements  60,00 €
    401 Fournisseurs:SNCF  -60,00 €
";

pub const LATER: &str = "
2024-01-05 * (ACH-0001) SNCF | Lens
    6251 Voyages et déplacements  70,00 €
    401 Fournisseurs:SNCF  -70,00 €

2024-02-11 * (ACH-0002) EDF | février
    6251 Voyages et déplacements  20,00 €
    401 Fournisseurs:EDF  -20,00 €
";

/// The year, sealed, and the books since.
pub fn sealed() -> (Files, Closed) {
    let mut live = until(2023);
    live.insert(JOURNAL.into(), BOUGHT.into());
    let closed = close(&live, 2023, Previous::Genesis);
    live.insert(JOURNAL.into(), format!("{BOUGHT}{LATER}").into());
    (live, closed)
}

/// A text cut before each line at the margin; what separates stays with what stands above.
fn cut(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for line in text.split_inclusive('\n') {
        let begins = !line.starts_with([' ', '\n']);
        match parts.last_mut() {
            Some(last) if !begins => last.push_str(line),
            _ => parts.push(line.to_owned()),
        }
    }
    parts
}

/// What is said, one line each.
pub fn words(verdicts: &[Verdict]) -> String {
    let one = |verdict: &Verdict| {
        let line = verdict.line.map_or(String::new(), |line| format!(":{line}"));
        let entry = verdict.entry.as_ref().map_or(String::new(), |entry| {
            let sealed = entry.sealed_line.map_or("-".to_owned(), |line| line.to_string());
            format!(" [{} {} {sealed}]", entry.code, entry.date)
        });
        let mark = if verdict.alarm { "!" } else { " " };
        let (file, finding) = (&verdict.file, verdict.finding.word());
        format!("  {mark} {finding} {file}{line}{entry} — {}\n", verdict.sentence)
    };
    if verdicts.is_empty() { "    intact\n".to_owned() } else { verdicts.iter().map(one).collect() }
}

/// What is changed inside a piece that has it: what, from, to.
const EDITS: [(&str, &str, &str); 16] = [
    ("montant", "0,00", "1,00"),
    ("numéro", "(ACH-000", "(ACH-009"),
    ("numéro abîmé", "(ACH-", "(A!H-"),
    ("sans numéro", "(ACH-", "(("),
    ("jour", "-1", "-2"),
    ("an suivant", "2023-", "2024-"),
    ("an d’avant", "2023-", "2022-"),
    ("date abîmée", "2023-", "2O23-"),
    ("deux lettres devant", "2023-", "xx2023-"),
    ("trois lettres devant", "2023-", "xxx2023-"),
    ("libellé", " | ", " | vers "),
    ("mise en page", "déplacements  ", "déplacements      "),
    ("remarque", "; ", "; bien "),
    ("ligne sans marge", "\n    6251", "\n6251"),
    ("coupé en deux", "\n    401", "\n\n    401"),
    ("lignes jointes", "\n    401", " 401"),
];

/// What is put before a piece.
const ADDED: [(&str, &str); 4] = [
    ("remarque avant", "; vu\n"),
    (
        "écriture du même exercice avant",
        "2023-05-05 * (ACH-0077) Ajout\n    6251 Voyages et déplacements  1,00 €\n    401 Fournisseurs:SNCF  -1,00 €\n\n",
    ),
    (
        "écriture illisible avant",
        "2023-5 (ACH-0078 Ajout\n    6251 Voyages et déplacements  1,00 €\n\n",
    ),
    (
        "écriture de l’an suivant avant",
        "2024-05-05 * (ACH-0079) Ajout\n    6251 Voyages et déplacements  1,00 €\n    401 Fournisseurs:SNCF  -1,00 €\n\n",
    ),
];

/// A piece without its number, with it in a remark, and replaced by an entry of the year after.
fn renumbered(part: &str) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    let own = (1..10).map(|number| format!("(ACH-000{number}) ")).find(|own| part.contains(own));
    if let Some(own) = &own {
        let bare = part.replacen(own.as_str(), "", 1);
        let noted = bare.replacen('\n', &format!("\n    ; {}\n", own.trim()), 1);
        all.extend([("numéro ôté", bare), ("numéro en remarque", noted)]);
    }
    let code = own.as_deref().unwrap_or("");
    let later = format!(
        "2024-05-05 * {code}Ajout\n    6251 Voyages et déplacements  1,00 €\n    401 Fournisseurs:SNCF  -1,00 €\n\n"
    );
    let day = part.get(4..10).unwrap_or("-05-05");
    let near = later.replacen("2024-05-05", &format!("2024{day}"), 1);
    all.push(("remplacé par une écriture de l’an suivant", later));
    let last = format!(
        "2023-12-31 * Tout autre\n    ; {code}\n    512000 Crédit coopératif  3,00 €\n    401 Fournisseurs:EDF  -3,00 €\n\n"
    );
    all.push(("remplacé par une autre du dernier jour", last));
    let torn = part.replacen("0,00", "1,00", 2);
    all.push((
        "changé, une illisible derrière",
        format!("{torn}2023-5 (ACH-0078 Ajout\n    6251\n\n"),
    ));
    all.push(("remplacé par celle du même jour de l’an suivant", near));
    all
}

/// Every change of the pieces of a journal.
fn changes() -> Vec<(String, String)> {
    let parts = cut(&format!("{BOUGHT}{LATER}"));
    let named = |rank: usize| parts[rank].lines().next().unwrap_or_default().to_owned();
    let mut all = Vec::new();
    let mut add = |what: String, parts: &[String]| all.push((what, parts.concat()));
    for rank in 0..parts.len() {
        let with = |change: &dyn Fn(&mut Vec<String>)| {
            let mut changed = parts.clone();
            change(&mut changed);
            changed
        };
        let name = named(rank);
        add(format!("ôté : {name}"), &with(&|all| drop(all.remove(rank))));
        add(format!("répété : {name}"), &with(&|all| all.insert(rank, parts[rank].clone())));
        add(
            format!("répété à la fin : {name}"),
            &with(&|all| all.push(format!("\n{}", parts[rank]))),
        );
        if rank + 1 < parts.len() {
            add(
                format!("échangé avec le suivant : {name}"),
                &with(&|all| all.swap(rank, rank + 1)),
            );
        }
        if rank + 2 < parts.len() {
            add(
                format!("échangé avec celui d’après le suivant : {name}"),
                &with(&|all| all.swap(rank, rank + 2)),
            );
        }
        add(
            format!("changé et porté au début : {name}"),
            &with(&|all| {
                let gone = all.remove(rank).replacen(",00 €", ",50 €", 2);
                all.insert(2.min(all.len()), gone);
            }),
        );
        for (what, other) in renumbered(&parts[rank]) {
            add(format!("{what} : {name}"), &with(&|all| all[rank].clone_from(&other)));
        }
        add(
            format!("porté à la fin : {name}"),
            &with(&|all| {
                let gone = all.remove(rank);
                all.push(format!("\n{gone}"));
            }),
        );
        add(format!("reculé d’une espace : {name}"), &with(&|all| all[rank].insert(0, ' ')));
        for (what, from, to) in EDITS {
            if parts[rank].contains(from) {
                let to = parts[rank].replacen(from, to, 1);
                add(format!("{what} : {name}"), &with(&|all| all[rank].clone_from(&to)));
            }
        }
        for (what, more) in ADDED {
            add(format!("{what} : {name}"), &with(&|all| all.insert(rank, more.to_owned())));
        }
    }
    all
}

/// What a verification says of a year, the books being those.
fn said(closed: &Closed, now: &Files) -> String {
    words(&whole(&closed.folder, now, &[known(closed)], 2023))
}

/// What goes to another journal.
fn elsewhere(live: &Files, closed: &Closed) -> String {
    let mut text = String::new();
    let (bought, bank) = (cut(BOUGHT), cut(std::str::from_utf8(&live[OTHER]).unwrap()));
    // Of two alike that are gone, one is in the other journal.
    let mut now = live.clone();
    let alike = |part: &&String| part.contains("Deux fois");
    let left: Vec<&String> = bought.iter().filter(|part| !alike(part)).collect();
    now.insert(JOURNAL.into(), left.into_iter().map(String::as_str).collect::<String>().into());
    let one = bought.iter().find(alike).unwrap();
    now.insert(OTHER.into(), format!("{}\n{one}", bank.concat()).into());
    let told = said(closed, &now);
    text.push_str(&format!("deux écritures pareilles ôtées, l’une portée dans {OTHER}\n{told}"));
    for rank in [0, 2, 3] {
        let mut now = live.clone();
        let mut left = bought.clone();
        let gone = left.remove(rank);
        now.insert(JOURNAL.into(), left.concat().into());
        now.insert(OTHER.into(), format!("{}\n{gone}", bank.concat()).into());
        let told = said(closed, &now);
        text.push_str(&format!("porté dans {OTHER} : {}\n{told}", gone.lines().next().unwrap()));
    }
    text
}

/// What is done to the whole file, as other programs do it; nothing when it is gone.
fn wholesale() -> Vec<(&'static str, Option<String>)> {
    let whole_text = format!("{BOUGHT}{LATER}");
    let merged = |at: usize| {
        let mut parts = cut(&whole_text);
        let own = parts[at].clone();
        let theirs = own.replacen("0,00", "1,00", 2);
        parts[at] = format!("<<<<<<< HEAD\n{own}=======\n{theirs}>>>>>>> autre\n");
        parts.concat()
    };
    vec![
        ("ôté", None),
        ("vide", Some(String::new())),
        (
            "pointeur",
            Some(
                "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n".into(),
            ),
        ),
        ("fusion de la première écriture", Some(merged(2))),
        ("fusion de la dernière", Some(merged(9))),
        ("fins de ligne", Some(whole_text.replace('\n', "\r\n"))),
        ("fins de ligne, tel que scellé", Some(BOUGHT.replace('\n', "\r\n"))),
        ("marque d’ordre", Some(format!("\u{feff}{BOUGHT}"))),
        ("lignes blanches", Some(whole_text.replace("\n\n", "\n\n\n"))),
        ("coupé au milieu", Some(BOUGHT[..BOUGHT.find("30,00").unwrap()].into())),
        ("en lettres décomposées", Some(whole_text.replace('é', "e\u{301}"))),
        (
            "aussi long, une remarque de plus",
            Some({
                let mut shorter = BOUGHT.replacen("\n\n", "\n", 2);
                shorter.push_str(";\n");
                assert_eq!(shorter.len(), BOUGHT.len());
                shorter
            }),
        ),
        (
            "fusion, et une écriture ôtée",
            Some({
                let gone = cut(&merged(2));
                let at = gone.iter().position(|part| part.contains("(ACH-0004)")).unwrap();
                [&gone[..at], &gone[at + 1..]].concat().concat()
            }),
        ),
        (
            "une écriture portée à la fin, une autre ôtée",
            Some({
                let mut parts = cut(&whole_text);
                let moved = parts.remove(2);
                parts.remove(5);
                format!("{}\n{moved}", parts.concat())
            }),
        ),
        (
            "sans numéro remplacée par une autre",
            Some({
                let mut parts = cut(&whole_text);
                let at = parts.iter().position(|part| part.contains("Sans numéro")).unwrap();
                parts.remove(at);
                format!(
                    "{}\n2023-09-09 * () Autre\n    6251 Voyages et déplacements  1,00 €\n    401 Fournisseurs:SNCF  -1,00 €\n",
                    parts.concat()
                )
            }),
        ),
        ("répété tout entier", Some(format!("{whole_text}\n{whole_text}"))),
    ]
}

/// The journal under other names, and twice.
fn elsewhere_named(live: &Files, closed: &Closed) -> String {
    let mut text = String::new();
    for (what, path, gone) in [
        ("renommé", "2023/a.journal", true),
        ("renommé ailleurs", "a.journal", true),
        ("copié", "2023/copie.journal", false),
        ("copié sous un autre genre", "2023/copie.txt", false),
        ("copié en tableau", "2023/copie.csv", false),
        ("copié parmi les à-nouveaux", "a-nouveaux/copie.journal", false),
    ] {
        for (which, bytes) in
            [("", BOUGHT.as_bytes().to_vec()), (" avec la suite", live[JOURNAL].clone())]
        {
            let mut now = live.clone();
            now.insert(JOURNAL.into(), bytes.clone());
            if gone {
                now.remove(JOURNAL);
            }
            now.insert(path.into(), bytes);
            text.push_str(&format!("journal {what}{which}\n{}", said(closed, &now)));
        }
    }
    text
}

/// An entry laid out otherwise, which says the same, with something else changed at another line, in another
/// journal at the same line, or gone there to that line; and journals that nothing includes any more.
fn together(live: &Files) -> Vec<(&'static str, Files)> {
    let relaid = |parts: &mut Vec<String>, at: usize| {
        parts[at] = parts[at].replacen("déplacements  ", "déplacements      ", 1);
    };
    let line_of = |text: &str, what: &str| text.split(what).next().unwrap().matches('\n').count();
    let later = |text: &str, lines: usize| format!("{}{text}", "\n".repeat(lines));
    let bank = std::str::from_utf8(&live[OTHER]).unwrap();
    let with = |bought: String, bank: String| {
        let mut now = live.clone();
        now.insert(JOURNAL.into(), bought.into());
        now.insert(OTHER.into(), bank.into());
        now
    };
    let mut all = Vec::new();
    let mut two = cut(BOUGHT);
    relaid(&mut two, 2);
    two[7] = two[7].replacen("50,00", "51,00", 2);
    all.push(("mise en page, un montant plus loin", with(two.concat(), bank.to_owned())));
    // The last entry is far enough for the others to be moved down to its line.
    let mut one = cut(BOUGHT);
    relaid(&mut one, 10);
    let (mine, other) = (line_of(BOUGHT, "2023-12-31"), line_of(bank, "2023-12-05"));
    let wrong = bank.replacen("| virement", "| retrait", 9);
    let (mine, other) = (other.saturating_sub(mine), mine.saturating_sub(other));
    all.push((
        "mise en page, même ligne d’un autre",
        with(later(&one.concat(), mine), later(&wrong, other)),
    ));
    let mut gone = cut(BOUGHT);
    relaid(&mut gone, 10);
    let moved = gone.remove(2);
    let here = line_of(&gone.concat(), "2023-12-31");
    let there = line_of(bank, "nothing");
    let bought = later(&gone.concat(), (there + 1).saturating_sub(here));
    let padded = format!("{bank}{}{moved}", "\n".repeat((here.max(there + 1)) - there));
    all.push(("mise en page, une autre portée à la même ligne", with(bought, padded)));
    let door = String::from_utf8(live["principal.journal"].clone()).unwrap();
    let mut shut = live.clone();
    let lines: Vec<&str> = door
        .lines()
        .map(|line| if line.contains("2023/") { "include 2023/o*.journal" } else { line })
        .collect();
    shut.insert("principal.journal".into(), format!("{}\n", lines.join("\n")).into());
    all.push(("plus inclus", shut.clone()));
    let mut parts = cut(BOUGHT);
    parts[3] = parts[3].replacen("20,00", "21,00", 2);
    let gone = parts.remove(2);
    parts.push(format!("\n{gone}"));
    shut.insert(JOURNAL.into(), parts.concat().into());
    all.push(("plus inclus, une écriture changée, une déplacée", shut.clone()));
    // Neither side of a merge is the entry, and neither is intact.
    let mut merged = cut(BOUGHT);
    let own = merged[3].clone();
    let theirs = [1, 2].map(|cents| own.replacen("20,00", &format!("2{cents},00"), 2));
    merged[3] = format!("<<<<<<< HEAD\n{}=======\n{}>>>>>>> autre\n", theirs[0], theirs[1]);
    shut.insert(JOURNAL.into(), merged.concat().into());
    all.push(("plus inclus, une fusion", shut));
    all
}

/// Entries of a day that a seal answers for, or not: its first, its last, the day before, the day after.
#[test]
fn a_seal_answers_for_its_days_and_the_first_of_all_for_those_before() {
    let (live, closed) = sealed();
    let mut provisional = closed.seal.clone();
    provisional.state = State::Provisional;
    let mut follows = closed.seal.clone();
    follows.previous = Previous::Root(closed.seal.root());
    for (what, seal, inserted) in [
        ("première", &closed.seal, [true, true, true, false]),
        ("provisoire", &provisional, [false, true, true, false]),
        ("suivante", &follows, [false, true, true, false]),
    ] {
        let mut folder = closed.folder.clone();
        let bare: Files = folder
            .files
            .clone()
            .into_iter()
            .filter(|(path, _)| path.ends_with(".journal") || path.contains('/'))
            .collect();
        let journals = live.iter().filter(|(path, _)| path.ends_with(".journal"));
        folder.files =
            with_papers(seal, bare, &journals.map(|(p, b)| (p.clone(), b.clone())).collect());
        for (day, expected) in
            ["2022-12-31", "2023-01-01", "2023-12-31", "2024-01-01"].iter().zip(inserted)
        {
            let mut now = live.clone();
            let more = format!(
                "\n{day} * (ACH-0077) Ajout\n    6251 Voyages et déplacements  1,00 €\n    401 Fournisseurs:SNCF  -1,00 €\n"
            );
            now.insert(OTHER.into(), [&live[OTHER][..], more.as_bytes()].concat());
            let verdicts = verify(&folder, &now, &context(&[]));
            let told = verdicts.iter().any(|one| one.finding == Finding::Inserted);
            assert_eq!(told, expected, "{what} {day}: {verdicts:?}");
        }
    }
}

#[test]
fn every_change_of_a_journal_is_said_word_for_word() {
    let (live, closed) = sealed();
    let mut text = String::new();
    let mut tell = |what: &str, journal: Option<String>| {
        let mut now = live.clone();
        match journal {
            Some(text) => now.insert(JOURNAL.into(), text.into()),
            None => now.remove(JOURNAL),
        };
        text.push_str(&format!("{what}\n{}", said(&closed, &now)));
    };
    for (what, journal) in changes() {
        tell(&what, Some(journal));
    }
    for (what, journal) in wholesale() {
        tell(&format!("journal {what}"), journal);
    }
    // Two changes at once, of neighbours and of two that are far.
    for (one, other) in [(2, 3), (2, 7), (3, 4), (6, 7)] {
        let mut left = cut(BOUGHT);
        left[one] = left[one].replacen("0,00", "9,00", 2);
        left.remove(other);
        tell(&format!("montant du {one}, {other} ôté"), Some(left.concat()));
    }
    for (what, now) in together(&live) {
        text.push_str(&format!("{what}\n{}", said(&closed, &now)));
    }
    text.push_str(&elsewhere(&live, &closed));
    text.push_str(&elsewhere_named(&live, &closed));
    let mut failures = Vec::new();
    expect(&root().join("fixtures/seals/galerie.txt"), &text, &mut failures);
    none(&failures);
}
