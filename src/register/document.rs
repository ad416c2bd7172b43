use toml::de::DeTable;

use super::fields::Fields;
use super::syntax::unreadable;
use crate::diagnostic::{Finding, Span, pointer};

/// A TOML file that parsed.
pub struct Document<'t> {
    root: DeTable<'t>,
    text: &'t str,
    whole: Span,
    base: u32,
}

/// Parses TOML whose first byte is at `base`.
///
/// # Errors
/// The place where it stops being TOML.
pub fn document(text: &str, base: u32) -> Result<Document<'_>, Box<Finding>> {
    let place = |range: std::ops::Range<usize>| {
        let offset = |at: usize| base + u32::try_from(at).unwrap_or(0);
        Span::new(offset(range.start), offset(range.end))
    };
    if let Some(finding) = pointer(text.as_bytes(), base) {
        return Err(Box::new(finding));
    }
    match DeTable::parse(text) {
        Ok(root) => {
            let whole = place(0..text.len());
            Ok(Document { root: root.into_inner(), text, whole, base })
        }
        Err(error) => Err(Box::new(unreadable(text, &error, base))),
    }
}

impl<'t> Document<'t> {
    /// The keys of the top level.
    pub fn fields(&self) -> Fields<'_, 't> {
        Fields::top(&self.root, self.text, self.whole, self.base)
    }
}
