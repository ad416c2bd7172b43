use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::book::{Book, Books, Deriver, EntryRef, PostingRef};
use crate::diagnostic::{Code, Finding, Span};
use crate::measure::FiscalYear;
use crate::register::{CLIMATE, CarePolicy};

use super::provision::{Moved, Provision};

/// A line of class 6 that pays a capital back, or builds a project.
#[derive(Clone, Debug)]
pub(super) struct Spent {
    /// The day of its entry.
    pub(super) date: NaiveDate,
    /// The rank of the capital it preserves; `None` for a project.
    pub(super) capital: Option<usize>,
    /// The project (or credit) that it builds, or that acts for it.
    pub(super) project: Option<String>,
    /// Euros; a refund is negative.
    pub(super) amount: Decimal,
    /// The line of the journal.
    pub(super) at: Span,
}

/// What the classic books say that the CARE ledger answers to.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// The provision as it stood before the first CARE year, by account; a debit is positive.
    pub(super) provision_before: Vec<(String, Decimal)>,
    /// What moves it since.
    pub(super) moved: Vec<Moved>,
    /// What pays or builds, in the order of days.
    pub(super) spent: Vec<Spent>,
    /// What had built projects before the first CARE year.
    pub(super) built_before: Vec<Spent>,
    /// The first charge to the provision, in all the books.
    first_charge: Option<(NaiveDate, Span)>,
}

impl Facts {
    /// Reads the books from the first CARE year on; what the model refuses is a finding.
    pub(super) fn of(
        books: &Books,
        policy: &CarePolicy,
        first: &FiscalYear,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let mut facts = Self::default();
        let provision = Provision { books, policy };
        let mut reader = Reader { policy, findings };
        for entry in books.entries().filter(|entry| !is_care(entry)) {
            let before = entry.date() < first.period.first
                || (entry.opens() && entry.date() == first.period.first);
            if let Some(charged) = provision.charged(&entry) {
                facts.first_charge.get_or_insert(charged);
            }
            if before {
                provision.before(&entry, &mut facts.provision_before);
            } else {
                facts.moved.extend(provision.moved(&entry, reader.findings));
            }
            let (spent, built) = (&mut facts.spent, &mut facts.built_before);
            reader.spent(&entry, if before { built } else { spent });
        }
        facts.provision_before.retain(|(_, amount)| !amount.is_zero());
        facts.spent.sort_by_key(|spent| spent.date);
        facts.built_before.retain(|spent| spent.capital.is_none());
        facts.pledged(books, policy, first, findings);
        facts
    }

    /// A provision without a public commitment made by then is refused (PCG art. 321-1).
    fn pledged(
        &self,
        books: &Books,
        policy: &CarePolicy,
        first: &FiscalYear,
        findings: &mut Vec<Finding>,
    ) {
        // What stood when the books opened was charged before them, nobody knows when.
        let charged = self.first_charge.map(|(day, at)| (day, Some(at)));
        let opened = (!self.provision_before.is_empty()).then_some((first.period.first, None));
        let moved = self.moved.first().map(|moved| (moved.date, Some(moved.at)));
        let Some((day, at)) = charged.or(opened).or(moved) else {
            return;
        };
        let Some(accounts) = policy.provisions.first() else {
            return;
        };
        let closing = books.years().of(day).map_or(day, |year| year.period.last);
        let (message, place) = match &policy.pledge {
            None => ("une provision carbone sans engagement public".to_owned(), accounts.at),
            Some(pledge) if pledge.date.value > closing => (
                format!("l’engagement du {} est postérieur à la provision", pledge.date.value),
                pledge.date.at,
            ),
            Some(_) => return,
        };
        let finding = Finding::new(Code::NoPledge, place, message)
            .label("quelle obligation envers un tiers ?")
            .help("ajoutez `[engagement]` (date, texte, piece), ou reprenez la provision (PCG art. 321-1)");
        findings.push(match at {
            Some(at) => finding.related(at, "la première dotation"),
            None => finding,
        });
    }
}

