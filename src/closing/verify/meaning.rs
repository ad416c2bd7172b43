use std::collections::BTreeMap;

use super::journals::Found;
use super::papers::Papers;
use super::verdict::{Finding, NamedEntry, Verdict};
use super::{Context, Reread};
use crate::closing::chain::Hash;
use crate::closing::seal::SourceKind;

/// Compares what the sealed entries say, as the books of today read them, with what they said.
///
/// A text that changed and says the same was only laid out again; one that is the same and says
/// something else changed through what it depends on: a label of the chart, an auxiliary.
pub(super) fn compare(
    entries: &[Reread],
    papers: &Papers<'_>,
    found: &[Found],
    context: &Context<'_>,
    verdicts: &mut Vec<Verdict>,
) {
    let seal = papers.seal;
    let same_tool = seal.tool == context.tool;
    // Every derived entry is a text of its own: a rule and a line do not name one.
    let mut places: BTreeMap<(&str, usize), Vec<&Reread>> = BTreeMap::new();
    for entry in entries {
        places.entry((entry.source.as_str(), entry.line)).or_default().push(entry);
    }
    for at in found {
        let sealed = &seal.entries[at.rank];
        let there = places.remove(&(at.path.as_str(), at.line));
        let Some(read) = there.and_then(|mut there| there.pop()) else {
            // What changed is told at its line, or with the whole file.
            if at.intact && !told(verdicts, &at.path, at.line) {
                let sentence = format!(
                    "{} est intacte, mais les livres d’aujourd’hui ne la lisent pas : vérifiez les lignes `include`",
                    NamedEntry::of(sealed).name()
                );
                let verdict = Verdict::new(Finding::Deleted, &at.path, sentence).at(at.line);
                verdicts.push(verdict.entry(NamedEntry::of(sealed)));
            }
            continue;
        };
        let same = read.content == sealed.content;
        if same {
            let relaid = verdicts.iter_mut().filter(|verdict| {
                verdict.finding == Finding::Altered
                    && verdict.file == at.path
                    && verdict.line == Some(at.line)
            });
            for verdict in relaid {
                verdict.finding = Finding::LayoutOnly;
                verdict.alarm = false;
                verdict.sentence = format!(
                    "{} est disposée autrement, et dit la même chose : rien à faire",
                    NamedEntry::of(sealed).name()
                );
            }
        }
        if !same && at.intact {
            let why = if same_tool {
                "le libellé d’un compte ou l’identité d’un tiers, déclarés ailleurs, ont changé ; rétablissez leur déclaration"
            } else {
                "une autre version de compta la relit autrement ; vérifiez avec celle qui a scellé"
            };
            let sentence = format!(
                "{} a le même texte et ne dit plus la même chose : {why}",
                NamedEntry::of(sealed).name()
            );
            let verdict = Verdict::new(Finding::Altered, &at.path, sentence).at(at.line);
            let verdict = verdict.entry(NamedEntry::of(sealed));
            verdicts.push(if same_tool { verdict } else { verdict.only_said() });
        }
    }
    derived(places.into_values().flatten(), papers, same_tool, verdicts);
}

fn told(verdicts: &[Verdict], path: &str, line: usize) -> bool {
    verdicts.iter().any(|verdict| verdict.file == path && verdict.line == Some(line))
}

/// Entries that a rule derives: known by what they say alone.
fn derived<'e>(
    left: impl Iterator<Item = &'e Reread>,
    papers: &Papers<'_>,
    same_tool: bool,
    verdicts: &mut Vec<Verdict>,
) {
    let seal = papers.seal;
    let mut again: BTreeMap<Hash, Vec<&Reread>> = BTreeMap::new();
    // What became of those that someone wrote is told at the lines of their journals.
    for entry in left.filter(|entry| entry.derived) {
        again.entry(entry.content).or_default().push(entry);
    }
    // Registers that changed since derive something else, and their sealed copies hold.
    let changed = verdicts.iter().any(|verdict| verdict.finding == Finding::ChangedSince);
    let alarm = same_tool && !changed;
    let generated = |path: &str| seal.source(path).is_some_and(|s| s.kind == SourceKind::Generated);
    let mut told = Vec::new();
    let sealed = seal
        .entries
        .iter()
        .filter(|entry| entry.place.as_ref().is_none_or(|(path, _)| generated(path)));
    for entry in sealed {
        if again.get_mut(&entry.content).and_then(Vec::pop).is_some() {
            continue;
        }
        let named = NamedEntry::of(entry);
        let file = entry.place.as_ref().map_or("sceau.txt", |(path, _)| path);
        let sentence = format!(
            "les livres d’aujourd’hui ne redonnent pas {} : la version scellée fait foi",
            named.name()
        );
        told.push(Verdict::new(Finding::NotReproduced, file, sentence).entry(named));
    }
    for entry in again.into_values().flatten() {
        let named = NamedEntry { code: entry.code.clone(), date: entry.date, sealed_line: None };
        let sentence = format!(
            "les livres d’aujourd’hui donnent {} que rien ne scelle : la clôture fait foi",
            named.name()
        );
        told.push(Verdict::new(Finding::NotReproduced, &entry.source, sentence).entry(named));
    }
    verdicts.extend(told.into_iter().map(|verdict| Verdict { alarm, ..verdict }));
}
