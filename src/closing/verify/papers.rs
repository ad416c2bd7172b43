use super::reading::{Reading, Readings};
use super::verdict::{Finding, NamedEntry, Verdict};
use super::{Context, KnownSeal};
use crate::closing::chain::{Hash, Previous};
use crate::closing::manifest::{MANIFEST, Manifest, ROOT, SEAL};
use crate::closing::seal::{Lenient, Seal, later};

/// The three papers of a closing, `sceau.txt`, `racine.txt` and `manifeste.sha256`: each says what
/// the seal is, so that the one that lies is known by the two others.
#[derive(Debug)]
pub(super) struct Papers<'r> {
    /// The seal, as far as it can be read.
    pub(super) seal: &'r Seal,
    /// Whether the seal is the one that was made: every line of it counts.
    pub(super) sound: bool,
    /// The manifest, as far as it can be read.
    pub(super) manifest: &'r Manifest,
    /// The rank of the first entry whose link does not hold.
    broken: Option<usize>,
    /// Whether the seal is of a later format: nothing more can be said.
    pub(super) unknown: bool,
}

const RESTORE: &str = "reprenez ce fichier d’une sauvegarde";

impl<'r> Papers<'r> {
    pub(super) fn read(
        readings: &'r Readings,
        nothing: &'r (Lenient, Manifest),
        context: &Context<'_>,
        verdicts: &mut Vec<Verdict>,
    ) -> Self {
        let seal = paper(SEAL, readings, verdicts);
        let root = paper(ROOT, readings, verdicts);
        let listed = paper(MANIFEST, readings, verdicts);
        let manifest = listed.and(readings.manifest.as_ref()).unwrap_or(&nothing.1);
        let read = seal.and(readings.seal.as_ref());
        let lenient = read.map_or(&nothing.0, |read| &read.lenient);
        let (broken, regular) = read.map_or((None, false), |read| (read.broken, read.regular));
        let votes = Votes {
            seal: seal.map(|reading| reading.hash),
            root: root.and_then(|reading| said_root(&reading.text)),
            listed: manifest.files.get(SEAL).copied(),
        };
        let mut papers =
            Self { seal: &lenient.seal, sound: false, manifest, broken, unknown: false };
        let vouched = votes.seal.is_some_and(|hash| {
            let others = [votes.root, votes.listed];
            others.contains(&Some(hash))
        });
        let unheard = votes.root.is_none() && votes.listed.is_none();
        let number = lenient.format.as_deref().and_then(later);
        if let (Some(number), true) = (number, vouched || unheard) {
            papers.unknown = true;
            let sentence = format!(
                "format {number} inconnu de cette version : vérifiez avec une version de compta plus récente"
            );
            verdicts.push(Verdict::new(Finding::UnknownFormat, readings.named(SEAL), sentence));
            return papers;
        }
        // Two papers that disagree: the seal is believed when each of its lines holds, and the other does not.
        papers.sound =
            lenient.damaged.is_empty() && vouched || regular && papers.alone(&votes, root);
        if seal.is_some() && !papers.sound {
            damaged_seal(lenient, readings, verdicts);
        } else if seal.is_some() && !regular {
            let name = readings.named(SEAL);
            let sentence = "le sceau et la racine s’accordent, mais ce sceau n’est pas écrit comme compta l’écrit : il a été refait à la main";
            // A chain that breaks is told by its own word.
            if broken.is_none() {
                verdicts.push(Verdict::new(Finding::Altered, name, sentence));
            }
        }
        papers.root(root, &votes, readings, verdicts);
        papers.manifest(listed, &votes, readings, verdicts);
        Self::anchor(&votes, readings, context, verdicts);
        papers
    }

    /// Whether whatever contradicts the seal contradicts itself too.
    fn alone(&self, votes: &Votes, root: Option<&Reading>) -> bool {
        let root_lies = root.is_none_or(|reading| !holds_together(&reading.text, votes.root));
        // A manifest that is not there is not sound.
        root_lies && !self.manifest.sound
    }