/// Whether a CARE rule derived the entry.
fn is_care(entry: &EntryRef<'_>) -> bool {
    entry.deriver() == Some(Deriver::Care)
}

struct Reader<'a> {
    policy: &'a CarePolicy,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Reader<'a> {
    /// The lines of an entry that are tagged as preservation, or as a project's.
    fn spent(&mut self, entry: &EntryRef<'a>, spent: &mut Vec<Spent>) {
        let whole: Vec<_> = entry.placed_tags().filter(|tag| is_ours(tag.0)).collect();
        for posting in entry.postings() {
            let mut own: Vec<_> = posting.placed_tags().filter(|tag| is_ours(tag.0)).collect();
            let on_line = !own.is_empty();
            // A tag of the whole entry speaks of its charges alone; one of a line, of that line.
            if !on_line {
                let is_charge = posting.account().number.starts_with('6');
                let is_asset = posting.account().number.starts_with('2');
                if posting.book() != Book::Financial || !(is_charge || is_asset) {
                    continue;
                }
                own.clone_from(&whole);
            }
            spent.extend(self.line(entry, &posting, &own));
        }
    }

    fn line(
        &mut self,
        entry: &EntryRef<'a>,
        posting: &PostingRef<'a>,
        tags: &[(&'a str, &'a str, Span)],
    ) -> Option<Spent> {
        let value = |name| tags.iter().find(|tag| tag.0 == name).map(|tag| (tag.1, tag.2));
        let (preserved, project) = (value("preservation"), value("projet"));
        let (_, at) = preserved.or(project)?;
        let number = &posting.account().number;
        if posting.book() != Book::Financial || !number.starts_with('6') {
            self.findings.push(
                Finding::new(
                    Code::PreservationAccount,
                    posting.account_span(),
                    format!("le compte {number} n’est pas une charge"),
                )
                .label("marqué comme préservation")
                .related(at, "par cette étiquette")
                .help("étiquetez la charge (classe 6) ; une immobilisation ainsi marquée compterait deux fois"),
            );
            return None;
        }
        let avoids = |id: &str| {
            self.policy.credits.iter().any(|credit| !credit.removes && credit.id.value == id)
        };
        let capital = match preserved {
            // A credit of avoidance acts as a payment alone.
            None if project.is_some_and(|(id, _)| avoids(id)) => self.policy.capital(CLIMATE),
            None => None,
            Some((id, at)) => Some(self.capital(id, at)?),
        };
        if let Some((id, at)) = project {
            let known = self.policy.project(id).is_some()
                || self.policy.credits.iter().any(|credit| credit.id.value == id);
            if !known {
                self.unknown(format!("aucun projet `{id}`"), at, "projets", &{
                    let ids = self.policy.projects.iter().map(|project| project.id.value.clone());
                    ids.collect::<Vec<String>>()
                });
                return None;
            }
        }
        Some(Spent {
            date: entry.date(),
            capital,
            project: project.map(|(id, _)| id.to_owned()),
            amount: posting.number().decimal(),
            at: posting.line_span(),
        })
    }

    fn capital(&mut self, id: &str, at: Span) -> Option<usize> {
        let found = self.policy.capital(id);
        if found.is_none() {
            let ids = self.policy.capitals.iter().map(|capital| capital.id.value.clone());
            self.unknown(format!("aucun capital `{id}`"), at, "capitaux", &ids.collect::<Vec<_>>());
        }
        found
    }

    fn unknown(&mut self, message: String, at: Span, what: &str, known: &[String]) {
        let help = if known.is_empty() {
            format!("`care.toml` n’a pas de {what}")
        } else {
            format!("les {what} sont : {}", known.join(", "))
        };
        let finding = Finding::new(Code::UnknownEcological, at, message);
        self.findings.push(finding.label("absent de `care.toml`").help(help));
    }
}

fn is_ours(name: &str) -> bool {
    matches!(name, "preservation" | "projet")
}
