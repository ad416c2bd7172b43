//! Sheets that people fill: the models, what they give back, what is refused cell by cell.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use calamine::Reader as _;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use crate::harness::{compta, copy, files, folder, region, soffice, typed, without_results};

/// The region's books, to be written in.
fn books(home: &Path) -> PathBuf {
    let books = home.join("livres");
    copy(&region(), &books);
    books
}

const HEADS: [&str; 12] = [
    "date",
    "journal",
    "pièce",
    "compte",
    "tiers",
    "libellé",
    "débit",
    "crédit",
    "programme",
    "convention",
    "activité",
    "quantité",
];

/// A workbook as a person fills one: real dates, numbers, a formula, a title above the heads.
fn workbook(path: &Path) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Écritures").unwrap();
    sheet.write(0, 0, "Mes écritures de février").unwrap();
    for (column, head) in (0..).zip(HEADS) {
        sheet.write(2, column, head).unwrap();
    }
    let day = Format::new().set_num_format("dd/mm/yyyy");
    let date = |day| ExcelDateTime::from_ymd(2025, 2, day).unwrap();
    sheet.write_with_format(3, 0, date(5), &day).unwrap();
    for (column, text) in [
        (1, "ACH"),
        (2, "F-1.pdf"),
        (3, "625100 Voyages et déplacements"),
        (5, "Paris–Lyon"),
        (8, "R"),
        (10, "train-tgv"),
    ] {
        sheet.write(3, column, text).unwrap();
    }
    sheet.write(3, 6, 184.3).unwrap();
    sheet.write(3, 11, 880).unwrap();
    // The same entry: day, journal and document are those of the row above. An account typed as a number.
    sheet.write(4, 3, 401).unwrap();
    sheet.write(4, 4, "SNCF").unwrap();
    sheet.write(4, 5, "=1+1 ; Paris–Lyon").unwrap();
    // What a spreadsheet computes is not a cent to the last digit.
    sheet.write_formula(4, 7, Formula::new("=G4").set_result("184.30000000000001")).unwrap();
    sheet.write_with_format(6, 0, date(6), &day).unwrap();
    for (column, text) in [(1, "BQ"), (3, "401:SNCF"), (5, "Règlement"), (6, "184,30")] {
        sheet.write(6, column, text).unwrap();
    }
    sheet.write_with_format(7, 0, date(6), &day).unwrap();
    for (column, text) in [(1, "BQ"), (3, "512100"), (5, "Règlement"), (7, "184,30 €")] {
        sheet.write(7, column, text).unwrap();
    }
    book.save(path).unwrap();
}

const WRITTEN: [(&str, &str); 2] = [
    (
        "2025/ach.journal",
        "decimal-mark ,\n\n2025-02-05 * (ACH-0001) Paris–Lyon  ; piece: F-1.pdf, import: KEY\n    625100 Voyages et déplacements                      184,30 €  ; programme: R\n    (train-tgv)                                            880 pkm\n    401 Fournisseurs:SNCF                              -184,30 €  ; lib: =1+1 %3B Paris–Lyon\n",
    ),
    (
        "2025/bq.journal",
        "decimal-mark ,\n\n2025-02-06 * (BQ-0001) Règlement  ; import: KEY\n    401 Fournisseurs:SNCF                               184,30 €\n    512100 Crédit coopératif                           -184,30 €\n",
    ),
];

/// A journal without the fingerprints of its imports.
fn without_keys(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("import: ") {
        out.push_str(before);
        out.push_str("import: KEY");
        let key = after.chars().take_while(char::is_ascii_hexdigit).count();
        assert_eq!(key, 12, "{after}");
        rest = &after[key..];
    }
    out + rest
}

