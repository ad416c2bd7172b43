use chrono::NaiveDate;

use super::cells::date;

/// The name of a file: `123456789FEC20241231.txt` (LPF art. A47 A-1, X).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName {
    /// The SIREN number, as written; it may be empty or wrong.
    pub siren: String,
    /// The last day of the fiscal year.
    pub closing: NaiveDate,
    /// The part, when a year is given in several files: `_1`.
    pub part: Option<u32>,
}

impl FileName {
    /// Reads a name, without its folder; `None` when no closing day is in it.
    pub fn read(name: &str) -> Option<Self> {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let at = stem.to_ascii_uppercase().rfind("FEC")?;
        let (siren, rest) = (&stem[..at], &stem[at + 3..]);
        let day = rest.get(..8)?;
        let closing = date(day).ok().flatten()?;
        let part = rest[8..].strip_prefix('_').and_then(|part| part.parse().ok());
        Some(Self { siren: siren.to_owned(), closing, part })
    }

    /// Whether it is exactly what the law wants: nine digits, `FEC`, the day of the closing.
    pub fn is_legal(&self, name: &str) -> bool {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        self.siren.len() == 9
            && self.siren.bytes().all(|b| b.is_ascii_digit())
            && self.stem() == stem
    }

    /// The name without its extension.
    pub fn stem(&self) -> String {
        let part = self.part.map_or_else(String::new, |part| format!("_{part}"));
        format!("{}FEC{}{part}", self.siren, self.closing.format("%Y%m%d"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_judged() {
        let legal = "123456789FEC20241231.txt";
        assert!(
            FileName::read(legal).is_some_and(|read| read.is_legal(legal) && read.part.is_none())
        );
        let part = "123456789FEC20241231_2.txt";
        assert!(
            FileName::read(part).is_some_and(|read| read.part == Some(2) && read.is_legal(part))
        );
        let loose = "export fec20241231.csv";
        assert!(FileName::read(loose).is_some_and(|read| !read.is_legal(loose)));
        assert_eq!(FileName::read("comptes 2024.txt"), None);
        assert_eq!(FileName::read("FEC20241331.txt"), None);
    }
}
