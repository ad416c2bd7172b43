//! The root depends on every field (P23), and on nothing else.

use std::collections::BTreeMap;

use compta::book::{Books, EntryRef};
use compta::closing::canon::{canon, content};
use compta::closing::{Hash, Previous};

use super::world::{Files, close_with, derived, read, until};

const ENTRY: &str = "2024-03-12=2024-03-10 * (ACH-0042) SNCF | Paris–Lille  ; piece: a.pdf, relu: oui\n    ; note de la trésorière\n    6251 Voyages et déplacements  184,00 €  ; programme: NM\n    401 Fournisseurs:SNCF  -184,00 €  = -184,00 €  ; lettrage: AA\n        ; sous la ligne\n    [C6812 Consommation irrécouvrable]  24,50 €\n    [C172 Dette climat irrécouvrable]  -24,50 €\n    (train-tgv)  220 pkm\n";

const ACCOUNTS: &str = "account 401 Fournisseurs:SNCF  ; aux: F1\naccount 401 Fournisseurs:EDF\naccount 467 Comptes d’attente\n";

fn files(entry: &str, accounts: &str) -> Files {
    let text = format!("decimal-mark ,\n\n{accounts}\n{entry}");
    BTreeMap::from([("principal.journal".to_owned(), text.into_bytes())])
}

