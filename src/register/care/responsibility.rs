use rust_decimal::Decimal;

use crate::diagnostic::{Code, Finding, Span};
use crate::measure::amount;
use crate::register::fields::{Fields, Spanned};
use crate::register::programmes::off_a_hundred;
use crate::register::selector::Selector;

/// How an emission is divided between those who answer for it.
#[derive(Clone, Debug)]
pub enum Parties {
    /// By shares of a hundred; the association itself is a party like another.
    Shares(Vec<(Spanned<String>, Decimal)>),
    /// By what each partner gave to the programme of the emission in the year.
    Funding,
}

/// A rule of shared responsibility: the first that takes an emission divides it.
#[derive(Clone, Debug)]
pub struct Responsibility {
    /// Its name.
    pub name: Spanned<String>,
    /// The programme whose emissions it takes; every programme when absent.
    pub programme: Option<Spanned<String>>,
    /// The factor whose emissions it takes; every factor when absent.
    pub factor: Option<Spanned<String>>,
    /// The accounts whose emissions it takes; every account when absent.
    pub accounts: Option<Selector>,
    /// The parties.
    pub parties: Parties,
    /// Why so.
    pub ground: String,
    /// Where it is written.
    pub at: Span,
}

pub(super) fn responsibilities(
    top: &Fields<'_, '_>,
    findings: &mut Vec<Finding>,
) -> Vec<Responsibility> {
    let mut read = Vec::new();
    for fields in top.tables("responsabilite", findings) {
        let name = fields.needed("nom", findings);
        let programme = fields.text("programme", findings);
        let factor = fields.text("facteur", findings);
        let accounts = fields.accounts("comptes", findings);
        let ground = fields.needed("motif", findings).value;
        let by_funding = fields.flag("selon_financement", findings);
        let parties = match fields.table("parties", findings) {
            Some(table) => Parties::Shares(shares(table, &name, findings)),
            None if by_funding => Parties::Funding,
            None => {
                findings.push(
                    Finding::new(Code::MissingKey, fields.head(), "aucune partie")
                        .label("entre qui ?")
                        .help("ajoutez `parties = { \"ADEME\" = 60, association = 40 }`, ou `selon_financement = true`"),
                );
                Parties::Funding
            }
        };
        let at = fields.head();
        fields.finish(findings);
        read.push(Responsibility { name, programme, factor, accounts, parties, ground, at });
    }
    read
}

fn shares(
    table: Fields<'_, '_>,
    name: &Spanned<String>,
    findings: &mut Vec<Finding>,
) -> Vec<(Spanned<String>, Decimal)> {
    let at = table.at();
    let given = table.every_amount(findings);
    let sum: Decimal = given.iter().map(|(_, share)| share.value).sum();
    for (_, share) in given.iter().filter(|(_, share)| share.value.is_sign_negative()) {
        findings.push(
            Finding::new(Code::BadValue, share.at, "une part ne peut être négative")
                .label("ici")
                .help("écrivez un pourcentage entre 0 et 100"),
        );
    }
    if sum != Decimal::ONE_HUNDRED {
        findings.push(
            Finding::new(
                Code::KeyShares,
                at,
                format!("les parts de « {} » font {}, pas 100", name.value, amount(sum, 0)),
            )
            .label("à répartir autrement")
            .help(off_a_hundred(sum)),
        );
    }
    given.into_iter().map(|(party, share)| (party, share.value)).collect()
}
