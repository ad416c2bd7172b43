//! What a policy and its books cannot both say: each is a finding with its code, and no report prints.

use std::fs;

use rust_decimal::Decimal;
use tempfile::TempDir;

use crate::harness::{folder, typed};

const CLIMATE: &str = "[[capital]]\nid = \"climat\"\nlibelle = \"Climat\"\n";
const LOT: &str = "[[lot]]\nmillesime = \"2023\"\nclasse = \"sequestration\"\ntonnes = 10\nprix = 50\nsource = \"Devis\"\n";
const PLEDGE: &str = "[engagement]\ndate = 2023-06-30\ntexte = \"Compenser\"\n";
const PROVISION: &str =
    "[[provision]]\ncomptes = \"1581\"\ndotation = \"6815\"\nreprise = \"7815\"\n";
const PROJECT: &str = "[[projet]]\nid = \"haies\"\nlibelle = \"Haies\"\ndebut = \"2024\"\nannees = 10\ntonnes = 10\nsurface_m2 = 4000\n";
const CHARGED: &str =
    "2023-12-31 Provision\n    6815 Dotations  100,00 €\n    1581 Provision carbone  -100,00 €\n\n";

fn books(policy: &[&str], entries: &str) -> TempDir {
    let home = folder();
    let write = |name: &str, text: &str| fs::write(home.path().join(name), text).unwrap();
    write("compta.toml", "[entite]\nnom = \"Essai\"\n");
    write("care.toml", &policy.concat());
    let head = "decimal-mark ,\n\naccount 1581 Provision carbone\naccount 6815 Dotations\naccount 7815 Reprises\naccount 1518 Autres provisions\n\n2023-01-02 Ouverture\n    512 Banques  1000,00 €\n    756 Cotisations  -1000,00 €\n\n2024-12-30 Frais\n    604 Achats d'études et prestations de services  1,00 €\n    512 Banques  -1,00 €\n\n";
    write("principal.journal", &format!("{head}{entries}"));
    home
}

#[track_caller]
fn told(policy: &[&str], entries: &str, code: &str, words: &str) {
    let home = books(policy, entries);
    let run = typed(home.path(), "check");
    let screen = run.screen().replace(['\u{202f}', '\u{a0}'], " ");
    assert!(screen.contains(code) && screen.contains(words), "{code} {words}\n{screen}");
    let refused = u8::from(code.starts_with('E'));
    assert_eq!(run.code, i32::from(refused), "{screen}");
    if refused == 1 {
        for line in ["diff 2024", "care 2024", "bilan 2024 --care"] {
            let run = typed(home.path(), line);
            assert_eq!((run.code, run.out.as_str()), (1, ""), "{line}");
        }
    }
}

#[test]
fn the_provision_is_eliminated_once_and_whole() {
    let policy = [PLEDGE, PROVISION, CLIMATE, LOT];
    let by_hand = "2023-12-31 À la main\n    [6815 Dotations]  -100,00 €\n    [1581 Provision carbone]  100,00 €\n";
    told(&policy, &format!("{CHARGED}{by_hand}"), "E0611", "déjà éliminé par C-ELIM");
    let mixed = "2023-12-31 Mêlée\n    6815 Dotations  100,00 €\n    1518 Autres provisions  50,00 €\n    1581 Provision carbone  -150,00 €\n";
    told(&policy, mixed, "E0611", "bouge de 150,00 € sans autant de dotation ou de reprise");
    // A charge and a reversal in one entry: both leave the CARE ledger.
    let both = "2023-12-31 Deux\n    6815 Dotations  100,00 €\n    7815 Reprises  -40,00 €\n    1581 Provision carbone  -60,00 €\n";
    let home = books(&policy, both);
    let journal = typed(home.path(), "care journal 2023").ok();
    for line in ["[6815 Dotations]", "[7815 Reprises]", "[1581 Provision carbone]"] {
        assert!(journal.contains(line), "{journal}");
    }
}

