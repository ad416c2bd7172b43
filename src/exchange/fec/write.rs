use std::borrow::Cow;
use std::io::{self, Write};
use std::ops::AddAssign;

use chrono::NaiveDate;
use encoding_rs::ISO_8859_15;
use rust_decimal::Decimal;

use super::Column;
use crate::crew;
use crate::measure::{put_compact_day, put_plain};

/// What separates the fields of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Separator {
    /// A tab.
    #[default]
    Tab,
    /// A vertical bar.
    Bar,
}

impl Separator {
    /// The character.
    pub fn char(self) -> char {
        match self {
            Self::Tab => '\t',
            Self::Bar => '|',
        }
    }

    /// Its name in French.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tab => "tabulation",
            Self::Bar => "barre verticale (|)",
        }
    }
}

/// The character set of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Charset {
    /// UTF-8, without a mark.
    #[default]
    Utf8,
    /// ISO-8859-15: what it has not is replaced by the nearest, and counted.
    Latin,
}

impl Charset {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Latin => "ISO-8859-15",
        }
    }
}

/// A row to write: what the eighteen fields hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outgoing<'b> {
    /// The code of the journal.
    pub journal: Cow<'b, str>,
    /// Its name.
    pub journal_label: Cow<'b, str>,
    /// The number of the entry.
    pub number: Cow<'b, str>,
    /// Its day.
    pub date: NaiveDate,
    /// The account.
    pub account: Cow<'b, str>,
    /// Its label.
    pub account_label: Cow<'b, str>,
    /// The auxiliary account (tiers).
    pub auxiliary: Cow<'b, str>,
    /// Its name.
    pub auxiliary_label: Cow<'b, str>,
    /// The document.
    pub document: Cow<'b, str>,
    /// Its day.
    pub document_date: Option<NaiveDate>,
    /// The label of the entry.
    pub label: Cow<'b, str>,
    /// The debit.
    pub debit: Decimal,
    /// The credit.
    pub credit: Decimal,
    /// The letter.
    pub letter: Cow<'b, str>,
    /// The day of the matching.
    pub letter_date: Option<NaiveDate>,
    /// The day of the validation.
    pub valid_date: Option<NaiveDate>,
    /// The amount in a currency.
    pub currency_amount: Option<Decimal>,
    /// The currency.
    pub currency: Cow<'b, str>,
}

impl Outgoing<'_> {
    /// Puts one field, as it is written before what its text may not hold is replaced.
    fn put_cell(&self, column: Column, out: &mut String) {
        let words = |words: &str, out: &mut String| out.push_str(words);
        let day = |day: Option<NaiveDate>, out: &mut String| {
            if let Some(day) = day {
                put_compact_day(out, day);
            }
        };
        // An amount has its comma and at least two decimals.
        let euros = |amount: Decimal, out: &mut String| put_plain(out, amount, 2, ',');
        match column {
            Column::JournalCode => words(&self.journal, out),
            Column::JournalLib => words(&self.journal_label, out),
            Column::EcritureNum => words(&self.number, out),
            Column::EcritureDate => day(Some(self.date), out),
            Column::CompteNum => words(&self.account, out),
            Column::CompteLib => words(&self.account_label, out),
            Column::CompAuxNum => words(&self.auxiliary, out),
            Column::CompAuxLib => words(&self.auxiliary_label, out),
            Column::PieceRef => words(&self.document, out),
            Column::PieceDate => day(self.document_date, out),
            Column::EcritureLib => words(&self.label, out),
            Column::Debit => euros(self.debit, out),
            Column::Credit => euros(self.credit, out),
            Column::EcritureLet => words(&self.letter, out),
            Column::DateLet => day(self.letter_date, out),
            Column::ValidDate => day(self.valid_date, out),
            Column::Montantdevise => {
                if let Some(amount) = self.currency_amount {
                    euros(amount, out);
                }
            }
            Column::Idevise => words(&self.currency, out),
        }
    }
}

/// What a file could not hold and was replaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replaced {
    /// Tabs, ends of line and other control characters, by a space.
    pub controls: u64,
    /// Vertical bars, by a dash: the official tester refuses a file that holds one in a label.
    pub bars: u64,
    /// Characters that the character set has not, by the nearest that it has.
    pub letters: u64,
}

impl AddAssign for Replaced {
    fn add_assign(&mut self, other: Self) {
        self.controls += other.controls;
        self.bars += other.bars;
        self.letters += other.letters;
    }
}

/// So many rows are written together.
const TOGETHER: usize = 4_000;
/// So many parts a thread has, before what was made is written.
const TURNS: usize = 8;

