//! Workbooks: read back by calamine, computed again by `LibreOffice`, the same bytes twice, text that stays text.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use calamine::{Data, Range, Reader, Xlsx, open_workbook};
use serde_json::Value;

use crate::harness::{compta, copy, folder, region, typed, without_results};

type Sheets = BTreeMap<String, Range<Data>>;

fn sheets(path: &Path) -> Sheets {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let names = book.sheet_names().clone();
    names
        .into_iter()
        .map(|name| {
            let range = book.worksheet_range(&name).unwrap();
            (name, range)
        })
        .collect()
}

/// Every formula of a workbook, with its sheet and place.
fn formulas(path: &Path) -> Vec<(String, (u32, u32), String)> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let mut all = Vec::new();
    for name in book.sheet_names().clone() {
        let range = book.worksheet_formula(&name).unwrap();
        let (top, left) = range.start().unwrap_or_default();
        for (row, column, formula) in range.used_cells() {
            let at = (top + u32::try_from(row).unwrap(), left + u32::try_from(column).unwrap());
            all.push((name.clone(), at, formula.clone()));
        }
    }
    all
}

/// The dossier of 2024 as a workbook.
fn dossier(home: &Path) -> PathBuf {
    let path = home.join("ag.xlsx");
    let target = path.to_str().unwrap();
    let run = compta(&region(), &["ag", "2024", "-O", "xlsx", "-o", target]);
    assert_eq!(run.code, 0, "{}", run.screen());
    path
}

fn number(cell: &Data) -> Option<f64> {
    match cell {
        Data::Float(number) => Some(*number),
        Data::Int(number) => Some(f64::from(i32::try_from(*number).unwrap())),
        _ => None,
    }
}

/// Each amount of each table of the dossier, by the name of its sheet and the head of its row.
#[test]
fn every_figure_of_the_dossier_is_in_the_workbook() {
    let home = folder();
    let path = dossier(home.path());
    let sheets = sheets(&path);
    assert!(sheets.len() >= 8, "{:?}", sheets.keys());
    let all = formulas(&path);
    assert!(all.iter().filter(|(_, _, text)| text.starts_with("SUM(")).count() >= 20, "{all:?}");
    let run = compta(&region(), &["ag", "2024", "-O", "json"]).ok();
    let dossier: Value = serde_json::from_str(&run).unwrap();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut checked = 0;
    for table in dossier["tables"].as_array().unwrap() {
        let name = table["name"].as_str().unwrap();
        let rank = seen.entry(name.to_owned()).or_default();
        *rank += 1;
        // A sheet has the same name each year, and those of each convention bear its identifier, in order.
        let name = name.trim_end_matches("_2025");
        let begins = format!("{name}.");
        let named: Vec<&String> =
            sheets.keys().filter(|sheet| *sheet == name || sheet.starts_with(&begins)).collect();
        let sheet = named.get(*rank - 1).and_then(|named| sheets.get(*named));
        let sheet = sheet.unwrap_or_else(|| panic!("no sheet {name}"));
        let amounts: Vec<Vec<f64>> = table["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| {
                let cells = row["amounts"].as_object().unwrap().values();
                cells.filter_map(|cell| cell.as_str()?.parse().ok()).collect()
            })
            .collect();
        let first =
            table["rows"].as_array().unwrap().iter().find(|row| row["amounts"]["part"].is_string());
        let shares: Vec<usize> = first.map_or_else(Vec::new, |row| {
            let keys = row["amounts"].as_object().unwrap().keys();
            keys.enumerate().filter(|(_, key)| *key == "part").map(|(at, _)| at).collect()
        });
        let rows: Vec<Vec<f64>> =
            sheet.rows().map(|row| row.iter().filter_map(number).collect()).collect();
        for wanted in amounts.iter().filter(|wanted| !wanted.is_empty()) {
            // The gaps with the year before come after the figures of the table.
            let same = |row: &&Vec<f64>| {
                row.len() >= wanted.len()
                    && row.iter().zip(wanted).enumerate().all(|(at, (a, b))| {
                        // A share is kept as a spreadsheet keeps one: a hundredth, shown in percent.
                        let a = if shares.contains(&at) { a * 100.0 } else { *a };
                        (a - b).abs() < 0.000_5
                    })
            };
            assert!(rows.iter().any(|row| same(&row)), "{name}: {wanted:?} in {rows:?}");
            checked += wanted.len();
        }
    }
    assert!(checked > 500, "{checked}");
}

