use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::names::name;
use crate::book::{Book, Books, Derivation, Deriver, EntryRef, Origin};
use crate::chart::renumbered;
use crate::diagnostic::Span;
use crate::journal::tree::Wrap;
use crate::journal::{plain_words, posting_line, tag_text, tag_value};
use crate::measure::Number;

/// A rule of the inventory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Yield {
    /// What the first day of a year takes back of the closing before.
    Reversal,
    /// The yearly depreciation of an asset (PCG art. 214-13).
    Depreciation,
    /// An asset that leaves, with its depreciation.
    Exit,
    /// A provision or a depreciation brought to its level (PCG art. 321-4).
    Provision,
    /// A debt brought to its level: paid leave above all.
    Accrued,
    /// A charge or a product that belongs to another year.
    Cutoff,
    /// A grant that is due and was not booked (ANC 2018-06 art. 142-8).
    Receivable,
    /// The part of a grant that later years will use (ANC 2018-06 art. 142-8).
    Deferred,
    /// The part of a dedicated grant not yet used (ANC 2018-06 art. 132-1).
    Dedicated,
}

impl Yield {
    /// Every rule.
    const ALL: [Self; 9] = [
        Self::Reversal,
        Self::Depreciation,
        Self::Exit,
        Self::Provision,
        Self::Accrued,
        Self::Cutoff,
        Self::Receivable,
        Self::Deferred,
        Self::Dedicated,
    ];

    /// The rule that a derivation names: `provision 2024`.
    fn named(rule: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| rule.starts_with(one.name()))
    }

    /// The rule, for a reader.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reversal => "extourne",
            Self::Depreciation => "amortissement",
            Self::Exit => "sortie d’immobilisation",
            Self::Provision => "provision",
            Self::Accrued => "dette provisionnée",
            Self::Cutoff => "régularisation",
            Self::Receivable => "subvention à recevoir",
            Self::Deferred => "produit constaté d’avance",
            Self::Dedicated => "fonds dédiés",
        }
    }
}

/// A line of an entry that a register yields.
#[derive(Clone, Debug)]
pub struct InventoryLine {
    /// The account's number.
    pub number: String,
    /// Its auxiliary.
    pub auxiliary: Option<String>,
    /// Euros; a debit is positive.
    pub amount: Decimal,
    /// Its tags, by name.
    pub tags: Vec<(&'static str, String)>,
}

/// An entry that a register yields.
#[derive(Clone, Debug)]
pub struct InventoryEntry {
    /// The day.
    pub date: NaiveDate,
    /// The rule.
    pub rule: Yield,
    /// Its label: who, a bar, what.
    pub label: String,
    /// Its inputs, in words.
    pub inputs: String,
    /// The line of register behind it.
    pub policy: Span,
    /// The document.
    pub document: Option<String>,
    /// What a later year must find of it, as tags of the whole.
    pub tags: Vec<(&'static str, String)>,
    /// Its lines, which sum to nothing.
    pub lines: Vec<InventoryLine>,
}

/// The journal of what registers yield.
pub const INVENTORY: &str = "INVR";

/// The tag of an entry that the first day of the next year takes back.
pub(super) const REVERSED: (&str, &str) = ("extourne", "ouverture");

/// The tag of an asset's annuities.
pub(super) const ASSET: &str = "bien";

impl InventoryEntry {
    /// An entry without document, tags nor lines yet.
    pub(super) fn new(date: NaiveDate, rule: Yield, label: String, policy: Span) -> Self {
        let (inputs, document) = (String::new(), None);
        Self { date, rule, label, inputs, policy, document, tags: Vec::new(), lines: Vec::new() }
    }

    /// The entry of a closed year, as its journal has it.
    pub(super) fn sealed(entry: &EntryRef<'_>) -> Self {
        let mut read =
            Self::new(entry.date(), Yield::Cutoff, entry.description().to_owned(), entry.span());
        let tag = |wanted: &str| {
            entry
                .tags()
                .filter(|(name, _)| *name == wanted)
                .map(|(_, value)| tag_text(value).into_owned())
                .last()
        };
        read.document = tag("piece");
        if let Origin::Derived(by) = entry.origin() {
            by.inputs.clone_into(&mut read.inputs);
            read.rule = Yield::named(&by.rule).unwrap_or(read.rule);
        }
        read.tags.extend(tag(REVERSED.0).map(|value| (REVERSED.0, value)));
        read.tags.extend(tag(ASSET).map(|value| (ASSET, value)));
        for posting in entry.postings().filter(|posting| posting.book() == Book::Financial) {
            let line = read.line(&posting.account().number, posting.number().decimal());
            line.auxiliary.clone_from(&posting.account().auxiliary);
            for name in LINE_TAGS {
                let own = posting.tags().filter(|(known, _)| *known == name);
                line.tags.extend(own.map(|(_, value)| (name, tag_text(value).into_owned())));
            }
        }
        read
    }

