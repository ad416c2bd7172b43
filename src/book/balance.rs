use super::batch::{Book, Posting};
use crate::diagnostic::{Code, Finding, Span};
use crate::journal::tree::{self, Word, Wrap};
use crate::journal::{amount_text, deceives, hidden};
use crate::measure::{Number, Sum, Unit};

/// Says why a line cannot stand in the book that its brackets give it.
#[inline]
pub(super) fn misplaced(
    written: &tree::Posting<'_>,
    book: Book,
    of_care: bool,
    unit: Unit,
    natural: Unit,
    number: Number,
) -> Option<Finding> {
    let limit = if book == Book::Tonnes { 3 } else { 2 };
    let right = match book {
        Book::Financial => !of_care && unit == natural,
        Book::Care => unit == natural && !written.account.text.starts_with('5'),
        Book::Tonnes => unit == natural,
        Book::Activity => return activity(written),
    };
    if right && (number.scale() <= limit || number.decimals_needed() <= limit) {
        return None;
    }
    let at = written.account.span();
    let amount = written.amount.map_or(at, |amount| amount.span);
    if of_care && book == Book::Financial {
        return Some(
            Finding::new(Code::RealOnCare, at, "ligne réelle sur un compte du livre CARE")
                .label("entre crochets")
                .help(format!("écrivez `[{}]`", written.account.text)),
        );
    }
    if unit != natural {
        let (message, help) = match book {
            Book::Tonnes => (
                "un compte T… se tient en kgCO₂e",
                "écrivez la quantité en kgCO₂e, ou le montant sur un compte C…",
            ),
            Book::Care => (
                "un ajustement CARE se tient en euros",
                "écrivez le montant en euros, ou les tonnes sur un compte T…",
            ),
            _ => (
                "le livre classique se tient en euros",
                "convertissez en euros ; une quantité physique s’écrit entre parenthèses, comme `(train-tgv)   1 140 pkm`",
            ),
        };
        return Some(Finding::new(Code::BookUnit, amount, message).label("cette unité").help(help));
    }
    if book == Book::Care && written.account.text.starts_with('5') {
        return Some(
            Finding::new(Code::CareOnTreasury, at, "le livre CARE ne touche pas la trésorerie")
                .label("compte de classe 5")
                .help("écrivez le mouvement d’argent sans crochets, dans le livre classique"),
        );
    }
    let most =
        if limit == 2 { "l’euro a deux décimales" } else { "le kgCO₂e a trois décimales" };
    Some(
        Finding::new(Code::Decimals, amount, format!("trop de décimales : {most}"))
            .label("à arrondir")
            .help("arrondissez le montant à la saisie"),
    )
}

/// An activity is a factor's identity and a quantity, in parentheses.
fn activity(written: &tree::Posting<'_>) -> Option<Finding> {
    let name = written.account.text;
    let identity = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.' || c == '_');
    if !identity {
        return Some(
            Finding::new(
                Code::ActivityForm,
                written.account.span(),
                "les parenthèses sont réservées aux activités physiques",
            )
            .label("ce n’est pas un identifiant de facteur")
            .help("ôtez les parenthèses, mettez des crochets pour le livre CARE, ou écrivez une activité comme `(train-tgv)`"),
        );
    }
    if written.amount.is_some_and(|amount| amount.unit == "€") {
        return Some(
            Finding::new(
                Code::ActivityForm,
                written.account.span(),
                "une activité ne se compte pas en euros",
            )
            .label("quelle quantité ?")
            .help("écrivez la quantité physique et son unité : `(train-tgv)   1 140 pkm`"),
        );
    }
    if let Some(asserted) = written.assertion {
        return Some(
            Finding::new(Code::AssertionKind, asserted.span, "assertion sur une activité")
                .label("une activité n’a pas de solde")
                .help("retirez l’assertion"),
        );
    }
    if written.amount.is_none() {
        return Some(
            Finding::new(Code::ActivityForm, written.account.span(), "activité sans quantité")
                .label("combien ?")
                .help("écrivez la quantité et son unité : `(train-tgv)   1 140 pkm`"),
        );
    }
    None
}

/// The first character that an account's name may not have: deceiving, or a blank that hledger
/// takes for a space.
pub(super) fn unclean(name: &str) -> Option<(usize, char)> {
    let odd = |c: char| hidden(c) || c.is_control() || c.is_whitespace();
    name.char_indices().find(|(_, c)| !matches!(c, ' '..='~') && odd(*c))
}

/// A description with a deceiving character is worth a look.
#[inline]
pub(super) fn invisible(description: Word<'_>) -> Option<Finding> {
    let (at, c) = deceives(description.text)?;
    Some(
        Finding::new(
            Code::InvisibleText,
            description.part(at, at + c.len_utf8()).span(),
            "caractère invisible dans un libellé",
        )
        .label(format!("U+{:04X}", u32::from(c)))
        .help("effacez-le : retapez le libellé"),
    )
}

