use std::fmt;
use std::ops::Deref;

/// The bytes of a source, wherever they are kept.
pub struct Content(Kept);

enum Kept {
    Here(Vec<u8>),
    There(Box<dyn AsRef<[u8]> + Send + Sync>),
}

impl Content {
    /// Bytes that something else keeps: memory that was asked for otherwise than by a vector.
    pub fn kept_by(keeper: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        Self(Kept::There(Box::new(keeper)))
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Kept::Here(bytes))
    }
}

impl Deref for Content {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.0 {
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
