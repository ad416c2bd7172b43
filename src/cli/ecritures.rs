use std::collections::BTreeMap;
use std::path::Path;

use similar::TextDiff;

use super::allocate::year_folder;
use super::args::{Common, FormatName};
use super::failure::Failure;
use super::filled::{
    Changed, activities, as_it_is, next_number, planned, sheet, with_line_ends, write_books,
};
use super::host::Host;
use super::open::Opened;
use super::ready::{Ready, ready};
use super::workbook::emit_then;
use crate::diagnostic::Finding;
use crate::intake::{Filled, Posted, SheetAsk, postings_of};
use crate::measure::{FiscalYear, signed_words};
use crate::render::{Model, ModelColumn, ModelList, model, visible};

/// The sheet of entries in its workbook.
const SHEET: &str = "Écritures";

/// `compta ecritures modele`: the sheet to be filled, with what these books know as lists.
pub(super) fn sheet_model(common: &Common, host: &mut Host) -> Result<u8, Failure> {
    only_xlsx(common)?;
    let ready = ready(common, host)?;
    let year = ready.last_or_today(host)?;
    let lists = lists(&ready, &year);
    let free = ModelColumn::free;
    let columns = [
        free(
            "date",
            12,
            "Le jour de l’écriture. Vide, avec le journal et la pièce : la même écriture que la ligne du dessus.",
        ),
        free("journal", 10, "Le code du journal : ACH, BQ, OD…").chosen("journaux"),
        free("pièce", 22, "La facture, le reçu : son nom de fichier ou son numéro."),
        free("compte", 42, "Le numéro, suivi ou non de son libellé.").chosen("comptes"),
        free("tiers", 22, "Le fournisseur, le client : le compte auxiliaire."),
        free("libellé", 40, "Ce que c’est."),
        free("débit", 14, "En euros, au centime. Un débit ou un crédit, pas les deux."),
        free("crédit", 14, "En euros, au centime."),
        free("programme", 14, "Le code du programme.").chosen("programmes"),
        free("convention", 22, "L’identifiant de la convention.").chosen("conventions"),
        free("activité", 22, "Ce qui fut fait : un facteur d’émission.").chosen("activites"),
        free("quantité", 12, "Dans l’unité du facteur : des km, des kWh."),
    ];
    let notes = [
        "Une ligne par mouvement. Les lignes d’une écriture se suivent : même date, même journal, même pièce, débits et crédits égaux.".to_owned(),
        "Ensuite : `compta ecritures import CE-FICHIER.xlsx -n` montre ce qui serait écrit, puis sans `-n` l’ajoute. Relancer n’ajoute rien deux fois.".to_owned(),
    ];
    let title = format!("Écritures à importer – {}", ready.opened.dossier.name);
    let made = Model {
        title: &title,
        entity: &ready.opened.dossier.name,
        day: year.period.last,
        sheet: SHEET,
        notes: &notes,
        sums: &[],
        columns: &columns,
        rows: &[],
        lists: &lists,
    };
    let next = "remplissez-le, puis `compta ecritures import FICHIER -n`";
    emit_model(&made, (common, next), &ready, host)
}

/// A workbook to be filled is XLSX.
pub(super) fn only_xlsx(common: &Common) -> Result<(), Failure> {
    match common.format {
        None | Some(FormatName::Xlsx) => Ok(()),
        Some(_) => Err(Failure::usage(
            "un modèle est un classeur XLSX",
            "retirez `-O` ; LibreOffice et Excel l’enregistrent en ODS ou en CSV",
        )),
    }
}

pub(super) fn emit_model(
    made: &Model<'_>,
    (common, next): (&Common, &str),
    ready: &Ready,
    host: &mut Host,
) -> Result<u8, Failure> {
    // What somebody typed there is nowhere else.
    let there =
        common.output.as_deref().filter(|path| path.as_os_str() != "-" && host.real(path).is_ok());
    if let Some(path) = there {
        return Err(Failure::usage(
            format!(
                "`{}` est déjà là, peut-être rempli : il n’est pas remplacé",
                visible(&path.display().to_string())
            ),
            "donnez un autre nom à `-o`, ou effacez-le d’abord",
        ));
    }
    let bytes = model(made).map_err(|error| {
        Failure::usage(format!("le classeur ne se fait pas : {error}"), "signalez ce défaut")
    })?;
    emit_then(&bytes, common, &ready.opened.books, next, host)
}

