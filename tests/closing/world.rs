//! Random books that can be closed: every control passes or is justified, by construction.

use std::fmt::Write as _;
use std::path::Path;

use chrono::{Datelike, Days, NaiveDate};

use crate::seal::world::Dice;

/// The justified controls: each that fails is excused, and none that passes is.
const WARNINGS: [&str; 17] = [
    "W1", "W2", "W3", "W4", "W5", "W6a", "W6b", "W7", "W8", "W9", "W10", "W11", "W12", "W13",
    "W14", "W15", "W16",
];

const ACCOUNTS: &str = "account 1511 Provisions pour litiges
account 110 Report à nouveau
account 164 Emprunts
account 2183 Matériel informatique
account 28183 Amortissements du matériel informatique
account 194 Fonds dédiés
account 401 Fournisseurs
account 404 Fournisseurs d'immobilisations
account 408 Factures non parvenues
account 411 Clients
account 4181 Factures à établir
account 428 Personnel, charges à payer
account 441 Subventions à recevoir
account 467 Débiteurs et créditeurs divers
account 486 Charges constatées d'avance
account 487 Produits constatés d'avance
account 512 Banque
account 606 Achats
account 6161 Assurance
account 6226 Honoraires
account 641 Salaires
account 6412 Congés payés
account 706 Prestations
account 740 Subventions
account 756 Cotisations
account 864 Personnel bénévole
account 870 Bénévolat

commodity 1 000,0 L

";

/// A fiscal year.
#[derive(Clone, Debug)]
pub struct Year {
    pub name: String,
    pub first: NaiveDate,
    pub last: NaiveDate,
}

