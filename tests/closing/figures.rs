//! No figure of a year moves when it is closed, nor when the next one is.

use std::collections::BTreeMap;

use super::folders::{close, intact, region_copy};
use crate::harness::{root, typed};

/// Every report of a year; `ANNÉE` is its name.
const REPORTS: [&str; 34] = [
    "bilan ANNÉE",
    "bilan ANNÉE --care",
    "bilan ANNÉE --care --base stock",
    "bilan ANNÉE --forme anc-2018-06",
    "bilan ANNÉE --care --forme anc-2018-06",
    "resultat ANNÉE",
    "resultat ANNÉE --care",
    "resultat ANNÉE --care --base stock",
    "resultat ANNÉE --forme anc-2018-06",
    "resultat ANNÉE --forme cerfa-12156",
    "balance ANNÉE",
    "balance ANNÉE --care",
    "balance ANNÉE-T2",
    "journal ANNÉE",
    "journal ANNÉE --care",
    "journal ANNÉE-T3 --care",
    "grand-livre ANNÉE",
    "grand-livre ANNÉE --care",
    "grand-livre 487 ANNÉE",
    "diff ANNÉE",
    "annexe ANNÉE",
    "programmes ANNÉE",
    "subventions ANNÉE",
    "adhesions ANNÉE",
    "care ANNÉE",
    "care projets ANNÉE",
    "care dialogue ANNÉE",
    "care responsabilite ANNÉE",
    "principaux ANNÉE",
    "repartition ANNÉE",
    "resolutions ANNÉE",
    "controles ANNÉE",
    "immobilisations ANNÉE",
    "budget ANNÉE",
];

/// A text without the words that say how final a year is.
fn stateless(text: &str) -> String {
    let mut left = text.replace("exercice ouvert, à-nouveaux provisoires", "ÉTAT");
    left = left.replace("exercice ouvert", "ÉTAT");
    let found = |left: &str| left.find("arrêté le ").or_else(|| left.find("approuvé le "));
    while let Some(at) = found(&left) {
        let end = left[at..].find("sceau ").map(|seal| at + seal + "sceau ".len() + 39).unwrap();
        left.replace_range(at..end, "ÉTAT");
    }
    left
}

fn reports(home: &std::path::Path) -> BTreeMap<String, (i32, String)> {
    let mut made = BTreeMap::new();
    for year in ["2023", "2024"] {
        for report in REPORTS {
            let line = format!("{} -O json", report.replace("ANNÉE", year));
            let run = typed(home, &line);
            made.insert(line, (run.code, stateless(&run.out)));
        }
    }
    let published = root().join("fixtures/ag-2025/figures.toml");
    let line = format!("ag 2024 --largeur 400 --contre {}", published.display());
    let run = typed(home, &line);
    made.insert("ag --contre".to_owned(), (run.code, stateless(&run.out)));
    made
}

#[test]
fn no_figure_moves_by_closing() {
    let kept = region_copy();
    let home = kept.path();
    let before = reports(home);
    let told = before.values().filter(|(code, text)| *code == 0 && text.len() > 200).count();
    eprintln!("{told} reports of {} say something", before.len());
    assert!(told >= 60, "{:?}", before.iter().map(|(k, v)| (k, v.0)).collect::<Vec<_>>());
    for (year, day) in [("2023", "2024-05-15"), ("2024", "2025-05-15")] {
        close(home, year, day).ok();
        let after = reports(home);
        for (line, was) in &before {
            let now = &after[line];
            if now != was {
                let at = was.1.lines().zip(now.1.lines()).find(|(a, b)| a != b);
                panic!("{line} after {year}: exits {} and {}, {at:?}", was.0, now.0);
            }
        }
    }
    intact(home);
}
