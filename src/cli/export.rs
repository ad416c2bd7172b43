use std::path::{Component, Path, PathBuf};

use super::args::{Common, FormatName};
use super::failure::Failure;
use super::host::Host;
use super::open::{exit_code, place};
use super::package::{Ask, MANIFEST, Package, package, sealed_package};
use super::proofs::read;
use crate::closing::controls::is_sound;
use crate::diagnostic::count;
use crate::render::Format;

/// What is exported.
const CAC: &str = "cac";

/// `compta export cac`: everything that an auditor asks for, in one folder; exit 1 when a proof does not
/// hold.
pub(super) fn export(
    common: &Common,
    what: &str,
    (year, root): (Option<&str>, Option<&str>),
    host: &mut Host,
) -> Result<u8, Failure> {
    if what != CAC {
        let near = strsim::osa_distance(&what.to_lowercase(), CAC) <= 1;
        let near = if near { "vouliez-vous `cac` ? " } else { "" };
        return Err(Failure::usage(
            format!("rien ne s’exporte sous le nom `{what}`"),
            format!(
                "{near}`compta export cac 2024 -o DOSSIER` fait le dossier du commissaire aux comptes"
            ),
        ));
    }
    if common.tout {
        return Err(Failure::usage(
            "le dossier du commissaire porte sur un exercice, pas sur `--tout`",
            "donnez l’exercice : `compta export cac 2024 -o DOSSIER`",
        ));
    }
    let csv = match common.format {
        None | Some(FormatName::Csv) => Format::Csv,
        Some(FormatName::CsvExcel) => Format::CsvExcel,
        Some(_) => {
            return Err(Failure::usage(
                "le dossier du commissaire a ses propres formats",
                "retirez `-O`, ou donnez `-O csv-excel` pour des tableaux qu’Excel ouvre en français",
            ));
        }
    };
    if common.care {
        return Err(Failure::usage(
            "le dossier du commissaire a les deux livres",
            "retirez `--care`",
        ));
    }
    let Some(target) = common.output.as_deref().filter(|path| path.as_os_str() != "-") else {
        return Err(Failure::usage("`export cac` écrit un dossier", "donnez-le : `-o DOSSIER`"));
    };
    free(target, host)?;
    // What each table is made with does not depend on how it is written.
    let mut plain = Common::of(Path::new("."), None);
    (plain.folder, plain.file) = (common.folder.clone(), common.file.clone());
    let (ready, year) = read(&plain, year, host)?;
    outside(target, common, host)?;
    let findings = &ready.opened.findings;
    if !findings.is_empty() {
        super::books::tell(findings, ready.opened.books.sources(), host);
        host.say(&format!("{}\n", count(findings)));
    }
    let ask = Ask { ready: &ready, common: &plain, year: &year, root, csv };
    let made = if is_sound(findings) {
        package(&ask, host)?
    } else if ready.opened.closures.of(&year).is_some() {
        host.say("les livres ont des anomalies : le dossier tient ce qui fut scellé, et les journaux tels qu’ils sont\n");
        sealed_package(&ask, host)?
    } else {
        host.say("le dossier est refusé : rien n’a été écrit\n");
        return Err(Failure::Unsound(exit_code(findings)));
    };
    write(&made, target, host)?;
    Ok(made.code)
}

/// A package takes the place of nothing.
fn free(target: &Path, host: &Host) -> Result<(), Failure> {
    let empty = host.is_folder(target) && host.list(target).is_ok_and(|names| names.is_empty());
    if host.real(target).is_ok() && !empty {
        return Err(Failure::usage(
            format!("`{}` existe déjà", target.display()),
            "donnez un dossier qui n’existe pas encore : un dossier remis ne se réécrit pas",
        ));
    }
    Ok(())
}

/// A package holds copies of journals: within the books, these would be taken for journals of the books.
fn outside(target: &Path, common: &Common, host: &Host) -> Result<(), Failure> {
    let books = place(common, host)?.folder;
    let Ok(books) = host.real(&books) else { return Ok(()) };
    if landing(target, host).is_some_and(|landing| landing.starts_with(&books)) {
        return Err(Failure::usage(
            format!("`{}` est dans le dossier des livres", target.display()),
            "donnez un dossier à côté : `-o ../dossier-cac`",
        ));
    }
    Ok(())
}

/// Where a folder to come will be: links of what exists are followed, and `..` leaves what does not.
fn landing(target: &Path, host: &Host) -> Option<PathBuf> {
    let mut at = host.real(Path::new(".")).ok()?;
    for part in target.components() {
        let next = at.join(part);
        at = match part {
            Component::ParentDir => at.parent().map_or_else(|| at.clone(), Path::to_path_buf),
            Component::CurDir => at,
            _ => host.real(&next).unwrap_or(next),
        };
    }
    Some(at)
}

fn write(made: &Package, target: &Path, host: &mut Host) -> Result<(), Failure> {
    host.write_folder(target, &made.files)?;
    for (path, _) in &made.files {
        host.put(format!("  {path}\n").as_bytes())?;
    }
    let shown = target.display();
    let told = format!(
        "{} fichiers dans {shown}\n\nEnsuite : (cd {shown} && sha256sum -c {MANIFEST})\n",
        made.files.len()
    );
    host.put(told.as_bytes())?;
    for proof in &made.failed {
        host.say(&format!("attention : {proof}\n"));
    }
    if !made.failed.is_empty() {
        host.say("ce dossier porte des preuves qui manquent : son manifeste le dit aussi\n");
    }
    Ok(())
}