/// The three groups that balance on their own, in the order of the sums.
const GROUPS: [Book; 3] = [Book::Financial, Book::Care, Book::Tonnes];

/// Fills in the missing amounts of an entry that does not sum to nothing, or says what is wrong.
pub(super) fn settle(
    written: &[tree::Posting<'_>],
    postings: &mut [Posting],
    sums: [Sum; 3],
    header: Span,
    fill: fn(&mut Posting, Number),
) -> Result<(), Vec<Finding>> {
    let mut findings = Vec::new();
    for wrap in [Wrap::Real, Wrap::Brackets] {
        let missing: Vec<&tree::Posting<'_>> =
            written.iter().filter(|line| line.wrap == wrap && line.amount.is_none()).collect();
        if let [first, second, ..] = missing[..] {
            findings.push(
                Finding::new(Code::TwoElided, second.account.span(), "deux montants absents")
                    .label("un seul peut l’être")
                    .related(first.account.span(), "le premier")
                    .help("écrivez le montant de toutes les lignes sauf une"),
            );
        }
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    for (book, sum) in GROUPS.into_iter().zip(sums) {
        let absent = written
            .iter()
            .zip(postings.iter_mut())
            .find(|(line, posting)| line.amount.is_none() && posting.book == book);
        match absent {
            Some((line, posting)) => match (-sum).number() {
                Some(number) => fill(posting, number),
                None => findings.push(
                    Finding::new(
                        Code::HugeNumber,
                        line.account.span(),
                        "le montant à calculer est hors des limites",
                    )
                    .label("ici")
                    .help("vérifiez les autres montants de l’écriture"),
                ),
            },
            None if !sum.is_zero() => {
                findings.push(unbalanced(written, postings, book, sum, header));
            }
            None => {}
        }
    }
    if findings.is_empty() { Ok(()) } else { Err(findings) }
}

/// Says by how much a group misses its balance, and which line is the likely slip.
fn unbalanced(
    written: &[tree::Posting<'_>],
    postings: &[Posting],
    book: Book,
    gap: Sum,
    header: Span,
) -> Finding {
    let unit = if book == Book::Tonnes { "kgCO₂e" } else { "€" };
    let shown = |sum: Sum| sum.number().map_or(sum.to_string(), |number| amount_text(number, unit));
    let (code, what) = match book {
        Book::Financial => (Code::Unbalanced, "écriture déséquilibrée"),
        _ => (Code::UnbalancedBrackets, "lignes entre crochets déséquilibrées"),
    };
    let side = if gap.is_negative() { "trop de crédit" } else { "trop de débit" };
    let message = format!("{what} de {} ({side})", shown(gap.abs()));
    let group = || written.iter().zip(postings).filter(|(_, posting)| posting.book == book);
    let sums: Vec<Sum> = group().map(|(_, posting)| posting.sum()).collect();
    let suspect = suspect(&sums, gap).and_then(|rank| group().nth(rank));
    match suspect {
        Some((line, posting)) => {
            let right = shown(posting.sum() - gap);
            let at = line.amount.map_or(line.account.span(), |amount| amount.span);
            let others = group().filter(|(other, _)| other.line != line.line).take(3);
            let mut finding = Finding::new(code, at, message)
                .label(format!("{right} équilibrerait l’écriture"))
                .help("corrigez ce montant s’il est faux, sinon ajoutez la ligne qui manque");
            for (other, posting) in others {
                let word = if posting.sum().is_negative() { "crédit" } else { "débit" };
                let at = other.amount.map_or(other.account.span(), |amount| amount.span);
                finding = finding.related(at, word);
            }
            finding
        }
        None => Finding::new(code, header, message)
            .label(format!("il manque {}", shown(-gap)))
            .help("ajoutez la ligne qui manque, ou corrigez un montant"),
    }
}

/// The line whose amount becomes right by the smallest slip of the hand: a digit, two swapped
/// digits, a sign. `None` when none is that near: a line is missing, rather.
fn suspect(sums: &[Sum], gap: Sum) -> Option<usize> {
    let digits = |sum: Sum| sum.number().map(|number| amount_text(number, "€").replace(' ', ""));
    let slips = sums.iter().enumerate().filter_map(|(rank, &sum)| {
        let right = sum - gap;
        if right.is_zero() {
            return None;
        }
        let distance = strsim::osa_distance(&digits(sum)?, &digits(right)?);
        (distance <= 2).then_some((distance, std::cmp::Reverse(rank)))
    });
    slips.min().map(|(_, std::cmp::Reverse(rank))| rank)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_letters_and_spaces() {
        for clean in ["512 Banques", "401 Fournisseurs:Écluse & fils", "T10 a_b-c.d’e"] {
            assert_eq!(unclean(clean), None, "{clean}");
        }
        for odd in ['\u{7}', '\u{7f}', '\t', '\u{85}', '\u{a0}', '\u{2003}', '\u{202f}', '\u{200b}']
        {
            assert_eq!(unclean(&format!("é {odd}{odd}x")), Some((3, odd)), "{odd:?}");
        }
    }
}