#[test]
fn entries_come_from_each_kind_of_sheet_and_only_once() {
    let home = folder();
    let xlsx = home.path().join("e.xlsx");
    workbook(&xlsx);
    soffice("ods", &xlsx, home.path());
    // The CSV of a French spreadsheet: semicolons, decimal commas, not UTF-8.
    let csv = "Mes écritures;;;;;;;;;;;\n\nDate;Journal;Pièce;Compte;Tiers;Libellé;Débit;Crédit;Programme;Convention;Activité;Quantité\n05/02/2025;ACH;F-1.pdf;625100;;Paris\u{96}Lyon;184,30;;R;;train-tgv;880\n;;;401;SNCF;\"=1+1 ; Paris\u{96}Lyon\";;184,30;;;;\n\n06/02/2025;BQ;;401:SNCF;;Règlement;184,3;;;;;\n06/02/2025;BQ;;512100;;Règlement;;184,30;;;;\n";
    let latin: Vec<u8> = csv.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    fs::write(home.path().join("e.csv"), latin).unwrap();
    for kind in ["xlsx", "ods", "csv"] {
        let books = books(&home.path().join(kind));
        let sheet = home.path().join(format!("e.{kind}"));
        let before = files(&books);
        let asked = ["ecritures", "import", sheet.to_str().unwrap()];
        let tried = compta(&books, &[&asked[..], &["-n"]].concat());
        assert_eq!(tried.code, 0, "{kind}: {}", tried.screen());
        assert!(tried.out.contains("+2025-02-05 * (ACH-0001)"), "{kind}: {}", tried.out);
        assert_eq!(before, files(&books), "{kind}: a try writes nothing");
        let run = compta(&books, &asked);
        assert_eq!(run.code, 0, "{kind}: {}", run.screen());
        assert!(
            run.err.contains("2 écritures ajoutées") && run.err.contains("ensuite : "),
            "{}",
            run.err
        );
        for (path, text) in WRITTEN {
            let written = fs::read_to_string(books.join(path)).unwrap();
            assert_eq!(without_keys(&written), text, "{kind}: {path}");
        }
        let again = compta(&books, &asked);
        assert_eq!(again.code, 0);
        assert!(
            again.err.contains("2 écritures déjà dans les livres : rien à ajouter"),
            "{}",
            again.err
        );
        for (path, text) in WRITTEN {
            let written = fs::read_to_string(books.join(path)).unwrap();
            assert_eq!(without_keys(&written), text, "{kind}: twice adds once");
        }
        // hledger reads what was written.
        let run = Command::new("hledger")
            .args(["-f", books.join("principal.journal").to_str().unwrap()])
            .args(["bal", "-N", "--flat", "-b", "2025-02-05", "-e", "2025-02-06", "625100"])
            .output()
            .unwrap();
        assert!(String::from_utf8_lossy(&run.stdout).contains("184,30 €"), "{kind}");
        assert_eq!(typed(&books, "check").code, 0);
    }
}

/// An entry is known by what it says: added to the same sheet, one more is added, and two alike are two.
#[test]
fn a_sheet_that_grows_adds_what_is_new() {
    let home = folder();
    let books = books(home.path());
    let sheet = books.join("e.csv");
    let head = "date;journal;compte;libellé;débit;crédit\n";
    let entry = "05/02/2025;OD;606;Timbres;10;\n05/02/2025;OD;512100;Timbres;;10\n";
    for (times, said) in [
        (1, "1 écriture ajoutée"),
        (2, "1 écriture ajoutée"),
        (2, "rien à ajouter"),
        (4, "2 écritures ajoutées"),
    ] {
        fs::write(&sheet, format!("{head}{}", entry.repeat(times))).unwrap();
        let run = typed(&books, "ecritures import e.csv");
        assert_eq!(run.code, 0, "{}", run.screen());
        assert!(run.err.contains(said), "{times}: {}", run.err);
    }
    let written = fs::read_to_string(books.join("2025/od.journal")).unwrap();
    assert_eq!(written.matches("Timbres").count(), 4);
    assert!(written.contains("(OD-0004)"), "{written}");
}

