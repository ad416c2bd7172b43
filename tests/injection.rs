//! One corpus of texts that some format could take for more than text, in every place where books have
//! words, through every format: each stays what was written.

use std::fs;
use std::path::Path;
use std::process::Command;

use calamine::{Data, Reader, Xlsx, open_workbook};

use crate::harness::{compta, copy, files, folder, region};

/// Formulas, markup, code of templates, what formats of strings would read, and what is long.
const CORPUS: [&str; 14] = [
    "=1+1",
    "+cmd /C calc!A0",
    "-2+3",
    "@SUM(A1)",
    "=HYPERLINK(\"http://x.invalid\")",
    "<script>document.title='vu'</script>",
    "\"><img src=x onerror=document.title='vu'>",
    "<svg onload=document.title='vu'>",
    "]]></style></title><b>",
    "#eval(\"6*7\") #panic()",
    "$ sum_(i) $ *et* _e_ `c` @ref \\u{41}",
    "{{7*7}} ${7*7} %s %n",
    "&ltb&gt &amp &copy &#60",
    "＝1+1",
];

/// The words of a register whose values are free text.
const FREE: [&str; 9] =
    ["nom", "partenaire", "libelle", "titre", "texte", "source", "note", "objet", "moyens"];

/// A text of the corpus before a value: always the same one before the same value.
fn infected(value: &str) -> String {
    let rank = value.bytes().map(usize::from).sum::<usize>() % CORPUS.len();
    format!("{} {value}", CORPUS[rank])
}

/// The same register with free text of the corpus.
fn register(text: &str) -> String {
    let line = |line: &str| {
        let found = line.split_once(" = \"").and_then(|(key, rest)| {
            let value = rest.strip_suffix('"')?;
            FREE.contains(&key).then(|| {
                let mut said = infected(value);
                // A partner is the name of an account: E0803 refuses what an account cannot hold.
                if key == "partenaire" {
                    said.retain(|c| !";()[]".contains(c));
                }
                let said = said.replace('\\', "\\\\").replace('"', "\\\"");
                format!("{key} = \"{said}\"")
            })
        });
        found.unwrap_or_else(|| line.to_owned())
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n") + "\n"
}

/// The books of the region, with the corpus in registers, payees, words, references and names of tiers.
fn infect(home: &Path) {
    copy(&region(), home);
    let of_kind = |kind: &str| {
        let all = files(home).into_iter();
        all.filter(|path| path.extension().is_some_and(|found| found == kind)).collect::<Vec<_>>()
    };
    // A convention names its partner: no posting needs to say it again.
    for path in of_kind("journal") {
        let text = fs::read_to_string(&path).unwrap();
        let lines = text.lines().map(|line| {
            let twice = line.contains("convention: ").then(|| line.split_once("partenaire: "));
            let Some((before, rest)) = twice.flatten() else { return line.to_owned() };
            let after = rest.split_once(", ").map_or("", |(_, after)| after);
            format!("{before}{after}").trim_end_matches(", ").to_owned()
        });
        fs::write(&path, lines.collect::<Vec<_>>().join("\n") + "\n").unwrap();
    }
    for path in &of_kind("toml") {
        // What others name is kept: accounts of controls, factors.
        if !["care.toml", "controles.toml"].iter().any(|name| path.ends_with(name)) {
            let text = fs::read_to_string(path).unwrap();
            fs::write(path, register(&text)).unwrap();
        }
    }
    let long = "L".repeat(300);
    let mut entries = String::new();
    for (rank, words) in CORPUS.iter().copied().chain([long.as_str()]).enumerate() {
        let (day, number) = (rank + 1, 900 + rank);
        entries.push_str(&format!(
            "\n2024-06-{day:02} * (OD-{number:04}) {words} | {words}  ; piece: {words}\n    \
             6226 Honoraires  1,00 €\n    6226 Honoraires  -1,00 €\n"
        ));
    }
    let path = home.join("2024/od.journal");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text + &entries).unwrap();
}

/// Without spaces, which a page may break lines at.
fn close(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200b}').collect()
}

