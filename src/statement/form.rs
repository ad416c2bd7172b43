use super::formula::{Formula, Term};
use super::selector::Selector;
use crate::chart::Edition;
use crate::diagnostic::{Code, Finding, SourceMap, Span};
use crate::register::{Fields, Spanned, document};

/// The forms that compta ships, by name.
const SHIPPED: [(&str, &str); 3] = [
    ("ag", include_str!("forms/ag.toml")),
    ("anc-2018-06", include_str!("forms/anc-2018-06.toml")),
    ("cerfa-12156", include_str!("forms/cerfa-12156.toml")),
];

/// Which of the two statements a form describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Actif and passif at the end of the year.
    Bilan,
    /// Charges and produits of the year.
    Resultat,
}

impl Kind {
    /// The word that begins its row keys and its schema: `bilan`, `resultat`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bilan => "bilan",
            Self::Resultat => "resultat",
        }
    }
}

/// A column that a form may show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// Gross value of assets.
    Brut,
    /// Amortissements and dépréciations.
    Amort,
    /// Net value of assets.
    Net,
    /// Net value of assets, the year before.
    NetN1,
    /// The year.
    N,
    /// The year before.
    N1,
    /// The year in the CARE ledger.
    Care,
    /// The budget (budget prévisionnel).
    Bp,
}

impl Column {
    const ALL: [(&'static str, Self); 8] = [
        ("brut", Self::Brut),
        ("amort", Self::Amort),
        ("net", Self::Net),
        ("net_n1", Self::NetN1),
        ("n", Self::N),
        ("n1", Self::N1),
        ("care", Self::Care),
        ("bp", Self::Bp),
    ];

    /// The key that forms and JSON use.
    pub fn key(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, column)| *column == self)
            .map_or("", |(key, _)| key)
    }

    fn parse(text: &Spanned<String>, findings: &mut Vec<Finding>) -> Option<Self> {
        let found = Self::ALL
            .iter()
            .find(|(key, _)| *key == text.value)
            .map(|(_, column)| *column);
        if found.is_none() {
            let keys: Vec<&str> = Self::ALL.iter().map(|(key, _)| *key).collect();
            findings.push(
                Finding::new(
                    Code::BadValue,
                    text.at,
                    format!("colonne inconnue : `{}`", text.value),
                )
                .label("cette colonne")
                .help(format!("les colonnes sont : {}", keys.join(", "))),
            );
        }
        found
    }
}

/// What a row is, for who reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Genre {
    /// A title without amounts.
    Heading,
    /// A line fed by accounts, or the sum of its own sub-lines.
    Line,
    /// One account of the line above.
    Detail,
    /// A sum of lines.
    Subtotal,
    /// The last sum.
    Total,
    /// A figure shown beside the others and never added: in brackets.
    Memo,
}

impl Genre {
    /// The word that JSON and CSV use.
    pub fn role(self) -> &'static str {
        match self {
            Self::Heading => "heading",
            Self::Line => "line",
            Self::Detail => "detail",
            Self::Subtotal => "subtotal",
            Self::Total => "total",
            Self::Memo => "memo",
        }
    }
}

/// Where the amounts of a row come from.
#[derive(Clone, Debug)]
pub(super) enum Feed {
    /// Nothing: a heading.
    Nothing,
    /// Accounts, by edition of the chart: gross (or plain) and amortissement.
    Accounts {
        plain: [Selector; 2],
        amort: [Selector; 2],
    },
    /// Other rows.
    Formula(Formula),
}

/// A row of a form.
#[derive(Clone, Debug)]
pub struct FormRow {
    /// The key, unique in its section; empty for a heading.
    pub key: String,
    /// The label as printed.
    pub label: String,
    /// What it is for the reader.
    pub genre: Genre,
    /// How deep it stands under another line.
    pub depth: u32,
    /// Shown even when nil.
    pub always: bool,
    /// Followed by one line per account.
    pub detail: bool,
    /// Rounded for display to that many euros.
    pub rounding: u32,
    /// The columns in which it is shown; all of them when empty.
    pub columns: Vec<Column>,
    /// What a reader must know of its definition.
    pub note: Option<String>,
    /// A total that it may be compared with (`actif.total_general`): the gap is said.
    pub facing: Option<String>,
    /// Whether a positive figure is a debit.
    pub(super) debit: bool,
    pub(super) feed: Feed,
    pub(super) at: Span,
}

/// A side of a statement: `actif`, `passif`, `charges`, `produits`, or `liste`.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its name, the middle of row keys.
    pub name: &'static str,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, in order.
    pub rows: Vec<FormRow>,
}

/// One statement of a form.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) title: String,
    pub(super) sections: Vec<Section>,
    pub(super) outside: [Selector; 2],
    /// Pairs of rows that must be equal, with their place.
    pub(super) equal: Vec<(String, String, Span)>,
    /// Pairs of rows that should be equal: a gap is a warning.
    pub(super) even: Vec<(String, String, Span)>,
    /// The row that holds the result of the year.
    pub(super) result: Option<String>,
}

/// A form: how statements are laid out, as data.
#[derive(Clone, Debug)]
pub struct Form {
    /// The name that `--forme` takes.
    pub name: String,
    /// Its title.
    pub title: String,
    pub(super) bilan: Option<Layout>,
    pub(super) resultat: Option<Layout>,
}

impl Form {
    /// Whether the form has that statement.
    pub fn has(&self, kind: Kind) -> bool {
        self.layout(kind).is_some()
    }

    pub(super) fn layout(&self, kind: Kind) -> Option<&Layout> {
        match kind {
            Kind::Bilan => self.bilan.as_ref(),
            Kind::Resultat => self.resultat.as_ref(),
        }
    }
}

