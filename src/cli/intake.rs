use std::path::{Path, PathBuf};

use super::books::tell;
use super::failure::Failure;
use super::host::{Host, in_french};
use super::open::{Opened, exit_code, open_planned};
use crate::diagnostic::{Code, Finding, SourceId, SourceMap, count};
use crate::exchange::fec::{FileFacts, decoded};
use crate::intake::{
    Adds, FecFile, Gap, Intake, IntakeAsk, YearTaken, carried_apart, correction, intake, lost,
};
use crate::ledger::Annual;
use crate::measure::{euros, signed_words};
use crate::statement::fec::{FecAsk, Numbering, fec};

/// How books are made from files.
pub(super) struct FecIntake<'a> {
    /// The files.
    pub(super) files: &'a [PathBuf],
    /// The entity's name.
    pub(super) name: Option<&'a str>,
    /// The first day of the first year.
    pub(super) first: Option<&'a str>,
}

/// The files of a folder made from FEC files, and what to say of it on stdout.
pub(super) struct Taken {
    pub(super) files: Vec<(String, Vec<u8>)>,
    pub(super) told: String,
}

/// Makes the files of a folder from FEC files; what was repaired is said on stderr.
pub(super) fn from_fec(
    target: &Path,
    ask: &FecIntake<'_>,
    host: &mut Host,
) -> Result<Taken, Failure> {
    let first = ask.first.map(super::allocate::day).transpose()?;
    let (map, sources) = read(ask.files, host)?;
    let files = sources.iter().map(|(id, name, facts)| {
        let source = map.get(*id);
        let text = std::str::from_utf8(source.bytes()).unwrap_or_default();
        FecFile { name, text, base: source.base(), facts }
    });
    let mut findings = Vec::new();
    let asked = IntakeAsk { files: files.collect(), name: ask.name, first };
    let mut made = intake(&asked, &mut findings);
    report(&made, host);
    if !findings.is_empty() {
        findings.sort_by_key(|finding| finding.at.start);
        tell(&findings, &map, host);
        host.say(&format!("{} : rien n’a été écrit\n", count(&findings)));
        return Err(Failure::Unsound(exit_code(&findings)));
    }
    if let Some((message, help)) = made.refusal.take() {
        return Err(Failure::usage(message, help));
    }
    let gaps = settle(target, &mut made, host)?;
    let told = summary(&made, &gaps);
    let readme = readme(&made, &gaps);
    made.files.push(("LISEZMOI.md".to_owned(), readme.into_bytes()));
    Ok(Taken { files: made.files, told })
}

type Sources = (SourceMap, Vec<(SourceId, String, FileFacts)>);

/// Reads the files, each decoded into a source of the run.
fn read(paths: &[PathBuf], host: &Host) -> Result<Sources, Failure> {
    let mut map = SourceMap::default();
    let mut sources = Vec::new();
    for path in paths {
        let unreadable = |why: String| Failure::Unreadable {
            message: format!("`{}` ne se laisse pas lire : {why}", path.display()),
            help: "vérifiez le chemin du FEC".to_owned(),
        };
        let bytes = host.read(path).map_err(|error| unreadable(in_french(&error)))?;
        let (text, facts) = decoded(bytes);
        let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let id = map.add(name.clone(), text.into_bytes());
        let id = id.ok_or_else(|| unreadable("plus de 4 Gio".to_owned()))?;
        sources.push((id, name, facts));
    }
    Ok((map, sources))
}

/// Says what was repaired, one kind a line, with every line number.
fn report(made: &Intake, host: &mut Host) {
    for repair in made.repairs.list() {
        host.say(&format!("{}\n", repair.words()));
    }
}

