use chrono::NaiveDate;
use encoding_rs::ISO_8859_15;
use rust_decimal::Decimal;

use super::Column;

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
pub struct Outgoing {
    /// The code of the journal.
    pub journal: String,
    /// Its name.
    pub journal_label: String,
    /// The number of the entry.
    pub number: String,
    /// Its day.
    pub date: NaiveDate,
    /// The account.
    pub account: String,
    /// Its label.
    pub account_label: String,
    /// The auxiliary account (tiers).
    pub auxiliary: String,
    /// Its name.
    pub auxiliary_label: String,
    /// The document.
    pub document: String,
    /// Its day.
    pub document_date: Option<NaiveDate>,
    /// The label of the entry.
    pub label: String,
    /// The debit.
    pub debit: Decimal,
    /// The credit.
    pub credit: Decimal,
    /// The letter.
    pub letter: String,
    /// The day of the matching.
    pub letter_date: Option<NaiveDate>,
    /// The day of the validation.
    pub valid_date: Option<NaiveDate>,
    /// The amount in a currency.
    pub currency_amount: Option<Decimal>,
    /// The currency.
    pub currency: String,
}

impl Outgoing {
    /// One field, as it is written before what its text may not hold is replaced.
    pub fn cell(&self, column: Column) -> String {
        let day = |day: Option<NaiveDate>| {
            day.map_or_else(String::new, |day| day.format("%Y%m%d").to_string())
        };
        match column {
            Column::JournalCode => self.journal.clone(),
            Column::JournalLib => self.journal_label.clone(),
            Column::EcritureNum => self.number.clone(),
            Column::EcritureDate => day(Some(self.date)),
            Column::CompteNum => self.account.clone(),
            Column::CompteLib => self.account_label.clone(),
            Column::CompAuxNum => self.auxiliary.clone(),
            Column::CompAuxLib => self.auxiliary_label.clone(),
            Column::PieceRef => self.document.clone(),
            Column::PieceDate => day(self.document_date),
            Column::EcritureLib => self.label.clone(),
            Column::Debit => euros(self.debit),
            Column::Credit => euros(self.credit),
            Column::EcritureLet => self.letter.clone(),
            Column::DateLet => day(self.letter_date),
            Column::ValidDate => day(self.valid_date),
            Column::Montantdevise => self.currency_amount.map_or_else(String::new, euros),
            Column::Idevise => self.currency.clone(),
        }
    }
}

/// An amount with its comma and at least two decimals.
fn euros(amount: Decimal) -> String {
    let decimals = amount.normalize().scale().max(2) as usize;
    format!("{amount:.decimals$}").replace('.', ",")
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

/// The bytes of a file: a header, and a row for each; lines end with CRLF.
pub fn written(rows: &[Outgoing], separator: Separator, charset: Charset) -> (Vec<u8>, Replaced) {
    let mut replaced = Replaced::default();
    let mut text = String::with_capacity(rows.len() * 128 + 256);
    let line = |text: &mut String, cells: &mut dyn Iterator<Item = String>| {
        for (rank, cell) in cells.enumerate() {
            if rank > 0 {
                text.push(separator.char());
            }
            text.push_str(&cell);
        }
        text.push_str("\r\n");
    };
    line(&mut text, &mut Column::ALL.iter().map(|column| column.name().to_owned()));
    for row in rows {
        let mut cells = Column::ALL.iter().map(|column| {
            let cell = clean(&row.cell(*column), &mut replaced);
            match charset {
                Charset::Utf8 => cell,
                Charset::Latin => fold(&cell, &mut replaced),
            }
        });
        line(&mut text, &mut cells);
    }
    let bytes = match charset {
        Charset::Utf8 => text.into_bytes(),
        Charset::Latin => ISO_8859_15.encode(&text).0.into_owned(),
    };
    (bytes, replaced)
}

/// A cell without what would end it.
fn clean(cell: &str, replaced: &mut Replaced) -> String {
    if !cell.contains(|c: char| c.is_control() || c == '|') {
        return cell.to_owned();
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
    cell.chars().map(clean).collect::<String>().trim().to_owned()
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
            label: "SNCF | Paris\tLyon\n".to_owned(),
            account_label: "Œuvre d’été – 10 € ₂ 漢".to_owned(),
            debit: Decimal::new(15, 1),
            currency_amount: Some(Decimal::new(-12_345, 3)),
            ..Outgoing::default()
        };
        let (bytes, replaced) = written(std::slice::from_ref(&row), Separator::Bar, Charset::Latin);
        assert_eq!(replaced, Replaced { controls: 2, bars: 1, letters: 4 });
        let (text, _, _) = ISO_8859_15.decode(&bytes);
        assert!(text.contains("|SNCF - Paris Lyon|1,50|0,00|"), "{text}");
        assert!(text.contains("|Œuvre d'été - 10 € 2 ?|"), "{text}");
        assert!(text.ends_with("|-12,345|\r\n"), "{text}");
        let (bytes, replaced) = written(&[row], Separator::Tab, Charset::Utf8);
        assert_eq!(replaced.letters, 0);
        assert!(String::from_utf8_lossy(&bytes).contains("Œuvre d’été – 10 € ₂ 漢"));
    }
}
