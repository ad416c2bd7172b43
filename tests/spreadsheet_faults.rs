//! Sheets that are wrong, hostile or strange: what is refused, at which cell, and what is never lost.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use calamine::Reader as _;
use rust_xlsxwriter::{Formula, Workbook};

use crate::harness::{Run, compta, copy, files, folder, region, soffice, typed};

/// The region's books, to be written in.
fn books(home: &Path) -> PathBuf {
    let books = home.join("livres");
    copy(&region(), &books);
    books
}

/// The two rows of an entry of the day 05/02/2025, under the heads of `HEAD`.
const HEAD: &str = "date;journal;pièce;compte;libellé;débit;crédit;activité;quantité\n";

fn imported(books: &Path, rows: &str) -> Run {
    fs::write(books.join("e.csv"), format!("{HEAD}{rows}")).unwrap();
    typed(books, "ecritures import e.csv")
}

/// Small books of a year, with a budget.
fn small(home: &Path, years: &str, budget: &str) -> PathBuf {
    let books = home.join("livres");
    fs::create_dir_all(books.join("2025")).unwrap();
    let toml = format!("[entite]\nnom = \"Essai\"\n{years}");
    fs::write(books.join("compta.toml"), toml).unwrap();
    let head = "decimal-mark ,\n\ntag programme\n\n";
    fs::write(books.join("principal.journal"), format!("{head}include 2025/*.journal\n")).unwrap();
    let entry = "decimal-mark ,\n\n2025-01-05 * (OD-0001) Timbres\n    606                                                  10,00 €\n    512100                                              -10,00 €\n";
    fs::write(books.join("2025/od.journal"), entry).unwrap();
    fs::write(books.join("2025/budget.journal"), format!("decimal-mark ,\n\n{budget}")).unwrap();
    assert_eq!(typed(&books, "fmt").code, 0);
    books
}

/// What the books refuse of a sheet is told at its cell: the line is in no file.
#[test]
fn what_the_books_refuse_is_told_at_its_cell() {
    let home = folder();
    let books = books(home.path());
    let before = files(&books);
    let rows = "05/02/2025;OD;P;606;x;10;;;\n05/02/2025;OD;P;512100;x;;10;;\n\
                06/02/2025;OD;Q;864;x;10;;;\n06/02/2025;OD;Q;512100;x;;10;;\n";
    let run = imported(&books, rows);
    assert_eq!(run.code, 1, "{}", run.screen());
    assert!(run.err.contains("e.csv:4") && run.err.contains("D4 : "), "{}", run.screen());
    assert!(run.err.contains("rien n’a été écrit"), "{}", run.screen());
    assert_eq!(files(&books).len(), before.len() + 1);
    // The cell that says something is shown, not the blank one beside it.
    let rows = "05/02/2025;OD;P;606;x;10;;;\n05/02/2025;OD;P;512100;x;;9;;\n";
    let run = imported(&books, rows);
    assert!(run.err.contains("G3 : l’écriture des lignes 2 à 3"), "{}", run.screen());
}

