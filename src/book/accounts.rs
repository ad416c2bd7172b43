use std::collections::BTreeMap;
use std::sync::atomic::AtomicUsize;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::balance::unclean;
use super::batch::Declaration;
use super::names::{composed, holds_amount};
use crate::chart::Edition;
use crate::diagnostic::{Code, Finding, Span};
use crate::journal::tree::Word;
use crate::journal::{tag_text, tags};
use crate::measure::Unit;

/// An account by its rank among those that the books use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountId(pub(super) u32);

impl AccountId {
    /// The rank, to index a table of accounts.
    pub fn rank(self) -> usize {
        self.0 as usize
    }
}

/// An account that the books use: a number, an auxiliary perhaps, or an activity in one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The number (`401`, `C172`), or the activity's identity.
    pub number: String,
    /// The auxiliary (tiers) after the colon.
    pub auxiliary: Option<String>,
    /// The label without the auxiliary; empty for an activity.
    pub label: String,
    /// The unit of an activity; `None` for an account.
    pub activity: Option<Unit>,
}

impl Account {
    /// The account as lists name it: `401`, or `401:SNCF`.
    pub fn key(&self) -> String {
        match &self.auxiliary {
            Some(auxiliary) => format!("{}:{auxiliary}", self.number),
            None => self.number.clone(),
        }
    }

    /// The account as journals write it: `401 Fournisseurs:SNCF`.
    pub fn written(&self) -> String {
        let mut name = self.number.clone();
        if !self.label.is_empty() {
            name.push(' ');
            name.push_str(&self.label);
        }
        if let Some(auxiliary) = &self.auxiliary {
            name.push(':');
            name.push_str(auxiliary);
        }
        name
    }

    /// What a reader wants to see beside the key: the tiers, else the label.
    pub fn title(&self) -> &str {
        self.auxiliary.as_deref().unwrap_or(&self.label)
    }

    /// Whether it is an activity, in neither ledger.
    pub fn is_activity(&self) -> bool {
        self.activity.is_some()
    }
}

/// A declared account number.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    pub(super) label: String,
    at: Span,
    /// The label that files for others show instead, by its tag `lib`.
    outside: Option<String>,
    /// Declared auxiliaries.
    pub(super) auxiliaries: BTreeMap<String, Auxiliary>,
}

/// What an `account` line says of an auxiliary (tiers) beside its name.
#[derive(Clone, Debug, Default)]
pub(super) struct Auxiliary {
    /// Its identity, by the tag `aux`.
    code: Option<String>,
    /// The name that files for others show instead, by the tag `lib`.
    outside: Option<String>,
}

/// Every account of the books, and what the journals declare of them.
#[derive(Debug, Default)]
pub struct Accounts {
    used: Vec<Account>,
    ranks: BTreeMap<(String, Option<String>, Option<Unit>), AccountId>,
    pub(super) declared: BTreeMap<String, Declared>,
    /// How many times an unknown name was compared with a known one.
    pub(super) compared: AtomicUsize,
}

/// Number, label and auxiliary of a written account.
pub(super) fn parts(written: &str) -> (&str, &str, Option<&str>) {
    let (name, auxiliary) = match written.split_once(':') {
        Some((name, auxiliary)) => (name, Some(auxiliary)),
        None => (written, None),
    };
    let (number, label) = name.split_once(' ').unwrap_or((name, ""));
    (number, label, auxiliary)
}

/// Whether that is how an account number looks: a digit first, or C or T and a digit; a letter or a figure
/// last.
pub fn is_number(number: &str) -> bool {
    let figure = number.strip_prefix(['C', 'T']).unwrap_or(number);
    figure.starts_with(|c: char| c.is_ascii_digit())
        && number.ends_with(char::is_alphanumeric)
        && number.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))
}

impl Accounts {
    /// Every account, in the order of identities.
    pub(super) fn used(&self) -> &[Account] {
        &self.used
    }

    /// The account of that identity.
    pub fn get(&self, id: AccountId) -> &Account {
        &self.used[id.rank()]
    }

    /// How many accounts the books use.
    pub fn len(&self) -> usize {
        self.used.len()
    }

    /// Whether the books use none.
    pub fn is_empty(&self) -> bool {
        self.used.is_empty()
    }

