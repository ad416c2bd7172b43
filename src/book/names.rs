use std::borrow::Cow;
use std::sync::atomic::Ordering;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::accounts::{AccountId, Accounts, is_number, parts, resembles};
use super::alike::{foreign, seen};
use super::balance::unclean;
use super::batch::{Batch, Entry};
use super::checks::place_of;
use super::interner::Interner;
use super::years::Years;
use crate::chart::{Edition, renumbered};
use crate::crew;
use crate::diagnostic::{Code, Finding, SourceMap, Span};
use crate::measure::Unit;

/// Comparisons of unknown names with known ones, past which names are told without a suggestion: a
/// wrong file, not slips.
const COMPARED: usize = 200_000;

/// Lines from which on their accounts are given by several threads.
const SHARED: usize = 100_000;

/// What is wrong with a written name in one edition of the chart.
pub(super) type Wrong = Option<(Code, String, String)>;

/// A written name resolved: its account, and what is wrong with it in each edition.
pub(super) struct Resolved {
    pub(super) account: AccountId,
    pub(super) wrong: [Wrong; 2],
}

/// Gives every name its account; each line that writes a wrong name is a finding.
pub(super) fn names<'t>(
    map: &SourceMap,
    batches: &mut [Batch],
    names: &[Vec<(&'t str, Option<Unit>)>],
    accounts: &mut Accounts,
    years: &Years,
    (threads, findings): (usize, &mut Vec<Finding>),
) {
    // Each stretch met much the same names: one is resolved once.
    let mut met = Interner::new();
    let mut resolved: Vec<Resolved> = Vec::new();
    let ranks: Vec<Vec<u32>> = names
        .iter()
        .map(|names| {
            let rank = |(name, unit): &(&'t str, Option<Unit>)| {
                let rank = met.number(name, *unit);
                if rank as usize == resolved.len() {
                    resolved.push(accounts.resolve(name, *unit));
                }
                rank
            };
            names.iter().map(rank).collect()
        })
        .collect();
    let wrong = resolved.iter().any(|name| name.wrong.iter().any(Option::is_some));
    for ((batch, names), ranks) in batches.iter().zip(names).zip(&ranks).filter(|_| wrong) {
        let own: Vec<&Resolved> = ranks.iter().map(|rank| &resolved[*rank as usize]).collect();
        wrong_lines(map, batch, names, &own, years, findings);
    }
    let of_names: Vec<Vec<u32>> = ranks
        .iter()
        .map(|ranks| ranks.iter().map(|rank| resolved[*rank as usize].account.0).collect())
        .collect();
    // So few lines that a second thread costs more than it brings.
    let few = batches.iter().map(|batch| batch.postings.len()).sum::<usize>() < SHARED;
    let threads = if few { 1 } else { threads };
    crew::all(threads, batches.iter_mut().zip(of_names), |(batch, accounts)| {
        for posting in &mut batch.postings {
            posting.account = accounts[posting.account as usize];
        }
    });
}

fn wrong_lines(
    map: &SourceMap,
    batch: &Batch,
    names: &[(&str, Option<Unit>)],
    resolved: &[&Resolved],
    years: &Years,
    findings: &mut Vec<Finding>,
) {
    // A budget rule falls on several days: its lines are read once.
    let mut rules: Vec<&Entry> = batch.planned.iter().collect();
    rules.dedup_by_key(|rule| rule.start);
    for entry in batch.entries.iter().chain(rules) {
        let edition = years.edition(entry.date);
        let rank = usize::from(edition == Edition::Anc2022);
        let lines = entry.first as usize..(entry.first + entry.count) as usize;
        for posting in &batch.postings[lines] {
            let name = posting.account as usize;
            let Some((code, message, help)) = &resolved[name].wrong[rank] else {
                continue;
            };
            let at = place_of(map, Span::new(posting.start, posting.end), names[name].0);
            findings.push(
                Finding::new(*code, at, message.clone()).label(label(*code)).help(help.clone()),
            );
        }
    }
}

fn label(code: Code) -> &'static str {
    match code {
        Code::UnknownAccount => "ni au plan comptable, ni déclaré",
        Code::RenumberedAccount => "retiré en 2025",
        Code::Label => "libellé différent",
        Code::UnknownAuxiliary => "non déclaré",
        Code::Decomposed => "accents décomposés",
        Code::Invisible => "se lit comme un autre nom",
        _ => "ici",
    }
}