/// No figure of a cell reaches a journal that cannot hold it.
#[test]
fn figures_that_no_journal_takes_are_told_at_their_cell() {
    let home = folder();
    let books = books(home.path());
    let row = |debit: &str, quantity: &str| {
        format!(
            "05/02/2025;OD;P;606;x;{debit};;train-tgv;{quantity}\n05/02/2025;OD;P;512100;x;;{debit};;\n"
        )
    };
    let before = files(&books).len() + 1;
    for (rows, told) in [
        (row("10", "12,123456789"), "[E0420]: I2 : plus de huit décimales"),
        (row("10", "333,3333333333333"), "[E0420]: I2 : plus de huit décimales"),
        (row("10", "1000000000000"), "[E0420]: I2 : ce nombre a trop de chiffres"),
        (row("10000000000000000000", "1"), "[E0420]: F2 : ce nombre a trop de chiffres"),
        (row("999999999999999", "1"), "[E0420]: F2 : ce nombre a trop de chiffres"),
        (row("79228162514264337593543950335", "1"), "[E0420]: F2 : ce nombre a trop de chiffres"),
    ] {
        let run = imported(&books, &rows);
        assert_eq!(run.code, 1, "{rows}: {}", run.screen());
        assert!(run.err.contains(told), "{rows}: {}", run.err);
        assert_eq!(before, files(&books).len(), "{rows}: nothing is written");
    }
    // A computed one, as a spreadsheet keeps it.
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, head) in (0_u16..).zip(["compte", "budget", "activité", "quantité"]) {
        sheet.write(0, column, head).unwrap();
    }
    sheet.write(1, 2, "train-tgv").unwrap();
    sheet.write_formula(1, 3, Formula::new("=1000/3").set_result("333.333333333333")).unwrap();
    sheet.write(2, 0, "604").unwrap();
    sheet.write(2, 1, 1e15).unwrap();
    book.save(books.join("b.xlsx")).unwrap();
    let run = typed(&books, "budget import b.xlsx 2025 --remplace");
    assert_eq!(run.code, 1, "{}", run.screen());
    assert!(run.err.contains("D2 : plus de huit décimales"), "{}", run.err);
    assert!(run.err.contains("`=ARRONDI(…;2)`"), "{}", run.err);
    assert!(run.err.contains("B3 : ce nombre a trop de chiffres"), "{}", run.err);
}

/// An entry is known by what it means, not by how its cells or its accounts are written.
#[test]
fn an_entry_written_otherwise_is_the_same() {
    let home = folder();
    let books = books(home.path());
    let rows = |amount: &str, label: &str| {
        format!(
            "05/02/2025;OD;;606100;{label};{amount};;train-tgv;12\n05/02/2025;OD;;512100;{label};;{amount};;\n"
        )
    };
    let first = imported(&books, &rows("10", "Café d’été"));
    assert!(first.err.contains("1 écriture ajoutée"), "{}", first.screen());
    for other in [
        rows("10,00", "Café d’été"),
        rows(" 10,0 € ", " Cafe\u{301}  d’e\u{301}te\u{301} "),
        rows("10", "Café d’été").replace("606100", "606100 Autre libellé").replace(";12", ";12,0"),
    ] {
        let again = imported(&books, &other);
        assert!(again.err.contains("rien à ajouter"), "{other}: {}", again.screen());
    }
    let declared = fs::read_to_string(books.join("comptes.journal")).unwrap();
    let declared = format!("{declared}\naccount 606100 Eau et énergie\n");
    fs::write(books.join("comptes.journal"), declared).unwrap();
    assert_eq!(typed(&books, "fmt").code, 0);
    let again = imported(&books, &rows("10", "Café d’été"));
    assert!(again.err.contains("rien à ajouter"), "{}", again.screen());
    let other = imported(&books, &rows("10", "Café d’hiver"));
    assert!(other.err.contains("1 écriture ajoutée"), "{}", other.screen());
}

/// A document is known whatever marks its name has, and what is known already contradicts nothing.
#[test]
fn a_corrected_row_is_told_whatever_its_document_is_called() {
    let home = folder();
    let books = books(home.path());
    for name in ["FA, 12.pdf", "a : b", "50 % ; x", "[1]"] {
        let rows = |amount: &str| {
            format!(
                "05/02/2025;OD;\"{name}\";606;x;{amount};;;\n05/02/2025;OD;\"{name}\";512100;x;;{amount};;\n"
            )
        };
        assert_eq!(imported(&books, &rows("10")).code, 0, "{name}");
        assert!(imported(&books, &rows("10")).err.contains("rien à ajouter"), "{name}");
        let run = imported(&books, &rows("12"));
        assert_eq!(run.code, 1, "{name}: {}", run.screen());
        let told = format!("C2 : la pièce {name} fut importée avec autre chose");
        assert!(run.err.contains(&told), "{name}: {}", run.err);
    }
}

