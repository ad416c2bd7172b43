use chrono::NaiveDate;

use super::tree::{Header, Word};
use crate::diagnostic::{Code, Finding};
use crate::measure::{day, last_day_of_month};

/// Reads the first line of an entry.
///
/// `2024-03-12=2024-03-10 * (ACH-0042) SNCF | Paris–Grenoble   ; programme: NM`
///
/// # Errors
/// The first thing on the line that cannot be read.
pub fn header(line: Word<'_>) -> Result<Header<'_>, Box<Finding>> {
    let (date, mut at) = date(line)?;
    let bytes = line.text.as_bytes();
    let mut secondary = None;
    if bytes.get(at) == Some(&b'=') {
        let (second, length) = self::date(line.part(at + 1, bytes.len()))?;
        secondary = Some(second);
        at += 1 + length;
    }
    if !matches!(bytes.get(at), None | Some(b' ')) {
        let rest = line.part(at, bytes.len());
        return Err(unreadable(rest, "une espace était attendue après la date"));
    }
    at = skip_spaces(bytes, at);
    let mut status = None;
    if let Some(mark @ (b'*' | b'!')) = bytes.get(at) {
        status = Some(char::from(*mark));
        if bytes.get(at + 1).is_some_and(|next| *next != b' ') {
            let glued = line.part(at + 1, at + 1);
            return Err(unreadable(glued, "une espace était attendue après la marque"));
        }
        at = skip_spaces(bytes, at + 1);
    }
    let mut code = None;
    if bytes.get(at) == Some(&b'(') {
        let Some(length) =
            memchr::memchr2(b')', b';', &bytes[at..]).filter(|&n| bytes[at + n] == b')')
        else {
            return Err(unreadable(
                line.part(at, at + 1),
                "la parenthèse du code n’est pas fermée",
            ));
        };
        code = Some(line.part(at + 1, at + length)).filter(|word| !word.text.trim().is_empty());
        at = skip_spaces(bytes, at + length + 1);
    }
    if let Some(blank) = line.text[at..].chars().next().filter(|c| c.is_whitespace()) {
        let place = line.part(at, at + blank.len_utf8());
        return Err(unreadable(place, "espace inhabituelle devant le libellé"));
    }
    let end = memchr::memchr(b';', &bytes[at..]).map_or(bytes.len(), |n| at + n);
    let comment = (end < bytes.len()).then(|| line.part(end + 1, bytes.len()).trim());
    Ok(Header { date, secondary, status, code, description: line.part(at, end).trim(), comment })
}

fn skip_spaces(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at) == Some(&b' ') {
        at += 1;
    }
    at
}

fn unreadable(word: Word<'_>, message: &str) -> Box<Finding> {
    Box::new(
        Finding::new(
            Code::Header,
            word.span(),
            format!("première ligne d’écriture illisible : {message}"),
        )
        .label("ici")
        .help("écrivez `AAAA-MM-JJ * (JOURNAL-NUMÉRO) Tiers | libellé`"),
    )
}

/// Reads a date at the beginning of a word; gives its length too.
pub(super) fn date(line: Word<'_>) -> Result<(NaiveDate, usize), Box<Finding>> {
    let bytes = line.text.as_bytes();
    let figure = |at: usize| match bytes.get(at) {
        Some(digit @ b'0'..=b'9') => Some(i32::from(digit - b'0')),
        _ => None,
    };
    let pair = |at: usize| Some(figure(at)? * 10 + figure(at + 1)?);
    let written = (|| {
        let year = pair(0)? * 100 + pair(2)?;
        let dashes = bytes.get(4) == Some(&b'-') && bytes.get(7) == Some(&b'-');
        (dashes && figure(10).is_none()).then_some((year, pair(5)?, pair(8)?))
    })();
    let Some((year, month, number)) = written else {
        return Err(date_form(line));
    };
    let (month, number) = (month.unsigned_abs(), number.unsigned_abs());
    let place = line.part(0, 10);
    let outside = |message: String, label: &str| {
        Box::new(
            Finding::new(Code::NoSuchDay, place.span(), message)
                .label(label)
                .help("corrigez la date"),
        )
    };
    if !(1900..=2199).contains(&year) {
        return Err(outside(format!("année {year} hors des limites"), "de 1900 à 2199"));
    }
    match day(year, month, number) {
        Some(date) => Ok((date, 10)),
        None => Err(match last_day_of_month(year, month) {
            Some(days) => outside(
                format!("le {number} {} {year} n’existe pas", MONTHS[month as usize - 1]),
                &format!("ce mois a {days} jours"),
            ),
            None => outside(format!("le mois {month:02} n’existe pas"), "de 01 à 12"),
        }),
    }
}

