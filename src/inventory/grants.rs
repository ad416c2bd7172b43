use rust_decimal::Decimal;

use super::entry::{InventoryEntry, InventoryLine, Yield};
use super::held::Held;
use super::yielding::Yielding;
use crate::chart::Edition;
use crate::diagnostic::Span;
use crate::measure::{FiscalYear, euros};
use crate::register::{Convention, Conventions, Dedicated, Financing};

/// What conventions make at each closing: what is still to be received, what later years will use
/// (487), what was not used (19). The books are completed, never contradicted: what someone wrote
/// already is left out.
pub(super) fn grants(register: &Conventions, yielding: &mut Yielding<'_>) {
    let held = Held::of(yielding.books, register, yielding.entries_so_far());
    let years = yielding.years.to_vec();
    for (rank, known) in register.list.iter().enumerate() {
        let mut grant = Grant {
            known,
            rank,
            held: &held,
            granted: Decimal::ZERO,
            taken: Decimal::ZERO,
            kept: Decimal::ZERO,
        };
        let history = yielding.history;
        for year in years.iter().filter(|year| !history.has(year)) {
            grant.close(year, &years[0], yielding);
        }
    }
}

/// A convention from closing to closing, with what was derived of it so far.
struct Grant<'a> {
    known: &'a Convention,
    rank: usize,
    held: &'a Held,
    /// Granted and not booked by hand.
    granted: Decimal,
    /// Taken back from 487 for good.
    taken: Decimal,
    /// Put in dedicated funds.
    kept: Decimal,
}