#[test]
fn a_provision_needs_a_pledge_made_by_then() {
    let late = PLEDGE.replace("2023-06-30", "2024-02-01");
    told(&[&late, PROVISION, CLIMATE], CHARGED, "E0610", "postérieur à la provision");
    let since = "depuis = \"2024\"\n";
    told(&[since, &late, PROVISION, CLIMATE], CHARGED, "E0610", "postérieur à la provision");
    told(&[PROVISION, CLIMATE], CHARGED, "E0610", "sans engagement public");
    let mute = PLEDGE.replace("Compenser", " ");
    told(&[&mute, PROVISION, CLIMATE], CHARGED, "E0610", "ne dit rien");
}

#[test]
fn no_debt_falls_below_nothing() {
    let paid = "2024-03-01 À la main\n    [C1712 Dette climat recouvrable par séquestration]  600,00 €\n    [C781 Extinction par dépense de préservation]  -600,00 €\n";
    told(&[CLIMATE, LOT], paid, "E0601", "la dette C1712 tombe à −100,00 €");
    let part = paid.replace("600,00", "500,00");
    assert_eq!(typed(books(&[CLIMATE, LOT], &part).path(), "check").code, 0);
}

/// Two debts that hand-written lines take below nothing: both are told.
#[test]
fn every_debt_below_nothing_is_told() {
    let other = "[[lot]]\nmillesime = \"2023\"\nclasse = \"irrecouvrable\"\nmontant = 300\nsource = \"Avis\"\n";
    let paid = "2024-03-01 À la main\n    [C1712 Dette climat recouvrable par séquestration]  600,00 €\n    [C781 Extinction par dépense de préservation]  -600,00 €\n\n2024-03-02 À la main\n    [C172 Dette climat irrécouvrable]  350,00 €\n    [C781 Extinction par dépense de préservation]  -350,00 €\n";
    told(&[CLIMATE, LOT, other], paid, "E0601", "la dette C1712 tombe à −100,00 €");
    told(&[CLIMATE, LOT, other], paid, "E0601", "la dette C172 tombe à −50,00 €");
}

/// What is spent on a project after it failed is refused; what comes back then is not.
#[test]
fn a_project_that_failed_is_spent_on_no_more() {
    let failed = PROJECT.replace(
        "surface_m2 = 4000",
        "surface_m2 = 4000\nechec = { date = 2024-06-01, motif = \"Feu\" }",
    );
    let spent = |day: &str, euros: &str, back: &str| {
        format!(
            "{day} Plants\n    604 Achats d'études et prestations de services  {euros} €  ; projet: haies\n    512 Banques  {back} €\n\n"
        )
    };
    let policy = [CLIMATE, LOT, failed.as_str()];
    let before = spent("2024-06-01", "100,00", "-100,00");
    told(
        &policy,
        &(before.clone() + &spent("2024-06-02", "10,00", "-10,00")),
        "E0613",
        "cette dépense vient après l’échec de `haies`",
    );
    let home = books(&policy, &(before + &spent("2024-06-02", "-10,00", "10,00")));
    assert_eq!(typed(home.path(), "check").code, 0, "{}", typed(home.path(), "check").screen());
    let verified = "[[projet.verification]]\ndate = 2024-06-02\ntonnes = 2\nreference = \"RV\"\n";
    told(&[CLIMATE, LOT, &failed, verified], "", "E0613", "cette absorption vient après l’échec");
}

