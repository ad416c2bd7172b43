use unicode_normalization::UnicodeNormalization;
use unicode_normalization::is_nfc_quick;

use super::chain::Hash;
use crate::book::{Book, Books, EntryRef, PostingRef};
use crate::measure::{Number, Unit};

/// Named fields, each with its length, so that no two records are written alike.
///
/// `NAME LENGTH VALUE` and a newline; the length counts the bytes of the value.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<u8>);

impl Fields {
    /// Adds a field, its value in composed Unicode.
    pub(super) fn put(&mut self, name: &str, value: &str) {
        let composed: String;
        let value = if is_nfc_quick(value.chars()) == unicode_normalization::IsNormalized::Yes {
            value
        } else {
            composed = value.nfc().collect();
            &composed
        };
        self.0.extend_from_slice(format!("{name} {} {value}\n", value.len()).as_bytes());
    }

    fn count(&mut self, name: &str, count: usize) {
        self.put(name, &count.to_string());
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The letter of a book.
pub(super) fn letter(book: Book) -> &'static str {
    match book {
        Book::Financial => "F",
        Book::Care => "C",
        Book::Tonnes => "T",
        Book::Activity => "A",
    }
}

/// Everything that an entry says, as bytes that do not depend on how it is laid out.
///
/// Every field, in order: both dates, mark, code, description, tags and comments; each line with its
/// account (number, label as of the chart, auxiliary and its identity), exact amount, unit, book,
/// brackets, tags, comments, and the balance it asserts. No place in a file, no rank, no identifier.
/// Left out on purpose: spaces, and whether an amount was written or completed.
pub fn canon(entry: EntryRef<'_>, books: &Books) -> Vec<u8> {
    let mut fields = Fields::default();
    fields.put("date", &entry.date().to_string());
    let secondary = entry.secondary().map(|day| day.to_string());
    fields.put("seconde", secondary.as_deref().unwrap_or_default());
    fields.put("marque", &entry.mark().map(String::from).unwrap_or_default());
    fields.put("code", entry.code());
    fields.put("libelle", entry.description());
    tags(&mut fields, entry.tags());
    comments(&mut fields, entry.comments());
    let postings: Vec<PostingRef<'_>> = entry.postings().collect();
    fields.count("lignes", postings.len());
    let mut asserted = entry.assertions().peekable();
    for (rank, posting) in postings.iter().enumerate() {
        line(&mut fields, entry, *posting, books);
        if let Some((_, number, unit)) = asserted.next_if(|(after, ..)| *after == rank) {
            amount(&mut fields, "assertion", number, unit, books);
        }
    }
    fields.0
}

/// The content hash of an entry: that of its canonical bytes.
pub fn content(entry: EntryRef<'_>, books: &Books) -> Hash {
    Hash::of(&canon(entry, books))
}

fn line(fields: &mut Fields, entry: EntryRef<'_>, posting: PostingRef<'_>, books: &Books) {
    let account = posting.account();
    fields.put("compte", &account.number);
    let label = if account.is_activity() { "" } else { posting.label(entry.edition()) };
    fields.put("intitule", label);
    fields.put("tiers", account.auxiliary.as_deref().unwrap_or_default());
    let identity = books.accounts().auxiliary_code(account);
    fields.put("aux", identity.unwrap_or_default());
    amount(fields, "montant", posting.number(), posting.unit(), books);
    fields.put("livre", letter(posting.book()));
    let written = books.sources().text(posting.account_span());
    let wrap = written.get(..1).filter(|open| matches!(*open, "[" | "("));
    fields.put("cadre", wrap.unwrap_or_default());
    tags(fields, posting.tags());
    comments(fields, posting.comments());
}

/// An exact amount, without the zeros that end its decimals: `12,50 €` is `125/1`.
fn amount(fields: &mut Fields, name: &str, number: Number, unit: Unit, books: &Books) {
    let (mut mantissa, mut scale) = (number.mantissa(), number.scale());
    while scale > 0 && mantissa % 10 == 0 {
        mantissa /= 10;
        scale -= 1;
    }
    fields.put(name, &format!("{mantissa}/{scale}"));
    fields.put("unite", books.units().symbol(unit));
}

fn tags<'t>(fields: &mut Fields, tags: impl Iterator<Item = (&'t str, &'t str)>) {
    let tags: Vec<(&str, &str)> = tags.collect();
    fields.count("etiquettes", tags.len());
    for (name, value) in tags {
        fields.put("etiquette", name);
        fields.put("valeur", value);
    }
}

fn comments<'t>(fields: &mut Fields, comments: impl Iterator<Item = &'t str>) {
    let comments: Vec<&str> = comments.collect();
    fields.count("commentaires", comments.len());
    for comment in comments {
        fields.put("commentaire", comment);
    }
}
