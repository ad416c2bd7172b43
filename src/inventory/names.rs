use crate::book::Books;
use crate::chart::{Edition, renumbered};
use crate::diagnostic::{Code, Finding};
use crate::register::{Asset, Spanned};

/// The full name of an account in an edition: its own, else that of the number that replaced it.
pub(super) fn name(
    books: &Books,
    number: &str,
    auxiliary: Option<&str>,
    edition: Edition,
) -> Option<String> {
    let accounts = books.accounts();
    let replaced = || {
        let (since, _) = renumbered(number).filter(|_| edition == Edition::Anc2022)?;
        accounts.name(since, auxiliary, edition)
    };
    accounts.name(number, auxiliary, edition).or_else(replaced)
}

/// An account that a register writes on must be known in the editions of the years it writes in.
pub(super) fn known(
    books: &Books,
    number: &Spanned<String>,
    editions: &[Edition],
    findings: &mut Vec<Finding>,
) {
    if number.value.is_empty() || findings.iter().any(|told| told.at == number.at) {
        return;
    }
    for edition in editions {
        if name(books, &number.value, None, *edition).is_some() {
            continue;
        }
        let near = edition.near(&number.value);
        let help = match near.first() {
            Some((near, title)) => format!("le plus proche est `{near} {title}`"),
            None => "corrigez le numéro, ou déclarez-le par une ligne `account`".to_owned(),
        };
        findings.push(
            Finding::new(Code::BadValue, number.at, format!("compte inconnu : {}", number.value))
                .label(format!("absent du plan {} et des lignes `account`", edition.name()))
                .help(help),
        );
        return;
    }
}

/// The account of an asset's depreciation: that of the register, else the longest that the chart or the
/// books know of the usual one (28183 is 2818).
pub(super) fn depreciation(books: &Books, asset: &Asset, edition: Edition) -> String {
    let told = &asset.depreciation;
    let usual = told.at == asset.account.at;
    let known = |length: &usize| name(books, &told.value[..*length], None, edition).is_some();
    let shorter = (3..=told.value.len()).rev().filter(|_| usual && told.value.is_ascii());
    shorter
        .into_iter()
        .find(known)
        .map_or_else(|| told.value.clone(), |n| told.value[..n].to_owned())
}
