use std::fmt::Write as _;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::book::{Books, Derivation, Deriver};
use crate::chart::Edition;
use crate::diagnostic::Span;
use crate::journal::tree::Wrap;
use crate::journal::{amount_text, plain_words, posting_line};
use crate::measure::Number;

/// A rule of the CARE ledger, by the name the model gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// What existed before the ledger.
    Open,
    /// The classic provision leaves the CARE ledger: its debt stands once.
    Eliminate,
    /// An error of a closed year, through C110.
    Correct,
    /// A capital is consumed, and owed.
    Consume,
    /// A part of a use spread over years.
    Spread,
    /// A preservation expense extinguishes a debt.
    Pay,
    /// An expense builds a project.
    Capex,
    /// Verified tonnes extinguish a debt.
    Verify,
    /// A project is lost.
    Loss,
    /// A debt that comes back.
    Rebirth,
    /// A project is worth less, or more again.
    Depreciate,
    /// A new price for old debts.
    Price,
    /// A debt past its horizon.
    Expire,
    /// Tonnes that existed before the ledger.
    OpenTonnes,
    /// Tonnes of a closed year, corrected.
    CorrectTonnes,
    /// Tonnes emitted.
    Emit,
    /// Tonnes expected from a project (memo).
    Expect,
    /// Tonnes paid for.
    PayTonnes,
    /// Tonnes verified.
    VerifyTonnes,
    /// Tonnes extinguished.
    Extinguish,
    /// Tonnes that went back to the air.
    Reverse,
    /// Tonnes that no action pays back any more.
    ExpireTonnes,
}

impl Rule {
    /// The name of the rule.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "C-OPEN",
            Self::Eliminate => "C-ELIM",
            Self::Correct => "C-CORR",
            Self::Consume => "C-CONS",
            Self::Spread => "C-USE",
            Self::Pay => "C-PAY",
            Self::Capex => "C-CAPEX",
            Self::Verify => "C-VERIF",
            Self::Loss => "C-LOSS",
            Self::Rebirth => "C-REBIRTH",
            Self::Depreciate => "C-DEP",
            Self::Price => "C-PRICE",
            Self::Expire => "C-EXPIRE",
            Self::OpenTonnes => "T-OPEN",
            Self::CorrectTonnes => "T-CORR",
            Self::Emit => "T-EMIT",
            Self::Expect => "T-EXPECT",
            Self::PayTonnes => "T-PAY",
            Self::VerifyTonnes => "T-VERIF",
            Self::Extinguish => "T-EXT",
            Self::Reverse => "T-REV",
            Self::ExpireTonnes => "T-EXPIRE",
        }
    }

    /// What the rule does, for the label of its entries.
    fn label(self) -> &'static str {
        match self {
            Self::Open => "dettes, projets et provision antérieurs",
            Self::Eliminate => "élimination de la provision carbone classique",
            Self::Correct => "erreur d’un exercice clos",
            Self::Consume => "consommation d’un capital",
            Self::Spread => "part de l’année d’un emploi étalé",
            Self::Pay => "dette éteinte par une dépense de préservation",
            Self::Capex => "dépense portée en projet de préservation",
            Self::Verify => "dette éteinte par des tonnes vérifiées",
            Self::Loss => "projet de préservation perdu",
            Self::Rebirth => "dette renée",
            Self::Depreciate => "dépréciation d’un projet",
            Self::Price => "effet prix sur les dettes ouvertes",
            Self::Expire => "dette devenue irrécouvrable",
            Self::OpenTonnes => "tonnes antérieures",
            Self::CorrectTonnes => "tonnes d’un exercice clos, corrigées",
            Self::Emit => "émissions de l’exercice",
            Self::Expect => "absorptions attendues, pour mémoire",
            Self::PayTonnes => "tonnes financées",
            Self::VerifyTonnes => "absorptions vérifiées",
            Self::Extinguish => "tonnes éteintes",
            Self::Reverse => "réémission",
            Self::ExpireTonnes => "tonnes devenues irrécouvrables",
        }
    }
}

/// A line of a derived entry.
#[derive(Clone, Debug)]
pub struct DerivedLine {
    /// The account's number: `C172`, `T60.deplacements.train-tgv`, `158100`.
    pub number: String,
    /// Its auxiliary: a project's identity.
    pub auxiliary: Option<String>,
    /// Euros, or kilograms on an account `T…`; a debit is positive.
    pub amount: Decimal,
}

