//! The cash of a year: what was realised, then what is planned, and nothing lost between the two.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;

use crate::harness::{folder, typed};

/// Books of an association: its conventions and its journal.
fn write(home: &Path, conventions: &str, journal: &str) {
    fs::write(home.join("compta.toml"), "[entite]\nnom = \"Essai\"\n").unwrap();
    fs::write(home.join("conventions.toml"), conventions).unwrap();
    let accounts = "account 441 Subventions à recevoir\naccount 74 Subventions\naccount 706 Prestations de services\naccount 641 Rémunérations du personnel\n";
    let journal = format!("decimal-mark ,\n\n{accounts}\n{journal}");
    fs::write(home.join("principal.journal"), journal).unwrap();
}

/// A table as written for machines: cents and words by key and column, its title and its notes.
struct Shown {
    cents: BTreeMap<String, i64>,
    words: BTreeMap<String, String>,
    title: String,
    notes: String,
}

impl Shown {
    fn of(home: &Path, line: &str) -> Self {
        let text = typed(home, &format!("{line} -O json")).ok();
        let made: Value = serde_json::from_str(&text).unwrap();
        let mut shown = Self {
            cents: BTreeMap::new(),
            words: BTreeMap::new(),
            title: typed(home, line).ok().lines().next().unwrap().to_owned(),
            notes: made["findings"].to_string(),
        };
        for row in made["rows"].as_array().unwrap() {
            let key = row["key"].as_str().unwrap();
            for (column, amount) in row["amounts"].as_object().unwrap() {
                if let Some(text) = amount.as_str() {
                    let cents = text.replace('.', "").parse::<i64>().unwrap();
                    shown.cents.insert(format!("{key} {column}"), cents);
                }
            }
            for (column, words) in row["words"].as_object().into_iter().flatten() {
                let words = words.as_str().unwrap_or_default().to_owned();
                shown.words.insert(format!("{key} {column}"), words);
            }
        }
        shown
    }

    /// Euros of a month of 2025.
    fn month(&self, month: u32, column: &str) -> i64 {
        let cents = self.cents[&format!("tresorerie.2025-{month:02} {column}")];
        assert_eq!(cents % 100, 0, "{column} of month {month}: {cents}");
        cents / 100
    }

    fn nature(&self, month: u32) -> &str {
        &self.words[&format!("tresorerie.2025-{month:02} nature")]
    }
}

const OPENED: &str = "2024-12-15 * (BQ-0001) Adhésions | reçues  ; piece: x
    512 Banques  1000,00 €
    756 Cotisations  -1000,00 €
";

const RENT: &str = "
~ monthly in 2025  Loyer
    6132 Locations immobilières  100,00 €
    512 Banques
";