/// The months as a French sentence names them.
const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

fn date_form(line: Word<'_>) -> Box<Finding> {
    let length = line.text.find([' ', '=', '\t']).unwrap_or(line.text.len());
    let word = line.part(0, length);
    let parts: Vec<&str> = word.text.split(['-', '/', '.']).collect();
    let numbers: Vec<u32> = parts.iter().filter_map(|part| part.parse().ok()).collect();
    let advice = match numbers[..] {
        [year, month, number]
            if parts[0].len() == 4 && day(year.cast_signed(), month, number).is_some() =>
        {
            format!("écrivez `{year:04}-{month:02}-{number:02}`")
        }
        [number, month, year]
            if parts[2].len() == 4 && day(year.cast_signed(), month, number).is_some() =>
        {
            format!("écrivez `{year:04}-{month:02}-{number:02}`")
        }
        [month, number] if day(2024, month, number).is_some() => {
            format!("écrivez l’année, comme `2024-{month:02}-{number:02}`")
        }
        _ => "écrivez la date comme `2024-03-12`".to_owned(),
    };
    let message = if numbers.len() == 2 && parts.len() == 2 {
        "date sans année"
    } else {
        "date mal écrite : AAAA-MM-JJ était attendu"
    };
    Box::new(Finding::new(Code::DateForm, word.span(), message).label("cette date").help(advice))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_header() {
        let text = "2024-03-12=2024-03-10 * (ACH-0042) SNCF | Paris  ; programme: NM";
        let read = header(Word { text, at: 0 }).map_err(|f| f.message);
        let read = read.as_ref().map(|h| {
            (
                h.date.to_string(),
                h.secondary.map(|d| d.to_string()),
                h.status,
                h.code.map(|c| c.text),
                h.description.text,
                h.comment.map(|c| c.text),
            )
        });
        assert_eq!(
            read,
            Ok((
                "2024-03-12".to_owned(),
                Some("2024-03-10".to_owned()),
                Some('*'),
                Some("ACH-0042"),
                "SNCF | Paris",
                Some("programme: NM")
            ))
        );
    }

    #[test]
    fn dates_that_do_not_read() {
        for (text, code, advice) in [
            ("2023-02-29 x", Code::NoSuchDay, "corrigez la date"),
            ("2024-13-01 x", Code::NoSuchDay, "corrigez la date"),
            ("2024-00-10 x", Code::NoSuchDay, "corrigez la date"),
            ("0024-01-10 x", Code::NoSuchDay, "corrigez la date"),
            ("31/12/2024 x", Code::DateForm, "écrivez `2024-12-31`"),
            ("2024/1/5 x", Code::DateForm, "écrivez `2024-01-05`"),
            ("03-12 x", Code::DateForm, "écrivez l’année, comme `2024-03-12`"),
            ("20240312 x", Code::DateForm, "écrivez la date comme `2024-03-12`"),
            ("2024-03-123 x", Code::DateForm, "écrivez la date comme `2024-03-12`"),
        ] {
            match header(Word { text, at: 0 }) {
                Ok(_) => panic!("{text} should not read"),
                Err(finding) => {
                    assert_eq!((finding.code, finding.help.as_str()), (code, advice), "{text}");
                }
            }
        }
    }

    #[test]
    fn headers_that_do_not_read() {
        for text in ["2024-03-12* x", "2024-03-12 (ACH-1 x", "2024-03-12 (ACH;-1) x"] {
            assert_eq!(
                header(Word { text, at: 0 }).err().map(|f| f.code),
                Some(Code::Header),
                "{text}"
            );
        }
    }
}
