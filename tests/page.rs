//! The page of HTML: alone, linked, labelled, the figures of the JSON in it, and text that stays text.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::harness::{compta, copy, folder, region, root, typed};

fn dossier() -> String {
    compta(&region(), &["ag", "2024", "-O", "html"]).ok()
}

/// What stands between a beginning and an end, each time.
fn between<'t>(text: &'t str, begins: &str, ends: char) -> Vec<&'t str> {
    text.split(begins).skip(1).map(|rest| rest.split(ends).next().unwrap()).collect()
}

#[test]
fn a_page_needs_nothing_else() {
    let page = dossier();
    assert!(page.starts_with("<!DOCTYPE html><html lang=\"fr\">"), "{}", &page[..80]);
    for outside in
        ["<script", "javascript:", " onclick", "<link", "<iframe", "@import", "url(", "src="]
    {
        assert!(!page.contains(outside), "{outside}");
    }
    let without = page.replace("http://www.w3.org/2000/svg", "");
    assert!(!without.contains("http://") && !without.contains("https://"));
    assert_eq!(page, dossier(), "the same books give the same page");
}

/// Every link leads somewhere in the page, every number of an account is reached, no name is of two things.
#[test]
fn every_link_leads_somewhere() {
    let page = dossier();
    let ids = between(&page, " id=\"", '"');
    let known: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(known.len(), ids.len(), "a name is of two things");
    let links = between(&page, "href=\"#", '"');
    for link in &links {
        assert!(known.contains(link), "{link}");
    }
    let figures = links.iter().filter(|link| link.starts_with(['c', 'g'])).count();
    assert!(figures > 300, "{figures}");
    for place in ["2024/banque.journal:", "2024-ACH-0001.pdf"] {
        assert!(page.contains(place), "{place}");
    }
}

/// Captions, scopes, one first title, landmarks, charts with their words (RGAA 4.1).
#[test]
fn a_page_is_labelled() {
    let page = dossier();
    let count = |what: &str| page.matches(what).count();
    assert_eq!(count("<h1>"), 1);
    for landmark in ["<header>", "<main id=\"contenu\">", "<nav aria-label=", "<footer>"] {
        assert_eq!(count(landmark), 1, "{landmark}");
    }
    assert_eq!(count("<table>"), count("<caption>"));
    assert_eq!(count("<th "), count("<th scope="), "a head without its scope");
    assert!(count("<svg ") >= 4);
    assert_eq!(count("<svg "), count("role=\"img\""));
    assert_eq!(count("<desc id="), count("<svg "));
    assert_eq!(
        count("tabindex=\"0\""),
        count("class=\"scroll\""),
        "what scrolls takes the keyboard"
    );
}

/// What the JSON shows of each figure is in the page.
#[test]
fn every_figure_shown_is_in_the_page() {
    let page = dossier();
    let json: Value =
        serde_json::from_str(&compta(&region(), &["ag", "2024", "-O", "json"]).ok()).unwrap();
    let cells: BTreeSet<&str> = between(&page, "class=\"n", '<')
        .iter()
        .chain(&between(&page, "href=\"#", '<'))
        .filter_map(|cell| cell.split('>').nth(1))
        .collect();
    let grouped = |plain: &str| {
        if plain == "0" {
            return "–".to_owned();
        }
        let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |rest| ("−", rest));
        let mut text = String::new();
        for (rank, digit) in digits.chars().enumerate() {
            if rank > 0 && (digits.len() - rank).is_multiple_of(3) {
                text.push('\u{202f}');
            }
            text.push(digit);
        }
        format!("{sign}{text}")
    };
    let mut seen = 0;
    for name in ["bilan.actif", "bilan.passif", "resultat.charges", "resultat.produits"] {
        let tables = json["tables"].as_array().unwrap();
        let table = tables.iter().find(|table| table["name"] == name).unwrap();
        for row in table["rows"].as_array().unwrap() {
            for shown in row["shown"].as_object().unwrap().values().filter_map(Value::as_str) {
                let text = grouped(shown);
                let found =
                    cells.contains(text.as_str()) || cells.contains(format!("[{text}]").as_str());
                assert!(found, "{name} {}: {text}", row["key"]);
                seen += 1;
            }
        }
    }
    assert!(seen > 150, "{seen}");
}