/// Reads the shipped forms, and those of the books' own folder, which win over a shipped name.
///
/// `own` are (path, text); every form joins the sources, so that findings can point into it.
pub fn forms(
    own: Vec<(String, Vec<u8>)>,
    sources: &mut SourceMap,
    findings: &mut Vec<Finding>,
) -> Vec<Form> {
    let shipped = SHIPPED.iter().map(|(name, text)| {
        (
            format!("formes/{name}.toml (livrée)"),
            text.as_bytes().to_vec(),
        )
    });
    let mut forms: Vec<Form> = Vec::new();
    for (path, bytes) in shipped.chain(own) {
        let Some(id) = sources.add(path, bytes) else {
            continue;
        };
        let source = sources.get(id);
        let text = std::str::from_utf8(source.bytes()).unwrap_or_default();
        if let Some(form) = form(text, source.base(), findings) {
            forms.retain(|known| known.name != form.name);
            forms.push(form);
        }
    }
    forms
}

fn form(text: &str, base: u32, findings: &mut Vec<Finding>) -> Option<Form> {
    let document = match document(text, base) {
        Ok(document) => document,
        Err(finding) => {
            findings.push(*finding);
            return None;
        }
    };
    let top = document.fields();
    let name = top.needed("forme", findings).value;
    let title = top.needed("titre", findings).value;
    let bilan = top.table("bilan", findings).map(|table| {
        layout(
            table,
            &[
                ("actif", "colonnes_actif", true),
                ("passif", "colonnes_passif", false),
            ],
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
    let form = Form {
        name,
        title,
        bilan,
        resultat,
    };
    for layout in [&form.bilan, &form.resultat].into_iter().flatten() {
        check_keys(layout, findings);
    }
    Some(form)
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
            .filter_map(|pair| match &pair.value[..] {
                [left, right] => Some((left.clone(), right.clone(), pair.at)),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    let equal = pairs("egaux", findings);
    let even = pairs("equilibre", findings);
    let result = table.text("resultat", findings).map(|text| text.value);
    let sections = sections
        .iter()
        .filter_map(|(name, columns, debit)| {
            let rows: Vec<FormRow> = table
                .tables(name, findings)
                .into_iter()
                .map(|fields| row(fields, *debit, findings))
                .collect();
            let columns = table.texts(columns, findings);
            let columns = columns
                .iter()
                .filter_map(|text| Column::parse(text, findings))
                .collect();
            (!rows.is_empty()).then_some(Section {
                name,
                columns,
                rows,
            })
        })
        .collect();
    table.finish(findings);
    Layout {
        title,
        sections,
        outside: [outside.clone(), outside],
        equal,
        even,
        result,
    }
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
            facing: None,
            debit,
            feed: Feed::Nothing,
            at,
        };
    }
    let key = fields.needed("cle", findings);
    let label = fields.needed("libelle", findings).value;
    let sense = fields.text("sens", findings);
    let debit = sense.map_or(debit, |sense| sense.value == "charge");
    let sum = fields.texts("somme", findings);
    let formula = fields.text("formule", findings);
    let (by_sum, by_formula) = (!sum.is_empty(), formula.is_some());
    let feed = match formula {
        Some(text) => Feed::Formula(Formula::parse(&text, findings)),
        None if by_sum => Feed::Formula(Formula::sum(&sum)),
        None => accounts(&fields, findings),
    };
    let genre = genre(
        fields.text("genre", findings),
        by_sum || by_formula,
        findings,
    );
    let columns = fields.texts("colonnes", findings);
    let row = FormRow {
        key: key.value,
        label,
        genre,
        depth: fields.count("niveau", findings).unwrap_or(0),
        always: fields.flag("toujours", findings)
            || matches!(genre, Genre::Subtotal | Genre::Total),
        detail: fields.flag("detail", findings),
        rounding: fields.count("arrondi", findings).unwrap_or(1),
        columns: columns
            .iter()
            .filter_map(|text| Column::parse(text, findings))
            .collect(),
        note: fields.text("note", findings).map(|note| note.value),
        facing: fields.text("face_a", findings).map(|facing| facing.value),
        debit,
        feed,
        at: key.at,
    };
    fields.finish(findings);
    row
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
    Feed::Accounts {
        plain: [plain, since],
        amort: [amort.clone(), amort],
    }
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
                    Finding::new(
                        Code::BadValue,
                        word.at,
                        format!("genre inconnu : `{other}`"),
                    )
                    .label("ce genre")
                    .help("les genres sont : ligne, sous-total, total, memo"),
                );
                Genre::Line
            }
        },
    }
}

/// Every row that a formula or a pair names exists.
fn check_keys(layout: &Layout, findings: &mut Vec<Finding>) {
    let exists = |section: Option<&str>, key: &str| {
        layout
            .sections
            .iter()
            .filter(|known| section.is_none_or(|section| section == known.name))
            .any(|known| known.rows.iter().any(|row| row.key == key))
    };
    let mut unknown = |name: &str, at: Span| {
        findings.push(
            Finding::new(
                Code::UnknownRow,
                at,
                format!("la forme n’a pas de ligne `{name}`"),
            )
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
                if let Term::Row {
                    section, key, at, ..
                } = term
                    && !exists(section.as_deref(), key)
                {
                    unknown(key, *at);
                }
            }
        }
    }
    let pairs = layout.equal.iter().chain(&layout.even);
    for (name, at) in pairs.flat_map(|(left, right, at)| [(left, at), (right, at)]) {
        let (section, key) = name.split_once('.').unwrap_or(("", name));
        if !exists(Some(section), key) {
            unknown(name, *at);
        }
    }
}

/// The rank of an edition in the pairs that forms keep.
pub(super) fn rank(edition: Edition) -> usize {
    usize::from(edition == Edition::Anc2022)
}