/// What the columns of a model are chosen from.
pub(super) fn lists(ready: &Ready, year: &FiscalYear) -> Vec<ModelList> {
    let opened = &ready.opened;
    let books = &opened.books;
    let edition = books.edition(year.period.first);
    let list = |name: &str, heads: &[&str], rows: Vec<Vec<String>>| ModelList {
        name: name.to_owned(),
        heads: heads.iter().map(|head| (*head).to_owned()).collect(),
        rows,
    };
    let mut accounts: Vec<Vec<String>> = Vec::new();
    for id in books.accounts().sorted() {
        let account = books.accounts().get(id);
        let care = account.number.starts_with(['C', 'T']);
        let name = books.accounts().name(&account.number, None, edition);
        let new = |name: &String| accounts.last().is_none_or(|last| last[0] != *name);
        if let Some(name) = name.filter(|_| !account.is_activity() && !care).filter(new) {
            accounts.push(vec![name]);
        }
    }
    let mut journals = journals(ready);
    journals.retain(|code| code != "AN");
    let registers = &opened.registers;
    let programmes = registers.programmes.iter().flat_map(|all| &all.list);
    let conventions = registers.conventions.iter().flat_map(|all| &all.list);
    vec![
        list("comptes", &["Compte"], accounts),
        list("journaux", &["Journal"], journals.into_iter().map(|code| vec![code]).collect()),
        list(
            "programmes",
            &["Code", "Programme"],
            programmes.map(|one| vec![one.code.clone(), one.name.clone()]).collect(),
        ),
        list(
            "conventions",
            &["Identifiant", "Partenaire"],
            conventions.map(|one| vec![one.id.value.clone(), one.partner.clone()]).collect(),
        ),
        list(
            "activites",
            &["Activité", "Unité"],
            activities(opened).into_iter().map(|(id, symbol)| vec![id, symbol]).collect(),
        ),
    ]
}

/// The codes of journals that `compta.toml` names or entries use, in order.
pub(super) fn journals(ready: &Ready) -> Vec<String> {
    let opened = &ready.opened;
    let used =
        opened.books.written().filter_map(|entry| Some(entry.code().split_once('-')?.0.to_owned()));
    let named = opened.dossier.journals.iter().map(|(code, _)| code.clone());
    let mut all: Vec<String> = named.chain(used).collect();
    all.sort();
    all.dedup();
    all
}

/// `compta ecritures import`: the entries of a sheet, added to the journals all or none.
pub(super) fn import(
    common: &Common,
    file: &Path,
    dry: bool,
    host: &mut Host,
) -> Result<u8, Failure> {
    let ready = ready(common, host)?;
    let sheet = sheet(file, SHEET, host)?;
    let opened = &ready.opened;
    let activities = activities(opened);
    let journals = journals(&ready);
    let next = |year: &FiscalYear, journal: &str| next_number(opened, year, journal);
    let ask = SheetAsk {
        filled: Filled { grid: &sheet.grid, places: &sheet.places, base: sheet.base },
        books: &opened.books,
        registers: &opened.registers,
        activities: &activities,
        journals: &journals,
        sealed_until: opened.closures.sealed_until(),
        next: &next,
    };
    let mut findings = Vec::new();
    let posted = postings_of(ask, &mut findings);
    sheet.sound(&findings, host)?;
    if posted.entries.is_empty() {
        let words = if posted.known == 0 {
            "aucune écriture dans ce tableau : rien à ajouter\n".to_owned()
        } else {
            format!("{} déjà dans les livres : rien à ajouter\n", known(posted.known))
        };
        host.say(&words);
        return Ok(0);
    }
    let (files, starts) = appended(&ready, &posted, host)?;
    let seen = planned(common, &ready, &files, host)?;
    if seen.findings.iter().any(Finding::is_error) {
        // What the books refuse of the sheet is told at its cell: the line is in no file.
        let errors = seen.findings.iter().filter(|one| one.is_error());
        let told: Option<Vec<Finding>> =
            errors.map(|one| at_cell(one, &seen, &posted, &starts)).collect();
        sheet.sound(&told.unwrap_or_default(), host)?;
        seen.sound(host)?;
    }
    for changed in &files {
        let before =
            String::from_utf8_lossy(changed.before.as_deref().unwrap_or_default()).into_owned();
        let after = String::from_utf8_lossy(&changed.after).into_owned();
        let diff = TextDiff::from_lines(before.as_str(), after.as_str());
        let shown =
            diff.unified_diff().context_radius(2).header(&changed.path, &changed.path).to_string();
        host.put(shown.as_bytes())?;
    }
    if posted.known > 0 {
        host.say(&format!("{} déjà dans les livres\n", known(posted.known)));
    }
    let count = signed_words(posted.entries.len(), "écriture");
    if dry {
        host.say(&format!("essai (`-n`) : {count} à ajouter, rien n’a été écrit\n"));
        return Ok(0);
    }
    write_books(&ready, &files, host)?;
    let added = if posted.entries.len() > 1 { "ajoutées" } else { "ajoutée" };
    host.say(&format!("{count} {added}\nensuite : `compta check`, puis `compta journal`\n"));
    Ok(0)
}

