//! A gallery of publications: one figure after another is wrong in one way after another, and what is said of
//! it, word for word.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use compta::diagnostic::Finding;
use compta::register::{PublishedValue, published};
use compta::statement::published::{
    Comparison, Knowledge, Known, KnownList, KnownPart, KnownWords, Line, Nature, Verdict, compare,
};
use rust_decimal::Decimal;

use crate::harness::{expect, none, root};

/// A row of the books: key, nature, whether it cumulates, cents of this year and of the one before, what it
/// sums, the total that it faces.
type Row =
    (&'static str, Nature, bool, [i64; 2], &'static [(&'static str, bool)], Option<&'static str>);

use Nature::{Debt, Equity, Flow, Stock};

const ROWS: [Row; 27] = [
    ("actif.machines", Stock, false, [281_549, 81_200], &[], None),
    ("actif.titres", Stock, false, [2_605_750, 2_531_000], &[], None),
    (
        "actif.fixe",
        Stock,
        false,
        [2_887_299, 2_612_200],
        &[("actif.machines", false), ("actif.titres", false)],
        None,
    ),
    ("actif.clients", Stock, false, [5_200_000, 2_000_000], &[], None),
    ("actif.banque", Stock, false, [3_140_117, 1_906_350], &[], None),
    (
        "actif.total",
        Stock,
        false,
        [11_227_416, 6_518_550],
        &[("actif.fixe", false), ("actif.clients", false), ("actif.banque", false)],
        Some("passif.total"),
    ),
    ("passif.fonds", Equity, false, [4_000_000, 4_000_000], &[], None),
    ("passif.report", Equity, false, [-412_350, -500_000], &[], None),
    ("passif.resultat", Flow, false, [156_702, 87_650], &[("resultat.net", false)], None),
    (
        "passif.nette",
        Equity,
        false,
        [3_744_352, 3_587_650],
        &[("passif.fonds", false), ("passif.report", false), ("passif.resultat", false)],
        None,
    ),
    ("passif.risques", Debt, true, [3_500_000, 1_500_000], &[], None),
    ("passif.carbone", Debt, true, [215_450, 0], &[], None),
    (
        "passif.propres",
        Equity,
        false,
        [3_959_802, 3_587_650],
        &[("passif.nette", false), ("passif.carbone", false)],
        None,
    ),
    ("passif.fournisseurs", Debt, false, [1_683_014, 930_900], &[], None),
    ("passif.fisc", Debt, false, [2_084_600, 500_000], &[], None),
    (
        "passif.dettes",
        Debt,
        false,
        [3_767_614, 1_430_900],
        &[("passif.fournisseurs", false), ("passif.fisc", false)],
        None,
    ),
    (
        "passif.total",
        Stock,
        false,
        [11_227_416, 6_518_550],
        &[("passif.propres", false), ("passif.risques", false), ("passif.dettes", false)],
        Some("actif.total"),
    ),
    (
        "passif.court",
        Stock,
        false,
        [7_727_416, 5_018_550],
        &[("passif.propres", false), ("passif.dettes", false)],
        Some("actif.total"),
    ),
    ("resultat.ventes", Flow, false, [800_000, 1_000_000], &[], None),
    ("resultat.subventions", Flow, false, [27_130_050, 20_000_000], &[], None),
    (
        "resultat.produits",
        Flow,
        false,
        [27_930_050, 21_000_000],
        &[("resultat.ventes", false), ("resultat.subventions", false)],
        None,
    ),
    ("resultat.achats", Flow, false, [10_650_898, 8_912_350], &[], None),
    ("resultat.salaires", Flow, false, [17_122_450, 12_000_000], &[], None),
    (
        "resultat.charges",
        Flow,
        false,
        [27_773_348, 20_912_350],
        &[("resultat.achats", false), ("resultat.salaires", false)],
        None,
    ),
    (
        "resultat.net",
        Flow,
        false,
        [156_702, 87_650],
        &[("resultat.produits", false), ("resultat.charges", true)],
        None,
    ),
    (
        "resultat.ecologique",
        Flow,
        false,
        [-58_748, 87_650],
        &[("resultat.net", false), ("passif.carbone", true)],
        None,
    ),
    (
        "resultat.marge",
        Flow,
        false,
        [-9_850_898, -7_912_350],
        &[("resultat.ventes", false), ("resultat.achats", true)],
        None,
    ),
];

const COLUMNS: [&str; 2] = ["net", "net_n1"];

fn books() -> Knowledge {
    let mut all = Knowledge::default();
    for (key, nature, cumulated, cents, parts, facing) in ROWS {
        for (column, cents) in COLUMNS.iter().zip(cents) {
            let exact = Decimal::new(cents, 2);
            all.figures.push(Known {
                key: key.to_owned(),
                column: (*column).to_owned(),
                label: key.rsplit_once('.').map_or(key, |(_, word)| word).to_owned(),
                exact,
                shown: round(exact),
                visible: key != "passif.court",
                nature,
                cumulated,
                parts: parts
                    .iter()
                    .map(|(key, negative)| KnownPart {
                        key: (*key).to_owned(),
                        negative: *negative,
                    })
                    .collect(),
                facing: facing.map(str::to_owned),
            });
        }
    }
    all.words.push(KnownWords {
        key: "entite.nom".into(),
        column: "texte".into(),
        text: "Les Amis du Canal".into(),
    });
    let texts = ["Ville de Lille (TC)", "Région", "ADEME (2025)"].map(str::to_owned).to_vec();
    all.lists.push(KnownList { key: "bailleurs".into(), column: "noms".into(), texts });
    all
}

fn round(exact: Decimal) -> Decimal {
    exact.round_dp_with_strategy(0, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
}

/// What is published: key, column, text of the value.
type Cells = Vec<(&'static str, &'static str, String)>;

fn rounded() -> Cells {
    let mut all = Vec::new();
    for (key, .., cents, _, _) in ROWS {
        for (column, cents) in COLUMNS.iter().zip(cents) {
            all.push((key, *column, round(Decimal::new(cents, 2)).to_string()));
        }
    }
    all
}

fn compared(cells: &Cells, more: &str) -> (Comparison, Vec<Finding>) {
    let mut text = String::new();
    let keys: BTreeSet<&str> = cells.iter().map(|(key, ..)| *key).collect();
    for key in keys {
        let _ = writeln!(text, "[{key}]");
        for (_, column, value) in cells.iter().filter(|(own, ..)| *own == key) {
            let _ = writeln!(text, "{column} = {value}");
        }
    }
    text.push_str(more);
    let mut findings = Vec::new();
    let read = published(&text, 0, &mut findings);
    assert!(findings.is_empty(), "{findings:?}\n{text}");
    let made = compare(&read, &books(), &mut findings);
    (made, findings)
}

/// What is said of each line that is not what the books show, or has something to be told.
fn lines(made: &Comparison) -> Vec<String> {
    let one = |line: &Line| {
        if line.verdict == Verdict::Identical && line.reasons.is_empty() {
            return None;
        }
        let shown = match &line.published {
            PublishedValue::Amount { value, .. } => value.to_string(),
            PublishedValue::Words(words) => words.clone(),
        };
        let gap = line.gap.map_or(String::new(), |gap| format!(" {gap}"));
        let (verdict, status) = (line.verdict.word(), line.status.word());
        let mut text = format!("{} {} {shown} : {verdict}{gap} {status}", line.key, line.column);
        for reason in &line.reasons {
            let _ = write!(text, " ; {} : {}", reason.rule.name(), reason.text);
        }
        Some(text)
    };
    made.lines.iter().filter_map(one).collect()
}

/// The verdicts of a comparison, in one line, and what is said beside what is always.
fn told(made: &Comparison, findings: &[Finding], always: &[String]) -> String {
    let counts = Verdict::ALL.map(|verdict| verdict.counted(made.count(verdict)));
    let (gaps, totals) = (made.gaps(), made.false_totals());
    let mut text = format!("  {} ; {gaps} écarts, {totals} totaux faux\n", counts.join(", "));
    for line in lines(made).iter().filter(|line| !always.contains(line)) {
        let _ = writeln!(text, "    {line}");
    }
    for finding in findings {
        let _ = writeln!(text, "    {} : {} ; {}", finding.code, finding.message, finding.help);
    }
    text
}

/// What somebody may print instead of a figure.
fn wrong(exact: Decimal, others: &[Decimal]) -> BTreeSet<Decimal> {
    let shown = round(exact);
    let mut all: BTreeSet<Decimal> = BTreeSet::new();
    for tenths in [-26, -25, -16, -15, -10, -9, -5, -1, 1, 4, 9, 10, 14, 16, 25, 30, 31] {
        all.insert(shown + Decimal::new(tenths, 1));
    }
    all.extend([exact, -shown, -exact, shown / Decimal::TEN, round(shown / Decimal::TEN)]);
    all.extend([10, 100, 1000].map(|times| shown * Decimal::from(times)));
    all.extend([1001, 999].map(|times| round(shown * Decimal::from(times))));
    all.insert(round(shown / Decimal::ONE_THOUSAND));
    let digits: Vec<char> = shown.to_string().chars().collect();
    for at in 0..digits.len() - 1 {
        let mut other = digits.clone();
        other.swap(at, at + 1);
        all.extend(other.iter().collect::<String>().parse::<Decimal>());
    }
    for other in others {
        for near in [Decimal::ZERO, Decimal::ONE, Decimal::TWO] {
            all.insert(shown + other + near);
            all.insert(shown - other + near);
        }
    }
    all
}

/// Each figure wrong in every way, the others as the books show them; those that no rule explains are counted
/// together.
#[test]
fn every_wrong_figure_is_said_word_for_word() {
    let always = lines(&compared(&rounded(), "").0);
    let mut text = format!("toujours\n  {}\n", always.join("\n  "));
    for (rank, (key, column, _)) in rounded().iter().enumerate() {
        let of = |cents: [i64; 2]| Decimal::new(cents[usize::from(*column == "net_n1")], 2);
        let row = ROWS.iter().find(|row| row.0 == *key).unwrap();
        let others: Vec<Decimal> = ROWS.iter().map(|row| round(of(row.3))).collect();
        let mut debts: Vec<Decimal> =
            ROWS.iter().filter(|row| row.1 == Debt).map(|row| of(row.3)).collect();
        let two = debts.iter().enumerate().flat_map(|(at, one)| {
            debts[at + 1..].iter().map(move |other| round(*one + *other)).collect::<Vec<_>>()
        });
        let two: Vec<Decimal> = two.collect();
        debts = [others, two].concat();
        let mut bare = Vec::new();
        for value in wrong(of(row.3), &debts) {
            let mut cells = rounded();
            cells[rank].2 = value.to_string();
            let (made, findings) = compared(&cells, "");
            let own = made.lines.iter().find(|line| line.key == *key && line.column == *column);
            if own.is_some_and(|own| own.verdict == Verdict::Gap && own.reasons.is_empty()) {
                bare.push(value.to_string());
                continue;
            }
            assert!(findings.is_empty());
            let said = lines(&made);
            text.extend(
                said.iter().filter(|line| !always.contains(line)).map(|line| format!("{line}\n")),
            );
        }
        text.push_str(&format!("{key} {column}, sans raison : {}\n", bare.join(" ")));
    }
    let mut failures = Vec::new();
    expect(&root().join("fixtures/publies/chiffres.txt"), &text, &mut failures);
    none(&failures);
}

/// Totals of what is printed when a cell is empty, when a row is not there, when parts are wrong too.
#[test]
fn every_total_of_what_is_printed_is_said_word_for_word() {
    let always = lines(&compared(&rounded(), "").0);
    let mut text = String::new();
    let value = |cells: &Cells, key: &str, column: &str| {
        let cell = cells.iter().find(|(own, of, _)| *own == key && *of == column);
        cell.and_then(|(.., value)| value.parse::<Decimal>().ok()).unwrap_or_default()
    };
    for (total, .., parts, _) in ROWS.iter().filter(|row| !row.4.is_empty()) {
        for column in COLUMNS {
            for (part, _) in *parts {
                for (what, change) in
                    [("vide", None), ("faux de 100", Some(100)), ("faux de 1", Some(1))]
                {
                    let mut cells = rounded();
                    match change {
                        None => cells.retain(|(key, of, _)| key != part || *of != column),
                        Some(more) => {
                            let own = value(&cells, part, column) + Decimal::from(more);
                            let at =
                                cells.iter().position(|(key, of, _)| key == part && *of == column);
                            cells[at.unwrap()].2 = own.to_string();
                        }
                    }
                    let sum: Decimal = parts
                        .iter()
                        .map(|(key, less)| {
                            let own = value(&cells, key, column);
                            if *less { -own } else { own }
                        })
                        .sum();
                    for near in [0, 1, 2, 3] {
                        let mut cells = cells.clone();
                        let at =
                            cells.iter().position(|(key, of, _)| key == total && *of == column);
                        cells[at.unwrap()].2 = (sum + Decimal::from(near)).to_string();
                        let (made, findings) = compared(&cells, "");
                        let told = told(&made, &findings, &always);
                        text.push_str(&format!(
                            "{total} {column} : {part} {what}, somme + {near}\n{told}"
                        ));
                    }
                }
            }
        }
    }
    let mut failures = Vec::new();
    expect(&root().join("fixtures/publies/totaux.txt"), &text, &mut failures);
    none(&failures);
}

/// What stands around a figure: its status, its rounding, words where a number was wanted, rows and columns
/// that nobody knows, labels alike or not.
#[test]
fn everything_else_published_is_said_word_for_word() {
    let always = lines(&compared(&rounded(), "").0);
    let mut text = String::new();
    for more in [
        "[x]\nnet = 1\n",
        "[actif]\nnet = 1\n",
        "[actif.titre]\nnet = 26058\n",
        "[entite.nom]\ntexte = \"Amis du canal\"\n",
        "[entite.nom]\ntexte = \"Les Ami de Canals !\"\n",
        "[entite.nom]\ntexte = \"Les Amis du Fleuve\"\n",
        "[entite.nom]\ntexte = 3\n",
        "[entite.nom]\nautre = \"Les Amis du Canal\"\n",
        "[bailleurs]\nnoms = [\"REGION\", \"Ville Lille (TC)\", \"Ville de Lille\", \"ADEME\", \"ademe (2025)\"]\n",
        "[bailleurs]\nnoms = [\"ADEME (2024)\", \"Régions\", \"Région (34 + 2)\", \"Rég\"]\n",
        "[bailleurs]\nautres = [\"Région\"]\n",
        "[bailleurs]\nautres = [\"Région\"]\nstatus = \"absent\"\n",
        "[bailleur]\nnoms = []\n",
        "[passif.court]\nn = 4\n",
        "[passif.cour]\nn = 4\n",
    ] {
        let cells: Cells =
            rounded().into_iter().filter(|(key, ..)| *key != "passif.court").collect();
        let (made, findings) = compared(&cells, more);
        text.push_str(&format!(
            "{}\n{}",
            more.trim_end().replace('\n', " "),
            told(&made, &findings, &always)
        ));
    }
    for (key, value) in [
        ("actif.titres", "\"26 058\""),
        ("actif.titres", "\"26 058,50 €\""),
        ("actif.titres", "\"−26058\""),
        ("actif.titres", "\"26k€\""),
        ("actif.titres", "26000\nrounding = 1000"),
        ("actif.titres", "25058\nrounding = 1000"),
        ("actif.titres", "25057\nrounding = 1000"),
        ("actif.titres", "26057.5"),
        ("actif.titres", "26057.4"),
        ("actif.titres", "26057.49"),
        ("actif.titres", "3\nstatus = \"doubtful\""),
        ("actif.titres", "3\nstatus = \"derived\""),
        ("actif.titres", "3\nstatus = \"absent\""),
        ("actif.titres", "3\nstatus = \"printed\""),
    ] {
        let mut cells = rounded();
        let at = cells.iter().position(|(own, of, _)| *own == key && *of == "net").unwrap();
        cells[at].2 = value.to_owned();
        let (made, findings) = compared(&cells, "");
        text.push_str(&format!(
            "{key} net = {}\n{}",
            value.replace('\n', " "),
            told(&made, &findings, &always)
        ));
    }
    let mut failures = Vec::new();
    expect(&root().join("fixtures/publies/autour.txt"), &text, &mut failures);
    none(&failures);
}
