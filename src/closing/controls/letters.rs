use super::bench::Case;
use super::outcome::{Checked, Evidence, counted};
use crate::measure::{euros, signed_words};
use crate::statement::tiers::matching::{LeavingLetter, every_letter};

/// W16: each letter of an account and tiers sums to nothing at the closing, or once the lines written since
/// are added; a letter that leaves something matches in part, or joins two tiers. Every account is looked
/// at.
pub(super) fn letters(case: &Case<'_>) -> Checked {
    let books = case.books();
    let found = every_letter(books, case.bench.year);
    let key = |id| books.accounts().get(id).key();
    let evidence = |one: &LeavingLetter| {
        let what = match one.facing {
            Some(other) => format!("la même lettre de {} le solderait", key(other)),
            None => "lettrage partiel".to_owned(),
        };
        let words = format!(
            "{}, lettre {} : il reste {} sur {}, {what}",
            key(one.account),
            one.letter,
            euros(one.left.decimal()),
            signed_words(one.lines, "ligne")
        );
        Evidence { at: one.at, ..Evidence::words(words) }.of(one.left)
    };
    let evidence: Vec<Evidence> = found.failing.iter().map(evidence).collect();
    let sound = match (found.balanced, found.later) {
        (0, 0) => "aucune lettre".to_owned(),
        (balanced, 0) => counted(balanced, "lettre soldée", "lettres soldées"),
        (balanced, later) => format!(
            "{}, {} depuis la clôture",
            counted(balanced, "lettre soldée", "lettres soldées"),
            counted(later, "soldée", "soldées")
        ),
    };
    let failed = |count| counted(count, "lettre ne se solde pas", "lettres ne se soldent pas");
    let help =
        "`compta lettrer` en donne les lignes : complétez ou retirez la lettre ; sinon justifiez";
    Checked::unless(evidence, sound, failed, help)
}
