use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::derived::{DerivedEntry, Rule, kilograms};
use crate::book::Years;
use crate::diagnostic::{Code, Finding, Span};
use crate::measure::round_half_away;
use crate::register::{CarePolicy, Credit, Project};

/// Something that is to remove carbon: a project, or a removal credit, which is one already verified.
#[derive(Clone, Debug)]
pub struct Work {
    /// Its identity, as tags write it.
    pub id: String,
    /// Its label.
    pub label: String,
    /// Its first and last days, when the policy gives them.
    pub begins: Option<NaiveDate>,
    /// The last day of its years.
    pub ends: Option<NaiveDate>,
    /// Gross kilograms expected.
    pub expected: Decimal,
    /// What of gross tonnes is net of the buffer.
    pub net_share: Decimal,
    /// What happens to it, in the order of days.
    pub events: Vec<Event>,
    /// The whole depreciation at the closing of a year, by year name.
    pub depreciations: Vec<(String, Decimal, Span)>,
    /// The line of policy.
    pub at: Span,
    /// Euros spent before the first CARE year.
    pub cost_before: Decimal,
}

/// Something that happens to a work.
#[derive(Clone, Debug)]
pub struct Event {
    /// The day.
    pub date: NaiveDate,
    /// What.
    pub kind: EventKind,
    /// Where it is written.
    pub at: Span,
}

/// What happens.
#[derive(Clone, Debug)]
pub enum EventKind {
    /// Gross kilograms are verified, by a report of that name.
    Verified(Decimal, String),
    /// Kilograms go back to the air.
    Reversed(Decimal, String),
    /// It fails.
    Failed(String),
}

/// Where a work stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Euros in C231.
    pub cost: Decimal,
    /// Euros in C291, without sign.
    pub depreciation: Decimal,
    /// Gross kilograms still expected (T80).
    pub expected: Decimal,
    /// Kilograms verified so far, gross.
    pub verified: Decimal,
    /// Kilograms verified so far, net of the buffer.
    pub verified_net: Decimal,
    /// Net kilograms that extinguished something.
    pub used: Decimal,
    /// Net kilograms verified and available (T31).
    pub available: Decimal,
    /// Kilograms in its buffer (T32).
    pub buffer: Decimal,
    /// Kilograms paid for, not yet removed (T173).
    pub paid: Decimal,
    /// Kilograms that went back to the air.
    pub reversed: Decimal,
    /// Whether it has begun.
    pub begun: bool,
    /// Whether it failed.
    pub failed: bool,
}

impl Standing {
    /// What the project is worth in the CARE ledger: C231 less C291.
    pub fn worth(&self) -> Decimal {
        self.cost - self.depreciation
    }
}

const KG: Decimal = Decimal::ONE_THOUSAND;

impl Work {
    /// Every work of a policy: its projects, then its removal credits.
    pub(super) fn all(
        policy: &CarePolicy,
        years: &Years,
        findings: &mut Vec<Finding>,
    ) -> Vec<Self> {
        let projects =
            policy.projects.iter().map(|project| Self::project(project, years, findings));
        let mut all: Vec<Self> = projects.collect();
        all.extend(policy.credits.iter().filter(|credit| credit.removes).map(Self::credit));
        all
    }

    fn project(project: &Project, years: &Years, findings: &mut Vec<Finding>) -> Self {
        let begins = project.begins.as_ref().and_then(|name| {
            let year = years.period_named(&name.value);
            if year.is_none() {
                findings.push(unknown_year(&name.value, name.at));
            }
            year.map(|year| year.first)
        });
        let ends = begins.zip(project.years).and_then(|(first, years)| {
            first.checked_add_months(chrono::Months::new(12 * years))?.pred_opt()
        });
        for named in project.depreciations.iter().map(|depreciation| &depreciation.year) {
            if years.named(&named.value).is_none() {
                findings.push(unknown_year(&named.value, named.at));
            }
        }
        let verified = project.verifications.iter().map(|found| Event {
            date: found.date.value,
            kind: EventKind::Verified(found.tonnes * KG, found.reference.value.clone()),
            at: found.date.at,
        });
        let reversed = project.reversals.iter().map(|lost| Event {
            date: lost.date.value,
            kind: EventKind::Reversed(lost.tonnes.value * KG, lost.reason.clone()),
            at: lost.tonnes.at,
        });
        let failed = project.failure.iter().map(|failure| Event {
            date: failure.date.value,
            kind: EventKind::Failed(failure.reason.clone()),
            at: failure.date.at,
        });
        let mut events: Vec<Event> = verified.chain(reversed).chain(failed).collect();
        events.sort_by_key(|event| event.date);
        Self {
            id: project.id.value.clone(),
            label: project.label.clone(),
            begins,
            ends,
            expected: project.tonnes * KG,
            net_share: project.net_share(),
            events,
            depreciations: project
                .depreciations
                .iter()
                .map(|given| (given.year.value.clone(), given.amount.value, given.amount.at))
                .collect(),
            at: project.at,
            cost_before: project.cost_before,
        }
    }

