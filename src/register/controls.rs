use rust_decimal::Decimal;

use super::fields::{Fields, Spanned};
use super::programmes::twice;
use super::selector::Selector;
use crate::diagnostic::{Code, Finding, Span};

/// The controls that a justification may cover; those of the letter E admit none.
pub const JUSTIFIABLE: [&str; 17] = [
    "W1", "W2", "W3", "W4", "W5", "W6a", "W6b", "W7", "W8", "W9", "W10", "W11", "W12", "W13",
    "W14", "W15", "W16",
];

/// From what a control begins to speak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// How old an open item of a third party may be at the closing, in days.
    pub unlettered_days: u32,
    /// How much an account may vary from one year to the next, in percent.
    pub variation: Decimal,
    /// What a variation must exceed too, in euros.
    pub variation_euros: Decimal,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            unlettered_days: 90,
            variation: Decimal::from(20),
            variation_euros: Decimal::from(5000),
        }
    }
}

/// Why a control that fails is accepted, for one fiscal year.
#[derive(Clone, Debug)]
pub struct Justification {
    /// The control: `W2`.
    pub code: Spanned<String>,
    /// The fiscal year, by name.
    pub year: Spanned<String>,
    /// Why.
    pub reason: String,
    /// The document that says so.
    pub piece: Option<String>,
    /// Where it is written.
    pub at: Span,
}

/// What a declaration is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeclarationKind {
    /// The declaration of wages (déclaration sociale nominative).
    Dsn,
    /// The tax on wages (2502).
    WageTax,
    /// The tax on financial income (2070, 2065).
    IncomeTax,
    /// The value added tax.
    Vat,
    /// Another one.
    Other,
}

impl DeclarationKind {
    /// Every kind, with its word in the register.
    pub const ALL: [(&'static str, Self); 5] = [
        ("dsn", Self::Dsn),
        ("taxe-salaires", Self::WageTax),
        ("impot-societes", Self::IncomeTax),
        ("tva", Self::Vat),
        ("autre", Self::Other),
    ];

    /// The word of the register.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }
}

/// The last declaration of a year: what it leaves to pay at the closing.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// The fiscal year, by name.
    pub year: Spanned<String>,
    /// Which declaration.
    pub kind: Spanned<DeclarationKind>,
    /// The accounts on which it is owed.
    pub accounts: Selector,
    /// What is left to pay; negative for a claim on the tax office.
    pub due: Spanned<Decimal>,
    /// The gross wages declared over the year.
    pub gross: Option<Spanned<Decimal>>,
}

/// The auditor that the association has named.
#[derive(Clone, Debug)]
pub struct Auditor {
    /// Its name.
    pub name: String,
    /// Where it is written.
    pub at: Span,
}

/// `controles.toml`: thresholds, justifications and what was declared elsewhere.
#[derive(Clone, Debug, Default)]
pub struct ControlPolicy {
    /// The thresholds.
    pub thresholds: Thresholds,
    /// The auditor.
    pub auditor: Option<Auditor>,
    /// The justifications.
    pub justifications: Vec<Justification>,
    /// The declarations.
    pub declarations: Vec<Declaration>,
}

impl ControlPolicy {
    /// The justification of a control for a fiscal year.
    pub fn justification(&self, code: &str, year: &str) -> Option<&Justification> {
        let own = |known: &&Justification| known.code.value == code && known.year.value == year;
        self.justifications.iter().find(own)
    }
}

/// Reads `controles.toml`.
pub(super) fn controls(top: Fields<'_, '_>, findings: &mut Vec<Finding>) -> ControlPolicy {
    let mut read = ControlPolicy::default();
    if let Some(fields) = top.table("seuils", findings) {
        read.thresholds = thresholds(fields, findings);
    }
    if let Some(fields) = top.table("commissaire", findings) {
        let name = fields.needed("nom", findings);
        filled("nom", &name, findings);
        read.auditor = Some(Auditor { name: name.value, at: fields.head() });
        fields.finish(findings);
    }
    for fields in top.tables("justification", findings) {
        let one = justification(fields, findings);
        if let Some(first) = read.justification(&one.code.value, &one.year.value) {
            findings.push(twice(&one.code, first.code.at, "cette justification"));
        }
        read.justifications.push(one);
    }
    for fields in top.tables("declaration", findings) {
        read.declarations.extend(declaration(&fields, findings));
        fields.finish(findings);
    }
    top.finish(findings);
    read
}

