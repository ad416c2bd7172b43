use super::form::{Feed, FormRow, Layout, rank};
use super::formula::Term;
use crate::book::{AccountId, Books};
use crate::chart::Edition;
use crate::diagnostic::{Code, Finding};
use crate::ledger::{Ledger, View};
use crate::measure::Sum;

/// What a column is computed from: a ledger, the chart of its year, and one of the two views.
#[derive(Clone, Copy, Debug)]
pub struct Basis<'l> {
    /// The ledger.
    pub ledger: &'l Ledger,
    /// The edition of the chart that its year follows: it decides the selectors.
    pub edition: Edition,
    /// Classic or CARE.
    pub view: View,
}

/// The two figures of a row: gross (or plain) and amortissement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Gross value, or the only value.
    Plain,
    /// Amortissements and dépréciations.
    Amort,
}

/// Every row of a statement, computed on one basis.
#[derive(Clone, Debug)]
pub struct Values {
    /// By section, then by row: plain and amortissement.
    cells: Vec<Vec<[Sum; 2]>>,
    /// By section, then by row: which account gives what, sums included, in the order of accounts.
    fed: Vec<Vec<Vec<Fed>>>,
}

/// What one account gives to one part of a row.
pub(super) type Fed = (Part, AccountId, Sum);

impl Values {
    /// Gross less amortissement of a row.
    pub(super) fn net(&self, section: usize, row: usize) -> Sum {
        let [plain, amort] = self.cells[section][row];
        plain - amort
    }

    pub(super) fn part(&self, section: usize, row: usize, part: Part) -> Sum {
        self.cells[section][row][part as usize]
    }

    /// The accounts behind a row, those of the rows it sums included.
    pub(super) fn fed(&self, section: usize, row: usize) -> &[Fed] {
        &self.fed[section][row]
    }
}

/// Where a row of a layout is: `actif.total_general`.
pub(super) fn position(layout: &Layout, name: &str) -> Option<(usize, usize)> {
    let (wanted, key) = match name.split_once('.') {
        Some((section, key)) => (Some(section), key),
        None => (None, name),
    };
    layout.sections.iter().enumerate().find_map(|(at, section)| {
        let here = wanted.is_none_or(|wanted| wanted == section.name);
        let row = section.rows.iter().position(|row| row.key == key)?;
        here.then_some((at, row))
    })
}

/// Computes every row of a layout on one basis; an account in no row or in two is a finding.
pub(super) fn evaluate(
    layout: &Layout,
    basis: Basis<'_>,
    books: &Books,
    findings: &mut Vec<Finding>,
) -> Values {
    let cells = layout.sections.iter().map(|s| vec![[Sum::ZERO; 2]; s.rows.len()]).collect();
    let fed = layout.sections.iter().map(|s| vec![Vec::new(); s.rows.len()]).collect();
    let mut values = Values { cells, fed };
    for id in books.accounts().sorted() {
        let account = books.accounts().get(id);
        let balance = basis.ledger.balance(id, basis.view);
        if balance.is_zero() || account.is_activity() {
            continue;
        }
        let Some((section, row, part)) = place(layout, basis, books, id, balance, findings) else {
            continue;
        };
        let form_row = &layout.sections[section].rows[row];
        let amount = if part == Part::Plain && form_row.debit { balance } else { -balance };
        values.cells[section][row][part as usize] += amount;
        values.fed[section][row].push((part, id, amount));
    }
    let mut state: Vec<Vec<State>> =
        layout.sections.iter().map(|s| vec![State::Waiting; s.rows.len()]).collect();
    for (section, known) in layout.sections.iter().enumerate() {
        for row in 0..known.rows.len() {
            compute(layout, basis, books, &mut values, &mut state, (section, row), findings);
        }
    }
    values
}

/// A candidate row for an account, by the length of the prefix that takes it.
struct Candidate {
    reach: usize,
    section: usize,
    row: usize,
    part: Part,
}

/// The one row that takes an account: the longest prefix wins.
fn place(
    layout: &Layout,
    basis: Basis<'_>,
    books: &Books,
    id: AccountId,
    balance: Sum,
    findings: &mut Vec<Finding>,
) -> Option<(usize, usize, Part)> {
    let edition = rank(basis.edition);
    let number = &books.accounts().get(id).number;
    let outside = layout.outside[edition].reach(number, balance);
    let mut best: Vec<Candidate> = Vec::new();
    for (section, known) in layout.sections.iter().enumerate() {
        for (row, form_row) in known.rows.iter().enumerate() {
            let Feed::Accounts { plain, amort } = &form_row.feed else {
                continue;
            };
            for (part, selector) in [(Part::Plain, plain), (Part::Amort, amort)] {
                let Some(reach) = selector[edition].reach(number, balance) else {
                    continue;
                };
                let longest = best.first().map_or(0, |candidate| candidate.reach);
                if reach > longest {
                    best.clear();
                }
                if reach >= longest {
                    best.push(Candidate { reach, section, row, part });
                }
            }
        }
    }
    let row_of = |candidate: &Candidate| &layout.sections[candidate.section].rows[candidate.row];
    match &best[..] {
        [] if outside.is_some() => None,
        [] => {
            findings.push(no_row(books, id, balance));
            None
        }
        [only, ..] if outside.is_some_and(|reach| reach > only.reach) => None,
        [only] => Some((only.section, only.row, only.part)),
        [first, second, ..] => {
            findings.push(two_rows(number, row_of(first), row_of(second)));
            None
        }
    }
}

