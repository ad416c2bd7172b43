use rust_decimal::Decimal;

use super::knowledge::{Cell, Index, Known, Nature};
use crate::measure::rounded_euros;

/// A rule that explains a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// A sum that took an empty cell for nothing.
    EmptyCell,
    /// A total without one of its rows.
    MissingRow,
    /// A debt added to fonds propres.
    DebtInEquity,
    /// A stock in a flow.
    StockInFlow,
    /// A total that its printed parts cannot give.
    Impossible,
    /// A figure copied wrong.
    Slip,
}

impl Rule {
    /// The rule as a reader names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::EmptyCell => "somme sur une cellule vide",
            Self::MissingRow => "total sans une de ses lignes",
            Self::DebtInEquity => "dette ajoutée à des fonds propres",
            Self::StockInFlow => "stock dans un flux",
            Self::Impossible => "total qui ne peut venir de ses parties imprimées",
            Self::Slip => "faute de copie",
        }
    }
}

/// Why a published figure is what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The rule.
    pub rule: Rule,
    /// The sentence, with the rows and the amounts.
    pub text: String,
}

impl Reason {
    fn new(rule: Rule, text: String) -> Self {
        Self { rule, text }
    }
}

/// What is wrong in the definition of a figure, whether or not it was published well.
pub(super) fn remarks(index: &Index<'_>, known: &Known) -> Vec<Reason> {
    let found = [partial(index, known), debt_within(index, known), stock_within(index, known)];
    found.into_iter().flatten().collect()
}

/// What explains a published figure that the books do not give.
pub(super) fn explain(index: &Index<'_>, known: &Known, value: Decimal) -> Option<Reason> {
    empty_cell(index, known, value)
        .or_else(|| missing_row(index, known, value))
        .or_else(|| added_debt(index, known, value))
        .or_else(|| added_stock(index, known, value))
        .or_else(|| impossible(index, known, value))
}

/// By how much a sum of so many rounded terms may miss.
fn slack(terms: usize) -> Decimal {
    Decimal::new(5, 1) * Decimal::from(terms + 1)
}

/// Our own total misses the total it faces by exactly one row of its side.
fn partial(index: &Index<'_>, known: &Known) -> Option<Reason> {
    let facing = facing(index, known)?;
    let gap = facing.exact - known.exact;
    if gap.is_zero() {
        return None;
    }
    let lost = lost(index, known, gap)?;
    let text = format!(
        "« {} » laisse de côté « {} » ({}) : « {} » fait {}",
        known.label,
        lost.label,
        euros(lost.exact),
        facing.label,
        euros(facing.exact)
    );
    Some(Reason::new(Rule::MissingRow, text))
}

fn facing<'k>(index: &Index<'k>, known: &Known) -> Option<&'k Known> {
    let key = known.facing.as_ref()?;
    let column = match known.column.as_str() {
        "n" => "net",
        "n1" => "net_n1",
        "net" => "n",
        "net_n1" => "n1",
        other => other,
    };
    index.known(key, column).or_else(|| index.known(key, &known.column))
}

/// The line of the same side that is worth a gap.
fn lost<'k>(index: &Index<'k>, known: &Known, gap: Decimal) -> Option<&'k Known> {
    let side = known.key.rsplit_once('.').map_or("", |(side, _)| side);
    let mut lines = index.column(&known.column).filter(|line| {
        line.parts.is_empty() && line.key.rsplit_once('.').is_some_and(|(of, _)| of == side)
    });
    lines.find(|line| line.exact == gap)
}

/// A debt is among the rows that make fonds propres.
fn debt_within(index: &Index<'_>, known: &Known) -> Option<Reason> {
    if known.nature != Nature::Equity {
        return None;
    }
    let below = index.below(index.known(&known.key, &known.column)?);
    let (debt, _) =
        below.iter().find(|(row, _)| row.nature == Nature::Debt && !row.exact.is_zero())?;
    let text = format!(
        "« {} » comprend « {} » ({}), qui est une dette",
        known.label,
        debt.label,
        euros(debt.exact)
    );
    Some(Reason::new(Rule::DebtInEquity, text))
}

