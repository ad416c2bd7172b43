use super::conventions::follow;
use super::dedicated::{self, dedicated};
use super::dues::dues;
use super::funding::by_authority;
use super::meeting::Meeting;
use super::movements::{self, Subject};
use super::table::{Cell, Column, Row, Sheet, Table, slug};
use crate::measure::Sum;
use crate::register::{Annexe, Paragraph};
use crate::statement::{Genre, Note};

/// The annexe of the annual accounts (ANC 2018-06 art. 431-1 and following).
pub fn annexe(meeting: &Meeting<'_>) -> Sheet {
    let empty = Annexe::default();
    let words = meeting.registers.annexe.as_ref().unwrap_or(&empty);
    let ground = |number: &str| {
        let of = |ground: &&crate::register::Ground| {
            ground.accounts.reach(number, Sum::ZERO).unwrap_or(0)
        };
        let best = words.grounds.iter().max_by_key(of).filter(|ground| of(ground) > 0);
        best.map_or_else(|| registered(meeting, number), |ground| ground.text.clone())
    };
    let mut tables = vec![text("methodes", "Objet, moyens et méthodes comptables", methods(words))];
    tables.push(movements::equity(meeting));
    tables.extend(dedicated(meeting));
    let tables_of = SUBJECTS.iter().filter_map(|subject| {
        let word: Option<movements::Word<'_>> =
            (subject.name == "provisions").then_some(("Motif", &ground));
        movements::table(meeting, subject, word)
    });
    tables.extend(tables_of);
    tables.push(dues(meeting, words, true));
    tables.push(dues(meeting, words, false));
    tables.extend(by_authority(meeting));
    tables.push(deferred(meeting));
    tables.push(voluntary(meeting, words));
    tables.extend(carbon(meeting));
    if !words.notes.is_empty() {
        tables.push(text("notes", "Autres informations", paragraphs(&words.notes, "notes")));
    }
    let notes = notes(meeting, words, &tables);
    tables.retain(|table| !table.rows.is_empty());
    Sheet {
        name: "annexe".to_owned(),
        year: meeting.year.name.clone(),
        title: format!("Annexe des comptes {}", meeting.year.name),
        tables,
        notes,
    }
}

/// Why a provision stands, as the register of provisions says: the annexe need not say it again.
fn registered(meeting: &Meeting<'_>, number: &str) -> String {
    let mut told: Vec<&str> = Vec::new();
    for provision in meeting.registers.provisions.iter().flatten() {
        let own = meeting.books.accounts().padded(&provision.account.value) == number;
        told.extend(provision.ground.as_deref().filter(|ground| own && !told.contains(ground)));
    }
    told.join(" ; ")
}

/// The tables of movements of the annexe.
const SUBJECTS: [Subject; 4] = [
    Subject {
        name: "immobilisations",
        title: "Immobilisations, valeurs brutes",
        prefixes: &["20", "21", "22", "23", "24", "25", "26", "27"],
        debit: true,
        heads: ["Acquisitions", "Cessions"],
    },
    Subject {
        name: "amortissements",
        title: "Amortissements et dépréciations des immobilisations",
        prefixes: &["28", "29"],
        debit: false,
        heads: ["Dotations", "Reprises"],
    },
    Subject {
        name: "provisions",
        title: "Provisions",
        prefixes: &["15"],
        debit: false,
        heads: ["Dotations", "Reprises"],
    },
    Subject {
        name: "depreciations",
        title: "Dépréciations de l’actif circulant",
        prefixes: &["39", "49", "59"],
        debit: false,
        heads: ["Dotations", "Reprises"],
    },
];

fn text(name: &str, title: &str, rows: Vec<Row>) -> Table {
    Table {
        name: name.to_owned(),
        title: title.to_owned(),
        columns: vec![Column::words("texte", "")],
        rows,
        ..Table::default()
    }
}

fn methods(words: &Annexe) -> Vec<Row> {
    let said = [("objet", "Objet social", &words.purpose), ("moyens", "Moyens", &words.means)];
    let mut rows: Vec<Row> = said
        .into_iter()
        .filter_map(|(key, label, text)| {
            let text = Cell::Words(text.clone()?);
            Some(Row::line(format!("annexe.{key}"), label, vec![text]))
        })
        .collect();
    rows.extend(paragraphs(&words.methods, "methodes"));
    rows
}

fn paragraphs(list: &[Paragraph], name: &str) -> Vec<Row> {
    let row = |one: &Paragraph| {
        let key = format!("annexe.{name}.{}", slug(&one.title));
        Row::line(key, &one.title, vec![Cell::Words(one.text.clone())])
    };
    list.iter().map(row).collect()
}

