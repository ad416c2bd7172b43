//! A world as files: what a user would write in `care.toml` and in a journal.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::world::{Bears, CLASSES, FIRST, Lot, Payment, Project, World, scaled};

fn capital(soil: bool) -> &'static str {
    if soil { "sol" } else { "climat" }
}

impl World {
    /// The last fiscal year.
    pub fn last(&self) -> i32 {
        FIRST + i32::try_from(self.years.len()).unwrap() - 1
    }

    /// `care.toml`.
    pub fn policy(&self) -> String {
        let mut text = "[engagement]\ndate = 2020-01-01\ntexte = \"Compenser\"\n\n".to_owned();
        text +=
            "[[provision]]\ncomptes = \"1581\"\ndotation = \"6815\"\nreprise = \"7815\"\n\n[etp]\n";
        for (rank, staff) in self.staff.iter().enumerate() {
            let _ =
                writeln!(text, "{} = {}", FIRST + i32::try_from(rank).unwrap(), scaled(*staff, 1));
        }
        text +=
            "\n[[facteur]]\nid = \"mesure\"\nlibelle = \"Mesuré\"\nunite = \"kgCO₂e\"\nkg = 1\n";
        text += "poste = \"Mesures\"\nbeges = 6\nsource = \"Compteur\"\nannee = 2020\n\n";
        text += "[[depense]]\ncomptes = \"6\"\nfacteur = \"aucun\"\n\n";
        text += "[[capital]]\nid = \"climat\"\n";
        text += if self.shares.is_some() {
            "emissions = \"dettes\"\n"
        } else {
            "emissions = \"mesure\"\n"
        };
        text += &lasting(self.horizon, self.remeasured);
        if let Some(parts) = self.shares {
            let parts: Vec<String> = CLASSES
                .iter()
                .zip(parts)
                .map(|(c, p)| format!("{c} = {}", scaled(p * 5, 1)))
                .collect();
            let _ = writeln!(text, "partage = {{ {} }}", parts.join(", "));
        }
        match &self.bears {
            Bears::Nothing => {}
            Bears::Fixed(grams) => {
                let _ = writeln!(
                    text,
                    "seuil = {{ genre = \"fixe\", tonnes = {} }}",
                    scaled(*grams, 6)
                );
            }
            Bears::PerFte(grams) => {
                let each = scaled(*grams, 6);
                let _ =
                    writeln!(text, "seuil = {{ genre = \"par-etp\", tonnes_par_etp = {each} }}");
            }
            Bears::Path(from, to) => {
                let point = |year, grams| {
                    format!("{{ exercice = \"{year}\", tonnes = {} }}", scaled(grams, 6))
                };
                let (from, to) = (point(FIRST, *from), point(FIRST + 3, *to));
                let _ = writeln!(
                    text,
                    "seuil = {{ genre = \"lineaire\", depart = {from}, arrivee = {to} }}"
                );
            }
        }
        if let Some((horizon, remeasured)) = self.soil {
            text += "\n[[capital]]\nid = \"sol\"\nnumero = 2\n";
            text += &lasting(horizon, remeasured);
        }
        for price in &self.prices {
            let _ = write!(
                text,
                "\n[[prix]]\ncapital = \"{}\"\nexercice = \"{}\"\nclasse = \"{}\"\neuros = {}\nsource = \"Devis\"\n",
                capital(price.soil),
                price.year,
                CLASSES[price.class],
                scaled(price.cents, 2)
            );
        }
        self.lots.iter().for_each(|lot| text += &lot_text(lot));
        for (rank, project) in self.projects.iter().enumerate() {
            text += &project_text(rank, project);
        }
        for (rank, (day, grams)) in self.credits.iter().enumerate() {
            let _ = write!(
                text,
                "\n[[credit]]\nid = \"c{rank}\"\ngenre = \"absorption\"\nretrait = {day}\ntonnes = {}\nregistre = \"R\"\n",
                scaled(*grams, 6)
            );
        }
        for (year, found, class, grams, cents) in &self.corrections {
            let _ = write!(
                text,
                "\n[[correction]]\nexercice = \"{year}\"\nconstatee = \"{found}\"\nclasse = \"{}\"\nsens = \"hausse\"\ntonnes = {}\nprix = {}\nmotif = \"Oubli\"\nsource = \"Audit\"\n",
                CLASSES[*class],
                scaled(*grams, 6),
                scaled(*cents, 2)
            );
        }
        text
    }

