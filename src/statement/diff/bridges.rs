use std::collections::BTreeMap;

use super::{Behind, Bridge, DiffAsk, Step};
use crate::book::{Book, Books, Deriver, EntryRef, Origin, PostingRef};
use crate::care::{Balances, Part, opens_care, part_of};
use crate::diagnostic::Span;
use crate::ledger::{Ledger, View};
use crate::measure::Sum;

/// What a step adds: the debits of an account, or its credits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Debit,
    Credit,
}

/// Which entries stand behind a step.
#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    /// All of them, up to the closing.
    Ever,
    /// Those of earlier years.
    Before,
    /// Those of the year.
    During,
}

/// The bridges of a year, made from its ledger.
pub(super) struct Bridges<'a> {
    pub(super) ask: DiffAsk<'a>,
    pub(super) ledger: &'a Ledger,
}

/// Which step of the flux bridge an account of book C makes.
fn step_of(number: &str) -> (&'static str, &'static str) {
    let Some(care) = number.strip_prefix('C') else {
        return ("annulation_dotation", "Annulation de la dotation ou reprise classique");
    };
    match care {
        "781" => ("extinction", "Dettes éteintes par des dépenses de préservation"),
        "791" | "787" | "687" => {
            ("projets", "Projets : dépenses portées à l’actif, écarts de coût")
        }
        "686" | "786" => ("prix", "Effet prix"),
        "6871" | "6872" | "6873" | "7873" => ("pertes", "Pertes, dettes renées, dépréciations"),
        other if other.starts_with("68") && other.len() == 4 => {
            if other.ends_with('1') {
                ("consommation_recouvrable", "Consommation recouvrable")
            } else {
                ("consommation_irrecouvrable", "Consommation irrécouvrable")
            }
        }
        _ => ("autres", "Autres écritures entre crochets"),
    }
}

/// The steps that every flux bridge has, nil or not.
const FLUX: [&str; 7] = ["681500", "C6811", "C6812", "C781", "C791", "C686", "C6871"];