fn of(entry: &str, accounts: &str, hash: &dyn Fn(EntryRef<'_>, &Books) -> Hash) -> Hash {
    let books = read(&files(entry, accounts), 2024).unwrap_or_else(|| panic!("{entry}"));
    let first = books.written().next().unwrap();
    hash(first, &books)
}

/// Each field, changed alone; the name is that of the field in the canonical bytes.
fn changes() -> Vec<(&'static str, String, String)> {
    let entry = |from: &str, to: &str| {
        assert!(ENTRY.contains(from), "{from}");
        (ENTRY.replacen(from, to, 1), ACCOUNTS.to_owned())
    };
    let all = vec![
        ("date", entry("2024-03-12", "2024-03-13")),
        ("seconde", entry("=2024-03-10", "=2024-03-11")),
        ("seconde", entry("=2024-03-10", "")),
        ("marque", entry(" * ", " ! ")),
        ("marque", entry(" * ", " ")),
        ("code", entry("ACH-0042", "ACH-0043")),
        ("libelle", entry("Paris–Lille", "Paris–Lyon")),
        ("etiquette", entry("relu: oui", "revu: oui")),
        ("valeur", entry("a.pdf", "b.pdf")),
        ("commentaire", entry("trésorière", "présidente")),
        ("commentaire", entry("sous la ligne", "sous la ligne 2")),
        ("valeur", entry("programme: NM", "programme: R")),
        ("valeur", entry("lettrage: AA", "lettrage: AB")),
        ("compte", entry("6251 Voyages et déplacements", "6256 Missions")),
        ("tiers", entry("401 Fournisseurs:SNCF", "401 Fournisseurs:EDF")),
        ("montant", (ENTRY.replace("184,00", "184,01"), ACCOUNTS.to_owned())),
        ("montant", entry("220 pkm", "221 pkm")),
        ("unite", entry("pkm", "km")),
        ("assertion", entry("  = -184,00 €", "")),
        ("livre", (ENTRY.replace("[C6812 Consommation irrécouvrable]", "[6251 Voyages et déplacements]"), ACCOUNTS.to_owned())),
        ("cadre", (ENTRY.replace("[C172 Dette climat irrécouvrable]  -24,50 €", "[C172 Dette climat irrécouvrable]  -24,50 €\n    [C110 Report à nouveau CARE]  0,00 €"), ACCOUNTS.to_owned())),
        ("aux", (ENTRY.to_owned(), ACCOUNTS.replace("F1", "F2"))),
        ("intitule", (ENTRY.to_owned(), format!("{ACCOUNTS}account 6251 Déplacements\n"))),
    ];
    all.into_iter()
        .map(|(name, (entry, accounts))| {
            (
                name,
                entry.replace(
                    "6251 Voyages et déplacements",
                    if accounts.contains("6251 Dé") {
                        "6251 Déplacements"
                    } else {
                        "6251 Voyages et déplacements"
                    },
                ),
                accounts,
            )
        })
        .collect()
}

/// The fields whose change that hash does not see.
fn survivors(hash: &dyn Fn(EntryRef<'_>, &Books) -> Hash) -> Vec<&'static str> {
    let whole = of(ENTRY, ACCOUNTS, hash);
    let unseen =
        changes().into_iter().filter(|(_, entry, accounts)| of(entry, accounts, hash) == whole);
    unseen.map(|(name, ..)| name).collect()
}

#[test]
fn every_field_changes_the_content() {
    assert_eq!(survivors(&content), Vec::<&str>::new());
}

/// Planted bugs: a field left out of the canonical bytes is one that the test above would see.
#[test]
fn a_field_left_out_would_be_seen() {
    for (left_out, more) in [
        ("date", vec![]),
        ("seconde", vec![]),
        ("marque", vec![]),
        ("code", vec![]),
        ("libelle", vec![]),
        // A tag is a word of a comment: both say it.
        ("etiquette", vec!["commentaire"]),
        ("valeur", vec!["commentaire"]),
        ("commentaire", vec![]),
        ("tiers", vec!["aux"]),
        ("montant", vec![]),
        ("unite", vec![]),
        ("assertion", vec!["unite"]),
        ("aux", vec![]),
        ("intitule", vec![]),
        ("compte", vec!["intitule"]),
    ] {
        let hash = |entry: EntryRef<'_>, books: &Books| {
            let text = String::from_utf8(canon(entry, books)).unwrap();
            let kept = |line: &&str| {
                let name = line.split(' ').next().unwrap();
                name != left_out
                    && !more.contains(&name)
                    && !(left_out == "assertion" && name == "assertion")
            };
            let kept: Vec<&str> = text.lines().filter(kept).collect();
            Hash::of(kept.join("\n").as_bytes())
        };
        let unseen = survivors(&hash);
        assert!(unseen.contains(&left_out), "{left_out} left out, and nobody sees it: {unseen:?}");
    }
}

/// What stays when an entry is laid out otherwise: the content; the text does not.
#[test]
fn layout_is_not_content() {
    let whole = of(ENTRY, ACCOUNTS, &content);
    for same in [
        ENTRY.replace("déplacements  184", "déplacements           184"),
        ENTRY.replace("    [", "  ["),
        ENTRY.replace('\n', "\r\n"),
        ENTRY.replace("  ; ", "      ;"),
        ENTRY.replace("184,00 €", "184,000 €"),
        ENTRY.replace("-24,50 €", ""),
        ENTRY.replace("220 pkm", "220,0 pkm"),
        // The same letters in other characters, where a text may have them.
        ENTRY.replace("trésorière", "tre\u{301}sorie\u{300}re"),
    ] {
        assert_ne!(same, ENTRY);
        assert_eq!(of(&same, ACCOUNTS, &content), whole, "{same}");
    }
}

#[test]
fn canonical_bytes_have_one_reading() {
    let books = read(&files(ENTRY, ACCOUNTS), 2024).unwrap();
    let bytes = canon(books.written().next().unwrap(), &books);
    let mut rest = &bytes[..];
    let mut names = Vec::new();
    while !rest.is_empty() {
        let text = std::str::from_utf8(rest).unwrap();
        let (name, more) = text.split_once(' ').unwrap();
        let (length, more) = more.split_once(' ').unwrap();
        let length: usize = length.parse().unwrap();
        assert_eq!(more.as_bytes()[length], b'\n');
        names.push(name.to_owned());
        rest = &more.as_bytes()[length + 1..];
    }
    assert_eq!(names[..5], ["date", "seconde", "marque", "code", "libelle"]);
    assert_eq!(names.iter().filter(|name| *name == "compte").count(), 5);
}

/// A generated journal may say more of an entry, in comments, and in another order: each is found by its first
/// line, at its own.
#[test]
fn a_generated_entry_is_found_by_its_first_line() {
    let live = until(2023);
    let text = derived(2023);
    let (first, second) = text.split_once("\n\n").unwrap();
    let more = |entry: &str| entry.replacen('\n', "\n    ; regle: C-CONS\n", 1);
    for (generated, lines) in [
        (format!("{}\n\n{}", more(first), more(second)), [5, 10]),
        (format!("{}\n\n{}", more(second.trim_end()), more(first)), [10, 5]),
        (format!("{}\n\n{first}\n", more(second.trim_end())), [10, 5]),
    ] {
        let closed = close_with(&live, 2023, Previous::Genesis, &generated);
        let of = |code: &str| {
            let entry = closed.seal.entries.iter().find(|entry| entry.code == code).unwrap();
            entry.place.clone().unwrap_or_else(|| panic!("{code} has no place"))
        };
        for (code, line) in ["CARE-0001", "CARE-0002"].iter().zip(lines) {
            assert_eq!(of(code), ("care.journal".to_owned(), line), "{code}\n{generated}");
        }
    }
}
