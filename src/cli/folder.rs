use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest, Sha256};
use similar::TextDiff;

use super::booklet::TEMPLATES;
use super::failure::Failure;
use super::host::{Host, in_french};
use super::open::Opened;
use super::placing::UNFINISHED;
use crate::render::Heading;

/// The manifest of a dossier: what it is made of, and from what.
pub(super) const MANIFEST: &str = "manifeste.json";

/// A file and its fingerprint.
#[derive(Serialize)]
struct Fingerprint {
    name: String,
    sha256: String,
}

#[derive(Serialize)]
struct Manifest<'a> {
    schema: &'static str,
    entity: &'a str,
    year: &'a str,
    state: &'a str,
    compta: &'static str,
    files: Vec<Fingerprint>,
    journals: Vec<Fingerprint>,
    policy: Vec<Fingerprint>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    templates: Vec<Fingerprint>,
}

fn fingerprint(name: &str, bytes: &[u8]) -> Fingerprint {
    let mut sha256 = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        sha256.push_str(&format!("{byte:02x}"));
    }
    Fingerprint { name: name.to_owned(), sha256 }
}

/// The manifest: the SHA-256 of every file of the dossier, of every journal, of the policy (the TOML
/// files of the books: `compta.toml`, registers, forms), and of the templates of the books.
pub(super) fn manifest(
    facts: &Heading,
    files: &[(String, Vec<u8>)],
    templates: &[(String, Vec<u8>)],
    opened: &Opened,
    host: &Host,
) -> Vec<u8> {
    let (mut journals, mut policy) = (Vec::new(), Vec::new());
    for source in opened.books.sources().iter() {
        let one = fingerprint(source.name(), source.bytes());
        if opened.books.is_journal(source) {
            journals.push(one);
        } else if host.is_file(&opened.folder.join(source.name())) {
            policy.push(one);
        }
    }
    let manifest = Manifest {
        schema: "compta/manifeste/1",
        entity: &facts.entity,
        year: &facts.period,
        state: &facts.state,
        compta: env!("CARGO_PKG_VERSION"),
        files: files.iter().map(|(name, bytes)| fingerprint(name, bytes)).collect(),
        journals,
        policy,
        templates: templates
            .iter()
            .map(|(name, bytes)| fingerprint(&format!("{TEMPLATES}/{name}"), bytes))
            .collect(),
    };
    let mut text = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
    text.push(b'\n');
    text
}

/// What a spreadsheet leaves beside a workbook that it has open, and a desktop in a folder that it showed.
fn is_passing(name: &str) -> bool {
    name.starts_with(".~lock.")
        || name.starts_with("~$")
        || [".DS_Store", "Thumbs.db", "desktop.ini", ".directory"].contains(&name)
}

/// What a run of ours that was stopped left there.
fn is_unfinished(name: &str) -> bool {
    name.starts_with(UNFINISHED)
}

/// Says that a file is open elsewhere, when a spreadsheet says so beside it: what it saves would undo this.
pub(super) fn open_elsewhere(path: &Path, host: &mut Host) {
    let Some(name) = path.file_name().map(|name| name.to_string_lossy().into_owned()) else {
        return;
    };
    let locks = [format!(".~lock.{name}#"), format!("~${name}")];
    if let Some(lock) = locks.iter().find(|lock| host.is_file(&path.with_file_name(lock))) {
        host.say(&format!(
            "`{}` est ouvert ailleurs (`{lock}`) : rouvrez-le sans l’enregistrer, pour voir le nouveau\n",
            path.display()
        ));
    }
}

