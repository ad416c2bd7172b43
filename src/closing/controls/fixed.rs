use std::collections::BTreeMap;

use super::bench::{Case, FixedAssets};
use super::outcome::{Checked, Evidence, counted};
use crate::measure::{Sum, euros};

/// Fixed assets that are depreciated: intangible, tangible, and what the latter hold in concession.
const GROSS: [&str; 3] = ["20", "21", "22"];
const DEPRECIATION: [&str; 1] = ["28"];

/// W3: the register of fixed assets says what accounts 20, 21, 22 and 28 say, no asset is depreciated
/// beyond what it cost, and none is charged once it is spent.
pub(super) fn assets(case: &Case<'_>) -> Checked {
    let gross = by_number(case, &GROSS, false);
    let depreciation = by_number(case, &DEPRECIATION, true);
    let Some(register) = case.bench.assets else {
        if gross.is_empty() && depreciation.is_empty() {
            return Checked::sound("aucune immobilisation amortie (20, 21, 28)");
        }
        return Checked::unverified(
            "`immobilisations.toml` manque",
            "tenez le registre, bien par bien, ou justifiez par le tableau tenu ailleurs",
        );
    };
    let mut evidence = compare(&gross, &register.gross);
    evidence.extend(compare(&depreciation, &register.depreciation));
    evidence.extend(over_depreciated(register));
    let spent = register.exhausted.iter();
    evidence.extend(
        spent.map(|(name, at)| Evidence::at(*at, format!("{name} : amorti, et doté encore"))),
    );
    let net = register.gross.values().copied().sum::<Sum>()
        - register.depreciation.values().copied().sum::<Sum>();
    let sound = format!("registre égal aux comptes, net {}", euros(net.decimal()));
    let failed = |count| counted(count, "écart au registre", "écarts au registre");
    Checked::unless(
        evidence,
        sound,
        failed,
        "corrigez le registre, ou l’écriture d’entrée ou de sortie",
    )
}

fn by_number(case: &Case<'_>, prefixes: &[&str], credit: bool) -> BTreeMap<String, Sum> {
    let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
    for (_, account, balance) in case.balances(prefixes) {
        let sum = sums.entry(account.number.clone()).or_default();
        *sum += if credit { -balance } else { balance };
    }
    sums
}

fn compare(books: &BTreeMap<String, Sum>, register: &BTreeMap<String, Sum>) -> Vec<Evidence> {
    let numbers: std::collections::BTreeSet<&String> =
        books.keys().chain(register.keys()).collect();
    let of = |side: &BTreeMap<String, Sum>, number: &String| {
        side.get(number).copied().unwrap_or_default()
    };
    numbers
        .into_iter()
        .map(|number| (number, of(books, number), of(register, number)))
        .filter(|(_, kept, known)| kept != known)
        .map(|(number, kept, known)| {
            let (kept_words, known_words) = (euros(kept.decimal()), euros(known.decimal()));
            let words = format!("{number} : {kept_words} aux comptes, {known_words} au registre");
            Evidence::words(words).of(kept - known)
        })
        .collect()
}

/// Depreciation accounts that exceed the asset account of the same root: 28183 over 2183.
fn over_depreciated(register: &FixedAssets) -> Vec<Evidence> {
    let net = |(number, depreciated): (&String, &Sum)| {
        let asset = format!("2{}", number.strip_prefix("28").unwrap_or(number));
        let cost: Sum = register
            .gross
            .iter()
            .filter(|(gross, _)| gross.starts_with(&asset) || asset.starts_with(gross.as_str()))
            .map(|(_, sum)| *sum)
            .sum();
        let left = cost - *depreciated;
        left.is_negative().then(|| {
            let words = format!("{number} : valeur nette de {}", euros(left.decimal()));
            Evidence::words(words).of(left)
        })
    };
    register.depreciation.iter().filter_map(net).collect()
}
