use rust_decimal::Decimal;
use unicode_normalization::UnicodeNormalization;

use super::unit::{ActivityUnit, Nature};
use crate::diagnostic::{Code, Finding, Span};
use crate::measure::Sum;
use crate::register::CarePolicy;

/// The shipped sets, oldest first: a closed year names the one it used.
const SHIPPED: [(&str, &str, &str); 1] =
    [("2025.1", include_str!("factors/2025.1.tsv"), include_str!("factors/2025.1-depenses.tsv"))];

/// The shipped factors that a policy takes, as a file: its name and its text.
pub fn shipped_factors(policy: &CarePolicy) -> (String, String) {
    let newest = SHIPPED[SHIPPED.len() - 1];
    let asked = policy.factor_set.as_ref();
    let found = asked.and_then(|asked| SHIPPED.iter().find(|set| set.0 == asked.value));
    let (version, rows, spending) = found.copied().unwrap_or(newest);
    (format!("facteurs-{version}.tsv"), format!("{rows}\n{spending}"))
}

/// The uncertainty of a factor whose source gives none, in percent, by nature: supposed, and shown so.
const SUPPOSED: Decimal = Decimal::from_parts(50, 0, 0, false, 0);

/// An emission factor: kilograms of CO₂ equivalent for one unit of activity.
#[derive(Clone, Debug)]
pub struct Factor {
    /// Its identity, as activities write it: `train-tgv`.
    pub id: String,
    /// Its label.
    pub label: String,
    /// The symbol of its unit.
    pub symbol: String,
    /// Its unit.
    pub unit: ActivityUnit,
    /// Kilograms of CO₂ equivalent for one unit.
    pub kilograms: Decimal,
    /// Its uncertainty in percent: the 95 % interval is the value divided and multiplied by 1 + u.
    pub uncertainty: Decimal,
    /// Whether that uncertainty is supposed, its source giving none.
    pub supposed: bool,
    /// The heading under which it is shown.
    pub category: String,
    /// The category of the French regulatory inventory (décret 2022-982): 1 to 6.
    pub beges: u32,
    /// Where it comes from.
    pub source: String,
    /// The year of its data.
    pub year: u32,
    /// Whether the association wrote it itself.
    pub own: bool,
}

impl Factor {
    /// The scope of the GHG Protocol: categories 1 and 2 are scopes 1 and 2, the others scope 3.
    pub fn scope(&self) -> u32 {
        self.beges.min(3)
    }

    /// The account of its emissions: `T60.deplacements.train-tgv`.
    pub fn account(&self) -> String {
        let word = |text: &str| -> String {
            let plain: String =
                text.nfd().filter(|c| c.is_ascii() || c.is_alphanumeric()).collect();
            let parts = plain.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
            parts.map(str::to_lowercase).collect::<Vec<String>>().join("-")
        };
        format!("T60.{}.{}", word(&self.category), word(&self.id))
    }

    /// Whether it counts money.
    pub fn is_monetary(&self) -> bool {
        self.unit.nature == Nature::Money
    }
}

/// The factors of a set of books: a shipped version, and the association's own.
#[derive(Clone, Debug)]
pub struct Factors {
    /// The shipped version.
    pub version: String,
    /// Every factor, the shipped ones first.
    pub list: Vec<Factor>,
    /// Which factor each prefix of accounts takes, the association's own first; `None` for none.
    shipped_spending: Vec<(&'static str, &'static str)>,
}

impl Factors {
    /// The factors that a policy asks for; unknown names are findings.
    pub fn of(policy: &CarePolicy, findings: &mut Vec<Finding>) -> Self {
        let newest = SHIPPED[SHIPPED.len() - 1];
        let asked = policy.factor_set.as_ref();
        let found = asked.map(|asked| SHIPPED.iter().find(|set| set.0 == asked.value));
        if let (Some(asked), Some(None)) = (asked, found) {
            let versions: Vec<&str> = SHIPPED.iter().map(|set| set.0).collect();
            findings.push(
                unknown(asked.at, format!("aucun jeu de facteurs `{}`", asked.value))
                    .help(format!("les jeux livrés sont : {}", versions.join(", "))),
            );
        }
        let (version, rows, spending) = found.flatten().copied().unwrap_or(newest);
        let mut list: Vec<Factor> = rows.lines().skip(1).filter_map(shipped).collect();
        own(policy, &mut list, findings);
        let pairs = spending.lines().skip(1).filter_map(|line| line.split_once('\t'));
        let factors = Self { version: version.to_owned(), list, shipped_spending: pairs.collect() };
        factors.check_spending(policy, findings);
        factors
    }

    /// The rank of a factor of another set, which joins this one when it has none of that name.
    pub(super) fn meet(&mut self, factor: &Factor) -> usize {
        if let Some(rank) = self.list.iter().position(|known| known.id == factor.id) {
            return rank;
        }
        self.list.push(factor.clone());
        self.list.len() - 1
    }

    /// The rank of a factor.
    pub fn rank(&self, id: &str) -> Option<usize> {
        self.list.iter().position(|factor| factor.id == id)
    }