/// A budget keeps every amount, and every account that pays.
#[test]
fn a_row_of_budget_loses_nothing() {
    let home = folder();
    let books = books(home.path());
    let head = "compte;budget;activité;quantité;intitulé;contrepartie\n";
    let rows = "625100;5000;train-tgv;9000;Voyages;\n604;100;;;Deux comptes;512100\n606;200;;;Deux comptes;53\n606;50;;;Deux comptes;512100\n";
    fs::write(books.join("b.csv"), format!("{head}{rows}")).unwrap();
    let run = typed(&books, "budget import b.csv 2025 --remplace");
    assert_eq!(run.code, 0, "{}", run.screen());
    let text = fs::read_to_string(books.join("2025/budget.journal")).unwrap();
    let narrow: Vec<String> =
        text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let narrow = narrow.join("\n");
    for rule in [
        "~ 2025 Voyages\n625100 Voyages et déplacements 5 000,00 €\n(train-tgv) 9 000 pkm\n512100 Crédit coopératif\n",
        "~ 2025 Deux comptes\n604 Achats d'études et prestations de services 100,00 €\n606 Achats non stockés de matière et fournitures 50,00 €\n512100 Crédit coopératif\n",
    ] {
        assert!(narrow.contains(rule), "{rule}\n{narrow}");
    }
    assert!(narrow.contains("200,00 €\n53 "), "{narrow}");
    for (row, told) in [
        (";100;train-tgv;12;;\n", "A2 : il manque le compte"),
        ("604;;;12;;\n", "C2 : une quantité sans activité"),
    ] {
        fs::write(books.join("b.csv"), format!("{head}{row}")).unwrap();
        let run = typed(&books, "budget import b.csv 2025 --remplace");
        assert_eq!(run.code, 1, "{}", run.screen());
        assert!(run.err.contains(told), "{row}: {}", run.err);
    }
}

/// The sums above the heads of a budget workbook.
fn totals(path: &Path) -> Vec<f64> {
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(path).unwrap();
    let range = book.worksheet_range("Budget").unwrap();
    let rows = range.rows().filter(|row| row[0].to_string().starts_with("Total des"));
    rows.map(|row| row[2].to_string().parse().unwrap()).collect()
}

/// What a budget says by subtraction is in its workbook, and comes back.
#[test]
fn a_computed_charge_comes_back() {
    let home = folder();
    let rule = "~ 2025  BP 2025  ; programme: R\n    512100                                             -400,00 €\n    625100\n\n~ monthly in 2025-06  Juin\n    606                                                  10,00 €\n    512100\n\n~ 2025  Bénévolat\n    864                                                 100,00 €\n    875\n\n~ 2025  Dotation\n    681120                                               60,00 €\n    2818\n";
    let books = small(home.path(), "", rule);
    let plan = |books: &Path| typed(books, "budget 2025 -O csv").ok();
    let before = plan(&books);
    let run = typed(&books, "budget modele 2025 -o b.xlsx");
    assert_eq!(run.code, 0, "{}", run.screen());
    assert_eq!(totals(&books.join("b.xlsx")), [470.0, 0.0]);
    let run = typed(&books, "budget import b.xlsx 2025 --remplace");
    assert_eq!(run.code, 0, "{}", run.screen());
    let text = fs::read_to_string(books.join("2025/budget.journal")).unwrap();
    assert!(text.contains("~ 2025  BP 2025\n") && text.contains("; programme: R\n"), "{text}");
    for kept in ["400,00 €", "~ 2025-06  Juin\n", "875", "-100,00 €", "2818"] {
        assert!(text.contains(kept), "{kept}\n{text}");
    }
    assert_eq!(before, plan(&books), "the same budget\n{text}");
    assert_eq!(typed(&books, "budget modele 2025 -o c.xlsx").code, 0);
    let same = typed(&books, "budget import c.xlsx 2025");
    assert!(same.err.contains("rien à changer"), "{}", same.screen());
}

