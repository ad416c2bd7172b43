use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::balances::{PRESENTATION, Part, part_of};
use super::factor::Factors;
use super::facts::Facts;
use super::inventory::Inventory;
use super::keeper::Keeper;
use super::kept::{Kept, YearKept};
use super::lifetime::outside_lifetime;
use super::regimes::{Carried, ClosedPolicy, Counted, renumber, unread};
use super::work::{Standing, Work, unknown_year};
use super::{provision, threshold};
use crate::book::{Book, Books};
use crate::chart::Edition;
use crate::diagnostic::{Code, Finding, Span};
use crate::measure::{FiscalYear, Sum, euros};
use crate::register::{CarePolicy, ProvisionAccounts, Registers};

/// What a policy makes of the books.
#[derive(Clone, Debug)]
pub struct Care {
    /// The emission factors.
    pub factors: Factors,
    /// The inventory of emissions.
    pub inventory: Inventory,
    /// The CARE ledger, year by year.
    pub kept: Kept,
}

/// What a policy makes of the books, before its entries join them.
pub struct Reckoned {
    /// Nothing without a policy that names a capital; else with the years that the ledger is kept for.
    care: Option<(Care, Vec<FiscalYear>)>,
    findings: Vec<Finding>,
}

/// Derives the CARE ledger from the books.
///
/// `closed` are the policies of closed years, which stand for them (law I10).
pub fn reckoned(books: &Books, registers: &Registers, closed: &[ClosedPolicy]) -> Reckoned {
    let live = registers.care.as_ref().filter(|policy| policy.keeps_a_ledger());
    let Some(policy) = live else {
        let past = closed.iter().rev().find_map(|one| one.policy.as_ref());
        return Reckoned { care: None, findings: past.map(vanished).into_iter().collect() };
    };
    let mut findings = Vec::new();
    let years = kept_years(books, policy, &mut findings);
    let care = regimes(books, registers, policy, (&years, closed), &mut findings);
    Reckoned { care: Some(care), findings }
}

impl Reckoned {
    /// Adds the entries to the books, unless the model refuses something, which is a finding; `None`
    /// without a policy that names a capital.
    pub fn enter(self, books: &mut Books, findings: &mut Vec<Finding>) -> Option<Care> {
        let sound = self.findings.iter().all(|finding| !finding.is_error());
        findings.extend(self.findings);
        let (mut care, years) = self.care?;
        if sound {
            write(books, &care.kept);
            below_nothing(books, &years, findings);
        }
        care.kept.years.sort_by_key(|year| year.year.period);
        Some(care)
    }
}

/// Closed years under the policies that closed them, one after the other, then the others under today's.
fn regimes(
    books: &Books,
    registers: &Registers,
    live: &CarePolicy,
    (years, closed): (&[FiscalYear], &[ClosedPolicy]),
    findings: &mut Vec<Finding>,
) -> (Care, Vec<FiscalYear>) {
    let mut kept: Vec<YearKept> = Vec::new();
    let mut past: Option<(Regime<'_>, FiscalYear)> = None;
    let mut known: Option<Counted> = None;
    let mut until = None;
    for one in closed {
        let own = |year: &FiscalYear| {
            until.is_none_or(|until| year.period.first > until) && year.period <= one.until.period
        };
        let mut unheard = Vec::new();
        if let Some(policy) = &one.policy {
            let all = kept_years(books, policy, &mut unheard);
            let own: Vec<FiscalYear> = all.iter().filter(|year| own(year)).cloned().collect();
            let first = all.first().cloned();
            // What it refused was told when those years were closed.
            let mut regime =
                Regime::of(books, registers, policy, (&own, first), &mut unheard, None);
            regime.keep(
                books,
                past.take().map(|(before, _)| before),
                &mut kept,
                &own,
                &mut unheard,
            );
            let made = (&regime.factors, &regime.inventory);
            known = Some(Counted::until(known, made, &one.until));
            past = Some((regime, one.until.clone()));
        } else if let Some(year) = years.iter().find(|year| own(year)) {
            findings.push(adopted_late(live, year));
        }
        until = Some(one.until.period.last);
    }
    let open: Vec<FiscalYear> = years
        .iter()
        .filter(|year| until.is_none_or(|day| year.period.first > day))
        .cloned()
        .collect();
    let first = kept.first().map(|year| year.year.clone()).or_else(|| open.first().cloned());
    names(books, live, findings);
    threshold::check(live, books.years(), years, findings);
    let mut regime = Regime::of(books, registers, live, (&open, first), findings, known.as_ref());
    foreign_accounts(books, live, findings);
    far_from(&regime.carried.works, live, books, years, findings);
    if let Some((before, year)) = &past {
        let earlier = |name: &str| {
            books.years().period_named(name).is_some_and(|days| days.last <= year.period.last)
        };
        let works = (before.carried.works.as_slice(), regime.carried.works.as_slice());
        unread((before.policy, live), works, year, earlier, findings);
    }
    regime.keep(books, past.map(|(before, _)| before), &mut kept, &open, findings);
    let Regime { mut factors, inventory: counted, carried, .. } = regime;
    let inventory = match known {
        None => counted,
        Some(known) => known.then(&mut factors, counted),
    };
    let all = kept.iter().map(|year| year.year.clone()).collect();
    (Care { factors, inventory, kept: Kept { works: carried.works, years: kept } }, all)
}

/// One policy with what it makes of the books.
struct Regime<'p> {
    policy: &'p CarePolicy,
    factors: Factors,
    inventory: Inventory,
    facts: Facts,
    carried: Carried,
}

