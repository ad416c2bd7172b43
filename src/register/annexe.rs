use rust_decimal::Decimal;

use super::euros::euros_of;
use super::fields::{Fields, Spanned};
use super::selector::Selector;
use crate::diagnostic::{Code, Finding};

/// A titled paragraph.
#[derive(Clone, Debug)]
pub struct Paragraph {
    /// Its title.
    pub title: String,
    /// Its text.
    pub text: String,
}

/// Why a provision stands (PCG art. 833-12).
#[derive(Clone, Debug)]
pub struct Ground {
    /// The accounts.
    pub accounts: Selector,
    /// Why.
    pub text: String,
}

/// What of an account is due after a year (PCG art. 833-13).
#[derive(Clone, Debug)]
pub struct Term {
    /// The accounts.
    pub accounts: Selector,
    /// Whether the whole of it is.
    pub whole: bool,
    /// How much is due after one year, those after five included.
    pub after_one: Decimal,
    /// How much is due after five years.
    pub after_five: Decimal,
}

/// `annexe.toml`: the words that figures do not say.
#[derive(Clone, Debug, Default)]
pub struct Annexe {
    /// What the association is for (ANC 2018-06 art. 431-1).
    pub purpose: Option<String>,
    /// With what means.
    pub means: Option<String>,
    /// Accounting methods.
    pub methods: Vec<Paragraph>,
    /// Grounds of provisions.
    pub grounds: Vec<Ground>,
    /// Terms of receivables and debts.
    pub terms: Vec<Term>,
    /// Why voluntary contributions are not valued, or how they are (ANC 2018-06 art. 211-1).
    pub voluntary: Option<String>,
    /// Other notes.
    pub notes: Vec<Paragraph>,
}

/// Reads `annexe.toml`.
pub(super) fn annexe(top: Fields<'_, '_>, findings: &mut Vec<Finding>) -> Annexe {
    let words = |key, findings: &mut Vec<Finding>| top.text(key, findings).map(|text| text.value);
    let mut read = Annexe {
        purpose: words("objet", findings),
        means: words("moyens", findings),
        methods: paragraphs(&top, "methode", findings),
        ..Annexe::default()
    };
    for fields in top.tables("provision", findings) {
        let accounts = fields.needed("comptes", findings);
        let accounts = Selector::parse(&accounts, findings);
        let text = fields.needed("motif", findings).value;
        fields.finish(findings);
        read.grounds.push(Ground { accounts, text });
    }
    for fields in top.tables("echeance", findings) {
        let accounts = fields.needed("comptes", findings);
        let accounts = Selector::parse(&accounts, findings);
        let whole = fields.flag("tout", findings);
        let after_one = euros_of(&fields, "plus_d_un_an", findings);
        let after_five = euros_of(&fields, "plus_de_cinq_ans", findings);
        if let (Some(one), Some(five)) = (&after_one, &after_five)
            && five.value > one.value
        {
            findings.push(
                Finding::new(Code::BadValue, five.at, "plus à cinq ans qu’à un an")
                    .label("la part à plus de cinq ans")
                    .related(one.at, "celle à plus d’un an, qui la comprend")
                    .help("`plus_d_un_an` compte aussi ce qui est dû après cinq ans"),
            );
        }
        let value = |amount: Option<Spanned<Decimal>>| amount.map_or(Decimal::ZERO, |a| a.value);
        let (after_one, after_five) = (value(after_one), value(after_five));
        fields.finish(findings);
        read.terms.push(Term { accounts, whole, after_one, after_five });
    }
    if let Some(fields) = top.table("contributions_volontaires", findings) {
        read.voluntary = Some(fields.needed("texte", findings).value);
        fields.finish(findings);
    }
    read.notes = paragraphs(&top, "note", findings);
    top.finish(findings);
    read
}

fn paragraphs(
    top: &Fields<'_, '_>,
    key: &'static str,
    findings: &mut Vec<Finding>,
) -> Vec<Paragraph> {
    let mut read = Vec::new();
    for fields in top.tables(key, findings) {
        let title = fields.needed("titre", findings).value;
        let text = fields.needed("texte", findings).value;
        fields.finish(findings);
        read.push(Paragraph { title, text });
    }
    read
}
