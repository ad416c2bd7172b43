use std::collections::BTreeSet;
use std::path::Path;

use super::{AuditFacts, made, unverified};
use crate::book::{Books, ReadError};
use crate::closing::controls::bench::{Case, told};
use crate::closing::controls::entries::is_reference;
use crate::closing::controls::outcome::{Control, Evidence, Outcome, counted};
use crate::closing::{CLOSINGS, Hash};

/// The document of the accounting procedures (C. com. art. R123-172).
#[derive(Clone, Debug)]
pub struct Procedures {
    /// Where it is.
    pub path: String,
    /// Its SHA-256 and its size; `Err` says why it is no such document.
    pub found: Result<(Hash, usize), String>,
}

/// What a document is written in, with what its first bytes are; text has none.
const KINDS: [(&str, &[u8]); 10] = [
    ("pdf", b"%PDF-"),
    ("odt", b"PK"),
    ("docx", b"PK"),
    ("doc", b"\xd0\xcf\x11\xe0"),
    ("rtf", b"{\\rtf"),
    ("md", b""),
    ("txt", b""),
    ("adoc", b""),
    ("html", b""),
    ("htm", b""),
];

/// The fewest bytes that a document of procedures has: under it, it describes nothing.
const SHORTEST: usize = 100;

/// What stands at the path of the procedures: a document of the folder, none of its books and no copy or
/// link of one.
pub fn procedures(path: &str, read: Result<Vec<u8>, ReadError>, books: &Books) -> Procedures {
    let twin = |bytes: &[u8]| books.sources().iter().find(|source| source.bytes() == bytes);
    let found = match read {
        Err(ReadError::Missing) => Err("n’existe pas".to_owned()),
        Err(ReadError::Outside) => Err("n’est pas un fichier du dossier des livres".to_owned()),
        Err(ReadError::Other(why)) => Err(format!("ne se laisse pas lire : {why}")),
        Ok(bytes) => match twin(&bytes) {
            Some(source) => {
                Err(format!("est une copie de `{}`, un fichier des livres", source.name()))
            }
            None => document(path, &bytes).map(|()| (Hash::of(&bytes), bytes.len())),
        },
    };
    Procedures { path: path.to_owned(), found }
}

fn document(path: &str, bytes: &[u8]) -> Result<(), String> {
    let extension = Path::new(path).extension().map(|kind| kind.to_string_lossy().to_lowercase());
    let extension = extension.unwrap_or_default();
    let first = path.trim_start_matches("./").split('/').next().unwrap_or_default();
    if matches!(extension.as_str(), "toml" | "journal") || [CLOSINGS, "sorties"].contains(&first) {
        return Err("est un fichier des livres, ou que `compta` a fait".to_owned());
    }
    let names: Vec<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
    let Some((kind, begins)) = KINDS.iter().find(|(kind, _)| *kind == extension) else {
        return Err(format!("n’est pas un document ({})", names.join(", ")));
    };
    let written = if begins.is_empty() {
        std::str::from_utf8(bytes).is_ok_and(|text| text.chars().any(char::is_alphabetic))
    } else {
        bytes.starts_with(begins) && bytes.len() > begins.len()
    };
    if !written {
        return Err(format!("est vide, ou n’est pas du {kind}"));
    }
    let size = counted(bytes.len(), "octet", "octets");
    if bytes.len() < SHORTEST { Err(format!("ne décrit rien : {size}")) } else { Ok(()) }
}

/// A9: the accounting procedures are written.
pub(super) fn written(known: Option<&Procedures>) -> Control {
    let (code, title) = ("A9", "Procédures écrites");
    let Some(Procedures { path, found }) = known else {
        return unverified(
            code,
            title,
            "`compta.toml` ne nomme aucun document de procédures (C. com. art. R123-172)",
            "décrivez l’organisation comptable, et nommez le document : `procedures = \"pieces/procedures.pdf\"` sous `[entite]`",
        );
    };
    match found {
        Err(why) => {
            let help = "remettez le document, ou corrigez son chemin dans `compta.toml`";
            made(code, title, Outcome::Failed, format!("`{path}` {why}"), Vec::new(), help)
        }
        Ok((hash, size)) => {
            let size = counted(*size, "octet", "octets");
            let words = format!("{path}, {size}, SHA-256 {hash} ; son contenu est à lire");
            made(code, title, Outcome::Sound, words, Vec::new(), "")
        }
    }
}

