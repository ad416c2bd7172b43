use std::path::{Component, Path, PathBuf};

use super::args::{Command, Common, FormatName};
use super::closing_args::ClosingCommand;
use super::failure::Failure;
use super::host::Host;
use super::open::place;
use super::sheet_args::{BudgetCommand, EcrituresCommand};
use crate::closing::CLOSINGS;

/// What a command can do with `-O` and `-o`.
struct Takes {
    format: bool,
    output: bool,
}

fn takes(command: Option<&Command>) -> Takes {
    let (format, output) = match command {
        Some(Command::Man | Command::Modeles) => (false, true),
        Some(Command::Budget(args)) => {
            let import = matches!(args.command, Some(BudgetCommand::Import { .. }));
            (!import, !import)
        }
        Some(Command::Closing(ClosingCommand::Verify { .. })) => (true, true),
        Some(
            Command::Init { .. }
            | Command::Fmt { .. }
            | Command::Explain { .. }
            | Command::Completions { .. }
            | Command::Ecritures { command: EcrituresCommand::Import { .. } }
            | Command::Closing(_),
        ) => (false, false),
        _ => (true, true),
    };
    Takes { format, output }
}

/// The options of a run, settled: a format that only the name of the file says, and a place that a report may
/// take.
///
/// # Errors
/// An option that the command would pass over in silence, or a place where a report would be a loss.
pub(super) fn settled(
    common: &Common,
    command: Option<&Command>,
    host: &Host,
) -> Result<Common, Failure> {
    let takes = takes(command);
    let refused = |option: &str| {
        Failure::usage(
            format!("cette commande ne fait rien de `{option}`"),
            format!("retirez `{option}`"),
        )
    };
    if common.format.is_some() && !takes.format {
        return Err(refused("-O"));
    }
    let mut common = common.clone();
    let Some(path) = common.output.clone().filter(|path| path.as_os_str() != "-") else {
        return Ok(common);
    };
    if !takes.output {
        return Err(refused("-o"));
    }
    if common.format.is_none() && takes.format && !host.is_folder(&path) {
        common.format = said_by(&path);
    }
    fits(&path, &common, host)?;
    Ok(common)
}

/// The format that a file's name says.
fn said_by(path: &Path) -> Option<FormatName> {
    match path.extension()?.to_str()?.to_lowercase().as_str() {
        "xlsx" => Some(FormatName::Xlsx),
        "html" | "htm" => Some(FormatName::Html),
        "pdf" => Some(FormatName::Pdf),
        "csv" => Some(FormatName::Csv),
        "json" => Some(FormatName::Json),
        _ => None,
    }
}

/// Refuses a place where a report would replace what is no report.
fn fits(path: &Path, common: &Common, host: &Host) -> Result<(), Failure> {
    let shown = path.display();
    let full = host.real(path).unwrap_or_else(|_| unmade(path, host));
    if let Ok(known) = std::fs::metadata(&full) {
        if !known.is_file() && !known.is_dir() {
            return Err(Failure::usage(
                format!("`{shown}` n’est pas un fichier ordinaire"),
                "donnez `-o -` pour la sortie standard, ou un nom de fichier",
            ));
        }
        if known.is_file() && known.permissions().readonly() {
            return Err(Failure::usage(
                format!("`{shown}` est en lecture seule : il n’est pas remplacé"),
                "donnez un autre nom à `-o`, ou rendez-le inscriptible",
            ));
        }
    }
    let Some(books) = place(common, host).ok().and_then(|place| host.real(&place.folder).ok())
    else {
        return Ok(());
    };
    let Ok(inside) = full.strip_prefix(&books) else { return Ok(()) };
    let first = inside.components().next();
    if first.is_some_and(|first| first.as_os_str() == CLOSINGS) {
        return Err(Failure::usage(
            format!("`{shown}` est parmi les clôtures : rien ne s’y écrit qu’en clôturant"),
            "donnez un autre nom à `-o`",
        ));
    }
    let kind = full.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
    if matches!(kind, "journal" | "toml") {
        return Err(Failure::usage(
            format!("`{shown}` serait un fichier des livres : un rapport n’en est pas un"),
            "donnez un autre nom à `-o`, ou un dossier hors des livres",
        ));
    }
    Ok(())
}

/// Where a file that is not there yet will be: its folder is followed, `..` and `.` are taken away.
fn unmade(path: &Path, host: &Host) -> PathBuf {
    let full = host.folder().join(path);
    let known = full.parent().and_then(|folder| Some((host.real(folder).ok()?, full.file_name()?)));
    if let Some((folder, name)) = known {
        return folder.join(name);
    }
    let mut made = PathBuf::new();
    for part in full.components() {
        match part {
            Component::ParentDir => {
                made.pop();
            }
            Component::CurDir => {}
            part => made.push(part),
        }
    }
    made
}