#[test]
fn realised_months_then_the_plan() {
    let home = folder();
    let plan = format!("{OPENED}{RENT}");
    write(home.path(), "", &plan);
    let made = Shown::of(home.path(), "tresorerie 2025");
    assert!((1..=12).all(|month| made.nature(month) == "prévu"));
    assert_eq!(made.month(12, "cloture"), -200);
    assert!(made.title.contains("prévisionnelle 2025"), "{}", made.title);

    // The month of the last entry is in progress: an invoice still to be paid is of its budget.
    let entries = "
2025-02-10 * (BQ-0002) Bailleur | loyer  ; piece: x
    6132 Locations immobilières  130,00 €
    512 Banques

2025-03-20 * (AC-0001) Imprimeur | affiches  ; piece: x
    604 Achats d'études et prestations de services  40,00 €
    401 Fournisseurs:Imprimeur
";
    write(home.path(), "", &format!("{plan}{entries}"));
    let made = Shown::of(home.path(), "tresorerie 2025");
    assert!((1..=2).all(|month| made.nature(month) == "réalisé"));
    assert_eq!(made.nature(3), "en cours");
    assert!((4..=12).all(|month| made.nature(month) == "prévu"));
    assert_eq!(made.month(1, "ouverture"), 1000);
    assert_eq!([1, 2, 3, 4, 5].map(|month| made.month(month, "sorties")), [0, 130, 100, 100, 100]);
    assert_eq!(made.month(12, "cloture"), 1000 - 130 - 1000);
    let title =
        "Trésorerie 2025, réalisée jusqu’en février 2025, mars 2025 en cours, puis prévisionnelle";
    assert!(made.title.contains(title), "{}", made.title);
    let note = "en cours : mars 2025 compte ce qui est réalisé";
    assert!(made.notes.contains(note), "{}", made.notes);

    // The last entry is on the last day of its month: it is realised, and what is due comes next.
    write(home.path(), "", &format!("{plan}{}", entries.replace("03-20", "03-31")));
    let made = Shown::of(home.path(), "tresorerie 2025");
    assert_eq!([3, 4].map(|month| made.nature(month)), ["réalisé", "prévu"]);
    assert_eq!([1, 2, 3, 4, 5].map(|month| made.month(month, "sorties")), [0, 130, 0, 140, 100]);
    assert!(made.title.contains("réalisée jusqu’en mars 2025, puis prévi"), "{}", made.title);

    // Closed on its last day, or followed by entries of the year after: all realised.
    for day in ["2025-12-31", "2026-01-05"] {
        let last = format!(
            "\n{day} * (BQ-0003) Bailleur | loyer  ; piece: x\n    6132 Locations immobilières  10,00 €\n    512 Banques\n"
        );
        write(home.path(), "", &format!("{plan}{entries}{last}"));
        let made = Shown::of(home.path(), "tresorerie 2025");
        assert!((1..=12).all(|month| made.nature(month) == "réalisé"), "{day}");
        let paid = if day.starts_with("2025") { 10 } else { 0 };
        assert_eq!(made.month(12, "cloture"), 1000 - 130 - paid);
        assert!(made.title.contains("réalisée 2025"), "{}", made.title);
    }
}

/// What an entry of the property does: money at the bank, an invoice, the payment of one.
const KINDS: [&str; 3] = [
    "512 Banques  {},00 €\n    658 Pénalités et autres charges",
    "401 Fournisseurs:Imprimeur  -{},00 €\n    658 Pénalités et autres charges",
    "401 Fournisseurs:Imprimeur  {},00 €\n    512 Banques",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is written, a month opens where the one before closed and realised months close on the
    /// bank's balance. The month in progress is its plan, or what was done and what is due if that is
    /// more: no line of the budget counts twice, and nothing done or due is lost.
    #[test]
    fn months_follow_each_other(
        entries in prop::collection::vec((1..13_u32, 1..28_u32, 1..900_i64, 0..4_usize), 0..9),
        closed in any::<bool>(),
    ) {
        let mut journal = format!("{OPENED}{RENT}");
        let (mut came, mut paid, mut due) = ([0; 13], [0; 13], [0; 13]);
        let mut add = |(month, day, euros, kind): (u32, u32, i64, usize)| {
            let signed = if kind == 3 { -euros } else { euros };
            let lines = KINDS[kind % 3].replace("{}", &signed.to_string());
            let number = journal.len();
            let _ = write!(
                journal,
                "\n2025-{month:02}-{day:02} * (OD-{number:05}) Essai  ; piece: x\n    {lines}\n"
            );
            match kind {
                0 => came[month as usize] += euros,
                3 => paid[month as usize] += euros,
                1 => due[month as usize] += euros,
                _ => {
                    paid[month as usize] += euros;
                    due[month as usize] -= euros;
                }
            }
        };
        for entry in &entries {
            add(*entry);
        }
        if closed {
            add((12, 31, 5, 3));
        }
        let home = folder();
        write(home.path(), "", &journal);
        let made = Shown::of(home.path(), "tresorerie 2025");
        let last = if closed { 13 } else { entries.iter().map(|entry| entry.0).max().unwrap_or(0) };
        let (mut held, mut open) = (1000, 0_i64);
        for month in 1..=12 {
            let (of, rank) = (|column: &str| made.month(month, column), month as usize);
            prop_assert_eq!(of("ouverture"), held);
            let before = open;
            open += due[rank];
            let (nature, entered, left) = match month.cmp(&last) {
                Ordering::Less => ("réalisé", came[rank], paid[rank]),
                Ordering::Equal => (
                    "en cours",
                    (-before).max(came[rank] + (-open).max(0)),
                    (100 + before.max(0)).max(paid[rank] + open.max(0)),
                ),
                Ordering::Greater => ("prévu", 0, 100),
            };
            prop_assert_eq!(made.nature(month), nature);
            prop_assert_eq!((of("autres_entrees"), of("sorties")), (entered, left), "{} {}", month, &journal);
            held += entered - left;
            prop_assert_eq!(of("cloture"), held);
        }
        if closed {
            let bank: i64 = came.iter().sum::<i64>() - paid.iter().sum::<i64>();
            prop_assert_eq!(made.month(12, "cloture"), 1000 + bank);
        }
    }
}

