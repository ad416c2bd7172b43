use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::debt::{Birth, Debt, Size};
use super::derived::{DerivedEntry, Rule, euros, kilograms};
use super::keeper::Keeper;
use super::work::EventKind;
use crate::diagnostic::{Code, Finding, Span};
use crate::measure::FiscalYear;
use crate::register::{CLIMATE, Class};

/// Projects: what builds them, what they remove, what they lose.
impl Keeper<'_> {
    /// C-CAPEX: an expense tagged with a project waits as an asset until tonnes exist.
    pub(super) fn build(&mut self, year: &FiscalYear) {
        let facts = self.facts;
        let during = facts.spent.iter().filter(|spent| year.period.contains(spent.date));
        for spent in during.filter(|spent| spent.capital.is_none()) {
            let Some(work) = spent.project.as_deref().and_then(|id| self.work(id)) else {
                continue;
            };
            let id = self.works[work].id.clone();
            // A refund gives back what the project still carries, and no more.
            let amount = spent.amount.max(-self.standing[work].worth());
            if amount != spent.amount {
                self.refunded_beyond(amount - spent.amount, spent.at);
            }
            let mut entry = DerivedEntry::new(spent.date, Rule::Capex, id.clone());
            entry.aux_line("C231", Some(&id), amount);
            entry.line("C791", -amount);
            entry.policy = Some(self.works[work].at);
            entry.sources.push(spent.at);
            self.standing[work].cost += amount;
            self.write(entry);
        }
    }

    fn refunded_beyond(&mut self, left: Decimal, at: Span) {
        let message = format!("le remboursement dépasse de {} ce que le projet porte", euros(left));
        self.findings.push(
            Finding::new(Code::RefundBeyond, at, message)
                .label("au-delà de C231")
                .help("le surplus reste un produit ordinaire : son coût avait déjà été employé"),
        );
    }

    /// T-EXPECT: the tonnes that a project promises, for memory; they extinguish nothing (law I8).
    pub(super) fn expect(&mut self, year: &FiscalYear) {
        for rank in 0..self.works.len() {
            let work = &self.works[rank];
            let from = work.begins.unwrap_or(year.period.first);
            if self.standing[rank].begun || from > year.period.last {
                continue;
            }
            let date = from.max(year.period.first);
            let mut entry = DerivedEntry::new(date, Rule::Expect, work.id.clone());
            let left = (work.expected - self.standing[rank].verified).max(Decimal::ZERO);
            entry.line(format!("T80.{}", work.id), left);
            entry.line("T81", -left);
            entry.policy = Some(work.at);
            self.standing[rank].begun = true;
            self.standing[rank].expected = left;
            self.write(entry);
        }
    }

    /// What happens to each project in the year, in the order of days.
    pub(super) fn events(&mut self, year: &FiscalYear) {
        let mut events: Vec<(NaiveDate, usize, usize)> = Vec::new();
        for (rank, work) in self.works.iter().enumerate() {
            for (at, event) in work.events.iter().enumerate() {
                if year.period.contains(event.date) {
                    events.push((event.date, rank, at));
                }
            }
        }
        events.sort_unstable();
        for (_, rank, at) in events {
            let event = self.works[rank].events[at].clone();
            match event.kind {
                EventKind::Verified(kg, reference) => {
                    self.verify(year, rank, kg, (&reference, event.at));
                }
                EventKind::Reversed(kg, reason) => {
                    self.reverse(year, rank, kg, (&reason, event.at));
                }
                EventKind::Failed(reason) => self.fail(year, rank, &reason),
            }
        }
    }

    /// T-VERIF, C-VERIF and T-EXT: gross tonnes are verified, their net extinguishes debts.
    fn verify(&mut self, year: &FiscalYear, rank: usize, gross: Decimal, of: (&str, Span)) {
        let closing = year.period.last;
        let (work, standing) = (&self.works[rank], &mut self.standing[rank]);
        let net = work.net(gross);
        let mut found = DerivedEntry::new(closing, Rule::VerifyTonnes, work.id.clone());
        found.line("T31", net);
        found.line("T32", gross - net);
        found.line("T75", -gross);
        found.inputs = format!("rapport {} soit {} brutes", of.0, kilograms(gross));
        found.policy = Some(of.1);
        let (cost, depreciation) = work.draw(standing, net);
        let met = gross.min(standing.expected);
        let mut memo = DerivedEntry::new(closing, Rule::Expect, format!("{} vérifiées", work.id));
        memo.line(format!("T80.{}", work.id), -met);
        memo.line("T81", met);
        memo.policy = Some(of.1);
        standing.cost -= cost;
        standing.depreciation -= depreciation;
        standing.expected -= met;
        standing.verified += gross;
        standing.verified_net += net;
        standing.available += net;
        standing.buffer += gross - net;
        self.write(found);
        self.write(memo);
        self.extinguish(closing, rank, (cost, depreciation), of.1);
    }

    /// Uses the available tonnes of a work: first on what was paid for it, then on the oldest lots.
    fn extinguish(
        &mut self,
        closing: NaiveDate,
        rank: usize,
        (cost, depreciation): (Decimal, Decimal),
        at: Span,
    ) {
        let id = self.works[rank].id.clone();
        let mut entry = DerivedEntry::new(closing, Rule::Verify, id.clone());
        let mut tonnes = DerivedEntry::new(closing, Rule::Extinguish, id.clone());
        let standing = &mut self.standing[rank];
        let financed = standing.paid.min(standing.available);
        standing.paid -= financed;
        standing.available -= financed;
        standing.used += financed;
        tonnes.aux_line("T173", Some(&id), financed);
        tonnes.line("T31", -financed);
        let mut paid_back = Decimal::ZERO;
        for debt in self.removable() {
            let standing = &mut self.standing[rank];
            let (kg, worth) = self.debts[debt].remove(standing.available);
            standing.available -= kg;
            standing.used += kg;
            tonnes.line("T171", kg);
            tonnes.line("T31", -kg);
            paid_back += worth;
        }
        entry.line("C1712", paid_back);
        entry.aux_line("C291", Some(&id), depreciation);
        entry.aux_line("C231", Some(&id), -cost);
        let gap = paid_back - (cost - depreciation);
        entry.line(if gap.is_sign_negative() { "C687" } else { "C787" }, -gap);
        entry.inputs = format!("dette {} et coût {}", euros(paid_back), euros(cost - depreciation));
        entry.policy = Some(at);
        tonnes.policy = Some(at);
        self.write(entry);
        self.write(tonnes);
        self.left_available(rank, at);
    }

    /// Tonnes that stay in T31 while debts remain that nothing prices.
    fn left_available(&mut self, rank: usize, at: Span) {
        if self.standing[rank].available.is_zero() {
            return;
        }
        let climate = self.policy.capital(CLIMATE);
        let Some(debt) = self.debts.iter().find(|debt| {
            Some(debt.capital) == climate
                && debt.class == Class::Removal
                && !debt.is_over()
                && !debt.is_priced()
        }) else {
            return;
        };
        let message = format!(
            "{} vérifiées restent disponibles : le lot {} n’a pas de tonnes ou pas de prix",
            kilograms(self.standing[rank].available),
            debt.vintage
        );
        let finding = Finding::new(Code::NotPriced, at, message)
            .label("rien de plus n’est éteint")
            .related(debt.at, "ce lot")
            .help(
                "donnez à ce lot ses tonnes et un prix cité : les tonnes disponibles l’éteindront",
            );
        self.findings.push(finding);
    }

    /// Tonnes left available in earlier years extinguish what has become extinguishable.
    pub(super) fn use_available(&mut self, closing: NaiveDate) {
        for rank in 0..self.works.len() {
            let standing = &self.standing[rank];
            let useful = !standing.paid.is_zero() || !self.removable().is_empty();
            if useful && !standing.available.is_zero() {
                let at = self.works[rank].at;
                self.extinguish(closing, rank, (Decimal::ZERO, Decimal::ZERO), at);
            }
        }
    }

    /// The lots that verified tonnes extinguish: climate, by removal, with tonnes and a price.
    fn removable(&self) -> Vec<usize> {
        let climate = self.policy.capital(CLIMATE);
        self.oldest(|debt| {
            Some(debt.capital) == climate && debt.class == Class::Removal && debt.is_priced()
        })
    }

    /// T-REV and C-REBIRTH: the buffer bears it first, then what is available, then a debt is reborn.
    fn reverse(&mut self, year: &FiscalYear, rank: usize, kg: Decimal, of: (&str, Span)) {
        let closing = year.period.last;
        let standing = &mut self.standing[rank];
        let left = standing.verified - standing.reversed;
        if kg > left {
            self.findings.push(self.works[rank].exceeds(kg, left, of.1));
            return;
        }
        standing.reversed += kg;
        let from_buffer = kg.min(standing.buffer);
        standing.buffer -= from_buffer;
        let from_available = (kg - from_buffer).min(standing.available);
        standing.available -= from_available;
        let reborn = kg - from_buffer - from_available;
        standing.used -= reborn;
        let id = self.works[rank].id.clone();
        let mut entry = DerivedEntry::new(closing, Rule::Reverse, id);
        entry.line("T65", kg);
        entry.line("T32", -from_buffer);
        entry.line("T31", -from_available);
        entry.line("T171", -reborn);
        entry.inputs = of.0.replace([':', ','], " ");
        entry.policy = Some(of.1);
        self.write(entry);
        self.rebirth(year, reborn, of);
    }

    /// C-REBIRTH: a new lot, of this year and at its price.
    fn rebirth(&mut self, year: &FiscalYear, kg: Decimal, (reason, at): (&str, Span)) {
        let Some(capital) = self.policy.capital(CLIMATE).filter(|_| !kg.is_zero()) else {
            return;
        };
        let closing = year.period.last;
        let price = self.policy.price(capital, Class::Removal, &year.name).map(|price| price.euros);
        let size = Size { kg: Some(kg), price, euros: None };
        let kind = (capital, Class::Removal);
        let debt = Debt::new(kind, (year.name.clone(), closing), Birth::Reborn, at, size);
        let mut entry =
            DerivedEntry::new(closing, Rule::Rebirth, format!("millésime {}", year.name));
        entry.line("C6872", debt.open);
        entry.line("C1712", -debt.open);
        entry.inputs = format!("{} ({})", kilograms(kg), reason.replace([':', ','], " "));
        entry.policy = Some(at);
        self.debts.push(debt);
        self.write(entry);
    }

    /// A project fails: its cost is lost, what was paid for it is owed again.
    fn fail(&mut self, year: &FiscalYear, rank: usize, reason: &str) {
        let closing = year.period.last;
        let work = &self.works[rank];
        let standing = &mut self.standing[rank];
        let entry = work.loss(standing, closing, &reason.replace([':', ','], " "));
        let (paid, at) = (standing.paid, work.at);
        standing.failed = true;
        self.write(entry);
        self.forget(closing, rank);
        self.owed_again(year, rank, paid, (reason, at));
    }

    /// What was paid for a project that removed nothing of it is owed again (T173, C-REBIRTH).
    fn owed_again(&mut self, year: &FiscalYear, rank: usize, kg: Decimal, of: (&str, Span)) {
        let id = self.works[rank].id.clone();
        let mut tonnes = DerivedEntry::new(year.period.last, Rule::Reverse, id.clone());
        tonnes.aux_line("T173", Some(&id), kg);
        tonnes.line("T171", -kg);
        tonnes.policy = Some(of.1);
        "action payée qui n’a rien retiré".clone_into(&mut tonnes.inputs);
        self.standing[rank].paid -= kg;
        // What is owed again once is not owed again when its money comes back.
        self.paid
            .retain(|(_, project), _| project.as_deref() != Some(self.works[rank].id.as_str()));
        self.write(tonnes);
        self.rebirth(year, kg, of);
    }

    /// What a project no longer promises leaves the memo accounts.
    fn forget(&mut self, closing: NaiveDate, rank: usize) {
        let (work, standing) = (&self.works[rank], &mut self.standing[rank]);
        let mut memo = DerivedEntry::new(closing, Rule::Expect, format!("{} retirées", work.id));
        memo.line(format!("T80.{}", work.id), -standing.expected);
        memo.line("T81", standing.expected);
        memo.policy = Some(work.at);
        standing.expected = Decimal::ZERO;
        self.write(memo);
    }

    /// C-DEP: the depreciation that the policy gives at a closing, through C6873 and C7873.
    pub(super) fn depreciate(&mut self, year: &FiscalYear) {
        for rank in 0..self.works.len() {
            let (work, standing) = (&self.works[rank], &mut self.standing[rank]);
            let given = work.depreciations.iter().find(|given| given.0 == year.name);
            let Some((_, level, at)) = given else { continue };
            let level = (*level).min(standing.cost);
            let more = level - standing.depreciation;
            let mut entry = DerivedEntry::new(year.period.last, Rule::Depreciate, work.id.clone());
            entry.line(if more.is_sign_negative() { "C7873" } else { "C6873" }, more);
            entry.aux_line("C291", Some(&work.id), -more);
            entry.policy = Some(*at);
            standing.depreciation = level;
            self.write(entry);
        }
    }

    /// C-LOSS at the end of a project's years: what verified tonnes did not draw.
    pub(super) fn end_works(&mut self, year: &FiscalYear) {
        let closing = year.period.last;
        for rank in 0..self.works.len() {
            let (work, standing) = (&self.works[rank], &mut self.standing[rank]);
            if work.ends.is_none_or(|end| end > closing) || !standing.begun {
                continue;
            }
            let entry = work.loss(standing, closing, "fin du projet");
            let (paid, at) = (standing.paid, work.at);
            self.write(entry);
            if !self.standing[rank].expected.is_zero() {
                self.forget(closing, rank);
            }
            self.owed_again(year, rank, paid, ("fin du projet", at));
        }
    }
}