#[test]
fn text_of_the_books_is_text_in_every_format() {
    let home = folder();
    let books = home.path().join("livres");
    infect(&books);
    let target = home.path().join("ag");
    compta(&books, &["ag", "2024", "-o", target.to_str().unwrap()]).ok();
    for kind in ["csv", "xlsx", "html", "pdf", "json", "txt"] {
        let path = target.join(format!("journal-corpus.{kind}"));
        let format = if kind == "txt" { "text" } else { kind };
        compta(&books, &["journal", "2024", "-O", format, "-o", path.to_str().unwrap()]).ok();
    }
    let mut whole = Vec::new();
    for path in files(&target) {
        let seen = match path.extension().and_then(|kind| kind.to_str()) {
            Some("csv") => sheet_of_text(&path),
            Some("xlsx") => workbook(&path),
            Some("html") => page(&path, home.path()),
            Some("pdf") => pages(&path),
            _ => continue,
        };
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        // Pages for the screen leave words out; the rest of a dossier has them, a journal has them all.
        if name.starts_with("journal-corpus") {
            assert_eq!(seen, CORPUS, "{name}");
        } else if name.starts_with("ag") {
            assert!(seen.len() > CORPUS.len() / 2, "{name}: {seen:?}");
        }
        whole.push(name);
    }
    for name in ["ag.html", "ag.xlsx", "ag.pdf", "ag-ecran.pdf", "journal-corpus.csv"] {
        assert!(whole.iter().any(|one| one == name), "{name}: {whole:?}");
    }
}

/// How many texts of the corpus are there; a cell that a spreadsheet would compute is a number.
fn sheet_of_text(path: &Path) -> Vec<&'static str> {
    let mut reader = csv::ReaderBuilder::new();
    let head = fs::read_to_string(path).unwrap();
    let delimiter = if head.lines().next().unwrap_or_default().contains(';') { b';' } else { b',' };
    let mut reader =
        reader.delimiter(delimiter).has_headers(false).flexible(true).from_path(path).unwrap();
    let mut all = String::new();
    for record in reader.records().map(Result::unwrap) {
        for cell in &record {
            let number = |cell: &str| cell.replace(',', ".").parse::<f64>().is_ok();
            let computed = cell.starts_with(['=', '+', '-', '@', '＝', '\t', '\r']);
            assert!(!computed || number(cell), "{}: {cell}", path.display());
            all.push_str(cell);
            all.push('\n');
        }
    }
    CORPUS.into_iter().filter(|text| all.contains(*text)).collect()
}

/// The same; no formula has words of the books, no cell is their result.
fn workbook(path: &Path) -> Vec<&'static str> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let mut texts = String::new();
    for name in book.sheet_names().clone() {
        for (_, _, formula) in book.worksheet_formula(&name).unwrap().used_cells() {
            for words in ["1+1", "HYPERLINK", "cmd", "2+3", "SUM(A1)", "script"] {
                assert!(!formula.contains(words), "{} {name}: {formula}", path.display());
            }
        }
        for (_, _, cell) in book.worksheet_range(&name).unwrap().used_cells() {
            if let Data::String(text) = cell {
                texts.push_str(text);
                texts.push('\n');
            }
        }
    }
    CORPUS.into_iter().filter(|text| texts.contains(*text)).collect()
}

/// The same, of what a browser has made of a page: nothing of it has run, nothing is an element.
fn page(path: &Path, home: &Path) -> Vec<&'static str> {
    let run = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"])
        .args(["--disable-dev-shm-usage", "--virtual-time-budget=20000"])
        .arg(format!("--user-data-dir={}", home.join("profile").display()))
        .arg(format!("file://{}", path.display()))
        .output()
        .unwrap();
    let dom = String::from_utf8(run.stdout).unwrap();
    assert!(!dom.contains("<title>vu</title>"), "{}", path.display());
    for element in ["<script", "<img", "<svg onload", "<b>", "onerror=\"", "onload=\""] {
        assert!(!dom.contains(element), "{}: {element}", path.display());
    }
    let read = dom.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ");
    let read = read.replace("&amp;", "&");
    CORPUS.into_iter().filter(|text| read.contains(*text)).collect()
}

/// The same, of the pages that poppler reads.
fn pages(path: &Path) -> Vec<&'static str> {
    let run = Command::new("pdftotext").args(["-layout"]).arg(path).arg("-").output().unwrap();
    // A letter that no font has is set by its number.
    let read = close(&String::from_utf8(run.stdout).unwrap()).replace("<U+FF1D>", "＝");
    CORPUS.into_iter().filter(|text| read.contains(&close(text))).collect()
}