    /// Every account used, ordered by number, then auxiliary.
    pub fn sorted(&self) -> Vec<AccountId> {
        // Ranks are kept in that order already, but for activities among the others.
        let all = self.ranks.values().copied();
        let (activities, mut ids): (Vec<AccountId>, Vec<AccountId>) =
            all.partition(|id| self.get(*id).is_activity());
        ids.extend(activities);
        ids
    }

    /// Every account used, by its rank.
    pub fn every(&self) -> impl Iterator<Item = &Account> {
        self.used.iter()
    }

    /// What accounts are ordered by: real ones, then CARE, then tonnes, then activities.
    pub fn order(&self, id: AccountId) -> (bool, &str, Option<&str>, Option<Unit>) {
        let account = self.get(id);
        (account.is_activity(), &account.number, account.auxiliary.as_deref(), account.activity)
    }

    /// The declared identity of an auxiliary (tag `aux` of its `account` line).
    pub fn auxiliary_code(&self, account: &Account) -> Option<&str> {
        let declared = self.declared.get(&account.number)?;
        declared.auxiliaries.get(account.auxiliary.as_ref()?)?.code.as_deref()
    }

    /// The label that a file for others shows for an account: the tag `lib` of its `account` line,
    /// when no name of the books can say it.
    pub fn label_outside(&self, number: &str) -> Option<&str> {
        self.declared.get(number)?.outside.as_deref()
    }

    /// The same for an auxiliary.
    pub fn auxiliary_outside(&self, account: &Account) -> Option<&str> {
        let declared = self.declared.get(&account.number)?;
        declared.auxiliaries.get(account.auxiliary.as_ref()?)?.outside.as_deref()
    }

    /// Whether an account, used or declared, begins so.
    pub fn begin(&self, prefix: &str) -> bool {
        let used = self.used.iter().filter(|account| !account.is_activity());
        used.map(|account| &account.number)
            .chain(self.declared.keys())
            .any(|number| number.starts_with(prefix))
    }

    /// Whether an account takes that auxiliary: one that has declared auxiliaries takes no other (E0204).
    pub fn takes(&self, number: &str, auxiliary: &str) -> bool {
        let known = self.declared.get(number).map(|declared| &declared.auxiliaries);
        known.is_none_or(|known| known.is_empty() || known.contains_key(auxiliary))
    }

    /// Whether an `account` line declares that number.
    pub fn is_declared(&self, number: &str) -> bool {
        self.declared.contains_key(number)
    }

    /// The number that the books give an official account: its own, else the shortest declared one that
    /// only adds zeros to it (`12000000` for 120).
    pub fn padded<'a>(&'a self, official: &'a str) -> &'a str {
        if self.declared.contains_key(official) {
            return official;
        }
        let zeros = |number: &&String| {
            let more = number.strip_prefix(official);
            more.is_some_and(|more| !more.is_empty() && more.bytes().all(|byte| byte == b'0'))
        };
        let declared = self.declared.keys().filter(zeros);
        declared.min_by_key(|number| number.len()).map_or(official, String::as_str)
    }

    /// The label of a number: the declared one, else the official one of an edition.
    pub fn label(&self, number: &str, edition: Edition) -> Option<&str> {
        match self.declared.get(number) {
            Some(declared) => Some(&declared.label),
            None => edition.title(number),
        }
    }

    /// The label of a used account in the chart of an edition: the same account has another official
    /// title since 2025.
    pub fn label_of(&self, id: AccountId, edition: Edition) -> &str {
        let account = self.get(id);
        self.label(&account.number, edition).unwrap_or(&account.label)
    }

    /// The full name to write for an account of that number in that edition, when it is known.
    pub fn name(&self, number: &str, auxiliary: Option<&str>, edition: Edition) -> Option<String> {
        let label = self.label(number, edition)?;
        Some(match auxiliary {
            Some(auxiliary) => format!("{number} {label}:{auxiliary}"),
            None => format!("{number} {label}"),
        })
    }