    /// The identities that look like a mistyped one, at most three.
    pub fn near(&self, id: &str) -> Vec<&str> {
        let far = |known: &str| (!known.starts_with(id), strsim::osa_distance(known, id));
        let mut near: Vec<((bool, usize), &str)> =
            self.list.iter().map(|factor| (far(&factor.id), factor.id.as_str())).collect();
        near.sort_unstable();
        near.into_iter().take(3).map(|(_, id)| id).collect()
    }

    /// The factor that the spending of an account takes: the association's own rules first, the
    /// longest prefix winning; 63, 64, 68 and 69 take none.
    pub fn of_spending(&self, policy: &CarePolicy, number: &str) -> Option<usize> {
        let own = policy
            .spending
            .iter()
            .filter_map(|rule| Some((rule.accounts.reach(number, Sum::ZERO)?, rule)))
            .max_by_key(|(reach, _)| *reach);
        if let Some((_, rule)) = own {
            return rule.factor.as_ref().and_then(|factor| self.rank(&factor.value));
        }
        let shipped = self.shipped_spending.iter().filter(|(prefix, _)| number.starts_with(prefix));
        shipped.max_by_key(|(prefix, _)| prefix.len()).and_then(|(_, factor)| self.rank(factor))
    }

    fn check_spending(&self, policy: &CarePolicy, findings: &mut Vec<Finding>) {
        for named in policy.spending.iter().filter_map(|rule| rule.factor.as_ref()) {
            match self.rank(&named.value).map(|rank| &self.list[rank]) {
                None => findings.push(
                    unknown(named.at, format!("facteur inconnu : `{}`", named.value)).help(
                        format!("les plus proches sont : {}", self.near(&named.value).join(", ")),
                    ),
                ),
                Some(factor) if !factor.is_monetary() => findings.push(
                    Finding::new(
                        Code::FactorUnit,
                        named.at,
                        format!("`{}` compte des {}, pas des euros", factor.id, factor.symbol),
                    )
                    .label("pas un facteur monétaire")
                    .help(
                        "une dépense sans activité prend un facteur en k€, comme `depense-conseil`",
                    ),
                ),
                Some(_) => {}
            }
        }
    }
}

fn unknown(at: Span, message: String) -> Finding {
    Finding::new(Code::UnknownEcological, at, message).label("inconnu")
}

/// A line of a shipped set: an uncertainty followed by a star is supposed, from a sibling.
fn shipped(line: &str) -> Option<Factor> {
    let mut cells = line.split('\t');
    let mut next = || cells.next();
    let (id, label, symbol, kilograms) = (next()?, next()?, next()?, next()?);
    let (uncertainty, category, beges) = (next()?, next()?, next()?);
    let (source, year) = (next()?, next()?);
    Some(Factor {
        id: id.to_owned(),
        label: label.to_owned(),
        symbol: symbol.to_owned(),
        unit: ActivityUnit::parse(symbol)?,
        kilograms: Decimal::from_str_exact(kilograms).ok()?,
        uncertainty: Decimal::from_str_exact(uncertainty.trim_end_matches('*')).ok()?,
        supposed: uncertainty.ends_with('*'),
        category: category.to_owned(),
        beges: beges.parse().ok()?,
        source: source.to_owned(),
        year: year.parse().ok()?,
        own: false,
    })
}

/// Adds the association's own factors; one of the same name replaces the shipped one.
fn own(policy: &CarePolicy, list: &mut Vec<Factor>, findings: &mut Vec<Finding>) {
    for own in &policy.factors {
        let Some(unit) = ActivityUnit::parse(&own.unit.value) else {
            findings.push(unknown_unit(&own.unit.value, own.unit.at));
            continue;
        };
        let factor = Factor {
            id: own.id.value.clone(),
            label: own.label.clone(),
            symbol: own.unit.value.clone(),
            unit,
            kilograms: own.kilograms,
            uncertainty: own.uncertainty.unwrap_or(SUPPOSED),
            supposed: own.uncertainty.is_none(),
            category: own.category.clone(),
            beges: own.beges,
            source: own.source.clone(),
            year: own.year,
            own: true,
        };
        match list.iter_mut().find(|known| known.id == factor.id) {
            Some(known) => *known = factor,
            None => list.push(factor),
        }
    }
}

/// A unit that no factor knows.
pub(super) fn unknown_unit(symbol: &str, at: Span) -> Finding {
    let symbols: Vec<&str> = ActivityUnit::symbols().collect();
    Finding::new(Code::ActivityUnit, at, format!("unité d’activité inconnue : `{symbol}`"))
        .label("aucun facteur ne la connaît")
        .help(format!("les unités sont : {}", symbols.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_line_is_read() {
        for (version, rows, spending) in SHIPPED {
            let read: Vec<Factor> = rows.lines().skip(1).filter_map(shipped).collect();
            assert_eq!(read.len(), rows.lines().count() - 1, "{version}");
            let mut ids: Vec<&str> = read.iter().map(|factor| factor.id.as_str()).collect();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), read.len(), "{version}: one line, one name");
            assert!(read.iter().all(|factor| (1..=6).contains(&factor.beges)));
            for (account, factor) in spending.lines().skip(1).filter_map(|l| l.split_once('\t')) {
                let known = read.iter().find(|known| known.id == factor);
                assert!(known.is_some_and(Factor::is_monetary), "{account} {factor}");
                let none = ["63", "64", "68", "69"];
                assert!(none.iter().all(|prefix| !account.starts_with(prefix)), "{account}");
            }
        }
    }
}
