//! What a command writes in a journal says what it was given, and nothing more: no text makes a line of its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::fec::{NAME, file, sound, taken};
use crate::harness::{Run, compta, copy, files, folder, root, typed};

/// What would be an entry, if an end of line let it stand at the beginning of one.
const FORGED: &str = "2025-02-03 * (FAUX-0001) Ligne ajoutée  ; piece: f.pdf\n    626100 Timbres   9,00 €\n    512100 Banque   -9,00 €\n";

/// Ends of lines and paragraphs, of every kind that some reader has.
const ENDS: [&str; 8] =
    ["\n", "\r\n", "\r", "\n\n", "\u{b}", "\u{c}", "\u{85}\u{2028}", "\u{2029}\n"];

type Tree = BTreeMap<PathBuf, Vec<u8>>;

fn tree(folder: &Path) -> Tree {
    files(folder).into_iter().map(|path| (path.clone(), fs::read(&path).unwrap())).collect()
}

/// The smallest books that close, with a folder for the open year.
fn books(home: &Path) -> PathBuf {
    let books = home.join("livres");
    copy(&root().join("fixtures/controles/sain"), &books);
    fs::create_dir(books.join("2025")).unwrap();
    fs::rename(books.join("2025.journal"), books.join("2025/od.journal")).unwrap();
    let door = books.join("principal.journal");
    let text = fs::read_to_string(&door).unwrap();
    fs::write(door, text.replace("include 2025.journal", "include 2025/*.journal")).unwrap();
    books
}

/// How many lines of the journals begin an entry or a budget.
fn begun(books: &Path) -> usize {
    let journals = files(books).into_iter().filter(|path| {
        let sealed = path.starts_with(books.join("clotures"));
        !sealed && path.extension().is_some_and(|kind| kind == "journal")
    });
    let begins = |line: &&str| line.starts_with(|c: char| c.is_ascii_digit() || c == '~');
    journals.map(|path| fs::read_to_string(path).unwrap().lines().filter(begins).count()).sum()
}

/// The books are sound, hold that many lines that begin something, and no entry that nobody gave.
fn nothing_forged(books: &Path, expected: usize, what: &str) {
    assert_eq!(begun(books), expected, "{what}");
    let list = compta(books, &["journal", "--tout", "-O", "csv"]);
    assert_eq!(list.code, 0, "{what}: {}", list.err);
    assert!(list.out.starts_with("date,numero,"), "{what}");
    assert!(!list.out.contains(",FAUX-0001,"), "{what}: {}", list.out);
}

/// A sheet of cells as CSV: what a cell holds is quoted.
fn sheet(path: &Path, rows: &[Vec<String>]) {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_path(path).unwrap();
    for row in rows {
        writer.write_record(row).unwrap();
    }
    writer.flush().unwrap();
}

fn rows(text: &str) -> Vec<Vec<String>> {
    text.lines().map(|line| line.split(';').map(str::to_owned).collect()).collect()
}

/// What a text may try to be, at the beginning of a line.
const TRIES: [&str; 3] = [FORGED, "~ 2025  Ajout\n    626100 Timbres  9,00 €\n", "; x\n= x"];

/// Imports a sheet with one cell poisoned, in each way: it adds what it is, or nothing is written.
fn poisoned(
    command: &[&str],
    text: &str,
    (row, column): (usize, usize),
    adds: usize,
) -> [usize; 2] {
    let home = folder();
    let books = books(home.path());
    let path = home.path().join("feuille.csv");
    let name = path.to_str().unwrap();
    let before = tree(&books);
    let known = begun(&books);
    let mut outcomes = [0, 0];
    for (rank, end) in ENDS.into_iter().enumerate() {
        let mut cells = rows(text);
        cells[row][column].push_str(&format!("{end}{}", TRIES[rank % TRIES.len()]));
        sheet(&path, &cells);
        let typed: Vec<&str> =
            command.iter().map(|word| if *word == "FICHIER" { name } else { word }).collect();
        let run = compta(&books, &typed);
        let what = format!("{command:?} {row} {column} {end:?}");
        assert!([0, 1].contains(&run.code), "{what}: {}", run.screen());
        outcomes[usize::from(run.code == 1)] += 1;
        if run.code == 1 {
            assert!(tree(&books) == before, "{what}: refused, and written");
            continue;
        }
        nothing_forged(&books, known + adds, &what);
        for path in files(&books).into_iter().filter(|path| !before.contains_key(path)) {
            fs::remove_file(path).unwrap();
        }
        for (path, bytes) in &before {
            fs::write(path, bytes).unwrap();
        }
    }
    outcomes
}