    /// The name to write instead of a written one: the declared label, composed accents.
    pub fn corrected(&self, written: &str, edition: Edition) -> Option<String> {
        let composed = composed(written);
        let (number, label, auxiliary) = parts(&composed);
        // Nothing that may be an amount is ever corrected away.
        let expected = self.label(number, edition).unwrap_or(label);
        if holds_amount(label, expected) || auxiliary.is_some_and(|name| holds_amount(name, "")) {
            return None;
        }
        // An official title replaces only what resembles it: the account may be declared elsewhere.
        let mine = self.declared.contains_key(number) || resembles(label, expected);
        let name = self.name(number, auxiliary, edition).filter(|_| mine);
        let name = name.unwrap_or_else(|| composed.to_string());
        // A declared label that cannot be a name is told, and written nowhere else.
        (name != written && unclean(&name).is_none()).then_some(name)
    }

    /// Takes note of the `account` lines.
    pub(super) fn declare(&mut self, lines: &[Declaration<'_>], findings: &mut Vec<Finding>) {
        for line in lines {
            let composed = composed(line.name.text);
            let (number, label, auxiliary) = parts(&composed);
            findings.extend(name_finding(line.name));
            let activity = line.name.text.starts_with(|c: char| c.is_ascii_lowercase());
            if activity {
                continue;
            }
            if !is_number(number) || label.is_empty() {
                findings.push(
                    Finding::new(
                        Code::AccountForm,
                        line.name.span(),
                        "déclaration de compte illisible",
                    )
                    .label("un numéro, une espace, un libellé")
                    .help("écrivez `account NUMÉRO Libellé`"),
                );
                continue;
            }
            let at = line.name.span();
            let declared = self.declared.entry(number.to_owned()).or_insert_with(|| Declared {
                label: label.to_owned(),
                at,
                outside: None,
                auxiliaries: BTreeMap::new(),
            });
            if declared.label != label {
                findings.push(
                    Finding::new(
                        Code::DeclaredTwice,
                        at,
                        format!("le compte {number} est déclaré deux fois"),
                    )
                    .label("autre libellé")
                    .related(declared.at, "déclaré ici")
                    .help("gardez une seule des deux lignes"),
                );
            }
            let tag = |wanted: &str| {
                let mut tags = line.comment.into_iter().flat_map(tags);
                tags.find(|(name, _)| name.text == wanted)
                    .map(|(_, value)| tag_text(value.text).into_owned())
            };
            match auxiliary {
                Some(auxiliary) => {
                    let said = Auxiliary { code: tag("aux"), outside: tag("lib") };
                    declared.auxiliaries.insert(auxiliary.to_owned(), said);
                }
                None => declared.outside = tag("lib").or(declared.outside.take()),
            }
        }
    }

    pub(super) fn used_as(
        &mut self,
        number: &str,
        auxiliary: Option<&str>,
        label: String,
        activity: Option<Unit>,
    ) -> AccountId {
        let key = (number.to_owned(), auxiliary.map(str::to_owned), activity);
        let next = AccountId(u32::try_from(self.used.len()).unwrap_or(u32::MAX));
        let id = *self.ranks.entry(key).or_insert(next);
        if id == next {
            let auxiliary = auxiliary.map(str::to_owned);
            self.used.push(Account { number: number.to_owned(), auxiliary, label, activity });
        }
        id
    }
}

/// Whether a label is another one but for accents, case and a few letters, or its beginning.
pub(super) fn resembles(written: &str, official: &str) -> bool {
    let bare = |text: &str| -> String {
        let letters = text.nfd().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).filter(char::is_ascii).collect()
    };
    let (written, official) = (bare(written), bare(official));
    official.starts_with(&written)
        || strsim::osa_distance(&written, &official) <= official.len() / 4
}

/// A declared name whose characters deceive, or whose accents are decomposed.
fn name_finding(name: Word<'_>) -> Option<Finding> {
    if let Some((at, c)) = unclean(name.text) {
        return Some(
            Finding::new(
                Code::Invisible,
                name.part(at, at + c.len_utf8()).span(),
                format!("caractère invisible dans un nom de compte : U+{:04X}", u32::from(c)),
            )
            .label("ici")
            .help("effacez-le : retapez le nom du compte"),
        );
    }
    (!is_nfc(name.text)).then(|| {
        Finding::new(Code::Decomposed, name.span(), "nom de compte en Unicode décomposé")
            .label("accents décomposés")
            .help("lancez `compta fmt`, qui le recompose")
    })
}