/// Every wrong cell is told in one run, by its name, and nothing is written.
#[test]
fn what_is_wrong_is_told_cell_by_cell() {
    let home = folder();
    let books = books(home.path());
    let head =
        "date;journal;pièce;compte;libellé;débit;crédit;programme;convention;activité;quantité\n";
    let good = "05/02/2025;OD;P1;606;Timbres;10;;;;;\n05/02/2025;OD;P1;512100;Timbres;;10;;;;\n";
    for (rows, told) in [
        ("31/02/2025;OD;P;606;x;10;;;;;\n", "[E0420]: A4 : ce n’est pas une date"),
        ("05/02/2025;;P;606;x;10;;;;;\n", "[E0420]: B4 : il manque le journal"),
        ("05/02/2025;OD;P;9999;x;10;;;;;\n", "[E0201]: D4 : le compte `9999` est inconnu"),
        ("05/02/2025;OD;P;;x;10;;;;;\n", "[E0201]: D4 : le compte `` est inconnu"),
        ("05/02/2025;OD;P;606;x;dix;;;;;\n", "[E0420]: F4 : ce n’est pas un nombre"),
        ("05/02/2025;OD;P;606;x;10,005;;;;;\n", "[E0420]: F4 : plus de deux décimales"),
        (
            "05/02/2025;OD;P;606;x;10;10;;;;\n",
            "[E0420]: G4 : un débit et un crédit sur la même ligne",
        ),
        ("05/02/2025;OD;P;606;x;;;;;;\n", "[E0420]: F4 : il manque le montant"),
        ("05/02/2025;OD;P;606;x;10;;RR;;;\n", "[E0808]: H4 : `RR` n’est pas connu"),
        ("05/02/2025;OD;P;606;x;10;;;R-RIEN;;\n", "[E0810]: I4 : `R-RIEN` n’est pas connu"),
        ("05/02/2025;OD;P;606;x;10;;;;tgv;12\n", "[E0608]: J4 : `tgv` n’est pas connu"),
        ("05/02/2025;OD;P;606;x;10;;;;train-tgv;\n", "[E0420]: K4 : une activité sans quantité"),
        ("05/02/2025;OD;P;606;x;10;;;;;12\n", "[E0420]: J4 : une quantité sans activité"),
        (
            "05/02/2025;OD;P;606;x;10;;;;;\n05/02/2025;OD;P;512100;x;;9,99;;;;\n",
            "[E0301]: G5 : l’écriture des lignes 4 à 5 est déséquilibrée de 0,01 €",
        ),
    ] {
        fs::write(books.join("e.csv"), format!("{head}{good}{rows}")).unwrap();
        let before = files(&books);
        let run = typed(&books, "ecritures import e.csv");
        assert_eq!(run.code, 1, "{rows}: {}", run.screen());
        let told = told.replace(' ', "\u{a0}");
        assert!(run.err.replace(' ', "\u{a0}").contains(&told), "{rows}: {}", run.err);
        assert!(run.err.contains("rien n’a été écrit"), "{}", run.err);
        assert_eq!(before, files(&books), "{rows}");
    }
    // All errors of a run, not the first.
    let rows = "31/02/2025;OD;P;606;x;dix;;RR;;;\n05/02/2025;OD;P;9999;x;;9,99;;;;\n";
    fs::write(books.join("e.csv"), format!("{head}{rows}")).unwrap();
    let run = typed(&books, "ecritures import e.csv");
    for cell in ["A2 :", "F2 :", "H2 :", "D3 :"] {
        assert!(run.err.contains(cell), "{cell} {}", run.err);
    }
    // A sheet without a column, a file that is no sheet, one that is not there.
    fs::write(books.join("e.csv"), "date;compte;débit;crédit\n").unwrap();
    let run = typed(&books, "ecritures import e.csv");
    assert!(run.err.contains("[E0421]") && run.err.contains("`journal`, `libellé`"), "{}", run.err);
    for (name, bytes) in [("e.xlsx", "pas un classeur"), ("e.pdf", "%PDF")] {
        fs::write(books.join(name), bytes).unwrap();
        let run = typed(&books, &format!("ecritures import {name}"));
        assert_eq!(run.code, 3, "{}", run.screen());
        assert!(run.err.contains("ne se laisse pas lire"), "{}", run.err);
    }
    assert_eq!(typed(&books, "ecritures import absent.csv").code, 3);
}

