use super::fields::{Fields, Spanned};
use super::selector::Selector;
use crate::diagnostic::{Code, Finding};

/// Where the amount of a resolution comes from.
#[derive(Clone, Debug)]
pub enum Voted {
    /// A vote without an amount.
    Nothing,
    /// The balance of some accounts, in the sense of their nature.
    Accounts(Selector),
    /// The result of the year.
    Result,
}

/// A resolution put to the vote, or a line that details one.
#[derive(Clone, Debug)]
pub struct Resolution {
    /// Its key; votes are numbered instead.
    pub key: Option<Spanned<String>>,
    /// Its words; `{montant}`, `{exercice}`, `{suivant}` and `{vers}` are filled in.
    pub text: String,
    /// Whether it is voted by itself.
    pub vote: bool,
    /// Its amount.
    pub voted: Voted,
    /// Where the result goes.
    pub to: Option<String>,
    /// Whether the amount is shown with its cents.
    pub cents: bool,
    /// The only fiscal year it is for.
    pub year: Option<Spanned<String>>,
}

/// Reads `resolutions.toml`.
pub(super) fn resolutions(top: Fields<'_, '_>, findings: &mut Vec<Finding>) -> Vec<Resolution> {
    let mut read = Vec::new();
    for fields in top.tables("resolution", findings) {
        let vote = fields.flag("vote", findings);
        let key = if vote { None } else { Some(fields.needed("cle", findings)) };
        let text = fields.needed("texte", findings);
        let accounts = fields.accounts("comptes", findings);
        let result = fields.flag("resultat", findings);
        let voted = match (accounts, result) {
            (Some(accounts), _) => Voted::Accounts(accounts),
            (None, true) => Voted::Result,
            (None, false) => Voted::Nothing,
        };
        placeholders(&fields, &text, findings);
        if matches!(voted, Voted::Nothing) && text.value.contains("{montant}") {
            let at = fields.part(&text, "{montant}");
            findings.push(
                Finding::new(Code::MissingKey, at, "rien ne dit quel est ce montant")
                    .label("resterait vide")
                    .help("ajoutez `comptes = \"…\"`, ou `resultat = true`"),
            );
        }
        let to = if gives_a_result_away(key.as_ref(), &text) && !fields.has("vers") {
            fields.missing("vers", "\"report à nouveau\"", findings);
            None
        } else {
            fields.text("vers", findings).map(|to| to.value)
        };
        let roundings = [("centime", true), ("euro", false)];
        let cents = fields.choice("arrondi", &roundings, findings).is_some_and(|cents| cents.value);
        let year = fields.text("exercice", findings);
        fields.finish(findings);
        read.push(Resolution { key, text: text.value, vote, voted, to, cents, year });
    }
    top.finish(findings);
    read
}

/// What a text may have filled in.
const PLACEHOLDERS: [&str; 4] = ["montant", "exercice", "suivant", "vers"];

/// Every `{…}` of a text is one that is filled in.
fn placeholders(fields: &Fields<'_, '_>, text: &Spanned<String>, findings: &mut Vec<Finding>) {
    let opened = text.value.split('{').skip(1);
    for name in opened.filter_map(|rest| rest.split_once('}')).map(|(name, _)| name) {
        if PLACEHOLDERS.contains(&name) {
            continue;
        }
        let near = PLACEHOLDERS
            .into_iter()
            .map(|known| (strsim::osa_distance(known, name), known))
            .min()
            .filter(|(distance, known)| *distance <= (known.len() / 3).max(1));
        let help = match near {
            Some((_, known)) => format!("vouliez-vous dire `{{{known}}}` ?"),
            None => "sont remplis : `{montant}`, `{exercice}`, `{suivant}`, `{vers}`".to_owned(),
        };
        let at = fields.part(text, &format!("{{{name}}}"));
        findings.push(
            Finding::new(Code::BadValue, at, format!("rien ne remplit `{{{name}}}`"))
                .label("imprimé tel quel")
                .help(help),
        );
    }
}

/// Whether a resolution says where a result goes: it must then say it.
fn gives_a_result_away(key: Option<&Spanned<String>>, text: &Spanned<String>) -> bool {
    text.value.contains("{vers}")
        || text.value.starts_with("Affectation")
        || key.is_some_and(|key| key.value.starts_with("affectation"))
}

/// Where a line of the summary takes its figure.
#[derive(Clone, Debug)]
pub enum Taken {
    /// A row of a statement: `bilan.passif.resultat`.
    Row(Spanned<String>),
    /// The balance of some accounts at the end of the year.
    Accounts(Selector),
}

/// A line of the summary (principaux éléments).
#[derive(Clone, Debug)]
pub struct SummaryLine {
    /// `actif` or `passif`.
    pub side: &'static str,
    /// Its key.
    pub key: Spanned<String>,
    /// Its label.
    pub label: String,
    /// Where its figure comes from.
    pub taken: Taken,
    /// Shown beside the others, never added.
    pub brackets: bool,
    /// Rounded to so many euros.
    pub rounding: u32,
}

/// Reads `principaux.toml`.
pub(super) fn summary(top: Fields<'_, '_>, findings: &mut Vec<Finding>) -> Vec<SummaryLine> {
    let mut read = Vec::new();
    for fields in top.tables("ligne", findings) {
        fields.needed("cote", findings);
        let sides = [("actif", "actif"), ("passif", "passif")];
        let side = fields.choice("cote", &sides, findings).map_or("actif", |side| side.value);
        let key = fields.needed("cle", findings);
        let label = fields.needed("libelle", findings).value;
        let taken = match fields.accounts("comptes", findings) {
            Some(accounts) => Taken::Accounts(accounts),
            None => Taken::Row(fields.needed("etat", findings)),
        };
        fields.has("etat").then(|| fields.text("etat", findings));
        let brackets = fields.flag("crochets", findings);
        let rounding = fields.count("arrondi", findings).unwrap_or(1);
        fields.finish(findings);
        read.push(SummaryLine { side, key, label, taken, brackets, rounding });
    }
    top.finish(findings);
    read
}
