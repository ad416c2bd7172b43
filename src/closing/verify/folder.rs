use std::collections::BTreeSet;

use super::Context;
use super::journals::entries_of;
use super::papers::Papers;
use super::reading::{Likeness, Reading, Readings};
use super::verdict::{Finding, Verdict};
use crate::closing::manifest::{MANIFEST, ROOT, SEAL};
use crate::closing::seal::{SealedSource, SourceKind};

/// What a program leaves in a folder without being asked.
const LITTER: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];

/// Compares the files of the folder with the seal, or with the manifest for those that it does not hold.
pub(super) fn compare(
    readings: &Readings,
    papers: &Papers<'_>,
    context: &Context<'_>,
    verdicts: &mut Vec<Verdict>,
) {
    let mut covered: BTreeSet<String> = [SEAL, ROOT, MANIFEST].map(str::to_owned).into();
    for source in &papers.seal.sources {
        if let Some(path) = source.in_folder() {
            copy(&path, source, readings, papers, verdicts);
            covered.insert(path);
            live(source, readings, verdicts);
        }
    }
    listed(&covered, readings, papers, verdicts);
    extra(&covered, readings, papers, verdicts);
    regenerated(readings, papers, context, verdicts);
}

/// A file that is no version of the sealed one at all: a merge that is not finished, a pointer.
pub(super) fn nature(reading: &Reading, name: &str) -> Option<Verdict> {
    if reading.is_pointer() {
        let sentence = "Git LFS a laissé un pointeur à la place du fichier : lancez `git lfs pull`";
        return Some(Verdict::new(Finding::LfsPointer, name, sentence));
    }
    let line = reading.conflict()?;
    let sentence =
        "une fusion n’est pas finie : reprenez la version scellée, et effacez les marques";
    Some(Verdict::new(Finding::MergeConflict, name, sentence).at(line))
}

pub(super) fn line_endings(name: String) -> Verdict {
    let sentence = "seules les fins de ligne ont changé (un réglage de Git ou d’un éditeur) : le contenu est intact, rien à faire";
    Verdict::new(Finding::LineEndingsOnly, name, sentence)
}

/// A copy of a register, or a generated journal: sealed whole.
fn copy(
    path: &str,
    source: &SealedSource,
    readings: &Readings,
    papers: &Papers<'_>,
    verdicts: &mut Vec<Verdict>,
) {
    let name = readings.named(path);
    let Some(reading) = readings.folder.get(path) else {
        verdicts.push(missing(name));
        return;
    };
    if reading.hash == source.hash {
        let listed = papers.manifest.files.get(path).filter(|_| papers.manifest.sound);
        if listed.is_some_and(|hash| *hash != reading.raw) {
            verdicts.push(line_endings(name));
        }
        return;
    }
    if let Some(verdict) = nature(reading, &name) {
        verdicts.push(verdict);
        return;
    }
    let before = verdicts.len();
    if source.kind == SourceKind::Generated {
        entries_of(&source.path, &name, reading, papers, verdicts);
    }
    if verdicts.len() == before {
        let sentence =
            "cette copie scellée n’est plus celle de la clôture ; reprenez-la d’une sauvegarde";
        verdicts.push(Verdict::new(Finding::Altered, name, sentence));
    }
}

/// The register of today beside its sealed copy.
fn live(source: &SealedSource, readings: &Readings, verdicts: &mut Vec<Verdict>) {
    if source.kind == SourceKind::Generated {
        return;
    }
    let path = &source.path;
    let since = match readings.current.get(path) {
        // What the program ships is in no folder of books.
        None if path.starts_with("compta/") => return,
        None => "n’est plus dans les livres",
        Some(reading) if reading.hash == source.hash => return,
        Some(reading) => {
            if let Some(verdict) = nature(reading, path) {
                verdicts.push(verdict);
                return;
            }
            "a changé depuis la clôture"
        }
    };
    let sentence = format!("{path} {since} : sa copie scellée fait foi, rien à faire");
    verdicts.push(Verdict::new(Finding::ChangedSince, path, sentence));
}

