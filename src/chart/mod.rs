//! The names of accounts: the shipped charts, as data.
//!
//! In: a number and the edition of the chart that a year follows. Out: its official title, the
//! number that replaced it, the numbers that look like it.
//! Absent on purpose: the accounts of a given set of books (see `book`), and amounts.
//!
//! Sources: ANC 2018-06 art. 320-1 with the plan comptable général for years opened before 2025,
//! ANC 2022-06 since; the renumbering of associations' own accounts (652, 6521, 7571) is
//! documented by practice only, and a line `account` always wins.

use std::sync::OnceLock;

use chrono::{Datelike, NaiveDate};

/// The edition of the chart that a fiscal year follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edition {
    /// ANC 2018-06 over the plan comptable before its reform.
    Anc2018,
    /// ANC 2022-06, for years opened from 1 January 2025.
    Anc2022,
}

impl Edition {
    /// Every edition, oldest first.
    pub const ALL: [Self; 2] = [Self::Anc2018, Self::Anc2022];

    /// The edition that a year opened on that day follows: ANC 2022-06 since 1 January 2025.
    pub fn of_year_opened(first: NaiveDate) -> Self {
        if first.year() < 2025 { Self::Anc2018 } else { Self::Anc2022 }
    }

    /// The edition's name, as forms and reports write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Anc2018 => "ANC 2018-06",
            Self::Anc2022 => "ANC 2022-06",
        }
    }

    fn table(self) -> &'static [(&'static str, &'static str)] {
        static TABLES: [OnceLock<Table>; 2] = [OnceLock::new(), OnceLock::new()];
        match self {
            Self::Anc2018 => TABLES[0].get_or_init(|| table(include_str!("anc-2018-06.tsv"))),
            Self::Anc2022 => TABLES[1].get_or_init(|| table(include_str!("anc-2022-06.tsv"))),
        }
    }

    /// Every number of this edition with its official title, in order; CARE accounts included.
    pub fn accounts(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.table().iter().copied().chain(care().iter().copied())
    }

    /// The official title of a number, `None` when this edition does not have it.
    ///
    /// A number padded with zeros (`625100`) is the official one (`6251`).
    pub fn title(self, number: &str) -> Option<&'static str> {
        let table = if number.starts_with(['C', 'T']) { care() } else { self.table() };
        let find = |number: &str| {
            table.binary_search_by(|(known, _)| (*known).cmp(number)).ok().map(|at| table[at].1)
        };
        // A category of emissions is a subdivision by name: T60.deplacements.train is T60.
        if let Some((root, _)) = number.split_once('.').filter(|_| number.starts_with('T')) {
            return find(root);
        }
        find(number).or_else(|| {
            let bare = number.trim_end_matches('0');
            (bare.len()..number.len()).rev().find_map(|length| find(&number[..length]))
        })
    }

    /// Whether the number, or one it subdivides, is in this edition: `6011` under `601`.
    pub fn has_root(self, number: &str) -> bool {
        (3..=number.len())
            .any(|length| number.get(..length).is_some_and(|n| self.title(n).is_some()))
    }

    /// The numbers of this edition that look like a mistyped one, nearest first, at most three.
    pub fn near(self, number: &str) -> Vec<(&'static str, &'static str)> {
        let mut near: Vec<(usize, &str, &str)> = self
            .accounts()
            .filter(|(known, _)| known.len() >= 3)
            .map(|(known, title)| (strsim::osa_distance(known, number), known, title))
            .filter(|(distance, _, _)| *distance <= 1)
            .collect();
        near.sort_unstable();
        near.into_iter().take(3).map(|(_, known, title)| (known, title)).collect()
    }
}

/// The number of the 2022 edition that takes the balance of an account whose own number means something
/// else since: 475 waited like 471, and now holds differences of valuation (ANC 2022-06).
pub fn taken_over(number: &str) -> Option<&'static str> {
    number.starts_with("475").then_some("471")
}