/// An entry that a rule derived from the policy and the books.
#[derive(Clone, Debug)]
pub struct DerivedEntry {
    /// The day.
    pub date: NaiveDate,
    /// The rule.
    pub rule: Rule,
    /// What it is about, after the rule's own words.
    pub about: String,
    /// Its inputs, in words.
    pub inputs: String,
    /// The line of policy behind it.
    pub policy: Option<Span>,
    /// The lines of the journals behind it.
    pub sources: Vec<Span>,
    /// Its lines: each unit balances.
    pub lines: Vec<DerivedLine>,
}

impl DerivedEntry {
    pub(super) fn new(date: NaiveDate, rule: Rule, about: impl Into<String>) -> Self {
        Self {
            date,
            rule,
            about: about.into(),
            inputs: String::new(),
            policy: None,
            sources: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// Adds a line; a line of nothing is left out, two lines of one account are one.
    pub(super) fn line(&mut self, number: impl Into<String>, amount: Decimal) -> &mut Self {
        self.aux_line(number, None, amount)
    }

    /// Adds a line on a project's own account.
    pub(super) fn aux_line(
        &mut self,
        number: impl Into<String>,
        auxiliary: Option<&str>,
        amount: Decimal,
    ) -> &mut Self {
        let number = number.into();
        let same = |line: &&mut DerivedLine| {
            line.number == number && line.auxiliary.as_deref() == auxiliary
        };
        if let Some(line) = self.lines.iter_mut().find(same) {
            line.amount += amount;
        } else {
            let auxiliary = auxiliary.map(str::to_owned);
            self.lines.push(DerivedLine { number, auxiliary, amount });
        }
        self
    }

    /// Whether it moves anything.
    pub(super) fn moves(&self) -> bool {
        self.lines.iter().any(|line| !line.amount.is_zero())
    }

    /// Its text, as a journal writes it; `rank` numbers it.
    pub fn text(&self, books: &Books, rank: usize) -> String {
        let edition = books.edition(self.date);
        let about = plain_words(&self.about);
        let about = if about.is_empty() { about } else { format!(", {about}") };
        let mut text = format!(
            "{} * (CARE-G{rank:04}) {} | {}{about}   ; regle: {}\n",
            self.date,
            self.rule.name(),
            self.rule.label(),
            self.rule.name()
        );
        for line in self.comments(books) {
            let _ = writeln!(text, "    ; {line}");
        }
        for line in self.lines.iter().filter(|line| !line.amount.is_zero()) {
            text.push_str(&line.text(books, edition));
            text.push('\n');
        }
        text
    }

    /// Inputs and places, one comment each; a comma would end a tag's value, a colon begin one.
    fn comments(&self, books: &Books) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.inputs.is_empty() {
            lines.push(format!("entrées = {}", plain_words(&self.inputs)));
        }
        if let Some(at) = self.policy {
            lines.push(format!("politique = {}", place(books, at)));
        }
        for at in &self.sources {
            lines.push(format!("écriture = {}", place(books, *at)));
        }
        lines
    }

    /// How it came to be.
    pub(super) fn derivation(&self, books: &Books) -> Derivation {
        let year = books.years().of(self.date).map_or_else(String::new, |year| year.name);
        let rule = format!("{} {year}", self.rule.name());
        Derivation {
            by: Deriver::Care,
            rule,
            inputs: plain_words(&self.inputs),
            policy: self.policy,
        }
    }
}

/// A file and a line, without the colon that hledger would take for a tag.
fn place(books: &Books, at: Span) -> String {
    let place = books.sources().place(at);
    format!("{} ligne {}", place.source, place.line)
}

impl DerivedLine {
    fn text(&self, books: &Books, edition: Edition) -> String {
        let auxiliary = self.auxiliary.as_deref();
        let name = books.accounts().name(&self.number, auxiliary, edition);
        let name = name.unwrap_or_else(|| self.number.clone());
        let unit = if self.number.starts_with('T') { "kgCO₂e" } else { "€" };
        posting_line(Wrap::Brackets, &name, Some((Number::exact(self.amount), unit)))
    }
}

/// Euros in an input, as journals write them.
pub(super) fn euros(amount: Decimal) -> String {
    amount_text(Number::exact(amount), "€")
}

/// Kilograms as tonnes, in an input.
pub(super) fn kilograms(kg: Decimal) -> String {
    amount_text(Number::exact(kg / Decimal::ONE_THOUSAND), "tCO₂e")
}