/// Writes a file: a header, and each row, made by its rank when it is wanted, some at a time; lines end with
/// CRLF.
///
/// # Errors
/// What the output refuses.
pub fn written<'b>(
    (count, row): (usize, impl Fn(usize) -> Outgoing<'b> + Sync),
    (separator, charset): (Separator, Charset),
    threads: usize,
    out: &mut dyn Write,
) -> io::Result<Replaced> {
    let head: Vec<&str> = Column::ALL.iter().map(|column| column.name()).collect();
    out.write_all(head.join(&separator.char().to_string()).as_bytes())?;
    out.write_all(b"\r\n")?;
    let part = |from: usize| {
        let to = count.min(from + TOGETHER);
        let (mut text, mut replaced) =
            (String::with_capacity(128 * (to - from)), Replaced::default());
        for rank in from..to {
            let row = row(rank);
            for column in Column::ALL {
                if column.rank() > 0 {
                    text.push(separator.char());
                }
                let begun = text.len();
                row.put_cell(column, &mut text);
                settle(&mut text, begun, charset, &mut replaced);
            }
            text.push_str("\r\n");
        }
        let bytes = match charset {
            Charset::Utf8 => text.into_bytes(),
            Charset::Latin => ISO_8859_15.encode(&text).0.into_owned(),
        };
        (bytes, replaced)
    };
    let mut replaced = Replaced::default();
    let turn = TOGETHER * TURNS * threads.max(1);
    for from in (0..count).step_by(turn) {
        let parts = (from..count.min(from + turn)).step_by(TOGETHER);
        for (bytes, own) in crew::all(threads, parts, part) {
            out.write_all(&bytes)?;
            replaced += own;
        }
    }
    Ok(replaced)
}

/// Replaces in a cell, which begins there and ends a text, what the file could not hold.
fn settle(text: &mut String, begun: usize, charset: Charset, replaced: &mut Replaced) {
    let cell = &text[begun..];
    let plain = |byte: u8| (b' '..0x7f).contains(&byte) && byte != b'|';
    if cell.bytes().all(plain) {
        return;
    }
    let cell = clean(cell, replaced).into_owned();
    text.truncate(begun);
    match charset {
        Charset::Utf8 => text.push_str(&cell),
        Charset::Latin => text.push_str(&fold(&cell, replaced)),
    }
}

/// A cell without what would end it.
fn clean<'t>(cell: &'t str, replaced: &mut Replaced) -> Cow<'t, str> {
    if !cell.contains(|c: char| c.is_control() || c == '|') {
        return Cow::Borrowed(cell);
    }
    let clean = |c: char| match c {
        '|' => {
            replaced.bars += 1;
            '-'
        }
        c if c.is_control() => {
            replaced.controls += 1;
            ' '
        }
        c => c,
    };
    Cow::Owned(cell.chars().map(clean).collect::<String>().trim().to_owned())
}

/// A cell in the letters of ISO-8859-15.
fn fold(cell: &str, replaced: &mut Replaced) -> String {
    let holds = |c: char| {
        let mut one = [0; 4];
        !ISO_8859_15.encode(c.encode_utf8(&mut one)).2
    };
    let mut text = String::with_capacity(cell.len());
    for c in cell.chars() {
        if c.is_ascii() || holds(c) {
            text.push(c);
            continue;
        }
        replaced.letters += 1;
        match c {
            '’' | '‘' | '′' => text.push('\''),
            '“' | '”' | '„' => text.push('"'),
            '–' | '—' | '−' | '‐' | '‑' => text.push('-'),
            '…' => text.push_str("..."),
            '→' => text.push_str("->"),
            '\u{202f}' | '\u{2009}' => text.push(' '),
            '₂' => text.push('2'),
            _ => text.push('?'),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_cell_cannot_hold_is_replaced_and_counted() {
        let row = Outgoing {
            label: "SNCF | Paris\tLyon\n".into(),
            account_label: "Œuvre d’été – 10 € ₂ 漢".into(),
            debit: Decimal::new(15, 1),
            currency_amount: Some(Decimal::new(-12_345, 3)),
            ..Outgoing::default()
        };
        let of = |separator, charset| {
            let mut bytes = Vec::new();
            let written = written((1, |_| row.clone()), (separator, charset), 1, &mut bytes);
            (bytes, written.unwrap_or_default())
        };
        let (bytes, replaced) = of(Separator::Bar, Charset::Latin);
        assert_eq!(replaced, Replaced { controls: 2, bars: 1, letters: 4 });
        let (text, _, _) = ISO_8859_15.decode(&bytes);
        assert!(text.contains("|SNCF - Paris Lyon|1,50|0,00|"), "{text}");
        assert!(text.contains("|Œuvre d'été - 10 € 2 ?|"), "{text}");
        assert!(text.ends_with("|-12,345|\r\n"), "{text}");
        let (bytes, replaced) = of(Separator::Tab, Charset::Utf8);
        assert_eq!(replaced.letters, 0);
        assert!(String::from_utf8_lossy(&bytes).contains("Œuvre d’été – 10 € ₂ 漢"));
    }
}
