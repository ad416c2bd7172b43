use chrono::NaiveDate;
use unicode_width::UnicodeWidthStr;

use super::amount::RESPELLED;
use super::directive;
use super::header::header;
use super::posting::{cuts, posting};
use super::tree::{Amount, Posting, Word, Wrap};
use crate::diagnostic::{Code, Finding};
use crate::measure::{Number, Period};

/// The column in which a number ends, so that one long account does not move the others.
const NUMBER_ENDS: usize = 62;
/// A line has few things to repair; more rounds than this would mean that a repair does nothing.
const REPAIRS: usize = 64;

/// What the books know of an account: its full declared name for a written one, on a day.
pub trait Labels {
    /// The name to write instead of `written`, or `None` to keep it.
    fn declared(&self, written: &str, day: Option<NaiveDate>) -> Option<String>;
}

/// Lays a journal out again: amounts aligned, labels as declared, slips with one meaning repaired.
///
/// Nothing is sorted, no amount changes, no comment is lost, and what cannot be read stays as it is.
pub fn lay_out(text: &str, labels: &dyn Labels) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut block: Option<Block> = None;
    for raw in text.split_inclusive('\n') {
        let line = raw.strip_suffix('\n').unwrap_or(raw);
        // Returns, with or without blanks between them, are one end of line: left there, the next reading would
        // see another line.
        let line = line.trim_end_matches([' ', '\t', '\r']);
        let ending = match &raw[line.len()..] {
            // hledger would take the return for a part of the path.
            _ if line.starts_with("include") => "\n",
            ending if ending.ends_with("\r\n") => "\r\n",
            _ => "\n",
        };
        let content = line.trim_matches([' ', '\t']);
        let indented = line.starts_with([' ', '\t']);
        match block {
            _ if content.is_empty() => block = None,
            Some(_) if indented && content.starts_with(';') => {
                out.push_str("    ");
                out.push_str(content);
            }
            Some(Block { day }) if indented => out.push_str(&repaired(line, day, labels)),
            _ => {
                block = opens_block(line);
                out.push_str(line.trim_end_matches([' ', '\t']));
            }
        }
        out.push_str(ending);
    }
    out
}

/// The lines of an entry or of a budget rule.
#[derive(Clone, Copy)]
struct Block {
    /// The day on which their accounts are read, if the first line says it.
    day: Option<NaiveDate>,
}

/// The block that a line opens, if it opens one.
fn opens_block(line: &str) -> Option<Block> {
    let word = Word { text: line, at: 0 };
    if line.starts_with('~') {
        let over: Option<Period> = directive::plan(word).ok().map(|(_, over, _)| over);
        return Some(Block { day: over.map(|over| over.first) });
    }
    if line.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(Block { day: header(word).ok().map(|header| header.date) });
    }
    None
}

fn repaired(line: &str, day: Option<NaiveDate>, labels: &dyn Labels) -> String {
    let mut text = line.trim_end_matches([' ', '\t']).to_owned();
    for _ in 0..REPAIRS {
        match posting(Word { text: &text, at: 0 }) {
            Ok((posting, comment)) => return laid_out(&posting, comment, day, labels),
            Err(finding) => match repair(&text, &finding) {
                Some(better) => text = better,
                None => break,
            },
        }
    }
    line.trim_end_matches([' ', '\t']).to_owned()
}

/// The line with one slip repaired, when it has one meaning.
fn repair(line: &str, finding: &Finding) -> Option<String> {
    let (from, to) = (finding.at.start as usize, finding.at.end as usize);
    let (before, word, after) = (line.get(..from)?, line.get(from..to)?, line.get(to..)?);
    let start = line.trim_start();
    // Outside the two books in euros, a unit is never guessed.
    let in_euros = !start.starts_with('(') && !start.starts_with("[T");
    let instead = match finding.code {
        Code::NoBreakSpace => " ".to_owned(),
        Code::TrueMinus => "-".to_owned(),
        Code::NoUnit if in_euros => format!("{word} €"),
        Code::UnitForm if in_euros || word.starts_with("kg") => {
            RESPELLED.iter().find(|(typed, _)| *typed == word).map(|(_, s)| (*s).to_owned())?
        }
        Code::Gap if word == "\t" => "  ".to_owned(),
        // `Banque 1 200,00 €` may be 1 200 or 200: only one cut makes one meaning.
        Code::Gap if word != ";" && cuts(before.trim()) == 0 && cuts(&format!(" {word}")) == 1 => {
            format!(" {word}")
        }
        Code::Gap if word == ";" => " ;".to_owned(),
        _ => return None,
    };
    Some(format!("{before}{instead}{after}"))
}

fn laid_out(
    posting: &Posting<'_>,
    comment: Option<Word<'_>>,
    day: Option<NaiveDate>,
    labels: &dyn Labels,
) -> String {
    let declared = labels.declared(posting.account.text, day);
    let account = declared.as_deref().unwrap_or(posting.account.text);
    let mut line = posting_line(posting.wrap, account, posting.amount.map(written));
    if let Some(asserted) = posting.assertion {
        line.push_str("  = ");
        line.push_str(&amount_text(asserted.number, asserted.unit));
    }
    if let Some(comment) = comment {
        line.push_str("  ; ");
        line.push_str(comment.text);
    }
    // What a reader does not pass over stays, even where nobody sees it; returns would be an end of line.
    line.truncate(line.trim_end_matches([' ', '\t', '\r']).len());
    line
}