impl<'p> Regime<'p> {
    fn of(
        books: &Books,
        registers: &Registers,
        policy: &'p CarePolicy,
        (years, first): (&[FiscalYear], Option<FiscalYear>),
        findings: &mut Vec<Finding>,
        known: Option<&Counted>,
    ) -> Self {
        let factors = Factors::of(policy, findings);
        // What closings have counted, today's policy need not know.
        let since = known.map(|known| known.last);
        let inventory = Inventory::of((books, since), registers, policy, &factors, findings);
        let works = Work::all(policy, books.years(), findings);
        too_much(&inventory, policy, years, findings);
        let facts = first.map(|first| Facts::of(books, policy, &first, findings));
        let facts = facts.unwrap_or_default();
        if !years.is_empty() {
            outside_lifetime(&works, &facts, findings);
        }
        let standing = vec![Standing::default(); works.len()];
        let carried = Carried { works, standing, ..Carried::default() };
        Self { policy, factors, inventory, facts, carried }
    }

    /// Keeps its years, from where the policy before left.
    fn keep(
        &mut self,
        books: &Books,
        before: Option<Regime<'_>>,
        kept: &mut Vec<YearKept>,
        years: &[FiscalYear],
        findings: &mut Vec<Finding>,
    ) {
        let works = std::mem::take(&mut self.carried.works);
        let opens = before.is_none();
        let carried = match before {
            None => Carried { works, ..std::mem::take(&mut self.carried) },
            Some(before) => {
                let policies = (before.policy, self.policy);
                let shown = (before.carried.works.as_slice(), works.as_slice());
                renumber(policies, (&before.factors, &mut self.factors), shown, kept);
                before.carried.under(policies, works, findings)
            }
        };
        let keeper = Keeper {
            books,
            policy: self.policy,
            factors: &self.factors,
            inventory: &self.inventory,
            facts: &self.facts,
            works: carried.works,
            standing: carried.standing,
            debts: carried.debts,
            uses: carried.uses,
            paid: carried.paid,
            entries: Vec::new(),
            findings,
        };
        let (own, left) = keeper.keep(years, opens);
        kept.extend(own);
        self.carried = left;
    }
}

/// No year emits more than what fits in an entry.
fn too_much(
    inventory: &Inventory,
    policy: &CarePolicy,
    years: &[FiscalYear],
    findings: &mut Vec<Finding>,
) {
    for year in years {
        let whole: Decimal = inventory.during(year.period).map(|line| line.kilograms.abs()).sum();
        if whole > MOST {
            let message = format!("plus de dix millions de tonnes de CO₂e en {}", year.name);
            findings.push(
                Finding::new(Code::BadValue, policy.at, message).label("cette politique").help(
                    "vérifiez les activités de l’exercice : `compta care` les donne par compte",
                ),
            );
        }
    }
}

/// The policy of closed years is there no more.
fn vanished(policy: &CarePolicy) -> Finding {
    Finding::new(
        Code::ClosedPolicy,
        policy.at,
        "`care.toml` a disparu, un exercice clos tient un livre CARE",
    )
    .label("telle qu’elle fut scellée")
    .help("remettez `care.toml` : la copie scellée est dans `clotures/`")
}

