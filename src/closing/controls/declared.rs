use rust_decimal::Decimal;

use super::bench::{Case, begins, classic};
use super::outcome::{Checked, Evidence, counted};
use crate::book::EntryRef;
use crate::measure::{Period, Sum, amount, euros, round_half_away};
use crate::register::{Declaration, DeclarationKind};

/// Debts to social bodies and to the State that a declaration settles.
const DEBTS: [&str; 2] = ["43", "44"];
/// Those that none does: accruals (438, 448), and subsidies, which conventions hold (W6).
const NOT_DECLARED: [&str; 3] = ["438", "441", "448"];

fn declarations<'a>(case: &Case<'a>) -> Vec<&'a Declaration> {
    let year = &case.bench.year.name;
    let policy = case.bench.registers.controls.as_ref();
    let all = policy.into_iter().flat_map(|policy| &policy.declarations);
    all.filter(|one| one.year.value == *year).collect()
}

/// W4: what is owed in 43 and 44 at the closing is what the last declarations of the year leave to pay.
///
/// Each declaration is compared with its accounts; an account that none takes is not verified. Accruals
/// (438, 448) and subsidies (441) are for other controls, unless a declaration takes them.
pub(super) fn debts(case: &Case<'_>) -> Checked {
    let declared = declarations(case);
    let owed = case.balances(&DEBTS);
    let due: Vec<_> =
        owed.iter().filter(|(_, account, _)| !begins(&account.number, &NOT_DECLARED)).collect();
    let mut evidence = Vec::new();
    for one in &declared {
        let takes = |number: &str| one.accounts.reach(number, Sum::ZERO).is_some();
        let all = case.balances(&[""]);
        let kept: Sum = all
            .iter()
            .filter(|(_, account, _)| takes(&account.number))
            .map(|(.., sum)| -*sum)
            .sum();
        if kept.decimal() != one.due.value {
            let words = format!(
                "{} : déclaré {}, {} aux comptes",
                one.kind.value.word(),
                euros(one.due.value),
                euros(kept.decimal())
            );
            evidence.push(Evidence::at(one.due.at, words).of(kept));
        }
    }
    let help = "donnez à `controles.toml` une `[[declaration]]` par déclaration : genre, comptes, solde à payer";
    if !evidence.is_empty() {
        let proof = counted(evidence.len(), "déclaration différente", "déclarations différentes");
        let help = "rapprochez le compte de la déclaration, et passez l’écart ou corrigez `solde`";
        return Checked::failed(proof, evidence, help);
    }
    let alone: Vec<String> = due
        .iter()
        .filter(|(_, account, _)| {
            !declared.iter().any(|one| one.accounts.reach(&account.number, Sum::ZERO).is_some())
        })
        .map(|(_, account, _)| account.key())
        .collect();
    match (alone.is_empty(), declared.len()) {
        (true, 0) => Checked::sound("aucune dette sociale ni fiscale déclarée"),
        (true, count) => {
            let total: Decimal = declared.iter().map(|one| one.due.value).sum();
            let counted = counted(count, "déclaration", "déclarations");
            Checked::sound(format!("{counted}, {} à payer", euros(total)))
        }
        _ => Checked::unverified(format!("aucune déclaration pour {}", alone.join(", ")), help),
    }
}

/// How many points the rate of contributions may move from one year to the next.
const RATE: Decimal = Decimal::from_parts(2, 0, 0, false, 0);

/// What pay slips posted in a period on the accounts whose number begins so: an entry that moves 428 or
/// 438 (leave, bonuses to be paid, and their reversals) is of no pay slip.
fn paid(case: &Case<'_>, period: Period, prefix: &str) -> Sum {
    let accrues = |entry: &EntryRef<'_>| {
        classic(entry).any(|line| begins(&line.account().number, &["428", "438"]))
    };
    case.books()
        .written()
        .filter(|entry| period.contains(entry.date()) && !accrues(entry))
        .flat_map(|entry| classic(&entry))
        .filter(|line| line.account().number.starts_with(prefix))
        .map(|line| line.number().sum())
        .sum()
}

/// The rate of contributions on wages over a period, in percent.
fn rate(case: &Case<'_>, period: Period) -> Option<Decimal> {
    let wages = paid(case, period, "641").decimal();
    let contributions = paid(case, period, "645").decimal() * Decimal::ONE_HUNDRED;
    (!wages.is_zero()).then(|| round_half_away(contributions / wages, 1))
}

/// W5: gross wages of the books (641) are those of the DSN to the euro, and the rate of contributions
/// (645 over 641) moves by two points at most. Accruals are left out of both.
///
/// Benefits in 6414 bear contributions or not: gross wages agree with them or without.
pub(super) fn wages(case: &Case<'_>) -> Checked {
    if case.sum(&["641"]).is_zero() {
        return Checked::sound("aucun salaire (641)");
    }
    let mut evidence = Vec::new();
    let whole = paid(case, case.period(), "641");
    let benefits = paid(case, case.period(), "6414");
    let declared: Vec<_> = declarations(case)
        .into_iter()
        .filter(|one| one.kind.value == DeclarationKind::Dsn)
        .filter_map(|one| one.gross.as_ref())
        .collect();
    let gross: Decimal = declared.iter().map(|gross| gross.value).sum();
    let near = |sum: Sum| (gross - sum.decimal()).abs() < Decimal::ONE;
    let agrees = near(whole) || near(whole - benefits);
    if let Some(first) = declared.first().filter(|_| !agrees) {
        let mut without = String::new();
        if !benefits.is_zero() {
            without = format!(", {} sans 6414", euros((whole - benefits).decimal()));
        }
        let words = format!(
            "bruts : {} déclarés, {} en 641 hors provisions{without}",
            euros(gross),
            euros(whole.decimal())
        );
        evidence.push(Evidence::at(first.at, words).of(whole));
    }
    let now = rate(case, case.period());
    let before = case.before.as_ref().and_then(|year| rate(case, year.period));
    let percent = |rate: Decimal| format!("{}\u{a0}%", amount(rate, 1));
    let mut rates = String::new();
    if let (Some(now), Some(before)) = (now, before) {
        rates = format!("taux 645/641 de {}, {} avant", percent(now), percent(before));
        if (now - before).abs() > RATE {
            evidence.push(Evidence::words(rates.clone()));
        }
    }
    let help = "rapprochez le livre de paie des DSN de l’année, mois par mois";
    if !evidence.is_empty() {
        let proof = counted(evidence.len(), "écart de paie", "écarts de paie");
        return Checked::failed(proof, evidence, help);
    }
    if declared.is_empty() {
        let why = match rates.as_str() {
            "" => "aucune DSN avec `bruts`".to_owned(),
            rates => format!("aucune DSN avec `bruts` ({rates})"),
        };
        let help = "donnez à `controles.toml` une `[[declaration]]` de genre `dsn`, avec `bruts`";
        return Checked::unverified(why, help);
    }
    if rates.is_empty() {
        let why = "bruts égaux à la DSN, mais aucun exercice précédent pour le taux";
        return Checked::unverified(
            why,
            "rapprochez le taux 645/641 de celui de l’exercice précédent",
        );
    }
    Checked::sound(format!("bruts {} ; {rates}", euros(gross)))
}
