use std::fmt;

use super::code::Code;
use super::severity::Severity;

/// Declares the catalogue: one line per rule, so that a code can neither be forgotten nor reused.
macro_rules! catalogue {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal, $title:literal, $why:literal;)+) => {
        /// A rule that may speak, by its code; never reused once published.
        ///
        /// E01 what is written, E02 accounts, E03 entries, E04 FEC files, E05 statements, E06 the CARE
        /// ledger, E07 closings and seals, E08 registers, E09 files.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Code {
            /// Every code, in the order of the catalogue.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The code as printed: `E0301`, `W0101`.
            pub fn text(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// The rule in a few words, in French.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title),+ }
            }

            /// Why the rule exists and what to do, in French: what `compta explain` prints.
            pub fn explanation(self) -> &'static str {
                match self { $(Self::$name => $why),+ }
            }
        }
    };
}

pub(super) use catalogue;

impl Code {
    /// Whether a finding of this code stops every report.
    pub fn severity(self) -> Severity {
        if self.text().starts_with('W') { Severity::Warning } else { Severity::Error }
    }

    /// The code written so, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.text().eq_ignore_ascii_case(text))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_well_formed() {
        let mut texts: Vec<&str> = Code::ALL.iter().map(|code| code.text()).collect();
        assert!(texts.iter().all(|t| t.len() == 5 && t[1..].bytes().all(|b| b.is_ascii_digit())));
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), Code::ALL.len());
        assert_eq!(Code::parse("e0301"), Some(Code::Unbalanced));
    }
}