/// Tonnes that went back to the air before the first CARE year: the reserve first, then what was used;
/// no more than was verified ever goes back.
#[test]
fn what_went_back_before_the_first_year_is_past() {
    let since = "depuis = \"2024\"\n";
    let project = PROJECT
        .replace("debut = \"2024\"", "debut = \"2022\"")
        .replace("tonnes = 10", "tonnes = 10\ntampon = 20");
    let event = |kind: &str, day: &str, tonnes: &str| {
        let told = if kind == "verification" { "reference = \"RV\"" } else { "motif = \"Feu\"" };
        format!("[[projet.{kind}]]\ndate = {day}\ntonnes = {tonnes}\n{told}\n")
    };
    let verified = event("verification", "2023-02-01", "5");
    let later = event("reversion", "2024-05-01", "1");
    for (before, lines) in [
        (
            "",
            ["[T32 Réserve tampon] 1 000 kgCO₂e", "[T32 Réserve tampon] -1 000 kgCO₂e"].as_slice(),
        ),
        (
            "0.4",
            &[
                "[T32 Réserve tampon] 600 kgCO₂e",
                "[T32 Réserve tampon] -600 kgCO₂e",
                "[T171 Dette carbone recouvrable] -400 kgCO₂e",
            ],
        ),
        ("1", &["[T171 Dette carbone recouvrable] -1 000 kgCO₂e"]),
        ("4", &["[T171 Dette carbone recouvrable] -1 000 kgCO₂e"]),
    ] {
        let past = if before.is_empty() {
            String::new()
        } else {
            event("reversion", "2023-06-01", before)
        };
        let home = books(&[since, CLIMATE, LOT, &project, &verified, &past, &later], "");
        let mut found = generated(&home, "2024", "T32");
        let debt = generated(&home, "2024", "T171").into_iter();
        found.extend(debt.filter(|line| !line.contains(" -10 000 ")));
        assert_eq!(found, lines, "{before}");
        let shown = typed(home.path(), "care projets 2024 -O csv").ok();
        let gone = 1000
            + before
                .parse::<Decimal>()
                .map_or(0, |t| i64::try_from(t * Decimal::from(1000)).unwrap());
        let row = shown.lines().find(|row| row.starts_with("projets,projets.haies,")).unwrap();
        let cells: Vec<&str> = row.split(',').collect();
        let used = if before.is_empty() { 4000 } else { 5000 - gone };
        let tonnes = |kg: i64| Decimal::new(kg, 3).to_string();
        assert_eq!((cells[10], cells[7]), (tonnes(gone).as_str(), tonnes(used).as_str()), "{row}");
    }
    // More than was verified and is still there is refused, before the first year too.
    for (before, words) in [
        ("4.5", "1 tCO₂e rendues, quand 0,5 tCO₂e sont vérifiées"),
        ("5.001", "5,001 tCO₂e rendues, quand 5 tCO₂e sont vérifiées"),
    ] {
        let past = event("reversion", "2023-06-01", before);
        told(&[since, CLIMATE, LOT, &project, &verified, &past, &later], "", "E0612", words);
    }
    let whole = event("reversion", "2023-06-01", "5");
    let home = books(&[since, CLIMATE, LOT, &project, &verified, &whole], "");
    assert_eq!(typed(home.path(), "check").code, 0, "{}", typed(home.path(), "check").screen());
}

/// Entries of two lines on one account of the provision count both, and a budget of two accounts that
/// leaves the whole as it is moves nothing.
#[test]
fn every_line_of_the_provision_counts() {
    let twice = "2023-12-31 Provision\n    6815 Dotations  100,00 €\n    1581 Provision carbone  -60,00 €\n    1581 Provision carbone  -40,00 €\n\n";
    let home = books(&[PLEDGE, PROVISION, CLIMATE], twice);
    assert_eq!(generated(&home, "2023", "1581"), ["[1581 Provision carbone] 100,00 €"]);
    assert_eq!(generated(&home, "2023", "6815"), ["[6815 Dotations] -100,00 €"]);
}

#[test]
fn a_project_is_used_within_its_life() {
    let verified = |day: &str| {
        format!("[[projet.verification]]\ndate = {day}\ntonnes = 2\nreference = \"RV\"\n")
    };
    let early = verified("2023-05-05");
    told(&[CLIMATE, LOT, PROJECT, &early], "", "E0613", "précède le début");
    let far = verified("2204-05-05");
    told(&[CLIMATE, LOT, PROJECT, &far], "", "E0803", "loin des livres");
    let flat = PROJECT.replace("surface_m2 = 4000", "surface_m2 = 0");
    told(&[CLIMATE, LOT, &flat], "", "E0803", "une surface ne peut être nulle");
}

