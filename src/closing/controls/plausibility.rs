use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, Weekday};

use super::bench::{Case, classic, party, told};
use super::holidays::holiday;
use super::outcome::{Checked, Evidence, counted};
use crate::book::AccountId;
use crate::diagnostic::Code;
use crate::measure::{Sum, euros};

/// W13: voluntary contributions have as many uses (86) as resources (87): ANC 2018-06 art. 211-1.
pub(super) fn voluntary(case: &Case<'_>) -> Checked {
    let (uses, resources) = (case.sum(&["86"]), -case.sum(&["87"]));
    if uses.is_zero() && resources.is_zero() {
        let annexe = case.bench.registers.annexe.as_ref();
        let told = annexe.is_some_and(|annexe| annexe.voluntary.is_some());
        let more = if told { ", l’annexe dit pourquoi" } else { "" };
        return Checked::sound(format!("ni 86 ni 87{more}"));
    }
    if uses == resources {
        return Checked::sound(format!("86 = 87 = {}", euros(uses.decimal())));
    }
    let told = case.bench.findings.iter().find(|one| one.code == Code::VoluntaryContributions);
    let words = format!("86 : {} ; 87 : {}", euros(uses.decimal()), euros(resources.decimal()));
    let evidence = vec![
        Evidence { at: told.map(|one| one.at), ..Evidence::words(words) }.of(uses - resources),
    ];
    let proof = format!("écart de {}", euros((uses - resources).abs().decimal()));
    Checked::failed(proof, evidence, "enregistrez les emplois en 86 et les ressources en 87")
}

/// W14: no two entries have a line of the same day, account, amount and third party. Lines of a same
/// entry are no duplicates, nor are those of an opening.
pub(super) fn duplicates(case: &Case<'_>) -> Checked {
    let mut seen: BTreeMap<(NaiveDate, AccountId, Sum, String), usize> = BTreeMap::new();
    let mut pairs: BTreeSet<(usize, usize)> = BTreeSet::new();
    let entries: Vec<_> = case.written().filter(|entry| !entry.opens()).collect();
    for (rank, entry) in entries.iter().enumerate() {
        for line in classic(entry).filter(|line| !line.number().sum().is_zero()) {
            let key =
                (entry.date(), line.account_id(), line.number().sum(), party(entry).to_lowercase());
            if let Some(first) = seen.insert(key, rank).filter(|first| *first != rank) {
                pairs.insert((first, rank));
            }
        }
    }
    let evidence = pairs
        .into_iter()
        .map(|(first, second)| {
            let (one, other) = (&entries[first], &entries[second]);
            let words = format!("{}, comme {}", told(other), name(one.code(), one.description()));
            Evidence::at(other.head(), words)
        })
        .collect();
    let sound = counted(entries.len(), "écriture comparée", "écritures comparées");
    let failed = |count| counted(count, "doublon possible", "doublons possibles");
    let help = "comparez les deux pièces ; retirez l’écriture en trop, ou justifiez";
    Checked::unless(evidence, sound, failed, help)
}

fn name<'a>(code: &'a str, description: &'a str) -> &'a str {
    if code.is_empty() { description } else { code }
}

/// W15: the filters of auditors: entries written for a Sunday or a holiday, or whose label speaks of an
/// error or a regularisation. The first and the last day of the year are left out: openings, accruals and
/// their reversals fall on them whatever the day.
pub(super) fn filters(case: &Case<'_>) -> Checked {
    let ends = [case.period().first, case.period().last];
    let mut evidence = Vec::new();
    for entry in case.written().filter(|entry| !entry.opens()) {
        let day = entry.date();
        let why = if ends.contains(&day) {
            None
        } else if day.weekday() == Weekday::Sun {
            Some("un dimanche")
        } else {
            holiday(day)
        };
        let text = entry.description().to_lowercase();
        let word = ["erreur", "régul", "regul"].into_iter().find(|word| text.contains(word));
        let why = why.map(str::to_owned).or_else(|| word.map(|word| format!("« {word}… »")));
        if let Some(why) = why {
            evidence.push(Evidence::at(entry.head(), format!("{}, {why}", told(&entry))));
        }
    }
    let sound = "aucun dimanche, jour férié ni mot suspect";
    let failed = |count| counted(count, "écriture à relire", "écritures à relire");
    let help = "relisez chaque écriture avec sa pièce, corrigez la date ou justifiez";
    Checked::unless(evidence, sound, failed, help)
}
