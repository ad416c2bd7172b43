use super::fields::{Fields, Spanned};
use super::provisions::{Levels, levels};
use crate::diagnostic::{Code, Finding};

/// How the part of a grant that was not yet used is kept (ANC 2018-06 art. 132-1).
#[derive(Clone, Debug)]
pub struct Dedicated {
    /// The account: 194, 195 or 196.
    pub account: Spanned<String>,
    /// What is left at each closing; without them, the shares of the calendar so far less the charges
    /// that bear the convention's tag.
    pub levels: Option<Levels>,
    /// The account of what is reported: 6894 for 194.
    pub report: Option<Spanned<String>>,
    /// The account of what is used: 7894 for 194.
    pub used: Option<Spanned<String>>,
    /// The document that justifies it.
    pub document: Option<String>,
}

impl Dedicated {
    /// The account that keeps it, and the one that gives it back: 6894 and 7894 for 194.
    pub fn flows(&self) -> (String, String) {
        let rest = self.account.value.get(2..3).unwrap_or_default();
        let own = |told: &Option<Spanned<String>>, root: &str| {
            told.as_ref().map_or_else(|| format!("{root}{rest}"), |account| account.value.clone())
        };
        (own(&self.report, "689"), own(&self.used, "789"))
    }
}

/// Reads `[convention.fonds_dedies]`.
pub(super) fn dedicated(fields: &Fields<'_, '_>, findings: &mut Vec<Finding>) -> Option<Dedicated> {
    let table = fields.table("fonds_dedies", findings)?;
    let account = table.needed("compte", findings);
    let known = ["194", "195", "196"];
    if !account.value.is_empty() && !known.iter().any(|root| account.value.starts_with(root)) {
        findings.push(
            Finding::new(Code::BadValue, account.at, "des fonds dédiés sont en 194, 195 ou 196")
                .label("ce compte")
                .help("194 : subventions d’exploitation ; 195 : contributions financières ; 196 : générosité du public"),
        );
    }
    let levels = table.has("niveaux").then(|| levels(&table, findings));
    let report = table.text("report", findings);
    let used = table.text("utilisation", findings);
    let document = table.text("piece", findings).map(|text| text.value);
    table.finish(findings);
    Some(Dedicated { account, levels, report, used, document })
}
