use chrono::NaiveDate;

use super::entries::Entry;
use super::kinds::Kind;
use super::labels;
use super::lines::Line;
use super::names::{Names, tiers_key};
use crate::exchange::fec::Column;
use crate::journal::tree::Wrap;
use crate::journal::{posting_line, tag_value};
use crate::measure::{Number, Sum};

/// What the first line of an entry says of all its lines.
struct Common<'t> {
    label: &'t str,
    document: &'t str,
    document_date: Option<NaiveDate>,
    valid: Option<NaiveDate>,
}

/// The tags of a line, in the order they are added.
#[derive(Default)]
pub(super) struct Tags(pub(super) String);

impl Tags {
    pub(super) fn add(&mut self, name: &str, value: &str) {
        self.0.push_str(if self.0.is_empty() { "  ; " } else { ", " });
        self.0.push_str(name);
        self.0.push(':');
        let value = tag_value(value);
        if !value.is_empty() {
            self.0.push(' ');
            self.0.push_str(&value);
        }
    }

    fn day(&mut self, name: &str, day: Option<NaiveDate>) {
        self.add(name, &day.map_or_else(String::new, |day| day.to_string()));
    }
}

/// A line of an entry, written.
#[derive(Clone, Debug)]
pub(super) struct Written {
    /// Its account, as postings write it.
    pub(super) account: String,
    pub(super) amount: Sum,
    pub(super) text: String,
}

/// An entry, written: its first line and the others.
pub(super) fn written<'t>(
    entry: &Entry,
    lines: &[Line<'t>],
    names: &Names<'t>,
) -> (String, Vec<Written>) {
    let all = || entry.lines.iter().map(|rank| &lines[*rank]);
    let Some(first) = all().next() else { return (String::new(), Vec::new()) };
    let common = Common {
        label: first.cell(Column::EcritureLib),
        document: first.cell(Column::PieceRef),
        document_date: first.document_date,
        valid: first.valid_date,
    };
    let made = all().map(|line| {
        let amount = line.amount();
        let account = names.account(line);
        let number = amount.number().unwrap_or(Number::ZERO);
        let mut text = posting_line(Wrap::Real, &account, Some((number, "€")));
        text.push_str(&line_tags(line, entry, &common, names).0);
        Written { account, amount, text }
    });
    (head(entry, &common, names), made.collect())
}

/// Adds an entry to the text of a journal.
pub(super) fn write<'t>(text: &mut String, entry: &Entry, lines: &[Line<'t>], names: &Names<'t>) {
    let (head, lines) = written(entry, lines, names);
    text.push('\n');
    text.push_str(&head);
    for line in lines {
        text.push('\n');
        text.push_str(&line.text);
    }
    text.push('\n');
}

/// The first line of an entry: what is true of all its lines.
fn head(entry: &Entry, common: &Common<'_>, names: &Names<'_>) -> String {
    let mut tags = Tags::default();
    if !common.document.is_empty() {
        tags.add("piece", common.document);
    }
    let shown = labels::words(common.label);
    if shown != common.label {
        tags.add("lib", common.label);
    }
    if let Some(number) = &entry.number {
        tags.add("num", number);
    }
    let told = entry.code.split('-').next().unwrap_or_default();
    let opens = entry.kind == Kind::Opens && names.opening == Some(entry.source.as_str());
    if told != entry.source && !opens {
        tags.add("journal", &entry.source);
    }
    if common.valid.is_some() {
        tags.day("valide", common.valid);
    }
    if common.document_date.is_none() {
        tags.day("origine", None);
    }
    let second = common.document_date.filter(|day| *day != entry.date);
    let second = second.map_or_else(String::new, |day| format!("={day}"));
    let gap = if shown.is_empty() { "" } else { " " };
    format!("{}{second} * ({}){gap}{shown}{}", entry.date, entry.code, tags.0)
}

/// What a line says of itself, where it is not what the entry says.
fn line_tags<'t>(line: &Line<'t>, entry: &Entry, common: &Common<'_>, names: &Names<'t>) -> Tags {
    let mut tags = Tags::default();
    sides(line, &mut tags);
    if line.cell(Column::PieceRef) != common.document {
        tags.add("piece", line.cell(Column::PieceRef));
    }
    if line.document_date != common.document_date {
        tags.day("origine", line.document_date);
    }
    if line.cell(Column::EcritureLib) != common.label {
        tags.add("lib", line.cell(Column::EcritureLib));
    }
    if !line.cell(Column::EcritureLet).is_empty() {
        tags.add("lettrage", line.cell(Column::EcritureLet));
    }
    // A letter without a day is said so: else its day would be that of its last line.
    if line.letter_date.is_some() || !line.cell(Column::EcritureLet).is_empty() {
        tags.day("datelet", line.letter_date);
    }
    if line.valid_date != common.valid {
        tags.day("valide", line.valid_date);
    }
    currency(line, &mut tags);
    labels_of(line, &mut tags, names);
    let journal = line.cell(Column::JournalCode);
    if journal != entry.source {
        tags.add("journal", journal);
    }
    if line.date != entry.date {
        tags.day("jour", Some(line.date));
    }
    tags
}

/// On which side an amount was, where its sign does not say it.
fn sides(line: &Line<'_>, tags: &mut Tags) {
    let (debit, credit) = (line.debit.mantissa(), line.credit.mantissa());
    if debit != 0 && credit != 0 {
        tags.add("debit", &line.debit.decimal().to_string());
    } else if debit < 0 {
        tags.add("cote", "D");
    } else if credit < 0 {
        tags.add("cote", "C");
    }
}

fn currency(line: &Line<'_>, tags: &mut Tags) {
    let code = line.cell(Column::Idevise);
    let amount = line.currency.map(|amount| amount.decimal().normalize().to_string());
    match (amount, code) {
        (None, "") => {}
        (None, code) => tags.add("devise", code),
        // Figures that begin a code would be read as thousands.
        (Some(amount), code) if code.starts_with(|c: char| c.is_ascii_digit()) => {
            let dot = if amount.contains('.') { "" } else { ".0" };
            tags.add("devise", &format!("{amount}{dot} {code}"));
        }
        (Some(amount), code) => tags.add("devise", format!("{amount} {code}").trim()),
    }
}

/// The labels of a line that are not those that most lines have.
fn labels_of<'t>(line: &Line<'t>, tags: &mut Tags, names: &Names<'t>) {
    let number = line.cell(Column::CompteNum);
    let label = line.cell(Column::CompteLib);
    let usual = names.accounts.get(number).map_or("", |(_, name)| name.label.as_str());
    if label != usual && !label.is_empty() {
        tags.add("comptelib", label);
    }
    let label = line.cell(Column::CompAuxLib);
    let usual = tiers_key(line).and_then(|key| names.tiers.get(&(number, key)));
    if usual.is_some_and(|usual| usual.label != label) {
        tags.add("auxlib", label);
    }
    let label = line.cell(Column::JournalLib);
    let usual = names.journals.get(line.cell(Column::JournalCode));
    if usual.is_some_and(|usual| usual.label != label) && !label.is_empty() {
        tags.add("journallib", label);
    }
}
