use std::io::{self, Read};

use sha2::{Digest, Sha256};

/// A stream whose bytes are counted and hashed as they pass.
pub(super) struct Fingerprint<R> {
    source: R,
    hash: Sha256,
    size: u64,
}

impl<R: Read> Fingerprint<R> {
    pub(super) fn new(source: R) -> Self {
        Self { source, hash: Sha256::new(), size: 0 }
    }

    /// Reads what was left unread; gives the size, and the SHA-256 in hexadecimal.
    pub(super) fn finish(mut self) -> io::Result<(u64, String)> {
        let mut rest = vec![0; 1 << 16];
        loop {
            match self.read(&mut rest) {
                Ok(0) => break,
                Err(error) if error.kind() != io::ErrorKind::Interrupted => return Err(error),
                _ => {}
            }
        }
        let mut text = String::with_capacity(64);
        for byte in self.hash.finalize() {
            text.push_str(&format!("{byte:02x}"));
        }
        Ok((self.size, text))
    }
}

impl<R: Read> Read for Fingerprint<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(into)?;
        self.hash.update(&into[..read]);
        self.size += read as u64;
        Ok(read)
    }
}
