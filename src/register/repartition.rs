use super::fields::{Fields, Spanned};
use super::programmes::twice;
use super::selector::Selector;
use crate::diagnostic::{Code, Finding, Span};

/// What makes a slice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slicing {
    /// One slice, under that key and label.
    One {
        /// Its key.
        key: String,
        /// Its label.
        label: String,
    },
    /// One slice per partner named by the tags.
    ByPartner,
}

/// Slices of a pie: which accounts make them.
#[derive(Clone, Debug)]
pub struct Slice {
    /// One slice, or one per partner.
    pub slicing: Slicing,
    /// The accounts it takes; the longest prefix wins.
    pub accounts: Selector,
    /// Where its accounts are written.
    pub at: Span,
}

/// A pie.
#[derive(Clone, Debug, Default)]
pub struct Pie {
    /// Its title.
    pub title: String,
    /// Its slices, in order.
    pub slices: Vec<Slice>,
    /// Where it is written.
    pub at: Span,
}

/// `repartition.toml`: the pies of costs and of funding.
#[derive(Clone, Debug, Default)]
pub struct Repartition {
    /// Classes 6.
    pub costs: Option<Pie>,
    /// Classes 7.
    pub funding: Option<Pie>,
}

/// Reads `repartition.toml`.
pub(super) fn repartition(top: Fields<'_, '_>, findings: &mut Vec<Finding>) -> Repartition {
    let costs = top.table("couts", findings);
    let costs = costs.map(|fields| pie(fields, "Répartition des coûts", findings));
    let funding = top.table("financements", findings);
    let funding = funding.map(|fields| pie(fields, "Répartition des financements", findings));
    top.finish(findings);
    Repartition { costs, funding }
}

fn pie(fields: Fields<'_, '_>, title: &str, findings: &mut Vec<Finding>) -> Pie {
    let at = fields.at();
    let title = fields.text("titre", findings).map_or_else(|| title.to_owned(), |t| t.value);
    let mut slices = Vec::new();
    let mut keys: Vec<Spanned<String>> = Vec::new();
    for slice in fields.tables("tranche", findings) {
        let by = slice.choice("par", &[("partenaire", ())], findings);
        let slicing = if by.is_some() {
            Slicing::ByPartner
        } else {
            let key = slice.needed("cle", findings);
            if let Some(other) = keys.iter().find(|other| other.value == key.value) {
                findings.push(twice(&key, other.at, "cette tranche"));
            }
            keys.push(key.clone());
            Slicing::One { key: key.value, label: slice.needed("libelle", findings).value }
        };
        let accounts = slice.needed("comptes", findings);
        let selector = Selector::parse(&accounts, findings);
        slice.finish(findings);
        slices.push(Slice { slicing, accounts: selector, at: accounts.at });
    }
    fields.finish(findings);
    Pie { title, slices, at }
}

impl Pie {
    /// The slice that takes an account: the longest prefix wins.
    ///
    /// # Errors
    /// `None` when no slice does; the two that do when they reach as far.
    pub fn slice_of(&self, number: &str) -> Result<usize, Option<(usize, usize)>> {
        let nil = crate::measure::Sum::ZERO;
        let reach = |slice: &Slice| slice.accounts.reach(number, nil);
        let mut best: Option<(usize, usize)> = None;
        let mut equal = None;
        for (rank, slice) in self.slices.iter().enumerate() {
            let Some(length) = reach(slice) else { continue };
            match best {
                Some((known, _)) if known > length => {}
                Some((known, other)) if known == length => equal = Some((other, rank)),
                _ => (best, equal) = (Some((length, rank)), None),
            }
        }
        match (best, equal) {
            (_, Some(pair)) => Err(Some(pair)),
            (Some((_, rank)), None) => Ok(rank),
            (None, None) => Err(None),
        }
    }
}

/// An account that no slice takes, or two do; `at` is a posting of it.
pub fn misplaced(pie: &Pie, number: &str, which: Option<(usize, usize)>, at: Span) -> Finding {
    match which {
        None => Finding::new(
            Code::SliceForgets,
            pie.at,
            format!("le compte {number} n’est dans aucune tranche de « {} »", pie.title),
        )
        .label("cette répartition")
        .related(at, "le compte est utilisé ici")
        .help(format!(
            "ajoutez son préfixe aux `comptes` d’une tranche, par exemple `{}`",
            number.chars().take(3).collect::<String>()
        )),
        Some((first, second)) => Finding::new(
            Code::SliceRepeats,
            pie.slices[second].at,
            format!("le compte {number} est dans deux tranches de « {} »", pie.title),
        )
        .label("la seconde")
        .related(pie.slices[first].at, "la première")
        .help("allongez le préfixe de la tranche qui doit le prendre"),
    }
}