fn thresholds(fields: Fields<'_, '_>, findings: &mut Vec<Finding>) -> Thresholds {
    let mut read = Thresholds::default();
    if let Some(days) = fields.whole("non_lettre", findings) {
        read.unlettered_days = days.value;
    }
    for (key, value) in
        [("variation", &mut read.variation), ("variation_euros", &mut read.variation_euros)]
    {
        let Some(given) = fields.amount(key, findings) else { continue };
        if given.value < Decimal::ZERO {
            findings.push(
                Finding::new(Code::BadValue, given.at, format!("`{key}` ne peut être négatif"))
                    .label("ce seuil")
                    .help("écrivez un nombre sans signe moins"),
            );
        }
        *value = given.value;
    }
    fields.finish(findings);
    read
}

fn justification(fields: Fields<'_, '_>, findings: &mut Vec<Finding>) -> Justification {
    let code = fields.needed("controle", findings);
    known_code(&code, findings);
    let year = fields.needed("exercice", findings);
    let reason = fields.needed("motif", findings);
    filled("motif", &reason, findings);
    let piece = fields.text("piece", findings).map(|piece| piece.value);
    let at = fields.head();
    fields.finish(findings);
    Justification { code, year, reason: reason.value, piece, at }
}

/// A text that must say something.
fn filled(key: &str, text: &Spanned<String>, findings: &mut Vec<Finding>) {
    // A missing key was told as such, at the head of its table.
    let told = findings.last().is_some_and(|last| last.at == text.at);
    if text.value.trim().is_empty() && !told {
        findings.push(
            Finding::new(Code::BadValue, text.at, format!("`{key}` est vide"))
                .label("ne dit rien")
                .help("écrivez une phrase qu’un auditeur puisse vérifier"),
        );
    }
}

/// Whether a control may be justified; what blocks a closing never is.
fn known_code(code: &Spanned<String>, findings: &mut Vec<Finding>) {
    let text = code.value.as_str();
    if text.is_empty() || JUSTIFIABLE.contains(&text) {
        return;
    }
    let blocks = text.strip_prefix('E').is_some_and(|rank| rank.parse::<u32>().is_ok());
    let (message, label, help) = if blocks {
        (
            format!("le contrôle {text} ne se justifie pas"),
            "il bloque la clôture",
            "corrigez les livres : `compta controles` dit ce qu’il demande".to_owned(),
        )
    } else if text == "W6" {
        (
            "le contrôle W6 est en deux parts".to_owned(),
            "laquelle ?",
            "écrivez `W6a` (accordé et encaissé) ou `W6b` (accordé et constaté)".to_owned(),
        )
    } else {
        let known = format!("les contrôles qui se justifient sont : {}", JUSTIFIABLE.join(", "));
        (format!("contrôle inconnu : `{text}`"), "ce code", known)
    };
    findings.push(Finding::new(Code::BadValue, code.at, message).label(label).help(help));
}

fn declaration(fields: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> Option<Declaration> {
    let year = fields.needed("exercice", findings);
    fields.needed("genre", findings);
    let kind = fields.choice("genre", &DeclarationKind::ALL, findings);
    let accounts = fields.needed("comptes", findings);
    let accounts = Selector::parse(&accounts, findings);
    let due = fields.needed_amount("solde", findings);
    let gross = fields.amount("bruts", findings);
    for amount in std::iter::once(&due).chain(&gross) {
        if amount.value.normalize().scale() > 2 {
            let message = "un montant en euros a deux décimales au plus";
            findings.push(
                Finding::new(Code::BadValue, amount.at, message)
                    .label("plus fin que le centime")
                    .help("un montant en euros s’arrête aux centimes"),
            );
        }
    }
    let kind = kind?;
    if let Some(gross) = gross.as_ref().filter(|_| kind.value != DeclarationKind::Dsn) {
        findings.push(
            Finding::new(Code::BadValue, gross.at, "`bruts` est le total de la paie déclarée")
                .label("réservé à la DSN")
                .related(kind.at, "cette déclaration")
                .help("écrivez `genre = \"dsn\"`, ou retirez `bruts`"),
        );
    }
    Some(Declaration { year, kind, accounts, due, gross })
}
