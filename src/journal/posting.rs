use super::amount::{RESPELLED, amount, in_unit};
use super::number::scan;
use super::tree::{Amount, Posting, Word, Wrap};
use crate::diagnostic::{Code, Finding, Span};

/// A name longer than this is no account.
const NAME_LIMIT: usize = 1024;

/// Reads one line of an entry, already known to be indented and not a comment.
///
/// `line` is the whole line without its end; gives the posting and its comment.
#[inline]
pub(super) fn posting(line: Word<'_>) -> Result<(Posting<'_>, Option<Word<'_>>), Box<Finding>> {
    let bytes = line.text.as_bytes();
    let start = bytes.iter().position(|b| !matches!(b, b' ' | b'\t')).unwrap_or(bytes.len());
    if matches!(bytes[start], b'*' | b'!') {
        return Err(Box::new(
            Finding::new(
                Code::PostingStatus,
                line.part(start, start + 1).span(),
                "marque de pointage sur une ligne",
            )
            .label("ici")
            .help("posez-la sur la première ligne de l’écriture, ou utilisez `; lettrage:`"),
        ));
    }
    if bytes[start] == b'#' {
        return Err(Box::new(
            Finding::new(
                Code::Posting,
                line.part(start, start + 1).span(),
                "commentaire mal marqué",
            )
            .label("un compte était attendu")
            .help("dans une écriture, un commentaire commence par `;`"),
        ));
    }
    let name_end = name_end(bytes, start);
    let written = line.part(start, name_end);
    if written.text.len() > NAME_LIMIT {
        return Err(Box::new(
            Finding::new(
                Code::Posting,
                line.part(start, start + 1).span(),
                "nom de compte démesuré",
            )
            .label(format!("{} octets, {NAME_LIMIT} au plus", written.text.len()))
            .help("mettez deux espaces entre le compte et le montant"),
        ));
    }
    let (wrap, account) = unwrap(written)?;
    if let Some(tab) = memchr::memchr(b'\t', &bytes[start..]).map(|at| at + start)
        && memchr::memchr(b';', &bytes[..tab]).is_none()
    {
        let message = if tab > name_end {
            "tabulation dans une ligne d’écriture"
        } else {
            "tabulation entre le compte et le montant"
        };
        return Err(gap(line.part(tab, tab + 1), message));
    }
    let mut at = skip_spaces(bytes, name_end);
    let (mut value, mut assertion) = (None, None);
    if at < bytes.len() && bytes[at] != b';' {
        if bytes[at] == b'=' {
            return Err(match amount_in_name(account) {
                Some(place) => gap(place, "une seule espace entre le compte et le montant"),
                None => assignment(line, at),
            });
        }
        let (read, length) = amount(line.part(at, bytes.len()))?;
        value = Some(read);
        at = skip_spaces(bytes, at + length);
        if bytes.get(at) == Some(&b'=') {
            let (read, length) = asserted(line, at)?;
            assertion = Some(read);
            at = skip_spaces(bytes, at + length);
        }
        after_amount(line, at)?;
    } else if let Some(place) = amount_in_name(account) {
        return Err(gap(place, "une seule espace entre le compte et le montant"));
    }
    if let Some(semicolon) = memchr::memchr(b';', account.text.as_bytes()) {
        return Err(gap(
            account.part(semicolon, semicolon + 1),
            "point-virgule dans un nom de compte : deux espaces sont attendues avant un commentaire",
        ));
    }
    let comment = (at < bytes.len()).then(|| line.part(at + 1, bytes.len()).trim());
    Ok((Posting { wrap, account, amount: value, assertion, line: line.span() }, comment))
}

/// Where the account's name ends: before two spaces, or at the end of the line.
#[inline]
fn name_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(space) = memchr::memchr(b' ', &bytes[at..]) {
        let space = at + space;
        match bytes.get(space + 1) {
            None | Some(b' ') => return space,
            Some(_) => at = space + 1,
        }
    }
    bytes.len()
}

fn skip_spaces(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at) == Some(&b' ') {
        at += 1;
    }
    at
}