#[test]
fn no_cell_of_a_sheet_of_entries_makes_a_line() {
    let sheet = "date;journal;pièce;compte;tiers;libellé;débit;crédit;programme\n05/02/2025;CA;T-1;626100;;Timbres;10;;\n05/02/2025;CA;T-1;401;Imprimeur;Timbres du courrier;;10;\n";
    let import = |cell| poisoned(&["ecritures", "import", "FICHIER"], sheet, cell, 1);
    // A label, first or of its line, is what it says; so is a programme where no register names any.
    for cell in [(1, 5), (2, 5), (1, 8)] {
        assert_eq!(import(cell), [ENDS.len(), 0], "{cell:?}");
    }
    // A document is that of both lines.
    assert_eq!(import((1, 2)), [0, ENDS.len()]);
    // A number is followed by a label, whatever it is; a tiers that nobody declared is one more.
    for cell in [(1, 3), (2, 4), (1, 1)] {
        import(cell);
    }
}

#[test]
fn no_cell_of_a_budget_makes_a_line() {
    let sheet = "compte;budget;période;programme;convention;partenaire;intitulé;contrepartie\n626100;120;;;;;Timbres;512100\n";
    let import = |column| poisoned(&["budget", "import", "FICHIER", "2025"], sheet, (1, column), 1);
    for column in [3, 5, 6] {
        assert_eq!(import(column)[0], ENDS.len(), "{column}");
    }
    for column in [0, 2, 4, 7] {
        import(column);
    }
}

/// Runs a command in fresh books: it is refused and writes nothing, or what it wrote is no line more.
fn given(prepare: impl Fn(&Path), arguments: &[&str], adds: usize) -> Run {
    let home = folder();
    let books = books(home.path());
    prepare(&books);
    let (before, known) = (tree(&books), begun(&books));
    let run = compta(&books, arguments);
    if run.code == 0 {
        nothing_forged(&books, known + adds, &format!("{arguments:?}"));
    } else {
        assert!(tree(&books) == before, "{arguments:?}: refused, and written");
    }
    run
}

fn close(books: &Path) {
    for (year, day) in [("2023", "2024-03-01"), ("2024", "2025-05-01")] {
        compta(books, &["close", year, "--oui", "--date", day]).ok();
    }
}

/// The texts of a command line: the document of a vote, a reserve, an account.
#[test]
fn no_argument_makes_a_line() {
    let vote = ["affecter", "2024", "--vote", "2025-06-01"];
    for end in ENDS {
        let document = format!("pv.pdf{end}{FORGED}");
        let run = given(close, &[&vote[..], &["--piece", &document]].concat(), 1);
        assert_eq!(run.code, 0, "{end:?}: {}", run.screen());
        assert!(run.out.contains("piece: pv.pdf%"), "{}", run.out);
    }
    let document = "pv, valide: 2024-01-01 ; x";
    let run = given(close, &[&vote[..], &["--piece", document]].concat(), 1);
    assert!(run.out.contains("piece: pv%2C valide%3A 2024-01-01 %3B x\n"), "{}", run.out);
    for reserve in [
        format!("1068 Réserve   -1,00 €\n\n{FORGED}    106=5"),
        format!("1068=5\n{FORGED}"),
        "1068 x=5".to_owned(),
    ] {
        let run = given(close, &[&vote[..], &["--reserve", &reserve]].concat(), 1);
        assert_eq!(run.code, 2, "{}", run.screen());
        assert!(run.err.contains("ne se lit pas"), "{}", run.err);
    }
    let correct = ["corriger", "ACH-0001", "--exercice", "2024"];
    for (option, value, words) in [
        ("--compte", format!("6236=626100 x\n\n{FORGED}"), "est inconnu au 01/01/2025"),
        ("--compte", "6236=9999".to_owned(), "le compte 9999 est inconnu au 01/01/2025"),
        ("--compte", "626100=6236".to_owned(), "n’a aucune ligne au compte 626100"),
        ("--montant", "121,00=120,00".to_owned(), "n’a aucune ligne de 121,00 €"),
    ] {
        let run = given(close, &[&correct[..], &[option, &value]].concat(), 2);
        assert_eq!(run.code, 2, "{value}: {}", run.screen());
        assert!(run.err.contains(words) && run.err.contains("aide : "), "{value}: {}", run.err);
    }
    let right = [&correct[..], &["--compte", "6236=626100", "--montant", "120=12"]].concat();
    assert_eq!(given(close, &right, 2).code, 0);
}