fn known(count: usize) -> String {
    signed_words(count, "écriture")
}

/// Where an entry of the sheet would begin: its file, its line, its rank among the new ones.
type Start = (String, usize, usize);

/// The journals with the new entries at their end, and where each would begin: in the file where its
/// journal's last entry of the year stands, else in a file of the year named after the journal.
fn appended(
    ready: &Ready,
    posted: &Posted,
    host: &Host,
) -> Result<(Vec<Changed>, Vec<Start>), Failure> {
    let mut by_file: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (rank, entry) in posted.entries.iter().enumerate() {
        by_file.entry(place(ready, &entry.year, &entry.journal)).or_default().push(rank);
    }
    let mut starts = Vec::new();
    let mut changed = Vec::new();
    for (path, ranks) in by_file {
        let before = as_it_is(&ready.opened, &path, host)?;
        let after = before.clone().unwrap_or_else(|| b"decimal-mark ,\n".to_vec());
        let old = String::from_utf8_lossy(&after).into_owned();
        let mut text = if old.ends_with('\n') { String::new() } else { "\n".to_owned() };
        let held = old.matches('\n').count();
        for rank in ranks {
            text.push('\n');
            starts.push((path.clone(), held + text.matches('\n').count() + 1, rank));
            text.push_str(&posted.entries[rank].text);
        }
        let mut after = after;
        after.extend(with_line_ends(&old, text).into_bytes());
        changed.push(Changed { path, before, after });
    }
    Ok((changed, starts))
}

/// A finding on a line of a new entry, at the cell that the line comes from.
fn at_cell(found: &Finding, seen: &Opened, posted: &Posted, starts: &[Start]) -> Option<Finding> {
    let place = seen.books.sources().place(found.at);
    let of_file =
        starts.iter().filter(|(path, line, _)| *path == place.source && *line <= place.line);
    let (_, line, rank) = of_file.max_by_key(|(_, line, _)| *line)?;
    let (cell, column, at) = posted.entries[*rank].cells.get(place.line - line)?;
    let finding = Finding::new(found.code, *at, format!("{cell} : {}", found.message));
    Some(finding.label(format!("colonne « {column} »")).help(found.help.clone()))
}

fn place(ready: &Ready, year: &FiscalYear, journal: &str) -> String {
    let books = &ready.opened.books;
    let own = books.written().filter(|entry| {
        let code = entry.code().split_once('-').map(|(code, _)| code);
        year.period.contains(entry.date()) && code == Some(journal) && !entry.is_derived()
    });
    let last = own.last().map(|entry| entry.place().source);
    last.unwrap_or_else(|| {
        format!("{}/{}.journal", year_folder(&ready.opened, year), journal.to_lowercase())
    })
}