    /// The journal of book F, with the activities.
    pub fn journal(&self) -> String {
        let mut text = "decimal-mark ,\n\n".to_owned();
        let (provision, carried) = self.opening;
        text += &entry(
            &format!("{FIRST}-01-01 * (AN-0001) Ouverture"),
            &[
                ("512 Banques", provision + carried),
                ("1581 Provision carbone", -provision),
                ("110 Report à nouveau", -carried),
            ],
        );
        for (rank, year) in self.years.iter().enumerate() {
            let at = FIRST + i32::try_from(rank).unwrap();
            let _ = writeln!(text, "{at}-06-30 * Fonctionnement");
            text += &line("512 Banques", year.income - year.charges);
            text += &line("756 Cotisations", -year.income);
            text += &line("604 Achats", year.charges);
            for grams in &year.emissions {
                let _ = writeln!(text, "    (mesure)  {} kgCO₂e", comma(&scaled(*grams, 3)));
            }
            text.push('\n');
            for (day, cents) in &year.provision {
                let account = if *cents > 0 { "6815 Dotations" } else { "7815 Reprises" };
                let lines = [(account, *cents), ("1581 Provision carbone", -cents)];
                text += &entry(&format!("{day} * Provision"), &lines);
            }
            for spent in &year.payments {
                text += &payment(spent, &format!("preservation: {}", capital(spent.soil)));
            }
            year.works.iter().for_each(|spent| text += &payment(spent, ""));
        }
        for (number, title) in [
            ("512", "Banques"),
            ("1581", "Provision carbone"),
            ("110", "Report à nouveau"),
            ("756", "Cotisations"),
            ("604", "Achats"),
            ("6815", "Dotations"),
            ("7815", "Reprises"),
        ] {
            let _ = writeln!(text, "account {number} {title}");
        }
        text
    }

    /// What `tests/model/care.py` reads.
    pub fn json(&self) -> Value {
        let events = |all: &[(chrono::NaiveDate, i64)]| -> Vec<Value> {
            all.iter()
                .map(|(day, grams)| json!({"date": day.to_string(), "tonnes": scaled(*grams, 6)}))
                .collect()
        };
        let names: Vec<String> = (FIRST..=self.last()).map(|year| year.to_string()).collect();
        let spent = |all: &[Payment]| -> Vec<Value> {
            all.iter()
                .map(|p| json!({"date": p.day.to_string(), "capital": capital(p.soil), "project": p.work, "amount": scaled(p.cents, 2)}))
                .collect()
        };
        let books: serde_json::Map<String, Value> = names.iter().zip(&self.years).map(|(name, year)| {
            let provision: Vec<Value> = year.provision.iter().map(|(day, cents)| json!({"date": day.to_string(), "amount": scaled(*cents, 2)})).collect();
            let emissions: Vec<String> = year.emissions.iter().map(|grams| scaled(*grams, 3)).collect();
            (name.clone(), json!({"income": scaled(year.income, 2), "charges": scaled(year.charges, 2), "provision": provision, "payments": spent(&year.payments), "works": spent(&year.works), "emissions": emissions}))
        }).collect();
        json!({
            "years": names,
            "climate": {
                "shares": self.shares.map(|parts| parts.map(|part| scaled(part * 5, 1))),
                "threshold": match &self.bears {
                    Bears::Nothing => Value::Null,
                    Bears::Fixed(grams) => json!({"fixed": scaled(*grams, 6)}),
                    Bears::PerFte(grams) => json!({"per_fte": scaled(*grams, 6)}),
                    Bears::Path(from, to) => json!({"path": [[FIRST.to_string(), scaled(*from, 6)], [(FIRST + 3).to_string(), scaled(*to, 6)]]}),
                },
                "horizon": self.horizon, "remeasured": self.remeasured,
            },
            "fte": names.iter().zip(&self.staff).map(|(name, staff)| (name.clone(), Value::from(scaled(*staff, 1)))).collect::<serde_json::Map<_, _>>(),
            "soil": self.soil.map(|(horizon, remeasured)| json!({"horizon": horizon, "remeasured": remeasured})),
            "prices": self.prices.iter().map(|p| json!({"capital": capital(p.soil), "year": p.year.to_string(), "class": CLASSES[p.class], "euros": scaled(p.cents, 2)})).collect::<Vec<_>>(),
            "lots": self.lots.iter().map(|l| json!({"capital": capital(l.soil), "year": l.year.to_string(), "class": CLASSES[l.class], "tonnes": l.grams.map(|g| scaled(g, 6)), "price": l.price.map(|c| scaled(c, 2)), "amount": l.amount.map(|c| scaled(c, 2)), "use_years": l.spread})).collect::<Vec<_>>(),
            "projects": self.projects.iter().enumerate().map(|(rank, p)| json!({
                "id": format!("p{rank}"), "start": p.start.to_string(), "years": p.years, "tonnes": scaled(p.grams, 6), "buffer": p.buffer.to_string(), "cost_before": scaled(p.cost_before, 2),
                "verifications": events(&p.verified), "reversals": events(&p.reversed),
                "depreciations": p.depreciations.iter().map(|(year, cents)| json!({"year": year.to_string(), "amount": scaled(*cents, 2)})).collect::<Vec<_>>(),
                "failure": p.failure.map(|day| day.to_string()),
            })).collect::<Vec<_>>(),
            "credits": self.credits.iter().enumerate().map(|(rank, (day, grams))| json!({"id": format!("c{rank}"), "date": day.to_string(), "tonnes": scaled(*grams, 6)})).collect::<Vec<_>>(),
            "opening": {"provision": scaled(self.opening.0, 2), "carried": scaled(self.opening.1, 2)},
            "books": books,
        })
    }
}