/// A name with an end of line would stand in `compta.toml`, in journals and in seals.
#[test]
fn no_name_makes_a_line() {
    let home = folder();
    for end in ENDS.into_iter().chain(["\u{202e}", "\u{200b}"]) {
        let name = format!("Association{end}d’essai");
        let run = compta(home.path(), &["init", "livres", "--nom", &name]);
        assert_eq!(run.code, 2, "{end:?}: {}", run.screen());
        assert!(run.err.contains("une fin de ligne, ou un caractère invisible"), "{}", run.err);
        assert!(!home.path().join("livres").exists(), "{end:?}");
    }
    compta(home.path(), &["init", "livres", "--nom", "L’« Œuvre » : 20 % & Cie"]).ok();
    assert_eq!(typed(&home.path().join("livres"), "check").code, 0);
    // A year is named in the journals of its closing.
    for (name, words) in [
        ("2024\\n2099-01-01 * (FAUX-0001) x", "caractère invisible dans le nom d’un exercice"),
        ("2024\\u2028", "caractère invisible dans le nom d’un exercice"),
        ("2024 ; valide: 2024-01-01", "un point-virgule ouvre un commentaire"),
    ] {
        let rename = |books: &Path| {
            let path = books.join("compta.toml");
            let text = fs::read_to_string(&path).unwrap();
            fs::write(path, text.replace("nom = \"2024\"", &format!("nom = \"{name}\""))).unwrap();
        };
        let run = given(rename, &["check"], 0);
        assert_eq!(run.code, 1, "{name}: {}", run.screen());
        assert!(run.out.contains("[E0803]") && run.out.contains(words), "{name}: {}", run.out);
    }
}

/// A year that is named after two makes one folder and one file.
#[test]
fn a_year_of_two_numbers_has_one_name_in_paths() {
    let home = folder();
    let books = home.path();
    let write = |name: &str, text: &str| fs::write(books.join(name), text).unwrap();
    write(
        "compta.toml",
        "[entite]\nnom = \"Essai\"\n\n[[exercice]]\nnom = \"2023/2024\"\ndebut = 2023-09-01\nfin = 2024-08-31\n\n[[exercice]]\nnom = \"2024/2025\"\ndebut = 2024-09-01\nfin = 2025-08-31\n",
    );
    fs::copy(root().join("fixtures/controles/sain/annexe.toml"), books.join("annexe.toml"))
        .unwrap();
    fs::create_dir(books.join("2024_2025")).unwrap();
    write("2024_2025/od.journal", "decimal-mark ,\n");
    write(
        "principal.journal",
        "decimal-mark ,\n\ninclude 2024_2025/*.journal\n\n2024-02-01 * (BQ-0001) Don  ; piece: a.pdf\n    512 Banques   10,00 €\n    754 Ressources liées à la générosité du public   -10,00 €\n\n2024-08-31 * (BQ-0002) Relevé  ; piece: r.pdf\n    512 Banques   0,00 €  = 10,00 €\n\n2024-09-02 * (BQ-0001) Don  ; piece: b.pdf\n    512 Banques   5,00 €\n    754 Ressources liées à la générosité du public   -5,00 €\n",
    );
    compta(books, &["close", "2023/2024", "--oui", "--date", "2024-10-01"]).ok();
    compta(books, &["affecter", "2023/2024", "--vote", "2024-11-02"]).ok();
    assert!(books.join("2024_2025/affectation-2023_2024.journal").is_file());
    let again = compta(books, &["affecter", "2023/2024", "--vote", "2024-11-02"]).ok();
    assert!(again.contains("rien à faire"), "{again}");
    compta(books, &["verify"]).ok();
}