/// A formula without a result is told by its cell.
#[test]
fn a_formula_without_a_result_is_told() {
    let home = folder();
    let books = books(home.path());
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, head) in (0..).zip(HEADS) {
        sheet.write(0, column, head).unwrap();
    }
    for (column, text) in [(0, "05/02/2025"), (1, "OD"), (3, "606"), (5, "Timbres")] {
        sheet.write(1, column, text).unwrap();
    }
    sheet.write_formula(1, 6, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    book.save(books.join("e.xlsx")).unwrap();
    let run = typed(&books, "ecritures import e.xlsx");
    assert_eq!(run.code, 1, "{}", run.screen());
    assert!(run.err.contains("G2"), "{}", run.err);
}

/// A sealed period takes no entry, whatever brings it.
#[test]
fn a_sealed_day_takes_no_entry() {
    let home = folder();
    let books = books(home.path());
    assert_eq!(typed(&books, "close 2023 --oui").code, 0);
    fs::write(books.join("e.csv"), "date;journal;compte;libellé;débit;crédit\n31/12/2023;OD;606;Tard;10;\n31/12/2023;OD;512100;Tard;;10\n").unwrap();
    let run = typed(&books, "ecritures import e.csv");
    assert_eq!(run.code, 1, "{}", run.screen());
    assert!(
        run.err.contains("[E0701]: A2 : le 31/12/2023 est dans une période scellée"),
        "{}",
        run.err
    );
    assert!(run.err.contains("01/01/2024"), "{}", run.err);
}

