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
    line.truncate(line.trim_end().len());
    line
}

fn written(amount: Amount<'_>) -> (Number, &str) {
    (amount.number, amount.unit)
}

/// One line of an entry, laid out: account, and the amount if there is one.
pub fn posting_line(wrap: Wrap, account: &str, amount: Option<(Number, &str)>) -> String {
    let account = match wrap {
        Wrap::Real => account.to_owned(),
        Wrap::Brackets => format!("[{account}]"),
        Wrap::Parentheses => format!("({account})"),
    };
    let mut line = format!("    {account}");
    if let Some((number, unit)) = amount {
        let text = amount_text(number, unit);
        let figures = text.len() - unit.len() - 1;
        let width = if line.is_ascii() { line.len() } else { line.width() };
        let gap = NUMBER_ENDS.saturating_sub(width + figures).max(2);
        line.extend(std::iter::repeat_n(' ', gap));
        line.push_str(&text);
    }
    line
}

/// An amount as compta writes it: `1 234,50 €`; euros have at least two decimals.
pub fn amount_text(number: Number, unit: &str) -> String {
    let mut scale = usize::from(number.scale());
    let mut digits = number.mantissa().unsigned_abs().to_string();
    while unit == "€" && scale < 2 {
        digits.push('0');
        scale += 1;
    }
    while digits.len() <= scale {
        digits.insert(0, '0');
    }
    let (integer, decimals) = digits.split_at(digits.len() - scale);
    let mut text = String::with_capacity(digits.len() + 8);
    if number.mantissa() < 0 {
        text.push('-');
    }
    for (rank, digit) in integer.char_indices() {
        if rank > 0 && (integer.len() - rank) % 3 == 0 {
            text.push(' ');
        }
        text.push(digit);
    }
    if !decimals.is_empty() {
        text.push(',');
        text.push_str(decimals);
    }
    text.push(' ');
    text.push_str(unit);
    text
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
