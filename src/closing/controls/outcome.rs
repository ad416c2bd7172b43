use rust_decimal::Decimal;

use crate::diagnostic::Span;
use crate::measure::Sum;

/// What a control found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It passes.
    Sound,
    /// It does not.
    Failed,
    /// It does not, or the books cannot tell, and `controles.toml` says why that is accepted.
    Justified {
        /// Why, with the document that says so.
        reason: String,
        /// Where it is written.
        at: Span,
    },
    /// The books lack what it needs.
    Unverified {
        /// What is missing.
        why: String,
    },
}

/// A fact behind an outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The fact, in words.
    pub words: String,
    /// Where the books say it.
    pub at: Option<Span>,
    /// Its amount in euros.
    pub amount: Option<Sum>,
}

impl Evidence {
    /// A fact without a place.
    pub fn words(words: impl Into<String>) -> Self {
        Self { words: words.into(), at: None, amount: None }
    }

    /// A fact that stands somewhere in the books.
    pub fn at(at: Span, words: impl Into<String>) -> Self {
        Self { at: Some(at), ..Self::words(words) }
    }

    /// The same fact, with its amount.
    #[must_use]
    pub fn of(self, amount: Sum) -> Self {
        Self { amount: Some(amount), ..self }
    }
}

/// A control of a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// `E1` to `E11`, `W1` to `W16`.
    pub code: &'static str,
    /// Its title.
    pub title: &'static str,
    /// What it found.
    pub outcome: Outcome,
    /// What was looked at and found, in one sentence.
    pub proof: String,
    /// The facts one by one.
    pub evidence: Vec<Evidence>,
    /// What to do next; empty when it passes, or when the books must be sound first.
    pub help: String,
}

impl Control {
    /// Whether it stops a closing: a control of the letter E that fails.
    pub fn blocks(&self) -> bool {
        self.code.starts_with('E') && self.outcome == Outcome::Failed
    }

    /// Whether a closing still waits for a justification: a control of the letter W that fails.
    pub fn awaits_justification(&self) -> bool {
        self.code.starts_with('W') && self.outcome == Outcome::Failed
    }
}

/// What a rule saw, before any justification.
pub(super) struct Checked {
    pub(super) outcome: Outcome,
    pub(super) proof: String,
    pub(super) evidence: Vec<Evidence>,
    pub(super) help: String,
}

impl Checked {
    /// The rule holds.
    pub(super) fn sound(proof: impl Into<String>) -> Self {
        let (evidence, help) = (Vec::new(), String::new());
        Self { outcome: Outcome::Sound, proof: proof.into(), evidence, help }
    }

    /// The rule does not hold.
    pub(super) fn failed(
        proof: impl Into<String>,
        evidence: Vec<Evidence>,
        help: impl Into<String>,
    ) -> Self {
        Self { outcome: Outcome::Failed, proof: proof.into(), evidence, help: help.into() }
    }

    /// The rule holds when there is nothing to tell.
    pub(super) fn unless(
        evidence: Vec<Evidence>,
        sound: impl Into<String>,
        failed: impl FnOnce(usize) -> String,
        help: impl Into<String>,
    ) -> Self {
        match evidence.len() {
            0 => Self::sound(sound),
            count => Self::failed(failed(count), evidence, help),
        }
    }

    /// The books cannot tell.
    pub(super) fn unverified(why: impl Into<String>, help: impl Into<String>) -> Self {
        let why = why.into();
        let outcome = Outcome::Unverified { why: why.clone() };
        Self { outcome, proof: why, evidence: Vec::new(), help: help.into() }
    }
}

/// A count with its noun and the agreement of what follows: `2 écritures sans pièce`.
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    let number = crate::measure::amount(Decimal::from(count), 0);
    format!("{number} {}", if count > 1 { many } else { one })
}
