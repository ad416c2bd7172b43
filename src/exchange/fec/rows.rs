use std::io::{self, Read};
use std::ops::Range;

use chrono::NaiveDate;

use super::cells::{AmountWrong, DateWrong, amount, currency_amount, date};
use super::charset::decode;
use super::ear::{At, Ear};
use super::lines::{Ending, Lines};
use super::shape::{TRAILING, blank, expected, miscounted, note, split, trim, unwanted};
use super::{Column, Head, Need};
use crate::diagnostic::Code;
use crate::measure::Number;

/// What a file turned out to be, once it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileFacts {
    /// How many rows were given out.
    pub rows: u64,
    /// Whether it begins with a byte order mark.
    pub marked: bool,
    /// Whether it was in UTF-16, which the law does not know, and was converted.
    pub utf16: bool,
    /// How many lines hold characters beyond ASCII, in UTF-8.
    pub utf8: u64,
    /// How many lines are in ISO-8859-15.
    pub latin: u64,
    /// How many lines are in Windows-1252, which the law does not name.
    pub windows: u64,
    /// The ends of line that were met.
    pub endings: Vec<Ending>,
    /// The first line in another character set than the lines before it; 0 when there is none.
    pub mixed_at: u64,
    /// The first line in Windows-1252; 0 when there is none.
    pub windows_at: u64,
    /// The last line, when nothing ends it; 0 else.
    pub unended_at: u64,
}

impl FileFacts {
    /// The character set, by its name.
    pub fn charset(&self) -> &'static str {
        match (self.utf8, self.latin, self.windows) {
            (0, 0, 0) => "ASCII",
            (_, 0, 0) => "UTF-8",
            (0, _, 0) => "ISO-8859-15",
            (0, _, _) => "Windows-1252",
            _ => "mélangé",
        }
    }
}

/// A row: its cells without the spaces around them, and what the books need of them.
#[derive(Debug)]
pub struct Row<'l> {
    /// Where it stands.
    pub at: At<'l>,
    head: &'l Head,
    cells: &'l [Range<usize>],
    /// Whether every amount and day could be read.
    pub sound: bool,
    /// The day of the entry.
    pub date: Option<NaiveDate>,
    /// The day of the document.
    pub document_date: Option<NaiveDate>,
    /// The day of the matching.
    pub letter_date: Option<NaiveDate>,
    /// The day of the validation.
    pub valid_date: Option<NaiveDate>,
    /// The debit.
    pub debit: Number,
    /// The credit.
    pub credit: Number,
    /// The amount in a currency; `None` when the cell is blank.
    pub currency: Option<Number>,
}

impl<'l> Row<'l> {
    /// A cell, without the spaces around it; empty when the file has no such field.
    pub fn cell(&self, column: Column) -> &'l str {
        &self.at.text[self.range(column)]
    }

    /// Where a cell stands in the line.
    pub fn range(&self, column: Column) -> Range<usize> {
        let place = self.head.place(column).or(match column {
            Column::Debit | Column::Credit => self.head.sided.map(|(amount, _)| amount),
            _ => None,
        });
        place.map_or(0..0, |place| self.cells[place].clone())
    }
}

/// The rows of a file, one after the other, in bounded memory.
#[derive(Debug)]
pub struct Rows<R> {
    lines: Lines<R>,
    head: Head,
    /// How many fields every row must have.
    count: Option<usize>,
    facts: FileFacts,
    decoded: String,
    /// Line and offset of what is decoded.
    here: (u64, u64),
    cells: Vec<Range<usize>>,
}

/// The encodings that are none of the three.
const UTF_16: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];
/// What old software puts after the last line.
const DOS_END: &str = "\u{1a}";
const MARK: &[u8] = b"\xef\xbb\xbf";