impl Grant<'_> {
    fn close(&mut self, year: &FiscalYear, first: &FiscalYear, yielding: &mut Yielding<'_>) {
        let known = self.known;
        // A suspended grant is no product yet; an invoice is one as it is done.
        if known.financing != Financing::Grant || known.condition.is_some() {
            return;
        }
        let Some(day) = known.notified.as_ref().filter(|day| day.value <= year.period.last) else {
            return;
        };
        if let Some(product) = &known.product {
            // What was recognised before the books is not in them.
            if day.value >= first.period.first {
                self.receivable(year, &product.value, day.at, yielding);
            }
            if !known.shares.is_empty() {
                self.deferred(year, &product.value, yielding);
            }
        }
        if let Some(kept) = &known.dedicated {
            self.dedicated(kept, year, yielding);
        }
    }

    fn entry(&self, year: &FiscalYear, rule: Yield, what: &str, at: Span) -> InventoryEntry {
        let known = self.known;
        InventoryEntry {
            date: year.period.last,
            rule,
            label: format!("{} | {what}, {}", known.partner, known.id.value),
            inputs: String::new(),
            policy: at,
            document: known.document.clone(),
            tags: Vec::new(),
            lines: Vec::new(),
        }
    }

    fn tagged(&self, entry: &mut InventoryEntry, number: &str, amount: Decimal) {
        let known = self.known;
        let line: &mut InventoryLine = entry.line(number, amount);
        line.tags.extend(known.programme.iter().map(|code| ("programme", code.value.clone())));
        line.tags.push(("partenaire", known.partner.clone()));
        line.tags.push(("convention", known.id.value.clone()));
        line.tags.push(("financement", known.financing.word().to_owned()));
    }

    /// What is granted, notified, and not yet a product of the books.
    fn receivable(&mut self, year: &FiscalYear, product: &str, at: Span, to: &mut Yielding<'_>) {
        let written = self.held.recognised(self.known, self.rank, year.period.last);
        // What someone booked is never contradicted; what closings gave beyond the amount is taken back.
        let given = to.history.granted(&self.known.id.value);
        let lowered = (self.known.amount - given).min(Decimal::ZERO);
        let missing = (self.known.amount - written - self.granted).max(lowered);
        if missing.is_zero() {
            return;
        }
        let mut entry = self.entry(year, Yield::Receivable, "subvention à recevoir", at);
        entry.inputs =
            format!("accordé {}, déjà constaté {}", euros(self.known.amount), euros(written));
        let edition = Edition::of_year_opened(year.period.first);
        let usual = match (self.known.funder.is_public(), edition) {
            (true, _) => "441",
            (false, Edition::Anc2018) => "4687",
            (false, Edition::Anc2022) => "468",
        };
        let owed = self.known.receivable.as_ref().map_or(usual, |account| account.value.as_str());
        self.tagged(&mut entry, owed, missing);
        if let Some(line) = entry.lines.last_mut() {
            line.auxiliary = Some(self.known.partner.clone());
        }
        self.tagged(&mut entry, product, -missing);
        self.granted += missing;
        to.add(entry);
    }

    /// What the calendar gives to later years waits in 487, and comes back on the next first day.
    fn deferred(&mut self, year: &FiscalYear, product: &str, to: &mut Yielding<'_>) {
        let last = year.period.last;
        let later =
            |name: &str| to.books.years().period_named(name).is_some_and(|days| days.first > last);
        let shares = &self.known.shares;
        let waiting: Decimal =
            shares.iter().filter(|(name, _)| later(&name.value)).map(|(_, share)| *share).sum();
        let written = self.held.deferred(self.rank, last) - self.taken;
        let change = waiting - written;
        if change.is_zero() {
            return;
        }
        let at = shares.iter().find(|(name, _)| later(&name.value)).unwrap_or(&shares[0]).0.at;
        let what = if change > Decimal::ZERO {
            "produit constaté d’avance"
        } else {
            "reprise du produit constaté d’avance"
        };
        let mut entry = self.entry(year, Yield::Deferred, what, at);
        entry.inputs = format!("le calendrier laisse {} aux exercices suivants", euros(waiting));
        self.tagged(&mut entry, product, change);
        self.tagged(&mut entry, "487", -change);
        if change > Decimal::ZERO {
            to.add_reversed(entry, year);
        } else {
            self.taken -= change;
            to.add(entry);
        }
    }

    /// What of the shares so far was not used is kept in 19, and given back as it is used.
    fn dedicated(&mut self, kept: &Dedicated, year: &FiscalYear, to: &mut Yielding<'_>) {
        let Some((level, inputs, at)) = self.unused(kept, year, to) else { return };
        let last = year.period.last;
        let change = level - self.held.dedicated(self.rank, last) - self.kept;
        if change.is_zero() {
            return;
        }
        let (report, use_) = kept.flows();
        let up = change > Decimal::ZERO;
        let what = if up { "report en fonds dédiés" } else { "utilisation de fonds dédiés" };
        let mut entry = self.entry(year, Yield::Dedicated, what, at);
        entry.inputs = inputs;
        entry.document = kept.document.clone().or(entry.document);
        self.tagged(&mut entry, if up { &report } else { &use_ }, change);
        self.tagged(&mut entry, &kept.account.value, -change);
        self.kept += change;
        to.add(entry);
    }

    /// What is left to be used at a closing, how it is known, and where; `None` when nobody says.
    fn unused(
        &self,
        kept: &Dedicated,
        year: &FiscalYear,
        to: &Yielding<'_>,
    ) -> Option<(Decimal, String, Span)> {
        if let Some(levels) = &kept.levels {
            let (name, level) = levels.iter().find(|(name, _)| name.value == year.name)?;
            return Some((*level, format!("il reste {} à employer", euros(*level)), name.at));
        }
        let last = year.period.last;
        let due =
            |name: &str| to.books.years().period_named(name).is_some_and(|days| days.first <= last);
        let shares = self.known.shares.iter();
        let so_far: Decimal =
            shares.filter(|(name, _)| due(&name.value)).map(|(_, share)| *share).sum();
        let spent = self.held.spent(self.rank, last);
        let left = (so_far - spent).max(Decimal::ZERO);
        let inputs = format!("parts échues {}, dépensé {}", euros(so_far), euros(spent));
        Some((left, inputs, kept.account.at))
    }
}
