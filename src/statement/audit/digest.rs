use std::fmt;

use sha2::{Digest as _, Sha256};

/// A SHA-256, as `sha256sum` computes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The SHA-256 of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Its first fifteen hexadecimal digits as a number: what a shell's arithmetic holds in 64 signed
    /// bits.
    pub fn head(self) -> u64 {
        let head = self.0.iter().take(8).fold(0, |head, byte| head << 8 | u64::from(*byte));
        head >> 4
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_their_head() {
        let digest = Digest::of(b"abc");
        assert!(digest.to_string().starts_with("ba7816bf8f01cfea4141"));
        assert_eq!(digest.head(), 0x0ba7_816b_f8f0_1cfe);
        assert_eq!(format!("{:015x}", digest.head()), digest.to_string()[..15]);
    }
}
