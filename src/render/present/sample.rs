use rust_decimal::Decimal;

use super::Heading;
use super::population::{AskedPopulation, counted, exact, list, note};
use crate::measure::{Sum, amount, euros, plain, round_half_away, signed_words};
use crate::render::document::{Cell, Column, Document, Remark, Row};
use crate::statement::audit::{How, Method, Pick, Population, Sample, share};

/// A number of things whose name is more than one word.
fn several(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", amount(Decimal::from(count), 0), if count > 1 { many } else { one })
}

/// A sample: how it was drawn, what it covers, its lines and room for who looks at them.
pub fn sample_document(
    population: &Population<'_>,
    sample: &Sample,
    method: &Method,
    asked: &AskedPopulation,
    heading: &Heading,
) -> Document {
    let mut facts = heading.facts();
    let mut subtitle = heading.subtitle(&format!("livre {}", heading.view.title()));
    subtitle.extend(counted(population, asked, &mut facts));
    subtitle.push(told(method, &mut facts));
    subtitle.push(covered(population, sample, &mut facts));
    let picks = sample.picks.iter().enumerate();
    let rows = picks.map(|(at, pick)| line(population, Some((at + 1, pick)), pick.member));
    let mixed = sample.picks.iter().any(|pick| pick.how == How::Certain);
    let mut tables = vec![list("sondage", columns(mixed), rows.collect())];
    if !sample.apart.is_empty() {
        let rows = sample.apart.iter().map(|member| line(population, None, *member)).collect();
        let mut apart = list("a_part", columns(false), rows);
        "En sens contraire, hors du tirage".clone_into(&mut apart.title);
        tables.push(apart);
    }
    Document {
        schema: "compta/sondage/1".to_owned(),
        facts,
        title: format!("Sondage {}", heading.period).trim_end().to_owned(),
        subtitle,
        tables,
        facing: false,
        remarks: how_to(population, sample, method, asked),
    }
}

