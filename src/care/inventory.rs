use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::factor::{Factors, unknown_unit};
use super::unit::ActivityUnit;
use crate::analytic::Named;
use crate::book::{AccountId, Book, Books, EntryRef, PostingRef};
use crate::diagnostic::{Code, Finding, Span};
use crate::measure::{Period, round_half_away};
use crate::register::{CarePolicy, Registers};

/// What an emission was counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// An activity, in its own unit.
    Activity,
    /// Money spent on an account, for want of an activity.
    Spending,
}

/// One line of the inventory.
#[derive(Clone, Debug)]
pub struct Emission {
    /// The day of its entry.
    pub date: NaiveDate,
    /// The line of the journal.
    pub at: Span,
    /// The rank of its factor.
    pub factor: usize,
    /// The quantity, in the factor's unit.
    pub quantity: Decimal,
    /// Kilograms of CO₂ equivalent, to the gram.
    pub kilograms: Decimal,
    /// What it was counted from.
    pub counted: Counted,
    /// The euros spent, tax included; nil for a second activity on the same spending.
    pub euros: Decimal,
    /// The account of the spending that it is about, if there is one above it.
    pub account: Option<AccountId>,
    /// The rank of its programme, the structure when it names none.
    pub programme: usize,
    /// Its partner.
    pub partner: Option<String>,
    /// The rank of its convention.
    pub convention: Option<usize>,
}

/// The emissions that the books tell of, gross: removals and credits stand apart.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    /// What happened, in the order of the text.
    pub lines: Vec<Emission>,
    /// What was planned: the activities of the budget journal.
    pub planned: Vec<Emission>,
    /// Purchases (60, 61, 62, 65) that neither an activity nor a factor counts: day, account, euros.
    pub uncounted: Vec<(NaiveDate, AccountId, Decimal)>,
}

impl Inventory {
    /// Counts every activity, and the spending that no activity covers.
    ///
    /// An activity covers the nearest real line of class 6 (or 2) above it in its entry. Assets count
    /// in the year of purchase. Each line is rounded to the gram. What happened until a day may be left
    /// out: it was counted when its year was closed.
    pub fn of(
        (books, since): (&Books, Option<NaiveDate>),
        registers: &Registers,
        policy: &CarePolicy,
        factors: &Factors,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let mut counter =
            Counter { books, registers, policy, factors, findings, uncounted: Vec::new() };
        let mut read = Self::default();
        for entry in books.booked().filter(|entry| since.is_none_or(|last| entry.date() > last)) {
            counter.entry(&entry, true, &mut read.lines);
        }
        // A rule of the budget falls on several days: what is wrong with it is told once.
        let before = counter.findings.len();
        for entry in books.planned() {
            counter.entry(&entry, false, &mut read.planned);
        }
        read.uncounted = std::mem::take(&mut counter.uncounted);
        let mut told: Vec<Finding> = findings.split_off(before);
        told.dedup_by(|a, b| a.at == b.at && a.code == b.code);
        findings.append(&mut told);
        read
    }

    /// The lines of a period.
    pub fn during(&self, period: Period) -> impl Iterator<Item = &Emission> {
        self.lines.iter().filter(move |line| period.contains(line.date))
    }

    /// The planned lines of a period.
    pub fn planned_during(&self, period: Period) -> impl Iterator<Item = &Emission> {
        self.planned.iter().filter(move |line| period.contains(line.date))
    }
}

/// The most that one line may emit, in kilograms: a million tonnes.
const MOST: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);

fn too_much(at: Span) -> Finding {
    Finding::new(Code::BadValue, at, "plus d’un million de tonnes de CO₂e sur une ligne")
        .label("quantité démesurée")
        .help("vérifiez la quantité et son unité")
}

struct Counter<'a> {
    books: &'a Books,
    registers: &'a Registers,
    policy: &'a CarePolicy,
    factors: &'a Factors,
    findings: &'a mut Vec<Finding>,
    uncounted: Vec<(NaiveDate, AccountId, Decimal)>,
}

/// Whether an account is of what is bought from others: staff, taxes and allowances emit nothing here.
fn is_purchase(number: &str) -> bool {
    ["60", "61", "62", "65"].iter().any(|prefix| number.starts_with(prefix))
}