#[test]
fn the_models_are_what_the_imports_read() {
    let home = folder();
    let books = books(home.path());
    let run = typed(&books, "ecritures modele -o e.xlsx");
    assert_eq!(run.code, 0, "{}", run.screen());
    let empty = typed(&books, "ecritures import e.xlsx");
    assert!(empty.err.contains("aucune écriture dans ce tableau"), "{}", empty.screen());

    // The budget as it is comes back as it is: from the workbook, and after LibreOffice saved it.
    let run = typed(&books, "budget modele 2025 -o b.xlsx");
    assert_eq!(run.code, 0, "{}", run.screen());
    let same = typed(&books, "budget import b.xlsx 2025");
    assert_eq!(same.code, 0, "{}", same.screen());
    assert!(same.err.contains("rien à changer"), "{}", same.err);
    soffice("ods", &books.join("b.xlsx"), &books);
    let same = typed(&books, "budget import b.ods");
    assert!(same.err.contains("rien à changer"), "{}", same.screen());
    let bytes = fs::read(books.join("b.xlsx")).unwrap();
    let kept = typed(&books, "budget modele 2025 -o b.xlsx");
    assert_eq!(kept.code, 2, "what may be filled is not replaced: {}", kept.screen());
    assert!(kept.err.contains("`b.xlsx` est déjà là"), "{}", kept.err);
    assert_eq!(typed(&books, "budget modele 2025 -o c.xlsx").code, 0);
    assert!(bytes == fs::read(books.join("c.xlsx")).unwrap(), "the same books give the same bytes");

    // The sums above the heads are those of the statement, as kept and as LibreOffice computes them.
    let said = typed(&books, "resultat 2024 --budget 2025 -O json").ok();
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    let planned = |key: &str| -> f64 {
        let mut rows = said["rows"].as_array().unwrap().iter();
        let row = rows.find(|row| row["key"] == key).unwrap();
        row["amounts"]["bp"].as_str().unwrap().parse().unwrap()
    };
    let wanted = [
        "resultat.charges.total_charges",
        "resultat.produits.total_produits",
        "resultat.charges.resultat_net",
    ]
    .map(planned);
    let mut kept: calamine::Xlsx<_> = calamine::open_workbook(books.join("c.xlsx")).unwrap();
    let mut again: calamine::Ods<_> = calamine::open_workbook(books.join("b.ods")).unwrap();
    let sums = |range: calamine::Range<calamine::Data>| {
        let rows = range.rows().filter(|row| {
            row.first().is_some_and(|cell| {
                let text = cell.to_string();
                text.starts_with("Total des") || text == "Résultat prévu"
            })
        });
        rows.map(|row| row[2].to_string().parse::<f64>().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(sums(kept.worksheet_range("Budget").unwrap()), wanted);
    assert_eq!(sums(again.worksheet_range("Budget").unwrap()), wanted);
}

/// A text without its alignment.
fn narrow(text: &str) -> String {
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_budget_is_replaced_only_when_asked() {
    let home = folder();
    let books = books(home.path());
    let path = books.join("2025/budget.journal");
    let old = fs::read_to_string(&path).unwrap();
    let sheet = "compte;budget;période;programme;convention;activité;quantité;intitulé\n604;12 000;;R;;;;\n6132;800;monthly in 2025;;;;;Loyer\n756100;116 500,00;;;;;;\n740400;6000;2025-06;;R-NANTES-2024;;;\n;;;R;;train-tgv;5000;Carbone\nTotal;99;;;;;;\n626100;0;;;;;;\n";
    fs::write(books.join("b.csv"), sheet).unwrap();
    let unknown = typed(&books, "budget import b.csv 2025");
    assert_eq!(unknown.code, 1, "{}", unknown.screen());
    assert!(unknown.err.contains("A7 : le compte `Total` est inconnu"), "{}", unknown.err);
    fs::write(books.join("b.csv"), sheet.replace("Total;99;;;;;;\n", ";99;;;;;;Total\n")).unwrap();
    let refused = typed(&books, "budget import b.csv 2025");
    assert_eq!(refused.code, 2, "{}", refused.screen());
    assert!(refused.err.contains("--remplace"), "{}", refused.err);
    assert!(refused.err.contains("laissées de côté : lignes 7"), "{}", refused.err);
    assert_eq!(fs::read_to_string(&path).unwrap(), old);
    let run = typed(&books, "budget import b.csv 2025 --remplace");
    assert_eq!(run.code, 0, "{}", run.screen());
    let new = fs::read_to_string(&path).unwrap();
    for rule in [
        "~ 2025  BP 2025\n    604 Achats d'études et prestations de services      12 000,00 €  ; programme: R\n    756100 Adhésions collectivités territoriales   -116 500,00 €\n    512100 Crédit coopératif\n",
        "~ monthly in 2025  Loyer\n    6132 Locations immobilières                         800,00 €\n    512100 Crédit coopératif\n",
        "~ 2025-06  BP 2025\n    740400 Partenaires Rebonds                       -6 000,00 €  ; convention: R-NANTES-2024\n    512100 Crédit coopératif\n",
        "~ 2025  Carbone\n    (train-tgv)                                          5 000 pkm  ; programme: R\n",
    ] {
        assert!(narrow(&new).contains(&narrow(rule)), "{rule}\n{new}");
    }
    assert!(new.starts_with("; Reconstitution"), "what stands above the rules is kept");
    assert_eq!(fs::read_to_string(books.join("2025/budget.journal.ancien")).unwrap(), old);
    assert_eq!(typed(&books, "check").code, 0);

    // Unknown lines are reported by cell, and nothing is written.
    for (row, told) in [
        ("6999;10;;;;;;\n", "[E0201]: A9 : le compte `6999` est inconnu"),
        ("604;dix;;;;;;\n", "[E0420]: B9 : ce n’est pas un nombre"),
        ("604;10;2026;;;;;\n", "[E0420]: C9 : cette période est hors de l’exercice"),
        ("604;10;tous les mois;;;;;\n", "[E0420]: C9 : cette période ne se lit pas"),
        ("604;10;;ZZ;;;;\n", "[E0808]: D9 : `ZZ` n’est pas connu"),
    ] {
        fs::write(
            books.join("b.csv"),
            format!("{}{row}", sheet.replace("Total;99;;;;;;\n", ";99;;;;;;Total\n")),
        )
        .unwrap();
        let run = typed(&books, "budget import b.csv 2025 --remplace");
        assert_eq!(run.code, 1, "{row}: {}", run.screen());
        assert!(run.err.contains(told), "{row}: {}", run.err);
        assert_eq!(fs::read_to_string(&path).unwrap(), new, "{row}");
    }
}

/// What an accountant slips on, each told at its cell, and nothing written.
#[test]
fn slips_are_told_at_their_cell() {
    let home = folder();
    let books = books(home.path());
    let head = "date;journal;pièce;compte;tiers;libellé;débit;crédit\n";
    let import = |rows: &str| {
        fs::write(books.join("e.csv"), format!("{head}{rows}")).unwrap();
        typed(&books, "ecritures import e.csv")
    };
    let entry = |day: &str, journal: &str, amount: &str, label: &str| {
        format!(
            "{day};{journal};F-77;606;;{label};{amount};\n{day};{journal};F-77;512100;;{label};;{amount}\n"
        )
    };
    for (rows, cell, words) in [
        (entry("05/02/2025", "ZZZ", "10", "Timbres"), "B2", "le journal `ZZZ` est inconnu"),
        (entry("05/02/2025", "OD", "10", ""), "F2", "il manque le libellé"),
        (entry("05/02/2019", "OD", "10", "Timbres"), "A2", "le 05/02/2019 est loin des exercices"),
        (
            "05/02/2025;OD;F-78;468700;Inconnu;Aide;10;\n05/02/2025;OD;F-78;512100;;Aide;;10\n"
                .to_owned(),
            "E2",
            "auxiliaire inconnu du compte 468700",
        ),
    ] {
        let run = import(&rows);
        assert_eq!(run.code, 1, "{rows}: {}", run.screen());
        assert!(run.err.contains(&format!("{cell} : {words}")), "{rows}: {}", run.err);
    }
    // Imported, then corrected in the sheet: the first is not doubled by the second.
    assert_eq!(import(&entry("05/02/2025", "OD", "10", "Timbres")).code, 0);
    let again = import(&entry("05/02/2025", "OD", "12", "Timbres"));
    assert_eq!(again.code, 1, "{}", again.screen());
    assert!(
        again.err.contains("C2 : la pièce F-77 fut importée avec autre chose"),
        "{}",
        again.err
    );
    // Both lines in the sheet are two entries of one document.
    let both =
        entry("05/02/2025", "OD", "10", "Timbres") + &entry("05/02/2025", "BQ", "12", "Timbres");
    let both = import(&both);
    assert_eq!(both.code, 0, "{}", both.screen());
    assert!(both.err.contains("1 écriture ajoutée"), "{}", both.err);
}

/// A formula that nothing has computed is no blank cell.
#[test]
fn a_formula_that_was_never_computed_is_told() {
    let home = folder();
    let books = books(home.path());
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, head) in
        ["date", "journal", "pièce", "compte", "libellé", "débit", "crédit"].iter().enumerate()
    {
        sheet.write(0, u16::try_from(column).unwrap(), *head).unwrap();
    }
    for (column, text) in [(0, "05/02/2025"), (1, "OD"), (3, "606"), (5, "10")] {
        sheet.write(1, column, text).unwrap();
    }
    sheet.write_formula(1, 4, Formula::new("=CONCATENATE(A1,B1)").set_result("")).unwrap();
    book.save(books.join("g.xlsx")).unwrap();
    without_results(&books.join("g.xlsx"), &books.join("f.xlsx"));
    let run = typed(&books, "ecritures import f.xlsx");
    assert_eq!(run.code, 1, "{}", run.screen());
    assert!(run.err.contains("E2 : "), "{}", run.err);
}
