//! Runs the binary as its user would, and compares with files that a person can read.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a run gave.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    /// Standard output, once the run is known to have succeeded.
    pub fn ok(self) -> String {
        assert_eq!(self.code, 0, "{}{}", self.out, self.err);
        self.out
    }

    /// What a terminal would show: data, then words, then the exit code.
    pub fn screen(&self) -> String {
        format!("{}{}[sortie {}]\n", self.out, self.err, self.code)
    }
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The binary: the one just built, or that of `COMPTA_BIN` in a proof that is run by hand.
pub fn binary() -> PathBuf {
    std::env::var_os("COMPTA_BIN")
        .map_or_else(|| env!("CARGO_BIN_EXE_compta").into(), PathBuf::from)
}

/// Runs `compta` in a folder, without colour, terminal or locale.
pub fn compta(folder: &Path, arguments: &[&str]) -> Run {
    let output = Command::new(binary())
        .args(arguments)
        .current_dir(folder)
        .env_remove("FORCE_COLOR")
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The same, with a command line as typed.
pub fn typed(folder: &Path, line: &str) -> Run {
    let words: Vec<&str> = line.split_whitespace().collect();
    compta(folder, &words)
}

/// The books of La 27e Région.
pub fn region() -> PathBuf {
    root().join("ledgers/27e-region")
}

/// A new empty folder that goes away with the test.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// Compares with an expected file; `UPDATE_GOLDEN=1` rewrites it, to be read in the diff.
pub fn expect(path: &Path, found: &str, failures: &mut Vec<String>) {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, found).unwrap();
        return;
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    if expected != found {
        let at = expected.lines().zip(found.lines()).position(|(a, b)| a != b);
        let line = at.unwrap_or_else(|| expected.lines().count().min(found.lines().count()));
        failures.push(format!(
            "{} line {}:\n  expected: {}\n  found:    {}",
            path.display(),
            line + 1,
            expected.lines().nth(line).unwrap_or("(end)"),
            found.lines().nth(line).unwrap_or("(end)"),
        ));
    }
}

pub fn none(failures: &[String]) {
    assert!(
        failures.is_empty(),
        "{}\nUPDATE_GOLDEN=1 rewrites expected files",
        failures.join("\n")
    );
}

/// Every file below a folder, sorted.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .map(|all| all.map(|e| e.unwrap().path()).collect())
        .unwrap_or_default();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// Copies a folder with all it holds.
pub fn copy(from: &Path, to: &Path) {
    for path in files(from) {
        let target = to.join(path.strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(&path, target).unwrap();
    }
}

/// A workbook whose formulas have lost what was kept of their results.
pub fn without_results(path: &Path, bare: &Path) {
    let script = "import re,sys,zipfile\n\
        a=zipfile.ZipFile(sys.argv[1]); b=zipfile.ZipFile(sys.argv[2],'w',zipfile.ZIP_DEFLATED)\n\
        for name in a.namelist():\n    \
            data=a.read(name)\n    \
            if name.startswith('xl/worksheets/sheet'):\n        \
                data=re.sub(rb'(<f>[^<]*</f>)<v>[^<]*</v>',rb'\\1',data)\n    \
            b.writestr(name,data)\n\
        b.close()\n";
    let stripped = Command::new("python3").args(["-c", script]).arg(path).arg(bare).status();
    assert!(stripped.unwrap().success());
}

/// A file as another spreadsheet saves it in another kind, in the folder `home`.
pub fn soffice(kind: &str, from: &Path, home: &Path) {
    let run = Command::new("soffice")
        .args(["--headless", "--convert-to", kind, "--outdir"])
        .arg(home)
        .arg(from)
        .env("HOME", home)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}
