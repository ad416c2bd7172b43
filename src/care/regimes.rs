use chrono::NaiveDate;
use std::collections::BTreeMap;

use super::debt::Debt;
use super::factor::Factors;
use super::inventory::{Emission, Inventory};
use super::kept::YearKept;
use super::payment::Paid;
use super::uses::Use;
use super::work::{Standing, Work};
use crate::diagnostic::{Code, Finding, Span};
use crate::measure::FiscalYear;
use crate::register::CarePolicy;

/// The policy under which years were closed: it stands for them, whatever the policy says now (law I10).
#[derive(Clone, Debug)]
pub struct ClosedPolicy {
    /// The policy; `None` when those years were closed without a CARE ledger.
    pub policy: Option<CarePolicy>,
    /// The last year closed under it.
    pub until: FiscalYear,
}

/// What one policy leaves to the next: debts, works, uses, and what was paid.
#[derive(Clone, Debug, Default)]
pub(super) struct Carried {
    pub(super) works: Vec<Work>,
    pub(super) standing: Vec<Standing>,
    pub(super) debts: Vec<Debt>,
    pub(super) uses: Vec<Use>,
    pub(super) paid: BTreeMap<(usize, Option<String>), Paid>,
}

impl Carried {
    /// The same under another policy: ranks are those of its capitals and of its works.
    ///
    /// A capital or a work that the new policy lacks, and that holds something, is a finding.
    pub(super) fn under(
        self,
        (old, new): (&CarePolicy, &CarePolicy),
        works: Vec<Work>,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let capital = |rank: usize| new.capital(&old.capitals[rank].id.value);
        let lost = |what: String, at: Span| {
            Finding::new(
                Code::ClosedPolicy,
                at,
                format!("{what} : un exercice clos le porte encore"),
            )
            .label("tel qu’il fut scellé")
            .help("remettez-le dans `care.toml` ; il finit par ses propres règles")
        };
        for (rank, known) in old.capitals.iter().enumerate() {
            let owes = self.debts.iter().any(|debt| debt.capital == rank && !debt.open.is_zero());
            if owes && capital(rank).is_none() {
                findings.push(lost(format!("le capital `{}` a disparu", known.id.value), new.at));
            }
        }
        let mut standing = vec![Standing::default(); works.len()];
        for (work, was) in self.works.iter().zip(self.standing) {
            match works.iter().position(|known| known.id == work.id) {
                Some(rank) => standing[rank] = was,
                None if was.begun || !was.cost.is_zero() => {
                    findings.push(lost(format!("le projet `{}` a disparu", work.id), new.at));
                }
                None => {}
            }
        }
        let moved = |mut debt: Debt| {
            debt.capital = capital(debt.capital)?;
            Some(debt)
        };
        let debts = self.debts.into_iter().filter_map(moved).collect();
        let paid = self.paid.into_iter();
        let paid =
            paid.filter_map(|((rank, id), paid)| Some(((capital(rank)?, id), paid))).collect();
        Self { works, standing, debts, uses: self.uses, paid }
    }
}

/// What years closed under an older policy show, in the ranks of the newer one.
pub(super) fn renumber(
    (old, new): (&CarePolicy, &CarePolicy),
    (before, factors): (&Factors, &mut Factors),
    works: (&[Work], &[Work]),
    years: &mut [YearKept],
) {
    let ranks: Vec<usize> = before.list.iter().map(|factor| factors.meet(factor)).collect();
    for year in years {
        for (factor, _) in &mut year.by_factor {
            *factor = ranks.get(*factor).copied().unwrap_or(*factor);
        }
        let capital = |rank: usize| {
            let known = old.capitals.get(rank).and_then(|known| new.capital(&known.id.value));
            known.unwrap_or(rank)
        };
        for debt in &mut year.debts {
            debt.capital = capital(debt.capital);
        }
        for (rank, _) in &mut year.beyond_debt {
            *rank = capital(*rank);
        }
        let was = std::mem::take(&mut year.standing);
        year.standing = vec![Standing::default(); works.1.len()];
        for (work, was) in works.0.iter().zip(was) {
            if let Some(rank) = works.1.iter().position(|known| known.id == work.id) {
                year.standing[rank] = was;
            }
        }
    }
}

/// The emissions of closed years, each as the policy of its closing counted them.
pub(super) struct Counted {
    inventory: Inventory,
    factors: Factors,
    /// The last day of the last of those years.
    pub(super) last: NaiveDate,
}

impl Counted {
    /// What is known once another closing has counted its years.
    pub(super) fn until(
        known: Option<Self>,
        (factors, inventory): (&Factors, &Inventory),
        until: &FiscalYear,
    ) -> Self {
        let mut factors = factors.clone();
        let inventory = match known {
            None => inventory.clone(),
            Some(known) => known.then(&mut factors, inventory.clone()),
        };
        Self { inventory, factors, last: until.period.last }
    }

    /// Closed years as they were counted, then the others; the factors of both.
    pub(super) fn then(self, factors: &mut Factors, after: Inventory) -> Inventory {
        let ranks: Vec<usize> = self.factors.list.iter().map(|one| factors.meet(one)).collect();
        let last = self.last;
        let moved = |line: Emission| Emission { factor: ranks[line.factor], ..line };
        let mut lines: Vec<Emission> =
            self.inventory.lines.into_iter().filter(|line| line.date <= last).map(moved).collect();
        lines.extend(after.lines.into_iter().filter(|line| line.date > last));
        let before = self.inventory.uncounted.into_iter();
        let mut uncounted: Vec<_> = before.filter(|one| one.0 <= last).collect();
        uncounted.extend(after.uncounted.into_iter().filter(|one| one.0 > last));
        Inventory { lines, planned: after.planned, uncounted }
    }
}

/// What the policy of today says of closed years, and would never be read: a lot, or what befell a
/// project.
pub(super) fn unread(
    (old, new): (&CarePolicy, &CarePolicy),
    (old_works, new_works): (&[Work], &[Work]),
    closed: &FiscalYear,
    before: impl Fn(&str) -> bool,
    findings: &mut Vec<Finding>,
) {
    let told = |at: Span, what: &str, help: &str| {
        Finding::new(
            Code::ClosedPolicy,
            at,
            format!("{} est clos : {what} n’y changera rien", closed.name),
        )
        .label("écrit ou changé depuis la clôture")
        .help(help)
    };
    let id = |policy: &CarePolicy, rank: usize| policy.capitals[rank].id.value.clone();
    for lot in new.lots.iter().filter(|lot| before(&lot.year.value)) {
        let said = |policy: &CarePolicy, lot: &crate::register::Lot| {
            (id(policy, lot.capital), lot.year.value.clone(), lot.class, lot.owed(), lot.tonnes)
        };
        if !old.lots.iter().any(|known| said(old, known) == said(new, lot)) {
            let help = "une erreur d’un exercice clos se passe par `[[correction]]`, constatée dans l’exercice ouvert";
            findings.push(told(lot.at, "ce lot", help));
        }
    }
    for work in new_works {
        let known = old_works.iter().find(|known| known.id == work.id);
        for event in work.events.iter().filter(|event| event.date <= closed.period.last) {
            let same =
                known.is_some_and(|known| known.events.iter().any(|one| one.date == event.date));
            if !same {
                let help = "datez-le du premier jour ouvert, ou passez par `[[correction]]`";
                findings.push(told(event.at, "ce fait", help));
            }
        }
    }
}
