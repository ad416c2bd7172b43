//! Folders of books to close, and what is seen of them.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::harness::{Run, compta, copy, files, folder, region, root};

/// All that a folder holds, byte by byte.
pub type Tree = BTreeMap<String, Vec<u8>>;

/// A copy of the books of La 27e Région.
pub fn region_copy() -> TempDir {
    let home = folder();
    copy(&region(), home.path());
    home
}

/// The smallest books that pass every control.
pub fn small() -> TempDir {
    let home = folder();
    copy(&root().join("fixtures/controles/sain"), home.path());
    home
}

/// The small books, 2024 and 2025 in folders of their own, where a command may add a journal.
pub fn yearly() -> TempDir {
    let home = small();
    for year in ["2024", "2025"] {
        fs::create_dir(home.path().join(year)).unwrap();
        let file = format!("{year}.journal");
        fs::rename(home.path().join(&file), home.path().join(year).join("od.journal")).unwrap();
        let (from, to) = (format!("include {file}"), format!("include {year}/*.journal"));
        edit(home.path(), "principal.journal", &from, &to);
    }
    home
}

/// The small books, with 2023 and 2024 closed.
pub fn small_closed() -> TempDir {
    let home = small();
    close(home.path(), "2023", "2024-03-01").ok();
    close(home.path(), "2024", "2025-05-01").ok();
    home
}

/// `compta close`, without being asked.
pub fn close(folder: &Path, year: &str, date: &str) -> Run {
    compta(folder, &["close", year, "--oui", "--date", date])
}

/// A run that is asked something, and what is typed.
pub fn answered(folder: &Path, arguments: &[&str], typed: &str) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_compta"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses first reads nothing.
    let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
    let output = child.wait_with_output().unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

pub fn tree(folder: &Path) -> Tree {
    let name = |path: &Path| path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
    files(folder).into_iter().map(|path| (name(&path), fs::read(&path).unwrap())).collect()
}

/// A text of a file replaced, once; it must be there.
pub fn edit(folder: &Path, file: &str, from: &str, to: &str) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} has no `{from}`");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

/// A text at the end of a file, which is made when it is not there.
pub fn append(folder: &Path, file: &str, more: &str) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap_or_default();
    fs::write(path, text + more).unwrap();
}

/// Every closing says that it is intact.
pub fn intact(folder: &Path) {
    let run = compta(folder, &["verify"]);
    assert_eq!(run.code, 0, "{}", run.screen());
    assert!(run.out.lines().filter(|line| line.starts_with("clotures/")).count() > 0);
}

/// The rows of a report in CSV.
pub fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(true).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}
