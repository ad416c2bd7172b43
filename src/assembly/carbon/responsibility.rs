use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::{View, tonnes};
use crate::analytic::share_to;
use crate::assembly::meeting::Meeting;
use crate::assembly::table::{Cell, Column, Row, Sheet, Table, slug};
use crate::care::{Emission, kilograms};
use crate::measure::Sum;
use crate::register::{Parties, Responsibility};
use crate::statement::{Genre, Note};

/// The name under which the rules write the association itself.
const ASSOCIATION: &str = "association";

/// What a party answers for: kilograms, by programme and rule (`None` without a rule).
type Caused = BTreeMap<(usize, Option<usize>), Decimal>;

/// *Responsabilité écologique partagée*: each emission divided between those who answer for it, a
/// table a party, the whole summing exactly to the inventory. `None` without a policy.
///
/// What no rule takes stays with the association.
pub fn responsibility(meeting: &Meeting<'_>) -> Option<Sheet> {
    let view = View::of(meeting)?;
    let parties = divided(&view);
    let whole = kilograms(view.emitted().into_iter());
    let sum: Decimal = parties.iter().flat_map(|(_, caused)| caused.values()).sum();
    assert!(sum == whole, "the parties answer for {sum} kg of {whole}");
    let mut tables = vec![every_party(&view, &parties, whole), kept(&parties, whole)];
    tables.extend(parties.iter().map(|(party, caused)| one_party(&view, party, caused)));
    Some(Sheet {
        name: "responsabilite".to_owned(),
        year: meeting.year.name.clone(),
        title: format!("Responsabilité écologique partagée {}", meeting.year.name),
        tables,
        notes: notes(&view),
    })
}

/// The kilograms of each party, the association last.
fn divided(view: &View<'_>) -> Vec<(String, Caused)> {
    let mut parties: BTreeMap<String, Caused> = BTreeMap::new();
    parties.entry(ASSOCIATION.to_owned()).or_default();
    let mut funded: BTreeMap<usize, Vec<(String, Decimal)>> = BTreeMap::new();
    for line in view.emitted() {
        let rule = view.policy.responsibilities.iter().position(|rule| takes(view, rule, line));
        let shares: Vec<(String, Decimal)> = match rule.map(|r| &view.policy.responsibilities[r]) {
            None => vec![(ASSOCIATION.to_owned(), Decimal::ONE)],
            Some(rule) => match &rule.parties {
                Parties::Shares(given) => {
                    given.iter().map(|(party, share)| (party.value.clone(), *share)).collect()
                }
                Parties::Funding => funded
                    .entry(line.programme)
                    .or_insert_with(|| funding(view, line.programme))
                    .clone(),
            },
        };
        let weights: Vec<Decimal> = shares.iter().map(|(_, share)| *share).collect();
        for ((party, _), kg) in shares.iter().zip(share_to(line.kilograms, &weights, 3)) {
            let caused = parties.entry(party.clone()).or_default();
            *caused.entry((line.programme, rule)).or_default() += kg;
        }
    }
    let mut all: Vec<(String, Caused)> = parties.into_iter().collect();
    all.sort_by_key(|(party, _)| party == ASSOCIATION);
    all
}

fn takes(view: &View<'_>, rule: &Responsibility, line: &Emission) -> bool {
    let programmes = view.meeting.registers.programmes.as_ref();
    let of_programme = rule.programme.as_ref().is_none_or(|code| {
        programmes.and_then(|list| list.rank(&code.value)) == Some(line.programme)
    });
    let factor = &view.care.factors.list[line.factor].id;
    let of_factor = rule.factor.as_ref().is_none_or(|named| named.value == *factor);
    let of_account = rule.accounts.as_ref().is_none_or(|accounts| {
        let number = line.account.map(|id| &view.meeting.books.accounts().get(id).number);
        number.is_some_and(|number| accounts.reach(number, Sum::ZERO).is_some())
    });
    of_programme && of_factor && of_account
}

/// What each partner brings to a programme in the year, and what the association itself bears: the
/// direct charges that nobody funds.
fn funding(view: &View<'_>, programme: usize) -> Vec<(String, Decimal)> {
    let axes = view.meeting.axes;
    let number = |id| view.meeting.books.accounts().get(id).number.as_str();
    let mut given: BTreeMap<&str, Decimal> = BTreeMap::new();
    let mut charges = Decimal::ZERO;
    for line in axes.during(view.meeting.year.period).filter(|l| l.programme == programme) {
        let amount = line.amount.decimal();
        if number(line.account).starts_with('6') {
            charges += amount;
        }
        if let (true, Some(partner)) = (is_funding(number(line.account)), line.partner) {
            *given.entry(axes.partners[partner].as_str()).or_default() -= amount;
        }
    }
    let mut shares: Vec<(String, Decimal)> = given
        .into_iter()
        .filter(|(_, amount)| *amount > Decimal::ZERO)
        .map(|(partner, amount)| (partner.to_owned(), amount))
        .collect();
    let funded: Decimal = shares.iter().map(|(_, amount)| *amount).sum();
    let own = (charges - funded).max(Decimal::ZERO);
    if !own.is_zero() || shares.is_empty() {
        let own = if shares.is_empty() { Decimal::ONE } else { own };
        shares.push((ASSOCIATION.to_owned(), own));
    }
    shares
}

/// Whether an account is a product by which someone funds a programme.
fn is_funding(number: &str) -> bool {
    ["70", "74", "75"].iter().any(|prefix| number.starts_with(prefix))
}

