//! The same of a closing: each line of its seal, each of its files.

use compta::closing::verify::SealedFolder;

use super::gallery::{BOUGHT, JOURNAL, LATER, OTHER, sealed, words};
use super::world::{Closed, Files, known, whole};
use crate::harness::{expect, none, root};

/// Every line of the seal damaged in turn, the journal untouched or changed beside it.
#[test]
fn every_damaged_line_of_a_seal_is_said_word_for_word() {
    let (live, closed) = sealed();
    let known = [known(&closed)];
    let seal = String::from_utf8(closed.folder.files["sceau.txt"].clone()).unwrap();
    let lines: Vec<&str> = seal.split_inclusive('\n').collect();
    let mut changed = live.clone();
    let journal = format!("{BOUGHT}{LATER}").replacen("20,00 €", "21,00 €", 1);
    changed.insert(JOURNAL.into(), journal.into());
    let mut more = live.clone();
    more.insert(OTHER.into(), [&live[OTHER][..], b"\n; vu\n"].concat());
    let mut text = String::new();
    let mut judge = |what: &str, folder: &SealedFolder| {
        for (books, live) in
            [("", &live), (", une écriture changée", &changed), (", un journal allongé", &more)]
        {
            let said = words(&whole(folder, live, &known, 2023));
            text.push_str(&format!("{what}{books}\n{said}"));
        }
    };
    for rank in 0..lines.len() {
        let shown = lines[rank].split('\t').take(2).collect::<Vec<_>>().join(" ");
        let mut damaged = lines.clone();
        let middle = lines[rank].replacen(['1', '0', 'o', 'e'], "x", 1);
        damaged[rank] = &middle;
        let mut folder = closed.folder.clone();
        folder.files.insert("sceau.txt".into(), damaged.concat().into_bytes());
        judge(&format!("ligne {} abîmée ({})", rank + 1, shown.trim_end()), &folder);
        damaged.remove(rank);
        folder.files.insert("sceau.txt".into(), damaged.concat().into_bytes());
        judge(&format!("ligne {} ôtée ({})", rank + 1, shown.trim_end()), &folder);
    }
    // Letters after its end; an entry's line cut short, its first word damaged or not.
    let mut folder = closed.folder.clone();
    folder.files.insert("sceau.txt".into(), format!("{seal}x").into());
    judge("lettre après la fin", &folder);
    let at = lines.iter().position(|line| line.contains("ACH-0002")).unwrap();
    for fields in 5..=lines[at].matches('\t').count() {
        let cut: Vec<&str> = lines[at].split('\t').take(fields).collect();
        for (what, word) in [("coupée", cut[0]), ("coupée et abîmée", "xcriture")] {
            let mut damaged = lines.clone();
            let short = format!("{word}\t{}\n", cut[1..].join("\t"));
            damaged[at] = &short;
            folder.files.insert("sceau.txt".into(), damaged.concat().into_bytes());
            judge(&format!("ligne {} {what} à {fields} champs", at + 1), &folder);
        }
    }
    let mut failures = Vec::new();
    expect(&root().join("fixtures/seals/galerie-sceau.txt"), &text, &mut failures);
    none(&failures);
}

/// Files changed or under another name, the manifest damaged where it still reads.
fn under_damage(live: &Files, closed: &Closed) -> String {
    let mut text = String::new();
    let list = String::from_utf8(closed.folder.files["manifeste.sha256"].clone()).unwrap();
    let lines: Vec<&str> = list.split_inclusive('\n').collect();
    let renamed = |folder: &mut SealedFolder, from: &str, to: &str| {
        let bytes = folder.files.remove(from).unwrap();
        folder.files.insert(to.into(), bytes);
    };
    let own = lines.iter().position(|text| text.ends_with("  etats/bilan.txt\n")).unwrap();
    let turned = |at: usize| {
        let mut damaged: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        let digit = if damaged[at].starts_with('0') { "1" } else { "0" };
        damaged[at].replace_range(0..1, digit);
        damaged.concat().into_bytes()
    };
    let misnamed = list.replacen("etats/bilan.txt", "etats/bilam.txt", 1).into_bytes();
    for (what, manifest) in [
        ("manifeste intact", None),
        ("empreinte changée", Some(turned(own))),
        ("autre empreinte changée", Some(turned(own + 1))),
        ("nom changé", Some(misnamed)),
    ] {
        for (how, files) in [
            ("rien d’autre", [].as_slice()),
            ("bilan changé", &["etats/bilan.txt"]),
            ("bilan et résultat changés", &["etats/bilan.txt", "etats/resultat.csv"]),
            ("bilan renommé", &["-"]),
        ] {
            let mut folder = closed.folder.clone();
            if let Some(bytes) = &manifest {
                folder.files.insert("manifeste.sha256".into(), bytes.clone());
            }
            for file in files {
                match *file {
                    "-" => renamed(&mut folder, "etats/bilan.txt", "etats/bilan-2.txt"),
                    file => folder.files.get_mut(file).unwrap().push(b'x'),
                }
            }
            let said = words(&whole(&folder, live, &[known(closed)], 2023));
            text.push_str(&format!("{what}, {how}\n{said}"));
        }
    }
    text
}