/// Whether the name of a tiers would be taken for an amount (E0122).
pub fn looks_like_an_amount(name: &str) -> bool {
    holds_amount(name, "")
}

/// Whether what was written as a label holds what looks like an amount, that the right label has not.
pub(super) fn holds_amount(written: &str, expected: &str) -> bool {
    if written == expected {
        return false;
    }
    let marks = |text: &str| text.contains(['€', '=', '@', '{', '$', '£']) || text.ends_with("EUR");
    let same_digits = || {
        let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).collect::<Vec<u8>>();
        digits(written) == digits(expected)
    };
    let number = |word: &str| {
        let figures = word.trim_start_matches(['-', '+', '−', '–']);
        let signed = figures.len() < word.len();
        let plain = figures.starts_with(|c: char| c.is_ascii_digit())
            && figures
                .chars()
                .all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | '\u{a0}' | '\u{202f}'));
        plain && (signed || figures.contains([',', '.', '\u{a0}', '\u{202f}']))
    };
    (marks(written) && !marks(expected))
        || (written.split(' ').skip(1).any(number) && !same_digits())
}

/// A name with composed accents; the usual one has them, which is told by a look, without a copy.
pub(super) fn composed(written: &str) -> Cow<'_, str> {
    if is_nfc(written) { written.into() } else { written.nfc().collect() }
}

impl Accounts {
    /// Gives a written name its account, and says what is wrong with it.
    pub(super) fn resolve(&mut self, written: &str, activity: Option<Unit>) -> Resolved {
        if let Some(unit) = activity {
            let account = self.used_as(written, None, String::new(), Some(unit));
            return Resolved { account, wrong: [None, None] };
        }
        let composed = composed(written);
        let (number, label, auxiliary) = parts(&composed);
        let wrong =
            Edition::ALL.map(|edition| self.wrong(written, number, label, auxiliary, edition));
        let account = self.named(number, label, auxiliary);
        Resolved { account, wrong }
    }

    /// The account of a number that is known to be right.
    pub(super) fn numbered(&mut self, number: &str) -> AccountId {
        let composed = composed(number);
        let (number, label, auxiliary) = parts(&composed);
        self.named(number, label, auxiliary)
    }

    fn named(&mut self, number: &str, label: &str, auxiliary: Option<&str>) -> AccountId {
        let best = Edition::ALL.iter().find_map(|edition| self.label(number, *edition));
        let best = best.unwrap_or(label).to_owned();
        self.used_as(number, auxiliary, best, None)
    }