/// A7: each entry names its document; what `pieces/` holds of them is told. The reference is the proof, and
/// the documents themselves may be kept elsewhere.
pub(super) fn pieces(mut control: Control, case: &Case<'_>, facts: &AuditFacts<'_>) -> Control {
    if control.outcome != Outcome::Sound {
        return control;
    }
    let (mut there, mut absent) = (BTreeSet::new(), Vec::new());
    let mut references = BTreeSet::new();
    let stems: BTreeSet<String> = facts.documents.iter().flat_map(|path| names(path)).collect();
    for entry in case.written() {
        let lines = entry.postings().flat_map(|line| line.tags().collect::<Vec<_>>());
        for (_, value) in entry.tags().chain(lines).filter(|(name, _)| *name == "piece") {
            if !is_reference(value) || !references.insert(value) {
                continue;
            }
            let own = value.trim_start_matches("./").trim_start_matches("pieces/");
            if stems.contains(own) {
                there.insert(value);
            } else {
                absent.push(Evidence::at(
                    entry.head(),
                    format!("`{value}` n’est pas dans `pieces/` : {}", told(&entry)),
                ));
            }
        }
    }
    let looked = if facts.documents.is_empty() && facts.empty.is_empty() {
        "les fichiers ne sont pas regardés : `pieces/` n’en tient aucun".to_owned()
    } else if there.is_empty() {
        let others = counted(facts.documents.len(), "fichier", "fichiers");
        control.evidence = absent;
        let others = if facts.documents.is_empty() {
            String::new()
        } else {
            format!(", qui tient {others} d’un autre nom")
        };
        format!("aucune n’est dans `pieces/`{others}")
    } else {
        let found = counted(there.len(), "fichier", "fichiers");
        let all = counted(references.len(), "référence", "références");
        control.evidence = absent;
        format!("{found} dans `pieces/` pour {all}, leur contenu est à lire")
    };
    let empty = match facts.empty.len() {
        0 => String::new(),
        more => format!(" ; {}", counted(more, "fichier vide", "fichiers vides")),
    };
    let words = |path: &String| Evidence::words(format!("pieces/{path} est vide"));
    control.evidence.extend(facts.empty.iter().map(words));
    control.proof = format!("{} ; {looked}{empty}", control.proof);
    control
}

/// How a document may be named: its path, its name, and its name without what it is written in.
fn names(path: &str) -> [String; 3] {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    [path.to_owned(), name.to_owned(), stem.to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What may be a document of procedures, and why the others are none.
    #[test]
    fn a_document_describes_something() {
        let long = "Qui saisit, qui vérifie, qui paie. ".repeat(10);
        let pdf = |text: &str| [b"%PDF-", text.as_bytes()].concat();
        for (path, bytes) in [
            ("pieces/procedures.pdf", pdf(&long)),
            ("./pieces/Procédures.PDF", pdf(&long)),
            ("procedures.md", long.clone().into_bytes()),
            ("notes/cloture.txt", long.clone().into_bytes()),
        ] {
            assert_eq!(document(path, &bytes), Ok(()), "{path}");
        }
        for (path, bytes, why) in [
            ("care.toml", long.clone().into_bytes(), "fichier des livres"),
            ("2024/od.JOURNAL", long.clone().into_bytes(), "fichier des livres"),
            ("clotures/2024/bilan.txt", long.clone().into_bytes(), "fichier des livres"),
            ("./sorties/bilan.pdf", pdf(&long), "fichier des livres"),
            ("procedures", long.clone().into_bytes(), "n’est pas un document (pdf"),
            ("procedures.exe", long.clone().into_bytes(), "n’est pas un document (pdf"),
            ("procedures.pdf", pdf(""), "est vide, ou n’est pas du pdf"),
            ("procedures.pdf", long.clone().into_bytes(), "est vide, ou n’est pas du pdf"),
            ("procedures.md", b"... 123 ...".repeat(20), "est vide, ou n’est pas du md"),
            ("procedures.md", b"\xff\xfea".repeat(60), "est vide, ou n’est pas du md"),
            ("procedures.md", b"a".repeat(SHORTEST - 1), "ne décrit rien : 99 octets"),
        ] {
            let told = document(path, &bytes).err();
            assert!(told.as_ref().is_some_and(|told| told.contains(why)), "{path}: {told:?}");
        }
        assert_eq!(document("procedures.md", &b"a".repeat(SHORTEST)), Ok(()));
    }

    #[test]
    fn what_does_not_read_is_said() {
        let books = Books::default();
        for (error, why) in [
            (ReadError::Missing, "n’existe pas"),
            (ReadError::Outside, "n’est pas un fichier du dossier des livres"),
            (ReadError::Other("refusé".to_owned()), "ne se laisse pas lire : refusé"),
        ] {
            assert_eq!(procedures("p.md", Err(error), &books).found, Err(why.to_owned()));
        }
    }
}