/// The number that replaced an account of the 2018 edition in the 2022 one, and why.
///
/// `None` when the number is still there. A dropped subdivision falls back on its root.
pub fn renumbered(number: &str) -> Option<(&'static str, &'static str)> {
    static TABLE: OnceLock<Vec<(&'static str, &'static str, &'static str)>> = OnceLock::new();
    let (old, new) = (Edition::Anc2018, Edition::Anc2022);
    if new.title(number).is_some() || old.title(number).is_none() {
        return None;
    }
    let table = TABLE
        .get_or_init(|| include_str!("renumbered.tsv").lines().skip(1).filter_map(three).collect());
    let replaced = table
        .iter()
        .filter(|(before, _, _)| number.starts_with(before))
        .max_by_key(|(before, _, _)| before.len())
        .map(|(_, since, note)| (*since, *note));
    let root = || {
        (2..number.len()).rev().find_map(|length| {
            let root = &number[..length];
            new.accounts().find(|(known, _)| *known == root)
        })
    };
    replaced.or_else(root)
}

fn three(line: &'static str) -> Option<(&'static str, &'static str, &'static str)> {
    let mut cells = line.split('\t');
    Some((cells.next()?, cells.next()?, cells.next()?))
}

type Table = Vec<(&'static str, &'static str)>;

fn table(text: &'static str) -> Table {
    let row = |line: &'static str| {
        let mut cells = line.split('\t');
        Some((cells.next()?, cells.next()?))
    };
    let mut rows: Table = text.lines().skip(1).filter_map(row).collect();
    rows.sort_unstable();
    rows
}

fn care() -> &'static [(&'static str, &'static str)] {
    static CARE: OnceLock<Table> = OnceLock::new();
    CARE.get_or_init(|| table(include_str!("care.tsv")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::day;

    #[test]
    fn the_year_chooses_the_edition() {
        let of = |year| day(year, 1, 1).map(Edition::of_year_opened);
        assert_eq!(of(2024), Some(Edition::Anc2018));
        assert_eq!(of(2025), Some(Edition::Anc2022));
    }

    #[test]
    fn titles_and_padding() {
        let chart = Edition::Anc2018;
        assert_eq!(chart.title("6251"), Some("Voyages et déplacements"));
        assert_eq!(chart.title("625100"), Some("Voyages et déplacements"));
        assert_eq!(chart.title("625110"), None);
        assert_eq!(chart.title("C172"), Some("Dette climat irrécouvrable"));
        assert_eq!(chart.title("512000"), Some("Banques"));
        assert_eq!(Edition::Anc2022.title("775"), None);
        assert!(Edition::Anc2022.has_root("625110") && !Edition::Anc2022.has_root("995"));
    }

    #[test]
    fn the_passage_to_2025() {
        assert_eq!(renumbered("775").map(|r| r.0), Some("757"));
        assert_eq!(renumbered("675").map(|r| r.0), Some("652"));
        assert_eq!(renumbered("7754").map(|r| r.0), Some("7571"));
        assert_eq!(renumbered("1311").map(|r| r.0), Some("131"));
        assert_eq!(renumbered("6313").map(|r| r.0), Some("6333"));
        assert_eq!(renumbered("6251"), None);
        for (number, _) in Edition::Anc2018.table().iter().filter(|(number, _)| {
            number.len() >= 3
                && !number.starts_with('8')
                && Edition::Anc2022.title(number).is_none()
        }) {
            let target = renumbered(number).map(|(to, _)| to);
            assert!(
                target.is_some_and(|to| Edition::Anc2022.title(to).is_some()),
                "{number} → {target:?}"
            );
        }
    }

    #[test]
    fn near_numbers() {
        let near: Vec<_> = Edition::Anc2018.near("60614").into_iter().map(|(n, _)| n).collect();
        assert!(near.contains(&"6064") || near.contains(&"6061"), "{near:?}");
    }
}
