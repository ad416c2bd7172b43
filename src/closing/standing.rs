use chrono::NaiveDate;

use super::chain::Hash;
use super::closures::Closures;
use crate::book::{Books, EntryRef};
use crate::measure::FiscalYear;

/// The tag of the entry that allocates the result of a year: its name.
pub const ALLOCATION: &str = "affectation";

/// How final a year is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Entries may still be written.
    Open {
        /// The year before is not closed: what it left may still change.
        opening_may_change: bool,
    },
    /// Closed for good.
    Closed {
        /// The day of the closing.
        day: NaiveDate,
        /// Its root.
        root: Hash,
    },
    /// Closed, and its result allocated by the assembly.
    Approved {
        /// The day of the vote.
        vote: NaiveDate,
        /// Its root.
        root: Hash,
    },
}

impl Standing {
    /// Where a year of the books stands.
    pub fn of(books: &Books, closures: &Closures, year: &FiscalYear) -> Self {
        let Some(closure) = closures.of(year) else {
            let first = books.written().map(|entry| entry.date()).min();
            let before = books.years().before(year);
            let carried = before.filter(|one| first.is_some_and(|day| day <= one.period.last));
            let opening_may_change = carried.is_some_and(|one| closures.of(&one).is_none());
            return Self::Open { opening_may_change };
        };
        let root = closure.root;
        match allocated(books, year) {
            Some(entry) => Self::Approved { vote: vote(&entry), root },
            None => Self::Closed { day: closure.seal.day, root },
        }
    }

    /// How a heading says it.
    pub fn words(&self) -> String {
        let day = |day: &NaiveDate| day.format("%d/%m/%Y").to_string();
        match self {
            Self::Open { opening_may_change: false } => "exercice ouvert".to_owned(),
            Self::Open { opening_may_change: true } => {
                "exercice ouvert, à-nouveaux provisoires".to_owned()
            }
            Self::Closed { day: closed, root } => {
                format!("arrêté le {}, sceau {}", day(closed), root.code())
            }
            Self::Approved { vote, root } => {
                format!("approuvé le {}, sceau {}", day(vote), root.code())
            }
        }
    }

    /// One word for a list: ouvert, arrêté, approuvé.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Open { .. } => "ouvert",
            Self::Closed { .. } => "arrêté",
            Self::Approved { .. } => "approuvé",
        }
    }
}

/// The entry that allocates the result of a year.
pub fn allocated<'b>(books: &'b Books, year: &FiscalYear) -> Option<EntryRef<'b>> {
    let after = |entry: &EntryRef<'_>| entry.date() > year.period.last;
    let names = |entry: &EntryRef<'_>| {
        entry.tags().any(|(name, value)| name == ALLOCATION && value == year.name)
    };
    books.written().filter(after).find(names)
}

/// The day of the vote: the tag `vote`, else the day of the entry.
fn vote(entry: &EntryRef<'_>) -> NaiveDate {
    let tag = entry.tags().find(|(name, _)| *name == "vote");
    tag.and_then(|(_, value)| value.parse().ok()).unwrap_or(entry.date())
}