fn written(amount: Amount<'_>) -> (Number, &str) {
    (amount.number, amount.unit)
}

/// One line of an entry, laid out: account, and the amount if there is one.
pub fn posting_line(wrap: Wrap, account: &str, amount: Option<(Number, &str)>) -> String {
    let mut line = String::new();
    put_posting_line(&mut line, wrap, account, amount);
    line
}

/// Puts such a line at the end of a text, without its newline.
pub fn put_posting_line(
    text: &mut String,
    wrap: Wrap,
    account: &str,
    amount: Option<(Number, &str)>,
) {
    let (opens, closes) = match wrap {
        Wrap::Real => ("", ""),
        Wrap::Brackets => ("[", "]"),
        Wrap::Parentheses => ("(", ")"),
    };
    let from = text.len();
    for part in ["    ", opens, account, closes] {
        text.push_str(part);
    }
    let Some((number, unit)) = amount else { return };
    let line = &text[from..];
    let width = if line.is_ascii() { line.len() } else { line.width() };
    let shown = Written::of(number, unit);
    let gap = NUMBER_ENDS.saturating_sub(width + shown.len()).max(2);
    text.extend(std::iter::repeat_n(' ', gap));
    shown.put(text);
    text.push(' ');
    text.push_str(unit);
}

/// An amount as compta writes it: `1 234,50 €`; euros have at least two decimals.
pub fn amount_text(number: Number, unit: &str) -> String {
    let mut text = String::with_capacity(24);
    Written::of(number, unit).put(&mut text);
    text.push(' ');
    text.push_str(unit);
    text
}

/// The most signs of a written amount: digits, spaces, a mark and a minus.
const SIGNS: usize = 40;

/// The figures of an amount, from their end.
struct Written {
    signs: [u8; SIGNS],
    from: usize,
}

impl Written {
    fn of(number: Number, unit: &str) -> Self {
        let mut written = Self { signs: [0; SIGNS], from: SIGNS };
        let mut left = number.mantissa().unsigned_abs();
        let scale = usize::from(number.scale());
        let decimals = if unit == "€" { scale.max(2) } else { scale };
        for rank in 0..decimals {
            if rank < decimals - scale {
                written.sign(b'0');
            } else {
                written.digit(&mut left);
            }
        }
        if decimals > 0 {
            written.sign(b',');
        }
        let mut rank = 0;
        while left > 0 || rank == 0 {
            if rank > 0 && rank % 3 == 0 {
                written.sign(b' ');
            }
            written.digit(&mut left);
            rank += 1;
        }
        if number.mantissa() < 0 {
            written.sign(b'-');
        }
        written
    }

    fn digit(&mut self, left: &mut u64) {
        self.sign(b'0' + u8::try_from(*left % 10).unwrap_or_default());
        *left /= 10;
    }

    fn sign(&mut self, sign: u8) {
        self.from -= 1;
        self.signs[self.from] = sign;
    }

    fn len(&self) -> usize {
        SIGNS - self.from
    }

    fn put(&self, text: &mut String) {
        text.push_str(std::str::from_utf8(&self.signs[self.from..]).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Declared;
    impl Labels for Declared {
        fn declared(&self, written: &str, _: Option<NaiveDate>) -> Option<String> {
            written.starts_with("401").then(|| "401 Fournisseurs:SNCF".to_owned())
        }
    }

    #[test]
    fn slips_with_one_meaning_are_repaired() {
        let before = "2024-03-12 * SNCF   \n\t512100 Banque\t-1\u{a0}184,5\n   530 Caisse 12,00 €\n  401 fournisseur:SNCF\t\u{2212}84,00 EUR;x\n ; note\n  [T171 Dette]  1,2 kgCO2e\n  625  1\u{202f}000 = 3 €\n\n  reste\n";
        let after = lay_out(before, &Declared);
        let expected = [
            "2024-03-12 * SNCF",
            "    512100 Banque                                    -1 184,50 €",
            "    530 Caisse                                           12,00 €",
            "    401 Fournisseurs:SNCF                               -84,00 €  ; x",
            "    ; note",
            "    [T171 Dette]                                           1,2 kgCO₂e",
            "    625                                               1 000,00 €  = 3,00 €",
            "",
            "  reste",
            "",
        ]
        .join("\n");
        assert_eq!(after, expected);
        assert_eq!(lay_out(&after, &Declared), after, "laying out twice changes nothing");
    }

    #[test]
    fn line_ends_and_unreadable_lines_stay() {
        let text = "2024-03-12 x\r\n  512 Banque  1.000,00 €\r\n; fin";
        assert_eq!(lay_out(text, &Declared), "2024-03-12 x\r\n  512 Banque  1.000,00 €\r\n; fin\n");
        // Several returns: repaired at once, and nothing is left to repair.
        let text = "2024-03-12 x\r\r\n    512 Banqu 1,00 €\r\r\n  401 x\r";
        let once = lay_out(text, &Declared);
        assert_eq!(lay_out(&once, &Declared), once);
        assert_eq!(once.matches('\r').count(), 2);
    }
}
