//! What is given where a file is expected: a pipe, a device, a folder, another encoding, a pointer.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::{Run, binary, compta, copy, files, folder, region, root};

/// The region's books, to be written in.
fn books(home: &Path) -> PathBuf {
    let books = home.join("livres");
    copy(&region(), &books);
    books
}

/// Every file below a folder, with its bytes; a lock is none.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = files(folder).into_iter().filter(|path| !path.ends_with(".verrou"));
    files.map(|path| (path.clone(), fs::read(&path).unwrap())).collect()
}

/// A run that is stopped when it waits: its exit code is then 124.
fn bounded(folder: &Path, arguments: &[&str]) -> Run {
    let output = Command::new("timeout")
        .arg("20")
        .arg(binary())
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// No command waits for a pipe, reads a device without end, or takes a folder for a file.
#[cfg(unix)]
#[test]
fn what_is_no_file_is_refused_in_words() {
    use std::os::unix::fs::symlink;
    let home = folder();
    let books = books(home.path());
    let at = |name: &str| home.path().join(name);
    let plain = "ce n’est pas un fichier ordinaire";
    for kind in ["csv", "toml", "txt"] {
        let pipe = at(&format!("tube.{kind}"));
        assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
        symlink("/dev/zero", at(&format!("sans-fin.{kind}"))).unwrap();
        fs::create_dir(at(&format!("dossier.{kind}"))).unwrap();
        symlink(format!("tube.{kind}"), at(&format!("lien.{kind}"))).unwrap();
    }
    let before = files(home.path());
    for (command, kind) in [
        (&["ag", "2024", "--contre"][..], "toml"),
        (&["ecritures", "import"], "csv"),
        (&["budget", "import"], "csv"),
        (&["init", "../neuf", "--depuis-fec"], "txt"),
        (&["fec", "verifier"], "txt"),
    ] {
        for (name, words) in
            [("tube", plain), ("sans-fin", plain), ("lien", plain), ("dossier", "c’est un dossier")]
        {
            let file = format!("../{name}.{kind}");
            let run = bounded(&books, &[command, &[&file]].concat());
            assert_eq!(run.code, 3, "{command:?} {file}\n{}", run.screen());
            let told = format!("erreur[E0901]: `{file}` ne se laisse pas lire : {words}\naide : ");
            assert!(run.err.contains(&told), "{command:?} {file}\n{}", run.err);
            assert_eq!(run.out, "", "{command:?} {file}");
        }
    }
    assert_eq!(files(home.path()), before, "nothing was written");
}

/// The same sheet in each encoding that spreadsheets save, with its mark when it has one.
fn encodings(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let wide = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect()
    };
    let byte = |c: char, special: &[(char, u8)]| {
        let known = special.iter().find(|(other, _)| *other == c).map(|(_, byte)| *byte);
        known.unwrap_or_else(|| u8::try_from(u32::from(c)).unwrap())
    };
    let windows = [('€', 0x80), ('œ', 0x9c), ('’', 0x92), ('–', 0x96)];
    // The typographic apostrophe and the dash are not among the letters of ISO-8859-15.
    let latin = [('€', 0xa4), ('œ', 0xbd)];
    let plain = text.replace('’', "'").replace('–', "-");
    vec![
        ("UTF-8", text.as_bytes().to_vec()),
        ("UTF-8 with a mark", [b"\xef\xbb\xbf", text.as_bytes()].concat()),
        ("UTF-16, little end first", wide(u16::to_le_bytes)),
        ("UTF-16, big end first", wide(u16::to_be_bytes)),
        ("Windows-1252", text.chars().map(|c| byte(c, &windows)).collect()),
        ("ISO-8859-15", plain.chars().map(|c| byte(c, &latin)).collect()),
    ]
}

