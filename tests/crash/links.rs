//! What stands where a closing would write: links that lead out, files, other systems' habits.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use compta::cli::Disk;
use compta::closing::{Storage, StorageErrorKind as Kind, WriteError, write_new};

use super::process::{example, finished, seen};
use super::strace::traced;

/// The books, and a folder outside with one file.
fn books() -> (tempfile::TempDir, PathBuf, PathBuf) {
    let (kept, folder) = example().folder();
    let outside = folder.with_file_name("dehors");
    fs::create_dir_all(outside.join("etats")).unwrap();
    fs::write(outside.join("etats/lettre.txt"), "lettre").unwrap();
    (kept, folder, outside)
}

fn refused(folder: &Path, code: i32, words: &str) {
    let run = example().run(folder, "a");
    assert_eq!(run.code, code, "{}", run.err);
    assert!(run.err.contains(words), "{}", run.err);
}

#[test]
fn no_link_leads_a_closing_out_of_the_books() {
    let (_kept, folder, outside) = books();
    let before = seen(&outside);

    symlink(&outside, folder.join("clotures")).unwrap();
    refused(&folder, 5, "`clotures` : c’est un lien symbolique");
    fs::remove_file(folder.join("clotures")).unwrap();

    fs::create_dir(folder.join("clotures")).unwrap();
    symlink(outside.join("verrou"), folder.join("clotures/.verrou")).unwrap();
    refused(&folder, 5, "`clotures/.verrou` : c’est un lien symbolique");
    fs::remove_file(folder.join("clotures/.verrou")).unwrap();

    symlink(outside.join("absent"), folder.join("clotures/2024")).unwrap();
    refused(&folder, 4, "`clotures/2024` existe déjà");
    fs::remove_file(folder.join("clotures/2024")).unwrap();

    // A link is no leftover's content: it goes, and what it leads to stays.
    symlink(&outside, folder.join("clotures/.2024.tmp-1")).unwrap();
    fs::create_dir(folder.join("clotures/.2024.tmp-2")).unwrap();
    symlink(&outside, folder.join("clotures/.2024.tmp-2/etats")).unwrap();
    assert_eq!(example().run(&folder, "a").code, 0);
    assert_eq!(seen(&outside), before);
    let mut names: Vec<_> = fs::read_dir(folder.join("clotures"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names, [".verrou", "2024"]);
}

#[test]
fn a_file_in_the_place_of_a_folder_is_named() {
    let (_kept, folder, _) = books();
    fs::write(folder.join("clotures"), "notes").unwrap();
    refused(&folder, 5, "`clotures` : ce n’est pas un dossier ; rien n’a été publié");
    fs::remove_file(folder.join("clotures")).unwrap();
    fs::create_dir_all(folder.join("clotures/.verrou")).unwrap();
    refused(&folder, 5, "`clotures/.verrou` : c’est un dossier");
    refused(&folder.join("absent"), 5, "le dossier des livres : ce chemin n’existe pas");
    refused(
        &folder.join("principal.journal"),
        5,
        "le dossier des livres : ce n’est pas un dossier",
    );
}

#[test]
fn a_file_system_that_cannot_refuse_to_replace_is_asked_otherwise() {
    let publisher = example();
    for error in ["EINVAL", "ENOSYS", "EOPNOTSUPP"] {
        let (_kept, folder) = publisher.folder();
        let option = format!("inject=renameat2:error={error}");
        let run = finished(traced(&publisher, &folder, "a", &["-e", &option]).spawn().unwrap());
        assert_eq!(run.code, 0, "{}", run.err);
        let (_other, twin) = publisher.folder();
        assert_eq!(publisher.run(&twin, "a").code, 0);
        assert_eq!(seen(&folder), seen(&twin));
        // And still nothing is replaced.
        assert_eq!(publisher.run(&folder, "b").code, 4);
    }
}

#[test]
fn a_call_that_a_signal_interrupts_is_no_failure() {
    let publisher = example();
    for call in ["write", "fsync"] {
        let (_kept, folder) = publisher.folder();
        let option = format!("inject={call}:error=EINTR:when=1+2");
        let run = finished(traced(&publisher, &folder, "a", &["-e", &option]).spawn().unwrap());
        assert_eq!(run.code, 0, "{call}: {}", run.err);
        let trace = fs::read_to_string(folder.with_file_name("trace")).unwrap();
        assert!(trace.lines().filter(|line| line.contains("(INJECTED)")).count() > 3, "{trace}");
    }
}

#[test]
fn a_renaming_replaces_neither_a_file_nor_an_empty_folder() {
    let (_kept, folder, _) = books();
    let mut disk = Disk::open(&folder).unwrap();
    for (from, to) in [("un", "deux"), ("trois", "quatre")] {
        if from == "un" {
            disk.create_file(from, b"un").unwrap();
            disk.create_file(to, b"deux").unwrap();
        } else {
            disk.create_folder(from).unwrap();
            disk.create_folder(to).unwrap();
        }
        let before = seen(&folder);
        let refused = disk.rename_no_replace(from, to).unwrap_err();
        assert_eq!((refused.kind, refused.path.as_str()), (Kind::AlreadyThere, to));
        assert_eq!(seen(&folder), before);
    }
}

#[test]
fn of_many_who_write_one_file_one_wins() {
    let (_kept, folder, _) = books();
    for round in 0..40 {
        let path = format!("{round}.journal");
        let one =
            |mark: u8| write_new(&mut Disk::open(&folder).unwrap(), &path, &vec![mark; 5_000]);
        let results: Vec<_> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..6_u8).map(|mark| scope.spawn(move || one(mark))).collect();
            all.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let winner = results.iter().position(Result::is_ok).unwrap();
        assert_eq!(
            fs::read(folder.join(&path)).unwrap(),
            vec![u8::try_from(winner).unwrap(); 5_000]
        );
        let late = WriteError::AlreadyThere { path };
        let told = results.iter().filter(|result| result.as_ref().is_err_and(|why| *why == late));
        assert_eq!(told.count(), 5, "{results:?}");
    }
    assert_eq!(seen(&folder).len(), 41, "nothing is left");
}