/// The row that an account falls in; `None` when it falls in none, or in two.
pub(super) fn evaluate_place(
    layout: &Layout,
    basis: Basis<'_>,
    books: &Books,
    id: AccountId,
) -> Option<(usize, usize)> {
    let balance = basis.ledger.balance(id, basis.view);
    let placed = place(layout, basis, books, id, balance, &mut Vec::new());
    placed.map(|(section, row, _)| (section, row))
}

fn no_row(books: &Books, id: AccountId, balance: Sum) -> Finding {
    let account = books.accounts().get(id);
    let line = books
        .entries()
        .flat_map(|entry| entry.postings())
        .find(|posting| posting.account_id() == id)
        .map(|posting| posting.account_span());
    let side = if balance.is_negative() { "créditeur" } else { "débiteur" };
    Finding::new(
        Code::NoRow,
        line.unwrap_or_default(),
        format!("le compte {} (solde {side}) n’est dans aucune ligne de l’état", account.key()),
    )
    .label("utilisé ici")
    .help("ajoutez son préfixe à une ligne de la forme, ou corrigez le compte")
}

fn two_rows(number: &str, first: &FormRow, second: &FormRow) -> Finding {
    Finding::new(
        Code::TwoRows,
        second.at,
        format!("le compte {number} tombe dans deux lignes : `{}` et `{}`", first.key, second.key),
    )
    .label("la seconde")
    .related(first.at, "la première")
    .help("allongez le préfixe de la ligne qui doit le prendre")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    Running,
    Done,
}

/// Computes a formula row, and before it the rows that it names.
fn compute(
    layout: &Layout,
    basis: Basis<'_>,
    books: &Books,
    values: &mut Values,
    state: &mut [Vec<State>],
    (section, row): (usize, usize),
    findings: &mut Vec<Finding>,
) {
    let form_row = &layout.sections[section].rows[row];
    let Feed::Formula(formula) = &form_row.feed else {
        return;
    };
    match state[section][row] {
        State::Done => return,
        State::Running => {
            findings.push(
                Finding::new(
                    Code::CircularRow,
                    form_row.at,
                    format!("`{}` dépend d’elle-même", form_row.key),
                )
                .label("cette ligne")
                .help("retirez-la de la somme ou de la formule"),
            );
            return;
        }
        State::Waiting => state[section][row] = State::Running,
    }
    let mut total = [Sum::ZERO; 2];
    let mut behind: Vec<Fed> = Vec::new();
    for term in &formula.terms {
        let (given, negative) = match term {
            Term::Row { section: named, key, negative, .. } => {
                let own = layout.sections[section].name;
                let name = format!("{}.{key}", named.as_deref().unwrap_or(own));
                let Some(other) = position(layout, &name).or_else(|| position(layout, key)) else {
                    continue;
                };
                compute(layout, basis, books, values, state, other, findings);
                (values.fed[other.0][other.1].clone(), *negative)
            }
            Term::Accounts { prefix, negative } => {
                let debts = with_prefix(books, prefix)
                    .map(|id| (Part::Plain, id, -basis.ledger.balance(id, View::Care)));
                (debts.filter(|(_, _, amount)| !amount.is_zero()).collect(), *negative)
            }
        };
        for (part, id, amount) in given {
            let amount = if negative { -amount } else { amount };
            total[part as usize] += amount;
            behind.push((part, id, amount));
        }
    }
    values.cells[section][row] = total;
    values.fed[section][row] = behind;
    state[section][row] = State::Done;
}

/// The accounts of the books whose number begins so, in order.
fn with_prefix<'b>(books: &'b Books, prefix: &'b str) -> impl Iterator<Item = AccountId> + 'b {
    let ids = books.accounts().sorted().into_iter();
    ids.filter(move |id| {
        let account = books.accounts().get(*id);
        !account.is_activity() && account.number.starts_with(prefix)
    })
}

/// The balance, in the CARE ledger, of every account with a prefix; a debit is positive.
pub(super) fn care_balance(ledger: &Ledger, books: &Books, prefix: &str) -> Sum {
    with_prefix(books, prefix).map(|id| ledger.balance(id, View::Care)).sum()
}