#[inline]
fn unwrap(written: Word<'_>) -> Result<(Wrap, Word<'_>), Box<Finding>> {
    let (wrap, close) = match written.text.as_bytes().first() {
        Some(b'[') => (Wrap::Brackets, "]"),
        Some(b'(') => (Wrap::Parentheses, ")"),
        _ => return Ok((Wrap::Real, written)),
    };
    let length = written.text.len();
    let glued = format!("{close} ");
    if let Some(at) = written.text.find(&glued).filter(|_| !written.text.ends_with(close)) {
        let amount = written.part(at + glued.len(), length);
        return Err(gap(amount, "une seule espace entre le compte et le montant"));
    }
    if length < 2 || !written.text.ends_with(close) {
        return Err(Box::new(
            Finding::new(
                Code::Posting,
                written.span(),
                format!("il manque `{close}` après le compte"),
            )
            .label("ouvert ici, jamais fermé")
            .help(format!("fermez par `{close}`, puis deux espaces avant le montant")),
        ));
    }
    let inside = written.part(1, length - 1);
    if inside.text.trim() != inside.text || inside.text.is_empty() {
        return Err(Box::new(
            Finding::new(Code::Posting, written.span(), "compte mal encadré")
                .label("sans espace à l’intérieur")
                .help("écrivez `[C172 Libellé]` ou `(train-tgv)`"),
        ));
    }
    Ok((wrap, inside))
}

fn gap(place: Word<'_>, message: &str) -> Box<Finding> {
    Box::new(
        Finding::new(Code::Gap, place.span(), message)
            .label("ici")
            .help("mettez deux espaces, ou lancez `compta fmt`"),
    )
}

