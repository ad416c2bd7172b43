use super::fields::Spanned;
use crate::diagnostic::{Code, Finding, Span};
use crate::measure::Sum;

/// Which balances a prefix takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Any,
    Debit,
    Credit,
}

/// Account prefixes as a form writes them: `411D 4091 !509`.
///
/// `D` takes accounts with a debit balance, `C` with a credit one, each account by its own balance
/// and never by the sum of its root (PCG art. 112-2 forbids compensation); `!` leaves accounts out.
#[derive(Clone, Debug, Default)]
pub struct Selector {
    takes: Vec<(String, Side)>,
    leaves: Vec<String>,
    at: Span,
}

impl Selector {
    /// Reads a selector; what cannot be read is a finding.
    pub fn parse(text: &Spanned<String>, findings: &mut Vec<Finding>) -> Self {
        let mut selector = Self { at: text.at, ..Self::default() };
        for token in text.value.split_whitespace() {
            let (leaves, body) = match token.strip_prefix('!') {
                Some(body) => (true, body),
                None => (false, token),
            };
            let (prefix, side) = match body.strip_suffix(['D', 'C']) {
                Some(prefix) if !prefix.is_empty() => {
                    (prefix, if body.ends_with('D') { Side::Debit } else { Side::Credit })
                }
                _ => (body, Side::Any),
            };
            let figure = prefix.strip_prefix(['C', 'T']).unwrap_or(prefix);
            let known =
                !prefix.is_empty() && figure.chars().all(|c| c.is_ascii_digit() || c == '.');
            if !known {
                findings.push(
                    Finding::new(
                        Code::Selector,
                        text.at,
                        format!("sélecteur illisible : `{token}`"),
                    )
                    .label("un préfixe de compte était attendu")
                    .help("écrivez des préfixes séparés par des espaces : `411D 4091 !509`"),
                );
            } else if leaves {
                selector.leaves.push(prefix.to_owned());
            } else {
                selector.takes.push((prefix.to_owned(), side));
            }
        }
        selector
    }

    /// The first prefix that it takes.
    pub fn first(&self) -> Option<&str> {
        self.takes.first().map(|(prefix, _)| prefix.as_str())
    }

    /// Where it is written.
    pub fn at(&self) -> Span {
        self.at
    }

    /// The prefixes that it takes.
    pub fn prefixes(&self) -> impl Iterator<Item = &str> {
        self.takes.iter().map(|(prefix, _)| prefix.as_str())
    }

    /// The first prefix that both take, neither reaching further than the other.
    pub fn shared(&self, other: &Self) -> Option<&str> {
        self.prefixes().find(|prefix| {
            let reach = self.reach(prefix, Sum::ZERO);
            reach.is_some() && reach == other.reach(prefix, Sum::ZERO)
        })
    }

    /// How many characters of the number the longest fitting prefix has; `None` when none fits.
    pub fn reach(&self, number: &str, balance: Sum) -> Option<usize> {
        if self.leaves.iter().any(|prefix| number.starts_with(prefix.as_str())) {
            return None;
        }
        let fits = |side: Side| match side {
            Side::Any => true,
            Side::Debit => !balance.is_negative(),
            Side::Credit => balance.is_negative(),
        };
        self.takes
            .iter()
            .filter(|(prefix, side)| number.starts_with(prefix.as_str()) && fits(*side))
            .map(|(prefix, _)| prefix.len())
            .max()
    }
}