fn missing(name: String) -> Verdict {
    let sentence = "ce fichier de la clôture a disparu ; reprenez-le d’une sauvegarde";
    Verdict::new(Finding::Missing, name, sentence)
}

/// The files that only the manifest knows: statements, the script.
fn listed(
    covered: &BTreeSet<String>,
    readings: &Readings,
    papers: &Papers<'_>,
    verdicts: &mut Vec<Verdict>,
) {
    let sound = papers.manifest.sound;
    let mut doubtful = Vec::new();
    for (path, hash) in papers.manifest.files.iter().filter(|(path, _)| !covered.contains(*path)) {
        let name = readings.named(path);
        let Some(reading) = readings.folder.get(path) else {
            // A damaged manifest may have lost the name rather than the folder the file.
            if sound || unlisted(covered, readings, papers).next().is_none() {
                doubtful.push(missing(name));
            }
            continue;
        };
        match reading.is(*hash) {
            Likeness::Same => {}
            Likeness::LineEndings => verdicts.push(line_endings(name)),
            Likeness::Other => doubtful.push(nature(reading, &name).unwrap_or_else(|| {
                let sentence =
                    "ce fichier n’est plus celui qui a été publié ; reprenez-le d’une sauvegarde";
                Verdict::new(Finding::Altered, name, sentence)
            })),
        }
    }
    // Under a damaged manifest, one file that disagrees is the damaged line itself, unless that line is
    // another, which does not read: the last one never agrees then.
    if sound || doubtful.len() > 1 || papers.manifest.damaged.len() > 1 {
        verdicts.append(&mut doubtful);
    }
}

/// The files of the folder that neither the seal nor the manifest knows.
fn unlisted<'r>(
    covered: &'r BTreeSet<String>,
    readings: &'r Readings,
    papers: &'r Papers<'_>,
) -> impl Iterator<Item = &'r String> {
    let known =
        move |path: &&String| covered.contains(*path) || papers.manifest.files.contains_key(*path);
    readings.folder.keys().filter(move |path| !known(path))
}

fn extra(
    covered: &BTreeSet<String>,
    readings: &Readings,
    papers: &Papers<'_>,
    verdicts: &mut Vec<Verdict>,
) {
    if !papers.manifest.sound {
        return;
    }
    for path in unlisted(covered, readings, papers) {
        // A line of a damaged seal may be the one that knows it.
        let file = path.rsplit('/').next().unwrap_or(path);
        let litter = LITTER.contains(&file) || file.starts_with("._");
        let sentence = "la clôture n’a pas publié ce fichier : ôtez-le du dossier";
        let verdict = Verdict::new(Finding::Inserted, readings.named(path), sentence);
        verdicts.push(if litter { verdict.only_said() } else { verdict });
    }
}

/// What the sealed books give again, beside what was published.
fn regenerated(
    readings: &Readings,
    papers: &Papers<'_>,
    context: &Context<'_>,
    verdicts: &mut Vec<Verdict>,
) {
    let Some(regenerated) = context.regenerated.as_ref().filter(|_| papers.sound) else { return };
    for (path, bytes) in regenerated {
        let name = readings.named(path);
        let Some(reading) = readings.folder.get(path) else { continue };
        let again = Reading::of(bytes);
        let told = verdicts.iter().any(|verdict| verdict.file == name && verdict.alarm);
        if told || again.hash == reading.hash {
            continue;
        }
        let same = papers.seal.tool == context.tool;
        let why = if same {
            "ce n’est pas ce que les livres scellés redonnent : il a été récrit, et le manifeste avec lui ; publiez-le de nouveau ailleurs et comparez"
        } else {
            "cette version de compta le présente autrement que celle de la clôture : comparez avec la version qui l’a publié"
        };
        let verdict = Verdict::new(Finding::NotReproduced, name, why);
        verdicts.push(if same { verdict } else { verdict.only_said() });
    }
}
