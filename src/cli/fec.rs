use std::path::{Path, PathBuf};

use chrono::Months;

use super::args::Common;
use super::books::tell;
use super::failure::Failure;
use super::fec_args::{CharsetName, FecArgs, SeparatorName, SequenceName};
use super::host::Host;
use super::open::{Opened, exit_code};
use super::proofs::hexadecimal;
use super::ready::{Openings, Ready, Scope, ready_with};
use crate::diagnostic::{Finding, count};
use crate::exchange::fec::{Charset, FileName, Replaced, Separator, written};
use crate::measure::{FiscalYear, signed_words};
use crate::render::{FecFacts, fec_concordance, fec_description};
use crate::statement::fec::{Fec, FecAsk, Numbering, fec};

/// The files of a year's FEC, by their names.
pub(super) struct FecFiles<'r> {
    /// Each file: the FEC itself first, then its description, then its concordance.
    pub(super) files: Vec<(String, Vec<u8>)>,
    /// The rows and what is said of them.
    pub(super) fec: Fec<'r>,
    /// What was replaced in its cells.
    pub(super) replaced: Replaced,
    /// Whether the year is not sealed.
    pub(super) provisional: bool,
    /// What the verifier needs to know of a year that has not twelve months; else nothing.
    pub(super) begins: String,
}

/// How a FEC is written.
#[derive(Clone, Copy)]
pub(super) struct FecShape {
    pub(super) numbering: Numbering,
    pub(super) separator: Separator,
    pub(super) charset: Charset,
}

impl FecShape {
    /// The usual one: the numbers of the books, tabs, UTF-8.
    pub(super) const USUAL: Self =
        Self { numbering: Numbering::Books, separator: Separator::Tab, charset: Charset::Utf8 };
}

/// `compta fec`.
pub(super) fn fec_of(common: &Common, args: &FecArgs, host: &mut Host) -> Result<u8, Failure> {
    if common.format.is_some() {
        return Err(Failure::usage(
            "un FEC n’a qu’un format",
            "choisissez `--separateur` et `--encodage` ; `compta journal -O csv` sort un tableau",
        ));
    }
    // A file shows the opening of its own year; those before it are added up.
    let opens =
        |opened: &Opened| opened.asked(args.year.as_deref()).map_or(Openings::Every, Openings::Of);
    let ready = ready_with(common, host, opens)?;
    let year = ready.year(args.year.as_deref())?;
    let shape = FecShape {
        numbering: match args.sequence {
            SequenceName::Livres => Numbering::Books,
            SequenceName::Unique => Numbering::Single,
        },
        separator: match args.separator {
            SeparatorName::Tab => Separator::Tab,
            SeparatorName::Pipe => Separator::Bar,
        },
        charset: match args.charset {
            CharsetName::Utf8 => Charset::Utf8,
            CharsetName::Latin => Charset::Latin,
        },
    };
    let made = fec_rows(&ready, &year, shape);
    let findings = &made.findings;
    if !findings.is_empty() {
        tell(findings, ready.opened.books.sources(), host);
        host.say(&format!("{}\n", count(findings)));
    }
    if findings.iter().any(Finding::is_error) {
        host.say("rien n’a été écrit\n");
        return Ok(exit_code(findings));
    }
    if ready.opened.dossier.siren.is_none() {
        host.say("avertissement : `compta.toml` ne donne pas de SIREN, le nom du fichier n’est pas réglementaire\naide : ajoutez `siren = \"123456789\"` sous `[entite]`\n");
    }
    match common.output.as_deref().filter(|path| path.as_os_str() != "-") {
        None => {
            let (threads, rows) = (host.threads(), (made.count(), |rank| made.row(rank)));
            let how = (shape.separator, shape.charset);
            host.stream(None, &mut |out| written(rows, how, threads, out).map(drop))?;
        }
        Some(folder) => place(folder, &files(&ready, &year, shape, made, host.threads()), host)?,
    }
    Ok(0)
}