impl Bridges<'_> {
    /// The identity of the capital that an account of debt or consumption is of, climate left out.
    fn capital(&self, number: &str) -> Option<(String, String)> {
        let figure = number.strip_prefix("C68").or_else(|| number.strip_prefix("C18"))?;
        let number: u32 = figure.get(..1)?.parse().ok()?;
        let capital = self.ask.policy?.capitals.iter().find(|known| known.number == number)?;
        (number != 1).then(|| (capital.id.value.clone(), capital.label.clone()))
    }

    /// Law I4, in steps: what each account of book C makes of the result.
    pub(super) fn steps_of_result(&self) -> Vec<Step> {
        let mut steps: Vec<Step> = FLUX.iter().map(|number| Self::empty(step_of(number))).collect();
        for (number, balance) in self.care_accounts(is_result) {
            let (key, label) = step_of(&number);
            let step = match self.capital(&number).filter(|_| key.starts_with("consommation")) {
                None => Self::empty((key, label)),
                Some((id, name)) => Step {
                    key: format!("{key}_{id}"),
                    label: format!("{label} ({name})"),
                    ..Self::empty((key, label))
                },
            };
            let rank = steps.iter().position(|known| known.key == step.key).unwrap_or_else(|| {
                steps.push(step);
                steps.len() - 1
            });
            steps[rank].amount += -balance;
            let made = self.behind(|other| other == number, When::During, Sign::Credit);
            steps[rank].entries.extend(made);
        }
        steps
    }

    /// Law I5, in steps: every recognised debt against one year's result.
    pub(super) fn steps_of_debts(&self) -> Vec<Step> {
        let mut steps = vec![
            Self::empty(("recouvrable", "Dette climat recouvrable, tous millésimes")),
            Self::empty(("irrecouvrable", "Dette climat irrécouvrable, tous millésimes")),
        ];
        let is_debt = |number: &str| number.starts_with("C17") || number.starts_with("C18");
        for (number, balance) in self.care_accounts(is_debt) {
            let recoverable =
                number.starts_with("C171") || (number.starts_with("C18") && number.ends_with('1'));
            let kind = if recoverable { "recouvrable" } else { "irrecouvrable" };
            let rank = match self.capital(&number) {
                None => usize::from(!recoverable),
                Some((id, name)) => {
                    let key = format!("{kind}_{id}");
                    steps.iter().position(|step| step.key == key).unwrap_or_else(|| {
                        let word = if recoverable { "recouvrable" } else { "irrécouvrable" };
                        let label = format!("Dette {word} ({name})");
                        steps.push(Step { key, label, amount: Sum::ZERO, entries: Vec::new() });
                        steps.len() - 1
                    })
                }
            };
            steps[rank].amount += balance;
            let made = self.behind(|other| other == number, When::Ever, Sign::Debit);
            steps[rank].entries.extend(made);
        }
        steps
    }

    /// Law I5, in steps: from flux to stock.
    pub(super) fn between(&self, opening: &Balances, closing: &Balances, whole: Sum) -> Vec<Step> {
        let step = |key, label, amount, (parts, days): (&[Part], When)| {
            let fits = |number: &str| part_of(number).is_some_and(|part| parts.contains(&part));
            let entries = self.behind(fits, days, Sign::Credit);
            let entries =
                if parts == [Part::Debts] { self.behind(fits, days, Sign::Debit) } else { entries };
            Step { amount, entries, ..Self::empty((key, label)) }
        };
        let works = closing.works - opening.works + (closing.uses - opening.uses);
        let mut steps = vec![
            step(
                "mouvement_provision",
                "Mouvement de la provision classique",
                opening.provision - closing.provision,
                (&[Part::Provision], When::During),
            ),
            step(
                "dettes_ouverture",
                "Dettes ouvertes d’exercices antérieurs",
                -opening.debts,
                (&[Part::Debts], When::Before),
            ),
            step(
                "variation_projets",
                "Variation des projets et des emplois",
                -works,
                (&[Part::Works, Part::Uses], When::During),
            ),
        ];
        // Brackets written by hand, without a policy, may do what no rule of the model does.
        let other = whole - steps.iter().map(|step| step.amount).sum();
        if !other.is_zero() {
            let step = Self::empty(("autres", "Autres écritures entre crochets"));
            steps.push(Step { amount: other, ..step });
        }
        steps
    }

    /// Law I3, in steps.
    pub(super) fn equity(&self, closing: &Balances) -> Bridge {
        let of = |view| -equity(self.ask.books, self.ledger, view);
        let (classic, care) = (of(View::Classic), of(View::Care));
        let step = |key, label, amount, part| Step {
            amount,
            entries: self.behind(|number| part_of(number) == Some(part), When::Ever, Sign::Debit),
            ..Self::empty((key, label))
        };
        let provision = "Provision carbone classique : sa dette ne compte qu’une fois";
        let mut steps = vec![
            step("provision", provision, closing.provision, Part::Provision),
            step("dettes", "Dettes écologiques reconnues", -closing.debts, Part::Debts),
            step("projets", "Projets de préservation en cours", closing.works, Part::Works),
            step("emplois", "Emplois de capitaux durables", closing.uses, Part::Uses),
        ];
        let named: Sum = steps.iter().map(|step| step.amount).sum();
        let other = care - classic - named;
        if !other.is_zero() {
            let step = Self::empty(("autres", "Autres écritures entre crochets"));
            steps.push(Step { amount: other, ..step });
        }
        Bridge {
            key: "bilan",
            title: "De la situation nette classique à celle du livre CARE".to_owned(),
            from: ("Situation nette classique".to_owned(), classic),
            steps,
            to: ("Situation nette CARE".to_owned(), care),
        }
    }

    fn empty((key, label): (&str, &str)) -> Step {
        let (key, label) = (key.to_owned(), label.to_owned());
        Step { key, label, amount: Sum::ZERO, entries: Vec::new() }
    }

    /// The balances in book C of the accounts that fit, by number.
    fn care_accounts(&self, fits: impl Fn(&str) -> bool) -> Vec<(String, Sum)> {
        let accounts = self.ask.books.accounts();
        let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
        for id in accounts.sorted() {
            let number = &accounts.get(id).number;
            let moved = self.ledger.movement(id, Book::Care);
            if moved.posted && fits(number) {
                *sums.entry(number.clone()).or_default() += moved.balance();
            }
        }
        sums.into_iter().collect()
    }

    /// The entries with lines of book C on the accounts that fit; derived openings only carry.
    fn behind(&self, fits: impl Fn(&str) -> bool, when: When, sign: Sign) -> Vec<Behind> {
        let carries = |entry: &EntryRef<'_>| entry.deriver() == Some(Deriver::Opening);
        let mut found = Vec::new();
        for entry in self.ask.books.entries().filter(|entry| self.falls(entry, when)) {
            let taken = |posting: &PostingRef<'_>| {
                posting.book() == Book::Care && fits(&posting.account().number)
            };
            let lines = entry.postings().filter(taken);
            let amount: Sum = lines.map(|posting| posting.number().sum()).sum();
            if !amount.is_zero() && !carries(&entry) {
                let amount = if sign == Sign::Debit { amount } else { -amount };
                found.push(self.one(&entry, amount));
            }
        }
        found.sort_by_key(|behind| behind.date);
        found
    }

    /// What the ledger opened with (C-OPEN) stood before the year.
    fn falls(&self, entry: &EntryRef<'_>, when: When) -> bool {
        let (year, day) = (self.ask.year.period, entry.date());
        let before = day < year.first || (day <= year.last && opens_care(entry));
        match when {
            When::Ever => day <= year.last,
            When::Before => before,
            When::During => !before && day <= year.last,
        }
    }

    fn one(&self, entry: &EntryRef<'_>, amount: Sum) -> Behind {
        let (policy, place) = match entry.origin() {
            Origin::Derived(by) => {
                let place = format!("{} du {}", entry.code(), entry.date().format("%d/%m/%Y"));
                (by.policy.map(|at: Span| self.ask.books.sources().place(at)), place)
            }
            Origin::Written => (None, entry.place().to_string()),
        };
        let label = entry.description().to_owned();
        let code = entry.code().to_owned();
        Behind { date: entry.date(), code, amount, label, place, policy }
    }

    /// What of the recoverable debt of the climate the classic books provide for, and what earlier
    /// years were charged; the other capitals stand apart, none summed with another.
    pub(super) fn coverage(&self, closing: &Balances) -> Vec<(String, String, Sum)> {
        let mut of = [Sum::ZERO; 2];
        let mut others: Vec<(String, String, Sum)> = Vec::new();
        let is_debt = |number: &str| part_of(number) == Some(Part::Debts);
        for (number, balance) in self.care_accounts(is_debt) {
            match self.capital(&number) {
                None => of[usize::from(!number.starts_with("C171"))] += -balance,
                Some((id, name)) => {
                    let key = format!("dette_{id}");
                    let rank = others.iter().position(|(known, ..)| *known == key);
                    let rank = rank.unwrap_or_else(|| {
                        let label = format!("Dette envers un autre capital : {name}");
                        others.push((key, label, Sum::ZERO));
                        others.len() - 1
                    });
                    others[rank].2 += -balance;
                }
            }
        }
        let [recoverable, irrecoverable] = of;
        let earlier = self.behind(|number| number.starts_with("C17"), When::Before, Sign::Credit);
        let row = |key: &str, label: &str, sum| (key.to_owned(), label.to_owned(), sum);
        let provisioned = closing.provision;
        let mut rows = vec![
            row("provisionne", "Provisionné dans les comptes classiques", provisioned),
            row("recouvrable", "Dette climat recouvrable ouverte", recoverable),
            row("non_provisionne", "Non provisionné", recoverable - provisioned),
            row(
                "hors_provision",
                "Dette climat irrécouvrable, jamais provisionnable",
                irrecoverable,
            ),
            row(
                "charge_anterieure",
                "Dettes climat d’exercices antérieurs, nettes de ce qui les avait éteintes",
                earlier.iter().map(|behind| behind.amount).sum(),
            ),
        ];
        rows.append(&mut others);
        rows
    }
}

fn is_result(number: &str) -> bool {
    number.strip_prefix('C').unwrap_or(number).starts_with(['6', '7'])
}

/// The balance of classes 6 and 7 in a ledger; a surplus is negative.
pub(super) fn result(books: &Books, ledger: &Ledger, view: View) -> Sum {
    balance(books, ledger, view, |number| {
        number.starts_with(['6', '7'])
            || (view == View::Care && number.starts_with('C') && is_result(number))
    })
}

/// The balance of the situation nette: 10 (less what may be consumed), 11, 12, 88 and the result.
fn equity(books: &Books, ledger: &Ledger, view: View) -> Sum {
    let own = balance(books, ledger, view, |number| {
        (number.starts_with("10") && !number.starts_with("108"))
            || ["11", "12", "88", "C11"].iter().any(|prefix| number.starts_with(prefix))
    });
    own + result(books, ledger, view)
}

fn balance(books: &Books, ledger: &Ledger, view: View, fits: impl Fn(&str) -> bool) -> Sum {
    let accounts = books.accounts();
    let ids = accounts.sorted().into_iter();
    let own = ids.filter(|id| !accounts.get(*id).is_activity() && fits(&accounts.get(*id).number));
    own.map(|id| ledger.balance(id, view)).sum()
}