#[test]
fn a_correction_comes_after_its_error_and_says_who_found_it() {
    let correction = |year: &str, found: &str, more: &str| {
        format!(
            "[[correction]]\nexercice = \"{year}\"\nconstatee = \"{found}\"\nclasse = \"sequestration\"\nsens = \"hausse\"\ntonnes = 1\nprix = 50\nmotif = \"Oubli\"\n{more}"
        )
    };
    let source = "source = \"Audit\"\n";
    told(&[CLIMATE, LOT, &correction("2024", "2023", source)], "", "E0604", "se constate après");
    told(&[CLIMATE, LOT, &correction("2024", "2024", source)], "", "E0604", "se constate après");
    told(&[CLIMATE, LOT, &correction("2023", "2024", "")], "", "E0603", "sans source");
    // The same correction in tonnes, in euros or both: one threshold, one restatement.
    let mut screens = Vec::new();
    for size in
        ["tonnes = 8", "tonnes = 8\nprix = 50\nsource = \"A\"", "montant = 400\nsource = \"A\""]
    {
        let lower = format!(
            "[[correction]]\nexercice = \"2023\"\nconstatee = \"2024\"\nclasse = \"sequestration\"\nsens = \"baisse\"\nmotif = \"Oubli\"\n{size}\n"
        );
        let home = books(&[CLIMATE, LOT, &lower], "");
        screens.push(typed(home.path(), "bilan 2024 --care").ok());
    }
    assert!(screens.iter().all(|screen| *screen == screens[0] && screen.contains("W0605")));
}

#[test]
fn numbers_that_nothing_reaches_are_refused() {
    let lot = LOT.replace("tonnes = 10", "tonnes = 1000000000");
    told(&[CLIMATE, &lot], "", "E0803", "démesurée");
    let horizon = format!("{CLIMATE}horizon = 400000000\n");
    told(&[&horizon], "", "E0803", "de 1 à 200");
    let years = PROJECT.replace("annees = 10", "annees = 560");
    told(&[CLIMATE, &years], "", "E0803", "de 1 à 200");
    let owes = format!("{CLIMATE}emissions = \"dettes\"\npartage = {{ irrecouvrable = 100 }}\n");
    for activity in ["(mesure-directe)  1 000 000 000 tCO₂e", "(mobilier)  999 999 999 999 t"] {
        let entry = format!(
            "2024-03-01 Trop\n    604 Achats d'études et prestations de services  1,00 €\n    {activity}\n    512 Banques  -1,00 €\n"
        );
        told(&[&owes], &entry, "E0803", "un million de tonnes");
    }
    let path = format!(
        "{CLIMATE}seuil = {{ genre = \"lineaire\", depart = {{ exercice = \"2025\", tonnes = 5 }}, arrivee = {{ exercice = \"2023\", tonnes = 1 }} }}\n"
    );
    told(&[&path], "", "E0803", "arrive avant de partir");
}

/// Refunds: of a project beyond what it carries, of a payment whose debt was extinguished.
#[test]
fn money_that_comes_back_is_no_gain() {
    let spent = "2024-03-01 Plants\n    604 Achats d'études et prestations de services  100,00 €  ; projet: haies\n    512 Banques  -100,00 €\n\n2024-04-01 Avoir\n    604 Achats d'études et prestations de services  -150,00 €  ; projet: haies\n    512 Banques  150,00 €\n";
    told(&[CLIMATE, LOT, PROJECT], spent, "W0606", "dépasse de 50,00 €");
    let paid = "2023-03-01 Contribution\n    604 Achats d'études et prestations de services  500,00 €  ; preservation: climat\n    512 Banques  -500,00 €\n\n2024-03-01 Remboursement\n    604 Achats d'études et prestations de services  -500,00 €  ; preservation: climat\n    512 Banques  500,00 €\n";
    let home = books(&[CLIMATE, LOT], paid);
    let journal = typed(home.path(), "care journal 2024").ok();
    assert!(journal.contains("C-REBIRTH") && journal.contains("[C6872 Dette renée]"), "{journal}");
    let found: serde_json::Value =
        serde_json::from_str(&typed(home.path(), "diff 2024 -O json").ok()).unwrap();
    assert_eq!(found["bases"]["flux"]["from"], "499.00");
    assert_eq!(found["bases"]["flux"]["to"], "-1.00", "what came back is owed again");
}

