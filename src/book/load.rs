use super::accounts::Accounts;
use super::batch::{Batch, Builder, Declaration};
use super::books::Books;
use super::checks;
use super::include::{ReadError, Sources, gather};
use super::laws;
use super::names;
use super::numbers::Run;
use super::openings;
use super::stretch::{Stretch, build, stretch};
use super::years::Years;
use crate::diagnostic::{Code, Finding, SourceMap};
use crate::journal::tree::Word;
use crate::measure::{Unit, Units};

/// Reads a journal and its includes, completes every entry and checks them, on `threads` threads.
///
/// The findings come in the order of the text, whatever the threads did.
///
/// # Errors
/// The journal itself did not come.
pub fn load(
    root: &str,
    sources: &(dyn Sources + Sync),
    years: Years,
    mut map: SourceMap,
    threads: usize,
) -> Result<(Books, Vec<Finding>), (SourceMap, ReadError)> {
    let mut findings = Vec::new();
    let (first, tree) = match gather(root, sources, &mut map, &mut findings, threads) {
        Ok(gathered) => gathered,
        Err(error) => return Err((map, error)),
    };
    let mut stretches = Vec::new();
    stretch(&map, &tree, first, &mut stretches);
    let (mut batches, names, accounts, units) = {
        let built = build(&map, &stretches, &years, threads);
        assemble(&map, &stretches, built, &years, &mut findings)
    };
    let mut accounts = accounts;
    // Declarations that did not come would make every account look unknown.
    let blind = findings.iter().any(|finding| BLINDING.contains(&finding.code));
    let mut unknown = Vec::new();
    names::names(&map, &mut batches, &names, &mut accounts, &years, (threads, &mut unknown));
    if !blind {
        findings.append(&mut unknown);
    }
    let mut journals: Vec<u32> =
        stretches.iter().map(|stretch| map.get(stretch.source).base()).collect();
    journals.dedup();
    let received = Vec::new();
    let books =
        Books { sources: map, accounts, units, years, batches, journals, received, threads };
    // An entry that was left out would make every sum look wrong: its own fault is told alone.
    if findings.iter().all(|finding| !finding.is_error()) {
        laws::books(&books, &mut findings);
    }
    findings
        .sort_by(|a, b| (a.at.start, a.code, &a.message).cmp(&(b.at.start, b.code, &b.message)));
    findings.dedup();
    Ok((books, findings))
}

/// Faults that leave declarations unread: what depends on them is not told on top.
const BLINDING: [Code; 9] = [
    Code::Encoding,
    Code::Pointer,
    Code::IncludeMissing,
    Code::IncludeCycle,
    Code::IncludeEscape,
    Code::IncludeTwice,
    Code::IncludeDepth,
    Code::AccountForm,
    Code::DeclaredTwice,
];

type Names<'t> = Vec<Vec<(&'t str, Option<Unit>)>>;

/// Puts the stretches together: units renumbered, declarations known, file by file checks done.
fn assemble<'t>(
    map: &'t SourceMap,
    stretches: &[Stretch],
    built: Vec<Builder<'t, '_>>,
    years: &Years,
    findings: &mut Vec<Finding>,
) -> (Vec<Batch>, Names<'t>, Accounts, Units) {
    let mut units = Units::default();
    let mut accounts = Accounts::default();
    let (mut batches, mut names): (Vec<Batch>, Names<'t>) = (Vec::new(), Vec::new());
    let mut declarations: Vec<Declaration<'t>> = Vec::new();
    let (mut commodities, mut tags): (Vec<Word<'t>>, Vec<Word<'t>>) = (Vec::new(), Vec::new());
    let mut runs: Vec<Run<'t>> = Vec::new();
    let mut marks = Vec::new();
    for (stretch, mut builder) in stretches.iter().zip(built) {
        marks.push((stretch.source, builder.marks));
        findings.append(&mut builder.findings);
        declarations.append(&mut builder.declarations);
        commodities.append(&mut builder.commodities);
        tags.append(&mut builder.tags);
        runs.extend(builder.runs.into_runs());
        let mut known = builder.names.into_names();
        if !same_units(&mut builder.batch, &mut known, &builder.units, &mut units) {
            findings.push(
                Finding::new(
                    Code::UnitForm,
                    map.get(stretch.source).span(),
                    "plus de 256 unités différentes",
                )
                .label("dans ce fichier, ou avec les autres")
                .help("vérifiez les unités des journaux"),
            );
        }
        batches.push(builder.batch);
        names.push(known);
    }
    checks::files(map, &marks, findings);
    accounts.declare(&declarations, findings);
    checks::words(map, &batches, &commodities, &tags, &units, findings);
    // Two versions of one entry stand between conflict markers: their numbers say nothing new.
    if findings.iter().all(|finding| finding.code != Code::ConflictMarker) {
        checks::duplicates(map, &batches, &runs, years, findings);
        openings::written_later(map, &batches, &runs, years, findings);
    }
    (batches, names, accounts, units)
}

/// Gives the units of one stretch the numbers that the whole run gives them.
pub(super) fn same_units(
    batch: &mut Batch,
    names: &mut [(&str, Option<Unit>)],
    local: &Units,
    units: &mut Units,
) -> bool {
    let met: Option<Vec<Unit>> = local.symbols().map(|symbol| units.meet(symbol)).collect();
    let Some(map) = met else {
        return false;
    };
    if local.all().eq(map.iter().copied()) {
        return true;
    }
    let of = |unit: Unit| map[unit.rank()];
    batch.postings.iter_mut().for_each(|posting| posting.unit = of(posting.unit));
    batch.assertions.iter_mut().for_each(|assertion| assertion.unit = of(assertion.unit));
    for (_, unit) in names.iter_mut() {
        *unit = unit.map(of);
    }
    true
}
