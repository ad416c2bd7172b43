use rust_decimal::Decimal;

use super::fields::{Fields, Spanned};
use super::selector::Selector;
use crate::diagnostic::{Code, Finding, Span};
use crate::measure::amount;

/// A programme, or the structure that receives what belongs to none.
#[derive(Clone, Debug)]
pub struct Programme {
    /// The value of the tag `programme`.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Whether it is the structure.
    pub structure: bool,
    /// Where its code is written.
    pub at: Span,
}

/// How some shared costs of the structure are spread over the programmes.
#[derive(Clone, Debug)]
pub struct AllocationKey {
    /// Its name.
    pub name: String,
    /// The fiscal year for which it holds; every year without one.
    pub year: Option<Spanned<String>>,
    /// The accounts whose costs it spreads.
    pub accounts: Selector,
    /// The share of each programme, in percent, by its rank; they sum to one hundred.
    pub shares: Vec<(usize, Decimal)>,
    /// What the shares rest on.
    pub source: Option<String>,
    /// Where its accounts are written.
    pub at: Span,
}

impl AllocationKey {
    /// Whether it holds in the fiscal year of that name.
    pub fn holds(&self, year: &str) -> bool {
        self.year.as_ref().is_none_or(|named| named.value == year)
    }

    /// Whether there is a fiscal year in which both hold.
    fn meets(&self, other: &Self) -> bool {
        self.year.as_ref().is_none_or(|named| other.holds(&named.value))
    }
}

/// `programmes.toml`: the programmes in the order of the tables, and the allocation keys.
#[derive(Clone, Debug, Default)]
pub struct Programmes {
    /// The programmes.
    pub list: Vec<Programme>,
    /// The allocation keys.
    pub keys: Vec<AllocationKey>,
}

impl Programmes {
    /// The rank of a code.
    pub fn rank(&self, code: &str) -> Option<usize> {
        self.list.iter().position(|programme| programme.code == code)
    }

    /// The rank of the structure.
    pub fn structure(&self) -> usize {
        self.list.iter().position(|programme| programme.structure).unwrap_or(0)
    }

    /// The codes, to help who mistyped one.
    pub fn codes(&self) -> String {
        let codes: Vec<&str> = self.list.iter().map(|programme| programme.code.as_str()).collect();
        codes.join(", ")
    }
}

/// Reads `programmes.toml`.
pub(super) fn programmes(top: Fields<'_, '_>, findings: &mut Vec<Finding>) -> Programmes {
    let whole = top.at();
    let mut read = Programmes::default();
    for fields in top.tables("programme", findings) {
        let code = fields.needed("code", findings);
        if let Some(other) = read.list.iter().find(|other| other.code == code.value) {
            findings.push(twice(&code, other.at, "ce programme"));
        }
        let name = fields.needed("nom", findings);
        let structure = fields.flag("structure", findings);
        read.list.push(Programme { code: code.value, name: name.value, structure, at: code.at });
        fields.finish(findings);
    }
    one_structure(&read, whole, findings);
    for fields in top.tables("cle", findings) {
        let key = key(fields, &read, findings);
        findings.extend(shared(&key, &read.keys));
        read.keys.push(key);
    }
    top.finish(findings);
    read
}

/// Two lines of a register under one name; `what` begins with its article, which gives the gender.
pub(super) fn twice(name: &Spanned<String>, other: Span, what: &str) -> Finding {
    let feminine = ["cette ", "une ", "la "].iter().any(|article| what.starts_with(article));
    let written = if feminine { "écrite" } else { "écrit" };
    Finding::new(Code::NamedTwice, name.at, format!("{what} est déjà {written} : `{}`", name.value))
        .label("la seconde fois")
        .related(other, "la première")
        .help("gardez une seule des deux lignes, ou donnez-lui un autre nom")
}