/// No two capitals are summed: the soil's debt is no carbon provision.
#[test]
fn each_capital_stands_alone() {
    let soil = "[[capital]]\nid = \"sol\"\nnumero = 2\nlibelle = \"Sol du jardin\"\n";
    let owed = "[[lot]]\ncapital = \"sol\"\nmillesime = \"2023\"\nclasse = \"evitement\"\nmontant = 40\nsource = \"Avis\"\n";
    let home =
        books(&[PLEDGE, PROVISION, CLIMATE, soil, LOT, owed], &CHARGED.replace("100,00", "500,00"));
    let proposed = typed(home.path(), "care provision 2024").ok();
    assert!(proposed.contains("Égales : rien à proposer"), "{proposed}");
    let found: serde_json::Value =
        serde_json::from_str(&typed(home.path(), "diff 2024 -O json").ok()).unwrap();
    assert_eq!(found["couverture"]["recouvrable"], "500.00");
    assert_eq!(found["couverture"]["dette_sol"], "40.00");
    let screen = typed(home.path(), "bilan 2024 --care").ok();
    assert!(screen.contains("Sol du jardin") && !screen.contains("capital écologique"), "{screen}");
}

/// Each class of another capital is a step of its own, and the debts of one capital one line.
#[test]
fn each_capital_has_its_steps() {
    let soil = "[[capital]]\nid = \"sol\"\nnumero = 2\nlibelle = \"Sol du jardin\"\n";
    let owed = |class: &str, euros: u32| {
        format!(
            "[[lot]]\ncapital = \"sol\"\nmillesime = \"2023\"\nclasse = \"{class}\"\nmontant = {euros}\nsource = \"Avis\"\n"
        )
    };
    let lots = [owed("evitement", 40), owed("irrecouvrable", 5)].concat();
    let home = books(&[CLIMATE, soil, LOT, &lots], "");
    let found: serde_json::Value =
        serde_json::from_str(&typed(home.path(), "diff 2023 -O json").ok()).unwrap();
    assert_eq!(found["couverture"]["dette_sol"], "45.00");
    let csv = typed(home.path(), "diff 2023 -O csv").ok();
    let of = |key: &str| {
        let row = csv.lines().find(|row| row.starts_with(&format!("flux,flux.{key},")));
        row.unwrap_or_else(|| panic!("{key}: {csv}")).to_owned()
    };
    for (key, amount) in [
        ("consommation_recouvrable", ",-500.00,"),
        ("consommation_irrecouvrable", ",0.00,"),
        ("consommation_recouvrable_sol", ",-40.00,"),
        ("consommation_irrecouvrable_sol", ",-5.00,"),
    ] {
        assert!(of(key).contains(amount), "{}", of(key));
    }
    assert!(of("consommation_recouvrable_sol").contains("(Sol du jardin)"));
    assert!(of("to").contains(",455.00,"), "{}", of("to"));
}

