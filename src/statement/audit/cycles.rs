use crate::chart::Edition;
use crate::diagnostic::{Code, Finding, SourceMap, Span, encoding};
use crate::measure::Sum;
use crate::register::{Fields, Selector, document};

/// Where a folder of books keeps cycles of its own.
pub const CYCLES_FILE: &str = "formes/cycles.toml";

const SHIPPED: &str = include_str!("cycles.toml");

/// A cycle of an audit: some accounts that are looked at together.
#[derive(Clone, Debug)]
pub struct Cycle {
    /// Its key: `tresorerie`.
    pub key: String,
    /// Its title.
    pub title: String,
    /// What it takes, by edition of the chart.
    takes: [Selector; 2],
    at: Span,
}

impl Cycle {
    fn reach(&self, number: &str, edition: Edition, balance: Sum) -> Option<usize> {
        let [old, new] = &self.takes;
        let selector = if edition == Edition::Anc2018 { old } else { new };
        selector.reach(number, balance)
    }
}

/// The cycles, in the order of their file.
#[derive(Clone, Debug, Default)]
pub struct Cycles(Vec<Cycle>);

impl Cycles {
    /// Every cycle.
    pub fn all(&self) -> &[Cycle] {
        &self.0
    }

    /// The cycles that take an account, by the longest prefix: one, when the cycles are a partition.
    pub fn takers(&self, number: &str, edition: Edition, balance: Sum) -> Vec<usize> {
        let reach = |cycle: &Cycle| cycle.reach(number, edition, balance);
        let longest = self.0.iter().filter_map(reach).max();
        let takes = |(_, cycle): &(usize, &Cycle)| longest.is_some() && reach(cycle) == longest;
        self.0.iter().enumerate().filter(takes).map(|(at, _)| at).collect()
    }

    /// The one cycle that takes an account; in none, or in two, it is a finding.
    pub(super) fn place(
        &self,
        number: &str,
        edition: Edition,
        balance: Sum,
        used: &dyn Fn() -> Span,
    ) -> Result<usize, Box<Finding>> {
        match self.takers(number, edition, balance)[..] {
            [one] => Ok(one),
            [first, second, ..] => {
                let (first, second) = (&self.0[first], &self.0[second]);
                let message = format!(
                    "le compte {number} tombe dans deux cycles : `{}` et `{}`",
                    first.key, second.key
                );
                Err(Box::new(
                    Finding::new(Code::TwoRows, second.at, message)
                        .label("le second")
                        .related(first.at, "le premier")
                        .help("allongez le préfixe du cycle qui doit le prendre"),
                ))
            }
            [] => {
                let message = format!("le compte {number} n’est dans aucun cycle");
                let help = format!("ajoutez son préfixe à un cycle de `{CYCLES_FILE}`");
                Err(Box::new(
                    Finding::new(Code::NoRow, used(), message).label("utilisé ici").help(help),
                ))
            }
        }
    }
}

/// Reads the cycles of the books' own folder, which join the sources, else the shipped ones.
///
/// # Panics
/// When the shipped cycles are not sound: that is our bug.
pub fn cycles(
    own: Option<Vec<u8>>,
    sources: &mut SourceMap,
    findings: &mut Vec<Finding>,
) -> Cycles {
    let Some(id) = own.and_then(|bytes| sources.add(CYCLES_FILE, bytes)) else {
        let mut found = Vec::new();
        let shipped = read(SHIPPED, 0, &mut found);
        assert!(found.is_empty(), "the shipped cycles: {found:?}");
        return shipped;
    };
    let source = sources.get(id);
    match std::str::from_utf8(source.bytes()) {
        Ok(text) => read(text, source.base(), findings),
        Err(error) => {
            findings.push(encoding(source.bytes(), error.valid_up_to(), source.base()));
            Cycles::default()
        }
    }
}

fn read(text: &str, base: u32, findings: &mut Vec<Finding>) -> Cycles {
    let document = match document(text, base) {
        Ok(document) => document,
        Err(finding) => {
            findings.push(*finding);
            return Cycles::default();
        }
    };
    let top = document.fields();
    let tables = top.tables("cycle", findings);
    let cycles: Vec<Cycle> = tables.into_iter().map(|table| cycle(table, findings)).collect();
    top.finish(findings);
    for (at, second) in cycles.iter().enumerate() {
        let Some(first) = cycles[..at].iter().find(|first| first.key == second.key) else {
            continue;
        };
        findings.push(
            Finding::new(
                Code::BadValue,
                second.at,
                format!("deux cycles ont la clé `{}`", second.key),
            )
            .label("la seconde")
            .related(first.at, "la première")
            .help("donnez à chaque cycle une clé à lui"),
        );
    }
    Cycles(cycles)
}

fn cycle(table: Fields<'_, '_>, findings: &mut Vec<Finding>) -> Cycle {
    let key = table.needed("cle", findings);
    let title = table.needed("titre", findings).value;
    let text = table.needed("comptes", findings);
    let old = Selector::parse(&text, findings);
    let new = table.accounts("comptes_2022", findings).unwrap_or_else(|| old.clone());
    table.finish(findings);
    Cycle { key: key.value, title, takes: [old, new], at: key.at }
}
