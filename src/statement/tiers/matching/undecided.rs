use std::collections::BTreeSet;

use super::readings::{OPEN, Target};
use super::reason::Reason;
use super::search::{Group, How, Search};

impl Search<'_> {
    /// What could be matched, when someone chooses.
    pub(super) fn undecided(&self) -> Vec<Group> {
        let mut open = Vec::new();
        let mut told: BTreeSet<usize> = BTreeSet::new();
        let group = |reason, lines| Group { how: How::Open, reason, lines };
        for letter in &self.unfinished {
            let (lines, _) = self.completing(*letter);
            if !lines.is_empty() {
                told.extend(&lines);
                let reason = Reason::SeveralComplete(self.letters[*letter].letter.clone());
                open.push(group(reason, lines));
            }
        }
        for (_, (invoices, payments)) in self.by_amount() {
            let mut lines: Vec<usize> = invoices.iter().chain(&payments).copied().collect();
            lines.sort_unstable();
            let alone = invoices.len() == 1 && payments.len() == 1;
            let apart = alone && !self.agree(invoices[0], payments[0]);
            if apart || lines.iter().any(|rank| told.contains(rank)) {
                continue;
            }
            told.extend(&lines);
            let reason = if alone && !self.in_order(invoices[0], payments[0]) {
                Reason::PaidBefore
            } else {
                Reason::Unordered(invoices.len(), payments.len())
            };
            open.push(group(reason, lines));
        }
        let payments = self.free.iter().copied().filter(|rank| !self.is_invoice(*rank));
        let mut payments: Vec<usize> = payments.filter(|rank| !told.contains(rank)).collect();
        if self.free.len() > OPEN {
            payments.sort_unstable();
            open.extend((!payments.is_empty()).then(|| group(Reason::TooMany, payments)));
            return open;
        }
        open.extend(payments.into_iter().filter_map(|payment| {
            let sought = self.readings.of(Target::Line(payment))?;
            let first = sought.sets.first();
            let reason = match (sought.sets.len(), sought.whole) {
                (0, true) => return None,
                (1, true) => Reason::Contested,
                (0 | 1, false) => Reason::GaveUp,
                _ => Reason::SeveralSums,
            };
            let mut lines = first.cloned().unwrap_or_default();
            lines.push(payment);
            lines.sort_unstable();
            Some(group(reason, lines))
        }));
        open
    }
}