/// The formulas have the results that they give: without what is cached, `LibreOffice` finds the same cells.
#[test]
fn what_is_computed_again_is_what_is_cached() {
    let home = folder();
    let path = dossier(home.path());
    let bare = home.path().join("nu.xlsx");
    without_results(&path, &bare);
    let cache = formulas(&path);
    let lost = sheets(&bare);
    let (name, at, _) = &cache[0];
    let cell = lost[name].get_value(*at);
    assert!(cell.is_none_or(|cell| number(cell).is_none()), "nothing is cached: {cell:?}");
    let output = home.path().join("refait");
    let profile = format!("-env:UserInstallation=file://{}", home.path().join("profil").display());
    let run = Command::new("soffice")
        .arg(profile)
        .args(["--headless", "--convert-to", "xlsx", "--outdir"])
        .arg(&output)
        .arg(&bare)
        .output()
        .expect("libreoffice-calc is installed");
    assert!(run.status.success(), "{run:?}");
    let (kept, again) = (sheets(&path), sheets(&output.join("nu.xlsx")));
    let mut compared = 0;
    for (name, at, formula) in &cache {
        let value = |sheets: &Sheets| sheets[name].get_value(*at).and_then(number);
        let (kept, again) = (value(&kept), value(&again));
        let same = kept.zip(again).is_some_and(|(a, b)| (a - b).abs() < 0.000_5);
        assert!(same, "{name} {at:?} {formula}: {kept:?} cached, {again:?} computed");
        compared += 1;
    }
    assert!(compared > 100, "{compared}");
}

/// A pivot by programme misses no posting of a convention that has one.
#[test]
fn a_posting_of_a_convention_has_its_programme() {
    let home = folder();
    let sheet = sheets(&dossier(home.path())).remove("ecritures").unwrap();
    let head = sheet.rows().position(|row| row[0] == "Date").unwrap();
    let column =
        |name: &str| sheet.rows().nth(head).unwrap().iter().position(|cell| *cell == name).unwrap();
    let (convention, programme) = (column("convention"), column("programme"));
    let of = |prefix: &str| {
        let rows = sheet.rows().skip(head + 1);
        let own = rows.filter(|row| row[convention].to_string().starts_with(prefix));
        own.map(|row| row[programme].to_string()).collect::<Vec<_>>()
    };
    let nantes = of("R-NANTES");
    assert!(!nantes.is_empty() && nantes.iter().all(|code| code == "R"), "{nantes:?}");
}

#[test]
fn the_same_books_give_the_same_workbook() {
    let home = folder();
    let first = fs::read(dossier(home.path())).unwrap();
    assert!(fs::read(dossier(home.path())).unwrap() == first);
}

/// Text of the books does nothing in a workbook.
#[test]
fn what_looks_like_a_formula_stays_text() {
    let home = folder();
    copy(&crate::harness::root().join("fixtures/lettrage/lettres"), home.path());
    let path = home.path().join("principal.journal");
    let text = fs::read_to_string(&path).unwrap();
    let texts = ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "<script>alert(1)</script>"];
    let entries: Vec<String> = texts
        .iter()
        .enumerate()
        .map(|(rank, words)| {
            format!(
                "\n2024-06-{:02} * (OD-{:04}) {words}  ; piece: {words}\n    6226 Honoraires  1,00 €\n    512 Banque  -1,00 €\n",
                rank + 1,
                rank + 1
            )
        })
        .collect();
    fs::write(&path, text + &entries.concat()).unwrap();
    let run = typed(home.path(), "journal 2024 -O xlsx -o journal.xlsx");
    assert_eq!(run.code, 0, "{}", run.screen());
    let path = home.path().join("journal.xlsx");
    let all: Vec<String> = sheets(&path)
        .values()
        .flat_map(|sheet| {
            sheet.used_cells().map(|(_, _, cell)| cell.to_string()).collect::<Vec<_>>()
        })
        .collect();
    for words in texts {
        assert!(all.iter().any(|cell| cell.contains(words)), "{words}: {all:?}");
    }
    assert_eq!(formulas(&path).iter().filter(|(_, _, text)| !text.is_empty()).count(), 0);
}

#[test]
fn a_workbook_wants_a_file() {
    let run = typed(&region(), "bilan 2024 -O xlsx");
    assert_eq!(run.code, 2, "{}", run.screen());
    assert!(run.err.contains("-o tableau.xlsx"), "{}", run.err);
    let home = folder();
    let target = home.path().join("bilan.xlsx");
    let run = compta(&region(), &["bilan", "2024", "-O", "xlsx", "-o", target.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{}", run.screen());
    let names: Vec<String> = sheets(&target).into_keys().collect();
    assert_eq!(names, ["Sommaire", "bilan.actif", "bilan.passif"]);
}