/// A stock is among the rows that make a flow.
fn stock_within(index: &Index<'_>, known: &Known) -> Option<Reason> {
    if known.nature != Nature::Flow {
        return None;
    }
    let below = index.below(index.known(&known.key, &known.column)?);
    let stocks: Vec<String> = below
        .iter()
        .filter(|(row, _)| {
            matches!(row.nature, Nature::Debt | Nature::Stock) && !row.exact.is_zero()
        })
        .map(|(row, _)| format!("« {} » ({})", row.label, euros(row.exact)))
        .collect();
    let text = format!(
        "« {} » oppose au résultat d’une année {}, qui sont des cumuls",
        known.label,
        stocks.join(" et ")
    );
    (!stocks.is_empty()).then(|| Reason::new(Rule::StockInFlow, text))
}

/// The parts of a total, and the same with some of them folded into another row that sums just them.
fn decompositions<'k>(index: &Index<'k>, known: &Known) -> Vec<Vec<(&'k str, bool)>> {
    let Some(total) = index.known(&known.key, &known.column) else {
        return Vec::new();
    };
    let own: Vec<(&str, bool)> =
        total.parts.iter().map(|part| (part.key.as_str(), part.negative)).collect();
    let mut all = vec![own.clone()];
    for other in index.column(&known.column) {
        let within = other.parts.iter().all(|p| own.contains(&(p.key.as_str(), p.negative)));
        if other.key == known.key || other.parts.is_empty() || !within {
            continue;
        }
        let folds = |key: &str| other.parts.iter().any(|part| part.key == key);
        let mut folded: Vec<(&str, bool)> =
            own.iter().copied().filter(|(key, _)| !folds(key)).collect();
        folded.push((other.key.as_str(), false));
        all.push(folded);
    }
    all
}

/// The published total is the sum of the published parts, one of which has no figure.
fn empty_cell(index: &Index<'_>, known: &Known, value: Decimal) -> Option<Reason> {
    for parts in decompositions(index, known) {
        let mut sum = Decimal::ZERO;
        let mut empty: Option<&Known> = None;
        let mut whole = parts.len() > 1;
        for (key, negative) in &parts {
            let part = index.known(key, &known.column);
            let nil = part.is_none_or(|part| part.exact.is_zero());
            match (index.published(key, &known.column), part) {
                (Cell::Figure(cell), _) => sum += if *negative { -cell } else { cell },
                (Cell::Empty, Some(part)) if !nil && empty.is_none() => empty = Some(part),
                _ => whole &= nil,
            }
        }
        let Some(empty) = empty.filter(|_| whole) else { continue };
        if (sum - value).abs() < slack(parts.len()) {
            let text = format!(
                "la cellule de « {} » est vide : la somme s’arrête à {}, le total est {}",
                empty.label,
                euros(value),
                euros(known.exact)
            );
            return Some(Reason::new(Rule::EmptyCell, text));
        }
    }
    None
}

/// The published total is ours less one row that feeds it, or less what it should face.
fn missing_row(index: &Index<'_>, known: &Known, value: Decimal) -> Option<Reason> {
    let total = index.known(&known.key, &known.column)?;
    let slack = slack(total.parts.len()).min(Decimal::from(3));
    let gap = known.exact - value;
    let mut best: Option<(Decimal, &Known)> = None;
    for (row, negative) in index.below(total) {
        let given = if negative { -row.exact } else { row.exact };
        let miss = (gap - given).abs();
        let close = miss < slack && given.abs() > slack * Decimal::TWO;
        if close && best.is_none_or(|(known, _)| miss < known) {
            best = Some((miss, row));
        }
    }
    let (_, row) = best?;
    let text = format!(
        "« {} » ({}) n’y est pas : avec elle, {}",
        row.label,
        euros(row.exact),
        euros(known.exact)
    );
    Some(Reason::new(Rule::MissingRow, text))
}

