use rust_decimal::Decimal;

use super::fields::{Fields, Spanned};
use crate::diagnostic::{Code, Finding};
use crate::measure::brief_euros;

/// What an amount in euros may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Euros {
    /// Above zero.
    Positive,
    /// Zero or above.
    NotNegative,
}

/// An amount in euros that must be there, within its bounds; zero stands for it once a finding is
/// told. The flag says whether it is sound.
pub(super) fn needed_euros(
    fields: &Fields<'_, '_>,
    key: &'static str,
    bounds: Euros,
    findings: &mut Vec<Finding>,
) -> (Spanned<Decimal>, bool) {
    let before = findings.len();
    let amount = fields.needed_amount(key, findings);
    if findings.len() == before {
        check_euros(&amount, key, bounds, findings);
    }
    (amount, findings.len() == before)
}

/// An amount in euros within its bounds, if the key is there.
pub(super) fn euros_of(
    fields: &Fields<'_, '_>,
    key: &'static str,
    findings: &mut Vec<Finding>,
) -> Option<Spanned<Decimal>> {
    let amount = fields.amount(key, findings)?;
    check_euros(&amount, key, Euros::NotNegative, findings);
    Some(amount)
}

/// An amount in euros has at most two decimals, and no sign.
pub(super) fn check_euros(
    amount: &Spanned<Decimal>,
    key: &str,
    bounds: Euros,
    findings: &mut Vec<Finding>,
) {
    let value = amount.value;
    let (message, label, help) = if value < Decimal::ZERO {
        let label = brief_euros(value);
        (format!("`{key}` ne peut être négatif"), label, "écrivez un montant sans signe moins")
    } else if value.is_zero() && bounds == Euros::Positive {
        let label = "nul".to_owned();
        (format!("`{key}` ne peut être nul"), label, "écrivez le montant en euros")
    } else if value.normalize().scale() > 2 {
        let label = "plus fin que le centime".to_owned();
        (
            format!("`{key}` a plus de deux décimales"),
            label,
            "un montant en euros s’arrête aux centimes",
        )
    } else {
        return;
    };
    findings.push(Finding::new(Code::BadValue, amount.at, message).label(label).help(help));
}