/// What a cell of a FEC may hold that some reader takes for an end of line.
#[test]
fn no_cell_of_a_fec_makes_a_line() {
    const TEXTS: [usize; 10] = [0, 1, 2, 5, 6, 7, 8, 10, 13, 17];
    let sound = sound();
    let ends = ["\u{b}", "\u{2028}", "\u{2029}", "\u{85}", "\u{2028}\u{2029}", "\u{2029}\u{c}"];
    let mut taken_whole = 0;
    for (rank, column) in TEXTS.into_iter().enumerate() {
        let home = folder();
        let mut lines = sound.clone();
        let end = ends[rank % ends.len()];
        for line in &mut lines[3..5] {
            let mut cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
            cells[column]
                .push_str(&format!("x{end}{end}2024-03-13 * (FAUX-0001) y{end}    606  1,00 €"));
            // An auxiliary has two names; a currency has an amount.
            for (one, other, value) in [(6, 7, "Tiers"), (7, 6, "T1"), (17, 16, "1,00")] {
                if column == one {
                    cells[other] = value.to_owned();
                }
            }
            *line = cells.join("\t");
        }
        let run = taken(home.path(), NAME, file(&lines, "\n").as_bytes());
        assert!([0, 1].contains(&run.code), "{column} {end:?}: {}", run.screen());
        let books = home.path().join("livres");
        if run.code == 0 {
            nothing_forged(&books, 3, &format!("{column} {end:?}"));
        }
        assert_eq!(run.code == 0, books.exists(), "{column} {end:?}: {}", run.screen());
        let control = end.contains(|c: char| c.is_ascii_control());
        assert!(run.code == 1 || !control, "{column} {end:?}: {}", run.screen());
        assert!(run.code == 0 || run.err.contains("[E040"), "{column} {end:?}: {}", run.err);
        taken_whole += usize::from(run.code == 0);
    }
    assert!(taken_whole >= 3, "{taken_whole}");
}

/// The words of a policy and of registers, all at once: each derived journal is read, and has no line of theirs.
#[test]
fn no_word_of_a_register_makes_a_line() {
    const FREE: [&str; 7] =
        ["source", "motif", "libelle", "nom", "texte", "evenement", "reference"];
    let poisoned = |text: &str, poison: &str| -> String {
        let line = |line: &str| {
            let found = line.split_once(" = \"").and_then(|(key, rest)| {
                let value = rest.strip_suffix('"').filter(|_| FREE.contains(&key))?;
                Some(format!("{key} = \"{value}{poison}\""))
            });
            found.unwrap_or_else(|| line.to_owned())
        };
        text.lines().map(line).collect::<Vec<_>>().join("\n") + "\n"
    };
    let forged = "x\\n\\n2024-06-01 * (FAUX-0001) y\\n    [C171 Dette]  1,00 €\\n    [C172 Dette]";
    let mut printed = 0;
    for kind in ["care", "inventaire"] {
        for case in fs::read_dir(root().join("fixtures").join(kind)).unwrap() {
            let case = case.unwrap().path();
            for poison in [forged, "\\u0001 ; a: b, c: d", "\\u202e\\u200b\\u2028"] {
                let home = folder();
                copy(&case, home.path());
                for path in files(home.path()) {
                    let register = path.extension().is_some_and(|kind| kind == "toml");
                    if register && !path.ends_with("compta.toml") {
                        let text = fs::read_to_string(&path).unwrap();
                        fs::write(&path, poisoned(&text, poison)).unwrap();
                    }
                }
                let run = compta(home.path(), &["journal", "2024", "--care", "-O", "hledger"]);
                let what = format!("{} {poison}", case.display());
                assert!([0, 1, 2].contains(&run.code), "{what}: {}", run.err);
                assert!(!run.out.contains("\n2024-06-01 * (FAUX"), "{what}: {}", run.out);
                printed += usize::from(run.code == 0);
            }
        }
    }
    assert!(printed >= 50, "{printed} journals were printed");
}