    /// What `racine.txt` says against the seal, or against the manifest when the seal is damaged.
    fn root(
        &self,
        root: Option<&Reading>,
        votes: &Votes,
        readings: &Readings,
        verdicts: &mut Vec<Verdict>,
    ) {
        let Some(root) = root else { return };
        let expected = self.sound.then(|| self.seal.root_text());
        let holds = match (&expected, self.manifest.files.get(ROOT)) {
            (Some(expected), _) => expected.as_bytes() == root.text,
            (None, Some(hash)) if self.manifest.sound => root.hash == *hash,
            (None, _) => holds_together(&root.text, votes.root),
        };
        if holds {
            return;
        }
        let line = expected.map_or(1, |expected| {
            let lines = expected.as_bytes().split(|byte| *byte == b'\n');
            let same =
                lines.zip(root.text.split(|byte| *byte == b'\n')).take_while(|(a, b)| a == b);
            same.count() + 1
        });
        let sentence =
            format!("la racine écrite n’est pas celle du sceau (ligne {line}) ; {RESTORE}");
        verdicts.push(Verdict::new(Finding::Altered, readings.named(ROOT), sentence).at(line));
    }

    /// What the manifest says against itself and against the seal.
    fn manifest(
        &self,
        listed: Option<&Reading>,
        votes: &Votes,
        readings: &Readings,
        verdicts: &mut Vec<Verdict>,
    ) {
        if listed.is_none() {
            return;
        }
        let against = self.sound && votes.listed != votes.seal;
        if self.manifest.sound && !against {
            return;
        }
        let line = self.manifest.damaged.first().copied();
        let sentence = if self.manifest.sound {
            format!("le manifeste ne donne pas au sceau l’empreinte qu’il a ; {RESTORE}")
        } else {
            format!(
                "le manifeste n’est plus celui qui a été publié ; {RESTORE}, ou vérifiez par le sceau seul"
            )
        };
        let verdict = Verdict::new(Finding::Altered, readings.named(MANIFEST), sentence);
        verdicts.push(Verdict { line, ..verdict });
    }

    /// The root against what someone noted elsewhere.
    fn anchor(
        votes: &Votes,
        readings: &Readings,
        context: &Context<'_>,
        verdicts: &mut Vec<Verdict>,
    ) {
        let Some(anchor) = &context.anchor else { return };
        let known = [votes.seal, votes.root, votes.listed];
        let mut known = known.into_iter().flatten().peekable();
        if known.peek().is_none() || known.any(|root| anchor.fits(root)) {
            return;
        }
        let sentence = "la racine n’est pas celle du code donné : l’exercice a été scellé de nouveau après coup, ou le code est celui d’une autre clôture (une version provisoire ?) ; comparez avec le procès-verbal de l’assemblée et reprenez le dossier d’une sauvegarde";
        verdicts.push(Verdict::new(Finding::Resealed, readings.named(SEAL), sentence));
    }

    /// The links inside the seal, and the link to the seal before.
    pub(super) fn chain(
        &self,
        readings: &Readings,
        context: &Context<'_>,
        verdicts: &mut Vec<Verdict>,
    ) {
        if !self.sound {
            return;
        }
        if let Some(rank) = self.broken {
            let sentence = format!(
                "la chaîne des écritures ne se suit plus à partir du rang {rank} : ce sceau n’est pas sorti de compta ; reprenez le dossier d’une sauvegarde"
            );
            let verdict = Verdict::new(Finding::BrokenChain, readings.named(SEAL), sentence);
            verdicts.push(verdict.entry(NamedEntry::of(&self.seal.entries[rank - 1])));
        }
        let before = self.seal.period.first.pred_opt();
        let neighbour = context.known.iter().find(|known| Some(known.last) == before);
        let name = readings.named(SEAL);
        match (self.seal.previous, neighbour) {
            (Previous::Genesis, None) => {}
            // A part of this year may have been sealed before the year that precedes it was closed.
            (Previous::Genesis, Some(known)) if follows(known, self.seal.root(), context) => {}
            (Previous::Genesis, Some(known)) => {
                let sentence = format!(
                    "ce sceau dit commencer la chaîne, et {} est scellé avant lui : l’un des deux a été refait ; comparez avec les codes imprimés",
                    known.year
                );
                verdicts.push(Verdict::new(Finding::BrokenChain, name, sentence));
            }
            (Previous::Root(root), neighbour) => {
                if context.known.iter().any(|known| known.root == root) {
                    return;
                }
                let code = root.code();
                let (finding, sentence) = match neighbour {
                    Some(KnownSeal { year, .. }) => (
                        Finding::BrokenChain,
                        format!(
                            "ce sceau suit la clôture de code {code}, qui n’est plus celle de {year} : elle a été refaite après coup ; comparez avec les codes imprimés"
                        ),
                    ),
                    None => (
                        Finding::MissingPredecessor,
                        format!(
                            "ce sceau suit la clôture de code {code}, qui n’est nulle part ; reprenez son dossier d’une sauvegarde"
                        ),
                    ),
                };
                verdicts.push(Verdict::new(finding, name, sentence));
            }
        }
    }
}