/// The method, its size and its seed.
fn told(method: &Method, facts: &mut Vec<(&'static str, String)>) -> String {
    let (name, words, drawn) = match method {
        Method::Threshold(least) => {
            facts.push(("threshold", exact(*least)));
            let words = format!("seuil, toute ligne d’au moins {}", euros(least.decimal()));
            ("seuil", words, None)
        }
        Method::Random { size, seed } => (
            "aleatoire",
            format!("aléatoire, {}", signed_words(*size, "ligne")),
            Some((size, seed)),
        ),
        Method::Units { size, seed } => {
            let units = several(*size, "unité", "unités");
            let words = format!("unités monétaires, {units} à intervalle régulier");
            ("unites", words, Some((size, seed)))
        }
    };
    facts.push(("method", name.to_owned()));
    match drawn {
        None => format!("méthode : {words}"),
        Some((size, seed)) => {
            facts.extend([("size", size.to_string()), ("seed", seed.clone())]);
            format!("méthode : {words}, graine « {seed} »")
        }
    }
}

/// What the sample covers, in lines and without signs.
fn covered(
    population: &Population<'_>,
    sample: &Sample,
    facts: &mut Vec<(&'static str, String)>,
) -> String {
    let all = population.totals();
    let size = |pick: &Pick| population.members[pick.member].line.amount().abs();
    let covered: Sum = sample.picks.iter().map(size).sum();
    let whole = all.debit + all.credit;
    let rate = round_half_away(share(covered, whole).unwrap_or_default(), 1);
    facts.extend([
        ("covered_lines", sample.picks.len().to_string()),
        ("covered", exact(covered)),
        ("covered_percent", plain(rate, 1)),
    ]);
    format!(
        "couverture : {} sur {}, {} sur {} sans les signes, soit {}\u{a0}%",
        signed_words(sample.picks.len(), "ligne"),
        amount(Decimal::from(all.lines), 0),
        euros(covered.decimal()),
        euros(whole.decimal()),
        amount(rate, 1)
    )
}

fn columns(mixed: bool) -> Vec<Column> {
    let how = Column::words("tirage", "Tirage");
    vec![
        Column::numbers("rang", "Rang"),
        if mixed { how } else { how.off_screen() },
        Column::whole("date", "Date"),
        Column::whole("numero", "Numéro"),
        Column::words("compte", "Compte"),
        Column::words("libelle", "Libellé").off_screen(),
        Column::words("ecriture", "Écriture"),
        Column::words("piece", "Pièce"),
        Column::numbers("montant", "Montant"),
        Column::whole("source", "Source"),
        Column::numbers("ligne", "Ligne").off_screen(),
        Column::numbers("unite_tiree", "Unité tirée").off_screen(),
        Column::whole("empreinte", "Empreinte").off_screen(),
        Column::words("vu", "Vu").off_screen(),
        Column::words("remarque", "Remarque").off_screen(),
    ]
}

fn line(population: &Population<'_>, picked: Option<(usize, &Pick)>, member: usize) -> Row {
    let line = &population.members[member].line;
    let how = match picked.map(|(_, pick)| pick.how) {
        None => "à part",
        Some(How::Reached) => "seuil",
        Some(How::Certain) => "certain",
        Some(How::Drawn) => "tiré",
    };
    let pick = picked.map(|(_, pick)| pick);
    let unit = pick.and_then(|pick| pick.unit);
    let hash = pick.and_then(|pick| pick.hash);
    let cells = vec![
        picked.map_or(Cell::Empty, |(rank, _)| Cell::Count(Decimal::from(rank))),
        Cell::Text(how.to_owned()),
        Cell::Date(line.date()),
        Cell::Text(line.code().to_owned()),
        Cell::Text(line.account().key()),
        Cell::Text(line.label().to_owned()),
        Cell::Text(line.description().to_owned()),
        Cell::Text(line.piece().to_owned()),
        Cell::cents(line.amount().decimal()),
        Cell::Text(line.place().to_string()),
        Cell::Count(Decimal::from(member + 1)),
        unit.map_or(Cell::Empty, |unit| Cell::cents(unit.decimal())),
        hash.map_or(Cell::Empty, |hash| Cell::Text(hash.to_string())),
        Cell::Empty,
        Cell::Empty,
    ];
    Row { role: "line", cells, ..Row::default() }
}

/// How anybody draws it again, with an example to type.
fn how_to(
    population: &Population<'_>,
    sample: &Sample,
    method: &Method,
    asked: &AskedPopulation,
) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let seed = &asked.seed;
    match method {
        Method::Threshold(_) => {
            remarks.push("au-dessus du seuil tout est vu ; au-dessous, rien n’est tiré".to_owned());
        }
        Method::Random { size, .. } => {
            remarks.push(format!(
                "le tirage, sans remise : la graine, une fin de ligne, puis le texte canonique d’une \
                 ligne de la population font un SHA-256 ; les lignes se rangent par ce nombre, et {} \
                 l’échantillon. Une taille plus grande garde les lignes déjà tirées",
                if *size == 1 {
                    "la plus petite fait".to_owned()
                } else {
                    format!("les {} plus petites font", amount(Decimal::from(*size), 0))
                }
            ));
            if population.members.iter().any(|member| member.twin > 1) {
                remarks.push(
                    "des lignes ont le même texte : la deuxième y ajoute une ligne « 2 », la troisième \
                     une ligne « 3 », et ainsi de suite"
                        .to_owned(),
                );
            }
            remarks
                .push(format!("le texte de la population : {} -o population.txt", asked.command));
            if let Some((pick, hash)) = sample.picks.first().and_then(|p| Some((p, p.hash?))) {
                let at = pick.member + 1;
                remarks.push(format!("l’empreinte de la ligne {at}, rang 1 : {hash}, que rend"));
                let twin = population.members[pick.member].twin;
                let more = if twin > 1 { format!("; echo {twin}") } else { String::new() };
                remarks.push(format!(
                    "(printf '%s\\n' {seed}; sed -n {at}p population.txt{more}) | sha256sum"
                ));
            }
        }
        Method::Units { .. } => remarks.extend(units(sample, asked)),
    }
    if sample.exhaustive {
        remarks.push(
            "la taille demandée n’est pas inférieure au nombre de lignes : toutes sont prises"
                .to_owned(),
        );
    }
    remarks.into_iter().map(note).collect()
}

fn units(sample: &Sample, asked: &AskedPopulation) -> Vec<String> {
    let side = if sample.credits { "crédit" } else { "débit" };
    let certain = sample.picks.iter().filter(|pick| pick.how == How::Certain).count();
    let mut remarks = vec![format!(
        "le tirage : les lignes au {side}, côté du solde, se mettent bout à bout dans l’ordre de la \
         population, centime après centime ; une ligne plus grande que l’intervalle est certaine et \
         en sort, puis un centime est tiré à chaque intervalle, et désigne la ligne où il tombe"
    )];
    if let Some([whole, interval, start]) = sample.units {
        let drawn = sample.picks.len() - certain;
        let gone = match certain {
            0 => String::new(),
            some => format!(", après {}", several(some, "ligne certaine", "lignes certaines")),
        };
        remarks.push(format!(
            "intervalle : {} / {drawn}, au centime inférieur, soit {}{gone}",
            euros(whole.decimal()),
            euros(interval.decimal())
        ));
        let cents = |sum: Sum| (sum.decimal() * Decimal::ONE_HUNDRED).normalize().to_string();
        remarks.push(format!("premier centime tiré : {}, que rend", cents(start)));
        remarks.push(format!(
            "echo $((0x$(printf '%s\\n' {} | sha256sum | cut -c1-15) % {} + 1))",
            asked.seed,
            cents(interval)
        ));
    }
    if !sample.apart.is_empty() {
        let count = signed_words(sample.apart.len(), "ligne");
        remarks.push(format!("{count} en sens contraire, à part : à voir par une autre méthode"));
    }
    if sample.nil > 0 {
        let count = signed_words(sample.nil, "ligne");
        remarks.push(format!("{count} de zéro, qu’aucune unité ne peut désigner"));
    }
    remarks
}