/// A policy that would give a CARE ledger to a year closed without one.
fn adopted_late(policy: &CarePolicy, year: &FiscalYear) -> Finding {
    let head = Span::new(policy.at.start, policy.at.start + 1);
    let message = format!("l’exercice {} fut clos sans livre CARE", year.name);
    Finding::new(Code::ClosedPolicy, head, message)
        .label("cette politique le tiendrait")
        .help("ajoutez `depuis = \"…\"`, avec le nom du premier exercice ouvert")
}

/// No debt falls below nothing, what is written by hand beside the rules included (law I7).
fn below_nothing(books: &Books, years: &[FiscalYear], findings: &mut Vec<Finding>) {
    for year in years {
        let mut owed: BTreeMap<&str, (Decimal, Option<Span>)> = BTreeMap::new();
        for entry in books.entries().filter(|entry| entry.date() <= year.period.last) {
            for posting in entry.postings().filter(|posting| posting.book() == Book::Care) {
                let number = posting.account().number.as_str();
                if part_of(number) == Some(Part::Debts) {
                    let (sum, by_hand) = owed.entry(number).or_default();
                    let amount = posting.number().decimal();
                    *sum -= amount;
                    if !entry.is_derived() && amount > Decimal::ZERO {
                        *by_hand = Some(posting.line_span());
                    }
                }
            }
        }
        for (number, (sum, by_hand)) in owed {
            let Some(at) = by_hand.filter(|_| sum.is_sign_negative() && !sum.is_zero()) else {
                continue;
            };
            let message =
                format!("la dette {number} tombe à {} à la fin de {}", euros(sum), year.name);
            let finding = Finding::new(Code::NegativeDebt, at, message)
                .label("cette ligne écrite à la main l’éteint de trop")
                .help("étiquetez la dépense `preservation: climat` : la règle C-PAY s’arrête à la dette ouverte");
            if findings.iter().all(|known| known.at != at) {
                findings.push(finding);
            }
        }
    }
}

/// Adds the derived entries to the books, numbered within each year.
fn write(books: &mut Books, kept: &Kept) {
    for year in &kept.years {
        for (rank, entry) in year.entries.iter().enumerate() {
            let text = format!("decimal-mark ,\n\n{}", entry.text(books, rank + 1));
            books.derive(entry.derivation(books), text);
        }
    }
}

/// The years of the ledger: from the first that the policy keeps to the last that has entries.
fn kept_years(books: &Books, policy: &CarePolicy, findings: &mut Vec<Finding>) -> Vec<FiscalYear> {
    let mut span: Option<crate::measure::Period> = None;
    books.visit(|date, _, _| {
        span = Some(match span {
            None => crate::measure::Period { first: date, last: date },
            Some(known) => {
                crate::measure::Period { first: known.first.min(date), last: known.last.max(date) }
            }
        });
    });
    let Some(span) = span else { return Vec::new() };
    let mut years = books.years().within(span);
    if let Some(since) = &policy.since {
        match years.iter().position(|year| year.name == since.value) {
            Some(first) => {
                years.drain(..first);
            }
            None => findings.push(unknown_year(&since.value, since.at)),
        }
    }
    years
}

/// The most that a year may emit, in kilograms: what fits in an entry, with room.
const MOST: Decimal = Decimal::from_parts(1_410_065_408, 2, 0, false, 0);

/// How many years after the books a policy may speak of.
const NEAR: u32 = 5;

/// How many years before the end of the books it may speak of.
const LONG_AGO: u32 = 60;

