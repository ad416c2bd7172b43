use std::fmt;
use std::ops::{Deref, Range};

/// The bytes of a source, wherever they are kept.
pub struct Content(Kept);

enum Kept {
    Text(String),
    Here(Vec<u8>),
    There(Box<dyn AsRef<[u8]> + Send + Sync>),
}

impl Content {
    /// Bytes that something else keeps: memory that was asked for otherwise than by a vector.
    pub fn kept_by(keeper: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        Self(Kept::There(Box::new(keeper)))
    }

    /// Some of it as text; empty when its bytes are not UTF-8 (such a source is refused anyway).
    pub(super) fn text(&self, range: Range<usize>) -> &str {
        match &self.0 {
            // Looked at once and for all: entries ask for their words over and over.
            Kept::Text(text) => text.get(range).unwrap_or_default(),
            Kept::Here(_) | Kept::There(_) => std::str::from_utf8(&self[range]).unwrap_or_default(),
        }
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self(String::from_utf8(bytes).map_or_else(|e| Kept::Here(e.into_bytes()), Kept::Text))
    }
}

impl Deref for Content {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.0 {
            Kept::Text(text) => text.as_bytes(),
            Kept::Here(bytes) => bytes,
            Kept::There(keeper) => (**keeper).as_ref(),
        }
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.len())
    }
}
