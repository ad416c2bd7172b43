use rust_decimal::Decimal;

use super::bench::{Case, classic};
use super::outcome::{Checked, Evidence, counted};
use crate::measure::euros;
use crate::register::Financing;

/// W9: the annexe says when memberships (756) become products: at the call, or at the receipt.
pub(super) fn membership(case: &Case<'_>) -> Checked {
    if case.sum(&["756"]).is_zero() {
        return Checked::sound("aucune cotisation (756)");
    }
    let help =
        "ajoutez à `annexe.toml` une `[[methode]]` « Cotisations » : à l’appel ou à l’encaissement";
    let Some(annexe) = &case.bench.registers.annexe else {
        return Checked::unverified("`annexe.toml` manque", help);
    };
    let speaks = |text: &str| {
        let text = text.to_lowercase();
        text.contains("cotisation") || text.contains("adhésion")
    };
    let told = annexe.methods.iter().find(|one| speaks(&one.title));
    match told.or_else(|| annexe.methods.iter().find(|one| speaks(&one.text))) {
        Some(method) => Checked::sound(format!("annexe, méthode « {} »", method.title)),
        None => Checked::failed("aucune méthode dans l’annexe", Vec::new(), help),
    }
}

/// Provisions, and depreciations by index of loss: each is looked at again at each closing.
const PROVISIONS: [&str; 5] = ["15", "29", "39", "49", "59"];

/// W11: each provision or depreciation still there at the closing moved in the year, or its register
/// (`motif`) or the annexe (`[[provision]]`) says why it stands (PCG art. 214-15, 322-1 and 833-12).
pub(super) fn provisions(case: &Case<'_>) -> Checked {
    let kept = case.balances(&PROVISIONS);
    if kept.is_empty() {
        return Checked::sound("aucune provision (15, 29, 39, 49, 59)");
    }
    let annexe = case.bench.registers.annexe.as_ref();
    let grounds = annexe.map_or(&[][..], |annexe| &annexe.grounds);
    let count = kept.len();
    let mut evidence = Vec::new();
    for (id, account, balance) in kept {
        let moved = case
            .entries()
            .filter(|entry| !entry.opens())
            .any(|entry| classic(&entry).any(|line| line.account_id() == id));
        let reaches = |number: &str, sum| {
            grounds.iter().any(|ground| ground.accounts.reach(number, sum).is_some())
        };
        let registered = case.bench.registers.provisions.iter().flatten().any(|one| {
            one.ground.is_some()
                && case.books().accounts().padded(&one.account.value) == account.number
        });
        if !moved && !registered && !reaches(&account.number, balance) {
            let words = format!("{} : {}", case.named(id), euros(balance.decimal()));
            evidence
                .push(Evidence { at: case.last_line(id), ..Evidence::words(words) }.of(balance));
        }
    }
    let help = "ajoutez à `annexe.toml` une `[[provision]]` avec son motif, ou passez la dotation ou la reprise";
    if annexe.is_none() && !evidence.is_empty() {
        let why = counted(evidence.len(), "provision inchangée", "provisions inchangées");
        return Checked::unverified(format!("`annexe.toml` manque : {why}"), help);
    }
    let sound = counted(count, "provision motivée ou revue", "provisions motivées ou revues");
    let failed = |count| counted(count, "provision sans motif", "provisions sans motif");
    Checked::unless(evidence, sound, failed, help)
}

/// Above that, an auditor and a publication (C. com. art. L612-4, loi du 23 juillet 1987 art. 4-1).
const LEGAL: Decimal = Decimal::from_parts(153_000, 0, 0, false, 0);

/// W12: public subsidies on one side, tax-deductible gifts on the other, stay below 153 000 € a year, or
/// `controles.toml` names the auditor: then the accounts are published too.
///
/// Subsidies are those granted in the year: notified conventions, or the products of the year (74) when
/// they are larger. Gifts are 7541 and 7542; bequests and financial contributions are others.
pub(super) fn thresholds(case: &Case<'_>) -> Checked {
    let products = (-case.sum(&["74"])).decimal();
    let notified: Decimal = case
        .bench
        .registers
        .conventions
        .iter()
        .flat_map(|all| &all.list)
        .filter(|known| known.financing == Financing::Grant && known.funder.is_public())
        .filter(|known| {
            known.notified.as_ref().is_some_and(|day| case.period().contains(day.value))
        })
        .map(|known| known.amount)
        .sum();
    let subsidies = products.max(notified);
    let gifts = (-case.sum(&["7541", "7542"])).decimal();
    let shown = format!("subventions {}, dons {}", euros(subsidies), euros(gifts));
    if subsidies <= LEGAL && gifts <= LEGAL {
        return Checked::sound(shown);
    }
    let policy = case.bench.registers.controls.as_ref();
    let help = "nommez-le dans `controles.toml` (`[commissaire] nom = \"…\"`) ; publiez comptes et rapport au Journal officiel dans les trois mois de l’approbation";
    let mut checked = Checked::failed(shown, Vec::new(), help);
    for (name, sum) in [("subventions publiques", subsidies), ("dons", gifts)] {
        if sum > LEGAL {
            let words = format!("{name} : {}, seuil {}", euros(sum), euros(LEGAL));
            checked.evidence.push(Evidence::words(words));
        }
    }
    if let Some(auditor) = policy.and_then(|policy| policy.auditor.as_ref()) {
        checked.outcome = super::Outcome::Justified {
            reason: format!("commissaire aux comptes : {}", auditor.name),
            at: auditor.at,
        };
    }
    checked
}
