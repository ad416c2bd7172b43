use unicode_normalization::UnicodeNormalization;

/// Codes that software gives to the journal of openings.
const CODES: [&str; 11] = [
    "AN",
    "ANO",
    "ANX",
    "RAN",
    "RAN1",
    "OUV",
    "ANOUV",
    "ANOUVEAU",
    "ANOUVEAUX",
    "REPORT",
    "OUVERTURE",
];

/// Whether a journal is that of the openings (à-nouveaux), by its code or its name.
pub fn opens(code: &str, name: &str) -> bool {
    let bare = |text: &str| -> String {
        let letters = text.nfd().filter(char::is_ascii_alphanumeric);
        letters.map(|c| c.to_ascii_uppercase()).collect()
    };
    let (code, name) = (bare(code), bare(name));
    CODES.contains(&code.as_str())
        || ["ANOUVEAU", "REPORTANOUVEAU", "OUVERTURE", "REPRISEDESSOLDES", "BALANCEDOUVERTURE"]
            .iter()
            .any(|known| name.contains(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_journal_of_openings_has_many_names() {
        assert!(opens("AN", "") && opens("RAN", "Report à nouveau"));
        assert!(opens("A-N", "") && opens("99", "Journal des à-nouveaux"));
        assert!(opens("00", "À nouveaux") && opens("OUV", "Journal d’ouverture"));
        assert!(!opens("ACH", "Achats") && !opens("BQ", "Banque") && !opens("ANA", "Analytique"));
    }
}