    fn credit(credit: &Credit) -> Self {
        let date = credit.date.value;
        Self {
            id: credit.id.value.clone(),
            label: format!("Crédit {} ({})", credit.id.value, credit.registry),
            begins: Some(date),
            // Nothing more comes of a retired credit: what it costs later is lost at once.
            ends: Some(date),
            expected: credit.tonnes * KG,
            net_share: Decimal::ONE,
            events: vec![Event {
                date,
                kind: EventKind::Verified(credit.tonnes * KG, credit.id.value.clone()),
                at: credit.date.at,
            }],
            depreciations: Vec::new(),
            at: credit.at,
            cost_before: Decimal::ZERO,
        }
    }

    /// The net of some gross kilograms, to the gram.
    pub(super) fn net(&self, gross: Decimal) -> Decimal {
        round_half_away(gross * self.net_share, 3)
    }

    /// What C231 and C291 give up for net kilograms verified now: the unit cost is the net cost over
    /// the larger of what was still expected and what is verified; the last draw takes the remainder.
    pub(super) fn draw(&self, standing: &Standing, net: Decimal) -> (Decimal, Decimal) {
        let still = (self.net(self.expected) - standing.verified_net).max(Decimal::ZERO);
        if net.is_zero() {
            return (Decimal::ZERO, Decimal::ZERO);
        }
        if net >= still {
            return (standing.cost, standing.depreciation);
        }
        let part = |whole: Decimal| round_half_away(whole * net / still, 2);
        (part(standing.cost), part(standing.depreciation))
    }

    /// A reversal of more than what is verified and still there.
    pub(super) fn exceeds(&self, kg: Decimal, left: Decimal, at: Span) -> Finding {
        let message =
            format!("{} rendues, quand {} sont vérifiées", kilograms(kg), kilograms(left));
        Finding::new(Code::ReversalExceeds, at, message)
            .label("plus qu’il n’en reste")
            .related(self.at, "de ce projet")
            .help("corrigez les tonnes, ou ajoutez la vérification qui manque")
    }

    /// What happened before the first CARE year, without result: verified tonnes used their cost and
    /// extinguished debts that are no longer given, reversals and failures are past.
    pub(super) fn lived_before(
        &self,
        standing: &mut Standing,
        first: NaiveDate,
        findings: &mut Vec<Finding>,
    ) {
        for event in self.events.iter().filter(|event| event.date < first) {
            match &event.kind {
                EventKind::Verified(gross, _) => {
                    let net = self.net(*gross);
                    standing.cost -= self.draw(standing, net).0;
                    standing.verified += gross;
                    standing.verified_net += net;
                    standing.used += net;
                    standing.buffer += gross - net;
                }
                EventKind::Reversed(kg, _) => {
                    let left = standing.verified - standing.reversed;
                    if *kg > left {
                        findings.push(self.exceeds(*kg, left, event.at));
                        continue;
                    }
                    let from_buffer = (*kg).min(standing.buffer);
                    standing.buffer -= from_buffer;
                    standing.used -= kg - from_buffer;
                    standing.reversed += kg;
                }
                EventKind::Failed(_) => standing.failed = true,
            }
        }
        if standing.failed || self.ends.is_some_and(|end| end < first) {
            standing.cost = Decimal::ZERO;
            // Nothing is promised any more.
            standing.begun = true;
        }
    }

    /// The entry that writes off what a work still carries, and the tonnes it no longer promises.
    pub(super) fn loss(&self, standing: &mut Standing, date: NaiveDate, why: &str) -> DerivedEntry {
        let mut entry = DerivedEntry::new(date, Rule::Loss, self.id.clone());
        why.clone_into(&mut entry.inputs);
        entry.policy = Some(self.at);
        entry.line("C6871", standing.worth());
        entry.aux_line("C291", Some(&self.id), standing.depreciation);
        entry.aux_line("C231", Some(&self.id), -standing.cost);
        standing.cost = Decimal::ZERO;
        standing.depreciation = Decimal::ZERO;
        entry
    }
}

/// A fiscal year that nobody knows.
pub(super) fn unknown_year(name: &str, at: Span) -> Finding {
    Finding::new(Code::UnknownEcological, at, format!("exercice inconnu : `{name}`"))
        .label("ni aux livres, ni au calendrier")
        .help("nommez l’exercice comme dans `compta.toml`, ou par son année : `2022`")
}
