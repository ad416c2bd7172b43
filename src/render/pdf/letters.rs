use typst::text::Font;

use crate::render::document::hidden;

/// The letters that the fonts of the templates have.
pub(super) struct Letters<'a> {
    fonts: &'a [Font],
}

/// Letters in a row without a space after which a line may break: no column is that wide.
const UNBROKEN: usize = 24;

impl<'a> Letters<'a> {
    /// The letters of some fonts.
    pub(super) fn of(fonts: &'a [Font]) -> Self {
        Self { fonts }
    }

    /// A text as it can be set: a letter that no font has is written by its number, so that nothing is lost
    /// and the file stays readable by all; a long word may break.
    pub(super) fn set(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut row = 0_usize;
        for letter in text.chars() {
            if letter.is_whitespace() || letter == '-' || letter == '/' {
                row = 0;
            } else {
                row += 1;
            }
            if row > UNBROKEN {
                out.push('\u{200b}');
                row = 1;
            }
            match letter {
                '\n' | '\t' => out.push(' '),
                _ if self.has(letter) => out.push(letter),
                _ => out.push_str(&format!("<U+{:04X}>", u32::from(letter))),
            }
        }
        out
    }

    fn has(&self, letter: char) -> bool {
        if letter.is_ascii() && !letter.is_control() {
            return true;
        }
        // Letters of private use have no meaning that a reader could be told.
        let private = matches!(u32::from(letter), 0xE000..=0xF8FF | 0xF_0000..);
        let spaces = matches!(letter, '\u{a0}' | '\u{202f}');
        let known = |font: &Font| font.info().coverage.contains(u32::from(letter));
        !hidden(letter) && !private && (spaces || self.fonts.iter().any(known))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_letter_is_lost_and_no_word_is_wider_than_a_page() {
        let fonts: Vec<Font> = typst_kit::fonts::embedded().map(|(font, _)| font).collect();
        let letters = Letters::of(&fonts);
        assert_eq!(
            letters.set("Évènement à −1 234,50 € : 2 tCO₂e"),
            "Évènement à −1 234,50 € : 2 tCO₂e"
        );
        assert_eq!(letters.set("a\u{1F600}b\u{E000}\u{1}"), "a<U+1F600>b<U+E000><U+0001>");
        let long = letters.set(&"x".repeat(300));
        assert!(long.split('\u{200b}').all(|part| part.len() <= UNBROKEN), "{long}");
        assert_eq!(long.replace('\u{200b}', ""), "x".repeat(300));
    }
}