/// Debts of a column, each once.
fn debts<'k>(index: &Index<'k>, column: &str) -> Vec<&'k Known> {
    let mut debts: Vec<&Known> = index
        .column(column)
        .filter(|one| {
            one.nature == Nature::Debt && one.parts.is_empty() && one.exact > Decimal::TWO
        })
        .collect();
    debts.sort_by(|a, b| (a.exact, &a.key).cmp(&(b.exact, &b.key)));
    debts.dedup_by_key(|debt| debt.exact);
    debts
}

/// One debt, or the sum of two, that is worth a gap.
fn worth<'k>(
    index: &Index<'k>,
    column: &str,
    gap: Decimal,
    fits: fn(&Known) -> bool,
) -> Option<Vec<&'k Known>> {
    let mut debts = debts(index, column);
    debts.retain(|debt| fits(debt));
    let near = |sum: Decimal, terms| (sum - gap.abs()).abs() < slack(terms);
    if let Some(one) = debts.iter().find(|debt| near(debt.exact, 1)) {
        return Some(vec![one]);
    }
    for (rank, first) in debts.iter().enumerate() {
        for second in &debts[rank + 1..] {
            if near(first.exact + second.exact, 2) {
                return Some(vec![first, second]);
            }
        }
    }
    None
}

fn named(debts: &[&Known]) -> String {
    let names: Vec<String> =
        debts.iter().map(|debt| format!("« {} » ({})", debt.label, euros(debt.exact))).collect();
    names.join(" et ")
}

/// The published fonds propres are ours and a debt.
fn added_debt(index: &Index<'_>, known: &Known, value: Decimal) -> Option<Reason> {
    let gap = value - known.exact;
    if known.nature != Nature::Equity || gap.is_sign_negative() {
        return None;
    }
    let debts = worth(index, &known.column, gap, |_| true)?;
    let text = format!(
        "le chiffre publié ajoute {} à « {} » ({})",
        named(&debts),
        known.label,
        euros(known.exact)
    );
    Some(Reason::new(Rule::DebtInEquity, text))
}

/// The published flow holds a stock.
fn added_stock(index: &Index<'_>, known: &Known, value: Decimal) -> Option<Reason> {
    if known.nature != Nature::Flow {
        return None;
    }
    let gap = value - known.exact;
    // What is owed to a supplier is no cumul: a charge that misses by it is merely wrong.
    let debts = worth(index, &known.column, gap, |debt| debt.cumulated)?;
    let verb = if gap.is_sign_negative() { "retire" } else { "ajoute" };
    let text = format!(
        "le chiffre publié {verb} le cumul {} à un flux, « {} » ({})",
        named(&debts),
        known.label,
        euros(known.exact)
    );
    Some(Reason::new(Rule::StockInFlow, text))
}

/// Every part was published as the books give it, and the total is not their sum: the publication
/// contradicts itself.
fn impossible(index: &Index<'_>, known: &Known, value: Decimal) -> Option<Reason> {
    let total = index.known(&known.key, &known.column)?;
    let mut sum = Decimal::ZERO;
    for part in &total.parts {
        let own = index.known(&part.key, &known.column);
        let nil = own.is_none_or(|own| own.exact.is_zero());
        match (index.published(&part.key, &known.column), own) {
            (Cell::Figure(cell), Some(own)) if (cell - own.exact).abs() < Decimal::ONE => {
                sum += if part.negative { -cell } else { cell };
            }
            _ if nil => {}
            _ => return None,
        }
    }
    // One part is no sum: the row only quotes another.
    if total.parts.len() < 2 || (sum - value).abs() <= slack(total.parts.len()) {
        return None;
    }
    let text = format!("ses parties imprimées font {}, pas {}", euros(sum), euros(value));
    Some(Reason::new(Rule::Impossible, text))
}

/// Whole euros as a French sentence writes them.
pub(super) fn euros(exact: Decimal) -> String {
    rounded_euros(exact, 0)
}