/// Books over some years.
pub struct World {
    pub years: Vec<Year>,
    files: Vec<(String, String)>,
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Calendar years, split years, eighteen months, a short first year.
fn years(dice: &mut Dice) -> Vec<Year> {
    let year = |name: &str, first: &str, last: &str| Year {
        name: name.to_owned(),
        first: date(first),
        last: date(last),
    };
    match dice.below(5) {
        0 => vec![
            year("2022", "2022-01-01", "2022-12-31"),
            year("2023", "2023-01-01", "2023-12-31"),
            year("2024", "2024-01-01", "2024-12-31"),
        ],
        1 => vec![
            year("2022-2023", "2022-07-01", "2023-06-30"),
            year("2023-2024", "2023-07-01", "2024-06-30"),
            year("2024-2025", "2024-07-01", "2025-06-30"),
        ],
        2 => vec![
            year("2022-2023", "2022-07-01", "2023-06-30"),
            year("2023-2024", "2023-07-01", "2024-12-31"),
            year("2025", "2025-01-01", "2025-12-31"),
        ],
        3 => vec![
            year("2022", "2022-10-03", "2022-12-31"),
            year("2023", "2023-01-01", "2023-12-31"),
            year("2024", "2024-01-01", "2024-12-31"),
            year("2025", "2025-01-01", "2025-12-31"),
        ],
        // Eighteen months that bring the chart of 2025 in the middle of the second.
        _ => vec![
            year("2023", "2023-01-01", "2023-12-31"),
            year("2024-2025", "2024-01-01", "2025-06-30"),
        ],
    }
}

/// The days of a bank, and its balance.
struct Bank {
    balance: i64,
    text: String,
    numbers: [usize; 2],
}

fn euros(cents: i64) -> String {
    crate::worlds::figure(cents, 2, 1)
}

impl Bank {
    fn entry(&mut self, day: NaiveDate, what: &str, lines: &[(&str, i64, &str)], bank: bool) {
        let number = &mut self.numbers[usize::from(bank)];
        *number += 1;
        let journal = if bank { "BQ" } else { "OD" };
        let rank = *number;
        writeln!(self.text, "\n{day} * ({journal}-{rank:04}) {what}  ; piece: {journal}{rank}.pdf")
            .unwrap();
        for (account, amount, tags) in lines {
            writeln!(self.text, "    {account}   {} €{tags}", euros(*amount)).unwrap();
            if account.starts_with("512") {
                self.balance += amount;
            }
        }
    }
}

/// What happens in a year.
fn journal(year: &Year, dice: &mut Dice, bank: &mut Bank, care: bool) {
    bank.text = String::from("decimal-mark ,\n");
    bank.numbers = [0, 0];
    let length = (year.last - year.first).num_days();
    let mut days: Vec<NaiveDate> = (0..4 + dice.below(10))
        .map(|_| year.first + Days::new(dice.below(usize::try_from(length).unwrap()) as u64))
        .collect();
    days.sort_unstable();
    let parties = ["Alpha", "Bêta", "Commune de Trifouillis"];
    let mut letter = 0;
    for (rank, day) in days.into_iter().enumerate() {
        let amount = i64::try_from(1 + dice.below(900_000)).unwrap();
        let party = parties[dice.below(3)];
        let (client, supplier) =
            (format!("411 Clients:{party}"), format!("401 Fournisseurs:{party}"));
        letter += 1;
        // Letters begin again with each year: those of one year never match another's.
        let tag = format!(
            "  ; lettrage: {}{}",
            char::from(b'A' + u8::try_from(letter % 26).unwrap()),
            year.first.year()
        );
        let tag = if dice.below(2) == 0 { "" } else { tag.as_str() };
        let paid = match dice.below(3) {
            0 => amount,
            1 => amount / 3 + 1,
            _ => 0,
        };
        let later = (day + Days::new(dice.below(40) as u64)).min(year.last);
        match rank % 6 {
            0 | 3 => {
                let product = ["706 Prestations", "756 Cotisations"][dice.below(2)];
                bank.entry(day, "Vente", &[(&client, amount, tag), (product, -amount, "")], false);
                if paid > 0 {
                    bank.entry(
                        later,
                        "Encaissement",
                        &[("512 Banque", paid, ""), (&client, -paid, tag)],
                        true,
                    );
                }
            }
            1 | 4 => {
                let charge = ["606 Achats", "6226 Honoraires"][dice.below(2)];
                bank.entry(day, "Achat", &[(charge, amount, ""), (&supplier, -amount, tag)], false);
                if paid > 0 {
                    bank.entry(
                        later,
                        "Virement",
                        &[(&supplier, paid, tag), ("512 Banque", -paid, "")],
                        true,
                    );
                }
            }
            2 => bank.entry(
                day,
                "Paie",
                &[("641 Salaires", amount, ""), ("512 Banque", -amount, "")],
                true,
            ),
            _ => {
                bank.entry(
                    day,
                    "Bénévoles",
                    &[("864 Personnel bénévole", amount, ""), ("870 Bénévolat", -amount, "")],
                    false,
                );
                bank.entry(
                    day,
                    "Emprunt",
                    &[("512 Banque", amount, ""), ("164 Emprunts", -amount, "")],
                    true,
                );
            }
        }
    }
    if care {
        let litres = 200 + dice.below(1500);
        bank.entry(
            year.last,
            "Fioul",
            &[("606 Achats", 90_000, ""), ("512 Banque", -90_000, "")],
            true,
        );
        writeln!(bank.text, "    (fioul)   {litres} L").unwrap();
    }
    let (rank, last, balance) = (bank.numbers[1] + 1, year.last, bank.balance);
    writeln!(bank.text, "\n{last} * (BQ-{rank:04}) Banque | relevé  ; piece: releve.pdf\n    512 Banque   0,00 € = {} €", euros(balance)).unwrap();
}

/// What the registers say, as files.
fn registers(
    years: &[Year],
    dice: &mut Dice,
    bought: &[(NaiveDate, i64)],
) -> Vec<(String, String)> {
    let mut assets = format!("jours = \"{}\"\n", ["30/360", "30/360-exclu", "reel"][dice.below(3)]);
    for (rank, (day, amount)) in bought.iter().enumerate() {
        let months = 7 + dice.below(50);
        writeln!(assets, "\n[[bien]]\nid = \"b{rank}\"\nlibelle = \"bien {rank}\"\ncompte = \"2183\"\nvaleur = {}.{:02}\nmise_en_service = {day}\nmois = {months}", amount / 100, amount % 100).unwrap();
        let exit = *day + Days::new(30 + dice.below(700) as u64);
        if dice.below(3) == 0 && exit < years.last().unwrap().last {
            writeln!(
                assets,
                "sortie = {{ date = {exit}, motif = \"volé\", piece = \"plainte.pdf\" }}"
            )
            .unwrap();
        }
    }
    let mut levels = |most: usize| {
        let each: Vec<String> = years
            .iter()
            .filter_map(|year| {
                let level = dice.below(most);
                (dice.below(4) > 0)
                    .then(|| format!("\"{}\" = {}.{:02}", year.name, level / 100, level % 100))
            })
            .collect();
        format!(
            "{{ {} }}",
            if each.is_empty() { format!("\"{}\" = 0", years[0].name) } else { each.join(", ") }
        )
    };
    let provisions = format!(
        "[[provision]]\nid = \"litige\"\nlibelle = \"litige\"\ncompte = \"1511\"\nniveaux = {}\nmotif = \"assignation\"\npiece = \"p.pdf\"\n",
        levels(2_000_000)
    );
    let mut cutoffs = format!(
        "[[dette_provisionnee]]\ntiers = \"Équipe\"\nlibelle = \"congés\"\ncompte = \"428\"\ncharge = \"6412\"\nniveaux = {}\npiece = \"c.pdf\"\n",
        levels(900_000)
    );
    for (rank, year) in years.iter().enumerate() {
        let amount = 1 + dice.below(300_000);
        let (kind, key, account) = [
            ("facture-non-parvenue", "charge", "6226"),
            ("facture-a-etablir", "produit", "706"),
            ("charge-constatee-d-avance", "charge", "6161"),
            ("produit-constate-d-avance", "produit", "756"),
        ][dice.below(4)];
        let never = if dice.below(4) == 0 { "extourne = \"jamais\"\n" } else { "" };
        writeln!(cutoffs, "\n[[regularisation]]\nexercice = \"{}\"\ngenre = \"{kind}\"\ntiers = \"Tiers {rank}\"\nlibelle = \"ligne {rank}\"\n{key} = \"{account}\"\nmontant = {}.{:02}\n{never}piece = \"r{rank}.pdf\"", year.name, amount / 100, amount % 100).unwrap();
    }
    let from = years[0].first + Days::new(dice.below(60) as u64);
    writeln!(cutoffs, "\n[[regularisation]]\ngenre = \"charge-constatee-d-avance\"\nlibelle = \"assurance\"\ncharge = \"6161\"\ntotal = {}.37\ndebut = {from}\nfin = {}\npiece = \"a.pdf\"", 300 + dice.below(4000), from + Days::new(400 + dice.below(500) as u64)).unwrap();
    let parts: Vec<(String, usize)> =
        years.iter().map(|year| (year.name.clone(), 1 + dice.below(9000))).collect();
    let total: usize = parts.iter().map(|(_, part)| part).sum();
    let calendar: Vec<String> =
        parts.iter().map(|(name, part)| format!("\"{name}\" = {part}")).collect();
    let kept =
        if dice.below(2) == 0 { "[convention.fonds_dedies]\ncompte = \"194\"\n" } else { "" };
    let convention = format!(
        "[[convention]]\nid = \"V\"\npartenaire = \"Ville\"\nfinanceur = \"commune\"\ngenre = \"subvention\"\nproduit = \"740\"\ncreance = \"441\"\nmontant = {total}\ndebut = {}\nfin = {}\nnotification = {}\ncalendrier = {{ {} }}\npiece = \"v.pdf\"\n{kept}",
        years[0].first,
        years.last().unwrap().last,
        years[0].first + Days::new(9),
        calendar.join(", ")
    );
    vec![
        ("immobilisations.toml".to_owned(), assets),
        ("provisions.toml".to_owned(), provisions),
        ("regularisations.toml".to_owned(), cutoffs),
        ("conventions.toml".to_owned(), convention),
    ]
}

impl World {
    pub fn random(dice: &mut Dice) -> Self {
        let years = years(dice);
        let care = dice.below(3) == 0;
        let mut dossier = String::from("[entite]\nnom = \"Association au hasard\"\n");
        let mut door = String::from("decimal-mark ,\n\ninclude comptes.journal\n");
        let mut files =
            vec![("comptes.journal".to_owned(), format!("decimal-mark ,\n\n{ACCOUNTS}"))];
        let mut bank = Bank { balance: 0, text: String::new(), numbers: [0, 0] };
        let mut bought = Vec::new();
        for (rank, year) in years.iter().enumerate() {
            let Year { name, first, last } = year;
            writeln!(dossier, "\n[[exercice]]\nnom = \"{name}\"\ndebut = {first}\nfin = {last}")
                .unwrap();
            writeln!(door, "include {name}.journal").unwrap();
            journal(year, dice, &mut bank, care);
            let mut text = std::mem::take(&mut bank.text);
            if rank == 0 {
                let opening = format!(
                    "decimal-mark ,\n\n{first} * (AN-0001) Ouverture  ; piece: bilan.pdf\n    512 Banque   0,00 €\n    110 Report à nouveau   -7 531,07 €\n    467 Débiteurs et créditeurs divers:Fondatrice   7 531,07 €\n"
                );
                text = text.replacen("decimal-mark ,\n", &opening, 1);
            }
            let (day, amount) = (
                *first + Days::new(dice.below(80) as u64),
                i64::try_from(10_000 + dice.below(500_000)).unwrap(),
            );
            bought.push((day, amount));
            writeln!(text, "\n{day} * (ACH-0001) Ordinateur  ; piece: ordi.pdf\n    2183 Matériel informatique   {} €\n    404 Fournisseurs d'immobilisations:Magasin   -{} €", euros(amount), euros(amount)).unwrap();
            files.push((format!("{name}.journal"), text));
        }
        files.extend(registers(&years, dice, &bought));
        files.push(("compta.toml".to_owned(), dossier));
        files.push(("principal.journal".to_owned(), door));
        if care {
            let mut policy = String::from(
                "[engagement]\ndate = 2022-01-01\ntexte = \"Compenser\"\npiece = \"pv.pdf\"\n\n[[capital]]\nid = \"climat\"\nlibelle = \"Climat\"\nemissions = \"dettes\"\nvalorisation = \"historique\"\nseuil = { genre = \"fixe\", tonnes = 1 }\npartage = { sequestration = 75, irrecouvrable = 25 }\n",
            );
            for year in &years {
                writeln!(
                    policy,
                    "\n[[prix]]\nexercice = \"{}\"\neuros = {}\nsource = \"devis\"",
                    year.name,
                    20 + dice.below(40)
                )
                .unwrap();
            }
            files.push(("care.toml".to_owned(), policy));
        }
        Self { years, files }
    }

    pub fn write(&self, home: &Path) {
        for (path, text) in &self.files {
            std::fs::write(home.join(path), text).unwrap();
        }
    }
}

/// Excuses each control that awaits it, before a year is closed.
pub fn excuse(home: &Path, year: &str, waiting: &[String]) {
    let mut text = std::fs::read_to_string(home.join("controles.toml")).unwrap_or_default();
    for code in waiting.iter().filter(|code| WARNINGS.contains(&code.as_str())) {
        writeln!(text, "[[justification]]\ncontrole = \"{code}\"\nexercice = \"{year}\"\nmotif = \"au hasard\"\n").unwrap();
    }
    std::fs::write(home.join("controles.toml"), text).unwrap();
}