impl<R: Read> Rows<R> {
    /// Reads the header; `None` when the file cannot be read as a FEC: the ear has heard why.
    pub fn open(source: R, ear: &mut dyn Ear) -> io::Result<Option<Self>> {
        let mut lines = Lines::new(source)?;
        let mut facts = FileFacts::default();
        let nowhere = At { line: 1, offset: 0, text: "" };
        if UTF_16.iter().any(|mark| lines.beginning().starts_with(mark)) {
            nowhere.tell(ear, (Code::FecNotOne, None, "UTF-16"), 0..0, || {
                "le fichier est en UTF-16 : le FEC veut ASCII, ISO-8859-15 ou UTF-8".to_owned()
            });
            return Ok(None);
        }
        if lines.beginning().starts_with(MARK) {
            facts.marked = true;
            lines.skip(MARK.len());
        }
        let mut decoded = String::new();
        let head = loop {
            let Some(line) = lines.next_line()? else {
                nowhere.tell(ear, (Code::FecEmpty, None, "fichier vide"), 0..0, || {
                    "le fichier est vide".to_owned()
                });
                return Ok(None);
            };
            note(&mut facts, line.ending, line.number);
            decode(line.bytes, &mut decoded, &mut facts, line.number);
            let at = At { line: line.number, offset: line.offset, text: &decoded };
            if at.text.contains('\0') || Lines::<R>::too_long(at.text.len()) {
                nowhere.tell(ear, (Code::FecNotOne, None, "pas du texte"), 0..0, || {
                    "ce n’est pas un fichier de texte".to_owned()
                });
                return Ok(None);
            }
            if at.text.trim().is_empty() {
                blank(at, ear);
                continue;
            }
            match Head::read(at, ear) {
                Some(head) => break head,
                None => return Ok(None),
            }
        };
        let (cells, here) = (Vec::with_capacity(head.fields.len() + 1), (0, 0));
        Ok(Some(Self { lines, head, count: None, facts, decoded, here, cells }))
    }

    /// The header.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// What the file turned out to be so far.
    pub fn facts(&self) -> &FileFacts {
        &self.facts
    }

    /// The next row that has its fields; `None` at the end. What is wrong goes to the ear.
    pub fn next_row(&mut self, ear: &mut dyn Ear) -> io::Result<Option<Row<'_>>> {
        loop {
            let Some(line) = self.lines.next_line()? else { return Ok(None) };
            note(&mut self.facts, line.ending, line.number);
            self.here = (line.number, line.offset);
            let cut = line.ending == Ending::None;
            decode(line.bytes, &mut self.decoded, &mut self.facts, line.number);
            let at = At { line: self.here.0, offset: self.here.1, text: &self.decoded };
            if Lines::<R>::too_long(at.text.len()) {
                at.tell(ear, (Code::FecNotOne, None, "ligne démesurée"), 0..0, || {
                    "une ligne de plus d’un million d’octets n’est pas une ligne de FEC".to_owned()
                });
                return Ok(None);
            }
            if at.text.trim_matches([' ', self.head.separator.char()]).is_empty() {
                blank(at, ear);
                continue;
            }
            if cut && at.text == DOS_END {
                at.tell(ear, (Code::FecForm, None, "Ctrl-Z de fin de fichier"), at.whole(), || {
                    "un Ctrl-Z termine le fichier, comme sous DOS".to_owned()
                });
                continue;
            }
            unwanted(at, self.head.separator.char(), ear);
            split(at.text, self.head.separator.char(), &mut self.cells);
            let expected = *self.count.get_or_insert_with(|| expected(&self.head, at, &self.cells));
            if self.cells.len() == expected {
                if expected > self.head.fields.len() {
                    let end = at.text.len().saturating_sub(1)..at.text.len();
                    at.tell(ear, (Code::FecForm, None, TRAILING), end, || {
                        "un séparateur de trop finit la ligne, et l’en-tête n’en a pas".to_owned()
                    });
                }
                break;
            }
            miscounted(at, self.cells.len(), expected, cut, ear);
        }
        self.facts.rows += 1;
        let row = self.row(ear);
        Ok(Some(row))
    }

    /// The row that stands in the buffer.
    fn row(&mut self, ear: &mut dyn Ear) -> Row<'_> {
        let at = At { line: self.here.0, offset: self.here.1, text: &self.decoded };
        let trimmed = trim(at.text, &mut self.cells);
        if let Some(range) = trimmed {
            let kind = "espaces autour d’une cellule";
            at.tell(ear, (Code::FecForm, None, kind), range, || {
                "des espaces entourent une cellule".to_owned()
            });
        }
        let mut row = Row {
            at,
            head: &self.head,
            cells: &self.cells,
            sound: true,
            date: None,
            document_date: None,
            letter_date: None,
            valid_date: None,
            debit: Number::new(0, 2),
            credit: Number::new(0, 2),
            currency: None,
        };
        row.read(ear);
        row
    }
}