    fn wrong(
        &self,
        written: &str,
        number: &str,
        label: &str,
        auxiliary: Option<&str>,
        edition: Edition,
    ) -> Wrong {
        if let Some((_, c)) = unclean(written) {
            let message =
                format!("caractère invisible dans un nom de compte : U+{:04X}", u32::from(c));
            return Some((
                Code::Invisible,
                message,
                "effacez-le : retapez le nom du compte".to_owned(),
            ));
        }
        if !is_number(number) {
            let message =
                "ligne d’écriture illisible : un numéro de compte était attendu".to_owned();
            let help = "écrivez `NUMÉRO Libellé`, puis deux espaces, puis le montant".to_owned();
            return Some((Code::Posting, message, help));
        }
        let bare = |part: &str| part.is_empty() || part.trim_matches(' ') != part;
        if auxiliary.is_some_and(|name| name.split(':').any(bare)) {
            let message = format!("auxiliaire vide ou mal écrit du compte {number}");
            let help = "écrivez `NUMÉRO Libellé:Tiers`, sans espace autour des deux-points";
            return Some((Code::Posting, message, help.to_owned()));
        }
        let Some(expected) = self.label(number, edition) else {
            return Some(self.unknown(number, edition));
        };
        if !is_nfc(written) {
            let message = "nom de compte en Unicode décomposé".to_owned();
            return Some((
                Code::Decomposed,
                message,
                "lancez `compta fmt`, qui le recompose".to_owned(),
            ));
        }
        if holds_amount(label, expected) || auxiliary.is_some_and(|name| holds_amount(name, "")) {
            let message = "un montant semble pris dans le nom du compte".to_owned();
            let help = "mettez deux espaces entre le compte et le montant, et écrivez le montant comme `1 234,56 €`";
            return Some((Code::Gap, message, help.to_owned()));
        }
        if label != expected {
            if let Some(meant) = self.meant(number, label) {
                let message = format!("compte inconnu : {number} {label}");
                return Some((
                    Code::UnknownAccount,
                    message,
                    format!("vouliez-vous dire `{meant}` ?"),
                ));
            }
            let message = format!("le compte {number} s’appelle « {expected} »");
            // What `fmt` would not dare to replace is not promised.
            let formatted = self.declared.contains_key(number) || resembles(label, expected);
            let or = if formatted { ", ou lancez `compta fmt`" } else { "" };
            let help = format!("écrivez `{number} {expected}`{or}");
            return Some((Code::Label, message, help));
        }
        let auxiliary = auxiliary?;
        let known = self.declared.get(number).map(|declared| &declared.auxiliaries)?;
        if known.is_empty() || known.contains_key(auxiliary) {
            return None;
        }
        let compared = self.compared.fetch_add(known.len(), Ordering::Relaxed);
        let shape = seen(auxiliary);
        let apart = |name: &String| {
            let plain = name.is_ascii() && auxiliary.is_ascii();
            if !plain && seen(name) == shape { 0 } else { strsim::osa_distance(name, auxiliary) }
        };
        let near = known
            .keys()
            .take(if compared > COMPARED { 0 } else { usize::MAX })
            .map(|name| (apart(name), name))
            .min()
            .filter(|(distance, name)| *distance <= (name.chars().count() / 3).max(1));
        let help = match near {
            Some((0, name)) => {
                // One of the two is not what its reader sees.
                let odd = foreign(auxiliary).or_else(|| foreign(name)).unwrap_or_default();
                format!(
                    "vouliez-vous dire `{number} {expected}:{name}` ? les deux noms se lisent de même, et « {odd} » (U+{:04X}) n’est que dans l’un",
                    u32::from(odd)
                )
            }
            Some((_, name)) => format!("vouliez-vous dire `{number} {expected}:{name}` ?"),
            None => format!("déclarez-le : `account {number} {expected}:{auxiliary}`"),
        };
        let message = format!("auxiliaire inconnu du compte {number} : « {auxiliary} »");
        Some((Code::UnknownAuxiliary, message, help))
    }

    /// The declared account that bears that label, when the number written is not declared itself
    /// and is one or two slips away: `51210` for `512100`.
    fn meant(&self, number: &str, label: &str) -> Option<String> {
        if self.declared.contains_key(number) {
            return None;
        }
        let near = |known: &str| strsim::osa_distance(known, number) <= 2;
        let (known, declared) = self
            .declared
            .iter()
            .find(|(known, declared)| declared.label == label && near(known))?;
        Some(format!("{known} {}", declared.label))
    }

    fn unknown(&self, number: &str, edition: Edition) -> (Code, String, String) {
        if edition == Edition::Anc2022
            && let Some((since, note)) = renumbered(number)
        {
            let message =
                format!("le compte {number} n’est plus au plan comptable ({})", edition.name());
            let help = format!(
                "depuis 2025, c’est le {since} ({note}) ; ou déclarez `account {number} …`"
            );
            return (Code::RenumberedAccount, message, help);
        }
        let message = format!("compte inconnu : {number}");
        let help = match self.near(number, edition) {
            near if near.is_empty() => {
                format!("déclarez-le : `account {number} Libellé`, ou corrigez le numéro")
            }
            near => format!(
                "vouliez-vous dire {} ? sinon déclarez `account {number} …`",
                near.join(" ou ")
            ),
        };
        (Code::UnknownAccount, message, help)
    }

    /// The known accounts whose number is one slip away, those of the books first.
    fn near(&self, number: &str, edition: Edition) -> Vec<String> {
        let known = self.declared.len() + 1_000;
        if self.compared.fetch_add(known, Ordering::Relaxed) > COMPARED {
            return Vec::new();
        }
        let mut near: Vec<(usize, String)> = self
            .declared
            .iter()
            .map(|(known, declared)| (strsim::osa_distance(known, number), known, &declared.label))
            .filter(|(distance, _, _)| *distance <= 1 + usize::from(number.len() > 5))
            .map(|(distance, known, label)| (distance, format!("`{known} {label}`")))
            .collect();
        near.sort();
        near.truncate(2);
        if near.is_empty() {
            let official = edition.near(number);
            return official
                .into_iter()
                .take(2)
                .map(|(n, title)| format!("`{n} {title}`"))
                .collect();
        }
        near.into_iter().map(|(_, name)| name).collect()
    }
}
