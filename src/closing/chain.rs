use std::fmt;

use sha2::{Digest, Sha256};

/// A SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

/// How many hexadecimal digits of a root make its printed code.
const CODE_DIGITS: usize = 32;

impl Hash {
    /// The SHA-256 of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The hash that 64 lowercase hexadecimal digits write.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 64 {
            return None;
        }
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(bytes.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self(hash))
    }

    /// The code of a root, for paper: its first 32 hexadecimal digits, in groups of four.
    ///
    /// 128 bits, not 80: whoever seals can prepare two versions of a year and look for two roots with
    /// the same code, which takes the square root of all codes. 2^40 tries is an afternoon of one
    /// machine; 2^64 is out of reach of whoever keeps the books of an association.
    pub fn code(self) -> String {
        let digits = self.to_string();
        let groups: Vec<&str> =
            (0..CODE_DIGITS).step_by(4).filter_map(|at| digits.get(at..at + 4)).collect();
        groups.join("-")
    }

    /// The first eight digits: the short check that ends each line of a seal.
    pub(super) fn short(self) -> [u8; 8] {
        let mut short = [0; 8];
        for (pair, byte) in short.chunks_exact_mut(2).zip(self.0) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        short
    }
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0; 64];
        for (pair, byte) in text.chunks_exact_mut(2).zip(self.0) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

/// What someone noted of a root outside the folder: the whole of it, or its printed code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor(String);

impl Anchor {
    /// Reads what was typed: dashes, blanks and case do not count; fewer digits than a printed code
    /// prove nothing, and are refused.
    pub fn parse(typed: &str) -> Option<Self> {
        let digits: String = typed
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '‑' | '–'))
            .map(|c| c.to_ascii_lowercase())
            .collect();
        let hexadecimal = digits.bytes().all(|byte| DIGITS.contains(&byte));
        (hexadecimal && (digits.len() == CODE_DIGITS || digits.len() == 64)).then_some(Self(digits))
    }

    /// Whether that root is the one that was noted.
    pub fn fits(&self, root: Hash) -> bool {
        root.to_string().starts_with(&self.0)
    }
}

/// What stands before a seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Previous {
    /// Nothing: this seal begins the chain, and says so.
    Genesis,
    /// The seal of that root.
    Root(Hash),
}

impl fmt::Display for Previous {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Genesis => f.write_str("origine"),
            Self::Root(root) => root.fmt(f),
        }
    }
}

/// The head of a chain: what binds the entries of a year to an entity, a year and the seal before.
pub fn start(previous: Previous, entity: &str, siren: &str, year: &str) -> Hash {
    let mut fields = super::canon::Fields::default();
    fields.put("format", super::seal::FORMAT);
    fields.put("precedent", &previous.to_string());
    fields.put("entite", entity);
    fields.put("siren", siren);
    fields.put("exercice", year);
    Hash::of(fields.bytes())
}

/// The next link: the hash of the line `LINK CONTENT`, so that a shell can make it too.
pub fn link(before: Hash, content: Hash) -> Hash {
    let line = format!("{before} {content}\n");
    Hash::of(line.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_written_and_read_back() {
        let hash = Hash::of(b"abc");
        let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hash.to_string(), text);
        assert_eq!(Hash::parse(text), Some(hash));
        assert_eq!(Hash::parse(&text.to_uppercase()), None, "one way to write it");
        assert_eq!(hash.code(), "ba78-16bf-8f01-cfea-4141-40de-5dae-2223");
        assert_eq!(&hash.short(), b"ba7816bf");
    }

    #[test]
    fn anchors_as_typed() {
        let root = Hash::of(b"abc");
        let fits = |typed: &str| Anchor::parse(typed).map(|anchor| anchor.fits(root));
        assert_eq!(fits(&root.code()), Some(true));
        assert_eq!(fits(&root.code().to_uppercase().replace('-', " ")), Some(true));
        assert_eq!(fits(&root.to_string()), Some(true));
        assert_eq!(fits(&Hash::of(b"abd").code()), Some(false));
        assert_eq!(fits("ba78-16bf"), None, "too short to prove anything");
        assert_eq!(fits("ba78-16bf-8f01-cfea-4141-40de-5dae-222g"), None);
    }

    #[test]
    fn a_link_depends_on_all_before() {
        let head = |year| start(Previous::Genesis, "Les Amis", "", year);
        let content = Hash::of(b"x");
        assert_ne!(head("2024"), head("2025"));
        assert_ne!(link(head("2024"), content), link(head("2025"), content));
        let after = start(Previous::Root(head("2024")), "Les Amis", "", "2024");
        assert_ne!(after, head("2024"));
    }
}