/// What a partner brings in the year, every programme together, in euros.
fn brought(view: &View<'_>, party: &str) -> Decimal {
    let axes = view.meeting.axes;
    let accounts = view.meeting.books.accounts();
    let own = axes.during(view.meeting.year.period).filter(|line| {
        line.partner.is_some_and(|rank| axes.partners[rank] == party)
            && is_funding(&accounts.get(line.account).number)
    });
    -own.map(|line| line.amount).sum::<Sum>().decimal()
}

/// What a partner paid in the year, every programme together, in euros: what its products and its
/// debts give up in entries that touch a bank.
fn received(view: &View<'_>, party: &str) -> Decimal {
    let axes = view.meeting.axes;
    let number = |id| view.meeting.books.accounts().get(id).number.as_str();
    let during = || axes.during(view.meeting.year.period).filter(|line| !line.opens);
    let banked: BTreeSet<usize> =
        during().filter(|line| number(line.account).starts_with('5')).map(|l| l.entry).collect();
    let own = during().filter(|line| {
        let account = number(line.account);
        line.partner.is_some_and(|rank| axes.partners[rank] == party)
            && banked.contains(&line.entry)
            && (is_funding(account)
                || ["41", "441", "467", "468"].iter().any(|p| account.starts_with(p)))
    });
    -own.map(|line| line.amount).sum::<Sum>().decimal()
}

fn name(party: &str) -> &str {
    if party == ASSOCIATION { "L’association" } else { party }
}

fn every_party(view: &View<'_>, parties: &[(String, Caused)], whole: Decimal) -> Table {
    let row = |(party, caused): &(String, Caused)| {
        let kg: Decimal = caused.values().sum();
        let given = brought(view, party);
        let paid = received(view, party);
        let paid = if paid.is_zero() { Cell::Blank } else { Cell::euros(paid) };
        let money = if given.is_zero() { Cell::Blank } else { Cell::euros(given) };
        let per_tonne = if given.is_zero() || kg.is_zero() {
            Cell::Blank
        } else {
            Cell::euros(given * Decimal::ONE_THOUSAND / kg)
        };
        let cells = vec![money, paid, tonnes(kg), Cell::part(kg, whole), per_tonne];
        Row::line(format!("responsabilite.{}", slug(party)), name(party), cells)
    };
    let mut rows: Vec<Row> = parties.iter().map(row).collect();
    let cells =
        vec![Cell::Blank, Cell::Blank, tonnes(whole), Cell::part(whole, whole), Cell::Blank];
    rows.push(Row::line("responsabilite.total", "Total de l’inventaire", cells).of(Genre::Total));
    Table {
        name: "responsabilite".to_owned(),
        head: "Partie".to_owned(),
        columns: vec![
            Column::figures("apport", "Apport, €"),
            Column::figures("recu", "Reçu, €"),
            Column::figures("tonnes", "tCO₂e"),
            Column::figures("part", "Part"),
            Column::figures("euros_par_tonne", "€/t"),
        ],
        rows,
        ..Table::default()
    }
}

/// The association's own account of emissions: what it caused, what goes to others, what it keeps.
fn kept(parties: &[(String, Caused)], whole: Decimal) -> Table {
    let own: Decimal = parties
        .iter()
        .filter(|(party, _)| party == ASSOCIATION)
        .flat_map(|(_, caused)| caused.values())
        .sum();
    let row = |key: &str, label: &str, kg| {
        Row::line(format!("responsabilite.livre.{key}"), label, vec![tonnes(kg)])
    };
    Table {
        name: "livre".to_owned(),
        title: "Livre de l’association".to_owned(),
        columns: vec![Column::figures("tonnes", "tCO₂e")],
        rows: vec![
            row("emises", "Émissions de l’année", whole),
            row("transferees", "Dont d’autres répondent", own - whole),
            row("gardees", "Dont l’association répond", own).of(Genre::Total),
        ],
        ..Table::default()
    }
}

/// The sheet of a party: programme by programme, rule by rule.
fn one_party(view: &View<'_>, party: &str, caused: &Caused) -> Table {
    let programmes = view.meeting.registers.programmes.as_ref();
    let mut rows: Vec<Row> = caused
        .iter()
        .enumerate()
        .map(|(rank, ((programme, rule), kg))| {
            let programme = programmes.and_then(|list| list.list.get(*programme));
            let programme = programme.map_or("Activité", |programme| programme.name.as_str());
            let ground = match rule.map(|rule| &view.policy.responsibilities[rule]) {
                Some(rule) => format!("{} : {}", rule.name.value, rule.ground),
                None => "sans règle de partage".to_owned(),
            };
            let key = format!("responsabilite.{}.{}", slug(party), rank + 1);
            Row::line(key, programme, vec![tonnes(*kg), Cell::Words(ground)])
        })
        .collect();
    let total = vec![tonnes(caused.values().sum()), Cell::Blank];
    let key = format!("responsabilite.{}.total", slug(party));
    rows.push(Row::line(key, "Total", total).of(Genre::Subtotal));
    Table {
        name: format!("partie_{}", slug(party)),
        title: format!("Fiche : {}", name(party)),
        head: "Programme".to_owned(),
        columns: vec![Column::figures("tonnes", "tCO₂e"), Column::words("regle", "Règle")],
        rows,
    }
}

fn notes(view: &View<'_>) -> Vec<Note> {
    let text = if view.policy.responsibilities.is_empty() {
        "aucune règle de partage : l’association répond de tout ; ajoutez `[[responsabilite]]` à `care.toml`"
    } else {
        "l’apport est ce que le partenaire finance dans l’année (comptes 70, 74 et 75), le reçu ce qu’il y a payé ; selon le financement, l’association répond des charges directes que personne ne finance"
    };
    vec![Note { code: None, key: "responsabilite".to_owned(), text: text.to_owned() }]
}
