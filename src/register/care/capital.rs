use rust_decimal::Decimal;

use super::{CLIMATE, percent, tonnes};
use crate::diagnostic::{Code, Finding, Span};
use crate::measure::amount;
use crate::register::fields::{Fields, Spanned};
use crate::register::programmes::{off_a_hundred, twice};

/// What may become of a debt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Recoverable by not doing again what degraded (C1711).
    Avoidance,
    /// Recoverable by verified removals (C1712).
    Removal,
    /// No action pays it back (C172).
    Irrecoverable,
}

impl Class {
    /// Every class, in the order of the accounts.
    pub const ALL: [Self; 3] = [Self::Avoidance, Self::Removal, Self::Irrecoverable];

    /// The word of the register.
    pub fn word(self) -> &'static str {
        match self {
            Self::Avoidance => "evitement",
            Self::Removal => "sequestration",
            Self::Irrecoverable => "irrecouvrable",
        }
    }

    /// What a reader sees.
    pub fn name(self) -> &'static str {
        match self {
            Self::Avoidance => "recouvrable par évitement",
            Self::Removal => "recouvrable par séquestration",
            Self::Irrecoverable => "irrécouvrable",
        }
    }

    /// Whether a preservation action could still pay it back.
    pub fn is_recoverable(self) -> bool {
        self != Self::Irrecoverable
    }

    pub(super) const WORDS: [(&'static str, Self); 3] = [
        ("evitement", Self::Avoidance),
        ("sequestration", Self::Removal),
        ("irrecouvrable", Self::Irrecoverable),
    ];
}

/// How much of the year's use a capital bears without debt.
#[derive(Clone, Debug, Default)]
pub enum Threshold {
    /// Nothing: every tonne is owed.
    #[default]
    None,
    /// So many tonnes a year.
    Fixed(Decimal),
    /// So many tonnes a year for each full-time equivalent.
    PerFte(Decimal),
    /// A straight line from one year to another, level beyond both.
    Path {
        /// The first year, by name, and its tonnes.
        from: (Spanned<String>, Decimal),
        /// The last year, by name, and its tonnes.
        to: (Spanned<String>, Decimal),
    },
}

/// At what price debts stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Valuation {
    /// That of their year: a new price is for new lots only.
    #[default]
    Historical,
    /// That of each closing, through C686 and C786.
    Remeasured,
}

/// How what is owed is divided between the classes, in percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shares(pub [Decimal; 3]);

/// A capital entity: climate, a soil, a water, a team. No two are ever summed.
#[derive(Clone, Debug)]
pub struct Capital {
    /// Its identity: `climat`.
    pub id: Spanned<String>,
    /// Its label.
    pub label: String,
    /// Its number in accounts: 1 is climate; `C182` and `C682` are those of the second.
    pub number: u32,
    /// After how many years what is still recoverable no longer is.
    pub horizon: Option<u32>,
    /// At what price its debts stand.
    pub valuation: Valuation,
    /// Whether the emissions that the inventory finds make debts; else they are only measured.
    pub inventory_owes: bool,
    /// The threshold, with its place.
    pub threshold: Threshold,
    /// How what is beyond it is divided.
    pub shares: Option<Shares>,
    /// Where the shares, or the capital, are written.
    pub shares_at: Span,
}

/// Numbers that no other account of the model takes: C686 and C687 are prices and losses.
const NUMBERS: [u32; 6] = [2, 3, 4, 5, 8, 9];