/// Produits constatés d’avance by convention, charges constatées d’avance by account.
fn deferred(meeting: &Meeting<'_>) -> Table {
    let mut rows = Vec::new();
    let mut named = Sum::ZERO;
    if let Some(register) = &meeting.registers.conventions {
        for (known, one) in register.list.iter().zip(follow(meeting)) {
            if one.deferred.is_zero() {
                continue;
            }
            named += one.deferred;
            let key = format!("annexe.constate_d_avance.{}", slug(&known.id.value));
            let label = format!("487 {} ({})", known.partner, known.id.value);
            let row = Row::line(key, label, vec![Cell::euros(one.deferred.decimal())]);
            rows.push(row.behind(vec![format!("convention:{}", known.id.value)]));
        }
    }
    let whole = -meeting.class("487", Some(meeting.year));
    if whole != named {
        let cells = vec![Cell::euros((whole - named).decimal())];
        rows.push(Row::line("annexe.constate_d_avance.autres", "487 Autres produits", cells));
    }
    let cells = vec![Cell::euros(whole.decimal())];
    let label = "Total des produits constatés d’avance";
    let row = Row::line("annexe.constate_d_avance.produits", label, cells);
    rows.push(row.behind(meeting.keys_of(&["487"])).of(Genre::Subtotal));
    let charges = meeting.class("486", Some(meeting.year)).decimal();
    let label = "Charges constatées d’avance (486)";
    let cells = vec![Cell::euros(charges)];
    let row = Row::line("annexe.constate_d_avance.charges", label, cells);
    rows.push(row.behind(meeting.keys_of(&["486"])).of(Genre::Subtotal));
    Table {
        name: "constate_d_avance".to_owned(),
        title: "Produits et charges constatés d’avance".to_owned(),
        columns: vec![Column::figures("n", meeting.year.name.as_str())],
        rows,
        ..Table::default()
    }
}

/// Contributions volontaires en nature, valued at the foot of the accounts or not, and why.
fn voluntary(meeting: &Meeting<'_>, words: &Annexe) -> Table {
    let (uses, resources) =
        (meeting.class("86", Some(meeting.year)), -meeting.class("87", Some(meeting.year)));
    let mut rows = Vec::new();
    if let Some(why) = &words.voluntary {
        let cells = vec![Cell::Blank, Cell::Words(why.clone())];
        rows.push(Row::line("annexe.contributions_volontaires.texte", "Méthode", cells));
    }
    if !uses.is_zero() || !resources.is_zero() {
        for (key, label, class, sum) in [
            ("emplois", "86 Emplois", "86", uses),
            ("ressources", "87 Ressources", "87", resources),
        ] {
            let cells = vec![Cell::euros(sum.decimal()), Cell::Blank];
            let row = Row::line(format!("annexe.contributions_volontaires.{key}"), label, cells);
            rows.push(row.behind(meeting.keys_of(&[class])));
        }
    }
    Table {
        name: "contributions_volontaires".to_owned(),
        title: "Contributions volontaires en nature".to_owned(),
        columns: vec![Column::figures("n", meeting.year.name.as_str()), Column::words("texte", "")],
        rows,
        ..Table::default()
    }
}

/// The carbon provision of the classic accounts beside the debts of the CARE ledger.
fn carbon(meeting: &Meeting<'_>) -> Option<Table> {
    let sheet = super::care::care(meeting)?;
    let mut table = sheet.tables.into_iter().next()?;
    for row in &mut table.rows {
        row.key = row.key.replacen("care.", "annexe.carbone.", 1);
    }
    "carbone".clone_into(&mut table.name);
    "Dette carbone et comptabilité écologique (CARE)".clone_into(&mut table.title);
    Some(table)
}

/// What the annexe lacks: the words that only the association knows.
fn notes(meeting: &Meeting<'_>, words: &Annexe, tables: &[Table]) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut tell = |key: &str, text: &str| {
        notes.push(Note { code: None, key: key.to_owned(), text: text.to_owned() });
    };
    if words.methods.is_empty() {
        tell("annexe.methodes", "les méthodes comptables sont à écrire dans `annexe.toml`");
    }
    let funds = tables.iter().filter(|table| table.name == "fonds_dedies");
    if funds.into_iter().any(dedicated::is_overdrawn) {
        let text = "un projet clôt en négatif : son ouverture, ou une utilisation, ne porte pas la bonne étiquette `convention` ou `programme`";
        tell("annexe.fonds_dedies", text);
    }
    let valued = !meeting.class("86", Some(meeting.year)).is_zero();
    if words.voluntary.is_none() && !valued {
        let text = "les contributions volontaires ne sont ni valorisées en 86 et 87, ni écartées avec une raison dans `annexe.toml` (ANC 2018-06 art. 211-1)";
        tell("annexe.contributions_volontaires", text);
    }
    notes.extend(super::care::restatements(meeting));
    notes
}