/// A convention of 10 000 € with a town, and how it is paid.
fn town(payments: &str) -> String {
    format!(
        "[[convention]]\nid = \"VILLE\"\npartenaire = \"Ville\"\nfinanceur = \"commune\"\ngenre = \"subvention\"\nmontant = 10000\ndebut = 2024-01-01\nfin = 2026-12-31\nnotification = 2024-01-01\nversements = [ {payments} ]\n"
    )
}

const NOTIFIED: &str = "
2024-02-01 * (SB-0001) Ville | notification  ; piece: x, convention: VILLE, partenaire: Ville, financement: subvention
    441 Subventions à recevoir  10000,00 €
    74 Subventions  -10000,00 €
";

fn received(day: &str, euros: u32) -> String {
    format!(
        "\n{day} * (BQ-{}) Ville | versement  ; piece: x, convention: VILLE, partenaire: Ville, financement: subvention\n    512 Banques  {euros},00 €\n    441 Subventions à recevoir\n",
        day.replace('-', "")
    )
}

#[test]
fn what_a_convention_owes_is_never_lost() {
    let home = folder();
    let conventions =
        |made: &Shown| (1..=12).map(|m| made.month(m, "conventions")).collect::<Vec<_>>();
    let of = |list: &[(usize, i64)]| {
        let mut months = vec![0; 12];
        for (month, euros) in list {
            months[month - 1] = *euros;
        }
        months
    };
    let late = "{ date = 2024-06-30, montant = 4000 }, { date = 2025-05-15, montant = 6000 }";
    // A payment of the year before has not come.
    write(home.path(), &town(late), &format!("{OPENED}{NOTIFIED}{RENT}"));
    let made = Shown::of(home.path(), "tresorerie 2025");
    assert_eq!(conventions(&made), of(&[(1, 4000), (5, 6000)]));
    let note = "en retard, compté en janvier 2025 : VILLE (4\u{202f}000\u{a0}€)";
    assert!(made.notes.contains(note), "{}", made.notes);
    // It comes; the next is still to come, in the month in progress, and is not late.
    let came = received("2025-05-02", 4000);
    write(home.path(), &town(late), &format!("{OPENED}{NOTIFIED}{RENT}{came}"));
    let made = Shown::of(home.path(), "tresorerie 2025");
    assert_eq!(conventions(&made), of(&[(5, 10000)]));
    assert!(!made.notes.contains("en retard"), "{}", made.notes);
    // A part of it comes: the rest is expected.
    let part = received("2025-05-03", 1500);
    write(home.path(), &town(late), &format!("{OPENED}{NOTIFIED}{RENT}{came}{part}"));
    let made = Shown::of(home.path(), "tresorerie 2025");
    assert_eq!(conventions(&made), of(&[(5, 10000)]));
    // It is late in its turn once its month is realised.
    let june = "\n2025-06-10 * (BQ-0002) Bailleur | loyer  ; piece: x\n    6132 Locations immobilières  130,00 €\n    512 Banques\n";
    write(home.path(), &town(late), &format!("{OPENED}{NOTIFIED}{RENT}{came}{june}"));
    let made = Shown::of(home.path(), "tresorerie 2025");
    assert_eq!(conventions(&made), of(&[(5, 4000), (6, 6000)]));
    assert!(made.notes.contains("en retard, compté en juin 2025 : VILLE"), "{}", made.notes);
    // What came is not expected again, though the convention grants more than its payments.
    let granted = "{ date = 2025-05-15, montant = 6000 }";
    let came = received("2025-05-02", 6000);
    write(home.path(), &town(granted), &format!("{OPENED}{RENT}{came}"));
    let made = Shown::of(home.path(), "tresorerie 2025");
    assert_eq!(conventions(&made), of(&[(5, 6000)]));
    // Everything came, the second payment before its day: nothing is expected twice.
    let came = format!("{}{}", received("2025-02-02", 4000), received("2025-03-02", 6000));
    write(home.path(), &town(late), &format!("{OPENED}{NOTIFIED}{RENT}{came}"));
    let made = Shown::of(home.path(), "tresorerie 2025");
    assert_eq!(conventions(&made), of(&[(2, 4000), (3, 6000)]));
    assert!(!made.notes.contains("en retard"), "{}", made.notes);
    // Granted, not yet in the books: the payment of a realised month is still expected.
    let granted = "{ date = 2025-01-31, montant = 4000 }";
    let march = "\n2025-03-10 * (BQ-0002) Bailleur | loyer  ; piece: x\n    6132 Locations immobilières  130,00 €\n    512 Banques\n";
    write(home.path(), &town(granted), &format!("{OPENED}{RENT}{march}"));
    let made = Shown::of(home.path(), "tresorerie 2025");
    assert_eq!(conventions(&made), of(&[(3, 4000)]));
    // No payment is planned for what is owed; or one after the year.
    write(home.path(), &town(""), &format!("{OPENED}{NOTIFIED}{RENT}"));
    let made = Shown::of(home.path(), "tresorerie 2025");
    assert_eq!(conventions(&made), of(&[(1, 10000)]));
    let after = "{ date = 2026-01-31, montant = 10000 }";
    write(home.path(), &town(after), &format!("{OPENED}{NOTIFIED}{RENT}"));
    let made = Shown::of(home.path(), "tresorerie 2025");
    assert_eq!(conventions(&made), of(&[]));
}