/// Every file of the closing gone, emptied, changed, merged or replaced by a pointer; the manifest sound,
/// and damaged.
#[test]
fn every_file_of_a_closing_is_said_word_for_word() {
    let (live, closed) = sealed();
    let known = [known(&closed)];
    let pointer: &[u8] =
        b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
    let mut text = String::new();
    let list = String::from_utf8(closed.folder.files["manifeste.sha256"].clone()).unwrap();
    let lines: Vec<&str> = list.split_inclusive('\n').collect();
    for path in closed.folder.files.keys() {
        let own = &closed.folder.files[path];
        let windows = String::from_utf8_lossy(own).replace('\n', "\r\n").into_bytes();
        let merged = [b"<<<<<<< HEAD\n", &own[..], b"=======\n>>>>>>> autre\n"].concat();
        for (what, bytes) in [
            ("ôté", None),
            ("vidé", Some(Vec::new())),
            ("allongé", Some([&own[..], b"\n; plus\n"].concat())),
            ("fins de ligne", Some(windows)),
            ("fusion", Some(merged)),
            ("pointeur", Some(pointer.to_vec())),
        ] {
            let mut folder = closed.folder.clone();
            match bytes {
                Some(bytes) => folder.files.insert(path.clone(), bytes),
                None => folder.files.remove(path),
            };
            let said = words(&whole(&folder, &live, &known, 2023));
            text.push_str(&format!("{what} : {path}\n{said}"));
            if path == "manifeste.sha256" {
                continue;
            }
            // The same under a manifest whose first line is damaged.
            let mut damaged = lines.clone();
            let first = format!("x{}", &lines[0][1..]);
            damaged[0] = &first;
            folder.files.insert("manifeste.sha256".into(), damaged.concat().into_bytes());
            let said = words(&whole(&folder, &live, &known, 2023));
            text.push_str(&format!("{what}, manifeste abîmé : {path}\n{said}"));
        }
    }
    for (what, path) in
        [("ajouté", "etats/autre.txt"), ("oublié", "etats/.DS_Store"), ("oublié", "._sceau.txt")]
    {
        let mut folder = closed.folder.clone();
        folder.files.insert(path.into(), b"x".to_vec());
        let said = words(&whole(&folder, &live, &known, 2023));
        text.push_str(&format!("{what} : {path}\n{said}"));
        folder.files.insert("manifeste.sha256".into(), lines[1..].concat().into_bytes());
        let said = words(&whole(&folder, &live, &known, 2023));
        text.push_str(&format!("{what}, manifeste coupé : {path}\n{said}"));
    }
    text.push_str(&under_damage(&live, &closed));
    // An entry of a generated journal changed, and a line more beside it or far from it.
    let care = String::from_utf8(closed.folder.files["care.journal"].clone()).unwrap();
    let changed = care.replacen("10,00 €", "11,00 €", 2);
    for (what, journal) in [
        (
            "remarque à côté",
            changed.replacen(
                "\n\n2023-12-31 * (CARE-0002)",
                "\n\n; plus\n2023-12-31 * (CARE-0002)",
                1,
            ),
        ),
        (
            "illisible à côté",
            changed.replacen(
                "\n\n2023-12-31 * (CARE-0002)",
                "\n\n2023-5 (CARE-0009 x\n\n2023-12-31 * (CARE-0002)",
                1,
            ),
        ),
        ("remarque loin", format!("{changed}\n; plus\n")),
    ] {
        assert_ne!(journal, changed);
        let mut folder = closed.folder.clone();
        folder.files.insert("care.journal".into(), journal.into());
        let said = words(&whole(&folder, &live, &known, 2023));
        text.push_str(&format!("écriture de care.journal changée, {what}\n{said}"));
    }
    // The registers of today.
    for (what, bytes) in [
        ("ôtée", None),
        ("changée", Some(b"# autre\n".to_vec())),
        ("pointeur", Some(pointer.to_vec())),
    ] {
        let mut now = live.clone();
        match bytes {
            Some(bytes) => now.insert("care.toml".into(), bytes),
            None => now.remove("care.toml"),
        };
        let said = words(&whole(&closed.folder, &now, &known, 2023));
        text.push_str(&format!("politique {what}\n{said}"));
    }
    let mut failures = Vec::new();
    expect(&root().join("fixtures/seals/galerie-dossier.txt"), &text, &mut failures);
    none(&failures);
}