/// Reads the planned folder as any other, holds it to the files, and posts what a later year opens
/// otherwise than the year before was left.
fn settle(target: &Path, made: &mut Intake, host: &mut Host) -> Result<Vec<Gap>, Failure> {
    let mut opened = open_planned(target, host, &made.files)?;
    refuse_unsound(&opened, host)?;
    Annual::of(&mut opened.books);
    for (rank, taken) in made.years.iter().enumerate() {
        let lost = lost(&taken.adds, &held(&opened, taken, rank == 0));
        assert!(lost.is_empty(), "{} : {}", taken.year.name, lost.join(" ; "));
    }
    let mut all = Vec::new();
    for taken in made.years.clone().into_iter().skip(1) {
        let gaps = carried_apart(&opened.books, &taken.year, &taken.openings);
        for gap in &gaps {
            host.say(&format!(
                "{} : {} [{}]\n",
                taken.files.join(", "),
                gap.words(),
                Code::FecOpening
            ));
        }
        if let Some(text) = correction(&taken.year, &gaps) {
            let path = format!("{}/anr-ecarts.journal", taken.year.name);
            made.files.push((path, text.into_bytes()));
            opened = open_planned(target, host, &made.files)?;
            refuse_unsound(&opened, host)?;
            Annual::of(&mut opened.books);
        }
        all.extend(gaps);
    }
    Ok(all)
}

/// Books that their own reader refuses are never written.
fn refuse_unsound(opened: &Opened, host: &mut Host) -> Result<(), Failure> {
    if !opened.findings.iter().any(Finding::is_error) {
        return Ok(());
    }
    tell(&opened.findings, opened.books.sources(), host);
    host.say("les livres tirés du FEC ne seraient pas sains : rien n’a été écrit\n");
    Err(Failure::Unsound(exit_code(&opened.findings)))
}

/// What the books hold of a year, as their own FEC would give it back.
fn held(opened: &Opened, taken: &YearTaken, first_year: bool) -> Adds {
    let rows = fec(&FecAsk {
        books: &opened.books,
        year: &taken.year,
        journals: &opened.dossier.journals,
        openings: &opened.dossier.openings,
        validated: &|_| None,
        numbering: Numbering::Books,
    });
    let derived = if first_year { 0 } else { rows.opening_rows };
    let mut adds = Adds::default();
    for row in rows.rows.iter().skip(derived) {
        let euros = |amount| crate::measure::Number::exact(amount).sum();
        adds.add(&row.account, euros(row.debit), euros(row.credit));
    }
    adds
}

fn summary(made: &Intake, gaps: &[Gap]) -> String {
    let mut told = String::new();
    for taken in &made.years {
        let Adds { rows, debit, credit, balances } = &taken.adds;
        told.push_str(&format!(
            "{} : {}, {}, {} ; débits {}, crédits {}",
            taken.year.name,
            signed_words(taken.entries, "écriture"),
            signed_words(*rows, "ligne"),
            signed_words(balances.len(), "compte"),
            euros(debit.decimal()),
            euros(credit.decimal()),
        ));
        if taken.opening_rows > 0 {
            told.push_str(&format!(
                " ; {} d’à-nouveaux comparées à la clôture précédente",
                signed_words(taken.opening_rows, "ligne")
            ));
        }
        told.push('\n');
    }
    if !gaps.is_empty() {
        let count = signed_words(gaps.len(), "écart");
        told.push_str(&format!("{count} d’à-nouveaux, dans le journal ANR\n"));
    }
    told
}

/// What the folder says of its origin.
fn readme(made: &Intake, gaps: &[Gap]) -> String {
    let mut text = "# Livres repris d’un FEC\n\nChaque ligne du fichier est dans un journal de l’année, sous son compte, son tiers, sa pièce et sa lettre ; les totaux et le solde de chaque compte ont été comparés à ceux du fichier.\n\n".to_owned();
    for line in summary(made, gaps).lines() {
        text.push_str(&format!("- {line}\n"));
    }
    let repairs = made.repairs.list();
    if !repairs.is_empty() || !gaps.is_empty() {
        text.push_str("\n## Ce qui a été réparé ou signalé à la reprise\n\n");
    }
    for repair in repairs {
        text.push_str(&format!("- {}\n", repair.words()));
    }
    for gap in gaps {
        text.push_str(&format!("- {} [{}]\n", gap.words(), Code::FecOpening));
    }
    text.push_str("\n## Ensuite\n\n```sh\ncompta check\ncompta bilan\ncompta fec              # le même fichier, refait depuis les livres\n```\n");
    text
}
