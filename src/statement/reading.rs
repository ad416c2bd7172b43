use super::form::{Column, Feed, Form, FormRow, Genre, Layout, Section};
use super::formula::{Formula, Term};
use crate::diagnostic::{Code, Finding, Span};
use crate::register::{Fields, Selector, Spanned, document};

/// A form as its text says it, with the place of its name.
pub(super) fn form(text: &str, base: u32, findings: &mut Vec<Finding>) -> Option<(Form, Span)> {
    let document = match document(text, base) {
        Ok(document) => document,
        Err(finding) => {
            findings.push(*finding);
            return None;
        }
    };
    let top = document.fields();
    let Spanned { value: name, at: name_at } = top.needed("forme", findings);
    let title = top.needed("titre", findings).value;
    let bilan = top.table("bilan", findings).map(|table| {
        layout(
            table,
            &[("actif", "colonnes_actif", true), ("passif", "colonnes_passif", false)],
            findings,
        )
    });
    let resultat = top.table("resultat", findings).map(|table| {
        let sections = [
            ("charges", "colonnes", true),
            ("produits", "colonnes", false),
            ("liste", "colonnes", false),
        ];
        layout(table, &sections, findings)
    });
    top.finish(findings);
    let form = Form { name, title, bilan, resultat };
    for layout in [&form.bilan, &form.resultat].into_iter().flatten() {
        check_keys(layout, findings);
    }
    Some((form, name_at))
}

fn layout(
    table: Fields<'_, '_>,
    sections: &[(&'static str, &'static str, bool)],
    findings: &mut Vec<Finding>,
) -> Layout {
    let title = table.needed("titre", findings).value;
    let outside = table.text("hors", findings);
    let outside = outside.map_or_else(Selector::default, |text| Selector::parse(&text, findings));
    let pairs = |name, findings: &mut Vec<Finding>| {
        table
            .lists(name, findings)
            .into_iter()
            .filter_map(|pair| {
                if let [left, right] = &pair.value[..] {
                    return Some((left.clone(), right.clone(), pair.at));
                }
                findings.push(
                    Finding::new(Code::BadValue, pair.at, format!("`{name}` attend deux lignes"))
                        .label("une paire")
                        .help("écrivez `[[\"actif.total\", \"passif.total\"]]`"),
                );
                None
            })
            .collect::<Vec<_>>()
    };
    let equal = pairs("egaux", findings);
    if equal.is_empty() && sections.iter().any(|(name, ..)| *name == "actif") {
        let at = table.at();
        findings.push(
            Finding::new(
                Code::MissingKey,
                Span::new(at.start, at.start + 1),
                "un bilan dit quels totaux sont égaux",
            )
            .label("la clé `egaux` manque")
            .help("ajoutez `egaux = [[\"actif.total\", \"passif.total\"]]`"),
        );
    }
    let even = pairs("equilibre", findings);
    let result = table.text("resultat", findings);
    let sections = sections
        .iter()
        .filter_map(|(name, columns, debit)| {
            let rows: Vec<FormRow> = table
                .tables(name, findings)
                .into_iter()
                .map(|fields| row(fields, *debit, findings))
                .collect();
            let key = *columns;
            let columns = table.texts(key, findings);
            if columns.is_empty() && !rows.is_empty() {
                findings.push(
                    Finding::new(Code::MissingKey, table.at(), format!("la clé `{key}` manque"))
                        .label("quelles colonnes ?")
                        .help(format!("ajoutez `{key} = [\"n\", \"n1\"]`")),
                );
            }
            let columns = columns.iter().filter_map(|text| column(text, findings)).collect();
            (!rows.is_empty()).then_some(Section { name, columns, rows })
        })
        .collect();
    table.finish(findings);
    Layout { title, sections, outside: [outside.clone(), outside], equal, even, result }
}

fn row(fields: Fields<'_, '_>, debit: bool, findings: &mut Vec<Finding>) -> FormRow {
    let at = fields.at();
    let heading = fields.text("titre", findings);
    if let Some(title) = heading {
        fields.finish(findings);
        return FormRow {
            key: String::new(),
            label: title.value,
            genre: Genre::Heading,
            depth: 0,
            always: true,
            detail: false,
            rounding: 1,
            columns: Vec::new(),
            note: None,
            classic_only: false,
            facing: None,
            debit,
            feed: Feed::Nothing,
            at,
        };
    }
    let key = fields.needed("cle", findings);
    let label = fields.needed("libelle", findings).value;
    let sense = fields.text("sens", findings);
    let debit = match sense.as_ref().map(|sense| sense.value.as_str()) {
        None => debit,
        Some("charge") => true,
        Some("produit") => false,
        Some(other) => {
            let at = sense.as_ref().map_or(at, |sense| sense.at);
            findings.push(
                Finding::new(Code::BadValue, at, format!("sens inconnu : `{other}`"))
                    .label("ce sens")
                    .help("les sens sont : charge, produit"),
            );
            debit
        }
    };
    let sum = fields.texts("somme", findings);
    let formula = fields.text("formule", findings);
    let (by_sum, by_formula) = (!sum.is_empty(), formula.is_some());
    let feed = match formula {
        Some(text) => Feed::Formula(Formula::parse(&text, findings)),
        None if by_sum => Feed::Formula(Formula::sum(&sum)),
        None => accounts(&fields, findings),
    };
    let genre = genre(fields.text("genre", findings), by_sum || by_formula, findings);
    let columns = fields.texts("colonnes", findings);
    let row = FormRow {
        key: key.value,
        label,
        genre,
        depth: fields.count("niveau", findings).unwrap_or(0),
        always: if fields.has("toujours") {
            fields.flag("toujours", findings)
        } else {
            matches!(genre, Genre::Subtotal | Genre::Total)
        },
        detail: fields.flag("detail", findings),
        rounding: fields.count("arrondi", findings).unwrap_or(1),
        columns: columns.iter().filter_map(|text| column(text, findings)).collect(),
        note: fields.text("note", findings).map(|note| note.value),
        classic_only: classic_only(&fields, findings),
        facing: fields.text("face_a", findings).map(|facing| facing.value),
        debit,
        feed,
        at: key.at,
    };
    fields.finish(findings);
    row
}

