//! PDF, read back by poppler: tagged, its fonts inside, every figure in it, the same bytes twice; templates
//! that replace shipped ones, and text of the books that stays text.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::harness::{compta, copy, folder, region, typed};

/// What a program of poppler says of a file.
fn poppler(program: &str, arguments: &[&str], path: &Path) -> String {
    let run = Command::new(program).args(arguments).arg(path).output().unwrap();
    let more = if program == "pdftotext" { vec!["-"] } else { vec![] };
    let run = if more.is_empty() {
        run
    } else {
        Command::new(program).args(arguments).arg(path).args(more).output().unwrap()
    };
    assert!(run.status.success(), "{program}: {}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8_lossy(&run.stdout).into_owned()
}

fn text(path: &Path) -> String {
    poppler("pdftotext", &["-layout"], path)
}

fn made(books: &Path, arguments: &[&str], path: &Path) {
    let mut all = arguments.to_vec();
    all.extend(["-o", path.to_str().unwrap()]);
    let run = compta(books, &all);
    assert_eq!(run.code, 0, "{}", run.screen());
}

fn booklet(home: &Path) -> PathBuf {
    let path = home.join("ag.pdf");
    made(&region(), &["ag", "2024", "-O", "pdf"], &path);
    path
}

#[test]
fn the_booklet_is_tagged_and_needs_nothing_else() {
    let home = folder();
    let path = booklet(home.path());
    let info = poppler("pdfinfo", &[], &path);
    for said in
        ["Tagged:          yes", "JavaScript:      no", "A4", "Title:           Comptes 2024"]
    {
        assert!(info.contains(said), "{said}\n{info}");
    }
    assert!(info.contains("CreationDate:    Tue Dec 31 00:00:00 2024"), "{info}");
    // Every font is embedded, as a subset that maps back to letters.
    let fonts = poppler("pdffonts", &[], &path);
    let lines: Vec<&str> = fonts.lines().skip(2).collect();
    assert!(!lines.is_empty());
    for line in lines {
        let [embedded, subset, unicode] =
            line.split_whitespace().rev().skip(2).take(3).collect::<Vec<_>>()[..]
        else {
            panic!("{line}");
        };
        assert_eq!([embedded, subset, unicode], ["yes"; 3], "{line}");
    }
    let bytes = fs::read(&path).unwrap();
    let held = |words: &[u8]| bytes.windows(words.len()).any(|part| part == words);
    for standard in [&b"<pdfuaid:part>1<"[..], b"<pdfaid:part>2<", b"<pdfaid:conformance>A<"] {
        assert!(held(standard), "{}", String::from_utf8_lossy(standard));
    }
    for outside in [&b"/URI"[..], b"/Launch", b"/JavaScript", b"/GoToR"] {
        assert!(!held(outside), "{}", String::from_utf8_lossy(outside));
    }
    let again = home.path().join("again.pdf");
    made(&region(), &["ag", "2024", "-O", "pdf"], &again);
    assert!(bytes == fs::read(&again).unwrap(), "the same books give the same bytes");
    // What a screen reader is told: tables with heads, headings, a text for each chart.
    let tags = poppler("pdfinfo", &["-struct"], &path);
    for tag in ["H1", "H2", "Table", "TH", "TD", "Figure", "TOC"] {
        assert!(tags.lines().any(|line| line.trim().starts_with(tag)), "{tag}");
    }
}

/// A figure as the JSON has it, as a reader sees it.
fn shown(plain: &str) -> String {
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |rest| ("−", rest));
    let (whole, rest) = digits.split_once('.').map_or((digits, None), |(w, r)| (w, Some(r)));
    let mut out = sign.to_owned();
    for (rank, digit) in whole.chars().enumerate() {
        if rank > 0 && (whole.len() - rank).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    rest.map_or(out.clone(), |rest| format!("{out},{rest}"))
}

#[test]
fn the_booklet_holds_every_figure() {
    let home = folder();
    let text = text(&booklet(home.path())).replace(['\u{202f}', '\u{a0}'], " ");
    let json: Value =
        serde_json::from_str(&compta(&region(), &["ag", "2024", "-O", "json"]).ok()).unwrap();
    let (mut seen, mut lacking) = (0, Vec::new());
    for table in json["tables"].as_array().unwrap() {
        for row in table["rows"].as_array().unwrap() {
            let figures = row["shown"].as_object().into_iter().flatten();
            for (column, figure) in
                figures.filter_map(|(name, value)| Some((name, value.as_str()?)))
            {
                let nil = figure.trim_matches(['0', '.', '-']).is_empty();
                if nil || column == "part" || column.contains("pourcent") {
                    continue;
                }
                seen += 1;
                if !text.contains(&shown(figure)) {
                    lacking.push(format!("{} {column}: {}", row["key"], shown(figure)));
                }
            }
        }
    }
    assert!(seen > 800, "{seen}");
    assert!(lacking.is_empty(), "{} of {seen}: {lacking:#?}", lacking.len());
}

#[test]
fn the_screen_of_the_assembly_is_wide() {
    let home = folder();
    let path = home.path().join("ecran.pdf");
    made(&region(), &["ag", "2024", "-O", "pdf", "--ecran"], &path);
    let info = poppler("pdfinfo", &[], &path);
    // 33.867 × 19.05 cm: 16:9.
    assert!(info.contains("960.009 x 540 pts"), "{info}");
    assert!(text(&path).contains("TOTAL GÉNÉRAL"));
    let refused = compta(&region(), &["ag", "2024", "--ecran"]);
    assert_eq!(refused.code, 2, "{}", refused.screen());
    assert!(refused.err.contains("`--ecran` est une variante du PDF"), "{}", refused.err);
}

#[test]
fn every_table_makes_a_pdf() {
    let home = folder();
    for command in
        ["bilan", "resultat", "balance", "subventions", "adhesions", "care", "diff", "annexe"]
    {
        let path = home.path().join(format!("{command}.pdf"));
        made(&region(), &[command, "2024", "-O", "pdf"], &path);
        assert!(poppler("pdfinfo", &[], &path).contains("Tagged:          yes"), "{command}");
    }
    let refused = compta(&region(), &["bilan", "2024", "-O", "pdf"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("un PDF ne s’affiche pas"), "{}", refused.err);
}

/// Markup, code and letters that no font has: all of it is set as it is written, none of it is run.
#[test]
fn text_of_the_books_stays_text() {
    let home = folder();
    let books = home.path().join("livres");
    fs::create_dir_all(books.join("2024")).unwrap();
    fs::write(books.join("compta.toml"), "[entite]\nnom = \"Asso #eval(\\\"1+1\\\") *et* $x$\"\n")
        .unwrap();
    let long = "x".repeat(300);
    let journal = format!(
        "decimal-mark ,\n\n2024-01-05 * (ACH-0001) #eval(\"6*7\") | <script>alert(1)</script> $ sum_(i) $ @ref [b] \\ _e_ `c` // rien\n    606 Achats non stockés de matière et fournitures  10,00 €\n    512 Banques\n\n2024-01-06 * (ACH-0002) {long} | 🙂 \u{4e2d}\n    606 Achats non stockés de matière et fournitures  11,00 €\n    512 Banques\n"
    );
    fs::write(books.join("2024/achats.journal"), journal).unwrap();
    fs::write(books.join("principal.journal"), "decimal-mark ,\ninclude 2024/achats.journal\n")
        .unwrap();
    let path = home.path().join("journal.pdf");
    made(&books, &["journal", "2024", "-O", "pdf"], &path);
    let text = text(&path).replace(['\n', ' ', '\u{200b}'], "");
    for said in [
        "#eval(\"6*7\")",
        "<script>alert(1)</script>",
        "$sum_(i)$@ref",
        "_e_`c`//rien",
        "<U+1F642>",
        "*et*$x$",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    assert!(!text.contains("42|") && text.contains(&"x".repeat(12)), "{text}");
}

#[test]
fn a_template_of_the_books_replaces_the_shipped_one() {
    let home = folder();
    let books = home.path().join("livres");
    copy(&region(), &books);
    let run = typed(&books, "modeles -o modeles");
    assert_eq!(run.code, 0, "{}", run.screen());
    let again = typed(&books, "modeles -o modeles");
    assert_eq!(again.code, 2, "nothing is replaced: {}", again.screen());
    let booklet = books.join("modeles/livret.typ");
    let shipped = fs::read_to_string(&booklet).unwrap();
    fs::write(&booklet, shipped.replace("[Sommaire]", "[Ce que vous allez lire]")).unwrap();
    let path = home.path().join("ag.pdf");
    made(&books, &["ag", "2024", "-O", "pdf"], &path);
    assert!(text(&path).contains("Ce que vous allez lire"));

    // A fault is shown at the user's own line; what a template may not see is one.
    let faults = [
        ("#let x = \n", "livret.typ:"),
        ("#inconnu()\n", "#inconnu()"),
        ("#read(\"../compta.toml\")\n", "#read(\"../compta.toml\")"),
        ("#import \"@preview/cetz:0.3.0\": *\n", "@preview/cetz"),
        ("#image(\"logo.png\")\n", "#image(\"logo.png\")"),
    ];
    for (fault, said) in faults {
        fs::write(&booklet, format!("{shipped}\n{fault}")).unwrap();
        let target = home.path().join("faux.pdf");
        let run = compta(&books, &["ag", "2024", "-O", "pdf", "-o", target.to_str().unwrap()]);
        assert_eq!(run.code, 1, "{fault}: {}", run.screen());
        assert!(run.err.contains("E0904") && run.err.contains(said), "{fault}: {}", run.err);
        assert!(!target.exists(), "{fault}");
    }
}

/// A template that cannot stand is told by its own name, and the shipped one never stands in silently.
#[test]
fn a_template_that_cannot_stand_is_named() {
    let home = folder();
    let refused = |name: &str, make: &dyn Fn(&Path), said: &[&str]| {
        let books = home.path().join(name);
        copy(&region(), &books);
        make(&books);
        let target = home.path().join(format!("{name}.pdf"));
        let asked = ["ag", "2024", "-O", "pdf", "-o", target.to_str().unwrap()];
        let run = compta(&books, &asked);
        assert_eq!(run.code, 1, "{name}: {}", run.screen());
        for words in said.iter().chain(&["E0904"]) {
            assert!(run.err.contains(words), "{name}, {words}: {}", run.err);
        }
        assert!(!target.exists(), "{name}");
    };
    let put = |books: &Path, name: &str, bytes: &[u8]| {
        let path = books.join("modeles").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    refused(
        "latin",
        &|books| put(books, "livret.typ", b"// Mod\xe8le\n= Titre\n"),
        &["modeles/livret.typ:1:7", "pas en UTF-8"],
    );
    refused(
        "dossier",
        &|books| put(books, "livret.typ/note.txt", b"rien"),
        &["modeles/livret.typ", "un dossier"],
    );
    refused(
        "fichier",
        &|books| fs::write(books.join("modeles"), "rien").unwrap(),
        &["modeles:1:1", "un fichier"],
    );
    refused(
        "commun",
        &|books| put(books, "commun.typ", b"#let accent = red\n"),
        &["modeles/commun.typ", "`livret.typ`, mod\u{e8}le livr\u{e9}"],
    );
    refused("vide", &|books| put(books, "livret.typ", b""), &["modeles/livret.typ:1:1"]);
    refused(
        "titre",
        &|books| put(books, "livret.typ", b"Un texte sans titre.\n"),
        &["modeles/livret.typ:1:1"],
    );
    refused(
        "paquet",
        &|books| put(books, "livret.typ", b"#import \"@preview/cetz:0.3.0\": *\n"),
        &["modeles/livret.typ:1:", "rien n’est pris sur un réseau"],
    );
}

/// A folder of `modeles/` is read as well, and named in the manifest.
#[test]
fn pictures_stand_in_a_folder_of_the_templates() {
    let home = folder();
    let books = home.path().join("livres");
    copy(&region(), &books);
    let run = typed(&books, "modeles -o modeles");
    assert_eq!(run.code, 0, "{}", run.screen());
    let booklet = books.join("modeles/livret.typ");
    let shipped = fs::read_to_string(&booklet).unwrap();
    fs::create_dir(books.join("modeles/img")).unwrap();
    let drawn = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><rect width=\"9\" height=\"9\"/></svg>";
    fs::write(books.join("modeles/img/logo.svg"), drawn).unwrap();
    fs::write(&booklet, format!("{shipped}\n#image(\"img/logo.svg\", alt: \"Logo\")\n")).unwrap();
    let path = home.path().join("ag.pdf");
    made(&books, &["ag", "2024", "-O", "pdf"], &path);
    assert!(text(&path).replace('\n', "").contains("modeles/img/logo.svg"));
}