/// An amount that one space alone separates from the account, and that became part of its name.
///
/// Only what is surely an amount: a number and its unit up to the end of the name. A number alone
/// may belong to a label, and is judged where labels are known.
fn amount_in_name(account: Word<'_>) -> Option<Word<'_>> {
    let text = account.text;
    let tail = RESPELLED.iter().map(|(typed, _)| *typed).chain(["€", "kgCO₂e"]);
    if !tail.into_iter().any(|unit| text.ends_with(unit)) {
        return None;
    }
    let starts = text.match_indices(' ').map(|(at, _)| at + 1);
    starts.map(|at| account.part(at, text.len())).find(|rest| {
        let figures = rest.text.trim_start_matches('-');
        let scanned = scan(figures.as_bytes()).map(|(_, length)| figures[length..].trim_start());
        scanned.is_some_and(|unit| !unit.is_empty() && unit.chars().all(|c| in_unit(c) || c == '2'))
    })
}

/// How many ways there are to cut an amount off the end of that name.
pub(super) fn cuts(account: &str) -> usize {
    let starts = account.match_indices(' ').map(|(at, _)| &account[at + 1..]);
    starts
        .filter(|rest| {
            let figures = rest.trim_start_matches('-');
            figures.starts_with(|c: char| c.is_ascii_digit()) && scan(figures.as_bytes()).is_some()
        })
        .count()
}

fn assignment(line: Word<'_>, at: usize) -> Box<Finding> {
    Box::new(
        Finding::new(
            Code::Assignment,
            line.part(at, line.text.len()).span(),
            "solde imposé sans montant",
        )
        .label("affectation de solde")
        .help("écrivez le montant du mouvement, puis l’assertion : `12,00 €  = 100,00 €`"),
    )
}

fn asserted(line: Word<'_>, at: usize) -> Result<(Amount<'_>, usize), Box<Finding>> {
    let bytes = line.text.as_bytes();
    let marks = bytes[at..].iter().take_while(|b| matches!(b, b'=' | b'*')).count();
    if marks > 1 {
        return Err(Box::new(
            Finding::new(
                Code::AssertionKind,
                line.part(at, at + marks).span(),
                format!("assertion `{}`", &line.text[at..at + marks]),
            )
            .label("`=` seul est vérifié")
            .help("écrivez `= MONTANT`"),
        ));
    }
    let figures = skip_spaces(bytes, at + 1);
    let (read, length) = amount(line.part(figures, bytes.len()))?;
    Ok((read, figures + length - at))
}

/// Nothing but a comment may follow the amount and its assertion.
#[inline]
fn after_amount(line: Word<'_>, at: usize) -> Result<(), Box<Finding>> {
    let bytes = line.text.as_bytes();
    match bytes.get(at) {
        None | Some(b';') => Ok(()),
        Some(b'@' | b'{') => Err(Box::new(
            Finding::new(Code::Price, line.part(at, bytes.len()).span(), "prix ou coût dans une écriture")
                .label("ici")
                .help("convertissez en euros à la saisie ; gardez la devise en étiquette : `; devise: 120 USD`"),
        )),
        Some(_) => Err(Box::new(
            Finding::new(
                Code::Amount,
                Span::new(line.part(at, at).at, line.span().end),
                "texte inattendu après le montant",
            )
            .label("ici")
            .help("mettez un commentaire derrière `;`"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, Code> {
        match posting(Word { text, at: 0 }) {
            Err(finding) => Err(finding.code),
            Ok((posting, comment)) => {
                let shown = |amount: Option<Amount<'_>>| {
                    amount.map_or("–".to_owned(), |a| format!("{}{}", a.number.decimal(), a.unit))
                };
                Ok(format!(
                    "{:?}/{}/{}/{}/{}",
                    posting.wrap,
                    posting.account.text,
                    shown(posting.amount),
                    shown(posting.assertion),
                    comment.map_or("–", |c| c.text)
                ))
            }
        }
    }

    #[test]
    fn lines_that_read() {
        for (text, expected) in [
            (
                "  625100 Voyages et déplacements   184,00 €",
                "Real/625100 Voyages et déplacements/184.00€/–/–",
            ),
            (
                "    401 Fournisseurs:SNCF  -184,00€  = -184,00 €  ; a: b",
                "Real/401 Fournisseurs:SNCF/-184.00€/-184.00€/a: b",
            ),
            ("    [C172 Dette (x)]   -875,00 €", "Brackets/C172 Dette (x)/-875.00€/–/–"),
            ("    (train-tgv)   1 140 pkm", "Parentheses/train-tgv/1140pkm/–/–"),
            ("    512 Banque", "Real/512 Banque/–/–/–"),
            ("    2010 Compte 001  ; rien", "Real/2010 Compte 001/–/–/rien"),
            (
                "    110 Report à nouveau (solde créditeur)  1 €;c",
                "Real/110 Report à nouveau (solde créditeur)/1€/–/c",
            ),
        ] {
            assert_eq!(read(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn lines_that_do_not() {
        for (text, code) in [
            ("  * 512 Banque  1,00 €", Code::PostingStatus),
            ("  512 Banque 1,00 €", Code::Gap),
            ("  512 Banque -1 000,00 €", Code::Gap),
            ("  [C172 Dette] 1,00 €", Code::Gap),
            ("  512 Banque 1,00 €  = 1,00 €", Code::Gap),
            ("  # 512 Banque  1,00 €", Code::Posting),
            ("  512 Banque\t1,00 €", Code::Gap),
            ("  512 Banque ; x", Code::Gap),
            ("  512 Banque  = 1,00 €", Code::Assignment),
            ("  512 Banque  1,00 € == 1,00 €", Code::AssertionKind),
            ("  512 Banque  1,00 € =* 1,00 €", Code::AssertionKind),
            ("  512 Banque  1,00 € @ 2,00 $", Code::Price),
            ("  512 Banque  1,00 € {2,00 $}", Code::Price),
            ("  512 Banque  1,00 € et", Code::Amount),
            ("  512 Banque  1,00", Code::NoUnit),
            ("  512 Banque  1,00 \"x\"", Code::UnitForm),
            ("  512 Banque  1,00 kgCO2e", Code::UnitForm),
            ("  512 Banque  1,00 EUR", Code::UnitForm),
            ("  512 Banque  1 ,00 €", Code::Amount),
            ("  512 Banque  10O €", Code::LetterInNumber),
            ("  512 Banque  1.000,00 €", Code::DecimalPoint),
            ("  512 Banque  184,00\u{a0}€", Code::NoBreakSpace),
            ("  [512 Banque  1,00 €", Code::Posting),
            ("  [ 512 Banque]  1,00 €", Code::Posting),
        ] {
            assert_eq!(read(text), Err(code), "{text}");
        }
    }
}
