use crate::diagnostic::Code;
use crate::exchange::fec::head::ENDED_BY_A_SEPARATOR;
use crate::exchange::fec::shape::BAR_IN_CELL;
use crate::exchange::fec::{AmountWrong, DateWrong};

/// How the official tester would file an anomaly; C and I are what it does not look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A field of the law is not there: nothing else can be read.
    O,
    /// A format that is not the one of the law.
    E,
    /// Data that are missing.
    V,
    /// An observation, that does not stop a file.
    A,
    /// A field beyond the eighteen.
    S,
    /// Not coherent: what the official tester does not look at.
    C,
    /// Said for information.
    I,
}

impl Class {
    /// The classes, in the order in which they are counted.
    pub const ALL: [Self; 7] = [Self::O, Self::E, Self::V, Self::A, Self::S, Self::C, Self::I];

    /// Its letter.
    pub fn letter(self) -> &'static str {
        match self {
            Self::O => "O",
            Self::E => "E",
            Self::V => "V",
            Self::A => "A",
            Self::S => "S",
            Self::C => "C",
            Self::I => "I",
        }
    }

    /// What it holds, in French.
    pub fn title(self) -> &'static str {
        match self {
            Self::O => "erreurs bloquantes",
            Self::E => "erreurs de format",
            Self::V => "données absentes",
            Self::A => "observations",
            Self::S => "champs supplémentaires",
            Self::C => "cohérence",
            Self::I => "informations",
        }
    }

    /// Whether the official tester refuses a file for it.
    pub fn refuses(self) -> bool {
        matches!(self, Self::O | Self::E)
    }

    /// Whether the official tester looks at it.
    pub fn is_official(self) -> bool {
        !matches!(self, Self::C | Self::I)
    }

    /// The class of a rule: the whole table.
    pub fn of(code: Code, kind: &str) -> Self {
        let tolerated = [
            AmountWrong::Exponent.words(),
            AmountWrong::TooLong.words(),
            AmountWrong::Decimals.words(),
            DateWrong::Form.words(),
        ];
        match code {
            // What the law refuses and the official tester lets pass.
            Code::FecAmount | Code::FecDate if tolerated.contains(&kind) => Self::C,
            Code::FecDate if kind == DateWrong::Century.words() => Self::A,
            Code::FecNotOne | Code::FecColumns => Self::O,
            Code::FecEmpty
            | Code::FecFields
            | Code::FecNeeded
            | Code::FecAmount
            | Code::FecDate => Self::E,
            Code::FecForm if kind == "ligne blanche" || kind == BAR_IN_CELL => Self::E,
            Code::FecForm if INFORMATION.contains(&kind) => Self::I,
            Code::FecMissingData => Self::V,
            Code::FecDoubtfulDate if kind == "année hors de 1900–2099" => Self::A,
            Code::FecChart if kind == OTHER_CLASS => Self::C,
            Code::FecName if kind == SIREN_KEY => Self::C,
            Code::FecChart | Code::FecSides | Code::FecName => Self::A,
            Code::FecExtra => Self::S,
            _ => Self::C,
        }
    }
}

/// An account of management accounting.
pub(super) const OTHER_CLASS: &str = "classe hors du FEC";
/// A SIREN number whose last digit is wrong.
pub(super) const SIREN_KEY: &str = "clé du SIREN";
/// A file whose last line has no end.
pub(super) const UNENDED: &str = "dernière ligne sans fin";
/// Numbers that are all empty, nil or the same.
pub const SILENT_NUMBERS: &str = "numéros qui ne disent rien";

/// One file of several that give a year together.
pub(super) const PART: &str = "partie d’un FEC";

/// Forms that the law allows and that someone may want to know.
const INFORMATION: [&str; 4] =
    ["Montant et Sens au lieu de Debit et Credit", UNENDED, PART, ENDED_BY_A_SEPARATOR];
