use super::ends::is_whole;
use super::{Class, Verified};
use crate::diagnostic::{Code, Severity};
use crate::exchange::fec::Column;
use crate::measure::{euros, signed_words};

/// What is concluded of a file, in the cases of the official tester: errors or none, data missing or
/// none, the eighteen fields there or not; and what it does not look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the official tester would find the structure as it must be.
    pub conforming: bool,
    /// Whether nothing was found that must be repaired, by the tester or by compta.
    pub sound: bool,
    /// What to say, a sentence each.
    pub sentences: Vec<String>,
}

const ARTICLE: &str = "aux dispositions de l’article A47 A-1 du livre des procédures fiscales";

impl Verified {
    /// The conclusion.
    pub fn verdict(&self) -> Verdict {
        let found = &self.found;
        let missing = self.missing();
        let errors = found.of_class(Class::E) + self.blocking();
        let conforming = errors == 0 && missing.is_empty();
        let mut sentences = Vec::new();
        if !missing.is_empty() {
            sentences.push(format!(
                "La structure du fichier ne peut être considérée comme conforme {ARTICLE}, car des champs \
                 obligatoires n’ont pas été détectés : {}.",
                missing.join(", ")
            ));
            if errors > 0 {
                let errors = words(errors, "erreur");
                sentences.push(format!("Par ailleurs, le fichier n’est pas conforme : {errors}."));
            }
        } else if errors > 0 {
            sentences.push(format!(
                "La structure du fichier ne peut être considérée comme conforme {ARTICLE} : {}.",
                words(errors, "erreur")
            ));
        } else {
            sentences.push(format!("La structure du fichier apparaît conforme {ARTICLE}."));
        }
        if let Some(absent) = self.absent() {
            sentences.push(format!("Des données sont absentes : {absent}."));
        }
        sentences.push(self.balance());
        if self.facts.separator.is_some() {
            sentences.push(self.coherence());
        }
        sentences.push(
            "La conformité de la structure ne présage ni de la régularité de la comptabilité, ni de sa valeur probante."
                .to_owned(),
        );
        let wrong = |severity| found.groups.iter().any(|one| one.code.severity() == severity);
        Verdict { conforming, sound: conforming && !wrong(Severity::Error), sentences }
    }

    /// The fields of the law that the header has not.
    fn missing(&self) -> Vec<&'static str> {
        let groups = self.found.groups.iter().filter(|group| group.code == Code::FecColumns);
        groups
            .filter(|group| group.kind == "colonne absente")
            .filter_map(|group| group.column.map(Column::name))
            .collect()
    }

    /// What the tester blocks on, apart from missing fields.
    fn blocking(&self) -> u64 {
        let groups = self.found.groups.iter();
        groups
            .filter(|group| group.class == Class::O && group.kind != "colonne absente")
            .map(|group| group.count)
            .sum()
    }

    /// The fields that are empty and should not be.
    fn absent(&self) -> Option<String> {
        let groups = self.found.groups.iter().filter(|group| group.class == Class::V);
        let list: Vec<String> = groups
            .map(|group| {
                let name = group.column.map_or("", Column::name);
                format!("{name} ({})", words(group.count, "ligne"))
            })
            .collect();
        (!list.is_empty()).then(|| list.join(", "))
    }

    fn balance(&self) -> String {
        let (debit, credit) = (self.facts.debit, self.facts.credit);
        let (shown_debit, shown_credit) = (euros(debit.decimal()), euros(credit.decimal()));
        if self.facts.separator.is_none() || self.facts.file.rows == 0 {
            return "L’équilibre n’a pas pu être contrôlé.".to_owned();
        }
        if !is_whole(&self.found) {
            return "L’équilibre ne se contrôle pas : des lignes n’ont pas pu être lues."
                .to_owned();
        }
        if debit == credit {
            return format!("Le fichier est équilibré : {shown_debit} au débit et au crédit.");
        }
        format!(
            "Le fichier n’est pas équilibré : {shown_debit} au débit, {shown_credit} au crédit."
        )
    }

    fn coherence(&self) -> String {
        let own = |severity| -> u64 {
            let groups = self.found.groups.iter();
            groups
                .filter(|one| one.class == Class::C && one.code.severity() == severity)
                .map(|one| one.count)
                .sum()
        };
        let (errors, warnings) = (own(Severity::Error), own(Severity::Warning));
        match (errors, warnings) {
            (0, 0) => "Rien à redire de ce que l’outil officiel ne contrôle pas.".to_owned(),
            (0, _) => format!(
                "De ce que l’outil officiel ne contrôle pas : {}.",
                words(warnings, "avertissement")
            ),
            (_, 0) => {
                format!("De ce que l’outil officiel ne contrôle pas : {}.", words(errors, "erreur"))
            }
            _ => format!(
                "De ce que l’outil officiel ne contrôle pas : {}, {}.",
                words(errors, "erreur"),
                words(warnings, "avertissement")
            ),
        }
    }
}

fn words(count: u64, noun: &str) -> String {
    signed_words(usize::try_from(count).unwrap_or(usize::MAX), noun)
}