impl Row<'_> {
    /// Reads the days and the amounts; tells what is empty and should not be.
    fn read(&mut self, ear: &mut dyn Ear) {
        self.date = self.day(Column::EcritureDate, ear);
        self.document_date = self.day(Column::PieceDate, ear);
        self.letter_date = self.day(Column::DateLet, ear);
        self.valid_date = self.day(Column::ValidDate, ear);
        for column in Column::ALL {
            let cell = self.cell(column);
            let blank = match column {
                // Zeros for a day that is needed were told already, and are told here of others.
                Column::PieceDate | Column::ValidDate => cell.bytes().all(|digit| digit == b'0'),
                Column::EcritureDate => self.date.is_none() && cell.is_empty(),
                _ => cell.is_empty(),
            };
            if blank {
                self.missing(column, ear);
            }
        }
        match self.head.sided {
            Some(places) if self.head.place(Column::Debit).is_none() => self.side(places, ear),
            _ => {
                self.debit = self.number(Column::Debit, ear).unwrap_or(self.debit);
                self.credit = self.number(Column::Credit, ear).unwrap_or(self.credit);
            }
        }
        if !self.cell(Column::Montantdevise).is_empty() {
            self.currency = self.number(Column::Montantdevise, ear);
        }
    }

    fn missing(&self, column: Column, ear: &mut dyn Ear) {
        let (code, kind) = match column.need() {
            Need::Needed => (Code::FecNeeded, "champ obligatoire vide"),
            Need::Wanted => (Code::FecMissingData, "donnée absente"),
            Need::Free => return,
        };
        self.at.tell(ear, (code, Some(column), kind), self.range(column), || {
            format!("{} est vide", column.name())
        });
    }

    fn day(&mut self, column: Column, ear: &mut dyn Ear) -> Option<NaiveDate> {
        let cell = self.cell(column);
        match date(cell) {
            Ok(None) if column.need() == Need::Needed && !cell.is_empty() => {
                self.missing(column, ear);
                None
            }
            Ok(day) => day,
            // The official tester only remarks a century, and a document may be of any.
            Err(DateWrong::Century) if column != Column::EcritureDate => {
                let kind = "année hors de 1900–2099";
                self.at.tell(
                    ear,
                    (Code::FecDoubtfulDate, Some(column), kind),
                    self.range(column),
                    || format!("{} : l’année de `{cell}` est hors de 1900–2099", column.name()),
                );
                None
            }
            Err(why) => {
                self.sound = false;
                self.at.tell(
                    ear,
                    (Code::FecDate, Some(column), why.words()),
                    self.range(column),
                    || format!("{} : `{cell}`, {}", column.name(), why.words()),
                );
                None
            }
        }
    }

    fn number(&mut self, column: Column, ear: &mut dyn Ear) -> Option<Number> {
        let read = if column == Column::Montantdevise { currency_amount } else { amount };
        read(self.cell(column))
            .map_err(|why| self.refuse(column, why, self.range(column), ear))
            .ok()
    }

    fn refuse(&mut self, column: Column, why: AmountWrong, range: Range<usize>, ear: &mut dyn Ear) {
        self.refused((column, column.name()), why, range, ear);
    }

    /// The same, of a column that stands for debit and credit.
    fn refuse_as(&mut self, name: &str, why: AmountWrong, range: Range<usize>, ear: &mut dyn Ear) {
        self.refused((Column::Debit, name), why, range, ear);
    }

    fn refused(
        &mut self,
        (column, name): (Column, &str),
        why: AmountWrong,
        range: Range<usize>,
        ear: &mut dyn Ear,
    ) {
        self.sound = false;
        let cell = &self.at.text[range.clone()];
        self.at.tell(ear, (Code::FecAmount, Some(column), why.words()), range, || {
            format!("{name} : `{cell}`, {}", why.words())
        });
    }

    /// Debit and credit of a file that gives an amount and its side.
    fn side(&mut self, (amount_at, side_at): (usize, usize), ear: &mut dyn Ear) {
        let (number, side) = (self.cells[amount_at].clone(), self.cells[side_at].clone());
        match amount(&self.at.text[number.clone()]) {
            Err(why) => self.refuse_as("Montant", why, number, ear),
            Ok(read) => match &self.at.text[side.clone()] {
                "D" | "d" | "+1" | "1" => self.debit = read,
                "C" | "c" | "-1" => self.credit = read,
                _ => self.refuse_as("Sens", AmountWrong::NoSide, side, ear),
            },
        }
    }
}