/// Writes the files into a folder, and says what they are.
fn place(folder: &Path, made: &FecFiles<'_>, host: &mut Host) -> Result<(), Failure> {
    if host.is_file(folder) {
        return Err(Failure::usage(
            format!("`{}` est un fichier", folder.display()),
            "donnez un dossier à `-o` : le FEC y aura son nom réglementaire",
        ));
    }
    host.make_folder(folder)?;
    let files: Vec<(PathBuf, &[u8])> =
        made.files.iter().map(|(name, bytes)| (folder.join(name), bytes.as_slice())).collect();
    host.write_all(&files)?;
    for (path, _) in &files {
        host.put(format!("{}\n", path.display()).as_bytes())?;
    }
    let fec = &made.fec;
    let mut told = format!(
        "\n{}, {}",
        signed_words(fec.entries, "écriture"),
        signed_words(fec.count(), "ligne")
    );
    if made.provisional {
        told.push_str(" ; provisoire : l’exercice n’est pas scellé");
    }
    if fec.pending > 0 {
        told.push_str(&format!(" ; ValidDate à blanc sur {}", signed_words(fec.pending, "ligne")));
    }
    if fec.drafts > 0 {
        told.push_str(&format!(
            " ; {} en brouillon (marque !)",
            signed_words(fec.drafts, "écriture")
        ));
    }
    told.push('\n');
    if fec.adopted > 0 {
        told.push_str(&format!(
            "{} sans journal, portées au journal OD\n",
            signed_words(fec.adopted, "écriture")
        ));
    }
    let Replaced { controls, bars, letters } = made.replaced;
    for (count, what) in [
        (controls, "tabulation ou fin de ligne remplacée par une espace"),
        (bars, "barre verticale remplacée par un tiret"),
        (letters, "lettre absente de l’encodage, remplacée"),
    ] {
        if count > 0 {
            told.push_str(&format!("{count} × {what}\n"));
        }
    }
    let name = files[0].0.display();
    told.push_str(&format!("\nEnsuite : compta fec verifier {name}{}\n", made.begins));
    host.put(told.as_bytes())
}

/// The files of a year's FEC, made and not written.
pub(super) fn fec_files<'r>(
    ready: &'r Ready,
    year: &'r FiscalYear,
    shape: FecShape,
    threads: usize,
) -> FecFiles<'r> {
    files(ready, year, shape, fec_rows(ready, year, shape), threads)
}

/// The rows of a year's FEC.
fn fec_rows<'r>(ready: &'r Ready, year: &'r FiscalYear, shape: FecShape) -> Fec<'r> {
    let opened = &ready.opened;
    let validated = |day| {
        let sealing = opened.closures.binding().filter(|one| one.seal.period.contains(day));
        let now = ready.sealing.as_ref().and_then(|shown| shown.validated);
        let now = now.filter(|_| year.period.contains(day));
        sealing.map(|one| one.seal.day).chain(now).min()
    };
    fec(&FecAsk {
        books: &opened.books,
        year,
        journals: &opened.dossier.journals,
        openings: &opened.dossier.openings,
        validated: &validated,
        numbering: shape.numbering,
    })
}

fn files<'r>(
    ready: &'r Ready,
    year: &FiscalYear,
    shape: FecShape,
    made: Fec<'r>,
    threads: usize,
) -> FecFiles<'r> {
    let opened = &ready.opened;
    let siren = opened.dossier.siren.clone().unwrap_or_default();
    let name = FileName { siren, closing: year.period.last, part: None };
    let mut bytes = Vec::new();
    let (rows, how) = ((made.count(), |rank| made.row(rank)), (shape.separator, shape.charset));
    let replaced = written(rows, how, threads, &mut bytes);
    // Writing into memory cannot fail.
    assert!(replaced.is_ok(), "a FEC is written into memory");
    let replaced = replaced.unwrap_or_default();
    let sha256 = hexadecimal(&bytes);
    let heading = ready.heading(&Common::default(), &Scope::Year(year.clone()));
    let sealed = opened.closures.binding().any(|one| one.seal.period.contains(year.period.last));
    let sealing = ready.sealing.as_ref().is_some_and(|shown| shown.validated.is_some());
    let provisional = !sealed && !sealing;
    let facts = FecFacts {
        name: &name,
        heading: &heading,
        provisional,
        separator: shape.separator,
        charset: shape.charset,
        replaced,
        sha256: &sha256,
    };
    let stem = name.stem();
    let description = fec_description(&made, &facts);
    let mut files = vec![
        (format!("{stem}.txt"), bytes),
        (format!("{stem}_description.txt"), description.into_bytes()),
    ];
    if !made.concordance.is_empty() {
        files.push((format!("{stem}_concordance.csv"), fec_concordance(&made).into_bytes()));
    }
    let twelve = year.period.first.checked_add_months(Months::new(12));
    let usual = twelve == year.period.last.succ_opt();
    let begins = if usual { String::new() } else { format!(" --debut {}", year.period.first) };
    FecFiles { files, fec: made, replaced, provisional, begins }
}
