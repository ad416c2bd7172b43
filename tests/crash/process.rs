//! A program that publishes, as the tests with real processes run it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::disk::Seen;
use crate::harness::{Run, files, root};

/// A program and what it publishes.
pub struct Publisher {
    pub program: PathBuf,
    /// Its arguments for a folder; the mark says who runs it.
    pub arguments: fn(&Path, &str) -> Vec<String>,
    /// The folder as it finds it.
    pub prepare: fn(&Path),
    /// What it gives.
    pub place: &'static str,
}

/// `examples/publish.rs`, on a folder with one journal.
pub fn example() -> Publisher {
    let program = Path::new(env!("CARGO_BIN_EXE_compta")).with_file_name("examples/publish");
    // `cargo test` makes it; `cargo test --test tests` does not.
    let made = fs::metadata(&program).and_then(|known| known.modified());
    let made = made.expect("it is made by: cargo build --examples");
    let sources =
        files(&root().join("src")).into_iter().chain([root().join("examples/publish.rs")]);
    for path in sources.filter(|path| path.extension().is_some_and(|kind| kind == "rs")) {
        let main = path == root().join("src/main.rs");
        let changed = fs::metadata(&path).unwrap().modified().unwrap();
        assert!(main || changed <= made, "the example is older than {}", path.display());
    }
    Publisher {
        program,
        arguments: |folder, mark| {
            vec![folder.to_str().unwrap().to_owned(), "2024".to_owned(), mark.to_owned()]
        },
        prepare: |folder| fs::write(folder.join("principal.journal"), "2024-12-31 Fin\n").unwrap(),
        place: "clotures/2024",
    }
}

/// The same, where dead runs have left something.
pub fn example_after_dead_runs() -> Publisher {
    let prepare = |folder: &Path| {
        (example().prepare)(folder);
        let left = folder.join("clotures/.2024.tmp-1/etats");
        fs::create_dir_all(&left).unwrap();
        fs::write(left.join("bilan.csv"), "moitié").unwrap();
        fs::write(left.with_file_name("cloture.journal"), "").unwrap();
        fs::create_dir(folder.join("clotures/2023")).unwrap();
        fs::write(folder.join("clotures/2023/sceau.toml"), "sceau de 2023").unwrap();
    };
    Publisher { prepare, ..example() }
}

impl Publisher {
    /// A folder as it finds it, by its true path, with room beside it.
    pub fn folder(&self) -> (tempfile::TempDir, PathBuf) {
        let folder = crate::harness::folder();
        let path = folder.path().canonicalize().unwrap().join("livres");
        fs::create_dir(&path).unwrap();
        (self.prepare)(&path);
        (folder, path)
    }

    /// Starts it.
    pub fn start(&self, folder: &Path, mark: &str) -> Child {
        let mut command = Command::new(&self.program);
        command.args((self.arguments)(folder, mark)).stdout(Stdio::null()).stderr(Stdio::piped());
        command.spawn().unwrap()
    }

    /// Runs it to its end.
    pub fn run(&self, folder: &Path, mark: &str) -> Run {
        finished(self.start(folder, mark))
    }
}

/// Waits for a process.
pub fn finished(child: Child) -> Run {
    let output = child.wait_with_output().unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// All that a folder holds.
pub fn seen(folder: &Path) -> Seen {
    let mut seen = Seen::new();
    let mut todo = vec![folder.to_owned()];
    while let Some(at) = todo.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                seen.insert(name, None);
                todo.push(path);
            } else {
                seen.insert(name, Some(fs::read(&path).unwrap()));
            }
        }
    }
    seen
}
