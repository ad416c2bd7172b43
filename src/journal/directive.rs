use super::amount::amount;
use super::tree::{Directive, Every, Word};
use crate::diagnostic::{Code, Finding};
use crate::measure::Period;

/// What a line that begins with a word may be.
pub(super) enum Read<'t> {
    /// A directive that the books keep.
    Kept(Directive<'t>),
    /// `decimal-mark ,`.
    DecimalMark,
    /// Something that changes nothing (`payee`).
    Ignored,
}

/// Reads a directive line.
pub(super) fn directive(line: Word<'_>) -> Result<Read<'_>, Box<Finding>> {
    let length = line.text.find([' ', '\t']).unwrap_or(line.text.len());
    let (keyword, rest) = (line.part(0, length), line.part(length, line.text.len()).trim());
    let before_comment = |word: Word<'_>| word.text.find(';').unwrap_or(word.text.len());
    match keyword.text {
        "account" => account(line, rest),
        "include" => Ok(Read::Kept(Directive::Include(rest))),
        "tag" | "payee" => {
            let name = rest.part(0, before_comment(rest)).trim();
            if name.text.is_empty() {
                return Err(Box::new(
                    Finding::new(
                        Code::Directive,
                        keyword.span(),
                        format!("`{}` sans nom", keyword.text),
                    )
                    .label("quel nom ?")
                    .help("complétez la ligne, ou retirez-la"),
                ));
            }
            let tag = keyword.text == "tag";
            Ok(if tag { Read::Kept(Directive::Tag(name)) } else { Read::Ignored })
        }
        "commodity" => commodity(line, rest),
        "decimal-mark" => {
            let mark = rest.part(0, before_comment(rest)).trim();
            if mark.text == "," {
                return Ok(Read::DecimalMark);
            }
            let place = if mark.text.is_empty() { keyword } else { mark };
            Err(Box::new(
                Finding::new(Code::DecimalMark, place.span(), "la marque décimale est la virgule")
                    .label("virgule attendue")
                    .help("écrivez `decimal-mark ,`"),
            ))
        }
        _ => Err(Box::new(refused(keyword))),
    }
}

/// Names what is outside the subset.
fn refused(keyword: Word<'_>) -> Finding {
    let (code, message, help) = match keyword.text {
        "alias" => (
            Code::Alias,
            "les alias sont hors du sous-ensemble".to_owned(),
            "écrivez le compte lui-même ; `compta fmt` corrige les libellés",
        ),
        "apply" => (
            Code::Apply,
            "`apply` est hors du sous-ensemble".to_owned(),
            "écrivez chaque ligne en entier",
        ),
        "Y" | "year" => (
            Code::DefaultYear,
            "année par défaut".to_owned(),
            "écrivez l’année dans chaque date, et retirez cette ligne",
        ),
        "P" => (
            Code::Price,
            "cours d’une unité".to_owned(),
            "convertissez en euros à la saisie, et retirez cette ligne",
        ),
        word if word.starts_with('Y') && word[1..].bytes().all(|b| b.is_ascii_digit()) => (
            Code::DefaultYear,
            "année par défaut".to_owned(),
            "écrivez l’année dans chaque date, et retirez cette ligne",
        ),
        word => (
            Code::Directive,
            format!("ligne hors du sous-ensemble : `{}`", word.escape_debug()),
            "mettez-la en commentaire avec `;`, ou corrigez le mot",
        ),
    };
    Finding::new(code, keyword.span(), message).label("non compris").help(help)
}

fn account<'t>(line: Word<'t>, rest: Word<'t>) -> Result<Read<'t>, Box<Finding>> {
    let text = rest.text;
    // A comment after an account is preceded by two spaces, else it would be part of the name.
    let end = text.find("  ").unwrap_or(text.len());
    let name = rest.part(0, end).trim();
    let tail = rest.part(end, text.len()).trim();
    let unreadable = |word: Word<'_>, message: &str| {
        Box::new(
            Finding::new(Code::AccountForm, word.span(), message)
                .label("ici")
                .help("écrivez `account NUMÉRO Libellé`, puis deux espaces avant un commentaire"),
        )
    };
    if name.text.is_empty() {
        return Err(unreadable(line, "déclaration de compte sans compte"));
    }
    if name.text.contains([';', '\t']) || name.text.starts_with(['(', '[']) {
        return Err(unreadable(name, "déclaration de compte illisible"));
    }
    if !tail.text.is_empty() && !tail.text.starts_with(';') {
        return Err(unreadable(tail, "texte inattendu après le compte"));
    }
    let comment = (!tail.text.is_empty()).then(|| tail.part(1, tail.text.len()).trim());
    Ok(Read::Kept(Directive::Account { name, comment }))
}

fn commodity<'t>(line: Word<'t>, rest: Word<'t>) -> Result<Read<'t>, Box<Finding>> {
    let end = rest.text.find(';').unwrap_or(rest.text.len());
    let written = rest.part(0, end).trim();
    let form = |word: Word<'_>| {
        Box::new(
            Finding::new(Code::CommodityForm, word.span(), "déclaration d’unité illisible")
                .label("un exemple avec décimales était attendu")
                .help("écrivez `commodity 1 000,00 €`"),
        )
    };
    if !written.text.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(form(if written.text.is_empty() { line } else { written }));
    }
    let (read, length) = amount(written)?;
    if length != written.text.len() || read.number.scale() == 0 {
        return Err(form(written));
    }
    let symbol = written.part(length - read.unit.len(), length);
    Ok(Read::Kept(Directive::Commodity(symbol)))
}

/// The period of a budget rule, its repetition, and its label.
///
/// # Errors
/// A finding, when the period is not understood.
pub fn plan(line: Word<'_>) -> Result<(Every, Period, Word<'_>), Box<Finding>> {
    let rest = line.part(1, line.text.len());
    let indent = rest.text.len() - rest.text.trim_start_matches([' ', '\t']).len();
    let rest = rest.part(indent, rest.text.len());
    let end = rest.text.find(';').unwrap_or(rest.text.len());
    let rest = rest.part(0, end);
    let gap = rest.text.find("  ").unwrap_or(rest.text.trim_end_matches([' ', '\t']).len());
    let (expression, label) = (rest.part(0, gap), rest.part(gap, rest.text.len()).trim());
    let (every, days) = match expression.text.split_once(" in ") {
        Some(("monthly", days)) => (Some(Every::Month), days),
        Some(("quarterly", days)) => (Some(Every::Quarter), days),
        Some(("yearly", days)) => (Some(Every::Once), days),
        Some(_) => (None, ""),
        None => (Some(Every::Once), expression.text),
    };
    // hledger wants a quarter or a year to begin where the period begins, and knows no `T2`.
    let whole_years = expression.text.starts_with(['q', 'y']);
    let known = !days.contains(['T', 't']) && (!whole_years || days.len() == 4);
    match (every, Period::calendar(days).filter(|_| known)) {
        (Some(every), Some(over)) => Ok((every, over, label)),
        _ => Err(Box::new(
            Finding::new(Code::PeriodForm, expression.span(), "période de budget non comprise")
                .label("ici")
                .help("écrivez `~ 2025  Libellé` ou `~ monthly in 2025  Libellé`, deux espaces avant le libellé"),
        )),
    }
}
