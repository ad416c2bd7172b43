use std::borrow::Cow;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::book::{EntryRef, PostingRef};
use crate::exchange::fec::Outgoing;
use crate::journal::tag_text;

/// The tags that say what a row holds beside the account and the amount, as written.
#[derive(Clone, Debug, Default)]
pub(super) struct Told<'b> {
    journal: Option<&'b str>,
    journal_label: Option<&'b str>,
    number: Option<&'b str>,
    document: Option<&'b str>,
    /// The day of the document, when it is not that of the entry.
    origin: Option<&'b str>,
    label: Option<&'b str>,
    account_label: Option<&'b str>,
    auxiliary_label: Option<&'b str>,
    letter: Option<&'b str>,
    letter_date: Option<&'b str>,
    valid: Option<&'b str>,
    side: Option<&'b str>,
    debit: Option<&'b str>,
    currency: Option<&'b str>,
    /// The day that a row had in a file, when its entry has another.
    day: Option<&'b str>,
}

impl<'b> Told<'b> {
    /// What the entry as a whole says.
    pub(super) fn of_entry(entry: &EntryRef<'b>) -> Self {
        let mut told = Self::default();
        entry.tags().for_each(|(name, value)| told.take(name, value));
        // These are a line's own: on an entry they would be said of every line.
        Self {
            letter: None,
            letter_date: None,
            side: None,
            debit: None,
            currency: None,
            day: None,
            ..told
        }
    }

    /// The same, with what a line says of itself.
    pub(super) fn of_line(&self, posting: &PostingRef<'b>) -> Self {
        let mut told = self.clone();
        posting.tags().for_each(|(name, value)| told.take(name, value));
        told
    }

    fn take(&mut self, name: &str, value: &'b str) {
        let place = match name {
            "journal" => &mut self.journal,
            "journallib" => &mut self.journal_label,
            "num" => &mut self.number,
            "piece" => &mut self.document,
            "origine" => &mut self.origin,
            "lib" => &mut self.label,
            "comptelib" => &mut self.account_label,
            "auxlib" => &mut self.auxiliary_label,
            "lettrage" => &mut self.letter,
            "datelet" => &mut self.letter_date,
            "valide" => &mut self.valid,
            "cote" => &mut self.side,
            "debit" => &mut self.debit,
            "devise" => &mut self.currency,
            "jour" => &mut self.day,
            _ => return,
        };
        *place = Some(value);
    }

    pub(super) fn journal(&self) -> Option<Cow<'b, str>> {
        self.journal.map(tag_text)
    }

    pub(super) fn number(&self) -> Option<Cow<'b, str>> {
        self.number.map(tag_text)
    }

    /// Its letter.
    pub(super) fn letter(&self) -> Cow<'b, str> {
        self.letter.map_or(Cow::Borrowed(""), tag_text)
    }

    /// Whether it says who validated it, be it that nobody did.
    pub(super) fn says_valid(&self) -> bool {
        self.valid.is_some()
    }

    /// Whether the line says when it was matched, be it that nobody knows.
    pub(super) fn is_dated(&self) -> bool {
        self.letter_date.is_some()
    }

    pub(super) fn day(&self) -> Option<NaiveDate> {
        self.day?.parse().ok()
    }

    pub(super) fn valid(&self) -> Option<NaiveDate> {
        self.valid?.parse().ok()
    }

    /// Puts what the tags say into a row of that amount; a debit is positive.
    pub(super) fn fill(&self, row: &mut Outgoing<'b>, amount: Decimal) {
        let say = |place: &mut Cow<'b, str>, value: Option<&'b str>| {
            if let Some(value) = value {
                *place = tag_text(value);
            }
        };
        say(&mut row.journal_label, self.journal_label);
        say(&mut row.account_label, self.account_label);
        say(&mut row.auxiliary_label, self.auxiliary_label);
        say(&mut row.document, self.document);
        say(&mut row.label, self.label);
        say(&mut row.letter, self.letter);
        // A blank tag says that nobody knows the day: that of the entry is not its own.
        if let Some(day) = self.origin {
            row.document_date = day.parse().ok();
        }
        row.letter_date = self.letter_date.and_then(|day| day.parse().ok());
        // A blank tag says that nobody validated the line: the day of its entry is not its own.
        if self.valid.is_some() {
            row.valid_date = self.valid();
        }
        if let Some(told) = self.currency {
            let (amount, code) = currency(told);
            (row.currency_amount, row.currency) = (amount, Cow::Owned(code));
        }
        self.sides(row, amount);
    }

    /// Debit and credit: the sign decides, unless the line says on which side it was.
    fn sides(&self, row: &mut Outgoing<'_>, amount: Decimal) {
        let both = self.debit.and_then(|debit| tag_text(debit).replace(',', ".").parse().ok());
        (row.debit, row.credit) = match (both, self.side) {
            (Some(debit), _) => (debit, debit - amount),
            (None, Some("D")) => (amount, Decimal::ZERO),
            (None, Some("C")) => (Decimal::ZERO, -amount),
            (None, _) if amount.is_sign_negative() => (Decimal::ZERO, -amount),
            (None, _) => (amount, Decimal::ZERO),
        };
    }
}

/// An amount in a currency: `120 USD`, `-12.50 GBP`, `1 200 USD`, `USD`; a code may have spaces.
fn currency(value: &str) -> (Option<Decimal>, String) {
    let text = tag_text(value);
    let mut words = text.split(' ').filter(|word| !word.is_empty()).peekable();
    let mut digits = String::new();
    if let Some(first) = words.peek().filter(|word| is_amount(word)) {
        digits.push_str(first);
        words.next();
        let whole = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit());
        while whole(digits.trim_start_matches(['-', '+']))
            && let Some(more) = words.next_if(|word| word.len() == 3 && whole(word))
        {
            digits.push_str(more);
        }
    }
    let code: Vec<&str> = words.collect();
    (digits.replace(',', ".").parse().ok(), code.join(" "))
}

fn is_amount(word: &str) -> bool {
    let plain = word.replace(',', ".");
    plain.parse::<Decimal>().is_ok() && plain.bytes().any(|byte| byte.is_ascii_digit())
}