impl<'a> Counter<'a> {
    fn entry(&mut self, entry: &EntryRef<'a>, happened: bool, lines: &mut Vec<Emission>) {
        let named = Named::of(entry);
        // The lines of spending that no activity has covered yet, the nearest last.
        let mut spent: Vec<(PostingRef<'a>, bool)> = Vec::new();
        for posting in entry.postings() {
            match posting.book() {
                Book::Financial if posting.account().number.starts_with(['2', '6']) => {
                    spent.push((posting, false));
                }
                Book::Activity => {
                    // What the spending above is about, the activity is about, but for its own tags.
                    let mut about = named;
                    let covers = spent.last_mut().map(|(above, covered)| {
                        about = named.and(above);
                        let euros = above.number().decimal();
                        let first = !std::mem::replace(covered, true);
                        (above.account_id(), if first { euros } else { Decimal::ZERO })
                    });
                    lines.extend(self.activity(entry, about, &posting, covers));
                }
                _ => {}
            }
        }
        if happened && !entry.opens() {
            for (posting, _) in spent.into_iter().filter(|(_, covered)| !covered) {
                let line = self.spending(entry, named, &posting);
                if line.is_none() && is_purchase(&posting.account().number) {
                    let amount = posting.number().decimal();
                    self.uncounted.push((entry.date(), posting.account_id(), amount));
                }
                lines.extend(line);
            }
        }
    }

    fn activity(
        &mut self,
        entry: &EntryRef<'a>,
        named: Named<'a>,
        posting: &PostingRef<'a>,
        about: Option<(AccountId, Decimal)>,
    ) -> Option<Emission> {
        let id = &posting.account().number;
        let symbol = self.books.units().symbol(posting.unit());
        let Some(unit) = ActivityUnit::parse(symbol) else {
            self.findings.push(unknown_unit(symbol, posting.amount_span()));
            return None;
        };
        let Some(rank) = self.factors.rank(id) else {
            let near = self.factors.near(id).join(", ");
            self.findings.push(
                Finding::new(
                    Code::UnknownActivity,
                    posting.account_span(),
                    format!("aucun facteur d’émission `{id}`"),
                )
                .label("inconnu")
                .help(format!("les plus proches sont : {near} ; ou ajoutez un `[[facteur]]`")),
            );
            return None;
        };
        let factor = &self.factors.list[rank];
        let Some(quantity) = unit.convert(posting.number().decimal(), factor.unit) else {
            self.findings.push(
                Finding::new(
                    Code::FactorUnit,
                    posting.amount_span(),
                    format!("`{id}` est en kgCO₂e par {}, pas par {symbol}", factor.symbol),
                )
                .label(format!("{}, pas {}", unit.nature.name(), factor.unit.nature.name()))
                .help(format!(
                    "écrivez la quantité en {}, ou choisissez un autre facteur",
                    factor.symbol
                )),
            );
            return None;
        };
        let line = self.line(entry, named, posting, (rank, quantity, Counted::Activity, about));
        if line.is_none() {
            self.findings.push(too_much(posting.amount_span()));
        }
        line
    }

    /// Money spent, excluding tax, by the factor of its account; credits of class 2 are disposals.
    fn spending(
        &mut self,
        entry: &EntryRef<'a>,
        named: Named<'a>,
        posting: &PostingRef<'a>,
    ) -> Option<Emission> {
        let number = &posting.account().number;
        let amount = posting.number().decimal();
        if number.starts_with('2') && amount.is_sign_negative() {
            return None;
        }
        let rank = self.factors.of_spending(self.policy, number)?;
        let factor = &self.factors.list[rank];
        let tax = self.policy.tax.as_ref().map_or(Decimal::ZERO, |tax| tax.value);
        let net = amount * Decimal::ONE_HUNDRED / (Decimal::ONE_HUNDRED + tax);
        let euros = ActivityUnit::parse("€")?;
        let quantity = euros.convert(net, factor.unit)?;
        let about = Some((posting.account_id(), amount));
        let line = self.line(entry, named, posting, (rank, quantity, Counted::Spending, about));
        if line.is_none() {
            self.findings.push(too_much(posting.amount_span()));
        }
        line
    }

    fn line(
        &self,
        entry: &EntryRef<'a>,
        named: Named<'a>,
        posting: &PostingRef<'a>,
        (factor, quantity, counted, spent): (usize, Decimal, Counted, Option<(AccountId, Decimal)>),
    ) -> Option<Emission> {
        let about = named.and(posting).about(self.registers);
        let kilograms = quantity.checked_mul(self.factors.list[factor].kilograms)?;
        let kilograms = (kilograms.abs() <= MOST).then(|| round_half_away(kilograms, 3))?;
        Some(Emission {
            date: entry.date(),
            at: posting.line_span(),
            factor,
            quantity,
            kilograms,
            counted,
            account: spent.map(|(account, _)| account),
            euros: spent.map_or(Decimal::ZERO, |(_, euros)| euros),
            programme: about.programme,
            partner: about.partner.map(str::to_owned),
            convention: about.convention,
        })
    }
}

/// What the emissions of a selection sum to, in kilograms.
pub fn kilograms<'l>(lines: impl Iterator<Item = &'l Emission>) -> Decimal {
    lines.map(|line| line.kilograms).sum()
}
