use std::ops::Range;

use crate::diagnostic::{Code, Finding, Span};

/// What the parser says, by how it begins, and what a French reader is told instead.
const SAYINGS: [(&str, &str, &str); 12] = [
    ("duplicate key", "clé écrite deux fois", "gardez une seule des deux lignes"),
    (
        "string values must be quoted",
        "valeur illisible",
        "un texte se met entre guillemets droits : `\"…\"` ; un nombre s’écrit sans espace ni unité : `12000.50`",
    ),
    (
        "invalid float",
        "valeur illisible",
        "un texte se met entre guillemets droits : `\"…\"` ; un nombre s’écrit sans espace ni unité : `12000.50`",
    ),
    (
        "invalid basic string",
        "guillemet absent",
        "fermez le texte par un guillemet droit : `\"…\"`",
    ),
    (
        "invalid literal string",
        "apostrophe absente",
        "mettez le texte entre guillemets droits : `\"…\"`",
    ),
    ("missing escaped value", "barre oblique inverse seule", "doublez-la : `\\\\`"),
    ("unclosed array", "crochet absent", "fermez la liste par `]`"),
    ("unclosed table", "crochet absent", "fermez le nom de la table par `]`"),
    ("unclosed inline table", "accolade absente", "fermez la table par `}`"),
    ("key with no value", "clé sans valeur", "écrivez `clé = valeur`"),
    ("unexpected leading zero", "nombre qui commence par un zéro", "retirez les zéros de tête"),
    (
        "unexpected key or value",
        "suite inattendue",
        "une ligne n’a qu’une valeur ; les décimales suivent un point : `4079.16`",
    ),
];

/// A text that is not TOML, told in French where it stops being so.
pub(super) fn unreadable(text: &str, error: &toml::de::Error, base: u32) -> Finding {
    let range = error.span().unwrap_or(0..0);
    let written = written(text, &range);
    let from = range.start..range.start + written.len().max(range.len());
    let offset = |at: usize| base + u32::try_from(at).unwrap_or(0);
    let at = |range: &Range<usize>| Span::new(offset(range.start), offset(range.end));
    if looks_like_a_date(written) {
        let whole = |rank: usize, length: usize| {
            written.split('-').nth(rank).is_some_and(|part| part.len() == length)
        };
        let form = written.matches('-').count() == 2 && whole(0, 4) && whole(1, 2) && whole(2, 2);
        let what = if form { "date qui n’existe pas" } else { "date mal écrite" };
        return Finding::new(Code::TomlSyntax, at(&from), format!("{what} : `{written}`"))
            .label("cette date")
            .help("une date s’écrit AAAA-MM-JJ, sans guillemets : `2024-07-01`");
    }
    let said = SAYINGS.iter().find(|(begins, ..)| error.message().starts_with(begins));
    let (message, help) = said.map_or(
        ("ligne illisible", "écrivez `clé = valeur` : un texte entre guillemets droits, un nombre sans espace ni unité"),
        |(_, message, help)| (*message, *help),
    );
    Finding::new(Code::TomlSyntax, at(&range), format!("TOML illisible : {message}"))
        .label("ici")
        .help(help)
}

/// The whole word at the place of an error: the parser may stop inside it.
fn written<'t>(text: &'t str, range: &Range<usize>) -> &'t str {
    let rest = text.get(range.start..).unwrap_or_default();
    let end = rest.find(|c: char| c.is_whitespace() || ",]}#".contains(c)).unwrap_or(rest.len());
    &rest[..end]
}

/// Digits, and the marks between those of a day.
fn looks_like_a_date(word: &str) -> bool {
    let marks = word.chars().filter(|c| matches!(c, '-' | '/')).count();
    let digits = word.chars().filter(char::is_ascii_digit).count();
    (1..=2).contains(&marks)
        && digits >= 3
        && marks + digits == word.chars().count()
        && !word.starts_with('-')
}

#[cfg(test)]
mod tests {
    use toml::de::DeTable;

    use super::*;

    #[test]
    fn what_is_not_toml_is_told_in_french() {
        for (text, told) in [
            ("debut = 2024-13-45\n", "date qui n’existe pas : `2024-13-45`"),
            ("debut = 2023-02-29\n", "date qui n’existe pas : `2023-02-29`"),
            ("l = [ { d = 2024-02-30, m = 1 } ]\n", "date qui n’existe pas : `2024-02-30`"),
            ("debut = 2024-1-5\n", "date mal écrite : `2024-1-5`"),
            ("debut = 2024-06\n", "date mal écrite : `2024-06`"),
            ("debut = 01/02/2024\n", "date mal écrite : `01/02/2024`"),
            ("debut = 15-02-2024\n", "date mal écrite : `15-02-2024`"),
            ("a = \"x\n", "TOML illisible : guillemet absent"),
            ("a = 12 000\n", "TOML illisible : valeur illisible"),
            ("a = 1,5\n", "TOML illisible : suite inattendue"),
            ("a = 1\na = 2\n", "TOML illisible : clé écrite deux fois"),
            ("[a\n", "TOML illisible : crochet absent"),
            ("= 3\n", "TOML illisible : ligne illisible"),
        ] {
            let Err(error) = DeTable::parse(text) else { panic!("{text} parses") };
            let finding = unreadable(text, &error, 0);
            assert_eq!(finding.message, told, "{text}{}", error.message());
            assert!(!finding.help.contains("expected"), "{text}");
        }
    }
}