/// The words of a sheet come as they were, from each encoding, with each end of line.
#[test]
fn sheets_are_read_in_each_encoding() {
    let home = folder();
    let books = books(home.path());
    let sheet = home.path().join("feuille.csv");
    let name = sheet.to_str().unwrap();
    let entries = "date;journal;pièce;compte;libellé;débit;crédit\n05/02/2025;OD;é-1.pdf;606;Cœur de l’été – à 10 €;10,50 €;\n05/02/2025;OD;é-1.pdf;512100;Cœur de l’été – à 10 €;;10,50 €\n";
    let budget = "compte;budget;intitulé\n606;1200 €;Cœur de l’été – à 10 €\n";
    let mut tried = 0;
    for end in ["\n", "\r\n"] {
        let pairs = encodings(&entries.replace('\n', end)).into_iter();
        for ((encoding, entries), (_, budget)) in pairs.zip(encodings(&budget.replace('\n', end))) {
            let words = if encoding == "ISO-8859-15" {
                "Cœur de l'été - à 10 €"
            } else {
                "Cœur de l’été – à 10 €"
            };
            fs::write(&sheet, entries).unwrap();
            let run = compta(&books, &["ecritures", "import", name, "-n"]);
            assert_eq!(run.code, 0, "{encoding}: {}", run.screen());
            let line = format!("+2025-02-05 * (OD-0001) {words}  ; piece: é-1.pdf, import: ");
            assert!(run.out.contains(&line), "{encoding} {end:?}: {}", run.out);
            assert!(run.out.contains("  10,50 €\n"), "{encoding}: {}", run.out);
            fs::write(&sheet, budget).unwrap();
            let run = compta(&books, &["budget", "import", name, "2025", "-n", "--remplace"]);
            assert_eq!(run.code, 0, "{encoding}: {}", run.screen());
            assert!(run.out.contains(&format!("+~ 2025  {words}\n")), "{encoding}: {}", run.out);
            tried += 1;
        }
    }
    assert_eq!(tried, 12);
    // Without its mark nothing says that it is UTF-16: it is no sheet, and it is told so.
    let bare: Vec<u8> = entries.encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(&sheet, bare).unwrap();
    let run = compta(&books, &["ecritures", "import", name]);
    assert_eq!(run.code, 3, "{}", run.screen());
    assert!(run.err.contains("comme un UTF-16 sans sa marque"), "{}", run.err);
}

/// A checkout without Git LFS leaves pointers: each says what it is, whoever reads it.
#[test]
fn a_pointer_of_git_lfs_is_no_journal_and_no_register() {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";
    for end in ["\n", "\r\n"] {
        for file in [
            "principal.journal",
            "2024/achats.journal",
            "comptes.journal",
            "care.toml",
            "compta.toml",
        ] {
            let home = folder();
            let books = books(home.path());
            fs::write(books.join(file), pointer.replace('\n', end)).unwrap();
            let run = compta(&books, &["check"]);
            assert_eq!(run.code, 1, "{file}: {}", run.screen());
            let told = format!(
                "erreur[E0156]: c’est un pointeur Git LFS, et non le fichier\n  ╭▸ {file}:1:1\n"
            );
            assert!(run.out.contains(&told), "{file}: {}", run.out);
            assert!(run.out.contains("aide: lancez `git lfs pull`"), "{file}: {}", run.out);
            assert!(
                run.out.contains("\n1 erreur\n"),
                "nothing else is told of it: {file}: {}",
                run.out
            );
        }
    }
}

/// A process that may open few files still reads many journals, and writes them.
#[cfg(target_os = "linux")]
#[test]
fn few_open_files_are_enough_or_it_is_said() {
    let home = folder();
    copy(&root().join("fixtures/controles/sain"), home.path());
    let mut door = fs::read_to_string(home.path().join("principal.journal")).unwrap();
    for rank in 0..40 {
        let entry = format!(
            "decimal-mark ,\n\n2025-04-{:02} * (VTE-{rank:04}) Commune  ; piece: v{rank}.pdf\n  411 Clients:Commune   {rank},00 €\n  756 Cotisations\n",
            rank % 28 + 1
        );
        fs::write(home.path().join(format!("v{rank:02}.journal")), entry).unwrap();
        door.push_str(&format!("include v{rank:02}.journal\n"));
    }
    fs::write(home.path().join("principal.journal"), door).unwrap();
    let limited = |books: &Path, files: u32, arguments: &str| {
        let script = format!("ulimit -n {files}; exec \"$COMPTA\" {arguments}");
        let output = Command::new("bash")
            .args(["-c", &script])
            .env("COMPTA", binary())
            .env("NO_COLOR", "1")
            .current_dir(books)
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let code = output.status.code().unwrap_or(-1);
        Run { code, out: text(output.stdout), err: text(output.stderr) }
    };
    for arguments in [
        "check",
        "bilan 2024",
        "fec 2024",
        "balance 2024 -O csv -o b.csv",
        "ag 2024 -o dossier",
        "ag 2024 -o dossier",
        "fmt",
        "close 2023 --oui --date 2024-03-01",
        "verify",
    ] {
        let before = tree(home.path());
        // Three are the terminal; the loader needs one.
        for files in 4..16 {
            let run = limited(home.path(), files, arguments);
            if run.code == 0 {
                assert!(files <= 8, "{arguments}: {files} open files are few, and enough");
                break;
            }
            assert!([3, 5].contains(&run.code), "{files} {arguments}: {}", run.screen());
            assert!(run.err.contains("trop de fichiers sont ouverts"), "{}", run.err);
            assert!(run.err.contains('`'), "the place is named: {}", run.err);
            assert!(tree(home.path()) == before, "{files} {arguments}: written by half");
        }
    }
    let formatted = fs::read_to_string(home.path().join("v39.journal")).unwrap();
    assert!(formatted.contains("\n    411 Clients:Commune  "), "{formatted}");
    assert!(home.path().join("clotures/2023/sceau.txt").exists());
}
