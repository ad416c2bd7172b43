use crate::diagnostic::{Code, Finding, Span};
use crate::register::Spanned;

/// One term of a formula: added or taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Term {
    /// Another row: its section (when it is named) and its key.
    Row { section: Option<String>, key: String, negative: bool, at: Span },
    /// The credit balance, in the CARE ledger, of the accounts with that prefix: `[C171]`.
    Accounts { prefix: String, negative: bool },
}

/// A linear formula: `resultat - [C171] - [C172]`, or a plain sum of rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Formula {
    pub(super) terms: Vec<Term>,
}

impl Formula {
    /// The sum of rows given by key.
    pub(super) fn sum(keys: &[Spanned<String>]) -> Self {
        Self { terms: keys.iter().map(|key| row(&key.value, false, key.at)).collect() }
    }

    /// Reads a formula; what cannot be read is a finding.
    pub(super) fn parse(text: &Spanned<String>, findings: &mut Vec<Finding>) -> Self {
        let mut terms = Vec::new();
        let mut negative = false;
        let mut expects_term = true;
        for token in text.value.split_whitespace() {
            match token {
                "+" | "-" if !expects_term || terms.is_empty() => {
                    negative = token == "-";
                    expects_term = true;
                }
                _ if !expects_term || token == "+" || token == "-" => {
                    findings.push(
                        Finding::new(
                            Code::Selector,
                            text.at,
                            format!("formule illisible à `{token}`"),
                        )
                        .label("des lignes séparées par + ou -")
                        .help(
                            "écrivez `ligne + ligne - [C171]`, une espace autour de chaque signe",
                        ),
                    );
                    break;
                }
                _ => {
                    let accounts = token.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
                    terms.push(match accounts {
                        Some(prefix) => Term::Accounts { prefix: prefix.to_owned(), negative },
                        None => row(token, negative, text.at),
                    });
                    expects_term = false;
                }
            }
        }
        Self { terms }
    }
}

fn row(name: &str, negative: bool, at: Span) -> Term {
    match name.split_once('.') {
        Some((section, key)) => {
            Term::Row { section: Some(section.to_owned()), key: key.to_owned(), negative, at }
        }
        None => Term::Row { section: None, key: name.to_owned(), negative, at },
    }
}
