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
        let mut refuse = |token: &str| {
            let message = format!("formule illisible à `{token}`");
            let finding = Finding::new(Code::Selector, text.at, message)
                .label("des lignes séparées par + ou -")
                .help("écrivez `ligne + ligne - [C171]`, une espace autour de chaque signe");
            findings.push(finding);
        };
        let mut terms = Vec::new();
        // The sign that waits for its term; the first term needs none.
        let mut sign = None;
        for token in text.value.split_whitespace() {
            match token {
                "+" | "-" if sign.is_none() => sign = Some(token),
                _ if matches!(token, "+" | "-") || sign.is_none() && !terms.is_empty() => {
                    refuse(token);
                    return Self { terms };
                }
                _ => {
                    let negative = sign.take() == Some("-");
                    let accounts = token.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
                    terms.push(match accounts {
                        Some(prefix) => Term::Accounts { prefix: prefix.to_owned(), negative },
                        None => row(token, negative, text.at),
                    });
                }
            }
        }
        if let Some(sign) = sign {
            refuse(sign);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<String>, Vec<String>) {
        let mut findings = Vec::new();
        let text = Spanned { value: text.to_owned(), at: Span::new(3, 9) };
        let formula = Formula::parse(&text, &mut findings);
        let sign = |negative: &bool| if *negative { "-" } else { "+" };
        let shown = |term: &Term| match term {
            Term::Row { section, key, negative, at } => {
                assert_eq!(*at, text.at);
                let section = section.as_ref().map_or(String::new(), |name| format!("{name}."));
                format!("{}{section}{key}", sign(negative))
            }
            Term::Accounts { prefix, negative } => format!("{}[{prefix}]", sign(negative)),
        };
        let told = findings.into_iter().map(|one| one.message).collect();
        (formula.terms.iter().map(shown).collect(), told)
    }

    #[test]
    fn terms_have_signs_and_the_first_may_have_none() {
        for (text, terms) in [
            ("", vec![]),
            ("a", vec!["+a"]),
            ("- a", vec!["-a"]),
            ("+ a - b + c", vec!["+a", "-b", "+c"]),
            ("a - [C171] + actif.b", vec!["+a", "-[C171]", "+actif.b"]),
        ] {
            assert_eq!(
                read(text),
                (terms.into_iter().map(str::to_owned).collect(), vec![]),
                "{text}"
            );
        }
    }

    /// What is no formula is told once, at the word where it ends to be one.
    #[test]
    fn a_formula_that_does_not_read_is_told() {
        for (text, at) in [
            ("a b", "b"),
            ("a + + b", "+"),
            ("- + b", "+"),
            ("a -", "-"),
            ("+", "+"),
            ("a + b c d", "c"),
        ] {
            assert_eq!(read(text).1, [format!("formule illisible à `{at}`")], "{text}");
        }
    }
}