/// Writes a dossier: a new folder appears whole by one rename; one that a manifest says is ours is
/// replaced, file by file.
pub(super) fn publish(
    target: &Path,
    files: &[(String, Vec<u8>)],
    host: &Host,
) -> Result<(), Failure> {
    // Another run that writes there has finished before this one begins.
    let _held = host.hold(target);
    let strangers = strangers(target, host)?;
    if !strangers.is_empty() {
        return Err(Failure::usage(
            format!(
                "`{}` contient autre chose qu’un dossier d’assemblée : {}",
                target.display(),
                strangers.join(", ")
            ),
            "donnez un dossier qui n’existe pas encore, ou un dossier écrit par `compta ag`",
        ));
    }
    if host.is_folder(target) {
        let all: Vec<(PathBuf, &[u8])> =
            files.iter().map(|(name, bytes)| (target.join(name), bytes.as_slice())).collect();
        host.write_all(&all)?;
        let kept = |name: &String| files.iter().any(|(known, _)| known == name);
        let old = host.list(target).unwrap_or_default();
        return host
            .remove(target, old.into_iter().filter(|name| !kept(name) && !is_passing(name)));
    }
    host.write_folder(target, files)
}

/// What a folder holds that no manifest of ours names.
fn strangers(target: &Path, host: &Host) -> Result<Vec<String>, Failure> {
    if host.real(target).is_err() {
        return Ok(Vec::new());
    }
    let unreadable = |error: std::io::Error| Failure::Unreadable {
        message: format!("`{}` ne se laisse pas lire : {}", target.display(), in_french(&error)),
        help: "donnez un dossier à `-o`".to_owned(),
    };
    let mut names = host.list(target).map_err(unreadable)?;
    let manifest = host.read(&target.join(MANIFEST)).unwrap_or_default();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap_or_default();
    let ours = manifest["schema"] == "compta/manifeste/1";
    let listed: Vec<&str> = manifest["files"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|file| file["name"].as_str())
        .collect();
    names.retain(|name| !is_passing(name) && !is_unfinished(name));
    names.retain(|name| !(ours && (name == MANIFEST || listed.contains(&name.as_str()))));
    Ok(names)
}

/// Compares a folder with what it should hold; prints a diff of each file that differs.
pub(super) fn compare(
    target: &Path,
    files: &[(String, Vec<u8>)],
    host: &mut Host,
) -> Result<u8, Failure> {
    if !host.is_folder(target) {
        return Err(Failure::Unreadable {
            message: format!("le dossier `{}` n’existe pas", target.display()),
            help: format!("écrivez-le d’abord : `compta ag -o {}`", target.display()),
        });
    }
    let mut differ = Vec::new();
    let known = |name: &String| files.iter().any(|(known, _)| known == name);
    let mut strangers = host.list(target).unwrap_or_default();
    strangers.retain(|name| !known(name) && !is_passing(name) && !is_unfinished(name));
    for name in &strangers {
        host.put(format!("{name} : n’est pas de ce dossier\n").as_bytes())?;
        differ.push(name.as_str());
    }
    for (name, bytes) in files {
        let found = host.read(&target.join(name)).ok();
        match found {
            Some(found) if found == *bytes => continue,
            Some(found) => host.put(diff(name, &found, bytes).as_bytes())?,
            None => host.put(format!("{name} : absent du dossier\n").as_bytes())?,
        }
        differ.push(name.as_str());
    }
    if differ.is_empty() {
        host.put(format!("{} fichiers identiques\n", files.len()).as_bytes())?;
        return Ok(0);
    }
    let whole = files.len() + strangers.len();
    let told = match differ.len() {
        1 => format!("1 fichier sur {whole} diffère"),
        more => format!("{more} fichiers sur {whole} diffèrent"),
    };
    host.say(&format!("{told} : {}\n", differ.join(", ")));
    host.say("aide : si le changement est voulu, refaites le dossier avec `compta ag -o`\n");
    Ok(1)
}

fn diff(name: &str, found: &[u8], expected: &[u8]) -> String {
    let texts = std::str::from_utf8(found).ok().zip(std::str::from_utf8(expected).ok());
    // A workbook shows nothing to read: the tables beside it do.
    let Some((found, expected)) = texts else {
        return format!("{name} : diffère, à l’octet (les CSV disent en quoi)\n");
    };
    let diff = TextDiff::from_lines(found, expected);
    let before = format!("{name} (dossier)");
    let after = format!("{name} (livres)");
    diff.unified_diff().context_radius(1).header(&before, &after).to_string()
}
