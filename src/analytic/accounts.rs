use crate::book::Books;
use crate::chart::Edition;
use crate::diagnostic::{Code, Finding};
use crate::register::{Registers, Selector, Taken, Voted};

/// Every account that a register names is one of the books, else one of the chart: a prefix that takes
/// nothing would give a figure of nothing.
///
/// A resolution puts an amount to the vote: its accounts are of the books.
pub fn accounts(books: &Books, registers: &Registers, findings: &mut Vec<Finding>) {
    for resolution in registers.resolutions.iter().flatten() {
        if let Voted::Accounts(selector) = &resolution.voted {
            unknown(books, selector, true, findings);
        }
    }
    let mut others: Vec<&Selector> = Vec::new();
    let keys = registers.programmes.iter().flat_map(|programmes| &programmes.keys);
    others.extend(keys.map(|key| &key.accounts));
    if let Some(adhesions) = &registers.adhesions {
        others.extend([&adhesions.body_accounts, &adhesions.individual_accounts]);
    }
    others.extend(registers.summary.iter().flatten().filter_map(|line| match &line.taken {
        Taken::Accounts(selector) => Some(selector),
        Taken::Row(_) => None,
    }));
    if let Some(annexe) = &registers.annexe {
        others.extend(annexe.grounds.iter().map(|ground| &ground.accounts));
        others.extend(annexe.terms.iter().map(|term| &term.accounts));
    }
    let declarations = registers.controls.iter().flat_map(|controls| &controls.declarations);
    others.extend(declarations.map(|declared| &declared.accounts));
    for selector in others {
        unknown(books, selector, false, findings);
    }
}

/// The prefixes of a selector that take nothing; `vote` asks that the whole take something.
fn unknown(books: &Books, selector: &Selector, vote: bool, findings: &mut Vec<Finding>) {
    let used = |prefix: &str| books.accounts().begin(prefix);
    // Accounts of the CARE ledger come when it is derived: the chart stands for them.
    let care = |prefix: &str| prefix.starts_with(['C', 'T']);
    let takes = selector.prefixes().any(|prefix| used(prefix) || care(prefix));
    let known = |prefix: &str| used(prefix) || (official(prefix) && (takes || !vote));
    for prefix in selector.prefixes().filter(|prefix| !known(prefix)) {
        let near = near(books, prefix);
        let help = near.map_or_else(
            || "corrigez le numéro, ou déclarez le compte par une ligne `account`".to_owned(),
            |number| format!("le plus proche est `{number}`"),
        );
        let message = format!("aucun compte des livres ne commence par `{prefix}`");
        findings.push(
            Finding::new(Code::BadValue, selector.at(), message).label("ne prend rien").help(help),
        );
    }
}

/// Whether a chart has the account, or one below it.
fn official(prefix: &str) -> bool {
    Edition::ALL.into_iter().any(|edition| {
        edition.title(prefix).is_some()
            || edition.accounts().any(|(number, _)| number.starts_with(prefix))
    })
}

/// The account of the books that looks most like a mistyped prefix.
fn near(books: &Books, prefix: &str) -> Option<String> {
    let ids = books.accounts().sorted().into_iter();
    let numbers = ids.map(|id| books.accounts().get(id)).filter(|account| !account.is_activity());
    numbers
        .map(|account| (strsim::osa_distance(&account.number, prefix), &account.number))
        .min()
        .filter(|(distance, _)| *distance <= (prefix.len() / 3).max(1))
        .map(|(_, number)| number.clone())
}
