use chrono::{Months, NaiveDate};

use super::class::{PART, SIREN_KEY};
use super::found::{Found, Rule};
use crate::diagnostic::Code;
use crate::exchange::fec::{Column, FileName, Row};
use crate::measure::is_siren;

/// The days of a file: its year, and the order of validation.
#[derive(Debug, Default)]
pub(super) struct Days {
    /// The first and the last day of the year, when they are known.
    pub(super) year: Option<(NaiveDate, NaiveDate)>,
    /// The validation of the row before, outside openings.
    validated: Option<NaiveDate>,
    /// Whether a row that opens nothing was met.
    begun: bool,
    dated: u64,
    outside: u64,
}

const OUTSIDE: Rule = (Code::FecOutsideYear, Some(Column::EcritureDate), "hors de l’exercice");
const OPENING: Rule =
    (Code::FecOrder, Some(Column::JournalCode), "à-nouveaux après d’autres écritures");
const BACK: Rule = (Code::FecOrder, Some(Column::ValidDate), "validation qui recule");
const DOCUMENT: Rule =
    (Code::FecDoubtfulDate, Some(Column::PieceDate), "pièce postérieure à la validation");
const EARLY: Rule =
    (Code::FecDoubtfulDate, Some(Column::ValidDate), "validation antérieure à l’écriture");
const NAME: Rule = (Code::FecName, None, "nom du fichier");
const KEY: Rule = (Code::FecName, None, SIREN_KEY);

impl Days {
    /// Reads the name of a file, and says what is wrong with it.
    pub(super) fn of(name: &str, first: Option<NaiveDate>, found: &mut Found) -> Self {
        let read = FileName::read(name);
        let legal = read.as_ref().is_some_and(|read| read.is_legal(name));
        if !legal {
            found.tell(NAME, (1, 1), || match &read {
                Some(_) => format!("`{name}` n’est pas de la forme SIRENFECAAAAMMJJ"),
                None => format!(
                    "`{name}` ne dit pas la date de clôture : l’exercice n’est pas contrôlé"
                ),
            });
        }
        if let Some(read) = read.as_ref().filter(|read| legal && !is_siren(&read.siren)) {
            found.tell(KEY, (1, 1), || {
                format!("le SIREN {} n’existe pas : sa clé est fausse", read.siren)
            });
        }
        if let Some(part) = read.as_ref().and_then(|read| read.part) {
            found.tell((Code::FecForm, None, PART), (1, 1), || {
                format!(
                    "partie _{part} d’un FEC en plusieurs fichiers : ses totaux, ses numéros et ses à-nouveaux ne se jugent qu’avec les autres"
                )
            });
        }
        let year =
            read.map(|read| (first.unwrap_or_else(|| twelve_months(read.closing)), read.closing));
        Self { year, ..Self::default() }
    }

    /// Takes a row, of the openings or not.
    pub(super) fn row(&mut self, row: &Row<'_>, opening: bool, found: &mut Found) {
        if let (Some((first, last)), Some(date)) = (self.year, row.date) {
            self.dated += 1;
            if date < first || date > last {
                self.outside += 1;
                row.at.tell(found, OUTSIDE, row.range(Column::EcritureDate), || {
                    format!(
                        "{} est hors de l’exercice, du {} au {}",
                        day(date),
                        day(first),
                        day(last)
                    )
                });
            }
        }
        if let (Some(document), Some(validated)) = (row.document_date, row.valid_date)
            && document > validated
        {
            row.at.tell(found, DOCUMENT, row.range(Column::PieceDate), || {
                format!(
                    "la pièce du {} est postérieure à la validation, le {}",
                    day(document),
                    day(validated)
                )
            });
        }
        if let (Some(date), Some(validated)) = (row.date, row.valid_date)
            && validated < date
        {
            row.at.tell(found, EARLY, row.range(Column::ValidDate), || {
                format!(
                    "l’écriture du {} est validée avant sa date, le {}",
                    day(date),
                    day(validated)
                )
            });
        }
        if opening {
            if self.begun {
                row.at.tell(found, OPENING, row.range(Column::JournalCode), || {
                    "une ligne d’à-nouveaux vient après d’autres écritures".to_owned()
                });
            }
            return;
        }
        self.begun = true;
        if let (Some(before), Some(validated)) = (self.validated, row.valid_date)
            && validated < before
        {
            row.at.tell(found, BACK, row.range(Column::ValidDate), || {
                format!("validée le {}, après une ligne validée le {}", day(validated), day(before))
            });
        }
        self.validated = row.valid_date.or(self.validated);
    }

    /// Says at once that the whole file is of another year.
    pub(super) fn finish(&self, found: &mut Found) {
        if let Some((first, last)) =
            self.year.filter(|_| self.outside > 1 && self.outside == self.dated)
        {
            found.sum_up(
                OUTSIDE,
                format!(
                    "toutes les écritures sont hors de l’exercice du nom, du {} au {}",
                    day(first),
                    day(last)
                ),
            );
        }
    }
}

/// A day for a reader.
pub(super) fn day(date: NaiveDate) -> String {
    date.format("%d/%m/%Y").to_string()
}

/// The first day of a year of twelve months that ends that day.
fn twelve_months(closing: NaiveDate) -> NaiveDate {
    // From the day after, so that 28 February 2025 ends a year that began on 1 March 2024.
    closing
        .succ_opt()
        .and_then(|after| after.checked_sub_months(Months::new(12)))
        .unwrap_or(closing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_has_twelve_months_whatever_february() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap_or_default();
        for (closing, first) in [
            (day(2024, 12, 31), day(2024, 1, 1)),
            (day(2025, 2, 28), day(2024, 3, 1)),
            (day(2024, 2, 29), day(2023, 3, 1)),
            (day(2024, 6, 30), day(2023, 7, 1)),
        ] {
            assert_eq!(twelve_months(closing), first);
        }
    }
}
