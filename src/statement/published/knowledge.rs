use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::register::{Published, PublishedRow, PublishedValue};

/// What a figure measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// What a year did: charges, products, a result.
    Flow,
    /// What there is at a date, besides what follows.
    Stock,
    /// Fonds propres.
    Equity,
    /// What is owed, carbon debts and the provisions that stand for them included.
    Debt,
}

/// A row that another sums, in the same column.
#[derive(Clone, Debug)]
pub struct KnownPart {
    /// Its key.
    pub key: String,
    /// Whether it is taken away.
    pub negative: bool,
}

/// A figure that the books give.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its key.
    pub key: String,
    /// Its column.
    pub column: String,
    /// Its label.
    pub label: String,
    /// The exact amount.
    pub exact: Decimal,
    /// What is shown of it.
    pub shown: Decimal,
    /// Whether a reader sees it: a figure may be known only to explain others.
    pub visible: bool,
    /// What it measures.
    pub nature: Nature,
    /// Whether it is a debt that charges of several years made: a provision, an ecological debt.
    pub cumulated: bool,
    /// The rows that it sums.
    pub parts: Vec<KnownPart>,
    /// The key of the total that it faces.
    pub facing: Option<String>,
}

/// Words that the books give.
#[derive(Clone, Debug)]
pub struct KnownWords {
    /// The key.
    pub key: String,
    /// The column.
    pub column: String,
    /// The words.
    pub text: String,
}

/// Labels that the books give.
#[derive(Clone, Debug)]
pub struct KnownList {
    /// The key.
    pub key: String,
    /// The column.
    pub column: String,
    /// The labels.
    pub texts: Vec<String>,
}

/// Everything that the books know of what may be published.
#[derive(Clone, Debug, Default)]
pub struct Knowledge {
    /// Figures.
    pub figures: Vec<Known>,
    /// Words.
    pub words: Vec<KnownWords>,
    /// Lists of labels.
    pub lists: Vec<KnownList>,
}

/// What was published of a row in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// The row was not published.
    NoRow,
    /// The row was, without a figure in that column.
    Empty,
    /// The figure.
    Figure(Decimal),
}

/// The same, ready to be looked up, beside what was published.
pub(super) struct Index<'k> {
    figures: BTreeMap<(&'k str, &'k str), &'k Known>,
    published: BTreeMap<&'k str, &'k PublishedRow>,
}

impl<'k> Index<'k> {
    pub(super) fn of(knowledge: &'k Knowledge, published: &'k Published) -> Self {
        let mut figures = BTreeMap::new();
        for known in &knowledge.figures {
            figures.entry((known.key.as_str(), known.column.as_str())).or_insert(known);
        }
        let published = published.rows.iter().map(|row| (row.key.as_str(), row)).collect();
        Self { figures, published }
    }

    pub(super) fn known(&self, key: &str, column: &str) -> Option<&'k Known> {
        self.figures.get(&(key, column)).copied()
    }

    /// Every figure of a column.
    pub(super) fn column(&self, column: &str) -> impl Iterator<Item = &'k Known> {
        self.figures.values().copied().filter(move |known| known.column == column)
    }

    /// The figures of a row, in every column.
    pub(super) fn row(&self, key: &'k str) -> impl Iterator<Item = &'k Known> {
        self.figures.range((key, "")..).take_while(move |((of, _), _)| *of == key).map(|(_, k)| *k)
    }

    /// What was published of a row in a column.
    pub(super) fn published(&self, key: &str, column: &str) -> Cell {
        let Some(row) = self.published.get(key) else {
            return Cell::NoRow;
        };
        let found = row.cells.iter().find(|cell| cell.column == column);
        match found.map(|cell| &cell.value) {
            Some(PublishedValue::Amount { value, .. }) => Cell::Figure(*value),
            Some(PublishedValue::Words(_)) | None => Cell::Empty,
        }
    }

    /// The rows that a total sums, at any depth, with their sign in it.
    pub(super) fn below(&self, total: &'k Known) -> Vec<(&'k Known, bool)> {
        let mut found = Vec::new();
        self.descend(total, false, 0, &mut found);
        found
    }

    fn descend(
        &self,
        total: &'k Known,
        negative: bool,
        depth: u32,
        found: &mut Vec<(&'k Known, bool)>,
    ) {
        // A form has no circle, and no statement is deeper than this.
        if depth > 9 {
            return;
        }
        for part in &total.parts {
            let Some(known) = self.known(&part.key, &total.column) else { continue };
            let sign = negative != part.negative;
            found.push((known, sign));
            self.descend(known, sign, depth + 1, found);
        }
    }
}