/// Reads the `[[capital]]`s, climate first.
pub(super) fn capitals(top: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> Vec<Capital> {
    let mut read: Vec<Capital> = Vec::new();
    for fields in top.tables("capital", findings) {
        let capital = capital(&fields, findings);
        fields.finish(findings);
        if let Some(other) = read.iter().find(|other| other.id.value == capital.id.value) {
            findings.push(twice(&capital.id, other.id.at, "ce capital"));
        } else if let Some(other) = read.iter().find(|other| other.number == capital.number) {
            findings.push(
                Finding::new(
                    Code::NamedTwice,
                    capital.id.at,
                    format!("deux capitaux ont le numéro {}", capital.number),
                )
                .label("le second")
                .related(other.id.at, "le premier")
                .help("donnez à chacun un `numero` : leurs comptes ne se mêlent jamais"),
            );
        }
        read.push(capital);
    }
    read.sort_by_key(|capital| capital.number);
    read
}

fn capital(fields: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> Capital {
    let id = fields.needed("id", findings);
    let label = fields.text("libelle", findings).map_or_else(|| id.value.clone(), |l| l.value);
    let is_climate = id.value == CLIMATE;
    let number = number(fields, is_climate, findings);
    let horizon = fields.years("horizon", findings);
    let valuation = fields.choice(
        "valorisation",
        &[("historique", Valuation::Historical), ("reevaluee", Valuation::Remeasured)],
        findings,
    );
    let owes = fields.choice("emissions", &[("dettes", true), ("mesure", false)], findings);
    let threshold = fields.table("seuil", findings);
    let threshold = threshold.map(|fields| threshold_of(fields, findings));
    let (shares, shares_at) = match fields.table("partage", findings) {
        None => (None, id.at),
        Some(fields) => (shares(&fields, findings), fields.head()),
    };
    let owes_at = owes.as_ref().map_or(id.at, |owes| owes.at);
    let inventory_owes = owes.is_some_and(|owes| owes.value);
    if inventory_owes && shares.is_none() && shares_at == id.at {
        findings.push(
            Finding::new(Code::MissingKey, owes_at, "le partage des dettes manque")
                .label("ces émissions font des dettes")
                .help("ajoutez `partage = { sequestration = 60, irrecouvrable = 40 }` : ce qui peut encore être compensé, et le reste"),
        );
    }
    if inventory_owes && !is_climate {
        findings.push(
            Finding::new(Code::BadValue, owes_at, "seul le climat a un inventaire d’émissions")
                .label("pas pour ce capital")
                .help("donnez ses dettes par `[[lot]]`"),
        );
    }
    Capital {
        id,
        label,
        number,
        horizon,
        valuation: valuation.map(|valuation| valuation.value).unwrap_or_default(),
        inventory_owes,
        threshold: threshold.unwrap_or_default(),
        shares,
        shares_at,
    }
}

fn number(fields: &Fields<'_, '_>, is_climate: bool, findings: &mut Vec<Finding>) -> u32 {
    if is_climate {
        if let Some(number) = fields.whole("numero", findings).filter(|n| n.value != 1) {
            findings.push(
                Finding::new(Code::BadValue, number.at, "le climat a le numéro 1")
                    .label("ici 1, ou rien")
                    .help("retirez cette ligne"),
            );
        }
        return 1;
    }
    let Some(number) = fields.whole("numero", findings) else {
        if !fields.has("numero") {
            findings.push(
                Finding::new(Code::MissingKey, fields.head(), "la clé `numero` manque")
                    .label("dans cette table")
                    .help("ajoutez `numero = 2` : ses dettes seront en C1821 et C1822"),
            );
        }
        return 0;
    };
    if !NUMBERS.contains(&number.value) {
        findings.push(
            Finding::new(
                Code::BadValue,
                number.at,
                format!("`numero` ne peut être {}", number.value),
            )
            .label("déjà pris par le modèle")
            .help("les numéros libres sont 2, 3, 4, 5, 8 et 9"),
        );
    }
    number.value
}

#[derive(Clone, Copy)]
enum Kind {
    None,
    Fixed,
    PerFte,
    Path,
}

fn threshold_of(fields: Fields<'_, '_>, findings: &mut Vec<Finding>) -> Threshold {
    let words = [
        ("aucun", Kind::None),
        ("fixe", Kind::Fixed),
        ("par-etp", Kind::PerFte),
        ("lineaire", Kind::Path),
    ];
    fields.needed("genre", findings);
    let kind = fields.choice("genre", &words, findings).map_or(Kind::None, |kind| kind.value);
    let mut needed = |fields: &Fields<'_, '_>, key| {
        tonnes(fields, key, findings)
            .map_or_else(|| fields.needed_amount(key, findings).value, |given| given.value)
    };
    let threshold = match kind {
        Kind::None => Threshold::None,
        Kind::Fixed => Threshold::Fixed(needed(&fields, "tonnes")),
        Kind::PerFte => Threshold::PerFte(needed(&fields, "tonnes_par_etp")),
        Kind::Path => {
            let from = point(&fields, "depart", findings);
            let to = point(&fields, "arrivee", findings);
            match from.zip(to) {
                Some((from, to)) => Threshold::Path { from, to },
                None => Threshold::None,
            }
        }
    };
    fields.finish(findings);
    threshold
}

fn point(
    fields: &Fields<'_, '_>,
    key: &'static str,
    findings: &mut Vec<Finding>,
) -> Option<(Spanned<String>, Decimal)> {
    let Some(point) = fields.table(key, findings) else {
        if !fields.has(key) {
            findings.push(
                Finding::new(Code::MissingKey, fields.head(), format!("la clé `{key}` manque"))
                    .label("dans cette table")
                    .help(format!("ajoutez `{key} = {{ exercice = \"2024\", tonnes = 20 }}`")),
            );
        }
        return None;
    };
    let year = point.needed("exercice", findings);
    let given = tonnes(&point, "tonnes", findings);
    if given.is_none() {
        point.needed_amount("tonnes", findings);
    }
    point.finish(findings);
    Some((year, given?.value))
}

fn shares(fields: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> Option<Shares> {
    let mut parts = [Decimal::ZERO; 3];
    for (rank, class) in Class::ALL.into_iter().enumerate() {
        parts[rank] = percent(fields, class.word(), findings).map_or(Decimal::ZERO, |p| p.value);
    }
    let sum: Decimal = parts.iter().sum();
    if sum != Decimal::ONE_HUNDRED {
        findings.push(
            Finding::new(
                Code::KeyShares,
                fields.head(),
                format!("les parts des dettes font {}, pas 100", amount(sum, 0)),
            )
            .label("à répartir autrement")
            .help(off_a_hundred(sum)),
        );
        return None;
    }
    Some(Shares(parts))
}
