use unicode_normalization::UnicodeNormalization;

/// Words that say nothing of what a label names.
const ARTICLES: [&str; 11] = ["de", "du", "des", "d", "la", "le", "les", "l", "et", "a", "aux"];

/// Whether two labels name the same thing: accents, case, articles, plurals and punctuation apart.
///
/// What stands in a trailing parenthesis is compared whatever its order, and left out when only one
/// label has it with figures: `(34+2)`.
pub(super) fn same(left: &str, right: &str) -> bool {
    let ((a, mut in_a), (b, mut in_b)) = (parted(left), parted(right));
    let counted = |tokens: &[String]| tokens.iter().all(|t| t.chars().all(|c| c.is_ascii_digit()));
    if in_b.is_empty() && counted(&in_a) {
        in_a.clear();
    }
    if in_a.is_empty() && counted(&in_b) {
        in_b.clear();
    }
    in_a.sort();
    in_b.sort();
    a == b && in_a == in_b
}

/// The words of a label, and those of its trailing parenthesis.
fn parted(label: &str) -> (Vec<String>, Vec<String>) {
    let trimmed = label.trim();
    let inside = trimmed.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    match inside {
        Some((before, inside)) => (tokens(before), tokens(inside)),
        None => (tokens(trimmed), Vec::new()),
    }
}

fn tokens(text: &str) -> Vec<String> {
    let bare: String = text
        .nfd()
        .filter(|c| !('\u{300}'..='\u{36f}').contains(c))
        .flat_map(char::to_lowercase)
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    bare.split_whitespace()
        .filter(|word| !ARTICLES.contains(word))
        .map(|word| match word.strip_suffix('s') {
            Some(singular) if singular.len() > 2 => singular.to_owned(),
            _ => word.to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_name_the_same_thing() {
        for (left, right) in [
            ("PNR Boucle de la Seine Normande (TC)", "PNR Boucles de la Seine Normande (TC)"),
            (
                "Ministère de la Transition Écologique (F + TC)",
                "ministere transition ecologique (TC + F)",
            ),
            ("PETR Figeac (R)", "PETR de Figeac (R)"),
            (
                "Adhésions collectivités territoriales (34+2)",
                "Adhésions collectivités territoriales",
            ),
            ("Département du Val-d'Oise", "Département du Val-d’Oise"),
        ] {
            assert!(same(left, right), "{left} / {right}");
        }
        for (left, right) in [
            ("ADEME (TC)", "ADEME (R)"),
            ("ADEME (2025)", "ADEME (2023-2024)"),
            ("DITP", "OPCO"),
            ("An 2", "Ans 2"),
        ] {
            assert!(!same(left, right), "{left} / {right}");
        }
    }
}