#[test]
fn charges_that_each_year_renews_are_not_paid_out() {
    let home = folder();
    let due = "
2024-12-31 * (INV-0001) Congés | acquis et non pris  ; piece: x
    641 Rémunérations du personnel  500,00 €
    4282 Dettes provisionnées pour congés à payer  -350,00 €
    4382 Charges sociales sur congés à payer  -150,00 €

2024-12-31 * (INV-0002) Caisse | indemnités à recevoir  ; piece: x
    4387 Produits à recevoir  70,00 €
    641 Rémunérations du personnel

2024-12-31 * (PAIE-0001) Salaires | décembre  ; piece: x
    641 Rémunérations du personnel  90,00 €
    421 Personnel - Rémunérations dues
";
    write(home.path(), "", &format!("{OPENED}{due}{RENT}"));
    let made = Shown::of(home.path(), "tresorerie 2025");
    assert_eq!([1, 2].map(|month| made.month(month, "sorties")), [190, 100]);
    assert_eq!([1, 2].map(|month| made.month(month, "autres_entrees")), [70, 0]);
    assert!(made.notes.contains("non décaissées : 500\u{a0}€"), "{}", made.notes);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Whatever was planned and whatever came, what a convention owes is received by the end of the
    /// year when no payment is planned after it.
    #[test]
    fn the_whole_of_a_convention_comes(
        planned in prop::collection::vec((1..25_u32, 1..2500_u32), 0..4),
        came in prop::collection::vec((1..24_u32, 1..2500_u32), 0..4),
    ) {
        let day = |month: u32| format!("{}-{:02}-10", 2024 + (month - 1) / 12, (month - 1) % 12 + 1);
        let payments: Vec<String> = planned
            .iter()
            .map(|(month, euros)| format!("{{ date = {}, montant = {euros} }}", day(*month)))
            .collect();
        let mut journal = format!("{OPENED}{RENT}{NOTIFIED}");
        for (rank, (month, euros)) in came.iter().enumerate() {
            let text = received(&day(*month), *euros).replace("(BQ-", &format!("(B{rank}-"));
            journal.push_str(&text.replace("2024-01-10", "2024-02-10"));
        }
        let home = folder();
        write(home.path(), &town(&payments.join(", ")), &journal);
        let made = Shown::of(home.path(), "tresorerie 2025");
        let before: u32 = came.iter().filter(|(month, _)| *month <= 12).map(|(_, e)| *e).sum();
        let year: i64 = (1..=12).map(|month| made.month(month, "conventions")).sum();
        prop_assert_eq!(year, 10000 - i64::from(before), "{}", made.notes);
    }
}