fn lasting(horizon: Option<u32>, remeasured: bool) -> String {
    let horizon = horizon.map_or_else(String::new, |years| format!("horizon = {years}\n"));
    let word = if remeasured { "reevaluee" } else { "historique" };
    format!("{horizon}valorisation = \"{word}\"\n")
}

fn lot_text(lot: &Lot) -> String {
    let mut text = format!(
        "\n[[lot]]\ncapital = \"{}\"\nmillesime = \"{}\"\nclasse = \"{}\"\nsource = \"Avis\"\n",
        capital(lot.soil),
        lot.year,
        CLASSES[lot.class]
    );
    let sizes = [("tonnes", lot.grams, 6), ("prix", lot.price, 2), ("montant", lot.amount, 2)];
    for (key, value, scale) in sizes {
        if let Some(value) = value {
            let _ = writeln!(text, "{key} = {}", scaled(value, scale));
        }
    }
    if let Some(day) = lot.taken_over {
        let _ = writeln!(text, "repris = {day}");
    }
    if let Some(years) = lot.spread {
        let _ = writeln!(text, "annees = {years}");
    }
    text
}

fn project_text(rank: usize, project: &Project) -> String {
    let mut text = format!(
        "\n[[projet]]\nid = \"p{rank}\"\nlibelle = \"Projet {rank}\"\ndebut = \"{}\"\ntonnes = {}\ntampon = {}\ncout_anterieur = {}\n",
        project.start,
        scaled(project.grams, 6),
        project.buffer,
        scaled(project.cost_before, 2)
    );
    if let Some(years) = project.years {
        let _ = writeln!(text, "annees = {years}");
    }
    if let Some(day) = project.failure {
        let _ = writeln!(text, "echec = {{ date = {day}, motif = \"Sécheresse\" }}");
    }
    for (at, (day, grams)) in project.verified.iter().enumerate() {
        let _ = write!(
            text,
            "\n[[projet.verification]]\ndate = {day}\ntonnes = {}\nreference = \"RV-{rank}-{at}\"\n",
            scaled(*grams, 6)
        );
    }
    for (day, grams) in &project.reversed {
        let _ = write!(
            text,
            "\n[[projet.reversion]]\ndate = {day}\ntonnes = {}\nmotif = \"Incendie\"\n",
            scaled(*grams, 6)
        );
    }
    for (year, cents) in &project.depreciations {
        let _ = write!(
            text,
            "\n[[projet.depreciation]]\nexercice = \"{year}\"\nmontant = {}\n",
            scaled(*cents, 2)
        );
    }
    text
}

fn comma(amount: &str) -> String {
    amount.replace('.', ",")
}

fn line(account: &str, cents: i64) -> String {
    format!("    {account}  {} €\n", comma(&scaled(cents, 2)))
}

fn entry(head: &str, lines: &[(&str, i64)]) -> String {
    let lines: String = lines.iter().map(|(account, cents)| line(account, *cents)).collect();
    format!("{head}\n{lines}\n")
}

fn payment(spent: &Payment, tag: &str) -> String {
    let project = spent.work.as_ref().map_or_else(String::new, |work| format!("projet: {work}"));
    let tags: Vec<&str> = [tag, &project].into_iter().filter(|tag| !tag.is_empty()).collect();
    let head = format!("{} * Préservation", spent.day);
    format!(
        "{head}\n    604 Achats  {} €  ; {}\n{}\n",
        comma(&scaled(spent.cents, 2)),
        tags.join(", "),
        line("512 Banques", -spent.cents)
    )
}
