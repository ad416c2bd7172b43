/// How serious a finding is: an error stops every report, a warning stops nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The books cannot stand.
    Error,
    /// The books stand; someone should look.
    Warning,
}

impl Severity {
    /// The French word shown before a code.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "erreur",
            Self::Warning => "avertissement",
        }
    }
}