fn one_structure(read: &Programmes, whole: Span, findings: &mut Vec<Finding>) {
    let mut structures = read.list.iter().filter(|programme| programme.structure);
    let finding = match (structures.next(), structures.next()) {
        (Some(_), None) => return,
        (None, _) => {
            let at = read.list.first().map_or(Span::new(whole.start, whole.start), |p| p.at);
            Finding::new(Code::BadValue, at, "aucun programme n’est la structure")
                .label("il en faut un")
                .help("ajoutez un `[[programme]]` avec `structure = true`")
        }
        (Some(first), Some(second)) => {
            Finding::new(Code::BadValue, second.at, "deux programmes sont la structure")
                .label("la seconde")
                .related(first.at, "la première")
                .help("gardez un seul `structure = true`")
        }
    };
    findings.push(finding);
}

fn key(fields: Fields<'_, '_>, read: &Programmes, findings: &mut Vec<Finding>) -> AllocationKey {
    let name = fields.needed("nom", findings);
    let year = fields.text("exercice", findings);
    let accounts = fields.needed("comptes", findings);
    let accounts_at = accounts.at;
    let accounts = Selector::parse(&accounts, findings);
    let source = fields.text("source", findings).map(|source| source.value);
    let mut shares = Vec::new();
    let table = fields.table("parts", findings);
    let at = table.as_ref().map_or(name.at, Fields::at);
    let given = table.map(|table| table.every_amount(findings)).unwrap_or_default();
    for (code, share) in given {
        match read.rank(&code.value) {
            Some(rank) => shares.push((rank, share.value)),
            None => findings.push(unknown_programme(&code, read)),
        }
        if share.value.is_sign_negative() {
            findings.push(
                Finding::new(Code::BadValue, share.at, "une part ne peut être négative")
                    .label("ici")
                    .help("écrivez un pourcentage entre 0 et 100"),
            );
        }
    }
    let sum: Decimal = shares.iter().map(|(_, share)| *share).sum();
    if sum != Decimal::ONE_HUNDRED {
        findings.push(
            Finding::new(
                Code::KeyShares,
                at,
                format!("les parts de la clé « {} » font {}, pas 100", name.value, amount(sum, 0)),
            )
            .label("à répartir autrement")
            .help(off_a_hundred(sum)),
        );
    }
    fields.finish(findings);
    AllocationKey { name: name.value, year, accounts, shares, source, at: accounts_at }
}

/// An account belongs to one key a year: two must not take it by a prefix of the same length.
fn shared(key: &AllocationKey, before: &[AllocationKey]) -> Option<Finding> {
    let mut others = before.iter().filter(|other| other.meets(key));
    let (other, prefix) = others
        .find_map(|other| key.accounts.shared(&other.accounts).map(|prefix| (other, prefix)))?;
    let year = key.year.as_ref().or(other.year.as_ref());
    let when = year.map_or_else(String::new, |year| format!(" en {}", year.value));
    let (first, second) = (&other.name, &key.name);
    let message =
        format!("le compte {prefix} relève de deux clés{when} : « {first} » et « {second} »");
    Some(
        Finding::new(Code::SliceRepeats, key.at, message)
            .label("la seconde")
            .related(other.at, "la première")
            .help("retirez-le de l’une, ou allongez le préfixe de celle qui doit le prendre"),
    )
}

/// What shares lack of a hundred, or have beyond it.
pub(super) fn off_a_hundred(sum: Decimal) -> String {
    let gap = Decimal::ONE_HUNDRED - sum;
    if gap.is_sign_negative() {
        format!("{} de trop", amount(-gap, 0))
    } else {
        format!("il manque {}", amount(gap, 0))
    }
}

/// A programme that the register does not have.
pub(super) fn unknown_programme(code: &Spanned<String>, read: &Programmes) -> Finding {
    Finding::new(Code::UnknownProgramme, code.at, format!("programme inconnu : `{}`", code.value))
        .label("absent de `programmes.toml`")
        .help(format!("les programmes sont : {}", read.codes()))
}