/// The lines of a year's generated entries that bear an account.
fn generated(home: &TempDir, year: &str, account: &str) -> Vec<String> {
    let journal = typed(home.path(), &format!("care journal {year}")).ok();
    let own = journal.lines().filter(|line| line.contains(&format!("[{account}")));
    own.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// Accounts of the provision that change by year, other provisions in one entry, a merger: honest books.
#[test]
fn the_provision_leaves_the_care_ledger_whatever_its_accounts() {
    let second = "[[provision]]\ndepuis = \"2024\"\ncomptes = \"1518\"\ndotation = \"6815\"\nreprise = \"7815\"\n";
    let reversed =
        "2024-12-31 Reprise\n    1581 Provision carbone  100,00 €\n    7815 Reprises  -100,00 €\n";
    let home = books(&[PLEDGE, PROVISION, second, CLIMATE], &format!("{CHARGED}{reversed}"));
    assert_eq!(
        generated(&home, "2024", "1581"),
        ["[1581 Provision carbone] 100,00 €", "[1581 Provision carbone] -100,00 €"]
    );
    let moved = "2024-01-02 Virement\n    1581 Provision carbone  100,00 €\n    1518 Autres provisions  -100,00 €\n";
    let home = books(&[PLEDGE, PROVISION, second, CLIMATE], &format!("{CHARGED}{moved}"));
    assert_eq!(typed(home.path(), "check").code, 0);
    assert_eq!(generated(&home, "2024", "1518"), ["[1518 Autres provisions] 100,00 €"]);
    let mixed = "2023-12-31 Dotations\n    6815 Dotations  300,00 €\n    1581 Provision carbone  -100,00 €\n    1518 Autres provisions  -200,00 €\n";
    let home = books(&[PLEDGE, PROVISION, CLIMATE], mixed);
    assert_eq!(generated(&home, "2023", "6815"), ["[6815 Dotations] -100,00 €"]);
    let merger =
        "2024-07-01 Fusion\n    512 Banques  500,00 €\n    1581 Provision carbone  -500,00 €\n";
    let lot = LOT.replace("millesime = \"2023\"", "millesime = \"2022\"\nrepris = 2024-07-01");
    let home = books(&[PLEDGE, PROVISION, CLIMATE, &lot], merger);
    assert_eq!(
        generated(&home, "2024", "C110"),
        ["[C110 Report à nouveau CARE] -500,00 €", "[C110 Report à nouveau CARE] 500,00 €"]
    );
}

/// What lived and ended before the first CARE year leaves no result in it.
#[test]
fn what_is_past_is_past() {
    let since = "depuis = \"2024\"\n";
    let built = "2023-02-01 Plants\n    604 Achats d'études et prestations de services  100,00 €  ; projet: haies\n    512 Banques  -100,00 €\n";
    let project = PROJECT.replace("debut = \"2024\"", "debut = \"2023\"");
    let found = "[[projet.verification]]\ndate = 2023-11-05\ntonnes = 4\nreference = \"RV\"\n";
    let home = books(&[since, CLIMATE, &project, found], built);
    assert_eq!(
        generated(&home, "2024", "C231"),
        ["[C231 Projets de préservation en cours:haies] 60,00 €"]
    );
    assert_eq!(generated(&home, "2024", "T80"), ["[T80.haies Absorptions attendues] 6 000 kgCO₂e"]);
    let failed = project.replace(
        "surface_m2 = 4000",
        "surface_m2 = 4000\nechec = { date = 2023-10-01, motif = \"Feu\" }",
    );
    let short = project.replace("annees = 10", "annees = 1");
    for project in [&failed, &short] {
        let home = books(&[since, CLIMATE, project], built);
        for account in ["C231", "C6871", "T80"] {
            assert_eq!(generated(&home, "2024", account), Vec::<String>::new(), "{project}");
        }
    }
    let endless = PROJECT.replace("debut = \"2024\"\n", "");
    told(&[CLIMATE, &endless], "", "E0804", "la clé `debut` manque");
}

/// Credits: one of avoidance acts as a payment; the invoice of one that is retired is no asset.
#[test]
fn credits_act_as_their_kind() {
    let credit = |kind: &str| {
        format!(
            "[[credit]]\nid = \"CR1\"\ngenre = \"{kind}\"\nretrait = 2023-12-15\ntonnes = 3\nregistre = \"R\"\n"
        )
    };
    let invoice = "2024-02-01 Facture\n    604 Achats d'études et prestations de services  90,00 €  ; projet: CR1\n    512 Banques  -90,00 €\n";
    let home = books(&[CLIMATE, LOT, &credit("evitement")], invoice);
    assert_eq!(
        generated(&home, "2024", "C781"),
        ["[C781 Extinction par dépense de préservation] -90,00 €"]
    );
    let home = books(&[CLIMATE, LOT, &credit("absorption")], invoice);
    assert_eq!(
        generated(&home, "2024", "C6871"),
        ["[C6871 Perte sur projet de préservation] 90,00 €"]
    );
    assert!(typed(home.path(), "care projets 2024").ok().contains("Crédits retirés"));
}

/// What had paid no debt comes back first.
#[test]
fn an_excess_comes_back_before_a_debt_is_owed_again() {
    let line = |day: &str, euros: &str, back: &str| {
        format!(
            "{day} Contribution\n    604 Achats d'études et prestations de services  {euros} €  ; preservation: climat\n    512 Banques  {back} €\n\n"
        )
    };
    let paid = line("2023-03-01", "800,00", "-800,00");
    let home = books(&[CLIMATE, LOT], &(paid.clone() + &line("2024-03-01", "-300,00", "300,00")));
    assert_eq!(generated(&home, "2024", "C6872"), Vec::<String>::new());
    let home = books(&[CLIMATE, LOT], &(paid + &line("2024-03-01", "-400,00", "400,00")));
    assert_eq!(generated(&home, "2024", "C6872"), ["[C6872 Dette renée] 100,00 €"]);
}