/// A monthly rule comes as many times as its months fall in the year, in the workbook as in the statement.
#[test]
fn a_year_that_straddles_two_counts_its_own_months() {
    let home = folder();
    let year = |first: i32| {
        let last = first + 1;
        format!(
            "\n[[exercice]]\nnom = \"{first}-{last}\"\ndebut = {first}-09-01\nfin = {last}-08-31\n"
        )
    };
    let years = [2023, 2024, 2025].map(year).concat();
    let rule = "~ monthly in 2025  Loyer\n    613                                                  10,00 €\n    512100\n\n~ quarterly in 2024  Eau\n    606                                                   5,00 €\n    512100\n";
    let books = small(home.path(), &years, rule);
    let run = typed(&books, "budget modele 2024-2025 -o b.xlsx");
    assert_eq!(run.code, 0, "{}", run.screen());
    // Eight months of 2025, and the last quarter of 2024.
    assert_eq!(totals(&books.join("b.xlsx")), [85.0, 0.0]);
    soffice("xlsx:Calc MS Excel 2007 XML", &books.join("b.xlsx"), home.path());
    assert_eq!(totals(&home.path().join("b.xlsx")), [85.0, 0.0], "as LibreOffice computes them");
    let said = typed(&books, "budget 2024-2025 -O csv").ok();
    assert!(said.contains("85"), "{said}");
    // The rule of a year whose first day is in another fiscal year is not of this one.
    fs::write(books.join("b.csv"), "compte;budget;période\n606;10;2024\n").unwrap();
    let run = typed(&books, "budget import b.csv 2024-2025 --remplace");
    assert_eq!(run.code, 1, "{}", run.screen());
    assert!(run.err.contains("C2 : cette période est hors de l’exercice"), "{}", run.err);
}

/// A far cell costs nothing when blank, and is named when it is not.
#[test]
fn a_stray_cell_is_refused_by_its_name() {
    let home = folder();
    let books = books(home.path());
    let filled = |row: u32, column: u16, text: &str, name: &str| {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let heads = ["date", "journal", "compte", "libellé", "débit", "crédit"];
        let entry = ["05/02/2025", "OD", "606", "Timbres", "10", ""];
        let other = ["05/02/2025", "OD", "512100", "Timbres", "", "10"];
        for (rank, cells) in (0_u32..).zip([heads, entry, other]) {
            for (at, cell) in (0_u16..).zip(cells) {
                sheet.write(rank, at, cell).unwrap();
            }
        }
        sheet.write(row, column, text).unwrap();
        book.save(books.join(name)).unwrap();
    };
    for (row, column, cell) in
        [(1_048_575, 16_383, "XFD1048576"), (59_999, 701, "ZZ60000"), (200_000, 0, "A200001")]
    {
        filled(row, column, "x", "e.xlsx");
        let run = typed(&books, "ecritures import e.xlsx -n");
        assert_eq!(run.code, 3, "{}", run.screen());
        assert!(run.err.contains(&format!("la case {cell} tient une valeur")), "{}", run.err);
    }
    // LibreOffice writes what is far as repeated rows and columns.
    filled(59_999, 701, "x", "o.xlsx");
    soffice("ods", &books.join("o.xlsx"), &books);
    let run = typed(&books, "ecritures import o.ods -n");
    assert_eq!(run.code, 3, "{}", run.screen());
    assert!(run.err.contains("la case ZZ60000 tient une valeur"), "{}", run.err);
    filled(1_048_575, 0, " ", "e.xlsx");
    let run = typed(&books, "ecritures import e.xlsx -n");
    assert_eq!(run.code, 0, "a space is nothing: {}", run.screen());
    assert!(run.err.contains("1 écriture à ajouter"), "{}", run.err);
}

