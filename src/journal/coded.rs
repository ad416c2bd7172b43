use std::borrow::Cow;

/// A text as the value of a tag holds it: what would end it, or be lost, is percent-coded.
///
/// `, ; : |` and `%`, control characters, spaces at the ends or in a row (hledger trims or cuts there).
pub fn tag_value(text: &str) -> String {
    let mut coded = String::with_capacity(text.len());
    let mut after_space = true;
    let trimmed = text.trim_end_matches(' ').len();
    for (at, c) in text.char_indices() {
        let lost = c == ' ' && (after_space || at >= trimmed);
        let ends = matches!(c, ',' | ';' | ':' | '|' | '%' | '[' | ']');
        let odd = (c.is_whitespace() && c != ' ') || c.is_control();
        if lost || ends || odd {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                coded.push_str(&format!("%{byte:02X}"));
            }
        } else {
            coded.push(c);
        }
        after_space = c == ' ';
    }
    coded
}

/// Words as a label or a comment may hold them: on one line, no comment inside, no tag.
pub fn plain_words(text: &str) -> String {
    let text = text.replace(|c: char| c.is_control() && !c.is_whitespace(), "");
    let text = text.replace(';', ",").replace(": ", " = ").replace(':', "\u{2236}");
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// The text that the value of a tag stands for; what is no code stays as it is.
pub fn tag_text(value: &str) -> Cow<'_, str> {
    if !value.contains('%') {
        return Cow::Borrowed(value);
    }
    let bytes = value.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = value.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        if let Some(byte) = code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            plain.push(byte);
            at += 3;
        } else {
            plain.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(plain).map_or(Cow::Borrowed(value), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_comes_back_as_it_was() {
        let texts = [
            "",
            "simple",
            "a, b; c: d | e % f",
            " bords ",
            "deux  espaces",
            "à\u{a0}l’été\t",
            "100 %",
            "[2024-01-02]",
            "%41",
            "date: 3",
        ];
        for text in texts {
            let coded = tag_value(text);
            assert_eq!(tag_text(&coded), text, "{coded}");
            assert!(!coded.contains([',', ';', ':', '|', '\t']), "{coded}");
            assert_eq!(coded.trim(), coded);
        }
        let words = plain_words(" a\n\u{b}2024-01-01 ; b: c:d\u{1} \u{2028} e ");
        assert_eq!(words, "a 2024-01-01 , b = c\u{2236}d e");
        assert_eq!(tag_text("50 %"), "50 %");
        assert_eq!(tag_text("%FF"), "%FF");
    }
}
