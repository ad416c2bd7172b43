/// One of the eighteen fields of a row, in the order of the law (LPF art. A47 A-1, VII).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// The code of the journal.
    JournalCode,
    /// The name of the journal.
    JournalLib,
    /// The number of the entry, on a continuous sequence.
    EcritureNum,
    /// The day of the entry.
    EcritureDate,
    /// The number of the account.
    CompteNum,
    /// The label of the account.
    CompteLib,
    /// The number of the auxiliary account (tiers); blank when there is none.
    CompAuxNum,
    /// The name of the auxiliary account; blank when there is none.
    CompAuxLib,
    /// The reference of the document.
    PieceRef,
    /// The day of the document.
    PieceDate,
    /// The label of the entry.
    EcritureLib,
    /// The debit.
    Debit,
    /// The credit.
    Credit,
    /// The letter that matches the line with others; blank when there is none.
    EcritureLet,
    /// The day of the matching; blank when there is none.
    DateLet,
    /// The day on which the entry was validated.
    ValidDate,
    /// The amount in a currency, with its sign; blank when there is none.
    Montantdevise,
    /// The currency; blank when there is none.
    Idevise,
}

/// What the official tester makes of an empty field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// An error (its class E).
    Needed,
    /// Data that are missing (its class V).
    Wanted,
    /// Nothing: the field may be blank.
    Free,
}

impl Column {
    /// The fields, in the order of the law.
    pub const ALL: [Self; 18] = [
        Self::JournalCode,
        Self::JournalLib,
        Self::EcritureNum,
        Self::EcritureDate,
        Self::CompteNum,
        Self::CompteLib,
        Self::CompAuxNum,
        Self::CompAuxLib,
        Self::PieceRef,
        Self::PieceDate,
        Self::EcritureLib,
        Self::Debit,
        Self::Credit,
        Self::EcritureLet,
        Self::DateLet,
        Self::ValidDate,
        Self::Montantdevise,
        Self::Idevise,
    ];

    /// The rank in the order of the law, from 0.
    pub fn rank(self) -> usize {
        self as usize
    }

    /// The name that the law gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::JournalCode => "JournalCode",
            Self::JournalLib => "JournalLib",
            Self::EcritureNum => "EcritureNum",
            Self::EcritureDate => "EcritureDate",
            Self::CompteNum => "CompteNum",
            Self::CompteLib => "CompteLib",
            Self::CompAuxNum => "CompAuxNum",
            Self::CompAuxLib => "CompAuxLib",
            Self::PieceRef => "PieceRef",
            Self::PieceDate => "PieceDate",
            Self::EcritureLib => "EcritureLib",
            Self::Debit => "Debit",
            Self::Credit => "Credit",
            Self::EcritureLet => "EcritureLet",
            Self::DateLet => "DateLet",
            Self::ValidDate => "ValidDate",
            Self::Montantdevise => "Montantdevise",
            Self::Idevise => "Idevise",
        }
    }

    /// What an empty cell is.
    pub fn need(self) -> Need {
        match self {
            Self::EcritureNum
            | Self::EcritureDate
            | Self::CompteNum
            | Self::CompteLib
            | Self::EcritureLib => Need::Needed,
            Self::JournalCode
            | Self::JournalLib
            | Self::PieceRef
            | Self::PieceDate
            | Self::ValidDate => Need::Wanted,
            _ => Need::Free,
        }
    }

    /// What it is, in French, for the description of a file.
    pub fn title(self) -> &'static str {
        match self {
            Self::JournalCode => "code du journal de l’écriture",
            Self::JournalLib => "libellé du journal",
            Self::EcritureNum => "numéro de l’écriture, sur une séquence continue",
            Self::EcritureDate => "date de comptabilisation",
            Self::CompteNum => "numéro de compte (plan comptable)",
            Self::CompteLib => "libellé du compte",
            Self::CompAuxNum => "numéro de compte auxiliaire (à blanc si non utilisé)",
            Self::CompAuxLib => "libellé du compte auxiliaire (à blanc si non utilisé)",
            Self::PieceRef => "référence de la pièce justificative",
            Self::PieceDate => "date de la pièce justificative",
            Self::EcritureLib => "libellé de l’écriture",
            Self::Debit => "montant au débit",
            Self::Credit => "montant au crédit",
            Self::EcritureLet => "lettrage (à blanc si non utilisé)",
            Self::DateLet => "date de lettrage (à blanc si non utilisé)",
            Self::ValidDate => "date de validation",
            Self::Montantdevise => "montant en devise, signé (à blanc si non utilisé)",
            Self::Idevise => "identifiant de la devise (à blanc si non utilisé)",
        }
    }
}