    /// Whether the first day of the next year takes it back.
    pub(super) fn is_reversed(&self) -> bool {
        self.tags.iter().any(|(name, value)| (*name, value.as_str()) == REVERSED)
    }

    /// What it moves, whoever wrote it and under whatever words: how two of them are compared.
    pub(super) fn moved(&self) -> (NaiveDate, Vec<(String, Decimal)>) {
        let moving = self.lines.iter().filter(|line| !line.amount.is_zero());
        let mut lines: Vec<(String, Decimal)> =
            moving.map(|line| (since(&line.number), line.amount.normalize())).collect();
        lines.sort();
        (self.date, lines)
    }

    /// A line without auxiliary nor tags.
    pub(super) fn line(&mut self, number: &str, amount: Decimal) -> &mut InventoryLine {
        let number = number.to_owned();
        let at = self.lines.len();
        self.lines.push(InventoryLine { number, auxiliary: None, amount, tags: Vec::new() });
        &mut self.lines[at]
    }

    /// The entry that takes it back, on another day.
    pub(super) fn reversal(&self, date: NaiveDate) -> Self {
        let (who, what) = self.label.split_once(" | ").unwrap_or(("", &self.label));
        let bar = if who.is_empty() { "" } else { " | " };
        let mut back = self.clone();
        back.date = date;
        back.rule = Yield::Reversal;
        back.tags.clear();
        back.label = format!("{who}{bar}extourne, {what}");
        back.inputs = format!("écriture du {}, {}", self.date.format("%d/%m/%Y"), self.inputs);
        back.lines.iter_mut().for_each(|line| line.amount = -line.amount);
        back
    }

    /// Whether it moves anything.
    pub(super) fn moves(&self) -> bool {
        self.lines.iter().any(|line| !line.amount.is_zero())
    }

    /// Its text, as a journal writes it; `rank` numbers it within its year.
    pub fn text(&self, books: &Books, rank: usize) -> String {
        let edition = books.edition(self.date);
        let document = self.document.iter().map(|document| ("piece", document));
        let tags = self.tags.iter().map(|(name, of)| (*name, of));
        let told: Vec<String> =
            document.chain(tags).map(|(name, of)| format!("{name}: {}", value(of))).collect();
        let told =
            if told.is_empty() { String::new() } else { format!("   ; {}", told.join(", ")) };
        let mut text =
            format!("{} * ({INVENTORY}-{rank:04}) {}{told}\n", self.date, plain_words(&self.label));
        text.push_str(&format!("    ; {} = {}\n", self.rule.name(), plain_words(&self.inputs)));
        let place = books.sources().place(self.policy);
        if books.sources().source_of(self.policy).is_derived() {
            text.push_str("    ; registre = celui d’un exercice clos\n");
        } else {
            text.push_str(&format!("    ; registre = {} ligne {}\n", place.source, place.line));
        }
        for line in self.lines.iter().filter(|line| !line.amount.is_zero()) {
            let known = name(books, &line.number, line.auxiliary.as_deref(), edition);
            let written = known.unwrap_or_else(|| line.number.clone());
            text.push_str(&posting_line(
                Wrap::Real,
                &written,
                Some((Number::exact(line.amount), "€")),
            ));
            for (rank, (name, of)) in line.tags.iter().enumerate() {
                let before = if rank == 0 { "  ; " } else { ", " };
                text.push_str(&format!("{before}{name}: {}", value(of)));
            }
            text.push('\n');
        }
        text
    }

    /// How it came to be.
    pub(super) fn derivation(&self, books: &Books) -> Derivation {
        let year = books.years().of(self.date).map_or_else(String::new, |year| year.name);
        Derivation {
            by: Deriver::Inventory,
            rule: format!("{} {year}", self.rule.name()),
            inputs: plain_words(&self.inputs),
            policy: Some(self.policy),
        }
    }
}

/// The number of today of an account that the chart renumbered.
fn since(number: &str) -> String {
    renumbered(number).map_or_else(|| number.to_owned(), |(since, _)| since.to_owned())
}

/// Words of a register as the value of a tag: on one line, what would end it percent-coded.
fn value(text: &str) -> String {
    let text = text.replace(|c: char| c.is_control() && !c.is_whitespace(), "");
    tag_value(&text.split_whitespace().collect::<Vec<&str>>().join(" "))
}

/// The tags that a line of a sealed entry gives to its reversal.
const LINE_TAGS: [&str; 4] = ["programme", "partenaire", "convention", "financement"];