fn classic_only(fields: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> bool {
    let Some(ledger) = fields.text("livre", findings) else {
        return false;
    };
    if ledger.value != "classique" {
        findings.push(
            Finding::new(Code::BadValue, ledger.at, format!("livre inconnu : `{}`", ledger.value))
                .label("ce livre")
                .help("`livre = \"classique\"` ne montre la ligne que dans le livre classique"),
        );
    }
    true
}

fn accounts(fields: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> Feed {
    let mut read = |key| {
        fields.text(key, findings).map(|text| {
            let mut found = Vec::new();
            (Selector::parse(&text, &mut found), found)
        })
    };
    let (plain, since, amort) = (read("comptes"), read("comptes_2022"), read("amort"));
    let mut keep = |read: Option<(Selector, Vec<Finding>)>| {
        read.map(|(selector, mut found)| {
            findings.append(&mut found);
            selector
        })
    };
    let plain = keep(plain).unwrap_or_default();
    let since = keep(since).unwrap_or_else(|| plain.clone());
    let amort = keep(amort).unwrap_or_default();
    Feed::Accounts { plain: [plain, since], amort: [amort.clone(), amort] }
}

fn genre(written: Option<Spanned<String>>, computed: bool, findings: &mut Vec<Finding>) -> Genre {
    match written {
        None if computed => Genre::Subtotal,
        None => Genre::Line,
        Some(word) => match word.value.as_str() {
            "ligne" => Genre::Line,
            "sous-total" => Genre::Subtotal,
            "total" => Genre::Total,
            "memo" => Genre::Memo,
            other => {
                findings.push(
                    Finding::new(Code::BadValue, word.at, format!("genre inconnu : `{other}`"))
                        .label("ce genre")
                        .help("les genres sont : ligne, sous-total, total, memo"),
                );
                Genre::Line
            }
        },
    }
}

/// Every row that a formula or a pair names exists, and no key stands twice.
fn check_keys(layout: &Layout, findings: &mut Vec<Finding>) {
    for section in &layout.sections {
        for (rank, row) in section.rows.iter().enumerate().filter(|(_, row)| !row.key.is_empty()) {
            let first = section.rows[..rank].iter().find(|other| other.key == row.key);
            findings.extend(first.map(|first| {
                Finding::new(Code::BadValue, row.at, format!("la clé `{}` sert deux fois", row.key))
                    .label("déjà prise")
                    .related(first.at, "première fois")
                    .help("donnez une clé différente à chaque ligne")
            }));
        }
    }
    let exists = |section: Option<&str>, key: &str| {
        layout
            .sections
            .iter()
            .filter(|known| section.is_none_or(|section| section == known.name))
            .any(|known| known.rows.iter().any(|row| row.key == key))
    };
    let mut unknown = |name: &str, at: Span| {
        findings.push(
            Finding::new(Code::UnknownRow, at, format!("la forme n’a pas de ligne `{name}`"))
                .label("nommée ici")
                .help("corrigez la clé"),
        );
    };
    for section in &layout.sections {
        for row in &section.rows {
            let Feed::Formula(formula) = &row.feed else {
                continue;
            };
            for term in &formula.terms {
                if let Term::Row { section, key, at, .. } = term
                    && !exists(section.as_deref(), key)
                {
                    unknown(key, *at);
                }
            }
        }
    }
    let pairs = layout.equal.iter().chain(&layout.even);
    let result = layout.result.iter().map(|result| (&result.value, &result.at));
    for (name, at) in pairs.flat_map(|(left, right, at)| [(left, at), (right, at)]).chain(result) {
        let (section, key) = name.split_once('.').unwrap_or(("", name));
        if !exists(Some(section), key) {
            unknown(name, *at);
        }
    }
}

fn column(text: &Spanned<String>, findings: &mut Vec<Finding>) -> Option<Column> {
    let found = Column::named(&text.value);
    if found.is_none() {
        let keys: Vec<&str> = Column::keys().collect();
        findings.push(
            Finding::new(Code::BadValue, text.at, format!("colonne inconnue : `{}`", text.value))
                .label("cette colonne")
                .help(format!("les colonnes sont : {}", keys.join(", "))),
        );
    }
    found
}
