//! `verifier.sh` says the same as compta, with `sha256sum` alone.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::world::{Closed, Files, one};

fn write(root: &Path, live: &Files, closed: &Closed) {
    let put = |path: &str, bytes: &[u8]| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    for (path, bytes) in live {
        put(path, bytes);
    }
    for (path, bytes) in &closed.folder.files {
        put(&format!("clotures/2024/{path}"), bytes);
    }
}

fn run(shell: &str, root: &Path, code: &str) -> (i32, String) {
    let mut command = Command::new(shell);
    command.arg("clotures/2024/verifier.sh").current_dir(root);
    if !code.is_empty() {
        command.arg(code);
    }
    let output = command.output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(error, "", "{shell}");
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn the_script_says_what_is_wrong() {
    let (live, closed, _) = one();
    let code = closed.seal.code();
    let folder = "clotures/2024";
    for shell in ["dash", "bash"] {
        let tmp = tempfile::tempdir().unwrap();
        let root = tmp.path();
        let again = || write(root, &live, &closed);
        let edit = |path: &str, edit: &dyn Fn(Vec<u8>) -> Vec<u8>| {
            fs::write(root.join(path), edit(fs::read(root.join(path)).unwrap())).unwrap();
        };
        let says = |status: i32, code: &str, words: &str| {
            let (found, out) = run(shell, root, code);
            assert!(found == status && out.contains(words), "{shell} {found}, {words}:\n{out}");
            out
        };
        again();
        let out = says(0, &code, "clôture intacte");
        assert_eq!(out.lines().count(), 1, "{out}");
        says(0, &code.to_uppercase(), "clôture intacte");
        says(0, &closed.seal.root().to_string(), "clôture intacte");
        says(0, "", "racine non comparée");
        says(1, &code.replace(['a', '3'], "0"), "scellé de nouveau");
        says(1, "ba78", "code trop court");
        let crlf =
            |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace('\n', "\r\n").into_bytes();
        edit("2024/achats.journal", &crlf);
        edit(&format!("{folder}/sceau.txt"), &crlf);
        edit(&format!("{folder}/racine.txt"), &crlf);
        edit(&format!("{folder}/manifeste.sha256"), &crlf);
        edit(&format!("{folder}/etats/resultat.csv"), &|bytes| {
            bytes.into_iter().filter(|b| *b != b'\r').collect()
        });
        says(0, &code, "fin de ligne seulement : ../../2024/achats.journal");
        again();
        edit("2024/achats.journal", &|bytes| [&bytes[..], b"\n; suite\n"].concat());
        says(0, &code, "complété depuis, contenu scellé intact : ../../2024/achats.journal");
        let flip = |mut bytes: Vec<u8>| {
            bytes[70] ^= 1;
            bytes
        };
        for (path, words) in [
            ("2024/achats.journal".to_owned(), "altéré, ou complété ailleurs"),
            (format!("{folder}/sceau.txt"), "altéré : sceau.txt"),
            (format!("{folder}/racine.txt"), "altéré : sceau.txt ou racine.txt"),
            (format!("{folder}/manifeste.sha256"), "altéré : manifeste.sha256"),
            (format!("{folder}/care.journal"), "altéré : care.journal"),
            (format!("{folder}/registres/compta.toml"), "altéré : registres/compta.toml"),
            (format!("{folder}/etats/resultat.csv"), "altéré : etats/resultat.csv"),
        ] {
            again();
            if path.ends_with("resultat.csv") {
                edit(&path, &|bytes| [&bytes[..], b"x"].concat());
            } else {
                edit(&path, &flip);
            }
            says(1, &code, words);
            fs::remove_file(root.join(&path)).unwrap();
            says(1, "", "manquant : ");
        }
    }
}

#[test]
fn sha256sum_alone_gives_the_root_and_reads_the_manifest() {
    let (live, closed, _) = one();
    let tmp = tempfile::tempdir().unwrap();
    write(tmp.path(), &live, &closed);
    let folder = tmp.path().join("clotures/2024");
    let sum = Command::new("sha256sum").arg("sceau.txt").current_dir(&folder).output().unwrap();
    let out = String::from_utf8(sum.stdout).unwrap();
    assert_eq!(out, format!("{}  sceau.txt\n", closed.seal.root()));
    let check = Command::new("sha256sum")
        .args(["--check", "--strict", "--quiet", "manifeste.sha256"])
        .current_dir(&folder)
        .output()
        .unwrap();
    assert!(check.status.success(), "{check:?}");
    assert!(check.stdout.is_empty() && check.stderr.is_empty(), "{check:?}");
}
