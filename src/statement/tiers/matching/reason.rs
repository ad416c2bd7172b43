use super::readings::OPEN;
use super::sums::TRIES;
use crate::measure::amount;

/// Why lines are matched, the most certain first; or why they are not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// They bear the same document, and sum to nothing.
    SameDocument(String),
    /// One line is all that a letter lacks.
    Completes(String),
    /// The only invoice and the only payment of that amount.
    OnlyPair,
    /// Of several of that amount, the nearest in time, which is also the oldest.
    NearestPair(i64),
    /// One payment for all that was open.
    AllOpen(usize),
    /// One payment for several invoices: no others make that sum.
    OneForSeveral(usize),
    /// Several payments for one invoice: no others make that sum.
    SeveralForOne(usize),
    /// Several invoices or payments of that amount: nothing says which.
    Unordered(usize, usize),
    /// The payment comes before its invoice.
    PaidBefore,
    /// Several lines would complete a letter, or a line several letters.
    SeveralComplete(String),
    /// Several sets of lines make that sum.
    SeveralSums,
    /// Other matchings claim the same lines.
    Contested,
    /// The search for a sum gave up.
    GaveUp,
    /// Too many lines are open: no sum was searched.
    TooMany,
}

impl Reason {
    /// The reason in words.
    pub fn words(&self) -> String {
        let number = |count: &usize| *count;
        match self {
            Self::SameDocument(document) => format!("même pièce : {document}"),
            Self::Completes(letter) => format!("solde la lettre {letter}"),
            Self::OnlyPair => "même montant : une seule facture, un seul règlement".to_owned(),
            Self::NearestPair(days) => format!(
                "même montant : le règlement le plus proche ({}), dans l’ordre des factures",
                days_after(*days)
            ),
            Self::AllOpen(count) => {
                format!("un règlement pour tout ce qui était ouvert : {} lignes", number(count))
            }
            Self::OneForSeveral(count) => {
                format!("un règlement pour {} factures : seule somme possible", number(count))
            }
            Self::SeveralForOne(count) => {
                format!("{} règlements pour une facture : seule somme possible", number(count))
            }
            Self::Unordered(invoices, payments) => format!(
                "même montant, {} et {} : rien ne dit lesquels vont ensemble",
                many(*invoices, "facture"),
                many(*payments, "règlement")
            ),
            Self::PaidBefore => "même montant, mais le règlement précède la facture".to_owned(),
            Self::SeveralComplete(letter) => {
                format!("pour la lettre {letter}, une autre ligne ou une autre lettre irait aussi")
            }
            Self::SeveralSums => {
                "plusieurs sommes conviennent ; celle-ci prend les plus anciennes".to_owned()
            }
            Self::Contested => "d’autres rapprochements prendraient les mêmes lignes".to_owned(),
            Self::GaveUp => format!(
                "trop de sommes à essayer : la recherche s’est arrêtée à {} essais",
                amount(TRIES.into(), 0)
            ),
            Self::TooMany => format!(
                "plus de {} lignes ouvertes : aucune somme n’a été cherchée",
                amount(OPEN.into(), 0)
            ),
        }
    }
}

fn many(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count > 1 { "s" } else { "" })
}

fn days_after(days: i64) -> String {
    match days {
        0 => "le même jour".to_owned(),
        1 => "le lendemain".to_owned(),
        _ => format!("{days} jours après"),
    }
}