#[test]
fn only_annual_rules_are_spread() {
    let home = folder();
    let lines = |period: &str, euros: u32| {
        format!(
            "\n~ {period}  Essai\n    6132 Locations immobilières  {euros},00 €\n    512 Banques\n"
        )
    };
    let spent = |rules: &str, settings: &str| {
        write(home.path(), "", &format!("{OPENED}{rules}"));
        let entity = format!("[entite]\nnom = \"Essai\"\n{settings}");
        fs::write(home.path().join("compta.toml"), entity).unwrap();
        Shown::of(home.path(), "tresorerie 2025")
    };
    let out = |made: &Shown| (1..=12).map(|m| made.month(m, "sorties")).collect::<Vec<_>>();
    let mut expected = vec![0; 12];
    // A month, twice with the same amount; a quarter; each month of a month.
    let made = spent(&format!("{}{}", lines("2025-06", 900), lines("2025-09", 900)), "");
    (expected[5], expected[8]) = (900, 900);
    assert_eq!(out(&made), expected);
    let made =
        spent(&format!("{}{}", lines("quarterly in 2025", 30), lines("monthly in 2025-02", 7)), "");
    assert_eq!(out(&made), [30, 7, 0, 30, 0, 0, 30, 0, 0, 30, 0, 0]);
    // Years, whose amounts may be those of one another.
    let made = spent(&format!("{}{}", lines("2025", 1200), lines("yearly in 2025", 240)), "");
    assert_eq!(out(&made), [120; 12]);
    // A year that begins in March: a month is that month, were it the first; the year is the one whose
    // first of January it has, as for hledger and `compta budget`.
    let year = |first: &str, last: &str| {
        format!(
            "[[exercice]]\nnom = \"2024\"\ndebut = 2024-01-01\nfin = 2025-02-28\n[[exercice]]\nnom = \"2025\"\ndebut = {first}\nfin = {last}\n"
        )
    };
    let split = year("2025-03-01", "2026-02-28");
    let rules = format!("{}{}", lines("2025-03", 900), lines("2026", 1200));
    let made = spent(&rules, &split);
    assert_eq!([3, 4, 5, 12].map(|month| made.month(month, "sorties")), [1000, 100, 100, 100]);
    assert_eq!(made.cents["tresorerie.total sorties"], 210_000);
    let note = "s’écrit `~ 2026`, dont le 1er janvier y est";
    assert!(made.notes.contains(note), "{}", made.notes);
    let table = typed(home.path(), "budget 2025").ok();
    assert!(table.contains("2\u{202f}100"), "{table}");
    // A year without a first of January is written month by month.
    let made = spent(&lines("2025-03", 900), &year("2025-03-01", "2025-12-31"));
    assert_eq!([3, 4].map(|month| made.month(month, "sorties")), [900, 0]);
    assert!(made.notes.contains("s’écrit mois par mois"), "{}", made.notes);
    let made = spent(&lines("2025", 1200), "");
    assert!(!made.notes.contains("1er janvier"), "{}", made.notes);
}

/// A budget rule of the convention.
fn hoped(period: &str, euros: u32) -> String {
    format!(
        "\n~ {period}  Subvention\n    74 Subventions  -{euros},00 €  ; convention: VILLE, partenaire: Ville, financement: subvention\n    512 Banques\n"
    )
}

