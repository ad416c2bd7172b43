//! Pages in a browser without a window: nothing said on the console, every link followed, the switch, and a
//! checker of accessibility at several widths.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::harness::{compta, folder, region};

const CHECKER: &str = include_str!("web/checker.js");

/// The page in a frame of that width, with the checker at its end: what the checker says. A frame, for a
/// browser's own window is never as narrow as a phone.
fn verdict(page: &str, width: u32, home: &Path) -> Value {
    let checked = page.replace("</body>", &format!("<script>{CHECKER}</script></body>"));
    assert_ne!(checked, page);
    let inside = serde_json::to_string(&checked).unwrap().replace("</", "<\\/");
    let outside = format!(
        "<!DOCTYPE html><title>x</title><iframe id=f style='width:{width}px;height:900px;border:0'></iframe>\
         <script>f.onload = () => {{ const said = f.contentDocument.getElementById('verdict');\
         if (said) document.body.append(said); }}; f.srcdoc = {inside};</script>"
    );
    let path = home.join(format!("page-{width}.html"));
    fs::write(&path, outside).unwrap();
    let profile = home.join(format!("profile-{width}"));
    let run = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"])
        .args(["--enable-logging=stderr", "--log-level=0", "--disable-dev-shm-usage"])
        .args(["--virtual-time-budget=60000", "--window-size=1400,1000"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("file://{}", path.display()))
        .output()
        .unwrap();
    let (dom, said) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    let console: Vec<&str> = said.lines().filter(|line| line.contains(":CONSOLE")).collect();
    assert!(console.is_empty(), "{console:?}");
    let verdict = dom.rsplit("<pre id=\"verdict\">").next().filter(|rest| rest.starts_with('{'));
    let verdict = verdict.and_then(|rest| rest.split("</pre>").next());
    let verdict = verdict.unwrap_or_else(|| panic!("no verdict at {width}: {said}"));
    let verdict = verdict.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
    serde_json::from_str(&verdict).unwrap()
}

#[test]
fn the_page_of_the_assembly_is_for_everyone() {
    let home = folder();
    let page = compta(&region(), &["ag", "2024", "-O", "html"]).ok();
    // A phone, 200 % on a small screen, a screen.
    for width in [320, 640, 1280] {
        let said = verdict(&page, width, home.path());
        assert_eq!(said["faults"].as_array().unwrap().len(), 0, "{width}: {said:#}");
        assert_eq!(said["width"], width, "the window has that width");
        assert!(said["texts"].as_u64() > Some(2_000), "{said}");
        assert!(said["links"].as_u64() > Some(2_000), "{said}");
        // Classic statements, CARE statements, their difference: all, then one ledger, then the other.
        assert_eq!(said["shown"]["v-deux"], serde_json::json!([2, 2, 1]));
        assert_eq!(said["shown"]["v-classique"], serde_json::json!([2, 0, 0]));
        assert_eq!(said["shown"]["v-care"], serde_json::json!([0, 2, 0]));
    }
}

#[test]
fn the_page_of_a_table_is_for_everyone() {
    let home = folder();
    for command in [&["bilan", "2024"][..], &["grand-livre", "401"], &["care", "2024"]] {
        let mut asked = command.to_vec();
        asked.extend(["-O", "html"]);
        let page = compta(&region(), &asked).ok();
        let said = verdict(&page, 320, home.path());
        assert_eq!(said["faults"].as_array().unwrap().len(), 0, "{command:?}: {said:#}");
    }
}

/// What a browser prints of a page, and the sizes of its sheets.
fn printed(page: &str, home: &Path) -> (String, String) {
    let (path, target) = (home.join("page.html"), home.join("page.pdf"));
    fs::write(&path, page).unwrap();
    let run = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        .arg("--no-pdf-header-footer")
        .arg(format!("--user-data-dir={}", home.join("profile-print").display()))
        .arg(format!("--print-to-pdf={}", target.display()))
        .arg(format!("file://{}", path.display()))
        .output()
        .unwrap();
    assert!(target.is_file(), "{}", String::from_utf8_lossy(&run.stderr));
    let said = |program: &str, arguments: &[&str]| {
        let run = Command::new(program).args(arguments).arg(&target).arg("-").output().unwrap();
        String::from_utf8_lossy(&run.stdout).into_owned()
    };
    let info = Command::new("pdfinfo").args(["-l", "999"]).arg(&target).output().unwrap();
    (said("pdftotext", &["-layout"]), String::from_utf8_lossy(&info.stdout).into_owned())
}

/// What a browser prints holds every column: each row of a wide table is one line of figures, to the last.
#[test]
fn what_is_printed_is_whole() {
    let home = folder();
    let page = compta(&region(), &["ag", "2024", "-O", "html"]).ok();
    let (text, sheets) = printed(&page, home.path());
    let plain = |text: &str| text.replace(['\u{202f}', '\u{a0}'], " ");
    let text = plain(&text);
    for size in ["594.96 x 841.92", "841.92 x 594.96"] {
        assert!(sheets.contains(size), "{size}\n{sheets}");
    }
    let tables = page.split("id=\"grand-livre\"").next().unwrap();
    let (mut seen, mut lacking) = (0, Vec::new());
    for table in tables.split("<caption>").skip(1) {
        let table = table.split("</table>").next().unwrap();
        let caption = table.split('<').next().unwrap();
        for row in table.split("<tr").skip(2) {
            let figures: Vec<String> = row
                .split("<td class=\"n")
                .skip(1)
                .map(|cell| cell.split_once('>').unwrap().1.split("</td>").next().unwrap())
                .map(|cell| {
                    plain(cell.rsplit_once("\">").map_or(cell, |(_, rest)| rest))
                        .replace("</a>", "")
                })
                .filter(|figure| !figure.is_empty())
                .collect();
            // A table of a chart is folded on paper.
            if figures.len() < 2 {
                continue;
            }
            seen += figures.len();
            let whole = text.lines().any(|line| {
                let mut rest = line;
                figures.iter().all(|figure| match rest.find(figure.as_str()) {
                    Some(at) => {
                        rest = &rest[at + figure.len()..];
                        true
                    }
                    None => false,
                })
            });
            if !whole {
                lacking.push(format!("{caption}: {figures:?}"));
            }
        }
    }
    assert!(seen > 1_000, "{seen}");
    assert!(lacking.is_empty(), "{} rows: {lacking:#?}", lacking.len());
}

/// The checker is not blind: a page with faults is told.
#[test]
fn the_checker_sees_faults() {
    let home = folder();
    let page = compta(&region(), &["bilan", "2024", "-O", "html"]).ok();
    let broken = page
        .replace("--soft:#4c5850", "--soft:#b9c0bb")
        .replacen("<caption>", "<caption hidden>", 1)
        .replacen("scope=\"col\"", "", 1)
        .replacen("href=\"#c1\"", "href=\"#nulle-part\"", 1)
        .replacen("<main", "<p>Hors de tout</p><input type=radio id=seul name=seul><main", 1)
        .replacen("<html lang=\"fr\">", "<html lang=\"en\">", 1);
    let said = verdict(&broken, 320, home.path()).to_string();
    for rule in ["lang", "contrast", "no scope", "leads nowhere", "no legend", "region"] {
        assert!(said.contains(&format!("\"{rule}")), "{rule}: {said}");
    }
}