/// A dossier is compared to the byte, and what is no text is told by its name alone.
#[test]
fn a_dossier_holds_its_page_and_its_workbook() {
    let home = folder();
    let target = home.path().join("ag");
    let shown = target.to_str().unwrap();
    let run = compta(&region(), &["ag", "2024", "-o", shown]);
    assert_eq!(run.code, 0, "{}", run.screen());
    assert_eq!(fs::read_to_string(target.join("ag.html")).unwrap(), dossier());
    let check = ["ag", "2024", "--check", shown];
    assert_eq!(compta(&region(), &check).code, 0);
    let book = target.join("ag.xlsx");
    let mut bytes = fs::read(&book).unwrap();
    bytes.push(b'x');
    fs::write(&book, bytes).unwrap();
    let run = compta(&region(), &check);
    assert_eq!(run.code, 1, "{}", run.screen());
    assert!(run.out.starts_with("ag.xlsx : diffère, à l’octet"), "{}", run.out);
}

/// What a shell completes, and the manual, come from the help itself.
#[test]
fn the_manual_and_the_completions_know_every_command() {
    let home = folder();
    let script = typed(home.path(), "completions bash").ok();
    let manual = typed(home.path(), "man").ok();
    for command in ["bilan", "lettrer", "sondage", "verify"] {
        assert!(script.contains(command), "{command}");
        assert!(manual.contains(command), "{command}");
    }
    let run = typed(home.path(), "man -o pages");
    assert_eq!(run.code, 0, "{}", run.screen());
    let page = fs::read_to_string(home.path().join("pages/compta-bilan.1")).unwrap();
    assert!(page.starts_with(".ie") && page.contains("compta\\-bilan"), "{page}");
}

/// Text of the books does nothing in a page.
#[test]
fn markup_in_the_books_stays_text() {
    let home = folder();
    copy(&root().join("fixtures/lettrage/lettres"), home.path());
    let path = home.path().join("principal.journal");
    let text = fs::read_to_string(&path).unwrap();
    let entry = "\n2024-06-01 * (OD-0001) <script>alert(1)</script> | \"><img src=x onerror=alert(2)>  ; piece: '><b>x\n    6226 Honoraires  1,00 €\n    512 Banque  -1,00 €\n";
    fs::write(&path, text + entry).unwrap();
    let long = "L".repeat(300);
    let settings = home.path().join("compta.toml");
    let told = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, told.replace("Association d’essai", &format!("<svg onload=x> & {long}")))
        .unwrap();
    for command in ["journal 2024 -O html", "resultat 2024 -O html", "ag 2024 -O html"] {
        let page = typed(home.path(), command).ok();
        for live in ["<script", "<img", "<svg onload", "<b>"] {
            assert!(!page.contains(live), "{command}: {live}");
        }
        assert!(page.contains("&lt;svg onload=x&gt; &amp; LLL"), "{command}");
    }
}

/// A share of less than nothing has no surface: there is no drawing, and the reason is told in each format.
#[test]
fn a_negative_share_is_told() {
    let home = folder();
    copy(&region(), home.path());
    let path = home.path().join("2024/od.journal");
    let text = fs::read_to_string(&path).unwrap();
    let entry = "\n2024-12-30 * (OD-0990) DITP | trop-perçu\n    740100 DITP  500 000,00 €  ; convention: DITP-2024, financement: subvention\n    441700 Subventions publiques à recevoir:DITP  -500 000,00 €  ; convention: DITP-2024\n";
    fs::write(&path, text + entry).unwrap();
    // A pie of negative slices is refused where its slices are described: E0815.
    fs::remove_file(home.path().join("repartition.toml")).unwrap();
    let page = typed(home.path(), "ag 2024 -O html").ok();
    let drawn = "par programme et par partenaire</title>";
    assert!(!page.contains(drawn));
    let before = dossier();
    assert!(before.contains(drawn) && !before.contains("n’est pas tracé"));
    for format in ["html", "text", "json"] {
        let said = typed(home.path(), &format!("subventions 2024 -O {format}")).ok();
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("une part négative n’a pas de surface"), "{format}: {said}");
        assert!(said.contains("DITP (STRUCTURE) −434"), "{format}: {said}");
    }
}

/// The year before and the budget have no entries in a page of the year: their figures lead nowhere.
#[test]
fn a_figure_leads_to_entries_of_its_own_year() {
    let page = dossier();
    let at = page.find("Compte de résultat 2024 – PRODUITS").unwrap();
    let table = &page[at..at + page[at..].find("</table>").unwrap()];
    let row = table.split("<tr").find(|row| row.contains(">DITP<")).unwrap();
    let cells: Vec<bool> = row.split("<td").skip(1).map(|cell| cell.contains("href=\"#")).collect();
    assert_eq!(cells, [true, false, false], "{row}");
}