/// Whether a seal comes after that root, directly or not.
fn follows(known: &KnownSeal, root: Hash, context: &Context<'_>) -> bool {
    let mut at = known.previous;
    for _ in 0..=context.known.len() {
        match at {
            Previous::Root(before) if before == root => return true,
            Previous::Root(before) => {
                let found = context.known.iter().find(|one| one.root == before);
                let Some(found) = found else { return false };
                at = found.previous;
            }
            Previous::Genesis => return false,
        }
    }
    false
}

/// What each paper says the root is.
struct Votes {
    seal: Option<Hash>,
    root: Option<Hash>,
    listed: Option<Hash>,
}

/// One paper; what is no paper at all is told, and left out.
fn paper<'r>(
    name: &str,
    readings: &'r Readings,
    verdicts: &mut Vec<Verdict>,
) -> Option<&'r Reading> {
    let named = readings.named(name);
    let Some(reading) = readings.folder.get(name) else {
        let sentence = format!("ce fichier de la clôture a disparu ; {RESTORE}");
        verdicts.push(Verdict::new(Finding::Missing, named, sentence));
        return None;
    };
    if let Some(verdict) = super::folder::nature(reading, &named) {
        verdicts.push(verdict);
        return None;
    }
    if reading.raw != reading.hash {
        verdicts.push(super::folder::line_endings(named));
    }
    Some(reading)
}

/// The root that `racine.txt` says.
fn said_root(text: &[u8]) -> Option<Hash> {
    let text = std::str::from_utf8(text).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("racine: "))?;
    Hash::parse(line)
}

/// Whether the code of `racine.txt` is that of its root.
fn holds_together(text: &[u8], root: Option<Hash>) -> bool {
    let code = root.map(|root| format!("\ncode: {}\n", root.code()));
    code.is_some_and(|code| memchr::memmem::find(text, code.as_bytes()).is_some())
}

/// The lines of the seal that are damaged, each with its entry.
fn damaged_seal(lenient: &Lenient, readings: &Readings, verdicts: &mut Vec<Verdict>) {
    let name = readings.named(SEAL);
    if lenient.damaged.is_empty() {
        let sentence = format!(
            "le sceau n’est plus celui de la racine, et chacune de ses lignes a été refaite ; {RESTORE}"
        );
        verdicts.push(Verdict::new(Finding::Altered, &name, sentence));
    }
    for (line, entry) in &lenient.damaged {
        let sentence = match entry {
            Some((code, _)) if !code.is_empty() => {
                format!("ligne {line} du sceau, celle de l’écriture {code}, altérée ; {RESTORE}")
            }
            _ => format!("ligne {line} du sceau altérée ; {RESTORE}"),
        };
        let mut verdict = Verdict::new(Finding::Altered, &name, sentence).at(*line);
        if let Some((code, Some(date))) = entry {
            let entry = NamedEntry { code: code.clone(), date: *date, sealed_line: None };
            verdict = verdict.entry(entry);
        }
        verdicts.push(verdict);
    }
}
