use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::analytic::opens;
use crate::book::{Book, Books, EntryRef, PostingRef};
use crate::diagnostic::{Code, Finding, Span};
use crate::measure::{FiscalYear, Sum, euros};
use crate::register::{CLIMATE, CarePolicy, ProvisionAccounts, Selector};

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

/// An entry that moves the classic carbon provision.
#[derive(Clone, Debug)]
pub(super) struct Moved {
    /// The day.
    pub(super) date: NaiveDate,
    /// Its accounts, and what takes them back to nothing: provision first, then charge or reversal.
    pub(super) lines: Vec<(String, Decimal)>,
    /// Whether it came from another body with its debts, through no result.
    pub(super) merged: bool,
    /// The entry.
    pub(super) at: Span,
    /// The accounts that the policy names.
    pub(super) policy: Span,
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
        let mut reader = Reader { books, policy, findings };
        for entry in books.entries().filter(|entry| !is_care(entry)) {
            let before = entry.date() < first.period.first
                || (opens(&entry) && entry.date() == first.period.first);
            if let Some(charged) = reader.charged(&entry) {
                facts.first_charge.get_or_insert(charged);
            }
            if before {
                reader.provision_before(&entry, &mut facts.provision_before);
            } else {
                facts.moved.extend(reader.moved(&entry));
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
    entry.is_derived() && entry.postings().all(|posting| posting.book() != Book::Financial)
}

/// Every set of accounts that has begun by a day, the one in force last: what an earlier one held may
/// still move.
pub(super) fn begun<'p>(
    books: &Books,
    policy: &'p CarePolicy,
    day: NaiveDate,
) -> Vec<&'p ProvisionAccounts> {
    let begins = |accounts: &ProvisionAccounts| match &accounts.since {
        None => Some(NaiveDate::MIN),
        Some(since) => books.years().named(&since.value).map(|year| year.period.first),
    };
    let mut all: Vec<(NaiveDate, &ProvisionAccounts)> = policy
        .provisions
        .iter()
        .filter_map(|accounts| Some((begins(accounts)?, accounts)))
        .filter(|(since, _)| *since <= day)
        .collect();
    all.sort_by_key(|(since, _)| *since);
    all.into_iter().map(|(_, accounts)| accounts).collect()
}

/// The accounts of the provision in force on a day.
pub(super) fn provision_accounts<'p>(
    books: &Books,
    policy: &'p CarePolicy,
    day: NaiveDate,
) -> Option<&'p ProvisionAccounts> {
    begun(books, policy, day).pop()
}

struct Reader<'a> {
    books: &'a Books,
    policy: &'a CarePolicy,
    findings: &'a mut Vec<Finding>,
}

/// Whether a line of book F is on an account of one of the sets.
fn any(
    all: &[&ProvisionAccounts],
    which: fn(&ProvisionAccounts) -> &Selector,
    posting: &PostingRef<'_>,
) -> bool {
    let takes =
        |one: &&ProvisionAccounts| which(one).reach(&posting.account().number, Sum::ZERO).is_some();
    posting.book() == Book::Financial && all.iter().any(takes)
}

/// The charges and reversals that make a movement of the provision: all of them when they are worth
/// it, else so much of the charges (or of the reversals) as it needs, other provisions sharing them.
fn moved_by(
    net: Decimal,
    charges: Vec<(String, Decimal)>,
    reversals: Vec<(String, Decimal)>,
) -> Option<Vec<(String, Decimal)>> {
    let sum = |lines: &[(String, Decimal)]| -> Decimal { lines.iter().map(|(_, a)| *a).sum() };
    if sum(&charges) + sum(&reversals) == net {
        return Some(charges.into_iter().chain(reversals).collect());
    }
    let side = if net.is_sign_positive() { charges } else { reversals };
    let mut left = net;
    let mut taken = Vec::new();
    for (number, amount) in side {
        if amount.is_sign_positive() != net.is_sign_positive() || left.is_zero() {
            continue;
        }
        let part = if net.is_sign_positive() { amount.min(left) } else { amount.max(left) };
        left -= part;
        taken.push((number, part));
    }
    left.is_zero().then_some(taken)
}