/// What unzips to more than memory should hold is not read.
#[test]
fn a_workbook_that_swells_is_refused() {
    let home = folder();
    let books = books(home.path());
    for name in ["e.xlsx", "e.ods"] {
        let file = fs::File::create(books.join(name)).unwrap();
        let mut zip = zip::ZipWriter::new(file);
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file("xl/worksheets/sheet1.xml", options).unwrap();
        let zeros = vec![b' '; 1 << 20];
        for _ in 0..257 {
            zip.write_all(&zeros).unwrap();
        }
        zip.finish().unwrap();
        let run = typed(&books, &format!("ecritures import {name}"));
        assert_eq!(run.code, 3, "{}", run.screen());
        assert!(run.err.contains("il prendrait plus de 256 Mio"), "{}", run.err);
    }
}

/// Books without any entry have their sheets, and the first entries come from one.
#[test]
fn new_books_begin_with_a_sheet() {
    let home = folder();
    assert_eq!(typed(home.path(), "init N").code, 0);
    let books = home.path().join("N");
    let run = typed(&books, "ecritures modele -o s.xlsx");
    assert_eq!(run.code, 0, "{}", run.screen());
    let run = typed(&books, "ecritures import s.xlsx");
    assert!(run.err.contains("aucune écriture dans ce tableau"), "{}", run.screen());
    let run = typed(&books, "budget modele -o b.xlsx");
    assert_eq!(run.code, 0, "{}", run.screen());
}

/// Two heads that say the same are told with both places.
#[test]
fn a_head_said_twice_is_told() {
    let home = folder();
    let books = books(home.path());
    fs::write(
        books.join("e.csv"),
        "date;journal;compte;libellé;débit;crédit;Débit\n05/02/2025;OD;606;x;10;;10\n05/02/2025;OD;512100;x;;10;\n",
    )
    .unwrap();
    let run = typed(&books, "ecritures import e.csv");
    assert_eq!(run.code, 1, "{}", run.screen());
    assert!(run.err.contains("[E0421]: E1 et G1 : deux colonnes « débit »"), "{}", run.err);
}

/// What a file is called is shown, never obeyed.
#[cfg(unix)]
#[test]
fn a_file_name_is_shown_as_it_is() {
    let home = folder();
    let books = books(home.path());
    let name = "\u{1b}[31me.csv";
    fs::write(books.join(name), format!("{HEAD}31/02/2025;OD;;606;x;10;;;\n")).unwrap();
    let run = compta(&books, &["ecritures", "import", name]);
    assert_eq!(run.code, 1, "{}", run.screen());
    assert!(!run.err.contains('\u{1b}') && run.err.contains("<U+001B>[31me.csv"), "{}", run.err);
    let absent = compta(&books, &["ecritures", "import", "\u{1b}[31mx.csv"]);
    assert_eq!(absent.code, 3);
    assert!(!absent.err.contains('\u{1b}'), "{}", absent.err);
}

/// What is added to a text ends its lines as the text does.
#[test]
fn lines_end_as_those_of_the_journal() {
    let home = folder();
    let books = small(home.path(), "", "~ 2025  BP\n    606   10,00 €\n    512100\n");
    for path in ["2025/od.journal", "2025/budget.journal"] {
        let text = fs::read_to_string(books.join(path)).unwrap().replace('\n', "\r\n");
        fs::write(books.join(path), text).unwrap();
    }
    let run = imported(&books, "05/02/2025;OD;;606;x;10;;;\n05/02/2025;OD;;512100;x;;10;;\n");
    assert_eq!(run.code, 0, "{}", run.screen());
    fs::write(books.join("b.csv"), "compte;budget\n606;20\n").unwrap();
    let run = typed(&books, "budget import b.csv 2025 --remplace");
    assert_eq!(run.code, 0, "{}", run.screen());
    for path in ["2025/od.journal", "2025/budget.journal"] {
        let text = fs::read_to_string(books.join(path)).unwrap();
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "{path}: {text:?}");
    }
    assert_eq!(typed(&books, "check").code, 0);
}
