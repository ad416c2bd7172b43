use super::Facts;
use super::class::UNENDED;
use super::found::Found;
use crate::diagnostic::Code;
use crate::exchange::fec::Ending;
use crate::measure::euros;

/// Says what only the end of a file shows: its balance, its character set, its ends of line.
pub(super) fn finish(facts: &Facts, found: &mut Found) {
    let file = &facts.file;
    if file.rows == 0 && found.unread == 0 {
        found.tell((Code::FecEmpty, None, "aucune écriture"), (1, 1), || {
            "le fichier n’a que son en-tête".to_owned()
        });
    }
    // Lines that were not read are told, and their amounts are missing: the sum says nothing.
    let gap = facts.debit - facts.credit;
    if !gap.is_zero() && is_whole(found) {
        found.tell((Code::FecUnbalanced, None, "fichier déséquilibré"), (1, 1), || {
            let side = if gap.is_negative() { "débit" } else { "crédit" };
            format!(
                "le fichier ne s’équilibre pas : il manque {} au {side}",
                euros(gap.abs().decimal())
            )
        });
    }
    if file.mixed_at > 0 {
        let rule = (Code::FecBytes, None, "jeux de caractères mélangés");
        found.tell(rule, (file.mixed_at, 1), || {
            "de l’UTF-8 et un autre jeu de caractères dans le même fichier".to_owned()
        });
    } else if file.windows_at > 0 {
        found.tell((Code::FecForm, None, "Windows-1252"), (file.windows_at, 1), || {
            "le fichier est en Windows-1252, que l’article A47 A-1 ne prévoit pas".to_owned()
        });
    }
    if file.endings.contains(&Ending::CrCrLf) {
        found.tell((Code::FecForm, None, "CR CR LF"), (1, 1), || {
            "des lignes finissent par CR CR LF : le fichier a été transféré en mode texte"
                .to_owned()
        });
    } else if file.endings.len() > 1 {
        found.tell((Code::FecForm, None, "fins de ligne mélangées"), (1, 1), || {
            let names: Vec<&str> = file.endings.iter().map(|ending| ending.name()).collect();
            format!("les lignes ne finissent pas toutes de même : {}", names.join(", "))
        });
    }
    if file.unended_at > 0 && !found.has(Code::FecFields) && file.rows > 0 {
        found.tell((Code::FecForm, None, UNENDED), (file.unended_at, 1), || {
            "rien ne finit la dernière ligne : le fichier a peut-être été coupé".to_owned()
        });
    }
}

/// Whether every row could be read, with its debit and its credit.
pub(super) fn is_whole(found: &Found) -> bool {
    found.unread == 0 && found.amount_unread == 0 && !found.has(Code::FecNotOne)
}