fn unexplained(net: Decimal, at: Span, accounts: Span) -> Finding {
    let message = format!(
        "la provision carbone bouge de {} sans autant de dotation ou de reprise",
        euros(net.abs())
    );
    Finding::new(Code::CareAccount, at, message)
        .label("par quel compte de résultat ?")
        .related(accounts, "les comptes que la politique nomme")
        .help("passez par `dotation` ou `reprise`, ou corrigez `[[provision]]`")
}

impl<'a> Reader<'a> {
    /// The day and place of an entry that charges the provision.
    fn charged(&self, entry: &EntryRef<'a>) -> Option<(NaiveDate, Span)> {
        let all = begun(self.books, self.policy, entry.date());
        let own = entry.postings().filter(|p| any(&all, |one| &one.provision, p));
        let moved: Decimal = own.map(|posting| posting.number().decimal()).sum();
        let charges = moved.is_sign_negative() && !entry.is_derived() && !opens(entry);
        (charges && !moved.is_zero()).then(|| (entry.date(), entry.span()))
    }

    /// Adds up the provision before the first CARE year.
    fn provision_before(&mut self, entry: &EntryRef<'a>, sums: &mut Vec<(String, Decimal)>) {
        let all = begun(self.books, self.policy, entry.date());
        for posting in entry.postings().filter(|p| any(&all, |one| &one.provision, p)) {
            add(sums, &posting.account().number, posting.number().decimal());
        }
    }

    /// What an entry moves on the provision, with the charge or the reversal it moves it by.
    fn moved(&mut self, entry: &EntryRef<'a>) -> Option<Moved> {
        let all = begun(self.books, self.policy, entry.date());
        let accounts = all.last()?;
        let mut lines = Vec::new();
        for posting in entry.postings().filter(|p| any(&all, |one| &one.provision, p)) {
            add(&mut lines, &posting.account().number, -posting.number().decimal());
        }
        let net: Decimal = lines.iter().map(|(_, amount)| *amount).sum();
        if lines.iter().all(|(_, amount)| amount.is_zero()) || entry.is_derived() && net.is_zero() {
            return None;
        }
        let of = |which: fn(&ProvisionAccounts) -> &Selector| -> Vec<(String, Decimal)> {
            let own = entry.postings().filter(|posting| any(&all, which, posting));
            own.map(|p| (p.account().number.clone(), p.number().decimal())).collect()
        };
        let by = moved_by(net, of(|one| &one.charge), of(|one| &one.reversal));
        let merged = by.is_none() && self.is_merger(entry.date());
        let Some(by) = by.or_else(|| merged.then(Vec::new)) else {
            let at = entry.postings().find(|p| any(&all, |one| &one.provision, p));
            let at = at.map_or(entry.span(), |posting| posting.line_span());
            self.findings.push(unexplained(net, at, accounts.at));
            return None;
        };
        for (number, amount) in by {
            add(&mut lines, &number, -amount);
        }
        Some(Moved { date: entry.date(), lines, merged, at: entry.span(), policy: accounts.at })
    }

    /// Whether debts are taken over from another body on a day: its provision comes with them.
    fn is_merger(&self, day: NaiveDate) -> bool {
        let taken = self.policy.lots.iter().filter_map(|lot| lot.taken_over.as_ref());
        taken.into_iter().any(|taken| taken.value == day)
    }

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

fn add(sums: &mut Vec<(String, Decimal)>, number: &str, amount: Decimal) {
    match sums.iter_mut().find(|(known, _)| known == number) {
        Some((_, sum)) => *sum += amount,
        None => sums.push((number.to_owned(), amount)),
    }
}