/// A fact, or a year, that lies far from the books would never be met: it is a slip.
fn far_from(
    works: &[Work],
    policy: &CarePolicy,
    books: &Books,
    years: &[FiscalYear],
    findings: &mut Vec<Finding>,
) {
    let Some(last) = years.last().map(|year| year.period.last) else { return };
    let Some(most) = last.checked_add_months(chrono::Months::new(12 * NEAR)) else { return };
    let far = |at: Span, what: String| {
        Finding::new(Code::BadValue, at, format!("{what} est loin des livres"))
            .label(format!("les livres s’arrêtent au {}", last.format("%d/%m/%Y")))
            .help("corrigez la date : rien ne la rencontrerait")
    };
    let oldest = last.checked_sub_months(chrono::Months::new(12 * LONG_AGO)).unwrap_or(last);
    let away = |day: NaiveDate| day > most || day < oldest;
    for event in works.iter().flat_map(|work| &work.events).filter(|event| away(event.date)) {
        findings.push(far(event.at, format!("le {}", event.date.format("%d/%m/%Y"))));
    }
    let named = policy.lots.iter().map(|lot| &lot.year);
    let named = named.chain(policy.prices.iter().map(|price| &price.year));
    for name in named.chain(policy.corrections.iter().map(|known| &known.found)) {
        let days = books.years().period_named(&name.value);
        if days.is_some_and(|days| days.first > most || days.last < oldest) {
            findings.push(far(name.at, format!("l’exercice {}", name.value)));
        }
    }
    for known in &policy.corrections {
        let days = |name: &str| books.years().period_named(name);
        let both = days(&known.year.value).zip(days(&known.found.value));
        if both.is_some_and(|(wrong, found)| found.first <= wrong.last) {
            findings.push(
                Finding::new(
                    Code::LotContradicts,
                    known.found.at,
                    "une erreur se constate après l’exercice qui la porte",
                )
                .label("trop tôt")
                .related(known.year.at, "l’exercice en erreur")
                .help("corrigez le lot ou l’activité, si l’exercice n’est pas clos"),
            );
        }
    }
}

/// The fiscal years that the policy names exist.
fn names(books: &Books, policy: &CarePolicy, findings: &mut Vec<Finding>) {
    let lots = policy.lots.iter().map(|lot| &lot.year);
    let prices = policy.prices.iter().map(|price| &price.year);
    let corrected = policy.corrections.iter().flat_map(|known| [&known.year, &known.found]);
    let since = policy.provisions.iter().filter_map(|accounts| accounts.since.as_ref());
    for name in lots.chain(prices).chain(corrected).chain(since) {
        if books.years().period_named(&name.value).is_none() {
            findings.push(unknown_year(&name.value, name.at));
        }
    }
}

/// Bracketed lines go to accounts of the model, or take the carbon provision away.
fn foreign_accounts(books: &Books, policy: &CarePolicy, findings: &mut Vec<Finding>) {
    for entry in books.written() {
        for posting in entry.postings() {
            let number = &posting.account().number;
            let known = match posting.book() {
                Book::Financial | Book::Activity => true,
                Book::Tonnes => Edition::Anc2022.title(number).is_some(),
                Book::Care if number.starts_with('C') => {
                    number != PRESENTATION && Edition::Anc2022.title(number).is_some()
                }
                Book::Care => {
                    let all = provision::begun(books, policy, entry.date());
                    if let Some(accounts) = all.into_iter().find(|known| eliminates(known, number))
                    {
                        findings.push(twice_eliminated(number, posting.account_span(), accounts));
                        continue;
                    }
                    false
                }
            };
            if !known {
                findings.push(foreign(number, posting.account_span()));
            }
        }
    }
}

fn eliminates(accounts: &ProvisionAccounts, number: &str) -> bool {
    [&accounts.provision, &accounts.charge, &accounts.reversal]
        .iter()
        .any(|select| select.reach(number, Sum::ZERO).is_some())
}

/// C-ELIM already takes away what the policy names: in the CARE ledger the provision is always nil.
fn twice_eliminated(number: &str, at: Span, accounts: &ProvisionAccounts) -> Finding {
    let message = format!("le compte {number} est déjà éliminé par C-ELIM");
    Finding::new(Code::CareAccount, at, message)
        .label("éliminé deux fois")
        .related(accounts.at, "la politique l’élimine")
        .help("retirez cette écriture entre crochets : `compta care journal` montre celle qui la remplace")
}

fn foreign(number: &str, at: Span) -> Finding {
    let help = if number.starts_with(['C', 'T']) {
        "écrivez un compte du modèle : `docs/guide.md` les donne"
    } else {
        "nommez ce compte dans `[[provision]]` de `care.toml`, ou écrivez une ligne réelle"
    };
    Finding::new(Code::CareAccount, at, format!("le compte {number} n’est pas du modèle CARE"))
        .label("entre crochets")
        .help(help)
}
