//! Publishes a fixed set of files as `clotures/NAME`, for the tests that stop it at every call.
//!
//! `publish FOLDER NAME MARK`: the mark goes in every file, so that one can see who wrote it.
//! Exit codes: 0 published, 4 already there, 6 another one at work, 5 anything else.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use compta::cli::Disk;
use compta::closing::{PublishError, PublishedFile, Storage, publish};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, name, mark] = arguments.as_slice() else {
        return tell("publish FOLDER NAME MARK", 2);
    };
    let source = "principal.journal";
    let outcome = Disk::open(Path::new(folder)).map_err(Into::into).and_then(|mut disk| {
        let before = disk.read(source)?;
        let mut moved = |storage: &dyn Storage| {
            let now = storage.read(source)?;
            Ok(if now == before { Vec::new() } else { vec![source.to_owned()] })
        };
        publish(&mut disk, name, &files(mark), &mut moved)
    });
    match outcome {
        Ok(published) => tell(&published.place, 0),
        Err(error) => {
            let code = match error {
                PublishError::AlreadyClosed { .. } => 4,
                PublishError::Busy => 6,
                _ => 5,
            };
            tell(&format!("{error}\naide : {}", error.help()), code)
        }
    }
}

/// A closing in small: files at the top, in a folder, in a folder of a folder.
fn files(mark: &str) -> Vec<PublishedFile> {
    let paths = ["cloture.journal", "etats/bilan.csv", "etats/care/bilan.csv", "sceau.toml"];
    let file = |path: &&str| PublishedFile {
        path: (*path).to_owned(),
        bytes: format!("{path} {mark}\n").repeat(40).into_bytes(),
    };
    paths.iter().map(file).collect()
}

fn tell(words: &str, code: u8) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "{words}");
    ExitCode::from(code)
}