#[test]
fn a_convention_without_payments_comes_as_budgeted() {
    let home = folder();
    let made = |conventions: &str, journal: &str| {
        write(home.path(), conventions, &format!("{OPENED}{journal}"));
        Shown::of(home.path(), "tresorerie 2025")
    };
    let shown = |made: &Shown| (1..=12).map(|m| made.month(m, "conventions")).collect::<Vec<_>>();
    let note = "sans échéancier, compté à la date du budget : VILLE (6\u{202f}000\u{a0}€)";
    let mut expected = vec![0; 12];
    // On its date; spread.
    let plan = made(&town(""), &hoped("2025-06", 6000));
    expected[5] = 6000;
    assert_eq!(shown(&plan), expected);
    assert!(plan.notes.contains(note), "{}", plan.notes);
    assert!(!plan.notes.contains("en retard"), "{}", plan.notes);
    let plan = made(&town(""), &hoped("2025", 6000));
    assert_eq!(shown(&plan), [500; 12]);
    assert!(plan.notes.contains(note), "{}", plan.notes);
    // What came is not expected again; what past months did not bring is.
    let came = received("2025-03-10", 2000).replace("441 Subventions à recevoir", "74 Subventions");
    let plan = made(&town(""), &format!("{}{came}", hoped("2025-06", 6000)));
    (expected[2], expected[5]) = (2000, 4000);
    assert_eq!(shown(&plan), expected);
    let plan = made(&town(""), &format!("{}{came}", hoped("2025-01", 6000)));
    (expected[2], expected[5]) = (6000, 0);
    assert_eq!(shown(&plan), expected);
    // What it owes comes first, and is of the budget.
    let owed = NOTIFIED.replace("2024-02-01", "2025-03-01").replace("10000", "2000");
    let plan = made(&town(""), &format!("{}{owed}", hoped("2025-06", 6000)));
    (expected[2], expected[5]) = (2000, 4000);
    assert_eq!(shown(&plan), expected);
    assert!(plan.notes.contains("en retard, compté en mars 2025 : VILLE"), "{}", plan.notes);
    // All of it is owed since last year: the budget is a deferred product, and no money.
    let plan = made(&town(""), &format!("{NOTIFIED}{}", hoped("2025-06", 6000)));
    (expected[0], expected[2], expected[5]) = (10000, 0, 0);
    assert_eq!(shown(&plan), expected);
    assert!(!plan.notes.contains("sans échéancier"), "{}", plan.notes);
    // Its payments are what comes, when it has some.
    let paid = town("{ date = 2025-02-15, montant = 6000 }");
    let plan = made(&paid, &hoped("2025-06", 6000));
    (expected[0], expected[1]) = (0, 6000);
    assert_eq!(shown(&plan), expected);
    assert!(!plan.notes.contains("sans échéancier"), "{}", plan.notes);
}

#[test]
fn a_convention_under_condition_is_named_and_not_counted() {
    let home = folder();
    let payments = "{ date = 2025-02-15, montant = 4000 }, { date = 2025-09-15, montant = 3000 }, { date = 2026-02-15, montant = 3000 }";
    let march = "\n2025-03-10 * (BQ-0002) Bailleur | loyer  ; piece: x\n    6132 Locations immobilières  130,00 €\n    512 Banques\n";
    let under = |town: &str| format!("{town}condition = \"accord du jury\"\n");
    let made = |conventions: &str, budget: &str| {
        write(home.path(), conventions, &format!("{OPENED}{budget}{march}"));
        Shown::of(home.path(), "tresorerie 2025")
    };
    let sure = made(&town(payments), "");
    assert_eq!(sure.cents["tresorerie.total conventions"], 700_000);
    assert!(!sure.notes.contains("condition"), "{}", sure.notes);
    // Late and to come, and nothing of later years.
    let plan = made(&under(&town(payments)), "");
    assert_eq!(plan.cents["tresorerie.total conventions"], 0);
    let note = "sous condition suspensive, non compté : VILLE (7\u{202f}000\u{a0}€)";
    assert!(plan.notes.contains(note), "{}", plan.notes);
    assert!(!plan.notes.contains("en retard"), "{}", plan.notes);
    // Budgeted, without payments.
    let plan = made(&under(&town("")), &hoped("2025-06", 6000));
    assert_eq!(plan.cents["tresorerie.total conventions"], 0);
    let note = "sous condition suspensive, non compté : VILLE (6\u{202f}000\u{a0}€)";
    assert!(plan.notes.contains(note), "{}", plan.notes);
    assert!(!plan.notes.contains("sans échéancier"), "{}", plan.notes);
    // Nothing to come: nothing to say.
    let after = "{ date = 2026-02-15, montant = 3000 }";
    let plan = made(&under(&town(after)), "");
    assert!(!plan.notes.contains("condition"), "{}", plan.notes);
}
